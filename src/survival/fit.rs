//! One request, one fit: every estimator and model behind one door, on plain numbers.
//!
//! It chooses no model; who asks names it. It computes nothing that the models' own files do not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::back_test::{BackTest, back_test};
use super::beta_discrete_weibull::beta_discrete_weibull;
use super::bg_nbd::bg_nbd;
use super::discounted_lifetime::discounted_lifetime;
use super::gamma_gamma::gamma_gamma;
use super::geometric::geometric;
use super::goodness_of_fit::{GoodnessOfFit, goodness_of_fit};
use super::kaplan_meier::{KaplanMeier, kaplan_meier, two_sided_quantile};
use super::lifespan_model::{FittedLifespan, LifespanModel};
use super::likelihood_ratio::{LikelihoodRatio, likelihood_ratio};
use super::mbg_nbd::mbg_nbd;
use super::mean_lifetime::{lifetime_within, mean_lifetime};
use super::median_lifetime::{median_lifetime, median_of_model};
use super::pareto_nbd::pareto_nbd;
use super::purchase_histories::PurchaseHistories;
use super::purchase_model::{FittedPurchases, PurchaseOutlook, purchase_outlook};
use super::renewal_table::{RenewalTable, SIZE_OF_SHARES};
use super::restricted_mean_lifetime::restricted_mean_lifetime;
use super::risk_table::RiskTable;
use super::shifted_beta_geometric::shifted_beta_geometric;
use super::zero_churn_bound::zero_churn_bound;
use crate::Error;
use crate::arrange;
use crate::note::{Note, Severity};
use crate::number::interval::DEFAULT_CONFIDENCE;
use crate::number::{Figure, FormulaId};

/// The longest curve of a fit, in periods.
const LONGEST_CURVE: usize = 1200;

/// From this correlation on, amount and frequency are not taken to be independent.
const CORRELATED: f64 = 0.3;

/// What to fit, and to what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum FitRequest {
    /// The observed survival curve.
    KaplanMeier {
        /// How long each customer has been one, in any one unit.
        durations: Vec<f64>,
        /// Whether it was lost then.
        events: Vec<bool>,
        /// How long it had been one when it was first observed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<Vec<f64>>,
        /// Up to when the mean is taken; the last time by default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        horizon: Option<f64>,
        /// The confidence of the intervals; 0.95 by default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidence: Option<f64>,
    },
    /// One churn for all customers and periods.
    Geometric(ContractualRequest),
    /// The shifted-beta-geometric model.
    Sbg(ContractualRequest),
    /// The beta-discrete-Weibull model.
    Bdw(ContractualRequest),
    /// The BG/NBD model.
    Bgnbd(PurchasesRequest),
    /// The modified BG/NBD model.
    Mbgnbd(PurchasesRequest),
    /// The Pareto/NBD model.
    Paretonbd(PurchasesRequest),
    /// The Gamma–Gamma model.
    GammaGamma {
        /// Each customer's purchases after the first one.
        frequency: Vec<f64>,
        /// The average amount of those purchases.
        average_value: Vec<f64>,
    },
}

/// What a contractual model is fitted to: survivors of one cohort or of several, or durations and
/// events.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default)]
pub struct ContractualRequest {
    /// How many of one cohort are there after 0, 1, 2, … periods: customers, or shares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub survivors: Option<Vec<f64>>,
    /// The same of several cohorts, each from its own start on: one model for all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohorts: Option<Vec<Vec<f64>>>,
    /// How many customers a cohort had at the start, where survivors are shares; 1000 by default
    /// where they have fractions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<f64>,
    /// The last period to fit to; those after it are held out to judge the projection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fit_to: Option<usize>,
    /// How many periods each customer has been one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub durations: Option<Vec<f64>>,
    /// Whether it was lost then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<bool>>,
    /// How many periods it had been one when it was first observed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<Vec<f64>>,
    /// Up to which period the mean is taken; the last one observed by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub horizon: Option<usize>,
    /// The discount rate per period, as a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_rate: Option<f64>,
    /// The confidence of the intervals; 0.95 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
}

/// What a model of purchases is fitted to, one entry for each customer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PurchasesRequest {
    /// Purchases after the first one.
    pub frequency: Vec<f64>,
    /// Time from the first purchase to the last one.
    pub recency: Vec<f64>,
    /// Time from the first purchase to the end of the observation.
    pub observed: Vec<f64>,
    /// How many customers each entry stands for; one by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Vec<f64>>,
    /// How far ahead purchases are expected; as far as the longest observation by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<f64>,
}

/// Amounts to come.
#[derive(Clone, Debug, PartialEq)]
pub struct SpendOutlook {
    /// The expected amount per purchase of each customer; nothing where it is infinite.
    pub expected_value: Vec<Option<f64>>,
    /// The mean amount per purchase over all customers; nothing where it is infinite.
    pub mean_value: Option<f64>,
    /// The correlation of frequency and average amount, which the model takes to be 0.
    pub correlation: Option<f64>,
}

/// A fitted model or curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The kind that was asked for.
    pub kind: &'static str,
    /// Whether the parameters are what they say.
    pub converged: bool,
    /// The parameters by their published names.
    pub parameters: BTreeMap<&'static str, f64>,
    /// Their standard errors.
    pub standard_errors: Option<BTreeMap<&'static str, f64>>,
    /// Their covariance.
    pub covariance: Option<BTreeMap<&'static str, BTreeMap<&'static str, f64>>>,
    /// The logarithm of the likelihood.
    pub log_likelihood: Option<f64>,
    /// Observed survival, or fitted and projected.
    pub curve: Option<Vec<CurvePoint>>,
    /// The time at which half are gone.
    pub median: Option<Figure>,
    /// The mean time inside the horizon.
    pub rmst: Option<Figure>,
    /// Expected lifetimes: `mean`, `horizon`, `discounted`.
    pub lifespan: Option<BTreeMap<&'static str, Figure>>,
    /// The gain over the geometric model.
    pub likelihood_ratio: Option<LikelihoodRatio>,
    /// Whether it describes what it was fitted to.
    pub goodness_of_fit: Option<GoodnessOfFit>,
    /// How far off the projection was in the periods held out.
    pub back_test: Option<BackTest>,
    /// Purchases to come.
    pub purchases: Option<PurchaseOutlook>,
    /// Amounts to come.
    pub spend: Option<SpendOutlook>,
    /// What there is to say about it.
    pub notes: Vec<Note>,
}

/// One point of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// The time.
    pub t: f64,
    /// The share still there after it.
    pub survival: f64,
    /// The interval of that share.
    pub interval: Option<(f64, f64)>,
}

/// A fitted model or observed curve, with its parameters, lifetimes (in periods) and remarks.
///
/// # Formula
///
/// That of the kind asked for: [`kaplan_meier`], [`geometric`], [`shifted_beta_geometric`] (`sbg`),
/// [`beta_discrete_weibull`] (`bdw`), [`bg_nbd`], [`mbg_nbd`], [`pareto_nbd`], [`gamma_gamma`]; with
/// [`purchase_outlook`] for the models of purchases.
///
/// # Domain
///
/// That of the kind. Survivors, cohorts and durations exclude each other.
///
/// # Undefined
///
/// Each figure by itself: `median-not-reached`, `mean-infinite`, `no-discount-rate` where none was
/// given, `horizon-beyond-data`. Without a loss the mean is `mean-infinite`, and its lower end is
/// one over [`zero_churn_bound`].
///
/// # Errors
///
/// `fit-needs-data` where there are neither survivors nor cohorts nor durations with events;
/// `fit-data-ambiguous` where there are several of them; and those of the kind.
///
/// # Assumptions
///
/// Those of the kind.
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{ContractualRequest, FitRequest, fit};
///
/// let request = FitRequest::Sbg(ContractualRequest {
///     survivors: Some(vec![100.0, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1]),
///     ..Default::default()
/// });
/// let found = fit(&request)?;
/// assert!((found.parameters["alpha"] - 0.704).abs() < 5e-4);
/// assert!((found.parameters["beta"] - 1.182).abs() < 5e-4);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Those of the kind.
pub fn fit(request: &FitRequest) -> Result<Fit, Error> {
    match request {
        FitRequest::KaplanMeier { durations, events, entry, horizon, confidence } => {
            let confidence = confidence.unwrap_or(DEFAULT_CONFIDENCE);
            observed(&kaplan_meier(durations, events, entry.as_deref(), confidence)?, *horizon)
        }
        FitRequest::Geometric(data) => contractual("geometric", data, |table| Ok(geometric(table))),
        FitRequest::Sbg(data) => contractual("sbg", data, shifted_beta_geometric),
        FitRequest::Bdw(data) => contractual("bdw", data, beta_discrete_weibull),
        FitRequest::Bgnbd(data) => purchases("bgnbd", data, bg_nbd),
        FitRequest::Mbgnbd(data) => purchases("mbgnbd", data, mbg_nbd),
        FitRequest::Paretonbd(data) => purchases("paretonbd", data, pareto_nbd),
        FitRequest::GammaGamma { frequency, average_value } => spend(frequency, average_value),
    }
}

impl Fit {
    /// A fit of a kind with nothing in it yet.
    pub(super) fn new(kind: &'static str) -> Self {
        Self {
            kind,
            converged: true,
            parameters: BTreeMap::new(),
            standard_errors: None,
            covariance: None,
            log_likelihood: None,
            curve: None,
            median: None,
            rmst: None,
            lifespan: None,
            likelihood_ratio: None,
            goodness_of_fit: None,
            back_test: None,
            purchases: None,
            spend: None,
            notes: Vec::new(),
        }
    }
}

/// A remark about a fit.
pub(super) fn remark(code: &'static str, severity: Severity, message: String) -> Note {
    Note { code, severity, excludes: false, message, count: 1, rows: Vec::new(), column: None }
}

/// The observed curve as a fit.
fn observed(curve: &KaplanMeier, horizon: Option<f64>) -> Result<Fit, Error> {
    let mut fit = Fit::new("kaplan_meier");
    let mut points = Vec::with_capacity(curve.timeline.len() + 2);
    if curve.timeline.first().is_none_or(|&first| 0.0 < first) {
        points.push(CurvePoint { t: 0.0, survival: 1.0, interval: None });
    }
    for (step, &t) in curve.timeline.iter().enumerate() {
        let interval = Some((curve.low[step], curve.high[step]));
        points.push(CurvePoint { t, survival: curve.survival[step], interval });
    }
    if let Some(&last) = points.last()
        && last.t < curve.last_time
    {
        points.push(CurvePoint { t: curve.last_time, ..last });
    }
    fit.curve = Some(points);
    fit.median = Some(median_lifetime(curve));
    fit.rmst = Some(restricted_mean_lifetime(curve, horizon)?);
    if curve.timeline.is_empty() {
        let message = format!(
            "None of {} customers was lost, so the curve has no step. That is not a churn of 0: see \
             the upper bound of the churn.",
            curve.n_customers
        );
        fit.notes.push(remark("no-losses", Severity::Info, message));
    }
    if curve.n_from_the_beginning == 0 {
        let message =
            "Nobody was observed from the beginning: the curve starts at 1 where the first \
                       customer came under observation, and says nothing of those lost before."
                .to_owned();
        fit.notes.push(remark("nobody-from-the-beginning", Severity::Warning, message));
    }
    let emptied = curve.survival.iter().position(|&survival| survival <= 0.0);
    if let Some(step) = emptied
        && curve.timeline[step] < curve.last_time
    {
        let message = format!(
            "All customers at risk at {} were lost, so the curve is 0 from there on although others \
             came under observation later. Leave out the first durations, where few were observed.",
            curve.timeline[step]
        );
        fit.notes.push(remark("risk-set-emptied", Severity::Warning, message));
    }
    Ok(fit)
}

/// The table of a request.
fn table_of(data: &ContractualRequest) -> Result<RenewalTable, Error> {
    match (&data.survivors, &data.cohorts, &data.durations, &data.events) {
        (Some(survivors), None, None, None) => {
            RenewalTable::from_survivors(survivors, data.size, data.fit_to)
        }
        (None, Some(cohorts), None, None) => {
            RenewalTable::from_cohorts(cohorts, data.size, data.fit_to)
        }
        (None, None, Some(durations), Some(events)) => RenewalTable::from_risk_table(
            &RiskTable::from_durations(durations, events, data.entry.as_deref())?,
            data.fit_to,
        ),
        (Some(_), _, _, _) | (_, Some(_), _, _) => Err(Error::new(
            "fit-data-ambiguous",
            "Survivors, cohorts and durations are given together. Give one of them.",
        )),
        _ => Err(Error::new(
            "fit-needs-data",
            "Give survivors after 0, 1, 2, … periods, or durations with events.",
        )),
    }
}

/// A contractual model as a fit.
fn contractual(
    kind: &'static str,
    data: &ContractualRequest,
    estimate: impl Fn(&RenewalTable) -> Result<FittedLifespan, Error>,
) -> Result<Fit, Error> {
    let table = table_of(data)?;
    let fitted = estimate(&table)?;
    let asked = Asked {
        horizon: data.horizon.unwrap_or(table.rows().len()),
        discount_rate: data.discount_rate,
        confidence: data.confidence.unwrap_or(DEFAULT_CONFIDENCE),
    };
    let mut fit = of_lifespan(kind, &table, &fitted, &asked)?;
    if table.fit_to() < table.rows().len() {
        fit.back_test = Some(back_test(&fitted.model, &table));
    }
    fit.notes = contractual_notes(data, &fitted);
    Ok(fit)
}

/// What is asked of a fitted model.
struct Asked {
    horizon: usize,
    discount_rate: Option<f64>,
    confidence: f64,
}

/// A fitted lifespan model as a fit, in periods.
#[inline(never)]
fn of_lifespan(
    kind: &'static str,
    table: &RenewalTable,
    fitted: &FittedLifespan,
    asked: &Asked,
) -> Result<Fit, Error> {
    let &Asked { horizon, discount_rate, confidence } = asked;
    let model = fitted.model;
    let mut fit = Fit::new(kind);
    fit.converged = fitted.converged;
    fit.parameters = arrange::map(model.parameters());
    fit.standard_errors = fitted.standard_errors().map(arrange::map);
    fit.covariance = fitted.covariance_by_name();
    fit.log_likelihood = Some(fitted.log_likelihood);
    fit.curve = Some(projection(fitted, table.rows().len().max(horizon), confidence)?);
    fit.median = Some(median_of_model(fitted, confidence)?);

    let mut mean = mean_lifetime(&model);
    if let Some(interval) = fitted.interval_of(confidence, |m| mean_lifetime(m).value)? {
        mean = mean.with_interval(interval);
    }
    let exposure: f64 = table.fitted().iter().map(|row| row.at_risk).sum();
    if fitted.remark == Some("no-losses") && 0.0 < exposure {
        let bound = zero_churn_bound(exposure, confidence)?;
        mean.low = Some(1.0 / bound);
        mean.inputs.insert("churn_bound".into(), bound);
    }
    let mut within = lifetime_within(&model, horizon)?;
    let of_horizon = |m: &LifespanModel| lifetime_within(m, horizon).ok().and_then(|f| f.value);
    if let Some(interval) = fitted.interval_of(confidence, of_horizon)? {
        within = within.with_interval(interval);
    }
    let discounted = match discount_rate {
        None => Figure::undefined(FormulaId::DiscountedLifetime, "no-discount-rate", &[]),
        Some(rate) => {
            let figure = discounted_lifetime(&model, rate)?;
            let of_rate =
                |m: &LifespanModel| discounted_lifetime(m, rate).ok().and_then(|f| f.value);
            match fitted.interval_of(confidence, of_rate)? {
                Some(interval) => figure.with_interval(interval),
                None => figure,
            }
        }
    };
    fit.rmst = Some(within.clone());
    fit.lifespan =
        Some(BTreeMap::from([("mean", mean), ("horizon", within), ("discounted", discounted)]));
    if kind == "sbg" {
        fit.likelihood_ratio = Some(likelihood_ratio(fitted, &geometric(table)));
    }
    if 0.0 < exposure && fitted.remark != Some("no-losses") {
        fit.goodness_of_fit = goodness_of_fit(&model, table);
    }
    Ok(fit)
}

/// From so many losses on, models are worth fitting.
const LOSSES_FOR_MODELS: f64 = 10.0;

/// From so many losses on, a third parameter is worth fitting.
const LOSSES_FOR_WEIBULL: f64 = 50.0;

/// From so many periods on, a third of them is worth holding out.
const PERIODS_FOR_BACK_TEST: usize = 6;

/// Lifespan models of a whole file, each with its parameters, its lifetimes (in the unit of the
/// durations) and a back-test.
///
/// The geometric, the shifted-beta-geometric and the beta-discrete-Weibull model are fitted to
/// durations grouped into periods; each is also fitted to the first two thirds of the periods alone,
/// and the back-test shows how far off that projection was in the last third.
///
/// # Formula
///
/// Those of [`geometric`], [`shifted_beta_geometric`], [`beta_discrete_weibull`] and [`back_test`],
/// with times multiplied by the length of a period.
///
/// # Domain
///
/// `0 < period_length`: how many units of the durations make one period (30.436875 days, 1 month), and
/// `wobble` is how far the end of one may be from its place by that length, as in
/// [`RenewalTable::by_periods`]. `discount_rate` is per period.
///
/// # Undefined
///
/// A model that the file is too small for is left out: all with fewer than ten losses, the
/// beta-discrete-Weibull model with fewer than fifty, and each with too few periods. Where nothing
/// is left the list is empty. Figures are undefined as in [`fit`]; a back-test needs six periods.
///
/// # Errors
///
/// `confidence-out-of-range`, `discount-rate-out-of-range`, `period-length-out-of-range`,
/// `wobble-out-of-range`, `too-many-periods`, `entry-not-whole`.
///
/// # Assumptions
///
/// Those of the models; above all that customers of all ages in the file are alike.
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{DurationCount, RiskTable, lifespan_models};
///
/// let count = |duration, n_events, n_censored| DurationCount { duration, n_events, n_censored };
/// let months = RiskTable::from_counts(
///     &[count(1.0, 40, 10), count(2.0, 20, 10), count(3.0, 10, 10), count(4.0, 5, 95)],
///     &[],
/// )?;
/// let models = lifespan_models(&months, 1.0, 0.0, None, 0.95)?;
/// let kinds: Vec<&str> = models.iter().map(|model| model.kind).collect();
/// assert_eq!(kinds, ["geometric", "sbg", "bdw"]);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Fader and Hardie (2007); Fader, Hardie, Liu, Davin and Steenburgh (2018).
#[inline(never)]
pub fn lifespan_models(
    table: &RiskTable,
    period_length: f64,
    wobble: f64,
    discount_rate: Option<f64>,
    confidence: f64,
) -> Result<Vec<Fit>, Error> {
    two_sided_quantile(confidence)?;
    let table = match RenewalTable::by_periods(table, period_length, wobble) {
        Ok(table) => table,
        Err(error) if error.code() == "too-few-periods" => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let n_losses: f64 = table.rows().iter().map(|row| row.lost).sum();
    let n_periods = table.rows().len();
    let asked = Asked { horizon: n_periods, discount_rate, confidence };
    let early = table.fitted_to((2 * n_periods / 3).max(1))?;
    let mut fits = Vec::new();
    for (kind, estimate, fewest_losses) in MODELS {
        if n_losses < fewest_losses {
            continue;
        }
        // A model may need more periods than there are.
        let Ok(fitted) = estimate(&table) else { continue };
        let mut fit = of_lifespan(kind, &table, &fitted, &asked)?;
        fit.notes = contractual_notes(&ContractualRequest::default(), &fitted);
        if PERIODS_FOR_BACK_TEST <= n_periods
            && let Ok(of_early) = estimate(&early)
        {
            fit.back_test = Some(back_test(&of_early.model, &early));
        }
        fits.push(in_unit(fit, period_length));
    }
    Ok(fits)
}

/// The models by name, with how they are fitted and from how many losses on.
const MODELS: [(&str, Estimate, f64); 3] = [
    ("geometric", |table| Ok(geometric(table)), LOSSES_FOR_MODELS),
    ("sbg", shifted_beta_geometric, LOSSES_FOR_MODELS),
    ("bdw", beta_discrete_weibull, LOSSES_FOR_WEIBULL),
];

/// How a model is fitted to a table.
type Estimate = fn(&RenewalTable) -> Result<FittedLifespan, Error>;

/// A fit in periods as one in a unit of which `period_length` make a period.
#[inline(never)]
fn in_unit(mut fit: Fit, period_length: f64) -> Fit {
    let scaled = |mut figure: Figure| {
        for number in [&mut figure.value, &mut figure.low, &mut figure.high] {
            *number = number.map(|time| time * period_length);
        }
        figure.inputs.insert("period_length".into(), period_length);
        figure
    };
    for point in fit.curve.iter_mut().flatten() {
        point.t *= period_length;
    }
    if let Some(test) = &mut fit.back_test {
        test.fitted_to *= period_length;
        test.rows.iter_mut().for_each(|row| row.period *= period_length);
        test.curve.iter_mut().for_each(|(t, _)| *t *= period_length);
    }
    fit.median = fit.median.map(scaled);
    fit.rmst = fit.rmst.map(scaled);
    fit.lifespan = fit.lifespan.map(|lifespan| {
        arrange::map(lifespan.into_iter().map(|(name, figure)| (name, scaled(figure))))
    });
    fit
}

#[inline(never)]
fn contractual_notes(data: &ContractualRequest, fitted: &FittedLifespan) -> Vec<Note> {
    let mut notes = Vec::new();
    let shares = data.survivors.as_ref().is_some_and(|survivors| {
        data.size.is_none() && survivors.iter().any(|survivor| 0.0 < survivor.fract())
    });
    if shares {
        let message = format!(
            "The survivors have fractions, so they were taken as shares of {SIZE_OF_SHARES} \
             customers. How sure the fit is depends on that: give the size."
        );
        notes.push(remark("survivors-taken-as-shares", Severity::Info, message));
    }
    let (severity, message) = match fitted.remark {
        Some("no-losses") => (
            Severity::Warning,
            "Nobody was lost, so no lifetime can be estimated. The lower end of the mean is what \
             this much observation without a loss shows.",
        ),
        Some("homogeneous-churn")
            if matches!(fitted.model, LifespanModel::DiscreteWeibull { .. }) =>
        {
            (
                Severity::Info,
                "Where the risk may change with age, it is that change that explains the losses, and \
                 differences between customers add nothing. Its parameters are the churn of the first \
                 period (theta) and c.",
            )
        }
        Some("homogeneous-churn") => (
            Severity::Info,
            "The observed churn does not fall with age, so the customers show no differences: the \
             best model is the geometric one, with one churn for all.",
        ),
        Some("losses-in-first-period-only") => (
            Severity::Warning,
            "All losses fell into the first period, so the parameters are not determined. The curve \
             holds for the observed periods; what comes after is not known.",
        ),
        _ if !fitted.converged => (
            Severity::Warning,
            "The data do not determine all parameters of this model. The curve describes the \
             observed periods; do not read the parameters one by one.",
        ),
        _ => return notes,
    };
    let code = fitted.remark.unwrap_or("parameters-not-determined");
    notes.push(remark(code, severity, message.to_owned()));
    notes
}

/// The fitted curve over the observed periods and twice as many again.
#[inline(never)]
fn projection(
    fitted: &FittedLifespan,
    n_periods: usize,
    confidence: f64,
) -> Result<Vec<CurvePoint>, Error> {
    let last = n_periods.saturating_mul(3).min(n_periods.max(LONGEST_CURVE));
    let mut points = Vec::with_capacity(last + 1);
    let mut t = 0.0;
    for _ in 0..=last {
        let survival = fitted.model.survival(t);
        points.push(CurvePoint { t, survival, interval: fitted.survival_interval(confidence, t)? });
        t += 1.0;
    }
    Ok(points)
}

/// A model of purchases as a fit.
fn purchases(
    kind: &'static str,
    data: &PurchasesRequest,
    estimate: impl Fn(&PurchaseHistories) -> FittedPurchases,
) -> Result<Fit, Error> {
    let histories = PurchaseHistories::new(
        &data.frequency,
        &data.recency,
        &data.observed,
        data.weights.as_deref(),
    )?;
    let fitted = estimate(&histories);
    let horizon = data.horizon.unwrap_or_else(|| histories.longest());
    let mut fit = Fit::new(kind);
    fit.converged = fitted.converged;
    fit.parameters = arrange::map(fitted.model.parameters());
    fit.standard_errors = fitted.standard_errors().map(arrange::map);
    fit.log_likelihood = Some(fitted.log_likelihood);
    fit.purchases = Some(purchase_outlook(&fitted.model, &histories, horizon)?);
    if !fitted.converged {
        fit.notes.push(not_determined());
    }
    if kind == "bgnbd" && histories.customers().iter().any(|of| of.frequency <= 0.0) {
        let message = "Under this model a customer with one purchase is one still, for certain: it can \
                       only stop after a later purchase. The modified model and the Pareto/NBD model \
                       let such customers go."
            .to_owned();
        fit.notes.push(remark("one-purchase-counts-as-alive", Severity::Info, message));
    }
    Ok(fit)
}

/// The model of amounts as a fit.
fn spend(frequency: &[f64], average_value: &[f64]) -> Result<Fit, Error> {
    let fitted = gamma_gamma(frequency, average_value)?;
    let mut fit = Fit::new("gamma_gamma");
    fit.converged = fitted.converged;
    fit.parameters = BTreeMap::from([("p", fitted.p), ("q", fitted.q), ("gamma", fitted.gamma)]);
    fit.standard_errors = fitted.standard_errors().map(arrange::map);
    fit.log_likelihood = Some(fitted.log_likelihood);
    let customers = frequency.iter().zip(average_value);
    fit.spend = Some(SpendOutlook {
        expected_value: customers.map(|(&x, &z)| fitted.expected_value(x, z)).collect(),
        mean_value: fitted.mean_value(),
        correlation: fitted.correlation,
    });
    if !fitted.converged {
        fit.notes.push(not_determined());
    }
    if let Some(correlation) = fitted.correlation
        && CORRELATED <= correlation.abs()
    {
        let message = format!(
            "How much customers spend per purchase goes with how often they buy (correlation \
             {correlation:.2}). The model takes the two to be independent; do not multiply its values \
             with expected purchases."
        );
        fit.notes.push(remark("value-depends-on-frequency", Severity::Warning, message));
    }
    let aside = frequency.iter().filter(|&&x| x <= 0.0).count();
    if 0 < aside {
        let message = format!(
            "{aside} customers have no repeat purchase, so nothing is known of their own amounts: the \
             mean of all is expected of them."
        );
        fit.notes.push(remark("no-own-amounts", Severity::Info, message));
    }
    Ok(fit)
}

fn not_determined() -> Note {
    let message =
        "The data do not determine all parameters of this model: some of them do not matter \
                   to what was observed. Do not read the parameters one by one."
            .to_owned();
    remark("parameters-not-determined", Severity::Warning, message)
}
