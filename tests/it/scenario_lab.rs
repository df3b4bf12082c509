//! The scenario lab against an independent oracle, publications and closed forms: courses cohort by
//! cohort, draws against the delta method, goal seek, segments and the claims of articles.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests, and what they call")]

use retention_calculator::scenario::{
    Claim, Goal, GoalAnswer, Projection, Scenario, ScenarioOutcome, claims, project, seek,
};
use serde_json::{Value, json};

fn projected(value: Value) -> Projection {
    project(&serde_json::from_value::<Scenario>(value).unwrap()).unwrap()
}

fn sought(value: Value) -> GoalAnswer {
    seek(&serde_json::from_value::<Goal>(value).unwrap()).unwrap()
}

fn with(one: &Value, other: &Value) -> Value {
    let mut all = one.as_object().unwrap().clone();
    all.extend(other.as_object().unwrap().clone());
    Value::Object(all)
}

#[track_caller]
fn assert_close(actual: f64, expected: f64, tolerance: f64) {
    let scale = expected.abs().max(1e-300);
    assert!((actual - expected).abs() <= tolerance * scale, "{actual} instead of {expected}");
}

fn oracle() -> Value {
    let path = format!("{}/tests/cases/scenarios.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn outcome<'a>(projection: &'a Projection, id: &str) -> &'a ScenarioOutcome {
    projection.outcomes.iter().find(|outcome| outcome.id == id).unwrap()
}

/// "High End" of Fader and Hardie (2007) as the oracle has it, with its published covariance.
fn high_end() -> Value {
    let of = &oracle()["highEnd"];
    let number = |value: &Value| value.as_f64().unwrap();
    let (a, b) = (number(&of["standardErrors"][0]), number(&of["standardErrors"][1]));
    let both = number(&of["correlation"]) * a * b;
    json!({
        "kind": "sbg", "converged": true,
        "parameters": { "alpha": of["alpha"], "beta": of["beta"] },
        "covariance": {
            "alpha": { "alpha": a * a, "beta": both }, "beta": { "alpha": both, "beta": b * b },
        },
    })
}

/// A report of 200 customers at the end of March, of four cohorts, with a fitted model.
fn report() -> Value {
    let period = |label: &str, counts: [u64; 4], revenue: [f64; 6]| {
        let [start, new, lost, end] = counts;
        let [opening, won, expansion, contraction, churned, closing] = revenue;
        json!({
            "period": label, "partial": false,
            "customers": { "start": start, "new": new, "reactivated": 0, "lost": lost, "end": end, "cameAndWent": 0 },
            "revenue": { "start": opening, "new": won, "reactivation": 0.0, "expansion": expansion,
                "contraction": contraction, "churned": churned, "end": closing },
        })
    };
    let march =
        period("2026-03", [190, 30, 20, 200], [15000.0, 2400.0, 400.0, 100.0, 1700.0, 16000.0]);
    let segment = |name: &str, counts: [u64; 4], revenue: [f64; 6]| json!({ "name": name, "latest": period("2026-03", counts, revenue) });
    json!({
        "input": { "shape": "subscriptions" },
        "periods": [march],
        "value": { "lifespan": { "average_churn": {
            "value": 9.5, "formula": "average_lifespan", "n": 190, "inputs": { "churn": 20.0 / 190.0 },
        } } },
        "cohorts": { "granularity": "month", "rows": [
            { "cohort": "2025-08", "size": 120, "customers": [120, 118, 110, 105, 101, 99, 97, 95], "revenue": [], "partial": [] },
            { "cohort": "2026-01", "size": 40, "customers": [40, 35, 30], "revenue": [], "partial": [] },
            { "cohort": "2026-02", "size": 40, "customers": [40, 35], "revenue": [], "partial": [] },
            { "cohort": "2026-03", "size": 40, "customers": [40], "revenue": [], "partial": [] },
        ] },
        "survival": { "models": [{
            "kind": "sbg", "converged": true, "parameters": { "alpha": 1.5, "beta": 20.0 },
            "covariance": { "alpha": { "alpha": 0.04, "beta": 0.5 }, "beta": { "alpha": 0.5, "beta": 9.0 } },
        }] },
        "segments": [
            segment("Pro", [90, 10, 5, 95], [9000.0, 1000.0, 300.0, 0.0, 500.0, 9800.0]),
            segment("Basic", [100, 20, 15, 105], [6000.0, 1400.0, 100.0, 100.0, 1200.0, 6200.0]),
        ],
    })
}

#[test]
fn courses_are_those_of_cohorts_followed_one_by_one() {
    let totals = |customers: f64, revenue: f64, retention: f64| json!({ "customers": customers, "revenuePerCustomer": revenue, "retention": retention });
    let scenarios = [
        (
            "constant",
            json!({
                "from": totals(500.0, 50.0, 0.92), "periodMonths": 1, "periods": 36, "newCustomers": 12,
                "expansion": 0.01, "contraction": 0.004, "discountRate": 0.1, "grossMargin": 0.8, "cac": 300,
            }),
        ),
        (
            "first-and-tail",
            json!({
                "from": totals(500.0, 50.0, 0.9), "periodMonths": 1, "periods": 36, "newCustomers": 20,
                "firstPeriodChurn": 0.2, "tailChurn": 0.03, "discountRate": 0.12, "grossMargin": 0.7, "cac": 100,
            }),
        ),
        (
            "programme",
            json!({
                "from": totals(2000.0, 30.0, 0.95), "periodMonths": 1, "periods": 24, "newCustomers": 50,
                "discountRate": 0.1, "grossMargin": 0.75, "cac": 60,
                "programme": { "cost": 20000, "startPeriod": 4, "churnReduction": 0.2 },
            }),
        ),
        (
            "programme-never-pays",
            json!({
                "from": totals(200.0, 30.0, 0.95), "periodMonths": 1, "periods": 24,
                "discountRate": 0.1, "grossMargin": 0.75,
                "programme": { "cost": 90000, "startPeriod": 1, "churnReduction": 0.1 },
            }),
        ),
        (
            "sbg",
            json!({
                "from": high_end(), "customers": 1000, "price": 120, "periodMonths": 12, "periods": 12,
                "newCustomers": 100, "expansion": 0.05, "discountRate": 0.1, "grossMargin": 0.8,
            }),
        ),
        (
            "sbg-programme",
            json!({
                "from": high_end(), "customers": 1000, "price": 120, "periodMonths": 12, "periods": 12,
                "discountRate": 0.1, "grossMargin": 0.8,
                "programme": { "cost": 5000, "startPeriod": 3, "churnReduction": 0.3 },
            }),
        ),
        (
            "report-on-sbg",
            json!({
                "from": report(), "curve": "sbg", "price": 80, "periodMonths": 1, "periods": 18,
                "newCustomers": 25, "expansion": 0, "contraction": 0, "discountRate": 0.1, "grossMargin": 0.8,
            }),
        ),
    ];
    let oracle = oracle();
    let tenures = [
        ("constant", json!([1, 12])),
        ("first-and-tail", json!([1, 2, 30])),
        ("programme", json!([1, 9])),
        ("sbg", json!([1, 2, 3, 5, 8])),
        ("sbg-programme", json!([1, 6])),
    ];
    for (name, scenario) in scenarios {
        let expected = &oracle["cases"][name];
        let asked = tenures.iter().find(|(of, _)| *of == name).map(|(_, tenures)| tenures);
        let projection = projected(with(&scenario, &json!({ "tenures": asked })));
        let margin = projection.against.as_ref().unwrap().start.revenue_per_customer
            * scenario["grossMargin"].as_f64().unwrap();
        assert_eq!(projection.residual.len(), asked.map_or(0, |all| all.as_array().unwrap().len()));
        for (place, found) in projection.residual.iter().enumerate() {
            let payments = expected["residual"][place].as_f64().unwrap();
            assert_close(found.lifespan.value.unwrap(), payments, 1e-9);
            assert_close(found.value.value.unwrap(), payments * margin, 1e-9);
        }
        // The report's revenue leaves and comes at other rates than its customers: see below.
        let has_revenue = name != "report-on-sbg";
        for (period, row) in projection.periods.iter().zip(expected["periods"].as_array().unwrap())
        {
            let of = |index: usize| row[index].as_f64().unwrap();
            assert_close(period.customers, of(0), 1e-11);
            if has_revenue {
                assert_close(period.revenue, of(1), 1e-11);
                assert_close(period.gross_revenue_retention_since_start.unwrap(), of(2), 1e-11);
                assert_close(period.net_revenue_retention_since_start.unwrap(), of(3), 1e-11);
            }
        }
        if has_revenue {
            assert_close(
                projection.present_value,
                expected["presentValue"].as_f64().unwrap(),
                1e-11,
            );
        }
        if let Some(programme) = &projection.programme {
            assert_eq!(programme.break_even.value, expected["breakEven"].as_f64(), "{name}");
            // What it gains is the difference that it makes to the present value.
            assert_close(programme.gain, expected["gain"].as_f64().unwrap(), 1e-9);
        }
    }
}

#[test]
fn a_programme_that_does_not_pay_says_so() {
    let projection = projected(json!({
        "from": { "customers": 200, "revenuePerCustomer": 30, "retention": 0.95 },
        "periodMonths": 1, "periods": 24, "grossMargin": 0.75,
        "programme": { "cost": 90000, "startPeriod": 1, "churnReduction": 0.1 },
    }));
    let programme = projection.programme.as_ref().unwrap();
    assert_eq!(programme.break_even.why.as_deref(), Some("not-within-the-projection"));
    assert!(programme.gain < 0.0);
    let row = outcome(&projection, "programmeBreakEven");
    assert_eq!((row.value, row.today_why.as_deref()), (None, Some("not-today")));
}

#[test]
fn at_the_ceiling_as_many_leave_as_come() {
    // 12 a month at a churn of 8 %: 150.
    let scenario = json!({
        "from": { "customers": 150, "revenuePerCustomer": 50, "retention": 0.92 },
        "periodMonths": 1, "periods": 36, "newCustomers": 12,
    });
    let projection = projected(scenario.clone());
    assert_close(projection.growth_ceiling.value.unwrap(), 150.0, 1e-12);
    assert_close(projection.periods[35].customers, 150.0, 1e-12);
    assert_close(projection.periods[35].lost, 12.0, 1e-12);
    // With a first period of its own: 12 × (1 + 0.8 ÷ 0.04); there it stays.
    let levers = json!({ "firstPeriodChurn": 0.2, "tailChurn": 0.04, "periods": 600 });
    let projection = projected(with(&scenario, &levers));
    assert_close(projection.growth_ceiling.value.unwrap(), 12.0 * 21.0, 1e-12);
    assert_close(projection.periods[599].customers, 252.0, 1e-9);
    // A model whose mean is infinite has none, and a churn of 0 neither.
    let fitted = projected(json!({
        "from": high_end(), "price": 1, "periodMonths": 12, "periods": 12, "newCustomers": 10,
    }));
    assert_eq!(fitted.growth_ceiling.why.as_deref(), Some("mean-infinite"));
    let kept = projected(with(&scenario, &json!({ "retention": 1 })));
    assert_eq!(kept.growth_ceiling.why.as_deref(), Some("no-churn"));
    let none = projected(with(&scenario, &json!({ "newCustomers": 0 })));
    assert_eq!(none.growth_ceiling.why.as_deref(), Some("no-new-customers"));
}

#[test]
fn growth_needs_the_lost_replaced_first() {
    for (retention, needed) in [(0.95, 15.0), (0.8, 30.0)] {
        let scenario = json!({
            "from": { "customers": 100, "revenuePerCustomer": 1, "retention": retention },
            "periodMonths": 12, "periods": 1, "growthGoal": 0.1,
        });
        let projection = projected(scenario.clone());
        assert_close(projection.growth.as_ref().unwrap().customers.unwrap(), needed, 1e-12);
        assert_close(outcome(&projection, "newCustomersNeeded").value.unwrap(), needed, 1e-12);
        // And they do it.
        let grown = projected(with(&scenario, &json!({ "newCustomers": needed })));
        assert_close(grown.periods[0].customers, 110.0, 1e-12);
    }
}

#[test]
fn one_over_churn_stands_beside_the_model_and_the_horizon() {
    // α = 1.5, β = 20: a mean of (α + β − 1) ÷ (α − 1) = 41 months; 190 ÷ 20 = 9.5 by churn.
    let projection = projected(json!({
        "from": report(), "periodMonths": 1, "periods": 36, "grossMargin": 0.5,
    }));
    let [simple, fitted, horizon] = &projection.lifetimes[..] else { panic!("three") };
    let names: Vec<&str> = projection.lifetimes.iter().map(|view| view.name.as_str()).collect();
    assert_eq!(names, ["one-over-churn", "fitted", "horizon"]);
    assert_eq!(fitted.kind.as_deref(), Some("sbg"));
    assert_close(simple.lifespan.value.unwrap(), 9.5, 1e-12);
    assert_close(fitted.lifespan.value.unwrap(), 41.0, 1e-9);
    // Revenue per customer is 80, margin 40.
    assert_close(simple.value.value.unwrap(), 380.0, 1e-12);
    assert_close(fitted.difference.unwrap(), 40.0 * 41.0 - 380.0, 1e-9);
    let stay = 1.0 - 20.0 / 190.0;
    let within = (1.0 - libm::pow(stay, 36.0)) / (1.0 - stay);
    assert_close(horizon.difference.unwrap(), 40.0 * within - 380.0, 1e-9);
    assert_eq!(simple.difference, Some(0.0));
    // Without a model there is nothing to set beside it, and the reason is said.
    let typed = projected(json!({
        "from": { "customers": 10, "revenuePerCustomer": 5, "retention": 0.9 },
        "periodMonths": 1, "periods": 12,
    }));
    assert_eq!(typed.lifetimes[1].lifespan.why.as_deref(), Some("no-fit"));
    assert_eq!(typed.lifetimes[1].difference, None);
    // An infinite mean is said to be one, and stays one as long as the tail is that thin.
    let published = projected(json!({
        "from": high_end(), "price": 1, "periodMonths": 12, "periods": 12, "tailChurn": 0.05,
    }));
    assert_eq!(published.lifetimes[1].lifespan.why.as_deref(), Some("mean-infinite"));
}

#[test]
fn a_lever_on_one_curve_is_the_same_factor_on_the_hazard_of_another() {
    // Churn of 20 ÷ 190 to half of its hazard: 1 − √(1 − churn).
    let churn = 1.0 - libm::sqrt(1.0 - 20.0 / 190.0);
    let halved = projected(json!({
        "from": report(), "periodMonths": 1, "periods": 12, "retention": 1.0 - churn,
    }));
    // S(t)^(1/2) falls with t^(−0.75): no mean.
    assert_eq!(halved.lifetimes[1].lifespan.why.as_deref(), Some("mean-infinite"));
    assert_close(halved.lifetimes[0].lifespan.value.unwrap(), 1.0 / churn, 1e-12);
}

#[test]
fn draws_of_a_fit_agree_with_the_delta_method_and_with_another_generator() {
    let projection = projected(json!({
        "from": high_end(), "customers": 1, "price": 1, "periodMonths": 12, "periods": 10,
        "seed": 42, "draws": 20_000,
    }));
    let uncertainty = projection.uncertainty.as_ref().unwrap();
    assert_eq!(uncertainty.source.as_deref(), Some("fit-covariance"));
    assert_eq!((uncertainty.draws, uncertainty.confidence.to_bits()), (20_000, 0.95_f64.to_bits()));
    let of = &oracle()["highEnd"];
    let (low, high) = (projection.periods[9].low.unwrap(), projection.periods[9].high.unwrap());
    // The middle 95 % of 200,000 draws of another generator: a quantile of 20,000 draws has a
    // standard error of √(0.025 × 0.975 ÷ 20,000) ÷ density, some 2 % of the half width.
    let sampling = 0.06 * 0.5 * (high - low);
    for (found, expected) in [(low, 0), (high, 1)] {
        let expected = of["simulated"]["survival"][expected].as_f64().unwrap();
        assert!((found - expected).abs() < sampling, "{found} instead of {expected}");
    }
    let span = &projection.lifespan["horizon"];
    for (found, expected) in [(span.low.unwrap(), 0), (span.high.unwrap(), 1)] {
        let expected = of["simulated"]["span"][expected].as_f64().unwrap();
        let sampling = 0.06 * 0.5 * (span.high.unwrap() - span.low.unwrap());
        assert!((found - expected).abs() < sampling, "{found} instead of {expected}");
    }
    // The delta method is of first order: a tenth of its width is left to curvature and sampling.
    let delta = &of["delta"]["lnLnSurvival"];
    let width = 2.0 * 1.959_963_985 * delta["standardError"].as_f64().unwrap();
    let found = libm::log(-libm::log(low)) - libm::log(-libm::log(high));
    assert_close(found, width, 0.1);
    let delta = &of["delta"]["lnSpan"];
    let width = 2.0 * 1.959_963_985 * delta["standardError"].as_f64().unwrap();
    assert_close(libm::log(span.high.unwrap() / span.low.unwrap()), width, 0.1);
    // The mean is infinite under the best estimate, so it has no interval.
    assert_eq!(projection.lifespan["mean"].low, None);
}

#[test]
fn customers_who_hardly_differ_are_no_wider_a_guess_than_what_was_counted() {
    // A churn of a tenth but for chance: the two shapes are known to hundreds of times themselves,
    // and still nobody is drawn who never leaves.
    let survivors = [1000.0, 899.0, 810.0, 731.0, 661.0, 598.0];
    let request = serde_json::from_value(json!({ "kind": "sbg", "survivors": survivors })).unwrap();
    let fit = retention_calculator::survival::fit(&request).unwrap();
    let errors = fit.standard_errors.as_ref().unwrap();
    assert!(0.9 * fit.parameters["alpha"] < errors["alpha"]);
    let n = survivors[..5].iter().sum::<f64>();
    let of = |from: Value| {
        let projection = projected(json!({
            "from": from, "customers": 1000, "price": 1, "periodMonths": 12, "periods": 10,
            "seed": 3, "draws": 4000,
        }));
        let row = outcome(&projection, "clvHorizon");
        row.high.unwrap() - row.low.unwrap()
    };
    let fitted = of(serde_json::to_value(retention_calculator::report::Fit::from(fit)).unwrap());
    let counted = of(json!({
        "customers": 1000, "revenuePerCustomer": 1, "retention": 1.0 - 402.0 / n, "n": n,
    }));
    assert!(counted < fitted && fitted < 2.0 * counted, "{fitted} {counted}");
}

#[test]
fn a_counted_retention_is_drawn_from_what_was_counted() {
    let scenario = |n: f64, more: Value| {
        with(
            &json!({
                "from": { "customers": 1, "revenuePerCustomer": 1, "retention": 0.92, "n": n },
                "periodMonths": 12, "periods": 1, "seed": 7, "draws": 20_000,
            }),
            &more,
        )
    };
    let projection = projected(scenario(500.0, json!({})));
    let uncertainty = projection.uncertainty.as_ref().unwrap();
    assert_eq!((uncertainty.source.as_deref(), uncertainty.n), (Some("binomial"), Some(500.0)));
    // Jeffreys' interval of 460 of 500, as published. A quantile of 20,000 draws has a standard
    // error of about √(0.025 × 0.975 ÷ 20,000) ÷ density = 0.0003.
    let period = &projection.periods[0];
    assert!((period.low.unwrap() - 0.893_782_863).abs() < 0.0012, "{period:?}");
    assert!((period.high.unwrap() - 0.941_374_749).abs() < 0.0012, "{period:?}");
    // A lever is the same factor on each draw's hazard, so the interval is as wide on that scale.
    let moved = projected(scenario(500.0, json!({ "retention": 0.96 })));
    let scaled = |share: f64| libm::log(-libm::log(share));
    let width =
        |p: &Projection| scaled(p.periods[0].low.unwrap()) - scaled(p.periods[0].high.unwrap());
    assert_close(width(&moved), width(&projection), 1e-9);
    // Ten times as many customers: an interval √10 times as narrow.
    let many = projected(scenario(5000.0, json!({})));
    let of = |p: &Projection| p.periods[0].high.unwrap() - p.periods[0].low.unwrap();
    assert_close(of(&projection) / of(&many), libm::sqrt(10.0), 0.03);
}

#[test]
fn no_interval_without_a_source_of_uncertainty() {
    let typed = json!({
        "from": { "customers": 10, "revenuePerCustomer": 5, "retention": 0.9 },
        "periodMonths": 1, "periods": 6, "draws": 100,
    });
    let without_covariance = with(
        &high_end(),
        &json!({ "covariance": null, "standardErrors": { "alpha": 0.1, "beta": 0.8 } }),
    );
    let fitted = json!({ "from": without_covariance, "price": 1, "periodMonths": 12, "periods": 6, "draws": 100 });
    for (scenario, why) in [(typed, "retention-without-n"), (fitted, "fit-without-covariance")] {
        let projection = projected(scenario);
        let uncertainty = projection.uncertainty.as_ref().unwrap();
        assert_eq!((uncertainty.source.as_deref(), uncertainty.why.as_deref()), (None, Some(why)));
        assert!(
            projection.periods.iter().all(|period| period.low.is_none() && period.high.is_none())
        );
        assert!(projection.outcomes.iter().all(|outcome| outcome.low.is_none()));
    }
    let plain = projected(json!({
        "from": high_end(), "price": 1, "periodMonths": 12, "periods": 6,
    }));
    assert_eq!(plain.uncertainty, None);
    assert_eq!(plain.periods[5].low, None);
}

#[test]
fn the_same_seed_gives_the_same_draws_and_another_one_others() {
    let with_seed = |seed: f64| {
        projected(json!({
            "from": report(), "curve": "sbg", "periodMonths": 1, "periods": 24, "seed": seed, "draws": 200,
        }))
    };
    let (one, same, other) = (with_seed(3.0), with_seed(3.0), with_seed(4.0));
    assert_eq!(one, same);
    assert_ne!(one.periods[23].low, other.periods[23].low);
    let last = &one.periods[23];
    assert!(last.low.unwrap() < last.customers && last.customers < last.high.unwrap());
    assert!(last.revenue_low.unwrap() < last.revenue && last.revenue < last.revenue_high.unwrap());
    let value = outcome(&one, "presentValue");
    assert!(
        value.low.unwrap() < value.value.unwrap() && value.value.unwrap() < value.high.unwrap()
    );
}

#[test]
fn a_goal_is_found_where_the_closed_form_has_it() {
    let scenario = json!({
        "from": { "customers": 500, "revenuePerCustomer": 50, "retention": 0.92 },
        "periodMonths": 1, "periods": 36, "grossMargin": 0.8, "cac": 400, "newCustomers": 12,
        "discountRate": 0.1,
        "programme": { "cost": 1000, "startPeriod": 1, "churnReduction": 0 },
    });
    let found = |lever: &str, outcome: &str, value: f64| {
        sought(json!({ "scenario": scenario, "lever": lever, "outcome": outcome, "value": value }))
    };
    let d = libm::pow(1.1, 1.0 / 12.0) - 1.0;
    let survival_36 = libm::pow(0.92, 36.0);
    let closed = [
        // 40 ÷ h = 3 × 400.
        ("retention", "clvToCac", 3.0, 1.0 - 1.0 / 30.0),
        ("tailChurn", "clvToCac", 3.0, 0.92 / 29.0),
        ("cac", "clvToCac", 3.0, 40.0 / 0.08 / 3.0),
        ("price", "clvToCac", 3.0, 1200.0 * 0.08 / 0.8),
        ("grossMargin", "cacPayback", 10.0, 0.8),
        ("retention", "lifespan", 20.0, 0.95),
        ("newCustomers", "growthCeiling", 500.0, 40.0),
        (
            "newCustomers",
            "customers",
            500.0,
            500.0 * (1.0 - survival_36) * 0.08 / (1.0 - survival_36),
        ),
        ("retention", "clvDiscounted", 440.0, 1.0 + d - 40.0 * (1.0 + d) / 440.0),
        ("contraction", "grossRevenueRetention12", 0.3, 1.0 - libm::pow(0.3, 1.0 / 12.0) / 0.92),
        ("expansion", "netRevenueRetention12", 1.0, 1.0 / 0.92 - 1.0),
        ("programmeReduction", "lifespan", 20.0, 0.375),
        ("discountRate", "clvDiscounted", 300.0, {
            // 40 (1 + d) ÷ (d + 0.08) = 300, as a yearly rate.
            let monthly = (300.0 * 0.08 - 40.0) / (40.0 - 300.0);
            libm::pow(1.0 + monthly, 12.0) - 1.0
        }),
    ];
    for (lever, outcome, goal, expected) in closed {
        let answer = found(lever, outcome, goal);
        assert!(answer.monotone, "{lever} {outcome}");
        let value = answer.value.unwrap_or_else(|| panic!("{answer:?}"));
        assert_close(value, expected, 1e-7);
    }
    // What the goal is met at, the projection shows.
    let at = found("retention", "clvToCac", 3.0).value.unwrap();
    let met = projected(with(&scenario, &json!({ "retention": at })));
    assert_close(met.clv_to_cac.value.unwrap(), 3.0, 1e-9);
}

#[test]
fn whole_periods_are_sought_in_whole_numbers() {
    let scenario = json!({
        "from": { "customers": 500, "revenuePerCustomer": 50, "retention": 0.92 },
        "periodMonths": 1, "periods": 36, "newCustomers": 60, "grossMargin": 0.8,
        "programme": { "cost": 4000, "startPeriod": 1, "churnReduction": 0.2 },
    });
    let found = |lever: &str, outcome: &str, value: f64| {
        sought(json!({ "scenario": scenario, "lever": lever, "outcome": outcome, "value": value }))
    };
    let at = |lever: Value, outcome_id: &str| {
        outcome(&projected(with(&scenario, &lever)), outcome_id).value.unwrap()
    };
    // From 36 months on, when are there 800 customers? The first month in which there are as many.
    let months = found("periods", "customers", 800.0);
    let n = months.value.unwrap();
    assert!(n < 36.0 && n.fract() == 0.0);
    assert!(at(json!({ "periods": n }), "customers") <= 800.0);
    assert!(800.0 < at(json!({ "periods": n + 1.0 }), "customers"));
    assert_close(months.outcome_found.unwrap(), at(json!({ "periods": n }), "customers"), 1e-12);
    // How late may the programme start so that it still brings in what it costs?
    let start = found("programmeStart", "programmeGain", 0.0);
    let last = start.value.unwrap();
    let gain = |start: f64| {
        let programme = json!({ "cost": 4000, "startPeriod": start, "churnReduction": 0.2 });
        at(json!({ "programme": programme }), "programmeGain")
    };
    assert!(0.0 < gain(last - 1.0) && gain(last) <= 0.0, "{last}");
    assert_eq!(found("programmeStart", "customers", 1e9).why.as_deref(), Some("goal-above-reach"));
    // A goal that is met exactly is met there.
    let exact = at(json!({ "periods": 20 }), "customers");
    assert_eq!(found("periods", "customers", exact).value, Some(20.0));
}

#[test]
fn every_outcome_that_depends_on_churn_has_an_interval() {
    let projection = projected(json!({
        "from": { "customers": 500, "revenuePerCustomer": 50, "retention": 0.92, "n": 2500 },
        "periodMonths": 1, "periods": 36, "newCustomers": 12, "grossMargin": 0.8, "cac": 400,
        "discountRate": 0.1, "growthGoal": 0.1, "draws": 400,
        "programme": { "cost": 4000, "startPeriod": 1, "churnReduction": 0.2 },
    }));
    let without = ["cacPayback", "growthCeiling", "programmeBreakEven"];
    for row in &projection.outcomes {
        let is_there = row.low.is_some() && row.high.is_some();
        assert_eq!(is_there, !without.contains(&row.id.as_str()), "{}", row.id);
        if let (Some(low), Some(value), Some(high)) = (row.low, row.value, row.high) {
            assert!(low < value && value < high, "{}: {low} {value} {high}", row.id);
        }
    }
    // At a constant churn the interval of the ratio is that of the churn, turned.
    let (lifespan, ratio) = (outcome(&projection, "lifespan"), outcome(&projection, "clvToCac"));
    assert_close(ratio.low.unwrap(), lifespan.low.unwrap() * 40.0 / 400.0, 1e-12);
    // Where some draws have an infinite mean, the interval has a lower end only.
    let (alpha, beta) = (1.2, 9.0);
    let projection = projected(json!({
        "from": {
            "kind": "sbg", "converged": true, "parameters": { "alpha": alpha, "beta": beta },
            "covariance": {
                "alpha": { "alpha": 0.09, "beta": 0.6 }, "beta": { "alpha": 0.6, "beta": 6.25 },
            },
        },
        "price": 100, "periodMonths": 12, "periods": 5, "draws": 400,
    }));
    let row = outcome(&projection, "lifespan");
    assert_close(row.value.unwrap(), (alpha + beta - 1.0) / (alpha - 1.0), 1e-12);
    assert!(row.low.unwrap() < row.value.unwrap() && row.high.is_none());
    assert!(outcome(&projection, "clvHorizon").high.is_some());
}

#[test]
fn segments_left_alone_start_at_the_level_of_the_whole() {
    // The trailing year saw fewer new ones than the months did, since some came and left within it,
    // and expansion net of contraction.
    let mut from = report();
    let year = |counts: [u64; 4], revenue: [f64; 6]| {
        let [start, new, lost, end] = counts;
        let [opening, won, expansion, contraction, churned, closing] = revenue;
        json!({
            "period": "2025-04–2026-03", "partial": false,
            "customers": { "start": start, "new": new, "reactivated": 0, "lost": lost, "end": end, "cameAndWent": 0 },
            "revenue": { "start": opening, "new": won, "reactivation": 0.0, "expansion": expansion,
                "contraction": contraction, "churned": churned, "end": closing },
        })
    };
    from["segments"][0]["trailingYear"] =
        year([80, 45, 30, 95], [8000.0, 4500.0, 500.0, 200.0, 3000.0, 9800.0]);
    from["segments"][1]["trailingYear"] =
        year([90, 95, 80, 105], [5400.0, 5700.0, 100.0, 200.0, 4800.0, 6200.0]);
    let value = |lifespan: f64, n: u64| json!({ "value": 1.0, "formula": "clv", "n": n, "inputs": { "lifespan": lifespan } });
    from["segments"][0]["lifetimeValue"] = value(20.0, 1000);
    from["segments"][1]["lifetimeValue"] = value(8.0, 1200);
    let scenario =
        json!({ "from": from, "periodMonths": 1, "periods": 12, "segment": "Basic", "draws": 50 });
    let today = projected(scenario.clone());
    let [pro, basic] = &today.segments[..] else { panic!("{:?}", today.segments) };
    // Churn is that of all complete periods, as the whole's is, and so is what it was counted from.
    assert_close(pro.start.retention, 1.0 - 1.0 / 20.0, 1e-12);
    assert_close(basic.start.retention, 1.0 - 1.0 / 8.0, 1e-12);
    assert_eq!(today.uncertainty.as_ref().unwrap().n, Some(2200.0));
    // 30 a month as in the whole, shared out 45 to 95.
    assert_close(pro.start.new_customers, 30.0 * 45.0 / 140.0, 1e-12);
    assert_close(basic.start.new_customers, 30.0 * 95.0 / 140.0, 1e-12);
    // Expansion of the whole: 400 of 13,300 that stayed, whatever the year says of its level.
    let weighted = (5000.0 * pro.start.expansion + 600.0 * basic.start.expansion) / 5600.0;
    assert_close(weighted, 400.0 / 13300.0, 1e-12);
    assert!(pro.start.expansion < basic.start.expansion);
    let weighted = (5000.0 * pro.start.contraction + 600.0 * basic.start.contraction) / 5600.0;
    assert_close(weighted, 100.0 / 13300.0, 1e-12);
    // Where all customers lead by the average of the whole is said beside it.
    let whole = projected(json!({ "from": from, "periodMonths": 1, "periods": 12 }));
    let last = whole.periods.last().unwrap();
    let by_average = today.by_average.unwrap();
    assert_close(by_average.customers, last.customers, 1e-12);
    assert_close(by_average.revenue, last.revenue, 1e-12);
    assert!(whole.by_average.is_none());
}

#[test]
fn a_goal_out_of_reach_is_said_to_be() {
    let scenario = json!({
        "from": { "customers": 500, "revenuePerCustomer": 50, "retention": 0.92 },
        "periodMonths": 1, "periods": 36, "grossMargin": 0.8, "cac": 400,
    });
    let found = |lever: &str, outcome: &str, value: f64| {
        sought(json!({ "scenario": scenario, "lever": lever, "outcome": outcome, "value": value }))
    };
    // No margin can be above 1: 50 ÷ 0.08 ÷ 400 = 1.5625.
    let margin = found("grossMargin", "clvToCac", 3.0);
    assert_eq!((margin.value, margin.why.as_deref()), (None, Some("goal-above-reach")));
    assert_close(margin.greatest.unwrap(), 1.5625, 1e-12);
    // A customer pays at least once: 40 ÷ 400.
    let churn = found("retention", "clvToCac", 0.05);
    assert_eq!((churn.value, churn.why.as_deref()), (None, Some("goal-below-reach")));
    assert_close(churn.least.unwrap(), 0.1, 1e-12);
    assert_eq!(churn.greatest, None);
    // A lever that the outcome does not depend on.
    let cac = found("cac", "lifespan", 20.0);
    assert_eq!(cac.why.as_deref(), Some("goal-above-reach"));
    // An outcome that is not there for want of an input.
    let goal = json!({
        "scenario": { "from": { "customers": 5, "revenuePerCustomer": 5, "retention": 0.9 }, "periodMonths": 1, "periods": 6 },
        "lever": "retention", "outcome": "clvToCac", "value": 3,
    });
    assert_eq!(sought(goal).why.as_deref(), Some("outcome-undefined"));
    let error = |lever: &str, outcome: &str| {
        let goal = json!({ "scenario": scenario, "lever": lever, "outcome": outcome, "value": 1 });
        let error = seek(&serde_json::from_value(goal).unwrap()).unwrap_err();
        (error.code(), error.column().unwrap_or_default().to_owned())
    };
    assert_eq!(error("luck", "clv"), ("unknown-lever", "lever".to_owned()));
    assert_eq!(error("price", "luck"), ("unknown-outcome", "outcome".to_owned()));
    assert_eq!(error("programmeCost", "clv"), ("lever-not-in-scenario", "lever".to_owned()));
}

#[test]
fn one_segment_is_changed_and_the_whole_is_shown() {
    let scenario = json!({ "from": report(), "periodMonths": 1, "periods": 2, "segment": "Basic" });
    let today = projected(scenario.clone());
    // 95 Pro at 5 of 90, 105 Basic at 15 of 100, and 10 and 20 new ones a month.
    let (pro, basic) = (1.0 - 5.0 / 90.0, 0.85);
    assert_eq!(today.now.customers.to_bits(), 200.0_f64.to_bits());
    assert_close(today.now.revenue, 16000.0, 1e-12);
    assert_close(today.periods[0].customers, 95.0 * pro + 105.0 * basic + 30.0, 1e-12);
    // Basic as good as Pro.
    let better = projected(with(&scenario, &json!({ "retention": pro })));
    assert_close(better.periods[0].customers, 200.0 * pro + 30.0, 1e-12);
    let saved = 105.0 * (pro - basic);
    let first = better.periods[0].customers - better.against.as_ref().unwrap().periods[0].customers;
    assert_close(first, saved, 1e-9);
    let rows: Vec<(&str, bool)> =
        better.segments.iter().map(|row| (row.name.as_str(), row.changed)).collect();
    assert_eq!(rows, [("Pro", false), ("Basic", true)]);
    for (sum, part) in [
        (better.periods[1].customers, better.segments.iter().map(|row| row.customers).sum::<f64>()),
        (better.periods[1].revenue, better.segments.iter().map(|row| row.revenue).sum::<f64>()),
    ] {
        assert_close(part, sum, 1e-12);
    }
    assert_close(better.segments[0].customers, better.segments[0].today_customers, 1e-15);
    // Lifespan is that of the segment; the ceiling is that of both: 10 ÷ (5 ÷ 90) + 20 ÷ 0.15.
    assert_close(today.lifespan["mean"].value.unwrap(), 1.0 / 0.15, 1e-12);
    assert_close(today.growth_ceiling.value.unwrap(), 180.0 + 20.0 / 0.15, 1e-12);
    // Of revenue 15,000 at the start of the month, those who stay are worth what they pay: each
    // segment's own revenue churn and expansion.
    let gross_pro = 9800.0 * (1.0 - 500.0 / 9000.0);
    let gross_basic = 6200.0 * (1.0 - 0.2) * (1.0 - 100.0 / 4800.0);
    let gross = (gross_pro + gross_basic) / 16000.0;
    assert_close(today.periods[0].gross_revenue_retention.unwrap(), gross, 1e-12);
    // Both are counted, so there are intervals, from the counts of both.
    let drawn = projected(with(&scenario, &json!({ "draws": 100 })));
    let uncertainty = drawn.uncertainty.unwrap();
    assert_eq!((uncertainty.source.as_deref(), uncertainty.n), (Some("binomial"), Some(190.0)));
    assert!(drawn.periods[1].low.unwrap() < drawn.periods[1].customers);
}

#[test]
fn a_curve_that_the_report_has_not_is_refused() {
    let refused = |more: Value| {
        let value = with(&json!({ "from": report(), "periodMonths": 1, "periods": 2 }), &more);
        let error = project(&serde_json::from_value(value).unwrap()).unwrap_err();
        (error.code(), error.column().unwrap_or_default().to_owned())
    };
    assert_eq!(refused(json!({ "curve": "bdw" })), ("report-without-curve", "curve".to_owned()));
    assert_eq!(refused(json!({ "curve": "luck" })), ("curve-not-known", "curve".to_owned()));
    assert_eq!(
        refused(json!({ "curve": "sbg", "periodMonths": 12 })),
        ("curve-in-other-periods", "periodMonths".to_owned())
    );
    assert_eq!(refused(json!({ "segment": "Max" })), ("segment-not-known", "segment".to_owned()));
    // Beside 1 ÷ churn, a model in other periods is named as such.
    let yearly = projected(json!({ "from": report(), "periodMonths": 12, "periods": 2 }));
    assert_eq!(yearly.lifetimes[1].lifespan.why.as_deref(), Some("fit-in-other-periods"));
}

#[test]
fn outcomes_are_those_of_the_projection_and_differ_from_today_by_their_difference() {
    let projection = projected(json!({
        "from": { "customers": 500, "revenuePerCustomer": 50, "retention": 0.92 },
        "periodMonths": 1, "periods": 36, "retention": 0.95, "grossMargin": 0.8, "cac": 300,
    }));
    let today = projection.against.as_ref().unwrap();
    let value = |id: &str| outcome(&projection, id).value.unwrap();
    assert_close(value("customers"), 500.0 * libm::pow(0.95, 36.0), 1e-12);
    assert_close(value("arr"), 12.0 * value("mrr"), 1e-15);
    assert_close(value("grossRevenueRetention36"), libm::pow(0.95, 36.0), 1e-12);
    assert_close(value("netRevenueRetention12"), libm::pow(0.95, 12.0), 1e-12);
    assert_close(value("clv"), 800.0, 1e-12);
    assert_close(outcome(&projection, "clv").difference.unwrap(), 300.0, 1e-12);
    assert_close(outcome(&projection, "clvToCac").today.unwrap(), 500.0 / 300.0, 1e-12);
    for row in &projection.outcomes {
        if let (Some(value), Some(today), Some(difference)) = (row.value, row.today, row.difference)
        {
            assert_close(today + difference, value, 1e-12);
        }
    }
    assert_eq!(outcome(today, "clv").difference, Some(0.0));
    // Half a horizon has no 36 months.
    let short = projected(json!({
        "from": { "customers": 500, "revenuePerCustomer": 50, "retention": 0.92 },
        "periodMonths": 1, "periods": 18,
    }));
    let row = outcome(&short, "grossRevenueRetention36");
    assert_eq!((row.value, row.why.as_deref()), (None, Some("beyond-the-projection")));
}

#[test]
fn the_claims_are_computed_beside_their_prints() {
    let all = claims().unwrap();
    let claim = |id: &str| all.iter().find(|claim| claim.id == id).unwrap();
    let number = |claim: &Claim,
                  part: fn(&Claim) -> &Vec<retention_calculator::scenario::ClaimNumber>,
                  name: &str| {
        part(claim).iter().find(|number| number.name == name).unwrap().value
    };
    let truth = |id: &str, name: &str| number(claim(id), |claim| &claim.truth, name);
    let holds = |id: &str, name: &str| number(claim(id), |claim| &claim.holds, name);
    // As recomputed from the articles: see worked-examples.json for the formulas behind them.
    let near = |found: f64, expected: f64, digits: f64| {
        assert!((found - expected).abs() < digits, "{found} {expected}");
    };
    near(truth("80-to-85", "uplift"), 1.0 / 3.0, 1e-12);
    near(truth("80-to-85", "uplift-discounted"), 0.2, 1e-12);
    near(holds("80-to-85", "retention-to"), 0.9, 1e-12);
    near(truth("85-to-90", "uplift"), 0.5, 1e-12);
    near(holds("85-to-90", "rate-low"), 0.025, 1e-9);
    near(holds("85-to-90", "rate-high"), 1.0 / 15.0, 1e-9);
    near(truth("new-for-growth", "new-at-95"), 0.15, 1e-12);
    near(truth("new-for-growth", "new-at-80"), 0.30, 1e-12);
    near(truth("new-for-growth", "times"), 2.0, 1e-12);
    near(holds("new-for-growth", "growth-at-95"), 0.0, 1e-12);
    near(holds("new-for-growth", "growth-at-80"), 0.05, 1e-12);
    near(truth("monthly-1-to-3", "yearly-high"), 0.886, 5e-4);
    near(truth("monthly-1-to-3", "yearly-low"), 0.694, 5e-4);
    near(holds("typical-and-target", "monthly-churn-low"), 0.0043, 5e-5);
    near(holds("typical-and-target", "monthly-churn-high"), 0.0135, 5e-5);
    near(truth("quarterly-3-to-8", "yearly-high"), 0.885, 5e-4);
    near(truth("quarterly-3-to-8", "yearly-low"), 0.716, 5e-4);
    near(truth("dashboard", "yearly"), 0.804, 5e-4);
    near(truth("dashboard", "monthly-churn"), 0.0125, 5e-5);
    near(truth("90-to-95", "uplift"), 1.0, 1e-12);
    near(truth("90-to-95", "uplift-discounted"), 1.0 / 3.0, 1e-12);
    near(truth("ten-percent", "uplift-relative"), 0.667, 5e-4);
    near(truth("ten-percent", "uplift-points"), 1.0, 1e-12);
    // A claim that can be played with is a scenario that projects.
    for claim in &all {
        let Some(of) = &claim.scenario else { continue };
        let projection = projected(json!({
            "from": { "customers": of.customers, "revenuePerCustomer": of.revenue_per_customer, "retention": of.retention },
            "periodMonths": of.period_months, "periods": 5, "retention": of.to_retention,
            "growthGoal": of.growth_goal.unwrap_or(0.0),
        }));
        assert_close(projection.start.retention, of.to_retention, 1e-12);
    }
}
