//! How long each customer has been one, and whether that is over: what a survival curve starts from.
//!
//! It fits and estimates nothing; the curve is drawn by [`crate::survival`].

use super::levels::Levels;
use crate::calendar::{Day, Granularity, Period};
use crate::ledger::{Account, TenureUnit};

/// The lifetimes of the customers of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Lifetimes {
    /// What durations are counted in.
    pub unit: LifetimeUnit,
    /// Customers by their duration.
    pub counts: Vec<LifetimeCount>,
    /// How many customers were away for a time and came back: their lifetime runs on through it.
    pub n_returned: u64,
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
/// let levels = Levels::new(&Recurring { spells, is_monthly: false }, Day(100));
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
pub fn lifetimes(levels: &Levels, is_monthly: bool) -> Lifetimes {
    let between = |from: Day, to: Day| {
        if is_monthly {
            let month = |day| Period::containing(day, Granularity::Month);
            month(to).since(month(from))
        } else {
            to.0 - from.0
        }
    };
    // One count for each duration there can be: durations are whole, and the file ends somewhere.
    let mut counts: Vec<(u64, u64)> = Vec::new();
    let mut n_returned = 0;
    for steps in levels.customers() {
        let n_steps = steps.days.len();
        let is_lost = steps.last_minor() == 0;
        let until = if is_lost { steps.days[n_steps - 1] } else { levels.as_of() };
        let duration = usize::try_from(between(steps.first_day(), until)).unwrap_or(0);
        if counts.len() <= duration {
            counts.resize(duration + 1, (0, 0));
        }
        let (n_lost, n_censored) = &mut counts[duration];
        if is_lost {
            *n_lost += 1;
        } else {
            *n_censored += 1;
        }
        n_returned += u64::from(steps.monthly_minor[..n_steps - 1].contains(&0));
    }
    Lifetimes {
        unit: if is_monthly { LifetimeUnit::Month } else { LifetimeUnit::Day },
        counts: counts
            .into_iter()
            .zip(0_u32..)
            .filter(|&((n_lost, n_censored), _)| 0 < n_lost + n_censored)
            .map(|((n_lost, n_censored), duration)| LifetimeCount {
                duration: f64::from(duration),
                n_lost,
                n_censored,
            })
            .collect(),
        n_returned,
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
    let counts = accounts
        .iter()
        .map(|account| LifetimeCount {
            duration: account.tenure,
            n_lost: u64::from(account.churned),
            n_censored: u64::from(!account.churned),
        })
        .collect();
    Lifetimes { unit, counts, n_returned: 0 }
}
