//! The sets of customers with something up for renewal in the days to come.
//!
//! It guesses no date: who has none is in no such set.

use super::super::renewals::{RenewalDates, RenewalLevels, is_active};
use super::Members;
use super::compared::{Compared, later};
use super::scope::Scope;
use super::seen::{Due, Seen, Source};
use crate::Error;
use crate::calendar::Day;
use crate::ledger::{Histories, LabelIndex, Spell};
use crate::number::Minor;

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
        self.due(customer).is_some()
    }

    fn due(&self, customer: &Seen<'_>) -> Option<Due> {
        match customer.source {
            Source::Spells(spells) => {
                let dates = self.dates.as_ref()?;
                let id = customer.facts.customer;
                let first = self.spells.partition_point(|spell| spell.customer < id);
                let due = || {
                    (first..).zip(spells).filter_map(|(place, spell)| {
                        let renewal = dates.next(spell, place, self.from)?;
                        let is_due = is_active(spell, self.from) && self.is_due(renewal);
                        is_due.then_some((renewal, spell))
                    })
                };
                // The level is that of what is due first, as in the report.
                let (renewal, spell) = due().min_by_key(|(renewal, _)| *renewal)?;
                let revenue_minor = || due().map(|(_, spell)| Minor::from(spell.monthly)).sum();
                self.has_level(spell.segment)
                    .then(|| Due { renewal, revenue_minor: revenue_minor() })
            }
            Source::Account(account) => {
                let renewal = account.renewal.filter(|&renewal| self.is_due(renewal))?;
                let is_due = !account.churned && self.has_level(account.segment);
                let revenue_minor = account.amount.unwrap_or(0).into();
                is_due.then_some(Due { renewal, revenue_minor })
            }
            Source::Orders(_) => None,
        }
    }
}
