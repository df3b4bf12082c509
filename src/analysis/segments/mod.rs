//! The figures of each segment, and what the mix of segments did to those of the whole.
//!
//! A customer is counted in one segment of a span only, so that segments add up to the whole. It
//! never sees a row.

mod choice;
mod figures;
mod lifetimes;
mod mix;
mod pass;
mod resampled;

pub use choice::ChosenBy;
pub(crate) use choice::Segmentation;
pub use figures::{Mix, SegmentFigures};
pub use lifetimes::{SegmentLifetimes, lifetimes_by_segment};
pub use mix::{PartAndWhole, RateChange, SegmentEffect, rate_change};

use super::options::AnalysisOptions;
use super::period_figures::Scale;
use super::span::{Periods, Span, year_earlier};
use crate::analysis::exact::Exact;
use crate::analysis::moved::{Moved, Movement};
use crate::calendar::Day;
use crate::ledger::{Histories, Ledger};
use crate::note::{Note, Severity};
use crate::number::Minor;
use pass::{LATEST, Life, Visit, Window, Windows};
use resampled::Resampled;

/// What the spans of a report are, for its segments to have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportSpans {
    /// A day of the first period.
    pub first_day: Option<Day>,
    /// Whether there is a trailing year.
    pub has_year: bool,
}

/// The segments of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Segments {
    /// The names of the columns that customers are told apart by.
    pub columns: Vec<String>,
    /// Why these.
    pub chosen_by: ChosenBy,
    /// The segments, the one with the most revenue (without amounts, the most customers) first;
    /// none where no column was chosen.
    pub segments: Vec<SegmentFigures>,
    /// How many of the smallest are counted as one, the last; 0 where each stands for itself.
    pub n_pooled: usize,
    /// Of how many, the largest ones, the intervals of revenue are drawn; those of the others are
    /// linearized.
    pub n_drawn: usize,
    /// Revenue of the whole at the end of the latest period less that at its start, in minor units.
    pub change_minor: Option<Minor>,
    /// The latest period against the one before.
    pub mix: Option<Mix>,
    /// The trailing year against the year before.
    pub mix_of_year: Option<Mix>,
    /// What there is to say about them.
    pub notes: Vec<Note>,
}

/// The figures of each segment in the latest complete period and the trailing year, and why the
/// rates of the whole changed. None where no column can be a segment.
///
/// # Formula
///
/// ```text
/// Σ over segments of any count or sum = that of the whole
/// ```
///
/// where the counts and sums are those of [`super::period_movements`] and
/// [`super::purchase_movements`]; the change of each rate is taken apart by [`rate_change`].
///
/// # Domain
///
/// A customer's segment in a span is the value at the start close of what it pays most for there;
/// of who was not active then, the value at the end. So who moves to another plan stays in the
/// segment it came from, and segments don't pick their winners. For purchases it is the value of the
/// first purchase. An empty value is a segment of its own. Up to 1,000 segments are told apart, and
/// the smallest of more are counted as one.
///
/// Lifetime value is that on average churn: revenue per customer of the segment at the close of
/// `as_of` × periods until one of it is lost; its interval is that of the churn alone.
///
/// # Undefined
///
/// Each figure for the reasons that it has in the whole; `no-amounts` without amounts,
/// `no-customers` where nobody of the segment pays.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// Segments with few customers have wide intervals; differences between segments that were found by
/// looking at many columns are weaker evidence than they look.
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::{AnalysisOptions, ReportSpans, segments};
/// use retention_calculator::calendar::Day;
/// use retention_calculator::ledger::{
///     Customers, Dimensions, Histories, Labels, Ledger, Recurring, Spell, TenureUnit, Terms,
/// };
///
/// let day = |text: &str| Day::from_iso(text).expect("a day");
/// let spell = |customer, end: Option<&str>, segment| Spell {
///     customer, start: day("2026-01-10"), end: end.map(&day), monthly: 5000,
///     segment: Some(segment), reason: None, renewal: None,
/// };
/// let ledger = Ledger {
///     customers: Customers::new(),
///     histories: Histories::Recurring(Recurring {
///         spells: vec![spell(0, None, 0), spell(1, Some("2026-02-15"), 1)],
///         is_monthly: false,
///     }),
///     currency: None, decimals: 2, has_amounts: true, last_day: Some(day("2026-02-28")),
///     tenure_unit: TenureUnit::Month,
///     segments: Dimensions::of_values("region", &["EU", "US"]), reasons: Labels::default(),
///     terms: Terms::default(),
/// };
/// let spans = ReportSpans { first_day: Some(day("2026-01-10")), has_year: false };
/// let found = segments(&ledger, &AnalysisOptions::default(), spans).unwrap();
/// let lost = |place: usize| found.segments[place].latest.customers.lost;
/// assert_eq!((found.segments[0].values[0].as_str(), lost(0), lost(1)), ("EU", Some(0), Some(1)));
/// ```
///
/// # References
///
/// As for [`rate_change`].
#[must_use]
pub fn segments(
    ledger: &Ledger,
    options: &AnalysisOptions,
    spans: ReportSpans,
) -> Option<Segments> {
    let dimensions = &ledger.segments;
    if dimensions.columns().is_empty() && options.segments_by.is_empty() {
        return None;
    }
    let (columns, chosen_by, missing) = choice::choose(dimensions, &options.segments_by);
    let names = columns.iter().map(|&column| dimensions.columns()[column].name.clone());
    let mut found = Segments {
        columns: names.collect(),
        chosen_by,
        segments: Vec::new(),
        n_pooled: 0,
        n_drawn: 0,
        change_minor: None,
        mix: None,
        mix_of_year: None,
        notes: missing.iter().map(|name| not_a_segment(name)).collect(),
    };
    if !columns.is_empty()
        && let Some(windows) = windows(ledger, options, spans)
    {
        let scale = Scale {
            has_amounts: ledger.has_amounts,
            decimals: ledger.decimals,
            confidence: options.confidence,
        };
        let mut segmentation = Segmentation::new(dimensions, &columns);
        if choice::MAX_SEGMENTS < segmentation.len() {
            let sizes = Counting::of(ledger, &segmentation, &windows).sizes();
            (segmentation, found.n_pooled) = segmentation.pooled(&sizes);
        }
        let counting = Counting::of(ledger, &segmentation, &windows);
        let values = |segment| segmentation.values(segment, dimensions, &columns);
        let resampled = Resampled::of(ledger, &segmentation, &windows, &counting, scale);
        found.n_drawn = resampled.n_drawn;
        let all = Counted { ledger, options, windows: &windows, counting: &counting, scale };
        figures::fill(&mut found, &all, &resampled, values, &segmentation);
    }
    Some(found)
}

fn not_a_segment(name: &str) -> Note {
    Note {
        code: "not-a-segment",
        severity: Severity::Warning,
        excludes: false,
        message: format!(
            "The column “{name}” is no segment: its values are too many, too long, or have another \
             meaning."
        ),
        count: 1,
        rows: Vec::new(),
        column: Some(name.to_owned()),
    }
}

/// All that was counted, with what it was counted from.
struct Counted<'a> {
    ledger: &'a Ledger,
    options: &'a AnalysisOptions,
    windows: &'a SpansOfLedger,
    counting: &'a Counting,
    scale: Scale,
}

/// The spans, and how they are named.
struct SpansOfLedger {
    windows: Windows,
    names: [Option<Span>; 4],
}

fn windows(
    ledger: &Ledger,
    options: &AnalysisOptions,
    spans: ReportSpans,
) -> Option<SpansOfLedger> {
    let all = Span { label: "all".to_owned(), from: None, to: None, is_partial: false };
    if let Histories::Accounts(_) = ledger.histories {
        let periods = Periods::new(Day(1), Day(0), options.granularity);
        let windows = Windows { as_of: Day(0), periods, n_complete: 0, spans: [None; 4] };
        return Some(SpansOfLedger { windows, names: [Some(all), None, None, None] });
    }
    let as_of = super::as_of(ledger, options)?;
    let periods = Periods::new(spans.first_day?, as_of, options.granularity);
    let n_complete = periods.len().saturating_sub(usize::from(periods.is_last_partial()));
    let latest = n_complete.max(1).checked_sub(1).filter(|latest| *latest < periods.len())?;
    let is_purchases = matches!(ledger.histories, Histories::Purchases(_));
    let period = |index: Option<usize>| {
        let span = periods.span(index?)?;
        let (from, to) = (span.from?, span.to?);
        let before = index?.checked_sub(1).and_then(|before| periods.span(before)?.from);
        Some((Window { before: before.unwrap_or(from), from, to }, span))
    };
    let year = |to: Day| {
        let from = year_earlier(to);
        (Window { before: year_earlier(from), from, to }, Span::of_days(from, to))
    };
    let latest_year = spans.has_year.then(|| year(as_of));
    let first = periods.span(0).and_then(|span| span.from)?;
    // The year before counts only where the data reach as far back as it needs.
    let year_before = latest_year.as_ref().map(|(window, _)| year(window.from));
    let year_before = year_before.filter(|(window, _)| {
        first < if is_purchases { window.before.next() } else { window.from }
    });
    let found = [period(Some(latest)), period(latest.checked_sub(1)), latest_year, year_before];
    let spans = found.each_ref().map(|one| one.as_ref().map(|(window, _)| *window));
    let names = found.map(|one| one.map(|(_, span)| span));
    Some(SpansOfLedger { windows: Windows { as_of, periods, n_complete, spans }, names })
}

/// Shows each customer of the ledger.
fn visit(
    ledger: &Ledger,
    segmentation: &Segmentation,
    windows: &Windows,
    visitor: &mut impl Visit,
) {
    match &ledger.histories {
        Histories::Recurring(recurring) => {
            pass::visit_recurring(recurring, segmentation, windows, visitor);
        }
        Histories::Purchases(purchases) => {
            pass::visit_purchases(purchases, segmentation, windows, visitor);
        }
        Histories::Accounts(accounts) => pass::visit_accounts(accounts, segmentation, visitor),
        Histories::Totals(_) => {}
    }
}

/// What moved in a segment in a span.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    moved: Moved,
    n_customers: u64,
    revenue_minor: Minor,
    /// Of the revenue then, that of those active then.
    active_minor: Minor,
    /// The most that a customer pays or paid.
    largest_minor: Minor,
}

impl Tally {
    fn is_empty(&self) -> bool {
        self.moved.is_empty() && self.revenue_minor == 0
    }
}

/// Everything counted, by segment.
struct Counting {
    /// By span, then segment.
    tallies: [Vec<Tally>; 4],
    lives: Vec<Life>,
}

impl Counting {
    fn of(ledger: &Ledger, segmentation: &Segmentation, spans: &SpansOfLedger) -> Self {
        let n = segmentation.len();
        let is_there = |span: usize| spans.names[span].is_some();
        let tallies = |span| vec![Tally::default(); if is_there(span) { n } else { 0 }];
        let mut counting =
            Self { tallies: std::array::from_fn(tallies), lives: vec![Life::default(); n] };
        visit(ledger, segmentation, &spans.windows, &mut counting);
        counting
    }

    /// What each segment weighs: its revenue, then its customers.
    fn sizes(&self) -> Vec<(i128, u64)> {
        let size = |tally: &Tally| {
            let revenue = tally.moved.active_minor() + tally.active_minor;
            (revenue, tally.n_customers + tally.moved.n_now())
        };
        self.tallies[LATEST].iter().map(size).collect()
    }
}

impl Visit for Counting {
    fn moved<T: Exact>(&mut self, span: usize, segment: u32, movement: Movement<T>) {
        let Some(tally) = self.tallies[span].get_mut(segment as usize) else { return };
        let (then, now) = (movement.then, movement.now);
        if then.is_active {
            tally.n_customers += 1;
            tally.active_minor += then.revenue_minor.into();
        }
        tally.revenue_minor += then.revenue_minor.into();
        let sizes: [Minor; 2] = [then.revenue_minor.into(), now.revenue_minor.into()];
        let [a, b] = sizes.map(Minor::abs);
        tally.largest_minor = tally.largest_minor.max(a).max(b);
        tally.moved.add(movement);
    }

    fn lived(&mut self, segment: u32, life: &Life) {
        if let Some(known) = self.lives.get_mut(segment as usize) {
            known.add(life);
        }
    }
}
