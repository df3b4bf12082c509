//! Intervals of ratios of sums by linearization: from six exact sums over the customers.
//!
//! It draws nothing and keeps no customer, so it serves where ratios are too many to be drawn anew:
//! the cells of cohorts, the smaller segments.

use super::Minor;
use super::bootstrap::Ratios;
use super::interval::two_sided_t;

/// Beyond so much, a square is not added: up to 2²⁹ of those below fit.
const MOST: u64 = 1 << 48;
/// A spread this small beside what it is the difference of is rounding.
const ROUNDING: f64 = 1e-13;

/// The sums over customers of whom each has two numbers, `a` and `b`, exact so that no order matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PairSums {
    /// How many customers.
    pub n: u64,
    /// Σ a
    pub a: Minor,
    /// Σ b
    pub b: Minor,
    /// Σ a²
    pub aa: Minor,
    /// Σ a b
    pub ab: Minor,
    /// Σ b²
    pub bb: Minor,
    /// Whether a number was too large for its square to be added.
    pub is_too_large: bool,
}

impl PairSums {
    /// Adds a customer; a number beyond 2⁴⁸ leaves the sums without a meaning, and says so.
    #[inline]
    pub fn add(&mut self, a: i64, b: i64) {
        if !is_square_small(a) || !is_square_small(b) {
            self.is_too_large = true;
            return;
        }
        self.n += 1;
        self.a += Minor::from(a);
        self.b += Minor::from(b);
        self.aa += product(a, a);
        self.ab += product(a, b);
        self.bb += product(b, b);
    }

    /// Σ a and Σ a², as numbers.
    pub(crate) fn sum_and_squares(&self) -> (f64, f64) {
        (float(self.a), float(self.aa))
    }

    /// Adds the sums over others.
    pub fn add_all(&mut self, others: &Self) {
        self.n += others.n;
        self.a += others.a;
        self.b += others.b;
        self.aa += others.aa;
        self.ab += others.ab;
        self.bb += others.bb;
        self.is_too_large |= others.is_too_large;
    }
}

/// Whether the square of a number can be added to those of very many others.
#[inline]
pub(crate) fn is_square_small(number: i64) -> bool {
    number.unsigned_abs() <= MOST
}

/// The product of two numbers, the quick way where it is one: most amounts are below 2³¹.
#[inline]
pub(crate) fn product(x: i64, y: i64) -> Minor {
    match (i32::try_from(x), i32::try_from(y)) {
        (Ok(x), Ok(y)) => Minor::from(i64::from(x) * i64::from(y)),
        _ => wide_product(x, y),
    }
}

/// The product of any two numbers. A function of its own, since the compiler would otherwise make one
/// slow way of both.
#[cold]
#[inline(never)]
pub(super) fn wide_product(x: i64, y: i64) -> Minor {
    Minor::from(x) * Minor::from(y)
}

/// The interval of Σ a ÷ Σ b over customers by linearization, as a fraction.
///
/// # Formula
///
/// ```text
/// R ± t √(n/(n − 1) Σ (a − R b)²) ÷ Σ b
/// ```
///
/// where `R` is Σ a ÷ Σ b over `n` customers and `t` the two-sided quantile of Student's distribution
/// with n − 1 degrees of freedom. The lower end is not below 0 unless `R` is.
///
/// # Domain
///
/// 2 ≤ n, 0 < Σ b, 0 < confidence < 1; nothing is returned outside.
///
/// # Undefined
///
/// Nothing is returned where all customers have the same ratio, which is no proof of certainty, and
/// where a number is too large for its square.
///
/// # Assumptions
///
/// Customers are independent of each other, and none of them is a large part of the whole: an interval
/// that hangs on one customer is too even, where the bootstrap would see it lean.
///
/// # Examples
///
/// ```
/// use retention_calculator::number::interval::{PairSums, ratio_of_sums};
///
/// // Revenue now and then of 90 customers who stay as they are and 10 who leave.
/// let mut sums = PairSums::default();
/// (0..90).for_each(|_| sums.add(100, 100));
/// (0..10).for_each(|_| sums.add(0, 100));
/// let (low, high) = ratio_of_sums(&sums, 0.95).unwrap();
/// // 0.9 ± 1.984 × √(0.9 × 0.1 ÷ 99)
/// assert!((low - 0.840_174).abs() < 1e-6 && (high - 0.959_826).abs() < 1e-6);
/// ```
///
/// # References
///
/// W. G. Cochran (1977): Sampling Techniques, 3rd edition, 2.11 and 6.4.
#[must_use]
pub fn ratio_of_sums(sums: &PairSums, confidence: f64) -> Option<(f64, f64)> {
    ratio_within(sums, two_sided_t(sums.n.checked_sub(1)?, confidence)?)
}

/// The same, `reach` standard errors to each side.
fn ratio_within(sums: &PairSums, reach: f64) -> Option<(f64, f64)> {
    if sums.is_too_large || sums.n < 2 || sums.b <= 0 {
        return None;
    }
    // From what a exceeds b by, since most customers pay what they paid.
    let exceeding = float(sums.a - sums.b) / float(sums.b);
    let squares = float(sums.aa - 2 * sums.ab + sums.bb) + exceeding * exceeding * float(sums.bb);
    let spread = squares - 2.0 * exceeding * float(sums.ab - sums.bb);
    if spread <= ROUNDING * squares {
        return None;
    }
    let n = float(sums.n.into());
    let half = reach * (n / (n - 1.0) * spread).sqrt() / float(sums.b);
    let ratio = 1.0 + exceeding;
    let low = ratio - half;
    Some((if 0.0 <= ratio { low.max(0.0) } else { low }, ratio + half))
}

/// Intervals of one confidence for many ratios: the quantile for a number of customers is found once.
pub(crate) struct RatioIntervals {
    confidence: f64,
    /// By the number of customers, as far as it was needed.
    known: Vec<Option<f64>>,
}

impl RatioIntervals {
    /// Beyond so many customers the quantile takes no search.
    const N_KNOWN: usize = 256;

    pub(crate) fn at(confidence: f64) -> Self {
        Self { confidence, known: vec![None; Self::N_KNOWN] }
    }

    /// The intervals of net retention, and of gross, which is at most 1.
    pub(crate) fn of_retention(&mut self, sums: &Ratios<PairSums>) -> Ratios<Option<(f64, f64)>> {
        let gross = self.of(&sums.gross).map(|(low, high)| (low, high.min(1.0)));
        Ratios { net: self.of(&sums.net), gross }
    }

    /// The same as [`ratio_of_sums`].
    pub(crate) fn of(&mut self, sums: &PairSums) -> Option<(f64, f64)> {
        let freedom = sums.n.checked_sub(1)?;
        let place = usize::try_from(sums.n).ok().and_then(|n| self.known.get_mut(n));
        let reach = match place {
            Some(Some(known)) => *known,
            Some(unknown) => *unknown.insert(two_sided_t(freedom, self.confidence)?),
            None => two_sided_t(freedom, self.confidence)?,
        };
        ratio_within(sums, reach)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a ratio of money is a number, exact to 53 bits")]
fn float(value: Minor) -> f64 {
    value as f64
}
