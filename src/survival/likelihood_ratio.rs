//! Whether customers differ at all: a richer lifespan model against the geometric one.
//!
//! It compares fits to the same table; it does not say which model projects better.
//!
//! # Assumptions
//!
//! A large sample of customers that leave independently.
//!
//! # When not to use it
//!
//! Between fits to different tables, between models of which none is a border of the other, and where
//! survivors are shares of a size that nobody stated: the statistic grows with the size.
//!
//! # References
//!
//! - Self, S. G. and Liang, K.-Y. (1987). Asymptotic properties of maximum likelihood estimators and
//!   likelihood ratio tests under nonstandard conditions. Journal of the American Statistical
//!   Association 82, 605–610.

use super::lifespan_model::FittedLifespan;

/// Twice the gain in log-likelihood, and how likely it is where customers do not differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LikelihoodRatio {
    /// Twice the difference of the log-likelihoods.
    pub statistic: f64,
    /// The probability of such a gain or a larger one if the geometric model holds, a share.
    pub p_value: f64,
}

/// The likelihood ratio of the shifted-beta-geometric model against the geometric one, without a
/// unit.
///
/// # Formula
///
/// ```text
/// LR = 2 (LL_sbg − LL_geometric)
/// p  = ½ P(χ² with 1 degree of freedom >= LR)   for LR > 0, and 1 for LR = 0
/// where `LL` is the log-likelihood of each fit.
/// ```
///
/// The geometric model lies on the border of the richer one, where half of all samples from it
/// have a gain of exactly 0: hence the half.
///
/// # Domain
///
/// Two fits to the same table.
///
/// # Undefined
///
/// Nothing; a negative gain, possible by rounding only, counts as 0.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// A large sample.
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{
///     RenewalTable, geometric, likelihood_ratio, shifted_beta_geometric,
/// };
///
/// let survivors = [1000.0, 869.0, 743.0, 653.0, 593.0, 551.0, 517.0, 491.0];
/// let table = RenewalTable::from_survivors(&survivors, None, None)?;
/// let ratio = likelihood_ratio(&shifted_beta_geometric(&table)?, &geometric(&table));
/// assert!((ratio.statistic - 51.869).abs() < 5e-4);
/// assert!(ratio.p_value < 1e-12);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Self, S. G. and Liang, K.-Y. (1987). Asymptotic properties of maximum likelihood estimators and
/// likelihood ratio tests under nonstandard conditions. Journal of the American Statistical
/// Association 82, 605–610.
#[must_use]
pub fn likelihood_ratio(richer: &FittedLifespan, geometric: &FittedLifespan) -> LikelihoodRatio {
    let statistic = (2.0 * (richer.log_likelihood - geometric.log_likelihood)).max(0.0);
    let p_value = if 0.0 < statistic { 0.5 * libm::erfc((0.5 * statistic).sqrt()) } else { 1.0 };
    LikelihoodRatio { statistic, p_value }
}
