//! How long customers stay: estimators and lifespan models.
//!
//! It knows durations and counts only: no file, no date, no money.

pub mod kaplan_meier;
pub mod median_lifetime;
pub mod restricted_mean_lifetime;
pub mod risk_table;

pub use kaplan_meier::{KaplanMeier, kaplan_meier, kaplan_meier_of_counts};
pub use median_lifetime::median_lifetime;
pub use restricted_mean_lifetime::restricted_mean_lifetime;
pub use risk_table::{DurationCount, EntryCount, RiskTable};
