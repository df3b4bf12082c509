//! What moved net revenue retention from one span to the one before: by kind of movement, and by the
//! customers who moved it most.
//!
//! It knows recurring revenue only, and gives no reason for what a customer did.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::exact::Exact;
use super::latest::{IntervalsOfLevels, LatestIntervals};
use super::levels::{Closes, Levels, Steps, VisitSteps};
use super::movements::{MovedBetween, Movements};
use super::parts::{Needs, SpanFigures};
use super::period_figures::{PeriodFigures, RevenueBase, Scale, figures_of, ratio, why_code};
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
    let mut moved = MovedBetweenCloses::new(levels.as_of(), ComparedSpans::BRIDGES);
    levels.visit(&mut moved);
    let compared = moved.compared(first_day, true);
    // No customer pays more than all of them together.
    let together =
        compared.spans.iter().map(|one| one.movements.revenue.start.max(one.movements.revenue.end));
    let intervals = IntervalsOfLevels::new(&[], 0, &compared.bases(), together.max().unwrap_or(0));
    let (compared, intervals) = compared.with_intervals(levels, intervals, confidence);
    compared.finish(&intervals, scale).bridges
}

/// Which of the spans that are compared with others are wanted.
#[derive(Clone, Copy)]
pub(super) struct ComparedSpans {
    trailing_year: SpanFigures,
    year_before: SpanFigures,
    bridges: bool,
}

impl ComparedSpans {
    /// Those of the bridges.
    const BRIDGES: Self =
        Self { trailing_year: SpanFigures::None, year_before: SpanFigures::None, bridges: true };
}

impl From<Needs> for ComparedSpans {
    fn from(needs: Needs) -> Self {
        let Needs { trailing_year, year_before, bridges, .. } = needs;
        Self { trailing_year, year_before, bridges }
    }
}

/// The movements in the spans that are compared with others, while customers are added to them.
///
/// They are the trailing year, the one before it, and the spans of the bridges, each of them once:
/// a bridge can be one of the trailing year.
pub(super) struct MovedBetweenCloses {
    as_of: Day,
    wanted: ComparedSpans,
    closes: Closes,
    moved: Vec<SpanMoved>,
}

/// What moved in a span, while customers are added to it.
struct SpanMoved {
    moved: MovedBetween,
    /// The places of its closes.
    places: (usize, usize),
    /// Whether its intervals are drawn.
    is_drawn: bool,
}

impl MovedBetweenCloses {
    /// Nobody yet, in all spans that there can be: when the data begin is not known yet.
    pub(super) fn new(as_of: Day, wanted: ComparedSpans) -> Self {
        let of_years = [
            (trailing_year(as_of), wanted.trailing_year),
            (year_before(as_of), wanted.year_before),
        ];
        let of_years = of_years.into_iter().filter(|(_, figures)| *figures != SpanFigures::None);
        let mut spans: Vec<(Span, bool)> =
            of_years.map(|(span, figures)| (span, figures == SpanFigures::All)).collect();
        if wanted.bridges {
            let of_bridges = windows(as_of).into_iter().flat_map(|one| [one.before, one.after]);
            spans.extend(of_bridges.map(|span| (span, true)));
        }
        let mut all: Vec<((Day, Day), bool)> = Vec::new();
        for (span, is_drawn) in spans {
            let Some(closes) = closes_of(&span) else { continue };
            match all.iter_mut().find(|known| known.0 == closes) {
                Some(known) => known.1 |= is_drawn,
                None => all.push((closes, is_drawn)),
            }
        }
        let closes = Closes::new(all.iter().flat_map(|&((from, to), _)| [from, to]));
        let moved = all.into_iter().map(|((from, to), is_drawn)| SpanMoved {
            moved: MovedBetween::new(from, to),
            places: (closes.place_of(from), closes.place_of(to)),
            is_drawn,
        });
        Self { as_of, wanted, moved: moved.collect(), closes }
    }

    /// What moved in those that do not begin before the data; without amounts there are no bridges.
    #[inline(never)]
    pub(super) fn compared(self, first_day: Day, has_amounts: bool) -> Compared {
        let all = self.moved.into_iter().map(|SpanMoved { moved, is_drawn, .. }| Between {
            closes: moved.closes(),
            movements: moved.finish(),
            is_drawn,
        });
        let spans: Vec<Between> = all.filter(|one| first_day <= one.closes.0).collect();
        let base_of = |span: &Span| {
            let closes = closes_of(span)?;
            let place = spans.iter().position(|one| one.closes == closes)?;
            Some((place, spans[place].base().start.to_f64()))
        };
        let mut bridges = Vec::new();
        let has_bridges = has_amounts && self.wanted.bridges;
        for window in windows(self.as_of).into_iter().filter(|_| has_bridges) {
            if let (Some(before), Some(after)) = (base_of(&window.before), base_of(&window.after)) {
                let contributions = Contributions {
                    places: [before.0, after.0],
                    starts: [before.1, after.1],
                    largest: BinaryHeap::new(),
                };
                bridges.push((window, contributions));
            }
        }
        Compared { as_of: self.as_of, spans, bridges }
    }
}

impl VisitSteps for MovedBetweenCloses {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        self.closes.look(&steps);
        for SpanMoved { moved, places: (from, to), .. } in &mut self.moved {
            moved.add(&steps, (self.closes.n_up_to(*from), self.closes.n_up_to(*to)));
        }
    }
}

/// What moved between two closes.
struct Between {
    closes: (Day, Day),
    movements: Movements,
    is_drawn: bool,
}

impl Between {
    fn base(&self) -> RevenueBase {
        self.movements.revenue.into()
    }
}

/// Spans that are compared with others, while it is found out how sure their figures are and which
/// customers moved them most.
pub(super) struct Compared {
    as_of: Day,
    spans: Vec<Between>,
    bridges: Vec<(Window, Contributions)>,
}

/// The figures of spans that are compared with others.
pub(super) struct ComparedFigures {
    /// The twelve months up to the last close; none where the data begin later.
    pub(super) trailing_year: Option<PeriodFigures>,
    /// The twelve months before those; none where the data begin later.
    pub(super) year_before: Option<PeriodFigures>,
    pub(super) bridges: Vec<RetentionBridge>,
}

impl Compared {
    /// What the intervals of the spans are drawn from; nothing for those that have none.
    pub(super) fn bases(&self) -> Vec<((Day, Day), RevenueBase)> {
        let base = |one: &Between| if one.is_drawn { one.base() } else { RevenueBase::default() };
        let is_any_drawn = self.spans.iter().any(|one| one.is_drawn);
        let spans = self.spans.iter().filter(|_| is_any_drawn);
        spans.map(|one| (one.closes, base(one))).collect()
    }

    /// Takes a pass over the customers, for all intervals and for who moved the bridges.
    #[inline(never)]
    pub(super) fn with_intervals(
        self,
        levels: &Levels<'_>,
        intervals: IntervalsOfLevels,
        confidence: f64,
    ) -> (Self, LatestIntervals) {
        let mut pass = SecondPass { intervals, compared: self };
        if let Some(first) = pass.intervals.first_close() {
            levels.visit_from(first, &mut pass);
        }
        (pass.compared, pass.intervals.finish(confidence))
    }

    /// The figures; the intervals are those of [`Compared::bases`].
    #[inline(never)]
    pub(super) fn finish(self, intervals: &LatestIntervals, scale: Scale) -> ComparedFigures {
        let figures = |span: Span| {
            let closes = closes_of(&span)?;
            let place = self.spans.iter().position(|one| one.closes == closes)?;
            let (one, intervals) = (&self.spans[place], intervals.of_span(place));
            Some((one.base(), figures_of(span, &one.movements, one.base(), intervals, scale)))
        };
        let bridge = |(window, contributions): (Window, Contributions)| {
            let (before, after) = (figures(window.before)?, figures(window.after)?);
            Some(bridge(window.granularity, before, after, contributions))
        };
        ComparedFigures {
            trailing_year: figures(trailing_year(self.as_of)).map(|(_, figures)| figures),
            year_before: figures(year_before(self.as_of)).map(|(_, figures)| figures),
            bridges: self.bridges.into_iter().filter_map(bridge).collect(),
        }
    }
}

struct SecondPass {
    intervals: IntervalsOfLevels,
    compared: Compared,
}

impl VisitSteps for SecondPass {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        self.intervals.visit(steps);
        for (_, contributions) in &mut self.compared.bridges {
            contributions.add(steps, &self.intervals);
        }
    }
}

/// The two spans of a bridge.
struct Window {
    granularity: Granularity,
    before: Span,
    after: Span,
}

/// The spans of each bridge that there can be up to a day.
fn windows(as_of: Day) -> [Window; 2] {
    let current = Period::containing(as_of, Granularity::Quarter);
    let last = if current.last_day() == as_of { current } else { current.previous() };
    let before = last.previous();
    [
        Window {
            granularity: Granularity::Quarter,
            before: Span::of_period(before, as_of),
            after: Span::of_period(last, as_of),
        },
        Window {
            granularity: Granularity::Year,
            before: trailing_year(before.last_day()),
            after: trailing_year(last.last_day()),
        },
    ]
}

/// The trailing year of recurring revenue; none where the data begin later.
pub(super) fn year_of_levels(first_day: Day, as_of: Day) -> Option<Span> {
    Some(trailing_year(as_of)).filter(|year| year.from.is_some_and(|from| first_day <= from))
}

fn trailing_year(to: Day) -> Span {
    Span::of_days(year_earlier(to), to)
}

fn year_before(to: Day) -> Span {
    trailing_year(year_earlier(to))
}

fn closes_of(span: &Span) -> Option<(Day, Day)> {
    Some((span.from?, span.to?))
}

#[inline(never)]
fn bridge(
    window: Granularity,
    (base_before, before): (RevenueBase, PeriodFigures),
    (base_after, after): (RevenueBase, PeriodFigures),
    contributions: Contributions,
) -> RetentionBridge {
    let nets = [&before, &after].map(|figures| &figures.net_revenue_retention);
    let change = match nets.map(|net| net.value.ok_or_else(|| why_code(net))) {
        [Ok(before), Ok(after)] => Ok(after - before),
        [Err(why), _] | [_, Err(why)] => Err(why),
    };
    let (mut steps_of_all, mut contributors) = (Vec::new(), Vec::new());
    if change.is_ok() {
        steps_of_all = steps(base_before, base_after);
        contributors = contributions.finish();
    }
    RetentionBridge { window, before, after, change, steps: steps_of_all, contributors }
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

/// The customers who moved a rate most.
struct Contributions {
    /// The places of the earlier and of the later span among those whose intervals are drawn.
    places: [usize; 2],
    /// The revenue at their starts, in minor units.
    starts: [f64; 2],
    /// The smallest of the largest on top; of two of one size, the one that comes later.
    largest: BinaryHeap<Reverse<BySize>>,
}

impl Contributions {
    /// Adds the customer that the intervals have seen last.
    fn add<T: Exact>(&mut self, steps: Steps<'_, T>, intervals: &IntervalsOfLevels) {
        let [before, after] = self.places.map(|place| {
            let (then, now) = intervals.levels_in_span(place, &steps);
            if T::default() < then { now - then } else { T::default() }
        });
        if before == T::default() && after == T::default() {
            return;
        }
        let one = BySize(Contributor {
            customer: steps.customer,
            change: after.to_f64() / self.starts[1] - before.to_f64() / self.starts[0],
            moved_before_minor: before.into(),
            moved_after_minor: after.into(),
        });
        if N_NAMED <= self.largest.len() {
            if self.largest.peek().is_some_and(|Reverse(least)| one <= *least) {
                return;
            }
            self.largest.pop();
        }
        self.largest.push(Reverse(one));
    }

    /// The largest first.
    #[inline(never)]
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
