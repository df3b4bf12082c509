//! Rows to histories: every row is used, or left out for one reason that is counted.
//!
//! It computes no figure. What only the reader of the report can decide it asks, and says what it
//! assumed meanwhile.

mod accounts;
mod cells;
mod mrr;
mod periods;
mod subscriptions;
mod tally;
mod text;
mod transactions;
mod words;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{CustomerIndex, Histories, LabelIndex, Ledger, TenureUnit};
use crate::calendar::Day;
use crate::error::Error;
use crate::ingest::amount::DecimalMark;
use crate::ingest::date::DateOrder;
use crate::ingest::{Encoding, ReadSummary, Row, RowSink, Separator, Table};
use crate::note::{Note, Notes, Severity};
use crate::number::{Currency, Minor};
use crate::report::{ColumnReport, DialectReport, Input, Question, RowCounts};
use crate::roles::{self, Detection, Role, RoleOptions, Shape};
use cells::Cells;
use tally::Tallies;

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
}

/// Why a row is left out.
#[derive(Debug)]
struct Reject {
    code: &'static str,
    severity: Severity,
    column: Option<String>,
    message: String,
}

impl Reject {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, column: None, message: message.into() }
    }

    fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    fn in_column(mut self, column: &str) -> Self {
        self.column = Some(column.to_owned());
        self
    }
}

/// What one shape does with a row, and with all of them.
trait ShapeBuilder: std::fmt::Debug {
    /// Takes a sound row, or says why it is left out.
    fn take(&mut self, row: &Row<'_>, cells: &mut Cells) -> Result<(), Reject>;

    /// The histories, in an order that does not depend on the order of rows.
    fn finish(self: Box<Self>, places: &Places, notes: &mut Notes) -> Histories;
}

/// Where customers, segments and reasons went when they were put in order: the places handed out
/// while reading, to those in the ledger.
#[derive(Debug)]
struct Places {
    customers: Vec<CustomerIndex>,
    segments: Vec<LabelIndex>,
    reasons: Vec<LabelIndex>,
}

impl Places {
    fn customer(&self, old: CustomerIndex) -> CustomerIndex {
        self.customers[old as usize]
    }

    fn segment(&self, old: Option<LabelIndex>) -> Option<LabelIndex> {
        old.map(|old| self.segments[old as usize])
    }

    fn reason(&self, old: Option<LabelIndex>) -> Option<LabelIndex> {
        old.map(|old| self.reasons[old as usize])
    }
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
    fingerprints: Option<HashSet<u64>>,
    duplicates: Tallies,
    /// Columns of numbers that have no role: their blank cells are told, for someone may want them.
    numbers_without_role: Vec<usize>,
    blanks: Tallies,
}

/// What a file came to.
#[derive(Debug)]
pub struct Built {
    /// The histories.
    pub ledger: Ledger,
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
            duplicates: Tallies::default(),
            numbers_without_role: Vec::new(),
            blanks: Tallies::default(),
        }
    }

    /// Rows taken so far.
    #[must_use]
    pub fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// Ends the file: the ledger, or what to assume when the file is read again, and why.
    ///
    /// # Errors
    ///
    /// `no-rows` where the file ended before its table began.
    pub fn finish(
        self,
        summary: &ReadSummary,
        may_read_again: bool,
        notes: &mut Notes,
    ) -> Result<Result<Built, (Learned, String)>, Error> {
        let (Some(table), Some(detection), Some(mut cells), Some(shape)) =
            (self.table, self.detection, self.cells, self.shape)
        else {
            return Err(Error::new("no-rows", "The file has no rows to read."));
        };
        if may_read_again && let Some((learned, why)) = cells.disproved() {
            return Ok(Err((learned, why)));
        }
        tell_columns(&detection, notes);
        if self.options.duplicates.is_none() {
            cells.ask_about_duplicates(&self.duplicates, &detection);
        }
        self.duplicates.tell(notes);
        self.blanks.tell(notes);
        cells.tell(notes);
        let mut questions = table.questions.clone();
        questions.extend(summary.questions.iter().cloned());
        let mut draft = cells.into_draft(&detection, &mut questions, notes);
        let places = Places {
            customers: draft.customers.put_in_order(),
            segments: draft.segments.put_in_order(),
            reasons: draft.reasons.put_in_order(),
        };
        let histories = shape.finish(&places, notes);
        let amount_total = draft.has_amounts.then_some(draft.amount_total);
        let rows = RowCounts {
            read: summary.n_rows,
            used: summary.n_rows.saturating_sub(self.n_excluded),
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
                reasons: draft.reasons,
            },
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

    /// Whether a row that is the same to the letter has been seen before.
    fn is_duplicate(&mut self, row: &Row<'_>) -> bool {
        let Some(fingerprints) = &mut self.fingerprints else { return false };
        let mut hasher = DefaultHasher::new();
        for index in 0..row.n_fields() {
            row.field(index).hash(&mut hasher);
        }
        !fingerprints.insert(hasher.finish())
    }

    fn take(&mut self, row: &Row<'_>) -> Result<(), Reject> {
        let (Some(cells), Some(detection)) = (&mut self.cells, &self.detection) else {
            return Err(Reject::new("no-table", "The row came before its table."));
        };
        cells.check_total_row(row, detection)?;
        if self.is_duplicate(row) {
            if self.options.duplicates == Some(Duplicates::Drop) {
                return Err(Reject::new(
                    "duplicate-row",
                    format!("Row {} is the same to the letter as one above it.", row.number()),
                )
                .with_severity(Severity::Warning));
            }
            self.duplicates.add("duplicate-row", Severity::Warning, row.number(), None, || {
                format!("Row {} is the same to the letter as one above it.", row.number())
            });
        }
        let (Some(cells), Some(shape)) = (&mut self.cells, &mut self.shape) else {
            return Err(Reject::new("no-table", "The row came before its table."));
        };
        cells.begin(row);
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
        let detection = roles::detect(table, &self.options.roles)?;
        self.cells = Some(Cells::new(table, &detection, &self.options, &self.learned));
        self.shape = Some(match detection.shape {
            Shape::Subscriptions => Box::new(subscriptions::Subscriptions::new(&detection)),
            Shape::Mrr => Box::new(mrr::Mrr::new(&detection)),
            Shape::Transactions => Box::new(transactions::Transactions::new(&detection)),
            Shape::Periods => Box::new(periods::Periods::new(&detection)),
            Shape::Accounts => Box::new(accounts::Accounts::new(&detection)),
        });
        // Orders without an id, and accounts or period totals without one, may well be alike.
        let has_identity = match detection.shape {
            Shape::Subscriptions | Shape::Mrr => true,
            Shape::Transactions => detection.column(Role::Order).is_some(),
            Shape::Accounts => detection.column(Role::Customer).is_some(),
            Shape::Periods => false,
        };
        self.fingerprints = has_identity.then(HashSet::new);
        self.numbers_without_role = detection.numbers_without_role(&table.sample);
        self.table = Some(table.clone());
        self.detection = Some(detection);
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>, notes: &mut Notes) {
        self.n_rows += 1;
        if row.exclude_if_defective(notes) {
            self.n_excluded += 1;
        } else if let Err(reject) = self.take(row) {
            self.n_excluded += 1;
            let message = reject.message;
            notes.exclude(
                reject.code,
                reject.severity,
                row.number(),
                reject.column.as_deref(),
                || message,
            );
        }
    }
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
fn tell_columns(detection: &Detection, notes: &mut Notes) {
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
    let unused: Vec<String> = detection
        .columns
        .iter()
        .filter(|column| column.role.is_none() && column.why == "not needed")
        .map(|column| format!("“{}”", text::shown(&column.name)))
        .collect();
    if !unused.is_empty() {
        notes.take(Note {
            code: "unknown-column",
            severity: Severity::Info,
            excludes: false,
            message: format!("Not needed and left aside: {}.", unused.join(", ")),
            count: unused.len() as u64,
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
        }
    }
}
