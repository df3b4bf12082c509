//! What-if projection from a fitted curve, a report or typed totals.
//!
//! It reads no file; it starts from figures. What comes out is expected values; only intervals are
//! simulated, from a seed.
//!
//! # Assumptions
//!
//! What is taken from today goes on as it is but for the levers: churn by age or the same at all ages,
//! expansion, contraction and the number of new customers. New customers are like those before them.
//!
//! # When not to use it
//!
//! - As a forecast: it says what follows from numbers, not which numbers will come. Bands hold the
//!   uncertainty of today's churn alone.
//! - With one churn for all where customers differ: old customers are lost too fast and new ones too
//!   slowly. Take a fitted curve.
//! - For levers that move each other: a higher price that costs customers is two levers, and the second
//!   has to be moved by hand.
//!
//! # References
//!
//! - Fader, P. S. and Hardie, B. G. S. (2007). How to project customer retention. Journal of
//!   Interactive Marketing 21(1), 76–90.
//! - Fader, P. S. and Hardie, B. G. S. (2010). Customer-base valuation in a contractual setting: the
//!   perils of ignoring heterogeneity. Marketing Science 29(1), 85–93.

mod churn;
mod claims;
mod course;
mod draws;
mod goal_seek;
mod levers;
mod outcomes;
mod projection;
mod request;
mod start;
mod value;

use std::collections::BTreeMap;

use churn::{Churn, ChurnLevers};
pub use claims::{Claim, ClaimNumber, ClaimScenario, claims};
use course::{Plan, Sums};
use draws::{Doubt, Draws};
pub use goal_seek::seek;
pub use projection::{
    GoalAnswer, GrowthNeed, Interval, LifetimeView, Now, ProgrammeOutcome, ProjectedPeriod,
    Projection, ResidualValue, ScenarioOutcome, SegmentOutlook, Sensitivity, Start, Uncertainty,
};
pub use request::{
    Goal, Programme, Scenario, Source, SourceCohort, SourceCohorts, SourceInput, SourceModel,
    SourcePeriod, SourceSegment, SourceSurvival, SourceValue, Valuation,
};
use start::{Situation, Today};
use value::Money;

use crate::Error;
use crate::arrange;
use crate::formula;
use crate::formula::input::{finite, not_negative, positive, share};
use crate::number::special::{exp_m1, ln_1p, power};
use crate::number::{Figure, FormulaId};

/// The longest projection, in periods.
const MOST_PERIODS: u32 = 1200;

/// By which share of itself a lever is moved for the sensitivity where nothing else is said.
const SENSITIVITY_SHIFT: f64 = 0.1;

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
/// clv.discounted_to_cac       = clv.discounted ÷ cost of acquisition
/// present value = Σ revenue(t) × margin ÷ (1 + d)^t over 0 ≤ t < periods − costs, discounted
/// residual(n)   = Σ S(t) ÷ S(n − 1) ÷ (1 + d)^(t − n) over t ≥ n, × revenue × margin
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
/// those of `today` there, or else the scenario's. `sensitivity` moves each lever by `shift`, a tenth,
/// to both sides (retention by a tenth of its churn, what stands at 0 by a stated amount) and says
/// what `sensitivityOf`, the present value, is then.
///
/// **Curve.** A report goes on with its average churn, or with `curve` as one of its fitted models has
/// it: then today's customers are as old as the latest cells of its cohorts say.
///
/// **Segment.** With `segment` the whole is the sum of the report's segments, and the levers are
/// about that one; lifespan and lifetime value are its own. Its churn is that of all its complete
/// periods, as the whole's is, or else of its trailing year or its latest period. New customers are
/// the whole's, shared out as they came in the trailing year (else the latest period); expansion and
/// contraction are those of that span, all by one factor so that together they are the whole's. Even
/// so segments at their own churns do not lead where all do at the average of them: `byAverage` says
/// where that is.
///
/// **Programme.** What it saves is what customers pay within the projection that they would not pay
/// without it, so its gain is the difference that it makes to the present value.
///
/// **In hand.** `residual` has, for each of `tenures`, what a customer that has been one for so many
/// periods is worth from the renewal at hand on.
///
/// **Intervals.** With `draws` or `seed`, today's churn is drawn again and again: the parameters of a
/// fitted model from their covariance, as the log odds of the mean churn, how much customers differ
/// (1 ÷ (α + β), and 0 where a draw is below it) and the logarithm of how risk changes; a counted share from its posterior under Jeffreys' prior. A lever stands in each draw as
/// the factor on the hazard that it is for the best estimate. `uncertainty` says what they rest on,
/// or why there are none. Nothing but churn is drawn. `intervals` has those of all outcomes that
/// depend on it, but for sums over all time that have no closed form. `against` has none: it is the same
/// start, and a reader of a lever waits for one of them only.
///
/// **Side by side.** `lifetimes` has 1 ÷ churn, the fitted model, the horizon and, with a rate, the
/// discounted lifespan, each with its value and the difference from the first in money. `growthCeiling` is new customers × Σ S(t), at a
/// constant churn new ÷ h: there as many leave as come. `growth` is g + lost ÷ customers of the first
/// period, where g is the yearly `growthGoal` as that of a period.
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
/// - `no-fit`, `fit-in-other-periods`, `observed-curve`: there is no model beside 1 ÷ churn.
/// - `no-new-customers`: nothing grows, so there is no ceiling.
/// - `not-within-the-projection`: the programme has not paid for itself by its end.
/// - `retention-without-n`, `churn-without-n`, `fit-without-covariance`, `observed-curve`: draws were
///   asked for, and it is not known how uncertain today's churn is.
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
/// - `draws-out-of-range`, `seed-out-of-range`, `confidence-out-of-range`, `tenure-out-of-range`,
///   `growth-below-minus-one`, `unknown-outcome`.
/// - `curve-not-known`, `report-without-curve`, `curve-in-other-periods`, `segment-not-known`,
///   `segment-without-retention`: the report has not what the scenario asks for.
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
    let situation = situation_of(scenario)?;
    let today = without_levers(scenario);
    let mut against = projected(&today, &situation)?;
    let mut projection = projected(scenario, &situation)?;
    projection.name.clone_from(&scenario.name);
    if let Some(draws) = Draws::of(scenario, n_periods(scenario)?)? {
        add_intervals(&mut projection, scenario, &situation, draws)?;
    }
    add_outcomes(&mut against, None, scenario.period_months);
    add_outcomes(&mut projection, Some(&against), scenario.period_months);
    projection.residual = residual_of(scenario, &situation)?;
    projection.segments = segments_of(scenario, &today, &situation)?;
    if scenario.segment.is_some() {
        projection.by_average = by_average(&today)?;
    }
    projection.sensitivity = sensitivity(scenario, &situation)?;
    projection.against = Some(Box::new(against));
    Ok(projection)
}

/// Where a valid scenario starts.
fn situation_of(scenario: &Scenario) -> Result<Situation, Error> {
    check(scenario)?;
    let mut situation = Situation::of(scenario)?;
    // Where only the price says what a customer pays, that is so today, too.
    for (_, today) in &mut situation.parts {
        today.revenue_per_customer = today.revenue_per_customer.or(scenario.price);
    }
    Ok(situation)
}

/// Fails unless every lever is in its domain.
fn check(scenario: &Scenario) -> Result<(), Error> {
    positive("periodMonths", scenario.period_months)?;
    n_periods(scenario)?;
    let shares = [
        ("retention", scenario.retention),
        ("firstPeriodChurn", scenario.first_period_churn),
        ("tailChurn", scenario.tail_churn),
        ("contraction", scenario.contraction),
        ("grossMargin", scenario.gross_margin),
        ("grossMargin", scenario.today.and_then(|today| today.gross_margin)),
        ("churnReduction", scenario.programme.map(|programme| programme.churn_reduction)),
        ("shift", scenario.shift),
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
    if let Some(goal) = scenario.growth_goal {
        finite("growthGoal", goal)?;
        if goal < -1.0 {
            let message = format!(
                "growthGoal is {goal}, and nothing can shrink by more than itself. Enter 10 % as 0.1.",
            );
            return Err(Error::new("growth-below-minus-one", message).in_column("growthGoal"));
        }
    }
    if let Some(outcome) = &scenario.sensitivity_of {
        outcomes::check(outcome, "sensitivityOf")?;
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
        gross_margin: today.gross_margin.or(scenario.gross_margin),
        cac: today.cac.or(scenario.cac),
        discount_rate: today.discount_rate.or(scenario.discount_rate),
        today: None,
        ..without_moves(scenario)
    }
}

/// The same scenario with every lever on the customers where it stands today.
fn without_moves(scenario: &Scenario) -> Scenario {
    Scenario {
        retention: None,
        first_period_churn: None,
        tail_churn: None,
        expansion: None,
        contraction: None,
        price: None,
        new_customers: None,
        programme: None,
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
        ages: today.ages.clone(),
        customers: today.customers,
        revenue_per_customer,
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

/// The plans of all parts: the levers are about one of them.
fn plans_of(scenario: &Scenario, situation: &Situation) -> Result<Vec<Plan>, Error> {
    let as_today = without_moves(scenario);
    let part = |(index, (_, today)): (usize, &(Option<String>, Today))| {
        plan_of(if index == situation.lead { scenario } else { &as_today }, today)
    };
    situation.parts.iter().enumerate().map(part).collect()
}

/// The course of the whole.
fn whole_course(plans: &[Plan]) -> Result<Vec<Sums>, Error> {
    let mut whole: Vec<Sums> = Vec::new();
    for plan in plans {
        let course = plan.course()?;
        if whole.is_empty() {
            whole = course;
        } else {
            for (sums, more) in whole.iter_mut().zip(&course) {
                sums.add(more);
            }
        }
    }
    Ok(whole)
}

fn start_of(plan: &Plan, money: &Money) -> Result<Start, Error> {
    Ok(Start {
        customers: plan.customers,
        revenue_per_customer: plan.revenue_per_customer,
        retention: plan.mean_retention()?,
        first_period_churn: plan.churn.at(1)?,
        tail_churn: match plan.churn.constant_from_two() {
            Some(churn) => Some(churn),
            None if plan.n_periods < 2 => None,
            None => Some(plan.churn.mean(2, plan.n_periods)?),
        },
        new_customers: plan.new_customers,
        expansion: plan.expansion,
        contraction: plan.contraction,
        discount_rate: money.discount_rate,
    })
}

fn projected(scenario: &Scenario, situation: &Situation) -> Result<Projection, Error> {
    let plans = plans_of(scenario, situation)?;
    let plan = &plans[situation.lead];
    let today = situation.lead();
    let money = money_of(scenario);
    let course = whole_course(&plans)?;
    let has_churn_lever = scenario.retention.is_some()
        || scenario.first_period_churn.is_some()
        || scenario.tail_churn.is_some();
    let present_value = present_value(&plans, scenario, &money, &course)?;
    let periods_without_loss = today.periods_without_loss.filter(|_| !has_churn_lever);
    let lifespan = plan.lifespans(money.discount_rate, periods_without_loss)?;
    let clv = plan.values(&lifespan, &money)?;
    let months = scenario.period_months;
    let customers: f64 = plans.iter().map(|plan| plan.customers).sum();
    let revenue: f64 = plans.iter().map(|plan| plan.customers * plan.revenue_per_customer).sum();
    Ok(Projection {
        name: None,
        start: start_of(plan, &money)?,
        now: Now { customers, revenue, mrr: revenue / months, arr: revenue * (12.0 / months) },
        clv_to_cac: value::clv_to_cac(&clv, &money)?,
        cac_payback: plan.cac_payback(&money)?,
        periods: (1..).zip(&course).map(|(period, sums)| sums.period(period, months)).collect(),
        growth_ceiling: growth_ceiling(&plans)?,
        growth: growth_need(scenario, &course, customers)?,
        lifetimes: plan.lifetime_views(today, &money)?,
        outcomes: Vec::new(),
        segments: Vec::new(),
        uncertainty: None,
        intervals: BTreeMap::new(),
        residual: Vec::new(),
        by_average: None,
        lifespan,
        clv,
        present_value,
        programme: programme_outcome(scenario, situation, &money, &course)?,
        against: None,
        sensitivity: Vec::new(),
    })
}

/// The ceilings of all parts together.
fn growth_ceiling(plans: &[Plan]) -> Result<Figure, Error> {
    let mut ceilings = Vec::with_capacity(plans.len());
    for plan in plans {
        let ceiling = plan.growth_ceiling()?;
        if plans.len() == 1 {
            return Ok(ceiling);
        }
        // A part that wins nobody adds nothing to the whole, as long as another one does.
        if ceiling.why.as_deref() != Some("no-new-customers") {
            ceilings.push(ceiling);
        }
    }
    let id = FormulaId::GrowthCeiling;
    if let Some(undefined) = ceilings.iter().find(|ceiling| ceiling.value.is_none()) {
        return Ok(value::undefined_like(id, undefined));
    }
    if ceilings.is_empty() {
        return Ok(Figure::undefined(id, "no-new-customers", &[]));
    }
    let new_customers: f64 = plans.iter().map(|plan| plan.new_customers).sum();
    let sum: f64 = ceilings.iter().filter_map(|ceiling| ceiling.value).sum();
    Ok(value::finite(id, sum, &[("new_customers", new_customers)]))
}

/// What it takes to grow by the goal in the first period.
fn growth_need(
    scenario: &Scenario,
    course: &[Sums],
    customers: f64,
) -> Result<Option<GrowthNeed>, Error> {
    let (Some(goal), Some(first)) = (scenario.growth_goal, course.first()) else { return Ok(None) };
    let growth = per_period(goal, scenario.period_months);
    let share = if 0.0 < customers {
        let kept = (1.0 - first.lost / customers).clamp(0.0, 1.0);
        formula::new_customers_for_growth(kept, growth)?
    } else {
        Figure::undefined(FormulaId::NewCustomersForGrowth, "no-customers-at-start", &[])
    };
    let needed = share.value.map(|share| share * customers);
    Ok(Some(GrowthNeed { growth, share, customers: needed }))
}

/// Payments at the start of each period, less what is spent on the way.
fn present_value(
    plans: &[Plan],
    scenario: &Scenario,
    money: &Money,
    periods: &[Sums],
) -> Result<f64, Error> {
    let margin = money.gross_margin.unwrap_or(1.0);
    let new_customers: f64 = plans.iter().map(|plan| plan.new_customers).sum();
    let spent_on_new = new_customers * money.cac.unwrap_or(0.0);
    let rate = money.discount_rate.unwrap_or(0.0);
    let now: f64 = plans.iter().map(|plan| plan.customers * plan.revenue_per_customer).sum();
    let mut value = now * margin;
    let mut weight = 1.0;
    // What those pay at the end of a period, they pay for the next: the last one's is not in it.
    for period in &periods[..periods.len() - 1] {
        weight /= 1.0 + rate;
        value += (period.revenue * margin - spent_on_new) * weight;
    }
    if let Some(programme) = scenario.programme
        && programme.start_period <= scenario.periods
    {
        value -= discounted_cost(programme, rate);
    }
    let amounts = periods.iter().flat_map(|period| [period.revenue, period.customers]);
    if amounts.chain([value]).all(f64::is_finite) {
        return Ok(value);
    }
    let message = "The projection grows beyond all numbers. Project fewer periods or less growth.";
    Err(Error::new("projection-too-large", message).in_column("periods"))
}

/// The cost of a programme, paid at the start of its first period, in today's money.
fn discounted_cost(programme: Programme, rate: f64) -> f64 {
    programme.cost * power(1.0 + rate, 1.0 - programme.start_period)
}

/// What the programme saves, against the same scenario without it.
fn programme_outcome(
    scenario: &Scenario,
    situation: &Situation,
    money: &Money,
    with: &[Sums],
) -> Result<Option<ProgrammeOutcome>, Error> {
    let Some(programme) = scenario.programme else { return Ok(None) };
    let without = Scenario { programme: None, ..scenario.clone() };
    let without = whole_course(&plans_of(&without, situation)?)?;
    let found = saving_of(programme, money, with, &without);
    let inputs = [("cost", programme.cost), ("start_period", programme.start_period)];
    let id = FormulaId::ProgramBreakEven;
    Ok(Some(ProgrammeOutcome {
        saved: found.saved,
        benefit_to_cost: formula::program_return(found.saved, programme.cost)?,
        net_return: formula::program_net_return(found.saved, programme.cost)?,
        break_even: match found.break_even {
            Some(period) => Figure::of(id, period, &inputs),
            None => Figure::undefined(id, "not-within-the-projection", &inputs),
        },
        gain: found.gain,
    }))
}

/// What a programme saves in money.
struct Saving {
    saved: f64,
    gain: f64,
    break_even: Option<f64>,
}

/// Of two courses of one length, with and without the programme.
fn saving_of(programme: Programme, money: &Money, with: &[Sums], without: &[Sums]) -> Saving {
    let (margin, rate) = (money.gross_margin.unwrap_or(1.0), money.discount_rate.unwrap_or(0.0));
    // One that starts behind the end costs nothing before it.
    let is_within = with.iter().zip(1_u32..).any(|(_, n)| programme.start_period <= f64::from(n));
    let cost = if is_within { discounted_cost(programme, rate) } else { 0.0 };
    let (mut saved, mut profit, mut weight) = (0.0, 0.0, 1.0);
    let mut break_even = None;
    // What is paid at the end of the last period, is paid for the one after it.
    let n_paid = with.len().saturating_sub(1);
    for ((with, without), period) in with.iter().zip(without).zip(1_u32..).take(n_paid) {
        weight /= 1.0 + rate;
        let more = (with.revenue - without.revenue).max(0.0);
        saved += more;
        profit += more * margin * weight;
        if break_even.is_none() && cost <= profit && programme.start_period <= f64::from(period) {
            break_even = Some(f64::from(period));
        }
    }
    Saving { saved, gain: profit - cost, break_even }
}

/// What is still to come of a customer about to renew, by how long it has been one.
fn residual_of(scenario: &Scenario, situation: &Situation) -> Result<Vec<ResidualValue>, Error> {
    let Some(tenures) = &scenario.tenures else { return Ok(Vec::new()) };
    let (plans, money) = (plans_of(scenario, situation)?, money_of(scenario));
    let plan = &plans[situation.lead];
    tenures
        .iter()
        .map(|&tenure| {
            let Some(tenure) = whole(tenure) else {
                let message =
                    format!("A tenure is {tenure}. Give whole periods, 1 to {MOST_PERIODS}.");
                return Err(Error::new("tenure-out-of-range", message).in_column("tenures"));
            };
            let lifespan = plan.residual(tenure, money.discount_rate.unwrap_or(0.0))?;
            let value = plan.worth(&lifespan, &money)?;
            Ok(ResidualValue { tenure, lifespan, value })
        })
        .collect()
}

/// Where all customers would be at the end by the average of the whole; nothing where the report does
/// not say.
fn by_average(today: &Scenario) -> Result<Option<Now>, Error> {
    let whole = Scenario { segment: None, curve: None, ..today.clone() };
    let Ok(situation) = situation_of(&whole) else { return Ok(None) };
    let course = whole_course(&plans_of(&whole, &situation)?)?;
    let months = today.period_months;
    Ok(course.last().map(|last| Now {
        customers: last.customers,
        revenue: last.revenue,
        mrr: last.revenue / months,
        arr: last.revenue * (12.0 / months),
    }))
}

/// Intervals by simulated draws of today's churn; the levers stand in each draw as the same factor
/// on the hazard.
fn add_intervals(
    projection: &mut Projection,
    scenario: &Scenario,
    situation: &Situation,
    draws: Draws,
) -> Result<(), Error> {
    let doubts: Vec<&Doubt> = situation.parts.iter().map(|(_, today)| &today.doubt).collect();
    let known = doubts.iter().try_fold("", |_, doubt| doubt.source());
    projection.uncertainty = Some(Uncertainty {
        source: known.ok().map(str::to_owned),
        why: known.err().map(str::to_owned),
        n: doubts.iter().map(|doubt| doubt.n()).sum(),
        seed: draws.seed,
        draws: draws.n,
        confidence: draws.confidence,
    });
    if known.is_err() {
        return Ok(());
    }
    let mut plans = plans_of(scenario, situation)?;
    let churns: Vec<Churn> = plans.iter().map(|plan| plan.churn.clone()).collect();
    let mut stream = draws.stream();
    let mut customers: Vec<Vec<f64>> = vec![Vec::new(); projection.periods.len()];
    let mut revenue = customers.clone();
    let mut outcomes: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    let each = Drawn {
        scenario,
        money: money_of(scenario),
        lead: situation.lead,
        customers: projection.now.customers,
    };
    for _ in 0..draws.n {
        for ((plan, churn), doubt) in plans.iter_mut().zip(&churns).zip(&doubts) {
            let Some(base) = doubt.draw(&mut stream) else { continue };
            plan.churn = churn.on(base)?;
        }
        let course = whole_course(&plans)?;
        for (name, value) in each.outcomes(&plans, &course)? {
            outcomes.entry(name).or_default().push(value);
        }
        for ((sums, customers), revenue) in course.iter().zip(&mut customers).zip(&mut revenue) {
            customers.push(sums.customers);
            revenue.push(sums.revenue);
        }
    }
    let places = projection.periods.iter_mut().zip(&mut customers).zip(&mut revenue);
    for ((period, customers), revenue) in places {
        let (of_customers, of_revenue) = (draws.interval(customers), draws.interval(revenue));
        (period.low, period.high) = (of_customers.low, of_customers.high);
        (period.revenue_low, period.revenue_high) = (of_revenue.low, of_revenue.high);
    }
    projection.intervals = outcomes
        .into_iter()
        .map(|(name, mut values)| (name.to_owned(), draws.interval(&mut values)))
        .filter(|(_, interval)| interval.low.is_some() || interval.high.is_some())
        .collect();
    let intervals = projection.intervals.clone();
    for (outcome, name) in [("horizonLifespan", "horizon"), ("lifespan", "mean")] {
        put_interval(&mut projection.lifespan, name, intervals.get(outcome), 1.0);
    }
    let revenue = projection.start.revenue_per_customer;
    let margin = each.money.gross_margin.unwrap_or(0.0);
    for (outcome, name, factor) in [
        ("horizonLifespan", "horizon_revenue", revenue),
        ("lifespan", "revenue", revenue),
        ("horizonLifespan", "horizon", revenue * margin),
        ("lifespan", "margin", revenue * margin),
    ] {
        put_interval(&mut projection.clv, name, intervals.get(outcome), factor);
    }
    Ok(())
}

/// What is worked out for each draw.
struct Drawn<'a> {
    scenario: &'a Scenario,
    money: Money,
    lead: usize,
    customers: f64,
}

impl Drawn<'_> {
    /// The outcomes that depend on churn, and the lifespan inside the horizon; infinite ones where
    /// they have no end.
    fn outcomes(
        &self,
        plans: &[course::Plan],
        course: &[Sums],
    ) -> Result<Vec<(&'static str, f64)>, Error> {
        let Self { scenario, money, lead, .. } = self;
        let plan = &plans[*lead];
        let months = scenario.period_months;
        let mut found = vec![("presentValue", present_value(plans, scenario, money, course)?)];
        if let (Some(first), Some(last)) = (course.first(), course.last()) {
            found.extend([
                ("customers", last.customers),
                ("revenue", last.revenue),
                ("mrr", last.revenue / months),
                ("arr", last.revenue * (12.0 / months)),
            ]);
            if let Some(need) = growth_need(scenario, &[*first], self.customers)?
                && let Some(customers) = need.customers
            {
                found.push(("newCustomersNeeded", customers));
            }
        }
        for (n_months, gross, net) in [
            (12.0, "grossRevenueRetention12", "netRevenueRetention12"),
            (36.0, "grossRevenueRetention36", "netRevenueRetention36"),
        ] {
            let at = (1_u32..)
                .zip(course)
                .find(|&(period, _)| (f64::from(period) * months - n_months).abs() < 1e-9);
            if let Some((period, sums)) = at {
                let of = sums.period(period, months);
                found.extend(of.gross_revenue_retention_since_start.map(|share| (gross, share)));
                found.extend(of.net_revenue_retention_since_start.map(|share| (net, share)));
            }
        }
        let per_payment = plan.revenue_per_customer * money.gross_margin.unwrap_or(1.0);
        let cac = money.cac.filter(|cac| 0.0 < *cac && money.gross_margin.is_some());
        let within = plan.within_horizon(None)?.value.unwrap_or(f64::NAN);
        found.extend([("horizonLifespan", within), ("clvHorizon", within * per_payment)]);
        if plan.has_plain_mean() {
            let mean = plan.mean()?.value.unwrap_or(f64::INFINITY);
            found.extend([("lifespan", mean), ("clv", mean * per_payment)]);
            found.extend(cac.map(|cac| ("clvToCac", mean * per_payment / cac)));
            if let Some(rate) = money.discount_rate {
                let discounted = plan.discounted(rate)?.value.unwrap_or(f64::INFINITY);
                found.push(("clvDiscounted", discounted * per_payment));
                found.extend(cac.map(|cac| ("clvDiscountedToCac", discounted * per_payment / cac)));
            }
        }
        if plans.iter().all(course::Plan::has_plain_mean)
            && plans.iter().any(|plan| 0.0 < plan.new_customers)
            && scenario.programme.is_none()
        {
            found.push(("growthCeiling", growth_ceiling(plans)?.value.unwrap_or(f64::INFINITY)));
        }
        if let Some(programme) = scenario.programme {
            let bare: Vec<course::Plan> =
                plans.iter().map(|plan| course::Plan { programme: None, ..plan.clone() }).collect();
            let Saving { saved, gain, .. } =
                saving_of(programme, money, course, &whole_course(&bare)?);
            found.extend([("programmeSaved", saved), ("programmeGain", gain)]);
            if 0.0 < programme.cost {
                found.push(("programmeNetReturn", saved / programme.cost - 1.0));
            }
        }
        Ok(found)
    }
}

fn put_interval(
    figures: &mut value::Figures,
    name: &str,
    interval: Option<&Interval>,
    factor: f64,
) {
    if let (Some(figure), Some(interval)) =
        (figures.get_mut(name).filter(|figure| figure.value.is_some()), interval)
    {
        figure.low = interval.low.map(|low| low * factor);
        figure.high = interval.high.map(|high| high * factor);
    }
}

/// Writes all outcomes down, each beside today's.
fn add_outcomes(projection: &mut Projection, today: Option<&Projection>, period_months: f64) {
    let mut rows = Vec::new();
    for (id, unit) in outcomes::OUTCOMES {
        let Some(value) = outcomes::outcome(projection, id, period_months) else { continue };
        let of_today = match today {
            Some(today) => outcomes::outcome(today, id, period_months),
            None => Some(value.clone()),
        };
        let today_value = of_today.as_ref().and_then(|value| value.as_ref().ok()).copied();
        let interval = projection.intervals.get(id).filter(|_| value.is_ok());
        rows.push(ScenarioOutcome {
            id: id.to_owned(),
            unit: unit.to_owned(),
            difference: value.as_ref().ok().zip(today_value).map(|(value, today)| value - today),
            value: value.as_ref().ok().copied(),
            why: value.err(),
            low: interval.and_then(|interval| interval.low),
            high: interval.and_then(|interval| interval.high),
            today: today_value,
            today_why: match of_today {
                Some(Err(why)) => Some(why),
                None => Some("not-today".to_owned()),
                Some(Ok(_)) => None,
            },
        });
    }
    projection.outcomes = rows;
}

/// Each segment by itself, where the start is made of segments.
fn segments_of(
    scenario: &Scenario,
    today: &Scenario,
    situation: &Situation,
) -> Result<Vec<SegmentOutlook>, Error> {
    let money = money_of(scenario);
    let pairs = plans_of(scenario, situation)?.into_iter().zip(plans_of(today, situation)?);
    let mut rows = Vec::new();
    for (index, ((name, _), (plan, as_today))) in situation.parts.iter().zip(pairs).enumerate() {
        let Some(name) = name else { continue };
        let (course, of_today) = (plan.course()?, as_today.course()?);
        let (Some(last), Some(last_today)) = (course.last(), of_today.last()) else { continue };
        rows.push(SegmentOutlook {
            name: name.clone(),
            changed: index == situation.lead,
            start: start_of(&plan, &money)?,
            customers: last.customers,
            revenue: last.revenue,
            today_customers: last_today.customers,
            today_revenue: last_today.revenue,
        });
    }
    Ok(rows)
}

/// What each lever does to one outcome when it is moved by a stated amount.
fn sensitivity(scenario: &Scenario, situation: &Situation) -> Result<Vec<Sensitivity>, Error> {
    let outcome = scenario.sensitivity_of.as_deref().unwrap_or("presentValue");
    let shift = scenario.shift.unwrap_or(SENSITIVITY_SHIFT);
    let plans = plans_of(scenario, situation)?;
    let (plan, money) = (&plans[situation.lead], money_of(scenario));
    let at = |scenario: &Scenario| outcome_of(scenario, situation, outcome);
    let base = at(scenario)?;
    let has_parts = scenario.first_period_churn.is_some() || scenario.tail_churn.is_some();
    let mut rows = Vec::new();
    for lever in levers::LEVERS {
        // One retention for all ages would undo what is said about some of them.
        if lever.is_retention && has_parts {
            continue;
        }
        let Some(value) = levers::standing(lever.name, plan, &money, scenario)? else { continue };
        let moved = if lever.is_retention { 1.0 - value } else { value };
        let mut relative = (0.0 < moved).then_some(shift);
        let mut step = relative.map_or(lever.from_nothing, |shift| shift * moved);
        if lever.is_whole {
            let whole = libm::round(step).max(1.0);
            relative = relative.filter(|_| (whole - step).abs() == 0.0);
            step = whole;
        }
        let lowest = if lever.is_whole { 1.0 } else { 0.0 };
        let (low_at, high_at) =
            ((value - step).max(lowest), (value + step).min(lever.highest.unwrap_or(f64::MAX)));
        let reached = |value: f64| match at(&lever.moved(scenario, value)) {
            // An observed curve may end before that.
            Err(_) if lever.is_whole => Ok(None),
            found => found,
        };
        let (low, high) = (reached(low_at)?, reached(high_at)?);
        rows.push(Sensitivity {
            lever: lever.name.to_owned(),
            outcome: outcome.to_owned(),
            at: value,
            relative,
            low_at,
            high_at,
            low,
            high,
            base,
            span: low.zip(high).map(|(low, high)| (high - low).abs()),
        });
    }
    // Levers without an end to compare come last; equal ones keep their order.
    arrange::by(&mut rows, |one, other| {
        other.span.unwrap_or(-1.0).total_cmp(&one.span.unwrap_or(-1.0))
    });
    Ok(rows)
}

/// One outcome of a scenario; nothing where it is undefined or the scenario has none.
fn outcome_of(
    scenario: &Scenario,
    situation: &Situation,
    outcome: &str,
) -> Result<Option<f64>, Error> {
    if outcome == "presentValue" {
        let plans = plans_of(scenario, situation)?;
        let course = whole_course(&plans)?;
        return present_value(&plans, scenario, &money_of(scenario), &course).map(Some);
    }
    let projection = projected(scenario, situation)?;
    Ok(outcomes::outcome(&projection, outcome, scenario.period_months).and_then(Result::ok))
}
