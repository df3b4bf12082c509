//! Customer lifetime value as revenue per period over churn.
//!
//! It is not the lifetime value of a base whose churn falls with age.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{not_negative, share};
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::ClvFromChurn,
    name: "Customer lifetime value, revenue over churn",
    abbreviation: Some("CLV"),
    expression: "{revenue_per_period} ÷ {churn}",
    result: Unit::Money,
    inputs: &[
        input("revenue_per_period", "Revenue per customer and period", Unit::Money, 10_000.0),
        input("churn", "Churn rate per period", Unit::Share, 0.1),
    ],
    definition: "The revenue that a customer brings over the whole lifespan, if churn is the same in every period.",
    undefined_when: "Nobody leaves: at no churn, lifetime value has no end.",
    source: "Skok, SaaS Metrics 2.0",
};

/// Customer lifetime value from churn: the revenue that a customer brings over the whole lifespan, if
/// churn is the same in every period, in money.
///
/// # Formula
///
/// ```text
/// A ÷ c
/// ```
///
/// where `A` is `revenue_per_period`, the revenue per customer and period, and `c` is `churn`, the
/// share of the customers who leave in each period of the same length.
///
/// # Domain
///
/// 0 ≤ `revenue_per_period`, 0 ≤ churn ≤ 1.
///
/// # Undefined
///
/// - `no-churn`: churn is 0. With [`lifespan_lower_bound`](super::lifespan_lower_bound) in
///   [`clv`](super::clv()), there is still a lower bound.
/// - `result-too-large`: the quotient is beyond all numbers.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`, `input-not-a-share`: an input is outside its domain.
///
/// # Assumptions
///
/// Those of [`average_lifespan`](super::average_lifespan()). The churn of a single month is mostly
/// noise; take that of several. Figures in print are rounded: 125,000 ÷ 8 % is 1,562,500 and appears
/// as 1.56 million, 12,000 ÷ 26 % is 46,153.85 and appears as 46,150, 3,600 ÷ 42 % is 8,571.43 and
/// appears as 8,570.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::clv_from_churn;
///
/// assert_eq!(clv_from_churn(10_000.0, 0.1)?.value, Some(100_000.0));
/// assert_eq!(clv_from_churn(10_000.0, 0.0)?.why.as_deref(), Some("no-churn"));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// D. Skok: `SaaS` Metrics 2.0: A Guide to Measuring and Improving What Matters. P. S. Fader, B. G. S. Hardie (2007): How to project customer
/// retention. Journal of Interactive Marketing 21(1), 76–90, on where it goes wrong.
pub fn clv_from_churn(revenue_per_period: f64, churn: f64) -> Result<Figure, Error> {
    not_negative("revenue_per_period", revenue_per_period)?;
    share("churn", churn)?;
    let id = FormulaId::ClvFromChurn;
    let inputs = [("revenue_per_period", revenue_per_period), ("churn", churn)];
    if churn == 0.0 {
        return Ok(Figure::undefined(id, "no-churn", &inputs));
    }
    Ok(defined(id, revenue_per_period / churn, &inputs))
}
