//! Histories as bytes: a few per fact instead of a struct with padding, one block per customer.
//!
//! It does not know what the bytes mean: who writes a block reads it.

/// Bytes of a chunk of blocks; a longer block has a chunk of its own.
const CHUNK_BYTES: usize = 1 << 20;

/// Writes a number in as few bytes as it needs, seven bits in each.
pub(super) fn write_number(out: &mut Vec<u8>, mut number: u64) {
    while 0x80 <= number {
        out.push(low_byte(number) | 0x80);
        number >>= 7;
    }
    out.push(low_byte(number));
}

/// What [`write_number`] writes of a number of at most 28 bits: the bytes, the first of them lowest,
/// and how many there are.
#[inline]
pub(super) fn short_number(number: u64) -> Option<(u64, usize)> {
    if 1 << 28 <= number {
        return None;
    }
    let spread = number & 0x7F
        | (number & 0x3F80) << 1
        | (number & 0x1F_C000) << 2
        | (number & 0xFE0_0000) << 3;
    let n_bytes = ((spread | 1).ilog2() / 8 + 1) as usize;
    // All but the last byte say that another one follows.
    Some((spread | 0x80_8080 & ((1 << (8 * (n_bytes - 1))) - 1), n_bytes))
}

/// The most bytes that a pair takes.
const PAIR_BYTES: usize = size_of::<u32>() + size_of::<u64>();

/// Writes pairs of numbers: one byte in front says how many bytes each first number has and how many
/// each second one, as many as the largest of them needs. So where a pair stands is known before
/// those in front of it are read, and they are read sooner than by [`Bytes::number`].
pub(super) fn write_pairs(out: &mut Vec<u8>, pairs: impl Iterator<Item = (u32, u64)> + Clone) {
    let bits = pairs.clone().fold((0, 0), |bits, pair| (bits.0 | pair.0, bits.1 | pair.1));
    let n_first = (u32::BITS - bits.0.leading_zeros()).div_ceil(8);
    // At least one, so that no number of pairs takes no bytes at all.
    let n_second = (u64::BITS - (bits.1 | 1).leading_zeros()).div_ceil(8);
    out.push(low_byte(u64::from(n_second << 3 | n_first)));
    for (first, second) in pairs {
        out.extend_from_slice(&first.to_le_bytes()[..n_first as usize]);
        out.extend_from_slice(&second.to_le_bytes()[..n_second as usize]);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the lowest byte is meant")]
fn low_byte(number: u64) -> u8 {
    number as u8
}

/// Reads what was written, from the front.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn n_left(&self) -> usize {
        self.rest.len()
    }

    /// The next byte; 0 behind the end.
    pub(super) fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        first
    }

    pub(super) fn u16(&mut self) -> u16 {
        let Some((&first, rest)) = self.rest.split_first_chunk() else { return 0 };
        self.rest = rest;
        u16::from_le_bytes(first)
    }

    pub(super) fn u64(&mut self) -> u64 {
        let Some((&first, rest)) = self.rest.split_first_chunk() else { return 0 };
        self.rest = rest;
        u64::from_le_bytes(first)
    }

    /// What [`write_number`] wrote.
    #[inline]
    pub(super) fn number(&mut self) -> u64 {
        let Some(&eight) = self.rest.first_chunk::<8>() else { return self.number_at_end() };
        let (word, ends) = (u64::from_le_bytes(eight), ends_in(eight));
        if ends == 0 {
            return self.number_at_end();
        }
        let n_bits = ends.trailing_zeros() + 1;
        self.rest = self.rest.split_at((n_bits / 8) as usize).1;
        // Seven bits of each byte move together, pair by pair.
        let bytes = word & (u64::MAX >> (64 - n_bits)) & 0x7F7F_7F7F_7F7F_7F7F;
        let pairs = (bytes & 0x007F_007F_007F_007F) | (bytes & 0x7F00_7F00_7F00_7F00) >> 1;
        let fours = (pairs & 0x0000_3FFF_0000_3FFF) | (pairs & 0x3FFF_0000_3FFF_0000) >> 2;
        (fours & 0x0FFF_FFFF) | (fours & 0x0FFF_FFFF_0000_0000) >> 4
    }

    /// The pairs that [`write_pairs`] wrote, of which there are so many; what they take is gone.
    #[inline]
    pub(super) fn pairs(
        &mut self,
        n_pairs: usize,
    ) -> impl ExactSizeIterator<Item = (u32, u64)> + use<'a> {
        let widths = self.byte();
        let pairs = Pairs::of(widths, self.rest);
        // What says that there are more is no block.
        let n_pairs = n_pairs.min(self.rest.len() / pairs.n_bytes().max(1));
        self.rest = self.rest.split_at(n_pairs * pairs.n_bytes()).1;
        (0..n_pairs).map(move |place| pairs.at(place))
    }

    /// The same as [`Bytes::number`], byte by byte, for the end of the bytes and for long numbers.
    fn number_at_end(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            number |= u64::from(byte & 0x7F) << shift;
            shift += 7;
            if byte < 0x80 || 63 < shift {
                return number;
            }
        }
    }

    /// Goes behind a number.
    #[inline]
    pub(super) fn skip_number(&mut self) {
        let n_bytes = match self.rest.first_chunk::<8>().map(|&eight| ends_in(eight)) {
            Some(ends) if ends != 0 => ends.trailing_zeros() as usize / 8 + 1,
            _ => self.rest.iter().position(|&byte| byte < 0x80).map_or(usize::MAX, |at| at + 1),
        };
        self.rest = self.rest.get(n_bytes..).unwrap_or(&[]);
    }

    /// A number that was a `u32`.
    pub(super) fn number_u32(&mut self) -> u32 {
        u32::try_from(self.number()).unwrap_or(u32::MAX)
    }

    /// So many bytes, or what there is.
    pub(super) fn take(&mut self, n_bytes: usize) -> &'a [u8] {
        let (first, rest) = self.rest.split_at(n_bytes.min(self.rest.len()));
        self.rest = rest;
        first
    }
}

/// The upper bits of those of eight bytes that have none: the first of them is the last of a number.
#[inline]
fn ends_in(eight: [u8; 8]) -> u64 {
    !u64::from_le_bytes(eight) & 0x8080_8080_8080_8080
}

/// Pairs that stand one behind the other, with other bytes behind them.
#[derive(Clone, Copy)]
struct Pairs<'a> {
    bytes: &'a [u8],
    n_first: usize,
    n_second: usize,
    masks: (u32, u64),
}

impl<'a> Pairs<'a> {
    fn of(widths: u8, bytes: &'a [u8]) -> Self {
        let n_first = usize::from(widths & 7).min(size_of::<u32>());
        let n_second = usize::from(widths >> 3).min(size_of::<u64>());
        let n_others = |n_bytes: usize, size: usize| u32::try_from(8 * (size - n_bytes)).ok();
        let first = n_others(n_first, size_of::<u32>()).and_then(|n| u32::MAX.checked_shr(n));
        let second = n_others(n_second, size_of::<u64>()).and_then(|n| u64::MAX.checked_shr(n));
        let masks = (first.unwrap_or(0), second.unwrap_or(0));
        Self { bytes, n_first, n_second, masks }
    }

    /// How many bytes each has.
    fn n_bytes(&self) -> usize {
        self.n_first + self.n_second
    }

    #[inline]
    fn at(&self, place: usize) -> (u32, u64) {
        let start = place * self.n_bytes();
        match self.bytes.get(start..).and_then(|rest| rest.first_chunk()) {
            Some(bytes) => self.in_front_of(bytes),
            None => self.at_end(start),
        }
    }

    /// The same for the end of the bytes.
    #[cold]
    fn at_end(&self, start: usize) -> (u32, u64) {
        let mut bytes = [0; PAIR_BYTES];
        for (to, &from) in bytes.iter_mut().zip(self.bytes.get(start..).unwrap_or(&[])) {
            *to = from;
        }
        self.in_front_of(&bytes)
    }

    #[inline]
    fn in_front_of(&self, bytes: &[u8; PAIR_BYTES]) -> (u32, u64) {
        let mut four = [0; 4];
        four.copy_from_slice(&bytes[..4]);
        let mut eight = [0; 8];
        eight.copy_from_slice(&bytes[self.n_first..self.n_first + 8]);
        (u32::from_le_bytes(four) & self.masks.0, u64::from_le_bytes(eight) & self.masks.1)
    }
}

/// One block of bytes for each customer.
#[derive(Clone, Default)]
pub(super) struct Blocks {
    chunks: Vec<Vec<u8>>,
    starts: Vec<u32>,
}

impl std::fmt::Debug for Blocks {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Blocks").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl Blocks {
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Adds the block of the next customer.
    pub(super) fn push(&mut self, block: &[u8]) {
        let has_room =
            |chunk: &Vec<u8>| chunk.len() < CHUNK_BYTES && chunk.len() + block.len() <= CHUNK_BYTES;
        if !self.chunks.last().is_some_and(has_room) {
            let capacity = if self.chunks.is_empty() { block.len() } else { CHUNK_BYTES };
            self.chunks.push(Vec::with_capacity(capacity.max(block.len())));
        }
        let index = self.chunks.len() - 1;
        let chunk = &mut self.chunks[index];
        let start = index * CHUNK_BYTES + chunk.len();
        chunk.extend_from_slice(block);
        self.starts.push(u32::try_from(start).unwrap_or(u32::MAX));
    }

    /// Puts the blocks in another order, given as the old place of each new one.
    pub(super) fn put_in_order(&mut self, places: &[u32]) {
        let starts = std::mem::take(&mut self.starts);
        self.starts = places
            .iter()
            .map(|&place| starts.get(place as usize).copied().unwrap_or(u32::MAX))
            .collect();
    }

    /// Asks for the memory of blocks before they are read, so that all of it is on its way at the same
    /// time: blocks in the order of the customers lie anywhere.
    #[inline(never)]
    pub(super) fn touch(&self, places: impl Iterator<Item = usize>) {
        let touched = places.fold(0, |touched, index| touched ^ self.block(index).byte());
        std::hint::black_box(touched);
    }

    /// The block at a place, with others behind it.
    pub(super) fn block(&self, index: usize) -> Bytes<'_> {
        let Some(&start) = self.starts.get(index) else { return Bytes::new(&[]) };
        let start = start as usize;
        let chunk = self.chunks.get(start / CHUNK_BYTES);
        Bytes::new(chunk.and_then(|chunk| chunk.get(start % CHUNK_BYTES..)).unwrap_or(&[]))
    }
}

#[cfg(test)]
mod tests {
    use super::{Bytes, short_number, write_number, write_pairs};

    #[test]
    fn numbers_come_back_wherever_they_stand() {
        let numbers: Vec<u64> = (0..64)
            .flat_map(|bits| [(1_u64 << bits) - 1, 1 << bits, (1 << bits) + 1])
            .chain([u64::MAX])
            .collect();
        for n_behind in [0, 3, 20] {
            for &number in &numbers {
                let mut bytes = Vec::new();
                write_number(&mut bytes, number);
                bytes.extend(std::iter::repeat_n(0xFF, n_behind));
                let mut reader = Bytes::new(&bytes);
                assert_eq!(reader.number(), number);
                assert_eq!(reader.n_left(), n_behind);
            }
        }
    }

    #[test]
    fn short_numbers_are_written_as_others_are() {
        for number in (0..30).flat_map(|bits| [(1 << bits) - 1, 1 << bits, (1 << bits) + 1]) {
            let mut bytes = Vec::new();
            write_number(&mut bytes, number);
            let Some((short, n_bytes)) = short_number(number) else {
                assert!(1 << 28 <= number);
                continue;
            };
            assert_eq!((&short.to_le_bytes()[..n_bytes], short >> (8 * n_bytes)), (&bytes[..], 0));
        }
    }

    #[test]
    fn pairs_come_back_wherever_they_stand() {
        let firsts = (0..32).flat_map(|bits| [(1_u32 << bits) - 1, 1 << bits]).chain([u32::MAX]);
        let seconds = (0..64).flat_map(|bits| [(1_u64 << bits) - 1, 1 << bits]).chain([u64::MAX]);
        let seconds: Vec<u64> = seconds.collect();
        for first in firsts {
            for &second in &seconds {
                for (n_pairs, n_behind) in [(1, 0), (1, 3), (1, 20), (4, 0), (4, 3), (4, 20)] {
                    let pairs = [(first, second), (0, 1), (first / 3, 0), (first, second / 3)];
                    let pairs = &pairs[..n_pairs];
                    let mut bytes = Vec::new();
                    write_pairs(&mut bytes, pairs.iter().copied());
                    bytes.extend(std::iter::repeat_n(0xFF, n_behind));
                    let mut reader = Bytes::new(&bytes);
                    assert!(reader.pairs(pairs.len()).eq(pairs.iter().copied()));
                    assert_eq!(reader.n_left(), n_behind);
                }
            }
        }
    }
}
