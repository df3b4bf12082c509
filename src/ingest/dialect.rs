//! How a file separates and quotes its fields, found from its first part.
//!
//! It looks at shapes of fields only to tell headers from records and separators from text; what
//! values mean is found out elsewhere.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::encoding::Encoding;
use super::reader::ReadOptions;
use super::scanner::{Scan, Scanner, is_trimmed};
use crate::arrange;
use crate::error::Error;
use crate::note::{Notes, Severity};
use crate::report::Question;

/// What separates the fields of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// One character: comma, semicolon, tab or bar, or what a `sep=` line says.
    Byte(u8),
    /// Runs of spaces, with spaces at the ends of a line ignored.
    Whitespace,
}

impl Separator {
    /// Its name, for messages.
    fn name(self) -> String {
        match self {
            Self::Byte(b',') => "commas".into(),
            Self::Byte(b';') => "semicolons".into(),
            Self::Byte(b'\t') => "tabs".into(),
            Self::Byte(b'|') => "vertical bars".into(),
            Self::Byte(byte) => format!("\"{}\"", char::from(byte).escape_default()),
            Self::Whitespace => "spaces".into(),
        }
    }
}

/// How a file is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The encoding of the text.
    pub encoding: Encoding,
    /// What separates fields.
    pub separator: Separator,
    /// The quote character, if fields are quoted: `"`, else `'`.
    pub quote: Option<u8>,
    /// Whether a backslash escapes a quote inside quotes.
    pub backslash_escapes: bool,
    /// The row of the header as a spreadsheet numbers it, or nothing where there is none. Of two
    /// header rows, it is the second.
    pub header_row: Option<u64>,
    /// The row of the first record after the header.
    pub first_row: u64,
}

/// What the first part of a file says about how to read it.
#[derive(Debug)]
pub(super) struct Sniffed {
    pub(super) dialect: Dialect,
    pub(super) scanner: Scanner,
    /// The names of the columns, clean and each of its own.
    pub(super) columns: Vec<String>,
    /// How many fields the header has: more than columns, where the last have no name and no text.
    pub(super) n_header_fields: usize,
    /// The first sound records.
    pub(super) sample: Vec<Vec<String>>,
    pub(super) questions: Vec<Question>,
    /// From where in the text the records start.
    pub(super) start: usize,
}

/// The separators that are looked for, first those that text has least.
const SEPARATORS: [u8; 4] = [b'\t', b'|', b';', b','];
/// How much text the separator is found from.
const SCORED_BYTES: usize = 1 << 15;
/// How many records the separator is found from.
const SCORED_RECORDS: usize = 150;
/// How many records are looked at for a header, and below it.
const LAYOUT_RECORDS: usize = 300;
/// How many rows above a header there may be.
const MAX_PREAMBLE: usize = 50;

/// Finds out how to read a file from its first part, and what its columns are.
///
/// # Errors
///
/// `empty-file` where there is no text at all.
pub(super) fn sniff(
    text: &[u8],
    is_whole: bool,
    encoding: Encoding,
    options: &ReadOptions,
    notes: &mut Notes,
) -> Result<Sniffed, Error> {
    let mut start = skip_byte_order_marks(text);
    let mut row = 1;
    let mut separator = options.separator;
    if let Some((byte, n_bytes)) = separator_line(&text[start..]) {
        notes.tell("sep-line", Severity::Info, Some(row), None, || {
            let name = Separator::Byte(byte).name();
            format!("The first line says that fields are separated by {name}.")
        });
        separator.get_or_insert(Separator::Byte(byte));
        start += n_bytes;
        row += 1;
    }
    let is_told = separator.is_some();
    let body = &text[start..];
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::new(
            "empty-file",
            "The file is empty. Export it again, with at least a header row and one row of data.",
        ));
    }
    let shape = find_shape(body, is_whole, separator);
    if shape.separator != Separator::Byte(b',') && !is_told {
        notes.tell("delimiter", Severity::Info, None, None, || {
            format!("Fields are separated by {}.", shape.separator.name())
        });
    }
    if shape.quote == b'\'' {
        notes.tell("quote-char", Severity::Info, None, None, || {
            "Fields are quoted with single quotes (').".into()
        });
    }
    if shape.backslash_escapes {
        notes.tell("escape-char", Severity::Info, None, None, || {
            "Quotes inside fields are escaped with backslashes (\\\").".into()
        });
    }
    let mut scanner = shape.scanner();
    scanner.width = Some(shape.width);
    let keeps = Keep { limit: LAYOUT_RECORDS, only_sound: false };
    let records = read_records(&mut scanner, body, is_whole, keeps, row);
    let layout = find_layout(&records, shape.width, options.has_header);
    tell_layout(&records, &layout, notes);

    let header = &records[layout.n_preamble..layout.n_preamble + layout.n_headers];
    let data = &records[layout.n_preamble + layout.n_headers..];
    let n_header_fields = header.last().map_or(shape.width, |record| record.fields.len());
    let n_unused = n_unused_columns(header, data, n_header_fields);
    let width = n_header_fields - n_unused;
    let header_row = header.last().map(|record| record.row);
    if n_unused > 0 {
        notes.tell("empty-column", Severity::Info, header_row, None, || {
            format!("{n_unused} column(s) at the end have no name and no text. They are left out.")
        });
    }
    let (columns, questions) = name_columns(header, data, width, shape.quote, notes);
    scanner.width = Some(width);
    if let Some(last) = header.last().or_else(|| records[..layout.n_preamble].last()) {
        start += last.end;
        row = last.row + 1;
    }
    let keeps = Keep { limit: SAMPLE_RECORDS, only_sound: true };
    let sample = read_records(&mut scanner, &text[start..], is_whole, keeps, row)
        .into_iter()
        .map(|mut record| {
            record.fields.truncate(width);
            record.fields
        })
        .collect();
    Ok(Sniffed {
        dialect: Dialect {
            encoding,
            separator: shape.separator,
            quote: Some(shape.quote),
            backslash_escapes: shape.backslash_escapes,
            header_row,
            first_row: row,
        },
        scanner,
        columns,
        n_header_fields,
        sample,
        questions,
        start,
    })
}

/// How many records a sample has at most.
const SAMPLE_RECORDS: usize = super::reader::Table::SAMPLE_ROWS;

/// The length of the byte order marks that a text begins with.
pub(super) fn skip_byte_order_marks(text: &[u8]) -> usize {
    let mut n_bytes = 0;
    while text[n_bytes..].starts_with("\u{FEFF}".as_bytes()) {
        n_bytes += 3;
    }
    n_bytes
}

/// What a first line like `sep=;` says, and how long it is.
fn separator_line(text: &[u8]) -> Option<(u8, usize)> {
    let end = text.iter().position(|&byte| byte == b'\n' || byte == b'\r').unwrap_or(text.len());
    let mut n_bytes = end;
    if text[n_bytes..].starts_with(b"\r\n") {
        n_bytes += 2;
    } else if n_bytes < text.len() {
        n_bytes += 1;
    }
    let is_quote = |byte: &u8| *byte == b'"';
    let line: Vec<u8> = text[..end].iter().copied().filter(|byte| !is_quote(byte)).collect();
    let (name, rest) = line.split_at_checked(4)?;
    let (&separator, rest) = rest.split_first()?;
    let is_separator = separator == b'\t' || separator == b' ' || separator.is_ascii_punctuation();
    // A spreadsheet that saved the line again has filled it up with separators.
    (name.eq_ignore_ascii_case(b"sep=") && is_separator && rest.iter().all(|&b| b == separator))
        .then_some((separator, n_bytes))
}

/// How records are cut, and how many fields most have.
#[derive(Clone, Copy, Debug)]
struct Shape {
    separator: Separator,
    quote: u8,
    backslash_escapes: bool,
    width: usize,
}

impl Shape {
    fn scanner(self) -> Scanner {
        Scanner::new(self.separator, Some(self.quote), self.backslash_escapes)
    }
}

/// What a way of cutting makes of the first records.
#[derive(Clone, Debug, Default)]
struct Trial {
    /// How many fields most records have.
    width: usize,
    n_records: usize,
    /// How many records have that many.
    n_even: usize,
    n_fields: usize,
    /// How much their fields look as if another separator should have cut them.
    n_uncut: usize,
    /// How many of them are numbers or dates.
    n_typed: usize,
    /// How many fields are quoted.
    n_quoted: usize,
    /// How many records have quotes where none belong, or that do not close.
    n_malformed: usize,
    /// Whether all fields of some column, below the first record, are quoted.
    has_quoted_column: bool,
    /// Whether most fields of some column are numbers or dates.
    has_typed_column: bool,
}

impl Trial {
    fn evenness(&self) -> f64 {
        share(self.n_even, self.n_records)
    }

    /// Records with the same number of fields, fields without another separator inside, and numbers
    /// and dates speak for a separator.
    fn score(&self) -> f64 {
        if self.width < 2 {
            return 0.0;
        }
        let uncut = share(self.n_uncut, self.n_fields).min(1.0);
        let typed = share(self.n_typed, self.n_fields);
        self.evenness() * (0.9 - 0.4 * uncut + 0.1 * typed)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a sample are small")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[inline(never)]
fn find_shape(text: &[u8], is_whole: bool, known: Option<Separator>) -> Shape {
    let scored = &text[..scored_length(text)];
    let is_all = is_whole && scored.len() == text.len();
    let shape_of =
        |separator, quote| Shape { separator, quote, backslash_escapes: false, width: 1 };
    // What a separator gives, with the quotes that fit it.
    let found_with = |separator| {
        let shape = shape_of(separator, b'"');
        let trial = try_out(shape, scored, is_all);
        if trial.n_quoted > 0 || !scored.contains(&b'\'') {
            return (shape, trial);
        }
        let single = shape_of(separator, b'\'');
        let other = try_out(single, scored, is_all);
        let is_consistent = other.n_malformed == 0 && other.n_quoted >= 2;
        if is_consistent && (other.score() > trial.score() || other.has_quoted_column) {
            (single, other)
        } else {
            (shape, trial)
        }
    };
    // What is not in the text separates nothing.
    let mut separators = SEPARATORS.into_iter().filter(|byte| scored.contains(byte));
    let first = separators.next().unwrap_or(b',');
    let (mut shape, mut trial) = found_with(known.unwrap_or(Separator::Byte(first)));
    if known.is_none() {
        for separator in separators.map(Separator::Byte) {
            let (new, other) = found_with(separator);
            if (other.score(), other.width) > (trial.score(), trial.width) {
                (shape, trial) = (new, other);
            }
        }
        if trial.evenness() < 0.7 || trial.width < 2 {
            let (new, other) = found_with(Separator::Whitespace);
            if other.width >= 2 && other.evenness() >= 0.9 && other.has_typed_column {
                (shape, trial) = (new, other);
            }
        }
        if trial.width < 2 {
            shape.separator = Separator::Byte(b',');
        }
    }
    if scored.windows(2).any(|pair| pair == [b'\\', shape.quote]) {
        let escaping = Shape { backslash_escapes: true, ..shape };
        let other = try_out(escaping, scored, is_all);
        if other.n_malformed < trial.n_malformed && other.n_even >= trial.n_even {
            (shape, trial) = (escaping, other);
        }
    }
    shape.width = trial.width.max(1);
    shape
}

/// How much of a text is enough to score separators on: a few lines at least.
#[inline(never)]
fn scored_length(text: &[u8]) -> usize {
    let mut n_lines = 0;
    let is_enough = |(at, byte): (usize, &u8)| {
        n_lines += usize::from(matches!(byte, b'\n' | b'\r'));
        at >= SCORED_BYTES && n_lines > 4
    };
    text.iter().enumerate().position(is_enough).unwrap_or(text.len())
}

fn try_out(shape: Shape, text: &[u8], is_whole: bool) -> Trial {
    let mut scanner = shape.scanner();
    let mut trial = Trial::default();
    // How many records have so many fields, and so many up to the last that is not empty.
    let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut columns: Vec<ColumnTally> = Vec::new();
    let mut at = 0;
    while at < text.len() && trial.n_records < SCORED_RECORDS {
        let rest = &text[at..];
        let (n_bytes, is_unclosed) =
            match scan_sample(&mut scanner, rest, is_whole, trial.n_records) {
                Some(Scan::Blank { n_bytes }) => {
                    at += n_bytes;
                    continue;
                }
                Some(Scan::Record { n_bytes, is_unclosed }) => (n_bytes, is_unclosed),
                Some(Scan::More | Scan::TooLong) | None => break,
            };
        at += n_bytes;
        trial.n_records += 1;
        trial.n_malformed += usize::from(is_unclosed || scanner.oddities().stray_quote);
        let fields = scanner.fields();
        let n_used = fields
            .iter()
            .rposition(|field| !rest[field.span.start..field.span.end].trim_ascii().is_empty())
            .map_or(0, |last| last + 1);
        *counts.entry((fields.len(), n_used)).or_default() += 1;
        for (index, field) in fields.iter().enumerate() {
            let text = rest[field.span.start..field.span.end].trim_ascii();
            trial.n_fields += 1;
            trial.n_quoted += usize::from(field.is_quoted);
            trial.n_uncut += if field.is_quoted { 0 } else { uncut(text) };
            let is_typed = Kind::of(&String::from_utf8_lossy(text)).is_typed();
            trial.n_typed += usize::from(is_typed);
            if columns.len() <= index {
                columns.push(ColumnTally::default());
            }
            if trial.n_records > 1 && !text.is_empty() {
                let column = &mut columns[index];
                column.filled += 1;
                column.quoted += usize::from(field.is_quoted);
                column.typed += usize::from(is_typed);
            }
        }
    }
    let even = |width: usize| -> usize {
        counts
            .iter()
            .filter(|((n, n_used), _)| *n == width || (*n > width && *n_used <= width))
            .map(|(_, count)| count)
            .sum()
    };
    let widths = counts.keys().map(|&(n, _)| n).filter(|&n| n >= 2);
    trial.width = widths.max_by_key(|&width| (even(width), width)).unwrap_or(1);
    trial.n_even = even(trial.width);
    trial.has_quoted_column =
        columns.iter().any(|column| column.filled >= 2 && column.quoted == column.filled);
    trial.has_typed_column =
        columns.iter().any(|column| column.filled > 0 && column.typed * 2 > column.filled);
    trial
}

#[derive(Clone, Copy, Debug, Default)]
struct ColumnTally {
    /// Fields with text,
    filled: usize,
    /// of them those in quotes,
    quoted: usize,
    /// and those that are numbers or dates.
    typed: usize,
}

/// Scans a record of a first part that may end anywhere. What is unclosed at its end counts as
/// unclosed as long as there is little else to go by.
fn scan_sample(
    scanner: &mut Scanner,
    text: &[u8],
    is_whole: bool,
    n_records: usize,
) -> Option<Scan> {
    match scanner.scan(text, is_whole) {
        Scan::More if n_records < 3 => match scanner.scan(text, true) {
            Scan::Record { n_bytes, .. } | Scan::Blank { n_bytes }
                if n_bytes == text.len() && n_records > 0 =>
            {
                None
            }
            scan => Some(scan),
        },
        Scan::More | Scan::TooLong => None,
        scan => Some(scan),
    }
}

/// How much an unquoted field looks as if another separator should have cut it: not at all, by
/// holding one, or by holding one beside a number or a date.
#[inline(never)]
fn uncut(text: &[u8]) -> usize {
    let is_digit =
        |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_digit);
    let is_separator = |(at, byte): (usize, &u8)| match byte {
        // `1,5` and `Smith, John`
        b',' => {
            !(is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)))
                && text.get(at + 1) != Some(&b' ')
        }
        byte => SEPARATORS.contains(byte),
    };
    if !text.iter().enumerate().any(is_separator) {
        return 0;
    }
    let is_typed = |part: &[u8]| Kind::of(&String::from_utf8_lossy(part)).is_typed();
    if text.contains(&b'\t') || text.split(|byte| SEPARATORS.contains(byte)).any(is_typed) {
        3
    } else {
        1
    }
}

/// A record of the first part of a file.
#[derive(Clone, Debug)]
struct SampleRecord {
    row: u64,
    /// Where it ends in the text.
    end: usize,
    fields: Vec<String>,
    /// Whether it has the fields of the table and no defect.
    is_sound: bool,
    is_text: bool,
    /// Whether spaces at the ends of fields were left out.
    was_trimmed: bool,
    /// The fields that had other white space or invisible characters at their ends.
    padded: Vec<usize>,
    /// What its fields look like, from when it is first asked.
    kinds: OnceCell<Vec<Kind>>,
}

impl SampleRecord {
    fn kinds(&self) -> &[Kind] {
        self.kinds.get_or_init(|| self.fields.iter().map(|field| Kind::of(field)).collect())
    }

    fn n_filled(&self) -> usize {
        self.fields.iter().filter(|field| !field.is_empty()).count()
    }

    fn fits(&self, width: usize) -> bool {
        self.fields.len() >= width && self.fields[width..].iter().all(String::is_empty)
    }
}

/// Which records are kept of the first part of a file.
#[derive(Clone, Copy, Debug)]
struct Keep {
    limit: usize,
    only_sound: bool,
}

/// Reads records, blank ones aside. The first is in `first_row` if it is not blank.
#[inline(never)]
fn read_records(
    scanner: &mut Scanner,
    text: &[u8],
    is_whole: bool,
    keep: Keep,
    first_row: u64,
) -> Vec<SampleRecord> {
    let mut records = Vec::new();
    let mut row = first_row;
    let mut at = 0;
    while at < text.len() && records.len() < keep.limit {
        let rest = &text[at..];
        match scan_sample(scanner, rest, is_whole, records.len()) {
            Some(Scan::Blank { n_bytes }) => at += n_bytes,
            Some(Scan::Record { n_bytes, is_unclosed }) => {
                at += n_bytes;
                let record = &rest[..n_bytes];
                let assembled = scanner.assemble(record);
                let text = assembled.text.map_or(record, Vec::as_slice);
                let fields: Vec<String> = assembled
                    .spans
                    .iter()
                    .map(|span| String::from_utf8_lossy(&text[span.start..span.end]).into_owned())
                    .collect();
                let is_text = !record.contains(&0) && std::str::from_utf8(record).is_ok();
                let was_trimmed = assembled.was_trimmed;
                let padded = if was_trimmed { padded_fields(scanner, record) } else { Vec::new() };
                let mut record = SampleRecord {
                    row,
                    end: at,
                    fields,
                    is_sound: false,
                    is_text,
                    was_trimmed,
                    padded,
                    kinds: OnceCell::new(),
                };
                record.is_sound =
                    is_text && !is_unclosed && scanner.width.is_none_or(|width| record.fits(width));
                if record.is_sound || !keep.only_sound {
                    records.push(record);
                }
            }
            Some(Scan::More | Scan::TooLong) | None => break,
        }
        row += 1;
    }
    records
}

/// The fields of a record that have more than plain spaces at their ends to take away.
fn padded_fields(scanner: &Scanner, record: &[u8]) -> Vec<usize> {
    let is_padded = |raw: &[u8]| {
        let text = String::from_utf8_lossy(raw);
        let text = text.trim_matches(' ');
        text.starts_with(is_trimmed) || text.ends_with(is_trimmed)
    };
    let fields = scanner.fields().iter().enumerate();
    fields
        .filter(|(_, field)| is_padded(&record[field.span.start..field.span.end]))
        .map(|(index, _)| index)
        .collect()
}

/// Where the header and the records are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layout {
    /// How many records stand above the header.
    n_preamble: usize,
    n_headers: usize,
}

#[inline(never)]
fn find_layout(records: &[SampleRecord], width: usize, has_header: Option<bool>) -> Layout {
    let layout = |n_preamble, n_headers| Layout { n_preamble, n_headers };
    let is_full = |record: &SampleRecord| {
        record.fits(width)
            && record.n_filled() * 4 >= width * 3
            && (width == 1 || record.n_filled() >= 2)
    };
    let first_full = records.iter().take(MAX_PREAMBLE).position(is_full);
    match has_header {
        Some(false) => return layout(0, 0),
        Some(true) => return layout(first_full.unwrap_or(0), usize::from(!records.is_empty())),
        None => {}
    }
    let likeness = |index: usize| header_likeness(&records[index], &records[index + 1..], width);
    let found = first_full.map(|index| (index, likeness(index)));
    if let Some((index, found)) = found
        && found >= Likeness::Possible
        && (found == Likeness::Likely || index == 0 || !may_be_wider_header(&records[0], width))
    {
        let n_headers = 1 + usize::from(is_second_header(&records[index + 1..], width));
        return layout(index, n_headers);
    }
    // A header with another number of fields than the records below it.
    let n_above = first_full.unwrap_or(0).max(usize::from(!records.is_empty()));
    if let Some(index) = (0..n_above.min(records.len()))
        .find(|&index| records[index].n_filled() >= 2 && likeness(index) == Likeness::Likely)
    {
        return layout(index, 1);
    }
    if records.first().is_some_and(|record| may_be_wider_header(record, width)) {
        return layout(0, 1);
    }
    match first_full {
        Some(index) if records[..index].iter().all(|record| record.n_filled() <= 1) => {
            layout(index, 0)
        }
        _ => layout(0, 0),
    }
}

/// Whether a record above all those of the usual width may be the header: all text, and wider.
fn may_be_wider_header(record: &SampleRecord, width: usize) -> bool {
    record.fields.len() > width && record.kinds().iter().all(|&kind| kind == Kind::Text)
}

/// How much a record looks like a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// It looks like the records below it.
    None,
    /// Nothing speaks against it.
    Possible,
    /// The records below it look different.
    Likely,
}

#[inline(never)]
fn header_likeness(record: &SampleRecord, below: &[SampleRecord], width: usize) -> Likeness {
    let below: Vec<&SampleRecord> = below.iter().filter(|other| other.fits(width)).collect();
    let labels = label_numbers(record, &below);
    let (mut n_for, mut n_against) = (0, 0);
    for (index, &kind) in record.kinds().iter().enumerate() {
        let column = column_kind(&below, index);
        // An empty column says nothing, unless there is no other record.
        if column == Kind::Empty && !below.is_empty() {
            continue;
        }
        match (kind, column) {
            // `2022,2023,2024` above numbers.
            (Kind::Integer, _) if labels.contains(&index) => {}
            (Kind::Empty, _) | (Kind::Text | Kind::Month, Kind::Text | Kind::Empty) => {}
            (Kind::Text, _) | (Kind::Date | Kind::Month, Kind::Integer | Kind::Number) => {
                n_for += 1;
            }
            (Kind::Integer, _) => n_against += 2,
            _ => n_against += 3,
        }
    }
    if n_for > n_against {
        Likeness::Likely
    } else if n_against > 0 || recurs_below(record, &below) {
        Likeness::None
    } else {
        Likeness::Possible
    }
}

/// Whether some text of a record stands in the same column of another record below, as names of
/// columns do not.
fn recurs_below(record: &SampleRecord, below: &[&SampleRecord]) -> bool {
    below
        .iter()
        .filter(|other| other.fields != record.fields)
        .any(|other| record.fields.iter().zip(&other.fields).any(|(a, b)| !a.is_empty() && a == b))
}

/// The fields of a record with numbers that name columns: years or ages that count up by one, or
/// one year above other numbers.
#[inline(never)]
fn label_numbers(record: &SampleRecord, below: &[&SampleRecord]) -> Vec<usize> {
    let numbers: Vec<(usize, u64)> = record
        .fields
        .iter()
        .enumerate()
        .filter_map(|(index, field)| field.parse().ok().map(|number| (index, number)))
        .collect();
    let is_run = numbers
        .windows(2)
        .all(|pair| pair[1].0 == pair[0].0 + 1 && pair[1].1.checked_sub(pair[0].1) == Some(1));
    let is_year = |number: &u64| (1990..2100).contains(number);
    let are_years = numbers.iter().all(|(_, number)| is_year(number));
    let are_labels = match numbers[..] {
        [] => false,
        [(index, _)] => {
            let fields = below.iter().filter_map(|other| other.fields.get(index));
            are_years && !fields.filter_map(|field| field.parse().ok()).any(|n| is_year(&n))
        }
        [_, _] => is_run && are_years,
        _ => is_run,
    };
    if are_labels { numbers.into_iter().map(|(index, _)| index).collect() } else { Vec::new() }
}

/// Whether the first of these records, which stands below a header, is a second header: all text,
/// where the records below it have numbers and dates.
#[inline(never)]
fn is_second_header(records: &[SampleRecord], width: usize) -> bool {
    let Some((record, below)) = records.split_first() else { return false };
    let below: Vec<&SampleRecord> = below.iter().filter(|other| other.fits(width)).collect();
    if below.is_empty() || !record.fits(width) {
        return false;
    }
    let n_typed = (0..width).filter(|&index| column_kind(&below, index).is_typed()).count();
    record.kinds()[..width].iter().all(|&kind| kind == Kind::Text)
        && n_typed >= 2
        && !recurs_below(record, &below)
}

/// What most fields of a column are, those without text aside.
fn column_kind(records: &[&SampleRecord], index: usize) -> Kind {
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    for record in records {
        if let Some(&kind) = record.kinds().get(index) {
            *counts.entry(kind).or_default() += 1;
        }
    }
    counts.remove(&Kind::Empty);
    let n_filled: usize = counts.values().sum();
    let n_text = counts.get(&Kind::Text).copied().unwrap_or(0);
    if n_filled == 0 {
        return Kind::Empty;
    }
    if n_text * 5 > n_filled * 2 {
        return Kind::Text;
    }
    counts.remove(&Kind::Text);
    // Numbers with and without decimals are of one kind.
    if let Some(&n_numbers) = counts.get(&Kind::Number)
        && let Some(n_integers) = counts.get_mut(&Kind::Integer)
    {
        *n_integers += n_numbers;
    }
    counts.into_iter().max_by_key(|&(_, count)| count).map_or(Kind::Text, |(kind, _)| kind)
}

#[inline(never)]
fn tell_layout(records: &[SampleRecord], layout: &Layout, notes: &mut Notes) {
    let (preamble, rest) = records.split_at(layout.n_preamble);
    for record in preamble {
        notes.tell("preamble-skipped", Severity::Info, Some(record.row), None, || {
            format!("Text above the table is skipped: \"{}\".", excerpt(&record.fields.join(" ")))
        });
    }
    match layout.n_headers {
        0 => notes.tell("no-header", Severity::Info, rest.first().map(|r| r.row), None, || {
            "The first row looks like data, not like names of columns. The columns are called \
             Column 1, Column 2 and so on."
                .into()
        }),
        1 => {}
        _ => {
            for record in &rest[..layout.n_headers] {
                notes.tell("multi-header", Severity::Info, Some(record.row), None, || {
                    "The table has two header rows. The names in the lower one are used.".into()
                });
            }
        }
    }
}

/// The beginning of a text, for messages.
fn excerpt(text: &str) -> String {
    const LENGTH: usize = 80;
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// How many columns at the end have neither a name nor any text.
#[inline(never)]
fn n_unused_columns(header: &[SampleRecord], data: &[SampleRecord], n_fields: usize) -> usize {
    let is_unused = |index: &usize| {
        header
            .iter()
            .chain(data)
            .all(|record| record.fields.get(*index).is_none_or(String::is_empty))
    };
    let n_unused = (0..n_fields).rev().take_while(is_unused).count();
    n_unused.min(n_fields.saturating_sub(1))
}

/// Cleans the names of the columns and makes each one's own.
#[inline(never)]
fn name_columns(
    header: &[SampleRecord],
    data: &[SampleRecord],
    width: usize,
    quote: u8,
    notes: &mut Notes,
) -> (Vec<String>, Vec<Question>) {
    let Some(last) = header.last() else {
        return ((1..=width).map(|number| format!("Column {number}")).collect(), Vec::new());
    };
    let raw = joined_header(header, width);
    if last.was_trimmed && last.padded.is_empty() {
        notes.tell("trimmed", Severity::Info, Some(last.row), None, || {
            "Spaces around fields are left out.".into()
        });
    }
    let mut columns: Vec<String> = Vec::with_capacity(width);
    let mut questions = Vec::new();
    // From a name to the columns that have it, in the order of the file.
    let mut same: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let (mut cleaned, mut unnamed) = (Vec::new(), Vec::new());
    for (index, raw) in raw.iter().enumerate() {
        let mut name = clean_name(raw, quote);
        if name.is_empty() {
            name = format!("Column {}", index + 1);
            unnamed.push(name.clone());
        }
        if *raw != name && !raw.is_empty() || last.padded.contains(&index) {
            cleaned.push(name.clone());
        }
        same.entry(name.clone()).or_default().push(index);
        columns.push(name);
    }
    let mut tell = |code, names: &[String], what: &str| {
        if !names.is_empty() {
            notes.tell(code, Severity::Info, Some(last.row), None, || {
                format!("{what} {}.", quoted_list(names))
            });
        }
    };
    tell("header-trimmed", &cleaned, "Invisible or superfluous characters were taken out of");
    tell("unnamed-column", &unnamed, "Columns without a name are called after their place:");
    if !last.is_text {
        notes.tell("header-invalid-text", Severity::Warning, Some(last.row), None, || {
            "The header has bytes that are no text. Export the file again as UTF-8.".into()
        });
    }
    for (name, indexes) in &same {
        if indexes.len() < 2 {
            continue;
        }
        let mut number = 1;
        for &index in &indexes[1..] {
            let unique = loop {
                number += 1;
                let unique = format!("{name} ({number})");
                if !same.contains_key(&unique) {
                    break unique;
                }
            };
            columns[index] = unique;
        }
        let names: Vec<String> = indexes.iter().map(|&index| columns[index].clone()).collect();
        notes.tell("duplicate-header", Severity::Warning, Some(last.row), Some(name), || {
            let (count, names) = (indexes.len(), quoted_list(&names));
            format!("{count} columns are called \"{name}\". They are told apart as {names}.")
        });
        questions.push(Question {
            code: "duplicate-header".into(),
            message: format!(
                "{} columns are called \"{name}\". Which one is meant?",
                indexes.len()
            ),
            column: Some(name.clone()),
            readings: indexes.iter().map(|&index| first_values(data, index)).collect(),
            assumed: names.first().cloned(),
            options: names,
            answer_to: "roles".into(),
        });
    }
    (columns, questions)
}

/// The first names of a list.
fn quoted_list(names: &[String]) -> String {
    const N_SHOWN: usize = 5;
    let quoted: Vec<String> =
        names.iter().take(N_SHOWN).map(|name| format!("\"{}\"", excerpt(name))).collect();
    let more = if names.len() > N_SHOWN { ", …" } else { "" };
    quoted.join(", ") + more
}

/// The first texts of a column.
fn first_values(data: &[SampleRecord], index: usize) -> String {
    let values: Vec<&str> = data
        .iter()
        .filter_map(|record| record.fields.get(index))
        .filter(|field| !field.is_empty())
        .take(3)
        .map(String::as_str)
        .collect();
    excerpt(&values.join(", "))
}

/// The names as the file has them. Of two header rows, the lower one names the columns; where it
/// gives a name twice or none, both rows do.
#[inline(never)]
fn joined_header(header: &[SampleRecord], width: usize) -> Vec<String> {
    let name =
        |record: &SampleRecord, index: usize| record.fields.get(index).cloned().unwrap_or_default();
    let Some((last, above)) = header.split_last() else { return Vec::new() };
    let names: Vec<String> = (0..width).map(|index| name(last, index)).collect();
    let Some(above) = above.last() else { return names };
    let mut sorted = names.clone();
    arrange::by(&mut sorted, Ord::cmp);
    sorted.dedup();
    if sorted.len() == names.len() {
        return names;
    }
    names
        .into_iter()
        .enumerate()
        .map(|(index, lower)| format!("{} {lower}", name(above, index)).trim().to_owned())
        .collect()
}

/// A name without invisible characters, with single spaces, and without a quote that never closes.
#[inline(never)]
fn clean_name(raw: &str, quote: u8) -> String {
    let is_invisible = |character: char| {
        matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
            || (character.is_control() && !character.is_whitespace())
    };
    let raw = raw.strip_prefix(char::from(quote)).unwrap_or(raw);
    let visible: String = raw.chars().filter(|&character| !is_invisible(character)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the text of a field looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Empty,
    Text,
    Integer,
    Number,
    Date,
    Month,
}

impl Kind {
    fn of(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() || matches!(text, "-" | "–" | "—") {
            return Self::Empty;
        }
        if text.len() > 40 {
            return Self::Text;
        }
        let lower = text.to_ascii_lowercase();
        if ["n/a", "na", "nan", "null", "none", "#n/a"].contains(&lower.as_str()) {
            return Self::Empty;
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::Integer;
        }
        if !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return Self::Text;
        }
        if is_number(&lower) {
            Self::Number
        } else if is_date(&lower) {
            Self::Date
        } else if is_month(&lower) {
            Self::Month
        } else {
            Self::Text
        }
    }

    fn is_typed(self) -> bool {
        !matches!(self, Self::Empty | Self::Text)
    }
}

/// Digits with marks between them and at most a sign, a currency and a per cent sign around them.
#[inline(never)]
fn is_number(text: &str) -> bool {
    const SIGNS: [char; 6] = ['$', '€', '£', '¥', '₹', '%'];
    const CURRENCY_CODES: [&str; 12] =
        ["usd", "eur", "gbp", "chf", "jpy", "cad", "aud", "inr", "sek", "nok", "dkk", "pln"];
    let is_around = |c: char| {
        SIGNS.contains(&c) || matches!(c, '-' | '+' | '(' | ')' | '−') || c.is_whitespace()
    };
    let mut text = text.trim_matches(is_around);
    // `usd 12.50`, `12.50 eur`
    for code in CURRENCY_CODES {
        let rest = text.strip_prefix(code).or_else(|| text.strip_suffix(code));
        text = rest.map_or(text, |rest| rest.trim_matches(is_around));
    }
    // `1.5e3`
    let text = match text.split_once('e') {
        Some((mantissa, exponent)) => {
            let digits = exponent.trim_start_matches(['-', '+']);
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return false;
            }
            mantissa
        }
        None => text,
    };
    let is_mark = |c: char| matches!(c, '.' | ',' | '\'' | '’' | ' ' | '\u{A0}' | '\u{202F}');
    text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || is_mark(c))
        && has_number_groups(&text.split(is_mark).collect::<Vec<_>>())
}

/// `1.234.567` has groups of three digits, `10.02.2024` and `2024 01 15` have not.
fn has_number_groups(groups: &[&str]) -> bool {
    let behind = groups.get(1..).unwrap_or_default();
    let inner = behind.split_last().map_or(behind, |(_, inner)| inner);
    behind.iter().all(|group| !group.is_empty()) && inner.iter().all(|group| group.len() == 3)
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn is_month_name(word: &str) -> bool {
    word.len() >= 3 && MONTHS.iter().any(|month| month.starts_with(word))
}

/// A day: three numbers, or two and the name of a month, with a time behind them at most.
#[inline(never)]
fn is_date(text: &str) -> bool {
    let day = match text.find(['t', ' ']) {
        Some(at)
            if text[at + 1..].starts_with(|c: char| c.is_ascii_digit())
                && text[at + 1..].contains(':') =>
        {
            &text[..at]
        }
        _ => text,
    };
    let parts: Vec<&str> =
        day.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty()).collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let n_numbers = parts.iter().filter(|part| is_number(part)).count();
    let n_names = parts.iter().filter(|part| is_month_name(part)).count();
    parts.len() == 3
        && n_numbers + n_names == 3
        && n_names <= 1
        && parts.iter().filter(|part| is_number(part)).all(|part| matches!(part.len(), 1 | 2 | 4))
}

/// A month or a quarter: `2024-01`, `jan 2024`, `2024-q1`.
#[inline(never)]
fn is_month(text: &str) -> bool {
    let parts: Vec<&str> =
        text.split(['-', '/', ' ', '.', '\'']).filter(|part| !part.is_empty()).collect();
    let is_year =
        |part: &str| matches!(part.len(), 2 | 4) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_quarter = |part: &str| matches!(part, "q1" | "q2" | "q3" | "q4");
    let is_number = |part: &str| part.parse().is_ok_and(|number: u32| (1..=12).contains(&number));
    let [first, second] = parts[..] else { return false };
    let is_part = |part: &str| is_month_name(part) || is_quarter(part);
    (is_part(first) && is_year(second))
        || (is_year(first) && is_part(second))
        || (first.len() == 4 && is_year(first) && is_number(second))
        || (second.len() == 4 && is_year(second) && is_number(first))
}
