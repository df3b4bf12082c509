//! All integration tests, in one binary.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its own cases has to fail")]

mod amounts;
mod bad_inputs;
mod dates;
mod expected;
mod formula;
mod reading;
mod survival;
