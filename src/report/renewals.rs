//! What comes up for renewal as it is reported.
//!
//! It computes nothing: money goes to major units, and names to their published form.

use serde::{Deserialize, Serialize};

use crate::analysis::{DueWithin, RenewalRate, Renewals, Renewing};
use crate::calendar::Day;
use crate::ledger::Ledger;
use crate::number::{Figure, to_major};

plain_data! {
    /// What is up for renewal, by level of risk.
    pub struct Renewal {
        /// The level of risk as the file has it; `unknown` where it has none.
        pub level: String,
        /// Customers.
        pub customers: u64,
        /// Revenue per month; nothing where the file has no amounts.
        pub revenue: Option<f64>,
    }

    /// What comes up for renewal, and how many renewed of those who could.
    pub struct RenewalOutlook {
        /// `column`: dates of the file; `interval`: the start of each subscription and its interval.
        pub source: String,
        /// The column that levels of risk come from; nothing where the file has none.
        pub level_column: Option<String>,
        /// The day that the windows are counted from; nothing where the file has no dates and none
        /// was given, and then there are no windows.
        pub as_of: Option<String>,
        /// Within 30, 60 and 90 days; each holds the one before.
        pub windows: Vec<RenewalWindow>,
        /// Customers whose date is not known.
        pub unknown: RenewalSum,
        /// Customers all of whose dates lie before that day.
        pub passed: RenewalSum,
        /// Of the latest complete period and of the trailing year.
        pub rates: Vec<RenewalRateReport>,
    }

    /// Customers and what they pay per month.
    pub struct RenewalSum {
        /// Customers.
        pub customers: u64,
        /// Revenue per month; nothing where the file has no amounts.
        pub revenue: Option<f64>,
    }

    /// What is due within so many days.
    pub struct RenewalWindow {
        /// The days.
        pub days: u16,
        /// Customers due.
        pub customers: u64,
        /// What is due, per month; nothing where the file has no amounts.
        pub revenue: Option<f64>,
        /// Of it, what has an end already.
        pub ending: RenewalSum,
        /// By level of risk, most revenue first.
        pub levels: Vec<Renewal>,
        /// By length of term, where it is known, shortest first.
        pub terms: Vec<RenewalTerm>,
    }

    /// What is due of one length of term.
    pub struct RenewalTerm {
        /// Months.
        pub months: u32,
        /// Customers due.
        pub customers: u64,
        /// What is due, per month.
        pub revenue: Option<f64>,
    }

    /// How many renewed of those who could, beside how many stayed of all.
    pub struct RenewalRateReport {
        /// The period.
        pub period: String,
        /// The day whose close it starts from.
        pub from: Option<String>,
        /// The day whose close it ends with.
        pub to: Option<String>,
        /// Of the customers who were due, the share who are there at the end.
        pub renewal_rate: Figure,
        /// Of all customers at the start, the share who are there at the end.
        pub customer_retention_rate: Figure,
        /// Customers at the start of whom no term is known, in neither part of the renewal rate.
        pub unknown: u64,
    }
}

/// What comes up for renewal.
#[inline(never)]
pub(super) fn outlook_report(renewals: &Renewals, ledger: &Ledger) -> RenewalOutlook {
    RenewalOutlook {
        source: renewals.source.name().to_owned(),
        level_column: renewals.level_column.clone(),
        as_of: renewals.as_of.map(Day::to_iso),
        windows: renewals.due.iter().map(|due| window(due, ledger)).collect(),
        unknown: sum(renewals.unknown, ledger),
        passed: sum(renewals.passed, ledger),
        rates: renewals.rates.iter().map(rate).collect(),
    }
}

/// The levels of the longest window; nothing where there is no day to count from.
pub(super) fn renewals_of_outlook(outlook: &RenewalOutlook) -> Option<Vec<Renewal>> {
    outlook.windows.last().map(|window| window.levels.clone())
}

fn sum(renewing: Renewing, ledger: &Ledger) -> RenewalSum {
    let revenue = to_major(renewing.revenue_minor, ledger.decimals);
    RenewalSum { customers: renewing.n_customers, revenue: ledger.has_amounts.then_some(revenue) }
}

fn window(due: &DueWithin, ledger: &Ledger) -> RenewalWindow {
    let RenewalSum { customers, revenue } = sum(due.all, ledger);
    let level = |(level, one): &(String, Renewing)| {
        let RenewalSum { customers, revenue } = sum(*one, ledger);
        Renewal { level: level.clone(), customers, revenue }
    };
    let term = |&(months, one): &(u32, Renewing)| {
        let RenewalSum { customers, revenue } = sum(one, ledger);
        RenewalTerm { months, customers, revenue }
    };
    RenewalWindow {
        days: due.days,
        customers,
        revenue,
        ending: sum(due.ending, ledger),
        levels: due.levels.iter().map(level).collect(),
        terms: due.terms.iter().map(term).collect(),
    }
}

fn rate(rate: &RenewalRate) -> RenewalRateReport {
    RenewalRateReport {
        period: rate.span.label.clone(),
        from: rate.span.from.map(Day::to_iso),
        to: rate.span.to.map(Day::to_iso),
        renewal_rate: rate.renewal_rate.clone(),
        customer_retention_rate: rate.customer_retention_rate.clone(),
        unknown: rate.n_unknown,
    }
}
