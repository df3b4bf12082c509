//! The sets of customers who began in one period: who of them is active some periods later.
//!
//! It compares that age with the period in which they began, or counted in days, with the first age.

use serde::{Deserialize, Serialize};

use super::super::CohortClock;
use super::compared::{Closes, Compared, Stretch, later};
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
    /// All who began, also those who have not come to that age yet.
    All,
    /// Those active at that age.
    Active,
    /// Those not active at that age who have come to it.
    Gone,
}

pub(super) struct CohortMembers {
    compared: Compared,
    /// The days of an age and the age, where ages are counted in days.
    in_days: Option<(u16, u32)>,
    as_of: Day,
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
        let unknown = || scope::unknown_period(cohort);
        let (periods, as_of) = scope.cohort_periods().zip(scope.as_of).ok_or_else(unknown)?;
        let index = periods.spans().position(|span| span.label == cohort).ok_or_else(unknown)?;
        let began = Scope::stretch_of(&periods, index).ok_or_else(unknown)?;
        if let CohortClock::Days(days) = scope.cohorts.clock {
            if as_of < later(began.after.next(), days, age) {
                return Err(scope::unknown_age(cohort, age));
            }
            let compared = Compared { then: began, now: Stretch { after: began.to, to: as_of } };
            return Ok(Self { compared, in_days: Some((days, age)), as_of, began, group });
        }
        let later = usize::try_from(age).ok().and_then(|age| index.checked_add(age));
        let now = later.and_then(|later| Scope::stretch_of(&periods, later));
        let now = now.ok_or_else(|| scope::unknown_age(cohort, age))?;
        Ok(Self { compared: Compared { then: began, now }, in_days: None, as_of, began, group })
    }

    /// Whether a customer who began on a day has come to the age.
    fn has_reached(&self, first_day: Day) -> bool {
        self.in_days.is_none_or(|(days, age)| later(first_day, days, age) <= self.as_of)
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

    fn closes(&self) -> Closes {
        match self.in_days {
            Some((days, age)) => Closes::Age { days, age },
            None => Closes::Same(self.compared),
        }
    }

    fn has(&self, customer: &Seen<'_>) -> bool {
        let is_active = customer.facts.now.is_active;
        let has_reached = || first_day_of_cohort(customer).is_some_and(|day| self.has_reached(day));
        self.began(customer)
            && match self.group {
                CohortGroup::All => true,
                CohortGroup::Active => is_active && has_reached(),
                CohortGroup::Gone => !is_active && has_reached(),
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
