//! Reading a whole file through a session, as the page does.

use std::sync::Arc;

use retention_calculator::Error;
use retention_calculator::report::Report;
use retention_calculator::session::{AnalyzeOptions, Outcome, Session};

/// The report on a file that can be read.
pub(crate) fn read(bytes: &[u8]) -> Report {
    read_with(bytes, &AnalyzeOptions::default()).unwrap()
}

/// The report on a file, pushed in pieces, and once more where the session asks for it.
pub(crate) fn read_with(bytes: &[u8], options: &AnalyzeOptions) -> Result<Report, Error> {
    read_in_pieces(bytes, options, 8192)
}

/// The same, with pieces of a given size.
pub(crate) fn read_in_pieces(
    bytes: &[u8],
    options: &AnalyzeOptions,
    n_bytes: usize,
) -> Result<Report, Error> {
    let mut session = Session::new(options)?;
    loop {
        for piece in bytes.chunks(n_bytes) {
            session.push(piece)?;
        }
        match session.finish()? {
            Outcome::Report { report } => return Ok(Arc::unwrap_or_clone(report)),
            Outcome::ReadAgain { .. } => {}
        }
    }
}
