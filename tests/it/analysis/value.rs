//! Lifespan and lifetime value, and how a report is put together.

use retention_calculator::analysis::{AnalysisOptions, LifetimeValue, analyze, lifetime_value};
use retention_calculator::calendar::{Day, Granularity};
use retention_calculator::ledger::{Histories, Ledger, PeriodTotals};
use retention_calculator::note::{Notes, Severity};
use retention_calculator::report::{Input, Report, assemble};

use super::ledgers::{
    accounts, blank_totals, order, orders, snapshots, spell, subscriptions, totals,
};

fn options() -> AnalysisOptions {
    AnalysisOptions {
        gross_margin: Some(0.8),
        cac: Some(120.0),
        discount_rate: Some(0.1),
        ..AnalysisOptions::default()
    }
}

fn value_of(ledger: &Ledger, options: &AnalysisOptions) -> LifetimeValue {
    lifetime_value(ledger, options, &analyze(ledger, options), None)
}

/// Ten customers at 50.00 from January on; one leaves in February, two in April.
fn ten_customers() -> Ledger {
    let end = |id: u32| match id {
        0 => Some("2026-02-10"),
        1 | 2 => Some("2026-04-20"),
        _ => None,
    };
    let spells = (0..10).map(|id| spell(id, "2026-01-01", end(id), 5000)).collect();
    subscriptions(spells, "2026-04-30")
}

fn assert_near(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-12 * expected.abs(), "{found} is not {expected}");
}

#[test]
fn variants_of_subscriptions() {
    let value = value_of(&ten_customers(), &options());
    // 3 lost of 10 + 9 + 9 at the starts; 2 of 9 in April.
    assert_near(value.lifespan["average_churn"].value, 28.0 / 3.0);
    assert_near(value.lifespan["latest_period_churn"].value, 4.5);
    assert_eq!(value.lifespan["trailing_six_months"].why.as_deref(), Some("too-few-periods"));
    assert!(!value.lifespan.contains_key("restricted_mean"));
    assert!(!value.lifespan.contains_key("lower_bound"));
    let average = &value.lifespan["average_churn"];
    assert_eq!(average.n, Some(28));
    assert!(average.low.unwrap() < 28.0 / 3.0 && 28.0 / 3.0 < average.high.unwrap());

    assert_near(value.clv["revenue_average_churn"].value, 1400.0 / 3.0);
    assert_near(value.clv["margin_average_churn"].value, 1120.0 / 3.0);
    assert_near(value.clv["revenue_latest_period_churn"].value, 225.0);
    assert_eq!(value.clv["revenue_trailing_six_months"].why.as_deref(), Some("too-few-periods"));
    assert_near(value.clv["revenue_to_cac"].value, 1400.0 / 360.0);
    assert_near(value.clv["margin_to_cac"].value, 1120.0 / 360.0);
    assert_near(value.clv["cac_payback"].value, 3.0);
    // Python 3.11: d = 1.1 ** (1 / 12) - 1; 40 * (1 + d) / (1 + d - 25 / 28)
    assert_near(value.clv["discounted"].value, DISCOUNTED);

    let plain = value_of(&ten_customers(), &AnalysisOptions::default());
    let names: Vec<&str> = plain.clv.keys().copied().collect();
    assert_eq!(
        names,
        ["revenue_average_churn", "revenue_latest_period_churn", "revenue_trailing_six_months"]
    );
}

const DISCOUNTED: f64 = 350.243_373_851_219_36;

/// Six complete months, of which the first three are not among the last six.
#[test]
fn six_months_are_the_last_six() {
    let mut spells: Vec<_> = (0..6).map(|id| spell(id, "2025-09-01", None, 100)).collect();
    spells.push(spell(6, "2025-09-01", Some("2025-10-10"), 100));
    spells.push(spell(7, "2025-09-01", Some("2026-04-20"), 100));
    let ledger = subscriptions(spells, "2026-05-15");
    let value = value_of(&ledger, &options());
    // November to April: five months with seven at the start, none lost, and one lost in April;
    // May is not over.
    assert_near(value.lifespan["trailing_six_months"].value, 42.0);
    assert_near(value.lifespan["latest_period_churn"].value, 7.0);
    assert_near(value.lifespan["average_churn"].value, 25.0);
    let years = AnalysisOptions { granularity: Granularity::Year, ..options() };
    assert!(!value_of(&ledger, &years).lifespan.contains_key("trailing_six_months"));
}

#[test]
fn without_a_loss_there_is_a_lower_bound() {
    let spells = (0..9).map(|id| spell(id, "2026-01-01", None, 5000)).collect();
    let value = value_of(&subscriptions(spells, "2026-03-31"), &options());
    assert_eq!(value.lifespan["average_churn"].why.as_deref(), Some("no-churn"));
    assert_eq!(value.clv["revenue_average_churn"].why.as_deref(), Some("no-churn"));
    assert_eq!(value.clv["revenue_to_cac"].why.as_deref(), Some("no-churn"));
    // 18 customer-months without a loss. Python 3.11: 1 / (1 - 0.05 ** (1 / 18))
    assert_near(value.lifespan["lower_bound"].value, LOWER_BOUND);
    assert_near(value.clv["margin_lower_bound"].value, 40.0 * LOWER_BOUND);
}

const LOWER_BOUND: f64 = 6.522_410_344_993_171;

#[test]
fn without_customers_or_amounts_value_is_undefined() {
    let gone = subscriptions(vec![spell(0, "2026-01-01", Some("2026-02-10"), 5000)], "2026-02-28");
    let value = value_of(&gone, &options());
    assert_near(value.lifespan["average_churn"].value, 1.0);
    assert_eq!(value.clv["revenue_average_churn"].why.as_deref(), Some("no-customers"));
    assert_eq!(value.clv["discounted"].why.as_deref(), Some("no-customers"));

    let mut ledger = ten_customers();
    ledger.has_amounts = false;
    let value = value_of(&ledger, &options());
    assert_near(value.lifespan["average_churn"].value, 28.0 / 3.0);
    assert!(value.clv.values().all(|figure| figure.why.as_deref() == Some("no-amounts")));

    let first = subscriptions(vec![spell(0, "2026-01-01", None, 5000)], "2026-01-31");
    let value = value_of(&first, &options());
    assert_eq!(value.lifespan["average_churn"].why.as_deref(), Some("no-complete-period"));
}

/// In quarters, revenue per period is that of three months.
#[test]
fn revenue_per_customer_follows_the_period() {
    let options = AnalysisOptions { granularity: Granularity::Quarter, ..options() };
    let spells =
        vec![spell(0, "2026-01-01", None, 5000), spell(1, "2026-01-01", Some("2026-05-05"), 5000)];
    let value = value_of(&subscriptions(spells, "2026-06-30"), &options);
    assert_near(value.lifespan["average_churn"].value, 2.0);
    assert_near(value.clv["revenue_average_churn"].value, 300.0);
    assert_near(value.clv["cac_payback"].value, 1.0);
}

#[test]
fn value_of_purchases() {
    let purchases = vec![
        order(0, "2026-01-05", 1000),
        order(0, "2026-01-06", 2000),
        order(0, "2026-02-05", 3000),
        order(1, "2026-01-07", 4000),
        order(0, "2026-03-01", 5000),
    ];
    let value = value_of(&orders(purchases, vec![], "2026-03-10"), &options());
    // January and February are over: 4 purchases by 2 and 1 customers, and 1 of 2 lost.
    assert_near(value.lifespan["average_churn"].value, 2.0);
    assert_near(value.clv["transactional"].value, 30.0 * (4.0 / 3.0) * 2.0);
    assert_eq!(value.clv.len(), 1);
}

#[test]
fn value_of_accounts() {
    let rows = [
        (10.0, true, Some(2000)),
        (30.0, false, Some(4000)),
        (60.0, true, None),
        (0.0, false, None),
    ];
    let value = value_of(&accounts(&rows), &options());
    // 2 lost in 100 account-months, at 40.00 a month of the one left that says what it pays.
    assert_near(value.lifespan["average_churn"].value, 50.0);
    assert_near(value.clv["revenue_average_churn"].value, 2000.0);
    assert_near(value.clv["margin_average_churn"].value, 1600.0);
    let unknown = value_of(&accounts(&[(0.0, false, None)]), &options());
    assert_eq!(unknown.lifespan["average_churn"].why.as_deref(), Some("no-observed-time"));
}

#[test]
fn value_of_totals() {
    let rows = vec![
        PeriodTotals {
            start_customers: Some(100),
            lost_customers: Some(10),
            end_customers: Some(95),
            end_revenue: Some(950_000),
            ..blank_totals("2024-01", 2)
        },
        PeriodTotals {
            start_customers: Some(95),
            lost_customers: Some(5),
            ..blank_totals("2024-02", 3)
        },
    ];
    let value = value_of(&totals(rows), &options());
    assert_near(value.lifespan["average_churn"].value, 13.0);
    assert_near(value.lifespan["latest_period_churn"].value, 19.0);
    assert_near(value.clv["revenue_average_churn"].value, 1300.0);
}

fn input() -> Input {
    serde_json::from_value(serde_json::json!({
        "shape": "subscriptions", "shapeWhy": "", "asOf": "", "customers": 10, "decimals": 2,
        "dialect": { "encoding": "utf-8", "delimiter": ",", "decimal": ".", "dateOrder": "ymd" },
        "columns": [], "rows": { "read": 12, "used": 10, "excluded": 2 },
        "notes": [], "questions": [], "preview": []
    }))
    .unwrap()
}

fn report(ledger: &Ledger, options: &AnalysisOptions) -> Report {
    let mut notes = Notes::new();
    notes.exclude("date-invalid", Severity::Error, 3, Some("start"), String::new);
    notes.tell("zero-amount", Severity::Info, None, None, String::new);
    let (report, _) = assemble(input(), ledger, options, &mut notes);
    assert_eq!(notes.into_sorted().len(), report.input.notes.len());
    report
}

#[test]
fn a_report_holds_all_figures() {
    let mut ledger = ten_customers();
    let Histories::Recurring(recurring) = &mut ledger.histories else { panic!() };
    // One who stays all the same: cancelled and taken up again on the next day.
    recurring.spells[9].end = Day::from_iso("2026-02-03");
    recurring.spells.push(spell(9, "2026-02-04", None, 5000));
    let report = report(&ledger, &options());
    assert_eq!(report.input.as_of, "2026-04-30");
    assert_eq!((report.input.rows.read, report.input.rows.excluded), (12, 2));
    let codes: Vec<(&str, &str)> =
        report.input.notes.iter().map(|note| (&note.code[..], &note.severity[..])).collect();
    assert_eq!(
        codes,
        [("date-invalid", "error"), ("returned-customers", "info"), ("zero-amount", "info")]
    );
    assert_eq!(report.periods.len(), 4);
    assert_eq!(report.periods[3].revenue.as_ref().unwrap().churned, Some(100.0));
    assert_eq!(report.periods[3].from.as_deref(), Some("2026-03-31"));
    assert_eq!(report.trailing_year, None);
    let cohorts = report.cohorts.as_ref().unwrap();
    assert_eq!(cohorts.granularity, "month");
    assert_eq!(cohorts.rows[0].revenue[3], Some(350.0));

    let survival = report.survival.as_ref().unwrap();
    assert_eq!(survival.unit, "day");
    assert_eq!(survival.timeline, [40.0, 109.0]);
    assert_eq!((&survival.at_risk[..], &survival.events[..]), (&[10, 9][..], &[1, 2][..]));
    // 40 days of all, 69 of nine tenths, 10 of seven tenths, up to day 119.
    assert_near(survival.rmst.value, 109.1);
    assert_eq!(survival.median.why.as_deref(), Some("median-not-reached"));
    let mean = &report.value.lifespan["restricted_mean"];
    assert_near(mean.value, 109.1 / (365.2425 / 12.0));
    assert_near(mean.inputs.get("horizon").copied(), 119.0 / (365.2425 / 12.0));
    assert_near(report.value.clv["revenue_restricted_mean"].value, 50.0 * 109.1 / 30.436_875);
    assert!(report.segments.is_none() && report.purchases.is_none());
}

#[test]
fn a_report_of_snapshots_counts_months() {
    let ledger = snapshots(&[
        (0, "2024-01", 1000),
        (0, "2024-02", 1000),
        (0, "2024-03", 1000),
        (1, "2024-01", 1000),
        (2, "2024-03", 1000),
    ]);
    let report = report(&ledger, &AnalysisOptions::default());
    let survival = report.survival.unwrap();
    assert_eq!(survival.unit, "month");
    assert_eq!((survival.timeline, survival.at_risk), (vec![1.0], vec![2]));
    // One month of both, one of half of them.
    assert_near(report.value.lifespan["restricted_mean"].value, 1.5);
    let rows = report.cohorts.unwrap().rows;
    assert_eq!(rows[0].customers, [Some(2), Some(1), Some(1)]);
    assert_eq!(rows[1].cohort, "2024-03");
    assert_eq!(rows[1].customers, [Some(1), None, None]);
    assert_eq!(rows[1].revenue, [Some(10.0), None, None]);
    assert_eq!(rows[1].partial, [false; 3]);
}

#[test]
fn a_report_of_purchases_has_no_curve() {
    let ledger = orders(vec![order(0, "2026-01-05", 1050)], vec![], "2026-01-31");
    let report = report(&ledger, &AnalysisOptions::default());
    let purchases = report.purchases.unwrap();
    assert_eq!((purchases.customers, purchases.purchases, purchases.revenue), (1, 1, 10.5));
    assert_eq!(purchases.repeat_customer_rate.value, Some(0.0));
    assert_eq!(report.survival, None);
}

#[test]
fn a_report_of_nothing_yet() {
    let ledger = subscriptions(vec![spell(0, "2026-05-01", None, 100)], "2026-05-01");
    let as_of = Day::from_iso("2026-01-31");
    let report = report(&ledger, &AnalysisOptions { as_of, ..options() });
    assert!(report.periods.is_empty() && report.survival.is_none() && report.cohorts.is_none());
    assert_eq!(report.input.as_of, "2026-01-31");
    assert_eq!(report.value.lifespan["average_churn"].why.as_deref(), Some("no-complete-period"));
}

#[test]
fn an_impossible_tenure_costs_the_curve_alone() {
    let rows = [(f64::NAN, true, Some(2000)), (30.0, false, Some(4000))];
    let report = report(&accounts(&rows), &options());
    assert_eq!(report.survival, None);
    assert!(report.input.notes.iter().any(|note| note.code == "duration-not-finite"));
    assert_eq!(report.periods[0].customer_churn_rate.value, Some(0.5));
    assert_eq!(report.value.lifespan["average_churn"].value, None);
}
