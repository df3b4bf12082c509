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

/// Room for short texts and what they were read as.
type Places<T> = [Option<(Short, T)>; N_PLACES];

/// Readings by text.
#[derive(Clone, Debug)]
pub(super) struct Remembered<T> {
    short: Option<Box<Places<T>>>,
    long: Vec<Option<(Box<str>, T)>>,
}

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self { short: None, long: Vec::new() }
    }
}

/// A text of at most sixteen bytes, none of them 0, or some bytes that are always as many: it is
/// compared at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Short {
    /// The first eight bytes, or what there is of them, the first of them lowest,
    first: u64,
    /// and those behind them.
    rest: u64,
}

impl Short {
    const MAX_BYTES: usize = 16;

    /// The text, where it is short.
    #[inline]
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        Self::with_tail(text, last_word(text))
    }

    /// The same, where the last word of the text is known.
    #[inline]
    pub(super) fn with_tail(text: &[u8], tail: u64) -> Option<Self> {
        if text.len() <= 8 {
            return Some(Self { first: tail, rest: 0 });
        }
        let n_others = Self::MAX_BYTES.checked_sub(text.len())?;
        let &first = text.first_chunk::<8>()?;
        Some(Self { first: u64::from_le_bytes(first), rest: tail >> (8 * n_others) })
    }

    /// Below the number of places: the upper bits of a product depend on all bits below them.
    #[inline]
    fn place(self) -> usize {
        const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
        let mixed = (self.first ^ self.rest.rotate_left(29)).wrapping_mul(MULTIPLIER);
        (mixed >> 58) as usize % N_PLACES
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
        match self.short.as_ref()?[text.place()] {
            Some((known, value)) if known == text => Some(value),
            _ => None,
        }
    }

    /// Keeps what a short text was read as.
    #[inline(never)]
    pub(super) fn keep(&mut self, text: Short, value: T) {
        let places = self.short.get_or_insert_with(|| Box::new([None; N_PLACES]));
        places[text.place()] = Some((text, value));
    }

    /// Forgets all.
    pub(super) fn forget(&mut self) {
        self.short = None;
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
