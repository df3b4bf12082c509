//! All integration tests, in one binary.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod amounts;
mod analysis;
mod bad_inputs;
mod by_hand;
mod causes;
mod customers;
mod dates;
mod definitions;
mod expected;
mod files;
mod formula;
mod health;
mod ingest;
mod outlook;
mod parts;
mod reading;
mod report_parts;
mod risk_levels;
mod scenario;
mod scenario_lab;
mod segments;
mod session;
mod survival;
mod tidy;
mod vendors;
