//! Why a rate changed: customers of each kind behaved otherwise, or there were more of other kinds.
//!
//! It knows counts and sums of segments alone, and gives no cause.

use crate::analysis::period_figures::ratio;
use crate::number::Minor;

/// A part of a whole in each segment, at two times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartAndWhole {
    /// What was kept: customers, or money in minor units.
    pub part: Minor,
    /// What there was at the start.
    pub whole: Minor,
}

/// How one segment took part in the change of a rate. All but the rates are fractions of 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SegmentEffect {
    /// Its rate before; none where it had nothing at the start.
    pub rate_before: Option<f64>,
    /// Its rate now.
    pub rate_now: Option<f64>,
    /// Its share of the whole before.
    pub weight_before: f64,
    /// Its share now.
    pub weight_now: f64,
    /// What its own change of rate moved the total by.
    pub rate_effect: f64,
    /// What its change of share moved the total by.
    pub mix_effect: f64,
}

/// The change of a total rate, taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RateChange {
    /// The total rate before.
    pub before: f64,
    /// The total rate now.
    pub now: f64,
    /// By how much it changed, as a fraction of 1.
    pub change: f64,
    /// The part of the change that segments made by changes of their own rates.
    pub rate_effect: f64,
    /// The part made by other shares of the segments.
    pub mix_effect: f64,
    /// Whether every segment's rate moved one way and the total the other (Simpson's paradox).
    pub is_paradox: bool,
    /// The segments, in the order given.
    pub segments: Vec<SegmentEffect>,
}

/// The change of a rate between two times, taken apart into the effect of rates and the effect of
/// the mix of segments, as fractions of 1.
///
/// # Formula
///
/// ```text
/// R₁ − R₀     = Σ rate effect + Σ mix effect
/// rate effect = ½(w₁ + w₀) × (r₁ − r₀)
/// mix effect  = (w₁ − w₀) × (½(r₁ + r₀) − ½(R₁ + R₀))
/// ```
///
/// where `w` is the share of a segment in the whole, `r` its rate, `R` the rate of the total, and 0
/// and 1 are the two times. Weighing each change by the average of the other factor gives half of
/// what both change together to either, so that nothing is left over. That the mix effect of a
/// segment looks at its rate less that of the total alters no sum, since all shares add up to 1; it
/// says that a segment which grows helps where it keeps more than the others.
///
/// # Domain
///
/// The wholes of both times add up to more than 0. A segment without a whole at one of the times has
/// a rate there that nobody knows: all that it moves is an effect of the mix.
///
/// # Undefined
///
/// Nothing is returned where a total has no whole.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// None on causes: the effects are arithmetic, and depend on which segments are told apart.
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::{PartAndWhole, rate_change};
///
/// let of = |part, whole| PartAndWhole { part, whole };
/// // Both kinds keep more than before, and all together less: more are of the kind that leaves.
/// let before = [of(10, 20), of(72, 80)];
/// let now = [of(44, 80), of(19, 20)];
/// let change = rate_change(&before, &now).unwrap();
/// assert!((change.change - -0.19).abs() < 1e-12 && change.is_paradox);
/// assert!((change.rate_effect - 0.05).abs() < 1e-12);
/// assert!((change.mix_effect - -0.24).abs() < 1e-12);
/// ```
///
/// # References
///
/// E. M. Kitagawa (1955): Components of a Difference Between Two Rates. Journal of the American
/// Statistical Association 50, 1168–1194. P. Das Gupta (1993): Standardization and Decomposition of
/// Rates: A User's Manual, U.S. Bureau of the Census. E. H. Simpson (1951): The Interpretation of
/// Interaction in Contingency Tables. Journal of the Royal Statistical Society B 13, 238–241.
#[must_use]
pub fn rate_change(before: &[PartAndWhole], now: &[PartAndWhole]) -> Option<RateChange> {
    let total = |all: &[PartAndWhole]| {
        all.iter().fold(PartAndWhole::default(), |sum, one| PartAndWhole {
            part: sum.part + one.part,
            whole: sum.whole + one.whole,
        })
    };
    let (all_before, all_now) = (total(before), total(now));
    let (rate_before, rate_now) = (rate(all_before)?, rate(all_now)?);
    let middle = 0.5 * (rate_before + rate_now);
    let segments: Vec<SegmentEffect> = before
        .iter()
        .zip(now)
        .map(|(&one_before, &one_now)| {
            let (weight_before, weight_now) =
                (ratio(one_before.whole, all_before.whole), ratio(one_now.whole, all_now.whole));
            let (rate_before, rate_now) = (rate(one_before), rate(one_now));
            let moved_weight = weight_now - weight_before;
            let (rate_effect, mix_effect) =
                if let (Some(before), Some(now)) = (rate_before, rate_now) {
                    (
                        0.5 * (weight_before + weight_now) * (now - before),
                        moved_weight * (0.5 * (before + now) - middle),
                    )
                } else {
                    let moved = ratio(one_now.part, all_now.whole)
                        - ratio(one_before.part, all_before.whole);
                    (0.0, moved - moved_weight * middle)
                };
            SegmentEffect {
                rate_before,
                rate_now,
                weight_before,
                weight_now,
                rate_effect,
                mix_effect,
            }
        })
        .collect();
    Some(RateChange {
        before: rate_before,
        now: rate_now,
        change: rate_now - rate_before,
        rate_effect: segments.iter().map(|one| one.rate_effect).sum(),
        mix_effect: segments.iter().map(|one| one.mix_effect).sum(),
        is_paradox: is_paradox(before, now, direction(all_before, all_now)),
        segments,
    })
}

fn rate(of: PartAndWhole) -> Option<f64> {
    (0 < of.whole).then(|| ratio(of.part, of.whole))
}

/// Whether a rate fell (-1), stayed (0) or rose (1), exactly where the products fit.
fn direction(before: PartAndWhole, now: PartAndWhole) -> i32 {
    let products = (now.part.checked_mul(before.whole), before.part.checked_mul(now.whole));
    let order = match products {
        (Some(now), Some(before)) => now.cmp(&before),
        _ => ratio(now.part, now.whole).total_cmp(&ratio(before.part, before.whole)),
    };
    order as i32
}

/// Whether all segments with a rate at both times, two at least, moved against the total.
fn is_paradox(before: &[PartAndWhole], now: &[PartAndWhole], total: i32) -> bool {
    let both = || before.iter().zip(now).filter(|(a, b)| 0 < a.whole && 0 < b.whole);
    total != 0 && 2 <= both().count() && both().all(|(&a, &b)| direction(a, b) == -total)
}
