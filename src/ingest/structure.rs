//! Where the separators, quotes and line breaks of a text are, found 64 bytes at a time.
//!
//! It knows the bytes that cut a text, not what they mean: a separator inside quotes is a mark like
//! any other. It is the one place with instructions that act on many bytes at once, and with
//! `unsafe`; where the target has none, words of 64 bits do the same.

#![allow(unsafe_code, reason = "loads of vectors, and text that was found to be ASCII")]

/// How many bytes are looked at in one step.
const STEP: usize = 64;

/// The bytes that cut a text, besides line breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Alphabet {
    pub(super) separator: u8,
    pub(super) quote: u8,
}

impl Alphabet {
    fn has(self, byte: u8) -> bool {
        byte == self.separator || byte == self.quote || matches!(byte, b'\n' | b'\r')
    }
}

/// Places in a text, in order, in a buffer that is used again.
#[derive(Clone, Debug, Default)]
struct Places {
    buffer: Vec<u32>,
    len: usize,
}

impl Places {
    /// Adds a place for each bit of `mask`, which stands for the bytes from `base` on. It is fast up
    /// to `AT_ONCE` bits.
    #[inline]
    fn push<const AT_ONCE: usize>(&mut self, base: u32, mask: u64) {
        if self.buffer.len() < self.len + STEP {
            self.buffer.resize((self.len + STEP) * 2, 0);
        }
        let Some(slots) = self.buffer[self.len..].first_chunk_mut::<STEP>() else { return };
        let mut rest = mask;
        // Slots beyond the last bit are written again: so there is no end to guess but each few.
        for slots in slots.as_chunks_mut::<AT_ONCE>().0 {
            for slot in slots {
                *slot = base + rest.trailing_zeros();
                rest &= rest.wrapping_sub(1);
            }
            if rest == 0 {
                break;
            }
        }
        self.len += mask.count_ones() as usize;
    }

    fn as_slice(&self) -> &[u32] {
        &self.buffer[..self.len]
    }
}

/// What was found in the beginning of a text, in bytes from there on.
#[derive(Clone, Debug, Default)]
pub(super) struct Structure {
    marks: Places,
    breaks: Places,
    oddities: Places,
}

impl Structure {
    /// Separators, quotes and line breaks.
    pub(super) fn marks(&self) -> &[u32] {
        self.marks.as_slice()
    }

    /// Line breaks, of `\r\n` the second half.
    pub(super) fn breaks(&self) -> &[u32] {
        self.breaks.as_slice()
    }

    /// Quotes, ASCII beside another mark that may be white space, and the first bytes of characters
    /// that may be white space, so that a record without any is its fields as they stand.
    pub(super) fn oddities(&self) -> &[u32] {
        self.oddities.as_slice()
    }

    /// Finds all that is in the first `n_bytes` of a text that begins with a record.
    ///
    /// The byte behind them is looked at as well. Without one, a `\r` at the end is a line break.
    pub(super) fn find<'a>(
        &mut self,
        text: &'a [u8],
        n_bytes: usize,
        alphabet: Alphabet,
    ) -> Window<'a> {
        self.find_with::<lanes::Native>(text, n_bytes, alphabet)
    }

    #[inline]
    fn find_with<'a, L: Lanes>(
        &mut self,
        text: &'a [u8],
        n_bytes: usize,
        alphabet: Alphabet,
    ) -> Window<'a> {
        let bytes = &text[..n_bytes.min(text.len()).min(u32::MAX as usize / 2)];
        (self.marks.len, self.breaks.len, self.oddities.len) = (0, 0, 0);
        let needles = Needles {
            separator: L::splat(alphabet.separator),
            quote: L::splat(alphabet.quote),
            line_feed: L::splat(b'\n'),
            beyond_space: L::splat(b' ' + 1),
        };
        let mut state = State {
            text,
            n_bytes: bytes.len(),
            alphabet,
            // What stands before the text is a line break.
            is_beside: 1,
            wanted: 0,
            is_valid: true,
            has_nul: false,
            may_turn: false,
        };
        let (steps, rest) = bytes.as_chunks::<STEP>();
        let mut base = 0;
        for step in steps {
            self.take(&needles, &mut state, step, base, STEP);
            base += STEP;
        }
        if !rest.is_empty() {
            let mut step = [b'x'; STEP];
            step[..rest.len()].copy_from_slice(rest);
            self.take(&needles, &mut state, &step, base, rest.len());
        }
        let n_whole = self.breaks().last().map_or(0, |&place| place as usize + 1);
        let whole = bytes.get(..n_whole).unwrap_or(&[]);
        // SAFETY: `whole` is UTF-8. All its bytes went through `take`, and it ends with a line break,
        // so not in the middle of a character. `is_valid` is still set only if each byte from 0x80
        // to 0xBF was wanted by a byte before it, each byte that was wanted was there, and no other
        // byte was one that UTF-8 has not, or has not at its place; see `State::check`.
        let text = state.is_valid.then(|| unsafe { std::str::from_utf8_unchecked(whole) });
        Window { bytes, text, has_nul: state.has_nul, may_turn: state.may_turn }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what it is given stays in registers")]
    fn take<L: Lanes>(
        &mut self,
        needles: &Needles<L>,
        state: &mut State<'_>,
        step: &[u8; STEP],
        base: usize,
        n_bytes: usize,
    ) {
        let (lanes, _) = step.as_chunks::<16>();
        let (mut marks, mut breaks, mut special) = (0, 0, 0);
        for (index, lane) in lanes.iter().enumerate() {
            let lane = L::load(lane);
            let line_feed = lane.eq(needles.line_feed);
            let quote = lane.eq(needles.quote);
            let mark = lane.eq(needles.separator).or(line_feed).or(quote);
            marks |= mark.high_bits_at(index);
            breaks |= line_feed.high_bits_at(index);
            // Bytes beyond ASCII are negative.
            special |= lane.signed_below(needles.beyond_space).or(quote).high_bits_at(index);
        }
        #[expect(clippy::cast_possible_truncation, reason = "a window is not that long")]
        let place = base as u32;
        let last = n_bytes - 1;
        // What stands beside fields.
        let mut limits = marks;
        if special & !breaks == 0 {
            state.is_valid &= state.wanted == 0;
            state.wanted = 0;
        } else {
            let returns = mask::<L>(step, |lane| lane.eq(L::splat(b'\r')));
            let quotes = mask::<L>(step, |lane| lane.eq(needles.quote));
            let high = mask::<L>(step, |lane| lane);
            state.has_nul |= mask::<L>(step, |lane| lane.eq(L::splat(0))) != 0;
            let may_be_space = state.check::<L>(step, high, base, n_bytes);
            limits |= returns;
            let next = state.text.get(base + n_bytes).copied();
            let lone = returns & !(breaks >> 1 | u64::from(next == Some(b'\n')) << last);
            marks |= lone;
            breaks |= lone;
            let next_limits = next.is_some_and(|next| state.alphabet.has(next));
            let beside =
                limits << 1 | state.is_beside | limits >> 1 | u64::from(next_limits) << last;
            let oddities = special & !limits & !high & beside | may_be_space | quotes;
            if oddities != 0 {
                self.oddities.push::<4>(place, oddities);
            }
        }
        state.is_beside = limits >> last & 1;
        self.marks.push::<8>(place, marks);
        if breaks != 0 {
            self.breaks.push::<2>(place, breaks);
        }
    }
}

struct Needles<L> {
    separator: L,
    quote: L,
    line_feed: L,
    beyond_space: L,
}

/// What goes from step to step.
struct State<'a> {
    text: &'a [u8],
    n_bytes: usize,
    alphabet: Alphabet,
    /// The lowest bit set where the byte before is a limit of fields.
    is_beside: u64,
    /// The first bytes of the next step that have to go on with a character.
    wanted: u64,
    is_valid: bool,
    has_nul: bool,
    may_turn: bool,
}

impl State<'_> {
    /// Checks that a step is UTF-8, as far as its bytes and those before it tell; the first bytes of
    /// characters that may be white space. `high` are the bytes beyond ASCII.
    #[inline]
    fn check<L: Lanes>(
        &mut self,
        step: &[u8; STEP],
        high: u64,
        base: usize,
        n_bytes: usize,
    ) -> u64 {
        if high == 0 {
            self.is_valid &= self.wanted == 0;
            self.wanted = 0;
            return 0;
        }
        let from = |limit: u8| high & !mask::<L>(step, |lane| lane.signed_below(L::splat(limit)));
        let any_of = |bytes: &[u8]| {
            mask::<L>(step, |lane| {
                let none = L::splat(0);
                bytes.iter().fold(none, |found, &byte| found.or(lane.eq(L::splat(byte))))
            })
        };
        // First bytes of characters, of those with three bytes or more, and of those with four.
        let (leads, of_three, of_four) = (from(0xC0), from(0xE0), from(0xF0));
        let wanted = self.wanted | leads << 1 | of_three << 2 | of_four << 3;
        let in_text = u64::MAX >> (STEP - n_bytes);
        let never = from(0xF5) | any_of(&[0xC0, 0xC1]);
        self.is_valid &= (high & !leads) == wanted & in_text && never == 0;
        self.wanted = leads >> 63 | of_three >> 62 | of_four >> 61;
        // After these, not all bytes may follow.
        let mut narrow = any_of(&[0xE0, 0xED, 0xF0, 0xF4]);
        while narrow != 0 {
            let place = base + narrow.trailing_zeros() as usize;
            narrow &= narrow - 1;
            self.is_valid &= match self.text[..self.n_bytes].get(place..place + 2) {
                Some([0xE0, second]) => 0xA0 <= *second,
                Some([0xED, second]) => *second < 0xA0,
                Some([0xF0, second]) => 0x90 <= *second,
                Some([0xF4, second]) => *second < 0x90,
                // The window ends here.
                _ => true,
            };
        }
        self.may_turn |= any_of(&[0xD8, 0xE2]) != 0;
        any_of(&[0xC2, 0xE1, 0xE2, 0xE3, 0xEF])
    }
}

/// One bit for each byte of a step.
#[inline]
fn mask<L: Lanes>(step: &[u8; STEP], bits: impl Fn(L) -> L) -> u64 {
    let (lanes, _) = step.as_chunks::<16>();
    let lanes = lanes.iter().enumerate();
    lanes.fold(0, |mask, (index, lane)| mask | bits(L::load(lane)).high_bits_at(index))
}

/// The part of a text whose structure was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window<'a> {
    bytes: &'a [u8],
    text: Option<&'a str>,
    has_nul: bool,
    may_turn: bool,
}

impl<'a> Window<'a> {
    /// A part without anything.
    pub(super) const EMPTY: Self =
        Self { bytes: &[], text: Some(""), has_nul: false, may_turn: false };

    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Whether there is a NUL in it.
    pub(super) fn has_nul(&self) -> bool {
        self.has_nul
    }

    /// It up to its last line break as text, where all of it is.
    pub(super) fn text(&self) -> Option<&'a str> {
        self.text
    }

    /// Whether there are bytes in it that characters begin with that change the direction of text.
    pub(super) fn may_turn(&self) -> bool {
        self.may_turn
    }
}

/// Whether all bytes of a text are ASCII.
pub(super) fn is_ascii(text: &[u8]) -> bool {
    is_ascii_with::<lanes::Native>(text)
}

fn is_ascii_with<L: Lanes>(text: &[u8]) -> bool {
    let (steps, rest) = text.as_chunks::<STEP>();
    // By stretches, so that a long text that is not ASCII is known soon.
    steps.chunks(STEP).all(|steps| {
        let mut high = L::splat(0);
        for step in steps {
            let (lanes, _) = step.as_chunks::<16>();
            for lane in lanes {
                high = high.or(L::load(lane));
            }
        }
        high.high_bits() == 0
    }) && rest.is_ascii()
}

/// How many bytes of ASCII a text begins with.
pub(super) fn n_ascii(text: &[u8]) -> usize {
    n_ascii_with::<lanes::Native>(text)
}

fn n_ascii_with<L: Lanes>(text: &[u8]) -> usize {
    let (groups, rest) = text.as_chunks::<16>();
    for (index, group) in groups.iter().enumerate() {
        let high = L::load(group).high_bits();
        if high != 0 {
            return index * 16 + high.trailing_zeros() as usize;
        }
    }
    let n_rest = rest.iter().take_while(|byte| byte.is_ascii()).count();
    text.len() - rest.len() + n_rest
}

/// Sixteen bytes at once.
trait Lanes: Copy {
    fn load(bytes: &[u8; 16]) -> Self;
    fn splat(byte: u8) -> Self;
    /// All bits of a byte set where the bytes are the same, none elsewhere.
    fn eq(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    /// The highest bit of a byte set where it is less, both as signed numbers.
    fn signed_below(self, limit: Self) -> Self;
    /// The highest bit of each byte, that of the first byte lowest.
    fn high_bits(self) -> u16;

    /// [`Lanes::high_bits`] of one of the four lanes of a step.
    #[inline]
    fn high_bits_at(self, index: usize) -> u64 {
        u64::from(self.high_bits()) << (16 * index)
    }
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod lanes {
    //! SSE2, which each processor of this kind has.

    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_cmplt_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_or_si128,
        _mm_set1_epi8,
    };

    use super::Lanes;

    #[derive(Clone, Copy)]
    pub(super) struct Native(__m128i);

    impl Lanes for Native {
        #[inline]
        fn load(bytes: &[u8; 16]) -> Self {
            // SAFETY: the reference is to 16 bytes that may be read, the load asks for no alignment,
            // and SSE2 is there, or this module would not be.
            Self(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
        }

        #[inline]
        fn splat(byte: u8) -> Self {
            // SAFETY: SSE2 is there, or this module would not be.
            Self(unsafe { _mm_set1_epi8(byte.cast_signed()) })
        }

        #[inline]
        fn eq(self, other: Self) -> Self {
            // SAFETY: SSE2 is there, or this module would not be.
            Self(unsafe { _mm_cmpeq_epi8(self.0, other.0) })
        }

        #[inline]
        fn or(self, other: Self) -> Self {
            // SAFETY: SSE2 is there, or this module would not be.
            Self(unsafe { _mm_or_si128(self.0, other.0) })
        }

        #[inline]
        fn signed_below(self, limit: Self) -> Self {
            // SAFETY: SSE2 is there, or this module would not be.
            Self(unsafe { _mm_cmplt_epi8(self.0, limit.0) })
        }

        #[inline]
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "16 bits")]
        fn high_bits(self) -> u16 {
            // SAFETY: SSE2 is there, or this module would not be.
            unsafe { _mm_movemask_epi8(self.0) as u16 }
        }
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    //! The vectors of WebAssembly.

    use std::arch::wasm32::{
        i8x16_bitmask, i8x16_eq, i8x16_lt, i8x16_splat, v128, v128_load, v128_or,
    };

    use super::Lanes;

    #[derive(Clone, Copy)]
    pub(super) struct Native(v128);

    impl Lanes for Native {
        #[inline]
        fn load(bytes: &[u8; 16]) -> Self {
            // SAFETY: the reference is to 16 bytes that may be read, and the load asks for no
            // alignment.
            Self(unsafe { v128_load(bytes.as_ptr().cast()) })
        }

        #[inline]
        fn splat(byte: u8) -> Self {
            Self(i8x16_splat(byte.cast_signed()))
        }

        #[inline]
        fn eq(self, other: Self) -> Self {
            Self(i8x16_eq(self.0, other.0))
        }

        #[inline]
        fn or(self, other: Self) -> Self {
            Self(v128_or(self.0, other.0))
        }

        #[inline]
        fn signed_below(self, limit: Self) -> Self {
            Self(i8x16_lt(self.0, limit.0))
        }

        #[inline]
        fn high_bits(self) -> u16 {
            i8x16_bitmask(self.0)
        }
    }
}

#[cfg(not(any(
    all(target_arch = "x86_64", target_feature = "sse2"),
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
use words as lanes;

#[cfg(any(
    test,
    not(any(
        all(target_arch = "x86_64", target_feature = "sse2"),
        all(target_arch = "wasm32", target_feature = "simd128")
    ))
))]
mod words {
    //! Two words of 64 bits, for targets without vectors, and as the twin in tests.

    use super::Lanes;

    #[derive(Clone, Copy)]
    pub(super) struct Native([u64; 2]);

    const HIGH: u64 = 0x8080_8080_8080_8080;
    const LOW: u64 = !HIGH;

    impl Lanes for Native {
        #[inline]
        fn load(bytes: &[u8; 16]) -> Self {
            let (words, _) = bytes.as_chunks::<8>();
            Self([0, 1].map(|index: usize| u64::from_le_bytes(words[index])))
        }

        #[inline]
        fn splat(byte: u8) -> Self {
            Self([u64::from_ne_bytes([byte; 8]); 2])
        }

        #[inline]
        fn eq(self, other: Self) -> Self {
            Self([0, 1].map(|index: usize| {
                let difference = self.0[index] ^ other.0[index];
                let is_same = !(((difference & LOW) + LOW) | difference | LOW);
                (is_same >> 7) * 0xFF
            }))
        }

        #[inline]
        fn or(self, other: Self) -> Self {
            Self([self.0[0] | other.0[0], self.0[1] | other.0[1]])
        }

        #[inline]
        fn signed_below(self, limit: Self) -> Self {
            Self([0, 1].map(|index: usize| {
                // With the highest bits turned, the order is that of unsigned numbers; the highest
                // bits aside, a difference that does not borrow leaves its own highest bit set.
                let (a, b) = (self.0[index] ^ HIGH, limit.0[index] ^ HIGH);
                let is_rest_below = !((a | HIGH) - (b & LOW));
                ((!a & b) | (!(a ^ b) & is_rest_below)) & HIGH
            }))
        }

        #[inline]
        fn high_bits(self) -> u16 {
            let [low, high] = self
                .0
                .map(|word| (((word & HIGH) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8);
            u16::from(low) | u16::from(high) << 8
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Marks, breaks and oddities by looking at each byte.
    fn plainly(text: &[u8], n_bytes: usize, alphabet: Alphabet) -> [Vec<usize>; 3] {
        let [mut marks, mut breaks, mut oddities] = [vec![], vec![], vec![]];
        for (at, &byte) in text[..n_bytes].iter().enumerate() {
            let next = text.get(at + 1).copied();
            let is_break = byte == b'\n' || byte == b'\r' && next != Some(b'\n');
            if is_break || byte == alphabet.separator || byte == alphabet.quote {
                marks.push(at);
            }
            if is_break {
                breaks.push(at);
            }
            let is_limit = |place: Option<u8>| place.is_some_and(|byte| alphabet.has(byte));
            let is_beside = at == 0 || is_limit(Some(text[at - 1])) || is_limit(next);
            let is_space = byte <= b' ' && is_beside && !alphabet.has(byte);
            let may_be_space = matches!(byte, 0xC2 | 0xE1 | 0xE2 | 0xE3 | 0xEF);
            if byte == alphabet.quote || is_space || may_be_space {
                oddities.push(at);
            }
        }
        [marks, breaks, oddities]
    }

    fn found<L: Lanes>(text: &[u8], n_bytes: usize, alphabet: Alphabet) -> [Vec<usize>; 3] {
        let mut structure = Structure::default();
        // What an earlier text has left must not matter.
        structure.find_with::<L>(b"\",\n\",\n \n \",\" ,", 16, alphabet);
        let window = structure.find_with::<L>(text, n_bytes, alphabet);
        let bytes = &text[..n_bytes];
        assert_eq!(window.bytes(), bytes);
        assert_eq!(window.has_nul(), bytes.contains(&0));
        let n_whole = structure.breaks().last().map_or(0, |&place| place as usize + 1);
        let is_text = match std::str::from_utf8(bytes) {
            Ok(_) => true,
            // Cut off by the end.
            Err(error) => error.error_len().is_none(),
        };
        let expected = is_text.then(|| std::str::from_utf8(&bytes[..n_whole]).unwrap());
        assert_eq!(window.text(), expected, "{bytes:?}");
        let may_turn = bytes.iter().any(|byte| matches!(byte, 0xD8 | 0xE2));
        assert_eq!(window.may_turn(), may_turn);
        assert_eq!(is_ascii_with::<L>(bytes), bytes.is_ascii());
        let n_ascii = bytes.iter().take_while(|byte| byte.is_ascii()).count();
        assert_eq!(n_ascii_with::<L>(bytes), n_ascii);
        [structure.marks(), structure.breaks(), structure.oddities()]
            .map(|places| places.iter().map(|&place| place as usize).collect())
    }

    #[test]
    fn each_byte_is_told_from_each_other() {
        for byte in 0..=u8::MAX {
            for place in [0, 15, 16, 63, 64, 65, 127, 128, 200] {
                let mut text = [b'x'; 256];
                text[place] = byte;
                for separator in [b',', b'\t', b' ', 0x7F] {
                    let alphabet = Alphabet { separator, quote: b'"' };
                    let expected = plainly(&text, 256, alphabet);
                    assert_eq!(found::<lanes::Native>(&text, 256, alphabet), expected);
                    assert_eq!(found::<words::Native>(&text, 256, alphabet), expected);
                }
            }
        }
    }

    #[test]
    fn text_is_told_from_other_bytes_as_the_standard_library_does() {
        // The first and last bytes of each kind.
        const BYTES: [u8; 26] = [
            0x00, b'\n', b'x', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
            0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ];
        let alphabet = Alphabet { separator: b',', quote: b'"' };
        let n_bytes = BYTES.len();
        for index in 0..n_bytes.pow(4) {
            let four = [1, n_bytes, n_bytes.pow(2), n_bytes.pow(3)]
                .map(|power| BYTES[index / power % n_bytes]);
            let start = 59 + index % 6;
            let mut text = [b'a'; 70];
            text[start..start + 4].copy_from_slice(&four);
            text[69] = b'\n';
            found::<lanes::Native>(&text, 70, alphabet);
            if index % 16 == 0 {
                found::<words::Native>(&text, 70, alphabet);
                found::<lanes::Native>(&text, start + 2, alphabet);
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_found_to_be_text(text in "(\\PC|[a-z,\n]){0,200}") {
            let alphabet = Alphabet { separator: b',', quote: b'"' };
            for n_bytes in [text.len(), text.len() / 2] {
                let expected = plainly(text.as_bytes(), n_bytes, alphabet);
                let native = found::<lanes::Native>(text.as_bytes(), n_bytes, alphabet);
                prop_assert_eq!(native, expected.clone());
                let words = found::<words::Native>(text.as_bytes(), n_bytes, alphabet);
                prop_assert_eq!(words, expected);
            }
        }

        #[test]
        fn many_bytes_at_once_are_as_one_by_one(
            text in prop::collection::vec(
                prop_oneof![
                    Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r'), Just(b' '), Just(b'\t'),
                    Just(b'x'), Just(b'7'), any::<u8>(), 0xC2_u8..0xF5, 0x80_u8..0xC0,
                ],
                0..400,
            ),
            share in 0.0..=1.0_f64,
        ) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a length")]
            let cut = (text.len() as f64 * share) as usize;
            for n_bytes in [text.len(), cut] {
                for separator in [b',', b'\t'] {
                    let alphabet = Alphabet { separator, quote: b'"' };
                    let expected = plainly(&text, n_bytes, alphabet);
                    prop_assert_eq!(found::<lanes::Native>(&text, n_bytes, alphabet), expected.clone());
                    prop_assert_eq!(found::<words::Native>(&text, n_bytes, alphabet), expected);
                }
            }
        }
    }
}
