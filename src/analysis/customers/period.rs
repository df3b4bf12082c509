//! The sets of customers that make the movements of one period, or of the trailing year.
//!
//! They tie to the report to the cent, and so follow it where refunds turn a loss into a gain.

use serde::{Deserialize, Serialize};

use super::super::moved::Kind;
use super::Members;
use super::compared::Compared;
use super::scope::Scope;
use super::seen::{Facts, Seen};
use crate::Error;
use crate::number::Minor;

/// Which customers of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum PeriodGroup {
    /// Active at the first close.
    Start,
    /// Active at the last close.
    End,
    /// Active at the first close, not at the last.
    Lost,
    /// Active at the last close, never up to the first.
    New,
    /// Active at the last close, not at the first, but some time before.
    Reactivated,
    /// Whose revenue is in the expansion of the report.
    Expanded,
    /// Whose revenue is in the contraction of the report.
    Contracted,
    /// Active at both closes.
    Retained,
    /// Active between the closes only.
    CameAndWent,
    /// Active at the first close, with more at the last: the expansion in the revenue rates.
    ExpandedOfStart,
    /// Active at both closes, with less at the last: the contraction in the revenue rates.
    ContractedOfStart,
}

impl PeriodGroup {
    fn has(self, facts: &Facts) -> bool {
        let (kind, change) = (facts.kind, facts.change_minor());
        match self {
            Self::Start => facts.then.is_active,
            Self::End => facts.now.is_active,
            Self::Lost => kind == Kind::Lost,
            Self::New => kind == Kind::New,
            Self::Reactivated => kind == Kind::Reactivated,
            Self::Expanded => 0 < change && !matches!(kind, Kind::New | Kind::Reactivated),
            Self::Contracted => change < 0 && kind != Kind::Lost,
            Self::Retained => kind == Kind::Stayed,
            Self::CameAndWent => kind == Kind::CameAndWent,
            Self::ExpandedOfStart => 0 < change && facts.then.is_active,
            Self::ContractedOfStart => change < 0 && kind == Kind::Stayed,
        }
    }
}

pub(super) struct PeriodMembers {
    compared: Compared,
    group: PeriodGroup,
}

impl PeriodMembers {
    pub(super) fn new(scope: &Scope<'_>, label: &str, group: PeriodGroup) -> Result<Self, Error> {
        Ok(Self { compared: scope.period(label)?, group })
    }
}

impl Members for PeriodMembers {
    fn compared(&self) -> Compared {
        self.compared
    }

    fn has(&self, customer: &Seen<'_>) -> bool {
        self.group.has(&customer.facts)
    }

    fn beside_minor(&self, customer: &Seen<'_>) -> Minor {
        let standing = match self.group {
            PeriodGroup::Start => customer.facts.then,
            PeriodGroup::End => customer.facts.now,
            _ => return 0,
        };
        if standing.is_active { 0 } else { standing.revenue_minor }
    }
}
