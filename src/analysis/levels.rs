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

    /// The levels at the closes of two days, the earlier first.
    pub(super) fn at_both(&self, from: Day, to: Day) -> (T, T) {
        let (n_then, n_now) = self.n_up_to_both(from, to);
        (self.after(n_then), self.after(n_now))
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

    /// The last day at whose close the level became another one.
    pub(super) fn last_day(&self) -> Day {
        self.days[self.days.len() - 1]
    }

    /// The level at the last known close.
    pub(super) fn last_minor(&self) -> T {
        self.monthly_minor[self.monthly_minor.len() - 1]
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
        if let [spell] = spells
            && self.make_one(spell)
        {
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

    /// The same for one spell alone, as most customers have; nothing where its sums may be wide.
    #[inline]
    fn make_one(&mut self, spell: &Spell) -> bool {
        let Spell { start, monthly, .. } = *spell;
        if monthly <= 0 || !sums_are_narrow([monthly, monthly].into_iter()) {
            return false;
        }
        self.narrow.clear();
        if self.counts_at_all(spell) {
            self.narrow.push(start, monthly);
            let end = end_of(spell);
            if end <= self.as_of {
                self.narrow.push(end, 0);
            }
        }
        true
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
