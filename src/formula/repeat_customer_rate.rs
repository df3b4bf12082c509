//! Repeat customer rate: customers with more than one purchase, over all customers.
//!
//! It does not say in which time the second purchase must come.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{exceeds, not_negative};
use super::outcome::share_of_customers;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::RepeatCustomerRate,
    name: "Repeat customer rate",
    abbreviation: Some("RCR"),
    expression: "{returning} ÷ {unique}",
    result: Unit::Share,
    inputs: &[
        input("returning", "Customers with two purchases or more", Unit::Count, 30.0),
        input("unique", "All customers with a purchase", Unit::Count, 120.0),
    ],
    definition: "The share of the customers with a purchase who bought more than once.",
    undefined_when: "There are no customers.",
    source: "Farris, Bendle, Pfeifer and Reibstein (2010), Marketing Metrics",
};

/// Repeat customer rate: the share of the customers with a purchase who bought more than once, as a
/// fraction.
///
/// # Formula
///
/// ```text
/// R ÷ U
/// ```
///
/// where `R` is `returning`, the customers with two purchases or more, and `U` is `unique`, all
/// customers with a purchase.
///
/// With whole numbers, the figure carries Wilson's 95 % interval and `n`, all customers.
///
/// # Domain
///
/// 0 ≤ returning ≤ unique.
///
/// # Undefined
///
/// - `no-customers`: unique is 0.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`: an input is not a number, or is below 0.
/// - `returning-over-unique`: more customers returned than there are. Purchases were counted instead
///   of customers.
///
/// # Assumptions
///
/// Customers won lately had less time to come back, so a growing base has a lower rate.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::repeat_customer_rate;
///
/// assert_eq!(repeat_customer_rate(30.0, 120.0)?.value, Some(0.25));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// P. W. Farris, N. T. Bendle, P. E. Pfeifer, D. J. Reibstein (2010): Marketing Metrics, 2nd
/// edition, on trial and repeat.
pub fn repeat_customer_rate(returning: f64, unique: f64) -> Result<Figure, Error> {
    not_negative("returning", returning)?;
    not_negative("unique", unique)?;
    let id = FormulaId::RepeatCustomerRate;
    let inputs = [("returning", returning), ("unique", unique)];
    if exceeds(returning, unique, returning) {
        let message = format!(
            "{returning} returning customers are more than the {unique} customers in all. Count \
             each customer once, not each purchase.",
        );
        return Err(Error::new("returning-over-unique", message).in_column("returning"));
    }
    if unique == 0.0 {
        return Ok(Figure::undefined(id, "no-customers", &inputs));
    }
    Ok(share_of_customers(id, returning.min(unique), unique, &inputs))
}
