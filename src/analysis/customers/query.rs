//! What is asked: which customers, found and ordered how, and which part of the list.
//!
//! It answers nothing.

use serde::{Deserialize, Serialize};

use super::cohort::CohortGroup;
use super::period::PeriodGroup;
use super::reason::LostWindow;
use super::renewed::RenewedGroup;
use super::segment::SegmentValue;

/// Which customers, found and ordered how, and which part of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomerQuery {
    /// The set that they are in.
    pub of: CustomerSet,
    /// A part of the customer's id, in any case; all where nothing is said.
    #[serde(default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub search: String,
    /// What they are ordered by; by their change where nothing is said. Those that have no such
    /// value come last, and those that have the same one in the order of their ids.
    #[serde(default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub sort: CustomerSort,
    /// Whether the largest comes first.
    #[serde(default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub descending: bool,
    /// How many are left out before the first one shown.
    #[serde(default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub offset: u32,
    /// How many are shown at most; 50 where nothing is said.
    #[serde(default = "limit_by_default")]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub limit: u32,
}

fn limit_by_default() -> u32 {
    50
}

impl CustomerQuery {
    /// The first 50 customers of a set, the smallest change first.
    #[must_use]
    pub fn of(set: CustomerSet) -> Self {
        Self {
            of: set,
            search: String::new(),
            sort: CustomerSort::default(),
            descending: false,
            offset: 0,
            limit: limit_by_default(),
        }
    }
}

/// A set of customers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum CustomerSet {
    /// All of the file up to the day that the report counts to, compared over the twelve months up
    /// to then.
    All,
    /// Those in a group of a period.
    Period {
        /// Its label as in the report, or `trailing-year`.
        period: String,
        /// Which of its customers.
        group: PeriodGroup,
    },
    /// Those who began in one period, some periods later.
    Cohort {
        /// The label of the period that they began in.
        cohort: String,
        /// How many periods later; 0 is the period itself.
        age: u32,
        /// Which of them.
        group: CohortGroup,
    },
    /// Those who were gone after one length of time, in the unit of the survival curve.
    Lifetime {
        /// How long, as in the curve.
        duration: f64,
    },
    /// Those who make a definition of a metric differ from the one that the report uses.
    Definition {
        /// The metric as in the report, such as `customer_churn_rate`.
        metric: String,
        /// The name of the definition as in the report, such as `stripe`.
        name: String,
    },
    /// Those of a segment in a group of a period.
    Segment {
        /// The column.
        column: String,
        /// Its value; empty for those who have none.
        name: String,
        /// The values of further columns, where a segment is a combination.
        #[serde(default)]
        #[cfg_attr(feature = "wasm", tsify(optional))]
        with: Vec<SegmentValue>,
        /// The label of the period as in the report, or `trailing-year`.
        period: String,
        /// Which of its customers.
        group: PeriodGroup,
    },
    /// Those lost with a reason.
    Reason {
        /// As the file has it; none for those who stated none.
        #[serde(default)]
        reason: Option<String>,
        /// In which stretch of time they were lost; in the whole file where nothing is said.
        #[serde(default)]
        #[cfg_attr(feature = "wasm", tsify(optional))]
        window: LostWindow,
    },
    /// Those with a subscription up for renewal.
    Renewal {
        /// Within so many days after the day that the report counts to.
        within_days: u16,
        /// Of one level of risk; of all where nothing is said.
        #[serde(default)]
        #[cfg_attr(feature = "wasm", tsify(optional))]
        level: Option<String>,
    },
    /// Those who could renew in a period.
    Renewed {
        /// Its label as in the report, or `trailing-year`.
        period: String,
        /// Which of them.
        group: RenewedGroup,
    },
}

/// What customers are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum CustomerSort {
    /// Their id, byte by byte.
    Customer,
    /// Revenue now less revenue then.
    #[default]
    Change,
    /// Revenue then.
    Then,
    /// Revenue now.
    Now,
    /// The first day.
    FirstDay,
    /// The last day; those still there come last.
    LastDay,
    /// How long they have been customers.
    Lifetime,
    /// How many purchases they made.
    Purchases,
    /// What they paid in all.
    Paid,
}
