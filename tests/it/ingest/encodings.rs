//! Encodings, found and decoded.

use retention_calculator::ingest::{Defect, Encoding};

use super::{Outcome, ReadOptions, corpus, read, read_pieces};

fn file(name: &str) -> Vec<u8> {
    corpus(&format!("encodings/{name}.csv"))
}

/// The names of the customers.
fn names(outcome: &Outcome) -> Vec<&str> {
    outcome.sound().iter().map(|fields| fields[0]).collect()
}

#[test]
fn one_table_reads_the_same_in_all_encodings_that_are_decoded_here() {
    let cases = [
        ("western.cp1252", "western", Encoding::Windows1252, "decoded-cp1252"),
        ("western.utf-16-le", "western", Encoding::Utf16Le, "decoded-utf16le"),
        ("western.utf-16-be", "western", Encoding::Utf16Be, "decoded-utf16be"),
        ("japanese.utf-16-le", "japanese", Encoding::Utf16Le, "decoded-utf16le"),
        ("russian.utf-16-be", "russian", Encoding::Utf16Be, "decoded-utf16be"),
    ];
    for (name, language, encoding, code) in cases {
        let outcome = read(file(name));
        let expected = read(file(&format!("{language}.utf-8")));
        assert!(expected.notes.is_empty(), "{language}");
        assert_eq!(expected.summary.as_ref().unwrap().encoding, Encoding::Utf8);
        assert_eq!(outcome.rows, expected.rows, "{name}");
        assert_eq!(outcome.summary.as_ref().unwrap().encoding, encoding, "{name}");
        assert_eq!(outcome.table().dialect.encoding, encoding, "{name}");
        assert_eq!(outcome.codes(), [code], "{name}");
        assert!(outcome.question_codes().is_empty(), "{name}");
    }
}

#[test]
fn text_of_another_encoding_is_asked_about() {
    let cases = [
        ("japanese.shift_jis", "shift_jis"),
        ("kana.shift_jis", "shift_jis"),
        ("japanese.euc_jp", "euc-jp"),
        ("japanese.iso2022_jp", "iso-2022-jp"),
        ("chinese.gb18030", "gb18030"),
        ("traditional.big5", "big5"),
        ("korean.euc_kr", "euc-kr"),
        ("russian.cp1251", "windows-1251"),
        ("russian.koi8_r", "koi8-r"),
        ("greek.cp1253", "windows-1253"),
        ("polish.cp1250", "windows-1250"),
    ];
    for (name, label) in cases {
        let outcome = read(file(name));
        let questions = &outcome.table().questions;
        assert_eq!(questions.len(), 1, "{name}");
        let question = &questions[0];
        assert_eq!(question.code, "encoding-unknown", "{name}");
        assert_eq!(question.answer_to, "encoding", "{name}");
        assert!(question.options.iter().any(|option| option == label), "{name}: {question:?}");
        assert_eq!(question.options.first(), question.assumed.as_ref(), "{name}");
        assert_eq!(question.readings.len(), question.options.len(), "{name}");
        assert_eq!(outcome.note("encoding-unknown").unwrap().count, 1, "{name}");
        // Meanwhile, no row is lost.
        assert_eq!(outcome.n_excluded, 0, "{name}");
    }
    let outcome = read(file("russian.cp1251"));
    assert_eq!(outcome.table().questions[0].readings[0], "Èâàíîâ, ÎÎÎ Ðîìàøêà, Ï¸òð Ïåòðîâ");
}

#[test]
fn an_answer_ends_the_question() {
    let options = ReadOptions { encoding: Some(Encoding::Windows1252), ..ReadOptions::default() };
    let outcome = read_pieces(options, [file("russian.cp1251").as_slice()]);
    assert!(outcome.question_codes().is_empty());
    assert_eq!(names(&outcome)[0], "Èâàíîâ");
    let options = ReadOptions { encoding: Some(Encoding::Utf8), ..ReadOptions::default() };
    let outcome = read_pieces(options, [file("russian.utf-8").as_slice()]);
    assert_eq!(names(&outcome)[0], "Иванов");
}

/// A file with more plain rows than the first part holds, and others behind them.
fn late(rows: &[u8]) -> Vec<u8> {
    let mut bytes = b"id,date,amount\n".to_vec();
    while bytes.len() < 300_000 {
        bytes.extend_from_slice(b"A1234567,2024-01-01,10.00\n");
    }
    bytes.extend_from_slice(rows);
    bytes
}

#[test]
fn a_late_first_byte_beyond_ascii_settles_the_encoding() {
    let outcome = read(late("Müller,2024-01-01,1\n".as_bytes()));
    assert_eq!(outcome.rows.last().unwrap().fields[0], "Müller");
    assert!(outcome.notes.is_empty());

    let outcome = read(late(b"M\xFCller,2024-01-01,1\nCaf\xE9,2024-01-01,2\n"));
    assert_eq!(outcome.rows.last().unwrap().fields[0], "Café");
    assert_eq!(outcome.codes(), ["decoded-cp1252"]);
    assert_eq!(outcome.table().dialect.encoding, Encoding::Utf8);
    assert_eq!(outcome.summary.as_ref().unwrap().encoding, Encoding::Windows1252);
    assert_eq!(outcome.n_excluded, 0);

    // At the very end, half a character of UTF-8.
    let outcome = read(late(b"A,2024-01-01,1\xE2\x82"));
    assert_eq!(outcome.summary.as_ref().unwrap().encoding, Encoding::Windows1252);
    assert_eq!(outcome.rows.last().unwrap().fields[2], "1â‚");
}

#[test]
fn a_late_text_of_another_encoding_is_asked_about_at_the_end() {
    let outcome = read(late(b"\x8C\xDA\x8Bq\x88\xEA,2024-01-01,1\n"));
    assert!(outcome.table().questions.is_empty());
    let summary = outcome.summary.as_ref().unwrap();
    assert_eq!(summary.questions[0].code, "encoding-unknown");
    assert!(summary.questions[0].options.iter().any(|option| option == "shift_jis"));
    assert_eq!(outcome.codes(), ["encoding-unknown"]);
}

#[test]
fn invalid_bytes_in_utf_8_cost_their_row() {
    let csv = b"id,n\nM\xC3\xBCller,1\nCaf\xE9,2\nNo\xC3\xABl,3\n\xC3,4\n\xED\xA0\x80,5\n\xE2\x82\xAC,6\n\xC3\xA9\xC3\xA9\xC3\xA9,7\n";
    let outcome = read(csv);
    assert_eq!(
        outcome.defects(),
        [(3, Defect::InvalidText), (5, Defect::InvalidText), (6, Defect::InvalidText)]
    );
    assert_eq!(names(&outcome), ["Müller", "Noël", "€", "ééé"]);
    assert_eq!(outcome.rows[1].fields, ["Caf\u{FFFD}", "2"]);
}

#[test]
fn halves_of_characters_in_utf_16_cost_their_row() {
    let mut bytes = vec![0xFF, 0xFE];
    let mut push = |units: &[u16]| bytes.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    let text = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
    push(&text("id,n\n😀,1\nA"));
    push(&[0xD83D]);
    push(&text(",2\nB"));
    push(&[0xDE00]);
    push(&text(",3\nC\0,4\nD,5\n"));
    push(&[0xD83D, 0xD83D, 0xDE00]);
    push(&text(",6\n"));
    bytes.extend_from_slice(b"E\0,\0\x37");
    let outcome = read(bytes);
    assert_eq!(
        outcome.defects(),
        [
            (3, Defect::InvalidText),
            (4, Defect::InvalidText),
            (5, Defect::NulByte),
            (7, Defect::InvalidText),
            (8, Defect::InvalidText)
        ]
    );
    assert_eq!(names(&outcome), ["😀", "D"]);
}

#[test]
fn byte_order_marks_are_told_once() {
    let outcome = read("\u{FEFF}\u{FEFF}id,n\n1,2\n");
    assert_eq!(outcome.columns(), ["id", "n"]);
    assert_eq!(outcome.note("bom-stripped").unwrap().count, 1);
    // In the middle of a file, where files were put together.
    let outcome = read("id,n\nA,2\n\u{FEFF}B,3\n");
    assert_eq!(names(&outcome), ["A", "B"]);
    assert_eq!(outcome.note("trimmed").unwrap().rows, [3]);
}

#[test]
fn labels_are_those_of_the_web() {
    let labels = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252]
        .map(Encoding::label);
    assert_eq!(labels, ["utf-8", "utf-16le", "utf-16be", "windows-1252"]);
}
