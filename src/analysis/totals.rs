//! Totals of periods as a file gives them: what follows from them by arithmetic, and no more.
//!
//! It knows no customer, so nothing here is checked customer by customer and revenue rates have no
//! interval.

use super::period_figures::{
    KnownCounts, KnownSums, PeriodFigures, Scale, count, ratio, share_of_customers,
};
use super::span::Span;
use crate::arrange;
use crate::calendar::{Day, Granularity, Period};
use crate::ledger::PeriodTotals;
use crate::number::{Figure, FormulaId, Minor, to_major};

/// The periods of a table of totals, and what was found on the way.
#[derive(Clone, Debug, Default)]
pub(super) struct TotalsFigures {
    pub(super) periods: Vec<PeriodFigures>,
    /// Rows with nobody at the start, where rates are undefined.
    pub(super) rows_without_start: Vec<u64>,
    /// Rows whose four counts do not add up.
    pub(super) rows_not_tying: Vec<u64>,
    /// Calendar periods that the file skips.
    pub(super) n_skipped: u64,
}

/// The figures of each row, oldest first, with empty ones where the file skips calendar periods.
///
/// Rows stay in the order of the file where a label is no calendar period.
pub(super) fn totals_figures(
    totals: &[PeriodTotals],
    as_of: Option<Day>,
    scale: Scale,
) -> TotalsFigures {
    let mut rows: Vec<&PeriodTotals> = totals
        .iter()
        .filter(|row| match (row.period, as_of) {
            (Some(period), Some(as_of)) => period.first_day() <= as_of,
            _ => true,
        })
        .collect();
    let is_calendar = rows.iter().all(|row| row.period.is_some());
    if is_calendar {
        arrange::by_key(&mut rows, |row| (row.period.map(Period::first_day), row.row));
    }
    let mut figures = TotalsFigures::default();
    let mut expected: Option<Period> = None;
    for row in rows {
        if let (true, Some(period)) = (is_calendar, row.period) {
            while let Some(skipped) = expected
                && skipped.granularity() == period.granularity()
                && skipped < period
            {
                figures.periods.push(skipped_period(skipped, as_of, scale));
                figures.n_skipped += 1;
                expected = Some(skipped.next());
            }
            expected = Some(period.next());
        }
        figures.push(row, as_of, scale);
    }
    figures
}

/// The length that the periods of all rows have, where they are calendar periods of one length.
pub(super) fn totals_granularity(totals: &[PeriodTotals]) -> Option<Granularity> {
    let of_row = |row: &PeriodTotals| row.period.map(Period::granularity);
    let first = of_row(totals.first()?)?;
    totals.iter().all(|row| of_row(row) == Some(first)).then_some(first)
}

impl TotalsFigures {
    fn push(&mut self, row: &PeriodTotals, as_of: Option<Day>, scale: Scale) {
        let counts = derive_counts(row);
        let sums = derive_sums(row);
        if counts.start == Some(0) {
            self.rows_without_start.push(row.row);
        }
        if let (Some(start), Some(new), Some(lost), Some(end)) =
            (counts.start, counts.new, counts.lost, counts.end)
            && start + new != lost + end
        {
            self.rows_not_tying.push(row.row);
        }
        let (retention, churn) = customer_rates(&counts, scale.confidence);
        self.periods.push(figures_of_totals(
            span_of(row, as_of),
            counts,
            sums,
            retention,
            churn,
            scale,
        ));
    }
}

fn span_of(row: &PeriodTotals, as_of: Option<Day>) -> Span {
    match row.period {
        Some(period) => Span::of_period(period, as_of.unwrap_or(Day(i32::MAX))),
        None => Span { label: row.label.clone(), from: None, to: None, is_partial: false },
    }
}

fn skipped_period(period: Period, as_of: Option<Day>, scale: Scale) -> PeriodFigures {
    let span = Span::of_period(period, as_of.unwrap_or(Day(i32::MAX)));
    let (counts, sums) = (KnownCounts::default(), KnownSums::default());
    let (retention, churn) = customer_rates(&counts, scale.confidence);
    figures_of_totals(span, counts, sums, retention, churn, scale)
}

/// The fourth of start, new, lost and end where a row gives three: start + new = lost + end.
///
/// Customers who came back count as won, as they do in such tables.
fn derive_counts(row: &PeriodTotals) -> KnownCounts {
    let given = [row.start_customers, row.new_customers, row.lost_customers, row.end_customers];
    let missing = |plus: [Option<u64>; 2], minus: Option<u64>| {
        plus[0]?.checked_add(plus[1]?)?.checked_sub(minus?)
    };
    let [start, new, lost, end] = given;
    KnownCounts {
        start: start.or_else(|| missing([lost, end], new)),
        new: new.or_else(|| missing([lost, end], start)),
        lost: lost.or_else(|| missing([start, new], end)),
        end: end.or_else(|| missing([start, new], lost)),
        ..KnownCounts::default()
    }
}

/// The sixth of the revenue sums where a row gives five:
/// end = start + new + expansion − contraction − churned.
fn derive_sums(row: &PeriodTotals) -> KnownSums {
    let (start, new, expansion) = (row.start_revenue, row.new_revenue, row.expansion);
    let (contraction, churned, end) = (row.contraction, row.churned_revenue, row.end_revenue);
    let gained = |a: Option<Minor>, b: Option<Minor>| Some(a? + b?);
    // What is left for one term, never below 0: a table that leads there contradicts itself.
    let rest = |total: Option<Minor>, others: Option<Minor>| {
        total.zip(others).map(|(total, others)| total - others).filter(|rest| 0 <= *rest)
    };
    let lost = gained(contraction, churned);
    let after = gained(end, lost);
    let before = gained(start, gained(new, expansion));
    KnownSums {
        start: start.or_else(|| rest(after, gained(new, expansion))),
        new: new.or_else(|| rest(after, gained(start, expansion))),
        reactivation: None,
        expansion: expansion.or_else(|| rest(after, gained(start, new))),
        contraction: contraction.or_else(|| rest(before, gained(end, churned))),
        churned: churned.or_else(|| rest(before, gained(end, contraction))),
        end: end.or_else(|| rest(before, lost)),
    }
}

/// Retention and churn of customers: `not-in-file` where a row does not determine them.
fn customer_rates(counts: &KnownCounts, confidence: f64) -> (Figure, Figure) {
    let (retention, churn) = (FormulaId::CustomerRetentionRate, FormulaId::CustomerChurnRate);
    let undefined = |why| {
        let known = |name, n: Option<u64>| n.map(|n| (name, count(n)));
        let inputs = |all: &[Option<(&'static str, f64)>]| -> Vec<(&'static str, f64)> {
            all.iter().flatten().copied().collect()
        };
        let (start, new) = (known("start", counts.start), known("new", counts.new));
        let (lost, end) = (known("lost", counts.lost), known("end", counts.end));
        (
            Figure::undefined(retention, why, &inputs(&[start, new, end])),
            Figure::undefined(churn, why, &inputs(&[start, lost])),
        )
    };
    let Some(start) = counts.start else { return undefined("not-in-file") };
    if start == 0 {
        return undefined("no-customers-at-start");
    }
    let Some(lost) = counts.lost else {
        // Start, new and end would have given the lost, had they not contradicted each other.
        let is_over = counts.new.is_some() && counts.end.is_some();
        return undefined(if is_over { "retained-over-start" } else { "not-in-file" });
    };
    let Some(kept) = start.checked_sub(lost) else { return undefined("retained-negative") };
    // Where the row has no end, the kept ones are the end of those at the start.
    let end = counts.end.filter(|end| kept <= *end).unwrap_or(kept);
    let inputs = [("start", count(start)), ("new", count(end - kept)), ("end", count(end))];
    let churn_inputs = [("start", count(start)), ("lost", count(lost))];
    (
        share_of_customers(retention, kept, start, &inputs, confidence),
        share_of_customers(churn, lost, start, &churn_inputs, confidence),
    )
}

fn figures_of_totals(
    span: Span,
    customers: KnownCounts,
    sums: KnownSums,
    customer_retention_rate: Figure,
    customer_churn_rate: Figure,
    scale: Scale,
) -> PeriodFigures {
    let rate = |formula, terms: &[(&'static str, Option<Minor>)], part: Option<Minor>| {
        let inputs: Vec<(&'static str, f64)> = terms
            .iter()
            .filter_map(|&(name, minor)| Some((name, to_major(minor?, scale.decimals))))
            .collect();
        let why = match (scale.has_amounts, sums.start, part) {
            (false, _, _) => "no-amounts",
            (true, Some(start), Some(part)) if 0 < start && 0 <= part => {
                return Figure::of(formula, ratio(part, start), &inputs);
            }
            (true, Some(start), _) if start <= 0 => "no-revenue-at-start",
            (true, Some(_), Some(_)) => "lost-over-start",
            (true, _, _) => "not-in-file",
        };
        Figure::undefined(formula, why, &inputs)
    };
    let lost =
        sums.contraction.zip(sums.churned).map(|(contraction, churned)| contraction + churned);
    let kept = sums.start.zip(lost).map(|(start, lost)| start - lost);
    let now = kept.filter(|kept| 0 <= *kept).zip(sums.expansion).map(|(kept, more)| kept + more);
    let losses =
        [("start", sums.start), ("contraction", sums.contraction), ("churned", sums.churned)];
    let all = [losses[0], ("expansion", sums.expansion), losses[1], losses[2]];
    PeriodFigures {
        span,
        customers,
        revenue: scale.has_amounts.then_some(sums),
        customer_retention_rate,
        customer_churn_rate,
        gross_revenue_retention: rate(FormulaId::GrossRevenueRetention, &losses, kept),
        net_revenue_retention: rate(FormulaId::NetRevenueRetention, &all, now),
        revenue_churn_rate: rate(
            FormulaId::RevenueChurnRate,
            &losses,
            lost.filter(|lost| sums.start.is_some_and(|start| *lost <= start)),
        ),
        quick_ratio: quick_ratio(&sums, scale),
    }
}

/// Gains over losses; revenue of customers who came back is among the new, as in such tables.
fn quick_ratio(sums: &KnownSums, scale: Scale) -> Figure {
    let formula = FormulaId::QuickRatio;
    let (Some(new), Some(expansion), Some(contraction), Some(churned)) =
        (sums.new, sums.expansion, sums.contraction, sums.churned)
    else {
        let why = if scale.has_amounts { "not-in-file" } else { "no-amounts" };
        return Figure::undefined(formula, why, &[]);
    };
    let inputs = [
        ("new", to_major(new, scale.decimals)),
        ("reactivation", 0.0),
        ("expansion", to_major(expansion, scale.decimals)),
        ("contraction", to_major(contraction, scale.decimals)),
        ("churned", to_major(churned, scale.decimals)),
    ];
    let lost = contraction + churned;
    if lost <= 0 {
        return Figure::undefined(formula, "nothing-lost", &inputs);
    }
    Figure::of(formula, ratio(new + expansion, lost), &inputs)
}
