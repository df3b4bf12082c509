//! Goal seek: which value of a lever gives an outcome.
//!
//! It moves one lever at a time and leaves the others where they stand.

use super::projection::GoalAnswer;
use super::request::Goal;
use super::start::Situation;
use super::{levers, money_of, outcomes, plans_of, projected, situation_of};
use crate::Error;
use crate::arrange;
use crate::formula::input::finite;
use crate::number::special::power;

/// Into how many pieces the domain of a lever is cut before one of them is halved again and again.
const N_PIECES: u32 = 64;

/// The last of the whole numbers of periods that are tried.
const LAST_WHOLE: u32 = 240;

/// Outcomes that have no value because they have no end.
const ENDLESS: [&str; 3] = ["no-churn", "mean-infinite", "no-margin"];

/// How near to the goal an answer has to be, relative to it.
const NEAR: f64 = 1e-6;

/// The value of a lever that gives an outcome, in the unit of the lever; the nearest to where the
/// lever stands, where there are several.
///
/// # Formula
///
/// ```text
/// f(x) = goal, solved for x by halving
/// ```
///
/// where `f(x)` is the outcome of the scenario with the lever at `x`. The domain of the lever is cut
/// into pieces first; halved is the piece nearest to where the lever stands in which the outcome
/// crosses the goal. An outcome without an end (a lifespan without churn) counts as above any goal.
///
/// # Domain
///
/// Levers: `retention`, `firstPeriodChurn`, `tailChurn`, `contraction`, `grossMargin`,
/// `programmeReduction` from 0 to 1; `expansion`, `price`, `cac`, `newCustomers`, `discountRate`,
/// `programmeCost` from 0 to a million times where they stand; whole numbers of `periods` and of
/// `programmeStart` from 1 to 240. Outcomes: those of
/// [`Projection::outcomes`](super::Projection::outcomes).
///
/// # Undefined
///
/// The answer has no value, and says why: `goal-below-reach`, `goal-above-reach` (`least` and
/// `greatest` say what can be reached), `outcome-undefined`, `goal-jumped-over`.
///
/// # Errors
///
/// `unknown-lever`, `unknown-outcome`, `lever-not-in-scenario` for a programme's lever without a
/// programme, `input-not-finite`, and those of [`project`](super::project()).
///
/// # Assumptions
///
/// Those of [`project`](super::project()).
///
/// # Examples
///
/// ```
/// use retention_calculator::scenario::{Goal, seek};
///
/// // What churn gives 3:1 at 50 a month, a margin of 80 % and 400 to win a customer? 3 × 400 is 30
/// // months of 40.
/// let goal: Goal = serde_json::from_str(r#"{
///     "scenario": {
///         "from": { "customers": 500, "revenuePerCustomer": 50, "retention": 0.92 },
///         "periodMonths": 1, "periods": 36, "grossMargin": 0.8, "cac": 400
///     },
///     "lever": "retention", "outcome": "clvToCac", "value": 3
/// }"#).unwrap();
/// let answer = seek(&goal)?;
/// assert!((answer.value.unwrap() - (1.0 - 1.0 / 30.0)).abs() < 1e-9);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// R. P. Brent (1973): Algorithms for Minimization without Derivatives, chapter 4, on halving.
pub fn seek(goal: &Goal) -> Result<GoalAnswer, Error> {
    let lever = levers::lever(&goal.lever)?;
    outcomes::check(&goal.outcome, "outcome")?;
    finite("value", goal.value)?;
    if goal.lever.starts_with("programme") && goal.scenario.programme.is_none() {
        let message = "The scenario has no programme to move. Give one, or take another lever.";
        return Err(Error::new("lever-not-in-scenario", message).in_column("lever"));
    }
    let mut scenario = goal.scenario.clone();
    (scenario.draws, scenario.seed) = (None, None);
    let situation = situation_of(&scenario)?;
    let plans = plans_of(&scenario, &situation)?;
    let lead = &plans[situation.lead];
    let at = levers::standing(lever.name, lead, &money_of(&scenario), &scenario)?;
    let course = |value: f64| outcome(&lever.moved(&scenario, value), &situation, &goal.outcome);
    let outcome_at = outcome(&scenario, &situation, &goal.outcome);
    let tried = if lever.is_whole {
        (1..=LAST_WHOLE).map(f64::from).collect()
    } else {
        points(lever.highest, at)
    };
    let known: Vec<(f64, f64)> =
        tried.iter().filter_map(|&value| Some((value, course(value)?))).collect();
    let mut answer = GoalAnswer {
        lever: goal.lever.clone(),
        outcome: goal.outcome.clone(),
        goal: goal.value,
        value: None,
        outcome_found: None,
        why: None,
        at,
        outcome_at: outcome_at.filter(|value| value.is_finite()),
        low_at: tried.first().copied().unwrap_or(0.0),
        high_at: tried.last().copied().unwrap_or(0.0),
        least: extreme(&known, f64::min),
        greatest: extreme(&known, f64::max),
        monotone: is_monotone(&known),
    };
    let stands = at.unwrap_or(0.0);
    let crossing = known
        .windows(2)
        .filter(|pair| {
            (pair[0].1 <= goal.value) != (pair[1].1 <= goal.value) || is(pair, goal.value)
        })
        .min_by(|one, other| distance(one, stands).total_cmp(&distance(other, stands)));
    let Some(pair) = crossing else {
        answer.why = Some(
            match known.first() {
                None => "outcome-undefined",
                Some(_) if known.iter().all(|&(_, value)| value < goal.value) => "goal-above-reach",
                Some(_) => "goal-below-reach",
            }
            .to_owned(),
        );
        return Ok(answer);
    };
    let (found, is_near) = if lever.is_whole {
        // Coming from where the lever stands, the first that reaches the goal.
        let is_met = |end: &(f64, f64)| (end.1 - goal.value).abs() == 0.0;
        let (near, far) = if stands <= pair[0].0 { (pair[0], pair[1]) } else { (pair[1], pair[0]) };
        let reached = if is_met(&near) { near.0 } else { far.0 };
        (reached, true)
    } else {
        let found = halved((pair[0], pair[1]), goal.value, &course);
        let value = course(found);
        let near = NEAR * goal.value.abs().max(1e-3);
        (found, value.is_some_and(|value| (value - goal.value).abs() <= near))
    };
    if is_near {
        answer.value = Some(found);
        answer.outcome_found = course(found).filter(|value| value.is_finite());
    } else {
        answer.why = Some("goal-jumped-over".to_owned());
    }
    Ok(answer)
}

/// The outcome; endless ones are infinite, and nothing where it is undefined or cannot be projected.
fn outcome(scenario: &super::Scenario, situation: &Situation, name: &str) -> Option<f64> {
    let projection = projected(scenario, situation).ok()?;
    match outcomes::outcome(&projection, name, scenario.period_months)? {
        Ok(value) => Some(value),
        Err(why) if ENDLESS.contains(&why.as_str()) => Some(f64::INFINITY),
        Err(_) => None,
    }
}

/// The values of a lever that are tried first, ascending.
fn points(highest: Option<f64>, at: Option<f64>) -> Vec<f64> {
    let pieces = (0..=N_PIECES).map(|piece| f64::from(piece) / f64::from(N_PIECES));
    let mut points: Vec<f64> = if let Some(highest) = highest {
        // Close to the ends of a share a small step is a large one of the odds.
        let close = (2..=6).flat_map(|n| {
            let small = power(10.0, -f64::from(n));
            [small * highest, (1.0 - small) * highest]
        });
        pieces.map(|share| share * highest).chain(close).collect()
    } else {
        let scale = at.filter(|at| 0.0 < *at).unwrap_or(1.0);
        let doubled = (3..=20).map(|n| scale * power(2.0, f64::from(n)));
        let halved = (3..=20).map(|n| scale * power(2.0, -f64::from(n)));
        pieces.map(|share| scale * 4.0 * share).chain(doubled).chain(halved).collect()
    };
    points.extend(at);
    arrange::by(&mut points, f64::total_cmp);
    points.dedup();
    points
}

/// Whether one end of a piece is the goal itself.
fn is(pair: &[(f64, f64)], goal: f64) -> bool {
    pair.iter().any(|&(_, value)| (value - goal).abs() == 0.0)
}

/// How far a piece is from where the lever stands.
fn distance(pair: &[(f64, f64)], stands: f64) -> f64 {
    (pair[0].0 - stands).max(stands - pair[1].0).max(0.0)
}

/// The value at which the outcome crosses the goal.
fn halved(
    (low, high): ((f64, f64), (f64, f64)),
    goal: f64,
    outcome: &impl Fn(f64) -> Option<f64>,
) -> f64 {
    for end in [low, high] {
        if (end.1 - goal).abs() == 0.0 {
            return end.0;
        }
    }
    let is_below = low.1 <= goal;
    let (mut low, mut high) = (low.0, high.0);
    // Each step halves the distance; 200 exhaust any number.
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || high <= middle {
            break;
        }
        let Some(value) = outcome(middle) else { break };
        if (value <= goal) == is_below {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// The least or the greatest outcome; nothing where it has no end.
fn extreme(known: &[(f64, f64)], pick: fn(f64, f64) -> f64) -> Option<f64> {
    known.iter().map(|&(_, value)| value).reduce(pick).filter(|value| value.is_finite())
}

fn is_monotone(known: &[(f64, f64)]) -> bool {
    known.windows(2).all(|pair| pair[0].1 <= pair[1].1)
        || known.windows(2).all(|pair| pair[1].1 <= pair[0].1)
}
