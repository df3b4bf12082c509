//! Samples, vendors' layouts and real files through the whole core, against an oracle in another
//! language (`tests/oracle/oracle.py`). No mapping is given: the core has to find it.

use std::path::{Path, PathBuf};

use retention_calculator::number::Figure;
use retention_calculator::report::{PeriodReport, Report};
use retention_calculator::session::AnalyzeOptions;
use serde_json::Value;

use crate::reading::read_with;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn bytes_of(path: &str) -> Vec<u8> {
    std::fs::read(project(path)).unwrap()
}

/// What differs, one line each.
struct Differences {
    file: String,
    lines: Vec<String>,
}

impl Differences {
    fn compare(&mut self, what: &str, is: impl std::fmt::Display, should: impl std::fmt::Display) {
        let (is, should) = (is.to_string(), should.to_string());
        if is != should {
            self.lines.push(format!("{}: {what} is {is}, should be {should}", self.file));
        }
    }

    /// Whole numbers that the file gives.
    fn counts(&mut self, what: &str, is: &[(&str, Option<u64>)], should: &Value) {
        for (name, value) in is {
            if let Some(expected) = should[*name].as_u64() {
                let found = value.map_or("nothing".to_owned(), |value| value.to_string());
                self.compare(&format!("{what} {name}"), found, expected);
            }
        }
    }

    /// Money in major units against minor units.
    fn money(&mut self, what: &str, is: Option<f64>, should: &Value) {
        if let Some(expected) = should.as_i64() {
            let found = is.map_or("nothing".to_owned(), |value| format!("{:.0}", value * 100.0));
            self.compare(what, found, expected);
        }
    }

    /// A rate against its exact numerator and denominator; the nearest floats may differ in the
    /// last bit, where a rate is a difference or a sum of others.
    fn rate(&mut self, what: &str, is: &Figure, should: &Value) {
        match should.as_array() {
            None => self.compare(what, format!("{:?}", is.value), "None"),
            Some(pair) => {
                let exact = pair[0].as_f64().unwrap() / pair[1].as_f64().unwrap();
                let is_near = is.value.is_some_and(|value| {
                    (value - exact).abs() <= 4.0 * f64::EPSILON * exact.abs().max(1.0)
                });
                let found = if is_near { format!("{exact}") } else { format!("{:?}", is.value) };
                self.compare(what, found, exact);
            }
        }
    }

    fn period(&mut self, is: &PeriodReport, should: &Value) {
        let name = should["period"].as_str().unwrap_or("trailing year").to_owned();
        for (field, found) in [("from", &is.from), ("to", &is.to)] {
            if let Some(expected) = should[field].as_str() {
                self.compare(
                    &format!("{name} {field}"),
                    found.clone().unwrap_or_default(),
                    expected,
                );
            }
        }
        let customers = &is.customers;
        let counts = [
            ("start", customers.start),
            ("new", customers.new),
            ("reactivated", customers.reactivated),
            ("lost", customers.lost),
            ("end", customers.end),
            ("cameAndWent", customers.came_and_went),
        ];
        self.counts(&name, &counts, &should["customers"]);
        if let Some(revenue) = &is.revenue {
            for (field, value) in [
                ("start", revenue.start),
                ("new", revenue.new),
                ("reactivation", revenue.reactivation),
                ("expansion", revenue.expansion),
                ("contraction", revenue.contraction),
                ("churned", revenue.churned),
                ("end", revenue.end),
            ] {
                self.money(&format!("{name} revenue {field}"), value, &should["revenue"][field]);
            }
            if let Some(total) = should.get("revenueTotal") {
                self.money(&format!("{name} revenue"), revenue.end, total);
            }
        } else if should["revenue"].is_object() {
            self.lines.push(format!("{}: {name} has no revenue", self.file));
        }
        for (field, figure) in [
            ("customerRetentionRate", &is.customer_retention_rate),
            ("customerChurnRate", &is.customer_churn_rate),
            ("grossRevenueRetention", &is.gross_revenue_retention),
            ("netRevenueRetention", &is.net_revenue_retention),
            ("revenueChurnRate", &is.revenue_churn_rate),
            ("quickRatio", &is.quick_ratio),
        ] {
            if let Some(expected) = should.get(field) {
                self.rate(&format!("{name} {field}"), figure, expected);
            }
        }
    }

    fn periods(&mut self, report: &Report, should: &Value) {
        let expected = should["periods"].as_array().unwrap();
        self.compare("number of periods", report.periods.len(), expected.len());
        for (is, should) in report.periods.iter().zip(expected) {
            let name = should["period"].as_str().unwrap();
            self.compare("period", &is.period, name);
            self.compare(&format!("{name} partial"), is.partial, &should["partial"]);
            self.period(is, should);
        }
        if should["trailingYear"].is_object() {
            match &report.trailing_year {
                Some(year) => self.period(year, &should["trailingYear"]),
                None => self.lines.push(format!("{}: no trailing year", self.file)),
            }
        }
    }

    fn cohorts(&mut self, report: &Report, should: &Value) {
        let Some(expected) = should["cohorts"].as_array() else { return };
        let Some(cohorts) = &report.cohorts else {
            self.lines.push(format!("{}: no cohorts", self.file));
            return;
        };
        // Periods in which nobody began may be left out or be empty.
        let rows: Vec<_> = cohorts.rows.iter().filter(|row| 0 < row.size).collect();
        self.compare("number of cohorts", rows.len(), expected.len());
        for (is, should) in rows.into_iter().zip(expected) {
            let name = should["cohort"].as_str().unwrap();
            self.compare("cohort", &is.cohort, name);
            self.compare(&format!("cohort {name} size"), is.size, &should["size"]);
            let known: Vec<u64> = is.customers.iter().flatten().copied().collect();
            self.compare(
                &format!("cohort {name} customers"),
                format!("{known:?}"),
                format!("{:?}", whole_numbers(&should["customers"])),
            );
            #[expect(clippy::cast_possible_truncation, reason = "cents of small samples")]
            let revenue: Vec<i64> =
                is.revenue.iter().flatten().map(|value| (value * 100.0).round() as i64).collect();
            let expected: Vec<i64> =
                should["revenue"].as_array().unwrap().iter().filter_map(Value::as_i64).collect();
            self.compare(
                &format!("cohort {name} revenue"),
                format!("{revenue:?}"),
                format!("{expected:?}"),
            );
        }
    }

    fn purchases(&mut self, report: &Report, should: &Value) {
        let should = &should["purchases"];
        if !should.is_object() {
            return;
        }
        let Some(purchases) = &report.purchases else {
            self.lines.push(format!("{}: no purchases", self.file));
            return;
        };
        self.compare("customers who bought", purchases.customers, &should["customers"]);
        self.compare("purchases", purchases.purchases, &should["purchases"]);
        self.money("revenue of purchases", Some(purchases.revenue), &should["revenue"]);
        self.rate(
            "repeat customer rate",
            &purchases.repeat_customer_rate,
            &should["repeatCustomerRate"],
        );
        self.rate(
            "purchase frequency",
            &purchases.purchase_frequency,
            &should["purchaseFrequency"],
        );
    }
}

fn whole_numbers(value: &Value) -> Vec<u64> {
    value.as_array().unwrap().iter().filter_map(Value::as_u64).collect()
}

/// Reads one file as its case says, and compares all that the oracle has computed.
fn check(path: &Path) -> Vec<String> {
    let should: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let granularity = should.get("granularity").cloned().unwrap_or(Value::Null);
    let options = AnalyzeOptions {
        granularity: serde_json::from_value(granularity).unwrap(),
        as_of: should["asOfGiven"].as_str().map(str::to_owned),
        ..AnalyzeOptions::default()
    };
    let file = path.file_stem().unwrap().to_string_lossy().into_owned();
    let mut differences = Differences { file, lines: Vec::new() };
    match read_with(&bytes_of(should["file"].as_str().unwrap()), &options) {
        Err(error) => differences.lines.push(format!("{}: {error}", differences.file)),
        Ok(report) => {
            if let Some(as_of) = should["asOf"].as_str() {
                differences.compare("asOf", &report.input.as_of, as_of);
            }
            differences.periods(&report, &should);
            differences.cohorts(&report, &should);
            differences.purchases(&report, &should);
        }
    }
    differences.lines
}

#[test]
fn the_report_says_what_the_oracle_says() {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(project("tests/cases/expected"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 52, "cases");
    let differences: Vec<String> = paths.iter().flat_map(|path| check(path)).collect();
    assert!(
        differences.is_empty(),
        "{} differences:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn an_export_without_dates_is_refused_with_a_reason() {
    let bytes = bytes_of("tests/cases/vendor/chartmogul-subscriptions.csv");
    let error = read_with(&bytes, &AnalyzeOptions::default()).unwrap_err();
    assert!(error.code().contains("missing"), "{}: {error}", error.code());
}
