//! The geometric lifespan: everybody is lost with the same probability in every period.
//!
//! # What it is for
//!
//! It is what "one over the churn" means. It is the yardstick for the richer models, and the right
//! one where customers are alike.
//!
//! # Assumptions
//!
//! - One probability for all customers, and the same one in every period.
//! - Customers leave independently of each other.
//!
//! # When not to use it
//!
//! Almost always when the observed churn falls with age, as it does where customers differ: the
//! ones likely to leave do so first. On the two cohorts of Fader and Hardie (2007) the projection
//! is off by a fifth and by three fifths after five years. Use
//! [`shifted_beta_geometric`](fn@super::shifted_beta_geometric) then.
//!
//! # References
//!
//! - Fader, P. S. and Hardie, B. G. S. (2007). How to project customer retention. Journal of
//!   Interactive Marketing 21(1), 76–90.

use super::lifespan_model::{FittedLifespan, LifespanModel};
use super::renewal_table::RenewalTable;
use crate::number::special::CarefulSum;

/// The probability to be lost in a period, one for all, as a share.
///
/// # Formula
///
/// ```text
/// θ  = D / N
/// SE = √(θ (1 − θ) / N)
/// LL = D ln θ + (N − D) ln(1 − θ)
/// where `D` is the sum of customers lost over the periods,
///       `N` is the sum of customers at risk over the periods (customer-periods).
/// ```
///
/// # Domain
///
/// Any table of periods.
///
/// # Undefined
///
/// Nothing. Without a loss θ is 0, with the remark `no-losses` and no standard error: see
/// [`zero_churn_bound`](fn@super::zero_churn_bound) for what that shows.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// Those of the [module](self).
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{LifespanModel, RenewalTable, geometric};
///
/// // Of 100 customers, 80 and 64 are left.
/// let table = RenewalTable::from_survivors(&[100.0, 80.0, 64.0], None, None)?;
/// let fit = geometric(&table);
/// assert_eq!(fit.model, LifespanModel::Geometric { churn: 0.2 });
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Fader and Hardie (2007), appendix.
#[must_use]
#[inline(never)]
pub fn geometric(table: &RenewalTable) -> FittedLifespan {
    let lost = table.fitted().iter().map(|row| row.lost).collect::<CarefulSum>().value();
    let at_risk = table.fitted().iter().map(|row| row.at_risk).collect::<CarefulSum>().value();
    // A period that nobody faced says nothing; where all are such, no loss was seen.
    let churn = if 0.0 < at_risk { lost / at_risk } else { 0.0 };
    let kept = at_risk - lost;
    let inside = 0.0 < lost && 0.0 < kept;
    FittedLifespan {
        model: LifespanModel::Geometric { churn },
        log_likelihood: if inside {
            lost * libm::log(churn) + kept * libm::log1p(-churn)
        } else {
            0.0
        },
        converged: true,
        covariance: inside.then(|| vec![vec![churn * (1.0 - churn) / at_risk]]),
        remark: (lost <= 0.0).then_some("no-losses"),
    }
}
