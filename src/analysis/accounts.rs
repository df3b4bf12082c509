//! Accounts with a tenure and a flag: all of them as one period, from all to those who are left.
//!
//! It knows no date, so it has no months and no cohorts.

use super::latest::intervals_of_accounts;
use super::movements::{CustomerCounts, Movements, RevenueSums};
use super::period_figures::{PeriodFigures, RevenueIntervals, Scale, figures_of};
use super::span::Span;
use crate::ledger::Account;
use crate::number::Minor;

/// All accounts as the one period `all`: at its start all of them, lost those who have left. The
/// rates of revenue have an interval if it is to be drawn.
pub(super) fn account_period(accounts: &[Account], draws: bool, scale: Scale) -> PeriodFigures {
    let mut customers = CustomerCounts { start: accounts.len() as u64, ..Default::default() };
    let mut revenue = RevenueSums::default();
    for account in accounts {
        let then = account.amount.unwrap_or(0);
        let now = if account.churned { 0 } else { then };
        customers.lost += u64::from(account.churned);
        revenue.start += Minor::from(then);
        revenue.churned += Minor::from(then - now);
    }
    customers.end = customers.start - customers.lost;
    revenue.end = revenue.start - revenue.churned;
    let span = Span { label: "all".to_owned(), from: None, to: None, is_partial: false };
    let movements = Movements { customers, revenue };
    let intervals = if draws {
        intervals_of_accounts(accounts, revenue.into(), scale.confidence)
    } else {
        RevenueIntervals::default()
    };
    let mut figures = figures_of(span, &movements, revenue.into(), intervals, scale);
    figures.customers.came_and_went = None;
    figures
}
