//! Who was at risk and who was lost in each whole period: what the contractual models fit to.
//!
//! It knows no model. A period is whatever the contract renews by: a month, a quarter, a year.

use super::kaplan_meier::count_as_f64;
use super::risk_table::RiskTable;
use crate::Error;

/// How many periods are looked at, at most.
pub const MOST_PERIODS: usize = 100_000;

/// How far the same day of a later month can be from as many mean months of 30.436875 days.
///
/// The days from any day of the years 2019 to 2023 to the same day up to 120 months later (the last
/// of its month where there is no such day) are off by 2.9 days too few to 3.0 too many.
pub const MONTHS_WOBBLE_DAYS: f64 = 3.02;

/// From this share of losses near the ends of periods on, customers leave at renewals only.
const MOST_LOSSES: f64 = 0.5;

/// How many customers a series of shares stands for where nobody says.
pub const SIZE_OF_SHARES: f64 = 1000.0;

/// One period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RenewalRow {
    /// Customers who faced the end of the period.
    pub at_risk: f64,
    /// Those of them who were lost at it.
    pub lost: f64,
}

/// Customers at risk and lost in period 1, 2, 3, …
///
/// Counts are numbers, not whole ones only: survivors may be given as shares of a size.
#[derive(Clone, Debug, PartialEq)]
pub struct RenewalTable {
    rows: Vec<RenewalRow>,
    fit_to: usize,
    n_customers: f64,
}

impl RenewalTable {
    /// The table of one cohort, from how many of it are still there after 0, 1, 2, … periods.
    ///
    /// With a `size`, the series is taken as shares (of 1, of 100, of anything) of so many
    /// customers at the start. Without one, whole numbers are customers, and a series with
    /// fractions is taken as shares of a thousand customers. The size changes no parameter; it
    /// changes the log-likelihood and how sure the fit is. `fit_to` is the last period the models
    /// fit to; later ones are held out.
    ///
    /// # Errors
    ///
    /// `too-few-periods` below two entries; `survivors-not-finite`, `survivors-negative`,
    /// `survivors-increase`; `no-customers-at-start` where the first is 0; `size-out-of-range`,
    /// `fit-to-out-of-range`, `too-many-periods`.
    pub fn from_survivors(
        survivors: &[f64],
        size: Option<f64>,
        fit_to: Option<usize>,
    ) -> Result<Self, Error> {
        let fail = |code, message: String| Err(Error::new(code, message).in_column("survivors"));
        if survivors.len() < 2 {
            let message = "Give the customers at the start and after one period at least.";
            return fail("too-few-periods", message.to_owned());
        }
        for (period, &survivor) in survivors.iter().enumerate() {
            if !survivor.is_finite() {
                let message = format!("The survivors after {period} periods are not a number.");
                return fail("survivors-not-finite", message);
            }
            if survivor < 0.0 {
                let message = format!("There are {survivor} survivors after {period} periods.");
                return fail("survivors-negative", message);
            }
        }
        if let Some(period) = (1..survivors.len()).find(|&t| survivors[t - 1] < survivors[t]) {
            let message = format!(
                "There are {} survivors after {} periods, and {} after {period}. A cohort cannot \
                 grow: leave out customers who joined later or came back.",
                survivors[period - 1],
                period - 1,
                survivors[period],
            );
            return fail("survivors-increase", message);
        }
        let start = survivors[0];
        if start <= 0.0 {
            return fail("no-customers-at-start", "Nobody is there at the start.".to_owned());
        }
        let size = match size {
            Some(size) if size.is_finite() && 0.0 < size => size,
            Some(size) => {
                let message = format!("The size is {size}. Give the customers at the start.");
                return Err(Error::new("size-out-of-range", message).in_column("size"));
            }
            None if survivors.iter().all(|survivor| survivor.fract().abs() <= 0.0) => start,
            None => SIZE_OF_SHARES,
        };
        let count = |survivor: f64| survivor * (size / start);
        let rows = survivors
            .windows(2)
            .map(|pair| RenewalRow { at_risk: count(pair[0]), lost: count(pair[0] - pair[1]) })
            .collect();
        Self::new(rows, size, fit_to)
    }

    /// The table of several cohorts, each as [`Self::from_survivors`] takes one: all customers of one
    /// age together.
    ///
    /// Younger cohorts end earlier; who is still there at the end of one is last seen then.
    ///
    /// # Errors
    ///
    /// `no-cohorts`, and those of [`Self::from_survivors`].
    pub fn from_cohorts(
        cohorts: &[Vec<f64>],
        size: Option<f64>,
        fit_to: Option<usize>,
    ) -> Result<Self, Error> {
        let mut rows: Vec<RenewalRow> = Vec::new();
        let mut n_customers = 0.0;
        for survivors in cohorts {
            let one = Self::from_survivors(survivors, size, None)?;
            if rows.len() < one.rows.len() {
                rows.resize(one.rows.len(), RenewalRow { at_risk: 0.0, lost: 0.0 });
            }
            for (all, row) in rows.iter_mut().zip(&one.rows) {
                all.at_risk += row.at_risk;
                all.lost += row.lost;
            }
            n_customers += one.n_customers;
        }
        if rows.is_empty() {
            return Err(Error::new("no-cohorts", "There is no cohort. Give one at least.")
                .in_column("cohorts"));
        }
        Self::new(rows, n_customers, fit_to)
    }

    /// The table of customers by their duration in whole periods.
    ///
    /// A loss at duration `t` is one at the end of period `t`, so it is 1 or more; a customer last
    /// seen at `t` has renewed `t` times and counts as at risk in periods 1 to `t`. Whoever came
    /// under observation late counts from the period after its entry on.
    ///
    /// # Errors
    ///
    /// `duration-not-whole`, `entry-not-whole`, `event-at-zero`, `too-few-periods` where nobody was
    /// seen for one whole period, `fit-to-out-of-range`, `too-many-periods`.
    pub fn from_risk_table(table: &RiskTable, fit_to: Option<usize>) -> Result<Self, Error> {
        let last = whole(table.last_time(), "duration-not-whole", "durations")?;
        if last == 0 {
            return Err(Error::new("too-few-periods", "Nobody was observed for one whole period.")
                .in_column("durations"));
        }
        if MOST_PERIODS < last {
            return Err(too_many_periods(last));
        }
        let mut rows = vec![RenewalRow { at_risk: 0.0, lost: 0.0 }; last];
        let mut joined: Vec<u64> = vec![0; last + 1];
        let mut left: Vec<u64> = vec![0; last + 1];
        for entry in table.entries() {
            joined[whole(entry.entry, "entry-not-whole", "entry")?] += entry.n_customers;
        }
        for row in table.rows() {
            let time = whole(row.time, "duration-not-whole", "durations")?;
            if time == 0 && 0 < row.n_events {
                return Err(Error::new(
                    "event-at-zero",
                    format!(
                        "{} customers were lost at duration 0, before the end of any period. Count \
                         the period a customer is lost in as 1, 2, 3, …",
                        row.n_events
                    ),
                )
                .in_column("durations"));
            }
            left[time] += row.n_events + row.n_censored;
            if 0 < time {
                rows[time - 1].lost = count_as_f64(row.n_events);
            }
        }
        let mut under_observation = table.n_from_the_beginning();
        for period in 1..=last {
            under_observation += joined[period - 1];
            under_observation -= left[period - 1];
            rows[period - 1].at_risk = count_as_f64(under_observation);
        }
        Self::new(rows, count_as_f64(table.n_customers()), fit_to)
    }

    /// The table of customers by their duration in any unit, of which `period_length` make one period.
    ///
    /// A loss counts at the end of the period it falls into, one at 0 at the end of the first. Who was
    /// last seen counts for the periods it completed, and by half for the one it had begun, as in an
    /// actuarial life table (Berkson and Gage 1950): left out altogether, it would make that period's
    /// losses weigh too much. Late entries must lie at whole periods.
    ///
    /// Periods of the calendar are not all of one length: a month of 31 days is longer than the mean
    /// one. `wobble` is how far the end of a period may be from its place by the mean length
    /// ([`MONTHS_WOBBLE_DAYS`] for months counted in days; 0 where periods are of one length). Where
    /// losses crowd that near to the ends of periods, twice as many as by chance or more, they are
    /// losses at renewals: a loss up to a `wobble` after the end of a period counts to that period and
    /// not to the next. Where most losses are such, who has begun a period has not faced its renewal
    /// yet, and does not count for it. Tables with late entries are taken as they are.
    ///
    /// # Errors
    ///
    /// `period-length-out-of-range`, `wobble-out-of-range` unless it is less than half a period,
    /// `entry-not-whole`, `too-few-periods` where nobody was seen for one whole period,
    /// `too-many-periods`.
    #[inline(never)]
    pub fn by_periods(table: &RiskTable, period_length: f64, wobble: f64) -> Result<Self, Error> {
        if !(period_length.is_finite() && 0.0 < period_length) {
            let message =
                format!("The length of a period is {period_length}. Give a positive time.");
            return Err(Error::new("period-length-out-of-range", message).in_column("periodLength"));
        }
        if !(0.0 <= wobble && wobble < 0.5 * period_length) {
            let message = format!(
                "The ends of periods are off by {wobble}. Give less than half a period, which is \
                 {period_length}."
            );
            return Err(Error::new("wobble-out-of-range", message).in_column("wobble"));
        }
        // A duration that is whole but for rounding is whole.
        let in_periods = |time: f64| {
            let periods = time / period_length;
            let nearest = libm::round(periods);
            if (periods - nearest).abs() <= 1e-9 * nearest.max(1.0) { nearest } else { periods }
        };
        let near = if table.entries().is_empty() {
            share_near_the_ends(table, period_length, wobble)
        } else {
            0.0
        };
        let by_chance = 2.0 * wobble / period_length;
        let grace = if 2.0 * by_chance < near { wobble } else { 0.0 };
        let is_by_renewal = 0.0 < grace && MOST_LOSSES < near;
        let column = "durations";
        let mut n_periods = 0;
        let mut left: Vec<(usize, u64)> = Vec::with_capacity(2 * table.rows().len());
        let mut lost: Vec<(usize, u64)> = Vec::new();
        let mut begun: Vec<(usize, u64)> = Vec::new();
        for row in table.rows() {
            if 0 < row.n_events {
                let end = libm::ceil(in_periods((row.time - grace).max(0.0))).max(1.0);
                let period = whole(end, "duration-not-whole", column)?;
                n_periods = n_periods.max(period);
                lost.push((period, row.n_events));
                left.push((period, row.n_events));
            }
            if 0 < row.n_censored {
                let seen = if is_by_renewal { row.time } else { (row.time - grace).max(0.0) };
                let periods = in_periods(seen);
                let completed = whole(libm::floor(periods), "duration-not-whole", column)?;
                n_periods = n_periods.max(completed);
                left.push((completed, row.n_censored));
                if !is_by_renewal && 0.0 < periods.fract() {
                    begun.push((completed + 1, row.n_censored));
                }
            }
        }
        if n_periods == 0 {
            return Err(Error::new("too-few-periods", "Nobody was observed for one whole period.")
                .in_column(column));
        }
        n_periods = n_periods.max(begun.iter().map(|&(period, _)| period).max().unwrap_or(0));
        if MOST_PERIODS < n_periods {
            return Err(too_many_periods(n_periods));
        }
        let mut changes: Vec<i128> = vec![0; n_periods + 1];
        changes[0] = i128::from(table.n_from_the_beginning());
        for entry in table.entries() {
            let at = whole(in_periods(entry.entry), "entry-not-whole", "entry")?;
            if at <= n_periods {
                changes[at] += i128::from(entry.n_customers);
            }
        }
        for (period, n) in left {
            changes[period] -= i128::from(n);
        }
        let mut rows = vec![RenewalRow { at_risk: 0.0, lost: 0.0 }; n_periods];
        let mut under_observation: i128 = 0;
        for (row, change) in rows.iter_mut().zip(&changes) {
            under_observation += change;
            row.at_risk = count_as_f64(u64::try_from(under_observation).unwrap_or(0));
        }
        for (period, n) in lost {
            rows[period - 1].lost += count_as_f64(n);
        }
        for (period, n) in begun {
            rows[period - 1].at_risk += 0.5 * count_as_f64(n);
        }
        Self::new(rows, count_as_f64(table.n_customers()), None)
    }

    /// The same table, with the models fitted to the periods up to `fit_to` only.
    ///
    /// # Errors
    ///
    /// `fit-to-out-of-range`.
    pub fn fitted_to(&self, fit_to: usize) -> Result<Self, Error> {
        Self::new(self.rows.clone(), self.n_customers, Some(fit_to))
    }

    fn new(rows: Vec<RenewalRow>, n_customers: f64, fit_to: Option<usize>) -> Result<Self, Error> {
        if MOST_PERIODS < rows.len() {
            return Err(too_many_periods(rows.len()));
        }
        let fit_to = fit_to.unwrap_or(rows.len());
        if fit_to == 0 || rows.len() < fit_to {
            let message = format!(
                "The last period to fit to is {fit_to}, and there are {} periods.",
                rows.len()
            );
            return Err(Error::new("fit-to-out-of-range", message).in_column("fitTo"));
        }
        Ok(Self { rows, fit_to, n_customers })
    }

    /// All periods, the first one first.
    #[must_use]
    pub fn rows(&self) -> &[RenewalRow] {
        &self.rows
    }

    /// The periods the models fit to.
    #[must_use]
    pub fn fitted(&self) -> &[RenewalRow] {
        &self.rows[..self.fit_to]
    }

    /// The last period the models fit to.
    #[must_use]
    pub fn fit_to(&self) -> usize {
        self.fit_to
    }

    /// How many customers there are.
    #[must_use]
    pub fn n_customers(&self) -> f64 {
        self.n_customers
    }

    /// The observed share still there after 0, 1, 2, … periods: the Kaplan–Meier estimate.
    ///
    /// It ends before the first period that nobody faced.
    #[must_use]
    pub fn observed(&self) -> Vec<f64> {
        let mut shares = vec![1.0];
        let mut share = 1.0;
        for row in self.rows.iter().take_while(|row| 0.0 < row.at_risk) {
            share *= (row.at_risk - row.lost) / row.at_risk;
            shares.push(share);
        }
        shares
    }
}

/// The share of losses that lie within a `wobble` of the end of a period.
#[inline(never)]
fn share_near_the_ends(table: &RiskTable, period_length: f64, wobble: f64) -> f64 {
    let (mut near, mut all) = (0.0, 0.0);
    for row in table.rows() {
        let n = count_as_f64(row.n_events);
        let end = libm::round(row.time / period_length);
        all += n;
        if 1.0 <= end && (row.time - end * period_length).abs() <= wobble {
            near += n;
        }
    }
    if 0.0 < all { near / all } else { 0.0 }
}

/// A time as a whole number of periods.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be whole, not negative and small"
)]
fn whole(time: f64, code: &'static str, column: &'static str) -> Result<usize, Error> {
    if time.fract().abs() <= 0.0 && (0.0..=1e15).contains(&time) {
        return Ok(time as usize);
    }
    let message =
        format!("{time} is not a whole number of periods. Round it to whole periods first.");
    Err(Error::new(code, message).in_column(column))
}

fn too_many_periods(found: usize) -> Error {
    let message = format!(
        "There are {found} periods, and {MOST_PERIODS} at most can be fitted. Count in longer periods."
    );
    Error::new("too-many-periods", message)
}
