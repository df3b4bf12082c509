//! Where a projection starts: typed totals, the latest state of a report, or a fitted curve.
//!
//! It projects nothing.

use super::churn::BaseChurn;
use super::request::{Scenario, Source, SourcePeriod};
use crate::Error;
use crate::formula::input::{not_negative, share};
use crate::number::special::{exp_m1, ln_1p, power};
use crate::report::{CurvePoint, RevenueMovements};
use crate::survival::LifespanModel;

/// What is there today and how it goes on if nothing is changed, per period of the scenario.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Today {
    pub(super) customers: f64,
    /// Nothing where the source knows no revenue.
    pub(super) revenue_per_customer: Option<f64>,
    pub(super) churn: BaseChurn,
    /// The age of the customers in periods: 1 where they are past their first.
    pub(super) age: u32,
    pub(super) expansion: f64,
    pub(super) contraction: f64,
    pub(super) new_customers: f64,
    /// Revenue per period of a new customer, over that of today's.
    pub(super) new_to_old_revenue: f64,
    /// How many times the hazard of a customer that of a unit of revenue is.
    pub(super) revenue_hazard_ratio: f64,
    /// Customer-periods observed, where none of them saw a loss.
    pub(super) periods_without_loss: Option<f64>,
}

impl Today {
    pub(super) fn of(scenario: &Scenario) -> Result<Self, Error> {
        let source = &scenario.from;
        if let Some(periods) = &source.periods {
            of_report(source, periods, scenario.period_months)
        } else if let Some(kind) = &source.kind {
            of_fit(source, kind, scenario.customers.unwrap_or(1.0))
        } else {
            of_totals(source)
        }
    }

    /// Customers of whom nothing but a churn is known.
    fn plain(customers: f64, revenue_per_customer: Option<f64>, churn: BaseChurn) -> Self {
        Self {
            customers,
            revenue_per_customer,
            churn,
            age: 1,
            expansion: 0.0,
            contraction: 0.0,
            new_customers: 0.0,
            new_to_old_revenue: 1.0,
            revenue_hazard_ratio: 1.0,
            periods_without_loss: None,
        }
    }
}

fn of_totals(source: &Source) -> Result<Today, Error> {
    let given = |name: &'static str, value: Option<f64>| {
        value.ok_or_else(|| {
            let message = format!("A projection from typed totals needs {name}. Enter it.");
            Error::new("missing-input", message).in_column(name)
        })
    };
    let customers = given("customers", source.customers)?;
    let revenue_per_customer = given("revenuePerCustomer", source.revenue_per_customer)?;
    let retention = given("retention", source.retention)?;
    not_negative("customers", customers)?;
    not_negative("revenuePerCustomer", revenue_per_customer)?;
    share("retention", retention)?;
    let churn = 1.0 - retention;
    let today = Today::plain(customers, Some(revenue_per_customer), BaseChurn::Constant(churn));
    let is_without_loss = churn == 0.0 && 0.0 < customers;
    Ok(Today { periods_without_loss: is_without_loss.then_some(customers), ..today })
}

fn of_fit(source: &Source, kind: &str, customers: f64) -> Result<Today, Error> {
    not_negative("customers", customers)?;
    if source.converged == Some(false) {
        let message = "The fit did not converge, so nothing can be projected from it. Start from \
                       another model or from typed totals.";
        return Err(Error::new("fit-not-converged", message).in_column("from"));
    }
    let churn = match kind {
        "kaplan_meier" => observed(source.curve.as_deref().unwrap_or_default())?,
        "geometric" | "sbg" | "bdw" => fitted(source, kind)?,
        _ => {
            let message = format!(
                "A fit of kind {kind} says how often customers buy, not when they leave. Start from \
                 geometric, sbg, bdw or kaplan_meier.",
            );
            return Err(Error::new("fit-without-churn", message).in_column("from"));
        }
    };
    Ok(Today { age: 0, ..Today::plain(customers, None, churn) })
}

/// The model of a fit by its parameters: a richer one may have ended as a simpler one, in which all
/// customers are alike.
fn fitted(source: &Source, kind: &str) -> Result<BaseChurn, Error> {
    let parameter = |name: &str| {
        let value = source.parameters.as_ref().and_then(|all| all.get(name)).copied();
        value.filter(|value| value.is_finite() && 0.0 <= *value)
    };
    let positive = |name: &str| parameter(name).filter(|value| 0.0 < *value);
    if let Some(churn) = parameter("theta").filter(|churn| *churn <= 1.0) {
        return Ok(match positive("c") {
            Some(c) => BaseChurn::Model(LifespanModel::DiscreteWeibull { churn, c }),
            None => BaseChurn::Constant(churn),
        });
    }
    let model = match kind {
        "sbg" => positive("alpha")
            .zip(positive("beta"))
            .map(|(alpha, beta)| LifespanModel::ShiftedBetaGeometric { alpha, beta }),
        "bdw" => positive("a")
            .zip(positive("b"))
            .zip(positive("c"))
            .map(|((a, b), c)| LifespanModel::BetaDiscreteWeibull { a, b, c }),
        _ => None,
    };
    model.map(BaseChurn::Model).ok_or_else(|| {
        let message = format!("The fit of kind {kind} lacks its parameters. Fit it again.");
        Error::new("fit-without-parameters", message).in_column("from")
    })
}

/// The shares still there after whole periods; a step curve holds its value until the next point.
fn observed(curve: &[CurvePoint]) -> Result<BaseChurn, Error> {
    let is_curve = curve.windows(2).all(|pair| pair[0].t <= pair[1].t)
        && curve.iter().all(|point| (0.0..=1.0).contains(&point.survival) && 0.0 <= point.t);
    let Some(last) = curve.last().filter(|_| is_curve) else {
        let message = "The fit has no survival curve from 1 down over time. Fit it again.";
        return Err(Error::new("fit-without-curve", message).in_column("from"));
    };
    let mut survival = vec![1.0];
    let (mut time, mut points, mut current) = (1.0, curve.iter().peekable(), 1.0);
    while time <= last.t && survival.len() <= super::MOST_PERIODS as usize {
        while let Some(point) = points.next_if(|point| point.t <= time) {
            current = point.survival;
        }
        survival.push(current);
        time += 1.0;
    }
    Ok(BaseChurn::Observed(survival))
}

fn of_report(
    source: &Source,
    periods: &[SourcePeriod],
    period_months: f64,
) -> Result<Today, Error> {
    let shape = source.input.as_ref().map_or("", |input| input.shape.as_str());
    // A purchase is counted in its period: one that is not over yet does not show the state.
    let is_purchases = shape == "transactions";
    let state = periods.iter().rev().find(|period| !(is_purchases && period.partial));
    let (Some(state), Some(customers)) = (state, state.and_then(|state| state.customers.end))
    else {
        let message = "The report does not say how many customers there are now. Start from typed \
                       totals.";
        return Err(Error::new("report-without-customers", message).in_column("from"));
    };
    let customers = count(customers);
    // Accounts have no dates; their rates are per month.
    let n_months = if shape == "accounts" { Some(1.0) } else { months_in(&state.period) };
    let Some(n_months) = n_months else {
        let message = "The periods of the report are no months, quarters or years. Start from typed \
                       totals.";
        return Err(Error::new("report-without-periods", message).in_column("from"));
    };
    let scale = period_months / n_months;
    let figure = |name: &str| source.value.as_ref().and_then(|value| value.lifespan.get(name));
    let churn = figure("average_churn").and_then(|figure| figure.inputs.get("churn").copied());
    let Some(churn) = churn.filter(|churn| (0.0..=1.0).contains(churn)) else {
        let message = "The report has no complete period with customers at its start, so no churn \
                       to go on with. Start from typed totals.";
        return Err(Error::new("report-without-retention", message).in_column("from"));
    };
    let complete: Vec<&SourcePeriod> = periods
        .iter()
        .filter(|period| !period.partial && months_in(&period.period).is_some())
        .filter(|period| period.customers.start.is_some_and(|start| 0 < start))
        .collect();
    // Recurring revenue is per month; that of purchases and of totals is per period.
    let n_periods_of_revenue =
        if is_purchases || shape == "periods" { scale } else { period_months };
    let revenue_per_customer = state
        .revenue
        .as_ref()
        .and_then(|revenue| revenue.end)
        .filter(|_| 0.0 < customers)
        .map(|revenue| (revenue / customers).max(0.0) * n_periods_of_revenue);
    let movements = Movements::of(&complete);
    let converted = |rate: f64| convert(rate, scale);
    let contraction = converted(movements.contraction);
    let growth = power(1.0 + movements.expansion - movements.contraction, scale);
    let bound = figure("lower_bound").and_then(|figure| figure.n).map(count);
    Ok(Today {
        customers,
        revenue_per_customer,
        churn: BaseChurn::Constant(converted(churn)),
        expansion: (growth - 1.0 + contraction).max(0.0),
        contraction,
        new_customers: movements.new_customers * scale,
        new_to_old_revenue: movements.new_to_old_revenue,
        revenue_hazard_ratio: hazard_ratio(movements.revenue_churn, churn),
        periods_without_loss: bound.map(|periods| periods / scale),
        ..Today::plain(customers, revenue_per_customer, BaseChurn::Constant(churn))
    })
}

/// What the complete periods of a report have on average, per period of the report.
struct Movements {
    expansion: f64,
    contraction: f64,
    revenue_churn: Option<f64>,
    new_customers: f64,
    new_to_old_revenue: f64,
}

impl Movements {
    fn of(periods: &[&SourcePeriod]) -> Self {
        let sum = |field: fn(&RevenueMovements) -> Option<f64>| -> f64 {
            let revenues = periods.iter().filter_map(|period| period.revenue.as_ref());
            revenues.filter_map(field).sum()
        };
        let start = sum(|revenue| revenue.start);
        let churned = sum(|revenue| revenue.churned);
        let stayed = start - churned;
        let of_stayed = |amount: f64| if 0.0 < stayed { (amount / stayed).max(0.0) } else { 0.0 };
        let won: u64 = periods
            .iter()
            .map(|period| &period.customers)
            .map(|customers| customers.new.unwrap_or(0) + customers.reactivated.unwrap_or(0))
            .sum();
        let at_start: u64 = periods.iter().filter_map(|period| period.customers.start).sum();
        let won_revenue = sum(|revenue| revenue.new) + sum(|revenue| revenue.reactivation);
        let is_known = 0 < won && 0 < at_start && 0.0 < start && 0.0 < won_revenue;
        let new_to_old_revenue =
            if is_known { (won_revenue / count(won)) / (start / count(at_start)) } else { 1.0 };
        Self {
            expansion: of_stayed(sum(|revenue| revenue.expansion)),
            contraction: of_stayed(sum(|revenue| revenue.contraction)).min(1.0),
            revenue_churn: (0.0 < start).then(|| (churned / start).clamp(0.0, 1.0)),
            new_customers: count(won) / count(periods.len().max(1) as u64),
            new_to_old_revenue,
        }
    }
}

/// How many times the hazard of a customer that of a unit of revenue is; 1 where nothing is known.
fn hazard_ratio(revenue_churn: Option<f64>, churn: f64) -> f64 {
    match revenue_churn {
        Some(revenue_churn) if 0.0 < churn && churn < 1.0 && revenue_churn < 1.0 => {
            ln_1p(-revenue_churn) / ln_1p(-churn)
        }
        _ => 1.0,
    }
}

/// A churn of one length of period as that of another, by compounding.
fn convert(churn: f64, scale: f64) -> f64 {
    if (scale - 1.0).abs() == 0.0 || 1.0 <= churn { churn } else { -exp_m1(scale * ln_1p(-churn)) }
}

/// The months of a period by its label; nothing for one without dates.
fn months_in(label: &str) -> Option<f64> {
    match label.split_once('-') {
        None => label.bytes().all(|byte| byte.is_ascii_digit()).then_some(12.0),
        Some((_, rest)) => Some(if rest.starts_with('Q') { 3.0 } else { 1.0 }),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of customers are below 2⁵³")]
fn count(n: u64) -> f64 {
    n as f64
}
