//! The one composition of all layers, keeping the ledger between recomputations.
//!
//! It holds no rule of its own about values or figures.

mod choices;
mod score;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::analysis::customers::{customer_history, customers_csv, list_customers};
use crate::analysis::outlook::Outlooks;
use crate::analysis::{
    AnalysisOptions, CohortClock, CohortCounting, CohortOptions, Parts, ReasonKind, ReportPart,
    ReportSpans,
};
use crate::calendar::Granularity;
use crate::error::Error;
use crate::ingest::amount::DecimalMark;
use crate::ingest::date::DateOrder;
use crate::ingest::{ReadOptions, Reader};
use crate::ledger::build::{BuildOptions, Builder, Built, Duplicates, Learned};
use crate::note::{Notes, Severity};
use crate::number::Currency;
use crate::report::{self, Report};
use crate::roles::{Role, RoleOptions, Shape};

pub(crate) use choices::invalid;

pub use crate::analysis::customers::{CustomerHistory, CustomerList, CustomerQuery};
pub use crate::analysis::outlook::{Outlook, OutlookQuery};
pub use crate::report::LifetimesBySegment;
pub use score::{ScoreOptions, ScoreOutcome, ScoreSession};

/// What the caller can decide; nothing here is required.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default)]
pub struct AnalyzeOptions {
    /// `subscriptions`, `mrr`, `transactions`, `periods` or `accounts`; else detected.
    #[cfg_attr(
        feature = "wasm",
        tsify(
            optional,
            type = "\"subscriptions\" | \"mrr\" | \"transactions\" | \"periods\" | \"accounts\""
        )
    )]
    pub shape: Option<String>,
    /// Role to column name; overrides detection. An empty name says that there is no such column.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "Record<string, string>"))]
    pub roles: BTreeMap<String, String>,
    /// How long the periods are; months where nothing is said.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub granularity: Option<Granularity>,
    /// `YYYY-MM-DD`; else the latest date in the data.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub as_of: Option<String>,
    /// A column name; else the column with the role segment, else the plan, else the best one.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub segment_by: Option<String>,
    /// Several column names: a segment is then a combination of their values.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub segments_by: Vec<String>,
    /// `ymd`, `dmy` or `mdy`; else proved from the column, else asked.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\"ymd\" | \"dmy\" | \"mdy\""))]
    pub date_order: Option<String>,
    /// `.` or `,`; else proved from the column, else asked.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\".\" | \",\""))]
    pub decimal: Option<String>,
    /// Gross margin as a fraction.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub gross_margin: Option<f64>,
    /// Cost of acquiring a customer, in major units.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub cac: Option<f64>,
    /// Discount rate per year as a fraction.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub discount_rate: Option<f64>,
    /// Confidence of all intervals; 0.95 where nothing is said.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub confidence: Option<f64>,
    /// How the table of cohorts is counted; by the periods of the report where nothing is said.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub cohorts: Option<CohortChoice>,
    /// What churn reasons are taken for, by their text in the file; by a list of words where nothing
    /// is said.
    #[cfg_attr(
        feature = "wasm",
        tsify(optional, type = "Record<string, \"voluntary\" | \"involuntary\" | \"unknown\">")
    )]
    pub reason_kinds: BTreeMap<String, String>,
    /// The encoding. One that this crate does not decode itself (`shift_jis`, …) says that the
    /// bytes pushed have been turned into UTF-8 from it.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub encoding: Option<String>,
    /// `,` `;` `|`, a tab, or `whitespace`.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub delimiter: Option<String>,
    /// Whether the first record is a header.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub has_header: Option<bool>,
    /// ISO 4217 code. In a file of several currencies, the one to keep.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub currency: Option<String>,
    /// What to do with rows that are the same to the letter: `keep` or `drop`.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\"keep\" | \"drop\""))]
    pub duplicates: Option<String>,
    /// Whether amounts are in `major` units or in `minor` ones (cents).
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\"major\" | \"minor\""))]
    pub amount_unit: Option<String>,
    /// `gzip` where the bytes pushed have been unpacked from that.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\"gzip\""))]
    pub container: Option<String>,
    /// The parts of the report that are wanted, by the names of its fields; all where nothing is
    /// said. What is not wanted is not computed, and null or empty in the report. `input` always
    /// comes, with the notes on what was read and on the parts that are wanted.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "ReportPart[]"))]
    pub parts: Option<Vec<String>>,
}

/// How the table of cohorts is counted; nothing here is required.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default)]
pub struct CohortChoice {
    /// How long the periods are in which cohorts begin; those of the report where nothing is said.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub granularity: Option<Granularity>,
    /// Whether ages are periods of the `calendar`, or so many `days` from each customer's first.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\"calendar\" | \"days\""))]
    pub clock: Option<String>,
    /// The days of an age, from 7 to 366; 30 where nothing is said.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub days: Option<u16>,
    /// Whether those count who are active `on` an age, or `on-or-after` it.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\"on\" | \"on-or-after\""))]
    pub counting: Option<String>,
}

/// What comes of reading a file to its end.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null, hashmap_as_object))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Outcome {
    /// The report.
    Report {
        /// It. A session keeps it too, for a change of options that does not touch all of it.
        report: Arc<Report>,
    },
    /// The file has to be pushed again from its first byte: what was read proved an assumption
    /// wrong, or the options have changed.
    ReadAgain {
        /// Why, in words.
        why: String,
    },
}

/// Everything parsed out of [`AnalyzeOptions`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parsed {
    pub(crate) read: ReadKey,
    pub(crate) analysis: AnalysisOptions,
}

/// The options that the ledger depends on: a change of one of them reads the file again.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReadKey {
    text: ReadOptions,
    /// The label of an encoding that was decoded outside.
    pub(crate) decoded_outside: Option<String>,
    pub(crate) roles: RoleOptions,
    date_order: Option<DateOrder>,
    decimal: Option<DecimalMark>,
    currency: Option<Currency>,
    duplicates: Option<Duplicates>,
    in_minor_units: Option<bool>,
    pub(crate) was_gzip: bool,
}

impl ReadKey {
    pub(crate) fn read_options(&self) -> ReadOptions {
        self.text.clone()
    }

    pub(crate) fn build_options(&self) -> BuildOptions {
        BuildOptions {
            roles: self.roles.clone(),
            date_order: self.date_order,
            decimal: self.decimal,
            currency: self.currency,
            duplicates: self.duplicates,
            in_minor_units: self.in_minor_units,
            keeps_rows: false,
        }
    }
}

/// One file, from its bytes to its report.
///
/// # Examples
///
/// ```
/// use retention_calculator::session::{AnalyzeOptions, Outcome, Session};
///
/// let csv = "customer,start,end,mrr\nA,2024-01-01,,10.00\nB,2024-01-01,2024-03-15,5.00\n";
/// let mut session = Session::new(&AnalyzeOptions::default())?;
/// session.push(csv.as_bytes())?;
/// let Outcome::Report { report } = session.finish()? else { unreachable!() };
/// assert_eq!(report.periods[1].customers.start, Some(2));
/// assert_eq!(report.periods[2].customer_retention_rate.value, Some(0.5));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
#[derive(Debug)]
pub struct Session {
    parsed: Parsed,
    reader: Option<Reader>,
    builder: Option<Builder>,
    notes: Notes,
    learned: Learned,
    n_reads: u32,
    built: Option<Built>,
    finished_notes: Notes,
    /// The last report with its options and spans: what other options do not touch is taken from it.
    last: Option<(AnalysisOptions, ReportSpans, Arc<Report>)>,
    /// The models of purchases fitted last.
    outlooks: Outlooks,
}

impl Session {
    /// A session for one file.
    ///
    /// # Errors
    ///
    /// `invalid-option` where an option has a value that it cannot have.
    pub fn new(options: &AnalyzeOptions) -> Result<Self, Error> {
        let mut session = Self {
            parsed: parse(options)?,
            reader: None,
            builder: None,
            notes: Notes::new(),
            learned: Learned::default(),
            n_reads: 0,
            built: None,
            finished_notes: Notes::new(),
            last: None,
            outlooks: Outlooks::default(),
        };
        session.start_reading();
        Ok(session)
    }

    /// Takes the next bytes of the file, in pieces of any size.
    ///
    /// # Errors
    ///
    /// What cannot be read at all, with a message that says what to do.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match (&mut self.reader, &mut self.builder) {
            (Some(reader), Some(builder)) => reader.push(bytes, &mut self.notes, builder),
            _ => Err(finished()),
        }
    }

    /// Rows read so far.
    #[must_use]
    pub fn n_rows(&self) -> u64 {
        self.builder.as_ref().map_or(0, Builder::n_rows)
    }

    /// A session for a part of a file: the rows that start behind byte `from` and not behind byte
    /// `until`.
    ///
    /// Each part is given the beginning of the file until it [`Session::is_open`]. One with `from`
    /// above 0 then [jumps](Session::jump), is given the bytes from there on until it
    /// [`Session::is_done`] or the file ends, and [ends](Session::end_part) as bytes; the one from 0
    /// reads on until it is done and [takes these in](Session::absorb), in order. What comes of it is
    /// what one session makes of the whole file.
    ///
    /// # Errors
    ///
    /// As [`Session::new`].
    ///
    /// # Examples
    ///
    /// ```
    /// use retention_calculator::session::{AnalyzeOptions, Outcome, Session};
    ///
    /// let mut file = "customer,date,amount\n".to_owned();
    /// for row in 0..20_000 {
    ///     file += &format!("c{},2024-{:02}-01,{}.50\n", row % 700, row % 12 + 1, row % 90);
    /// }
    /// let (bytes, half) = (file.as_bytes(), file.len() as u64 / 2);
    /// let options = AnalyzeOptions::default();
    /// let mut first = Session::for_part(&options, 0, Some(half))?;
    /// first.push(bytes)?;
    /// let mut second = Session::for_part(&options, half, None)?;
    /// second.push(bytes)?;
    /// assert!(second.is_open() && second.is_splittable());
    /// second.jump();
    /// second.push(&bytes[file.len() / 2..])?;
    /// assert!(first.is_done() && first.absorb(&second.end_part()));
    /// let Outcome::Report { report } = first.finish()? else { unreachable!() };
    /// assert_eq!(report.input.rows.used, 20_000);
    /// # Ok::<(), retention_calculator::Error>(())
    /// ```
    pub fn for_part(
        options: &AnalyzeOptions,
        from: u64,
        until: Option<u64>,
    ) -> Result<Self, Error> {
        let mut session = Self::new(options)?;
        session.reader = Some(Reader::for_part(session.read_options(), from, until));
        Ok(session)
    }

    /// Whether enough has been pushed to know the table.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.reader.as_ref().is_some_and(Reader::is_open)
    }

    /// Whether parts of the file can be read each by itself, once it is open.
    #[must_use]
    pub fn is_splittable(&self) -> bool {
        self.reader.as_ref().is_some_and(Reader::is_splittable)
            && self.builder.as_ref().is_some_and(Builder::is_splittable)
            && !self.parsed.read.was_gzip
    }

    /// Goes to the part: the bytes pushed next are those from its beginning on.
    pub fn jump(&mut self) {
        if let (Some(reader), Some(builder)) = (&mut self.reader, &mut self.builder) {
            reader.jump();
            builder.begin_part();
            // What was told of the head is told by the first part.
            self.notes = Notes::new();
        }
    }

    /// Whether all rows of the part have been read: what is pushed then is ignored.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.reader.as_ref().is_some_and(Reader::is_done)
    }

    /// Ends a part that is not the first, as bytes for [`Session::absorb`]; nothing can be pushed
    /// afterwards.
    pub fn end_part(&mut self) -> Vec<u8> {
        let (Some(mut reader), Some(mut builder)) = (self.reader.take(), self.builder.take())
        else {
            return Vec::new();
        };
        match reader.finish_part(&mut self.notes, &mut builder) {
            Ok(summary) => builder.into_part(&summary, &self.notes),
            Err(_) => Vec::new(),
        }
    }

    /// Takes in the part that follows what has been read, and says whether it fits. Where it does
    /// not, nothing has changed: [`Session::resume`] and push the rest of the file.
    pub fn absorb(&mut self, part: &[u8]) -> bool {
        let (Some(reader), Some(builder)) = (&mut self.reader, &mut self.builder) else {
            return false;
        };
        builder.absorb(part, reader, &mut self.notes)
    }

    /// Lets the session go on to the end of the file, and says from which byte of it on.
    pub fn resume(&mut self) -> u64 {
        let Some(reader) = &mut self.reader else { return 0 };
        let from = reader.wants_from();
        reader.extend();
        from
    }

    /// Ends the file.
    ///
    /// # Errors
    ///
    /// As [`Session::push`].
    pub fn finish(&mut self) -> Result<Outcome, Error> {
        let (Some(reader), Some(mut builder)) = (self.reader.take(), self.builder.take()) else {
            return Err(finished());
        };
        let summary = reader.finish(&mut self.notes, &mut builder)?;
        let may_read_again = self.n_reads < 3;
        let notes = &mut self.notes;
        match builder.finish(&summary, may_read_again, notes)? {
            Ok(built) => {
                self.built = Some(built);
                self.finished_notes = std::mem::take(&mut self.notes);
                self.report()
            }
            Err((learned, why)) => {
                self.learned = learned;
                self.start_reading();
                Ok(Outcome::ReadAgain { why })
            }
        }
    }

    /// The report under other options, from the ledger where that is possible.
    ///
    /// # Errors
    ///
    /// `invalid-option`, or `nothing-read` where no file has been read to its end.
    pub fn reanalyze(&mut self, options: &AnalyzeOptions) -> Result<Outcome, Error> {
        let parsed = parse(options)?;
        let same_ledger = self.parsed.read == parsed.read && self.built.is_some();
        self.parsed = parsed;
        if same_ledger {
            return self.report();
        }
        self.learned = Learned::default();
        self.n_reads = 0;
        self.start_reading();
        Ok(Outcome::ReadAgain { why: "these options change how the file is read".to_owned() })
    }

    /// The customers behind a figure of the last report, from the ledger.
    ///
    /// # Errors
    ///
    /// Those of [`list_customers`], or `nothing-read` where no file has been read to its end.
    pub fn customers(&self, query: &CustomerQuery) -> Result<CustomerList, Error> {
        let built = self.built.as_ref().ok_or_else(finished)?;
        list_customers(&built.ledger, &self.parsed.analysis, query)
    }

    /// All customers that match a query as a table in CSV.
    ///
    /// # Errors
    ///
    /// As [`Session::customers`].
    pub fn customers_csv(&self, query: &CustomerQuery) -> Result<Vec<u8>, Error> {
        let built = self.built.as_ref().ok_or_else(finished)?;
        customers_csv(&built.ledger, &self.parsed.analysis, query)
    }

    /// What one customer paid when, by its id as the file has it.
    ///
    /// # Errors
    ///
    /// Those of [`customer_history`], or `nothing-read` where no file has been read to its end.
    pub fn customer(&self, id: &str) -> Result<CustomerHistory, Error> {
        let built = self.built.as_ref().ok_or_else(finished)?;
        customer_history(&built.ledger, &self.parsed.analysis, id)
    }

    /// How long the customers of each segment of the last report stay; nothing where there are no
    /// segments or no lifetimes.
    ///
    /// # Errors
    ///
    /// `nothing-read` where no file has been read to its end.
    pub fn lifetimes(&self) -> Result<Option<LifetimesBySegment>, Error> {
        let built = self.built.as_ref().ok_or_else(finished)?;
        report::compare_lifetimes(&built.ledger, &self.parsed.analysis)
    }

    /// Purchases to come of the customers of a file of orders.
    ///
    /// # Errors
    ///
    /// Those of [`Outlooks::answer`], or `nothing-read` where no file has been read to its end.
    pub fn outlook(&mut self, query: &OutlookQuery) -> Result<Outlook, Error> {
        let built = self.built.as_ref().ok_or_else(finished)?;
        self.outlooks.answer(&built.ledger, &self.parsed.analysis, query)
    }

    fn read_options(&self) -> ReadOptions {
        self.parsed.read.read_options()
    }

    fn start_reading(&mut self) {
        let key = &self.parsed.read;
        self.n_reads += 1;
        (self.built, self.last) = (None, None);
        self.outlooks = Outlooks::default();
        self.notes = Notes::new();
        if key.was_gzip {
            self.notes.tell("gunzipped", Severity::Info, None, None, || {
                "The file was packed by gzip and has been unpacked.".to_owned()
            });
        }
        self.reader = Some(Reader::new(self.read_options()));
        self.builder = Some(Builder::new(key.build_options(), self.learned.clone()));
    }

    fn report(&mut self) -> Result<Outcome, Error> {
        let Some(built) = &self.built else { return Err(finished()) };
        let options = &self.parsed.analysis;
        let known = self.last.as_ref().map(|(known, _, _)| known);
        let stale = known.map_or(Parts::ALL, |known| known.parts_that_differ(options));
        if let Some((known, spans, report)) = &mut self.last
            && !stale.has(ReportPart::Periods)
        {
            report::check_segment_columns(&report.input, &options.segments_by)?;
            known.clone_from(options);
            report::renew(Arc::make_mut(report), &built.ledger, options, stale, *spans);
            return Ok(Outcome::Report { report: Arc::clone(report) });
        }
        let mut notes = self.finished_notes.clone();
        let mut input = built.input();
        if let Some(label) = &self.parsed.read.decoded_outside {
            input.dialect.encoding.clone_from(label);
        }
        report::check_segment_columns(&input, &options.segments_by)?;
        let wanted = AnalysisOptions { parts: options.parts.among(stale), ..options.clone() };
        let (mut report, spans) = report::assemble(input, &built.ledger, &wanted, &mut notes);
        if let Some((_, _, before)) = self.last.take() {
            report::take_parts(&mut report, Arc::unwrap_or_clone(before), |part| !stale.has(part));
        }
        let report = Arc::new(report);
        self.last = Some((options.clone(), spans, Arc::clone(&report)));
        Ok(Outcome::Report { report })
    }
}

fn finished() -> Error {
    Error::new("nothing-read", "There is no file being read. Give the file again.")
}

/// The days of a cohort's age where nothing is said.
const DEFAULT_COHORT_DAYS: u16 = 30;

fn cohort_options(choice: Option<&CohortChoice>) -> Result<CohortOptions, Error> {
    let Some(choice) = choice else { return Ok(CohortOptions::default()) };
    let clock = match choice.clock.as_deref() {
        None | Some("calendar") => CohortClock::Calendar,
        Some("days") => CohortClock::Days(choice.days.unwrap_or(DEFAULT_COHORT_DAYS)),
        Some(text) => return Err(invalid("cohorts", text, "on the clock calendar or days")),
    };
    if let CohortClock::Days(days) = clock
        && !(CohortClock::MIN_DAYS..=CohortClock::MAX_DAYS).contains(&days)
    {
        return Err(invalid("cohorts", &format!("{days} days"), "7 to 366 days"));
    }
    let counting = match choice.counting.as_deref() {
        None | Some("on") => CohortCounting::On,
        Some("on-or-after") => CohortCounting::OnOrAfter,
        Some(text) => return Err(invalid("cohorts", text, "counted on or on-or-after")),
    };
    Ok(CohortOptions { granularity: choice.granularity, clock, counting })
}

fn reason_kinds(kinds: &BTreeMap<String, String>) -> Result<BTreeMap<String, ReasonKind>, Error> {
    kinds
        .iter()
        .map(|(reason, name)| {
            let kind = ReasonKind::from_name(name)
                .ok_or_else(|| invalid("reasonKinds", name, "voluntary, involuntary or unknown"))?;
            Ok((reason.clone(), kind))
        })
        .collect()
}

/// The columns to segment by, each once; one alone counts where there is no list.
fn segments_by(options: &AnalyzeOptions) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for name in options.segments_by.iter().filter(|name| !name.is_empty()) {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    if columns.is_empty() {
        columns.extend(options.segment_by.clone().filter(|name| !name.is_empty()));
    }
    columns
}

/// The parts of the report that are wanted.
fn parts(names: Option<&[String]>) -> Result<Parts, Error> {
    let Some(names) = names else { return Ok(Parts::ALL) };
    let part = |name: &String| {
        ReportPart::from_name(name).ok_or_else(|| {
            invalid("parts", name, "names of the report's fields, such as periods or cohorts")
        })
    };
    Ok(Parts::of(&names.iter().map(part).collect::<Result<Vec<_>, _>>()?))
}

pub(crate) fn parse(options: &AnalyzeOptions) -> Result<Parsed, Error> {
    let shape = options
        .shape
        .as_deref()
        .map(|name| {
            Shape::from_name(name).filter(|shape| shape.is_history()).ok_or_else(|| {
                invalid("shape", name, "subscriptions, mrr, transactions, periods or accounts")
            })
        })
        .transpose()?;
    let mut roles = BTreeMap::new();
    for (name, column) in &options.roles {
        let role = Role::from_name(name)
            .ok_or_else(|| invalid("roles", name, "the name of a role, such as customer"))?;
        roles.insert(role, column.clone());
    }
    let (text, decoded_outside) = choices::text(
        options.encoding.as_deref(),
        options.delimiter.as_deref(),
        options.has_header,
    )?;
    let (date_order, decimal) = (
        choices::date_order(options.date_order.as_deref())?,
        choices::decimal(options.decimal.as_deref())?,
    );
    let currency = choices::currency(options.currency.as_deref())?;
    let duplicates = choices::one_of(
        "duplicates",
        options.duplicates.as_deref(),
        &[("keep", Duplicates::Keep), ("drop", Duplicates::Drop)],
        "keep or drop",
    )?;
    let in_minor_units = choices::one_of(
        "amountUnit",
        options.amount_unit.as_deref(),
        &[("major", false), ("minor", true)],
        "major or minor",
    )?;
    let as_of = choices::as_of(options.as_of.as_deref())?;
    let confidence = choices::confidence(options.confidence)?;
    let (margin, cac) = (options.gross_margin, options.cac);
    let margin = choices::within("grossMargin", margin, (0.0, 1.0), "0 to 1")?;
    let cac = choices::within("cac", cac, (0.0, 1e15), "0 or more")?;
    let discount = choices::within("discountRate", options.discount_rate, (0.0, 10.0), "0 to 10")?;
    Ok(Parsed {
        read: ReadKey {
            text,
            decoded_outside,
            roles: RoleOptions { shape, roles },
            date_order,
            decimal,
            currency,
            duplicates,
            in_minor_units,
            was_gzip: options.container.as_deref() == Some("gzip"),
        },
        analysis: AnalysisOptions {
            granularity: options.granularity.unwrap_or_default(),
            as_of,
            gross_margin: margin,
            cac,
            discount_rate: discount,
            confidence,
            cohorts: cohort_options(options.cohorts.as_ref())?,
            reason_kinds: reason_kinds(&options.reason_kinds)?,
            segments_by: segments_by(options),
            parts: parts(options.parts.as_deref())?,
        },
    })
}
