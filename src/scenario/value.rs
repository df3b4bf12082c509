//! How long a customer won today stays and what that is worth, in several named variants.
//!
//! It projects no base of customers.

use std::collections::BTreeMap;

use super::churn::{BaseChurn, Churn, ChurnLevers};
use super::course::Plan;
use super::projection::LifetimeView;
use super::start::Today;
use crate::Error;
use crate::formula;
use crate::number::{Figure, FormulaId};
use crate::survival::{
    LifespanModel, discounted_lifetime, discounted_residual_lifetime, mean_lifetime,
};

/// Sums over all time are given up where they have not settled after so many periods.
const MOST_TERMS: u32 = 20_000;

pub(super) type Figures = BTreeMap<String, Figure>;

/// What turns a lifespan into value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Money {
    pub(super) gross_margin: Option<f64>,
    pub(super) cac: Option<f64>,
    /// Per period.
    pub(super) discount_rate: Option<f64>,
}

/// How churn runs on after the ages that differ: what a sum over all time needs.
struct Tail {
    /// The first age, in periods completed, from which on churn is the same.
    from: u32,
    churn: f64,
}

impl Plan {
    /// The share lost at the end of period `age >= 1` of a customer won today.
    fn churn_of_new(&self, age: u32) -> Result<f64, Error> {
        Ok(self.churn.at(age)? * self.unaverted(age))
    }

    /// The share of customers won today still there after 0, 1, … periods, short of `n`.
    fn survival_of_new(&self, n: u32) -> Result<Vec<f64>, Error> {
        let mut there = 1.0;
        let mut survival = Vec::with_capacity(n as usize);
        for age in 1..=n {
            survival.push(there);
            if age < n {
                there *= 1.0 - self.churn_of_new(age)?;
            }
        }
        Ok(survival)
    }

    /// The churn of a customer won today where it is the same at all ages.
    fn constant_churn(&self) -> Option<f64> {
        match self.programme {
            Some(programme) if programme.start_period <= 1.0 => {
                self.churn.constant().map(|churn| churn * self.unaverted(1))
            }
            Some(_) => None,
            None => self.churn.constant(),
        }
    }

    fn tail(&self) -> Option<Tail> {
        let churn = self.churn.constant_from_two()?;
        let start = self.programme.map_or(1.0, |programme| programme.start_period);
        // Whole, and below the most periods that can be projected.
        let from = (1..=super::MOST_PERIODS).find(|&age| start <= f64::from(age) + 1.0)?;
        Some(Tail { from, churn: churn * self.unaverted(from + 1) })
    }

    /// The share kept per period: of a customer won today over the projection, where it changes with
    /// age.
    pub(super) fn mean_retention(&self) -> Result<f64, Error> {
        if let Some(churn) = self.churn.constant() {
            return Ok(1.0 - churn);
        }
        if let (Some(churn), true) =
            (self.churn.constant_from_two(), self.ages.iter().all(|&(age, _)| 1 <= age))
        {
            return Ok(1.0 - churn);
        }
        Ok(1.0 - self.churn.mean(1, self.n_periods)?)
    }

    /// Lifespans in periods, by the name of the variant.
    pub(super) fn lifespans(
        &self,
        discount_rate: Option<f64>,
        periods_without_loss: Option<f64>,
    ) -> Result<Figures, Error> {
        let mut lifespans = Figures::new();
        let mean = self.mean()?;
        if let (Some(n), Some("no-churn")) = (periods_without_loss, mean.why.as_deref()) {
            lifespans.insert("lower_bound".to_owned(), formula::lifespan_lower_bound(n)?);
        }
        lifespans.insert("mean".to_owned(), mean);
        lifespans.insert("horizon".to_owned(), self.within_horizon(None)?);
        if let Some(rate) = discount_rate {
            lifespans.insert("discounted".to_owned(), self.discounted(rate)?);
            lifespans.insert("horizon_discounted".to_owned(), self.within_horizon(Some(rate))?);
        }
        Ok(lifespans)
    }

    /// Whether the mean lifespan takes no sum over all time.
    pub(super) fn has_plain_mean(&self) -> bool {
        let is_closed = self.churn.constant_from_two().is_some();
        is_closed || (self.churn.model().is_some() && self.programme.is_none())
    }

    pub(super) fn mean(&self) -> Result<Figure, Error> {
        let id = FormulaId::MeanLifetime;
        if let Some(churn) = self.constant_churn() {
            return formula::average_lifespan(churn);
        }
        if let (Some(model), None) = (self.churn.model(), self.programme) {
            return Ok(mean_lifetime(model));
        }
        self.sum_over_all_time(id, 0.0, &self.churn_inputs()?)
    }

    pub(super) fn discounted(&self, rate: f64) -> Result<Figure, Error> {
        let id = FormulaId::DiscountedLifetime;
        if let Some(churn) = self.constant_churn() {
            let inputs = [("retention", 1.0 - churn), ("discount_rate", rate)];
            let loss = churn + rate;
            return Ok(if loss == 0.0 {
                Figure::undefined(id, "no-churn", &inputs)
            } else {
                finite(id, (1.0 + rate) / loss, &inputs)
            });
        }
        if let (Some(model), None) = (self.churn.model(), self.programme) {
            return discounted_lifetime(model, rate);
        }
        let mut inputs = self.churn_inputs()?;
        inputs.push(("discount_rate", rate));
        self.sum_over_all_time(id, rate, &inputs)
    }

    /// The discounted residual lifetime of a customer about to renew for the `tenure`th time, in
    /// payments, under a programme as far as it has started by then.
    pub(super) fn residual(&self, tenure: u32, rate: f64) -> Result<Figure, Error> {
        let id = FormulaId::DiscountedLifetime;
        if let (Some(model), None) = (self.churn.model(), self.programme) {
            return discounted_residual_lifetime(model, tenure, rate);
        }
        let mut inputs = vec![("renewal", f64::from(tenure)), ("discount_rate", rate)];
        let churn_at = |period: u32| -> Result<f64, Error> {
            Ok(self.churn.at(tenure + period)? * self.unaverted(period + 1))
        };
        inputs.push(("churn", churn_at(0)?));
        if self.churn.ends() {
            return Ok(Figure::undefined(id, "curve-ends", &inputs));
        }
        let power = self.churn.power_of_time();
        let last = self.unaverted(super::MOST_PERIODS);
        if power.is_some_and(|power| power * last <= 1.0) && rate == 0.0 {
            return Ok(Figure::undefined(id, "mean-infinite", &inputs));
        }
        // From here on nothing changes any more, if the churn does not change with age.
        let settled = self.tail().map(|tail| tail.from);
        let (mut there, mut weight, mut sum) = (1.0 - churn_at(0)?, 1.0, 0.0);
        for period in 1..=MOST_TERMS {
            if let Some(from) = settled
                && from <= period
                && 0.0 < there
            {
                let loss = churn_at(period)? + rate;
                return Ok(if loss == 0.0 {
                    Figure::undefined(id, "no-churn", &inputs)
                } else {
                    finite(id, sum + there * weight * (1.0 + rate) / loss, &inputs)
                });
            }
            let term = there * weight;
            sum += term;
            if term * f64::from(tenure + period) <= 1e-13 * sum {
                return Ok(finite(id, sum, &inputs));
            }
            there *= 1.0 - churn_at(period)?;
            weight /= 1.0 + rate;
        }
        Ok(Figure::undefined(id, "mean-not-settled", &inputs))
    }

    /// What a lifespan is worth: on margin where there is one, else on revenue.
    pub(super) fn worth(&self, lifespan: &Figure, money: &Money) -> Result<Figure, Error> {
        let revenue = self.revenue_per_customer;
        match money.gross_margin {
            Some(margin) => valued(FormulaId::ClvMargin, lifespan, |span| {
                formula::clv_margin(revenue, margin, span)
            }),
            None => valued(FormulaId::Clv, lifespan, |span| formula::clv(revenue, span)),
        }
    }

    /// The churn of the first period and of all after some age, where that is the same.
    fn churn_inputs(&self) -> Result<Vec<(&'static str, f64)>, Error> {
        let mut inputs = vec![("first_period_churn", self.churn_of_new(1)?)];
        inputs.extend(self.tail().map(|tail| ("tail_churn", tail.churn)));
        Ok(inputs)
    }

    /// Σ S(t) ÷ (1 + d)^t over all t, where that can be known.
    fn sum_over_all_time(
        &self,
        id: FormulaId,
        rate: f64,
        inputs: &[(&'static str, f64)],
    ) -> Result<Figure, Error> {
        if self.churn.ends() {
            return Ok(Figure::undefined(id, "curve-ends", inputs));
        }
        // A programme takes its share off all later hazards, so off that power, too.
        let power = self.churn.power_of_time();
        let last = self.unaverted(super::MOST_PERIODS);
        if power.is_some_and(|power| power * last <= 1.0) && rate == 0.0 {
            return Ok(Figure::undefined(id, "mean-infinite", inputs));
        }
        let tail = self.tail();
        let (mut there, mut weight, mut sum) = (1.0, 1.0, 0.0);
        for age in 0..MOST_TERMS {
            if let Some(Tail { from, churn }) = tail
                && from <= age
                && 0.0 < there
            {
                let loss = churn + rate;
                return Ok(if loss == 0.0 {
                    Figure::undefined(id, "no-churn", inputs)
                } else {
                    finite(id, sum + there * weight * (1.0 + rate) / loss, inputs)
                });
            }
            let term = there * weight;
            sum += term;
            // From terms that fall faster than 1 ÷ t², less is left than t of the last one.
            if term * f64::from(age) <= 1e-13 * sum && 0 < age {
                return Ok(finite(id, sum, inputs));
            }
            there *= 1.0 - self.churn_of_new(age + 1)?;
            weight /= 1.0 + rate;
        }
        Ok(Figure::undefined(id, "mean-not-settled", inputs))
    }

    /// Σ S(t) over the periods of the projection, discounted where a rate is given.
    pub(super) fn within_horizon(&self, rate: Option<f64>) -> Result<Figure, Error> {
        let survival = self.survival_of_new(self.n_periods)?;
        let (mut sum, mut weight) = (0.0, 1.0);
        for share in survival {
            sum += share * weight;
            weight /= 1.0 + rate.unwrap_or(0.0);
        }
        let mut inputs = vec![("horizon", f64::from(self.n_periods))];
        inputs.extend(self.constant_churn().map(|churn| ("churn", churn)));
        inputs.extend(rate.map(|rate| ("discount_rate", rate)));
        let id = match rate {
            None => FormulaId::RestrictedMeanLifetime,
            Some(_) => FormulaId::DiscountedLifetime,
        };
        Ok(finite(id, sum, &inputs))
    }

    /// Lifetime values in money, by the name of the variant.
    pub(super) fn values(&self, lifespans: &Figures, money: &Money) -> Result<Figures, Error> {
        let revenue = self.revenue_per_customer;
        let mut values = Figures::new();
        let on_revenue = [
            ("revenue", "mean"),
            ("horizon_revenue", "horizon"),
            ("discounted_revenue", "discounted"),
            ("lower_bound_revenue", "lower_bound"),
        ];
        for (name, lifespan) in on_revenue {
            let Some(lifespan) = lifespans.get(lifespan) else { continue };
            let figure = valued(FormulaId::Clv, lifespan, |span| formula::clv(revenue, span))?;
            values.insert(name.to_owned(), figure);
        }
        let on_margin = [
            ("margin", "mean"),
            ("horizon", "horizon"),
            ("discounted", "discounted"),
            ("horizon_discounted", "horizon_discounted"),
            ("lower_bound", "lower_bound"),
        ];
        for (name, lifespan) in on_margin {
            let (Some(lifespan), Some(margin)) = (lifespans.get(lifespan), money.gross_margin)
            else {
                continue;
            };
            let figure = match (name, self.constant_churn(), money.discount_rate) {
                ("discounted", Some(churn), Some(rate)) => {
                    formula::clv_discounted(revenue, margin, 1.0 - churn, rate)?
                }
                _ => valued(FormulaId::ClvMargin, lifespan, |span| {
                    formula::clv_margin(revenue, margin, span)
                })?,
            };
            values.insert(name.to_owned(), figure);
        }
        if let (Some(discounted), Some(cac)) = (values.get("discounted"), money.cac) {
            let ratio =
                valued(FormulaId::ClvToCac, discounted, |clv| formula::clv_to_cac(clv, cac))?;
            values.insert("discounted_to_cac".to_owned(), ratio);
        }
        if 0.0 < self.expansion || 0.0 < self.contraction {
            let margin = money.gross_margin.unwrap_or(1.0);
            let span = self.growing_horizon()?;
            let figure = if span.is_finite() {
                formula::clv_margin(revenue, margin, span)?
            } else {
                Figure::undefined(FormulaId::ClvMargin, "result-too-large", &[])
            };
            values.insert("horizon_with_expansion".to_owned(), figure);
        }
        Ok(values)
    }

    /// “1 ÷ churn”, the fitted model and the horizon, each as a lifespan and in money.
    ///
    /// The levers on churn stand in each as the same factor on the hazard.
    pub(super) fn lifetime_views(
        &self,
        today: &Today,
        money: &Money,
    ) -> Result<Vec<LifetimeView>, Error> {
        let constant = match today.constant {
            Some(churn) => churn,
            None => self.today_mean(today)?,
        };
        let simple = self.with_churn(self.churn.on(BaseChurn::Constant(constant))?).mean()?;
        let fitted = match &today.fitted {
            Ok((_, model)) if matches!(today.churn, BaseChurn::Model(of) if of == *model) => {
                self.mean()?
            }
            Ok((_, model)) => {
                let base = match *model {
                    LifespanModel::Geometric { churn } => BaseChurn::Constant(churn),
                    other => BaseChurn::Model(other),
                };
                self.with_churn(self.churn.on(base)?).mean()?
            }
            Err(why) => Figure::undefined(FormulaId::MeanLifetime, why, &[]),
        };
        let horizon = self.within_horizon(None)?;
        let kind = today.fitted.as_ref().ok().map(|(kind, _)| kind.clone());
        let worth = |lifespan: &Figure| self.worth(lifespan, money);
        let first = worth(&simple)?.value;
        let view = |name: &str, kind: Option<String>, lifespan: Figure| {
            let value = worth(&lifespan)?;
            let difference = value.value.zip(first).map(|(value, first)| value - first);
            Ok(LifetimeView { name: name.to_owned(), kind, lifespan, value, difference })
        };
        let mut views = vec![
            view("one-over-churn", None, simple)?,
            view("fitted", kind, fitted)?,
            view("horizon", None, horizon)?,
        ];
        if let Some(rate) = money.discount_rate {
            views.push(view("discounted", None, self.discounted(rate)?)?);
        }
        Ok(views)
    }

    /// The mean churn of today's curve over the periods of the projection.
    fn today_mean(&self, today: &Today) -> Result<f64, Error> {
        let levers = ChurnLevers::default();
        let base = Churn::new(today.churn.clone(), levers, self.n_periods)?;
        base.mean(1, self.n_periods)
    }

    fn with_churn(&self, churn: Churn) -> Self {
        Self { churn, ..self.clone() }
    }

    /// The customers at which as many are lost as are won, if all goes on for ever.
    ///
    /// `new × Σ S(t)`: at a constant churn, new customers over churn. A programme is on for ever.
    pub(super) fn growth_ceiling(&self) -> Result<Figure, Error> {
        let id = FormulaId::GrowthCeiling;
        let inputs = [("new_customers", self.new_customers)];
        if self.new_customers <= 0.0 {
            return Ok(Figure::undefined(id, "no-new-customers", &inputs));
        }
        let mut settled = self.clone();
        if let Some(programme) = &mut settled.programme {
            programme.start_period = 1.0;
        }
        let mean = settled.mean()?;
        match mean.value {
            Some(mean) => {
                let inputs = [("new_customers", self.new_customers), ("lifespan", mean)];
                Ok(finite(id, self.new_customers * mean, &inputs))
            }
            None => Ok(undefined_like(id, &mean)),
        }
    }

    /// Σ S(t) × growth^t over the periods: the horizon in periods of today's revenue.
    fn growing_horizon(&self) -> Result<f64, Error> {
        let growth = 1.0 + self.expansion - self.contraction;
        let (mut sum, mut weight) = (0.0, 1.0);
        for share in self.survival_of_new(self.n_periods)? {
            sum += share * weight;
            weight *= growth;
        }
        Ok(sum)
    }

    /// Periods until a customer has paid back its acquisition.
    pub(super) fn cac_payback(&self, money: &Money) -> Result<Figure, Error> {
        let id = FormulaId::CacPayback;
        let Some(cac) = money.cac else { return Ok(Figure::undefined(id, "needs-cac", &[])) };
        let Some(margin) = money.gross_margin else {
            return Ok(Figure::undefined(id, "needs-gross-margin", &[("cac", cac)]));
        };
        formula::cac_payback(cac, self.revenue_per_customer, margin)
    }
}

/// The lifetime value on margin over the cost of acquisition.
pub(super) fn clv_to_cac(values: &Figures, money: &Money) -> Result<Figure, Error> {
    let id = FormulaId::ClvToCac;
    let Some(cac) = money.cac else { return Ok(Figure::undefined(id, "needs-cac", &[])) };
    let Some(clv) = values.get("margin") else {
        return Ok(Figure::undefined(id, "needs-gross-margin", &[("cac", cac)]));
    };
    match clv.value {
        Some(clv) => formula::clv_to_cac(clv, cac),
        None => Ok(undefined_like(id, clv)),
    }
}

/// A value on a lifespan; undefined for the same reason where the lifespan is.
fn valued(
    id: FormulaId,
    lifespan: &Figure,
    value: impl FnOnce(f64) -> Result<Figure, Error>,
) -> Result<Figure, Error> {
    match lifespan.value {
        Some(span) => value(span),
        None => Ok(undefined_like(id, lifespan)),
    }
}

pub(super) fn undefined_like(id: FormulaId, figure: &Figure) -> Figure {
    let mut undefined = Figure::undefined(id, "not-known", &[]);
    undefined.why.clone_from(&figure.why);
    undefined
}

pub(super) fn finite(id: FormulaId, value: f64, inputs: &[(&'static str, f64)]) -> Figure {
    if value.is_finite() {
        Figure::of(id, value, inputs)
    } else {
        Figure::undefined(id, "result-too-large", inputs)
    }
}
