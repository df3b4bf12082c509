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
    /// A fitted model as a place, and the Cholesky factor of the covariance of that place.
    Fitted { place: Place, factor: Vec<Vec<f64>> },
}

/// A fitted model by numbers whose uncertainty is about normal.
///
/// The two shapes of the beta distribution are not such: where customers hardly differ, both may be as
/// large as one likes, and only the mean churn is known. So a model stands by the log odds of its mean
/// churn, by how much customers differ, `κ = 1 / (α + β)`, and by the logarithm of how risk changes. A
/// `κ` below 0 is one of 0, at which all customers are alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    log_odds: f64,
    kappa: Option<f64>,
    ln_c: Option<f64>,
}

impl Place {
    fn of(model: &LifespanModel) -> Self {
        let odds = |one: f64, other: f64| ln(one) - ln(other);
        match *model {
            LifespanModel::Geometric { churn } => {
                Self { log_odds: odds(churn, 1.0 - churn), kappa: None, ln_c: None }
            }
            LifespanModel::DiscreteWeibull { churn, c } => {
                Self { log_odds: odds(churn, 1.0 - churn), kappa: None, ln_c: Some(ln(c)) }
            }
            LifespanModel::ShiftedBetaGeometric { alpha, beta } => {
                Self { log_odds: odds(alpha, beta), kappa: Some(1.0 / (alpha + beta)), ln_c: None }
            }
            LifespanModel::BetaDiscreteWeibull { a, b, c } => {
                Self { log_odds: odds(a, b), kappa: Some(1.0 / (a + b)), ln_c: Some(ln(c)) }
            }
        }
    }

    /// How each number changes with each parameter of the model.
    fn slopes(model: &LifespanModel) -> Vec<Vec<f64>> {
        let of_share = |churn: f64| 1.0 / (churn * (1.0 - churn));
        let of_sum = |a: f64, b: f64| -1.0 / ((a + b) * (a + b));
        match *model {
            LifespanModel::Geometric { churn } => vec![vec![of_share(churn)]],
            LifespanModel::DiscreteWeibull { churn, c } => {
                vec![vec![of_share(churn), 0.0], vec![0.0, 1.0 / c]]
            }
            LifespanModel::ShiftedBetaGeometric { alpha, beta } => {
                let by_both = of_sum(alpha, beta);
                vec![vec![1.0 / alpha, -1.0 / beta], vec![by_both, by_both]]
            }
            LifespanModel::BetaDiscreteWeibull { a, b, c } => {
                let by_both = of_sum(a, b);
                vec![
                    vec![1.0 / a, -1.0 / b, 0.0],
                    vec![by_both, by_both, 0.0],
                    vec![0.0, 0.0, 1.0 / c],
                ]
            }
        }
    }

    /// The churn at this place moved by so much.
    fn moved(&self, shifts: &[f64]) -> BaseChurn {
        let mut shifts = shifts.iter().copied();
        let mut next = || shifts.next().unwrap_or(0.0);
        let log_odds = self.log_odds + next();
        let mean = 1.0 / (1.0 + exp(-log_odds));
        let kappa = self.kappa.map(|kappa| kappa + next()).filter(|kappa| 0.0 < *kappa);
        let c = self.ln_c.map(|ln_c| exp(ln_c + next()));
        match (kappa, c) {
            (None, None) => BaseChurn::Constant(mean),
            (None, Some(c)) => BaseChurn::Model(LifespanModel::DiscreteWeibull { churn: mean, c }),
            (Some(kappa), None) => BaseChurn::Model(LifespanModel::ShiftedBetaGeometric {
                alpha: mean / kappa,
                beta: (1.0 - mean) / kappa,
            }),
            (Some(kappa), Some(c)) => BaseChurn::Model(LifespanModel::BetaDiscreteWeibull {
                a: mean / kappa,
                b: (1.0 - mean) / kappa,
                c,
            }),
        }
    }
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
        let raw = |&(one, _): &(&str, f64), &(other, _): &(&str, f64)| -> Option<f64> {
            covariance.get(one)?.get(other).copied()
        };
        let known: Option<Vec<Vec<f64>>> = parameters
            .iter()
            .map(|one| parameters.iter().map(|other| raw(one, other)).collect())
            .collect();
        let Some(known) = known else { return Self::Unknown("fit-without-covariance") };
        let slopes = Place::slopes(&model);
        let entry = |one: &Vec<f64>, other: &Vec<f64>| -> f64 {
            let along = |row: &Vec<f64>| row.iter().zip(other).map(|(c, s)| c * s).sum::<f64>();
            one.iter().zip(&known).map(|(slope, row)| slope * along(row)).sum()
        };
        let rows: Vec<Vec<f64>> = slopes
            .iter()
            .map(|one| slopes.iter().map(|other| entry(one, other)).collect())
            .collect();
        match cholesky(&rows) {
            Some(factor) => Self::Fitted { place: Place::of(&model), factor },
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
            Self::Fitted { place, factor } => {
                let mut normals = Vec::with_capacity(factor.len() + 1);
                while normals.len() < factor.len() {
                    let (one, other) = stream.normal_pair();
                    normals.extend([one, other]);
                }
                let shift = |row: &Vec<f64>| row.iter().zip(&normals).map(|(c, z)| c * z).sum();
                Some(place.moved(&factor.iter().map(shift).collect::<Vec<f64>>()))
            }
        }
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
