//! What is no table of text: archives, workbooks, images, web pages, JSON.
//!
//! It looks only at how a file begins, and says what to do instead.

use crate::error::Error;

/// How other files that are no text begin: images, databases, archives, programs, documents.
const OTHERS: [&[u8]; 12] = [
    b"\x89PNG\r\n\x1a\n",
    b"\xFF\xD8\xFF",
    b"GIF87a",
    b"GIF89a",
    b"SQLite format 3\0",
    b"\x28\xB5\x2F\xFD",
    b"\xFD7zXZ\0",
    b"7z\xBC\xAF\x27\x1C",
    b"Rar!\x1A\x07",
    b"\x7FELF",
    b"{\\rtf",
    b"ARROW1\0\0",
];

/// How web pages begin.
const TAGS: [&str; 9] =
    ["<!doctype", "<html", "<head", "<body", "<script", "<table", "<!--", "<meta", "<title"];

/// The error for bytes that are no text.
pub(super) fn of_bytes(head: &[u8]) -> Option<Error> {
    let starts = |signature: &[u8]| head.starts_with(signature);
    let error = |code, message: &str| Some(Error::new(code, message));
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        let is_office = contains(head, b"[Content_Types].xml") && !contains(head, b"word/");
        return if is_office || contains(head, b"xl/") {
            error(
                "xlsx",
                "This is an Excel workbook. In Excel, choose File, Save As, CSV UTF-8, and use \
                 the file that gives.",
            )
        } else {
            error("zip", "This is a zip archive. Unpack it and use the CSV file inside.")
        };
    }
    if starts(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        return error(
            "xls",
            "This is an old Excel workbook (XLS). In Excel, choose File, Save As, CSV UTF-8, and \
             use the file that gives.",
        );
    }
    if starts(&[0x1F, 0x8B]) {
        return error("gzip", "This is a gzip archive. Unpack it and use the CSV file inside.");
    }
    if starts(b"PAR1") {
        return error(
            "parquet",
            "This is a Parquet file. Export it as CSV, for instance with DuckDB: COPY (FROM \
             'file.parquet') TO 'file.csv'.",
        );
    }
    if starts(b"%PDF-") {
        return error("pdf", "This is a PDF document. Export the data behind it as CSV.");
    }
    if starts(&[0xFF, 0xFE, 0, 0]) || starts(&[0, 0, 0xFE, 0xFF]) {
        return error("utf-32", "The text is in UTF-32. Save it as UTF-8.");
    }
    let is_bzip2 = starts(b"BZh") && head.get(4..10) == Some(b"1AY&SY");
    if is_bzip2 || OTHERS.iter().any(|signature| starts(signature)) {
        return Some(binary());
    }
    None
}

/// The error for text that is no table.
pub(super) fn of_text(text: &[u8]) -> Option<Error> {
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F);
    let n_controls = text.iter().filter(is_control).count();
    if n_controls >= 4 && n_controls * 20 > text.len() {
        return Some(binary());
    }
    let start = skip_space(text, super::dialect::skip_byte_order_marks(text));
    let rest = &text[start..];
    let starts = |tag: &str| {
        rest.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag.as_bytes()))
    };
    if TAGS.iter().any(|tag| starts(tag)) {
        return Some(Error::new(
            "looks-like-html",
            "This is a web page, not a CSV file. It is often a login page: sign in where the \
             export comes from and download it again.",
        ));
    }
    if starts("<?xml") {
        return Some(Error::new(
            "looks-like-xml",
            "This is an XML file, not a CSV file. Export the data again as CSV.",
        ));
    }
    if looks_like_json(rest) {
        return Some(Error::new(
            "looks-like-json",
            "This is a JSON file, not a CSV file. Export the data again as CSV.",
        ));
    }
    None
}

fn binary() -> Error {
    Error::new(
        "binary",
        "This is no text file, but an image, an archive, a database or the like. Export the data \
         as CSV.",
    )
}

/// An object, or a list of objects, lists, texts or numbers.
fn looks_like_json(text: &[u8]) -> bool {
    let Some((first, rest)) = text.split_first() else { return false };
    let next = rest.get(skip_space(rest, 0));
    match first {
        b'{' => matches!(next, Some(b'"' | b'}')),
        b'[' => matches!(next, Some(b'{' | b'[' | b'"' | b']' | b'0'..=b'9')),
        _ => false,
    }
}

fn skip_space(text: &[u8], start: usize) -> usize {
    start + text[start..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
