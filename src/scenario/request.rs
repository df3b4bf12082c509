//! What a what-if is asked with: where it starts, how far it goes, and which levers are moved.
//!
//! It checks nothing but the form; what the values may be is checked where they are used.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::number::Figure;
use crate::report::{CurvePoint, CustomerMovements, RevenueMovements};

/// A what-if: where it starts, how far it goes, and which levers are moved.
///
/// Every lever is the value that holds instead of today's, not a change of it. Rates are fractions
/// per period; only the discount rate is per year.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scenario {
    /// A name to tell it by; it changes nothing.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub name: Option<String>,
    /// A report, a fit, or typed totals.
    #[cfg_attr(
        feature = "wasm",
        tsify(
            type = "Report | Fit | { customers: number; revenuePerCustomer: number; retention: number }"
        )
    )]
    pub from: Source,
    /// Months in one period.
    pub period_months: f64,
    /// How many periods to project.
    pub periods: f64,
    /// Customers in the cohort of a fit; 1 where nothing is said, so that customers are shares.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub customers: Option<f64>,
    /// The share of customers kept per period.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub retention: Option<f64>,
    /// The share of new customers lost by the end of their first period.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub first_period_churn: Option<f64>,
    /// The share of customers lost per period after their first.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub tail_churn: Option<f64>,
    /// Revenue gained per period from those who stay, as a share of what they paid.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub expansion: Option<f64>,
    /// Revenue lost per period from those who stay, as a share of what they paid.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub contraction: Option<f64>,
    /// Revenue per customer and period, from now on.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub price: Option<f64>,
    /// Gross margin as a fraction.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub gross_margin: Option<f64>,
    /// Cost to win a customer.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub cac: Option<f64>,
    /// Customers won per period.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub new_customers: Option<f64>,
    /// Discount rate per year as a fraction.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub discount_rate: Option<f64>,
    /// A programme that averts part of the churn.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub programme: Option<Programme>,
    /// What margin, cost and discount rate are today, where the scenario moves them.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub today: Option<Valuation>,
    /// How the customers of a report leave: `average` (the same share in every period, the default)
    /// or the fitted model `geometric`, `sbg` or `bdw` of that report.
    #[cfg_attr(
        feature = "wasm",
        tsify(optional, type = "\"average\" | \"geometric\" | \"sbg\" | \"bdw\"")
    )]
    pub curve: Option<String>,
    /// The segment of a report that the levers are about; the other segments stay as today.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub segment: Option<String>,
    /// Whole numbers of periods after which it is said what a customer is worth still.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub tenures: Option<Vec<f64>>,
    /// How many more customers are wanted a year from now, as a share: 0.1 is 10 % more.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub growth_goal: Option<f64>,
    /// The seed of simulated draws, a whole number; 1 where draws are asked for without one.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub seed: Option<f64>,
    /// The number of simulated draws: 10 to 20,000; 1000 where a seed is given without one.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub draws: Option<f64>,
    /// The confidence of the intervals from draws; 0.95 by default.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub confidence: Option<f64>,
    /// By which share each lever is moved for the sensitivity; 0.1 by default.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub shift: Option<f64>,
    /// The outcome that the sensitivity is about; `presentValue` by default.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub sensitivity_of: Option<String>,
}

/// What a goal seek is asked with: which value of a lever gives an outcome.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Goal {
    /// The scenario; the lever that is sought may stand anywhere in it.
    pub scenario: Scenario,
    /// The lever, such as `retention`.
    pub lever: String,
    /// The outcome, such as `clvToCac`.
    pub outcome: String,
    /// What the outcome shall be.
    pub value: f64,
}

/// A retention programme.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Programme {
    /// What it costs in all.
    pub cost: f64,
    /// The first period whose churn it lowers; 1 is the first of the projection.
    pub start_period: f64,
    /// The share of the churn that it averts: 0.2 makes 10 % churn 8 %.
    pub churn_reduction: f64,
}

/// What turns customers into value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Valuation {
    /// Gross margin as a fraction.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub gross_margin: Option<f64>,
    /// Cost to win a customer.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub cac: Option<f64>,
    /// Discount rate per year as a fraction.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub discount_rate: Option<f64>,
}

/// Where a what-if starts: the fields of a report, of a fit, or of typed totals that it reads.
///
/// Which of them it is follows from the fields that are there.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Source {
    /// Typed totals: customers now.
    pub customers: Option<f64>,
    /// Typed totals: revenue per customer and period.
    pub revenue_per_customer: Option<f64>,
    /// Typed totals: the share of customers kept per period.
    pub retention: Option<f64>,
    /// Typed totals: how many customers the retention was counted from.
    pub n: Option<f64>,
    /// A fit: its kind.
    pub kind: Option<String>,
    /// A fit: whether it can be used.
    pub converged: Option<bool>,
    /// A fit: its parameters.
    pub parameters: Option<BTreeMap<String, f64>>,
    /// A fit: the covariance of its parameters.
    pub covariance: Option<BTreeMap<String, BTreeMap<String, f64>>>,
    /// A fit: the share still there over time.
    pub curve: Option<Vec<CurvePoint>>,
    /// A report: what was read.
    pub input: Option<SourceInput>,
    /// A report: its periods.
    pub periods: Option<Vec<SourcePeriod>>,
    /// A report: its lifespans.
    pub value: Option<SourceValue>,
    /// A report: its cohorts, for how long today's customers have been there.
    pub cohorts: Option<SourceCohorts>,
    /// A report: its fitted models.
    pub survival: Option<SourceSurvival>,
    /// A report: its segments.
    pub segments: Option<Vec<SourceSegment>>,
}

/// What a what-if reads of a report's input.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SourceInput {
    /// The shape of the file.
    pub shape: String,
}

/// What a what-if reads of a report's period.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SourcePeriod {
    /// Its label.
    pub period: String,
    /// Whether it ends before its last day.
    pub partial: bool,
    /// Customers at the two closes and between them.
    pub customers: CustomerMovements,
    /// Revenue at the two closes and between them.
    pub revenue: Option<RevenueMovements>,
}

/// What a what-if reads of a report's values.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SourceValue {
    /// Lifespans by the name of their variant.
    pub lifespan: BTreeMap<String, Figure>,
}

/// What a what-if reads of a report's cohorts.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SourceCohorts {
    /// Oldest first.
    pub rows: Vec<SourceCohort>,
}

/// What a what-if reads of a report's cohort.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SourceCohort {
    /// Customers active at age 0, 1, 2, …
    pub customers: Vec<Option<u64>>,
}

/// What a what-if reads of a report's lifetimes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SourceSurvival {
    /// Fitted lifespan models, per period of the report.
    pub models: Vec<SourceModel>,
}

/// What a what-if reads of a report's fitted model.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SourceModel {
    /// Its kind.
    pub kind: String,
    /// Whether it can be used.
    pub converged: bool,
    /// Its parameters.
    pub parameters: BTreeMap<String, f64>,
    /// Their covariance.
    #[serde(default)]
    pub covariance: Option<BTreeMap<String, BTreeMap<String, f64>>>,
}

/// What a what-if reads of a report's segment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceSegment {
    /// Its name.
    pub name: String,
    /// Its latest period.
    pub latest: SourcePeriod,
    /// Its twelve months up to the end of the data.
    #[serde(default)]
    pub trailing_year: Option<SourcePeriod>,
    /// Its lifetime value on average churn: the lifespan that it rests on is that of all complete
    /// periods.
    #[serde(default)]
    pub lifetime_value: Option<Figure>,
}
