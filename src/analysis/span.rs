//! The stretches of time that figures are about: every period of a granularity, and the last year.
//!
//! It knows the calendar only: what happened in a span is counted elsewhere.

use crate::calendar::{Day, Granularity, Period};

/// A stretch of time between the closes of two days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// `2026-03`, `2026-Q1`, `2026`, `2025-04-01/2026-03-31` for a span of days, or the file's own
    /// label.
    pub label: String,
    /// The day whose close it starts from: the day before its first day.
    pub from: Option<Day>,
    /// The day whose close it ends with.
    pub to: Option<Day>,
    /// Whether it ends before the last day of its period.
    pub is_partial: bool,
}

impl Span {
    /// The span of a calendar period, cut at the close of `as_of`.
    #[must_use]
    pub fn of_period(period: Period, as_of: Day) -> Self {
        let last = period.last_day();
        Self {
            label: period.label(),
            from: Some(period.first_day().previous()),
            to: Some(last.min(as_of)),
            is_partial: as_of < last,
        }
    }

    /// The span from the close of one day to the close of another, labelled as an ISO 8601
    /// interval of its first and last day.
    #[must_use]
    pub fn of_days(from: Day, to: Day) -> Self {
        Self {
            label: format!("{}/{}", from.next().to_iso(), to.to_iso()),
            from: Some(from),
            to: Some(to),
            is_partial: false,
        }
    }
}

/// Every period from the one that holds the first day to the one that holds `as_of`.
#[derive(Clone, Debug)]
pub struct Periods {
    first: Period,
    granularity: Granularity,
    len: usize,
    as_of: Day,
    /// The first day of the first period.
    first_day: Day,
    /// The place of the period of each day from then to `as_of`.
    index_of_day: Vec<u16>,
}

impl Periods {
    /// The periods from `first_day` to `as_of`; none where the data begin after `as_of`.
    #[must_use]
    pub fn new(first_day: Day, as_of: Day, granularity: Granularity) -> Self {
        let first = Period::containing(first_day, granularity);
        let len = if as_of < first_day {
            0
        } else {
            let last = Period::containing(as_of, granularity);
            usize::try_from(last.since(first)).map_or(0, |since| since + 1)
        };
        let mut periods = Self {
            first,
            granularity,
            len,
            as_of,
            first_day: first.first_day(),
            index_of_day: Vec::new(),
        };
        periods.fill_index();
        periods
    }

    /// All periods that a file can have up to `as_of`, for where its first day is not known yet.
    pub(super) fn up_to(as_of: Day, granularity: Granularity) -> Self {
        Self::new(Day::EARLIEST.min(as_of), as_of, granularity)
    }

    /// Looks up the days that files can have, and leaves those beyond to the calendar.
    fn fill_index(&mut self) {
        let last_day = self.as_of.min(Day(self.first_day.0.saturating_add(N_DAYS_LOOKED_UP)));
        let Ok(n_days) = usize::try_from(i64::from(last_day.0) - i64::from(self.first_day.0) + 1)
        else {
            return;
        };
        self.index_of_day.reserve_exact(n_days);
        let mut period = self.first;
        for index in 0..=u16::MAX {
            let n_known = self.index_of_day.len();
            if n_days <= n_known || self.len <= usize::from(index) {
                return;
            }
            period = period.next();
            let until = usize::try_from(period.first_day().0 - self.first_day.0).unwrap_or(n_days);
            self.index_of_day.resize(until.min(n_days), index);
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The place of the period that holds a day, for days from the first period to `as_of`.
    #[must_use]
    #[inline]
    pub fn index_of(&self, day: Day) -> usize {
        let n_days = usize::try_from(i64::from(day.0) - i64::from(self.first_day.0));
        match n_days.ok().and_then(|n_days| self.index_of_day.get(n_days)) {
            Some(&index) => usize::from(index),
            None => self.index_by_calendar(day),
        }
    }

    #[cold]
    fn index_by_calendar(&self, day: Day) -> usize {
        let since = Period::containing(day, self.granularity).since(self.first);
        usize::try_from(since).unwrap_or(0).min(self.len.saturating_sub(1))
    }

    /// Their spans, oldest first.
    pub fn spans(&self) -> impl Iterator<Item = Span> + '_ {
        self.periods().map(|period| Span::of_period(period, self.as_of))
    }

    fn periods(&self) -> impl Iterator<Item = Period> {
        std::iter::successors(Some(self.first), |period| Some(period.next())).take(self.len)
    }

    /// The span of the period at a place.
    pub(super) fn span(&self, index: usize) -> Option<Span> {
        self.periods().nth(index).map(|period| Span::of_period(period, self.as_of))
    }

    /// The last of them.
    #[must_use]
    pub fn last(&self) -> Option<Span> {
        (0 < self.len)
            .then(|| Span::of_period(Period::containing(self.as_of, self.granularity), self.as_of))
    }

    /// The last day of the last period that `as_of` does not cut short.
    pub(super) fn last_complete_day(&self) -> Option<Day> {
        if !self.is_last_partial() {
            return (0 < self.len).then_some(self.as_of);
        }
        let last = Period::containing(self.as_of, self.granularity);
        (1 < self.len).then(|| last.first_day().previous())
    }

    /// Whether `as_of` is not the last day of the last period.
    #[must_use]
    pub fn is_last_partial(&self) -> bool {
        self.last().is_some_and(|span| span.is_partial)
    }

    /// The day that the last of them is cut at.
    pub(super) fn as_of(&self) -> Day {
        self.as_of
    }

    /// The length of the periods.
    #[must_use]
    pub fn granularity(&self) -> Granularity {
        self.granularity
    }
}

/// From 1950 to 2099, and somewhat more.
const N_DAYS_LOOKED_UP: i32 = 60_000;

/// The day whose close is twelve months before that of `as_of`.
///
/// It is the same day of the month a year earlier; from the last day of a month it is the last day
/// of that month, so that twelve whole months lie between (28 February 2025 gives 29 February
/// 2024).
#[must_use]
pub fn year_earlier(as_of: Day) -> Day {
    let month = Period::containing(as_of, Granularity::Month);
    let same_day = as_of.months_earlier(12);
    if month.last_day() == as_of {
        Period::containing(same_day, Granularity::Month).last_day()
    } else {
        same_day
    }
}
