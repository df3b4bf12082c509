//! Which accounts are likely to leave, by a sheet of rules that the reader can change, and what
//! acting on them would save.
//!
//! It predicts nothing: points are a judgement in print, not an estimate from data. What is not known
//! of an account is missing, and never counts as healthy without being said.
//!
//! # The published framework
//!
//! A retention guide (2026) prints the rules of [`RiskSheet::default`]. Points by category:
//!
//! | category | weight | rules |
//! |---|---|---|
//! | usage | 40 | active of licensed users under 20 % 25, 20 to 40 % 10; no login for 14 days and more 20, for 7 to 13 days 8; core features unused for 30 days and more 15, limited use 5 |
//! | engagement | 25 | 3 and more unresolved tickets 20, recent escalation 15, regularly dissatisfied tickets 8; NPS under 7 15, 7 or 8 5 |
//! | relationship | 20 | champion left 25, changed role 10; declining responsiveness 15, missed business reviews 8 |
//! | business | 15 | 2 and more failed payments 30, late payments 12; layoffs 15, merger 8 |
//!
//! Levels: critical from 75 on, high from 50, medium from 25, low below.
//!
//! # What does not hold in print, and what is done instead
//!
//! - The most points of the categories are 60, 35, 40 and 45, together 180. Multiplied by the weights
//!   (60 × 0.40 + 35 × 0.25 + 40 × 0.20 + 45 × 0.15) they come to 47.5 at most, so neither critical (75)
//!   nor high (50) could be reached. There are two ways to add up, and the one in use is always named:
//!   [`points`](RiskMethod::Points), the points as they are (0 to 180), which is the default because
//!   its levels are those in print; and [`weighted`](RiskMethod::Weighted), Σ weight × points ÷ the
//!   most points of the category, over the sum of the weights, times 100 (0 to 100).
//! - Whether the rules of a group add up is not said. By default the highest of a group counts
//!   ([`RiskCombine::Highest`]); if the three on tickets added up, engagement would reach 58 and all
//!   together 203.
//! - “20 to 40 %” holds both ends: 20 % ≤ share ≤ 40 %, and “under 20 %” is share < 20 %. “7 to 13
//!   days” is 7 ≤ days < 14. “NPS 7 or 8” is 7 ≤ NPS ≤ 8, “under 7” is NPS < 7.
//! - “Low” has no rule; it is what is known and below medium.
//!
//! # What is not known
//!
//! An account has two scores: the lowest, if all that is missing were healthy, and the highest, if it
//! were as bad as the sheet can say. The share that is known is 1 − (highest − lowest) ÷ attainable.
//! More knowledge can only raise a score, so high and critical stand however little is known. Medium
//! and low need at least half of the attainable score to be known ([`RiskSheet::known_at_least`]);
//! otherwise the level is `unknown`. Nothing known at all is no score, never 0.

mod accounts;
mod playbook;
mod reading;
mod report;
mod score;
mod sheet;
mod signal;
mod words;

pub use accounts::{HealthAccounts, HealthBuilder};
pub use playbook::{
    AtStake, Estimate, Playbook, PlaybookLevel, PlaybookOutcome, PlaybookReport, playbook,
};
pub use reading::{Account, ReadAccounts, ReadingOptions};
pub use report::{
    ACCOUNTS_LISTED, Attainable, CategoryReport, FiredReport, HealthGroup, LeftAccount,
    LevelOfAccount, LevelReport, LevelTotals, MeanReport, RENEWAL_DAYS, RiskAccount, RiskInput,
    RiskOptions, RiskReport, SignalReport,
};
pub use score::{CategoryMaximum, Fired, Scored, Scorer};
pub use sheet::{
    RiskCategory, RiskCombine, RiskGroup, RiskLevel, RiskLevels, RiskMethod, RiskRule, RiskSheet,
    RiskUntracked, RiskWeights,
};
pub use signal::{RiskSignal, Signals};
