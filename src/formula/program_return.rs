//! Return of a retention programme: benefit over cost.
//!
//! It takes the cost off nothing; that is `program_net_return`.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::not_negative;
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::ProgramReturn,
    name: "Programme benefit to cost",
    abbreviation: None,
    expression: "{saved} ÷ {cost}",
    result: Unit::Ratio,
    inputs: &[
        input("saved", "Revenue saved", Unit::Money, 3_200_000.0),
        input("cost", "Cost of the programme", Unit::Money, 480_000.0),
    ],
    definition: "How many times the revenue that a retention programme saves covers its cost.",
    undefined_when: "The programme costs nothing.",
    source: "Boardman, Greenberg, Vining and Weimer, Cost-Benefit Analysis",
};

/// Benefit-to-cost ratio of a retention programme: how many times what it saves covers what it costs,
/// as a number without a unit.
///
/// # Formula
///
/// ```text
/// B ÷ K
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
/// What is saved would have been lost without the programme.
///
/// An article calls this ratio a return on investment and prints 6.7 for 3.2 million over 480
/// thousand. The ratio is 6.67; the return on investment, with the cost taken off, is 5.67 (see
/// [`program_net_return`](super::program_net_return())).
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::program_return;
///
/// let ratio = program_return(3_200_000.0, 480_000.0)?.value.unwrap();
/// assert!((ratio - 20.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// A. E. Boardman, D. H. Greenberg, A. R. Vining, D. L. Weimer (2018): Cost-Benefit Analysis, 5th
/// edition.
pub fn program_return(saved: f64, cost: f64) -> Result<Figure, Error> {
    not_negative("saved", saved)?;
    not_negative("cost", cost)?;
    let id = FormulaId::ProgramReturn;
    let inputs = [("saved", saved), ("cost", cost)];
    if cost == 0.0 {
        return Ok(Figure::undefined(id, "no-cost", &inputs));
    }
    Ok(defined(id, saved / cost, &inputs))
}
