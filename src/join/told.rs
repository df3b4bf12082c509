//! What was read, joined and found, as plain data of the report.
//!
//! It finds nothing itself; it counts rows that joined nothing as left out.

use std::collections::BTreeMap;

use super::contradictions::{Case, Code, DAYS_APART, Source, Who};
use super::matching::Alike;
use super::options::Kind;
use super::reading::Member;
use super::{Files, Side};
use crate::arrange;
use crate::ingest::Separator;
use crate::ledger::build::Built;
use crate::ledger::{Attributes, Beside, Histories};
use crate::note::{Note, Notes, ROWS_KEPT, Severity};
use crate::number::{Minor, to_major};
use crate::report::{
    AlikePair, AlikeReport, AttributeReport, ColumnReport, ConflictReport, Contradiction,
    ContradictionCase, DialectReport, FileReport, FilesReport, IdRow, IdsReport, Input, JoinReport,
    Question, RowCounts, Stated, note_report,
};
use crate::roles::Role;

/// How many cases of one contradiction are reported.
const CASES_KEPT: usize = 1_000;
/// How many pairs of ids a question shows.
const PAIRS_SHOWN: usize = 3;
/// As for a single file.
const PREVIEW_ROWS: usize = 50;
const PREVIEW_CHARACTERS: usize = 200;

impl Files {
    fn name(&self, file: usize) -> String {
        self.choices.names.get(file).cloned().unwrap_or_default()
    }

    fn names_of(&self, group: usize) -> Vec<String> {
        self.groups[group].members().iter().map(|member| self.name(member.file)).collect()
    }

    fn id_row(&self, group: usize, id: &str, row: u32) -> IdRow {
        let (file, row) = self.groups[group].locate(row);
        IdRow { id: id.to_owned(), file: self.name(file), row }
    }

    /// What the report says of the history as a whole, and its notes.
    pub(super) fn input_of_history(
        &self,
        sides: &[Side],
        is_return: Option<bool>,
    ) -> (Input, Notes) {
        let Some(group) = self.groups.first() else { return (empty_input(), Notes::new()) };
        let Some(built) = &group.built else { return (empty_input(), Notes::new()) };
        let mut input = built.input();
        let mut notes = Notes::new();
        let members = group.members();
        let is_alone = members.len() == 1;
        input.rows = RowCounts { read: 0, used: 0, excluded: 0 };
        let mut told: Vec<&'static str> = Vec::new();
        for member in members {
            input.rows.read += member.rows.read;
            input.rows.used += member.rows.used;
            input.rows.excluded += member.rows.excluded;
            for note in member.notes.iter() {
                if is_alone {
                    notes.take(note.clone());
                    continue;
                }
                // Row numbers are those of one file; each file's own notes have them all.
                let is_first = !told.contains(&note.code);
                told.push(note.code);
                notes.take(Note {
                    message: format!("{}: {}", self.name(member.file), note.message),
                    rows: if is_first { note.rows.clone() } else { Vec::new() },
                    ..note.clone()
                });
            }
        }
        if let Some(first) = members.first() {
            if let Some(decided) = self.decided.get(first.file) {
                input.shape_why.clone_from(&decided.why);
            }
            input.dialect.encoding = self.encoding_of(first);
        }
        self.ask(sides, is_return, &mut input.questions);
        (input, notes)
    }

    fn encoding_of(&self, member: &Member) -> String {
        let outside = self.key(member.file).decoded_outside.clone();
        outside.unwrap_or_else(|| member.encoding.clone())
    }

    /// Asks what only the reader of the report can decide about the joining.
    fn ask(&self, sides: &[Side], is_return: Option<bool>, questions: &mut Vec<Question>) {
        let mut shown = Vec::new();
        let mut n_pairs = 0;
        for side in sides {
            let (Some(built), Some(history)) =
                (&self.groups[side.group].built, &self.groups[0].built)
            else {
                continue;
            };
            n_pairs += side.matching.alike.len();
            for &(own, other, _) in side.matching.alike.iter().take(PAIRS_SHOWN) {
                shown.push(format!(
                    "\u{2068}{}\u{2069} and \u{2068}{}\u{2069}",
                    built.ledger.customers.id(own),
                    history.ledger.customers.id(other)
                ));
            }
        }
        if n_pairs != 0 {
            shown.truncate(PAIRS_SHOWN);
            let are = if n_pairs == 1 { "1 id is" } else { &format!("{n_pairs} ids are") };
            questions.push(Question {
                code: "ids-nearly-match".to_owned(),
                message: format!(
                    "{are} the same in two files only without upper case or leading zeros. Are \
                     these the same customers?"
                ),
                column: None,
                options: vec!["exact".to_owned(), "alike".to_owned()],
                readings: vec![
                    format!("{} stay two customers", shown.join(", ")),
                    format!("{} are one customer each", shown.join(", ")),
                ],
                answer_to: "matchIds".to_owned(),
                assumed: Some(if self.choices.joins_alike { "alike" } else { "exact" }.to_owned()),
            });
        }
        if let Some(is_return) = is_return {
            questions.push(Question {
                code: "reactivation-meaning".to_owned(),
                message: "Some events are marked as reactivations. Is that the day on which a \
                          customer came back, or on which one left who had come back before?"
                    .to_owned(),
                column: None,
                options: vec!["return".to_owned(), "leaving".to_owned()],
                readings: vec![
                    "the customer came back on that day".to_owned(),
                    "the customer left on that day".to_owned(),
                ],
                answer_to: "reactivations".to_owned(),
                assumed: Some(if is_return { "return" } else { "leaving" }.to_owned()),
            });
        }
    }

    /// The whole of what several files add to the report.
    pub(super) fn files_report(&self, sides: &[Side], cases: &[Case]) -> FilesReport {
        let mut files: Vec<(usize, FileReport)> = Vec::new();
        for (index, group) in self.groups.iter().enumerate() {
            let Some(built) = &group.built else { continue };
            let side = sides.iter().find(|side| side.group == index);
            let unjoined = side.map(|side| self.unjoined_rows(side, built)).unwrap_or_default();
            let members = group.members();
            for member in members {
                let first = members.first().filter(|first| first.file != member.file);
                let continues = first.map(|first| self.name(first.file));
                let rows = unjoined.get(&member.file);
                files.push((member.file, self.file_report(built, member, continues, rows)));
            }
        }
        for count in &self.counts {
            let encoding = count.encoding.clone().unwrap_or_default();
            files.push((count.file, self.unused_report(count.file, count.n_rows, encoding)));
        }
        arrange::by_key(&mut files, |&(file, _)| file);
        FilesReport {
            files: files.into_iter().map(|(_, file)| file).collect(),
            joins: sides.iter().filter_map(|side| self.join_report(side)).collect(),
            contradictions: self.contradictions(cases),
            not_compared: self.not_compared(),
            days_apart: DAYS_APART.unsigned_abs(),
        }
    }

    /// The rows of customers that the history does not have, by file.
    fn unjoined_rows(&self, side: &Side, built: &Built) -> BTreeMap<usize, Vec<u64>> {
        let is_unjoined = |customer: u32| {
            side.matching.to_history.get(customer as usize).is_some_and(Option::is_none)
        };
        let customers = &built.ledger.customers;
        let mut rows: Vec<u32> = match &built.beside {
            Beside::Nothing => Vec::new(),
            Beside::Attributes(Attributes { twice, .. }) => (0..)
                .take(customers.len())
                .filter(|&customer| is_unjoined(customer))
                .map(|customer| customers.first_row(customer))
                .chain(twice.iter().filter(|one| is_unjoined(one.0)).map(|one| one.1))
                .collect(),
            Beside::Events(events) => {
                let unjoined = events.iter().filter(|event| is_unjoined(event.customer));
                unjoined.map(|event| event.row).collect()
            }
        };
        arrange::in_order(&mut rows);
        let mut by_file: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
        for row in rows {
            let (file, row) = self.groups[side.group].locate(row);
            by_file.entry(file).or_default().push(row);
        }
        by_file
    }

    fn file_report(
        &self,
        built: &Built,
        member: &Member,
        continues: Option<String>,
        unjoined: Option<&Vec<u64>>,
    ) -> FileReport {
        let decided = &self.decided[member.file];
        let mut input = built.input();
        let mut notes = member.notes.clone();
        input.rows = member.rows.clone();
        if let Some(rows) = unjoined {
            let count = rows.len() as u64;
            input.rows.used = input.rows.used.saturating_sub(count);
            input.rows.excluded += count;
            notes.take(Note {
                code: "not-in-history",
                severity: Severity::Warning,
                excludes: true,
                message: format!(
                    "Row {} is of a customer whom the history does not have.",
                    rows.first().copied().unwrap_or(0)
                ),
                count,
                rows: rows.iter().take(ROWS_KEPT).copied().collect(),
                column: None,
            });
        }
        input.shape_why.clone_from(&decided.why);
        input.dialect.encoding = self.encoding_of(member);
        if let Some(table) = self.looks.get(member.file).and_then(|look| look.table.as_ref()) {
            input.dialect.delimiter = delimiter(table.dialect.separator);
            input.preview = preview(&table.sample);
            if continues.is_some() {
                input.questions.clone_from(&table.questions);
            }
        }
        if decided.key.is_some() {
            for column in &mut input.columns {
                if column.role.as_deref() == Some(Role::Customer.name()) {
                    column.why.clone_from(&decided.key_why);
                }
            }
        }
        if let Beside::Attributes(attributes) = &built.beside {
            for attribute in attributes.columns.iter().filter(|column| column.is_segment) {
                if let Some(column) = input.columns.get_mut(attribute.index) {
                    "customers are compared by it".clone_into(&mut column.why);
                    column.segments = u32::try_from(attribute.values.names.len()).ok();
                }
            }
        }
        input.notes = notes.into_sorted().iter().map(note_report).collect();
        FileReport {
            name: self.name(member.file),
            kind: decided.kind.name().to_owned(),
            kind_why: decided.why.clone(),
            continues,
            input,
        }
    }

    /// A file that nothing is made of: its rows are counted.
    fn unused_report(&self, file: usize, n_rows: u64, encoding: String) -> FileReport {
        let decided = &self.decided[file];
        let mut input = empty_input();
        let outside = self.beside_key(file).decoded_outside.clone();
        input.dialect.encoding = outside.unwrap_or(encoding);
        input.rows = RowCounts { read: n_rows, used: 0, excluded: n_rows };
        input.shape_why.clone_from(&decided.why);
        if let Some(table) = &self.looks[file].table {
            input.dialect.delimiter = delimiter(table.dialect.separator);
            input.preview = preview(&table.sample);
            let columns = table.columns.iter().zip(0..);
            input.columns = columns
                .map(|(name, index)| ColumnReport {
                    name: name.clone(),
                    index,
                    role: None,
                    why: "the file is not used".to_owned(),
                    segments: None,
                })
                .collect();
        }
        if n_rows != 0 {
            input.notes = vec![note_report(&Note {
                code: "file-not-used",
                severity: Severity::Warning,
                excludes: true,
                message: format!("No row of this file is used: {}.", decided.why),
                count: n_rows,
                rows: Vec::new(),
                column: None,
            })];
        }
        FileReport {
            name: self.name(file),
            kind: Kind::Unused.name().to_owned(),
            kind_why: decided.why.clone(),
            continues: None,
            input,
        }
    }

    fn join_report(&self, side: &Side) -> Option<JoinReport> {
        let (history, group) = (self.groups.first()?, self.groups.get(side.group)?);
        let (base, built) = (history.built.as_ref()?, group.built.as_ref()?);
        let (theirs, own) = (&base.ledger.customers, &built.ledger.customers);
        let matching = &side.matching;
        let key = |built: &Built| {
            let role = Some(Role::Customer.name());
            let columns = built.input().columns;
            let column = columns.into_iter().find(|column| column.role.as_deref() == role);
            column.map(|column| column.name).unwrap_or_default()
        };
        let mut unmatched: Vec<u32> = (0..)
            .zip(&matching.to_history)
            .filter(|(_, to)| to.is_none())
            .map(|(customer, _)| customer)
            .collect();
        arrange::by_key(&mut unmatched, |&customer| own.first_row(customer));
        let mut missing: Vec<u32> = (0..)
            .zip(&matching.is_found)
            .filter(|&(_, &is_found)| !is_found)
            .map(|(customer, _)| customer)
            .collect();
        arrange::by_key(&mut missing, |&customer| theirs.first_row(customer));
        let alike = Alike::ALL.iter().filter_map(|&how| {
            let pairs: Vec<_> = matching.alike.iter().filter(|pair| pair.2 == how).collect();
            let pair = |&&(one, other, _): &&(u32, u32, Alike)| AlikePair {
                other: self.id_row(side.group, own.id(one), own.first_row(one)),
                history: self.id_row(0, theirs.id(other), theirs.first_row(other)),
            };
            (!pairs.is_empty()).then(|| AlikeReport {
                how: how.name().to_owned(),
                count: pairs.len() as u64,
                first: pairs.iter().take(ROWS_KEPT).map(pair).collect(),
            })
        });
        let nothing = Attributes::default();
        let (kind, attributes) = match &built.beside {
            Beside::Attributes(attributes) => ("customers", attributes),
            _ => ("events", &nothing),
        };
        let mut twice: Vec<u32> = attributes.twice.iter().map(|&(customer, _)| customer).collect();
        arrange::in_order(&mut twice);
        twice.dedup();
        arrange::by_key(&mut twice, |&customer| own.first_row(customer));
        let ids = |customers: &[u32], group: usize, of: &crate::ledger::Customers| IdsReport {
            count: customers.len() as u64,
            first: customers
                .iter()
                .take(ROWS_KEPT)
                .map(|&customer| self.id_row(group, of.id(customer), of.first_row(customer)))
                .collect(),
        };
        Some(JoinReport {
            files: self.names_of(side.group),
            kind: kind.to_owned(),
            key: key(built),
            history: self.names_of(0),
            history_key: key(base),
            customers: own.len() as u64,
            matched: matching.n_matched,
            matched_alike: matching.n_joined_alike,
            unmatched: ids(&unmatched, side.group, own),
            missing: ids(&missing, 0, theirs),
            alike: alike.collect(),
            twice: ids(&twice, side.group, own),
            conflicts: self.conflicts(side.group, built),
            attributes: attribute_reports(attributes, &matching.to_history),
        })
    }

    /// The columns whose values contradict each other between the rows of one id.
    fn conflicts(&self, group: usize, built: &Built) -> Vec<ConflictReport> {
        let columns = built.input().columns;
        let counts = |name: &str| {
            let column = columns.iter().find(|column| column.name == name);
            match column.and_then(|column| column.role.as_deref()) {
                Some("signup") => "earliest",
                Some("churned") => "neither",
                _ => "first-in-alphabet",
            }
        };
        let mut conflicts: BTreeMap<&str, ConflictReport> = BTreeMap::new();
        for member in self.groups[group].members() {
            for note in member.notes.iter().filter(|note| note.code == "conflicting-values") {
                let Some(name) = note.column.as_deref() else { continue };
                let conflict = conflicts.entry(name).or_insert_with(|| ConflictReport {
                    column: name.to_owned(),
                    customers: 0,
                    rows: Vec::new(),
                    counts: counts(name).to_owned(),
                });
                conflict.customers += note.count;
                conflict.rows.extend(&note.rows);
                conflict.rows.truncate(ROWS_KEPT);
            }
        }
        conflicts.into_values().collect()
    }

    fn stated(&self, source: &Source) -> Stated {
        let (file, row) = self.groups[source.group].locate(source.row);
        Stated { file: self.name(file), row, date: source.day.map(crate::calendar::Day::to_iso) }
    }

    fn contradictions(&self, cases: &[Case]) -> Vec<Contradiction> {
        let decimals = self.groups[0].built.as_ref().map_or(2, |built| built.ledger.decimals);
        let id = |who: Who| {
            let (group, customer) = match who {
                Who::OfHistory(customer) => (0, customer),
                Who::OfGroup(group, customer) => (group, customer),
            };
            let built = self.groups[group].built.as_ref();
            built.map_or("", |built| built.ledger.customers.id(customer))
        };
        let mut contradictions = Vec::new();
        for &code in Code::ALL {
            let mut own: Vec<&Case> = cases.iter().filter(|case| case.code == code).collect();
            if own.is_empty() {
                continue;
            }
            arrange::by(&mut own, |a, b| {
                b.revenue_minor
                    .cmp(&a.revenue_minor)
                    .then_with(|| id(a.who).as_bytes().cmp(id(b.who).as_bytes()))
                    .then(
                        a.other
                            .map(|one| (one.group, one.row))
                            .cmp(&b.other.map(|one| (one.group, one.row))),
                    )
            });
            let mut ids: Vec<&str> = own.iter().map(|case| id(case.who)).collect();
            arrange::in_order(&mut ids);
            ids.dedup();
            let known: Vec<Minor> = own.iter().filter_map(|case| case.revenue_minor).collect();
            let sum = (!known.is_empty()).then(|| known.iter().sum::<Minor>());
            let choices = code.choices();
            contradictions.push((
                sum.unwrap_or(0),
                Contradiction {
                    code: code.name().to_owned(),
                    customers: ids.len() as u64,
                    revenue: sum.map(|sum| to_major(sum, decimals)),
                    choices: choices.iter().map(|rule| rule.name().to_owned()).collect(),
                    rule: self.choices.rule(code).name().to_owned(),
                    cases: own
                        .iter()
                        .take(CASES_KEPT)
                        .map(|case| ContradictionCase {
                            customer: id(case.who).to_owned(),
                            one: case.one.as_ref().map(|source| self.stated(source)),
                            other: case.other.as_ref().map(|source| self.stated(source)),
                            revenue: case.revenue_minor.map(|minor| to_major(minor, decimals)),
                        })
                        .collect(),
                },
            ));
        }
        arrange::by(&mut contradictions, |(a, one), (b, other)| {
            b.cmp(a).then(other.customers.cmp(&one.customers))
        });
        contradictions.into_iter().map(|(_, contradiction)| contradiction).collect()
    }

    /// What these files cannot contradict each other about.
    fn not_compared(&self) -> Vec<String> {
        let mut words = Vec::new();
        let has = |is_meant: &dyn Fn(&Beside) -> bool| {
            self.groups.iter().filter_map(|group| group.built.as_ref()).any(|b| is_meant(&b.beside))
        };
        let has_events = has(&|beside| matches!(beside, Beside::Events(_)));
        let has_flag = has(&|beside| matches!(beside, Beside::Attributes(one) if one.has_flag));
        let has_signup = has(&|beside| matches!(beside, Beside::Attributes(one) if one.has_signup));
        match self.history().map(|built| &built.ledger.histories) {
            Some(Histories::Purchases(_)) => words.push(
                "Orders have no end: whether a customer is still there is not compared.".to_owned(),
            ),
            Some(Histories::Accounts(_)) => words.push(
                "Accounts have no dates: nothing of them is compared with other files.".to_owned(),
            ),
            _ => {}
        }
        if !has_events {
            words.push("There is no file of churn events to compare with.".to_owned());
        }
        if !has_flag {
            words.push("No file of customers says who has left.".to_owned());
        }
        if !has_signup {
            words.push("No file of customers says when they signed up.".to_owned());
        }
        words
    }
}

fn attribute_reports(attributes: &Attributes, to_history: &[Option<u32>]) -> Vec<AttributeReport> {
    let reports = attributes.columns.iter().map(|column| {
        let why = if column.has_too_many {
            "it has too many different values"
        } else if column.values.names.len() < 2 {
            "it has one value only"
        } else if column.is_segment {
            ""
        } else {
            "its values are no groups"
        };
        let joined = column.codes.iter().zip(to_history);
        let customers = joined.filter(|(code, to)| code.is_some() && to.is_some()).count();
        AttributeReport {
            name: column.name.clone(),
            values: column.values.names.len() as u64,
            customers: customers as u64,
            is_segment: column.is_segment,
            why: why.to_owned(),
        }
    });
    reports.collect()
}

fn delimiter(separator: Separator) -> String {
    match separator {
        Separator::Byte(byte) => char::from(byte).to_string(),
        Separator::Whitespace => "whitespace".to_owned(),
    }
}

fn preview(sample: &[Vec<String>]) -> Vec<Vec<String>> {
    let cut = |cell: &String| cell.chars().take(PREVIEW_CHARACTERS).collect();
    sample.iter().take(PREVIEW_ROWS).map(|row| row.iter().map(cut).collect()).collect()
}

fn empty_input() -> Input {
    Input {
        shape: Kind::Unused.name().to_owned(),
        shape_why: String::new(),
        as_of: String::new(),
        first_date: None,
        currency: None,
        customers: 0,
        amount_total_minor: None,
        decimals: 2,
        dialect: DialectReport {
            encoding: String::new(),
            delimiter: String::new(),
            decimal: ".".to_owned(),
            date_order: "ymd".to_owned(),
        },
        columns: Vec::new(),
        rows: RowCounts { read: 0, used: 0, excluded: 0 },
        notes: Vec::new(),
        questions: Vec::new(),
        preview: Vec::new(),
        health_signals: Vec::new(),
    }
}
