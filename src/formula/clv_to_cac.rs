//! Lifetime value over the cost of acquisition.
//!
//! It does not say which lifetime value; revenue and margin give different ratios.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{finite, not_negative};
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::ClvToCac,
    name: "Lifetime value to acquisition cost",
    abbreviation: Some("CLV:CAC"),
    expression: "{clv} ÷ {cac}",
    result: Unit::Ratio,
    inputs: &[
        input("clv", "Customer lifetime value", Unit::Money, 30_000.0),
        input("cac", "Cost to win a customer", Unit::Money, 5000.0),
    ],
    definition: "How many times a customer's lifetime value covers the cost of winning the customer.",
    undefined_when: "Winning a customer costs nothing.",
    source: "Skok, SaaS Metrics 2.0",
};

/// Lifetime value to acquisition cost: how many times a customer's lifetime value covers the cost of
/// winning the customer, as a number without a unit.
///
/// # Formula
///
/// ```text
/// V ÷ K
/// ```
///
/// where `V` is `clv`, the lifetime value, and `K` is `cac`, the cost of acquisition per customer.
///
/// # Domain
///
/// 0 ≤ cac; clv may be below 0.
///
/// # Undefined
///
/// - `no-cost`: cac is 0.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`: an input is not a number, or cac is below 0.
///
/// # Assumptions
///
/// Published thresholds such as 3 mean a lifetime value on margin; on revenue, the ratio is higher.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::clv_to_cac;
///
/// assert_eq!(clv_to_cac(30_000.0, 5_000.0)?.value, Some(6.0));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// D. Skok: `SaaS` Metrics 2.0: A Guide to Measuring and Improving What Matters.
pub fn clv_to_cac(clv: f64, cac: f64) -> Result<Figure, Error> {
    finite("clv", clv)?;
    not_negative("cac", cac)?;
    let id = FormulaId::ClvToCac;
    let inputs = [("clv", clv), ("cac", cac)];
    if cac == 0.0 {
        return Ok(Figure::undefined(id, "no-cost", &inputs));
    }
    Ok(defined(id, clv / cac, &inputs))
}
