//! Several files joined by customer: what joins, what contradicts, and what comes of the rules.

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use retention_calculator::Error;
use retention_calculator::join::{FileOptions, Files, FilesOptions, Rules};
use retention_calculator::report::{FilesReport, IdsReport, JoinReport, Report};
use retention_calculator::session::Outcome;
use serde_json::Value;

type Named<'a> = (&'a str, &'a str);

pub(crate) fn options_of(files: &[Named<'_>]) -> FilesOptions {
    let named =
        |&(name, _): &Named<'_>| FileOptions { name: name.to_owned(), ..FileOptions::default() };
    FilesOptions { files: files.iter().map(named).collect(), ..FilesOptions::default() }
}

fn read_all(session: &mut Files, files: &[Named<'_>]) -> Result<(), Error> {
    while let Some(index) = session.next_file()? {
        for piece in files[index].1.as_bytes().chunks(777) {
            if !session.push(piece)? {
                break;
            }
        }
        session.end()?;
    }
    Ok(())
}

fn reported(outcome: Outcome) -> Report {
    match outcome {
        Outcome::Report { report } => Arc::unwrap_or_clone(report),
        Outcome::ReadAgain { why } => panic!("wants to read again: {why}"),
    }
}

fn read_with(files: &[Named<'_>], options: &FilesOptions) -> Result<Report, Error> {
    let mut session = Files::new(options)?;
    read_all(&mut session, files)?;
    session.report().map(reported)
}

fn read(files: &[Named<'_>]) -> Report {
    read_with(files, &options_of(files)).unwrap()
}

fn joined(report: &Report) -> &FilesReport {
    report.files.as_ref().unwrap()
}

const SUBSCRIPTIONS: Named<'_> = (
    "subscriptions.csv",
    "subscription_id,customer_id,start_date,end_date,mrr\n\
     s1,A,2024-01-01,,10.00\n\
     s2,B,2024-01-01,2024-03-15,5.00\n\
     s3,C,2024-02-01,,20.00\n\
     s4,D,2024-02-01,2024-06-01,7.00\n\
     s5,e5,2024-03-01,,1.00\n",
);
const CUSTOMERS: Named<'_> = (
    "customers.csv",
    "id,customer_id,country,signup_date,churned\n\
     1,A,DE,2023-12-01,yes\n2,B,FR,2024-01-01,yes\n3,C,FR,2024-02-02,no\n4,D,DE,2024-01-30,no\n\
     5,E5,IT,2024-03-01,no\n6,Z,IT,2024-03-01,no\n7,C,ES,2024-02-02,no\n",
);
const EVENTS: Named<'_> = (
    "churn_events.csv",
    "event_id,customer_id,churn_date,reason_code,is_reactivation\n\
     1,B,2024-03-15,price,no\n2,C,2024-04-01,support,no\n3,Q,2024-04-01,support,no\n",
);

fn codes(report: &Report) -> Vec<(&str, u64, Option<f64>)> {
    let contradictions = joined(report).contradictions.iter();
    let mut codes: Vec<_> =
        contradictions.map(|one| (one.code.as_str(), one.customers, one.revenue)).collect();
    codes.sort_by_key(|one| one.0);
    codes
}

#[test]
fn three_files_are_told_apart_and_joined() {
    let report = read(&[CUSTOMERS, EVENTS, SUBSCRIPTIONS]);
    let files = joined(&report);
    let kinds: Vec<&str> = files.files.iter().map(|file| file.kind.as_str()).collect();
    assert_eq!(kinds, ["customers", "events", "subscriptions"]);
    assert_eq!(report.input.rows.read, 5);
    let join = files.joins.iter().find(|join| join.kind == "customers").unwrap();
    assert_eq!((join.key.as_str(), join.history_key.as_str()), ("customer_id", "customer_id"));
    assert_eq!((join.customers, join.matched, join.unmatched.count), (6, 4, 2));
    assert_eq!((join.unmatched.first[0].id.as_str(), join.unmatched.first[0].row), ("E5", 6));
    assert_eq!((join.missing.count, join.missing.first[0].id.as_str()), (1, "e5"));
    assert_eq!((join.alike[0].how.as_str(), join.alike[0].count), ("case", 1));
    let conflicts: Vec<&str> = join.conflicts.iter().map(|one| one.column.as_str()).collect();
    assert_eq!((join.twice.count, conflicts), (1, vec!["country", "id"]));
    for file in &files.files {
        let rows = &file.input.rows;
        assert_eq!(rows.read, rows.used + rows.excluded, "{}", file.name);
        let told: u64 = file.input.notes.iter().filter(|n| n.excludes).map(|n| n.count).sum();
        assert_eq!(told, rows.excluded, "{}", file.name);
    }
    assert_eq!(
        codes(&report),
        [
            ("active-flag-but-ended", 1, Some(7.0)),
            ("active-flag-without-history", 2, None),
            ("churned-flag-but-open", 1, Some(10.0)),
            ("churned-flag-without-event", 1, None),
            ("ended-without-event", 1, Some(7.0)),
            ("event-without-history", 1, None),
            ("open-after-event", 1, Some(20.0)),
            ("signup-after-start", 1, None),
        ]
    );
}

#[test]
fn rules_change_the_history_without_another_reading() {
    let files = [CUSTOMERS, EVENTS, SUBSCRIPTIONS];
    let mut options = options_of(&files);
    let mut session = Files::new(&options).unwrap();
    read_all(&mut session, &files).unwrap();
    let end = |report: &Report| report.periods.last().unwrap().customers.end.unwrap();
    assert_eq!(end(&reported(session.report().unwrap())), 3);
    options.rules = Some(Rules::All("events".to_owned()));
    let events = reported(session.reanalyze(&options).unwrap());
    // C has left, D has not.
    assert_eq!(end(&events), 3);
    let june = events.periods.iter().find(|one| one.period == "2024-04").unwrap();
    assert_eq!(june.customers.lost, Some(1));
    options.rules = Some(Rules::All("flag".to_owned()));
    // A has left, D has not.
    assert_eq!(end(&reported(session.reanalyze(&options).unwrap())), 3);
    options.rules = None;
    options.match_ids = Some("alike".to_owned());
    let alike = reported(session.reanalyze(&options).unwrap());
    let join = joined(&alike).joins.iter().find(|join| join.kind == "customers").unwrap();
    assert_eq!((join.matched, join.matched_alike, join.unmatched.count), (5, 1, 1));
}

/// What the oracle says of three files, and what a report says.
struct Oracle {
    files: Vec<(&'static str, String)>,
    expected: Value,
}

impl Oracle {
    fn of(name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(root.join("tests/cases/files/expected.json")).unwrap();
        let expected: Value = serde_json::from_str(&text).unwrap();
        let folder =
            if name == "set" { "www/public/samples/set" } else { "tests/cases/files/chance" };
        let files = ["customers.csv", "subscriptions.csv", "churn_events.csv"]
            .map(|file| (file, std::fs::read_to_string(root.join(folder).join(file)).unwrap()));
        Self { files: files.into(), expected: expected[name].clone() }
    }

    fn named(&self) -> Vec<Named<'_>> {
        self.files.iter().map(|(name, text)| (*name, text.as_str())).collect()
    }
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

fn check_join(join: &JoinReport, expected: &Value) {
    let ids = |ids: &IdsReport| {
        let mut ids: Vec<String> = ids.first.iter().map(|one| one.id.clone()).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(join.customers, expected["customers"]);
    assert_eq!(join.matched, expected["matched"]);
    for (found, wanted) in [(&join.unmatched, "unmatched"), (&join.missing, "missing")] {
        let wanted = texts(&expected[wanted]);
        assert_eq!(found.count, wanted.len() as u64);
        if wanted.len() <= 100 {
            assert_eq!(ids(found), wanted);
        } else {
            assert_eq!(found.first.len(), 100);
            assert!(ids(found).iter().all(|id| wanted.contains(id)));
        }
    }
    let alike: serde_json::Map<String, Value> =
        join.alike.iter().map(|one| (one.how.clone(), one.count.into())).collect();
    assert_eq!(Value::Object(alike), expected["alike"]);
}

fn check_with_oracle(name: &str) {
    let oracle = Oracle::of(name);
    let files = oracle.named();
    let mut options = options_of(&files);
    let mut session = Files::new(&options).unwrap();
    read_all(&mut session, &files).unwrap();
    let report = reported(session.report().unwrap());
    let (found, expected) = (joined(&report), &oracle.expected);
    for join in &found.joins {
        check_join(join, &expected[join.kind.as_str()]);
        let file = found.files.iter().find(|file| file.name == join.files[0]).unwrap();
        assert_eq!(file.input.rows.excluded, expected[join.kind.as_str()]["rowsUnmatched"]);
        if join.kind == "customers" {
            let mut twice: Vec<String> =
                join.twice.first.iter().map(|one| one.id.clone()).collect();
            twice.sort_unstable();
            assert_eq!(twice, texts(&expected["twice"]));
            let conflicts: serde_json::Map<String, Value> = join
                .conflicts
                .iter()
                .map(|one| (one.column.clone(), one.customers.into()))
                .collect();
            assert_eq!(Value::Object(conflicts), expected["conflicts"]);
        }
    }
    let codes: Vec<&str> = {
        let mut codes: Vec<&str> =
            found.contradictions.iter().map(|one| one.code.as_str()).collect();
        codes.sort_unstable();
        codes
    };
    let wanted = expected["contradictions"].as_object().unwrap();
    assert_eq!(codes, wanted.keys().map(String::as_str).collect::<Vec<_>>());
    for one in &found.contradictions {
        let wanted = &wanted[&one.code];
        let mut customers: Vec<String> =
            one.cases.iter().map(|case| case.customer.clone()).collect();
        customers.sort_unstable();
        assert_eq!(customers, texts(&wanted["customers"]), "{}", one.code);
        assert_eq!(one.customers, customers.len() as u64, "{}", one.code);
        let cents = wanted["cents"].as_f64().map(|cents| cents / 100.0);
        assert_eq!(one.revenue, cents, "{}", one.code);
    }
    for rule in ["subscriptions", "events", "flag"] {
        options.rules = Some(Rules::All(rule.to_owned()));
        let report = reported(session.reanalyze(&options).unwrap());
        let closes: Vec<(String, u64, f64)> = report
            .periods
            .iter()
            .map(|one| {
                let revenue = one.revenue.as_ref().and_then(|revenue| revenue.end);
                (one.period.clone(), one.customers.end.unwrap(), revenue.unwrap())
            })
            .collect();
        let wanted: Vec<(String, u64, f64)> = expected["months"][rule]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                let cents = one[2].as_f64().unwrap();
                (one[0].as_str().unwrap().to_owned(), one[1].as_u64().unwrap(), cents / 100.0)
            })
            .collect();
        assert_eq!(closes, wanted, "{rule}");
    }
}

#[test]
fn the_sample_set_is_what_the_oracle_says() {
    check_with_oracle("set");
}

#[test]
fn files_by_chance_are_what_the_oracle_says() {
    check_with_oracle("chance");
}

#[test]
fn attributes_are_segments_and_events_give_reasons() {
    let oracle = Oracle::of("set");
    let files = oracle.named();
    let mut options = options_of(&files);
    options.analyze.segment_by = Some("country".to_owned());
    let report = read_with(&files, &options).unwrap();
    let segments = serde_json::to_string(&report.segments).unwrap();
    for country in ["DE", "FR", "NL", "US", "GB", "SE"] {
        assert!(segments.contains(&format!("\"{country}\"")), "{country}");
    }
    let reasons: Vec<&str> =
        report.reasons.iter().flatten().map(|one| one.reason.as_str()).collect();
    assert!(reasons.contains(&"missing_feature"), "{reasons:?}");
}

#[test]
fn what_is_said_of_a_second_leaving_is_no_reason_of_the_first() {
    let subscriptions = (
        "subscriptions.csv",
        "customer_id,start_date,end_date,mrr\nA,2024-01-01,2024-03-01,10.00\n\
         A,2024-03-10,2024-03-25,10.00\nB,2024-01-01,,5.00\n",
    );
    let events = (
        "churn_events.csv",
        "customer_id,churn_date,reason_code\nA,2024-03-01,price\nA,2024-03-25,support\n",
    );
    let history = |as_of: &str| {
        let mut options = options_of(&[subscriptions, events]);
        options.analyze.as_of = Some(as_of.to_owned());
        let report = read_with(&[subscriptions, events], &options).unwrap();
        let reasons = report.reasons.unwrap();
        reasons.into_iter().map(|one| (one.reason, one.customers)).collect::<Vec<_>>()
    };
    assert_eq!(history("2024-03-05"), [("price".to_owned(), 1)]);
    assert_eq!(history("2024-04-30"), [("support".to_owned(), 1)]);
}

#[test]
fn exports_of_one_header_are_read_as_one_history() {
    let january = ("january.csv", "customer,month,mrr\nA,2024-01,10.00\nB,2024-01,5.00\n");
    let february =
        ("february.csv", "customer,month,mrr\nA,2024-02,12.00\nC,2024-02,1.00\nB,2024-01,5.00\n");
    let whole = "customer,month,mrr\nA,2024-01,10.00\nB,2024-01,5.00\n\
                 A,2024-02,12.00\nC,2024-02,1.00\n";
    let mut options = options_of(&[january, february]);
    options.analyze.duplicates = Some("drop".to_owned());
    let report = read_with(&[january, february], &options).unwrap();
    let alone = crate::reading::read(whole.as_bytes());
    assert_eq!(report.periods, alone.periods);
    let files = &joined(&report).files;
    // By name, february comes first; the copy is told in the file that is read later.
    assert_eq!((files[1].continues.as_deref(), files[1].input.rows.used), (None, 3));
    assert_eq!(files[0].continues.as_deref(), Some("february.csv"));
    assert_eq!((files[0].input.rows.read, files[0].input.rows.excluded), (2, 1));
    let copies = files[0].input.notes.iter().find(|note| note.code == "row-in-two-files").unwrap();
    assert_eq!(copies.rows, [3]);
    let kept = read(&[january, february]);
    assert_eq!(kept.periods[0].revenue.as_ref().unwrap().end, Some(20.0));
    assert!(kept.input.questions.iter().any(|one| one.answer_to == "duplicates"));
}

#[test]
fn ids_without_leading_zeros_are_asked_about() {
    let orders =
        ("orders.csv", "customer_id,date,amount\n417,2024-01-01,5.00\n18,2024-02-01,5.00\n");
    let customers = ("customers.csv", "customer_id,country\n00417,DE\n0018,FR\n0019,FR\n");
    let report = read(&[customers, orders]);
    let join = &joined(&report).joins[0];
    assert_eq!(
        (join.matched, join.alike[0].how.as_str(), join.alike[0].count),
        (0, "leading-zeros", 2)
    );
    let question = report.input.questions.iter().find(|one| one.answer_to == "matchIds").unwrap();
    assert_eq!(question.assumed.as_deref(), Some("exact"));
}

#[test]
fn kinds_and_keys_can_be_chosen() {
    let files = [CUSTOMERS, EVENTS, SUBSCRIPTIONS];
    let mut options = options_of(&files);
    options.files[0].kind = Some("unused".to_owned());
    let report = read_with(&files, &options).unwrap();
    let file = &joined(&report).files[0];
    assert_eq!(
        (file.kind.as_str(), file.input.rows.read, file.input.rows.excluded),
        ("unused", 7, 7)
    );
    options.files[0].kind = Some("customers".to_owned());
    options.files[0].roles.insert("customer".to_owned(), "id".to_owned());
    let report = read_with(&files, &options).unwrap();
    let join = joined(&report).joins.iter().find(|join| join.kind == "customers").unwrap();
    assert_eq!((join.key.as_str(), join.matched, join.customers), ("id", 0, 7));
    let error = read_with(&files[..2], &options_of(&files[..2])).unwrap_err();
    assert_eq!(error.code(), "no-history-among-files");
}

#[test]
fn a_key_is_found_by_its_values() {
    let customers = ("people.csv", "id,email,country\n1,a@x.org,DE\n2,b@x.org,FR\n3,c@x.org,FR\n");
    let subscriptions = (
        "subs.csv",
        "sub,user_id,start_date,end_date,mrr\n9,1,2024-01-01,,5.00\n8,2,2024-01-01,2024-02-01,5.00\n",
    );
    let report = read(&[customers, subscriptions]);
    let join = &joined(&report).joins[0];
    assert_eq!((join.key.as_str(), join.matched), ("id", 2));
}

/// The rows of a text below its header, in an order given by chance.
fn shuffled(text: &str, seed: u64) -> String {
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    let mut state = seed | 1;
    for place in (1..rows.len()).rev() {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        rows.swap(place, usize::try_from(state >> 33).unwrap() % (place + 1));
    }
    format!("{header}\n{}\n", rows.join("\n"))
}

/// A report without what says where something stands.
fn without_places(report: &Report) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                for name in ["row", "rows", "first", "preview", "message", "index", "questions"] {
                    if map.get(name).is_some_and(|value| !value.is_object()) {
                        map.remove(name);
                    }
                }
                map.values_mut().for_each(strip);
            }
            Value::Array(values) => values.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(report).unwrap();
    strip(&mut value);
    if let Some(files) = value["files"]["files"].as_array_mut() {
        files.sort_by_key(|file| file["name"].as_str().unwrap().to_owned());
    }
    value
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_order_of_files_and_rows_leaves_no_trace(seed in any::<u64>(), turn in 0_usize..3) {
        let oracle = Oracle::of("chance");
        let whole = without_places(&read(&oracle.named()));
        let mut texts: Vec<(&str, String)> = oracle
            .files
            .iter()
            .map(|(name, text)| (*name, shuffled(text, seed)))
            .collect();
        texts.rotate_left(turn);
        let files: Vec<Named<'_>> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        prop_assert_eq!(without_places(&read(&files)), whole);
    }
}
