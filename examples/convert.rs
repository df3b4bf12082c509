//! The table of a file as this tool reads it, as clean UTF-8 CSV by RFC 4180.
//!
//! `convert FILE` writes the table to the standard output, and what was noted or is open to the
//! standard error, one line each. It does not interpret values.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::process::ExitCode;

use flate2::read::MultiGzDecoder;
use retention_calculator::Error;
use retention_calculator::ingest::{ReadOptions, Reader, Row, RowSink, Table};
use retention_calculator::note::{Notes, Severity};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(path), None) = (arguments.next(), arguments.next()) else {
        let _ = writeln!(io::stderr(), "usage: convert FILE");
        return ExitCode::from(2);
    };
    let mut notes = Notes::new();
    let mut writer = Writer::new(BufWriter::new(io::stdout().lock()));
    let result = File::open(&path)
        .map_err(|error| unreadable(&error))
        .and_then(|file| convert(file, &mut notes, &mut writer));
    let outcome = result.and_then(|()| writer.finish());
    match outcome {
        Ok(questions) => {
            tell(notes, &questions);
            ExitCode::SUCCESS
        }
        Err(error) => {
            tell(notes, &[]);
            let _ = writeln!(io::stderr(), "error {}: {}", error.code(), error.message());
            ExitCode::FAILURE
        }
    }
}

fn unreadable(error: &io::Error) -> Error {
    Error::new("unreadable", format!("The file cannot be read: {error}."))
}

/// Reads a file, unpacking it where it is a gzip archive.
fn convert<W: Write>(
    mut file: impl Read,
    notes: &mut Notes,
    writer: &mut Writer<W>,
) -> Result<(), Error> {
    let mut magic = Vec::new();
    (&mut file).take(2).read_to_end(&mut magic).map_err(|error| unreadable(&error))?;
    let is_gzip = magic == [0x1F, 0x8B];
    let whole = io::Cursor::new(magic).chain(file);
    if is_gzip {
        notes.tell("gunzipped", Severity::Info, None, None, || {
            "The file is a gzip archive. It was unpacked.".into()
        });
        pump(MultiGzDecoder::new(whole), notes, writer)
    } else {
        pump(whole, notes, writer)
    }
}

fn pump<W: Write>(
    mut source: impl Read,
    notes: &mut Notes,
    writer: &mut Writer<W>,
) -> Result<(), Error> {
    let mut reader = Reader::new(ReadOptions::default());
    let mut buffer = vec![0; 1 << 20];
    loop {
        let n_read = source.read(&mut buffer).map_err(|error| unreadable(&error))?;
        if n_read == 0 {
            break;
        }
        reader.push(&buffer[..n_read], notes, writer)?;
    }
    let summary = reader.finish(notes, writer)?;
    writer.questions.extend(summary.questions.iter().map(question_line));
    Ok(())
}

fn question_line(question: &retention_calculator::report::Question) -> String {
    let assumed = question.assumed.as_deref().unwrap_or("nothing");
    format!(
        "question {}: {} Answers: {}. Assumed: {assumed}.",
        question.code,
        question.message,
        question.options.join(", ")
    )
}

/// One line for each note and question.
fn tell(notes: Notes, questions: &[String]) {
    let mut stderr = io::stderr().lock();
    for note in notes.into_sorted() {
        let severity = match note.severity {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let mut place = format!("{} times", note.count);
        if !note.rows.is_empty() {
            let rows: Vec<String> = note.rows.iter().map(u64::to_string).collect();
            let more = if note.count > note.rows.len() as u64 { ", …" } else { "" };
            place = format!("{place}, rows {}{more}", rows.join(", "));
        }
        if let Some(column) = &note.column {
            place = format!("{place}, column \"{column}\"");
        }
        let _ = writeln!(stderr, "{severity} {} ({place}): {}", note.code, note.message);
    }
    for question in questions {
        let _ = writeln!(stderr, "{question}");
    }
}

/// Writes what it gets as CSV.
struct Writer<W> {
    out: W,
    n_columns: usize,
    questions: Vec<String>,
    /// The first error, for the sink has no way to hand it on.
    failed: Option<io::Error>,
}

impl<W: Write> Writer<W> {
    fn new(out: W) -> Self {
        Self { out, n_columns: 0, questions: Vec::new(), failed: None }
    }

    /// A record, filled up with empty fields to the width of the table.
    fn record<'a>(&mut self, fields: impl Iterator<Item = &'a str>) {
        if self.failed.is_none()
            && let Err(error) = write_record(&mut self.out, fields, self.n_columns)
        {
            self.failed = Some(error);
        }
    }

    fn finish(mut self) -> Result<Vec<String>, Error> {
        match self.failed.take().map_or_else(|| self.out.flush(), Err) {
            Ok(()) => Ok(self.questions),
            // Whoever reads has had enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(self.questions),
            Err(error) => Err(Error::new("unwritable", format!("Cannot write: {error}."))),
        }
    }
}

impl<W: Write> RowSink for Writer<W> {
    fn start(&mut self, table: &Table, _: &mut Notes) -> Result<(), Error> {
        self.n_columns = table.columns.len();
        self.questions.extend(table.questions.iter().map(question_line));
        if table.dialect.header_row.is_some() {
            self.record(table.columns.iter().map(String::as_str));
        }
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>, notes: &mut Notes) {
        row.exclude_if_defective(notes);
        self.record(row.fields());
    }
}

fn write_record<'a>(
    out: &mut impl Write,
    fields: impl Iterator<Item = &'a str>,
    n_columns: usize,
) -> io::Result<()> {
    let mut n_fields = 0;
    for field in fields {
        if n_fields > 0 {
            out.write_all(b",")?;
        }
        n_fields += 1;
        if field.contains([',', '"', '\n', '\r']) {
            write!(out, "\"{}\"", field.replace('"', "\"\""))?;
        } else {
            out.write_all(field.as_bytes())?;
        }
    }
    for _ in n_fields..n_columns {
        out.write_all(b",")?;
    }
    out.write_all(b"\r\n")
}
