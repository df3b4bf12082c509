//! What one customer paid when: its levels or its orders, as the file gives them.
//!
//! It compares nothing, and it adds nothing up but what the list shows of the customer too.

use serde::{Deserialize, Serialize};

use super::super::AnalysisOptions;
use super::super::exact::Exact;
use super::super::levels::{Levels, Steps, VisitSteps};
use super::super::orders::Orders;
use super::list::{CustomerRow, Listing};
use super::query::{CustomerQuery, CustomerSet};
use super::seen::{Sight, Source};
use crate::Error;
use crate::arrange;
use crate::calendar::Day;
use crate::ledger::{
    CustomerIndex, Histories, LabelIndex, Labels, Ledger, Purchase, Recurring, Spell,
};
use crate::number::{Minor, to_major};

/// How many entries of each kind are shown of one customer: the latest.
const N_ENTRIES_MOST: usize = 1000;

/// What one customer paid when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct CustomerHistory {
    /// The customer as in the list of all.
    pub row: CustomerRow,
    /// `day`, `month` or `period`: what the lifetime is counted in.
    pub lifetime_unit: String,
    /// The last day counted; none where the file has no dates.
    pub as_of: Option<String>,
    /// The closes at which its recurring revenue became another one, oldest first.
    pub levels: Vec<LevelStep>,
    /// Its rows with recurring revenue, oldest first; of an account without dates, the one row.
    pub spells: Vec<CustomerSpell>,
    /// Its orders and refunds, oldest first.
    pub purchases: Vec<PurchaseEntry>,
    /// How many earlier entries are not shown.
    pub left_out: u64,
}

/// Recurring revenue from one close on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct LevelStep {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Whether the customer is active from its close on.
    pub is_active: bool,
    /// Revenue per month in major units; none where the file has no amounts.
    pub monthly: Option<f64>,
}

/// One stretch of time with one revenue per month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct CustomerSpell {
    /// Its first day; none where the file has no dates.
    pub start: Option<String>,
    /// The day from whose close on it no longer counts.
    pub end: Option<String>,
    /// Revenue per month in major units.
    pub monthly: Option<f64>,
    /// The segment, where there is such a column.
    pub segment: Option<String>,
    /// Why it ended, where there is such a column.
    pub reason: Option<String>,
    /// When it is up for renewal, where there is such a column.
    pub renewal: Option<String>,
}

/// One purchase, or one refund.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct PurchaseEntry {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// The amount in major units, below 0 for a refund; none where the file has no amounts.
    pub amount: Option<f64>,
}

/// What one customer paid when (in major units), with its row of the list of all customers.
///
/// # Formula
///
/// ```text
/// level(d) = Σ monthly of the customer's rows that count at the close of d
/// ```
///
/// where a row counts from its first day until its end, or without one for ever.
///
/// # Domain
///
/// Any ledger with customers; up to the last day of the report under the same options. Of a customer
/// with very many entries the latest 1,000 of each kind are shown, and `left_out` says how many are
/// not.
///
/// # Undefined
///
/// Never; without amounts there are days only.
///
/// # Errors
///
/// `no-customers-in-file` for totals of periods; `unknown-customer` where nobody has that id, or not
/// up to the last day counted.
///
/// # Assumptions
///
/// None.
///
/// # Examples
///
/// ```
/// use retention_calculator::session::{AnalyzeOptions, Session};
///
/// let csv = "customer,start,end,mrr\nA,2024-01-01,,10.00\nB,2024-01-01,2024-03-15,5.00\n";
/// let mut session = Session::new(&AnalyzeOptions::default())?;
/// session.push(csv.as_bytes())?;
/// session.finish()?;
/// let history = session.customer("B")?;
/// assert_eq!(history.levels[1].day, "2024-03-15");
/// assert!(!history.levels[1].is_active);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// As for [`super::list_customers`].
pub fn customer_history(
    ledger: &Ledger,
    options: &AnalysisOptions,
    id: &str,
) -> Result<CustomerHistory, Error> {
    let query = CustomerQuery::of(CustomerSet::All);
    let listing = Listing::new(ledger, options, &query)?;
    let customer = ledger.customers.find(id);
    let found = customer.and_then(|customer| History::of(ledger, &listing, customer));
    let history = found.ok_or_else(|| {
        let message = "No customer of the file has this id up to the last day counted.";
        Error::new("unknown-customer", message).in_column("customer")
    })?;
    Ok(history.finish(&listing))
}

/// One customer's history while it is put together.
struct History<'a> {
    ledger: &'a Ledger,
    row: CustomerRow,
    levels: Vec<LevelStep>,
    spells: Vec<CustomerSpell>,
    purchases: Vec<PurchaseEntry>,
}

impl<'a> History<'a> {
    fn of(
        ledger: &'a Ledger,
        listing: &Listing<'_>,
        customer: CustomerIndex,
    ) -> Option<History<'a>> {
        let mut found = None;
        match &ledger.histories {
            Histories::Recurring(recurring) => {
                let own = Recurring {
                    spells: spells_of(&recurring.spells, customer).to_vec(),
                    is_monthly: recurring.is_monthly,
                };
                let mut visitor = Taking { listing, ledger, found: None };
                Levels::new(&own, listing.as_of()?).visit(&mut visitor);
                found = visitor.found;
            }
            Histories::Purchases(purchases) => {
                purchases.visit_customer(customer, |purchases, refunds| {
                    let orders = Orders { purchases, refunds };
                    found = Self::of_orders(ledger, listing, orders);
                });
            }
            Histories::Accounts(accounts) => {
                let account = accounts.iter().find(|account| account.customer == customer)?;
                let seen = Sight::of_account(account);
                let mut history = Self::new(ledger, listing.row(&seen.facts));
                history.take_source(seen.source);
                found = Some(history);
            }
            Histories::Totals(_) => {}
        }
        found
    }

    fn new(ledger: &'a Ledger, row: CustomerRow) -> Self {
        Self { ledger, row, levels: Vec::new(), spells: Vec::new(), purchases: Vec::new() }
    }

    fn of_orders(ledger: &'a Ledger, listing: &Listing<'_>, orders: Orders<'_>) -> Option<Self> {
        let row = listing.row(&listing.sight().of_orders(orders)?.facts);
        let mut history = Self::new(ledger, row);
        let as_of = listing.as_of()?;
        let mut all: Vec<&Purchase> = orders.up_to(as_of).all().collect();
        arrange::by_key(&mut all, |order| order.day);
        history.purchases = all
            .into_iter()
            .map(|order| PurchaseEntry {
                day: order.day.to_iso(),
                amount: money(ledger, order.amount.into()),
            })
            .collect();
        Some(history)
    }

    fn finish(mut self, listing: &Listing<'_>) -> CustomerHistory {
        let left_out = [
            keep_latest(&mut self.levels),
            keep_latest(&mut self.spells),
            keep_latest(&mut self.purchases),
        ];
        CustomerHistory {
            row: self.row,
            lifetime_unit: listing.lifetime_unit().name().to_owned(),
            as_of: listing.as_of().map(Day::to_iso),
            levels: self.levels,
            spells: self.spells,
            purchases: self.purchases,
            left_out: left_out.into_iter().max().unwrap_or(0) as u64,
        }
    }

    /// Takes the rows that are no orders.
    fn take_source(&mut self, source: Source<'_>) {
        match source {
            Source::Spells(spells) => spells.iter().for_each(|spell| self.take_spell(spell)),
            Source::Orders(_) => {}
            Source::Account(account) => self.spells.push(CustomerSpell {
                start: None,
                end: None,
                monthly: account.amount.and_then(|amount| money(self.ledger, amount.into())),
                segment: self.ledger.segments.label(account.segment),
                reason: label(&self.ledger.reasons, account.reason),
                renewal: account.renewal.map(Day::to_iso),
            }),
        }
    }

    fn take_spell(&mut self, spell: &Spell) {
        self.spells.push(CustomerSpell {
            start: Some(spell.start.to_iso()),
            end: spell.end.map(Day::to_iso),
            monthly: money(self.ledger, spell.monthly.into()),
            segment: self.ledger.segments.label(spell.segment),
            reason: label(&self.ledger.reasons, spell.reason),
            renewal: spell.renewal.map(Day::to_iso),
        });
    }
}

/// Takes the one customer of a ledger with no other.
struct Taking<'a, 'b> {
    listing: &'b Listing<'b>,
    ledger: &'a Ledger,
    found: Option<History<'a>>,
}

impl VisitSteps for Taking<'_, '_> {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        let Some(seen) = self.listing.sight().of_steps(steps) else { return };
        let mut history = History::new(self.ledger, self.listing.row(&seen.facts));
        for (day, &level) in steps.days.iter().zip(steps.monthly_minor) {
            history.levels.push(LevelStep {
                day: day.to_iso(),
                is_active: T::default() < level,
                monthly: money(self.ledger, level.into()),
            });
        }
        history.take_source(seen.source);
        self.found = Some(history);
    }
}

/// The spells of one customer, of spells in the order of customers.
fn spells_of(spells: &[Spell], customer: CustomerIndex) -> &[Spell] {
    let from = spells.partition_point(|spell| spell.customer < customer);
    let until = spells.partition_point(|spell| spell.customer <= customer);
    &spells[from..until]
}

fn money(ledger: &Ledger, minor: Minor) -> Option<f64> {
    ledger.has_amounts.then(|| to_major(minor, ledger.decimals))
}

fn label(labels: &Labels, index: Option<LabelIndex>) -> Option<String> {
    labels.names.get(usize::try_from(index?).ok()?).cloned()
}

/// Drops the oldest of too many entries, and says how many these were.
fn keep_latest<T>(entries: &mut Vec<T>) -> usize {
    let n_dropped = entries.len().saturating_sub(N_ENTRIES_MOST);
    entries.drain(..n_dropped);
    n_dropped
}
