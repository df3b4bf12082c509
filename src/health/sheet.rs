//! The sheet that accounts are scored by: rules, points, weights and levels, all of them plain data
//! that a reader can change.
//!
//! It scores nothing; it holds the published framework as its default, and refuses a sheet that
//! cannot be meant.

use serde::{Deserialize, Serialize};

use super::signal::RiskSignal;
use crate::Error;
use crate::arrange;

/// Declares plain data of which a caller may leave out what is as published.
///
/// What is given is read by a struct of its own, so that what comes out has every field.
macro_rules! with_defaults {
    ($(#[$meta:meta])* pub struct $name:ident, given as $given:ident ($text:literal) {
        $($(#[$doc:meta])* pub $field:ident: $type:ty,)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
        #[serde(rename_all = "camelCase", from = $text)]
        pub struct $name { $($(#[$doc])* pub $field: $type,)* }

        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase", default, deny_unknown_fields)]
        struct $given { $($field: $type,)* }

        impl Default for $given {
            fn default() -> Self {
                let $name { $($field,)* } = $name::default();
                Self { $($field,)* }
            }
        }

        impl From<$given> for $name {
            fn from(given: $given) -> Self {
                let $given { $($field,)* } = given;
                Self { $($field,)* }
            }
        }
    };
}
pub(super) use with_defaults;

/// Declares a plain choice by name.
macro_rules! choice {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
        #[serde(rename_all = "camelCase")]
        pub enum $name { $($(#[$doc])* $variant,)* }
    };
}

choice! {
    /// A group of signals that the framework weights together.
    pub enum RiskCategory {
        /// What is used.
        Usage,
        /// How the account speaks with us.
        Engagement,
        /// Who speaks with us.
        Relationship,
        /// How the account itself is doing.
        Business,
    }
}

impl RiskCategory {
    /// All of them, in the published order.
    pub const ALL: [Self; 4] = [Self::Usage, Self::Engagement, Self::Relationship, Self::Business];
}

choice! {
    /// How the points of an account become its score.
    pub enum RiskMethod {
        /// The points as they are, added up; the weights are not used.
        Points,
        /// Each category's points as a share of its maximum, weighted, from 0 to 100.
        Weighted,
    }
}

choice! {
    /// How the rules of one group count together.
    pub enum RiskCombine {
        /// The highest of those that fire.
        Highest,
        /// All that fire.
        Sum,
    }
}

choice! {
    /// What becomes of the rules on signals that a file has no column for.
    pub enum RiskUntracked {
        /// They count as not known.
        Missing,
        /// They are left out of the sheet, so that the attainable score is smaller.
        LeftOut,
    }
}

choice! {
    /// How likely an account is to leave, by its score.
    pub enum RiskLevel {
        /// The highest risk.
        Critical,
        /// High risk.
        High,
        /// Medium risk.
        Medium,
        /// Low risk.
        Low,
        /// Too little is known.
        Unknown,
    }
}

impl RiskLevel {
    /// All of them, the gravest first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Unknown];

    /// Its name in the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Unknown => "unknown",
        }
    }
}

/// One line of the sheet: it fires where the signal's value is within its bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RiskRule {
    /// A name of its own on the sheet.
    pub id: String,
    /// What it looks at.
    pub signal: RiskSignal,
    /// The least value that it fires for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub at_least: Option<f64>,
    /// It fires for values below this one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub below: Option<f64>,
    /// The greatest value that it fires for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub at_most: Option<f64>,
    /// What it adds.
    pub points: f64,
}

impl RiskRule {
    /// Whether it fires for a value.
    #[must_use]
    pub fn fires(&self, value: f64) -> bool {
        self.at_least.is_none_or(|bound| bound <= value)
            && self.below.is_none_or(|bound| value < bound)
            && self.at_most.is_none_or(|bound| value <= bound)
    }

    /// Its bounds.
    pub(super) fn bounds(&self) -> impl Iterator<Item = f64> + '_ {
        [self.at_least, self.below, self.at_most].into_iter().flatten()
    }
}

/// Rules that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RiskGroup {
    /// A name of its own on the sheet.
    pub id: String,
    /// The category that its points belong to.
    pub category: RiskCategory,
    /// How its rules count together.
    pub combine: RiskCombine,
    /// The rules.
    pub rules: Vec<RiskRule>,
}

with_defaults! {
    /// What each category counts for.
    #[derive(Copy)]
    pub struct RiskWeights, given as RiskWeightsGiven ("RiskWeightsGiven") {
        /// Of usage.
        pub usage: f64,
        /// Of engagement.
        pub engagement: f64,
        /// Of relationship.
        pub relationship: f64,
        /// Of business.
        pub business: f64,
    }
}

impl Default for RiskWeights {
    fn default() -> Self {
        Self { usage: 40.0, engagement: 25.0, relationship: 20.0, business: 15.0 }
    }
}

impl RiskWeights {
    /// The weight of one.
    #[must_use]
    pub fn of(&self, category: RiskCategory) -> f64 {
        match category {
            RiskCategory::Usage => self.usage,
            RiskCategory::Engagement => self.engagement,
            RiskCategory::Relationship => self.relationship,
            RiskCategory::Business => self.business,
        }
    }
}

with_defaults! {
    /// The least score of each level; what is below the last is low.
    #[derive(Copy)]
    pub struct RiskLevels, given as RiskLevelsGiven ("RiskLevelsGiven") {
        /// Critical from here on.
        pub critical: f64,
        /// High from here on.
        pub high: f64,
        /// Medium from here on.
        pub medium: f64,
    }
}

impl Default for RiskLevels {
    fn default() -> Self {
        Self { critical: 75.0, high: 50.0, medium: 25.0 }
    }
}

impl RiskLevels {
    /// The level of a score that is known.
    #[must_use]
    pub fn of(&self, score: f64) -> RiskLevel {
        if self.critical <= score {
            RiskLevel::Critical
        } else if self.high <= score {
            RiskLevel::High
        } else if self.medium <= score {
            RiskLevel::Medium
        } else {
            RiskLevel::Low
        }
    }
}

with_defaults! {
    /// The whole sheet. What is left out is as published.
    ///
    /// # Examples
    ///
    /// ```
    /// use retention_calculator::health::RiskSheet;
    ///
    /// let sheet = RiskSheet::default();
    /// assert_eq!(sheet.groups.iter().map(|group| group.rules.len()).sum::<usize>(), 19);
    /// assert_eq!(sheet.levels.critical, 75.0);
    /// ```
    pub struct RiskSheet, given as RiskSheetGiven ("RiskSheetGiven") {
        /// How the points become the score.
        pub method: RiskMethod,
        /// The weights of the categories, for the method that uses them. Their sum need not be 100.
        pub weights: RiskWeights,
        /// The least score of each level.
        pub levels: RiskLevels,
        /// The share of the attainable score that must be known for a level below high.
        pub known_at_least: f64,
        /// What becomes of the rules on signals that the file has no column for.
        pub untracked: RiskUntracked,
        /// The rules.
        pub groups: Vec<RiskGroup>,
    }
}

/// A rule as the table below writes it: name, signal, at least, below, at most, points.
type Line = (&'static str, RiskSignal, Option<f64>, Option<f64>, Option<f64>, f64);

impl Default for RiskSheet {
    /// The framework as it is published: see the module's documentation for its source.
    #[expect(clippy::too_many_lines, reason = "one table")]
    fn default() -> Self {
        const YES: Option<f64> = Some(1.0);
        let group = |id: &str, category: RiskCategory, lines: &[Line]| RiskGroup {
            id: id.to_owned(),
            category,
            combine: RiskCombine::Highest,
            rules: lines
                .iter()
                .map(|&(id, signal, at_least, below, at_most, points)| RiskRule {
                    id: id.to_owned(),
                    signal,
                    at_least,
                    below,
                    at_most,
                    points,
                })
                .collect(),
        };
        let groups = vec![
            group(
                "active-users",
                RiskCategory::Usage,
                &[
                    ("active-under-20", RiskSignal::ActiveShare, None, Some(0.2), None, 25.0),
                    ("active-20-to-40", RiskSignal::ActiveShare, Some(0.2), None, Some(0.4), 10.0),
                ],
            ),
            group(
                "login",
                RiskCategory::Usage,
                &[
                    ("login-14-days", RiskSignal::DaysSinceLogin, Some(14.0), None, None, 20.0),
                    (
                        "login-7-to-13-days",
                        RiskSignal::DaysSinceLogin,
                        Some(7.0),
                        Some(14.0),
                        None,
                        8.0,
                    ),
                ],
            ),
            group(
                "core-features",
                RiskCategory::Usage,
                &[
                    (
                        "core-unused-30-days",
                        RiskSignal::DaysSinceCoreUse,
                        Some(30.0),
                        None,
                        None,
                        15.0,
                    ),
                    ("core-limited", RiskSignal::LimitedCoreUse, YES, None, None, 5.0),
                ],
            ),
            group(
                "tickets",
                RiskCategory::Engagement,
                &[
                    ("tickets-3", RiskSignal::UnresolvedTickets, Some(3.0), None, None, 20.0),
                    ("escalation", RiskSignal::RecentEscalation, YES, None, None, 15.0),
                    ("dissatisfied", RiskSignal::DissatisfiedTickets, YES, None, None, 8.0),
                ],
            ),
            group(
                "nps",
                RiskCategory::Engagement,
                &[
                    ("nps-under-7", RiskSignal::Nps, None, Some(7.0), None, 15.0),
                    ("nps-7-or-8", RiskSignal::Nps, Some(7.0), None, Some(8.0), 5.0),
                ],
            ),
            group(
                "champion",
                RiskCategory::Relationship,
                &[
                    ("champion-left", RiskSignal::ChampionLeft, YES, None, None, 25.0),
                    (
                        "champion-changed-role",
                        RiskSignal::ChampionChangedRole,
                        YES,
                        None,
                        None,
                        10.0,
                    ),
                ],
            ),
            group(
                "contact",
                RiskCategory::Relationship,
                &[
                    (
                        "responsiveness-declining",
                        RiskSignal::DecliningResponsiveness,
                        YES,
                        None,
                        None,
                        15.0,
                    ),
                    ("reviews-missed", RiskSignal::MissedReviews, YES, None, None, 8.0),
                ],
            ),
            group(
                "payments",
                RiskCategory::Business,
                &[
                    ("payments-2-failed", RiskSignal::FailedPayments, Some(2.0), None, None, 30.0),
                    ("payments-late", RiskSignal::LatePayments, YES, None, None, 12.0),
                ],
            ),
            group(
                "company",
                RiskCategory::Business,
                &[
                    ("layoffs", RiskSignal::Layoffs, YES, None, None, 15.0),
                    ("merger", RiskSignal::Merger, YES, None, None, 8.0),
                ],
            ),
        ];
        Self {
            method: RiskMethod::Points,
            weights: RiskWeights::default(),
            levels: RiskLevels::default(),
            known_at_least: 0.5,
            untracked: RiskUntracked::Missing,
            groups,
        }
    }
}

impl RiskSheet {
    /// Refuses a sheet that cannot be meant.
    ///
    /// # Errors
    ///
    /// `invalid-option`, with what is wrong and what to do.
    pub fn check(&self) -> Result<(), Error> {
        let finite = |name: &str, value: f64, high: f64| {
            if (0.0..=high).contains(&value) {
                Ok(())
            } else {
                Err(refused(format!("{name} is {value}. It can be 0 to {high}.")))
            }
        };
        for category in RiskCategory::ALL {
            finite("A weight of the sheet", self.weights.of(category), 1e6)?;
        }
        if RiskCategory::ALL.into_iter().all(|category| self.weights.of(category) <= 0.0) {
            return Err(refused("All weights are 0. At least one has to count.".to_owned()));
        }
        let RiskLevels { critical, high, medium } = self.levels;
        finite("The level critical", critical, 1e6)?;
        if !(0.0 < medium && medium < high && high < critical) {
            return Err(refused(format!(
                "The levels begin at {critical}, {high} and {medium}. Critical has to begin above \
                 high, high above medium, and medium above 0."
            )));
        }
        finite("The share that must be known", self.known_at_least, 1.0)?;
        let mut ids: Vec<&str> = Vec::new();
        for group in &self.groups {
            ids.push(&group.id);
            for rule in &group.rules {
                ids.push(&rule.id);
                finite(&format!("The points of the rule {}", rule.id), rule.points, 1e6)?;
                if rule.bounds().any(|bound| !bound.is_finite()) {
                    return Err(refused(format!("The rule {} has a bound without end.", rule.id)));
                }
                if rule.bounds().next().is_none() {
                    return Err(refused(format!(
                        "The rule {} has no bound, so it would fire for every account.",
                        rule.id
                    )));
                }
            }
        }
        arrange::in_order(&mut ids);
        let again = ids.iter().zip(ids.iter().skip(1)).find(|(one, next)| one == next);
        if let Some((name, _)) = again {
            return Err(refused(format!("Two rules or groups are called {name}.")));
        }
        Ok(())
    }
}

fn refused(message: String) -> Error {
    Error::new("invalid-option", message).in_column("sheet")
}
