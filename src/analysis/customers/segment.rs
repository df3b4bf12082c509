//! The customers of one segment in a group of a period.
//!
//! They are those that the report counts in it, to the cent: who is counted in which segment is
//! decided where segments are counted.

use serde::{Deserialize, Serialize};

use super::super::segments::Segmentation;
use super::Members;
use super::compared::Compared;
use super::period::{PeriodGroup, PeriodMembers};
use super::scope::Scope;
use super::seen::{Seen, Source};
use crate::Error;
use crate::calendar::Day;
use crate::number::Minor;

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SegmentValue {
    /// The column.
    pub column: String,
    /// Its value; empty for those who have none.
    pub name: String,
}

pub(super) struct SegmentMembers {
    of_period: PeriodMembers,
    segmentation: Segmentation,
    segment: u32,
    as_of: Day,
}

impl SegmentMembers {
    pub(super) fn new(
        scope: &Scope<'_>,
        values: &[SegmentValue],
        period: &str,
        group: PeriodGroup,
    ) -> Result<Self, Error> {
        let dimensions = &scope.ledger.segments;
        let place = |value: &SegmentValue| {
            let mut columns = dimensions.columns().iter();
            columns.position(|column| column.name == value.column).ok_or_else(|| {
                Error::new(
                    "unknown-column",
                    format!("The column “{}” is no segment.", value.column),
                )
                .in_column(value.column.clone())
            })
        };
        let columns = values.iter().map(place).collect::<Result<Vec<usize>, Error>>()?;
        let segmentation = Segmentation::new(dimensions, &columns);
        let is_wanted = |segment: &usize| {
            let own = segmentation.values(*segment, dimensions, &columns);
            own.iter().eq(values.iter().map(|value| &value.name))
        };
        let found = (0..segmentation.len()).find(is_wanted);
        let segment = found.and_then(|segment| u32::try_from(segment).ok()).ok_or_else(|| {
            let names: Vec<&str> = values.iter().map(|value| value.name.as_str()).collect();
            let message = format!("There is no segment “{}”.", names.join(" · "));
            Error::new("unknown-segment", message).in_column("name")
        })?;
        Ok(Self {
            of_period: PeriodMembers::new(scope, period, group)?,
            segmentation,
            segment,
            as_of: scope.as_of.unwrap_or(Day::LATEST),
        })
    }

    fn is_own(&self, customer: &Seen<'_>) -> bool {
        let Compared { then, now } = self.of_period.compared();
        let segment = match customer.source {
            Source::Spells(spells) => {
                self.segmentation.of_spells(spells, self.as_of, (then.to, now.to))
            }
            Source::Orders(orders) => {
                let first = orders.purchases.first().or(orders.refunds.first());
                first.map(|order| self.segmentation.of(order.segment))
            }
            Source::Account(account) => Some(self.segmentation.of(account.segment)),
        };
        segment == Some(self.segment)
    }
}

impl Members for SegmentMembers {
    fn compared(&self) -> Compared {
        self.of_period.compared()
    }

    fn has(&self, customer: &Seen<'_>) -> bool {
        self.of_period.has(customer) && self.is_own(customer)
    }

    fn beside_minor(&self, customer: &Seen<'_>) -> Minor {
        match self.of_period.beside_minor(customer) {
            0 => 0,
            beside if self.is_own(customer) => beside,
            _ => 0,
        }
    }
}
