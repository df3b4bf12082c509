//! Groups of customers side by side: who was at risk and who was lost in each of them at each time.
//!
//! What comparisons of groups count from; it compares nothing.

use super::kaplan_meier::count_as_f64;
use super::risk_table::RiskTable;

/// One time at which anybody was lost.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GroupedRow {
    /// Customers at risk in each group.
    pub(super) at_risk: Vec<f64>,
    /// Customers lost in each group.
    pub(super) lost: Vec<f64>,
}

/// The times at which anybody was lost, ascending.
pub(super) fn grouped(tables: &[&RiskTable]) -> Vec<GroupedRow> {
    let mut times: Vec<f64> = tables
        .iter()
        .flat_map(|table| table.rows())
        .filter(|row| 0 < row.n_events)
        .map(|row| row.time)
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    times.dedup();
    let mut rows: Vec<GroupedRow> = times
        .iter()
        .map(|_| GroupedRow { at_risk: vec![0.0; tables.len()], lost: vec![0.0; tables.len()] })
        .collect();
    for (group, table) in tables.iter().enumerate() {
        let mut entries = table.entries().iter().peekable();
        let mut exits = table.rows().iter().peekable();
        let mut under_observation = table.n_from_the_beginning();
        for (row, &time) in rows.iter_mut().zip(&times) {
            while let Some(exit) = exits.next_if(|exit| exit.time < time) {
                while let Some(entry) = entries.next_if(|entry| entry.entry < exit.time) {
                    under_observation += entry.n_customers;
                }
                under_observation -= exit.n_events + exit.n_censored;
            }
            while let Some(entry) = entries.next_if(|entry| entry.entry < time) {
                under_observation += entry.n_customers;
            }
            row.at_risk[group] = count_as_f64(under_observation);
            if let Some(exit) = exits.peek().filter(|exit| exit.time <= time) {
                row.lost[group] = count_as_f64(exit.n_events);
            }
        }
    }
    rows
}
