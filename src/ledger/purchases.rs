//! Orders and refunds, customer by customer, packed into a few bytes each.
//!
//! It computes nothing: whoever reads it gets the orders of one customer at a time.

use std::ops::Range;

use super::packed::{Blocks, Bytes, write_number, write_pairs};
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
}

impl Purchases {
    /// These orders, in any order: amounts below 0 are refunds.
    #[must_use]
    pub fn from_orders(mut orders: Vec<Purchase>) -> Self {
        orders.sort_unstable();
        let (mut blocks, mut block) = (Blocks::default(), Vec::new());
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
            block.clear();
            write_block(&mut block, &bought, &returned);
            blocks.push(&block);
        }
        Self { blocks }
    }

    /// Those whose blocks are these, written by [`write_block`] in the order of the customers.
    pub(super) fn from_blocks(blocks: Blocks) -> Self {
        Self { blocks }
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

    #[inline(never)]
    fn visit_piece(
        &self,
        piece: Range<usize>,
        orders: &mut Vec<Purchase>,
        visit: &mut impl FnMut(&[Purchase], &[Purchase]),
    ) {
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

/// Packs what one customer bought and gave back, both sorted.
pub(super) fn write_block(block: &mut Vec<u8>, bought: &[Purchase], returned: &[Purchase]) {
    let segment = bought.first().or(returned.first()).and_then(|first| first.segment);
    write_number(block, (bought.len() as u64) << 1 | u64::from(segment.is_some()));
    write_number(block, returned.len() as u64);
    if let Some(segment) = segment {
        write_number(block, u64::from(segment));
    }
    for orders in [bought, returned] {
        let Some(first) = orders.first() else { continue };
        write_number(block, u64::from(zigzag(first.day.0)));
        // They are sorted, so none lies before another.
        let before = std::iter::once(first).chain(orders);
        let pairs = orders.iter().zip(before).map(|(order, before)| {
            (order.day.0.abs_diff(before.day.0), order.amount.unsigned_abs())
        });
        write_pairs(block, pairs);
    }
}

/// The same of a customer with purchases alone, in order, and the segment of the first of them.
#[inline]
pub(super) fn write_purchases(
    block: &mut Vec<u8>,
    bought: impl ExactSizeIterator<Item = (Day, u64)> + Clone,
    segment: Option<LabelIndex>,
) {
    write_number(block, (bought.len() as u64) << 1 | u64::from(segment.is_some()));
    write_number(block, 0);
    if let Some(segment) = segment {
        write_number(block, u64::from(segment));
    }
    let Some((first, _)) = bought.clone().next() else { return };
    write_number(block, u64::from(zigzag(first.0)));
    let mut before = first;
    let pairs = bought.map(move |(day, amount)| {
        let days = day.0.abs_diff(before.0);
        before = day;
        (days, amount)
    });
    write_pairs(block, pairs);
}

/// Takes the orders of one customer out of its block: how many of them are purchases.
fn read_block(orders: &mut Vec<Purchase>, mut block: Bytes<'_>, customer: CustomerIndex) -> usize {
    let (n_bought, n_returned) = (block.number(), block.number());
    let segment = (n_bought & 1 != 0).then(|| block.number_u32());
    orders.clear();
    read_orders(orders, &mut block, n_bought >> 1, customer, 1);
    let n_bought = orders.len();
    read_orders(orders, &mut block, n_returned, customer, -1);
    if let Some(first) = orders.first_mut() {
        first.segment = segment;
    }
    n_bought
}

fn read_orders(
    orders: &mut Vec<Purchase>,
    block: &mut Bytes<'_>,
    n_orders: u64,
    customer: CustomerIndex,
    sign: i64,
) {
    if n_orders == 0 {
        return;
    }
    let mut day = from_zigzag(block.number_u32());
    let n_orders = usize::try_from(n_orders).unwrap_or(usize::MAX);
    orders.extend(block.pairs(n_orders).map(|(days, amount)| {
        day = day.wrapping_add_unsigned(days);
        let amount = sign * i64::try_from(amount).unwrap_or(i64::MAX);
        Purchase { customer, day: Day(day), amount, segment: None }
    }));
}

/// A number of either sign as one without, small where it is near 0.
fn zigzag(number: i32) -> u32 {
    (number << 1 ^ number >> 31).cast_unsigned()
}

fn from_zigzag(number: u32) -> i32 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}
