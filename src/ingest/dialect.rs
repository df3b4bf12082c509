//! How a file separates and quotes its fields, found from its first part.

use super::encoding::Encoding;

/// What separates the fields of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// One character: comma, semicolon, tab or bar.
    Byte(u8),
    /// Runs of spaces, with spaces at the ends of a line ignored.
    Whitespace,
}

/// How a file is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The encoding of the text.
    pub encoding: Encoding,
    /// What separates fields.
    pub separator: Separator,
    /// The quote character, if fields are quoted: `"`, else `'`.
    pub quote: Option<u8>,
    /// Whether a backslash escapes a quote inside quotes.
    pub backslash_escapes: bool,
    /// The row of the header as a spreadsheet numbers it, or nothing where there is none.
    pub header_row: Option<u64>,
    /// The row of the first record after the header.
    pub first_row: u64,
}
