//! The modified BG/NBD model: a customer may stop after any purchase, the first one included.
//!
//! # What it is for
//!
//! As [`bg_nbd`](fn@super::bg_nbd), but customers with one purchase may have gone, too: most shops have many of
//! them.
//!
//! # Assumptions
//!
//! Those of [`bg_nbd`](fn@super::bg_nbd), and that a customer may stop right after the first purchase.
//!
//! # When not to use it
//!
//! As [`bg_nbd`](fn@super::bg_nbd), but for its third case.
//!
//! # References
//!
//! - Batislam, E. P., Denizel, M. and Filiztekin, A. (2007). Empirical validation and comparison of
//!   models for customer base analysis. International Journal of Research in Marketing 24, 201–209.

use super::bg_nbd::start_rate;
use super::purchase_histories::PurchaseHistories;
use super::purchase_model::{FittedPurchases, PurchaseModel, fit_purchases};

/// The four parameters of purchase rates and of stopping (`alpha` in the unit of time, the others
/// without a unit).
///
/// # Formula
///
/// ```text
/// L = B(a, b + x + 1) / B(a, b) · Γ(r + x) α^r / (Γ(r) (α + T)^(r + x))
///     + B(a + 1, b + x) / B(a, b) · Γ(r + x) α^r / (Γ(r) (α + t_x)^(r + x))
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
/// use retention_calculator::survival::{PurchaseHistories, mbg_nbd};
///
/// let frequency = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 5.0, 3.0, 9.0];
/// let recency = [0.0, 0.0, 0.0, 0.0, 3.0, 20.0, 12.0, 35.0, 10.0, 38.0];
/// let histories = PurchaseHistories::new(&frequency, &recency, &[39.0; 10], None)?;
/// let fit = mbg_nbd(&histories);
/// // Who bought once, 39 weeks ago, may have gone.
/// assert!(fit.model.probability_alive(&histories.customers()[0]) < 1.0);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Batislam, Denizel and Filiztekin (2007).
#[must_use]
pub fn mbg_nbd(histories: &PurchaseHistories) -> FittedPurchases {
    let mean_rate = start_rate(histories);
    let starts = [[0.5, 0.5 / mean_rate, 0.7, 1.5], [2.0, 2.0 / mean_rate, 0.5, 1.0]];
    fit_purchases(
        histories,
        |[r, alpha, a, b]| PurchaseModel::MbgNbd { r, alpha, a, b },
        [false, true, false, false],
        &starts,
    )
}
