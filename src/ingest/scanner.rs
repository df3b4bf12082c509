//! Text to rows by RFC 4180, streaming, with every departure from it reported.
//!
//! It cuts one record at a time from text that may end anywhere, and asks for more where the text
//! at hand does not decide: so it does not matter how a file was cut into pieces. It does not know
//! what fields mean.

use super::dialect::Separator;

/// A field longer than this is not used.
pub(super) const MAX_FIELD_BYTES: usize = 1 << 20;
/// A quoted field with more line breaks than this is taken for one whose quote never closes.
pub(super) const MAX_QUOTED_BREAKS: usize = 1000;
/// What is kept of a record, at most.
pub(super) const MAX_RECORD_BYTES: usize = 1 << 24;

/// From where to where a field goes, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A field as it stands in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// Its text: between the quotes, where it has some.
    pub(super) span: Span,
    pub(super) is_quoted: bool,
    /// Whether there are escapes to undo.
    has_escapes: bool,
}

/// What was found at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scan {
    /// The text ends before the record does.
    More,
    /// A record without any text.
    Blank { n_bytes: usize },
    /// A record; its fields are in [`Scanner::fields`].
    Record { n_bytes: usize, is_unclosed: bool },
    /// The beginning of a record whose line goes on beyond [`MAX_RECORD_BYTES`].
    TooLong,
}

/// One attempt at cutting a record.
#[derive(Clone, Copy, Debug)]
enum Cut {
    More,
    TooLong,
    /// A record of `n_bytes`; where it has quoted line breaks, from where the first field with one
    /// starts.
    End {
        n_bytes: usize,
        spanning: Option<usize>,
    },
    /// The quote of the field that starts here does not close.
    Unclosed {
        start: usize,
    },
}

/// What a quote opens.
enum Quoted {
    /// The text ends first.
    More { has_breaks: bool },
    /// It closes at `end`, and the field at `next`.
    Closed { end: usize, next: usize, has_escapes: bool, has_breaks: bool },
    /// The quote that should close it has text behind it.
    Junk { has_breaks: bool },
    /// It goes on too long to be believed.
    Unclosed,
}

/// Where quotes count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quoting {
    /// At the start of a field; a single quote inside closes it.
    Strict,
    /// At the start of a field; only a quote before a separator or a line end closes it.
    Lenient,
    /// Only in fields that start before this byte.
    Before(usize),
}

const ORDINARY: u8 = 0;
/// Ends a field outside quotes.
const END: u8 = 1;
/// Is a quote.
const QUOTE: u8 = 2;
/// Is of interest only inside quotes.
const INSIDE: u8 = 3;

/// What is odd about a record.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Oddities {
    /// Whether it has quotes where none belong.
    pub(super) stray_quote: bool,
    /// Whether a quoted field has lines that look like rows.
    pub(super) rows_in_quotes: bool,
    /// Whether there are blanks around quotes.
    pub(super) padding: bool,
}

/// Cuts records.
#[derive(Clone, Debug)]
pub(super) struct Scanner {
    separator: Separator,
    quote: Option<u8>,
    backslash_escapes: bool,
    /// How many columns the table has, where that is known.
    pub(super) width: Option<usize>,
    outside: [u8; 256],
    inside: [u8; 256],
    fields: Vec<Field>,
    oddities: Oddities,
    spans: Vec<Span>,
    unescaped: Vec<u8>,
}

impl Scanner {
    pub(super) fn new(separator: Separator, quote: Option<u8>, backslash_escapes: bool) -> Self {
        let (mut outside, mut inside) = ([ORDINARY; 256], [ORDINARY; 256]);
        for byte in [b'\n', b'\r'] {
            outside[usize::from(byte)] = END;
            inside[usize::from(byte)] = INSIDE;
        }
        match separator {
            Separator::Byte(byte) => outside[usize::from(byte)] = END,
            Separator::Whitespace => {
                outside[usize::from(b' ')] = END;
                outside[usize::from(b'\t')] = END;
            }
        }
        if let Some(quote) = quote {
            outside[usize::from(quote)] = QUOTE;
            inside[usize::from(quote)] = QUOTE;
        }
        if backslash_escapes {
            inside[usize::from(b'\\')] = INSIDE;
        }
        Self {
            separator,
            quote,
            backslash_escapes,
            width: None,
            outside,
            inside,
            fields: Vec::new(),
            oddities: Oddities::default(),
            spans: Vec::new(),
            unescaped: Vec::new(),
        }
    }

    pub(super) fn separator(&self) -> Separator {
        self.separator
    }

    pub(super) fn quote(&self) -> Option<u8> {
        self.quote
    }

    pub(super) fn backslash_escapes(&self) -> bool {
        self.backslash_escapes
    }

    /// The fields of the record last scanned.
    pub(super) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// What is odd about the record last scanned.
    pub(super) fn oddities(&self) -> Oddities {
        self.oddities
    }

    /// Cuts the record that `text` begins with. `is_last` where no more text follows.
    pub(super) fn scan(&mut self, text: &[u8], is_last: bool) -> Scan {
        let n_bytes = match self.cut(text, is_last, Quoting::Strict) {
            Cut::More => return Scan::More,
            Cut::TooLong => return Scan::TooLong,
            Cut::Unclosed { start } => return self.scan_unclosed(text, is_last, start),
            Cut::End { n_bytes, spanning: Some(start) } => {
                if self.is_swallowing(&text[..n_bytes], start) {
                    return self.scan_unclosed(text, is_last, start);
                }
                n_bytes
            }
            Cut::End { n_bytes, spanning: None } => {
                if self.oddities.stray_quote && !self.fits(text) {
                    self.cut_leniently(&text[..n_bytes]);
                }
                n_bytes
            }
        };
        if self.fields.iter().all(|field| is_blank(&text[field.span.start..field.span.end])) {
            Scan::Blank { n_bytes }
        } else {
            Scan::Record { n_bytes, is_unclosed: false }
        }
    }

    /// Ends the record with the line in which its unclosed quote opens.
    fn scan_unclosed(&mut self, text: &[u8], is_last: bool, start: usize) -> Scan {
        match self.cut(text, is_last, Quoting::Before(start)) {
            Cut::End { n_bytes, .. } => Scan::Record { n_bytes, is_unclosed: true },
            Cut::TooLong => Scan::TooLong,
            Cut::More | Cut::Unclosed { .. } => Scan::More,
        }
    }

    /// Whether a record with quoted line breaks is rather a line whose quote never closes, with
    /// whole rows behind it.
    ///
    /// It is, where it does not have the fields of the table but the lines inside it do, or its
    /// last line does without a quote too many. Where it has the fields of the table, it takes
    /// three lines or more inside, all of which have them too, and three fields or more, for lines
    /// of text have a comma now and then. With less, it only raises a doubt.
    fn is_swallowing(&mut self, record: &[u8], start: usize) -> bool {
        let Some(width) = self.width else { return false };
        let fits = self.fits(record);
        if fits && width < 2 {
            return false;
        }
        let (mut n_inside, mut n_inside_fit) = (0_u32, 0_u32);
        let (mut last_fits, mut last_fits_but_quotes) = (false, false);
        let mut at = match self.cut(record, true, Quoting::Before(start)) {
            Cut::End { n_bytes, .. } => n_bytes,
            _ => record.len(),
        };
        while at < record.len() {
            let line = &record[at..];
            // Without any quote, every line break ends a record.
            let n_bytes = match self.cut(line, true, Quoting::Before(0)) {
                Cut::End { n_bytes, .. } => n_bytes,
                _ => line.len(),
            };
            let line = &line[..n_bytes];
            last_fits_but_quotes = self.fits(line);
            let cut = self.cut(line, true, Quoting::Strict);
            last_fits =
                matches!(cut, Cut::End { .. }) && !self.oddities.stray_quote && self.fits(line);
            at += n_bytes;
            if at < record.len() {
                n_inside += 1;
                n_inside_fit += u32::from(last_fits);
            }
        }
        let is_swallowing = if fits {
            width >= 3 && n_inside >= 3 && n_inside_fit == n_inside
        } else {
            last_fits || (n_inside > 0 && n_inside_fit * 2 >= n_inside)
        };
        if !is_swallowing {
            self.cut(record, true, Quoting::Strict);
            self.oddities.rows_in_quotes = fits
                && if width >= 3 {
                    n_inside_fit > 0 || last_fits_but_quotes
                } else {
                    n_inside > 0 && n_inside_fit == n_inside
                };
        }
        is_swallowing
    }

    /// Tries to read single quotes inside a quoted field as text, and keeps the fields as they were
    /// where that does not give the fields of the table.
    fn cut_leniently(&mut self, line: &[u8]) {
        let cut = self.cut(line, true, Quoting::Lenient);
        if !(matches!(cut, Cut::End { n_bytes, .. } if n_bytes == line.len()) && self.fits(line)) {
            self.cut(line, true, Quoting::Strict);
        }
        self.oddities.stray_quote = true;
    }

    /// Whether the record has as many fields as the table has columns, empty ones behind them
    /// aside.
    pub(super) fn fits(&self, text: &[u8]) -> bool {
        self.width.is_none_or(|width| {
            self.fields.len() >= width
                && self.fields[width..]
                    .iter()
                    .all(|field| is_blank(&text[field.span.start..field.span.end]))
        })
    }

    fn cut(&mut self, text: &[u8], is_last: bool, quoting: Quoting) -> Cut {
        self.fields.clear();
        self.oddities = Oddities::default();
        let is_clipped = text.len() > MAX_RECORD_BYTES;
        let text = &text[..text.len().min(MAX_RECORD_BYTES)];
        let is_last = is_last && !is_clipped;
        let mut spanning = None;
        let more = |spanning: Option<usize>| match spanning {
            _ if !is_clipped => Cut::More,
            Some(start) => Cut::Unclosed { start },
            None => Cut::TooLong,
        };
        let mut at = 0;
        if self.separator == Separator::Whitespace {
            at = self.skip_blanks(text, at);
        }
        loop {
            let start = at;
            let mut end = None;
            if let Some(open) = self.opening_quote(text, start, quoting) {
                match self.quoted(text, open, is_last, quoting == Quoting::Lenient) {
                    Quoted::Closed { end: close, next, has_escapes, has_breaks } => {
                        let span = Span { start: open + 1, end: close };
                        self.fields.push(Field { span, is_quoted: true, has_escapes });
                        self.oddities.padding |= open > start || next > close + 1;
                        if has_breaks && spanning.is_none() {
                            spanning = Some(start);
                        }
                        end = Some(next);
                    }
                    Quoted::Junk { has_breaks: false } => self.oddities.stray_quote = true,
                    Quoted::Junk { has_breaks: true } | Quoted::Unclosed => {
                        return Cut::Unclosed { start };
                    }
                    Quoted::More { has_breaks } if is_last || (is_clipped && has_breaks) => {
                        return Cut::Unclosed { start };
                    }
                    Quoted::More { .. } => {
                        self.push_bare(start, text.len());
                        return more(spanning);
                    }
                }
            }
            let end = if let Some(end) = end {
                end
            } else {
                let end = self.bare_end(text, start);
                self.push_bare(start, end);
                end
            };
            at = end;
            if self.separator == Separator::Whitespace {
                at = self.skip_blanks(text, at);
            }
            match text.get(at) {
                None if is_last => return Cut::End { n_bytes: at, spanning },
                None => return more(spanning),
                Some(b'\n') => return Cut::End { n_bytes: at + 1, spanning },
                Some(b'\r') => {
                    return match text.get(at + 1) {
                        Some(b'\n') => Cut::End { n_bytes: at + 2, spanning },
                        Some(_) => Cut::End { n_bytes: at + 1, spanning },
                        None if is_last => Cut::End { n_bytes: at + 1, spanning },
                        None => more(spanning),
                    };
                }
                Some(_) if self.separator != Separator::Whitespace => at += 1,
                Some(_) => {}
            }
        }
    }

    fn push_bare(&mut self, start: usize, end: usize) {
        let span = Span { start, end };
        self.fields.push(Field { span, is_quoted: false, has_escapes: false });
    }

    /// Where the field that starts at `start` ends, quotes being text.
    fn bare_end(&mut self, text: &[u8], start: usize) -> usize {
        let mut at = start;
        loop {
            match text[at..].iter().position(|&byte| self.outside[usize::from(byte)] != ORDINARY) {
                None => return text.len(),
                Some(offset) => {
                    at += offset;
                    if self.outside[usize::from(text[at])] == END {
                        return at;
                    }
                    self.oddities.stray_quote = true;
                    at += 1;
                }
            }
        }
    }

    /// Where the quote is that the field at `start` opens with, blanks before it aside.
    fn opening_quote(&self, text: &[u8], start: usize, quoting: Quoting) -> Option<usize> {
        let quote = self.quote?;
        if matches!(quoting, Quoting::Before(limit) if start >= limit) {
            return None;
        }
        match text.get(start)? {
            &byte if byte == quote => Some(start),
            b' ' | b'\t' => {
                let at = self.skip_blanks(text, start);
                (text.get(at) == Some(&quote)).then_some(at)
            }
            _ => None,
        }
    }

    /// Reads from an opening quote to the end of its field.
    fn quoted(&self, text: &[u8], open: usize, is_last: bool, is_lenient: bool) -> Quoted {
        let mut at = open + 1;
        let mut n_breaks = 0;
        let mut has_escapes = false;
        loop {
            let special = |&byte: &u8| self.inside[usize::from(byte)] != ORDINARY;
            let Some(offset) = text[at..].iter().position(special) else {
                if n_breaks > 0 && text.len() - open > MAX_FIELD_BYTES + 1 {
                    return Quoted::Unclosed;
                }
                return Quoted::More { has_breaks: n_breaks > 0 };
            };
            at += offset;
            if n_breaks > 0 && at - open > MAX_FIELD_BYTES + 1 {
                return Quoted::Unclosed;
            }
            let more = Quoted::More { has_breaks: n_breaks > 0 };
            let next = text.get(at + 1).copied();
            match text[at] {
                b'\n' => n_breaks += 1,
                b'\r' => match next {
                    Some(b'\n') => {}
                    Some(_) => n_breaks += 1,
                    None if is_last => n_breaks += 1,
                    None => return more,
                },
                byte if Some(byte) == self.quote => {
                    if next == self.quote {
                        has_escapes = true;
                        at += 1;
                    } else {
                        let after = self.skip_blanks(text, at + 1);
                        let closes = match text.get(after) {
                            None if is_last => true,
                            None => return more,
                            Some(&byte) => self.outside[usize::from(byte)] == END,
                        };
                        // Blanks are what separates.
                        let is_apart = self.separator == Separator::Whitespace && after > at + 1;
                        if closes || is_apart {
                            let has_breaks = n_breaks > 0;
                            return Quoted::Closed {
                                end: at,
                                next: after,
                                has_escapes,
                                has_breaks,
                            };
                        }
                        if !is_lenient {
                            return Quoted::Junk { has_breaks: n_breaks > 0 };
                        }
                    }
                }
                // A backslash.
                _ => match next {
                    None if !is_last => return more,
                    Some(b'\\') => {
                        has_escapes = true;
                        at += 1;
                    }
                    next if next == self.quote => {
                        has_escapes = true;
                        at += 1;
                    }
                    _ => {}
                },
            }
            at += 1;
            if n_breaks >= MAX_QUOTED_BREAKS {
                return Quoted::Unclosed;
            }
        }
    }

    fn skip_blanks(&self, text: &[u8], start: usize) -> usize {
        let is_blank =
            |byte: u8| (byte == b' ' || byte == b'\t') && self.separator != Separator::Byte(byte);
        start + text[start..].iter().take_while(|&&byte| is_blank(byte)).count()
    }

    /// Undoes escapes and trims the fields of the record last scanned.
    pub(super) fn assemble(&mut self, record: &[u8]) -> Assembled<'_> {
        self.spans.clear();
        let mut was_trimmed = self.oddities.padding;
        let has_escapes = self.fields.iter().any(|field| field.has_escapes);
        if has_escapes {
            self.unescaped.clear();
            for field in &self.fields {
                let start = self.unescaped.len();
                let raw = &record[field.span.start..field.span.end];
                if field.has_escapes {
                    unescape(raw, self.quote, self.backslash_escapes, &mut self.unescaped);
                } else {
                    self.unescaped.extend_from_slice(raw);
                }
                self.spans.push(Span { start, end: self.unescaped.len() });
            }
        } else {
            self.spans.extend(self.fields.iter().map(|field| field.span));
        }
        let text = if has_escapes { &self.unescaped } else { record };
        for span in &mut self.spans {
            was_trimmed |= trim(text, span);
        }
        was_trimmed &= self.separator != Separator::Whitespace;
        Assembled { text: has_escapes.then_some(&self.unescaped), spans: &self.spans, was_trimmed }
    }
}

/// A record ready for use.
pub(super) struct Assembled<'a> {
    /// What the spans point into, where that is not the record itself.
    pub(super) text: Option<&'a Vec<u8>>,
    pub(super) spans: &'a [Span],
    /// Whether white space was taken away.
    pub(super) was_trimmed: bool,
}

fn unescape(raw: &[u8], quote: Option<u8>, backslash_escapes: bool, out: &mut Vec<u8>) {
    let mut rest = raw;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let next = after.first().copied();
        let is_escape = next.is_some()
            && ((Some(byte) == quote && next == quote)
                || (backslash_escapes && byte == b'\\' && (next == quote || next == Some(b'\\'))));
        match next {
            Some(next) if is_escape => {
                out.push(next);
                rest = &after[1..];
            }
            _ => out.push(byte),
        }
    }
}

pub(super) fn is_blank(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// White space, and what is invisible and as wide as nothing.
pub(super) fn is_trimmed(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{FEFF}' | '\u{200B}' | '\u{2060}')
}

/// Takes white space off the ends of a span; whether there was any.
#[inline]
pub(super) fn trim(text: &[u8], span: &mut Span) -> bool {
    let Some(field) = text.get(span.start..span.end) else { return false };
    let (Some(&first), Some(&last)) = (field.first(), field.last()) else { return false };
    // All other bytes of ASCII are no white space.
    let may_be_space = |byte: u8| byte <= b' ' || byte >= 0x80;
    (may_be_space(first) || may_be_space(last)) && trim_space(field, span)
}

#[inline(never)]
fn trim_space(field: &[u8], span: &mut Span) -> bool {
    if field.is_ascii() {
        let is_space = |&byte: &u8| matches!(byte, 0x09..=0x0D | b' ');
        let n_before = field.iter().take_while(|byte| is_space(byte)).count();
        let rest = &field[n_before..];
        let n_behind = rest.iter().rev().take_while(|byte| is_space(byte)).count();
        span.start += n_before;
        span.end -= n_behind;
        return 0 < n_before + n_behind;
    }
    // The first bytes of all trimmed characters.
    let starts = |&byte: &u8| matches!(byte, 0x09..=0x0D | b' ' | 0xC2 | 0xE1 | 0xE2 | 0xE3 | 0xEF);
    let ends = match *field {
        [.., last] if last < 0x80 => starts(&last),
        [.., 0xC2, _] | [.., 0xE1 | 0xE2 | 0xE3 | 0xEF, _, _] => true,
        _ => false,
    };
    if !ends && !field.first().is_some_and(starts) {
        return false;
    }
    // What is no text is in a row that is not used as it stands.
    let Ok(text) = std::str::from_utf8(field) else { return false };
    let trimmed = text.trim_start_matches(is_trimmed);
    span.start = span.end - trimmed.len();
    span.end = span.start + trimmed.trim_end_matches(is_trimmed).len();
    span.end - span.start < field.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_trimmed_character_is_overlooked() {
        for character in '\0'..=char::MAX {
            let text = format!("{character}a{character}");
            let mut span = Span { start: 0, end: text.len() };
            assert_eq!(trim(text.as_bytes(), &mut span), is_trimmed(character), "{character:?}");
            let expected = text.trim_matches(is_trimmed);
            assert_eq!(&text[span.start..span.end], expected);
        }
    }
}
