//! The customers behind a figure: who is in it, with what, searched, sorted and a page at a time.
//!
//! It keeps no list of customers: one pass over the ledger shows them one after the other, and only
//! those of the page asked for are kept. It forms no rate and knows no report.

mod all;
mod cohort;
mod compared;
mod csv;
mod definition;
mod history;
mod lifetime;
mod list;
mod page;
mod pass;
mod period;
mod query;
mod reason;
mod renewal;
mod renewed;
mod scope;
mod search;
mod seen;
mod segment;

pub use cohort::CohortGroup;
pub use csv::customers_csv;
pub use history::{CustomerHistory, CustomerSpell, LevelStep, PurchaseEntry, customer_history};
pub use list::{Beside, ComparedDays, CustomerList, CustomerRow, list_customers};
pub(in crate::analysis) use page::{Page, Rank, in_order, places};
pub use period::PeriodGroup;
pub use query::{CustomerQuery, CustomerSet, CustomerSort};
pub use reason::LostWindow;
pub use renewed::RenewedGroup;
pub(in crate::analysis) use search::Search;
pub use seen::MovementClass;
pub use segment::SegmentValue;

use crate::Error;
use crate::number::Minor;
use compared::{Closes, Compared};
use scope::Scope;
use seen::{Due, Seen};

/// What a kind of set says of the customers. Each kind has a file of its own.
trait Members {
    /// What is compared with what.
    fn compared(&self) -> Compared;

    /// The same for each customer, where it depends on who it is.
    fn closes(&self) -> Closes {
        Closes::Same(self.compared())
    }

    /// Whether a customer is in the set.
    fn has(&self, customer: &Seen<'_>) -> bool;

    /// Revenue of a customer outside of the set that the report counts with that of the set: refunds
    /// to those who are not active. 0 where there is none.
    fn beside_minor(&self, customer: &Seen<'_>) -> Minor {
        let _ = customer;
        0
    }

    /// What of a customer in the set comes up for renewal, where the set is about that.
    fn due(&self, customer: &Seen<'_>) -> Option<Due> {
        let _ = customer;
        None
    }
}

/// The set that is asked for, in the periods of a report.
fn members<'a>(set: &CustomerSet, scope: &Scope<'a>) -> Result<Box<dyn Members + 'a>, Error> {
    Ok(match set {
        CustomerSet::All => Box::new(all::AllMembers::new(scope)),
        CustomerSet::Period { period, group } => {
            Box::new(period::PeriodMembers::new(scope, period, *group)?)
        }
        CustomerSet::Cohort { cohort, age, group } => {
            Box::new(cohort::CohortMembers::new(scope, cohort, *age, *group)?)
        }
        CustomerSet::Lifetime { duration } => {
            Box::new(lifetime::LifetimeMembers::new(scope, *duration))
        }
        CustomerSet::Definition { metric, name } => {
            Box::new(definition::DefinitionMembers::new(scope, metric, name)?)
        }
        CustomerSet::Segment { column, name, with, period, group } => {
            let first = SegmentValue { column: column.clone(), name: name.clone() };
            let values = [&[first][..], with].concat();
            Box::new(segment::SegmentMembers::new(scope, &values, period, *group)?)
        }
        CustomerSet::Reason { reason, window } => {
            Box::new(reason::ReasonMembers::new(scope, reason.as_deref(), *window)?)
        }
        CustomerSet::Renewal { within_days, level } => {
            Box::new(renewal::RenewalMembers::new(scope, *within_days, level.as_deref())?)
        }
        CustomerSet::Renewed { period, group } => {
            Box::new(renewed::RenewedMembers::new(scope, period, *group)?)
        }
    })
}
