//! The median lifetime: the duration by which half of the customers are gone.
//!
//! Read off a Kaplan–Meier curve it assumes no model, and has no value where fewer than half are
//! gone; read off a fitted model it is as good as the model.
//!
//! # Assumptions
//!
//! Those of [`kaplan_meier`](fn@super::kaplan_meier), or those of the model.
//!
//! # When not to use it
//!
//! To value customers: half of them may be gone in a month and the other half stay for years. What they
//! bring goes by the mean inside a horizon or by a discounted lifetime.
//!
//! # References
//!
//! - Brookmeyer, R. and Crowley, J. (1982). A confidence interval for the median survival time.
//!   Biometrics 38, 29–41.

use super::kaplan_meier::KaplanMeier;
use super::lifespan_model::FittedLifespan;
use crate::Error;
use crate::number::{Figure, FormulaId};

/// Below a half by rounding only is a half.
const HALF: f64 = 0.5 + 1e-12;

/// The duration by which half of the customers are gone, in the unit of the durations.
///
/// # Formula
///
/// ```text
/// median = the smallest t_i with S(t_i) <= 1/2
/// low    = the smallest t_i with low(t_i) <= 1/2
/// high   = the smallest t_i with high(t_i) <= 1/2
/// where `S` is the Kaplan–Meier curve and `low`, `high` are its log-log band.
/// ```
///
/// Where the curve is exactly 1/2 over a while, R takes the middle of that while, and this the start.
///
/// # Domain
///
/// Any curve.
///
/// # Undefined
///
/// `median-not-reached` where more than half are still there after the longest duration. The lower
/// end of the interval may be known all the same. A defined median has no upper end where the upper
/// band does not come down to a half.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// Those of [`kaplan_meier`](fn@super::kaplan_meier).
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{kaplan_meier, median_lifetime};
///
/// let curve = kaplan_meier(&[1.0, 2.0, 3.0, 4.0], &[true; 4], None, 0.95)?;
/// assert_eq!(median_lifetime(&curve).value, Some(2.0));
/// let curve = kaplan_meier(&[1.0, 2.0, 3.0, 4.0], &[true, false, false, false], None, 0.95)?;
/// assert_eq!(median_lifetime(&curve).why.as_deref(), Some("median-not-reached"));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Brookmeyer, R. and Crowley, J. (1982). A confidence interval for the median survival time.
/// Biometrics 38, 29–41.
#[must_use]
#[inline(never)]
pub fn median_lifetime(curve: &KaplanMeier) -> Figure {
    let first_at_half = |band: &[f64]| {
        let steps = band.iter().zip(&curve.timeline);
        steps.into_iter().find(|&(&share, _)| share <= HALF).map(|(_, &time)| time)
    };
    let inputs = [("last_time", curve.last_time)];
    let figure = match first_at_half(&curve.survival) {
        Some(median) => Figure::of(FormulaId::MedianLifetime, median, &inputs),
        None => Figure::undefined(FormulaId::MedianLifetime, "median-not-reached", &inputs),
    };
    let mut figure = figure.counted_from(curve.n_customers);
    figure.low = first_at_half(&curve.low);
    figure.high = first_at_half(&curve.high);
    figure
}

/// The last period looked at for the median of a model.
const LAST_PERIOD: f64 = 1e9;

/// The whole number of periods after which half of the customers are gone under a fitted model.
///
/// # Formula
///
/// ```text
/// median = the smallest whole t with S(t) <= 1/2
/// where `S` is the survival of the model; the interval is that of its band.
/// ```
///
/// # Domain
///
/// Any fit.
///
/// # Undefined
///
/// `median-not-reached` where more than half are there after a thousand million periods.
///
/// # Errors
///
/// `confidence-out-of-range`.
///
/// # Assumptions
///
/// Those of the model.
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{RenewalTable, geometric, median_of_model};
///
/// let table = RenewalTable::from_survivors(&[100.0, 80.0, 64.0], None, None)?;
/// // 0.8^3 = 0.512 and 0.8^4 = 0.4096.
/// assert_eq!(median_of_model(&geometric(&table), 0.95)?.value, Some(4.0));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Fader and Hardie (2007).
pub fn median_of_model(fitted: &FittedLifespan, confidence: f64) -> Result<Figure, Error> {
    fitted.survival_interval(confidence, 1.0)?;
    let band = |t: f64| fitted.survival_interval(confidence, t).ok().flatten();
    let inputs = fitted.model.parameters();
    let mut figure = match first_at_half(|t| Some(fitted.model.survival(t))) {
        Some(median) => Figure::of(FormulaId::MedianLifetime, median, &inputs),
        None => Figure::undefined(FormulaId::MedianLifetime, "median-not-reached", &inputs),
    };
    figure.low = first_at_half(|t| band(t).map(|(low, _)| low));
    figure.high = first_at_half(|t| band(t).map(|(_, high)| high));
    Ok(figure)
}

/// The first whole `t >= 1` at which a falling share is a half or less.
fn first_at_half(share: impl Fn(f64) -> Option<f64>) -> Option<f64> {
    let is_half = |t: f64| share(t).map(|share| share <= HALF);
    let mut high = 1.0;
    while !is_half(high)? {
        high *= 2.0;
        if LAST_PERIOD < high {
            return None;
        }
    }
    // More than half are there after `low`, half or less after `high`.
    let mut low = (high * 0.5_f64).floor();
    while 1.0 < high - low {
        let middle = (0.5 * (low + high)).floor();
        if is_half(middle)? {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}
