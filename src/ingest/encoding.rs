//! Bytes to UTF-8: byte order marks, UTF-8, UTF-16 and Windows-1252, in a stream.
//!
//! It does not decode the legacy encodings of other scripts: where a text looks like one of them,
//! it makes a question, and whoever answers hands the text over as UTF-8.

use super::structure;
use crate::report::Question;

/// The encoding of a file's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, little end first.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
    /// Windows-1252, the usual legacy encoding of Western Europe and the Americas.
    Windows1252,
}

impl Encoding {
    /// Its label in the Encoding Standard of the web, such as `utf-8`.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }
}

/// What Windows-1252 makes of the bytes 0x80 to 0x9F. The five that it leaves undefined become the
/// control characters of the same number, as the Encoding Standard of the web has it.
const WINDOWS_1252: [char; 32] = [
    '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}',
    '\u{2C6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8D}', '\u{17D}', '\u{8F}',
    '\u{90}', '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2013}', '\u{2014}',
    '\u{2DC}', '\u{2122}', '\u{161}', '\u{203A}', '\u{153}', '\u{9D}', '\u{17E}', '\u{178}',
];

fn windows_1252_char(byte: u8) -> char {
    match byte {
        0x80..=0x9F => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// What the first part of a file says about its encoding.
#[derive(Debug)]
pub(super) struct Detected {
    /// The encoding to go on with.
    pub(super) encoding: Encoding,
    /// Whether there is any character beyond ASCII that is valid UTF-8.
    pub(super) has_multibyte: bool,
    /// What to ask, where another encoding is as likely.
    pub(super) question: Option<Question>,
}

/// Finds the encoding of a file from its first part; `is_whole` where that is all of it.
pub(super) fn detect(head: &[u8], is_whole: bool) -> Detected {
    let found = |encoding, has_multibyte| Detected { encoding, has_multibyte, question: None };
    if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
        return found(Encoding::Utf8, true);
    }
    if head.starts_with(&[0xFF, 0xFE]) {
        return found(Encoding::Utf16Le, true);
    }
    if head.starts_with(&[0xFE, 0xFF]) {
        return found(Encoding::Utf16Be, true);
    }
    if let Some(encoding) = utf16_by_nuls(head) {
        return found(encoding, true);
    }
    let (n_multibyte, n_invalid) = count_utf8(head, is_whole);
    if n_invalid == 0 || n_multibyte > n_invalid {
        let question = has_japanese_escapes(head).then(|| Question {
            code: "encoding-unknown".into(),
            message: "The text holds the escape codes of ISO-2022-JP, a Japanese encoding. Which \
                      encoding is it in?"
                .into(),
            column: None,
            options: vec!["utf-8".into(), "iso-2022-jp".into()],
            readings: vec![String::new(), String::new()],
            answer_to: "encoding".into(),
            assumed: Some("utf-8".into()),
        });
        return Detected { encoding: Encoding::Utf8, has_multibyte: n_multibyte > 0, question };
    }
    let mut evidence = Evidence::default();
    evidence.take(head);
    evidence.end();
    Detected {
        encoding: Encoding::Windows1252,
        has_multibyte: false,
        question: evidence.question(n_multibyte > 0),
    }
}

/// ASCII text in UTF-16 has a NUL in every other byte.
fn utf16_by_nuls(head: &[u8]) -> Option<Encoding> {
    let n_pairs = head.len() / 2;
    let (mut n_first, mut n_second) = (0, 0);
    for pair in head.chunks_exact(2) {
        n_first += usize::from(pair[0] == 0 && pair[1] != 0);
        n_second += usize::from(pair[1] == 0 && pair[0] != 0);
    }
    let is_pattern = |n: usize, other: usize| n >= 2 && n * 10 >= n_pairs * 3 && other * 20 <= n;
    if is_pattern(n_second, n_first) {
        Some(Encoding::Utf16Le)
    } else if is_pattern(n_first, n_second) {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// How many valid characters beyond ASCII there are in UTF-8, and how many invalid sequences.
fn count_utf8(head: &[u8], is_whole: bool) -> (usize, usize) {
    let (mut n_multibyte, mut n_invalid) = (0, 0);
    let mut seen = 0;
    for chunk in head.utf8_chunks() {
        let valid = chunk.valid();
        if !valid.is_ascii() {
            n_multibyte += valid.chars().filter(|c| !c.is_ascii()).count();
        }
        seen += valid.len() + chunk.invalid().len();
        let is_cut_off = !is_whole && seen == head.len() && is_incomplete(chunk.invalid());
        n_invalid += usize::from(!chunk.invalid().is_empty() && !is_cut_off);
    }
    (n_multibyte, n_invalid)
}

fn is_incomplete(bytes: &[u8]) -> bool {
    matches!(std::str::from_utf8(bytes), Err(error) if error.error_len().is_none())
}

fn has_japanese_escapes(head: &[u8]) -> bool {
    head.windows(3).any(|bytes| matches!(bytes, b"\x1b$B" | b"\x1b$@" | b"\x1b(J"))
}

/// Decodes a stream to UTF-8.
///
/// What is no text in the encoding becomes bytes that are no UTF-8 either, so that the row they
/// are in can be told from the others.
#[derive(Debug)]
pub(super) struct Decoder {
    encoding: Encoding,
    /// Whether a first character beyond ASCII has shown that this is UTF-8. Until then, the first
    /// invalid byte makes it Windows-1252.
    is_settled: bool,
    /// Bytes of a character cut off by the end of a piece.
    tail: Vec<u8>,
    high_surrogate: Option<u16>,
    /// What speaks against Windows-1252; nothing where the encoding was given.
    evidence: Option<Evidence>,
}

impl Decoder {
    /// A decoder for what was found in the first part of a file.
    pub(super) fn new(detected: &Detected) -> Self {
        let evidence = detected.question.is_none().then(Evidence::default);
        Self { evidence, ..Self::given(detected.encoding, detected.has_multibyte) }
    }

    /// A decoder for an encoding that is known.
    pub(super) fn given(encoding: Encoding, is_settled: bool) -> Self {
        Self { encoding, is_settled, tail: Vec::new(), high_surrogate: None, evidence: None }
    }

    /// The encoding as far as it is known now.
    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether these bytes, next in the stream, are their own decoding.
    pub(super) fn passes(&self, bytes: &[u8]) -> bool {
        self.encoding == Encoding::Utf8
            && self.tail.is_empty()
            && (self.is_settled || structure::is_ascii(bytes))
    }

    /// Whether the encoding no longer depends on what comes.
    pub(super) fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// Where in these bytes, next in the stream, the character starts that tells the encoding; at 0,
    /// where its first bytes are already here.
    pub(super) fn settles_at(&self, bytes: &[u8]) -> Option<usize> {
        if self.is_settled || self.encoding != Encoding::Utf8 {
            None
        } else if self.tail.is_empty() {
            bytes.iter().position(|byte| !byte.is_ascii())
        } else {
            Some(0)
        }
    }

    /// Decodes the next bytes and appends them to `out`.
    pub(super) fn decode(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        match self.encoding {
            Encoding::Utf8 if self.is_settled => out.extend_from_slice(bytes),
            Encoding::Utf8 => self.decode_unsettled(bytes, out),
            Encoding::Windows1252 => self.decode_windows_1252(bytes, out),
            Encoding::Utf16Le => self.decode_utf16(bytes, u16::from_le_bytes, out),
            Encoding::Utf16Be => self.decode_utf16(bytes, u16::from_be_bytes, out),
        }
    }

    /// Decodes what is left at the end of the stream.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        let tail = std::mem::take(&mut self.tail);
        match self.encoding {
            Encoding::Utf8 if !tail.is_empty() => {
                self.encoding = Encoding::Windows1252;
                self.decode_windows_1252(&tail, out);
            }
            Encoding::Utf8 | Encoding::Windows1252 => {}
            Encoding::Utf16Le | Encoding::Utf16Be => {
                if let Some(high) = self.high_surrogate.take() {
                    push_lone_surrogate(high, out);
                }
                if !tail.is_empty() {
                    out.push(0xFF);
                }
            }
        }
        if let Some(evidence) = &mut self.evidence {
            evidence.end();
        }
    }

    /// What to ask at the end of a file about what was not yet known at its beginning.
    pub(super) fn question(&self) -> Option<Question> {
        self.evidence.as_ref().and_then(|evidence| evidence.question(false))
    }

    fn decode_unsettled(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        if !self.tail.is_empty() {
            let mut joined = std::mem::take(&mut self.tail);
            joined.extend_from_slice(bytes);
            self.decode_unsettled(&joined, out);
            return;
        }
        let Some(at) = bytes.iter().position(|byte| !byte.is_ascii()) else {
            out.extend_from_slice(bytes);
            return;
        };
        let (ascii, rest) = bytes.split_at(at);
        out.extend_from_slice(ascii);
        match std::str::from_utf8(&rest[..rest.len().min(4)]) {
            Err(error) if error.valid_up_to() == 0 && error.error_len().is_none() => {
                self.tail.extend_from_slice(rest);
            }
            Err(error) if error.valid_up_to() == 0 => {
                self.encoding = Encoding::Windows1252;
                self.decode_windows_1252(rest, out);
            }
            _ => {
                self.is_settled = true;
                out.extend_from_slice(rest);
            }
        }
    }

    fn decode_windows_1252(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        if let Some(evidence) = &mut self.evidence {
            evidence.take(bytes);
        }
        out.reserve(bytes.len() + bytes.len() / 8);
        let mut rest = bytes;
        loop {
            let (ascii, beyond) = rest.split_at(structure::n_ascii(rest));
            out.extend_from_slice(ascii);
            let Some((&byte, behind)) = beyond.split_first() else { return };
            push_char(windows_1252_char(byte), out);
            rest = behind;
        }
    }

    #[inline]
    fn decode_utf16(&mut self, bytes: &[u8], unit: impl Fn([u8; 2]) -> u16, out: &mut Vec<u8>) {
        let mut rest = bytes;
        if let (Some(&first), Some((&second, after))) = (self.tail.first(), rest.split_first()) {
            self.tail.clear();
            self.take_utf16(unit([first, second]), out);
            rest = after;
        }
        out.reserve(rest.len() / 2 + rest.len() / 16);
        // Units of ASCII are many at once, and most of them.
        let (groups, rest) = rest.as_chunks::<UTF16_GROUP_BYTES>();
        for group in groups {
            let (pairs, _) = group.as_chunks::<2>();
            if self.high_surrogate.is_none()
                && pairs.iter().fold(0, |all, &pair| all | unit(pair)) < 0x80
            {
                let mut ascii = [0; UTF16_GROUP_BYTES / 2];
                for (byte, &pair) in ascii.iter_mut().zip(pairs) {
                    *byte = unit(pair).to_le_bytes()[0];
                }
                out.extend_from_slice(&ascii);
            } else {
                for &pair in pairs {
                    self.take_utf16(unit(pair), out);
                }
            }
        }
        let (pairs, rest) = rest.as_chunks::<2>();
        for &pair in pairs {
            self.take_utf16(unit(pair), out);
        }
        self.tail.extend_from_slice(rest);
    }

    fn take_utf16(&mut self, unit: u16, out: &mut Vec<u8>) {
        if let Some(high) = self.high_surrogate.take() {
            if (0xDC00..0xE000).contains(&unit) {
                let code =
                    0x1_0000 + ((u32::from(high) - 0xD800) << 10) + (u32::from(unit) - 0xDC00);
                if let Some(character) = char::from_u32(code) {
                    push_char(character, out);
                }
                return;
            }
            push_lone_surrogate(high, out);
        }
        match char::from_u32(u32::from(unit)) {
            Some(character) => push_char(character, out),
            None if unit < 0xDC00 => self.high_surrogate = Some(unit),
            None => push_lone_surrogate(unit, out),
        }
    }
}

/// How many bytes of UTF-16 are looked at together.
const UTF16_GROUP_BYTES: usize = 32;

fn push_char(character: char, out: &mut Vec<u8>) {
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Half a pair is no character: three bytes that no UTF-8 has.
fn push_lone_surrogate(unit: u16, out: &mut Vec<u8>) {
    let [high, low] = unit.to_be_bytes();
    out.extend_from_slice(&[0xED, 0x80 | ((high & 0x0F) << 2) | (low >> 6), 0x80 | (low & 0x3F)]);
}

/// How many cells with characters beyond ASCII are kept to show and to try other encodings on.
const CELLS_KEPT: usize = 20;
/// How much of such a cell is kept.
const CELL_BYTES_KEPT: usize = 40;
/// How many cells a question shows.
const CELLS_SHOWN: usize = 3;

/// What bytes mean in Windows-1252, as far as it matters for telling whether they are in it.
enum ByteClass {
    /// Ends a cell.
    Delimiter,
    AsciiLetter,
    OtherAscii,
    /// A letter beyond ASCII.
    Letter,
    /// What stands inside or right beside words: apostrophes, dashes, trade marks.
    Joiner,
    /// A sign that no word has inside.
    Sign,
    /// Nothing at all.
    Undefined,
}

fn classify(byte: u8) -> ByteClass {
    match byte {
        b',' | b';' | b'\t' | b'|' | b'"' | b'\n' | b'\r' => ByteClass::Delimiter,
        b'a'..=b'z' | b'A'..=b'Z' => ByteClass::AsciiLetter,
        0..=0x7F => ByteClass::OtherAscii,
        0x81 | 0x8D | 0x8F | 0x90 | 0x9D => ByteClass::Undefined,
        0x85
        | 0x91
        | 0x92
        | 0x95..=0x97
        | 0x99
        | 0xA0
        | 0xA9
        | 0xAD
        | 0xAE
        | 0xB0
        | 0xB4
        | 0xB7 => ByteClass::Joiner,
        0x8A
        | 0x8C
        | 0x8E
        | 0x9A
        | 0x9C
        | 0x9E
        | 0x9F
        | 0xAA
        | 0xBA
        | 0xC0..=0xD6
        | 0xD8..=0xF6
        | 0xF8..=0xFF => ByteClass::Letter,
        _ => ByteClass::Sign,
    }
}

/// What speaks against Windows-1252 in the bytes read so far.
///
/// Western text has single letters beyond ASCII among ASCII ones. Long runs of them, signs inside
/// words, and bytes without a meaning come from other encodings.
#[derive(Debug, Default)]
struct Evidence {
    n_cells: u64,
    n_odd_cells: u64,
    n_undefined: u64,
    /// The first cells with characters beyond ASCII, cut short.
    cells: Vec<Vec<u8>>,
    // The cell at hand:
    cell: Vec<u8>,
    is_beyond_ascii: bool,
    is_odd: bool,
    word: Word,
    // Characters beyond ASCII in a row, up to here:
    n_letters_in_a_row: u32,
    n_high_in_a_row: u32,
    n_plain_high_in_a_row: u32,
}

/// What a word consists of, up to here.
#[derive(Clone, Copy, Debug, Default)]
enum Word {
    #[default]
    Nothing,
    Letters,
    /// Letters, and a sign behind them.
    Sign,
}

impl Evidence {
    fn take(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        loop {
            let n_ascii = structure::n_ascii(rest);
            let (ascii, beyond) = rest.split_at(n_ascii);
            self.take_ascii(ascii);
            let Some((&byte, behind)) = beyond.split_first() else { return };
            self.take_byte(byte);
            rest = behind;
        }
    }

    /// Takes plain text. Of it, only the cells count that have characters beyond ASCII before or
    /// behind.
    fn take_ascii(&mut self, text: &[u8]) {
        let ends_cell = |&byte: &u8| matches!(classify(byte), ByteClass::Delimiter);
        let Some(last) = text.iter().rposition(ends_cell) else {
            return self.take_bytes(text);
        };
        if self.is_beyond_ascii {
            let n_cell = text.iter().take_while(|byte| !ends_cell(byte)).count();
            self.take_bytes(&text[..n_cell]);
        }
        self.end();
        self.take_bytes(&text[last + 1..]);
    }

    fn take_bytes(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.take_byte(byte);
        }
    }

    fn take_byte(&mut self, byte: u8) {
        let class = classify(byte);
        if matches!(class, ByteClass::Delimiter) {
            self.end();
            return;
        }
        if self.cell.len() < CELL_BYTES_KEPT {
            self.cell.push(byte);
        }
        if byte.is_ascii() {
            (self.n_letters_in_a_row, self.n_high_in_a_row) = (0, 0);
            self.n_plain_high_in_a_row = 0;
            if matches!(class, ByteClass::AsciiLetter) {
                self.take_letter();
            } else {
                self.word = Word::Nothing;
            }
            return;
        }
        self.is_beyond_ascii = true;
        self.n_high_in_a_row += 1;
        if !matches!(class, ByteClass::Joiner) {
            self.n_plain_high_in_a_row += 1;
        }
        match class {
            ByteClass::Letter => {
                self.n_letters_in_a_row += 1;
                self.take_letter();
            }
            ByteClass::Joiner => {
                self.n_letters_in_a_row = 0;
                self.word = Word::Nothing;
            }
            ByteClass::Undefined => {
                self.n_undefined += 1;
                self.is_odd = true;
            }
            _ => {
                self.n_letters_in_a_row = 0;
                if matches!(self.word, Word::Letters) {
                    self.word = Word::Sign;
                }
            }
        }
        self.is_odd |= self.n_letters_in_a_row >= 3;
        self.is_odd |= self.n_high_in_a_row >= 4 && self.n_plain_high_in_a_row >= 2;
    }

    fn take_letter(&mut self) {
        self.is_odd |= matches!(self.word, Word::Sign);
        self.word = Word::Letters;
    }

    /// Ends a cell.
    fn end(&mut self) {
        if self.is_beyond_ascii {
            self.n_cells += 1;
            self.n_odd_cells += u64::from(self.is_odd);
            if self.cells.len() < CELLS_KEPT {
                self.cells.push(self.cell.clone());
            }
        }
        self.cell.clear();
        (self.is_beyond_ascii, self.is_odd) = (false, false);
        (self.n_letters_in_a_row, self.n_high_in_a_row) = (0, 0);
        self.n_plain_high_in_a_row = 0;
        self.word = Word::Nothing;
    }

    /// What to ask, where a tenth of the cells with characters beyond ASCII are odd, or a byte has
    /// no meaning.
    fn question(&self, may_be_utf8: bool) -> Option<Question> {
        if self.n_undefined == 0 && (self.n_odd_cells == 0 || self.n_odd_cells * 10 < self.n_cells)
        {
            return None;
        }
        let mut options = vec!["windows-1252"];
        if may_be_utf8 {
            options.push("utf-8");
        }
        options.extend(self.likely_labels());
        let readings = options.iter().map(|&label| self.reading(label)).collect();
        Some(Question {
            code: "encoding-unknown".into(),
            message: "The text is neither UTF-8 nor likely to be Windows-1252. Which encoding is \
                      it in? Until you choose, letters beyond A to Z may be wrong."
                .into(),
            column: None,
            options: options.into_iter().map(str::to_owned).collect(),
            readings,
            answer_to: "encoding".into(),
            assumed: Some("windows-1252".into()),
        })
    }

    /// The first cells as an encoding reads them, where it can be read here.
    fn reading(&self, label: &str) -> String {
        let shown = self.cells.iter().take(CELLS_SHOWN);
        let cells: Vec<String> = match label {
            "windows-1252" => shown
                .map(|cell| cell.iter().map(|&byte| windows_1252_char(byte)).collect())
                .collect(),
            "utf-8" => shown.map(|cell| String::from_utf8_lossy(cell).into_owned()).collect(),
            _ => Vec::new(),
        };
        cells.join(", ")
    }

    /// Labels of other encodings: first those with characters of two bytes whose pattern fits all
    /// cells kept, then those with one byte for each character, which always fit.
    fn likely_labels(&self) -> Vec<&'static str> {
        let mut labels: Vec<&str> = MULTI_BYTE
            .iter()
            .filter(|pattern| self.cells.iter().all(|cell| pattern.fits(cell)))
            .map(|pattern| pattern.label)
            .collect();
        let high = || self.cells.iter().flatten().filter(|byte| !byte.is_ascii());
        let n_letters = high().filter(|&&byte| byte >= 0xC0).count();
        let singles = ["windows-1250", "windows-1251", "koi8-r", "windows-1253", "iso-8859-2"];
        if n_letters * 10 >= high().count() * 9 {
            // Cyrillic and Greek letters all lie there.
            labels.splice(0..0, ["windows-1251", "koi8-r", "windows-1253"]);
        }
        for single in singles {
            if !labels.contains(&single) {
                labels.push(single);
            }
        }
        labels
    }
}

/// An encoding whose characters beyond ASCII have two bytes, by the ranges that its common
/// characters use.
struct MultiByte {
    label: &'static str,
    lead: &'static [(u8, u8)],
    trail: &'static [(u8, u8)],
    single: &'static [(u8, u8)],
}

const MULTI_BYTE: [MultiByte; 5] = [
    MultiByte {
        label: "shift_jis",
        lead: &[(0x81, 0x9F), (0xE0, 0xEF)],
        trail: &[(0x40, 0x7E), (0x80, 0xFC)],
        single: &[(0xA1, 0xDF)],
    },
    MultiByte { label: "gb18030", lead: &[(0xA1, 0xF7)], trail: &[(0xA1, 0xFE)], single: &[] },
    MultiByte { label: "euc-kr", lead: &[(0xA1, 0xFD)], trail: &[(0xA1, 0xFE)], single: &[] },
    MultiByte {
        label: "big5",
        lead: &[(0xA1, 0xF9)],
        trail: &[(0x40, 0x7E), (0xA1, 0xFE)],
        single: &[],
    },
    MultiByte { label: "euc-jp", lead: &[(0xA1, 0xF4)], trail: &[(0xA1, 0xFE)], single: &[] },
];

impl MultiByte {
    fn fits(&self, cell: &[u8]) -> bool {
        let is_in = |ranges: &[(u8, u8)], byte: u8| {
            ranges.iter().any(|&(first, last)| (first..=last).contains(&byte))
        };
        let mut bytes = cell.iter();
        while let Some(&byte) = bytes.next() {
            if byte.is_ascii() || is_in(self.single, byte) {
                continue;
            }
            match bytes.next() {
                Some(&trail) if is_in(self.lead, byte) && is_in(self.trail, trail) => {}
                // The cell may have been cut short here.
                None if cell.len() == CELL_BYTES_KEPT && is_in(self.lead, byte) => {}
                _ => return false,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            6 => Just(b'a'), 2 => Just(b','), 1 => Just(b'\n'), 1 => Just(b'7'), 1 => Just(b'"'),
            2 => 0xC0_u8..=0xFF, 2 => any::<u8>(),
        ];
        prop::collection::vec((byte, 1_usize..20), 0..60).prop_map(|runs| {
            runs.into_iter().flat_map(|(byte, n_times)| vec![byte; n_times]).collect()
        })
    }

    proptest! {
        #[test]
        fn evidence_in_many_bytes_is_that_of_each(bytes in cells(), cut in 0.0..1.0_f64) {
            let mut each = Evidence::default();
            each.take_bytes(&bytes);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a length")]
            let (first, second) = bytes.split_at((bytes.len() as f64 * cut) as usize);
            let mut many = Evidence::default();
            many.take(first);
            many.take(second);
            each.end();
            many.end();
            prop_assert_eq!(format!("{many:?}"), format!("{each:?}"));
        }

        #[test]
        fn utf16_is_decoded_as_the_standard_library_does(
            text in "[a-z,\n]{0,40}(\\PC|[a-z]{0,20}){0,20}",
            cut in 0.0..1.0_f64,
        ) {
            for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
                let bytes: Vec<u8> = text
                    .encode_utf16()
                    .flat_map(|unit| match encoding {
                        Encoding::Utf16Le => unit.to_le_bytes(),
                        _ => unit.to_be_bytes(),
                    })
                    .collect();
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a length")]
                let (first, second) = bytes.split_at((bytes.len() as f64 * cut) as usize);
                let mut decoder = Decoder::given(encoding, true);
                let mut out = Vec::new();
                decoder.decode(first, &mut out);
                decoder.decode(second, &mut out);
                decoder.finish(&mut out);
                prop_assert_eq!(out, text.as_bytes());
            }
        }
    }
}
