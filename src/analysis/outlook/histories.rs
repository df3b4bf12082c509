//! How often and when each customer bought, from its orders.
//!
//! It fits nothing and keeps no order.

use crate::analysis::orders::{Orders, for_each_customer};
use crate::calendar::Day;
use crate::ledger::{CustomerIndex, Purchases};
use crate::number::to_major;
use crate::survival::PurchaseHistory;

/// One customer's purchases up to a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bought {
    pub(super) customer: CustomerIndex,
    /// In days.
    pub(super) history: PurchaseHistory,
    pub(super) last_day: Day,
    /// What it spent on average on the days after its first one, in major units.
    pub(super) average: Option<f64>,
}

/// Shows each customer with a purchase above 0 up to the close of a day.
pub(super) fn for_each_bought(
    purchases: &Purchases,
    decimals: u8,
    until: Day,
    mut visit: impl FnMut(Bought, Orders<'_>),
) {
    for_each_customer(purchases, |all| {
        let orders = all.up_to(until);
        let mut paid = orders.purchases.iter().filter(|order| 0 < order.amount).peekable();
        let Some(first) = paid.peek().map(|order| order.day) else { return };
        let customer = orders.purchases[0].customer;
        let (mut last_day, mut n_days, mut later_minor) = (first, 0.0, 0_i128);
        while let Some(order) = paid.next() {
            let mut of_day = i128::from(order.amount);
            while let Some(same) = paid.next_if(|next| next.day == order.day) {
                of_day += i128::from(same.amount);
            }
            if first < order.day {
                n_days += 1.0;
                later_minor += of_day;
            }
            last_day = order.day;
        }
        let since = |from: Day, to: Day| f64::from(to.0 - from.0);
        let history = PurchaseHistory {
            frequency: n_days,
            recency: since(first, last_day),
            observed: since(first, until),
        };
        let average = (0.0 < n_days).then(|| to_major(later_minor, decimals) / n_days);
        visit(Bought { customer, history, last_day, average }, all);
    });
}

/// Days with a purchase above 0 behind the close of a day.
pub(super) fn n_days_after(all: Orders<'_>, day: Day, until: Day) -> f64 {
    let mut n = 0.0;
    let mut before = None;
    for order in all.purchases.iter().filter(|order| 0 < order.amount) {
        if day < order.day && order.day <= until && before != Some(order.day) {
            n += 1.0;
            before = Some(order.day);
        }
    }
    n
}
