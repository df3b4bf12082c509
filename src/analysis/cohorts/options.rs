//! What the reader can choose about the table of cohorts.
//!
//! It counts nothing.

use crate::calendar::Granularity;

/// What the reader can choose about the table of cohorts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CohortOptions {
    /// How long the periods are in which cohorts begin; those of the report where nothing is said.
    pub granularity: Option<Granularity>,
    /// How ages are counted.
    pub clock: CohortClock,
    /// Who counts at an age.
    pub counting: CohortCounting,
}

/// How the ages of cohorts are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CohortClock {
    /// In calendar periods after the one that the cohort began in.
    #[default]
    Calendar,
    /// In so many days, from each customer's own first day on.
    Days(u16),
}

impl CohortClock {
    /// The fewest days of an age: with fewer, a table of years has thousands of columns.
    pub const MIN_DAYS: u16 = 7;
    /// The most days of an age.
    pub const MAX_DAYS: u16 = 366;
}

/// Who counts at an age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CohortCounting {
    /// Who is active at that age.
    #[default]
    On,
    /// Who is active at that age or at any later one that the data reach.
    OnOrAfter,
}
