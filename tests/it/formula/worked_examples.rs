//! The examples that articles publish, with the arithmetic truth where they print something else.

use std::collections::BTreeMap;

use retention_calculator::formula::{calculate, clv_discounted, clv_uplift, program_net_return};
use retention_calculator::formula::{convert_retention, new_customers_for_growth, share};
use retention_calculator::number::Figure;
use serde_json::Value;

use super::{assert_close, case_file, formula};

fn inputs_of(object: &Value) -> BTreeMap<String, f64> {
    object
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| *name != "expected")
        .map(|(name, value)| (name.clone(), value.as_f64().unwrap()))
        .collect()
}

fn check(id: &str, name: &str, inputs: &BTreeMap<String, f64>, expected: f64, tolerance: f64) {
    let figure = calculate(formula(name), inputs).unwrap();
    assert_eq!(figure.formula, formula(name), "{id}");
    assert_eq!(figure.why, None, "{id}");
    let echoed: BTreeMap<String, f64> =
        figure.inputs.iter().map(|(name, &value)| (name.to_string(), value)).collect();
    assert_eq!(&echoed, inputs, "{id}: the figure carries its inputs");
    assert_close(figure.value.unwrap(), expected, tolerance, id);
}

#[test]
fn every_worked_example_is_exact() {
    let file = case_file("worked-examples.json");
    let mut n_checked = 0;
    for example in file["examples"].as_array().unwrap() {
        let id = example["id"].as_str().unwrap();
        let tolerance = example["tolerance"].as_f64().unwrap_or(1e-12);
        let Some(name) = example["formula"].as_str() else { continue };
        let expected = example["expected"].as_f64().unwrap();
        check(id, name, &inputs_of(&example["inputs"]), expected, tolerance);
        for (name, also) in example["also"].as_object().into_iter().flatten() {
            check(id, name, &inputs_of(also), also["expected"].as_f64().unwrap(), tolerance);
        }
        n_checked += 1;
    }
    assert_eq!(n_checked, 33);
}

#[test]
fn churn_reasons_are_shares_of_the_total() {
    let file = case_file("worked-examples.json");
    let examples = file["examples"].as_array().unwrap();
    let example = examples.iter().find(|example| example["analysis"] == "churn_reasons").unwrap();
    let sum = |kind: &str| inputs_of(&example["inputs"][kind]).values().sum::<f64>();
    let (voluntary, involuntary) = (sum("voluntary"), sum("involuntary"));
    let total = voluntary + involuntary;
    let expected = |name: &str| example["expected"][name].as_f64().unwrap();
    let tolerance = example["tolerance"].as_f64().unwrap();
    assert_close(total, expected("total"), 0.0, "total");
    let parts = [
        ("voluntary_share", voluntary),
        ("involuntary_share", involuntary),
        ("budget_share", 890_000.0),
        ("payment_failure_share", 420_000.0),
    ];
    for (name, part) in parts {
        assert_close(share(part, total).unwrap().value.unwrap(), expected(name), tolerance, name);
    }
}

#[test]
fn printed_figures_that_are_wrong_stay_wrong() {
    // Each is what an article prints, beside what its own inputs give.
    let value =
        |figure: Result<Figure, retention_calculator::Error>| figure.unwrap().value.unwrap();
    assert!((value(new_customers_for_growth(0.95, 0.1)) - 0.05).abs() > 0.09);
    assert!((value(convert_retention(0.99, 1.0, 12.0)) - 0.88).abs() > 0.006);
    // "80 to 85 % roughly doubles": a third more. Doubling takes 90 %.
    assert_close(value(clv_uplift(0.8, 0.85)), 1.0 / 3.0, 1e-12, "80 to 85");
    assert_close(value(clv_uplift(0.8, 0.9)), 1.0, 1e-12, "80 to 90");
    // "30 to 40 %" from 85 to 90 % is only true at a discount rate of 2.5 to 6.7 %.
    let discounted_uplift = |rate: f64| {
        value(clv_discounted(1.0, 1.0, 0.9, rate)) / value(clv_discounted(1.0, 1.0, 0.85, rate))
            - 1.0
    };
    assert_close(discounted_uplift(0.0), 0.5, 1e-12, "undiscounted");
    assert_close(discounted_uplift(0.025), 0.4, 1e-9, "at 2.5 %");
    assert_close(discounted_uplift(1.0 / 15.0), 0.3, 1e-9, "at 6.7 %");
    assert_close(discounted_uplift(0.1), 0.25, 1e-12, "at 10 %");
    // A "return on investment of 6.7" is a ratio of benefit to cost; the return is 5.67.
    assert_close(value(program_net_return(3_200_000.0, 480_000.0)), 17.0 / 3.0, 1e-12, "return");
}

#[test]
fn discounted_multipliers_are_those_of_the_closed_form() {
    // (1 + d) ÷ (1 + d − r), computed by hand for three discount rates.
    let table = [
        (0.10, [3.666_666_667, 4.4, 5.5, 7.333_333_333]),
        (0.05, [4.2, 5.25, 7.0, 10.5]),
        (0.15, [3.285_714_286, 3.833_333_333, 4.6, 5.75]),
    ];
    for (rate, multipliers) in table {
        for (retention, expected) in [0.80, 0.85, 0.90, 0.95].into_iter().zip(multipliers) {
            let figure = clv_discounted(1.0, 1.0, retention, rate).unwrap();
            assert_close(figure.value.unwrap(), expected, 1e-9, "multiplier");
        }
    }
}

#[test]
fn retention_of_another_period_compounds() {
    let table = [
        (0.80, 12.0, 1.0, 0.981_576_530),
        (0.85, 12.0, 1.0, 0.986_548_053),
        (0.90, 12.0, 1.0, 0.991_258_389),
        (0.95, 12.0, 1.0, 0.995_734_681),
        (0.99, 1.0, 12.0, 0.886_384_872),
        (0.982, 1.0, 12.0, 0.804_151_458),
        (0.98, 1.0, 12.0, 0.784_716_724),
        (0.97, 1.0, 12.0, 0.693_842_361),
        (0.95, 1.0, 12.0, 0.540_360_088),
    ];
    for (rate, from_months, to_months, expected) in table {
        let figure = convert_retention(rate, from_months, to_months).unwrap();
        assert_close(figure.value.unwrap(), expected, 1e-9, "retention");
    }
}
