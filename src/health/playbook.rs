//! What acting on the accounts at risk would save, and what it would cost.
//!
//! It does not know whether the rates of success hold: they are the reader's, and the published
//! ones name no base. Its intervals are about luck alone, given those rates.

use serde::{Deserialize, Serialize};

use super::sheet::{RiskLevel, with_defaults};
use crate::Error;
use crate::arrange;
use crate::formula::{program_net_return, program_return};
use crate::number::random::Stream;
use crate::number::special::{exp, ln, ln_1p, ln_gamma};
use crate::number::{Figure, Minor, interval, to_major};

/// Up to so many accounts, each draw decides on every one of them.
const ACCOUNTS_SIMULATED: usize = 5_000;
/// How often all of them are drawn.
const N_DRAWS: u32 = 4_000;

/// What becomes of the accounts of one level, with and without the playbook.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlaybookLevel {
    /// The level.
    pub level: RiskLevel,
    /// The share that stays with an intervention.
    pub retained_with: f64,
    /// The share that stays without one.
    pub retained_without: f64,
}

with_defaults! {
    /// The playbook. What is left out is as published.
    pub struct Playbook, given as PlaybookGiven ("PlaybookGiven") {
        /// The rates of success, for each level that is acted on.
        pub levels: Vec<PlaybookLevel>,
        /// What acting on all of them costs, in major units.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub cost: Option<f64>,
        /// For how many months a saved account's revenue is counted.
        pub months: f64,
        /// The seed of the draws.
        pub seed: f64,
    }
}

impl Default for Playbook {
    /// The published rates; revenue counts for a year.
    fn default() -> Self {
        let level = |level, retained_with, retained_without| PlaybookLevel {
            level,
            retained_with,
            retained_without,
        };
        Self {
            levels: vec![
                level(RiskLevel::Critical, 0.58, 0.05),
                level(RiskLevel::High, 0.76, 0.45),
                level(RiskLevel::Medium, 0.88, 0.72),
            ],
            cost: None,
            months: 12.0,
            seed: 1.0,
        }
    }
}

impl Playbook {
    /// Refuses what cannot be meant.
    ///
    /// # Errors
    ///
    /// `invalid-option`.
    pub fn check(&self) -> Result<(), Error> {
        for one in &self.levels {
            let [low, high] = [one.retained_without, one.retained_with];
            if !(0.0 <= low && low <= high && high <= 1.0) {
                return Err(refused(format!(
                    "At the level {}, {low} stay without the playbook and {high} with it. Both are \
                     shares from 0 to 1, and the second is not below the first.",
                    one.level.name()
                )));
            }
            if one.level == RiskLevel::Unknown {
                return Err(refused(
                    "There is no playbook for accounts of which too little is known.".to_owned(),
                ));
            }
        }
        let mut levels: Vec<RiskLevel> = self.levels.iter().map(|one| one.level).collect();
        arrange::in_order(&mut levels);
        if levels.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(refused("A level is named twice.".to_owned()));
        }
        if self.cost.is_some_and(|cost| !(0.0..=1e15).contains(&cost)) {
            return Err(refused("The cost has to be 0 or more.".to_owned()));
        }
        if !(0.0..=1200.0).contains(&self.months) {
            return Err(refused("Revenue counts for 0 to 1,200 months.".to_owned()));
        }
        if !(0.0..=9_007_199_254_740_991.0).contains(&self.seed) {
            return Err(refused("The seed has to be 0 or more.".to_owned()));
        }
        Ok(())
    }
}

fn refused(message: String) -> Error {
    Error::new("invalid-option", message).in_column("playbook")
}

/// The accounts of one level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AtStake {
    /// How many.
    pub n_customers: u64,
    /// What each of them pays per month, in minor units, where that is known.
    pub monthly_minor: Vec<i64>,
}

/// A number with an interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// The expected number.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// What the playbook does at one level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct PlaybookOutcome {
    /// The level.
    pub level: RiskLevel,
    /// Accounts in it.
    pub customers: u64,
    /// What they pay per month, in major units; nothing where the file does not say.
    pub revenue: Option<f64>,
    /// The share that stays with an intervention.
    pub retained_with: f64,
    /// The share that stays without one.
    pub retained_without: f64,
    /// Accounts saved, on average.
    pub saved_customers: f64,
    /// Revenue saved over the months that count, in major units.
    pub saved_revenue: Option<f64>,
}

/// What the playbook comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[cfg_attr(feature = "wasm", tsify(missing_as_null, hashmap_as_object))]
#[serde(rename_all = "camelCase")]
pub struct PlaybookReport {
    /// The playbook used.
    pub playbook: Playbook,
    /// Each level that is acted on.
    pub levels: Vec<PlaybookOutcome>,
    /// Accounts saved. Its interval is exact: the sum of one binomial variable per level.
    pub saved_customers: Estimate,
    /// Revenue saved over the months that count, in major units; nothing where the file does not
    /// say what accounts pay.
    pub saved_revenue: Option<Estimate>,
    /// How the interval of the revenue comes about: `simulated`, by draws with the seed, or
    /// `normal`, by its exact mean and variance, where there are very many accounts.
    pub revenue_interval: Option<String>,
    /// Benefit over cost; nothing where there is no cost or no revenue.
    pub program_return: Option<Figure>,
    /// Benefit less cost, over cost.
    pub program_net_return: Option<Figure>,
    /// What the programme pays per account saved, in major units.
    pub cost_per_save: Option<f64>,
}

/// What a playbook saves among the accounts of each level, with intervals at a confidence.
///
/// A level's accounts are those `at_stake` says; each is saved, that is, stays where it would have
/// left, with the probability `retained_with - retained_without`, independently of the others.
///
/// # Formula
///
/// ```text
/// saved accounts = Σ n (w − o)        saved revenue = m Σ r (w − o)
/// benefit ÷ cost, and (benefit − cost) ÷ cost
/// ```
///
/// where `n` is the number of accounts of a level, `w` and `o` are the shares that stay with and
/// without the playbook, `r` is the revenue of an account per month and `m` the months that count.
///
/// # Domain
///
/// A checked playbook; 0 < confidence < 1.
///
/// # Undefined
///
/// - No revenue where the file does not say what accounts pay.
/// - No returns without a cost or without revenue; `no-cost` where the cost is 0.
///
/// # Errors
///
/// `invalid-option` where the playbook cannot be meant.
///
/// # Assumptions
///
/// The rates hold for these accounts. The published ones come without a base: with 85, 180 and 320
/// accounts a quarter they imply 152.05 saved a quarter, about 608 a year, and a gain of 6
/// percentage points would need some 10,100 customers; 3.2 million a year over 608 is 5,263 each.
///
/// # Examples
///
/// ```
/// use retention_calculator::health::{AtStake, Playbook, RiskLevel, playbook};
///
/// let customers = |level| match level {
///     RiskLevel::Critical => 85,
///     RiskLevel::High => 180,
///     _ => 320,
/// };
/// let at_stake = |level| AtStake { n_customers: customers(level), monthly_minor: Vec::new() };
/// let report = playbook(&Playbook::default(), at_stake, 2, 0.95)?;
/// assert!((report.saved_customers.value - 152.05).abs() < 1e-9);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// A customer retention rate guide for `SaaS` (2026), which prints the rates and calls a benefit of
/// 3.2 million over a cost of 480 thousand a return of 6.7; that is benefit over cost, and the
/// return with the cost taken off is 5.67.
pub fn playbook(
    playbook: &Playbook,
    at_stake: impl Fn(RiskLevel) -> AtStake,
    decimals: u8,
    confidence: f64,
) -> Result<PlaybookReport, Error> {
    playbook.check()?;
    let stakes: Vec<(PlaybookLevel, AtStake)> =
        playbook.levels.iter().map(|&level| (level, at_stake(level.level))).collect();
    let has_revenue = stakes.iter().any(|(_, stake)| !stake.monthly_minor.is_empty());
    let levels: Vec<PlaybookOutcome> = stakes
        .iter()
        .map(|(level, stake)| {
            let share = level.retained_with - level.retained_without;
            let monthly: Minor = stake.monthly_minor.iter().copied().map(Minor::from).sum();
            let revenue = has_revenue.then(|| to_major(monthly, decimals));
            PlaybookOutcome {
                level: level.level,
                customers: stake.n_customers,
                revenue,
                retained_with: level.retained_with,
                retained_without: level.retained_without,
                saved_customers: count(stake.n_customers) * share,
                saved_revenue: revenue.map(|revenue| revenue * playbook.months * share),
            }
        })
        .collect();
    let saved_customers = saved_accounts(&stakes, confidence);
    let (saved_revenue, revenue_interval) = if has_revenue {
        let (estimate, name) = saved_money(&stakes, playbook, decimals, confidence);
        (Some(estimate), Some(name.to_owned()))
    } else {
        (None, None)
    };
    let returned = |formula: fn(f64, f64) -> Result<Figure, Error>| {
        let (Some(saved), Some(cost)) = (saved_revenue, playbook.cost) else { return Ok(None) };
        let figure = formula(saved.value, cost)?;
        if figure.value.is_none() {
            return Ok(Some(figure));
        }
        let low = formula(saved.low, cost)?.value;
        let high = formula(saved.high, cost)?.value;
        Ok(Some(match (low, high) {
            (Some(low), Some(high)) => figure.with_interval((low, high)),
            _ => figure,
        }))
    };
    Ok(PlaybookReport {
        program_return: returned(program_return)?,
        program_net_return: returned(program_net_return)?,
        cost_per_save: playbook
            .cost
            .filter(|_| 0.0 < saved_customers.value)
            .map(|cost| cost / saved_customers.value),
        playbook: playbook.clone(),
        levels,
        saved_customers,
        saved_revenue,
        revenue_interval,
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts are below 2⁵³")]
fn count(n: u64) -> f64 {
    n as f64
}

/// The accounts saved, with the exact interval of the sum of one binomial variable per level.
fn saved_accounts(stakes: &[(PlaybookLevel, AtStake)], confidence: f64) -> Estimate {
    let mut value = 0.0;
    let mut sum = Masses { first: 0, masses: vec![1.0] };
    for (level, stake) in stakes {
        let share = level.retained_with - level.retained_without;
        value += count(stake.n_customers) * share;
        sum = sum.plus(&Masses::binomial(stake.n_customers, share));
    }
    let tail = 0.5 * (1.0 - confidence);
    Estimate { value, low: count(sum.quantile(tail)), high: count(sum.quantile(1.0 - tail)) }
}

/// The probabilities of consecutive counts.
struct Masses {
    first: u64,
    masses: Vec<f64>,
}

impl Masses {
    /// Those of a binomial variable, without the counts that are less likely than any interval can
    /// tell.
    fn binomial(n: u64, share: f64) -> Self {
        if n == 0 || share <= 0.0 {
            return Self { first: 0, masses: vec![1.0] };
        }
        if 1.0 <= share {
            return Self { first: n, masses: vec![1.0] };
        }
        let size = count(n);
        let reach = 9.0 * (size * share * (1.0 - share)).sqrt() + 20.0;
        let first = floor((size * share - reach).max(0.0));
        let last = floor((size * share + reach).min(size));
        let log_mass = |k: u64| {
            let k = count(k);
            ln_gamma(size + 1.0) - ln_gamma(k + 1.0) - ln_gamma(size - k + 1.0)
                + k * ln(share)
                + (size - k) * ln_1p(-share)
        };
        Self { first, masses: (first..=last).map(|k| exp(log_mass(k))).collect() }
    }

    /// Those of the sum of two independent variables.
    fn plus(&self, other: &Self) -> Self {
        let mut masses = vec![0.0; self.masses.len() + other.masses.len() - 1];
        for (i, a) in self.masses.iter().enumerate() {
            for (mass, b) in masses[i..].iter_mut().zip(&other.masses) {
                *mass += a * b;
            }
        }
        Self { first: self.first + other.first, masses }
    }

    /// The least count that is not exceeded with at least this probability.
    fn quantile(&self, probability: f64) -> u64 {
        let total: f64 = self.masses.iter().sum();
        let mut below = 0.0;
        for (mass, k) in self.masses.iter().zip(self.first..) {
            below += mass;
            if probability * total <= below {
                return k;
            }
        }
        self.first + self.masses.len() as u64 - 1
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts are whole, not negative and below 2⁵³"
)]
fn floor(value: f64) -> u64 {
    value.floor().max(0.0) as u64
}

/// The revenue saved, with an interval by draws of every account where they are not too many.
fn saved_money(
    stakes: &[(PlaybookLevel, AtStake)],
    playbook: &Playbook,
    decimals: u8,
    confidence: f64,
) -> (Estimate, &'static str) {
    let accounts: Vec<(f64, i64)> = stakes
        .iter()
        .flat_map(|(level, stake)| {
            let share = level.retained_with - level.retained_without;
            stake.monthly_minor.iter().map(move |&minor| (share, minor))
        })
        .collect();
    let major = |minor: i64| to_major(Minor::from(minor), decimals);
    let value: f64 = stakes
        .iter()
        .map(|(level, stake)| {
            let monthly: Minor = stake.monthly_minor.iter().copied().map(Minor::from).sum();
            to_major(monthly, decimals) * (level.retained_with - level.retained_without)
        })
        .sum();
    let tail = 0.5 * (1.0 - confidence);
    let ((low, high), name) = if accounts.len() <= ACCOUNTS_SIMULATED {
        let mut stream = Stream::seeded(floor(playbook.seed));
        let mut draws: Vec<Minor> = (0..N_DRAWS)
            .map(|_| {
                accounts
                    .iter()
                    .filter(|&&(share, _)| stream.unit() < share)
                    .map(|&(_, minor)| Minor::from(minor))
                    .sum()
            })
            .collect();
        draws.sort_unstable();
        let at = |probability: f64| {
            let place = floor(probability * f64::from(N_DRAWS - 1) + 0.5);
            usize::try_from(place).ok().and_then(|place| draws.get(place)).copied().unwrap_or(0)
        };
        ((to_major(at(tail), decimals), to_major(at(1.0 - tail), decimals)), "simulated")
    } else {
        let variance: f64 = accounts
            .iter()
            .map(|&(share, minor)| major(minor) * major(minor) * share * (1.0 - share))
            .sum();
        let reach = interval::two_sided_z(confidence).unwrap_or(0.0) * variance.sqrt();
        (((value - reach).max(0.0), value + reach), "normal")
    };
    let months = playbook.months;
    (Estimate { value: value * months, low: low * months, high: high * months }, name)
}
