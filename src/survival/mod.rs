//! How long customers stay: estimators and lifespan models.
//!
//! It knows durations and counts only.
