//! The customers who make a definition differ from the default: how many, and the first by money.
//!
//! It keeps a bounded number of them, however many there are.

use std::cmp::Ordering;

use crate::arrange;
use crate::ledger::CustomerIndex;
use crate::number::Minor;

/// How many are named.
const N_NAMED: usize = 100;

/// The customers who make a definition differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Differing {
    n_customers: u64,
    /// What they make a difference of, in minor units.
    minor: Minor,
    /// Up to twice as many as are named, the leading ones among them.
    kept: Vec<(Minor, CustomerIndex)>,
    /// Whoever does not come before this one is none of them.
    last: Option<(Minor, CustomerIndex)>,
}

/// What one customer makes a definition differ by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::analysis) struct Difference {
    /// What it adds to the numerator of the definition over that of the default, in minor units.
    pub(in crate::analysis) minor: Minor,
    /// What it is ranked by: the money that it pays or that is at stake.
    pub(in crate::analysis) rank_minor: Minor,
}

impl Differing {
    pub(super) fn add(&mut self, customer: CustomerIndex, difference: Option<Difference>) {
        let Some(Difference { minor, rank_minor }) = difference else { return };
        self.n_customers += 1;
        self.minor += minor;
        let one = (rank_minor, customer);
        if self.last.is_some_and(|last| most_first(&last, &one).is_le()) {
            return;
        }
        self.kept.push(one);
        if 2 * N_NAMED <= self.kept.len() {
            self.cut();
            self.last = self.kept.last().copied();
        }
    }

    fn cut(&mut self) {
        arrange::by(&mut self.kept, most_first);
        self.kept.truncate(N_NAMED);
    }

    pub(super) fn n_customers(&self) -> u64 {
        self.n_customers
    }

    pub(super) fn minor(&self) -> Minor {
        self.minor
    }

    /// The first of them, most money first.
    pub(super) fn named(mut self) -> Vec<CustomerIndex> {
        self.cut();
        self.kept.into_iter().map(|(_, customer)| customer).collect()
    }
}

/// The order of most money first, then of the customers.
fn most_first(one: &(Minor, CustomerIndex), other: &(Minor, CustomerIndex)) -> Ordering {
    other.0.cmp(&one.0).then(one.1.cmp(&other.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_money_is_named_in_any_order_of_adding() {
        let named = |order: &mut dyn Iterator<Item = u32>| {
            let mut differing = Differing::default();
            for customer in order {
                let minor = Minor::from(customer % 500);
                differing.add(customer, Some(Difference { minor, rank_minor: minor }));
            }
            (differing.n_customers(), differing.minor(), differing.named())
        };
        let (n, minor, forth) = named(&mut (0..1000));
        assert_eq!((n, minor), (1000, 2 * (0..500).sum::<Minor>()));
        assert_eq!(forth.len(), N_NAMED);
        assert_eq!(&forth[..3], &[499, 999, 498]);
        assert_eq!(named(&mut (0..1000).rev()).2, forth);
    }
}
