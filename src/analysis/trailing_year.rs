//! The twelve months up to `as_of`, customer by customer.
//!
//! It is not the product or the sum of twelve months: who left and came back within the year has
//! stayed.

use super::levels::Levels;
use super::movements::movements_between;
use super::period_figures::{PeriodFigures, Scale, figures_of};
use super::purchases::{first_purchase_or_refund, pair, purchase_movements_between};
use super::span::{Span, year_earlier};
use crate::calendar::Day;
use crate::ledger::Purchases;

/// The twelve months of recurring revenue; none where the data begin after their first close.
///
/// With nobody left at that close the span is there and its rates are undefined.
pub(super) fn trailing_year_of_levels(levels: &Levels, scale: Scale) -> Option<PeriodFigures> {
    let to = levels.as_of();
    let from = year_earlier(to);
    if from < levels.first_day()? {
        return None;
    }
    let movements = movements_between(levels, from, to);
    let pairs = level_pairs(levels, from, to);
    let base = movements.revenue.into();
    Some(figures_of(Span::of_days(from, to), &movements, base, Some(&pairs), scale))
}

/// What each customer active at the close of `from` pays at the close of `to`, and paid then.
pub(super) fn level_pairs(levels: &Levels, from: Day, to: Day) -> Vec<(i64, i64)> {
    levels
        .customers()
        .map(|steps| (steps.at(to), steps.at(from)))
        .filter(|&(_, then)| 0 < then)
        .map(|(now, then)| pair(now, then))
        .collect()
}

/// The twelve months of purchases against the twelve before; none where nothing was bought in
/// those, since the data begin later.
pub(super) fn trailing_year_of_purchases(
    purchases: &Purchases,
    to: Day,
    scale: Scale,
) -> Option<PeriodFigures> {
    let from = year_earlier(to);
    if from < first_purchase_or_refund(purchases)? {
        return None;
    }
    let before = year_earlier(from);
    let (all, pairs) = purchase_movements_between(purchases, before, from, to);
    Some(figures_of(Span::of_days(from, to), &all.movements, all.base, Some(&pairs), scale))
}

/// Whether the data begin inside the twelve months that the trailing year is compared with.
pub(super) fn is_year_before_cut_short(purchases: &Purchases, to: Day) -> bool {
    let from = year_earlier(to);
    let before = year_earlier(from);
    first_purchase_or_refund(purchases).is_some_and(|first| before.next() < first && first <= from)
}
