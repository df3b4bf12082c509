//! What moved net revenue retention from one span to the one before: by kind of movement, and by the
//! customers who moved it most.
//!
//! It knows recurring revenue only, and gives no reason for what a customer did.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::exact::Exact;
use super::latest::intervals_between;
use super::levels::{Levels, Steps, VisitSteps};
use super::movements::{MovedBetween, Movements};
use super::period_figures::{
    PeriodFigures, RevenueBase, RevenueIntervals, Scale, figures_of, ratio, why_code,
};
use super::span::{Span, year_earlier};
use crate::calendar::{Day, Granularity, Period};
use crate::ledger::CustomerIndex;
use crate::number::Minor;

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
    Compared::of(levels, first_day, scale).bridges
}

/// Spans that are compared with others: those of the bridges, and the year before the trailing one.
#[derive(Default)]
pub(super) struct Compared {
    /// The twelve months up to a year before the last close; none where the data begin later.
    pub(super) year_before: Option<PeriodFigures>,
    pub(super) bridges: Vec<RetentionBridge>,
}

impl Compared {
    /// Takes three passes over the customers: what moved, how sure that is, and who moved it.
    pub(super) fn of(levels: &Levels<'_>, first_day: Day, scale: Scale) -> Self {
        let as_of = levels.as_of();
        let windows = if scale.has_amounts { windows(first_day, as_of) } else { Vec::new() };
        let year_ago = year_earlier(as_of);
        let year_before = Some(Span::of_days(year_earlier(year_ago), year_ago))
            .filter(|span| span.from.is_some_and(|from| first_day <= from));
        let of_bridges = windows.iter().flat_map(|(_, before, after)| [before, after]);
        let spans: Vec<&Span> = year_before.iter().chain(of_bridges).collect();
        let figures = figures_between(levels, &spans, scale);
        let (of_year, of_bridges) = figures.split_at(usize::from(year_before.is_some()));
        let mut bridges: Vec<(RetentionBridge, Largest)> = windows
            .iter()
            .zip(of_bridges.chunks_exact(2))
            .map(|((window, ..), pair)| bridge(*window, &pair[0], &pair[1]))
            .collect();
        let mut pass = ContributorPass(
            bridges.iter_mut().filter_map(|(_, largest)| largest.as_mut()).collect(),
        );
        if !pass.0.is_empty() {
            levels.visit(&mut pass);
        }
        let finished = |(mut bridge, largest): (RetentionBridge, Largest)| {
            bridge.contributors = largest.map(Contributions::finish).unwrap_or_default();
            bridge
        };
        Self {
            year_before: of_year.first().map(|known| known.figures.clone()),
            bridges: bridges.into_iter().map(finished).collect(),
        }
    }
}

/// The spans of each bridge, the earlier one first.
fn windows(first_day: Day, as_of: Day) -> Vec<(Granularity, Span, Span)> {
    let current = Period::containing(as_of, Granularity::Quarter);
    let last = if current.last_day() == as_of { current } else { current.previous() };
    let (after, before) = (Span::of_period(last, as_of), Span::of_period(last.previous(), as_of));
    let (before_to, after_to) = (last.previous().last_day(), last.last_day());
    let year_before = Span::of_days(year_earlier(before_to), before_to);
    let year_after = Span::of_days(year_earlier(after_to), after_to);
    let mut windows =
        vec![(Granularity::Quarter, before, after), (Granularity::Year, year_before, year_after)];
    windows.retain(|(_, before, _)| before.from.is_some_and(|from| first_day <= from));
    windows
}

/// A span with all its figures, its closes, and what its revenue retention rests on.
struct Known {
    figures: PeriodFigures,
    closes: (Day, Day),
    base: RevenueBase,
}

fn figures_between(levels: &Levels<'_>, spans: &[&Span], scale: Scale) -> Vec<Known> {
    let closes: Vec<(Day, Day)> =
        spans.iter().filter_map(|span| Some((span.from?, span.to?))).collect();
    let mut moved =
        MovedInEach(closes.iter().map(|&(from, to)| MovedBetween::new(from, to)).collect());
    if !closes.is_empty() {
        levels.visit(&mut moved);
    }
    let movements: Vec<Movements> = moved.0.into_iter().map(MovedBetween::finish).collect();
    let bases: Vec<((Day, Day), RevenueBase)> =
        closes.iter().copied().zip(movements.iter().map(|one| one.revenue.into())).collect();
    // No customer pays more than all of them together.
    let largest = movements.iter().map(|one| one.revenue.start.max(one.revenue.end)).max();
    let intervals = if scale.has_amounts && !closes.is_empty() {
        intervals_between(levels, &bases, largest.unwrap_or_default(), scale.confidence)
    } else {
        vec![RevenueIntervals::default(); bases.len()]
    };
    spans
        .iter()
        .zip(movements)
        .zip(bases)
        .zip(intervals)
        .map(|(((span, movements), (closes, base)), intervals)| Known {
            figures: figures_of((*span).clone(), &movements, base, intervals, scale),
            closes,
            base,
        })
        .collect()
}

struct MovedInEach(Vec<MovedBetween>);

impl VisitSteps for MovedInEach {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        for moved in &mut self.0 {
            moved.visit(steps);
        }
    }
}

/// A bridge whose customers are not named yet, and the place for them, where there is a change.
fn bridge(window: Granularity, before: &Known, after: &Known) -> (RetentionBridge, Largest) {
    let nets = [before, after].map(|known| &known.figures.net_revenue_retention);
    let change = match nets.map(|net| net.value.ok_or_else(|| why_code(net))) {
        [Ok(before), Ok(after)] => Ok(after - before),
        [Err(why), _] | [_, Err(why)] => Err(why),
    };
    let is_defined = change.is_ok();
    let bridge = RetentionBridge {
        window,
        before: before.figures.clone(),
        after: after.figures.clone(),
        change,
        steps: if is_defined { steps(before.base, after.base) } else { Vec::new() },
        contributors: Vec::new(),
    };
    let largest = is_defined.then(|| Contributions {
        closes: [before.closes, after.closes],
        starts: [before.base.start, after.base.start],
        largest: BinaryHeap::new(),
    });
    (bridge, largest)
}

type Largest = Option<Contributions>;

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

/// Looks for the customers who moved each of the rates most.
struct ContributorPass<'a>(Vec<&'a mut Contributions>);

impl VisitSteps for ContributorPass<'_> {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        for contributions in &mut self.0 {
            contributions.add(steps);
        }
    }
}

/// The customers who moved a rate most.
struct Contributions {
    /// Of the earlier and of the later span.
    closes: [(Day, Day); 2],
    starts: [Minor; 2],
    /// The smallest of the largest on top; of two of one size, the one that comes later.
    largest: BinaryHeap<Reverse<BySize>>,
}

impl Contributions {
    fn add<T: Exact>(&mut self, steps: Steps<'_, T>) {
        let [before, after] = self.closes.map(|(from, to)| -> Minor {
            let then = steps.at(from);
            if T::default() < then { steps.at(to).into() - then.into() } else { 0 }
        });
        if before == 0 && after == 0 {
            return;
        }
        self.largest.push(Reverse(BySize(Contributor {
            customer: steps.customer,
            change: ratio(after, self.starts[1]) - ratio(before, self.starts[0]),
            moved_before_minor: before,
            moved_after_minor: after,
        })));
        if N_NAMED < self.largest.len() {
            self.largest.pop();
        }
    }

    /// The largest first.
    fn finish(self) -> Vec<Contributor> {
        self.largest.into_sorted_vec().into_iter().map(|Reverse(BySize(one))| one).collect()
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
        size(self).total_cmp(&size(other)).then_with(|| other.0.customer.cmp(&self.0.customer))
    }
}
