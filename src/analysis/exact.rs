//! Money of one customer in the narrowest integer that holds every sum and difference of it.
//!
//! Sums over customers are [`Minor`], always; it only says how far a few of them fit an `i64` on the
//! way there.

use std::ops::{Add, AddAssign, Sub};

use crate::number::Minor;
use crate::number::linearized::is_square_small;

/// The bits of a small amount, without its sign.
const SMALL_BITS: u32 = 26;

/// Of so many customers at most, sums of small amounts and of their products are kept in `i64`s before
/// they go to the exact ones: a product has twice the bits, a difference of two products one more.
pub(super) const N_SMALL: u32 = 1 << (62 - 2 * SMALL_BITS);

/// An integer of minor units: `i64` for all customers but those whose sums need an `i128`.
///
/// Both give the same numbers. The narrow one is there because it is faster, above all in a browser.
pub(super) trait Exact:
    Copy + Default + Ord + Add<Output = Self> + Sub<Output = Self> + AddAssign + From<i64> + Into<Minor>
{
    /// The value as an `i64`, where it is one.
    fn narrow(self) -> Option<i64>;

    /// The value as the nearest number.
    fn to_f64(self) -> f64;

    /// The value as an `i64`, where it is so small that [`N_SMALL`] products of two such values, and
    /// differences of two products, add up to an `i64`.
    #[inline]
    fn small(self) -> Option<i64> {
        self.narrow().filter(|value| (value ^ value >> 63) >> SMALL_BITS == 0)
    }

    /// The value as an `i64`, where its square can be added to those of very many others.
    #[inline]
    fn squarable(self) -> Option<i64> {
        self.narrow().filter(|&value| is_square_small(value))
    }
}

#[expect(clippy::cast_precision_loss, reason = "the nearest number is meant")]
impl Exact for i64 {
    fn narrow(self) -> Option<i64> {
        Some(self)
    }

    fn to_f64(self) -> f64 {
        self as f64
    }
}

#[expect(clippy::cast_precision_loss, reason = "the nearest number is meant")]
impl Exact for i128 {
    fn narrow(self) -> Option<i64> {
        i64::try_from(self).ok()
    }

    fn to_f64(self) -> f64 {
        self as f64
    }
}

/// Whether every sum of some of these amounts, and every difference of two such sums, is an `i64`.
pub(super) fn sums_are_narrow(amounts: impl Iterator<Item = i64>) -> bool {
    amounts.fold(0, |sum: u64, amount| sum.saturating_add(amount.unsigned_abs())) < 1 << 62
}
