//! Net revenue retention (NRR): revenue now of the customers at the start, over their revenue then.
//!
//! It holds no revenue of new customers.

use super::catalogue::{FormulaInfo, Unit, input};
use super::gross_revenue_retention::retained_revenue;
use super::input::not_negative;
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::NetRevenueRetention,
    name: "Net revenue retention",
    abbreviation: Some("NRR"),
    expression: "({start} + {expansion} − {contraction} − {churned}) ÷ {start}",
    result: Unit::Share,
    inputs: &[
        input("start", "Revenue at the start", Unit::Money, 10_000_000.0),
        input("expansion", "Gained from these customers", Unit::Money, 2_500_000.0),
        input("contraction", "Lost to downgrades", Unit::Money, 400_000.0),
        input("churned", "Lost to cancellations", Unit::Money, 800_000.0),
    ],
    definition: "The recurring revenue at the end of a period of those who were customers at its start, over their revenue then.",
    undefined_when: "There was no revenue at the start.",
    source: "KeyBanc Capital Markets and Sapphire Ventures, Private SaaS Company Survey",
};

/// Net revenue retention (NRR): the recurring revenue at the end of a period of those who were
/// customers at its start, over their revenue then, as a fraction that can exceed 1.
///
/// # Formula
///
/// ```text
/// (S + U − C − X) ÷ S
/// ```
///
/// where `S` is `start`, the recurring revenue of the customers at the start, `U` is `expansion`,
/// what those who stayed pay more, `C` is `contraction`, what those who stayed pay less, and `X` is
/// `churned`, what those who left paid.
///
/// # Domain
///
/// All inputs are 0 or more, and contraction + churned ≤ start.
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
/// The movements are those of the customers at the start alone: neither new customers nor those who
/// came back are in the expansion. A year's rate counts the customers of a year ago, so it is
/// neither the product of twelve monthly rates nor the sum of twelve months of movements.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::net_revenue_retention;
///
/// let rate = net_revenue_retention(10_000_000.0, 2_500_000.0, 400_000.0, 800_000.0)?;
/// assert_eq!(rate.value, Some(1.13));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// `KeyBanc` Capital Markets and Sapphire Ventures (yearly): Private `SaaS` Company Survey, on gross
/// and net dollar retention. Some vendors count those who came back as expansion.
pub fn net_revenue_retention(
    start: f64,
    expansion: f64,
    contraction: f64,
    churned: f64,
) -> Result<Figure, Error> {
    let id = FormulaId::NetRevenueRetention;
    let inputs = [
        ("start", start),
        ("expansion", expansion),
        ("contraction", contraction),
        ("churned", churned),
    ];
    not_negative("expansion", expansion)?;
    let retained = retained_revenue(start, contraction, churned)?;
    if start == 0.0 {
        return Ok(Figure::undefined(id, "no-revenue-at-start", &inputs));
    }
    // In this order, it can't fall below the gross rate by rounding.
    Ok(defined(id, (retained + expansion) / start, &inputs))
}
