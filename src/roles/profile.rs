//! What the values of a column look like, from the first rows of the file.
//!
//! It counts kinds of cells; what they mean is decided by `shape`.

use std::collections::HashSet;

use crate::ingest::amount::{DecimalMark, read_amount, read_churned};
use crate::ingest::date::{DateForm, DateOrder, read_date, read_month};

/// Kinds of cells in one column.
#[derive(Clone, Debug, Default)]
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

impl Profile {
    /// The profile of one column of the sample.
    pub(super) fn of(sample: &[Vec<String>], column: usize) -> Self {
        let mut profile = Self { n_cells: sample.len(), ..Self::default() };
        let mut distinct: HashSet<&str> = HashSet::new();
        for row in sample {
            let Some(text) =
                row.get(column).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
            else {
                continue;
            };
            profile.n_filled += 1;
            distinct.insert(text);
            let is_number = read_amount(text, Some(DecimalMark::Point)).is_ok()
                || read_amount(text, Some(DecimalMark::Comma)).is_ok();
            let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
            profile.n_numbers += usize::from(is_number);
            profile.n_whole += usize::from(is_whole);
            profile.n_flags += usize::from(read_churned(text).is_some());
            let date = read_date(text, Some(DateOrder::Dmy))
                .or_else(|_| read_date(text, Some(DateOrder::Mdy)));
            if let Ok(date) = date {
                profile.n_dates += 1;
                let is_plain = !matches!(
                    date.form,
                    DateForm::Serial | DateForm::EpochSeconds | DateForm::EpochMillis
                );
                profile.n_plain_dates += usize::from(is_plain);
                let is_edge =
                    date.day.next().to_iso().ends_with("-01") || date.day.to_iso().ends_with("-01");
                profile.n_month_edges += usize::from(is_edge);
            }
            let month = read_month(text, None);
            profile.n_months += usize::from(month.is_ok_and(|month| !month.is_full_date));
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

    /// No value at all.
    pub(super) fn is_empty(&self) -> bool {
        self.n_filled == 0
    }
}
