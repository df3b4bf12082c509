//! The one door to all estimators, as the interface describes it.

use retention_calculator::report;
use retention_calculator::survival::{FitRequest, fit};
use serde_json::{Value, json};

use super::{close, telco, waltons};

/// Asks in the words of the interface and answers in them.
fn ask(request: Value) -> Result<Value, &'static str> {
    let request: FitRequest = serde_json::from_value(request).unwrap();
    let fit = report::Fit::from(fit(&request).map_err(|error| error.code())?);
    Ok(serde_json::to_value(fit).unwrap())
}

fn number(value: &Value, path: &str) -> f64 {
    value.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("{path} in {value}"))
}

#[test]
fn the_observed_curve() {
    let waltons = waltons();
    let found = ask(json!({
        "kind": "kaplan_meier", "durations": waltons.durations, "events": waltons.events,
    }))
    .unwrap();
    assert_eq!(found["kind"], "kaplan_meier");
    assert_eq!(found["converged"], true);
    assert_eq!((&found["standardErrors"], &found["logLikelihood"]), (&Value::Null, &Value::Null));
    assert_eq!(found["median"]["value"], 56.0);
    assert_eq!((&found["median"]["low"], &found["median"]["high"]), (&json!(53.0), &json!(58.0)));
    let points = found["curve"].as_array().unwrap();
    assert_eq!(points[0], json!({ "t": 0.0, "survival": 1.0 }));
    let point = points.iter().find(|point| point["t"] == 33.0).unwrap();
    close("survival", number(point, "/survival"), 0.802_530_675, 5.1e-10);
    close("low", number(point, "/low"), 0.732_496_109, 5.1e-10);
    close("high", number(point, "/high"), 0.856_023_468, 5.1e-10);
    close(
        "mean",
        number(&found, "/rmst/inputs/horizon"),
        points.last().unwrap()["t"].as_f64().unwrap(),
        0.0,
    );
    let found = ask(json!({
        "kind": "kaplan_meier", "durations": waltons.durations, "events": waltons.events,
        "horizon": 69, "confidence": 0.9,
    }))
    .unwrap();
    close("mean", number(&found, "/rmst/value"), 50.047_926_269, 5.1e-10);
    // z at 90 % is 1.644853627.
    close("low", number(&found, "/rmst/low"), 50.047_926_269 - 1.644_853_627 * 1.321_481_914, 5e-9);
}

#[test]
fn the_contractual_models_from_survivors() {
    let survivors = [100.0, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4];
    let found = ask(json!({ "kind": "sbg", "survivors": survivors, "fitTo": 7 })).unwrap();
    close("alpha", number(&found, "/parameters/alpha"), 0.668_088_351_106, 1e-11);
    close("beta", number(&found, "/parameters/beta"), 3.806_094_964_058, 1e-11);
    close("error", number(&found, "/standardErrors/alpha"), 0.103_734_931, 1e-8);
    close("log-likelihood", number(&found, "/logLikelihood"), -1_611.158_147_391, 5.1e-10);
    close("S(12)", number(&found, "/curve/12/survival"), 0.377_999_072, 5.1e-9);
    assert!(number(&found, "/curve/12/low") < 0.378 && 0.378 < number(&found, "/curve/12/high"));
    assert_eq!(found["curve"].as_array().unwrap().len(), 37);
    assert_eq!(found["lifespan"]["mean"]["why"], "mean-infinite");
    assert_eq!(found["lifespan"]["mean"]["value"], Value::Null);
    assert_eq!(found["lifespan"]["discounted"]["why"], "no-discount-rate");
    // After 6 years 52.2 % are there, after 7 48.9 %.
    assert_eq!(found["median"]["value"], 7.0);
    close("error", number(&found, "/backTest/meanAbsoluteError"), 0.028_324, 5.1e-7);
    close("ratio", number(&found, "/likelihoodRatio/statistic"), 51.869_343, 1e-6);
    assert_eq!(found["notes"][0]["code"], "survivors-taken-as-shares");

    let found = ask(json!({
        "kind": "sbg", "survivors": survivors, "fitTo": 7, "horizon": 20, "discountRate": 0.1,
    }))
    .unwrap();
    close("horizon", number(&found, "/lifespan/horizon/value"), 9.819_570_330, 1e-6);
    close("DEL", number(&found, "/lifespan/discounted/value"), 5.922_253_496, 5.1e-9);
    assert!(number(&found, "/lifespan/discounted/low") < 5.92);

    let found = ask(json!({ "kind": "bdw", "survivors": survivors, "fitTo": 7 })).unwrap();
    close("c", number(&found, "/parameters/c"), 1.723_564_849, 1e-8);
    let found = ask(json!({ "kind": "geometric", "survivors": survivors, "fitTo": 7 })).unwrap();
    close("theta", number(&found, "/parameters/theta"), 0.103_329_273, 5.1e-10);
    close("mean", number(&found, "/lifespan/mean/value"), 9.6778, 5.1e-5);
    assert_eq!(found.get("likelihoodRatio"), None);
}

#[test]
fn the_contractual_models_from_durations() {
    let telco = telco();
    let found = ask(json!({ "kind": "sbg", "durations": telco.durations, "events": telco.events }))
        .unwrap();
    close("alpha", number(&found, "/parameters/alpha"), 0.136_733_078, 5e-8);
    assert_eq!(found["notes"], json!([]));
    let found =
        ask(json!({ "kind": "geometric", "durations": telco.durations, "events": telco.events }))
            .unwrap();
    close("theta", number(&found, "/parameters/theta"), 0.008_197_728, 5.1e-10);
}

#[test]
fn a_late_entry_changes_who_is_at_risk() {
    // Lost at 2 and 4, of five; one came under observation at 3.
    let request = |kind: &str| {
        json!({
            "kind": kind, "durations": [2, 4, 4, 5, 5], "events": [true, true, false, false, false],
            "entry": [0, 0, 0, 0, 3],
        })
    };
    // Customer-periods: 2 + 4 + 4 + 5 + 2.
    let found = ask(request("geometric")).unwrap();
    close("theta", number(&found, "/parameters/theta"), 2.0 / 17.0, 1e-15);
    let found = ask(request("kaplan_meier")).unwrap();
    close("survival", number(&found, "/curve/2/survival"), 3.0 / 4.0 * (3.0 / 4.0), 1e-15);
}

#[test]
fn without_a_loss_the_mean_has_a_lower_end_only() {
    let found = ask(json!({ "kind": "sbg", "survivors": [50, 50, 50] })).unwrap();
    let mean = &found["lifespan"]["mean"];
    assert_eq!((&mean["value"], &mean["why"]), (&Value::Null, &json!("mean-infinite")));
    // 100 customer-periods: 2.951 % at most, so 33.9 periods at least.
    close("low", number(mean, "/low"), 33.9, 0.05);
    assert_eq!(mean.get("high"), None);
    assert_eq!(found["median"]["why"], "median-not-reached");
    assert_eq!(found["notes"][0]["code"], "no-losses");
}

#[test]
fn observed_curves_that_need_a_word_of_caution_have_it() {
    let found = ask(json!({
        "kind": "kaplan_meier", "durations": [2, 9, 9], "events": [true, true, false],
        "entry": [1, 5, 5],
    }))
    .unwrap();
    let codes: Vec<&str> = found["notes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|note| note["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["nobody-from-the-beginning", "risk-set-emptied"]);
    let found =
        ask(json!({ "kind": "kaplan_meier", "durations": [2], "events": [false] })).unwrap();
    assert_eq!(found["notes"][0]["code"], "no-losses");
    assert_eq!(
        found["curve"],
        json!([{ "t": 0.0, "survival": 1.0 }, { "t": 2.0, "survival": 1.0 }])
    );
}

#[test]
fn what_cannot_be_fitted_is_named() {
    let code = |request| ask(request).unwrap_err();
    assert_eq!(code(json!({ "kind": "sbg" })), "fit-needs-data");
    assert_eq!(code(json!({ "kind": "sbg", "durations": [1] })), "fit-needs-data");
    assert_eq!(
        code(json!({ "kind": "sbg", "survivors": [2, 1], "durations": [1], "events": [true] })),
        "fit-data-ambiguous"
    );
    assert_eq!(code(json!({ "kind": "sbg", "survivors": [2, 1] })), "too-few-periods");
    assert_eq!(code(json!({ "kind": "bdw", "survivors": [3, 2, 1] })), "too-few-periods");
    assert_eq!(code(json!({ "kind": "geometric", "survivors": [1, 2] })), "survivors-increase");
    assert_eq!(
        code(json!({ "kind": "geometric", "survivors": [3, 2], "discountRate": -0.1 })),
        "discount-rate-out-of-range"
    );
    assert_eq!(
        code(json!({ "kind": "geometric", "survivors": [3, 2], "horizon": 0 })),
        "horizon-out-of-range"
    );
    assert_eq!(
        code(json!({ "kind": "geometric", "survivors": [3, 2], "confidence": 95 })),
        "confidence-out-of-range"
    );
    assert_eq!(
        code(json!({ "kind": "kaplan_meier", "durations": [1, 2], "events": [true] })),
        "lengths-differ"
    );
}
