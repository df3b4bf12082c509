//! The table of cohorts as it is reported: every row with the ages of the longest.
//!
//! It computes nothing but the intervals of shares that the analysis has the counts of.

use serde::{Deserialize, Serialize};

use crate::analysis::{self, Analysis, CohortAge, CohortClock, CohortCounting};
use crate::calendar::Granularity;
use crate::ledger::Ledger;
use crate::number::interval::{PairSums, wilson};
use crate::number::linearized::RatioIntervals;
use crate::number::{Figure, Minor, to_major};

plain_data! {
    /// Customers by the period of their first day or purchase.
    pub struct Cohorts {
        /// `month`, `quarter` or `year`.
        pub granularity: String,
        /// `calendar`: ages are periods of that length; `days`: they are so many days, from each
        /// customer's own first day on.
        pub clock: String,
        /// The days of an age, where ages are counted in days.
        pub days: Option<u16>,
        /// `on`: who is active at an age; `on-or-after`: who is then or later.
        pub counting: String,
        /// Oldest first.
        pub rows: Vec<CohortRow>,
        /// Share of customers by age, all cohorts whose age is known in full, weighted by size.
        pub mean_retention: Vec<Figure>,
        /// Of the customers active one age before, the share still active, over the same cohorts.
        pub mean_step_retention: Vec<Figure>,
        /// Revenue over that at age 0 of those who paid then, over the same cohorts.
        pub mean_net_revenue_retention: Vec<Figure>,
        /// The same with each customer's revenue at most what it was at age 0.
        pub mean_gross_revenue_retention: Vec<Figure>,
        /// The ages that stand for 3, 6, 12, 18, 24 and 36 months, as far as there are such.
        pub milestones: Vec<Milestone>,
    }

    /// An age that stands for a round number of months.
    pub struct Milestone {
        /// So many months.
        pub months: u32,
        /// The place of that age in each row.
        pub age: u32,
    }

    /// One cohort. Its lists have one place for each age: 0, 1, 2, …. The first three go on to the
    /// last age of the longest cohort, the others end with the last one reached.
    pub struct CohortRow {
        /// The period it began in.
        pub cohort: String,
        /// How many customers it has.
        pub size: u64,
        /// Customers active at that age; nothing where it is not reached yet.
        pub customers: Vec<Option<u64>>,
        /// Their revenue in major units.
        pub revenue: Vec<Option<f64>>,
        /// Ages that `as_of` cuts short, the last one mostly: shown, never averaged.
        pub partial: Vec<bool>,
        /// Customers who have reached that age: all of them, unless ages are counted in days.
        pub reached: Vec<u64>,
        /// Share of those who have reached it who are active.
        pub retention: Vec<Option<f64>>,
        /// Where that share may lie, by Wilson's interval.
        pub retention_interval: Vec<Option<(f64, f64)>>,
        /// Of the customers active one age before, the share still active.
        pub step_retention: Vec<Option<f64>>,
        /// Where that share may lie, by Wilson's interval.
        pub step_retention_interval: Vec<Option<(f64, f64)>>,
        /// What those who have reached it paid at age 0, in major units.
        pub base_revenue: Vec<Option<f64>>,
        /// How many of them paid at age 0.
        pub paying: Vec<u64>,
        /// What those who paid at age 0 pay then, over what they paid at age 0.
        pub net_revenue_retention: Vec<Option<f64>>,
        /// Where that may lie, by linearization over the customers.
        pub net_revenue_retention_interval: Vec<Option<(f64, f64)>>,
        /// The same with each customer's revenue at most what it was at age 0.
        pub gross_revenue_retention: Vec<Option<f64>>,
        /// Where that may lie, by linearization over the customers.
        pub gross_revenue_retention_interval: Vec<Option<(f64, f64)>>,
    }
}

/// The months whose ages the short table shows.
const MILESTONE_MONTHS: [u32; 6] = [3, 6, 12, 18, 24, 36];
/// The days that stand for a month where ages are counted in days.
const DAYS_OF_MONTH: u32 = 30;

/// All rows have the ages of the longest one; those not reached yet hold nothing.
#[inline(never)]
pub(super) fn cohorts_report(
    analysis: &Analysis,
    ledger: &Ledger,
    confidence: f64,
) -> Option<Cohorts> {
    let cohorts = analysis.cohorts.as_ref()?;
    let options = analysis.cohort_options;
    let granularity = options.granularity.or(analysis.granularity)?;
    let n_ages = cohorts.rows.iter().map(|row| row.ages.len()).max().unwrap_or(0);
    let means = &cohorts.means;
    let mut intervals = RatioIntervals::at(confidence);
    Some(Cohorts {
        granularity: match granularity {
            Granularity::Month => "month",
            Granularity::Quarter => "quarter",
            Granularity::Year => "year",
        }
        .to_owned(),
        clock: match options.clock {
            CohortClock::Calendar => "calendar",
            CohortClock::Days(_) => "days",
        }
        .to_owned(),
        days: match options.clock {
            CohortClock::Calendar => None,
            CohortClock::Days(days) => Some(days),
        },
        counting: match options.counting {
            CohortCounting::On => "on",
            CohortCounting::OnOrAfter => "on-or-after",
        }
        .to_owned(),
        rows: cohorts
            .rows
            .iter()
            .map(|row| cohort_row(row, n_ages, ledger, confidence, &mut intervals))
            .collect(),
        mean_retention: cohorts.mean_retention.clone(),
        mean_step_retention: means.iter().map(|one| one.step.clone()).collect(),
        mean_net_revenue_retention: means.iter().map(|one| one.net.clone()).collect(),
        mean_gross_revenue_retention: means.iter().map(|one| one.gross.clone()).collect(),
        milestones: milestones(granularity, options.clock, n_ages),
    })
}

#[inline(never)]
fn cohort_row(
    row: &analysis::Cohort,
    n_ages: usize,
    ledger: &Ledger,
    confidence: f64,
    intervals: &mut RatioIntervals,
) -> CohortRow {
    let age = |index: usize| row.ages.get(index);
    let money = |of: fn(&CohortAge) -> Minor| {
        move |age: &CohortAge| ledger.has_amounts.then(|| to_major(of(age), ledger.decimals))
    };
    let revenue = money(|age| age.revenue_minor);
    let of_revenue = |of: fn(&CohortAge) -> Option<f64>| -> Vec<Option<f64>> {
        row.ages.iter().map(|age| of(age).filter(|_| ledger.has_amounts)).collect()
    };
    let mut of_sums = |sums: fn(&CohortAge) -> PairSums,
                       ratio: fn(&CohortAge) -> Option<f64>,
                       most: f64|
     -> Vec<Option<(f64, f64)>> {
        let interval = |age: &CohortAge| {
            ratio(age).filter(|_| ledger.has_amounts)?;
            intervals.of(&sums(age)).map(|(low, high)| (low, high.min(most)))
        };
        row.ages.iter().map(interval).collect()
    };
    let before = || std::iter::once(None).chain(row.ages.iter().map(Some));
    let steps = || before().zip(&row.ages);
    CohortRow {
        cohort: row.label.clone(),
        size: row.size,
        customers: (0..n_ages).map(|index| age(index).map(|age| age.n_customers)).collect(),
        revenue: (0..n_ages).map(|index| age(index).and_then(&revenue)).collect(),
        partial: (0..n_ages).map(|index| age(index).is_some_and(|age| age.is_partial)).collect(),
        reached: row.ages.iter().map(|age| age.n_reached).collect(),
        retention: row.ages.iter().map(CohortAge::retention).collect(),
        retention_interval: row
            .ages
            .iter()
            .map(|age| wilson(age.n_customers, age.n_reached, confidence))
            .collect(),
        step_retention: steps().map(|(one, age)| age.step_retention(one?)).collect(),
        step_retention_interval: steps()
            .map(|(one, age)| {
                let one = one?;
                age.step_retention(one)?;
                wilson(age.n_kept, one.n_customers, confidence)
            })
            .collect(),
        base_revenue: row.ages.iter().map(money(|age| age.base_minor)).collect(),
        paying: row.ages.iter().map(|age| age.squares.n_paying).collect(),
        net_revenue_retention: of_revenue(CohortAge::net_retention),
        net_revenue_retention_interval: of_sums(
            CohortAge::net_sums,
            CohortAge::net_retention,
            f64::INFINITY,
        ),
        gross_revenue_retention: of_revenue(CohortAge::gross_retention),
        gross_revenue_retention_interval: of_sums(
            CohortAge::gross_sums,
            CohortAge::gross_retention,
            1.0,
        ),
    }
}

/// The ages that are a round number of months old, of those that the table has.
fn milestones(granularity: Granularity, clock: CohortClock, n_ages: usize) -> Vec<Milestone> {
    let age_of = |months: u32| {
        let (length, one) = match clock {
            CohortClock::Calendar => (months, granularity.months()),
            CohortClock::Days(days) => (months * DAYS_OF_MONTH, u32::from(days.max(1))),
        };
        (length % one == 0).then_some(length / one)
    };
    MILESTONE_MONTHS
        .into_iter()
        .filter_map(|months| Some(Milestone { months, age: age_of(months)? }))
        .filter(|one| (one.age as usize) < n_ages)
        .collect()
}
