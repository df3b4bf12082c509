//! The mean lifetime under a fitted model: without end, and inside a horizon.
//!
//! It looks beyond the data, and is as good as its model; what the data alone show is
//! [`restricted_mean_lifetime`](fn@super::restricted_mean_lifetime).
//!
//! # Assumptions
//!
//! Those of the model: without end for all time to come, inside a horizon up to it.
//!
//! # When not to use it
//!
//! - Without end where customers differ much: the mean is infinite from `α <= 1` down, and near that
//!   border it rests on a tail that nobody has seen. Go by a horizon or by
//!   [`discounted_lifetime`](fn@super::discounted_lifetime).
//! - As time that was observed: it counts payments, the first one at the start.
//!
//! # References
//!
//! - Fader, P. S. and Hardie, B. G. S. (2007). How to project customer retention. Journal of
//!   Interactive Marketing 21(1), 76–90, appendix B.

use super::lifespan_model::LifespanModel;
use super::quadrature::integral_over_line;
use super::renewal_table::MOST_PERIODS;
use crate::Error;
use crate::number::special::CarefulSum;
use crate::number::{Figure, FormulaId};

/// The expected lifetime of a new customer under a model, in periods.
///
/// # Formula
///
/// ```text
/// E[T] = sum over t >= 0 of S(t)
/// geometric:               1 / θ
/// discrete Weibull:        the sum itself
/// shifted-beta-geometric:  (α + β − 1) / (α − 1)            for α > 1
/// beta-discrete-Weibull:   the sum itself                   for a c > 1
/// where `S(t)` is the share still there after `t` periods.
/// ```
///
/// # Domain
///
/// Any model.
///
/// # Undefined
///
/// `mean-infinite` where the sum does not converge: `α <= 1`, `a c <= 1`, or a churn of 0. It is no
/// rare case: both cohorts of Fader and Hardie (2007) are such. The curve and every lifetime inside
/// a horizon exist all the same.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// Those of the model, for all time to come.
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{LifespanModel, mean_lifetime};
///
/// let model = LifespanModel::Geometric { churn: 0.2 };
/// assert_eq!(mean_lifetime(&model).value, Some(5.0));
/// let model = LifespanModel::ShiftedBetaGeometric { alpha: 0.668, beta: 3.806 };
/// assert_eq!(mean_lifetime(&model).why.as_deref(), Some("mean-infinite"));
/// ```
///
/// # References
///
/// Fader and Hardie (2007), appendix B.
#[must_use]
pub fn mean_lifetime(model: &LifespanModel) -> Figure {
    let inputs = model.parameters();
    match mean_of(model) {
        Some(mean) => Figure::of(FormulaId::MeanLifetime, mean, &inputs),
        None => Figure::undefined(FormulaId::MeanLifetime, "mean-infinite", &inputs),
    }
}

/// The mean, where it is finite.
pub(super) fn mean_of(model: &LifespanModel) -> Option<f64> {
    match *model {
        LifespanModel::Geometric { churn } => (0.0 < churn).then(|| 1.0 / churn),
        LifespanModel::ShiftedBetaGeometric { alpha, beta } => {
            (1.0 < alpha).then(|| (alpha + beta - 1.0) / (alpha - 1.0))
        }
        LifespanModel::DiscreteWeibull { .. } => Some(sum_of_survival(model, 0.0, 0.0)),
        LifespanModel::BetaDiscreteWeibull { a, c, .. } => {
            (1.0 < a * c).then(|| sum_of_survival(model, 0.0, 0.0))
        }
    }
    .filter(|mean| mean.is_finite())
}

/// The expected lifetime of a new customer inside a horizon under a model, in periods.
///
/// # Formula
///
/// ```text
/// E[min(T, H)] = sum over 0 <= t < H of S(t)
/// where `S(t)` is the share still there after `t` periods and `H` is the horizon.
/// ```
///
/// # Domain
///
/// `1 <= horizon <= 100000` whole periods.
///
/// # Undefined
///
/// Nothing: it exists where the mean is infinite, too.
///
/// # Errors
///
/// `horizon-out-of-range`.
///
/// # Assumptions
///
/// Those of the model, up to the horizon.
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{LifespanModel, lifetime_within};
///
/// let model = LifespanModel::Geometric { churn: 0.5 };
/// assert_eq!(lifetime_within(&model, 3)?.value, Some(1.0 + 0.5 + 0.25));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Fader and Hardie (2010).
pub fn lifetime_within(model: &LifespanModel, horizon: usize) -> Result<Figure, Error> {
    if horizon == 0 || MOST_PERIODS < horizon {
        let message =
            format!("The horizon is {horizon} periods. Give 1 to {MOST_PERIODS} whole periods.");
        return Err(Error::new("horizon-out-of-range", message).in_column("horizon"));
    }
    let mut inputs = model.parameters();
    let mut ages = 0.0;
    let mut sum = CarefulSum::default();
    for _ in 0..horizon {
        sum.add(model.survival(ages));
        ages += 1.0;
    }
    inputs.push(("horizon", ages));
    Ok(Figure::of(FormulaId::RestrictedMeanLifetime, sum.value(), &inputs))
}

/// `sum over k >= 0 of S(from + k) / S(from) · (1 + rate)^−k`, for any model.
///
/// Term by term at first, then the formula of Euler and Maclaurin, so that slow tails cost no more.
pub(super) fn sum_of_survival(model: &LifespanModel, from: f64, rate: f64) -> f64 {
    let ln_start = model.ln_survival(from);
    let ln_discount = libm::log1p(rate);
    let ln_term = |k: f64| model.ln_survival(from + k) - ln_start - k * ln_discount;
    let mut sum = CarefulSum::default();
    let mut k = 0.0;
    while k < 512.0 {
        let term = libm::exp(ln_term(k));
        sum.add(term);
        k += 1.0;
        if term < 1e-20 {
            return sum.value();
        }
    }
    let (before, at, after) =
        (libm::exp(ln_term(k - 1.0)), libm::exp(ln_term(k)), libm::exp(ln_term(k + 1.0)));
    sum.add(0.5 * at - (after - before) / 24.0);
    sum.add(tail_integral(model, k, &ln_term, ln_discount));
    sum.value()
}

/// The integral of the terms from `start` on, with `k = start + e^y`.
fn tail_integral(
    model: &LifespanModel,
    start: f64,
    ln_term: &impl Fn(f64) -> f64,
    ln_discount: f64,
) -> f64 {
    // So far out that neither `start` nor the age at the first term is a digit of the time.
    let far = 150.0;
    let ln_at = |y: f64| {
        if y <= far {
            ln_term(start + libm::exp(y))
        } else if 0.0 < ln_discount {
            f64::NEG_INFINITY
        } else {
            let of_far = ln_term(libm::exp(far)) - model.ln_survival_after_exp(far);
            of_far + model.ln_survival_after_exp(y)
        }
    };
    integral_over_line(libm::log(start), 1.0, &|y| libm::exp(ln_at(y) + y))
}
