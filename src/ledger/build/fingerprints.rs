//! Which rows are the same to the letter as one above them, by 64 bits of each row.
//!
//! Its memory is bounded: beyond some seven million rows, later rows are compared with those only.

use std::ops::Range;

use crate::ingest::{Row, RowBatch, last_word};
use crate::ledger::interner::{Asked, hash};

/// How many rows are kept at most: 64 MiB.
const MAX_PLACES: usize = 1 << 23;
const MIN_PLACES: usize = 64;
/// How many rows wait to be looked up together.
const BATCH_ROWS: usize = 256;
/// How many rows are noted at most before they are looked up, if none is missing between them: some
/// 42 MiB.
const MAX_NOTED: usize = 5_500_000;
/// How many rows are noted in one piece of memory.
const CHUNK_ROWS: usize = 1 << 12;

/// The fingerprint of a row: of all its fields as they are read. `ids` is the column of customers.
pub(super) fn fingerprint(row: &Row<'_>, ids: Option<usize>) -> u64 {
    finished(row.fields().map(str::as_bytes).enumerate().fold(0, |state, (column, field)| {
        if Some(column) == ids {
            with_word(state, hash(field))
        } else {
            with_field(state, field, last_word(field))
        }
    }))
}

/// The fingerprints of rows, which come to `out`: column by column, so that no row waits for what is
/// worked out of the one before it. `ids` is the column of customers with the ids of these rows.
#[inline(never)]
pub(super) fn fingerprints(
    rows: &RowBatch<'_>,
    range: Range<usize>,
    ids: Option<(usize, &[Asked])>,
    out: &mut Vec<u64>,
) {
    out.clear();
    out.resize(range.len(), 0);
    for column in 0..rows.n_columns() {
        match ids {
            Some((id_column, ids)) if id_column == column => {
                for (state, id) in out.iter_mut().zip(ids) {
                    *state = with_word(*state, id.hash());
                }
            }
            _ => {
                let fields = rows.column_with_tails(range.clone(), column);
                for (state, (field, tail)) in out.iter_mut().zip(fields) {
                    *state = with_field(*state, field, tail);
                }
            }
        }
    }
    for state in out {
        *state = finished(*state);
    }
}

const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

#[inline]
fn with_word(state: u64, word: u64) -> u64 {
    (state.rotate_left(23) ^ word).wrapping_mul(MULTIPLIER)
}

/// `tail` is the last word of the text.
#[inline]
fn with_field(state: u64, text: &[u8], tail: u64) -> u64 {
    let words = text.get(..text.len().saturating_sub(1)).unwrap_or(&[]).as_chunks::<8>().0;
    let state = words.iter().fold(state, |state, &word| with_word(state, u64::from_le_bytes(word)));
    // Where a field ends is part of what it says.
    with_word(state, tail ^ (text.len() as u64).rotate_right(16))
}

/// Mixes the last bits in; 0 marks a free place, also where the lowest bit means something else.
#[inline]
fn finished(state: u64) -> u64 {
    let state = (state ^ (state >> 32)).wrapping_mul(MULTIPLIER);
    (state ^ state >> 29).max(2)
}

/// Rows in the order they came in, as they are noted: a fingerprint each.
#[derive(Debug, Default)]
struct Noted {
    /// All full but the last one.
    chunks: Vec<Vec<u64>>,
    len: usize,
    /// Where rows stand that do not follow the one before them, and which row that is.
    runs: Vec<(usize, u64)>,
    next_row: u64,
}

impl Noted {
    /// Adds rows that follow each other, of which the first has this number.
    fn add(&mut self, fingerprints: &[u64], first_row: u64) {
        if self.next_row != first_row || self.runs.is_empty() {
            self.runs.push((self.len, first_row));
        }
        self.next_row = first_row + fingerprints.len() as u64;
        self.len += fingerprints.len();
        let mut rest = fingerprints;
        while !rest.is_empty() {
            if self.chunks.last().is_none_or(|chunk| CHUNK_ROWS <= chunk.len()) {
                self.chunks.push(Vec::with_capacity(CHUNK_ROWS));
            }
            let Some(chunk) = self.chunks.last_mut() else { return };
            let (here, behind) = rest.split_at(rest.len().min(CHUNK_ROWS - chunk.len()));
            chunk.extend_from_slice(here);
            rest = behind;
        }
    }

    /// How many numbers it keeps.
    fn n_numbers(&self) -> usize {
        self.len + 2 * self.runs.len()
    }

    /// The rows with their fingerprints.
    fn rows(&self) -> impl Iterator<Item = (u64, u64)> {
        let mut runs = self.runs.iter().copied().peekable();
        let mut row = 0;
        self.chunks.iter().flatten().enumerate().map(move |(place, &fingerprint)| {
            row = match runs.next_if(|run| run.0 == place) {
                Some((_, first_row)) => first_row,
                None => row + 1,
            };
            (fingerprint, row)
        })
    }

    /// The row at a place.
    fn row_at(&self, place: usize) -> u64 {
        let run = self.runs.partition_point(|run| run.0 <= place).checked_sub(1);
        let run = run.and_then(|run| self.runs.get(run));
        run.map_or(0, |&(first, row)| row + (place - first) as u64)
    }
}

/// See the module.
///
/// Rows are noted as they come and looked up when all are there; where they are too many for that,
/// or where it has to be known at once, they are looked up in one table.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    noted: Noted,
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
            self.noted.add(fingerprints, first_row);
            if MAX_NOTED <= self.noted.n_numbers() && !self.is_deferred {
                self.tabulate(found);
            }
            return;
        }
        self.waiting.extend(fingerprints.iter().copied().zip(first_row..));
        if BATCH_ROWS <= self.waiting.len() {
            self.look_up_waiting(found);
        }
    }

    /// From now on, rows are for another worker, who knows those above them.
    pub(super) fn defer(&mut self) {
        self.is_deferred = true;
    }

    /// The rows that are noted, each as its fingerprint and its number, in their order.
    pub(super) fn noted(&self) -> impl Iterator<Item = (u64, u64)> {
        self.noted.rows()
    }

    /// How many these are.
    pub(super) fn n_noted(&self) -> usize {
        self.noted.len
    }

    /// Looks up all that has not been looked up, and forgets it.
    #[inline(never)]
    pub(super) fn settle(&mut self, found: impl FnMut(u64)) {
        if !self.table.is_empty() {
            self.look_up_waiting(found);
            return;
        }
        let noted = std::mem::take(&mut self.noted);
        let mut sieve = Sieve::for_rows(noted.len);
        let mut suspects = Vec::new();
        for chunk in &noted.chunks {
            sieve.add(chunk, &mut suspects);
        }
        drop(sieve);
        Suspects::of(suspects).find(&noted).into_iter().for_each(found);
    }

    /// Looks up all that has not been looked up, and keeps it in the table.
    #[inline(never)]
    pub(super) fn tabulate(&mut self, mut found: impl FnMut(u64)) {
        if !self.table.is_empty() {
            self.look_up_waiting(found);
            return;
        }
        let noted = std::mem::take(&mut self.noted);
        let n_places = (2 * noted.len).next_power_of_two();
        self.table = vec![0; n_places.clamp(MIN_PLACES, MAX_PLACES)];
        for row in noted.rows() {
            self.waiting.push(row);
            if BATCH_ROWS <= self.waiting.len() {
                self.look_up_waiting(&mut found);
            }
        }
        self.look_up_waiting(found);
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

/// Rows by three bits each: one whose bits are all set may have been there before, and any other one
/// has not.
struct Sieve {
    words: Vec<u64>,
    shift: u32,
}

impl Sieve {
    /// Sixteen bits for each of so many rows: it suspects some of a hundred that are like no other.
    fn for_rows(n_rows: usize) -> Self {
        let n_words = (n_rows / 4).next_power_of_two().max(2);
        Self { words: vec![0; n_words], shift: u64::BITS - n_words.trailing_zeros() }
    }

    /// Adds rows, and to `suspects` those that may have been there before.
    #[inline(never)]
    fn add(&mut self, fingerprints: &[u64], suspects: &mut Vec<u64>) {
        for &fingerprint in fingerprints {
            let place = usize::try_from(fingerprint >> self.shift).unwrap_or(0);
            let Some(word) = self.words.get_mut(place) else { continue };
            let bit = |n: u32| 1 << (fingerprint >> n & 63);
            let bits: u64 = bit(0) | bit(6) | bit(12);
            if *word & bits == bits {
                suspects.push(fingerprint);
            }
            *word |= bits;
        }
    }
}

/// Fingerprints that more than one row may have, but for their lowest bits.
struct Suspects {
    /// They in a table; the lowest bit says whether a row with it was there.
    places: Vec<u64>,
    shift: u32,
}

impl Suspects {
    const WAS_THERE: u64 = 1;
    /// Up to so many places, the table is mostly empty, so that other rows are told apart at once.
    const SPARSE_PLACES: usize = 1 << 19;

    fn of(mut suspects: Vec<u64>) -> Self {
        suspects.sort_unstable();
        suspects.dedup();
        let n_places = (8 * suspects.len()).min(Self::SPARSE_PLACES).max(2 * suspects.len());
        let n_places = n_places.next_power_of_two().max(2);
        let shift = u64::BITS - n_places.trailing_zeros();
        let mut table = Self { places: vec![0; n_places], shift };
        for fingerprint in suspects {
            if let Some(place) = table.place_of(fingerprint)
                && let Some(free) = table.places.get_mut(place)
            {
                *free = fingerprint & !Self::WAS_THERE;
            }
        }
        table
    }

    /// Where a fingerprint stands or would stand.
    #[inline]
    fn place_of(&self, fingerprint: u64) -> Option<usize> {
        let mask = self.places.len() - 1;
        let mut place = usize::try_from(fingerprint >> self.shift).ok()?;
        loop {
            match *self.places.get(place)? {
                known if known == 0 || (known ^ fingerprint) <= Self::WAS_THERE => {
                    return Some(place);
                }
                _ => place = (place + 1) & mask,
            }
        }
    }

    /// The rows that are the same as one above them.
    fn find(mut self, noted: &Noted) -> Vec<u64> {
        let mut rows = Vec::new();
        if self.places.iter().all(|&place| place == 0) {
            return rows;
        }
        let mut first = 0;
        for chunk in &noted.chunks {
            self.find_in(chunk, |place| rows.push(noted.row_at(first + place)));
            first += chunk.len();
        }
        rows
    }

    #[inline(never)]
    fn find_in(&mut self, fingerprints: &[u64], mut found: impl FnMut(usize)) {
        for (place, &fingerprint) in fingerprints.iter().enumerate() {
            let Some(known) = self.place_of(fingerprint) else { continue };
            let Some(known) = self.places.get_mut(known).filter(|known| **known != 0) else {
                continue;
            };
            if *known & Self::WAS_THERE != 0 {
                found(place);
            }
            *known |= Self::WAS_THERE;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Fingerprints, finished};

    /// Rows with some missing between them, of which one in `n_alike` is the same as another one.
    fn rows(n_rows: u64, n_alike: u64) -> Vec<(u64, u64)> {
        let fingerprint = |number: u64| finished(number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        (0..n_rows)
            .filter(|row| row % 11 != 7)
            .map(|row| match fingerprint(row) % n_alike {
                0 => (row, fingerprint(row % 50)),
                _ => (row, fingerprint(row + 50)),
            })
            .collect()
    }

    fn known_by_a_set(rows: &[(u64, u64)]) -> Vec<u64> {
        let mut seen = HashSet::new();
        rows.iter().filter(|row| !seen.insert(row.1)).map(|row| row.0).collect()
    }

    #[test]
    fn rows_are_known_however_they_are_looked_up() {
        for (n_rows, n_alike) in [(0, 1), (1, 1), (60, 1), (600, 3), (20_000, 9), (20_000, 9000)] {
            let rows = rows(n_rows, n_alike);
            let expected = known_by_a_set(&rows);
            let mut found = Vec::new();
            let mut by_sieve = Fingerprints::default();
            for &(row, fingerprint) in &rows {
                by_sieve.look_up(fingerprint, row, |row| found.push(row));
            }
            assert!(by_sieve.noted().eq(rows.iter().map(|&(row, print)| (print, row))));
            by_sieve.settle(|row| found.push(row));
            assert_eq!(found, expected, "{n_rows} rows");

            // Some rows are noted, and what comes behind them is looked up in the table.
            found.clear();
            let mut by_table = Fingerprints::default();
            let (noted, others) = rows.split_at(rows.len() / 2);
            for &(row, fingerprint) in noted {
                by_table.look_up(fingerprint, row, |row| found.push(row));
            }
            by_table.tabulate(|row| found.push(row));
            for &(row, fingerprint) in others {
                by_table.look_up(fingerprint, row, |row| found.push(row));
            }
            by_table.settle(|row| found.push(row));
            assert_eq!(found, expected, "{n_rows} rows");
            assert!(rows.iter().all(|row| by_table.has(row.1)));
        }
    }
}
