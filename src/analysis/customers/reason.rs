//! The sets of customers who were lost with a reason, or without one.
//!
//! They are those of the report: it decides neither who is lost nor with what reason.

use serde::{Deserialize, Serialize};

use super::super::reasons::Loss;
use super::super::span::Periods;
use super::Members;
use super::compared::{Closes, Compared};
use super::scope::{self, Scope};
use super::seen::{Seen, Source};
use crate::Error;
use crate::calendar::Day;
use crate::ledger::LabelIndex;

/// In which stretch of time customers were lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum LostWindow {
    /// The latest period that the last day does not cut short.
    LatestPeriod,
    /// The twelve months up to the last day.
    TrailingYear,
    /// From the first day on.
    #[default]
    WholeFile,
}

pub(super) struct ReasonMembers {
    compared: Compared,
    /// None for those who stated none.
    reason: Option<LabelIndex>,
    /// Up to where those of the whole file are looked at.
    whole_file_to: Option<Day>,
}

impl ReasonMembers {
    /// `unknown-reason` where the file has no such reason, `unknown-period` where the report has no
    /// such stretch of time.
    pub(super) fn new(
        scope: &Scope<'_>,
        reason: Option<&str>,
        window: LostWindow,
    ) -> Result<Self, Error> {
        let names = &scope.ledger.reasons.names;
        let place = |reason: &str| {
            let place = names.iter().position(|name| name == reason);
            place.and_then(|place| LabelIndex::try_from(place).ok()).ok_or_else(|| {
                let message = format!("The file has no reason “{reason}”.");
                Error::new("unknown-reason", message).in_column("reason")
            })
        };
        let compared = match window {
            LostWindow::WholeFile => Some(Compared::WHOLE),
            LostWindow::TrailingYear => scope.trailing_year(),
            LostWindow::LatestPeriod => latest_period(scope),
        };
        Ok(Self {
            compared: compared.ok_or_else(|| scope::unknown_period("latest"))?,
            reason: reason.map(place).transpose()?,
            whole_file_to: scope.as_of.filter(|_| window == LostWindow::WholeFile),
        })
    }
}

/// The closes of the last period that the last day does not cut short.
fn latest_period(scope: &Scope<'_>) -> Option<Compared> {
    let periods = scope.periods.as_ref()?;
    let index = periods.index_of(periods.last_complete_day()?);
    let span = Periods::span(periods, index)?;
    scope.period(&span.label).ok()
}

impl Members for ReasonMembers {
    fn compared(&self) -> Compared {
        self.compared
    }

    fn closes(&self) -> Closes {
        self.whole_file_to.map_or(Closes::Same(self.compared), Closes::Leaving)
    }

    fn has(&self, customer: &Seen<'_>) -> bool {
        match customer.source {
            Source::Spells(spells) => {
                let (from, to) = match self.whole_file_to {
                    Some(to) => (None, to),
                    None => (Some(self.compared.then.to), self.compared.now.to),
                };
                Loss::of(spells, from, to).is_some_and(|loss| loss.reason == self.reason)
            }
            Source::Account(account) => account.churned && account.reason == self.reason,
            Source::Orders(_) => false,
        }
    }
}
