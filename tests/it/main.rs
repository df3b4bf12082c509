//! All integration tests, in one binary.

mod formula;
mod survival;
