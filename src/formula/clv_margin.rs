//! Customer lifetime value on gross margin.
//!
//! It discounts nothing and takes off no cost of acquisition.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{not_negative, share};
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::ClvMargin,
    name: "Customer lifetime value, margin",
    abbreviation: Some("CLV"),
    expression: "{revenue_per_period} × {gross_margin} × {lifespan}",
    result: Unit::Money,
    inputs: &[
        input("revenue_per_period", "Revenue per customer and period", Unit::Money, 10_000.0),
        input("gross_margin", "Gross margin", Unit::Share, 0.8),
        input("lifespan", "Lifespan in periods", Unit::Periods, 3.0),
    ],
    definition: "The gross profit that a customer brings over the whole lifespan.",
    undefined_when: "Never, with an amount, a margin and a lifespan.",
    source: "Gupta and Lehmann (2003), Customers as assets",
};

/// Customer lifetime value on gross margin: the gross profit that a customer brings over the whole
/// lifespan, in money.
///
/// # Formula
///
/// ```text
/// A × m × L
/// ```
///
/// where `A` is `revenue_per_period`, the revenue per customer and period, `m` is `gross_margin`, the
/// share of it that is left after the cost of delivery, and `L` is `lifespan`, in periods of the same
/// length.
///
/// # Domain
///
/// 0 ≤ `revenue_per_period`, 0 ≤ `gross_margin` ≤ 1, 0 ≤ lifespan.
///
/// # Undefined
///
/// - `result-too-large`: the product is beyond all numbers.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`, `input-not-a-share`: an input is outside its domain.
///
/// # Assumptions
///
/// Revenue and margin stay the same over the lifespan; the time value of money is left aside.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::clv_margin;
///
/// assert_eq!(clv_margin(10_000.0, 0.8, 3.0)?.value, Some(24_000.0));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// S. Gupta, D. R. Lehmann (2003): Customers as assets. Journal of Interactive Marketing 17(1), 9–24.
pub fn clv_margin(
    revenue_per_period: f64,
    gross_margin: f64,
    lifespan: f64,
) -> Result<Figure, Error> {
    not_negative("revenue_per_period", revenue_per_period)?;
    share("gross_margin", gross_margin)?;
    not_negative("lifespan", lifespan)?;
    let inputs = [
        ("revenue_per_period", revenue_per_period),
        ("gross_margin", gross_margin),
        ("lifespan", lifespan),
    ];
    Ok(defined(FormulaId::ClvMargin, revenue_per_period * gross_margin * lifespan, &inputs))
}
