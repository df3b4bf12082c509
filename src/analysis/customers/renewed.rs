//! The sets of customers who could renew in a period, and those who did or did not.
//!
//! They are those of the renewal rate in the report: who was due is decided where that is counted.

use serde::{Deserialize, Serialize};

use super::super::renewals::{RenewedIn, renewed_in};
use super::Members;
use super::compared::Compared;
use super::scope::Scope;
use super::seen::{Seen, Source};
use crate::Error;
use crate::ledger::{Histories, Spell, Terms};

/// Which of the customers who could renew in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum RenewedGroup {
    /// All of them.
    Due,
    /// Those who are there at the last close.
    Renewed,
    /// Those who are not.
    Lapsed,
}

pub(super) struct RenewedMembers<'a> {
    compared: Compared,
    spells: &'a [Spell],
    terms: &'a Terms,
    group: RenewedGroup,
}

impl<'a> RenewedMembers<'a> {
    pub(super) fn new(scope: &Scope<'a>, label: &str, group: RenewedGroup) -> Result<Self, Error> {
        let spells: &[Spell] = match &scope.ledger.histories {
            Histories::Recurring(recurring) => &recurring.spells,
            _ => &[],
        };
        Ok(Self { compared: scope.period(label)?, spells, terms: &scope.ledger.terms, group })
    }
}

impl Members for RenewedMembers<'_> {
    fn compared(&self) -> Compared {
        self.compared
    }

    fn has(&self, customer: &Seen<'_>) -> bool {
        let Source::Spells(spells) = customer.source else { return false };
        let id = customer.facts.customer;
        let first = self.spells.partition_point(|spell| spell.customer < id);
        let with_terms =
            (first..).zip(spells).map(|(place, spell)| (spell, self.terms.months_of(place)));
        let closes = (self.compared.then.to, self.compared.now.to);
        match renewed_in(with_terms, closes) {
            RenewedIn::Due { is_renewed } => match self.group {
                RenewedGroup::Due => true,
                RenewedGroup::Renewed => is_renewed,
                RenewedGroup::Lapsed => !is_renewed,
            },
            RenewedIn::Unknown | RenewedIn::NotDue => false,
        }
    }
}
