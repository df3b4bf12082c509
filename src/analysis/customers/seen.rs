//! One customer as a set sees it: what it paid then and now, how it moved, since when, how long.
//!
//! It decides on no set, and it is gone when the next customer comes.

use serde::{Deserialize, Serialize};

use super::super::exact::Exact;
use super::super::levels::Steps;
use super::super::moved::{Kind, Movement, Standing};
use super::super::orders::Orders;
use super::super::span::Periods;
use super::compared::{Closes, Compared, Stretch};
use crate::calendar::Day;
use crate::ledger::{Account, CustomerIndex, Spell};
use crate::number::Minor;

/// How a customer moved between two closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum MovementClass {
    /// Active now, never up to then.
    New,
    /// Active then, not now.
    Lost,
    /// Active now, not then, but some time before.
    Reactivated,
    /// Active at both, and pays more.
    Expanded,
    /// Active at both, and pays less.
    Contracted,
    /// Active at both, and pays the same.
    Retained,
    /// Active between the two only.
    CameAndWent,
    /// Active at neither, nor between.
    Inactive,
}

impl MovementClass {
    /// The name that it has outside.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Lost => "lost",
            Self::Reactivated => "reactivated",
            Self::Expanded => "expanded",
            Self::Contracted => "contracted",
            Self::Retained => "retained",
            Self::CameAndWent => "cameAndWent",
            Self::Inactive => "inactive",
        }
    }
}

/// What is known of one customer, without what it is known from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    pub(super) customer: CustomerIndex,
    /// The first day active, or of the first purchase.
    pub(super) first_day: Option<Day>,
    /// The day on which it was gone, none while active; of orders, the day of the last purchase.
    pub(super) last_day: Option<Day>,
    pub(super) then: Standing<Minor>,
    pub(super) now: Standing<Minor>,
    pub(super) kind: Kind,
    /// In the unit of the file's lifetimes.
    pub(super) lifetime: f64,
    /// Of orders.
    pub(super) n_purchases: Option<u64>,
    /// All purchases less all refunds.
    pub(super) paid_minor: Option<Minor>,
    /// What of it comes up for renewal, where that is asked.
    pub(super) due: Option<Due>,
}

/// What comes up for renewal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    /// The first day of it.
    pub(super) renewal: Day,
    /// What is paid for it per month.
    pub(super) revenue_minor: Minor,
}

impl Facts {
    pub(super) fn change_minor(&self) -> Minor {
        self.now.revenue_minor - self.then.revenue_minor
    }

    pub(super) fn movement(&self) -> MovementClass {
        let change = self.change_minor();
        match self.kind {
            Kind::New => MovementClass::New,
            Kind::Lost => MovementClass::Lost,
            Kind::Reactivated => MovementClass::Reactivated,
            Kind::Stayed if 0 < change => MovementClass::Expanded,
            Kind::Stayed if change < 0 => MovementClass::Contracted,
            Kind::Stayed => MovementClass::Retained,
            Kind::CameAndWent => MovementClass::CameAndWent,
            Kind::Absent => MovementClass::Inactive,
        }
    }
}

/// Where the facts come from, for sets that look at more than revenue.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// All spells of the customer, by start, those after the last day counted too.
    Spells(&'a [Spell]),
    /// All orders up to the last day counted.
    Orders(Orders<'a>),
    Account(&'a Account),
}

/// One customer.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) facts: Facts,
    pub(super) source: Source<'a>,
}

/// How customers are looked at.
pub(super) struct Sight {
    pub(super) closes: Closes,
    /// Of files without dates none.
    pub(super) as_of: Option<Day>,
    /// The months up to then, where lifetimes are counted in them.
    pub(super) months: Option<Periods>,
}

impl Sight {
    /// A customer with recurring revenue.
    pub(super) fn of_steps<'a, T: Exact>(&self, steps: Steps<'a, T>) -> Option<Seen<'a>> {
        let first_day = steps.first_day();
        let Compared { then, now } = self.closes.of_levels(first_day, steps.spells);
        let standing = |close: Day| {
            let revenue_minor: Minor = steps.at(close).into();
            Standing { is_active: 0 < revenue_minor, revenue_minor }
        };
        let changes = steps.days.iter().zip(steps.monthly_minor);
        let was_active_between = changes
            .clone()
            .any(|(&day, &level)| then.to < day && day <= now.to && T::default() < level);
        let (then_standing, now_standing) = (standing(then.to), standing(now.to));
        let kind = Kind::of(&Movement {
            then: then_standing,
            now: now_standing,
            was_active_before: first_day <= then.to,
            was_active_between,
        });
        let gone =
            (steps.last_minor() == T::default()).then(|| steps.days.last().copied()).flatten();
        let until = gone.or(self.as_of).unwrap_or(first_day);
        let facts = Facts {
            customer: steps.spells.first()?.customer,
            first_day: Some(first_day),
            // A month's cell counts to the end of its month.
            last_day: gone.map(|day| if self.months.is_some() { day.previous() } else { day }),
            then: then_standing,
            now: now_standing,
            kind,
            lifetime: self.lifetime(first_day, until),
            n_purchases: None,
            paid_minor: None,
            due: None,
        };
        Some(Seen { facts, source: Source::Spells(steps.spells) })
    }

    fn lifetime(&self, from: Day, to: Day) -> f64 {
        match &self.months {
            Some(months) => {
                let n_months = months.index_of(to).saturating_sub(months.index_of(from));
                u32::try_from(n_months).map_or(0.0, f64::from)
            }
            None => f64::from(to.0.saturating_sub(from.0)),
        }
    }

    /// A customer who buys; none where nothing was bought or given back up to the last day counted.
    pub(super) fn of_orders<'a>(&self, orders: Orders<'a>) -> Option<Seen<'a>> {
        let orders = self.as_of.map_or(orders, |day| orders.up_to(day));
        let first = orders.all().next()?;
        let first_bought = orders.purchases.first().unwrap_or(first).day;
        let Compared { then, now } = self.closes.of_orders(first_bought);
        let standing = |stretch: Stretch| {
            let mut standing = Standing::default();
            for order in orders.all().filter(|order| stretch.has(order.day)) {
                standing.is_active |= 0 < order.amount;
                standing.revenue_minor += Minor::from(order.amount);
            }
            standing
        };
        let (then_standing, now_standing) = (standing(then), standing(now));
        let kind = Kind::of(&Movement {
            then: then_standing,
            now: now_standing,
            was_active_before: orders.first_positive_day().is_some_and(|day| day <= then.to),
            was_active_between: false,
        });
        let last_day = orders.purchases.last().map(|purchase| purchase.day);
        let facts = Facts {
            customer: first.customer,
            first_day: Some(first.day),
            last_day,
            then: then_standing,
            now: now_standing,
            kind,
            lifetime: last_day.map_or(0.0, |last| self.lifetime(first.day, last)),
            n_purchases: Some(orders.purchases.len() as u64),
            paid_minor: Some(orders.all().map(|order| Minor::from(order.amount)).sum()),
            due: None,
        };
        Some(Seen { facts, source: Source::Orders(orders) })
    }

    /// An account without dates.
    pub(super) fn of_account(account: &Account) -> Seen<'_> {
        let then = Minor::from(account.amount.unwrap_or(0));
        let now = if account.churned { 0 } else { then };
        let facts = Facts {
            customer: account.customer,
            first_day: None,
            last_day: None,
            then: Standing { is_active: true, revenue_minor: then },
            now: Standing { is_active: !account.churned, revenue_minor: now },
            kind: if account.churned { Kind::Lost } else { Kind::Stayed },
            lifetime: account.tenure,
            n_purchases: None,
            paid_minor: None,
            due: None,
        };
        Seen { facts, source: Source::Account(account) }
    }
}
