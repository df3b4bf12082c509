//! Rows of leavings to events by customer and day.
//!
//! It ends no subscription: what an event means for a history is decided where both are known.

use super::cells::Cells;
use super::part::Renumbering;
use super::{Places, Rejected, ShapeBuilder, text};
use crate::ingest::Row;
use crate::ingest::amount::read_flag;
use crate::ledger::packed::Bytes;
use crate::ledger::{Beside, ChurnEvent, Histories};
use crate::note::{Notes, Severity};
use crate::roles::{Detection, Role};

/// See the module.
#[derive(Debug)]
pub(super) struct EventRows {
    events: Vec<ChurnEvent>,
    date: usize,
    reactivation: Option<usize>,
}

impl EventRows {
    pub(super) fn new(detection: &Detection) -> Self {
        Self {
            events: Vec::new(),
            date: detection.column(Role::Date).unwrap_or(0),
            reactivation: detection.column(Role::Reactivation),
        }
    }
}

impl ShapeBuilder for EventRows {
    fn take(&mut self, row: &Row<'_>, cells: &mut Cells) -> Result<(), Rejected> {
        let id = cells.customer_id(row)?;
        let day = cells.day(row, self.date)?;
        let is_reactivation = self.reactivation.is_some_and(|column| {
            let cell = row.field(column);
            read_flag(cell).unwrap_or_else(|| {
                if !cell.is_empty() {
                    cells.found("not-a-flag", Severity::Warning, Some(column), || {
                        format!(
                            "Row {}: {} is neither yes nor no. It counts as no.",
                            row.number(),
                            text::shown(cell)
                        )
                    });
                }
                false
            })
        });
        let reason = cells.reason(row);
        let (customer, row) = (cells.intern(id), cells.row_number());
        self.events.push(ChurnEvent { customer, day, is_reactivation, reason, row });
        Ok(())
    }

    fn settle(&mut self, _cells: &mut Cells) {}

    fn is_seam_certain(&self) -> bool {
        false
    }

    fn write_part(&self, _out: &mut Vec<u8>) {}

    fn absorb(&mut self, _part: &mut Bytes<'_>, _renumbering: &Renumbering) {}

    fn beside(&mut self, places: &Places) -> Beside {
        let new_places = places.new_places();
        let mut events = std::mem::take(&mut self.events);
        for event in &mut events {
            event.customer = new_places[event.customer as usize];
            event.reason = places.reason(event.reason);
        }
        events.sort_unstable();
        Beside::Events(events)
    }

    fn finish(self: Box<Self>, _places: &Places, _notes: &mut Notes) -> Histories {
        Histories::Totals(Vec::new())
    }
}
