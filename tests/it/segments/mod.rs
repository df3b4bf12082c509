//! Segments, the mix of them and concentration: against the oracle, and against the whole.

mod oracle;
mod reading;
mod ties;

use std::sync::Arc;

use retention_calculator::report::{Report, Segment};
use retention_calculator::session::{AnalyzeOptions, Outcome, Session};

/// A session that has read a file.
fn session_of(text: &str, options: &AnalyzeOptions) -> (Session, Report) {
    let mut session = Session::new(options).unwrap();
    loop {
        session.push(text.as_bytes()).unwrap();
        match session.finish().unwrap() {
            Outcome::Report { report } => return (session, Arc::unwrap_or_clone(report)),
            Outcome::ReadAgain { .. } => {}
        }
    }
}

/// The report by other columns, which must not need the file again.
fn segmented(session: &mut Session, columns: &[&str]) -> Report {
    let options = by(columns);
    match session.reanalyze(&options).unwrap() {
        Outcome::Report { report } => Arc::unwrap_or_clone(report),
        Outcome::ReadAgain { why } => panic!("{why}"),
    }
}

fn by(columns: &[&str]) -> AnalyzeOptions {
    AnalyzeOptions {
        segments_by: columns.iter().map(|&column| column.to_owned()).collect(),
        ..AnalyzeOptions::default()
    }
}

fn segments_of(report: &Report) -> &[Segment] {
    report.segments.as_deref().unwrap_or_default()
}
