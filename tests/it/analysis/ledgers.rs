//! Ledgers made by hand and at random.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use retention_calculator::calendar::{Day, Granularity};
use retention_calculator::ledger::{
    Account, CustomerIndex, Customers, Dimensions, Histories, Labels, Ledger, PeriodTotals,
    Purchase, Purchases, Recurring, Spell, TenureUnit, Terms,
};

/// Purchases and refunds before they are packed.
#[derive(Clone, Debug)]
pub(super) struct OrderLists {
    pub(super) purchases: Vec<Purchase>,
    pub(super) refunds: Vec<Purchase>,
}

impl From<OrderLists> for Histories {
    fn from(lists: OrderLists) -> Self {
        let OrderLists { mut purchases, refunds } = lists;
        purchases.extend(refunds);
        Self::Purchases(Purchases::from_orders(purchases))
    }
}

pub(super) fn day(text: &str) -> Day {
    Day::from_iso(text).unwrap()
}

pub(super) fn spell(
    customer: CustomerIndex,
    start: &str,
    end: Option<&str>,
    monthly: i64,
) -> Spell {
    spell_of_days(customer, day(start), end.map(day), monthly)
}

pub(super) fn spell_of_days(
    customer: CustomerIndex,
    start: Day,
    end: Option<Day>,
    monthly: i64,
) -> Spell {
    Spell { customer, start, end, monthly, segment: None, reason: None, renewal: None }
}

pub(super) fn order(customer: CustomerIndex, on: &str, amount: i64) -> Purchase {
    Purchase { customer, day: day(on), amount, segment: None }
}

/// A ledger as the builders make it: two decimals, no currency named.
pub(super) fn ledger(histories: Histories, last_day: Option<Day>) -> Ledger {
    Ledger {
        customers: Customers::new(),
        histories,
        currency: None,
        decimals: 2,
        has_amounts: true,
        last_day,
        tenure_unit: TenureUnit::Month,
        segments: Dimensions::default(),
        reasons: Labels::default(),
        terms: Terms::default(),
    }
}

pub(super) fn subscriptions(mut spells: Vec<Spell>, last_day: &str) -> Ledger {
    spells.sort();
    ledger(Histories::Recurring(Recurring { spells, is_monthly: false }), Some(day(last_day)))
}

/// Monthly snapshots: customer, month and amount.
pub(super) fn snapshots(cells: &[(CustomerIndex, &str, i64)]) -> Ledger {
    let first = |month: &str| day(&format!("{month}-01"));
    let mut spells: Vec<Spell> = cells
        .iter()
        .map(|&(customer, month, monthly)| {
            let start = first(month);
            let next = Day(start.0 + 31).date();
            let end = Day::from_date(chrono::Datelike::with_day(&next, 1).unwrap());
            spell_of_days(customer, start, Some(end), monthly)
        })
        .collect();
    spells.sort();
    let last_day = cells.iter().map(|&(_, month, _)| first(month)).max();
    ledger(Histories::Recurring(Recurring { spells, is_monthly: true }), last_day)
}

pub(super) fn orders(
    mut purchases: Vec<Purchase>,
    mut refunds: Vec<Purchase>,
    last_day: &str,
) -> Ledger {
    purchases.sort();
    refunds.sort();
    ledger(OrderLists { purchases, refunds }.into(), Some(day(last_day)))
}

pub(super) fn accounts(rows: &[(f64, bool, Option<i64>)]) -> Ledger {
    let accounts = rows
        .iter()
        .zip(0..)
        .map(|(&(tenure, churned, amount), customer)| Account {
            customer,
            tenure,
            churned,
            amount,
            segment: None,
            reason: None,
            renewal: None,
        })
        .collect();
    ledger(Histories::Accounts(accounts), None)
}

/// A row of totals that gives nothing.
pub(super) fn blank_totals(label: &str, row: u64) -> PeriodTotals {
    let period = Day::from_iso(&format!("{label}-01"))
        .map(|first| retention_calculator::calendar::Period::containing(first, Granularity::Month));
    PeriodTotals {
        label: label.to_owned(),
        period,
        row,
        start_customers: None,
        new_customers: None,
        lost_customers: None,
        end_customers: None,
        start_revenue: None,
        new_revenue: None,
        expansion: None,
        contraction: None,
        churned_revenue: None,
        end_revenue: None,
    }
}

pub(super) fn totals(rows: Vec<PeriodTotals>) -> Ledger {
    ledger(Histories::Totals(rows), None)
}

/// The day that random ledgers begin after: 2014-12-31.
pub(super) const EPOCH: i32 = 16_435;

/// Some customers with some spells each, over two years. Amounts are few, so that levels often
/// match, and ends are often those of months, starts, or on the day of another start.
pub(super) fn random_spells() -> impl Strategy<Value = Vec<Spell>> {
    let of_days = (0..7_u32, 0..720_i32, proptest::option::of(-5..400_i32), 1..5_i64);
    let of_months = (0..7_u32, 0..24_i32, proptest::option::of(0..13_i32), 1..5_i64).prop_map(
        |(customer, start, length, monthly)| {
            (customer, start * 30, length.map(|months| months * 30), monthly)
        },
    );
    vec(prop_oneof![of_days, of_months], 1..24).prop_map(|rows| {
        let mut spells: Vec<Spell> = rows
            .into_iter()
            .map(|(customer, start, length, monthly)| {
                let start = Day(EPOCH + start);
                let end = length.map(|length| Day(start.0 + length));
                spell_of_days(customer, start, end, monthly * 1250)
            })
            .collect();
        spells.sort();
        spells
    })
}

/// Some customers with some purchases and refunds each, over a year and a half.
pub(super) fn random_purchases() -> impl Strategy<Value = OrderLists> {
    let row = (0..7_u32, 0..540_i32, 0..4_i64);
    (vec(row.clone(), 1..30), vec(row, 0..5)).prop_map(|(bought, returned)| {
        let make = |rows: Vec<(u32, i32, i64)>, sign: i64| -> Vec<Purchase> {
            let mut orders: Vec<Purchase> = rows
                .into_iter()
                .map(|(customer, after, amount)| Purchase {
                    customer,
                    day: Day(EPOCH + after),
                    amount: amount * sign,
                    segment: None,
                })
                .collect();
            orders.sort();
            orders
        };
        let mut refunds = make(returned, -333);
        refunds.retain(|refund| refund.amount < 0);
        OrderLists { purchases: make(bought, 999), refunds }
    })
}

pub(super) fn granularities() -> impl Strategy<Value = Granularity> {
    prop_oneof![Just(Granularity::Month), Just(Granularity::Quarter), Just(Granularity::Year)]
}

/// Runs a check on random values, always the same ones.
pub(super) fn for_all<S: Strategy>(n_cases: u32, strategy: S, check: impl Fn(S::Value)) {
    let config = Config { cases: n_cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, rng)
        .run(&strategy, |value| {
            check(value);
            Ok(())
        })
        .unwrap();
}
