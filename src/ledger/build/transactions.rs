//! Order rows to purchases and refunds: the rows of one order are one purchase.
//!
//! What was never paid is left out. What was paid back was bought all the same: its customer counts,
//! and the money is subtracted from revenue.

use std::collections::{HashMap, HashSet};

use super::cells::{Cells, Money};
use super::words::{PaymentState, read_payment_state};
use super::{Places, Reject, ShapeBuilder, text};
use crate::calendar::Day;
use crate::ingest::Row;
use crate::ledger::{Histories, Purchase, Purchases};
use crate::note::{Notes, Severity};
use crate::roles::{Detection, Role};

/// One row that is used.
#[derive(Clone, Copy, Debug)]
struct Line {
    purchase: Purchase,
    refund: i64,
    order: Option<u32>,
    /// Its state says that it was paid back, and no cell of it says how much.
    is_paid_back: bool,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Transactions {
    lines: Vec<Line>,
    orders: HashMap<String, u32>,
    previous_order: String,
    date: usize,
    amount: Option<usize>,
}

impl Transactions {
    pub(super) fn new(detection: &Detection) -> Self {
        Self {
            lines: Vec::new(),
            orders: HashMap::new(),
            previous_order: String::new(),
            date: detection.column(Role::Date).unwrap_or(0),
            amount: detection.column(Role::Amount),
        }
    }

    fn amount(&self, row: &Row<'_>, cells: &mut Cells) -> Result<i64, Reject> {
        if let Some(column) = self.amount {
            let money = cells.money(row, column)?;
            return cells.minor(row, column, money);
        }
        let (price, pieces) =
            (cells.column(Role::UnitPrice).unwrap_or(0), cells.column(Role::Quantity).unwrap_or(0));
        let money = cells.money(row, price)?;
        let pieces = cells.quantity(row, pieces)?;
        let amount =
            money.amount.times(pieces).map_err(|defect| cells.bad_amount(row, price, defect))?;
        cells.minor(row, price, Money { amount })
    }

    /// Whether the row's state says that it was paid back.
    fn check_state(row: &Row<'_>, cells: &mut Cells) -> Result<bool, Reject> {
        let Some(column) = cells.column(Role::Status) else { return Ok(false) };
        let cell = row.field(column);
        if cell.is_empty() {
            return Ok(false);
        }
        match read_payment_state(cell) {
            Some(PaymentState::Paid) => Ok(false),
            Some(PaymentState::Refunded) => Ok(true),
            Some(PaymentState::NotPaid) => Err(Reject::new(
                "not-paid",
                format!("Row {} was not paid: {}.", row.number(), text::shown(cell)),
            )
            .with_severity(Severity::Info)
            .in_column(cells.name(column))),
            None => {
                cells.found("unknown-status", Severity::Info, Some(column), || {
                    format!(
                        "The state {} is not known. Such rows count as paid.",
                        text::shown(cell)
                    )
                });
                Ok(false)
            }
        }
    }
}

impl ShapeBuilder for Transactions {
    fn take(&mut self, row: &Row<'_>, cells: &mut Cells) -> Result<(), Reject> {
        let order = cells.cell(row, Role::Order);
        let continues = !order.is_empty()
            && order == self.previous_order
            && cells.cell(row, Role::Customer).is_empty()
            && self.amount.is_some_and(|column| row.field(column).is_empty());
        if continues {
            return Err(Reject::new(
                "order-line",
                format!(
                    "Row {} lists a further item of the order above it, whose total is counted there.",
                    row.number()
                ),
            )
            .with_severity(Severity::Info));
        }
        self.previous_order.clear();
        self.previous_order.push_str(order);
        // What was not paid may well lack a date or a customer; that it was not paid is the reason.
        let says_paid_back = Self::check_state(row, cells)?;
        let id = cells.customer_id(row)?;
        let day: Day = cells.day(row, self.date)?;
        let amount = self.amount(row, cells)?;
        let refund = match cells.column(Role::Refund).filter(|&i| !row.field(i).is_empty()) {
            Some(column) => {
                let money = cells.money(row, column)?;
                cells.part_in_minor(row, column, money, (1, 1))?.abs()
            }
            None => 0,
        };
        let next = u32::try_from(self.orders.len()).unwrap_or(u32::MAX);
        let order = (!order.is_empty()).then(|| {
            if let Some(&place) = self.orders.get(order) {
                place
            } else {
                self.orders.insert(order.to_owned(), next);
                next
            }
        });
        let purchase =
            Purchase { customer: cells.intern(id), day, amount, segment: cells.segment(row) };
        let is_paid_back = says_paid_back && 0 < amount && refund == 0;
        self.lines.push(Line { purchase, refund, order, is_paid_back });
        Ok(())
    }

    fn finish(self: Box<Self>, places: &Places, _notes: &mut Notes) -> Histories {
        let mut found = Purchases::default();
        let mut add = |purchase: Purchase| {
            if purchase.amount < 0 {
                found.refunds.push(purchase);
            } else {
                found.purchases.push(purchase);
            }
        };
        let mut by_order: HashMap<(u32, u32), Purchase> = HashMap::new();
        let mut refunds = Vec::new();
        // Where a file lists refunds as rows of their own, a state adds nothing to them.
        let key = |line: &Line| (line.purchase.customer, line.order);
        let refunded: HashSet<_> =
            self.lines.iter().filter(|line| line.purchase.amount < 0).map(key).collect();
        for line in &self.lines {
            let purchase = Purchase {
                customer: places.customer(line.purchase.customer),
                segment: places.segment(line.purchase.segment),
                ..line.purchase
            };
            let customer = purchase.customer;
            if line.refund != 0 {
                refunds.push(Purchase { amount: -line.refund, ..purchase });
            } else if line.is_paid_back && !refunded.contains(&key(line)) {
                refunds.push(Purchase { amount: -purchase.amount, ..purchase });
            }
            match line.order {
                // A negative row of an order is money paid back, on its own day.
                Some(order) if 0 <= purchase.amount => {
                    by_order
                        .entry((customer, order))
                        .and_modify(|known| {
                            known.amount = known.amount.saturating_add(purchase.amount);
                            known.day = known.day.min(purchase.day);
                            known.segment = known.segment.min(purchase.segment);
                        })
                        .or_insert(purchase);
                }
                _ => add(purchase),
            }
        }
        let mut orders: Vec<Purchase> = by_order.into_values().collect();
        orders.sort_unstable();
        orders.into_iter().chain(refunds).for_each(&mut add);
        found.purchases.sort_unstable();
        found.refunds.sort_unstable();
        Histories::Purchases(found)
    }
}
