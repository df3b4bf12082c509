//! The facts of a partition, customer by customer, and the blocks that they become.
//!
//! Facts lie in the order of the rows. A short one is copied to its customer's place as one number;
//! of any other one it is noted there where it lies. It does not know what a fact is.

use super::Places;
use super::facts::{CHUNK_BYTES, CHUNK_WORDS, Fact, Partition, for_each_other, place_of};
use super::short::{number_of, parts_of_word};
use crate::ledger::PIECE;
use crate::ledger::blocks::Blocks;
use crate::ledger::packed::Bytes;

/// From here on, a number is the place of a fact that is not short.
const FROM_PLACES: u64 = 0xFFFF << 48;
/// The bit of such a place among the plain facts.
const IS_PLAIN: u64 = 1 << 47;

/// How the facts of one customer become its block.
pub(super) trait Packing {
    /// What is known of customers. A plain one is what [`parts_of_word`] reads.
    type Fact: Fact<1>;

    /// Where the labels went.
    fn places(&self) -> &Places;

    /// A fact as it was read, with the labels of the ledger.
    fn labelled(&self, fact: Self::Fact) -> Self::Fact;

    /// The same as one number below 0xFFFF × 2⁴⁸ as of [`number_of`], if it is short. Numbers are in
    /// the order of the facts.
    fn number(&self, fact: &Self::Fact) -> Option<u64>;

    /// The fact that is that number.
    fn short(&self, number: u64) -> Self::Fact;

    /// Adds the block of a customer with these facts, in any order.
    fn pack(&mut self, facts: &mut Vec<Self::Fact>, blocks: &mut Blocks);

    /// Adds the block of a customer all of whose facts are short: their numbers, the least first.
    fn pack_short(&mut self, numbers: &[u64], blocks: &mut Blocks);
}

/// Blocks of all customers, while partitions are added to them.
pub(super) struct Packed<P: Packing> {
    packing: P,
    blocks: Blocks,
    /// Where the numbers of each customer of a partition end.
    ends: Vec<u32>,
    numbers: Vec<u64>,
    facts: Vec<P::Fact>,
}

impl<P: Packing> Packed<P> {
    pub(super) fn new(packing: P) -> Self {
        Self {
            packing,
            blocks: Blocks::default(),
            ends: Vec::new(),
            numbers: Vec::new(),
            facts: Vec::new(),
        }
    }

    /// Adds the blocks of the customers of a partition.
    pub(super) fn add(&mut self, partition: &Partition<1>, n_customers: usize) {
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

    /// Puts the numbers of each customer together.
    fn gather(&mut self, partition: &Partition<1>, n_customers: usize) {
        self.ends.clear();
        self.ends.resize(n_customers, 0);
        partition.count::<P::Fact>(&mut self.ends);
        let mut n_before = 0;
        for end in &mut self.ends {
            let count = std::mem::replace(end, n_before);
            n_before += count;
        }
        self.numbers.clear();
        self.numbers.resize(n_before as usize, 0);
        let mut gathering =
            Gathering { packing: &self.packing, next: &mut self.ends, numbers: &mut self.numbers };
        for (index, chunk) in partition.words.iter().enumerate() {
            gathering.put_words(chunk, (index * CHUNK_WORDS) as u64);
        }
        for (index, chunk) in partition.others.iter().enumerate() {
            gathering.put_others(chunk, (index * CHUNK_BYTES) as u64);
        }
    }

    /// Adds the blocks of some customers: the numbers of each begin where those of the one before
    /// end, and those of the first at `start`. Returns where those of the last end.
    #[inline(never)]
    fn push(&mut self, partition: &Partition<1>, mut start: usize, ends: &[u32]) -> usize {
        for &end in ends {
            let end = end as usize;
            let numbers = self.numbers.get_mut(start..end).unwrap_or_default();
            start = end;
            if !numbers.is_sorted() {
                numbers.sort_unstable();
            }
            // Places come behind all numbers.
            if numbers.last().is_some_and(|&last| FROM_PLACES <= last) {
                read(&self.packing, partition, numbers, &mut self.facts);
                self.packing.pack(&mut self.facts, &mut self.blocks);
            } else {
                self.packing.pack_short(numbers, &mut self.blocks);
            }
        }
        start
    }
}

/// The numbers of a partition on their way to their customers.
struct Gathering<'a, P> {
    packing: &'a P,
    /// Where the next number of each customer goes.
    next: &'a mut [u32],
    numbers: &'a mut [u64],
}

impl<P: Packing> Gathering<'_, P> {
    /// Puts those of a chunk of plain facts that begins at `first` where they go.
    #[inline(never)]
    fn put_words(&mut self, chunk: &[[u64; 1]], first: u64) {
        for (words, at) in chunk.iter().zip(first..) {
            let (when, amount, segment) = parts_of_word(words[0]);
            let number = number_of(when, amount, self.packing.places().segment(segment));
            self.put(place_of(words), number.unwrap_or(FROM_PLACES | IS_PLAIN | at));
        }
    }

    /// The same for facts that are not plain.
    #[inline(never)]
    fn put_others(&mut self, chunk: &[u8], first: u64) {
        for_each_other(chunk, |at, place, fact: P::Fact| {
            let number = self.packing.number(&self.packing.labelled(fact));
            self.put(place, number.unwrap_or(FROM_PLACES | (first + at as u64)));
        });
    }

    #[inline]
    fn put(&mut self, place: usize, number: u64) {
        if let Some(next) = self.next.get_mut(place) {
            if let Some(to) = self.numbers.get_mut(*next as usize) {
                *to = number;
            }
            *next += 1;
        }
    }
}

/// The facts that are these numbers, and those that lie at these places.
#[inline(never)]
fn read<P: Packing>(
    packing: &P,
    partition: &Partition<1>,
    numbers: &[u64],
    facts: &mut Vec<P::Fact>,
) {
    facts.clear();
    facts.extend(numbers.iter().map(|&number| {
        if number < FROM_PLACES {
            return packing.short(number);
        }
        let place = usize::try_from(number & !(FROM_PLACES | IS_PLAIN)).unwrap_or(usize::MAX);
        packing.labelled(if number & IS_PLAIN != 0 {
            let chunk = partition.words.get(place / CHUNK_WORDS);
            let words = chunk.and_then(|chunk| chunk.get(place % CHUNK_WORDS));
            P::Fact::of_words(words.copied().unwrap_or_default())
        } else {
            let chunk = partition.others.get(place / CHUNK_BYTES);
            let rest = chunk.and_then(|chunk| chunk.get(place % CHUNK_BYTES..)).unwrap_or(&[]);
            let mut bytes = Bytes::new(rest);
            bytes.u16();
            P::Fact::read(&mut bytes)
        })
    }));
}
