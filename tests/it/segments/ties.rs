//! Segments add up to the whole, whatever the file, the columns and the order of its rows.

use proptest::prelude::*;
use retention_calculator::analysis::customers::{
    CustomerQuery, CustomerSet, PeriodGroup, SegmentValue,
};
use retention_calculator::number::Figure;
use retention_calculator::report::{PeriodReport, Report};
use retention_calculator::session::{AnalyzeOptions, Session};

use super::{segmented, segments_of, session_of};

/// Major units with two decimals as whole cents.
fn cents(amount: Option<f64>) -> i64 {
    format!("{:.0}", amount.unwrap() * 100.0).parse().unwrap()
}

type Count = fn(&PeriodReport) -> Option<u64>;
type Amount = fn(&PeriodReport) -> Option<f64>;

const COUNTS: [Count; 6] = [
    |one| one.customers.start,
    |one| one.customers.new,
    |one| one.customers.reactivated,
    |one| one.customers.lost,
    |one| one.customers.end,
    |one| one.customers.came_and_went,
];

const AMOUNTS: [Amount; 7] = [
    |one| one.revenue.as_ref()?.start,
    |one| one.revenue.as_ref()?.new,
    |one| one.revenue.as_ref()?.reactivation,
    |one| one.revenue.as_ref()?.expansion,
    |one| one.revenue.as_ref()?.contraction,
    |one| one.revenue.as_ref()?.churned,
    |one| one.revenue.as_ref()?.end,
];

fn check_sums(parts: &[&PeriodReport], whole: &PeriodReport) {
    for of in COUNTS {
        let sum: u64 = parts.iter().filter_map(|one| of(one)).sum();
        assert_eq!(sum, of(whole).unwrap_or(0), "{}", whole.period);
    }
    for of in AMOUNTS {
        let sum: i64 = parts.iter().map(|one| cents(of(one))).sum();
        assert_eq!(sum, cents(of(whole)), "{}", whole.period);
    }
}

/// The latest complete period, which segments are of.
fn latest_of(report: &Report) -> &PeriodReport {
    report.periods.iter().rev().find(|one| !one.partial).or(report.periods.last()).unwrap()
}

fn check_ties(report: &Report) {
    let segments = segments_of(report);
    let parts: Vec<&PeriodReport> = segments.iter().map(|one| &one.latest).collect();
    check_sums(&parts, latest_of(report));
    if let Some(year) = &report.trailing_year {
        let parts: Vec<&PeriodReport> =
            segments.iter().map(|one| one.trailing_year.as_ref().unwrap()).collect();
        check_sums(&parts, year);
    }
    let found = report.segmentation.as_ref().unwrap();
    for mix in [&found.mix, &found.trailing_mix].into_iter().flatten() {
        for change in [&mix.customer_retention, &mix.gross_retention, &mix.net_retention] {
            let Some(change) = change else { continue };
            let sum = change.rate_effect + change.mix_effect;
            assert!((sum - change.change).abs() < 1e-9, "{change:?}");
        }
    }
}

fn check_customers(session: &Session, report: &Report) {
    let columns = &report.segmentation.as_ref().unwrap().columns;
    for segment in segments_of(report) {
        let mut values = columns
            .iter()
            .zip(&segment.values)
            .map(|(column, name)| SegmentValue { column: column.clone(), name: name.clone() });
        let first = values.next().unwrap();
        let with: Vec<SegmentValue> = values.collect();
        for period in [Some(&segment.latest), segment.trailing_year.as_ref()].into_iter().flatten()
        {
            let counts = &period.customers;
            for (group, n) in [
                (PeriodGroup::Start, counts.start),
                (PeriodGroup::End, counts.end),
                (PeriodGroup::Lost, counts.lost),
                (PeriodGroup::New, counts.new),
                (PeriodGroup::Reactivated, counts.reactivated),
            ] {
                let set = CustomerSet::Segment {
                    column: first.column.clone(),
                    name: first.name.clone(),
                    with: with.clone(),
                    period: period.period.clone(),
                    group,
                };
                let list = session.customers(&CustomerQuery::of(set)).unwrap();
                assert_eq!(Some(list.total), n, "{group:?} of {:?}", segment.values);
            }
        }
    }
}

/// One row of a file, by its shape.
fn row(shape: usize, numbers: [u32; 5]) -> String {
    let [who, day, other, amount, kind] = numbers;
    let date = |n: u32| format!("{}-{:02}-{:02}", 2023 + n / 336, n % 336 / 28 + 1, n % 28 + 1);
    let region = ["EU", "US", "", "Asia"][(kind % 4) as usize];
    let size = ["1", "10", "100"][(kind / 4 % 3) as usize];
    match shape {
        0 => {
            let end = if other % 3 == 0 { String::new() } else { date((day + other).min(1007)) };
            format!(
                "c{who},{},{end},{}.{:02},{region},{size}",
                date(day),
                1 + amount / 100,
                amount % 100
            )
        }
        1 => format!("c{who},{},{}.00,{region},{size}", &date(day)[..7], 1 + amount % 90),
        _ => {
            let sign = if other % 9 == 0 { "-" } else { "" };
            format!("c{who},{},{sign}{}.50,{region},{size}", date(day), amount % 300)
        }
    }
}

const HEADERS: [&str; 3] = [
    "customer_id,start_date,end_date,mrr,region,size",
    "customer_id,month,mrr,region,size",
    "customer_id,order_date,amount,region,size",
];

fn file(shape: usize, rows: &[String]) -> String {
    format!("{}\n{}\n", HEADERS[shape], rows.join("\n"))
}

fn rows(shape: usize) -> impl Strategy<Value = Vec<String>> {
    let numbers = (0..40_u32, 0..1008_u32, 0..400_u32, 0..9000_u32, 0..12_u32);
    let one = numbers.prop_map(move |(a, b, c, d, e)| row(shape, [a, b, c, d, e]));
    prop::collection::vec(one, 40..160)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn segments_add_up_to_the_whole(
        (shape, rows) in (0..3_usize).prop_flat_map(|shape| (Just(shape), rows(shape))),
    ) {
        let text = file(shape, &rows);
        let (mut session, first) = session_of(&text, &AnalyzeOptions::default());
        check_ties(&first);
        for columns in [&["region"][..], &["size"], &["region", "size"], &["size", "region"]] {
            let report = segmented(&mut session, columns);
            prop_assert_eq!(&report.segmentation.as_ref().unwrap().columns, columns);
            check_ties(&report);
            check_customers(&session, &report);
        }
    }

    #[test]
    fn the_order_of_rows_leaves_no_trace(
        (shape, rows) in (0..3_usize).prop_flat_map(|shape| (Just(shape), rows(shape))),
        step in 1..39_usize,
    ) {
        let n = rows.len();
        let shares_none = |step: &usize| (2..=*step).all(|by| !step.is_multiple_of(by) || !n.is_multiple_of(by));
        let step = (step..step + 200).find(shares_none).unwrap();
        let other: Vec<String> = (0..n).map(|place| rows[place * step % n].clone()).collect();
        let seen = |rows: &[String]| {
            let (mut session, _) = session_of(&file(shape, rows), &AnalyzeOptions::default());
            let report = segmented(&mut session, &["region", "size"]);
            serde_json::to_string(&(report.segments, report.segmentation)).unwrap()
        };
        prop_assert_eq!(seen(&rows), seen(&other));
    }
}

/// What a figure says, without its interval.
fn said(figure: &Figure) -> (Option<u64>, Option<&str>) {
    (figure.value.map(f64::to_bits), figure.why.as_deref())
}

#[test]
fn one_segment_is_the_whole() {
    for shape in 0..3 {
        let rows: Vec<String> = (0..150_u32)
            .map(|n| row(shape, [n % 37, n * 61 % 1008, n * 7 % 400, n * 131 % 9000, 0]))
            .collect();
        // Of all kinds only this one is there, so the column with the role segment has one value.
        let (_, report) = session_of(&file(shape, &rows), &AnalyzeOptions::default());
        let [one] = segments_of(&report) else { panic!("one segment") };
        let whole = latest_of(&report);
        assert_eq!(&one.latest, whole);
        assert_eq!(one.trailing_year, report.trailing_year);
        let clv = if shape == 2 { "transactional" } else { "revenue_average_churn" };
        assert_eq!(said(&one.lifetime_value), said(&report.value.clv[clv]));
        assert_eq!(one.customer_share.value, Some(1.0));
        assert_eq!(one.excess_loss, Some(0.0));
    }
}
