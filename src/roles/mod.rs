//! Which kind of file it is and which column is what, with scores and reasons a person can read.
//!
//! It decides from headers and sample values; it converts no row. Every choice can be overridden.

mod header;
mod profile;
mod shape;
mod vendor;

use std::collections::BTreeMap;

use crate::calendar::Period;
use crate::error::Error;
use crate::ingest::Table;
use profile::Profile;
pub(crate) use profile::{ValueKind, value_kind};

pub use header::normalized;

/// Declares an enum whose variants have a published name in snake case.
macro_rules! named {
    ($(#[$meta:meta])* pub enum $enum:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $enum { $($(#[$doc])* $variant,)* }

        impl $enum {
            /// All of them, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The published name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The one of a published name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

// Below the macro, which it uses.
pub mod health;

named! {
    /// The kind of a file.
    pub enum Shape {
        /// One row per subscription, with a start and maybe an end.
        Subscriptions = "subscriptions",
        /// Monthly recurring revenue per customer: one row per month, or one column per month.
        Mrr = "mrr",
        /// One row per order or payment.
        Transactions = "transactions",
        /// One row per period, with totals.
        Periods = "periods",
        /// One row per account, with a tenure and a churned flag.
        Accounts = "accounts",
        /// One row per customer with what is known of it, beside a history in another file.
        Customers = "customers",
        /// One row per leaving of a customer, beside a history in another file.
        Events = "events",
    }
}

named! {
    /// What a column means.
    pub enum Role {
        /// The customer's id.
        Customer = "customer",
        /// The first day of a subscription.
        Start = "start",
        /// The day a subscription ended.
        End = "end",
        /// Money: per billing interval, per month or per order, by the shape.
        Amount = "amount",
        /// The billing interval.
        Interval = "interval",
        /// How many intervals one billing covers.
        IntervalCount = "interval_count",
        /// Seats or pieces.
        Quantity = "quantity",
        /// ISO 4217 code.
        Currency = "currency",
        /// The vendor's state of a subscription or payment.
        Status = "status",
        /// Whether it is a trial, or when the trial ends.
        Trial = "trial",
        /// The plan.
        Plan = "plan",
        /// A segment.
        Segment = "segment",
        /// Why a customer left.
        Reason = "reason",
        /// When a contract is up for renewal.
        Renewal = "renewal",
        /// The month of a snapshot.
        Month = "month",
        /// The day of an order.
        Date = "date",
        /// Price of one piece.
        UnitPrice = "unit_price",
        /// The order's id.
        Order = "order",
        /// What was paid back of an order.
        Refund = "refund",
        /// The period of totals.
        Period = "period",
        /// Customers at the start of a period.
        StartCustomers = "start_customers",
        /// Customers won in a period.
        NewCustomers = "new_customers",
        /// Customers at the end of a period.
        EndCustomers = "end_customers",
        /// Customers lost in a period.
        LostCustomers = "lost_customers",
        /// Revenue at the start of a period.
        StartRevenue = "start_revenue",
        /// Revenue of new customers.
        NewRevenue = "new_revenue",
        /// Revenue gained from customers who were there.
        Expansion = "expansion",
        /// Revenue lost from customers who stayed.
        Contraction = "contraction",
        /// Revenue lost with customers who left.
        ChurnedRevenue = "churned_revenue",
        /// Revenue at the end of a period.
        EndRevenue = "end_revenue",
        /// Time as a customer.
        Tenure = "tenure",
        /// Whether a customer has left.
        Churned = "churned",
        /// The day a customer signed up.
        Signup = "signup",
        /// Whether an event is of a customer who came back.
        Reactivation = "reactivation",
    }
}

impl Shape {
    /// Those that a file can have by itself.
    pub const HISTORIES: &'static [Self] =
        &[Self::Subscriptions, Self::Mrr, Self::Transactions, Self::Periods, Self::Accounts];

    /// Whether a file of this shape has a history, rather than something to put beside one.
    #[must_use]
    pub fn is_history(self) -> bool {
        !matches!(self, Self::Customers | Self::Events)
    }

    /// The roles that a file of this shape must have.
    #[must_use]
    pub fn required(self) -> &'static [Role] {
        match self {
            Self::Subscriptions => &[Role::Customer, Role::Start],
            Self::Mrr => &[Role::Customer],
            Self::Transactions => &[Role::Customer, Role::Date],
            Self::Periods => &[Role::Period],
            Self::Accounts => &[Role::Tenure, Role::Churned],
            Self::Customers => &[Role::Customer],
            Self::Events => &[Role::Customer, Role::Date],
        }
    }

    /// The roles that a file of this shape can have.
    #[must_use]
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Subscriptions => &[
                Role::Customer,
                Role::Start,
                Role::End,
                Role::Amount,
                Role::Interval,
                Role::IntervalCount,
                Role::Quantity,
                Role::Currency,
                Role::Status,
                Role::Trial,
                Role::Plan,
                Role::Segment,
                Role::Reason,
                Role::Renewal,
            ],
            Self::Mrr => {
                &[Role::Customer, Role::Month, Role::Amount, Role::Currency, Role::Segment]
            }
            Self::Transactions => &[
                Role::Customer,
                Role::Date,
                Role::Amount,
                Role::Quantity,
                Role::UnitPrice,
                Role::Order,
                Role::Refund,
                Role::Currency,
                Role::Status,
                Role::Segment,
            ],
            Self::Periods => &[
                Role::Period,
                Role::StartCustomers,
                Role::NewCustomers,
                Role::EndCustomers,
                Role::LostCustomers,
                Role::StartRevenue,
                Role::NewRevenue,
                Role::Expansion,
                Role::Contraction,
                Role::ChurnedRevenue,
                Role::EndRevenue,
                Role::Currency,
            ],
            Self::Accounts => &[
                Role::Customer,
                Role::Tenure,
                Role::Churned,
                Role::Amount,
                Role::Segment,
                Role::Reason,
                Role::Renewal,
                Role::Currency,
            ],
            Self::Customers => &[Role::Customer, Role::Signup, Role::Churned],
            Self::Events => &[Role::Customer, Role::Date, Role::Reason, Role::Reactivation],
        }
    }
}

/// What the caller has decided about roles; nothing here is required.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoleOptions {
    /// The shape.
    pub shape: Option<Shape>,
    /// Role to column name. An empty name says that the file has no such column.
    pub roles: BTreeMap<Role, String>,
}

/// What one column was taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnRole {
    /// Its name.
    pub name: String,
    /// Its role, where it has one.
    pub role: Option<Role>,
    /// Why it has that role, or none.
    pub why: String,
}

/// What the amounts of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmountMeaning {
    /// Months that one amount covers where no interval column says so.
    pub months: u32,
    /// Whether the header says that the amount is per month already, so that an interval column
    /// does not apply.
    pub is_monthly: bool,
    /// Whether it is for one piece, to be multiplied by the quantity.
    pub per_piece: bool,
    /// Whether it is in minor units (cents).
    pub in_minor_units: bool,
}

/// What a file was taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// The shape.
    pub shape: Shape,
    /// Why, in words.
    pub shape_why: String,
    /// The columns, in the order of the file.
    pub columns: Vec<ColumnRole>,
    /// The columns of a wide file of months, in calendar order.
    pub months: Vec<(usize, Period)>,
    /// What the amounts are.
    pub amount: AmountMeaning,
    /// The vendor whose layout it is.
    pub vendor: Option<&'static str>,
    /// What the values of each column look like.
    profiles: Vec<Profile>,
}

impl Detection {
    /// The place of the column with a role.
    #[must_use]
    pub fn column(&self, role: Role) -> Option<usize> {
        self.columns.iter().position(|column| column.role == Some(role))
    }

    /// The columns that have no role, but whose cells are numbers with few blanks among them.
    #[must_use]
    pub fn numbers_without_role(&self) -> Vec<usize> {
        (0..self.columns.len())
            .filter(|&index| {
                let is_month = self.months.iter().any(|&(known, _)| known == index);
                self.columns[index].role.is_none()
                    && !is_month
                    && self.profiles[index].is_filled_numbers()
            })
            .collect()
    }

    /// The columns whose values may name segments, by what the first rows have in them, each with
    /// whether these are numbers.
    #[must_use]
    pub fn possible_segments(&self) -> Vec<(usize, bool)> {
        if self.shape == Shape::Periods {
            return Vec::new();
        }
        let of = |index: usize| {
            let column = &self.columns[index];
            match column.role {
                Some(Role::Segment | Role::Plan | Role::Interval | Role::Currency) => {
                    Some((index, false))
                }
                Some(_) => None,
                None if self.months.iter().any(|&(known, _)| known == index) => None,
                None => {
                    let profile = &self.profiles[index];
                    profile.may_be_segments().then(|| (index, profile.is_amounts()))
                }
            }
        };
        (0..self.columns.len()).filter_map(of).collect()
    }

    /// The columns that can be segments by their roles, whatever they hold.
    pub(crate) fn segment_columns(&self) -> impl Iterator<Item = usize> {
        let is_one = |&index: &usize| match self.columns[index].role {
            Some(role) => {
                matches!(role, Role::Segment | Role::Plan | Role::Interval | Role::Currency)
            }
            None => !self.months.iter().any(|&(known, _)| known == index),
        };
        let n_columns = if self.shape == Shape::Periods { 0 } else { self.columns.len() };
        (0..n_columns).filter(is_one)
    }

    /// The name of the column with a role.
    #[must_use]
    pub fn column_name(&self, role: Role) -> Option<&str> {
        self.column(role).map(|index| self.columns[index].name.as_str())
    }
}

/// Whether a column of this name tells customers apart, if not as well as another.
pub(crate) fn names_customers(name: &str) -> bool {
    80 <= header::score(Role::Customer, &header::normalized(name))
}

/// Finds out what a table is.
///
/// # Errors
///
/// `column-missing-…` where the file lacks a required column, `unknown-column` and `unknown-role`
/// where an override names what there is not, `no-shape` where the file is nothing known.
pub fn detect(table: &Table, options: &RoleOptions) -> Result<Detection, Error> {
    shape::detect(table, options)
}

/// What speaks for each shape that a table can have, beside others, with the column of customers
/// that it would take: shapes whose required roles are all there.
#[must_use]
pub fn candidates(table: &Table, options: &RoleOptions) -> Vec<ShapeCandidate> {
    shape::candidates(table, options)
}

/// The columns that can hold the ids of customers, by name or by their values.
#[must_use]
pub fn id_columns(table: &Table) -> Vec<usize> {
    shape::id_columns(table)
}

/// One shape that a table can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapeCandidate {
    /// The shape.
    pub shape: Shape,
    /// How much speaks for it.
    pub score: i32,
    /// The column of customers.
    pub customer: Option<usize>,
}
