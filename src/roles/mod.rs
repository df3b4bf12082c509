//! Which kind of file it is and which column is what, with scores and reasons a person can read.
//!
//! It decides from headers and sample values; it does not convert any value.
