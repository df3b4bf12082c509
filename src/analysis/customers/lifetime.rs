//! The set of customers who were gone after one length of time: a step of the survival curve.
//!
//! It compares the last twelve months, as the set of all does.

use super::Members;
use super::all::AllMembers;
use super::compared::Compared;
use super::scope::Scope;
use super::seen::{Seen, Source};

pub(super) struct LifetimeMembers {
    all: AllMembers,
    duration: f64,
}

impl LifetimeMembers {
    pub(super) fn new(scope: &Scope<'_>, duration: f64) -> Self {
        Self { all: AllMembers::new(scope), duration }
    }
}

impl Members for LifetimeMembers {
    fn compared(&self) -> Compared {
        self.all.compared()
    }

    fn has(&self, customer: &Seen<'_>) -> bool {
        let facts = &customer.facts;
        let is_gone = match customer.source {
            Source::Spells(_) => facts.last_day.is_some(),
            Source::Account(account) => account.churned,
            // Who buys without a contract is never seen to leave.
            Source::Orders(_) => false,
        };
        is_gone && facts.lifetime.total_cmp(&self.duration).is_eq()
    }
}
