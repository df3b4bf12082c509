//! The Gamma–Gamma model: what a customer spends per purchase, from the average so far.
//!
//! # What it is for
//!
//! The average of two purchases says little about the third; the average of all customers says
//! nothing about this one. The model weighs the two by how many purchases there are.
//!
//! # Assumptions
//!
//! - The amounts of one customer vary at random around its own mean.
//! - These means vary between customers, and not over time.
//! - How much a customer spends per purchase does not depend on how often it buys.
//!
//! # When not to use it
//!
//! Where amount and frequency go together (see [`FittedSpend::correlation`]), or where refunds make
//! averages of zero or less.
//!
//! A customer without a repeat purchase has no average here; it is expected to spend the mean of all,
//! which may well be more than what is expected of one with a low average.
//!
//! # References
//!
//! - Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). RFM and CLV: using iso-value curves for
//!   customer base analysis. Journal of Marketing Research 42, 415–430.
//! - Fader, P. S. and Hardie, B. G. S. (2013). The Gamma–Gamma model of monetary value.

use super::maximum_likelihood::{Matrix, Slope, climb};
use super::risk_table::check_length;
use crate::Error;
use crate::number::special::{CarefulSum, digamma_shift, ln_beta};

/// The Gamma–Gamma model with its parameters, and what its fit found.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedSpend {
    /// The shape of one customer's amounts.
    pub p: f64,
    /// The shape of the distribution of the customers' rates.
    pub q: f64,
    /// The rate of that distribution, in the unit of the amounts.
    pub gamma: f64,
    /// The logarithm of the likelihood of the averages.
    pub log_likelihood: f64,
    /// Whether the parameters are a maximum of the likelihood.
    pub converged: bool,
    /// The covariance of `p`, `q` and `gamma` from the observed information.
    pub covariance: Option<Matrix>,
    /// How many customers have a repeat purchase, and so count.
    pub n_customers: u64,
    /// Pearson's correlation of frequency and average amount, which the model takes to be 0; nothing
    /// where one of them does not vary.
    pub correlation: Option<f64>,
}

/// The three parameters of amounts (`gamma` in the unit of the amounts, the others without a unit).
///
/// # Formula
///
/// ```text
/// L = Γ(p x + q) / (Γ(p x) Γ(q)) · γ^q z^(p x − 1) x^(p x) / (γ + x z)^(p x + q)
/// where `x` is the number of a customer's repeat purchases and `z` is their average amount.
/// ```
///
/// # Domain
///
/// Customers with `x >= 1` and `z > 0` count; those with `x = 0` are left aside, whatever their `z`.
///
/// # Undefined
///
/// Nothing; where the averages do not determine all parameters, `converged` is false.
///
/// # Errors
///
/// `lengths-differ`; `frequency-not-whole`, `history-not-finite`, `history-negative` for a frequency;
/// `value-not-finite`, `value-not-positive` for the average of a customer who counts;
/// `too-few-customers` where fewer than three count.
///
/// # Assumptions
///
/// Those of the [module](self).
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::gamma_gamma;
///
/// let frequency = [1.0, 2.0, 1.0, 4.0, 7.0, 3.0, 0.0];
/// let average = [11.77, 22.35, 29.0, 35.5, 73.74, 41.0, 0.0];
/// let fit = gamma_gamma(&frequency, &average)?;
/// assert_eq!(fit.n_customers, 6);
/// // The more purchases, the more the customer's own average counts.
/// let once = fit.expected_value(1.0, 60.0).unwrap_or_default();
/// let often = fit.expected_value(9.0, 60.0).unwrap_or_default();
/// assert!(once < often && often < 60.0);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Fader, Hardie and Lee (2005); Fader and Hardie (2013), equation 1a.
pub fn gamma_gamma(frequency: &[f64], average_value: &[f64]) -> Result<FittedSpend, Error> {
    check_length("frequencies", frequency.len(), "average values", average_value.len())?;
    let mut rows: Vec<(f64, f64)> = Vec::new();
    for (index, (&x, &z)) in frequency.iter().zip(average_value).enumerate() {
        check_spend(x, z, index)?;
        if 0.0 < x {
            rows.push((x, z));
        }
    }
    if rows.len() < 3 {
        return Err(Error::new(
            "too-few-customers",
            format!(
                "{} customers have a repeat purchase, and three parameters need three at least.",
                rows.len()
            ),
        ));
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut n = 0.0;
    let mut total = CarefulSum::default();
    for &(_, z) in &rows {
        n += 1.0;
        total.add(z);
    }
    // In units of the mean, so that cents and millions are searched alike.
    let unit = total.value() / n;
    let scaled: Vec<(f64, f64)> = rows.iter().map(|&(x, z)| (x, z / unit)).collect();
    let along = |at: &[f64]| {
        if at.iter().any(|log| log.abs() > 14.0) {
            return Slope { height: f64::NEG_INFINITY, gradient: vec![0.0; 3] };
        }
        slope(&scaled, [libm::exp(at[0]), libm::exp(at[1]), libm::exp(at[2])])
    };
    let starts = [[2.0, 3.0, 1.0], [8.0, 8.0, 0.9]];
    let starts = starts.map(|start: [f64; 3]| start.map(libm::log).to_vec());
    let Some(found) = climb(&along, &starts) else {
        return Err(Error::new("too-few-customers", "Nothing could be fitted."));
    };
    let values: Vec<f64> =
        found.at.iter().zip([1.0, 1.0, unit]).map(|(&log, unit)| libm::exp(log) * unit).collect();
    let n_customers = rows.len() as u64;
    Ok(FittedSpend {
        p: values[0],
        q: values[1],
        gamma: values[2],
        log_likelihood: found.log_likelihood - n * libm::log(unit),
        converged: found.converged,
        covariance: found.covariance.filter(|_| found.converged).map(|covariance| {
            let scaled = |i: usize, j: usize| values[i] * covariance[i][j] * values[j];
            (0..3).map(|i| (0..3).map(|j| scaled(i, j)).collect()).collect()
        }),
        n_customers,
        correlation: correlation(&rows),
    })
}

fn check_spend(x: f64, z: f64, index: usize) -> Result<(), Error> {
    let fail = |code, column: &str, what: String| {
        let message = format!("The customer at position {index} has {what}");
        Err(Error::new(code, message).in_column(column))
    };
    if !x.is_finite() {
        return fail(
            "history-not-finite",
            "frequency",
            "a frequency that is no number.".to_owned(),
        );
    }
    if x < 0.0 {
        return fail("history-negative", "frequency", format!("a frequency of {x}."));
    }
    if 0.0 < x.fract() {
        return fail("frequency-not-whole", "frequency", format!("a frequency of {x}."));
    }
    if x <= 0.0 {
        return Ok(());
    }
    if !z.is_finite() {
        let what = "an average value that is no number.".to_owned();
        return fail("value-not-finite", "averageValue", what);
    }
    if z <= 0.0 {
        let what = format!(
            "an average value of {z}. Leave out refunds and free purchases before averaging."
        );
        return fail("value-not-positive", "averageValue", what);
    }
    Ok(())
}

/// The log-likelihood and its derivatives by the logarithms of the parameters.
fn slope(rows: &[(f64, f64)], [p, q, gamma]: [f64; 3]) -> Slope {
    let mut sum = CarefulSum::default();
    let mut gradient = [0.0; 3];
    let mut frequency = 0.0;
    let mut of_frequency = 0.0;
    let (mut by_p, mut by_q) = (0.0, 0.0);
    for &(x, z) in rows {
        if frequency < x {
            frequency = x;
            of_frequency = ln_beta(p * x, q);
            (by_p, by_q) = (x * digamma_shift(p * x, q), digamma_shift(q, p * x));
        }
        let spent = x * z;
        let (over, under) = (libm::log1p(gamma / spent), libm::log1p(spent / gamma));
        sum.add(-of_frequency - p * x * over - q * under - libm::log(z));
        gradient[0] += by_p - x * over;
        gradient[1] += by_q - under;
        gradient[2] += (q * spent / gamma - p * x) / (spent + gamma);
    }
    let gradient = gradient.into_iter().zip([p, q, gamma]).map(|(by, at)| by * at).collect();
    Slope { height: sum.value(), gradient }
}

/// Pearson's correlation.
fn correlation(rows: &[(f64, f64)]) -> Option<f64> {
    let mut n = 0.0;
    let (mut mean_x, mut mean_z) = (0.0, 0.0);
    let (mut xx, mut zz, mut xz) = (0.0, 0.0, 0.0);
    for &(x, z) in rows {
        n += 1.0;
        let (from_x, from_z) = (x - mean_x, z - mean_z);
        mean_x += from_x / n;
        mean_z += from_z / n;
        xx += from_x * (x - mean_x);
        zz += from_z * (z - mean_z);
        xz += from_x * (z - mean_z);
    }
    let product = xx * zz;
    (0.0 < product).then(|| xz / product.sqrt())
}

impl FittedSpend {
    /// The standard errors of the parameters, by name.
    #[must_use]
    pub fn standard_errors(&self) -> Option<Vec<(&'static str, f64)>> {
        let covariance = self.covariance.as_ref()?;
        let names = ["p", "q", "gamma"].into_iter().enumerate();
        Some(names.map(|(index, name)| (name, covariance[index][index].sqrt())).collect())
    }

    /// The mean amount per purchase over all customers: `p γ / (q − 1)`.
    ///
    /// Nothing where `q <= 1`, since it is infinite there.
    #[must_use]
    pub fn mean_value(&self) -> Option<f64> {
        self.expected_value(0.0, 0.0)
    }

    /// The expected amount per purchase of a customer with `x` repeat purchases of `z` on average:
    /// `p (γ + x z) / (p x + q − 1)`.
    ///
    /// For `x = 0` it is the mean of all. Nothing where it is infinite.
    #[must_use]
    pub fn expected_value(&self, x: f64, z: f64) -> Option<f64> {
        let spent = if 0.0 < x { x * z } else { 0.0 };
        let below = self.p * x + self.q - 1.0;
        (0.0 < below).then(|| self.p * (self.gamma + spent) / below)
    }
}
