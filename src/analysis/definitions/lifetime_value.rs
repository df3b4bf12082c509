//! Lifetime value by its variants: on revenue or margin, by the churn of all periods, of six months
//! or of one, discounted, and cut at what was observed.
//!
//! The values are those of [`crate::analysis::lifetime_value`]; here they are put side by side.

use super::Definition;
use super::variant::{Arithmetic, Variant};
use crate::analysis::lifetime_value::LifetimeValue;
use crate::formula::Unit;
use crate::number::{Figure, FormulaId};

/// A variant of lifetime value.
struct Value {
    variant: Variant,
    formula: FormulaId,
    /// Why there is no such value, where it is always shown.
    needs: Option<&'static str>,
}

const fn value(
    name: &'static str,
    title: &'static str,
    source: &'static str,
    formula: FormulaId,
    needs: Option<&'static str>,
) -> Value {
    let variant = Variant { name, title, source, expression: "", result: Unit::Money, inputs: &[] };
    Value { variant, formula, needs }
}

const ARTICLES: &str = "Articles on retention: revenue × lifespan";
const ON_MARGIN: &str = "Articles on retention: revenue × margin × lifespan";
const SIX_MONTHS: &str = "As ChartMogul does: one month of churn is noise";
const ONE_PERIOD: &str = "Common in spreadsheets: one period of churn is noise";
const HORIZON: &str = "P. Royston, M. Parmar (2013): what comes after the data counts for nothing";
const DISCOUNTED: &str = "S. Gupta, D. R. Lehmann (2003): later margins are worth less";
const PURCHASES: &str = "Articles on retention: purchase value × frequency × lifespan";
const BOUND: &str = "One-sided 95 % bound of the churn where nobody has left";

/// From the one that takes most into account.
static VALUES: [Value; 12] = [
    value(
        "discounted",
        "On margin, discounted, by average churn",
        DISCOUNTED,
        FormulaId::ClvDiscounted,
        Some("no-discount-rate"),
    ),
    value(
        "margin_average_churn",
        "On margin, by average churn",
        ON_MARGIN,
        FormulaId::ClvMargin,
        Some("needs-gross-margin"),
    ),
    value(
        "transactional",
        "From purchases, by average churn",
        PURCHASES,
        FormulaId::ClvTransactional,
        None,
    ),
    value("revenue_average_churn", "On revenue, by average churn", ARTICLES, FormulaId::Clv, None),
    value(
        "margin_restricted_mean",
        "On margin, inside the data",
        HORIZON,
        FormulaId::ClvMargin,
        None,
    ),
    value("revenue_restricted_mean", "On revenue, inside the data", HORIZON, FormulaId::Clv, None),
    value("margin_lower_bound", "On margin, at least", BOUND, FormulaId::ClvMargin, None),
    value("revenue_lower_bound", "On revenue, at least", BOUND, FormulaId::Clv, None),
    value(
        "margin_trailing_six_months",
        "On margin, by churn of six months",
        SIX_MONTHS,
        FormulaId::ClvMargin,
        None,
    ),
    value(
        "revenue_trailing_six_months",
        "On revenue, by churn of six months",
        SIX_MONTHS,
        FormulaId::Clv,
        None,
    ),
    value(
        "margin_latest_period_churn",
        "On margin, by churn of one period",
        ONE_PERIOD,
        FormulaId::ClvMargin,
        None,
    ),
    value(
        "revenue_latest_period_churn",
        "On revenue, by churn of one period",
        ONE_PERIOD,
        FormulaId::Clv,
        None,
    ),
];

/// All variants that the file has or could have, the first with a value being the default. None
/// where it has none at all.
#[inline(never)]
pub(super) fn rows(value: &LifetimeValue) -> Vec<Definition> {
    let metric = FormulaId::Clv;
    let default = VALUES.iter().find_map(|one| {
        let figure = value.clv.get(one.variant.name)?;
        figure.value.map(|_| (one.variant.name, figure))
    });
    let has_any = VALUES.iter().any(|one| value.clv.contains_key(one.variant.name));
    let is_of_purchases = value.clv.contains_key("transactional");
    let rows = VALUES.iter().filter(|_| has_any).filter_map(|one| {
        let figure = match (value.clv.get(one.variant.name), one.needs) {
            (Some(figure), _) => figure.clone(),
            (None, Some(why)) if !is_of_purchases => Figure::undefined(one.formula, why, &[]),
            _ => return None,
        };
        let mut row = one.variant.with(metric, "", figure);
        if let Some(arithmetic) = Arithmetic::of_formula(one.formula) {
            row.arithmetic = arithmetic;
        }
        Some(match default {
            Some((name, figure)) if name == row.name => row.made_default(figure),
            Some((_, figure)) => {
                let mut row = row.against(figure);
                row.difference_money = row.difference;
                row
            }
            None => row,
        })
    });
    rows.collect()
}
