//! The published formulas on plain numbers, one file per term.
//!
//! They know no file and no customer; what is counted, and from whom, is the business of `analysis`.
