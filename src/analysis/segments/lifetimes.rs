//! How long the customers of each segment stay.
//!
//! It draws no curve and compares nothing: that is done by [`crate::survival`].

use super::choice::{self, ChosenBy, MAX_SEGMENTS, Segmentation};
use super::pass;
use crate::analysis::lifetimes::{DurationCounts, Lifetimes, account_lifetimes};
use crate::analysis::options::AnalysisOptions;
use crate::arrange;
use crate::ledger::{Account, Histories, Ledger};

/// The lifetimes of segments.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentLifetimes {
    /// The names of the columns that customers are told apart by.
    pub columns: Vec<String>,
    /// Why these.
    pub chosen_by: ChosenBy,
    /// Each segment with its values, the one with the most customers first; without values the
    /// smallest ones together.
    pub segments: Vec<(Vec<String>, Lifetimes)>,
    /// How many of the smallest are one, the last; 0 where each stands for itself.
    pub n_pooled: usize,
}

/// How long the customers of each segment stayed up to the close of the day that the report counts to.
/// None where no column can be a segment or the file has no lifetimes.
///
/// # Formula
///
/// That of [`lifetimes`](fn@crate::analysis::lifetimes), by segment.
///
/// # Domain
///
/// A customer is of the segment in which it began, for good: who moves to another plan stays where it
/// came from, so that no segment is joined by staying. Beyond `n_most` segments the smallest are one.
///
/// # Undefined
///
/// None.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// Those of [`lifetimes`](fn@crate::analysis::lifetimes).
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::{AnalysisOptions, lifetimes_by_segment};
/// use retention_calculator::calendar::Day;
/// use retention_calculator::ledger::{
///     Customers, Dimensions, Histories, Labels, Ledger, Recurring, Spell, TenureUnit, Terms,
/// };
///
/// // Customer 0 began in the EU and moved to the US; customer 1 left the US after 30 days.
/// let spell = |customer, (start, end), segment| Spell {
///     customer, start: Day(start), end, monthly: 5000,
///     segment: Some(segment), reason: None, renewal: None,
/// };
/// let spells = vec![
///     spell(0, (0, Some(Day(40))), 0), spell(0, (40, None), 1), spell(1, (0, Some(Day(30))), 1),
/// ];
/// let ledger = Ledger {
///     customers: Customers::new(),
///     histories: Histories::Recurring(Recurring { spells, is_monthly: false }),
///     currency: None, decimals: 2, has_amounts: true, last_day: Some(Day(100)),
///     tenure_unit: TenureUnit::Month,
///     segments: Dimensions::of_values("region", &["EU", "US"]), reasons: Labels::default(),
///     terms: Terms::default(),
/// };
/// let found = lifetimes_by_segment(&ledger, &AnalysisOptions::default(), 12).unwrap();
/// let (eu, us) = (&found.segments[0], &found.segments[1]);
/// assert_eq!((eu.0[0].as_str(), eu.1.counts[0].duration, eu.1.counts[0].n_lost), ("EU", 100.0, 0));
/// assert_eq!((us.0[0].as_str(), us.1.counts[0].duration, us.1.counts[0].n_lost), ("US", 30.0, 1));
/// ```
///
/// # References
///
/// S. Suissa (2008): Immortal time bias in pharmacoepidemiology. American Journal of Epidemiology 167,
/// 492–499, on groups that are joined by staying.
#[must_use]
pub fn lifetimes_by_segment(
    ledger: &Ledger,
    options: &AnalysisOptions,
    n_most: usize,
) -> Option<SegmentLifetimes> {
    let dimensions = &ledger.segments;
    let (columns, chosen_by, _) = choice::choose(dimensions, &options.segments_by);
    if columns.is_empty() || matches!(ledger.histories, Histories::Purchases(_)) {
        return None;
    }
    let mut segmentation = Segmentation::new(dimensions, &columns);
    let mut n_pooled = 0;
    if MAX_SEGMENTS < segmentation.len() {
        let mut sizes = vec![(0, 0); segmentation.len()];
        visit(ledger, options, &segmentation, |segment| sizes[segment].1 += 1)?;
        (segmentation, n_pooled) = segmentation.pooled(&sizes);
    }
    let mut all = by_segment(ledger, options, &segmentation)?;
    let size = |lifetimes: &Lifetimes| -> u64 {
        lifetimes.counts.iter().map(|count| count.n_lost + count.n_censored).sum()
    };
    arrange::by_key(&mut all, |(segment, lifetimes)| {
        // Those that are one already stay last.
        let is_rest = 0 < n_pooled && segment + 1 == segmentation.len();
        (is_rest, std::cmp::Reverse(size(lifetimes)), *segment)
    });
    all.retain(|(_, lifetimes)| 0 < size(lifetimes));
    let mut rest = None;
    if n_most < all.len() {
        n_pooled = all.len() + 1 - n_most + n_pooled.saturating_sub(1);
        let smallest = all.split_off(n_most.saturating_sub(1));
        rest = smallest.into_iter().map(|(_, lifetimes)| lifetimes).reduce(Lifetimes::together);
    }
    let values = |segment| segmentation.values(segment, dimensions, &columns);
    let named = all.into_iter().map(|(segment, lifetimes)| (values(segment), lifetimes));
    let segments = named.chain(rest.map(|rest| (Vec::new(), rest))).collect();
    let chosen = columns.iter().map(|&column| dimensions.columns()[column].name.clone());
    Some(SegmentLifetimes { columns: chosen.collect(), chosen_by, segments, n_pooled })
}

/// Shows the segment of each customer with a lifetime.
fn visit(
    ledger: &Ledger,
    options: &AnalysisOptions,
    segmentation: &Segmentation,
    mut each: impl FnMut(usize),
) -> Option<()> {
    match &ledger.histories {
        Histories::Recurring(recurring) => {
            let as_of = crate::analysis::as_of(ledger, options)?;
            pass::visit_lifetimes(recurring, segmentation, as_of, |segment, _, _| {
                each(segment as usize);
            });
        }
        Histories::Accounts(accounts) => {
            for account in accounts {
                each(segmentation.of(account.segment) as usize);
            }
        }
        Histories::Purchases(_) | Histories::Totals(_) => return None,
    }
    Some(())
}

fn by_segment(
    ledger: &Ledger,
    options: &AnalysisOptions,
    segmentation: &Segmentation,
) -> Option<Vec<(usize, Lifetimes)>> {
    let lifetimes: Vec<Lifetimes> = match &ledger.histories {
        Histories::Recurring(recurring) => {
            let as_of = crate::analysis::as_of(ledger, options)?;
            let empty = || DurationCounts::new(as_of, recurring.is_monthly);
            let mut counts: Vec<DurationCounts> =
                (0..segmentation.len()).map(|_| empty()).collect();
            pass::visit_lifetimes(recurring, segmentation, as_of, |segment, first, gone| {
                if let Some(counts) = counts.get_mut(segment as usize) {
                    counts.add(first, gone);
                }
            });
            counts.into_iter().map(DurationCounts::finish).collect()
        }
        Histories::Accounts(accounts) => {
            let mut parts: Vec<Vec<Account>> = vec![Vec::new(); segmentation.len()];
            for account in accounts {
                if let Some(part) = parts.get_mut(segmentation.of(account.segment) as usize) {
                    part.push(account.clone());
                }
            }
            parts.iter().map(|part| account_lifetimes(part, ledger.tenure_unit)).collect()
        }
        Histories::Purchases(_) | Histories::Totals(_) => return None,
    };
    Some(lifetimes.into_iter().enumerate().collect())
}
