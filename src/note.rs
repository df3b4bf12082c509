//! Survivable findings with row and column, collected while a file streams by.
//!
//! It does not decide anything: who finds something says whether the row is left out.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::arrange;

/// How many row numbers one note keeps; its count is exact beyond that.
pub const ROWS_KEPT: usize = 100;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something was interpreted, and nothing was lost.
    Info,
    /// Something needs a look.
    Warning,
    /// Something could not be used.
    Error,
}

/// One kind of finding in one column, with how often and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The stable kebab-case code, such as `too-many-fields`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Whether each row counted here was left out because of it.
    pub excludes: bool,
    /// What was found first, and what to do.
    pub message: String,
    /// How often it was found, exactly.
    pub count: u64,
    /// The first rows it was found in, as a spreadsheet numbers them.
    pub rows: Vec<u64>,
    /// The column it was found in, by name.
    pub column: Option<String>,
}

/// The findings of one file, one [`Note`] for each code and column.
///
/// Memory is bounded: a million bad rows make one note with an exact count.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    notes: BTreeMap<(&'static str, Option<String>), Note>,
    excluded: u64,
}

impl Notes {
    /// No findings yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a row that is left out, with the reason. Call it once for each such row.
    ///
    /// `message` is only called for the first row of its kind.
    pub fn exclude(
        &mut self,
        code: &'static str,
        severity: Severity,
        row: u64,
        column: Option<&str>,
        message: impl FnOnce() -> String,
    ) {
        self.excluded += 1;
        self.add(code, severity, true, Some(row), column, message);
    }

    /// Counts a finding that leaves its row in use (or that belongs to no row).
    pub fn tell(
        &mut self,
        code: &'static str,
        severity: Severity,
        row: Option<u64>,
        column: Option<&str>,
        message: impl FnOnce() -> String,
    ) {
        self.add(code, severity, false, row, column, message);
    }

    fn add(
        &mut self,
        code: &'static str,
        severity: Severity,
        excludes: bool,
        row: Option<u64>,
        column: Option<&str>,
        message: impl FnOnce() -> String,
    ) {
        let note = self.notes.entry((code, column.map(str::to_owned))).or_insert_with(|| Note {
            code,
            severity,
            excludes,
            message: message(),
            count: 0,
            rows: Vec::new(),
            column: column.map(str::to_owned),
        });
        note.count += 1;
        if let Some(row) = row
            && note.rows.len() < ROWS_KEPT
        {
            note.rows.push(row);
        }
    }

    /// Takes a note that was counted elsewhere.
    pub fn take(&mut self, note: Note) {
        if note.excludes {
            self.excluded += note.count;
        }
        let key = (note.code, note.column.clone());
        match self.notes.entry(key) {
            Entry::Vacant(place) => {
                place.insert(note);
            }
            Entry::Occupied(mut place) => {
                let known = place.get_mut();
                known.count += note.count;
                known.rows.extend(note.rows);
                known.rows.truncate(ROWS_KEPT);
            }
        }
    }

    /// The notes, by code and column.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Note> {
        self.notes.values()
    }

    /// How many rows were left out.
    #[must_use]
    pub fn n_excluded(&self) -> u64 {
        self.excluded
    }

    /// How often a code was found, in all columns together.
    #[must_use]
    pub fn count(&self, code: &str) -> u64 {
        self.notes.values().filter(|note| note.code == code).map(|note| note.count).sum()
    }

    /// The notes, the gravest first, then by code and column.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Note> {
        let mut notes: Vec<Note> = self.notes.into_values().collect();
        arrange::by(&mut notes, |a, b| {
            b.severity.cmp(&a.severity).then(a.code.cmp(b.code)).then(a.column.cmp(&b.column))
        });
        notes
    }
}

/// A number of rows in words.
pub(crate) fn rows_in_words(n_rows: u64) -> String {
    if n_rows == 1 { "1 row".to_owned() } else { format!("{n_rows} rows") }
}
