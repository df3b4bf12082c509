//! Published ranges of retention and churn, each with its source, and how a file's figure lies to
//! them.
//!
//! The ranges disagree with each other. They are never merged, and a figure is held against one only
//! where both are about the same length of time.

use super::Analysis;
use super::definitions::latest_complete;
use super::period_figures::PeriodFigures;
use crate::calendar::Granularity;
use crate::ledger::{Histories, Ledger};
use crate::number::{Figure, FormulaId};

/// An article that prints ranges or thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its stable name.
    pub id: &'static str,
    /// Its title and date.
    pub title: &'static str,
}

/// A published range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The metric it is about.
    pub metric: FormulaId,
    /// The length of the period that the rate is of.
    pub per: Granularity,
    /// For whom, as printed.
    pub segment: &'static str,
    /// The business model, where the segment names one.
    pub model: Option<&'static str>,
    /// The stage of the company, where the source names one; none of them does.
    pub stage: Option<&'static str>,
    /// Its lower end, a fraction.
    pub low: f64,
    /// Its upper end, a fraction; none where it is open.
    pub high: Option<f64>,
    /// What the source calls it: `typical`, `target`, `top quartile`.
    pub label: &'static str,
    /// Where it was published.
    pub source: &'static Article,
    /// Where in the source, if it contradicts itself elsewhere.
    pub place: Option<&'static str>,
    /// What there is to say about it.
    pub note: Option<&'static str>,
    /// Why it is not verified, where it is not.
    pub unverified: Option<&'static str>,
}

/// How a figure lies to a range, its whole interval being on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Below its lower end.
    Below,
    /// From its lower end to its upper end.
    Within,
    /// Above its upper end.
    Above,
    /// The interval crosses an end, or there is none.
    Uncertain,
}

impl Verdict {
    /// `below`, `within`, `above` or `uncertain`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Below => "below",
            Self::Within => "within",
            Self::Above => "above",
            Self::Uncertain => "uncertain",
        }
    }

    /// That of a figure. Without an interval nothing is certain.
    fn of(figure: &Figure, range: &Range) -> Self {
        match (figure.low, figure.high) {
            (Some(_), Some(high)) if high < range.low => Self::Below,
            (Some(low), Some(_)) if range.high.is_some_and(|end| end < low) => Self::Above,
            (Some(low), Some(high))
                if range.low <= low && range.high.is_none_or(|end| high <= end) =>
            {
                Self::Within
            }
            _ => Self::Uncertain,
        }
    }
}

/// A range with the figure of a file held against it.
#[derive(Clone, Debug, PartialEq)]
pub struct Benchmark {
    /// The range.
    pub range: &'static Range,
    /// How the figure lies to it; uncertain where there is none to compare.
    pub verdict: Verdict,
    /// The figure of the same length of time, where the file has one.
    pub figure: Option<Figure>,
    /// The span of the figure.
    pub period: Option<String>,
    /// Why no figure of the file can be compared with it.
    pub why: Option<&'static str>,
}

/// The metrics that matter at a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// `seed to series A`, `series B to C`, `series D on`.
    pub name: &'static str,
    /// The metrics by their names, some of which no file can answer.
    pub metrics: &'static [&'static str],
}

/// Every published range with the figure of a file held against it.
///
/// # Formula
///
/// ```text
/// below   high end of the interval < low end of the range
/// within  low end of the range ≤ low end of the interval, high end of the interval ≤ high end of the range
/// above   high end of the range < low end of the interval
/// ```
///
/// where the interval is that of the file's figure of the same metric and length: the trailing year
/// for a year (else the latest complete year of periods that are years), the latest complete period
/// for a month or quarter.
///
/// # Domain
///
/// Any analysis of the ledger. All ranges are about customers with a contract.
///
/// # Undefined
///
/// Without a figure the verdict is uncertain, with the reason: `no-contract` for orders,
/// `needs-dates` for accounts, `needs-customers` for totals by the month or quarter (annual ranges),
/// `less-than-a-year`, `other-period-length` where the periods are of another length,
/// `no-complete-period`, or why the figure itself is undefined.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// The range is for businesses like this one, which only the reader can know.
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::RANGES;
///
/// let unverified = RANGES.iter().filter(|range| range.unverified.is_some()).count();
/// assert_eq!((RANGES.len(), unverified), (28, 2));
/// ```
///
/// # References
///
/// The articles that each range names.
#[must_use]
#[inline(never)]
pub fn benchmarks(ledger: &Ledger, analysis: &Analysis) -> Vec<Benchmark> {
    RANGES.iter().map(|range| judged(range, ledger, analysis)).collect()
}

fn judged(range: &'static Range, ledger: &Ledger, analysis: &Analysis) -> Benchmark {
    let compared = comparable(range.per, ledger, analysis);
    let figure = compared.and_then(|period| {
        let figure = figure_of(period, range.metric).ok_or("not-in-file")?;
        match (figure.value, super::period_figures::why_code(figure)) {
            (Some(_), _) => Ok((figure, period)),
            (None, why) => Err(why),
        }
    });
    match figure {
        Ok((figure, period)) => Benchmark {
            range,
            verdict: Verdict::of(figure, range),
            figure: Some(figure.clone()),
            period: Some(period.span.label.clone()),
            why: None,
        },
        Err(why) => Benchmark {
            range,
            verdict: Verdict::Uncertain,
            figure: None,
            period: None,
            why: Some(why),
        },
    }
}

/// The span of a file whose rates are of a length, or why there is none.
pub(super) fn comparable<'a>(
    per: Granularity,
    ledger: &Ledger,
    analysis: &'a Analysis,
) -> Result<&'a PeriodFigures, &'static str> {
    match ledger.histories {
        Histories::Purchases(_) => return Err("no-contract"),
        Histories::Accounts(_) => return Err("needs-dates"),
        Histories::Recurring(_) | Histories::Totals(_) => {}
    }
    if per == Granularity::Year
        && let Some(year) = &analysis.trailing_year
    {
        return Ok(year);
    }
    if analysis.granularity == Some(per) {
        let complete = latest_complete(&analysis.periods).filter(|one| !one.span.is_partial);
        return complete.ok_or("no-complete-period");
    }
    Err(match (per, &ledger.histories) {
        (Granularity::Year, Histories::Totals(_)) => "needs-customers",
        (Granularity::Year, _) => "less-than-a-year",
        _ => "other-period-length",
    })
}

pub(super) fn figure_of(period: &PeriodFigures, metric: FormulaId) -> Option<&Figure> {
    match metric {
        FormulaId::CustomerRetentionRate => Some(&period.customer_retention_rate),
        FormulaId::CustomerChurnRate => Some(&period.customer_churn_rate),
        FormulaId::GrossRevenueRetention => Some(&period.gross_revenue_retention),
        FormulaId::NetRevenueRetention => Some(&period.net_revenue_retention),
        _ => None,
    }
}

const NOT_SEEN: &str = "credited to a survey that was not seen";

static CRR_GUIDE: Article = Article {
    id: "crr-guide",
    title: "Customer Retention Rate (SaaS glossary article, last updated 2026-01-18)",
};
pub(super) static NRR_GUIDE: Article = Article {
    id: "nrr-guide",
    title: "Customer Retention: The Complete Guide to Reducing Churn and Growing NRR in 2026 (2026-04-30)",
};
static B2B_STRATEGY: Article = Article {
    id: "b2b-strategy",
    title: "B2B Retention Strategy: How to Improve Customer Retention in B2B (2026-06-27)",
};

const fn range(
    metric: FormulaId,
    per: Granularity,
    segment: &'static str,
    (low, high): (f64, Option<f64>),
    label: &'static str,
    source: &'static Article,
) -> Range {
    Range {
        metric,
        per,
        segment,
        model: None,
        stage: None,
        low,
        high,
        label,
        source,
        place: None,
        note: None,
        unverified: None,
    }
}

/// Every published range, in the order of their sources.
pub static RANGES: [Range; 28] = [
    Range {
        model: Some("B2B SaaS"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "B2B SaaS",
            (0.85, Some(0.95)),
            "target",
            &CRR_GUIDE,
        )
    },
    Range {
        place: Some("key takeaways"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "enterprise",
            (0.85, Some(0.95)),
            "typical",
            &CRR_GUIDE,
        )
    },
    Range {
        place: Some("key takeaways"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "mid-market",
            (0.8, Some(0.9)),
            "typical",
            &CRR_GUIDE,
        )
    },
    Range {
        place: Some("key takeaways"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "SMB",
            (0.7, Some(0.8)),
            "typical",
            &CRR_GUIDE,
        )
    },
    Range {
        place: Some("FAQ"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "enterprise, ACV over 100,000",
            (0.9, Some(0.95)),
            "good",
            &CRR_GUIDE,
        )
    },
    Range {
        place: Some("FAQ"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "enterprise, ACV over 100,000",
            (0.95, None),
            "exceptional",
            &CRR_GUIDE,
        )
    },
    Range {
        place: Some("FAQ"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "mid-market, ACV 25,000 to 100,000",
            (0.85, Some(0.9)),
            "healthy",
            &CRR_GUIDE,
        )
    },
    Range {
        place: Some("FAQ"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "mid-market, ACV 25,000 to 100,000",
            (0.9, None),
            "excellent",
            &CRR_GUIDE,
        )
    },
    Range {
        place: Some("FAQ"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "SMB, ACV under 25,000",
            (0.75, Some(0.85)),
            "typical",
            &CRR_GUIDE,
        )
    },
    Range {
        place: Some("FAQ"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "SMB, ACV under 25,000",
            (0.85, None),
            "strong",
            &CRR_GUIDE,
        )
    },
    Range {
        place: Some("FAQ"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "prosumer and small business",
            (0.65, Some(0.75)),
            "often seen",
            &CRR_GUIDE,
        )
    },
    Range {
        unverified: Some("credited to two different 2025 surveys in one article"),
        model: Some("B2B SaaS"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "B2B SaaS",
            (0.87, Some(0.87)),
            "median",
            &CRR_GUIDE,
        )
    },
    Range {
        unverified: Some(NOT_SEEN),
        model: Some("B2B SaaS"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "B2B SaaS",
            (0.92, None),
            "top quartile",
            &CRR_GUIDE,
        )
    },
    Range {
        model: Some("B2B"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "B2B",
            (0.85, Some(0.9)),
            "good",
            &NRR_GUIDE,
        )
    },
    Range {
        model: Some("B2B SaaS"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "B2B SaaS",
            (0.9, None),
            "strong",
            &NRR_GUIDE,
        )
    },
    range(
        FormulaId::CustomerRetentionRate,
        Granularity::Year,
        "enterprise",
        (0.95, None),
        "often seen",
        &NRR_GUIDE,
    ),
    range(
        FormulaId::CustomerRetentionRate,
        Granularity::Year,
        "SMB",
        (0.8, Some(0.9)),
        "typical",
        &NRR_GUIDE,
    ),
    Range {
        model: Some("B2B SaaS"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "B2B SaaS",
            (0.8, Some(0.85)),
            "healthy",
            &B2B_STRATEGY,
        )
    },
    Range {
        model: Some("B2B SaaS"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "B2B SaaS",
            (0.85, Some(0.9)),
            "strong",
            &B2B_STRATEGY,
        )
    },
    Range {
        model: Some("B2B SaaS"),
        ..range(
            FormulaId::CustomerRetentionRate,
            Granularity::Year,
            "B2B SaaS",
            (0.9, None),
            "exceptional",
            &B2B_STRATEGY,
        )
    },
    Range {
        note: Some("compounds to 11.4 to 30.6 % a year, against the same article's annual target"),
        model: Some("B2B SaaS"),
        ..range(
            FormulaId::CustomerChurnRate,
            Granularity::Month,
            "B2B SaaS",
            (0.01, Some(0.03)),
            "typical",
            &CRR_GUIDE,
        )
    },
    Range {
        model: Some("B2B SaaS"),
        ..range(
            FormulaId::CustomerChurnRate,
            Granularity::Quarter,
            "B2B SaaS",
            (0.03, Some(0.08)),
            "typical, healthy",
            &CRR_GUIDE,
        )
    },
    Range {
        model: Some("B2B SaaS"),
        ..range(
            FormulaId::GrossRevenueRetention,
            Granularity::Year,
            "B2B SaaS",
            (0.85, Some(0.95)),
            "target",
            &CRR_GUIDE,
        )
    },
    Range {
        place: Some("FAQ"),
        model: Some("B2B SaaS"),
        ..range(
            FormulaId::GrossRevenueRetention,
            Granularity::Year,
            "B2B SaaS",
            (0.9, None),
            "target",
            &CRR_GUIDE,
        )
    },
    Range {
        model: Some("B2B SaaS"),
        ..range(
            FormulaId::NetRevenueRetention,
            Granularity::Year,
            "B2B SaaS",
            (1.0, Some(1.3)),
            "target",
            &CRR_GUIDE,
        )
    },
    Range {
        model: Some("B2B SaaS"),
        ..range(
            FormulaId::NetRevenueRetention,
            Granularity::Year,
            "B2B SaaS",
            (1.1, Some(1.3)),
            "ideal with GRR of 90 % or more",
            &CRR_GUIDE,
        )
    },
    Range {
        model: Some("SaaS"),
        ..range(
            FormulaId::NetRevenueRetention,
            Granularity::Year,
            "mid-market SaaS",
            (1.05, Some(1.15)),
            "healthy",
            &NRR_GUIDE,
        )
    },
    Range {
        model: Some("SaaS"),
        ..range(
            FormulaId::NetRevenueRetention,
            Granularity::Year,
            "SaaS",
            (1.2, None),
            "best in class",
            &NRR_GUIDE,
        )
    },
];

/// The metrics that matter at each stage of a company, as published.
pub static STAGES: [Stage; 3] = [
    Stage { name: "seed to series A", metrics: &["customer_retention_rate", "time_to_value"] },
    Stage { name: "series B to C", metrics: &["net_revenue_retention", "gross_revenue_retention"] },
    Stage { name: "series D on", metrics: &["net_revenue_retention", "clv", "cac_payback"] },
];
