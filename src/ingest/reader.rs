//! The streaming reader: push bytes, get rows.

use super::dialect::{Dialect, Separator};
use super::encoding::Encoding;
use crate::error::Error;
use crate::note::Notes;

/// What the caller knows about a file; nothing here is required.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The encoding, where the reader shall not find it out.
    pub encoding: Option<Encoding>,
    /// The separator, where the reader shall not find it out.
    pub separator: Option<Separator>,
    /// Whether the first record is a header, where the reader shall not find it out.
    pub has_header: Option<bool>,
}

/// What is known of a file once its first part has been read.
#[derive(Clone, Debug)]
pub struct Table {
    /// How the file is read.
    pub dialect: Dialect,
    /// The names of the columns, cleaned (trimmed, no byte order mark, no zero-width characters).
    /// Where the file has no header: `Column 1`, `Column 2`, …
    pub columns: Vec<String>,
    /// The first records, at most [`Table::SAMPLE_ROWS`] of them, sound ones only.
    pub sample: Vec<Vec<String>>,
    /// What only the reader of the report can decide about encoding and dialect.
    pub questions: Vec<crate::report::Question>,
}

impl Table {
    /// How many records [`Table::sample`] holds at most.
    pub const SAMPLE_ROWS: usize = 1000;
}

/// What is wrong with a row as a whole. Such a row reaches the sink all the same, with the fields
/// that could be saved, so that the sink can count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// More fields than the table has columns.
    TooManyFields,
    /// Fewer fields than the table has columns.
    TooFewFields,
    /// A quote that opens in this row and never closes.
    UnclosedQuote,
    /// A NUL character.
    NulByte,
    /// Bytes that are no text in the file's encoding.
    InvalidText,
    /// A field longer than a mebibyte.
    FieldTooLong,
}

/// One record of the file.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub(super) number: u64,
    pub(super) text: &'a str,
    pub(super) ends: &'a [usize],
    pub(super) defect: Option<Defect>,
}

impl<'a> Row<'a> {
    /// The row as a spreadsheet numbers it: the first line of the file is row 1, and a line break
    /// inside quotes does not start a new row.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// How many fields it has.
    #[must_use]
    pub fn n_fields(&self) -> usize {
        self.ends.len()
    }

    /// The text of a field, unquoted and unescaped, without white space at its ends; empty where
    /// the row has no such field.
    #[must_use]
    pub fn field(&self, index: usize) -> &'a str {
        let Some(&end) = self.ends.get(index) else { return "" };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        self.text.get(start..end).unwrap_or("")
    }

    /// What is wrong with it as a whole.
    #[must_use]
    pub fn defect(&self) -> Option<Defect> {
        self.defect
    }
}

/// What takes the rows as they stream by.
pub trait RowSink {
    /// Called once, before the first row.
    ///
    /// # Errors
    ///
    /// Where the table cannot be used, for instance because a required column is missing.
    fn start(&mut self, table: &Table, notes: &mut Notes) -> Result<(), Error>;

    /// Called for each record below the header, sound or not. The sink counts a row with a defect
    /// by [`Notes::exclude`], unless it can use it.
    fn row(&mut self, row: &Row<'_>, notes: &mut Notes);
}

/// What was read in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadSummary {
    /// Records below the header; blank lines are none.
    pub n_rows: u64,
    /// Bytes pushed.
    pub n_bytes: u64,
}

/// The streaming reader.
#[derive(Debug)]
pub struct Reader {
    options: ReadOptions,
    n_bytes: u64,
}

impl Reader {
    /// A reader for one file.
    #[must_use]
    pub fn new(options: ReadOptions) -> Self {
        Self { options, n_bytes: 0 }
    }

    /// Takes the next bytes of the file, in pieces of any size.
    ///
    /// # Errors
    ///
    /// What is no table of text at all: `looks-like-html`, `looks-like-json`, `binary`, `xls`,
    /// `xlsx`, `parquet`, `gzip`, `pdf`; or what [`RowSink::start`] refuses.
    pub fn push(
        &mut self,
        bytes: &[u8],
        notes: &mut Notes,
        sink: &mut impl RowSink,
    ) -> Result<(), Error> {
        let _ = (&self.options, notes, sink);
        self.n_bytes += bytes.len() as u64;
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    ///
    /// As [`Reader::push`], and `empty-file` or `no-rows`.
    pub fn finish(self, notes: &mut Notes, sink: &mut impl RowSink) -> Result<ReadSummary, Error> {
        let _ = (notes, sink);
        Ok(ReadSummary { n_rows: 0, n_bytes: self.n_bytes })
    }
}
