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
        let n_bits = mask.count_ones() as usize;
        let mut rest = mask;
        // Slots beyond the last bit are written again.
        for slot in &mut slots[..AT_ONCE] {
            *slot = base + rest.trailing_zeros();
            rest &= rest.wrapping_sub(1);
        }
        if AT_ONCE < n_bits {
            for slot in &mut slots[AT_ONCE..n_bits] {
                *slot = base + rest.trailing_zeros();
                rest &= rest.wrapping_sub(1);
            }
        }
        self.len += n_bits;
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

    /// Quotes, and bytes beside another mark that may be white space, so that a record without any
    /// is its fields as they stand. A place may be there twice.
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
            carriage_return: L::splat(b'\r'),
            nul: L::splat(0),
        };
        let mut found = Found { high: L::splat(0), nul: L::splat(0) };
        // What stands before the text is a line break.
        let mut is_beside = 1;
        let (steps, rest) = bytes.as_chunks::<STEP>();
        let mut base = 0;
        for step in steps {
            let next = text.get(base + STEP).copied();
            is_beside =
                self.take(&needles, &mut found, step, base, STEP, next, alphabet, is_beside);
            base += STEP;
        }
        if !rest.is_empty() {
            let mut step = [b'x'; STEP];
            step[..rest.len()].copy_from_slice(rest);
            let next = text.get(base + rest.len()).copied();
            self.take(&needles, &mut found, &step, base, rest.len(), next, alphabet, is_beside);
        }
        let is_ascii = found.high.high_bits() == 0;
        let has_nul = found.nul.high_bits() != 0;
        Window { bytes, is_ascii, has_nul }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what it is given stays in registers")]
    #[expect(clippy::too_many_arguments, reason = "the state of one loop")]
    fn take<L: Lanes>(
        &mut self,
        needles: &Needles<L>,
        found: &mut Found<L>,
        step: &[u8; STEP],
        base: usize,
        n_bytes: usize,
        next: Option<u8>,
        alphabet: Alphabet,
        is_beside: u64,
    ) -> u64 {
        let (lanes, _) = step.as_chunks::<16>();
        let (mut marks, mut breaks, mut special) = (0, 0, 0);
        for (index, lane) in lanes.iter().enumerate() {
            let lane = L::load(lane);
            let line_feed = lane.eq(needles.line_feed);
            let quote = lane.eq(needles.quote);
            let mark = lane.eq(needles.separator).or(line_feed).or(quote);
            marks |= u64::from(mark.high_bits()) << (16 * index);
            breaks |= u64::from(line_feed.high_bits()) << (16 * index);
            let special_lane = lane.at_most_space_or_high().or(quote);
            special |= u64::from(special_lane.high_bits()) << (16 * index);
        }
        #[expect(clippy::cast_possible_truncation, reason = "a window is not that long")]
        let place = base as u32;
        let last = n_bytes - 1;
        // What stands beside fields.
        let mut limits = marks;
        if special & !breaks != 0 {
            let (mut returns, mut quotes) = (0, 0);
            for (index, lane) in lanes.iter().enumerate() {
                let lane = L::load(lane);
                returns |= u64::from(lane.eq(needles.carriage_return).high_bits()) << (16 * index);
                quotes |= u64::from(lane.eq(needles.quote).high_bits()) << (16 * index);
                found.high = found.high.or(lane);
                found.nul = found.nul.or(lane.eq(needles.nul));
            }
            limits |= returns;
            let lone = returns & !(breaks >> 1 | u64::from(next == Some(b'\n')) << last);
            marks |= lone;
            breaks |= lone;
            let next_limits = u64::from(next.is_some_and(|next| alphabet.has(next))) << last;
            let beside = limits << 1 | is_beside | limits >> 1 | next_limits;
            let oddities = special & !limits & beside | quotes;
            if oddities != 0 {
                self.oddities.push::<4>(place, oddities);
            }
        }
        self.marks.push::<8>(place, marks);
        if breaks != 0 {
            self.breaks.push::<2>(place, breaks);
        }
        limits >> last & 1
    }
}

struct Needles<L> {
    separator: L,
    quote: L,
    line_feed: L,
    carriage_return: L,
    nul: L,
}

/// Gathered over all steps.
struct Found<L> {
    /// All bytes put together by `or`, but those of steps without any beyond ASCII.
    high: L,
    nul: L,
}

/// The part of a text whose structure was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window<'a> {
    bytes: &'a [u8],
    is_ascii: bool,
    has_nul: bool,
}

impl<'a> Window<'a> {
    /// A part without anything.
    pub(super) const EMPTY: Self = Self { bytes: &[], is_ascii: true, has_nul: false };

    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Whether there is a NUL in it.
    pub(super) fn has_nul(&self) -> bool {
        self.has_nul
    }

    /// It as text, where it is ASCII.
    pub(super) fn ascii(&self) -> Option<&'a str> {
        if !self.is_ascii {
            return None;
        }
        // SAFETY: no byte has its highest bit set, as `find_with` has seen: each such byte of the
        // window is in `special` and in no other mask, so that it went into `found.high` by `or`;
        // and the fields of a window are only set there and in `EMPTY`. Bytes below 0x80 are UTF-8.
        Some(unsafe { std::str::from_utf8_unchecked(self.bytes) })
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

/// Sixteen bytes at once.
trait Lanes: Copy {
    fn load(bytes: &[u8; 16]) -> Self;
    fn splat(byte: u8) -> Self;
    /// All bits of a byte set where the bytes are the same, none elsewhere.
    fn eq(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    /// The highest bit of a byte set where it is at most a space or is beyond ASCII.
    fn at_most_space_or_high(self) -> Self;
    /// The highest bit of each byte, that of the first byte lowest.
    fn high_bits(self) -> u16;
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
        fn at_most_space_or_high(self) -> Self {
            // Bytes beyond ASCII are negative.
            // SAFETY: SSE2 is there, or this module would not be.
            Self(unsafe { _mm_cmplt_epi8(self.0, _mm_set1_epi8(0x21)) })
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
        fn at_most_space_or_high(self) -> Self {
            // Bytes beyond ASCII are negative.
            Self(i8x16_lt(self.0, i8x16_splat(0x21)))
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
        fn at_most_space_or_high(self) -> Self {
            const BEYOND_SPACE: u64 = u64::from_ne_bytes([0x80 - 0x21; 8]);
            Self(self.0.map(|word| (word | !((word & LOW) + BEYOND_SPACE)) & HIGH))
        }

        #[inline]
        #[expect(clippy::cast_possible_truncation, reason = "8 bits each")]
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
            let may_be_space = byte <= b' ' || !byte.is_ascii();
            if byte == alphabet.quote || may_be_space && is_beside && !alphabet.has(byte) {
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
        assert_eq!(window.ascii().is_some(), bytes.is_ascii());
        assert_eq!(is_ascii_with::<L>(bytes), bytes.is_ascii());
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

    proptest! {
        #[test]
        fn many_bytes_at_once_are_as_one_by_one(
            text in prop::collection::vec(
                prop_oneof![
                    Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r'), Just(b' '), Just(b'\t'),
                    Just(b'x'), Just(b'7'), any::<u8>(),
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
