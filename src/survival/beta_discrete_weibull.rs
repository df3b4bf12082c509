//! The beta-discrete-Weibull lifespan: each customer has a churn of its own, and it changes with time.
//!
//! # What it is for
//!
//! The shifted-beta-geometric model lets retention rise only because customers differ. Here each
//! customer's own risk may rise (`c > 1`) or fall (`c < 1`) as well. `c = 1` is the
//! shifted-beta-geometric model.
//!
//! # Assumptions
//!
//! - Contractual, with a chance to leave once a period, as in [`shifted_beta_geometric`](fn@super::shifted_beta_geometric).
//! - A customer is there after `t` periods with probability `(1 − θ)^(t^c)`; θ is beta-distributed over
//!   customers and `c` is the same for all.
//!
//! # When not to use it
//!
//! With few customers or few periods: three parameters describe almost any short curve, and what
//! they project then is worth little. Compare its log-likelihood with that of the simpler model, and
//! hold periods out.
//!
//! # References
//!
//! - Fader, P. S., Hardie, B. G. S., Liu, Y., Davin, J. and Steenburgh, T. (2018). "How to project
//!   customer retention" revisited: the role of duration dependence. Journal of Interactive Marketing
//!   43, 1–16.
//! - Nakagawa, T. and Osaki, S. (1975). The discrete Weibull distribution. IEEE Transactions on
//!   Reliability 24, 300–301.

use super::lifespan_model::{FittedLifespan, LifespanModel};
use super::maximum_likelihood::{Slope, climb, climb_slopes, maximise};
use super::renewal_table::{RenewalRow, RenewalTable};
use super::shifted_beta_geometric::shifted_beta_geometric;
use crate::Error;
use crate::number::special::{CarefulSum, digamma_shift, ln_beta_ratio};

/// The two parameters of the churn among customers and the one of its change, without a unit.
///
/// # Formula
///
/// ```text
/// S(t) = B(a, b + t^c) / B(a, b)
/// r_t  = S(t) / S(t − 1)
/// LL   = sum over t of d_t ln(1 − r_t) + (n_t − d_t) ln r_t
/// where `S(t)` is the share still there after `t` periods,
///       `n_t`, `d_t` are the customers at risk and lost in period `t`.
/// ```
///
/// # Domain
///
/// A table of three periods or more.
///
/// # Undefined
///
/// Nothing. `no-losses` and `losses-in-first-period-only` are answered as by
/// [`shifted_beta_geometric`]. `homogeneous-churn`: the likelihood is highest where all customers are
/// alike; the answer is the discrete Weibull model, `S(t) = (1 − θ)^(t^c)`, with its two parameters.
/// Where the likelihood has no summit, `converged` is false: the curve is right for the observed
/// periods, the parameters one by one are not.
///
/// # Errors
///
/// `too-few-periods` where fewer than three periods were faced by anybody.
///
/// # Assumptions
///
/// Those of the [module](self).
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{RenewalTable, beta_discrete_weibull};
///
/// let survivors = [100.0, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1];
/// let table = RenewalTable::from_survivors(&survivors, Some(1000.0), None)?;
/// let fit = beta_discrete_weibull(&table)?;
/// // Year 12 of the cohort, where 39.4 % were left.
/// assert!((fit.model.survival(12.0) - 0.40393).abs() < 5e-6);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Fader, Hardie, Liu, Davin and Steenburgh (2018).
pub fn beta_discrete_weibull(table: &RenewalTable) -> Result<FittedLifespan, Error> {
    let rows = table.fitted();
    if rows.iter().filter(|row| 0.0 < row.at_risk).count() < 3 {
        return Err(Error::new(
            "too-few-periods",
            "The beta-discrete-Weibull model needs customers observed over three periods or more.",
        ));
    }
    let simple = shifted_beta_geometric(table)?;
    if matches!(simple.remark, Some("no-losses" | "losses-in-first-period-only")) {
        return Ok(simple);
    }
    let (mu, kappa) = match simple.model {
        LifespanModel::ShiftedBetaGeometric { alpha, beta } => {
            (alpha / (alpha + beta), 1.0 / (alpha + beta))
        }
        // Alike so far: start from customers who differ a little.
        _ => (simple.model.churn_in(1.0), 0.05),
    };
    if 1.0 <= mu {
        return Ok(simple);
    }
    let logit = libm::log(mu) - libm::log1p(-mu);
    // The first start is the summit of the simpler model; from the others, the risk rises and falls.
    let starts = [0.0, 0.6, -0.6].map(|ln_c| vec![logit, libm::log(kappa), ln_c]);
    let along = |at: &[f64]| slope(rows, at);
    let Some(mut found) = climb_slopes(&along, &starts) else { return Ok(simple) };
    // Where the customers do not differ the slopes lead beyond all parameters, to this one.
    let alike = discrete_weibull(rows, logit);
    if !found.converged && alike.log_likelihood + 1e-6 < found.log_likelihood {
        found = climb(&along, &starts).unwrap_or(found);
    }
    if found.log_likelihood <= alike.log_likelihood + 1e-6 {
        return Ok(alike);
    }
    let [a, b, c] = parameters(&found.at);
    Ok(FittedLifespan {
        model: LifespanModel::BetaDiscreteWeibull { a, b, c },
        log_likelihood: found.log_likelihood,
        converged: found.converged,
        covariance: found
            .covariance
            .filter(|_| found.converged)
            .map(|covariance| in_a_b_and_c(&covariance, &found.at)),
        remark: None,
    })
}

/// The border: one risk for all, that rises or falls with time.
#[inline(never)]
fn discrete_weibull(rows: &[RenewalRow], logit: f64) -> FittedLifespan {
    let parameters = |at: &[f64]| (1.0 / (1.0 + libm::exp(-at[0])), libm::exp(at[1]));
    let height = |at: &[f64]| {
        if at[0].abs() > 40.0 || at[1].abs() > 4.0 {
            return f64::NEG_INFINITY;
        }
        let (churn, c) = parameters(at);
        let ln_keep = libm::log1p(-churn);
        log_likelihood_of(rows, |t| libm::pow(t, c) * ln_keep)
    };
    let found = maximise(&height, &[logit, -0.2], 0.4);
    let (churn, c) = parameters(&found.at);
    let slopes = [churn * (1.0 - churn), c];
    let covariance = found.covariance.filter(|_| found.converged).map(|covariance| {
        (0..2).map(|i| (0..2).map(|j| slopes[i] * covariance[i][j] * slopes[j]).collect()).collect()
    });
    FittedLifespan {
        model: LifespanModel::DiscreteWeibull { churn, c },
        log_likelihood: found.log_likelihood,
        converged: found.converged,
        covariance,
        remark: Some("homogeneous-churn"),
    }
}

/// `a`, `b` and `c` from the logit of the first churn, the logarithm of `1 / (a + b)` and of `c`.
fn parameters(at: &[f64]) -> [f64; 3] {
    let scale = libm::exp(-at[1]);
    let a = scale / (1.0 + libm::exp(-at[0]));
    let b = scale / (1.0 + libm::exp(at[0]));
    [a, b, libm::exp(at[2])]
}

/// The log-likelihood and its derivatives by the searched parameters.
#[inline(never)]
fn slope(rows: &[RenewalRow], at: &[f64]) -> Slope {
    // Beyond these, the curve no longer changes in any digit.
    if at[1].abs() > 20.0 || at[2].abs() > 4.0 || at[0].abs() > 40.0 {
        return Slope { height: f64::NEG_INFINITY, gradient: vec![0.0; 3] };
    }
    let [a, b, c] = parameters(at);
    let mu = a / (a + b);
    let mut sum = CarefulSum::default();
    let mut gradient = [0.0; 3];
    let (mut before, mut slopes_before) = (0.0, [0.0; 3]);
    let mut period = 0.0;
    for row in rows {
        period += 1.0;
        let ln_period = libm::log(period);
        let x = libm::exp(c * ln_period);
        let now = ln_beta_ratio(a, b, x);
        // ln S by a, b and x.
        let of_all = digamma_shift(a + b, x);
        let (by_a, by_b) = (-of_all, digamma_shift(b, x) - of_all);
        let by_x = -digamma_shift(b + x, a);
        let slopes = [
            mu * (1.0 - mu) * (a + b) * (by_a - by_b),
            -(a * by_a + b * by_b),
            by_x * x * c * ln_period,
        ];
        let ln_stay = (now - before).min(0.0);
        let kept = row.at_risk - row.lost;
        let churn = -libm::expm1(ln_stay);
        let mut by_ln_stay = kept;
        if 0.0 < row.lost {
            sum.add(row.lost * libm::log(churn));
            by_ln_stay -= row.lost * (1.0 - churn) / churn;
        }
        if 0.0 < kept {
            sum.add(kept * ln_stay);
        }
        for (axis, total) in gradient.iter_mut().enumerate() {
            *total += by_ln_stay * (slopes[axis] - slopes_before[axis]);
        }
        (before, slopes_before) = (now, slopes);
    }
    Slope { height: sum.value(), gradient: gradient.to_vec() }
}

/// The log-likelihood of a curve, given as the logarithm of the share still there.
#[inline(never)]
fn log_likelihood_of(rows: &[RenewalRow], ln_survival: impl Fn(f64) -> f64) -> f64 {
    let mut before = 0.0;
    let mut period = 0.0;
    let mut sum = CarefulSum::default();
    for row in rows {
        period += 1.0;
        let now = ln_survival(period);
        let ln_stay = (now - before).min(0.0);
        before = now;
        let kept = row.at_risk - row.lost;
        if 0.0 < row.lost {
            sum.add(row.lost * libm::log(-libm::expm1(ln_stay)));
        }
        if 0.0 < kept {
            sum.add(kept * ln_stay);
        }
    }
    sum.value()
}

/// The covariance of `a`, `b` and `c` from that of the searched parameters.
#[inline(never)]
fn in_a_b_and_c(covariance: &[Vec<f64>], at: &[f64]) -> Vec<Vec<f64>> {
    let [a, b, c] = parameters(at);
    let mu = a / (a + b);
    let slopes = [[a * (1.0 - mu), -a, 0.0], [-b * mu, -b, 0.0], [0.0, 0.0, c]];
    let of = |i: usize, j: usize| -> f64 {
        (0..3)
            .flat_map(|k| (0..3).map(move |l| (k, l)))
            .map(|(k, l)| slopes[i][k] * covariance[k][l] * slopes[j][l])
            .sum()
    };
    (0..3).map(|i| (0..3).map(|j| of(i, j)).collect()).collect()
}
