//! Ledger and options to the report: each figure put in its published place.
//!
//! It computes nothing itself, and it does not touch the accounting of rows.

use std::collections::BTreeMap;

use super::cohorts::cohorts_report;
use super::definitions::{
    alarm_report, benchmark_report, definitions_report, stage_reports, trigger_report,
};
use super::lifetimes::counts_of;
use super::reasons::{lost_report, reasons_of_file};
use super::renewals::{outlook_report, renewals_of_outlook};
use super::segments::{add_segments, concentration_report};
use super::{
    CustomerMovements, Fit, Input, NoteReport, PeriodReport, PurchasesReport, Report,
    RevenueMovements, Survival, Value,
};
use crate::Error;
use crate::analysis::{
    self, Analysis, AnalysisOptions, KnownSums, LifetimeUnit, LifetimeValue, Parts, PeriodFigures,
    PurchaseTotals, ReportPart as Part, ReportSpans,
};
use crate::arrange;
use crate::calendar::Day;
use crate::ledger::Ledger;
use crate::note::{Note, Notes, Severity};
use crate::number::{Figure, FormulaId, Minor, to_major};
use crate::survival::{
    KaplanMeier, MONTHS_WOBBLE_DAYS, RiskTable, kaplan_meier_of_counts, lifespan_models,
    median_lifetime, restricted_mean_lifetime,
};

/// The report of a ledger: all figures of the parts that are wanted, with what there is to say about
/// them added to `notes`, and all of these in the input.
///
/// The date that everything is counted up to is filled in; the counts of rows stay as they are. The
/// spans are those that other segments of this report are counted in.
#[must_use]
pub fn assemble(
    mut input: Input,
    ledger: &Ledger,
    options: &AnalysisOptions,
    notes: &mut Notes,
) -> (Report, ReportSpans) {
    let parts = options.parts;
    let analysis = analysis::analyze(ledger, options);
    for note in &analysis.notes {
        notes.take(note.clone());
    }
    let lifespan = lifespan(&analysis, options).unwrap_or_else(|error| {
        notes.tell(error.code(), Severity::Warning, None, error.column(), || {
            error.message().to_owned()
        });
        None
    });
    input.as_of = analysis.as_of.map(Day::to_iso).unwrap_or_default();
    input.notes = notes.clone().into_sorted().iter().map(note_report).collect();
    let value = if parts.has_any(&OF_VALUE) {
        value_of(ledger, options, &analysis, lifespan.as_ref())
    } else {
        LifetimeValue::default()
    };
    let decimals = ledger.decimals;
    let spans = analysis.report_spans();
    let mut report = Report {
        input,
        periods: Vec::new(),
        trailing_year: None,
        year_before: None,
        cohorts: cohorts_report(&analysis, ledger, options.confidence),
        segments: None,
        bridges: super::bridge::bridges(analysis.bridges.clone(), ledger),
        reasons: None,
        lost_by_reason: None,
        renewals: None,
        renewal_outlook: None,
        survival: None,
        purchases: None,
        value: value_report(LifetimeValue::default()),
        definitions: None,
        triggers: Vec::new(),
        alarm: alarm_report(&[]),
        benchmarks: Vec::new(),
        stages: if parts.has(Part::Stages) { stage_reports() } else { Vec::new() },
        files: None,
        segmentation: None,
        concentration: analysis
            .concentration
            .as_ref()
            .map(|found| concentration_report(found, decimals)),
    };
    add_spans(&mut report, &analysis, parts, decimals);
    add_leaving(&mut report, &analysis, ledger, options);
    add_judgements(&mut report, &analysis, ledger, parts);
    if parts.has(Part::Definitions) {
        let definitions = analysis::definitions(ledger, options, &analysis, &value);
        report.definitions =
            (!definitions.is_empty()).then(|| definitions_report(definitions, ledger));
    }
    if parts.has(Part::Value) {
        report.value = value_report(value);
    }
    if let (Some(lifespan), true) = (lifespan, parts.has(Part::Survival)) {
        report.survival = Some(survival(lifespan, &analysis, options));
    }
    if let (Some(totals), true) = (analysis.purchases, parts.has(Part::Purchases)) {
        report.purchases = Some(purchases_report(totals, decimals));
    }
    add_segments(&mut report, ledger, options, spans);
    (report, spans)
}

/// Makes some parts of a report anew, as far as they are wanted, for options that touch no other part.
/// The spans are those that came with the report.
pub(crate) fn renew(
    report: &mut Report,
    ledger: &Ledger,
    options: &AnalysisOptions,
    stale: Parts,
    spans: ReportSpans,
) {
    let parts = stale.among(options.parts).without(&Part::OF_SEGMENTS);
    if parts.has_any(&OF_VALUE) {
        renew_value(report, ledger, options, parts);
    }
    let parts = parts.without(&OF_VALUE);
    if !parts.is_empty() {
        let options = AnalysisOptions { parts, ..options.clone() };
        let (fresh, _) = assemble(report.input.clone(), ledger, &options, &mut Notes::new());
        take_parts(report, fresh, |part| parts.has(part));
    }
    if stale.has_any(&Part::OF_SEGMENTS) {
        add_segments(report, ledger, options, spans);
    }
}

/// The parts that lifetime value is in.
const OF_VALUE: [Part; 2] = [Part::Value, Part::Definitions];

/// Makes lifetime value anew. Among the definitions it is the one that options can touch alone.
fn renew_value(report: &mut Report, ledger: &Ledger, options: &AnalysisOptions, parts: Parts) {
    let options = AnalysisOptions { parts: Parts::of(&[Part::Value]), ..options.clone() };
    let analysis = analysis::analyze(ledger, &options);
    // Why there is none was said with the report.
    let lifespan = lifespan(&analysis, &options).unwrap_or_default();
    let value = value_of(ledger, &options, &analysis, lifespan.as_ref());
    if let (Some(definitions), true) = (&mut report.definitions, parts.has(Part::Definitions))
        && ledger.has_amounts
    {
        definitions.retain(|one| one.metric != FormulaId::Clv.name());
        let of_value = analysis::definitions_of_value(&value);
        definitions.extend(definitions_report(of_value, ledger));
    }
    if parts.has(Part::Value) {
        report.value = value_report(value);
    }
}

fn value_of(
    ledger: &Ledger,
    options: &AnalysisOptions,
    analysis: &Analysis,
    lifespan: Option<&Lifespan>,
) -> LifetimeValue {
    let restricted_mean = lifespan.map(|lifespan| &lifespan.restricted_mean);
    analysis::lifetime_value(ledger, options, analysis, restricted_mean)
}

/// Puts parts of another report in the place of a report's own. What was read is the same.
pub(crate) fn take_parts(report: &mut Report, other: Report, is_taken: impl Fn(Part) -> bool) {
    fn take<T>(is_taken: bool, old: &mut T, new: T) {
        if is_taken {
            *old = new;
        }
    }
    let Report {
        input: _,
        periods,
        trailing_year,
        year_before,
        cohorts,
        segments,
        segmentation,
        concentration,
        reasons,
        lost_by_reason,
        renewals,
        bridges,
        renewal_outlook,
        survival,
        purchases,
        value,
        definitions,
        triggers,
        alarm,
        benchmarks,
        stages,
        files,
    } = other;
    take(is_taken(Part::Periods), &mut report.periods, periods);
    take(is_taken(Part::TrailingYear), &mut report.trailing_year, trailing_year);
    take(is_taken(Part::YearBefore), &mut report.year_before, year_before);
    take(is_taken(Part::Cohorts), &mut report.cohorts, cohorts);
    take(is_taken(Part::Segments), &mut report.segments, segments);
    take(is_taken(Part::Segmentation), &mut report.segmentation, segmentation);
    take(is_taken(Part::Concentration), &mut report.concentration, concentration);
    take(is_taken(Part::Reasons), &mut report.reasons, reasons);
    take(is_taken(Part::LostByReason), &mut report.lost_by_reason, lost_by_reason);
    take(is_taken(Part::Renewals), &mut report.renewals, renewals);
    take(is_taken(Part::Bridges), &mut report.bridges, bridges);
    take(is_taken(Part::RenewalOutlook), &mut report.renewal_outlook, renewal_outlook);
    take(is_taken(Part::Survival), &mut report.survival, survival);
    take(is_taken(Part::Purchases), &mut report.purchases, purchases);
    take(is_taken(Part::Value), &mut report.value, value);
    take(is_taken(Part::Definitions), &mut report.definitions, definitions);
    take(is_taken(Part::Triggers), &mut report.triggers, triggers);
    take(is_taken(Part::Alarm), &mut report.alarm, alarm);
    take(is_taken(Part::Benchmarks), &mut report.benchmarks, benchmarks);
    take(is_taken(Part::Stages), &mut report.stages, stages);
    take(is_taken(Part::Files), &mut report.files, files);
}

/// Periods, and years customer by customer.
fn add_spans(report: &mut Report, analysis: &Analysis, parts: Parts, decimals: u8) {
    if parts.has(Part::Periods) {
        report.periods = analysis.periods.iter().map(|one| period_report(one, decimals)).collect();
    }
    let year = |part: Part, figures: &Option<PeriodFigures>| {
        let figures = figures.as_ref().filter(|_| parts.has(part));
        figures.map(|one| period_report(one, decimals))
    };
    report.trailing_year = year(Part::TrailingYear, &analysis.trailing_year);
    report.year_before = year(Part::YearBefore, &analysis.year_before);
}

/// Why customers left, and who may leave next.
fn add_leaving(
    report: &mut Report,
    analysis: &Analysis,
    ledger: &Ledger,
    options: &AnalysisOptions,
) {
    let parts = options.parts;
    if parts.has_any(&[Part::Reasons, Part::LostByReason]) {
        let lost = analysis::lost_by_reason(ledger, options, analysis);
        let lost = lost.map(|lost| lost_report(&lost, ledger));
        report.reasons =
            lost.as_deref().filter(|_| parts.has(Part::Reasons)).and_then(reasons_of_file);
        report.lost_by_reason = lost.filter(|_| parts.has(Part::LostByReason));
    }
    if parts.has_any(&[Part::Renewals, Part::RenewalOutlook]) {
        let outlook = analysis::renewals(ledger, options, analysis);
        let outlook = outlook.map(|renewals| outlook_report(&renewals, ledger));
        report.renewals =
            outlook.as_ref().filter(|_| parts.has(Part::Renewals)).and_then(renewals_of_outlook);
        report.renewal_outlook = outlook.filter(|_| parts.has(Part::RenewalOutlook));
    }
}

/// What published thresholds and ranges say of the figures.
fn add_judgements(report: &mut Report, analysis: &Analysis, ledger: &Ledger, parts: Parts) {
    if parts.has_any(&[Part::Triggers, Part::Alarm]) {
        let triggers = analysis::triggers(ledger, analysis);
        if parts.has(Part::Triggers) {
            report.triggers = triggers.iter().map(trigger_report).collect();
        }
        if parts.has(Part::Alarm) {
            report.alarm = alarm_report(&triggers);
        }
    }
    if parts.has(Part::Benchmarks) {
        let benchmarks = analysis::benchmarks(ledger, analysis);
        report.benchmarks = benchmarks.into_iter().map(benchmark_report).collect();
    }
}

/// A note as it is reported.
#[must_use]
#[inline(never)]
pub fn note_report(note: &Note) -> NoteReport {
    NoteReport {
        code: note.code.to_owned(),
        severity: severity_name(note.severity).to_owned(),
        excludes: note.excludes,
        message: note.message.clone(),
        count: note.count,
        rows: note.rows.clone(),
        column: note.column.clone(),
    }
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// One span as it is reported, with money in major units.
#[must_use]
#[inline(never)]
pub fn period_report(figures: &PeriodFigures, decimals: u8) -> PeriodReport {
    let customers = figures.customers;
    PeriodReport {
        period: figures.span.label.clone(),
        from: figures.span.from.map(Day::to_iso),
        to: figures.span.to.map(Day::to_iso),
        partial: figures.span.is_partial,
        customers: CustomerMovements {
            start: customers.start,
            new: customers.new,
            reactivated: customers.reactivated,
            lost: customers.lost,
            end: customers.end,
            came_and_went: customers.came_and_went,
        },
        revenue: figures.revenue.map(|sums| revenue_report(&sums, decimals)),
        customer_retention_rate: figures.customer_retention_rate.clone(),
        customer_churn_rate: figures.customer_churn_rate.clone(),
        gross_revenue_retention: figures.gross_revenue_retention.clone(),
        net_revenue_retention: figures.net_revenue_retention.clone(),
        revenue_churn_rate: figures.revenue_churn_rate.clone(),
        quick_ratio: figures.quick_ratio.clone(),
    }
}

fn revenue_report(sums: &KnownSums, decimals: u8) -> RevenueMovements {
    let major = |minor: Option<Minor>| minor.map(|minor| to_major(minor, decimals));
    RevenueMovements {
        start: major(sums.start),
        new: major(sums.new),
        reactivation: major(sums.reactivation),
        expansion: major(sums.expansion),
        contraction: major(sums.contraction),
        churned: major(sums.churned),
        end: major(sums.end),
    }
}

/// How long customers stay, as observed.
struct Lifespan {
    table: RiskTable,
    curve: KaplanMeier,
    restricted_mean: Figure,
}

/// The curve of the lifetimes and the area under it; none where there are no lifetimes.
#[inline(never)]
fn lifespan(analysis: &Analysis, options: &AnalysisOptions) -> Result<Option<Lifespan>, Error> {
    let lifetimes = analysis.lifetimes.as_ref();
    let Some(lifetimes) = lifetimes.filter(|lifetimes| !lifetimes.counts.is_empty()) else {
        return Ok(None);
    };
    let counts = counts_of(lifetimes);
    let curve = kaplan_meier_of_counts(&counts, &[], options.confidence)?;
    let table = RiskTable::from_counts(&counts, &[])?;
    let restricted_mean = restricted_mean_lifetime(&curve, None)?;
    Ok(Some(Lifespan { table, curve, restricted_mean }))
}

/// The survival curve with the models fitted to it, which count in the periods of the report.
#[inline(never)]
fn survival(lifespan: Lifespan, analysis: &Analysis, options: &AnalysisOptions) -> Survival {
    let Lifespan { table, curve, restricted_mean } = lifespan;
    let unit = analysis.lifetimes.as_ref().map_or(LifetimeUnit::Period, |one| one.unit);
    let per_period = analysis.granularity.map_or(1.0, |granularity| unit.per_period(granularity));
    // No model is no reason to do without the curve.
    let is_by_calendar = unit == LifetimeUnit::Day && analysis.granularity.is_some();
    let wobble = if is_by_calendar { MONTHS_WOBBLE_DAYS } else { 0.0 };
    let models = lifespan_models(&table, per_period, wobble, None, options.confidence);
    let median = median_lifetime(&curve);
    Survival {
        timeline: curve.timeline,
        unit: unit.name().to_owned(),
        at_risk: curve.at_risk,
        events: curve.events,
        survival: curve.survival,
        low: curve.low,
        high: curve.high,
        median,
        rmst: restricted_mean,
        models: models.unwrap_or_default().into_iter().map(Fit::from).collect(),
    }
}

#[inline(never)]
fn purchases_report(totals: PurchaseTotals, decimals: u8) -> PurchasesReport {
    PurchasesReport {
        customers: totals.n_customers,
        purchases: totals.n_purchases,
        revenue: to_major(totals.revenue_minor, decimals),
        repeat_customer_rate: totals.repeat_customer_rate,
        purchase_frequency: totals.purchase_frequency,
        average_purchase_value: totals.average_purchase_value,
    }
}

#[inline(never)]
fn value_report(value: LifetimeValue) -> Value {
    let named = |figures: BTreeMap<&'static str, Figure>| {
        arrange::map(figures.into_iter().map(|(name, figure)| (name.to_owned(), figure)))
    };
    Value { clv: named(value.clv), lifespan: named(value.lifespan) }
}
