//! What-if projection from a fitted curve or from typed totals.
//!
//! It reads no file; it starts from figures.
