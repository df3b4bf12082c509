//! Histories per customer, built row by row as a file streams by.
//!
//! It holds exact integers and days only; it computes no rate.

mod beside;
mod blocks;
pub mod build;
mod customers;
mod dimensions;
mod interner;
mod order;
mod packed;
mod purchases;
mod terms;

pub use beside::{AttributeColumn, Attributes, Beside, ChurnEvent};
pub use customers::{CustomerIndex, Customers};
pub use dimensions::{Dimension, Dimensions};
pub use purchases::{Purchase, Purchases};
pub use terms::Terms;

use crate::calendar::{Day, Period};
use crate::number::{Currency, Minor};

/// Everything that analysis needs to know of a file.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The customers, in the order of their ids.
    pub customers: Customers,
    /// What happened to them.
    pub histories: Histories,
    /// The currency of all amounts, where the file names one.
    pub currency: Option<Currency>,
    /// Decimal places of the amounts: those of the currency, else 2.
    pub decimals: u8,
    /// Whether there are amounts at all; without them, revenue is `null` everywhere.
    pub has_amounts: bool,
    /// The latest date in the data; nothing where the data have no dates.
    pub last_day: Option<Day>,
    /// What the tenure of accounts is counted in.
    pub tenure_unit: TenureUnit,
    /// The columns that can be segments, whose combinations [`Spell::segment`] and the like point to.
    pub segments: Dimensions,
    /// The churn reasons that [`Spell::reason`] and the like point into.
    pub reasons: Labels,
    /// For how many months each subscription is paid at a time, in the order of the spells.
    pub terms: Terms,
}

/// What the tenure of accounts is counted in, by the name of its column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TenureUnit {
    /// Days.
    Day,
    /// Months, which is what `tenure` means where nothing else is said.
    #[default]
    Month,
    /// A unit that the file does not name, or one that is neither days nor months.
    Period,
}

/// The distinct texts of a column, in alphabetical order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// The texts.
    pub names: Vec<String>,
}

/// A place in [`Labels`], or among the combinations of [`Dimensions`].
pub type LabelIndex = u32;

/// What happened to the customers, by the shape of the file.
#[derive(Clone, Debug)]
pub enum Histories {
    /// Subscriptions, or monthly revenue: what each customer paid per month, and when.
    Recurring(Recurring),
    /// Orders.
    Purchases(Purchases),
    /// Totals of periods, without customers.
    Totals(Vec<PeriodTotals>),
    /// Accounts with a tenure and a flag, without dates.
    Accounts(Vec<Account>),
}

/// Revenue per month over time.
#[derive(Clone, Debug)]
pub struct Recurring {
    /// Sorted by customer, then start, end and amount: any order of rows gives the same list.
    pub spells: Vec<Spell>,
    /// Whether these come from monthly snapshots. Then a spell is one month's cell, a day between
    /// closes means nothing, and lifetimes are counted in months.
    pub is_monthly: bool,
}

/// How many customers, or spells, a loop over all of them hands on at a time.
///
/// A browser goes on with the slow version of a function for as long as that runs, and takes the
/// fast one when it is called again. So what is done with each of a million customers is done in a
/// function that is called often, and not in one that is called once.
pub(crate) const PIECE: usize = 512;

impl Recurring {
    /// Calls `visit` with all spells of each customer, in the order of the customers.
    pub fn for_each_customer(&self, mut visit: impl FnMut(&[Spell])) {
        let mut rest = self.spells.as_slice();
        while let Some(last) = rest.get(PIECE - 1).or(rest.last()) {
            let behind = rest.iter().skip(PIECE).position(|one| one.customer != last.customer);
            let (piece, others) = rest.split_at(behind.map_or(rest.len(), |n_more| PIECE + n_more));
            visit_piece(piece, &mut visit);
            rest = others;
        }
    }
}

#[inline(never)]
fn visit_piece(spells: &[Spell], visit: &mut impl FnMut(&[Spell])) {
    spells.chunk_by(|a, b| a.customer == b.customer).for_each(visit);
}

/// A stretch of time in which a customer pays the same per month.
///
/// It counts at the close of day `d` where `start <= d` and `end` is none or `d < end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spell {
    /// Who pays.
    pub customer: CustomerIndex,
    /// The first day.
    pub start: Day,
    /// The day from whose close on it no longer counts.
    pub end: Option<Day>,
    /// Revenue per month in minor units, above 0 (1 where the file has no amounts).
    pub monthly: i64,
    /// The combination of values in the columns that can be segments, where there are such columns.
    pub segment: Option<LabelIndex>,
    /// Why it ended, where there is such a column.
    pub reason: Option<LabelIndex>,
    /// When it is up for renewal, where there is such a column.
    pub renewal: Option<Day>,
}

/// The totals of one period as a file gives them; what it does not give is none.
#[derive(Clone, Debug, PartialEq)]
pub struct PeriodTotals {
    /// The label as the file has it, where it is no calendar period.
    pub label: String,
    /// The calendar period, where the label is one.
    pub period: Option<Period>,
    /// The row it was read from.
    pub row: u64,
    /// Customers at the start.
    pub start_customers: Option<u64>,
    /// Customers won.
    pub new_customers: Option<u64>,
    /// Customers lost.
    pub lost_customers: Option<u64>,
    /// Customers at the end.
    pub end_customers: Option<u64>,
    /// Revenue at the start.
    pub start_revenue: Option<Minor>,
    /// Revenue of new customers.
    pub new_revenue: Option<Minor>,
    /// Revenue gained from customers who were there.
    pub expansion: Option<Minor>,
    /// Revenue lost from customers who stayed.
    pub contraction: Option<Minor>,
    /// Revenue lost with customers who left.
    pub churned_revenue: Option<Minor>,
    /// Revenue at the end.
    pub end_revenue: Option<Minor>,
}

/// One account: how long it has been there, and whether it has left.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Who.
    pub customer: CustomerIndex,
    /// Time as a customer, in the file's own unit (months, mostly).
    pub tenure: f64,
    /// Whether it has left.
    pub churned: bool,
    /// What it pays (or paid) per month, in minor units.
    pub amount: Option<i64>,
    /// The combination of values in the columns that can be segments, where there are such columns.
    pub segment: Option<LabelIndex>,
    /// Why it left, where there is such a column.
    pub reason: Option<LabelIndex>,
    /// When it is up for renewal, where there is such a column.
    pub renewal: Option<Day>,
}
