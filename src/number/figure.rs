//! One number with all that is needed to believe it: interval, count, formula and inputs.

use crate::arrange;
use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Declares [`FormulaId`] with its published name in snake case.
macro_rules! formula_ids {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The formula behind a figure, by its published name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
        pub enum FormulaId {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl FormulaId {
            /// Every formula, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The published name in snake case, such as `net_revenue_retention`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The formula of a published name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

formula_ids! {
    /// Share of the customers at the start who are still customers at the end.
    CustomerRetentionRate = "customer_retention_rate",
    /// Share of the customers at the start who are lost.
    CustomerChurnRate = "customer_churn_rate",
    /// Share of the revenue at the start that is kept, expansion left aside.
    GrossRevenueRetention = "gross_revenue_retention",
    /// Revenue now of the customers at the start, over their revenue then.
    NetRevenueRetention = "net_revenue_retention",
    /// Share of the customers who bought more than once.
    RepeatCustomerRate = "repeat_customer_rate",
    /// Purchases per customer.
    PurchaseFrequency = "purchase_frequency",
    /// Revenue per purchase.
    AveragePurchaseValue = "average_purchase_value",
    /// Expected periods until a customer leaves, at a constant churn.
    AverageLifespan = "average_lifespan",
    /// Lifetime value as revenue per period times lifespan.
    Clv = "clv",
    /// Lifetime value on gross margin.
    ClvMargin = "clv_margin",
    /// Lifetime value of purchases.
    ClvTransactional = "clv_transactional",
    /// Lifetime value as revenue per period over churn.
    ClvFromChurn = "clv_from_churn",
    /// Lifetime value with discounted margins.
    ClvDiscounted = "clv_discounted",
    /// Lifetime value over the cost of acquisition.
    ClvToCac = "clv_to_cac",
    /// Periods until a customer has paid back its acquisition.
    CacPayback = "cac_payback",
    /// A retention rate of one length of period as that of another.
    ConvertRetention = "convert_retention",
    /// Relative change of lifespan, and so of lifetime value, between two retention rates.
    ClvUplift = "clv_uplift",
    /// New customers needed, as a share of those at the start, for a growth goal.
    NewCustomersForGrowth = "new_customers_for_growth",
    /// Benefit of a programme over its cost.
    ProgramReturn = "program_return",
    /// Benefit of a programme less its cost, over its cost.
    ProgramNetReturn = "program_net_return",
    /// Revenue gained over revenue lost.
    QuickRatio = "quick_ratio",
    /// Share of the revenue at the start that is lost to contraction and churn.
    RevenueChurnRate = "revenue_churn_rate",
    /// Share of a whole, such as one reason among all lost customers.
    Share = "share",
    /// Revenue per customer.
    AverageRevenuePerCustomer = "average_revenue_per_customer",
    /// How much of the revenue hangs on few customers: the sum of the squares of their shares.
    HerfindahlHirschmanIndex = "herfindahl_hirschman_index",
    /// How many customers of one size would be as concentrated.
    EffectiveNumber = "effective_number",
    /// The time at which half of the customers are gone.
    MedianLifetime = "median_lifetime",
    /// How many times the risk of leaving of one group is that of another.
    HazardRatio = "hazard_ratio",
    /// Mean lifetime inside a horizon: the area under the survival curve.
    RestrictedMeanLifetime = "restricted_mean_lifetime",
    /// Mean lifetime under a fitted model.
    MeanLifetime = "mean_lifetime",
    /// Mean lifetime with later periods discounted.
    DiscountedLifetime = "discounted_lifetime",
    /// The number of customers at which as many are lost as are won.
    GrowthCeiling = "growth_ceiling",
    /// The period in which a programme has paid for itself.
    ProgramBreakEven = "program_break_even",
}

/// A number with all that is needed to believe it.
///
/// An undefined figure has no value and says why by a stable code; it is never NaN and never 0 by
/// convention.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null, hashmap_as_object))]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// The number, or nothing where it is undefined.
    pub value: Option<f64>,
    /// The code of the reason where there is no value, such as `no-customers-at-start`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "wasm", tsify(type = "string"))]
    pub why: Option<Cow<'static, str>>,
    /// The lower end of the interval.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub low: Option<f64>,
    /// The upper end of the interval.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub high: Option<f64>,
    /// What the number was counted from: customers, mostly.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub n: Option<u64>,
    /// The formula.
    pub formula: FormulaId,
    /// The numbers that went into the formula, by name.
    #[cfg_attr(feature = "wasm", tsify(type = "Record<string, number>"))]
    pub inputs: BTreeMap<Cow<'static, str>, f64>,
}

impl Figure {
    /// A defined figure without an interval.
    #[must_use]
    pub fn of(formula: FormulaId, value: f64, inputs: &[(&'static str, f64)]) -> Self {
        Self { value: Some(value), why: None, ..Self::undefined(formula, "", inputs) }
    }

    /// An undefined figure with the code of the reason.
    #[must_use]
    pub fn undefined(
        formula: FormulaId,
        why: &'static str,
        inputs: &[(&'static str, f64)],
    ) -> Self {
        Self {
            value: None,
            why: Some(Cow::Borrowed(why)),
            low: None,
            high: None,
            n: None,
            formula,
            inputs: arrange::map(inputs.iter().map(|&(name, value)| (Cow::Borrowed(name), value))),
        }
    }

    /// The same figure with an interval.
    #[must_use]
    pub fn with_interval(mut self, (low, high): (f64, f64)) -> Self {
        self.low = Some(low);
        self.high = Some(high);
        self
    }

    /// The same figure with an interval, where there is one and the figure has a value.
    #[must_use]
    pub fn within(self, interval: Option<(f64, f64)>) -> Self {
        match interval {
            Some(ends) if self.value.is_some() => self.with_interval(ends),
            _ => self,
        }
    }

    /// The same figure, counted from `n`.
    #[must_use]
    pub fn counted_from(mut self, n: u64) -> Self {
        self.n = Some(n);
        self
    }
}
