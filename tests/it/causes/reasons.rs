//! Churn reasons: counted like the oracle, tied to the movements, added up like a published tree.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use retention_calculator::analysis::customers::{CustomerQuery, CustomerSet, LostWindow};
use retention_calculator::number::interval::wilson;
use retention_calculator::report::{LostCustomers, Report};
use retention_calculator::session::{AnalyzeOptions, Session};
use serde_json::Value;

use super::{bytes_of, cases, cents, report_of, session_on, under};
use crate::reading::read_with;

fn window<'a>(report: &'a Report, name: &str) -> &'a LostCustomers {
    let windows = report.lost_by_reason.as_ref().unwrap();
    windows.iter().find(|one| one.window == name).unwrap()
}

#[test]
fn customers_and_revenue_by_reason_are_those_of_the_oracle() {
    let cases = cases("reasons");
    assert_eq!(cases.len(), 4);
    for case in &cases {
        let report = report_of(case, AnalyzeOptions::default());
        let is = report.lost_by_reason.as_ref().unwrap();
        let should = case["windows"].as_array().unwrap();
        assert_eq!(is.len(), should.len(), "{}", case["file"]);
        for (is, should) in is.iter().zip(should) {
            check_window(is, should);
        }
        assert_eq!(report.reasons.as_ref(), Some(&is.last().unwrap().reasons));
    }
}

fn check_window(is: &LostCustomers, should: &Value) {
    assert_eq!(is.window, should["window"].as_str().unwrap());
    if is.window != "whole-file" {
        assert_eq!(is.from.as_deref(), should["from"].as_str());
    }
    assert_eq!(is.to.as_deref(), should["to"].as_str());
    let found: BTreeMap<&str, Vec<i64>> = is
        .reasons
        .iter()
        .map(|one| {
            let name = if one.stated { one.reason.as_str() } else { "" };
            let n = i64::try_from(one.customers).unwrap();
            (name, vec![n, cents(one.revenue.unwrap())])
        })
        .collect();
    let expected: BTreeMap<&str, Vec<i64>> = should["reasons"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, pair)| {
            let pair = pair.as_array().unwrap().iter().map(|one| one.as_i64().unwrap());
            (name.as_str(), pair.collect())
        })
        .collect();
    assert_eq!(found, expected, "{}", is.window);
    check_sums(is);
}

/// The parts are the whole, for customers to the last one and for revenue to the cent; each share is
/// that of its counts, with Wilson's interval.
fn check_sums(lost: &LostCustomers) {
    let all = lost.customers;
    for parts in [
        lost.reasons.iter().map(|one| (one.customers, one.revenue, &one.share)).collect(),
        lost.kinds.iter().map(|one| (one.customers, one.revenue, &one.share)).collect(),
        lost.groups.iter().map(|one| (one.customers, one.revenue, &one.share)).collect::<Vec<_>>(),
    ] {
        assert_eq!(parts.iter().map(|part| part.0).sum::<u64>(), all);
        let revenue: f64 = parts.iter().filter_map(|part| part.1).sum();
        assert_eq!(cents(revenue), cents(lost.revenue.unwrap()));
        if 0 < all {
            let shares: f64 = parts.iter().filter_map(|part| part.2.value).sum();
            assert!((shares - 1.0).abs() < 1e-12, "{shares}");
            for (customers, _, share) in parts {
                assert_eq!(share.value, Some(customers as f64 / all as f64));
                let (low, high) = wilson(customers, all, 0.95).unwrap();
                assert_eq!((share.low, share.high), (Some(low), Some(high)));
            }
        }
    }
    let money: Vec<f64> =
        lost.reasons.iter().filter(|one| one.stated).filter_map(|one| one.revenue).collect();
    assert!(money.is_sorted_by(|a, b| b <= a), "most revenue first");
}

/// The lost of a period and their revenue are those of its movements.
#[test]
fn the_lost_of_a_period_are_those_of_its_movements() {
    for as_of in ["2025-12-31", "2025-08-15", "2024-03-31"] {
        let options = AnalyzeOptions { as_of: Some(as_of.to_owned()), ..AnalyzeOptions::default() };
        let (_, report) = session_on(&bytes_of("www/public/samples/subscriptions.csv"), &options);
        let latest = report.periods.iter().rfind(|period| !period.partial).unwrap();
        let spans =
            [("latest-period", latest), ("trailing-year", report.trailing_year.as_ref().unwrap())];
        for (name, period) in spans {
            let lost = window(&report, name);
            assert_eq!(Some(lost.customers), period.customers.lost, "{as_of} {name}");
            let churned = period.revenue.as_ref().unwrap().churned.unwrap();
            assert_eq!(cents(lost.revenue.unwrap()), cents(churned), "{as_of} {name}");
        }
    }
}

/// Who is listed behind a reason is who is counted in it.
#[test]
fn the_customers_behind_a_reason_tie_to_it() {
    for file in ["subscriptions", "accounts"] {
        let bytes = bytes_of(&format!("www/public/samples/{file}.csv"));
        let (session, report) = session_on(&bytes, &AnalyzeOptions::default());
        for lost in report.lost_by_reason.as_ref().unwrap() {
            let window = match lost.window.as_str() {
                "latest-period" => LostWindow::LatestPeriod,
                "trailing-year" => LostWindow::TrailingYear,
                _ => LostWindow::WholeFile,
            };
            for one in &lost.reasons {
                let reason = one.stated.then(|| one.reason.clone());
                let list = listed(&session, CustomerSet::Reason { reason, window });
                assert_eq!(list.0, one.customers, "{file} {} {}", lost.window, one.reason);
                assert_eq!(list.1, cents(one.revenue.unwrap()), "{file} {}", one.reason);
            }
        }
    }
}

/// How many customers a set has, and what they lost in cents.
fn listed(session: &Session, set: CustomerSet) -> (u64, i64) {
    let list = session.customers(&CustomerQuery::of(set)).unwrap();
    (list.total, cents(list.lost.unwrap()))
}

#[test]
fn a_reason_that_is_not_in_the_file_is_an_error() {
    let bytes = bytes_of("www/public/samples/subscriptions.csv");
    let (session, _) = session_on(&bytes, &AnalyzeOptions::default());
    let set =
        CustomerSet::Reason { reason: Some("Because".to_owned()), window: LostWindow::WholeFile };
    let error = session.customers(&CustomerQuery::of(set)).unwrap_err();
    assert_eq!(error.code(), "unknown-reason");
}

/// The published tree of lost revenue: 2.1 M of those who chose to leave and 0.75 M of those who did
/// not are 2.85 M; each part once, and closures and acquisitions apart from failed payments.
#[test]
fn the_published_tree_adds_up() {
    let all: Value = serde_json::from_slice(&bytes_of("tests/cases/worked-examples.json")).unwrap();
    let tree = all["examples"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["id"] == "churned-arr-total")
        .unwrap();
    let words = BTreeMap::from([
        ("budget", ("Budget", "price")),
        ("product_gaps", ("Product gaps", "product")),
        ("competitor", ("Competitor", "competition")),
        ("low_usage", ("Low usage", "usage")),
        ("payment_failure", ("Payment failure", "payment")),
        ("company_closure", ("Company closure", "closure")),
        ("acquisition", ("Acquisition", "acquisition")),
    ]);
    let mut csv = "account_id,tenure_months,churned,mrr,churn_reason\n".to_owned();
    for kind in ["voluntary", "involuntary"] {
        for (name, amount) in tree["inputs"][kind].as_object().unwrap() {
            writeln!(csv, "{name},12,yes,{amount},{}", words[name.as_str()].0).unwrap();
        }
    }
    let (_, report) = session_on(csv.as_bytes(), &AnalyzeOptions::default());
    let lost = window(&report, "whole-file");
    let should = |name: &str| tree["expected"][name].as_f64().unwrap();
    assert_eq!(lost.revenue, Some(should("total")));
    let kind = |name: &str| lost.kinds.iter().find(|one| one.name == name).unwrap();
    let group = |name: &str| lost.groups.iter().find(|one| one.name == name).unwrap();
    for name in ["voluntary", "involuntary"] {
        assert_eq!(kind(name).revenue, Some(should(name)));
        let share = kind(name).revenue_share.value.unwrap();
        assert!((share - should(&format!("{name}_share"))).abs() < 1e-6);
    }
    assert_eq!(kind("unknown").customers, 0);
    for (group_name, share_name) in
        [("price", "budget_share"), ("payment", "payment_failure_share")]
    {
        let share = group(group_name).revenue_share.value.unwrap();
        assert!((share - should(share_name)).abs() < 1e-6);
    }
    assert_eq!(group("closure").revenue, Some(210_000.0));
    assert_eq!(group("acquisition").revenue, Some(120_000.0));
    let mut groups: Vec<&str> = lost.groups.iter().map(|one| one.name.as_str()).collect();
    groups.sort_unstable();
    let mut expected: Vec<&str> = words.values().map(|word| word.1).collect();
    expected.sort_unstable();
    assert_eq!(groups, expected);
}

/// What the reader says of a reason counts, without the file being read again, and can be taken back.
#[test]
fn a_reason_means_what_the_reader_says() {
    let bytes = bytes_of("www/public/samples/subscriptions.csv");
    let (mut session, before) = session_on(&bytes, &AnalyzeOptions::default());
    let kind_of = |report: &Report, reason: &str| {
        let reasons = report.reasons.as_ref().unwrap();
        let one = reasons.iter().find(|one| one.reason == reason).unwrap();
        (one.kind.clone(), one.group.clone(), one.chosen)
    };
    let told = |kind: &str, group: &str, chosen| (kind.to_owned(), group.to_owned(), chosen);
    assert_eq!(kind_of(&before, "Company closed"), told("involuntary", "closure", false));
    let chosen = BTreeMap::from([("Company closed".to_owned(), "voluntary".to_owned())]);
    let options = AnalyzeOptions { reason_kinds: chosen, ..AnalyzeOptions::default() };
    let after = under(&mut session, &options);
    assert_eq!(kind_of(&after, "Company closed"), told("voluntary", "closure", true));
    assert_eq!(kind_of(&after, "Payment failed"), told("involuntary", "payment", false));
    let of = |report: &Report, name: &str| {
        let kinds = &window(report, "whole-file").kinds;
        kinds.iter().find(|one| one.name == name).unwrap().customers
    };
    let closed = before.reasons.as_ref().unwrap().iter().find(|one| one.reason == "Company closed");
    let closed = closed.unwrap().customers;
    assert_eq!(of(&after, "voluntary"), of(&before, "voluntary") + closed);
    assert_eq!(of(&after, "involuntary"), of(&before, "involuntary") - closed);
    assert_eq!(under(&mut session, &AnalyzeOptions::default()).reasons, before.reasons);

    let wrong = BTreeMap::from([("x".to_owned(), "maybe".to_owned())]);
    let options = AnalyzeOptions { reason_kinds: wrong, ..AnalyzeOptions::default() };
    assert_eq!(Session::new(&options).unwrap_err().code(), "invalid-option");
}

/// Of rows that end on the customer's last day the one that paid most gives the reason; one that
/// ended before does not, and who returns has not left.
#[test]
fn the_reason_is_that_of_the_last_day() {
    let csv = "customer,start,end,mrr,reason\n\
               A,2024-01-01,2024-02-10,90,too_expensive\n\
               A,2024-01-01,2024-03-10,10,payment_failed\n\
               A,2024-01-01,2024-03-10,20,unused\n\
               B,2024-01-01,2024-03-05,30,\n\
               C,2024-01-01,2024-02-05,40,too_complex\n\
               C,2024-03-20,,40,\n\
               D,2024-01-01,,50,\n";
    let options =
        AnalyzeOptions { as_of: Some("2024-03-31".to_owned()), ..AnalyzeOptions::default() };
    let (_, report) = session_on(csv.as_bytes(), &options);
    let of = |name: &str| {
        let lost = window(&report, name);
        let told = lost.reasons.iter().map(|one| {
            (one.reason.as_str(), one.kind.as_str(), one.customers, one.revenue.unwrap())
        });
        told.collect::<Vec<_>>()
    };
    let expected = [("unused", "voluntary", 1, 30.0), ("not stated", "unknown", 1, 30.0)];
    assert_eq!(of("latest-period"), expected);
    assert_eq!(of("whole-file"), expected);
}

#[test]
fn without_reasons_there_is_no_list() {
    for file in ["transactions", "mrr-wide", "periods"] {
        let bytes = bytes_of(&format!("www/public/samples/{file}.csv"));
        let (_, report) = session_on(&bytes, &AnalyzeOptions::default());
        assert!(report.reasons.is_none() && report.lost_by_reason.is_none(), "{file}");
    }
    let csv = "customer,start,end,mrr,reason\nA,2024-01-01,2024-02-10,90,\nB,2024-01-01,,10,\n";
    let (_, report) = session_on(csv.as_bytes(), &AnalyzeOptions::default());
    assert!(report.reasons.is_none());
}

#[test]
fn shares_of_revenue_have_the_intervals_of_the_oracle() {
    let all: Value = serde_json::from_slice(&bytes_of("tests/cases/revenue-shares.json")).unwrap();
    for case in all["cases"].as_array().unwrap() {
        let mut csv = "customer,start,end,mrr,reason\nstays,2024-01-01,,5.00,\n".to_owned();
        for (place, lost) in case["lost"].as_array().unwrap().iter().enumerate() {
            let (reason, amount) = (lost[0].as_str().unwrap(), lost[1].as_f64().unwrap());
            let _ = writeln!(csv, "c{place},2024-01-01,2024-02-10,{amount:.2},because {reason}");
        }
        let confidence = case["confidence"].as_f64();
        let options = AnalyzeOptions { confidence, ..AnalyzeOptions::default() };
        let reasons = read_with(csv.as_bytes(), &options).unwrap().reasons.unwrap();
        let shares = case["shares"].as_object().unwrap();
        assert_eq!(reasons.len(), shares.len());
        for (reason, expected) in shares {
            let name = format!("because {reason}");
            let found = reasons.iter().find(|one| one.reason == name).unwrap();
            let figure = &found.revenue_share;
            let ends = [figure.value, figure.low, figure.high].map(Option::unwrap);
            let interval = &expected["interval"];
            for (own, other) in ends.iter().zip([&expected["share"], &interval[0], &interval[1]]) {
                assert!((own - other.as_f64().unwrap()).abs() < 1e-9, "{case} {reason}: {own}");
            }
            assert_eq!(figure.n, case["lost"].as_array().map(|lost| lost.len() as u64));
        }
    }
}
