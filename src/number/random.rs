//! Seeded pseudo-random numbers: the same seed gives the same numbers everywhere.
