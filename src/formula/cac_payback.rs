//! Payback time of the cost of acquisition.
//!
//! It counts no churn: who leaves earlier never pays back.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{not_negative, share};
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::CacPayback,
    name: "Acquisition payback time",
    abbreviation: Some("CAC payback"),
    expression: "{cac} ÷ ({revenue_per_period} × {gross_margin})",
    result: Unit::Periods,
    inputs: &[
        input("cac", "Cost to win a customer", Unit::Money, 5000.0),
        input("revenue_per_period", "Revenue per customer and period", Unit::Money, 500.0),
        input("gross_margin", "Gross margin", Unit::Share, 0.8),
    ],
    definition: "The number of periods until a customer's gross profit has paid for winning the customer.",
    undefined_when: "There is no gross profit to pay it back from.",
    source: "Skok, SaaS Metrics 2.0",
};

/// Payback time of the cost of acquisition: the number of periods until a customer's gross profit has
/// paid for winning the customer, in periods.
///
/// # Formula
///
/// ```text
/// K ÷ (A × m)
/// ```
///
/// where `K` is `cac`, the cost of acquisition per customer, `A` is `revenue_per_period` and `m` is
/// `gross_margin`.
///
/// # Domain
///
/// 0 ≤ cac, 0 ≤ `revenue_per_period`, 0 ≤ `gross_margin` ≤ 1.
///
/// # Undefined
///
/// - `no-margin`: revenue or margin is 0, so it is never paid back.
/// - `result-too-large`: the quotient is beyond all numbers.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`, `input-not-a-share`: an input is outside its domain.
///
/// # Assumptions
///
/// The customer stays at least so long, and nothing is discounted.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::cac_payback;
///
/// assert_eq!(cac_payback(5_000.0, 500.0, 0.8)?.value, Some(12.5));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// D. Skok: `SaaS` Metrics 2.0: A Guide to Measuring and Improving What Matters.
pub fn cac_payback(cac: f64, revenue_per_period: f64, gross_margin: f64) -> Result<Figure, Error> {
    not_negative("cac", cac)?;
    not_negative("revenue_per_period", revenue_per_period)?;
    share("gross_margin", gross_margin)?;
    let id = FormulaId::CacPayback;
    let inputs =
        [("cac", cac), ("revenue_per_period", revenue_per_period), ("gross_margin", gross_margin)];
    let margin = revenue_per_period * gross_margin;
    if margin == 0.0 {
        return Ok(Figure::undefined(id, "no-margin", &inputs));
    }
    Ok(defined(id, cac / margin, &inputs))
}
