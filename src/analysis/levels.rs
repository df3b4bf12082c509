//! Each customer's monthly revenue as a step function of the day, up to the close of one day.
//!
//! It knows no period: comparing closes is the business of [`super::movements`].

use crate::calendar::Day;
use crate::ledger::{Recurring, Spell};
use crate::number::Minor;

/// Each customer's revenue per month at the close of every day up to `as_of`.
///
/// Only customers who were active on some day are in it. Spells that start after `as_of` do not
/// count, and an end after `as_of` is not known yet.
#[derive(Clone, Debug)]
pub struct Levels {
    /// For each customer, where its steps begin; one more at the end.
    offsets: Vec<usize>,
    /// The days at whose close the level became another one, in order for each customer.
    days: Vec<Day>,
    /// The level from that close on, in minor units. The first of a customer is above 0.
    monthly_minor: Vec<Minor>,
    as_of: Day,
}

/// The steps of one customer.
#[derive(Clone, Copy, Debug)]
pub struct Steps<'a> {
    /// The days at whose close the level became another one.
    pub days: &'a [Day],
    /// The level from that close on, in minor units.
    pub monthly_minor: &'a [Minor],
}

impl Steps<'_> {
    /// The level at the close of a day, in minor units: 0 where the customer is not active.
    #[must_use]
    pub fn at(&self, day: Day) -> Minor {
        let n_steps = self.days.partition_point(|&step| step <= day);
        n_steps.checked_sub(1).map_or(0, |last| self.monthly_minor[last])
    }

    /// The first day active.
    #[must_use]
    pub fn first_day(&self) -> Day {
        self.days[0]
    }

    /// The level at the last known close.
    #[must_use]
    pub fn last_minor(&self) -> Minor {
        self.monthly_minor[self.monthly_minor.len() - 1]
    }
}

impl Levels {
    /// The levels of all customers up to the close of `as_of`.
    #[must_use]
    pub fn new(recurring: &Recurring, as_of: Day) -> Self {
        let mut levels =
            Self { offsets: vec![0], days: Vec::new(), monthly_minor: Vec::new(), as_of };
        let mut changes: Vec<(Day, i64)> = Vec::new();
        for spells in recurring.spells.chunk_by(|a, b| a.customer == b.customer) {
            levels.push_customer(spells, &mut changes);
        }
        levels
    }

    fn push_customer(&mut self, spells: &[Spell], changes: &mut Vec<(Day, i64)>) {
        changes.clear();
        for spell in spells {
            let is_empty = spell.end.is_some_and(|end| end <= spell.start);
            if is_empty || self.as_of < spell.start {
                continue;
            }
            changes.push((spell.start, spell.monthly));
            if let Some(end) = spell.end
                && end <= self.as_of
            {
                changes.push((end, -spell.monthly));
            }
        }
        changes.sort_unstable();
        let first = self.days.len();
        let mut level: Minor = 0;
        for changes_of_day in changes.chunk_by(|a, b| a.0 == b.0) {
            let change: Minor = changes_of_day.iter().map(|&(_, amount)| Minor::from(amount)).sum();
            if change != 0 {
                level += change;
                self.days.push(changes_of_day[0].0);
                self.monthly_minor.push(level);
            }
        }
        if first < self.days.len() {
            self.offsets.push(self.days.len());
        }
    }

    /// The customers who were active on some day.
    pub fn customers(&self) -> impl Iterator<Item = Steps<'_>> {
        self.offsets.windows(2).map(|ends| Steps {
            days: &self.days[ends[0]..ends[1]],
            monthly_minor: &self.monthly_minor[ends[0]..ends[1]],
        })
    }

    /// How many customers were active on some day.
    #[must_use]
    pub fn n_customers(&self) -> usize {
        self.offsets.len() - 1
    }

    /// The first day on which anyone was active.
    #[must_use]
    pub fn first_day(&self) -> Option<Day> {
        self.customers().map(|steps| steps.first_day()).min()
    }

    /// The day up to whose close the levels are known.
    #[must_use]
    pub fn as_of(&self) -> Day {
        self.as_of
    }
}
