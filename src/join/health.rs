//! What files beside the history say of the health of its customers: the level of each, when it
//! renews, and up to which day it is known.
//!
//! It scores nothing itself, and lists no account.

use std::collections::BTreeMap;

use super::{Files, Side};
use crate::analysis;
use crate::arrange;
use crate::calendar::Day;
use crate::health::{ReadingOptions, RiskLevel, RiskOptions};
use crate::ledger::{AttributeColumn, CustomerIndex, Histories, Labels};
use crate::note::{Notes, Severity};

/// The column that customers get their level by.
const LEVEL_COLUMN: &str = "health level";

/// What one group of files says of health.
pub(super) struct OfHealth {
    /// The name of its first file.
    pub(super) file: String,
    pub(super) to_history: Vec<Option<CustomerIndex>>,
    /// The level of each of its customers.
    pub(super) column: AttributeColumn,
    /// When each of them renews.
    renewals: Vec<Option<Day>>,
}

impl Files {
    fn reading(&self, file: usize, as_of: Option<Day>) -> ReadingOptions {
        let options = self.beside_key(file).build_options();
        ReadingOptions {
            as_of,
            date_order: options.date_order,
            decimal: options.decimal,
            ..ReadingOptions::default()
        }
    }

    /// The day that everything is counted up to.
    fn day_of_report(&self) -> Option<Day> {
        analysis::as_of(&self.history()?.ledger, &self.choices.analysis)
    }

    /// Counts subscriptions up to the latest login or the like, where that is later: who has not
    /// left until then is still there.
    pub(super) fn count_up_to_activity(&mut self) {
        let of_groups = self.groups.iter().filter_map(|group| {
            let file = group.members().first()?.file;
            group.health.as_ref()?.last_activity(&self.reading(file, None))
        });
        let latest = of_groups.max();
        let built = self.groups.first_mut().and_then(|group| group.built.as_mut());
        if let Some(built) = built
            && matches!(&built.ledger.histories, Histories::Recurring(all) if !all.is_monthly)
        {
            built.ledger.last_day = built.ledger.last_day.max(latest);
        }
    }

    /// The levels of all accounts that are customers of the history, up to the day of the report.
    pub(super) fn health(&self, sides: &[Side]) -> Vec<OfHealth> {
        let as_of = self.day_of_report();
        sides.iter().filter_map(|side| self.health_of(side, as_of)).collect()
    }

    fn health_of(&self, side: &Side, as_of: Option<Day>) -> Option<OfHealth> {
        let group = &self.groups[side.group];
        let (accounts, built) = (group.health.as_ref()?, group.built.as_ref()?);
        let file = group.members().first()?.file;
        let options = RiskOptions {
            reading: self.reading(file, as_of),
            sheet: self.choices.sheet.clone(),
            ..RiskOptions::default()
        };
        let customers = &built.ledger.customers;
        let mut levels: Vec<Option<RiskLevel>> = vec![None; customers.len()];
        let mut renewals: Vec<Option<Day>> = vec![None; customers.len()];
        // Of several rows of an account the gravest counts, and the next renewal.
        let of_rows = accounts.levels(&options).ok()?;
        for one in of_rows {
            let Some(customer) = customers.find(&one.customer) else { continue };
            let place = customer as usize;
            levels[place] = levels[place].into_iter().chain([one.level]).min();
            let is_ahead = |day: &Day| as_of.is_none_or(|as_of| as_of < *day);
            let all = || renewals[place].into_iter().chain(one.renewal);
            renewals[place] = all().filter(is_ahead).min().or_else(|| all().max());
        }
        let mut names: Vec<&str> = levels.iter().flatten().map(|level| level.name()).collect();
        arrange::in_order(&mut names);
        names.dedup();
        let code = |level: &Option<RiskLevel>| {
            let place = names.binary_search(&level.as_ref()?.name()).ok()?;
            u32::try_from(place).ok()
        };
        Some(OfHealth {
            file: self.choices.names.get(file).cloned().unwrap_or_default(),
            to_history: side.matching.to_history.clone(),
            column: AttributeColumn {
                name: LEVEL_COLUMN.to_owned(),
                index: 0,
                codes: levels.iter().map(code).collect(),
                values: Labels { names: names.iter().map(|&name| name.to_owned()).collect() },
                has_too_many: false,
                is_segment: true,
                is_number: false,
            },
            renewals,
        })
    }

    /// Lets subscriptions renew when the account of their customer does, where the history says
    /// neither when nor for how long they run.
    pub(super) fn take_renewals(&mut self, health: &[OfHealth]) {
        let built = self.groups.first_mut().and_then(|group| group.built.as_mut());
        let Some(built) = built.filter(|built| !built.ledger.terms.is_known()) else { return };
        let Histories::Recurring(recurring) = &mut built.ledger.histories else { return };
        if recurring.spells.iter().any(|spell| spell.renewal.is_some()) {
            return;
        }
        let mut next: BTreeMap<CustomerIndex, Day> = BTreeMap::new();
        for one in health {
            for (to, renewal) in one.to_history.iter().zip(&one.renewals) {
                if let (&Some(to), &Some(renewal)) = (to, renewal) {
                    next.entry(to).and_modify(|day| *day = renewal.min(*day)).or_insert(renewal);
                }
            }
        }
        for spell in &mut recurring.spells {
            spell.renewal = next.get(&spell.customer).copied();
        }
    }

    /// Says where levels come from.
    pub(super) fn tell_health(&self, health: &[OfHealth], notes: &mut Notes) {
        let as_of = self.day_of_report();
        for one in health {
            let of_history = one.to_history.iter().zip(&one.column.codes);
            let n_scored = of_history.filter(|(to, code)| to.is_some() && code.is_some()).count();
            notes.tell("levels-from-health", Severity::Info, None, None, || {
                let up_to = as_of.map(|day| format!(", counted up to {}", day.to_iso()));
                format!(
                    "{n_scored} customers have a “{LEVEL_COLUMN}” by the signals in {}{}.",
                    one.file,
                    up_to.unwrap_or_default()
                )
            });
        }
    }
}
