//! Churn reasons as they are reported.
//!
//! It computes nothing: money goes to major units, and names to their published form.

use serde::{Deserialize, Serialize};

use crate::analysis::{LostByReason, LostIn, LostShare, ReasonShare};
use crate::calendar::Day;
use crate::ledger::Ledger;
use crate::number::{Figure, to_major};

plain_data! {
    /// One churn reason.
    pub struct Reason {
        /// As the file has it; `not stated` for all who left without one.
        pub reason: String,
        /// Whether the file states it.
        pub stated: bool,
        /// `voluntary`, `involuntary` or `unknown`.
        pub kind: String,
        /// Whether the reader of the report has chosen the kind.
        pub chosen: bool,
        /// What it is about: `price`, `product`, `service`, `competition`, `usage`, `request`,
        /// `payment`, `closure`, `acquisition`, `circumstances`, `vendor` or `other`.
        pub group: String,
        /// Customers lost.
        pub customers: u64,
        /// Revenue lost; nothing where the file has no amounts.
        pub revenue: Option<f64>,
        /// Share of the lost customers.
        pub share: Figure,
        /// Share of the lost revenue.
        pub revenue_share: Figure,
    }

    /// The customers lost in one stretch of time, by reason.
    pub struct LostCustomers {
        /// `latest-period`, `trailing-year` or `whole-file`.
        pub window: String,
        /// The label of the period, or `all`.
        pub period: String,
        /// The day whose close it starts from.
        pub from: Option<String>,
        /// The day whose close it ends with.
        pub to: Option<String>,
        /// All who were lost.
        pub customers: u64,
        /// What they paid per month.
        pub revenue: Option<f64>,
        /// Most revenue first; those without a reason last.
        pub reasons: Vec<Reason>,
        /// The same by `voluntary`, `involuntary` and `unknown`.
        pub kinds: Vec<ReasonTotal>,
        /// The same by what the reasons are about, most revenue first.
        pub groups: Vec<ReasonTotal>,
    }

    /// Reasons of one kind or group together.
    pub struct ReasonTotal {
        /// The kind or group.
        pub name: String,
        /// Customers lost.
        pub customers: u64,
        /// Revenue lost.
        pub revenue: Option<f64>,
        /// Share of the lost customers.
        pub share: Figure,
        /// Share of the lost revenue.
        pub revenue_share: Figure,
    }
}

/// The name of those who left without a reason.
const NOT_STATED: &str = "not stated";

/// The lost of every stretch of time.
#[inline(never)]
pub(super) fn lost_report(lost: &[LostByReason], ledger: &Ledger) -> Vec<LostCustomers> {
    lost.iter().map(|one| lost_customers(one, ledger)).collect()
}

/// The reasons of the whole file, from the lost of every stretch of time.
pub(super) fn reasons_of_file(lost: &[LostCustomers]) -> Option<Vec<Reason>> {
    let whole = lost.iter().find(|one| one.window == LostIn::WholeFile.name())?;
    Some(whole.reasons.clone())
}

fn lost_customers(lost: &LostByReason, ledger: &Ledger) -> LostCustomers {
    LostCustomers {
        window: lost.window.name().to_owned(),
        period: lost.span.label.clone(),
        from: lost.span.from.map(Day::to_iso),
        to: lost.span.to.map(Day::to_iso),
        customers: lost.all.n_customers,
        revenue: ledger.has_amounts.then(|| to_major(lost.all.revenue_minor, ledger.decimals)),
        reasons: lost.reasons.iter().map(|one| reason(one, ledger)).collect(),
        kinds: lost.kinds.iter().map(|(kind, part)| total(kind.name(), part, ledger)).collect(),
        groups: lost.causes.iter().map(|(cause, part)| total(cause.name(), part, ledger)).collect(),
    }
}

fn reason(one: &ReasonShare, ledger: &Ledger) -> Reason {
    let ReasonTotal { name, customers, revenue, share, revenue_share } =
        total(one.reason.as_deref().unwrap_or(NOT_STATED), &one.part, ledger);
    Reason {
        reason: name,
        stated: one.reason.is_some(),
        kind: one.kind.name().to_owned(),
        chosen: one.is_chosen,
        group: one.cause.name().to_owned(),
        customers,
        revenue,
        share,
        revenue_share,
    }
}

fn total(name: &str, part: &LostShare, ledger: &Ledger) -> ReasonTotal {
    let revenue = to_major(part.lost.revenue_minor, ledger.decimals);
    ReasonTotal {
        name: name.to_owned(),
        customers: part.lost.n_customers,
        revenue: ledger.has_amounts.then_some(revenue),
        share: part.share.clone(),
        revenue_share: part.revenue_share.clone(),
    }
}
