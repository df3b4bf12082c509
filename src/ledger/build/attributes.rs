//! Rows of customers to what is known of each: words, the day of the signup, whether they have left.
//!
//! An id that comes twice is one customer. Where its rows contradict each other that is told, and
//! what counts does not depend on the order of the rows.

use std::collections::{HashMap, HashSet};

use super::cells::Cells;
use super::dimensions::{MAX_NUMBERS, ValueKinds};
use super::part::Renumbering;
use super::{Places, Rejected, ShapeBuilder, text};
use crate::arrange;
use crate::calendar::Day;
use crate::ingest::Row;
use crate::ingest::amount::read_churned;
use crate::ledger::interner::hash;
use crate::ledger::packed::Bytes;
use crate::ledger::{AttributeColumn, Attributes, Beside, Histories, Labels};
use crate::note::{Notes, Severity};
use crate::roles::{Detection, Role};

/// A column with more values groups nobody.
const MAX_VALUES: usize = 1_000;
/// From so many customers on, a value of its own for most of them is no group.
const MANY_CUSTOMERS: usize = 30;
/// What a customer has where the cell is empty.
const NONE: u32 = u32::MAX;

/// The values of one column, each under a number.
#[derive(Debug, Default)]
struct Column {
    index: usize,
    name: String,
    numbers: HashMap<String, u32>,
    values: Vec<String>,
    codes: Vec<u32>,
    has_too_many: bool,
}

impl Column {
    /// The number of a value; of a column with too many of them, some bits of its hash, which only
    /// tell whether two are the same.
    fn code(&mut self, cell: &str) -> u32 {
        if cell.is_empty() {
            return NONE;
        }
        if self.has_too_many {
            return hashed(cell);
        }
        if let Some(&number) = self.numbers.get(cell) {
            return number;
        }
        if MAX_VALUES <= self.values.len() {
            self.has_too_many = true;
            for code in self.codes.iter_mut().filter(|code| **code != NONE) {
                *code = self.values.get(*code as usize).map_or(NONE, |value| hashed(value));
            }
            self.numbers = HashMap::new();
            self.values = Vec::new();
            return hashed(cell);
        }
        let number = u32::try_from(self.values.len()).unwrap_or(NONE);
        self.values.push(cell.to_owned());
        self.numbers.insert(cell.to_owned(), number);
        number
    }

    /// Whether the value of a further row contradicts the one before. The first in alphabetical
    /// order counts.
    fn contradicts(&mut self, place: usize, cell: &str) -> bool {
        let code = self.code(cell);
        let Some(known) = self.codes.get_mut(place) else { return false };
        if code == NONE || code == *known {
            return false;
        }
        if *known == NONE {
            *known = code;
            return false;
        }
        let is_first =
            self.has_too_many || self.values.get(code as usize) < self.values.get(*known as usize);
        if is_first {
            *known = code;
        }
        true
    }

    fn finish(self, places: &Places) -> AttributeColumn {
        let mut order: Vec<u32> = (0..).take(self.values.len()).collect();
        arrange::by(&mut order, |&a, &b| self.values[a as usize].cmp(&self.values[b as usize]));
        let mut new_codes = vec![0; order.len()];
        for (&old, new) in order.iter().zip(0..) {
            new_codes[old as usize] = new;
        }
        let has_too_many = self.has_too_many;
        let n_values = self.values.len();
        let mut kinds = ValueKinds::default();
        self.values.iter().for_each(|value| kinds.add(value));
        let is_number = kinds.are_numbers(n_values);
        let n_customers = self.codes.iter().filter(|&&code| code != NONE).count();
        let is_unique = MANY_CUSTOMERS <= n_customers && n_customers < 2 * n_values;
        let code_of = |&place: &u32| {
            let code = self.codes.get(place as usize).copied().filter(|&code| code != NONE)?;
            if has_too_many { None } else { new_codes.get(code as usize).copied() }
        };
        AttributeColumn {
            name: self.name.clone(),
            index: self.index,
            codes: places.customers().iter().map(code_of).collect(),
            values: Labels {
                names: order.iter().map(|&old| self.values[old as usize].clone()).collect(),
            },
            has_too_many,
            is_segment: !has_too_many
                && 2 <= n_values
                && !is_unique
                && !kinds.are_measures(n_values)
                && (!is_number || n_values <= MAX_NUMBERS),
            is_number,
        }
    }
}

/// The same bits as those of the hash of an id: two values with the same ones are taken as one.
fn hashed(text: &str) -> u32 {
    ((hash(text.as_bytes()) >> 32) as u32).min(NONE - 1)
}

/// Whether a customer has left, by its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flag {
    Unsaid,
    Left(bool),
    Contradicts,
}

/// See the module.
#[derive(Debug)]
pub(super) struct AttributeRows {
    columns: Vec<Column>,
    signup: Option<usize>,
    churned: Option<usize>,
    signups: Vec<Option<Day>>,
    flags: Vec<Flag>,
    twice: Vec<(u32, u32)>,
    /// Columns and customers whose rows contradict each other.
    conflicts: HashSet<(usize, u32)>,
}

impl AttributeRows {
    pub(super) fn new(detection: &Detection) -> Self {
        let columns = detection.columns.iter().enumerate();
        Self {
            columns: columns
                .filter(|(_, column)| column.role.is_none())
                .map(|(index, column)| Column {
                    index,
                    name: column.name.clone(),
                    ..Column::default()
                })
                .collect(),
            signup: detection.column(Role::Signup),
            churned: detection.column(Role::Churned),
            signups: Vec::new(),
            flags: Vec::new(),
            twice: Vec::new(),
            conflicts: HashSet::new(),
        }
    }

    fn signup(&self, row: &Row<'_>, cells: &mut Cells) -> Option<Day> {
        let column = self.signup?;
        let cell = row.field(column);
        let day = cells.optional_day(row, column);
        if day.is_none() && !cell.is_empty() {
            cells.found("signup-no-date", Severity::Warning, Some(column), || {
                format!("Row {}: {} is no date of a signup.", row.number(), text::shown(cell))
            });
        }
        day
    }

    fn flag(&self, row: &Row<'_>, cells: &mut Cells) -> Flag {
        let Some(column) = self.churned else { return Flag::Unsaid };
        let cell = row.field(column);
        if cell.is_empty() {
            return Flag::Unsaid;
        }
        if let Some(has_left) = read_churned(cell) {
            return Flag::Left(has_left);
        }
        cells.found("flag-not-known", Severity::Warning, Some(column), || {
            format!(
                "Row {}: {} says neither that the customer has left nor that it has not.",
                row.number(),
                text::shown(cell)
            )
        });
        Flag::Unsaid
    }

    /// Takes a further row of a customer.
    fn take_again(
        &mut self,
        place: usize,
        row: &Row<'_>,
        cells: &mut Cells,
        (signup, flag): (Option<Day>, Flag),
    ) {
        let number = cells.row_number();
        let customer = u32::try_from(place).unwrap_or(u32::MAX);
        self.twice.push((customer, number));
        let conflicts = &mut self.conflicts;
        let mut conflict = |cells: &mut Cells, column: usize, counts: &str| {
            // A customer counts once for each column, so that the order of its rows leaves no trace.
            if !conflicts.insert((column, customer)) {
                return;
            }
            cells.found("conflicting-values", Severity::Warning, Some(column), || {
                format!(
                    "Row {} says {} of a customer that a row above says something else of. {counts}",
                    row.number(),
                    text::shown(row.field(column))
                )
            });
        };
        for column in &mut self.columns {
            if column.contradicts(place, row.field(column.index)) {
                conflict(cells, column.index, "The first in alphabetical order counts.");
            }
        }
        let known = self.signups[place];
        if let (Some(known), Some(day), Some(column)) = (known, signup, self.signup)
            && known != day
        {
            conflict(cells, column, "The earliest counts.");
        }
        self.signups[place] = known.into_iter().chain(signup).min();
        match (self.flags[place], flag) {
            (Flag::Unsaid, said) => self.flags[place] = said,
            (Flag::Left(known), Flag::Left(said)) if known != said => {
                self.flags[place] = Flag::Contradicts;
                if let Some(column) = self.churned {
                    conflict(cells, column, "Neither counts.");
                }
            }
            _ => {}
        }
    }
}

impl ShapeBuilder for AttributeRows {
    fn take(&mut self, row: &Row<'_>, cells: &mut Cells) -> Result<(), Rejected> {
        let id = cells.customer_id(row)?;
        let said = (self.signup(row, cells), self.flag(row, cells));
        let place = cells.intern(id) as usize;
        if place < self.signups.len() {
            self.take_again(place, row, cells, said);
            return Ok(());
        }
        self.signups.push(said.0);
        self.flags.push(said.1);
        for column in &mut self.columns {
            let code = column.code(row.field(column.index));
            column.codes.push(code);
        }
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
        let columns = std::mem::take(&mut self.columns);
        Beside::Attributes(Attributes {
            columns: columns.into_iter().map(|column| column.finish(places)).collect(),
            signups: places.customers().iter().map(|&old| self.signups[old as usize]).collect(),
            churned: places
                .customers()
                .iter()
                .map(|&old| match self.flags[old as usize] {
                    Flag::Left(has_left) => Some(has_left),
                    Flag::Unsaid | Flag::Contradicts => None,
                })
                .collect(),
            twice: self
                .twice
                .iter()
                .map(|&(customer, row)| (new_places[customer as usize], row))
                .collect(),
            has_flag: self.churned.is_some(),
            has_signup: self.signup.is_some(),
        })
    }

    fn finish(self: Box<Self>, _places: &Places, _notes: &mut Notes) -> Histories {
        Histories::Totals(Vec::new())
    }
}
