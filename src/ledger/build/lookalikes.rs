//! Ids that differ, but not to a person's eye.
//!
//! It joins none of them: that two ids look alike is told, and they stay two customers.

use super::text;
use crate::ledger::interner::{hash, is_of, offset_of, place_of, shift_of, word_of};
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
    let mut entries = customers.entries_with_offsets().map(|(offset, _)| offset);
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
    fn hash_some(&self, offsets: &mut impl Iterator<Item = u32>, waiting: &mut Vec<(u64, u32)>) {
        let mut fold = Vec::new();
        waiting.clear();
        waiting.extend(offsets.take(PIECE).map(|offset| {
            text::fold_into(self.text_at(offset), &mut fold);
            (hash(&fold), offset)
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
