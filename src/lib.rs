//! Customer retention from a CSV: every row accounted for, every number explained.
//!
//! # Steps
//!
//! 1. [`ingest`] turns bytes into rows and text into dates and exact money.
//! 2. [`roles`] finds out which kind of file it is and which column is what.
//! 3. [`ledger`] turns rows into the history of each customer.
//! 4. [`analysis`] and [`survival`] turn histories into figures, each by a [`formula`].
//! 5. [`scenario`] projects them, and [`health`] says which accounts are likely to leave.
//! 6. [`report`] is what comes out, as plain data.
//!
//! [`session`] is the composition of all of them for one file, and [`join`] for several. Nothing here has a clock, a locale, a file
//! system, a network or a random number without a given seed.

pub mod analysis;
mod arrange;
pub mod calendar;
pub mod error;
pub mod formula;
pub mod health;
pub mod ingest;
pub mod join;
pub mod ledger;
pub mod note;
pub mod number;
pub mod report;
pub mod roles;
pub mod scenario;
pub mod session;
pub mod survival;
#[cfg(feature = "wasm")]
pub mod wasm;

pub use error::Error;

/// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
