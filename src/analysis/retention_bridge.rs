//! What moved net revenue retention from one span to the one before: by kind of movement, and by the
//! customers who moved it most.
//!
//! It knows recurring revenue only, and gives no reason for what a customer did.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::exact::Exact;
use super::latest::intervals_of_levels;
use super::levels::{Levels, Steps, VisitSteps};
use super::movements::{Movements, movements_between};
use super::period_figures::{PeriodFigures, RevenueBase, Scale, figures_of, ratio};
use super::span::{Span, year_earlier};
use crate::calendar::{Day, Granularity, Period};
use crate::ledger::CustomerIndex;
use crate::number::{Figure, Minor};

/// How many customers are named, at most.
const N_NAMED: usize = 10;

/// From net revenue retention in one span to that in a later one.
#[derive(Clone, Debug, PartialEq)]
pub struct RetentionBridge {
    /// How long the spans are: a quarter, or the twelve months up to its end.
    pub window: Granularity,
    /// The earlier span, with all its figures.
    pub before: PeriodFigures,
    /// The later span, with all its figures.
    pub after: PeriodFigures,
    /// The change as a fraction, and the code of the reason where there is none.
    pub change: Result<f64, &'static str>,
    /// What expansion, contraction and churn add to the change; empty where there is none.
    pub steps: Vec<BridgeStep>,
    /// The customers who moved it most, by size; the steps hold all customers.
    pub contributors: Vec<Contributor>,
}

/// What one kind of movement adds to the change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BridgeStep {
    /// `expansion`, `contraction` or `churned`.
    pub movement: &'static str,
    /// Its share of the revenue at the start of the earlier span, with the sign it has in the rate.
    pub before: f64,
    /// The same in the later span.
    pub after: f64,
    /// The difference.
    pub change: f64,
}

/// What one customer adds to the change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contributor {
    /// Who.
    pub customer: CustomerIndex,
    /// As a fraction, like the change itself.
    pub change: f64,
    /// By how much its revenue changed in the earlier span, in minor units: 0 where it was no
    /// customer at the start of it.
    pub moved_before_minor: Minor,
    /// The same in the later span.
    pub moved_after_minor: Minor,
}

/// From the net revenue retention of the quarter before to that of the latest complete quarter, as
/// fractions: of the quarters themselves, and of the twelve months up to the end of each.
///
/// # Formula
///
/// ```text
/// NRR    = 1 + (expansion − contraction − churned) ÷ start
/// change = Σ over customers of (now₁ − then₁) ÷ start₁ − (now₀ − then₀) ÷ start₀
/// ```
///
/// where 1 is the later span and 0 the earlier one, `start` is the revenue at the start of the span,
/// and a customer counts in a span only if active at its start. The steps add up to the change, and
/// so do the contributions of all customers.
///
/// # Domain
///
/// Any levels. The first day is that of the data; a span that begins before it has no customers.
///
/// # Undefined
///
/// - `no-customers-at-start` or `no-revenue-at-start` of either span: there is no change, and
///   neither steps nor contributors.
///
/// # Errors
///
/// None. There is no bridge where no two complete quarters are in the data, and none of the twelve
/// months where the earlier of them begin before the data.
///
/// # Assumptions
///
/// Those of [`super::period_movements`].
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::{Levels, retention_bridges};
/// use retention_calculator::calendar::Day;
/// use retention_calculator::ledger::{Recurring, Spell};
///
/// let day = |text: &str| Day::from_iso(text).expect("a day");
/// let spell = |customer, start, end: Option<&str>, monthly| Spell {
///     customer, start: day(start), end: end.map(&day), monthly,
///     segment: None, reason: None, renewal: None,
/// };
/// // In the second quarter, customer 0 pays 20 more; in the third, customer 1 leaves with its 50.
/// let spells = vec![
///     spell(0, "2024-01-10", Some("2024-05-05"), 5000),
///     spell(0, "2024-05-05", None, 7000),
///     spell(1, "2024-01-20", Some("2024-08-01"), 5000),
/// ];
/// let recurring = Recurring { spells, is_monthly: false };
/// let levels = Levels::new(&recurring, day("2024-09-30"));
/// let bridges = retention_bridges(&levels, day("2024-01-10"), 2, 0.95);
/// assert_eq!(bridges.len(), 1);
/// // From 120 ÷ 100 to 70 ÷ 120.
/// let change = bridges[0].change.expect("a change");
/// assert!((change - (70.0 / 120.0 - 1.2)).abs() < 1e-12);
/// assert_eq!(bridges[0].contributors[0].customer, 1);
/// ```
///
/// # References
///
/// A ratio of sums is the sum of its parts over the same base, so nothing has to be allotted; the
/// customer-level definition of net revenue retention is that of the trailing year.
#[must_use]
pub fn retention_bridges(
    levels: &Levels<'_>,
    first_day: Day,
    decimals: u8,
    confidence: f64,
) -> Vec<RetentionBridge> {
    let scale = Scale { has_amounts: true, decimals, confidence };
    let as_of = levels.as_of();
    let current = Period::containing(as_of, Granularity::Quarter);
    let last = if current.last_day() == as_of { current } else { current.previous() };
    let (after, before) = (Span::of_period(last, as_of), Span::of_period(last.previous(), as_of));
    let (Some(later_from), Some(later_to)) = (after.from, after.to) else { return Vec::new() };
    let Some(earlier_from) = before.from else { return Vec::new() };
    let mut bridges = Vec::new();
    if first_day <= earlier_from {
        bridges.push(bridge(levels, Granularity::Quarter, before, after, scale));
    }
    let year_before = year_earlier(later_from);
    if first_day <= year_before {
        let before = Span::of_days(year_before, later_from);
        let after = Span::of_days(year_earlier(later_to), later_to);
        bridges.push(bridge(levels, Granularity::Year, before, after, scale));
    }
    bridges
}

fn bridge(
    levels: &Levels<'_>,
    window: Granularity,
    before: Span,
    after: Span,
    scale: Scale,
) -> RetentionBridge {
    let closes = |span: &Span| (span.from.unwrap_or(Day(0)), span.to.unwrap_or(Day(0)));
    let (closes_before, closes_after) = (closes(&before), closes(&after));
    let (earlier, base_before) = figures_with_interval(levels, before, closes_before, scale);
    let (later, base_after) = figures_with_interval(levels, after, closes_after, scale);
    let nets = [&earlier.net_revenue_retention, &later.net_revenue_retention];
    let change = match nets.map(|net| net.value.ok_or_else(|| why(net))) {
        [Ok(before), Ok(after)] => Ok(after - before),
        [Err(why), _] | [_, Err(why)] => Err(why),
    };
    let is_defined = change.is_ok();
    let steps = if is_defined { steps(base_before, base_after) } else { Vec::new() };
    let contributors = if is_defined {
        let starts = (base_before.start, base_after.start);
        let mut pass =
            ContributorPass { closes_before, closes_after, starts, largest: BinaryHeap::new() };
        levels.visit(&mut pass);
        pass.finish()
    } else {
        Vec::new()
    };
    RetentionBridge { window, before: earlier, after: later, change, steps, contributors }
}

/// The code of the reason why a figure has no value.
fn why(figure: &Figure) -> &'static str {
    super::period_figures::why_code(figure)
}

/// A span with all its figures, and what its revenue retention rests on.
fn figures_with_interval(
    levels: &Levels<'_>,
    span: Span,
    (from, to): (Day, Day),
    scale: Scale,
) -> (PeriodFigures, RevenueBase) {
    let movements: Movements = movements_between(levels, from, to);
    let base = RevenueBase::from(movements.revenue);
    // No customer pays more than all of them at the start, or than at the end.
    let largest = movements.revenue.start.max(movements.revenue.end);
    let spans = [(span, base)];
    let intervals = intervals_of_levels(levels, &spans, None, largest, scale.confidence);
    let [(span, base)] = spans;
    (figures_of(span, &movements, base, intervals.of_period(0), scale), base)
}

fn steps(before: RevenueBase, after: RevenueBase) -> Vec<BridgeStep> {
    [
        ("expansion", before.expansion, after.expansion),
        ("contraction", -before.contraction, -after.contraction),
        ("churned", -before.churned, -after.churned),
    ]
    .into_iter()
    .map(|(movement, moved_before, moved_after)| {
        let (before, after) = (ratio(moved_before, before.start), ratio(moved_after, after.start));
        BridgeStep { movement, before, after, change: after - before }
    })
    .collect()
}

/// Looks for the customers who moved the rate most.
struct ContributorPass {
    closes_before: (Day, Day),
    closes_after: (Day, Day),
    starts: (Minor, Minor),
    /// The smallest of the largest on top; of two of one size, the one that comes later.
    largest: BinaryHeap<Reverse<BySize>>,
}

impl ContributorPass {
    /// The largest first.
    fn finish(self) -> Vec<Contributor> {
        self.largest.into_sorted_vec().into_iter().map(|Reverse(BySize(one))| one).collect()
    }
}

impl VisitSteps for ContributorPass {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        let moved = |(from, to): (Day, Day)| -> Minor {
            let then = steps.at(from);
            if T::default() < then { steps.at(to).into() - then.into() } else { 0 }
        };
        let (before, after) = (moved(self.closes_before), moved(self.closes_after));
        if before == 0 && after == 0 {
            return;
        }
        self.largest.push(Reverse(BySize(Contributor {
            customer: steps.customer,
            change: ratio(after, self.starts.1) - ratio(before, self.starts.0),
            moved_before_minor: before,
            moved_after_minor: after,
        })));
        if N_NAMED < self.largest.len() {
            self.largest.pop();
        }
    }
}

/// A contributor in the order of the size of its contribution, then of the customers, first first.
#[derive(PartialEq)]
struct BySize(Contributor);

impl Eq for BySize {}

impl PartialOrd for BySize {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for BySize {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let size = |one: &Self| one.0.change.abs();
        size(self)
            .total_cmp(&size(other))
            .then_with(|| other.0.customer.cmp(&self.0.customer))
    }
}
