//! The models of a file: of purchases, of amounts, and the one that the check is made with.
//!
//! It says nothing of single customers.

use super::histories::{for_each_bought, n_days_after};
use super::query::OutlookModel;
use crate::Error;
use crate::calendar::Day;
use crate::ledger::Purchases;
use crate::number::special::CarefulSum;
use crate::survival::{
    FittedPurchases, FittedSpend, PurchaseHistories, PurchaseModel, bg_nbd, gamma_gamma, mbg_nbd,
    pareto_nbd,
};

/// From this correlation on, amount and frequency are not taken to be independent.
const CORRELATED: f64 = 0.3;

/// What is known of a file.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    pub(super) purchases: FittedPurchases,
    /// Or why amounts say nothing.
    pub(super) spend: Result<FittedSpend, &'static str>,
    pub(super) n_customers: u64,
    /// How many of them the parameters are found from.
    pub(super) n_fitted: u64,
    pub(super) n_repeat: u64,
    /// From the first purchase of all to the last day.
    pub(super) longest_days: f64,
}

/// What a model expected, and what came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Checked {
    pub(super) until: Day,
    pub(super) days: f64,
    pub(super) n_customers: u64,
    pub(super) expected: f64,
    pub(super) actual: f64,
}

/// Every so-manieth customer is enough of them.
struct Sample {
    frequency: Vec<f64>,
    recency: Vec<f64>,
    observed: Vec<f64>,
    average: Vec<f64>,
    n_customers: u64,
    n_repeat: u64,
    longest: f64,
}

/// How many customers the parameters are found from at most.
fn most_fitted(model: OutlookModel) -> u64 {
    match model {
        OutlookModel::BgNbd | OutlookModel::MbgNbd => 40_000,
        OutlookModel::ParetoNbd => 5_000,
    }
}

impl Sample {
    fn of(purchases: &Purchases, decimals: u8, until: Day, most: u64) -> Self {
        let mut n_customers: u64 = 0;
        let (mut n_repeat, mut longest) = (0, 0.0);
        for_each_bought(purchases, decimals, until, |bought, _| {
            n_customers += 1;
            n_repeat += u64::from(0.0 < bought.history.frequency);
            longest = bought.history.observed.max(longest);
        });
        let every = n_customers.div_ceil(most).max(1);
        let mut sample = Self {
            frequency: Vec::new(),
            recency: Vec::new(),
            observed: Vec::new(),
            average: Vec::new(),
            n_customers,
            n_repeat,
            longest,
        };
        let mut index = 0_u64;
        for_each_bought(purchases, decimals, until, |bought, _| {
            if index.is_multiple_of(every) {
                sample.frequency.push(bought.history.frequency);
                sample.recency.push(bought.history.recency);
                sample.observed.push(bought.history.observed);
                sample.average.push(bought.average.unwrap_or(0.0));
            }
            index += 1;
        });
        sample
    }

    fn fit(&self, model: OutlookModel) -> Result<FittedPurchases, Error> {
        let histories =
            PurchaseHistories::new(&self.frequency, &self.recency, &self.observed, None)?;
        Ok(match model {
            OutlookModel::BgNbd => bg_nbd(&histories),
            OutlookModel::MbgNbd => mbg_nbd(&histories),
            OutlookModel::ParetoNbd => pareto_nbd(&histories),
        })
    }
}

impl Fitted {
    pub(super) fn to(
        purchases: &Purchases,
        decimals: u8,
        as_of: Day,
        model: OutlookModel,
    ) -> Result<Self, Error> {
        let sample = Sample::of(purchases, decimals, as_of, most_fitted(model));
        let fitted = sample.fit(model)?;
        Ok(Self {
            purchases: fitted,
            spend: spend(&sample),
            n_customers: sample.n_customers,
            n_fitted: sample.frequency.len() as u64,
            n_repeat: sample.n_repeat,
            longest_days: sample.longest,
        })
    }
}

/// The model of amounts, or why it says nothing.
fn spend(sample: &Sample) -> Result<FittedSpend, &'static str> {
    let fitted = gamma_gamma(&sample.frequency, &sample.average).map_err(|error| error.code())?;
    if fitted.correlation.is_some_and(|correlation| CORRELATED <= correlation.abs()) {
        return Err("value-depends-on-frequency");
    }
    if fitted.mean_value().is_none() {
        return Err("mean-infinite");
    }
    Ok(fitted)
}

/// The model fitted to the earlier days against the days that were held out.
pub(super) fn check(
    purchases: &Purchases,
    decimals: u8,
    as_of: Day,
    model: OutlookModel,
    (longest_days, horizon_days): (f64, f64),
) -> Option<Checked> {
    let days = whole_days((longest_days / 3.0).min(horizon_days))?;
    let until = Day(as_of.0.checked_sub(days)?);
    let sample = Sample::of(purchases, decimals, until, most_fitted(model));
    let fitted = sample.fit(model).ok()?;
    let (expected, actual, n_customers) =
        expected_and_actual(purchases, decimals, (until, as_of), &fitted.model);
    (0.0 < expected && 0.0 < actual).then_some(Checked {
        until,
        days: f64::from(days),
        n_customers,
        expected,
        actual,
    })
}

fn expected_and_actual(
    purchases: &Purchases,
    decimals: u8,
    (until, as_of): (Day, Day),
    model: &PurchaseModel,
) -> (f64, f64, u64) {
    let days = f64::from(as_of.0 - until.0);
    let (mut expected, mut actual) = (CarefulSum::default(), 0.0);
    let mut n_customers = 0;
    for_each_bought(purchases, decimals, until, |bought, all| {
        n_customers += 1;
        expected.add(model.expected_purchases_of(&bought.history, days));
        actual += n_days_after(all, until, as_of);
    });
    (expected.value(), actual, n_customers)
}

#[expect(clippy::cast_possible_truncation, reason = "a few thousand days")]
fn whole_days(days: f64) -> Option<i32> {
    (1.0..1e6).contains(&days).then(|| libm::floor(days) as i32)
}
