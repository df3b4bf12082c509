//! New customers needed for a growth goal, as a share of those at the start.
//!
//! It knows no cost: how they are won is left open.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{finite, share};
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::NewCustomersForGrowth,
    name: "New customers needed for growth",
    abbreviation: None,
    expression: "{growth} + (1 − {retention})",
    result: Unit::Share,
    inputs: &[
        input("retention", "Retention rate", Unit::Share, 0.95),
        input("growth", "Growth wanted", Unit::Share, 0.1),
    ],
    definition: "The new customers that a period needs to reach a growth of the customer base, as a share of the customers at its start.",
    undefined_when: "The goal is a shrinking base that needs no new customers.",
    source: "Balance of customers: end = start − lost + new",
};

/// New customers needed for a growth goal, as a fraction of the customers at the start of the period.
///
/// # Formula
///
/// ```text
/// g + (1 − r)
/// ```
///
/// where `g` is `growth`, the growth of the customer base wanted, and `r` is `retention`. The lost
/// ones have to be replaced first.
///
/// # Domain
///
/// 0 ≤ retention ≤ 1, −1 ≤ growth.
///
/// # Undefined
///
/// - `no-new-customers-needed`: growth is below −(1 − retention), so that even without a new customer
///   more would be there than wanted.
///
/// # Errors
///
/// - `input-not-finite`, `input-not-a-share`: an input is outside its domain.
/// - `growth-below-minus-one`: nothing can shrink by more than itself.
///
/// # Assumptions
///
/// New customers stay to the end of the period.
///
/// An article prints that with a retention of 95 %, 5 % new customers make 10 % growth, and with 80 %
/// it takes 25 %, five times as many. Of 100 customers 5 leave, and to end at 110 takes 15 new ones:
/// 15 %, against 30 % with a retention of 80 %, twice as many.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::new_customers_for_growth;
///
/// let needed = new_customers_for_growth(0.95, 0.1)?.value.unwrap();
/// assert!((needed - 0.15).abs() < 1e-12);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// The balance of customers: end = start − lost + new, solved for new.
pub fn new_customers_for_growth(retention: f64, growth: f64) -> Result<Figure, Error> {
    share("retention", retention)?;
    finite("growth", growth)?;
    if growth < -1.0 {
        let message = format!(
            "growth is {growth}, and a base can't shrink by more than itself. Enter 10 % as 0.1.",
        );
        return Err(Error::new("growth-below-minus-one", message).in_column("growth"));
    }
    let id = FormulaId::NewCustomersForGrowth;
    let inputs = [("retention", retention), ("growth", growth)];
    let needed = growth + (1.0 - retention);
    if needed < 0.0 {
        return Ok(Figure::undefined(id, "no-new-customers-needed", &inputs));
    }
    Ok(defined(id, needed, &inputs))
}
