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
        /// Where it stands before the first period: the whole, also where the levers are about a
        /// segment.
        pub now: Now,
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
        /// The number of customers at which as many are lost as are won.
        pub growth_ceiling: Figure,
        /// What it takes to reach the growth goal, where one is given.
        pub growth: Option<GrowthNeed>,
        /// “1 ÷ churn”, the fitted model, the horizon and the discounted lifespan side by side.
        pub lifetimes: Vec<LifetimeView>,
        /// All outcomes by name, each with today's and the difference.
        pub outcomes: Vec<ScenarioOutcome>,
        /// Each segment of the whole, where the levers are about one of them.
        pub segments: Vec<SegmentOutlook>,
        /// What the intervals rest on; nothing where no draws were asked for.
        pub uncertainty: Option<Uncertainty>,
        /// Where outcomes lie, by their name, as far as draws of the churn say.
        #[cfg_attr(feature = "wasm", tsify(type = "Record<string, Interval>"))]
        pub intervals: BTreeMap<String, Interval>,
        /// What a customer of today is worth from its next renewal on, by how long it has been one;
        /// none unless asked for.
        pub residual: Vec<ResidualValue>,
        /// Where all customers together would be at the end as today, by the average of the whole;
        /// only where the levers are about a segment.
        pub by_average: Option<Now>,
        /// What the programme saves and whether that pays.
        pub programme: Option<ProgrammeOutcome>,
        /// The same start without any lever.
        pub against: Option<Box<Projection>>,
        /// What each lever does to one outcome when it is moved by a stated amount, the strongest
        /// first.
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
        /// The share of new customers lost by the end of their first period.
        pub first_period_churn: f64,
        /// The share lost per period after it: over the whole projection, where it changes.
        pub tail_churn: Option<f64>,
        /// Customers won per period.
        pub new_customers: f64,
        /// Revenue gained per period from those who stay, as a share.
        pub expansion: f64,
        /// Revenue lost per period from those who stay, as a share.
        pub contraction: f64,
        /// Discount rate per period, where one is given.
        pub discount_rate: Option<f64>,
    }

    /// Where a projection stands before its first period.
    pub struct Now {
        /// Customers.
        pub customers: f64,
        /// What they pay per period.
        pub revenue: f64,
        /// The same per month.
        pub mrr: f64,
        /// The same per year.
        pub arr: f64,
    }

    /// Where a number lies, at the confidence asked for.
    pub struct Interval {
        /// The lower end; nothing where there is none.
        pub low: Option<f64>,
        /// The upper end.
        pub high: Option<f64>,
    }

    /// What is still to come of a customer that is about to renew.
    pub struct ResidualValue {
        /// Periods that it has been a customer, the one that ends included.
        pub tenure: u32,
        /// Payments to come, each by its value at that renewal: the discounted expected residual
        /// lifetime.
        pub lifespan: Figure,
        /// What these are worth: on margin where one is given, else on revenue.
        pub value: Figure,
    }

    /// What it takes to reach a growth goal.
    pub struct GrowthNeed {
        /// The goal per period.
        pub growth: f64,
        /// Customers to be won in the first period, as a share of those now.
        pub share: Figure,
        /// How many these are.
        pub customers: Option<f64>,
    }

    /// One period of a projection.
    pub struct ProjectedPeriod {
        /// Its number; 1 is the first.
        pub period: u32,
        /// Customers at its end.
        pub customers: f64,
        /// What they pay per period then.
        pub revenue: f64,
        /// The same per month.
        pub mrr: f64,
        /// The same per year.
        pub arr: f64,
        /// Customers lost in it.
        pub lost: f64,
        /// Share of the revenue at its start that is kept, expansion left aside; nothing where there
        /// was none.
        pub gross_revenue_retention: Option<f64>,
        /// Revenue at its end of the customers at its start, over their revenue then.
        pub net_revenue_retention: Option<f64>,
        /// Share of today's revenue that is kept at its end, expansion left aside.
        pub gross_revenue_retention_since_start: Option<f64>,
        /// What today's customers pay at its end, over what they pay today.
        pub net_revenue_retention_since_start: Option<f64>,
        /// Lower end of the interval of customers, where there are draws.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub low: Option<f64>,
        /// Its upper end.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub high: Option<f64>,
        /// Lower end of the interval of revenue.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub revenue_low: Option<f64>,
        /// Its upper end.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub revenue_high: Option<f64>,
    }

    /// A lifespan by one way of reckoning, and what it is worth.
    pub struct LifetimeView {
        /// `one-over-churn`, `fitted`, `horizon`, or `discounted` where there is a rate.
        pub name: String,
        /// The kind of the model, where it is one.
        pub kind: Option<String>,
        /// Periods that a customer won today stays.
        pub lifespan: Figure,
        /// What that is worth: on margin where one is given, else on revenue.
        pub value: Figure,
        /// That less the value by `one-over-churn`.
        pub difference: Option<f64>,
    }

    /// One outcome of a scenario.
    pub struct ScenarioOutcome {
        /// Its name, such as `clvToCac`.
        pub id: String,
        /// `count`, `money`, `share`, `periods` or `ratio`.
        pub unit: String,
        /// Its value under the scenario.
        pub value: Option<f64>,
        /// Why it has none.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub why: Option<String>,
        /// Lower end of its interval, where there are draws.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub low: Option<f64>,
        /// Its upper end.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub high: Option<f64>,
        /// Its value as today, without any lever.
        pub today: Option<f64>,
        /// Why it has none.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub today_why: Option<String>,
        /// The scenario's less today's.
        pub difference: Option<f64>,
    }

    /// One segment of the whole.
    pub struct SegmentOutlook {
        /// Its name.
        pub name: String,
        /// Whether the levers are about it.
        pub changed: bool,
        /// What is taken as given of it.
        pub start: Start,
        /// Customers at the end of the projection.
        pub customers: f64,
        /// Revenue per period then.
        pub revenue: f64,
        /// Customers then, as today.
        pub today_customers: f64,
        /// Revenue per period then, as today.
        pub today_revenue: f64,
    }

    /// What the intervals of a projection rest on.
    pub struct Uncertainty {
        /// `fit-covariance`: the parameters of the fitted model; `binomial`: the number of customers
        /// that the retention was counted from. Nothing where neither is known.
        pub source: Option<String>,
        /// Why there are no intervals.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub why: Option<String>,
        /// What a `binomial` retention was counted from.
        pub n: Option<f64>,
        /// The seed.
        pub seed: f64,
        /// The number of draws.
        pub draws: u32,
        /// The confidence of the intervals.
        pub confidence: f64,
    }

    /// What a programme does.
    pub struct ProgrammeOutcome {
        /// Revenue over all periods that would not be there without it.
        pub saved: f64,
        /// That over its cost.
        pub benefit_to_cost: Figure,
        /// That less its cost, over its cost.
        pub net_return: Figure,
        /// The first period in which the gross profit saved up to then, discounted, is as much as
        /// the cost.
        pub break_even: Figure,
        /// The discounted gross profit saved over all periods, less the discounted cost.
        pub gain: f64,
    }

    /// What one lever does to an outcome.
    pub struct Sensitivity {
        /// The lever.
        pub lever: String,
        /// The outcome.
        pub outcome: String,
        /// Where the lever stands in the scenario.
        pub at: f64,
        /// By which share of itself it is moved, a retention by that share of its churn; nothing
        /// where it stands at 0 and is moved by an amount.
        pub relative: Option<f64>,
        /// The lower value that it is moved to.
        pub low_at: f64,
        /// The higher value that it is moved to.
        pub high_at: f64,
        /// The outcome at the lower value of the lever; nothing where it is undefined there.
        pub low: Option<f64>,
        /// The outcome at the higher value of the lever.
        pub high: Option<f64>,
        /// The outcome in the scenario itself.
        pub base: Option<f64>,
        /// How far the two are apart.
        pub span: Option<f64>,
    }

    /// What a goal seek found.
    pub struct GoalAnswer {
        /// The lever.
        pub lever: String,
        /// The outcome.
        pub outcome: String,
        /// What it shall be.
        pub goal: f64,
        /// The value of the lever that gives it, the nearest to today's; nothing where none does. Of
        /// a lever that counts periods, the first whole number that reaches or passes the goal.
        pub value: Option<f64>,
        /// The outcome there.
        pub outcome_found: Option<f64>,
        /// Why there is none: `goal-below-reach`, `goal-above-reach`, `outcome-undefined`,
        /// `goal-jumped-over`.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub why: Option<String>,
        /// Where the lever stands in the scenario.
        pub at: Option<f64>,
        /// The outcome there.
        pub outcome_at: Option<f64>,
        /// The lowest value of the lever that was tried.
        pub low_at: f64,
        /// The highest one.
        pub high_at: f64,
        /// The least outcome in between.
        pub least: Option<f64>,
        /// The greatest one; nothing where there is no end.
        pub greatest: Option<f64>,
        /// Whether the outcome only rises or only falls along the lever.
        pub monotone: bool,
    }
}
