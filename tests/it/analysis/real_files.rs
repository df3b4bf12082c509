//! Real files against counts by independent programs.

use std::collections::BTreeMap;

use retention_calculator::analysis::{Analysis, AnalysisOptions, analyze, lifetime_value};
use retention_calculator::calendar::Day;
use retention_calculator::ledger::{Account, Histories, Ledger, Purchase};
use serde_json::Value;

use super::ledgers::{OrderLists, day, ledger};

/// Decimal text with two places as cents.
fn cents(text: &str) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{part:0<2}").parse().unwrap()
}

/// The CDNOW purchases, each row one of them.
fn cdnow() -> Ledger {
    let text = include_str!("../../corpora/lifetimes_CDNOW_master.txt");
    let mut places: BTreeMap<&str, u32> = BTreeMap::new();
    let mut purchases = Vec::new();
    for line in text.lines().skip(1) {
        let mut cells = line.split_whitespace();
        let (id, on) = (cells.next().unwrap(), cells.next().unwrap());
        let amount = cents(cells.nth(1).unwrap());
        let next = u32::try_from(places.len()).unwrap();
        let customer = *places.entry(id).or_insert(next);
        let on = day(&format!("{}-{}-{}", &on[..4], &on[4..6], &on[6..]));
        purchases.push(Purchase { customer, day: on, amount, segment: None });
    }
    purchases.sort();
    let last_day = purchases.iter().map(|purchase| purchase.day).max();
    ledger(OrderLists { purchases, refunds: Vec::new() }.into(), last_day)
}

fn number(value: &Value) -> i128 {
    i128::from(value.as_i64().unwrap())
}

#[test]
fn cdnow_as_counted_by_sets() {
    let expected: Value = serde_json::from_str(include_str!("../../cases/cdnow.json")).unwrap();
    let analysis = analyze(&cdnow(), &AnalysisOptions::default());
    assert_eq!(analysis.as_of, Day::from_iso("1998-06-30"));

    // The published size of the file.
    let totals = analysis.purchases.as_ref().unwrap();
    assert_eq!((totals.n_customers, totals.n_purchases), (23_570, 69_659));
    assert_eq!(totals.revenue_minor, 250_031_563);
    assert_eq!(i128::from(totals.n_returning), number(&expected["returning"]));

    let rows = expected["periods"].as_array().unwrap();
    assert_eq!(analysis.periods.len(), rows.len());
    for (period, row) in analysis.periods.iter().zip(rows) {
        assert_eq!(period.span.label, row["period"].as_str().unwrap());
        let c = period.customers;
        for (name, count) in [
            ("start", c.start),
            ("new", c.new),
            ("reactivated", c.reactivated),
            ("lost", c.lost),
            ("end", c.end),
        ] {
            assert_eq!(i128::from(count.unwrap()), number(&row[name]), "{name}");
        }
        let revenue = period.revenue.unwrap();
        assert_eq!(revenue.start, Some(number(&row["start_cents"])));
        assert_eq!(revenue.end, Some(number(&row["end_cents"])));
        let start = number(&row["start_cents"]) as f64;
        let share = |cents: &Value| (0.0 < start).then(|| number(cents) as f64 / start);
        assert_eq!(period.gross_revenue_retention.value, share(&row["kept_cents"]));
        assert_eq!(period.net_revenue_retention.value, share(&row["now_cents"]));
    }
    assert_cohorts(&analysis, &expected["cohorts"]);

    let year = analysis.trailing_year.as_ref().unwrap();
    assert_eq!(year.span.label, "1997-07-01/1998-06-30");
    for (name, count) in [
        ("start", year.customers.start),
        ("lost", year.customers.lost),
        ("new", year.customers.new),
        ("end", year.customers.end),
    ] {
        assert_eq!(i128::from(count.unwrap()), number(&expected["year"][name]), "{name}");
    }
}

fn assert_cohorts(analysis: &Analysis, expected: &Value) {
    let cohorts = &analysis.cohorts.as_ref().unwrap().rows;
    let rows = expected.as_array().unwrap();
    assert_eq!(cohorts.len(), rows.len());
    for (cohort, row) in cohorts.iter().zip(rows) {
        assert_eq!(cohort.label, row["cohort"].as_str().unwrap());
        assert_eq!(i128::from(cohort.size), number(&row["size"]));
        let list = |name: &str| -> Vec<i128> {
            row[name].as_array().unwrap().iter().map(number).collect()
        };
        let customers: Vec<i128> =
            cohort.ages.iter().map(|age| i128::from(age.n_customers)).collect();
        let revenue: Vec<i128> = cohort.ages.iter().map(|age| age.revenue_minor).collect();
        assert_eq!((customers, revenue), (list("customers"), list("cents")));
    }
}

/// The telecom accounts: tenure in months, churn flag, monthly charges.
fn telco() -> Ledger {
    let text = include_str!("../../corpora/telco_wa_churn.csv");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let place = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let (churn, tenure, charges) = (place("churn"), place("tenure"), place("monthly_charges"));
    let accounts = lines
        .zip(0..)
        .map(|(line, customer)| {
            let cells: Vec<&str> = line.split(',').collect();
            Account {
                customer,
                tenure: cells[tenure].parse().unwrap(),
                churned: cells[churn] == "Yes",
                amount: Some(cents(cells[charges])),
                segment: None,
                reason: None,
                renewal: None,
            }
        })
        .collect();
    ledger(Histories::Accounts(accounts), None)
}

#[test]
fn telco_as_published() {
    let ledger = telco();
    let options = AnalysisOptions::default();
    let analysis = analyze(&ledger, &options);
    let [all] = &analysis.periods[..] else { panic!() };
    assert_eq!(all.customers.start, Some(7043));
    assert_eq!(all.customers.lost, Some(1869));
    assert_eq!(all.customer_churn_rate.value, Some(1869.0 / 7043.0));
    // Python 3.11, csv and decimal: charges of all accounts and of those who left.
    let revenue = all.revenue.unwrap();
    assert_eq!(revenue.start, Some(45_611_660));
    assert_eq!(revenue.churned, Some(13_913_085));
    // The geometric fit of the same accounts: a churn of 0.008197728 a month.
    let value = lifetime_value(&ledger, &options, &analysis, None);
    let churn = value.lifespan["average_churn"].inputs["churn"];
    assert!((churn - 0.008_197_728).abs() < 5e-10, "{churn}");
}
