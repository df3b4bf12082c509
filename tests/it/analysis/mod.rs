//! Figures of ledgers: worked by hand, against slow twins, by their identities, and on real files.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_cmp,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "a test stops at what it did not expect, and its counts are small"
)]

mod bridges;
mod identities;
mod ledgers;
mod real_files;
mod twins;
mod value;
mod worked;
