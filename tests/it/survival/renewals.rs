//! The contractual models against slow, obvious twins that look at every customer by itself.

use proptest::prelude::*;
use retention_calculator::number::special::ln_beta;
use retention_calculator::survival::{
    Fit, FittedLifespan, LifespanModel, MONTHS_WOBBLE_DAYS, RenewalTable, RiskTable,
    beta_discrete_weibull, discounted_lifetime, discounted_residual_lifetime, geometric,
    lifespan_models, lifetime_within, mean_lifetime, median_of_model, shifted_beta_geometric,
};

use super::close;

/// A customer: entry, duration, lost.
type Customer = (u8, u8, bool);

/// The share still there after `t` periods, by the beta functions of the publications.
fn ln_share(model: &LifespanModel, t: f64) -> f64 {
    match *model {
        LifespanModel::Geometric { churn } => t * libm::log(1.0 - churn),
        LifespanModel::DiscreteWeibull { churn, c } => libm::pow(t, c) * libm::log(1.0 - churn),
        LifespanModel::ShiftedBetaGeometric { alpha, beta } => {
            ln_beta(alpha, beta + t) - ln_beta(alpha, beta)
        }
        LifespanModel::BetaDiscreteWeibull { a, b, c } => {
            ln_beta(a, b + libm::pow(t, c)) - ln_beta(a, b)
        }
    }
}

/// The likelihood, customer by customer: the probability of what was seen, given that the customer
/// was there at its entry.
fn twin(model: &LifespanModel, customers: &[Customer]) -> f64 {
    let share = |t: u8| libm::exp(ln_share(model, f64::from(t)));
    customers
        .iter()
        .filter(|(entry, duration, _)| entry < duration)
        .map(|&(entry, duration, lost)| {
            let seen = if lost { share(duration - 1) - share(duration) } else { share(duration) };
            libm::log(seen / share(entry))
        })
        .sum()
}

fn table(customers: &[Customer]) -> Option<RenewalTable> {
    let list = |of: fn(&Customer) -> f64| customers.iter().map(of).collect::<Vec<f64>>();
    let (entry, durations) = (list(|c| f64::from(c.0)), list(|c| f64::from(c.1)));
    let events: Vec<bool> = customers.iter().map(|c| c.2).collect();
    let risk = RiskTable::from_durations(&durations, &events, Some(&entry)).unwrap();
    RenewalTable::from_risk_table(&risk, None).ok()
}

fn customers() -> impl Strategy<Value = Vec<Customer>> {
    // Losses are likelier early, as they are in life.
    let customer =
        (0_u8..8, 0_u8..12, 0_u8..12, any::<bool>()).prop_map(|(entry, one, other, lost)| {
            let entry = entry.saturating_sub(5);
            let stay = one.min(other) + u8::from(lost || 0 < entry);
            (entry, entry + stay, lost)
        });
    prop::collection::vec(customer, 4..80)
}

#[track_caller]
fn check_against_twin(fit: &FittedLifespan, customers: &[Customer]) {
    let expected = twin(&fit.model, customers);
    let what = format!("log-likelihood of {:?}", fit.model);
    close(&what, fit.log_likelihood, expected, 1e-7 * (1.0 + expected.abs()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_table_is_a_count_of_customers(customers in customers()) {
        if let Some(table) = table(&customers) {
            for (index, row) in table.rows().iter().enumerate() {
                let period = index + 1;
                let at_risk = customers.iter().filter(|c| {
                    usize::from(c.0) < period && period <= usize::from(c.1)
                });
                let lost = customers.iter().filter(|c| c.2 && usize::from(c.1) == period);
                close("at risk", row.at_risk, at_risk.count() as f64, 0.0);
                close("lost", row.lost, lost.count() as f64, 0.0);
            }
        }
    }

    #[test]
    fn fits_are_as_likely_as_their_twins_and_likelier_than_any_other(
        customers in customers(),
        others in prop::collection::vec((-6.0_f64..6.0, -6.0_f64..6.0, -1.0_f64..1.0), 40),
    ) {
        let Some(table) = table(&customers) else { return Ok(()) };
        let flat = geometric(&table);
        let LifespanModel::Geometric { churn } = flat.model else { panic!("not geometric") };
        if 0.0 < churn && churn < 1.0 {
            check_against_twin(&flat, &customers);
        }
        let mut fits = Vec::new();
        if let Ok(fit) = shifted_beta_geometric(&table) {
            prop_assert!(flat.log_likelihood <= fit.log_likelihood + 1e-9);
            fits.push(fit);
        }
        if let Ok(fit) = beta_discrete_weibull(&table) {
            prop_assert!(fits[0].log_likelihood <= fit.log_likelihood + 1e-6);
            fits.push(fit);
        }
        for (index, fit) in fits.iter().enumerate() {
            // Where customers hardly differ the parameters are huge, and the beta functions of the
            // twin lose their digits.
            let largest = fit.model.parameters().iter().fold(0.0_f64, |most, &(_, v)| most.max(v));
            let has_summit = fit.remark != Some("losses-in-first-period-only");
            // All were lost in the first period, and those who joined later were not: a parameter has
            // gone to 0, where the twin has no value and the fit must not pass for a summit.
            let is_at_border = fit.model.parameters().iter().any(|&(_, value)| value <= 0.0);
            // Where nobody was lost, a churn of 0 is the summit.
            let is_nobody_lost = churn == 0.0 && fit.remark == Some("no-losses");
            prop_assert!(is_nobody_lost || !(is_at_border && fit.converged));
            let has_summit = has_summit && !is_at_border;
            if 0.0 < churn && churn < 1.0 && has_summit && largest < 1e4 {
                check_against_twin(fit, &customers);
            }
            for &(ln_alpha, ln_beta, ln_c) in &others {
                let (alpha, beta) = (libm::exp(ln_alpha), libm::exp(ln_beta));
                let other = if index == 0 {
                    LifespanModel::ShiftedBetaGeometric { alpha, beta }
                } else {
                    LifespanModel::BetaDiscreteWeibull { a: alpha, b: beta, c: libm::exp(ln_c) }
                };
                // Where all losses fell into the first period there is no highest likelihood.
                if fit.remark != Some("losses-in-first-period-only") {
                    prop_assert!(twin(&other, &customers) <= fit.log_likelihood + 1e-7);
                }
            }
        }
    }

    #[test]
    fn size_scales_the_likelihood_only(
        losses in prop::collection::vec(0.0_f64..0.4, 3..10),
        times in 2_u8..9,
    ) {
        let mut survivors = vec![1.0];
        for loss in losses {
            survivors.push(survivors[survivors.len() - 1] * (1.0 - loss));
        }
        let fit = |size: f64| {
            let table = RenewalTable::from_survivors(&survivors, Some(size), None).unwrap();
            shifted_beta_geometric(&table).unwrap()
        };
        let (few, many) = (fit(500.0), fit(500.0 * f64::from(times)));
        prop_assert_eq!(few.remark, many.remark);
        if few.converged {
            close("log-likelihood", many.log_likelihood, few.log_likelihood * f64::from(times), 1e-6);
            for t in 1..20 {
                let t = f64::from(t);
                close("survival", many.model.survival(t), few.model.survival(t), 1e-8);
            }
        }
    }

    #[test]
    fn lifetimes_are_the_sums_they_stand_for(
        alpha in 0.1_f64..6.0,
        beta in 0.1_f64..20.0,
        c in 0.6_f64..1.6,
        rate in 0.02_f64..0.3,
        renewal in 1_u32..9,
    ) {
        for model in [
            LifespanModel::Geometric { churn: alpha / (alpha + beta) },
            LifespanModel::DiscreteWeibull { churn: alpha / (alpha + beta), c },
            LifespanModel::ShiftedBetaGeometric { alpha, beta },
            LifespanModel::BetaDiscreteWeibull { a: alpha, b: beta, c },
        ] {
            let share = |t: f64| libm::exp(ln_share(&model, t));
            // Until the discount leaves nothing.
            let sum = |from: u32| -> f64 {
                (0..2500)
                    .map(|k| {
                        let value = share(f64::from(from + k)) / libm::pow(1.0 + rate, f64::from(k));
                        value / share(f64::from(from.max(1) - 1))
                    })
                    .sum()
            };
            let found = discounted_lifetime(&model, rate).unwrap().value.unwrap();
            close("DEL", found, sum(0), 1e-8 * found);
            let found = discounted_residual_lifetime(&model, renewal, rate).unwrap().value.unwrap();
            close("DERL", found, sum(renewal), 1e-8 * found);
            let found = lifetime_within(&model, 40).unwrap().value.unwrap();
            close("horizon", found, (0..40).map(|t| share(f64::from(t))).sum(), 1e-9 * found);
            for t in 1..30 {
                let t = f64::from(t);
                close("survival", model.survival(t), share(t), 1e-10);
                close("churn", model.churn_in(t), 1.0 - share(t) / share(t - 1.0), 1e-9);
            }
        }
    }
}

#[test]
fn a_weibull_of_shape_one_is_the_simpler_model() {
    for (alpha, beta) in [(1.2, 3.0), (2.5, 0.7), (6.0, 40.0)] {
        let simple = LifespanModel::ShiftedBetaGeometric { alpha, beta };
        let general = LifespanModel::BetaDiscreteWeibull { a: alpha, b: beta, c: 1.0 };
        let mean = |model: &LifespanModel| mean_lifetime(model).value.unwrap();
        close("mean", mean(&general), mean(&simple), 1e-10 * mean(&simple));
        // In closed form.
        close("mean", mean(&simple), (alpha + beta - 1.0) / (alpha - 1.0), 1e-12);
        for rate in [1e-5, 0.003, 0.1, 2.0] {
            let value = |model| discounted_lifetime(model, rate).unwrap().value.unwrap();
            close("DEL", value(&general), value(&simple), 1e-10 * value(&simple));
            let value =
                |model| discounted_residual_lifetime(model, 4, rate).unwrap().value.unwrap();
            close("DERL", value(&general), value(&simple), 1e-10 * value(&simple));
        }
        let value = |model| discounted_residual_lifetime(model, 4, 0.0).unwrap().value.unwrap();
        close("residual", value(&general), value(&simple), 1e-10 * value(&simple));
    }
    let simple = LifespanModel::Geometric { churn: 0.03 };
    let general = LifespanModel::DiscreteWeibull { churn: 0.03, c: 1.0 };
    let mean = |model: &LifespanModel| mean_lifetime(model).value.unwrap();
    close("mean", mean(&general), mean(&simple), 1e-11 * mean(&simple));
    let value = |model| discounted_residual_lifetime(model, 4, 1e-4).unwrap().value.unwrap();
    close("DERL", value(&general), value(&simple), 1e-11 * value(&simple));
    // mpmath 1.3.0: 4000 terms of 0.8^(t^0.25), and the rest by the formula of Euler and Maclaurin with the
    // incomplete gamma function.
    let slow = LifespanModel::DiscreteWeibull { churn: 0.2, c: 0.25 };
    close("mean", mean(&slow), 9_680.533_630_218_47, 1e-10 * 9_680.533_630_218_47);
    let infinite = LifespanModel::BetaDiscreteWeibull { a: 0.5, b: 1.0, c: 2.0 };
    assert_eq!(mean_lifetime(&infinite).why.as_deref(), Some("mean-infinite"));
    let residual = discounted_residual_lifetime(&infinite, 2, 0.0).unwrap();
    assert_eq!(residual.why.as_deref(), Some("mean-infinite"));
    assert_eq!(
        discounted_residual_lifetime(&infinite, 0, 0.1).unwrap_err().code(),
        "renewal-out-of-range"
    );
}

#[test]
fn medians_of_models_are_the_first_period_at_half() {
    for survivors in
        [vec![100.0, 80.0, 64.0], vec![1000.0, 631.0, 468.0, 382.0], vec![9.0, 3.0, 1.0]]
    {
        let table = RenewalTable::from_survivors(&survivors, None, None).unwrap();
        for fit in [geometric(&table), shifted_beta_geometric(&table).unwrap()] {
            let figure = median_of_model(&fit, 0.9).unwrap();
            let first = (1..1000).map(f64::from).find(|&t| fit.model.survival(t) <= 0.5);
            assert_eq!(figure.value, first);
            if let (Some(low), Some(high)) = (figure.low, figure.high) {
                assert!(low <= first.unwrap() && first.unwrap() <= high);
            }
        }
    }
    // Four in ten never leave: the curve comes down to a half only after millions of periods.
    let table = RenewalTable::from_survivors(&[1e6, 5.5e5, 5.499e5, 5.498e5], None, None).unwrap();
    let fit = shifted_beta_geometric(&table).unwrap();
    let figure = median_of_model(&fit, 0.9).unwrap();
    assert!(figure.value.is_none_or(|median| 1e6 < median), "{figure:?}");
}

fn risk(customers: &[(f64, bool)]) -> RiskTable {
    let (durations, events): (Vec<f64>, Vec<bool>) = customers.iter().copied().unzip();
    RiskTable::from_durations(&durations, &events, None).unwrap()
}

#[test]
fn days_are_grouped_into_the_periods_they_fall_into() {
    // Periods of 30 days: lost on day 0, 1 and 30 is lost in the first, on 31 in the second.
    let customers =
        [(0.0, true), (1.0, true), (30.0, true), (31.0, true), (59.0, false), (60.0, false)];
    let table = RenewalTable::by_periods(&risk(&customers), 30.0, 0.0).unwrap();
    let rows: Vec<(f64, f64)> = table.rows().iter().map(|row| (row.at_risk, row.lost)).collect();
    // The one last seen on day 59 completed one period and began another, the one on day 60 two.
    assert_eq!(rows, [(6.0, 3.0), (2.5, 1.0)]);
    // In the last period all may be begun and none complete.
    let rows = RenewalTable::by_periods(&risk(&customers), 50.0, 0.0).unwrap().rows().to_vec();
    let rows: Vec<(f64, f64)> = rows.iter().map(|row| (row.at_risk, row.lost)).collect();
    assert_eq!(rows, [(6.0, 4.0), (1.0, 0.0)]);
    // Twelve months of 30.436875 days each are twelve periods, and not a hair more.
    let year = RenewalTable::by_periods(&risk(&[(365.2425, true)]), 365.2425 / 12.0, 0.0).unwrap();
    assert_eq!(year.rows().len(), 12);
    let code =
        |length| RenewalTable::by_periods(&risk(&customers), length, 0.0).unwrap_err().code();
    for length in [0.0, -1.0, f64::NAN] {
        assert_eq!(code(length), "period-length-out-of-range");
    }
    let short = RenewalTable::by_periods(&risk(&[(59.0, false)]), 100.0, 0.0).unwrap_err();
    assert_eq!(short.code(), "too-few-periods");
    let late = RiskTable::from_durations(&[9.0], &[true], Some(&[4.0])).unwrap();
    assert_eq!(RenewalTable::by_periods(&late, 3.0, 0.0).unwrap_err().code(), "entry-not-whole");
    assert_eq!(RenewalTable::by_periods(&late, 2.0, 0.0).unwrap().rows().len(), 5);
}

/// The day of a later month with the same number, or the last one of that month: days since 1970.
fn months_later(day: chrono::NaiveDate, months: u32) -> chrono::NaiveDate {
    day.checked_add_months(chrono::Months::new(months)).unwrap()
}

#[test]
fn renewals_on_days_of_the_calendar_count_where_they_fall() {
    // 1,000 customers a month from every day of a month on, who pay monthly and leave on the day of
    // a renewal only: a fifth at the first one, a tenth at each of the next five.
    let month = 365.2425 / 12.0;
    let (mut customers, mut n_at_first) = (Vec::new(), 0);
    let until = chrono::NaiveDate::from_ymd_opt(2024, 6, 17).unwrap();
    for started in 0..14_u32 {
        for n in 0..30_u32 {
            let first = chrono::NaiveDate::from_ymd_opt(2023, 1, 1).unwrap();
            let start = months_later(first, started) + chrono::Days::new(u64::from(n));
            for customer in 0..10_u32 {
                let renewal = match customer {
                    0 | 1 => 1,
                    2..=5 => customer,
                    _ => 0,
                };
                let end = months_later(start, renewal);
                let is_lost = 0 < renewal && end <= until;
                let last = if is_lost { end } else { until };
                if renewal == 1 && is_lost {
                    n_at_first += 1;
                }
                customers.push(((last - start).num_days() as f64, is_lost));
            }
        }
    }
    let table = risk(&customers);
    let by_calendar = RenewalTable::by_periods(&table, month, MONTHS_WOBBLE_DAYS).unwrap();
    let rows = by_calendar.rows();
    // Everybody who left at the first renewal is lost in the first period, of all who faced one.
    assert_eq!(rows[0].lost, f64::from(n_at_first));
    close("first", rows[0].lost / rows[0].at_risk, 0.2, 1e-12);
    close("second", rows[1].lost / rows[1].at_risk, 1.0 / 8.0, 1e-12);
    close("fifth", rows[4].lost / rows[4].at_risk, 1.0 / 5.0, 3e-3);
    assert!(rows[5..].iter().all(|row| row.lost <= 0.0));
    // Cut at mean months, a first month of 31 days counts as two.
    let cut = RenewalTable::by_periods(&table, month, 0.0).unwrap();
    assert!(cut.rows()[0].lost < 0.6 * rows[0].lost);

    // Who leaves on any day leaves before the end of the period as much as after it.
    let any_day: Vec<(f64, bool)> =
        (1..=300).map(|day| (f64::from(day), true)).chain([(400.0, false); 50]).collect();
    let plain = RenewalTable::by_periods(&risk(&any_day), month, 0.0).unwrap();
    assert_eq!(
        RenewalTable::by_periods(&risk(&any_day), month, MONTHS_WOBBLE_DAYS).unwrap(),
        plain
    );
    let code = |wobble| RenewalTable::by_periods(&table, month, wobble).unwrap_err().code();
    for wobble in [-1.0, 16.0, f64::NAN] {
        assert_eq!(code(wobble), "wobble-out-of-range");
    }
}

#[test]
fn cohorts_of_different_ages_are_one_table() {
    // The survivors of three cohorts, as a triangle: 1,000 of "Regular" of Fader and Hardie (2007)
    // with the years that each has had.
    let survivors = [1000.0, 631.0, 468.0, 382.0, 326.0, 289.0, 262.0, 241.0];
    let cohorts: Vec<Vec<f64>> = [8, 5, 3].iter().map(|&n| survivors[..n].to_vec()).collect();
    let table = RenewalTable::from_cohorts(&cohorts, None, None).unwrap();
    let rows: Vec<(f64, f64)> = table.rows().iter().map(|row| (row.at_risk, row.lost)).collect();
    assert_eq!(rows[..3], [(3000.0, 1107.0), (1893.0, 489.0), (936.0, 172.0)]);
    assert_eq!(rows[4..], [(326.0, 37.0), (289.0, 27.0), (262.0, 21.0)]);
    assert_eq!((table.n_customers(), table.rows().len()), (3000.0, 7));
    // As many customers one by one, censored at the end of their cohort, are the same table.
    let mut customers = Vec::new();
    for cohort in &cohorts {
        for (period, pair) in cohort.windows(2).enumerate() {
            customers.extend(vec![(period as f64 + 1.0, true); (pair[0] - pair[1]) as usize]);
        }
        let last = cohort.len() - 1;
        customers.extend(vec![(last as f64, false); cohort[last] as usize]);
    }
    let one_by_one = RenewalTable::from_risk_table(&risk(&customers), None).unwrap();
    assert_eq!(one_by_one, table);
    let code =
        |cohorts: &[Vec<f64>]| RenewalTable::from_cohorts(cohorts, None, None).unwrap_err().code();
    assert_eq!(code(&[]), "no-cohorts");
    assert_eq!(code(&[vec![10.0, 12.0]]), "survivors-increase");
}

#[test]
fn models_of_a_file_are_those_of_its_table() {
    let telco = super::telco();
    let risk = RiskTable::from_durations(&telco.durations, &telco.events, None).unwrap();
    let months = lifespan_models(&risk, 1.0, 0.0, Some(0.01), 0.95).unwrap();
    let kinds: Vec<&str> = months.iter().map(|fit| fit.kind).collect();
    assert_eq!(kinds, ["geometric", "sbg", "bdw"]);
    close("alpha", months[1].parameters["alpha"], 0.136_733_078, 5e-8);
    let horizon = |index: usize| months[index].lifespan.as_ref().unwrap()["horizon"].clone();
    // The area under the observed curve is 54.492; the models come close to it.
    for index in 0..3 {
        close("horizon", horizon(index).value.unwrap(), 54.492, 0.8);
    }
    assert!(months.iter().all(|fit| fit.lifespan.as_ref().unwrap()["discounted"].value.is_some()));
    // Months 49 to 72 were held out, and the richer a model, the better it projects them.
    let error =
        |index: usize| months[index].back_test.as_ref().unwrap().mean_absolute_error.unwrap();
    assert!(error(2) < error(1) && error(1) < error(0));
    let rows = &months[0].back_test.as_ref().unwrap().rows;
    assert_eq!((rows[0].period, rows.len()), (49.0, 24));

    // The same customers in days of a thirtieth of a month: the same models, in days.
    let in_days: Vec<f64> = telco.durations.iter().map(|months| months * 30.0).collect();
    let risk = RiskTable::from_durations(&in_days, &telco.events, None).unwrap();
    let days = lifespan_models(&risk, 30.0, 0.0, Some(0.01), 0.95).unwrap();
    for (day, month) in days.iter().zip(&months) {
        assert_eq!(day.parameters, month.parameters);
        let (of_days, of_months) = (day.curve.as_ref().unwrap(), month.curve.as_ref().unwrap());
        close("t", of_days[12].t, 360.0, 0.0);
        close("survival", of_days[12].survival, of_months[12].survival, 0.0);
        let value = |fit: &Fit| fit.lifespan.as_ref().unwrap()["horizon"].value.unwrap();
        close("horizon", value(day), 30.0 * value(month), 1e-9);
        let median = |fit: &Fit| fit.median.as_ref().unwrap().value.unwrap();
        close("median", median(day), 30.0 * median(month), 0.0);
        close("held out", day.back_test.as_ref().unwrap().rows[0].period, 1470.0, 0.0);
    }
}

#[test]
fn small_files_have_no_models() {
    let kinds = |customers: &[(f64, bool)]| -> Vec<&'static str> {
        let fits = lifespan_models(&risk(customers), 1.0, 0.0, None, 0.95).unwrap();
        fits.iter().map(|fit| fit.kind).collect()
    };
    let lost = |n: usize| -> Vec<(f64, bool)> {
        (0..n).map(|i| (1.0 + (i % 4) as f64, true)).chain([(5.0, false); 20]).collect()
    };
    assert!(kinds(&lost(9)).is_empty());
    assert_eq!(kinds(&lost(10)), ["geometric", "sbg"]);
    assert_eq!(kinds(&lost(50)), ["geometric", "sbg", "bdw"]);
    // All were seen for one period only: one share cannot tell two parameters.
    assert_eq!(kinds(&[(1.0, true); 30]), ["geometric"]);
    assert!(kinds(&[(0.0, false); 30]).is_empty());
}
