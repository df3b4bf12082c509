//! What the cohorts come to together at each age: weighted by size, over cells known in full.
//!
//! A mean of rates would count a cohort of ten as much as one of ten thousand: here the sums are
//! divided. A cohort that does not exist is in none of them, one with nobody left is in all.

use super::Cohort;
use crate::analysis::period_figures::{Scale, count, ratio, share_of_customers};
use crate::number::interval::{PairSums, ratio_of_sums};
use crate::number::{Figure, FormulaId, Minor, to_major};

/// What the cohorts come to together at one age.
#[derive(Clone, Debug, PartialEq)]
pub struct AgeMeans {
    /// Of the customers active one age before, the share still active; undefined at age 0.
    pub step: Figure,
    /// Revenue over that at age 0, of those who paid then.
    pub net: Figure,
    /// The same with each customer's revenue at most what it was at age 0.
    pub gross: Figure,
}

/// The means of all ages that some cohort has reached in full.
pub(super) struct Means {
    pub(super) retention: Vec<Figure>,
    pub(super) rest: Vec<AgeMeans>,
}

/// Sums over the cohorts whose age is known in full.
#[derive(Default)]
struct Sums {
    n_began: u64,
    n_active: u64,
    n_before: u64,
    n_kept: u64,
    base: Minor,
    net: Minor,
    gross: Minor,
    stayed: Minor,
    net_pairs: PairSums,
    gross_pairs: PairSums,
}

impl Sums {
    fn at(rows: &[Cohort], age: usize) -> Self {
        let mut sums = Self::default();
        for row in rows {
            let Some(cell) = row.ages.get(age).filter(|cell| !cell.is_partial) else { continue };
            sums.n_began += row.size;
            sums.n_active += cell.n_customers;
            sums.n_kept += cell.n_kept;
            sums.base += cell.base_minor;
            sums.net += cell.net_minor;
            sums.gross += cell.gross_minor;
            sums.stayed += cell.stayed_minor;
            sums.net_pairs.add_all(&cell.net_sums());
            sums.gross_pairs.add_all(&cell.gross_sums());
            if let Some(before) = age.checked_sub(1).and_then(|before| row.ages.get(before)) {
                sums.n_before += before.n_customers;
            }
        }
        sums
    }
}

pub(super) fn means(rows: &[Cohort], scale: Scale) -> Means {
    let n_ages = rows.iter().map(|row| row.ages.len()).max().unwrap_or(0);
    let (mut retention, mut rest) = (Vec::with_capacity(n_ages), Vec::with_capacity(n_ages));
    for age in 0..n_ages {
        let sums = Sums::at(rows, age);
        if sums.n_began == 0 {
            break;
        }
        let inputs =
            |start: u64, end: u64| [("start", count(start)), ("new", 0.0), ("end", count(end))];
        let share = |end: u64, start: u64| {
            let formula = FormulaId::CustomerRetentionRate;
            share_of_customers(formula, end, start, &inputs(start, end), scale.confidence)
        };
        retention.push(share(sums.n_active, sums.n_began));
        let (net, gross) = revenue_means(&sums, scale);
        let step = if age == 0 {
            Figure::undefined(FormulaId::CustomerRetentionRate, "no-age-before", &[])
        } else {
            share(sums.n_kept, sums.n_before)
        };
        rest.push(AgeMeans { step, net, gross });
    }
    Means { retention, rest }
}

/// Net and gross revenue retention, with intervals over the customers.
fn revenue_means(sums: &Sums, scale: Scale) -> (Figure, Figure) {
    let (net, gross) = (FormulaId::NetRevenueRetention, FormulaId::GrossRevenueRetention);
    if !scale.has_amounts {
        let none = |formula| Figure::undefined(formula, "no-amounts", &[]);
        return (none(net), none(gross));
    }
    let major = |minor| to_major(minor, scale.decimals);
    let start = ("start", major(sums.base));
    let churned = ("churned", major(sums.base - sums.stayed));
    let contraction = ("contraction", major(sums.stayed - sums.gross));
    let expansion = ("expansion", major(sums.net - sums.gross));
    let why = why_without_ratio(sums.base, sums.gross);
    let figure = |formula, pairs: &PairSums, inputs: &[(&'static str, f64)]| {
        if let Some(why) = why {
            return Figure::undefined(formula, why, inputs);
        }
        Figure::of(formula, ratio(pairs.a, pairs.b), inputs)
            .counted_from(pairs.n)
            .within(ratio_of_sums(pairs, scale.confidence))
    };
    let net = figure(net, &sums.net_pairs, &[start, expansion, contraction, churned]);
    let mut gross = figure(gross, &sums.gross_pairs, &[start, contraction, churned]);
    gross.high = gross.high.map(|high| high.min(1.0));
    (net, gross)
}

/// Why revenue over that at age 0 is undefined, if it is.
pub(super) fn why_without_ratio(base: Minor, gross: Minor) -> Option<&'static str> {
    if base <= 0 {
        Some("no-revenue-at-start")
    } else if gross < 0 {
        Some("refunds-exceed-purchases")
    } else {
        None
    }
}
