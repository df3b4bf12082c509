//! What a what-if answers with: plain, serialisable data.
//!
//! No behaviour and no formatted numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::number::Figure;

/// Declares plain data that crosses the boundary of the core.
macro_rules! plain_data {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
        #[cfg_attr(feature = "wasm", tsify(missing_as_null, hashmap_as_object))]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($body)* }
    )*};
}

plain_data! {
    /// What becomes of the customers.
    pub struct Projection {
        /// The name of the scenario.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub name: Option<String>,
        /// What is taken as given at the start, and held from then on.
        pub start: Start,
        /// Period by period, the first one first.
        pub periods: Vec<ProjectedPeriod>,
        /// How many periods a customer won today stays, by the name of the variant.
        #[cfg_attr(feature = "wasm", tsify(type = "Record<string, Figure>"))]
        pub lifespan: BTreeMap<String, Figure>,
        /// What a customer won today is worth, by the name of the variant.
        #[cfg_attr(feature = "wasm", tsify(type = "Record<string, Figure>"))]
        pub clv: BTreeMap<String, Figure>,
        /// The lifetime value on margin over the cost of acquisition.
        pub clv_to_cac: Figure,
        /// Periods until a customer has paid back its acquisition.
        pub cac_payback: Figure,
        /// The present value of the gross profit of all customers over the periods, less the costs
        /// of acquisition and programme; on revenue where no margin is given.
        pub present_value: f64,
        /// What the programme saves and whether that pays.
        pub programme: Option<ProgrammeOutcome>,
        /// The same start without any lever.
        pub against: Option<Box<Projection>>,
        /// What each lever given does to the present value when it is moved a tenth.
        pub sensitivity: Vec<Sensitivity>,
    }

    /// What is taken as given at the start of a projection.
    pub struct Start {
        /// Customers now.
        pub customers: f64,
        /// Revenue per customer and period.
        pub revenue_per_customer: f64,
        /// The share of customers kept per period: over the whole projection, where it changes.
        pub retention: f64,
        /// Customers won per period.
        pub new_customers: f64,
        /// Revenue gained per period from those who stay, as a share.
        pub expansion: f64,
        /// Revenue lost per period from those who stay, as a share.
        pub contraction: f64,
        /// Discount rate per period, where one is given.
        pub discount_rate: Option<f64>,
    }

    /// One period of a projection.
    pub struct ProjectedPeriod {
        /// Its number; 1 is the first.
        pub period: u32,
        /// Customers at its end.
        pub customers: f64,
        /// What they pay per period then.
        pub revenue: f64,
        /// Share of the revenue at its start that is kept, expansion left aside; nothing where there
        /// was none.
        pub gross_revenue_retention: Option<f64>,
        /// Revenue at its end of the customers at its start, over their revenue then.
        pub net_revenue_retention: Option<f64>,
    }

    /// What a programme does.
    pub struct ProgrammeOutcome {
        /// Revenue over all periods that would not be there without it.
        pub saved: f64,
        /// That over its cost.
        pub benefit_to_cost: Figure,
        /// That less its cost, over its cost.
        pub net_return: Figure,
    }

    /// What one lever does to the present value.
    pub struct Sensitivity {
        /// The lever.
        pub lever: String,
        /// The lower value that it is moved to: by a tenth, of its churn where it is a retention.
        pub low_at: f64,
        /// The higher value that it is moved to.
        pub high_at: f64,
        /// The present value at the lower value of the lever.
        pub low: f64,
        /// The present value at the higher value of the lever.
        pub high: f64,
    }
}
