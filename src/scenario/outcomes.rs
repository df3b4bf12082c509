//! What a scenario comes to, outcome by outcome, under one name each.
//!
//! It works nothing out but what follows from a course and its values.

use super::projection::Projection;
use crate::Error;
use crate::number::Figure;

/// An outcome: its name and what it is measured in.
pub(super) const OUTCOMES: [(&str, &str); 22] = [
    ("customers", "count"),
    ("revenue", "money"),
    ("mrr", "money"),
    ("arr", "money"),
    ("grossRevenueRetention12", "share"),
    ("netRevenueRetention12", "share"),
    ("grossRevenueRetention36", "share"),
    ("netRevenueRetention36", "share"),
    ("lifespan", "periods"),
    ("clv", "money"),
    ("clvDiscounted", "money"),
    ("clvHorizon", "money"),
    ("clvToCac", "ratio"),
    ("clvDiscountedToCac", "ratio"),
    ("cacPayback", "periods"),
    ("presentValue", "money"),
    ("growthCeiling", "count"),
    ("newCustomersNeeded", "count"),
    ("programmeSaved", "money"),
    ("programmeGain", "money"),
    ("programmeNetReturn", "ratio"),
    ("programmeBreakEven", "periods"),
];

/// The value of an outcome, or why it has none; nothing where the scenario has no such outcome.
pub(super) type Value = Option<Result<f64, String>>;

/// Fails unless there is an outcome of that name.
pub(super) fn check(name: &str, column: &'static str) -> Result<(), Error> {
    if OUTCOMES.iter().any(|&(id, _)| id == name) {
        return Ok(());
    }
    let names: Vec<&str> = OUTCOMES.iter().map(|&(id, _)| id).collect();
    let message = format!("There is no outcome named “{name}”. Take one of {}.", names.join(", "));
    Err(Error::new("unknown-outcome", message).in_column(column))
}

/// The value of one outcome of a projection.
pub(super) fn outcome(projection: &Projection, name: &str, period_months: f64) -> Value {
    let last = projection.periods.last();
    let after = |n_months: f64, share: fn(&super::ProjectedPeriod) -> Option<f64>| {
        let within = projection
            .periods
            .iter()
            .find(|period| (f64::from(period.period) * period_months - n_months).abs() < 1e-9);
        match within {
            Some(period) => share(period).ok_or_else(|| "no-revenue-at-start".to_owned()),
            None => Err("beyond-the-projection".to_owned()),
        }
    };
    let programme = projection.programme.as_ref();
    match name {
        "customers" => last.map(|period| Ok(period.customers)),
        "revenue" => last.map(|period| Ok(period.revenue)),
        "mrr" => last.map(|period| Ok(period.mrr)),
        "arr" => last.map(|period| Ok(period.arr)),
        "grossRevenueRetention12" => {
            Some(after(12.0, |period| period.gross_revenue_retention_since_start))
        }
        "netRevenueRetention12" => {
            Some(after(12.0, |period| period.net_revenue_retention_since_start))
        }
        "grossRevenueRetention36" => {
            Some(after(36.0, |period| period.gross_revenue_retention_since_start))
        }
        "netRevenueRetention36" => {
            Some(after(36.0, |period| period.net_revenue_retention_since_start))
        }
        "lifespan" => projection.lifespan.get("mean").map(of_figure),
        "clv" => {
            projection.clv.get("margin").or_else(|| projection.clv.get("revenue")).map(of_figure)
        }
        "clvDiscounted" => projection
            .clv
            .get("discounted")
            .or_else(|| projection.clv.get("discounted_revenue"))
            .map(of_figure),
        "clvHorizon" => projection
            .clv
            .get("horizon")
            .or_else(|| projection.clv.get("horizon_revenue"))
            .map(of_figure),
        "clvToCac" => Some(of_figure(&projection.clv_to_cac)),
        "clvDiscountedToCac" => projection.clv.get("discounted_to_cac").map(of_figure),
        "cacPayback" => Some(of_figure(&projection.cac_payback)),
        "presentValue" => Some(Ok(projection.present_value)),
        "growthCeiling" => Some(of_figure(&projection.growth_ceiling)),
        "newCustomersNeeded" => projection
            .growth
            .as_ref()
            .map(|growth| growth.customers.ok_or_else(|| why_of(&growth.share))),
        "programmeSaved" => programme.map(|programme| Ok(programme.saved)),
        "programmeGain" => programme.map(|programme| Ok(programme.gain)),
        "programmeNetReturn" => programme.map(|programme| of_figure(&programme.net_return)),
        "programmeBreakEven" => programme.map(|programme| of_figure(&programme.break_even)),
        _ => None,
    }
}

fn of_figure(figure: &Figure) -> Result<f64, String> {
    figure.value.ok_or_else(|| why_of(figure))
}

fn why_of(figure: &Figure) -> String {
    figure.why.as_deref().unwrap_or("not-known").to_owned()
}
