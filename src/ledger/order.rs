//! Putting texts in order by their first bytes, and comparing whole texts only where these agree.

/// The first eight bytes of a text as a number that orders as they do.
pub(super) fn key_of(text: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let n_bytes = text.len().min(8);
    bytes[..n_bytes].copy_from_slice(&text[..n_bytes]);
    u64::from_be_bytes(bytes)
}

/// Sorts by key, and those of the same key by `compare`.
#[inline(never)]
pub(super) fn by_key<T: Copy>(
    items: &mut [(u64, T)],
    compare: impl Fn(&T, &T) -> std::cmp::Ordering,
) {
    items.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| compare(&a.1, &b.1)));
}
