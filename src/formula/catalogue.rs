//! What there is to say about each formula beside its number: names, units, text, source.
//!
//! It computes nothing; each entry stands beside its formula, and this is the list of them.

use serde::Serialize;

use crate::number::FormulaId;

/// What a number is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Customers or purchases.
    Count,
    /// Money in major units.
    Money,
    /// A fraction: 0.92 is 92 %.
    Share,
    /// A number without a unit, such as 3 : 1.
    Ratio,
    /// Periods, all inputs' periods being of one length.
    Periods,
    /// Months.
    Months,
}

/// One input of a formula.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct InputInfo {
    /// Its published name.
    pub name: &'static str,
    /// What it is, in words.
    pub label: &'static str,
    /// What it is measured in.
    pub unit: Unit,
    /// A value to begin with.
    pub example: f64,
}

/// What there is to say about a formula.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct FormulaInfo {
    /// Its published name.
    pub id: FormulaId,
    /// Its name in words.
    pub name: &'static str,
    /// Its usual abbreviation.
    pub abbreviation: Option<&'static str>,
    /// Its arithmetic, with inputs in braces and `+`, `−`, `×`, `÷`, `^` and parentheses.
    pub expression: &'static str,
    /// What the result is measured in.
    pub result: Unit,
    /// Its inputs, in order.
    pub inputs: &'static [InputInfo],
    /// One sentence that defines it.
    pub definition: &'static str,
    /// When there is no number.
    pub undefined_when: &'static str,
    /// Where it was published.
    pub source: &'static str,
}

/// An input, in one line.
pub(super) const fn input(
    name: &'static str,
    label: &'static str,
    unit: Unit,
    example: f64,
) -> InputInfo {
    InputInfo { name, label, unit, example }
}

/// Every formula that can be calculated from plain numbers, in the order of the documentation.
///
/// The lifetimes that only an estimator can give, such as
/// [`FormulaId::MedianLifetime`], are not among them.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::catalogue;
///
/// let retention = catalogue()[0];
/// assert_eq!(retention.id.name(), "customer_retention_rate");
/// assert_eq!(retention.expression, "({end} − {new}) ÷ {start}");
/// ```
#[must_use]
pub fn catalogue() -> &'static [FormulaInfo] {
    CATALOGUE
}

static CATALOGUE: &[FormulaInfo] = &[
    super::customer_retention_rate::INFO,
    super::customer_churn_rate::INFO,
    super::gross_revenue_retention::INFO,
    super::net_revenue_retention::INFO,
    super::repeat_customer_rate::INFO,
    super::purchase_frequency::INFO,
    super::average_purchase_value::INFO,
    super::average_lifespan::INFO,
    super::clv::INFO,
    super::clv_margin::INFO,
    super::clv_transactional::INFO,
    super::clv_from_churn::INFO,
    super::clv_discounted::INFO,
    super::clv_to_cac::INFO,
    super::cac_payback::INFO,
    super::convert_retention::INFO,
    super::clv_uplift::INFO,
    super::new_customers_for_growth::INFO,
    super::program_return::INFO,
    super::program_net_return::INFO,
    super::quick_ratio::INFO,
    super::revenue_churn_rate::INFO,
    super::share::INFO,
    super::average_revenue_per_customer::INFO,
    super::herfindahl_hirschman_index::INFO,
    super::effective_number::INFO,
];
