//! Spells of monthly revenue as packed facts, and back.
//!
//! It decides nothing about them.

use super::Places;
use super::facts::{Fact, Facts, MARK};
use crate::calendar::Day;
use crate::ledger::packed::{Blocks, Bytes, write_number};
use crate::ledger::{CustomerIndex, LabelIndex, PIECE, Spell, Terms};

/// A [`Spell`] without its customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SpellFact {
    pub(super) start: Day,
    pub(super) end: Option<Day>,
    pub(super) monthly: i64,
    pub(super) segment: Option<LabelIndex>,
    pub(super) reason: Option<LabelIndex>,
    pub(super) renewal: Option<Day>,
    /// For how many months it is paid at a time; 0 where that is not known.
    pub(super) term_months: u8,
    /// The row it was read from, where that is kept.
    pub(super) row: Option<u32>,
}

const HAS_END: u8 = 1;
const HAS_SEGMENT: u8 = 2;
const HAS_REASON: u8 = 4;
const HAS_RENEWAL: u8 = 8;
const HAS_TERM: u8 = 16;
const HAS_ROW: u8 = 32;

/// A day as two bytes: all that a file may have fit.
#[inline]
pub(super) fn write_day(day: Day, out: &mut Vec<u8>) {
    out.extend_from_slice(&packed_day(day).to_le_bytes());
}

#[inline]
pub(super) fn packed_day(day: Day) -> u16 {
    u16::try_from(day.0 - Day::EARLIEST.0).unwrap_or(u16::MAX)
}

pub(super) fn read_day(bytes: &mut Bytes<'_>) -> Day {
    day_of(bytes.u16())
}

/// The day that two bytes are.
pub(super) fn day_of(days: u16) -> Day {
    Day(i32::from(days) + Day::EARLIEST.0)
}

/// A day or a month, an amount and a segment as one number, in the order of these three; nothing
/// where one of them is too large.
#[inline]
pub(super) fn numbered(when: u16, amount: u32, segment: Option<LabelIndex>) -> Option<u64> {
    let segment = match segment {
        Some(segment) => u16::try_from(segment).ok()?.checked_add(1)?,
        None => 0,
    };
    let number = u64::from(when) << 48 | u64::from(amount) << 16 | u64::from(segment);
    (when != u16::MAX).then_some(number)
}

/// The day or month, the amount and the segment of such a number.
#[inline]
pub(super) fn parts_of(number: u64) -> (u16, i64, Option<LabelIndex>) {
    let bytes = number.to_le_bytes();
    let two = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let amount = u32::from_le_bytes([bytes[2], bytes[3], bytes[4], bytes[5]]);
    (two(6), i64::from(amount), two(0).checked_sub(1).map(LabelIndex::from))
}

impl Fact for SpellFact {
    fn is_marked(&self) -> bool {
        false
    }

    fn write(&self, out: &mut Vec<u8>) {
        let flag = |is_there: bool, flag: u8| if is_there { flag } else { 0 };
        out.push(
            flag(self.end.is_some(), HAS_END)
                | flag(self.segment.is_some(), HAS_SEGMENT)
                | flag(self.reason.is_some(), HAS_REASON)
                | flag(self.renewal.is_some(), HAS_RENEWAL)
                | flag(self.term_months != 0, HAS_TERM)
                | flag(self.row.is_some(), HAS_ROW),
        );
        write_day(self.start, out);
        write_number(out, self.monthly.unsigned_abs());
        for day in [self.end, self.renewal].into_iter().flatten() {
            write_day(day, out);
        }
        for label in [self.segment, self.reason, self.row].into_iter().flatten() {
            write_number(out, u64::from(label));
        }
        if self.term_months != 0 {
            out.push(self.term_months);
        }
    }

    fn skip(bytes: &mut Bytes<'_>, _is_marked: bool) {
        let flags = bytes.byte();
        let n_of = |some: u8| (flags & some).count_ones();
        bytes.u16();
        bytes.skip_number();
        bytes.take(2 * n_of(HAS_END | HAS_RENEWAL) as usize);
        for _ in 0..n_of(HAS_SEGMENT | HAS_REASON | HAS_ROW) {
            bytes.skip_number();
        }
        bytes.take(n_of(HAS_TERM) as usize);
    }

    fn read(bytes: &mut Bytes<'_>, _is_marked: bool) -> Self {
        let flags = bytes.byte();
        let has = |flag: u8| flags & flag != 0;
        let start = read_day(bytes);
        let monthly = i64::try_from(bytes.number()).unwrap_or(i64::MAX);
        let end = has(HAS_END).then(|| read_day(bytes));
        let renewal = has(HAS_RENEWAL).then(|| read_day(bytes));
        let segment = has(HAS_SEGMENT).then(|| bytes.number_u32());
        let reason = has(HAS_REASON).then(|| bytes.number_u32());
        let row = has(HAS_ROW).then(|| bytes.number_u32());
        let term_months = if has(HAS_TERM) { bytes.byte() } else { 0 };
        Self { start, end, monthly, segment, reason, renewal, term_months, row }
    }
}

impl SpellFact {
    /// Packs the spells of one customer.
    pub(super) fn write_all(spells: &[Self], block: &mut Vec<u8>) {
        write_number(block, spells.len() as u64);
        for spell in spells {
            spell.write(block);
        }
    }
}

/// The spells of facts that say neither a term nor a row, in the order of the customers.
#[inline(never)]
pub(super) fn spells_of_facts(facts: Facts<SpellFact>, places: &Places) -> Vec<Spell> {
    // Where the next spell of each customer goes, by the numbers that customers had.
    let mut next = facts.counts(places.len());
    let mut n_spells = 0;
    for &place in places.customers() {
        if let Some(next) = next.get_mut(place as usize) {
            let n_own = std::mem::replace(next, n_spells);
            n_spells += n_own;
        }
    }
    let customers = places.new_places();
    let nothing = Spell {
        customer: 0,
        start: Day::EARLIEST,
        end: None,
        monthly: 0,
        segment: None,
        reason: None,
        renewal: None,
    };
    let mut spells = vec![nothing; n_spells as usize];
    let mut first = 0;
    for (partition, n_here) in facts.into_partitions(places.len()) {
        let own = first..first + n_here;
        first += n_here;
        for chunk in partition {
            put_spells(
                &mut spells,
                &chunk,
                places,
                &customers[own.clone()],
                &mut next[own.clone()],
            );
        }
    }
    let mut rest = &mut spells[..];
    while !rest.is_empty() {
        let n_sorted = sort_some(rest);
        rest = &mut rest[n_sorted..];
    }
    spells
}

/// How many spells are put in their places together.
const PUT_TOGETHER: usize = 64;

/// Puts the spells of a chunk of facts where those of their customers go next.
#[inline(never)]
fn put_spells(
    spells: &mut [Spell],
    chunk: &[u8],
    places: &Places,
    customers: &[CustomerIndex],
    next: &mut [u32],
) {
    let mut bytes = Bytes::new(chunk);
    let mut waiting: Vec<(u32, Spell)> = Vec::with_capacity(PUT_TOGETHER);
    while 0 < bytes.n_left() {
        let own = usize::from(bytes.u16() & !MARK);
        let fact = SpellFact::read(&mut bytes, false);
        let (Some(&customer), Some(next)) = (customers.get(own), next.get_mut(own)) else {
            continue;
        };
        let SpellFact { start, end, monthly, segment, reason, renewal, .. } = fact;
        let (segment, reason) = (places.segment(segment), places.reason(reason));
        waiting.push((*next, Spell { customer, start, end, monthly, segment, reason, renewal }));
        *next += 1;
        if waiting.len() == PUT_TOGETHER {
            put(spells, &mut waiting);
        }
    }
    put(spells, &mut waiting);
}

/// Puts spells in their places, which lie anywhere: all of these are on their way from memory before
/// the first is written.
#[inline(never)]
fn put(spells: &mut [Spell], waiting: &mut Vec<(u32, Spell)>) {
    let touched = waiting.iter().fold(0, |touched, &(place, _)| {
        let known = spells.get(place as usize).map_or((0, None), |to| (to.customer, to.renewal));
        touched ^ known.0 ^ u32::from(known.1.is_some())
    });
    std::hint::black_box(touched);
    for (place, spell) in waiting.drain(..) {
        if let Some(to) = spells.get_mut(place as usize) {
            *to = spell;
        }
    }
}

/// Sorts the spells of some customers, from the first on, and says how many spells these are.
#[inline(never)]
fn sort_some(spells: &mut [Spell]) -> usize {
    let mut n_sorted = 0;
    for own in spells.chunk_by_mut(|a, b| a.customer == b.customer).take(PIECE) {
        n_sorted += own.len();
        if !own.is_sorted() {
            own.sort_unstable();
        }
    }
    n_sorted
}

/// The spells of all customers, in the order of the customers; with the row of each, where these
/// are kept.
pub(super) fn spells_of(
    blocks: &Blocks,
    places: &Places,
    n_spells: usize,
    mut rows: Option<&mut Vec<u32>>,
) -> Vec<Spell> {
    let mut spells = Vec::with_capacity(n_spells);
    let mut customer = 0;
    for piece in places.customers().chunks(PIECE) {
        blocks.touch(piece.iter().map(|&place| place as usize));
        push_spells(&mut spells, blocks, piece, customer, rows.as_deref_mut());
        customer += CustomerIndex::try_from(piece.len()).unwrap_or(0);
    }
    spells
}

/// Adds the spells of some customers, of whom `first` is the first.
#[inline(never)]
fn push_spells(
    spells: &mut Vec<Spell>,
    blocks: &Blocks,
    places: &[u32],
    first: CustomerIndex,
    mut rows: Option<&mut Vec<u32>>,
) {
    for (&place, customer) in places.iter().zip(first..) {
        let mut block = blocks.block(place as usize);
        for _ in 0..block.number() {
            let SpellFact { start, end, monthly, segment, reason, renewal, term_months: _, row } =
                SpellFact::read(&mut block, false);
            spells.push(Spell { customer, start, end, monthly, segment, reason, renewal });
            if let Some(rows) = &mut rows {
                rows.push(row.unwrap_or(0));
            }
        }
    }
}

/// The terms of the same spells, in the same order.
#[inline(never)]
pub(super) fn terms_of(blocks: &Blocks, places: &Places, n_spells: usize) -> Terms {
    let mut months = Vec::with_capacity(n_spells);
    for &place in places.customers() {
        let mut block = blocks.block(place as usize);
        for _ in 0..block.number() {
            months.push(SpellFact::read(&mut block, false).term_months);
        }
    }
    Terms::from_months(months)
}
