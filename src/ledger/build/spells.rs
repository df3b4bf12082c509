//! Spells of monthly revenue as packed facts, and back.
//!
//! It decides nothing about them.

use super::Places;
use super::facts::Fact;
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
    Day(i32::from(bytes.u16()) + Day::EARLIEST.0)
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
