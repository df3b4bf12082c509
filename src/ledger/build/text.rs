//! Text of cells as messages quote it, and signs in it that a reader should know of.
//!
//! It changes no value.

use crate::ingest::last_word;

/// How much of a cell a message quotes, in characters.
const SHOWN_CHARACTERS: usize = 80;

/// A cell as a message quotes it: cut, with control characters as symbols, and isolated so that
/// right-to-left text cannot reorder the sentence around it.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::from('\u{2068}');
    for (index, character) in text.chars().enumerate() {
        if index == SHOWN_CHARACTERS {
            out.push('…');
            break;
        }
        out.push(match character {
            '\u{0}'..='\u{1f}' => {
                char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}')
            }
            '\u{7f}' => '\u{2421}',
            '\u{80}'..='\u{9f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => '\u{fffd}',
            _ => character,
        });
    }
    out.push('\u{2069}');
    out
}

/// Whether a spreadsheet would take a cell for a formula.
pub(super) fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '@', '+', '-', '\t', '\r']) && 1 < text.len()
}

/// Whether a cell looks like markup or a script.
pub(super) fn is_markup(text: &str) -> bool {
    if !may_be_markup(text.as_bytes()) {
        return false;
    }
    text.contains("{{")
        || text.bytes().zip(text.bytes().skip(1)).any(|(first, second)| {
            first == b'<' && (second.is_ascii_alphabetic() || second == b'!' || second == b'/')
        })
        || (text.len() >= 11
            && text.get(..11).is_some_and(|s| s.eq_ignore_ascii_case("javascript:")))
}

/// Whether there is a `<`, a `{` or a `:`, or another sign next to these: most cells have none, eight
/// bytes at a time.
#[inline]
pub(super) fn may_be_markup(text: &[u8]) -> bool {
    let words = text.as_chunks::<8>().0.iter().map(|&word| u64::from_le_bytes(word));
    words.chain([last_word(text)]).any(|word| marks_in(word) != 0)
}

/// A bit for each of eight bytes that is one of `:;<=>{|}~`, or the last of ASCII.
#[inline]
pub(super) fn marks_in(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // Each byte by itself, without its highest bit: nothing is carried to the next one.
    let low = word & (ONES * 0x7F);
    let from = |byte: u64| low + ONES * (0x80 - byte);
    (from(0x3A) & !from(0x3F) | from(0x7B)) & !word & (ONES << 7)
}

/// What is left of an id when case, accents and spacing are set aside, into `out`: ids with the same
/// fold look alike to a person.
pub(super) fn fold_into(id: &str, out: &mut Vec<u8>) {
    out.clear();
    if id.is_ascii() {
        out.extend_from_slice(id.as_bytes());
        out.make_ascii_lowercase();
        if out.iter().any(u8::is_ascii_whitespace) {
            out.retain(|&byte| !char::from(byte).is_whitespace());
        }
        return;
    }
    let mut push = |character: char| {
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    };
    for character in id.chars().flat_map(char::to_lowercase) {
        match character {
            '\u{300}'..='\u{36f}' => {}
            _ if character.is_whitespace() => {}
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => {}
            'à'..='å' | 'ā' | 'ă' | 'ą' => push('a'),
            'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => push('c'),
            'ď' | 'đ' => push('d'),
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => push('e'),
            'ĝ' | 'ğ' | 'ġ' | 'ģ' => push('g'),
            'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => push('i'),
            'ñ' | 'ń' | 'ņ' | 'ň' => push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => push('o'),
            'ŕ' | 'ŗ' | 'ř' => push('r'),
            'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => push('s'),
            'ţ' | 'ť' | 'ț' => push('t'),
            'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => push('u'),
            'ý' | 'ÿ' => push('y'),
            'ź' | 'ż' | 'ž' => push('z'),
            _ => push(character),
        }
    }
}
