//! Histories as words, one block per customer.
//!
//! It does not know what the words mean: who writes a block reads it.

/// Words of a chunk of blocks; a longer block has a chunk of its own. As large as the chunks of facts
/// that blocks are made from, so that they take the memory that those leave.
const CHUNK_WORDS: usize = 1 << 12;

/// Words of a line of memory.
const LINE_WORDS: usize = 8;

/// One block of words for each customer.
#[derive(Clone, Default)]
pub(super) struct Blocks {
    chunks: Vec<Vec<u64>>,
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

    /// Adds the block of the next customer: a word, and so many more at the most.
    #[inline]
    pub(super) fn push(&mut self, head: u64, n_more: usize, more: impl IntoIterator<Item = u64>) {
        if self.chunks.last().is_none_or(|chunk| CHUNK_WORDS <= chunk.len() + n_more) {
            self.chunks.push(Vec::with_capacity(CHUNK_WORDS.max(n_more + 1)));
        }
        let n_before = (self.chunks.len() - 1) * CHUNK_WORDS;
        let Some(chunk) = self.chunks.last_mut() else { return };
        self.starts.push(u32::try_from(n_before + chunk.len()).unwrap_or(u32::MAX));
        chunk.push(head);
        chunk.extend(more);
    }

    /// All blocks as they lie in memory, some at a time.
    pub(super) fn chunks(&self) -> impl Iterator<Item = &[u64]> {
        self.chunks.iter().map(Vec::as_slice)
    }

    /// Puts the blocks in another order, given as the old place of each new one.
    pub(super) fn put_in_order(&mut self, places: &[u32]) {
        let starts = std::mem::take(&mut self.starts);
        self.starts = places
            .iter()
            .map(|&place| starts.get(place as usize).copied().unwrap_or(u32::MAX))
            .collect();
    }

    /// Asks for the first two lines of memory of blocks before they are read, so that all of it is on
    /// its way at the same time: blocks in the order of the customers lie anywhere.
    #[inline(never)]
    pub(super) fn touch(&self, places: impl Iterator<Item = usize>) {
        let touched = places.fold(0, |touched, index| {
            let (head, rest) = self.block(index);
            touched ^ head ^ rest.get(LINE_WORDS).unwrap_or(&0)
        });
        std::hint::black_box(touched);
    }

    /// The first word of the block at a place, and those behind it, with others behind these.
    #[inline]
    pub(super) fn block(&self, index: usize) -> (u64, &[u64]) {
        let Some(&start) = self.starts.get(index) else { return (0, &[]) };
        let start = start as usize;
        let chunk = self.chunks.get(start / CHUNK_WORDS).map_or(&[][..], Vec::as_slice);
        let block = chunk.get(start % CHUNK_WORDS..).and_then(<[u64]>::split_first);
        block.map_or((0, &[]), |(&head, rest)| (head, rest))
    }
}
