//! The list: how many customers match, what they come to together, and the rows of one page.
//!
//! It rounds nothing: sums are exact until they become major units.

use serde::{Deserialize, Serialize};

use super::super::{AnalysisOptions, lifetimes::LifetimeUnit};
use super::compared::{Closes, Compared};
use super::page::{Order, Page, Rank, places};
use super::pass::for_each_seen;
use super::query::CustomerQuery;
use super::scope::Scope;
use super::search::Search;
use super::seen::{Facts, MovementClass, Sight};
use super::{Members, members};
use crate::Error;
use crate::calendar::Day;
use crate::ledger::{Histories, Ledger, TenureUnit};
use crate::number::{Minor, to_major};

/// The customers that match a query: how many, what they come to, and some of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct CustomerList {
    /// Customers of the set that the search finds.
    pub total: u64,
    /// Customers of the set.
    pub members: u64,
    /// Their revenue then; this and all sums are those of all that match, in major units, and none
    /// where the file has no amounts.
    pub then: Option<f64>,
    /// Their revenue now.
    pub now: Option<f64>,
    /// Now less then.
    pub change: Option<f64>,
    /// What those who pay more pay more.
    pub gained: Option<f64>,
    /// What those who pay less pay less.
    pub lost: Option<f64>,
    /// What of it comes up for renewal, where the set is about renewals.
    pub due: Option<f64>,
    /// What the report counts beside them in the same sum, whatever is searched for.
    pub beside: Option<Beside>,
    /// The days compared; none where the file has no dates.
    pub compared: Option<ComparedDays>,
    /// `day`, `month` or `period`: what lifetimes are counted in.
    pub lifetime_unit: String,
    /// The rows asked for.
    pub rows: Vec<CustomerRow>,
}

/// Refunds in a sum of the report to customers who are not active, and so not in the set.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Beside {
    /// How many customers.
    pub customers: u64,
    /// What they come to, in major units.
    pub revenue: f64,
}

/// The days that are compared, `YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct ComparedDays {
    /// Where orders are added up, the first day of those then.
    pub then_from: Option<String>,
    /// The close that revenue then is that of, or the last day of the orders then.
    pub then_to: String,
    /// Where orders are added up, the first day of those now.
    pub now_from: Option<String>,
    /// The close that revenue now is that of, or the last day of the orders now.
    pub now_to: String,
}

/// One customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct CustomerRow {
    /// The id as the file has it.
    pub customer: String,
    /// The first day active, or that of the first purchase; none where the file has no dates.
    pub first_day: Option<String>,
    /// The day from whose close on it no longer counts, none while it does; in a monthly file the
    /// last day of the last month. Of orders, the day of the last purchase.
    pub last_day: Option<String>,
    /// Revenue then, in major units: per month at a close, or the orders of a stretch of days.
    pub then: Option<f64>,
    /// Revenue now.
    pub now: Option<f64>,
    /// Now less then.
    pub change: Option<f64>,
    /// How the customer moved.
    pub movement: MovementClass,
    /// Purchases up to the last day counted, where the file has orders.
    pub purchases: Option<u64>,
    /// All purchases less all refunds up to then, where the file has orders.
    pub paid: Option<f64>,
    /// The first day on which some of it comes up for renewal, where the set is about renewals.
    pub renewal: Option<String>,
    /// What of its revenue comes up for renewal then or later in the same window.
    pub due: Option<f64>,
    /// How long it has been a customer, up to the last day counted or until it was gone; of orders,
    /// from the first purchase to the last; in the unit of the list.
    pub lifetime: f64,
}

/// The customers behind a figure: how many, their revenue (in major units) and some of them.
///
/// # Formula
///
/// ```text
/// change = now − then        gained = Σ max(0, change)        lost = Σ max(0, −change)
/// ```
///
/// where `then` and `now` are a customer's revenue at the two closes of the period (of orders: in
/// the period before and in the period itself), and the sums run over all customers of the set that
/// the search finds.
///
/// # Domain
///
/// Any ledger with customers; the periods and the last day of the report under the same options. The
/// counts and sums are those of the report: for a group of a period, `total` is its count, and its
/// revenue movement is `gained` (new, reactivated, expanded) or `lost` (lost, contracted). What the
/// report adds for customers who are not active, as refunds without a purchase are, is in `beside`.
///
/// # Undefined
///
/// Never: counts and sums are defined where there is nobody. Without amounts there is no revenue.
///
/// # Errors
///
/// `no-customers-in-file` for totals of periods; `unknown-period` and `unknown-age` where the report
/// has no such period or age.
///
/// # Assumptions
///
/// Those of [`crate::analysis::period_movements`] and [`crate::analysis::purchase_movements`].
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::AnalysisOptions;
/// use retention_calculator::analysis::customers::{
///     CustomerQuery, CustomerSet, PeriodGroup, list_customers,
/// };
/// use retention_calculator::session::{AnalyzeOptions, Session};
///
/// let csv = "customer,start,end,mrr\nA,2024-01-01,,10.00\nB,2024-01-01,2024-03-15,5.00\n";
/// let mut session = Session::new(&AnalyzeOptions::default())?;
/// session.push(csv.as_bytes())?;
/// session.finish()?;
/// let lost = CustomerSet::Period { period: "2024-03".to_owned(), group: PeriodGroup::Lost };
/// let list = session.customers(&CustomerQuery::of(lost))?;
/// assert_eq!((list.total, list.lost), (1, Some(5.0)));
/// assert_eq!(list.rows[0].customer, "B");
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// As for [`crate::analysis::period_movements`].
pub fn list_customers(
    ledger: &Ledger,
    options: &AnalysisOptions,
    query: &CustomerQuery,
) -> Result<CustomerList, Error> {
    let listing = Listing::new(ledger, options, query)?;
    let (offset, n_most) = places(query.offset, query.limit);
    let mut sums = Sums::default();
    let page = listing.page(n_most, None, Some(&mut sums));
    let rows = page.0.iter().skip(offset).map(|facts| listing.row(facts)).collect();
    Ok(listing.list(&sums, rows))
}

/// What all customers come to that match.
#[derive(Default)]
pub(super) struct Sums {
    n_found: u64,
    n_members: u64,
    then_minor: Minor,
    now_minor: Minor,
    gained_minor: Minor,
    lost_minor: Minor,
    due_minor: Option<Minor>,
    n_beside: u64,
    beside_minor: Minor,
}

impl Sums {
    fn add(&mut self, facts: &Facts) {
        self.n_found += 1;
        self.then_minor += facts.then.revenue_minor;
        self.now_minor += facts.now.revenue_minor;
        if let Some(due) = facts.due {
            *self.due_minor.get_or_insert(0) += due.revenue_minor;
        }
        let change = facts.change_minor();
        if 0 < change {
            self.gained_minor += change;
        } else {
            self.lost_minor -= change;
        }
    }
}

/// A query on a ledger, ready for its passes.
pub(super) struct Listing<'a> {
    scope: Scope<'a>,
    members: Box<dyn Members + 'a>,
    sight: Sight,
    order: Order,
    search: &'a str,
}

impl<'a> Listing<'a> {
    pub(super) fn new(
        ledger: &'a Ledger,
        options: &AnalysisOptions,
        query: &'a CustomerQuery,
    ) -> Result<Self, Error> {
        let scope = Scope::new(ledger, options)?;
        let members = members(&query.of, &scope)?;
        let sight = Sight { closes: members.closes(), as_of: scope.as_of, months: scope.months() };
        let order = Order { sort: query.sort, is_descending: query.descending };
        Ok(Self { scope, members, sight, order, search: &query.search })
    }

    /// The last day counted; none where the file has no dates.
    pub(super) fn as_of(&self) -> Option<Day> {
        self.scope.as_of
    }

    pub(super) fn has_days(&self) -> bool {
        self.scope.as_of.is_some()
    }

    pub(super) fn sight(&self) -> &Sight {
        &self.sight
    }

    pub(super) fn ledger(&self) -> &'a Ledger {
        self.scope.ledger
    }

    /// The first customers behind a place, with the place of the last of them; adds all that match to
    /// the sums, where they are wanted.
    pub(super) fn page(
        &self,
        n_most: usize,
        after: Option<Rank>,
        mut sums: Option<&mut Sums>,
    ) -> (Vec<Facts>, Option<Rank>) {
        let mut page = Page::new(n_most, after);
        let mut search = Search::new(self.search);
        let customers = &self.ledger().customers;
        for_each_seen(&self.scope, &self.sight, |seen| {
            if !self.members.has(seen) {
                let beside = self.members.beside_minor(seen);
                if let Some(sums) = &mut sums
                    && beside != 0
                {
                    sums.n_beside += 1;
                    sums.beside_minor += beside;
                }
                return;
            }
            let facts = &Facts { due: self.members.due(seen), ..seen.facts };
            let is_found = search.finds_all() || search.finds(customers.id(facts.customer));
            if let Some(sums) = &mut sums {
                sums.n_members += 1;
                if is_found {
                    sums.add(facts);
                }
            }
            if is_found {
                page.offer(self.order.rank(facts), facts);
            }
        });
        page.finish()
    }

    fn money(&self, minor: Minor) -> Option<f64> {
        self.ledger().has_amounts.then(|| to_major(minor, self.ledger().decimals))
    }

    pub(super) fn row(&self, facts: &Facts) -> CustomerRow {
        CustomerRow {
            customer: self.ledger().customers.id(facts.customer).to_owned(),
            first_day: facts.first_day.map(Day::to_iso),
            last_day: facts.last_day.map(Day::to_iso),
            then: self.money(facts.then.revenue_minor),
            now: self.money(facts.now.revenue_minor),
            change: self.money(facts.change_minor()),
            movement: facts.movement(),
            purchases: facts.n_purchases,
            paid: facts.paid_minor.and_then(|minor| self.money(minor)),
            renewal: facts.due.map(|due| due.renewal.to_iso()),
            due: facts.due.and_then(|due| self.money(due.revenue_minor)),
            lifetime: facts.lifetime,
        }
    }

    fn list(&self, sums: &Sums, rows: Vec<CustomerRow>) -> CustomerList {
        let beside = self.money(sums.beside_minor).filter(|_| 0 < sums.n_beside);
        CustomerList {
            total: sums.n_found,
            members: sums.n_members,
            then: self.money(sums.then_minor),
            now: self.money(sums.now_minor),
            change: self.money(sums.now_minor - sums.then_minor),
            gained: self.money(sums.gained_minor),
            lost: self.money(sums.lost_minor),
            due: sums.due_minor.and_then(|minor| self.money(minor)),
            beside: beside.map(|revenue| Beside { customers: sums.n_beside, revenue }),
            compared: self.compared_days(),
            lifetime_unit: self.lifetime_unit().name().to_owned(),
            rows,
        }
    }

    fn compared_days(&self) -> Option<ComparedDays> {
        self.scope.as_of?;
        // Where each customer has days of its own, there are none to name.
        let Closes::Same(Compared { then, now }) = self.sight.closes else { return None };
        let adds_up = matches!(self.ledger().histories, Histories::Purchases(_));
        let first = |after: Day| adds_up.then(|| after.next().to_iso());
        Some(ComparedDays {
            then_from: first(then.after),
            then_to: then.to.to_iso(),
            now_from: first(now.after),
            now_to: now.to.to_iso(),
        })
    }

    pub(super) fn lifetime_unit(&self) -> LifetimeUnit {
        match &self.ledger().histories {
            Histories::Accounts(_) => match self.ledger().tenure_unit {
                TenureUnit::Day => LifetimeUnit::Day,
                TenureUnit::Month => LifetimeUnit::Month,
                TenureUnit::Period => LifetimeUnit::Period,
            },
            _ if self.sight.months.is_some() => LifetimeUnit::Month,
            _ => LifetimeUnit::Day,
        }
    }
}
