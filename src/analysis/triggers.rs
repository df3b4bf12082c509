//! Warnings by published thresholds, judged where the data can answer them.
//!
//! It judges no year by a month and guesses no column; what it cannot answer says what it would need.

use super::Analysis;
use super::benchmarks::{Article, NRR_GUIDE, comparable, figure_of};
use super::period_figures::why_code;
use crate::arrange;
use crate::calendar::Granularity;
use crate::ledger::Ledger;
use crate::number::{Figure, FormulaId};

/// Which side of the threshold fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fires {
    /// Values below the threshold.
    Below,
    /// Values above it.
    Above,
}

/// A published threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// Its stable name.
    pub id: &'static str,
    /// The metric by its name, which some files can answer and some cannot.
    pub metric: &'static str,
    /// Which side of it fires.
    pub fires: Fires,
    /// The threshold, a fraction or days.
    pub threshold: f64,
    /// What the source calls it.
    pub label: Option<&'static str>,
    /// Where it was published.
    pub source: &'static Article,
    /// What a file needs for it beyond what is read of any file.
    needs: Option<&'static str>,
}

/// A threshold with the figure of a file held against it.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// The threshold.
    pub threshold: &'static Threshold,
    /// The figure it looks at; undefined where the file cannot answer.
    pub figure: Figure,
    /// The span of the figure.
    pub period: Option<String>,
    /// Whether it fires: the figure is on that side of the threshold.
    pub has_fired: bool,
    /// Whether the whole interval of the figure is on one side of it.
    pub is_certain: bool,
    /// What the file would need to answer it, by a code; none where it does.
    pub needs: Option<&'static str>,
    /// The revenue per month that is missing up to the threshold, in major units.
    pub short_of_threshold: Option<f64>,
}

/// What several warnings at once mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alarm {
    /// How many fired.
    pub n_fired: u64,
    /// How many the file could answer.
    pub n_judged: u64,
    /// How many different metrics the fired ones look at: two thresholds on one metric are one.
    pub n_metrics: u64,
    /// Two or more at once.
    pub is_raised: bool,
}

/// Every published warning with the file's figure held against it.
///
/// # Formula
///
/// ```text
/// fired   = value < threshold  (or threshold < value)
/// certain = the whole interval lies on that side, or the whole interval lies on the other
/// short   = threshold × revenue of a year ago − revenue now of the same customers
/// ```
///
/// where net and gross revenue retention are those of the trailing year, else of the latest complete
/// period where periods are years, never of a month.
///
/// # Domain
///
/// Any analysis of the ledger.
///
/// # Undefined
///
/// A warning that the file cannot answer has not fired and says what it needs: `a-year-of-data`,
/// `recurring-revenue` (orders), `customers` (totals), `dates` (accounts), `amounts`,
/// `onboarding-days`, `adoption-milestones`, `cancellation-notice`.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// The thresholds are those of one article; others print others.
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::THRESHOLDS;
///
/// assert_eq!(THRESHOLDS[0].id, "nrr-below-100");
/// assert_eq!(THRESHOLDS[0].source.id, "nrr-guide");
/// ```
///
/// # References
///
/// The article that each threshold names.
#[must_use]
#[inline(never)]
pub fn triggers(ledger: &Ledger, analysis: &Analysis) -> Vec<Trigger> {
    THRESHOLDS.iter().map(|threshold| judged(threshold, ledger, analysis)).collect()
}

impl Alarm {
    /// That of the warnings of a file: the article says of two or more that retention needs active
    /// investment now.
    #[must_use]
    pub fn of(triggers: &[Trigger]) -> Self {
        let fired: Vec<&Trigger> = triggers.iter().filter(|one| one.has_fired).collect();
        let mut metrics: Vec<&str> = fired.iter().map(|one| one.threshold.metric).collect();
        arrange::by(&mut metrics, Ord::cmp);
        metrics.dedup();
        Self {
            n_fired: fired.len() as u64,
            n_judged: triggers.iter().filter(|one| one.needs.is_none()).count() as u64,
            n_metrics: metrics.len() as u64,
            is_raised: 2 <= fired.len(),
        }
    }
}

fn judged(threshold: &'static Threshold, ledger: &Ledger, analysis: &Analysis) -> Trigger {
    let unanswered = |needs, figure| Trigger {
        threshold,
        figure,
        period: None,
        has_fired: false,
        is_certain: false,
        needs: Some(needs),
        short_of_threshold: None,
    };
    let metric = FormulaId::from_name(threshold.metric);
    let undefined = |why| Figure::undefined(metric.unwrap_or(FormulaId::Share), why, &[]);
    if let Some(needs) = threshold.needs {
        return unanswered(needs, undefined("not-in-file"));
    }
    let (figure, period) = match of_year(metric, ledger, analysis) {
        Ok(found) => found,
        Err((needs, why)) => return unanswered(needs, undefined(why)),
    };
    let Some(value) = figure.value else { return unanswered("a-year-of-data", figure) };
    let is_on_side = |value: f64| match threshold.fires {
        Fires::Below => value < threshold.threshold,
        Fires::Above => threshold.threshold < value,
    };
    let has_fired = is_on_side(value);
    let is_certain = match (figure.low, figure.high) {
        (Some(low), Some(high)) => is_on_side(low) == has_fired && is_on_side(high) == has_fired,
        _ => false,
    };
    let short_of_threshold =
        figure.inputs.get("start").map(|start| (threshold.threshold - value) * start);
    Trigger {
        threshold,
        period: Some(period),
        has_fired,
        is_certain,
        needs: None,
        short_of_threshold: short_of_threshold.filter(|short| 0.0 < *short),
        figure,
    }
}

/// The figure of a year with its span, else what the file needs and why there is none.
fn of_year(
    metric: Option<FormulaId>,
    ledger: &Ledger,
    analysis: &Analysis,
) -> Result<(Figure, String), (&'static str, &'static str)> {
    let year = comparable(Granularity::Year, ledger, analysis).map_err(|why| {
        let needs = match why {
            "no-contract" => "recurring-revenue",
            "needs-dates" => "dates",
            "needs-customers" => "customers",
            _ => "a-year-of-data",
        };
        (needs, why)
    })?;
    let figure = metric.and_then(|metric| figure_of(year, metric));
    let figure = figure.ok_or(("customers", "not-in-file"))?;
    match (figure.value, why_code(figure)) {
        (Some(_), _) => Ok((figure.clone(), year.span.label.clone())),
        (None, why @ "no-amounts") => Err(("amounts", why)),
        (None, why) => Err(("a-year-of-data", why)),
    }
}

/// Every published threshold.
pub static THRESHOLDS: [Threshold; 6] = [
    Threshold {
        id: "nrr-below-100",
        metric: "net_revenue_retention",
        fires: Fires::Below,
        threshold: 1.0,
        label: None,
        source: &NRR_GUIDE,
        needs: None,
    },
    Threshold {
        id: "nrr-below-110",
        metric: "net_revenue_retention",
        fires: Fires::Below,
        threshold: 1.1,
        label: Some("expansion under the SaaS benchmark"),
        source: &NRR_GUIDE,
        needs: None,
    },
    Threshold {
        id: "grr-below-90",
        metric: "gross_revenue_retention",
        fires: Fires::Below,
        threshold: 0.9,
        label: None,
        source: &NRR_GUIDE,
        needs: None,
    },
    Threshold {
        id: "onboarding-over-60-days",
        metric: "onboarding_days",
        fires: Fires::Above,
        threshold: 60.0,
        label: None,
        source: &NRR_GUIDE,
        needs: Some("onboarding-days"),
    },
    Threshold {
        id: "adoption-below-40",
        metric: "share_at_adoption_milestone_within_90_days",
        fires: Fires::Below,
        threshold: 0.4,
        label: None,
        source: &NRR_GUIDE,
        needs: Some("adoption-milestones"),
    },
    Threshold {
        id: "late-churn-over-20",
        metric: "share_of_churn_found_inside_renewal_window",
        fires: Fires::Above,
        threshold: 0.2,
        label: None,
        source: &NRR_GUIDE,
        needs: Some("cancellation-notice"),
    },
];
