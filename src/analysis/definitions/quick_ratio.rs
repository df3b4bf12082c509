//! The quick ratio with and without the revenue of customers who came back.
//!
//! The ratio with them is the report's own.

use super::differing::Difference;
use super::inside::Inside;
use super::variant::{Input, Variant};
use crate::formula::Unit;

/// What a customer who came back takes from the gains where they are left aside.
pub(in crate::analysis) fn difference(inside: &Inside) -> Option<Difference> {
    let minor = inside.now_minor.max(0);
    inside.is_reactivated().then_some(Difference { minor: -minor, rank_minor: minor })
}

pub(super) static WITH: Variant = Variant {
    name: "with-reactivation",
    title: "With customers who came back",
    source: "ChartMogul; this calculator",
    expression: "({new} + {reactivation} + {expansion}) ÷ ({contraction} + {churned})",
    result: Unit::Ratio,
    inputs: &[
        Input("new", "Revenue of new customers", Unit::Money),
        Input("reactivation", "Revenue of customers who came back", Unit::Money),
        Input("expansion", "More from customers who stayed", Unit::Money),
        Input("contraction", "Less from customers who stayed", Unit::Money),
        Input("churned", "Lost with customers who left", Unit::Money),
    ],
};

pub(super) static WITHOUT: Variant = Variant {
    name: "without-reactivation",
    title: "Without customers who came back",
    source: "Baremetrics Changelog, New Quick Ratio Metric",
    expression: "({new} + {expansion}) ÷ ({contraction} + {churned})",
    result: Unit::Ratio,
    inputs: &[
        Input("new", "Revenue of new customers", Unit::Money),
        Input("expansion", "More from customers who stayed", Unit::Money),
        Input("contraction", "Less from customers who stayed", Unit::Money),
        Input("churned", "Lost with customers who left", Unit::Money),
    ],
};
