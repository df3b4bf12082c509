//! What-if projection from a fitted curve, a report or typed totals.
//!
//! It reads no file; it starts from figures. It simulates nothing: what comes out is expected values.

mod churn;
mod course;
mod projection;
mod request;
mod start;
mod value;

use churn::{Churn, ChurnLevers};
use course::Plan;
pub use projection::{ProgrammeOutcome, ProjectedPeriod, Projection, Sensitivity, Start};
pub use request::{Programme, Scenario, Source, SourceInput, SourcePeriod, SourceValue, Valuation};
use start::Today;
use value::Money;

use crate::Error;
use crate::formula;
use crate::formula::input::{not_negative, positive, share};
use crate::number::special::{exp_m1, ln_1p, power};

/// The longest projection, in periods.
const MOST_PERIODS: u32 = 1200;

/// By how much a lever is moved for the sensitivity.
const SENSITIVITY_STEP: f64 = 0.1;

/// What becomes of the customers: how many there are and what they pay, period by period, how long a
/// customer won today stays (in periods) and what that is worth (in money), beside today's line.
///
/// # Formula
///
/// ```text
/// customers(t) = Σ over ages of customers(t − 1) × (1 − h(age)) + new
/// revenue(t)   = Σ over ages of revenue(t − 1) × (1 − x(age)) × (1 + e − c) + new × price
/// GRR(t)       = Σ revenue(t − 1) × (1 − x) × (1 − c) ÷ Σ revenue(t − 1)
/// NRR(t)       = Σ revenue(t − 1) × (1 − x) × (1 + e − c) ÷ Σ revenue(t − 1)
/// lifespan.mean               = Σ S(t) over t = 0, 1, 2, …; at a constant churn 1 ÷ h
/// lifespan.horizon            = Σ S(t) over 0 ≤ t < periods
/// lifespan.discounted         = Σ S(t) ÷ (1 + d)^t; at a constant churn (1 + d) ÷ (d + h)
/// lifespan.horizon_discounted = Σ S(t) ÷ (1 + d)^t over 0 ≤ t < periods
/// lifespan.lower_bound        = 1 ÷ (1 − 0.05^(1/n)), where nobody was lost
/// clv.revenue, .horizon_revenue, .discounted_revenue, .lower_bound_revenue = revenue × lifespan
/// clv.margin, .horizon, .discounted, .horizon_discounted, .lower_bound = revenue × margin × lifespan
/// clv.horizon_with_expansion  = revenue × margin × Σ S(t) × (1 + e − c)^t over 0 ≤ t < periods
/// present value = Σ revenue(t) × margin ÷ (1 + d)^t over 0 ≤ t < periods − costs, discounted
/// ```
///
/// where `h` is the share of customers lost at the end of a period, by age, `x` that of revenue, `e`
/// and `c` are what those who stay pay more and less, as shares, `S(t)` is the share of customers won
/// today who are still there after `t` periods, `d` is the discount rate per period, (1 + the yearly
/// rate)^(months ÷ 12) − 1, and `n` is the number of customer-periods without a loss.
///
/// **Where it starts.** From typed totals: churn is the same at all ages. From a report: its
/// customers and revenue at the end, and as the mean of its complete periods the churn (that of
/// `lifespan.average_churn`), expansion, contraction and new customers, all turned into the
/// scenario's periods. `x` stands to `h` as in the report, by hazard. From a fit: `customers` of one
/// cohort (1 where nothing is said) from its first day on, with the churn of the curve by age; one
/// unit of the fit's time is one period. Purchases of a report count as they are in its periods.
///
/// **Levers** are the values that hold from now on. `retention`, `firstPeriodChurn` and `tailChurn`
/// replace a constant churn. On a curve, `retention` multiplies the hazard −ln(1 − h) of all ages by
/// the one factor with which the mean retention over the periods is the lever, and `tailChurn` does
/// so after the first period; the curve keeps its shape. Today's customers of a report or of typed
/// totals are past their first period: `firstPeriodChurn` is about new ones. A programme takes its
/// share off the churn of everybody from its first period on.
///
/// `against` is the same start without any lever; margin, cost of acquisition and discount rate are
/// those of `today` there, or else the scenario's. `sensitivity` moves each lever by a tenth to both
/// sides (retention by a tenth of its churn) and says what the present value is then.
///
/// # Domain
///
/// 0 < `periodMonths`, `periods` from 1 to 1200; retention, churns, contraction, margin and
/// reduction are shares from 0 to 1; all else is 0 or more. Variants that need a margin, a cost or a
/// discount rate are absent without it.
///
/// # Undefined
///
/// - `no-churn`: nobody ever leaves, so the mean lifespan has no end; the horizon's is there, and a
///   lower bound where today shows no loss.
/// - `mean-infinite`: the fitted model has no finite mean.
/// - `curve-ends`: an observed curve does not say what comes after its end.
/// - `mean-not-settled`: a sum over all time does not settle within 20,000 periods.
/// - `needs-cac`, `needs-gross-margin`: the ratio and the payback time lack an input.
/// - `no-cost`, `no-margin`, `result-too-large`: as the formulas say.
/// - GRR and NRR are nothing where no revenue was there at the start of the period.
///
/// # Errors
///
/// - `input-not-finite`, `input-negative`, `input-not-positive`, `input-not-a-share`: a value is
///   outside its domain; `periods-out-of-range`, `start-period-out-of-range`.
/// - `missing-input`: typed totals lack customers, revenue or retention.
/// - `needs-price`: the start knows no revenue, as a fit never does, and no price is given.
/// - `curve-too-short`: the periods go on beyond the end of an observed curve.
/// - `fit-not-converged`, `fit-without-churn`, `fit-without-curve`, `fit-without-parameters`,
///   `report-without-customers`, `report-without-periods`, `report-without-retention`: nothing to
///   start from.
/// - `draws-not-supported`: simulated draws are not offered; nothing is ignored silently.
/// - `projection-too-large`: an amount grows beyond all numbers.
///
/// # Assumptions
///
/// Customers are expected numbers, so they have fractions. New customers come at the end of a period
/// and face their first churn in the next. The first payment is made at once, and each renewal brings
/// another one: a lifespan counts payments. Lifetime values but `horizon_with_expansion` take the
/// revenue of a customer to stay as it is.
///
/// # Examples
///
/// ```
/// use retention_calculator::scenario::{Scenario, project};
///
/// let scenario: Scenario = serde_json::from_str(r#"{
///     "from": { "customers": 1000, "revenuePerCustomer": 100, "retention": 0.9 },
///     "periodMonths": 12, "periods": 5, "retention": 0.95, "grossMargin": 0.8, "discountRate": 0.1
/// }"#).unwrap();
/// let projection = project(&scenario)?;
/// let today = projection.against.unwrap();
/// // 90 to 95 % doubles the lifespan, and adds a third at a discount rate of 10 %.
/// assert!((today.lifespan["mean"].value.unwrap() - 10.0).abs() < 1e-9);
/// assert!((projection.lifespan["mean"].value.unwrap() - 20.0).abs() < 1e-9);
/// assert!((today.clv["discounted"].value.unwrap() - 440.0).abs() < 1e-9);
/// assert!((projection.clv["discounted"].value.unwrap() - 440.0 * 4.0 / 3.0).abs() < 1e-9);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// P. S. Fader, B. G. S. Hardie (2007): How to project customer retention. Journal of Interactive
/// Marketing 21(1), 76–90. P. S. Fader, B. G. S. Hardie (2010): Customer-base valuation in a
/// contractual setting. Marketing Science 29(1), 85–93, on discounted lifetimes.
pub fn project(scenario: &Scenario) -> Result<Projection, Error> {
    check(scenario)?;
    let mut today = Today::of(scenario)?;
    // Where only the price says what a customer pays, that is so today, too.
    today.revenue_per_customer = today.revenue_per_customer.or(scenario.price);
    let against = projected(&without_levers(scenario), &today)?;
    let mut projection = projected(scenario, &today)?;
    projection.name.clone_from(&scenario.name);
    projection.programme = programme_outcome(scenario, &today, &projection)?;
    projection.sensitivity = sensitivity(scenario, &today)?;
    projection.against = Some(Box::new(against));
    Ok(projection)
}

/// Fails unless every lever is in its domain.
fn check(scenario: &Scenario) -> Result<(), Error> {
    positive("periodMonths", scenario.period_months)?;
    n_periods(scenario)?;
    if let Some(column) = scenario.draws.map(|_| "draws").or(scenario.seed.map(|_| "seed")) {
        let message = "Simulated draws are not offered: a projection gives expected values. Leave \
                       out draws and seed.";
        return Err(Error::new("draws-not-supported", message).in_column(column));
    }
    let shares = [
        ("retention", scenario.retention),
        ("firstPeriodChurn", scenario.first_period_churn),
        ("tailChurn", scenario.tail_churn),
        ("contraction", scenario.contraction),
        ("grossMargin", scenario.gross_margin),
        ("grossMargin", scenario.today.and_then(|today| today.gross_margin)),
        ("churnReduction", scenario.programme.map(|programme| programme.churn_reduction)),
    ];
    for (name, value) in shares {
        value.map_or(Ok(()), |value| share(name, value))?;
    }
    let amounts = [
        ("customers", scenario.customers),
        ("expansion", scenario.expansion),
        ("price", scenario.price),
        ("cac", scenario.cac),
        ("newCustomers", scenario.new_customers),
        ("discountRate", scenario.discount_rate),
        ("cac", scenario.today.and_then(|today| today.cac)),
        ("discountRate", scenario.today.and_then(|today| today.discount_rate)),
        ("cost", scenario.programme.map(|programme| programme.cost)),
    ];
    for (name, value) in amounts {
        value.map_or(Ok(()), |value| not_negative(name, value))?;
    }
    if let Some(start) = scenario.programme.map(|programme| programme.start_period)
        && whole(start).is_none()
    {
        let message = format!("The programme starts in period {start}. Give 1 to {MOST_PERIODS}.");
        return Err(Error::new("start-period-out-of-range", message).in_column("startPeriod"));
    }
    Ok(())
}

/// A number of periods, where it is whole and in range.
fn whole(periods: f64) -> Option<u32> {
    (1..=MOST_PERIODS).find(|&n| (f64::from(n) - periods).abs() == 0.0)
}

fn n_periods(scenario: &Scenario) -> Result<u32, Error> {
    whole(scenario.periods).ok_or_else(|| {
        let message = format!(
            "A projection over {} periods can't be made. Give 1 to {MOST_PERIODS} whole periods.",
            scenario.periods,
        );
        Error::new("periods-out-of-range", message).in_column("periods")
    })
}

/// The same start without any lever.
fn without_levers(scenario: &Scenario) -> Scenario {
    let today = scenario.today.unwrap_or_default();
    Scenario {
        name: None,
        retention: None,
        first_period_churn: None,
        tail_churn: None,
        expansion: None,
        contraction: None,
        price: None,
        gross_margin: today.gross_margin.or(scenario.gross_margin),
        cac: today.cac.or(scenario.cac),
        new_customers: None,
        discount_rate: today.discount_rate.or(scenario.discount_rate),
        programme: None,
        today: None,
        seed: None,
        draws: None,
        ..scenario.clone()
    }
}

/// A yearly rate as that of a period.
fn per_period(yearly: f64, period_months: f64) -> f64 {
    if (period_months - 12.0).abs() == 0.0 {
        yearly
    } else {
        exp_m1(ln_1p(yearly) * (period_months / 12.0))
    }
}

fn money_of(scenario: &Scenario) -> Money {
    let rate = scenario.discount_rate.map(|rate| per_period(rate, scenario.period_months));
    Money { gross_margin: scenario.gross_margin, cac: scenario.cac, discount_rate: rate }
}

fn plan_of(scenario: &Scenario, today: &Today) -> Result<Plan, Error> {
    let n_periods = n_periods(scenario)?;
    let Some(revenue_per_customer) = scenario.price.or(today.revenue_per_customer) else {
        let message =
            "The start knows no revenue. Give price, the revenue per customer and period.";
        return Err(Error::new("needs-price", message).in_column("price"));
    };
    let levers = ChurnLevers {
        retention: scenario.retention,
        first_period_churn: scenario.first_period_churn,
        tail_churn: scenario.tail_churn,
    };
    Ok(Plan {
        customers: today.customers,
        revenue_per_customer,
        age: today.age,
        churn: Churn::new(today.churn.clone(), levers, n_periods)?,
        revenue_hazard_ratio: today.revenue_hazard_ratio,
        expansion: scenario.expansion.unwrap_or(today.expansion),
        contraction: scenario.contraction.unwrap_or(today.contraction),
        new_customers: scenario.new_customers.unwrap_or(today.new_customers),
        revenue_per_new_customer: revenue_per_customer * today.new_to_old_revenue,
        programme: scenario.programme,
        n_periods,
    })
}

fn projected(scenario: &Scenario, today: &Today) -> Result<Projection, Error> {
    let plan = plan_of(scenario, today)?;
    let money = money_of(scenario);
    let periods = plan.course()?;
    let has_churn_lever = scenario.retention.is_some()
        || scenario.first_period_churn.is_some()
        || scenario.tail_churn.is_some();
    let present_value = present_value(&plan, &money, &periods)?;
    let periods_without_loss = today.periods_without_loss.filter(|_| !has_churn_lever);
    let lifespan = plan.lifespans(money.discount_rate, periods_without_loss)?;
    let clv = plan.values(&lifespan, &money)?;
    Ok(Projection {
        name: None,
        start: Start {
            customers: plan.customers,
            revenue_per_customer: plan.revenue_per_customer,
            retention: plan.mean_retention()?,
            new_customers: plan.new_customers,
            expansion: plan.expansion,
            contraction: plan.contraction,
            discount_rate: money.discount_rate,
        },
        clv_to_cac: value::clv_to_cac(&clv, &money)?,
        cac_payback: plan.cac_payback(&money)?,
        periods,
        lifespan,
        clv,
        present_value,
        programme: None,
        against: None,
        sensitivity: Vec::new(),
    })
}

/// Payments at the start of each period, less what is spent on the way.
fn present_value(plan: &Plan, money: &Money, periods: &[ProjectedPeriod]) -> Result<f64, Error> {
    let margin = money.gross_margin.unwrap_or(1.0);
    let spent_on_new = plan.new_customers * money.cac.unwrap_or(0.0);
    let rate = money.discount_rate.unwrap_or(0.0);
    let mut value = plan.customers * plan.revenue_per_customer * margin;
    let mut weight = 1.0;
    // What those pay at the end of a period, they pay for the next: the last one's is not in it.
    for period in &periods[..periods.len() - 1] {
        weight /= 1.0 + rate;
        value += (period.revenue * margin - spent_on_new) * weight;
    }
    if let Some(programme) = plan.programme
        && programme.start_period <= f64::from(plan.n_periods)
    {
        let n_before = programme.start_period - 1.0;
        value -= programme.cost * power(1.0 + rate, -n_before);
    }
    let amounts = periods.iter().flat_map(|period| [period.revenue, period.customers]);
    if amounts.chain([value]).all(f64::is_finite) {
        return Ok(value);
    }
    let message = "The projection grows beyond all numbers. Project fewer periods or less growth.";
    Err(Error::new("projection-too-large", message).in_column("periods"))
}

/// What the programme saves, against the same scenario without it.
fn programme_outcome(
    scenario: &Scenario,
    today: &Today,
    projection: &Projection,
) -> Result<Option<ProgrammeOutcome>, Error> {
    let Some(programme) = scenario.programme else { return Ok(None) };
    let without = plan_of(&Scenario { programme: None, ..scenario.clone() }, today)?.course()?;
    let saved: f64 = projection
        .periods
        .iter()
        .zip(&without)
        .map(|(with, without)| (with.revenue - without.revenue).max(0.0))
        .sum();
    Ok(Some(ProgrammeOutcome {
        saved,
        benefit_to_cost: formula::program_return(saved, programme.cost)?,
        net_return: formula::program_net_return(saved, programme.cost)?,
    }))
}

/// A lever: its name, its value, and the scenario with another value.
type Lever = (&'static str, Option<f64>, fn(&mut Scenario, f64));

/// What each lever given does to the present value when it is moved by a tenth.
fn sensitivity(scenario: &Scenario, today: &Today) -> Result<Vec<Sensitivity>, Error> {
    let reduction = scenario.programme.map(|programme| programme.churn_reduction);
    let levers: [Lever; 11] = [
        ("retention", scenario.retention, |s, value| s.retention = Some(value)),
        ("firstPeriodChurn", scenario.first_period_churn, |s, value| {
            s.first_period_churn = Some(value);
        }),
        ("tailChurn", scenario.tail_churn, |s, value| s.tail_churn = Some(value)),
        ("expansion", scenario.expansion, |s, value| s.expansion = Some(value)),
        ("contraction", scenario.contraction, |s, value| s.contraction = Some(value)),
        ("price", scenario.price, |s, value| s.price = Some(value)),
        ("grossMargin", scenario.gross_margin, |s, value| s.gross_margin = Some(value)),
        ("cac", scenario.cac, |s, value| s.cac = Some(value)),
        ("newCustomers", scenario.new_customers, |s, value| s.new_customers = Some(value)),
        ("discountRate", scenario.discount_rate, |s, value| s.discount_rate = Some(value)),
        ("programme", reduction, |s, value| {
            if let Some(programme) = &mut s.programme {
                programme.churn_reduction = value;
            }
        }),
    ];
    let shares =
        ["retention", "firstPeriodChurn", "tailChurn", "contraction", "grossMargin", "programme"];
    let mut rows = Vec::new();
    for (lever, value, set) in levers {
        let Some(value) = value else { continue };
        let step = SENSITIVITY_STEP * if lever == "retention" { 1.0 - value } else { value };
        let highest = if shares.contains(&lever) { 1.0 } else { f64::MAX };
        let (low_at, high_at) = ((value - step).max(0.0), (value + step).min(highest));
        let at = |value: f64| -> Result<f64, Error> {
            let mut moved = scenario.clone();
            set(&mut moved, value);
            let plan = plan_of(&moved, today)?;
            present_value(&plan, &money_of(&moved), &plan.course()?)
        };
        rows.push(Sensitivity {
            lever: lever.to_owned(),
            low_at,
            high_at,
            low: at(low_at)?,
            high: at(high_at)?,
        });
    }
    Ok(rows)
}
