//! Kaplan–Meier, median and restricted mean against published and independently computed numbers.

use retention_calculator::survival::{
    DurationCount, KaplanMeier, kaplan_meier, kaplan_meier_of_counts, median_lifetime,
    restricted_mean_lifetime,
};

use super::{Lifetimes, close, columns, numbers, published, rossi, telco, waltons};

fn fit(lifetimes: &Lifetimes) -> KaplanMeier {
    kaplan_meier(&lifetimes.durations, &lifetimes.events, None, 0.95).unwrap()
}

/// Rows of t, at risk, lost, S, standard error, low, high, to the nine digits printed.
fn check_rows(curve: &KaplanMeier, rows: &[Vec<f64>]) {
    assert!(!rows.is_empty());
    for row in rows {
        let step = curve.timeline.iter().position(|&time| (time - row[0]).abs() < 1e-9).unwrap();
        close("at risk", f64::from(u32::try_from(curve.at_risk[step]).unwrap()), row[1], 0.0);
        close("lost", f64::from(u32::try_from(curve.events[step]).unwrap()), row[2], 0.0);
        close("survival", curve.survival[step], row[3], 5.1e-10);
        close("standard error", curve.standard_error[step], row[4], 5.1e-10);
        close("low", curve.low[step], row[5], 5.1e-10);
        close("high", curve.high[step], row[6], 5.1e-10);
    }
}

fn published_rows(name: &str) -> Vec<Vec<f64>> {
    published(&["km", name]).as_array().unwrap().iter().map(numbers).collect()
}

#[test]
fn waltons_rossi_and_telco_as_lifelines_and_scikit_survival_have_them() {
    check_rows(&fit(&waltons()), &published_rows("waltons"));
    check_rows(&fit(&rossi()), &published_rows("rossi"));
    check_rows(&fit(&telco()), &published_rows("telco_all"));
    // Not in the file of published numbers, but from the same programs.
    let row = [48.0, 2303.0, 9.0, 0.708_840_184, 0.006_320_712, 0.696_245_083, 0.721_022_733];
    check_rows(&fit(&telco()), &[row.to_vec()]);
}

#[test]
fn plain_intervals_are_those_of_lifelines_and_scikit_survival() {
    for (lifetimes, time, low, high) in [
        (waltons(), 6.0, 0.981_877_653, 1.0),
        (waltons(), 33.0, 0.741_236_419, 0.863_824_930),
        (waltons(), 56.0, 0.353_444_445, 0.506_360_854),
        (waltons(), 69.0, 0.0, 0.033_960_147),
        (rossi(), 52.0, 0.694_549_875, 0.777_672_347),
        (telco(), 24.0, 0.778_527_017, 0.798_945_780),
        (telco(), 72.0, 0.573_349_726, 0.612_230_578),
    ] {
        let curve = fit(&lifetimes);
        let step = curve.timeline.iter().position(|&t| (t - time).abs() < 1e-9).unwrap();
        let interval = curve.plain_interval(0.95).unwrap()[step];
        close("low", interval.0, low, 5.1e-10);
        close("high", interval.1, high, 5.1e-10);
    }
}

#[test]
fn medians_are_56_from_53_to_58_and_not_reached() {
    let median = median_lifetime(&fit(&waltons()));
    assert_eq!((median.value, median.low, median.high), (Some(56.0), Some(53.0), Some(58.0)));
    assert_eq!(median.n, Some(163));
    let median = median_lifetime(&fit(&telco()));
    assert_eq!((median.value, median.low, median.high), (None, None, None));
    assert_eq!(median.why.as_deref(), Some("median-not-reached"));
}

fn check_restricted_mean(lifetimes: &Lifetimes, name: &str) {
    let expected = numbers(&published(&["rmst", name]));
    let figure = restricted_mean_lifetime(&fit(lifetimes), Some(expected[0])).unwrap();
    close(name, figure.value.unwrap(), expected[1], 5.1e-10);
    let error = figure.inputs["standard_error"];
    // The variance is printed to nine decimals, that of the telecom one with more.
    close(name, error * error, expected[2], 1e-9);
    let z = 1.959_963_984_540_054;
    close(name, figure.low.unwrap(), expected[1] - z * expected[2].sqrt(), 5e-8);
    close(
        name,
        figure.high.unwrap(),
        (expected[1] + z * expected[2].sqrt()).min(expected[0]),
        5e-8,
    );
}

#[test]
fn restricted_means_have_the_variance_of_klein_and_moeschberger() {
    check_restricted_mean(&waltons(), "waltons_all");
    check_restricted_mean(&telco(), "telco_all");
    let text = include_str!("../../corpora/lifelines_waltons_dataset.csv");
    let columns = columns(text, &["T", "E", "group"]);
    for (group, name) in [("miR-137", "waltons_miR137"), ("control", "waltons_control")] {
        let of_group = |column: &[String]| -> Vec<String> {
            let rows = column.iter().zip(&columns[2]);
            rows.filter(|(_, of)| *of == group).map(|(field, _)| field.clone()).collect()
        };
        let lifetimes = Lifetimes {
            durations: of_group(&columns[0]).iter().map(|field| field.parse().unwrap()).collect(),
            events: of_group(&columns[1]).iter().map(|field| field == "1").collect(),
        };
        check_restricted_mean(&lifetimes, name);
    }
}

#[test]
fn the_horizon_is_the_last_time_and_never_beyond_it() {
    let curve = fit(&telco());
    let by_default = restricted_mean_lifetime(&curve, None).unwrap();
    assert_eq!(by_default, restricted_mean_lifetime(&curve, Some(72.0)).unwrap());
    let beyond = restricted_mean_lifetime(&curve, Some(73.0)).unwrap();
    assert_eq!((beyond.value, beyond.why.as_deref()), (None, Some("horizon-beyond-data")));
    // Everybody is gone after 4: no horizon is too far, and the mean is the plain one.
    let gone = kaplan_meier(&[1.0, 2.0, 4.0], &[true; 3], None, 0.95).unwrap();
    close(
        "mean",
        restricted_mean_lifetime(&gone, Some(9.0)).unwrap().value.unwrap(),
        7.0 / 3.0,
        1e-15,
    );
    for horizon in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = restricted_mean_lifetime(&curve, Some(horizon)).unwrap_err();
        assert_eq!(error.code(), "horizon-out-of-range");
    }
}

/// The 21 patients under 6-mercaptopurine: Freireich et al. (1963), as printed with this curve in
/// Kalbfleisch and Prentice (2002) and in Klein and Moeschberger (2003), table 4.1A.
#[test]
fn the_leukaemia_patients_of_the_textbooks() {
    let durations = [
        6.0, 6.0, 6.0, 6.0, 7.0, 9.0, 10.0, 10.0, 11.0, 13.0, 16.0, 17.0, 19.0, 20.0, 22.0, 23.0,
        25.0, 32.0, 32.0, 34.0, 35.0,
    ];
    let lost = [6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0];
    let mut events: Vec<bool> = durations.iter().map(|duration| lost.contains(duration)).collect();
    events[3] = false; // one of the four at 6
    events[7] = false; // one of the two at 10
    let curve = kaplan_meier(&durations, &events, None, 0.95).unwrap();
    assert_eq!(curve.timeline, lost);
    assert_eq!(curve.at_risk, [21, 17, 15, 12, 11, 7, 6]);
    let survival = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448];
    let errors = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346];
    for step in 0..lost.len() {
        close("survival", curve.survival[step], survival[step], 5.1e-4);
        close("standard error", curve.standard_error[step], errors[step], 5.1e-5);
    }
    assert_eq!(median_lifetime(&curve).value, Some(23.0));
}

#[test]
fn no_loss_is_no_step_and_no_interval() {
    let curve = kaplan_meier(&[3.0, 5.0], &[false, false], None, 0.95).unwrap();
    assert!(curve.timeline.is_empty());
    assert_eq!((curve.survival_at(5.0), curve.survival_at(5.1)), (Some(1.0), None));
    assert_eq!(median_lifetime(&curve).why.as_deref(), Some("median-not-reached"));
    let mean = restricted_mean_lifetime(&curve, None).unwrap();
    assert_eq!((mean.value, mean.low, mean.high), (Some(5.0), None, None));
    let nothing = kaplan_meier(&[0.0], &[false], None, 0.95).unwrap();
    let mean = restricted_mean_lifetime(&nothing, None).unwrap();
    assert_eq!(mean.why.as_deref(), Some("no-observed-time"));
}

#[test]
fn everybody_lost_is_zero_with_the_upper_end_of_the_step_before() {
    let curve = kaplan_meier(&[1.0, 2.0, 3.0], &[true; 3], None, 0.95).unwrap();
    assert_eq!(curve.survival[2], 0.0);
    assert_eq!((curve.standard_error[2], curve.low[2]), (0.0, 0.0));
    assert!((curve.high[2] - curve.high[1]).abs() < 1e-15 && curve.high[2] < 1.0);
    let curve = kaplan_meier(&[1.0, 1.0], &[true; 2], None, 0.95).unwrap();
    assert_eq!((curve.survival[0], curve.low[0], curve.high[0]), (0.0, 0.0, 1.0));
}

#[test]
fn a_million_customers_counted_are_the_million_customers() {
    let telco = telco();
    let mut counts = Vec::new();
    for (&duration, &lost) in telco.durations.iter().zip(&telco.events) {
        let n_events = if lost { 142 } else { 0 };
        counts.push(DurationCount { duration, n_events, n_censored: 142 - n_events });
    }
    let many = kaplan_meier_of_counts(&counts, &[], 0.95).unwrap();
    assert_eq!(many.n_customers, 7043 * 142);
    let few = fit(&telco);
    assert_eq!(many.timeline, few.timeline);
    for (found, expected) in many.survival.iter().zip(&few.survival) {
        close("survival", *found, *expected, 1e-14);
    }
    for (found, expected) in many.standard_error.iter().zip(&few.standard_error) {
        close("standard error", *found * 142_f64.sqrt(), *expected, 1e-14);
    }
}

#[test]
fn a_confidence_is_a_share() {
    for confidence in [0.0, 1.0, -0.5, 95.0, f64::NAN] {
        let error = kaplan_meier(&[1.0], &[true], None, confidence).unwrap_err();
        assert_eq!(error.code(), "confidence-out-of-range");
        assert_eq!(error.column(), Some("confidence"));
    }
}

#[test]
fn late_entry_as_lifelines_has_it() {
    let case: serde_json::Value =
        serde_json::from_str(include_str!("../../cases/late-entry.json")).unwrap();
    let events: Vec<bool> =
        case["events"].as_array().unwrap().iter().map(|lost| lost.as_bool().unwrap()).collect();
    let (durations, entry) = (numbers(&case["durations"]), numbers(&case["entry"]));
    let curve = kaplan_meier(&durations, &events, Some(&entry), 0.95).unwrap();
    let steps = case["steps"].as_array().unwrap();
    assert_eq!(curve.timeline.len(), steps.len());
    for (index, step) in steps.iter().enumerate() {
        let step = numbers(step);
        close("time", curve.timeline[index], step[0], 0.0);
        close("at risk", curve.at_risk[index] as f64, step[1], 0.0);
        close("lost", curve.events[index] as f64, step[2], 0.0);
        close("survival", curve.survival[index], step[3], 1e-12);
        close("low", curve.low[index], step[4], 1e-9);
        if 0.0 < step[3] {
            close("high", curve.high[index], step[5], 1e-9);
        } else {
            // lifelines has 0 to 0 where the last customer is lost; that one loss says no such thing.
            close("high", curve.high[index], curve.high[index - 1], 0.0);
        }
    }
    assert_eq!(median_lifetime(&curve).value, case["median"].as_f64());
}
