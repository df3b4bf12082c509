//! Integration tests, in one binary.

mod amounts;
mod dates;
