//! What texts that come again and again were read as: states, intervals, months, currencies, values
//! of segments.
//!
//! It forgets a text when another one needs its place, so it stays small whatever a column holds.

use crate::ingest::last_word;
use crate::ledger::interner::hash;

/// Places for texts of each of the two kinds.
const N_PLACES: usize = 64;
/// A longer text is read anew each time.
const MAX_BYTES: usize = 64;

/// Readings by text.
#[derive(Clone, Debug)]
pub(super) struct Remembered<T> {
    short: Vec<Option<(Short, T)>>,
    long: Vec<Option<(Box<str>, T)>>,
}

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self { short: Vec::new(), long: Vec::new() }
    }
}

/// A text of at most sixteen bytes: it is compared at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Short {
    first: u64,
    last: u64,
    n_bytes: usize,
}

impl Short {
    /// The text, where it is short.
    #[inline]
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        Self::with_tail(text, last_word(text))
    }

    /// The same, where the last word of the text is known.
    #[inline]
    pub(super) fn with_tail(text: &[u8], tail: u64) -> Option<Self> {
        const MAX_SHORT_BYTES: usize = 16;
        if MAX_SHORT_BYTES < text.len() {
            return None;
        }
        let first = text.first_chunk::<8>().map_or(0, |&first| u64::from_le_bytes(first));
        Some(Self { first, last: tail, n_bytes: text.len() })
    }

    #[inline]
    fn place(self) -> usize {
        const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
        let mixed = (self.first ^ self.last.rotate_left(29)).wrapping_mul(MULTIPLIER);
        // The upper bits of a product depend on all bits below them.
        ((mixed ^ self.n_bytes as u64 ^ mixed << 32).wrapping_mul(MULTIPLIER) >> 58) as usize
    }
}

impl<T: Copy> Remembered<T> {
    /// What the text is read as.
    #[inline]
    pub(super) fn get(&mut self, text: &str, read: impl FnOnce(&str) -> T) -> T {
        let Some(short) = Short::of(text.as_bytes()) else { return self.get_long(text, read) };
        if let Some(value) = self.find(short) {
            return value;
        }
        let value = read(text);
        self.keep(short, value);
        value
    }

    /// What a short text was read as, where that is known.
    #[inline]
    pub(super) fn find(&self, text: Short) -> Option<T> {
        match self.short.get(text.place()) {
            Some(Some((known, value))) if *known == text => Some(*value),
            _ => None,
        }
    }

    /// Keeps what a short text was read as.
    #[inline(never)]
    pub(super) fn keep(&mut self, text: Short, value: T) {
        if self.short.is_empty() {
            self.short.resize(N_PLACES, None);
        }
        if let Some(place) = self.short.get_mut(text.place()) {
            *place = Some((text, value));
        }
    }

    /// Forgets all.
    pub(super) fn forget(&mut self) {
        self.short.clear();
        self.long.clear();
    }

    #[inline(never)]
    fn get_long(&mut self, text: &str, read: impl FnOnce(&str) -> T) -> T {
        if MAX_BYTES < text.len() {
            return read(text);
        }
        if self.long.is_empty() {
            self.long.resize_with(N_PLACES, || None);
        }
        let place = usize::try_from(hash(text.as_bytes()) >> 58).unwrap_or(0);
        let Some(place) = self.long.get_mut(place) else { return read(text) };
        match place {
            Some((known, value)) if &**known == text => *value,
            _ => {
                let value = read(text);
                *place = Some((text.into(), value));
                value
            }
        }
    }
}
