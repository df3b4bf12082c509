//! Customer lifetime value (CLV) as revenue per period times lifespan.
//!
//! It takes off no cost and discounts nothing.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::not_negative;
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::Clv,
    name: "Customer lifetime value, revenue",
    abbreviation: Some("CLV"),
    expression: "{revenue_per_period} × {lifespan}",
    result: Unit::Money,
    inputs: &[
        input("revenue_per_period", "Revenue per customer and period", Unit::Money, 10_000.0),
        input("lifespan", "Lifespan in periods", Unit::Periods, 3.0),
    ],
    definition: "The revenue that a customer brings over the whole lifespan.",
    undefined_when: "Never, with an amount and a lifespan.",
    source: "Gupta and Lehmann (2003), Customers as assets",
};

/// Customer lifetime value (CLV) in revenue: what a customer brings over the whole lifespan, in
/// money.
///
/// # Formula
///
/// ```text
/// A × L
/// ```
///
/// where `A` is `revenue_per_period`, the revenue per customer and period, and `L` is `lifespan`, in
/// periods of the same length.
///
/// # Domain
///
/// 0 ≤ `revenue_per_period`, 0 ≤ lifespan.
///
/// # Undefined
///
/// - `result-too-large`: the product is beyond all numbers.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`: an input is not a number, or is below 0.
///
/// # Assumptions
///
/// Revenue stays the same over the lifespan; costs and the time value of money are left aside. Four
/// formulas go by this name: this one, with margin ([`clv_margin`](super::clv_margin())), from
/// purchases ([`clv_transactional`](super::clv_transactional())) and over churn
/// ([`clv_from_churn`](super::clv_from_churn())). They differ, so each has a name of its own.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::clv;
///
/// assert_eq!(clv(10_000.0, 3.0)?.value, Some(30_000.0));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// S. Gupta, D. R. Lehmann (2003): Customers as assets. Journal of Interactive Marketing 17(1), 9–24.
pub fn clv(revenue_per_period: f64, lifespan: f64) -> Result<Figure, Error> {
    not_negative("revenue_per_period", revenue_per_period)?;
    not_negative("lifespan", lifespan)?;
    let inputs = [("revenue_per_period", revenue_per_period), ("lifespan", lifespan)];
    Ok(defined(FormulaId::Clv, revenue_per_period * lifespan, &inputs))
}
