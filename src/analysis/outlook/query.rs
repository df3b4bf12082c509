//! What is asked about purchases to come.
//!
//! It checks the form only.

use serde::{Deserialize, Serialize};

use crate::Error;

/// The farthest horizon: ten years.
const MOST_DAYS: f64 = 3653.0;

/// Which model, how far ahead, and which part of the customers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OutlookQuery {
    /// The model of purchases.
    #[serde(default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub model: OutlookModel,
    /// How many days ahead.
    pub horizon_days: f64,
    /// A part of the customer's id, in any case; all where nothing is said.
    #[serde(default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub search: String,
    /// What customers are ordered by.
    #[serde(default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub sort: OutlookSort,
    /// Whether the largest comes first.
    #[serde(default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub descending: bool,
    /// How many are left out before the first one shown.
    #[serde(default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub offset: u32,
    /// How many are shown at most.
    #[serde(default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub limit: u32,
}

/// A model of purchases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum OutlookModel {
    /// A customer may stop after any purchase but the first.
    #[default]
    BgNbd,
    /// A customer may stop after any purchase.
    MbgNbd,
    /// A customer may stop at any time.
    ParetoNbd,
}

impl OutlookModel {
    /// The name by which it is asked for.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BgNbd => "bgnbd",
            Self::MbgNbd => "mbgnbd",
            Self::ParetoNbd => "paretonbd",
        }
    }
}

/// What customers are ordered by. Who has no such value comes last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum OutlookSort {
    /// What it is expected to spend.
    #[default]
    Value,
    /// How many purchases are expected of it.
    Expected,
    /// How likely it is to be a customer still.
    Alive,
    /// How often it has bought.
    Purchases,
    /// When it bought last.
    LastDay,
    /// Its id.
    Customer,
}

impl OutlookQuery {
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.horizon_days.is_finite()
            && 0.0 < self.horizon_days
            && self.horizon_days <= MOST_DAYS
        {
            return Ok(());
        }
        let message = format!(
            "The horizon is {} days. Give a positive number of days, {MOST_DAYS} at the most.",
            self.horizon_days
        );
        Err(Error::new("horizon-out-of-range", message).in_column("horizonDays"))
    }
}
