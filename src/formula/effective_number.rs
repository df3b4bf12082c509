//! Effective number of customers: how many of one size would be as concentrated.
//!
//! It knows the index alone.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::share as check_share;
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::EffectiveNumber,
    name: "Effective number of customers",
    abbreviation: None,
    expression: "1 ÷ {index}",
    result: Unit::Count,
    inputs: &[input("index", "Herfindahl–Hirschman index", Unit::Share, 0.25)],
    definition: "How many customers of the same size would have revenue as concentrated as this.",
    undefined_when: "The index is zero.",
    source: "Laakso and Taagepera (1979), Effective Number of Parties",
};

/// Effective number of customers: how many of one size give the same concentration, a number.
///
/// # Formula
///
/// ```text
/// 1 ÷ H
/// ```
///
/// where `H` is `index`, the Herfindahl–Hirschman index as a fraction.
///
/// # Domain
///
/// 0 ≤ index ≤ 1.
///
/// # Undefined
///
/// - `no-whole`: index is 0, which no base has.
///
/// # Errors
///
/// - `input-not-finite`, `input-not-a-share`: the index is not a number, or is outside 0 to 1.
///
/// # Assumptions
///
/// None.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::effective_number;
///
/// assert_eq!(effective_number(0.25)?.value, Some(4.0));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// M. Laakso, R. Taagepera (1979): Effective Number of Parties. Comparative Political Studies
/// 12(1), 3–27.
pub fn effective_number(index: f64) -> Result<Figure, Error> {
    check_share("index", index)?;
    let id = FormulaId::EffectiveNumber;
    let inputs = [("index", index)];
    if index == 0.0 {
        return Ok(Figure::undefined(id, "no-whole", &inputs));
    }
    Ok(defined(id, 1.0 / index, &inputs))
}
