//! The shifted-beta-geometric lifespan: each customer has a churn of its own, constant over time.
//!
//! # What it is for
//!
//! Retention rises with age in almost every cohort, not because customers change but because they
//! differ: the ones likely to leave leave first. With two parameters the model describes that, and
//! projects a cohort from a few periods to many.
//!
//! # Assumptions
//!
//! - Contractual: it is known when a customer is lost, and that can happen once a period, at its end.
//! - Each customer has one probability to leave, the same in all periods.
//! - These probabilities are beta-distributed over customers.
//! - Customers of all cohorts in the table are alike.
//!
//! # When not to use it
//!
//! - Where each customer's own risk rises or falls with time (a first-year price that ends): see
//!   [`beta_discrete_weibull`](fn@super::beta_discrete_weibull).
//! - Where leaving cannot be seen, as with retail purchases: see [`bg_nbd`](fn@super::bg_nbd).
//! - To read a mean lifetime off it where `alpha <= 1`: the mean is infinite. Use a horizon, or a
//!   discount rate.
//!
//! # Numerics
//!
//! Not the gamma functions of the textbook form but the churn of each period is evaluated,
//! `h_t = μ / (1 + (t − 1) κ)` with `μ = α / (α + β)` and `κ = 1 / (α + β)`. It is exact for any
//! size of the parameters, and `κ = 0` is the geometric model, so that the border between the two
//! is an ordinary point. For each κ the best μ is the root of a falling function; the best κ is
//! searched over the whole range, so that no start can lead astray.
//!
//! # References
//!
//! - Fader, P. S. and Hardie, B. G. S. (2007). How to project customer retention. Journal of
//!   Interactive Marketing 21(1), 76–90.
//! - Fader, P. S. and Hardie, B. G. S. (2010). Customer-base valuation in a contractual setting: the
//!   perils of ignoring heterogeneity. Marketing Science 29(1), 85–93.

use super::geometric::geometric;
use super::lifespan_model::{FittedLifespan, LifespanModel};
use super::maximum_likelihood::{Matrix, inverse_of_positive_definite};
use super::renewal_table::{RenewalRow, RenewalTable};
use crate::Error;
use crate::number::special::CarefulSum;

/// The highest mean churn: at 1, the second shape would be 0 and the model none.
const HIGHEST_MU: f64 = 1.0 - 1e-12;

/// The range of `ln κ` searched: from a churn that is the same for all to one that is all or nothing.
const LN_KAPPA: (f64, f64) = (-16.0, 12.0);

/// The two parameters of the churn among customers, without a unit.
///
/// # Formula
///
/// ```text
/// S(t) = B(α, β + t) / B(α, β)
/// r_t  = (β + t − 1) / (α + β + t − 1)
/// LL   = sum over t of d_t ln(1 − r_t) + (n_t − d_t) ln r_t
/// where `S(t)` is the share still there after `t` periods,
///       `r_t` is the share of those facing the end of period `t` that stay,
///       `n_t`, `d_t` are the customers at risk and lost in period `t`.
/// ```
///
/// # Domain
///
/// A table of two periods or more.
///
/// # Undefined
///
/// Nothing, but three answers carry a remark:
/// - `homogeneous-churn`: the likelihood is highest where all customers are alike; the answer is the
///   geometric model, with its one parameter.
/// - `no-losses`: nobody was lost; the geometric model with a churn of 0.
/// - `losses-in-first-period-only`: some leave at once and the others never; the parameters go to 0
///   and are no maximum. The curve is right for the observed periods.
///
/// # Errors
///
/// `too-few-periods` where fewer than two periods were faced by anybody: one share cannot tell two
/// parameters.
///
/// # Assumptions
///
/// Those of the [module](self).
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{RenewalTable, shifted_beta_geometric};
///
/// // "High End" of Fader and Hardie (2007), table 1: years 0 to 7.
/// let survivors = [100.0, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1];
/// let table = RenewalTable::from_survivors(&survivors, Some(1000.0), None)?;
/// let fit = shifted_beta_geometric(&table)?;
/// let parameters = fit.model.parameters();
/// assert!((parameters[0].1 - 0.668).abs() < 5e-4);
/// assert!((parameters[1].1 - 3.806).abs() < 5e-4);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Fader and Hardie (2007).
pub fn shifted_beta_geometric(table: &RenewalTable) -> Result<FittedLifespan, Error> {
    let rows = table.fitted();
    if rows.iter().filter(|row| 0.0 < row.at_risk).count() < 2 {
        return Err(Error::new(
            "too-few-periods",
            "The shifted-beta-geometric model needs customers observed over two periods or more.",
        ));
    }
    let flat = geometric(table);
    if flat.covariance.is_none() {
        // Nobody was lost, or everybody at once: there is nothing to tell customers apart by.
        return Ok(flat);
    }
    let ln_kappa = best_ln_kappa(rows);
    let mut kappa = libm::exp(ln_kappa);
    let mut mu = best_mu(rows, kappa);
    if rows[1..].iter().all(|row| row.lost <= 0.0) {
        return Ok(FittedLifespan {
            model: model(mu, kappa),
            log_likelihood: log_likelihood(rows, mu, kappa),
            converged: false,
            covariance: None,
            remark: Some("losses-in-first-period-only"),
        });
    }
    let mut converged = false;
    let mut covariance = None;
    for _ in 0..50 {
        let Some((step, inverse)) = newton(rows, mu, kappa) else { break };
        covariance = Some(inverse);
        let fraction = shorten(mu, kappa, step);
        mu += fraction * step.0;
        kappa += fraction * step.1;
        if step.0.abs() <= 1e-14 * mu && step.1.abs() <= 1e-13 * kappa {
            converged = true;
            break;
        }
        // The last digit may go to and fro; near enough is an answer too.
        converged = step.0.abs() <= 1e-10 * mu && step.1.abs() <= 1e-9 * kappa;
    }
    let log_likelihood = log_likelihood(rows, mu, kappa);
    // The border wins where the summit is no higher than what the sum of logarithms can tell.
    let clearly_higher = flat.log_likelihood + 1e-9 * (1.0 + flat.log_likelihood.abs() * 1e-3);
    if log_likelihood <= clearly_higher {
        return Ok(FittedLifespan { remark: Some("homogeneous-churn"), ..flat });
    }
    let covariance = if converged { covariance } else { None };
    Ok(FittedLifespan {
        model: model(mu, kappa),
        log_likelihood,
        converged,
        covariance: covariance.map(|inverse| in_alpha_and_beta(&inverse, mu, kappa)),
        remark: None,
    })
}

fn model(mu: f64, kappa: f64) -> LifespanModel {
    LifespanModel::ShiftedBetaGeometric { alpha: mu / kappa, beta: (1.0 - mu) / kappa }
}

/// Each period with the number of the periods before it.
fn with_age(rows: &[RenewalRow]) -> impl Iterator<Item = (f64, &RenewalRow)> {
    let mut age = -1.0;
    rows.iter().map(move |row| {
        age += 1.0;
        (age, row)
    })
}

#[inline(never)]
fn log_likelihood(rows: &[RenewalRow], mu: f64, kappa: f64) -> f64 {
    let term = |(age, row): (f64, &RenewalRow)| {
        let kept = row.at_risk - row.lost;
        let churn = mu / (1.0 + age * kappa);
        let of_lost = if 0.0 < row.lost { row.lost * libm::log(churn) } else { 0.0 };
        let of_kept = if 0.0 < kept { kept * libm::log1p(-churn) } else { 0.0 };
        of_lost + of_kept
    };
    with_age(rows).map(term).collect::<CarefulSum>().value()
}

/// The μ of the highest likelihood for a κ: where the derivative, which falls, is 0.
#[inline(never)]
fn best_mu(rows: &[RenewalRow], kappa: f64) -> f64 {
    let lost: f64 = rows.iter().map(|row| row.lost).sum();
    let slope = |mu: f64| {
        let of_kept: f64 = with_age(rows)
            .map(|(age, row)| (row.at_risk - row.lost) / (1.0 - mu + age * kappa))
            .sum();
        lost / mu - of_kept
    };
    // Where nobody outlasts the first period, the mean churn is 1 but for what keeps the model one.
    let (mut low, mut high) = (0.0, HIGHEST_MU);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if 0.0 < slope(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// The `ln κ` of the highest likelihood: the best of a grid, then by golden section around it.
#[inline(never)]
fn best_ln_kappa(rows: &[RenewalRow]) -> f64 {
    let height = |ln_kappa: f64| {
        let kappa = libm::exp(ln_kappa);
        log_likelihood(rows, best_mu(rows, kappa), kappa)
    };
    let (first, last) = LN_KAPPA;
    let (mut best, mut highest) = (first, height(first));
    let mut at = first + 0.5;
    while at <= last {
        let found = height(at);
        if highest < found {
            (best, highest) = (at, found);
        }
        at += 0.5;
    }
    let golden = 0.618_033_988_749_894_8;
    let (mut low, mut high) = ((best - 0.5).max(first), (best + 0.5).min(last));
    let (mut left, mut right) = (high - golden * (high - low), low + golden * (high - low));
    let (mut of_left, mut of_right) = (height(left), height(right));
    while 1e-4 < high - low {
        if of_right < of_left {
            (high, right, of_right) = (right, left, of_left);
            left = high - golden * (high - low);
            of_left = height(left);
        } else {
            (low, left, of_left) = (left, right, of_right);
            right = low + golden * (high - low);
            of_right = height(right);
        }
    }
    0.5 * (low + high)
}

/// The step of Newton's method in μ and κ, and the covariance of the two.
#[inline(never)]
fn newton(rows: &[RenewalRow], mu: f64, kappa: f64) -> Option<((f64, f64), Matrix)> {
    let mut sums = [CarefulSum::default(); 5];
    for (age, row) in with_age(rows) {
        let kept = row.at_risk - row.lost;
        let stays = 1.0 - mu + age * kappa;
        let all = 1.0 + age * kappa;
        sums[0].add(row.lost / mu);
        sums[2].add(row.lost / (mu * mu));
        if 0.0 < kept {
            sums[0].add(-kept / stays);
            sums[1].add(kept * age / stays);
            sums[2].add(kept / (stays * stays));
            sums[3].add(-kept * age / (stays * stays));
            sums[4].add(kept * age * age / (stays * stays));
        }
        sums[1].add(-row.at_risk * age / all);
        sums[4].add(-row.at_risk * age * age / (all * all));
    }
    let [by_mu, by_kappa, mu_mu, mu_kappa, kappa_kappa] = sums.map(|sum| sum.value());
    let inverse =
        inverse_of_positive_definite(&[vec![mu_mu, mu_kappa], vec![mu_kappa, kappa_kappa]])?;
    let step = (
        inverse[0][0] * by_mu + inverse[0][1] * by_kappa,
        inverse[1][0] * by_mu + inverse[1][1] * by_kappa,
    );
    Some((step, inverse))
}

/// The part of a step that stays inside the domain.
fn shorten(mu: f64, kappa: f64, step: (f64, f64)) -> f64 {
    let mut fraction = 1.0;
    for _ in 0..60 {
        let (mu, kappa) = (mu + fraction * step.0, kappa + fraction * step.1);
        if 0.0 < mu && mu < 1.0 && 0.0 < kappa {
            break;
        }
        fraction *= 0.5;
    }
    fraction
}

/// The covariance of `α = μ / κ` and `β = (1 − μ) / κ`.
#[inline(never)]
fn in_alpha_and_beta(inverse: &[Vec<f64>], mu: f64, kappa: f64) -> Matrix {
    let slopes =
        [[1.0 / kappa, -mu / (kappa * kappa)], [-1.0 / kappa, -(1.0 - mu) / (kappa * kappa)]];
    let of = |i: usize, j: usize| -> f64 {
        (0..2)
            .flat_map(|k| (0..2).map(move |l| (k, l)))
            .map(|(k, l)| slopes[i][k] * inverse[k][l] * slopes[j][l])
            .sum()
    };
    vec![vec![of(0, 0), of(0, 1)], vec![of(1, 0), of(1, 1)]]
}
