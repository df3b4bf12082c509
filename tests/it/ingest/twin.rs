//! The reader against a slow, obvious twin and against `csv-core`, on well-formed text.

use csv_core::ReadFieldResult;
use proptest::prelude::*;
use retention_calculator::ingest::Separator;

use super::{ReadOptions, ReadRow, read_pieces};

/// Cuts well-formed text into records, character by character.
fn twin(text: &str, separator: char) -> Vec<Vec<String>> {
    let mut records = vec![];
    let mut record = vec![];
    let mut field = String::new();
    let mut is_quoted = false;
    let mut is_begun = false;
    let mut rest: Vec<char> = text.chars().rev().collect();
    while let Some(character) = rest.pop() {
        if is_quoted {
            if character != '"' {
                field.push(character);
            } else if rest.last() == Some(&'"') {
                rest.pop();
                field.push('"');
            } else {
                is_quoted = false;
            }
        } else if character == '"' {
            is_quoted = true;
            is_begun = true;
        } else if character == separator {
            record.push(std::mem::take(&mut field));
            is_begun = true;
        } else if character == '\n' || character == '\r' {
            if character == '\r' && rest.last() == Some(&'\n') {
                rest.pop();
            }
            record.push(std::mem::take(&mut field));
            records.push(std::mem::take(&mut record));
            is_begun = false;
        } else {
            field.push(character);
            is_begun = true;
        }
    }
    if is_begun {
        record.push(field);
        records.push(record);
    }
    records
}

/// Cuts text into records with `csv-core`.
fn csv_core_records(text: &str, separator: char) -> Vec<Vec<String>> {
    let mut reader =
        csv_core::ReaderBuilder::new().delimiter(u8::try_from(separator).unwrap()).build();
    let mut input = text.as_bytes();
    let (mut records, mut record, mut field) = (vec![], vec![], vec![]);
    let mut buffer = [0; 64];
    loop {
        let (result, n_read, n_written) = reader.read_field(input, &mut buffer);
        input = &input[n_read..];
        field.extend_from_slice(&buffer[..n_written]);
        match result {
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
            ReadFieldResult::Field { record_end } => {
                record.push(String::from_utf8(std::mem::take(&mut field)).unwrap());
                if record_end {
                    records.push(std::mem::take(&mut record));
                }
            }
            ReadFieldResult::End => return records,
        }
    }
}

/// What is written, and how.
#[derive(Clone, Debug)]
struct Written {
    records: Vec<Vec<String>>,
    separator: char,
    line_break: &'static str,
    quotes_all: bool,
    ends_with_break: bool,
}

impl Written {
    fn text(&self) -> String {
        let special = [self.separator, '"', '\n', '\r'];
        let written = |field: &String| {
            if self.quotes_all || field.contains(special) {
                format!("\"{}\"", field.replace('"', "\"\""))
            } else {
                field.clone()
            }
        };
        let lines: Vec<String> = self
            .records
            .iter()
            .map(|record| {
                let fields: Vec<String> = record.iter().map(written).collect();
                fields.join(&self.separator.to_string())
            })
            .collect();
        let end = if self.ends_with_break { self.line_break } else { "" };
        lines.join(self.line_break) + end
    }

    /// What the reader is to make of it: the header aside, and records without any text.
    fn rows(&self) -> Vec<Vec<String>> {
        let is_blank = |record: &&Vec<String>| !record.iter().all(String::is_empty);
        self.records[1..].iter().filter(is_blank).cloned().collect()
    }
}

/// A field without white space at its ends.
fn field() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just(","),
        Just(";"),
        Just("\t"),
        Just("|"),
        Just("\""),
        Just("\"\""),
        Just("\n"),
        Just("\r\n"),
        Just("\r"),
        Just(" "),
        Just("'"),
        Just("\\"),
        Just("a"),
        Just("Z"),
        Just("0"),
        Just("-1.5"),
        Just("é"),
        Just("漢"),
        Just("😀"),
        Just("=1+1"),
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat().trim().to_owned())
}

fn written() -> impl Strategy<Value = Written> {
    let records = (1_usize..6).prop_flat_map(|width| {
        prop::collection::vec(prop::collection::vec(field(), width), 0..12).prop_map(
            move |records| {
                let header = (0..width).map(|index| format!("name{index}")).collect();
                [vec![header], records].concat()
            },
        )
    });
    let separators = prop_oneof![Just(','), Just(';'), Just('\t'), Just('|')];
    let breaks = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
    (records, separators, breaks, any::<bool>(), any::<bool>()).prop_map(
        |(records, separator, line_break, quotes_all, ends_with_break)| Written {
            records,
            separator,
            line_break,
            quotes_all,
            ends_with_break,
        },
    )
}

fn read_rows(written: &Written, text: &[u8]) -> Vec<ReadRow> {
    let options = ReadOptions {
        separator: Some(Separator::Byte(u8::try_from(written.separator).unwrap())),
        has_header: Some(true),
        ..ReadOptions::default()
    };
    read_pieces(options, [text]).rows
}

fn check(written: &Written, text: &[u8]) -> Result<(), TestCaseError> {
    let rows = read_rows(written, text);
    prop_assert!(rows.iter().all(|row| row.defect.is_none()), "{rows:?}");
    let fields: Vec<Vec<String>> = rows.into_iter().map(|row| row.fields).collect();
    prop_assert_eq!(fields, written.rows());
    Ok(())
}

/// A blank line is a record of one empty field to the twins where another record is expected.
fn without_blanks(records: Vec<Vec<String>>) -> Vec<Vec<String>> {
    records.into_iter().filter(|record| !record.iter().all(String::is_empty)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_was_written_is_read(written in written()) {
        let text = written.text();
        check(&written, text.as_bytes())?;
        // The twins agree on what the text says.
        let expected = without_blanks(written.records.clone());
        prop_assert_eq!(without_blanks(twin(&text, written.separator)), expected.clone());
        prop_assert_eq!(without_blanks(csv_core_records(&text, written.separator)), expected);
    }

    #[test]
    fn what_was_written_in_any_unicode_encoding_is_read(written in written(), marks in 0_usize..3) {
        let text = "\u{FEFF}".repeat(marks) + &written.text();
        check(&written, text.as_bytes())?;
        if marks > 0 {
            let units: Vec<u16> = text.encode_utf16().collect();
            let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            check(&written, &little)?;
            let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
            check(&written, &big)?;
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_panic_and_each_row_is_accounted_for(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        // The checks are in `read_pieces`.
        read_pieces(ReadOptions::default(), [bytes.as_slice()]);
    }

    #[test]
    fn any_text_of_special_characters_is_read_without_a_panic(
        parts in prop::collection::vec(
            prop_oneof![
                Just("\""), Just("'"), Just(","), Just(";"), Just("\n"), Just("\r"), Just(" "),
                Just("\\"), Just("a"), Just("2024-01-01"), Just("1.5"), Just("\t"), Just("|"),
                Just("\0"), Just("é"), Just("\u{FEFF}"), Just("sep="),
            ],
            0..120,
        ),
    ) {
        let text = parts.concat();
        let options = |has_header| ReadOptions { has_header, ..ReadOptions::default() };
        for has_header in [None, Some(true), Some(false)] {
            read_pieces(options(has_header), [text.as_bytes()]);
        }
    }
}
