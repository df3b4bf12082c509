//! Histories to figures: movements, cohorts, purchases, value.
//!
//! It never reads a file and never sees text other than customers' names.
