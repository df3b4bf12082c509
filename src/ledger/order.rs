//! Putting texts in order by their first bytes, and comparing whole texts only where these agree.

use std::cmp::Ordering;

use super::PIECE;

/// From so many on, items are first put into buckets.
const N_FOR_BUCKETS: usize = 1 << 10;
/// Buckets at the most: what is counted of them fits a processor's memory.
const MOST_BUCKET_BITS: u32 = 16;

/// The first eight bytes of a text as a number that orders as they do.
#[inline]
pub(super) fn key_of(text: &[u8]) -> u64 {
    if let Some(&eight) = text.first_chunk() {
        return u64::from_be_bytes(eight);
    }
    let mut bytes = [0; 8];
    let n_bytes = text.len().min(8);
    bytes[..n_bytes].copy_from_slice(&text[..n_bytes]);
    u64::from_be_bytes(bytes)
}

/// Sorts by key, and those of the same key by `compare`.
pub(super) fn by_key<T: Copy>(items: &mut Vec<(u64, T)>, compare: impl Fn(&T, &T) -> Ordering) {
    if items.len() < N_FOR_BUCKETS {
        sort(items, &compare);
        return;
    }
    let buckets = Buckets::of(items);
    let mut ends = vec![0_u32; buckets.len()];
    for piece in items.chunks(PIECE) {
        buckets.count(piece, &mut ends);
    }
    let mut n_before = 0;
    for end in &mut ends {
        let count = std::mem::replace(end, n_before);
        n_before += count;
    }
    let mut sorted = items.clone();
    for piece in items.chunks(PIECE) {
        buckets.put(piece, &mut sorted, &mut ends);
    }
    let mut start = 0;
    for ends in ends.chunks(PIECE) {
        start = sort_buckets(&mut sorted, start, ends, &compare);
    }
    *items = sorted;
}

/// Equal stretches of keys, from the least to the greatest.
struct Buckets {
    least: u64,
    shift: u32,
    greatest: u64,
}

impl Buckets {
    /// About as many as there are items.
    fn of<T>(items: &[(u64, T)]) -> Self {
        let keys = || items.iter().map(|item| item.0);
        let (least, greatest) = (keys().min().unwrap_or(0), keys().max().unwrap_or(0));
        let n_bits = u64::BITS - (greatest - least).leading_zeros();
        let most = items.len().ilog2().min(MOST_BUCKET_BITS);
        Self { least, shift: n_bits.saturating_sub(most), greatest }
    }

    fn len(&self) -> usize {
        self.place(self.greatest) + 1
    }

    #[inline]
    fn place(&self, key: u64) -> usize {
        usize::try_from((key - self.least) >> self.shift).unwrap_or(usize::MAX)
    }

    #[inline(never)]
    fn count<T>(&self, items: &[(u64, T)], counts: &mut [u32]) {
        for (key, _) in items {
            if let Some(count) = counts.get_mut(self.place(*key)) {
                *count += 1;
            }
        }
    }

    /// Puts items where those of their buckets go next.
    #[inline(never)]
    fn put<T: Copy>(&self, items: &[(u64, T)], sorted: &mut [(u64, T)], next: &mut [u32]) {
        for item in items {
            let Some(next) = next.get_mut(self.place(item.0)) else { continue };
            if let Some(to) = sorted.get_mut(*next as usize) {
                *to = *item;
            }
            *next += 1;
        }
    }
}

/// Sorts some buckets, the first of which begins at `start`, and says where the last one ends.
#[inline(never)]
fn sort_buckets<T: Copy>(
    items: &mut [(u64, T)],
    mut start: usize,
    ends: &[u32],
    compare: &impl Fn(&T, &T) -> Ordering,
) -> usize {
    for &end in ends {
        let end = end as usize;
        if let Some(bucket) = items.get_mut(start..end)
            && 1 < bucket.len()
        {
            sort(bucket, compare);
        }
        start = end;
    }
    start
}

#[inline(never)]
fn sort<T: Copy>(items: &mut [(u64, T)], compare: &impl Fn(&T, &T) -> Ordering) {
    items.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| compare(&a.1, &b.1)));
}

#[cfg(test)]
mod tests {
    use super::{by_key, key_of};

    #[test]
    fn texts_come_in_order_however_their_keys_are_spread() {
        let mixed = |number: u64| number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23);
        let spreads: [fn(u64, u64) -> String; 4] = [
            |_, random| format!("{random:x}"),
            |number, _| format!("{number:09}"),
            // Most begin alike, and their keys are the same.
            |number, random| format!("12345678{:x}", random ^ number),
            |number, random| if number % 50 == 0 { "~".repeat(9) } else { format!("{random:b}") },
        ];
        for n_texts in [0, 1, 2, 700, 1024, 5000] {
            for spread in spreads {
                let texts: Vec<String> =
                    (0..n_texts).map(|number| spread(number, mixed(number))).collect();
                let mut items: Vec<(u64, &str)> =
                    texts.iter().map(|text| (key_of(text.as_bytes()), text.as_str())).collect();
                by_key(&mut items, Ord::cmp);
                let mut expected: Vec<&str> = texts.iter().map(String::as_str).collect();
                expected.sort_unstable();
                assert!(items.iter().map(|item| item.1).eq(expected));
            }
        }
    }
}
