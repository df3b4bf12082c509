//! Integrals over the whole line, by the double exponential rule.
//!
//! For smooth functions that fall at both ends, however slowly; it looks for no peak far off.

use crate::number::special::CarefulSum;

/// `∫ f(v) dv` over the whole line for `f >= 0`, with its bulk around `centre`, about `scale` wide.
///
/// The trapezoidal rule in `u`, with `v = centre + scale · sinh(u)` (Takahasi and Mori 1974), its step
/// halved until nothing changes.
pub(super) fn integral_over_line(centre: f64, scale: f64, f: &dyn Fn(f64) -> f64) -> f64 {
    let value = |u: f64| f(centre + scale * libm::sinh(u)) * libm::cosh(u);
    let mut step = 0.125;
    let mut before = f64::INFINITY;
    loop {
        let mut sum = CarefulSum::default();
        sum.add(value(0.0));
        for direction in [1.0, -1.0] {
            let mut u: f64 = direction * step;
            while u.abs() < 16.0 {
                let term = value(u);
                sum.add(term);
                if 1.0 < u.abs() && term <= 1e-18 * sum.value() {
                    break;
                }
                u += direction * step;
            }
        }
        let integral = sum.value() * step * scale;
        if (integral - before).abs() <= 1e-14 * integral || step < 1e-3 {
            return integral;
        }
        before = integral;
        step *= 0.5;
    }
}

#[cfg(test)]
mod tests {
    use super::integral_over_line;

    #[test]
    fn known_integrals_are_met() {
        let root_of_pi = 1.772_453_850_905_516;
        let found = integral_over_line(0.3, 1.0, &|v| libm::exp(-v * v));
        assert!((found - root_of_pi).abs() < 1e-13, "{found}");
        // 1 / (e^(v/20) + e^(-v/20)): slow on both sides, π · 20 / 2.
        let slow = |v: f64| 1.0 / (libm::exp(v / 20.0) + libm::exp(-v / 20.0));
        let found = integral_over_line(5.0, 1.0, &slow);
        assert!((found - 10.0 * std::f64::consts::PI).abs() < 1e-11, "{found}");
    }
}
