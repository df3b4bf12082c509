//! The log-rank test: whether groups of customers leave at the same pace.
//!
//! # What it is for
//!
//! Two curves never lie on each other. The test says how often curves as far apart as these come about
//! where the groups do not differ at all.
//!
//! # Assumptions
//!
//! - Being last seen has nothing to do with leaving, in any of the groups.
//! - Customers leave independently of each other.
//! - Each customer's group was settled at its start: a group that customers join by staying (a plan
//!   for the loyal) wins by its definition.
//! - The groups were chosen before their curves were seen; of twenty comparisons one is below 5 % by
//!   chance.
//!
//! # When not to use it
//!
//! Where curves cross: early and late differences cancel then. To say how large a difference is: see
//! [`proportional_hazards`](fn@super::proportional_hazards) and the curves themselves.
//!
//! # References
//!
//! - Mantel, N. (1966). Evaluation of survival data and two new rank order statistics arising in its
//!   consideration. Cancer Chemotherapy Reports 50, 163–170.
//! - Peto, R. and Peto, J. (1972). Asymptotically efficient rank invariant test procedures. Journal of
//!   the Royal Statistical Society A 135, 185–207.
//! - Klein, J. P. and Moeschberger, M. L. (2003). Survival Analysis, 2nd edition, section 7.3.

use super::grouped_risk::grouped;
use super::kaplan_meier::count_as_f64;
use super::maximum_likelihood::{dot, inverse_of_positive_definite};
use super::risk_table::RiskTable;
use crate::Error;
use crate::number::special::chi_square_tail;

/// How far groups are from leaving at the same pace.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRank {
    /// The losses of each group if all left at one pace.
    pub expected: Vec<f64>,
    /// Its actual losses.
    pub observed: Vec<f64>,
    /// The test; nothing where fewer than two groups were ever at risk together.
    pub test: Option<LogRankTest>,
}

/// The test statistic and how likely it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogRankTest {
    /// The chi-square.
    pub statistic: f64,
    /// Its degrees of freedom.
    pub degrees_of_freedom: u32,
    /// The probability of it or a larger one where the groups do not differ, a share.
    pub p_value: f64,
}

/// Losses of each group against those expected at one pace for all (customers), and the test whether
/// they differ.
///
/// # Formula
///
/// ```text
/// E_g  = sum over t_i of n_gi d_i / n_i
/// V_gh = sum over t_i of (n_gi / n_i) (δ_gh − n_hi / n_i) d_i (n_i − d_i) / (n_i − 1)
/// χ²   = (O − E)ᵀ V⁻¹ (O − E) without one of the groups, with one degree of freedom less than groups
/// where `n_gi` of the `n_i` customers at risk at `t_i` are of group g, `d_i` were lost then in all,
///       `O_g` were lost in group g over all times.
/// ```
///
/// # Domain
///
/// Two tables or more, in one unit of time. Ties, censoring and late entries are as in
/// [`kaplan_meier`](fn@super::kaplan_meier).
///
/// # Undefined
///
/// `test` is none where nobody was lost while two groups were at risk. A group that never was at risk
/// together with another takes no part in it.
///
/// # Errors
///
/// `too-few-groups` below two.
///
/// # Assumptions
///
/// Those of the [module](self).
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{RiskTable, log_rank};
///
/// let kept = RiskTable::from_durations(&[4.0, 5.0, 6.0, 6.0], &[true, false, false, false], None)?;
/// let lost = RiskTable::from_durations(&[1.0, 2.0, 3.0, 6.0], &[true, true, true, false], None)?;
/// let found = log_rank(&[&kept, &lost])?;
/// // Half of the 8, 4 of 7 and 4 of 6 were of the first group when one was lost, and 4 of 5 at 4.
/// assert!((found.expected[0] - (4.0 / 8.0 + 4.0 / 7.0 + 4.0 / 6.0 + 4.0 / 5.0)).abs() < 1e-12);
/// assert_eq!(found.observed, [1.0, 3.0]);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Mantel (1966); Klein and Moeschberger (2003), equation 7.3.5.
pub fn log_rank(tables: &[&RiskTable]) -> Result<LogRank, Error> {
    check_groups(tables)?;
    let n_groups = tables.len();
    let rows = grouped(tables);
    let mut expected = vec![0.0; n_groups];
    let mut variance = vec![vec![0.0; n_groups]; n_groups];
    for row in &rows {
        let all: f64 = row.at_risk.iter().sum();
        let lost: f64 = row.lost.iter().sum();
        for g in 0..n_groups {
            let share = row.at_risk[g] / all;
            expected[g] += share * lost;
            if all <= 1.0 {
                continue;
            }
            let spread = lost * (all - lost) / (all - 1.0);
            for (h, entry) in variance[g].iter_mut().enumerate() {
                let own = if g == h { 1.0 } else { 0.0 };
                *entry += share * (own - row.at_risk[h] / all) * spread;
            }
        }
    }
    let observed: Vec<f64> = tables.iter().map(|table| count_as_f64(table.n_events())).collect();
    let away: Vec<f64> = observed.iter().zip(&expected).map(|(o, e)| o - e).collect();
    // Groups that were never at risk beside another have no variance.
    let mut free: Vec<usize> =
        (0..n_groups).filter(|&g| 1e-12 * (1.0 + expected[g]) < variance[g][g]).collect();
    free.pop();
    let matrix: Vec<Vec<f64>> =
        free.iter().map(|&g| free.iter().map(|&h| variance[g][h]).collect()).collect();
    let inverse = inverse_of_positive_definite(&matrix).filter(|_| !free.is_empty());
    let test = inverse.and_then(|inverse| {
        let away: Vec<f64> = free.iter().map(|&g| away[g]).collect();
        let turned: Vec<f64> = inverse.iter().map(|row| dot(row, &away)).collect();
        let statistic = dot(&turned, &away).max(0.0);
        let degrees_of_freedom = u32::try_from(free.len()).ok()?;
        let p_value = chi_square_tail(statistic, degrees_of_freedom)?;
        Some(LogRankTest { statistic, degrees_of_freedom, p_value })
    });
    Ok(LogRank { expected, observed, test })
}

/// Fails unless there is something to compare.
pub(super) fn check_groups(tables: &[&RiskTable]) -> Result<(), Error> {
    if 2 <= tables.len() {
        return Ok(());
    }
    let message = format!("There are {} groups. Give two at least to compare.", tables.len());
    Err(Error::new("too-few-groups", message).in_column("groups"))
}
