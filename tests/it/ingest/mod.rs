//! Bytes to rows, through the public reader.

mod badinputs;
mod chunks;
mod dialects;
mod encodings;
mod limits;
mod rfc4180;
mod spectrum;
mod twin;

use std::path::PathBuf;

use retention_calculator::Error;
use retention_calculator::ingest::{Defect, ReadOptions, ReadSummary, Reader, Row, RowSink, Table};
use retention_calculator::note::{Note, Notes};

/// All that came of reading a file.
#[derive(Debug, Default)]
struct Outcome {
    table: Option<Table>,
    rows: Vec<ReadRow>,
    notes: Vec<Note>,
    n_excluded: u64,
    summary: Option<ReadSummary>,
    error: Option<Error>,
}

/// One row as it was delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ReadRow {
    number: u64,
    fields: Vec<String>,
    defect: Option<Defect>,
}

#[derive(Debug, Default)]
struct Collector {
    table: Option<Table>,
    rows: Vec<ReadRow>,
}

impl RowSink for Collector {
    fn start(&mut self, table: &Table, _: &mut Notes) -> Result<(), Error> {
        assert!(self.table.is_none() && self.rows.is_empty(), "start is called once, and first");
        self.table = Some(table.clone());
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>, notes: &mut Notes) {
        assert!(self.table.is_some());
        row.exclude_if_defective(notes);
        let fields: Vec<String> = row.fields().map(str::to_owned).collect();
        assert_eq!(fields.len(), row.n_fields());
        for (index, field) in fields.iter().enumerate() {
            assert_eq!(row.field(index), field);
        }
        assert_eq!(row.field(fields.len()), "");
        self.rows.push(ReadRow { number: row.number(), fields, defect: row.defect() });
    }
}

/// Reads a file in the given pieces.
fn read_pieces<'a>(options: ReadOptions, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut notes = Notes::new();
    let mut sink = Collector::default();
    let mut reader = Reader::new(options);
    let mut n_bytes = 0;
    let result = pieces
        .into_iter()
        .try_for_each(|piece| {
            n_bytes += piece.len() as u64;
            reader.push(piece, &mut notes, &mut sink)
        })
        .and_then(|()| reader.finish(&mut notes, &mut sink));
    let (summary, error) = match result {
        Ok(summary) => (Some(summary), None),
        Err(error) => (None, Some(error)),
    };
    if let Some(summary) = &summary {
        assert_eq!(summary.n_rows, sink.rows.len() as u64, "each row counted is delivered");
        assert_eq!(summary.n_bytes, n_bytes);
    }
    let n_defective = sink.rows.iter().filter(|row| row.defect.is_some()).count() as u64;
    let n_excluded = notes.n_excluded();
    assert_eq!(n_excluded, n_defective);
    assert!(
        sink.rows.windows(2).all(|pair| pair[0].number < pair[1].number),
        "the numbers of rows go up"
    );
    let width = sink.table.as_ref().map_or(0, |table| table.columns.len());
    for row in sink.rows.iter().filter(|row| row.defect.is_none()) {
        assert_eq!(row.fields.len(), width, "a sound row has a field for each column");
    }
    let Collector { table, rows } = sink;
    Outcome { table, rows, notes: notes.into_sorted(), n_excluded, summary, error }
}

/// Reads a file in one piece.
fn read(bytes: impl AsRef<[u8]>) -> Outcome {
    read_pieces(ReadOptions::default(), [bytes.as_ref()])
}

impl Outcome {
    fn table(&self) -> &Table {
        self.table.as_ref().unwrap()
    }

    fn columns(&self) -> Vec<&str> {
        self.table().columns.iter().map(String::as_str).collect()
    }

    /// The fields of the sound rows.
    fn sound(&self) -> Vec<Vec<&str>> {
        let sound = self.rows.iter().filter(|row| row.defect.is_none());
        sound.map(|row| row.fields.iter().map(String::as_str).collect()).collect()
    }

    /// The rows with a defect.
    fn defects(&self) -> Vec<(u64, Defect)> {
        self.rows.iter().filter_map(|row| Some((row.number, row.defect?))).collect()
    }

    fn note(&self, code: &str) -> Option<&Note> {
        self.notes.iter().find(|note| note.code == code)
    }

    /// The codes of all notes, sorted.
    fn codes(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = self.notes.iter().map(|note| note.code).collect();
        codes.sort_unstable();
        codes
    }

    fn error_code(&self) -> Option<&str> {
        self.error.as_ref().map(Error::code)
    }

    fn question_codes(&self) -> Vec<&str> {
        let late = self.summary.iter().flat_map(|summary| &summary.questions);
        let early = self.table.iter().flat_map(|table| &table.questions);
        early.chain(late).map(|question| question.code.as_str()).collect()
    }

    /// Whether all that came of two readings is the same.
    fn is_same_as(&self, other: &Self) -> bool {
        self.rows == other.rows
            && self.notes == other.notes
            && self.summary == other.summary
            && self.error == other.error
            && format!("{:?}", self.table) == format!("{:?}", other.table)
    }
}

/// A file of a corpus.
fn corpus(path: &str) -> Vec<u8> {
    std::fs::read(corpora().join(path)).unwrap()
}

fn corpora() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpora")
}
