//! One span as it is reported: its counts and sums, and the rates they give.
//!
//! The rates are formed from exact integers; what was counted, and from whom, is decided before.

use std::borrow::Cow;

use super::movements::{CustomerCounts, Movements, RevenueSums};
use super::span::Span;
use crate::Error;
use crate::number::bootstrap::Ratios;
use crate::number::interval::wilson;
use crate::number::{Figure, FormulaId, Minor, to_major};

/// The bootstrap intervals of net and gross revenue retention, where they have one.
pub(super) type RevenueIntervals = Ratios<Option<(f64, f64)>>;

/// One span with its figures. A count or sum that the data do not determine is none.
#[derive(Clone, Debug, PartialEq)]
pub struct PeriodFigures {
    /// The span.
    pub span: Span,
    /// Customers at its closes and between them.
    pub customers: KnownCounts,
    /// Revenue in minor units; nothing where the file has no amounts.
    pub revenue: Option<KnownSums>,
    /// Share of the customers at the start who are there at the end.
    pub customer_retention_rate: Figure,
    /// Share of the customers at the start who are lost.
    pub customer_churn_rate: Figure,
    /// Share of the revenue at the start that is kept, expansion left aside.
    pub gross_revenue_retention: Figure,
    /// Revenue at the end of the customers at the start, over their revenue then.
    pub net_revenue_retention: Figure,
    /// Share of the revenue at the start that is lost to contraction and churn.
    pub revenue_churn_rate: Figure,
    /// Revenue gained over revenue lost.
    pub quick_ratio: Figure,
}

/// [`CustomerCounts`], as far as they are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownCounts {
    /// Active at the first close.
    pub start: Option<u64>,
    /// New ones.
    pub new: Option<u64>,
    /// Those who came back.
    pub reactivated: Option<u64>,
    /// Lost ones.
    pub lost: Option<u64>,
    /// Active at the last close.
    pub end: Option<u64>,
    /// Those who came and went in between.
    pub came_and_went: Option<u64>,
}

/// [`RevenueSums`], as far as they are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownSums {
    /// At the first close.
    pub start: Option<Minor>,
    /// Of new customers.
    pub new: Option<Minor>,
    /// Of customers who came back.
    pub reactivation: Option<Minor>,
    /// More from customers who stayed.
    pub expansion: Option<Minor>,
    /// Less from customers who stayed.
    pub contraction: Option<Minor>,
    /// Of lost customers.
    pub churned: Option<Minor>,
    /// At the last close.
    pub end: Option<Minor>,
}

impl From<CustomerCounts> for KnownCounts {
    fn from(counts: CustomerCounts) -> Self {
        Self {
            start: Some(counts.start),
            new: Some(counts.new),
            reactivated: Some(counts.reactivated),
            lost: Some(counts.lost),
            end: Some(counts.end),
            came_and_went: Some(counts.came_and_went),
        }
    }
}

impl From<RevenueSums> for KnownSums {
    fn from(sums: RevenueSums) -> Self {
        Self {
            start: Some(sums.start),
            new: Some(sums.new),
            reactivation: Some(sums.reactivation),
            expansion: Some(sums.expansion),
            contraction: Some(sums.contraction),
            churned: Some(sums.churned),
            end: Some(sums.end),
        }
    }
}

/// What the customers at the start paid then, and what became of it by the end, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RevenueBase {
    pub(super) start: Minor,
    pub(super) expansion: Minor,
    pub(super) contraction: Minor,
    pub(super) churned: Minor,
}

impl From<RevenueSums> for RevenueBase {
    fn from(sums: RevenueSums) -> Self {
        Self {
            start: sums.start,
            expansion: sums.expansion,
            contraction: sums.contraction,
            churned: sums.churned,
        }
    }
}

/// How the numbers of a file become figures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// Whether the file has amounts at all.
    pub(super) has_amounts: bool,
    /// Decimal places of the amounts.
    pub(super) decimals: u8,
    /// The confidence of all intervals.
    pub(super) confidence: f64,
}

/// All figures of a span whose movements are known customer by customer.
///
#[inline(never)]
pub(super) fn figures_of(
    span: Span,
    movements: &Movements,
    base: RevenueBase,
    intervals: RevenueIntervals,
    scale: Scale,
) -> PeriodFigures {
    let counts = movements.customers;
    let rates = RevenueRates::of(counts.start, &movements.revenue, base, intervals, scale);
    PeriodFigures {
        span,
        customers: counts.into(),
        revenue: scale.has_amounts.then(|| movements.revenue.into()),
        customer_retention_rate: retention(&counts, scale.confidence),
        customer_churn_rate: churn(&counts, scale.confidence),
        gross_revenue_retention: rates.gross_retention,
        net_revenue_retention: rates.net_retention,
        revenue_churn_rate: rates.churn,
        quick_ratio: rates.quick_ratio,
    }
}

/// (S − lost) ÷ S, with those who came back among the new ones of the formula.
fn retention(counts: &CustomerCounts, confidence: f64) -> Figure {
    let inputs = [
        ("start", count(counts.start)),
        ("new", count(counts.new + counts.reactivated)),
        ("end", count(counts.end)),
    ];
    let kept = counts.start.saturating_sub(counts.lost);
    share_of_customers(FormulaId::CustomerRetentionRate, kept, counts.start, &inputs, confidence)
}

/// Lost ÷ S.
fn churn(counts: &CustomerCounts, confidence: f64) -> Figure {
    let inputs = [("start", count(counts.start)), ("lost", count(counts.lost))];
    share_of_customers(FormulaId::CustomerChurnRate, counts.lost, counts.start, &inputs, confidence)
}

/// A share of the customers at the start with Wilson's interval.
pub(super) fn share_of_customers(
    formula: FormulaId,
    part: u64,
    n_customers: u64,
    inputs: &[(&'static str, f64)],
    confidence: f64,
) -> Figure {
    if n_customers == 0 {
        return Figure::undefined(formula, "no-customers-at-start", inputs);
    }
    Figure::of(formula, count(part) / count(n_customers), inputs)
        .counted_from(n_customers)
        .within(wilson(part, n_customers, confidence))
}

struct RevenueRates {
    gross_retention: Figure,
    net_retention: Figure,
    churn: Figure,
    quick_ratio: Figure,
}

impl RevenueRates {
    fn of(
        n_customers: u64,
        sums: &RevenueSums,
        base: RevenueBase,
        intervals: RevenueIntervals,
        scale: Scale,
    ) -> Self {
        let major = |minor| to_major(minor, scale.decimals);
        let losses = [
            ("start", major(base.start)),
            ("contraction", major(base.contraction)),
            ("churned", major(base.churned)),
        ];
        let all = [losses[0], ("expansion", major(base.expansion)), losses[1], losses[2]];
        let lost = base.contraction + base.churned;
        let kept = base.start - lost;
        let why = if !scale.has_amounts {
            Some("no-amounts")
        } else if n_customers == 0 {
            Some("no-customers-at-start")
        } else if base.start <= 0 {
            Some("no-revenue-at-start")
        } else if kept < 0 {
            Some("refunds-exceed-purchases")
        } else {
            None
        };
        let figure = |formula, part, inputs: &[_]| match why {
            None => Figure::of(formula, ratio(part, base.start), inputs).counted_from(n_customers),
            Some("no-amounts") => Figure::undefined(formula, "no-amounts", &[]),
            Some(why) => Figure::undefined(formula, why, inputs),
        };
        let mut rates = Self {
            gross_retention: figure(FormulaId::GrossRevenueRetention, kept, &losses),
            net_retention: figure(FormulaId::NetRevenueRetention, kept + base.expansion, &all),
            churn: figure(FormulaId::RevenueChurnRate, lost, &losses),
            quick_ratio: quick_ratio(sums, scale),
        };
        if why.is_none() {
            rates.add_intervals(intervals);
        }
        rates
    }

    fn add_intervals(&mut self, intervals: RevenueIntervals) {
        if let Some((low, high)) = intervals.gross {
            (self.gross_retention.low, self.gross_retention.high) = (Some(low), Some(high));
            (self.churn.low, self.churn.high) = (Some(1.0 - high), Some(1.0 - low));
        }
        if let Some((low, high)) = intervals.net {
            (self.net_retention.low, self.net_retention.high) = (Some(low), Some(high));
        }
    }
}

/// (new + reactivation + expansion) ÷ (contraction + churned).
fn quick_ratio(sums: &RevenueSums, scale: Scale) -> Figure {
    let formula = FormulaId::QuickRatio;
    if !scale.has_amounts {
        return Figure::undefined(formula, "no-amounts", &[]);
    }
    let terms = [sums.new, sums.reactivation, sums.expansion, sums.contraction, sums.churned];
    let names = ["new", "reactivation", "expansion", "contraction", "churned"];
    let mut inputs = [("", 0.0); 5];
    for (input, (name, minor)) in inputs.iter_mut().zip(names.into_iter().zip(terms)) {
        *input = (name, to_major(minor, scale.decimals));
    }
    let gained = sums.new + sums.reactivation + sums.expansion;
    let lost = sums.contraction + sums.churned;
    if lost == 0 {
        return Figure::undefined(formula, "nothing-lost", &inputs);
    }
    Figure::of(formula, ratio(gained, lost), &inputs)
}

/// The figure of a formula, undefined with the code of the error where the formula refuses its
/// inputs.
pub(super) fn defined_or_why(formula: FormulaId, result: Result<Figure, Error>) -> Figure {
    result.unwrap_or_else(|error| Figure::undefined(formula, error.code(), &[]))
}

/// Why a figure is undefined.
pub(super) fn why_code(figure: &Figure) -> &'static str {
    match figure.why {
        Some(Cow::Borrowed(why)) => why,
        _ => "undefined",
    }
}

/// A count as a number.
#[expect(clippy::cast_precision_loss, reason = "counts are below 2⁵³")]
pub(super) fn count(n: u64) -> f64 {
    n as f64
}

/// A ratio of exact sums, rounded once for each of its parts and once for itself.
#[expect(clippy::cast_precision_loss, reason = "sums become numbers here, exact to 53 bits")]
pub(super) fn ratio(part: Minor, whole: Minor) -> f64 {
    part as f64 / whole as f64
}
