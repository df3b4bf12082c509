//! How long each customer has been one, and whether that is over: what a survival curve starts from.
//!
//! It fits and estimates nothing; the curve is drawn by [`crate::survival`].

use super::exact::Exact;
use super::levels::{Levels, Steps, VisitSteps};
use super::span::Periods;
use crate::arrange;
use crate::calendar::{Day, Granularity};
use crate::ledger::{Account, TenureUnit};

/// The lifetimes of the customers of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Lifetimes {
    /// What durations are counted in.
    pub unit: LifetimeUnit,
    /// Customers by their duration, shortest first.
    pub counts: Vec<LifetimeCount>,
    /// How many customers were away for a time and came back: their lifetime runs on through it.
    pub n_returned: u64,
}

impl Lifetimes {
    /// Those of two groups of customers, counted in the same unit.
    pub(super) fn together(mut self, other: Self) -> Self {
        self.counts.extend(other.counts);
        merge_counts(&mut self.counts);
        self.n_returned += other.n_returned;
        self
    }
}

/// What durations are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifetimeUnit {
    /// Days between the first day active and the first day gone.
    Day,
    /// Months.
    Month,
    /// Whatever the file counts in.
    Period,
}

impl LifetimeUnit {
    /// `day`, `month` or `period`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Period => "period",
        }
    }

    /// How many of these units a period has on average: 365.2425 days to 12 months.
    #[must_use]
    pub fn per_period(self, granularity: Granularity) -> f64 {
        let n_months = f64::from(granularity.months());
        match self {
            Self::Day => n_months * (365.2425 / 12.0),
            Self::Month => n_months,
            Self::Period => 1.0,
        }
    }
}

/// The customers with one duration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LifetimeCount {
    /// The duration.
    pub duration: f64,
    /// Those who were gone after it.
    pub n_lost: u64,
    /// Those who are still there after it: how long they stay is not known yet.
    pub n_censored: u64,
}

/// How many customers stayed for how long up to the close of `as_of`, in days, or in months where
/// the file is monthly.
///
/// # Formula
///
/// ```text
/// duration = first day gone for good − first day active      (lost)
/// duration = as_of − first day active                        (still there, censored)
/// ```
///
/// where days are counted as whole days, and in a monthly file months stand for days.
///
/// # Domain
///
/// Any levels. A customer who was away for a time and came back has one lifetime that runs through
/// the gap; how many there are is in `n_returned`.
///
/// # Undefined
///
/// Never: without customers the list is empty.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// The first day in the data is the customer's first day. In an export that begins later than the
/// business, lifetimes of those who were there already are too short.
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::{Levels, lifetimes};
/// use retention_calculator::calendar::Day;
/// use retention_calculator::ledger::{Recurring, Spell};
///
/// let spell = |customer, end: Option<i32>| Spell {
///     customer, start: Day(0), end: end.map(Day), monthly: 5000,
///     segment: None, reason: None, renewal: None,
/// };
/// let spells = vec![spell(0, None), spell(1, Some(30))];
/// let recurring = Recurring { spells, is_monthly: false };
/// let levels = Levels::new(&recurring, Day(100));
/// let counts = lifetimes(&levels, false).counts;
/// assert_eq!((counts[0].duration, counts[0].n_lost), (30.0, 1));
/// assert_eq!((counts[1].duration, counts[1].n_censored), (100.0, 1));
/// ```
///
/// # References
///
/// J. P. Klein, M. L. Moeschberger (2003): Survival Analysis, 2nd edition, section 3.2, on right
/// censoring.
#[must_use]
pub fn lifetimes(levels: &Levels<'_>, is_monthly: bool) -> Lifetimes {
    let mut counts = DurationCounts::new(levels.as_of(), is_monthly);
    levels.visit(&mut counts);
    counts.finish()
}

/// Customers by their duration: one count for each that there can be, since durations are whole and
/// the file ends somewhere.
pub(super) struct DurationCounts {
    as_of: Day,
    /// The months up to `as_of`, where durations are counted in months.
    months: Option<Periods>,
    counts: Vec<(u64, u64)>,
    n_returned: u64,
}

impl DurationCounts {
    pub(super) fn new(as_of: Day, is_monthly: bool) -> Self {
        let months = is_monthly.then(|| Periods::up_to(as_of, Granularity::Month));
        Self { as_of, months, counts: Vec::new(), n_returned: 0 }
    }

    fn duration(&self, from: Day, to: Day) -> usize {
        match &self.months {
            Some(months) => months.index_of(to) - months.index_of(from),
            None => usize::try_from(to.0 - from.0).unwrap_or(0),
        }
    }

    /// A customer from its first day on, and the day it was gone for good.
    pub(super) fn add(&mut self, first: Day, gone: Option<Day>) {
        let duration = self.duration(first, gone.unwrap_or(self.as_of));
        if self.counts.len() <= duration {
            self.counts.resize(duration + 1, (0, 0));
        }
        let (n_lost, n_censored) = &mut self.counts[duration];
        *n_lost += u64::from(gone.is_some());
        *n_censored += u64::from(gone.is_none());
    }

    #[inline(never)]
    pub(super) fn finish(self) -> Lifetimes {
        Lifetimes {
            unit: if self.months.is_some() { LifetimeUnit::Month } else { LifetimeUnit::Day },
            counts: self
                .counts
                .into_iter()
                .zip(0_u32..)
                .filter(|&((n_lost, n_censored), _)| 0 < n_lost + n_censored)
                .map(|((n_lost, n_censored), duration)| LifetimeCount {
                    duration: f64::from(duration),
                    n_lost,
                    n_censored,
                })
                .collect(),
            n_returned: self.n_returned,
        }
    }
}

impl VisitSteps for DurationCounts {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        let last = steps.days.len() - 1;
        let is_lost = steps.last_minor() == T::default();
        self.add(steps.first_day(), is_lost.then_some(steps.days[last]));
        self.n_returned += u64::from(steps.monthly_minor[..last].contains(&T::default()));
    }
}

/// The lifetimes of accounts: their tenure, in the file's unit, and whether they have left.
#[must_use]
pub(super) fn account_lifetimes(accounts: &[Account], unit: TenureUnit) -> Lifetimes {
    let unit = match unit {
        TenureUnit::Day => LifetimeUnit::Day,
        TenureUnit::Month => LifetimeUnit::Month,
        TenureUnit::Period => LifetimeUnit::Period,
    };
    let mut counts = Vec::new();
    let mut n_most = N_COUNTS_AT_FIRST;
    for account in accounts {
        if n_most <= counts.len() {
            merge_counts(&mut counts);
            n_most = (2 * counts.len()).max(N_COUNTS_AT_FIRST);
        }
        counts.push(LifetimeCount {
            duration: account.tenure,
            n_lost: u64::from(account.churned),
            n_censored: u64::from(!account.churned),
        });
    }
    merge_counts(&mut counts);
    Lifetimes { unit, counts, n_returned: 0 }
}

/// How many counts there may be before those of one duration are made one.
const N_COUNTS_AT_FIRST: usize = 4096;

/// Puts counts in the order of their durations and makes those of one duration one.
fn merge_counts(counts: &mut Vec<LifetimeCount>) {
    arrange::by(counts, |a, b| a.duration.total_cmp(&b.duration));
    counts.dedup_by(|next, kept| {
        let is_same = next.duration.total_cmp(&kept.duration).is_eq();
        if is_same {
            kept.n_lost += next.n_lost;
            kept.n_censored += next.n_censored;
        }
        is_same
    });
}
