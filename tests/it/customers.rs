//! The customers behind a figure: their counts and sums are those of the report, to the cent, and
//! the lists are those of an oracle in another language.

mod csv;
mod oracle;
mod paging;
mod ties;

use std::sync::Arc;

use retention_calculator::analysis::customers::{
    CohortGroup, CustomerList, CustomerQuery, CustomerSet, PeriodGroup,
};
use retention_calculator::report::Report;
use retention_calculator::session::{AnalyzeOptions, Outcome, Session};

/// A session that has read a file to its end, and its report.
fn read(bytes: &[u8], options: &AnalyzeOptions) -> (Session, Report) {
    let mut session = Session::new(options).unwrap();
    loop {
        for piece in bytes.chunks(8192) {
            session.push(piece).unwrap();
        }
        if let Outcome::Report { report } = session.finish().unwrap() {
            return (session, Arc::unwrap_or_clone(report));
        }
    }
}

fn period(label: &str, group: PeriodGroup) -> CustomerSet {
    CustomerSet::Period { period: label.to_owned(), group }
}

fn cohort(label: &str, age: usize, group: CohortGroup) -> CustomerSet {
    CustomerSet::Cohort { cohort: label.to_owned(), age: u32::try_from(age).unwrap(), group }
}

/// All customers of a set.
fn whole(session: &Session, set: CustomerSet) -> CustomerList {
    let query = CustomerQuery { limit: u32::MAX, ..CustomerQuery::of(set) };
    session.customers(&query).unwrap()
}
