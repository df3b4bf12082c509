//! The levers by name: where each stands, what it may be, and how it is moved.
//!
//! It projects nothing.

use super::MOST_PERIODS;
use super::course::Plan;
use super::request::Scenario;
use super::value::Money;
use crate::Error;

/// One lever.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lever {
    pub(super) name: &'static str,
    /// Its highest value; nothing where there is none. Its lowest is 0.
    pub(super) highest: Option<f64>,
    /// Whether a retention: it is moved by a share of what it leaves to 1.
    pub(super) is_retention: bool,
    /// Whether it counts periods: it is whole, and 1 at the least.
    pub(super) is_whole: bool,
    /// What a value that stands at 0 is moved by.
    pub(super) from_nothing: f64,
    set: fn(&mut Scenario, f64),
}

impl Lever {
    const fn share(name: &'static str, set: fn(&mut Scenario, f64)) -> Self {
        Self {
            name,
            highest: Some(1.0),
            is_retention: false,
            is_whole: false,
            from_nothing: 0.01,
            set,
        }
    }

    const fn amount(name: &'static str, from_nothing: f64, set: fn(&mut Scenario, f64)) -> Self {
        Self { name, highest: None, is_retention: false, is_whole: false, from_nothing, set }
    }

    const fn periods(name: &'static str, set: fn(&mut Scenario, f64)) -> Self {
        Self {
            name,
            highest: Some(MOST_PERIODS as f64),
            is_retention: false,
            is_whole: true,
            from_nothing: 1.0,
            set,
        }
    }

    /// The scenario with this lever at another value.
    pub(super) fn moved(&self, scenario: &Scenario, value: f64) -> Scenario {
        let mut moved = scenario.clone();
        (self.set)(&mut moved, value);
        moved
    }
}

/// All levers that have a value of any size.
pub(super) const LEVERS: [Lever; 14] = [
    Lever {
        is_retention: true,
        ..Lever::share("retention", |s, value| {
            (s.retention, s.first_period_churn, s.tail_churn) = (Some(value), None, None);
        })
    },
    Lever::share("firstPeriodChurn", |s, value| s.first_period_churn = Some(value)),
    Lever::share("tailChurn", |s, value| s.tail_churn = Some(value)),
    Lever::amount("expansion", 0.01, |s, value| s.expansion = Some(value)),
    Lever::share("contraction", |s, value| s.contraction = Some(value)),
    Lever::amount("price", 1.0, |s, value| s.price = Some(value)),
    Lever::share("grossMargin", |s, value| s.gross_margin = Some(value)),
    Lever::amount("cac", 1.0, |s, value| s.cac = Some(value)),
    Lever::amount("newCustomers", 1.0, |s, value| s.new_customers = Some(value)),
    Lever::amount("discountRate", 0.01, |s, value| s.discount_rate = Some(value)),
    Lever::share("programmeReduction", |s, value| {
        if let Some(programme) = &mut s.programme {
            programme.churn_reduction = value;
        }
    }),
    Lever::amount("programmeCost", 1.0, |s, value| {
        if let Some(programme) = &mut s.programme {
            programme.cost = value;
        }
    }),
    Lever::periods("programmeStart", |s, value| {
        if let Some(programme) = &mut s.programme {
            programme.start_period = value;
        }
    }),
    Lever::periods("periods", |s, value| s.periods = value),
];

/// The lever of a name.
pub(super) fn lever(name: &str) -> Result<Lever, Error> {
    LEVERS.into_iter().find(|lever| lever.name == name).ok_or_else(|| {
        let names: Vec<&str> = LEVERS.iter().map(|lever| lever.name).collect();
        let message =
            format!("There is no lever named “{name}”. Take one of {}.", names.join(", "));
        Error::new("unknown-lever", message).in_column("lever")
    })
}

/// Where a lever stands; nothing where it has no place in the scenario.
pub(super) fn standing(
    name: &str,
    plan: &Plan,
    money: &Money,
    scenario: &Scenario,
) -> Result<Option<f64>, Error> {
    Ok(match name {
        "retention" => Some(plan.mean_retention()?),
        "firstPeriodChurn" => Some(plan.churn.at(1)?),
        "tailChurn" => Some(match plan.churn.constant_from_two() {
            Some(churn) => churn,
            // An observed curve may end after its first period.
            None if plan.n_periods < 2 => return Ok(None),
            None => plan.churn.mean(2, plan.n_periods)?,
        }),
        "expansion" => Some(plan.expansion),
        "contraction" => Some(plan.contraction),
        "price" => Some(plan.revenue_per_customer),
        "grossMargin" => money.gross_margin,
        "cac" => money.cac,
        "newCustomers" => Some(plan.new_customers),
        "discountRate" => scenario.discount_rate,
        "programmeReduction" => scenario.programme.map(|programme| programme.churn_reduction),
        "programmeCost" => scenario.programme.map(|programme| programme.cost),
        "programmeStart" => scenario.programme.map(|programme| programme.start_period),
        "periods" => Some(scenario.periods),
        _ => None,
    })
}
