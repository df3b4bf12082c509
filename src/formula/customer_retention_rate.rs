//! Customer retention rate (CRR): customers kept, over customers at the start.
//!
//! It does not find out who was kept; from totals alone nobody can.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{exceeds, not_negative};
use super::outcome::share_of_customers;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::CustomerRetentionRate,
    name: "Customer retention rate",
    abbreviation: Some("CRR"),
    expression: "({end} − {new}) ÷ {start}",
    result: Unit::Share,
    inputs: &[
        input("start", "Customers at the start", Unit::Count, 500.0),
        input("new", "New customers", Unit::Count, 80.0),
        input("end", "Customers at the end", Unit::Count, 540.0),
    ],
    definition: "The share of the customers at the start of a period who are still customers at its end.",
    undefined_when: "There were no customers at the start.",
    source: "Farris, Bendle, Pfeifer and Reibstein (2010), Marketing Metrics",
};

/// Customer retention rate (CRR): the share of the customers at the start of a period who are still
/// customers at its end, as a fraction.
///
/// # Formula
///
/// ```text
/// (E − N) ÷ S
/// ```
///
/// where `S` is `start`, the customers at the start, `N` is `new`, the customers won in the period,
/// and `E` is `end`, the customers at the end.
///
/// With whole numbers, the figure carries Wilson's 95 % interval and `n`, the customers at the start.
///
/// # Domain
///
/// 0 ≤ start, 0 ≤ new, 0 ≤ end, and 0 ≤ end − new ≤ start.
///
/// # Undefined
///
/// - `no-customers-at-start`: start is 0. That is neither 0 % nor 100 %.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`: an input is not a number, or is below 0.
/// - `retained-negative`: more customers are new than there are at the end.
/// - `retained-over-start`: more old customers are there at the end than at the start. Customers
///   who came back are among them, or the count of the new ones is too low.
///
/// # Assumptions
///
/// Everyone in `new` is among `end`. Who joins and leaves inside the period is in `new` and not in
/// `end`, so each of them takes 1/S off the rate. Who left before and comes back counts as kept
/// unless `new` has them. A rate from customers' own histories has neither fault.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::customer_retention_rate;
///
/// let rate = customer_retention_rate(500.0, 80.0, 540.0)?;
/// assert_eq!(rate.value, Some(0.92));
/// assert_eq!(rate.n, Some(500));
///
/// let none = customer_retention_rate(0.0, 3.0, 3.0)?;
/// assert_eq!(none.why.as_deref(), Some("no-customers-at-start"));
///
/// let impossible = customer_retention_rate(10.0, 8.0, 5.0).unwrap_err();
/// assert_eq!(impossible.code(), "retained-negative");
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// P. W. Farris, N. T. Bendle, P. E. Pfeifer, D. J. Reibstein (2010): Marketing Metrics, 2nd
/// edition, chapter 5. Other definitions divide the kept by those up for renewal, or by the mean of
/// the customers at both ends; they are not this rate.
pub fn customer_retention_rate(start: f64, new: f64, end: f64) -> Result<Figure, Error> {
    not_negative("start", start)?;
    not_negative("new", new)?;
    not_negative("end", end)?;
    let id = FormulaId::CustomerRetentionRate;
    let inputs = [("start", start), ("new", new), ("end", end)];
    if exceeds(new, end, new) {
        let message = format!(
            "{new} new customers are more than the {end} at the end, so fewer than none would have \
             been kept. Count as new only those who are still there at the end.",
        );
        return Err(Error::new("retained-negative", message).in_column("new"));
    }
    let retained = (end - new).max(0.0);
    if exceeds(retained, start, end) {
        let message = format!(
            "{end} customers at the end without {new} new ones leave {retained} old ones, more than \
             the {start} at the start. Customers who came back are counted as new here: add them to \
             the new ones.",
        );
        return Err(Error::new("retained-over-start", message).in_column("end"));
    }
    if start == 0.0 {
        return Ok(Figure::undefined(id, "no-customers-at-start", &inputs));
    }
    Ok(share_of_customers(id, retained.min(start), start, &inputs))
}
