//! Rows to accounts with their health signals: every row is used, or left out for one reason that is
//! counted, and every cell that says nothing sure is missing, not healthy.
//!
//! What depends on the whole column (percent or fraction, the order of dates, the decimal mark, the
//! currency) is kept under each reading and settled by `reading`. It scores nothing.

use std::collections::{BTreeMap, HashMap};

use super::words::{
    Champion, CoreUse, Recency, is_missing, read_answer_group, read_bad, read_champion,
    read_core_use, read_plain_number, read_recency,
};
use crate::calendar::Day;
use crate::error::Error;
use crate::ingest::amount::{
    Amount, CurrencySign, DecimalEvidence, DecimalMark, read_amount, read_churned, read_flag,
};
use crate::ingest::date::{DateEvidence, DateOrder, is_open_end, read_date};
use crate::ingest::{ReadSummary, Row, RowSink, Table};
use crate::ledger::build::{is_total_label, shown};
use crate::note::{Notes, Severity};
use crate::number::Currency;
use crate::roles::health::{self, HealthDetection, HealthRole};
use crate::roles::normalized;

/// From so many on, a plain number is a date of a spreadsheet and no count of days.
const DAYS_BELOW: f64 = 10_000.0;

/// A day under each order of its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Dated {
    year_first: Option<Day>,
    day_first: Option<Day>,
    month_first: Option<Day>,
}

impl Dated {
    fn read(text: &str) -> Option<Self> {
        let day = |order| read_date(text, Some(order)).ok().map(|reading| reading.day);
        let all = Self {
            year_first: day(DateOrder::Ymd),
            day_first: day(DateOrder::Dmy),
            month_first: day(DateOrder::Mdy),
        };
        (all != Self::default()).then_some(all)
    }

    pub(super) fn under(self, order: DateOrder) -> Option<Day> {
        match order {
            DateOrder::Ymd => self.year_first,
            DateOrder::Dmy => self.day_first,
            DateOrder::Mdy => self.month_first,
        }
    }
}

/// A number under both decimal marks, as written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Written {
    point: Option<f64>,
    comma: Option<f64>,
    pub(super) has_percent: bool,
}

/// What the group of an answer stands for: no other answer of it is nearer to the next group.
fn read_answer(text: &str) -> Option<Written> {
    let answer = read_answer_group(text)?;
    Some(Written { point: Some(answer), comma: Some(answer), has_percent: false })
}

impl Written {
    fn read(text: &str) -> Option<Self> {
        let point = read_plain_number(text, DecimalMark::Point);
        let comma = read_plain_number(text, DecimalMark::Comma);
        let has_percent = point.or(comma)?.1;
        let value = |reading: Option<(f64, bool)>| reading.map(|(value, _)| value);
        Some(Self { point: value(point), comma: value(comma), has_percent })
    }

    pub(super) fn under(self, mark: DecimalMark) -> Option<f64> {
        if mark == DecimalMark::Comma { self.comma } else { self.point }
    }
}

/// What one cell of a signal's column says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell {
    Number(Written),
    Bad(bool),
    Recency(Recency),
    Dated(Dated),
    CoreUse(CoreUse),
    Champion(Champion),
}

/// What an account pays, under both decimal marks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paid {
    point: Option<Amount>,
    comma: Option<Amount>,
    pub(super) sign: Option<CurrencySign>,
}

impl Paid {
    pub(super) fn under(self, mark: DecimalMark) -> Option<Amount> {
        if mark == DecimalMark::Comma { self.comma } else { self.point }
    }
}

/// One row.
#[derive(Clone, Debug)]
pub(super) struct AccountRow {
    pub(super) row: u64,
    pub(super) customer: String,
    pub(super) owner: Option<u32>,
    pub(super) cohort: Option<u32>,
    pub(super) start: Option<Dated>,
    pub(super) end: Option<Dated>,
    pub(super) renewal: Option<Dated>,
    pub(super) paid: Option<Paid>,
    pub(super) churned: Option<bool>,
    pub(super) score_day_90: Option<Written>,
    pub(super) first_value: Option<Cell>,
    pub(super) retained_twelve_months: Option<bool>,
    /// By the places of [`HealthAccounts::signal_columns`].
    pub(super) cells: Vec<Option<Cell>>,
}

/// Distinct texts of a column, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    pub(super) names: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Texts {
    fn number(&mut self, text: &str) -> Option<u32> {
        if text.is_empty() || is_missing(text) {
            return None;
        }
        if let Some(&known) = self.numbers.get(text) {
            return Some(known);
        }
        let number = u32::try_from(self.names.len()).ok()?;
        self.names.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        Some(number)
    }
}

/// The accounts of a file, read, with nothing decided yet that an option can change.
#[derive(Debug)]
pub struct HealthAccounts {
    pub(super) table: Table,
    pub(super) detection: HealthDetection,
    pub(super) signal_columns: Vec<(HealthRole, usize)>,
    pub(super) accounts: Vec<AccountRow>,
    pub(super) owners: Texts,
    pub(super) cohorts: Texts,
    pub(super) dates: DateEvidence,
    pub(super) date_samples: Vec<String>,
    pub(super) decimals: DecimalEvidence,
    pub(super) currencies: BTreeMap<CurrencySign, u64>,
    pub(super) summary: ReadSummary,
    pub(super) n_excluded: u64,
    /// What was found while reading.
    pub(super) notes: Notes,
}

/// Takes the rows as they stream by.
#[derive(Debug)]
pub struct HealthBuilder {
    roles: BTreeMap<HealthRole, String>,
    opened: Option<Opened>,
    keeps_all: bool,
    n_rows: u64,
    n_excluded: u64,
}

#[derive(Debug)]
struct Opened {
    table: Table,
    detection: HealthDetection,
    signal_columns: Vec<(HealthRole, usize)>,
    /// The place of each role's column.
    places: Vec<Option<usize>>,
    /// Whether the rows of one account are all kept.
    keeps_all: bool,
    /// Whether yes in the column of core features means that their use is limited.
    asks_for_limits: bool,
    accounts: Vec<AccountRow>,
    /// The first row of each account.
    known: HashMap<String, u64>,
    owners: Texts,
    cohorts: Texts,
    dates: DateEvidence,
    date_samples: Vec<String>,
    decimals: DecimalEvidence,
    currencies: BTreeMap<CurrencySign, u64>,
}

/// Says that a row is left out; the reason is counted already.
struct Rejected;

impl HealthBuilder {
    /// A builder for one file; `roles` override what is found.
    #[must_use]
    pub fn new(roles: BTreeMap<HealthRole, String>) -> Self {
        Self { roles, opened: None, keeps_all: false, n_rows: 0, n_excluded: 0 }
    }

    /// A builder that keeps each row of an account that has several, where what comes of them does
    /// not depend on their order.
    pub(crate) fn of_all_rows(roles: BTreeMap<HealthRole, String>) -> Self {
        Self { keeps_all: true, ..Self::new(roles) }
    }

    /// Whether its table has begun.
    pub(crate) fn is_open(&self) -> bool {
        self.opened.is_some()
    }

    /// Rows taken so far.
    #[must_use]
    pub fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// Ends the file.
    ///
    /// # Errors
    ///
    /// `no-rows` where the file ended before its table began.
    pub fn finish(self, summary: ReadSummary, notes: Notes) -> Result<HealthAccounts, Error> {
        let Some(opened) = self.opened else {
            return Err(Error::new("no-rows", "The file has no rows to read."));
        };
        Ok(HealthAccounts {
            table: opened.table,
            detection: opened.detection,
            signal_columns: opened.signal_columns,
            accounts: opened.accounts,
            owners: opened.owners,
            cohorts: opened.cohorts,
            dates: opened.dates,
            date_samples: opened.date_samples,
            decimals: opened.decimals,
            currencies: opened.currencies,
            summary,
            n_excluded: self.n_excluded,
            notes,
        })
    }
}

impl RowSink for HealthBuilder {
    fn start(&mut self, table: &Table, _notes: &mut Notes) -> Result<(), Error> {
        let detection = health::detect(&table.columns, &table.sample, &self.roles)?;
        let signal_columns: Vec<(HealthRole, usize)> = detection
            .signals()
            .into_iter()
            .filter_map(|role| Some((role, detection.column(role)?)))
            .collect();
        if signal_columns.is_empty() {
            return Err(Error::new(
                "no-health-signals",
                format!(
                    "No column says anything about the health of accounts, such as active users, \
                     the last login, open tickets, NPS or failed payments. The columns are: {}. \
                     Choose what they are.",
                    table.columns.join(", ")
                ),
            )
            .at_row(1)
            .with_columns(table.columns.clone()));
        }
        let asks_for_limits = detection
            .column(HealthRole::CoreUse)
            .is_some_and(|index| normalized(&table.columns[index]).contains("limited"));
        self.opened = Some(Opened {
            places: HealthRole::ALL.iter().map(|&role| detection.column(role)).collect(),
            table: table.clone(),
            detection,
            signal_columns,
            keeps_all: self.keeps_all,
            asks_for_limits,
            accounts: Vec::new(),
            known: HashMap::new(),
            owners: Texts::default(),
            cohorts: Texts::default(),
            dates: DateEvidence::default(),
            date_samples: Vec::new(),
            decimals: DecimalEvidence::default(),
            currencies: BTreeMap::new(),
        });
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>, notes: &mut Notes) {
        self.n_rows += 1;
        let is_excluded = row.exclude_if_defective(notes)
            || self.opened.as_mut().is_none_or(|opened| opened.take(row, notes).is_err());
        self.n_excluded += u64::from(is_excluded);
    }
}

impl Opened {
    fn place(&self, role: HealthRole) -> Option<usize> {
        self.places.get(role as usize).copied().flatten()
    }

    /// The cell with a role and the name of its column; nothing where it says nothing.
    fn cell<'a>(&self, row: &Row<'a>, role: HealthRole) -> Option<&'a str> {
        let text = row.field(self.place(role)?);
        (!is_missing(text)).then_some(text)
    }

    fn name(&self, role: HealthRole) -> String {
        self.place(role)
            .and_then(|index| self.table.columns.get(index))
            .cloned()
            .unwrap_or_default()
    }

    fn take(&mut self, row: &Row<'_>, notes: &mut Notes) -> Result<(), Rejected> {
        let customer = self.customer(row, notes)?;
        let number = row.number();
        let start = self.date(row, HealthRole::Start, notes);
        let end = self.date(row, HealthRole::End, notes);
        let renewal = self.date(row, HealthRole::Renewal, notes);
        let paid = self.paid(row, notes);
        let churned = self.flag(row, HealthRole::Churned, read_churned, notes);
        let retained = self.flag(row, HealthRole::RetainedTwelveMonths, read_flag, notes);
        let score_day_90 = self.number(row, HealthRole::ScoreDay90, notes);
        let first_value = self.signal(row, HealthRole::FirstValue, notes);
        let cells = self
            .signal_columns
            .clone()
            .into_iter()
            .map(|(role, _)| self.signal(row, role, notes))
            .collect();
        let text = |place: Option<usize>| place.map_or("", |index| row.field(index));
        let (owner, cohort) =
            (text(self.place(HealthRole::Owner)), text(self.place(HealthRole::Cohort)));
        let (owner, cohort) = (self.owners.number(owner), self.cohorts.number(cohort));
        self.known.insert(customer.clone(), number);
        self.accounts.push(AccountRow {
            row: number,
            customer,
            owner,
            cohort,
            start,
            end,
            renewal,
            paid,
            churned,
            score_day_90,
            first_value,
            retained_twelve_months: retained,
            cells,
        });
        Ok(())
    }

    fn customer(&self, row: &Row<'_>, notes: &mut Notes) -> Result<String, Rejected> {
        let number = row.number();
        let Some(place) = self.place(HealthRole::Customer) else {
            // Without a column of ids, each row is an account of its own, named by its row.
            return Ok(format!("row {number}"));
        };
        let column = self.table.columns.get(place).map(String::as_str);
        let raw = row.field(place);
        let id = raw.strip_prefix('\'').filter(|rest| !rest.ends_with('\'')).unwrap_or(raw);
        if id.is_empty() {
            notes.exclude("missing-customer", Severity::Error, number, column, || {
                format!("Row {number} names no account.")
            });
            return Err(Rejected);
        }
        // An account may be called Total, but hardly one without a single signal.
        let says_nothing =
            || self.signal_columns.iter().all(|&(role, _)| self.cell(row, role).is_none());
        if is_total_label(id) && says_nothing() {
            notes.exclude("total-row", Severity::Info, number, None, || {
                format!("Row {number} is a total of the rows above: {}.", shown(id))
            });
            return Err(Rejected);
        }
        if let Some(first) = self.known.get(id).filter(|_| !self.keeps_all) {
            notes.exclude("duplicate-account", Severity::Warning, number, column, || {
                format!(
                    "{} is in row {first} already. Only that row counts: an account is scored once.",
                    shown(id)
                )
            });
            return Err(Rejected);
        }
        Ok(id.to_owned())
    }

    fn not_understood(&self, row: &Row<'_>, role: HealthRole, text: &str, notes: &mut Notes) {
        let (number, name) = (row.number(), self.name(role));
        notes.tell("cell-not-understood", Severity::Warning, Some(number), Some(&name), || {
            format!(
                "Row {number}, column {name}: {} is not understood, so it counts as missing.",
                shown(text)
            )
        });
    }

    fn date(&mut self, row: &Row<'_>, role: HealthRole, notes: &mut Notes) -> Option<Dated> {
        let text = self.cell(row, role)?;
        if is_open_end(text) {
            return None;
        }
        let dated = self.dated(text);
        if dated.is_none() {
            self.not_understood(row, role, text, notes);
        }
        dated
    }

    /// A date, counted among what speaks for an order of day and month.
    fn dated(&mut self, text: &str) -> Option<Dated> {
        let dated = Dated::read(text)?;
        self.dates.observe(text);
        if dated.day_first != dated.month_first && self.date_samples.len() < 3 {
            self.date_samples.push(text.to_owned());
        }
        Some(dated)
    }

    fn paid(&mut self, row: &Row<'_>, notes: &mut Notes) -> Option<Paid> {
        let text = self.cell(row, HealthRole::Amount)?;
        self.decimals.observe(text);
        let read = |mark| read_amount(text, Some(mark)).ok();
        let (point, comma) = (read(DecimalMark::Point), read(DecimalMark::Comma));
        let Some(any) = point.or(comma) else {
            self.not_understood(row, HealthRole::Amount, text, notes);
            return None;
        };
        let mut sign = any.currency;
        if let Some(code) = self.cell(row, HealthRole::Currency) {
            match Currency::from_code(code) {
                Some(currency) => sign = Some(CurrencySign::Known(currency)),
                None => self.not_understood(row, HealthRole::Currency, code, notes),
            }
        }
        if let Some(sign) = sign {
            *self.currencies.entry(sign).or_default() += 1;
        }
        Some(Paid { point, comma, sign })
    }

    fn flag(
        &mut self,
        row: &Row<'_>,
        role: HealthRole,
        read: fn(&str) -> Option<bool>,
        notes: &mut Notes,
    ) -> Option<bool> {
        let text = self.cell(row, role)?;
        let flag = read(text);
        if flag.is_none() {
            self.not_understood(row, role, text, notes);
        }
        flag
    }

    fn number(&mut self, row: &Row<'_>, role: HealthRole, notes: &mut Notes) -> Option<Written> {
        let text = self.cell(row, role)?;
        self.decimals.observe(text);
        let number = Written::read(text);
        if number.is_none() {
            self.not_understood(row, role, text, notes);
        }
        number
    }

    /// What a cell of a signal says.
    fn signal(&mut self, row: &Row<'_>, role: HealthRole, notes: &mut Notes) -> Option<Cell> {
        let text = self.cell(row, role)?;
        let number = Written::read(text);
        let cell = match role {
            HealthRole::ActiveShare
            | HealthRole::ActiveUsers
            | HealthRole::LicensedUsers
            | HealthRole::UnresolvedTickets
            | HealthRole::FailedPayments => number.map(Cell::Number),
            HealthRole::Nps => number.or_else(|| read_answer(text)).map(Cell::Number),
            HealthRole::LastLogin | HealthRole::LastCoreUse | HealthRole::FirstValue => {
                let is_count = number
                    .and_then(|number| number.point.or(number.comma))
                    .is_some_and(|days| days < DAYS_BELOW);
                if is_count {
                    number.map(Cell::Number)
                } else {
                    read_recency(text)
                        .map(Cell::Recency)
                        .or_else(|| self.dated(text).map(Cell::Dated))
                }
            }
            HealthRole::CoreUse => read_core_use(text, self.asks_for_limits).map(Cell::CoreUse),
            HealthRole::Champion => read_champion(text).map(Cell::Champion),
            // Yes, no, or how many.
            _ => read_bad(text).map(Cell::Bad).or(number.map(Cell::Number)),
        };
        match cell {
            Some(Cell::Number(_)) => self.decimals.observe(text),
            Some(_) => {}
            None => self.not_understood(row, role, text, notes),
        }
        cell
    }
}
