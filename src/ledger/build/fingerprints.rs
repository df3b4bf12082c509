//! Which rows are the same to the letter as one above them, by 64 bits of each row.
//!
//! Its memory is bounded: beyond some seven million rows, later rows are compared with those only.

use std::ops::Range;

use crate::ingest::{Row, RowBatch, last_word};

/// How many rows are kept at most: 64 MiB.
const MAX_PLACES: usize = 1 << 23;
const MIN_PLACES: usize = 64;
/// How many rows wait to be looked up together.
const BATCH_ROWS: usize = 256;
/// How many rows are noted at most before they are looked up: some 64 MiB.
const MAX_NOTED: usize = 5_500_000;
/// Noted rows lie in so many heaps by the upper bits of their fingerprints, so that each heap can be
/// looked through in near memory.
const N_HEAPS: usize = 1 << HEAP_BITS;
const HEAP_BITS: u32 = 6;
/// How many rows lie together in a heap.
const CHUNK_ROWS: usize = 512;

/// The fingerprint of a row: of all its fields as they are read.
pub(super) fn fingerprint(row: &Row<'_>) -> u64 {
    finished(
        row.fields()
            .map(str::as_bytes)
            .fold(0, |state, field| with_field(state, field, last_word(field))),
    )
}

/// The fingerprints of rows, which come to `out`: column by column, so that no row waits for what is
/// worked out of the one before it.
#[inline(never)]
pub(super) fn fingerprints(rows: &RowBatch<'_>, range: Range<usize>, out: &mut Vec<u64>) {
    out.clear();
    out.resize(range.len(), 0);
    for column in 0..rows.n_columns() {
        let fields = rows.column_with_tails(range.clone(), column);
        for (state, (field, tail)) in out.iter_mut().zip(fields) {
            *state = with_field(*state, field, tail);
        }
    }
    for state in out {
        *state = finished(*state);
    }
}

const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// `tail` is the last word of the text.
#[inline]
fn with_field(state: u64, text: &[u8], tail: u64) -> u64 {
    let mix = |state: u64, word: u64| (state.rotate_left(23) ^ word).wrapping_mul(MULTIPLIER);
    let words = text.get(..text.len().saturating_sub(1)).unwrap_or(&[]).as_chunks::<8>().0;
    let state = words.iter().fold(state, |state, &word| mix(state, u64::from_le_bytes(word)));
    // Where a field ends is part of what it says.
    mix(state, tail ^ (text.len() as u64).rotate_right(16))
}

/// Mixes the last bits in; 0 marks a free place.
#[inline]
fn finished(state: u64) -> u64 {
    let state = (state ^ (state >> 32)).wrapping_mul(MULTIPLIER);
    (state ^ state >> 29).max(1)
}

/// A row that is noted: its fingerprint in two halves, the upper one first, and its number.
type Noted = [u32; 3];

/// See the module.
///
/// Rows are noted as they come and looked up when all are there; where they are too many for that,
/// or where it has to be known at once, they are looked up in one table.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    heaps: Vec<Vec<Vec<Noted>>>,
    n_noted: usize,
    table: Vec<u64>,
    n_kept: usize,
    waiting: Vec<(u64, u64)>,
    /// From which row on fingerprints are no longer kept.
    kept_up_to: Option<u64>,
    /// Whether rows are noted only: another worker looks them up.
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
        self.look_up_all(&[fingerprint], row, found);
    }

    /// The same for rows that follow each other, of which the first has this number.
    pub(super) fn look_up_all(
        &mut self,
        fingerprints: &[u64],
        first_row: u64,
        found: impl FnMut(u64),
    ) {
        if self.table.is_empty() {
            self.note_all(fingerprints, first_row);
            if MAX_NOTED <= self.n_noted && !self.is_deferred {
                self.tabulate(found);
            }
            return;
        }
        self.waiting.extend(fingerprints.iter().copied().zip(first_row..));
        if BATCH_ROWS <= self.waiting.len() {
            self.look_up_waiting(found);
        }
    }

    #[inline(never)]
    fn note_all(&mut self, fingerprints: &[u64], first_row: u64) {
        if self.heaps.is_empty() {
            self.heaps.resize_with(N_HEAPS, || vec![Vec::new()]);
        }
        self.n_noted += fingerprints.len();
        for (&fingerprint, row) in fingerprints.iter().zip(first_row..) {
            let [upper, lower] = halves(fingerprint);
            let Some(heap) = self.heaps.get_mut((upper >> (u32::BITS - HEAP_BITS)) as usize) else {
                continue;
            };
            let noted = [upper, lower, u32::try_from(row).unwrap_or(u32::MAX)];
            match heap.last_mut() {
                Some(chunk) if chunk.len() < CHUNK_ROWS => chunk.push(noted),
                _ => add_chunk(heap, noted),
            }
        }
    }

    /// From now on, rows are for another worker, who knows those above them.
    pub(super) fn defer(&mut self) {
        self.is_deferred = true;
    }

    /// The rows that are noted, and their fingerprints, in no order.
    pub(super) fn noted(&self) -> impl Iterator<Item = (u64, u64)> {
        self.heaps
            .iter()
            .flatten()
            .flatten()
            .map(|&[upper, lower, row]| (u64::from(upper) << 32 | u64::from(lower), u64::from(row)))
    }

    /// How many these are.
    pub(super) fn n_noted(&self) -> usize {
        self.n_noted
    }

    /// Looks up all that has not been looked up, and forgets it.
    #[inline(never)]
    pub(super) fn settle(&mut self, mut found: impl FnMut(u64)) {
        if !self.table.is_empty() {
            self.look_up_waiting(found);
            return;
        }
        let mut rows = Vec::new();
        let mut places: Vec<u64> = Vec::new();
        for heap in std::mem::take(&mut self.heaps) {
            let n_rows: usize = heap.iter().map(Vec::len).sum();
            places.clear();
            places.resize((2 * n_rows).next_power_of_two(), 0);
            look_through(&heap, &mut places, &mut rows);
        }
        self.n_noted = 0;
        rows.sort_unstable();
        rows.into_iter().for_each(&mut found);
    }

    /// Looks up all that has not been looked up, and keeps it in the table.
    #[inline(never)]
    pub(super) fn tabulate(&mut self, mut found: impl FnMut(u64)) {
        if !self.table.is_empty() {
            self.look_up_waiting(found);
            return;
        }
        let n_places = (2 * self.n_noted).next_power_of_two();
        self.table = vec![0; n_places.clamp(MIN_PLACES, MAX_PLACES)];
        let mut rows = Vec::new();
        // One heap after the other is as well one part of the table after the other.
        for heap in std::mem::take(&mut self.heaps) {
            for [upper, lower, row] in heap.into_iter().flatten() {
                let fingerprint = u64::from(upper) << 32 | u64::from(lower);
                if self.is_known(fingerprint, u64::from(row)) {
                    rows.push(u64::from(row));
                }
            }
        }
        self.n_noted = 0;
        rows.sort_unstable();
        rows.into_iter().for_each(&mut found);
    }

    /// Looks up in the table what is waiting.
    #[inline(never)]
    fn look_up_waiting(&mut self, mut found: impl FnMut(u64)) {
        let mut waiting = std::mem::take(&mut self.waiting);
        // All of them are on their way from memory before the first is compared.
        let touched = waiting.iter().fold(0, |sum: u64, &(fingerprint, _)| {
            sum.wrapping_add(self.table[self.place_of(fingerprint)])
        });
        std::hint::black_box(touched);
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

/// The upper half and the lower one.
#[expect(clippy::cast_possible_truncation, reason = "halves are meant")]
fn halves(fingerprint: u64) -> [u32; 2] {
    [(fingerprint >> 32) as u32, fingerprint as u32]
}

#[cold]
#[inline(never)]
fn add_chunk(heap: &mut Vec<Vec<Noted>>, noted: Noted) {
    let mut chunk = Vec::with_capacity(CHUNK_ROWS);
    chunk.push(noted);
    heap.push(chunk);
}

/// Adds those of the rows that were there before; `places` are empty and more than there are rows.
#[inline(never)]
fn look_through(heap: &[Vec<Noted>], places: &mut [u64], rows: &mut Vec<u64>) {
    let mask = places.len() - 1;
    let shift = u64::BITS - places.len().trailing_zeros().max(1);
    for &[upper, lower, row] in heap.iter().flatten() {
        let fingerprint = u64::from(upper) << 32 | u64::from(lower);
        // The upper bits are the same in all of the heap.
        let mut place = usize::try_from(fingerprint << HEAP_BITS >> shift).unwrap_or(0) & mask;
        loop {
            match places.get_mut(place) {
                Some(free @ 0) => {
                    *free = fingerprint;
                    break;
                }
                Some(known) if *known != fingerprint => place = (place + 1) & mask,
                _ => {
                    rows.push(u64::from(row));
                    break;
                }
            }
        }
    }
}
