//! Orders and refunds, customer by customer, a word or two for each.
//!
//! It computes nothing: whoever reads it gets the orders of one customer at a time.

use std::ops::Range;

use super::blocks::Blocks;
use super::{CustomerIndex, LabelIndex, PIECE};
use crate::calendar::Day;

/// One purchase, or one refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Purchase {
    /// Who bought.
    pub customer: CustomerIndex,
    /// When.
    pub day: Day,
    /// For how much, in minor units.
    pub amount: i64,
    /// The combination of values in the columns that can be segments, where there are such columns.
    /// It is kept for the first purchase of each customer (the first refund where there is none).
    pub segment: Option<LabelIndex>,
}

/// Orders and refunds. The rows of one order are one purchase.
///
/// Amounts of purchases are 0 or above, those of refunds are below 0. The order of rows leaves no
/// trace: those of a customer are sorted by day, then amount.
#[derive(Clone, Debug, Default)]
pub struct Purchases {
    blocks: Blocks,
    /// The customers in the order in which their blocks lie; none where that is their own order.
    customers: Vec<CustomerIndex>,
}

/// What is done with the purchases and the refunds of each customer. Called by reference, so that it
/// is a function of its own: the fewer values a loop has around it, the more of its own are in
/// registers.
type Visit<'a> = &'a mut dyn FnMut(&[Purchase], &[Purchase]);

impl Purchases {
    /// These orders, in any order: amounts below 0 are refunds.
    #[must_use]
    pub fn from_orders(mut orders: Vec<Purchase>) -> Self {
        orders.sort_unstable();
        let mut blocks = Blocks::default();
        let (mut bought, mut returned) = (Vec::new(), Vec::new());
        let n_customers = orders.last().map_or(0, |last| last.customer + 1);
        let mut rest = orders.as_slice();
        for customer in 0..n_customers {
            let n_own = rest.partition_point(|order| order.customer <= customer);
            let (own, others) = rest.split_at(n_own);
            rest = others;
            bought.clear();
            returned.clear();
            for &order in own {
                if order.amount < 0 { &mut returned } else { &mut bought }.push(order);
            }
            write_block(&mut blocks, &bought, &returned);
        }
        Self { blocks, customers: Vec::new() }
    }

    /// Those whose blocks are these, put in the order of the customers, with the customers in the
    /// order in which the blocks lie.
    pub(super) fn from_blocks(blocks: Blocks, customers: Vec<CustomerIndex>) -> Self {
        Self { blocks, customers }
    }

    /// Calls `visit` for each customer who has any, in the order of customers, with the purchases
    /// and the refunds, both by day and amount.
    pub fn for_each_customer(&self, mut visit: impl FnMut(&[Purchase], &[Purchase])) {
        let mut orders: Vec<Purchase> = Vec::new();
        for first in (0..self.blocks.len()).step_by(PIECE) {
            let piece = first..(first + PIECE).min(self.blocks.len());
            self.blocks.touch(piece.clone());
            self.visit_piece(piece, &mut orders, &mut visit);
        }
    }

    /// The same in the order in which they lie in memory, which is quicker: for what adds up to the same
    /// in any order.
    pub fn for_each_in_any_order(&self, mut visit: impl FnMut(&[Purchase], &[Purchase])) {
        self.visit_chunks(0, &mut visit);
    }

    /// The same without customers of whom there is nothing after the close of a day; some of them may
    /// come all the same.
    pub fn for_each_with_orders_after(
        &self,
        day: Day,
        mut visit: impl FnMut(&[Purchase], &[Purchase]),
    ) {
        // Days before the earliest one are written as the greatest.
        let earliest = if day < Day::EARLIEST { 0 } else { days_of(day).saturating_add(1) };
        self.visit_chunks(earliest, &mut visit);
    }

    /// Visits who may have an order so many days after [`Day::EARLIEST`] or later.
    fn visit_chunks(&self, earliest: u32, visit: Visit<'_>) {
        let mut orders: Vec<Purchase> = Vec::new();
        let mut n_before = 0;
        for chunk in self.blocks.chunks() {
            n_before += self.visit_chunk(chunk, n_before, earliest, &mut orders, visit);
        }
    }

    /// The same in a chunk, behind so many other customers; says how many there are in it.
    #[inline(never)]
    fn visit_chunk(
        &self,
        mut chunk: &[u64],
        n_before: usize,
        earliest: u32,
        orders: &mut Vec<Purchase>,
        visit: Visit<'_>,
    ) -> usize {
        let mut n_visited = 0;
        while let Some((&head, words)) = chunk.split_first() {
            let place = n_before + n_visited;
            n_visited += 1;
            chunk = words.get(n_words_behind(head, words)..).unwrap_or(&[]);
            if 0 < earliest && !may_reach(head, words, earliest) {
                continue;
            }
            let own = self.customers.get(place).copied();
            let customer = own.unwrap_or(CustomerIndex::try_from(place).unwrap_or(0));
            let n_bought = read_block(orders, (head, words), customer);
            if !orders.is_empty() {
                let (bought, returned) = orders.split_at(n_bought);
                visit(bought, returned);
            }
        }
        n_visited
    }

    #[inline(never)]
    fn visit_piece(&self, piece: Range<usize>, orders: &mut Vec<Purchase>, visit: Visit<'_>) {
        for index in piece {
            let customer = CustomerIndex::try_from(index).unwrap_or(CustomerIndex::MAX);
            let n_bought = read_block(orders, self.blocks.block(index), customer);
            if !orders.is_empty() {
                let (bought, returned) = orders.split_at(n_bought);
                visit(bought, returned);
            }
        }
    }

    /// Calls `visit` with the purchases and the refunds of one customer, where it has any.
    pub fn visit_customer(
        &self,
        customer: CustomerIndex,
        visit: impl FnOnce(&[Purchase], &[Purchase]),
    ) {
        let Some(index) = usize::try_from(customer).ok().filter(|&at| at < self.blocks.len())
        else {
            return;
        };
        let mut orders = Vec::new();
        let n_bought = read_block(&mut orders, self.blocks.block(index), customer);
        if !orders.is_empty() {
            let (bought, returned) = orders.split_at(n_bought);
            visit(bought, returned);
        }
    }

    /// All purchases and all refunds, customer by customer.
    #[must_use]
    pub fn to_orders(&self) -> (Vec<Purchase>, Vec<Purchase>) {
        let (mut bought, mut returned) = (Vec::new(), Vec::new());
        self.for_each_customer(|some_bought, some_returned| {
            bought.extend_from_slice(some_bought);
            returned.extend_from_slice(some_returned);
        });
        (bought, returned)
    }
}

/// Says in the head of a block that each order has two words, its day and its amount, and that the
/// counts and the segment are words of their own; as long as these fit, they are in the head.
const IS_WIDE: u64 = 1;
const SEGMENT_BITS: u32 = 23;
const COUNT_BITS: u32 = 20;

/// The head of a block with so many purchases and refunds of one word each: 32 bits of the day, and 32
/// of the amount.
#[inline]
fn head_of(n_bought: usize, n_returned: usize, segment: Option<LabelIndex>) -> Option<u64> {
    let segment = segment_and_one(segment);
    let (n_bought, n_returned) = (n_bought as u64, n_returned as u64);
    let fits = (n_bought | n_returned) >> COUNT_BITS == 0 && segment >> SEGMENT_BITS == 0;
    let counts = n_bought << COUNT_BITS | n_returned;
    fits.then_some(counts << (SEGMENT_BITS + 1) | segment << 1)
}

/// A segment as a number, where 0 is none.
#[inline]
fn segment_and_one(segment: Option<LabelIndex>) -> u64 {
    segment.map_or(0, |segment| u64::from(segment) + 1)
}

fn segment_of(number: u64) -> Option<LabelIndex> {
    number.checked_sub(1).and_then(|segment| segment.try_into().ok())
}

/// Adds the block of the next customer: what it bought and gave back, both sorted.
pub(super) fn write_block(blocks: &mut Blocks, bought: &[Purchase], returned: &[Purchase]) {
    let segment = bought.first().or(returned.first()).and_then(|first| first.segment);
    let orders = || bought.iter().chain(returned);
    let narrow = |order: &Purchase| u32::try_from(order.amount.unsigned_abs()).ok();
    let n_orders = bought.len() + returned.len();
    match head_of(bought.len(), returned.len(), segment) {
        Some(head) if orders().all(|order| narrow(order).is_some()) => {
            let words =
                orders().map(|order| word_of(days_of(order.day), narrow(order).unwrap_or(0)));
            blocks.push(head, n_orders, words);
        }
        _ => {
            let orders = orders().map(|order| (days_of(order.day), order.amount.unsigned_abs()));
            write_wide(blocks, (bought.len(), returned.len()), segment, orders);
        }
    }
}

/// The same of a customer with purchases alone, in order: the days since [`Day::EARLIEST`] and the
/// amounts; and the segment of the first of them.
#[inline]
pub(super) fn write_purchases(
    blocks: &mut Blocks,
    bought: impl ExactSizeIterator<Item = (u32, u32)>,
    segment: Option<LabelIndex>,
) {
    let n_bought = bought.len();
    if let Some(head) = head_of(n_bought, 0, segment) {
        blocks.push(head, n_bought, bought.map(|(days, amount)| word_of(days, amount)));
    } else {
        let orders = bought.map(|(days, amount)| (days, u64::from(amount)));
        write_wide(blocks, (n_bought, 0), segment, orders);
    }
}

#[cold]
#[inline(never)]
fn write_wide(
    blocks: &mut Blocks,
    (n_bought, n_returned): (usize, usize),
    segment: Option<LabelIndex>,
    orders: impl Iterator<Item = (u32, u64)>,
) {
    let counts = [n_bought as u64, n_returned as u64, segment_and_one(segment)];
    let orders = orders.flat_map(|(days, amount)| [u64::from(days), amount]);
    let n_more = counts.len() + 2 * (n_bought + n_returned);
    blocks.push(IS_WIDE, n_more, counts.into_iter().chain(orders));
}

#[inline]
fn word_of(days: u32, amount: u32) -> u64 {
    u64::from(days) << 32 | u64::from(amount)
}

/// The days since [`Day::EARLIEST`], of which those before it are the greatest.
fn days_of(day: Day) -> u32 {
    day.0.wrapping_sub(Day::EARLIEST.0).cast_unsigned()
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "days are 32 bits")]
fn day_of(days: u64) -> Day {
    Day((days as u32).cast_signed().wrapping_add(Day::EARLIEST.0))
}

/// How many purchases and refunds a block of one word each has.
#[inline]
fn counts_of(head: u64) -> (usize, usize) {
    let count = |shift: u32| (head >> shift & ((1 << COUNT_BITS) - 1)) as usize;
    (count(SEGMENT_BITS + 1 + COUNT_BITS), count(SEGMENT_BITS + 1))
}

/// How many words of a block there are behind the first.
#[inline]
fn n_words_behind(head: u64, words: &[u64]) -> usize {
    if head & IS_WIDE == 0 {
        let (n_bought, n_returned) = counts_of(head);
        return n_bought + n_returned;
    }
    let count = |place: usize| words.get(place).map_or(0, |&n| usize::try_from(n).unwrap_or(0));
    3 + 2 * (count(0) + count(1))
}

/// Whether a block may have an order so many days after [`Day::EARLIEST`] or later.
#[inline]
fn may_reach(head: u64, words: &[u64], days: u32) -> bool {
    let (n_bought, n_returned) = counts_of(head);
    let reaches = |n_orders: usize| {
        let last = n_orders.checked_sub(1).and_then(|last| words.get(last));
        last.is_some_and(|word| u64::from(days) <= word >> 32)
    };
    head & IS_WIDE != 0 || reaches(n_bought) || 0 < n_returned && reaches(n_bought + n_returned)
}

/// Takes the orders of one customer out of its block, and says how many of them are purchases.
#[inline]
fn read_block(
    orders: &mut Vec<Purchase>,
    (head, words): (u64, &[u64]),
    customer: CustomerIndex,
) -> usize {
    orders.clear();
    if head & IS_WIDE != 0 {
        return read_wide(orders, words, customer);
    }
    let (n_bought, n_returned) = counts_of(head);
    let words = words.get(..n_bought + n_returned).unwrap_or(&[]);
    orders.extend(words.iter().map(|&word| {
        let amount = (word & u64::from(u32::MAX)).cast_signed();
        Purchase { customer, day: day_of(word >> 32), amount, segment: None }
    }));
    finish(orders, n_bought, segment_of(head >> 1 & ((1 << SEGMENT_BITS) - 1)));
    n_bought
}

#[cold]
#[inline(never)]
fn read_wide(orders: &mut Vec<Purchase>, words: &[u64], customer: CustomerIndex) -> usize {
    let Some((&[n_bought, n_returned, segment], pairs)) = words.split_first_chunk() else {
        return 0;
    };
    let count = |number: u64| usize::try_from(number).unwrap_or(0);
    let (n_bought, n_returned) = (count(n_bought), count(n_returned));
    let pairs = pairs.as_chunks().0.iter().take(n_bought + n_returned);
    orders.extend(pairs.map(|&[days, amount]| {
        let amount = i64::try_from(amount).unwrap_or(i64::MAX);
        Purchase { customer, day: day_of(days), amount, segment: None }
    }));
    finish(orders, n_bought, segment_of(segment));
    n_bought
}

/// Gives refunds their sign, and the first order its segment.
#[inline]
fn finish(orders: &mut [Purchase], n_bought: usize, segment: Option<LabelIndex>) {
    for refund in orders.iter_mut().skip(n_bought) {
        refund.amount = -refund.amount;
    }
    if let Some(first) = orders.first_mut() {
        first.segment = segment;
    }
}

#[cfg(test)]
mod tests {
    use super::{Purchase, Purchases};
    use crate::calendar::Day;

    #[test]
    fn orders_come_back_however_large_they_are() {
        let mut all = Vec::new();
        let amounts = [0, 1, i64::from(u32::MAX), 1 << 32, i64::MAX];
        let days = [i32::MIN, -7306, -7305, 0, 47_481, i32::MAX];
        for (customer, amount) in (0_u32..).step_by(3).zip(amounts) {
            for (days, sign) in [(&days[..], 1), (&days[2..], -1), (&days[..1], 1)] {
                for segment in [None, Some(0), Some((1 << 23) - 2), Some(1 << 23), Some(u32::MAX)] {
                    let customer = customer + u32::try_from(all.len()).expect("few");
                    let order = |&day| Purchase {
                        customer,
                        day: Day(day),
                        amount: sign * amount,
                        segment: None,
                    };
                    let mut own: Vec<Purchase> = days.iter().map(order).collect();
                    own[0].segment = segment;
                    all.extend(own);
                }
            }
        }
        let purchases = Purchases::from_orders(all.clone());
        let (mut bought, mut returned) = (Vec::new(), Vec::new());
        for order in all {
            if order.amount < 0 { &mut returned } else { &mut bought }.push(order);
        }
        assert_eq!(purchases.to_orders(), (bought, returned));
    }

    #[test]
    fn nobody_with_orders_after_a_day_is_passed_over() {
        let days = [i32::MIN, -7306, -7305, -7304, 0, 47_481, i32::MAX];
        let amounts = [1, i64::from(u32::MAX), 1 << 32];
        let mut all = Vec::new();
        for (amount, sign) in amounts.into_iter().flat_map(|amount| [(amount, 1), (amount, -1)]) {
            for (first, last) in days.iter().flat_map(|&first| days.map(|last| (first, last))) {
                let customer = u32::try_from(all.len()).expect("few");
                let order =
                    |day, amount| Purchase { customer, day: Day(day), amount, segment: None };
                all.extend([order(first, amount), order(last, sign * amount)]);
            }
        }
        let purchases = Purchases::from_orders(all.clone());
        for day in days.into_iter().flat_map(|day| [day, day.saturating_add(1)]).map(Day) {
            let mut expected: Vec<Purchase> = all.clone();
            expected.retain(|order| day < order.day);
            let mut seen = Vec::new();
            purchases.for_each_with_orders_after(day, |bought, returned| {
                let orders = bought.iter().chain(returned);
                seen.extend(orders.filter(|order| day < order.day).copied());
            });
            expected.sort_unstable();
            seen.sort_unstable();
            assert_eq!(seen, expected);
        }
        let n_seen = |day: i32| {
            let mut n_seen = 0;
            purchases.for_each_with_orders_after(Day(day), |_, _| n_seen += 1);
            n_seen
        };
        assert!(n_seen(0) < n_seen(-7305) && n_seen(-7305) < n_seen(-7306));
    }

    #[test]
    fn very_many_orders_of_one_customer_come_back() {
        let order = |day| Purchase { customer: 1, day: Day(day), amount: 5, segment: None };
        for n_orders in [4095, 4096, 1 << 20] {
            let mut all: Vec<Purchase> = (0..n_orders).map(order).collect();
            all[0].segment = Some(7);
            let behind = Purchase { customer: 2, ..order(3) };
            all.push(behind);
            let purchases = Purchases::from_orders(all.clone());
            assert_eq!(purchases.to_orders(), (all, Vec::new()));
            let mut seen = Vec::new();
            purchases.visit_customer(2, |bought, _| seen.extend_from_slice(bought));
            assert_eq!(seen, [behind]);
        }
    }
}
