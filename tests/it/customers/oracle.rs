//! Every list of `tests/cases/customers.json`, which `tests/oracle/customers.py` wrote from the
//! definitions alone: who is in it, with what, in which order.

use std::path::Path;

use retention_calculator::analysis::customers::{CohortGroup, CustomerSet, PeriodGroup};
use retention_calculator::calendar::Granularity;
use retention_calculator::session::{AnalyzeOptions, Session};
use serde_json::Value;

use super::{cohort, period, read, whole};

const PERIOD_GROUPS: [(&str, PeriodGroup); 8] = [
    ("start", PeriodGroup::Start),
    ("end", PeriodGroup::End),
    ("lost", PeriodGroup::Lost),
    ("new", PeriodGroup::New),
    ("reactivated", PeriodGroup::Reactivated),
    ("retained", PeriodGroup::Retained),
    ("expanded", PeriodGroup::Expanded),
    ("contracted", PeriodGroup::Contracted),
];

const COHORT_GROUPS: [(&str, CohortGroup); 3] =
    [("all", CohortGroup::All), ("active", CohortGroup::Active), ("gone", CohortGroup::Gone)];

/// A row as the oracle writes it: the id, cents then and cents now.
type Row = (String, i64, i64);

fn rows_of(session: &Session, set: CustomerSet) -> Vec<Row> {
    let cents = |amount: Option<f64>| format!("{:.0}", amount.unwrap() * 100.0).parse().unwrap();
    let rows = whole(session, set).rows.into_iter();
    rows.map(|row| (row.customer, cents(row.then), cents(row.now))).collect()
}

fn rows_of_oracle(list: &Value) -> Vec<Row> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| {
        let cents = |at: usize| row[at].as_i64().unwrap();
        (row[0].as_str().unwrap().to_owned(), cents(1), cents(2))
    })
    .collect()
}

#[test]
fn lists_are_those_of_the_oracle() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = std::fs::read_to_string(project.join("tests/cases/customers.json")).unwrap();
    let cases: Value = serde_json::from_str(&cases).unwrap();
    let mut n_rows = 0;
    for case in cases["files"].as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let options = AnalyzeOptions {
            granularity: Some(match case["granularity"].as_str().unwrap() {
                "month" => Granularity::Month,
                "quarter" => Granularity::Quarter,
                _ => Granularity::Year,
            }),
            as_of: case["asOfGiven"].as_str().map(str::to_owned),
            ..AnalyzeOptions::default()
        };
        let (session, _) = read(&std::fs::read(project.join(file)).unwrap(), &options);
        for (label, lists) in case["periods"].as_object().unwrap() {
            for (name, group) in PERIOD_GROUPS {
                let expected = rows_of_oracle(&lists[name]);
                n_rows += expected.len();
                assert_eq!(
                    rows_of(&session, period(label, group)),
                    expected,
                    "{file} {label} {name}"
                );
            }
        }
        for one in case["cohorts"].as_array().unwrap() {
            let label = one["cohort"].as_str().unwrap();
            let age = usize::try_from(one["age"].as_u64().unwrap()).unwrap();
            for (name, group) in COHORT_GROUPS {
                let expected = rows_of_oracle(&one[name]);
                n_rows += expected.len();
                let set = cohort(label, age, group);
                assert_eq!(rows_of(&session, set), expected, "{file} {label} {age} {name}");
            }
        }
    }
    assert!(2000 < n_rows, "only {n_rows} rows were compared");
}
