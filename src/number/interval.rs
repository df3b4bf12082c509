//! Confidence intervals: Wilson for shares, Student for means, seeded bootstrap and linearization for
//! ratios of sums.
//!
//! It holds no interval of a survival curve, and it decides on no level: callers do.

use super::special::{arc_tangent, erf, erfc, exp, ln};

pub use super::bootstrap::bootstrap_ratio;
pub use super::linearized::{PairSums, ratio_of_sums};

/// The confidence where nobody asks for another.
pub const DEFAULT_CONFIDENCE: f64 = 0.95;

/// The value below which a standard normal variable lies with probability `p`.
///
/// # Formula
///
/// ```text
/// Φ(x) = p, solved for x
/// ```
///
/// where `Φ` is the standard normal distribution function. The relative error is below 10⁻¹⁵ for
/// all p of at least 10⁻³⁰⁰.
///
/// # Domain
///
/// 0 < p < 1; nothing is returned outside.
///
/// # Examples
///
/// ```
/// use retention_calculator::number::interval::normal_quantile;
///
/// let z = normal_quantile(0.975).unwrap();
/// assert!((z - 1.959_963_984_540_054).abs() < 1e-15);
/// assert_eq!(normal_quantile(0.0), None);
/// ```
///
/// # References
///
/// M. Abramowitz, I. A. Stegun (1964): Handbook of Mathematical Functions, 26.2.23, for the start of
/// the iteration; the iteration is Halley's.
#[must_use]
pub fn normal_quantile(p: f64) -> Option<f64> {
    if !(0.0 < p && p < 1.0) {
        return None;
    }
    // 1 - p is exact in the upper half.
    if 0.5 <= p { Some(-lower_quantile(1.0 - p)) } else { Some(lower_quantile(p)) }
}

/// The quantile for 0 < p ≤ 0.5.
fn lower_quantile(p: f64) -> f64 {
    let t = (-2.0 * ln(p)).sqrt();
    let numerator = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let denominator = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut x = numerator / denominator - t;
    for _ in 0..3 {
        let density = exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt();
        // Close to the median, the difference to one half keeps the digits.
        let excess = if p < 0.25 {
            0.5 * erfc(-x * std::f64::consts::FRAC_1_SQRT_2) - p
        } else {
            0.5 * erf(x * std::f64::consts::FRAC_1_SQRT_2) - (p - 0.5)
        };
        let step = excess / density;
        x -= step / (1.0 + 0.5 * x * step);
    }
    x
}

/// How many standard errors a two-sided interval of a confidence reaches to each side.
///
/// Nothing is returned unless 0 < confidence < 1.
#[must_use]
pub fn two_sided_z(confidence: f64) -> Option<f64> {
    if 0.0 < confidence && confidence < 1.0 {
        normal_quantile(0.5 * (1.0 - confidence)).map(|z| -z)
    } else {
        None
    }
}

/// Degrees of freedom up to which the quantile of Student's distribution is searched for; beyond them
/// its expansion is exact to eight digits.
const STUDENT_SEARCHED: u64 = 200;

/// How many standard errors a two-sided interval of a mean reaches to each side, with `freedom` degrees
/// of freedom.
///
/// # Formula
///
/// ```text
/// P(|T| ≤ t) = confidence, solved for t
/// ```
///
/// where `T` has Student's distribution. Up to 200 degrees of freedom its finite series is solved by
/// bisection; beyond, `t` is that of the normal distribution with three terms in 1 ÷ freedom.
///
/// # Domain
///
/// 1 ≤ freedom < 2⁵³, 0 < confidence < 1; nothing is returned outside.
///
/// # Examples
///
/// ```
/// use retention_calculator::number::interval::two_sided_t;
///
/// assert!((two_sided_t(2, 0.95).unwrap() - 4.303).abs() < 5e-4);
/// assert_eq!(two_sided_t(0, 0.95), None);
/// ```
///
/// # References
///
/// M. Abramowitz, I. A. Stegun (1964): Handbook of Mathematical Functions, 26.7.3 and 26.7.4 for the
/// series, 26.7.5 for the expansion.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "degrees of freedom are below 2⁵³")]
pub fn two_sided_t(freedom: u64, confidence: f64) -> Option<f64> {
    let z = two_sided_z(confidence)?;
    if freedom == 0 || 1 << 53 <= freedom {
        return None;
    }
    let n = freedom as f64;
    if STUDENT_SEARCHED < freedom {
        let z2 = z * z;
        let first = z * (z2 + 1.0) / 4.0;
        let second = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
        let third = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
        return Some(z + (first + (second + third / n) / n) / n);
    }
    // The angle whose tangent is t ÷ √freedom lies between 0 and a right angle.
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    let tangent = |part: f64| part / (1.0 - part);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || high <= middle {
            break;
        }
        if student_inside(freedom, tangent(middle)) < confidence {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(tangent(low) * n.sqrt())
}

/// The probability that Student's variable lies within ± tangent × √freedom.
#[expect(clippy::cast_precision_loss, reason = "degrees of freedom are few")]
fn student_inside(freedom: u64, tangent: f64) -> f64 {
    let cosine2 = 1.0 / (1.0 + tangent * tangent);
    let (sine, cosine) = (tangent * cosine2.sqrt(), cosine2.sqrt());
    let is_odd = freedom % 2 == 1;
    // 1 + 1/2 cos² + 1·3/(2·4) cos⁴ + … or cos + 2/3 cos³ + 2·4/(3·5) cos⁵ + …
    let mut term = if is_odd { cosine } else { 1.0 };
    let mut sum = 0.0;
    let mut k = u64::from(is_odd);
    while k + 1 < freedom {
        sum += term;
        term *= cosine2 * (k + 1) as f64 / (k + 2) as f64;
        k += 2;
    }
    if is_odd {
        std::f64::consts::FRAC_2_PI * (arc_tangent(tangent) + sine * sum)
    } else {
        sine * sum
    }
}

/// Student's interval of the mean of some numbers.
///
/// # Formula
///
/// ```text
/// x̄ ± t s ÷ √n
/// ```
///
/// where `x̄` is the mean of the `n` numbers, `s` their standard deviation with n − 1 below, and `t` the
/// two-sided quantile of Student's distribution with n − 1 degrees of freedom. Where no number is below
/// 0 the lower end is not either.
///
/// # Domain
///
/// 2 ≤ n, 0 < confidence < 1; nothing is returned outside.
///
/// # Assumptions
///
/// The numbers are drawn independently of each other; few of them are near to normal.
///
/// # Examples
///
/// ```
/// use retention_calculator::number::interval::mean;
///
/// // 4 ± 4.303 × 2 ÷ √4
/// let (low, high) = mean(&[2.0, 4.0, 4.0, 6.0], 0.95).unwrap();
/// assert!((low + high - 8.0).abs() < 1e-12);
/// assert_eq!(mean(&[2.0], 0.95), None);
/// ```
///
/// # References
///
/// `Student` (1908): The probable error of a mean. Biometrika 6, 1–25.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are below 2⁵³")]
pub fn mean(numbers: &[f64], confidence: f64) -> Option<(f64, f64)> {
    let n = numbers.len() as f64;
    let t = two_sided_t((numbers.len() as u64).checked_sub(1)?, confidence)?;
    let mean = numbers.iter().sum::<f64>() / n;
    let squares: f64 = numbers.iter().map(|number| (number - mean) * (number - mean)).sum();
    let reach = t * (squares / (n - 1.0) / n).sqrt();
    let is_positive = numbers.iter().all(|&number| 0.0 <= number);
    let low = mean - reach;
    Some((if is_positive { low.max(0.0) } else { low }, mean + reach))
}

/// Wilson's score interval of a share of counted customers, as fractions.
///
/// # Formula
///
/// ```text
/// (p + z²/2n ± z √(p (1 − p)/n + z²/4n²)) ÷ (1 + z²/n)
/// ```
///
/// where `p` is successes ÷ n and `z` is the two-sided normal quantile of the confidence.
///
/// # Domain
///
/// successes ≤ n, 1 ≤ n < 2⁵³, 0 < confidence < 1; nothing is returned outside.
///
/// # Assumptions
///
/// Each of the `n` stays or leaves independently of the others.
///
/// # Examples
///
/// ```
/// use retention_calculator::number::interval::wilson;
///
/// let (low, high) = wilson(460, 500, 0.95).unwrap();
/// assert!((low - 0.892_893_683).abs() < 1e-9);
/// assert!((high - 0.940_701_871).abs() < 1e-9);
/// ```
///
/// # References
///
/// E. B. Wilson (1927): Probable inference, the law of succession, and statistical inference.
/// Journal of the American Statistical Association 22, 209–212.
/// L. D. Brown, T. T. Cai, A. `DasGupta` (2001): Interval estimation for a binomial proportion.
/// Statistical Science 16(2), 101–133.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are below 2⁵³")]
pub fn wilson(successes: u64, n: u64, confidence: f64) -> Option<(f64, f64)> {
    if n == 0 || n < successes || 1 << 53 <= n {
        return None;
    }
    wilson_of_share(successes as f64 / n as f64, n as f64, confidence)
}

/// Wilson's interval of a share of a sum, such as that of the revenue that some customers bring, by
/// the number of equal customers whose share would be as uncertain; as fractions.
///
/// # Formula
///
/// ```text
/// p = X₁ ÷ X        v = ((1 − p)² Q₁ + p² (Q − Q₁)) ÷ X²        n = p (1 − p) ÷ v
/// ```
///
/// where `X` is the sum over all, `Q` that of the squares, and `X₁`, `Q₁` are those over the part;
/// `v` is the variance of the ratio `p` by linearisation, and Wilson's interval is that of `p` of `n`.
/// Where p is 0 or 1, `n` is X² ÷ Q.
///
/// # Domain
///
/// 0 ≤ X₁ ≤ X, 0 ≤ Q₁ ≤ Q, 0 < X, 0 < Q, 0 < confidence < 1; nothing is returned outside.
///
/// # Assumptions
///
/// Each customer is in the part independently of the others. With few large customers it is
/// approximate.
///
/// # Examples
///
/// ```
/// use retention_calculator::number::interval::{share_of_sum, wilson};
///
/// // Of 500 who pay 1 each, 460 are 460 of 500.
/// assert_eq!(share_of_sum((460.0, 460.0), (500.0, 500.0), 0.95), wilson(460, 500, 0.95));
/// ```
///
/// # References
///
/// W. G. Cochran (1977): Sampling Techniques, 3rd edition, 2.11, for the variance of a ratio.
/// E. L. Korn, B. I. Graubard (1998): Confidence intervals for proportions with small expected number
/// of positive counts estimated from survey data. Survey Methodology 24, 193–201, for the effective
/// number.
#[must_use]
pub fn share_of_sum(part: (f64, f64), whole: (f64, f64), confidence: f64) -> Option<(f64, f64)> {
    let ((own, own_squares), (sum, squares)) = (part, whole);
    let is_part = 0.0 <= own && own <= sum && 0.0 <= own_squares && own_squares <= squares;
    if !is_part || sum <= 0.0 || squares <= 0.0 {
        return None;
    }
    let share = own / sum;
    let rest = 1.0 - share;
    let spread = rest * rest * own_squares + share * share * (squares - own_squares);
    let is_inside = 0.0 < share && 0.0 < rest && 0.0 < spread;
    let n = if is_inside { share * rest * sum * (sum / spread) } else { sum * (sum / squares) };
    wilson_of_share(share, n, confidence)
}

/// Wilson's interval of a share of `size`, which need not be whole.
fn wilson_of_share(share: f64, size: f64, confidence: f64) -> Option<(f64, f64)> {
    let z = two_sided_z(confidence)?;
    let z2_per_n = z * z / size;
    let centre = share + 0.5 * z2_per_n;
    let reach = z * (share * (1.0 - share) / size + 0.25 * z2_per_n / size).sqrt();
    let low = if share <= 0.0 { 0.0 } else { (centre - reach) / (1.0 + z2_per_n) };
    let high = if 1.0 <= share { 1.0 } else { (centre + reach) / (1.0 + z2_per_n) };
    Some((low.max(0.0), high.min(1.0)))
}
