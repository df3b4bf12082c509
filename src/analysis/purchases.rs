//! Orders: who buys from period to period, and how often and for how much in all.
//!
//! It knows no contract: who did not buy in a period counts as lost to it and can come back.

use super::cohorts::{Cohorts, Triangle};
use super::movements::{Movement, Movements, Standing, chain};
use super::period_figures::{PeriodFigures, RevenueBase, count, defined_or_why};
use super::span::Periods;
use crate::calendar::Day;
use crate::formula;
use crate::ledger::{Purchase, Purchases};
use crate::number::interval::wilson;
use crate::number::{Figure, FormulaId, Minor, to_major};

/// The purchases and refunds of one customer up to `as_of`, by day.
#[derive(Clone, Copy)]
struct Orders<'a> {
    purchases: &'a [Purchase],
    refunds: &'a [Purchase],
}

impl Orders<'_> {
    fn first_positive_day(&self) -> Option<Day> {
        self.purchases.iter().find(|purchase| 0 < purchase.amount).map(|purchase| purchase.day)
    }

    fn all(&self) -> impl Iterator<Item = &Purchase> {
        self.purchases.iter().chain(self.refunds)
    }
}

/// Calls `visit` for each customer with what it bought and gave back up to `as_of`.
fn for_each_customer(purchases: &Purchases, as_of: Day, mut visit: impl FnMut(Orders<'_>)) {
    purchases.for_each_customer(|bought, returned| {
        let until = |orders: &[Purchase]| orders.partition_point(|order| order.day <= as_of);
        let orders =
            Orders { purchases: &bought[..until(bought)], refunds: &returned[..until(returned)] };
        if !orders.purchases.is_empty() || !orders.refunds.is_empty() {
            visit(orders);
        }
    });
}

/// What one customer did in one period.
#[derive(Clone, Copy, Default)]
struct Cell {
    period: usize,
    standing: Standing,
}

impl Standing {
    fn add(&mut self, other: Self) {
        self.is_active |= other.is_active;
        self.revenue_minor += other.revenue_minor;
    }
}

impl From<&Purchase> for Standing {
    fn from(order: &Purchase) -> Self {
        Self { is_active: 0 < order.amount, revenue_minor: Minor::from(order.amount) }
    }
}

/// Fills `cells` with the periods in which a customer bought or gave back, in order.
fn fill_cells(cells: &mut Vec<Cell>, orders: Orders<'_>, periods: &Periods) {
    cells.clear();
    for order in orders.all() {
        let (period, standing) = (periods.index_of(order.day), Standing::from(order));
        match cells.last_mut() {
            Some(last) if last.period == period => last.standing.add(standing),
            _ => cells.push(Cell { period, standing }),
        }
    }
    if !orders.refunds.is_empty() {
        cells.sort_by_key(|cell| cell.period);
        cells.dedup_by(|next, cell| {
            let is_same = next.period == cell.period;
            if is_same {
                cell.standing.add(next.standing);
            }
            is_same
        });
    }
}

/// Calls `visit` with each step of a customer from one period to the next in which anything is.
fn for_each_movement(cells: &[Cell], n_periods: usize, mut visit: impl FnMut(usize, Movement)) {
    let mut was_active_before = false;
    let mut previous: Option<Cell> = None;
    for (place, cell) in cells.iter().enumerate() {
        let then = previous.filter(|previous| previous.period + 1 == cell.period);
        visit(cell.period, movement(then, Some(*cell), was_active_before));
        was_active_before |= cell.standing.is_active;
        let is_followed = cells.get(place + 1).is_some_and(|next| next.period == cell.period + 1);
        if !is_followed && cell.period + 1 < n_periods {
            visit(cell.period + 1, movement(Some(*cell), None, was_active_before));
        }
        previous = Some(*cell);
    }
}

fn movement(then: Option<Cell>, now: Option<Cell>, was_active_before: bool) -> Movement {
    Movement {
        then: then.unwrap_or_default().standing,
        now: now.unwrap_or_default().standing,
        was_active_before,
        was_active_between: false,
    }
}

impl RevenueBase {
    /// Adds a customer who was active at the start.
    fn add(&mut self, movement: Movement) {
        if !movement.then.is_active {
            return;
        }
        self.start += movement.then.revenue_minor;
        self.expansion += movement.gained();
        if movement.now.is_active {
            self.contraction += movement.lost();
        } else {
            self.churned += movement.lost();
        }
    }
}

/// What moved from one period to the next, with the revenue of those active in the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PurchaseMovements {
    /// Customers and revenue.
    pub movements: Movements,
    pub(super) base: RevenueBase,
}

/// Customers and revenue (in minor units) of each period against the one before.
///
/// # Formula
///
/// ```text
/// end customers = start − lost + new + reactivated
/// end revenue   = start + new + reactivation + expansion − contraction − churned
/// ```
///
/// where `start` is the period before and `end` this one; a customer is active in a period with a
/// purchase of more than 0 in it, lost when active in the one before only, new in the period of
/// the first such purchase, reactivated when active in this one, not in the one before, but ever
/// earlier. Revenue is what a customer bought in the period less what was refunded in it.
///
/// # Domain
///
/// Any purchases and refunds. A refund in a period in which its customer bought nothing makes
/// nobody active; it lowers that period's revenue all the same, and the next period is compared
/// with what is left. So revenue ties to the cent, and each period's end is the net revenue of that
/// period. No movement is below 0: where refunds turn a gain into a loss it is contraction, and
/// where they turn a loss into a gain it is expansion. The revenue rates look at the customers
/// active at the start alone.
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
/// Whoever skips a period is lost to it. For goods bought less often than once a period, take
/// longer periods.
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::{Periods, purchase_movements};
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
/// let february = purchase_movements(&purchases, &periods, as_of)[1].movements;
/// assert_eq!((february.customers.start, february.customers.lost), (2, 1));
/// assert_eq!((february.revenue.expansion, february.revenue.churned), (500, 700));
/// ```
///
/// # References
///
/// Activity per calendar period is the usual reading of retention where there is no contract;
/// P. S. Fader, B. G. S. Hardie (2009): Probability Models for Customer-Base Analysis. Journal of
/// Interactive Marketing 23(1), 61–69, on why such customers are never seen to leave.
#[must_use]
pub fn purchase_movements(
    purchases: &Purchases,
    periods: &Periods,
    as_of: Day,
) -> Vec<PurchaseMovements> {
    let mut all = vec![PurchaseMovements::default(); periods.len()];
    let mut cells = Vec::new();
    for_each_customer(purchases, as_of, |orders| {
        fill_cells(&mut cells, orders, periods);
        for_each_movement(&cells, periods.len(), |index, movement| {
            all[index].movements.add(movement);
            all[index].base.add(movement);
        });
    });
    let mut movements: Vec<Movements> = all.iter().map(|one| one.movements).collect();
    chain(&mut movements);
    for (one, chained) in all.iter_mut().zip(movements) {
        one.movements = chained;
    }
    all
}

/// For each wanted period, what its customers at the start paid in it and in the one before.
pub(super) fn purchase_pairs(
    purchases: &Purchases,
    periods: &Periods,
    as_of: Day,
    is_wanted: &[bool],
) -> Vec<Vec<(i64, i64)>> {
    let mut pairs = vec![Vec::new(); periods.len()];
    let mut cells = Vec::new();
    for_each_customer(purchases, as_of, |orders| {
        fill_cells(&mut cells, orders, periods);
        for_each_movement(&cells, periods.len(), |index, movement| {
            if is_wanted[index] && movement.then.is_active {
                pairs[index].push(pair(movement.now.revenue_minor, movement.then.revenue_minor));
            }
        });
    });
    pairs
}

/// Revenue now and then as the bootstrap takes it. What no `i64` holds becomes a pair outside its
/// domain, so that there is no interval rather than a wrong one.
pub(super) fn pair(now: Minor, then: Minor) -> (i64, i64) {
    match (i64::try_from(now), i64::try_from(then)) {
        (Ok(now), Ok(then)) => (now, then),
        _ => (0, 0),
    }
}

/// What moved between the stretch of days after `before` and the one after `from`, customer by
/// customer, with the pairs of those active in the first.
pub(super) fn purchase_movements_between(
    purchases: &Purchases,
    before: Day,
    from: Day,
    to: Day,
) -> (PurchaseMovements, Vec<(i64, i64)>) {
    let mut all = PurchaseMovements::default();
    let mut pairs = Vec::new();
    let (mut n_customers, mut revenue_minor) = (0, 0);
    for_each_customer(purchases, to, |orders| {
        let (mut then, mut now) = (Cell::default(), Cell::default());
        for order in orders.all().filter(|order| before < order.day) {
            let cell = if order.day <= from { &mut then } else { &mut now };
            cell.standing.add(order.into());
        }
        let was_active_before = orders.first_positive_day().is_some_and(|first| first <= from);
        let movement = movement(Some(then), Some(now), was_active_before);
        n_customers += u64::from(movement.then.is_active);
        revenue_minor += movement.then.revenue_minor;
        all.movements.add(movement);
        all.base.add(movement);
        if movement.then.is_active {
            pairs.push(pair(movement.now.revenue_minor, movement.then.revenue_minor));
        }
    });
    all.movements.start_from(n_customers, revenue_minor);
    (all, pairs)
}

/// The first day with a purchase or a refund.
pub(super) fn first_purchase_or_refund(purchases: &Purchases) -> Option<Day> {
    let mut first_day: Option<Day> = None;
    purchases.for_each_customer(|bought, returned| {
        let own = [bought, returned].into_iter().filter_map(<[Purchase]>::first);
        first_day = own.map(|order| order.day).chain(first_day).min();
    });
    first_day
}

/// Customers by the period of their first purchase: how many buy in each period from then on, and
/// for how much in minor units.
///
/// # Formula
///
/// ```text
/// cell(c, k) = |{ customers of c with a purchase of more than 0 in the k-th period after c }|
/// mean(k)    = Σ cell(c, k) ÷ Σ size(c)
/// ```
///
/// where `size(c)` is how many customers had their first purchase in `c`, one for nothing
/// included, and the sums of the mean run over the cohorts whose period `k` lies before `as_of` in
/// full. Revenue is net of the refunds of the same customers in the same period.
///
/// # Domain
///
/// Any purchases and refunds. Age 0 is below the size by those whose first purchases were for
/// nothing. Refunds before a customer's first purchase, or without one, are in no cell.
///
/// # Undefined
///
/// An age that no cohort has reached in full has no mean: the list ends before it.
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
/// use retention_calculator::analysis::{Periods, purchase_cohorts};
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
/// let january = &purchase_cohorts(&purchases, &periods, as_of, 0.95).rows[0];
/// assert_eq!((january.size, january.ages[1].n_customers), (2, 1));
/// assert_eq!(january.ages[1].revenue_minor, 1500);
/// ```
///
/// # References
///
/// As for [`super::cohorts()`].
#[must_use]
pub fn purchase_cohorts(
    purchases: &Purchases,
    periods: &Periods,
    as_of: Day,
    confidence: f64,
) -> Cohorts {
    let mut triangle = Triangle::new(periods);
    let mut cells = Vec::new();
    for_each_customer(purchases, as_of, |orders| {
        let Some(first) = orders.purchases.first() else { return };
        let cohort = periods.index_of(first.day);
        let row = triangle.begin(cohort);
        fill_cells(&mut cells, orders, periods);
        for cell in cells.iter().filter(|cell| cohort <= cell.period) {
            let age = &mut row[cell.period - cohort];
            age.0 += i64::from(cell.standing.is_active);
            age.1 += cell.standing.revenue_minor;
        }
    });
    triangle.finish(confidence)
}

/// Purchases in all, up to `as_of`.
#[derive(Clone, Debug, PartialEq)]
pub struct PurchaseTotals {
    /// Distinct customers with a purchase, one for nothing included.
    pub n_customers: u64,
    /// Customers with two purchases or more.
    pub n_returning: u64,
    /// Purchases, those for nothing included.
    pub n_purchases: u64,
    /// Revenue net of refunds, in minor units.
    pub revenue_minor: Minor,
    /// Share of the customers who bought more than once.
    pub repeat_customer_rate: Figure,
    /// Purchases per customer.
    pub purchase_frequency: Figure,
    /// Revenue per purchase, in major units.
    pub average_purchase_value: Figure,
}

/// How many customers, purchases and how much revenue (in minor units) up to the close of `as_of`,
/// with the share of repeat customers, purchases per customer and revenue per purchase.
///
/// # Formula
///
/// ```text
/// repeat rate   = customers with 2 purchases or more ÷ customers
/// frequency     = purchases ÷ customers
/// average value = (Σ purchases − Σ refunds) ÷ purchases
/// ```
///
/// where the rows of one order are one purchase, and one for nothing is a purchase.
///
/// # Domain
///
/// Any purchases and refunds.
///
/// # Undefined
///
/// Nobody bought up to `as_of`: `no-customers` for the rate and the frequency, `no-purchases` for
/// the average.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// Every purchase stands for itself: two on one day make a repeat customer.
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::purchase_totals;
/// use retention_calculator::calendar::Day;
/// use retention_calculator::ledger::{Purchase, Purchases};
///
/// let buy = |customer, day, amount| Purchase { customer, day: Day(day), amount, segment: None };
/// let purchases =
///     Purchases::from_orders(vec![buy(0, 1, 1000), buy(0, 40, 1500), buy(1, 2, 700), buy(1, 5, -200)]);
/// let totals = purchase_totals(&purchases, Day(100), 2, 0.95);
/// assert_eq!(totals.revenue_minor, 3000);
/// assert_eq!(totals.repeat_customer_rate.value, Some(0.5));
/// assert_eq!(totals.average_purchase_value.value, Some(10.0));
/// ```
///
/// # References
///
/// The interval of the rate is Wilson's (E. B. Wilson, 1927).
#[must_use]
pub fn purchase_totals(
    purchases: &Purchases,
    as_of: Day,
    decimals: u8,
    confidence: f64,
) -> PurchaseTotals {
    let (mut n_customers, mut n_returning, mut n_purchases) = (0_u64, 0_u64, 0_u64);
    let mut revenue_minor: Minor = 0;
    for_each_customer(purchases, as_of, |orders| {
        n_customers += u64::from(!orders.purchases.is_empty());
        n_returning += u64::from(2 <= orders.purchases.len());
        n_purchases += orders.purchases.len() as u64;
        revenue_minor += orders.all().map(|order| Minor::from(order.amount)).sum::<Minor>();
    });
    let (buyers, bought) = (count(n_customers), count(n_purchases));
    let repeated = formula::repeat_customer_rate(count(n_returning), buyers);
    let mut repeat_customer_rate = defined_or_why(FormulaId::RepeatCustomerRate, repeated);
    if let Some(interval) = wilson(n_returning, n_customers, confidence) {
        repeat_customer_rate = repeat_customer_rate.with_interval(interval);
    }
    let frequency = formula::purchase_frequency(bought, buyers);
    let value = formula::average_purchase_value(to_major(revenue_minor, decimals), bought);
    PurchaseTotals {
        n_customers,
        n_returning,
        n_purchases,
        revenue_minor,
        repeat_customer_rate,
        purchase_frequency: defined_or_why(FormulaId::PurchaseFrequency, frequency)
            .counted_from(n_customers),
        average_purchase_value: defined_or_why(FormulaId::AveragePurchaseValue, value)
            .counted_from(n_purchases),
    }
}

/// Purchases per active customer and period, over the complete periods.
pub(super) fn frequency_per_period(purchases: &Purchases, periods: &[PeriodFigures]) -> Figure {
    let complete = periods.iter().filter(|period| !period.span.is_partial);
    let n_active: u64 = complete.clone().filter_map(|period| period.customers.end).sum();
    let until = complete.filter_map(|period| period.span.to).max();
    let mut n_counted = 0;
    purchases.for_each_customer(|bought, _| {
        n_counted += bought.partition_point(|one| Some(one.day) <= until) as u64;
    });
    let result = formula::purchase_frequency(count(n_counted), count(n_active));
    defined_or_why(FormulaId::PurchaseFrequency, result).counted_from(n_active)
}
