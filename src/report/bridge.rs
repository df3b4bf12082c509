//! What moved net revenue retention, as it is reported.
//!
//! It computes nothing but the turn from minor to major units.

use serde::{Deserialize, Serialize};

use super::{PeriodReport, period_report};
use crate::analysis;
use crate::calendar::Granularity;
use crate::ledger::Ledger;
use crate::number::to_major;

plain_data! {
    /// From net revenue retention in one span to that in a later one.
    pub struct RetentionBridge {
        /// `quarter`, or `year` for the twelve months up to the end of each quarter.
        pub window: Granularity,
        /// The earlier span.
        pub before: PeriodReport,
        /// The later span.
        pub after: PeriodReport,
        /// After less before, as a fraction.
        pub change: Option<f64>,
        /// The code of the reason where there is no change.
        pub why: Option<String>,
        /// What each kind of movement adds to the change.
        pub steps: Vec<BridgeStep>,
        /// The customers who moved it most, by the size of what they add.
        pub contributors: Vec<Contributor>,
    }

    /// What one kind of movement adds to the change.
    pub struct BridgeStep {
        /// `expansion`, `contraction` or `churned`.
        pub movement: String,
        /// Its share of the revenue at the start of the earlier span, signed as it is in the rate.
        pub before: f64,
        /// The same in the later span.
        pub after: f64,
        /// The difference.
        pub change: f64,
    }

    /// What one customer adds to the change.
    pub struct Contributor {
        /// Its id.
        pub customer: String,
        /// As a fraction, like the change itself.
        pub change: f64,
        /// By how much its revenue changed in the earlier span; 0 where it was not there at its start.
        pub moved_before: f64,
        /// The same in the later span.
        pub moved_after: f64,
    }
}

/// The bridges of an analysis.
#[inline(never)]
pub(super) fn bridges(
    bridges: Vec<analysis::RetentionBridge>,
    ledger: &Ledger,
) -> Vec<RetentionBridge> {
    bridges.into_iter().map(|bridge| bridge_report(bridge, ledger)).collect()
}

fn bridge_report(bridge: analysis::RetentionBridge, ledger: &Ledger) -> RetentionBridge {
    let decimals = ledger.decimals;
    RetentionBridge {
        window: bridge.window,
        before: period_report(&bridge.before, decimals),
        after: period_report(&bridge.after, decimals),
        change: bridge.change.ok(),
        why: bridge.change.err().map(str::to_owned),
        steps: bridge
            .steps
            .into_iter()
            .map(|step| BridgeStep {
                movement: step.movement.to_owned(),
                before: step.before,
                after: step.after,
                change: step.change,
            })
            .collect(),
        contributors: bridge
            .contributors
            .into_iter()
            .map(|one| Contributor {
                customer: ledger.customers.id(one.customer).to_owned(),
                change: one.change,
                moved_before: to_major(one.moved_before_minor, decimals),
                moved_after: to_major(one.moved_after_minor, decimals),
            })
            .collect(),
    }
}
