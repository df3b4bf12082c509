//! The report on a file, natively, as JSON on standard output.
//!
//! `analyze -- FILE [--options JSON]`, with the options of the published interface.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::process::ExitCode;

use retention_calculator::Error;
use retention_calculator::report::Report;
use retention_calculator::session::{AnalyzeOptions, Outcome, Session};

const USAGE: &str = "usage: analyze FILE [--options JSON]";
const PIECE_BYTES: usize = 1 << 20;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // The reason is all there is to say, and standard error may be closed.
            let _ = writeln!(std::io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut path = None;
    let mut options = AnalyzeOptions::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--options" {
            let json = arguments.next().ok_or(USAGE)?;
            options = serde_json::from_str(&json).map_err(|error| format!("--options: {error}"))?;
        } else if path.replace(argument).is_some() {
            return Err(USAGE.to_owned());
        }
    }
    let path = path.ok_or(USAGE)?;
    let report = read(&path, options)?;
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &report).map_err(|error| error.to_string())?;
    writeln!(out).map_err(|error| error.to_string())
}

fn read(path: &str, mut options: AnalyzeOptions) -> Result<Report, String> {
    let open = || File::open(path).map_err(|error| format!("{path}: {error}"));
    let mut magic = [0; 2];
    let is_gzip = open()?.read(&mut magic).is_ok_and(|n| n == 2) && magic == [0x1f, 0x8b];
    if is_gzip {
        options.container = Some("gzip".to_owned());
    }
    let mut session = Session::new(&options).map_err(|error| said(&error))?;
    loop {
        let file = BufReader::new(open()?);
        let mut source: Box<dyn Read> =
            if is_gzip { Box::new(flate2::read::GzDecoder::new(file)) } else { Box::new(file) };
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let n_bytes = source.read(&mut piece).map_err(|error| format!("{path}: {error}"))?;
            if n_bytes == 0 {
                break;
            }
            session.push(&piece[..n_bytes]).map_err(|error| said(&error))?;
        }
        match session.finish().map_err(|error| said(&error))? {
            Outcome::Report { report } => return Ok(*report),
            Outcome::ReadAgain { .. } => {}
        }
    }
}

/// An error as one line: code, place, message.
fn said(error: &Error) -> String {
    let row = error.row().map(|row| format!(" (row {row})")).unwrap_or_default();
    format!("{}{row}: {}", error.code(), error.message())
}
