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
    self, Analysis, AnalysisOptions, KnownSums, LifetimeUnit, LifetimeValue, PeriodFigures,
    PurchaseTotals,
};
use crate::calendar::Day;
use crate::ledger::Ledger;
use crate::note::{Note, Notes, Severity};
use crate::number::{Figure, Minor, to_major};
use crate::survival::{
    MONTHS_WOBBLE_DAYS, RiskTable, kaplan_meier_of_counts, lifespan_models, median_lifetime,
    restricted_mean_lifetime,
};

/// The report of a ledger: all figures, with what there is to say about them added to `notes`, and
/// all of these in the input.
///
/// The date that everything is counted up to is filled in; the counts of rows stay as they are.
#[must_use]
pub fn assemble(
    mut input: Input,
    ledger: &Ledger,
    options: &AnalysisOptions,
    notes: &mut Notes,
) -> Report {
    let analysis = analysis::analyze(ledger, options);
    for note in &analysis.notes {
        notes.take(note.clone());
    }
    let survival = survival(&analysis, options).unwrap_or_else(|error| {
        notes.tell(error.code(), Severity::Warning, None, error.column(), || {
            error.message().to_owned()
        });
        None
    });
    input.as_of = analysis.as_of.map(Day::to_iso).unwrap_or_default();
    input.notes = notes.clone().into_sorted().iter().map(note_report).collect();
    let restricted_mean = survival.as_ref().map(|survival| &survival.rmst);
    let value = analysis::lifetime_value(ledger, options, &analysis, restricted_mean);
    let lost = analysis::lost_by_reason(ledger, options, &analysis);
    let lost = lost.map(|lost| lost_report(&lost, ledger));
    let outlook = analysis::renewals(ledger, options, &analysis);
    let outlook = outlook.map(|renewals| outlook_report(&renewals, ledger));
    let definitions = analysis::definitions(ledger, options, &analysis, &value);
    let triggers = analysis::triggers(ledger, &analysis);
    let benchmarks = analysis::benchmarks(ledger, &analysis);
    let decimals = ledger.decimals;
    let bridges = super::bridge::bridges(analysis.bridges.clone(), ledger);
    let mut report = Report {
        input,
        periods: analysis.periods.iter().map(|one| period_report(one, decimals)).collect(),
        trailing_year: analysis.trailing_year.as_ref().map(|one| period_report(one, decimals)),
        year_before: analysis.year_before.as_ref().map(|one| period_report(one, decimals)),
        cohorts: cohorts_report(&analysis, ledger, options.confidence),
        segments: None,
        bridges,
        reasons: lost.as_deref().and_then(reasons_of_file),
        lost_by_reason: lost,
        renewals: outlook.as_ref().and_then(renewals_of_outlook),
        renewal_outlook: outlook,
        survival,
        purchases: analysis.purchases.map(|totals| purchases_report(totals, decimals)),
        value: value_report(value),
        definitions: (!definitions.is_empty()).then(|| definitions_report(definitions, ledger)),
        triggers: triggers.iter().map(trigger_report).collect(),
        alarm: alarm_report(&triggers),
        benchmarks: benchmarks.into_iter().map(benchmark_report).collect(),
        stages: stage_reports(),
        files: None,
        segmentation: None,
        concentration: analysis
            .concentration
            .as_ref()
            .map(|found| concentration_report(found, decimals)),
    };
    add_segments(&mut report, ledger, options);
    report
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

/// The survival curve of the lifetimes; none where there are none.
///
/// Its models count in the periods of the report.
#[inline(never)]
fn survival(analysis: &Analysis, options: &AnalysisOptions) -> Result<Option<Survival>, Error> {
    let lifetimes = analysis.lifetimes.as_ref();
    let Some(lifetimes) = lifetimes.filter(|lifetimes| !lifetimes.counts.is_empty()) else {
        return Ok(None);
    };
    let confidence = options.confidence;
    let counts = counts_of(lifetimes);
    let curve = kaplan_meier_of_counts(&counts, &[], confidence)?;
    let per_period =
        analysis.granularity.map_or(1.0, |granularity| lifetimes.unit.per_period(granularity));
    let table = RiskTable::from_counts(&counts, &[])?;
    // No model is no reason to do without the curve.
    let is_by_calendar = lifetimes.unit == LifetimeUnit::Day && analysis.granularity.is_some();
    let wobble = if is_by_calendar { MONTHS_WOBBLE_DAYS } else { 0.0 };
    let models = lifespan_models(&table, per_period, wobble, None, confidence).unwrap_or_default();
    let median = median_lifetime(&curve);
    let rmst = restricted_mean_lifetime(&curve, None)?;
    Ok(Some(Survival {
        timeline: curve.timeline,
        unit: lifetimes.unit.name().to_owned(),
        at_risk: curve.at_risk,
        events: curve.events,
        survival: curve.survival,
        low: curve.low,
        high: curve.high,
        median,
        rmst,
        models: models.into_iter().map(Fit::from).collect(),
    }))
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
        figures.into_iter().map(|(name, figure)| (name.to_owned(), figure)).collect()
    };
    Value { clv: named(value.clv), lifespan: named(value.lifespan) }
}
