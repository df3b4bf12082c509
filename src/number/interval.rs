//! Confidence intervals: Wilson for shares, seeded bootstrap for ratios of sums.

/// The point below which a standard normal variable lies with the given probability.
///
/// For 0.975 it is 1.959963984540054, the `z` of a two-sided interval at 95 %. It is infinite at 0
/// and 1, and not a number outside of them: callers check that the probability lies between.
///
/// A rational start (Abramowitz and Stegun 26.2.23, 1964) is polished by Halley steps on `erfc`, so
/// that the result is right to the last bits and the same on every platform.
#[must_use]
pub fn normal_quantile(probability: f64) -> f64 {
    if !(0.0 < probability && probability < 1.0) {
        return match probability {
            0.0 => f64::NEG_INFINITY,
            p if (p - 1.0).abs() < f64::EPSILON => f64::INFINITY,
            _ => f64::NAN,
        };
    }
    // The lower tail only, where `erfc` keeps its digits.
    let tail = probability.min(1.0 - probability);
    let t = (-2.0 * libm::log(tail)).sqrt();
    let top = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let bottom = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut x = top / bottom - t;
    for _ in 0..4 {
        let error = 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2) - tail;
        let density = libm::exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt();
        let newton = error / density;
        x -= newton / (1.0 + 0.5 * x * newton);
    }
    if probability < 0.5 { x } else { -x }
}

#[cfg(test)]
mod tests {
    use super::normal_quantile;

    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        // Python 3.11 statistics.NormalDist().inv_cdf, and mpmath 1.4 beyond its digits.
        for (probability, expected) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.95, 1.644_853_626_951_472_2),
            (0.995, 2.575_829_303_548_900_4),
            (0.025, -1.959_963_984_540_054),
            (1e-10, -6.361_340_902_404_056),
        ] {
            let found = normal_quantile(probability);
            assert!((found - expected).abs() < 2e-15 * expected.abs().max(1.0), "{found}");
        }
        assert!(normal_quantile(0.0).is_infinite() && normal_quantile(1.5).is_nan());
    }
}
