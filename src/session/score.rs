//! One file of accounts, from its bytes to the health of each.
//!
//! It keeps the accounts between recomputations: another sheet, playbook or date never reads the file
//! again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::choices::{self, invalid};
use super::finished;
use crate::error::Error;
use crate::health::{
    ACCOUNTS_LISTED, HealthAccounts, HealthBuilder, Playbook, ReadingOptions, RiskOptions,
    RiskReport, RiskSheet,
};
use crate::ingest::{ReadOptions, Reader};
use crate::note::{Notes, Severity};
use crate::roles::health::HealthRole;

/// What the caller can decide about scoring; nothing here is required.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default)]
pub struct ScoreOptions {
    /// Role to column name; overrides detection. An empty name says that there is no such column.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "Record<string, string>"))]
    pub roles: BTreeMap<String, String>,
    /// The sheet; what is left out of it is as published.
    #[cfg_attr(
        feature = "wasm",
        tsify(
            optional,
            type = "Partial<Omit<RiskSheet, \"weights\" | \"levels\">> & { weights?: Partial<RiskWeights>; levels?: Partial<RiskLevels> }"
        )
    )]
    pub sheet: Option<RiskSheet>,
    /// The playbook; what is left out of it is as published.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "Partial<Playbook>"))]
    pub playbook: Option<Playbook>,
    /// `YYYY-MM-DD`; else the latest date of activity in the file.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub as_of: Option<String>,
    /// `ymd`, `dmy` or `mdy`; else proved from the file, else asked.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\"ymd\" | \"dmy\" | \"mdy\""))]
    pub date_order: Option<String>,
    /// `.` or `,`; else proved from the file, else asked.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\".\" | \",\""))]
    pub decimal: Option<String>,
    /// ISO 4217 code. In a file of several currencies, the one to keep.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub currency: Option<String>,
    /// Whether small numbers of active users are a `fraction` or `percent`.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\"fraction\" | \"percent\""))]
    pub share_unit: Option<String>,
    /// The encoding, as in the analysis.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub encoding: Option<String>,
    /// `,` `;` `|`, a tab, or `whitespace`.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub delimiter: Option<String>,
    /// Whether the first record is a header.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub has_header: Option<bool>,
    /// `gzip` where the bytes pushed have been unpacked from that.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\"gzip\""))]
    pub container: Option<String>,
    /// How many accounts the report lists; 10,000 where nothing is said.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub listed: Option<u32>,
    /// Confidence of all intervals; 0.95 where nothing is said.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub confidence: Option<f64>,
}

/// What comes of scoring with other options.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null, hashmap_as_object))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum ScoreOutcome {
    /// The health of the accounts.
    Scored {
        /// It.
        report: Box<RiskReport>,
    },
    /// The file has to be pushed again from its first byte.
    ReadAgain {
        /// Why, in words.
        why: String,
    },
}

/// The options that the accounts depend on.
#[derive(Clone, Debug, PartialEq)]
struct ReadKey {
    roles: BTreeMap<HealthRole, String>,
    text: ReadOptions,
}

#[derive(Clone, Debug, PartialEq)]
struct Parsed {
    key: ReadKey,
    options: RiskOptions,
}

/// One file of accounts.
///
/// # Examples
///
/// ```
/// use retention_calculator::health::RiskLevel;
/// use retention_calculator::session::{ScoreOptions, ScoreSession};
///
/// let csv = "account,active_share,days_since_login,open_tickets\nA,15%,20,4\nB,80%,1,0\n";
/// let mut session = ScoreSession::new(&ScoreOptions::default())?;
/// session.push(csv.as_bytes())?;
/// let report = session.finish()?;
/// assert_eq!(report.accounts[0].score, Some(65.0));
/// assert_eq!(report.accounts[0].level, RiskLevel::High);
/// // Of B too little is known to call it healthy.
/// assert_eq!(report.accounts[1].level, RiskLevel::Unknown);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
#[derive(Debug)]
pub struct ScoreSession {
    parsed: Parsed,
    reading: Option<(Reader, HealthBuilder)>,
    notes: Notes,
    read: Option<HealthAccounts>,
}

impl ScoreSession {
    /// A session for one file.
    ///
    /// # Errors
    ///
    /// `invalid-option` where an option has a value that it cannot have.
    pub fn new(options: &ScoreOptions) -> Result<Self, Error> {
        let mut session =
            Self { parsed: parse(options)?, reading: None, notes: Notes::new(), read: None };
        session.start_reading(options);
        Ok(session)
    }

    /// Takes the next bytes of the file, in pieces of any size.
    ///
    /// # Errors
    ///
    /// What cannot be read at all, and `no-health-signals`.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let Some((reader, builder)) = &mut self.reading else { return Err(finished()) };
        reader.push(bytes, &mut self.notes, builder)
    }

    /// Rows read so far.
    #[must_use]
    pub fn n_rows(&self) -> u64 {
        self.reading.as_ref().map_or(0, |(_, builder)| builder.n_rows())
    }

    /// Ends the file.
    ///
    /// # Errors
    ///
    /// As [`ScoreSession::push`].
    pub fn finish(&mut self) -> Result<RiskReport, Error> {
        let Some((reader, mut builder)) = self.reading.take() else { return Err(finished()) };
        let summary = reader.finish(&mut self.notes, &mut builder)?;
        let accounts = builder.finish(summary, std::mem::take(&mut self.notes))?;
        let report = accounts.report(&self.parsed.options);
        self.read = Some(accounts);
        report
    }

    /// The report under other options, without reading the file again unless they change how it is
    /// read.
    ///
    /// # Errors
    ///
    /// `invalid-option`; the report before stays as it was.
    pub fn rescore(&mut self, options: &ScoreOptions) -> Result<ScoreOutcome, Error> {
        let parsed = parse(options)?;
        if let Some(accounts) = self.read.as_ref().filter(|_| self.parsed.key == parsed.key) {
            let report = accounts.report(&parsed.options)?;
            self.parsed = parsed;
            return Ok(ScoreOutcome::Scored { report: Box::new(report) });
        }
        self.parsed = parsed;
        self.start_reading(options);
        Ok(ScoreOutcome::ReadAgain { why: "these options change how the file is read".to_owned() })
    }

    /// The accounts that have been read.
    #[must_use]
    pub fn accounts(&self) -> Option<&HealthAccounts> {
        self.read.as_ref()
    }

    fn start_reading(&mut self, options: &ScoreOptions) {
        let key = &self.parsed.key;
        self.read = None;
        self.notes = Notes::new();
        if options.container.as_deref() == Some("gzip") {
            self.notes.tell("gunzipped", Severity::Info, None, None, || {
                "The file was packed by gzip and has been unpacked.".to_owned()
            });
        }
        let reader = Reader::new(key.text.clone());
        self.reading = Some((reader, HealthBuilder::new(key.roles.clone())));
    }
}

fn parse(options: &ScoreOptions) -> Result<Parsed, Error> {
    let mut roles = BTreeMap::new();
    for (name, column) in &options.roles {
        let role = HealthRole::from_name(name)
            .ok_or_else(|| invalid("roles", name, "the name of a role, such as last_login"))?;
        roles.insert(role, column.clone());
    }
    let (text, _) = choices::text(
        options.encoding.as_deref(),
        options.delimiter.as_deref(),
        options.has_header,
    )?;
    let reading = ReadingOptions {
        date_order: choices::date_order(options.date_order.as_deref())?,
        decimal: choices::decimal(options.decimal.as_deref())?,
        shares_are_percent: choices::one_of(
            "shareUnit",
            options.share_unit.as_deref(),
            &[("fraction", false), ("percent", true)],
            "fraction or percent",
        )?,
        currency: choices::currency(options.currency.as_deref())?,
        as_of: choices::as_of(options.as_of.as_deref())?,
    };
    let confidence = choices::confidence(options.confidence)?;
    let sheet = options.sheet.clone().unwrap_or_default();
    sheet.check()?;
    let playbook = options.playbook.clone().unwrap_or_default();
    playbook.check()?;
    let n_listed = options.listed.map_or(ACCOUNTS_LISTED, |n| n as usize);
    Ok(Parsed {
        key: ReadKey { roles, text },
        options: RiskOptions { reading, sheet, playbook, n_listed, confidence },
    })
}
