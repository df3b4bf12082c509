//! Relative change of lifespan, and so of lifetime value, between two retention rates.
//!
//! It discounts nothing and knows no horizon; both make the change smaller.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::share;
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::ClvUplift,
    name: "Lifetime value uplift",
    abbreviation: None,
    expression: "({retention_to} − {retention_from}) ÷ (1 − {retention_to})",
    result: Unit::Share,
    inputs: &[
        input("retention_from", "Retention rate now", Unit::Share, 0.85),
        input("retention_to", "Retention rate then", Unit::Share, 0.9),
    ],
    definition: "How much longer customers stay, and so how much more they bring, at another retention rate, relative to now.",
    undefined_when: "Nobody leaves at one of the two rates: then lifespan has no end.",
    source: "Fader and Hardie (2007), How to project customer retention",
};

/// Lifetime value uplift: how much longer customers stay, and so how much more they bring, at another
/// retention rate, as a fraction of now: 0.5 is 50 % more.
///
/// # Formula
///
/// ```text
/// (1 − r₀) ÷ (1 − r₁) − 1 = (r₁ − r₀) ÷ (1 − r₁)
/// ```
///
/// where `r₀` is `retention_from` and `r₁` is `retention_to`.
///
/// # Domain
///
/// 0 ≤ `retention_from` ≤ 1, 0 ≤ `retention_to` ≤ 1.
///
/// # Undefined
///
/// - `no-churn`: one of the rates is 1, so that lifespan has no end.
///
/// # Errors
///
/// - `input-not-finite`, `input-not-a-share`: an input is not a number from 0 to 1.
///
/// # Assumptions
///
/// Retention is the same in every period and forever, revenue stays, nothing is discounted.
///
/// Articles print other figures. "From 80 to 85 % roughly doubles lifetime value": it is 5 to 6.67
/// periods, a third more, and a fifth more at a discount rate of 10 %; doubling takes 90 %. "From 85
/// to 90 % gives 30 to 40 % more": by lifespan it is 50 %, and the printed range needs a discount rate
/// from 2.5 to 6.7 % (see [`clv_discounted`](super::clv_discounted())). "10 percent better" is two
/// things: from 80 to 88 % is two thirds more, from 80 to 90 % is double.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::clv_uplift;
///
/// let uplift = clv_uplift(0.85, 0.9)?.value.unwrap();
/// assert!((uplift - 0.5).abs() < 1e-12);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// P. S. Fader, B. G. S. Hardie (2007): How to project customer retention. Journal of Interactive
/// Marketing 21(1), 76–90.
pub fn clv_uplift(retention_from: f64, retention_to: f64) -> Result<Figure, Error> {
    share("retention_from", retention_from)?;
    share("retention_to", retention_to)?;
    let id = FormulaId::ClvUplift;
    let inputs = [("retention_from", retention_from), ("retention_to", retention_to)];
    let (churn_from, churn_to) = (1.0 - retention_from, 1.0 - retention_to);
    if churn_from == 0.0 || churn_to == 0.0 {
        return Ok(Figure::undefined(id, "no-churn", &inputs));
    }
    Ok(defined(id, (retention_to - retention_from) / churn_to, &inputs))
}
