//! One customer's purchases and refunds after the other's.
//!
//! It is the one way to the orders of a file, and it keeps none of them.

use super::exact::sums_are_narrow;
use crate::calendar::Day;
use crate::ledger::{Purchase, Purchases};
use crate::number::Minor;

/// The purchases and refunds of one customer, each by day.
#[derive(Clone, Copy)]
pub(super) struct Orders<'a> {
    pub(super) purchases: &'a [Purchase],
    pub(super) refunds: &'a [Purchase],
}

impl<'a> Orders<'a> {
    /// Those up to the close of a day.
    #[inline]
    pub(super) fn up_to(self, as_of: Day) -> Self {
        let cut = |orders: &'a [Purchase]| match orders.last() {
            Some(last) if as_of < last.day => {
                &orders[..orders.partition_point(|order| order.day <= as_of)]
            }
            _ => orders,
        };
        Self { purchases: cut(self.purchases), refunds: cut(self.refunds) }
    }

    pub(super) fn is_empty(self) -> bool {
        self.purchases.is_empty() && self.refunds.is_empty()
    }

    pub(super) fn len(self) -> u64 {
        (self.purchases.len() + self.refunds.len()) as u64
    }

    pub(super) fn first_day(self) -> Option<Day> {
        let firsts = [self.purchases.first(), self.refunds.first()];
        firsts.into_iter().flatten().map(|order| order.day).min()
    }

    pub(super) fn first_positive_day(self) -> Option<Day> {
        self.purchases.iter().find(|purchase| 0 < purchase.amount).map(|purchase| purchase.day)
    }

    /// Purchases, then refunds.
    pub(super) fn all(self) -> impl Iterator<Item = &'a Purchase> {
        self.purchases.iter().chain(self.refunds)
    }

    /// What was bought less what was given back, in minor units.
    pub(super) fn revenue_minor(self) -> Minor {
        self.all().map(|order| Minor::from(order.amount)).sum()
    }

    /// Whether every sum of its amounts, and every difference of two, is an `i64`.
    #[inline]
    pub(super) fn is_narrow(self) -> bool {
        // Up to 2²¹ amounts of up to 2⁴⁰ need no look at their sum.
        let bits = self.all().fold(0, |bits, order| bits | (order.amount ^ order.amount >> 63));
        bits >> 40 == 0 && self.len() >> 21 == 0
            || sums_are_narrow(self.all().map(|order| order.amount))
    }

    /// Those after the close of a day.
    pub(super) fn after(self, day: Day) -> impl Iterator<Item = &'a Purchase> {
        let late = move |order: &&Purchase| day < order.day;
        let purchases = self.purchases.iter().rev().take_while(late);
        purchases.chain(self.refunds.iter().rev().take_while(late))
    }
}

/// Calls `visit` for each customer, in their order, with all that it bought and gave back.
#[inline(never)]
pub(super) fn for_each_customer(purchases: &Purchases, mut visit: impl FnMut(Orders<'_>)) {
    purchases.for_each_customer(|purchases, refunds| visit(Orders { purchases, refunds }));
}

/// The same in any order, which is quicker: for sums that are exact.
#[inline(never)]
pub(super) fn for_each_in_any_order(purchases: &Purchases, mut visit: impl FnMut(Orders<'_>)) {
    purchases.for_each_in_any_order(|purchases, refunds| visit(Orders { purchases, refunds }));
}

/// The same without customers of whom there is nothing after the close of a day; some of them may come
/// all the same.
#[inline(never)]
pub(super) fn for_each_with_orders_after(
    purchases: &Purchases,
    day: Day,
    mut visit: impl FnMut(Orders<'_>),
) {
    purchases
        .for_each_with_orders_after(day, |purchases, refunds| visit(Orders { purchases, refunds }));
}
