//! RFC 4180, rule by rule, and what becomes of text that breaks it.

use retention_calculator::ingest::Defect::{
    self, NulByte, TooFewFields, TooManyFields, UnclosedQuote,
};

use super::{ReadOptions, read, read_pieces};

/// Checks the sound rows of a file.
fn check(csv: &str, columns: &[&str], rows: &[&[&str]]) {
    let outcome = read(csv);
    assert_eq!(outcome.columns(), columns, "{csv:?}");
    assert_eq!(outcome.sound(), rows, "{csv:?}");
    assert_eq!(outcome.defects(), [], "{csv:?}");
}

#[test]
fn well_formed_text_is_read_as_the_rfc_says() {
    // Section 2, rules 1 to 7, with the examples of the RFC below a header.
    check(
        "x,y,z\r\naaa,bbb,ccc\r\nzzz,yyy,xxx\r\n",
        &["x", "y", "z"],
        &[&["aaa", "bbb", "ccc"], &["zzz", "yyy", "xxx"]],
    );
    check(
        "x,y,z\r\naaa,bbb,ccc\r\nzzz,yyy,xxx",
        &["x", "y", "z"],
        &[&["aaa", "bbb", "ccc"], &["zzz", "yyy", "xxx"]],
    );
    check(
        "field_name,field_name2,field_name3\r\naaa,bbb,ccc\r\nzzz,yyy,xxx\r\n",
        &["field_name", "field_name2", "field_name3"],
        &[&["aaa", "bbb", "ccc"], &["zzz", "yyy", "xxx"]],
    );
    check(
        "x,y,z\r\n\"aaa\",\"bbb\",\"ccc\"\r\nzzz,yyy,xxx",
        &["x", "y", "z"],
        &[&["aaa", "bbb", "ccc"], &["zzz", "yyy", "xxx"]],
    );
    check(
        "x,y,z\r\n\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx",
        &["x", "y", "z"],
        &[&["aaa", "b\r\nbb", "ccc"], &["zzz", "yyy", "xxx"]],
    );
    check("x,y,z\r\n\"aaa\",\"b\"\"bb\",\"ccc\"", &["x", "y", "z"], &[&["aaa", "b\"bb", "ccc"]]);
}

#[test]
fn quotes_hold_separators_quotes_and_line_breaks() {
    check("a,b\n\"1,5\",2\n", &["a", "b"], &[&["1,5", "2"]]);
    check("a,b\n\"\"\"\",2\n", &["a", "b"], &[&["\"", "2"]]);
    check("a,b\n\"\"\"x\"\"\",2\n", &["a", "b"], &[&["\"x\"", "2"]]);
    check("a,b\n\"\",2\n", &["a", "b"], &[&["", "2"]]);
    check("a,b\n\"x\ny\rz\",2\n", &["a", "b"], &[&["x\ny\rz", "2"]]);
    check("a,b\n1,\"x\"\r\n2,\"y\"", &["a", "b"], &[&["1", "x"], &["2", "y"]]);
    check("a,b\n1,\"\n\"\"\n\"\n", &["a", "b"], &[&["1", "\""]]);
}

#[test]
fn empty_fields_are_fields() {
    check(
        "a,b,c\n,,1\n1,,\n,2,\n",
        &["a", "b", "c"],
        &[&["", "", "1"], &["1", "", ""], &["", "2", ""]],
    );
}

#[test]
fn any_line_break_ends_a_row() {
    for line_break in ["\n", "\r\n", "\r"] {
        let csv = ["a,b", "1,2", "3,4"].join(line_break);
        check(&csv, &["a", "b"], &[&["1", "2"], &["3", "4"]]);
        check(&(csv + line_break), &["a", "b"], &[&["1", "2"], &["3", "4"]]);
    }
    check("a,b\r1,2\n3,4\r\n5,6", &["a", "b"], &[&["1", "2"], &["3", "4"], &["5", "6"]]);
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_does() {
    let outcome = read("a,b\n1,\"x\ny\"\n\n  \n,\n2,z\n");
    let numbers: Vec<u64> = outcome.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [2, 6]);
    let note = outcome.note("blank-lines-skipped").unwrap();
    assert_eq!((note.count, note.rows.as_slice()), (3, [3, 4, 5].as_slice()));
}

/// Checks all rows of a table of three columns with amounts, by number, defect and first field.
fn check_rows(lines: &[&str], rows: &[(u64, &str, Option<Defect>)], codes: &[&str]) {
    let mut csv = String::from("id,date,amount\n");
    csv.extend(lines.iter().map(|line| format!("{line}\n")));
    let outcome = read(&csv);
    let found: Vec<(u64, &str, Option<Defect>)> = outcome
        .rows
        .iter()
        .map(|row| (row.number, row.fields.first().map_or("", String::as_str), row.defect))
        .collect();
    assert_eq!(found, rows, "{csv}");
    assert_eq!(outcome.codes(), codes, "{csv}");
}

#[test]
fn rows_of_another_width_are_told() {
    check_rows(
        &["A,2024-01-01,1", "B,2024-01-01", "C,2024-01-01,1,x", "D,2024-01-01,1,,", "E"],
        &[
            (2, "A", None),
            (3, "B", Some(TooFewFields)),
            (4, "C", Some(TooManyFields)),
            (5, "D", None),
            (6, "E", Some(TooFewFields)),
        ],
        &["too-few-fields", "too-many-fields", "trailing-delimiter"],
    );
}

#[test]
fn an_unclosed_quote_costs_its_own_row() {
    // In the first field, in the last, and at the end of the file.
    check_rows(
        &["A,2024-01-01,1", "\"B,2024-01-01,1", "C,2024-01-01,1", "D,2024-01-01,1"],
        &[(2, "A", None), (3, "\"B", Some(UnclosedQuote)), (4, "C", None), (5, "D", None)],
        &["unclosed-quote"],
    );
    check_rows(
        &["A,2024-01-01,1", "B,2024-01-01,\"1", "C,2024-01-01,1"],
        &[(2, "A", None), (3, "B", Some(UnclosedQuote)), (4, "C", None)],
        &["unclosed-quote"],
    );
    check_rows(
        &["A,2024-01-01,1", "B,2024-01-01,\""],
        &[(2, "A", None), (3, "B", Some(UnclosedQuote))],
        &["unclosed-quote"],
    );
    // The next quote opens a field of its own, so it cannot be the one that closes.
    check_rows(
        &["\"A,2024-01-01,1", "B,2024-01-01,1", "\"C, Inc\",2024-01-01,1", "D,2024-01-01,1"],
        &[(2, "\"A", Some(UnclosedQuote)), (3, "B", None), (4, "C, Inc", None), (5, "D", None)],
        &["unclosed-quote"],
    );
    // The text in the quotes has a comma, so even the row alone has the wrong width.
    check_rows(
        &["\"A, Inc,2024-01-01,1", "B,2024-01-01,1", "C,2024-01-01,1", "D,2024-01-01,\"1\""],
        &[(2, "\"A", Some(UnclosedQuote)), (3, "B", None), (4, "C", None), (5, "D", None)],
        &["unclosed-quote"],
    );
    // Two of them: the second seems to close the first, with all fields in place.
    check_rows(
        &[
            "A,2024-01-01,\"1",
            "B,2024-01-01,1",
            "C,2024-01-01,1",
            "D,2024-01-01,1",
            "E,2024-01-01,1\"",
            "F,2024-01-01,1",
        ],
        &[
            (2, "A", Some(UnclosedQuote)),
            (3, "B", None),
            (4, "C", None),
            (5, "D", None),
            (6, "E", None),
            (7, "F", None),
        ],
        &["stray-quote", "unclosed-quote"],
    );
}

#[test]
fn lines_in_quotes_that_look_like_rows_are_told() {
    check_rows(
        &["A,2024-01-01,\"1", "B,2024-01-01,1", "C,2024-01-01,1\"", "D,2024-01-01,1"],
        &[(2, "A", None), (3, "D", None)],
        &["rows-in-quotes"],
    );
    check_rows(
        &["A,2024-01-01,\"1", "B,2024-01-01,1\"", "D,2024-01-01,1"],
        &[(2, "A", None), (3, "D", None)],
        &["rows-in-quotes"],
    );
    check_rows(
        &["A,2024-01-01,\"1", "and, so\"", "D,2024-01-01,1"],
        &[(2, "A", None), (3, "D", None)],
        &[],
    );
}

#[test]
fn a_quoted_line_break_in_a_row_of_another_width_is_one_bad_row() {
    // Not a row `c",d,e` that no one wrote.
    check_rows(
        &["A,\"a,b\nc\",d,e", "B,2024-01-01,1"],
        &[(2, "A", Some(TooManyFields)), (3, "B", None)],
        &["too-many-fields"],
    );
}

#[test]
fn an_earlier_quoted_line_break_stays_with_its_row() {
    check_rows(
        &["\"A\nB\",\"2024-01-01,1", "C,2024-01-01,1"],
        &[(2, "A\nB", Some(UnclosedQuote)), (3, "C", None)],
        &["unclosed-quote"],
    );
}

#[test]
fn quotes_inside_fields_are_text() {
    let field = |text: &str, expected: &str| {
        let outcome = read(format!("id,name,amount\n1,x,5\n2,{text},6\n3,y,7\n"));
        assert_eq!(outcome.sound()[1], ["2", expected, "6"], "{text}");
        assert_eq!(outcome.note("stray-quote").unwrap().rows, [3], "{text}");
        assert_eq!(outcome.rows.len(), 3, "{text}");
    };
    field("5\" disk", "5\" disk");
    field("disk 5\"", "disk 5\"");
    field("\"Acme\" Inc", "\"Acme\" Inc");
    field("\"Acme \"Big\" Inc\"", "\"Acme \"Big\" Inc\"");
    field("\"Acme, \"Big\" Inc\"", "Acme, \"Big\" Inc");
    // No reading gives three fields here.
    check_rows(
        &["A,2024-01-01,1", "\"B, \"Big\", Inc\",2024-01-01,1", "C,2024-01-01,1"],
        &[(2, "A", None), (3, "\"B", Some(TooManyFields)), (4, "C", None)],
        &["too-many-fields"],
    );
}

#[test]
fn spaces_around_fields_and_quotes_are_left_out() {
    let outcome = read("id, name , amount\n1, \"a, b\" ,5\n2,\"  c \",\u{A0}6\u{A0}\n3,d,7\n");
    assert_eq!(outcome.columns(), ["id", "name", "amount"]);
    assert_eq!(outcome.sound(), [["1", "a, b", "5"], ["2", "c", "6"], ["3", "d", "7"]]);
    assert_eq!(outcome.note("trimmed").unwrap().rows, [1, 2, 3]);
}

#[test]
fn a_nul_costs_its_row_and_reaches_the_sink() {
    let outcome = read("id,date,amount\nA,2024-01-01,1\nB\0,2024-01-01,2\nC,2024-01-01,3\n");
    assert_eq!(outcome.defects(), [(3, NulByte)]);
    assert_eq!(outcome.rows[1].fields, ["B\0", "2024-01-01", "2"]);
}

#[test]
fn a_table_of_one_column_has_rows_too() {
    let options = ReadOptions { has_header: Some(true), ..ReadOptions::default() };
    let csv = "name\nA\n\"B\nb\nb\nb\nb\nb\"\n\nC\n";
    let outcome = read_pieces(options, [csv.as_bytes()]);
    assert_eq!(outcome.sound(), [["A"], ["B\nb\nb\nb\nb\nb"], ["C"]]);
}
