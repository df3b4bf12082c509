//! Columns of many rows at once, as far as their cells leave no doubt.
//!
//! Each function reads a column of the rows that are asked for up to the first cell that needs a
//! second look, and says how many rows that are; that row is then read by itself, with the functions
//! for one cell. What is read here is what these would read, and counts only when it is committed.

use std::ops::Range;

use super::super::text;
use super::{Cells, LONG_ID_BYTES, earlier};
use crate::calendar::Day;
use crate::ingest::RowBatch;
use crate::ingest::amount::read_plain_minor;
use crate::ingest::date::read_plain_date;
use crate::ledger::build::words::is_total_label;
use crate::ledger::interner::Asked;
use crate::ledger::{CustomerIndex, LabelIndex};
use crate::number::Minor;
use crate::roles::Role;

/// The days that rows speak of.
#[derive(Clone, Copy, Debug)]
pub(in crate::ledger::build) struct DaySpan {
    pub(in crate::ledger::build) first: Option<Day>,
    pub(in crate::ledger::build) last: Option<Day>,
    /// The latest that is no end.
    pub(in crate::ledger::build) last_start: Option<Day>,
}

/// What many rows have in the columns that are read together, in the order of the rows; room that is
/// used again.
#[derive(Debug, Default)]
pub(in crate::ledger::build) struct Columns {
    pub(in crate::ledger::build) ids: Vec<Asked>,
    pub(in crate::ledger::build) customers: Vec<CustomerIndex>,
    /// The day that each row speaks of, or begins on.
    pub(in crate::ledger::build) days: Vec<Day>,
    pub(in crate::ledger::build) ends: Vec<Option<Day>>,
    pub(in crate::ledger::build) renewals: Vec<Option<Day>>,
    pub(in crate::ledger::build) amounts: Vec<i64>,
    pub(in crate::ledger::build) segments: Vec<Option<LabelIndex>>,
    pub(in crate::ledger::build) reasons: Vec<Option<LabelIndex>>,
}

impl Columns {
    pub(in crate::ledger::build) fn clear(&mut self) {
        let Self { ids, customers, days, ends, renewals, amounts, segments, reasons } = self;
        ids.clear();
        customers.clear();
        days.clear();
        ends.clear();
        renewals.clear();
        amounts.clear();
        segments.clear();
        reasons.clear();
    }
}

/// Dates one below the other, which are often the same.
#[derive(Default)]
struct Dates {
    last: Option<((u16, u64), Day)>,
}

impl Dates {
    /// `tail` is the last word of the cell.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is in the loops over all rows")]
    fn day(&mut self, cell: &[u8], tail: u64) -> Option<Day> {
        let &[a, b, ..] = <&[u8; 10]>::try_from(cell).ok()?;
        let text = (u16::from_le_bytes([a, b]), tail);
        match self.last {
            Some((last, day)) if last == text => Some(day),
            _ => self.new_day(cell, text),
        }
    }

    #[inline(never)]
    fn new_day(&mut self, cell: &[u8], text: (u16, u64)) -> Option<Day> {
        let day = read_plain_date(cell)?;
        self.last = Some((text, day));
        Some(day)
    }
}

/// Whether what looks like one is the label of a total.
#[inline(never)]
fn is_total(label: &[u8]) -> bool {
    is_total_label(std::str::from_utf8(label).unwrap_or(""))
}

impl DaySpan {
    /// Of rows that speak of one day each, which is no end.
    #[inline]
    pub(in crate::ledger::build) fn of(days: &[Day]) -> Self {
        let (first, last) = (days.iter().min().copied(), days.iter().max().copied());
        Self { first, last, last_start: last }
    }
}

impl Cells {
    /// The numbers that are kept of rows.
    #[inline]
    pub(in crate::ledger::build) fn row_numbers(
        &self,
        rows: &RowBatch<'_>,
        range: Range<usize>,
    ) -> impl Iterator<Item = u32> + use<> {
        let first = self.row_base + rows.first_number();
        range.map(move |index| u32::try_from(first + index as u64).unwrap_or(u32::MAX))
    }

    /// The customers of rows whose ids were read; new ones get their numbers.
    #[inline(never)]
    pub(in crate::ledger::build) fn customers_of(
        &mut self,
        rows: &RowBatch<'_>,
        range: Range<usize>,
        columns: &mut Columns,
    ) {
        let Columns { ids, customers, .. } = columns;
        ids.truncate(range.len());
        let column = self.column(Role::Customer).unwrap_or(0);
        let texts = rows.column(range.clone(), column).zip(self.row_numbers(rows, range));
        self.customers.intern_each(ids, texts, customers);
    }

    /// How many of the rows, from the first on, name a customer by an id that there is nothing to say
    /// of. The ids are added to `asked`.
    #[inline(never)]
    pub(in crate::ledger::build) fn plain_ids(
        &self,
        rows: &RowBatch<'_>,
        range: Range<usize>,
        asked: &mut Vec<Asked>,
    ) -> usize {
        let Some(column) = self.column(Role::Customer) else { return 0 };
        let n_before = asked.len();
        if self.customers.is_full() {
            return 0;
        }
        for (id, tail) in rows.column_with_tails(range, column) {
            let first = id.first().copied().unwrap_or(0);
            let may_be_total = matches!(first | 0x20, b't' | b'g' | b's');
            let mut marks = 0;
            let asked_id = Asked::with_tail(id, tail, |word| marks |= text::marks_in(word));
            if marks != 0
                || !first.is_ascii_alphanumeric()
                || LONG_ID_BYTES < id.len()
                || may_be_total && is_total(id)
            {
                break;
            }
            asked.push(asked_id);
        }
        asked.len() - n_before
    }

    /// How many of the rows, from the first on, have a plain date in a column.
    #[inline(never)]
    pub(in crate::ledger::build) fn plain_days(
        rows: &RowBatch<'_>,
        range: Range<usize>,
        column: usize,
        days: &mut Vec<Day>,
    ) -> usize {
        let n_before = days.len();
        let mut dates = Dates::default();
        days.reserve(range.len());
        for (cell, tail) in rows.column_with_tails(range, column) {
            let Some(day) = dates.day(cell, tail) else { break };
            days.push(day);
        }
        days.len() - n_before
    }

    /// How many of the rows, from the first on, have a plain date in a column, or nothing; all of them
    /// where there is no such column.
    #[inline(never)]
    pub(in crate::ledger::build) fn plain_days_or_none(
        rows: &RowBatch<'_>,
        range: Range<usize>,
        column: Option<usize>,
        days: &mut Vec<Option<Day>>,
    ) -> usize {
        let n_before = days.len();
        let Some(column) = column else {
            days.resize(n_before + range.len(), None);
            return range.len();
        };
        let mut dates = Dates::default();
        for (cell, tail) in rows.column_with_tails(range, column) {
            let day = if cell.is_empty() { None } else { dates.day(cell, tail) };
            if day.is_none() && !cell.is_empty() {
                break;
            }
            days.push(day);
        }
        days.len() - n_before
    }

    /// How many of the rows, from the first on, have a plain amount of at least `least` in a column.
    /// What these say of the decimal mark counts at once: the rows are used.
    #[inline(never)]
    pub(in crate::ledger::build) fn plain_minors(
        &mut self,
        rows: &RowBatch<'_>,
        range: Range<usize>,
        column: usize,
        least: i64,
        amounts: &mut Vec<i64>,
    ) -> usize {
        if !self.has_plain_money {
            return 0;
        }
        let n_before = amounts.len();
        let decimals = self.decimals;
        let mut evidence = self.decimal_evidence;
        for (cell, tail) in rows.column_with_tails(range, column) {
            let plain = read_plain_minor(cell, tail, decimals);
            let Some(plain) = plain.filter(|plain| least <= plain.minor) else { break };
            evidence.count(plain);
            amounts.push(plain.minor);
        }
        self.decimal_evidence = evidence;
        amounts.len() - n_before
    }

    /// The combinations of what rows have in the columns that can be segments.
    pub(in crate::ledger::build) fn segments(
        &mut self,
        rows: &RowBatch<'_>,
        range: Range<usize>,
        segments: &mut Vec<Option<LabelIndex>>,
    ) {
        self.dimensions.of_rows(rows, range, segments);
    }

    /// The churn reason of one of the rows.
    #[inline]
    pub(in crate::ledger::build) fn reason_of(
        &mut self,
        rows: &RowBatch<'_>,
        index: usize,
        column: usize,
    ) -> Option<LabelIndex> {
        let text = rows.field(index, column);
        (!text.is_empty()).then(|| self.reasons.number(text, 0))
    }

    /// Counts what rows have given: their days, and their amounts, which name no currency.
    #[inline]
    pub(in crate::ledger::build) fn commit_many(&mut self, days: DaySpan, amounts: &[i64]) {
        self.first_day = earlier(self.first_day, days.first);
        self.last_day = self.last_day.max(days.last);
        self.last_start = self.last_start.max(days.last_start);
        self.amount_total += amounts.iter().map(|&amount| Minor::from(amount)).sum::<Minor>();
        self.n_amounts += amounts.len() as u64;
        self.currencies.n_without += amounts.len() as u64;
    }

    /// Whether rows say when their customers did something last, which is looked at row by row.
    pub(in crate::ledger::build) fn has_activity(&self) -> bool {
        !self.activity.is_empty()
    }
}
