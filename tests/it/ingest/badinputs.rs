//! The files with one defect each, as far as bytes, dialects and headers are concerned.

use serde::Deserialize;

use super::{Outcome, corpus, read};

#[derive(Deserialize)]
struct Manifest {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    file: String,
    cls: String,
    rows_used: u64,
    rows_rejected: u64,
    sum_cents: Option<i64>,
    code: String,
    first_bad_row: Option<u64>,
}

fn cases() -> Vec<Case> {
    let manifest: Manifest = serde_json::from_slice(&corpus("badinputs/manifest.json")).unwrap();
    assert_eq!(manifest.cases.len(), 90);
    manifest.cases
}

/// The codes that are found where bytes become rows. Those of values, roles and domains are
/// tested where they are found.
const CODES: [&str; 27] = [
    "bidi-control",
    "binary",
    "blank-lines-skipped",
    "bom-stripped",
    "decoded-cp1252",
    "decoded-utf16le",
    "delimiter",
    "duplicate-header",
    "empty-column",
    "empty-file",
    "encoding-unknown",
    "escape-char",
    "header-trimmed",
    "long-field",
    "looks-like-html",
    "looks-like-json",
    "multi-header",
    "no-rows",
    "nul-byte",
    "parquet",
    "preamble-skipped",
    "quote-char",
    "sep-line",
    "stray-quote",
    "too-many-fields",
    "trimmed",
    "unclosed-quote",
];

/// The sum of the last column of the sound rows, in cents; only plain decimals are understood.
fn sum_cents(outcome: &Outcome) -> i64 {
    let cents = |text: &str| {
        let (whole, part) = text.split_once('.').unwrap_or((text, "00"));
        assert_eq!(part.len(), 2, "{text}");
        format!("{whole}{part}").parse::<i64>().unwrap()
    };
    outcome.sound().iter().map(|fields| cents(fields.last().unwrap())).sum()
}

#[test]
fn each_defect_of_bytes_dialect_or_header_is_told_and_costs_what_it_must() {
    let mut n_cases = 0;
    for case in cases() {
        if !CODES.contains(&case.code.as_str()) && case.code != "xls" {
            continue;
        }
        n_cases += 1;
        let outcome = read(corpus(&format!("badinputs/{}", case.file)));
        let name = &case.file;
        match case.cls.as_str() {
            "reject_file" => {
                assert_eq!(outcome.error_code(), Some(case.code.as_str()), "{name}");
                assert!(outcome.rows.is_empty(), "{name}");
                continue;
            }
            "ask" => assert_eq!(outcome.question_codes(), [case.code.as_str()], "{name}"),
            "reject_rows" => {
                let note = outcome.note(&case.code).unwrap_or_else(|| panic!("{name}"));
                assert!(note.excludes, "{name}");
                assert_eq!(note.count, case.rows_rejected, "{name}");
            }
            class => assert_eq!(class, "accept"),
        }
        let note = outcome.note(&case.code).unwrap_or_else(|| panic!("{name}: {outcome:?}"));
        assert_eq!(outcome.n_excluded, case.rows_rejected, "{name}");
        assert_eq!(outcome.sound().len() as u64, case.rows_used, "{name}");
        if let Some(sum) = case.sum_cents {
            assert_eq!(sum_cents(&outcome), sum, "{name}");
        }
        if let Some(row) = case.first_bad_row {
            assert_eq!(note.rows.first(), Some(&row), "{name}");
        }
    }
    assert_eq!(n_cases, 32);
}

#[test]
fn files_with_other_defects_are_read_without_any_loss() {
    for case in cases() {
        if CODES.contains(&case.code.as_str()) || case.file.starts_with('x') {
            continue;
        }
        let outcome = read(corpus(&format!("badinputs/{}", case.file)));
        let name = &case.file;
        assert!(outcome.error.is_none(), "{name}: {outcome:?}");
        assert_eq!(outcome.n_excluded, 0, "{name}");
        assert!(outcome.question_codes().is_empty(), "{name}");
        if case.cls != "reject_file" {
            assert_eq!(
                outcome.rows.len() as u64,
                case.rows_used + case.rows_rejected,
                "{name}: all rows are delivered"
            );
            let is_padded = ["s05_formula.csv", "i05_case_space_ids.csv"].contains(&name.as_str());
            assert_eq!(outcome.codes(), if is_padded { vec!["trimmed"] } else { vec![] }, "{name}");
        }
    }
}

#[test]
fn names_of_windows_1252_read_right() {
    let outcome = read(corpus("badinputs/e05_windows1252.csv"));
    let ids: Vec<&str> = outcome.sound().iter().map(|fields| fields[0]).collect();
    assert_eq!(ids, ["Café", "Müller"]);
}

#[test]
fn an_unquoted_thousands_comma_is_hinted_at() {
    let outcome = read(corpus("badinputs/d19_unquoted_thousands.csv"));
    assert!(outcome.note("too-many-fields").unwrap().message.contains("comma"));
    let outcome = read(corpus("badinputs/d18_ragged_long.csv"));
    assert!(!outcome.note("too-many-fields").unwrap().message.contains("comma"));
}

#[test]
fn a_gzip_archive_is_named() {
    let outcome = read(corpus("badinputs/x01_gzip_named_csv.csv"));
    assert_eq!(outcome.error_code(), Some("gzip"));
}
