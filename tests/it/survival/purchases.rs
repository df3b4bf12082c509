//! The models of purchases and amounts on CDNOW, against publications, independent programs and
//! exact arithmetic; and against slow twins that integrate over customers numerically.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use proptest::prelude::*;
use retention_calculator::survival::{
    FittedPurchases, PurchaseHistories, PurchaseHistory, PurchaseModel, bg_nbd, gamma_gamma,
    mbg_nbd, pareto_nbd, purchase_outlook,
};

use super::{close, columns, numbers, published};

/// What is known of the CDNOW customers at the end of September 1997, and what they did in the 39
/// weeks after it.
struct Cdnow {
    frequency: Vec<f64>,
    recency_days: Vec<f64>,
    observed_days: Vec<f64>,
    average_value: Vec<f64>,
    later: Vec<f64>,
}

/// Purchases of one day are one; weeks are days over seven; 39 weeks to 1997-09-30.
static CDNOW: LazyLock<Cdnow> = LazyLock::new(|| {
    let text = include_str!("../../corpora/lifetimes_CDNOW_sample.txt");
    let mut customers: BTreeMap<&str, BTreeMap<NaiveDate, f64>> = BTreeMap::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let day = NaiveDate::parse_from_str(fields[2], "%Y%m%d").unwrap();
        let dollars: f64 = fields[4].parse().unwrap();
        *customers.entry(fields[1]).or_default().entry(day).or_default() += dollars;
    }
    let end = NaiveDate::from_ymd_opt(1997, 9, 30).unwrap();
    let mut cdnow = Cdnow {
        frequency: Vec::new(),
        recency_days: Vec::new(),
        observed_days: Vec::new(),
        average_value: Vec::new(),
        later: Vec::new(),
    };
    for days in customers.values() {
        let first = *days.keys().next().unwrap();
        let repeats: Vec<(&NaiveDate, &f64)> = days.range(..=end).skip(1).collect();
        let n = repeats.len() as f64;
        let last = repeats.last().map_or(first, |(day, _)| **day);
        cdnow.frequency.push(n);
        cdnow.recency_days.push((last - first).num_days() as f64);
        cdnow.observed_days.push((end - first).num_days() as f64);
        let spent: f64 = repeats.iter().map(|(_, dollars)| **dollars).sum();
        cdnow.average_value.push(if repeats.is_empty() { 0.0 } else { spent / n });
        cdnow.later.push(days.range(end.succ_opt().unwrap()..).count() as f64);
    }
    cdnow
});

fn weeks(days: &[f64]) -> Vec<f64> {
    days.iter().map(|days| days / 7.0).collect()
}

fn exact() -> PurchaseHistories {
    let (recency, observed) = (weeks(&CDNOW.recency_days), weeks(&CDNOW.observed_days));
    PurchaseHistories::new(&CDNOW.frequency, &recency, &observed, None).unwrap()
}

/// The calibration summary with two decimals that is passed around: frequency, recency, weeks
/// observed, average amount.
static SUMMARY: LazyLock<[Vec<f64>; 4]> = LazyLock::new(|| {
    let text = include_str!("../../corpora/lifetimes_cdnow_summary.csv");
    let columns = columns(text, &["x", "t_x", "T", "zbar"]);
    std::array::from_fn(|at| columns[at].iter().map(|field| field.parse().unwrap()).collect())
});

fn rounded() -> PurchaseHistories {
    PurchaseHistories::new(&SUMMARY[0], &SUMMARY[1], &SUMMARY[2], None).unwrap()
}

fn parameters(fit: &FittedPurchases) -> Vec<f64> {
    fit.model.parameters().into_iter().map(|(_, value)| value).collect()
}

/// Parameters and log-likelihood, each within a tolerance.
#[track_caller]
fn check(fit: &FittedPurchases, expected: &[f64], tolerance: f64, of_likelihood: f64) {
    assert!(fit.converged);
    for (found, expected) in parameters(fit).into_iter().zip(expected) {
        close("parameter", found, *expected, tolerance * expected);
    }
    close("log-likelihood", fit.log_likelihood, expected[4], of_likelihood);
}

#[test]
fn the_calibration_summary_is_rebuilt() {
    assert_eq!(CDNOW.frequency.len(), 2357);
    close("repeat purchases", CDNOW.frequency.iter().sum(), 2457.0, 0.0);
    assert_eq!(CDNOW.frequency.iter().filter(|&&x| x == 0.0).count(), 1411);
    let observed = weeks(&CDNOW.observed_days);
    close("shortest", observed.iter().copied().fold(99.0, f64::min), 27.0, 0.005);
    close("longest", observed.iter().copied().fold(0.0, f64::max), 38.86, 0.005);
    close("later purchases", CDNOW.later.iter().sum(), 1882.0, 0.0);
    assert_eq!(CDNOW.later.iter().filter(|&&later| later > 0.0).count(), 684);
    // And customer by customer it is the summary, to its two decimals.
    assert_eq!(CDNOW.frequency, SUMMARY[0]);
    for (rebuilt, summary) in
        [(&CDNOW.recency_days, &SUMMARY[1]), (&CDNOW.observed_days, &SUMMARY[2])]
    {
        for (days, summary) in rebuilt.iter().zip(summary) {
            close("weeks", days / 7.0, *summary, 0.005_1);
        }
    }
}

#[test]
fn bg_nbd_as_published_and_as_other_programs_have_it() {
    let fit = bg_nbd(&exact());
    check(&fit, &numbers(&published(&["bgnbd_cdnow", "raw_weeks"])), 1e-7, 1e-9);
    // CLVTools (R) on the raw log.
    check(&fit, &[0.242_594_5, 4.413_601_9, 0.792_919_9, 2.425_888_1, -9_582.429], 1e-5, 5e-4);
    // Fader, Hardie and Lee (2005), table 2.
    for (found, printed) in
        parameters(&fit).into_iter().zip(numbers(&published(&["bgnbd_cdnow", "published"])))
    {
        close("published", found, printed, 5.1e-4);
    }
    check(&bg_nbd(&rounded()), &numbers(&published(&["bgnbd_cdnow", "summary_2dp"])), 3e-7, 1e-8);
    // At the printed parameters.
    let model = PurchaseModel::BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
    let sum: f64 = rounded().customers().iter().map(|of| model.ln_likelihood(of)).sum();
    close("log-likelihood", sum, -9_582.426_831_182, 1e-8);
}

/// mpmath 1.4.1, Newton's method at 30 digits on the published likelihoods.
#[test]
fn fits_are_the_maximum_to_the_last_digits() {
    for (fit, expected, errors) in [
        (
            bg_nbd(&exact()),
            [
                0.242_594_522_430_16,
                4.413_602_019_013_5,
                0.792_922_017_225_6,
                2.425_906_776_826_3,
                -9_582.429_206_673_93,
            ],
            [0.012_557_378, 0.378_224_06, 0.185_733_82, 0.705_414_26],
        ),
        (
            mbg_nbd(&exact()),
            [
                0.524_843_159_106_3,
                6.183_085_279_576,
                0.891_359_390_732_22,
                1.614_002_240_170_3,
                -9_582.135_715_553_75,
            ],
            [0.083_268_207, 0.695_620_64, 0.154_789_93, 0.537_494_8],
        ),
        (
            pareto_nbd(&exact()),
            [
                0.553_277_046_853_17,
                10.577_683_463_302,
                0.606_239_989_127_78,
                11.668_735_288_854,
                -9_594.976_178_939_54,
            ],
            [0.047_627_895, 0.842_722_35, 0.187_281_2, 6.211_107],
        ),
    ] {
        check(&fit, &expected, 1e-9, 1e-10);
        let covariance = fit.covariance.as_ref().unwrap();
        for axis in 0..4 {
            close("error", covariance[axis][axis].sqrt(), errors[axis], 2e-6 * errors[axis]);
        }
    }
    let fit = gamma_gamma(&CDNOW.frequency, &CDNOW.average_value).unwrap();
    let expected = [6.249_572_271_323_7, 3.744_224_667_132, 15.443_520_962_589];
    let errors = [1.190_055_3, 0.290_133_07, 4.159_422_8];
    let covariance = fit.covariance.as_ref().unwrap();
    for (axis, found) in [fit.p, fit.q, fit.gamma].into_iter().enumerate() {
        close("parameter", found, expected[axis], 1e-9 * expected[axis]);
        close("error", covariance[axis][axis].sqrt(), errors[axis], 2e-6 * errors[axis]);
    }
}

#[test]
fn the_unit_of_time_does_not_matter() {
    let days =
        PurchaseHistories::new(&CDNOW.frequency, &CDNOW.recency_days, &CDNOW.observed_days, None)
            .unwrap();
    let fit = bg_nbd(&days);
    let found = parameters(&fit);
    close("alpha", found[1], 30.895_212_860, 1e-5);
    close("log-likelihood", fit.log_likelihood, -14_363.530_442_903, 1e-8);
    let of_weeks = parameters(&bg_nbd(&exact()));
    close("r", found[0], of_weeks[0], 1e-9);
    close("alpha", found[1], 7.0 * of_weeks[1], 1e-7);
    close("b", found[3], of_weeks[3], 1e-7);
}

#[test]
fn mbg_nbd_as_recomputed() {
    check(&mbg_nbd(&rounded()), &numbers(&published(&["mbgnbd_cdnow"])), 1e-6, 1e-8);
}

#[test]
fn pareto_nbd_as_published_and_as_other_programs_have_it() {
    let fit = pareto_nbd(&rounded());
    check(&fit, &numbers(&published(&["paretonbd_cdnow", "own"])), 1e-6, 1e-8);
    let fit = pareto_nbd(&exact());
    // CLVTools (R) on the raw log, from a search that stops early.
    check(&fit, &[0.553_15, 10.576_33, 0.606_25, 11.671_50, -9_594.976], 3e-4, 5e-4);
    let printed = numbers(&published(&["paretonbd_cdnow", "published"]));
    for (found, printed) in parameters(&fit).into_iter().zip(printed) {
        close("published", found, printed, 6e-4);
    }
}

#[test]
fn expected_purchases_of_new_customers() {
    let bg = bg_nbd(&rounded()).model;
    for (t, expected) in [
        (1.0, 0.053_184_743),
        (10.0, 0.431_761_032),
        (26.0, 0.901_323_309),
        (39.0, 1.195_016_337),
        (52.0, 1.444_020_897),
        (78.0, 1.857_971_862),
    ] {
        close("BG/NBD", bg.expected_purchases(t), expected, 1e-7);
    }
    let pareto = pareto_nbd(&rounded()).model;
    for (t, expected) in [
        (10.0, 0.427_794_046),
        (26.0, 0.908_915_819),
        (39.0, 1.213_408_028),
        (52.0, 1.473_441_360),
        (78.0, 1.909_880_722),
    ] {
        close("Pareto/NBD", pareto.expected_purchases(t), expected, 1e-7);
    }
    close("nothing", bg.expected_purchases(0.0), 0.0, 0.0);
}

#[test]
fn expected_purchases_and_being_alive_of_customers() {
    let bg = bg_nbd(&rounded()).model;
    let pareto = pareto_nbd(&rounded()).model;
    for (history, bg_purchases, bg_alive, pareto_alive, pareto_purchases) in [
        ((2.0, 30.43), 1.225_910_481, 0.726_609_158, 0.869_118_725, 1.455_112_990),
        ((1.0, 1.71), 0.203_250_637, 0.212_227_399, 0.167_871_969, 0.170_980_514),
        ((0.0, 0.0), 0.194_780_841, 1.0, 0.295_097_138, 0.107_059_795),
        ((7.0, 29.43), 3.337_239_655, 0.641_800_632, 0.749_416_416, 3.711_747_745),
    ] {
        let of = PurchaseHistory { frequency: history.0, recency: history.1, observed: 38.86 };
        close("BG purchases", bg.expected_purchases_of(&of, 39.0), bg_purchases, 1e-6);
        close("BG alive", bg.probability_alive(&of), bg_alive, 1e-6);
        close("Pareto alive", pareto.probability_alive(&of), pareto_alive, 1e-6);
        close("Pareto purchases", pareto.expected_purchases_of(&of, 39.0), pareto_purchases, 1e-6);
    }
    // At the printed parameters.
    let printed = PurchaseModel::BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
    let of = PurchaseHistory { frequency: 2.0, recency: 30.43, observed: 38.86 };
    close("published", printed.expected_purchases_of(&of, 39.0), 1.226_028, 5.1e-7);
}

#[test]
fn the_39_weeks_after() {
    let histories = exact();
    let model = bg_nbd(&histories).model;
    let outlook = purchase_outlook(&model, &histories, 39.0).unwrap();
    close("total", outlook.total_purchases, 1_653.408_666, 1e-4);
    close("over actual", outlook.total_purchases / 1882.0, 0.878_538, 5.1e-7);
    close("alive", outlook.total_alive / 2357.0, 0.813_439_825, 1e-7);
    for (frequency, n, actual, predicted) in [
        (0.0, 1411, 0.236_712, 0.225_087),
        (1.0, 439, 0.697_039, 0.523_131),
        (2.0, 214, 1.392_523, 1.044_134),
        (3.0, 100, 1.56, 1.520_279),
        (4.0, 62, 2.532_258, 2.163_866),
        (5.0, 38, 2.947_368, 2.653_846),
        (6.0, 29, 3.862_069, 3.504_042),
        (7.0, 64, 6.359_375, 6.157_190),
    ] {
        let of: Vec<usize> =
            (0..2357).filter(|&index| CDNOW.frequency[index].min(7.0) == frequency).collect();
        assert_eq!(of.len(), n);
        let mean = |values: &[f64]| of.iter().map(|&i| values[i]).sum::<f64>() / n as f64;
        close("actual", mean(&CDNOW.later), actual, 5.1e-7);
        close("predicted", mean(&outlook.purchases), predicted, 1e-6);
    }
}

#[test]
fn gamma_gamma_as_published_and_as_other_programs_have_it() {
    let found = |fit: &retention_calculator::survival::FittedSpend| [fit.p, fit.q, fit.gamma];
    let rounded = gamma_gamma(&SUMMARY[0], &SUMMARY[3]).unwrap();
    let raw = gamma_gamma(&CDNOW.frequency, &CDNOW.average_value).unwrap();
    for (fit, name) in [(&rounded, "summary_2dp"), (&raw, "raw")] {
        assert!(fit.converged);
        assert_eq!(fit.n_customers, 946);
        let expected = numbers(&published(&["gammagamma_cdnow", name]));
        for (found, expected) in found(fit).into_iter().zip(&expected) {
            close(name, found, *expected, 1e-6 * expected);
        }
        close(name, fit.log_likelihood, expected[3], 1e-8);
        let printed = numbers(&published(&["gammagamma_cdnow", "published"]));
        for (found, printed) in found(fit).into_iter().zip(printed) {
            close("published", found, printed, 1e-2);
        }
    }
    close("correlation", rounded.correlation.unwrap(), 0.113_884, 1e-5);
    close("mean", rounded.mean_value().unwrap(), 35.171_001_510, 1e-5);
    for (x, z, expected) in [
        (2.0, 22.35, 24.658_615_561),
        (1.0, 11.77, 18.911_478_332),
        (7.0, 73.74, 71.462_851_346),
        (0.0, 0.0, 35.171_001_510),
    ] {
        close("expected", rounded.expected_value(x, z).unwrap(), expected, 1e-5);
    }
}

/// The integral by Simpson's rule.
fn integral(from: f64, to: f64, parts: u32, f: impl Fn(f64) -> f64) -> f64 {
    let width = (to - from) / f64::from(2 * parts);
    let weight = |index: u32| match index {
        0 => 1.0,
        last if last == 2 * parts => 1.0,
        odd if odd % 2 == 1 => 4.0,
        _ => 2.0,
    };
    (0..=2 * parts).map(|i| weight(i) * f(from + width * f64::from(i))).sum::<f64>() * width / 3.0
}

/// The mean of a function of a beta-distributed number.
fn over_beta(a: f64, b: f64, f: impl Fn(f64) -> f64) -> f64 {
    // In the logit of p, where the density is smooth and falls at both ends.
    let total = |f: &dyn Fn(f64) -> f64| {
        integral(-80.0, 80.0, 2000, |logit| {
            let p = 1.0 / (1.0 + libm::exp(-logit));
            let q = 1.0 / (1.0 + libm::exp(logit));
            libm::pow(p, a) * libm::pow(q, b) * f(p)
        })
    };
    total(&f) / total(&|_| 1.0)
}

/// `E[λ^x e^(−λ t)]` for a gamma-distributed rate.
fn over_rates(r: f64, alpha: f64, x: f64, t: f64) -> f64 {
    let rising: f64 = (0..x as u32).map(|i| r + f64::from(i)).product();
    rising * libm::pow(alpha / (alpha + t), r) / libm::pow(alpha + t, x)
}

/// The likelihood of a history, and the part of it in which the customer is one still: the mean over
/// customers of what each would do.
fn twin(model: &PurchaseModel, of: &PurchaseHistory) -> (f64, f64) {
    let PurchaseHistory { frequency: x, recency, observed } = *of;
    let silent = |r: f64, alpha: f64, t: f64| over_rates(r, alpha, x, t);
    match *model {
        PurchaseModel::BgNbd { r, alpha, a, b } => {
            let alive = over_beta(a, b, |p| libm::pow(1.0 - p, x)) * silent(r, alpha, observed);
            let stopped = if x > 0.0 {
                over_beta(a, b, |p| p * libm::pow(1.0 - p, x - 1.0)) * silent(r, alpha, recency)
            } else {
                0.0
            };
            (alive + stopped, alive)
        }
        PurchaseModel::MbgNbd { r, alpha, a, b } => {
            let alive =
                over_beta(a, b, |p| libm::pow(1.0 - p, x + 1.0)) * silent(r, alpha, observed);
            let stopped =
                over_beta(a, b, |p| p * libm::pow(1.0 - p, x)) * silent(r, alpha, recency);
            (alive + stopped, alive)
        }
        PurchaseModel::ParetoNbd { r, alpha, s, beta } => {
            let alive = silent(r, alpha, observed) * libm::pow(beta / (beta + observed), s);
            let stopped = integral(recency, observed, 4000, |y| {
                let density = s / (beta + y) * libm::pow(beta / (beta + y), s);
                density * silent(r, alpha, y)
            });
            (alive + stopped, alive)
        }
    }
}

/// The expected purchases in a time, of a customer who is one now.
fn twin_of_purchases(model: &PurchaseModel, of: &PurchaseHistory, t: f64) -> f64 {
    let PurchaseHistory { frequency: x, observed, .. } = *of;
    let until_stopping = |r: f64, alpha: f64, a: f64, b: f64| {
        over_beta(a, b, |p| {
            let rate = alpha + observed;
            (1.0 - libm::pow(rate / (rate + p * t), r + x)) / p
        })
    };
    match *model {
        PurchaseModel::BgNbd { r, alpha, a, b } => until_stopping(r, alpha, a, b + x),
        PurchaseModel::MbgNbd { r, alpha, a, b } => until_stopping(r, alpha, a, b + x + 1.0),
        PurchaseModel::ParetoNbd { r, alpha, s, beta } => {
            let here = |u: f64| libm::pow((beta + observed) / (beta + observed + u), s);
            (r + x) / (alpha + observed) * integral(0.0, t, 2000, here)
        }
    }
}

fn models() -> impl Strategy<Value = PurchaseModel> {
    let parameters = (0.2_f64..4.0, 1.0_f64..20.0, 0.4_f64..4.0, 0.4_f64..5.0, 0_u8..3);
    parameters.prop_map(|(r, alpha, a, b, kind)| match kind {
        0 => PurchaseModel::BgNbd { r, alpha, a, b },
        1 => PurchaseModel::MbgNbd { r, alpha, a, b },
        _ => PurchaseModel::ParetoNbd { r, alpha, s: a, beta: 4.0 * b },
    })
}

fn histories() -> impl Strategy<Value = PurchaseHistory> {
    (0_u8..9, 0.0_f64..1.0, 5.0_f64..60.0).prop_map(|(x, share, observed)| PurchaseHistory {
        frequency: f64::from(x),
        recency: if x == 0 { 0.0 } else { share * observed },
        observed,
    })
}

proptest! {
    #[test]
    fn likelihood_and_expectations_are_those_of_their_twins(
        model in models(),
        of in histories(),
        t in 1.0_f64..80.0,
    ) {
        let (likelihood, alive) = twin(&model, &of);
        close("likelihood", model.ln_likelihood(&of), libm::log(likelihood), 1e-6);
        close("alive", model.probability_alive(&of), alive / likelihood, 1e-6);
        let expected = alive / likelihood * twin_of_purchases(&model, &of, t);
        let found = model.expected_purchases_of(&of, t);
        close("purchases", found, expected, 1e-5 * (1.0 + expected));
        let new = PurchaseHistory { frequency: 0.0, recency: 0.0, observed: 0.0 };
        close("new", model.expected_purchases(t), model.expected_purchases_of(&new, t), 1e-9);
    }

}

// Each case here is a fit, or thousands of likelihoods.
proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn no_other_parameters_are_likelier(factors in prop::array::uniform4(0.2_f64..5.0)) {
        static FITS: LazyLock<[FittedPurchases; 3]> =
            LazyLock::new(|| [bg_nbd(&exact()), mbg_nbd(&exact()), pareto_nbd(&exact())]);
        let histories = exact();
        for fit in FITS.iter() {
            let values = parameters(fit);
            let other: Vec<f64> = values.iter().zip(factors).map(|(v, f)| v * f).collect();
            let (r, alpha, third, fourth) = (other[0], other[1], other[2], other[3]);
            let model = match fit.model {
                PurchaseModel::BgNbd { .. } => {
                    PurchaseModel::BgNbd { r, alpha, a: third, b: fourth }
                }
                PurchaseModel::MbgNbd { .. } => {
                    PurchaseModel::MbgNbd { r, alpha, a: third, b: fourth }
                }
                PurchaseModel::ParetoNbd { .. } => {
                    PurchaseModel::ParetoNbd { r, alpha, s: third, beta: fourth }
                }
            };
            let sum: f64 = histories.customers().iter().map(|of| model.ln_likelihood(of)).sum();
            prop_assert!(sum <= fit.log_likelihood + 1e-7);
        }
    }

    #[test]
    fn small_files_of_any_kind_give_numbers(
        of in prop::collection::vec(histories(), 2..12),
        t in 1.0_f64..50.0,
    ) {
        let list = |number: fn(&PurchaseHistory) -> f64| of.iter().map(number).collect::<Vec<f64>>();
        let (x, recency, observed) =
            (list(|h| h.frequency), list(|h| h.recency), list(|h| h.observed));
        match PurchaseHistories::new(&x, &recency, &observed, None) {
            Err(error) => prop_assert_eq!(error.code(), "no-repeat-purchases"),
            Ok(histories) => {
                for fit in [bg_nbd(&histories), mbg_nbd(&histories)] {
                    prop_assert!(fit.log_likelihood.is_finite());
                    let outlook = purchase_outlook(&fit.model, &histories, t).unwrap();
                    prop_assert!(outlook.alive.iter().all(|share| (0.0..=1.0).contains(share)));
                    prop_assert!(outlook.purchases.iter().all(|n| n.is_finite() && *n >= 0.0));
                }
            }
        }
    }
}

#[test]
fn heavy_users_do_not_overflow() {
    for model in [
        PurchaseModel::BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 },
        PurchaseModel::MbgNbd { r: 0.5, alpha: 6.0, a: 0.9, b: 1.6 },
        PurchaseModel::ParetoNbd { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 },
        PurchaseModel::ParetoNbd { r: 0.553, alpha: 1.5, s: 0.606, beta: 80.0 },
    ] {
        let of = |frequency, recency| PurchaseHistory { frequency, recency, observed: 38.86 };
        // Twenty thousand purchases up to now, and the same until halfway.
        let (now, before) = (of(2e4, 38.86), of(2e4, 19.0));
        assert!(model.ln_likelihood(&now).is_finite() && model.ln_likelihood(&before).is_finite());
        assert!(model.probability_alive(&now) > 0.99);
        assert!(model.probability_alive(&before) < 1e-100);
        let expected = model.expected_purchases_of(&now, 39.0);
        assert!(1e3 < expected && expected < 2.1e4, "{expected}");
    }
}

#[test]
fn weights_stand_for_customers() {
    let (x, recency, observed) =
        ([0.0, 3.0, 5.0, 1.0], [0.0, 9.0, 30.0, 2.0], [30.0, 39.0, 31.0, 35.0]);
    let weighted =
        PurchaseHistories::new(&x, &recency, &observed, Some(&[4.0, 2.0, 0.0, 3.0])).unwrap();
    let repeat = |values: &[f64; 4]| -> Vec<f64> {
        [0, 3, 0, 1, 3, 0, 3, 1, 0].iter().map(|&index| values[index]).collect()
    };
    let repeated =
        PurchaseHistories::new(&repeat(&x), &repeat(&recency), &repeat(&observed), None).unwrap();
    let (one, other) = (mbg_nbd(&weighted), mbg_nbd(&repeated));
    close("log-likelihood", one.log_likelihood, other.log_likelihood, 1e-9);
    let total = |histories| purchase_outlook(&one.model, histories, 9.0).unwrap().total_purchases;
    close("total", total(&weighted), total(&repeated), 1e-9);
}

#[test]
fn the_limit_of_the_pareto_model_at_one_is_met() {
    let at = |s: f64| {
        let model = PurchaseModel::ParetoNbd { r: 0.5, alpha: 9.0, s, beta: 11.0 };
        model.expected_purchases(39.0)
    };
    close("limit", at(1.0), 0.5 * (at(1.0 - 1e-6) + at(1.0 + 1e-6)), 1e-10);
    close("logarithm", at(1.0), 0.5 / 9.0 * 11.0 * libm::log(50.0 / 11.0), 1e-14);
}

#[test]
fn wrong_histories_are_named() {
    let code = |x: &[f64], recency: &[f64], observed: &[f64], weights: Option<&[f64]>| {
        PurchaseHistories::new(x, recency, observed, weights).unwrap_err().code()
    };
    assert_eq!(code(&[], &[], &[], None), "no-customers");
    assert_eq!(code(&[1.0], &[], &[2.0], None), "lengths-differ");
    assert_eq!(code(&[1.0], &[1.0], &[], None), "lengths-differ");
    assert_eq!(code(&[1.0], &[1.0], &[2.0], Some(&[])), "lengths-differ");
    assert_eq!(code(&[1.5], &[1.0], &[2.0], None), "frequency-not-whole");
    assert_eq!(code(&[-1.0], &[1.0], &[2.0], None), "history-negative");
    assert_eq!(code(&[1.0], &[f64::NAN], &[2.0], None), "history-not-finite");
    assert_eq!(code(&[1.0], &[3.0], &[2.0], None), "recency-after-observed");
    assert_eq!(code(&[0.0], &[1.0], &[2.0], None), "recency-without-purchase");
    assert_eq!(code(&[1.0], &[1.0], &[2.0], Some(&[0.0])), "weights-empty");
    assert_eq!(code(&[0.0], &[0.0], &[2.0], None), "no-repeat-purchases");
    let histories = PurchaseHistories::new(&[1.0], &[1.0], &[2.0], None).unwrap();
    let model = PurchaseModel::BgNbd { r: 1.0, alpha: 1.0, a: 1.0, b: 1.0 };
    for horizon in [0.0, -1.0, f64::NAN, 2e3 + 1.0] {
        let error = purchase_outlook(&model, &histories, horizon).unwrap_err();
        assert_eq!(error.code(), "horizon-out-of-range");
    }
    let code = |x: &[f64], z: &[f64]| gamma_gamma(x, z).unwrap_err().code();
    assert_eq!(code(&[1.0], &[]), "lengths-differ");
    assert_eq!(code(&[0.5], &[1.0]), "frequency-not-whole");
    assert_eq!(code(&[1.0], &[0.0]), "value-not-positive");
    assert_eq!(code(&[1.0], &[f64::INFINITY]), "value-not-finite");
    assert_eq!(code(&[1.0, 2.0, 0.0], &[1.0, 2.0, 0.0]), "too-few-customers");
}
