//! Numbers as bytes, as few as each needs.
//!
//! It does not know what the bytes mean: who writes them reads them.

/// Writes a number in as few bytes as it needs, seven bits in each.
pub(super) fn write_number(out: &mut Vec<u8>, mut number: u64) {
    while 0x80 <= number {
        out.push(low_byte(number) | 0x80);
        number >>= 7;
    }
    out.push(low_byte(number));
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

#[cfg(test)]
mod tests {
    use super::{Bytes, write_number};

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
}
