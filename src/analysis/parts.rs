//! Which parts of a report are wanted, and what has to be counted for them.
//!
//! It counts nothing itself.

use serde::de::IntoDeserializer;
use serde::de::value::Error as NameError;
use serde::{Deserialize, Serialize};

use crate::calendar::Granularity;

/// A part of a report, by the name of its field. What was read always comes and is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum ReportPart {
    /// Every period.
    Periods,
    /// The twelve months up to `as_of`.
    TrailingYear,
    /// The twelve months before those.
    YearBefore,
    /// Customers by the period they began in.
    Cohorts,
    /// The latest period by segment.
    Segments,
    /// How customers were told apart.
    Segmentation,
    /// How much of the revenue hangs on few customers.
    Concentration,
    /// Why customers left, over the whole file.
    Reasons,
    /// Why customers left, by stretch of time.
    LostByReason,
    /// What is up for renewal in the next 90 days.
    Renewals,
    /// What moved net revenue retention.
    Bridges,
    /// What is up for renewal by window.
    RenewalOutlook,
    /// How long customers stay.
    Survival,
    /// Purchases in all.
    Purchases,
    /// Lifetime value and lifespan.
    Value,
    /// Vendors' definitions side by side.
    Definitions,
    /// Warnings by published thresholds.
    Triggers,
    /// What several warnings mean.
    Alarm,
    /// Published ranges.
    Benchmarks,
    /// Which metrics matter at which stage.
    Stages,
    /// How several files were joined.
    Files,
}

impl ReportPart {
    /// Those whose spans are the same whatever the periods are.
    pub(crate) const OF_FIXED_SPANS: [Self; 3] =
        [Self::YearBefore, Self::Bridges, Self::Concentration];

    /// Those that are counted by segment.
    pub(crate) const OF_SEGMENTS: [Self; 2] = [Self::Segments, Self::Segmentation];

    /// The part with the name of a field of the report.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = IntoDeserializer::<NameError>::into_deserializer(name);
        Self::deserialize(name).ok()
    }

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// The parts of a report that are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts(u32);

impl Parts {
    /// The whole report.
    pub const ALL: Self = Self(u32::MAX);

    /// These and no others.
    #[must_use]
    pub fn of(parts: &[ReportPart]) -> Self {
        Self(parts.iter().fold(0, |bits, part| bits | part.bit()))
    }

    /// Those that are among others as well.
    #[must_use]
    pub(crate) fn among(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// These without some.
    #[must_use]
    pub(crate) fn without(self, parts: &[ReportPart]) -> Self {
        Self(self.0 & !Self::of(parts).0)
    }

    /// Whether there is none.
    #[must_use]
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a part is wanted.
    #[must_use]
    pub fn has(self, part: ReportPart) -> bool {
        self.has_any(&[part])
    }

    /// Whether one of several is wanted.
    #[must_use]
    pub fn has_any(self, parts: &[ReportPart]) -> bool {
        self.0 & Self::of(parts).0 != 0
    }
}

/// In which periods the rates of revenue have an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PeriodIntervals {
    /// In none: nothing is drawn.
    None,
    /// In the latest complete one, which is among the latest two.
    Latest,
    /// In all, of which those of the latest 13 are drawn.
    All,
}

impl PeriodIntervals {
    /// In how many of the latest periods they are drawn, at most.
    pub(super) fn n_drawn(self) -> usize {
        match self {
            Self::None => 0,
            Self::Latest => 2,
            Self::All => 13,
        }
    }
}

/// Whether the figures of a span are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SpanFigures {
    /// Not at all.
    None,
    /// Those of customers, whose intervals are not drawn.
    OfCustomers,
    /// All, with what has to be drawn for them.
    All,
}

/// What has to be counted of the customers for the parts that are wanted.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says of one thing whether it is counted")]
pub(super) struct Needs {
    /// What moved in every period.
    pub(super) movements: bool,
    pub(super) period_intervals: PeriodIntervals,
    pub(super) trailing_year: SpanFigures,
    pub(super) year_before: SpanFigures,
    pub(super) bridges: bool,
    pub(super) cohorts: bool,
    pub(super) lifetimes: bool,
    pub(super) concentration: bool,
    /// What was bought in all.
    pub(super) purchases: bool,
    /// How often active customers buy in a period.
    pub(super) frequency: bool,
    /// When the data begin: with no other need, too.
    pub(super) first_day: bool,
}

impl Needs {
    pub(super) fn of(parts: Parts, granularity: Granularity) -> Self {
        use ReportPart as Part;
        // A definition stands beside the report's own figures, and lifetime values are definitions.
        let has_definitions = parts.has(Part::Definitions);
        let has_value = has_definitions || parts.has(Part::Value);
        let has_renewals = parts.has_any(&[Part::Renewals, Part::RenewalOutlook]);
        let has_triggers = parts.has_any(&[Part::Triggers, Part::Alarm]);
        // Warnings are about a year, and ranges about periods of all lengths.
        let judges_period =
            parts.has(Part::Benchmarks) || has_triggers && granularity == Granularity::Year;
        let judges_year = parts.has(Part::Benchmarks) || has_triggers;
        let needs_latest = has_definitions || judges_period;
        let period_intervals = if parts.has(Part::Periods) {
            PeriodIntervals::All
        } else if needs_latest {
            PeriodIntervals::Latest
        } else {
            PeriodIntervals::None
        };
        let trailing_year = if parts.has(Part::TrailingYear) || has_definitions || judges_year {
            SpanFigures::All
        } else if has_renewals {
            SpanFigures::OfCustomers
        } else {
            SpanFigures::None
        };
        Self {
            movements: period_intervals != PeriodIntervals::None || has_value || has_renewals,
            period_intervals,
            trailing_year,
            year_before: if parts.has(Part::YearBefore) {
                SpanFigures::All
            } else {
                SpanFigures::None
            },
            bridges: parts.has(Part::Bridges),
            cohorts: parts.has(Part::Cohorts),
            lifetimes: has_value || parts.has(Part::Survival),
            concentration: parts.has(Part::Concentration),
            purchases: has_value || parts.has(Part::Purchases),
            frequency: has_value,
            first_day: parts.has_any(&[
                Part::Segments,
                Part::Segmentation,
                Part::Reasons,
                Part::LostByReason,
            ]),
        }
    }

    /// Of customers by month: who was there in the first month is said of by a note.
    pub(super) fn of_months(self) -> Self {
        Self { movements: self.movements || self.cohorts || self.lifetimes, ..self }
    }

    /// Whether a pass over the customers is needed at all.
    pub(super) fn any(self) -> bool {
        self.movements
            || self.trailing_year != SpanFigures::None
            || self.year_before != SpanFigures::None
            || self.bridges
            || self.cohorts
            || self.lifetimes
            || self.concentration
            || self.purchases
            || self.frequency
            || self.first_day
    }
}

#[cfg(test)]
mod tests {
    use super::{Parts, ReportPart};

    #[test]
    fn parts_have_the_names_of_fields() {
        assert_eq!(ReportPart::from_name("trailingYear"), Some(ReportPart::TrailingYear));
        for unknown in ["trailing_year", "TrailingYear", "input", ""] {
            assert_eq!(ReportPart::from_name(unknown), None);
        }
    }

    #[test]
    fn a_set_has_what_it_was_made_of() {
        let some = Parts::of(&[ReportPart::Cohorts, ReportPart::Files]);
        assert!(some.has(ReportPart::Cohorts) && some.has(ReportPart::Files));
        assert!(!some.has(ReportPart::Periods) && Parts::ALL.has(ReportPart::Stages));
    }
}
