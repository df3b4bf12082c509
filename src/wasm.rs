//! The bindings for the browser: plain data in, plain data out, and no logic.

// Errors are thrown to JavaScript as `Error`s with a code; each function of the core says which.
#![expect(clippy::missing_errors_doc, reason = "the functions of the core that they call say so")]
// Bindings take what crosses the boundary by value.
#![expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]

#[cfg(feature = "wasm-formulas")]
use std::collections::BTreeMap;

use js_sys::{Array, Error as JsError, Reflect};
#[cfg(any(feature = "wasm-formulas", feature = "wasm-models"))]
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::error::Error;
#[cfg(feature = "wasm-formulas")]
use crate::formula;
#[cfg(feature = "wasm-models")]
use crate::health::RiskReport;
#[cfg(feature = "wasm-files")]
use crate::join::{Files as CoreFiles, FilesOptions};
#[cfg(feature = "wasm-formulas")]
use crate::number::{Figure, FormulaId};
#[cfg(feature = "wasm-models")]
use crate::report::Fit;
#[cfg(feature = "wasm-models")]
use crate::scenario::{self, Goal, GoalAnswer, Projection, Scenario};
#[cfg(feature = "wasm-files")]
use crate::session::{
    AnalyzeOptions, CustomerHistory, CustomerList, CustomerQuery, LifetimesBySegment, Outcome,
    Outlook, OutlookQuery, Session as CoreSession,
};
#[cfg(feature = "wasm-models")]
use crate::session::{ScoreOptions, ScoreOutcome, ScoreSession as CoreScoreSession};
#[cfg(feature = "wasm-models")]
use crate::survival::{self, FitRequest};

/// An error of the core as a JavaScript `Error` with `code`, `row`, `column` and `columns`.
fn thrown(error: &Error) -> JsValue {
    let thrown = JsError::new(error.message());
    // Setting a property of a fresh object cannot fail.
    let set = |name: &str, value: JsValue| {
        let _ = Reflect::set(&thrown, &name.into(), &value);
    };
    set("code", error.code().into());
    if let Some(row) = error.row() {
        set("row", row_number(row));
    }
    if let Some(column) = error.column() {
        set("column", column.into());
    }
    if !error.columns().is_empty() {
        set("columns", error.columns().iter().map(JsValue::from).collect::<Array>().into());
    }
    thrown.into()
}

#[expect(clippy::cast_precision_loss, reason = "no file has 2⁵³ rows")]
fn row_number(row: u64) -> JsValue {
    JsValue::from_f64(row as f64)
}

/// An offset in a file as JavaScript has it.
#[cfg(feature = "wasm-files")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "offsets are whole, and below 2⁵³"
)]
fn offset_of(offset: f64) -> u64 {
    offset.max(0.0) as u64
}

fn unreadable(error: &impl std::fmt::Display) -> JsValue {
    thrown(&Error::new("invalid-input", format!("The input has the wrong form: {error}.")))
}

#[cfg(any(feature = "wasm-files", feature = "wasm-models"))]
fn given<T>(value: &Ts<T>) -> Result<T, JsValue>
where
    T: Tsify + serde::de::DeserializeOwned,
    T::JsType: Clone + JsCast,
{
    serde_wasm_bindgen::from_value(value.js_value()).map_err(|error| unreadable(&error))
}

fn returned<T: Tsify + serde::Serialize>(value: &T) -> Result<Ts<T>, JsValue> {
    value.into_ts().map_err(|error| unreadable(&error))
}

/// One file, from its bytes to its report.
#[cfg(feature = "wasm-files")]
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session(CoreSession);

#[cfg(feature = "wasm-files")]
#[wasm_bindgen]
impl Session {
    /// A session for one file.
    #[wasm_bindgen(constructor)]
    pub fn new(options: Ts<AnalyzeOptions>) -> Result<Session, JsValue> {
        let options = given(&options)?;
        CoreSession::new(&options).map(Session).map_err(|error| thrown(&error))
    }

    /// Takes the next bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        make_room(bytes.len() / 2);
        self.0.push(bytes).map_err(|error| thrown(&error))
    }

    /// Rows read so far.
    #[must_use]
    pub fn rows(&self) -> JsValue {
        row_number(self.0.n_rows())
    }

    /// A session for the part of a file from byte `from` to byte `until`.
    #[wasm_bindgen(js_name = forPart)]
    pub fn for_part(
        options: Ts<AnalyzeOptions>,
        from: f64,
        until: Option<f64>,
    ) -> Result<Session, JsValue> {
        let options = given(&options)?;
        CoreSession::for_part(&options, offset_of(from), until.map(offset_of))
            .map(Session)
            .map_err(|error| thrown(&error))
    }

    /// Whether the table is known: from here on, a part that is not the first wants to jump.
    #[wasm_bindgen(js_name = isOpen)]
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.is_open()
    }

    /// Whether parts of the file can be read each by itself, once it is open.
    #[wasm_bindgen(js_name = isSplittable)]
    #[must_use]
    pub fn is_splittable(&self) -> bool {
        self.0.is_splittable()
    }

    /// Goes to the part: the bytes pushed next are those from its beginning on.
    pub fn jump(&mut self) {
        self.0.jump();
    }

    /// Whether all rows of the part have been read.
    #[wasm_bindgen(js_name = isDone)]
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.0.is_done()
    }

    /// Ends a part that is not the first: what was read of it, for `absorb`.
    #[wasm_bindgen(js_name = endPart)]
    pub fn end_part(&mut self) -> Vec<u8> {
        self.0.end_part()
    }

    /// Takes in the part that follows what has been read; whether it fits.
    pub fn absorb(&mut self, part: &[u8]) -> bool {
        self.0.absorb(part)
    }

    /// Lets the first part go on to the end of the file; from which byte of it on.
    pub fn resume(&mut self) -> JsValue {
        row_number(self.0.resume())
    }

    /// Ends the file.
    pub fn finish(&mut self) -> Result<Ts<Outcome>, JsValue> {
        returned(&self.0.finish().map_err(|error| thrown(&error))?)
    }

    /// The report under other options.
    pub fn reanalyze(&mut self, options: Ts<AnalyzeOptions>) -> Result<Ts<Outcome>, JsValue> {
        let options = given(&options)?;
        returned(&self.0.reanalyze(&options).map_err(|error| thrown(&error))?)
    }

    /// The customers behind a figure of the last report.
    pub fn customers(&self, query: Ts<CustomerQuery>) -> Result<Ts<CustomerList>, JsValue> {
        let query = given(&query)?;
        returned(&self.0.customers(&query).map_err(|error| thrown(&error))?)
    }

    /// All customers that match a query, as a table in CSV.
    #[wasm_bindgen(js_name = customersCsv)]
    pub fn customers_csv(&self, query: Ts<CustomerQuery>) -> Result<Vec<u8>, JsValue> {
        let query = given(&query)?;
        self.0.customers_csv(&query).map_err(|error| thrown(&error))
    }

    /// What one customer paid when.
    pub fn customer(&self, id: &str) -> Result<Ts<CustomerHistory>, JsValue> {
        returned(&self.0.customer(id).map_err(|error| thrown(&error))?)
    }

    /// How long the customers of each segment stay; nothing without segments or lifetimes.
    pub fn lifetimes(&self) -> Result<Option<Ts<LifetimesBySegment>>, JsValue> {
        let found = self.0.lifetimes().map_err(|error| thrown(&error))?;
        found.map(|found| returned(&found)).transpose()
    }

    /// Purchases to come.
    pub fn outlook(&mut self, query: Ts<OutlookQuery>) -> Result<Ts<Outlook>, JsValue> {
        let query = given(&query)?;
        returned(&self.0.outlook(&query).map_err(|error| thrown(&error))?)
    }
}

/// One file of accounts, from its bytes to the health of each.
#[cfg(feature = "wasm-models")]
#[wasm_bindgen]
#[derive(Debug)]
pub struct ScoreSession(CoreScoreSession);

#[cfg(feature = "wasm-models")]
#[wasm_bindgen]
impl ScoreSession {
    /// A session for one file.
    #[wasm_bindgen(constructor)]
    pub fn new(options: Ts<ScoreOptions>) -> Result<ScoreSession, JsValue> {
        let options = given(&options)?;
        CoreScoreSession::new(&options).map(ScoreSession).map_err(|error| thrown(&error))
    }

    /// Takes the next bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        self.0.push(bytes).map_err(|error| thrown(&error))
    }

    /// Rows read so far.
    #[must_use]
    pub fn rows(&self) -> JsValue {
        row_number(self.0.n_rows())
    }

    /// Ends the file.
    pub fn finish(&mut self) -> Result<Ts<RiskReport>, JsValue> {
        returned(&self.0.finish().map_err(|error| thrown(&error))?)
    }

    /// The report under other options.
    pub fn rescore(&mut self, options: Ts<ScoreOptions>) -> Result<Ts<ScoreOutcome>, JsValue> {
        let options = given(&options)?;
        returned(&self.0.rescore(&options).map_err(|error| thrown(&error))?)
    }
}

/// Sees to it that so much memory is free. To make a memory larger takes a browser a third of a
/// millisecond, however little it grows: it grows once for all that is kept of the next bytes, and not
/// for each of their chunks.
#[cfg(feature = "wasm-files")]
fn make_room(n_bytes: usize) {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(n_bytes)));
}

/// Several files, from their bytes to one report.
#[cfg(feature = "wasm-files")]
#[wasm_bindgen]
#[derive(Debug)]
pub struct Files(CoreFiles);

#[cfg(feature = "wasm-files")]
#[wasm_bindgen]
impl Files {
    /// A session for several files.
    #[wasm_bindgen(constructor)]
    pub fn new(options: Ts<FilesOptions>) -> Result<Files, JsValue> {
        let options = given(&options)?;
        CoreFiles::new(&options).map(Files).map_err(|error| thrown(&error))
    }

    /// The place of the file that is wanted next, from its first byte; nothing where all are read.
    #[wasm_bindgen(js_name = nextFile)]
    pub fn next_file(&mut self) -> Result<Option<u32>, JsValue> {
        let next = self.0.next_file().map_err(|error| thrown(&error))?;
        Ok(next.and_then(|index| u32::try_from(index).ok()))
    }

    /// Whether that file is read in full, rather than looked at.
    #[wasm_bindgen(js_name = isReading)]
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.0.is_reading()
    }

    /// Whether it is read again.
    #[wasm_bindgen(js_name = isReadingAgain)]
    #[must_use]
    pub fn is_reading_again(&self) -> bool {
        self.0.is_reading_again()
    }

    /// Rows read so far of that file.
    #[must_use]
    pub fn rows(&self) -> JsValue {
        row_number(self.0.n_rows())
    }

    /// Takes the next bytes of that file; whether more are wanted.
    pub fn push(&mut self, bytes: &[u8]) -> Result<bool, JsValue> {
        self.0.push(bytes).map_err(|error| thrown(&error))
    }

    /// Ends that file.
    pub fn end(&mut self) -> Result<(), JsValue> {
        self.0.end().map_err(|error| thrown(&error))
    }

    /// The report on all files.
    pub fn report(&mut self) -> Result<Ts<Outcome>, JsValue> {
        returned(&self.0.report().map_err(|error| thrown(&error))?)
    }

    /// The customers behind a figure of the last report.
    pub fn customers(&self, query: Ts<CustomerQuery>) -> Result<Ts<CustomerList>, JsValue> {
        let query = given(&query)?;
        returned(&self.0.customers(&query).map_err(|error| thrown(&error))?)
    }

    /// All customers that match a query, as a table in CSV.
    #[wasm_bindgen(js_name = customersCsv)]
    pub fn customers_csv(&self, query: Ts<CustomerQuery>) -> Result<Vec<u8>, JsValue> {
        let query = given(&query)?;
        self.0.customers_csv(&query).map_err(|error| thrown(&error))
    }

    /// What one customer paid when.
    pub fn customer(&self, id: &str) -> Result<Ts<CustomerHistory>, JsValue> {
        returned(&self.0.customer(id).map_err(|error| thrown(&error))?)
    }

    /// How long the customers of each segment stay; nothing without segments or lifetimes.
    pub fn lifetimes(&self) -> Result<Option<Ts<LifetimesBySegment>>, JsValue> {
        let found = self.0.lifetimes().map_err(|error| thrown(&error))?;
        found.map(|found| returned(&found)).transpose()
    }

    /// Purchases to come.
    pub fn outlook(&mut self, query: Ts<OutlookQuery>) -> Result<Ts<Outlook>, JsValue> {
        let query = given(&query)?;
        returned(&self.0.outlook(&query).map_err(|error| thrown(&error))?)
    }

    /// The report under other options.
    pub fn reanalyze(&mut self, options: Ts<FilesOptions>) -> Result<Ts<Outcome>, JsValue> {
        let options = given(&options)?;
        returned(&self.0.reanalyze(&options).map_err(|error| thrown(&error))?)
    }
}

/// One formula on plain numbers.
#[cfg(feature = "wasm-formulas")]
#[wasm_bindgen]
pub fn calculate(
    #[wasm_bindgen(unchecked_param_type = "FormulaId")] formula: &str,
    #[wasm_bindgen(unchecked_param_type = "Record<string, number>")] inputs: JsValue,
) -> Result<Ts<Figure>, JsValue> {
    let id = FormulaId::from_name(formula).ok_or_else(|| {
        thrown(&Error::new("unknown-formula", format!("There is no formula “{formula}”.")))
    })?;
    let inputs: BTreeMap<String, f64> =
        serde_wasm_bindgen::from_value(inputs).map_err(|error| unreadable(&error))?;
    returned(&formula::calculate(id, &inputs).map_err(|error| thrown(&error))?)
}

/// What there is to say about each formula beside its number.
#[cfg(feature = "wasm-formulas")]
#[wasm_bindgen(unchecked_return_type = "FormulaInfo[]")]
pub fn formulas() -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    formula::catalogue().serialize(&serializer).map_err(|error| unreadable(&error))
}

/// A fitted lifespan model or an observed survival curve.
#[cfg(feature = "wasm-models")]
#[wasm_bindgen]
pub fn fit(request: Ts<FitRequest>) -> Result<Ts<Fit>, JsValue> {
    let request = given(&request)?;
    returned(&Fit::from(survival::fit(&request).map_err(|error| thrown(&error))?))
}

/// What would come of a scenario.
#[cfg(feature = "wasm-models")]
#[wasm_bindgen]
pub fn project(scenario: Ts<Scenario>) -> Result<Ts<Projection>, JsValue> {
    let scenario = given(&scenario)?;
    returned(&scenario::project(&scenario).map_err(|error| thrown(&error))?)
}

/// Which value of a lever gives an outcome.
#[cfg(feature = "wasm-models")]
#[wasm_bindgen]
pub fn seek(goal: Ts<Goal>) -> Result<Ts<GoalAnswer>, JsValue> {
    let goal = given(&goal)?;
    returned(&scenario::seek(&goal).map_err(|error| thrown(&error))?)
}

/// Claims of articles, with what is true of them.
#[cfg(feature = "wasm-models")]
#[wasm_bindgen(unchecked_return_type = "Claim[]")]
pub fn claims() -> Result<JsValue, JsValue> {
    let claims = scenario::claims().map_err(|error| thrown(&error))?;
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    claims.serialize(&serializer).map_err(|error| unreadable(&error))
}
