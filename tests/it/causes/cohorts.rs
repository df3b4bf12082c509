//! The table of cohorts: every cell and every mean under every way to count.

use std::fmt::Write as _;

use retention_calculator::analysis::customers::{CohortGroup, CustomerQuery, CustomerSet};
use retention_calculator::analysis::{
    CohortCounting, CohortOptions, Levels, Periods, cohorts, purchase_cohorts,
};
use retention_calculator::calendar::{Day, Granularity};
use retention_calculator::ledger::{Purchase, Purchases, Recurring, Spell};
use retention_calculator::report::{CohortRow, Cohorts, Report};
use retention_calculator::session::{AnalyzeOptions, CohortChoice};
use serde_json::Value;

use super::{
    assert_linearized, assert_share, bytes_of, cases, cents, report_of, session_on, under,
};

fn choice_of(case: &Value, counting: &str) -> CohortChoice {
    let days = case["days"].as_u64().map(|days| u16::try_from(days).unwrap());
    CohortChoice {
        granularity: serde_json::from_value(case["granularity"].clone()).unwrap(),
        clock: Some(if days.is_some() { "days" } else { "calendar" }.to_owned()),
        days,
        counting: Some(counting.to_owned()),
    }
}

fn counts<'a>(values: impl IntoIterator<Item = &'a u64>) -> Vec<i64> {
    values.into_iter().map(|&one| one.try_into().unwrap()).collect()
}

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().unwrap().iter().map(|one| one.as_i64().unwrap()).collect()
}

fn money(values: &[Option<f64>]) -> Vec<i64> {
    values.iter().flatten().map(|&one| cents(one)).collect()
}

fn check_row(is: &CohortRow, should: &Value, counting: &str) {
    let name = &is.cohort;
    assert_eq!(name, should["cohort"].as_str().unwrap());
    assert_eq!(is.size, should["size"].as_u64().unwrap(), "{name}");
    assert_eq!(counts(&is.reached), numbers(&should["reached"]), "{name} reached");
    let customers = numbers(&should[if counting == "on" { "customers" } else { "onOrAfter" }]);
    assert_eq!(counts(is.customers.iter().flatten()), customers, "{name} {counting}");
    assert_eq!(money(&is.revenue), numbers(&should["revenue"]), "{name} revenue");
    assert_eq!(money(&is.base_revenue), numbers(&should["base"]), "{name} base");
    let bases = numbers(&should["base"]);
    for (age, base) in bases.iter().enumerate() {
        let is_defined = 0 < *base && 0 <= should["gross"][age].as_i64().unwrap();
        let of_base =
            |part: &str| is_defined.then(|| should[part][age].as_f64().unwrap() / *base as f64);
        assert_eq!(is.net_revenue_retention[age], of_base("net"), "{name} net {age}");
        assert_eq!(is.gross_revenue_retention[age], of_base("gross"), "{name} gross {age}");
        let n = should["paying"][age].as_u64().unwrap();
        assert_eq!(is.paying[age], n, "{name} paying {age}");
        for (interval, part, most) in [
            (is.net_revenue_retention_interval[age], "net", f64::INFINITY),
            (is.gross_revenue_retention_interval[age], "gross", 1.0),
        ] {
            let variance = &should[format!("{part}Variance")][age];
            assert_linearized(
                interval,
                of_base(part),
                n,
                variance,
                most,
                &format!("{name} {part} {age}"),
            );
        }
        let reached = should["reached"][age].as_f64().unwrap();
        assert_eq!(is.retention[age], Some(customers[age] as f64 / reached), "{name} share {age}");
        assert_eq!(!is.partial[age], should["complete"][age].as_bool().unwrap(), "{name} {age}");
    }
    assert!(is.customers[bases.len()..].iter().all(Option::is_none), "{name} is not reached");
}

fn check_means(is: &Cohorts, should: &[Value]) {
    assert_eq!(is.mean_retention.len(), should.len());
    for (age, mean) in should.iter().enumerate() {
        let at = |what: &str| format!("{what} at age {age}");
        assert_share(&is.mean_retention[age], &mean["customers"], &at("customers"));
        assert_share(&is.mean_net_revenue_retention[age], &mean["net"], &at("net"));
        assert_share(&is.mean_gross_revenue_retention[age], &mean["gross"], &at("gross"));
        for (figure, part, most) in [
            (&is.mean_net_revenue_retention[age], "net", f64::INFINITY),
            (&is.mean_gross_revenue_retention[age], "gross", 1.0),
        ] {
            let n = mean["paying"].as_u64().unwrap();
            assert_eq!(figure.n, figure.value.map(|_| n), "{}", at(part));
            let variance = &mean[format!("{part}Variance")];
            let ends = figure.low.zip(figure.high);
            assert_linearized(ends, figure.value, n, variance, most, &at(part));
        }
        let step = &is.mean_step_retention[age];
        if age == 0 {
            assert_eq!(step.why.as_deref(), Some("no-age-before"));
        } else {
            assert_share(step, &mean["step"], &at("step"));
        }
        // The figures are the formulas of their inputs.
        let net = &is.mean_net_revenue_retention[age];
        if let Some(value) = net.value {
            let input = |name: &str| net.inputs[name];
            let now = input("start") + input("expansion") - input("contraction") - input("churned");
            assert!((now / input("start") - value).abs() < 1e-12, "{}", at("inputs"));
        }
    }
}

#[test]
fn every_cell_and_every_mean_are_those_of_the_oracle() {
    let cases = cases("cohorts");
    assert_eq!(cases.len(), 14);
    for case in &cases {
        for counting in ["on", "on-or-after"] {
            let cohorts = Some(choice_of(case, counting));
            let report = report_of(case, AnalyzeOptions { cohorts, ..AnalyzeOptions::default() });
            let cohorts = report.cohorts.unwrap();
            let rows = case["rows"].as_array().unwrap();
            assert_eq!(cohorts.rows.len(), rows.len(), "{}", case["file"]);
            for (is, should) in cohorts.rows.iter().zip(rows) {
                check_row(is, should, counting);
            }
            if counting == "on" {
                check_means(&cohorts, case["means"].as_array().unwrap());
            }
        }
    }
}

/// The table is counted apart from the periods of the report, and from the ledger that is there.
#[test]
fn the_table_has_a_granularity_of_its_own_and_reads_nothing_again() {
    let bytes = bytes_of("www/public/samples/subscriptions.csv");
    let (mut session, months) = session_on(&bytes, &AnalyzeOptions::default());
    for granularity in [Granularity::Quarter, Granularity::Year] {
        let chosen = CohortChoice { granularity: Some(granularity), ..CohortChoice::default() };
        let of_table = AnalyzeOptions { cohorts: Some(chosen), ..AnalyzeOptions::default() };
        let of_report = AnalyzeOptions { granularity: Some(granularity), ..Default::default() };
        let (table, all) = (under(&mut session, &of_table), under(&mut session, &of_report));
        assert_eq!(table.periods, months.periods);
        assert_eq!(table.cohorts, all.cohorts);
        assert_ne!(all.periods, months.periods);
    }
}

/// Who is listed behind a cell is who is counted in it, by the calendar and in days.
#[test]
fn the_customers_behind_a_cell_tie_to_it() {
    let files = ["subscriptions", "transactions", "mrr-wide"];
    for (file, clock) in files.into_iter().flat_map(|file| [(file, "calendar"), (file, "days")]) {
        let chosen = CohortChoice {
            granularity: Some(Granularity::Quarter),
            clock: Some(clock.to_owned()),
            days: Some(40),
            counting: None,
        };
        let options = AnalyzeOptions { cohorts: Some(chosen), ..AnalyzeOptions::default() };
        let bytes = bytes_of(&format!("www/public/samples/{file}.csv"));
        let (session, report) = session_on(&bytes, &options);
        for row in report.cohorts.unwrap().rows.iter().step_by(3) {
            for age in (0..row.customers.len()).step_by(4) {
                let (Some(customers), Some(reached)) = (row.customers[age], row.reached.get(age))
                else {
                    continue;
                };
                let of = |group| {
                    let age = u32::try_from(age).unwrap();
                    let cohort = CustomerSet::Cohort { cohort: row.cohort.clone(), age, group };
                    let mut query = CustomerQuery::of(cohort);
                    query.limit = 0;
                    session.customers(&query).unwrap()
                };
                let active = of(CohortGroup::Active);
                assert_eq!(active.total, customers, "{file} {} {age}", row.cohort);
                assert_eq!(of(CohortGroup::Gone).total, reached - customers);
                assert_eq!(of(CohortGroup::All).total, row.size);
                let beside = active.beside.map_or(0.0, |beside| beside.revenue);
                let revenue = row.revenue[age].unwrap();
                assert_eq!(
                    cents(active.now.unwrap() + beside),
                    cents(revenue),
                    "{file} {clock} {} {age}",
                    row.cohort
                );
            }
        }
    }
}

fn day(text: &str) -> Day {
    Day::from_iso(text).unwrap()
}

/// Ten years-long cohorts of a hundred, of whom so many are left after each year.
fn yearly(cohorts: &[(i32, &[u32])]) -> Cohorts {
    let mut csv = "customer,start,end,mrr\n".to_owned();
    for &(year, left) in cohorts {
        for customer in 0..100_u32 {
            // Gone at the close of the first year at whose end fewer are left.
            let gone = left.iter().position(|&left| left <= customer);
            let end = gone.map_or(String::new(), |age| {
                format!("{}-06-15", year + i32::try_from(age).unwrap() + 1)
            });
            writeln!(csv, "{year}-{customer},{year}-03-01,{end},1.00").unwrap();
        }
    }
    let last = cohorts.iter().map(|(year, left)| year + i32::try_from(left.len()).unwrap()).max();
    let options = AnalyzeOptions {
        as_of: Some(format!("{}-12-31", last.unwrap())),
        granularity: Some(Granularity::Year),
        ..AnalyzeOptions::default()
    };
    let (_, report): (_, Report) = session_on(csv.as_bytes(), &options);
    report.cohorts.unwrap()
}

/// Published retention by year, and the steps that follow from it: of 72 % after one year and 68 %
/// after two, 94.44 % of those there after one year stayed for another; and so on for 68 and 65, 81
/// and 78, 78 and 75.
#[test]
fn steps_from_year_to_year_are_the_published_ones() {
    let table = yearly(&[(2020, &[72, 68, 65])]);
    let steps = &table.rows[0].step_retention;
    assert_eq!(steps[..2], [None, Some(0.72)]);
    for (age, published) in [(2, 0.9444), (3, 0.9559)] {
        let step = steps[age].unwrap();
        assert!((step - published).abs() < 5e-5, "{step}");
        assert_eq!(table.mean_step_retention[age].value, Some(step));
    }
    // The mean of one cohort is that cohort, and so is where it may lie.
    let row = &table.rows[0];
    for age in 1..=3 {
        for (mean, interval) in [
            (&table.mean_retention[age], row.retention_interval[age]),
            (&table.mean_step_retention[age], row.step_retention_interval[age]),
        ] {
            assert!(interval.is_some());
            assert_eq!(interval, mean.low.zip(mean.high), "{age}");
        }
    }
    let table = yearly(&[(2020, &[81, 78, 75])]);
    for (age, published) in [(2, 0.9630), (3, 0.9615)] {
        assert!((table.rows[0].step_retention[age].unwrap() - published).abs() < 5e-5);
    }
}

/// A cohort of 10 at 20 % and one of 100 at 0 % have a mean of 2 in 110, which is 1.8 %, and not the
/// 10 % of their rates. A period in which nobody began is no cohort, and one of whom nobody is left
/// is one.
#[test]
fn the_mean_counts_customers_and_not_cohorts() {
    let mut spells = Vec::new();
    let mut begin = |first: u32, n: u32, start: &str, n_left: u32, end: &str| {
        for customer in first..first + n {
            let has_left = n_left <= customer - first;
            spells.push(Spell {
                customer,
                start: day(start),
                end: has_left.then(|| day(end)),
                monthly: 100,
                segment: None,
                reason: None,
                renewal: None,
            });
        }
    };
    begin(0, 10, "2026-01-10", 2, "2026-02-10");
    // Nobody began in February.
    begin(10, 100, "2026-03-10", 0, "2026-04-10");
    let recurring = Recurring { spells, is_monthly: false };
    let as_of = day("2026-04-30");
    let levels = Levels::new(&recurring, as_of);
    let periods = Periods::new(day("2026-01-10"), as_of, Granularity::Month);
    let table = cohorts(&levels, &periods, CohortOptions::default(), Some(2), 0.95);
    let rows: Vec<(&str, u64)> =
        table.rows.iter().map(|row| (row.label.as_str(), row.size)).collect();
    assert_eq!(rows, [("2026-01", 10), ("2026-03", 100)]);
    let mean = &table.mean_retention[1];
    assert_eq!((mean.value, mean.n), (Some(2.0 / 110.0), Some(110)));
    assert_eq!(format!("{:.1}", mean.value.unwrap() * 100.0), "1.8");
}

/// A customer who skips an age counts at it on or after, and the last age counts the same either way.
#[test]
fn on_or_after_counts_who_comes_back() {
    let buy = |customer, on: &str| Purchase { customer, day: day(on), amount: 100, segment: None };
    let purchases = Purchases::from_orders(vec![
        buy(0, "2026-01-05"),
        buy(0, "2026-03-05"),
        buy(1, "2026-01-09"),
        buy(1, "2026-02-09"),
    ]);
    let as_of = day("2026-04-30");
    let periods = Periods::new(day("2026-01-05"), as_of, Granularity::Month);
    let of = |counting| {
        let options = CohortOptions { counting, ..CohortOptions::default() };
        let table = purchase_cohorts(&purchases, &periods, options, Some(2), 0.95);
        table.rows[0].ages.iter().map(|age| age.n_customers).collect::<Vec<u64>>()
    };
    assert_eq!(of(CohortCounting::On), [2, 1, 1, 0]);
    assert_eq!(of(CohortCounting::OnOrAfter), [2, 2, 1, 0]);
}

#[test]
fn what_is_no_way_to_count_is_refused() {
    let of = |clock: &str, days: u16, counting: &str| AnalyzeOptions {
        cohorts: Some(CohortChoice {
            granularity: None,
            clock: Some(clock.to_owned()),
            days: Some(days),
            counting: Some(counting.to_owned()),
        }),
        ..AnalyzeOptions::default()
    };
    for options in [
        of("lunar", 30, "on"),
        of("days", 6, "on"),
        of("days", 367, "on"),
        of("calendar", 30, "before"),
    ] {
        let error = retention_calculator::session::Session::new(&options).unwrap_err();
        assert_eq!((error.code(), error.column()), ("invalid-option", Some("cohorts")));
    }
}
