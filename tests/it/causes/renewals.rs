//! What comes up for renewal: counted like the oracle, and never guessed.

use retention_calculator::analysis::customers::{CustomerQuery, CustomerSet};
use retention_calculator::report::{RenewalOutlook, RenewalSum};
use retention_calculator::session::{AnalyzeOptions, Session};
use serde_json::Value;

use super::{bytes_of, cases, cents, report_of, session_on};

fn assert_sum(is: &RenewalSum, pair: &Value) {
    assert_eq!(is.customers, pair[0].as_u64().unwrap());
    assert_eq!(cents(is.revenue.unwrap()), pair[1].as_i64().unwrap());
}

#[test]
fn what_is_due_is_what_the_oracle_says() {
    let cases = cases("renewals");
    assert_eq!(cases.len(), 4);
    for case in &cases {
        let report = report_of(case, AnalyzeOptions::default());
        let outlook = report.renewal_outlook.unwrap();
        assert_eq!(outlook.source, case["source"].as_str().unwrap());
        assert_eq!(outlook.as_of.as_deref(), case["asOf"].as_str());
        let should = case["windows"].as_array().unwrap();
        for (is, should) in outlook.windows.iter().zip(should) {
            let days = is.days;
            assert_eq!(u64::from(days), should["days"].as_u64().unwrap());
            assert_eq!(is.customers, should["customers"].as_u64().unwrap(), "{days} days");
            assert_eq!(cents(is.revenue.unwrap()), should["revenue"].as_i64().unwrap());
            assert_eq!(is.ending.customers, should["endingCustomers"].as_u64().unwrap());
            let ending = cents(is.ending.revenue.unwrap());
            assert_eq!(ending, should["endingRevenue"].as_i64().unwrap());
            let levels: u64 = is.levels.iter().map(|level| level.customers).sum();
            assert_eq!(levels, is.customers);
        }
        assert_eq!(outlook.windows.len(), should.len());
        assert_eq!(report.renewals.as_ref(), Some(&outlook.windows[2].levels));
        assert_sum(&outlook.unknown, &case["unknown"]);
        assert_sum(&outlook.passed, &case["passed"]);
        check_rates(&outlook, case["rates"].as_array().unwrap());
    }
}

fn check_rates(outlook: &RenewalOutlook, should: &[Value]) {
    if should.is_empty() {
        for rate in &outlook.rates {
            assert_eq!(rate.renewal_rate.why.as_deref(), Some("terms-not-in-file"));
            assert!(rate.customer_retention_rate.value.is_some());
        }
        return;
    }
    assert_eq!(outlook.rates.len(), should.len());
    for (is, should) in outlook.rates.iter().zip(should) {
        let (due, renewed) = (should["due"].as_f64().unwrap(), should["renewed"].as_f64().unwrap());
        let inputs = &is.renewal_rate.inputs;
        assert_eq!((inputs["start"], inputs["end"]), (due, renewed), "{}", is.period);
        assert_eq!(is.renewal_rate.value, Some(renewed / due));
        assert!(is.renewal_rate.low < is.renewal_rate.value);
    }
}

/// Of two customers on yearly terms and one on three years, one of the two leaves at the end of its
/// term: half of those who could renew did, and two of three customers are kept.
#[test]
fn the_renewal_rate_counts_only_who_could_renew() {
    let csv = "customer,start,end,amount,interval,interval_count\n\
               A,2023-05-10,,120,year,1\n\
               B,2023-05-20,2024-05-20,120,year,1\n\
               C,2023-02-01,,360,year,3\n";
    let options =
        AnalyzeOptions { as_of: Some("2024-05-31".to_owned()), ..AnalyzeOptions::default() };
    let (_, report) = session_on(csv.as_bytes(), &options);
    let rate = &report.renewal_outlook.unwrap().rates[0];
    assert_eq!(rate.renewal_rate.value, Some(0.5));
    assert_eq!(rate.customer_retention_rate.value, Some(2.0 / 3.0));
}

/// The last day of January is followed by the last day of February, and that by the last of March.
#[test]
fn terms_keep_the_day_of_the_month() {
    let csv =
        "customer,start,end,amount,interval\nA,2024-01-31,,10,month\nB,2024-02-10,,10,month\n";
    let due_at = |as_of: &str, days: usize| {
        let options = AnalyzeOptions { as_of: Some(as_of.to_owned()), ..AnalyzeOptions::default() };
        let (_, report) = session_on(csv.as_bytes(), &options);
        report.renewal_outlook.unwrap().windows[days].customers
    };
    // 30 days after 1 March is 31 March, and one day before is the 30th.
    assert_eq!(due_at("2024-03-01", 0), 2);
    assert_eq!(due_at("2024-02-29", 0), 1);
}

/// Neither a blank interval nor one of weeks says when a term of months ends.
#[test]
fn what_is_not_known_is_not_guessed() {
    let csv = "customer,start,end,amount,interval\n\
               A,2024-01-10,,10,week\nB,2024-01-10,,10,\nC,2024-01-10,,10,year\n";
    let options =
        AnalyzeOptions { as_of: Some("2024-06-30".to_owned()), ..AnalyzeOptions::default() };
    let (_, report) = session_on(csv.as_bytes(), &options);
    let outlook = report.renewal_outlook.unwrap();
    assert_eq!((outlook.unknown.customers, outlook.windows[2].customers), (2, 0));
    assert_eq!(outlook.rates[0].unknown, 2);
    assert_eq!(outlook.rates[0].renewal_rate.why.as_deref(), Some("nobody-due"));
    for file in ["transactions", "mrr-wide", "periods"] {
        let bytes = bytes_of(&format!("www/public/samples/{file}.csv"));
        let (_, report) = session_on(&bytes, &AnalyzeOptions::default());
        assert!(report.renewals.is_none() && report.renewal_outlook.is_none(), "{file}");
    }
}

/// Accounts have no dates, so there is no day to count from until one is given.
#[test]
fn accounts_need_a_day_to_count_from() {
    let bytes = bytes_of("www/public/samples/accounts.csv");
    let (session, report) = session_on(&bytes, &AnalyzeOptions::default());
    let outlook = report.renewal_outlook.unwrap();
    assert!(outlook.as_of.is_none() && outlook.windows.is_empty() && report.renewals.is_none());
    let set = CustomerSet::Renewal { within_days: 30, level: None };
    let error = session.customers(&CustomerQuery::of(set)).unwrap_err();
    assert_eq!(error.code(), "no-day-to-count-from");
}

/// Who is listed as due is who is counted as due.
#[test]
fn the_customers_due_tie_to_the_window() {
    for (file, as_of) in [
        ("www/public/samples/subscriptions.csv", None),
        ("www/public/samples/accounts.csv", Some("2026-01-15")),
        ("tests/cases/vendor/chargebee-subscriptions.csv", None),
    ] {
        let as_of = as_of.map(str::to_owned);
        let options = AnalyzeOptions { as_of, ..AnalyzeOptions::default() };
        let (session, report) = session_on(&bytes_of(file), &options);
        for window in report.renewal_outlook.unwrap().windows {
            assert_eq!(n_due(&session, window.days, None), window.customers, "{file}");
            assert_eq!(n_due(&session, window.days, Some("unknown")), window.customers);
            assert_eq!(n_due(&session, window.days, Some("no such level")), 0);
        }
    }
}

/// The level of risk is that of the file's own column, of what is due first; a score is no level.
#[test]
fn the_level_of_risk_is_that_of_the_file() {
    let csv = "customer,start,end,mrr,renewal_date,Renewal risk,health_score\n\
               A,2024-01-01,,100,2024-07-20,High,20\n\
               B,2024-01-01,,30,2024-07-10,Low,90\n\
               B,2024-02-01,,70,2024-08-10,High,90\n\
               C,2024-01-01,,5,2024-09-01,,50\n\
               D,2024-01-01,,9,2025-09-01,High,50\n\
               E,2024-01-01,,9,2025-09-01,Low,50\n";
    let options =
        AnalyzeOptions { as_of: Some("2024-06-30".to_owned()), ..AnalyzeOptions::default() };
    let (session, report) = session_on(csv.as_bytes(), &options);
    let outlook = report.renewal_outlook.unwrap();
    assert_eq!(outlook.level_column.as_deref(), Some("Renewal risk"));
    let levels = |place: usize| {
        let levels = outlook.windows[place].levels.iter();
        let told = levels.map(|one| (one.level.as_str(), one.customers, one.revenue.unwrap()));
        told.collect::<Vec<_>>()
    };
    assert_eq!(levels(0), [("High", 1, 100.0), ("Low", 1, 30.0)]);
    assert_eq!(levels(1), [("High", 1, 100.0), ("Low", 1, 100.0)]);
    assert_eq!(levels(2), [("High", 1, 100.0), ("Low", 1, 100.0), ("unknown", 1, 5.0)]);
    for (days, level, n) in [(30, "High", 1), (90, "Low", 1), (90, "unknown", 1), (90, "high", 0)] {
        assert_eq!(n_due(&session, days, Some(level)), n, "{days} {level}");
    }
    assert!(outlook.windows[2].terms.is_empty());
}

fn n_due(session: &Session, within_days: u16, level: Option<&str>) -> u64 {
    let set = CustomerSet::Renewal { within_days, level: level.map(str::to_owned) };
    session.customers(&CustomerQuery::of(set)).unwrap().total
}
