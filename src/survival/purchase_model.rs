//! The models of purchases without a contract by their parameters, and what follows from them.
//!
//! How the parameters are found is the business of each model's own file; what unites them is here:
//! their likelihood, who is still a customer, and how many purchases are to come.

use super::maximum_likelihood::{Matrix, Slope, climb, maximise};
use super::purchase_histories::{HistoryRow, PurchaseHistories, PurchaseHistory};
use super::quadrature::integral_over_line;
use crate::Error;
use crate::number::special::{
    CarefulSum, digamma_shift, hypergeometric_one, ln_beta, ln_beta_ratio, ln_gamma_shift,
};

/// How far ahead purchases can be expected, in longest times observed.
const FURTHEST: f64 = 1000.0;

/// Beyond this logarithm, a parameter no longer matters.
const FARTHEST_LOG: f64 = 14.0;

/// From so many terms on, the sum of expected purchases is taken as an integral.
const MOST_TERMS: f64 = 20_000.0;

/// A model of purchases and of the silent end of them, with its parameters.
///
/// In all of them customers buy at random while they are customers, each at a rate of its own,
/// and nobody sees when one stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PurchaseModel {
    /// A customer may stop right after any purchase but the first.
    BgNbd {
        /// The shape of the gamma distribution of purchase rates.
        r: f64,
        /// Its rate: the mean rate of purchases is `r / alpha`.
        alpha: f64,
        /// The first shape of the beta distribution of the probability to stop after a purchase.
        a: f64,
        /// The second shape.
        b: f64,
    },
    /// A customer may stop right after any purchase, the first one included.
    MbgNbd {
        /// The shape of the gamma distribution of purchase rates.
        r: f64,
        /// Its rate.
        alpha: f64,
        /// The first shape of the beta distribution of the probability to stop after a purchase.
        a: f64,
        /// The second shape.
        b: f64,
    },
    /// A customer may stop at any time.
    ParetoNbd {
        /// The shape of the gamma distribution of purchase rates.
        r: f64,
        /// Its rate.
        alpha: f64,
        /// The shape of the gamma distribution of the rates of stopping.
        s: f64,
        /// Its rate.
        beta: f64,
    },
}

/// What a fit found.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedPurchases {
    /// The model with its parameters, in the unit of time of the histories.
    pub model: PurchaseModel,
    /// The logarithm of the likelihood of the histories, in that unit.
    pub log_likelihood: f64,
    /// Whether the parameters are a maximum of the likelihood. Where not, some of them do not
    /// matter to these histories (nobody stops, or all customers are alike).
    pub converged: bool,
    /// The covariance of the parameters, in their order, from the observed information.
    pub covariance: Option<Matrix>,
}

impl FittedPurchases {
    /// The standard errors of the parameters, by name.
    #[must_use]
    pub fn standard_errors(&self) -> Option<Vec<(&'static str, f64)>> {
        let covariance = self.covariance.as_ref()?;
        let names = self.model.parameters().into_iter().enumerate();
        Some(names.map(|(index, (name, _))| (name, covariance[index][index].sqrt())).collect())
    }
}

impl PurchaseModel {
    /// Its parameters by their published names.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, f64)> {
        match *self {
            Self::BgNbd { r, alpha, a, b } | Self::MbgNbd { r, alpha, a, b } => {
                vec![("r", r), ("alpha", alpha), ("a", a), ("b", b)]
            }
            Self::ParetoNbd { r, alpha, s, beta } => {
                vec![("r", r), ("alpha", alpha), ("s", s), ("beta", beta)]
            }
        }
    }

    /// The logarithm of the likelihood of one history.
    #[must_use]
    pub fn ln_likelihood(&self, history: &PurchaseHistory) -> f64 {
        self.ln_of_frequency(history.frequency) + self.ln_of_times(history)
    }

    /// The part of the likelihood that depends on the frequency only.
    fn ln_of_frequency(&self, x: f64) -> f64 {
        match *self {
            Self::BgNbd { r, a, b, .. } => ln_gamma_shift(r, x) + ln_beta_ratio(a, b, x),
            Self::MbgNbd { r, a, b, .. } => ln_gamma_shift(r, x) + ln_beta_ratio(a, b, x + 1.0),
            Self::ParetoNbd { r, .. } => ln_gamma_shift(r, x),
        }
    }

    /// The rest of it.
    fn ln_of_times(&self, history: &PurchaseHistory) -> f64 {
        self.ln_alive(history) + ln_one_plus_exp(self.ln_odds_of_having_stopped(history))
    }

    /// The likelihood of the times if the customer is still one, but for what depends on the
    /// frequency only.
    fn ln_alive(&self, history: &PurchaseHistory) -> f64 {
        let PurchaseHistory { frequency: x, observed, .. } = *history;
        match *self {
            Self::BgNbd { r, alpha, .. } | Self::MbgNbd { r, alpha, .. } => {
                -r * libm::log1p(observed / alpha) - x * libm::log(alpha + observed)
            }
            Self::ParetoNbd { r, alpha, s, beta } => {
                -r * libm::log1p(observed / alpha)
                    - x * libm::log(alpha + observed)
                    - s * libm::log1p(observed / beta)
            }
        }
    }

    /// The logarithm of the odds that the customer has stopped by the end of the observation.
    fn ln_odds_of_having_stopped(&self, history: &PurchaseHistory) -> f64 {
        let PurchaseHistory { frequency: x, recency, observed } = *history;
        // How much likelier no purchase since the last one is if the customer stopped then.
        let silence =
            |r: f64, alpha: f64| (r + x) * libm::log1p((observed - recency) / (alpha + recency));
        match *self {
            Self::BgNbd { .. } if x <= 0.0 => f64::NEG_INFINITY,
            Self::BgNbd { r, alpha, a, b } => libm::log(a / (b + x - 1.0)) + silence(r, alpha),
            Self::MbgNbd { r, alpha, a, b } => libm::log(a / (b + x)) + silence(r, alpha),
            Self::ParetoNbd { r, alpha, s, beta } => {
                // ∫ over the time since the last purchase of the density of stopping then, over the
                // likelihood of being a customer still, as two ends of one integral.
                let weight = s / (r + s + x);
                let end = |y: f64| weight * pareto_end(r + x, alpha, s, beta, y);
                let at_recency = libm::log(end(recency))
                    + silence(r, alpha)
                    + s * libm::log1p((observed - recency) / (beta + recency));
                let at_end = end(observed);
                if at_recency < 1.0 {
                    libm::log((libm::exp(at_recency) - at_end).max(0.0))
                } else {
                    at_recency + libm::log1p(-at_end * libm::exp(-at_recency))
                }
            }
        }
    }

    /// The probability that a customer is still one at the end of its observation, a share.
    ///
    /// Under the BG/NBD model a customer with one purchase is one for certain: it can only stop
    /// after a later purchase.
    #[must_use]
    pub fn probability_alive(&self, history: &PurchaseHistory) -> f64 {
        1.0 / (1.0 + libm::exp(self.ln_odds_of_having_stopped(history)))
    }

    /// The expected purchases of a new customer in the time `t` after its first one.
    #[must_use]
    pub fn expected_purchases(&self, t: f64) -> f64 {
        match *self {
            Self::BgNbd { r, alpha, a, b } => purchases_while_alive(r, alpha, a, b, t),
            Self::MbgNbd { r, alpha, a, b } => {
                b / (a + b) * purchases_while_alive(r, alpha, a, b + 1.0, t)
            }
            Self::ParetoNbd { r, alpha, s, beta } => r / alpha * time_alive(s, beta, t),
        }
    }

    /// The expected purchases of a customer in the time `t` after the end of its observation.
    #[must_use]
    pub fn expected_purchases_of(&self, history: &PurchaseHistory, t: f64) -> f64 {
        let PurchaseHistory { frequency: x, observed, .. } = *history;
        let if_alive = match *self {
            Self::BgNbd { r, alpha, a, b } => {
                purchases_while_alive(r + x, alpha + observed, a, b + x, t)
            }
            Self::MbgNbd { r, alpha, a, b } => {
                purchases_while_alive(r + x, alpha + observed, a, b + x + 1.0, t)
            }
            Self::ParetoNbd { r, alpha, s, beta } => {
                (r + x) / (alpha + observed) * time_alive(s, beta + observed, t)
            }
        };
        self.probability_alive(history) * if_alive
    }
}

/// `ln(1 + e^x)` without overflow.
fn ln_one_plus_exp(x: f64) -> f64 {
    if x <= 0.0 { libm::log1p(libm::exp(x)) } else { x + libm::log1p(libm::exp(-x)) }
}

/// `(r + s + x) ∫ from y to ∞ of (α + u)^−(r+x) (β + u)^−(s+1) du · (α + y)^(r+x) (β + y)^s`, given
/// `rx = r + x`.
///
/// It is Gauss's hypergeometric function of the published likelihood, brought by Euler's
/// transformation to the form whose continued fraction loses no digit.
fn pareto_end(rx: f64, alpha: f64, s: f64, beta: f64, y: f64) -> f64 {
    let c = rx + s + 1.0;
    if beta <= alpha {
        hypergeometric_one(rx, c, (alpha - beta) / (alpha + y))
    } else {
        (alpha + y) / (beta + y) * hypergeometric_one(s + 1.0, c, (beta - alpha) / (beta + y))
    }
}

/// The expected time alive within `t` where the rate of stopping is gamma-distributed.
///
/// `β (1 − (β / (β + t))^(s − 1)) / (s − 1)`, and its limit `β ln((β + t) / β)` at `s = 1`.
fn time_alive(s: f64, beta: f64, t: f64) -> f64 {
    let log = libm::log1p(t / beta);
    let power = (s - 1.0) * log;
    if power.abs() < 1e-300 { beta * log } else { beta * log * (-libm::expm1(-power) / power) }
}

/// The expected purchases within `t` of a customer who is one now, buys at a rate that is
/// gamma-distributed (`shape`, `rate`) and stops after each purchase with a probability that is
/// beta-distributed (`a`, `b`).
///
/// ```text
/// sum over j >= 0 of P(N > j) S(j)
/// where `N` is the negative binomial number of purchases it would make if it never stopped,
///       `S(j) = B(a, b + j) / B(a, b)` is the probability not to have stopped after `j` purchases.
/// ```
///
/// The published form, with a hypergeometric function, equals this sum; but it divides 0 by 0 at
/// `a = 1` and has no value for `a + b <= 1`, and here all terms are positive.
fn purchases_while_alive(shape: f64, rate: f64, a: f64, b: f64, t: f64) -> f64 {
    if t <= 0.0 {
        return 0.0;
    }
    // So many terms until P(N > j) is negligible.
    if MOST_TERMS < (shape + 40.0) * t / rate {
        return purchases_by_integral(shape, rate, a, b, t);
    }
    let odds = t / (rate + t);
    let ln_odds = -libm::log1p(rate / t);
    let mut ln_probability = -shape * libm::log1p(t / rate);
    // P(N > 0), exact where it is small.
    let mut more = -libm::expm1(ln_probability);
    let mut stays = 1.0;
    let mut sum = CarefulSum::default();
    let mut j = 0.0;
    loop {
        sum.add(more * stays);
        // The next terms fall by no less than this.
        let ratio = odds.max((shape + j) / (j + 1.0) * odds);
        ln_probability += libm::log((shape + j) / (j + 1.0)) + ln_odds;
        j += 1.0;
        let probability = libm::exp(ln_probability);
        more = (more - probability).max(0.0);
        stays *= (b + j - 1.0) / (a + b + j - 1.0);
        // Past the mode, what is left is less than a geometric series of geometric series.
        if ratio < 1.0 {
            let left = probability * stays * ratio / ((1.0 - ratio) * (1.0 - ratio));
            if left <= 1e-17 * sum.value() {
                return sum.value();
            }
        }
    }
}

/// The same as [`purchases_while_alive`], as the mean of `(1 − (1 + p t / rate)^−shape) / p` over
/// customers' probabilities `p` to stop: for purchases by the ten thousand.
fn purchases_by_integral(shape: f64, rate: f64, a: f64, b: f64, t: f64) -> f64 {
    let ln_norm = -ln_beta(a, b);
    // In the logit of p, where the beta density has no edge.
    integral_over_line(libm::log(a / b), (1.0 / a + 1.0 / b).sqrt().min(1.0), &|logit| {
        let (ln_p, ln_q) = (-ln_one_plus_exp(-logit), -ln_one_plus_exp(logit));
        let p = libm::exp(ln_p);
        let purchases = if p < 1e-290 {
            shape * t / rate
        } else {
            -libm::expm1(-shape * libm::log1p(p * t / rate)) / p
        };
        libm::exp(a * ln_p + b * ln_q + ln_norm) * purchases
    })
}

/// Purchases to come: of each customer, and of all.
#[derive(Clone, Debug, PartialEq)]
pub struct PurchaseOutlook {
    /// How far ahead, in the unit of time of the histories.
    pub horizon: f64,
    /// The probability of each customer to be one still, a share.
    pub alive: Vec<f64>,
    /// The expected purchases of each customer within the horizon.
    pub purchases: Vec<f64>,
    /// The expected number of customers who are one still, each entry by its weight.
    pub total_alive: f64,
    /// The expected purchases of all of them within the horizon, each entry by its weight.
    pub total_purchases: f64,
    /// The expected purchases of a new customer within the horizon, after its first one.
    pub of_new_customer: f64,
}

/// The purchases to expect within a horizon, of each customer and in total (a count).
///
/// # Formula
///
/// ```text
/// BG/NBD:      E[Y] = P(alive) · sum over j >= 0 of P(N > j) B(a, b + x + j) / B(a, b + x)
///              P(alive) = 1 / (1 + (a / (b + x − 1)) ((α + T) / (α + t_x))^(r + x))   for x > 0, else 1
/// MBG/NBD:     the same with b + 1 in place of b, and for x = 0, too
/// Pareto/NBD:  E[Y] = P(alive) · (r + x) / (α + T) · (β + T) (1 − ((β + T) / (β + T + t))^(s − 1)) / (s − 1)
/// where `x`, `t_x`, `T` are the frequency, the recency and the time observed of a customer,
///       `N` is negative binomial with shape r + x and mean t (r + x) / (α + T), `t` is the horizon.
/// ```
///
/// # Domain
///
/// `0 < horizon`, at most a thousand times the longest observation.
///
/// # Undefined
///
/// Nothing.
///
/// # Errors
///
/// `horizon-out-of-range`.
///
/// # Assumptions
///
/// Those of the model.
///
/// # Examples
///
/// ```
/// use retention_calculator::survival::{PurchaseHistories, PurchaseModel, purchase_outlook};
///
/// // The CDNOW parameters of Fader, Hardie and Lee (2005); a customer with two repeat purchases,
/// // the last in week 30.43 of 38.86, is expected to make 1.226 in the next 39 weeks.
/// let model = PurchaseModel::BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
/// let histories = PurchaseHistories::new(&[2.0], &[30.43], &[38.86], None)?;
/// let outlook = purchase_outlook(&model, &histories, 39.0)?;
/// assert!((outlook.purchases[0] - 1.226).abs() < 5e-4);
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Fader, Hardie and Lee (2005), equation 10; Batislam, Denizel and Filiztekin (2007); Schmittlein,
/// Morrison and Colombo (1987).
pub fn purchase_outlook(
    model: &PurchaseModel,
    histories: &PurchaseHistories,
    horizon: f64,
) -> Result<PurchaseOutlook, Error> {
    let furthest = FURTHEST * histories.longest();
    if !(horizon.is_finite() && 0.0 < horizon && horizon <= furthest) {
        let message = format!(
            "The horizon is {horizon}. Give a positive time, in the unit of the histories and at \
             most {furthest}."
        );
        return Err(Error::new("horizon-out-of-range", message).in_column("horizon"));
    }
    let customers = histories.customers();
    let alive: Vec<f64> = customers.iter().map(|of| model.probability_alive(of)).collect();
    let purchases: Vec<f64> =
        customers.iter().map(|of| model.expected_purchases_of(of, horizon)).collect();
    let sum = |numbers: &[f64]| {
        let weighted =
            numbers.iter().zip(histories.weights()).map(|(number, weight)| number * weight);
        weighted.collect::<CarefulSum>().value()
    };
    Ok(PurchaseOutlook {
        horizon,
        total_alive: sum(&alive),
        total_purchases: sum(&purchases),
        alive,
        purchases,
        of_new_customer: model.expected_purchases(horizon),
    })
}

/// The log-likelihood of rows that are sorted by frequency.
fn log_likelihood(model: &PurchaseModel, rows: &[HistoryRow]) -> f64 {
    let mut sum = CarefulSum::default();
    let mut frequency = -1.0;
    let mut of_frequency = 0.0;
    for row in rows {
        if frequency < row.history.frequency {
            frequency = row.history.frequency;
            of_frequency = model.ln_of_frequency(frequency);
        }
        sum.add(row.weight * (of_frequency + model.ln_of_times(&row.history)));
    }
    sum.value()
}

/// The log-likelihood of rows that are sorted by frequency, and its derivatives by the logarithms of
/// the parameters; nothing for the model that has none in closed form.
fn slope(model: &PurchaseModel, rows: &[HistoryRow]) -> Option<Slope> {
    // The modified model is the other one with a purchase more to stop after.
    let (r, alpha, a, b, extra) = match *model {
        PurchaseModel::BgNbd { r, alpha, a, b } => (r, alpha, a, b, 0.0),
        PurchaseModel::MbgNbd { r, alpha, a, b } => (r, alpha, a, b, 1.0),
        PurchaseModel::ParetoNbd { .. } => return None,
    };
    let mut sum = CarefulSum::default();
    let mut gradient = [0.0; 4];
    let mut frequency = -1.0;
    let mut of_frequency = 0.0;
    let mut by_shape = [0.0; 3];
    for HistoryRow { history, weight } in rows {
        let PurchaseHistory { frequency: x, recency, observed } = *history;
        if frequency < x {
            frequency = x;
            of_frequency = model.ln_of_frequency(x);
            let chances = x + extra;
            let of_both = digamma_shift(a + b, chances);
            by_shape = [digamma_shift(r, x), -of_both, digamma_shift(b, chances) - of_both];
        }
        let to_end = libm::log1p(observed / alpha);
        let at_end = alpha + observed;
        let ln_alive = -r * to_end - x * libm::log(at_end);
        let mut slopes =
            [by_shape[0] - to_end, r / alpha - (r + x) / at_end, by_shape[1], by_shape[2]];
        let mut ln_stopped_or_alive = 0.0;
        if 0.0 < x + extra {
            let since = libm::log1p((observed - recency) / (alpha + recency));
            let chances = b + x + extra - 1.0;
            let ln_odds = libm::log(a / chances) + (r + x) * since;
            ln_stopped_or_alive = ln_one_plus_exp(ln_odds);
            let stopped = 1.0 / (1.0 + libm::exp(-ln_odds));
            slopes[0] += stopped * since;
            slopes[1] += stopped * (r + x) * (1.0 / at_end - 1.0 / (alpha + recency));
            slopes[2] += stopped / a;
            slopes[3] -= stopped / chances;
        }
        sum.add(weight * (of_frequency + ln_alive + ln_stopped_or_alive));
        for (total, slope) in gradient.iter_mut().zip(slopes) {
            *total += weight * slope;
        }
    }
    let gradient = gradient.into_iter().zip([r, alpha, a, b]).map(|(by, at)| by * at).collect();
    Some(Slope { height: sum.value(), gradient })
}

/// The parameters of the highest likelihood, searched as logarithms from several starts.
///
/// Times are brought to the unit of the longest observation first, so that days and years are
/// searched alike; `model` makes a model of four parameters, of which `times` names those that are
/// times.
pub(super) fn fit_purchases(
    histories: &PurchaseHistories,
    model: impl Fn([f64; 4]) -> PurchaseModel,
    times: [bool; 4],
    starts: &[[f64; 4]],
) -> FittedPurchases {
    let unit = histories.longest();
    let rows = histories.in_units_of(unit);
    let parameters = |at: &[f64]| -> [f64; 4] {
        std::array::from_fn(|index| at.get(index).map_or(1.0, |&log| libm::exp(log)))
    };
    let height = |at: &[f64]| {
        if at.iter().any(|log| log.abs() > FARTHEST_LOG) {
            return f64::NEG_INFINITY;
        }
        log_likelihood(&model(parameters(at)), &rows)
    };
    let starts: Vec<Vec<f64>> =
        starts.iter().map(|start| start.iter().map(|&value| libm::log(value)).collect()).collect();
    let along = |at: &[f64]| {
        let outside = || Slope { height: f64::NEG_INFINITY, gradient: vec![0.0; 4] };
        if at.iter().any(|log| log.abs() > FARTHEST_LOG) {
            return outside();
        }
        slope(&model(parameters(at)), &rows).unwrap_or_else(outside)
    };
    let best = match model([1.0; 4]) {
        PurchaseModel::ParetoNbd { .. } => {
            starts.iter().map(|start| maximise(&height, start, 0.7)).reduce(|best, next| {
                if best.log_likelihood < next.log_likelihood { next } else { best }
            })
        }
        _ => climb(&along, &starts),
    };
    let at = best.as_ref().map_or_else(|| vec![0.0; 4], |best| best.at.clone());
    let mut values = parameters(&at);
    for (value, is_time) in values.iter_mut().zip(times) {
        if is_time {
            *value *= unit;
        }
    }
    let n_repeats = histories.total(|history| history.frequency);
    let converged = best.as_ref().is_some_and(|best| best.converged);
    let covariance = best.as_ref().and_then(|best| best.covariance.as_ref());
    FittedPurchases {
        model: model(values),
        log_likelihood: height(&at) - n_repeats * libm::log(unit),
        converged,
        covariance: covariance.filter(|_| converged).map(|covariance| {
            // Of the parameters themselves: each is the exponential of what was searched.
            let scaled = |i: usize, j: usize| values[i] * covariance[i][j] * values[j];
            (0..4).map(|i| (0..4).map(|j| scaled(i, j)).collect()).collect()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{purchases_by_integral, purchases_while_alive};

    #[test]
    fn sum_and_integral_are_the_same_expectation() {
        for (shape, rate, a, b, t) in [
            (0.243, 4.414, 0.793, 2.426, 39.0),
            (2.243, 43.274, 0.793, 4.426, 39.0),
            (0.05, 0.3, 1.0, 0.2, 200.0),
            (300.0, 40.0, 0.01, 3.0, 39.0),
            (1.0, 9.0, 0.2, 0.3, 1e-6),
            (3.0, 9.0, 900.0, 40_000.0, 39.0),
            (700.0, 8e3, 30.0, 1e-3, 500.0),
        ] {
            let sum = purchases_while_alive(shape, rate, a, b, t);
            let integral = purchases_by_integral(shape, rate, a, b, t);
            assert!((sum - integral).abs() < 1e-11 * sum, "{sum} {integral}");
        }
        // And where only the integral is taken, it ends, and stays below what no one stopping makes.
        let many = purchases_while_alive(1e5, 1e-3, 0.5, 0.5, 50.0);
        assert!(many.is_finite() && 0.0 < many && many < 1e5 / 1e-3 * 50.0);
    }
}
