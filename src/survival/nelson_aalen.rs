//! The Nelson–Aalen curve: the risk of leaving that has piled up by each duration.
//!
//! # What it is for
//!
//! Its slope is the risk at that age, so it shows what a survival curve hides: a straight line is a
//! risk that does not change, a line that flattens is a risk that falls with age.
//!
//! # Assumptions
//!
//! Those of [`kaplan_meier`](fn@super::kaplan_meier): who is last seen is like the others of the same
//! age, and so is who came under observation late.
//!
//! # When not to use it
//!
//! To read a share of customers off it: that is what [`kaplan_meier`](fn@super::kaplan_meier) is for,
//! and `exp(−H)` is above it wherever few are at risk. The piled-up risk is no probability; it exceeds
//! 1.
//!
//! # References
//!
//! - Nelson, W. (1972). Theory and applications of hazard plotting for censored failure data.
//!   Technometrics 14, 945–966.
//! - Aalen, O. O. (1978). Nonparametric inference for a family of counting processes. Annals of
//!   Statistics 6, 701–726.
//! - Klein, J. P. and Moeschberger, M. L. (2003). Survival Analysis, 2nd edition, section 4.2.

use super::kaplan_meier::{count_as_f64, two_sided_quantile};
use super::risk_table::RiskTable;
use crate::Error;

/// The piled-up risk: one entry for each distinct time at which customers were lost.
#[derive(Clone, Debug, PartialEq)]
pub struct NelsonAalen {
    /// The times at which customers were lost, ascending.
    pub timeline: Vec<f64>,
    /// The piled-up risk after each time.
    pub hazard: Vec<f64>,
    /// Its standard error.
    pub standard_error: Vec<f64>,
    /// The lower end of the interval.
    pub low: Vec<f64>,
    /// The upper end of the interval.
    pub high: Vec<f64>,
}

/// The risk of leaving that has piled up by each duration, without a unit.
///
/// # Formula
///
/// ```text
/// H(t)  = sum over t_i <= t of d_i / n_i
/// SE(t) = √(sum over t_i <= t of d_i / n_i²)
/// low, high = H(t) · exp(± z SE(t) / H(t))
/// where `t_i` is a time at which customers were lost,
///       `d_i` is how many were lost then,
///       `n_i` is how many were at risk: entry < t_i <= duration,
///       `z`   is the normal quantile of the confidence.
/// ```
///
/// Customers lost at one time are lost together, as at the end of a billing period; some tools take
/// them one after another, which gives a little more.
///
/// # Domain
///
/// Any table; `0 < confidence < 1`.
///
/// # Undefined
///
/// Nothing. Without a loss the timeline is empty.
///
/// # Errors
///
/// `confidence-out-of-range`.
///
/// # Assumptions
///
/// Those of the [module](self).
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{RiskTable, nelson_aalen};
///
/// // Of four customers one is lost at 1 and one at 2, when three are at risk.
/// let table = RiskTable::from_durations(&[1.0, 2.0, 3.0, 3.0], &[true, true, false, false], None)?;
/// let curve = nelson_aalen(&table, 0.95)?;
/// assert_eq!(curve.hazard, [0.25, 0.25 + 1.0 / 3.0]);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Nelson (1972); Aalen (1978); Klein and Moeschberger (2003), sections 4.2 and 4.3.
pub fn nelson_aalen(table: &RiskTable, confidence: f64) -> Result<NelsonAalen, Error> {
    let z = two_sided_quantile(confidence)?;
    let mut curve = NelsonAalen {
        timeline: Vec::new(),
        hazard: Vec::new(),
        standard_error: Vec::new(),
        low: Vec::new(),
        high: Vec::new(),
    };
    let (mut hazard, mut variance) = (0.0, 0.0);
    for row in table.rows().iter().filter(|row| 0 < row.n_events) {
        let (lost, at_risk) = (count_as_f64(row.n_events), count_as_f64(row.n_at_risk));
        hazard += lost / at_risk;
        variance += lost / (at_risk * at_risk);
        let error = f64::sqrt(variance);
        let factor = libm::exp(z * error / hazard);
        curve.timeline.push(row.time);
        curve.hazard.push(hazard);
        curve.standard_error.push(error);
        curve.low.push(hazard / factor);
        curve.high.push(hazard * factor);
    }
    Ok(curve)
}
