//! Rows of period totals, each checked against itself.
//!
//! It derives nothing: what a row does not give stays none.

use super::cells::Cells;
use super::part::Renumbering;
use super::{Places, Rejected, ShapeBuilder, text};
use crate::arrange;
use crate::ingest::Row;
use crate::ingest::date::read_month;
use crate::ledger::packed::Bytes;
use crate::ledger::{Histories, PeriodTotals};
use crate::note::{Notes, Severity};
use crate::number::Minor;
use crate::roles::{Detection, Role};

/// See the module.
#[derive(Debug)]
pub(super) struct Periods {
    totals: Vec<PeriodTotals>,
    label: usize,
}

impl Periods {
    pub(super) fn new(detection: &Detection) -> Self {
        Self { totals: Vec::new(), label: detection.column(Role::Period).unwrap_or(0) }
    }
}

/// A count, or none where the file does not give it.
fn count(row: &Row<'_>, cells: &mut Cells, role: Role) -> Result<Option<u64>, Rejected> {
    match cells.column(role).filter(|&column| !row.field(column).is_empty()) {
        Some(column) => cells.count(row, column).map(Some),
        None => Ok(None),
    }
}

/// A loss or a gain in minor units. Losses are written with and without a minus.
fn money(
    row: &Row<'_>,
    cells: &mut Cells,
    role: Role,
    is_loss: bool,
) -> Result<Option<Minor>, Rejected> {
    let Some(column) = cells.column(role).filter(|&column| !row.field(column).is_empty()) else {
        return Ok(None);
    };
    let value = cells.money(row, column)?;
    let minor = cells.part_in_minor(row, column, value, (1, 1))?;
    if minor < 0 && !is_loss {
        return Err(cells.reject("negative-total", Severity::Error, Some(column), |name| {
            format!(
                "Row {}, column {name}: {} is negative.",
                row.number(),
                text::shown(row.field(column))
            )
        }));
    }
    Ok(Some(Minor::from(minor.abs())))
}

/// What contradicts itself in a row.
fn check(totals: &PeriodTotals, cells: &mut Cells) -> Result<(), Rejected> {
    let row = totals.row;
    if let (Some(start), Some(new), Some(end)) =
        (totals.start_customers, totals.new_customers, totals.end_customers)
    {
        if end < new {
            return Err(cells.reject("retained-negative", Severity::Error, None, |_| {
                format!(
                    "Row {row}: of {end} customers at the end, {new} cannot be new. That would \
                     leave fewer than none of the {start} at the start."
                )
            }));
        }
        if start < end - new {
            return Err(cells.reject("retained-over-start", Severity::Error, None, |_| {
                format!(
                    "Row {row}: {end} customers at the end less {new} new ones are more than the \
                     {start} at the start. If some came back, count them as new."
                )
            }));
        }
    }
    if let (Some(start), Some(lost)) = (totals.start_customers, totals.lost_customers)
        && start < lost
    {
        return Err(cells.reject("lost-over-start", Severity::Error, None, |_| {
            format!("Row {row}: {lost} customers lost are more than the {start} at the start.")
        }));
    }
    if let Some(start) = totals.start_revenue {
        let lost = totals.contraction.unwrap_or(0) + totals.churned_revenue.unwrap_or(0);
        if start < lost {
            return Err(cells.reject("lost-revenue-over-start", Severity::Error, None, |_| {
                format!("Row {row}: the revenue lost is more than the revenue at the start.")
            }));
        }
    }
    Ok(())
}

impl ShapeBuilder for Periods {
    fn take(&mut self, row: &Row<'_>, cells: &mut Cells) -> Result<(), Rejected> {
        let label = row.field(self.label);
        if label.is_empty() {
            return Err(cells.reject("missing-value", Severity::Error, Some(self.label), |_| {
                format!("Row {} names no period.", row.number())
            }));
        }
        let period = read_month(label, Some(cells.date_order())).ok().map(|reading| reading.period);
        let totals = PeriodTotals {
            label: label.to_owned(),
            period,
            row: row.number(),
            start_customers: count(row, cells, Role::StartCustomers)?,
            new_customers: count(row, cells, Role::NewCustomers)?,
            lost_customers: count(row, cells, Role::LostCustomers)?,
            end_customers: count(row, cells, Role::EndCustomers)?,
            start_revenue: money(row, cells, Role::StartRevenue, false)?,
            new_revenue: money(row, cells, Role::NewRevenue, false)?,
            expansion: money(row, cells, Role::Expansion, false)?,
            contraction: money(row, cells, Role::Contraction, true)?,
            churned_revenue: money(row, cells, Role::ChurnedRevenue, true)?,
            end_revenue: money(row, cells, Role::EndRevenue, false)?,
        };
        check(&totals, cells)?;
        if let Some(period) = period {
            cells.saw_days(period.first_day(), period.last_day());
        }
        if totals.start_customers == Some(0) {
            cells.found("rate-undefined", Severity::Info, None, || {
                format!("{} starts without customers, so it has no rate.", text::shown(label))
            });
        }
        self.totals.push(totals);
        Ok(())
    }

    fn settle(&mut self, _cells: &mut Cells) {}

    fn is_seam_certain(&self) -> bool {
        false
    }

    fn write_part(&self, _out: &mut Vec<u8>) {}

    fn absorb(&mut self, _part: &mut Bytes<'_>, _renumbering: &Renumbering) {}

    fn finish(mut self: Box<Self>, _places: &Places, notes: &mut Notes) -> Histories {
        // Calendar order; labels that are no period keep the order of their rows, at the end.
        arrange::by(&mut self.totals, |a, b| {
            let days = |t: &PeriodTotals| t.period.map(|p| (p.first_day(), p.last_day()));
            (a.period.is_none(), days(a), a.row).cmp(&(b.period.is_none(), days(b), b.row))
        });
        for pair in self.totals.windows(2) {
            let (before, after) = (&pair[0], &pair[1]);
            if let (Some(a), Some(b)) = (before.period, after.period) {
                if a == b {
                    notes.tell(
                        "duplicate-period",
                        Severity::Warning,
                        Some(after.row),
                        None,
                        || format!("{} is there twice.", text::shown(&after.label)),
                    );
                }
                if a.next() == b
                    && let (Some(end), Some(start)) = (before.end_customers, after.start_customers)
                    && end != start
                {
                    notes.tell("totals-gap", Severity::Warning, Some(after.row), None, || {
                        format!(
                            "{} ends with {end} customers, but {} starts with {start}.",
                            text::shown(&before.label),
                            text::shown(&after.label)
                        )
                    });
                }
            }
        }
        for totals in &self.totals {
            if let (Some(start), Some(new), Some(lost), Some(end)) = (
                totals.start_customers,
                totals.new_customers,
                totals.lost_customers,
                totals.end_customers,
            ) && start + new != end + lost
            {
                notes.tell("totals-do-not-tie", Severity::Warning, Some(totals.row), None, || {
                    format!(
                        "{}: {start} + {new} new − {lost} lost is not {end}.",
                        text::shown(&totals.label)
                    )
                });
            }
        }
        Histories::Totals(self.totals)
    }
}
