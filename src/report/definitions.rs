//! Definitions side by side, warnings and published ranges, as they are reported.
//!
//! No behaviour but the way from the figures of the analysis to plain data.

use serde::{Deserialize, Serialize};

use crate::analysis;
use crate::formula::Unit;
use crate::ledger::Ledger;
use crate::number::Figure;

plain_data! {
    /// One definition of a metric, a vendor's or another's.
    pub struct Definition {
        /// The metric.
        pub metric: String,
        /// Its stable name among the definitions of that metric.
        pub name: String,
        /// The result; its inputs have the names used in the arithmetic.
        pub figure: Figure,
        /// The customers that make it differ from the default, the first 100 by money.
        pub differs: Vec<String>,
        /// How many there are.
        pub n_differs: u64,
        /// What it is called.
        pub title: String,
        /// Who defines it so.
        pub source: String,
        /// Whether it is the one that the rest of the report uses.
        pub is_default: bool,
        /// The span that it is about: a period, or an interval of days; empty where the file has no
        /// such span.
        pub period: String,
        /// How it is worked out.
        pub arithmetic: DefinitionArithmetic,
        /// Its value less that of the default.
        pub difference: Option<f64>,
        /// What that is in money: per month for rates of recurring revenue.
        pub difference_money: Option<f64>,
    }

    /// How a definition is worked out.
    pub struct DefinitionArithmetic {
        /// Inputs in braces and `+`, `−`, `×`, `÷`, `min(…, …)` and parentheses.
        pub expression: String,
        /// What the result is measured in.
        #[cfg_attr(feature = "wasm", tsify(type = "Unit"))]
        pub result: String,
        /// Its inputs, in order.
        pub inputs: Vec<DefinitionInput>,
    }

    /// One input of a definition.
    pub struct DefinitionInput {
        /// Its name in the expression and in the figure.
        pub name: String,
        /// What it is, in words.
        pub label: String,
        /// What it is measured in.
        #[cfg_attr(feature = "wasm", tsify(type = "Unit"))]
        pub unit: String,
    }

    /// A warning by a published threshold.
    pub struct Trigger {
        /// Its name.
        pub id: String,
        /// Whether it fires.
        pub fired: bool,
        /// The figure it looks at.
        pub figure: Figure,
        /// The threshold.
        pub threshold: f64,
        /// The metric, by its name.
        pub metric: String,
        /// `below` or `above`: the side of the threshold that fires.
        pub fires: String,
        /// Whether the whole interval of the figure is on one side of the threshold.
        pub certain: bool,
        /// What the file would need to answer it, by a code; nothing where it does.
        pub needs: Option<String>,
        /// The span of the figure.
        pub period: Option<String>,
        /// What the source calls it.
        pub label: Option<String>,
        /// Where it was published.
        pub source: String,
        /// The revenue per month that is missing up to the threshold.
        pub short_of_threshold: Option<f64>,
    }

    /// What several warnings at once mean.
    pub struct Alarm {
        /// How many fired.
        pub fired: u64,
        /// How many the file could answer.
        pub judged: u64,
        /// How many different metrics the fired ones look at.
        pub metrics: u64,
        /// Whether two or more fired: by the source, retention needs active investment now.
        pub raised: bool,
    }

    /// A published range.
    pub struct Benchmark {
        /// The metric.
        pub metric: String,
        /// Where it was published, in words.
        pub source: String,
        /// For whom.
        pub segment: String,
        /// Its lower end.
        pub low: f64,
        /// Its upper end; nothing where it is open.
        pub high: Option<f64>,
        /// `below`, `within`, `above` or `uncertain`.
        pub verdict: String,
        /// The stable name of the source.
        pub source_id: String,
        /// The length of the period that it is of: `month`, `quarter` or `year`.
        pub per: String,
        /// The business model, where the segment names one.
        pub model: Option<String>,
        /// The stage of the company, where the source names one.
        pub stage: Option<String>,
        /// What the source calls it.
        pub label: String,
        /// Where in the source, if it prints others elsewhere.
        pub place: Option<String>,
        /// What there is to say about it.
        pub note: Option<String>,
        /// Why it is not verified, where it is not.
        pub unverified: Option<String>,
        /// The figure held against it: one of the same length of time.
        pub figure: Option<Figure>,
        /// The span of the figure.
        pub period: Option<String>,
        /// Why no figure of this file can be compared with it.
        pub why: Option<String>,
    }

    /// The metrics that matter at a stage of a company.
    pub struct Stage {
        /// `seed to series A`, `series B to C`, `series D on`.
        pub stage: String,
        /// The metrics by their names.
        pub metrics: Vec<String>,
    }
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "count",
        Unit::Money => "money",
        Unit::Share => "share",
        Unit::Ratio => "ratio",
        Unit::Periods => "periods",
        Unit::Months => "months",
    }
}

/// The definitions with the ids of the customers who make the difference.
#[inline(never)]
pub(super) fn definitions_report(
    definitions: Vec<analysis::Definition>,
    ledger: &Ledger,
) -> Vec<Definition> {
    let definitions = definitions.into_iter().map(|one| Definition {
        metric: one.metric.name().to_owned(),
        name: one.name.to_owned(),
        figure: one.figure,
        differs: one
            .differs
            .iter()
            .map(|&customer| ledger.customers.id(customer).to_owned())
            .collect(),
        n_differs: one.n_differs,
        title: one.title.to_owned(),
        source: one.source.to_owned(),
        is_default: one.is_default,
        period: one.period,
        arithmetic: DefinitionArithmetic {
            expression: one.arithmetic.expression.into_owned(),
            result: unit_name(one.arithmetic.result).to_owned(),
            inputs: one.arithmetic.inputs.into_iter().map(input_report).collect(),
        },
        difference: one.difference,
        difference_money: one.difference_money,
    });
    definitions.collect()
}

fn input_report(term: analysis::Term) -> DefinitionInput {
    DefinitionInput {
        name: term.name.into_owned(),
        label: term.label.into_owned(),
        unit: unit_name(term.unit).to_owned(),
    }
}

#[inline(never)]
pub(super) fn trigger_report(trigger: &analysis::Trigger) -> Trigger {
    let threshold = trigger.threshold;
    Trigger {
        id: threshold.id.to_owned(),
        fired: trigger.has_fired,
        figure: trigger.figure.clone(),
        threshold: threshold.threshold,
        metric: threshold.metric.to_owned(),
        fires: match threshold.fires {
            analysis::Fires::Below => "below",
            analysis::Fires::Above => "above",
        }
        .to_owned(),
        certain: trigger.is_certain,
        needs: trigger.needs.map(str::to_owned),
        period: trigger.period.clone(),
        label: threshold.label.map(str::to_owned),
        source: threshold.source.title.to_owned(),
        short_of_threshold: trigger.short_of_threshold,
    }
}

pub(super) fn alarm_report(triggers: &[analysis::Trigger]) -> Alarm {
    let alarm = analysis::Alarm::of(triggers);
    Alarm {
        fired: alarm.n_fired,
        judged: alarm.n_judged,
        metrics: alarm.n_metrics,
        raised: alarm.is_raised,
    }
}

#[inline(never)]
pub(super) fn benchmark_report(benchmark: analysis::Benchmark) -> Benchmark {
    let range = benchmark.range;
    Benchmark {
        metric: range.metric.name().to_owned(),
        source: range.source.title.to_owned(),
        segment: range.segment.to_owned(),
        low: range.low,
        high: range.high,
        verdict: benchmark.verdict.name().to_owned(),
        source_id: range.source.id.to_owned(),
        per: granularity_name(range.per).to_owned(),
        model: range.model.map(str::to_owned),
        stage: range.stage.map(str::to_owned),
        label: range.label.to_owned(),
        place: range.place.map(str::to_owned),
        note: range.note.map(str::to_owned),
        unverified: range.unverified.map(str::to_owned),
        figure: benchmark.figure,
        period: benchmark.period,
        why: benchmark.why.map(str::to_owned),
    }
}

fn granularity_name(granularity: crate::calendar::Granularity) -> &'static str {
    match granularity {
        crate::calendar::Granularity::Month => "month",
        crate::calendar::Granularity::Quarter => "quarter",
        crate::calendar::Granularity::Year => "year",
    }
}

#[inline(never)]
pub(super) fn stage_reports() -> Vec<Stage> {
    let stages = analysis::STAGES.iter().map(|stage| Stage {
        stage: stage.name.to_owned(),
        metrics: stage.metrics.iter().map(|&metric| metric.to_owned()).collect(),
    });
    stages.collect()
}
