//! The BG/NBD model: purchases without a contract, where a customer may stop after any of them.
//!
//! # What it is for
//!
//! In a shop nobody cancels. From how often and when each customer bought, the model tells who is
//! still a customer and how many purchases are to come.
//!
//! # Assumptions
//!
//! - While a customer, each buys at random at a constant rate of its own; rates are
//!   gamma-distributed.
//! - After each purchase but the first, a customer stops for good with a probability of its own;
//!   these are beta-distributed.
//! - Rate and probability to stop are independent of each other.
//!
//! # When not to use it
//!
//! - Where a contract says who is a customer: see [`shifted_beta_geometric`](fn@super::shifted_beta_geometric).
//! - Where a season or a regular rhythm drives purchases: random times are assumed.
//! - To tell who of the customers with one purchase has gone: under this model none of them has. See
//!   [`mbg_nbd`](fn@super::mbg_nbd) or [`pareto_nbd`](fn@super::pareto_nbd).
//! - With purchases of one day counted singly: collapse them first.
//!
//! # Numerics
//!
//! All on the logarithmic scale, for customers with thousands of purchases; times are scaled before
//! the search, so that the unit does not matter.
//!
//! # References
//!
//! - Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). "Counting your customers" the easy way: an
//!   alternative to the Pareto/NBD model. Marketing Science 24(2), 275–284.

use super::purchase_histories::PurchaseHistories;
use super::purchase_model::{FittedPurchases, PurchaseModel, fit_purchases};

/// The four parameters of purchase rates and of stopping (`alpha` in the unit of time, the others
/// without a unit).
///
/// # Formula
///
/// ```text
/// L = B(a, b + x) / B(a, b) · Γ(r + x) α^r / (Γ(r) (α + T)^(r + x))
///     + [x > 0] B(a + 1, b + x − 1) / B(a, b) · Γ(r + x) α^r / (Γ(r) (α + t_x)^(r + x))
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
/// use retention_calculator::survival::{PurchaseHistories, bg_nbd};
///
/// let frequency = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 5.0, 3.0, 9.0];
/// let recency = [0.0, 0.0, 0.0, 0.0, 3.0, 20.0, 12.0, 35.0, 10.0, 38.0];
/// let histories = PurchaseHistories::new(&frequency, &recency, &[39.0; 10], None)?;
/// let fit = bg_nbd(&histories);
/// // Nine purchases up to last week, and three up to week 10 of 39.
/// let alive = |customer: usize| fit.model.probability_alive(&histories.customers()[customer]);
/// assert!(alive(8) < alive(9));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Fader, Hardie and Lee (2005), equation 6.
#[must_use]
pub fn bg_nbd(histories: &PurchaseHistories) -> FittedPurchases {
    let mean_rate = start_rate(histories);
    let starts = [[0.5, 0.5 / mean_rate, 0.7, 2.0], [2.0, 2.0 / mean_rate, 0.3, 3.0]];
    fit_purchases(
        histories,
        |[r, alpha, a, b]| PurchaseModel::BgNbd { r, alpha, a, b },
        [false, true, false, false],
        &starts,
    )
}

/// Repeat purchases in the longest time observed, a little above what stopping leaves of them.
pub(super) fn start_rate(histories: &PurchaseHistories) -> f64 {
    let purchases = histories.total(|history| history.frequency);
    let time = histories.total(|history| history.observed) / histories.longest();
    1.5 * purchases / time
}
