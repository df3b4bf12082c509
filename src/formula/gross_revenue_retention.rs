//! Gross revenue retention (GRR): revenue kept, expansion left aside, over revenue at the start.
//!
//! It does not cap customers one by one; the movements that it is given must already be theirs.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{exceeds, not_negative};
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::GrossRevenueRetention,
    name: "Gross revenue retention",
    abbreviation: Some("GRR"),
    expression: "({start} − {contraction} − {churned}) ÷ {start}",
    result: Unit::Share,
    inputs: &[
        input("start", "Revenue at the start", Unit::Money, 10_000_000.0),
        input("contraction", "Lost to downgrades", Unit::Money, 400_000.0),
        input("churned", "Lost to cancellations", Unit::Money, 800_000.0),
    ],
    definition: "The share of the recurring revenue at the start of a period that is kept to its end, expansion left aside.",
    undefined_when: "There was no revenue at the start.",
    source: "KeyBanc Capital Markets and Sapphire Ventures, Private SaaS Company Survey",
};

/// Gross revenue retention (GRR): the share of the recurring revenue at the start of a period that
/// is kept to its end, expansion left aside, as a fraction from 0 to 1.
///
/// # Formula
///
/// ```text
/// (S − C − X) ÷ S
/// ```
///
/// where `S` is `start`, the recurring revenue of the customers at the start, `C` is `contraction`,
/// what those who stayed pay less, and `X` is `churned`, what those who left paid.
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
/// - `lost-over-start`: more revenue is lost than there was. Losses of customers who joined in the
///   period, or a customer's ups and downs counted apart, are among them.
///
/// # Assumptions
///
/// Movements compare each customer's revenue at the two ends. Where a customer's downs are counted
/// although later ups make up for them, the result is lower than that of Σ min(now, then) ÷ Σ then.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::gross_revenue_retention;
///
/// let rate = gross_revenue_retention(10_000_000.0, 400_000.0, 800_000.0)?;
/// assert_eq!(rate.value, Some(0.88));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// `KeyBanc` Capital Markets and Sapphire Ventures (yearly): Private `SaaS` Company Survey, on gross
/// and net dollar retention. Some vendors cap the sum of all customers at 100 % and not each
/// customer; then one customer's growth hides another's loss.
pub fn gross_revenue_retention(
    start: f64,
    contraction: f64,
    churned: f64,
) -> Result<Figure, Error> {
    let id = FormulaId::GrossRevenueRetention;
    let inputs = [("start", start), ("contraction", contraction), ("churned", churned)];
    let retained = retained_revenue(start, contraction, churned)?;
    if start == 0.0 {
        return Ok(Figure::undefined(id, "no-revenue-at-start", &inputs));
    }
    Ok(defined(id, retained / start, &inputs))
}

/// The revenue kept, from 0 to `start`, or what is wrong with the inputs.
pub(super) fn retained_revenue(start: f64, contraction: f64, churned: f64) -> Result<f64, Error> {
    not_negative("start", start)?;
    not_negative("contraction", contraction)?;
    not_negative("churned", churned)?;
    let lost = contraction + churned;
    if exceeds(lost, start, lost) {
        let message = format!(
            "A contraction of {contraction} and a churn of {churned} are more than the revenue of \
             {start} at the start. Leave out the losses of customers who joined in the period, and \
             compare each customer's revenue at the two ends only.",
        );
        let largest = if contraction < churned { "churned" } else { "contraction" };
        return Err(Error::new("lost-over-start", message).in_column(largest));
    }
    Ok((start - lost).max(0.0))
}
