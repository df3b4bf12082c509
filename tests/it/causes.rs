//! Cohorts in full, churn reasons and renewals, against an oracle in another language
//! (`tests/oracle/causes.py`) and published examples.

#![allow(
    clippy::float_cmp,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "counts and cents of small files are exact"
)]

mod cohorts;
mod periods;
mod reasons;
mod renewals;

use std::path::Path;
use std::sync::Arc;

use retention_calculator::number::Figure;
use retention_calculator::number::interval::two_sided_t;
use retention_calculator::report::Report;
use retention_calculator::session::{AnalyzeOptions, Outcome, Session};
use serde_json::Value;

use crate::reading::read_with;

fn bytes_of(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The cases of one kind.
fn cases(kind: &str) -> Vec<Value> {
    let all: Value = serde_json::from_slice(&bytes_of("tests/cases/causes.json")).unwrap();
    all[kind].as_array().unwrap().clone()
}

/// The report on the file of a case, up to its day.
fn report_of(case: &Value, options: AnalyzeOptions) -> Report {
    let as_of = case["asOf"].as_str().map(str::to_owned);
    let options = AnalyzeOptions { as_of, ..options };
    read_with(&bytes_of(case["file"].as_str().unwrap()), &options).unwrap()
}

/// A session that has read a file to its end, and its report.
fn session_on(bytes: &[u8], options: &AnalyzeOptions) -> (Session, Report) {
    let mut session = Session::new(options).unwrap();
    loop {
        session.push(bytes).unwrap();
        if let Outcome::Report { report } = session.finish().unwrap() {
            return (session, Arc::unwrap_or_clone(report));
        }
    }
}

/// The report of a session under other options, which must not read the file again.
fn under(session: &mut Session, options: &AnalyzeOptions) -> Report {
    match session.reanalyze(options).unwrap() {
        Outcome::Report { report } => Arc::unwrap_or_clone(report),
        Outcome::ReadAgain { why } => panic!("reads the file again: {why}"),
    }
}

/// Money in minor units.
fn cents(major: f64) -> i64 {
    (major * 100.0).round() as i64
}

/// A share against its exact numerator and denominator.
fn assert_share(figure: &Figure, pair: &Value, what: &str) {
    let [part, whole] = [&pair[0], &pair[1]].map(|one| one.as_f64().unwrap());
    if whole == 0.0 {
        assert!(figure.value.is_none() && figure.why.is_some(), "{what}");
    } else {
        assert_eq!(figure.value, Some(part / whole), "{what}");
    }
}

/// The interval is so many standard errors wide; there is none where nothing varies.
fn assert_linearized(
    is: Option<(f64, f64)>,
    ratio: Option<f64>,
    n: u64,
    variance: &Value,
    most: f64,
    what: &str,
) {
    let variance = variance.as_f64().filter(|variance| 0.0 < *variance);
    let (Some(ratio), Some(variance)) = (ratio, variance) else {
        assert_eq!(is, None, "{what}");
        return;
    };
    let reach = two_sided_t(n - 1, 0.95).unwrap() * variance.sqrt();
    let (low, high) = is.unwrap_or_else(|| panic!("{what} has an interval"));
    assert!((low - (ratio - reach).max(0.0)).abs() < 1e-9, "{what}: from {low}");
    assert!((high - (ratio + reach).min(most)).abs() < 1e-9, "{what}: to {high}");
}
