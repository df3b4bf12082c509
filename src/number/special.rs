//! Special functions: the only user of `libm` beside the estimators.
