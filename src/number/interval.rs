//! Confidence intervals: Wilson for shares, seeded bootstrap for ratios of sums.
//!
//! It holds no interval of a survival curve, and it decides on no level: callers do.

use super::special::{erf, erfc, exp, ln};

pub use super::bootstrap::bootstrap_ratio;

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
