//! How often and when each customer bought: what the models of purchases fit to.
//!
//! It knows no model, no date and no money; customers with the same history are one row.

use super::risk_table::check_length;
use crate::Error;
use crate::number::special::CarefulSum;

/// What is known of one customer's purchases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PurchaseHistory {
    /// Purchases after the first one.
    pub frequency: f64,
    /// Time from the first purchase to the last one; 0 where there is only one.
    pub recency: f64,
    /// Time from the first purchase to the end of the observation.
    pub observed: f64,
}

/// A history and how many customers have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct HistoryRow {
    pub(super) history: PurchaseHistory,
    pub(super) weight: f64,
}

/// The purchases of all customers, in any one unit of time.
#[derive(Clone, Debug, PartialEq)]
pub struct PurchaseHistories {
    /// By frequency, recency and time observed, each once.
    rows: Vec<HistoryRow>,
    customers: Vec<PurchaseHistory>,
    weights: Vec<f64>,
}

impl PurchaseHistories {
    /// The histories of customers, one entry each; with `weights`, each entry stands for so many.
    ///
    /// Purchases on one day count as one; the first purchase is none of the `frequency`.
    ///
    /// # Errors
    ///
    /// `no-customers`, `lengths-differ`; `frequency-not-whole`; `history-not-finite` and
    /// `history-negative` for any of the numbers; `recency-after-observed`;
    /// `recency-without-purchase` where a customer without a later purchase has a recency;
    /// `weights-empty` where nobody counts; `no-repeat-purchases` where nobody bought again.
    pub fn new(
        frequency: &[f64],
        recency: &[f64],
        observed: &[f64],
        weights: Option<&[f64]>,
    ) -> Result<Self, Error> {
        if frequency.is_empty() {
            return Err(Error::new("no-customers", "There is no customer to fit to."));
        }
        check_length("frequencies", frequency.len(), "recencies", recency.len())?;
        check_length("frequencies", frequency.len(), "times observed", observed.len())?;
        if let Some(weights) = weights {
            check_length("frequencies", frequency.len(), "weights", weights.len())?;
        }
        let mut customers = Vec::with_capacity(frequency.len());
        let mut rows = Vec::with_capacity(frequency.len());
        for index in 0..frequency.len() {
            let history = PurchaseHistory {
                frequency: frequency[index],
                recency: recency[index],
                observed: observed[index],
            };
            let weight = weights.map_or(1.0, |weights| weights[index]);
            check_history(&history, weight, index)?;
            customers.push(history);
            if 0.0 < weight {
                rows.push(HistoryRow { history, weight });
            }
        }
        let total: CarefulSum = rows.iter().map(|row| row.weight).collect();
        if total.value() <= 0.0 || !total.value().is_finite() {
            return Err(Error::new("weights-empty", "The weights add up to nobody."));
        }
        if rows.iter().all(|row| row.history.frequency <= 0.0) {
            return Err(Error::new(
                "no-repeat-purchases",
                "No customer bought a second time, so nothing tells how often they buy or when they \
                 stop.",
            ));
        }
        rows.sort_by(|a, b| {
            let (a, b) = (&a.history, &b.history);
            a.frequency
                .total_cmp(&b.frequency)
                .then(a.recency.total_cmp(&b.recency))
                .then(a.observed.total_cmp(&b.observed))
        });
        let mut distinct: Vec<HistoryRow> = Vec::new();
        for row in rows {
            match distinct.last_mut() {
                Some(last) if last.history == row.history => last.weight += row.weight,
                _ => distinct.push(row),
            }
        }
        let weights = weights.map_or_else(|| vec![1.0; customers.len()], <[f64]>::to_vec);
        Ok(Self { rows: distinct, customers, weights })
    }

    /// The customers, in the order given.
    #[must_use]
    pub fn customers(&self) -> &[PurchaseHistory] {
        &self.customers
    }

    /// How many customers each entry stands for, in the order given.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The longest time observed.
    #[must_use]
    pub fn longest(&self) -> f64 {
        self.rows.iter().fold(0.0, |longest, row| row.history.observed.max(longest))
    }

    /// The sum of a number over customers.
    pub(super) fn total(&self, of: impl Fn(&PurchaseHistory) -> f64) -> f64 {
        let terms = self.rows.iter().map(|row| row.weight * of(&row.history));
        terms.collect::<CarefulSum>().value()
    }

    /// The same histories with times in units of `unit`.
    pub(super) fn in_units_of(&self, unit: f64) -> Vec<HistoryRow> {
        let scaled = |row: &HistoryRow| HistoryRow {
            history: PurchaseHistory {
                frequency: row.history.frequency,
                recency: row.history.recency / unit,
                observed: row.history.observed / unit,
            },
            weight: row.weight,
        };
        self.rows.iter().map(scaled).collect()
    }
}

fn check_history(history: &PurchaseHistory, weight: f64, index: usize) -> Result<(), Error> {
    let fail = |code, column: &str, what: String| {
        let message = format!("The customer at position {index} has {what}");
        Err(Error::new(code, message).in_column(column))
    };
    let PurchaseHistory { frequency, recency, observed } = *history;
    for (number, column) in [
        (frequency, "frequency"),
        (recency, "recency"),
        (observed, "observed"),
        (weight, "weights"),
    ] {
        if !number.is_finite() {
            return fail("history-not-finite", column, format!("a {column} that is no number."));
        }
        if number < 0.0 {
            return fail("history-negative", column, format!("a {column} of {number}."));
        }
    }
    if 0.0 < frequency.fract() {
        let what = format!("a frequency of {frequency}. It counts purchases, so it is whole.");
        return fail("frequency-not-whole", "frequency", what);
    }
    if observed < recency {
        let what = format!(
            "a last purchase at {recency}, after the end of its observation at {observed}."
        );
        return fail("recency-after-observed", "recency", what);
    }
    if frequency <= 0.0 && 0.0 < recency {
        let what = format!(
            "a last purchase at {recency} but none after the first one. The frequency counts the \
             purchases after the first."
        );
        return fail("recency-without-purchase", "recency", what);
    }
    Ok(())
}
