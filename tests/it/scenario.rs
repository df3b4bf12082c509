//! The what-if against closed forms, publications and a second way to each number.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests, and what they call")]

use proptest::prelude::*;
use retention_calculator::number::Figure;
use retention_calculator::scenario::{Projection, Scenario, project};
use serde_json::{Value, json};

fn scenario(value: Value) -> Scenario {
    serde_json::from_value(value).unwrap()
}

/// The projection of typed totals under some more fields.
fn totals(customers: f64, revenue: f64, retention: f64, more: &Value) -> Projection {
    project(&scenario(with(
        &json!({
            "from": { "customers": customers, "revenuePerCustomer": revenue, "retention": retention },
            "periodMonths": 12, "periods": 10,
        }),
        more,
    )))
    .unwrap()
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

#[track_caller]
fn value_of(figure: &Figure) -> f64 {
    figure.value.unwrap_or_else(|| panic!("{figure:?}"))
}

#[track_caller]
fn check_error(value: Value, code: &str, column: &str) {
    let error = project(&scenario(value)).unwrap_err();
    assert_eq!((error.code(), error.column()), (code, Some(column)), "{error}");
}

const PLAIN: fn() -> Value = || {
    json!({
        "from": { "customers": 100, "revenuePerCustomer": 10, "retention": 0.9 },
        "periodMonths": 1, "periods": 12,
    })
};

/// "High End" of Fader and Hardie (2007), fitted on seven years: see `published-numbers.json`.
const HIGH_END: fn() -> Value = || {
    json!({
        "kind": "sbg", "converged": true, "notes": [], "curve": null, "median": null, "rmst": null,
        "parameters": { "alpha": 0.668_088_371, "beta": 3.806_095_186 },
        "standardErrors": null, "logLikelihood": -1_611.158_147_391, "lifespan": null,
    })
};

#[test]
fn typed_totals_follow_the_closed_form() {
    let projection = totals(1000.0, 50.0, 0.9, &json!({}));
    assert_eq!(projection.periods.len(), 10);
    let mut expected = 1000.0;
    for (period, number) in projection.periods.iter().zip(1..) {
        expected *= 0.9;
        assert_eq!(period.period, number);
        assert_close(period.customers, expected, 1e-13);
        assert_close(period.revenue, 50.0 * expected, 1e-13);
        assert_close(period.gross_revenue_retention.unwrap(), 0.9, 1e-13);
        assert_close(period.net_revenue_retention.unwrap(), 0.9, 1e-13);
    }
    // 1000 · 0.9^10.
    assert_close(projection.periods[9].customers, 348.678_440_1, 1e-12);
    assert_close(value_of(&projection.lifespan["horizon"]), 6.513_215_599, 1e-12);
}

#[test]
fn lifespans_and_discounted_multipliers_are_the_closed_forms() {
    // 1 ÷ (1 − r) and (1 + d) ÷ (1 + d − r), computed by hand.
    let lifespans = [(0.8, 5.0), (0.85, 6.666_666_667), (0.9, 10.0), (0.95, 20.0)];
    let multipliers = [
        (0.10, [3.666_666_667, 4.4, 5.5, 7.333_333_333]),
        (0.05, [4.2, 5.25, 7.0, 10.5]),
        (0.15, [3.285_714_286, 3.833_333_333, 4.6, 5.75]),
    ];
    for (rate, discounted) in multipliers {
        for ((retention, mean), discounted) in lifespans.into_iter().zip(discounted) {
            let levers = json!({ "discountRate": rate, "grossMargin": 0.8, "cac": 50 });
            let projection = totals(10.0, 100.0, retention, &levers);
            assert_close(value_of(&projection.lifespan["mean"]), mean, 1e-9);
            assert_close(value_of(&projection.lifespan["discounted"]), discounted, 1e-9);
            assert_close(value_of(&projection.clv["revenue"]), 100.0 * mean, 1e-9);
            assert_close(value_of(&projection.clv["margin"]), 80.0 * mean, 1e-9);
            assert_close(value_of(&projection.clv["discounted"]), 80.0 * discounted, 1e-9);
            assert_close(value_of(&projection.clv_to_cac), 80.0 * mean / 50.0, 1e-9);
            assert_close(value_of(&projection.cac_payback), 50.0 / 80.0, 1e-12);
        }
    }
}

#[test]
fn printed_uplifts_are_what_their_inputs_give() {
    let uplift = |from: f64, to: f64, rate: f64, variant: &str| {
        let levers = json!({ "retention": to, "discountRate": rate, "grossMargin": 1 });
        let projection = totals(10.0, 100.0, from, &levers);
        let today = projection.against.as_ref().unwrap();
        value_of(&projection.clv[variant]) / value_of(&today.clv[variant]) - 1.0
    };
    // "80 to 85 % roughly doubles lifetime value": a third more, a fifth at 10 %.
    assert_close(uplift(0.8, 0.85, 0.1, "margin"), 1.0 / 3.0, 1e-12);
    assert_close(uplift(0.8, 0.85, 0.1, "discounted"), 0.2, 1e-12);
    assert_close(uplift(0.8, 0.9, 0.1, "margin"), 1.0, 1e-12);
    // "85 to 90 % gives 30 to 40 %": half more, unless discounted at 2.5 to 6.7 %.
    assert_close(uplift(0.85, 0.9, 0.1, "margin"), 0.5, 1e-12);
    assert_close(uplift(0.85, 0.9, 0.025, "discounted"), 0.4, 1e-12);
    assert_close(uplift(0.85, 0.9, 1.0 / 15.0, "discounted"), 0.3, 1e-12);
    // 90 to 95 %: doubled, a third more at 10 %.
    assert_close(uplift(0.9, 0.95, 0.1, "margin"), 1.0, 1e-12);
    assert_close(uplift(0.9, 0.95, 0.1, "discounted"), 1.0 / 3.0, 1e-12);
    // "95 % needs 5 % new customers to grow by 10 %": 15 %; 80 % needs 30 %, not 25 %.
    for (retention, new, growth) in
        [(0.95, 15.0, 1.1), (0.8, 30.0, 1.1), (0.95, 5.0, 1.0), (0.8, 25.0, 1.05)]
    {
        let projection = totals(100.0, 1.0, retention, &json!({ "newCustomers": new }));
        assert_close(projection.periods[0].customers, 100.0 * growth, 1e-12);
    }
    // A monthly churn of 1 and 3 % is a yearly retention of 88.6 and 69.4 %; 1.8 % is 80.4 %.
    for (churn, yearly) in [(0.01, 0.886_384_872), (0.03, 0.693_842_361), (0.018, 0.804_151_458)] {
        let months = json!({ "periodMonths": 1, "periods": 12 });
        let projection = totals(1.0, 1.0, 1.0 - churn, &months);
        assert_close(projection.periods[11].customers, yearly, 1e-9);
    }
}

#[test]
fn a_fitted_curve_gives_the_published_lifetimes() {
    let file = std::fs::read_to_string(format!(
        "{}/tests/cases/published-numbers.json",
        env!("CARGO_MANIFEST_DIR")
    ));
    let published: Value = serde_json::from_str(&file.unwrap()).unwrap();
    let high_end = &published["sbg_fh2007"]["high_end"];
    let projection = project(&scenario(json!({
        "from": HIGH_END(), "customers": 1000, "price": 1, "grossMargin": 1,
        "periodMonths": 12, "periods": 12, "discountRate": 0.1,
    })))
    .unwrap();
    let last = projection.periods.last().unwrap();
    assert_close(last.customers, 1000.0 * high_end["S12"].as_f64().unwrap(), 5e-8);
    let discounted = value_of(&projection.lifespan["discounted"]);
    assert_close(discounted, high_end["DEL_10pct"].as_f64().unwrap(), 1e-8);
    // alpha is below 1: no mean, but a horizon.
    assert_eq!(projection.lifespan["mean"].why.as_deref(), Some("mean-infinite"));
    assert_eq!(projection.clv["margin"].why.as_deref(), Some("mean-infinite"));
    assert_eq!(projection.clv_to_cac.why.as_deref(), Some("needs-cac"));
    // Years inside a horizon, recomputed with an independent program from parameters of nine digits.
    for (horizon, expected) in
        [(5, 3.877_246_796), (10, 6.346_422_347), (20, 9.819_570_330), (100, 22.847_395_149)]
    {
        let projection = project(&scenario(json!({
            "from": HIGH_END(), "price": 1, "periodMonths": 12, "periods": horizon,
        })))
        .unwrap();
        assert_close(value_of(&projection.lifespan["horizon"]), expected, 1e-7);
    }
}

#[test]
fn a_weibull_fit_that_ended_with_customers_alike_is_no_constant_churn() {
    let projection = project(&scenario(json!({
        "from": {
            "kind": "bdw", "converged": true, "notes": [], "curve": null, "median": null,
            "rmst": null, "parameters": { "theta": 0.2, "c": 0.5 }, "standardErrors": null,
            "logLikelihood": -1.0, "lifespan": null,
        },
        "customers": 1000, "price": 1, "periodMonths": 1, "periods": 9,
    })))
    .unwrap();
    // 0.8 to the root of the number of periods: 0.8, 0.64 after four, 0.512 after nine.
    for (period, expected) in [(1, 800.0), (4, 640.0), (9, 512.0)] {
        assert_close(projection.periods[period - 1].customers, expected, 1e-12);
    }
}

#[test]
fn a_lever_on_a_curve_scales_its_hazard() {
    let plain = json!({ "from": HIGH_END(), "price": 1, "periodMonths": 12, "periods": 12 });
    let today = project(&scenario(plain.clone())).unwrap();
    // The mean retention of today is the lever that changes nothing.
    let same = with(&plain, &json!({ "retention": today.start.retention }));
    let same = project(&scenario(same)).unwrap();
    for (one, other) in today.periods.iter().zip(&same.periods) {
        assert_close(one.customers, other.customers, 1e-9);
    }
    let better = with(&plain, &json!({ "retention": 0.95 }));
    let better = project(&scenario(better)).unwrap();
    assert_close(better.start.retention, 0.95, 1e-9);
    let survival = |projection: &Projection, t: usize| projection.periods[t].customers;
    // One factor on all hazards: a power of the curve.
    let power = libm::log(survival(&better, 0)) / libm::log(survival(&today, 0));
    for t in 0..12 {
        assert_close(libm::log(survival(&better, t)), power * libm::log(survival(&today, t)), 1e-9);
    }
    // The tail alone leaves the first period as it is.
    let tail = project(&scenario(with(&plain, &json!({ "tailChurn": 0.02 })))).unwrap();
    assert_close(survival(&tail, 0), survival(&today, 0), 1e-12);
    let first = project(&scenario(with(&plain, &json!({ "firstPeriodChurn": 0.5 })))).unwrap();
    assert_close(survival(&first, 0), 0.5, 1e-12);
    assert_close(survival(&first, 1), 0.5 * survival(&today, 1) / survival(&today, 0), 1e-12);
}

#[test]
fn an_observed_curve_is_followed_to_its_end_and_no_further() {
    let curve = json!([
        { "t": 0.0, "survival": 1.0 }, { "t": 0.5, "survival": 0.9 },
        { "t": 1.0, "survival": 0.8 }, { "t": 2.5, "survival": 0.6 }, { "t": 4.0, "survival": 0.5 },
    ]);
    let fit =
        json!({ "kind": "kaplan_meier", "converged": true, "curve": curve, "parameters": {} });
    let plain =
        json!({ "from": fit, "price": 10, "customers": 50, "periodMonths": 1, "periods": 4 });
    let projection = project(&scenario(plain.clone())).unwrap();
    let customers: Vec<f64> = projection.periods.iter().map(|period| period.customers).collect();
    for (customers, expected) in customers.into_iter().zip([40.0, 40.0, 30.0, 25.0]) {
        assert_close(customers, expected, 1e-12);
    }
    assert_close(value_of(&projection.lifespan["horizon"]), 1.0 + 0.8 + 0.8 + 0.6, 1e-12);
    assert_eq!(projection.lifespan["mean"].why.as_deref(), Some("curve-ends"));
    check_error(with(&plain, &json!({ "periods": 5 })), "curve-too-short", "periods");
}

#[test]
fn no_churn_is_undefined_and_still_bounded() {
    let levers = json!({ "grossMargin": 0.5, "cac": 10, "discountRate": 0.1 });
    let projection = totals(100.0, 10.0, 1.0, &levers);
    assert_eq!(projection.lifespan["mean"].why.as_deref(), Some("no-churn"));
    assert_eq!(projection.clv["revenue"].why.as_deref(), Some("no-churn"));
    assert_eq!(projection.clv_to_cac.why.as_deref(), Some("no-churn"));
    assert_close(value_of(&projection.lifespan["horizon"]), 10.0, 1e-12);
    // n = 100: churn is at most 2.951 %, so a lifetime is at least 33.9 margins.
    assert_close(value_of(&projection.lifespan["lower_bound"]), 33.9, 1e-3);
    assert_close(value_of(&projection.clv["lower_bound"]), 33.9 * 5.0, 1e-3);
    // (1 + d) ÷ d payments.
    assert_close(value_of(&projection.clv["discounted"]), 5.0 * 11.0, 1e-12);
    // No loss as a wish is no observation.
    let wished = totals(100.0, 10.0, 0.9, &json!({ "retention": 1 }));
    assert!(!wished.lifespan.contains_key("lower_bound"));
    assert_eq!(wished.lifespan["mean"].why.as_deref(), Some("no-churn"));
    // Everybody leaves: retention has no base any more.
    let gone = totals(100.0, 10.0, 0.0, &json!({}));
    assert_eq!(gone.periods[0].gross_revenue_retention, Some(0.0));
    assert_eq!(gone.periods[1].gross_revenue_retention, None);
    assert_close(value_of(&gone.lifespan["mean"]), 1.0, 1e-12);
}

#[test]
fn first_and_later_churn_are_the_piecewise_closed_form() {
    let levers = json!({ "firstPeriodChurn": 0.3, "tailChurn": 0.05, "discountRate": 0.1, "newCustomers": 20 });
    let projection = totals(100.0, 10.0, 0.9, &levers);
    // 1 + (1 − f) ÷ c, and 1 + (1 − f) ÷ (1 + d) × (1 + d) ÷ (d + c).
    assert_close(value_of(&projection.lifespan["mean"]), 1.0 + 0.7 / 0.05, 1e-12);
    assert_close(value_of(&projection.lifespan["discounted"]), 1.0 + 0.7 / 0.15, 1e-12);
    // Today's customers are past their first period, the new ones are not.
    assert_close(projection.periods[0].customers, 95.0 + 20.0, 1e-12);
    assert_close(projection.periods[1].customers, 95.0 * 0.95 + 20.0 * 0.7 + 20.0, 1e-12);
}

#[test]
fn a_programme_averts_its_share_from_its_start_on() {
    let programme = json!({ "cost": 100, "startPeriod": 2, "churnReduction": 0.5 });
    let projection = totals(1000.0, 10.0, 0.9, &json!({ "programme": programme, "periods": 3 }));
    let customers: Vec<f64> = projection.periods.iter().map(|period| period.customers).collect();
    assert_close(customers[0], 900.0, 1e-12);
    assert_close(customers[1], 855.0, 1e-12);
    assert_close(customers[2], 812.25, 1e-12);
    // Without: 900, 810, 729. Payments fall due at the start of each of the three periods, so within
    // them 45 customers more pay 10; what 83.25 pay at the end is for the period after.
    let outcome = projection.programme.as_ref().unwrap();
    assert_close(outcome.saved, 450.0, 1e-12);
    assert_close(value_of(&outcome.benefit_to_cost), 4.5, 1e-12);
    assert_close(value_of(&outcome.net_return), 3.5, 1e-12);
    // One period at 10 %, all others at 5 %: 1 + 0.9 ÷ 0.05.
    assert_close(value_of(&projection.lifespan["mean"]), 19.0, 1e-12);
    assert!(projection.against.unwrap().programme.is_none());
}

#[test]
fn revenue_of_those_who_stay_grows_and_shrinks() {
    let levers = json!({ "expansion": 0.1, "contraction": 0.02, "price": 20, "periods": 2 });
    let projection = totals(100.0, 10.0, 0.9, &levers);
    let period = &projection.periods[0];
    assert_close(period.revenue, 2000.0 * 0.9 * 1.08, 1e-12);
    assert_close(period.gross_revenue_retention.unwrap(), 0.9 * 0.98, 1e-12);
    assert_close(period.net_revenue_retention.unwrap(), 0.9 * 1.08, 1e-12);
    assert_close(value_of(&projection.clv["horizon_with_expansion"]), 20.0 * (1.0 + 0.972), 1e-12);
    assert_close(projection.against.unwrap().periods[0].revenue, 900.0, 1e-12);
}

#[test]
fn yearly_discounts_are_those_of_the_period() {
    let monthly = json!({ "periodMonths": 1, "discountRate": 0.1 });
    let projection = totals(1.0, 1.0, 0.98, &monthly);
    // 1.1^(1/12) − 1, by a pocket calculator.
    assert_close(projection.start.discount_rate.unwrap(), 0.007_974_140_4, 1e-8);
    let d = 0.007_974_140_4;
    assert_close(value_of(&projection.lifespan["discounted"]), (1.0 + d) / (d + 0.02), 1e-8);
}

#[test]
fn present_value_is_payments_less_costs() {
    let levers = json!({
        "grossMargin": 0.5, "discountRate": 0.1, "newCustomers": 10, "cac": 3, "periods": 2,
        "programme": { "cost": 11, "startPeriod": 2, "churnReduction": 0 },
    });
    let projection = totals(100.0, 10.0, 0.9, &levers);
    // Now 100 pay 10; a year on 90 + 10 do, of whom 10 have cost 3 each; the programme starts then.
    assert_close(projection.present_value, 500.0 + (500.0 - 30.0) / 1.1 - 11.0 / 1.1, 1e-12);
    // Without anything new, it is customers times the discounted value of the horizon.
    let plain = totals(100.0, 10.0, 0.9, &json!({ "grossMargin": 0.5, "discountRate": 0.1 }));
    let each = value_of(&plain.clv["horizon_discounted"]);
    assert_close(plain.present_value, 100.0 * each, 1e-12);
}

#[test]
fn every_lever_is_moved_by_a_stated_amount() {
    let levers =
        json!({ "retention": 0.95, "price": 12, "grossMargin": 0.95, "discountRate": 0.1 });
    let projection = totals(100.0, 10.0, 0.9, &levers);
    // A tenth of each, of its churn for a retention; what stands at 0 by a point or by one.
    let expected = [
        ("retention", 0.945, 0.955, Some(0.1)),
        ("firstPeriodChurn", 0.045, 0.055, Some(0.1)),
        ("tailChurn", 0.045, 0.055, Some(0.1)),
        ("expansion", 0.0, 0.01, None),
        ("contraction", 0.0, 0.01, None),
        ("price", 10.8, 13.2, Some(0.1)),
        ("grossMargin", 0.855, 1.0, Some(0.1)),
        ("newCustomers", 0.0, 1.0, None),
        ("discountRate", 0.09, 0.11, Some(0.1)),
        // Whole periods, of ten.
        ("periods", 9.0, 11.0, Some(0.1)),
    ];
    assert_eq!(projection.sensitivity.len(), expected.len());
    for (lever, low_at, high_at, relative) in expected {
        let row = projection.sensitivity.iter().find(|row| row.lever == lever).unwrap();
        assert!((row.low_at - low_at).abs() < 1e-12 && (row.high_at - high_at).abs() < 1e-12);
        assert_eq!((row.relative, row.outcome.as_str()), (relative, "presentValue"), "{lever}");
        assert_eq!(row.base, Some(projection.present_value));
        let moved = |at: f64| totals(100.0, 10.0, 0.9, &with(&levers, &json!({ lever: at })));
        assert_close(row.low.unwrap(), moved(row.low_at).present_value, 1e-12);
        assert_close(row.high.unwrap(), moved(row.high_at).present_value, 1e-12);
        assert_close(row.span.unwrap(), (row.high.unwrap() - row.low.unwrap()).abs(), 1e-12);
    }
    // The strongest first.
    let spans: Vec<f64> = projection.sensitivity.iter().map(|row| row.span.unwrap()).collect();
    assert!(spans.windows(2).all(|pair| pair[1] <= pair[0]));
    assert!(projection.against.unwrap().sensitivity.is_empty());
    // Another outcome, by another amount: 1 ÷ 0.04 and 1 ÷ 0.06.
    let of_lifespan =
        with(&levers, &json!({ "sensitivityOf": "lifespan", "shift": 0.2, "cac": 5 }));
    let projection = totals(100.0, 10.0, 0.9, &of_lifespan);
    let row = &projection.sensitivity[0];
    assert_eq!(row.lever, "retention");
    assert_close(row.low.unwrap(), 1.0 / 0.06, 1e-12);
    assert_close(row.high.unwrap(), 1.0 / 0.04, 1e-12);
    let cac = projection.sensitivity.iter().find(|row| row.lever == "cac").unwrap();
    assert_eq!(cac.span, Some(0.0));
}

#[test]
fn todays_line_keeps_todays_margin() {
    let levers = json!({ "grossMargin": 0.9, "today": { "grossMargin": 0.6 } });
    let projection = totals(100.0, 10.0, 0.9, &levers);
    assert_close(value_of(&projection.clv["margin"]), 90.0, 1e-12);
    assert_close(value_of(&projection.against.unwrap().clv["margin"]), 60.0, 1e-12);
}

#[test]
fn a_report_is_taken_where_it_stands() {
    // Two complete months: of 100 and 95 customers 5 and 8 leave, of 1000 and 1045 in revenue 30 and
    // 60; then half a month, at whose end 100 customers pay 1100.
    let figure = |churn: f64| json!({ "value": 1.0 / churn, "formula": "average_lifespan", "inputs": { "churn": churn } });
    let period = |label: &str, partial: bool, customers: [u64; 5], revenue: [f64; 7]| {
        let [start, new, reactivated, lost, end] = customers;
        let [opening, won, back, expansion, contraction, churned, closing] = revenue;
        json!({
            "period": label, "partial": partial,
            "customers": { "start": start, "new": new, "reactivated": reactivated, "lost": lost, "end": end, "cameAndWent": 0 },
            "revenue": { "start": opening, "new": won, "reactivation": back, "expansion": expansion,
                "contraction": contraction, "churned": churned, "end": closing },
        })
    };
    let report = json!({
        "input": { "shape": "subscriptions", "asOf": "2026-03-15" },
        "periods": [
            period("2026-01", false, [100, 0, 0, 5, 95], [1000.0, 0.0, 0.0, 95.0, 20.0, 30.0, 1045.0]),
            period("2026-02", false, [95, 11, 2, 8, 100], [1045.0, 130.0, 20.0, 20.0, 15.0, 60.0, 1140.0]),
            period("2026-03", true, [100, 1, 0, 1, 100], [1140.0, 0.0, 0.0, 0.0, 40.0, 0.0, 1100.0]),
        ],
        "value": { "clv": {}, "lifespan": { "average_churn": figure(13.0 / 195.0) } },
    });
    let projection = project(&scenario(json!({
        "from": report, "periodMonths": 1, "periods": 1,
    })))
    .unwrap();
    let start = &projection.start;
    assert_close(start.customers, 100.0, 1e-12);
    assert_close(start.revenue_per_customer, 11.0, 1e-12);
    assert_close(start.retention, 1.0 - 13.0 / 195.0, 1e-12);
    assert_close(start.new_customers, 6.5, 1e-12);
    // Those who stayed paid 1000 − 30 + 1045 − 60 = 1955 before.
    assert_close(start.expansion, 115.0 / 1955.0, 1e-12);
    assert_close(start.contraction, 35.0 / 1955.0, 1e-12);
    let month = &projection.periods[0];
    assert_close(month.customers, 100.0 * (1.0 - 13.0 / 195.0) + 6.5, 1e-12);
    // Of revenue, 90 of 2045 left.
    let kept = 1.0 - 90.0 / 2045.0;
    assert_close(month.gross_revenue_retention.unwrap(), kept * (1.0 - 35.0 / 1955.0), 1e-12);
    assert_close(month.net_revenue_retention.unwrap(), kept * (1.0 + 80.0 / 1955.0), 1e-12);
    // Thirteen new ones paid 150, against 2045 of 195 at the starts.
    let new = 6.5 * 11.0 * (150.0 / 13.0) / (2045.0 / 195.0);
    assert_close(month.revenue, 1100.0 * kept * (1.0 + 80.0 / 1955.0) + new, 1e-12);

    // As years: compounded.
    let yearly =
        project(&scenario(json!({ "from": report, "periodMonths": 12, "periods": 1 }))).unwrap();
    assert_close(yearly.start.retention, libm::pow(1.0 - 13.0 / 195.0, 12.0), 1e-12);
    assert_close(yearly.start.revenue_per_customer, 132.0, 1e-12);
    let net = yearly.periods[0].net_revenue_retention.unwrap();
    assert_close(net, libm::pow(month.net_revenue_retention.unwrap(), 12.0), 1e-12);

    // Accounts have one period without a length, and a churn per month.
    let accounts = json!({
        "input": { "shape": "accounts" },
        "periods": [period("all", false, [40, 0, 0, 10, 30], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 600.0])],
        "value": { "lifespan": { "average_churn": figure(0.02) } },
    });
    let accounts =
        project(&scenario(json!({ "from": accounts, "periodMonths": 3, "periods": 1 }))).unwrap();
    assert_close(accounts.start.retention, 0.98 * 0.98 * 0.98, 1e-12);
    assert_close(accounts.start.revenue_per_customer, 60.0, 1e-12);
}

#[test]
fn what_cannot_be_projected_is_an_error() {
    let plain = PLAIN();
    let lever = |lever: Value| with(&plain, &lever);
    check_error(lever(json!({ "draws": 9 })), "draws-out-of-range", "draws");
    check_error(lever(json!({ "draws": 100.5 })), "draws-out-of-range", "draws");
    let long = json!({ "draws": 20_000, "periods": 1200 });
    check_error(lever(long), "draws-out-of-range", "draws");
    check_error(lever(json!({ "seed": -1 })), "seed-out-of-range", "seed");
    check_error(lever(json!({ "seed": 0.5 })), "seed-out-of-range", "seed");
    check_error(lever(json!({ "confidence": 95 })), "confidence-out-of-range", "confidence");
    check_error(lever(json!({ "growthGoal": -2 })), "growth-below-minus-one", "growthGoal");
    check_error(lever(json!({ "shift": 10 })), "input-not-a-share", "shift");
    check_error(lever(json!({ "sensitivityOf": "luck" })), "unknown-outcome", "sensitivityOf");
    check_error(lever(json!({ "segment": "EMEA" })), "segment-not-known", "segment");
    for (name, value) in [("firstPeriodChurn", 1.2), ("tailChurn", 3.0), ("contraction", 2.0)] {
        check_error(lever(json!({ name: value })), "input-not-a-share", name);
    }
    for name in ["expansion", "price", "cac", "newCustomers"] {
        check_error(lever(json!({ name: -0.1 })), "input-negative", name);
    }
    let programme = |cost: f64, reduction: f64| {
        lever(
            json!({ "programme": { "cost": cost, "startPeriod": 1, "churnReduction": reduction } }),
        )
    };
    check_error(programme(-1.0, 0.1), "input-negative", "cost");
    check_error(programme(1.0, 1.1), "input-not-a-share", "churnReduction");
    check_error(lever(json!({ "periods": 0 })), "periods-out-of-range", "periods");
    check_error(lever(json!({ "periods": 2.5 })), "periods-out-of-range", "periods");
    check_error(lever(json!({ "periods": 1e9 })), "periods-out-of-range", "periods");
    check_error(lever(json!({ "periodMonths": 0 })), "input-not-positive", "periodMonths");
    check_error(lever(json!({ "retention": 95 })), "input-not-a-share", "retention");
    check_error(lever(json!({ "price": -1 })), "input-negative", "price");
    check_error(lever(json!({ "discountRate": -0.1 })), "input-negative", "discountRate");
    let programme = json!({ "cost": 1, "startPeriod": 0, "churnReduction": 0.1 });
    let with_programme = lever(json!({ "programme": programme }));
    check_error(with_programme, "start-period-out-of-range", "startPeriod");
    let from = |from: Value| lever(json!({ "from": from }));
    check_error(
        from(json!({ "customers": 1, "revenuePerCustomer": 1 })),
        "missing-input",
        "retention",
    );
    check_error(from(json!({})), "missing-input", "customers");
    check_error(from(HIGH_END()), "needs-price", "price");
    let fit = |more: Value| from(with(&HIGH_END(), &more));
    check_error(fit(json!({ "converged": false })), "fit-not-converged", "from");
    check_error(fit(json!({ "kind": "bgnbd" })), "fit-without-churn", "from");
    check_error(fit(json!({ "kind": "kaplan_meier" })), "fit-without-curve", "from");
    check_error(fit(json!({ "parameters": {} })), "fit-without-parameters", "from");
    let report = json!({ "input": { "shape": "mrr" }, "periods": [], "value": { "lifespan": {} } });
    check_error(from(report), "report-without-customers", "from");
    let typo = lever(json!({ "retenton": 0.95 }));
    assert!(serde_json::from_value::<Scenario>(typo).is_err());
    let growth = lever(json!({ "expansion": 1e100 }));
    check_error(growth, "projection-too-large", "periods");
}

#[test]
fn a_projection_crosses_the_boundary_in_camel_case() {
    let projection = totals(100.0, 10.0, 0.9, &json!({ "name": "as today", "cac": 5 }));
    let json = serde_json::to_value(&projection).unwrap();
    for key in ["periods", "lifespan", "clv", "clvToCac", "cacPayback", "against", "sensitivity"] {
        assert!(json.get(key).is_some(), "{key}");
    }
    assert_eq!(json["name"], "as today");
    assert_eq!(json["against"]["against"], Value::Null);
    for key in ["period", "customers", "revenue", "grossRevenueRetention", "netRevenueRetention"] {
        assert!(json["periods"][0].get(key).is_some(), "{key}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_moved_is_todays_line(
        customers in 0.0_f64..1e6, revenue in 0.0_f64..1e4, retention in 0.0_f64..=1.0, rate in 0.0_f64..0.5,
    ) {
        let projection = totals(customers, revenue, retention, &json!({ "discountRate": rate, "grossMargin": 0.7 }));
        let against = *projection.against.clone().unwrap();
        let alone = Projection { against: None, sensitivity: Vec::new(), ..projection };
        prop_assert!(alone.outcomes.iter().all(|outcome| outcome.difference.is_none_or(|by| by == 0.0)));
        prop_assert_eq!(alone, against);
    }

    #[test]
    fn cohorts_by_the_period_of_their_start_add_up(
        customers in 0.0_f64..1e4, retention in 0.0_f64..=1.0, first in 0.0_f64..=1.0, tail in 0.0_f64..=1.0,
        new in 0.0_f64..100.0, price in 0.0_f64..100.0, expansion in 0.0_f64..0.2, contraction in 0.0_f64..0.2,
    ) {
        let levers = json!({
            "firstPeriodChurn": first, "tailChurn": tail, "newCustomers": new, "price": price,
            "expansion": expansion, "contraction": contraction,
        });
        let projection = totals(customers, 10.0, retention, &levers);
        // The second way: each cohort by its closed form.
        let later = |n: i32| libm::pow(1.0 - tail, f64::from(n));
        let survival = |age: i32| if age == 0 { 1.0 } else { (1.0 - first) * later(age - 1) };
        let growth = 1.0 + expansion - contraction;
        for (period, t) in projection.periods.iter().zip(1_i32..) {
            let newer = |age: i32| new * survival(age);
            let count = customers * later(t) + (0..t).map(newer).sum::<f64>();
            prop_assert!((period.customers - count).abs() <= 1e-9 * count.max(1e-9));
            let paid = customers * later(t) * libm::pow(growth, f64::from(t))
                + (0..t).map(|age| newer(age) * libm::pow(growth, f64::from(age))).sum::<f64>();
            prop_assert!((period.revenue - price * paid).abs() <= 1e-9 * (price * paid).max(1e-9));
            if let (Some(gross), Some(net)) = (period.gross_revenue_retention, period.net_revenue_retention) {
                prop_assert!(0.0 <= gross && gross <= net.min(1.0) + 1e-12);
            }
        }
    }

    #[test]
    fn better_retention_is_never_worth_less(low in 0.0_f64..=1.0, high in 0.0_f64..=1.0, rate in 0.0_f64..0.5) {
        let (low, high) = (low.min(high), low.max(high));
        let value = |retention: f64| {
            totals(100.0, 10.0, retention, &json!({ "discountRate": rate, "grossMargin": 0.8 }))
        };
        let (worse, better) = (value(low), value(high));
        prop_assert!(worse.present_value <= better.present_value + 1e-9);
        for name in ["margin", "horizon", "discounted", "horizon_discounted"] {
            let (Some(worse), Some(better)) = (worse.clv[name].value, better.clv[name].value) else { continue };
            prop_assert!(worse <= better * (1.0 + 1e-12));
        }
        // A discount never adds value, and neither does a horizon.
        let (Some(discounted), Some(margin)) =
            (better.clv["discounted"].value, better.clv["margin"].value)
        else {
            return Ok(());
        };
        prop_assert!(discounted <= margin * (1.0 + 1e-12));
    }
}
