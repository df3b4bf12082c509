//! Subscription rows to spells of monthly revenue.
//!
//! Trials, free plans and what never began are no spells; each is left out with its reason.

use std::ops::Range;

use super::cells::Cells;
use super::cells::columns::{Columns, DaySpan};
use super::facts::{Facts, renumbered};
use super::part::Renumbering;
use super::remembered::Remembered;
use super::spells::{SpellFact, Spells, WORDS, spells_of_facts};
use super::words::{Interval, SubscriptionState, read_interval, read_subscription_state};
use super::{Places, Rejected, ShapeBuilder, text};
use crate::calendar::Day;
use crate::ingest::amount::{Amount, AmountDefect, read_flag};
use crate::ingest::{Row, RowBatch};
use crate::ledger::packed::Bytes;
use crate::ledger::{Histories, Recurring, Terms};
use crate::note::{Notes, Severity};
use crate::roles::{AmountMeaning, Detection, Role};

/// See the module.
#[derive(Debug)]
pub(super) struct Subscriptions {
    facts: Facts<SpellFact, WORDS>,
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

    /// How many of the rows, from the first on, are of a subscription that was paid for from its
    /// start on, by what they say of its state and of a trial. `ends` are those of the same rows.
    fn n_paying(
        &mut self,
        rows: &RowBatch<'_>,
        range: Range<usize>,
        cells: &Cells,
        ends: &[Option<Day>],
    ) -> usize {
        let (start, mut end) = (range.start, range.end);
        if let Some(column) = cells.column(Role::Trial) {
            let has_trial = |&index: &usize| !rows.field(index, column).is_empty();
            end = (start..end).find(has_trial).unwrap_or(end);
        }
        if let Some(column) = cells.column(Role::Status) {
            let is_other = |&index: &usize| {
                let cell = rows.row(index).field(column);
                let state = self.states.get(cell, read_subscription_state);
                let has_ended = ends.get(index - start).is_some_and(Option::is_some);
                !(cell.is_empty()
                    || state == Some(SubscriptionState::Paying)
                    || state == Some(SubscriptionState::Ended) && has_ended)
            };
            end = (start..end).find(is_other).unwrap_or(end);
        }
        end - start
    }

    /// Reads the columns of those of the rows that leave no doubt, from the first on; how many these
    /// are.
    fn read_columns(
        &mut self,
        rows: &RowBatch<'_>,
        range: Range<usize>,
        cells: &mut Cells,
        columns: &mut Columns,
    ) -> usize {
        let from = range.start;
        let end_of = |n_rows: usize| from..from + n_rows;
        let Columns { ids, days, ends, renewals, amounts, segments, reasons, .. } = columns;
        let Some(amount) = self.amount else { return 0 };
        let mut n_rows = cells.plain_ids(rows, range, ids);
        n_rows = Cells::plain_days(rows, end_of(n_rows), self.start, days);
        n_rows = Cells::plain_days_or_none(rows, end_of(n_rows), self.end, ends);
        let ends_first = |(start, end): (&Day, &Option<Day>)| end.is_some_and(|end| end < *start);
        n_rows = days.iter().zip(&*ends).position(ends_first).unwrap_or(n_rows).min(n_rows);
        n_rows = self.n_paying(rows, end_of(n_rows), cells, ends);
        let renewal = cells.column(Role::Renewal);
        n_rows = Cells::plain_days_or_none(rows, end_of(n_rows), renewal, renewals);
        // What costs nothing is no subscription.
        n_rows = cells.plain_minors(rows, end_of(n_rows), amount, 1, amounts);
        cells.segments(rows, end_of(n_rows), segments);
        let reason = cells.column(Role::Reason);
        for index in end_of(n_rows) {
            reasons.push(reason.and_then(|column| cells.reason_of(rows, index, column)));
        }
        n_rows
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
        Ok(())
    }

    fn take_plain(
        &mut self,
        rows: &RowBatch<'_>,
        range: Range<usize>,
        cells: &mut Cells,
        columns: &mut Columns,
    ) -> usize {
        if !self.is_per_month || cells.column(Role::Interval).is_some() || cells.has_activity() {
            return 0;
        }
        let from = range.start;
        let end_of = |n_rows: usize| from..from + n_rows;
        let n_rows = self.read_columns(rows, range, cells, columns);
        if 0 < n_rows {
            self.facts.settle(&mut cells.customers);
            cells.customers_of(rows, end_of(n_rows), columns);
            let Columns { customers, days, ends, renewals, amounts, segments, reasons, .. } =
                columns;
            let (starts, ends) = (&days[..n_rows], &ends[..n_rows]);
            let days = DaySpan::of(starts);
            let last = days.last.max(ends.iter().copied().flatten().max());
            cells.commit_many(DaySpan { last, ..days }, amounts);
            let first_row = cells.row_numbers(rows, end_of(n_rows)).next().unwrap_or(0);
            let keeps_rows = self.keeps_rows;
            self.facts.push_each(customers, |index| SpellFact {
                start: starts[index],
                end: ends[index],
                monthly: amounts[index],
                segment: segments[index],
                reason: reasons[index],
                renewal: renewals[index],
                term_months: 0,
                row: keeps_rows
                    .then(|| first_row.saturating_add(u32::try_from(index).unwrap_or(u32::MAX))),
            });
        }
        n_rows
    }

    fn settle(&mut self, cells: &mut Cells) {
        self.facts.settle(&mut cells.customers);
    }

    fn is_seam_certain(&self) -> bool {
        true
    }

    fn write_part(&self, out: &mut Vec<u8>) {
        self.facts.write_part(out);
    }

    fn absorb(&mut self, part: &mut Bytes<'_>, renumbering: &Renumbering) {
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
        let Spells { spells, terms, rows } =
            spells_of_facts(self.facts, places, (self.has_terms, self.keeps_rows));
        let recurring = Recurring { spells, is_monthly: false };
        (Histories::Recurring(recurring), Terms::from_months(terms), rows)
    }
}
