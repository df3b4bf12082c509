//! The discounted expected lifetime, of new customers and of those who have renewed already.
//!
//! Multiplied by the margin of one period it is a lifetime value; it knows no money itself.
//!
//! # Assumptions
//!
//! - Those of the model, for all time that the discount leaves of weight.
//! - One payment at the start of each period, the same for all and for ever; one discount rate.
//! - Who has renewed often is of those who leave least: the model's differences between customers are
//!   real ones.
//!
//! # When not to use it
//!
//! - With a rate near 0 where the mean is infinite: nearly all of the sum comes from a tail that nobody
//!   has seen. Go by a horizon.
//! - For revenue that grows or shrinks with age: it knows survival alone.
//!
//! # References
//!
//! - Fader, P. S. and Hardie, B. G. S. (2010). Customer-base valuation in a contractual setting: the
//!   perils of ignoring heterogeneity. Marketing Science 29(1), 85–93.

use super::lifespan_model::LifespanModel;
use super::mean_lifetime::{mean_of, sum_of_survival};
use crate::Error;
use crate::number::special::hypergeometric_one;
use crate::number::{Figure, FormulaId};

/// The discounted expected lifetime (DEL) of a new customer, in payments at their value today.
///
/// The first payment is made at the start, undiscounted; each renewal brings another one.
///
/// # Formula
///
/// ```text
/// DEL = sum over t >= 0 of S(t) / (1 + d)^t
/// geometric:               (1 + d) / (d + θ)
/// shifted-beta-geometric:  ₂F₁(1, β; α + β; 1 / (1 + d))
/// where `S(t)` is the share still there after `t` periods and `d` is the discount rate per period.
/// ```
///
/// # Domain
///
/// `0 <= d`, per period: a rate per year `D` is `(1 + D)^(1/12) − 1` per month.
///
/// # Undefined
///
/// `mean-infinite` where `d` is 0 and the mean lifetime is infinite.
///
/// # Errors
///
/// `discount-rate-out-of-range` where `d` is negative or no number.
///
/// # Assumptions
///
/// Those of the model, for all time that the discount leaves of weight; one margin and one rate.
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{LifespanModel, discounted_lifetime};
///
/// // Case 1 of Fader and Hardie (2010), table 3.
/// let model = LifespanModel::ShiftedBetaGeometric { alpha: 3.8, beta: 15.2 };
/// let payments = discounted_lifetime(&model, 0.1)?.value.unwrap_or_default();
/// assert!((payments - 4.008925837).abs() < 5e-9);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Fader, P. S. and Hardie, B. G. S. (2010). Customer-base valuation in a contractual setting: the
/// perils of ignoring heterogeneity. Marketing Science 29(1), 85–93.
pub fn discounted_lifetime(model: &LifespanModel, discount_rate: f64) -> Result<Figure, Error> {
    let mut inputs = model.parameters();
    inputs.push(("discount_rate", discount_rate));
    let value = discounted_of(model, discount_rate)?;
    Ok(figure(value, &inputs))
}

/// The discounted expected residual lifetime (DERL) of a customer just before a renewal, in payments
/// at their value then.
///
/// The customer has renewed `renewal − 1` times; the payment of this renewal counts if it is made.
/// Who has stayed long stays longer where customers differ: this is what a customer in hand is
/// worth, and for the same churn it grows with age.
///
/// # Formula
///
/// ```text
/// DERL(n) = sum over t >= n of S(t) / S(n − 1) / (1 + d)^(t − n)
/// geometric:               (1 − θ) (1 + d) / (d + θ)
/// shifted-beta-geometric:  (β + n − 1) / (α + β + n − 1) · ₂F₁(1, β + n; α + β + n; 1 / (1 + d))
/// where `n` is the number of the renewal at hand, `S(t)` is the share still there after `t`
///       periods and `d` is the discount rate per period.
/// ```
///
/// # Domain
///
/// `1 <= renewal`, `0 <= d`.
///
/// # Undefined
///
/// `mean-infinite` where `d` is 0 and the mean lifetime is infinite.
///
/// # Errors
///
/// `discount-rate-out-of-range`; `renewal-out-of-range` where it is 0.
///
/// # Assumptions
///
/// Those of [`discounted_lifetime`].
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{LifespanModel, discounted_residual_lifetime};
///
/// // Fader and Hardie (2010), table 3, case 1: 3.31 before the first renewal, 3.84 before the fifth.
/// let model = LifespanModel::ShiftedBetaGeometric { alpha: 3.8, beta: 15.2 };
/// for (renewal, printed) in [(1, 3.31), (2, 3.45), (3, 3.59), (4, 3.72), (5, 3.84)] {
///     let found = discounted_residual_lifetime(&model, renewal, 0.1)?.value.unwrap_or_default();
///     assert!((found - printed).abs() < 0.005);
/// }
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Fader and Hardie (2010).
pub fn discounted_residual_lifetime(
    model: &LifespanModel,
    renewal: u32,
    discount_rate: f64,
) -> Result<Figure, Error> {
    if renewal == 0 {
        let message = "The renewal is 0. The first one a customer faces is 1.";
        return Err(Error::new("renewal-out-of-range", message).in_column("renewal"));
    }
    check_rate(discount_rate)?;
    let n = f64::from(renewal);
    let mut inputs = model.parameters();
    inputs.extend([("renewal", n), ("discount_rate", discount_rate)]);
    let z = 1.0 / (1.0 + discount_rate);
    let value = match *model {
        LifespanModel::Geometric { churn } => {
            discounted_of(model, discount_rate)?.map(|lifetime| (1.0 - churn) * lifetime)
        }
        LifespanModel::ShiftedBetaGeometric { alpha, beta } => {
            let stays = (beta + n - 1.0) / (alpha + beta + n - 1.0);
            let residual = if 0.0 < discount_rate {
                Some(hypergeometric_one(beta + n, alpha + beta + n, z))
            } else {
                // The sum of the series at 1, by Gauss.
                (1.0 < alpha).then(|| (alpha + beta + n - 1.0) / (alpha - 1.0))
            };
            residual.map(|residual| stays * residual)
        }
        LifespanModel::DiscreteWeibull { .. } | LifespanModel::BetaDiscreteWeibull { .. } => {
            let exists = 0.0 < discount_rate || mean_of(model).is_some();
            exists.then(|| (1.0 - model.churn_in(n)) * sum_of_survival(model, n, discount_rate))
        }
    };
    Ok(figure(value, &inputs))
}

/// The discounted lifetime of a new customer, where it is finite.
pub(super) fn discounted_of(model: &LifespanModel, rate: f64) -> Result<Option<f64>, Error> {
    check_rate(rate)?;
    if rate <= 0.0 {
        return Ok(mean_of(model));
    }
    Ok(Some(match *model {
        LifespanModel::Geometric { churn } => (1.0 + rate) / (rate + churn),
        LifespanModel::ShiftedBetaGeometric { alpha, beta } => {
            hypergeometric_one(beta, alpha + beta, 1.0 / (1.0 + rate))
        }
        LifespanModel::DiscreteWeibull { .. } | LifespanModel::BetaDiscreteWeibull { .. } => {
            sum_of_survival(model, 0.0, rate)
        }
    }))
}

fn check_rate(rate: f64) -> Result<(), Error> {
    if rate.is_finite() && 0.0 <= rate {
        return Ok(());
    }
    let message = format!("The discount rate is {rate}. Give a share per period, such as 0.1.");
    Err(Error::new("discount-rate-out-of-range", message).in_column("discountRate"))
}

fn figure(value: Option<f64>, inputs: &[(&'static str, f64)]) -> Figure {
    match value {
        Some(value) => Figure::of(FormulaId::DiscountedLifetime, value, inputs),
        None => Figure::undefined(FormulaId::DiscountedLifetime, "mean-infinite", inputs),
    }
}
