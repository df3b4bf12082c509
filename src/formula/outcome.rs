//! How a formula's number becomes a figure: undefined beyond all numbers, with Wilson's interval for
//! shares of counted customers.
//!
//! It computes no formula.

use crate::number::interval::{DEFAULT_CONFIDENCE, wilson};
use crate::number::{Figure, FormulaId};

/// The largest count up to which every whole number is exact.
const LARGEST_COUNT: f64 = 9_007_199_254_740_992.0;

/// A figure of a value; undefined (`result-too-large`) where no number can hold it.
pub(super) fn defined(id: FormulaId, value: f64, inputs: &[(&'static str, f64)]) -> Figure {
    if value.is_finite() {
        // Adding 0 turns -0 into 0.
        Figure::of(id, value + 0.0, inputs)
    } else {
        Figure::undefined(id, "result-too-large", inputs)
    }
}

/// A figure of `part` ÷ `whole` customers, with its interval and count where both were counted.
pub(super) fn share_of_customers(
    id: FormulaId,
    part: f64,
    whole: f64,
    inputs: &[(&'static str, f64)],
) -> Figure {
    let figure = defined(id, part / whole, inputs);
    let (Some(part), Some(whole)) = (counted(part), counted(whole)) else { return figure };
    match wilson(part, whole, DEFAULT_CONFIDENCE) {
        Some(interval) => figure.with_interval(interval).counted_from(whole),
        None => figure,
    }
}

/// A number as a count, where it is one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is whole and in the range of counts"
)]
pub(super) fn counted(value: f64) -> Option<u64> {
    let whole = value.trunc() - value == 0.0;
    (whole && (0.0..=LARGEST_COUNT).contains(&value)).then_some(value as u64)
}
