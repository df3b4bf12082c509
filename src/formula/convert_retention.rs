//! A retention rate of one length of period as that of another.
//!
//! It converts no churn rates: those go through retention.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{not_negative, positive};
use super::outcome::defined;
use crate::Error;
use crate::number::special::power;
use crate::number::{Figure, FormulaId};

/// A rate above this is taken for a percentage without its sign.
const LARGEST_RATE: f64 = 10.0;

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::ConvertRetention,
    name: "Retention rate for another period",
    abbreviation: None,
    expression: "{rate} ^ ({to_months} ÷ {from_months})",
    result: Unit::Share,
    inputs: &[
        input("rate", "Retention rate", Unit::Share, 0.9),
        input("from_months", "Months that it covers", Unit::Months, 12.0),
        input("to_months", "Months wanted", Unit::Months, 1.0),
    ],
    definition: "The retention rate of a period of another length that comes to the same by compounding.",
    undefined_when: "Never, with a rate and two lengths of time.",
    source: "Fader and Hardie (2007), How to project customer retention",
};

/// A retention rate of one length of period as that of another that comes to the same by
/// compounding, as a fraction.
///
/// # Formula
///
/// ```text
/// r ^ (b ÷ a)
/// ```
///
/// where `r` is `rate`, `a` is `from_months`, the months that it covers, and `b` is `to_months`, the
/// months wanted. 90 % a year is 99.126 % a month; 95 % a month is 54.0 % a year, so a monthly churn
/// of 5 % is a yearly churn of 46.0 % and not of 60 %.
///
/// # Domain
///
/// 0 ≤ rate ≤ 10, 0 < `from_months`, 0 < `to_months`. A net revenue retention above 1 can be
/// converted; a rate above 10 is a percentage without its sign.
///
/// # Undefined
///
/// - `result-too-large`: the power is beyond all numbers.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`, `input-not-positive`: an input is outside its domain.
/// - `rate-not-a-fraction`: the rate is above 10.
///
/// # Assumptions
///
/// The same share leaves in every month. With yearly contracts nobody leaves between renewals; quote
/// the renewal period then.
///
/// An article prints "monthly churn 1–3 % (translating to 88–97 % monthly retention)". 88 % is the
/// yearly retention at 1 % a month, 97 % the monthly one at 3 %: monthly it is 97 to 99 %, yearly
/// 69.4 to 88.6 %. And a yearly retention of 85 to 95 % needs a monthly churn of 0.43 to 1.35 %.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::convert_retention;
///
/// let monthly = convert_retention(0.9, 12.0, 1.0)?.value.unwrap();
/// assert!((monthly - 0.991_258_389).abs() < 1e-9);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// P. S. Fader, B. G. S. Hardie (2007): How to project customer retention. Journal of Interactive
/// Marketing 21(1), 76–90: survival is the product of the periods' retention rates.
pub fn convert_retention(rate: f64, from_months: f64, to_months: f64) -> Result<Figure, Error> {
    not_negative("rate", rate)?;
    positive("from_months", from_months)?;
    positive("to_months", to_months)?;
    if LARGEST_RATE < rate {
        let message = format!("rate is {rate}. Enter 90 % as 0.9, without the sign.");
        return Err(Error::new("rate-not-a-fraction", message).in_column("rate"));
    }
    let inputs = [("rate", rate), ("from_months", from_months), ("to_months", to_months)];
    let periods = to_months / from_months;
    Ok(defined(FormulaId::ConvertRetention, power(rate, periods), &inputs))
}
