//! Simulated draws of today's churn, and the intervals that they give.
//!
//! It draws nothing whose uncertainty is not stated, and it never seeds itself.

use std::collections::BTreeMap;

use super::churn::BaseChurn;
use super::projection::Interval;
use super::request::Scenario;
use crate::Error;
use crate::formula::input::finite;
use crate::number::interval::DEFAULT_CONFIDENCE;
use crate::number::random::Stream;
use crate::number::special::{exp, exp_m1, ln, ln_1p, power};
use crate::survival::LifespanModel;

/// Draws where a seed is given without a number of them.
const DEFAULT_DRAWS: u32 = 1000;

/// The fewest and the most draws.
const DRAWS: (u32, u32) = (10, 20_000);

/// Above so many cohort-periods, the draws together take too long.
const MOST_STEPS: f64 = 1e9;

/// What today's churn is uncertain by.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Doubt {
    /// Nothing is known of it; the code says why.
    Unknown(&'static str),
    /// A share of counted customer-periods, of another length by `scale`.
    Counted { lost: f64, kept: f64, scale: f64 },
    /// A fitted model, with the Cholesky factor of the covariance of its parameters on a scale
    /// without bounds.
    Fitted { model: LifespanModel, factor: Vec<Vec<f64>> },
}

impl Doubt {
    /// The doubt about a fitted model by the covariance of its parameters.
    pub(super) fn of_model(
        churn: &BaseChurn,
        covariance: Option<&BTreeMap<String, BTreeMap<String, f64>>>,
    ) -> Self {
        let model = match churn {
            BaseChurn::Model(model) => *model,
            BaseChurn::Constant(churn) => LifespanModel::Geometric { churn: *churn },
            BaseChurn::Observed(_) => return Self::Unknown("observed-curve"),
        };
        let Some(covariance) = covariance else { return Self::Unknown("fit-without-covariance") };
        let parameters = model.parameters();
        let entry = |(one, at): (&str, f64), (other, to): (&str, f64)| {
            let raw = covariance.get(one)?.get(other)?;
            Some(raw * slope(one, at) * slope(other, to))
        };
        let rows: Option<Vec<Vec<f64>>> = parameters
            .iter()
            .map(|&one| parameters.iter().map(|&other| entry(one, other)).collect())
            .collect();
        match rows.and_then(|rows| cholesky(&rows)) {
            Some(factor) => Self::Fitted { model, factor },
            None => Self::Unknown("fit-without-covariance"),
        }
    }

    /// Its name: what the intervals rest on.
    pub(super) fn source(&self) -> Result<&'static str, &'static str> {
        match self {
            Self::Unknown(why) => Err(why),
            Self::Counted { .. } => Ok("binomial"),
            Self::Fitted { .. } => Ok("fit-covariance"),
        }
    }

    /// What a counted share was counted from.
    pub(super) fn n(&self) -> Option<f64> {
        match self {
            Self::Counted { lost, kept, .. } => Some(lost + kept),
            _ => None,
        }
    }

    /// The next draw of the churn; nothing where nothing is known.
    pub(super) fn draw(&self, stream: &mut Stream) -> Option<BaseChurn> {
        match self {
            Self::Unknown(_) => None,
            Self::Counted { lost, kept, scale } => {
                // The posterior of a share under Jeffreys' prior.
                let (a, b) = (gamma(stream, lost + 0.5), gamma(stream, kept + 0.5));
                let churn = a / (a + b);
                let is_same = (scale - 1.0).abs() == 0.0;
                let churn = if is_same { churn } else { -exp_m1(scale * ln_1p(-churn)) };
                Some(BaseChurn::Constant(churn))
            }
            Self::Fitted { model, factor } => {
                let mut normals = Vec::with_capacity(factor.len() + 1);
                while normals.len() < factor.len() {
                    let (one, other) = stream.normal_pair();
                    normals.extend([one, other]);
                }
                let values: Vec<f64> = model
                    .parameters()
                    .iter()
                    .zip(factor)
                    .map(|(&(name, value), row)| {
                        let shift: f64 = row.iter().zip(&normals).map(|(c, z)| c * z).sum();
                        moved(name, value, shift)
                    })
                    .collect();
                Some(drawn(model, &values))
            }
        }
    }
}

/// The derivative of a parameter's unbounded scale: the logarithm, and of a share its odds'.
fn slope(name: &str, value: f64) -> f64 {
    if name == "theta" { 1.0 / (value * (1.0 - value)) } else { 1.0 / value }
}

/// A parameter moved by so much on its unbounded scale.
fn moved(name: &str, value: f64, shift: f64) -> f64 {
    if name == "theta" {
        let odds = value / (1.0 - value) * exp(shift);
        odds / (1.0 + odds)
    } else {
        value * exp(shift)
    }
}

fn drawn(model: &LifespanModel, values: &[f64]) -> BaseChurn {
    match (model, values) {
        (LifespanModel::Geometric { .. }, &[churn]) => BaseChurn::Constant(churn),
        (LifespanModel::DiscreteWeibull { .. }, &[churn, c]) => {
            BaseChurn::Model(LifespanModel::DiscreteWeibull { churn, c })
        }
        (LifespanModel::ShiftedBetaGeometric { .. }, &[alpha, beta]) => {
            BaseChurn::Model(LifespanModel::ShiftedBetaGeometric { alpha, beta })
        }
        (LifespanModel::BetaDiscreteWeibull { .. }, &[a, b, c]) => {
            BaseChurn::Model(LifespanModel::BetaDiscreteWeibull { a, b, c })
        }
        (unchanged, _) => BaseChurn::Model(*unchanged),
    }
}

/// The lower triangle whose product with its transpose is the matrix; nothing where it is not
/// positive definite.
fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = matrix.len();
    let mut factor = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let below: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            let rest = matrix[i][j] - below;
            factor[i][j] = if i == j {
                if !(rest.is_finite() && 0.0 < rest) {
                    return None;
                }
                rest.sqrt()
            } else {
                rest / factor[j][j]
            };
        }
    }
    Some(factor)
}

/// A draw of the gamma distribution with a shape above 0 and scale 1.
///
/// G. Marsaglia, W. W. Tsang (2000): A simple method for generating gamma variables. ACM
/// Transactions on Mathematical Software 26(3), 363–372.
fn gamma(stream: &mut Stream, shape: f64) -> f64 {
    if shape < 1.0 {
        let u = 1.0 - stream.unit();
        return gamma(stream, shape + 1.0) * power(u, 1.0 / shape);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let (x, y) = stream.normal_pair();
        for z in [x, y] {
            let root = 1.0 + c * z;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let u = 1.0 - stream.unit();
            if ln(u) < 0.5 * z * z + d - d * v + d * ln(v) {
                return d * v;
            }
        }
    }
}

/// How many draws are asked for, from which seed, for which confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Draws {
    pub(super) n: u32,
    pub(super) seed: f64,
    pub(super) confidence: f64,
}

impl Draws {
    /// What the scenario asks for; nothing where it asks for no draws.
    pub(super) fn of(scenario: &Scenario, n_periods: u32) -> Result<Option<Self>, Error> {
        let confidence = scenario.confidence.unwrap_or(DEFAULT_CONFIDENCE);
        finite("confidence", confidence)?;
        if !(0.0 < confidence && confidence < 1.0) {
            let message = format!("confidence is {confidence}. Enter 95 % as 0.95.");
            return Err(Error::new("confidence-out-of-range", message).in_column("confidence"));
        }
        if scenario.draws.is_none() && scenario.seed.is_none() {
            return Ok(None);
        }
        let (fewest, most) = DRAWS;
        let asked = scenario.draws.unwrap_or_else(|| f64::from(DEFAULT_DRAWS));
        let n =
            (fewest..=most).find(|&n| (f64::from(n) - asked).abs() == 0.0).ok_or_else(|| {
                let message = format!("draws is {asked}. Give {fewest} to {most} whole draws.");
                Error::new("draws-out-of-range", message).in_column("draws")
            })?;
        let steps = f64::from(n) * f64::from(n_periods) * f64::from(n_periods);
        if MOST_STEPS < steps {
            let message = format!(
                "{n} draws of {n_periods} periods take too long. Give fewer draws or periods.",
            );
            return Err(Error::new("draws-out-of-range", message).in_column("draws"));
        }
        let seed = scenario.seed.unwrap_or(1.0);
        let is_seed = (0.0..=9_007_199_254_740_992.0).contains(&seed) && seed.fract() == 0.0;
        if !is_seed {
            let message = format!("seed is {seed}. Give a whole number from 0 to 2^53.");
            return Err(Error::new("seed-out-of-range", message).in_column("seed"));
        }
        Ok(Some(Self { n, seed, confidence }))
    }

    /// The stream of its seed.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "seeds are whole and from 0 to 2⁵³"
    )]
    pub(super) fn stream(&self) -> Stream {
        Stream::seeded(self.seed as u64)
    }

    /// The middle part of the values of all draws: without an end that is infinite, and without any
    /// where a draw has no value.
    pub(super) fn interval(&self, values: &mut [f64]) -> Interval {
        if values.is_empty() || values.iter().any(|value| value.is_nan()) {
            return Interval { low: None, high: None };
        }
        values.sort_by(f64::total_cmp);
        let outside = 0.5 * (1.0 - self.confidence);
        let end = |share: f64| Some(quantile(values, share)).filter(|value| value.is_finite());
        Interval { low: end(outside), high: end(1.0 - outside) }
    }
}

/// The quantile of sorted values, between two neighbours by their distance.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "an index below the number of draws"
)]
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let below = at.floor();
    let (low, high) = (sorted[below as usize], sorted[(below as usize + 1).min(sorted.len() - 1)]);
    low + (at - below) * (high - low)
}
