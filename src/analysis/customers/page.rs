//! Keeps the customers of one page while all go by: never more than offset and limit together.
//!
//! It knows their places in the order and nothing else of them.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::query::CustomerSort;
use super::seen::Facts;
use crate::calendar::Day;
use crate::ledger::CustomerIndex;
use crate::number::Minor;

/// A place in the order: the smallest comes first, and those without a value last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::analysis) struct Rank {
    value: Minor,
    customer: CustomerIndex,
}

impl Rank {
    pub(in crate::analysis) fn new(
        value: Option<Minor>,
        customer: CustomerIndex,
        is_descending: bool,
    ) -> Self {
        let value = value.map(|value| if is_descending { -value } else { value });
        Self { value: value.unwrap_or(Minor::MAX), customer }
    }
}

/// What customers are ordered by, and in which direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub(super) sort: CustomerSort,
    pub(super) is_descending: bool,
}

impl Order {
    pub(super) fn rank(self, facts: &Facts) -> Rank {
        let of_day = |day: Option<Day>| day.map(|day| Minor::from(day.0));
        let value = match self.sort {
            // Customers are numbered in the order of their ids.
            CustomerSort::Customer => Some(Minor::from(facts.customer)),
            CustomerSort::Change => Some(facts.change_minor()),
            CustomerSort::Then => Some(facts.then.revenue_minor),
            CustomerSort::Now => Some(facts.now.revenue_minor),
            CustomerSort::FirstDay => of_day(facts.first_day),
            CustomerSort::LastDay => of_day(facts.last_day),
            CustomerSort::Lifetime => Some(in_order(facts.lifetime)),
            CustomerSort::Purchases => facts.n_purchases.map(Minor::from),
            CustomerSort::Paid => facts.paid_minor,
        };
        Rank::new(value, facts.customer, self.is_descending)
    }
}

/// A number as an integer in the same order.
pub(in crate::analysis) fn in_order(number: f64) -> Minor {
    let bits = Minor::from(number.abs().to_bits());
    if number < 0.0 { -bits } else { bits }
}

struct Kept<T> {
    rank: Rank,
    shown: T,
}

impl<T> PartialEq for Kept<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rank == other.rank
    }
}

impl<T> Eq for Kept<T> {}

impl<T> PartialOrd for Kept<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Kept<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank)
    }
}

/// How many customers a page leaves out, and how many it needs to be kept.
pub(in crate::analysis) fn places(offset: u32, limit: u32) -> (usize, usize) {
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    (count(offset), count(offset).saturating_add(count(limit)))
}

/// The first customers of those that go by, with what is shown of each.
pub(in crate::analysis) struct Page<T> {
    n_most: usize,
    /// Only those behind this place.
    after: Option<Rank>,
    /// The last of them on top.
    kept: BinaryHeap<Kept<T>>,
}

impl<T: Copy> Page<T> {
    pub(in crate::analysis) fn new(n_most: usize, after: Option<Rank>) -> Self {
        Self { n_most, after, kept: BinaryHeap::new() }
    }

    pub(in crate::analysis) fn offer(&mut self, rank: Rank, shown: &T) {
        if self.after.is_some_and(|after| rank <= after) {
            return;
        }
        if self.kept.len() < self.n_most {
            self.kept.push(Kept { rank, shown: *shown });
        } else if let Some(mut last) = self.kept.peek_mut()
            && rank < last.rank
        {
            *last = Kept { rank, shown: *shown };
        }
    }

    /// Those kept, in order, with the place of the last one.
    pub(in crate::analysis) fn finish(self) -> (Vec<T>, Option<Rank>) {
        let kept = self.kept.into_sorted_vec();
        let last = kept.last().map(|one| one.rank);
        (kept.into_iter().map(|one| one.shown).collect(), last)
    }
}
