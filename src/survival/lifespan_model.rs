//! The contractual lifespan models by their parameters, and what a fit found of them.
//!
//! How the parameters are found is the business of each model's own file.

use std::collections::BTreeMap;

use super::kaplan_meier::two_sided_quantile;
use super::maximum_likelihood::dot;
use crate::Error;
use crate::arrange;
use crate::number::special::{ln_beta_ratio, ln_gamma_shift};

/// The logarithm of a number so large that the beta function is its own leading term there.
const BEYOND: f64 = 200.0;

/// A model of how many periods customers stay, with its parameters.
///
/// `T` is the period at the end of which a customer is lost: 1, 2, 3, …; `S(t)` is the probability
/// to be there after `t` periods, so `S(0) = 1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LifespanModel {
    /// Everybody is lost with the same probability at the end of every period.
    Geometric {
        /// That probability.
        churn: f64,
    },
    /// One risk for all customers, and it rises or falls with time.
    DiscreteWeibull {
        /// The probability to be lost in the first period.
        churn: f64,
        /// How the risk changes: above 1 it rises, below 1 it falls.
        c: f64,
    },
    /// Each customer has a probability of its own, constant over time, beta-distributed.
    ShiftedBetaGeometric {
        /// The first shape of the beta distribution: its mean is `alpha / (alpha + beta)`.
        alpha: f64,
        /// The second shape.
        beta: f64,
    },
    /// Each customer has a probability of its own, and it rises or falls with time.
    BetaDiscreteWeibull {
        /// The first shape of the beta distribution.
        a: f64,
        /// The second shape.
        b: f64,
        /// How each customer's risk changes: above 1 it rises, below 1 it falls.
        c: f64,
    },
}

impl LifespanModel {
    /// Its parameters by their published names.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, f64)> {
        match *self {
            Self::Geometric { churn } => vec![("theta", churn)],
            Self::DiscreteWeibull { churn, c } => vec![("theta", churn), ("c", c)],
            Self::ShiftedBetaGeometric { alpha, beta } => vec![("alpha", alpha), ("beta", beta)],
            Self::BetaDiscreteWeibull { a, b, c } => vec![("a", a), ("b", b), ("c", c)],
        }
    }

    /// The same model with other parameters, in the order of [`Self::parameters`].
    fn with(&self, values: &[f64]) -> Self {
        match (*self, values) {
            (Self::Geometric { .. }, &[churn]) => Self::Geometric { churn },
            (Self::DiscreteWeibull { .. }, &[churn, c]) => Self::DiscreteWeibull { churn, c },
            (Self::ShiftedBetaGeometric { .. }, &[alpha, beta]) => {
                Self::ShiftedBetaGeometric { alpha, beta }
            }
            (Self::BetaDiscreteWeibull { .. }, &[a, b, c]) => Self::BetaDiscreteWeibull { a, b, c },
            (unchanged, _) => unchanged,
        }
    }

    /// The natural logarithm of the share still there after `t >= 0` periods.
    #[must_use]
    pub fn ln_survival(&self, t: f64) -> f64 {
        if t <= 0.0 {
            return 0.0;
        }
        match *self {
            Self::Geometric { churn } => t * libm::log1p(-churn),
            Self::DiscreteWeibull { churn, c } => libm::pow(t, c) * libm::log1p(-churn),
            Self::ShiftedBetaGeometric { alpha, beta } => ln_beta_ratio(alpha, beta, t),
            Self::BetaDiscreteWeibull { a, b, c } => {
                let ln_x = c * libm::log(t);
                if BEYOND < ln_x {
                    ln_gamma_shift(b, a) - a * ln_x
                } else {
                    ln_beta_ratio(a, b, libm::pow(t, c))
                }
            }
        }
    }

    /// The same after `e^y` periods, however many these are.
    pub(super) fn ln_survival_after_exp(&self, y: f64) -> f64 {
        match *self {
            Self::DiscreteWeibull { churn, c } => libm::exp(c * y) * libm::log1p(-churn),
            Self::ShiftedBetaGeometric { alpha, beta } if BEYOND < y => {
                ln_gamma_shift(beta, alpha) - alpha * y
            }
            Self::BetaDiscreteWeibull { a, b, c } if BEYOND < c * y => {
                ln_gamma_shift(b, a) - a * c * y
            }
            _ => self.ln_survival(libm::exp(y)),
        }
    }

    /// The share still there after `t >= 0` periods.
    #[must_use]
    pub fn survival(&self, t: f64) -> f64 {
        libm::exp(self.ln_survival(t))
    }

    /// The share of those who face the end of period `t >= 1` that are lost at it.
    #[must_use]
    pub fn churn_in(&self, t: f64) -> f64 {
        match *self {
            Self::Geometric { churn } => churn,
            Self::ShiftedBetaGeometric { alpha, beta } => alpha / (alpha + beta + t - 1.0),
            Self::DiscreteWeibull { .. } | Self::BetaDiscreteWeibull { .. } => {
                -libm::expm1(self.ln_survival(t) - self.ln_survival(t - 1.0))
            }
        }
    }
}

/// What a fit found.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedLifespan {
    /// The model with its parameters. Where the fit of a richer model ends at the border to a simpler
    /// one, in which all customers are alike, it is the simpler one.
    pub model: LifespanModel,
    /// The logarithm of the likelihood of what was observed.
    pub log_likelihood: f64,
    /// Whether the parameters are a maximum of the likelihood. Where not, they describe the
    /// observed periods but must not be read one by one.
    pub converged: bool,
    /// The covariance of the parameters, in their order, from the observed information; nothing
    /// where the maximum lies on a border.
    pub covariance: Option<Vec<Vec<f64>>>,
    /// What there is to say about the fit, by its kebab-case code: `no-losses`,
    /// `homogeneous-churn`, `losses-in-first-period-only`.
    pub remark: Option<&'static str>,
}

impl FittedLifespan {
    /// The standard errors of the parameters, by name.
    #[must_use]
    pub fn standard_errors(&self) -> Option<Vec<(&'static str, f64)>> {
        let covariance = self.covariance.as_ref()?;
        let names = self.model.parameters().into_iter().enumerate();
        Some(names.map(|(index, (name, _))| (name, covariance[index][index].sqrt())).collect())
    }

    /// The covariance of the parameters, by name.
    #[must_use]
    pub fn covariance_by_name(
        &self,
    ) -> Option<BTreeMap<&'static str, BTreeMap<&'static str, f64>>> {
        let covariance = self.covariance.as_ref()?;
        let names: Vec<&'static str> =
            self.model.parameters().into_iter().map(|(name, _)| name).collect();
        let row = |row: &Vec<f64>| arrange::map(names.iter().copied().zip(row.iter().copied()));
        Some(arrange::map(names.iter().copied().zip(covariance.iter().map(row))))
    }

    /// The interval of a positive number that the model implies, by the delta method on its
    /// logarithm.
    ///
    /// Nothing where there is no covariance or where the number does not exist nearby.
    ///
    /// # Errors
    ///
    /// `confidence-out-of-range`.
    pub fn interval_of(
        &self,
        confidence: f64,
        number: impl Fn(&LifespanModel) -> Option<f64>,
    ) -> Result<Option<(f64, f64)>, Error> {
        let z = two_sided_quantile(confidence)?;
        let log = |model: &LifespanModel| number(model).filter(|value| 0.0 < *value).map(libm::log);
        Ok(self
            .spread(log)
            .map(|(middle, error)| (libm::exp(middle - z * error), libm::exp(middle + z * error))))
    }

    /// The interval of the share still there after `t` periods, on the scale of `ln(−ln S)`.
    ///
    /// # Errors
    ///
    /// `confidence-out-of-range`.
    pub fn survival_interval(&self, confidence: f64, t: f64) -> Result<Option<(f64, f64)>, Error> {
        let z = two_sided_quantile(confidence)?;
        let scale = |model: &LifespanModel| {
            let log = -model.ln_survival(t);
            (0.0 < log && log.is_finite()).then(|| libm::log(log))
        };
        Ok(self.spread(scale).map(|(middle, error)| {
            let share = |at: f64| libm::exp(-libm::exp(at));
            (share(middle + z * error), share(middle - z * error))
        }))
    }

    /// A number that the model implies, and its standard error by the delta method.
    fn spread(&self, number: impl Fn(&LifespanModel) -> Option<f64>) -> Option<(f64, f64)> {
        let covariance = self.covariance.as_ref()?;
        let middle = number(&self.model)?;
        let values: Vec<f64> = self.model.parameters().iter().map(|&(_, value)| value).collect();
        let mut gradient = Vec::with_capacity(values.len());
        for axis in 0..values.len() {
            // A relative distance; the third order of what it leaves out is beyond any digit shown.
            let distance = 1e-4 * values[axis];
            let moved = |to: f64| {
                let mut moved = values.clone();
                moved[axis] = to;
                number(&self.model.with(&moved))
            };
            let (up, down) = (moved(values[axis] + distance)?, moved(values[axis] - distance)?);
            gradient.push((up - down) / (2.0 * distance));
        }
        let variance =
            dot(&gradient, &covariance.iter().map(|row| dot(row, &gradient)).collect::<Vec<f64>>());
        (variance.is_finite() && 0.0 <= variance).then(|| (middle, variance.sqrt()))
    }
}
