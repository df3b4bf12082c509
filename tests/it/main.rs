//! All integration tests, in one binary.

mod analysis;
mod survival;
