//! Average purchase value: revenue per purchase.
//!
//! It does not say which rows of a file are one purchase.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{finite, not_negative};
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::AveragePurchaseValue,
    name: "Average purchase value",
    abbreviation: Some("APV"),
    expression: "{revenue} ÷ {purchases}",
    result: Unit::Money,
    inputs: &[
        input("revenue", "Revenue, refunds subtracted", Unit::Money, 24_000.0),
        input("purchases", "Purchases", Unit::Count, 480.0),
    ],
    definition: "Revenue per purchase.",
    undefined_when: "There are no purchases.",
    source: "Farris, Bendle, Pfeifer and Reibstein (2010), Marketing Metrics",
};

/// Average purchase value: revenue per purchase, in money.
///
/// # Formula
///
/// ```text
/// V ÷ P
/// ```
///
/// where `V` is `revenue` and `P` is `purchases`.
///
/// # Domain
///
/// 0 ≤ purchases; revenue may be below 0, where refunds exceed sales.
///
/// # Undefined
///
/// - `no-purchases`: purchases is 0.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`: an input is not a number, or purchases is below 0.
///
/// # Assumptions
///
/// Refunds reduce the revenue and not the number of purchases.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::average_purchase_value;
///
/// assert_eq!(average_purchase_value(24_000.0, 480.0)?.value, Some(50.0));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// P. W. Farris, N. T. Bendle, P. E. Pfeifer, D. J. Reibstein (2010): Marketing Metrics, 2nd
/// edition.
pub fn average_purchase_value(revenue: f64, purchases: f64) -> Result<Figure, Error> {
    finite("revenue", revenue)?;
    not_negative("purchases", purchases)?;
    let id = FormulaId::AveragePurchaseValue;
    let inputs = [("revenue", revenue), ("purchases", purchases)];
    if purchases == 0.0 {
        return Ok(Figure::undefined(id, "no-purchases", &inputs));
    }
    Ok(defined(id, revenue / purchases, &inputs))
}
