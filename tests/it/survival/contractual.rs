//! The contractual models against Fader and Hardie, independent programs and exact arithmetic.

use retention_calculator::survival::{
    FittedLifespan, LifespanModel, RenewalTable, RiskTable, back_test, beta_discrete_weibull,
    discounted_lifetime, discounted_residual_lifetime, geometric, lifetime_within,
    likelihood_ratio, mean_lifetime, shifted_beta_geometric, zero_churn_bound,
};

use super::{close, numbers, published, telco};

const COHORTS: [&str; 2] = ["high_end", "regular"];

fn cohort(name: &str, fit_to: usize) -> RenewalTable {
    let survivors = numbers(&published(&["sbg_fh2007", name, "survival_pct"]));
    RenewalTable::from_survivors(&survivors, Some(1000.0), Some(fit_to)).unwrap()
}

fn value(name: &str, field: &str) -> f64 {
    published(&["sbg_fh2007", name, field]).as_f64().unwrap()
}

fn parameters(fit: &FittedLifespan) -> Vec<f64> {
    fit.model.parameters().into_iter().map(|(_, value)| value).collect()
}

fn telco_table() -> RenewalTable {
    let telco = telco();
    let risk = RiskTable::from_durations(&telco.durations, &telco.events, None).unwrap();
    RenewalTable::from_risk_table(&risk, None).unwrap()
}

#[test]
fn shifted_beta_geometric_as_fader_and_hardie_2007_have_it() {
    for name in COHORTS {
        let fit = shifted_beta_geometric(&cohort(name, 7)).unwrap();
        assert!(fit.converged && fit.remark.is_none());
        let found = parameters(&fit);
        // The recomputed numbers rest on searches that stopped about 2e-8 before the maximum.
        close("alpha", found[0], value(name, "alpha"), 3e-8);
        close("beta", found[1], value(name, "beta"), 3e-7);
        close("log-likelihood", fit.log_likelihood, value(name, "ll"), 1e-9);
        close("S(12)", fit.model.survival(12.0), value(name, "S12"), 1e-8);
        let discounted = discounted_lifetime(&fit.model, 0.1).unwrap().value.unwrap();
        close("DEL", discounted, value(name, "DEL_10pct"), 5e-8);
        let residual = published(&["sbg_fh2007", name, "DERL_10pct"]);
        for (renewal, expected) in residual.as_object().unwrap() {
            let renewal = renewal.parse().unwrap();
            let found = discounted_residual_lifetime(&fit.model, renewal, 0.1).unwrap();
            close("DERL", found.value.unwrap(), expected.as_f64().unwrap(), 2e-7);
        }
    }
}

/// The maximum itself, with the roots of the derivatives found by mpmath 1.4.1 at 40 digits.
#[test]
fn shifted_beta_geometric_is_the_maximum_to_the_last_digits() {
    struct Row(&'static str, usize, [f64; 2], f64, [f64; 2], f64);
    for Row(name, fit_to, expected, log_likelihood, errors, correlation) in [
        Row(
            "high_end",
            7,
            [0.668_088_351_106_446_2, 3.806_094_964_058_267],
            -1_611.158_147_391_156,
            [0.103_734_931_1, 0.785_531_691_8],
            0.953_024_196,
        ),
        Row(
            "regular",
            7,
            [0.704_077_298_473_516_2, 1.182_043_026_209_476],
            -1_680.265_188_463_287,
            [0.065_598_964_23, 0.152_475_631_7],
            0.888_919_825_3,
        ),
        Row(
            "high_end",
            4,
            [1.280_976_380_367_425, 7.790_384_095_263_86],
            -1_225.134_907_041_612,
            [0.553_467_968_4, 3.808_722_342],
            0.992_441_67,
        ),
        Row(
            "high_end",
            5,
            [0.875_381_966_670_476_7, 5.161_670_370_454_484],
            -1_378.483_153_995_788,
            [0.217_918_478_8, 1.563_615_986],
            0.979_365_147_7,
        ),
        Row(
            "high_end",
            12,
            [0.596_111_200_543_91, 3.326_968_741_173_29],
            -2_010.858_419_565_086,
            [0.062_943_677_02, 0.515_029_057_2],
            0.914_035_656_5,
        ),
        Row(
            "regular",
            4,
            [0.763_665_062_564_552_6, 1.295_830_272_182_502],
            -1_401.559_423_577_445,
            [0.096_795_247_64, 0.210_625_744_3],
            0.931_722_609_8,
        ),
        Row(
            "regular",
            12,
            [0.697_362_451_702_485_8, 1.168_904_620_915_406],
            -1_931.491_694_128_081,
            [0.054_665_787_88, 0.133_883_910_6],
            0.856_952_184_8,
        ),
    ] {
        let fit = shifted_beta_geometric(&cohort(name, fit_to)).unwrap();
        let found = parameters(&fit);
        let covariance = fit.covariance.unwrap();
        for axis in 0..2 {
            close("parameter", found[axis], expected[axis], 1e-12 * expected[axis]);
            close("error", covariance[axis][axis].sqrt(), errors[axis], 1e-9 * errors[axis]);
        }
        close("log-likelihood", fit.log_likelihood, log_likelihood, 1e-11);
        close("correlation", covariance[0][1] / (errors[0] * errors[1]), correlation, 1e-8);
    }
}

#[test]
fn projected_survival_is_that_of_the_printed_table() {
    // Years 1 to 12, then 20 and 30, from the fits to years 0 to 7.
    let expected = [
        (
            "high_end",
            [
                0.850_679_263,
                0.746_859_411,
                0.669_788_985,
                0.609_919_138,
                0.561_834_284,
                0.522_215_573,
                0.488_906_424,
                0.460_439_676,
                0.435_779_595,
                0.414_172_403,
                0.395_055_349,
                0.377_999_077,
            ],
            [0.286_843_343, 0.226_618_063],
            [3.877_246_796, 6.346_422_347, 9.819_570_330, 12.387_848_060, 22.847_395_149],
        ),
        (
            "regular",
            [
                0.626_706_053,
                0.473_819_320,
                0.387_973_951,
                0.332_067_908,
                0.292_347_096,
                0.262_455_815,
                0.239_023_610,
                0.220_084_963,
                0.204_410_783,
                0.191_190_187,
                0.179_864_988,
                0.170_037_449,
            ],
            [0.121_403_226, 0.092_322_725],
            [2.820_567_233, 4.038_889_500, 5.574_165_514, 6.641_499_701, 10.715_565_206],
        ),
    ];
    for (name, years, later, within) in expected {
        let model = shifted_beta_geometric(&cohort(name, 7)).unwrap().model;
        let mut t = 0.0;
        for share in years {
            let before = model.survival(t);
            t += 1.0;
            close("survival", model.survival(t), share, 2e-8);
            close("churn", model.churn_in(t), 1.0 - model.survival(t) / before, 1e-13);
        }
        close("survival", model.survival(20.0), later[0], 2e-8);
        close("survival", model.survival(30.0), later[1], 2e-8);
        for (horizon, expected) in [5, 10, 20, 30, 100].into_iter().zip(within) {
            let found = lifetime_within(&model, horizon).unwrap().value.unwrap();
            close("lifetime", found, expected, 1e-6);
        }
        assert_eq!(mean_lifetime(&model).why.as_deref(), Some("mean-infinite"));
        assert_eq!(discounted_lifetime(&model, 0.0).unwrap().value, None);
    }
}

#[test]
fn hold_out_years_are_missed_by_as_much_as_recomputed() {
    for (name, beta, one_over_churn) in
        [("high_end", 0.028_324, 0.211_179), ("regular", 0.014_864, 0.590_035)]
    {
        let table = cohort(name, 7);
        let error = |model: &LifespanModel| back_test(model, &table).mean_absolute_error.unwrap();
        close("sbg", error(&shifted_beta_geometric(&table).unwrap().model), beta, 5.1e-7);
        close("geometric", error(&geometric(&table).model), one_over_churn, 5.1e-7);
        let rows = back_test(&geometric(&table).model, &table).rows;
        let years: Vec<f64> = rows.iter().map(|row| row.period).collect();
        assert_eq!(years, [8.0, 9.0, 10.0, 11.0, 12.0]);
        assert!(rows.iter().all(|row| row.error.unwrap() < 0.0));
    }
}

#[test]
fn geometric_is_losses_over_customer_periods() {
    for (name, share, mean) in
        [("high_end", 0.270_144_358, 9.6778), ("regular", 0.046_206_923, 4.4242)]
    {
        let fit = geometric(&cohort(name, 7));
        close("theta", parameters(&fit)[0], value(name, "geometric_theta"), 5.1e-10);
        close("log-likelihood", fit.log_likelihood, value(name, "geometric_ll"), 5.1e-7);
        close("S(12)", fit.model.survival(12.0), share, 5.1e-10);
        close("mean", mean_lifetime(&fit.model).value.unwrap(), mean, 5.1e-5);
    }
}

#[test]
fn beta_discrete_weibull_as_retenmod_has_it_and_to_the_last_digits() {
    // Standard errors and parameters: mpmath 1.4.1 at 40 digits.
    for (name, expected, errors, share) in [
        (
            "high_end",
            [0.214_253_339_280_85, 1.426_574_874_860_1, 1.723_564_848_744_5],
            [0.059_579_706_44, 0.381_408_614_7, 0.301_043_281_7],
            0.403_929_592,
        ),
        (
            "regular",
            [0.455_613_989_371_64, 0.779_325_508_387_96, 1.283_451_285_783_3],
            [0.167_041_427_5, 0.282_709_917_4, 0.298_095_071_2],
            0.177_331_402,
        ),
    ] {
        let fit = beta_discrete_weibull(&cohort(name, 7)).unwrap();
        assert!(fit.converged);
        let published = numbers(&published(&["sbg_fh2007", name, "bdw"]));
        let found = parameters(&fit);
        let covariance = fit.covariance.as_ref().unwrap();
        for axis in 0..3 {
            close("parameter", found[axis], published[axis], 1.1e-7);
            close("parameter", found[axis], expected[axis], 1e-9);
            close("error", covariance[axis][axis].sqrt(), errors[axis], 1e-6);
        }
        close("log-likelihood", fit.log_likelihood, published[3], 1e-9);
        close("S(12)", fit.model.survival(12.0), share, 1e-8);
    }
}

#[test]
fn the_telecom_customers_with_censoring() {
    let expected = numbers(&published(&["sbg_telco", "all"]));
    let table = telco_table();
    close("customers", table.rows()[0].at_risk, expected[0], 0.0);
    let fit = shifted_beta_geometric(&table).unwrap();
    let found = parameters(&fit);
    close("alpha", found[0], expected[1], 5e-8);
    close("beta", found[1], expected[2], 2e-6);
    close("log-likelihood", fit.log_likelihood, expected[3], 2e-9);
    let flat = geometric(&table);
    close("theta", parameters(&flat)[0], expected[4], 5.1e-10);
    close("log-likelihood", flat.log_likelihood, expected[5], 2e-9);
    let ratio = likelihood_ratio(&fit, &flat);
    close("likelihood ratio", ratio.statistic, 748.758_614, 5.1e-7);
    assert!(0.0 < ratio.p_value && ratio.p_value < 1e-160);
    // The risk falls with age for each customer, and no difference between them is left over. The
    // parameters and their errors: mpmath 1.4.1 at 40 digits.
    let weibull = beta_discrete_weibull(&table).unwrap();
    assert_eq!((weibull.converged, weibull.remark), (true, Some("homogeneous-churn")));
    let found = parameters(&weibull);
    close("theta", found[0], 0.047_956_411_316_115_3, 1e-10);
    close("c", found[1], 0.517_711_588_885_354_4, 1e-9);
    close("log-likelihood", weibull.log_likelihood, -10_309.649_705_498_92, 1e-9);
    let covariance = weibull.covariance.unwrap();
    close("error", covariance[0][0].sqrt(), 0.002_281_730_479, 1e-8);
    close("error", covariance[1][1].sqrt(), 0.012_035_529_61, 1e-8);
    // 121.99 months of exposure for each loss.
    close("mean", mean_lifetime(&flat.model).value.unwrap(), 121.99, 0.005);
}

#[test]
fn residual_lifetimes_are_those_of_table_3_of_fader_and_hardie_2010() {
    for (case, discounted, sixth) in
        [("case1", 4.008_925_837, Some(3.962_812)), ("case2", 7.973_486_783, None)]
    {
        let parameter = |name| published(&["derl_fh2010_table3_d10", case, name]).as_f64().unwrap();
        let (alpha, beta) = (parameter("alpha"), parameter("beta"));
        let model = LifespanModel::ShiftedBetaGeometric { alpha, beta };
        let list = |name| numbers(&published(&["derl_fh2010_table3_d10", case, name]));
        let (printed, computed) = (list("published"), list("computed"));
        for (renewal, (printed, computed)) in (1..).zip(printed.into_iter().zip(computed)) {
            let found = discounted_residual_lifetime(&model, renewal, 0.1).unwrap().value.unwrap();
            // In print, from more digits of alpha and beta than are printed.
            close("printed", found, printed, if case == "case1" { 5.1e-3 } else { 1e-2 });
            close("computed", found, computed, 5.1e-7);
        }
        close("DEL", discounted_lifetime(&model, 0.1).unwrap().value.unwrap(), discounted, 5.1e-10);
        if let Some(sixth) = sixth {
            let found = discounted_residual_lifetime(&model, 6, 0.1).unwrap().value.unwrap();
            close("DERL", found, sixth, 5.1e-7);
        }
    }
    // The cohort table of the paper: survivors of 10,000.
    let model = LifespanModel::ShiftedBetaGeometric { alpha: 3.8, beta: 15.2 };
    for (t, survivors) in [(1.0, 8000.0), (2.0, 6480.0), (3.0, 5307.0), (4.0, 4391.0)] {
        close("survivors", 10_000.0 * model.survival(t), survivors, 0.5);
    }
}

#[test]
fn discounted_lifetimes_at_other_rates() {
    for (name, at_5, at_15) in
        [("high_end", 8.741_273_427, 4.690_186_868), ("regular", 4.958_094_965, 3.105_940_606)]
    {
        let model = shifted_beta_geometric(&cohort(name, 7)).unwrap().model;
        close("DEL", discounted_lifetime(&model, 0.05).unwrap().value.unwrap(), at_5, 2e-7);
        close("DEL", discounted_lifetime(&model, 0.15).unwrap().value.unwrap(), at_15, 2e-7);
    }
    // Closed forms of the geometric model, as printed in the articles' tables: r, d, multiplier.
    for (retention, rate, expected) in [
        (0.80, 0.10, 3.666_667),
        (0.85, 0.10, 4.4),
        (0.90, 0.10, 5.5),
        (0.95, 0.10, 7.333_333),
        (0.80, 0.05, 4.2),
        (0.95, 0.05, 10.5),
        (0.80, 0.15, 3.285_714),
        (0.95, 0.15, 5.75),
    ] {
        let model = LifespanModel::Geometric { churn: 1.0 - retention };
        let found = discounted_lifetime(&model, rate).unwrap().value.unwrap();
        close("multiplier", found, expected, 5.1e-7);
        let residual = discounted_residual_lifetime(&model, 3, rate).unwrap().value.unwrap();
        close("residual", residual, retention * found, 1e-13);
    }
}

#[test]
fn no_loss_at_all_is_a_bound_and_no_estimate() {
    let table = RenewalTable::from_survivors(&[50.0, 50.0, 50.0], None, None).unwrap();
    for fit in [geometric(&table), shifted_beta_geometric(&table).unwrap()] {
        assert_eq!(fit.model, LifespanModel::Geometric { churn: 0.0 });
        assert_eq!((fit.remark, &fit.covariance), (Some("no-losses"), &None));
        assert_eq!(mean_lifetime(&fit.model).why.as_deref(), Some("mean-infinite"));
        close("DEL", discounted_lifetime(&fit.model, 0.1).unwrap().value.unwrap(), 11.0, 1e-12);
    }
    close("bound", zero_churn_bound(100.0, 0.95).unwrap(), 0.029_513, 5e-7);
    assert_eq!(zero_churn_bound(0.0, 0.95).unwrap_err().code(), "no-customer-periods");
    assert_eq!(zero_churn_bound(f64::NAN, 0.95).unwrap_err().code(), "no-customer-periods");
    assert_eq!(zero_churn_bound(9.0, 1.0).unwrap_err().code(), "confidence-out-of-range");
}

#[test]
fn borders_of_the_parameters_are_said_to_be_such() {
    let fit = |survivors: &[f64]| {
        shifted_beta_geometric(&RenewalTable::from_survivors(survivors, None, None).unwrap())
    };
    // Churn that is constant, and churn that rises: customers do not differ.
    for survivors in [[1000.0, 800.0, 640.0, 512.0], [1000.0, 950.0, 800.0, 500.0]] {
        let found = fit(&survivors).unwrap();
        assert_eq!(found.remark, Some("homogeneous-churn"));
        assert!(matches!(found.model, LifespanModel::Geometric { .. }));
        assert!(found.converged && found.covariance.is_some());
    }
    // Half leave at once, the others never.
    let found = fit(&[100.0, 50.0, 50.0, 50.0]).unwrap();
    assert_eq!((found.converged, found.remark), (false, Some("losses-in-first-period-only")));
    close("survival", found.model.survival(3.0), 0.5, 1e-4);
    // Everybody leaves at once.
    let found = fit(&[100.0, 0.0, 0.0]).unwrap_err();
    assert_eq!(found.code(), "too-few-periods");
    assert_eq!(fit(&[100.0, 50.0]).unwrap_err().code(), "too-few-periods");
    let all_at_once = RenewalTable::from_survivors(&[100.0, 0.0], None, None).unwrap();
    assert_eq!(geometric(&all_at_once).model, LifespanModel::Geometric { churn: 1.0 });
}

#[test]
fn wrong_tables_are_named() {
    let code = |survivors: &[f64], size, fit_to| {
        RenewalTable::from_survivors(survivors, size, fit_to).unwrap_err().code()
    };
    assert_eq!(code(&[], None, None), "too-few-periods");
    assert_eq!(code(&[1.0], None, None), "too-few-periods");
    assert_eq!(code(&[1.0, f64::NAN], None, None), "survivors-not-finite");
    assert_eq!(code(&[1.0, -1.0], None, None), "survivors-negative");
    assert_eq!(code(&[1.0, 2.0], None, None), "survivors-increase");
    assert_eq!(code(&[0.0, 0.0], None, None), "no-customers-at-start");
    assert_eq!(code(&[2.0, 1.0], Some(0.0), None), "size-out-of-range");
    assert_eq!(code(&[2.0, 1.0], None, Some(0)), "fit-to-out-of-range");
    assert_eq!(code(&[2.0, 1.0], None, Some(2)), "fit-to-out-of-range");
    let code = |durations: &[f64], events: &[bool], entry: Option<&[f64]>| {
        let risk = RiskTable::from_durations(durations, events, entry).unwrap();
        RenewalTable::from_risk_table(&risk, None).unwrap_err().code()
    };
    assert_eq!(code(&[1.5], &[true], None), "duration-not-whole");
    assert_eq!(code(&[0.5, 2.0], &[false, true], None), "duration-not-whole");
    assert_eq!(code(&[2.0], &[true], Some(&[0.5])), "entry-not-whole");
    assert_eq!(code(&[0.0, 2.0], &[true, true], None), "event-at-zero");
    assert_eq!(code(&[0.0], &[false], None), "too-few-periods");
    assert_eq!(code(&[1e6], &[false], None), "too-many-periods");
    assert_eq!(code(&[1e300], &[false], None), "duration-not-whole");
}

#[test]
fn survivors_are_counts_or_shares_of_a_size() {
    let rows = |survivors: &[f64], size| {
        let table = RenewalTable::from_survivors(survivors, size, None).unwrap();
        table.rows().iter().map(|row| (row.at_risk, row.lost)).collect::<Vec<_>>()
    };
    assert_eq!(rows(&[80.0, 60.0], None), [(80.0, 20.0)]);
    assert_eq!(rows(&[1.0, 0.75], None), [(1000.0, 250.0)]);
    assert_eq!(rows(&[1.0, 0.75], Some(8.0)), [(8.0, 2.0)]);
    assert_eq!(rows(&[100.0, 75.0], Some(8.0)), [(8.0, 2.0)]);
    assert_eq!(rows(&[100.0, 62.5], None), [(1000.0, 375.0)]);
}

#[test]
fn intervals_hold_the_value_and_shrink_with_the_root_of_the_size() {
    let survivors = numbers(&published(&["sbg_fh2007", "high_end", "survival_pct"]));
    let width = |size: f64| {
        let table = RenewalTable::from_survivors(&survivors, Some(size), Some(7)).unwrap();
        let fit = shifted_beta_geometric(&table).unwrap();
        let lifetime = |model: &LifespanModel| lifetime_within(model, 20).unwrap().value;
        let value = lifetime(&fit.model).unwrap();
        let (low, high) = fit.interval_of(0.95, lifetime).unwrap().unwrap();
        assert!(low < value && value < high);
        let (low_share, high_share) = fit.survival_interval(0.95, 12.0).unwrap().unwrap();
        let share = fit.model.survival(12.0);
        assert!(low_share < share && share < high_share);
        libm::log(high / low)
    };
    close("ratio of widths", width(1000.0) / width(4000.0), 2.0, 1e-6);
}
