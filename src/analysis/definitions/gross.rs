//! Gross revenue retention of one period by three definitions: per customer, from movement totals,
//! and capped on the totals.
//!
//! The rate per customer is the report's own; it is counted here only to be held against.

use super::differing::{Difference, Differing};
use super::inside::Inside;
use super::variant::{Detail, Input, Variant, money};
use crate::analysis::period_figures::ratio;
use crate::formula::Unit;
use crate::ledger::CustomerIndex;
use crate::number::{Figure, FormulaId, Minor, to_major};

const METRIC: FormulaId = FormulaId::GrossRevenueRetention;

/// A definition of gross revenue retention other than the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::analysis) enum Gross {
    MovementTotals,
    CappedTotals,
}

impl Gross {
    pub(super) const ALL: [Self; 2] = [Self::MovementTotals, Self::CappedTotals];

    /// The definition of a name.
    pub(in crate::analysis) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.variant().name == name)
    }

    pub(super) fn variant(self) -> &'static Variant {
        match self {
            Self::MovementTotals => &MOVEMENT_TOTALS,
            Self::CappedTotals => &CAPPED_TOTALS,
        }
    }

    /// By how much a customer keeps more by this definition than by the default.
    pub(in crate::analysis) fn difference(self, inside: &Inside) -> Option<Difference> {
        let (then, now) = (inside.then_minor, inside.now_minor);
        let minor = match self {
            Self::MovementTotals => {
                let kept = if inside.is_active_then { then.min(now) } else { 0 };
                let then = if inside.is_active_then { then } else { 0 };
                then - inside.contraction_minor - inside.churned_minor - kept
            }
            Self::CappedTotals if inside.is_active_then => (now - then).max(0),
            Self::CappedTotals => 0,
        };
        (minor != 0).then(|| Difference { minor, rank_minor: minor.abs() })
    }

    /// Why it has no number in a file that shows so much.
    pub(super) fn why_not(self, detail: Detail) -> Option<&'static str> {
        match (self, detail) {
            (_, Detail::Days)
            | (Self::MovementTotals, Detail::Totals)
            | (Self::CappedTotals, Detail::Months | Detail::Orders | Detail::Accounts) => None,
            (Self::MovementTotals, Detail::Months) => Some("needs-days"),
            (Self::MovementTotals, Detail::Orders) => Some("needs-recurring-revenue"),
            (Self::MovementTotals, Detail::Accounts) => Some("needs-dates"),
            (Self::CappedTotals, Detail::Totals) => Some("needs-customers"),
        }
    }
}

/// The sums that the definitions are made of, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) n_customers: u64,
    /// What the customers at the start paid then.
    pub(super) start: Minor,
    /// What they pay at the end.
    pub(super) now: Minor,
    /// The lesser of both, customer by customer.
    pub(super) kept: Minor,
    /// All contractions on the way, of all customers.
    pub(super) contraction: Minor,
    /// All that left on the way, of all customers.
    pub(super) churned: Minor,
}

/// All definitions, while customers are added.
#[derive(Clone, Debug, Default)]
pub(super) struct GrossPass {
    pub(super) sums: Sums,
    pub(super) differing: [Differing; 2],
}

impl GrossPass {
    pub(super) fn add(&mut self, customer: CustomerIndex, inside: &Inside) {
        let sums = &mut self.sums;
        if inside.is_active_then {
            sums.n_customers += 1;
            sums.start += inside.then_minor;
            sums.now += inside.now_minor;
            sums.kept += inside.then_minor.min(inside.now_minor);
        }
        sums.contraction += inside.contraction_minor;
        sums.churned += inside.churned_minor;
        for (gross, differing) in Gross::ALL.into_iter().zip(&mut self.differing) {
            differing.add(customer, gross.difference(inside));
        }
    }
}

impl Sums {
    /// What is kept beyond the default by a definition, in minor units.
    pub(super) fn more_than_default(&self, gross: Gross) -> Minor {
        match gross {
            Gross::MovementTotals => self.start - self.contraction - self.churned - self.kept,
            Gross::CappedTotals => self.now.min(self.start) - self.kept,
        }
    }

    pub(super) fn figure(&self, gross: Gross, net: &Figure, decimals: u8) -> Figure {
        let start = money("start", self.start, decimals);
        let inputs: &[(&'static str, f64)] = match gross {
            Gross::MovementTotals => &[
                start,
                money("contraction", self.contraction, decimals),
                money("churned", self.churned, decimals),
            ],
            Gross::CappedTotals => &[money("now", self.now, decimals), start],
        };
        let part = match gross {
            Gross::MovementTotals => self.start - self.contraction - self.churned,
            Gross::CappedTotals => self.now.min(self.start),
        };
        let why = if self.n_customers == 0 {
            "no-customers-at-start"
        } else if self.start <= 0 {
            "no-revenue-at-start"
        } else if part < 0 {
            "lost-over-start"
        } else {
            let figure = Figure::of(METRIC, ratio(part, self.start), inputs);
            let figure = figure.counted_from(self.n_customers);
            return match (gross, net.low, net.high) {
                // It is the lesser of net retention and 1, and so are the ends of its interval.
                (Gross::CappedTotals, Some(low), Some(high)) => {
                    figure.with_interval((low.min(1.0), high.min(1.0)))
                }
                _ => figure,
            };
        };
        Figure::undefined(METRIC, why, inputs)
    }

    /// The difference to the default in money.
    pub(super) fn money(&self, gross: Gross, decimals: u8) -> f64 {
        to_major(self.more_than_default(gross), decimals)
    }
}

pub(super) static PER_CUSTOMER: Variant = Variant {
    name: "per-customer",
    title: "Capped customer by customer",
    source: "This calculator: Σ min(now, then) ÷ Σ then",
    expression: "({start} − {contraction} − {churned}) ÷ {start}",
    result: Unit::Share,
    inputs: &[
        Input("start", "Revenue at the start", Unit::Money),
        Input("contraction", "Less from customers who stayed", Unit::Money),
        Input("churned", "Lost with customers who left", Unit::Money),
    ],
};

static MOVEMENT_TOTALS: Variant = Variant {
    name: "movement-totals",
    title: "From movement totals",
    source: "As ChartMogul once did: each downgrade and each loss as it happens, whatever comes after",
    expression: "({start} − {contraction} − {churned}) ÷ {start}",
    result: Unit::Share,
    inputs: &[
        Input("start", "Revenue at the start", Unit::Money),
        Input("contraction", "All downgrades inside the period", Unit::Money),
        Input("churned", "All that left inside the period", Unit::Money),
    ],
};

static CAPPED_TOTALS: Variant = Variant {
    name: "capped-totals",
    title: "Capped on the totals",
    source: "As Chargebee does: one customer’s growth makes up for another’s loss",
    expression: "min({now}, {start}) ÷ {start}",
    result: Unit::Share,
    inputs: &[
        Input("now", "Revenue at the end of the customers at the start", Unit::Money),
        Input("start", "Revenue at the start", Unit::Money),
    ],
};
