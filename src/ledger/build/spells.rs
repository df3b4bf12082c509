//! Spells as packed facts, and back.
//!
//! It decides nothing about them.

use super::Places;
use super::facts::{FACT_BITS, Fact, Facts, for_each_other, place_of};
use super::short::{day_of, packed_day};
use crate::calendar::Day;
use crate::ledger::packed::{Bytes, write_number};
use crate::ledger::{CustomerIndex, LabelIndex, PIECE, Spell};

/// A [`Spell`] without its customer.
#[derive(Clone, Copy, Debug)]
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

/// Words of a plain fact: one that says neither a term nor a row.
pub(super) const WORDS: usize = 2;

/// What the first word has below the two days.
const REASON_BITS: u32 = FACT_BITS - 2 * u16::BITS;
/// What the second one has.
const AMOUNT_BITS: u32 = 28;
const SEGMENT_BITS: u32 = u64::BITS - AMOUNT_BITS - u16::BITS;

const HAS_END: u8 = 1;
const HAS_SEGMENT: u8 = 2;
const HAS_REASON: u8 = 4;
const HAS_RENEWAL: u8 = 8;
const HAS_TERM: u8 = 16;
const HAS_ROW: u8 = 32;

fn write_day(day: Day, out: &mut Vec<u8>) {
    out.extend_from_slice(&packed_day(day).to_le_bytes());
}

/// Two bytes for a day, or for none; nothing where it is none that a file may have.
#[inline]
fn packed_or_none(day: Option<Day>) -> Option<u64> {
    let Some(day) = day else { return Some(u16::MAX.into()) };
    Some(packed_day(day)).filter(|&day| day != u16::MAX).map(u64::from)
}

/// The lowest two bytes of a word as such a day.
#[inline]
fn day_or_none(word: u64) -> Option<Day> {
    let bytes = word.to_le_bytes();
    let days = u16::from_le_bytes([bytes[0], bytes[1]]);
    (days != u16::MAX).then(|| day_of(days))
}

/// A label and 1 in so many bits, or 0 for none; nothing where it does not fit.
#[inline]
fn packed_label(label: Option<LabelIndex>, n_bits: u32) -> Option<u64> {
    let number = label.map_or(0, |label| u64::from(label) + 1);
    (number >> n_bits == 0).then_some(number)
}

/// The lowest bits of a word as such a label.
#[inline]
fn label_of(word: u64, n_bits: u32) -> Option<LabelIndex> {
    LabelIndex::try_from(word & ((1 << n_bits) - 1)).ok()?.checked_sub(1)
}

impl Fact<WORDS> for SpellFact {
    #[inline]
    fn words(&self) -> Option<[u64; WORDS]> {
        let monthly = u64::try_from(self.monthly).ok()?;
        if self.term_months != 0 || self.row.is_some() || monthly >> AMOUNT_BITS != 0 {
            return None;
        }
        let start = packed_or_none(Some(self.start))?;
        let days = start << 16 | packed_or_none(self.end)?;
        let first = days << REASON_BITS | packed_label(self.reason, REASON_BITS)?;
        let paid = monthly << 16 | packed_or_none(self.renewal)?;
        Some([first, paid << SEGMENT_BITS | packed_label(self.segment, SEGMENT_BITS)?])
    }

    #[inline]
    fn of_words([first, second]: [u64; WORDS]) -> Self {
        let monthly = second >> (u64::BITS - AMOUNT_BITS);
        Self {
            start: day_or_none(first >> (REASON_BITS + 16)).unwrap_or(Day::LATEST),
            end: day_or_none(first >> REASON_BITS),
            monthly: i64::try_from(monthly).unwrap_or(i64::MAX),
            segment: label_of(second, SEGMENT_BITS),
            reason: label_of(first, REASON_BITS),
            renewal: day_or_none(second >> SEGMENT_BITS),
            term_months: 0,
            row: None,
        }
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

    fn read(bytes: &mut Bytes<'_>) -> Self {
        let flags = bytes.byte();
        let has = |flag: u8| flags & flag != 0;
        let start = day_of(bytes.u16());
        let monthly = i64::try_from(bytes.number()).unwrap_or(i64::MAX);
        let end = has(HAS_END).then(|| day_of(bytes.u16()));
        let renewal = has(HAS_RENEWAL).then(|| day_of(bytes.u16()));
        let segment = has(HAS_SEGMENT).then(|| bytes.number_u32());
        let reason = has(HAS_REASON).then(|| bytes.number_u32());
        let row = has(HAS_ROW).then(|| bytes.number_u32());
        let term_months = if has(HAS_TERM) { bytes.byte() } else { 0 };
        Self { start, end, monthly, segment, reason, renewal, term_months, row }
    }
}

/// All spells in the order of the customers, and what is known of each beside it: a term and a row,
/// or none of either.
#[derive(Default)]
pub(super) struct Spells {
    pub(super) spells: Vec<Spell>,
    pub(super) terms: Vec<u8>,
    pub(super) rows: Vec<u32>,
}

/// The spells of facts, with their terms and with their rows where these are wanted.
#[inline(never)]
pub(super) fn spells_of_facts(
    facts: Facts<SpellFact, WORDS>,
    places: &Places,
    (has_terms, keeps_rows): (bool, bool),
) -> Spells {
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
    let n_spells = n_spells as usize;
    let mut spells = Spells {
        spells: vec![NOTHING; n_spells],
        terms: if has_terms { vec![0; n_spells] } else { Vec::new() },
        rows: if keeps_rows { vec![0; n_spells] } else { Vec::new() },
    };
    let mut first = 0;
    for (partition, n_here) in facts.into_partitions(places.len()) {
        let own = first..first + n_here;
        first += n_here;
        let (customers, next) = (&customers[own.clone()], &mut next[own]);
        let mut placing = Placing { places, customers, next };
        for chunk in partition.words {
            placing.put_words(&chunk, &mut spells.spells);
        }
        for chunk in partition.others {
            placing.put_others(&chunk, &mut spells);
        }
    }
    spells.sort();
    spells
}

const NOTHING: Spell = Spell {
    customer: 0,
    start: Day::EARLIEST,
    end: None,
    monthly: 0,
    segment: None,
    reason: None,
    renewal: None,
};

/// How many spells are put in their places together.
const PUT_TOGETHER: usize = 64;

/// The spells of a partition on their way to their places.
struct Placing<'a> {
    places: &'a Places,
    customers: &'a [CustomerIndex],
    /// Where the next spell of each customer goes.
    next: &'a mut [u32],
}

impl Placing<'_> {
    /// The spell of a fact, and where it goes.
    #[inline]
    fn place(&mut self, own: usize, fact: SpellFact) -> Option<(u32, Spell)> {
        let (&customer, next) = (self.customers.get(own)?, self.next.get_mut(own)?);
        let place = *next;
        *next += 1;
        let SpellFact { start, end, monthly, segment, reason, renewal, .. } = fact;
        let (segment, reason) = (self.places.segment(segment), self.places.reason(reason));
        Some((place, Spell { customer, start, end, monthly, segment, reason, renewal }))
    }

    /// Puts the spells of plain facts where those of their customers go next.
    #[inline(never)]
    fn put_words(&mut self, chunk: &[[u64; WORDS]], spells: &mut [Spell]) {
        let mut waiting = Vec::with_capacity(PUT_TOGETHER);
        for some in chunk.chunks(PUT_TOGETHER) {
            waiting.clear();
            waiting.extend(
                some.iter()
                    .filter_map(|words| self.place(place_of(words), SpellFact::of_words(*words))),
            );
            put(spells, &waiting);
        }
    }

    /// The same for facts that are not plain.
    #[inline(never)]
    fn put_others(&mut self, chunk: &[u8], spells: &mut Spells) {
        for_each_other(chunk, |_, own, fact: SpellFact| {
            let Some((place, spell)) = self.place(own, fact) else { return };
            let place = place as usize;
            if let Some(to) = spells.spells.get_mut(place) {
                *to = spell;
            }
            if let Some(to) = spells.terms.get_mut(place) {
                *to = fact.term_months;
            }
            if let Some(to) = spells.rows.get_mut(place) {
                *to = fact.row.unwrap_or(0);
            }
        });
    }
}

/// Puts spells in their places, which lie anywhere: all of these are on their way from memory before
/// the first is written.
#[inline(never)]
fn put(spells: &mut [Spell], waiting: &[(u32, Spell)]) {
    let touched = waiting.iter().fold(0, |touched, &(place, _)| {
        let known = spells.get(place as usize).map_or((0, None), |to| (to.customer, to.renewal));
        touched ^ known.0 ^ u32::from(known.1.is_some())
    });
    std::hint::black_box(touched);
    for &(place, spell) in waiting {
        if let Some(to) = spells.get_mut(place as usize) {
            *to = spell;
        }
    }
}

impl Spells {
    /// Sorts the spells of each customer.
    fn sort(&mut self) {
        let mut n_sorted = 0;
        while n_sorted < self.spells.len() {
            n_sorted += self.sort_some(n_sorted);
        }
    }

    /// Sorts the spells of some customers, from a place on, and says how many spells these are.
    #[inline(never)]
    fn sort_some(&mut self, first: usize) -> usize {
        let Self { spells, terms, rows } = self;
        let mut n_sorted = 0;
        let rest = spells.get_mut(first..).unwrap_or_default();
        for own in rest.chunk_by_mut(|a, b| a.customer == b.customer).take(PIECE) {
            let all = first + n_sorted..first + n_sorted + own.len();
            n_sorted += own.len();
            if own.is_sorted_by(|a, b| a < b) {
                continue;
            }
            let terms = terms.get_mut(all.clone()).unwrap_or_default();
            let rows = rows.get_mut(all).unwrap_or_default();
            if terms.is_empty() && rows.is_empty() {
                own.sort_unstable();
            } else {
                sort_together(own, terms, rows);
            }
        }
        n_sorted
    }
}

/// Sorts the spells of one customer with their terms and rows, where there are any.
fn sort_together(spells: &mut [Spell], terms: &mut [u8], rows: &mut [u32]) {
    let all = spells.iter().enumerate();
    let all =
        all.map(|(place, &spell)| (spell, terms.get(place).copied(), rows.get(place).copied()));
    let mut all: Vec<_> = all.collect();
    all.sort_unstable();
    for (place, (spell, term, row)) in all.into_iter().enumerate() {
        spells[place] = spell;
        if let (Some(to), Some(term)) = (terms.get_mut(place), term) {
            *to = term;
        }
        if let (Some(to), Some(row)) = (rows.get_mut(place), row) {
            *to = row;
        }
    }
}
