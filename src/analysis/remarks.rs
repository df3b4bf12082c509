//! What there is to say about the figures of a file, as notes.
//!
//! It leaves no row out; what could not be read was noted before.

use super::levels::SpellCounts;
use super::movements::Movements;
use super::totals::TotalsFigures;
use super::trailing_year::is_year_before_cut_short;
use crate::calendar::{Day, Granularity};
use crate::ledger::Account;
use crate::note::{Note, ROWS_KEPT, Severity};

fn note(code: &'static str, severity: Severity, count: u64, message: &str) -> Option<Note> {
    (0 < count).then(|| Note {
        code,
        severity,
        excludes: false,
        message: message.to_owned(),
        count,
        rows: Vec::new(),
        column: None,
    })
}

fn with_rows(note: Option<Note>, rows: &[u64]) -> Option<Note> {
    note.map(|note| Note { rows: rows.iter().copied().take(ROWS_KEPT).collect(), ..note })
}

fn n_where<T>(items: &[T], is_counted: impl Fn(&T) -> bool) -> u64 {
    items.iter().filter(|item| is_counted(item)).count() as u64
}

const AFTER_AS_OF: &str = "Rows that begin after the date everything is counted up to are left \
    aside. Choose a later date to count them.";

/// Nobody ever ends; rows after `as_of`.
pub(super) fn of_spells(counts: SpellCounts, is_monthly: bool) -> Vec<Note> {
    let is_endless = !is_monthly && counts.n_ended == 0;
    [
        note(
            "no-ended-rows",
            Severity::Warning,
            if is_endless { counts.n_spells } else { 0 },
            "No row has an end. If this is an export of active customers only, the lost ones are \
             missing, and retention looks perfect whatever it is. Export all customers.",
        ),
        note("after-as-of", Severity::Info, counts.n_after, AFTER_AS_OF),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Customers in none of the movements, and periods without anybody.
#[inline(never)]
pub(super) fn of_movements(movements: &[Movements], granularity: Granularity) -> Vec<Note> {
    let n_came_and_went = movements.iter().map(|one| one.customers.came_and_went).sum();
    let n_empty = n_where(movements, |one| one.customers.end == 0);
    let empty = match granularity {
        Granularity::Month => "empty-month",
        Granularity::Quarter => "empty-quarter",
        Granularity::Year => "empty-year",
    };
    [
        note(
            "came-and-went",
            Severity::Info,
            n_came_and_went,
            "Customers who came and went inside one period are in none of its movements: they were \
             not there at its start nor at its end.",
        ),
        note(
            empty,
            Severity::Info,
            n_empty,
            "A period between the first and the last has no active customer. It is shown, with \
             undefined rates after it.",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Customers who came back after a gap.
pub(super) fn of_returns(n_returned: u64) -> Option<Note> {
    note(
        "returned-customers",
        Severity::Info,
        n_returned,
        "Customers who left and came back have one lifetime that runs through the gap. Their \
         returns are shown as reactivated.",
    )
}

/// Everybody in the first month of snapshots is new by definition.
pub(super) fn of_first_period(movements: &[Movements]) -> Option<Note> {
    let n_first = movements.first().map_or(0, |first| first.customers.end);
    note(
        "first-period-new",
        Severity::Info,
        n_first,
        "All customers of the first month count as new and their lifetimes as beginning there, \
         since nothing is known before it. If the business is older than the file, the first cohort \
         mixes old and new customers.",
    )
}

/// Purchases after `as_of`, and a year of comparison that the data cover in part.
pub(super) fn of_purchases(n_after: u64, first_day: Option<Day>, as_of: Day) -> Vec<Note> {
    [
        note("after-as-of", Severity::Info, n_after, AFTER_AS_OF),
        note(
            "year-before-cut-short",
            Severity::Info,
            u64::from(is_year_before_cut_short(first_day, as_of)),
            "The last twelve months are compared with the twelve before, of which the data cover \
             only a part.",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Rows with nobody at the start, rows that do not add up, and periods that the file skips.
pub(super) fn of_totals(figures: &TotalsFigures) -> Vec<Note> {
    let without_start = &figures.rows_without_start;
    let not_tying = &figures.rows_not_tying;
    [
        with_rows(
            note(
                "rate-undefined",
                Severity::Info,
                without_start.len() as u64,
                "There was no customer at the start, so no rate is defined for this period.",
            ),
            without_start,
        ),
        with_rows(
            note(
                "totals-do-not-tie",
                Severity::Warning,
                not_tying.len() as u64,
                "Start plus new is not lost plus end. The rates rest on start and lost; check \
                 whether customers who came back are counted among the new.",
            ),
            not_tying,
        ),
        note(
            "skipped-period",
            Severity::Info,
            figures.n_skipped,
            "The file has no row for a period between its first and its last. It is shown empty.",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// No account has left.
pub(super) fn of_accounts(accounts: &[Account]) -> Vec<Note> {
    let is_endless = accounts.iter().all(|account| !account.churned);
    note(
        "no-ended-rows",
        Severity::Warning,
        if is_endless { accounts.len() as u64 } else { 0 },
        "No account has left. If this is an export of active accounts only, the lost ones are \
         missing, and retention looks perfect whatever it is. Export all accounts.",
    )
    .into_iter()
    .collect()
}
