//! Confidence intervals: Wilson for shares, seeded bootstrap for ratios of sums.
