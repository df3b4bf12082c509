//! The proportional comparison of groups: how many times the risk of one group that of another is.
//!
//! # What it is for
//!
//! One number for how much faster one segment leaves than another, over all ages and whatever the risk
//! at each age: 1.5 is half as many again of those who are left, in every period. It is the model of Cox
//! with the group as its only covariate.
//!
//! # Assumptions
//!
//! - At every age the risk of one group is the same multiple of that of another. Curves that cross say
//!   otherwise.
//! - Those of [`log_rank`](fn@super::log_rank).
//!
//! # When not to use it
//!
//! Where one group loses early and another late: the number is a mean of multiples then, and depends on
//! how long was observed. Compare the curves at a time that matters, or the means inside a horizon. It
//! does not say why groups differ: a segment may be large customers, and large customers stay.
//!
//! # References
//!
//! - Cox, D. R. (1972). Regression models and life-tables. Journal of the Royal Statistical Society B
//!   34, 187–220.
//! - Efron, B. (1977). The efficiency of Cox's likelihood function for censored data. Journal of the
//!   American Statistical Association 72, 557–565 (customers lost at one time).
//! - Klein, J. P. and Moeschberger, M. L. (2003). Survival Analysis, 2nd edition, chapter 8.

use super::grouped_risk::{GroupedRow, grouped};
use super::kaplan_meier::two_sided_quantile;
use super::log_rank::check_groups;
use super::maximum_likelihood::{Matrix, dot, inverse_of_positive_definite};
use super::risk_table::RiskTable;
use crate::Error;
use crate::number::{Figure, FormulaId};

/// Beyond this logarithm, a ratio has no end that the data could show.
const FARTHEST_LOG: f64 = 15.0;

/// How many times the risk of leaving of one group is that of the reference, one figure for each group
/// (a ratio).
///
/// # Formula
///
/// ```text
/// h_g(t) = h_reference(t) · exp(β_g)
/// LL = sum over t_i of [ sum over g of d_gi β_g
///        − sum over l < d_i of ln( sum over g of (n_gi − l d_gi / d_i) exp(β_g) ) ]
/// ratio_g = exp(β_g),   low, high = exp(β_g ± z SE(β_g))
/// where `n_gi` customers of group g were at risk at `t_i` and `d_gi` of them lost, `d_i` in all, and
///       `z` is the normal quantile of the confidence.
/// ```
///
/// # Domain
///
/// Two tables or more, in one unit of time; `reference` is the place of one of them.
/// `0 < confidence < 1`.
///
/// # Undefined
///
/// - `no-losses` for a group that lost nobody: its ratio is as near to 0 as one likes.
/// - `no-losses-in-reference` for all, where the reference lost nobody.
/// - `ratio-without-end` where the losses of one group all came when no other was at risk, so that any
///   large ratio describes them.
///
/// The reference has the ratio 1 without an interval.
///
/// # Errors
///
/// `too-few-groups`, `reference-out-of-range`, `confidence-out-of-range`.
///
/// # Assumptions
///
/// Those of the [module](self).
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{RiskTable, proportional_hazards};
///
/// // Freireich et al. (1963): weeks of remission under a drug and under a placebo.
/// let drug = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0];
/// let seen = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0];
/// let durations: Vec<f64> = drug.iter().chain(&seen).copied().collect();
/// let events: Vec<bool> = (0..21).map(|place| place < 9).collect();
/// let drug = RiskTable::from_durations(&durations, &events, None)?;
/// let placebo = [
///     1.0, 1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 5.0, 5.0, 8.0, 8.0, 8.0, 8.0, 11.0, 11.0, 12.0, 12.0, 15.0,
///     17.0, 22.0, 23.0,
/// ];
/// let placebo = RiskTable::from_durations(&placebo, &[true; 21], None)?;
/// let ratios = proportional_hazards(&[&placebo, &drug], 0, 0.95)?;
/// // exp(−1.5721), as textbooks have it.
/// assert!((ratios[1].value.unwrap() - 0.2076).abs() < 5e-5);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Cox (1972); Efron (1977).
pub fn proportional_hazards(
    tables: &[&RiskTable],
    reference: usize,
    confidence: f64,
) -> Result<Vec<Figure>, Error> {
    let z = two_sided_quantile(confidence)?;
    check_groups(tables)?;
    let Some(of_reference) = tables.get(reference) else {
        let message =
            format!("The reference is {reference}, and there are {} groups.", tables.len());
        return Err(Error::new("reference-out-of-range", message).in_column("reference"));
    };
    let id = FormulaId::HazardRatio;
    let figure = |group: usize, found: Result<(f64, f64), &'static str>| {
        let counted = tables[group].n_customers();
        match found {
            Ok((log, error)) if 0.0 < error => Figure::of(id, libm::exp(log), &[])
                .counted_from(counted)
                .with_interval((libm::exp(log - z * error), libm::exp(log + z * error))),
            Ok((log, _)) => Figure::of(id, libm::exp(log), &[]).counted_from(counted),
            Err(why) => Figure::undefined(id, why, &[]).counted_from(counted),
        }
    };
    if of_reference.n_events() == 0 {
        let why = |group: usize| {
            let is_reference = group == reference;
            if is_reference { Ok((0.0, 0.0)) } else { Err("no-losses-in-reference") }
        };
        return Ok((0..tables.len()).map(|group| figure(group, why(group))).collect());
    }
    // A group without a loss has a ratio of 0 in the limit, and takes no part in the others'.
    let compared: Vec<usize> =
        (0..tables.len()).filter(|&g| g != reference && 0 < tables[g].n_events()).collect();
    let mut order = vec![reference];
    order.extend(&compared);
    let taken: Vec<&RiskTable> = order.iter().map(|&g| tables[g]).collect();
    let fitted = if compared.is_empty() { None } else { maximum(&grouped(&taken), compared.len()) };
    Ok((0..tables.len())
        .map(|group| {
            let found = match (compared.iter().position(|&g| g == group), &fitted) {
                _ if group == reference => Ok((0.0, 0.0)),
                (None, _) => Err("no-losses"),
                (Some(place), Some((logs, covariance))) => {
                    Ok((logs[place], covariance[place][place].sqrt()))
                }
                (Some(_), None) => Err("ratio-without-end"),
            };
            figure(group, found)
        })
        .collect())
}

/// The logarithms of the ratios of all groups but the first, and their covariance; nothing where the
/// likelihood has no summit.
fn maximum(rows: &[GroupedRow], n: usize) -> Option<(Vec<f64>, Matrix)> {
    let mut logs = vec![0.0; n];
    let mut current = likelihood(rows, &logs);
    for _ in 0..50 {
        let covariance = inverse_of_positive_definite(&current.information)?;
        let step: Vec<f64> = covariance.iter().map(|row| dot(row, &current.score)).collect();
        let longest = step.iter().fold(0.0, |longest: f64, s| longest.max(s.abs()));
        if longest < 1e-10 {
            return Some((logs, covariance));
        }
        let mut fraction = 1.0_f64.min(3.0 / longest);
        loop {
            let to: Vec<f64> = logs.iter().zip(&step).map(|(x, s)| x + fraction * s).collect();
            let found = likelihood(rows, &to);
            // Equal to within what the sum can hold.
            if current.height - 1e-12 * current.height.abs() <= found.height {
                (logs, current) = (to, found);
                break;
            }
            fraction *= 0.5;
            if fraction < 1e-8 {
                return None;
            }
        }
        if logs.iter().any(|log| FARTHEST_LOG < log.abs()) {
            return None;
        }
    }
    None
}

/// The partial likelihood at some logarithms of ratios.
struct Likelihood {
    height: f64,
    score: Vec<f64>,
    information: Matrix,
}

fn likelihood(rows: &[GroupedRow], logs: &[f64]) -> Likelihood {
    let n = logs.len();
    let ratios: Vec<f64> =
        std::iter::once(1.0).chain(logs.iter().map(|&log| libm::exp(log))).collect();
    let mut found =
        Likelihood { height: 0.0, score: vec![0.0; n], information: vec![vec![0.0; n]; n] };
    let mut risk = vec![0.0; n + 1];
    for row in rows {
        let lost: f64 = row.lost.iter().sum();
        for ((score, log), lost) in found.score.iter_mut().zip(logs).zip(&row.lost[1..]) {
            found.height += lost * log;
            *score += lost;
        }
        let mut before = 0.0;
        while before < lost {
            let part = before / lost;
            for (g, risk) in risk.iter_mut().enumerate() {
                *risk = (row.at_risk[g] - part * row.lost[g]) * ratios[g];
            }
            let all: f64 = risk.iter().sum();
            found.height -= libm::log(all);
            for g in 0..n {
                let share = risk[g + 1] / all;
                found.score[g] -= share;
                found.information[g][g] += share;
                for h in 0..n {
                    found.information[g][h] -= share * risk[h + 1] / all;
                }
            }
            before += 1.0;
        }
    }
    found
}
