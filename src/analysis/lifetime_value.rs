//! Lifespan and lifetime value, one entry per named variant.
//!
//! It picks no winner among the variants; each says by its formula and inputs what it is.

use std::collections::BTreeMap;

use super::Analysis;
use super::lifetimes::Lifetimes;
use super::options::AnalysisOptions;
use super::period_figures::{PeriodFigures, count, defined_or_why, why_code};
use crate::calendar::Granularity;
use crate::formula;
use crate::ledger::{Histories, Ledger};
use crate::number::interval::{two_sided_z, wilson};
use crate::number::special::{exp, exp_m1, ln_1p};
use crate::number::{Figure, FormulaId, Minor, to_major};

/// Lifespans in periods, and lifetime values in major units of money, by the name of their variant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LifetimeValue {
    /// Lifetime value and what follows from it.
    pub clv: BTreeMap<&'static str, Figure>,
    /// Lifespan, in periods of the report (months for accounts).
    pub lifespan: BTreeMap<&'static str, Figure>,
}

/// The variants of lifespan, each with the names of the lifetime values on it.
const VARIANTS: [Variant; 5] = [
    Variant {
        lifespan: "average_churn",
        revenue: "revenue_average_churn",
        margin: "margin_average_churn",
    },
    Variant {
        lifespan: "latest_period_churn",
        revenue: "revenue_latest_period_churn",
        margin: "margin_latest_period_churn",
    },
    Variant {
        lifespan: "trailing_six_months",
        revenue: "revenue_trailing_six_months",
        margin: "margin_trailing_six_months",
    },
    Variant {
        lifespan: "restricted_mean",
        revenue: "revenue_restricted_mean",
        margin: "margin_restricted_mean",
    },
    Variant {
        lifespan: "lower_bound",
        revenue: "revenue_lower_bound",
        margin: "margin_lower_bound",
    },
];

struct Variant {
    lifespan: &'static str,
    revenue: &'static str,
    margin: &'static str,
}

/// Lifespans in periods and lifetime values in money, one entry per named variant.
///
/// # Formula
///
/// ```text
/// lifespan.average_churn        = 1 ÷ (Σ lost ÷ Σ start), all complete periods
/// lifespan.latest_period_churn  = 1 ÷ (lost ÷ start), the latest complete period
/// lifespan.trailing_six_months  = 1 ÷ (Σ lost ÷ Σ start), the complete periods of six months
/// lifespan.restricted_mean      = area under the survival curve up to its end
/// lifespan.lower_bound          = 1 ÷ (1 − 0.05^(1/n)), only where nobody was ever lost
/// clv.revenue_…                 = revenue per customer and period × lifespan
/// clv.margin_…                  = revenue per customer and period × gross margin × lifespan
/// clv.discounted                = revenue × margin × (1 + d) ÷ (1 + d − (1 − average churn))
/// clv.transactional             = revenue per purchase × purchases per customer and period × lifespan
/// clv.revenue_to_cac, clv.margin_to_cac = that value by average churn ÷ cac
/// clv.cac_payback               = cac ÷ (revenue per customer and period × gross margin)
/// ```
///
/// where `n` is Σ start, `d` is the discount rate of one period, (1 + yearly rate)^(months ÷ 12) − 1;
/// revenue per customer is that of the customers at the close of `as_of`, for accounts that of those
/// that are left and have an amount; the average churn of accounts is the lost ÷ Σ tenure, per month.
///
/// The interval of a lifespan is that of its churn: Wilson's, and `exp(± z ÷ √lost)` times the churn of
/// accounts, as of events at a constant rate. A value has the interval of its lifespan; how far revenue
/// per customer may vary is not in it.
///
/// # Domain
///
/// `restricted_mean` is the figure of the survival curve in the unit of the lifetimes. Variants
/// that need a gross margin, a cost of acquisition or a discount rate are absent without it; so are
/// survival variants without a curve, the six months and the discounted value where periods are no
/// months or quarters (or of no known length), and `lower_bound` where anyone was lost.
///
/// # Undefined
///
/// - `no-churn`: nobody was lost in the periods of that variant.
/// - `no-complete-period`: no whole period had a customer at its start.
/// - `too-few-periods`: there are fewer than six months of complete periods.
/// - `no-customers`: there is no customer at the close of `as_of` to take revenue from.
/// - `no-amounts`: the file has no amounts.
/// - `no-purchases`: nobody has bought.
/// - Where the lifespan is undefined, so is the value on it, for the same reason.
///
/// # Errors
///
/// None: where a formula refuses its inputs, the figure is undefined with the code of the error.
///
/// # Assumptions
///
/// All but the restricted mean take churn to be the same at every age; with churn that falls with
/// age they are too low for those who stayed. Revenue per customer stays as it is.
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::{AnalysisOptions, analyze, lifetime_value};
/// use retention_calculator::calendar::Day;
/// use retention_calculator::ledger::{
///     Customers, Dimensions, Histories, Labels, Ledger, Recurring, Spell, TenureUnit, Terms,
/// };
///
/// let day = |text: &str| Day::from_iso(text).expect("a day");
/// let spell = |customer, end: Option<&str>| Spell {
///     customer, start: day("2026-01-10"), end: end.map(&day), monthly: 5000,
///     segment: None, reason: None, renewal: None,
/// };
/// let ledger = Ledger {
///     customers: Customers::new(),
///     histories: Histories::Recurring(Recurring {
///         spells: vec![spell(0, None), spell(1, Some("2026-02-15"))],
///         is_monthly: false,
///     }),
///     currency: None, decimals: 2, has_amounts: true, last_day: Some(day("2026-02-28")),
///     tenure_unit: TenureUnit::Month,
///     segments: Dimensions::default(), reasons: Labels::default(),
///     terms: Terms::default(),
/// };
/// let options = AnalysisOptions { gross_margin: Some(0.8), ..AnalysisOptions::default() };
/// let analysis = analyze(&ledger, &options);
/// let value = lifetime_value(&ledger, &options, &analysis, None);
/// // One of two was lost in the one period with customers at its start: two periods at 50.00.
/// assert_eq!(value.lifespan["average_churn"].value, Some(2.0));
/// assert_eq!(value.clv["revenue_average_churn"].value, Some(100.0));
/// assert_eq!(value.clv["margin_average_churn"].value, Some(80.0));
/// ```
///
/// # References
///
/// S. Gupta, D. R. Lehmann (2003): Customers as Assets, Journal of Interactive Marketing 17(1),
/// 9–24. P. S. Fader, B. G. S. Hardie (2007): How to Project Customer Retention, Journal of
/// Interactive Marketing 21(1), 76–90, on what a constant churn leaves out.
#[must_use]
#[inline(never)]
pub fn lifetime_value(
    ledger: &Ledger,
    options: &AnalysisOptions,
    analysis: &Analysis,
    restricted_mean: Option<&Figure>,
) -> LifetimeValue {
    let mut churns = match &ledger.histories {
        Histories::Accounts(_) => account_churns(analysis.lifetimes.as_ref()),
        _ => period_churns(&analysis.periods, analysis.granularity),
    };
    let mut value = LifetimeValue::default();
    add_lower_bound(&mut value.lifespan, &churns);
    for (name, churn) in &churns {
        value.lifespan.insert(name, lifespan(churn, options.confidence));
    }
    if let (Some(mean), Some(lifetimes), Some(granularity)) =
        (restricted_mean, &analysis.lifetimes, analysis.granularity)
    {
        let in_periods = rescaled(mean, lifetimes.unit.per_period(granularity));
        value.lifespan.insert("restricted_mean", in_periods);
    }
    let average = churns.remove("average_churn").unwrap_or(Churn::Unknown("no-complete-period"));
    if let Histories::Purchases(_) = ledger.histories {
        add_transactional(&mut value, analysis);
    } else {
        let revenue = revenue_per_customer(ledger, options, analysis);
        add_values(&mut value, &revenue, options.gross_margin);
        add_discounted(&mut value, &revenue, average, options, analysis.granularity);
        add_acquisition(&mut value, &revenue, options);
    }
    value
}

/// Lost among customer-periods at risk, or the code of why that is not known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Churn {
    /// Lost customers among those at the starts of the periods.
    Counted {
        n_lost: u64,
        n_at_risk: u64,
    },
    /// Lost customers over the time that all of them were observed.
    Exposed {
        n_lost: u64,
        exposure: f64,
    },
    Unknown(&'static str),
}

impl Churn {
    pub(super) fn rate(self) -> Result<f64, &'static str> {
        match self {
            Self::Counted { n_lost, n_at_risk } => Ok(count(n_lost) / count(n_at_risk)),
            Self::Exposed { n_lost, exposure } => Ok(count(n_lost) / exposure),
            Self::Unknown(why) => Err(why),
        }
    }

    /// Where the rate may lie: Wilson's interval of a count, and for one over time that of events at
    /// a constant rate, on the logarithmic scale.
    pub(super) fn interval(self, confidence: f64) -> Option<(f64, f64)> {
        match self {
            Self::Counted { n_lost, n_at_risk } => wilson(n_lost, n_at_risk, confidence),
            Self::Exposed { n_lost, exposure } if 0 < n_lost => {
                let spread = exp(two_sided_z(confidence)? / count(n_lost).sqrt());
                let rate = count(n_lost) / exposure;
                Some((rate / spread, rate * spread))
            }
            Self::Exposed { .. } | Self::Unknown(_) => None,
        }
    }
}

fn period_churns(
    periods: &[PeriodFigures],
    granularity: Option<Granularity>,
) -> BTreeMap<&'static str, Churn> {
    let complete: Vec<(u64, u64)> = periods
        .iter()
        .filter(|period| !period.span.is_partial)
        .filter_map(|period| Some((period.customers.lost?, period.customers.start?)))
        .filter(|&(lost, start)| 0 < start && lost <= start)
        .collect();
    let over = |periods: &[(u64, u64)]| Churn::Counted {
        n_lost: periods.iter().map(|&(lost, _)| lost).sum(),
        n_at_risk: periods.iter().map(|&(_, start)| start).sum(),
    };
    let none = Churn::Unknown("no-complete-period");
    let n_complete = complete.len();
    let mut churns = BTreeMap::from([
        ("average_churn", if n_complete == 0 { none } else { over(&complete) }),
        ("latest_period_churn", complete.last().map_or(none, |latest| over(&[*latest]))),
    ]);
    let n_half_year = match granularity {
        Some(Granularity::Month) => 6,
        Some(Granularity::Quarter) => 2,
        Some(Granularity::Year) | None => return churns,
    };
    let half_year = match n_complete.checked_sub(n_half_year) {
        Some(first) => over(&complete[first..]),
        None => Churn::Unknown("too-few-periods"),
    };
    churns.insert("trailing_six_months", half_year);
    churns
}

fn account_churns(lifetimes: Option<&Lifetimes>) -> BTreeMap<&'static str, Churn> {
    // Shortest first, so that no order of rows changes a bit of the sum.
    let counts = lifetimes.map_or(&[][..], |lifetimes| &lifetimes.counts);
    let exposure: f64 =
        counts.iter().map(|one| count(one.n_lost + one.n_censored) * one.duration).sum();
    let n_lost = counts.iter().map(|one| one.n_lost).sum();
    let average = if 0.0 < exposure {
        Churn::Exposed { n_lost, exposure }
    } else {
        Churn::Unknown("no-observed-time")
    };
    BTreeMap::from([("average_churn", average)])
}

/// 1 ÷ churn, with the interval of the churn where it was counted.
pub(super) fn lifespan(churn: &Churn, confidence: f64) -> Figure {
    let formula = FormulaId::AverageLifespan;
    let rate = match churn.rate() {
        Ok(rate) => rate,
        Err(why) => return Figure::undefined(formula, why, &[]),
    };
    let mut figure = defined_or_why(formula, formula::average_lifespan(rate));
    if let Churn::Counted { n_at_risk, .. } = *churn {
        figure.n = figure.value.map(|_| n_at_risk);
    }
    figure.within(churn.interval(confidence).map(|(low, high)| (1.0 / high, 1.0 / low)))
}

/// A value that is so much per period of a lifespan, with the interval of that lifespan.
pub(super) fn with_interval_of(lifespan: &Figure, value: Figure) -> Figure {
    let ends = (value.value, lifespan.value, lifespan.low.zip(lifespan.high));
    let (Some(worth), Some(periods), Some((low, high))) = ends else { return value };
    if periods <= 0.0 {
        return value;
    }
    let (one, other) = (worth * (low / periods), worth * (high / periods));
    let value = value.with_interval((one.min(other), one.max(other)));
    Figure { n: lifespan.n, ..value }
}

/// A lower bound of the lifespan where all complete periods together have no loss.
fn add_lower_bound(
    lifespans: &mut BTreeMap<&'static str, Figure>,
    churns: &BTreeMap<&'static str, Churn>,
) {
    let exposure = match churns.get("average_churn") {
        Some(&Churn::Counted { n_lost: 0, n_at_risk }) => count(n_at_risk),
        Some(&Churn::Exposed { n_lost: 0, exposure }) => exposure,
        _ => return,
    };
    let bound = formula::lifespan_lower_bound(exposure);
    lifespans.insert("lower_bound", defined_or_why(FormulaId::AverageLifespan, bound));
}

/// A lifetime in units of which `per_period` make one period, as periods.
fn rescaled(lifetime: &Figure, per_period: f64) -> Figure {
    let mut figure = lifetime.clone();
    for end in [&mut figure.value, &mut figure.low, &mut figure.high] {
        *end = end.map(|time| time / per_period);
    }
    for input in figure.inputs.values_mut() {
        *input /= per_period;
    }
    figure
}

/// Revenue per customer and period in major units, or the code of why there is none.
type Revenue = Result<f64, &'static str>;

fn revenue_per_customer(
    ledger: &Ledger,
    options: &AnalysisOptions,
    analysis: &Analysis,
) -> Revenue {
    if !ledger.has_amounts {
        return Err("no-amounts");
    }
    let mean = |sum_minor: Minor, n: u64, n_months: u32| {
        if n == 0 {
            return Err("no-customers");
        }
        Ok(to_major(sum_minor * Minor::from(n_months), ledger.decimals) / count(n))
    };
    match &ledger.histories {
        Histories::Recurring(_) => {
            let last = analysis.periods.last().ok_or("no-customers")?;
            let sum = last.revenue.and_then(|revenue| revenue.end).ok_or("no-amounts")?;
            mean(sum, last.customers.end.unwrap_or(0), options.granularity.months())
        }
        Histories::Accounts(accounts) => {
            let there = accounts.iter().filter(|account| !account.churned);
            let amounts = there.filter_map(|account| account.amount);
            let (sum, n) =
                amounts.fold((0, 0), |(sum, n), amount| (sum + Minor::from(amount), n + 1));
            mean(sum, n, 1)
        }
        Histories::Totals(_) => analysis
            .periods
            .iter()
            .rev()
            .find_map(|period| Some((period.revenue?.end?, period.customers.end?)))
            .map_or(Err("not-in-file"), |(sum, n)| mean(sum, n, 1)),
        Histories::Purchases(_) => Err("no-amounts"),
    }
}

fn add_values(value: &mut LifetimeValue, revenue: &Revenue, gross_margin: Option<f64>) {
    for variant in VARIANTS {
        let Some(lifespan) = value.lifespan.get(variant.lifespan) else { continue };
        let (on_revenue, on_margin) = (FormulaId::Clv, FormulaId::ClvMargin);
        let why = revenue.err().or(if lifespan.value.is_none() {
            Some(why_code(lifespan))
        } else {
            None
        });
        let periods = lifespan.value.unwrap_or(0.0);
        let figure = |formula, result: Result<Figure, crate::Error>| match why {
            Some(why) => Figure::undefined(formula, why, &[]),
            None => with_interval_of(lifespan, defined_or_why(formula, result)),
        };
        let revenue = revenue.unwrap_or(0.0);
        value.clv.insert(variant.revenue, figure(on_revenue, formula::clv(revenue, periods)));
        if let Some(margin) = gross_margin {
            let result = formula::clv_margin(revenue, margin, periods);
            value.clv.insert(variant.margin, figure(on_margin, result));
        }
    }
}

fn add_discounted(
    value: &mut LifetimeValue,
    revenue: &Revenue,
    churn: Churn,
    options: &AnalysisOptions,
    granularity: Option<Granularity>,
) {
    let (Some(margin), Some(yearly), Some(granularity)) =
        (options.gross_margin, options.discount_rate, granularity)
    else {
        return;
    };
    let n_months = f64::from(granularity.months());
    let rate = exp_m1(ln_1p(yearly) * (n_months / 12.0));
    let figure = match (*revenue, churn.rate()) {
        (Err(why), _) | (_, Err(why)) => Figure::undefined(FormulaId::ClvDiscounted, why, &[]),
        (Ok(revenue), Ok(lost)) => {
            let under = |lost: f64| formula::clv_discounted(revenue, margin, 1.0 - lost, rate);
            let figure = defined_or_why(FormulaId::ClvDiscounted, under(lost));
            let at = |end: f64| under(end.min(1.0)).ok().and_then(|figure| figure.value);
            let ends = churn.interval(options.confidence);
            let ends = ends.and_then(|(low, high)| at(high).zip(at(low)));
            figure.within(ends.map(|(low, high)| (low.min(high), low.max(high))))
        }
    };
    value.clv.insert("discounted", figure);
}

fn add_acquisition(value: &mut LifetimeValue, revenue: &Revenue, options: &AnalysisOptions) {
    let Some(cac) = options.cac else { return };
    let ratios =
        [("revenue_to_cac", "revenue_average_churn"), ("margin_to_cac", "margin_average_churn")];
    for (name, clv) in ratios {
        let Some(clv) = value.clv.get(clv) else { continue };
        let figure = match clv.value {
            Some(value) => {
                let ratio = defined_or_why(FormulaId::ClvToCac, formula::clv_to_cac(value, cac));
                with_interval_of(clv, ratio)
            }
            None => Figure::undefined(FormulaId::ClvToCac, why_code(clv), &[("cac", cac)]),
        };
        value.clv.insert(name, figure);
    }
    if let Some(margin) = options.gross_margin {
        let figure = match *revenue {
            Ok(revenue) => {
                defined_or_why(FormulaId::CacPayback, formula::cac_payback(cac, revenue, margin))
            }
            Err(why) => Figure::undefined(FormulaId::CacPayback, why, &[("cac", cac)]),
        };
        value.clv.insert("cac_payback", figure);
    }
}

/// Revenue per purchase × purchases per active customer and period × periods until a customer
/// first skips one.
fn add_transactional(value: &mut LifetimeValue, analysis: &Analysis) {
    let formula = FormulaId::ClvTransactional;
    let (Some(of_lifespan), Some(purchases), Some(frequency)) = (
        value.lifespan.get("average_churn"),
        &analysis.purchases,
        &analysis.purchases_per_active_period,
    ) else {
        return;
    };
    let average = &purchases.average_purchase_value;
    let figure = match (average.value, frequency.value, of_lifespan.value) {
        (Some(average), Some(frequency), Some(lifespan)) => {
            let result = formula::clv_transactional(average, frequency, lifespan);
            with_interval_of(of_lifespan, defined_or_why(formula, result))
        }
        (None, _, _) => Figure::undefined(formula, why_code(average), &[]),
        (_, None, _) => Figure::undefined(formula, why_code(frequency), &[]),
        (_, _, None) => Figure::undefined(formula, why_code(of_lifespan), &[]),
    };
    value.clv.insert("transactional", figure);
}
