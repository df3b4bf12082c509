//! Which columns can be segments, and which are let go while a file is read.

use std::fmt::Write;

use retention_calculator::report::Report;
use retention_calculator::session::{AnalyzeOptions, Outcome};

use super::{by, segmented, segments_of, session_of};

fn candidates(report: &Report) -> Vec<(&str, u64)> {
    let found = report.segmentation.as_ref();
    let all = found.into_iter().flat_map(|found| &found.candidates);
    all.map(|one| (one.column.as_str(), one.values)).collect()
}

fn notes_of<'a>(report: &'a Report, code: &str) -> Vec<&'a str> {
    let notes = report.input.notes.iter().filter(|note| note.code == code);
    notes.map(|note| note.column.as_deref().unwrap_or("")).collect()
}

/// A file of subscriptions with one more column.
fn file(header: &str, n_rows: usize, cell: impl Fn(usize) -> String) -> String {
    let mut text = format!("customer,start,end,mrr,{header}\n");
    for row in 0..n_rows {
        let end = if row % 5 == 0 { "2024-11-20" } else { "" };
        let month = row % 9 + 1;
        let _ = writeln!(text, "c{row},2024-{month:02}-03,{end},10.00,{}", cell(row));
    }
    text
}

fn read(text: &str) -> Report {
    session_of(text, &AnalyzeOptions::default()).1
}

#[test]
fn a_column_is_let_go_when_it_has_too_many_values() {
    for (n_values, is_segment) in [(1_000, true), (1_001, false)] {
        // The first rows have few of them, so only reading on shows it.
        let value = |row: usize| if row < 1_500 { row % 7 } else { row % n_values };
        let report = read(&file("city", 4_000, |row| format!("town {}", value(row))));
        assert_eq!(candidates(&report).len(), usize::from(is_segment), "{n_values}");
        assert_eq!(notes_of(&report, "not-a-segment").len(), usize::from(!is_segment));
    }
}

#[test]
fn ids_texts_dates_and_measures_are_no_segments() {
    let report = read(&file("invoice", 300, |row| format!("inv-{row}")));
    assert_eq!(candidates(&report), []);
    let report = read(&file("signed", 300, |row| format!("2023-01-{:02}", row % 28 + 1)));
    assert_eq!(candidates(&report), []);
    let report = read(&file("score", 300, |row| format!("{}.5", row % 9)));
    assert_eq!(candidates(&report), []);
    let report =
        read(&file("notes", 300, |row| format!("{} {}", "a long story ".repeat(30), row % 60)));
    assert_eq!(candidates(&report), []);
    let long = "x".repeat(1_001);
    let report =
        read(&file("story", 300, |row| if row == 299 { long.clone() } else { "y".into() }));
    assert_eq!(candidates(&report), []);
    assert_eq!(notes_of(&report, "not-a-segment"), ["story"]);
}

#[test]
fn a_column_is_judged_by_all_its_rows() {
    // The first rows have no value at all.
    let late = |row: usize| if row < 2_000 { "" } else { ["EU", "US"][row % 2] };
    let report = read(&file("region", 2_400, |row| late(row).to_owned()));
    assert_eq!(candidates(&report), [("region", 3)]);
    let report = read(&file("region", 2_400, |row| late(2_399 - row).to_owned()));
    assert_eq!(candidates(&report), [("region", 3)]);
    // They have a value of their own each, like ids.
    let report = read(&file("city", 2_400, |row| format!("town {}", row % 600)));
    assert_eq!(candidates(&report), [("city", 600)]);
    // They have names, and the others have dates or fractions.
    for rest in ["2023-04-", "17."] {
        let value = |row: usize| match row {
            0..1_000 => format!("name {}", row % 3),
            _ => format!("{rest}{:02}", row % 28 + 1),
        };
        for report in [
            read(&file("mixed", 2_000, value)),
            read(&file("mixed", 2_000, |row| value(1_999 - row))),
        ] {
            assert_eq!(candidates(&report), []);
        }
    }
}

#[test]
fn an_empty_value_is_a_segment_of_its_own() {
    let report = read(&file("region", 90, |row| ["EU", "", "US"][row % 3].to_owned()));
    assert_eq!(candidates(&report), [("region", 3)]);
    let names: Vec<&str> = segments_of(&report).iter().map(|one| one.name.as_str()).collect();
    assert!(names.contains(&""), "{names:?}");
    assert_eq!(report.input.columns[4].segments, Some(3));
}

#[test]
fn the_role_decides_then_the_plan_then_the_values() {
    let chosen = |header: &str| {
        let text = file(header, 120, |row| {
            format!("{},{},{}", ["a", "b"][row % 2], ["p", "q", "r"][row % 3], row % 4)
        });
        let report = read(&text);
        let found = report.segmentation.unwrap();
        (found.columns, found.chosen_by)
    };
    let one = |name: &str, by: &str| (vec![name.to_owned()], by.to_owned());
    assert_eq!(chosen("colour,plan,segment"), one("segment", "segment-role"));
    assert_eq!(chosen("colour,plan,seats"), one("plan", "plan-role"));
    assert_eq!(chosen("colour,taste,level"), one("colour", "values"));
    // Few names of customers are no kinds of them.
    assert_eq!(chosen("Company name,E-mail,colour"), one("colour", "values"));
    assert_eq!(chosen("Client,colour,level"), one("colour", "values"));
}

#[test]
fn more_than_sixteen_columns_are_told() {
    let header: Vec<String> = (0..18).map(|column| format!("trait{column}")).collect();
    let report = read(&file(&header.join(","), 100, |row| {
        (0..18).map(|column| format!("v{}", row % (column + 2))).collect::<Vec<_>>().join(",")
    }));
    assert_eq!(candidates(&report).len(), 16);
    assert_eq!(notes_of(&report, "segment-columns-limit"), ["trait16", "trait17"]);
}

#[test]
fn what_is_asked_for_is_taken_or_said_to_be_none() {
    let text = file("region,size", 120, |row| {
        format!("{},{}", ["EU", "US"][row % 2], ["s", "m", "l"][row % 3])
    });
    let (mut session, _) = session_of(&text, &by(&["size"]));
    let report = segmented(&mut session, &["region", "size"]);
    assert_eq!(segments_of(&report).len(), 6);
    let one = AnalyzeOptions { segment_by: Some("region".to_owned()), ..AnalyzeOptions::default() };
    let Outcome::Report { report } = session.reanalyze(&one).unwrap() else {
        panic!("no other reading")
    };
    assert_eq!(report.segmentation.as_ref().unwrap().columns, ["region"]);
    let report = segmented(&mut session, &["customer"]);
    assert!(report.segments.is_none());
    let found = report.segmentation.unwrap();
    assert_eq!(found.notes[0].code, "not-a-segment");
    let error = session.reanalyze(&by(&["colour"])).unwrap_err();
    assert_eq!(error.code(), "unknown-column");
}

#[test]
fn beyond_a_thousand_the_smallest_segments_are_one() {
    let text = file("city,shop", 6_000, |row| format!("t{},s{}", row % 60, row / 60 % 50));
    let (mut session, _) = session_of(&text, &AnalyzeOptions::default());
    let report = segmented(&mut session, &["city", "shop"]);
    let segments = segments_of(&report);
    let found = report.segmentation.as_ref().unwrap();
    assert_eq!(segments.len(), 1_000);
    assert_eq!(found.pooled, 3_000 - 999);
    assert!(segments.last().unwrap().values.is_empty());
    let end: u64 = segments.iter().filter_map(|one| one.latest.customers.end).sum();
    let whole = report.periods.iter().rev().find(|one| !one.partial).unwrap();
    assert_eq!(Some(end), whole.customers.end);
}

#[test]
fn an_upgrade_stays_in_the_segment_it_came_from() {
    let text = "customer,start,end,mrr,plan\n\
                up,2024-01-01,2024-03-10,10.00,basic\n\
                up,2024-03-10,,90.00,pro\n\
                new,2024-03-12,,20.00,pro\n\
                both,2024-01-01,,30.00,basic\n\
                both,2024-01-01,,20.00,pro\n\
                both,2024-01-01,,15.00,pro\n\
                end,2024-03-31,,1.00,basic\n";
    let report = read(text);
    let found = |name: &str| segments_of(&report).iter().find(|one| one.name == name).unwrap();
    let (basic, pro) = (&found("basic").latest, &found("pro").latest);
    // `up` pays 80 more, in the plan it left; `both` pays 35 of its 65 for pro.
    assert_eq!((basic.customers.start, pro.customers.start), (Some(1), Some(1)));
    assert_eq!(basic.net_revenue_retention.value, Some(9.0));
    assert_eq!(basic.customers.new, Some(1));
    assert_eq!(pro.customers.new, Some(1));
    assert_eq!(pro.revenue.as_ref().unwrap().start, Some(65.0));
}
