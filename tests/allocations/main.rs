//! Allocations, counted: none for a row once the first are read, and none for a customer in a report.
//!
//! It measures no time. The allocator of this program counts, so nothing else runs in it.

#[path = "../../benches/seeded/mod.rs"]
mod seeded;

use allocation_counter::{AllocationInfo, measure};
use retention_calculator::analysis::AnalysisOptions;
use retention_calculator::note::Notes;
use retention_calculator::report::{Report, assemble};
use seeded::hot_loops::{built, pushed};
use seeded::{SHAPES, Shape, csv};

/// What tables that double when they are full, and blocks of packed rows, may come to.
const MOST_ALLOCATIONS_OF_GROWTH: u64 = 100;
/// The same for a whole report, which has such tables in each of its parts, and fits of lifespans:
/// these take some hundred steps more or less, as the data lie, with a few allocations each. One for
/// each customer would be 20,000.
const MOST_ALLOCATIONS_OF_A_REPORT: u64 = 10_000;

fn of_reading(shape: Shape, n_rows: u32, n_customers: u32) -> AllocationInfo {
    let text = csv(shape, n_rows, n_customers);
    let mut read = None;
    let counted = measure(|| read = Some(pushed(&text)));
    assert_eq!(read.map(|(_, builder, _)| 0 < builder.n_rows()), Some(true));
    counted
}

/// Twice the rows may not take twice the allocations: 40,000 rows more, at most 100 allocations more.
#[test]
fn a_row_allocates_nothing() {
    const N_ROWS: u32 = 40_000;
    for shape in SHAPES {
        for n_customers in [500, N_ROWS / 4] {
            let some = of_reading(shape, N_ROWS, n_customers).count_total;
            let twice = of_reading(shape, 2 * N_ROWS, n_customers).count_total;
            let more = twice.saturating_sub(some);
            assert!(
                more <= MOST_ALLOCATIONS_OF_GROWTH,
                "{shape:?}, {n_customers} customers: {N_ROWS} rows more make {more} allocations \
                 more, {some} and {twice}"
            );
        }
    }
}

fn of_report(shape: Shape, n_customers: u32) -> (AllocationInfo, Report) {
    let built = built(&csv(shape, 3 * n_customers, n_customers));
    let (mut report, input, mut notes) = (None, built.input(), Notes::new());
    let counted = measure(|| {
        report = Some(assemble(input, &built.ledger, &AnalysisOptions::default(), &mut notes).0);
    });
    (counted, report.expect("a report"))
}

/// A report holds at most 10 bytes for each customer more, and allocates nothing for one.
#[test]
fn a_customer_of_a_report_allocates_nothing() {
    const N_CUSTOMERS: u32 = 20_000;
    for shape in SHAPES {
        let (some, _) = of_report(shape, N_CUSTOMERS);
        let (twice, report) = of_report(shape, 2 * N_CUSTOMERS);
        assert!(
            report.periods.iter().any(|period| period.gross_revenue_retention.low.is_some()),
            "{shape:?}: intervals were to be measured too"
        );
        let bytes = twice.bytes_max.saturating_sub(some.bytes_max);
        let more = twice.count_total.saturating_sub(some.count_total);
        assert!(bytes <= 10 * u64::from(N_CUSTOMERS), "{shape:?}: {bytes} bytes more");
        assert!(more <= MOST_ALLOCATIONS_OF_A_REPORT, "{shape:?}: {more} allocations more");
    }
}
