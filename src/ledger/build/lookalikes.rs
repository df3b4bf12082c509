//! Ids that differ, but not to a person's eye.
//!
//! It joins none of them: that two ids look alike is told, and they stay two customers.

use super::text;
use crate::ingest::last_word;
use crate::ledger::interner::{
    Entry, hash, hash_as, is_of, offset_of, place_of, shift_of, word_of,
};
use crate::ledger::{Customers, PIECE};

/// Calls `found` with each id that looks like an earlier one, that one, and its own first row, in
/// the order of the first rows.
#[inline(never)]
pub(super) fn find(customers: &Customers, mut found: impl FnMut(&str, &str, u64)) {
    // Where no id has anything to set aside, different ids look different.
    if customers.entries().all(|entry| is_folded(entry.text)) {
        return;
    }
    let n_places = (2 * customers.len()).next_power_of_two();
    let mut seen = Seen { customers, table: vec![0; n_places], shift: shift_of(n_places) };
    let mut entries = customers.entries_with_offsets();
    let mut waiting = Vec::new();
    loop {
        seen.hash_some(&mut entries, &mut waiting);
        if waiting.is_empty() {
            return;
        }
        seen.look_up(&waiting, &mut found);
    }
}

/// The ids above, by the hash of their folds.
struct Seen<'a> {
    customers: &'a Customers,
    table: Vec<u64>,
    shift: u32,
}

impl Seen<'_> {
    /// Takes the next ids: the hashes of their folds, and where they lie.
    #[inline(never)]
    fn hash_some<'t>(
        &self,
        entries: &mut impl Iterator<Item = (u32, Entry<'t>)>,
        waiting: &mut Vec<(u64, u32)>,
    ) {
        let mut fold = Vec::new();
        waiting.clear();
        waiting.extend(entries.take(PIECE).map(|(offset, entry)| {
            let hash = hash_of_fold(entry.text).unwrap_or_else(|| {
                text::fold_into(std::str::from_utf8(entry.text).unwrap_or(""), &mut fold);
                hash(&fold)
            });
            (hash, offset)
        }));
        // All of the table that is needed is on its way before the first is looked up.
        let places = waiting.iter().map(|&(hash, _)| place_of(hash, self.shift));
        std::hint::black_box(places.fold(0, |touched, place| touched ^ self.table[place]));
    }

    #[inline(never)]
    fn look_up(&mut self, waiting: &[(u64, u32)], found: &mut impl FnMut(&str, &str, u64)) {
        let (mut fold, mut other_fold) = (Vec::new(), Vec::new());
        for &(hash, offset) in waiting {
            let mut place = place_of(hash, self.shift);
            while self.table[place] != 0 {
                if is_of(self.table[place], hash) {
                    let (id, other) = (self.text_at(offset), offset_of(self.table[place]));
                    let other = self.text_at(other);
                    text::fold_into(id, &mut fold);
                    text::fold_into(other, &mut other_fold);
                    if fold == other_fold {
                        let entry = self.customers.entry_at(offset);
                        found(id, other, entry.map_or(0, |entry| u64::from(entry.first_row)));
                        break;
                    }
                }
                place = (place + 1) & (self.table.len() - 1);
            }
            if self.table[place] == 0 {
                self.table[place] = word_of(hash, offset);
            }
        }
    }

    fn text_at(&self, offset: u32) -> &str {
        let entry = self.customers.entry_at(offset);
        entry.map_or("", |entry| std::str::from_utf8(entry.text).unwrap_or(""))
    }
}

/// Whether the fold of an id is the id itself.
fn is_folded(id: &[u8]) -> bool {
    id.iter().all(|&byte| {
        byte.is_ascii() && !byte.is_ascii_uppercase() && !char::from(byte).is_whitespace()
    })
}

/// The hash of the fold of an id where that is the id in lower case; nothing where that is not plain to
/// see.
#[inline]
fn hash_of_fold(id: &[u8]) -> Option<u64> {
    // What is missing of the only word of a short one.
    let n_missing = u32::try_from(size_of::<u64>().saturating_sub(id.len())).ok()?;
    let missing = !u64::MAX.checked_shr(u8::BITS * n_missing).unwrap_or(0);
    hash_as(id, last_word(id), |word| lower_case(word, missing))
}

/// Eight bytes in lower case, beside those that are missing; nothing where one of them is beyond ASCII,
/// a space or a control character.
#[inline]
fn lower_case(word: u64, missing: u64) -> Option<u64> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    // What is missing counts as a letter meanwhile.
    let word = word | missing & (ONES * 0x61);
    // Each byte by itself: nothing is carried to the next one.
    let from = |byte: u64| (word | HIGH) - ONES * byte;
    if word & HIGH != 0 || from(0x21) & HIGH != HIGH {
        return None;
    }
    // The bit between the cases, for letters from `A` to `Z`.
    let is_upper = from(0x41) & !from(0x5B) & HIGH;
    Some((word | is_upper >> 2) & !missing)
}

#[cfg(test)]
mod tests {
    use super::hash_of_fold;
    use crate::ledger::build::text::fold_into;
    use crate::ledger::interner::hash;

    #[test]
    fn an_id_and_its_fold_have_the_same_hash() {
        let signs: Vec<char> = (0_u8..128).map(char::from).chain(['é', 'ß', 'İ', '文']).collect();
        let mut n_short = 0;
        for n_signs in [1, 2, 3, 5, 7, 8, 9, 14, 16, 17, 63, 64, 65] {
            for (place, &sign) in signs.iter().enumerate() {
                let letters = signs.iter().skip(48 + place % 30).filter(|c| c.is_alphanumeric());
                let mut id: Vec<char> = letters.cycle().take(n_signs).copied().collect();
                id[place % n_signs] = sign;
                let id: String = id.into_iter().collect();
                let mut fold = Vec::new();
                fold_into(&id, &mut fold);
                if let Some(found) = hash_of_fold(id.as_bytes()) {
                    assert_eq!(id.to_ascii_lowercase().as_bytes(), fold);
                    assert_eq!(Some(found), hash_of_fold(&fold), "{id}");
                    assert_eq!(found, hash(&fold), "{id}");
                    n_short += 1;
                }
            }
        }
        assert!(900 < n_short, "{n_short}");
        assert_ne!(hash_of_fold(b"ab"), hash_of_fold(b"abb"));
        assert_ne!(hash_of_fold(b"abcdefgh"), hash_of_fold(b"abcdefghi"));
        assert_ne!(hash_of_fold(b"aaaaaaaaab"), hash_of_fold(b"aaaaaaaaac"));
        assert_eq!(hash_of_fold(b"[{@`"), hash_of_fold(b"[{@`"));
        assert_ne!(hash_of_fold(b"["), hash_of_fold(b"{"));
        assert_ne!(hash_of_fold(b"@"), hash_of_fold(b"`"));
    }
}
