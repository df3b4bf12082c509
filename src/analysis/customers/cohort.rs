//! The sets of customers who began in one period: who of them is active some periods later.
//!
//! It compares that age with the period in which they began.

use serde::{Deserialize, Serialize};

use super::super::span::Periods;
use super::compared::{Compared, Stretch};
use super::scope::Scope;
use super::seen::{Seen, Source};
use super::{Members, scope};
use crate::Error;
use crate::calendar::Day;
use crate::number::Minor;

/// Which customers of a cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum CohortGroup {
    /// All who began.
    All,
    /// Those active at that age.
    Active,
    /// Those not active at that age.
    Gone,
}

pub(super) struct CohortMembers {
    compared: Compared,
    began: Stretch,
    group: CohortGroup,
}

impl CohortMembers {
    pub(super) fn new(
        scope: &Scope<'_>,
        cohort: &str,
        age: u32,
        group: CohortGroup,
    ) -> Result<Self, Error> {
        let index = scope.index_of(cohort)?;
        let then = scope.stretch(index, cohort)?;
        let later = usize::try_from(age).ok().and_then(|age| index.checked_add(age));
        let n_periods = scope.periods.as_ref().map_or(0, Periods::len);
        let later = later
            .filter(|&later| later < n_periods)
            .ok_or_else(|| scope::unknown_age(cohort, age))?;
        let now = scope.stretch(later, cohort)?;
        Ok(Self { compared: Compared { then, now }, began: then, group })
    }

    fn began(&self, customer: &Seen<'_>) -> bool {
        first_day_of_cohort(customer).is_some_and(|day| self.began.has(day))
    }
}

/// The day that decides on the cohort: the first one active, or of the first purchase.
fn first_day_of_cohort(customer: &Seen<'_>) -> Option<Day> {
    match customer.source {
        Source::Spells(_) => customer.facts.first_day,
        Source::Orders(orders) => orders.purchases.first().map(|purchase| purchase.day),
        Source::Account(_) => None,
    }
}

impl Members for CohortMembers {
    fn compared(&self) -> Compared {
        self.compared
    }

    fn has(&self, customer: &Seen<'_>) -> bool {
        let is_active = customer.facts.now.is_active;
        self.began(customer)
            && match self.group {
                CohortGroup::All => true,
                CohortGroup::Active => is_active,
                CohortGroup::Gone => !is_active,
            }
    }

    fn beside_minor(&self, customer: &Seen<'_>) -> Minor {
        let now = customer.facts.now;
        if self.group == CohortGroup::Active && !now.is_active && self.began(customer) {
            now.revenue_minor
        } else {
            0
        }
    }
}
