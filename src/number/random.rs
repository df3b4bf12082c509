//! Seeded pseudo-random numbers: the same seed gives the same numbers everywhere.
//!
//! It never seeds itself, and it is no source of secrets.

/// A stream of pseudo-random numbers that its seed determines in full.
///
/// The generator is xoshiro256++, whose state is filled from the seed by splitmix64.
///
/// # Examples
///
/// ```
/// use retention_calculator::number::random::Stream;
///
/// let mut one = Stream::seeded(7);
/// let mut other = Stream::seeded(7);
/// assert_eq!(one.next_u64(), other.next_u64());
/// ```
///
/// # References
///
/// D. Blackman, S. Vigna (2021): Scrambled linear pseudorandom number generators. ACM Transactions
/// on Mathematical Software 47(4).
/// G. L. Steele, D. Lea, C. H. Flood (2014): Fast splittable pseudorandom number generators. OOPSLA.
#[derive(Clone, Debug)]
pub struct Stream {
    state: [u64; 4],
}

impl Stream {
    /// The stream of a seed; every seed is as good as any other.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        let mut counter = seed;
        Self { state: std::array::from_fn(|_| splitmix64(&mut counter)) }
    }

    /// The next 64 bits, all values equally likely.
    pub fn next_u64(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let c_mixed = c ^ a;
        let d_mixed = d ^ b;
        self.state = [a ^ d_mixed, b ^ c_mixed, c_mixed ^ (b << 17), d_mixed.rotate_left(45)];
        result
    }

    /// A number with 0 ≤ u < 1, one of the multiples of 2⁻⁵³.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit an f64 exactly")]
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * f64::EPSILON * 0.5
    }

    /// A whole number with 0 ≤ i < n; 0 where `n` is 0.
    ///
    /// Some numbers are likelier than others by less than one in 2³².
    pub fn below(&mut self, n: u32) -> u32 {
        let high = self.next_u64() >> 32;
        ((high * u64::from(n)) >> 32) as u32
    }

    /// Two independent draws of the standard normal distribution, by the polar method.
    ///
    /// # References
    ///
    /// G. Marsaglia, T. A. Bray (1964): A convenient method for generating normal variables. SIAM
    /// Review 6(3), 260–264.
    pub fn normal_pair(&mut self) -> (f64, f64) {
        loop {
            let x = 2.0 * self.unit() - 1.0;
            let y = 2.0 * self.unit() - 1.0;
            let square = x * x + y * y;
            if 0.0 < square && square < 1.0 {
                let scale = (-2.0 * super::special::ln(square) / square).sqrt();
                return (x * scale, y * scale);
            }
        }
    }
}

fn splitmix64(counter: &mut u64) -> u64 {
    *counter = counter.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *counter;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
