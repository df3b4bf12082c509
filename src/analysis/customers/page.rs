//! Keeps the customers of one page while all go by: never more than offset and limit together.
//!
//! It knows what they are ordered by and nothing else of them.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::query::CustomerSort;
use super::seen::Facts;
use crate::calendar::Day;
use crate::ledger::CustomerIndex;
use crate::number::Minor;

/// A place in the order: the smallest comes first, and those without a value last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    value: Minor,
    customer: CustomerIndex,
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
        let value = value.map(|value| if self.is_descending { -value } else { value });
        Rank { value: value.unwrap_or(Minor::MAX), customer: facts.customer }
    }
}

/// A number as an integer in the same order.
fn in_order(number: f64) -> Minor {
    let bits = Minor::from(number.abs().to_bits());
    if number < 0.0 { -bits } else { bits }
}

struct Kept {
    rank: Rank,
    facts: Facts,
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.rank == other.rank
    }
}

impl Eq for Kept {}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Kept {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank)
    }
}

/// The first customers of those that go by.
pub(super) struct Page {
    order: Order,
    n_most: usize,
    /// Only those behind this place.
    after: Option<Rank>,
    /// The last of them on top.
    kept: BinaryHeap<Kept>,
}

impl Page {
    pub(super) fn new(order: Order, n_most: usize, after: Option<Rank>) -> Self {
        Self { order, n_most, after, kept: BinaryHeap::new() }
    }

    pub(super) fn offer(&mut self, facts: &Facts) {
        let rank = self.order.rank(facts);
        if self.after.is_some_and(|after| rank <= after) {
            return;
        }
        if self.kept.len() < self.n_most {
            self.kept.push(Kept { rank, facts: *facts });
        } else if let Some(mut last) = self.kept.peek_mut()
            && rank < last.rank
        {
            *last = Kept { rank, facts: *facts };
        }
    }

    /// Those kept, in order, with the place of the last one.
    pub(super) fn finish(self) -> (Vec<Facts>, Option<Rank>) {
        let kept = self.kept.into_sorted_vec();
        let last = kept.last().map(|one| one.rank);
        (kept.into_iter().map(|one| one.facts).collect(), last)
    }
}
