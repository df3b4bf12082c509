//! Every count, sum and effect as the oracle has it, which shares no code with the core.

use std::path::Path;

use retention_calculator::report::{PeriodReport, RateChangeReport};
use retention_calculator::session::AnalyzeOptions;
use serde_json::Value;

use super::{segmented, segments_of, session_of};

fn assert_close(actual: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().unwrap();
    assert!((actual - expected).abs() < 1e-12, "{what}: {actual}, should be {expected}");
}

fn check_period(period: &PeriodReport, expected: &Value, what: &str) {
    let customers = serde_json::to_value(&period.customers).unwrap();
    let revenue = serde_json::to_value(period.revenue.as_ref().unwrap()).unwrap();
    for (name, count) in expected["customers"].as_object().unwrap() {
        assert_eq!(&customers[name], count, "{what}: {name}");
    }
    for (name, minor) in expected["revenue_minor"].as_object().unwrap() {
        let cents = format!("{:.0}", revenue[name].as_f64().unwrap() * 100.0);
        assert_eq!(cents, minor.to_string(), "{what}: {name}");
    }
}

fn check_mix(change: Option<&RateChangeReport>, names: &[String], expected: &Value, what: &str) {
    if expected.is_null() {
        assert!(change.is_none(), "{what}");
        return;
    }
    let change = change.unwrap();
    assert_close(change.before, &expected["before"], what);
    assert_close(change.now, &expected["now"], what);
    assert_close(change.change, &expected["change"], what);
    let effects = expected["effects"].as_object().unwrap();
    for (name, effect) in names.iter().zip(&change.segments) {
        let Some(expected) = effects.get(name) else {
            assert!(effect.rate_effect.abs() + effect.mix_effect.abs() < 1e-15, "{what}: {name}");
            continue;
        };
        assert_close(effect.rate_effect, &expected[0], &format!("{what}: rate of {name}"));
        assert_close(effect.mix_effect, &expected[1], &format!("{what}: mix of {name}"));
    }
    for name in effects.keys() {
        assert!(names.contains(name), "{what}: {name} is missing");
    }
    let sum = change.rate_effect + change.mix_effect;
    assert!((sum - change.change).abs() < 1e-12, "{what}: nothing is left over");
}

#[test]
fn segments_mix_and_concentration_are_those_of_the_oracle() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/segments.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let text = case["csv"].as_str().unwrap();
        let columns: Vec<&str> =
            case["segments_by"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
        let (mut session, _) = session_of(text, &AnalyzeOptions::default());
        let report = segmented(&mut session, &columns);
        let segments = segments_of(&report);
        let found = |values: &Value| {
            let is_it = |one: &&retention_calculator::report::Segment| {
                serde_json::to_value(&one.values).unwrap() == *values
            };
            segments.iter().find(is_it).unwrap()
        };
        for (name, expected) in case["latest"].as_object().unwrap() {
            let what = format!("{columns:?} {name}");
            check_period(&found(&expected["values"]).latest, expected, &what);
        }
        for (name, expected) in case["trailing_year"].as_object().unwrap() {
            let year = found(&expected["values"]).trailing_year.as_ref().unwrap();
            check_period(year, expected, &format!("year of {columns:?} {name}"));
        }
        let names: Vec<String> = segments.iter().map(|one| one.values.join(" · ")).collect();
        let segmentation = report.segmentation.as_ref().unwrap();
        for (mix, expected) in [
            (segmentation.mix.as_ref(), &case["mix"]),
            (segmentation.trailing_mix.as_ref(), &case["trailing_mix"]),
        ] {
            let rates = [
                ("customerRetention", mix.and_then(|mix| mix.customer_retention.as_ref())),
                ("grossRetention", mix.and_then(|mix| mix.gross_retention.as_ref())),
                ("netRetention", mix.and_then(|mix| mix.net_retention.as_ref())),
            ];
            for (rate, change) in rates {
                check_mix(change, &names, &expected[rate], &format!("{columns:?} {rate}"));
            }
        }
        let concentration = report.concentration.as_ref().unwrap();
        let expected = &case["concentration"];
        assert_eq!(concentration.customers, expected["customers"].as_u64().unwrap());
        assert_close(concentration.index.value.unwrap(), &expected["index"], "index");
        let effective = concentration.effective_number.value.unwrap();
        let wanted = expected["effective_number"].as_f64().unwrap();
        assert!((effective / wanted - 1.0).abs() < 1e-12);
        for top in &concentration.top {
            let share = top.share.value.unwrap();
            assert_close(share, &expected["top"][top.customers.to_string()], "share of the top");
        }
    }
}
