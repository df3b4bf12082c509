//! Properties of the whole core, from bytes to report: nothing panics, every row has one account,
//! and neither the order of rows nor the size of pieces leaves a trace.

use proptest::prelude::*;
use retention_calculator::calendar::Granularity;
use retention_calculator::report::Report;
use retention_calculator::session::AnalyzeOptions;

use crate::reading::{read_in_pieces, read_with};

/// What must hold of any report.
fn check_accounts(report: &Report) -> Result<(), TestCaseError> {
    let rows = &report.input.rows;
    prop_assert_eq!(rows.read, rows.used + rows.excluded);
    let with_reason: u64 =
        report.input.notes.iter().filter(|note| note.excludes).map(|note| note.count).sum();
    prop_assert_eq!(with_reason, rows.excluded);
    for note in &report.input.notes {
        prop_assert!(note.rows.len() <= 100);
        prop_assert!(!note.message.is_empty());
    }
    for question in &report.input.questions {
        prop_assert_eq!(question.options.len(), question.readings.len());
    }
    for period in &report.periods {
        for figure in [
            &period.customer_retention_rate,
            &period.customer_churn_rate,
            &period.gross_revenue_retention,
            &period.net_revenue_retention,
            &period.revenue_churn_rate,
            &period.quick_ratio,
        ] {
            prop_assert!(figure.value.is_none_or(f64::is_finite));
            prop_assert_eq!(figure.value.is_none(), figure.why.is_some());
        }
    }
    Ok(())
}

/// Cells that files hold, sound and not.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Z][0-9]{1,2}",
        4 => (2020_i32..2026, 1_u32..13, 1_u32..29).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")),
        2 => (1_u32..14, 1_u32..14, 2020_i32..2026).prop_map(|(a, b, y)| format!("{a:02}/{b:02}/{y}")),
        4 => (0_u32..5000, 0_u32..100).prop_map(|(whole, part)| format!("{whole}.{part:02}")),
        1 => prop::sample::select(vec![
            "", "-5", "\"1,234.50\"", "€ 1.234,50", "N/A", "12%", "yes", "no", "active", "canceled",
            "trialing", "month", "year", "\"", "Total", "=1+1", "9999-12-31", "2024-01", "1e400",
            "\u{202e}x", "USD", "EUR", "0", "1",
        ])
        .prop_map(str::to_owned),
    ]
}

/// A table of such cells, under headers that files have.
fn table() -> impl Strategy<Value = String> {
    let headers = prop::sample::select(vec![
        "customer,start,end,mrr",
        "customer,start,end,amount,interval,status",
        "customer,date,amount,order",
        "customer,month,mrr",
        "customer,2024-01,2024-02,2024-03",
        "period,start_customers,new_customers,end_customers",
        "customer,tenure,churned,amount",
    ]);
    (headers, prop::collection::vec(prop::collection::vec(cell(), 4), 0..30)).prop_map(
        |(header, rows)| {
            let n_columns = header.split(',').count();
            let mut csv = format!("{header}\n");
            for row in rows {
                let cells: Vec<&str> =
                    (0..n_columns).map(|index| row[index % row.len()].as_str()).collect();
                csv.push_str(&cells.join(","));
                csv.push('\n');
            }
            csv
        },
    )
}

fn options() -> impl Strategy<Value = AnalyzeOptions> {
    let granularity =
        prop::sample::select(vec![Granularity::Month, Granularity::Quarter, Granularity::Year]);
    let as_of = prop::sample::select(vec![
        None,
        Some("1950-01-01"),
        Some("2022-02-28"),
        Some("2024-02-29"),
        Some("2099-12-31"),
    ]);
    (granularity, as_of).prop_map(|(granularity, as_of)| AnalyzeOptions {
        granularity: Some(granularity),
        as_of: as_of.map(str::to_owned),
        gross_margin: Some(0.8),
        cac: Some(100.0),
        discount_rate: Some(0.1),
        ..AnalyzeOptions::default()
    })
}

/// Sound subscriptions only, in any order.
fn subscriptions() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    let row = (0_u32..12, 2022_i32..2025, 1_u32..13, 1_u32..29, 0_u32..500, 1_u32..90_000);
    prop::collection::vec(row, 1..40)
        .prop_map(|rows| {
            rows.into_iter()
                .map(|(customer, year, month, day, length, cents)| {
                    let start = chrono::NaiveDate::from_ymd_opt(year, month, day).unwrap();
                    let end = start.checked_add_days(chrono::Days::new(length.into())).unwrap();
                    let end = if length < 100 { String::new() } else { end.to_string() };
                    format!("C{customer},{start},{end},{}.{:02}", cents / 100, cents % 100)
                })
                .collect::<Vec<String>>()
        })
        .prop_flat_map(|rows| {
            let shuffled = Just(rows.clone()).prop_shuffle();
            (Just(rows), shuffled)
        })
}

fn csv_of(rows: &[String]) -> String {
    format!("customer,start,end,mrr\n{}\n", rows.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 384, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_have_a_report_or_a_reason(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        match read_with(&bytes, &AnalyzeOptions::default()) {
            Ok(report) => check_accounts(&report)?,
            Err(error) => prop_assert!(!error.message().is_empty()),
        }
    }

    #[test]
    fn any_table_accounts_for_every_row(csv in table(), options in options()) {
        match read_with(csv.as_bytes(), &options) {
            Ok(report) => check_accounts(&report)?,
            Err(error) => prop_assert!(!error.code().is_empty() && !error.message().is_empty()),
        }
    }

    #[test]
    fn pieces_leave_no_trace(csv in table(), n_bytes in 1_usize..64) {
        let options = AnalyzeOptions::default();
        let whole = read_in_pieces(csv.as_bytes(), &options, csv.len().max(1));
        prop_assert_eq!(read_in_pieces(csv.as_bytes(), &options, n_bytes), whole);
    }

    #[test]
    fn the_order_of_rows_leaves_no_trace((rows, shuffled) in subscriptions()) {
        let read = |rows: &[String]| read_with(csv_of(rows).as_bytes(), &AnalyzeOptions::default());
        let (first, second) = (read(&rows).unwrap(), read(&shuffled).unwrap());
        prop_assert!(0 < first.input.rows.used);
        prop_assert_eq!(&first.periods, &second.periods);
        prop_assert_eq!(&first.trailing_year, &second.trailing_year);
        prop_assert_eq!(&first.cohorts, &second.cohorts);
        prop_assert_eq!(&first.survival, &second.survival);
        prop_assert_eq!(&first.value, &second.value);
        prop_assert_eq!(&first.input.amount_total_minor, &second.input.amount_total_minor);
    }

    #[test]
    fn revenue_ties_to_the_cent((rows, _) in subscriptions()) {
        let report = read_with(csv_of(&rows).as_bytes(), &AnalyzeOptions::default()).unwrap();
        let mut moved = false;
        let mut previous_end = 0;
        for period in &report.periods {
            let revenue = period.revenue.as_ref().unwrap();
            let cents = |amount: Option<f64>| format!("{:.0}", amount.unwrap() * 100.0).parse::<i64>().unwrap();
            let end = cents(revenue.start) + cents(revenue.new) + cents(revenue.reactivation)
                + cents(revenue.expansion) - cents(revenue.contraction) - cents(revenue.churned);
            prop_assert_eq!(cents(revenue.end), end);
            prop_assert_eq!(cents(revenue.start), previous_end);
            previous_end = end;
            moved |= 0 < cents(revenue.new);
        }
        prop_assert!(moved || report.periods.iter().all(|period| period.customers.end == Some(0)));
    }
}
