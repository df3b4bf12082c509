//! Several files joined by customer: what joins, what contradicts, and what comes of the rules.

use retention_calculator::Error;
use retention_calculator::join::{FileOptions, Files, FilesOptions, Rules};
use retention_calculator::report::{FilesReport, Report};
use retention_calculator::session::Outcome;

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
        Outcome::Report { report } => *report,
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
    assert_eq!((join.twice.count, join.conflicts[0].column.as_str()), (1, "id"));
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
