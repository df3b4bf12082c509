//! Customers by the period they began in, and how many of them are active at each age.
//!
//! It shows every age, also one that `as_of` cuts short; only whole ones enter the mean.

use super::exact::Exact;
use super::levels::{Levels, Steps, VisitSteps};
use super::period_figures::{count, share_of_customers};
use super::span::Periods;
use crate::number::{Figure, FormulaId, Minor};

/// The cohorts of a file, and the share of their customers by age.
#[derive(Clone, Debug)]
pub struct Cohorts {
    /// Those with a customer, oldest first.
    pub rows: Vec<Cohort>,
    /// Share of the customers active by age, over the cohorts whose age is known in full.
    pub mean_retention: Vec<Figure>,
}

/// The customers who began in one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// The label of that period.
    pub label: String,
    /// How many began in it.
    pub size: u64,
    /// What they do 0, 1, 2, … periods later, as far as `as_of` goes.
    pub ages: Vec<CohortAge>,
}

/// A cohort some periods later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CohortAge {
    /// Customers active then.
    pub n_customers: u64,
    /// Their revenue, in minor units.
    pub revenue_minor: Minor,
    /// Whether `as_of` cuts that period short.
    pub is_partial: bool,
}

/// The ages of all cohorts while they are being counted: rows exist once they have a customer.
pub(super) struct Triangle<'a> {
    periods: &'a Periods,
    sizes: Vec<u64>,
    cells: Vec<Vec<(i64, Minor)>>,
}

impl<'a> Triangle<'a> {
    pub(super) fn new(periods: &'a Periods) -> Self {
        let n_periods = periods.len();
        Self { periods, sizes: vec![0; n_periods], cells: vec![Vec::new(); n_periods] }
    }

    /// Counts a customer who began in a period, and gives the row of that cohort: one cell for
    /// each age, and one more behind the last.
    pub(super) fn begin(&mut self, cohort: usize) -> &mut [(i64, Minor)] {
        self.sizes[cohort] += 1;
        let n_ages = self.periods.len() - cohort;
        let row = &mut self.cells[cohort];
        row.resize(n_ages, (0, 0));
        row
    }

    /// Turns changes from age to age into what there is at each age.
    fn accumulate(&mut self) {
        for row in &mut self.cells {
            let mut sum: (i64, Minor) = (0, 0);
            for cell in row {
                sum = (sum.0 + cell.0, sum.1 + cell.1);
                *cell = sum;
            }
        }
    }

    /// The cohorts that have a customer, with the mean of the ages known in full.
    pub(super) fn finish(self, confidence: f64) -> Cohorts {
        let is_last_partial = self.periods.is_last_partial();
        let n_periods = self.periods.len();
        let rows: Vec<Cohort> = self
            .sizes
            .iter()
            .zip(&self.cells)
            .enumerate()
            .filter(|(_, (size, _))| 0 < **size)
            .filter_map(|(cohort, (&size, cells))| {
                let n_ages = n_periods - cohort;
                let ages = cells
                    .iter()
                    .enumerate()
                    .map(|(age, &(n_customers, revenue_minor))| CohortAge {
                        n_customers: u64::try_from(n_customers).unwrap_or(0),
                        revenue_minor,
                        is_partial: is_last_partial && age + 1 == n_ages,
                    })
                    .collect();
                Some(Cohort { label: self.periods.span(cohort)?.label, size, ages })
            })
            .collect();
        let mean_retention = mean_retention(&rows, confidence);
        Cohorts { rows, mean_retention }
    }
}

/// The customers of each age over all cohorts that have reached it in full, over their sizes.
fn mean_retention(rows: &[Cohort], confidence: f64) -> Vec<Figure> {
    let n_ages = rows.first().map_or(0, |row| row.ages.len());
    let mut means = Vec::with_capacity(n_ages);
    for age in 0..n_ages {
        let (mut n_active, mut n_began) = (0, 0);
        for row in rows {
            if let Some(cell) = row.ages.get(age)
                && !cell.is_partial
            {
                n_active += cell.n_customers;
                n_began += row.size;
            }
        }
        if n_began == 0 {
            break;
        }
        let inputs = [("start", count(n_began)), ("new", 0.0), ("end", count(n_active))];
        let formula = FormulaId::CustomerRetentionRate;
        means.push(share_of_customers(formula, n_active, n_began, &inputs, confidence));
    }
    means
}

/// Customers by the period of their first active day: how many are active at the close of each
/// period from then on, and their monthly revenue in minor units.
///
/// # Formula
///
/// ```text
/// cell(c, k) = |{ customers of c active at the close of the k-th period after c }|
/// mean(k)    = Σ cell(c, k) ÷ Σ size(c)
/// ```
///
/// where `size(c)` is how many customers had their first active day in `c`, and the sums of the
/// mean run over the cohorts whose period `k` lies before `as_of` in full.
///
/// # Domain
///
/// Any levels. Age 0 is the close of the cohort's own period, so it is below the size where
/// someone left before it. A customer who comes back counts in the same cohort again, so a row can
/// rise.
///
/// # Undefined
///
/// An age that no cohort has reached in full has no mean: the list ends before it.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// Nobody was a customer before the first day of the data.
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::{Levels, Periods, cohorts};
/// use retention_calculator::calendar::{Day, Granularity};
/// use retention_calculator::ledger::{Recurring, Spell};
///
/// let day = |text: &str| Day::from_iso(text).expect("a day");
/// let spell = |customer, end: Option<&str>| Spell {
///     customer, start: day("2026-01-10"), end: end.map(&day), monthly: 5000,
///     segment: None, reason: None, renewal: None,
/// };
/// let spells = vec![spell(0, None), spell(1, Some("2026-02-15"))];
/// let recurring = Recurring { spells, is_monthly: false };
/// let levels = Levels::new(&recurring, day("2026-02-28"));
/// let periods = Periods::new(day("2026-01-10"), day("2026-02-28"), Granularity::Month);
/// let january = &cohorts(&levels, &periods, 0.95).rows[0];
/// assert_eq!(january.size, 2);
/// assert_eq!(january.ages[0].n_customers, 2);
/// assert_eq!(january.ages[1].n_customers, 1);
/// ```
///
/// # References
///
/// Means of rates are not rates of sums: the mean here is weighted by the sizes of the cohorts.
#[must_use]
pub fn cohorts(levels: &Levels<'_>, periods: &Periods, confidence: f64) -> Cohorts {
    let mut changes = CohortChanges::new(periods);
    levels.visit(&mut changes);
    changes.finish(confidence)
}

/// What changes from age to age in each cohort.
pub(super) struct CohortChanges<'a>(Triangle<'a>);

impl<'a> CohortChanges<'a> {
    pub(super) fn new(periods: &'a Periods) -> Self {
        Self(Triangle::new(periods))
    }

    pub(super) fn finish(self, confidence: f64) -> Cohorts {
        let Self(mut triangle) = self;
        triangle.accumulate();
        triangle.finish(confidence)
    }
}

impl VisitSteps for CohortChanges<'_> {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        let Self(triangle) = self;
        let periods = triangle.periods;
        let cohort = periods.index_of(steps.first_day());
        let row = triangle.begin(cohort);
        let mut then = T::default();
        for (&day, &now) in steps.days.iter().zip(steps.monthly_minor) {
            let age = periods.index_of(day) - cohort;
            let (n_customers, revenue_minor) = &mut row[age];
            let (is_active, was_active) = (T::default() < now, T::default() < then);
            *n_customers += i64::from(is_active) - i64::from(was_active);
            *revenue_minor += (now - then).into();
            then = now;
        }
    }
}
