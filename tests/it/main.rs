//! All integration tests, in one binary.

mod amounts;
mod analysis;
mod bad_inputs;
mod dates;
mod expected;
mod formula;
mod reading;
mod survival;
