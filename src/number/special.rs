//! Special functions: the only user of `libm` beside the estimators.
//!
//! The platform's own versions of these differ in their last bits, `libm`'s do not; nothing here
//! is fitted or estimated.

/// The natural logarithm.
#[must_use]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// The natural logarithm of 1 + x, exact for small x.
#[must_use]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// The exponential function.
#[must_use]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// The exponential function less 1, exact for small x.
#[must_use]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// `base` to the power of `exponent`.
#[must_use]
pub fn power(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// The error function.
#[must_use]
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// The complementary error function, exact far out where `1 - erf(x)` is 0.
#[must_use]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// The angle whose tangent is x.
#[must_use]
pub fn arc_tangent(x: f64) -> f64 {
    libm::atan(x)
}

/// The natural logarithm of the gamma function, for x > 0.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// `ln Γ(x + d) − ln Γ(x)` for `x > 0` and `d >= 0`, without losing digits where `x` is large.
///
/// Stirling's series for both, subtracted term by term; a small `x` is first moved up by the
/// recurrence of the gamma function.
#[must_use]
pub fn ln_gamma_shift(x: f64, d: f64) -> f64 {
    if d <= 0.0 {
        return 0.0;
    }
    let mut base = x;
    let mut below = 0.0;
    // What the product of all (1 + d / base) is above 1: one logarithm for all of them.
    let mut above_one = 0.0;
    while base < 10.0 {
        let ratio = d / base;
        if ratio < 1e20 {
            above_one += ratio + above_one * ratio;
        } else {
            below += libm::log1p(ratio);
        }
        base += 1.0;
    }
    below += libm::log1p(above_one);
    let top = base + d;
    (base - 0.5) * libm::log1p(d / base) + d * libm::log(top) - d + stirling(top)
        - stirling(base)
        - below
}

/// `ψ(x + d) − ψ(x)` for `x > 0` and `d >= 0`, where `ψ` is the derivative of `ln Γ`, without losing
/// digits where `x` is large: the derivative of [`ln_gamma_shift`] by `x`.
#[must_use]
pub fn digamma_shift(x: f64, d: f64) -> f64 {
    if d <= 0.0 {
        return 0.0;
    }
    let mut base = x;
    let mut below = 0.0;
    while base < 10.0 {
        below += d / (base * (base + d));
        base += 1.0;
    }
    let top = base + d;
    libm::log1p(d / base) + 0.5 * d / (base * top) + slope(top) - slope(base) + below
}

/// The derivative of [`stirling`], for `x >= 10`.
fn slope(x: f64) -> f64 {
    let y = 1.0 / (x * x);
    -y * (1.0 / 12.0
        - y * (1.0 / 120.0
            - y * (1.0 / 252.0 - y * (1.0 / 240.0 - y * (1.0 / 132.0 - y * 691.0 / 32_760.0)))))
}

/// The probability that a chi-square variable with `freedom` degrees of freedom is `x` or more.
///
/// Nothing unless `freedom` is 1 or more and `x` is a number from 0 on.
#[must_use]
pub fn chi_square_tail(x: f64, freedom: u32) -> Option<f64> {
    if freedom == 0 || !x.is_finite() || x < 0.0 {
        return None;
    }
    // The recurrence of the incomplete gamma function, from 1 or 2 degrees of freedom up: all terms
    // are positive.
    let half = 0.5 * x;
    let is_odd = freedom % 2 == 1;
    let mut tail = if is_odd { libm::erfc(half.sqrt()) } else { libm::exp(-half) };
    let mut shape = if is_odd { 0.5 } else { 1.0 };
    while 2.0 * shape < f64::from(freedom) && 0.0 < half {
        tail += libm::exp(shape * libm::log(half) - half - libm::lgamma(shape + 1.0));
        shape += 1.0;
    }
    Some(tail.min(1.0))
}

/// What Stirling's formula for `ln Γ(x)` leaves over, for `x >= 10`.
fn stirling(x: f64) -> f64 {
    let y = 1.0 / (x * x);
    (1.0 / 12.0
        - y * (1.0 / 360.0
            - y * (1.0 / 1260.0 - y * (1.0 / 1680.0 - y * (1.0 / 1188.0 - y * 691.0 / 360_360.0)))))
        / x
}

/// The natural logarithm of the beta function, for `a, b > 0`.
#[must_use]
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    ln_gamma(small) - ln_gamma_shift(large, small)
}

/// `ln B(a, b + x) − ln B(a, b)` for `a, b > 0` and `x >= 0`, without losing digits where any of them
/// is large.
///
/// It does not change when `a` and `x` change places, so the smaller of the two is the one by which
/// the gamma functions are shifted.
#[must_use]
pub fn ln_beta_ratio(a: f64, b: f64, x: f64) -> f64 {
    let (small, large) = if a < x { (a, x) } else { (x, a) };
    ln_gamma_shift(b, small) - ln_gamma_shift(b + large, small)
}

/// Gauss's hypergeometric function `₂F₁(1, b; c; z)` for `0 < b <= c` and `z < 1`.
///
/// Evaluated by Gauss's continued fraction at a negative argument, where all its terms are positive
/// and no digit is lost; `0 < z < 1` is taken there by Pfaff's transformation.
#[must_use]
pub fn hypergeometric_one(b: f64, c: f64, z: f64) -> f64 {
    if 0.0 < z {
        return fraction(c - b, c, z / (1.0 - z)) / (1.0 - z);
    }
    fraction(b, c, -z)
}

/// `₂F₁(1, b; c; −w)` for `w >= 0`, by the modified method of Lentz.
fn fraction(b: f64, c: f64, w: f64) -> f64 {
    // 1 / (1 + k1 w / (1 + k2 w / (1 + …))), the fraction below the leading 1.
    let mut value = 1.0;
    let mut numerators = 1.0;
    let mut denominators = 0.0;
    let mut m = 0.0;
    for step in 1_u32..2_000_000 {
        let k = if step == 1 {
            b / c
        } else if step % 2 == 1 {
            m += 1.0;
            (b + m) * (c - 1.0 + m) / ((c - 1.0 + 2.0 * m) * (c + 2.0 * m))
        } else {
            let n = m + 1.0;
            n * (c - 1.0 - b + n) / ((c + 2.0 * n - 2.0) * (c + 2.0 * n - 1.0))
        };
        denominators = 1.0 / (1.0 + k * w * denominators);
        numerators = 1.0 + k * w / numerators;
        let factor = numerators * denominators;
        value *= factor;
        if (factor - 1.0).abs() < 1e-16 {
            break;
        }
    }
    1.0 / value
}

/// The sum of numbers in their order, with the error of each addition carried along.
///
/// (Neumaier 1974.) The sum of a million logarithms keeps its last digits.
#[derive(Clone, Copy, Debug, Default)]
pub struct CarefulSum {
    sum: f64,
    carried: f64,
}

impl CarefulSum {
    /// Adds one number.
    pub fn add(&mut self, number: f64) {
        let sum = self.sum + number;
        self.carried += if number.abs() <= self.sum.abs() {
            (self.sum - sum) + number
        } else {
            (number - sum) + self.sum
        };
        self.sum = sum;
    }

    /// The sum so far.
    #[must_use]
    pub fn value(&self) -> f64 {
        let value = self.sum + self.carried;
        if value.is_nan() { self.sum } else { value }
    }
}

impl FromIterator<f64> for CarefulSum {
    fn from_iter<I: IntoIterator<Item = f64>>(numbers: I) -> Self {
        let mut sum = Self::default();
        numbers.into_iter().for_each(|number| sum.add(number));
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64, relative: f64) {
        let error = (found - expected).abs();
        assert!(error <= relative * expected.abs(), "{found}, expected {expected}");
    }

    // All numbers below are those of mpmath 1.4.1 at 40 digits.

    #[test]
    fn shifts_of_ln_gamma_keep_their_digits() {
        for (x, d, expected) in [
            (0.1, 0.3, -1.456_034_834_032_422_2),
            (0.001, 5.0, -3.727_618_826_714_129),
            (3.5, 1e-3, 0.001_103_321_801_492_213_6),
            (12.0, 7.25, 19.624_291_691_309_67),
            (1e8, 3.0, 55.262_042_261_857_1),
            (1e12, 0.5, 13.815_510_557_964_15),
            (0.5, 1e6, 12_815_510.904_537_823),
            (1e-300, 1.0, -690.775_527_898_213_7),
        ] {
            close(ln_gamma_shift(x, d), expected, 1e-14);
        }
        close(ln_gamma_shift(3.0, 0.0) + 1.0, 1.0, 0.0);
    }

    #[test]
    fn shifts_of_the_digamma_function_keep_their_digits() {
        for (x, d, expected) in [
            (0.1, 0.3, 7.862_370_395_825_96),
            (0.001, 5.0, 1_002.081_910_898_806_8),
            (3.5, 1e-3, 0.000_330_303_665_789_223),
            (12.0, 7.25, 0.488_650_532_051_443_9),
            (1e8, 3.0, 2.999_999_970_000_000_5e-8),
            (0.5, 1e6, 15.779_020_583_985_74),
            (1e-300, 1.0, 1e300),
        ] {
            close(digamma_shift(x, d), expected, 1e-14);
        }
        close(digamma_shift(3.0, 0.0) + 1.0, 1.0, 0.0);
    }

    #[test]
    fn tails_of_chi_square_are_right_far_out() {
        for (x, freedom, expected) in [
            (3.841_458_820_694_124, 1, 0.05),
            (5.99, 2, 0.050_036_627_086_586_28),
            (0.5, 3, 0.918_891_411_654_675_9),
            (51.869, 4, 1.469_260_073_480_392_5e-10),
            (700.0, 1, 2.990_226_975_124_620_3e-154),
            (30.0, 35, 0.708_130_951_163_378_2),
            (1500.0, 1200, 6.341_071_285_724_734e-9),
        ] {
            close(chi_square_tail(x, freedom).unwrap(), expected, 1e-12);
        }
        assert_eq!(chi_square_tail(0.0, 3), Some(1.0));
        assert_eq!(chi_square_tail(1.0, 0), None);
        assert_eq!(chi_square_tail(f64::NAN, 1), None);
        assert_eq!(chi_square_tail(-1.0, 1), None);
    }

    #[test]
    fn ln_beta_is_right_to_the_last_digits() {
        for (a, b, expected) in [
            (0.5, 0.5, 1.144_729_885_849_400_2),
            (0.25, 1e6, -2.165_855_021_042_983),
            (3.8, 15.2, -9.121_660_010_098_571),
            (1e-5, 2.0, 11.512_915_465_020_228),
            (200.0, 300.0, -337.980_113_065_464_65),
        ] {
            close(ln_beta(a, b), expected, 2e-14);
            close(ln_beta(b, a), expected, 2e-14);
        }
    }

    #[test]
    fn ratios_of_beta_functions_keep_their_digits_where_arguments_are_huge() {
        for (a, b, x, expected) in [
            (0.023_3, 59.58, 6.260_635_089_889_344e30, -1.557_202_675_819_930_8),
            (1.2, 3.0, 10_000_000_000.0, -26.275_612_659_899_903),
            (1.2, 3.0, 1e40, -109.168_676_007_313_54),
            (0.668, 3.806, 12.0, -0.972_754_157_380_684),
            (400_000.0, 3_900_000.0, 5.0, -0.488_192_109_298_586_2),
            (1e-6, 2e-6, 3.0, -0.405_466_608_105_039_4),
            (3.0, 1e-5, 100_000.0, -45.358_569_679_433_47),
        ] {
            close(ln_beta_ratio(a, b, x), expected, 1e-13);
            close(ln_beta_ratio(x, b, a), expected, 1e-13);
        }
    }

    #[test]
    fn the_hypergeometric_function_is_right_near_one_and_far_below_zero() {
        for (b, c, z, expected) in [
            (15.2, 19.0, 0.909_090_909_090_909_1, 4.008_925_837_295_789),
            (0.267, 0.334, 0.909_090_909_090_909_1, 7.973_486_782_656_519),
            (3.8, 4.47, 0.99, 19.636_414_422_953_693),
            (0.5, 1.0, 0.5, std::f64::consts::SQRT_2),
            (7.55, 8.2, 0.999_999, 1_154.478_797_333_735_7),
            (120.5, 121.2, 0.95, 18.226_293_481_151_605),
            (0.3, 0.9, -1e6, 0.014_762_955_209_267_705),
            (1.0, 1.5, -0.25, 0.860_817_881_928_008_1),
            (1e-6, 2e-6, 0.9, 5.499_989_638_390_71),
            (5000.0, 5010.0, 0.99, 83.721_407_534_053_6),
        ] {
            close(hypergeometric_one(b, c, z), expected, 2e-12);
        }
        close(hypergeometric_one(2.0, 3.0, 0.0), 1.0, 0.0);
    }

    #[test]
    fn a_careful_sum_keeps_what_a_plain_one_drops() {
        let sum: CarefulSum = [1.0, 1e100, 1.0, -1e100].into_iter().collect();
        close(sum.value(), 2.0, 0.0);
        let sum: CarefulSum = [f64::NEG_INFINITY, 1.0].into_iter().collect();
        assert!(sum.value().is_infinite());
    }
}
