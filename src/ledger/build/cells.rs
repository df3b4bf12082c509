//! Cells of a row to ids, days and exact money, with what the whole file says about date order,
//! decimal mark and currency.
//!
//! A row is first read in full and only then committed, so that a row that is left out leaves no
//! trace in customers, totals or dates.

pub(super) mod columns;

use super::dimensions::DimensionCells;
use super::lookalikes;
use super::remembered::Remembered;
use super::tally::Tallies;
use super::words::is_total_label;
use super::{BuildOptions, Context, Learned, Rejected, text};
use crate::arrange;
use crate::calendar::Day;
use crate::ingest::amount::{
    Amount, AmountDefect, CurrencySign, DecimalEvidence, DecimalMark, DecimalVerdict, Grouping,
    read_amount, read_count, read_number, read_plain_minor,
};
use crate::ingest::date::{
    DateDefect, DateEvidence, DateForm, DateOrder, DateReading, DateVerdict, is_open_end,
    read_date, read_plain_date,
};
use crate::ingest::{Row, Table, last_word};
use crate::ledger::interner::Interner;
use crate::ledger::{Customers, Dimensions, LabelIndex};
use crate::note::{Notes, Severity, rows_in_words};
use crate::number::{Currency, Minor};
use crate::report::Question;
use crate::roles::{Detection, Role, Shape};

/// An end later than so many days after the last start is told.
const LATE_END_DAYS: i32 = 62;
/// A longer id is used, and told.
const LONG_ID_BYTES: usize = 1_000;

/// One cell of money.
#[derive(Clone, Copy, Debug)]
pub(super) struct Money {
    /// The exact amount in major units.
    pub(super) amount: Amount,
}

/// Currencies met in a file.
#[derive(Debug, Default)]
pub(super) struct Currencies {
    /// Sign or code, rows, first row.
    pub(super) seen: Vec<(CurrencySign, u64, u64)>,
    pub(super) n_without: u64,
}

impl Currencies {
    fn count(&mut self, sign: CurrencySign, n_rows: u64, first_row: u64) {
        match self.seen.iter_mut().find(|(known, ..)| *known == sign) {
            Some((_, n_known, _)) => *n_known += n_rows,
            None => self.seen.push((sign, n_rows, first_row)),
        }
    }

    /// Counts those of later rows.
    pub(super) fn add(&mut self, later: &Self) {
        for &(sign, n_rows, first_row) in &later.seen {
            self.count(sign, n_rows, first_row);
        }
        self.n_without += later.n_without;
    }
}

/// What a row has given so far; it counts only when the row is committed.
#[derive(Clone, Copy, Debug)]
struct Pending {
    row: u64,
    amount_minor: Minor,
    /// Days that the row speaks of; where it speaks of none, the first is behind the last.
    first_day: Day,
    last_day: Day,
    last_start: Day,
    currency: Option<CurrencySign>,
    has_amount: bool,
}

/// The columns that say when a customer last did something, in files of subscriptions: without a
/// later row a subscription goes on, so that such a day shows how far the file reaches.
fn activity_columns(table: &Table, detection: &Detection) -> Vec<usize> {
    if detection.shape != Shape::Subscriptions {
        return Vec::new();
    }
    let mut columns = crate::roles::health::activity_columns(table);
    columns.retain(|&index| detection.columns[index].role.is_none());
    columns
}

impl Pending {
    fn of(row: u64) -> Self {
        Self {
            row,
            amount_minor: 0,
            first_day: Day(i32::MAX),
            last_day: Day(i32::MIN),
            last_start: Day(i32::MIN),
            currency: None,
            has_amount: false,
        }
    }

    #[inline]
    fn saw(&mut self, first: Day, last: Day) {
        self.first_day = self.first_day.min(first);
        self.last_day = self.last_day.max(last);
    }
}

/// Reads cells, and gathers what they prove.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they do not depend on each other")]
pub(super) struct Cells {
    names: Vec<String>,
    /// The place of each role's column.
    roles: [Option<usize>; Role::ALL.len()],
    pub(super) customers: Customers,
    tallies: Tallies,
    date_order: DateOrder,
    date_order_given: bool,
    pub(super) date_evidence: DateEvidence,
    pub(super) date_samples: Vec<String>,
    pub(super) date_column: Option<usize>,
    pub(super) two_digit_samples: Vec<String>,
    pub(super) epoch_samples: Vec<String>,
    decimal: DecimalMark,
    decimal_given: bool,
    pub(super) decimal_evidence: DecimalEvidence,
    pub(super) decimal_samples: Vec<String>,
    decimals: u8,
    in_minor_units: bool,
    /// Whether a number in a column of money is that number of major units, with a decimal point.
    has_plain_money: bool,
    minor_units_assumed: Option<&'static str>,
    currency_wanted: Option<Currency>,
    pub(super) currencies: Currencies,
    pub(super) amount_total: Minor,
    pub(super) n_amounts: u64,
    pub(super) first_day: Option<Day>,
    pub(super) last_day: Option<Day>,
    /// The latest day that is no end date.
    pub(super) last_start: Option<Day>,
    /// The latest day on which a customer did something, such as a login.
    pub(super) last_activity: Option<Day>,
    /// The columns of such days.
    activity: Vec<usize>,
    pub(super) dimensions: DimensionCells,
    pub(super) reasons: Interner,
    currency_cells: Remembered<Option<CurrencySign>>,
    pending: Pending,
    /// How many rows files before this one had, where several are read as one.
    row_base: u64,
    questions: Vec<Question>,
}

/// The part of the ledger that does not depend on the shape.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) customers: Customers,
    pub(super) currency: Option<Currency>,
    pub(super) decimals: u8,
    pub(super) has_amounts: bool,
    pub(super) amount_total: Minor,
    pub(super) last_day: Option<Day>,
    pub(super) segments: Dimensions,
    pub(super) segment_places: Vec<Option<LabelIndex>>,
    pub(super) reasons: Interner,
    pub(super) context: Context,
}

const DATE_ROLES: &[Role] =
    &[Role::Start, Role::End, Role::Date, Role::Month, Role::Period, Role::Renewal, Role::Signup];
const AMOUNT_ROLES: &[Role] = &[
    Role::Amount,
    Role::UnitPrice,
    Role::Refund,
    Role::StartRevenue,
    Role::NewRevenue,
    Role::Expansion,
    Role::Contraction,
    Role::ChurnedRevenue,
    Role::EndRevenue,
];

impl Cells {
    /// A reader of cells for one table, on what its first rows say.
    #[inline(never)]
    pub(super) fn new(
        table: &Table,
        detection: &Detection,
        options: &BuildOptions,
        learned: &Learned,
    ) -> Self {
        let mut roles = [None; Role::ALL.len()];
        for (index, column) in detection.columns.iter().enumerate() {
            if let Some(role) = column.role {
                roles[role as usize] = Some(index);
            }
        }
        let mut dates = DateEvidence::default();
        let mut decimals = DecimalEvidence::default();
        let mut signs: Vec<CurrencySign> = Vec::new();
        let mut has_cents = false;
        let date_columns: Vec<usize> =
            DATE_ROLES.iter().filter_map(|&role| roles[role as usize]).collect();
        let amount_columns: Vec<usize> = AMOUNT_ROLES
            .iter()
            .filter_map(|&role| roles[role as usize])
            .chain(detection.months.iter().map(|&(index, _)| index))
            .collect();
        let currency_column = roles[Role::Currency as usize];
        for row in &table.sample {
            let cell = |index: usize| row.get(index).map_or("", String::as_str);
            for &index in &date_columns {
                dates.observe(cell(index));
            }
            for &index in &amount_columns {
                decimals.observe(cell(index));
                has_cents |= read_amount(cell(index), None).is_ok_and(|amount| 2 <= amount.scale);
                if let Ok(amount) = read_amount(cell(index), Some(DecimalMark::Point))
                    && let Some(sign) = amount.currency
                {
                    signs.push(sign);
                }
            }
            if let Some(code) = currency_column.and_then(|index| Currency::from_code(cell(index))) {
                signs.push(CurrencySign::Known(code));
            }
        }
        let first_sign = signs.first().copied();
        // Nothing decides between 3 April and 4 March; who writes `$` more often means March. It is
        // asked all the same.
        let unproved =
            dates.verdict() == DateVerdict::Ambiguous && dates.likely() == DateOrder::Dmy;
        let is_american = first_sign == Some(CurrencySign::Dollar) && dates.fits(DateOrder::Mdy);
        let likely = match dates.verdict() {
            DateVerdict::Unneeded => DateOrder::Ymd,
            _ if unproved && is_american => DateOrder::Mdy,
            _ => dates.likely(),
        };
        let date_order = options.date_order.or(learned.date_order).unwrap_or(likely);
        let decimal = options.decimal.or(learned.decimal).unwrap_or_else(|| guess(&decimals));
        let chosen = options.currency.or_else(|| first_sign.and_then(named));
        // `49.00` is no whole number of cents, whatever the layout usually has.
        let in_minor_units =
            options.in_minor_units.unwrap_or(detection.amount.in_minor_units && !has_cents);
        Self {
            names: table.columns.clone(),
            roles,
            customers: Customers::new(),
            tallies: Tallies::default(),
            date_order,
            date_order_given: options.date_order.is_some(),
            date_evidence: DateEvidence::default(),
            date_samples: Vec::new(),
            date_column: None,
            two_digit_samples: Vec::new(),
            epoch_samples: Vec::new(),
            decimal,
            decimal_given: options.decimal.is_some(),
            decimal_evidence: DecimalEvidence::default(),
            decimal_samples: Vec::new(),
            decimals: learned.decimals.unwrap_or_else(|| chosen.map_or(2, |c| c.decimals())),
            in_minor_units,
            has_plain_money: !in_minor_units
                && decimal == DecimalMark::Point
                && currency_column.is_none()
                && options.currency.is_none(),
            minor_units_assumed: (in_minor_units && options.in_minor_units.is_none())
                .then_some(detection.vendor.unwrap_or("column’s name")),
            currency_wanted: options.currency,
            currencies: Currencies::default(),
            amount_total: 0,
            n_amounts: 0,
            first_day: None,
            last_day: None,
            last_start: None,
            last_activity: None,
            activity: activity_columns(table, detection),
            dimensions: DimensionCells::new(detection, &learned.no_segments),
            reasons: Interner::default(),
            currency_cells: Remembered::default(),
            pending: Pending::of(0),
            row_base: 0,
            questions: Vec::new(),
        }
    }

    /// Begins a row.
    pub(super) fn begin(&mut self, row: &Row<'_>) {
        self.pending = Pending::of(row.number());
    }

    /// Counts what the row has given.
    pub(super) fn commit(&mut self) {
        let pending = self.pending;
        let some = |day: Day| (Day(i32::MIN) < day && day < Day(i32::MAX)).then_some(day);
        self.first_day = earlier(self.first_day, some(pending.first_day));
        self.last_day = self.last_day.max(some(pending.last_day));
        self.last_start = self.last_start.max(some(pending.last_start));
        if pending.has_amount {
            self.amount_total += pending.amount_minor;
            self.n_amounts += 1;
            match pending.currency {
                None => self.currencies.n_without += 1,
                Some(sign) => self.currencies.count(sign, 1, pending.row),
            }
        }
    }

    /// The findings so far, which are then forgotten: the file has ended, and another one follows
    /// whose rows come behind so many.
    pub(super) fn end_file(&mut self, row_base: u64) -> Tallies {
        self.row_base = row_base;
        std::mem::take(&mut self.tallies)
    }

    /// The findings so far.
    pub(super) fn tallies(&self) -> &Tallies {
        &self.tallies
    }

    pub(super) fn tallies_mut(&mut self) -> &mut Tallies {
        &mut self.tallies
    }

    /// The place of the column with a role.
    pub(super) fn column(&self, role: Role) -> Option<usize> {
        self.roles[role as usize]
    }

    /// The name of a column.
    pub(super) fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// The text of the cell with a role; empty where the file has no such column.
    pub(super) fn cell<'a>(&self, row: &Row<'a>, role: Role) -> &'a str {
        self.column(role).map_or("", |index| row.field(index))
    }

    /// Counts a finding that leaves the row in use.
    pub(super) fn tell(&self, notes: &mut Notes) {
        self.tallies.tell(notes);
    }

    /// Counts a finding in a column.
    #[cold]
    #[inline(never)]
    pub(super) fn found(
        &mut self,
        code: &'static str,
        severity: Severity,
        column: Option<usize>,
        message: impl FnOnce() -> String,
    ) {
        let names = &self.names;
        let place = column.map(|index| (index, names.get(index).map_or("", String::as_str)));
        self.tallies.add(code, severity, self.pending.row, place, message);
    }

    /// Leaves the row out, for a reason that belongs to a column or to none; `message` is called
    /// with the column's name for the first of its kind.
    #[cold]
    #[inline(never)]
    pub(super) fn reject(
        &mut self,
        code: &'static str,
        severity: Severity,
        column: Option<usize>,
        message: impl FnOnce(&str) -> String,
    ) -> Rejected {
        let name = column.and_then(|index| self.names.get(index)).map_or("", String::as_str);
        let place = column.map(|index| (index, name));
        self.tallies.exclude(code, severity, self.pending.row, place, || message(name));
        Rejected
    }

    /// Leaves out the totals that reports add below their rows.
    #[inline]
    pub(super) fn check_total_row(
        &mut self,
        row: &Row<'_>,
        detection: &Detection,
    ) -> Result<(), Rejected> {
        let role =
            if self.column(Role::Customer).is_some() { Role::Customer } else { Role::Period };
        let label = self.cell(row, role);
        let may_be_total =
            |&byte: &u8| !byte.is_ascii_alphanumeric() || matches!(byte | 0x20, b't' | b'g' | b's');
        if !label.as_bytes().first().is_some_and(may_be_total) {
            return Ok(());
        }
        self.check_total_label(row, detection, label)
    }

    #[inline(never)]
    fn check_total_label(
        &mut self,
        row: &Row<'_>,
        detection: &Detection,
        label: &str,
    ) -> Result<(), Rejected> {
        if !is_total_label(label) {
            return Ok(());
        }
        // A customer may be called Total; but no subscription or order is without a date.
        let dated = [Role::Start, Role::Date, Role::Month].into_iter().find_map(|r| self.column(r));
        let is_total = match dated {
            Some(index) => row.field(index).is_empty(),
            None => detection.column(Role::Tenure).is_none(),
        };
        if is_total {
            return Err(self.reject("total-row", Severity::Info, None, |_| {
                format!(
                    "Row {} is a total of the rows above: {}.",
                    row.number(),
                    text::shown(label)
                )
            }));
        }
        Ok(())
    }

    /// Whether there is nothing to say about an id: most are letters and digits.
    #[inline]
    fn is_plain_id(&self, id: &[u8]) -> bool {
        id.first().is_some_and(u8::is_ascii_alphanumeric)
            && id.len() <= LONG_ID_BYTES
            && !text::may_be_markup(id)
            && !self.customers.is_full()
    }

    /// The customer of a row, not yet interned.
    #[inline]
    pub(super) fn customer_id<'a>(&mut self, row: &Row<'a>) -> Result<&'a str, Rejected> {
        let raw = self.cell(row, Role::Customer);
        if self.is_plain_id(raw.as_bytes()) { Ok(raw) } else { self.any_customer_id(row) }
    }

    #[inline(never)]
    fn any_customer_id<'a>(&mut self, row: &Row<'a>) -> Result<&'a str, Rejected> {
        let column = self.column(Role::Customer);
        let raw = self.cell(row, Role::Customer);
        // Shopify and spreadsheets mark numbers that are text with an apostrophe.
        let id = raw.strip_prefix('\'').filter(|rest| !rest.ends_with('\'')).unwrap_or(raw);
        if id.is_empty() {
            return Err(self.reject(
                "missing-customer",
                Severity::Error,
                Some(column.unwrap_or(0)),
                |_| format!("Row {} names no customer.", row.number()),
            ));
        }
        if self.customers.is_full() {
            return Err(self.reject("too-many-customers", Severity::Error, column, |_| {
                format!(
                    "Row {} and those below it are not read: the customers above it already fill \
                     four gigabytes. Split the file by customer.",
                    row.number()
                )
            }));
        }
        if LONG_ID_BYTES < id.len() {
            self.found("long-field", Severity::Info, column, || {
                format!("A customer’s id has {} bytes. It is used in full.", id.len())
            });
        }
        if text::is_formula(id) {
            self.found("formula-escaped-on-export", Severity::Info, column, || {
                format!(
                    "{} would be a formula in a spreadsheet. Exports of this tool mark it as text.",
                    text::shown(id)
                )
            });
        }
        if text::is_markup(id) {
            self.found("text-only", Severity::Info, column, || {
                format!(
                    "{} looks like markup or a script. It is shown as text only.",
                    text::shown(id)
                )
            });
        }
        Ok(id)
    }

    /// The place of a customer; call it when the row is sound.
    pub(super) fn intern(&mut self, id: &str) -> u32 {
        let row = self.row_number();
        self.customers.intern(id, row)
    }

    /// The number of the row, as customers keep it.
    pub(super) fn row_number(&self) -> u32 {
        u32::try_from(self.row_base + self.pending.row).unwrap_or(u32::MAX)
    }

    /// The combination of what a row has in the columns that can be segments; call it when the row
    /// is sound.
    #[inline]
    pub(super) fn segment(&mut self, row: &Row<'_>) -> Option<LabelIndex> {
        self.dimensions.of_row(row)
    }

    /// The churn reason of a row.
    pub(super) fn reason(&mut self, row: &Row<'_>) -> Option<LabelIndex> {
        let text = self.cell(row, Role::Reason);
        (!text.is_empty()).then(|| self.reasons.number(text.as_bytes(), 0))
    }

    /// The day in a column that has to have one.
    pub(super) fn day(&mut self, row: &Row<'_>, column: usize) -> Result<Day, Rejected> {
        let cell = row.field(column);
        match self.read_day(cell, column) {
            Ok(day) => {
                self.pending.saw(day, day);
                self.pending.last_start = self.pending.last_start.max(day);
                Ok(day)
            }
            Err(defect) => Err(self.bad_date(row, column, defect)),
        }
    }

    /// Looks at the days on which the customer of a row did something; call it when the row is sound.
    #[inline]
    pub(super) fn saw_activity(&mut self, row: &Row<'_>) {
        if !self.activity.is_empty() {
            self.look_at_activity(row);
        }
    }

    #[inline(never)]
    fn look_at_activity(&mut self, row: &Row<'_>) {
        for &column in &self.activity {
            let day = read_date(row.field(column), Some(self.date_order)).map(|read| read.day);
            self.last_activity = self.last_activity.max(day.ok());
        }
    }

    /// The day in a column where no date means that there is none yet.
    pub(super) fn end_day(
        &mut self,
        row: &Row<'_>,
        column: usize,
        counts_as_data: bool,
    ) -> Result<Option<Day>, Rejected> {
        match self.read_end_day(row, column, counts_as_data) {
            Ok(day) => Ok(day),
            Err(defect) => Err(self.bad_date(row, column, defect)),
        }
    }

    /// The day in a column that no figure depends on: what is no date is none.
    pub(super) fn optional_day(&mut self, row: &Row<'_>, column: usize) -> Option<Day> {
        self.read_end_day(row, column, false).unwrap_or(None)
    }

    fn read_end_day(
        &mut self,
        row: &Row<'_>,
        column: usize,
        counts_as_data: bool,
    ) -> Result<Option<Day>, DateDefect> {
        let cell = row.field(column);
        if cell.is_empty() {
            return Ok(None);
        }
        // A date as most files have it is looked at once; one of the year 1900 means no date.
        if read_plain_date(cell.as_bytes()).is_none() && is_open_end(cell) {
            self.found("open-end-date", Severity::Info, Some(column), || {
                format!("{} was read as “no date yet”.", text::shown(cell))
            });
            return Ok(None);
        }
        let day = self.read_day(cell, column)?;
        if counts_as_data {
            self.pending.last_day = self.pending.last_day.max(day);
        }
        Ok(Some(day))
    }

    #[inline]
    fn read_day(&mut self, cell: &str, column: usize) -> Result<Day, DateDefect> {
        match read_plain_date(cell.as_bytes()) {
            Some(day) => Ok(day),
            None => self.read_any_day(cell, column),
        }
    }

    #[cold]
    #[inline(never)]
    fn read_any_day(&mut self, cell: &str, column: usize) -> Result<Day, DateDefect> {
        let result = read_date(cell, Some(self.date_order));
        if let Ok(DateReading {
            day,
            form: DateForm::YearFirst,
            time_dropped: false,
            two_digit_year: false,
        }) = result
        {
            return Ok(day);
        }
        self.date_evidence.observe(cell);
        let reading = result?;
        if reading.time_dropped {
            self.found("time-dropped", Severity::Info, Some(column), || {
                format!("{} has a time of day. The date as written is used.", text::shown(cell))
            });
        }
        let read_as = || format!("{} was read as {}.", text::shown(cell), reading.day.to_iso());
        match reading.form {
            DateForm::TextMonth => {
                self.found("date-text", Severity::Info, Some(column), read_as);
            }
            DateForm::Serial => self.found("excel-serial", Severity::Info, Some(column), || {
                format!(
                    "{} is a day number of a spreadsheet: {}.",
                    text::shown(cell),
                    reading.day.to_iso()
                )
            }),
            DateForm::EpochSeconds | DateForm::EpochMillis => {
                keep_sample(&mut self.epoch_samples, cell);
                self.found("epoch-seconds", Severity::Warning, Some(column), read_as);
            }
            DateForm::DayFirst | DateForm::MonthFirst => {
                keep_sample(&mut self.date_samples, cell);
                self.date_column.get_or_insert(column);
            }
            DateForm::YearFirst | DateForm::Compact => {}
        }
        if reading.two_digit_year {
            keep_sample(&mut self.two_digit_samples, cell);
            self.date_column.get_or_insert(column);
            self.found("two-digit-year", Severity::Warning, Some(column), read_as);
        }
        Ok(reading.day)
    }

    fn bad_date(&mut self, row: &Row<'_>, column: usize, defect: DateDefect) -> Rejected {
        let number = row.number();
        self.reject(defect.code(), Severity::Error, Some(column), |name| {
            let cell = text::shown(row.field(column));
            match defect {
                DateDefect::Missing => format!("Row {number}, column {name}: there is no date."),
                DateDefect::OutOfRange => {
                    format!("Row {number}, column {name}: {cell} is not between 1950 and 2099.")
                }
                DateDefect::Invalid | DateDefect::Ambiguous => {
                    format!("Row {number}, column {name}: {cell} is no date.")
                }
            }
        })
    }

    /// The amount in a column in minor units, added to the total of the file, where the cell leaves
    /// no doubt: digits, perhaps with decimals, in a file of one currency that names none.
    #[inline]
    pub(super) fn plain_minor(&mut self, row: &Row<'_>, column: usize) -> Option<i64> {
        if !self.has_plain_money {
            return None;
        }
        let cell = row.field_bytes(column);
        let plain = read_plain_minor(cell, last_word(cell), self.decimals)?;
        self.decimal_evidence.count(plain);
        self.pending.has_amount = true;
        self.pending.amount_minor += Minor::from(plain.minor);
        Some(plain.minor)
    }

    /// The amount in a column that has to have one, negative or not.
    #[inline(never)]
    pub(super) fn money(&mut self, row: &Row<'_>, column: usize) -> Result<Money, Rejected> {
        let cell = row.field(column);
        self.decimal_evidence.observe(cell);
        let mut amount = read_amount(cell, Some(self.decimal))
            .map_err(|defect| self.bad_amount(row, column, defect))?;
        self.pending.has_amount = true;
        let code = self.cell(row, Role::Currency);
        let named =
            if code.is_empty() { None } else { self.currency_cells.get(code, named_currency) };
        let sign = named.or(amount.currency);
        if !code.is_empty() && named.is_none() {
            let name = self.name(self.column(Role::Currency).unwrap_or(column)).to_owned();
            return Err(self.reject("unknown-currency", Severity::Error, None, |_| {
                format!(
                    "Row {}, column {name}: {} is no currency code.",
                    row.number(),
                    text::shown(code)
                )
            }));
        }
        if let Some(wanted) = self.currency_wanted {
            let is_wanted = match sign {
                // Amounts without a currency are taken for the chosen one, and that is told; but
                // where the file has a column for it, a blank cell is a currency not known.
                None => self.column(Role::Currency).is_none(),
                Some(CurrencySign::Known(known)) => known == wanted,
                Some(other) => other.candidates().contains(&wanted.code()),
            };
            if !is_wanted {
                return Err(self.reject("other-currency", Severity::Warning, Some(column), |_| {
                    let shown = text::shown(cell);
                    format!("Row {}: {shown} is not in {}.", row.number(), wanted.code())
                }));
            }
        }
        if let (None, Some(wanted)) = (sign, self.currency_wanted) {
            self.found("currency-not-named", Severity::Info, Some(column), || {
                format!("{} names no currency. It counts as {}.", text::shown(cell), wanted.code())
            });
        }
        if let Some(sign) = sign {
            self.pending.currency = Some(sign);
        }
        self.tell_amount_style(&amount, cell, column);
        if self.in_minor_units {
            amount.scale = amount.scale.saturating_add(self.decimals);
        }
        Ok(Money { amount })
    }

    #[inline(never)]
    fn tell_amount_style(&mut self, amount: &Amount, cell: &str, column: usize) {
        if amount.currency.is_some() {
            self.found("currency", Severity::Info, Some(column), || {
                format!("{} names its currency.", text::shown(cell))
            });
        }
        if amount.decimal == Some(DecimalMark::Comma) && amount.currency.is_some() {
            self.found("currency-eu", Severity::Info, Some(column), || {
                format!("{} was read with a decimal comma.", text::shown(cell))
            });
        }
        if amount.grouping == Some(Grouping::Apostrophe) {
            self.found("thousands-ch", Severity::Info, Some(column), || {
                format!("{} was read with apostrophes between thousands.", text::shown(cell))
            });
        }
        if self.decimal_samples.len() < 3
            && amount.decimal.is_none()
            && matches!(amount.grouping, Some(Grouping::Comma | Grouping::Point))
        {
            keep_sample(&mut self.decimal_samples, cell);
        }
    }

    /// An amount in minor units, told where digits were lost. It adds to the total of the file.
    #[inline(never)]
    pub(super) fn minor(
        &mut self,
        row: &Row<'_>,
        column: usize,
        money: Money,
    ) -> Result<i64, Rejected> {
        let units = money
            .amount
            .to_minor(self.decimals)
            .map_err(|defect| self.bad_amount(row, column, defect))?;
        if units.rounded {
            let cell = row.field(column);
            self.found("rounded", Severity::Info, Some(column), || {
                format!(
                    "{} has more decimals than its currency and was rounded.",
                    text::shown(cell)
                )
            });
        }
        self.pending.amount_minor += Minor::from(units.amount_minor);
        Ok(units.amount_minor)
    }

    /// An amount as `numerator / denominator` of itself, in minor units, without adding to the
    /// total.
    #[inline(never)]
    pub(super) fn part_in_minor(
        &mut self,
        row: &Row<'_>,
        column: usize,
        money: Money,
        (numerator, denominator): (u32, u32),
    ) -> Result<i64, Rejected> {
        money
            .amount
            .fraction_to_minor(numerator, denominator, self.decimals)
            .map(|units| units.amount_minor)
            .map_err(|defect| self.bad_amount(row, column, defect))
    }

    /// Leaves out a row for an amount that cannot be used.
    pub(super) fn bad_amount(
        &mut self,
        row: &Row<'_>,
        column: usize,
        defect: AmountDefect,
    ) -> Rejected {
        self.bad_number(row, column, defect, false)
    }

    fn bad_number(
        &mut self,
        row: &Row<'_>,
        column: usize,
        defect: AmountDefect,
        is_count: bool,
    ) -> Rejected {
        let number = row.number();
        self.reject(defect.code(), Severity::Error, Some(column), |name| {
            let cell = text::shown(row.field(column));
            match defect {
                AmountDefect::Missing => {
                    format!("Row {number}, column {name}: there is no value.")
                }
                AmountDefect::NotANumber | AmountDefect::OutOfRange if is_count => {
                    format!("Row {number}, column {name}: {cell} is no whole count.")
                }
                AmountDefect::NotANumber => {
                    format!("Row {number}, column {name}: {cell} is no number.")
                }
                AmountDefect::Percent => {
                    format!("Row {number}, column {name}: {cell} is a percentage, not an amount.")
                }
                AmountDefect::OutOfRange => {
                    format!("Row {number}, column {name}: {cell} is out of range.")
                }
                AmountDefect::Ambiguous => format!(
                    "Row {number}, column {name}: {cell} can be read in two ways. Write it \
                     without thousands marks."
                ),
            }
        })
    }

    /// Leaves out a row for a negative amount where there can be none.
    pub(super) fn negative(&mut self, row: &Row<'_>, column: usize) -> Rejected {
        self.reject("negative-mrr", Severity::Error, Some(column), |name| {
            format!(
                "Row {}, column {name}: {} is negative.",
                row.number(),
                text::shown(row.field(column))
            )
        })
    }

    /// A whole count.
    pub(super) fn count(&mut self, row: &Row<'_>, column: usize) -> Result<u64, Rejected> {
        read_count(row.field(column), Some(self.decimal))
            .map_err(|defect| self.bad_number(row, column, defect, true))
    }

    /// A plain number.
    pub(super) fn number(&mut self, row: &Row<'_>, column: usize) -> Result<f64, Rejected> {
        read_number(row.field(column), Some(self.decimal))
            .map_err(|defect| self.bad_amount(row, column, defect))
    }

    /// A number of pieces, exact.
    pub(super) fn quantity(&mut self, row: &Row<'_>, column: usize) -> Result<Amount, Rejected> {
        read_amount(row.field(column), Some(self.decimal))
            .map_err(|defect| self.bad_amount(row, column, defect))
    }

    /// Notes the days of a month that a row speaks of.
    pub(super) fn saw_days(&mut self, first: Day, last: Day) {
        self.pending.saw(first, last);
    }

    /// The order that numeric dates are read in.
    pub(super) fn date_order(&self) -> DateOrder {
        self.date_order
    }

    /// What to assume when the file is read again, where its later rows proved an assumption wrong.
    pub(super) fn disproved(&self, n_used: u64) -> Option<(Learned, String)> {
        let mut learned = Learned::default();
        let mut why = Vec::new();
        if !self.date_order_given {
            let likely = self.date_evidence.likely();
            let is_needed = self.date_evidence.verdict() != DateVerdict::Unneeded;
            if is_needed && !self.date_evidence.fits(self.date_order) && likely != self.date_order {
                learned.date_order = Some(likely);
                why.push("a later row proves the order of day and month");
            }
        }
        if !self.decimal_given {
            let wanted = guess(&self.decimal_evidence);
            if wanted != self.decimal && self.decimal_evidence.verdict() != DecimalVerdict::Unneeded
            {
                learned.decimal = Some(wanted);
                why.push("a later row proves the decimal mark");
            }
        }
        if self.currency_wanted.is_none()
            && let Some(currency) = self.currencies.seen.first().and_then(|&(sign, ..)| named(sign))
            && currency.decimals() != self.decimals
            && self.currencies.seen.len() == 1
        {
            learned.decimals = Some(currency.decimals());
            why.push("a later row names a currency with other decimal places");
        }
        if let Some(no_segments) = self.dimensions.disproved(n_used) {
            learned.no_segments = no_segments;
            why.push("a later row shows which columns can be segments");
        }
        if why.is_empty() {
            return None;
        }
        // What is not disproved stays as it was, so that the next reading differs in this only.
        learned.date_order = learned.date_order.or(Some(self.date_order));
        learned.decimal = learned.decimal.or(Some(self.decimal));
        learned.decimals = learned.decimals.or(Some(self.decimals));
        Some((learned, why.join(", and ")))
    }

    /// Asks what to do with rows that are the same to the letter.
    pub(super) fn ask_about_duplicates(&mut self, found: &Tallies, detection: &Detection) {
        let (n_here, n_across) = (found.count("duplicate-row"), found.count("row-in-two-files"));
        if n_here + n_across == 0 {
            return;
        }
        let row = found.first_row("duplicate-row").unwrap_or(0);
        let what = match detection.shape {
            Shape::Transactions => "payments",
            Shape::Accounts => "accounts",
            Shape::Customers => "customers",
            Shape::Events => "events",
            _ => "subscriptions",
        };
        self.questions.push(Question {
            code: "duplicate-row".to_owned(),
            message: if 0 < n_across {
                let rows = if n_across == 1 { "1 row is" } else { "Rows are" };
                format!(
                    "{rows} in one file and, the same to the letter, in another one. Are these two \
                     {what}, or the same one twice?"
                )
            } else {
                format!(
                    "Row {row} is the same to the letter as one above it. Are these two {what}, or \
                     the same one twice?"
                )
            },
            column: None,
            options: vec!["keep".to_owned(), "drop".to_owned()],
            readings: vec!["each row counts".to_owned(), "the copies are left out".to_owned()],
            answer_to: "duplicates".to_owned(),
            assumed: Some("keep".to_owned()),
        });
    }

    /// The part of the ledger that does not depend on the shape, with the questions that stay open.
    pub(super) fn into_draft(
        mut self,
        detection: &Detection,
        n_rows: u64,
        questions: &mut Vec<Question>,
        notes: &mut Notes,
    ) -> Draft {
        self.ask_about_dates(notes);
        self.ask_about_decimals();
        let currency = self.settle_currency(notes);
        if let Some(because) = self.minor_units_assumed
            && 0 < self.n_amounts
        {
            notes.tell("amount-in-minor-units", Severity::Warning, None, None, || {
                format!("Amounts were read as cents, because of the {because}.")
            });
            self.questions.push(Question {
                code: "amount-in-minor-units".to_owned(),
                message: "Are the amounts in cents, as this layout usually has them?".to_owned(),
                column: detection.column_name(Role::Amount).map(str::to_owned),
                options: vec!["minor".to_owned(), "major".to_owned()],
                readings: vec!["4900 is 49.00".to_owned(), "4900 is 4900.00".to_owned()],
                answer_to: "amountUnit".to_owned(),
                assumed: Some("minor".to_owned()),
            });
        }
        self.tell_late_ends(detection, notes);
        self.tell_activity(notes);
        self.customers.forget_table();
        self.tell_lookalikes(notes);
        questions.append(&mut self.questions);
        let mixed = currency.is_err();
        let settled = self.dimensions.settle(n_rows, notes);
        Draft {
            customers: self.customers,
            currency: currency.unwrap_or(None),
            decimals: self.decimals,
            has_amounts: 0 < self.n_amounts && !mixed,
            amount_total: self.amount_total,
            last_day: self.last_day.max(self.last_activity),
            segments: settled.dimensions,
            segment_places: settled.places,
            reasons: self.reasons,
            context: Context {
                date_order: self.date_order,
                decimal: self.decimal,
                first_day: self.first_day,
            },
        }
    }

    #[inline(never)]
    fn ask_about_dates(&mut self, notes: &mut Notes) {
        let column = self.date_column.map(|index| self.name(index).to_owned());
        let evidence = &self.date_evidence;
        let proved = match evidence.verdict() {
            DateVerdict::Proved(order) => Some(order),
            _ => None,
        };
        if let Some(code) = match proved {
            Some(DateOrder::Dmy) => Some("date-dmy"),
            Some(DateOrder::Mdy) => Some("date-mdy"),
            _ => None,
        } {
            let sample = self.date_samples.first().cloned().unwrap_or_default();
            let order = if code == "date-dmy" { "day, month, year" } else { "month, day, year" };
            notes.tell(code, Severity::Info, None, column.as_deref(), || {
                format!("Dates are {order}: a value above 12 proves it ({}).", text::shown(&sample))
            });
        }
        let is_open = evidence.verdict() == DateVerdict::Ambiguous && !self.date_order_given;
        if is_open && self.two_digit_samples.is_empty() {
            let reading = |order: DateOrder| {
                let cells: Vec<String> = self
                    .date_samples
                    .iter()
                    .filter_map(|cell| {
                        let day = read_date(cell, Some(order)).ok()?.day;
                        Some(format!("{} is {}", text::shown(cell), day.to_iso()))
                    })
                    .collect();
                cells.join(", ")
            };
            self.questions.push(Question {
                code: "ambiguous-date".to_owned(),
                message: "Which comes first in the dates, the day or the month? No value is above \
                          12, so the file does not say."
                    .to_owned(),
                column: column.clone(),
                options: vec!["dmy".to_owned(), "mdy".to_owned()],
                readings: vec![reading(DateOrder::Dmy), reading(DateOrder::Mdy)],
                answer_to: "dateOrder".to_owned(),
                assumed: Some(
                    if self.date_order == DateOrder::Mdy { "mdy" } else { "dmy" }.to_owned(),
                ),
            });
        }
        if is_open && !self.two_digit_samples.is_empty() {
            let mut options = Vec::new();
            let mut readings = Vec::new();
            for (name, order) in
                [("ymd", DateOrder::Ymd), ("dmy", DateOrder::Dmy), ("mdy", DateOrder::Mdy)]
            {
                let cells: Vec<String> = self
                    .two_digit_samples
                    .iter()
                    .filter_map(|cell| {
                        let day = read_date(cell, Some(order)).ok()?.day;
                        Some(format!("{} is {}", text::shown(cell), day.to_iso()))
                    })
                    .collect();
                if cells.len() == self.two_digit_samples.len() {
                    options.push(name.to_owned());
                    readings.push(cells.join(", "));
                }
            }
            let assumed = match self.date_order {
                DateOrder::Ymd => "ymd",
                DateOrder::Dmy => "dmy",
                DateOrder::Mdy => "mdy",
            };
            self.questions.push(Question {
                code: "two-digit-year".to_owned(),
                message: "Years have two digits only. Which part of the dates is the year?"
                    .to_owned(),
                column: column.clone(),
                options,
                readings,
                answer_to: "dateOrder".to_owned(),
                assumed: Some(assumed.to_owned()),
            });
        }
        if let Some(cell) = self.epoch_samples.first() {
            let day = read_date(cell, Some(self.date_order)).map(|reading| reading.day.to_iso());
            self.questions.push(Question {
                code: "epoch-seconds".to_owned(),
                message: format!(
                    "{} among the dates looks like a time stamp. Is it?",
                    text::shown(cell)
                ),
                column,
                options: vec!["yes".to_owned()],
                readings: vec![day.unwrap_or_default()],
                answer_to: String::new(),
                assumed: Some("yes".to_owned()),
            });
        }
    }

    #[inline(never)]
    fn ask_about_decimals(&mut self) {
        if self.decimal_given || self.decimal_evidence.verdict() != DecimalVerdict::Ambiguous {
            return;
        }
        let reading = |mark: DecimalMark| {
            let cells: Vec<String> = self
                .decimal_samples
                .iter()
                .filter_map(|cell| {
                    let amount = read_amount(cell, Some(mark)).ok()?;
                    Some(format!("{} is {}", text::shown(cell), amount.to_f64()))
                })
                .collect();
            cells.join(", ")
        };
        self.questions.push(Question {
            code: "ambiguous-decimal".to_owned(),
            message:
                "Is the mark in the amounts a decimal mark or one between thousands? No value \
                      in the file proves it."
                    .to_owned(),
            column: self
                .column(Role::Amount)
                .or_else(|| self.column(Role::UnitPrice))
                .map(|index| self.name(index).to_owned()),
            options: vec![".".to_owned(), ",".to_owned()],
            readings: vec![reading(DecimalMark::Point), reading(DecimalMark::Comma)],
            answer_to: "decimal".to_owned(),
            assumed: Some(if self.decimal == DecimalMark::Point { "." } else { "," }.to_owned()),
        });
    }

    /// The currency of all amounts; an error where there are several.
    #[inline(never)]
    fn settle_currency(&mut self, notes: &mut Notes) -> Result<Option<Currency>, ()> {
        if let Some(wanted) = self.currency_wanted {
            return Ok(Some(wanted));
        }
        let mut seen = self.currencies.seen.clone();
        arrange::by_key(&mut seen, |&(sign, n_rows, first_row)| {
            (std::cmp::Reverse(n_rows), first_row, sign)
        });
        // A `$` beside `CAD` is a Canadian dollar.
        let known: Vec<Currency> = seen.iter().filter_map(|&(sign, ..)| sign.currency()).collect();
        seen.retain(|&(sign, ..)| {
            sign.currency().is_some()
                || !known.iter().any(|code| sign.candidates().contains(&code.code()))
        });
        match seen.as_slice() {
            [] => Ok(None),
            &[(sign, ..)] => {
                if sign.currency().is_none()
                    && let Some(code) = sign.candidates().first()
                {
                    notes.tell("currency-assumed", Severity::Info, None, None, || {
                        format!("The currency sign of the file can mean several currencies; {code} is assumed.")
                    });
                }
                Ok(named(sign))
            }
            several => {
                let codes: Vec<String> = several
                    .iter()
                    .filter_map(|&(sign, ..)| named(sign))
                    .map(|currency| currency.code().to_owned())
                    .collect();
                let counts: Vec<String> = several
                    .iter()
                    .filter_map(|&(sign, n_rows, _)| {
                        Some(format!("{} in {}", rows_in_words(n_rows), named(sign)?.code()))
                    })
                    .collect();
                notes.tell("mixed-currency", Severity::Warning, None, None, || {
                    format!(
                        "The file has amounts in several currencies ({}). They are never added; \
                         revenue is left out until one is chosen.",
                        counts.join(", ")
                    )
                });
                let readings = counts;
                self.questions.push(Question {
                    code: "mixed-currency".to_owned(),
                    message: "The file has amounts in several currencies. Which one shall be \
                              reported? Rows in the others are then left out."
                        .to_owned(),
                    column: self.column(Role::Amount).map(|index| self.name(index).to_owned()),
                    options: codes,
                    readings,
                    answer_to: "currency".to_owned(),
                    assumed: None,
                });
                Err(())
            }
        }
    }

    /// Tells where the latest date is that of a login or the like: the file is known up to then.
    #[inline(never)]
    fn tell_activity(&self, notes: &mut Notes) {
        if let (Some(activity), Some(last)) = (self.last_activity, self.last_day)
            && last < activity
        {
            let column = self.activity.first().map(|&index| self.name(index));
            notes.tell("as-of-is-activity", Severity::Info, None, column, || {
                format!(
                    "Everything is counted up to {}, the latest day on which a customer did \
                     something; the last start or end is {}.",
                    activity.to_iso(),
                    last.to_iso()
                )
            });
        }
    }

    /// Tells where the latest date of subscriptions is an end long after the last start: it may lie
    /// in the future, and then everything would be counted up to a day that has not come.
    #[inline(never)]
    fn tell_late_ends(&self, detection: &Detection, notes: &mut Notes) {
        if let (Shape::Subscriptions, Some(start), Some(last)) =
            (detection.shape, self.last_start, self.last_day)
            && start.max(self.last_activity.unwrap_or(start)).0 + LATE_END_DAYS < last.0
        {
            notes.tell("as-of-is-an-end", Severity::Warning, None, None, || {
                format!(
                    "Everything is counted up to {}, the latest end date; the last start is {}. If \
                     the end lies in the future, set the date to count up to.",
                    last.to_iso(),
                    start.to_iso()
                )
            });
        }
    }

    /// Tells of ids that differ, but not to a person's eye.
    #[inline(never)]
    fn tell_lookalikes(&self, notes: &mut Notes) {
        let column = self.column(Role::Customer).map(|index| self.name(index));
        lookalikes::find(&self.customers, |id, other, row| {
            notes.tell("lookalike-ids", Severity::Warning, Some(row), column, || {
                format!(
                    "{} and {} look alike, but are not the same id. They count as two customers.",
                    text::shown(other),
                    text::shown(id)
                )
            });
        });
    }
}

/// The decimal mark that cells speak for.
fn guess(evidence: &DecimalEvidence) -> DecimalMark {
    if evidence.n_comma != evidence.n_point {
        return if evidence.n_comma > evidence.n_point {
            DecimalMark::Comma
        } else {
            DecimalMark::Point
        };
    }
    // Nothing proves a mark. Three digits behind the only mark are thousands far more often than
    // thousandths; whichever it is, it is asked.
    if evidence.n_either_with_point > evidence.n_either_with_comma {
        DecimalMark::Comma
    } else {
        DecimalMark::Point
    }
}

/// What a cell of a currency column says: a code, or a sign such as `€`.
fn named_currency(cell: &str) -> Option<CurrencySign> {
    if cell.is_empty() {
        return None;
    }
    Currency::from_code(cell).map(CurrencySign::Known).or_else(|| {
        let amount = read_amount(&format!("{cell} 1"), Some(DecimalMark::Point)).ok()?;
        amount.currency
    })
}

/// The currency of a sign, or the most common one that it can mean.
fn named(sign: CurrencySign) -> Option<Currency> {
    sign.currency().or_else(|| Currency::from_code(sign.candidates().first()?))
}

pub(super) fn earlier(a: Option<Day>, b: Option<Day>) -> Option<Day> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (known, None) | (None, known) => known,
    }
}

pub(super) fn keep_sample(samples: &mut Vec<String>, cell: &str) {
    if samples.len() < 3 && !samples.iter().any(|known| known == cell) {
        samples.push(cell.to_owned());
    }
}
