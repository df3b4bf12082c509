//! All integration tests, in one binary.

mod amounts;
mod bad_inputs;
mod dates;
mod formula;
mod reading;
mod survival;
