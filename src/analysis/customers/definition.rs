//! The sets of customers who make a definition of a metric differ from the default.
//!
//! What counts as different is the business of the definitions; here is only where they look.

use super::super::definitions::Counted;
use super::super::levels::Levels;
use super::Members;
use super::compared::{Compared, Stretch};
use super::scope::Scope;
use super::seen::{Seen, Source};
use crate::Error;
use crate::calendar::Day;
use crate::ledger::{Histories, Recurring};

pub(super) struct DefinitionMembers<'a> {
    compared: Compared,
    /// None of a default, which nobody counts otherwise.
    counted: Option<Counted>,
    levels: Option<Levels<'a>>,
}

impl<'a> DefinitionMembers<'a> {
    pub(super) fn new(scope: &Scope<'a>, metric: &str, name: &str) -> Result<Self, Error> {
        let counted = Counted::of(metric, name);
        let is_of_year = counted.is_some_and(Counted::is_of_year);
        let year = scope.trailing_year().filter(|_| is_of_year);
        let compared = match year {
            Some(year) => year,
            None => latest_complete(scope)?,
        };
        let levels = match (&scope.ledger.histories, scope.as_of) {
            (Histories::Recurring(recurring), Some(as_of)) => Some(Levels::new(recurring, as_of)),
            _ => None,
        };
        Ok(Self { compared, counted, levels })
    }
}

/// The period that definitions are about: the last complete one, or the last one where none is.
fn latest_complete(scope: &Scope<'_>) -> Result<Compared, Error> {
    let Some((periods, as_of)) = scope.periods.as_ref().zip(scope.as_of) else {
        return Ok(Compared::WHOLE);
    };
    let last = periods.index_of(as_of);
    let complete = periods
        .last_complete_day()
        .map(|day| periods.index_of(day))
        .filter(|&complete| first_day(scope).is_some_and(|day| periods.index_of(day) <= complete));
    let index = complete.unwrap_or(last);
    let now = scope.stretch(index, "")?;
    let then = match index.checked_sub(1) {
        Some(before) => scope.stretch(before, "")?,
        None => Stretch { after: now.after, to: now.after },
    };
    Ok(Compared { then, now })
}

/// The first day of the data.
fn first_day(scope: &Scope<'_>) -> Option<Day> {
    match &scope.ledger.histories {
        Histories::Recurring(Recurring { spells, .. }) => {
            let valid = spells.iter().filter(|spell| spell.end.is_none_or(|end| spell.start < end));
            valid.map(|spell| spell.start).min()
        }
        Histories::Purchases(purchases) => {
            let mut first: Option<Day> = None;
            purchases.for_each_customer(|bought, returned| {
                let days =
                    [first, bought.first().map(|one| one.day), returned.first().map(|one| one.day)];
                first = days.into_iter().flatten().min();
            });
            first
        }
        Histories::Totals(_) | Histories::Accounts(_) => None,
    }
}

impl Members for DefinitionMembers<'_> {
    fn compared(&self) -> Compared {
        self.compared
    }

    fn has(&self, customer: &Seen<'_>) -> bool {
        let Some(counted) = self.counted else { return false };
        let Compared { then, now } = self.compared;
        let closes = (now.after, now.to);
        match customer.source {
            Source::Spells(spells) => self
                .levels
                .as_ref()
                .is_some_and(|levels| counted.differs_by_spells(spells, levels, closes)),
            Source::Orders(orders) => counted.differs_by_orders(orders, then.after, closes),
            Source::Account(_) => false,
        }
    }
}
