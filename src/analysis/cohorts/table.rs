//! The table of cohorts while customers are added to it, and what becomes of it at the end.
//!
//! It does not know what a customer did: who adds one says what changes at which age.

use std::ops::{AddAssign, Sub};

use super::means::means;
use super::{Cohort, CohortAge, CohortClock, CohortCounting, Cohorts, RevenueSquares};
use crate::analysis::exact::{Exact, N_SMALL};
use crate::analysis::period_figures::Scale;
use crate::analysis::span::{Periods, Span};
use crate::calendar::Day;
use crate::number::Minor;
use crate::number::linearized::product;

/// What is added up of a cohort at one age.
#[derive(Clone, Copy, Debug, Default)]
struct AgeSums<S> {
    n_active: i64,
    /// Of these, who were active one age before.
    n_kept: i64,
    revenue_minor: S,
    /// The same of those who paid at age 0.
    net_minor: S,
    /// At most what each of them paid at age 0.
    gross_minor: S,
    /// What those of them who are active paid at age 0.
    stayed_minor: S,
    /// Squares of the revenue of those who paid at age 0, and products with what they paid then.
    net_squares: S,
    net_by_base: S,
    /// The same of at most what each of them paid at age 0.
    gross_squares: S,
    gross_by_base: S,
}

impl<S: AddAssign + Sub<Output = S>> AgeSums<S> {
    /// Takes what somebody who paid `then` at age 0 pays now in place of what it paid before.
    #[inline]
    fn pay<T: Exact + Into<S>>(&mut self, before: T, now: T, then: T) {
        self.revenue_minor += (now - before).into();
        if T::default() < then {
            self.net_minor += (now - before).into();
            self.gross_minor += (now.min(then) - before.min(then)).into();
        }
    }

    /// The same for the squares, of somebody who paid anything at age 0.
    #[inline]
    fn square(&mut self, before: i64, now: i64, then: i64, product: impl Fn(i64, i64) -> S) {
        let (least_before, least_now) = (before.min(then), now.min(then));
        self.net_squares += product(now, now) - product(before, before);
        self.net_by_base += product(now, then) - product(before, then);
        self.gross_squares += product(least_now, least_now) - product(least_before, least_before);
        self.gross_by_base += product(least_now, then) - product(least_before, then);
    }

    fn add<O: Into<S>>(&mut self, other: AgeSums<O>) {
        self.n_active += other.n_active;
        self.n_kept += other.n_kept;
        self.revenue_minor += other.revenue_minor.into();
        self.net_minor += other.net_minor.into();
        self.gross_minor += other.gross_minor.into();
        self.stayed_minor += other.stayed_minor.into();
        self.net_squares += other.net_squares.into();
        self.net_by_base += other.net_by_base.into();
        self.gross_squares += other.gross_squares.into();
        self.gross_by_base += other.gross_by_base.into();
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
    ages: Vec<AgeSums<Minor>>,
    /// What the latest few customers add to these, as far as each of their amounts is small.
    latest: Vec<AgeSums<i64>>,
    reach: Vec<Reach>,
}

impl Row {
    /// Changes a customer's level from an age on; `then` is the one at age 0.
    #[inline]
    pub(super) fn change<T: Exact>(&mut self, age: usize, before: T, now: T, then: T) {
        let none = T::default();
        let (was, is) = (none < before, none < now);
        self.pay(age, before, now, then);
        if was == is {
            return;
        }
        let n_more = i64::from(is) - i64::from(was);
        self.latest[age].n_active += n_more;
        self.stay(age, n_more, then);
        if is {
            self.latest[age + 1].n_kept += 1;
        } else {
            self.latest[age].n_kept -= 1;
        }
    }

    /// Adds a customer who pays at an age of its own, and whether it is active then and was active one
    /// age before; `then` is what it paid at age 0.
    #[inline]
    pub(super) fn add<T: Exact>(
        &mut self,
        age: usize,
        (is_active, was_active): (bool, bool),
        now: T,
        then: T,
    ) {
        self.pay(age, T::default(), now, then);
        if is_active {
            self.latest[age].n_active += 1;
            self.latest[age].n_kept += i64::from(was_active);
            self.stay(age, 1, then);
        }
    }

    /// Takes what a customer pays now in place of what it paid before.
    #[inline]
    fn pay<T: Exact>(&mut self, age: usize, before: T, now: T, then: T) {
        let (Some(before), Some(now), Some(then)) = (before.small(), now.small(), then.small())
        else {
            self.pay_much(age, before, now, then);
            return;
        };
        let sums = &mut self.latest[age];
        sums.pay(before, now, then);
        if 0 < then {
            sums.square(before, now, then, |x, y| x * y);
        }
    }

    /// A function of its own: what hardly anybody needs would be in the way of all others.
    #[cold]
    #[inline(never)]
    fn pay_much<T: Exact>(&mut self, age: usize, before: T, now: T, then: T) {
        let sums = &mut self.ages[age];
        sums.pay(before, now, then);
        if T::default() < then {
            match (before.squarable(), now.squarable(), then.squarable()) {
                (Some(before), Some(now), Some(then)) => sums.square(before, now, then, product),
                _ => self.is_too_large = true,
            }
        }
    }

    /// Counts what a customer paid at age 0 among what those who are active did, or no longer.
    #[inline]
    fn stay<T: Exact>(&mut self, age: usize, n_more: i64, then: T) {
        match then.small() {
            Some(then) => self.latest[age].stayed_minor += n_more * then.max(0),
            None => self.ages[age].stayed_minor += Minor::from(n_more) * then.into().max(0),
        }
    }

    /// Adds what the latest few customers add.
    #[inline(never)]
    fn settle(&mut self) {
        for (sums, latest) in self.ages.iter_mut().zip(&mut self.latest) {
            sums.add(std::mem::take(latest));
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
        if row.size.is_multiple_of(u64::from(N_SMALL)) {
            row.settle();
        }
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
        let row = &mut self.rows[cohort];
        row.ages = vec![AgeSums::default(); n_ages + 2];
        row.latest = vec![AgeSums::default(); n_ages + 2];
        row.reach = vec![Reach::default(); n_ages + 1];
    }

    /// The cohorts that have a customer, with the means of the ages known in full.
    pub(super) fn finish(self, sums: Sums, counting: CohortCounting, scale: Scale) -> Cohorts {
        let Self { periods, clock, rows } = self;
        let rows: Vec<Cohort> = rows
            .into_iter()
            .enumerate()
            .filter(|(_, row)| 0 < row.size)
            .filter_map(|(cohort, mut row)| {
                row.settle();
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
    let (mut total, mut reach) = (AgeSums::<Minor>::default(), Reach::default());
    let mut ages = Vec::with_capacity(n_ages);
    for (age, (cell, change)) in row.ages.iter().zip(&row.reach).take(n_ages).enumerate() {
        match sums {
            Sums::Totals => total = *cell,
            Sums::Changes => total.add(*cell),
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

#[cfg(test)]
mod tests {
    use super::{AgeSums, Row};
    use crate::analysis::exact::N_SMALL;
    use crate::number::Minor;

    fn row() -> Row {
        Row {
            ages: vec![AgeSums::default(); 2],
            latest: vec![AgeSums::default(); 2],
            ..Row::default()
        }
    }

    /// What customers who pay `now` in place of `before` come to, and by the way of those who pay much.
    fn both_ways(n_customers: u32, before: i64, now: i64, then: i64) -> [String; 2] {
        let (mut sums, mut much) = (row(), row());
        for at in 0..n_customers {
            if at.is_multiple_of(N_SMALL) {
                sums.settle();
            }
            sums.pay(0, before, now, then);
            much.pay_much(0, before, now, then);
        }
        sums.settle();
        [sums, much].map(|row| format!("{:?} {}", row.ages, row.is_too_large))
    }

    #[test]
    fn small_amounts_add_up_like_all_others() {
        let limit = 1 << 26;
        let amounts = [-(1 << 50), -limit, 1 - limit, 0, 7099, limit - 1, limit, 1 << 48];
        for (before, now) in amounts.iter().flat_map(|&before| amounts.map(|now| (before, now))) {
            for then in amounts {
                let [sums, much] = both_ways(1, before, now, then);
                assert_eq!(sums, much, "{before} to {now}, {then}");
            }
        }
    }

    #[test]
    fn no_number_of_small_amounts_is_too_many() {
        let largest = (1 << 26) - 1;
        for (before, now) in [(0, largest), (largest, -largest), (-largest, largest)] {
            for n_customers in [N_SMALL, 3 * N_SMALL + 1] {
                let [sums, much] = both_ways(n_customers, before, now, largest);
                assert_eq!(sums, much, "{before} to {now}");
            }
        }
    }

    #[test]
    fn who_stays_counts_with_what_it_paid_at_first() {
        for then in [0_i64, 7099, 1 << 26, 1 << 60] {
            let mut row = row();
            row.change(0, 0, then, then);
            row.change(1, then, 0, then);
            row.settle();
            let stayed: Vec<Minor> = row.ages.iter().map(|sums| sums.stayed_minor).collect();
            assert_eq!(stayed, [Minor::from(then), -Minor::from(then)]);
        }
    }
}
