//! Days, months and periods over `chrono::NaiveDate`.
//!
//! There is no clock here: "now" is whatever date the data or the caller gives.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// A calendar day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The first day that dates of a file may have: 1950-01-01.
    pub const EARLIEST: Self = Self(-7305);
    /// The last day that dates of a file may have: 2099-12-31.
    pub const LATEST: Self = Self(47_481);

    /// The day of a year, month (1 to 12) and day of the month, if there is such a day.
    #[must_use]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self::from_date)
    }

    /// The day of a date.
    #[must_use]
    pub fn from_date(date: NaiveDate) -> Self {
        Self(date.to_epoch_days())
    }

    /// The date of this day.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_epoch_days(self.0).unwrap_or(NaiveDate::MAX)
    }

    /// The day after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The day before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The same day of the month `n_months` earlier, or that month's last day where it is shorter.
    #[must_use]
    pub fn months_earlier(self, n_months: u32) -> Self {
        self.date().checked_sub_months(chrono::Months::new(n_months)).map_or(self, Self::from_date)
    }

    /// The same day of the month `n_months` later, or that month's last day where it is shorter;
    /// none beyond the calendar.
    #[must_use]
    pub fn months_later(self, n_months: u32) -> Option<Self> {
        self.date().checked_add_months(chrono::Months::new(n_months)).map(Self::from_date)
    }

    /// `YYYY-MM-DD`.
    #[must_use]
    pub fn to_iso(self) -> String {
        self.date().to_string()
    }

    /// The day of `YYYY-MM-DD`.
    #[must_use]
    pub fn from_iso(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
            return None;
        }
        Self::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }
}

/// How long the periods of a report are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Granularity {
    /// Calendar months.
    #[default]
    Month,
    /// Calendar quarters.
    Quarter,
    /// Calendar years.
    Year,
}

impl Granularity {
    /// Months in one period.
    #[must_use]
    pub fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }
}

/// A calendar month, quarter or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// Periods since year 0, at this granularity.
    index: i32,
    months: u32,
}

impl Period {
    /// The period that a day lies in.
    #[must_use]
    #[expect(clippy::cast_possible_wrap, reason = "months are 1 to 12")]
    pub fn containing(day: Day, granularity: Granularity) -> Self {
        let date = day.date();
        let month_index = date.year() * 12 + date.month0() as i32;
        let months = granularity.months();
        Self { index: month_index.div_euclid(months as i32), months }
    }

    /// The month that comes so many months after January of the year 0.
    #[must_use]
    pub(crate) fn month_number(index: i32) -> Self {
        Self { index, months: 1 }
    }

    /// How many periods of its length come before it from the year 0 on.
    #[must_use]
    pub(crate) fn number(self) -> i32 {
        self.index
    }

    /// Its first day.
    #[must_use]
    #[expect(clippy::cast_possible_wrap, reason = "months are 1, 3 or 12")]
    pub fn first_day(self) -> Day {
        let month_index = self.index * self.months as i32;
        let (year, month) = (month_index.div_euclid(12), month_index.rem_euclid(12) as u32 + 1);
        Day::from_ymd(year, month, 1).unwrap_or(Day::LATEST)
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Day {
        self.next().first_day().previous()
    }

    /// The period after.
    #[must_use]
    pub fn next(self) -> Self {
        Self { index: self.index + 1, ..self }
    }

    /// The period before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self { index: self.index - 1, ..self }
    }

    /// Periods from `earlier` to this one: 0 for the same period.
    #[must_use]
    pub fn since(self, earlier: Self) -> i32 {
        self.index - earlier.index
    }

    /// How long it is.
    #[must_use]
    pub fn granularity(self) -> Granularity {
        match self.months {
            1 => Granularity::Month,
            3 => Granularity::Quarter,
            _ => Granularity::Year,
        }
    }

    /// `2026-03`, `2026-Q1` or `2026`.
    #[must_use]
    pub fn label(self) -> String {
        let date = self.first_day().date();
        match self.months {
            1 => format!("{:04}-{:02}", date.year(), date.month()),
            3 => format!("{:04}-Q{}", date.year(), date.month0() / 3 + 1),
            _ => format!("{:04}", date.year()),
        }
    }
}
