//! Orders and refunds, customer by customer, packed into a few bytes each.
//!
//! It computes nothing: whoever reads it gets the orders of one customer at a time.

use super::packed::{Blocks, Bytes, write_number};
use super::{CustomerIndex, LabelIndex};
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
        for (index, customer) in (0..self.blocks.len()).zip(0..) {
            let mut block = self.blocks.block(index);
            let (n_bought, n_returned) = (block.number(), block.number());
            orders.clear();
            read_orders(&mut orders, &mut block, n_bought, customer, 1);
            let n_purchases = orders.len();
            read_orders(&mut orders, &mut block, n_returned, customer, -1);
            if !orders.is_empty() {
                let (bought, returned) = orders.split_at(n_purchases);
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
        let mut block = self.blocks.block(index);
        let (n_bought, n_returned) = (block.number(), block.number());
        let (mut bought, mut returned) = (Vec::new(), Vec::new());
        read_orders(&mut bought, &mut block, n_bought, customer, 1);
        read_orders(&mut returned, &mut block, n_returned, customer, -1);
        if !bought.is_empty() || !returned.is_empty() {
            visit(&bought, &returned);
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
    write_number(block, bought.len() as u64);
    write_number(block, returned.len() as u64);
    let mut is_first = true;
    for orders in [bought, returned] {
        let mut previous: Option<Day> = None;
        for order in orders {
            // They are sorted, so only the first can lie before another.
            write_number(
                block,
                match previous {
                    Some(previous) => u64::from(order.day.0.abs_diff(previous.0)),
                    None => zigzag(order.day.0),
                },
            );
            previous = Some(order.day);
            let amount = order.amount.unsigned_abs() << 1;
            let segment = order.segment.filter(|_| is_first);
            is_first = false;
            write_number(block, amount | u64::from(segment.is_some()));
            if let Some(segment) = segment {
                write_number(block, u64::from(segment));
            }
        }
    }
}

/// A number of either sign as one without, small where it is near 0.
fn zigzag(number: i32) -> u64 {
    u64::from(number.unsigned_abs()) << 1 | u64::from(number < 0)
}

fn read_orders(
    orders: &mut Vec<Purchase>,
    block: &mut Bytes<'_>,
    n_orders: u64,
    customer: CustomerIndex,
    sign: i64,
) {
    let mut previous: Option<Day> = None;
    for _ in 0..n_orders {
        let number = block.number();
        let day = if let Some(previous) = previous {
            Day(previous.0 + i32::try_from(number).unwrap_or(0))
        } else {
            let size = i32::try_from(number >> 1).unwrap_or(0);
            Day(if number & 1 == 0 { size } else { -size })
        };
        previous = Some(day);
        let amount = block.number();
        let segment = (amount & 1 != 0).then(|| block.number_u32());
        let amount = sign * i64::try_from(amount >> 1).unwrap_or(i64::MAX);
        orders.push(Purchase { customer, day, amount, segment });
    }
}
