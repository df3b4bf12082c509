//! Rows to histories: every row is used, or left out for one reason that is counted.
//!
//! It computes no figure. What only the reader of the report can decide it asks, and says what it
//! assumed meanwhile.

mod accounts;
mod attributes;
mod cells;
mod dimensions;
mod events;
mod facts;
mod fingerprints;
mod lookalikes;
mod mrr;
mod packing;
mod part;
mod periods;
mod remembered;
mod runs;
mod short;
mod spells;
mod subscriptions;
mod tally;
mod text;
mod transactions;
mod words;

use std::ops::Range;

use super::interner::Interner;
use super::packed::Bytes;
use super::{
    Beside, CustomerIndex, Dimensions, Histories, LabelIndex, Labels, Ledger, TenureUnit, Terms,
};
use crate::arrange;
use crate::calendar::Day;
use crate::error::Error;
use crate::ingest::amount::DecimalMark;
use crate::ingest::date::DateOrder;
use crate::ingest::{Encoding, ReadSummary, Row, RowBatch, RowSink, Separator, Table};
use crate::note::{Note, Notes, Severity};
use crate::number::{Currency, Minor};
use crate::report::{ColumnReport, DialectReport, Input, Question, RowCounts};
use crate::roles::{self, Detection, Role, RoleOptions, Shape};
use cells::Cells;
use cells::columns::Columns;
use fingerprints::{Fingerprints, fingerprint, fingerprints};
use part::Renumbering;
use tally::Tallies;
pub(crate) use text::shown;
pub(crate) use words::is_total_label;

/// How many rows the report shows for the mapping of columns.
const PREVIEW_ROWS: usize = 50;
/// How much of a cell the preview holds, in characters.
const PREVIEW_CHARACTERS: usize = 200;

/// What to do with rows that are the same to the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// Count each of them.
    Keep,
    /// Count the first, and leave out the others.
    Drop,
}

/// What the caller has decided; nothing here is required.
#[derive(Clone, Debug, Default)]
pub struct BuildOptions {
    /// Shape and roles.
    pub roles: RoleOptions,
    /// The order of numeric dates.
    pub date_order: Option<DateOrder>,
    /// The decimal mark.
    pub decimal: Option<DecimalMark>,
    /// The currency; in a file of several, the one to keep.
    pub currency: Option<Currency>,
    /// What to do with rows that are the same to the letter.
    pub duplicates: Option<Duplicates>,
    /// Whether amounts are in minor units.
    pub in_minor_units: Option<bool>,
    /// Whether the row of each subscription is kept.
    pub keeps_rows: bool,
}

/// What an earlier pass over the same file has proved.
///
/// A file is read on assumptions made from its first rows. Where the rest proves one wrong, it is
/// read once more, knowing better.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Learned {
    /// The order of numeric dates.
    pub date_order: Option<DateOrder>,
    /// The decimal mark.
    pub decimal: Option<DecimalMark>,
    /// Decimal places of the currency.
    pub decimals: Option<u8>,
    /// The places of columns that are no segments, where they stood in the way of others.
    pub no_segments: Vec<usize>,
}

/// Says that a row is left out; the reason is counted already.
#[derive(Clone, Copy, Debug)]
struct Rejected;

/// What one shape does with a row, and with all of them.
trait ShapeBuilder: std::fmt::Debug {
    /// Takes a sound row, or says that it is left out.
    fn take(&mut self, row: &Row<'_>, cells: &mut Cells) -> Result<(), Rejected>;

    /// Takes those of some rows that leave no doubt, from the first on, and says how many they are:
    /// what [`ShapeBuilder::take`] and [`Cells::commit`] would make of them, one by one. Their ids
    /// are left in `columns`, which is empty before.
    fn take_plain(
        &mut self,
        _rows: &RowBatch<'_>,
        _range: Range<usize>,
        _cells: &mut Cells,
        _columns: &mut Columns,
    ) -> usize {
        0
    }

    /// Gives rows that wait to their customers.
    fn settle(&mut self, cells: &mut Cells);

    /// Whether what it made of its first row cannot depend on the row above it.
    fn is_seam_certain(&self) -> bool;

    /// What it holds as bytes, for another worker.
    fn write_part(&self, out: &mut Vec<u8>);

    /// Takes in what another worker has written, whose rows come behind its own.
    fn absorb(&mut self, part: &mut Bytes<'_>, renumbering: &Renumbering);

    /// What the rows say beside a history.
    fn beside(&mut self, _places: &Places) -> Beside {
        Beside::Nothing
    }

    /// The histories, in an order that does not depend on the order of rows.
    fn finish(self: Box<Self>, places: &Places, notes: &mut Notes) -> Histories;

    /// The same with the terms of the spells, where there are any, and with the rows that they were
    /// read from, where these are kept.
    fn finish_with_terms(
        self: Box<Self>,
        places: &Places,
        notes: &mut Notes,
    ) -> (Histories, Terms, Vec<u32>) {
        (self.finish(places, notes), Terms::default(), Vec::new())
    }
}

/// Where customers, segments and reasons went when they were put in order.
#[derive(Debug)]
struct Places {
    /// The places handed out while reading, in the order of the ledger.
    customers: Vec<CustomerIndex>,
    /// The places in the ledger, by those handed out while reading; none where no column is a
    /// segment.
    segments: Vec<Option<LabelIndex>>,
    reasons: Vec<LabelIndex>,
}

impl Places {
    fn len(&self) -> usize {
        self.customers.len()
    }

    fn customers(&self) -> &[CustomerIndex] {
        &self.customers
    }

    /// The places in the ledger, by those handed out while reading.
    fn new_places(&self) -> Vec<CustomerIndex> {
        let mut places = vec![0; self.customers.len()];
        for (&old, new) in self.customers.iter().zip(0..) {
            if let Some(place) = places.get_mut(old as usize) {
                *place = new;
            }
        }
        places
    }

    fn segment(&self, old: Option<LabelIndex>) -> Option<LabelIndex> {
        old.and_then(|old| self.segments[old as usize])
    }

    fn reason(&self, old: Option<LabelIndex>) -> Option<LabelIndex> {
        old.map(|old| self.reasons[old as usize])
    }
}

/// The labels in alphabetical order, and the place of each by the number it had.
fn in_order(labels: &Interner) -> (Labels, Vec<LabelIndex>) {
    let mut names: Vec<(String, u32)> = labels
        .entries()
        .map(|(_, entry)| (String::from_utf8_lossy(entry.text).into_owned(), entry.number))
        .collect();
    arrange::by(&mut names, Ord::cmp);
    let mut places = vec![0; names.len()];
    for ((_, old), new) in names.iter().zip(0..) {
        places[*old as usize] = new;
    }
    (Labels { names: names.into_iter().map(|(name, _)| name).collect() }, places)
}

/// Builds the ledger while rows stream by.
#[derive(Debug)]
pub struct Builder {
    options: BuildOptions,
    learned: Learned,
    n_rows: u64,
    n_excluded: u64,
    table: Option<Table>,
    detection: Option<Detection>,
    cells: Option<Cells>,
    shape: Option<Box<dyn ShapeBuilder>>,
    fingerprints: Option<Fingerprints>,
    /// Those of the rows at hand.
    row_fingerprints: Vec<u64>,
    columns: Columns,
    duplicates: Tallies,
    /// What is known of the files before this one, where several are read as one.
    before: Before,
    /// Columns of numbers that have no role: their blank cells are told, for someone may want them.
    numbers_without_role: Vec<usize>,
    blanks: Tallies,
    pace: Pace,
}

/// Whether it pays to look at many rows at once.
#[derive(Debug, Default)]
struct Pace {
    /// How many batches are still taken row by row.
    n_slow: u32,
}

impl Pace {
    /// How many batches go by until it is tried again.
    const N_SLOW: u32 = 15;
    /// After so many rows that no look at many of them has taken, the rest is taken one by one.
    const N_VAIN: u32 = 8;
    /// How many rows are looked at together where some before them were taken by themselves.
    const N_ROWS_AFTER_SINGLE: usize = 32;

    /// Whether the rows of the next batch are looked at together.
    fn is_quick(&mut self) -> bool {
        let is_quick = self.n_slow == 0;
        self.n_slow = self.n_slow.saturating_sub(1);
        is_quick
    }

    /// A batch of so many rows had so many that were taken by themselves.
    fn saw(&mut self, n_rows: usize, n_single: usize) {
        if n_rows < 8 * n_single {
            self.n_slow = Self::N_SLOW;
        }
    }
}

/// The files that were read before the one that is read now, as part of the same table.
#[derive(Debug, Default)]
struct Before {
    n_rows: u64,
    n_excluded: u64,
    /// How many rows they take in the numbering of all files.
    row_base: u64,
    fingerprints: Vec<Fingerprints>,
    duplicates: Tallies,
}

impl Before {
    fn has(&mut self, fingerprint: u64) -> bool {
        self.fingerprints.iter().any(|file| file.has(fingerprint))
    }
}

/// What a file came to.
#[derive(Debug)]
pub struct Built {
    /// The histories.
    pub ledger: Ledger,
    /// What it says of customers beside a history; then the ledger has customers and nothing else.
    pub beside: Beside,
    /// The row of each spell, where these are kept.
    pub spell_rows: Vec<u32>,
    table: Table,
    detection: Detection,
    questions: Vec<Question>,
    encoding: Encoding,
    rows: RowCounts,
    amount_total: Option<Minor>,
    decimal: DecimalMark,
    date_order: DateOrder,
    first_day: Option<Day>,
}

impl Builder {
    /// A builder for one file.
    #[must_use]
    pub fn new(options: BuildOptions, learned: Learned) -> Self {
        Self {
            options,
            learned,
            n_rows: 0,
            n_excluded: 0,
            table: None,
            detection: None,
            cells: None,
            shape: None,
            fingerprints: None,
            row_fingerprints: Vec::new(),
            columns: Columns::default(),
            duplicates: Tallies::default(),
            before: Before::default(),
            numbers_without_role: Vec::new(),
            blanks: Tallies::default(),
            pace: Pace::default(),
        }
    }

    /// The name of the column of customers, once the table has begun.
    pub(crate) fn customer_column(&self) -> Option<&str> {
        self.detection.as_ref()?.column_name(Role::Customer)
    }

    /// Rows taken so far.
    #[must_use]
    pub fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// Ends one of several files that are read as one: the next rows are those of the next file,
    /// whose header is the same. `n_rows_taken` is how many rows a spreadsheet has of it.
    pub fn end_file(&mut self, n_rows_taken: u64, notes: &mut Notes) -> RowCounts {
        if let (Some(shape), Some(cells)) = (&mut self.shape, &mut self.cells) {
            shape.settle(cells);
        }
        if let Some(mut fingerprints) = self.fingerprints.take() {
            let duplicates = &mut self.duplicates;
            fingerprints.tabulate(|row| tell_duplicate(duplicates, row));
            self.before.fingerprints.push(fingerprints);
            self.fingerprints = Some(Fingerprints::default());
        }
        self.before.row_base += n_rows_taken;
        if let Some(cells) = &mut self.cells {
            cells.end_file(self.before.row_base).tell(notes);
        }
        let duplicates = std::mem::take(&mut self.duplicates);
        duplicates.tell(notes);
        self.before.duplicates.add_all(duplicates);
        std::mem::take(&mut self.blanks).tell(notes);
        let (read, excluded) =
            (self.n_rows - self.before.n_rows, self.n_excluded - self.before.n_excluded);
        (self.before.n_rows, self.before.n_excluded) = (self.n_rows, self.n_excluded);
        RowCounts { read, used: read.saturating_sub(excluded), excluded }
    }

    /// Ends the file: the ledger, or what to assume when the file is read again, and why.
    ///
    /// # Errors
    ///
    /// `no-rows` where the file ended before its table began.
    pub fn finish(
        mut self,
        summary: &ReadSummary,
        may_read_again: bool,
        notes: &mut Notes,
    ) -> Result<Result<Built, (Learned, String)>, Error> {
        let (Some(table), Some(detection), Some(mut cells), Some(mut shape)) =
            (self.table, self.detection, self.cells, self.shape)
        else {
            return Err(Error::new("no-rows", "The file has no rows to read."));
        };
        shape.settle(&mut cells);
        if let Some(mut fingerprints) = self.fingerprints {
            fingerprints.settle(|row| tell_duplicate(&mut self.duplicates, row));
            if let Some(row) = fingerprints.kept_up_to() {
                notes.tell("duplicates-checked-in-part", Severity::Info, Some(row), None, || {
                    format!(
                        "From row {row} on, rows are compared with those above it only: whether \
                         two of them are the same to the letter is not known."
                    )
                });
            }
        }
        let n_used = summary.n_rows.saturating_sub(self.n_excluded);
        if may_read_again && let Some((mut learned, why)) = cells.disproved(n_used) {
            if learned.no_segments.is_empty() {
                learned.no_segments = self.learned.no_segments;
            }
            return Ok(Err((learned, why)));
        }
        if self.options.duplicates.is_none() {
            self.before.duplicates.add_all(self.duplicates.clone());
            cells.ask_about_duplicates(&self.before.duplicates, &detection);
        }
        self.duplicates.tell(notes);
        self.blanks.tell(notes);
        cells.tell(notes);
        let mut questions = table.questions.clone();
        questions.extend(summary.questions.iter().cloned());
        let mut draft = cells.into_draft(&detection, n_used, &mut questions, notes);
        tell_columns(&detection, &draft.segments, notes);
        let (reasons, reason_places) = in_order(&draft.reasons);
        let places = Places {
            customers: draft.customers.put_in_order(),
            segments: draft.segment_places,
            reasons: reason_places,
        };
        let beside = shape.beside(&places);
        let (histories, terms, spell_rows) = shape.finish_with_terms(&places, notes);
        let amount_total = draft.has_amounts.then_some(draft.amount_total);
        let n_rows = if self.before.n_rows == 0 { summary.n_rows } else { self.n_rows };
        let rows = RowCounts {
            read: n_rows,
            used: n_rows.saturating_sub(self.n_excluded),
            excluded: self.n_excluded,
        };
        let Context { date_order, decimal, first_day } = draft.context;
        Ok(Ok(Built {
            ledger: Ledger {
                customers: draft.customers,
                histories,
                currency: draft.currency,
                decimals: draft.decimals,
                has_amounts: draft.has_amounts,
                last_day: draft.last_day,
                tenure_unit: tenure_unit(&detection),
                segments: draft.segments,
                reasons,
                terms,
            },
            beside,
            spell_rows,
            table,
            detection,
            questions,
            encoding: summary.encoding,
            rows,
            amount_total,
            decimal,
            date_order,
            first_day,
        }))
    }

    /// Takes those of the rows that leave no doubt, from the first on; how many they are.
    fn take_plain(&mut self, rows: &RowBatch<'_>, mut range: Range<usize>) -> usize {
        let (Some(cells), Some(shape)) = (&mut self.cells, &mut self.shape) else { return 0 };
        // Whether a row was there before is then a reason to leave it out, row by row.
        if self.options.duplicates == Some(Duplicates::Drop) || !self.before.fingerprints.is_empty()
        {
            return 0;
        }
        for &column in &self.numbers_without_role {
            let is_blank = |&index: &usize| rows.field(index, column).is_empty();
            range.end = range.clone().find(is_blank).unwrap_or(range.end);
        }
        let from = range.start;
        self.columns.clear();
        let n_taken = shape.take_plain(rows, range, cells, &mut self.columns);
        if let Some(known) = &mut self.fingerprints {
            let first_row = rows.first_number() + from as u64;
            let ids = cells.column(Role::Customer).map(|column| (column, &self.columns.ids[..]));
            fingerprints(rows, from..from + n_taken, ids, &mut self.row_fingerprints);
            known.look_up_all(&self.row_fingerprints, first_row, |row| {
                tell_duplicate(&mut self.duplicates, row);
            });
        }
        self.n_rows += n_taken as u64;
        n_taken
    }

    fn take(&mut self, row: &Row<'_>) -> Result<(), Rejected> {
        let (Some(cells), Some(shape), Some(detection)) =
            (&mut self.cells, &mut self.shape, &self.detection)
        else {
            return Err(Rejected);
        };
        cells.begin(row);
        cells.check_total_row(row, detection)?;
        if let Some(fingerprints) = &mut self.fingerprints {
            let fingerprint = fingerprint(row, cells.column(Role::Customer));
            if !self.before.fingerprints.is_empty() && self.before.has(fingerprint) {
                let number = row.number();
                if self.options.duplicates == Some(Duplicates::Drop) {
                    return Err(cells.reject("row-in-two-files", Severity::Warning, None, |_| {
                        across_message(number)
                    }));
                }
                self.duplicates.add("row-in-two-files", Severity::Warning, number, None, || {
                    across_message(number)
                });
            } else if self.options.duplicates == Some(Duplicates::Drop) {
                if fingerprints.is_known(fingerprint, row.number()) {
                    return Err(cells.reject("duplicate-row", Severity::Warning, None, |_| {
                        duplicate_message(row.number())
                    }));
                }
            } else {
                let duplicates = &mut self.duplicates;
                fingerprints
                    .look_up(fingerprint, row.number(), |row| tell_duplicate(duplicates, row));
            }
        }
        shape.take(row, cells)?;
        cells.commit();
        for &column in &self.numbers_without_role {
            if row.field(column).is_empty() {
                self.blanks.add(
                    "blank-cells",
                    Severity::Info,
                    row.number(),
                    Some((column, cells.name(column))),
                    || format!("Some cells of the column “{}” are blank.", cells.name(column)),
                );
            }
        }
        Ok(())
    }
}

impl RowSink for Builder {
    fn start(&mut self, table: &Table, _notes: &mut Notes) -> Result<(), Error> {
        if let Some(known) = &self.table {
            return if known.columns == table.columns {
                Ok(())
            } else {
                Err(Error::new("other-header", "The files do not have the same header."))
            };
        }
        let detection = roles::detect(table, &self.options.roles)?;
        self.cells = Some(Cells::new(table, &detection, &self.options, &self.learned));
        self.shape = Some(match detection.shape {
            Shape::Subscriptions => {
                Box::new(subscriptions::Subscriptions::new(&detection, self.options.keeps_rows))
            }
            Shape::Mrr => Box::new(mrr::Mrr::new(&detection)),
            Shape::Transactions => Box::new(transactions::Transactions::new(&detection)),
            Shape::Periods => Box::new(periods::Periods::new(&detection)),
            Shape::Accounts => Box::new(accounts::Accounts::new(&detection)),
            Shape::Customers => Box::new(attributes::AttributeRows::new(&detection)),
            Shape::Events => Box::new(events::EventRows::new(&detection)),
        });
        // Orders without an id, and accounts or period totals without one, may well be alike.
        let has_identity = match detection.shape {
            Shape::Subscriptions | Shape::Mrr => true,
            Shape::Transactions => detection.column(Role::Order).is_some(),
            Shape::Accounts => detection.column(Role::Customer).is_some(),
            Shape::Periods | Shape::Customers | Shape::Events => false,
        };
        self.fingerprints = has_identity.then(Fingerprints::default);
        self.numbers_without_role = detection.numbers_without_role();
        self.table = Some(table.clone());
        self.detection = Some(detection);
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>, notes: &mut Notes) {
        self.n_rows += 1;
        let is_excluded = if row.defect().is_some() {
            row.exclude_if_defective(notes)
        } else {
            self.take(row).is_err()
        };
        self.n_excluded += u64::from(is_excluded);
    }

    fn rows(&mut self, rows: &RowBatch<'_>, notes: &mut Notes) {
        let is_quick = self.pace.is_quick();
        let (mut index, mut n_single, mut n_vain) = (0, 0, 0);
        while index < rows.len() {
            if is_quick && n_vain < Pace::N_VAIN {
                let n_rows = if n_single == 0 { rows.len() } else { Pace::N_ROWS_AFTER_SINGLE };
                let end = rows.len().min(index + n_rows);
                let n_taken = self.take_plain(rows, index..end);
                n_vain += u32::from(n_taken == 0);
                index += n_taken;
                if index == end && end < rows.len() {
                    continue;
                }
            }
            if index < rows.len() {
                self.row(&rows.row(index), notes);
                index += 1;
                n_single += 1;
            }
        }
        if is_quick {
            self.pace.saw(rows.len(), n_single);
        }
    }
}

fn duplicate_message(row: u64) -> String {
    format!("Row {row} is the same to the letter as one above it.")
}

fn across_message(row: u64) -> String {
    format!("Row {row} is the same to the letter as one in a file read before.")
}

fn tell_duplicate(duplicates: &mut Tallies, row: u64) {
    duplicates.add("duplicate-row", Severity::Warning, row, None, || duplicate_message(row));
}

/// What the tenure is counted in, by the words of its column's name.
fn tenure_unit(detection: &Detection) -> TenureUnit {
    let name = roles::normalized(detection.column_name(Role::Tenure).unwrap_or_default());
    let speaks_of = |words: &[&str]| name.split(' ').any(|word| words.contains(&word));
    if speaks_of(&["day", "days", "tage", "jours", "días"]) {
        TenureUnit::Day
    } else if speaks_of(&["tenure", "month", "months", "monate", "mois", "meses"]) {
        TenureUnit::Month
    } else {
        TenureUnit::Period
    }
}

/// Tells which columns were taken under another name, and which were not needed.
fn tell_columns(detection: &Detection, segments: &Dimensions, notes: &mut Notes) {
    let mut mapped: Vec<String> = Vec::new();
    for column in &detection.columns {
        if let Some(role) = column.role
            && roles::normalized(&column.name).replace(' ', "_") != role.name()
        {
            mapped.push(format!("{} is “{}”", role.name(), text::shown(&column.name)));
        }
    }
    if !mapped.is_empty() {
        notes.tell("mapped", Severity::Info, None, None, || format!("{}.", mapped.join(", ")));
    }
    let shown = |is_segment: bool| -> Vec<String> {
        detection
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.role.is_none() && column.why == "not needed")
            .filter(|&(index, _)| is_segment == segments.columns().iter().any(|s| s.index == index))
            .map(|(_, column)| format!("“{}”", text::shown(&column.name)))
            .collect()
    };
    let (unused, segments) = (shown(false), shown(true));
    let mut messages = Vec::new();
    if !unused.is_empty() && detection.shape != Shape::Customers {
        messages.push(format!("Not needed and left aside: {}.", unused.join(", ")));
    }
    if !segments.is_empty() {
        messages.push(format!("Used for segments only: {}.", segments.join(", ")));
    }
    if !messages.is_empty() {
        notes.take(Note {
            code: "unknown-column",
            severity: Severity::Info,
            excludes: false,
            message: messages.join(" "),
            count: (unused.len() + segments.len()) as u64,
            rows: Vec::new(),
            column: None,
        });
    }
}

/// What only the report needs to know of the reading.
#[derive(Debug)]
struct Context {
    date_order: DateOrder,
    decimal: DecimalMark,
    first_day: Option<Day>,
}

impl Built {
    /// How many segments a column can be split into, where it can be.
    fn n_segments(&self, index: usize) -> Option<u32> {
        let column = self.ledger.segments.columns().iter().find(|column| column.index == index)?;
        u32::try_from(column.values.names.len()).ok()
    }

    /// The health signals of a file that has one row per account, or may have.
    fn health_signals(&self) -> Vec<String> {
        if !matches!(self.detection.shape, Shape::Accounts | Shape::Subscriptions) {
            return Vec::new();
        }
        let found = roles::health::signals_of(&self.table);
        found.into_iter().map(str::to_owned).collect()
    }

    /// The part of the report on what was read; its notes are still to come.
    #[must_use]
    pub fn input(&self) -> Input {
        let columns = self
            .detection
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| ColumnReport {
                name: column.name.clone(),
                index: u32::try_from(index).unwrap_or(u32::MAX),
                role: column.role.map(|role| role.name().to_owned()).or_else(|| {
                    let is_month = self.detection.months.iter().any(|&(known, _)| known == index);
                    is_month.then(|| Role::Month.name().to_owned())
                }),
                why: column.why.clone(),
                segments: self.n_segments(index),
            })
            .collect();
        let preview = self
            .table
            .sample
            .iter()
            .take(PREVIEW_ROWS)
            .map(|row| {
                row.iter().map(|cell| cell.chars().take(PREVIEW_CHARACTERS).collect()).collect()
            })
            .collect();
        Input {
            shape: self.detection.shape.name().to_owned(),
            shape_why: self.detection.shape_why.clone(),
            as_of: self.ledger.last_day.map(Day::to_iso).unwrap_or_default(),
            first_date: self.first_day.map(Day::to_iso),
            currency: self.ledger.currency.map(|currency| currency.code().to_owned()),
            customers: self.ledger.customers.len() as u64,
            amount_total_minor: self.amount_total.map(|total| total.to_string()),
            decimals: self.ledger.decimals,
            dialect: DialectReport {
                encoding: self.encoding.label().to_owned(),
                delimiter: match self.table.dialect.separator {
                    Separator::Byte(byte) => char::from(byte).to_string(),
                    Separator::Whitespace => "whitespace".to_owned(),
                },
                decimal: match self.decimal {
                    DecimalMark::Point => ".".to_owned(),
                    DecimalMark::Comma => ",".to_owned(),
                },
                date_order: match self.date_order {
                    DateOrder::Ymd => "ymd".to_owned(),
                    DateOrder::Dmy => "dmy".to_owned(),
                    DateOrder::Mdy => "mdy".to_owned(),
                },
            },
            columns,
            rows: self.rows.clone(),
            notes: Vec::new(),
            questions: self.questions.clone(),
            preview,
            health_signals: self.health_signals(),
        }
    }
}
