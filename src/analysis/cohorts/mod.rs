//! Customers by the period they began in, and how many of them are active at each age.
//!
//! It shows every age, also one that `as_of` cuts short; only whole ones enter the mean.

mod means;
mod of_levels;
mod of_purchases;
mod options;
mod table;

pub use means::AgeMeans;
pub use options::{CohortClock, CohortCounting, CohortOptions};

pub(super) use of_levels::CohortsOfLevels;
pub(super) use of_purchases::CohortsOfPurchases;

use super::levels::Levels;
use super::orders::for_each_in_any_order;
use super::period_figures::{Scale, ratio};
use super::span::Periods;
use crate::ledger::Purchases;
use crate::number::interval::PairSums;
use crate::number::{Figure, Minor};

/// The cohorts of a file, and the share of their customers by age.
#[derive(Clone, Debug)]
pub struct Cohorts {
    /// Those with a customer, oldest first.
    pub rows: Vec<Cohort>,
    /// Share of the customers active by age, over the cohorts whose age is known in full.
    pub mean_retention: Vec<Figure>,
    /// What else they come to at the same ages.
    pub means: Vec<AgeMeans>,
}

/// The customers who began in one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// The label of that period.
    pub label: String,
    /// How many began in it.
    pub size: u64,
    /// What they do 0, 1, 2, … periods later, as far as `as_of` goes.
    pub ages: Vec<CohortAge>,
}

/// A cohort some periods later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CohortAge {
    /// Customers active then (or later, where these count as well).
    pub n_customers: u64,
    /// Of these, who were active one age before; 0 at age 0.
    pub n_kept: u64,
    /// Customers for whom that age has begun: all of them, unless ages are counted in days.
    pub n_reached: u64,
    /// The revenue of all of them then, in minor units.
    pub revenue_minor: Minor,
    /// What those who have reached the age paid at age 0, in minor units.
    pub base_minor: Minor,
    /// What those who paid at age 0 pay then, in minor units.
    pub net_minor: Minor,
    /// The same, each with at most what it paid at age 0.
    pub gross_minor: Minor,
    /// What those of them who are active then paid at age 0.
    pub stayed_minor: Minor,
    /// What the intervals of both ratios are made of.
    pub squares: RevenueSquares,
    /// Whether `as_of` cuts that age short, for all of them or for some.
    pub is_partial: bool,
}

/// The squares of what the customers of a cohort pay at an age, of those who paid at age 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RevenueSquares {
    /// How many paid at age 0 and have reached the age.
    pub n_paying: u64,
    /// Whether somebody pays so much that there are no squares.
    pub is_too_large: bool,
    /// Of what each of them paid at age 0.
    pub base: Minor,
    /// Of what each of them pays then.
    pub net: Minor,
    /// What each pays then times what it paid at age 0.
    pub net_by_base: Minor,
    /// Of what each pays then, at most what it paid at age 0.
    pub gross: Minor,
    /// That times what it paid at age 0.
    pub gross_by_base: Minor,
}

impl CohortAge {
    /// What the interval of net revenue retention is made of.
    #[must_use]
    pub fn net_sums(&self) -> PairSums {
        let RevenueSquares { net, net_by_base, .. } = self.squares;
        self.sums(self.net_minor, net, net_by_base)
    }

    /// What the interval of gross revenue retention is made of.
    #[must_use]
    pub fn gross_sums(&self) -> PairSums {
        let RevenueSquares { gross, gross_by_base, .. } = self.squares;
        self.sums(self.gross_minor, gross, gross_by_base)
    }

    fn sums(&self, a: Minor, aa: Minor, ab: Minor) -> PairSums {
        let RevenueSquares { n_paying, is_too_large, base, .. } = self.squares;
        PairSums { n: n_paying, a, b: self.base_minor, aa, ab, bb: base, is_too_large }
    }

    /// The share of the customers who have reached the age who are active at it.
    #[must_use]
    pub fn retention(&self) -> Option<f64> {
        let share = ratio(Minor::from(self.n_customers), Minor::from(self.n_reached));
        (0 < self.n_reached).then_some(share)
    }

    /// Of the customers active one age before, the share still active; `before` is that age. Where
    /// some have not reached this one, it is not known.
    #[must_use]
    pub fn step_retention(&self, before: &Self) -> Option<f64> {
        let is_known = 0 < before.n_customers && before.n_reached == self.n_reached;
        is_known.then(|| ratio(Minor::from(self.n_kept), Minor::from(before.n_customers)))
    }

    /// Revenue over that at age 0, of those who paid then, as a fraction.
    #[must_use]
    pub fn net_retention(&self) -> Option<f64> {
        let why = means::why_without_ratio(self.base_minor, self.gross_minor);
        why.is_none().then(|| ratio(self.net_minor, self.base_minor))
    }

    /// The same with each customer's revenue at most what it was at age 0.
    #[must_use]
    pub fn gross_retention(&self) -> Option<f64> {
        let why = means::why_without_ratio(self.base_minor, self.gross_minor);
        why.is_none().then(|| ratio(self.gross_minor, self.base_minor))
    }
}

/// Customers by the period of their first active day: how many are active at the close of each
/// period from then on, and their monthly revenue in minor units.
///
/// # Formula
///
/// ```text
/// cell(c, k)  = |{ customers of c active at the close of age k }|
/// net(c, k)   = Σ now ÷ Σ then       gross(c, k) = Σ min(now, then) ÷ Σ then
/// mean(k)     = Σ cell(c, k) ÷ Σ size(c)
/// step(k)     = |{ active at ages k − 1 and k }| ÷ |{ active at age k − 1 }|
/// ```
///
/// where `size(c)` is how many customers had their first active day in `c`, age `k` closes with the
/// `k`-th period after `c` or, counted in days, `k` times so many days after each customer's own
/// first day, `then` is what a customer paid at age 0, and the sums of means and steps run over the
/// cohorts whose age `k` lies before `as_of` in full, for every customer.
///
/// # Domain
///
/// Any levels. On the calendar age 0 is the close of the cohort's own period, so it is below the
/// size where someone left before it; in days it is the first day. A customer who comes back counts
/// in the same cohort again, so a row can rise; counted on or after, it never does, and the latest
/// ages are too low, since who is to come back has not yet. Revenue is always that on the day.
///
/// # Undefined
///
/// An age that no cohort has reached in full has no mean: the list ends before it. In the means,
/// `no-age-before`: a step to age 0; `no-customers-at-start`: a step from nobody;
/// `no-revenue-at-start`: nobody paid at age 0; `no-amounts`: the file has no amounts.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// Nobody was a customer before the first day of the data.
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::{CohortOptions, Levels, Periods, cohorts};
/// use retention_calculator::calendar::{Day, Granularity};
/// use retention_calculator::ledger::{Recurring, Spell};
///
/// let day = |text: &str| Day::from_iso(text).expect("a day");
/// let spell = |customer, end: Option<&str>| Spell {
///     customer, start: day("2026-01-10"), end: end.map(&day), monthly: 5000,
///     segment: None, reason: None, renewal: None,
/// };
/// let spells = vec![spell(0, None), spell(1, Some("2026-02-15"))];
/// let recurring = Recurring { spells, is_monthly: false };
/// let levels = Levels::new(&recurring, day("2026-02-28"));
/// let periods = Periods::new(day("2026-01-10"), day("2026-02-28"), Granularity::Month);
/// let january = &cohorts(&levels, &periods, CohortOptions::default(), Some(2), 0.95).rows[0];
/// assert_eq!(january.size, 2);
/// assert_eq!(january.ages[0].n_customers, 2);
/// assert_eq!(january.ages[1].n_customers, 1);
/// ```
///
/// # References
///
/// Means of rates are not rates of sums: the mean here is weighted by the sizes of the cohorts.
#[must_use]
pub fn cohorts(
    levels: &Levels<'_>,
    periods: &Periods,
    options: CohortOptions,
    decimals: Option<u8>,
    confidence: f64,
) -> Cohorts {
    let mut cohorts = CohortsOfLevels::new(periods, options);
    if !periods.is_empty() {
        levels.visit(&mut cohorts);
    }
    cohorts.finish(scale(decimals, confidence))
}

/// Amounts of so many decimal places; none where the file has no amounts.
fn scale(decimals: Option<u8>, confidence: f64) -> Scale {
    Scale { has_amounts: decimals.is_some(), decimals: decimals.unwrap_or(0), confidence }
}

/// Customers by the period of their first purchase: how many buy in each period from then on, and
/// for how much in minor units.
///
/// # Formula
///
/// ```text
/// cell(c, k) = |{ customers of c with a purchase of more than 0 at age k }|
/// net(c, k)  = Σ now ÷ Σ then        gross(c, k) = Σ min(now, then) ÷ Σ then
/// mean(k)    = Σ cell(c, k) ÷ Σ size(c)
/// ```
///
/// where `size(c)` is how many customers had their first purchase in `c`, one for nothing
/// included, age `k` is the `k`-th period after `c` or, counted in days, the days from `k` times so
/// many after each customer's first purchase on, `then` is what a customer paid at age 0, above 0,
/// and the sums of the mean run over the cohorts whose age `k` lies before `as_of` in full, for
/// every customer. Revenue is net of the refunds of the same customers at the same age.
///
/// # Domain
///
/// Any purchases and refunds. Age 0 is below the size by those whose first purchases were for
/// nothing. Refunds before a customer's first purchase, or without one, are in no cell.
///
/// # Undefined
///
/// As for [`cohorts`], and `refunds-exceed-purchases`: refunds take the retained revenue below 0.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// Nobody bought before the first day of the data.
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::{CohortOptions, Periods, purchase_cohorts};
/// use retention_calculator::calendar::{Day, Granularity};
/// use retention_calculator::ledger::{Purchase, Purchases};
///
/// let day = |text: &str| Day::from_iso(text).expect("a day");
/// let buy = |customer, on, amount| Purchase { customer, day: day(on), amount, segment: None };
/// let purchases = Purchases::from_orders(vec![
///     buy(0, "2026-01-05", 1000),
///     buy(0, "2026-02-05", 1500),
///     buy(1, "2026-01-09", 700),
/// ]);
/// let as_of = day("2026-02-28");
/// let periods = Periods::new(day("2026-01-05"), as_of, Granularity::Month);
/// let options = CohortOptions::default();
/// let january = &purchase_cohorts(&purchases, &periods, options, Some(2), 0.95).rows[0];
/// assert_eq!((january.size, january.ages[1].n_customers), (2, 1));
/// assert_eq!(january.ages[1].revenue_minor, 1500);
/// ```
///
/// # References
///
/// As for [`cohorts`].
#[must_use]
pub fn purchase_cohorts(
    purchases: &Purchases,
    periods: &Periods,
    options: CohortOptions,
    decimals: Option<u8>,
    confidence: f64,
) -> Cohorts {
    let mut cohorts = CohortsOfPurchases::new(periods, options);
    let mut cells = Vec::new();
    for_each_in_any_order(purchases, |orders| {
        let orders = orders.up_to(periods.as_of());
        if periods.is_empty() {
        } else if orders.is_narrow() {
            cohorts.add::<i64>(orders, &mut cells);
        } else {
            cohorts.add::<i128>(orders, &mut Vec::new());
        }
    });
    cohorts.finish(scale(decimals, confidence))
}
