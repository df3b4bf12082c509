//! Which rows are the same to the letter as one above them, by 64 bits of each row.
//!
//! Its memory is bounded: beyond some seven million rows, later rows are compared with those only.

use crate::ledger::interner::last_word;

/// How many rows are kept at most: 64 MiB.
const MAX_PLACES: usize = 1 << 23;
const MIN_PLACES: usize = 64;
/// How many rows wait to be looked up together.
const BATCH_ROWS: usize = 256;

/// The fingerprint of a row: of all its fields as they are read.
#[inline]
pub(super) fn fingerprint<'a>(fields: impl Iterator<Item = &'a [u8]>) -> u64 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let (mut state, mut lengths) = (0_u64, 0_u64);
    let mut mix = |word: u64| state = (state.rotate_left(23) ^ word).wrapping_mul(MULTIPLIER);
    for text in fields {
        // Where a field ends is part of what it says.
        lengths = lengths.wrapping_mul(MULTIPLIER).wrapping_add(text.len() as u64);
        let (words, rest) = text.as_chunks::<8>();
        for &word in words {
            mix(u64::from_le_bytes(word));
        }
        if !rest.is_empty() {
            mix(last_word(text));
        }
    }
    mix(lengths);
    state = (state ^ (state >> 32)).wrapping_mul(MULTIPLIER);
    state ^= state >> 29;
    // 0 marks a free place.
    state.max(1)
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    table: Vec<u64>,
    n_kept: usize,
    waiting: Vec<(u64, u64)>,
    /// From which row on fingerprints are no longer kept.
    kept_up_to: Option<u64>,
    /// Whether rows only wait: another worker looks them up.
    is_deferred: bool,
}

impl Fingerprints {
    /// Whether a row with this fingerprint was there before; from now on, there was.
    pub(super) fn is_known(&mut self, fingerprint: u64, row: u64) -> bool {
        if self.table.len() <= 2 * self.n_kept && self.table.len() < MAX_PLACES {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mut place = self.place_of(fingerprint);
        loop {
            let found = self.table[place];
            if found == fingerprint {
                return true;
            }
            if found == 0 {
                break;
            }
            place = (place + 1) & mask;
        }
        if self.table.len() * 7 <= self.n_kept * 8 {
            self.kept_up_to.get_or_insert(row);
        } else {
            self.table[place] = fingerprint;
            self.n_kept += 1;
        }
        false
    }

    /// Whether a row with this fingerprint was there.
    pub(super) fn has(&self, fingerprint: u64) -> bool {
        if self.table.is_empty() {
            return false;
        }
        let mask = self.table.len() - 1;
        let mut place = self.place_of(fingerprint);
        while self.table[place] != 0 {
            if self.table[place] == fingerprint {
                return true;
            }
            place = (place + 1) & mask;
        }
        false
    }

    /// Looks a row up, sooner or later, and calls `found` with each row that was there before.
    pub(super) fn look_up(&mut self, fingerprint: u64, row: u64, found: impl FnMut(u64)) {
        self.waiting.push((fingerprint, row));
        if BATCH_ROWS <= self.waiting.len() && !self.is_deferred {
            self.settle(found);
        }
    }

    /// From now on, rows wait for another worker, who knows those above them.
    pub(super) fn defer(&mut self) {
        self.is_deferred = true;
    }

    /// The rows that wait, and their fingerprints.
    pub(super) fn waiting(&self) -> &[(u64, u64)] {
        &self.waiting
    }

    /// Looks up what is waiting.
    pub(super) fn settle(&mut self, mut found: impl FnMut(u64)) {
        let mut waiting = std::mem::take(&mut self.waiting);
        if !self.table.is_empty() {
            // All of them are on their way from memory before the first is compared.
            let touched = waiting.iter().fold(0, |sum: u64, &(fingerprint, _)| {
                sum.wrapping_add(self.table[self.place_of(fingerprint)])
            });
            std::hint::black_box(touched);
        }
        for &(fingerprint, row) in &waiting {
            if self.is_known(fingerprint, row) {
                found(row);
            }
        }
        waiting.clear();
        self.waiting = waiting;
    }

    /// From which row on fingerprints are no longer kept, where the file has so many rows.
    pub(super) fn kept_up_to(&self) -> Option<u64> {
        self.kept_up_to
    }

    fn grow(&mut self) {
        let n_places = (2 * self.table.len()).max(MIN_PLACES);
        let old = std::mem::replace(&mut self.table, vec![0; n_places]);
        for fingerprint in old.into_iter().filter(|&fingerprint| fingerprint != 0) {
            let mut place = self.place_of(fingerprint);
            while self.table[place] != 0 {
                place = (place + 1) & (n_places - 1);
            }
            self.table[place] = fingerprint;
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "shifted below the length of the table")]
    fn place_of(&self, fingerprint: u64) -> usize {
        (fingerprint >> ((self.table.len() as u64).leading_zeros() + 1)) as usize
    }
}
