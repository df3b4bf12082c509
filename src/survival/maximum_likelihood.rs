//! Finding the parameters that make what was observed most likely.
//!
//! Where a model knows its slopes, a climb along them (the method of Broyden, Fletcher, Goldfarb and
//! Shanno); else, and where the climb finds no summit, a simplex search (Nelder and Mead 1965) that
//! needs no derivative and no good start. Newton steps bring the answer to the last digits. It knows
//! no model: parameters are any real numbers, and a model maps them to its own.

use crate::arrange;

/// A square matrix, row by row.
pub(super) type Matrix = Vec<Vec<f64>>;

/// The gradient and the information at a point, given with its height.
type Local<'a> = dyn Fn(&[f64], f64) -> (Vec<f64>, Matrix) + 'a;

/// The highest point of a log-likelihood.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Maximum {
    /// Where it is.
    pub(super) at: Vec<f64>,
    /// How high it is.
    pub(super) log_likelihood: f64,
    /// The inverse of the observed information, where it is positive definite.
    pub(super) covariance: Option<Matrix>,
    /// Whether it is a maximum: flat, curved down, and found before the search gave up.
    pub(super) converged: bool,
}

/// How far apart the points of a numerical derivative lie. Parameters are logarithms, so this is
/// a relative distance.
const STEP: f64 = 2e-3;

/// Searches from `start`, with first steps of size `reach`, and polishes what it finds.
///
/// The function may be `-∞` where its parameters make no sense; it must be finite at `start`.
pub(super) fn maximise(f: &dyn Fn(&[f64]) -> f64, start: &[f64], reach: f64) -> Maximum {
    let (mut at, mut height) = simplex(f, start, reach);
    // A simplex can shrink where it should not; from its answer, a fresh one goes on.
    for _ in 0..4 {
        let (again, higher) = simplex(f, &at, reach * 0.25);
        let gain = higher - height;
        (at, height) = (again, higher);
        if gain < 1e-7 {
            break;
        }
    }
    polish(f, at, height)
}

/// A height and the slopes there, one for each parameter.
pub(super) struct Slope {
    pub(super) height: f64,
    pub(super) gradient: Vec<f64>,
}

/// How long a step of a climb may be in one parameter. Parameters are logarithms.
const LONGEST_STEP: f64 = 2.0;

/// Searches from each start along the slopes, and polishes the highest point found; by simplexes
/// from all starts where that is no maximum.
///
/// `f` may be `-∞` where its parameters make no sense; it must be finite at the starts.
pub(super) fn climb(f: &dyn Fn(&[f64]) -> Slope, starts: &[Vec<f64>]) -> Option<Maximum> {
    let higher = |best: Maximum, next: Maximum| {
        if best.log_likelihood < next.log_likelihood { next } else { best }
    };
    let found = climb_slopes(f, starts)?;
    if found.converged {
        return Some(found);
    }
    let height = |at: &[f64]| f(at).height;
    let again = starts.iter().map(|start| maximise(&height, start, 0.7)).reduce(higher)?;
    Some(if again.converged { again } else { higher(found, again) })
}

/// The same without the simplexes, which take a hundred times as long.
pub(super) fn climb_slopes(f: &dyn Fn(&[f64]) -> Slope, starts: &[Vec<f64>]) -> Option<Maximum> {
    let summits = starts.iter().map(|start| ascend(f, start));
    let (at, slope) =
        summits.reduce(|best, next| if best.1.height < next.1.height { next } else { best })?;
    Some(polish_by_slopes(f, at, slope.height))
}

/// Steps along the slopes, each turned by what the ones before have shown of the curvature, until
/// the next one would gain nothing.
#[inline(never)]
fn ascend(f: &dyn Fn(&[f64]) -> Slope, start: &[f64]) -> (Vec<f64>, Slope) {
    let n = start.len();
    let unit = || -> Matrix {
        (0..n).map(|i| (0..n).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect()
    };
    let mut at = start.to_vec();
    let mut slope = f(&at);
    let mut inverse = unit();
    let mut is_first = true;
    for _ in 0..200 {
        let mut step: Vec<f64> = inverse.iter().map(|row| dot(row, &slope.gradient)).collect();
        let mut gain = dot(&step, &slope.gradient);
        if !(0.0 < gain && gain.is_finite()) {
            break;
        }
        let longest = step.iter().fold(0.0, |longest: f64, s| longest.max(s.abs()));
        let most = if is_first { 0.25 * LONGEST_STEP } else { LONGEST_STEP };
        if most < longest {
            for s in &mut step {
                *s *= most / longest;
            }
            gain *= most / longest;
        }
        let mut fraction = 1.0;
        let next = loop {
            let to: Vec<f64> = at.iter().zip(&step).map(|(x, s)| x + fraction * s).collect();
            let found = f(&to);
            if slope.height + 1e-4 * fraction * gain <= found.height {
                break Some((to, found));
            }
            fraction *= 0.3;
            if fraction < 1e-10 {
                break None;
            }
        };
        let Some((to, found)) = next else { break };
        let moved: Vec<f64> = step.iter().map(|s| fraction * s).collect();
        let turned: Vec<f64> =
            slope.gradient.iter().zip(&found.gradient).map(|(old, new)| old - new).collect();
        let bend = dot(&moved, &turned);
        let risen = found.height - slope.height;
        (at, slope) = (to, found);
        if risen <= 1e-9 && fraction >= 1.0 {
            break;
        }
        if 1e-12 < bend {
            if is_first {
                let scale = bend / dot(&turned, &turned);
                for entry in inverse.iter_mut().flatten() {
                    *entry *= scale;
                }
            }
            is_first = false;
            let along: Vec<f64> = inverse.iter().map(|row| dot(row, &turned)).collect();
            let factor = (1.0 + dot(&turned, &along) / bend) / bend;
            for i in 0..n {
                for j in 0..n {
                    inverse[i][j] += factor * moved[i] * moved[j]
                        - (along[i] * moved[j] + moved[i] * along[j]) / bend;
                }
            }
        } else {
            inverse = unit();
            is_first = true;
        }
    }
    (at, slope)
}

/// Newton steps from a point near the maximum, with the curvature from the slopes.
fn polish_by_slopes(f: &dyn Fn(&[f64]) -> Slope, at: Vec<f64>, height: f64) -> Maximum {
    let local = |at: &[f64], _| (f(at).gradient, information_by_slopes(f, at));
    newton(&|at| f(at).height, &local, at, height)
}

/// The negative second derivatives by differences of the slopes.
#[inline(never)]
fn information_by_slopes(f: &dyn Fn(&[f64]) -> Slope, at: &[f64]) -> Matrix {
    let matrix: Matrix = (0..at.len())
        .map(|axis| {
            let moved = |distance: f64| {
                let mut moved = at.to_vec();
                moved[axis] += distance;
                f(&moved).gradient
            };
            let near = (moved(STEP), moved(-STEP));
            let far = (moved(2.0 * STEP), moved(-2.0 * STEP));
            (0..at.len())
                .map(|i| (far.0[i] - far.1[i] - 8.0 * (near.0[i] - near.1[i])) / (12.0 * STEP))
                .collect()
        })
        .collect();
    // The two ways to each mixed derivative differ by rounding alone.
    let middle = |i: usize, j: usize| 0.5 * (matrix[i][j] + matrix[j][i]);
    (0..at.len()).map(|i| (0..at.len()).map(|j| middle(i, j)).collect()).collect()
}

/// Newton steps from a point near the maximum.
pub(super) fn polish(f: &dyn Fn(&[f64]) -> f64, at: Vec<f64>, height: f64) -> Maximum {
    let local = |at: &[f64], height| (gradient(f, at), information(f, at, height));
    newton(f, &local, at, height)
}

/// Newton steps by the gradient and the information that `local` gives for a point and its height.
#[inline(never)]
fn newton(
    f: &dyn Fn(&[f64]) -> f64,
    local: &Local<'_>,
    mut at: Vec<f64>,
    mut height: f64,
) -> Maximum {
    let mut converged = false;
    let mut covariance = None;
    for _ in 0..30 {
        let (gradient, information) = local(&at, height);
        covariance = inverse_of_positive_definite(&information);
        let Some(inverse) = &covariance else { break };
        let step: Vec<f64> = inverse.iter().map(|row| dot(row, &gradient)).collect();
        // What the step is expected to gain, in units of the log-likelihood.
        let gain = dot(&step, &gradient);
        let mut fraction = 1.0;
        let mut moved = false;
        while !moved && 1e-4 < fraction {
            let next: Vec<f64> = at.iter().zip(&step).map(|(x, s)| x + fraction * s).collect();
            let next_height = f(&next);
            // Equal to within what the sum of the likelihood can hold.
            if height - 1e-12 * height.abs() <= next_height {
                (at, height) = (next, next_height);
                moved = true;
            }
            fraction *= 0.25;
        }
        let longest = step.iter().fold(0.0, |longest: f64, s| longest.max(s.abs()));
        if !moved {
            break;
        }
        // Along an endless slope there is ever less to gain, and the steps stay as long.
        if longest < 1e-8 || gain < 1e-15 && longest < 1e-3 {
            converged = true;
            break;
        }
    }
    Maximum { at, log_likelihood: height, covariance, converged }
}

/// The simplex search: the best point and its height.
#[inline(never)]
fn simplex(f: &dyn Fn(&[f64]) -> f64, start: &[f64], reach: f64) -> (Vec<f64>, f64) {
    let n = start.len();
    let height_of = |at: &[f64]| {
        let height = f(at);
        if height.is_nan() { f64::NEG_INFINITY } else { height }
    };
    let mut points: Vec<(Vec<f64>, f64)> = Vec::with_capacity(n + 1);
    points.push((start.to_vec(), height_of(start)));
    for axis in 0..n {
        let mut at = start.to_vec();
        at[axis] += reach;
        let height = height_of(&at);
        points.push((at, height));
    }
    for _ in 0..200 * n {
        // Highest first; a stable sort, so that equal points keep their order.
        arrange::by(&mut points, |a, b| b.1.total_cmp(&a.1));
        let (best, worst) = (points[0].1, points[n].1);
        let size = points[1..]
            .iter()
            .flat_map(|(at, _)| at.iter().zip(&points[0].0).map(|(x, y)| (x - y).abs()))
            .fold(0.0, f64::max);
        let spread = (best - worst) / (1.0 + best.abs());
        if spread <= 1e-11 && size < 1e-5 || spread <= 1e-13 {
            break;
        }
        let centre: Vec<f64> = (0..n)
            .map(|axis| points[..n].iter().map(|(at, _)| at[axis]).sum::<f64>() / n_as_f64(n))
            .collect();
        let along = |t: f64| -> (Vec<f64>, f64) {
            let last = &points[n].0;
            let at: Vec<f64> = centre.iter().zip(last).map(|(c, x)| c + t * (c - x)).collect();
            let height = height_of(&at);
            (at, height)
        };
        let reflected = along(1.0);
        let next = if best < reflected.1 {
            let further = along(2.0);
            if reflected.1 < further.1 { Some(further) } else { Some(reflected) }
        } else if points[n - 1].1 < reflected.1 {
            Some(reflected)
        } else {
            let nearer = if worst < reflected.1 { along(0.5) } else { along(-0.5) };
            (worst.max(reflected.1) < nearer.1).then_some(nearer)
        };
        if let Some(next) = next {
            points[n] = next;
            continue;
        }
        let towards = points[0].0.clone();
        for (at, height) in &mut points[1..] {
            for (x, y) in at.iter_mut().zip(&towards) {
                *x = 0.5 * (*x + y);
            }
            *height = height_of(at);
        }
    }
    arrange::by(&mut points, |a, b| b.1.total_cmp(&a.1));
    points.swap_remove(0)
}

/// The gradient by central differences over four points each.
#[inline(never)]
fn gradient(f: &dyn Fn(&[f64]) -> f64, at: &[f64]) -> Vec<f64> {
    (0..at.len())
        .map(|axis| {
            let value = |distance: f64| {
                let mut moved = at.to_vec();
                moved[axis] += distance;
                f(&moved)
            };
            let near = value(STEP) - value(-STEP);
            let far = value(2.0 * STEP) - value(-2.0 * STEP);
            (8.0 * near - far) / (12.0 * STEP)
        })
        .collect()
}

/// The negative second derivatives by differences.
#[inline(never)]
fn information(f: &dyn Fn(&[f64]) -> f64, at: &[f64], height: f64) -> Matrix {
    let n = at.len();
    let value = |moves: &[(usize, f64)]| {
        let mut moved = at.to_vec();
        for &(axis, distance) in moves {
            moved[axis] += distance;
        }
        f(&moved)
    };
    let mut matrix: Matrix = Vec::with_capacity(n);
    for i in 0..n {
        let near = value(&[(i, STEP)]) + value(&[(i, -STEP)]);
        let far = value(&[(i, 2.0 * STEP)]) + value(&[(i, -2.0 * STEP)]);
        let own = -(16.0 * near - far - 30.0 * height) / (12.0 * STEP * STEP);
        let mut row = Vec::with_capacity(n);
        for j in 0..i {
            // Two distances, so that what the first one leaves out cancels.
            let cross = |h: f64| {
                let same = value(&[(i, h), (j, h)]) + value(&[(i, -h), (j, -h)]);
                let other = value(&[(i, h), (j, -h)]) + value(&[(i, -h), (j, h)]);
                (same - other) / (4.0 * h * h)
            };
            row.push(-(4.0 * cross(STEP) - cross(2.0 * STEP)) / 3.0);
        }
        for (above, &value) in matrix.iter_mut().zip(&row) {
            above.push(value);
        }
        row.push(own);
        matrix.push(row);
    }
    matrix
}

/// The inverse of a symmetric matrix by Cholesky's decomposition; nothing where it is not positive
/// definite.
pub(super) fn inverse_of_positive_definite(matrix: &[Vec<f64>]) -> Option<Matrix> {
    let n = matrix.len();
    let mut lower = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let rest = matrix[i][j] - dot(&lower[i][..j], &lower[j][..j]);
            if i == j {
                // Down to what rounding alone could have left over.
                if !(1e-13 * matrix[i][i].abs() < rest && rest.is_finite()) {
                    return None;
                }
                lower[i][i] = rest.sqrt();
            } else {
                lower[i][j] = rest / lower[j][j];
            }
        }
    }
    let mut inverse = vec![vec![0.0; n]; n];
    for column in 0..n {
        let mut x = vec![0.0; n];
        for i in 0..n {
            let unit = if i == column { 1.0 } else { 0.0 };
            x[i] = (unit - dot(&lower[i][..i], &x[..i])) / lower[i][i];
        }
        for i in (0..n).rev() {
            let above: f64 = (i + 1..n).map(|k| lower[k][i] * x[k]).sum();
            x[i] = (x[i] - above) / lower[i][i];
        }
        for (row, value) in inverse.iter_mut().zip(x) {
            row[column] = value;
        }
    }
    Some(inverse)
}

/// The sum of products.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[expect(clippy::cast_precision_loss, reason = "models have a handful of parameters")]
fn n_as_f64(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_banana_valley_is_climbed_to_its_top() {
        // Rosenbrock (1960): the maximum is at (1, 1), at the end of a bent ridge.
        let f = |x: &[f64]| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            -(a * a + 100.0 * b * b)
        };
        let found = maximise(&f, &[-1.2, 1.0], 0.5);
        assert!(found.converged);
        assert!((found.at[0] - 1.0).abs() < 1e-7 && (found.at[1] - 1.0).abs() < 1e-7);
        // Its second derivatives there are 802, -400 and 200: the inverse is known.
        let covariance = found.covariance.unwrap();
        assert!((covariance[0][0] - 0.5).abs() < 1e-4 && (covariance[1][1] - 2.005).abs() < 1e-3);
    }

    #[test]
    fn the_banana_valley_is_climbed_along_its_slopes() {
        let f = |x: &[f64]| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            let gradient = vec![2.0 * a + 400.0 * b * x[0], -200.0 * b];
            Slope { height: -(a * a + 100.0 * b * b), gradient }
        };
        let found = climb(&f, &[vec![-1.2, 1.0]]).unwrap();
        assert!(found.converged);
        assert!((found.at[0] - 1.0).abs() < 1e-9 && (found.at[1] - 1.0).abs() < 1e-9);
        let covariance = found.covariance.unwrap();
        assert!((covariance[0][0] - 0.5).abs() < 1e-6 && (covariance[1][1] - 2.005).abs() < 1e-6);
        assert_eq!(covariance[0][1].to_bits(), covariance[1][0].to_bits());
    }

    #[test]
    fn the_higher_of_two_summits_is_found_from_a_start_below_each() {
        // Two hills, the one at 3 half as high again.
        let f = |x: &[f64]| {
            let (one, other) =
                (libm::exp(-x[0] * x[0]), 1.5 * libm::exp(-(x[0] - 3.0) * (x[0] - 3.0)));
            let gradient = vec![-2.0 * x[0] * one - 2.0 * (x[0] - 3.0) * other];
            Slope { height: one + other, gradient }
        };
        let found = climb(&f, &[vec![-0.4], vec![3.4]]).unwrap();
        assert!(found.converged && (found.at[0] - 3.0).abs() < 1e-3);
    }

    #[test]
    fn a_slope_without_a_top_is_no_maximum() {
        let endless = |x: &[f64]| Slope {
            height: if x[0] < 40.0 { -libm::exp(-x[0]) } else { f64::NEG_INFINITY },
            gradient: vec![if x[0] < 40.0 { libm::exp(-x[0]) } else { 0.0 }],
        };
        assert!(!climb(&endless, &[vec![0.0]]).unwrap().converged);
        assert!(!maximise(&|x: &[f64]| x[0], &[0.0], 1.0).converged);
        let half = |x: &[f64]| -libm::exp(-x[0]) - x[1] * x[1];
        assert!(!maximise(&half, &[0.0, 1.0], 1.0).converged);
    }

    #[test]
    fn forbidden_regions_are_walked_around() {
        let f = |x: &[f64]| if x[0] <= 0.0 { f64::NEG_INFINITY } else { libm::log(x[0]) - x[0] };
        let found = maximise(&f, &[5.0], 8.0);
        assert!(found.converged && (found.at[0] - 1.0).abs() < 1e-9);
    }
}
