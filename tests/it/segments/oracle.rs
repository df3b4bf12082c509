//! Every count, sum and effect as the oracle has it, which shares no code with the core.

use std::fmt::Write as _;
use std::path::Path;

use retention_calculator::number::Figure;
use retention_calculator::number::interval::{share_of_sum, two_sided_t};
use retention_calculator::report::{PeriodReport, RateChangeReport, Segment};
use retention_calculator::session::AnalyzeOptions;
use serde_json::Value;

use super::{by, segmented, segments_of, session_of};

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

/// The share of the revenue and, of purchases, the average are as uncertain as the oracle's sums.
fn check_intervals(
    segment: &Segment,
    paid: &Value,
    whole: (f64, f64),
    is_orders: bool,
    what: &str,
) {
    let number = |name: &str| paid[name].as_f64().unwrap();
    let ends = |figure: &Figure| figure.low.zip(figure.high);
    let share = share_of_sum((number("sum"), number("squares")), whole, 0.95);
    assert_eq!(ends(&segment.revenue_share), share, "{what}: share");
    let average = &segment.average_revenue;
    let variance = paid["variance"].as_f64().filter(|variance| 0.0 < *variance);
    match (average.value, variance) {
        (Some(mean), Some(variance)) => {
            let n = paid["n"].as_u64().unwrap();
            let reach = two_sided_t(n - 1, 0.95).unwrap() * variance.sqrt() / 100.0;
            let (low, high) = ends(average).unwrap();
            if is_orders {
                assert!((high - mean - reach).abs() < 1e-9 * reach, "{what}: {high}");
                assert!((low - (mean - reach).max(0.0)).abs() < 1e-9 * reach, "{what}: {low}");
            } else {
                // Drawn, and so alike for many customers.
                assert!(low < mean && mean < high, "{what}");
                let is_alike = (0.7..1.2).contains(&((high - low) / (2.0 * reach)));
                assert!(n < 20 || is_alike, "{what}: {low} to {high} beside {reach}");
            }
        }
        _ => assert_eq!(ends(average), None, "{what}"),
    }
}

/// Of many segments the smaller ones have intervals too: those of leaving one customer out at a time.
#[test]
fn the_smaller_of_many_segments_have_intervals_as_by_the_jackknife() {
    const N_SEGMENTS: u32 = 60;
    let mut text = String::from("customer,start,end,mrr,owner\n");
    let mut paid: Vec<Vec<(f64, f64)>> = vec![Vec::new(); N_SEGMENTS as usize];
    for customer in 0..80 * N_SEGMENTS {
        let segment = customer % N_SEGMENTS;
        let then = 10 + customer * 7_919 % 90;
        let start = "2025-01-10";
        let (end, more) = match customer / N_SEGMENTS % 7 {
            0 => ("2025-06-15", 0),
            1 | 2 => ("", 5 + customer % 13),
            _ => ("", 0),
        };
        writeln!(text, "c{customer},{start},{end},{then},o{segment}").unwrap();
        if 0 < more {
            writeln!(text, "c{customer},2025-06-20,,{more},o{segment}").unwrap();
        }
        let now = if end.is_empty() { then + more } else { 0 };
        paid[segment as usize].push((f64::from(now), f64::from(then)));
    }
    let options = AnalyzeOptions { as_of: Some("2025-06-30".to_owned()), ..by(&["owner"]) };
    let (_, report) = session_of(&text, &options);
    let n_drawn = report.segmentation.as_ref().unwrap().with_intervals;
    let segments = segments_of(&report);
    assert!((20..N_SEGMENTS.into()).contains(&n_drawn), "{n_drawn}");
    for segment in segments {
        let pairs = &paid[segment.name[1..].parse::<usize>().unwrap()];
        for (figure, most) in [
            (&segment.latest.net_revenue_retention, f64::INFINITY),
            (&segment.latest.gross_revenue_retention, 1.0),
        ] {
            let capped: Vec<(f64, f64)> =
                pairs.iter().map(|&(now, then)| (now.min(then * most), then)).collect();
            let ratio = |skip: usize| {
                let rest = capped.iter().enumerate().filter(|(place, _)| *place != skip);
                let (now, then) =
                    rest.fold((0.0, 0.0), |sum, (_, one)| (sum.0 + one.0, sum.1 + one.1));
                now / then
            };
            let without: Vec<f64> = (0..capped.len()).map(ratio).collect();
            let n = 80.0;
            let mean = without.iter().sum::<f64>() / n;
            let squares: f64 = without.iter().map(|one| (one - mean) * (one - mean)).sum();
            let reach = 1.99 * (squares * (n - 1.0) / n).sqrt();
            let (low, high) = figure.low.zip(figure.high).unwrap();
            let whole = ratio(usize::MAX);
            assert_eq!(format!("{whole:.12}"), format!("{:.12}", figure.value.unwrap()));
            let width = (high - low) / ((whole + reach).min(most) - (whole - reach));
            assert!((0.85..1.15).contains(&width), "{}: {low} to {high}, {reach}", segment.name);
        }
        assert!(segment.average_revenue.low.is_some() && segment.revenue_share.low.is_some());
    }
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
        let latest = case["latest"].as_object().unwrap();
        let sum = |name: &str| -> f64 {
            latest.values().map(|one| one["paid"][name].as_f64().unwrap()).sum()
        };
        let whole = (sum("sum"), sum("squares"));
        for (name, expected) in latest {
            let what = format!("{columns:?} {name}");
            let segment = found(&expected["values"]);
            check_period(&segment.latest, expected, &what);
            let is_orders = report.input.shape == "transactions";
            check_intervals(segment, &expected["paid"], whole, is_orders, &what);
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
