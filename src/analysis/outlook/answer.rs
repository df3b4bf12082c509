//! Purchases to come as they are handed out: of all customers, and of those of one page.
//!
//! It fits nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fitted::{Checked, Fitted};
use super::histories::{Bought, for_each_bought};
use super::query::{OutlookQuery, OutlookSort};
use crate::analysis::customers::{Page, Rank, Search, in_order, places};
use crate::arrange;
use crate::calendar::Day;
use crate::ledger::{Ledger, Purchases};
use crate::number::Minor;
use crate::number::special::CarefulSum;

/// Purchases to come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null, hashmap_as_object))]
#[serde(rename_all = "camelCase")]
pub struct Outlook {
    /// The day that the file counts to.
    pub as_of: String,
    /// How many days ahead.
    pub horizon_days: f64,
    /// What was fitted.
    pub fit: OutlookFit,
    /// Customers who ever bought.
    pub customers: u64,
    /// Of these, those who bought on more than one day.
    pub repeat_customers: u64,
    /// How many of them the parameters are found from.
    pub fitted_to: u64,
    /// The expected number of customers who are one still.
    pub alive: f64,
    /// The expected purchases of all of them within the horizon.
    pub purchases: f64,
    /// What these are expected to be worth, in major units.
    pub value: Option<f64>,
    /// Whether the parameters of the amounts are a maximum of their likelihood.
    pub amounts_converged: bool,
    /// Why there is no value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value_why: Option<String>,
    /// The expected amount of a purchase of a customer of whom nothing is known, in major units.
    pub mean_amount: Option<f64>,
    /// The expected purchases of a new customer within the horizon, after its first one.
    pub of_new_customer: f64,
    /// What the model would have expected of days that are over.
    pub check: Option<OutlookCheck>,
    /// How many customers match the search.
    pub total: u64,
    /// Those of the page.
    pub rows: Vec<OutlookCustomer>,
}

/// What was fitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null, hashmap_as_object))]
#[serde(rename_all = "camelCase")]
pub struct OutlookFit {
    /// The model, as asked for.
    pub kind: String,
    /// Whether its parameters are a maximum of the likelihood.
    pub converged: bool,
    /// Its parameters, with times in days.
    pub parameters: BTreeMap<String, f64>,
    /// Their standard errors.
    pub standard_errors: Option<BTreeMap<String, f64>>,
    /// The logarithm of its likelihood.
    pub log_likelihood: f64,
}

/// What was expected, and what came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct OutlookCheck {
    /// The last day that was fitted to.
    pub until: String,
    /// How many days after it were held out.
    pub days: f64,
    /// Customers who had bought by then.
    pub customers: u64,
    /// Their purchases after it, as expected.
    pub expected: f64,
    /// Their purchases after it.
    pub actual: f64,
    /// Expected over actual, less 1.
    pub error: f64,
}

/// One customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct OutlookCustomer {
    /// Its id as the file has it.
    pub customer: String,
    /// Days on which it bought.
    pub purchases: f64,
    /// The last of them.
    pub last_day: String,
    /// What it spent on average on the days after the first, in major units.
    pub average: Option<f64>,
    /// The probability that it is a customer still, a share.
    pub alive: f64,
    /// The purchases expected of it within the horizon.
    pub expected_purchases: f64,
    /// What these are expected to be worth, in major units.
    pub expected_value: Option<f64>,
}

/// One customer while all go by.
#[derive(Clone, Copy)]
struct Seen {
    bought: Bought,
    alive: f64,
    expected: f64,
    value: Option<f64>,
}

impl Seen {
    fn rank(&self, query: &OutlookQuery) -> Rank {
        let customer = self.bought.customer;
        let value = match query.sort {
            OutlookSort::Value => self.value.map(in_order),
            OutlookSort::Expected => Some(in_order(self.expected)),
            OutlookSort::Alive => Some(in_order(self.alive)),
            OutlookSort::Purchases => Some(in_order(self.bought.history.frequency)),
            OutlookSort::LastDay => Some(Minor::from(self.bought.last_day.0)),
            // Customers are numbered in the order of their ids.
            OutlookSort::Customer => Some(Minor::from(customer)),
        };
        Rank::new(value, customer, query.descending)
    }
}

pub(super) fn answer(
    ledger: &Ledger,
    purchases: &Purchases,
    fitted: &Fitted,
    checked: Option<Checked>,
    query: &OutlookQuery,
    as_of: Day,
) -> Outlook {
    let model = &fitted.purchases.model;
    let (mut alive, mut expected) = (CarefulSum::default(), CarefulSum::default());
    let mut value = CarefulSum::default();
    let mut search = Search::new(&query.search);
    let (offset, n_most) = places(query.offset, query.limit);
    let mut total = 0;
    let mut page = Page::new(n_most, None);
    for_each_bought(purchases, ledger.decimals, as_of, |bought, _| {
        let of_model = model.expected_purchases_of(&bought.history, query.horizon_days);
        let amount = fitted.spend.as_ref().ok().and_then(|spend| {
            spend.expected_value(bought.history.frequency, bought.average.unwrap_or(0.0))
        });
        let seen = Seen {
            bought,
            alive: model.probability_alive(&bought.history),
            expected: of_model,
            value: amount.map(|amount| amount * of_model),
        };
        alive.add(seen.alive);
        expected.add(seen.expected);
        value.add(seen.value.unwrap_or(0.0));
        if search.finds(ledger.customers.id(bought.customer)) {
            total += 1;
            page.offer(seen.rank(query), &seen);
        }
    });
    let rows = page.finish().0.into_iter().skip(offset).map(|seen| OutlookCustomer {
        customer: ledger.customers.id(seen.bought.customer).to_owned(),
        purchases: seen.bought.history.frequency + 1.0,
        last_day: seen.bought.last_day.to_iso(),
        average: seen.bought.average,
        alive: seen.alive,
        expected_purchases: seen.expected,
        expected_value: seen.value,
    });
    let named = |numbers: Vec<(&'static str, f64)>| -> BTreeMap<String, f64> {
        arrange::map(numbers.into_iter().map(|(name, value)| (name.to_owned(), value)))
    };
    Outlook {
        as_of: as_of.to_iso(),
        horizon_days: query.horizon_days,
        fit: OutlookFit {
            kind: query.model.name().to_owned(),
            converged: fitted.purchases.converged,
            parameters: named(model.parameters()),
            standard_errors: fitted.purchases.standard_errors().map(named),
            log_likelihood: fitted.purchases.log_likelihood,
        },
        customers: fitted.n_customers,
        repeat_customers: fitted.n_repeat,
        fitted_to: fitted.n_fitted,
        alive: alive.value(),
        purchases: expected.value(),
        value: fitted.spend.is_ok().then(|| value.value()),
        amounts_converged: fitted.spend.as_ref().is_ok_and(|spend| spend.converged),
        value_why: fitted.spend.as_ref().err().map(|why| (*why).to_owned()),
        mean_amount: fitted.spend.as_ref().ok().and_then(crate::survival::FittedSpend::mean_value),
        of_new_customer: model.expected_purchases(query.horizon_days),
        check: checked.map(|found| OutlookCheck {
            until: found.until.to_iso(),
            days: found.days,
            customers: found.n_customers,
            expected: found.expected,
            actual: found.actual,
            error: found.expected / found.actual - 1.0,
        }),
        total,
        rows: rows.collect(),
    }
}
