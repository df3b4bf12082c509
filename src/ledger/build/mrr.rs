//! Monthly revenue to spells: one row per customer and month, or one column per month.
//!
//! Several cells of one customer and month add up; a month without a cell is zero.

use super::cells::Cells;
use super::{Places, Reject, ShapeBuilder, text};
use crate::calendar::{Granularity, Period};
use crate::ingest::Row;
use crate::ingest::date::read_month;
use crate::ledger::{Histories, LabelIndex, Recurring, Spell};
use crate::note::{Notes, Severity};
use crate::number::Minor;
use crate::roles::{Detection, Role};

/// One customer's revenue in one month, as one row gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    customer: u32,
    month: Period,
    amount: i64,
    segment: Option<LabelIndex>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Mrr {
    cells: Vec<Cell>,
    months: Vec<(usize, Period)>,
    month: Option<usize>,
    amount: Option<usize>,
    row: Vec<(Period, i64)>,
}

impl Mrr {
    pub(super) fn new(detection: &Detection) -> Self {
        Self {
            cells: Vec::new(),
            months: detection.months.clone(),
            month: detection.column(Role::Month),
            amount: detection.column(Role::Amount),
            row: Vec::new(),
        }
    }

    /// The revenue in one column; nothing where the cell is empty.
    fn amount(row: &Row<'_>, cells: &mut Cells, column: usize) -> Result<i64, Reject> {
        let money = cells.money(row, column)?;
        if money.amount.mantissa < 0 {
            return Err(cells.negative(row, column));
        }
        cells.minor(row, column, money)
    }
}

impl ShapeBuilder for Mrr {
    fn take(&mut self, row: &Row<'_>, cells: &mut Cells) -> Result<(), Reject> {
        let id = cells.customer_id(row)?;
        self.row.clear();
        if let (Some(month), Some(amount)) = (self.month, self.amount) {
            let cell = row.field(month);
            let reading = read_month(cell, Some(cells.date_order()))
                .ok()
                .filter(|reading| reading.granularity == Granularity::Month)
                .map(|reading| reading.period);
            let period = if let Some(period) = reading {
                cells.saw_days(period.first_day(), period.last_day());
                period
            } else {
                // The reason is the same as for any date that cannot be read.
                Period::containing(cells.day(row, month)?, Granularity::Month)
            };
            self.row.push((period, Self::amount(row, cells, amount)?));
        } else {
            for &(column, period) in &self.months {
                if !row.field(column).is_empty() {
                    self.row.push((period, Self::amount(row, cells, column)?));
                }
            }
            if let (Some(&(_, first)), Some(&(_, last))) = (self.months.first(), self.months.last())
            {
                cells.saw_days(first.first_day(), last.last_day());
            }
        }
        let customer = cells.intern(id);
        let segment = cells.segment(row);
        self.cells.extend(self.row.iter().map(|&(month, amount)| Cell {
            customer,
            month,
            amount,
            segment,
        }));
        Ok(())
    }

    fn finish(mut self: Box<Self>, places: &Places, notes: &mut Notes) -> Histories {
        for cell in &mut self.cells {
            cell.customer = places.customer(cell.customer);
            cell.segment = places.segment(cell.segment);
        }
        self.cells.sort_unstable();
        self.tell_empty_months(notes);
        let mut spells: Vec<Spell> = Vec::new();
        let mut rest = self.cells.as_slice();
        while let Some(&first) = rest.first() {
            let same = |cell: &Cell| (cell.customer, cell.month) == (first.customer, first.month);
            let n_same = rest.iter().take_while(|cell| same(cell)).count();
            let (cells, after) = rest.split_at(n_same);
            rest = after;
            let total: Minor = cells.iter().map(|cell| Minor::from(cell.amount)).sum();
            if total == 0 {
                continue;
            }
            let monthly = i64::try_from(total).unwrap_or(i64::MAX);
            let (start, end) = (first.month.first_day(), first.month.next().first_day());
            // Months of the same revenue are one spell.
            if let Some(previous) = spells.last_mut()
                && (previous.customer, previous.monthly, previous.segment, previous.end)
                    == (first.customer, monthly, first.segment, Some(start))
            {
                previous.end = Some(end);
                continue;
            }
            spells.push(Spell {
                customer: first.customer,
                start,
                end: Some(end),
                monthly,
                segment: first.segment,
                reason: None,
                renewal: None,
            });
        }
        Histories::Recurring(Recurring { spells, is_monthly: true })
    }
}

impl Mrr {
    /// Tells of months between the first and the last that no row speaks of.
    fn tell_empty_months(&self, notes: &mut Notes) {
        let mut months: Vec<Period> = match self.month {
            Some(_) => self.cells.iter().map(|cell| cell.month).collect(),
            None => self.months.iter().map(|&(_, month)| month).collect(),
        };
        months.sort_unstable();
        months.dedup();
        for pair in months.windows(2) {
            let mut month = pair[0].next();
            while month != pair[1] {
                let label = month.label();
                notes.tell("empty-month", Severity::Warning, None, None, || {
                    format!(
                        "No row speaks of {}: everyone counts as gone in it.",
                        text::shown(&label)
                    )
                });
                month = month.next();
            }
        }
    }
}
