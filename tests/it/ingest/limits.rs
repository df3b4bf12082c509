//! Files that are large, wide, long, or bad all over.

use retention_calculator::Error;
use retention_calculator::ingest::{Defect, Reader, Row, RowSink, Table};
use retention_calculator::note::Notes;

use super::{ReadOptions, read};

#[test]
fn ten_thousand_columns_are_read() {
    let line =
        |name: &dyn Fn(usize) -> String| (0..10_000).map(name).collect::<Vec<_>>().join(",") + "\n";
    let mut csv = line(&|index| format!("column_{index}"));
    for row in 0..50 {
        csv += &line(&|index| format!("{}", row * index));
    }
    let outcome = read(&csv);
    assert_eq!(outcome.columns().len(), 10_000);
    assert_eq!(outcome.rows.len(), 50);
    assert_eq!(outcome.rows[49].fields[9_999], (49 * 9_999).to_string());
    assert!(outcome.notes.is_empty());
}

#[test]
fn a_header_larger_than_the_first_part_is_read() {
    let header = (0..60_000).map(|index| format!("column_{index}")).collect::<Vec<_>>().join(",");
    assert!(header.len() > 1 << 19);
    let record = vec!["1"; 60_000].join(",");
    let outcome = read(format!("{header}\n{record}\n{record}\n"));
    assert_eq!(outcome.columns()[59_999], "column_59999");
    assert_eq!(outcome.sound().len(), 2);
}

/// Rows A and B around a row with one field of so many bytes.
fn with_long_field(n_bytes: usize, quote: &str, end: &str) -> String {
    let long = "x".repeat(n_bytes);
    format!("id,text,n\nA,x,1\nL,{quote}{long}{quote},2{end}\nB,y,3\n")
}

#[test]
fn a_field_of_ten_megabytes_costs_its_row() {
    for quote in ["", "\""] {
        let outcome = read(with_long_field(10 << 20, quote, ""));
        assert_eq!(outcome.defects(), [(3, Defect::FieldTooLong)]);
        assert_eq!(outcome.sound(), [["A", "x", "1"], ["B", "y", "3"]]);
        assert_eq!(outcome.codes(), ["field-too-long"]);
    }
}

#[test]
fn a_line_that_is_too_long_to_keep_is_cut_and_the_next_one_read() {
    for (quote, end) in [("", ""), ("\"", ""), ("", "\r")] {
        let outcome = read(with_long_field(40 << 20, quote, end));
        assert_eq!(outcome.defects(), [(3, Defect::FieldTooLong)]);
        assert_eq!(outcome.rows[1].fields[0], "L");
        let kept: usize = outcome.rows[1].fields.iter().map(String::len).sum();
        assert!(kept <= 16 << 20);
        assert_eq!(outcome.sound(), [["A", "x", "1"], ["B", "y", "3"]]);
        assert_eq!(outcome.rows[2].number, 4);
    }
}

#[test]
fn a_long_field_is_used_and_told() {
    let outcome = read(with_long_field(1 << 20, "", ""));
    assert_eq!(outcome.codes(), ["long-field"]);
    assert_eq!(outcome.sound().len(), 3);
    assert_eq!(outcome.sound()[1][1].len(), 1 << 20);
    assert!(read(with_long_field(32_767, "", "")).notes.is_empty());
}

/// Counts rows and keeps none.
#[derive(Debug, Default)]
struct Counter {
    n_rows: u64,
    n_sound: u64,
}

impl RowSink for Counter {
    fn start(&mut self, _: &Table, _: &mut Notes) -> Result<(), Error> {
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>, notes: &mut Notes) {
        self.n_rows += 1;
        self.n_sound += u64::from(!row.exclude_if_defective(notes));
    }
}

/// Pushes a piece again and again.
fn count(first: &[u8], piece: &[u8], n_pieces: usize) -> (Counter, Notes) {
    let mut notes = Notes::new();
    let mut sink = Counter::default();
    let mut reader = Reader::new(ReadOptions::default());
    reader.push(first, &mut notes, &mut sink).unwrap();
    for _ in 0..n_pieces {
        reader.push(piece, &mut notes, &mut sink).unwrap();
    }
    let summary = reader.finish(&mut notes, &mut sink).unwrap();
    assert_eq!(summary.n_rows, sink.n_rows);
    (sink, notes)
}

#[test]
fn a_quote_that_never_closes_near_the_beginning_of_a_big_file_costs_one_row() {
    let piece = b"A1234567,2024-01-01,10.00\n".repeat(1000);
    for first in [
        b"id,date,n\n\"A,2024-01-01,1\n".as_slice(),
        b"id,date,n\nA,2024-01-01,1\nB,\"2024-01-01,1\n",
        b"id,date,\"n\nA,2024-01-01,1\n",
    ] {
        let (sink, notes) = count(first, &piece, 1000);
        let n_unclosed = notes.count("unclosed-quote");
        assert!(sink.n_rows - sink.n_sound <= 1);
        assert_eq!(n_unclosed, sink.n_rows - sink.n_sound);
        assert!(sink.n_sound >= 1_000_000);
    }
}

#[test]
fn quoted_text_may_have_a_thousand_lines_and_a_mebibyte() {
    let text = |n_lines: usize| vec!["some words"; n_lines].join("\n");
    let csv = |text: &str| format!("id,text,n\nA,x,1\nL,\"{text}\",2\nB,y,3\n");
    let outcome = read(csv(&text(1000)));
    assert_eq!(outcome.sound().len(), 3);
    assert_eq!(outcome.rows[2].number, 4);
    let outcome = read(csv(&text(1002)));
    assert_eq!(outcome.defects()[0], (3, Defect::UnclosedQuote));
    assert_eq!(outcome.sound(), [["A", "x", "1"], ["B", "y", "3"]]);
    let long = format!("{}\n{}", "x".repeat(1000), "y".repeat((1 << 20) - 1001));
    assert_eq!(read(csv(&long)).sound().len(), 3);
    let outcome = read(csv(&(long + "more")));
    assert_eq!(outcome.defects()[0], (3, Defect::UnclosedQuote));
    assert_eq!(outcome.sound(), [["A", "x", "1"], ["B", "y", "3"]]);
}

#[test]
fn a_million_bad_rows_make_one_note() {
    let (sink, notes) = count(b"id,date,n\nA,2024-01-01,1\n", &b"x,y\n".repeat(1000), 1000);
    assert_eq!((sink.n_rows, sink.n_sound), (1_000_001, 1));
    let notes = notes.into_sorted();
    assert_eq!(notes.len(), 1);
    assert_eq!((notes[0].code, notes[0].count), ("too-few-fields", 1_000_000));
    assert_eq!(notes[0].rows.len(), 100);
}

#[test]
fn the_sample_is_bounded_and_sound() {
    let csv = format!("id,n\n{}{}", "A\n".repeat(10), "A,1\n".repeat(3000));
    let outcome = read(csv);
    assert_eq!(outcome.table().sample.len(), Table::SAMPLE_ROWS);
    assert!(outcome.table().sample.iter().all(|fields| fields == &["A", "1"]));
    assert_eq!(outcome.rows.len(), 3010);
}
