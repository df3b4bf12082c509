//! What no loss at all shows: an upper bound of the churn, and so a lower bound of the lifetime.
//!
//! It is no estimate; it is the weakest claim that the observation does not contradict.
//!
//! # Assumptions
//!
//! One churn for all customers and periods, and independent losses.
//!
//! # When not to use it
//!
//! As a churn to plan with, or where anybody was lost: then the losses themselves say more.
//!
//! # References
//!
//! - Hanley, J. A. and Lippman-Hand, A. (1983). If nothing goes wrong, is everything all right? Journal
//!   of the American Medical Association 249, 1743–1745.

use super::kaplan_meier::two_sided_quantile;
use crate::Error;

/// The largest churn, as a share per period, under which seeing no loss was not too unlikely.
///
/// One over it is the least expected lifetime, in periods. It stands in where a churn of 0 would
/// make the lifetime infinite.
///
/// # Formula
///
/// ```text
/// θ = 1 − (1 − confidence)^(1 / n)
/// where `n` is the number of customer-periods observed, all without a loss.
/// ```
///
/// The bound is one-sided: at 95 %, and for many periods, it is about `3 / n` (the rule of three).
///
/// # Domain
///
/// `0 < n`, `0 < confidence < 1`.
///
/// # Undefined
///
/// Nothing.
///
/// # Errors
///
/// `no-customer-periods` where `n` is not positive, `confidence-out-of-range`.
///
/// # Assumptions
///
/// All customers have the same churn in all periods, and leave independently.
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::zero_churn_bound;
///
/// let churn = zero_churn_bound(100.0, 0.95)?;
/// assert!((churn - 0.02951).abs() < 5e-6);
/// assert!((1.0 / churn - 33.9).abs() < 0.05);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Hanley, J. A. and Lippman-Hand, A. (1983). If nothing goes wrong, is everything all right?
/// Journal of the American Medical Association 249, 1743–1745.
pub fn zero_churn_bound(n_customer_periods: f64, confidence: f64) -> Result<f64, Error> {
    two_sided_quantile(confidence)?;
    if n_customer_periods.is_nan() || n_customer_periods <= 0.0 {
        let message = "No customer was observed for one period, so nothing is known of the churn.";
        return Err(Error::new("no-customer-periods", message));
    }
    Ok(-libm::expm1(libm::log1p(-confidence) / n_customer_periods))
}
