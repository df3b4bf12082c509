//! Customer churn rate: customers lost, over customers at the start.
//!
//! It does not say when a customer counts as lost.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{exceeds, not_negative};
use super::outcome::share_of_customers;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::CustomerChurnRate,
    name: "Customer churn rate",
    abbreviation: None,
    expression: "{lost} ÷ {start}",
    result: Unit::Share,
    inputs: &[
        input("start", "Customers at the start", Unit::Count, 1000.0),
        input("lost", "Of these, lost by the end", Unit::Count, 150.0),
    ],
    definition: "The share of the customers at the start of a period who are no longer customers at its end.",
    undefined_when: "There were no customers at the start.",
    source: "Farris, Bendle, Pfeifer and Reibstein (2010), Marketing Metrics",
};

/// Customer churn rate: the share of the customers at the start of a period who are no longer
/// customers at its end, as a fraction.
///
/// # Formula
///
/// ```text
/// L ÷ S
/// ```
///
/// where `S` is `start`, the customers at the start, and `L` is `lost`, those of them who are not
/// there at the end.
///
/// With whole numbers, the figure carries Wilson's 95 % interval and `n`, the customers at the start.
///
/// # Domain
///
/// 0 ≤ lost ≤ start.
///
/// # Undefined
///
/// - `no-customers-at-start`: start is 0.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`: an input is not a number, or is below 0.
/// - `lost-over-start`: more are lost than there were. Customers who joined and left inside the
///   period are not lost from the start.
///
/// # Assumptions
///
/// `lost` holds nobody who joined during the period. Then churn and retention add up to 1.
/// An article that calls a monthly churn of 1 to 3 % a monthly retention of 88 to 97 % mixes two
/// lengths of period: monthly it is 97 to 99 %, yearly 69.4 to 88.6 %.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::customer_churn_rate;
///
/// assert_eq!(customer_churn_rate(1000.0, 150.0)?.value, Some(0.15));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// P. W. Farris, N. T. Bendle, P. E. Pfeifer, D. J. Reibstein (2010): Marketing Metrics, 2nd
/// edition, chapter 5. Vendors also divide by start plus new (Stripe), count those who joined and
/// left inside the period as lost (Baremetrics), or take off those who returned (`ChartMogul`).
pub fn customer_churn_rate(start: f64, lost: f64) -> Result<Figure, Error> {
    not_negative("start", start)?;
    not_negative("lost", lost)?;
    let id = FormulaId::CustomerChurnRate;
    let inputs = [("start", start), ("lost", lost)];
    if exceeds(lost, start, lost) {
        let message = format!(
            "{lost} lost customers are more than the {start} at the start. Leave out those who \
             joined and left inside the period.",
        );
        return Err(Error::new("lost-over-start", message).in_column("lost"));
    }
    if start == 0.0 {
        return Ok(Figure::undefined(id, "no-customers-at-start", &inputs));
    }
    Ok(share_of_customers(id, lost.min(start), start, &inputs))
}
