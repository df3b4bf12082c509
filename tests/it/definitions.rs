//! Definitions side by side against an oracle in another language, published ranges and thresholds
//! against the list they were taken from, and what each kind of file can answer.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use retention_calculator::analysis::customers::{CustomerQuery, CustomerSet};
use retention_calculator::calendar::Granularity;
use retention_calculator::report::{Definition, Report};
use retention_calculator::session::{AnalyzeOptions, Outcome, Session};
use serde_json::Value;

fn bytes_of(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn json_of(path: &str) -> Value {
    serde_json::from_slice(&bytes_of(path)).unwrap()
}

fn read(bytes: &[u8], options: &AnalyzeOptions) -> (Session, Report) {
    let mut session = Session::new(options).unwrap();
    loop {
        session.push(bytes).unwrap();
        if let Outcome::Report { report } = session.finish().unwrap() {
            return (session, Arc::unwrap_or_clone(report));
        }
    }
}

fn report_on(path: &str) -> Report {
    read(&bytes_of(path), &AnalyzeOptions::default()).1
}

fn definition<'a>(report: &'a Report, metric: &str, name: &str) -> &'a Definition {
    let mut all = report.definitions.iter().flatten();
    let found = all.find(|one| one.metric == metric && one.name == name);
    found.unwrap_or_else(|| panic!("there is no definition {name} of {metric}"))
}

fn is_near(value: f64, expected: f64) -> bool {
    (value - expected).abs() <= 1e-12 * expected.abs().max(1.0)
}

/// The rates of the ledger in which six definitions differ: 100 customers, of whom 11 cancel and 1 of
/// these returns; 25 sign up, of whom 1 cancels.
#[test]
fn six_definitions_of_churn_give_six_rates_on_one_ledger() {
    let report = report_on("www/public/samples/definitions.csv");
    for (name, rate, who) in [
        ("start-cohort", 0.10, 0),
        ("chartmogul", 0.10, 0),
        ("stripe", 0.096, 26),
        ("baremetrics", 0.12, 2),
        ("profitwell", 0.11, 1),
        ("articles", 0.11, 1),
    ] {
        let one = definition(&report, "customer_churn_rate", name);
        assert!(is_near(one.figure.value.unwrap(), rate), "{name}: {:?}", one.figure);
        assert_eq!((one.n_differs, one.period.as_str()), (who, "2026-03"), "{name}");
        assert_eq!(one.is_default, name == "start-cohort");
    }
    let differs = |name| &definition(&report, "customer_churn_rate", name).differs;
    assert_eq!(differs("baremetrics"), &["c019", "c125"]);
    assert_eq!(differs("profitwell"), &["c019"]);
    assert_eq!(differs("articles"), &["c125"]);
}

/// One customer's revenue goes from 100 to 300, another's from 100 to nothing: per customer half is
/// kept, capped on the totals all of it, and net revenue retention is 150 %.
#[test]
fn one_customers_growth_hides_anothers_loss_where_totals_are_capped() {
    let csv = "customer,start,end,mrr\n\
               A,2026-01-05,2026-02-10,100.00\n\
               A,2026-02-10,,300.00\n\
               B,2026-01-05,2026-02-20,100.00\n\
               C,2026-02-28,,1.00\n";
    let (_, report) = read(csv.as_bytes(), &AnalyzeOptions::default());
    let metric = "gross_revenue_retention";
    let own = definition(&report, metric, "per-customer");
    let capped = definition(&report, metric, "capped-totals");
    assert_eq!((own.figure.value, own.is_default), (Some(0.5), true));
    assert_eq!(capped.figure.value, Some(1.0));
    assert_eq!((capped.difference, capped.difference_money), (Some(0.5), Some(100.0)));
    assert_eq!(capped.differs, ["A"]);
    assert_eq!(report.periods[1].net_revenue_retention.value, Some(1.5));
}

/// What a definition gives, who makes it differ and by how much, against the oracle.
#[test]
fn definitions_are_those_of_the_oracle() {
    let cases = json_of("tests/cases/definitions.json");
    let (mut n_values, mut n_lists) = (0, 0);
    for case in cases["cases"].as_array().unwrap() {
        let text = |key: &str| case[key].as_str().unwrap();
        let options = AnalyzeOptions {
            granularity: Some(match text("granularity") {
                "month" => Granularity::Month,
                "quarter" => Granularity::Quarter,
                _ => Granularity::Year,
            }),
            as_of: Some(text("asOf").to_owned()),
            ..AnalyzeOptions::default()
        };
        let (session, report) = read(&bytes_of(text("file")), &options);
        for (metric, definitions) in case["definitions"].as_object().unwrap() {
            for (name, expected) in definitions.as_object().unwrap() {
                let at = format!("{} {} {metric} {name}", text("name"), text("granularity"));
                let one = definition(&report, metric, name);
                if let Some(why) = expected.as_str() {
                    assert_eq!(one.figure.why.as_deref(), Some(why), "{at}");
                    continue;
                }
                let of_year = metric == "net_revenue_retention";
                let period = if of_year { year_of(case) } else { text("period").to_owned() };
                assert_eq!(one.period, period, "{at}");
                let exact =
                    expected["value"].as_array().map(|pair| number(&pair[0]) / number(&pair[1]));
                match (one.figure.value, exact) {
                    (Some(value), Some(exact)) => {
                        assert!(is_near(value, exact), "{at}: {value} {exact}");
                    }
                    (value, exact) => assert_eq!(value.is_some(), exact.is_some(), "{at}"),
                }
                n_values += 1;
                if one.difference.is_some() && !one.is_default {
                    check_differing(&session, one, expected, &at);
                    n_lists += 1;
                }
            }
        }
    }
    assert!(150 < n_values && 80 < n_lists, "{n_values} values, {n_lists} lists");
}

fn year_of(case: &Value) -> String {
    let year = case["year"].as_array().unwrap();
    format!("{}/{}", year[0].as_str().unwrap(), year[1].as_str().unwrap())
}

/// Integers of any size, as the nearest number.
fn number(value: &Value) -> f64 {
    value.to_string().parse().unwrap()
}

fn check_differing(session: &Session, one: &Definition, expected: &Value, at: &str) {
    let should: BTreeSet<&str> =
        expected["differs"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!(one.n_differs, should.len() as u64, "{at}");
    assert!(one.differs.len() == should.len().min(100), "{at}");
    assert!(one.differs.iter().all(|id| should.contains(id.as_str())), "{at}");
    if let Some(minor) = expected["money"].as_i64() {
        let found = format!("{:.0}", one.difference_money.unwrap() * 100.0);
        assert_eq!(found, minor.to_string(), "{at}");
    }
    if 0 < one.n_differs {
        let set = CustomerSet::Definition { metric: one.metric.clone(), name: one.name.clone() };
        let query = CustomerQuery { limit: u32::MAX, ..CustomerQuery::of(set) };
        let listed = session.customers(&query).unwrap();
        let ids: BTreeSet<&str> = listed.rows.iter().map(|row| row.customer.as_str()).collect();
        assert_eq!(ids, should, "{at}");
    }
}

/// A definition that needs more than a file shows says what it needs, and no file leaves one out.
#[test]
fn what_a_file_cannot_show_is_said() {
    let why = |report: &Report, metric: &str, name: &str| {
        let figure = &definition(report, metric, name).figure;
        figure.why.as_deref().map(str::to_owned)
    };
    let code = |text: &str| Some(text.to_owned());
    let orders = report_on("www/public/samples/transactions.csv");
    let (churn, gross) = ("customer_churn_rate", "gross_revenue_retention");
    let net = "net_revenue_retention";
    for name in ["chartmogul", "stripe", "baremetrics", "profitwell"] {
        assert_eq!(why(&orders, churn, name), code("no-cancellations"));
    }
    assert!(definition(&orders, churn, "articles").figure.value.is_some());
    assert_eq!(why(&orders, gross, "movement-totals"), code("needs-recurring-revenue"));
    assert!(definition(&orders, gross, "capped-totals").figure.value.is_some());

    let totals = report_on("www/public/samples/periods.csv");
    assert_eq!(why(&totals, churn, "start-cohort"), code("needs-customers"));
    assert_eq!(why(&totals, churn, "stripe"), code("needs-customers"));
    let last = totals.periods.last().unwrap();
    let of_file = definition(&totals, churn, "file-totals");
    assert!(of_file.is_default && of_file.figure == last.customer_churn_rate);
    assert!(definition(&totals, gross, "movement-totals").is_default);
    assert_eq!(why(&totals, net, "per-customer"), code("needs-customers"));
    let rates = totals.periods.iter().rev().take(12).rev();
    let product: f64 = rates.map(|one| one.net_revenue_retention.value.unwrap()).product();
    assert!(is_near(definition(&totals, net, "product-of-months").figure.value.unwrap(), product));

    let accounts = report_on("www/public/samples/accounts.csv");
    assert!(definition(&accounts, churn, "start-cohort").is_default);
    assert_eq!(why(&accounts, churn, "articles"), code("needs-dates"));
    assert_eq!(why(&accounts, net, "per-customer"), code("needs-dates"));
    assert!(accounts.triggers.iter().all(|one| one.needs.is_some() && !one.fired));
    assert!(accounts.benchmarks.iter().all(|one| one.why.is_some() && one.verdict == "uncertain"));
}

/// Lifetime value has one default, the one that takes most into account of what is given.
#[test]
fn lifetime_values_are_held_against_the_one_that_takes_most_into_account() {
    let bytes = bytes_of("www/public/samples/subscriptions.csv");
    let given = AnalyzeOptions {
        gross_margin: Some(0.8),
        discount_rate: Some(0.1),
        ..AnalyzeOptions::default()
    };
    for (options, name) in
        [(AnalyzeOptions::default(), "revenue_average_churn"), (given, "discounted")]
    {
        let (_, report) = read(&bytes, &options);
        let default = definition(&report, "clv", name);
        assert!(default.is_default && default.figure == report.value.clv[name]);
        for one in report.definitions.iter().flatten().filter(|one| one.metric == "clv") {
            let Some(value) = one.figure.value.filter(|_| !one.is_default) else { continue };
            let difference = value - default.figure.value.unwrap();
            assert_eq!(one.difference, Some(difference), "{}", one.name);
        }
    }
}

/// Every definition can be worked out again from its own inputs.
#[test]
fn the_arithmetic_gives_the_result() {
    let mut n_checked = 0;
    for path in ["definitions", "subscriptions", "mrr-wide", "transactions", "periods"] {
        let report = report_on(&format!("www/public/samples/{path}.csv"));
        for one in report.definitions.iter().flatten() {
            let Some(value) = one.figure.value else { continue };
            let inputs = &one.figure.inputs;
            let named: BTreeSet<&str> =
                one.arithmetic.inputs.iter().map(|input| input.name.as_str()).collect();
            assert!(named.iter().all(|name| inputs.contains_key(*name)), "{path} {}", one.name);
            let mut expression = Expression::of(&one.arithmetic.expression, |name| inputs[name]);
            let again = expression.sum();
            let is_close = (again - value).abs() <= 1e-9 * value.abs().max(1.0);
            assert!(is_close, "{path} {} {}: {again} {value}", one.metric, one.name);
            n_checked += 1;
        }
    }
    assert!(60 < n_checked, "{n_checked}");
}

/// Arithmetic as it is printed, worked out from left to right.
struct Expression {
    tokens: Vec<String>,
    at: usize,
}

impl Expression {
    fn of(text: &str, value: impl Fn(&str) -> f64) -> Self {
        let mut tokens = Vec::new();
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '{' => rest.find('}').unwrap() + 1,
                'm' => 3,
                '0'..='9' => rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()),
                _ => first.len_utf8(),
            };
            let (token, after) = rest.split_at(length);
            tokens.push(match token.strip_prefix('{') {
                Some(name) => format!("{:e}", value(name.trim_end_matches('}'))),
                None => token.to_owned(),
            });
            rest = after.trim_start();
        }
        Self { tokens, at: 0 }
    }

    fn next_if(&mut self, token: &str) -> bool {
        let is_next = self.tokens.get(self.at).is_some_and(|next| next == token);
        self.at += usize::from(is_next);
        is_next
    }

    fn sum(&mut self) -> f64 {
        let mut sum = self.product();
        loop {
            if self.next_if("+") {
                sum += self.product();
            } else if self.next_if("−") {
                sum -= self.product();
            } else {
                return sum;
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut product = self.value();
        loop {
            if self.next_if("×") {
                product *= self.value();
            } else if self.next_if("÷") {
                product /= self.value();
            } else {
                return product;
            }
        }
    }

    fn value(&mut self) -> f64 {
        if self.next_if("(") {
            let sum = self.sum();
            assert!(self.next_if(")"));
            return sum;
        }
        if self.next_if("min") {
            assert!(self.next_if("("));
            let first = self.sum();
            assert!(self.next_if(","));
            let least = first.min(self.sum());
            assert!(self.next_if(")"));
            return least;
        }
        let value = self.tokens[self.at].parse().unwrap();
        self.at += 1;
        value
    }
}

/// Every range and threshold is in the crate as the list has it, and nothing else is.
#[test]
fn ranges_and_thresholds_are_those_of_the_list() {
    let list = json_of("tests/cases/benchmarks.json");
    let report = report_on("www/public/samples/definitions.csv");
    let ranges = list["ranges"].as_array().unwrap();
    assert_eq!(ranges.len(), report.benchmarks.len());
    for (range, ours) in ranges.iter().zip(&report.benchmarks) {
        let at = format!("{range}");
        let text = |key: &str| range[key].as_str();
        assert_eq!(text("metric"), Some(ours.metric.as_str()), "{at}");
        assert_eq!(text("per"), Some(ours.per.as_str()), "{at}");
        assert_eq!(text("segment"), Some(ours.segment.as_str()), "{at}");
        assert_eq!(text("label"), Some(ours.label.as_str()), "{at}");
        assert_eq!(text("source"), Some(ours.source_id.as_str()), "{at}");
        assert_eq!(list["sources"][&ours.source_id].as_str(), Some(ours.source.as_str()), "{at}");
        assert_eq!(text("where"), ours.place.as_deref(), "{at}");
        assert_eq!(text("note"), ours.note.as_deref(), "{at}");
        assert_eq!(range["low"].as_f64(), Some(ours.low), "{at}");
        assert_eq!(range["high"].as_f64(), ours.high, "{at}");
        match &range["unverified"] {
            Value::Null => assert_eq!(ours.unverified, None, "{at}"),
            Value::Bool(true) => assert!(ours.unverified.is_some(), "{at}"),
            why => assert_eq!(why.as_str(), ours.unverified.as_deref(), "{at}"),
        }
        assert!(ours.model.as_ref().is_none_or(|model| ours.segment.contains(model)), "{at}");
    }
    let triggers = list["triggers"].as_array().unwrap();
    assert_eq!(triggers.len(), report.triggers.len());
    for (trigger, ours) in triggers.iter().zip(&report.triggers) {
        let text = |key: &str| trigger[key].as_str();
        assert_eq!(text("id"), Some(ours.id.as_str()));
        assert_eq!(text("metric"), Some(ours.metric.as_str()));
        assert_eq!(text("label"), ours.label.as_deref());
        let fires = format!("fires_{}", ours.fires);
        assert_eq!(trigger[&fires].as_f64(), Some(ours.threshold), "{}", ours.id);
        let source = text("source").unwrap();
        assert_eq!(list["sources"][source].as_str(), Some(ours.source.as_str()));
    }
    let stages = list["metrics_by_stage"].as_object().unwrap();
    assert_eq!(stages.len(), report.stages.len());
    for stage in &report.stages {
        let metrics = stages[&stage.stage].as_array().unwrap().iter();
        assert!(metrics.map(|metric| metric.as_str().unwrap()).eq(&stage.metrics));
    }
}

/// A year is judged by a year, never by a month, and only with its whole interval on one side.
#[test]
fn only_figures_of_the_same_length_are_judged() {
    let report = report_on("www/public/samples/definitions.csv");
    let year = report.trailing_year.as_ref().unwrap();
    for one in &report.benchmarks {
        let Some(figure) = &one.figure else {
            assert_eq!(
                (one.per.as_str(), one.why.as_deref()),
                ("quarter", Some("other-period-length"))
            );
            continue;
        };
        match one.per.as_str() {
            "year" => assert_eq!(one.period.as_deref(), Some("2025-04-01/2026-03-31")),
            _ => assert_eq!(one.period.as_deref(), Some("2026-03")),
        }
        let (low, high) = (figure.low.unwrap(), figure.high.unwrap());
        let end = one.high.unwrap_or(f64::INFINITY);
        let verdict = match one.verdict.as_str() {
            "below" => high < one.low,
            "within" => one.low <= low && high <= end,
            "above" => end < low,
            _ => !(high < one.low || end < low || one.low <= low && high <= end),
        };
        assert!(verdict, "{one:?}");
    }
    let trigger = |id: &str| report.triggers.iter().find(|one| one.id == id).unwrap();
    let nrr = trigger("nrr-below-100");
    assert_eq!(nrr.figure, year.net_revenue_retention);
    assert!(nrr.fired && nrr.certain && trigger("nrr-below-110").fired);
    let start = year.revenue.as_ref().unwrap().start.unwrap();
    let missing = start * (1.0 - nrr.figure.value.unwrap());
    assert!(is_near(nrr.short_of_threshold.unwrap(), missing));
    assert_eq!((report.alarm.fired, report.alarm.judged, report.alarm.metrics), (3, 3, 2));
    assert!(report.alarm.raised);
    for id in ["onboarding-over-60-days", "adoption-below-40", "late-churn-over-20"] {
        assert!(!trigger(id).fired && trigger(id).needs.is_some());
    }
}

/// A month of data answers no warning about a year, and an uncertain one is said to be so.
#[test]
fn a_warning_is_certain_only_where_its_interval_is_on_one_side() {
    let short = "customer,start,end,mrr\nA,2026-01-05,,100.00\nB,2026-01-05,2026-02-28,100.00\n";
    let (_, report) = read(short.as_bytes(), &AnalyzeOptions::default());
    let needs = |report: &Report| report.triggers[0].needs.clone();
    assert_eq!(needs(&report).as_deref(), Some("a-year-of-data"));
    assert_eq!(report.alarm.judged, 0);

    let mut csv = "customer,start,end,mrr\n".to_owned();
    for number in 0..40 {
        let end = if number < 3 { "2025-06-30" } else { "" };
        writeln!(csv, "c{number},2024-01-01,{end},100.00").unwrap();
    }
    csv += "last,2025-12-31,,1.00\n";
    let (_, report) = read(csv.as_bytes(), &AnalyzeOptions::default());
    let gross = report.triggers.iter().find(|one| one.id == "grr-below-90").unwrap();
    // 37 of 40 are kept, and the interval holds 90 %.
    assert_eq!(gross.figure.value, Some(0.925));
    assert!(!gross.fired && !gross.certain && gross.needs.is_none());
}
