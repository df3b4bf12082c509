//! Customers and revenue at two closes and all that moved between them, in exact integers.
//!
//! It forms no rate ([`super::period_figures`]) and knows recurring revenue only; purchases move in
//! [`super::purchases`].

use super::exact::Exact;
use super::levels::{Levels, Steps, VisitSteps};
use super::moved::{LatestMoved, Moved, MovedByPeriod, Movement, Standing};
use super::span::Periods;
use crate::calendar::Day;
use crate::number::Minor;
use crate::number::bootstrap::Ratios;
use crate::number::interval::PairSums;

/// Customers at two closes and between them: `end = start - lost + new + reactivated`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CustomerCounts {
    /// Active at the first close.
    pub start: u64,
    /// Active at the last close, never up to the first.
    pub new: u64,
    /// Active at the last close, not at the first, but on some day before it.
    pub reactivated: u64,
    /// Active at the first close, not at the last.
    pub lost: u64,
    /// Active at the last close.
    pub end: u64,
    /// Active between the closes, at neither of them: in none of the other counts.
    pub came_and_went: u64,
}

/// Revenue in minor units at two closes and between them, customer by customer:
/// `end = start + new + reactivation + expansion - contraction - churned`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RevenueSums {
    /// At the first close.
    pub start: Minor,
    /// Of new customers.
    pub new: Minor,
    /// Of reactivated customers.
    pub reactivation: Minor,
    /// More than before, of customers who stayed.
    pub expansion: Minor,
    /// Less than before, of customers who stayed.
    pub contraction: Minor,
    /// Of lost customers.
    pub churned: Minor,
    /// At the last close.
    pub end: Minor,
}

/// What moved between two closes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Movements {
    /// Customers.
    pub customers: CustomerCounts,
    /// Their revenue.
    pub revenue: RevenueSums,
}

impl Movements {
    /// Sets what was there at the first close, and with it what is there at the last.
    pub(super) fn start_from(&mut self, n_customers: u64, revenue_minor: Minor) {
        let (customers, revenue) = (&mut self.customers, &mut self.revenue);
        customers.start = n_customers;
        customers.end = n_customers + customers.new + customers.reactivated - customers.lost;
        revenue.start = revenue_minor;
        revenue.end = revenue_minor + revenue.new + revenue.reactivation + revenue.expansion
            - revenue.contraction
            - revenue.churned;
    }
}

/// Sets the start of each span to the end of the one before, from nothing on.
pub(super) fn chain(movements: &mut [Movements]) {
    let (mut n_customers, mut revenue_minor) = (0, 0);
    for one in movements {
        one.start_from(n_customers, revenue_minor);
        (n_customers, revenue_minor) = (one.customers.end, one.revenue.end);
    }
}

/// Customers and revenue (in minor units) at the two closes of each period and between them.
///
/// # Formula
///
/// ```text
/// end customers = start − lost + new + reactivated
/// end revenue   = start + new + reactivation + expansion − contraction − churned
/// ```
///
/// where `start` is counted at the close of the day before the period and `end` at the close of
/// its last day (of `as_of` in the last period); a customer is lost when active at the first close
/// only, new when active at the last close and on no day up to the first, reactivated when active
/// at the last close, not at the first, but on some day before; expansion and contraction are what
/// customers active at both closes pay more or less.
///
/// # Domain
///
/// Any levels; periods from the first active day to `as_of`. A customer who comes and goes between
/// two closes is in none of the movements and counted in `came_and_went`. One who is away between
/// two closes and back at the second has stayed.
///
/// # Undefined
///
/// Never: counts and sums are defined where there is nobody.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// Nobody was a customer before the first day of the data, so all of the first period are new.
/// Movements compare closes: what a customer pays in between is not seen.
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::{Levels, Periods, period_movements};
/// use retention_calculator::calendar::{Day, Granularity};
/// use retention_calculator::ledger::{Recurring, Spell};
///
/// let day = |text: &str| Day::from_iso(text).expect("a day");
/// let spell = |customer, start, end: Option<&str>, monthly| Spell {
///     customer, start: day(start), end: end.map(&day), monthly,
///     segment: None, reason: None, renewal: None,
/// };
/// let recurring = Recurring {
///     spells: vec![
///         spell(0, "2026-01-10", None, 5000),
///         spell(1, "2026-01-20", Some("2026-02-15"), 2000),
///     ],
///     is_monthly: false,
/// };
/// let as_of = day("2026-02-28");
/// let levels = Levels::new(&recurring, as_of);
/// let periods = Periods::new(day("2026-01-10"), as_of, Granularity::Month);
/// let february = period_movements(&levels, &periods)[1];
/// assert_eq!((february.customers.start, february.customers.lost, february.customers.end), (2, 1, 1));
/// assert_eq!((february.revenue.start, february.revenue.churned, february.revenue.end), (7000, 2000, 5000));
/// ```
///
/// # References
///
/// The set membership of the customers at the start is the definition that needs customer ids and
/// cannot leave 0 to 1; `1 − (E − N) ÷ S` from totals, and vendors' counts of cancellations, differ
/// from it where customers come and go inside a period.
#[must_use]
pub fn period_movements(levels: &Levels<'_>, periods: &Periods) -> Vec<Movements> {
    let mut moved = MovedByLevel::new(periods);
    if !periods.is_empty() {
        levels.visit(&mut moved);
    }
    moved.finish(periods.len()).movements
}

/// The movements of each period, while customers are added to them.
pub(super) struct MovedByLevel<'a> {
    periods: &'a Periods,
    moved: MovedByPeriod,
}

impl<'a> MovedByLevel<'a> {
    pub(super) fn new(periods: &'a Periods) -> Self {
        Self { periods, moved: MovedByPeriod::new(periods.len()) }
    }

    /// The movements of the last `n_periods` periods, before which there are none.
    #[inline(never)]
    pub(super) fn finish(self, n_periods: usize) -> MovementsOfLevels {
        let latest = self.moved.latest(n_periods);
        let mut movements: Vec<Movements> = latest.moved.iter().map(Moved::movements).collect();
        chain(&mut movements);
        MovementsOfLevels { movements, latest }
    }
}

/// The movements of the latest periods, oldest first, and what their intervals are made of.
pub(super) struct MovementsOfLevels {
    pub(super) movements: Vec<Movements>,
    latest: LatestMoved,
}

impl MovementsOfLevels {
    /// What the ratios of each period are made of.
    pub(super) fn pairs(&self) -> Vec<Ratios<PairSums>> {
        let bases = self.movements.iter().map(|one| (one.customers.start, one.revenue.into()));
        self.latest.pairs_of_changes(bases).collect()
    }
}

impl VisitSteps for MovedByLevel<'_> {
    /// Adds a customer's movements to the periods in which the level changes: in all others it moves
    /// nothing.
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        let Some(&first_day) = steps.days.first() else { return };
        let mut then = Standing::default();
        let mut was_active_before = false;
        let mut levels = steps.monthly_minor.iter().map(|&level| Standing::at_level(level));
        let mut later = steps.days.iter().skip(1).map(|&day| self.periods.index_of(day));
        let mut next = Some(self.periods.index_of(first_day));
        while let (Some(index), Some(mut now)) = (next, levels.next()) {
            let mut was_active_between = now.is_active;
            next = later.next();
            while next == Some(index) {
                now = levels.next().unwrap_or(now);
                was_active_between |= now.is_active;
                next = later.next();
            }
            let movement = Movement { then, now, was_active_before, was_active_between };
            self.moved.add(index, movement);
            was_active_before = true;
            then = now;
        }
    }
}

/// Customers and revenue (in minor units) at the closes of two days and between them, customer by
/// customer.
///
/// # Formula
///
/// That of [`period_movements`], with the closes of `from` and `to`.
///
/// # Domain
///
/// Any levels; `from` before `to`, `to` not after the day the levels are known to.
///
/// # Undefined
///
/// Never.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// Those of [`period_movements`]. Over twelve months it is not the sum of twelve monthly movements:
/// who left and came back within the year has stayed here.
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::{Levels, movements_between};
/// use retention_calculator::calendar::Day;
/// use retention_calculator::ledger::{Recurring, Spell};
///
/// let spell = Spell {
///     customer: 0, start: Day(0), end: None, monthly: 5000, segment: None, reason: None, renewal: None,
/// };
/// let recurring = Recurring { spells: vec![spell], is_monthly: false };
/// let levels = Levels::new(&recurring, Day(100));
/// let between = movements_between(&levels, Day(10), Day(100));
/// assert_eq!((between.customers.start, between.customers.end), (1, 1));
/// ```
///
/// # References
///
/// As for [`period_movements`].
#[must_use]
pub fn movements_between(levels: &Levels<'_>, from: Day, to: Day) -> Movements {
    let mut moved = MovedBetween::new(from, to);
    levels.visit(&mut moved);
    moved.finish()
}

/// The movements between two closes.
pub(super) struct MovedBetween {
    from: Day,
    to: Day,
    moved: Moved,
    n_customers: u64,
    revenue_minor: Minor,
}

impl MovedBetween {
    pub(super) fn new(from: Day, to: Day) -> Self {
        Self { from, to, moved: Moved::default(), n_customers: 0, revenue_minor: 0 }
    }

    pub(super) fn closes(&self) -> (Day, Day) {
        (self.from, self.to)
    }

    #[inline(never)]
    pub(super) fn finish(&self) -> Movements {
        let mut movements = self.moved.movements();
        movements.start_from(self.n_customers, self.revenue_minor);
        movements
    }

    /// Adds a customer who has so many steps up to the closes.
    pub(super) fn add<T: Exact>(&mut self, steps: &Steps<'_, T>, (n_then, n_now): (usize, usize)) {
        let nothing = T::default();
        let (then, now) = (steps.after(n_then), steps.after(n_now));
        let was_active_between =
            steps.monthly_minor[n_then..n_now].iter().any(|&level| nothing < level);
        if then == nothing && now == nothing && !was_active_between {
            return;
        }
        let (then, now) = (Standing::at_level(then), Standing::at_level(now));
        self.n_customers += u64::from(then.is_active);
        self.revenue_minor += then.revenue_minor.into();
        self.moved.add(Movement { then, now, was_active_before: 0 < n_then, was_active_between });
    }
}

impl VisitSteps for MovedBetween {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        let n_up_to = steps.n_up_to_both(self.from, self.to);
        self.add(&steps, n_up_to);
    }
}
