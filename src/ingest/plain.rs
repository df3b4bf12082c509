//! The fast way from text to fields, for records that leave no doubt.
//!
//! It takes a record only where the [scanner](super::scanner) would make the same of it without a
//! second look: with the fields of the table, and with quotes around whole fields of one line, if
//! any. All else it leaves to the scanner, record by record.

use super::batch::RowBatch;
use super::dialect::Separator;
use super::reader::{LONG_FIELD_BYTES, has_direction_control};
use super::scanner::{Scanner, Span, is_blank, trim};
use super::structure::{Alphabet, Structure, Window};

/// How much text is looked at in one go, to be used while it is still near.
const WINDOW_BYTES: usize = 1 << 14;
/// How many records are delivered together at most,
const BATCH_RECORDS: usize = 256;
/// and how many fields they have together.
const BATCH_FIELDS: usize = 1 << 13;
/// How much at most, where a record is longer.
const MAX_WINDOW_BYTES: usize = 1 << 20;

/// What is kept from one text to the next.
#[derive(Debug)]
pub(super) struct Plain {
    alphabet: Alphabet,
    /// Whether quotes leave no doubt: only a second quote escapes them.
    doubling_escapes: bool,
    n_columns: usize,
    structure: Structure,
    waiting: Waiting,
    /// The fields of a record with oddities.
    odd: OddRecord,
}

/// What is delivered.
pub(super) enum Found<'a> {
    /// Records of which there is nothing to tell.
    Many(Records<'a>),
    /// One of which there is.
    One(Record<'a>),
}

/// Records that are ready for use.
pub(super) struct Records<'a> {
    text: &'a str,
    waiting: &'a Waiting,
}

impl<'a> Records<'a> {
    /// They as rows, of which the first has this number.
    pub(super) fn numbered(&self, first: u64) -> RowBatch<'a> {
        let Waiting { spans, n_columns, unescaped, is_unescaped, .. } = self.waiting;
        let spans = &spans[..is_unescaped.len() * n_columns];
        RowBatch { first, text: self.text, unescaped, is_unescaped, spans, n_columns: *n_columns }
    }
}

/// Records that wait for others.
#[derive(Debug)]
struct Waiting {
    n_columns: usize,
    /// Room for the fields of as many records as are delivered together, and behind them for those
    /// that a record may have more.
    spans: Vec<Span>,
    /// Of each record, whether its fields are those of the text below.
    is_unescaped: Vec<bool>,
    unescaped: String,
    max_records: usize,
}

impl Waiting {
    /// For records of so many columns, which may have up to `max_fields` fields.
    fn new(n_columns: usize, max_fields: usize) -> Self {
        let max_records = (BATCH_FIELDS / n_columns).clamp(1, BATCH_RECORDS);
        Self {
            n_columns,
            spans: vec![Span { start: 0, end: 0 }; max_records * n_columns + max_fields],
            is_unescaped: Vec::with_capacity(max_records),
            unescaped: String::new(),
            max_records,
        }
    }

    /// Room for the fields of the next record.
    #[inline]
    fn room(&mut self) -> &mut [Span] {
        self.spans.get_mut(self.is_unescaped.len() * self.n_columns..).unwrap_or_default()
    }

    /// Adds the record whose fields have come there.
    #[inline]
    fn add(&mut self, is_unescaped: bool) {
        self.is_unescaped.push(is_unescaped);
    }

    #[inline]
    fn is_full(&self) -> bool {
        self.max_records <= self.is_unescaped.len()
    }

    /// Adds the records that follow each other from the first of `lines` on and have nothing odd, as
    /// far as there is room; how many they are, and where the one behind them starts.
    #[inline(never)]
    fn add_plain(&mut self, lines: &Lines<'_>) -> (usize, usize) {
        let n_columns = self.n_columns;
        let n_more = self.max_records - self.is_unescaped.len();
        let own_marks = lines.marks.chunks_exact(n_columns);
        let rooms = self.room().chunks_exact_mut(n_columns).take(n_more);
        let (mut start, mut n_added) = (lines.start, 0);
        for ((&line_break, own), spans) in lines.breaks.iter().zip(own_marks).zip(rooms) {
            let line_break = line_break as usize;
            let Some(end) = lines.end_of(start, line_break, n_columns) else { break };
            if own.last().is_none_or(|&last| last as usize != line_break) {
                break;
            }
            let mut from = start - lines.base;
            for (span, &mark) in spans.iter_mut().zip(own) {
                let to = mark as usize - lines.base;
                *span = Span { start: from, end: to };
                from = to + 1;
            }
            if let Some(last) = spans.last_mut() {
                last.end = end - lines.base;
            }
            start = line_break + 1;
            n_added += 1;
        }
        self.is_unescaped.resize(self.is_unescaped.len() + n_added, false);
        (n_added, start)
    }

    /// Delivers what waits, whose other fields are those of `text`.
    fn deliver(&mut self, text: &str, deliver: &mut impl FnMut(Found<'_>)) {
        self.hand_over(text, deliver);
        self.unescaped.clear();
    }

    /// The same, but what was unescaped stays.
    fn hand_over(&mut self, text: &str, deliver: &mut impl FnMut(Found<'_>)) {
        if !self.is_unescaped.is_empty() {
            deliver(Found::Many(Records { text, waiting: self }));
            self.is_unescaped.clear();
        }
    }
}

/// Lines of a window, of which the first starts at `start`. All places count from the beginning of
/// the window, but those of fields from byte `base` of it.
struct Lines<'a> {
    bytes: &'a [u8],
    base: usize,
    start: usize,
    breaks: &'a [u32],
    /// The marks from the first one of the first line on.
    marks: &'a [u32],
    /// From here on, lines are looked at more closely.
    until: usize,
    /// No line that starts behind it is taken.
    limit: usize,
}

impl Lines<'_> {
    /// Where the text of a line ends; nothing where the line is to be looked at more closely.
    #[inline]
    fn end_of(&self, start: usize, line_break: usize, n_columns: usize) -> Option<usize> {
        let end = text_end(self.bytes, start, line_break);
        let is_blank = end - start == n_columns - 1;
        let is_long = LONG_FIELD_BYTES < line_break - start;
        (line_break < self.until && start <= self.limit && !is_blank && !is_long).then_some(end)
    }
}

/// Where the text of a line ends whose line break stands at a place: a `\r` is part of that.
#[inline]
fn text_end(bytes: &[u8], start: usize, line_break: usize) -> usize {
    let has_return = start < line_break && bytes.get(line_break - 1) == Some(&b'\r');
    line_break - usize::from(has_return)
}

/// A record ready for use. Its spans are those of `text`.
#[derive(Debug)]
pub(super) struct Record<'a> {
    pub(super) text: &'a str,
    pub(super) spans: &'a [Span],
    pub(super) oddities: Oddities,
}

/// What there is to tell of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Oddities {
    /// Whether white space was taken away.
    pub(super) was_trimmed: bool,
    /// Whether there are quotes inside fields without quotes around them.
    pub(super) has_stray_quote: bool,
    pub(super) has_direction_control: bool,
}

impl Plain {
    /// The fast way, where a dialect has one.
    pub(super) fn new(scanner: &Scanner, n_columns: usize, n_header_fields: usize) -> Option<Self> {
        let (Separator::Byte(separator), Some(quote)) = (scanner.separator(), scanner.quote())
        else {
            return None;
        };
        let is_usable = |byte: u8| byte.is_ascii() && !matches!(byte, 0 | b'\n' | b'\r');
        let is_usual = is_usable(separator) && is_usable(quote) && separator != quote;
        (is_usual && 0 < n_columns).then(|| Self {
            alphabet: Alphabet { separator, quote },
            doubling_escapes: !scanner.backslash_escapes(),
            n_columns,
            structure: Structure::default(),
            waiting: Waiting::new(n_columns, n_columns.max(n_header_fields)),
            odd: OddRecord { max_fields: n_columns.max(n_header_fields), ..OddRecord::default() },
        })
    }

    /// Begins with a text. No record that starts behind byte `limit` is taken.
    pub(super) fn walk<'a>(&'a mut self, text: &'a [u8], limit: usize) -> Walk<'a> {
        // Only more text tells whether a `\r` at the end is half a line break.
        let n_bytes = text.len() - usize::from(text.last() == Some(&b'\r'));
        Walk {
            plain: self,
            text,
            n_bytes,
            limit,
            n_wanted: WINDOW_BYTES,
            base: 0,
            window: Window::EMPTY,
            valid: Valid { base: 0, text: "" },
            may_turn: false,
            place: Place::default(),
        }
    }
}

/// The way through one text.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    plain: &'a mut Plain,
    text: &'a [u8],
    /// How much of the text may be looked at.
    n_bytes: usize,
    limit: usize,
    /// How long the next window is to be.
    n_wanted: usize,
    /// Where the window starts. All places below count from there.
    base: usize,
    window: Window<'a>,
    valid: Valid<'a>,
    /// Whether the window may have characters that change the direction of text.
    may_turn: bool,
    place: Place,
}

/// Some of a window as text, from a byte of it on.
#[derive(Clone, Copy, Debug)]
struct Valid<'a> {
    base: usize,
    text: &'a str,
}

impl<'a> Valid<'a> {
    fn of(window: &[u8], base: usize) -> Valid<'_> {
        let bytes = &window[base..];
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or(""),
        };
        Valid { base, text }
    }

    fn end(&self) -> usize {
        self.base + self.text.len()
    }

    fn get(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start - self.base..end - self.base).unwrap_or("")
    }
}

/// How far a window was used: the next of its marks, line breaks and oddities.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    mark: usize,
    line_break: usize,
    oddity: usize,
}

/// Why no more records are taken.
enum Stop {
    /// The next one is not plain, or behind the limit.
    Other,
    /// The window has no whole record any more.
    Spent,
}

impl Walk<'_> {
    /// Delivers all plain records that follow each other from `at` on, where one starts; where the
    /// first other one starts.
    #[inline]
    pub(super) fn take(&mut self, at: usize, mut deliver: impl FnMut(Found<'_>)) -> usize {
        let mut at = at;
        if self.base + self.window.bytes().len() <= at {
            self.n_wanted = WINDOW_BYTES;
            self.look(at);
        } else {
            self.skip(at - self.base);
        }
        loop {
            let (start, stop) = self.run(at - self.base, &mut deliver);
            let is_first = start == 0;
            at = self.base + start;
            let end = self.base + self.window.bytes().len();
            match stop {
                Stop::Spent if end < self.n_bytes => {}
                Stop::Spent | Stop::Other => return at,
            }
            if !is_first {
                self.n_wanted = WINDOW_BYTES;
            } else if self.n_wanted < MAX_WINDOW_BYTES {
                self.n_wanted *= 4;
            } else {
                return at;
            }
            self.look(at);
        }
    }

    /// Looks at the text from `at` on.
    #[inline(never)]
    fn look(&mut self, at: usize) {
        let n_bytes = self.n_wanted.min(self.n_bytes.saturating_sub(at));
        self.base = at;
        self.window = self.plain.structure.find(&self.text[at..], n_bytes, self.plain.alphabet);
        self.place = Place::default();
        self.valid = match self.window.text() {
            Some(text) => Valid { base: 0, text },
            None => Valid::of(self.window.bytes(), 0),
        };
        self.may_turn = self.window.may_turn() && may_turn(self.window.bytes());
    }

    /// Goes on at byte `start` of the window.
    fn skip(&mut self, start: usize) {
        let structure = &self.plain.structure;
        let n_before = |places: &[u32], from: usize| {
            let before = |&&place: &&u32| (place as usize) < start;
            from + places.get(from..).map_or(0, |rest| rest.iter().take_while(before).count())
        };
        self.place = Place {
            mark: n_before(structure.marks(), self.place.mark),
            line_break: n_before(structure.breaks(), self.place.line_break),
            oddity: n_before(structure.oddities(), self.place.oddity),
        };
    }

    /// Delivers plain records from byte `start` of the window on; where it stopped, and why.
    #[inline]
    fn run(&mut self, mut start: usize, deliver: &mut impl FnMut(Found<'_>)) -> (usize, Stop) {
        let Plain { n_columns, doubling_escapes, alphabet, .. } = *self.plain;
        let Plain { structure, waiting, odd, .. } = &mut *self.plain;
        let bytes = self.window.bytes();
        let (marks, breaks) = (structure.marks(), structure.breaks());
        let oddities = structure.oddities();
        let limit = self.limit.saturating_sub(self.base);
        let mut valid = self.valid;
        let mut place = self.place;
        // Up to here, a record has nothing odd.
        let next_oddity = |place: &Place| match oddities.get(place.oddity) {
            _ if self.may_turn => 0,
            Some(&oddity) => oddity as usize,
            None => usize::MAX,
        };
        let mut oddity = next_oddity(&place);
        let stop = loop {
            let Some(&line_break) = breaks.get(place.line_break) else { break Stop::Spent };
            let line_break = line_break as usize;
            if limit < start || self.window.has_nul() {
                break Stop::Other;
            }
            let until = oddity.min(valid.end());
            if line_break < until {
                let lines = Lines {
                    bytes,
                    base: valid.base,
                    start,
                    breaks: breaks.get(place.line_break..).unwrap_or(&[]),
                    marks: marks.get(place.mark..).unwrap_or(&[]),
                    until,
                    limit,
                };
                let n_added;
                (n_added, start) = waiting.add_plain(&lines);
                if 0 < n_added {
                    place.line_break += n_added;
                    place.mark += n_added * n_columns;
                    if waiting.is_full() {
                        waiting.deliver(valid.text, deliver);
                    }
                    continue;
                }
            }
            let end = text_end(bytes, start, line_break);
            if valid.end() < end {
                waiting.deliver(valid.text, deliver);
                valid = Valid::of(bytes, start);
                if valid.end() < end {
                    break Stop::Other;
                }
            }
            let own = |&&oddity: &&u32| oddity as usize <= line_break;
            let rest = oddities.get(place.oddity..).unwrap_or(&[]);
            let (mut n_oddities, mut may_trim) = (0, false);
            for &oddity in rest.iter().take_while(own) {
                n_oddities += 1;
                may_trim |= bytes.get(oddity as usize) != Some(&alphabet.quote);
            }
            let line = Line {
                bytes,
                valid,
                start,
                end,
                line_break,
                marks: marks.get(place.mark..).unwrap_or(&[]),
                quote: alphabet.quote,
                doubling_escapes,
                may_trim,
                may_turn: self.may_turn,
            };
            let Some(n_marks) = odd.read(&line, waiting.room()) else { break Stop::Other };
            let Some(known) = odd.settle(&line, waiting) else { break Stop::Other };
            if known.oddities == Oddities::default() {
                waiting.add(known.is_unescaped);
            } else {
                odd.spans.clear();
                odd.spans.extend(waiting.room().iter().take(n_columns));
                waiting.hand_over(valid.text, deliver);
                let text = if known.is_unescaped { &waiting.unescaped } else { valid.text };
                let (spans, oddities) = (&odd.spans[..], known.oddities);
                deliver(Found::One(Record { text, spans, oddities }));
                waiting.unescaped.clear();
            }
            place.mark += n_marks;
            place.oddity += n_oddities;
            oddity = next_oddity(&place);
            place.line_break += 1;
            start = line_break + 1;
            if waiting.is_full() {
                waiting.deliver(valid.text, deliver);
            }
        };
        waiting.deliver(valid.text, deliver);
        self.valid = valid;
        self.place = place;
        (start, stop)
    }
}

/// A record with its marks. All places count from the beginning of the window.
struct Line<'a> {
    /// The window.
    bytes: &'a [u8],
    /// What of the window is text; the record is.
    valid: Valid<'a>,
    start: usize,
    /// Where its text ends,
    end: usize,
    /// and where the line break does.
    line_break: usize,
    /// The marks from its first on.
    marks: &'a [u32],
    quote: u8,
    /// Whether quotes leave no doubt.
    doubling_escapes: bool,
    /// Whether there may be white space around fields.
    may_trim: bool,
    /// Whether there may be characters that change the direction of text.
    may_turn: bool,
}

/// A record that has quotes, or white space around fields, or another number of fields than the
/// table.
#[derive(Debug, Default)]
struct OddRecord {
    max_fields: usize,
    n_fields: usize,
    /// The fields with escapes to undo.
    escaped: Vec<usize>,
    has_stray_quote: bool,
    /// Its fields, where it is delivered by itself.
    spans: Vec<Span>,
}

impl OddRecord {
    /// Finds the fields, which come to `spans`; how many marks they have, or nothing where the record
    /// is not plain.
    #[inline]
    fn read(&mut self, line: &Line<'_>, spans: &mut [Span]) -> Option<usize> {
        let base = line.valid.base;
        self.escaped.clear();
        self.has_stray_quote = false;
        let (bytes, quote) = (line.bytes, line.quote);
        let is_quote = |place: usize| bytes.get(place) == Some(&quote);
        let mut marks = line.marks.iter().map(|&mark| mark as usize);
        let mut start = line.start;
        for (index, span) in spans.iter_mut().take(self.max_fields).enumerate() {
            let mut mark = marks.next()?;
            let mut end = mark;
            if is_quote(mark) {
                if mark == start {
                    if !line.doubling_escapes {
                        return None;
                    }
                    start += 1;
                    // The next quote without another one behind it.
                    loop {
                        end = marks.next()?;
                        if is_quote(end) {
                            mark = marks.next()?;
                            if mark != end + 1 || !is_quote(mark) {
                                break;
                            }
                            if self.escaped.last() != Some(&index) {
                                self.escaped.push(index);
                            }
                        } else if line.line_break <= end {
                            return None;
                        }
                    }
                    if end + 1 != mark.min(line.end) {
                        return None;
                    }
                } else {
                    // Behind blanks, a quote may be one around a field.
                    if matches!(bytes.get(start), Some(b' ' | b'\t')) {
                        return None;
                    }
                    self.has_stray_quote = true;
                    while is_quote(mark) {
                        mark = marks.next()?;
                    }
                    end = mark;
                }
            }
            if mark == line.line_break {
                *span = Span { start: start - base, end: end.min(line.end) - base };
                self.n_fields = index + 1;
                return Some(line.marks.len() - marks.len());
            }
            *span = Span { start: start - base, end: end - base };
            start = mark + 1;
        }
        None
    }

    /// Unescapes and trims the fields, or nothing where the record is not plain. The text of a record
    /// with escapes is added to `unescaped`.
    #[inline]
    fn settle(&mut self, line: &Line<'_>, waiting: &mut Waiting) -> Option<Known> {
        let Self { n_fields, escaped, has_stray_quote, .. } = self;
        let Waiting { spans, is_unescaped, unescaped, n_columns, .. } = waiting;
        let n_columns = *n_columns;
        let spans = spans.get_mut(is_unescaped.len() * n_columns..)?.get_mut(..*n_fields)?;
        if spans.len() < n_columns {
            return None;
        }
        let bytes = line.valid.text.as_bytes();
        if spans.iter().all(|span| is_blank(&bytes[span.start..span.end])) {
            return None;
        }
        let text = if escaped.is_empty() {
            line.valid.text
        } else {
            let raw = line.valid.get(line.start, line.end);
            let (start, base) = (line.start - line.valid.base, unescaped.len());
            unescaped.push_str(raw);
            for span in &mut *spans {
                *span = Span { start: span.start - start + base, end: span.end - start + base };
            }
            for &index in &*escaped {
                let Span { start, end } = spans[index];
                let field = raw.get(start - base..end - base).unwrap_or("");
                let start = unescaped.len();
                push_unescaped(field, line.quote, unescaped);
                spans[index] = Span { start, end: unescaped.len() };
            }
            unescaped
        };
        let mut was_trimmed = false;
        if line.may_trim {
            for span in &mut *spans {
                was_trimmed |= trim(text.as_bytes(), span);
            }
        }
        let is_long = |span: &Span| LONG_FIELD_BYTES < span.end - span.start;
        if LONG_FIELD_BYTES < line.end - line.start && spans.iter().any(is_long) {
            return None;
        }
        if spans[n_columns..].iter().any(|span| span.start != span.end) {
            return None;
        }
        let has_direction_control =
            line.may_turn && has_direction_control(line.valid.get(line.start, line.end));
        let has_stray_quote = *has_stray_quote;
        Some(Known {
            is_unescaped: !escaped.is_empty(),
            oddities: Oddities { was_trimmed, has_stray_quote, has_direction_control },
        })
    }
}

/// What has become of a record with oddities.
struct Known {
    /// Whether its fields are those of the unescaped text.
    is_unescaped: bool,
    oddities: Oddities,
}

/// Adds a text with one quote for each two.
fn push_unescaped(raw: &str, quote: u8, out: &mut String) {
    let mut rest = raw;
    while let Some(at) = rest.bytes().position(|byte| byte == quote) {
        out.push_str(&rest[..=at]);
        rest = rest.get(at + 2..).unwrap_or("");
    }
    out.push_str(rest);
}

/// Whether there may be characters in a text that change its direction.
fn may_turn(bytes: &[u8]) -> bool {
    // By stretches without an end in between: so it goes many bytes at once.
    const STRETCH: usize = 256;
    (0..bytes.len()).step_by(STRETCH).any(|start| {
        let stretch = &bytes[start..bytes.len().min(start + STRETCH + 1)];
        let pairs = stretch.iter().zip(stretch.iter().skip(1));
        let n_found: u32 = pairs
            .map(|(&lead, &next)| {
                let is_found = match lead {
                    0xE2 => next & 0xFE == 0x80,
                    0xD8 => next == 0x9C,
                    _ => false,
                };
                u32::from(is_found)
            })
            .sum();
        0 < n_found
    })
}
