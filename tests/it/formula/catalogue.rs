//! The catalogue, the published names, the functions and their documentation say the same.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use retention_calculator::formula::{FormulaInfo, Unit, calculate, catalogue};
use retention_calculator::number::FormulaId;

use super::assert_close;
use super::expression::evaluate;

/// The published interface, name by name; renaming one breaks its users.
const PUBLISHED: &[(&str, &[&str])] = &[
    ("customer_retention_rate", &["start", "new", "end"]),
    ("customer_churn_rate", &["start", "lost"]),
    ("gross_revenue_retention", &["start", "contraction", "churned"]),
    ("net_revenue_retention", &["start", "expansion", "contraction", "churned"]),
    ("repeat_customer_rate", &["returning", "unique"]),
    ("purchase_frequency", &["purchases", "customers"]),
    ("average_purchase_value", &["revenue", "purchases"]),
    ("average_lifespan", &["churn"]),
    ("clv", &["revenue_per_period", "lifespan"]),
    ("clv_margin", &["revenue_per_period", "gross_margin", "lifespan"]),
    ("clv_transactional", &["average_purchase_value", "purchase_frequency", "lifespan"]),
    ("clv_from_churn", &["revenue_per_period", "churn"]),
    ("clv_discounted", &["revenue_per_period", "gross_margin", "retention", "discount_rate"]),
    ("clv_to_cac", &["clv", "cac"]),
    ("cac_payback", &["cac", "revenue_per_period", "gross_margin"]),
    ("convert_retention", &["rate", "from_months", "to_months"]),
    ("clv_uplift", &["retention_from", "retention_to"]),
    ("new_customers_for_growth", &["retention", "growth"]),
    ("program_return", &["saved", "cost"]),
    ("program_net_return", &["saved", "cost"]),
    ("quick_ratio", &["new", "reactivation", "expansion", "contraction", "churned"]),
    ("revenue_churn_rate", &["start", "contraction", "churned"]),
    ("share", &["part", "whole"]),
    ("average_revenue_per_customer", &["revenue", "customers"]),
    ("herfindahl_hirschman_index", &["sum_of_squares", "sum"]),
    ("effective_number", &["index"]),
];

/// Estimated from durations, never from plain numbers.
const ESTIMATED: &[FormulaId] = &[
    FormulaId::MedianLifetime,
    FormulaId::HazardRatio,
    FormulaId::RestrictedMeanLifetime,
    FormulaId::MeanLifetime,
    FormulaId::DiscountedLifetime,
    FormulaId::GrowthCeiling,
    FormulaId::ProgramBreakEven,
];

fn example(info: &FormulaInfo) -> BTreeMap<&'static str, f64> {
    info.inputs.iter().map(|input| (input.name, input.example)).collect()
}

#[test]
fn the_catalogue_lists_the_published_formulas_and_inputs() {
    let listed: Vec<(&str, Vec<&str>)> = catalogue()
        .iter()
        .map(|info| (info.id.name(), info.inputs.iter().map(|input| input.name).collect()))
        .collect();
    let published: Vec<(&str, Vec<&str>)> =
        PUBLISHED.iter().map(|&(name, inputs)| (name, inputs.to_vec())).collect();
    assert_eq!(listed, published);
}

#[test]
fn every_formula_is_in_the_catalogue_or_estimated() {
    let listed: BTreeSet<FormulaId> = catalogue().iter().map(|info| info.id).collect();
    for &id in FormulaId::ALL {
        assert_ne!(listed.contains(&id), ESTIMATED.contains(&id), "{}", id.name());
        assert_eq!(FormulaId::from_name(id.name()), Some(id));
    }
    for &id in ESTIMATED {
        let error = calculate(id, &BTreeMap::<&str, f64>::new()).unwrap_err();
        assert_eq!(error.code(), "needs-a-curve");
    }
}

#[test]
fn every_example_of_the_catalogue_has_a_value() {
    for info in catalogue() {
        let figure = calculate(info.id, &example(info)).unwrap();
        assert!(figure.value.is_some(), "{}", info.id.name());
    }
}

#[test]
fn every_text_of_the_catalogue_is_there() {
    for info in catalogue() {
        let name = info.id.name();
        for text in [info.name, info.definition, info.undefined_when, info.source, info.expression]
        {
            assert!(!text.is_empty() && text.trim() == text, "{name}: {text:?}");
        }
        assert!(info.definition.ends_with('.') && info.undefined_when.ends_with('.'), "{name}");
        for input in info.inputs {
            assert!(!input.label.is_empty(), "{name}");
            let placeholder = format!("{{{}}}", input.name);
            assert!(info.expression.contains(&placeholder), "{name} does not use {placeholder}");
        }
        assert_eq!(info.expression.matches('{').count(), info.expression.matches('}').count());
    }
}

#[test]
fn every_formula_is_one_documented_file() {
    let sections = [
        "# Formula",
        "# Domain",
        "# Undefined",
        "# Errors",
        "# Assumptions",
        "# Examples",
        "# References",
    ];
    for info in catalogue() {
        let name = info.id.name();
        let path = format!("{}/src/formula/{name}.rs", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(&path).unwrap();
        for section in sections {
            assert!(source.contains(&format!("/// {section}\n")), "{name} has no {section}");
        }
        let arguments: Vec<String> =
            info.inputs.iter().map(|input| format!("{}: f64", input.name)).collect();
        let signature: String = source
            .split_once(&format!("pub fn {name}("))
            .and_then(|(_, rest)| rest.split_once(')'))
            .map(|(arguments, _)| arguments.split_whitespace().collect::<Vec<_>>().join(" "))
            .unwrap();
        assert_eq!(signature.trim_end_matches(','), arguments.join(", "), "{name}");
        // Each code that the function can give is in its documentation.
        for (before, _) in source.match_indices("Figure::undefined(id, \"") {
            let rest = &source[before + "Figure::undefined(id, \"".len()..];
            let (code, _) = rest.split_once('"').unwrap();
            assert!(source.contains(&format!("`{code}`")), "{name} does not document {code}");
        }
        for (before, _) in source.match_indices("Error::new(\"") {
            let rest = &source[before + "Error::new(\"".len()..];
            let (code, _) = rest.split_once('"').unwrap();
            assert!(source.contains(&format!("`{code}`")), "{name} does not document {code}");
        }
    }
}

#[test]
fn the_catalogue_crosses_the_boundary_in_camel_case() {
    let json = serde_json::to_value(catalogue()[0]).unwrap();
    let keys: BTreeSet<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        BTreeSet::from([
            "id",
            "name",
            "abbreviation",
            "expression",
            "result",
            "inputs",
            "definition",
            "undefinedWhen",
            "source",
        ])
    );
    assert_eq!(json["id"], "customer_retention_rate");
    assert_eq!(json["result"], "share");
    assert_eq!(
        json["inputs"][0],
        serde_json::json!({
            "name": "start", "label": "Customers at the start", "unit": "count", "example": 500.0
        })
    );
}

/// A value that an input of a unit may have, from a number between 0 and 1.
fn value_of(unit: Unit, u: f64) -> f64 {
    match unit {
        Unit::Count => (u * 1e6).floor(),
        Unit::Money => (u * 1e9).floor() / 100.0,
        Unit::Share => u,
        Unit::Ratio => u * 40.0,
        Unit::Periods => u * 120.0,
        Unit::Months => 1.0 + (u * 60.0).floor(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_expression_gives_the_number_of_its_function(units in prop::array::uniform5(0.0_f64..1.0)) {
        for info in catalogue() {
            let inputs: BTreeMap<&str, f64> = info
                .inputs
                .iter()
                .zip(units)
                .map(|(input, u)| (input.name, value_of(input.unit, u)))
                .collect();
            // Impossible inputs are errors; what is left must agree.
            let Ok(figure) = calculate(info.id, &inputs) else { continue };
            let Some(value) = figure.value else { continue };
            let expected = evaluate(info.expression, &inputs);
            // Differences of almost equal inputs lose digits either way.
            let tolerance = 1e-9;
            assert_close(value, expected, tolerance * (1.0 / expected.abs()).max(1.0), info.id.name());
        }
    }
}

#[test]
fn random_inputs_reach_every_formula() {
    // Without this, the test above could skip a formula whose random inputs are all impossible.
    use retention_calculator::number::random::Stream;
    let mut stream = Stream::seeded(5);
    for info in catalogue() {
        let n_defined = (0..1000)
            .filter(|_| {
                let inputs: BTreeMap<&str, f64> = info
                    .inputs
                    .iter()
                    .map(|input| (input.name, value_of(input.unit, stream.unit())))
                    .collect();
                calculate(info.id, &inputs).is_ok_and(|figure| figure.value.is_some())
            })
            .count();
        assert!(100 < n_defined, "{}: {n_defined}", info.id.name());
    }
}
