//! The one way from a ledger to the customers of a set: each is shown once, and none is kept.
//!
//! It adds nothing up.

use super::super::exact::Exact;
use super::super::levels::{Levels, Steps, VisitSteps};
use super::super::orders::for_each_customer;
use super::scope::Scope;
use super::seen::{Seen, Sight};
use crate::ledger::Histories;

/// Shows each customer of the file up to the last day counted, in the order of their ids.
pub(super) fn for_each_seen(scope: &Scope<'_>, sight: &Sight, mut show: impl FnMut(&Seen<'_>)) {
    match &scope.ledger.histories {
        Histories::Recurring(recurring) => {
            if let Some(as_of) = scope.as_of {
                Levels::new(recurring, as_of).visit(&mut Showing { sight, show });
            }
        }
        Histories::Purchases(purchases) => for_each_customer(purchases, |orders| {
            if let Some(seen) = sight.of_orders(orders) {
                show(&seen);
            }
        }),
        Histories::Accounts(accounts) => {
            for account in accounts {
                show(&Sight::of_account(account));
            }
        }
        Histories::Totals(_) => {}
    }
}

struct Showing<'a, F> {
    sight: &'a Sight,
    show: F,
}

impl<F: FnMut(&Seen<'_>)> VisitSteps for Showing<'_, F> {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        if let Some(seen) = self.sight.of_steps(steps) {
            (self.show)(&seen);
        }
    }
}
