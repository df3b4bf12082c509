//! Findings counted while rows stream by, without a lookup by text for each of them.
//!
//! They become notes once, at the end of the file.

use super::part::{read_notes, write_notes};
use crate::ledger::packed::{Bytes, write_number};
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

impl Tally {
    fn note(&self) -> Note {
        Note {
            code: self.code,
            severity: self.severity,
            excludes: self.excludes,
            message: self.message.clone(),
            count: self.count,
            rows: self.rows.clone(),
            column: self.column_name.clone(),
        }
    }
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

    /// All of them as bytes, for another worker.
    pub(super) fn write_part(&self, out: &mut Vec<u8>) {
        let notes: Vec<Note> = self.0.iter().map(Tally::note).collect();
        write_notes(out, notes.iter());
        for tally in &self.0 {
            write_number(out, tally.column.map_or(0, |column| column as u64 + 1));
        }
    }

    /// Those of a part whose rows come behind so many others; none where a code is not known.
    pub(super) fn read_part(bytes: &mut Bytes<'_>, n_rows_before: u64) -> Option<Self> {
        let notes = read_notes(bytes, n_rows_before)?;
        let tallies = notes.into_iter().map(|note| Tally {
            code: note.code,
            severity: note.severity,
            excludes: note.excludes,
            column: bytes.number().checked_sub(1).and_then(|column| usize::try_from(column).ok()),
            column_name: note.column,
            count: note.count,
            rows: note.rows,
            message: note.message,
        });
        Some(Self(tallies.collect()))
    }

    /// Counts the findings of later rows.
    pub(super) fn add_all(&mut self, later: Self) {
        for tally in later.0 {
            let is_same = |known: &&mut Tally| {
                (known.code, known.column, known.excludes)
                    == (tally.code, tally.column, tally.excludes)
            };
            if let Some(known) = self.0.iter_mut().find(is_same) {
                known.count += tally.count;
                known.rows.extend(tally.rows);
                known.rows.truncate(ROWS_KEPT);
            } else {
                self.0.push(tally);
            }
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
            notes.take(tally.note());
        }
    }
}
