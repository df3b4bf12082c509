//! The course of customers and revenue, period by period.
//!
//! It values nothing; that is done with what comes out.

use super::churn::Churn;
use super::projection::ProjectedPeriod;
use super::request::Programme;
use crate::Error;
use crate::number::special::{exp_m1, ln_1p};

/// All that decides the course, per period.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plan {
    /// Today's customers by their age in periods, youngest first.
    pub(super) ages: Vec<(u32, f64)>,
    pub(super) customers: f64,
    pub(super) revenue_per_customer: f64,
    pub(super) churn: Churn,
    pub(super) revenue_hazard_ratio: f64,
    pub(super) expansion: f64,
    pub(super) contraction: f64,
    pub(super) new_customers: f64,
    pub(super) revenue_per_new_customer: f64,
    pub(super) programme: Option<Programme>,
    pub(super) n_periods: u32,
}

/// Customers of one age.
struct Cohort {
    age: u32,
    customers: f64,
    revenue: f64,
    /// What the revenue would be without expansion, of those of today.
    kept: f64,
    is_of_today: bool,
}

/// What is lost at an age: the share of customers, and the share of revenue that stays.
#[derive(Clone, Copy, Debug)]
struct Loss {
    churn: f64,
    stays: f64,
}

/// What there is in a period, in sums that add up over parts of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sums {
    pub(super) customers: f64,
    pub(super) lost: f64,
    pub(super) revenue: f64,
    /// Revenue at the start of the period.
    start: f64,
    /// Of it, what is kept, expansion left aside.
    gross: f64,
    /// What its customers pay at the end.
    net: f64,
    /// Revenue at the very start, and the same of it.
    first: f64,
    gross_of_first: f64,
    net_of_first: f64,
}

impl Sums {
    /// Adds another part of the whole.
    pub(super) fn add(&mut self, other: &Self) {
        self.customers += other.customers;
        self.lost += other.lost;
        self.revenue += other.revenue;
        self.start += other.start;
        self.gross += other.gross;
        self.net += other.net;
        self.first += other.first;
        self.gross_of_first += other.gross_of_first;
        self.net_of_first += other.net_of_first;
    }

    /// The period as it is handed out.
    pub(super) fn period(&self, period: u32, period_months: f64) -> ProjectedPeriod {
        let share = |part: f64, whole: f64| (0.0 < whole).then(|| part / whole);
        ProjectedPeriod {
            period,
            customers: self.customers,
            revenue: self.revenue,
            mrr: self.revenue / period_months,
            arr: self.revenue * (12.0 / period_months),
            lost: self.lost,
            gross_revenue_retention: share(self.gross, self.start),
            net_revenue_retention: share(self.net, self.start),
            gross_revenue_retention_since_start: share(self.gross_of_first, self.first),
            net_revenue_retention_since_start: share(self.net_of_first, self.first),
            low: None,
            high: None,
            revenue_low: None,
            revenue_high: None,
        }
    }
}

impl Plan {
    /// The share of its churn that a period keeps under the programme.
    pub(super) fn unaverted(&self, period: u32) -> f64 {
        match &self.programme {
            Some(programme) if programme.start_period <= f64::from(period) => {
                1.0 - programme.churn_reduction
            }
            _ => 1.0,
        }
    }

    /// The periods one by one.
    pub(super) fn course(&self) -> Result<Vec<Sums>, Error> {
        let oldest = self.ages.last().map_or(0, |&(age, _)| age);
        // By age, so that no hazard is computed twice.
        let churns: Vec<f64> = (1..=self.n_periods + oldest)
            .map(|age| self.churn.at(age))
            .collect::<Result<_, _>>()?;
        let plain = self.losses(&churns, 1.0);
        let under_programme = match self.programme {
            Some(_) => self.losses(&churns, self.unaverted(super::MOST_PERIODS)),
            None => Vec::new(),
        };
        let mut cohorts: Vec<Cohort> = self
            .ages
            .iter()
            .map(|&(age, customers)| {
                let revenue = customers * self.revenue_per_customer;
                Cohort { age, customers, revenue, kept: revenue, is_of_today: true }
            })
            .collect();
        let first: f64 = cohorts.iter().map(|cohort| cohort.revenue).sum();
        let mut periods = Vec::with_capacity(self.n_periods as usize);
        for period in 1..=self.n_periods {
            let is_on = self.unaverted(period) < 1.0;
            let losses = if is_on { &under_programme } else { &plain };
            let mut sums = Sums { first, ..Sums::default() };
            for cohort in &mut cohorts {
                let Loss { churn, stays } = losses[cohort.age as usize];
                sums.start += cohort.revenue;
                let stayed = cohort.revenue * stays;
                sums.gross += stayed * (1.0 - self.contraction);
                cohort.revenue = stayed * (1.0 + self.expansion - self.contraction);
                sums.net += cohort.revenue;
                if cohort.is_of_today {
                    cohort.kept *= stays * (1.0 - self.contraction);
                    sums.gross_of_first += cohort.kept;
                    sums.net_of_first += cohort.revenue;
                }
                sums.lost += cohort.customers * churn;
                cohort.customers *= 1.0 - churn;
                cohort.age += 1;
            }
            if 0.0 < self.new_customers {
                let revenue = self.new_customers * self.revenue_per_new_customer;
                let customers = self.new_customers;
                cohorts.push(Cohort { age: 0, customers, revenue, kept: 0.0, is_of_today: false });
            }
            sums.customers = cohorts.iter().map(|cohort| cohort.customers).sum();
            sums.revenue = cohorts.iter().map(|cohort| cohort.revenue).sum();
            periods.push(sums);
        }
        Ok(periods)
    }

    /// What is lost by age.
    fn losses(&self, churns: &[f64], unaverted: f64) -> Vec<Loss> {
        // Neighbours are often alike, and a power is dear.
        let mut last = Loss { churn: 0.0, stays: 1.0 };
        churns
            .iter()
            .map(|churn| {
                let churn = churn * unaverted;
                if (churn - last.churn).abs() != 0.0 {
                    last = Loss { churn, stays: 1.0 - self.revenue_churn(churn) };
                }
                last
            })
            .collect()
    }

    fn revenue_churn(&self, churn: f64) -> f64 {
        if (self.revenue_hazard_ratio - 1.0).abs() == 0.0 || 1.0 <= churn {
            churn
        } else {
            -exp_m1(self.revenue_hazard_ratio * ln_1p(-churn))
        }
    }
}
