//! What the reader of a report can choose about its figures.
//!
//! How a file is read is chosen elsewhere.

use std::collections::BTreeMap;

use super::cohorts::{CohortClock, CohortOptions};
use super::parts::{Parts, ReportPart};
use super::reasons::ReasonKind;
use crate::Error;
use crate::calendar::{Day, Granularity};
use crate::number::interval::DEFAULT_CONFIDENCE;

/// What the reader of a report can choose about its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct AnalysisOptions {
    /// How long periods are. Tables of totals keep the periods they have.
    pub granularity: Granularity,
    /// The day up to whose close everything is counted; by default the last day of the data.
    pub as_of: Option<Day>,
    /// The share of revenue left after the cost of serving it; without it there is no lifetime
    /// value on margin.
    pub gross_margin: Option<f64>,
    /// What winning a customer costs, in major units.
    pub cac: Option<f64>,
    /// The discount rate per year; without it nothing is discounted.
    pub discount_rate: Option<f64>,
    /// The confidence of all intervals.
    pub confidence: f64,
    /// How the table of cohorts is counted.
    pub cohorts: CohortOptions,
    /// What the reader takes churn reasons for, by their text in the file.
    pub reason_kinds: BTreeMap<String, ReasonKind>,
    /// The names of the columns to segment by; by default the best one.
    pub segments_by: Vec<String>,
    /// Which parts of the report are wanted; all by default.
    pub parts: Parts,
}

impl Default for AnalysisOptions {
    fn default() -> Self {
        Self {
            granularity: Granularity::Month,
            as_of: None,
            gross_margin: None,
            cac: None,
            discount_rate: None,
            confidence: DEFAULT_CONFIDENCE,
            cohorts: CohortOptions::default(),
            reason_kinds: BTreeMap::new(),
            segments_by: Vec::new(),
            parts: Parts::ALL,
        }
    }
}

impl AnalysisOptions {
    /// The parts of a report that may be others under other options; what is not among them is the
    /// same.
    pub(crate) fn parts_that_differ(&self, other: &Self) -> Parts {
        let Self {
            granularity,
            as_of,
            gross_margin,
            cac,
            discount_rate,
            confidence,
            cohorts,
            reason_kinds,
            segments_by,
            parts,
        } = self;
        let bits = |value: &Option<f64>| value.map(f64::to_bits);
        let has_same_rest = *as_of == other.as_of
            && confidence.to_bits() == other.confidence.to_bits()
            && *parts == other.parts;
        if !has_same_rest {
            return Parts::ALL;
        }
        if *granularity != other.granularity {
            return Parts::ALL.without(&ReportPart::OF_FIXED_SPANS);
        }
        let has_same_value = bits(gross_margin) == bits(&other.gross_margin)
            && bits(cac) == bits(&other.cac)
            && bits(discount_rate) == bits(&other.discount_rate);
        let groups: [(bool, &[ReportPart]); 5] = [
            (has_same_value, &[ReportPart::Value, ReportPart::Definitions]),
            (bits(gross_margin) == bits(&other.gross_margin), &ReportPart::OF_SEGMENTS),
            (*cohorts == other.cohorts, &[ReportPart::Cohorts]),
            (*reason_kinds == other.reason_kinds, &[ReportPart::Reasons, ReportPart::LostByReason]),
            (*segments_by == other.segments_by, &ReportPart::OF_SEGMENTS),
        ];
        let differing = groups.into_iter().filter(|(is_same, _)| !is_same);
        let parts: Vec<ReportPart> = differing.flat_map(|(_, parts)| parts).copied().collect();
        Parts::of(&parts)
    }

    /// Checks that every option is in its domain.
    ///
    /// # Errors
    ///
    /// `confidence-out-of-range` unless 0 < confidence < 1, `gross-margin-out-of-range` unless
    /// 0 ≤ gross margin ≤ 1, `cac-out-of-range` and `discount-rate-out-of-range` unless they are 0
    /// or more, `as-of-out-of-range` unless the day lies from 1950 to 2099, `days-out-of-range` unless
    /// the days of a cohort's age are from 7 to 366.
    pub fn check(&self) -> Result<(), Error> {
        let outside =
            |code, column, message: &str| Err(Error::new(code, message).in_column(column));
        if !(0.0 < self.confidence && self.confidence < 1.0) {
            let message = "The confidence is a share between 0 and 1, such as 0.95.";
            return outside("confidence-out-of-range", "confidence", message);
        }
        if self.gross_margin.is_some_and(|margin| !(0.0..=1.0).contains(&margin)) {
            let message = "The gross margin is a share from 0 to 1, such as 0.8 for 80 %.";
            return outside("gross-margin-out-of-range", "grossMargin", message);
        }
        let is_cost = |value: f64| value.is_finite() && 0.0 <= value;
        if self.cac.is_some_and(|cac| !is_cost(cac)) {
            let message = "The cost of winning a customer is an amount of 0 or more.";
            return outside("cac-out-of-range", "cac", message);
        }
        if self.discount_rate.is_some_and(|rate| !is_cost(rate)) {
            let message = "The discount rate per year is a fraction of 0 or more, such as 0.1.";
            return outside("discount-rate-out-of-range", "discountRate", message);
        }
        if self.as_of.is_some_and(|day| day < Day::EARLIEST || Day::LATEST < day) {
            let message = "The date to count up to lies from 1950-01-01 to 2099-12-31.";
            return outside("as-of-out-of-range", "asOf", message);
        }
        if let CohortClock::Days(days) = self.cohorts.clock
            && !(CohortClock::MIN_DAYS..=CohortClock::MAX_DAYS).contains(&days)
        {
            let message = "The days of an age are from 7 to 366.";
            return outside("days-out-of-range", "cohorts", message);
        }
        Ok(())
    }
}
