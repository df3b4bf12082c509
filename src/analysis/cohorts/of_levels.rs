//! Cohorts of customers with recurring revenue: who is active at the close of each age.
//!
//! It looks at closes only: what a customer pays between two of them is not seen.

use super::table::{Row, Sums, Table, days_between};
use super::{CohortClock, CohortOptions, Cohorts};
use crate::analysis::exact::Exact;
use crate::analysis::levels::{Steps, VisitSteps};
use crate::analysis::period_figures::Scale;
use crate::analysis::span::Periods;
use crate::calendar::Day;

/// The cohorts while customers are added to them.
pub(in crate::analysis) struct CohortsOfLevels<'a> {
    table: Table<'a>,
    options: CohortOptions,
}

impl<'a> CohortsOfLevels<'a> {
    pub(in crate::analysis) fn new(periods: &'a Periods, options: CohortOptions) -> Self {
        Self { table: Table::new(periods, options.clock), options }
    }

    pub(in crate::analysis) fn finish(self, scale: Scale) -> Cohorts {
        self.table.finish(Sums::Changes, self.options.counting, scale)
    }
}

impl VisitSteps for CohortsOfLevels<'_> {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        let (periods, clock) = (self.table.periods, self.table.clock);
        let first = steps.first_day();
        let cohort = periods.index_of(first);
        let row = self.table.begin(cohort);
        match clock {
            CohortClock::Calendar => {
                let last_age = periods.len() - cohort - 1;
                add(row, steps, last_age, |day| periods.index_of(day) - cohort);
            }
            CohortClock::Days(days) => {
                let days = usize::from(days.max(1));
                let last_age = days_between(first, periods.as_of()) / days;
                // A level is seen from the first close of an age at or after its day on.
                add(row, steps, last_age, |day: Day| days_between(first, day).div_ceil(days));
            }
        }
    }
}

/// Adds a customer up to its last age; `age_of` is the first age at whose close a day has passed.
fn add<T: Exact>(
    row: &mut Row,
    steps: Steps<'_, T>,
    last_age: usize,
    age_of: impl Fn(Day) -> usize,
) {
    let none = T::default();
    let (mut then, mut before, mut last_active) = (none, none, None);
    let mut each = steps.days.iter().zip(steps.monthly_minor).peekable();
    while let Some((&day, &now)) = each.next() {
        let age = age_of(day);
        if last_age < age {
            break;
        }
        if each.peek().is_some_and(|next| age_of(*next.0) == age) {
            continue;
        }
        if age == 0 {
            then = now;
        } else if none < before {
            last_active = Some(age - 1);
        }
        row.change(age, before, now, then);
        before = now;
    }
    if none < before {
        last_active = Some(last_age);
        // Behind its last age nothing is known of it.
        row.change(last_age + 1, before, none, then);
    }
    row.reach(then, last_age, Some(last_age));
    row.last_active(last_active);
}
