//! Share of a whole.
//!
//! It does not know what is counted, so it carries no interval.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{exceeds, not_negative};
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::Share,
    name: "Share of a whole",
    abbreviation: None,
    expression: "{part} ÷ {whole}",
    result: Unit::Share,
    inputs: &[
        input("part", "Part", Unit::Money, 2_100_000.0),
        input("whole", "Whole", Unit::Money, 2_850_000.0),
    ],
    definition: "What share of a whole one part of it is, such as one reason among all lost customers.",
    undefined_when: "The whole is zero.",
    source: "Arithmetic",
};

/// Share of a whole, such as one reason among all lost customers, as a fraction.
///
/// # Formula
///
/// ```text
/// P ÷ W
/// ```
///
/// where `P` is `part` and `W` is `whole`, both customers or both money.
///
/// # Domain
///
/// 0 ≤ part ≤ whole.
///
/// # Undefined
///
/// - `no-whole`: whole is 0.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`: an input is not a number, or is below 0.
/// - `part-over-whole`: the part is more than the whole.
///
/// # Assumptions
///
/// The part is counted in the whole.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::share;
///
/// let voluntary = share(2_100_000.0, 2_850_000.0)?.value.unwrap();
/// assert!((voluntary - 0.736_842_1).abs() < 1e-6);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// None; it is a quotient.
pub fn share(part: f64, whole: f64) -> Result<Figure, Error> {
    not_negative("part", part)?;
    not_negative("whole", whole)?;
    let id = FormulaId::Share;
    let inputs = [("part", part), ("whole", whole)];
    if exceeds(part, whole, part) {
        let message = format!("A part of {part} is more than the whole of {whole}.");
        return Err(Error::new("part-over-whole", message).in_column("part"));
    }
    if whole == 0.0 {
        return Ok(Figure::undefined(id, "no-whole", &inputs));
    }
    Ok(defined(id, part.min(whole) / whole, &inputs))
}
