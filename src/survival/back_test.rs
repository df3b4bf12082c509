//! How far a model's projection was off in the periods it was not fitted to.
//!
//! It judges a model by the data held out, not by how well it describes what it was fitted to.
//!
//! # Assumptions
//!
//! What was held out is like what comes next: the customers who reached those ages are like those who
//! will.
//!
//! # When not to use it
//!
//! - As the error to expect far beyond the data: it is that of the periods held out, and errors of
//!   projections grow.
//! - With a handful of customers left at the ages held out: the observed share is off by chance then, and
//!   so is the error. See how many were at risk.
//!
//! # References
//!
//! - Fader, P. S. and Hardie, B. G. S. (2007). How to project customer retention. Journal of
//!   Interactive Marketing 21(1), 76–90, figures 3 and 4.

use super::lifespan_model::LifespanModel;
use super::renewal_table::RenewalTable;

/// One period that was held out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BackTestRow {
    /// The period.
    pub period: f64,
    /// The share still there after it, observed.
    pub observed: f64,
    /// The share still there after it, projected.
    pub projected: f64,
    /// Projected over observed, less 1: positive where the model promises too many. Nothing where
    /// nobody was left.
    pub error: Option<f64>,
}

/// The periods held out, and the mean of the sizes of their errors.
#[derive(Clone, Debug, PartialEq)]
pub struct BackTest {
    /// The last period fitted.
    pub fitted_to: f64,
    /// The share still there after 0, 1, 2, … periods under the model judged, up to the last one held
    /// out.
    pub curve: Vec<(f64, f64)>,
    /// The periods, in order.
    pub rows: Vec<BackTestRow>,
    /// The mean of the absolute relative errors; nothing where none is known.
    pub mean_absolute_error: Option<f64>,
}

/// The relative error of a projection in each period held out, as shares.
///
/// # Formula
///
/// ```text
/// error_t = S_model(t) / S_observed(t) − 1
/// where `S_observed` is the Kaplan–Meier estimate of the whole table,
///       `t` runs over the periods after the last one fitted.
/// ```
///
/// # Domain
///
/// A model fitted to the periods up to [`RenewalTable::fit_to`] of the same table.
///
/// # Undefined
///
/// The mean is none where no period was held out, or none in which anybody was left.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// None beyond those of the model.
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{RenewalTable, back_test, shifted_beta_geometric};
///
/// // "Regular" of Fader and Hardie (2007), fitted to years 0 to 7, judged by years 8 to 12.
/// let survivors =
///     [100.0, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3];
/// let table = RenewalTable::from_survivors(&survivors, None, Some(7))?;
/// let test = back_test(&shifted_beta_geometric(&table)?.model, &table);
/// assert_eq!(test.rows.len(), 5);
/// assert!(test.mean_absolute_error.is_some_and(|error| (error - 0.014864).abs() < 5e-7));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Fader and Hardie (2007), figures 3 and 4.
#[must_use]
#[inline(never)]
pub fn back_test(model: &LifespanModel, table: &RenewalTable) -> BackTest {
    let mut period = 0.0;
    let (mut rows, mut curve, mut fitted_to) = (Vec::new(), Vec::new(), 0.0);
    for (index, observed) in table.observed().into_iter().enumerate() {
        let projected = model.survival(period);
        curve.push((period, projected));
        if index == table.fit_to() {
            fitted_to = period;
        }
        if table.fit_to() < index {
            let error = (0.0 < observed).then(|| projected / observed - 1.0);
            rows.push(BackTestRow { period, observed, projected, error });
        }
        period += 1.0;
    }
    let (mut sum, mut n) = (0.0, 0.0);
    for error in rows.iter().filter_map(|row| row.error) {
        sum += error.abs();
        n += 1.0;
    }
    BackTest { fitted_to, curve, rows, mean_absolute_error: (0.0 < n).then(|| sum / n) }
}
