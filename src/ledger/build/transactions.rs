//! Order rows to purchases and refunds: the rows of one order are one purchase.
//!
//! What was never paid is left out. What was paid back was bought all the same: its customer counts,
//! and the money is subtracted from revenue.

use std::ops::Range;

use super::cells::columns::{Columns, DaySpan};
use super::cells::{Cells, Money};
use super::facts::{Fact, Facts, renumbered};
use super::packing::Packing;
use super::part::{Renumbering, read_text, write_text};
use super::remembered::Remembered;
use super::short::{day_of, number_of, packed_day, parts_of_number, parts_of_word, word_of};
use super::words::{PaymentState, read_payment_state};
use super::{Places, Rejected, ShapeBuilder, text};
use crate::calendar::Day;
use crate::ingest::{Row, RowBatch};
use crate::ledger::blocks::Blocks;
use crate::ledger::interner::hash;
use crate::ledger::packed::{Bytes, write_number};
use crate::ledger::purchases::{write_block, write_purchases};
use crate::ledger::{Histories, LabelIndex, Purchase, Purchases};
use crate::note::{Notes, Severity};
use crate::roles::{Detection, Role};

/// One row that is used.
#[derive(Clone, Copy, Debug)]
struct Line {
    day: Day,
    amount: i64,
    segment: Option<LabelIndex>,
    refund: i64,
    /// 64 bits of the order's id, which tell the orders of one customer apart.
    order: Option<u64>,
    /// Its state says that it was paid back, and no cell of it says how much.
    is_paid_back: bool,
}

const IS_NEGATIVE: u8 = 1;
const HAS_SEGMENT: u8 = 2;
const HAS_REFUND: u8 = 4;
const HAS_ORDER: u8 = 8;
const IS_PAID_BACK: u8 = 16;

impl Line {
    #[inline]
    fn flags(&self) -> u8 {
        let flag = |is_there: bool, flag: u8| if is_there { flag } else { 0 };
        flag(self.amount < 0, IS_NEGATIVE)
            | flag(self.segment.is_some(), HAS_SEGMENT)
            | flag(self.refund != 0, HAS_REFUND)
            | flag(self.order.is_some(), HAS_ORDER)
            | flag(self.is_paid_back, IS_PAID_BACK)
    }

    /// One with nothing to it but its day, its amount and its segment.
    #[inline]
    fn plain((day, amount, segment): (u16, u32, Option<LabelIndex>)) -> Self {
        let (day, amount) = (day_of(day), i64::from(amount));
        Self { day, amount, segment, refund: 0, order: None, is_paid_back: false }
    }
}

impl Fact<1> for Line {
    #[inline]
    fn words(&self) -> Option<[u64; 1]> {
        if self.flags() & !HAS_SEGMENT != 0 {
            return None;
        }
        Some([word_of(packed_day(self.day), self.amount, self.segment)?])
    }

    #[inline]
    fn of_words([word]: [u64; 1]) -> Self {
        Self::plain(parts_of_word(word))
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&packed_day(self.day).to_le_bytes());
        write_number(out, self.amount.unsigned_abs());
        out.push(self.flags());
        if let Some(segment) = self.segment {
            write_number(out, u64::from(segment));
        }
        if self.refund != 0 {
            write_number(out, self.refund.unsigned_abs());
        }
        if let Some(order) = self.order {
            out.extend_from_slice(&order.to_le_bytes());
        }
    }

    fn read(bytes: &mut Bytes<'_>) -> Self {
        let day = day_of(bytes.u16());
        let amount = i64::try_from(bytes.number()).unwrap_or(i64::MAX);
        let flags = bytes.byte();
        let has = |flag: u8| flags & flag != 0;
        Self {
            day,
            amount: if has(IS_NEGATIVE) { -amount } else { amount },
            segment: has(HAS_SEGMENT).then(|| bytes.number_u32()),
            refund: if has(HAS_REFUND) {
                i64::try_from(bytes.number()).unwrap_or(i64::MAX)
            } else {
                0
            },
            order: has(HAS_ORDER).then(|| bytes.u64()),
            is_paid_back: has(IS_PAID_BACK),
        }
    }
}

/// See the module.
#[derive(Debug)]
pub(super) struct Transactions {
    facts: Facts<Line, 1>,
    previous_order: String,
    has_begun: bool,
    /// Whether the first row lists a further item of an order.
    begins_with_a_line: bool,
    date: usize,
    amount: Option<usize>,
    order: Option<usize>,
    refund: Option<usize>,
    status: Option<usize>,
    states: Remembered<Option<PaymentState>>,
}

impl Transactions {
    pub(super) fn new(detection: &Detection) -> Self {
        Self {
            facts: Facts::default(),
            previous_order: String::new(),
            has_begun: false,
            begins_with_a_line: false,
            date: detection.column(Role::Date).unwrap_or(0),
            amount: detection.column(Role::Amount),
            order: detection.column(Role::Order),
            refund: detection.column(Role::Refund),
            status: detection.column(Role::Status),
            states: Remembered::default(),
        }
    }

    /// How many of the rows were paid, from the first on, and nothing of it was paid back.
    fn n_paid(&mut self, rows: &RowBatch<'_>, range: Range<usize>) -> usize {
        let mut end = range.end;
        if let Some(column) = self.refund {
            let has_refund = |&index: &usize| !rows.field(index, column).is_empty();
            end = (range.start..end).find(has_refund).unwrap_or(end);
        }
        if let Some(column) = self.status {
            let is_other = |&index: &usize| {
                let cell = rows.row(index).field(column);
                !cell.is_empty()
                    && self.states.get(cell, read_payment_state) != Some(PaymentState::Paid)
            };
            end = (range.start..end).find(is_other).unwrap_or(end);
        }
        end - range.start
    }

    fn amount(&self, row: &Row<'_>, cells: &mut Cells) -> Result<i64, Rejected> {
        if let Some(column) = self.amount
            && let Some(minor) = cells.plain_minor(row, column)
        {
            return Ok(minor);
        }
        self.any_amount(row, cells)
    }

    #[inline(never)]
    fn any_amount(&self, row: &Row<'_>, cells: &mut Cells) -> Result<i64, Rejected> {
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
    #[inline(never)]
    fn check_state(
        &mut self,
        row: &Row<'_>,
        cells: &mut Cells,
        column: usize,
    ) -> Result<bool, Rejected> {
        let cell = row.field(column);
        if cell.is_empty() {
            return Ok(false);
        }
        match self.states.get(cell, read_payment_state) {
            Some(PaymentState::Paid) => Ok(false),
            Some(PaymentState::Refunded) => Ok(true),
            Some(PaymentState::NotPaid) => {
                Err(cells.reject("not-paid", Severity::Info, Some(column), |_| {
                    format!("Row {} was not paid: {}.", row.number(), text::shown(cell))
                }))
            }
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

#[inline(never)]
fn refund_of(row: &Row<'_>, cells: &mut Cells, column: usize) -> Result<i64, Rejected> {
    if row.field(column).is_empty() {
        return Ok(0);
    }
    let money = cells.money(row, column)?;
    Ok(cells.part_in_minor(row, column, money, (1, 1))?.abs())
}

impl ShapeBuilder for Transactions {
    fn take(&mut self, row: &Row<'_>, cells: &mut Cells) -> Result<(), Rejected> {
        let order = self.order.map_or("", |column| row.field(column));
        let is_line = !order.is_empty()
            && cells.cell(row, Role::Customer).is_empty()
            && self.amount.is_some_and(|column| row.field(column).is_empty());
        self.begins_with_a_line |= is_line && !self.has_begun;
        self.has_begun = true;
        if is_line && order == self.previous_order {
            return Err(cells.reject("order-line", Severity::Info, None, |_| {
                format!(
                    "Row {} lists a further item of the order above it, whose total is counted there.",
                    row.number()
                )
            }));
        }
        if self.order.is_some() {
            self.previous_order.clear();
            self.previous_order.push_str(order);
        }
        // What was not paid may well lack a date or a customer; that it was not paid is the reason.
        let says_paid_back = match self.status {
            Some(column) => self.check_state(row, cells, column)?,
            None => false,
        };
        let id = cells.customer_id(row)?;
        let day: Day = cells.day(row, self.date)?;
        let amount = self.amount(row, cells)?;
        let refund = match self.refund {
            Some(column) => refund_of(row, cells, column)?,
            None => 0,
        };
        let line = Line {
            day,
            amount,
            segment: cells.segment(row),
            refund,
            order: (!order.is_empty()).then(|| hash(order.as_bytes())),
            is_paid_back: says_paid_back && 0 < amount && refund == 0,
        };
        let number = cells.row_number();
        self.facts.push(&mut cells.customers, id, number, line);
        Ok(())
    }

    fn take_plain(
        &mut self,
        rows: &RowBatch<'_>,
        range: Range<usize>,
        cells: &mut Cells,
        columns: &mut Columns,
    ) -> usize {
        let Some(amount) = self.amount else { return 0 };
        let from = range.start;
        let end_of = |n_rows: usize| from..from + n_rows;
        let n_rows = self.n_paid(rows, range);
        let n_rows = cells.plain_ids(rows, end_of(n_rows), &mut columns.ids);
        let n_rows = Cells::plain_days(rows, end_of(n_rows), self.date, &mut columns.days);
        let n_rows = cells.plain_minors(rows, end_of(n_rows), amount, 0, &mut columns.amounts);
        if 0 < n_rows {
            cells.segments(rows, end_of(n_rows), &mut columns.segments);
            self.facts.settle(&mut cells.customers);
            cells.customers_of(rows, end_of(n_rows), columns);
            let Columns { customers, days, amounts, segments, .. } = columns;
            let days = &days[..n_rows];
            cells.commit_many(DaySpan::of(days), amounts);
            let order_of = |index: usize| self.order.map(|column| rows.field(from + index, column));
            self.facts.push_each(customers, |index| Line {
                day: days[index],
                amount: amounts[index],
                segment: segments[index],
                refund: 0,
                order: order_of(index).filter(|order| !order.is_empty()).map(hash),
                is_paid_back: false,
            });
            if let Some(column) = self.order {
                self.previous_order.clear();
                self.previous_order.push_str(rows.row(from + n_rows - 1).field(column));
            }
            self.has_begun = true;
        }
        n_rows
    }

    fn settle(&mut self, cells: &mut Cells) {
        self.facts.settle(&mut cells.customers);
    }

    fn is_seam_certain(&self) -> bool {
        !self.begins_with_a_line
    }

    fn write_part(&self, out: &mut Vec<u8>) {
        out.push(u8::from(self.has_begun));
        write_text(out, self.previous_order.as_bytes());
        self.facts.write_part(out);
    }

    fn absorb(&mut self, part: &mut Bytes<'_>, renumbering: &Renumbering) {
        let has_begun = part.byte() != 0;
        let previous_order = read_text(part);
        if has_begun {
            self.has_begun = true;
            self.previous_order = String::from_utf8_lossy(previous_order).into_owned();
        }
        self.facts.absorb(part, &renumbering.customers, |line: &mut Line| {
            line.segment = renumbered(line.segment, &renumbering.segments);
        });
    }

    fn finish(self: Box<Self>, places: &Places, _notes: &mut Notes) -> Histories {
        let packing = OrdersOf { places, orders: Orders::default() };
        let (_, mut blocks) = self.facts.into_blocks(places.len(), packing);
        blocks.put_in_order(places.customers());
        Histories::Purchases(Purchases::from_blocks(blocks, places.new_places()))
    }
}

/// The orders of each customer.
struct OrdersOf<'a> {
    places: &'a Places,
    orders: Orders,
}

impl Packing for OrdersOf<'_> {
    type Fact = Line;

    fn places(&self) -> &Places {
        self.places
    }

    fn labelled(&self, line: Line) -> Line {
        Line { segment: self.places.segment(line.segment), ..line }
    }

    fn number(&self, line: &Line) -> Option<u64> {
        let amount = u32::try_from(line.amount).ok()?;
        let is_short = line.flags() & !HAS_SEGMENT == 0;
        number_of(packed_day(line.day), amount, line.segment).filter(|_| is_short)
    }

    fn short(&self, number: u64) -> Line {
        Line::plain(parts_of_number(number))
    }

    fn pack(&mut self, lines: &mut Vec<Line>, blocks: &mut Blocks) {
        self.orders.settle(lines);
        write_block(blocks, &self.orders.bought, &self.orders.returned);
    }

    fn pack_short(&mut self, numbers: &[u64], blocks: &mut Blocks) {
        let segment = numbers.first().and_then(|&first| parts_of_number(first).2);
        let orders = numbers.iter().map(|&number| {
            let (day, amount, _) = parts_of_number(number);
            (day.into(), amount)
        });
        write_purchases(blocks, orders, segment);
    }
}

/// What the lines of one customer come to.
#[derive(Default)]
struct Orders {
    bought: Vec<Purchase>,
    returned: Vec<Purchase>,
    /// The orders with a row of money paid back.
    refunded: Vec<Option<u64>>,
    /// The purchases of orders with an id.
    by_order: Vec<(u64, Purchase)>,
}

impl Orders {
    #[inline(never)]
    fn settle(&mut self, lines: &[Line]) {
        self.bought.clear();
        self.returned.clear();
        self.by_order.clear();
        self.refunded.clear();
        // Where a file lists refunds as rows of their own, a state adds nothing to them.
        self.refunded.extend(lines.iter().filter(|line| line.amount < 0).map(|line| line.order));
        self.refunded.sort_unstable();
        for line in lines {
            let &Line { day, amount, segment, .. } = line;
            let purchase = Purchase { customer: 0, day, amount, segment };
            if line.refund != 0 {
                self.returned.push(Purchase { amount: -line.refund, ..purchase });
            } else if line.is_paid_back && self.refunded.binary_search(&line.order).is_err() {
                self.returned.push(Purchase { amount: -amount, ..purchase });
            }
            match line.order {
                // A negative row is money paid back, on its own day.
                _ if amount < 0 => self.returned.push(purchase),
                Some(order) => self.by_order.push((order, purchase)),
                None => self.bought.push(purchase),
            }
        }
        self.by_order.sort_unstable();
        for rows in self.by_order.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(_, first)) = rows.first() else { continue };
            let sum = rows[1..].iter().fold(first, |known, &(_, row)| Purchase {
                amount: known.amount.saturating_add(row.amount),
                day: known.day.min(row.day),
                ..known
            });
            // An order belongs to what costs most of it.
            let most = rows.iter().map(|(_, row)| *row);
            let most = most.max_by_key(|row| (row.amount, std::cmp::Reverse(row.segment)));
            self.bought.push(Purchase { segment: most.and_then(|row| row.segment), ..sum });
        }
        for orders in [&mut self.bought, &mut self.returned] {
            if !orders.is_sorted() {
                orders.sort_unstable();
            }
        }
    }
}
