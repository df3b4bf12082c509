//! Claims that articles copy from each other: what is printed, what follows from their own numbers,
//! and when the print would hold.
//!
//! It holds no sentence: words belong to the page. Printed numbers are quoted; all others are
//! computed.

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::formula::{clv_discounted, clv_uplift, convert_retention, new_customers_for_growth};
use crate::number::Figure;

/// The discount rate that is set beside undiscounted claims.
const RATE: f64 = 0.1;

/// One claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// Its name.
    pub id: String,
    /// The numbers as they are printed.
    pub printed: Vec<ClaimNumber>,
    /// What they are by the claim's own inputs.
    pub truth: Vec<ClaimNumber>,
    /// What would have to be so for the print to hold.
    pub holds: Vec<ClaimNumber>,
    /// The claim as a scenario to play with, where it is one.
    pub scenario: Option<ClaimScenario>,
}

/// A named number of a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ClaimNumber {
    /// Its name.
    pub name: String,
    /// Its value: a share as a fraction.
    pub value: f64,
    /// `share`, `periods` or `ratio`.
    pub unit: String,
}

/// A claim as a scenario on round totals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct ClaimScenario {
    /// Customers at the start.
    pub customers: f64,
    /// Revenue per customer and period.
    pub revenue_per_customer: f64,
    /// Months in one period.
    pub period_months: f64,
    /// The share kept per period as today.
    pub retention: f64,
    /// The share kept per period under the claim.
    pub to_retention: f64,
    /// New customers per period under the claim, where it speaks of them.
    pub new_customers: Option<f64>,
    /// The growth wanted per year, where it speaks of one.
    pub growth_goal: Option<f64>,
}

/// The claims, each with its printed numbers, what they are in truth, and when the print would hold.
///
/// # Formula
///
/// Those of [`clv_uplift`], [`clv_discounted`], [`convert_retention`] and
/// [`new_customers_for_growth`]; what would have to be so is found by halving.
///
/// # Domain
///
/// None: the inputs are printed.
///
/// # Undefined
///
/// Nothing: all of them are defined.
///
/// # Errors
///
/// None of the formulas fails on the printed inputs.
///
/// # Assumptions
///
/// Retention is the same in every period; a year has twelve months.
///
/// # Examples
///
/// ```
/// use retention_calculator::scenario::claims;
///
/// let all = claims()?;
/// let doubling = all.iter().find(|claim| claim.id == "80-to-85").unwrap();
/// assert!((doubling.truth[0].value - 1.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// P. S. Fader, B. G. S. Hardie (2007): How to project customer retention. Journal of Interactive
/// Marketing 21(1), 76–90.
pub fn claims() -> Result<Vec<Claim>, Error> {
    Ok(vec![
        doubling()?,
        a_third_more()?,
        new_for_growth()?,
        monthly_for_yearly()?,
        typical_and_target()?,
        quarterly()?,
        dashboard()?,
        revenue_for_customers()?,
        ten_percent()?,
    ])
}

/// “From 80 to 85 % roughly doubles lifetime value.”
fn doubling() -> Result<Claim, Error> {
    Ok(Claim {
        id: "80-to-85".to_owned(),
        printed: vec![ratio("uplift", 1.0)],
        truth: vec![
            ratio("uplift", uplift(0.8, 0.85)?),
            periods("lifespan-from", lifespan(0.8)),
            periods("lifespan-to", lifespan(0.85)),
            ratio("uplift-discounted", discounted_uplift(0.8, 0.85, RATE)?),
        ],
        holds: vec![ratio("retention-to", solved(0.8, 0.999, 1.0, |to| uplift(0.8, to))?)],
        scenario: Some(yearly(0.8, 0.85)),
    })
}

/// “From 85 to 90 % increases lifetime value by 30 to 40 %.”
fn a_third_more() -> Result<Claim, Error> {
    let rate_for = |goal: f64| solved(0.0, 1.0, goal, |rate| discounted_uplift(0.85, 0.9, rate));
    Ok(Claim {
        id: "85-to-90".to_owned(),
        printed: vec![ratio("uplift-low", 0.3), ratio("uplift-high", 0.4)],
        truth: vec![
            ratio("uplift", uplift(0.85, 0.9)?),
            periods("lifespan-from", lifespan(0.85)),
            periods("lifespan-to", lifespan(0.9)),
        ],
        holds: vec![ratio("rate-low", rate_for(0.4)?), ratio("rate-high", rate_for(0.3)?)],
        scenario: Some(yearly(0.85, 0.9)),
    })
}

/// “95 % retention needs 5 % new customers for 10 % growth, 80 % needs 25 %: five times as many.”
fn new_for_growth() -> Result<Claim, Error> {
    let needed = |retention: f64| defined(&new_customers_for_growth(retention, 0.1)?);
    let growth = |retention: f64, new: f64| {
        solved(-0.5, 1.0, new, |growth| {
            defined(&new_customers_for_growth(retention, growth.max(retention - 1.0))?)
        })
    };
    let (high, low) = (needed(0.95)?, needed(0.8)?);
    Ok(Claim {
        id: "new-for-growth".to_owned(),
        printed: vec![ratio("new-at-95", 0.05), ratio("new-at-80", 0.25), times("times", 5.0)],
        truth: vec![ratio("new-at-95", high), ratio("new-at-80", low), times("times", low / high)],
        holds: vec![
            ratio("growth-at-95", growth(0.95, 0.05)?),
            ratio("growth-at-80", growth(0.8, 0.25)?),
        ],
        scenario: Some(ClaimScenario {
            new_customers: Some(30.0),
            growth_goal: Some(0.1),
            ..yearly(0.8, 0.8)
        }),
    })
}

/// “A monthly churn of 1 to 3 %, which is 88 to 97 % monthly retention.”
fn monthly_for_yearly() -> Result<Claim, Error> {
    Ok(Claim {
        id: "monthly-1-to-3".to_owned(),
        printed: vec![ratio("monthly-low", 0.88), ratio("monthly-high", 0.97)],
        truth: vec![
            ratio("monthly-low", 1.0 - 0.03),
            ratio("monthly-high", 1.0 - 0.01),
            ratio("yearly-low", converted(0.97, 1.0, 12.0)?),
            ratio("yearly-high", converted(0.99, 1.0, 12.0)?),
        ],
        holds: vec![
            ratio("yearly-at-1", converted(0.99, 1.0, 12.0)?),
            ratio("monthly-at-3", 1.0 - 0.03),
        ],
        scenario: Some(monthly(0.97, 0.99)),
    })
}

/// “A monthly churn of 1 to 3 % is typical” beside “aim at 85 to 95 % a year”.
fn typical_and_target() -> Result<Claim, Error> {
    Ok(Claim {
        id: "typical-and-target".to_owned(),
        printed: vec![
            ratio("monthly-churn-low", 0.01),
            ratio("monthly-churn-high", 0.03),
            ratio("yearly-low", 0.85),
            ratio("yearly-high", 0.95),
        ],
        truth: vec![
            ratio("yearly-low", converted(0.97, 1.0, 12.0)?),
            ratio("yearly-high", converted(0.99, 1.0, 12.0)?),
        ],
        holds: vec![
            ratio("monthly-churn-low", 1.0 - converted(0.95, 12.0, 1.0)?),
            ratio("monthly-churn-high", 1.0 - converted(0.85, 12.0, 1.0)?),
        ],
        scenario: Some(monthly(0.98, converted(0.9, 12.0, 1.0)?)),
    })
}

/// “A quarterly churn of 3 to 8 % is healthy” beside the same yearly target.
fn quarterly() -> Result<Claim, Error> {
    Ok(Claim {
        id: "quarterly-3-to-8".to_owned(),
        printed: vec![
            ratio("quarterly-churn-low", 0.03),
            ratio("quarterly-churn-high", 0.08),
            ratio("yearly-low", 0.85),
            ratio("yearly-high", 0.95),
        ],
        truth: vec![
            ratio("yearly-low", converted(0.92, 3.0, 12.0)?),
            ratio("yearly-high", converted(0.97, 3.0, 12.0)?),
        ],
        holds: vec![
            ratio("quarterly-churn-low", 1.0 - converted(0.95, 12.0, 3.0)?),
            ratio("quarterly-churn-high", 1.0 - converted(0.85, 12.0, 3.0)?),
        ],
        scenario: None,
    })
}

/// A dashboard with a monthly churn of 1.8 % beside a yearly retention of 86 %.
fn dashboard() -> Result<Claim, Error> {
    Ok(Claim {
        id: "dashboard".to_owned(),
        printed: vec![ratio("monthly-churn", 0.018), ratio("yearly", 0.86)],
        truth: vec![
            ratio("yearly", converted(0.982, 1.0, 12.0)?),
            ratio("monthly-churn", 1.0 - converted(0.86, 12.0, 1.0)?),
        ],
        holds: vec![ratio(
            "months",
            solved(1.0, 12.0, -0.86, |months| Ok(-converted(0.982, 1.0, months)?))?,
        )],
        scenario: Some(monthly(0.982, converted(0.86, 12.0, 1.0)?)),
    })
}

/// “90 to 95 % gross revenue retention takes the lifespan from 10 to 20 years.”
fn revenue_for_customers() -> Result<Claim, Error> {
    Ok(Claim {
        id: "90-to-95".to_owned(),
        printed: vec![periods("lifespan-from", 10.0), periods("lifespan-to", 20.0)],
        truth: vec![
            ratio("uplift", uplift(0.9, 0.95)?),
            ratio("uplift-discounted", discounted_uplift(0.9, 0.95, RATE)?),
        ],
        holds: vec![
            periods("lifespan-from", lifespan(0.9)),
            periods("lifespan-to", lifespan(0.95)),
        ],
        scenario: Some(yearly(0.9, 0.95)),
    })
}

/// “A 10 percent improvement of retention” from 80 %: of what?
fn ten_percent() -> Result<Claim, Error> {
    Ok(Claim {
        id: "ten-percent".to_owned(),
        printed: vec![ratio("improvement", 0.1)],
        truth: vec![
            ratio("relative-to", 0.8 * 1.1),
            ratio("uplift-relative", uplift(0.8, 0.8 * 1.1)?),
            ratio("points-to", 0.8 + 0.1),
            ratio("uplift-points", uplift(0.8, 0.8 + 0.1)?),
        ],
        holds: Vec::new(),
        scenario: Some(yearly(0.8, 0.9)),
    })
}

fn number(name: &str, value: f64, unit: &str) -> ClaimNumber {
    // What is 0 but for rounding is 0.
    let value = if value.abs() < 1e-12 { 0.0 } else { value };
    ClaimNumber { name: name.to_owned(), value, unit: unit.to_owned() }
}

fn ratio(name: &str, value: f64) -> ClaimNumber {
    number(name, value, if name == "months" { "periods" } else { "share" })
}

fn times(name: &str, value: f64) -> ClaimNumber {
    number(name, value, "ratio")
}

fn periods(name: &str, value: f64) -> ClaimNumber {
    number(name, value, "periods")
}

fn yearly(retention: f64, to_retention: f64) -> ClaimScenario {
    ClaimScenario {
        customers: 100.0,
        revenue_per_customer: 1000.0,
        period_months: 12.0,
        retention,
        to_retention,
        new_customers: None,
        growth_goal: None,
    }
}

fn monthly(retention: f64, to_retention: f64) -> ClaimScenario {
    ClaimScenario {
        customers: 1000.0,
        revenue_per_customer: 100.0,
        period_months: 1.0,
        ..yearly(retention, to_retention)
    }
}

fn lifespan(retention: f64) -> f64 {
    1.0 / (1.0 - retention)
}

fn uplift(from: f64, to: f64) -> Result<f64, Error> {
    defined(&clv_uplift(from, to)?)
}

fn discounted_uplift(from: f64, to: f64, rate: f64) -> Result<f64, Error> {
    let value = |retention: f64| defined(&clv_discounted(1.0, 1.0, retention, rate)?);
    Ok(value(to)? / value(from)? - 1.0)
}

fn converted(rate: f64, from_months: f64, to_months: f64) -> Result<f64, Error> {
    defined(&convert_retention(rate, from_months, to_months)?)
}

fn defined(figure: &Figure) -> Result<f64, Error> {
    figure.value.ok_or_else(|| {
        let why = figure.why.as_deref().unwrap_or("not-known");
        Error::new("claim-undefined", format!("A claim is undefined: {why}."))
    })
}

/// The input at which a function that only rises or only falls is the goal.
fn solved(
    low: f64,
    high: f64,
    goal: f64,
    function: impl Fn(f64) -> Result<f64, Error>,
) -> Result<f64, Error> {
    let (mut low, mut high) = (low, high);
    let rises = function(low)? <= function(high)?;
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if (function(middle)? < goal) == rises {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(0.5 * (low + high))
}
