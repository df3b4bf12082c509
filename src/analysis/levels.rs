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

    /// The first day active.
    pub(super) fn first_day(&self) -> Day {
        self.days[0]
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

/// Puts changes of one customer in the order of their days. It is a function of its own so that it is
/// compiled once, and not with every visitor.
#[inline(never)]
fn put_in_order(changes: &mut [(Day, i64)]) {
    if !changes.is_sorted_by_key(|change| change.0) {
        changes.sort_unstable_by_key(|change| change.0);
    }
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
        let mut counts = SpellCounts::default();
        let mut changes = Vec::new();
        let (mut narrow, mut wide) = (Made::<i64>::default(), Made::<i128>::default());
        self.recurring.for_each_customer(|spells| {
            changes.clear();
            for spell in spells {
                counts.n_spells += 1;
                counts.n_ended += u64::from(spell.end.is_some());
                counts.n_after += u64::from(self.as_of < spell.start);
                self.push_changes(spell, first, &mut changes);
            }
            put_in_order(&mut changes);
            if sums_are_narrow(changes.iter().map(|change| change.1)) {
                narrow.show(spells, &changes, visitor);
            } else {
                wide.show(spells, &changes, visitor);
            }
        });
        counts
    }

    /// Shows one customer by all of its spells, if it was active on some day.
    pub(super) fn visit_one(&self, spells: &[Spell], visitor: &mut impl VisitSteps) {
        let mut changes = Vec::new();
        for spell in spells {
            self.push_changes(spell, Day(i32::MIN), &mut changes);
        }
        put_in_order(&mut changes);
        if sums_are_narrow(changes.iter().map(|change| change.1)) {
            Made::<i64>::default().show(spells, &changes, visitor);
        } else {
            Made::<i128>::default().show(spells, &changes, visitor);
        }
    }

    fn push_changes(&self, spell: &Spell, first: Day, changes: &mut Vec<(Day, i64)>) {
        let end = spell.end.unwrap_or(Day(i32::MAX));
        if end <= spell.start || end <= first || self.as_of < spell.start {
            return;
        }
        changes.push((spell.start, spell.monthly));
        if end <= self.as_of {
            changes.push((end, -spell.monthly));
        }
    }
}

/// The steps of one customer after the other, in the same place.
#[derive(Default)]
struct Made<T> {
    days: Vec<Day>,
    monthly_minor: Vec<T>,
}

impl<T: Exact> Made<T> {
    /// Makes the steps of changes that are in order, and shows them where there are any.
    fn show(&mut self, spells: &[Spell], changes: &[(Day, i64)], visitor: &mut impl VisitSteps) {
        let Some(customer) = spells.first().map(|spell| spell.customer) else { return };
        self.days.clear();
        self.monthly_minor.clear();
        let mut level = T::default();
        for changes_of_day in changes.chunk_by(|a, b| a.0 == b.0) {
            let before = level;
            for &(_, amount) in changes_of_day {
                level += T::from(amount);
            }
            if level != before {
                self.days.push(changes_of_day[0].0);
                self.monthly_minor.push(level);
            }
        }
        if !self.days.is_empty() {
            let (days, monthly_minor) = (&self.days, &self.monthly_minor);
            visitor.visit(Steps { customer, spells, days, monthly_minor });
        }
    }
}
