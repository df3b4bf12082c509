//! All integration tests, in one binary.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod amounts;
mod analysis;
mod bad_inputs;
mod customers;
mod dates;
mod definitions;
mod expected;
mod formula;
mod ingest;
mod parts;
mod reading;
mod scenario;
mod session;
mod survival;
mod tidy;
mod vendors;
