//! Net return of a retention programme: benefit less cost, over cost.
//!
//! It is no ratio of benefit to cost; that is `program_return`.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::not_negative;
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::ProgramNetReturn,
    name: "Programme return on investment",
    abbreviation: Some("ROI"),
    expression: "({saved} − {cost}) ÷ {cost}",
    result: Unit::Ratio,
    inputs: &[
        input("saved", "Revenue saved", Unit::Money, 3_200_000.0),
        input("cost", "Cost of the programme", Unit::Money, 480_000.0),
    ],
    definition: "What a retention programme brings beyond its cost, over its cost.",
    undefined_when: "The programme costs nothing.",
    source: "Farris, Bendle, Pfeifer and Reibstein (2010), Marketing Metrics",
};

/// Return on investment (ROI) of a retention programme: what it brings beyond its cost, over its
/// cost, as a number without a unit; below 0 where it costs more than it saves.
///
/// # Formula
///
/// ```text
/// (B − K) ÷ K
/// ```
///
/// where `B` is `saved`, the revenue saved, and `K` is `cost`.
///
/// # Domain
///
/// 0 ≤ saved, 0 ≤ cost.
///
/// # Undefined
///
/// - `no-cost`: cost is 0.
/// - `result-too-large`: the quotient is beyond all numbers.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`: an input is not a number, or is below 0.
///
/// # Assumptions
///
/// What is saved would have been lost without the programme. Revenue is not profit: with a margin, it
/// is lower.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::program_net_return;
///
/// let roi = program_net_return(3_200_000.0, 480_000.0)?.value.unwrap();
/// assert!((roi - 17.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// P. W. Farris, N. T. Bendle, P. E. Pfeifer, D. J. Reibstein (2010): Marketing Metrics, 2nd
/// edition, chapter 10.
pub fn program_net_return(saved: f64, cost: f64) -> Result<Figure, Error> {
    not_negative("saved", saved)?;
    not_negative("cost", cost)?;
    let id = FormulaId::ProgramNetReturn;
    let inputs = [("saved", saved), ("cost", cost)];
    if cost == 0.0 {
        return Ok(Figure::undefined(id, "no-cost", &inputs));
    }
    Ok(defined(id, (saved - cost) / cost, &inputs))
}
