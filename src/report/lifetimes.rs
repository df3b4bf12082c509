//! How long the customers of each segment stay, side by side, as it is reported.
//!
//! It computes nothing itself.

use serde::{Deserialize, Serialize};

use crate::analysis::{AnalysisOptions, Lifetimes, lifetimes_by_segment};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::number::Figure;
use crate::survival::{
    DurationCount, RiskTable, kaplan_meier_of_counts, log_rank, median_lifetime,
    proportional_hazards, restricted_mean_lifetime,
};

/// How many segments are compared at most; the smallest of more are one.
const MOST_SEGMENTS: usize = 12;

plain_data! {
    /// How long the customers of each segment stay.
    pub struct LifetimesBySegment {
        /// The columns that customers are told apart by.
        pub columns: Vec<String>,
        /// What durations are counted in: `day`, `month` or `period`.
        pub unit: String,
        /// The segments, the one with the most customers first.
        pub segments: Vec<SegmentLifetime>,
        /// How many of the smallest are one, the last.
        pub pooled: u64,
        /// The name of the segment that risks are compared with.
        pub reference: Option<String>,
        /// The log-rank test whether they leave at one pace; nothing where they cannot be compared.
        pub test: Option<LogRankReport>,
        /// Up to when means are taken: as long as anybody of every segment was observed.
        pub horizon: Option<f64>,
    }

    /// One segment.
    pub struct SegmentLifetime {
        /// Its name, as in the segments of the report.
        pub name: String,
        /// Its value in each of the columns; none where it stands for several.
        pub values: Vec<String>,
        /// Its customers.
        pub customers: u64,
        /// Those lost.
        pub lost: u64,
        /// How many would be lost if all segments left at one pace.
        pub expected_lost: f64,
        /// The times at which customers were lost.
        pub timeline: Vec<f64>,
        /// The share still there after each.
        pub survival: Vec<f64>,
        /// Lower ends of its intervals.
        pub low: Vec<f64>,
        /// Upper ends.
        pub high: Vec<f64>,
        /// How long anybody was observed.
        pub last_time: f64,
        /// The time at which half are gone.
        pub median: Figure,
        /// The mean inside the common horizon.
        pub mean: Figure,
        /// How many times the risk of the reference its own is.
        pub hazard_ratio: Figure,
    }

    /// A log-rank test.
    pub struct LogRankReport {
        /// The chi-square.
        pub statistic: f64,
        /// Its degrees of freedom.
        pub degrees_of_freedom: u32,
        /// How likely it is where segments do not differ, a share.
        pub p_value: f64,
    }
}

/// How long the customers of each segment of a file stay; nothing where it has no segments or no
/// lifetimes.
///
/// # Errors
///
/// Those of the survival estimators, which no file brings about.
pub fn compare_lifetimes(
    ledger: &Ledger,
    options: &AnalysisOptions,
) -> Result<Option<LifetimesBySegment>, Error> {
    let Some(found) = lifetimes_by_segment(ledger, options, MOST_SEGMENTS) else { return Ok(None) };
    let Some((_, first)) = found.segments.first() else { return Ok(None) };
    let unit = first.unit.name().to_owned();
    let counts: Vec<Vec<DurationCount>> =
        found.segments.iter().map(|(_, lifetimes)| counts_of(lifetimes)).collect();
    let tables: Vec<RiskTable> = counts
        .iter()
        .map(|counts| RiskTable::from_counts(counts, &[]))
        .collect::<Result<_, _>>()?;
    let tables: Vec<&RiskTable> = tables.iter().collect();
    // The largest segment that lost anybody.
    let reference = tables.iter().position(|table| 0 < table.n_events()).unwrap_or(0);
    let (expected, test, ratios) = if tables.len() < 2 {
        (vec![0.0; tables.len()], None, Vec::new())
    } else {
        let found = log_rank(&tables)?;
        let ratios = proportional_hazards(&tables, reference, options.confidence)?;
        (found.expected, found.test, ratios)
    };
    let horizon = tables.iter().map(|table| table.last_time()).reduce(f64::min);
    let horizon = horizon.filter(|horizon| 0.0 < *horizon);
    let name = |values: &[String]| {
        let is_stated = values.iter().any(|value| !value.is_empty());
        if is_stated { values.join(" · ") } else { String::new() }
    };
    let mut segments = Vec::with_capacity(tables.len());
    for (place, ((values, _), counts)) in found.segments.iter().zip(&counts).enumerate() {
        let curve = kaplan_meier_of_counts(counts, &[], options.confidence)?;
        let mean = restricted_mean_lifetime(&curve, horizon)?;
        segments.push(SegmentLifetime {
            name: name(values),
            values: values.clone(),
            customers: curve.n_customers,
            lost: curve.n_events(),
            expected_lost: expected[place],
            median: median_lifetime(&curve),
            mean,
            hazard_ratio: ratios.get(place).cloned().unwrap_or_else(|| {
                Figure::undefined(crate::number::FormulaId::HazardRatio, "one-segment", &[])
            }),
            timeline: curve.timeline,
            survival: curve.survival,
            low: curve.low,
            high: curve.high,
            last_time: curve.last_time,
        });
    }
    Ok(Some(LifetimesBySegment {
        columns: found.columns,
        unit,
        reference: segments.get(reference).filter(|_| 1 < tables.len()).map(|one| one.name.clone()),
        segments,
        pooled: found.n_pooled as u64,
        test: test.map(|test| LogRankReport {
            statistic: test.statistic,
            degrees_of_freedom: test.degrees_of_freedom,
            p_value: test.p_value,
        }),
        horizon,
    }))
}

/// Lifetimes as the estimators count them.
pub(super) fn counts_of(lifetimes: &Lifetimes) -> Vec<DurationCount> {
    let count = |count: &crate::analysis::LifetimeCount| DurationCount {
        duration: count.duration,
        n_events: count.n_lost,
        n_censored: count.n_censored,
    };
    lifetimes.counts.iter().map(count).collect()
}
