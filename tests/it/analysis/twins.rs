//! Slow, obvious twins: every customer on every day, compared with the engine on random ledgers.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use retention_calculator::analysis::{
    AnalysisOptions, Levels, PeriodFigures, analyze, movements_between, year_earlier,
};
use retention_calculator::calendar::{Day, Granularity, Period};
use retention_calculator::ledger::{Histories, Purchase, Recurring, Spell};

use super::ledgers::{
    EPOCH, OrderLists, for_all, granularities, ledger, random_purchases, random_spells,
};

/// Customers and revenue in minor units at each age.
type Ages = Vec<(u64, i128)>;

/// A customer's level at the close of a day, by the definition.
fn level(spells: &[Spell], customer: u32, day: Day) -> i128 {
    spells
        .iter()
        .filter(|spell| spell.customer == customer)
        .filter(|spell| spell.start <= day && spell.end.is_none_or(|end| day < end))
        .map(|spell| i128::from(spell.monthly))
        .sum()
}

fn is_active(spells: &[Spell], customer: u32, day: Day) -> bool {
    0 < level(spells, customer, day)
}

/// All days up to a close on which anybody could have been active.
fn days_up_to(close: Day) -> impl Iterator<Item = Day> {
    (EPOCH..=close.0).map(Day)
}

/// What happened between two closes, as sets and maps of customers.
#[derive(Debug, Default, PartialEq)]
struct Between {
    start: BTreeSet<u32>,
    end: BTreeSet<u32>,
    lost: BTreeSet<u32>,
    new: BTreeSet<u32>,
    reactivated: BTreeSet<u32>,
    came_and_went: BTreeSet<u32>,
    then: BTreeMap<u32, i128>,
    now: BTreeMap<u32, i128>,
}

fn customers(spells: &[Spell]) -> BTreeSet<u32> {
    spells.iter().map(|spell| spell.customer).collect()
}

fn between(spells: &[Spell], from: Day, to: Day) -> Between {
    let mut all = Between::default();
    for customer in customers(spells) {
        let was_active = is_active(spells, customer, from);
        let is_active_now = is_active(spells, customer, to);
        let before = days_up_to(from).any(|day| is_active(spells, customer, day));
        let inside = (from.0 + 1..=to.0).any(|day| is_active(spells, customer, Day(day)));
        if was_active {
            all.start.insert(customer);
            all.then.insert(customer, level(spells, customer, from));
        }
        if is_active_now {
            all.end.insert(customer);
            all.now.insert(customer, level(spells, customer, to));
        }
        match (was_active, is_active_now) {
            (true, false) => all.lost.insert(customer),
            (false, true) if before => all.reactivated.insert(customer),
            (false, true) => all.new.insert(customer),
            (false, false) if inside => all.came_and_went.insert(customer),
            _ => false,
        };
    }
    all
}

impl Between {
    fn then(&self, customer: u32) -> i128 {
        self.then.get(&customer).copied().unwrap_or(0)
    }

    fn now(&self, customer: u32) -> i128 {
        self.now.get(&customer).copied().unwrap_or(0)
    }

    fn assert_same(&self, figures: &PeriodFigures) {
        let n = |set: &BTreeSet<u32>| Some(set.len() as u64);
        let customers = figures.customers;
        assert_eq!(customers.start, n(&self.start));
        assert_eq!(customers.new, n(&self.new));
        assert_eq!(customers.reactivated, n(&self.reactivated));
        assert_eq!(customers.lost, n(&self.lost));
        assert_eq!(customers.end, n(&self.end));
        assert_eq!(customers.came_and_went, n(&self.came_and_went));

        let revenue = figures.revenue.unwrap();
        let stayed = || self.start.intersection(&self.end).copied();
        let now_of = |set: &BTreeSet<u32>| Some(set.iter().map(|&id| self.now(id)).sum::<i128>());
        assert_eq!(revenue.start, Some(self.then.values().sum()));
        assert_eq!(revenue.end, Some(self.now.values().sum()));
        assert_eq!(revenue.new, now_of(&self.new));
        assert_eq!(revenue.reactivation, now_of(&self.reactivated));
        assert_eq!(revenue.churned, Some(self.lost.iter().map(|&id| self.then(id)).sum()));
        let up: i128 = stayed().map(|id| (self.now(id) - self.then(id)).max(0)).sum();
        let down: i128 = stayed().map(|id| (self.then(id) - self.now(id)).max(0)).sum();
        assert_eq!((revenue.expansion, revenue.contraction), (Some(up), Some(down)));

        let then: i128 = self.then.values().sum();
        let kept: i128 = self.start.iter().map(|&id| self.now(id).min(self.then(id))).sum();
        let now: i128 = self.start.iter().map(|&id| self.now(id)).sum();
        let share = |part: i128| (then != 0).then(|| part as f64 / then as f64);
        assert_eq!(figures.gross_revenue_retention.value, share(kept));
        assert_eq!(figures.net_revenue_retention.value, share(now));
        let n_start = self.start.len();
        let retained = self.start.intersection(&self.end).count();
        let rate = (n_start != 0).then(|| retained as f64 / n_start as f64);
        assert_eq!(figures.customer_retention_rate.value, rate);
    }
}

/// How often each kind of movement came up: a twin of nothing proves nothing.
#[derive(Default)]
struct Seen {
    lost: Cell<usize>,
    reactivated: Cell<usize>,
    came_and_went: Cell<usize>,
    contraction: Cell<usize>,
    partial: Cell<usize>,
    years: Cell<usize>,
    returned: Cell<usize>,
}

fn bump(counter: &Cell<usize>, by: usize) {
    counter.set(counter.get() + by);
}

/// Spells, the day up to which to count, and the length of periods.
fn recurring_cases() -> impl Strategy<Value = (Vec<Spell>, Day, Granularity)> {
    (random_spells(), 0..900_i32, granularities())
        .prop_map(|(spells, after, granularity)| (spells, Day(EPOCH + after), granularity))
}

#[test]
fn recurring_revenue_day_by_day() {
    let seen = Seen::default();
    for_all(512, recurring_cases(), |(spells, as_of, granularity)| {
        let recurring = Recurring { spells: spells.clone(), is_monthly: false };
        let histories = Histories::Recurring(recurring.clone());
        let options =
            AnalysisOptions { as_of: Some(as_of), granularity, ..AnalysisOptions::default() };
        let analysis = analyze(&ledger(histories, Some(as_of)), &options);

        let first = days_up_to(as_of).find(|&day| {
            customers(&spells).into_iter().any(|customer| is_active(&spells, customer, day))
        });
        let mut expected = Vec::new();
        if let Some(first) = first {
            let mut period = Period::containing(first, granularity);
            while period.first_day() <= as_of {
                expected.push((period, period.last_day().min(as_of)));
                period = period.next();
            }
        }
        assert_eq!(analysis.periods.len(), expected.len());
        for (figures, &(period, close)) in analysis.periods.iter().zip(&expected) {
            assert_eq!(figures.span.label, period.label());
            assert_eq!(figures.span.is_partial, close != period.last_day());
            let twin = between(&spells, period.first_day().previous(), close);
            twin.assert_same(figures);
            bump(&seen.lost, twin.lost.len());
            bump(&seen.reactivated, twin.reactivated.len());
            bump(&seen.came_and_went, twin.came_and_went.len());
            bump(&seen.contraction, usize::from(figures.revenue.unwrap().contraction != Some(0)));
            bump(&seen.partial, usize::from(figures.span.is_partial));
        }
        assert_trailing_year(&spells, as_of, first, analysis.trailing_year.as_ref(), &seen);
        if let Some(cohorts) = analysis.cohorts {
            assert_cohorts(&spells, &expected, &cohorts.rows);
        }
        if let Some(lifetimes) = analysis.lifetimes {
            let returned = assert_lifetimes(&spells, as_of, &lifetimes.counts);
            assert_eq!(lifetimes.n_returned, returned as u64);
            bump(&seen.returned, returned);
        }
        let levels = Levels::new(&recurring, as_of);
        let (from, to) = (Day(EPOCH + 100), as_of.max(Day(EPOCH + 101)));
        if to == as_of {
            let movements = movements_between(&levels, from, to);
            assert_eq!(movements.customers.lost, between(&spells, from, to).lost.len() as u64);
        }
    });
    for counter in [
        &seen.lost,
        &seen.reactivated,
        &seen.came_and_went,
        &seen.contraction,
        &seen.partial,
        &seen.years,
        &seen.returned,
    ] {
        assert!(20 < counter.get());
    }
}

fn assert_trailing_year(
    spells: &[Spell],
    as_of: Day,
    first: Option<Day>,
    figures: Option<&PeriodFigures>,
    seen: &Seen,
) {
    let from = year_earlier(as_of);
    let is_known = first.is_some_and(|first| first <= from);
    assert_eq!(figures.is_some(), is_known);
    if let Some(figures) = figures {
        between(spells, from, as_of).assert_same(figures);
        bump(&seen.years, 1);
    }
}

fn assert_cohorts(
    spells: &[Spell],
    periods: &[(Period, Day)],
    rows: &[retention_calculator::analysis::Cohort],
) {
    let as_of = periods.last().unwrap().1;
    let mut expected = Vec::new();
    for (index, &(period, close)) in periods.iter().enumerate() {
        let began: Vec<u32> = customers(spells)
            .into_iter()
            .filter(|&customer| {
                days_up_to(as_of)
                    .find(|&day| is_active(spells, customer, day))
                    .is_some_and(|first| period.first_day() <= first && first <= close)
            })
            .collect();
        if began.is_empty() {
            continue;
        }
        let ages: Vec<(u64, i128)> = periods[index..]
            .iter()
            .map(|&(_, close)| {
                let active = began.iter().filter(|&&id| is_active(spells, id, close)).count();
                (active as u64, began.iter().map(|&id| level(spells, id, close)).sum())
            })
            .collect();
        expected.push((period.label(), began.len() as u64, ages));
    }
    let found: Vec<(String, u64, Ages)> = rows
        .iter()
        .map(|row| {
            let ages = row.ages.iter().map(|age| (age.n_customers, age.revenue_minor)).collect();
            (row.label.clone(), row.size, ages)
        })
        .collect();
    assert_eq!(found, expected);
}

fn assert_lifetimes(
    spells: &[Spell],
    as_of: Day,
    counts: &[retention_calculator::analysis::LifetimeCount],
) -> usize {
    let mut expected: BTreeMap<i32, (u64, u64)> = BTreeMap::new();
    let mut returned = 0;
    for customer in customers(spells) {
        let active: Vec<Day> =
            days_up_to(as_of).filter(|&day| is_active(spells, customer, day)).collect();
        let (Some(&first), Some(&last)) = (active.first(), active.last()) else { continue };
        let count = if last == as_of {
            &mut expected.entry(as_of.0 - first.0).or_default().1
        } else {
            &mut expected.entry(last.0 + 1 - first.0).or_default().0
        };
        *count += 1;
        returned += usize::from((active.len() as i32) < last.0 - first.0 + 1);
    }
    let found: Vec<(i32, (u64, u64))> =
        counts.iter().map(|one| (one.duration as i32, (one.n_lost, one.n_censored))).collect();
    assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
    returned
}

/// What a customer bought less what it gave back in a stretch of days, and whether it bought.
fn bought(purchases: &OrderLists, customer: u32, after: Day, until: Day) -> (bool, i128) {
    let inside =
        |order: &&Purchase| order.customer == customer && after < order.day && order.day <= until;
    let is_active = purchases.purchases.iter().filter(inside).any(|order| 0 < order.amount);
    let orders = purchases.purchases.iter().filter(inside);
    let all = orders.chain(purchases.refunds.iter().filter(inside));
    (is_active, all.map(|order| i128::from(order.amount)).sum())
}

/// The movements of purchases, from one stretch of days to the next.
fn purchases_between(purchases: &OrderLists, before: Day, from: Day, to: Day) -> [i128; 14] {
    let all: BTreeSet<u32> =
        purchases.purchases.iter().chain(&purchases.refunds).map(|order| order.customer).collect();
    let mut sums = [0_i128; 14];
    for customer in all {
        let (was_active, then) = bought(purchases, customer, before, from);
        let (is_active, now) = bought(purchases, customer, from, to);
        let (earlier, _) = bought(purchases, customer, Day(EPOCH - 1), from);
        let mut add = |index: usize, amount: i128| sums[index] += amount;
        add(0, i128::from(was_active));
        add(1, i128::from(is_active && !was_active && !earlier));
        add(2, i128::from(is_active && !was_active && earlier));
        add(3, i128::from(was_active && !is_active));
        add(4, i128::from(is_active));
        add(5, then);
        add(6, now);
        // New, reactivation, churned, expansion, contraction: never below 0.
        let moved = match (was_active, is_active) {
            _ if now < then => {
                if was_active && !is_active {
                    9
                } else {
                    11
                }
            }
            (false, true) if earlier => 8,
            (false, true) => 7,
            _ => 10,
        };
        add(moved, (now - then).abs());
        if was_active {
            add(12, then);
            add(13, now.min(then));
        }
    }
    sums
}

fn assert_purchases(figures: &PeriodFigures, twin: [i128; 14]) {
    let customers = figures.customers;
    let counts =
        [customers.start, customers.new, customers.reactivated, customers.lost, customers.end];
    assert_eq!(counts.map(|count| i128::from(count.unwrap())), twin[..5]);
    let revenue = figures.revenue.unwrap();
    let sums = [
        revenue.start,
        revenue.end,
        revenue.new,
        revenue.reactivation,
        revenue.churned,
        revenue.expansion,
        revenue.contraction,
    ];
    assert_eq!(sums.map(Option::unwrap), twin[5..12]);
    if 0 < twin[12] && 0 <= twin[13] {
        let share = twin[13] as f64 / twin[12] as f64;
        assert_eq!(figures.gross_revenue_retention.value, Some(share));
    } else {
        assert_eq!(figures.gross_revenue_retention.value, None);
    }
}

#[test]
fn purchases_customer_by_customer() {
    let (lost, reactivated, refunded, years) =
        (Cell::new(0), Cell::new(0), Cell::new(0), Cell::new(0));
    let cases = (random_purchases(), 0..800_i32, granularities());
    for_all(512, cases, |(purchases, after, granularity)| {
        let as_of = Day(EPOCH + after);
        let histories = Histories::from(purchases.clone());
        let options =
            AnalysisOptions { as_of: Some(as_of), granularity, ..AnalysisOptions::default() };
        let analysis = analyze(&ledger(histories, Some(as_of)), &options);
        let orders = || purchases.purchases.iter().chain(&purchases.refunds);
        let first = orders().map(|order| order.day).min().unwrap();
        let mut period = Period::containing(first, granularity);
        let mut n_periods = 0;
        while first <= as_of && period.first_day() <= as_of {
            let before = period.previous().first_day().previous();
            let (from, to) = (period.first_day().previous(), period.last_day().min(as_of));
            let twin = purchases_between(&purchases, before, from, to);
            assert_purchases(&analysis.periods[n_periods], twin);
            bump(&reactivated, twin[2] as usize);
            bump(&lost, twin[3] as usize);
            bump(&refunded, usize::from(twin[6] < 0));
            n_periods += 1;
            period = period.next();
        }
        assert_eq!(analysis.periods.len(), n_periods);

        let from = year_earlier(as_of);
        assert_eq!(analysis.trailing_year.is_some(), first <= from);
        if let Some(year) = &analysis.trailing_year {
            let twin = purchases_between(&purchases, year_earlier(from), from, as_of);
            assert_purchases(year, twin);
            bump(&years, 1);
        }

        let Some(cohorts) = analysis.cohorts else { return };
        let buyers: BTreeSet<u32> = purchases
            .purchases
            .iter()
            .filter(|order| order.day <= as_of)
            .map(|order| order.customer)
            .collect();
        let sizes: u64 = cohorts.rows.iter().map(|row| row.size).sum();
        assert_eq!(sizes, buyers.len() as u64);
        for row in &cohorts.rows {
            let began: Vec<u32> = buyers
                .iter()
                .copied()
                .filter(|&customer| {
                    let own = purchases.purchases.iter().filter(|order| order.customer == customer);
                    let first = own.map(|order| order.day).min().unwrap();
                    Period::containing(first, granularity).label() == row.label
                })
                .collect();
            assert_eq!(row.size, began.len() as u64);
            let offset = analysis.periods.len() - row.ages.len();
            for (age, figures) in row.ages.iter().zip(&analysis.periods[offset..]) {
                let (from, to) = (figures.span.from.unwrap(), figures.span.to.unwrap());
                let cells = began.iter().map(|&customer| bought(&purchases, customer, from, to));
                let (n_active, revenue) =
                    cells.fold((0, 0), |sum, cell| (sum.0 + u64::from(cell.0), sum.1 + cell.1));
                assert_eq!((age.n_customers, age.revenue_minor), (n_active, revenue));
            }
        }
    });
    for counter in [&lost, &reactivated, &refunded, &years] {
        assert!(10 < counter.get());
    }
}
