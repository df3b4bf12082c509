//! Any formula by its name, from inputs by their names.
//!
//! It holds no arithmetic of its own.

use std::collections::BTreeMap;

use super::{
    average_lifespan, average_purchase_value, average_revenue_per_customer, cac_payback, catalogue,
    clv, clv_discounted, clv_from_churn, clv_margin, clv_to_cac, clv_transactional, clv_uplift,
    convert_retention, customer_churn_rate, customer_retention_rate, effective_number,
    gross_revenue_retention, herfindahl_hirschman_index, net_revenue_retention,
    new_customers_for_growth, program_net_return, program_return, purchase_frequency, quick_ratio,
    repeat_customer_rate, revenue_churn_rate, share,
};
use crate::Error;
use crate::number::{Figure, FormulaId};

/// The figure of a formula, in the unit that the [`catalogue`] states, from inputs by name.
///
/// # Formula
///
/// ```text
/// the function of the formula's name, its inputs in the order of the catalogue
/// ```
///
/// # Domain
///
/// Exactly the inputs that the catalogue lists, each in the domain of the formula.
///
/// # Undefined
///
/// As the formula says.
///
/// # Errors
///
/// `missing-input` and `unknown-input` name the input. `needs-a-curve`: the formula is a lifetime
/// that is estimated from durations, not from plain numbers. All else as the formula says.
///
/// # Assumptions
///
/// Those of the formula.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
/// use retention_calculator::formula::calculate;
/// use retention_calculator::number::FormulaId;
///
/// let inputs = BTreeMap::from([("start", 500.0), ("new", 80.0), ("end", 540.0)]);
/// let figure = calculate(FormulaId::CustomerRetentionRate, &inputs)?;
/// assert_eq!(figure.value, Some(0.92));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Those of the formula.
pub fn calculate<Name>(id: FormulaId, inputs: &BTreeMap<Name, f64>) -> Result<Figure, Error>
where
    Name: AsRef<str> + Ord,
{
    let Some(info) = catalogue().iter().find(|info| info.id == id) else {
        let message = format!(
            "{} is estimated from how long customers stay. Fit a curve instead.",
            id.name(),
        );
        return Err(Error::new("needs-a-curve", message));
    };
    let names: Vec<&str> = info.inputs.iter().map(|input| input.name).collect();
    if let Some(unknown) = inputs.keys().map(AsRef::as_ref).find(|name| !names.contains(name)) {
        let message =
            format!("{} has no input named {unknown}. It takes {}.", id.name(), names.join(", "));
        return Err(Error::new("unknown-input", message).in_column(unknown));
    }
    let mut values = Vec::with_capacity(names.len());
    for name in names {
        let given = inputs.iter().find(|(key, _)| key.as_ref() == name);
        let Some((_, &value)) = given else {
            let message = format!("{} needs {name}. Enter it.", id.name());
            return Err(Error::new("missing-input", message).in_column(name));
        };
        values.push(value);
    }
    evaluate(id, &values)
}

fn evaluate(id: FormulaId, values: &[f64]) -> Result<Figure, Error> {
    use FormulaId as Id;
    match (id, values) {
        (Id::CustomerRetentionRate, &[a, b, c]) => customer_retention_rate(a, b, c),
        (Id::CustomerChurnRate, &[a, b]) => customer_churn_rate(a, b),
        (Id::GrossRevenueRetention, &[a, b, c]) => gross_revenue_retention(a, b, c),
        (Id::NetRevenueRetention, &[a, b, c, d]) => net_revenue_retention(a, b, c, d),
        (Id::RepeatCustomerRate, &[a, b]) => repeat_customer_rate(a, b),
        (Id::PurchaseFrequency, &[a, b]) => purchase_frequency(a, b),
        (Id::AveragePurchaseValue, &[a, b]) => average_purchase_value(a, b),
        (Id::AverageLifespan, &[a]) => average_lifespan(a),
        (Id::Clv, &[a, b]) => clv(a, b),
        (Id::ClvMargin, &[a, b, c]) => clv_margin(a, b, c),
        (Id::ClvTransactional, &[a, b, c]) => clv_transactional(a, b, c),
        (Id::ClvFromChurn, &[a, b]) => clv_from_churn(a, b),
        (Id::ClvDiscounted, &[a, b, c, d]) => clv_discounted(a, b, c, d),
        (Id::ClvToCac, &[a, b]) => clv_to_cac(a, b),
        (Id::CacPayback, &[a, b, c]) => cac_payback(a, b, c),
        (Id::ConvertRetention, &[a, b, c]) => convert_retention(a, b, c),
        (Id::ClvUplift, &[a, b]) => clv_uplift(a, b),
        (Id::NewCustomersForGrowth, &[a, b]) => new_customers_for_growth(a, b),
        (Id::ProgramReturn, &[a, b]) => program_return(a, b),
        (Id::ProgramNetReturn, &[a, b]) => program_net_return(a, b),
        (Id::QuickRatio, &[a, b, c, d, e]) => quick_ratio(a, b, c, d, e),
        (Id::RevenueChurnRate, &[a, b, c]) => revenue_churn_rate(a, b, c),
        (Id::Share, &[a, b]) => share(a, b),
        (Id::AverageRevenuePerCustomer, &[a, b]) => average_revenue_per_customer(a, b),
        (Id::HerfindahlHirschmanIndex, &[a, b]) => herfindahl_hirschman_index(a, b),
        (Id::EffectiveNumber, &[a]) => effective_number(a),
        _ => Err(Error::new("needs-a-curve", format!("{} takes other inputs.", id.name()))),
    }
}
