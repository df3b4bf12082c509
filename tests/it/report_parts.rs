//! A part of a report that is asked for by itself is what it is in the whole report, to the last
//! digit, and what is not asked for is empty.

use std::collections::BTreeSet;
use std::path::Path;

use retention_calculator::Error;
use retention_calculator::analysis::ReportPart;
use retention_calculator::calendar::Granularity;
use retention_calculator::join::{FileOptions, Files, FilesOptions};
use retention_calculator::session::{AnalyzeOptions, CohortChoice, Outcome, Session};
use serde_json::Value;

const SINGLE: [&str; 19] = [
    "www/public/samples/accounts.csv",
    "www/public/samples/definitions.csv",
    "www/public/samples/mrr-long.csv",
    "www/public/samples/mrr-wide.csv",
    "www/public/samples/periods.csv",
    "www/public/samples/subscriptions.csv",
    "www/public/samples/transactions.csv",
    "tests/cases/files/chance/subscriptions.csv",
    "tests/cases/vendor/baremetrics-import.csv",
    "tests/cases/vendor/chargebee-subscriptions.csv",
    "tests/cases/vendor/chartmogul-mrr-intervals.csv",
    "tests/cases/vendor/paddle-transactions.csv",
    "tests/cases/vendor/recurly-subscriptions.csv",
    "tests/cases/vendor/shopify-orders.csv",
    "tests/cases/vendor/stripe-mrr-per-subscriber.csv",
    "tests/cases/vendor/stripe-subscriptions.csv",
    "tests/cases/vendor/woocommerce-orders.csv",
    "tests/corpora/lifetimes_CDNOW_sample.txt",
    "tests/corpora/telco_wa_churn.csv",
];

fn bytes_of(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn json_of(outcome: Outcome) -> Option<Value> {
    match outcome {
        Outcome::Report { report } => Some(serde_json::to_value(&*report).unwrap()),
        Outcome::ReadAgain { .. } => None,
    }
}

/// A session that has read a file to its end, and the report.
fn session_of(bytes: &[u8], options: &AnalyzeOptions) -> (Session, Value) {
    let mut session = Session::new(options).unwrap();
    loop {
        session.push(bytes).unwrap();
        if let Some(report) = json_of(session.finish().unwrap()) {
            return (session, report);
        }
    }
}

fn with_parts(options: &AnalyzeOptions, parts: &[&str]) -> AnalyzeOptions {
    let parts = parts.iter().map(|&part| part.to_owned()).collect();
    AnalyzeOptions { parts: Some(parts), ..options.clone() }
}

/// The names of all parts of a report.
fn names_of(report: &Value) -> Vec<&str> {
    report.as_object().unwrap().keys().map(String::as_str).filter(|&name| name != "input").collect()
}

/// What a part is that is not asked for.
fn empty(name: &str) -> &'static str {
    match name {
        "periods" | "bridges" | "triggers" | "benchmarks" | "stages" => "[]",
        "value" => r#"{"clv":{},"lifespan":{}}"#,
        "alarm" => r#"{"fired":0,"judged":0,"metrics":0,"raised":false}"#,
        _ => "null",
    }
}

/// Holds a report of some parts against the whole one.
fn check(whole: &Value, some: &Value, parts: &[&str], case: &str) {
    for name in names_of(whole) {
        let is = some[name].to_string();
        let should =
            if parts.contains(&name) { whole[name].to_string() } else { empty(name).to_owned() };
        assert_eq!(is, should, "{name} of {parts:?} of {case}");
    }
    let (mut is, mut should) = (some["input"].clone(), whole["input"].clone());
    let (notes, known) = (is["notes"].take(), should["notes"].take());
    assert_eq!(is.to_string(), should.to_string(), "input of {parts:?} of {case}");
    let known = known.as_array().unwrap();
    for note in notes.as_array().unwrap() {
        assert!(known.contains(note), "{note} is said of {parts:?} of {case}, but not of all");
    }
}

fn choices() -> Vec<AnalyzeOptions> {
    let options = AnalyzeOptions {
        gross_margin: Some(0.8),
        cac: Some(300.0),
        discount_rate: Some(0.1),
        ..AnalyzeOptions::default()
    };
    let days = CohortChoice {
        granularity: Some(Granularity::Quarter),
        clock: Some("days".to_owned()),
        counting: Some("on-or-after".to_owned()),
        ..CohortChoice::default()
    };
    vec![
        AnalyzeOptions::default(),
        AnalyzeOptions { granularity: Some(Granularity::Quarter), ..options.clone() },
        AnalyzeOptions {
            granularity: Some(Granularity::Year),
            cohorts: Some(days),
            confidence: Some(0.8),
            ..options
        },
    ]
}

#[test]
fn each_part_alone_is_what_it_is_in_the_whole() {
    let mut seen = BTreeSet::new();
    for path in SINGLE {
        let bytes = bytes_of(path);
        for (place, options) in choices().iter().enumerate() {
            let case = format!("{path}, choice {place}");
            let (mut session, whole) = session_of(&bytes, options);
            for name in names_of(&whole) {
                let options = with_parts(options, &[name]);
                let some = json_of(session.reanalyze(&options).unwrap()).unwrap();
                check(&whole, &some, &[name], &case);
                if whole[name].to_string().as_str() != empty(name) {
                    seen.insert(name.to_owned());
                }
            }
            let nothing = json_of(session.reanalyze(&with_parts(options, &[])).unwrap()).unwrap();
            check(&whole, &nothing, &[], &case);
            let again = json_of(session.reanalyze(options).unwrap()).unwrap();
            assert_eq!(again.to_string(), whole.to_string(), "{case} again");
        }
    }
    // Each part but that of several files is in some of these reports.
    assert_eq!(seen.len(), 20, "{seen:?}");
}

#[test]
fn parts_together_are_what_they_are_in_the_whole() {
    for path in SINGLE {
        let (mut session, whole) = session_of(&bytes_of(path), &AnalyzeOptions::default());
        let names = names_of(&whole);
        // Each part together with another one at each distance.
        for distance in [1, 2, 3, 5, 8] {
            for place in 0..names.len() {
                let parts = [names[place], names[(place + distance) % names.len()]];
                let options = with_parts(&AnalyzeOptions::default(), &parts);
                let some = json_of(session.reanalyze(&options).unwrap()).unwrap();
                check(&whole, &some, &parts, path);
            }
        }
    }
}

/// Options one after the other, each a step from the one before: what a reader changes.
fn steps(column: Option<&str>) -> Vec<AnalyzeOptions> {
    let mut all = vec![AnalyzeOptions::default()];
    let mut step = |change: &dyn Fn(&mut AnalyzeOptions)| {
        let mut next = all.last().cloned().unwrap_or_default();
        change(&mut next);
        all.push(next);
    };
    let cohorts = |granularity, clock: Option<&str>, counting: Option<&str>| CohortChoice {
        granularity,
        clock: clock.map(str::to_owned),
        counting: counting.map(str::to_owned),
        days: None,
    };
    step(&|options| options.gross_margin = Some(0.8));
    step(&|options| options.cac = Some(300.0));
    step(&|options| options.discount_rate = Some(0.1));
    step(&|options| options.cohorts = Some(cohorts(Some(Granularity::Quarter), None, None)));
    step(&|options| options.cohorts = Some(cohorts(None, Some("days"), Some("on-or-after"))));
    let kinds = ["price", "too expensive", "payment failed", "expired card", "missing features"];
    let voluntary = kinds.map(|reason| (reason.to_owned(), "voluntary".to_owned()));
    let involuntary = kinds.map(|reason| (reason.to_owned(), "involuntary".to_owned()));
    step(&|options| options.reason_kinds = voluntary.clone().into());
    step(&|options| options.reason_kinds = involuntary.clone().into());
    step(&|options| options.segment_by = column.map(str::to_owned));
    // Several at once.
    step(&|options| (options.segment_by, options.cohorts) = (None, None));
    step(&|options| (options.gross_margin, options.cac) = (Some(0.5), None));
    step(&|options| options.granularity = Some(Granularity::Quarter));
    step(&|options| options.gross_margin = None);
    step(&|options| options.confidence = Some(0.8));
    step(&|options| options.parts = Some(vec!["cohorts".to_owned(), "value".to_owned()]));
    step(&|options| options.cohorts = Some(cohorts(Some(Granularity::Year), None, None)));
    step(&|options| (options.cac, options.segment_by) = (Some(90.0), column.map(str::to_owned)));
    step(&|options| options.parts = None);
    step(&|options| options.cohorts = None);
    all
}

#[test]
fn a_change_of_options_gives_what_reading_with_them_gives() {
    for path in SINGLE {
        let bytes = bytes_of(path);
        let (mut session, whole) = session_of(&bytes, &AnalyzeOptions::default());
        let column = whole["segmentation"]["candidates"]
            .as_array()
            .and_then(|candidates| candidates.last()?["column"].as_str());
        let mut n_differing = 0;
        let mut before = whole.to_string();
        for (place, options) in steps(column).iter().enumerate() {
            let changed = json_of(session.reanalyze(options).unwrap()).unwrap().to_string();
            let (_, anew) = session_of(&bytes, options);
            assert_eq!(changed, anew.to_string(), "{path}, step {place}");
            n_differing += usize::from(changed != before);
            before = changed;
        }
        assert!(4 < n_differing, "{path}: {n_differing}");
    }
}

#[test]
fn a_file_is_read_for_some_parts_as_for_all() {
    let shapes: [(&str, &[&str]); 3] = [
        ("www/public/samples/transactions.csv", &["cohorts", "purchases"]),
        ("www/public/samples/subscriptions.csv", &["periods", "survival"]),
        ("www/public/samples/mrr-long.csv", &["periods"]),
    ];
    for (path, parts) in shapes {
        let (_, whole) = session_of(&bytes_of(path), &AnalyzeOptions::default());
        let options = with_parts(&AnalyzeOptions::default(), parts);
        let (_, some) = session_of(&bytes_of(path), &options);
        check(&whole, &some, parts, path);
    }
}

#[test]
fn other_segments_are_counted_where_no_period_is_asked_for() {
    let bytes = bytes_of("www/public/samples/subscriptions.csv");
    let (mut session, whole) = session_of(&bytes, &AnalyzeOptions::default());
    let candidates = whole["segmentation"]["candidates"].as_array().unwrap();
    let columns: Vec<&str> = candidates.iter().map(|one| one["column"].as_str().unwrap()).collect();
    assert!(1 < columns.len());
    let parts = ["segments", "segmentation"];
    for column in columns {
        let options =
            AnalyzeOptions { segment_by: Some(column.to_owned()), ..AnalyzeOptions::default() };
        let whole = json_of(session.reanalyze(&options).unwrap()).unwrap();
        // First other parts, then other segments of the same parts.
        let asked = with_parts(&AnalyzeOptions::default(), &parts);
        session.reanalyze(&asked).unwrap();
        let asked = AnalyzeOptions { segment_by: options.segment_by, ..asked };
        let some = json_of(session.reanalyze(&asked).unwrap()).unwrap();
        check(&whole, &some, &parts, column);
    }
}

#[test]
fn several_files_come_in_parts_as_well() {
    let names = ["churn_events.csv", "customers.csv", "subscriptions.csv"];
    let bytes = names.map(|name| bytes_of(&format!("tests/cases/files/chance/{name}")));
    let mut options = FilesOptions {
        files: names
            .map(|name| FileOptions { name: name.to_owned(), ..FileOptions::default() })
            .to_vec(),
        ..FilesOptions::default()
    };
    let mut files = Files::new(&options).unwrap();
    while let Some(index) = files.next_file().unwrap() {
        files.push(&bytes[index]).unwrap();
        files.end().unwrap();
    }
    let whole = json_of(files.report().unwrap()).unwrap();
    assert!(whole["files"].is_object());
    for name in names_of(&whole) {
        options.analyze = with_parts(&AnalyzeOptions::default(), &[name]);
        let some = json_of(files.reanalyze(&options).unwrap()).unwrap();
        check(&whole, &some, &[name], "three files");
    }
}

#[test]
fn what_is_no_part_is_refused() {
    for name in ["input", "Periods", "trailing_year", ""] {
        let options = with_parts(&AnalyzeOptions::default(), &["cohorts", name]);
        let refused: Error = Session::new(&options).unwrap_err();
        assert_eq!((refused.code(), refused.column()), ("invalid-option", Some("parts")), "{name}");
    }
    let bytes = bytes_of("www/public/samples/transactions.csv");
    let (_, whole) = session_of(&bytes, &AnalyzeOptions::default());
    for name in names_of(&whole) {
        assert!(ReportPart::from_name(name).is_some(), "{name} is no part");
    }
}
