//! The Kaplan–Meier curve: the share of customers still there, from all customers at once.
//!
//! # What it is for
//!
//! Most customers of most files have not left yet. Averaging the durations of those who have left
//! is far too low (it leaves out everybody who stays), and averaging everybody's duration so far is
//! too low as well (nobody is finished). The product-limit estimator uses each customer for exactly
//! as long as it was observed.
//!
//! # Assumptions
//!
//! - Who is still a customer at the end of the file is like the others of the same age: being last
//!   seen must not be a sign of leaving.
//! - Who came under observation late (`entry`) is like those observed from the beginning on.
//! - Customers leave independently of each other, for the intervals.
//!
//! # When not to use it
//!
//! - To look beyond the longest duration: it says nothing there. Fit a model, such as
//!   [`shifted_beta_geometric`](fn@super::shifted_beta_geometric).
//! - Where nobody says when a customer left (retail purchases): see [`bg_nbd`](fn@super::bg_nbd).
//! - Where the file holds only customers who are still active, or only those from a date on and
//!   `entry` is not given: those who left earlier are missing, and the curve is too high.
//!
//! # References
//!
//! - Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations.
//!   Journal of the American Statistical Association 53, 457–481.
//! - Greenwood, M. (1926). The natural duration of cancer. Reports on Public Health and Medical
//!   Subjects 33, 1–26.
//! - Kalbfleisch, J. D. and Prentice, R. L. (2002). The Statistical Analysis of Failure Time Data,
//!   2nd edition, section 1.4 (log-log interval).
//! - Klein, J. P. and Moeschberger, M. L. (2003). Survival Analysis, 2nd edition, chapter 4.

use super::risk_table::{DurationCount, EntryCount, RiskTable};
use crate::Error;
use crate::number::interval::two_sided_z;

/// A survival curve: one entry for each distinct time at which customers were lost.
///
/// Times at which customers were only last seen are no steps and have no entry of their own; those
/// customers count in `at_risk` up to that time. Before the first entry the share is 1; from the
/// last entry on it stays the same up to `last_time`, and nothing is known beyond that.
#[derive(Clone, Debug, PartialEq)]
pub struct KaplanMeier {
    /// The times at which customers were lost, ascending.
    pub timeline: Vec<f64>,
    /// Customers under observation just before each time.
    pub at_risk: Vec<u64>,
    /// Customers lost at each time.
    pub events: Vec<u64>,
    /// The share still there after each time.
    pub survival: Vec<f64>,
    /// Greenwood's standard error of that share.
    pub standard_error: Vec<f64>,
    /// The lower end of the log-log interval.
    pub low: Vec<f64>,
    /// The upper end of the log-log interval.
    pub high: Vec<f64>,
    /// The confidence of the intervals, such as 0.95.
    pub confidence: f64,
    /// How many customers there are.
    pub n_customers: u64,
    /// How many of them were observed from duration 0 on.
    pub n_from_the_beginning: u64,
    /// The longest duration, of a lost or of a last seen customer.
    pub last_time: f64,
}

/// The share of customers still there after each duration, between 0 and 1.
///
/// # Formula
///
/// ```text
/// S(t)  = product over t_i <= t of (1 − d_i / n_i)
/// SE(t) = S(t) · √G(t)                        G(t) = sum over t_i <= t of d_i / (n_i (n_i − d_i))
/// low, high = S(t) ^ exp(± z √G(t) / ln S(t))
/// where `t_i` is a time at which customers were lost,
///       `d_i` is how many were lost then,
///       `n_i` is how many were at risk: entry < t_i <= duration,
///       `z`   is the normal quantile of the confidence.
/// ```
///
/// The interval is the log-log one: it stays between 0 and 1 and holds its confidence in small
/// samples. The default of R's `survfit` is another (`log`); its plain one is
/// [`KaplanMeier::plain_interval`].
///
/// # Domain
///
/// `durations` are finite and not negative, in any one unit; `events` says whether the customer was
/// lost at the end of its duration (`true`) or only last seen then (`false`); `entry` is the
/// duration at which each customer came under observation, 0 where that was the beginning.
/// `0 < confidence < 1`.
///
/// # Undefined
///
/// Nothing. Without a loss the timeline is empty. Where everybody at risk is lost the curve is 0
/// with a standard error of 0, its lower end is 0, and its upper end stays that of the step before,
/// since the log-log interval does not exist there.
///
/// # Errors
///
/// Those of [`RiskTable::from_durations`], and `confidence-out-of-range`.
///
/// # Assumptions
///
/// Those of the [module](self).
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::kaplan_meier;
///
/// // Six customers: lost after 6, 6, 6 and 7, still there after 6 and 9 (Freireich et al. 1963, in part).
/// let durations = [6.0, 6.0, 6.0, 6.0, 7.0, 9.0];
/// let events = [true, true, true, false, true, false];
/// let curve = kaplan_meier(&durations, &events, None, 0.95)?;
/// assert_eq!(curve.timeline, [6.0, 7.0]);
/// assert_eq!(curve.at_risk, [6, 2]);
/// assert_eq!(curve.survival, [0.5, 0.25]);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Kaplan and Meier (1958); Greenwood (1926); Kalbfleisch and Prentice (2002), section 1.4.
pub fn kaplan_meier(
    durations: &[f64],
    events: &[bool],
    entry: Option<&[f64]>,
    confidence: f64,
) -> Result<KaplanMeier, Error> {
    kaplan_meier_of_table(&RiskTable::from_durations(durations, events, entry)?, confidence)
}

/// The share of customers still there after each duration, from customers already counted.
///
/// The same curve as [`kaplan_meier`], for files of any size: the work is that of the distinct
/// durations.
///
/// # Formula
///
/// That of [`kaplan_meier`].
///
/// # Domain
///
/// Durations and entries are finite and not negative, in any order, and may repeat.
///
/// # Undefined
///
/// Nothing, as with [`kaplan_meier`].
///
/// # Errors
///
/// Those of [`RiskTable::from_counts`], and `confidence-out-of-range`.
///
/// # Assumptions
///
/// Those of the [module](self).
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{DurationCount, kaplan_meier_of_counts};
///
/// let counts = [
///     DurationCount { duration: 6.0, n_events: 3, n_censored: 1 },
///     DurationCount { duration: 7.0, n_events: 1, n_censored: 0 },
///     DurationCount { duration: 9.0, n_events: 0, n_censored: 1 },
/// ];
/// let curve = kaplan_meier_of_counts(&counts, &[], 0.95)?;
/// assert_eq!(curve.survival, [0.5, 0.25]);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Kaplan and Meier (1958).
#[inline(never)]
pub fn kaplan_meier_of_counts(
    counts: &[DurationCount],
    entries: &[EntryCount],
    confidence: f64,
) -> Result<KaplanMeier, Error> {
    kaplan_meier_of_table(&RiskTable::from_counts(counts, entries)?, confidence)
}

/// The curve of a table of who was at risk and who was lost.
#[inline(never)]
fn kaplan_meier_of_table(table: &RiskTable, confidence: f64) -> Result<KaplanMeier, Error> {
    let z = two_sided_quantile(confidence)?;
    let mut curve = KaplanMeier {
        timeline: Vec::new(),
        at_risk: Vec::new(),
        events: Vec::new(),
        survival: Vec::new(),
        standard_error: Vec::new(),
        low: Vec::new(),
        high: Vec::new(),
        confidence,
        n_customers: table.n_customers(),
        n_from_the_beginning: table.n_from_the_beginning(),
        last_time: table.last_time(),
    };
    let mut survival = 1.0;
    let mut greenwood = 0.0;
    let mut high_before: f64 = 1.0;
    for row in table.rows().iter().filter(|row| 0 < row.n_events) {
        let at_risk = count_as_f64(row.n_at_risk);
        let lost = count_as_f64(row.n_events);
        let kept = count_as_f64(row.n_at_risk - row.n_events);
        survival *= kept / at_risk;
        let (error, low, high) = if survival > 0.0 {
            greenwood += lost / (at_risk * kept);
            let root = greenwood.sqrt();
            let (low, high) = log_log_interval(survival, root, z);
            (survival * root, low, high)
        } else {
            (0.0, 0.0, high_before)
        };
        high_before = high;
        curve.timeline.push(row.time);
        curve.at_risk.push(row.n_at_risk);
        curve.events.push(row.n_events);
        curve.survival.push(survival);
        curve.standard_error.push(error);
        curve.low.push(low);
        curve.high.push(high);
    }
    Ok(curve)
}

/// `S ^ exp(± z √G / ln S)`, for `0 < S < 1`.
fn log_log_interval(survival: f64, root: f64, z: f64) -> (f64, f64) {
    let log = libm::log(survival);
    let width = (z * root / log).abs();
    let low = libm::exp(log * libm::exp(width));
    let high = libm::exp(log * libm::exp(-width));
    (low, high)
}

impl KaplanMeier {
    /// The share still there after `time`: 1 before the first loss.
    ///
    /// Nothing for a negative time, and nothing beyond the longest duration unless everybody is
    /// gone by then.
    #[must_use]
    pub fn survival_at(&self, time: f64) -> Option<f64> {
        let steps = self.timeline.partition_point(|&step| step <= time);
        let survival = if steps == 0 { 1.0 } else { self.survival[steps - 1] };
        let known = 0.0 <= time && (time <= self.last_time || (survival <= 0.0 && 0 < steps));
        known.then_some(survival)
    }

    /// The plain interval `S ± z SE`, cut at 0 and 1: what many tools show.
    ///
    /// It is too narrow and too symmetric near 0 and 1; `low` and `high` are the better choice.
    ///
    /// # Errors
    ///
    /// `confidence-out-of-range`.
    pub fn plain_interval(&self, confidence: f64) -> Result<Vec<(f64, f64)>, Error> {
        let z = two_sided_quantile(confidence)?;
        let steps = self.survival.iter().zip(&self.standard_error);
        Ok(steps.map(|(&s, &se)| ((s - z * se).max(0.0), (s + z * se).min(1.0))).collect())
    }

    /// How many customers were lost.
    #[must_use]
    pub fn n_events(&self) -> u64 {
        self.events.iter().sum()
    }
}

/// The normal quantile of a two-sided interval.
pub(super) fn two_sided_quantile(confidence: f64) -> Result<f64, Error> {
    if let Some(z) = two_sided_z(confidence) {
        return Ok(z);
    }
    Err(Error::new(
        "confidence-out-of-range",
        format!("The confidence is {confidence}. Give a share between 0 and 1, such as 0.95."),
    )
    .in_column("confidence"))
}

/// A count of customers as a number: exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 customers")]
pub(super) fn count_as_f64(count: u64) -> f64 {
    count as f64
}
