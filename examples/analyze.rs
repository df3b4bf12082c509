//! The report on a file, or on several that are joined, natively, as JSON on standard output.
//!
//! `analyze -- FILE… [--options JSON]`, with the options of the published interface.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::process::ExitCode;
use std::sync::Arc;

use retention_calculator::Error;
use retention_calculator::join::{FileOptions, Files, FilesOptions};
use retention_calculator::report::Report;
use retention_calculator::session::{AnalyzeOptions, Outcome, Session};

const USAGE: &str = "usage: analyze FILE... [--options JSON]";
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
    let mut paths = Vec::new();
    let mut options = AnalyzeOptions::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--options" {
            let json = arguments.next().ok_or(USAGE)?;
            options = serde_json::from_str(&json).map_err(|error| format!("--options: {error}"))?;
        } else {
            paths.push(argument);
        }
    }
    let report = match paths.as_slice() {
        [] => return Err(USAGE.to_owned()),
        [path] => read(path, options)?,
        paths => read_several(paths, options)?,
    };
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &report).map_err(|error| error.to_string())?;
    writeln!(out).map_err(|error| error.to_string())
}

fn open(path: &str) -> Result<File, String> {
    File::open(path).map_err(|error| format!("{path}: {error}"))
}

fn is_gzip(path: &str) -> Result<bool, String> {
    let mut magic = [0; 2];
    Ok(open(path)?.read(&mut magic).is_ok_and(|n| n == 2) && magic == [0x1f, 0x8b])
}

/// Hands over the bytes of a file, unpacked, in pieces, until `take` wants no more.
fn pour(path: &str, mut take: impl FnMut(&[u8]) -> Result<bool, Error>) -> Result<(), String> {
    let file = BufReader::new(open(path)?);
    let mut source: Box<dyn Read> =
        if is_gzip(path)? { Box::new(flate2::read::GzDecoder::new(file)) } else { Box::new(file) };
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let n_bytes = source.read(&mut piece).map_err(|error| format!("{path}: {error}"))?;
        if n_bytes == 0 || !take(&piece[..n_bytes]).map_err(|error| said(&error))? {
            return Ok(());
        }
    }
}

fn read_several(paths: &[String], options: AnalyzeOptions) -> Result<Report, String> {
    let named = |path: &String| {
        Ok(FileOptions {
            name: path.rsplit('/').next().unwrap_or(path).to_owned(),
            container: is_gzip(path)?.then(|| "gzip".to_owned()),
            ..FileOptions::default()
        })
    };
    let files: Vec<FileOptions> = paths.iter().map(named).collect::<Result<_, String>>()?;
    let options = FilesOptions { files, analyze: options, ..FilesOptions::default() };
    let mut files = Files::new(&options).map_err(|error| said(&error))?;
    while let Some(index) = files.next_file().map_err(|error| said(&error))? {
        pour(&paths[index], |piece| files.push(piece))?;
        files.end().map_err(|error| said(&error))?;
    }
    match files.report().map_err(|error| said(&error))? {
        Outcome::Report { report } => Ok(Arc::unwrap_or_clone(report)),
        Outcome::ReadAgain { why } => Err(why),
    }
}

fn read(path: &str, mut options: AnalyzeOptions) -> Result<Report, String> {
    if is_gzip(path)? {
        options.container = Some("gzip".to_owned());
    }
    let mut session = Session::new(&options).map_err(|error| said(&error))?;
    loop {
        pour(path, |piece| session.push(piece).map(|()| true))?;
        match session.finish().map_err(|error| said(&error))? {
            Outcome::Report { report } => return Ok(Arc::unwrap_or_clone(report)),
            Outcome::ReadAgain { .. } => {}
        }
    }
}

/// An error as one line: code, place, message.
fn said(error: &Error) -> String {
    let row = error.row().map(|row| format!(" (row {row})")).unwrap_or_default();
    format!("{}{row}: {}", error.code(), error.message())
}
