//! All integration tests, in one binary.

mod amounts;
mod dates;
mod survival;
