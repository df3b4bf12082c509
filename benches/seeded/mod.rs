//! Made-up files, the same bytes on every run: the three shapes with rows of customers.
//!
//! They are for measuring speed and memory; no expected number rests on them.

#![allow(
    dead_code,
    clippy::expect_used,
    reason = "each program that takes this in uses a part of it"
)]

pub(crate) mod hot_loops;

use std::fmt::Write;

use retention_calculator::calendar::Day;

/// The shapes, by the name of the file that they make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Orders over three years, by date.
    Orders,
    /// Subscriptions over five years, with quoted reasons.
    Subscriptions,
    /// Monthly revenue over three years, by month.
    Monthly,
}

/// All of them.
pub(crate) const SHAPES: [Shape; 3] = [Shape::Orders, Shape::Subscriptions, Shape::Monthly];

/// splitmix64 (G. L. Steele, D. Lea, C. H. Flood 2014).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number below `n`.
    fn below(&mut self, n: u32) -> u32 {
        (((self.next() >> 32) * u64::from(n)) >> 32) as u32
    }
}

/// The id of a customer: as long as those of payment providers, and in no order.
fn id(number: u32) -> String {
    let mixed = Dice(u64::from(number)).next();
    format!("cus_{:014x}", mixed >> 8)
}

const LAST_DAY: i32 = 20_088;

fn iso(days_before_the_last: u32) -> String {
    Day(LAST_DAY - days_before_the_last.cast_signed()).to_iso()
}

/// A file of so many rows of so many customers.
pub(crate) fn csv(shape: Shape, n_rows: u32, n_customers: u32) -> String {
    let mut dice = Dice(u64::from(n_customers));
    let mut text = String::new();
    let add = |text: &mut String, row: std::fmt::Arguments<'_>| {
        // Writing to a string does not fail.
        let _ = text.write_fmt(row);
    };
    match shape {
        Shape::Orders => {
            text.push_str("order_id,customer_id,order_date,amount\n");
            for row in 0..n_rows {
                let before = 1095 - row / n_rows.div_ceil(1096);
                let customer = id(dice.below(n_customers));
                // Refunds are so small that no customer's revenue falls below 0.
                let (sign, cents) = match dice.below(50) {
                    0 => ("-", 1 + dice.below(50)),
                    _ => ("", 500 + dice.below(20_000)),
                };
                let (date, major, minor) = (iso(before), cents / 100, cents % 100);
                add(&mut text, format_args!("{row},{customer},{date},{sign}{major}.{minor:02}\n"));
            }
        }
        Shape::Subscriptions => {
            text.push_str("customer_id,start_date,end_date,mrr,cancel_reason\n");
            let reasons = ["\"Too expensive, for now\"", "\"They said \"\"no\"\"\"", "Other"];
            for _ in 0..n_rows {
                let (customer, start) = (id(dice.below(n_customers)), 30 + dice.below(1_796));
                let length = 20 + dice.below(1_200);
                let (end, reason) = if length < start {
                    (iso(start - length), reasons[dice.below(3) as usize])
                } else {
                    (String::new(), "")
                };
                let (start, major) = (iso(start), 9 + dice.below(190));
                add(&mut text, format_args!("{customer},{start},{end},{major}.00,{reason}\n"));
            }
        }
        Shape::Monthly => {
            text.push_str("customer_id,month,mrr\n");
            let n_a_month = n_rows.div_ceil(36);
            for row in 0..n_rows {
                let month = row / n_a_month;
                let (year, month) = (2022 + month / 12, month % 12 + 1);
                // Neighbours stay for months: the window over the customers moves on slowly.
                let first = n_customers / 72 * (row / n_a_month);
                let customer = (first + row % n_a_month) % n_customers;
                let major = 10 + customer % 90 + dice.below(8) / 7 * 10;
                let customer = id(customer);
                add(&mut text, format_args!("{customer},{year}-{month:02},{major}.50\n"));
            }
        }
    }
    text
}
