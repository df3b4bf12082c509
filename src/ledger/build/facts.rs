//! Facts of customers in the order of the rows, packed, until the file has been read.
//!
//! Customers come in partitions of neighbours, so that the facts of one can be gathered at the end
//! without a jump through all memory for each of them. It does not know what a fact is.

use super::packing::{Packed, Packing};
use crate::ledger::blocks::Blocks;
use crate::ledger::interner::Batch;
use crate::ledger::packed::{Bytes, write_number};
use crate::ledger::{CustomerIndex, Customers};

/// Customers of a partition.
const PARTITION_CUSTOMERS: u32 = 1 << PARTITION_BITS;
const PARTITION_BITS: u32 = 14;
/// The bits of the first word of a fact; above them is the customer's place in its partition.
pub(super) const FACT_BITS: u32 = u64::BITS - PARTITION_BITS;
/// Words of a chunk of facts.
pub(super) const CHUNK_WORDS: usize = 1 << 12;
/// Bytes of a chunk of facts that are no words, and how its index is shifted in a place.
pub(super) const CHUNK_BYTES: usize = 1 << 15;
/// More than any fact takes.
const MAX_FACT_BYTES: usize = 64;
/// How many rows wait for the numbers of their customers.
const BATCH_ROWS: usize = 256;
/// How many bytes of ids wait at most.
const BATCH_BYTES: usize = 1 << 16;

/// Something that is known of a customer, and how it is packed: in so many words, if it is plain.
pub(super) trait Fact<const WORDS: usize>: Copy + std::fmt::Debug {
    /// A plain one as words, the first of them of [`FACT_BITS`]; nothing where it is not plain.
    fn words(&self) -> Option<[u64; WORDS]>;

    /// The plain one that is these words, whatever is above the bits of the first.
    fn of_words(words: [u64; WORDS]) -> Self;

    /// Packs one that is not plain.
    fn write(&self, out: &mut Vec<u8>);

    /// Unpacks one that is not plain.
    fn read(bytes: &mut Bytes<'_>) -> Self;
}

/// The facts of neighbouring customers.
#[derive(Clone, Debug)]
pub(super) struct Partition<const WORDS: usize> {
    /// Those that are plain.
    pub(super) words: Vec<Vec<[u64; WORDS]>>,
    /// All others, each behind the place of its customer.
    pub(super) others: Vec<Vec<u8>>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Facts<F, const WORDS: usize> {
    partitions: Vec<Partition<WORDS>>,
    batch: Batch,
    waiting: Vec<F>,
    /// The customers of those who wait, as soon as they are known.
    customers: Vec<CustomerIndex>,
}

impl<F, const WORDS: usize> Default for Facts<F, WORDS> {
    fn default() -> Self {
        Self {
            partitions: Vec::new(),
            batch: Batch::default(),
            waiting: Vec::new(),
            customers: Vec::new(),
        }
    }
}

impl<F: Fact<WORDS>, const WORDS: usize> Facts<F, WORDS> {
    /// Takes a fact of the customer with an id.
    pub(super) fn push(&mut self, customers: &mut Customers, id: &str, row: u32, fact: F) {
        self.batch.push(id.as_bytes(), row);
        self.waiting.push(fact);
        if BATCH_ROWS <= self.batch.len() || BATCH_BYTES <= self.batch.n_bytes() {
            self.settle(customers);
        }
    }

    /// Takes a fact of each of some customers; none may wait.
    #[inline]
    pub(super) fn push_each(&mut self, customers: &[CustomerIndex], fact_of: impl Fn(usize) -> F) {
        for (index, &customer) in customers.iter().enumerate() {
            append(&mut self.partitions, customer, &fact_of(index));
        }
    }

    /// Gives the waiting rows to their customers.
    #[inline(never)]
    pub(super) fn settle(&mut self, customers: &mut Customers) {
        if self.waiting.is_empty() {
            return;
        }
        self.customers.clear();
        customers.intern_all(&mut self.batch, &mut self.customers);
        for (fact, &customer) in self.waiting.iter().zip(&self.customers) {
            append(&mut self.partitions, customer, fact);
        }
        self.waiting.clear();
    }

    /// All facts as bytes, for another worker.
    pub(super) fn write_part(&self, out: &mut Vec<u8>) {
        write_number(out, self.partitions.len() as u64);
        for Partition { words, others } in &self.partitions {
            write_number(out, words.iter().map(|chunk| chunk.len() as u64).sum());
            for word in words.iter().flatten().flatten() {
                out.extend_from_slice(&word.to_le_bytes());
            }
            write_number(out, others.iter().map(|chunk| chunk.len() as u64).sum());
            for chunk in others {
                out.extend_from_slice(chunk);
            }
        }
    }

    /// Takes in the facts that another worker has written, under the numbers that its customers
    /// have here; `renumber` does the same for what is in a fact.
    pub(super) fn absorb(
        &mut self,
        part: &mut Bytes<'_>,
        customers: &[u32],
        mut renumber: impl FnMut(&mut F),
    ) {
        let mut rest = customers;
        for _ in 0..part.number() {
            let (own, others) = rest.split_at(rest.len().min(PARTITION_CUSTOMERS as usize));
            rest = others;
            let mut take = |place: usize, mut fact: F| {
                renumber(&mut fact);
                if let Some(&customer) = own.get(place) {
                    append(&mut self.partitions, customer, &fact);
                }
            };
            for _ in 0..part.number() {
                let words = std::array::from_fn(|_| part.u64());
                take(place_of(&words), F::of_words(words));
            }
            let n_bytes = usize::try_from(part.number()).unwrap_or(0);
            for_each_other(part.take(n_bytes), |_, place, fact| take(place, fact));
        }
    }

    /// The facts of each partition of customers, in the order of these, and how many they are of.
    pub(super) fn into_partitions(
        self,
        n_customers: usize,
    ) -> impl Iterator<Item = (Partition<WORDS>, usize)> {
        self.partitions.into_iter().scan(n_customers, |n_left, partition| {
            let n_here = (*n_left).min(PARTITION_CUSTOMERS as usize);
            *n_left -= n_here;
            Some((partition, n_here))
        })
    }

    /// How many facts there are of each customer.
    pub(super) fn counts(&self, n_customers: usize) -> Vec<u32> {
        let mut counts = vec![0; n_customers];
        let all = counts.chunks_mut(PARTITION_CUSTOMERS as usize);
        for (partition, counts) in self.partitions.iter().zip(all) {
            partition.count::<F>(counts);
        }
        counts
    }
}

impl<F: Fact<1>> Facts<F, 1> {
    /// What `packing` makes of the facts of each customer, as the customer's block; and `packing`.
    pub(super) fn into_blocks<P: Packing<Fact = F>>(
        self,
        n_customers: usize,
        packing: P,
    ) -> (P, Blocks) {
        let mut packed = Packed::new(packing);
        for (partition, n_here) in self.into_partitions(n_customers) {
            packed.add(&partition, n_here);
        }
        packed.finish()
    }
}

impl<const WORDS: usize> Partition<WORDS> {
    /// Counts its facts by customer.
    pub(super) fn count<F: Fact<WORDS>>(&self, counts: &mut [u32]) {
        for chunk in &self.words {
            count_words(chunk, counts);
        }
        for chunk in &self.others {
            count_others::<F, WORDS>(chunk, counts);
        }
    }
}

/// It is called for each chunk, so that a browser has the fast version of it soon.
#[inline(never)]
fn count_words<const WORDS: usize>(chunk: &[[u64; WORDS]], counts: &mut [u32]) {
    for words in chunk {
        if let Some(count) = counts.get_mut(place_of(words)) {
            *count += 1;
        }
    }
}

#[inline(never)]
fn count_others<F: Fact<WORDS>, const WORDS: usize>(chunk: &[u8], counts: &mut [u32]) {
    for_each_other(chunk, |_, place, _: F| {
        if let Some(count) = counts.get_mut(place) {
            *count += 1;
        }
    });
}

/// The place in its partition of the customer of a plain fact.
#[inline]
pub(super) fn place_of<const WORDS: usize>(words: &[u64; WORDS]) -> usize {
    words.first().map_or(0, |first| usize::try_from(first >> FACT_BITS).unwrap_or(0))
}

/// Hands on each fact of a chunk of those that are not plain: where it lies in the chunk, the place
/// of its customer in the partition, and itself.
pub(super) fn for_each_other<F: Fact<WORDS>, const WORDS: usize>(
    chunk: &[u8],
    mut visit: impl FnMut(usize, usize, F),
) {
    let mut bytes = Bytes::new(chunk);
    while 0 < bytes.n_left() {
        let at = chunk.len() - bytes.n_left();
        let place = usize::from(bytes.u16());
        visit(at, place, F::read(&mut bytes));
    }
}

/// The number of a label in the ledger that takes a part in.
pub(super) fn renumbered(label: Option<u32>, numbers: &[u32]) -> Option<u32> {
    label.map(|label| numbers.get(label as usize).copied().unwrap_or(label))
}

/// Adds a fact to the partition of its customer.
#[inline]
fn append<F: Fact<WORDS>, const WORDS: usize>(
    partitions: &mut Vec<Partition<WORDS>>,
    customer: u32,
    fact: &F,
) {
    let (index, place) = (customer >> PARTITION_BITS, customer % PARTITION_CUSTOMERS);
    let index = index as usize;
    let Some(mut words) = fact.words() else {
        append_other(partitions, index, place, fact);
        return;
    };
    if let Some(first) = words.first_mut() {
        *first |= u64::from(place) << FACT_BITS;
    }
    match partitions.get_mut(index).and_then(|partition| partition.words.last_mut()) {
        Some(chunk) if chunk.len() < CHUNK_WORDS / WORDS => chunk.push(words),
        _ => add_chunk(partitions, index, words),
    }
}

#[cold]
#[inline(never)]
fn add_chunk<const WORDS: usize>(
    partitions: &mut Vec<Partition<WORDS>>,
    index: usize,
    words: [u64; WORDS],
) {
    let mut chunk = Vec::with_capacity(CHUNK_WORDS / WORDS);
    chunk.push(words);
    if let Some(partition) = partition_at(partitions, index) {
        partition.words.push(chunk);
    }
}

#[inline(never)]
fn append_other<F: Fact<WORDS>, const WORDS: usize>(
    partitions: &mut Vec<Partition<WORDS>>,
    index: usize,
    place: u32,
    fact: &F,
) {
    let Some(Partition { others, .. }) = partition_at(partitions, index) else { return };
    if others.last().is_none_or(|chunk| CHUNK_BYTES - MAX_FACT_BYTES < chunk.len()) {
        others.push(Vec::with_capacity(CHUNK_BYTES));
    }
    if let Some(chunk) = others.last_mut() {
        chunk.extend_from_slice(&u16::try_from(place).unwrap_or(0).to_le_bytes());
        fact.write(chunk);
    }
}

fn partition_at<const WORDS: usize>(
    partitions: &mut Vec<Partition<WORDS>>,
    index: usize,
) -> Option<&mut Partition<WORDS>> {
    if partitions.len() <= index {
        let none = Partition { words: Vec::new(), others: Vec::new() };
        partitions.resize(index + 1, none);
    }
    partitions.get_mut(index)
}
