//! Whether one customer makes a definition differ from the default, for lists of those who do.
//!
//! It adds nothing up and names nobody.

use super::churn::Churn;
use super::first_spell;
use super::gross::Gross;
use super::inside::Inside;
use super::net::{Net, Year, closes_of_year};
use super::quick_ratio;
use crate::analysis::exact::Exact;
use crate::analysis::levels::{Levels, Steps, VisitSteps};
use crate::analysis::orders::Orders;
use crate::calendar::Day;
use crate::ledger::Spell;
use crate::number::FormulaId;

/// A definition by what it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::analysis) enum Counted {
    Churn(Churn),
    Gross(Gross),
    Net(Net),
    WithoutReactivation,
}

impl Counted {
    /// The definition of a metric by its name; none for a default, which nobody counts otherwise,
    /// and for definitions that differ by their formula and not by customers.
    pub(in crate::analysis) fn of(metric: &str, name: &str) -> Option<Self> {
        match FormulaId::from_name(metric)? {
            FormulaId::CustomerChurnRate => {
                Churn::from_name(name).filter(|one| *one != Churn::StartCohort).map(Self::Churn)
            }
            FormulaId::GrossRevenueRetention => Gross::from_name(name).map(Self::Gross),
            FormulaId::NetRevenueRetention => Net::from_name(name).map(Self::Net),
            FormulaId::QuickRatio if name == quick_ratio::WITHOUT.name => {
                Some(Self::WithoutReactivation)
            }
            _ => None,
        }
    }

    /// Whether it is about the trailing year, and not about the latest complete period.
    pub(in crate::analysis) fn is_of_year(self) -> bool {
        matches!(self, Self::Net(_))
    }

    /// Whether a customer with recurring revenue makes it differ between two closes.
    pub(in crate::analysis) fn differs_by_spells(
        self,
        spells: &[Spell],
        levels: &Levels<'_>,
        (from, to): (Day, Day),
    ) -> bool {
        let mut differs = Differs { counted: self, from, to, is_so: false };
        levels.visit_one(spells, &mut differs);
        differs.is_so
    }

    /// Whether a customer who buys makes it differ; it is active at the first close where it bought
    /// after `before`.
    pub(in crate::analysis) fn differs_by_orders(
        self,
        orders: Orders<'_>,
        before: Day,
        (from, to): (Day, Day),
    ) -> bool {
        let inside = Inside::of_orders(orders.up_to(to), before, from);
        inside.is_some_and(|inside| self.differs_inside(&inside))
    }

    fn differs_inside(self, inside: &Inside) -> bool {
        let difference = match self {
            Self::Churn(churn) => churn.difference(inside),
            Self::Gross(gross) => gross.difference(inside),
            Self::WithoutReactivation => quick_ratio::difference(inside),
            Self::Net(_) => None,
        };
        difference.is_some()
    }
}

struct Differs {
    counted: Counted,
    from: Day,
    to: Day,
    is_so: bool,
}

impl VisitSteps for Differs {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        let Some(first) = first_spell(steps.spells) else { return };
        self.is_so = if let Counted::Net(net) = self.counted {
            let year = Year::of_steps(&steps, first.start, &closes_of_year(self.to));
            net.difference(&year).is_some()
        } else {
            let inside = Inside::of_steps(&steps, first.start, self.from, self.to);
            inside.is_some_and(|inside| self.counted.differs_inside(&inside))
        };
    }
}
