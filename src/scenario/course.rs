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
    pub(super) customers: f64,
    pub(super) revenue_per_customer: f64,
    /// The age of today's customers in periods.
    pub(super) age: u32,
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
    pub(super) fn course(&self) -> Result<Vec<ProjectedPeriod>, Error> {
        // By age, so that no hazard is computed twice.
        let churns: Vec<f64> = (1..=self.n_periods + self.age)
            .map(|age| self.churn.at(age))
            .collect::<Result<_, _>>()?;
        let revenue = self.customers * self.revenue_per_customer;
        let mut cohorts = vec![Cohort { age: self.age, customers: self.customers, revenue }];
        let mut periods = Vec::with_capacity(self.n_periods as usize);
        for period in 1..=self.n_periods {
            let unaverted = self.unaverted(period);
            let (mut start, mut gross, mut net) = (0.0, 0.0, 0.0);
            for cohort in &mut cohorts {
                let churn = churns[cohort.age as usize] * unaverted;
                start += cohort.revenue;
                let stayed = cohort.revenue * (1.0 - self.revenue_churn(churn));
                gross += stayed * (1.0 - self.contraction);
                cohort.revenue = stayed * (1.0 + self.expansion - self.contraction);
                net += cohort.revenue;
                cohort.customers *= 1.0 - churn;
                cohort.age += 1;
            }
            if 0.0 < self.new_customers {
                cohorts.push(Cohort {
                    age: 0,
                    customers: self.new_customers,
                    revenue: self.new_customers * self.revenue_per_new_customer,
                });
            }
            let share = |part: f64| (0.0 < start).then(|| part / start);
            periods.push(ProjectedPeriod {
                period,
                customers: cohorts.iter().map(|cohort| cohort.customers).sum(),
                revenue: cohorts.iter().map(|cohort| cohort.revenue).sum(),
                gross_revenue_retention: share(gross),
                net_revenue_retention: share(net),
            });
        }
        Ok(periods)
    }

    fn revenue_churn(&self, churn: f64) -> f64 {
        if (self.revenue_hazard_ratio - 1.0).abs() == 0.0 || 1.0 <= churn {
            churn
        } else {
            -exp_m1(self.revenue_hazard_ratio * ln_1p(-churn))
        }
    }
}
