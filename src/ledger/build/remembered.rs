//! What texts that come again and again were read as: states, intervals, months, currencies.
//!
//! It forgets a text when another one needs its place, so it stays small whatever a column holds.

use crate::ledger::interner::hash;

const N_PLACES: usize = 64;
/// A longer text is read anew each time.
const MAX_BYTES: usize = 64;

/// Readings by text.
#[derive(Clone, Debug)]
pub(super) struct Remembered<T> {
    places: Vec<Option<(Box<str>, T)>>,
}

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self { places: Vec::new() }
    }
}

impl<T: Copy> Remembered<T> {
    /// What the text is read as.
    pub(super) fn get(&mut self, text: &str, read: impl FnOnce(&str) -> T) -> T {
        if MAX_BYTES < text.len() {
            return read(text);
        }
        if self.places.is_empty() {
            self.places.resize_with(N_PLACES, || None);
        }
        let place = usize::try_from(hash(text.as_bytes()) >> 58).unwrap_or(0);
        let Some(place) = self.places.get_mut(place) else { return read(text) };
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
