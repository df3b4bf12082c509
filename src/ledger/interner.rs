//! Distinct texts, each kept once and numbered in the order of their first use.
//!
//! A text is found by its hash and then compared byte for byte, so two texts never share a number.
//! It keeps no `String`: some 30 bytes beside the text itself, however many rows name it.

use crate::ingest::last_word;

/// Bytes of a chunk of entries. No entry is cut, and the longest text is a field's mebibyte.
const CHUNK_BYTES: usize = 1 << 21;
/// Places of the smallest table.
const MIN_PLACES: usize = 64;
/// Chunks whose offsets fit into four bytes, with one to spare.
const MAX_CHUNKS: usize = (1 << 11) - 1;

/// A number that spreads short texts well, and is odd.
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// The hash of a text: eight bytes at a time, the same on every platform.
#[inline]
pub(super) fn hash(text: &[u8]) -> u64 {
    hash_with_tail(text, last_word(text), |_| ())
}

/// The same, where the last word of the text is known; each word that is looked at is shown.
#[inline]
fn hash_with_tail(text: &[u8], tail: u64, mut show: impl FnMut(u64)) -> u64 {
    let shown = |word| {
        show(word);
        Some(word)
    };
    hash_as(text, tail, shown).unwrap_or(0)
}

/// The hash of the text that has other words of the same length in place of this one's; nothing where
/// there is none for one of them. `tail` is the last word.
#[inline]
pub(super) fn hash_as(
    text: &[u8],
    tail: u64,
    mut other: impl FnMut(u64) -> Option<u64>,
) -> Option<u64> {
    let mut state = (text.len() as u64).wrapping_mul(MULTIPLIER);
    let mut mix = |word: u64| {
        state = (state ^ other(word)?).wrapping_mul(MULTIPLIER);
        state ^= state >> 32;
        Some(())
    };
    let words = text.get(..text.len().saturating_sub(1)).unwrap_or(&[]).as_chunks::<8>().0;
    for &word in words {
        mix(u64::from_le_bytes(word))?;
    }
    mix(tail)?;
    Some(state.wrapping_mul(MULTIPLIER))
}

/// Whether two texts are the same: many bytes at a time, without a call.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it is in the loop over all rows")]
fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    // Of a text of up to 32 bytes, the first and the last sixteen are all of it.
    match (one.first_chunk::<16>(), other.first_chunk::<16>()) {
        (Some(first), Some(other_first)) if one.len() <= 32 => {
            is_same_word(first, other_first)
                && match (one.last_chunk::<16>(), other.last_chunk::<16>()) {
                    (Some(last), Some(other_last)) => is_same_word(last, other_last),
                    _ => false,
                }
        }
        (None, _) => {
            let (words, others) = (one.as_chunks::<8>().0, other.as_chunks::<8>().0);
            words.iter().zip(others).all(|(a, b)| a == b) && last_word(one) == last_word(other)
        }
        _ => one == other,
    }
}

#[inline]
fn is_same_word(one: &[u8; 16], other: &[u8; 16]) -> bool {
    u128::from_le_bytes(*one) == u128::from_le_bytes(*other)
}

/// See the module.
///
/// An entry is the number, the row of first use and the length (4 bytes each), then the text. The table holds the upper 32 bits of the hash and where the entry lies, plus 1; 0 is a free place.
#[derive(Clone, Default)]
pub(super) struct Interner {
    chunks: Vec<Vec<u8>>,
    table: Vec<u64>,
    n_texts: u32,
}

const ENTRY_HEAD: usize = 12;
/// The last byte of most entries is not behind this one.
const MOST_BYTES: usize = 29;

/// An entry, taken apart.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) number: u32,
    pub(super) first_row: u32,
    pub(super) text: &'a [u8],
}

impl std::fmt::Debug for Interner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Interner").field("n_texts", &self.n_texts).finish_non_exhaustive()
    }
}

/// Texts whose numbers are asked for together: the memory of one is on its way while another is
/// compared.
#[derive(Clone, Debug, Default)]
pub(super) struct Batch {
    texts: Vec<u8>,
    items: Vec<BatchItem>,
    asked: Vec<Asked>,
}

#[derive(Clone, Copy, Debug)]
struct BatchItem {
    start: u32,
    end: u32,
    row: u32,
}

/// A text whose number is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    hash: u64,
    /// What the table holds at the first place of the hash, or at the second where that is another
    /// hash's.
    found: u64,
}

impl Asked {
    /// The hash of the text.
    pub(super) fn hash(self) -> u64 {
        self.hash
    }

    fn of(text: &[u8]) -> Self {
        Self { hash: hash(text), found: 0 }
    }

    /// `tail` is the last word of the text; each word that is looked at is shown.
    #[inline]
    pub(super) fn with_tail(text: &[u8], tail: u64, show: impl FnMut(u64)) -> Self {
        Self { hash: hash_with_tail(text, tail, show), found: 0 }
    }
}

impl Batch {
    pub(super) fn push(&mut self, text: &[u8], row: u32) {
        self.asked.push(Asked::of(text));
        let start = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.extend_from_slice(text);
        let end = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.items.push(BatchItem { start, end, row });
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// How many bytes its texts have.
    pub(super) fn n_bytes(&self) -> usize {
        self.texts.len()
    }
}

impl Interner {
    pub(super) fn len(&self) -> usize {
        self.n_texts as usize
    }

    /// The number of a text, which is new or known.
    pub(super) fn number(&mut self, text: &[u8], row: u32) -> u32 {
        self.number_of_hash(hash(text), text, row)
    }

    /// Adds the number of each text of the batch to `numbers`, in order, and empties the batch.
    #[inline(never)]
    pub(super) fn number_all(&mut self, batch: &mut Batch, numbers: &mut Vec<u32>) {
        let Batch { texts, items, asked } = batch;
        let texts = items.iter().map(|item| {
            (texts.get(item.start as usize..item.end as usize).unwrap_or(&[]), item.row)
        });
        self.number_each(asked, texts, numbers);
        batch.items.clear();
        batch.asked.clear();
        batch.texts.clear();
    }

    /// Adds the number of each text to `numbers`, in order; each comes with its row.
    #[inline]
    pub(super) fn number_each<'t>(
        &mut self,
        asked: &mut [Asked],
        texts: impl Iterator<Item = (&'t [u8], u32)>,
        numbers: &mut Vec<u32>,
    ) {
        self.ask(asked);
        numbers.reserve(asked.len());
        for (asked, (text, row)) in asked.iter().zip(texts) {
            let is_likely = is_of(asked.found, asked.hash);
            let known = if is_likely { self.entry_if(asked.found, text) } else { None };
            numbers.push(match known {
                Some(number) => number,
                None => self.number_of_hash(asked.hash, text, row),
            });
        }
    }

    /// Asks for the memory of all texts, so that it is on its way at the same time.
    #[inline(never)]
    fn ask(&mut self, asked: &mut [Asked]) {
        if self.table.is_empty() {
            self.grow();
        }
        let (table, shift) = (self.table.as_slice(), self.shift());
        let last = table.len() - 1;
        for asked in &mut *asked {
            // One in four stands at the second place: both are looked at, so that there is no guess.
            let place = place_of(asked.hash, shift).min(last);
            let (first, second) = (table[place], table[(place + 1).min(last)]);
            asked.found = if is_of(first, asked.hash) { first } else { second };
        }
        let mut touched = 0;
        for asked in &*asked {
            if is_of(asked.found, asked.hash) {
                // An entry may lie on both sides of a line of memory.
                let offset = offset_of(asked.found) as usize;
                let chunk = self.chunks.get(offset / CHUNK_BYTES).map_or(&[][..], Vec::as_slice);
                let at = offset % CHUNK_BYTES;
                touched ^= chunk.get(at).unwrap_or(&0) ^ chunk.get(at + MOST_BYTES).unwrap_or(&0);
            }
        }
        std::hint::black_box(touched);
    }

    /// The number of the entry that a table's word points to, if it has this text.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is the loop over all rows")]
    fn entry_if(&self, word: u64, text: &[u8]) -> Option<u32> {
        let entry = self.entry_at(offset_of(word))?;
        is_same(entry.text, text).then_some(entry.number)
    }

    #[inline(never)]
    fn number_of_hash(&mut self, hash: u64, text: &[u8], row: u32) -> u32 {
        if self.table.len() <= 2 * self.n_texts as usize {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mut place = place_of(hash, self.shift());
        loop {
            let word = self.table[place];
            if word == 0 {
                break;
            }
            if is_of(word, hash)
                && let Some(number) = self.entry_if(word, text)
            {
                return number;
            }
            place = (place + 1) & mask;
        }
        let number = self.n_texts;
        let offset = self.append(number, row, text);
        self.table[place] = word_of(hash, offset);
        self.n_texts += 1;
        number
    }

    fn append(&mut self, number: u32, row: u32, text: &[u8]) -> u32 {
        let n_needed = ENTRY_HEAD + text.len();
        if self.chunks.last().is_none_or(|chunk| CHUNK_BYTES < chunk.len() + n_needed) {
            // The first chunk grows with its texts, for most files have few; the others are whole.
            let capacity = if self.chunks.is_empty() { 4096 } else { CHUNK_BYTES };
            self.chunks.push(Vec::with_capacity(capacity.max(n_needed)));
        }
        let chunk_index = self.chunks.len() - 1;
        let chunk = &mut self.chunks[chunk_index];
        let offset = chunk_index * CHUNK_BYTES + chunk.len();
        let n_bytes = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let head = [number.to_le_bytes(), row.to_le_bytes(), n_bytes.to_le_bytes()];
        chunk.extend_from_slice(head.as_flattened());
        match (text.first_chunk::<16>(), text.last_chunk::<16>()) {
            // Sixteen bytes at once, some of them twice.
            (Some(first), Some(last)) if text.len() <= 32 => {
                let end = chunk.len() + text.len();
                chunk.extend_from_slice(first);
                chunk.truncate(end - last.len());
                chunk.extend_from_slice(last);
            }
            _ => chunk.extend_from_slice(text),
        }
        u32::try_from(offset).unwrap_or(u32::MAX)
    }

    /// The entry at an offset.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is in the loop over all rows")]
    pub(super) fn entry_at(&self, offset: u32) -> Option<Entry<'_>> {
        let offset = offset as usize;
        let chunk = self.chunks.get(offset / CHUNK_BYTES)?;
        let (head, rest) = chunk.get(offset % CHUNK_BYTES..)?.split_first_chunk::<ENTRY_HEAD>()?;
        let &[a, b, c, d, e, f, g, h, i, j, k, l] = head;
        Some(Entry {
            number: u32::from_le_bytes([a, b, c, d]),
            first_row: u32::from_le_bytes([e, f, g, h]),
            text: rest.get(..u32::from_le_bytes([i, j, k, l]) as usize)?,
        })
    }

    /// The entries in the order of their numbers, each with its offset.
    pub(super) fn entries(&self) -> impl Iterator<Item = (u32, Entry<'_>)> {
        self.chunks.iter().enumerate().flat_map(move |(index, chunk)| {
            let mut at = 0;
            std::iter::from_fn(move || {
                if chunk.len() <= at {
                    return None;
                }
                let offset = u32::try_from(index * CHUNK_BYTES + at).ok()?;
                let entry = self.entry_at(offset)?;
                at += ENTRY_HEAD + entry.text.len();
                Some((offset, entry))
            })
        })
    }

    /// Lets go of what only finding a text needs.
    pub(super) fn forget_table(&mut self) {
        self.table = Vec::new();
    }

    #[inline(never)]
    fn grow(&mut self) {
        let n_places = (2 * self.table.len()).max(MIN_PLACES);
        let old = std::mem::replace(&mut self.table, vec![0; n_places]);
        let shift = self.shift();
        // The words are in the order of their hashes, but for a few: so both tables are gone through
        // from front to back.
        for word in old.into_iter().filter(|&word| word != 0) {
            let mut place = place_of(word, shift);
            while self.table[place] != 0 {
                place = (place + 1) & (n_places - 1);
            }
            self.table[place] = word;
        }
    }

    fn shift(&self) -> u32 {
        shift_of(self.table.len())
    }

    /// Whether its offsets are used up: four gibibytes of entries.
    pub(super) fn is_full(&self) -> bool {
        MAX_CHUNKS <= self.chunks.len()
    }
}

/// How far a hash is shifted for a place in a table of so many: its upper bits are the best. A word
/// of the table has the same ones.
pub(super) fn shift_of(n_places: usize) -> u32 {
    (n_places as u64).leading_zeros() + 1
}

#[expect(clippy::cast_possible_truncation, reason = "shifted below the length of the table")]
pub(super) fn place_of(hash: u64, shift: u32) -> usize {
    (hash >> shift) as usize
}

pub(super) fn word_of(hash: u64, offset: u32) -> u64 {
    hash & !0xFFFF_FFFF | u64::from(offset.wrapping_add(1))
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
pub(super) fn offset_of(word: u64) -> u32 {
    (word as u32).wrapping_sub(1)
}

/// Whether a word of the table was made of this hash.
pub(super) fn is_of(word: u64, hash: u64) -> bool {
    word != 0 && word >> 32 == hash >> 32
}
