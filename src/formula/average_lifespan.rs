//! Average lifespan: expected periods until a customer leaves, at a constant churn.
//!
//! It fits nothing; where churn changes with a customer's age, a survival model is needed.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{positive, share};
use super::outcome::{counted, defined};
use crate::Error;
use crate::number::special::{exp_m1, ln};
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::AverageLifespan,
    name: "Average customer lifespan",
    abbreviation: None,
    expression: "1 ÷ {churn}",
    result: Unit::Periods,
    inputs: &[input("churn", "Churn rate per period", Unit::Share, 0.1)],
    definition: "The number of periods that a customer stays on average, if churn is the same in every period.",
    undefined_when: "Nobody leaves: at no churn, lifespan has no end.",
    source: "Fader and Hardie (2007), How to project customer retention",
};

/// Average customer lifespan: the mean number of periods that a customer pays, in periods of the
/// churn's length, if churn is the same in every period.
///
/// # Formula
///
/// ```text
/// 1 ÷ c
/// ```
///
/// where `c` is `churn`, the share of the customers who leave in each period. A retention of 80 %,
/// 85 %, 90 %, 95 % gives 5, 6.67, 10, 20 periods.
///
/// # Domain
///
/// 0 ≤ churn ≤ 1.
///
/// # Undefined
///
/// - `no-churn`: churn is 0. See [`lifespan_lower_bound`] for what can still be said.
///
/// # Errors
///
/// - `input-not-finite`, `input-not-a-share`: churn is not a number from 0 to 1.
///
/// # Assumptions
///
/// Churn is the same for every customer at every age, and the first period is always paid. Real
/// customers differ: those who leave easily leave first, so the churn of those who remain falls, and
/// this number falls short; on two published data sets, it misses later survival by 21 % and 59 %.
/// Churn of revenue is no churn of customers: a revenue retention that goes from 90 to 95 % does not
/// say that customers stay 20 periods instead of 10.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::average_lifespan;
///
/// assert_eq!(average_lifespan(0.1)?.value, Some(10.0));
/// assert_eq!(average_lifespan(0.0)?.why.as_deref(), Some("no-churn"));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// P. S. Fader, B. G. S. Hardie (2007): How to project customer retention. Journal of Interactive
/// Marketing 21(1), 76–90.
pub fn average_lifespan(churn: f64) -> Result<Figure, Error> {
    share("churn", churn)?;
    let id = FormulaId::AverageLifespan;
    let inputs = [("churn", churn)];
    if churn == 0.0 {
        return Ok(Figure::undefined(id, "no-churn", &inputs));
    }
    Ok(defined(id, 1.0 / churn, &inputs))
}

/// A lower bound of the average lifespan where nobody has left yet, in periods: with a confidence of
/// 95 %, the lifespan is at least so long.
///
/// The figure is the [`average_lifespan`] of the largest churn that would still show no loss in one
/// of twenty cases; that churn is its input.
///
/// # Formula
///
/// ```text
/// 1 ÷ (1 − 0.05^(1/n))
/// ```
///
/// where `n` is `customer_periods`: how many periods all customers have been observed for in all.
///
/// # Domain
///
/// 0 < `customer_periods`; in all of them, nobody left.
///
/// # Undefined
///
/// - `result-too-large`: `customer_periods` is so large that the bound is beyond all numbers.
///
/// # Errors
///
/// - `input-not-finite`, `input-not-positive`: `customer_periods` is not a number above 0.
///
/// # Assumptions
///
/// Churn is the same for every customer at every age, and customers leave independently.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::lifespan_lower_bound;
///
/// let bound = lifespan_lower_bound(100.0)?;
/// assert!((bound.inputs["churn"] - 0.029_51).abs() < 1e-5);
/// assert!((bound.value.unwrap() - 33.9).abs() < 0.02);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// J. A. Hanley, A. Lippman-Hand (1983): If nothing goes wrong, is everything all right? JAMA
/// 249(13), 1743–1745.
pub fn lifespan_lower_bound(customer_periods: f64) -> Result<Figure, Error> {
    positive("customer_periods", customer_periods)?;
    let churn = -exp_m1(ln(0.05) / customer_periods);
    let figure = defined(FormulaId::AverageLifespan, 1.0 / churn, &[("churn", churn)]);
    Ok(match counted(customer_periods) {
        Some(n) => figure.counted_from(n),
        None => figure,
    })
}
