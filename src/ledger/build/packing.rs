//! The facts of a partition, customer by customer, and the blocks that they become.
//!
//! Facts lie in the order of the rows. A plain one is copied to its customer's place as one number;
//! of any other one it is noted there where it lies. It does not know what a fact is.

use super::facts::{CHUNK_BYTES, Fact, MARK};
use crate::ledger::PIECE;
use crate::ledger::packed::{Blocks, Bytes};

/// From here on, a number is the place of a fact that is not plain.
const FROM_PLACES: u64 = 0xFFFF << 48;

/// How the facts of one customer become its block.
pub(super) trait Packing {
    /// What is known of customers.
    type Fact: Fact;

    /// The next fact as one number below 0xFFFF × 2⁴⁸, if it is plain; nothing, wherever it stopped
    /// reading, where it is not. Numbers are in the order of the facts.
    fn number(&self, bytes: &mut Bytes<'_>, is_marked: bool) -> Option<u64>;

    /// The plain fact that is that number, where there are plain facts.
    fn plain(&self, number: u64) -> Option<Self::Fact>;

    /// A fact as it was read, with the labels of the ledger.
    fn labelled(&self, fact: Self::Fact) -> Self::Fact;

    /// Packs all facts of a customer, in the order of the rows.
    fn pack(&mut self, facts: &mut Vec<Self::Fact>, block: &mut Vec<u8>);

    /// Packs all facts of a customer where there are some and all are plain: their numbers, the least
    /// first.
    fn pack_plain(&mut self, numbers: &[u64], block: &mut Vec<u8>);
}

/// Blocks of all customers, while partitions are added to them.
pub(super) struct Packed<P: Packing> {
    packing: P,
    blocks: Blocks,
    /// Where the numbers of each customer of a partition end.
    ends: Vec<u32>,
    numbers: Vec<u64>,
    facts: Vec<P::Fact>,
    block: Vec<u8>,
}

impl<P: Packing> Packed<P> {
    pub(super) fn new(packing: P) -> Self {
        Self {
            packing,
            blocks: Blocks::default(),
            ends: Vec::new(),
            numbers: Vec::new(),
            facts: Vec::new(),
            block: Vec::new(),
        }
    }

    /// Adds the blocks of the customers of a partition.
    pub(super) fn add(&mut self, partition: &[Vec<u8>], n_customers: usize) {
        self.gather(partition, n_customers);
        let ends = std::mem::take(&mut self.ends);
        let mut start = 0;
        for ends in ends.chunks(PIECE) {
            start = self.push(partition, start, ends);
        }
        self.ends = ends;
    }

    pub(super) fn finish(self) -> (P, Blocks) {
        (self.packing, self.blocks)
    }

    /// Puts the numbers of each customer together, in the order of the rows.
    fn gather(&mut self, partition: &[Vec<u8>], n_customers: usize) {
        self.ends.clear();
        self.ends.resize(n_customers, 0);
        for chunk in partition {
            count::<P::Fact>(chunk, &mut self.ends);
        }
        let mut n_before = 0;
        for end in &mut self.ends {
            let count = std::mem::replace(end, n_before);
            n_before += count;
        }
        self.numbers.clear();
        self.numbers.resize(n_before as usize, 0);
        for (index, chunk) in partition.iter().enumerate() {
            let first = (index * CHUNK_BYTES) as u64;
            put(&self.packing, chunk, first, &mut self.ends, &mut self.numbers);
        }
    }

    /// Adds the blocks of some customers: the numbers of each begin where those of the one before
    /// end, and those of the first at `start`. Returns where those of the last end.
    #[inline(never)]
    fn push(&mut self, partition: &[Vec<u8>], mut start: usize, ends: &[u32]) -> usize {
        for &end in ends {
            let end = end as usize;
            let numbers = self.numbers.get_mut(start..end).unwrap_or_default();
            start = end;
            self.block.clear();
            if !numbers.is_empty() && numbers.iter().all(|&number| number < FROM_PLACES) {
                if !numbers.is_sorted() {
                    numbers.sort_unstable();
                }
                self.packing.pack_plain(numbers, &mut self.block);
            } else {
                read(&self.packing, partition, numbers, &mut self.facts);
                self.packing.pack(&mut self.facts, &mut self.block);
            }
            self.blocks.push(&self.block);
        }
        start
    }
}

/// Counts the facts of a chunk by customer. It is called for each chunk, so that a browser has the
/// fast version of it soon.
#[inline(never)]
pub(super) fn count<F: Fact>(chunk: &[u8], counts: &mut [u32]) {
    let mut bytes = Bytes::new(chunk);
    while 0 < bytes.n_left() {
        let head = bytes.u16();
        F::skip(&mut bytes, head & MARK != 0);
        if let Some(count) = counts.get_mut(usize::from(head & !MARK)) {
            *count += 1;
        }
    }
}

/// Puts the numbers of a chunk that begins at `first` where those of their customers go next.
#[inline(never)]
fn put<P: Packing>(packing: &P, chunk: &[u8], first: u64, places: &mut [u32], numbers: &mut [u64]) {
    let mut bytes = Bytes::new(chunk);
    while 0 < bytes.n_left() {
        let at = first + (chunk.len() - bytes.n_left()) as u64;
        let head = bytes.u16();
        let is_marked = head & MARK != 0;
        let mut behind = bytes;
        let number = if let Some(number) = packing.number(&mut behind, is_marked) {
            bytes = behind;
            number
        } else {
            P::Fact::skip(&mut bytes, is_marked);
            FROM_PLACES | at
        };
        if let Some(place) = places.get_mut(usize::from(head & !MARK)) {
            if let Some(to) = numbers.get_mut(*place as usize) {
                *to = number;
            }
            *place += 1;
        }
    }
}

/// The facts that are these numbers, and those that lie at these places.
#[inline(never)]
fn read<P: Packing>(packing: &P, partition: &[Vec<u8>], numbers: &[u64], facts: &mut Vec<P::Fact>) {
    facts.clear();
    facts.extend(numbers.iter().filter_map(|&number| {
        if number < FROM_PLACES {
            return packing.plain(number);
        }
        let place = usize::try_from(number & !FROM_PLACES).unwrap_or(usize::MAX);
        let chunk = partition.get(place / CHUNK_BYTES);
        let mut bytes =
            Bytes::new(chunk.and_then(|all| all.get(place % CHUNK_BYTES..)).unwrap_or(&[]));
        let head = bytes.u16();
        Some(packing.labelled(P::Fact::read(&mut bytes, head & MARK != 0)))
    }));
}
