//! What moved net revenue retention, against an oracle (`tests/oracle/retention_bridges.py`).

use std::path::Path;

use retention_calculator::analysis::{Levels, retention_bridges};
use retention_calculator::calendar::Granularity;
use retention_calculator::ledger::Recurring;
use serde_json::Value;

use super::ledgers::{day, spell};
use crate::reading::read;

fn file(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn assert_near(is: f64, should: &Value) {
    let should = should.as_f64().unwrap();
    assert!((is - should).abs() <= 1e-12 * should.abs().max(1.0), "{is} is not {should}");
}

#[test]
fn the_bridges_of_the_sample_are_those_of_the_oracle() {
    let report = read(&file("www/public/samples/mrr-wide.csv"));
    let expected: Value =
        serde_json::from_slice(&file("tests/cases/retention-bridges.json")).unwrap();
    let expected = expected["bridges"].as_array().unwrap();
    assert_eq!(report.bridges.len(), expected.len());
    for (bridge, expected) in report.bridges.iter().zip(expected) {
        let window = match bridge.window {
            Granularity::Month => "month",
            Granularity::Quarter => "quarter",
            Granularity::Year => "year",
        };
        assert_eq!(window, expected["window"]);
        assert_near(bridge.before.net_revenue_retention.value.unwrap(), &expected["before"]);
        assert_near(bridge.after.net_revenue_retention.value.unwrap(), &expected["after"]);
        assert_near(bridge.change.unwrap(), &expected["change"]);
        assert_eq!(bridge.steps.len(), 3);
        for step in &bridge.steps {
            assert_near(step.change, &expected["steps"][&step.movement]);
        }
        let named = expected["contributors"].as_array().unwrap();
        assert_eq!(bridge.contributors.len(), named.len());
        for (one, expected) in bridge.contributors.iter().zip(named) {
            assert_eq!(one.customer, expected[0]);
            assert_near(one.change, &expected[1]);
            assert_near(one.moved_before, &expected[2]);
            assert_near(one.moved_after, &expected[3]);
        }
    }
}

#[test]
fn without_customers_at_the_start_of_a_quarter_there_is_no_change() {
    // Nobody is there at the end of the first quarter.
    let spells =
        vec![spell(0, "2024-01-10", Some("2024-02-05"), 5000), spell(1, "2024-05-01", None, 5000)];
    let recurring = Recurring { spells, is_monthly: false };
    let levels = Levels::new(&recurring, day("2024-09-30"));
    let bridges = retention_bridges(&levels, day("2024-01-10"), 2, 0.95);
    assert_eq!(bridges.len(), 1);
    assert_eq!(bridges[0].change, Err("no-customers-at-start"));
    assert!(bridges[0].steps.is_empty() && bridges[0].contributors.is_empty());
}

#[test]
fn data_of_less_than_two_quarters_have_no_bridge() {
    let spells = vec![spell(0, "2024-05-01", None, 5000)];
    let recurring = Recurring { spells, is_monthly: false };
    let levels = Levels::new(&recurring, day("2024-09-30"));
    assert!(retention_bridges(&levels, day("2024-05-01"), 2, 0.95).is_empty());
}
