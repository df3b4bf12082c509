//! The sets of customers with something up for renewal in the days to come.
//!
//! It guesses no date: who has none is in no such set.

use super::super::renewals::{RenewalDates, RenewalLevels, is_active};
use super::Members;
use super::compared::{Compared, later};
use super::scope::Scope;
use super::seen::{Seen, Source};
use crate::Error;
use crate::calendar::Day;
use crate::ledger::{Histories, LabelIndex, Spell};

pub(super) struct RenewalMembers<'a> {
    compared: Compared,
    dates: Option<RenewalDates<'a>>,
    spells: &'a [Spell],
    from: Day,
    until: Day,
    levels: RenewalLevels<'a>,
    level: Option<String>,
}

impl<'a> RenewalMembers<'a> {
    /// `no-day-to-count-from` where the file has no dates and none was given.
    pub(super) fn new(
        scope: &Scope<'a>,
        within_days: u16,
        level: Option<&str>,
    ) -> Result<Self, Error> {
        let from = scope.renewals_from.ok_or_else(|| {
            let message = "The file has no day to count renewals from. Give one.";
            Error::new("no-day-to-count-from", message).in_column("asOf")
        })?;
        Ok(Self {
            compared: scope.trailing_year().unwrap_or(Compared::WHOLE),
            dates: RenewalDates::of(scope.ledger),
            spells: match &scope.ledger.histories {
                Histories::Recurring(recurring) => &recurring.spells,
                _ => &[],
            },
            from,
            until: later(from, within_days, 1),
            levels: RenewalLevels::of(scope.ledger),
            level: level.map(str::to_owned),
        })
    }

    fn has_level(&self, combination: Option<LabelIndex>) -> bool {
        self.level.as_deref().is_none_or(|level| level == self.levels.level(combination))
    }

    fn is_due(&self, renewal: Day) -> bool {
        self.from < renewal && renewal <= self.until
    }
}

impl Members for RenewalMembers<'_> {
    fn compared(&self) -> Compared {
        self.compared
    }

    fn has(&self, customer: &Seen<'_>) -> bool {
        match customer.source {
            Source::Spells(spells) => {
                let Some(dates) = &self.dates else { return false };
                let id = customer.facts.customer;
                let first = self.spells.partition_point(|spell| spell.customer < id);
                let due = (first..).zip(spells).filter_map(|(place, spell)| {
                    let renewal = dates.next(spell, place, self.from)?;
                    let is_due = is_active(spell, self.from) && self.is_due(renewal);
                    is_due.then_some((renewal, spell.segment))
                });
                // The level is that of what is due first, as in the report.
                due.min_by_key(|(renewal, _)| *renewal)
                    .is_some_and(|(_, combination)| self.has_level(combination))
            }
            Source::Account(account) => {
                !account.churned
                    && account.renewal.is_some_and(|renewal| self.is_due(renewal))
                    && self.has_level(account.segment)
            }
            Source::Orders(_) => false,
        }
    }
}
