//! What the values of a column look like, from the first rows of the file.
//!
//! It counts kinds of cells; what they mean is decided by `shape`.

use std::collections::HashMap;

use crate::calendar::{Day, Granularity, Period};
use crate::ingest::amount::{DecimalMark, read_amount, read_churned};
use crate::ingest::date::{DateDefect, DateForm, DateOrder, DateReading, read_date, read_month};

/// Kinds of cells in one column.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Profile {
    /// Cells that are not empty.
    pub(super) n_filled: usize,
    /// Cells in all.
    pub(super) n_cells: usize,
    /// Of the filled ones: dates.
    pub(super) n_dates: usize,
    /// Of the dates: those that no number could be meant by.
    pub(super) n_plain_dates: usize,
    /// Of the filled ones: months or other periods without a day.
    pub(super) n_months: usize,
    /// Of the filled ones: amounts or numbers.
    pub(super) n_numbers: usize,
    /// Of the filled ones: whole numbers without a sign of money.
    pub(super) n_whole: usize,
    /// Of the filled ones: yes or no.
    pub(super) n_flags: usize,
    /// Of the filled ones: dates that are the first or the last of a month.
    pub(super) n_month_edges: usize,
    /// Distinct values.
    pub(super) n_distinct: usize,
}

/// How many cells of a column are looked at.
const MAX_CELLS: usize = 250;
/// More letters than any sign, code or word beside a number has.
const TOO_MANY_LETTERS: usize = 8;

/// What one cell can be.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "a cell can be several of them")]
struct Kinds {
    is_number: bool,
    is_whole: bool,
    is_flag: bool,
    is_date: bool,
    is_plain_date: bool,
    is_month_edge: bool,
    is_month: bool,
}

impl Kinds {
    fn of(text: &str) -> Self {
        let has_digits = text.bytes().any(is_digit_or_beyond);
        let date = if has_digits { date_in(text) } else { None };
        let is_edge = |day: Day| {
            let month = Period::containing(day, Granularity::Month);
            day == month.first_day() || day == month.last_day()
        };
        Self {
            is_number: has_digits && is_number(text),
            is_whole: is_whole(text),
            is_flag: read_churned(text).is_some(),
            is_date: date.is_some(),
            is_plain_date: date.is_some_and(|date| is_plain(date.form)),
            is_month_edge: date.is_some_and(|date| is_edge(date.day)),
            is_month: has_digits && read_month(text, None).is_ok_and(|month| !month.is_full_date),
        }
    }
}

/// The date that a text is in some order of its parts, the day before the month where both can be.
fn date_in(text: &str) -> Option<DateReading> {
    let date = match read_date(text, None) {
        Err(DateDefect::Ambiguous) => {
            read_date(text, Some(DateOrder::Dmy)).or_else(|_| read_date(text, Some(DateOrder::Mdy)))
        }
        date => date,
    };
    date.ok()
}

/// Whether a date is one that no number could be meant by.
fn is_plain(form: DateForm) -> bool {
    !matches!(form, DateForm::Serial | DateForm::EpochSeconds | DateForm::EpochMillis)
}

fn is_number(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_alphabetic).count() <= TOO_MANY_LETTERS
        && (read_amount(text, Some(DecimalMark::Point)).is_ok()
            || read_amount(text, Some(DecimalMark::Comma)).is_ok())
}

fn is_whole(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What one value can be where a column names groups by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueKind {
    /// A name.
    Name,
    /// A whole number.
    Whole,
    /// Another number, or an amount.
    Fraction,
    /// A date.
    Date,
}

/// What a value is.
pub(crate) fn value_kind(text: &str) -> ValueKind {
    if !text.bytes().any(is_digit_or_beyond) {
        return ValueKind::Name;
    }
    if date_in(text).is_some_and(|date| is_plain(date.form)) {
        ValueKind::Date
    } else if !is_number(text) {
        ValueKind::Name
    } else if is_whole(text) {
        ValueKind::Whole
    } else {
        ValueKind::Fraction
    }
}

/// Whether a byte is a digit, part of one of another script, or the dash of `$ -`.
fn is_digit_or_beyond(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'-' || !byte.is_ascii()
}

impl Profile {
    /// The profile of one column, from rows spread evenly over the sample.
    pub(super) fn of(sample: &[Vec<String>], column: usize) -> Self {
        let n_cells = sample.len().min(MAX_CELLS);
        let mut profile = Self { n_cells, ..Self::default() };
        let mut distinct: HashMap<&str, Kinds> = HashMap::new();
        for index in 0..n_cells {
            let row = &sample[index * sample.len() / n_cells];
            let Some(text) =
                row.get(column).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
            else {
                continue;
            };
            profile.n_filled += 1;
            let kinds = *distinct.entry(text).or_insert_with(|| Kinds::of(text));
            profile.n_numbers += usize::from(kinds.is_number);
            profile.n_whole += usize::from(kinds.is_whole);
            profile.n_flags += usize::from(kinds.is_flag);
            profile.n_dates += usize::from(kinds.is_date);
            profile.n_plain_dates += usize::from(kinds.is_plain_date);
            profile.n_month_edges += usize::from(kinds.is_month_edge);
            profile.n_months += usize::from(kinds.is_month);
        }
        profile.n_distinct = distinct.len();
        profile
    }

    /// Whether at least `percent` of the filled cells are of a kind.
    fn mostly(&self, n: usize, percent: usize) -> bool {
        self.n_filled != 0 && self.n_filled * percent <= n * 100
    }

    /// Dates, with some unreadable ones among them.
    pub(super) fn is_dates(&self) -> bool {
        self.mostly(self.n_dates, 50)
    }

    /// Dates that cannot be mistaken for numbers.
    pub(super) fn is_plain_dates(&self) -> bool {
        self.mostly(self.n_plain_dates, 90)
    }

    /// Amounts, with some unreadable ones among them.
    pub(super) fn is_amounts(&self) -> bool {
        self.mostly(self.n_numbers, 50)
    }

    /// Numbers throughout, with a blank cell here and there.
    pub(super) fn is_filled_numbers(&self) -> bool {
        self.mostly(self.n_numbers, 95) && self.n_cells * 90 <= self.n_filled * 100
    }

    /// Whole numbers.
    pub(super) fn is_counts(&self) -> bool {
        self.mostly(self.n_numbers, 80)
    }

    /// Yes or no throughout.
    pub(super) fn is_flags(&self) -> bool {
        self.mostly(self.n_flags, 90) && self.n_distinct <= 4
    }

    /// Periods without a day.
    pub(super) fn is_months(&self) -> bool {
        self.mostly(self.n_months, 80)
    }

    /// Dates that all stand for their month.
    pub(super) fn is_month_edges(&self) -> bool {
        self.is_dates() && self.mostly(self.n_month_edges, 95)
    }

    /// Values that come again, and neither dates nor measured numbers.
    pub(super) fn may_be_segments(&self) -> bool {
        let is_measured =
            self.is_amounts() && (self.n_whole < self.n_numbers || 20 < self.n_distinct);
        let is_unique = 30 <= self.n_filled && self.n_filled < 2 * self.n_distinct;
        !self.is_empty() && !self.is_plain_dates() && !is_measured && !is_unique
    }

    /// No value at all.
    pub(super) fn is_empty(&self) -> bool {
        self.n_filled == 0
    }
}
