//! The Pareto/NBD model: purchases without a contract, where a customer may stop at any time.
//!
//! # What it is for
//!
//! As [`bg_nbd`](fn@super::bg_nbd); it is the older model of the two and the one that lets customers go without
//! a purchase.
//!
//! # Assumptions
//!
//! - While a customer, each buys at random at a constant rate of its own; rates are
//!   gamma-distributed.
//! - Each customer stops for good at a random time, at a constant rate of its own; these are
//!   gamma-distributed.
//! - The two rates are independent of each other.
//!
//! # When not to use it
//!
//! As [`bg_nbd`](fn@super::bg_nbd), but for its third case.
//!
//! # Numerics
//!
//! The hypergeometric functions of the likelihood are brought by Euler's transformation to a form
//! whose continued fraction has positive terms only; the two ends of their integral are taken
//! relative to the likelihood of a customer who has not stopped, so that nothing overflows.
//!
//! # References
//!
//! - Schmittlein, D. C., Morrison, D. G. and Colombo, R. (1987). Counting your customers: who are they
//!   and what will they do next? Management Science 33(1), 1–24.
//! - Fader, P. S. and Hardie, B. G. S. (2005). A note on deriving the Pareto/NBD model and related
//!   expressions.

use super::bg_nbd::start_rate;
use super::purchase_histories::PurchaseHistories;
use super::purchase_model::{FittedPurchases, PurchaseModel, fit_purchases};

/// The four parameters of purchase rates and of stopping (`alpha` and `beta` in the unit of time, the
/// others without a unit).
///
/// # Formula
///
/// ```text
/// L = Γ(r + x) α^r β^s / Γ(r)
///     · [(α + T)^−(r + x) (β + T)^−s + s ∫ from t_x to T of (α + u)^−(r + x) (β + u)^−(s + 1) du]
/// where `x` is the number of purchases after the first, `t_x` is the time of the last one and
///       `T` the end of the observation, both from the first purchase on.
/// ```
///
/// # Domain
///
/// Any histories with at least one repeat purchase.
///
/// # Undefined
///
/// Nothing; where the histories do not determine all parameters, `converged` is false.
///
/// # Errors
///
/// None; [`PurchaseHistories::new`] has checked the histories.
///
/// # Assumptions
///
/// Those of the [module](self).
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{PurchaseHistories, pareto_nbd};
///
/// let frequency = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 5.0, 3.0, 9.0];
/// let recency = [0.0, 0.0, 0.0, 0.0, 3.0, 20.0, 12.0, 35.0, 10.0, 38.0];
/// let histories = PurchaseHistories::new(&frequency, &recency, &[39.0; 10], None)?;
/// let fit = pareto_nbd(&histories);
/// let alive = |customer: usize| fit.model.probability_alive(&histories.customers()[customer]);
/// assert!(alive(8) < alive(9));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Schmittlein, Morrison and Colombo (1987); Fader and Hardie (2005).
#[must_use]
pub fn pareto_nbd(histories: &PurchaseHistories) -> FittedPurchases {
    let mean_rate = start_rate(histories);
    let starts = [[0.5, 0.5 / mean_rate, 0.6, 0.3], [2.0, 2.0 / mean_rate, 1.5, 1.5]];
    fit_purchases(
        histories,
        |[r, alpha, s, beta]| PurchaseModel::ParetoNbd { r, alpha, s, beta },
        [false, true, false, true],
        &starts,
    )
}
