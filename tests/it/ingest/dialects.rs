//! Separators, quotes, headers and what stands above them.

use proptest::prelude::*;
use retention_calculator::ingest::{Defect, Separator};

use super::{Outcome, ReadOptions, read, read_pieces};

fn separator(csv: &str) -> Separator {
    read(csv).table().dialect.separator
}

#[test]
fn the_separator_is_the_one_that_gives_rows_of_one_width() {
    for (byte, name) in [(b',', ","), (b';', ";"), (b'\t', "\t"), (b'|', "|")] {
        let csv = ["id,date,amount", "A,2024-01-01,1.5", "B,2024-01-02,2.5"].join("\n");
        assert_eq!(separator(&csv.replace(',', name)), Separator::Byte(byte));
    }
    assert!(read("a,b\n1,2\n").note("delimiter").is_none());
    assert!(read("a;b\n1;2\n").note("delimiter").is_some());
}

#[test]
fn decimal_commas_and_commas_in_text_do_not_mislead() {
    let semicolon = Separator::Byte(b';');
    assert_eq!(
        separator("id;datum;betrag\nA;01.02.2024;100,00\nB;02.02.2024;1.234,50\n"),
        semicolon
    );
    // Without a header, both separators give rows of one width.
    assert_eq!(
        separator("A;01.02.2024;100,00\nB;02.02.2024;234,50\nC;03.02.2024;1,00\n"),
        semicolon
    );
    assert_eq!(separator("name;betrag\nMeier, Anna;1\nSchulz, Bert;2\n"), semicolon);
    assert_eq!(separator("name;city\nMeier, Anna;Bern, CH\nSchulz, Bert;Rom, IT\n"), semicolon);
    // A column of lists.
    let comma = Separator::Byte(b',');
    assert_eq!(separator("id,tags,amount\nA,x;y;z,1\nB,u;v;w,2\n"), comma);
    assert_eq!(separator("A,x|y|z,2024-01-01,1\nB,u|v|w,2024-01-02,2\n"), comma);
    assert_eq!(separator("id,text\nA,\"a;b;c;d\"\nB,\"a;b;c;d\"\n"), comma);
    // Ragged ends.
    let csv = "id;datum;betrag\nA;01.02.2024;1,5;\nB;02.02.2024;2,5\nC;03.02.2024;3,5;;\n";
    let outcome = read(csv);
    assert_eq!(outcome.table().dialect.separator, semicolon);
    assert_eq!(outcome.note("trailing-delimiter").unwrap().rows, [2, 4]);
    assert_eq!(outcome.sound().len(), 3);
}

#[test]
fn a_decimal_comma_that_is_not_quoted_never_becomes_an_amount() {
    let outcome = read("id,date,amount\nA,2024-01-01,100,00\nB,2024-01-02,50,00\n");
    assert_eq!(outcome.columns(), ["id", "date", "amount"]);
    assert_eq!(outcome.defects(), [(2, Defect::TooManyFields), (3, Defect::TooManyFields)]);
}

#[test]
fn runs_of_spaces_separate_where_nothing_else_does() {
    // The first lines of the published CDNOW data.
    let csv = " customer_id  date number_of_cds  dollar_value\r\n 00001 19970101  1   11.77\r\n \
               00002 19970112  1   12.00\r\n 00002 19970112  5   77.00\r\n";
    let outcome = read(csv);
    assert_eq!(outcome.table().dialect.separator, Separator::Whitespace);
    assert_eq!(outcome.columns(), ["customer_id", "date", "number_of_cds", "dollar_value"]);
    assert_eq!(outcome.sound()[2], ["00002", "19970112", "5", "77.00"]);
    assert_eq!(outcome.codes(), ["delimiter"]);
    let csv = " 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118  2   29.73\r\n";
    let outcome = read(csv);
    assert_eq!(outcome.columns().len(), 5);
    assert_eq!(outcome.table().dialect.header_row, None);
    assert_eq!(outcome.sound()[0], ["00004", "0001", "19970101", "2", "29.33"]);
    // Words are no columns.
    assert_eq!(read("customer name\nJohn Smith\nJane Doe\n").columns(), ["customer name"]);
}

#[test]
fn a_separator_line_is_believed_and_takes_a_row() {
    for line in ["sep=;", "SEP=;", "\"sep=;\"", "sep=;;;"] {
        let outcome = read(format!("{line}\r\na;b\r\n1,5;2\r\n"));
        assert_eq!(outcome.columns(), ["a", "b"], "{line}");
        assert_eq!(outcome.sound(), [["1,5", "2"]], "{line}");
        assert_eq!(outcome.rows[0].number, 3, "{line}");
        assert_eq!(outcome.table().dialect.header_row, Some(2), "{line}");
        assert_eq!(outcome.note("sep-line").unwrap().rows, [1], "{line}");
    }
    assert_eq!(read("sep=^\na^b\n1^2\n").sound(), [["1", "2"]]);
    // A name of a column that begins like it.
    assert_eq!(read("sep=x,b\n1,2\n").columns(), ["sep=x", "b"]);
}

#[test]
fn options_are_believed() {
    let options = ReadOptions {
        separator: Some(Separator::Byte(b';')),
        has_header: Some(false),
        ..ReadOptions::default()
    };
    let outcome = read_pieces(options, [b"a,b;c\nd,e;f\n".as_slice()]);
    assert_eq!(outcome.columns(), ["Column 1", "Column 2"]);
    assert_eq!(outcome.sound(), [["a,b", "c"], ["d,e", "f"]]);
    let options = ReadOptions { has_header: Some(true), ..ReadOptions::default() };
    let outcome = read_pieces(options, [b"1,2\n3,4\n".as_slice()]);
    assert_eq!(outcome.columns(), ["1", "2"]);
    assert_eq!(outcome.sound(), [["3", "4"]]);
}

#[test]
fn single_quotes_quote_only_where_all_do() {
    let quote = |csv: &str| read(csv).table().dialect.quote;
    assert_eq!(quote("id,name,n\n1,'Smith, John',1\n2,'Doe, Jane',2\n"), Some(b'\''));
    assert_eq!(quote("id,name,n\n'1','x',1\n'2','y',2\n"), Some(b'\''));
    let outcome = read("id,name,n\n1,'it''s',1\n2,'Doe, Jane',2\n3,'x',3\n");
    assert_eq!(outcome.sound()[0], ["1", "it's", "1"]);
    // Apostrophes before numbers, as in exports that keep leading zeros, and in names.
    let outcome = read("Customer ID,total\n'007,1\n'008,2\n'009,3\n");
    assert_eq!(outcome.table().dialect.quote, Some(b'"'));
    assert_eq!(outcome.sound()[0], ["'007", "1"]);
    let outcome = read("city,total\n's-Hertogenbosch,1\nO'Fallon,2\nBern,3\n");
    assert_eq!(outcome.sound()[0], ["'s-Hertogenbosch", "1"]);
    assert_eq!(outcome.codes(), Vec::<&str>::new());
    assert_eq!(quote("id,name\n\"1\",'x'\n\"2\",'y'\n"), Some(b'"'));
}

#[test]
fn backslashes_escape_only_where_nothing_else_makes_sense() {
    let outcome = read("id,name,n\n1,\"Ac\\\"me, Inc\",1\n2,\"a\\\\b\",2\n3,x,3\n");
    assert!(outcome.table().dialect.backslash_escapes);
    assert_eq!(outcome.sound()[0], ["1", "Ac\"me, Inc", "1"]);
    assert_eq!(outcome.sound()[1], ["2", "a\\b", "2"]);
    let outcome = read("id,path\n1,\"C:\\dir\\\"\n2,\"D:\\\"\n");
    assert!(!outcome.table().dialect.backslash_escapes);
    assert_eq!(outcome.sound(), [["1", "C:\\dir\\"], ["2", "D:\\"]]);
}

/// The header row and the columns.
fn header(csv: &str) -> (Option<u64>, Vec<String>) {
    let outcome = read(csv);
    (outcome.table().dialect.header_row, outcome.table().columns.clone())
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn headers_are_told_from_records() {
    // lifelines: waltons and rossi, whose columns are all numbers but one.
    let csv = "T,E,group\n6.0,1,miR-137\n13.0,1,miR-137\n13.0,1,miR-137\n";
    assert_eq!(header(csv), (Some(1), names(&["T", "E", "group"])));
    let csv = "week,arrest,fin,age\n20,1,0,27\n17,1,0,18\n25,1,0,19\n";
    assert_eq!(header(csv), (Some(1), names(&["week", "arrest", "fin", "age"])));
    // Months, years and ages as names.
    let csv = "Customer,2024-01,2024-02\nA,10,20\nB,30,40\n";
    assert_eq!(header(csv).0, Some(1));
    assert_eq!(header("Customer,Jan 2024,Feb 2024\nA,10.5,20\nB,30,40\n").0, Some(1));
    assert_eq!(header("Customer,2022,2023\nA,10,20\nB,30,40\n").0, Some(1));
    assert_eq!(header("Customer,2024\nA,10\nB,20\n").0, Some(1));
    assert_eq!(header("A,2024\nB,2023\n").0, None);
    assert_eq!(header("Customer,2024-01-01,2024-02-01\nA,10,\nB,30,\n").0, Some(1));
    assert_eq!(header("cohort,0,1,2,3\n2024-01,10,9,8,7\n2024-02,12,9,8,7\n").0, Some(1));
    assert_eq!(header("id,day 30,day 60\nA,1,2\nB,3,4\n").0, Some(1));
    // Text alone.
    assert_eq!(header("name,plan\nAcme,Gold\nBeta,Silver\nCeta,Gold\n").0, Some(1));
    assert_eq!(header("Acme,Gold\nBeta,Silver\nCeta,Gold\n").0, None);
    // Numbers alone.
    assert_eq!(header("1,2.5\n2,3.5\n3,4.5\n"), (None, names(&["Column 1", "Column 2"])));
    // Records.
    assert_eq!(header("C001,2024-01-15,,100.00\nC002,2024-02-01,2024-08-31,49.50\n").0, None);
    assert_eq!(header("C001,N/A,100.00\nC002,2024-02-01,49.50\nC003,2024-02-01,9.50\n").0, None);
    assert_eq!(header("A,2024-01,10\nA,2024-02,10\nB,2024-01,20\n").0, None);
    let outcome = read("A,2024-01,10\nA,2024-02,10\n");
    assert_eq!(outcome.note("no-header").unwrap().rows, [1]);
    assert_eq!(outcome.rows[0].number, 1);
}

#[test]
fn a_single_line_is_a_header_unless_it_has_values() {
    assert_eq!(read("id,date,amount\n").error_code(), Some("no-rows"));
    assert_eq!(read("id,date,amount\n\n , ,\n\n").error_code(), Some("no-rows"));
    assert_eq!(read("A,2024-01-01,10.50\n").sound(), [["A", "2024-01-01", "10.50"]]);
}

#[test]
fn two_header_rows_are_told() {
    let csv = "Client,Début,Montant\nid,start,mrr\nA,2024-01-01,1\nB,2024-01-02,2\n";
    let outcome = read(csv);
    assert_eq!(outcome.columns(), ["id", "start", "mrr"]);
    assert_eq!(outcome.note("multi-header").unwrap().rows, [1, 2]);
    assert_eq!(outcome.table().dialect.first_row, 3);
    // Where the lower row does not tell the columns apart, both do.
    let csv = "id,start,end,mrr\ntext,date,date,USD\nA,2024-01-01,2024-02-01,1\nB,2024-01-02,,2\n";
    assert_eq!(read(csv).columns(), ["id text", "start date", "end date", "mrr USD"]);
    // A record with text where others have numbers and dates is no header.
    let csv = "id,plan,mrr\nA,Gold,tbd\nB,Gold,10\nC,Silver,20\n";
    assert_eq!(read(csv).sound().len(), 3);
}

#[test]
fn what_stands_above_the_header_is_skipped_and_told() {
    let csv =
        "Report\n\"of, today\"\nFilter:,all\n\nid,date,amount\nA,2024-01-01,1\nB,2024-01-02,2\n";
    let outcome = read(csv);
    assert_eq!(outcome.columns(), ["id", "date", "amount"]);
    assert_eq!(outcome.note("preamble-skipped").unwrap().rows, [1, 2, 3]);
    assert_eq!(outcome.table().dialect.header_row, Some(5));
    assert_eq!(outcome.rows[0].number, 6);
    // A spreadsheet fills such rows up with separators.
    let csv = "Report,,\n,,\nid,date,amount\nA,2024-01-01,1\nB,2024-01-02,2\n";
    let outcome = read(csv);
    assert_eq!(outcome.note("preamble-skipped").unwrap().rows, [1]);
    assert_eq!(outcome.table().dialect.header_row, Some(3));
    // Above records without a header.
    let outcome = read("CDNOW\nA,2024-01-01,1\nB,2024-01-02,2\n");
    assert_eq!(outcome.note("preamble-skipped").unwrap().rows, [1]);
    assert_eq!(outcome.sound().len(), 2);
    // A short first record is a record.
    let outcome = read("A,2024-01-01\nB,2024-01-01,1\nC,2024-01-02,2\n");
    assert_eq!(outcome.defects(), [(1, Defect::TooFewFields)]);
}

#[test]
fn columns_without_a_name_are_named_or_left_out() {
    let outcome = read(",date,,amount,,\n1,2024-01-01,x,1,,\n2,2024-01-02,y,2,,\n");
    assert_eq!(outcome.columns(), ["Column 1", "date", "Column 3", "amount"]);
    assert_eq!(outcome.note("empty-column").unwrap().rows, [1]);
    assert_eq!(outcome.codes(), ["empty-column", "unnamed-column"]);
    // What turns up later in a column that was left out is not lost without a word.
    let outcome = read("id,amount,\nA,1,\nB,2,\nC,1,234\n");
    assert_eq!(outcome.columns(), ["id", "amount", "Column 3"]);
    let csv = format!("id,amount,\n{}Z,1,234\n", "A,1,\n".repeat(400));
    assert_eq!(read(csv).defects(), [(402, Defect::TooManyFields)]);
}

#[test]
fn columns_of_one_name_are_told_apart_and_asked_about() {
    let outcome = read("id,Start,Start,Start (2)\nA,2024-01-01,,x\nB,2024-01-02,2024-02-02,y\n");
    assert_eq!(outcome.columns(), ["id", "Start", "Start (3)", "Start (2)"]);
    let question = &outcome.table().questions[0];
    assert_eq!(question.code, "duplicate-header");
    assert_eq!(question.column.as_deref(), Some("Start"));
    assert_eq!(question.options, ["Start", "Start (3)"]);
    assert_eq!(question.readings, ["2024-01-01, 2024-01-02", "2024-02-02"]);
    assert_eq!(question.assumed.as_deref(), Some("Start"));
    assert_eq!(outcome.note("duplicate-header").unwrap().rows, [1]);
}

#[test]
fn names_of_columns_are_cleaned() {
    let outcome = read("\u{FEFF}\"\u{200B}id\",\u{A0}Monthly\n  price ,x\u{200D}y\n1,2,3\n");
    // Without the quotes, the second name ends with its line.
    assert_eq!(outcome.columns()[0], "id");
    let outcome = read("id,\"\u{A0}Monthly\n  price \",x\u{200D}y\n1,2,3\n4,5,6\n");
    assert_eq!(outcome.columns(), ["id", "Monthly price", "xy"]);
    let message = &outcome.note("header-trimmed").unwrap().message;
    assert!(message.contains("\"Monthly price\", \"xy\""), "{message}");
    // A quote that never closes is no part of a name.
    let outcome = read("id,\"date,amount\nA,2024-01-01,1\nB,2024-01-02,2\n");
    assert_eq!(outcome.columns(), ["id", "date", "amount"]);
    assert_eq!(outcome.sound().len(), 2);
}

#[test]
fn what_is_no_table_is_named() {
    let code = |bytes: &[u8]| read(bytes).error.map(|error| error.code());
    assert_eq!(code(b""), Some("empty-file"));
    assert_eq!(code(b"\xEF\xBB\xBF\r\n"), Some("empty-file"));
    assert_eq!(code(b"sep=;\n"), Some("empty-file"));
    assert_eq!(code(b"  \n<!doctype html>"), Some("looks-like-html"));
    assert_eq!(code(b"\xEF\xBB\xBF<HTML>"), Some("looks-like-html"));
    assert_eq!(code(b"<?xml version=\"1.0\"?>"), Some("looks-like-xml"));
    assert_eq!(code(b"{ \"a\": 1 }"), Some("looks-like-json"));
    assert_eq!(code(b"[1, 2]"), Some("looks-like-json"));
    assert_eq!(code(b"PK\x03\x04....[Content_Types].xml....xl/workbook.xml"), Some("xlsx"));
    assert_eq!(code(b"PK\x03\x04....data.csv"), Some("zip"));
    assert_eq!(code(b"\x1F\x8B\x08\0"), Some("gzip"));
    assert_eq!(code(b"%PDF-1.7"), Some("pdf"));
    assert_eq!(code(b"\xFF\xD8\xFF\xE0"), Some("binary"));
    assert_eq!(code(b"\x01\x02\x03\x04\x05\x06"), Some("binary"));
    assert_eq!(code(b"\xFF\xFEa\0,\0b\0"), Some("no-rows"));
    assert_eq!(code(b"\xFF\xFE\0\0a\0\0\0"), Some("utf-32"));
    // Headers that begin like them.
    assert_eq!(code(b"[id],[name]\n1,x\n"), None);
    assert_eq!(code(b"{id},{name}\n1,x\n"), None);
    assert_eq!(code(b"<5,n\n1,2\n"), None);
}

#[test]
fn an_error_stays_an_error() {
    let mut notes = retention_calculator::note::Notes::new();
    let mut sink = super::Collector::default();
    let mut reader = super::Reader::new(ReadOptions::default());
    let big = [b"%PDF-1.7\n".as_slice(), &vec![b'\n'; 1 << 18]].concat();
    for _ in 0..2 {
        let error = reader.push(&big, &mut notes, &mut sink).unwrap_err();
        assert_eq!(error.code(), "pdf");
    }
    assert_eq!(reader.finish(&mut notes, &mut sink).unwrap_err().code(), "pdf");
}

/// A column of a plausible table: its name, and fields.
fn column() -> impl Strategy<Value = (String, Vec<String>)> {
    let of = |name: &str, pattern: &str| {
        let name = name.to_owned();
        let fields = prop::string::string_regex(pattern).unwrap();
        (Just(name), prop::collection::vec(fields, 12))
    };
    prop_oneof![
        of("Customer", "[A-Z][a-z]{2,8}( [A-Z][a-z]{2,8})?(, Inc\\.)?"),
        of("customer_id", "cus_[A-Za-z0-9]{14}"),
        of("Start date", "20[12][0-9]-0[1-9]-[12][0-9]"),
        of("Datum", "[12][0-9]\\.0[1-9]\\.20[12][0-9]"),
        of("Created (UTC)", "20[12][0-9]-0[1-9]-[12][0-9] [01][0-9]:[0-5][0-9]"),
        of("Amount", "[1-9][0-9]{0,4}\\.[0-9]{2}"),
        of("Betrag", "[1-9][0-9]{0,2}(\\.[0-9]{3})?,[0-9]{2}"),
        of("Umsatz", "[1-9][0-9]{0,2},[0-9]{2} €"),
        of("Quantity", "[1-9][0-9]?"),
        of("Cancelled at", "(20[12][0-9]-0[1-9]-[12][0-9])?"),
        of("Note", "([a-z]{2,9}[ ,;.]{0,1} ){0,6}[a-z]{2,9}"),
        of("Tags", "[a-z]{2,5}(;[a-z]{2,5}){0,3}"),
    ]
}

fn is_full(fields: &[String]) -> bool {
    fields.iter().filter(|field| !field.is_empty()).count() >= 2
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1500,
        max_global_rejects: 100_000,
        ..ProptestConfig::default()
    })]

    /// Tables as they come from billing systems, written by RFC 4180 with any of the separators.
    #[test]
    fn plausible_tables_are_read_without_being_told_how(
        columns in prop::collection::vec(column(), 2..7),
        separator in prop_oneof![Just(','), Just(';'), Just('\t'), Just('|')],
        n_rows in 4_usize..12,
        has_header in any::<bool>(),
    ) {
        // Each kind of column once, with at least one column of numbers or dates.
        let mut columns = columns;
        columns.sort();
        columns.dedup_by(|a, b| a.0 == b.0);
        let typed = ["Amount", "Betrag", "Umsatz", "Quantity", "Start date", "Datum"];
        prop_assume!(columns.len() >= 2);
        prop_assume!(columns.iter().any(|(name, _)| typed.contains(&name.as_str())));
        let record = |index: usize| -> Vec<String> {
            columns.iter().map(|(_, fields)| fields[index].trim().to_owned()).collect()
        };
        let rows: Vec<Vec<String>> = (0..n_rows).map(record).collect();
        prop_assume!(rows.iter().all(|row| is_full(row)));
        let names: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
        let written = |row: &Vec<String>| {
            let fields: Vec<String> = row
                .iter()
                .map(|field| {
                    if field.contains([separator, '"']) { format!("\"{field}\"") } else { field.clone() }
                })
                .collect();
            fields.join(&separator.to_string()) + "\n"
        };
        let mut csv = String::new();
        if has_header {
            csv += &written(&names);
        }
        csv.extend(rows.iter().map(written));
        let outcome: Outcome = read(&csv);
        prop_assert_eq!(outcome.table().dialect.separator, Separator::Byte(u8::try_from(separator).unwrap()), "{}", csv);
        prop_assert_eq!(outcome.table().dialect.header_row.is_some(), has_header, "{}", csv);
        // A column at the end that has neither a name nor any text is left out, and that is told.
        let is_used = |column: &usize| has_header || rows.iter().any(|row| !row[*column].is_empty());
        let width = (0..columns.len()).rev().find(is_used).map_or(0, |last| last + 1);
        let used: Vec<Vec<String>> = rows.iter().map(|row| row[..width].to_vec()).collect();
        prop_assert_eq!(outcome.sound(), used, "{}", csv);
        let is_told = outcome.notes.iter().any(|note| note.code == "empty-column");
        prop_assert_eq!(is_told, width < columns.len(), "{}", csv);
        prop_assert_eq!(outcome.n_excluded, 0);
    }
}
