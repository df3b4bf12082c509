//! The median lifetime: the duration by which half of the customers are gone.
//!
//! It reads a Kaplan–Meier curve; it assumes no model, and so it has no value where fewer than half
//! are gone.

use super::kaplan_meier::KaplanMeier;
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
/// Those of [`super::kaplan_meier`].
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
