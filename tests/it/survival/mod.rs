//! Survival estimators against publications, independent programs and slow twins of themselves.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_cmp,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a test stops at what it did not expect, and its counts are small"
)]

mod comparisons;
mod contractual;
mod curves;
mod fitting;
mod kaplan_meier;
mod purchases;
mod renewals;

use serde_json::Value;

#[test]
fn every_model_says_what_it_assumes_and_when_not_to_use_it() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    // What has no model of its own: plumbing that the models share.
    let plumbing = [
        "fit",
        "grouped_risk",
        "lifespan_model",
        "maximum_likelihood",
        "mod",
        "purchase_histories",
        "purchase_model",
        "quadrature",
        "renewal_table",
        "risk_table",
    ];
    let mut pages = vec![root.join("scenario/mod.rs"), root.join("analysis/outlook/mod.rs")];
    for entry in std::fs::read_dir(root.join("survival")).unwrap() {
        let path = entry.unwrap().path();
        if !plumbing.contains(&path.file_stem().unwrap().to_str().unwrap()) {
            pages.push(path);
        }
    }
    assert!(20 < pages.len());
    for path in pages {
        let text = std::fs::read_to_string(&path).unwrap();
        for section in ["# Assumptions", "# When not to use it", "# References"] {
            assert!(text.contains(&format!("//! {section}\n")), "{}: {section}", path.display());
        }
    }
}

/// The published numbers, by path.
fn published(path: &[&str]) -> Value {
    let text = include_str!("../../cases/published-numbers.json");
    let mut value: Value = serde_json::from_str(text).unwrap();
    for name in path {
        value = value[*name].take();
        assert!(!value.is_null(), "no published number {path:?}");
    }
    value
}

/// A list of numbers.
fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// Compares to so many units of the last digit that was printed.
#[track_caller]
fn close(what: &str, found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found}, expected {expected}");
}

/// A corpus as its columns of a comma-separated file, by name.
fn columns(text: &str, names: &[&str]) -> Vec<Vec<String>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let places: Vec<usize> =
        names.iter().map(|name| header.iter().position(|column| column == name).unwrap()).collect();
    let mut columns = vec![Vec::new(); names.len()];
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), header.len(), "{line}");
        for (column, &place) in columns.iter_mut().zip(&places) {
            column.push(fields[place].to_owned());
        }
    }
    columns
}

/// Durations and whether each ended in a loss.
struct Lifetimes {
    durations: Vec<f64>,
    events: Vec<bool>,
}

impl Lifetimes {
    fn new(text: &str, duration: &str, event: &str, lost: &str) -> Self {
        let columns = columns(text, &[duration, event]);
        Self {
            durations: columns[0].iter().map(|field| field.parse().unwrap()).collect(),
            events: columns[1].iter().map(|field| field == lost).collect(),
        }
    }
}

fn waltons() -> Lifetimes {
    Lifetimes::new(include_str!("../../corpora/lifelines_waltons_dataset.csv"), "T", "E", "1")
}

fn rossi() -> Lifetimes {
    Lifetimes::new(include_str!("../../corpora/lifelines_rossi.csv"), "week", "arrest", "1")
}

fn telco() -> Lifetimes {
    Lifetimes::new(include_str!("../../corpora/telco_wa_churn.csv"), "tenure", "churn", "Yes")
}
