//! Prints what every formula gives natively, bit by bit, for comparison with the browser's build.
//!
//! One JSON array on stdout: the worked examples, then pseudo-random inputs for each formula of the
//! catalogue. It judges nothing.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;

use retention_calculator::formula::{Unit, calculate, catalogue};
use retention_calculator::number::random::Stream;
use retention_calculator::number::{Figure, FormulaId};
use serde_json::{Value, json};

/// Pseudo-random inputs for each formula.
const N_RANDOM: usize = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let mut calls: Vec<(FormulaId, BTreeMap<String, f64>)> = Vec::new();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/worked-examples.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    for example in file["examples"].as_array().into_iter().flatten() {
        if let Some(id) = example["formula"].as_str().and_then(FormulaId::from_name) {
            calls.push((id, serde_json::from_value(example["inputs"].clone())?));
        }
    }
    let mut stream = Stream::seeded(2026);
    for info in catalogue() {
        for _ in 0..N_RANDOM {
            let input = |input: &retention_calculator::formula::InputInfo| {
                (input.name.to_owned(), value_of(input.unit, stream.unit()))
            };
            calls.push((info.id, info.inputs.iter().map(input).collect()));
        }
    }
    let results: Vec<Value> = calls.iter().map(|(id, inputs)| result_of(*id, inputs)).collect();
    writeln!(std::io::stdout().lock(), "{}", Value::Array(results))?;
    Ok(())
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

fn result_of(id: FormulaId, inputs: &BTreeMap<String, f64>) -> Value {
    let call = json!({ "formula": id.name(), "inputs": inputs });
    let outcome = match calculate(id, inputs) {
        Ok(Figure { value, why, low, high, n, .. }) => json!({
            "value": bits(value), "low": bits(low), "high": bits(high), "n": n, "why": why,
        }),
        Err(error) => json!({ "code": error.code(), "column": error.column() }),
    };
    json!({ "call": call, "outcome": outcome })
}

/// The bits of a number in hexadecimal.
fn bits(value: Option<f64>) -> Option<String> {
    value.map(|value| format!("{:016x}", value.to_bits()))
}
