//! Each customer's monthly revenue as a step function of the day, up to the close of one day.
//!
//! It knows no period: comparing closes is the business of [`super::movements`]. It keeps no
//! customer: each pass makes the steps of one after the other.

use super::exact::{Exact, sums_are_narrow};
use crate::calendar::Day;
use crate::ledger::{CustomerIndex, Recurring, Spell};

/// Each customer's revenue per month at the close of every day up to `as_of`.
///
/// Only customers who were active on some day are in it. Spells that start after `as_of` do not
/// count, and an end after `as_of` is not known yet.
#[derive(Clone, Copy, Debug)]
pub struct Levels<'a> {
    recurring: &'a Recurring,
    as_of: Day,
}

/// The steps of one customer; the first level is above 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps<'a, T> {
    /// Whose they are.
    pub(super) customer: CustomerIndex,
    /// All spells of the customer, those that are no step up to the last day too.
    pub(super) spells: &'a [Spell],
    /// The days at whose close the level became another one.
    pub(super) days: &'a [Day],
    /// The level from that close on, in minor units.
    pub(super) monthly_minor: &'a [T],
}

impl<T: Exact> Steps<'_, T> {
    /// The level at the close of a day, in minor units: 0 where the customer is not active.
    pub(super) fn at(&self, day: Day) -> T {
        let last = self.days.iter().rposition(|&step| step <= day);
        last.map_or(T::default(), |last| self.monthly_minor[last])
    }

    /// How many steps there are up to the closes of two days, the earlier first. It looks from the
    /// end, since most closes that are asked for are late.
    #[inline]
    pub(super) fn n_up_to_both(&self, from: Day, to: Day) -> (usize, usize) {
        let n_up_to = |day: Day, n_steps: usize| {
            self.days[..n_steps].iter().rposition(|&step| step <= day).map_or(0, |last| last + 1)
        };
        let n_now = n_up_to(to, self.days.len());
        (n_up_to(from, n_now), n_now)
    }

    /// The level after so many steps.
    #[inline]
    pub(super) fn after(&self, n_steps: usize) -> T {
        n_steps.checked_sub(1).map_or(T::default(), |last| self.monthly_minor[last])
    }

    /// The first day active.
    pub(super) fn first_day(&self) -> Day {
        self.days[0]
    }

    /// The level at the last known close.
    pub(super) fn last_minor(&self) -> T {
        self.monthly_minor[self.monthly_minor.len() - 1]
    }
}

/// Closes at which the levels of each customer are asked for together, so that its steps are gone
/// through once.
pub(super) struct Closes {
    /// The latest first, each once.
    days: Vec<Day>,
    /// How many steps there are up to each of them.
    n_up_to: Vec<usize>,
}

impl Closes {
    pub(super) fn new(days: impl Iterator<Item = Day>) -> Self {
        let mut days: Vec<Day> = days.collect();
        days.sort_unstable_by(|a, b| b.cmp(a));
        days.dedup();
        Self { n_up_to: vec![0; days.len()], days }
    }

    /// The place of one of the closes.
    pub(super) fn place_of(&self, day: Day) -> usize {
        self.days.partition_point(|&close| day < close)
    }

    /// The earliest of the closes.
    pub(super) fn first(&self) -> Option<Day> {
        self.days.last().copied()
    }

    /// Looks at the steps of the next customer.
    #[inline]
    pub(super) fn look<T>(&mut self, steps: &Steps<'_, T>) {
        let mut n_left = steps.days.len();
        for (&close, n_up_to) in self.days.iter().zip(&mut self.n_up_to) {
            let n_late = steps.days[..n_left].iter().rev().take_while(|&&day| close < day).count();
            n_left -= n_late;
            *n_up_to = n_left;
        }
    }

    /// How many steps of that customer there are up to the close at a place.
    #[inline]
    pub(super) fn n_up_to(&self, place: usize) -> usize {
        self.n_up_to[place]
    }
}

/// What is done with each customer who was active on some day.
pub(super) trait VisitSteps {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>);
}

/// What a pass over all spells has seen of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SpellCounts {
    pub(super) n_spells: u64,
    /// Those with an end.
    pub(super) n_ended: u64,
    /// Those that start after the day the levels are known to.
    pub(super) n_after: u64,
}

impl<'a> Levels<'a> {
    /// The levels of all customers up to the close of `as_of`.
    #[must_use]
    pub fn new(recurring: &'a Recurring, as_of: Day) -> Self {
        Self { recurring, as_of }
    }

    /// The day up to whose close the levels are known.
    #[must_use]
    pub fn as_of(&self) -> Day {
        self.as_of
    }

    /// Shows each customer who was active on some day.
    pub(super) fn visit(&self, visitor: &mut impl VisitSteps) -> SpellCounts {
        self.visit_from(Day(i32::MIN), visitor)
    }

    /// Shows each customer who was active on some day after `first`, with levels that are right
    /// from the close of `first` on.
    pub(super) fn visit_from(&self, first: Day, visitor: &mut impl VisitSteps) -> SpellCounts {
        let mut making = Making::new(self.as_of, first);
        self.recurring.for_each_customer(|spells| {
            making.count(spells);
            making.show(spells, visitor);
        });
        making.counts
    }

    /// Shows one customer by all of its spells, if it was active on some day.
    pub(super) fn visit_one(&self, spells: &[Spell], visitor: &mut impl VisitSteps) {
        Making::new(self.as_of, Day(i32::MIN)).show(spells, visitor);
    }
}

/// Below so much, twice the sum of some amounts is still narrow.
const NARROW_SUM: u64 = 1 << 61;

/// The steps of one customer after the other, in the same place.
struct Making {
    as_of: Day,
    first: Day,
    counts: SpellCounts,
    changes: Vec<(Day, i64)>,
    narrow: Made<i64>,
    wide: Made<i128>,
}

impl Making {
    fn new(as_of: Day, first: Day) -> Self {
        Self {
            as_of,
            first,
            counts: SpellCounts::default(),
            changes: Vec::new(),
            narrow: Made::default(),
            wide: Made::default(),
        }
    }

    #[inline]
    fn count(&mut self, spells: &[Spell]) {
        for spell in spells {
            self.counts.n_spells += 1;
            self.counts.n_ended += u64::from(spell.end.is_some());
            self.counts.n_after += u64::from(self.as_of < spell.start);
        }
    }

    /// Shows a customer if there are any steps.
    fn show(&mut self, spells: &[Spell], visitor: &mut impl VisitSteps) {
        if self.make(spells) {
            self.narrow.show(spells, visitor);
        } else {
            self.show_wide(spells, visitor);
        }
    }

    /// A function of its own: what hardly anybody needs would be in the way of all others.
    #[cold]
    #[inline(never)]
    fn show_wide(&self, spells: &[Spell], visitor: &mut impl VisitSteps) {
        self.wide.show(spells, visitor);
    }

    /// Makes the steps of a customer, and says whether they are the narrow ones. It is a function of
    /// its own so that it is compiled once, and not with every visitor.
    #[inline(never)]
    fn make(&mut self, spells: &[Spell]) -> bool {
        if self.make_chain(spells) {
            return true;
        }
        self.changes.clear();
        for spell in spells {
            if self.counts_at_all(spell) {
                let end = end_of(spell);
                self.changes.push((spell.start, spell.monthly));
                if end <= self.as_of {
                    self.changes.push((end, -spell.monthly));
                }
            }
        }
        let changes = &mut self.changes;
        if !changes.is_sorted_by_key(|change| change.0) {
            changes.sort_unstable_by_key(|change| change.0);
        }
        let is_narrow = sums_are_narrow(changes.iter().map(|change| change.1));
        if is_narrow {
            self.narrow.make(changes);
        } else {
            self.wide.make(changes);
        }
        is_narrow
    }

    /// The same for spells none of which begins before the one before it has ended, as nearly all
    /// customers have them; it gives up where one does, and where sums may be wide.
    #[inline]
    fn make_chain(&mut self, spells: &[Spell]) -> bool {
        self.narrow.clear();
        let (mut level, mut until, mut sum) = (0, Day(i32::MIN), 0_u64);
        for spell in spells {
            if !self.counts_at_all(spell) {
                continue;
            }
            let Spell { start, monthly, .. } = *spell;
            if start < until || monthly <= 0 {
                return false;
            }
            sum = sum.saturating_add(monthly.unsigned_abs());
            if until < start && level != 0 {
                self.narrow.push(until, 0);
                level = 0;
            }
            if monthly != level {
                self.narrow.push(start, monthly);
                level = monthly;
            }
            until = end_of(spell);
        }
        if level != 0 && until <= self.as_of {
            self.narrow.push(until, 0);
        }
        sum < NARROW_SUM
    }

    /// Whether it is there on some day after the first, up to the last.
    fn counts_at_all(&self, spell: &Spell) -> bool {
        let end = end_of(spell);
        spell.start < end && self.first < end && spell.start <= self.as_of
    }
}

/// The day from whose close on a spell no longer counts; the last of all where none is known.
fn end_of(spell: &Spell) -> Day {
    spell.end.unwrap_or(Day(i32::MAX))
}

/// The steps of one customer.
#[derive(Default)]
struct Made<T> {
    days: Vec<Day>,
    monthly_minor: Vec<T>,
}

impl<T: Exact> Made<T> {
    fn clear(&mut self) {
        self.days.clear();
        self.monthly_minor.clear();
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is in the loop over all spells")]
    fn push(&mut self, day: Day, monthly_minor: T) {
        self.days.push(day);
        self.monthly_minor.push(monthly_minor);
    }

    /// Makes the steps of changes that are in order.
    fn make(&mut self, changes: &[(Day, i64)]) {
        self.clear();
        let mut level = T::default();
        for changes_of_day in changes.chunk_by(|a, b| a.0 == b.0) {
            let before = level;
            for &(_, amount) in changes_of_day {
                level += T::from(amount);
            }
            if level != before {
                self.push(changes_of_day[0].0, level);
            }
        }
    }

    /// Shows them where there are any.
    fn show(&self, spells: &[Spell], visitor: &mut impl VisitSteps) {
        let Some(customer) = spells.first().map(|spell| spell.customer) else { return };
        if !self.days.is_empty() {
            let (days, monthly_minor) = (&self.days, &self.monthly_minor);
            visitor.visit(Steps { customer, spells, days, monthly_minor });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps the steps of the customer it is shown.
    #[derive(Default)]
    struct Kept(Vec<(Day, i64)>);

    impl VisitSteps for Kept {
        fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
            let levels = steps.monthly_minor.iter().map(|level| level.narrow().expect("small"));
            self.0 = steps.days.iter().copied().zip(levels).collect();
        }
    }

    fn spell(start: i32, end: Option<i32>, monthly: i64) -> Spell {
        Spell {
            customer: 0,
            start: Day(start),
            end: end.map(Day),
            monthly,
            segment: None,
            reason: None,
            renewal: None,
        }
    }

    /// The level at the close of a day, by the definition of a spell.
    fn level_at(spells: &[Spell], day: Day) -> i64 {
        let counts = |one: &&Spell| one.start <= day && one.end.is_none_or(|end| day < end);
        spells.iter().filter(counts).map(|one| one.monthly).sum()
    }

    #[test]
    fn steps_are_those_days_at_whose_close_the_level_is_another_one() {
        let ends = [None, Some(0), Some(3), Some(4), Some(9), Some(11), Some(20)];
        let mut spells = Vec::new();
        for start in [0, 3, 4, 6, 9, 10, 12] {
            for end in ends {
                for monthly in [5, 7] {
                    spells.push(spell(start, end.filter(|&end| start <= end), monthly));
                }
            }
        }
        let as_of = Day(11);
        for (at, &one) in spells.iter().enumerate() {
            for &other in &spells[at..] {
                for third in [spell(0, Some(0), 3), spell(9, Some(11), 5), spell(11, None, 2)] {
                    let mut own = vec![one, other, third];
                    own.sort_unstable();
                    let mut expected = Vec::new();
                    let mut before = 0;
                    for day in (0..=as_of.0).map(Day) {
                        let level = level_at(&own, day);
                        if level != before {
                            expected.push((day, level));
                        }
                        before = level;
                    }
                    let recurring = Recurring { spells: own, is_monthly: false };
                    let mut kept = Kept::default();
                    Levels::new(&recurring, as_of).visit(&mut kept);
                    assert_eq!(kept.0, expected, "{:?}", recurring.spells);
                }
            }
        }
    }

    #[test]
    fn closes_looked_at_together_see_what_each_sees_alone() {
        let (days, levels) = ([Day(2), Day(5), Day(6), Day(9)], [5_i64, 7, 0, 3]);
        let steps = Steps { customer: 0, spells: &[], days: &days, monthly_minor: &levels };
        let asked = [Day(9), Day(1), Day(5), Day(7), Day(30), Day(5)];
        let mut closes = Closes::new(asked.into_iter());
        closes.look(&steps);
        assert_eq!(closes.first(), Some(Day(1)));
        for day in asked {
            let n_up_to = closes.n_up_to(closes.place_of(day));
            assert_eq!(n_up_to, days.iter().filter(|&&step| step <= day).count());
            assert_eq!(steps.after(n_up_to), steps.at(day));
        }
    }
}
