//! Revenue churn rate: revenue lost to contraction and churn, over revenue at the start.
//!
//! It nets no expansion against the loss.

use super::catalogue::{FormulaInfo, Unit, input};
use super::gross_revenue_retention::retained_revenue;
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::RevenueChurnRate,
    name: "Gross revenue churn rate",
    abbreviation: None,
    expression: "({contraction} + {churned}) ÷ {start}",
    result: Unit::Share,
    inputs: &[
        input("start", "Revenue at the start", Unit::Money, 10_000_000.0),
        input("contraction", "Lost to downgrades", Unit::Money, 400_000.0),
        input("churned", "Lost to cancellations", Unit::Money, 800_000.0),
    ],
    definition: "The share of the recurring revenue at the start of a period that is lost to downgrades and cancellations by its end.",
    undefined_when: "There was no revenue at the start.",
    source: "KeyBanc Capital Markets and Sapphire Ventures, Private SaaS Company Survey",
};

/// Gross revenue churn rate: the share of the recurring revenue at the start of a period that is lost
/// to downgrades and cancellations by its end, as a fraction from 0 to 1.
///
/// # Formula
///
/// ```text
/// (C + X) ÷ S
/// ```
///
/// where `S` is `start`, the recurring revenue of the customers at the start, `C` is `contraction`,
/// what those who stayed pay less, and `X` is `churned`, what those who left paid. With
/// [`gross_revenue_retention`](super::gross_revenue_retention()), it adds up to 1.
///
/// # Domain
///
/// 0 ≤ start, 0 ≤ contraction, 0 ≤ churned, and contraction + churned ≤ start.
///
/// # Undefined
///
/// - `no-revenue-at-start`: start is 0.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`: an input is not a number, or is below 0. Losses are
///   entered without a sign.
/// - `lost-over-start`: more revenue is lost than there was.
///
/// # Assumptions
///
/// Movements compare each customer's revenue at the two ends.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::revenue_churn_rate;
///
/// let rate = revenue_churn_rate(10_000_000.0, 400_000.0, 800_000.0)?;
/// assert_eq!(rate.value, Some(0.12));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// `KeyBanc` Capital Markets and Sapphire Ventures (yearly): Private `SaaS` Company Survey. Others
/// leave contraction out, or subtract expansion and call it net revenue churn.
pub fn revenue_churn_rate(start: f64, contraction: f64, churned: f64) -> Result<Figure, Error> {
    let id = FormulaId::RevenueChurnRate;
    let inputs = [("start", start), ("contraction", contraction), ("churned", churned)];
    retained_revenue(start, contraction, churned)?;
    if start == 0.0 {
        return Ok(Figure::undefined(id, "no-revenue-at-start", &inputs));
    }
    Ok(defined(id, (contraction + churned).min(start) / start, &inputs))
}
