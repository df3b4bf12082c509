//! Segments and concentration in the report: exact figures put in their published places.
//!
//! It computes nothing itself.

use serde::{Deserialize, Serialize};

use super::{Input, NoteReport, PeriodReport, Report, note_report, period_report};
use crate::analysis::{
    self, AnalysisOptions, Concentration, Mix, RateChange, ReportPart, ReportSpans, SegmentFigures,
};
use crate::calendar::Day;
use crate::error::Error;
use crate::ledger::Ledger;
use crate::number::{Figure, to_major};

plain_data! {
    /// One segment.
    pub struct Segment {
        /// Its name: its values, parted by ` · ` where several columns were chosen. Empty where the
        /// file has no value.
        pub name: String,
        /// Its latest complete period.
        pub latest: PeriodReport,
        /// Its value in each of the columns, an empty one where the file has none; no value at all
        /// where it stands for all segments that are too small to be told apart.
        pub values: Vec<String>,
        /// Its twelve months up to `as_of`.
        pub trailing_year: Option<PeriodReport>,
        /// Its share of the customers at the end of the latest period.
        pub customer_share: Figure,
        /// Its share of the revenue then.
        pub revenue_share: Figure,
        /// Revenue per customer then, in major units.
        pub average_revenue: Figure,
        /// Lifetime value on average churn, in major units; on margin where there is one.
        pub lifetime_value: Figure,
        /// Revenue at the end of the latest period less revenue at its start, in major units.
        pub change: Option<f64>,
        /// Revenue lost in the latest period above what the churn of the whole takes from a base of
        /// this size, in major units.
        pub excess_loss: Option<f64>,
    }

    /// How customers were told apart.
    pub struct Segmentation {
        /// The columns; none where no column was chosen.
        pub columns: Vec<String>,
        /// `option`, `segment-role`, `plan-role` or `values`.
        pub chosen_by: String,
        /// All columns that can be chosen, in the order of the file.
        pub candidates: Vec<SegmentCandidate>,
        /// How many of the smallest segments are counted as one, the last.
        pub pooled: u64,
        /// Of how many segments, the largest, the intervals of revenue are drawn; those of the others
        /// are linearized.
        pub with_intervals: u64,
        /// Revenue of the whole at the end of the latest period less that at its start.
        pub change: Option<f64>,
        /// The latest period against the one before.
        pub mix: Option<MixReport>,
        /// The trailing year against the year before.
        pub trailing_mix: Option<MixReport>,
        /// What there is to say about them.
        pub notes: Vec<NoteReport>,
    }

    /// A column that customers can be told apart by.
    pub struct SegmentCandidate {
        /// Its name.
        pub column: String,
        /// Its role, where it has one.
        pub role: Option<String>,
        /// How many values it has, an empty one included.
        pub values: u64,
    }

    /// Why the rates of the whole changed from one span to the next.
    pub struct MixReport {
        /// The label of the span before.
        pub before: String,
        /// The label of the span.
        pub now: String,
        /// Share of the customers kept.
        pub customer_retention: Option<RateChangeReport>,
        /// Share of the revenue kept, expansion left aside.
        pub gross_retention: Option<RateChangeReport>,
        /// Revenue now over revenue then.
        pub net_retention: Option<RateChangeReport>,
    }

    /// The change of a rate: `change = rate_effect + mix_effect`, all as fractions.
    pub struct RateChangeReport {
        /// The rate of the whole before.
        pub before: f64,
        /// The rate of the whole now.
        pub now: f64,
        /// By how much it changed.
        pub change: f64,
        /// What segments did by changes of their own rates.
        pub rate_effect: f64,
        /// What other shares of the segments did.
        pub mix_effect: f64,
        /// Whether every segment moved one way and the whole the other.
        pub paradox: bool,
        /// The segments, in the order of `Report.segments`.
        pub segments: Vec<SegmentEffectReport>,
    }

    /// How one segment took part in the change of a rate, all as fractions.
    pub struct SegmentEffectReport {
        /// Its rate before; nothing where it had nobody at the start.
        pub rate_before: Option<f64>,
        /// Its rate now.
        pub rate_now: Option<f64>,
        /// Its share of the whole before.
        pub weight_before: f64,
        /// Its share now.
        pub weight_now: f64,
        /// What its own change of rate moved the whole by.
        pub rate_effect: f64,
        /// What its change of share moved the whole by.
        pub mix_effect: f64,
    }

    /// How much of the revenue hangs on few customers.
    pub struct ConcentrationReport {
        /// The day behind whose close revenue counts; nothing where it is revenue per month.
        pub from: Option<String>,
        /// The day at whose close it is counted.
        pub to: Option<String>,
        /// Customers with revenue above 0.
        pub customers: u64,
        /// Their revenue, in major units.
        pub revenue: f64,
        /// The shares of the largest ones.
        pub top: Vec<TopShareReport>,
        /// The Herfindahl–Hirschman index, as a fraction.
        pub index: Figure,
        /// How many customers of one size would be as concentrated.
        pub effective_number: Figure,
    }

    /// The share of the largest customers.
    pub struct TopShareReport {
        /// How many.
        pub customers: u64,
        /// Their share of the revenue.
        pub share: Figure,
    }
}

/// Fills in the segments of a report, counted in its spans, as far as they are wanted.
#[inline(never)]
pub(super) fn add_segments(
    report: &mut Report,
    ledger: &Ledger,
    options: &AnalysisOptions,
    spans: ReportSpans,
) {
    (report.segments, report.segmentation) = (None, None);
    let has_segments = options.parts.has(ReportPart::Segments);
    let has_segmentation = options.parts.has(ReportPart::Segmentation);
    if !has_segments && !has_segmentation {
        return;
    }
    let Some(found) = analysis::segments(ledger, options, spans) else { return };
    let segments = found.segments.iter().map(|one| segment_report(one, ledger.decimals));
    report.segments = (has_segments && !found.segments.is_empty()).then(|| segments.collect());
    report.segmentation = has_segmentation.then(|| Segmentation {
        columns: found.columns,
        chosen_by: found.chosen_by.name().to_owned(),
        candidates: ledger
            .segments
            .columns()
            .iter()
            .map(|column| SegmentCandidate {
                column: column.name.clone(),
                role: column.role.map(|role| role.name().to_owned()),
                values: column.values.names.len() as u64,
            })
            .collect(),
        pooled: found.n_pooled as u64,
        with_intervals: found.n_drawn as u64,
        change: found.change_minor.map(|minor| to_major(minor, ledger.decimals)),
        mix: found.mix.as_ref().map(mix_report),
        trailing_mix: found.mix_of_year.as_ref().map(mix_report),
        notes: found.notes.iter().map(note_report).collect(),
    });
}

/// Checks that the file has the columns to segment by.
///
/// # Errors
///
/// `unknown-column` where it does not have one.
pub fn check_segment_columns(input: &Input, asked: &[String]) -> Result<(), Error> {
    let is_known = |name: &str| input.columns.iter().any(|column| column.name == name);
    let Some(name) = asked.iter().find(|name| !is_known(name)) else { return Ok(()) };
    let known: Vec<&str> = input.columns.iter().map(|column| column.name.as_str()).collect();
    let message =
        format!("The file has no column “{name}”. Its columns are: {}.", known.join(", "));
    Err(Error::new("unknown-column", message).in_column(name.clone()))
}

fn segment_report(one: &SegmentFigures, decimals: u8) -> Segment {
    let is_stated = one.values.iter().any(|value| !value.is_empty());
    Segment {
        name: if is_stated { one.values.join(" · ") } else { String::new() },
        latest: period_report(&one.latest, decimals),
        values: one.values.clone(),
        trailing_year: one.trailing_year.as_ref().map(|year| period_report(year, decimals)),
        customer_share: one.customer_share.clone(),
        revenue_share: one.revenue_share.clone(),
        average_revenue: one.average_revenue.clone(),
        lifetime_value: one.lifetime_value.clone(),
        change: one.change_minor.map(|minor| to_major(minor, decimals)),
        excess_loss: one.excess_loss,
    }
}

fn mix_report(mix: &Mix) -> MixReport {
    let change = |change: &Option<RateChange>| change.as_ref().map(rate_change_report);
    MixReport {
        before: mix.before.label.clone(),
        now: mix.now.label.clone(),
        customer_retention: change(&mix.customer_retention),
        gross_retention: change(&mix.gross_retention),
        net_retention: change(&mix.net_retention),
    }
}

fn rate_change_report(change: &RateChange) -> RateChangeReport {
    RateChangeReport {
        before: change.before,
        now: change.now,
        change: change.change,
        rate_effect: change.rate_effect,
        mix_effect: change.mix_effect,
        paradox: change.is_paradox,
        segments: change
            .segments
            .iter()
            .map(|one| SegmentEffectReport {
                rate_before: one.rate_before,
                rate_now: one.rate_now,
                weight_before: one.weight_before,
                weight_now: one.weight_now,
                rate_effect: one.rate_effect,
                mix_effect: one.mix_effect,
            })
            .collect(),
    }
}

/// Concentration as it is reported.
#[inline(never)]
pub(super) fn concentration_report(found: &Concentration, decimals: u8) -> ConcentrationReport {
    ConcentrationReport {
        from: found.from.map(Day::to_iso),
        to: found.to.map(Day::to_iso),
        customers: found.n_customers,
        revenue: to_major(found.revenue_minor, decimals),
        top: found
            .top
            .iter()
            .map(|top| TopShareReport {
                customers: top.n_customers as u64,
                share: top.share.clone(),
            })
            .collect(),
        index: found.index.clone(),
        effective_number: found.effective_number.clone(),
    }
}
