//! What can be known of an account's health, one number per signal.
//!
//! It reads no cell and knows no points.

use serde::{Deserialize, Serialize};

use crate::roles::health::HealthRole;

/// A signal; yes is 1 and no is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum RiskSignal {
    /// Active users as a fraction of the licensed ones.
    ActiveShare,
    /// Days since the last login.
    DaysSinceLogin,
    /// Days since a core feature was last used.
    DaysSinceCoreUse,
    /// Whether core features are used in a limited way only.
    LimitedCoreUse,
    /// Tickets that are not resolved.
    UnresolvedTickets,
    /// Whether there was an escalation lately, or how many.
    RecentEscalation,
    /// Whether tickets regularly show dissatisfaction, or how many do.
    DissatisfiedTickets,
    /// The account's answer to how likely it is to recommend, 0 to 10.
    Nps,
    /// Whether the champion has left.
    ChampionLeft,
    /// Whether the champion has another role now.
    ChampionChangedRole,
    /// Whether the account answers later and less.
    DecliningResponsiveness,
    /// Business reviews that were missed, or whether any was.
    MissedReviews,
    /// Payments that failed.
    FailedPayments,
    /// Payments that came late, or whether any did.
    LatePayments,
    /// Whether the account has laid off people.
    Layoffs,
    /// Whether the account merges or is bought.
    Merger,
}

impl RiskSignal {
    /// How many there are.
    pub const COUNT: usize = 16;

    /// All of them, in the order of the sheet.
    pub const ALL: [Self; Self::COUNT] = [
        Self::ActiveShare,
        Self::DaysSinceLogin,
        Self::DaysSinceCoreUse,
        Self::LimitedCoreUse,
        Self::UnresolvedTickets,
        Self::RecentEscalation,
        Self::DissatisfiedTickets,
        Self::Nps,
        Self::ChampionLeft,
        Self::ChampionChangedRole,
        Self::DecliningResponsiveness,
        Self::MissedReviews,
        Self::FailedPayments,
        Self::LatePayments,
        Self::Layoffs,
        Self::Merger,
    ];

    /// The greatest value that it can have.
    pub(super) fn maximum(self) -> f64 {
        match self {
            Self::Nps => 10.0,
            Self::LimitedCoreUse | Self::ChampionLeft | Self::ChampionChangedRole => 1.0,
            _ => f64::INFINITY,
        }
    }

    /// The roles of columns that can give it; one of the inner lists is enough.
    pub(super) fn columns(self) -> &'static [&'static [HealthRole]] {
        match self {
            Self::ActiveShare => {
                &[&[HealthRole::ActiveShare], &[HealthRole::ActiveUsers, HealthRole::LicensedUsers]]
            }
            Self::DaysSinceLogin => &[&[HealthRole::LastLogin]],
            Self::DaysSinceCoreUse => &[&[HealthRole::LastCoreUse], &[HealthRole::CoreUse]],
            Self::LimitedCoreUse => &[&[HealthRole::CoreUse]],
            Self::UnresolvedTickets => &[&[HealthRole::UnresolvedTickets]],
            Self::RecentEscalation => &[&[HealthRole::RecentEscalation]],
            Self::DissatisfiedTickets => &[&[HealthRole::DissatisfiedTickets]],
            Self::Nps => &[&[HealthRole::Nps]],
            Self::ChampionLeft => &[&[HealthRole::ChampionLeft], &[HealthRole::Champion]],
            Self::ChampionChangedRole => {
                &[&[HealthRole::ChampionChangedRole], &[HealthRole::Champion]]
            }
            Self::DecliningResponsiveness => &[&[HealthRole::DecliningResponsiveness]],
            Self::MissedReviews => &[&[HealthRole::MissedReviews]],
            Self::FailedPayments => &[&[HealthRole::FailedPayments]],
            Self::LatePayments => &[&[HealthRole::LatePayments]],
            Self::Layoffs => &[&[HealthRole::Layoffs]],
            Self::Merger => &[&[HealthRole::Merger]],
        }
    }
}

/// What is known of one account, by signal; nothing where it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Signals([Option<f64>; RiskSignal::COUNT]);

impl Signals {
    /// The value of a signal.
    #[must_use]
    pub fn get(&self, signal: RiskSignal) -> Option<f64> {
        self.0[signal as usize]
    }

    /// Says what the value of a signal is.
    pub fn set(&mut self, signal: RiskSignal, value: f64) {
        self.0[signal as usize] = Some(value);
    }

    /// The same, with one more value.
    #[must_use]
    pub fn with(mut self, signal: RiskSignal, value: f64) -> Self {
        self.set(signal, value);
        self
    }
}
