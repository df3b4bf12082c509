//! Findings counted while rows stream by, without a lookup by text for each of them.
//!
//! They become notes once, at the end of the file.

use crate::note::{Note, Notes, ROWS_KEPT, Severity};

/// One kind of finding.
#[derive(Clone, Debug)]
struct Tally {
    code: &'static str,
    severity: Severity,
    excludes: bool,
    column: Option<usize>,
    column_name: Option<String>,
    count: u64,
    rows: Vec<u64>,
    message: String,
}

/// A few kinds of findings, each with its count and first rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Tallies(Vec<Tally>);

impl Tallies {
    /// Counts a finding that leaves its row in use; `message` is called for the first of its kind.
    pub(super) fn add(
        &mut self,
        code: &'static str,
        severity: Severity,
        row: u64,
        column: Option<(usize, &str)>,
        message: impl FnOnce() -> String,
    ) {
        self.count_one(code, severity, false, row, column, message);
    }

    /// Counts a row that is left out.
    pub(super) fn exclude(
        &mut self,
        code: &'static str,
        severity: Severity,
        row: u64,
        column: Option<(usize, &str)>,
        message: impl FnOnce() -> String,
    ) {
        self.count_one(code, severity, true, row, column, message);
    }

    fn count_one(
        &mut self,
        code: &'static str,
        severity: Severity,
        excludes: bool,
        row: u64,
        column: Option<(usize, &str)>,
        message: impl FnOnce() -> String,
    ) {
        let place = column.map(|(index, _)| index);
        let known = self.0.iter_mut().find(|tally| {
            tally.code == code && tally.column == place && tally.excludes == excludes
        });
        if let Some(tally) = known {
            tally.count += 1;
            if tally.rows.len() < ROWS_KEPT {
                tally.rows.push(row);
            }
        } else {
            self.0.push(Tally {
                code,
                severity,
                excludes,
                column: place,
                column_name: column.map(|(_, name)| name.to_owned()),
                count: 1,
                rows: vec![row],
                message: message(),
            });
        }
    }

    /// How often a code was found.
    pub(super) fn count(&self, code: &str) -> u64 {
        self.0.iter().filter(|tally| tally.code == code).map(|tally| tally.count).sum()
    }

    /// The first row that a code was found in.
    pub(super) fn first_row(&self, code: &str) -> Option<u64> {
        self.0.iter().find(|tally| tally.code == code).and_then(|tally| tally.rows.first().copied())
    }

    /// Hands all of them to the notes.
    pub(super) fn tell(&self, notes: &mut Notes) {
        for tally in &self.0 {
            notes.take(Note {
                code: tally.code,
                severity: tally.severity,
                excludes: tally.excludes,
                message: tally.message.clone(),
                count: tally.count,
                rows: tally.rows.clone(),
                column: tally.column_name.clone(),
            });
        }
    }
}
