//! Churn by age: as observed, as fitted, and as the levers change it.
//!
//! It knows no money and no calendar; what a programme averts is taken off elsewhere.

use crate::Error;
use crate::number::special::{exp, exp_m1, ln_1p};
use crate::survival::LifespanModel;

/// How customers leave today, by age in periods.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum BaseChurn {
    /// The same share in every period.
    Constant(f64),
    /// As a fitted model has it, without end.
    Model(LifespanModel),
    /// As an observed curve has it: the shares still there after 0, 1, 2, … periods.
    Observed(Vec<f64>),
}

impl BaseChurn {
    /// The share of those who face the end of their period `age >= 1` that are lost at it.
    fn at(&self, age: u32) -> Result<f64, Error> {
        match self {
            Self::Constant(churn) => Ok(*churn),
            // Rounding alone leaves the shares.
            Self::Model(model) => Ok(model.churn_in(f64::from(age)).clamp(0.0, 1.0)),
            Self::Observed(survival) => {
                let end = age as usize;
                let (Some(&before), Some(&after)) = (survival.get(end - 1), survival.get(end))
                else {
                    let n_known = survival.len().saturating_sub(1);
                    let message = format!(
                        "The curve ends after {n_known} whole periods, and nothing is known beyond. \
                         Project at most so many periods, or start from a fitted model.",
                    );
                    return Err(Error::new("curve-too-short", message).in_column("periods"));
                };
                Ok(if before <= 0.0 { 1.0 } else { (1.0 - after / before).clamp(0.0, 1.0) })
            }
        }
    }
}

/// What a lever does to a share lost per period.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shift {
    /// Nothing.
    None,
    /// It is this, whatever it was.
    To(f64),
    /// Its hazard, −ln(1 − churn), is so many times what it was: the survival to that power.
    Hazard(f64),
}

impl Shift {
    fn of(self, churn: f64) -> f64 {
        match self {
            Self::None => churn,
            Self::To(value) => value,
            Self::Hazard(factor) if churn < 1.0 => -exp_m1(factor * ln_1p(-churn)),
            Self::Hazard(_) => 1.0,
        }
    }

    /// The same lever as a factor on the hazard of the churn that it was set against, so that it can
    /// be applied to another churn.
    fn relative_to(self, churn: f64) -> Self {
        match self {
            Self::To(value) if 0.0 < churn && churn < 1.0 && 0.0 < value && value < 1.0 => {
                Self::Hazard(ln_1p(-value) / ln_1p(-churn))
            }
            unchanged => unchanged,
        }
    }
}

/// The levers that change churn, as shares per period.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct ChurnLevers {
    /// The share kept per period.
    pub(super) retention: Option<f64>,
    /// The share lost in the first period.
    pub(super) first_period_churn: Option<f64>,
    /// The share lost per period after the first.
    pub(super) tail_churn: Option<f64>,
}

/// How customers leave, by age in periods, under the levers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Churn {
    base: BaseChurn,
    first: Shift,
    tail: Shift,
}

impl Churn {
    /// Applies the levers.
    ///
    /// On a constant churn, a lever is the new churn. On a curve, it scales the hazard of all ages it
    /// is about by one factor, so that the curve keeps its shape: the factor is the one with which
    /// the mean over `n_periods`, weighted by those who face each period, is what the lever says.
    pub(super) fn new(base: BaseChurn, levers: ChurnLevers, n_periods: u32) -> Result<Self, Error> {
        let mut churn = Self { base, first: Shift::None, tail: Shift::None };
        if let Some(retention) = levers.retention {
            let shift = churn.shift_to(1.0 - retention, 1, n_periods)?;
            (churn.first, churn.tail) = (shift, shift);
        }
        if let Some(tail) = levers.tail_churn {
            churn.tail = churn.shift_to(tail, 2, n_periods.max(2))?;
        }
        if let Some(first) = levers.first_period_churn {
            churn.first = Shift::To(first);
        }
        Ok(churn)
    }

    /// The same levers on another base: each as the factor on the hazard that it is on this one.
    pub(super) fn on(&self, base: BaseChurn) -> Result<Self, Error> {
        let first = match self.first {
            Shift::To(_) => self.first.relative_to(self.base.at(1)?),
            unchanged => unchanged,
        };
        let tail = match (self.tail, &self.base) {
            (Shift::To(_), BaseChurn::Constant(churn)) => self.tail.relative_to(*churn),
            (unchanged, _) => unchanged,
        };
        Ok(Self { base, first, tail })
    }

    /// The share of those who face the end of their period `age >= 1` that are lost at it.
    pub(super) fn at(&self, age: u32) -> Result<f64, Error> {
        let shift = if age <= 1 { self.first } else { self.tail };
        match shift {
            Shift::To(value) => Ok(value),
            _ => self.base.at(age).map(|churn| shift.of(churn)),
        }
    }

    /// Lost ÷ faced over the ages from `first_age` to `last_age`, of those who begin there.
    pub(super) fn mean(&self, first_age: u32, last_age: u32) -> Result<f64, Error> {
        let churns: Vec<f64> =
            (first_age..=last_age).map(|age| self.at(age)).collect::<Result<_, _>>()?;
        Ok(mean_churn(&churns, Shift::None))
    }

    /// The churn where it is the same at all ages.
    pub(super) fn constant(&self) -> Option<f64> {
        let (first, tail) = (self.constant_under(self.first)?, self.constant_from_two()?);
        ((first - tail).abs() == 0.0).then_some(first)
    }

    /// The churn of all ages from the second period on, where it is the same.
    pub(super) fn constant_from_two(&self) -> Option<f64> {
        self.constant_under(self.tail)
    }

    fn constant_under(&self, shift: Shift) -> Option<f64> {
        match (shift, &self.base) {
            (Shift::To(value), _) => Some(value),
            (_, BaseChurn::Constant(churn)) => Some(shift.of(*churn)),
            _ => None,
        }
    }

    /// The fitted model, where no lever changes it.
    pub(super) fn model(&self) -> Option<&LifespanModel> {
        match (&self.base, self.first, self.tail) {
            (BaseChurn::Model(model), Shift::None, Shift::None) => Some(model),
            _ => None,
        }
    }

    /// The power of time with which the share still there falls in the end, where it is one:
    /// S(t) ~ t^−x. Its sum over all time is infinite up to x = 1.
    pub(super) fn power_of_time(&self) -> Option<f64> {
        let power = match self.base {
            BaseChurn::Model(LifespanModel::ShiftedBetaGeometric { alpha, .. }) => alpha,
            BaseChurn::Model(LifespanModel::BetaDiscreteWeibull { a, c, .. }) => a * c,
            _ => return None,
        };
        match self.tail {
            Shift::None => Some(power),
            Shift::Hazard(factor) => Some(power * factor),
            Shift::To(_) => None,
        }
    }

    /// Whether nothing is known beyond some age.
    pub(super) fn ends(&self) -> bool {
        matches!((&self.base, self.tail), (BaseChurn::Observed(_), Shift::None | Shift::Hazard(_)))
    }

    fn shift_to(&self, target: f64, first_age: u32, last_age: u32) -> Result<Shift, Error> {
        if let BaseChurn::Constant(_) = self.base {
            return Ok(Shift::To(target));
        }
        let churns: Vec<f64> =
            (first_age..=last_age).map(|age| self.base.at(age)).collect::<Result<_, _>>()?;
        let cannot_scale = churns.iter().all(|&churn| churn <= 0.0 || 1.0 <= churn);
        if cannot_scale || target <= 0.0 || 1.0 <= target {
            return Ok(Shift::To(target));
        }
        let mean_at = |ln_factor: f64| mean_churn(&churns, Shift::Hazard(exp(ln_factor)));
        let (mut low, mut high) = (-60.0, 60.0);
        // Each step halves the distance; 70 exhaust 53 bits.
        for _ in 0..70 {
            let middle = 0.5 * (low + high);
            if mean_at(middle) < target {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(Shift::Hazard(exp(0.5 * (low + high))))
    }
}

/// Lost over all periods ÷ those who face each, along ages that follow each other.
fn mean_churn(churns: &[f64], shift: Shift) -> f64 {
    let (mut there, mut faced) = (1.0, 0.0);
    for &churn in churns {
        faced += there;
        there *= 1.0 - shift.of(churn);
    }
    (1.0 - there) / faced
}
