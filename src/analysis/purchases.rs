//! Orders: who buys from period to period, and how often and for how much in all.
//!
//! It knows no contract: who did not buy in a period counts as lost to it and can come back. It
//! keeps no customer: each is added to the sums as it comes by.

use super::cohorts::CohortsOfPurchases;
use super::concentration::ConcentrationSums;
use super::exact::Exact;
use super::moved::{Moved, MovedByPeriod, Movement, Standing};
use super::movements::{Movements, chain};
use super::orders::{Orders, for_each_in_any_order};
use super::period_figures::{RevenueBase, count, defined_or_why};
use super::span::Periods;
use crate::calendar::Day;
use crate::formula;
use crate::ledger::{Purchase, Purchases};
use crate::number::bootstrap::Ratios;
use crate::number::interval::{PairSums, ratio_of_sums, wilson};
use crate::number::{Figure, FormulaId, Minor, to_major};

/// What one customer did in one period.
#[derive(Clone, Copy, Default)]
pub(super) struct Cell<T> {
    pub(super) period: usize,
    pub(super) standing: Standing<T>,
}

impl<T: Exact> Standing<T> {
    pub(super) fn add(&mut self, order: &Purchase) {
        self.is_active |= 0 < order.amount;
        self.revenue_minor += T::from(order.amount);
    }

    /// The revenue without its sign.
    fn size(self) -> T {
        self.revenue_minor.max(T::default() - self.revenue_minor)
    }

    fn add_standing(&mut self, other: Self) {
        self.is_active |= other.is_active;
        self.revenue_minor += other.revenue_minor;
    }
}

/// The revenue of all cells of a customer.
pub(super) fn revenue_of<T: Exact>(cells: &[Cell<T>]) -> Minor {
    let mut sum = T::default();
    for cell in cells {
        sum += cell.standing.revenue_minor;
    }
    sum.into()
}

/// Puts cells of one customer in the order of their periods; compiled once for each kind of sum.
#[inline(never)]
fn put_in_order<T>(cells: &mut [Cell<T>]) {
    cells.sort_by_key(|cell| cell.period);
}

/// Fills `cells` with the periods in which a customer bought or gave back, in order.
#[inline(never)]
pub(super) fn fill_cells<T: Exact>(
    cells: &mut Vec<Cell<T>>,
    orders: Orders<'_>,
    period_of: impl Fn(Day) -> usize,
) {
    cells.clear();
    orders.all().for_each(|order| {
        let period = period_of(order.day);
        match cells.last_mut() {
            Some(cell) if cell.period == period => cell.standing.add(order),
            _ => {
                let mut standing = Standing::default();
                standing.add(order);
                cells.push(Cell { period, standing });
            }
        }
    });
    if !orders.refunds.is_empty() {
        put_in_order(cells);
        cells.dedup_by(|next, cell| {
            let is_same = next.period == cell.period;
            if is_same {
                cell.standing.add_standing(next.standing);
            }
            is_same
        });
    }
}

/// Adds each step of a customer from one period to the next in which anything is.
#[inline(never)]
fn add_movements<T: Exact>(moved: &mut MovedByPeriod, cells: &[Cell<T>], n_periods: usize) {
    let mut was_active_before = false;
    let mut previous: Option<Cell<T>> = None;
    for (place, cell) in cells.iter().enumerate() {
        let then = previous.filter(|previous| previous.period + 1 == cell.period);
        moved.add(cell.period, movement(then, Some(*cell), was_active_before));
        was_active_before |= cell.standing.is_active;
        let is_followed = cells.get(place + 1).is_some_and(|next| next.period == cell.period + 1);
        if !is_followed && cell.period + 1 < n_periods {
            moved.add(cell.period + 1, movement(Some(*cell), None, was_active_before));
        }
        previous = Some(*cell);
    }
}

fn movement<T: Exact>(
    then: Option<Cell<T>>,
    now: Option<Cell<T>>,
    was_active_before: bool,
) -> Movement<T> {
    Movement {
        then: then.map(|cell| cell.standing).unwrap_or_default(),
        now: now.map(|cell| cell.standing).unwrap_or_default(),
        was_active_before,
        was_active_between: false,
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
    ByPeriod::of(purchases, periods, as_of).finish(periods.len()).movements
}

/// What all orders come to by period, oldest first.
pub(super) struct MovementsOfPurchases<'a> {
    pub(super) movements: Vec<PurchaseMovements>,
    /// What the intervals of the ratios of each period are made of.
    pub(super) pairs: Vec<Ratios<PairSums>>,
    pub(super) cohorts: Option<CohortsOfPurchases<'a>>,
}

/// The movements of all periods, and the cohorts, as far as they are wanted.
pub(super) struct ByPeriod<'a> {
    periods: &'a Periods,
    moved: Option<MovedByPeriod>,
    cohorts: Option<CohortsOfPurchases<'a>>,
    /// Whether the cells of the periods are those of the cohorts, too.
    is_shared: bool,
    /// The most that any customer bought or gave back in any period, in minor units.
    pub(super) largest_minor: Minor,
}

impl<'a> ByPeriod<'a> {
    pub(super) fn new(
        periods: &'a Periods,
        moves: bool,
        cohorts: Option<CohortsOfPurchases<'a>>,
    ) -> Self {
        let is_shared =
            cohorts.as_ref().is_some_and(|cohorts| cohorts.takes_cells_by(periods.granularity()));
        Self {
            periods,
            moved: moves.then(|| MovedByPeriod::new(periods.len())),
            cohorts,
            is_shared,
            largest_minor: 0,
        }
    }

    fn of(purchases: &Purchases, periods: &'a Periods, as_of: Day) -> Self {
        let mut by_period = Self::new(periods, true, None);
        let mut cells = Vec::new();
        for_each_in_any_order(purchases, |orders| {
            let orders = orders.up_to(as_of);
            if orders.is_narrow() {
                by_period.add::<i64>(orders, &mut cells);
            } else {
                by_period.add::<i128>(orders, &mut Vec::new());
            }
        });
        by_period
    }

    /// Adds a customer, and says whether `cells`, a place to work in, holds its periods then.
    pub(super) fn add<T: Exact>(&mut self, orders: Orders<'_>, cells: &mut Vec<Cell<T>>) -> bool {
        if self.periods.is_empty() || !(self.is_shared || self.moved.is_some()) {
            return false;
        }
        fill_cells(cells, orders, |day| self.periods.index_of(day));
        if let Some(moved) = &mut self.moved {
            add_movements(moved, cells, self.periods.len());
            let sizes = cells.iter().map(|cell| cell.standing.size());
            self.largest_minor = self.largest_minor.max(sizes.max().unwrap_or_default().into());
        }
        if let (Some(cohorts), true) = (&mut self.cohorts, self.is_shared) {
            cohorts.add_by_period(orders, cells);
        }
        true
    }

    /// Adds a customer to cohorts of other periods than those of the movements.
    pub(super) fn add_to_cohorts<T: Exact>(
        &mut self,
        orders: Orders<'_>,
        cells: &mut Vec<Cell<T>>,
    ) {
        if let (Some(cohorts), false, false) =
            (&mut self.cohorts, self.is_shared, self.periods.is_empty())
        {
            cohorts.add(orders, cells);
        }
    }

    /// The movements of the last `n_periods` periods, before which there are none, and the cohorts.
    pub(super) fn finish(self, n_periods: usize) -> MovementsOfPurchases<'a> {
        let Some(moved) = self.moved else {
            let (movements, pairs) = (Vec::new(), Vec::new());
            return MovementsOfPurchases { movements, pairs, cohorts: self.cohorts };
        };
        let latest = moved.latest(n_periods);
        let moved = &latest.moved;
        let mut movements: Vec<Movements> = moved.iter().map(Moved::movements).collect();
        chain(&mut movements);
        let starts = std::iter::once(0).chain(moved.iter().map(Moved::active_minor));
        let all = movements.into_iter().zip(moved).zip(starts);
        let all = all.map(|((movements, moved), start)| PurchaseMovements {
            movements,
            base: moved.base(start),
        });
        let movements: Vec<PurchaseMovements> = all.collect();
        let bases = movements.iter().map(|one| (one.movements.customers.start, one.base));
        let pairs = latest.pairs(bases).collect();
        MovementsOfPurchases { movements, pairs, cohorts: self.cohorts }
    }
}

/// What moved between the stretch of days after `before` and the one after `from`, customer by
/// customer.
pub(super) struct MovedBetween {
    before: Day,
    from: Day,
    moved: Moved,
    n_customers: u64,
    revenue_minor: Minor,
    /// Of the revenue then, that of those active then.
    active_minor: Minor,
    /// The most that any customer bought or gave back in either stretch, in minor units.
    pub(super) largest_minor: Minor,
    /// What customers bought in the later stretch, less refunds.
    pub(super) concentration: ConcentrationSums,
}

impl MovedBetween {
    pub(super) fn new(before: Day, from: Day) -> Self {
        let moved = Moved::default();
        Self {
            before,
            from,
            moved,
            n_customers: 0,
            revenue_minor: 0,
            active_minor: 0,
            largest_minor: 0,
            concentration: ConcentrationSums::default(),
        }
    }

    #[inline(never)]
    pub(super) fn add<T: Exact>(&mut self, orders: Orders<'_>) {
        let (mut then, mut now) = (Standing::<T>::default(), Standing::default());
        for order in orders.after(self.before) {
            if order.day <= self.from {
                then.add(order);
            } else {
                now.add(order);
            }
        }
        let was_active_before = orders.first_positive_day().is_some_and(|first| first <= self.from);
        if then.is_active {
            self.n_customers += 1;
            self.active_minor += then.revenue_minor.into();
        }
        self.revenue_minor += then.revenue_minor.into();
        self.largest_minor = self.largest_minor.max(then.size().max(now.size()).into());
        self.concentration.add(now.revenue_minor);
        self.moved.add(Movement { then, now, was_active_before, was_active_between: false });
    }

    pub(super) fn finish(&self) -> PurchaseMovements {
        let mut movements = self.moved.movements();
        movements.start_from(self.n_customers, self.revenue_minor);
        PurchaseMovements { movements, base: self.moved.base(self.active_minor) }
    }
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
    let mut counts = PurchaseCounts::default();
    for_each_in_any_order(purchases, |orders| {
        let orders = orders.up_to(as_of);
        counts.add(orders, orders.revenue_minor());
    });
    counts.totals(decimals, confidence)
}

/// Customers, purchases and revenue in all.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PurchaseCounts {
    n_customers: u64,
    n_returning: u64,
    n_purchases: u64,
    revenue_minor: Minor,
    /// What each customer paid, and how often it bought.
    paid: PairSums,
    /// How often each of those who bought did, and 1.
    bought: PairSums,
}

impl PurchaseCounts {
    pub(super) fn add(&mut self, orders: Orders<'_>, revenue_minor: Minor) {
        self.n_customers += u64::from(!orders.purchases.is_empty());
        self.n_returning += u64::from(2 <= orders.purchases.len());
        self.n_purchases += orders.purchases.len() as u64;
        self.revenue_minor += revenue_minor;
        let n_purchases = i64::try_from(orders.purchases.len()).unwrap_or(i64::MAX);
        self.paid.add(i64::try_from(revenue_minor).unwrap_or(i64::MAX), n_purchases);
        if 0 < n_purchases {
            self.bought.add(n_purchases, 1);
        }
    }

    pub(super) fn totals(self, decimals: u8, confidence: f64) -> PurchaseTotals {
        let Self { n_customers, n_returning, n_purchases, revenue_minor, paid, bought: often } =
            self;
        let (buyers, bought) = (count(n_customers), count(n_purchases));
        let repeated = formula::repeat_customer_rate(count(n_returning), buyers);
        let repeat_customer_rate = defined_or_why(FormulaId::RepeatCustomerRate, repeated)
            .within(wilson(n_returning, n_customers, confidence));
        let major = to_major(1, decimals);
        let frequency = formula::purchase_frequency(bought, buyers);
        let value = formula::average_purchase_value(to_major(revenue_minor, decimals), bought);
        PurchaseTotals {
            n_customers,
            n_returning,
            n_purchases,
            revenue_minor,
            repeat_customer_rate,
            purchase_frequency: defined_or_why(FormulaId::PurchaseFrequency, frequency)
                .counted_from(n_customers)
                .within(ratio_of_sums(&often, confidence)),
            average_purchase_value: defined_or_why(FormulaId::AveragePurchaseValue, value)
                .counted_from(n_purchases)
                .within(
                    ratio_of_sums(&paid, confidence).map(|(low, high)| (low * major, high * major)),
                ),
        }
    }
}

/// Purchases in the complete periods, per customer active in one of them and period.
pub(super) fn frequency_per_period(n_purchases: u64, n_active: u64) -> Figure {
    let result = formula::purchase_frequency(count(n_purchases), count(n_active));
    defined_or_why(FormulaId::PurchaseFrequency, result).counted_from(n_active)
}
