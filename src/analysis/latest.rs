//! The revenue intervals of the latest periods and of other spans, such as the trailing year: a
//! second pass over all customers, since the ratios have to be known before it is known who matters
//! to them.
//!
//! It keeps no list of customers, however many there are.

use std::ops::Range;

use super::exact::Exact;
use super::levels::{Closes, Steps, VisitSteps};
use super::orders::for_each_with_orders_after;
use super::period_figures::{RevenueBase, RevenueIntervals, ratio};
use super::span::{Periods, Span};
use crate::calendar::Day;
use crate::ledger::{Account, Purchases};
use crate::number::Minor;
use crate::number::bootstrap::{Draws, Ratios, ResampledBase, SameSums};
use crate::number::interval::PairSums;
use crate::number::linearized::RatioIntervals;

/// The seed of all bootstrap intervals: the same file always gives the same ends.
pub(super) const SEED: u64 = 1;

/// The intervals of the latest periods, and of other spans.
#[derive(Default)]
pub(super) struct LatestIntervals {
    first: usize,
    /// Those of the periods before, by linearization.
    before: Vec<RevenueIntervals>,
    of_periods: Vec<RevenueIntervals>,
    of_spans: Vec<RevenueIntervals>,
}

impl LatestIntervals {
    /// Those of the period at a place.
    pub(super) fn of_period(&self, index: usize) -> RevenueIntervals {
        let found = match index.checked_sub(self.first) {
            Some(place) => self.of_periods.get(place),
            None => self.before.get(index),
        };
        found.copied().unwrap_or_default()
    }

    /// The same with those of the periods before, from what their ratios are made of.
    pub(super) fn and_before(mut self, pairs: &[Ratios<PairSums>], confidence: f64) -> Self {
        let mut intervals = RatioIntervals::at(confidence);
        let before = pairs.iter().take(self.first).map(|one| intervals.of_retention(one));
        self.before = before.collect();
        self
    }

    /// Those of the other span at a place.
    pub(super) fn of_span(&self, index: usize) -> RevenueIntervals {
        self.of_spans.get(index).copied().unwrap_or_default()
    }
}

/// The bases of the latest periods and of other spans, while customers are added to them.
struct Bases {
    first: usize,
    of_periods: Vec<Option<ResampledBase>>,
    of_spans: Vec<Option<ResampledBase>>,
}

impl Bases {
    /// Those of so many of the latest periods, at most; `largest_minor` is at least what any customer
    /// pays in one of the periods, and in one of the other spans.
    fn new(
        (periods, n_drawn): (&[RevenueBase], usize),
        spans: &[RevenueBase],
        largest_minor: (Minor, Minor),
    ) -> Self {
        let first = periods.len().saturating_sub(n_drawn);
        let of_period = |base| empty_base(base, largest_minor.0);
        let of_span = |base| empty_base(base, largest_minor.1);
        Self {
            first,
            of_periods: periods[first..].iter().map(of_period).collect(),
            of_spans: spans.iter().map(of_span).collect(),
        }
    }

    fn finish(self, confidence: f64) -> LatestIntervals {
        let mut draws = Draws::seeded(SEED);
        let mut intervals = |base: Option<ResampledBase>| {
            base.map_or_else(RevenueIntervals::default, |base| {
                base.intervals(confidence, &mut draws)
            })
        };
        LatestIntervals {
            first: self.first,
            before: Vec::new(),
            of_periods: self.of_periods.into_iter().map(&mut intervals).collect(),
            of_spans: self.of_spans.into_iter().map(&mut intervals).collect(),
        }
    }
}

/// A base without its customers; none where its ratios are undefined.
pub(super) fn empty_base(base: &RevenueBase, largest_minor: Minor) -> Option<ResampledBase> {
    let kept = base.start - base.contraction - base.churned;
    let is_defined = 0 < base.start && 0 <= kept;
    is_defined.then(|| {
        let net = ratio(kept + base.expansion, base.start);
        let gross = ratio(kept, base.start);
        let largest = u64::try_from(largest_minor).unwrap_or(u64::MAX);
        ResampledBase::new(Ratios { net, gross }, largest)
    })
}

/// Adds a customer. What no `i64` holds is outside the domain of the bootstrap, so that there is no
/// interval rather than a wrong one.
fn add(base: Option<&mut ResampledBase>, now: Option<i64>, then: Option<i64>) {
    match (base, now, then) {
        (Some(base), Some(now), Some(then)) => base.add(now, then),
        (Some(base), _, _) => base.add_outside(),
        (None, _, _) => {}
    }
}

/// The intervals of recurring revenue, while customers are added: each at the two closes of each
/// span.
pub(super) struct IntervalsOfLevels {
    bases: Bases,
    /// The first close of the first period, then the last one of each.
    closes: Vec<Day>,
    stays: Stays,
    closes_of_spans: Closes,
    /// The places of the closes of the other spans.
    spans: Vec<(usize, usize)>,
}

/// Customers who pay the same at the closes of several periods, as most do: what they add to the sums
/// from the first of these on, and what is taken off behind the last.
struct Stays {
    changes: Vec<SameSums>,
    /// Who pays less than this matters to no base but by its sums.
    below: i64,
}

impl Stays {
    fn add(
        &mut self,
        bases: &mut [Option<ResampledBase>],
        range: Range<usize>,
        level: Option<i64>,
    ) {
        if let Some(level) = level.filter(|&level| level < self.below) {
            let sums = SameSums::of(level);
            self.changes[range.start] += sums;
            self.changes[range.end] -= sums;
        } else {
            self.add_singly(bases, range, level);
        }
    }

    /// Those who are the first, or pay the most.
    #[inline(never)]
    fn add_singly(
        &mut self,
        bases: &mut [Option<ResampledBase>],
        range: Range<usize>,
        level: Option<i64>,
    ) {
        for base in &mut bases[range] {
            add(base.as_mut(), level, level);
        }
        let bounds = bases.iter().flatten().map(ResampledBase::same_below);
        self.below = bounds.min().unwrap_or(i64::MAX);
    }

    fn finish(self, bases: &mut [Option<ResampledBase>]) {
        let mut sums = SameSums::default();
        for (base, change) in bases.iter_mut().zip(self.changes) {
            sums += change;
            if let Some(base) = base {
                base.add_all_same(&sums);
            }
        }
    }
}

impl IntervalsOfLevels {
    /// Those of so many of the latest periods, and of other spans between closes; `largest_minor` is
    /// the most that any customer pays.
    pub(super) fn new(
        periods: &[(Span, RevenueBase)],
        n_drawn: usize,
        spans: &[((Day, Day), RevenueBase)],
        largest_minor: Minor,
    ) -> Self {
        let of_periods: Vec<RevenueBase> = periods.iter().map(|(_, base)| *base).collect();
        let of_spans: Vec<RevenueBase> = spans.iter().map(|(_, base)| *base).collect();
        let largest_minor = (largest_minor, largest_minor);
        let bases = Bases::new((&of_periods, n_drawn), &of_spans, largest_minor);
        let latest = &periods[bases.first..];
        let first = latest.first().and_then(|(span, _)| span.from);
        let closes = first.into_iter().chain(latest.iter().filter_map(|(span, _)| span.to));
        let changes = vec![SameSums::default(); bases.of_periods.len() + 1];
        let closes_of_spans = Closes::new(spans.iter().flat_map(|&((from, to), _)| [from, to]));
        let place = |day| closes_of_spans.place_of(day);
        Self {
            closes: closes.collect(),
            spans: spans.iter().map(|&((from, to), _)| (place(from), place(to))).collect(),
            closes_of_spans,
            bases,
            stays: Stays { changes, below: 0 },
        }
    }

    /// The first close at which it matters who pays what.
    pub(super) fn first_close(&self) -> Option<Day> {
        self.closes.first().copied().into_iter().chain(self.closes_of_spans.first()).min()
    }

    /// The levels of the customer seen last at the closes of another span.
    #[inline]
    pub(super) fn levels_in_span<T: Exact>(&self, place: usize, steps: &Steps<'_, T>) -> (T, T) {
        let (from, to) = self.spans[place];
        let level = |place| steps.after(self.closes_of_spans.n_up_to(place));
        (level(from), level(to))
    }

    #[inline(never)]
    pub(super) fn finish(mut self, confidence: f64) -> LatestIntervals {
        self.stays.finish(&mut self.bases.of_periods);
        self.bases.finish(confidence)
    }

    /// How many of the closes from a place on are before a day.
    #[inline]
    fn n_before(&self, place: usize, day: Day) -> usize {
        self.closes[place..].iter().take_while(|&&close| close < day).count()
    }
}

impl VisitSteps for IntervalsOfLevels {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        let nothing = T::default();
        // The level at the closes up to a place, and the one before that.
        let mut place = self.n_before(0, steps.first_day());
        let mut then = nothing;
        for (step, &level) in steps.monthly_minor.iter().enumerate() {
            let until = match steps.days.get(step + 1) {
                Some(&next) => place + self.n_before(place, next),
                None => self.closes.len(),
            };
            if until == place {
                continue;
            }
            let bases = &mut self.bases.of_periods;
            if nothing < then
                && let Some(base) = bases.get_mut(place - 1)
            {
                add(base.as_mut(), level.narrow(), then.narrow());
            }
            if nothing < level && place + 1 < until {
                self.stays.add(bases, place..until - 1, level.narrow());
            }
            then = level;
            place = until;
        }
        self.closes_of_spans.look(&steps);
        for place in 0..self.spans.len() {
            let (then, now) = self.levels_in_span(place, &steps);
            if nothing < then {
                add(self.bases.of_spans[place].as_mut(), now.narrow(), then.narrow());
            }
        }
    }
}

/// The spans of purchases whose intervals are wanted.
pub(super) struct LatestPurchases<'a> {
    pub(super) as_of: Day,
    pub(super) periods: &'a Periods,
    /// In how many of the latest periods, at most.
    pub(super) n_drawn: usize,
    /// What the customers at the start of each period bought before it, and what became of it.
    pub(super) revenue: Vec<RevenueBase>,
    /// The closes that the year before the trailing one and the trailing one begin with.
    pub(super) year: Option<((Day, Day), RevenueBase)>,
    /// The most that any customer bought or gave back in any period, in minor units.
    pub(super) largest_in_period: Minor,
    /// The same of the two years.
    pub(super) largest_in_year: Minor,
}

impl LatestPurchases<'_> {
    /// The intervals: each customer in each period and in the one before.
    #[inline(never)]
    pub(super) fn intervals(&self, purchases: &Purchases, confidence: f64) -> LatestIntervals {
        let year = self.year.map(|(_, base)| base);
        let mut bases = Bases::new(
            (&self.revenue, self.n_drawn),
            year.as_slice(),
            (self.largest_in_period, self.largest_in_year),
        );
        if bases.of_periods.is_empty() && bases.of_spans.is_empty() {
            return LatestIntervals::default();
        }
        // The first of all periods has nobody at its start.
        let n_without_base = usize::from(bases.first == 0);
        let first = bases.first.saturating_sub(1);
        let Some(before_first) = self.periods.span(first).and_then(|span| span.from) else {
            return LatestIntervals::default();
        };
        let (year_before, year_from) =
            self.year.map_or((self.as_of, self.as_of), |(starts, _)| starts);
        let earliest = before_first.min(year_before);
        let mut windows = vec![Window::default(); self.periods.len() - first];
        for_each_with_orders_after(purchases, earliest, |orders| {
            let (mut then, mut now) = (Window::default(), Window::default());
            let mut seen = Places(0);
            for order in orders.up_to(self.as_of).after(earliest) {
                if before_first < order.day {
                    let place = self.periods.index_of(order.day) - first;
                    windows[place].add(order.amount);
                    seen.insert(place);
                }
                if year_from < order.day {
                    now.add(order.amount);
                } else if year_before < order.day {
                    then.add(order.amount);
                }
            }
            if let (Some(base), true) = (bases.of_spans.first_mut(), then.is_active) {
                add(base.as_mut(), now.revenue_minor(), then.revenue_minor());
            }
            for place in seen {
                // Oldest first, so that the next one is still there.
                let then = std::mem::take(&mut windows[place]);
                let base = bases.of_periods.get_mut(place + n_without_base);
                if let (Some(now), Some(base), true) =
                    (windows.get(place + 1), base, then.is_active)
                {
                    add(base.as_mut(), now.revenue_minor(), then.revenue_minor());
                }
            }
        });
        bases.finish(confidence)
    }
}

/// A set of places, of which there are at most one more than periods with an interval.
struct Places(u32);

impl Places {
    fn insert(&mut self, place: usize) {
        self.0 |= 1 << place;
    }
}

impl Iterator for Places {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let place = self.0.trailing_zeros();
        self.0 &= self.0.checked_sub(1)?;
        Some(place as usize)
    }
}

/// What a customer bought in a stretch of days, less refunds, as far as an `i64` goes.
#[derive(Clone, Copy, Default)]
struct Window {
    is_active: bool,
    is_too_much: bool,
    revenue_minor: i64,
}

impl Window {
    fn add(&mut self, amount: i64) {
        self.is_active |= 0 < amount;
        let (sum, is_too_much) = self.revenue_minor.overflowing_add(amount);
        self.revenue_minor = sum;
        self.is_too_much |= is_too_much;
    }

    fn revenue_minor(&self) -> Option<i64> {
        (!self.is_too_much).then_some(self.revenue_minor)
    }
}

/// The intervals of accounts with an amount: what each paid, and pays if it is still there.
pub(super) fn intervals_of_accounts(
    accounts: &[Account],
    revenue: RevenueBase,
    confidence: f64,
) -> RevenueIntervals {
    let amounts = || accounts.iter().filter_map(|account| Some((account.amount?, account.churned)));
    let largest = amounts().map(|(amount, _)| amount).max().unwrap_or(0);
    let Some(mut base) = empty_base(&revenue, largest.into()) else {
        return RevenueIntervals::default();
    };
    for (then, is_lost) in amounts().filter(|&(amount, _)| 0 < amount) {
        base.add(if is_lost { 0 } else { then }, then);
    }
    base.intervals(confidence, &mut Draws::seeded(SEED))
}
