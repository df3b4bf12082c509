//! Purchases to come of a file of orders: the published numbers of CDNOW through the whole of the core,
//! and lifetimes by segment.

#![expect(clippy::cast_precision_loss, reason = "counts of a test are small")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use retention_calculator::analysis::outlook::{OutlookModel, OutlookSort};
use retention_calculator::report::Report;
use retention_calculator::session::{AnalyzeOptions, Outcome, Outlook, OutlookQuery, Session};
use retention_calculator::survival::{RiskTable, log_rank, proportional_hazards};

fn read(csv: &str, as_of: Option<&str>) -> (Session, Report) {
    read_with(csv, &AnalyzeOptions { as_of: as_of.map(str::to_owned), ..Default::default() })
}

fn read_with(csv: &str, options: &AnalyzeOptions) -> (Session, Report) {
    let mut session = Session::new(options).unwrap();
    session.push(csv.as_bytes()).unwrap();
    match session.finish().unwrap() {
        Outcome::Report { report } => (session, Report::clone(&report)),
        other @ Outcome::ReadAgain { .. } => panic!("{other:?}"),
    }
}

/// The sample of a tenth, with free orders as one cent: the published summary counts them.
fn cdnow() -> String {
    let text = include_str!("../corpora/lifetimes_CDNOW_sample.txt");
    let mut csv = String::from("customer,date,amount\n");
    for line in text.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (year, rest) = fields[2].split_at(4);
        let (month, day) = rest.split_at(2);
        let dollars: f64 = fields[4].parse().unwrap();
        writeln!(csv, "{},{year}-{month}-{day},{:.2}", fields[1], dollars.max(0.01)).unwrap();
    }
    csv
}

fn asked(horizon_days: f64) -> OutlookQuery {
    OutlookQuery {
        model: OutlookModel::BgNbd,
        horizon_days,
        search: String::new(),
        sort: OutlookSort::Expected,
        descending: true,
        offset: 0,
        limit: 3000,
    }
}

#[track_caller]
fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found}, expected {expected}");
}

#[test]
fn cdnow_is_what_was_published_from_the_file_on() {
    let (mut session, _) = read(&cdnow(), Some("1997-09-30"));
    let found = session.outlook(&asked(273.0)).unwrap();
    assert!(found.fit.converged);
    assert_eq!((found.customers, found.repeat_customers, found.fitted_to), (2357, 946, 2357));
    // Fader, Hardie and Lee (2005) in weeks, here in days; recomputed to more digits.
    for (name, expected) in [
        ("r", 0.242_594_519),
        ("alpha", 7.0 * 4.413_601_901),
        ("a", 0.792_922_085),
        ("b", 2.425_906_981),
    ] {
        close(found.fit.parameters[name], expected, 1e-6 * expected);
    }
    close(found.fit.log_likelihood, -14_363.530_442_903, 1e-5);
    // The 39 weeks after: 1,653 expected of all; 0.813 of them alive in the mean.
    close(found.purchases, 1653.4, 0.1);
    close(found.alive / 2357.0, 0.813_44, 1e-5);
    // Gamma–Gamma: a mean of 35.17 a purchase.
    close(found.mean_amount.unwrap(), 35.17, 0.01);
    assert_eq!(found.total, 2357);
    // All rows together are the totals, and each value is amount times purchases.
    let sum = |of: fn(&retention_calculator::analysis::outlook::OutlookCustomer) -> f64| -> f64 {
        found.rows.iter().map(of).sum()
    };
    close(sum(|row| row.alive), found.alive, 1e-8);
    close(sum(|row| row.expected_purchases), found.purchases, 1e-8);
    close(sum(|row| row.expected_value.unwrap()), found.value.unwrap(), 1e-6);
    // The customer of the paper: two repeat purchases, the last in week 30.43 of 38.86.
    let first = found.rows.iter().find(|row| row.customer == "0001").unwrap();
    assert_eq!(
        (first.purchases.to_bits(), first.last_day.as_str()),
        (3.0_f64.to_bits(), "1997-08-02")
    );
    close(first.expected_purchases, 1.226, 5e-4);
    close(first.alive, 0.7266, 5e-4);
    close(first.average.unwrap(), 22.345, 1e-9);
    close(first.expected_value.unwrap(), 1.226 * 24.66, 0.03);
    // In the order asked for.
    assert!(
        found.rows.windows(2).all(|two| two[1].expected_purchases <= two[0].expected_purchases)
    );

    // The modified model and the Pareto/NBD model, as recomputed and as published.
    let of_model = |session: &mut Session, model| {
        session.outlook(&OutlookQuery { model, ..asked(273.0) }).unwrap()
    };
    let modified = of_model(&mut session, OutlookModel::MbgNbd);
    close(modified.fit.parameters["r"], 0.524_84, 1e-4);
    close(modified.fit.parameters["alpha"] / 7.0, 6.183, 1e-3);
    let pareto = of_model(&mut session, OutlookModel::ParetoNbd);
    close(pareto.fit.parameters["s"], 0.606, 5e-4);
    close(pareto.fit.parameters["beta"] / 7.0, 11.669, 5e-3);
}

#[test]
fn the_check_is_the_forecast_of_the_day_it_was_made_for() {
    let csv = cdnow();
    let (mut session, _) = read(&csv, Some("1998-06-30"));
    let found = session.outlook(&asked(150.0)).unwrap();
    let check = found.check.unwrap();
    assert_eq!((check.until.as_str(), check.days.to_bits()), ("1998-01-31", 150.0_f64.to_bits()));
    let (mut earlier, _) = read(&csv, Some("1998-01-31"));
    let then = earlier.outlook(&asked(150.0)).unwrap();
    close(check.expected, then.purchases, 1e-6);
    assert_eq!(check.customers, then.customers);
    // What they bought: days with an order behind the last day fitted, counted by hand.
    let mut days: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in csv.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        days.entry(fields[0]).or_default().push(fields[1]);
    }
    let mut actual = 0;
    for bought in days.values_mut() {
        bought.sort_unstable();
        bought.dedup();
        if bought.first().is_some_and(|first| *first <= "1998-01-31") {
            actual += bought.iter().filter(|day| **day > "1998-01-31").count();
        }
    }
    close(check.actual, actual as f64, 0.0);
    close(check.error, check.expected / check.actual - 1.0, 1e-12);
    // No more than a third of the days is held out: 545 days.
    let far = session.outlook(&asked(3000.0)).unwrap().check.unwrap();
    assert_eq!(far.days.to_bits(), 181.0_f64.to_bits());
}

#[test]
fn a_page_of_the_customers_is_a_part_of_all() {
    let (mut session, _) = read(&cdnow(), Some("1997-09-30"));
    let all = session.outlook(&asked(91.0)).unwrap();
    let page = session.outlook(&OutlookQuery { offset: 10, limit: 5, ..asked(91.0) }).unwrap();
    assert_eq!(page.rows, all.rows[10..15]);
    assert_eq!((page.total, page.purchases.to_bits()), (2357, all.purchases.to_bits()));
    let some = session.outlook(&OutlookQuery { search: "123".to_owned(), ..asked(91.0) }).unwrap();
    assert_eq!(some.total, some.rows.len() as u64);
    assert!(some.rows.iter().all(|row| row.customer.contains("123")) && !some.rows.is_empty());
    for sort in [
        OutlookSort::Alive,
        OutlookSort::Purchases,
        OutlookSort::LastDay,
        OutlookSort::Customer,
        OutlookSort::Value,
    ] {
        for descending in [false, true] {
            let Outlook { rows, .. } = session
                .outlook(&OutlookQuery { sort, descending, limit: 40, ..asked(91.0) })
                .unwrap();
            let sorted = rows.windows(2).all(|two| {
                let (one, other) = if descending { (&two[1], &two[0]) } else { (&two[0], &two[1]) };
                match sort {
                    OutlookSort::Alive => one.alive <= other.alive,
                    OutlookSort::Purchases => one.purchases <= other.purchases,
                    OutlookSort::LastDay => one.last_day <= other.last_day,
                    OutlookSort::Customer => one.customer <= other.customer,
                    _ => one.expected_value <= other.expected_value,
                }
            });
            assert!(sorted && rows.len() == 40, "{sort:?} {descending}");
        }
    }
}

#[test]
fn what_has_no_purchases_to_come_says_why() {
    let code = |csv: &str, query: &OutlookQuery| {
        let shape = csv.starts_with("customer,date").then(|| "transactions".to_owned());
        let options = AnalyzeOptions { shape, ..Default::default() };
        read_with(csv, &options).0.outlook(query).unwrap_err().code().to_owned()
    };
    let subscriptions =
        "customer,start,end,mrr\nA,2024-01-01,,10.00\nB,2024-01-01,2024-03-15,5.00\n";
    assert_eq!(code(subscriptions, &asked(91.0)), "no-orders");
    let once = "customer,date,amount\nA,2024-01-01,10.00\nB,2024-02-01,5.00\nC,2024-02-09,5.00\n";
    assert_eq!(code(once, &asked(91.0)), "no-repeat-purchases");
    for days in [0.0, -1.0, f64::NAN, 1e9] {
        assert_eq!(code(once, &asked(days)), "horizon-out-of-range");
    }
    // Two orders of one day are one purchase, and what is given back is none.
    let day = "customer,date,amount\nA,2024-01-01,10.00\nA,2024-01-01,7.00\nA,2024-02-01,-7.00\nB,2024-02-01,5.00\n";
    assert_eq!(code(day, &asked(91.0)), "no-repeat-purchases");
}

#[test]
fn segments_are_compared_by_the_lives_of_those_who_began_in_them() {
    let text = include_str!("../../www/public/samples/subscriptions.csv");
    let (session, report) = read(text, None);
    let found = session.lifetimes().unwrap().unwrap();
    // Every customer is of one segment, and each loss is in one.
    let survival = report.survival.unwrap();
    let sum = |of: fn(&retention_calculator::report::SegmentLifetime) -> u64| -> u64 {
        found.segments.iter().map(of).sum()
    };
    assert_eq!(Some(sum(|one| one.customers)), survival.rmst.n);
    assert_eq!(sum(|one| one.lost), survival.events.iter().sum::<u64>());
    let expected: f64 = found.segments.iter().map(|one| one.expected_lost).sum();
    close(expected, sum(|one| one.lost) as f64, 1e-9);
    assert_eq!(found.columns, report.segmentation.unwrap().columns);
    assert!(found.segments.windows(2).all(|two| two[1].customers <= two[0].customers));

    // By hand: A and B began on Basic and C and D on Pro; A moved to Pro and stayed, and counts where
    // it began, not where staying brought it.
    let csv = "customer,plan,start,end,mrr\n\
        A,Basic,2024-01-01,2024-01-31,10\nA,Pro,2024-01-31,,20\n\
        B,Basic,2024-01-01,2024-02-10,10\n\
        C,Pro,2024-01-01,2024-01-21,20\nD,Pro,2024-01-01,2024-03-01,20\n\
        E,Basic,2024-02-20,,10\n";
    let (session, _) = read(csv, Some("2024-03-31"));
    let found = session.lifetimes().unwrap().unwrap();
    let [basic, pro] = &found.segments[..] else { panic!("{found:?}") };
    assert_eq!((basic.name.as_str(), basic.customers, basic.lost), ("Basic", 3, 1));
    assert_eq!((pro.name.as_str(), pro.customers, pro.lost), ("Pro", 2, 2));
    assert_eq!((&basic.timeline[..], &pro.timeline[..]), (&[40.0][..], &[20.0, 60.0][..]));
    let of_basic =
        RiskTable::from_durations(&[90.0, 40.0, 40.0], &[false, true, false], None).unwrap();
    let of_pro = RiskTable::from_durations(&[20.0, 60.0], &[true, true], None).unwrap();
    let by_hand = log_rank(&[&of_basic, &of_pro]).unwrap().test.unwrap();
    assert_eq!(found.test.as_ref().unwrap().statistic.to_bits(), by_hand.statistic.to_bits());
    let ratios = proportional_hazards(&[&of_basic, &of_pro], 0, 0.95).unwrap();
    assert_eq!((&pro.hazard_ratio, found.reference.as_deref()), (&ratios[1], Some("Basic")));
    assert_eq!(found.horizon, Some(60.0));

    // Accounts have lifetimes, too; orders have none, and so has a file without segments.
    let accounts = include_str!("../../www/public/samples/accounts.csv");
    let (session, report) = read(accounts, None);
    let found = session.lifetimes().unwrap().unwrap();
    let customers: u64 = found.segments.iter().map(|one| one.customers).sum();
    assert_eq!(Some(customers), report.survival.unwrap().rmst.n);
    let orders = include_str!("../../www/public/samples/transactions.csv");
    assert_eq!(read(orders, None).0.lifetimes().unwrap(), None);
    let plain = "customer,start,end,mrr\nA,2024-01-01,,10.00\nB,2024-01-01,2024-03-15,5.00\n";
    assert_eq!(read(plain, None).0.lifetimes().unwrap(), None);
}

#[test]
fn many_segments_are_a_dozen_at_the_most() {
    let mut csv = String::from("customer,region,start,end,mrr\n");
    for customer in 0..90 {
        // Region 0 has the most customers; the last ones have one each.
        let region = if customer < 30 { customer % 3 } else { customer % 30 };
        let (day, month) = (1 + customer % 28, 3 + customer % 4);
        writeln!(csv, "c{customer},r{region:02},2024-01-{day:02},2024-{month:02}-{day:02},10")
            .unwrap();
    }
    let options = AnalyzeOptions { segment_by: Some("region".into()), ..Default::default() };
    let (session, _) = read_with(&csv, &options);
    let found = session.lifetimes().unwrap().unwrap();
    assert_eq!((found.segments.len(), found.pooled), (12, 19));
    let rest = found.segments.last().unwrap();
    assert!(rest.values.is_empty());
    assert_eq!(found.segments.iter().map(|one| one.customers).sum::<u64>(), 90);
    assert_eq!(found.test.unwrap().degrees_of_freedom, 11);
}
