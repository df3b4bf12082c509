//! Where a projection starts: typed totals, the latest state of a report, or a fitted curve.
//!
//! It projects nothing.

use std::collections::BTreeMap;

use super::churn::BaseChurn;
use super::draws::Doubt;
use super::request::{Scenario, Source, SourceModel, SourcePeriod, SourceSegment};
use crate::Error;
use crate::arrange;
use crate::formula::input::{not_negative, positive, share};
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
    /// What the churn is uncertain by.
    pub(super) doubt: Doubt,
    /// The churn where it is taken to be the same in every period.
    pub(super) constant: Option<f64>,
    /// The fitted model with its kind, or why there is none.
    pub(super) fitted: Result<(String, LifespanModel), &'static str>,
    /// The customers by their age in periods, youngest first: all 1 where they are past their first
    /// period and nothing else is known.
    pub(super) ages: Vec<(u32, f64)>,
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

/// What there is today: the whole, or the segments that make it up.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Situation {
    /// The parts, each with the name of its segment; one without a name is the whole.
    pub(super) parts: Vec<(Option<String>, Today)>,
    /// The part that the levers are about.
    pub(super) lead: usize,
}

impl Situation {
    pub(super) fn of(scenario: &Scenario) -> Result<Self, Error> {
        let Some(wanted) = &scenario.segment else {
            return Ok(Self { parts: vec![(None, Today::of(scenario)?)], lead: 0 });
        };
        let segments = scenario.from.segments.as_deref().unwrap_or_default();
        let Some(lead) = segments.iter().position(|segment| &segment.name == wanted) else {
            let message = format!(
                "The start has no segment named “{wanted}”. Choose one of its segments, or leave out \
                 segment.",
            );
            return Err(Error::new("segment-not-known", message).in_column("segment"));
        };
        Ok(Self { parts: of_segments(segments, scenario)?, lead })
    }

    pub(super) fn lead(&self) -> &Today {
        &self.parts[self.lead].1
    }
}

impl Today {
    fn of(scenario: &Scenario) -> Result<Self, Error> {
        let source = &scenario.from;
        if let Some(periods) = &source.periods {
            let today = of_report(source, periods, scenario.period_months)?;
            on_curve(today, source, periods, scenario)
        } else if let Some(kind) = &source.kind {
            of_fit(source, kind, scenario)
        } else {
            of_totals(source)
        }
    }

    /// Customers of whom nothing but a churn is known.
    fn plain(customers: f64, revenue_per_customer: Option<f64>, churn: BaseChurn) -> Self {
        let constant = match churn {
            BaseChurn::Constant(churn) => Some(churn),
            _ => None,
        };
        Self {
            customers,
            revenue_per_customer,
            churn,
            doubt: Doubt::Unknown("no-source-of-uncertainty"),
            constant,
            fitted: Err("no-fit"),
            ages: vec![(1, customers)],
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
    let doubt = match source.n {
        None => Doubt::Unknown("retention-without-n"),
        Some(n) => {
            positive("n", n)?;
            Doubt::Counted { lost: n * (1.0 - retention), kept: n * retention, scale: 1.0 }
        }
    };
    let churn = 1.0 - retention;
    let today = Today::plain(customers, Some(revenue_per_customer), BaseChurn::Constant(churn));
    let is_without_loss = churn == 0.0 && 0.0 < customers;
    let n_without_loss = source.n.unwrap_or(customers);
    Ok(Today { doubt, periods_without_loss: is_without_loss.then_some(n_without_loss), ..today })
}

fn of_fit(source: &Source, kind: &str, scenario: &Scenario) -> Result<Today, Error> {
    let customers = scenario.customers.unwrap_or(1.0);
    not_negative("customers", customers)?;
    if scenario.curve.is_some() {
        let message = "A fit is its own curve. Leave out curve, or start from a report.";
        return Err(Error::new("curve-not-known", message).in_column("curve"));
    }
    if source.converged == Some(false) {
        let message = "The fit did not converge, so nothing can be projected from it. Start from \
                       another model or from typed totals.";
        return Err(Error::new("fit-not-converged", message).in_column("from"));
    }
    let none = BTreeMap::new();
    let parameters = source.parameters.as_ref().unwrap_or(&none);
    let (churn, doubt) = match kind {
        "kaplan_meier" => {
            let doubt = Doubt::Unknown("observed-curve");
            (observed(source.curve.as_deref().unwrap_or_default())?, doubt)
        }
        "geometric" | "sbg" | "bdw" => {
            let churn = fitted(parameters, kind)?;
            let doubt = Doubt::of_model(&churn, source.covariance.as_ref());
            (churn, doubt)
        }
        _ => {
            let message = format!(
                "A fit of kind {kind} says how often customers buy, not when they leave. Start from \
                 geometric, sbg, bdw or kaplan_meier.",
            );
            return Err(Error::new("fit-without-churn", message).in_column("from"));
        }
    };
    let model = match &churn {
        BaseChurn::Model(model) => Ok((kind.to_owned(), *model)),
        BaseChurn::Constant(churn) => {
            Ok((kind.to_owned(), LifespanModel::Geometric { churn: *churn }))
        }
        BaseChurn::Observed(_) => Err("observed-curve"),
    };
    let today = Today::plain(customers, None, churn);
    Ok(Today { ages: vec![(0, customers)], doubt, fitted: model, ..today })
}

/// The model of a fit by its parameters: a richer one may have ended as a simpler one, in which all
/// customers are alike.
fn fitted(parameters: &BTreeMap<String, f64>, kind: &str) -> Result<BaseChurn, Error> {
    let parameter = |name: &str| {
        parameters.get(name).copied().filter(|value| value.is_finite() && 0.0 <= *value)
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

/// The report's customers on one of its fitted curves, where the scenario asks for one; its sBG model
/// stands beside it in any case.
fn on_curve(
    mut today: Today,
    source: &Source,
    periods: &[SourcePeriod],
    scenario: &Scenario,
) -> Result<Today, Error> {
    let models = source.survival.as_ref().map_or(&[][..], |survival| &survival.models);
    let of_kind = |kind: &str| models.iter().find(|model| model.kind == kind && model.converged);
    // The models count in the periods of the report.
    let n_months = match source.input.as_ref().map(|input| input.shape.as_str()) {
        Some("accounts") => Some(1.0),
        _ => periods.iter().find_map(|period| months_in(&period.period)),
    };
    let is_same_period =
        n_months.is_some_and(|months| (months - scenario.period_months).abs() == 0.0);
    let base = |model: &SourceModel| fitted(&model.parameters, &model.kind);
    today.fitted = match of_kind("sbg") {
        None => Err("no-fit"),
        Some(_) if !is_same_period => Err("fit-in-other-periods"),
        Some(model) => Ok(("sbg".to_owned(), as_model(&base(model)?))),
    };
    let kind = match scenario.curve.as_deref() {
        None | Some("average") => return Ok(today),
        Some(kind @ ("geometric" | "sbg" | "bdw")) => kind,
        Some(other) => {
            let message =
                format!("There is no curve named “{other}”. Take average, geometric, sbg or bdw.");
            return Err(Error::new("curve-not-known", message).in_column("curve"));
        }
    };
    let Some(model) = of_kind(kind) else {
        let message = format!(
            "The report has no fitted model of kind {kind}: too few customers were lost, or it did \
             not converge. Take another curve, or average.",
        );
        return Err(Error::new("report-without-curve", message).in_column("curve"));
    };
    if !is_same_period {
        let message = "The fitted curve counts in the periods of the report. Project in these, or \
                       take curve average.";
        return Err(Error::new("curve-in-other-periods", message).in_column("periodMonths"));
    }
    let churn = base(model)?;
    today.doubt = Doubt::of_model(&churn, model.covariance.as_ref());
    today.fitted = Ok((kind.to_owned(), as_model(&churn)));
    today.churn = churn;
    today.ages = ages_of(source, today.customers);
    Ok(today)
}

fn as_model(churn: &BaseChurn) -> LifespanModel {
    match churn {
        BaseChurn::Model(model) => *model,
        BaseChurn::Constant(churn) => LifespanModel::Geometric { churn: *churn },
        BaseChurn::Observed(_) => LifespanModel::Geometric { churn: 0.0 },
    }
}

/// The customers by their age, from the latest cell of each cohort; in one lump past their first
/// period where the cohorts do not say.
fn ages_of(source: &Source, customers: f64) -> Vec<(u32, f64)> {
    let rows = source.cohorts.as_ref().map_or(&[][..], |cohorts| &cohorts.rows);
    let mut ages: Vec<(u32, f64)> = rows
        .iter()
        .filter_map(|row| {
            let age = row.customers.iter().rposition(Option::is_some)?;
            let n = row.customers[age].filter(|n| 0 < *n)?;
            Some((u32::try_from(age).ok()?, count(n)))
        })
        .collect();
    let known: f64 = ages.iter().map(|(_, n)| n).sum();
    if known <= 0.0 {
        return vec![(1, customers)];
    }
    arrange::by_key(&mut ages, |&(age, _)| age);
    for (_, n) in &mut ages {
        *n *= customers / known;
    }
    ages
}

/// All segments, with what was counted over one span brought to the level of the whole.
fn of_segments(
    segments: &[SourceSegment],
    scenario: &Scenario,
) -> Result<Vec<(Option<String>, Today)>, Error> {
    let source = &scenario.from;
    let shape = source.input.as_ref().map_or("", |input| input.shape.as_str());
    let months = scenario.period_months;
    let mut parts = Vec::with_capacity(segments.len());
    let mut kept = Vec::with_capacity(segments.len());
    for segment in segments {
        let (today, stayed) = of_segment(segment, shape, months)?;
        parts.push((Some(segment.name.clone()), today));
        kept.push(stayed);
    }
    // What the span of the segments lacks, such as who came and left within a year, is spread over
    // them as the rest of it.
    if let Some(Ok(whole)) =
        source.periods.as_ref().map(|periods| of_report(source, periods, months))
    {
        let won: f64 = parts.iter().map(|(_, part)| part.new_customers).sum();
        let all_kept: f64 = kept.iter().sum();
        let sum = |rate: fn(&Today) -> f64| -> f64 {
            parts.iter().zip(&kept).map(|((_, part), kept)| rate(part) * kept).sum()
        };
        let grown = sum(|part| part.expansion);
        let shrunk = sum(|part| part.contraction);
        let to = |level: f64, found: f64| if 0.0 < found { level / found } else { 1.0 };
        let of_new = to(whole.new_customers, won);
        let of_expansion = to(whole.expansion * all_kept, grown);
        let of_contraction = to(whole.contraction * all_kept, shrunk);
        for (_, part) in &mut parts {
            part.new_customers *= of_new;
            part.expansion *= of_expansion;
            part.contraction = (part.contraction * of_contraction).min(1.0);
        }
    }
    Ok(parts)
}

/// A segment with the revenue that stayed in its span: its churn is that of all its complete periods
/// where the report says it, the rest that of its trailing year or else of its latest period.
fn of_segment(
    segment: &SourceSegment,
    shape: &str,
    period_months: f64,
) -> Result<(Today, f64), Error> {
    let is_counted = |period: &&SourcePeriod| period.customers.start.is_some_and(|start| 0 < start);
    let year = segment.trailing_year.as_ref().filter(is_counted);
    let n_months = match year {
        Some(_) => Some(12.0),
        None if shape == "accounts" => Some(1.0),
        None => months_in(&segment.latest.period),
    };
    let period = year.unwrap_or(&segment.latest);
    let counts = |period: &SourcePeriod| {
        let customers = &period.customers;
        Some((count(customers.lost?), count(customers.start.filter(|start| 0 < *start)?)))
    };
    let (Some((lost, start)), Some(n_months), Some(customers)) =
        (counts(period), n_months, segment.latest.customers.end)
    else {
        let message = format!(
            "The segment “{}” had no customers at the start of its latest period, so no churn to go \
             on with. Leave out segment, or take coarser segments.",
            segment.name,
        );
        return Err(Error::new("segment-without-retention", message).in_column("segment"));
    };
    let n_periods_of_revenue = match shape {
        "transactions" | "periods" => {
            period_months / months_in(&segment.latest.period).unwrap_or(1.0)
        }
        _ => period_months,
    };
    let revenue = segment.latest.revenue.as_ref().and_then(|revenue| revenue.end);
    let movements = Movements::of(&[period]);
    let state = State {
        customers: count(customers),
        revenue_per_customer: revenue_of(revenue, count(customers), n_periods_of_revenue),
        churn: lost / start,
        at_risk: Some(start),
        scale: period_months / n_months,
    };
    let mut today = state.with(&movements);
    let average = segment.lifetime_value.as_ref().and_then(|value| {
        let lifespan = value.inputs.get("lifespan").filter(|lifespan| 1.0 <= **lifespan)?;
        Some((1.0 / lifespan, count(value.n?)))
    });
    let n_months = if shape == "accounts" { Some(1.0) } else { months_in(&segment.latest.period) };
    if let (Some((churn, n)), Some(n_months)) = (average, n_months) {
        let scale = period_months / n_months;
        today.doubt = Doubt::Counted { lost: n * churn, kept: n * (1.0 - churn), scale };
        today.churn = BaseChurn::Constant(convert(churn, scale));
        today.constant = Some(convert(churn, scale));
    }
    Ok((today, movements.stayed))
}

/// Where a report or one of its segments stands.
struct State {
    customers: f64,
    revenue_per_customer: Option<f64>,
    /// Per period of the report.
    churn: f64,
    /// The customer-periods that the churn was counted from.
    at_risk: Option<f64>,
    /// Periods of the report in one of the scenario.
    scale: f64,
}

impl State {
    fn with(self, movements: &Movements) -> Today {
        let Self { customers, revenue_per_customer, churn, at_risk, scale } = self;
        let contraction = convert(movements.contraction, scale);
        let growth = power(1.0 + movements.expansion - movements.contraction, scale);
        let doubt = match at_risk {
            None => Doubt::Unknown("churn-without-n"),
            Some(n) => Doubt::Counted { lost: n * churn, kept: n * (1.0 - churn), scale },
        };
        let constant = BaseChurn::Constant(convert(churn, scale));
        Today {
            doubt,
            expansion: (growth - 1.0 + contraction).max(0.0),
            contraction,
            new_customers: movements.new_customers * scale,
            new_to_old_revenue: movements.new_to_old_revenue,
            revenue_hazard_ratio: hazard_ratio(movements.revenue_churn, churn),
            ..Today::plain(customers, revenue_per_customer, constant)
        }
    }
}

/// Revenue per customer and period of the scenario; nothing where there is none to speak of.
fn revenue_of(revenue: Option<f64>, customers: f64, n_periods: f64) -> Option<f64> {
    revenue
        .filter(|revenue| 0.0 <= *revenue && 0.0 < customers)
        .map(|revenue| revenue / customers * n_periods)
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
    let average = figure("average_churn");
    let churn = average.and_then(|figure| figure.inputs.get("churn").copied());
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
    let bound = figure("lower_bound").and_then(|figure| figure.n).map(count);
    let revenue = state.revenue.as_ref().and_then(|revenue| revenue.end);
    let state = State {
        customers,
        revenue_per_customer: revenue_of(revenue, customers, n_periods_of_revenue),
        churn,
        at_risk: average.and_then(|figure| figure.n).map(count).or(bound),
        scale,
    };
    let today = state.with(&Movements::of(&complete));
    Ok(Today { periods_without_loss: bound.map(|periods| periods / scale), ..today })
}

/// What the complete periods of a report have on average, per period of the report.
struct Movements {
    /// Revenue at the starts of the periods that is there at their ends.
    stayed: f64,
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
            stayed: stayed.max(0.0),
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
