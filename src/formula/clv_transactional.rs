//! Customer lifetime value of purchases: value per purchase, times frequency, times lifespan.
//!
//! It takes off no cost and discounts nothing.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{finite, not_negative};
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::ClvTransactional,
    name: "Customer lifetime value, purchases",
    abbreviation: Some("CLV"),
    expression: "{average_purchase_value} × {purchase_frequency} × {lifespan}",
    result: Unit::Money,
    inputs: &[
        input("average_purchase_value", "Revenue per purchase", Unit::Money, 50.0),
        input("purchase_frequency", "Purchases per customer and period", Unit::Ratio, 4.0),
        input("lifespan", "Lifespan in periods", Unit::Periods, 3.0),
    ],
    definition: "The revenue of all purchases that a customer makes over the whole lifespan.",
    undefined_when: "Never, with a value, a frequency and a lifespan.",
    source: "Farris, Bendle, Pfeifer and Reibstein (2010), Marketing Metrics",
};

/// Customer lifetime value of purchases: the revenue of all purchases that a customer makes over the
/// whole lifespan, in money.
///
/// # Formula
///
/// ```text
/// V × F × L
/// ```
///
/// where `V` is `average_purchase_value`, `F` is `purchase_frequency`, the purchases per customer and
/// period, and `L` is `lifespan`, in periods of the same length.
///
/// # Domain
///
/// 0 ≤ `purchase_frequency`, 0 ≤ lifespan; `average_purchase_value` may be below 0, where refunds
/// exceed sales.
///
/// # Undefined
///
/// - `result-too-large`: the product is beyond all numbers.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`: an input is outside its domain.
///
/// # Assumptions
///
/// Value and frequency stay the same over the lifespan. It is revenue: no margin is in it.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::clv_transactional;
///
/// assert_eq!(clv_transactional(50.0, 4.0, 3.0)?.value, Some(600.0));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// P. W. Farris, N. T. Bendle, P. E. Pfeifer, D. J. Reibstein (2010): Marketing Metrics, 2nd
/// edition, chapter 5.
pub fn clv_transactional(
    average_purchase_value: f64,
    purchase_frequency: f64,
    lifespan: f64,
) -> Result<Figure, Error> {
    finite("average_purchase_value", average_purchase_value)?;
    not_negative("purchase_frequency", purchase_frequency)?;
    not_negative("lifespan", lifespan)?;
    let inputs = [
        ("average_purchase_value", average_purchase_value),
        ("purchase_frequency", purchase_frequency),
        ("lifespan", lifespan),
    ];
    let value = average_purchase_value * purchase_frequency * lifespan;
    Ok(defined(FormulaId::ClvTransactional, value, &inputs))
}
