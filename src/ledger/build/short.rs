//! A day or a month, an amount and a segment as one word, and as a number that orders as they do.
//!
//! What does not fit has neither.

use super::facts::FACT_BITS;
use crate::calendar::Day;
use crate::ledger::LabelIndex;

/// How many of the lower 32 bits of a word are the segment's, by the two bits above these; the others
/// are the amount's. Without any there is no segment.
const SEGMENT_BITS: [u32; 4] = [0, 6, 10, 14];
const WHEN_SHIFT: u32 = FACT_BITS - u16::BITS;

/// A day as two bytes: all that a file may have fit.
#[inline]
pub(super) fn packed_day(day: Day) -> u16 {
    u16::try_from(day.0 - Day::EARLIEST.0).unwrap_or(u16::MAX)
}

/// The day that two bytes are.
#[inline]
pub(super) fn day_of(days: u16) -> Day {
    Day(i32::from(days) + Day::EARLIEST.0)
}

/// The three as a word of [`FACT_BITS`].
#[inline]
pub(super) fn word_of(when: u16, amount: i64, segment: Option<LabelIndex>) -> Option<u64> {
    let amount = u32::try_from(amount).ok().filter(|_| when != u16::MAX)?;
    let head = u64::from(when) << WHEN_SHIFT;
    let Some(segment) = segment else { return Some(head | u64::from(amount)) };
    (0_u64..).zip(SEGMENT_BITS).skip(1).find_map(|(place, n_bits)| {
        let fits = segment >> n_bits == 0 && n_bits <= amount.leading_zeros();
        fits.then(|| head | place << 32 | u64::from(amount << n_bits | segment))
    })
}

/// The three of such a word, whatever is above its bits.
#[inline]
pub(super) fn parts_of_word(word: u64) -> (u16, u32, Option<LabelIndex>) {
    let place = usize::from(word.to_le_bytes()[4] & 3);
    let n_bits = SEGMENT_BITS[place];
    let lower = lower_half(word);
    let segment = (place != 0).then_some(lower & ((1 << n_bits) - 1));
    (lower_two(word >> WHEN_SHIFT), lower >> n_bits, segment)
}

/// The three as one number, in the order of these three.
#[inline]
pub(super) fn number_of(when: u16, amount: u32, segment: Option<LabelIndex>) -> Option<u64> {
    let segment = match segment {
        Some(segment) => u16::try_from(segment).ok()?.checked_add(1)?,
        None => 0,
    };
    let number = u64::from(when) << 48 | u64::from(amount) << 16 | u64::from(segment);
    (when != u16::MAX).then_some(number)
}

/// The three of such a number.
#[inline]
pub(super) fn parts_of_number(number: u64) -> (u16, u32, Option<LabelIndex>) {
    let segment = lower_two(number).checked_sub(1).map(LabelIndex::from);
    (lower_two(number >> 48), lower_half(number >> 16), segment)
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
fn lower_half(word: u64) -> u32 {
    word as u32
}

#[expect(clippy::cast_possible_truncation, reason = "the lower two bytes are meant")]
fn lower_two(word: u64) -> u16 {
    word as u16
}

#[cfg(test)]
mod tests {
    use super::{FACT_BITS, number_of, parts_of_number, parts_of_word, word_of};

    #[test]
    fn what_fits_comes_back() {
        let amounts = [0, 1, 70, (1 << 18) - 1, 1 << 18, (1 << 22) - 1, 1 << 26, u32::MAX];
        let segments = [0, 1, 63, 64, 1023, 1024, (1 << 14) - 1, 1 << 14, 65_533, 65_534, 1 << 20];
        for when in [0, 1, 54_786, u16::MAX - 1] {
            for amount in amounts {
                for segment in segments.map(Some).into_iter().chain([None]) {
                    let parts = (when, amount, segment);
                    let n_bits = match segment {
                        None => 0,
                        Some(segment) => [6, 10, 14]
                            .into_iter()
                            .find(|&n_bits| segment < 1 << n_bits)
                            .unwrap_or(u32::BITS),
                    };
                    let word = word_of(when, amount.into(), segment);
                    assert_eq!(
                        word.is_some(),
                        n_bits < u32::BITS && u64::from(amount) < 1 << (32 - n_bits)
                    );
                    if let Some(word) = word {
                        assert_eq!(word >> FACT_BITS, 0);
                        assert_eq!(parts_of_word(word), parts);
                        assert_eq!(parts_of_word(word | 0x3FFF << FACT_BITS), parts);
                    }
                    let number = number_of(when, amount, segment);
                    assert_eq!(number.is_some(), segment.is_none_or(|segment| segment < 65_535));
                    assert_eq!(number.map(parts_of_number), number.map(|_| parts));
                }
            }
        }
        assert_eq!(word_of(0, -1, None), None);
        assert_eq!(word_of(0, 1 << 32, None), None);
        assert_eq!(word_of(u16::MAX, 0, None), None);
        assert_eq!(number_of(u16::MAX, 0, None), None);
    }

    #[test]
    fn numbers_order_as_their_parts_do() {
        let mut all = Vec::new();
        for when in [0, 7, 54_786] {
            for amount in [0, 1, 70_000, u32::MAX] {
                for segment in [None, Some(0), Some(1), Some(300), Some(65_534)] {
                    all.push(((when, amount, segment), number_of(when, amount, segment)));
                }
            }
        }
        assert!(all.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1));
    }
}
