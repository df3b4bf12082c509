//! Where the first record of a part of a file starts, without what is before it.
//!
//! It guesses, and whoever joins the parts compares the guess with where the part before has ended.

use super::reader::rest_of_line;
use super::scanner::{Scan, Scanner};

/// How much is looked at first.
const PROBE_BYTES: usize = 1 << 15;
/// How much at most.
const MAX_PROBE_BYTES: usize = 1 << 24;
/// How many records are enough to tell.
const MIN_RECORDS: usize = 16;
/// How many are looked at.
const MAX_RECORDS: usize = 256;

/// The beginning of a part, as long as its first record is not known.
#[derive(Debug)]
pub(super) struct Seek {
    scanner: Scanner,
    bytes: Vec<u8>,
    /// How many bytes are needed for the next attempt.
    pub(super) n_wanted: usize,
}

/// What becomes of the part if its records start at some byte.
struct Reading {
    n_before: usize,
    n_records: usize,
    /// How many of them look right.
    n_sound: usize,
}

impl Seek {
    /// Looks for records that `scanner` cuts.
    pub(super) fn new(scanner: Scanner) -> Self {
        Self { scanner, bytes: Vec::new(), n_wanted: PROBE_BYTES }
    }

    /// Takes the next bytes; how many there are before the first record, if that can be told.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Option<usize> {
        self.bytes.extend_from_slice(bytes);
        while self.n_wanted <= self.bytes.len() {
            let found = self.find(false);
            if found.is_some() {
                return found;
            }
            self.n_wanted = 2 * self.bytes.len();
        }
        None
    }

    /// How many bytes there are before the first record, where the file ends here.
    pub(super) fn end(&mut self) -> usize {
        self.find(true).unwrap_or(self.bytes.len())
    }

    /// All bytes taken.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    fn find(&mut self, is_last: bool) -> Option<usize> {
        let is_enough = is_last || MAX_PROBE_BYTES <= self.bytes.len();
        let outside = match rest_of_line(&self.bytes, is_last) {
            (n_before, true) => Some(self.reading(n_before, is_last)),
            (_, false) => None,
        };
        if let Some(outside) = &outside
            && outside.n_sound == outside.n_records
            && MIN_RECORDS <= outside.n_records
        {
            return Some(outside.n_before);
        }
        let inside = self.end_of_quoted(is_last).map(|n_before| self.reading(n_before, is_last));
        match (outside, inside) {
            (Some(outside), inside) if is_enough || MIN_RECORDS <= outside.n_records => {
                // The record before counts as a sound one.
                let is_better = |inside: &Reading| {
                    (outside.n_sound + 1) * (inside.n_records + 1)
                        < (inside.n_sound + 1) * (outside.n_records + 1)
                };
                Some(inside.filter(is_better).map_or(outside.n_before, |inside| inside.n_before))
            }
            (None, Some(inside)) if is_enough => Some(inside.n_before),
            _ => None,
        }
    }

    /// Reads the first records behind `n_before` bytes.
    fn reading(&mut self, n_before: usize, is_last: bool) -> Reading {
        let mut reading = Reading { n_before, n_records: 0, n_sound: 0 };
        let mut at = n_before;
        while at < self.bytes.len() && reading.n_records < MAX_RECORDS {
            let rest = &self.bytes[at..];
            match self.scanner.scan(rest, is_last) {
                Scan::Blank { n_bytes } => at += n_bytes,
                Scan::Record { n_bytes, is_unclosed } => {
                    at += n_bytes;
                    let is_odd = is_unclosed || self.scanner.oddities().stray_quote;
                    reading.n_records += 1;
                    reading.n_sound += usize::from(!is_odd && self.scanner.fits(rest));
                }
                Scan::More | Scan::TooLong => break,
            }
        }
        reading
    }

    /// Where the record ends in whose quoted field the part begins, if it does.
    fn end_of_quoted(&self, is_last: bool) -> Option<usize> {
        let quote = self.scanner.quote()?;
        if !self.bytes.contains(&quote) {
            return None;
        }
        let mut text = Vec::with_capacity(self.bytes.len() + 1);
        text.push(quote);
        text.extend_from_slice(&self.bytes);
        let mut scanner = self.scanner.clone();
        scanner.width = None;
        match scanner.scan(&text, is_last) {
            Scan::Record { n_bytes, is_unclosed: false } | Scan::Blank { n_bytes } => {
                Some(n_bytes - 1)
            }
            _ => None,
        }
    }
}
