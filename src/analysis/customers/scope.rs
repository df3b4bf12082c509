//! The periods of a report, by their labels: which days a set compares.
//!
//! It looks at no customer.

use super::super::span::{Periods, year_earlier};
use super::super::{AnalysisOptions, CohortClock, CohortOptions, as_of};
use super::compared::{Compared, Stretch};
use crate::Error;
use crate::calendar::{Day, Granularity};
use crate::ledger::{Histories, Ledger, Recurring};

/// The label of the twelve months up to the day that everything is counted to.
const TRAILING_YEAR: &str = "trailing-year";
/// The label of the one period of a file without dates.
const ALL: &str = "all";

/// A ledger in the periods of a report.
pub(super) struct Scope<'a> {
    pub(super) ledger: &'a Ledger,
    /// None where the file has no dates.
    pub(super) as_of: Option<Day>,
    /// All periods up to then, from long before the first customer on.
    pub(super) periods: Option<Periods>,
    /// How the cohorts of the report are counted.
    pub(super) cohorts: CohortOptions,
    /// The day that renewals are counted from.
    pub(super) renewals_from: Option<Day>,
}

impl<'a> Scope<'a> {
    /// `no-customers-in-file` where it has totals only.
    pub(super) fn new(ledger: &'a Ledger, options: &AnalysisOptions) -> Result<Self, Error> {
        if let Histories::Totals(_) = ledger.histories {
            return Err(Error::new(
                "no-customers-in-file",
                "The file has totals of periods only, so it does not say who the customers are.",
            ));
        }
        let as_of = as_of(ledger, options);
        let periods = as_of.map(|day| Periods::up_to(day, options.granularity));
        let mut cohorts = options.cohorts;
        cohorts.granularity = cohorts.granularity.or(Some(options.granularity));
        if let Histories::Recurring(Recurring { is_monthly: true, .. }) = ledger.histories {
            cohorts.clock = CohortClock::Calendar;
        }
        Ok(Self { ledger, as_of, periods, cohorts, renewals_from: as_of.or(options.as_of) })
    }

    /// The closes of a period of the report.
    pub(super) fn period(&self, label: &str) -> Result<Compared, Error> {
        if label == ALL && self.as_of.is_none() {
            return Ok(Compared::WHOLE);
        }
        if label == TRAILING_YEAR
            && let Some(year) = self.trailing_year()
        {
            return Ok(year);
        }
        if let Some(year) = self.year_of_label(label) {
            return Ok(year);
        }
        // What moved a rate is told by quarters, whatever the periods are.
        let as_of = self.as_of.ok_or_else(|| unknown_period(label))?;
        let own = self.periods.as_ref().map(Periods::granularity);
        own.into_iter()
            .chain([Granularity::Quarter])
            .find_map(|granularity| compared_in(&Periods::up_to(as_of, granularity), label))
            .ok_or_else(|| unknown_period(label))
    }

    /// The twelve months of a label such as `2024-10-01/2025-09-30`, up to a day that is counted.
    fn year_of_label(&self, label: &str) -> Option<Compared> {
        let (first, to) = label.split_once('/')?;
        let (first, to) = (Day::from_iso(first)?, Day::from_iso(to)?);
        let is_year = year_earlier(to).next() == first && to <= self.as_of?;
        is_year.then(|| year_up_to(to))
    }

    /// The twelve months up to the day that everything is counted to, against the twelve before.
    pub(super) fn trailing_year(&self) -> Option<Compared> {
        self.as_of.map(year_up_to)
    }

    /// The days of the period at a place; the error names `label`.
    pub(super) fn stretch(&self, index: usize, label: &str) -> Result<Stretch, Error> {
        let periods = self.periods.as_ref().filter(|periods| index < periods.len());
        let span = periods.and_then(|periods| periods.span(index));
        let days = span.and_then(|span| Some(Stretch { after: span.from?, to: span.to? }));
        days.ok_or_else(|| unknown_period(label))
    }

    /// The periods that cohorts begin in, where these are others than those of the report.
    pub(super) fn cohort_periods(&self) -> Option<Periods> {
        let granularity = self.cohorts.granularity?;
        Some(Periods::up_to(self.as_of?, granularity))
    }

    /// The days of a period among these, by its label.
    pub(super) fn stretch_of(periods: &Periods, index: usize) -> Option<Stretch> {
        let span = periods.span(index)?;
        Some(Stretch { after: span.from?, to: span.to? })
    }

    /// The months up to the day that everything is counted to, where lifetimes are counted in them.
    pub(super) fn months(&self) -> Option<Periods> {
        match &self.ledger.histories {
            Histories::Recurring(recurring) if recurring.is_monthly => {
                self.as_of.map(|day| Periods::up_to(day, Granularity::Month))
            }
            _ => None,
        }
    }
}

/// Twelve months against the twelve before.
fn year_up_to(to: Day) -> Compared {
    let from = year_earlier(to);
    Compared {
        then: Stretch { after: year_earlier(from), to: from },
        now: Stretch { after: from, to },
    }
}

/// The period of a label among these, against the one before.
fn compared_in(periods: &Periods, label: &str) -> Option<Compared> {
    let index = periods.spans().position(|span| span.label == label)?;
    let now = Scope::stretch_of(periods, index)?;
    let then = match index.checked_sub(1) {
        Some(before) => Scope::stretch_of(periods, before)?,
        None => Stretch { after: now.after, to: now.after },
    };
    Some(Compared { then, now })
}

pub(super) fn unknown_period(label: &str) -> Error {
    Error::new("unknown-period", format!("The report has no period “{label}”.")).in_column("period")
}

/// That a cohort has not reached an age.
pub(super) fn unknown_age(cohort: &str, age: u32) -> Error {
    let message = format!("The customers of “{cohort}” have not reached the age {age} yet.");
    Error::new("unknown-age", message).in_column("age")
}
