//! The table of cohorts while customers are added to it, and what becomes of it at the end.
//!
//! It does not know what a customer did: who adds one says what changes at which age.

use super::means::means;
use super::{Cohort, CohortAge, CohortClock, CohortCounting, Cohorts, RevenueSquares};
use crate::analysis::exact::Exact;
use crate::analysis::period_figures::Scale;
use crate::analysis::span::{Periods, Span};
use crate::calendar::Day;
use crate::number::Minor;
use crate::number::linearized::product;

/// What is added up of a cohort at one age.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AgeSums {
    pub(super) n_active: i64,
    /// Of these, who were active one age before.
    pub(super) n_kept: i64,
    pub(super) revenue_minor: Minor,
    /// The same of those who paid at age 0.
    pub(super) net_minor: Minor,
    /// At most what each of them paid at age 0.
    pub(super) gross_minor: Minor,
    /// What those of them who are active paid at age 0.
    pub(super) stayed_minor: Minor,
    /// Squares of the revenue of those who paid at age 0, and products with what they paid then.
    net_squares: Minor,
    net_by_base: Minor,
    /// The same of at most what each of them paid at age 0.
    gross_squares: Minor,
    gross_by_base: Minor,
}

impl AgeSums {
    /// Takes what somebody who paid `then` at age 0 pays into the squares.
    #[inline]
    fn add_squares(&mut self, now: i64, then: i64) {
        self.change_squares(now, then, |sum, one| *sum += one);
    }

    /// Takes what somebody pays now in place of what it paid before; of nothing, all of them are 0.
    #[inline]
    fn replace_squares(&mut self, before: i64, now: i64, then: i64) {
        if (before | now | then) >> 31 != 0 {
            self.replace_large_squares(before, now, then);
            return;
        }
        let (least_before, least_now) = (before.min(then), now.min(then));
        self.net_squares += Minor::from(now * now - before * before);
        self.net_by_base += Minor::from((now - before) * then);
        self.gross_squares += Minor::from(least_now * least_now - least_before * least_before);
        self.gross_by_base += Minor::from((least_now - least_before) * then);
    }

    /// A function of its own: what hardly anybody needs would be in the way of all others.
    #[cold]
    #[inline(never)]
    fn replace_large_squares(&mut self, before: i64, now: i64, then: i64) {
        self.change_squares(before, then, |sum, one| *sum -= one);
        self.change_squares(now, then, |sum, one| *sum += one);
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is in the loop over all cells of customers")]
    fn change_squares(&mut self, pays: i64, then: i64, change: impl Fn(&mut Minor, Minor)) {
        // Which of the two is less is what no processor can guess.
        let least = pays.min(then);
        change(&mut self.net_squares, product(pays, pays));
        change(&mut self.net_by_base, product(pays, then));
        change(&mut self.gross_squares, product(least, least));
        change(&mut self.gross_by_base, product(least, then));
    }
}

/// How far a cohort has come, as changes from age to age.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reach {
    /// Whose age has begun.
    pub(super) n_begun: i64,
    /// Whose age is over.
    pub(super) n_ended: i64,
    /// Who are active then or later.
    pub(super) n_on_or_after: i64,
    /// What those who have reached the age paid at age 0, and its squares.
    pub(super) base_minor: Minor,
    base_squares: Minor,
    /// How many of them paid anything.
    n_paying: i64,
}

/// One cohort: a cell for each age, and one more behind the last.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    size: u64,
    /// Whether somebody pays so much that the squares are left alone.
    is_too_large: bool,
    pub(super) ages: Vec<AgeSums>,
    pub(super) reach: Vec<Reach>,
}

impl Row {
    /// Changes a customer's level from an age on; `then` is the one at age 0.
    #[inline]
    pub(super) fn change<T: Exact>(&mut self, age: usize, before: T, now: T, then: T) {
        let none = T::default();
        let (was, is) = (none < before, none < now);
        let sums = &mut self.ages[age];
        let change = (now - before).into();
        sums.n_active += i64::from(is) - i64::from(was);
        sums.revenue_minor += change;
        if none < then {
            sums.net_minor += change;
            sums.gross_minor += (now.min(then) - before.min(then)).into();
            if was != is {
                sums.stayed_minor += (if is { then } else { none - then }).into();
            }
            match (before.squarable(), now.squarable(), then.squarable()) {
                (Some(before), Some(now), Some(then)) => sums.replace_squares(before, now, then),
                _ => self.is_too_large = true,
            }
        }
        if was && !is {
            sums.n_kept -= 1;
        } else if is && !was {
            self.ages[age + 1].n_kept += 1;
        }
    }

    /// Counts a customer up to the last age that has begun and the last one that is over.
    pub(super) fn reach<T: Exact>(&mut self, then: T, begun: usize, ended: Option<usize>) {
        let base_minor = then.into();
        let base_squares = then.squarable().map_or(0, |then| product(then, then));
        let n_paying = i64::from(T::default() < then);
        let first = &mut self.reach[0];
        first.n_begun += 1;
        first.base_minor += base_minor;
        first.base_squares += base_squares;
        first.n_paying += n_paying;
        let behind = &mut self.reach[begun + 1];
        behind.n_begun -= 1;
        behind.base_minor -= base_minor;
        behind.base_squares -= base_squares;
        behind.n_paying -= n_paying;
        if let Some(ended) = ended {
            self.reach[0].n_ended += 1;
            self.reach[ended + 1].n_ended -= 1;
        }
    }

    /// Takes what a customer pays at an age of its own into the squares.
    pub(super) fn add_squares<T: Exact>(&mut self, age: usize, now: T, then: T) {
        match (now.squarable(), then.squarable()) {
            (Some(now), Some(then)) => self.ages[age].add_squares(now, then),
            _ => self.is_too_large = true,
        }
    }

    /// Counts a customer at every age up to the last one at which it is active.
    pub(super) fn last_active(&mut self, age: Option<usize>) {
        if let Some(age) = age {
            self.reach[0].n_on_or_after += 1;
            self.reach[age + 1].n_on_or_after -= 1;
        }
    }
}

/// Whether the sums of a row are changes from age to age, or stand for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sums {
    Changes,
    Totals,
}

/// The ages of all cohorts while they are being counted: rows exist once they have a customer.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub(super) periods: &'a Periods,
    pub(super) clock: CohortClock,
    rows: Vec<Row>,
}

impl<'a> Table<'a> {
    pub(super) fn new(periods: &'a Periods, clock: CohortClock) -> Self {
        Self { periods, clock, rows: vec![Row::default(); periods.len()] }
    }

    /// Counts a customer who began in a period, and gives the row of that cohort.
    #[inline]
    pub(super) fn begin(&mut self, cohort: usize) -> &mut Row {
        if self.rows[cohort].size == 0 {
            self.grow(cohort);
        }
        let row = &mut self.rows[cohort];
        row.size += 1;
        row
    }

    #[cold]
    fn grow(&mut self, cohort: usize) {
        let n_ages = match self.clock {
            CohortClock::Calendar => self.periods.len() - cohort,
            CohortClock::Days(days) => {
                let first = self.periods.span(cohort).and_then(|span| span.from);
                let first = first.map_or(self.periods.as_of(), Day::next);
                days_between(first, self.periods.as_of()) / usize::from(days.max(1)) + 1
            }
        };
        self.rows[cohort].ages = vec![AgeSums::default(); n_ages + 2];
        self.rows[cohort].reach = vec![Reach::default(); n_ages + 1];
    }

    /// The cohorts that have a customer, with the means of the ages known in full.
    pub(super) fn finish(self, sums: Sums, counting: CohortCounting, scale: Scale) -> Cohorts {
        let Self { periods, clock, rows } = self;
        let rows: Vec<Cohort> = rows
            .into_iter()
            .enumerate()
            .filter(|(_, row)| 0 < row.size)
            .filter_map(|(cohort, row)| {
                let span = periods.span(cohort)?;
                Some(cohort_of(&row, &span, sums, clock, counting, periods.is_last_partial()))
            })
            .collect();
        let means = means(&rows, scale);
        Cohorts { rows, mean_retention: means.retention, means: means.rest }
    }
}

/// The days from one to another that is not before it.
pub(super) fn days_between(from: Day, to: Day) -> usize {
    usize::try_from(i64::from(to.0) - i64::from(from.0)).unwrap_or(0)
}

fn cohort_of(
    row: &Row,
    span: &Span,
    sums: Sums,
    clock: CohortClock,
    counting: CohortCounting,
    is_last_partial: bool,
) -> Cohort {
    let n_ages = row.reach.len() - 1;
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let (mut total, mut reach) = (AgeSums::default(), Reach::default());
    let mut ages = Vec::with_capacity(n_ages);
    for (age, (cell, change)) in row.ages.iter().zip(&row.reach).take(n_ages).enumerate() {
        match sums {
            Sums::Totals => total = *cell,
            Sums::Changes => total.add(cell),
        }
        reach.add(change);
        if reach.n_begun == 0 {
            break;
        }
        let (n_customers, n_kept) = match counting {
            CohortCounting::On => (total.n_active, total.n_kept),
            // Who is there now or later was there, or is to come, an age before as well.
            CohortCounting::OnOrAfter if age == 0 => (reach.n_on_or_after, 0),
            CohortCounting::OnOrAfter => (reach.n_on_or_after, reach.n_on_or_after),
        };
        ages.push(CohortAge {
            n_customers: count(n_customers),
            n_kept: count(n_kept),
            n_reached: count(reach.n_begun),
            revenue_minor: total.revenue_minor,
            base_minor: reach.base_minor,
            net_minor: total.net_minor,
            gross_minor: total.gross_minor,
            stayed_minor: total.stayed_minor,
            squares: RevenueSquares {
                n_paying: count(reach.n_paying),
                is_too_large: row.is_too_large,
                base: reach.base_squares,
                net: total.net_squares,
                net_by_base: total.net_by_base,
                gross: total.gross_squares,
                gross_by_base: total.gross_by_base,
            },
            is_partial: match clock {
                CohortClock::Calendar => is_last_partial && age + 1 == n_ages,
                CohortClock::Days(_) => span.is_partial || count(reach.n_ended) != row.size,
            },
        });
    }
    Cohort { label: span.label.clone(), size: row.size, ages }
}

impl AgeSums {
    fn add(&mut self, other: &Self) {
        self.n_active += other.n_active;
        self.n_kept += other.n_kept;
        self.revenue_minor += other.revenue_minor;
        self.net_minor += other.net_minor;
        self.gross_minor += other.gross_minor;
        self.stayed_minor += other.stayed_minor;
        self.net_squares += other.net_squares;
        self.net_by_base += other.net_by_base;
        self.gross_squares += other.gross_squares;
        self.gross_by_base += other.gross_by_base;
    }
}

impl Reach {
    fn add(&mut self, other: &Self) {
        self.n_begun += other.n_begun;
        self.n_ended += other.n_ended;
        self.n_on_or_after += other.n_on_or_after;
        self.base_minor += other.base_minor;
        self.base_squares += other.base_squares;
        self.n_paying += other.n_paying;
    }
}
