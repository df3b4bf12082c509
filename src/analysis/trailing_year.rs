//! When the twelve months up to `as_of` can be compared, customer by customer, and with what.
//!
//! They are not the product or the sum of twelve months: who left and came back within the year has
//! stayed. The movements themselves are counted where those of the periods are.

use super::span::year_earlier;
use crate::calendar::Day;

/// The closes that the twelve months of purchases and the twelve before them begin with; none where
/// nothing was bought in those, since the data begin later.
pub(super) fn year_starts_of_purchases(first_day: Day, to: Day) -> Option<(Day, Day)> {
    let from = year_earlier(to);
    (first_day <= from).then(|| (year_earlier(from), from))
}

/// Whether the data begin inside the twelve months that the trailing year is compared with.
pub(super) fn is_year_before_cut_short(first_day: Option<Day>, to: Day) -> bool {
    let from = year_earlier(to);
    let before = year_earlier(from);
    first_day.is_some_and(|first| before.next() < first && first <= from)
}
