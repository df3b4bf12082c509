//! Subscription rows to spells of monthly revenue.
//!
//! Trials, free plans and what never began are no spells; each is left out with its reason.

use super::cells::Cells;
use super::facts::{Facts, renumbered};
use super::packing::Packing;
use super::part::Renumbering;
use super::remembered::Remembered;
use super::spells::{SpellFact, spells_of, spells_of_facts, terms_of};
use super::words::{Interval, SubscriptionState, read_interval, read_subscription_state};
use super::{Places, Rejected, ShapeBuilder, text};
use crate::calendar::Day;
use crate::ingest::Row;
use crate::ingest::amount::{Amount, AmountDefect, read_flag};
use crate::ledger::packed::{Bytes, write_number};
use crate::ledger::{Histories, Recurring, Terms};
use crate::note::{Notes, Severity};
use crate::roles::{AmountMeaning, Detection, Role};

/// See the module.
#[derive(Debug)]
pub(super) struct Subscriptions {
    facts: Facts<SpellFact>,
    n_spells: usize,
    has_terms: bool,
    /// Whether each spell says which row it was read from.
    keeps_rows: bool,
    meaning: AmountMeaning,
    start: usize,
    end: Option<usize>,
    amount: Option<usize>,
    /// Whether an amount is what one subscription costs per month, whatever else the row says.
    is_per_month: bool,
    intervals: Remembered<Option<Interval>>,
    states: Remembered<Option<SubscriptionState>>,
}

impl Subscriptions {
    pub(super) fn new(detection: &Detection, keeps_rows: bool) -> Self {
        Self {
            facts: Facts::default(),
            n_spells: 0,
            has_terms: detection.column(Role::Interval).is_some(),
            keeps_rows,
            meaning: detection.amount,
            start: detection.column(Role::Start).unwrap_or(0),
            end: detection.column(Role::End),
            amount: detection.column(Role::Amount),
            is_per_month: detection.amount.months == 1
                && !detection.amount.per_piece
                && (detection.amount.is_monthly || detection.column(Role::Interval).is_none()),
            intervals: Remembered::default(),
            states: Remembered::default(),
        }
    }

    /// Revenue per month in minor units; nothing for a free plan.
    fn monthly(&mut self, row: &Row<'_>, cells: &mut Cells) -> Result<Option<i64>, Rejected> {
        let Some(column) = self.amount else { return Ok(Some(1)) };
        // A price per month, as most files have it.
        if self.is_per_month
            && let Some(minor) = cells.plain_minor(row, column)
        {
            return Ok((minor != 0).then_some(minor));
        }
        self.any_monthly(row, cells, column)
    }

    #[inline(never)]
    fn any_monthly(
        &mut self,
        row: &Row<'_>,
        cells: &mut Cells,
        column: usize,
    ) -> Result<Option<i64>, Rejected> {
        let mut money = cells.money(row, column)?;
        if money.amount.mantissa < 0 {
            return Err(cells.negative(row, column));
        }
        cells.minor(row, column, money)?;
        let quantity = cells.column(Role::Quantity).filter(|_| self.meaning.per_piece);
        if let Some(index) = quantity
            && !row.field(index).is_empty()
        {
            let pieces: Amount = cells.quantity(row, index)?;
            if pieces.mantissa < 0 {
                return Err(cells.bad_amount(row, index, AmountDefect::OutOfRange));
            }
            money.amount = money
                .amount
                .times(pieces)
                .map_err(|defect| cells.bad_amount(row, column, defect))?;
        }
        if money.amount.mantissa == 0 {
            return Ok(None);
        }
        let part = self.part_of_month(row, cells)?;
        let monthly = cells.part_in_minor(row, column, money, part)?;
        // A price above zero never rounds to no customer.
        Ok(Some(monthly.max(1)))
    }

    /// What share of an amount falls on one month, as numerator and denominator.
    fn part_of_month(&mut self, row: &Row<'_>, cells: &mut Cells) -> Result<(u32, u32), Rejected> {
        let Some(column) = cells.column(Role::Interval) else {
            return Ok((1, self.meaning.months));
        };
        let cell = row.field(column);
        if self.meaning.is_monthly {
            return Ok((1, 1));
        }
        if cell.is_empty() {
            return Ok((1, self.meaning.months));
        }
        let unknown = |cells: &mut Cells| {
            cells.reject("unknown-interval", Severity::Error, Some(column), |name| {
                format!(
                    "Row {}, column {name}: {} is no known billing interval.",
                    row.number(),
                    text::shown(cell)
                )
            })
        };
        let interval = self.intervals.get(cell, read_interval).ok_or_else(|| unknown(cells))?;
        let count = match cells.column(Role::IntervalCount).filter(|&i| !row.field(i).is_empty()) {
            Some(index) => u32::try_from(cells.count(row, index)?)
                .ok()
                .filter(|&count| count != 0)
                .ok_or_else(|| unknown(cells))?,
            None => 1,
        };
        match interval {
            Interval::Months(months) => {
                months.checked_mul(count).map(|months| (1, months)).ok_or_else(|| unknown(cells))
            }
            // A year has 365 days and twelve months, whatever the month.
            Interval::Days(days) => days
                .checked_mul(count)
                .and_then(|days| days.checked_mul(12))
                .map(|days| if days % 84 == 0 { (52, days / 7) } else { (365, days) })
                .ok_or_else(|| unknown(cells)),
            Interval::Once => Err(cells.reject("one-time", Severity::Info, None, |_| {
                format!("Row {} is paid once; it is no recurring revenue.", row.number())
            })),
        }
    }

    /// For how many months the row is paid at a time; 0 where it does not say, or not in whole months.
    fn term_months(&mut self, row: &Row<'_>, cells: &Cells) -> u8 {
        let Some(column) = cells.column(Role::Interval) else { return 0 };
        let interval = self.intervals.get(row.field(column), read_interval);
        let Some(Interval::Months(months)) = interval else { return 0 };
        let count = cells.column(Role::IntervalCount).map_or("", |column| row.field(column));
        let count: u32 = if count.is_empty() { 1 } else { count.parse().unwrap_or(0) };
        months.checked_mul(count).and_then(|months| u8::try_from(months).ok()).unwrap_or(0)
    }

    /// Leaves out what is not paid for by its state; nothing where the row is a paying one.
    #[inline(never)]
    fn check_state(
        &mut self,
        row: &Row<'_>,
        cells: &mut Cells,
        has_end: bool,
    ) -> Result<(), Rejected> {
        let Some(column) = cells.column(Role::Status) else { return Ok(()) };
        let cell = row.field(column);
        if cell.is_empty() {
            return Ok(());
        }
        let number = row.number();
        match self.states.get(cell, read_subscription_state) {
            Some(SubscriptionState::Paying) => Ok(()),
            Some(SubscriptionState::Trial) => {
                Err(cells.reject("trial", Severity::Info, Some(column), |_| {
                    format!("Row {number} is a trial: {}.", text::shown(cell))
                }))
            }
            Some(SubscriptionState::NeverBegan) => {
                Err(cells.reject("never-began", Severity::Info, Some(column), |_| {
                    format!("Row {number} never began to be paid: {}.", text::shown(cell))
                }))
            }
            Some(SubscriptionState::Ended) if !has_end => {
                Err(cells.reject("ended-without-date", Severity::Error, Some(column), |_| {
                    format!(
                        "Row {number} has ended ({}), but there is no date of its end.",
                        text::shown(cell)
                    )
                }))
            }
            Some(SubscriptionState::Ended) => Ok(()),
            Some(SubscriptionState::Paused) => {
                cells.found("paused-counted", Severity::Warning, Some(column), || {
                    "A paused subscription counts as paying: the file does not say since when it \
                     is paused."
                        .to_owned()
                });
                Ok(())
            }
            None => {
                cells.found("unknown-status", Severity::Info, Some(column), || {
                    format!(
                        "The state {} is not known. Such rows count as paying.",
                        text::shown(cell)
                    )
                });
                Ok(())
            }
        }
    }

    /// The first day that is paid for: after the trial, where there was one.
    #[inline(never)]
    fn first_paid_day(
        row: &Row<'_>,
        cells: &mut Cells,
        start: Day,
        end: Option<Day>,
    ) -> Result<Day, Rejected> {
        let Some(column) = cells.column(Role::Trial) else { return Ok(start) };
        let cell = row.field(column);
        let trial = |cells: &mut Cells| {
            cells.reject("trial", Severity::Info, Some(column), |_| {
                format!("Row {} is a trial.", row.number())
            })
        };
        if cell.is_empty() {
            return Ok(start);
        }
        match read_flag(cell) {
            Some(true) => return Err(trial(cells)),
            Some(false) => return Ok(start),
            None => {}
        }
        let Some(trial_end) = cells.end_day(row, column, false)? else { return Ok(start) };
        if end.is_some_and(|end| end <= trial_end) {
            return Err(trial(cells));
        }
        if start < trial_end {
            cells.found("trial-days-left-out", Severity::Info, Some(column), || {
                "A subscription that began with a trial counts from the trial’s end.".to_owned()
            });
        }
        Ok(start.max(trial_end))
    }
}

impl ShapeBuilder for Subscriptions {
    fn take(&mut self, row: &Row<'_>, cells: &mut Cells) -> Result<(), Rejected> {
        let id = cells.customer_id(row)?;
        let start = cells.day(row, self.start)?;
        let end = match self.end {
            Some(column) => cells.end_day(row, column, true)?,
            None => None,
        };
        if let (Some(end), Some(column)) = (end, self.end)
            && end < start
        {
            return Err(cells.reject("end-before-start", Severity::Error, Some(column), |_| {
                format!(
                    "Row {} ends on {}, before it starts on {}.",
                    row.number(),
                    end.to_iso(),
                    start.to_iso()
                )
            }));
        }
        self.check_state(row, cells, end.is_some())?;
        let paid_from = Self::first_paid_day(row, cells, start, end)?;
        let Some(monthly) = self.monthly(row, cells)? else {
            return Err(cells.reject("free-plan", Severity::Info, None, |_| {
                format!("Row {} costs nothing: a free plan is no customer.", row.number())
            }));
        };
        cells.saw_activity(row);
        let renewal =
            cells.column(Role::Renewal).and_then(|column| cells.optional_day(row, column));
        let spell = SpellFact {
            start: paid_from,
            end,
            monthly,
            segment: cells.segment(row),
            reason: cells.reason(row),
            renewal,
            term_months: self.term_months(row, cells),
            row: self.keeps_rows.then(|| cells.row_number()),
        };
        let number = cells.row_number();
        self.facts.push(&mut cells.customers, id, number, spell);
        self.n_spells += 1;
        Ok(())
    }

    fn settle(&mut self, cells: &mut Cells) {
        self.facts.settle(&mut cells.customers);
    }

    fn is_seam_certain(&self) -> bool {
        true
    }

    fn write_part(&self, out: &mut Vec<u8>) {
        write_number(out, self.n_spells as u64);
        self.facts.write_part(out);
    }

    fn absorb(&mut self, part: &mut Bytes<'_>, renumbering: &Renumbering) {
        self.n_spells += usize::try_from(part.number()).unwrap_or(0);
        self.facts.absorb(part, &renumbering.customers, |spell: &mut SpellFact| {
            spell.segment = renumbered(spell.segment, &renumbering.segments);
            spell.reason = renumbered(spell.reason, &renumbering.reasons);
        });
    }

    fn finish(self: Box<Self>, places: &Places, notes: &mut Notes) -> Histories {
        self.finish_with_terms(places, notes).0
    }

    fn finish_with_terms(
        self: Box<Self>,
        places: &Places,
        _notes: &mut Notes,
    ) -> (Histories, Terms, Vec<u32>) {
        let (has_terms, keeps_rows) = (self.has_terms, self.keeps_rows);
        if !has_terms && !keeps_rows {
            let spells = spells_of_facts(self.facts, places);
            let recurring = Recurring { spells, is_monthly: false };
            return (Histories::Recurring(recurring), Terms::default(), Vec::new());
        }
        let (_, blocks) = self.facts.into_blocks(places.len(), SpellsOf { places });
        let mut rows = Vec::new();
        let spells = spells_of(&blocks, places, self.n_spells, keeps_rows.then_some(&mut rows));
        let terms =
            if has_terms { terms_of(&blocks, places, spells.len()) } else { Terms::default() };
        (Histories::Recurring(Recurring { spells, is_monthly: false }), terms, rows)
    }
}

/// The spells of each customer; none is plain, since one has more to it than a number holds.
struct SpellsOf<'a> {
    places: &'a Places,
}

impl Packing for SpellsOf<'_> {
    type Fact = SpellFact;

    fn number(&self, _bytes: &mut Bytes<'_>, _is_marked: bool) -> Option<u64> {
        None
    }

    fn plain(&self, _number: u64) -> Option<SpellFact> {
        None
    }

    fn labelled(&self, spell: SpellFact) -> SpellFact {
        SpellFact {
            segment: self.places.segment(spell.segment),
            reason: self.places.reason(spell.reason),
            ..spell
        }
    }

    fn pack(&mut self, spells: &mut Vec<SpellFact>, block: &mut Vec<u8>) {
        spells.sort_unstable();
        SpellFact::write_all(spells, block);
    }

    fn pack_plain(&mut self, _numbers: &[u64], _block: &mut Vec<u8>) {}
}
