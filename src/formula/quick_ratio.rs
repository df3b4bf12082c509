//! Quick ratio: recurring revenue gained, over recurring revenue lost.
//!
//! It says nothing about the size of either.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::not_negative;
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::QuickRatio,
    name: "Quick ratio",
    abbreviation: None,
    expression: "({new} + {reactivation} + {expansion}) ÷ ({contraction} + {churned})",
    result: Unit::Ratio,
    inputs: &[
        input("new", "From new customers", Unit::Money, 60_000.0),
        input("reactivation", "From customers who came back", Unit::Money, 5000.0),
        input("expansion", "From upgrades", Unit::Money, 35_000.0),
        input("contraction", "Lost to downgrades", Unit::Money, 5000.0),
        input("churned", "Lost to cancellations", Unit::Money, 20_000.0),
    ],
    definition: "The recurring revenue gained in a period, over the recurring revenue lost in it.",
    undefined_when: "Nothing was lost.",
    source: "Hamid (2015), the SaaS quick ratio",
};

/// Quick ratio: the recurring revenue gained in a period, over the recurring revenue lost in it, as a
/// number without a unit.
///
/// # Formula
///
/// ```text
/// (N + R + U) ÷ (C + X)
/// ```
///
/// where `N` is `new`, `R` is `reactivation`, `U` is `expansion`, `C` is `contraction` and `X` is
/// `churned`.
///
/// # Domain
///
/// All inputs are 0 or more.
///
/// # Undefined
///
/// - `nothing-lost`: contraction and churned are both 0. That is the best case, and it has no number.
/// - `result-too-large`: a sum or the quotient is beyond all numbers.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`: an input is not a number, or is below 0. Losses are
///   entered without a sign.
///
/// # Assumptions
///
/// Revenue of customers who came back counts as gained. Some vendors leave it out: enter 0 then.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::quick_ratio;
///
/// assert_eq!(quick_ratio(60.0, 5.0, 35.0, 5.0, 20.0)?.value, Some(4.0));
/// assert_eq!(quick_ratio(60.0, 0.0, 0.0, 0.0, 0.0)?.why.as_deref(), Some("nothing-lost"));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// M. Hamid (2015): the `SaaS` quick ratio, as presented at `SaaStr` Annual.
pub fn quick_ratio(
    new: f64,
    reactivation: f64,
    expansion: f64,
    contraction: f64,
    churned: f64,
) -> Result<Figure, Error> {
    let id = FormulaId::QuickRatio;
    let inputs = [
        ("new", new),
        ("reactivation", reactivation),
        ("expansion", expansion),
        ("contraction", contraction),
        ("churned", churned),
    ];
    for (name, value) in inputs {
        not_negative(name, value)?;
    }
    let gained = new + reactivation + expansion;
    let lost = contraction + churned;
    if lost == 0.0 {
        return Ok(Figure::undefined(id, "nothing-lost", &inputs));
    }
    if !lost.is_finite() {
        return Ok(Figure::undefined(id, "result-too-large", &inputs));
    }
    Ok(defined(id, gained / lost, &inputs))
}
