//! Customers by id: each distinct id once, kept exactly as the file has it.
//!
//! It joins nothing: ids that only look alike stay apart.

use super::interner::{Asked, Batch, Entry, Interner};
use super::order::{by_key, key_of};

/// A customer's place in [`Customers`].
pub type CustomerIndex = u32;

/// The distinct customer ids of a file.
#[derive(Clone, Debug, Default)]
pub struct Customers {
    ids: Interner,
    /// Where the entry of each id lies, in the order of the ids; empty until they are in order.
    offsets: Vec<u32>,
}

impl Customers {
    /// No customers yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The place of an id, which is new or known; the row is kept for a new one.
    pub(crate) fn intern(&mut self, id: &str, row: u32) -> CustomerIndex {
        self.ids.number(id.as_bytes(), row)
    }

    /// Adds the place of each id of a batch to `places`, in order, and empties the batch.
    pub(super) fn intern_all(&mut self, batch: &mut Batch, places: &mut Vec<CustomerIndex>) {
        self.ids.number_all(batch, places);
    }

    /// Adds the place of each id to `places`, in order; each comes with its row.
    #[inline]
    pub(super) fn intern_each<'t>(
        &mut self,
        asked: &mut [Asked],
        ids: impl Iterator<Item = (&'t [u8], u32)>,
        places: &mut Vec<CustomerIndex>,
    ) {
        self.ids.number_each(asked, ids, places);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.len() == 0
    }

    /// Whether there is no room for more.
    pub(crate) fn is_full(&self) -> bool {
        self.ids.is_full()
    }

    /// The id at a place, once they are in order.
    #[must_use]
    pub fn id(&self, index: CustomerIndex) -> &str {
        let entry = self.offsets.get(index as usize).and_then(|&offset| self.ids.entry_at(offset));
        entry.and_then(|entry| std::str::from_utf8(entry.text).ok()).unwrap_or("")
    }

    /// The row that an id was first met in, once they are in order.
    #[must_use]
    pub fn first_row(&self, index: CustomerIndex) -> u32 {
        let entry = self.offsets.get(index as usize).and_then(|&offset| self.ids.entry_at(offset));
        entry.map_or(0, |entry| entry.first_row)
    }

    /// The place of an id, once they are in order; none where nobody has it.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<CustomerIndex> {
        let (mut from, mut until) = (0, CustomerIndex::try_from(self.offsets.len()).ok()?);
        while from < until {
            let middle = from + (until - from) / 2;
            match self.id(middle).as_bytes().cmp(id.as_bytes()) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => until = middle,
            }
        }
        None
    }

    /// The ids in the order of their first rows, with these.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.ids.entries().map(|(_, entry)| entry)
    }

    /// The same, each with where it lies.
    pub(super) fn entries_with_offsets(&self) -> impl Iterator<Item = (u32, Entry<'_>)> {
        self.ids.entries()
    }

    /// The id that lies at an offset.
    pub(super) fn entry_at(&self, offset: u32) -> Option<Entry<'_>> {
        self.ids.entry_at(offset)
    }

    /// Lets go of what only finding an id needs.
    pub(crate) fn forget_table(&mut self) {
        self.ids.forget_table();
    }

    /// Puts the customers in the order of their ids, so that the order of rows leaves no trace, and
    /// returns the old place of each new one.
    #[inline(never)]
    pub(crate) fn put_in_order(&mut self) -> Vec<CustomerIndex> {
        self.forget_table();
        let n_shared = self.n_shared_bytes();
        // The first bytes of each id, where it lies, and its number.
        let mut keys: Vec<(u64, (u32, u32))> = Vec::with_capacity(self.len());
        self.ids.entries().for_each(|(at, entry)| {
            let rest = entry.text.get(n_shared..).unwrap_or(&[]);
            keys.push((key_of(rest), (at, entry.number)));
        });
        let text = |offset: u32| self.ids.entry_at(offset).map(|entry| entry.text);
        by_key(&mut keys, |a, b| text(a.0).cmp(&text(b.0)));
        let (mut offsets, mut places) =
            (Vec::with_capacity(self.len()), Vec::with_capacity(self.len()));
        for (_, (offset, number)) in keys {
            offsets.push(offset);
            places.push(number);
        }
        self.offsets = offsets;
        places
    }

    /// How many bytes all ids begin with together, as `cus_`.
    fn n_shared_bytes(&self) -> usize {
        let mut ids = self.entries().map(|entry| entry.text);
        let Some(first) = ids.next() else { return 0 };
        let first_key = key_of(first);
        ids.fold(first.len(), |n_shared, id| {
            if n_shared <= size_of::<u64>() {
                // A shorter id has zeros behind it, which may be those of a longer one.
                let n_same = (key_of(id) ^ first_key).leading_zeros() / u8::BITS;
                return n_shared.min(n_same as usize).min(id.len());
            }
            let same = first[..n_shared].iter().zip(id).take_while(|(a, b)| a == b);
            same.count()
        })
    }
}
