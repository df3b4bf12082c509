//! One small file with everything that goes wrong in real ones, each figure worked out by hand from
//! the definitions.

use retention_calculator::analysis::customers::{
    CustomerQuery, CustomerSet, LostWindow, PeriodGroup,
};
use retention_calculator::report::{PeriodReport, Report};
use retention_calculator::session::{AnalyzeOptions, Outcome, Session};

/// A has two subscriptions at once, and ends one. B upgrades from one day to the next row of that day.
/// C comes back. D leaves without a reason. E ends two on one day, for two reasons. F comes and goes.
/// G ends before it starts. H ends on the day it starts. I pays nothing. J is new. K ends on the last
/// day of the month, and so is gone at its close. L has given notice.
const FILE: &str = "customer,start,end,mrr,plan,reason\n\
     A,2024-01-10,2024-06-15,30.00,basic,price\n\
     A,2024-03-01,,50.00,pro,\n\
     B,2024-01-05,2024-06-10,20.00,basic,upgraded\n\
     B,2024-06-10,,45.00,pro,\n\
     C,2024-01-05,2024-03-20,10.00,basic,price\n\
     C,2024-06-05,,15.00,basic,\n\
     D,2024-01-05,2024-06-20,12.00,basic,\n\
     E,2024-02-05,2024-06-12,5.00,basic,price\n\
     E,2024-02-05,2024-06-12,9.00,basic,support\n\
     F,2024-06-03,2024-06-18,8.00,pro,price\n\
     G,2024-06-10,2024-06-01,99.00,pro,price\n\
     H,2024-06-10,2024-06-10,99.00,pro,price\n\
     I,2024-01-05,,0.00,basic,\n\
     J,2024-06-01,,7.00,pro,\n\
     K,2024-01-05,2024-06-30,11.00,basic,too expensive\n\
     L,2024-01-05,2024-07-15,100.00,pro,\n";

fn read() -> (Session, Report) {
    let options = AnalyzeOptions {
        as_of: Some("2024-06-30".to_owned()),
        segment_by: Some("plan".to_owned()),
        ..AnalyzeOptions::default()
    };
    let mut session = Session::new(&options).unwrap();
    session.push(FILE.as_bytes()).unwrap();
    let Outcome::Report { report } = session.finish().unwrap() else { panic!("reads again") };
    (session, (*report).clone())
}

/// Customers: start, new, reactivated, lost, end. Revenue: start, new, reactivation, expansion,
/// contraction, churned, end. Retention of customers, gross and net.
fn check(period: &PeriodReport, customers: [u64; 5], revenue: [f64; 7], rates: [f64; 3]) {
    let found = &period.customers;
    let counts = [found.start, found.new, found.reactivated, found.lost, found.end];
    assert_eq!(counts, customers.map(Some), "{}", period.period);
    let found = period.revenue.as_ref().unwrap();
    let sums = [
        found.start,
        found.new,
        found.reactivation,
        found.expansion,
        found.contraction,
        found.churned,
        found.end,
    ];
    assert_eq!(sums, revenue.map(Some), "{}", period.period);
    let figures = [
        &period.customer_retention_rate,
        &period.gross_revenue_retention,
        &period.net_revenue_retention,
    ];
    assert_eq!(figures.map(|figure| figure.value), rates.map(Some), "{}", period.period);
}

#[test]
fn the_month_and_its_segments_are_as_by_hand() {
    let (_, report) = read();
    let june = report.periods.last().unwrap();
    assert!(!june.partial);
    check(
        june,
        [6, 1, 1, 3, 5],
        [237.0, 7.0, 15.0, 25.0, 30.0, 37.0, 217.0],
        [3.0 / 6.0, 170.0 / 237.0, 195.0 / 237.0],
    );
    let segments = report.segments.as_ref().unwrap();
    let of = |name: &str| &segments.iter().find(|one| one.name == name).unwrap().latest;
    check(
        of("pro"),
        [2, 1, 0, 0, 3],
        [180.0, 7.0, 0.0, 0.0, 30.0, 0.0, 157.0],
        [1.0, 150.0 / 180.0, 150.0 / 180.0],
    );
    check(
        of("basic"),
        [4, 0, 1, 3, 2],
        [57.0, 0.0, 15.0, 25.0, 0.0, 37.0, 60.0],
        [1.0 / 4.0, 20.0 / 57.0, 45.0 / 57.0],
    );
    let share = |name: &str| {
        let one = segments.iter().find(|one| one.name == name).unwrap();
        (one.customer_share.value, one.revenue_share.value, one.average_revenue.value)
    };
    assert_eq!(share("pro"), (Some(3.0 / 5.0), Some(157.0 / 217.0), Some(157.0 / 3.0)));
    assert_eq!(share("basic"), (Some(2.0 / 5.0), Some(60.0 / 217.0), Some(60.0 / 2.0)));
}

#[test]
fn the_lost_and_their_reasons_are_as_by_hand() {
    let (session, report) = read();
    let windows = report.lost_by_reason.as_ref().unwrap();
    let of = |name: &str| -> Vec<(String, u64, Option<f64>)> {
        let window = windows.iter().find(|one| one.window == name).unwrap();
        let reasons = window.reasons.iter();
        reasons.map(|one| (one.reason.clone(), one.customers, one.revenue)).collect()
    };
    let named = |name: &str, n: u64, revenue: f64| (name.to_owned(), n, Some(revenue));
    let june =
        [named("support", 1, 14.0), named("too expensive", 1, 11.0), named("not stated", 1, 12.0)];
    assert_eq!(of("latest-period"), june);
    let all = [&june[..2], &[named("price", 1, 8.0)], &june[2..]].concat();
    assert_eq!(of("whole-file"), all);
    let customers = |set: CustomerSet| -> Vec<String> {
        let list = session.customers(&CustomerQuery::of(set)).unwrap();
        list.rows.into_iter().map(|row| row.customer).collect()
    };
    let lost = |reason: Option<&str>| {
        let reason = reason.map(str::to_owned);
        customers(CustomerSet::Reason { reason, window: LostWindow::WholeFile })
    };
    assert_eq!(lost(Some("price")), ["F"]);
    assert_eq!(lost(Some("support")), ["E"]);
    assert_eq!(lost(None), ["D"]);
    let period = |group| customers(CustomerSet::Period { period: "2024-06".to_owned(), group });
    assert_eq!(period(PeriodGroup::CameAndWent), ["F"]);
    assert_eq!(period(PeriodGroup::Reactivated), ["C"]);
}

#[test]
fn each_row_is_used_or_left_out_for_its_reason() {
    let (_, report) = read();
    let excluded: Vec<(&str, u64)> = report
        .input
        .notes
        .iter()
        .filter(|note| note.excludes)
        .map(|note| (note.code.as_str(), note.count))
        .collect();
    assert_eq!(excluded, [("end-before-start", 1), ("free-plan", 1)]);
    assert_eq!((report.input.rows.read, report.input.rows.used), (16, 14));
}
