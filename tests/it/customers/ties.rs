//! Counts and sums of every group of every period and cohort tie to the report, whatever the file.

use proptest::prelude::*;
use retention_calculator::analysis::customers::{
    CohortGroup, CustomerList, CustomerRow, CustomerSet, MovementClass, PeriodGroup, RenewedGroup,
};
use retention_calculator::calendar::Granularity;
use retention_calculator::number::Figure;
use retention_calculator::report::{PeriodReport, Report};
use retention_calculator::session::{AnalyzeOptions, Session};

use super::{cohort, period, read, whole};

/// Major units with two decimals as whole cents.
fn cents(amount: f64) -> i64 {
    format!("{:.0}", amount * 100.0).parse().unwrap()
}

fn sum(rows: &[CustomerRow], of: impl Fn(&CustomerRow) -> Option<f64>) -> i64 {
    rows.iter().filter_map(of).map(cents).sum()
}

/// The sums of a list are those of its rows, and each row agrees with itself.
fn check_list(list: &CustomerList) {
    assert_eq!(list.total, list.rows.len() as u64);
    assert_eq!(list.members, list.total);
    let rows = &list.rows;
    let sums = [
        (list.then, sum(rows, |row| row.then)),
        (list.now, sum(rows, |row| row.now)),
        (list.change, sum(rows, |row| row.change)),
        (list.gained, sum(rows, |row| row.change.map(|change| change.max(0.0)))),
        (list.lost, sum(rows, |row| row.change.map(|change| (-change).max(0.0)))),
    ];
    for (of_list, of_rows) in sums {
        if let Some(of_list) = of_list {
            assert_eq!(cents(of_list), of_rows);
        }
    }
    let changes: Vec<f64> = rows.iter().filter_map(|row| row.change).collect();
    assert!(changes.is_sorted(), "by change");
    for row in rows {
        if let (Some(first), Some(last)) = (&row.first_day, &row.last_day) {
            assert!(first <= last, "{row:?}");
        }
        let (then, now) = (row.then.unwrap_or(0.0), row.now.unwrap_or(0.0));
        match row.movement {
            MovementClass::Expanded => assert!(then < now, "{row:?}"),
            MovementClass::Contracted => assert!(now < then, "{row:?}"),
            MovementClass::Retained => assert_eq!(cents(then), cents(now), "{row:?}"),
            _ => {}
        }
    }
}

fn group(session: &Session, label: &str, group: PeriodGroup) -> CustomerList {
    let list = whole(session, period(label, group));
    check_list(&list);
    list
}

/// What a figure was worked out from.
fn input(figure: &Figure, name: &str) -> Option<i64> {
    figure.inputs.get(name).copied().map(cents)
}

fn check_period(session: &Session, label: &str, report: &PeriodReport) {
    let list = |of| group(session, label, of);
    let customers = &report.customers;
    let (start, end) = (list(PeriodGroup::Start), list(PeriodGroup::End));
    let (churned, new) = (list(PeriodGroup::Lost), list(PeriodGroup::New));
    let reactivated = list(PeriodGroup::Reactivated);
    let (expanded, contracted) = (list(PeriodGroup::Expanded), list(PeriodGroup::Contracted));
    let (retained, between) = (list(PeriodGroup::Retained), list(PeriodGroup::CameAndWent));
    assert_eq!(Some(start.total), customers.start, "start of {label}");
    assert_eq!(Some(end.total), customers.end, "end of {label}");
    assert_eq!(Some(churned.total), customers.lost, "lost in {label}");
    assert_eq!(new.total, customers.new.unwrap_or(0), "new in {label}");
    assert_eq!(reactivated.total, customers.reactivated.unwrap_or(0), "back in {label}");
    assert_eq!(retained.total, start.total - churned.total, "stayed in {label}");
    if let Some(came_and_went) = customers.came_and_went {
        assert_eq!(between.total, came_and_went, "between in {label}");
    }
    let Some(revenue) = &report.revenue else {
        assert_eq!((start.then, start.rows.first().and_then(|row| row.then)), (None, None));
        return;
    };
    let money = |amount: Option<f64>| cents(amount.unwrap_or(0.0));
    let beside = |list: &CustomerList| cents(list.beside.map_or(0.0, |beside| beside.revenue));
    assert_eq!(money(start.then) + beside(&start), money(revenue.start), "start of {label}");
    assert_eq!(money(end.now) + beside(&end), money(revenue.end), "end of {label}");
    assert_eq!(money(churned.lost), money(revenue.churned), "churned in {label}");
    assert_eq!(money(new.gained), money(revenue.new), "new in {label}");
    assert_eq!(money(reactivated.gained), money(revenue.reactivation), "back in {label}");
    assert_eq!(money(expanded.gained), money(revenue.expansion), "expansion in {label}");
    assert_eq!(money(contracted.lost), money(revenue.contraction), "contraction in {label}");
    assert_eq!((money(expanded.lost), money(contracted.gained)), (0, 0), "one way in {label}");
    check_rates(session, label, report, &churned);
}

/// The rates look at the customers active at the start alone.
fn check_rates(session: &Session, label: &str, report: &PeriodReport, lost: &CustomerList) {
    let net = &report.net_revenue_retention;
    if net.why.is_some() {
        return;
    }
    let money = |amount: Option<f64>| Some(cents(amount.unwrap_or(0.0)));
    let start = group(session, label, PeriodGroup::Start);
    let more = group(session, label, PeriodGroup::ExpandedOfStart);
    let less = group(session, label, PeriodGroup::ContractedOfStart);
    assert_eq!(money(start.then), input(net, "start"), "start of the rate of {label}");
    assert_eq!(money(more.gained), input(net, "expansion"), "expansion of the rate of {label}");
    assert_eq!(money(less.lost), input(net, "contraction"), "contraction of the rate of {label}");
    assert_eq!(money(lost.lost), input(net, "churned"), "churn of the rate of {label}");
}

fn check_cohorts(session: &Session, report: &Report) {
    for row in report.cohorts.iter().flat_map(|cohorts| &cohorts.rows) {
        for (age, active) in row.customers.iter().enumerate() {
            let Some(n_active) = active else { continue };
            let list = |of| {
                let list = whole(session, cohort(&row.cohort, age, of));
                check_list(&list);
                list
            };
            let (all, active, gone) =
                (list(CohortGroup::All), list(CohortGroup::Active), list(CohortGroup::Gone));
            assert_eq!((all.total, active.total), (row.size, *n_active), "{} {age}", row.cohort);
            assert_eq!(gone.total, row.size - n_active);
            if let Some(revenue) = row.revenue[age] {
                let beside = active.beside.map_or(0.0, |beside| beside.revenue);
                assert_eq!(cents(all.now.unwrap()), cents(revenue), "{} {age}", row.cohort);
                assert_eq!(cents(active.now.unwrap()) + cents(beside), cents(revenue));
            }
        }
        let n_ages = row.customers.iter().flatten().count();
        let beyond = cohort(&row.cohort, n_ages, CohortGroup::All);
        let query = retention_calculator::analysis::customers::CustomerQuery::of(beyond);
        assert_eq!(session.customers(&query).unwrap_err().code(), "unknown-age");
    }
}

/// Each step of the survival curve is as many customers as left then.
fn check_curve(session: &Session, report: &Report) {
    let Some(survival) = &report.survival else { return };
    for (&duration, &n_lost) in survival.timeline.iter().zip(&survival.events) {
        let list = whole(session, CustomerSet::Lifetime { duration });
        check_list(&list);
        assert_eq!(list.total, n_lost, "after {duration}");
        assert_eq!(list.lifetime_unit, survival.unit);
    }
}

/// Who could renew, and who did and did not, in each span that has a renewal rate; and what is due.
fn check_renewals(session: &Session, report: &Report) {
    let Some(outlook) = &report.renewal_outlook else { return };
    for rate in outlook.rates.iter().filter(|rate| rate.renewal_rate.value.is_some()) {
        let list = |group| {
            let list = whole(session, CustomerSet::Renewed { period: rate.period.clone(), group });
            check_list(&list);
            i64::try_from(list.total * 100).ok()
        };
        let (due, renewed) = (list(RenewedGroup::Due), list(RenewedGroup::Renewed));
        assert_eq!(due, input(&rate.renewal_rate, "start"), "due in {}", rate.period);
        assert_eq!(renewed, input(&rate.renewal_rate, "end"), "renewed in {}", rate.period);
        assert_eq!(list(RenewedGroup::Lapsed), due.zip(renewed).map(|(all, stayed)| all - stayed));
    }
    for window in &outlook.windows {
        for one in &window.levels {
            let (within_days, level) = (window.days, Some(one.level.clone()));
            let list = whole(session, CustomerSet::Renewal { within_days, level });
            assert_eq!(list.total, one.customers, "due in {} days", window.days);
            assert_eq!(list.due.map(cents), one.revenue.map(cents), "in {} days", window.days);
        }
    }
}

/// The spans that the report names beside its periods and the trailing year.
fn beside_the_periods(report: &Report) -> impl Iterator<Item = &PeriodReport> {
    let of_bridges = report.bridges.iter().flat_map(|bridge| [&bridge.before, &bridge.after]);
    report.year_before.iter().chain(of_bridges)
}

/// Everything that a report counts from customers, against their lists.
pub(super) fn check(session: &Session, report: &Report) {
    for one in &report.periods {
        check_period(session, &one.period, one);
    }
    if let Some(year) = &report.trailing_year {
        check_period(session, "trailing-year", year);
        check_period(session, &year.period, year);
    }
    for one in beside_the_periods(report) {
        check_period(session, &one.period, one);
    }
    check_renewals(session, report);
    check_cohorts(session, report);
    check_curve(session, report);
    let all = whole(session, CustomerSet::All);
    check_list(&all);
    if let Some(cohorts) = &report.cohorts {
        let n_began: u64 = cohorts.rows.iter().map(|row| row.size).sum();
        let n_refunds_only = all.rows.iter().filter(|row| row.purchases == Some(0)).count();
        assert_eq!(all.total, n_began + n_refunds_only as u64);
    }
}

fn options() -> impl Strategy<Value = AnalyzeOptions> {
    let lengths =
        prop::sample::select(vec![Granularity::Month, Granularity::Quarter, Granularity::Year]);
    let days = prop::sample::select(vec![None, Some("2024-02-29"), Some("2024-08-15")]);
    (lengths, days).prop_map(|(granularity, as_of)| AnalyzeOptions {
        granularity: Some(granularity),
        as_of: as_of.map(str::to_owned),
        ..AnalyzeOptions::default()
    })
}

/// A day of two years.
fn day() -> impl Strategy<Value = String> {
    (2023..2025_i32, 1..13_u32, 1..29_u32).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}"))
}

/// Files of each shape that has customers: few of them, so that they meet.
fn files() -> impl Strategy<Value = String> {
    let money = (0..900_i64, 0..100_i64).prop_map(|(whole, part)| format!("{whole}.{part:02}"));
    let signed = (-400..900_i64, 0..100_i64).prop_map(|(whole, part)| format!("{whole}.{part:02}"));
    let subscription = (0..8_u32, day(), prop::option::of(day()), money.clone()).prop_map(
        |(customer, start, end, mrr)| {
            format!("C{customer},{start},{},{mrr}\n", end.unwrap_or_default())
        },
    );
    let interval = prop::sample::select(vec!["month", "quarter", "year", "week", ""]);
    let term = (0..8_u32, day(), prop::option::of(day()), money.clone(), interval).prop_map(
        |(customer, start, end, amount, interval)| {
            format!("C{customer},{start},{},{amount},{interval}\n", end.unwrap_or_default())
        },
    );
    let renewing = (0..8_u32, day(), money.clone(), prop::option::of(day()), 0..3_usize).prop_map(
        |(customer, start, mrr, renewal, risk)| {
            let risk = ["low", "high", ""][risk];
            format!("C{customer},{start},{mrr},{},{risk}\n", renewal.unwrap_or_default())
        },
    );
    let order = (0..8_u32, day(), signed)
        .prop_map(|(customer, day, amount)| format!("C{customer},{day},{amount}\n"));
    let cell = (0..8_u32, 2023..2025_i32, 1..13_u32, money.clone())
        .prop_map(|(customer, year, month, mrr)| format!("C{customer},{year}-{month:02},{mrr}\n"));
    let account = (1..70_u32, any::<bool>(), money).prop_map(|(tenure, churned, amount)| {
        format!("{tenure},{},{amount}\n", if churned { "Yes" } else { "No" })
    });
    let table = |header: &'static str, rows: BoxedStrategy<String>| {
        prop::collection::vec(rows, 1..40)
            .prop_map(move |rows| format!("{header}\n{}", rows.concat()))
            .boxed()
    };
    prop_oneof![
        table("customer,start,end,mrr", subscription.boxed()),
        table("customer,start,end,amount,interval", term.boxed()),
        table("customer,start,mrr,renewal_date,risk_level", renewing.boxed()),
        table("customer,date,amount", order.boxed()),
        table("customer,month,mrr", cell.boxed()),
        prop::collection::vec(account, 1..20).prop_map(|rows| {
            let rows: Vec<String> =
                rows.iter().enumerate().map(|(at, row)| format!("C{at},{row}")).collect();
            format!("customer,tenure,churned,amount\n{}", rows.concat())
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lists_tie_to_the_report(file in files(), options in options()) {
        let mut session = Session::new(&options).unwrap();
        let read = loop {
            if session.push(file.as_bytes()).is_err() {
                break None;
            }
            match session.finish() {
                Ok(retention_calculator::session::Outcome::Report { report }) => break Some(report),
                Ok(_) => {}
                Err(_) => break None,
            }
        };
        if let Some(report) = read {
            check(&session, &report);
        }
    }
}

#[test]
fn lists_tie_to_the_report_on_samples_of_every_shape() {
    for name in ["subscriptions", "mrr-long", "mrr-wide", "transactions", "accounts"] {
        for granularity in [Granularity::Month, Granularity::Quarter, Granularity::Year] {
            let path = format!("{}/www/public/samples/{name}.csv", env!("CARGO_MANIFEST_DIR"));
            let options =
                AnalyzeOptions { granularity: Some(granularity), ..AnalyzeOptions::default() };
            let (session, mut report) = read(&std::fs::read(path).unwrap(), &options);
            // Each cell of a triangle of two years asks three times: the oldest cohorts are enough.
            if let Some(cohorts) = &mut report.cohorts {
                cohorts.rows.truncate(2);
                let n_began: u64 = cohorts.rows.iter().map(|row| row.size).sum();
                assert!(0 < n_began, "{name}");
            }
            for one in &report.periods {
                check_period(&session, &one.period, one);
            }
            if let Some(year) = &report.trailing_year {
                check_period(&session, "trailing-year", year);
            }
            for one in beside_the_periods(&report) {
                check_period(&session, &one.period, one);
            }
            check_renewals(&session, &report);
            check_cohorts(&session, &report);
            check_curve(&session, &report);
        }
    }
}

#[test]
fn the_day_counted_up_to_can_change_without_reading_again() {
    let file = "customer,start,end,mrr\nA,2024-01-01,,10\nB,2024-01-15,2024-03-10,5\n";
    let (mut session, _) = read(file.as_bytes(), &AnalyzeOptions::default());
    let options = AnalyzeOptions {
        as_of: Some("2024-02-29".to_owned()),
        granularity: Some(Granularity::Quarter),
        ..AnalyzeOptions::default()
    };
    session.reanalyze(&options).unwrap();
    let list = whole(&session, period("2024-Q1", PeriodGroup::End));
    assert_eq!(list.total, 2, "B leaves later");
    assert_eq!(list.rows[0].last_day, None);
    let gone = session.customers(&retention_calculator::analysis::customers::CustomerQuery::of(
        period("2024-03", PeriodGroup::Lost),
    ));
    assert_eq!(gone.unwrap_err().code(), "unknown-period");
}
