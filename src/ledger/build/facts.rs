//! Facts of customers in the order of the rows, packed, until the file has been read.
//!
//! Customers come in partitions of neighbours, so that the facts of one can be gathered at the end
//! without a jump through all memory for each of them. It does not know what a fact is.

use crate::ledger::interner::{Asked, Batch};
use crate::ledger::packed::{Blocks, Bytes, write_number};
use crate::ledger::{Customers, PIECE};

/// Customers of a partition; their places in it take 14 bits.
const PARTITION_CUSTOMERS: u32 = 1 << PARTITION_BITS;
const PARTITION_BITS: u32 = 14;
/// Bytes of a chunk of facts, and how its index is shifted in a place.
const CHUNK_BYTES: usize = 1 << 15;
/// More than any fact takes.
const MAX_FACT_BYTES: usize = 64;
/// How many rows wait for the numbers of their customers.
const BATCH_ROWS: usize = 256;
/// How many bytes of ids wait at most.
const BATCH_BYTES: usize = 1 << 16;

/// Something that is known of a customer, and how it is packed.
pub(super) trait Fact: Copy + std::fmt::Debug {
    /// Whether there is more to it than most have; it is said again when it is read.
    fn is_marked(&self) -> bool;

    /// Packs it.
    fn write(&self, out: &mut Vec<u8>);

    /// The bytes of one that is not marked, the first of them lowest, and how many there are; nothing
    /// where it has more than six.
    #[inline]
    fn few_bytes(&self) -> Option<(u64, usize)> {
        None
    }

    /// Unpacks it.
    fn read(bytes: &mut Bytes<'_>, is_marked: bool) -> Self;

    /// Goes behind it.
    fn skip(bytes: &mut Bytes<'_>, is_marked: bool) {
        Self::read(bytes, is_marked);
    }
}

/// The bit of a customer's place in its partition that marks a fact.
const MARK: u16 = 1 << 15;

/// See the module.
#[derive(Debug)]
pub(super) struct Facts<F> {
    partitions: Vec<Vec<Vec<u8>>>,
    batch: Batch,
    waiting: Vec<F>,
}

impl<F> Default for Facts<F> {
    fn default() -> Self {
        Self { partitions: Vec::new(), batch: Batch::default(), waiting: Vec::new() }
    }
}

impl<F: Fact> Facts<F> {
    /// Takes a fact of the customer with an id.
    pub(super) fn push(&mut self, customers: &mut Customers, id: &str, row: u32, fact: F) {
        self.batch.push(id.as_bytes(), row);
        self.waiting.push(fact);
        if BATCH_ROWS <= self.batch.len() || BATCH_BYTES <= self.batch.n_bytes() {
            self.settle(customers);
        }
    }

    /// Takes the facts of many rows; `id_of` gives the id of each, with its row.
    #[inline]
    pub(super) fn push_each<'t>(
        &mut self,
        customers: &mut Customers,
        asked: &mut [Asked],
        id_of: impl Fn(usize) -> (&'t [u8], u32),
        fact_of: impl Fn(usize) -> F,
    ) {
        if 0 < self.batch.len() {
            self.settle(customers);
        }
        let partitions = &mut self.partitions;
        customers.intern_each(asked, id_of, |index, customer| {
            append(partitions, customer, &fact_of(index));
        });
    }

    /// Gives the waiting rows to their customers.
    #[inline(never)]
    pub(super) fn settle(&mut self, customers: &mut Customers) {
        let Self { partitions, batch, waiting } = self;
        customers.intern_all(batch, |index, customer| {
            if let Some(fact) = waiting.get(index) {
                append(partitions, customer, fact);
            }
        });
        waiting.clear();
    }

    /// All facts as bytes, for another worker.
    pub(super) fn write_part(&self, out: &mut Vec<u8>) {
        write_number(out, self.partitions.len() as u64);
        for partition in &self.partitions {
            write_number(out, partition.iter().map(|chunk| chunk.len() as u64).sum());
            for chunk in partition {
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
        for partition in 0..part.number() {
            let n_bytes = usize::try_from(part.number()).unwrap_or(0);
            let mut facts = Bytes::new(part.take(n_bytes));
            while 0 < facts.n_left() {
                let head = facts.u16();
                let mut fact = F::read(&mut facts, head & MARK != 0);
                renumber(&mut fact);
                let place = (partition << PARTITION_BITS) | u64::from(head & !MARK);
                let place = usize::try_from(place).unwrap_or(usize::MAX);
                let Some(&customer) = customers.get(place) else { continue };
                append(&mut self.partitions, customer, &fact);
            }
        }
    }

    /// Hands the facts of each customer to `pack`, in the order of their rows, and keeps what it
    /// makes of them as the customer's block.
    #[inline(never)]
    pub(super) fn into_blocks(
        mut self,
        n_customers: usize,
        mut pack: impl FnMut(&mut Vec<F>, &mut Vec<u8>),
    ) -> Blocks {
        let mut packed = Packed { blocks: Blocks::default(), facts: Vec::new(), block: Vec::new() };
        let mut n_left = n_customers;
        for partition in &mut self.partitions {
            let partition = std::mem::take(partition);
            let n_here = n_left.min(PARTITION_CUSTOMERS as usize);
            n_left -= n_here;
            let (ends, places) = gather::<F>(&partition, n_here);
            let mut start = 0;
            for ends in ends.chunks(PIECE) {
                start = packed.push(&partition, &places, start, ends, &mut pack);
            }
        }
        packed.blocks
    }
}

/// Blocks, and the facts of the customer whose block comes next.
struct Packed<F> {
    blocks: Blocks,
    facts: Vec<F>,
    block: Vec<u8>,
}

impl<F: Fact> Packed<F> {
    /// Adds the blocks of some customers: the places of each one's facts begin where those of the one
    /// before end, and those of the first at `start`. Returns where those of the last end.
    #[inline(never)]
    fn push(
        &mut self,
        partition: &[Vec<u8>],
        places: &[u32],
        mut start: u32,
        ends: &[u32],
        pack: &mut impl FnMut(&mut Vec<F>, &mut Vec<u8>),
    ) -> u32 {
        for &end in ends {
            self.facts.clear();
            self.facts.extend(places[start as usize..end as usize].iter().map(|&place| {
                let (chunk, at) = (place as usize / CHUNK_BYTES, place as usize % CHUNK_BYTES);
                let mut bytes = Bytes::new(&partition[chunk][at..]);
                let head = bytes.u16();
                F::read(&mut bytes, head & MARK != 0)
            }));
            start = end;
            self.block.clear();
            pack(&mut self.facts, &mut self.block);
            self.blocks.push(&self.block);
        }
        start
    }
}

/// The number of a label in the ledger that takes a part in.
pub(super) fn renumbered(label: Option<u32>, numbers: &[u32]) -> Option<u32> {
    label.map(|label| numbers.get(label as usize).copied().unwrap_or(label))
}

/// Adds a fact to the partition of its customer.
#[inline]
fn append(partitions: &mut Vec<Vec<Vec<u8>>>, customer: u32, fact: &impl Fact) {
    let (index, place) = (customer >> PARTITION_BITS, customer % PARTITION_CUSTOMERS);
    let index = index as usize;
    let chunk = match partitions.get_mut(index).and_then(|chunks| chunks.last_mut()) {
        Some(chunk) if chunk.len() <= CHUNK_BYTES - MAX_FACT_BYTES => chunk,
        _ => match add_chunk(partitions, index) {
            Some(chunk) => chunk,
            None => return,
        },
    };
    if let Some((bytes, n_bytes)) = fact.few_bytes() {
        // Eight bytes at once, of which those are taken back that are none of it.
        let end = chunk.len() + size_of::<u16>() + n_bytes;
        chunk.extend_from_slice(&(bytes << 16 | u64::from(place)).to_le_bytes());
        chunk.truncate(end);
        return;
    }
    let head = u16::try_from(place).unwrap_or(0) | if fact.is_marked() { MARK } else { 0 };
    chunk.extend_from_slice(&head.to_le_bytes());
    fact.write(chunk);
}

#[cold]
#[inline(never)]
fn add_chunk(partitions: &mut Vec<Vec<Vec<u8>>>, index: usize) -> Option<&mut Vec<u8>> {
    if partitions.len() <= index {
        partitions.resize_with(index + 1, Vec::new);
    }
    let chunks = partitions.get_mut(index)?;
    chunks.push(Vec::with_capacity(CHUNK_BYTES));
    chunks.last_mut()
}

/// Where the facts of a partition lie, those of each customer together, and where these end.
#[inline(never)]
fn gather<F: Fact>(partition: &[Vec<u8>], n_customers: usize) -> (Vec<u32>, Vec<u32>) {
    let mut ends = vec![0_u32; n_customers];
    let each = |visit: &mut dyn FnMut(usize, usize)| {
        for (index, chunk) in partition.iter().enumerate() {
            let mut bytes = Bytes::new(chunk);
            while 0 < bytes.n_left() {
                let at = index * CHUNK_BYTES + chunk.len() - bytes.n_left();
                let head = bytes.u16();
                F::skip(&mut bytes, head & MARK != 0);
                visit(usize::from(head & !MARK), at);
            }
        }
    };
    each(&mut |customer, _| {
        if let Some(count) = ends.get_mut(customer) {
            *count += 1;
        }
    });
    let mut n_before = 0;
    for end in &mut ends {
        let count = std::mem::replace(end, n_before);
        n_before += count;
    }
    let mut places = vec![0_u32; n_before as usize];
    each(&mut |customer, at| {
        if let Some(next) = ends.get_mut(customer) {
            if let Some(place) = places.get_mut(*next as usize) {
                *place = u32::try_from(at).unwrap_or(u32::MAX);
            }
            *next += 1;
        }
    });
    (ends, places)
}
