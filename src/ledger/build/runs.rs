//! Runs of months of the same revenue as blocks, and the spells that they are.

use super::Places;
use crate::calendar::{Day, Period};
use crate::ledger::blocks::Blocks;
use crate::ledger::{CustomerIndex, LabelIndex, PIECE, Spell};

/// Months in which a customer pays the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// The number of the first month.
    pub(super) from: u16,
    /// That of the first month behind it.
    pub(super) until: u16,
    pub(super) monthly: i64,
    pub(super) segment: Option<LabelIndex>,
}

/// Says in the head of a block, which has the number of runs above it, that each has two words: the
/// second is the amount. In one word alone, the lower half is the amount and not the segment.
const IS_WIDE: u64 = 1;

fn with_months(run: &Run, lower: u32) -> u64 {
    u64::from(run.from) << 48 | u64::from(run.until) << 32 | u64::from(lower)
}

fn narrow(run: &Run) -> Option<u64> {
    let amount = u32::try_from(run.monthly).ok().filter(|_| run.segment.is_none())?;
    Some(with_months(run, amount))
}

/// Adds the block of the next customer.
#[inline]
pub(super) fn write_runs(blocks: &mut Blocks, runs: &[Run]) {
    let n_runs = (runs.len() as u64) << 1;
    if runs.iter().all(|run| narrow(run).is_some()) {
        blocks.push(n_runs, runs.len(), runs.iter().filter_map(narrow));
        return;
    }
    let words = runs.iter().flat_map(|run| {
        let segment = run.segment.map_or(0, |segment| segment + 1);
        [with_months(run, segment), run.monthly.unsigned_abs()]
    });
    blocks.push(n_runs | IS_WIDE, 2 * runs.len(), words);
}

/// The spells of all customers, in the order of the customers.
pub(super) fn spells_of_runs(blocks: &Blocks, places: &Places, n_runs: usize) -> Vec<Spell> {
    let mut spells = Vec::with_capacity(n_runs);
    let (mut first_days, mut customer) = (FirstDays::default(), 0);
    for piece in places.customers().chunks(PIECE) {
        blocks.touch(piece.iter().map(|&place| place as usize));
        push_spells(&mut spells, blocks, piece, customer, &mut first_days);
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
    first_days: &mut FirstDays,
) {
    for (&place, customer) in places.iter().zip(first..) {
        let (head, words) = blocks.block(place as usize);
        let n_runs = usize::try_from(head >> 1).unwrap_or(0);
        let mut spell_of = |word: u64, monthly: i64, segment: Option<LabelIndex>| Spell {
            customer,
            start: first_days.of(word >> 48),
            end: Some(first_days.of(word >> 32 & 0xFFFF)),
            monthly,
            segment,
            reason: None,
            renewal: None,
        };
        let lower = |word: u64| word & u64::from(u32::MAX);
        if head & IS_WIDE == 0 {
            spells.extend(
                words.iter().take(n_runs).map(|&word| {
                    spell_of(word, i64::try_from(lower(word)).unwrap_or(i64::MAX), None)
                }),
            );
            continue;
        }
        spells.extend(words.as_chunks().0.iter().take(n_runs).map(|&[word, amount]| {
            let segment = LabelIndex::try_from(lower(word)).unwrap_or(0).checked_sub(1);
            spell_of(word, i64::try_from(amount).unwrap_or(i64::MAX), segment)
        }));
    }
}

/// The first days of months that were asked for last: those of one file are few.
#[derive(Default)]
struct FirstDays {
    known: Vec<Option<(u64, Day)>>,
}

impl FirstDays {
    const N_KNOWN: usize = 256;

    /// That of the month of a number.
    #[inline]
    fn of(&mut self, number: u64) -> Day {
        let place = usize::try_from(number).unwrap_or(0) % Self::N_KNOWN;
        match self.known.get(place) {
            Some(&Some((known, day))) if known == number => day,
            _ => self.look_up(number, place),
        }
    }

    #[cold]
    fn look_up(&mut self, number: u64, place: usize) -> Day {
        self.known.resize(Self::N_KNOWN, None);
        let day = Period::month_number(i32::try_from(number).unwrap_or(0)).first_day();
        self.known[place] = Some((number, day));
        day
    }
}
