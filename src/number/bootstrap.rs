//! The seeded bootstrap of ratios of sums, over customers who come by one at a time.
//!
//! It keeps no customer but the few that matter most, and it forms no ratio that it is not asked
//! the interval of.

use std::cmp::Ordering;
use std::ops::{AddAssign, SubAssign};

use super::linearized::{self, wide_product};
use super::random::Stream;

/// How often the sums are drawn anew: the percentiles of 95 % are then the 50th from each end.
const N_REPLICATES: usize = 1999;
/// Up to so many customers, whole samples are drawn.
const N_RESAMPLED: usize = 128;
/// Beyond that, so many customers are drawn one by one and the others together.
const N_DRAWN_SINGLY: usize = 64;
/// So many replicates are added up side by side, in the registers of a processor.
const N_AT_A_TIME: usize = 8;
/// Values of up to 2⁴⁸ and up to 2²⁹ of them: no product or sum of products exceeds 2¹²⁶.
const MOST_BITS: u32 = 48;
/// More than rounding can make of an influence: some 2⁻⁵².
const SLACK: f64 = 1e-12;
/// The product of two values of so many bits fits an `i64`.
const NARROW_BITS: u32 = 31;

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
/// variances and covariance, which under such weights are Σa, Σb, Σa², Σb² and Σab. So the time
/// of the draws does not grow with the base, and what one large customer does to the ratio is still
/// drawn and not assumed. Nothing is kept of the others but these five sums, as exact integers.
///
/// The result depends on the pairs and the seed, not on the order of the pairs. The draws depend on
/// the seed alone, so one set of them serves any number of bases of more than 128 customers.
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
    let sums = pairs
        .iter()
        .fold((0_i128, 0_i128), |(a, b), pair| (a + i128::from(pair.0), b + i128::from(pair.1)));
    let largest = pairs.iter().map(|&(a, b)| a.unsigned_abs().max(b.unsigned_abs())).max();
    let ratio = quotient(sums.0, sums.1);
    let mut base = ResampledBase::new(Ratios { net: ratio, gross: ratio }, largest.unwrap_or(0));
    for &(numerator, denominator) in pairs {
        base.add(numerator, denominator);
    }
    base.intervals(confidence, &mut Draws::seeded(seed)).net
}

/// Two ratios of the same base: of what is paid now to what was paid then, and of the part of it
/// that was paid then already.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ratios<T> {
    /// Σ now ÷ Σ then.
    pub(crate) net: T,
    /// Σ min(now, then) ÷ Σ then.
    pub(crate) gross: T,
}

/// What is to be known of a base of customers to draw its ratios anew.
#[derive(Clone, Debug)]
pub(crate) struct ResampledBase {
    shift: u32,
    is_narrow: bool,
    is_outside: bool,
    n_customers: u64,
    /// The least and the greatest ratio of one customer.
    range: (f64, f64),
    /// All customers, as long as whole samples can be drawn.
    all: Vec<(i64, i64)>,
    /// Of those who pay less than before.
    less: Moments,
    /// Of those who pay the same; only the sums of `b`, which tell all.
    same: Moments,
    /// Of those who pay more.
    more: Moments,
    leaders: Ratios<Leaders>,
    /// Those who pay the same, and less than this, lead in neither ratio.
    same_from: i64,
}

impl ResampledBase {
    /// A base whose ratios are known, of pairs none of which exceeds `largest`.
    pub(crate) fn new(ratios: Ratios<f64>, largest: u64) -> Self {
        let n_bits = u64::BITS - largest.leading_zeros();
        Self {
            shift: n_bits.saturating_sub(MOST_BITS),
            is_narrow: n_bits <= NARROW_BITS,
            is_outside: false,
            n_customers: 0,
            range: (f64::INFINITY, f64::NEG_INFINITY),
            all: Vec::new(),
            less: Moments::default(),
            same: Moments::default(),
            more: Moments::default(),
            leaders: Ratios { net: Leaders::of(ratios.net), gross: Leaders::of(ratios.gross) },
            same_from: 0,
        }
    }

    /// Adds a customer who pays `now` and paid `then`.
    pub(crate) fn add(&mut self, now: i64, then: i64) {
        if then <= 0 {
            self.is_outside = true;
            return;
        }
        self.n_customers += 1;
        if self.all.len() <= N_RESAMPLED {
            self.all.push((now, then));
        }
        let (a, b) = (now >> self.shift, then >> self.shift);
        let is_narrow = self.is_narrow;
        if now == then {
            // Most customers: what is the same is known of them without a look.
            self.widen_range(1.0);
            self.same.b += i128::from(b);
            self.same.bb += product(b, b, is_narrow);
            if self.same_from <= b {
                self.leaders.net.offer(b, b);
                self.leaders.gross.offer(b, b);
                self.same_from = self.leaders.net.same_from().min(self.leaders.gross.same_from());
            }
            return;
        }
        self.widen_range(amount(now) / amount(then));
        self.leaders.net.offer(a, b);
        self.leaders.gross.offer(a.min(b), b);
        if a < b {
            self.less.add(a, b, is_narrow);
        } else {
            self.more.add(a, b, is_narrow);
        }
    }

    /// Those who pay the same as before, and less than this, can be added by their sums alone.
    pub(crate) fn same_below(&self) -> i64 {
        let is_large = N_RESAMPLED < self.all.len() && self.shift == 0;
        if is_large { self.same_from } else { 0 }
    }

    /// Adds such customers.
    pub(crate) fn add_all_same(&mut self, sums: &SameSums) {
        if let Some(n_customers) = u64::try_from(sums.n_customers).ok().filter(|&n| 0 < n) {
            self.n_customers += n_customers;
            self.widen_range(1.0);
            self.same.b += sums.b;
            self.same.bb += sums.bb;
        }
    }

    fn widen_range(&mut self, own: f64) {
        if own < self.range.0 {
            self.range.0 = own;
        }
        if self.range.1 < own {
            self.range.1 = own;
        }
    }

    /// Says that there is a customer whom nothing can be drawn with.
    pub(crate) fn add_outside(&mut self) {
        self.is_outside = true;
    }

    /// The intervals of both ratios, where they have one.
    pub(crate) fn intervals(
        self,
        confidence: f64,
        draws: &mut Draws,
    ) -> Ratios<Option<(f64, f64)>> {
        let is_in_domain = !self.is_outside && 0.0 < confidence && confidence < 1.0;
        if !is_in_domain || self.n_customers < 2 {
            return Ratios { net: None, gross: None };
        }
        let range = self.range;
        let capped = (range.0.min(1.0), range.1.min(1.0));
        let ratios = if self.all.len() <= N_RESAMPLED {
            draws.whole_samples(self.all)
        } else {
            let without_more = self.less.plus(self.same.capped());
            let net = without_more.plus(self.more);
            let gross = without_more.plus(self.more.capped());
            let Ratios { net: net_leaders, gross: gross_leaders } = self.leaders;
            Ratios {
                net: draws.reweighted(net, net_leaders),
                gross: draws.reweighted(gross, gross_leaders),
            }
        };
        Ratios {
            net: percentile_interval(ratios.net, range, confidence),
            gross: percentile_interval(ratios.gross, capped, confidence),
        }
    }
}

/// Sums over customers who pay the same as before, or what is to be taken off such sums.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SameSums {
    n_customers: i64,
    b: i128,
    bb: i128,
}

impl SameSums {
    /// Those of one customer.
    #[inline]
    pub(crate) fn of(then: i64) -> Self {
        Self { n_customers: 1, b: i128::from(then), bb: linearized::product(then, then) }
    }
}

impl AddAssign for SameSums {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        self.n_customers += other.n_customers;
        self.b += other.b;
        self.bb += other.bb;
    }
}

impl SubAssign for SameSums {
    #[inline]
    fn sub_assign(&mut self, other: Self) {
        self.n_customers -= other.n_customers;
        self.b -= other.b;
        self.bb -= other.bb;
    }
}

/// The interval of the draws, or nothing where all customers have the same ratio.
fn percentile_interval(
    mut ratios: Vec<f64>,
    (least, greatest): (f64, f64),
    confidence: f64,
) -> Option<(f64, f64)> {
    if greatest <= least {
        return None;
    }
    // A weighted mean of the customers' own ratios lies between them.
    for ratio in &mut ratios {
        *ratio = ratio.clamp(least, greatest);
    }
    let tail = 0.5 * (1.0 - confidence);
    Some((percentile(&mut ratios, tail), percentile(&mut ratios, 1.0 - tail)))
}

/// Sums of numerators and denominators and of their products, exact so that no order matters.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    a: i128,
    b: i128,
    aa: i128,
    ab: i128,
    bb: i128,
}

impl Moments {
    fn add(&mut self, a: i64, b: i64, is_narrow: bool) {
        self.a += i128::from(a);
        self.b += i128::from(b);
        self.aa += product(a, a, is_narrow);
        self.ab += product(a, b, is_narrow);
        self.bb += product(b, b, is_narrow);
    }

    fn plus(self, other: Self) -> Self {
        Self {
            a: self.a + other.a,
            b: self.b + other.b,
            aa: self.aa + other.aa,
            ab: self.ab + other.ab,
            bb: self.bb + other.bb,
        }
    }

    /// The sums with each numerator taken down to its denominator.
    fn capped(self) -> Self {
        Self { a: self.b, b: self.b, aa: self.bb, ab: self.bb, bb: self.bb }
    }

    fn without(self, a: i64, b: i64) -> Self {
        let (a, b) = (i128::from(a), i128::from(b));
        Self {
            a: self.a - a,
            b: self.b - b,
            aa: self.aa - a * a,
            ab: self.ab - a * b,
            bb: self.bb - b * b,
        }
    }
}

fn product(x: i64, y: i64, is_narrow: bool) -> i128 {
    if is_narrow { i128::from(x * y) } else { wide_product(x, y) }
}

/// The pairs that move a ratio most.
#[derive(Clone, Debug)]
struct Leaders {
    ratio: f64,
    /// Up to twice as many as are wanted, the leading ones among them.
    kept: Vec<Leader>,
    /// Whoever does not lead this one is none of them.
    last: Leader,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Leader {
    /// |numerator − R·denominator|.
    influence: f64,
    a: i64,
    b: i64,
}

impl Leader {
    /// The more influential first; equal influence by the pair, so that no order matters.
    fn by_influence(one: &Self, other: &Self) -> Ordering {
        other
            .influence
            .total_cmp(&one.influence)
            .then_with(|| (one.a, one.b).cmp(&(other.a, other.b)))
    }
}

impl Leaders {
    fn of(ratio: f64) -> Self {
        let last = Leader { influence: f64::NEG_INFINITY, a: 0, b: 0 };
        Self { ratio, kept: Vec::new(), last }
    }

    #[inline]
    fn offer(&mut self, a: i64, b: i64) {
        let influence = (amount(a) - self.ratio * amount(b)).abs();
        if self.last.influence <= influence {
            self.take(Leader { influence, a, b });
        }
    }

    /// Whoever pays the same as before, and less than this, does not lead: its influence, |1 − R| of
    /// what it pays but for rounding, is below that of the last.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a bound beyond all amounts is the largest"
    )]
    fn same_from(&self) -> i64 {
        let slope = (1.0 - self.ratio).abs() + (1.0 + self.ratio.abs()) * SLACK;
        (self.last.influence / slope * (1.0 - SLACK)) as i64
    }

    #[inline(never)]
    fn take(&mut self, leader: Leader) {
        if Leader::by_influence(&self.last, &leader).is_le() {
            return;
        }
        self.kept.push(leader);
        if 2 * N_DRAWN_SINGLY <= self.kept.len() {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if N_DRAWN_SINGLY <= self.kept.len() {
            self.kept.select_nth_unstable_by(N_DRAWN_SINGLY - 1, Leader::by_influence);
            self.kept.truncate(N_DRAWN_SINGLY);
            self.last = self.kept.last().copied().unwrap_or(self.last);
        }
    }

    /// The leading ones, in their order.
    fn sorted(mut self) -> Vec<Leader> {
        self.cut();
        self.kept.sort_unstable_by(Leader::by_influence);
        self.kept
    }
}

/// The random numbers behind all intervals of one seed.
#[derive(Clone, Debug)]
pub(crate) struct Draws {
    seed: u64,
    /// What large bases are drawn with; made when first needed.
    of_large_bases: Option<WeightDraws>,
}

#[derive(Clone, Debug)]
struct WeightDraws {
    /// For each replicate, the two normal variables of those drawn together.
    normals: Vec<(f64, f64)>,
    /// For each batch of replicates and each of those drawn singly, its Poisson weights in them.
    weights: Vec<[u8; N_AT_A_TIME]>,
}

impl Draws {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self { seed, of_large_bases: None }
    }

    /// Ratios of whole samples of at most [`N_RESAMPLED`] pairs, drawn with replacement. Both have
    /// the pairs sorted on their own, so that each is what it would be alone.
    fn whole_samples(&self, mut pairs: Vec<(i64, i64)>) -> Ratios<Vec<f64>> {
        pairs.sort_unstable();
        let mut capped: Vec<(i64, i64)> = pairs.iter().map(|&(a, b)| (a.min(b), b)).collect();
        capped.sort_unstable();
        let is_small = |value: i64| value.unsigned_abs().leading_zeros() > 8;
        if pairs.iter().all(|&(a, b)| is_small(a) && is_small(b)) {
            // Up to 128 values below 2⁵⁵ add up to less than 2⁶².
            self.whole_sample_ratios(&pairs, &capped, |(a, b): (i64, i64)| amount(a) / amount(b))
        } else {
            self.whole_sample_ratios(&pairs, &capped, |(a, b): (i128, i128)| quotient(a, b))
        }
    }

    fn whole_sample_ratios<T: Default + From<i64> + AddAssign>(
        &self,
        pairs: &[(i64, i64)],
        capped: &[(i64, i64)],
        ratio: impl Fn((T, T)) -> f64,
    ) -> Ratios<Vec<f64>> {
        let mut stream = Stream::seeded(self.seed);
        let n = u32::try_from(pairs.len()).unwrap_or(u32::MAX);
        let add = |sums: &mut (T, T), (a, b): (i64, i64)| {
            sums.0 += T::from(a);
            sums.1 += T::from(b);
        };
        let mut ratios = Ratios { net: Vec::new(), gross: Vec::new() };
        for _ in 0..N_REPLICATES {
            let mut sums: Ratios<(T, T)> = Ratios::default();
            for _ in 0..n {
                let drawn = stream.below(n) as usize;
                add(&mut sums.net, pairs[drawn]);
                add(&mut sums.gross, capped[drawn]);
            }
            ratios.net.push(ratio(sums.net));
            ratios.gross.push(ratio(sums.gross));
        }
        ratios
    }

    /// Ratios under Poisson weights: the pairs that matter most singly, the others together.
    fn reweighted(&mut self, all: Moments, leaders: Leaders) -> Vec<f64> {
        let seed = self.seed;
        let draws = self.of_large_bases.get_or_insert_with(|| WeightDraws::seeded(seed));
        let leading = leaders.sorted();
        let others = leading.iter().fold(all, |sums, single| sums.without(single.a, single.b));
        let together = Together::of(others);
        let singles: Vec<(f64, f64)> =
            leading.iter().map(|single| (amount(single.a), amount(single.b))).collect();
        let ratio = quotient(all.a, all.b);
        let mut ratios = Vec::with_capacity(N_REPLICATES);
        let batches = draws.normals.chunks(N_AT_A_TIME);
        for (normals, weights) in batches.zip(draws.weights.chunks(N_DRAWN_SINGLY)) {
            let (mut numerators, mut denominators) = ([0.0; N_AT_A_TIME], [0.0; N_AT_A_TIME]);
            for (place, &normals) in normals.iter().enumerate() {
                (numerators[place], denominators[place]) = together.at(normals);
            }
            for (times, &(a, b)) in weights.iter().zip(&singles) {
                for (place, &n_times) in times.iter().enumerate() {
                    numerators[place] += f64::from(n_times) * a;
                    denominators[place] += f64::from(n_times) * b;
                }
            }
            let sums = numerators.iter().zip(&denominators).take(normals.len());
            ratios.extend(sums.map(|(a, b)| if 0.0 < *b { a / b } else { ratio }));
        }
        ratios
    }
}

impl WeightDraws {
    fn seeded(seed: u64) -> Self {
        let mut stream = Stream::seeded(seed);
        let mut normals = Vec::with_capacity(N_REPLICATES);
        let n_batches = N_REPLICATES.div_ceil(N_AT_A_TIME);
        let mut weights = vec![[0; N_AT_A_TIME]; n_batches * N_DRAWN_SINGLY];
        let cumulated = poisson_of_mean_one();
        for replicate in 0..N_REPLICATES {
            normals.push(stream.normal_pair());
            for single in 0..N_DRAWN_SINGLY {
                let u = stream.unit();
                let weight = cumulated.iter().zip(0_u8..).find(|&(&cumulated, _)| u < cumulated);
                let batch = replicate / N_AT_A_TIME * N_DRAWN_SINGLY;
                weights[batch + single][replicate % N_AT_A_TIME] =
                    weight.map_or(18, |(_, weight)| weight);
            }
        }
        Self { normals, weights }
    }
}

/// How likely a Poisson variable of mean 1 is at most 0, 1, 2, … The probabilities fall so fast that
/// 18 terms exhaust 53 bits.
fn poisson_of_mean_one() -> [f64; 18] {
    let mut probability = 1.0 / std::f64::consts::E;
    let mut sum = probability;
    let mut cumulated = [sum; 18];
    for (count, cumulated) in (1_u8..).zip(&mut cumulated[1..]) {
        probability /= f64::from(count);
        sum += probability;
        *cumulated = sum;
    }
    cumulated
}

/// Two sums under Poisson weights, as the normal distribution with their moments.
struct Together {
    mean: (f64, f64),
    /// The lower triangle of the covariance's Cholesky factor: aa, ba, bb.
    factor: (f64, f64, f64),
}

impl Together {
    fn of(sums: Moments) -> Self {
        let root = sum(sums.aa).sqrt();
        let cross = if 0.0 < root { sum(sums.ab) / root } else { 0.0 };
        let rest = (sum(sums.bb) - cross * cross).max(0.0).sqrt();
        Self { mean: (sum(sums.a), sum(sums.b)), factor: (root, cross, rest) }
    }

    fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (aa, ba, bb) = self.factor;
        (self.mean.0 + aa * x, self.mean.1 + ba * x + bb * y)
    }
}

fn quotient(numerator: i128, denominator: i128) -> f64 {
    sum(numerator) / sum(denominator)
}

#[expect(clippy::cast_precision_loss, reason = "a ratio of money is a number, exact to 53 bits")]
fn sum(value: i128) -> f64 {
    value as f64
}

#[expect(clippy::cast_precision_loss, reason = "a ratio of money is a number, exact to 53 bits")]
fn amount(value: i64) -> f64 {
    value as f64
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
