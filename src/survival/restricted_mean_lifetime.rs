//! The restricted mean lifetime: the area under the survival curve up to a horizon.
//!
//! It never looks beyond the data; a mean without a horizon needs a model.
//!
//! # Assumptions
//!
//! Those of [`kaplan_meier`](fn@super::kaplan_meier), and no other: no model, no constant churn.
//!
//! # When not to use it
//!
//! - To say how long a customer stays in all: it is cut at the horizon, and the later that is, the more
//!   it is.
//! - To compare groups by horizons of different length. Take one that all of them were observed to.
//!
//! # References
//!
//! - Klein, J. P. and Moeschberger, M. L. (2003). Survival Analysis, 2nd edition, section 4.5.
//! - Royston, P. and Parmar, M. K. B. (2013). Restricted mean survival time. BMC Medical Research
//!   Methodology 13, 152.

use super::kaplan_meier::{KaplanMeier, count_as_f64, two_sided_quantile};
use crate::Error;
use crate::number::{Figure, FormulaId};

/// The mean lifetime inside a horizon, in the unit of the durations.
///
/// It is what a customer is worth in time if nothing beyond the horizon counts: of 72 months, the
/// average customer stays so many. Unlike one over the churn it assumes no constant churn.
///
/// # Formula
///
/// ```text
/// RMST(τ) = ∫ from 0 to τ of S(t) dt
/// Var     = sum over t_i <= τ of A_i² d_i / (n_i (n_i − d_i)),   A_i = ∫ from t_i to τ of S(t) dt
/// low, high = RMST ± z √Var, cut at 0 and τ
/// where `S` is the Kaplan–Meier curve, `d_i` of `n_i` customers at risk were lost at `t_i`,
///       and terms with n_i = d_i are 0.
/// ```
///
/// # Domain
///
/// `0 < horizon <= last_time`, by default the last time: the longest duration, of a lost or of a
/// last seen customer. A later horizon is allowed where everybody is gone by then.
///
/// # Undefined
///
/// - `horizon-beyond-data` where the horizon is later than the last time and the curve is not 0: it
///   is not known there. Some tools go on as if nobody left any more.
/// - `no-observed-time` where every duration is 0.
///
/// Where nobody was lost by the horizon the value is the horizon, without an interval: the data put
/// no number on how far it could be below.
///
/// # Errors
///
/// `horizon-out-of-range` where the horizon is not a positive number.
///
/// # Assumptions
///
/// Those of [`kaplan_meier`](fn@super::kaplan_meier).
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{kaplan_meier, restricted_mean_lifetime};
///
/// let curve = kaplan_meier(&[1.0, 2.0, 3.0, 4.0], &[true; 4], None, 0.95)?;
/// let mean = restricted_mean_lifetime(&curve, Some(3.0))?;
/// assert_eq!(mean.value, Some(1.0 + 0.75 + 0.5));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Klein, J. P. and Moeschberger, M. L. (2003). Survival Analysis, 2nd edition, section 4.5.
/// Royston, P. and Parmar, M. K. B. (2013). Restricted mean survival time. BMC Medical
/// Research Methodology 13, 152.
#[inline(never)]
pub fn restricted_mean_lifetime(
    curve: &KaplanMeier,
    horizon: Option<f64>,
) -> Result<Figure, Error> {
    if let Some(horizon) = horizon
        && !(horizon.is_finite() && 0.0 < horizon)
    {
        return Err(Error::new(
            "horizon-out-of-range",
            format!(
                "The horizon is {horizon}. Give a positive time, in the unit of the durations."
            ),
        )
        .in_column("horizon"));
    }
    let horizon = horizon.unwrap_or(curve.last_time);
    let formula = FormulaId::RestrictedMeanLifetime;
    let inputs = [("horizon", horizon), ("last_time", curve.last_time)];
    let undefined =
        |why| Ok(Figure::undefined(formula, why, &inputs).counted_from(curve.n_customers));
    if horizon <= 0.0 {
        return undefined("no-observed-time");
    }
    if curve.survival_at(horizon).is_none() {
        return undefined("horizon-beyond-data");
    }
    // From the last step back, so that each step finds the area behind it.
    let steps = curve.timeline.partition_point(|&time| time <= horizon);
    let mut area = 0.0;
    let mut variance = 0.0;
    let mut until = horizon;
    for step in (0..steps).rev() {
        let time = curve.timeline[step];
        area += curve.survival[step] * (until - time);
        let kept = count_as_f64(curve.at_risk[step] - curve.events[step]);
        if 0.0 < kept {
            let at_risk = count_as_f64(curve.at_risk[step]);
            variance += area * area * count_as_f64(curve.events[step]) / (at_risk * kept);
        }
        until = time;
    }
    let mean = area + until;
    let figure = Figure::of(formula, mean, &inputs).counted_from(curve.n_customers);
    if steps == 0 {
        return Ok(figure);
    }
    let error = variance.sqrt();
    let width = two_sided_quantile(curve.confidence)? * error;
    let mut figure = figure.with_interval(((mean - width).max(0.0), (mean + width).min(horizon)));
    figure.inputs.insert("standard_error".into(), error);
    Ok(figure)
}
