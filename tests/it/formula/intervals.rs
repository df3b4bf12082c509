//! Intervals and random numbers against scipy, numpy, mpmath and a transcription in Python.

use proptest::prelude::*;
use retention_calculator::number::interval::{
    bootstrap_ratio, normal_quantile, two_sided_z, wilson,
};
use retention_calculator::number::random::Stream;
use serde_json::Value;

use super::{assert_close, case_file};

fn pairs_of(base: &Value) -> Vec<(i64, i64)> {
    let pair = |pair: &Value| (pair[0].as_i64().unwrap(), pair[1].as_i64().unwrap());
    base["pairs"].as_array().unwrap().iter().map(pair).collect()
}

#[test]
fn normal_quantiles_are_those_of_mpmath_and_scipy() {
    let file = case_file("intervals.json");
    for row in file["normal_quantile"].as_array().unwrap() {
        let p = row[0].as_f64().unwrap();
        let exact: f64 = row[1].as_str().unwrap().parse().unwrap();
        let ours = normal_quantile(p).unwrap();
        assert_close(ours, exact, 1e-15, &format!("mpmath, p = {p}"));
        assert_close(ours, row[2].as_f64().unwrap(), 4e-15, &format!("scipy, p = {p}"));
    }
    for outside in [0.0, 1.0, -0.1, 1.1, f64::NAN] {
        assert_eq!(normal_quantile(outside), None);
    }
    assert_close(two_sided_z(0.95).unwrap(), 1.959_963_985, 1e-9, "z");
    assert_eq!(two_sided_z(95.0), None);
}

#[test]
fn wilson_is_that_of_scipy() {
    let file = case_file("intervals.json");
    for row in file["wilson"].as_array().unwrap() {
        let (low, high) =
            wilson(row[0].as_u64().unwrap(), row[1].as_u64().unwrap(), row[2].as_f64().unwrap())
                .unwrap();
        let what = row.to_string();
        assert!((low - row[3].as_f64().unwrap()).abs() <= 1e-14, "{what}: {low}");
        assert!((high - row[4].as_f64().unwrap()).abs() <= 1e-14, "{what}: {high}");
    }
}

#[test]
fn wilson_is_that_of_the_published_numbers() {
    let file = case_file("published-numbers.json");
    for (counts, expected) in file["wilson95"].as_object().unwrap() {
        let (successes, n) = counts.split_once('/').unwrap();
        let (low, high) = wilson(successes.parse().unwrap(), n.parse().unwrap(), 0.95).unwrap();
        assert!((low - expected[0].as_f64().unwrap()).abs() < 5e-8, "{counts}: {low}");
        assert!((high - expected[1].as_f64().unwrap()).abs() < 5e-8, "{counts}: {high}");
    }
}

#[test]
fn wilson_needs_a_count_and_a_confidence() {
    assert_eq!(wilson(0, 0, 0.95), None);
    assert_eq!(wilson(2, 1, 0.95), None);
    assert_eq!(wilson(1, 2, 0.0), None);
    assert_eq!(wilson(1, 2, f64::NAN), None);
}

#[test]
fn bootstrap_ends_are_those_of_numpy() {
    let file = case_file("intervals.json");
    for base in file["bootstrap"].as_array().unwrap() {
        let net = pairs_of(base);
        let gross: Vec<(i64, i64)> = net.iter().map(|&(a, b)| (a.min(b), b)).collect();
        for (name, pairs) in [("net", net), ("gross", gross)] {
            let (low, high) = bootstrap_ratio(&pairs, 0.95, 11).unwrap();
            let what = format!("{} of {} {name}", pairs.len(), base["kind"]);
            for (end, expected) in [(low, &base[name]["low"]), (high, &base[name]["high"])] {
                let [least, exact, most] = [0, 1, 2].map(|i| expected[i].as_f64().unwrap());
                let slack = 1e-12;
                let inside = least - slack <= end && end <= most + slack;
                assert!(inside, "{what}: {end} instead of {exact}, from {least} to {most}");
            }
        }
    }
}

/// splitmix64 of a counter.
fn mixed(counter: u64) -> u64 {
    let mut z = (counter + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The customers of `tests/oracle/large_bases.py`: what they pay now and paid then, in cents.
fn made_up_base(kind: &str, n: u64) -> Vec<(i64, i64)> {
    let customer = |number: u64| {
        let size = (mixed(number) >> 44).cast_signed();
        let is_whale = kind == "whale" && number == n / 2;
        let then = match kind {
            "skewed" => {
                let parts = [size & 31, size >> 5 & 31, size >> 10 & 31, size >> 15];
                500 + parts.iter().map(|part| 1 + part).product::<i64>()
            }
            "pareto" => (5_000 << 20) / (1 + size),
            _ if is_whale => 4_900 * n.cast_signed() / 4,
            _ => 4_900,
        };
        let now = match mixed(n + number) % 100 {
            _ if is_whale => 0,
            0..7 => 0,
            7..15 => then * 7 / 10,
            15..35 => then * 13 / 10,
            _ => then,
        };
        (now, then)
    };
    (0..n).map(customer).collect()
}

#[test]
fn bootstrap_of_large_bases_has_the_ends_of_whole_samples() {
    let file = case_file("large-bases.json");
    let bases = file["bases"].as_array().unwrap();
    assert_eq!(bases.len(), 8);
    for base in bases {
        let (kind, n) = (base["kind"].as_str().unwrap(), base["n"].as_u64().unwrap());
        let net = made_up_base(kind, n);
        let (now, then) = net.iter().fold((0, 0), |(a, b), pair| (a + pair.0, b + pair.1));
        assert_eq!((Some(now), Some(then)), (base["sumNow"].as_i64(), base["sumThen"].as_i64()));
        let gross: Vec<(i64, i64)> = net.iter().map(|&(a, b)| (a.min(b), b)).collect();
        for (name, pairs) in [("net", net), ("gross", gross)] {
            for seed in [1, 2] {
                let (low, high) = bootstrap_ratio(&pairs, 0.95, seed).unwrap();
                for (end, expected) in [(low, &base[name]["low"]), (high, &base[name]["high"])] {
                    let [least, exact, most] = [0, 1, 2].map(|i| expected[i].as_f64().unwrap());
                    assert!(
                        least <= end && end <= most,
                        "{name} of {n} {kind}: {end} instead of {exact}, from {least} to {most}"
                    );
                }
            }
        }
    }
}

#[test]
fn bootstrap_claims_no_certainty() {
    assert_eq!(bootstrap_ratio(&[], 0.95, 1), None);
    assert_eq!(bootstrap_ratio(&[(5, 10)], 0.95, 1), None);
    assert_eq!(bootstrap_ratio(&[(10, 10), (20, 20), (7, 7)], 0.95, 1), None);
    assert_eq!(bootstrap_ratio(&[(1, 1), (0, 0)], 0.95, 1), None);
    assert_eq!(bootstrap_ratio(&[(1, 1), (0, -1)], 0.95, 1), None);
    assert_eq!(bootstrap_ratio(&[(1, 1), (0, 1)], 1.0, 1), None);
}

#[test]
fn bootstrap_holds_the_largest_sums() {
    let huge = i64::MAX;
    for n in [2, 200] {
        let mut pairs = vec![(huge, huge); n];
        pairs[0] = (0, huge);
        pairs[1] = (-huge, huge);
        let (low, high) = bootstrap_ratio(&pairs, 0.95, 1).unwrap();
        assert!(-1.0 <= low && low < high && high <= 1.0, "{low} {high}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn bootstrap_does_not_depend_on_the_order_of_customers(
        pairs in prop::collection::vec((0_i64..100_000, 1_i64..100_000), 2..300), rotation in 0_usize..300,
    ) {
        let mut turned = pairs.clone();
        turned.rotate_left(rotation % pairs.len());
        let mut reversed = pairs.clone();
        reversed.reverse();
        let interval = bootstrap_ratio(&pairs, 0.9, 3);
        prop_assert_eq!(interval, bootstrap_ratio(&turned, 0.9, 3));
        prop_assert_eq!(interval, bootstrap_ratio(&reversed, 0.9, 3));
    }

    #[test]
    fn bootstrap_of_gross_retention_stays_between_0_and_1(
        pairs in prop::collection::vec((0_i64..100_000, 1_i64..100_000), 2..300), confidence in 0.5_f64..0.999,
    ) {
        let capped: Vec<(i64, i64)> = pairs.iter().map(|&(a, b)| (a.min(b), b)).collect();
        if let Some((low, high)) = bootstrap_ratio(&capped, confidence, 3) {
            prop_assert!(0.0 <= low && low <= high && high <= 1.0);
        }
    }

    #[test]
    fn bootstrap_does_not_depend_on_the_currency(
        pairs in prop::collection::vec((0_i64..100_000, 1_i64..100_000), 2..300),
    ) {
        let scaled: Vec<(i64, i64)> = pairs.iter().map(|&(a, b)| (1024 * a, 1024 * b)).collect();
        prop_assert_eq!(bootstrap_ratio(&pairs, 0.9, 3), bootstrap_ratio(&scaled, 0.9, 3));
    }

    #[test]
    fn wilson_is_wider_for_more_confidence(n in 1_u64..5000, u in 0.0_f64..=1.0, confidence in 0.1_f64..0.98) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a small count")]
        let successes = (u * n as f64) as u64;
        let (low, high) = wilson(successes, n, confidence).unwrap();
        let (lower, higher) = wilson(successes, n, confidence + 0.01).unwrap();
        prop_assert!(lower <= low && low <= high && high <= higher);
    }
}

#[test]
fn the_stream_is_xoshiro256plusplus() {
    let file = case_file("intervals.json");
    for (seed, expected) in file["stream"].as_object().unwrap() {
        let mut stream = Stream::seeded(seed.parse().unwrap());
        for value in expected.as_array().unwrap() {
            assert_eq!(stream.next_u64().to_string(), value.as_str().unwrap(), "seed {seed}");
        }
    }
}

#[test]
fn draws_have_the_moments_of_their_distributions() {
    let mut stream = Stream::seeded(42);
    let n = 200_000_u32;
    let (mut sum, mut squares, mut product) = (0.0, 0.0, 0.0);
    for _ in 0..n {
        let (x, y) = stream.normal_pair();
        sum += x + y;
        squares += x * x + y * y;
        product += x * y;
    }
    let n = f64::from(n);
    assert!((sum / (2.0 * n)).abs() < 0.01 && (squares / (2.0 * n) - 1.0).abs() < 0.02);
    assert!((product / n).abs() < 0.01);
    let mut seen = [0_u32; 5];
    for _ in 0..50_000 {
        seen[stream.below(5) as usize] += 1;
        assert!((0.0..1.0).contains(&stream.unit()));
    }
    assert!(seen.iter().all(|&count| (9_600..10_400).contains(&count)), "{seen:?}");
    assert_eq!(stream.below(0), 0);
}
