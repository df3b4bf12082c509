//! Rows that follow each other and leave no doubt, handed on together.
//!
//! What takes many rows at once can go through them column by column. It does not say what is in
//! them: each is what [`Row`] would be.

use std::ops::Range;

use super::reader::Row;
use super::scanner::Span;

/// Some rows in the order of the file, each with a field for each column and without a defect.
#[derive(Clone, Copy, Debug)]
pub struct RowBatch<'a> {
    pub(super) first: u64,
    /// The text that most rows stand in,
    pub(super) text: &'a str,
    /// that of the rows whose escapes were undone,
    pub(super) unescaped: &'a str,
    /// and which these are.
    pub(super) is_unescaped: &'a [bool],
    /// The fields of all rows, one row after the other.
    pub(super) spans: &'a [Span],
    pub(super) n_columns: usize,
}

impl<'a> RowBatch<'a> {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.is_unescaped.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.is_unescaped.is_empty()
    }

    /// The number of the first row, as [`Row::number`]; those behind it are numbered on.
    #[must_use]
    pub fn first_number(&self) -> u64 {
        self.first
    }

    /// One row.
    #[must_use]
    pub fn row(&self, index: usize) -> Row<'a> {
        let spans = self.spans.get(index * self.n_columns..).unwrap_or(&[]);
        let spans = spans.get(..self.n_columns).unwrap_or(&[]);
        Row::plain(self.first + index as u64, self.text_of(index), spans)
    }

    /// The bytes of a field of a row, as [`Row::field_bytes`].
    #[must_use]
    #[inline]
    pub fn field(&self, index: usize, column: usize) -> &'a [u8] {
        let Some(span) = self.spans.get(index * self.n_columns + column) else { return &[] };
        self.text_of(index).as_bytes().get(span.start..span.end).unwrap_or(&[])
    }

    /// The bytes of a column's fields, of rows that follow each other.
    #[inline]
    pub(crate) fn column(
        &self,
        rows: Range<usize>,
        column: usize,
    ) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.column_with_tails(rows, column).map(|(field, _)| field)
    }

    /// The same, each with its last eight bytes, the first of them lowest, or with all that it has.
    #[inline]
    pub(crate) fn column_with_tails(&self, rows: Range<usize>, column: usize) -> Tails<'a> {
        Tails {
            text: self.text.as_bytes(),
            unescaped: self.unescaped.as_bytes(),
            spans: self.spans.get(rows.start * self.n_columns + column..).unwrap_or(&[]),
            n_columns: self.n_columns,
            is_unescaped: self.is_unescaped.get(rows).unwrap_or(&[]).iter(),
        }
    }

    /// How many columns there are.
    pub(crate) fn n_columns(&self) -> usize {
        self.n_columns
    }

    #[inline]
    fn text_of(&self, index: usize) -> &'a str {
        if self.is_unescaped.get(index) == Some(&true) { self.unescaped } else { self.text }
    }
}

/// The fields of a column, each with its last word.
pub(crate) struct Tails<'a> {
    text: &'a [u8],
    unescaped: &'a [u8],
    /// From the next field on.
    spans: &'a [Span],
    n_columns: usize,
    is_unescaped: std::slice::Iter<'a, bool>,
}

impl<'a> Iterator for Tails<'a> {
    type Item = (&'a [u8], u64);

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is in the loops over all rows")]
    fn next(&mut self) -> Option<Self::Item> {
        let text = if *self.is_unescaped.next()? { self.unescaped } else { self.text };
        let span = self.spans.first()?;
        self.spans = self.spans.get(self.n_columns..).unwrap_or(&[]);
        let Some(cell) = text.get(span.start..span.end) else { return Some((&[], 0)) };
        // What stands in front of a short one is shifted out: all are read in one way.
        let n_others = 8 * 8_usize.saturating_sub(cell.len());
        let tail = match text[..span.end].last_chunk::<8>() {
            Some(&eight) => u64::from_le_bytes(eight).unbounded_shr(bits(n_others)),
            None => last_word(cell),
        };
        Some((cell, tail))
    }
}

/// A number of bits to shift by.
fn bits(n_bits: usize) -> u32 {
    u32::try_from(n_bits).unwrap_or(u32::BITS)
}

/// The last eight bytes of a text, the first of them lowest; all of it where it has fewer.
#[inline]
pub(crate) fn last_word(text: &[u8]) -> u64 {
    if let Some(&last) = text.last_chunk::<8>() {
        return u64::from_le_bytes(last);
    }
    if let (Some(&first), Some(&last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        // Bytes of both stand in the same place.
        let last = u64::from(u32::from_le_bytes(last)) << (8 * (text.len() - 4));
        return u64::from(u32::from_le_bytes(first)) | last;
    }
    match *text {
        [a] => u64::from(a),
        [a, b] => u64::from(a) | u64::from(b) << 8,
        [a, b, c] => u64::from(a) | u64::from(b) << 8 | u64::from(c) << 16,
        _ => 0,
    }
}
