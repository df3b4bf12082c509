//! The risk of what comes up for renewal, where another file has the health of accounts: each number
//! is worked out by hand from the published sheet.

use retention_calculator::analysis::customers::{CustomerQuery, CustomerSet};
use retention_calculator::join::{Files, FilesOptions};
use retention_calculator::report::Report;
use retention_calculator::session::{AnalyzeOptions, Outcome, Session};

use crate::files::options_of;

/// B has two subscriptions, one of which is not due; C is due after 92 days; of D nothing is known;
/// E has left.
const SUBSCRIPTIONS: &str = "customer_id,start_date,end_date,mrr,renewal_date\n\
     A,2024-01-01,,100.00,2024-07-01\n\
     B,2024-02-01,,200.00,2024-07-15\n\
     B,2024-02-01,,70.00,2025-01-01\n\
     C,2024-03-01,,300.00,2024-09-20\n\
     D,2024-03-01,,50.00,2024-07-02\n\
     E,2024-03-01,2024-05-01,90.00,2024-07-02\n";

/// On 2024-06-20, the day of the latest login: A has 0 points, and 108 of the 180 that there can be
/// are known (25 + 20 of usage, 35 − 15 of engagement, 25 of the champion, 45 − 27 of business), which
/// is 60 %. B: 19 days 20, 10 % 25, 3 tickets 20, NPS 5 15, champion left 25, 2 failed payments 30,
/// together 135.
const ACCOUNTS: &str = "customer_id,last_login,active_users,licensed_users,open_tickets,nps,champion,failed_payments\n\
     A,2024-06-20,90,100,0,9,active,0\n\
     B,2024-06-01,10,100,3,5,left,2\n\
     C,2024-06-20,90,100,0,9,active,0\n\
     E,2024-04-01,1,100,9,1,left,4\n";

fn session(history: &str, accounts: &str, analyze: &AnalyzeOptions) -> (Files, Report) {
    let texts = [("subscriptions.csv", history), ("accounts.csv", accounts)];
    let options = FilesOptions { analyze: analyze.clone(), ..options_of(&texts) };
    let mut files = Files::new(&options).unwrap();
    while let Some(index) = files.next_file().unwrap() {
        files.push(texts[index].1.as_bytes()).unwrap();
        files.end().unwrap();
    }
    let Outcome::Report { report } = files.report().unwrap() else { panic!("reads again") };
    (files, (*report).clone())
}

fn read(history: &str, accounts: &str) -> (Files, Report) {
    session(history, accounts, &AnalyzeOptions::default())
}

fn levels(report: &Report) -> Vec<(&str, u64, Option<f64>)> {
    let renewals = report.renewals.iter().flatten();
    renewals.map(|one| (one.level.as_str(), one.customers, one.revenue)).collect()
}

#[test]
fn what_is_due_has_the_level_of_its_account() {
    let (files, report) = read(SUBSCRIPTIONS, ACCOUNTS);
    assert_eq!(report.input.as_of, "2024-06-20");
    let outlook = report.renewal_outlook.as_ref().unwrap();
    assert_eq!(outlook.as_of.as_deref(), Some("2024-06-20"));
    assert_eq!(outlook.level_column.as_deref(), Some("health level"));
    let expected =
        [("critical", 1, Some(200.0)), ("low", 1, Some(100.0)), ("unknown", 1, Some(50.0))];
    assert_eq!(levels(&report), expected);
    for (level, customers, revenue) in expected {
        let of = CustomerSet::Renewal { within_days: 90, level: Some(level.to_owned()) };
        let list = files.customers(&CustomerQuery::of(of)).unwrap();
        assert_eq!((list.total, list.due), (customers, revenue), "{level}");
    }
    let of = CustomerSet::Renewal { within_days: 90, level: None };
    let list = files.customers(&CustomerQuery::of(of.clone())).unwrap();
    assert_eq!((list.total, list.due, list.now), (3, Some(350.0), Some(420.0)));
    let row = list.rows.iter().find(|row| row.customer == "B").unwrap();
    assert_eq!((row.due, row.now), (Some(200.0), Some(270.0)));
    assert_eq!(row.renewal.as_deref(), Some("2024-07-15"));
    let csv = String::from_utf8(files.customers_csv(&CustomerQuery::of(of)).unwrap()).unwrap();
    assert!(csv.contains(",renewal,revenue_due\r\n"), "{csv}");
    assert!(csv.contains(",2024-07-15,200.00\r\n"), "{csv}");
    let note = report.input.notes.iter().find(|note| note.code == "levels-from-health").unwrap();
    assert!(note.message.starts_with("4 customers have a “health level”"), "{}", note.message);
}

#[test]
fn one_day_rules_what_is_due_and_how_it_is_scored() {
    let options =
        AnalyzeOptions { as_of: Some("2024-06-08".to_owned()), ..AnalyzeOptions::default() };
    // B has not logged in for 7 days, which is 8 points: a login behind the day is not known yet.
    let mild = "customer_id,last_login,active_users,licensed_users,open_tickets,nps,champion,failed_payments\n\
                B,2024-06-01,50,100,0,9,active,0\nA,2024-06-20,10,100,0,9,active,0\n";
    let (_, report) = session(SUBSCRIPTIONS, mild, &options);
    assert_eq!(report.input.as_of, "2024-06-08");
    // A: 10 % 25; of 180 points, 72 as above and 20 of the login are not known, which is a half.
    let expected = [("low", 1, Some(200.0)), ("unknown", 2, Some(150.0))];
    assert_eq!(levels(&report), expected);
    let (_, report) = read(SUBSCRIPTIONS, mild);
    // On 2024-06-20 B has not for 19 days, 20 points; of A the login is known, too.
    let expected =
        [("low", 1, Some(200.0)), ("medium", 1, Some(100.0)), ("unknown", 1, Some(50.0))];
    assert_eq!((report.input.as_of.as_str(), levels(&report)), ("2024-06-20", expected.to_vec()));
}

#[test]
fn a_level_in_the_history_comes_before_one_that_is_worked_out() {
    let own = SUBSCRIPTIONS
        .replace("renewal_date\n", "renewal_date,risk_level\n")
        .replace("2024-07-01\n", "2024-07-01,red\n")
        .replace("2024-07-15\n", "2024-07-15,green\n")
        .replace("2025-01-01\n", "2025-01-01,green\n")
        .replace("2024-09-20\n", "2024-09-20,green\n")
        .replace("2024-07-02\n", "2024-07-02,red\n");
    let (_, report) = read(&own, ACCOUNTS);
    let outlook = report.renewal_outlook.as_ref().unwrap();
    assert_eq!(outlook.level_column.as_deref(), Some("risk_level"));
    assert_eq!(levels(&report), [("green", 1, Some(200.0)), ("red", 2, Some(150.0))]);
}

#[test]
fn without_signals_there_is_no_level_and_nothing_is_made_up() {
    let (_, report) = read(SUBSCRIPTIONS, "customer_id,country\nA,DE\nB,FR\nC,FR\n");
    let outlook = report.renewal_outlook.as_ref().unwrap();
    assert_eq!(
        (outlook.level_column.as_deref(), outlook.as_of.as_deref()),
        (None, Some("2024-05-01"))
    );
    assert_eq!(levels(&report), [("unknown", 3, Some(350.0))]);
}

#[test]
fn accounts_say_when_they_renew_where_the_history_does_not() {
    let history = "customer_id,start_date,end_date,mrr\n\
                   A,2024-01-01,,100.00\nB,2024-02-01,,200.00\nC,2024-03-01,,300.00\n";
    let accounts = "customer_id,last_login,open_tickets,renewal_date\n\
                    A,2024-06-20,1,2024-07-01\nB,2024-06-20,1,2024-12-01\nC,2024-06-20,1,\n";
    let (_, report) = read(history, accounts);
    let outlook = report.renewal_outlook.as_ref().unwrap();
    assert_eq!(outlook.windows[0].customers, 1);
    assert_eq!((outlook.windows[2].revenue, outlook.unknown.customers), (Some(100.0), 1));
}

#[test]
fn of_several_rows_of_an_account_the_gravest_counts() {
    let more = "B,2024-06-20,90,100,0,9,active,0\n";
    let (first, last) =
        (ACCOUNTS.replacen("A,", &format!("{more}A,"), 1), format!("{ACCOUNTS}{more}"));
    let (_, one) = read(SUBSCRIPTIONS, &first);
    let (_, other) = read(SUBSCRIPTIONS, &last);
    assert_eq!(levels(&one), levels(&other));
    assert_eq!(levels(&one)[0], ("critical", 1, Some(200.0)));
}

#[test]
fn a_login_shows_how_far_subscriptions_are_known() {
    let csv = "customer_id,start_date,end_date,mrr,last_login\n\
               A,2024-01-01,,10.00,2024-08-20\nB,2024-02-01,2024-03-10,10.00,2024-03-02\n";
    let mut session = Session::new(&AnalyzeOptions::default()).unwrap();
    session.push(csv.as_bytes()).unwrap();
    let Outcome::Report { report } = session.finish().unwrap() else { panic!("reads again") };
    assert_eq!((report.input.as_of.as_str(), report.periods.len()), ("2024-08-20", 8));
    let note = report.input.notes.iter().find(|note| note.code == "as-of-is-activity").unwrap();
    assert_eq!(note.column.as_deref(), Some("last_login"));
}
