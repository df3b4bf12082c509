//! Ids that differ, but not to a person's eye.
//!
//! It joins none of them: that two ids look alike is told, and they stay two customers.

use super::text;
use crate::ledger::Customers;
use crate::ledger::interner::{hash, is_of, offset_of, place_of, shift_of, word_of};

/// Calls `found` with each id that looks like an earlier one, that one, and its own first row, in
/// the order of the first rows.
#[inline(never)]
pub(super) fn find(customers: &Customers, mut found: impl FnMut(&str, &str, u64)) {
    let text_of = |text| std::str::from_utf8(text).unwrap_or("");
    // Where no id has anything to set aside, different ids look different.
    if customers.entries().all(|entry| is_folded(entry.text)) {
        return;
    }
    let n_places = (2 * customers.len()).next_power_of_two();
    let shift = shift_of(n_places);
    let mut table = vec![0_u64; n_places];
    let (mut fold, mut other_fold) = (Vec::new(), Vec::new());
    for (offset, entry) in customers.entries_with_offsets() {
        let id = text_of(entry.text);
        text::fold_into(id, &mut fold);
        let hash = hash(&fold);
        let mut place = place_of(hash, shift);
        while table[place] != 0 {
            if is_of(table[place], hash) {
                let other = customers.entry_at(offset_of(table[place]));
                let other = other.map_or("", |other| text_of(other.text));
                text::fold_into(other, &mut other_fold);
                if fold == other_fold {
                    found(id, other, u64::from(entry.first_row));
                    break;
                }
            }
            place = (place + 1) & (n_places - 1);
        }
        if table[place] == 0 {
            table[place] = word_of(hash, offset);
        }
    }
}

/// Whether the fold of an id is the id itself.
fn is_folded(id: &[u8]) -> bool {
    id.iter().all(|&byte| {
        byte.is_ascii() && !byte.is_ascii_uppercase() && !char::from(byte).is_whitespace()
    })
}
