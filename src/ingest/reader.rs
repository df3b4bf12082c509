//! The streaming reader: push bytes, get rows.
//!
//! It decides how the parts work together and what becomes of a row; it does not read values.

use super::batch::RowBatch;
use super::dialect::{self, Dialect, Separator, Sniffed};
use super::encoding::{self, Decoder, Encoding};
use super::part::Seek;
use super::plain::{Found, Plain, Walk};
use super::scanner::{MAX_FIELD_BYTES, MAX_RECORD_BYTES, Scan, Scanner, Span};
use super::signature;
use crate::error::Error;
use crate::note::{Notes, Severity};
use crate::report::Question;

/// What the caller knows about a file; nothing here is required.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadOptions {
    /// The encoding, where the reader shall not find it out.
    pub encoding: Option<Encoding>,
    /// The separator, where the reader shall not find it out.
    pub separator: Option<Separator>,
    /// Whether the first record is a header, where the reader shall not find it out.
    pub has_header: Option<bool>,
}

/// What is known of a file once its first part has been read.
#[derive(Clone, Debug)]
pub struct Table {
    /// How the file is read.
    pub dialect: Dialect,
    /// The names of the columns, cleaned (trimmed, no byte order mark, no zero-width characters)
    /// and each one's own: of two columns `Start`, the second is `Start (2)`. A column without a
    /// name is called after its place; where the file has no header: `Column 1`, `Column 2`, …
    pub columns: Vec<String>,
    /// The first records, at most [`Table::SAMPLE_ROWS`] of them, sound ones only.
    pub sample: Vec<Vec<String>>,
    /// What only the reader of the report can decide about encoding and dialect.
    pub questions: Vec<Question>,
}

impl Table {
    /// How many records [`Table::sample`] holds at most.
    pub const SAMPLE_ROWS: usize = 400;
}

/// What is wrong with a row as a whole. Such a row reaches the sink all the same, with the fields
/// that could be saved, so that the sink can count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// More fields than the table has columns.
    TooManyFields,
    /// Fewer fields than the table has columns.
    TooFewFields,
    /// A quote that opens in this row and never closes.
    UnclosedQuote,
    /// A NUL character.
    NulByte,
    /// Bytes that are no text in the file's encoding.
    InvalidText,
    /// A field longer than a mebibyte.
    FieldTooLong,
}

impl Defect {
    /// The code that a row left out because of it is counted under.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooManyFields => "too-many-fields",
            Self::TooFewFields => "too-few-fields",
            Self::UnclosedQuote => "unclosed-quote",
            Self::NulByte => "nul-byte",
            Self::InvalidText => "invalid-text",
            Self::FieldTooLong => "field-too-long",
        }
    }
}

/// One record of the file.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    number: u64,
    text: &'a str,
    spans: &'a [Span],
    n_columns: usize,
    defect: Option<Defect>,
}

impl<'a> Row<'a> {
    /// A row with a field for each column and without a defect.
    pub(super) fn plain(number: u64, text: &'a str, spans: &'a [Span]) -> Self {
        Self { number, text, spans, n_columns: spans.len(), defect: None }
    }

    /// The row as a spreadsheet numbers it: the first line of the file is row 1, and a line break
    /// inside quotes does not start a new row.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// How many fields it has. A row without a defect has one for each column.
    #[must_use]
    pub fn n_fields(&self) -> usize {
        self.spans.len()
    }

    /// The text of a field, unquoted and unescaped, without white space at its ends; empty where
    /// the row has no such field.
    #[must_use]
    #[inline]
    pub fn field(&self, index: usize) -> &'a str {
        self.spans.get(index).and_then(|span| self.text.get(span.start..span.end)).unwrap_or("")
    }

    /// The bytes of [`Row::field`].
    #[must_use]
    #[inline]
    pub fn field_bytes(&self, index: usize) -> &'a [u8] {
        let text = self.text.as_bytes();
        self.spans.get(index).and_then(|span| text.get(span.start..span.end)).unwrap_or(&[])
    }

    /// The texts of all its fields.
    pub fn fields(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let Self { text, spans, .. } = *self;
        spans.iter().map(move |span| text.get(span.start..span.end).unwrap_or(""))
    }

    /// What is wrong with it as a whole.
    #[must_use]
    pub fn defect(&self) -> Option<Defect> {
        self.defect
    }

    /// Counts the row as left out because of its defect; whether it has one.
    #[inline]
    pub fn exclude_if_defective(&self, notes: &mut Notes) -> bool {
        let Some(defect) = self.defect else { return false };
        notes.exclude(defect.code(), Severity::Error, self.number, None, || self.explain(defect));
        true
    }

    /// What is wrong and what to do.
    fn explain(&self, defect: Defect) -> String {
        let (n_fields, n_columns) = (self.n_fields(), self.n_columns);
        match defect {
            Defect::TooManyFields if self.has_split_number() => format!(
                "The row has {n_fields} fields, the table {n_columns} columns. It looks like an \
                 amount with a comma in it that is not quoted: put it in double quotes."
            ),
            Defect::TooManyFields => format!(
                "The row has {n_fields} fields, the table {n_columns} columns. Put text that \
                 contains the separator in double quotes."
            ),
            Defect::TooFewFields => format!(
                "The row has {n_fields} fields, the table {n_columns} columns. Add what is \
                 missing, or the separators for empty fields."
            ),
            Defect::UnclosedQuote => {
                "A quote opens in this row and never closes. Close it, or remove it.".into()
            }
            Defect::NulByte => {
                "The row has a NUL character in it, so part of it may be lost. Export it again."
                    .into()
            }
            Defect::InvalidText => {
                "The row has bytes that are no text. Export the file again as UTF-8.".into()
            }
            Defect::FieldTooLong => {
                "The row has a field of more than a mebibyte. Shorten it, or leave the column out."
                    .into()
            }
        }
    }

    /// Whether two neighbouring fields look like the halves of `1,234.50`.
    fn has_split_number(&self) -> bool {
        let is_number = |text: &str| {
            text.bytes().any(|byte| byte.is_ascii_digit())
                && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        };
        (1..self.n_fields()).any(|index| {
            let (before, after) = (self.field(index - 1), self.field(index));
            is_number(before)
                && is_number(after)
                && !before.contains('.')
                && before.len() <= 3
                && after.split('.').next().is_some_and(|digits| matches!(digits.len(), 2 | 3))
        })
    }
}

/// What takes the rows as they stream by.
pub trait RowSink {
    /// Called once, before the first row.
    ///
    /// # Errors
    ///
    /// Where the table cannot be used, for instance because a required column is missing.
    fn start(&mut self, table: &Table, notes: &mut Notes) -> Result<(), Error>;

    /// Called for each record below the header, sound or not. The sink counts a row with a defect
    /// by [`Row::exclude_if_defective`], unless it can use it.
    fn row(&mut self, row: &Row<'_>, notes: &mut Notes);

    /// Called for records that follow each other and leave no doubt, in place of [`RowSink::row`] for
    /// each of them.
    fn rows(&mut self, rows: &RowBatch<'_>, notes: &mut Notes) {
        for index in 0..rows.len() {
            self.row(&rows.row(index), notes);
        }
    }
}

/// What was read in all.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadSummary {
    /// Records below the header; blank lines are none.
    pub n_rows: u64,
    /// Bytes pushed.
    pub n_bytes: u64,
    /// The encoding. It differs from that of [`Dialect::encoding`] where a long beginning in plain
    /// ASCII left it open.
    pub encoding: Encoding,
    /// What only the reader of the report can decide, and was not known when the table was.
    pub questions: Vec<Question>,
}

/// Which part of a file was read, for whoever reads several at once.
///
/// Parts of which each starts where the one before ends, with none that is
/// [`Encoding::Windows1252`], have given the rows that a reader of the whole file gives, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartSummary {
    /// Records of the part; blank lines are none.
    pub n_rows: u64,
    /// The number of the row behind the part, where its first is 1; in the first part of a file,
    /// where that of the file is.
    pub next_row: u64,
    /// The byte of the file where its first record, or blank line, starts.
    pub starts_at: u64,
    /// The byte of the file where the first record, or blank line, behind it starts; where there is
    /// none, the end of the file.
    pub ends_at: u64,
    /// UTF-8; or Windows-1252, where the first character beyond ASCII in this part is no UTF-8. What
    /// it is in truth then depends on the parts before, and offsets are of no use: the file is to be
    /// read in one.
    pub encoding: Encoding,
    /// Whether some character beyond ASCII, here or in the head of the file, has shown that it is
    /// UTF-8.
    pub is_encoding_proved: bool,
}

/// How much of a file is read before the first row is delivered.
const HEAD_BYTES: usize = 1 << 18;
/// How much at most, where even the header takes more than [`HEAD_BYTES`].
const MAX_HEAD_BYTES: usize = 1 << 24;
/// A field longer than a cell of a spreadsheet can be is worth a note.
pub(super) const LONG_FIELD_BYTES: usize = 32_767;

/// The streaming reader.
///
/// The same bytes give the same table, rows and notes, however they are cut into pieces.
#[derive(Debug)]
pub struct Reader {
    options: ReadOptions,
    n_bytes: u64,
    part: Range,
    state: State,
}

/// The part of a file to read: the records that start behind `from` and not behind `until`, and
/// with `from` 0 the first one too.
#[derive(Clone, Copy, Debug)]
struct Range {
    from: u64,
    until: u64,
}

impl Range {
    const ALL: Self = Self { from: 0, until: u64::MAX };
}

#[derive(Debug)]
enum State {
    /// Collecting the first part of the file, up to so many bytes.
    Head {
        bytes: Vec<u8>,
        target: usize,
    },
    Body(Box<Body>),
    Failed(Error),
}

impl Reader {
    /// A reader for one file.
    #[must_use]
    pub fn new(options: ReadOptions) -> Self {
        let state = State::Head { bytes: Vec::new(), target: HEAD_BYTES };
        Self { options, n_bytes: 0, part: Range::ALL, state }
    }

    /// A reader for the part of a file with the records that start behind byte `from` and not
    /// behind byte `until`; the first record of the file belongs to the part from 0.
    ///
    /// 1. [`Reader::push`] the file from its beginning until [`Reader::is_open`]. Only if it
    ///    [`Reader::is_splittable`] can the part be read.
    /// 2. With `from` above 0, [`Reader::jump`], and go on with the bytes from offset `from` on. No
    ///    row of the head is delivered; notes told so far are those of the first part as well. The
    ///    first row is numbered 1.
    /// 3. Push until [`Reader::is_done`] or the file ends, then [`Reader::finish_part`].
    ///
    /// Where its first record starts is well guessed, not known: see [`PartSummary`].
    #[must_use]
    pub fn for_part(options: ReadOptions, from: u64, until: Option<u64>) -> Self {
        let part = Range { from, until: until.unwrap_or(u64::MAX) };
        Self { part, ..Self::new(options) }
    }

    /// Whether enough has been pushed to know the table, so that [`RowSink::start`] was called.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Body(_))
    }

    /// Whether parts of the file can be read each by itself: it is open, and bytes of the file are
    /// bytes of its text.
    #[must_use]
    pub fn is_splittable(&self) -> bool {
        matches!(&self.state, State::Body(body) if body.encoding == Encoding::Utf8)
    }

    /// Goes to the part: the bytes pushed next are those from offset `from` on. Without effect where
    /// the reader is not open, or the part begins the file.
    pub fn jump(&mut self) {
        if let State::Body(body) = &mut self.state
            && 0 < self.part.from
        {
            body.jump(self.part.from);
        }
    }

    /// Whether all records of the part have been delivered. What is pushed then is ignored.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(&self.state, State::Body(body) if body.rows.is_done)
    }

    /// Lets a reader that is done go on to the end of the file: the bytes pushed next are those from
    /// [`PartSummary::ends_at`] on. Without effect on a reader that is not done.
    pub fn extend(&mut self) {
        if let State::Body(body) = &mut self.state {
            body.extend();
        }
    }

    /// Goes behind a part that another reader has read, where it follows what this one has read, and
    /// says whether it does. Rows behind it are numbered as if this one had read it.
    pub fn absorb(&mut self, part: &PartSummary) -> bool {
        let State::Body(body) = &mut self.state else { return false };
        let follows = body.rows.is_done
            && body.offset == part.starts_at
            && body.encoding == Encoding::Utf8
            && part.encoding == Encoding::Utf8;
        if follows {
            body.absorb(part);
            self.n_bytes += part.ends_at - part.starts_at;
        }
        follows
    }

    /// The number of the row that comes next, once it is open.
    #[must_use]
    pub fn next_row(&self) -> Option<u64> {
        match &self.state {
            State::Body(body) => Some(body.rows.number),
            _ => None,
        }
    }

    /// Where the bytes that it wants next start, by those it has used.
    #[must_use]
    pub fn wants_from(&self) -> u64 {
        match &self.state {
            State::Body(body) if body.rows.is_done => body.offset,
            _ => self.n_bytes,
        }
    }

    /// Ends a part: because it is done, or else because the file ends here.
    ///
    /// # Errors
    ///
    /// As [`Reader::push`], and `not-open` where the file ended before it could be split.
    pub fn finish_part(
        &mut self,
        notes: &mut Notes,
        sink: &mut impl RowSink,
    ) -> Result<PartSummary, Error> {
        match &mut self.state {
            State::Body(body) => Ok(body.finish_part(notes, sink)),
            State::Failed(error) => Err(error.clone()),
            State::Head { .. } => {
                Err(Error::new("not-open", "The file is too short to be read in parts."))
            }
        }
    }

    /// Takes the next bytes of the file, in pieces of any size.
    ///
    /// # Errors
    ///
    /// What is no table of text at all: `looks-like-html`, `looks-like-xml`, `looks-like-json`,
    /// `binary`, `xls`, `xlsx`, `parquet`, `gzip`, `zip`, `pdf`, `utf-32`; `empty-file`; or what
    /// [`RowSink::start`] refuses. After an error, each call gives the same one.
    pub fn push(
        &mut self,
        bytes: &[u8],
        notes: &mut Notes,
        sink: &mut impl RowSink,
    ) -> Result<(), Error> {
        self.n_bytes += bytes.len() as u64;
        let mut rest = bytes;
        while let State::Head { bytes: head, target } = &mut self.state {
            let n_taken = rest.len().min(*target - head.len());
            head.extend_from_slice(&rest[..n_taken]);
            rest = &rest[n_taken..];
            if head.len() < *target {
                return Ok(());
            }
            if has_some_lines(head) || *target >= MAX_HEAD_BYTES {
                let head = std::mem::take(head);
                self.open(&head, false, notes, sink)?;
            } else {
                *target *= 2;
            }
        }
        match &mut self.state {
            State::Body(body) => {
                body.push(rest, notes, sink);
                Ok(())
            }
            State::Failed(error) => Err(error.clone()),
            State::Head { .. } => Ok(()),
        }
    }

    /// Ends the file.
    ///
    /// # Errors
    ///
    /// As [`Reader::push`], and `empty-file` or `no-rows`.
    pub fn finish(
        mut self,
        notes: &mut Notes,
        sink: &mut impl RowSink,
    ) -> Result<ReadSummary, Error> {
        if let State::Head { bytes, .. } = &mut self.state {
            let head = std::mem::take(bytes);
            self.open(&head, true, notes, sink)?;
        }
        match self.state {
            State::Body(body) => body.finish(self.n_bytes, notes, sink),
            State::Failed(error) => Err(error),
            State::Head { .. } => Err(Error::new("empty-file", "The file is empty.")),
        }
    }

    /// Finds out how to read the file from its first part, and reads that.
    fn open(
        &mut self,
        head: &[u8],
        is_whole: bool,
        notes: &mut Notes,
        sink: &mut impl RowSink,
    ) -> Result<(), Error> {
        match Body::open(&self.options, self.part, head, is_whole, notes, sink) {
            Ok(body) => {
                self.state = State::Body(Box::new(body));
                Ok(())
            }
            Err(error) => {
                self.state = State::Failed(error.clone());
                Err(error)
            }
        }
    }
}

/// Whether there is enough to find a header and something below it.
fn has_some_lines(head: &[u8]) -> bool {
    head.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).nth(3).is_some()
}

/// A file whose dialect is known.
#[derive(Debug)]
struct Body {
    decoder: Decoder,
    /// The encoding that the table was made with.
    encoding: Encoding,
    /// Whether a character beyond ASCII in the head has shown that.
    head_settles: bool,
    /// Where the records of the file start.
    records_at: u64,
    starts_at: u64,
    /// Where the text of `carry` starts, or what follows where that is empty.
    offset: u64,
    /// Where the first character beyond ASCII is that told the encoding.
    settled_at: Option<u64>,
    position: Position,
    /// Text that has no whole record yet.
    carry: Vec<u8>,
    /// How long the carry must be before another attempt is worth it.
    n_needed: usize,
    rows: Rows,
}

/// Whether the first record is known.
#[derive(Debug)]
enum Position {
    /// What comes next follows what came before.
    Found,
    /// The part begins elsewhere. What is pushed before the jump is of no use.
    Elsewhere,
    /// So many bytes still belong to what is above the records.
    Above(u64),
    /// The part has begun, and its first record is looked for.
    Seeking(Box<Seek>),
}

impl Body {
    fn open(
        options: &ReadOptions,
        part: Range,
        head: &[u8],
        is_whole: bool,
        notes: &mut Notes,
        sink: &mut impl RowSink,
    ) -> Result<Self, Error> {
        if let Some(error) = signature::of_bytes(head) {
            return Err(error);
        }
        let mut questions = Vec::new();
        let mut decoder = if let Some(encoding) = options.encoding {
            Decoder::given(encoding, true)
        } else {
            let detected = encoding::detect(head, is_whole);
            let decoder = Decoder::new(&detected);
            questions.extend(detected.question);
            decoder
        };
        let mut text = Vec::with_capacity(head.len());
        decoder.decode(head, &mut text);
        if is_whole {
            decoder.finish(&mut text);
        }
        let encoding = decoder.encoding();
        if let Some(error) = signature::of_text(&text) {
            return Err(error);
        }
        tell_encoding(encoding, &text, &questions, notes);
        let sniffed = dialect::sniff(&text, is_whole, encoding, options, notes)?;
        let Sniffed { dialect, scanner, columns, n_header_fields, sample, start, .. } = sniffed;
        questions.extend(sniffed.questions);
        let rows = Rows {
            plain: Plain::new(&scanner, columns.len(), n_header_fields),
            scanner,
            number: dialect.first_row,
            n_delivered: 0,
            n_columns: columns.len(),
            n_header_fields,
            is_skipping: false,
            until: part.until,
            is_done: false,
            lossy: String::new(),
            lossy_spans: Vec::new(),
        };
        let table = Table { dialect, columns, sample, questions };
        if is_whole && !rows.has_any(&text[start..]) {
            return Err(no_rows());
        }
        sink.start(&table, notes)?;
        let head_settles = decoder.is_settled();
        let mut body = Self {
            decoder,
            encoding,
            head_settles,
            records_at: start as u64,
            starts_at: start as u64,
            offset: start as u64,
            settled_at: None,
            position: if part.from == 0 { Position::Found } else { Position::Elsewhere },
            carry: text,
            n_needed: 0,
            rows,
        };
        body.carry.drain(..start);
        if part.from == 0 {
            body.run(is_whole, notes, sink);
        } else {
            body.rows.number = 1;
        }
        Ok(body)
    }

    /// Goes to where a part begins.
    fn jump(&mut self, from: u64) {
        self.restart(from);
        self.rows.number = 1;
        self.rows.n_delivered = 0;
        self.rows.is_done = false;
        self.settled_at = None;
        self.starts_at = self.records_at;
        self.position = match self.records_at.checked_sub(from) {
            Some(n_above @ 1..) => Position::Above(n_above),
            _ => Position::Seeking(Box::new(Seek::new(self.rows.scanner.clone()))),
        };
    }

    /// Lets what follows be the bytes from `offset` on, where a record starts.
    fn restart(&mut self, offset: u64) {
        self.carry.clear();
        self.n_needed = 0;
        self.offset = offset;
        self.rows.is_skipping = false;
        if self.settled_at.is_none_or(|settled_at| offset <= settled_at) {
            // What has told the encoding is yet to come again.
            self.settled_at = None;
            if self.encoding == Encoding::Utf8 {
                self.decoder = Decoder::given(Encoding::Utf8, self.head_settles);
            }
        }
    }

    fn absorb(&mut self, part: &PartSummary) {
        self.rows.number += part.next_row - 1;
        self.rows.n_delivered += part.n_rows;
        self.offset = part.ends_at;
        if part.is_encoding_proved && self.settled_at.is_none() {
            self.settled_at = Some(part.starts_at);
            self.decoder = Decoder::given(Encoding::Utf8, true);
        }
    }

    fn extend(&mut self) {
        self.rows.until = u64::MAX;
        if self.rows.is_done {
            self.rows.is_done = false;
            self.restart(self.offset);
        }
    }

    fn push(&mut self, bytes: &[u8], notes: &mut Notes, sink: &mut impl RowSink) {
        match &mut self.position {
            Position::Found => self.take(bytes, notes, sink),
            Position::Elsewhere => {}
            Position::Above(n_above) => {
                let n_skipped =
                    usize::try_from(*n_above).map_or(bytes.len(), |n| n.min(bytes.len()));
                *n_above -= n_skipped as u64;
                self.offset += n_skipped as u64;
                if *n_above == 0 {
                    self.position = Position::Found;
                    self.take(&bytes[n_skipped..], notes, sink);
                }
            }
            Position::Seeking(seek) => {
                let found = seek.push(bytes);
                self.begin(found, notes, sink);
            }
        }
    }

    /// Begins with the first record of a part, where it is found.
    fn begin(&mut self, found: Option<usize>, notes: &mut Notes, sink: &mut impl RowSink) {
        let (Some(n_before), Position::Seeking(seek)) = (found, &mut self.position) else { return };
        let bytes = seek.take();
        self.position = Position::Found;
        self.offset += n_before as u64;
        self.starts_at = self.offset;
        self.take(&bytes[n_before..], notes, sink);
    }

    /// Takes bytes that follow what came before.
    fn take(&mut self, bytes: &[u8], notes: &mut Notes, sink: &mut impl RowSink) {
        if self.rows.is_done {
            return;
        }
        if !self.decoder.passes(bytes) {
            if self.settled_at.is_none()
                && let Some(at) = self.decoder.settles_at(bytes)
            {
                self.settled_at = Some(self.offset + (self.carry.len() + at) as u64);
            }
            self.decoder.decode(bytes, &mut self.carry);
            if self.carry.len() >= self.n_needed {
                self.run(false, notes, sink);
            }
            return;
        }
        // Only the record that was cut off goes through the carry.
        let mut rest = bytes;
        while !self.carry.is_empty() && !rest.is_empty() && !self.rows.is_done {
            let (n_line, _) = rest_of_line(rest, true);
            let (line, after) = rest.split_at(n_line);
            self.carry.extend_from_slice(line);
            rest = after;
            if self.carry.len() >= self.n_needed {
                self.run(false, notes, sink);
            }
        }
        if self.rows.is_done {
            return;
        }
        let n_used = self.rows.take(rest, self.offset, false, notes, sink);
        self.offset += n_used as u64;
        if n_used < rest.len() {
            self.carry.extend_from_slice(&rest[n_used..]);
            self.n_needed = 2 * self.carry.len();
        }
    }

    /// Delivers what rows there are in the carry.
    fn run(&mut self, is_last: bool, notes: &mut Notes, sink: &mut impl RowSink) {
        let n_used = self.rows.take(&self.carry, self.offset, is_last, notes, sink);
        self.offset += n_used as u64;
        self.carry.drain(..n_used);
        self.n_needed = 2 * self.carry.len();
    }

    /// Delivers what is left where the file ends.
    fn end(&mut self, notes: &mut Notes, sink: &mut impl RowSink) {
        if let Position::Seeking(seek) = &mut self.position {
            let found = seek.end();
            self.begin(Some(found), notes, sink);
        }
        if !self.rows.is_done {
            self.decoder.finish(&mut self.carry);
            self.run(true, notes, sink);
        }
    }

    fn finish_part(&mut self, notes: &mut Notes, sink: &mut impl RowSink) -> PartSummary {
        self.end(notes, sink);
        let is_told_here = self.settled_at.is_some_and(|settled_at| settled_at < self.offset);
        PartSummary {
            n_rows: self.rows.n_delivered,
            next_row: self.rows.number,
            starts_at: self.starts_at,
            ends_at: self.offset,
            encoding: if is_told_here { self.decoder.encoding() } else { self.encoding },
            is_encoding_proved: self.head_settles || is_told_here,
        }
    }

    fn finish(
        mut self,
        n_bytes: u64,
        notes: &mut Notes,
        sink: &mut impl RowSink,
    ) -> Result<ReadSummary, Error> {
        self.end(notes, sink);
        let encoding = self.decoder.encoding();
        let questions: Vec<Question> = self.decoder.question().into_iter().collect();
        if encoding != self.encoding || !questions.is_empty() {
            tell_encoding(encoding, &[], &questions, notes);
        }
        if self.rows.n_delivered == 0 {
            return Err(no_rows());
        }
        Ok(ReadSummary { n_rows: self.rows.n_delivered, n_bytes, encoding, questions })
    }
}

fn no_rows() -> Error {
    Error::new(
        "no-rows",
        "The file has a header and no data below it. Export it again, with the data.",
    )
}

/// Tells what was done to the bytes.
fn tell_encoding(encoding: Encoding, text: &[u8], questions: &[Question], notes: &mut Notes) {
    let n_marks = dialect::skip_byte_order_marks(text) / 3;
    if n_marks > usize::from(encoding != Encoding::Utf8) {
        notes.tell("bom-stripped", Severity::Info, None, None, || {
            "The byte order mark at the beginning of the file is left out.".into()
        });
    }
    let mut tell = |code, severity, name: &str| {
        notes.tell(code, severity, None, None, || format!("The text was read as {name}."));
    };
    match encoding {
        Encoding::Utf16Le => tell("decoded-utf16le", Severity::Info, "UTF-16"),
        Encoding::Utf16Be => tell("decoded-utf16be", Severity::Info, "UTF-16"),
        Encoding::Windows1252 if questions.is_empty() => {
            tell("decoded-cp1252", Severity::Info, "Windows-1252, for it is not UTF-8");
        }
        Encoding::Utf8 | Encoding::Windows1252 => {}
    }
    for question in questions {
        notes.tell("encoding-unknown", Severity::Warning, None, None, || question.message.clone());
    }
}

/// Makes rows of text.
#[derive(Debug)]
struct Rows {
    /// What takes most records, where the dialect lets it.
    plain: Option<Plain>,
    scanner: Scanner,
    /// The number of the next row.
    number: u64,
    n_delivered: u64,
    n_columns: usize,
    n_header_fields: usize,
    /// Whether the text at hand is the rest of a line that was too long.
    is_skipping: bool,
    /// No record that starts behind this byte is delivered.
    until: u64,
    /// Whether there may be such a record next.
    is_done: bool,
    /// The text of a row that was not all text.
    lossy: String,
    lossy_spans: Vec<Span>,
}

impl Rows {
    /// Whether there is any record in a text.
    fn has_any(&self, text: &[u8]) -> bool {
        let mut scanner = self.scanner.clone();
        let mut at = 0;
        while let Scan::Blank { n_bytes } = scanner.scan(&text[at..], true) {
            at += n_bytes;
            if at >= text.len() {
                return false;
            }
        }
        true
    }

    /// Delivers the records that `block` begins with; how many bytes they have. The block starts at
    /// byte `offset` of the file.
    fn take(
        &mut self,
        block: &[u8],
        offset: u64,
        is_last: bool,
        notes: &mut Notes,
        sink: &mut impl RowSink,
    ) -> usize {
        // No record starts behind this byte of the block.
        let limit = usize::try_from(self.until.saturating_sub(offset)).unwrap_or(usize::MAX);
        self.is_done = self.until < offset && !self.is_skipping;
        let mut plain = self.plain.take();
        let mut walk = plain.as_mut().map(|plain| plain.walk(block, limit));
        let mut at = 0;
        while at < block.len() && !self.is_done {
            if self.is_skipping {
                let (n_bytes, is_end) = rest_of_line(&block[at..], is_last);
                at += n_bytes;
                self.is_skipping = !is_end;
                self.is_done = limit < at && is_end;
                if is_end {
                    continue;
                }
                break;
            }
            if let Some(walk) = &mut walk {
                at = self.take_plain(walk, at, notes, sink);
            }
            if at < block.len() && at <= limit {
                let Some(n_bytes) = self.take_any(&block[at..], is_last, notes, sink) else {
                    break;
                };
                at += n_bytes;
            }
            self.is_done = limit < at && !self.is_skipping;
        }
        self.plain = plain;
        at
    }

    /// Delivers the plain records from `at` on; where the first other one starts.
    fn take_plain(
        &mut self,
        walk: &mut Walk<'_>,
        at: usize,
        notes: &mut Notes,
        sink: &mut impl RowSink,
    ) -> usize {
        let mut number = self.number;
        let end = walk.take(at, |found| match found {
            Found::Many(records) => {
                let rows = records.numbered(number);
                sink.rows(&rows, notes);
                number += rows.len() as u64;
            }
            Found::One(record) => {
                if record.oddities.was_trimmed {
                    tell_trimmed(number, notes);
                }
                if record.oddities.has_stray_quote {
                    tell_stray_quote(number, notes);
                }
                if record.oddities.has_direction_control {
                    tell_direction_control(number, notes);
                }
                sink.row(&Row::plain(number, record.text, record.spans), notes);
                number += 1;
            }
        });
        self.n_delivered += number - self.number;
        self.number = number;
        end
    }

    /// Takes the one record that `rest` begins with, of any kind; how many bytes it has, or nothing
    /// where its end is not there yet.
    #[inline(never)]
    fn take_any(
        &mut self,
        rest: &[u8],
        is_last: bool,
        notes: &mut Notes,
        sink: &mut impl RowSink,
    ) -> Option<usize> {
        let (n_bytes, defect) = match self.scanner.scan(rest, is_last) {
            Scan::More => return None,
            Scan::Blank { n_bytes } => {
                notes.tell("blank-lines-skipped", Severity::Info, Some(self.number), None, || {
                    "Rows without any text are skipped.".into()
                });
                self.number += 1;
                return Some(n_bytes);
            }
            Scan::TooLong => {
                self.is_skipping = true;
                (MAX_RECORD_BYTES, Some(Defect::FieldTooLong))
            }
            Scan::Record { n_bytes, is_unclosed } => {
                (n_bytes, is_unclosed.then_some(Defect::UnclosedQuote))
            }
        };
        self.deliver(&rest[..n_bytes], defect, notes, sink);
        self.number += 1;
        Some(n_bytes)
    }

    fn deliver(
        &mut self,
        record: &[u8],
        mut defect: Option<Defect>,
        notes: &mut Notes,
        sink: &mut impl RowSink,
    ) {
        let number = self.number;
        let oddities = self.scanner.oddities();
        let assembled = self.scanner.assemble(record);
        let (text, mut spans) = (
            std::str::from_utf8(assembled.text.map_or(record, Vec::as_slice)).ok(),
            assembled.spans,
        );
        let is_text = text.is_some();
        let text = if let Some(text) = text {
            text
        } else {
            let bytes = assembled.text.map_or(record, Vec::as_slice);
            self.lossy.clear();
            self.lossy_spans.clear();
            for span in spans {
                let start = self.lossy.len();
                self.lossy.push_str(&String::from_utf8_lossy(&bytes[span.start..span.end]));
                self.lossy_spans.push(Span { start, end: self.lossy.len() });
            }
            spans = &self.lossy_spans;
            &self.lossy
        };
        let longest = if record.len() > LONG_FIELD_BYTES {
            spans.iter().map(|span| span.end - span.start).max().unwrap_or(0)
        } else {
            0
        };
        let n_extra = spans.len().saturating_sub(self.n_columns);
        let extra_is_empty =
            spans[spans.len() - n_extra..].iter().all(|span| span.start == span.end);
        if defect.is_none() {
            defect = if record.contains(&0) {
                Some(Defect::NulByte)
            } else if !is_text {
                Some(Defect::InvalidText)
            } else if longest > MAX_FIELD_BYTES {
                Some(Defect::FieldTooLong)
            } else if spans.len() < self.n_columns {
                Some(Defect::TooFewFields)
            } else if !extra_is_empty {
                Some(Defect::TooManyFields)
            } else {
                None
            };
        }
        if defect.is_none() {
            if spans.len() > self.n_header_fields.max(self.n_columns) {
                notes.tell("trailing-delimiter", Severity::Info, Some(number), None, || {
                    "The row has empty fields behind its last column. They are left out.".into()
                });
            }
            spans = &spans[..self.n_columns];
            if oddities.stray_quote {
                tell_stray_quote(number, notes);
            }
            if oddities.rows_in_quotes {
                notes.tell("rows-in-quotes", Severity::Warning, Some(number), None, || {
                    "The row has a quoted field with lines that look like rows of the table. If \
                     they are, a quote is missing."
                        .into()
                });
            }
            if assembled.was_trimmed {
                tell_trimmed(number, notes);
            }
            if longest > LONG_FIELD_BYTES {
                notes.tell("long-field", Severity::Warning, Some(number), None, || {
                    format!("The row has a field of {longest} bytes.")
                });
            }
            if has_direction_control(text) {
                tell_direction_control(number, notes);
            }
        }
        self.n_delivered += 1;
        sink.row(&Row { number, text, spans, n_columns: self.n_columns, defect }, notes);
    }
}

#[cold]
fn tell_trimmed(number: u64, notes: &mut Notes) {
    notes.tell("trimmed", Severity::Info, Some(number), None, || {
        "Spaces around fields are left out.".into()
    });
}

#[cold]
fn tell_stray_quote(number: u64, notes: &mut Notes) {
    notes.tell("stray-quote", Severity::Warning, Some(number), None, || {
        "The row has a quote in the middle of a field. It was read as part of the text.".into()
    });
}

#[cold]
fn tell_direction_control(number: u64, notes: &mut Notes) {
    notes.tell("bidi-control", Severity::Warning, Some(number), None, || {
        "The row has invisible characters that change the direction of text, so it may look \
         different from what it is."
            .into()
    });
}

/// How long the rest of a line is with its line break, and whether that is in the text.
pub(super) fn rest_of_line(text: &[u8], is_last: bool) -> (usize, bool) {
    let Some(at) = text.iter().position(|&byte| byte == b'\n' || byte == b'\r') else {
        return (text.len(), false);
    };
    match (text[at], text.get(at + 1)) {
        (b'\r', Some(b'\n')) => (at + 2, true),
        // The other half of the line break may follow.
        (b'\r', None) if !is_last => (at, false),
        _ => (at + 1, true),
    }
}

/// Whether a text has characters that change the direction of text and cannot be seen.
pub(super) fn has_direction_control(text: &str) -> bool {
    !text.is_ascii()
        && text.chars().any(|character| {
            matches!(
                character,
                '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
                    | '\u{2066}'..='\u{2069}'
            )
        })
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use proptest::prelude::*;

    use super::*;

    /// Takes down all that a sink is given.
    #[derive(Debug, Default)]
    struct Transcript(String);

    impl RowSink for Transcript {
        fn start(&mut self, table: &Table, _: &mut Notes) -> Result<(), Error> {
            writeln!(self.0, "{table:?}").unwrap();
            Ok(())
        }

        fn row(&mut self, row: &Row<'_>, notes: &mut Notes) {
            row.exclude_if_defective(notes);
            let fields: Vec<&str> = row.fields().collect();
            writeln!(self.0, "{} {fields:?} {:?}", row.number(), row.defect()).unwrap();
        }
    }

    /// Reads pieces with a first part of a few bytes, so that even small files stream.
    fn transcript<'a>(n_head: usize, pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
        let mut notes = Notes::new();
        let mut sink = Transcript::default();
        let mut reader = Reader::new(ReadOptions::default());
        reader.state = State::Head { bytes: Vec::new(), target: n_head };
        let result = pieces
            .into_iter()
            .try_for_each(|piece| reader.push(piece, &mut notes, &mut sink))
            .and_then(|()| reader.finish(&mut notes, &mut sink));
        format!("{}{result:?}\n{notes:?}", sink.0)
    }

    const NASTY: [&[u8]; 24] = [
        b"id,date,amount\nA,2024-01-01,1\nB,2024-01-02,2\nC,2024-01-03,3\n",
        b"id,date,amount\r\nA,2024-01-01,1\r\nB,2024-01-02,2\r\n\r\nC,2024-01-03,3\r\n\r\n",
        b"id,date,amount\rA,2024-01-01,1\rB,2024-01-02,2\r\rC,2024-01-03,3\r",
        b"id,date,amount\nA,2024-01-01,1\n\"B,2024-01-02,2\nC,2024-01-03,3\nD,2024-01-04,4\n",
        b"id,date,amount\nA,2024-01-01,1\n\"B,2024-01-02,2\n\"C\",2024-01-03,3\nD,2024-01-04,4\n",
        b"id,date,amount\nA,2024-01-01,1\nB,\"b\r\nb\",2\nC,\"c\"\"\r\n\r\",3\nD,2024-01-04,4",
        b"id,date,amount\nA,x,1\nB,x,2\n\"C, \"x\" y\",x,3\n\"D\" z,x,4\n\"E\" ,x , 5\nF,5\",6\n",
        b"id,date,amount\nA,x,1\nB,x,2\nC,\"a,b\nc\",d,e\nD,x,4\nE,x,5,\nF,x,6,7\nG\n",
        b"id,date,amount\nA,x,\"1\nB,x,2\nC,x,3\nD,x,4\nE,x,5\"\nF,x,6\n",
        b"id,date,amount\nA,x,1\nB,x,2\nC\0,x,3\nD,x,4\n\0\0\0",
        b"id,date,amount\nA,x,1\nB,x,2\nM\xFCller,x,3\nCaf\xE9,x,4\n\xC3\xA9\xFF,x,5\n",
        b"id,date,amount\nA,x,1\nB,x,2\nM\xC3\xBCller,x,3\nCaf\xE9,x,4\n\xE2\x82\xAC,x,5\n",
        b"id,date,amount\nA,x,1\nB,x,2\nC,x,3\nD,x,4\n\xE2\x82",
        b"id,date,amount\nA,x,1\nB,x,2\n\x8C\xDA\x8Bq\x88\xEA,x,3\nD,x,4\n",
        b"\xEF\xBB\xBF\xEF\xBB\xBFid,date,amount\nA,x,1\nB,x,2\n\xF0\x9F\x98\x80,x,3\n",
        b"id;date;amount\nA;x;1,5\nB;x;2,5\n 'C' ;x;3,5\n\xC2\xA0D\xC2\xA0;x;4,5\n",
        b"'id','date'\n'A','x'\n'B','y''z'\n'C','x\ny'\n'D','x\n",
        b"id,date\n\"A\\\"a\",x\n\"B\\\\\",y\n\"C\\\"\n\",z\n\"D\\",
        b" id  date amount\n A  2024-01-01  1\n B 2024-01-02 2 \n\n C  2024-01-03  3\n",
        b"sep=;\r\nid;amount\r\nA;1\r\nB;2\r\nC;3\r\n",
        b"Report\nOf today\n\nid,date,amount\nA,2024-01-01,1\nB,2024-01-02,2\n\"C\n",
        b"id,date,amount\nA,x,1\nB,x,2\nC,\xE2\x80\xAEx,3\nD,x,\"4\" \"\n\"\"\"\n",
        b"\xFF\xFEi\0d\0,\0n\0\n\0A\0,\0\x3D\xD8\0\xDE\n\0B\0,\0\x3D\xD8\n\0C\0,\0\0\xDEx\0\n\0D\0,\x001\0\n",
        b"\0i\0d\0,\0n\0\n\0A\0,\x001\0\n\0B\0,\x002\0\n\0C\0,\x003\0\n\0D\0,\x004\0\n\0",
    ];

    #[test]
    fn any_single_cut_gives_the_same() {
        for bytes in NASTY {
            for n_head in [1, 24, 40, 1 << 18] {
                let whole = transcript(n_head, [bytes]);
                for cut in 0..=bytes.len() {
                    let pieces = [&bytes[..cut], &bytes[cut..]];
                    assert_eq!(transcript(n_head, pieces), whole, "{bytes:?} at {cut}");
                }
                let ones = transcript(n_head, bytes.chunks(1));
                assert_eq!(ones, whole, "{bytes:?} byte by byte");
            }
        }
    }

    proptest! {
        #[test]
        fn any_cuts_of_any_bytes_give_the_same(
            begin in 0..NASTY.len(),
            parts in prop::collection::vec(
                prop_oneof![
                    Just(b"\"".to_vec()), Just(b",".to_vec()), Just(b"\n".to_vec()),
                    Just(b"\r".to_vec()), Just(b"\\".to_vec()), Just(b" ".to_vec()),
                    Just(b"x".to_vec()), Just(b"A,x,1\n".to_vec()), Just(b"\xC3\xA9".to_vec()),
                    Just(b"\0".to_vec()), prop::collection::vec(any::<u8>(), 1..3),
                ],
                0..60,
            ),
            sizes in prop::collection::vec(1_usize..20, 1..20),
        ) {
            let bytes = [NASTY[begin], &parts.concat()].concat();
            let mut pieces = Vec::new();
            let mut rest = bytes.as_slice();
            for size in sizes.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (piece, after) = rest.split_at((*size).min(rest.len()));
                pieces.push(piece);
                rest = after;
            }
            prop_assert_eq!(transcript(24, pieces), transcript(24, [bytes.as_slice()]));
        }
    }

    /// A reader whose table is known after a first part of a few bytes, the rest of the file, and
    /// what it has given so far.
    fn opened(
        bytes: &[u8],
        n_head: usize,
        (from, until): (u64, Option<u64>),
    ) -> Option<(Reader, usize, Notes, Transcript)> {
        let (mut notes, mut sink) = (Notes::new(), Transcript::default());
        let mut reader = Reader::for_part(ReadOptions::default(), from, until);
        reader.state = State::Head { bytes: Vec::new(), target: n_head };
        for (at, byte) in bytes.chunks(1).enumerate() {
            reader.push(byte, &mut notes, &mut sink).ok()?;
            if reader.is_open() {
                return Some((reader, at + 1, notes, sink));
            }
        }
        None
    }

    /// What the scanner makes of a file on its own, but for its first part.
    fn careful_transcript(n_head: usize, bytes: &[u8]) -> String {
        let Some((mut reader, at, mut notes, mut sink)) = opened(bytes, n_head, (0, None)) else {
            return transcript(n_head, [bytes]);
        };
        if let State::Body(body) = &mut reader.state {
            body.rows.plain = None;
        }
        let result = reader
            .push(&bytes[at..], &mut notes, &mut sink)
            .and_then(|()| reader.finish(&mut notes, &mut sink));
        format!("{}{result:?}\n{notes:?}", sink.0)
    }

    /// Rows of many kinds under one of a few headers.
    fn text() -> impl Strategy<Value = Vec<u8>> {
        let part = prop_oneof![
            12 => Just(b"A1,2024-01-15,10.50\n".to_vec()),
            6 => Just(b"B,\"2024-01-15, late\",3\n".to_vec()),
            3 => Just(b"C,\"a \"\"b\"\" c\",3\r\n".to_vec()),
            2 => Just(b"\"D\",\"\",\"\"\n".to_vec()),
            2 => Just(b"E, x ,5 \n".to_vec()),
            2 => Just("F\u{e9},\u{a0}x,\u{202e}\n".as_bytes().to_vec()),
            1 => Just(b"G,\"two\nlines\",3\n".to_vec()),
            1 => Just(b"H,x,1,,\n".to_vec()),
            1 => Just(b"I,x,1,2\n".to_vec()),
            1 => Just(b"J,5\",1\n".to_vec()),
            1 => Just(b"K,\" x\"\"\",1\n".to_vec()),
            1 => Just(b"\"L,x,1\n".to_vec()),
            1 => Just(b"M,x,\xFF\n".to_vec()),
            1 => Just(b"N\0,x,1\n".to_vec()),
            1 => Just(b",,\n".to_vec()),
            1 => Just(b"\n".to_vec()),
            1 => Just(b"\r".to_vec()),
            1 => prop::collection::vec(any::<u8>(), 1..4),
            1 => Just(b"\"".to_vec()),
            1 => (1_usize..300).prop_map(|n| [b"O,".as_slice(), &b"x".repeat(n * 150), b",1\n"].concat()),
        ];
        let headers = prop_oneof![
            4 => Just(b"id,date,amount\nA,2024-01-01,1\nB,2024-01-02,2\nC,2024-01-03,3\n".to_vec()),
            1 => Just(b"id,date,amount,\nA,2024-01-01,1,\nB,2024-01-02,2,\nC,x,3,\n".to_vec()),
            1 => Just("\u{FEFF}id,\u{e9},amount\nA,2024-01-01,1\nB,2024-01-02,2\nC,x,3\n".into()),
            1 => Just(b"id\nA\nB\nC\n".to_vec()),
        ];
        // Few kinds of rows in a file, so that some files are sound.
        let kinds = prop::collection::vec(part, 1..5);
        (headers, kinds, prop::collection::vec(0_usize..5, 0..300)).prop_map(
            |(header, kinds, rows)| {
                let rows = rows.into_iter().map(|kind| kinds[kind % kinds.len()].clone());
                [header, rows.collect::<Vec<_>>().concat()].concat()
            },
        )
    }

    /// The rows of a transcript, without the table, numbered anew.
    fn rows_from(sink: &Transcript, base: u64) -> String {
        let rows =
            sink.0.lines().skip_while(|line| !line.starts_with(|c: char| c.is_ascii_digit()));
        let mut numbered = String::new();
        for line in rows {
            let (number, rest) = line.split_once(' ').unwrap();
            writeln!(numbered, "{} {rest}", number.parse::<u64>().unwrap() + base).unwrap();
        }
        numbered
    }

    fn counts(notes: Notes) -> Vec<(&'static str, u64)> {
        notes.into_sorted().into_iter().map(|note| (note.code, note.count)).collect()
    }

    /// Pushes `bytes` from `at` on until the part is done or the file ends.
    fn push_from(
        reader: &mut Reader,
        bytes: &[u8],
        at: u64,
        size: usize,
        (notes, sink): (&mut Notes, &mut Transcript),
    ) -> PartSummary {
        for piece in bytes[usize::try_from(at).unwrap()..].chunks(size) {
            reader.push(piece, notes, sink).unwrap();
            if reader.is_done() {
                break;
            }
        }
        let summary = reader.finish_part(notes, sink).unwrap();
        assert_eq!(
            reader.finish_part(notes, sink).unwrap(),
            summary,
            "ending twice is ending once"
        );
        summary
    }

    /// Reads a file in parts, and checks it against reading it in one; whether the parts met.
    fn check_parts(bytes: &[u8], cuts: &[u64], size: usize, n_probe: usize) -> Option<bool> {
        const N_HEAD: usize = 24;
        let mut whole_notes = Notes::new();
        let mut whole_sink = Transcript::default();
        let mut whole = Reader::new(ReadOptions::default());
        whole.state = State::Head { bytes: Vec::new(), target: N_HEAD };
        whole.push(bytes, &mut whole_notes, &mut whole_sink).ok()?;
        let whole = whole.finish(&mut whole_notes, &mut whole_sink).ok()?;
        let whole_rows = rows_from(&whole_sink, 0);
        let whole_counts = counts(whole_notes);

        let mut rows = String::new();
        let mut total: std::collections::BTreeMap<&str, u64> = std::collections::BTreeMap::new();
        let mut end = None;
        let mut base = 0;
        let mut n_rows = 0;
        for (index, &from) in [0].iter().chain(cuts).enumerate() {
            let until = cuts.get(index).copied();
            let (mut reader, at, mut notes, mut sink) = opened(bytes, N_HEAD, (from, until))?;
            if !reader.is_splittable() {
                return None;
            }
            let mut at = at as u64;
            if from > 0 {
                reader.jump();
                if let State::Body(body) = &mut reader.state
                    && let Position::Seeking(seek) = &mut body.position
                {
                    seek.n_wanted = n_probe;
                }
                (notes, at) = (Notes::new(), from);
            }
            let part = push_from(&mut reader, bytes, at, size, (&mut notes, &mut sink));
            if part.encoding != Encoding::Utf8 {
                return Some(false);
            }
            if end.is_some_and(|end| end != part.starts_at) {
                return Some(false);
            }
            end = Some(part.ends_at);
            // The rest of the file, as the lead reads it where the next part does not fit.
            let own = rows_from(&sink, base);
            let n_own = part.n_rows;
            let own_notes = notes.clone();
            if part.ends_at < bytes.len() as u64 {
                assert!(reader.is_done());
                reader.extend();
                assert!(!reader.is_done());
                let extended =
                    push_from(&mut reader, bytes, part.ends_at, size, (&mut notes, &mut sink));
                if extended.encoding == Encoding::Utf8 {
                    assert_eq!(extended.starts_at, part.starts_at);
                    assert_eq!(extended.ends_at, bytes.len() as u64);
                    assert_eq!(rows.clone() + &rows_from(&sink, base), whole_rows);
                    assert_eq!(n_rows + extended.n_rows, whole.n_rows);
                }
            }
            rows += &own;
            n_rows += n_own;
            for (code, count) in counts(own_notes) {
                *total.entry(code).or_default() += count;
            }
            base += part.next_row - 1;
        }
        assert_eq!(end, Some(bytes.len() as u64));
        assert_eq!(rows, whole_rows);
        assert_eq!(n_rows, whole.n_rows);
        let mut whole_total: std::collections::BTreeMap<&str, u64> =
            std::collections::BTreeMap::new();
        for (code, count) in whole_counts {
            *whole_total.entry(code).or_default() += count;
        }
        assert_eq!(total, whole_total);
        Some(true)
    }

    #[test]
    fn parts_of_sound_files_meet_at_every_byte() {
        let row = |index: usize| match index % 4 {
            0 => format!("A{index},2024-01-15,{index}.50\n"),
            1 => format!("B{index},\"x, \"\"y\"\"\",{index}\n"),
            2 => format!("\"C\u{e9}\",2024-01-15,{index}\r\n"),
            _ => format!("D,\"a text of\nlines\",{index}\n"),
        };
        let rows: String = (0..24).map(row).collect();
        let bytes = format!("id,date,amount\n{rows}");
        let n_bytes = bytes.len() as u64;
        for cut in 1..n_bytes {
            let has_met = check_parts(bytes.as_bytes(), &[cut], 50, 1 << 15);
            let is_at_quote = bytes.as_bytes()[usize::try_from(cut).unwrap()] == b'"';
            assert!(has_met == Some(true) || is_at_quote, "{cut}");
        }
        for cuts in [[100, 200, 300, 400], [100, 101, 102, 103], [5, 30, 60, n_bytes - 1]] {
            assert_eq!(check_parts(bytes.as_bytes(), &cuts, 7, 1 << 15), Some(true), "{cuts:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn the_fast_way_is_the_careful_way(
            bytes in text(),
            n_head in prop_oneof![Just(24_usize), 24..2000_usize],
            sizes in prop::collection::vec(prop_oneof![1_usize..50, 1_usize..20_000], 1..10),
        ) {
            let careful = careful_transcript(n_head, &bytes);
            prop_assert_eq!(transcript(n_head, [bytes.as_slice()]), careful.clone());
            let mut pieces = Vec::new();
            let mut rest = bytes.as_slice();
            for size in sizes.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (piece, after) = rest.split_at((*size).min(rest.len()));
                pieces.push(piece);
                rest = after;
            }
            prop_assert_eq!(transcript(n_head, pieces), careful);
        }

        #[test]
        fn parts_that_meet_give_the_rows_of_the_whole(
            bytes in text(),
            cuts in prop::collection::vec(0.0..1.0_f64, 0..5),
            size in prop_oneof![1_usize..50, 1_usize..20_000],
            n_probe in prop_oneof![1_usize..200, Just(1 << 15)],
        ) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a length")]
            let place = |cut: &f64| (bytes.len() as f64 * cut) as u64;
            let mut places: Vec<u64> = cuts.iter().map(place).filter(|&place| 0 < place).collect();
            places.sort_unstable();
            check_parts(&bytes, &places, size, n_probe);
        }
    }
}
