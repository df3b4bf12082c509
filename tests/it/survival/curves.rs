//! Kaplan–Meier against a slow, obvious twin that looks at every customer at every time.

use proptest::prelude::*;
use retention_calculator::survival::{
    DurationCount, EntryCount, kaplan_meier, kaplan_meier_of_counts, median_lifetime,
    restricted_mean_lifetime,
};

use super::close;

/// A customer: entry, duration, lost.
type Customer = (f64, f64, bool);

struct Step {
    time: f64,
    at_risk: u64,
    lost: u64,
    survival: f64,
    /// The sum of Greenwood.
    greenwood: f64,
}

fn is_at_risk(&(entry, duration, _): &Customer, time: f64) -> bool {
    (entry < time || entry == 0.0) && time <= duration
}

fn twin(customers: &[Customer]) -> Vec<Step> {
    let mut times: Vec<f64> = customers.iter().filter(|c| c.2).map(|c| c.1).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let mut steps: Vec<Step> = Vec::new();
    for &time in &times {
        // The product and the sum from the start, for each time anew.
        let (mut survival, mut greenwood) = (1.0, 0.0);
        let (mut at_risk, mut lost) = (0, 0);
        for &earlier in times.iter().filter(|&&earlier| earlier <= time) {
            at_risk = customers.iter().filter(|c| is_at_risk(c, earlier)).count();
            lost = customers.iter().filter(|c| c.2 && c.1 == earlier).count();
            let (n, d) = (at_risk as f64, lost as f64);
            survival *= 1.0 - d / n;
            if lost < at_risk {
                greenwood += d / (n * (n - d));
            }
        }
        let (at_risk, lost) = (at_risk as u64, lost as u64);
        steps.push(Step { time, at_risk, lost, survival, greenwood });
    }
    steps
}

fn customers() -> impl Strategy<Value = Vec<Customer>> {
    // Whole and half durations, so that there are ties, also of entries with durations.
    let customer = (0_u8..12, 1_u8..20, any::<bool>()).prop_map(|(entry, stay, lost)| {
        let entry = f64::from(entry.saturating_sub(6)) / 2.0;
        (entry, entry + f64::from(stay) / 2.0, lost)
    });
    prop::collection::vec(customer, 1..60)
}

fn split(customers: &[Customer]) -> (Vec<f64>, Vec<bool>, Vec<f64>) {
    (
        customers.iter().map(|c| c.1).collect(),
        customers.iter().map(|c| c.2).collect(),
        customers.iter().map(|c| c.0).collect(),
    )
}

proptest! {
    #[test]
    fn the_curve_is_that_of_its_twin(customers in customers()) {
        let (durations, events, entry) = split(&customers);
        let curve = kaplan_meier(&durations, &events, Some(&entry), 0.9).unwrap();
        let twin = twin(&customers);
        prop_assert_eq!(curve.timeline.len(), twin.len());
        let z = 1.644_853_626_951_472_7;
        for (index, step) in twin.iter().enumerate() {
            prop_assert_eq!(curve.timeline[index], step.time);
            prop_assert_eq!(curve.at_risk[index], step.at_risk);
            prop_assert_eq!(curve.events[index], step.lost);
            close("survival", curve.survival[index], step.survival, 1e-12);
            prop_assert!(curve.low[index] <= curve.survival[index]);
            prop_assert!(curve.survival[index] <= curve.high[index]);
            if step.survival > 1e-9 {
                let root = step.greenwood.sqrt();
                close("error", curve.standard_error[index], step.survival * root, 1e-12);
                // The interval on the log-minus-log scale, where it is symmetric.
                let middle = libm::log(-libm::log(step.survival));
                let width = z * root / -libm::log(step.survival);
                close("low", curve.low[index], libm::exp(-libm::exp(middle + width)), 1e-10);
                close("high", curve.high[index], libm::exp(-libm::exp(middle - width)), 1e-10);
            }
        }
    }

    #[test]
    fn the_restricted_mean_is_the_area_of_its_twin(customers in customers(), cut in 1_u8..20) {
        let (durations, events, entry) = split(&customers);
        let curve = kaplan_meier(&durations, &events, Some(&entry), 0.95).unwrap();
        let horizon = (f64::from(cut) / 2.0).min(curve.last_time);
        let figure = restricted_mean_lifetime(&curve, Some(horizon)).unwrap();
        let twin = twin(&customers);
        // Every duration is a multiple of a half: the area is a sum of halves.
        let at = |time: f64| {
            twin.iter().rev().find(|step| step.time <= time).map_or(1.0, |step| step.survival)
        };
        let area = |from: f64| {
            let halves = ((horizon - from) * 2.0).round() as usize;
            (0..halves).map(|half| at(from + half as f64 / 2.0) / 2.0).sum::<f64>()
        };
        close("mean", figure.value.unwrap(), area(0.0), 1e-10);
        let variance: f64 = twin
            .iter()
            .filter(|step| step.time <= horizon && step.lost < step.at_risk)
            .map(|step| {
                let (n, d) = (step.at_risk as f64, step.lost as f64);
                area(step.time) * area(step.time) * d / (n * (n - d))
            })
            .sum();
        if let Some(&error) = figure.inputs.get("standard_error") {
            close("variance", error * error, variance, 1e-9);
        } else {
            prop_assert!(twin.iter().all(|step| horizon < step.time));
        }
    }

    #[test]
    fn order_counting_and_units_do_not_matter(customers in customers(), seed in any::<u64>()) {
        let (durations, events, entry) = split(&customers);
        let curve = kaplan_meier(&durations, &events, Some(&entry), 0.95).unwrap();
        let mut mixed = customers.clone();
        let length = mixed.len();
        for index in 0..length {
            mixed.swap(index, (seed.rotate_left(index as u32) % length as u64) as usize);
        }
        let (mixed_durations, mixed_events, mixed_entry) = split(&mixed);
        let again = kaplan_meier(&mixed_durations, &mixed_events, Some(&mixed_entry), 0.95).unwrap();
        prop_assert_eq!(&curve, &again);
        let counts: Vec<DurationCount> = mixed
            .iter()
            .map(|&(_, duration, lost)| DurationCount {
                duration,
                n_events: u64::from(lost),
                n_censored: u64::from(!lost),
            })
            .collect();
        let entries: Vec<EntryCount> =
            mixed.iter().map(|c| EntryCount { entry: c.0, n_customers: 1 }).collect();
        prop_assert_eq!(&curve, &kaplan_meier_of_counts(&counts, &entries, 0.95).unwrap());
        // Eight times as long in eighths of the unit: the same shares.
        let eighths: Vec<f64> = durations.iter().map(|duration| duration * 8.0).collect();
        let entry_eighths: Vec<f64> = entry.iter().map(|entry| entry * 8.0).collect();
        let scaled = kaplan_meier(&eighths, &events, Some(&entry_eighths), 0.95).unwrap();
        prop_assert_eq!(&scaled.survival, &curve.survival);
        prop_assert_eq!(
            median_lifetime(&scaled).value,
            median_lifetime(&curve).value.map(|median| median * 8.0)
        );
    }

    #[test]
    fn without_censoring_it_is_the_share_still_there(durations in prop::collection::vec(0_u8..9, 1..50)) {
        let durations: Vec<f64> = durations.into_iter().map(f64::from).collect();
        let n = durations.len() as f64;
        let curve = kaplan_meier(&durations, &vec![true; durations.len()], None, 0.95).unwrap();
        for (step, &time) in curve.timeline.iter().enumerate() {
            let share = durations.iter().filter(|&&duration| time < duration).count() as f64 / n;
            close("survival", curve.survival[step], share, 1e-13);
            let binomial = (share * (1.0 - share) / n).sqrt();
            close("standard error", curve.standard_error[step], binomial, 1e-12);
        }
        let mut sorted = durations.clone();
        sorted.sort_by(f64::total_cmp);
        let median = sorted[sorted.len().div_ceil(2) - 1];
        prop_assert_eq!(median_lifetime(&curve).value, Some(median));
        let mean = durations.iter().sum::<f64>() / n;
        if 0.0 < mean {
            close("mean", restricted_mean_lifetime(&curve, None).unwrap().value.unwrap(), mean, 1e-12);
        }
    }
}
