//! All integration tests, in one binary.

mod analysis;
mod amounts;
mod bad_inputs;
mod dates;
mod expected;
mod formula;
mod reading;
mod survival;
