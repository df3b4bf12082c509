//! Herfindahl–Hirschman index: how much of a sum hangs on few of its parts.
//!
//! It does not say which parts these are.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{exceeds, not_negative};
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::HerfindahlHirschmanIndex,
    name: "Herfindahl–Hirschman index",
    abbreviation: Some("HHI"),
    expression: "{sum_of_squares} ÷ ({sum} × {sum})",
    result: Unit::Share,
    inputs: &[
        input("sum_of_squares", "Sum of the squares", Unit::Ratio, 2_600.0),
        input("sum", "Sum", Unit::Money, 100.0),
    ],
    definition: "The sum of the squares of all shares: 1 where one customer pays everything, and \
                 1 ÷ n where n customers pay the same.",
    undefined_when: "The sum is zero.",
    source: "Hirschman (1964), The Paternity of an Index",
};

/// Herfindahl–Hirschman index of concentration, as a fraction from 0 to 1.
///
/// # Formula
///
/// ```text
/// Σ x² ÷ (Σ x)² = Σ s²
/// ```
///
/// where `x` is what one customer pays, `s` its share of the whole, `sum_of_squares` is Σ x² and
/// `sum` is Σ x.
///
/// # Domain
///
/// 0 ≤ sum of squares ≤ sum².
///
/// # Undefined
///
/// - `no-whole`: sum is 0.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`: an input is not a number, or is below 0.
/// - `part-over-whole`: the sum of the squares is more than the square of the sum.
///
/// # Assumptions
///
/// No part is below 0. Authorities on competition write shares as percentages: 0.26 is 2,600 there.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::herfindahl_hirschman_index;
///
/// // Shares of 30, 30, 20 and 20 of 100.
/// let index = herfindahl_hirschman_index(2_600.0, 100.0)?.value.unwrap();
/// assert!((index - 0.26).abs() < 1e-12);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// A. O. Hirschman (1964): The Paternity of an Index. American Economic Review 54(5), 761.
/// U.S. Department of Justice, Herfindahl–Hirschman Index, for the example.
pub fn herfindahl_hirschman_index(sum_of_squares: f64, sum: f64) -> Result<Figure, Error> {
    not_negative("sum_of_squares", sum_of_squares)?;
    not_negative("sum", sum)?;
    let id = FormulaId::HerfindahlHirschmanIndex;
    let inputs = [("sum_of_squares", sum_of_squares), ("sum", sum)];
    let whole = sum * sum;
    if exceeds(sum_of_squares, whole, sum_of_squares) {
        let message = format!("The squares of parts of {sum} add up to {whole} at the most.");
        return Err(Error::new("part-over-whole", message).in_column("sum_of_squares"));
    }
    if sum == 0.0 {
        return Ok(Figure::undefined(id, "no-whole", &inputs));
    }
    // Divided in two steps, since the square of a large sum is no number any more.
    Ok(defined(id, (sum_of_squares / sum / sum).min(1.0), &inputs))
}
