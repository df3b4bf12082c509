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
use super::spells::{SpellFact, numbered, parts_of, spells_of};
use super::{Places, Rejected, ShapeBuilder, text};
use crate::arrange;
use crate::calendar::{Day, Granularity, Period};
use crate::ingest::date::{DateOrder, read_month};
use crate::ingest::{Row, RowBatch};
use crate::ledger::packed::{Bytes, short_number, write_number};
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

impl Fact for Cell {
    fn is_marked(&self) -> bool {
        self.segment.is_some()
    }

    fn write(&self, out: &mut Vec<u8>) {
        let month = u16::try_from(self.month.number()).unwrap_or(u16::MAX);
        out.extend_from_slice(&month.to_le_bytes());
        write_number(out, self.amount.unsigned_abs());
        if let Some(segment) = self.segment {
            write_number(out, u64::from(segment));
        }
    }

    #[inline]
    fn few_bytes(&self) -> Option<(u64, usize)> {
        if self.is_marked() {
            return None;
        }
        let month = u16::try_from(self.month.number()).unwrap_or(u16::MAX);
        let (amount, n_bytes) = short_number(self.amount.unsigned_abs())?;
        Some((amount << 16 | u64::from(month), 2 + n_bytes))
    }

    fn skip(bytes: &mut Bytes<'_>, is_marked: bool) {
        bytes.u16();
        bytes.skip_number();
        if is_marked {
            bytes.skip_number();
        }
    }

    fn read(bytes: &mut Bytes<'_>, is_marked: bool) -> Self {
        Self {
            month: Period::month_number(i32::from(bytes.u16())),
            amount: i64::try_from(bytes.number()).unwrap_or(i64::MAX),
            segment: is_marked.then(|| bytes.number_u32()),
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
    facts: Facts<Cell>,
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
    columns: Columns,
    /// The months of many rows that are read together.
    row_months: Vec<Month>,
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
            columns: Columns::default(),
            row_months: Vec::new(),
        }
    }

    /// How many of the rows, from the first on, name a month in a column; these are kept.
    fn plain_months(
        &mut self,
        rows: &RowBatch<'_>,
        range: Range<usize>,
        column: usize,
        order: DateOrder,
    ) -> usize {
        self.row_months.clear();
        for (cell, tail) in rows.column_with_tails(range, column) {
            let known = Short::with_tail(cell, tail).and_then(|cell| self.cells.find(cell));
            let month = known.unwrap_or_else(|| {
                let cell = std::str::from_utf8(cell).unwrap_or("");
                self.cells.get(cell, |cell| Month::named(cell, order))
            });
            let Some(month) = month else { break };
            self.row_months.push(month);
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

    fn take_plain(&mut self, rows: &RowBatch<'_>, range: Range<usize>, cells: &mut Cells) -> usize {
        let (Some(month), Some(amount)) = (self.month, self.amount) else { return 0 };
        let from = range.start;
        let end_of = |n_rows: usize| from..from + n_rows;
        let mut columns = std::mem::take(&mut self.columns);
        columns.clear();
        let order = cells.date_order();
        let n_rows = cells.plain_ids(rows, range, &mut columns.ids);
        let n_rows = self.plain_months(rows, end_of(n_rows), month, order);
        let n_rows = cells.plain_minors(rows, end_of(n_rows), amount, 0, &mut columns.amounts);
        if 0 < n_rows {
            cells.segments(rows, end_of(n_rows), &mut columns.segments);
            let Columns { ids, amounts, segments, .. } = &mut columns;
            let row_months = std::mem::take(&mut self.row_months);
            let months = &row_months[..n_rows];
            let first = months.iter().map(|month| month.first_day).min();
            let last = months.iter().map(|month| month.last_day).max();
            cells.commit_many(DaySpan { first, last, last_start: None }, amounts);
            let id_of = cells.ids_of(rows, from);
            self.facts.push_each(&mut cells.customers, &mut ids[..n_rows], id_of, |index| Cell {
                month: months[index].period,
                amount: amounts[index],
                segment: segments[index],
            });
            for month in months {
                self.saw(month.period);
            }
            self.row_months = row_months;
        }
        self.columns = columns;
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
        let packing = SpellsOf {
            places,
            cells: Vec::new(),
            spells: Vec::new(),
            first_days: FirstDays::default(),
            n_spells: 0,
        };
        let (packing, blocks) = self.facts.into_blocks(places.len(), packing);
        let spells = spells_of(&blocks, places, packing.n_spells, None);
        Histories::Recurring(Recurring { spells, is_monthly: true })
    }
}

/// The spells of each customer.
struct SpellsOf<'a> {
    places: &'a Places,
    cells: Vec<Cell>,
    spells: Vec<SpellFact>,
    first_days: FirstDays,
    /// Of all of them.
    n_spells: usize,
}

impl SpellsOf<'_> {
    fn write(&mut self, cells: &[Cell], block: &mut Vec<u8>) {
        self.spells.clear();
        add_spells(&mut self.spells, cells, &mut self.first_days);
        self.n_spells += self.spells.len();
        SpellFact::write_all(&self.spells, block);
    }
}

impl Packing for SpellsOf<'_> {
    type Fact = Cell;

    #[inline]
    fn number(&self, bytes: &mut Bytes<'_>, is_marked: bool) -> Option<u64> {
        let month = bytes.u16();
        let amount = u32::try_from(bytes.number()).ok()?;
        let segment = if is_marked { Some(bytes.number_u32()) } else { None };
        numbered(month, amount, self.places.segment(segment))
    }

    fn plain(&self, number: u64) -> Option<Cell> {
        let (month, amount, segment) = parts_of(number);
        Some(Cell { month: Period::month_number(i32::from(month)), amount, segment })
    }

    fn labelled(&self, cell: Cell) -> Cell {
        Cell { segment: self.places.segment(cell.segment), ..cell }
    }

    fn pack(&mut self, cells: &mut Vec<Cell>, block: &mut Vec<u8>) {
        cells.sort_unstable();
        self.write(cells, block);
    }

    fn pack_plain(&mut self, numbers: &[u64], block: &mut Vec<u8>) {
        let mut cells = std::mem::take(&mut self.cells);
        cells.clear();
        cells.extend(numbers.iter().filter_map(|&number| self.plain(number)));
        self.write(&cells, block);
        self.cells = cells;
    }
}

/// The spells of one customer, whose cells are sorted.
fn add_spells(spells: &mut Vec<SpellFact>, cells: &[Cell], first_days: &mut FirstDays) {
    // The months of the last spell: from which on, and the first behind it.
    let mut run: Option<(Period, Period)> = None;
    for cells in cells.chunk_by(|a, b| a.month == b.month) {
        let Some(first) = cells.first() else { continue };
        let (monthly, segment) = match cells {
            [only] => (only.amount, only.segment),
            _ => together(cells),
        };
        if monthly == 0 {
            continue;
        }
        // Months of the same revenue are one spell.
        if let (Some(previous), Some((from, until))) = (spells.last_mut(), run)
            && (previous.monthly, previous.segment, until) == (monthly, segment, first.month)
        {
            run = Some((from, until.next()));
            continue;
        }
        close_run(spells, run, first_days);
        run = Some((first.month, first.month.next()));
        spells.push(SpellFact {
            start: Day::EARLIEST,
            end: None,
            monthly,
            segment,
            reason: None,
            renewal: None,
            term_months: 0,
            row: None,
        });
    }
    close_run(spells, run, first_days);
}

/// The revenue of several cells of one month, and what most of it is paid for.
fn together(cells: &[Cell]) -> (i64, Option<LabelIndex>) {
    let total: Minor = cells.iter().map(|cell| Minor::from(cell.amount)).sum();
    let most = cells.iter().max_by_key(|cell| (cell.amount, Reverse(cell.segment)));
    (i64::try_from(total).unwrap_or(i64::MAX), most.and_then(|cell| cell.segment))
}

/// Gives the last spell the days of its months, once it is known how many there are.
fn close_run(spells: &mut [SpellFact], run: Option<(Period, Period)>, first_days: &mut FirstDays) {
    if let (Some(last), Some((from, until))) = (spells.last_mut(), run) {
        last.start = first_days.of(from);
        last.end = Some(first_days.of(until));
    }
}

/// The first days of months that were asked for last: those of one file are few.
#[derive(Default)]
struct FirstDays {
    known: Vec<Option<(Period, Day)>>,
}

impl FirstDays {
    const N_KNOWN: usize = 64;

    fn of(&mut self, month: Period) -> Day {
        if self.known.is_empty() {
            self.known = vec![None; Self::N_KNOWN];
        }
        let place = usize::try_from(month.number()).unwrap_or(0) % Self::N_KNOWN;
        match self.known[place] {
            Some((known, day)) if known == month => day,
            _ => {
                let day = month.first_day();
                self.known[place] = Some((month, day));
                day
            }
        }
    }
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
