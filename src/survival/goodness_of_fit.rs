//! Whether a lifespan model describes the losses it was fitted to.
//!
//! It judges the description, not the projection: that is what [`back_test`](fn@super::back_test)
//! does.
//!
//! # Assumptions
//!
//! Counts of customers that leave independently, given who was at risk.
//!
//! # When not to use it
//!
//! - To choose what projects best: a model may describe the past to the last customer and be wrong
//!   about what comes.
//! - With hundreds of thousands of customers: every model is rejected then, for differences that do not
//!   matter. See how large they are.
//!
//! # References
//!
//! - Pearson, K. (1900). On the criterion that a given system of deviations … Philosophical Magazine 50,
//!   157–175.
//! - Cochran, W. G. (1954). Some methods for strengthening the common χ² tests. Biometrics 10, 417–451.

use super::lifespan_model::LifespanModel;
use super::renewal_table::RenewalTable;
use crate::number::special::chi_square_tail;

/// The fewest losses, and the fewest customers kept, that a group of periods is expected to have.
const FEWEST_EXPECTED: f64 = 5.0;

/// How far the observed losses are from the expected ones, all in all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GoodnessOfFit {
    /// Pearson's chi-square.
    pub statistic: f64,
    /// Its degrees of freedom.
    pub degrees_of_freedom: u32,
    /// The probability of such a distance or a larger one if the model holds, a share.
    pub p_value: f64,
}

/// The distance of observed losses from those that a fitted model expects (Pearson's chi-square,
/// without a unit), and how likely it is if the model holds.
///
/// # Formula
///
/// ```text
/// X² = sum over g of (D_g − E_g)² / V_g,   E_g = sum over t in g of n_t h_t,
///      V_g = sum over t in g of n_t h_t (1 − h_t),   D_g = sum over t in g of d_t
/// p  = P(χ² with g − k degrees of freedom >= X²)
/// where `n_t`, `d_t` are the customers at risk and lost in period `t`, `h_t` is the churn of the
///       model, `g` runs over groups of neighbouring periods, `k` is the number of parameters.
/// ```
///
/// Neighbouring periods are one group until five losses and five customers kept are expected of it;
/// what is left at the end joins the last group. Given who was at risk, losses of different periods
/// are independent, so censoring does not matter.
///
/// # Domain
///
/// A model fitted to the same table.
///
/// # Undefined
///
/// None where there are no more groups than parameters: such a model meets the data whatever they
/// are.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// Counts of customers that leave independently. Where survivors are shares of a size that nobody
/// stated, the distance is that of the size assumed.
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{
///     RenewalTable, geometric, goodness_of_fit, shifted_beta_geometric,
/// };
///
/// // "High End" of Fader and Hardie (2007): one churn for all does not describe it.
/// let survivors = [1000.0, 869.0, 743.0, 653.0, 593.0, 551.0, 517.0, 491.0];
/// let table = RenewalTable::from_survivors(&survivors, None, None)?;
/// let alike = goodness_of_fit(&geometric(&table).model, &table).unwrap();
/// let differ = goodness_of_fit(&shifted_beta_geometric(&table)?.model, &table).unwrap();
/// assert!(alike.p_value < 1e-6 && differ.statistic < alike.statistic);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Pearson, K. (1900). On the criterion that a given system of deviations … Philosophical Magazine 50,
/// 157–175. Cochran, W. G. (1954). Some methods for strengthening the common χ² tests. Biometrics 10,
/// 417–451, on small expected counts.
#[must_use]
pub fn goodness_of_fit(model: &LifespanModel, table: &RenewalTable) -> Option<GoodnessOfFit> {
    let mut groups: Vec<Group> = Vec::new();
    let mut group = Group::default();
    let mut period = 0.0;
    for row in table.fitted() {
        period += 1.0;
        let churn = model.churn_in(period).clamp(0.0, 1.0);
        group.lost += row.lost;
        group.expected += row.at_risk * churn;
        group.kept += row.at_risk * (1.0 - churn);
        group.variance += row.at_risk * churn * (1.0 - churn);
        if FEWEST_EXPECTED <= group.expected && FEWEST_EXPECTED <= group.kept {
            groups.push(group);
            group = Group::default();
        }
    }
    if let Some(last) = groups.last_mut() {
        last.lost += group.lost;
        last.expected += group.expected;
        last.variance += group.variance;
    }
    let n_parameters = u32::try_from(model.parameters().len()).ok()?;
    let n_groups = u32::try_from(groups.len()).ok()?;
    let degrees_of_freedom = n_groups.checked_sub(n_parameters)?;
    let distance = |group: &Group| {
        let away = group.lost - group.expected;
        away * away / group.variance
    };
    let statistic = groups.iter().map(distance).sum();
    let p_value = chi_square_tail(statistic, degrees_of_freedom)?;
    Some(GoodnessOfFit { statistic, degrees_of_freedom, p_value })
}

/// Neighbouring periods.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    lost: f64,
    expected: f64,
    kept: f64,
    variance: f64,
}
