//! Histories to figures: movements, cohorts, purchases, value.
//!
//! It never reads a file and never sees text other than customers' names.

mod accounts;
mod benchmarks;
mod cohorts;
mod concentration;
pub mod customers;
mod definitions;
mod exact;
mod latest;
mod levels;
mod lifetime_value;
mod lifetimes;
mod moved;
mod movements;
mod options;
mod orders;
pub mod outlook;
mod parts;
mod period_figures;
mod purchases;
mod reasons;
mod remarks;
mod renewals;
mod retention_bridge;
mod segments;
mod span;
mod totals;
mod trailing_year;
mod triggers;

pub use benchmarks::{Article, Benchmark, RANGES, Range, STAGES, Stage, Verdict, benchmarks};
pub use cohorts::{
    AgeMeans, Cohort, CohortAge, CohortClock, CohortCounting, CohortOptions, Cohorts, cohorts,
    purchase_cohorts,
};
pub use concentration::{Concentration, TopShare};
pub(crate) use definitions::definitions_of_value;
pub use definitions::{Arithmetic, Definition, Term, definitions};
pub use levels::Levels;
pub use lifetime_value::{LifetimeValue, lifetime_value};
pub use lifetimes::{LifetimeCount, LifetimeUnit, Lifetimes, lifetimes};
pub use movements::{CustomerCounts, Movements, RevenueSums, movements_between, period_movements};
pub use options::AnalysisOptions;
pub use parts::{Parts, ReportPart};
pub use period_figures::{KnownCounts, KnownSums, PeriodFigures};
pub use purchases::{PurchaseMovements, PurchaseTotals, purchase_movements, purchase_totals};
pub use reasons::{
    Cause, Lost, LostByReason, LostIn, LostShare, ReasonKind, ReasonShare, lost_by_reason,
};
pub use renewals::{
    DueWithin, RENEWAL_WINDOWS_DAYS, RenewalRate, RenewalSource, Renewals, Renewing, renewals,
};
pub use retention_bridge::{BridgeStep, Contributor, RetentionBridge, retention_bridges};
pub use segments::{
    ChosenBy, Mix, PartAndWhole, RateChange, ReportSpans, SegmentEffect, SegmentFigures,
    SegmentLifetimes, Segments, lifetimes_by_segment, rate_change, segments,
};
pub use span::{Periods, Span, year_earlier};
pub use triggers::{Alarm, Fires, THRESHOLDS, Threshold, Trigger, triggers};

use crate::calendar::{Day, Granularity, Period};
use crate::ledger::{Account, Histories, Ledger, PeriodTotals, Purchases, Recurring, TenureUnit};
use crate::note::Note;
use crate::number::{Figure, Minor};
use cohorts::{CohortsOfLevels, CohortsOfPurchases};
use concentration::ConcentrationSums;
use exact::Exact;
use latest::{IntervalsOfLevels, LatestIntervals};
use levels::{Steps, VisitSteps};
use lifetimes::DurationCounts;
use movements::MovedByLevel;
use orders::{Orders, for_each_in_any_order};
use parts::{Needs, PeriodIntervals, SpanFigures};
use period_figures::{RevenueBase, Scale};
use purchases::{ByPeriod, MovementsOfPurchases, PurchaseCounts};
use retention_bridge::MovedBetweenCloses;

/// The figures of a ledger, as far as the wanted parts of a report rest on them.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The day up to whose close everything is counted; none where the data have no dates.
    pub as_of: Option<Day>,
    /// How long the periods are; none where the file has its own that are no calendar periods.
    pub granularity: Option<Granularity>,
    /// The spans of all periods, oldest first.
    pub spans: Vec<Span>,
    /// The span of the trailing year; none where the data begin later.
    pub year: Option<Span>,
    /// Oldest first; every period from the first to `as_of`, empty ones too.
    pub periods: Vec<PeriodFigures>,
    /// The twelve months up to `as_of`, customer by customer; none where the data begin later.
    pub trailing_year: Option<PeriodFigures>,
    /// Customers by the period they began in.
    pub cohorts: Option<Cohorts>,
    /// How these were counted.
    pub cohort_options: CohortOptions,
    /// How long customers stay.
    pub lifetimes: Option<Lifetimes>,
    /// Purchases in all.
    pub purchases: Option<PurchaseTotals>,
    /// Purchases per active customer and period, over complete periods.
    pub purchases_per_active_period: Option<Figure>,
    /// The twelve months before those, of recurring revenue; none where the data begin later.
    pub year_before: Option<PeriodFigures>,
    /// What moved net revenue retention from the quarter before to the latest complete one.
    pub bridges: Vec<RetentionBridge>,
    /// How much of the revenue hangs on few customers; none without amounts.
    pub concentration: Option<Concentration>,
    /// What there is to say about the figures.
    pub notes: Vec<Note>,
}

impl Analysis {
    fn empty(as_of: Option<Day>, granularity: Option<Granularity>) -> Self {
        Self {
            as_of,
            granularity,
            spans: Vec::new(),
            year: None,
            periods: Vec::new(),
            trailing_year: None,
            cohorts: None,
            cohort_options: CohortOptions::default(),
            lifetimes: None,
            purchases: None,
            purchases_per_active_period: None,
            year_before: None,
            bridges: Vec::new(),
            concentration: None,
            notes: Vec::new(),
        }
    }

    /// When the periods and the year begin, which segments are counted in as well.
    #[must_use]
    pub fn report_spans(&self) -> ReportSpans {
        let first_close = self.spans.first().and_then(|span| span.from);
        ReportSpans { first_day: first_close.map(Day::next), has_year: self.year.is_some() }
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
/// customers in the trailing year and in the latest 13 periods; those of older ones are linearized.
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
    let needs = Needs::of(options.parts, options.granularity);
    if !needs.any() {
        let granularity = match &ledger.histories {
            Histories::Totals(totals) => totals::totals_granularity(totals),
            _ => Some(options.granularity),
        };
        return Analysis::empty(as_of, granularity);
    }
    match (&ledger.histories, as_of) {
        (Histories::Recurring(recurring), Some(as_of)) => {
            recurring_analysis(recurring, as_of, options, needs, scale)
        }
        (Histories::Purchases(purchases), Some(as_of)) => {
            purchases_analysis(purchases, as_of, options, needs, scale)
        }
        (Histories::Totals(totals), _) => totals_analysis(totals, as_of, options.as_of, scale),
        (Histories::Accounts(accounts), _) => {
            accounts_analysis(accounts, ledger.tenure_unit, needs, scale)
        }
        (_, None) => Analysis::empty(None, Some(options.granularity)),
    }
}

/// The periods of the cohorts, where they are others than those of the report.
fn other_periods(periods: &Periods, as_of: Day, options: CohortOptions) -> Option<Periods> {
    let granularity = options.granularity.filter(|&one| one != periods.granularity())?;
    Some(Periods::up_to(as_of, granularity))
}

/// Recurring revenue takes two passes over the customers: one for all that is counted, and one for
/// the intervals of the ratios that it gave, where they are wanted.
fn recurring_analysis(
    recurring: &Recurring,
    as_of: Day,
    options: &AnalysisOptions,
    needs: Needs,
    scale: Scale,
) -> Analysis {
    let needs = if recurring.is_monthly { needs.of_months() } else { needs };
    let granularity = options.granularity;
    let levels = Levels::new(recurring, as_of);
    let all_periods = Periods::up_to(as_of, granularity);
    let mut cohort_options = options.cohorts;
    if recurring.is_monthly {
        // Between two months nothing is known.
        cohort_options.clock = CohortClock::Calendar;
    }
    let other_periods = other_periods(&all_periods, as_of, cohort_options);
    let cohort_periods = other_periods.as_ref().unwrap_or(&all_periods);
    let mut pass = RecurringPass {
        first_day: None,
        largest_minor: 0,
        moved: needs.movements.then(|| MovedByLevel::new(&all_periods)),
        compared: MovedBetweenCloses::new(as_of, needs.into()),
        cohorts: needs.cohorts.then(|| CohortsOfLevels::new(cohort_periods, cohort_options)),
        durations: needs.lifetimes.then(|| DurationCounts::new(as_of, recurring.is_monthly)),
        concentration: needs.concentration.then(ConcentrationSums::default),
    };
    let counts = levels.visit(&mut pass);
    let mut analysis = Analysis::empty(Some(as_of), Some(granularity));
    analysis.notes = remarks::of_spells(counts, recurring.is_monthly);
    let Some(first_day) = pass.first_day else { return analysis };
    if let (Some(sums), true) = (pass.concentration, scale.has_amounts) {
        analysis.concentration = sums.finish(None, Some(as_of), scale.decimals);
    }
    let periods = Periods::new(first_day, as_of, granularity);
    analysis.spans = periods.spans().collect();
    analysis.year = retention_bridge::year_of_levels(first_day, as_of);
    let moved = pass.moved.map(|moved| moved.finish(periods.len()));
    let movements = moved.as_ref().map_or(&[][..], |moved| &moved.movements);
    let spans: Vec<(Span, RevenueBase)> = analysis
        .spans
        .iter()
        .cloned()
        .zip(movements.iter().map(|one| one.revenue.into()))
        .collect();
    let mut compared = pass.compared.compared(first_day, scale.has_amounts);
    let mut intervals = LatestIntervals::default();
    if scale.has_amounts {
        let n_drawn = needs.period_intervals.n_drawn();
        let wanted = IntervalsOfLevels::new(&spans, n_drawn, &compared.bases(), pass.largest_minor);
        (compared, intervals) = compared.with_intervals(&levels, wanted, scale.confidence);
        if let (Some(moved), PeriodIntervals::All) = (&moved, needs.period_intervals) {
            intervals = intervals.and_before(&moved.pairs(), scale.confidence);
        }
    }
    analysis.periods = spans
        .into_iter()
        .zip(movements)
        .enumerate()
        .map(|(index, ((span, base), one))| {
            period_figures::figures_of(span, one, base, intervals.of_period(index), scale)
        })
        .collect();
    let compared = compared.finish(&intervals, scale);
    analysis.trailing_year = compared.trailing_year;
    analysis.year_before = compared.year_before;
    analysis.bridges = compared.bridges;
    analysis.cohorts = pass.cohorts.map(|cohorts| cohorts.finish(scale));
    analysis.cohort_options =
        CohortOptions { granularity: Some(cohort_periods.granularity()), ..cohort_options };
    analysis.lifetimes = pass.durations.map(DurationCounts::finish);
    let n_returned = analysis.lifetimes.as_ref().map_or(0, |lifetimes| lifetimes.n_returned);
    analysis.notes.extend(remarks::of_movements(movements, granularity));
    analysis.notes.extend(remarks::of_returns(n_returned));
    if recurring.is_monthly {
        analysis.notes.extend(remarks::of_first_period(movements));
    }
    analysis
}

/// All that is counted of customers with recurring revenue.
struct RecurringPass<'a> {
    first_day: Option<Day>,
    /// The most that any customer ever paid per month, in minor units.
    largest_minor: Minor,
    moved: Option<MovedByLevel<'a>>,
    compared: MovedBetweenCloses,
    cohorts: Option<CohortsOfLevels<'a>>,
    durations: Option<DurationCounts>,
    concentration: Option<ConcentrationSums>,
}

impl VisitSteps for RecurringPass<'_> {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        let first_day = steps.first_day();
        self.first_day = Some(self.first_day.map_or(first_day, |first| first.min(first_day)));
        let largest = steps.monthly_minor.iter().copied().max().unwrap_or_default();
        self.largest_minor = self.largest_minor.max(largest.into());
        if let Some(moved) = &mut self.moved {
            moved.visit(steps);
        }
        self.compared.visit(steps);
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.visit(steps);
        }
        if let Some(durations) = &mut self.durations {
            durations.visit(steps);
        }
        if let Some(concentration) = &mut self.concentration {
            concentration.add(steps.last_minor());
        }
    }
}

/// Purchases take two passes over the customers, like recurring revenue.
fn purchases_analysis(
    purchases: &Purchases,
    as_of: Day,
    options: &AnalysisOptions,
    needs: Needs,
    scale: Scale,
) -> Analysis {
    let granularity = options.granularity;
    let all_periods = Periods::up_to(as_of, granularity);
    let other_periods = other_periods(&all_periods, as_of, options.cohorts);
    let cohort_periods = other_periods.as_ref().unwrap_or(&all_periods);
    let cohorts = needs.cohorts.then(|| CohortsOfPurchases::new(cohort_periods, options.cohorts));
    let pass = PurchasesPass::of(purchases, as_of, &all_periods, cohorts, needs);
    let mut analysis = Analysis::empty(Some(as_of), Some(granularity));
    analysis.notes = remarks::of_purchases(pass.n_after, pass.first_day, as_of);
    analysis.purchases = pass.counts.map(|counts| counts.totals(scale.decimals, scale.confidence));
    let Some(first_day) = pass.first_day else { return analysis };
    let periods = Periods::new(first_day, as_of, granularity);
    let year_starts = trailing_year::year_starts_of_purchases(first_day, as_of);
    analysis.spans = periods.spans().collect();
    analysis.year = year_starts.map(|(_, from)| Span::of_days(from, as_of));
    let (largest_in_period, largest_in_year) =
        (pass.by_period.largest_minor, pass.year.as_ref().map_or(0, |year| year.largest_minor));
    if let (Some(year), true) = (&pass.year, scale.has_amounts && needs.concentration) {
        let from = Some(year_earlier(as_of));
        let sums = year.concentration.clone();
        analysis.concentration = sums.finish(from, Some(as_of), scale.decimals);
    }
    let MovementsOfPurchases { movements, pairs, cohorts } = pass.by_period.finish(periods.len());
    let year = if needs.trailing_year == SpanFigures::None { None } else { pass.year };
    let year = year_starts.zip(year.map(|year| year.finish()));
    let mut intervals = LatestIntervals::default();
    if scale.has_amounts {
        let latest = latest::LatestPurchases {
            as_of,
            periods: &periods,
            n_drawn: needs.period_intervals.n_drawn(),
            revenue: movements.iter().map(|one| one.base).collect(),
            year: year
                .filter(|_| needs.trailing_year == SpanFigures::All)
                .map(|(starts, one)| (starts, one.base)),
            largest_in_period,
            largest_in_year,
        };
        intervals = latest.intervals(purchases, scale.confidence);
        if needs.period_intervals == PeriodIntervals::All {
            intervals = intervals.and_before(&pairs, scale.confidence);
        }
    }
    analysis.periods = periods
        .spans()
        .zip(&movements)
        .enumerate()
        .map(|(index, (span, one))| {
            let intervals = intervals.of_period(index);
            let mut figures =
                period_figures::figures_of(span, &one.movements, one.base, intervals, scale);
            figures.customers.came_and_went = None;
            figures
        })
        .collect();
    analysis.trailing_year = year.map(|((_, from), one)| {
        let span = Span::of_days(from, as_of);
        period_figures::figures_of(span, &one.movements, one.base, intervals.of_span(0), scale)
    });
    analysis.cohorts = cohorts.map(|cohorts| cohorts.finish(scale));
    analysis.cohort_options =
        CohortOptions { granularity: Some(cohort_periods.granularity()), ..options.cohorts };
    if needs.frequency {
        let complete = analysis.periods.iter().filter(|period| !period.span.is_partial);
        let n_active: u64 = complete.filter_map(|period| period.customers.end).sum();
        analysis.purchases_per_active_period =
            Some(purchases::frequency_per_period(pass.n_in_complete_periods, n_active));
    }
    let movements: Vec<Movements> = movements.iter().map(|one| one.movements).collect();
    analysis.notes.extend(remarks::of_movements(&movements, granularity));
    analysis
}

/// All that is counted of customers who buy.
struct PurchasesPass<'a> {
    /// With a purchase or a refund, also one after `as_of`.
    first_day: Option<Day>,
    n_after: u64,
    /// Purchases in the periods that `as_of` does not cut short, where they are wanted.
    n_in_complete_periods: u64,
    counts: Option<PurchaseCounts>,
    by_period: ByPeriod<'a>,
    year: Option<purchases::MovedBetween>,
}

impl<'a> PurchasesPass<'a> {
    #[inline(never)]
    fn of(
        purchases: &Purchases,
        as_of: Day,
        all_periods: &'a Periods,
        cohorts: Option<CohortsOfPurchases<'a>>,
        needs: Needs,
    ) -> Self {
        let year_from = year_earlier(as_of);
        let has_year = needs.concentration || needs.trailing_year != SpanFigures::None;
        let mut pass = Self {
            first_day: None,
            n_after: 0,
            n_in_complete_periods: 0,
            counts: needs.purchases.then(PurchaseCounts::default),
            by_period: ByPeriod::new(all_periods, needs.movements, cohorts),
            year: has_year
                .then(|| purchases::MovedBetween::new(year_earlier(year_from), year_from)),
        };
        let last_complete = all_periods.last_complete_day().filter(|_| needs.frequency);
        let mut cells = Vec::new();
        for_each_in_any_order(purchases, |all| {
            let days = [pass.first_day, all.first_day()];
            pass.first_day = days.into_iter().flatten().min();
            let orders = all.up_to(as_of);
            pass.n_after += all.len() - orders.len();
            if orders.is_empty() {
                return;
            }
            if let Some(day) = last_complete {
                pass.n_in_complete_periods += orders.up_to(day).purchases.len() as u64;
            }
            if orders.is_narrow() {
                pass.add::<i64>(orders, &mut cells);
            } else {
                pass.add_wide(orders);
            }
        });
        pass
    }

    /// A function of its own: what hardly anybody needs would be in the way of all others.
    #[cold]
    #[inline(never)]
    fn add_wide(&mut self, orders: Orders<'_>) {
        self.add::<i128>(orders, &mut Vec::new());
    }

    fn add<T: Exact>(&mut self, orders: Orders<'_>, cells: &mut Vec<purchases::Cell<T>>) {
        let has_cells = self.by_period.add(orders, cells);
        if let Some(counts) = &mut self.counts {
            let revenue_minor =
                if has_cells { purchases::revenue_of(cells) } else { orders.revenue_minor() };
            counts.add(orders, revenue_minor);
        }
        if let Some(year) = &mut self.year {
            year.add::<T>(orders);
        }
        self.by_period.add_to_cohorts(orders, cells);
    }
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
    analysis.spans = figures.periods.iter().map(|period| period.span.clone()).collect();
    analysis.periods = figures.periods;
    analysis
}

fn accounts_analysis(
    accounts: &[Account],
    unit: TenureUnit,
    needs: Needs,
    scale: Scale,
) -> Analysis {
    let mut analysis = Analysis::empty(None, Some(Granularity::Month));
    analysis.notes = remarks::of_accounts(accounts);
    if needs.movements {
        let draws = needs.period_intervals != PeriodIntervals::None;
        analysis.periods = vec![accounts::account_period(accounts, draws, scale)];
    }
    if scale.has_amounts && needs.concentration {
        let mut sums = ConcentrationSums::default();
        for account in accounts.iter().filter(|account| !account.churned) {
            sums.add(account.amount.unwrap_or(0));
        }
        analysis.concentration = sums.finish(None, None, scale.decimals);
    }
    if needs.lifetimes {
        analysis.lifetimes = Some(lifetimes::account_lifetimes(accounts, unit));
    }
    analysis
}
