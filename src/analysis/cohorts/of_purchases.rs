//! Cohorts of customers who buy: who buys at each age, and for how much.
//!
//! It knows no contract, so who skips an age can come back to the same cohort.

use super::table::{Row, Sums, Table, days_between};
use super::{CohortClock, CohortOptions, Cohorts};
use crate::analysis::exact::Exact;
use crate::analysis::orders::Orders;
use crate::analysis::period_figures::Scale;
use crate::analysis::purchases::{Cell, fill_cells};
use crate::analysis::span::Periods;
use crate::calendar::Granularity;

/// The cohorts while customers are added to them.
pub(in crate::analysis) struct CohortsOfPurchases<'a> {
    table: Table<'a>,
    options: CohortOptions,
}

impl<'a> CohortsOfPurchases<'a> {
    pub(in crate::analysis) fn new(periods: &'a Periods, options: CohortOptions) -> Self {
        Self { table: Table::new(periods, options.clock), options }
    }

    pub(in crate::analysis) fn finish(self, scale: Scale) -> Cohorts {
        self.table.finish(Sums::Totals, self.options.counting, scale)
    }

    /// Whether cells by calendar periods of a length are what ages are counted in.
    pub(in crate::analysis) fn takes_cells_by(&self, granularity: Granularity) -> bool {
        self.table.clock == CohortClock::Calendar && self.table.periods.granularity() == granularity
    }

    /// Adds a customer who has bought something; `cells` is a place to work in.
    pub(in crate::analysis) fn add<T: Exact>(
        &mut self,
        orders: Orders<'_>,
        cells: &mut Vec<Cell<T>>,
    ) {
        let periods = self.table.periods;
        match self.table.clock {
            CohortClock::Calendar => {
                fill_cells(cells, orders, |day| periods.index_of(day));
                self.add_by_period(orders, cells);
            }
            CohortClock::Days(days) => {
                let Some(first) = orders.purchases.first().map(|purchase| purchase.day) else {
                    return;
                };
                let n_early = orders.refunds.partition_point(|refund| refund.day < first);
                let later = Orders { refunds: &orders.refunds[n_early..], ..orders };
                let days = usize::from(days.max(1));
                fill_cells(cells, later, |day| days_between(first, day) / days);
                let n_days = days_between(first, periods.as_of()) + 1;
                let row = self.table.begin(periods.index_of(first));
                add(row, cells, 0, (n_days - 1) / days, (n_days / days).checked_sub(1));
            }
        }
    }

    /// The same of a customer whose cells are those of the table's calendar periods.
    pub(in crate::analysis) fn add_by_period<T: Exact>(
        &mut self,
        orders: Orders<'_>,
        cells: &[Cell<T>],
    ) {
        let Some(first) = orders.purchases.first() else { return };
        let periods = self.table.periods;
        let cohort = periods.index_of(first.day);
        let last_age = periods.len() - cohort - 1;
        add(self.table.begin(cohort), cells, cohort, last_age, Some(last_age));
    }
}

/// Adds the cells of a customer, the first of whose ages is that of the place `first`.
fn add<T: Exact>(
    row: &mut Row,
    cells: &[Cell<T>],
    first: usize,
    begun: usize,
    ended: Option<usize>,
) {
    let none = T::default();
    let (mut then, mut last_active) = (none, None);
    for cell in cells.iter().filter(|cell| first <= cell.period) {
        let age = cell.period - first;
        let (is_active, now) = (cell.standing.is_active, cell.standing.revenue_minor);
        if age == 0 && is_active {
            then = now.max(none);
        }
        let was_active = last_active.is_some_and(|last| last + 1 == age);
        row.add(age, (is_active, was_active), now, then);
        if is_active {
            last_active = Some(age);
        }
    }
    row.reach(then, begun, ended);
    row.last_active(last_active);
}
