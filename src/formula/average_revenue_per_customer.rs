//! Average revenue per customer.
//!
//! It does not say what length of time the revenue is of.

use super::catalogue::{FormulaInfo, Unit, input};
use super::input::{finite, not_negative};
use super::outcome::defined;
use crate::Error;
use crate::number::{Figure, FormulaId};

pub(super) const INFO: FormulaInfo = FormulaInfo {
    id: FormulaId::AverageRevenuePerCustomer,
    name: "Average revenue per customer",
    abbreviation: Some("ARPC"),
    expression: "{revenue} ÷ {customers}",
    result: Unit::Money,
    inputs: &[
        input("revenue", "Revenue, refunds subtracted", Unit::Money, 50_000.0),
        input("customers", "Customers", Unit::Count, 500.0),
    ],
    definition: "Revenue per customer.",
    undefined_when: "There are no customers.",
    source: "Farris, Bendle, Pfeifer and Reibstein (2010), Marketing Metrics",
};

/// Average revenue per customer, in money.
///
/// # Formula
///
/// ```text
/// V ÷ C
/// ```
///
/// where `V` is `revenue` and `C` is `customers`.
///
/// # Domain
///
/// 0 ≤ customers; revenue may be below 0, where refunds exceed sales.
///
/// # Undefined
///
/// - `no-customers`: customers is 0.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`: an input is not a number, or customers is below 0.
///
/// # Assumptions
///
/// Both are of the same time: revenue of a month and the customers of that month.
///
/// # Examples
///
/// ```
/// use retention_calculator::formula::average_revenue_per_customer;
///
/// assert_eq!(average_revenue_per_customer(50_000.0, 500.0)?.value, Some(100.0));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// P. W. Farris, N. T. Bendle, P. E. Pfeifer, D. J. Reibstein (2010): Marketing Metrics, 2nd
/// edition.
pub fn average_revenue_per_customer(revenue: f64, customers: f64) -> Result<Figure, Error> {
    finite("revenue", revenue)?;
    not_negative("customers", customers)?;
    let id = FormulaId::AverageRevenuePerCustomer;
    let inputs = [("revenue", revenue), ("customers", customers)];
    if customers == 0.0 {
        return Ok(Figure::undefined(id, "no-customers", &inputs));
    }
    Ok(defined(id, revenue / customers, &inputs))
}
