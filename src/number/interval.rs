//! Confidence intervals: Wilson for shares, seeded bootstrap for ratios of sums.
//!
//! It holds no interval of a survival curve, and it decides on no level: callers do.

use std::cmp::Ordering;

use super::random::Stream;
use super::special::{erf, erfc, exp, ln};

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
    let z = two_sided_z(confidence)?;
    let (k, size) = (successes as f64, n as f64);
    let share = k / size;
    let z2_per_n = z * z / size;
    let centre = share + 0.5 * z2_per_n;
    let reach = z * (share * (1.0 - share) / size + 0.25 * z2_per_n / size).sqrt();
    let low = if successes == 0 { 0.0 } else { (centre - reach) / (1.0 + z2_per_n) };
    let high = if successes == n { 1.0 } else { (centre + reach) / (1.0 + z2_per_n) };
    Some((low.max(0.0), high.min(1.0)))
}

/// How often the sums are drawn anew: the percentiles of 95 % are then the 50th from each end.
const N_REPLICATES: usize = 1999;
/// Up to so many customers, whole samples are drawn.
const N_RESAMPLED: usize = 128;
/// Beyond that, so many customers are drawn one by one and the others together.
const N_DRAWN_SINGLY: usize = 64;

/// The percentile bootstrap interval of Σ numerator ÷ Σ denominator over customers, as a fraction.
///
/// It answers how much the ratio would differ with other customers of the same kind: a base whose
/// revenue hangs on one customer gets a wide interval, however many customers there are.
///
/// # Formula
///
/// ```text
/// R* = Σ w·numerator ÷ Σ w·denominator
/// ```
///
/// where `w` says how often a customer is in a sample drawn with replacement. The interval runs
/// between the percentiles (1 ± confidence)/2 of 1,999 draws of R*. Up to 128 customers, whole
/// samples are drawn. Beyond that, the weights are independent Poisson variables of mean 1, which
/// a ratio allows since it has no scale. Of these, the 64 customers that move the ratio most, those
/// with the largest |numerator − R·denominator|, get a weight each; the sums over all the others,
/// none of which matters much, are drawn together from the normal distribution with their means,
/// variances and covariance. So the time does not grow with the draws of a large base, and
/// what one large customer does to the ratio is still drawn and not assumed.
///
/// The result depends on the pairs and the seed, not on the order of the pairs.
///
/// # Domain
///
/// 0 < denominator for each pair, 0 < confidence < 1.
///
/// # Undefined
///
/// Nothing is returned outside the domain, for fewer than two customers, and where all customers
/// have the same ratio: there the draws do not differ, which is no proof of certainty.
///
/// # Assumptions
///
/// Customers are independent of each other. The ends of the interval carry the noise of the draws,
/// about a twentieth of a standard error.
///
/// # Examples
///
/// ```
/// use retention_calculator::number::interval::bootstrap_ratio;
///
/// // Revenue now and then of 90 customers who stay as they are and 10 who leave.
/// let mut pairs = vec![(100, 100); 90];
/// pairs.extend([(0, 100); 10]);
/// let (low, high) = bootstrap_ratio(&pairs, 0.95, 1).unwrap();
/// assert!(0.82 < low && low < 0.86 && 0.94 < high && high < 0.98);
/// ```
///
/// # References
///
/// B. Efron, R. J. Tibshirani (1993): An Introduction to the Bootstrap, chapter 13.
/// J. A. Hanley, B. `MacGibbon` (2006): Creating non-parametric bootstrap samples using Poisson
/// frequencies. Computer Methods and Programs in Biomedicine 83, 57–62.
#[must_use]
pub fn bootstrap_ratio(pairs: &[(i64, i64)], confidence: f64, seed: u64) -> Option<(f64, f64)> {
    let in_domain = 0.0 < confidence && confidence < 1.0;
    if !in_domain || pairs.len() < 2 || pairs.iter().any(|&(_, denominator)| denominator <= 0) {
        return None;
    }
    let (least, greatest) = range_of_ratios(pairs)?;
    let mut stream = Stream::seeded(seed);
    let mut ratios = if pairs.len() <= N_RESAMPLED {
        resampled_ratios(pairs, &mut stream)
    } else {
        reweighted_ratios(pairs, &mut stream)
    };
    // A weighted mean of the customers' own ratios lies between them.
    for ratio in &mut ratios {
        *ratio = ratio.clamp(least, greatest);
    }
    let tail = 0.5 * (1.0 - confidence);
    Some((percentile(&mut ratios, tail), percentile(&mut ratios, 1.0 - tail)))
}

/// The least and the greatest ratio of a customer, or nothing where they are the same.
fn range_of_ratios(pairs: &[(i64, i64)]) -> Option<(f64, f64)> {
    let by_ratio = |a: &&(i64, i64), b: &&(i64, i64)| -> Ordering {
        (i128::from(a.0) * i128::from(b.1)).cmp(&(i128::from(b.0) * i128::from(a.1)))
    };
    let least = pairs.iter().min_by(by_ratio)?;
    let greatest = pairs.iter().max_by(by_ratio)?;
    if by_ratio(&least, &greatest) == Ordering::Equal {
        return None;
    }
    Some((quotient(least.0.into(), least.1.into()), quotient(greatest.0.into(), greatest.1.into())))
}

#[expect(clippy::cast_precision_loss, reason = "a ratio of money is a number, exact to 53 bits")]
fn quotient(numerator: i128, denominator: i128) -> f64 {
    numerator as f64 / denominator as f64
}

/// Ratios of whole samples, drawn with replacement from the sorted pairs.
fn resampled_ratios(pairs: &[(i64, i64)], stream: &mut Stream) -> Vec<f64> {
    let mut sorted = pairs.to_vec();
    sorted.sort_unstable();
    let n = u32::try_from(sorted.len()).unwrap_or(u32::MAX);
    (0..N_REPLICATES)
        .map(|_| {
            let (mut numerator, mut denominator) = (0_i128, 0_i128);
            for _ in 0..n {
                let (a, b) = sorted[stream.below(n) as usize];
                numerator += i128::from(a);
                denominator += i128::from(b);
            }
            quotient(numerator, denominator)
        })
        .collect()
}

/// Ratios under Poisson weights: the pairs that matter most singly, the others together.
fn reweighted_ratios(pairs: &[(i64, i64)], stream: &mut Stream) -> Vec<f64> {
    let pairs = scaled(pairs);
    let (total_numerator, total_denominator) = sums(&pairs);
    // |numerator − R·denominator|, times the sum of the denominators so that it is whole.
    let influence = |&(a, b): &(i64, i64)| {
        (i128::from(a) * total_denominator - i128::from(b) * total_numerator).unsigned_abs()
    };
    let mut ranked: Vec<(u128, i64, i64)> =
        pairs.iter().map(|pair| (influence(pair), pair.0, pair.1)).collect();
    let by_influence =
        |a: &(u128, i64, i64), b: &(u128, i64, i64)| b.0.cmp(&a.0).then_with(|| a.cmp(b));
    ranked.select_nth_unstable_by(N_DRAWN_SINGLY - 1, by_influence);
    let (singles, others) = ranked.split_at_mut(N_DRAWN_SINGLY);
    singles.sort_unstable_by(by_influence);
    let together = Together::of(others);
    (0..N_REPLICATES)
        .map(|_| {
            let (mut numerator, mut denominator) = together.draw(stream);
            for &(_, a, b) in &*singles {
                let weight = i128::from(poisson_of_mean_one(stream));
                numerator += quotient(weight * i128::from(a), 1);
                denominator += quotient(weight * i128::from(b), 1);
            }
            if 0.0 < denominator {
                numerator / denominator
            } else {
                quotient(total_numerator, total_denominator)
            }
        })
        .collect()
}

/// The pairs, divided by a power of two where the squares of so many could not be summed exactly.
fn scaled(pairs: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let largest = pairs.iter().map(|&(a, b)| a.unsigned_abs().max(b.unsigned_abs())).max();
    // Values of up to 2⁴⁸ and up to 2²⁹ of them: no product or sum of products exceeds 2¹²⁶.
    let shift = (u64::BITS - largest.unwrap_or(0).leading_zeros()).saturating_sub(48);
    pairs.iter().map(|&(a, b)| (a >> shift, b >> shift)).collect()
}

fn sums(pairs: &[(i64, i64)]) -> (i128, i128) {
    pairs.iter().fold((0, 0), |(a, b), pair| (a + i128::from(pair.0), b + i128::from(pair.1)))
}

/// Two sums under Poisson weights, as the normal distribution with their moments.
struct Together {
    mean: (f64, f64),
    /// The lower triangle of the covariance's Cholesky factor: aa, ba, bb.
    factor: (f64, f64, f64),
}

impl Together {
    /// The moments are summed as integers, so that the order of the pairs does not matter.
    fn of(pairs: &[(u128, i64, i64)]) -> Self {
        let (mut a, mut b, mut aa, mut ab, mut bb) = (0_i128, 0_i128, 0_i128, 0_i128, 0_i128);
        for &(_, numerator, denominator) in pairs {
            let (x, y) = (i128::from(numerator), i128::from(denominator));
            a += x;
            b += y;
            aa += x * x;
            ab += x * y;
            bb += y * y;
        }
        let root = quotient(aa, 1).sqrt();
        let cross = if 0.0 < root { quotient(ab, 1) / root } else { 0.0 };
        let rest = (quotient(bb, 1) - cross * cross).max(0.0).sqrt();
        Self { mean: (quotient(a, 1), quotient(b, 1)), factor: (root, cross, rest) }
    }

    fn draw(&self, stream: &mut Stream) -> (f64, f64) {
        let (x, y) = stream.normal_pair();
        let (aa, ba, bb) = self.factor;
        (self.mean.0 + aa * x, self.mean.1 + ba * x + bb * y)
    }
}

/// A draw of the Poisson distribution of mean 1, by inversion.
fn poisson_of_mean_one(stream: &mut Stream) -> u32 {
    let u = stream.unit();
    let mut probability = 1.0 / std::f64::consts::E;
    let mut cumulated = probability;
    let mut count = 0_u32;
    // The probabilities fall so fast that 18 terms exhaust 53 bits.
    while cumulated <= u && count < 18 {
        count += 1;
        probability /= f64::from(count);
        cumulated += probability;
    }
    count
}

/// The value at a share of the way through the sorted values.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "the rank is between 1 and the number of values"
)]
fn percentile(values: &mut [f64], share: f64) -> f64 {
    let n = values.len();
    let rank = ((n as f64 + 1.0) * share).round().clamp(1.0, n as f64) as usize;
    *values.select_nth_unstable_by(rank - 1, f64::total_cmp).1
}
