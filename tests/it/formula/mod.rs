//! The formulas against published examples, against their own catalogue, and against oracles.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests, and what they call")]

mod catalogue;
mod expression;
mod impossible;
mod intervals;
mod properties;
mod worked_examples;

use std::collections::BTreeMap;

use retention_calculator::number::FormulaId;

/// A case file of `tests/cases`.
fn case_file(name: &str) -> serde_json::Value {
    let path = format!("{}/tests/cases/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn formula(name: &str) -> FormulaId {
    FormulaId::from_name(name).unwrap_or_else(|| panic!("no formula {name}"))
}

fn inputs(values: &[(&'static str, f64)]) -> BTreeMap<&'static str, f64> {
    values.iter().copied().collect()
}

/// Asserts that two numbers agree to a relative tolerance.
fn assert_close(actual: f64, expected: f64, tolerance: f64, what: &str) {
    let scale = expected.abs().max(f64::MIN_POSITIVE);
    assert!(
        (actual - expected).abs() <= tolerance * scale,
        "{what}: {actual} instead of {expected}",
    );
}
