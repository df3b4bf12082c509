//! Histories to figures: movements, cohorts, purchases, value.
//!
//! It never reads a file and never sees text other than customers' names.

mod accounts;
mod cohorts;
mod levels;
mod lifetime_value;
mod lifetimes;
mod movements;
mod options;
mod period_figures;
mod purchases;
mod remarks;
mod span;
mod totals;
mod trailing_year;

pub use cohorts::{Cohort, CohortAge, Cohorts, cohorts};
pub use levels::{Levels, Steps};
pub use lifetime_value::{LifetimeValue, lifetime_value};
pub use lifetimes::{LifetimeCount, LifetimeUnit, Lifetimes, lifetimes};
pub use movements::{CustomerCounts, Movements, RevenueSums, movements_between, period_movements};
pub use options::AnalysisOptions;
pub use period_figures::{KnownCounts, KnownSums, PeriodFigures};
pub use purchases::{
    PurchaseMovements, PurchaseTotals, purchase_cohorts, purchase_movements, purchase_totals,
};
pub use span::{Periods, Span, year_earlier};

use crate::calendar::{Day, Granularity, Period};
use crate::ledger::{Account, Histories, Ledger, PeriodTotals, Purchases, Recurring, TenureUnit};
use crate::note::Note;
use crate::number::Figure;
use period_figures::Scale;

/// In how many of the latest periods revenue rates have an interval, at most.
const N_PERIODS_WITH_INTERVAL: usize = 13;
/// How many customers at the starts of those periods together, at most.
const N_CUSTOMERS_RESAMPLED: u64 = 1_000_000;

/// The figures of a ledger.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The day up to whose close everything is counted; none where the data have no dates.
    pub as_of: Option<Day>,
    /// How long the periods are; none where the file has its own that are no calendar periods.
    pub granularity: Option<Granularity>,
    /// Oldest first; every period from the first to `as_of`, empty ones too.
    pub periods: Vec<PeriodFigures>,
    /// The twelve months up to `as_of`, customer by customer; none where the data begin later.
    pub trailing_year: Option<PeriodFigures>,
    /// Customers by the period they began in.
    pub cohorts: Option<Cohorts>,
    /// How long customers stay.
    pub lifetimes: Option<Lifetimes>,
    /// Purchases in all.
    pub purchases: Option<PurchaseTotals>,
    /// Purchases per active customer and period, over complete periods.
    pub purchases_per_active_period: Option<Figure>,
    /// What there is to say about the figures.
    pub notes: Vec<Note>,
}

impl Analysis {
    fn empty(as_of: Option<Day>, granularity: Option<Granularity>) -> Self {
        Self {
            as_of,
            granularity,
            periods: Vec::new(),
            trailing_year: None,
            cohorts: None,
            lifetimes: None,
            purchases: None,
            purchases_per_active_period: None,
            notes: Vec::new(),
        }
    }
}

/// The day up to whose close everything is counted: the option, else the last day of the data, which
/// in a monthly file is the last day of its last month. None where the data have no dates.
#[must_use]
pub fn as_of(ledger: &Ledger, options: &AnalysisOptions) -> Option<Day> {
    if let Histories::Accounts(_) = ledger.histories {
        return None;
    }
    options.as_of.or_else(|| match &ledger.histories {
        Histories::Recurring(Recurring { is_monthly: true, .. }) => {
            let month = Period::containing(ledger.last_day?, Granularity::Month);
            Some(month.last_day())
        }
        Histories::Totals(totals) => {
            let periods = totals.iter().filter_map(|row| row.period);
            periods.map(Period::last_day).max()
        }
        _ => ledger.last_day,
    })
}

/// All figures of a ledger, in exact counts and sums, fractions and major units.
///
/// # Formula
///
/// ```text
/// retention = (start − lost) ÷ start        churn = lost ÷ start
/// GRR       = Σ min(now, then) ÷ Σ then     NRR   = Σ now ÷ Σ then
/// ```
///
/// where the sums run over the customers active at the start of the period; the movements are those
/// of [`period_movements`] and [`purchase_movements`].
///
/// # Domain
///
/// Any ledger; options as [`AnalysisOptions::check`] lets through. What lies after `as_of` does not
/// count: a later end is not known yet, a later start is not there yet.
///
/// Shares of customers have Wilson's interval. Revenue rates have a bootstrap interval over
/// customers in the trailing year and in the latest 13 periods, or fewer where these have more than
/// a million customers at their starts together: older ones go without.
///
/// # Undefined
///
/// - `no-customers-at-start`: nobody was active at the start.
/// - `no-revenue-at-start`: those who were had refunded all they bought, or the file's total is 0.
/// - `refunds-exceed-purchases`: refunds take the retained revenue below 0.
/// - `nothing-lost`: the quick ratio without losses.
/// - `no-amounts`: the file has no amounts.
/// - `not-in-file`: totals that a row does not give and that do not follow from what it gives.
/// - `retained-negative`, `retained-over-start`, `lost-over-start`: totals that contradict
///   themselves.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// Nobody was a customer before the first day of the data: of an export that begins later than the
/// business, the first period counts customers as new who are not.
///
/// # Examples
///
/// See [`lifetime_value`], which starts from an analysis.
///
/// # References
///
/// P. W. Farris, N. T. Bendle, P. E. Pfeifer, D. J. Reibstein (2010): Marketing Metrics, 2nd
/// edition, on retention and churn of customers.
#[must_use]
pub fn analyze(ledger: &Ledger, options: &AnalysisOptions) -> Analysis {
    let scale = Scale {
        has_amounts: ledger.has_amounts,
        decimals: ledger.decimals,
        confidence: options.confidence,
    };
    let as_of = as_of(ledger, options);
    match (&ledger.histories, as_of) {
        (Histories::Recurring(recurring), Some(as_of)) => {
            recurring_analysis(recurring, as_of, options.granularity, scale)
        }
        (Histories::Purchases(purchases), Some(as_of)) => {
            purchases_analysis(purchases, as_of, options.granularity, scale)
        }
        (Histories::Totals(totals), _) => totals_analysis(totals, as_of, options.as_of, scale),
        (Histories::Accounts(accounts), _) => {
            accounts_analysis(accounts, ledger.tenure_unit, scale)
        }
        (_, None) => Analysis::empty(None, Some(options.granularity)),
    }
}

fn recurring_analysis(
    recurring: &Recurring,
    as_of: Day,
    granularity: Granularity,
    scale: Scale,
) -> Analysis {
    let levels = Levels::new(recurring, as_of);
    let mut analysis = Analysis::empty(Some(as_of), Some(granularity));
    analysis.notes = remarks::of_spells(recurring, as_of);
    let Some(first_day) = levels.first_day() else { return analysis };
    let periods = Periods::new(first_day, as_of, granularity);
    let movements = period_movements(&levels, &periods);
    let starts: Vec<u64> = movements.iter().map(|one| one.customers.start).collect();
    let first_with_interval = first_with_interval(&starts);
    analysis.periods = periods
        .spans()
        .zip(&movements)
        .enumerate()
        .map(|(index, (span, one))| {
            let closes = span.from.zip(span.to).filter(|_| first_with_interval <= index);
            let pairs = closes.map(|(from, to)| trailing_year::level_pairs(&levels, from, to));
            let base = one.revenue.into();
            period_figures::figures_of(span, one, base, pairs.as_deref(), scale)
        })
        .collect();
    analysis.trailing_year = trailing_year::trailing_year_of_levels(&levels, scale);
    analysis.cohorts = Some(cohorts(&levels, &periods, scale.confidence));
    let lifetimes = lifetimes(&levels, recurring.is_monthly);
    analysis.notes.extend(remarks::of_movements(&movements, granularity));
    analysis.notes.extend(remarks::of_returns(lifetimes.n_returned));
    if recurring.is_monthly {
        analysis.notes.extend(remarks::of_first_period(&movements));
    }
    analysis.lifetimes = Some(lifetimes);
    analysis
}

fn purchases_analysis(
    purchases: &Purchases,
    as_of: Day,
    granularity: Granularity,
    scale: Scale,
) -> Analysis {
    let mut analysis = Analysis::empty(Some(as_of), Some(granularity));
    analysis.notes = remarks::of_purchases(purchases, as_of);
    analysis.purchases = Some(purchase_totals(purchases, as_of, scale.decimals, scale.confidence));
    let Some(first_day) = purchases::first_purchase_or_refund(purchases) else { return analysis };
    let periods = Periods::new(first_day, as_of, granularity);
    let movements = purchase_movements(purchases, &periods, as_of);
    let starts: Vec<u64> = movements.iter().map(|one| one.movements.customers.start).collect();
    let first_with_interval = first_with_interval(&starts);
    let is_wanted: Vec<bool> =
        (0..starts.len()).map(|index| first_with_interval <= index).collect();
    let pairs = purchases::purchase_pairs(purchases, &periods, as_of, &is_wanted);
    analysis.periods = periods
        .spans()
        .zip(movements.iter().zip(&pairs))
        .map(|(span, (one, pairs))| {
            let pairs = (!pairs.is_empty()).then_some(&pairs[..]);
            let mut figures =
                period_figures::figures_of(span, &one.movements, one.base, pairs, scale);
            figures.customers.came_and_went = None;
            figures
        })
        .collect();
    analysis.trailing_year = trailing_year::trailing_year_of_purchases(purchases, as_of, scale);
    analysis.cohorts = Some(purchase_cohorts(purchases, &periods, as_of, scale.confidence));
    analysis.purchases_per_active_period =
        Some(purchases::frequency_per_period(purchases, &analysis.periods));
    let movements: Vec<Movements> = movements.iter().map(|one| one.movements).collect();
    analysis.notes.extend(remarks::of_movements(&movements, granularity));
    analysis
}

fn totals_analysis(
    totals: &[PeriodTotals],
    as_of: Option<Day>,
    cut: Option<Day>,
    scale: Scale,
) -> Analysis {
    let figures = totals::totals_figures(totals, cut, scale);
    let mut analysis = Analysis::empty(as_of, totals::totals_granularity(totals));
    analysis.notes = remarks::of_totals(&figures);
    analysis.periods = figures.periods;
    analysis
}

fn accounts_analysis(accounts: &[Account], unit: TenureUnit, scale: Scale) -> Analysis {
    let mut analysis = Analysis::empty(None, Some(Granularity::Month));
    analysis.notes = remarks::of_accounts(accounts);
    analysis.periods = vec![accounts::account_period(accounts, scale)];
    analysis.lifetimes = Some(lifetimes::account_lifetimes(accounts, unit));
    analysis
}

/// The first period whose revenue rates have an interval, by the customers at their starts.
fn first_with_interval(starts: &[u64]) -> usize {
    let mut n_customers = 0;
    let n_periods = starts
        .iter()
        .rev()
        .take(N_PERIODS_WITH_INTERVAL)
        .take_while(|&&start| {
            n_customers += start;
            n_customers <= N_CUSTOMERS_RESAMPLED
        })
        .count();
    starts.len() - n_periods
}
