//! Ninety files with one defect each, through the whole core: what its manifest says must come of
//! each of them.
//!
//! Rows are numbered as a spreadsheet shows them, and sums are in cents over the rows used.

use std::io::Read;
use std::path::Path;

use retention_calculator::session::AnalyzeOptions;
use serde_json::Value;

use crate::reading::{read, read_with};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpora/badinputs");

/// What one file came to, and what is wrong with that.
fn check(case: &Value) -> Vec<String> {
    let file = case["file"].as_str().unwrap();
    let code = case["code"].as_str().unwrap();
    let class = case["cls"].as_str().unwrap();
    let path = Path::new(FOLDER).join(file);
    let mut bytes = std::fs::read(&path).unwrap();
    let mut options = AnalyzeOptions::default();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked).unwrap();
        bytes = unpacked;
        options.container = Some("gzip".to_owned());
    }
    let mut wrong = Vec::new();
    let mut expect = |what: &str, is: String, should: String| {
        if is != should {
            wrong.push(format!("{file}: {what} is {is}, should be {should}"));
        }
    };
    let report = match read_with(&bytes, &options) {
        Ok(report) => report,
        Err(error) => {
            expect("class", format!("reject_file ({})", error.message()), class.to_owned());
            expect("code", error.code().to_owned(), code.to_owned());
            if class == "reject_file" {
                wrong.retain(|message| !message.contains(": class is reject_file"));
            }
            return wrong;
        }
    };
    if class == "reject_file" {
        return vec![format!("{file}: was read, should be refused as {code}")];
    }
    let number = |name: &str| case[name].as_u64().unwrap();
    expect("rows used", report.input.rows.used.to_string(), number("rows_used").to_string());
    expect(
        "rows excluded",
        report.input.rows.excluded.to_string(),
        number("rows_rejected").to_string(),
    );
    expect(
        "rows read",
        report.input.rows.read.to_string(),
        (number("rows_used") + number("rows_rejected")).to_string(),
    );
    if let Some(cents) = case["sum_cents"].as_i64() {
        let total = report.input.amount_total_minor.clone().unwrap_or_default();
        expect("sum in cents", total, cents.to_string());
    }
    let notes: Vec<&str> = report.input.notes.iter().map(|note| note.code.as_str()).collect();
    let questions: Vec<&str> = report.input.questions.iter().map(|q| q.code.as_str()).collect();
    match class {
        "ask" => expect("question asked", questions.contains(&code).to_string(), true.to_string()),
        _ => expect("questions", format!("{questions:?}"), "[]".to_owned()),
    }
    if class != "ask" && !code.is_empty() {
        let known = notes.contains(&code);
        expect(&format!("note {code} among {notes:?}"), known.to_string(), true.to_string());
    }
    let excluding: u64 =
        report.input.notes.iter().filter(|note| note.excludes).map(|note| note.count).sum();
    expect("rows with a reason", excluding.to_string(), report.input.rows.excluded.to_string());
    if let Some(row) = case["first_bad_row"].as_u64() {
        let found = report.input.notes.iter().find(|note| note.code == code);
        let rows = found.map(|note| note.rows.clone()).unwrap_or_default();
        expect("first bad row", format!("{:?}", rows.first()), format!("{:?}", Some(&row)));
        if class == "reject_rows" {
            expect("it excludes", found.is_some_and(|n| n.excludes).to_string(), "true".to_owned());
        }
    }
    wrong
}

#[test]
fn each_bad_input_comes_to_what_its_manifest_says() {
    let manifest = std::fs::read_to_string(Path::new(FOLDER).join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let cases = manifest["cases"].as_array().unwrap();
    assert!(80 <= cases.len(), "the manifest lists {} cases only", cases.len());
    let wrong: Vec<String> = cases.iter().flat_map(check).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_in_windows_1252_read_as_names() {
    let bytes = std::fs::read(Path::new(FOLDER).join("e05_windows1252.csv")).unwrap();
    let report = read(&bytes);
    let names: Vec<&str> = report.input.preview.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(names, ["Café", "Müller"]);
}

#[test]
fn a_rate_without_customers_is_undefined_and_says_why() {
    let bytes = std::fs::read(Path::new(FOLDER).join("p01_zero_start.csv")).unwrap();
    let report = read(&bytes);
    let figure = &report.periods[0].customer_retention_rate;
    assert_eq!(figure.value, None);
    assert_eq!(figure.why.as_deref(), Some("no-customers-at-start"));
    assert_eq!(report.periods[1].customer_retention_rate.value, Some(0.8));
}

#[test]
fn text_of_an_unknown_encoding_far_down_is_asked_about_too() {
    let mut bytes = b"customer,start,end,mrr\n".to_vec();
    for index in 0..20_000 {
        bytes.extend_from_slice(format!("C{index},2024-01-15,,10.00\n").as_bytes());
    }
    // Two customers in Shift-JIS, long after the part that is read ahead.
    bytes.extend_from_slice(b"\x8c\xda\x8bq\x88\xea,2024-01-15,,10.00\n");
    bytes.extend_from_slice(b"\x8c\xda\x8bq\x93\xf1,2024-01-15,,10.00\n");
    let report = read(&bytes);
    assert!(report.input.questions.iter().any(|question| question.code == "encoding-unknown"));
    assert_eq!(report.input.dialect.encoding, "windows-1252");
    assert_eq!(report.input.rows.used, 20_002);
}
