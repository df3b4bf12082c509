//! What the caller can decide about several files; nothing but their names is required.
//!
//! It reads nothing; it only turns names into choices.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::contradictions::Code;
use crate::error::Error;
use crate::health::RiskSheet;
use crate::roles::{Role, Shape};
use crate::session::{AnalyzeOptions, ReadKey, invalid, parse};

/// One of several files, and what is decided about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default)]
pub struct FileOptions {
    /// What it is called in the report.
    pub name: String,
    /// `subscriptions`, `mrr`, `transactions`, `accounts`, `customers`, `events` or `unused`; else
    /// detected.
    #[cfg_attr(
        feature = "wasm",
        tsify(
            optional,
            type = "\"subscriptions\" | \"mrr\" | \"transactions\" | \"accounts\" | \"customers\" | \"events\" | \"unused\""
        )
    )]
    pub kind: Option<String>,
    /// Role to column name; overrides detection. An empty name says that there is no such column.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "Record<string, string>"))]
    pub roles: BTreeMap<String, String>,
    /// As the option of the analysis, for this file alone.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\"ymd\" | \"dmy\" | \"mdy\""))]
    pub date_order: Option<String>,
    /// As the option of the analysis, for this file alone.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\".\" | \",\""))]
    pub decimal: Option<String>,
    /// As the option of the analysis, for this file alone.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub encoding: Option<String>,
    /// As the option of the analysis, for this file alone.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub delimiter: Option<String>,
    /// As the option of the analysis, for this file alone.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub has_header: Option<bool>,
    /// `gzip` where the bytes pushed have been unpacked from that.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\"gzip\""))]
    pub container: Option<String>,
}

/// Who is believed where files contradict each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(untagged)]
pub enum Rules {
    /// One for all contradictions: `subscriptions`, `events` or `flag`.
    All(String),
    /// By the code of the contradiction; the subscriptions where nothing is said.
    ByCode(
        #[cfg_attr(feature = "wasm", tsify(type = "Record<string, string>"))]
        BTreeMap<String, String>,
    ),
}

/// Several files, and how they are read, joined and analysed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default)]
pub struct FilesOptions {
    /// The files.
    pub files: Vec<FileOptions>,
    /// As for one file. What is about text and dates holds for each file that has no choice of its
    /// own, and what is about roles and amounts for the history.
    pub analyze: AnalyzeOptions,
    /// Who is believed where files contradict each other; the subscriptions where nothing is said.
    #[cfg_attr(
        feature = "wasm",
        tsify(
            optional,
            type = "\"subscriptions\" | \"events\" | \"flag\" | Record<string, string>"
        )
    )]
    pub rules: Option<Rules>,
    /// The sheet that accounts are scored by, where a file beside the history says something of
    /// their health; what is left out of it is as published.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub sheet: Option<RiskSheet>,
    /// `exact`, or `alike`: ids that differ in case or leading zeros only are joined, too.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\"exact\" | \"alike\""))]
    pub match_ids: Option<String>,
    /// What an event means that the file calls a reactivation: the `return` of a customer, or the
    /// `leaving` of one who had returned.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "\"return\" | \"leaving\""))]
    pub reactivations: Option<String>,
}

/// What a file is among others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Shape(Shape),
    Unused,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Shape(shape) => shape.name(),
            Self::Unused => "unused",
        }
    }

    pub(super) fn is_history(self) -> bool {
        matches!(self, Self::Shape(shape) if shape.is_history())
    }
}

/// Who is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rule {
    Subscriptions,
    Events,
    Flag,
}

impl Rule {
    const ALL: [Self; 3] = [Self::Subscriptions, Self::Events, Self::Flag];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Subscriptions => "subscriptions",
            Self::Events => "events",
            Self::Flag => "flag",
        }
    }

    fn named(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|rule| rule.name() == name);
        found.ok_or_else(|| invalid("rules", name, "subscriptions, events or flag"))
    }
}

/// How a file is read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FileChoice {
    pub(super) kind: Option<Kind>,
    /// As a history is read, and as a file beside one is.
    pub(super) as_history: ReadKey,
    pub(super) as_beside: ReadKey,
}

/// Everything parsed out of [`FilesOptions`].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choices {
    pub(super) names: Vec<String>,
    pub(super) files: Vec<FileChoice>,
    pub(super) analysis: crate::analysis::AnalysisOptions,
    pub(super) rules: Vec<(Code, Rule)>,
    pub(super) joins_alike: bool,
    pub(super) sheet: RiskSheet,
    /// Whether it was said what a reactivation is, and whether it is a return.
    pub(super) is_return: Option<bool>,
}

impl Choices {
    pub(super) fn of(options: &FilesOptions) -> Result<Self, Error> {
        let mut names: Vec<String> = Vec::new();
        for file in &options.files {
            let given = if file.name.is_empty() { "file" } else { file.name.as_str() };
            let numbered = (2..).map(|number| format!("{given} ({number})"));
            let name = std::iter::once(given.to_owned())
                .chain(numbered)
                .find(|name| !names.contains(name))
                .unwrap_or_default();
            names.push(name);
        }
        let mut files = Vec::new();
        for (file, name) in options.files.iter().zip(&names) {
            files.push(choice(file, &options.analyze).map_err(|error| error.in_file(name))?);
        }
        let sheet = options.sheet.clone().unwrap_or_default();
        sheet.check()?;
        let word = |option: &'static str, given: &Option<String>, valid: [&str; 2]| match given
            .as_deref()
        {
            None => Ok(None),
            Some(text) if text == valid[0] => Ok(Some(false)),
            Some(text) if text == valid[1] => Ok(Some(true)),
            Some(text) => Err(invalid(option, text, &format!("{} or {}", valid[0], valid[1]))),
        };
        Ok(Self {
            names,
            files,
            analysis: parse(&AnalyzeOptions {
                shape: None,
                roles: BTreeMap::new(),
                ..options.analyze.clone()
            })?
            .analysis,
            rules: rules(options.rules.as_ref())?,
            sheet,
            joins_alike: word("matchIds", &options.match_ids, ["exact", "alike"])?.unwrap_or(false),
            is_return: word("reactivations", &options.reactivations, ["leaving", "return"])?,
        })
    }

    /// Whether both read the files the same way.
    pub(super) fn reads_as(&self, other: &Self) -> bool {
        self.names == other.names && self.files == other.files
    }

    /// Who is believed about a contradiction.
    pub(super) fn rule(&self, code: Code) -> Rule {
        let chosen = self.rules.iter().find(|&&(known, _)| known == code);
        chosen.map_or(Rule::Subscriptions, |&(_, rule)| rule)
    }
}

fn choice(file: &FileOptions, analyze: &AnalyzeOptions) -> Result<FileChoice, Error> {
    let kind = match file.kind.as_deref() {
        None => None,
        Some("unused") => Some(Kind::Unused),
        Some(name) => Some(Kind::Shape(
            Shape::from_name(name).filter(|&shape| shape != Shape::Periods).ok_or_else(|| {
                invalid(
                    "kind",
                    name,
                    "subscriptions, mrr, transactions, accounts, customers, events or unused",
                )
            })?,
        )),
    };
    for name in file.roles.keys() {
        if Role::from_name(name).is_none() {
            return Err(invalid("roles", name, "the name of a role, such as customer"));
        }
    }
    // How text is read holds for each file that has no choice of its own.
    let beside = AnalyzeOptions {
        date_order: analyze.date_order.clone(),
        decimal: analyze.decimal.clone(),
        encoding: analyze.encoding.clone(),
        delimiter: analyze.delimiter.clone(),
        has_header: analyze.has_header,
        ..AnalyzeOptions::default()
    };
    let of_file = |base: AnalyzeOptions| AnalyzeOptions {
        roles: if file.roles.is_empty() { base.roles.clone() } else { file.roles.clone() },
        date_order: file.date_order.clone().or_else(|| base.date_order.clone()),
        decimal: file.decimal.clone().or_else(|| base.decimal.clone()),
        encoding: file.encoding.clone().or_else(|| base.encoding.clone()),
        delimiter: file.delimiter.clone().or_else(|| base.delimiter.clone()),
        has_header: file.has_header.or(base.has_header),
        container: file.container.clone(),
        ..base
    };
    Ok(FileChoice {
        kind,
        as_history: parse(&of_file(analyze.clone()))?.read,
        as_beside: parse(&of_file(beside))?.read,
    })
}

fn rules(rules: Option<&Rules>) -> Result<Vec<(Code, Rule)>, Error> {
    match rules {
        None => Ok(Vec::new()),
        Some(Rules::All(name)) => {
            let rule = Rule::named(name)?;
            let codes = Code::ALL.iter().filter(|code| code.choices().contains(&rule));
            Ok(codes.map(|&code| (code, rule)).collect())
        }
        Some(Rules::ByCode(by_code)) => by_code
            .iter()
            .map(|(code, name)| {
                let rule = Rule::named(name)?;
                let known = Code::ALL
                    .iter()
                    .find(|known| known.name() == code && known.choices().contains(&rule));
                known.map(|&code| (code, rule)).ok_or_else(|| {
                    invalid("rules", code, "the code of a contradiction that this can decide")
                })
            })
            .collect(),
    }
}
