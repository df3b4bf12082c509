//! Purchase frequency: purchases per customer.
//!
//! It does not say in which period.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::not_negative;
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::PurchaseFrequency,
    name: "Purchase frequency",
    abbreviation: None,
    expression: "{purchases} ÷ {customers}",
    result: Unit::Ratio,
    inputs: &[
        input("purchases", "Purchases in the period", Unit::Count, 480.0),
        input("customers", "Customers with a purchase", Unit::Count, 120.0),
    ],
    definition: "Purchases per customer in a period.",
    undefined_when: "There are no customers.",
    source: "Farris, Bendle, Pfeifer and Reibstein (2010), Marketing Metrics",
};

/// Purchase frequency: purchases per customer in a period, as a number without a unit.
///
/// # Formula
///
/// ```text
/// P ÷ U
/// ```
///
/// where `P` is `purchases` and `U` is `customers`, each counted once.
///
/// # Domain
///
/// 0 ≤ purchases, 0 ≤ customers.
///
/// # Undefined
///
/// - `no-customers`: customers is 0.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`: an input is not a number, or is below 0.
///
/// # Assumptions
///
/// Both are counted over the same period, and purchases without a known customer are left out.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::purchase_frequency;
///
/// assert_eq!(purchase_frequency(480.0, 120.0)?.value, Some(4.0));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// P. W. Farris, N. T. Bendle, P. E. Pfeifer, D. J. Reibstein (2010): Marketing Metrics, 2nd
/// edition.
pub fn purchase_frequency(purchases: f64, customers: f64) -> Result<Figure, Error> {
    not_negative("purchases", purchases)?;
    not_negative("customers", customers)?;
    let id = FormulaId::PurchaseFrequency;
    let inputs = [("purchases", purchases), ("customers", customers)];
    if customers == 0.0 {
        return Ok(Figure::undefined(id, "no-customers", &inputs));
    }
    Ok(defined(id, purchases / customers, &inputs))
}
