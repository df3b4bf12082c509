//! Monthly revenue to spells: one row per customer and month, or one column per month.
//!
//! Several cells of one customer and month add up; a month without a cell is zero.

use std::cmp::Reverse;
use std::ops::Range;

use super::cells::Cells;
use super::cells::columns::{Columns, DaySpan};
use super::facts::{Fact, Facts, renumbered};
use super::packing::Packing;
use super::part::Renumbering;
use super::remembered::{Remembered, Short};
use super::runs::{Run, spells_of_runs, write_runs};
use super::short::{number_of, parts_of_number, parts_of_word, word_of};
use super::{Places, Rejected, ShapeBuilder, text};
use crate::arrange;
use crate::calendar::{Day, Granularity, Period};
use crate::ingest::date::{DateOrder, read_month};
use crate::ingest::{Row, RowBatch};
use crate::ledger::blocks::Blocks;
use crate::ledger::packed::{Bytes, write_number};
use crate::ledger::{Histories, LabelIndex, Recurring};
use crate::note::{Notes, Severity};
use crate::number::Minor;
use crate::roles::{Detection, Role};

/// One customer's revenue in one month, as one row gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    month: Period,
    amount: i64,
    segment: Option<LabelIndex>,
}

impl Cell {
    #[inline]
    fn plain((month, amount, segment): (u16, u32, Option<LabelIndex>)) -> Self {
        let month = Period::month_number(i32::from(month));
        Self { month, amount: amount.into(), segment }
    }
}

#[inline]
fn packed_month(month: Period) -> u16 {
    u16::try_from(month.number()).unwrap_or(u16::MAX)
}

impl Fact<1> for Cell {
    #[inline]
    fn words(&self) -> Option<[u64; 1]> {
        Some([word_of(packed_month(self.month), self.amount, self.segment)?])
    }

    #[inline]
    fn of_words([word]: [u64; 1]) -> Self {
        Self::plain(parts_of_word(word))
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&packed_month(self.month).to_le_bytes());
        write_number(out, self.amount.unsigned_abs());
        write_number(out, self.segment.map_or(0, |segment| u64::from(segment) + 1));
    }

    fn read(bytes: &mut Bytes<'_>) -> Self {
        Self {
            month: Period::month_number(i32::from(bytes.u16())),
            amount: i64::try_from(bytes.number()).unwrap_or(i64::MAX),
            segment: bytes.number().checked_sub(1).and_then(|label| label.try_into().ok()),
        }
    }
}

/// A month with the days it goes from and to, which are not worked out for each row.
#[derive(Clone, Copy, Debug)]
struct Month {
    period: Period,
    first_day: Day,
    last_day: Day,
}

impl Month {
    fn of(period: Period) -> Self {
        Self { period, first_day: period.first_day(), last_day: period.last_day() }
    }

    fn named(cell: &str, order: DateOrder) -> Option<Self> {
        let reading = read_month(cell, Some(order)).ok()?;
        (reading.granularity == Granularity::Month).then(|| Self::of(reading.period))
    }
}

/// See the module.
#[derive(Debug)]
pub(super) struct Mrr {
    facts: Facts<Cell, 1>,
    months: Vec<(usize, Period)>,
    month: Option<usize>,
    amount: Option<usize>,
    row: Vec<(Period, i64)>,
    /// What the cells of the month's column were read as.
    cells: Remembered<Option<Month>>,
    /// The months that rows speak of, by their number.
    seen: Vec<bool>,
    /// From the first of the columns of months to the last.
    all_months: Option<(Day, Day)>,
    /// The months of many rows that are read together,
    row_months: Vec<Period>,
    /// and those of them that are other ones than in the row before, with the places of the rows.
    new_months: Vec<(usize, Month)>,
}

impl Mrr {
    pub(super) fn new(detection: &Detection) -> Self {
        let months = detection.months.clone();
        let all_months = months.first().zip(months.last());
        Self {
            facts: Facts::default(),
            all_months: all_months
                .map(|(&(_, first), &(_, last))| (first.first_day(), last.last_day())),
            months,
            month: detection.column(Role::Month),
            amount: detection.column(Role::Amount),
            row: Vec::new(),
            cells: Remembered::default(),
            seen: Vec::new(),
            row_months: Vec::new(),
            new_months: Vec::new(),
        }
    }

    /// How many of the rows, from the first on, name a month in a column; these are kept.
    #[inline(never)]
    fn plain_months(
        &mut self,
        rows: &RowBatch<'_>,
        range: Range<usize>,
        column: usize,
        order: DateOrder,
    ) -> usize {
        self.row_months.clear();
        self.new_months.clear();
        // Months one below the other are often the same.
        let mut last: Option<(Short, Period)> = None;
        for (cell, tail) in rows.column_with_tails(range, column) {
            let short = Short::with_tail(cell, tail);
            if let (Some(short), Some((known, month))) = (short, last)
                && short == known
            {
                self.row_months.push(month);
                continue;
            }
            let known = short.and_then(|cell| self.cells.find(cell));
            let month = known.unwrap_or_else(|| {
                let cell = std::str::from_utf8(cell).unwrap_or("");
                self.cells.get(cell, |cell| Month::named(cell, order))
            });
            let Some(month) = month else { break };
            last = short.map(|short| (short, month.period));
            self.new_months.push((self.row_months.len(), month));
            self.row_months.push(month.period);
        }
        self.row_months.len()
    }

    /// The revenue in one column; nothing where the cell is empty.
    fn amount(row: &Row<'_>, cells: &mut Cells, column: usize) -> Result<i64, Rejected> {
        if let Some(minor) = cells.plain_minor(row, column) {
            return Ok(minor);
        }
        let money = cells.money(row, column)?;
        if money.amount.mantissa < 0 {
            return Err(cells.negative(row, column));
        }
        cells.minor(row, column, money)
    }
}

impl Mrr {
    /// Takes a row with a column for each month.
    #[inline(never)]
    fn take_wide(&mut self, row: &Row<'_>, cells: &mut Cells, id: &str) -> Result<(), Rejected> {
        self.row.clear();
        for &(column, period) in &self.months {
            if !row.field(column).is_empty() {
                self.row.push((period, Self::amount(row, cells, column)?));
            }
        }
        if let Some((first, last)) = self.all_months {
            cells.saw_days(first, last);
        }
        let segment = cells.segment(row);
        let number = cells.row_number();
        for &(month, amount) in &self.row {
            let cell = Cell { month, amount, segment };
            self.facts.push(&mut cells.customers, id, number, cell);
        }
        if self.row.is_empty() {
            // Those who wait came first.
            self.facts.settle(&mut cells.customers);
            cells.intern(id);
        }
        Ok(())
    }

    fn saw(&mut self, month: Period) {
        let place = usize::try_from(month.number()).unwrap_or(0);
        if self.seen.len() <= place {
            self.seen.resize(place + 1, false);
        }
        self.seen[place] = true;
    }
}

impl ShapeBuilder for Mrr {
    fn take(&mut self, row: &Row<'_>, cells: &mut Cells) -> Result<(), Rejected> {
        let id = cells.customer_id(row)?;
        if let (Some(month), Some(amount)) = (self.month, self.amount) {
            let order = cells.date_order();
            let named = self.cells.get(row.field(month), |cell| Month::named(cell, order));
            let month = if let Some(month) = named {
                cells.saw_days(month.first_day, month.last_day);
                month.period
            } else {
                // The reason is the same as for any date that cannot be read.
                Period::containing(cells.day(row, month)?, Granularity::Month)
            };
            let amount = Self::amount(row, cells, amount)?;
            let cell = Cell { month, amount, segment: cells.segment(row) };
            let number = cells.row_number();
            self.facts.push(&mut cells.customers, id, number, cell);
            self.saw(month);
            return Ok(());
        }
        self.take_wide(row, cells, id)
    }

    fn take_plain(
        &mut self,
        rows: &RowBatch<'_>,
        range: Range<usize>,
        cells: &mut Cells,
        columns: &mut Columns,
    ) -> usize {
        let (Some(month), Some(amount)) = (self.month, self.amount) else { return 0 };
        let from = range.start;
        let end_of = |n_rows: usize| from..from + n_rows;
        let order = cells.date_order();
        let n_rows = cells.plain_ids(rows, range, &mut columns.ids);
        let n_rows = self.plain_months(rows, end_of(n_rows), month, order);
        let n_rows = cells.plain_minors(rows, end_of(n_rows), amount, 0, &mut columns.amounts);
        if 0 < n_rows {
            cells.segments(rows, end_of(n_rows), &mut columns.segments);
            self.facts.settle(&mut cells.customers);
            cells.customers_of(rows, end_of(n_rows), columns);
            let Columns { customers, amounts, segments, .. } = columns;
            let months = std::mem::take(&mut self.new_months);
            let used = || months.iter().take_while(|new| new.0 < n_rows).map(|new| new.1);
            let first = used().map(|month| month.first_day).min();
            let last = used().map(|month| month.last_day).max();
            cells.commit_many(DaySpan { first, last, last_start: None }, amounts);
            self.facts.push_each(customers, |index| Cell {
                month: self.row_months[index],
                amount: amounts[index],
                segment: segments[index],
            });
            for month in used() {
                self.saw(month.period);
            }
            self.new_months = months;
        }
        n_rows
    }

    fn settle(&mut self, cells: &mut Cells) {
        self.facts.settle(&mut cells.customers);
    }

    fn is_seam_certain(&self) -> bool {
        true
    }

    fn write_part(&self, out: &mut Vec<u8>) {
        write_number(out, self.seen.len() as u64);
        out.extend(self.seen.iter().map(|&is_seen| u8::from(is_seen)));
        self.facts.write_part(out);
    }

    fn absorb(&mut self, part: &mut Bytes<'_>, renumbering: &Renumbering) {
        let n_seen = usize::try_from(part.number()).unwrap_or(0);
        let seen = part.take(n_seen);
        if self.seen.len() < seen.len() {
            self.seen.resize(seen.len(), false);
        }
        for (known, &other) in self.seen.iter_mut().zip(seen) {
            *known |= other != 0;
        }
        self.facts.absorb(part, &renumbering.customers, |cell: &mut Cell| {
            cell.segment = renumbered(cell.segment, &renumbering.segments);
        });
    }

    fn finish(self: Box<Self>, places: &Places, notes: &mut Notes) -> Histories {
        self.tell_empty_months(notes);
        let packing = RunsOf { places, runs: Vec::new(), n_runs: 0 };
        let (packing, blocks) = self.facts.into_blocks(places.len(), packing);
        let spells = spells_of_runs(&blocks, places, packing.n_runs);
        Histories::Recurring(Recurring { spells, is_monthly: true })
    }
}

/// The runs of months of each customer.
struct RunsOf<'a> {
    places: &'a Places,
    runs: Vec<Run>,
    /// Of all of them.
    n_runs: usize,
}

impl RunsOf<'_> {
    fn write(&mut self, blocks: &mut Blocks) {
        self.n_runs += self.runs.len();
        write_runs(blocks, &self.runs);
        self.runs.clear();
    }
}

impl Packing for RunsOf<'_> {
    type Fact = Cell;

    fn places(&self) -> &Places {
        self.places
    }

    fn labelled(&self, cell: Cell) -> Cell {
        Cell { segment: self.places.segment(cell.segment), ..cell }
    }

    fn number(&self, cell: &Cell) -> Option<u64> {
        number_of(packed_month(cell.month), u32::try_from(cell.amount).ok()?, cell.segment)
    }

    fn short(&self, number: u64) -> Cell {
        Cell::plain(parts_of_number(number))
    }

    fn pack(&mut self, cells: &mut Vec<Cell>, blocks: &mut Blocks) {
        cells.sort_unstable();
        add_runs(&mut self.runs, cells, |cell| *cell);
        self.write(blocks);
    }

    fn pack_short(&mut self, numbers: &[u64], blocks: &mut Blocks) {
        if numbers.windows(2).all(|pair| pair[0] >> 48 < pair[1] >> 48) {
            add_runs_of_numbers(&mut self.runs, numbers);
        } else {
            add_runs(&mut self.runs, numbers, |&number| Cell::plain(parts_of_number(number)));
        }
        self.write(blocks);
    }
}

/// Adds the runs of months of one customer, whose cells are sorted.
#[inline]
fn add_runs<T>(runs: &mut Vec<Run>, cells: &[T], cell_of: impl Fn(&T) -> Cell) {
    for own in cells.chunk_by(|a, b| cell_of(a).month == cell_of(b).month) {
        let Some(first) = own.first().map(&cell_of) else { continue };
        let Cell { month, amount, segment } = match own {
            [_] => first,
            _ => together(own.iter().map(&cell_of)),
        };
        if amount == 0 {
            continue;
        }
        // Months of the same revenue are one run.
        let (month, next) = (packed_month(month), packed_month(month.next()));
        match runs.last_mut() {
            Some(run) if (run.until, run.monthly, run.segment) == (month, amount, segment) => {
                run.until = next;
            }
            _ => runs.push(Run { from: month, until: next, monthly: amount, segment }),
        }
    }
}

/// The same where no two cells are of one month: what is the same a month later is a number that is
/// higher by one month.
#[inline]
fn add_runs_of_numbers(runs: &mut Vec<Run>, numbers: &[u64]) {
    for run in numbers.chunk_by(|&number, &next| number + (1 << 48) == next) {
        let Some((from, amount, segment)) = run.first().map(|&first| parts_of_number(first)) else {
            continue;
        };
        if amount != 0 {
            let until = from + u16::try_from(run.len()).unwrap_or(0);
            runs.push(Run { from, until, monthly: amount.into(), segment });
        }
    }
}

/// Several cells of one month as one: the revenue of all, and what most of it is paid for.
#[inline(never)]
fn together(cells: impl Iterator<Item = Cell> + Clone) -> Cell {
    let month = cells.clone().next().map_or(Period::month_number(0), |first| first.month);
    let total: Minor = cells.clone().map(|cell| Minor::from(cell.amount)).sum();
    let most = cells.max_by_key(|cell| (cell.amount, Reverse(cell.segment)));
    let amount = i64::try_from(total).unwrap_or(i64::MAX);
    Cell { month, amount, segment: most.and_then(|cell| cell.segment) }
}

impl Mrr {
    /// Tells of months between the first and the last that no row speaks of.
    fn tell_empty_months(&self, notes: &mut Notes) {
        let mut months: Vec<Period> = match self.month {
            Some(_) => (0..)
                .zip(&self.seen)
                .filter(|&(_, &is_seen)| is_seen)
                .map(|(number, _)| Period::month_number(number))
                .collect(),
            None => self.months.iter().map(|&(_, month)| month).collect(),
        };
        arrange::by(&mut months, Ord::cmp);
        months.dedup();
        for pair in months.windows(2) {
            let mut month = pair[0].next();
            while month != pair[1] {
                let label = month.label();
                notes.tell("empty-month", Severity::Warning, None, None, || {
                    format!(
                        "No row speaks of {}: everyone counts as gone in it.",
                        text::shown(&label)
                    )
                });
                month = month.next();
            }
        }
    }
}
