//! The fatal error: what could not be read or computed at all, with a stable code.
//!
//! It does not hold what can be survived; that is a [`crate::note::Note`].

use std::fmt;

/// Why something could not be read or computed at all.
///
/// The code is stable, kebab-case and greppable; the message is one or two sentences that say what
/// was found and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    code: &'static str,
    message: String,
    row: Option<u64>,
    column: Option<String>,
    columns: Vec<String>,
}

impl Error {
    /// An error with a stable kebab-case code and a message that says what to do.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), row: None, column: None, columns: Vec::new() }
    }

    /// The same error, at a row as a spreadsheet numbers it (the first line is row 1).
    #[must_use]
    pub fn at_row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    /// The same error, in a named column or input.
    #[must_use]
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// The same error, of one of several files.
    #[must_use]
    pub fn in_file(mut self, name: &str) -> Self {
        self.message = format!("{name}: {}", self.message);
        self
    }

    /// The same error, with the columns of the file to choose from.
    #[must_use]
    pub fn with_columns(mut self, columns: Vec<String>) -> Self {
        self.columns = columns;
        self
    }

    /// The stable code, such as `no-rows`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What was found and what to do.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The row, as a spreadsheet numbers it.
    #[must_use]
    pub fn row(&self) -> Option<u64> {
        self.row
    }

    /// The columns of the file, where choosing one of them may help.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The column of the file, or the input of the formula.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
