//! Cells of the columns that can be segments to one number for a row, while rows stream by.
//!
//! A column that turns out to be none is let go at once and takes no more time. It decides nothing
//! about customers.

use super::part::{read_text, write_text};
use super::text;
use crate::arrange;
use crate::ingest::Row;
use crate::ledger::interner::Interner;
use crate::ledger::packed::{Bytes, write_number};
use crate::ledger::{Dimension, LabelIndex, Labels};
use crate::note::{Notes, Severity};
use crate::roles::{Detection, Role};

/// How many columns are looked at.
const MAX_COLUMNS: usize = 16;
/// How many different values a segment can have.
const MAX_VALUES: usize = 1_000;
/// The same, where they are numbers: more of them are measured, not named.
const MAX_NUMBERS: usize = 50;
/// A longer value is a text.
const MAX_BYTES: usize = 1_000;
/// Many values of more bytes than this on average are texts too.
const MAX_MEAN_BYTES: usize = 200;
/// So many values are too few to speak of texts.
const FEW_VALUES: usize = 20;
/// Up to so many values are no ids, however few rows there are.
const MOST_OF_A_FEW_ROWS: usize = 4;
/// How many combinations there may be before the column of the least standing is let go.
const MAX_COMBINATIONS: usize = 1 << 20;

/// The value of an empty cell; those with a text come behind it.
const BLANK: u16 = 0;
/// What a column that was let go has instead of a value.
const LET_GO: u16 = u16::MAX;

/// One column that still can be a segment.
#[derive(Debug)]
struct Column {
    /// Its place among all columns that were looked at.
    place: usize,
    last: Vec<u8>,
    values: Interner,
}

impl Column {
    /// The number of a value, or nothing where it shows that the column is no segment.
    #[inline(never)]
    fn code(&mut self, cell: &[u8], max_values: usize) -> Option<u16> {
        if cell.is_empty() {
            self.last.clear();
            return Some(BLANK);
        }
        if MAX_BYTES < cell.len() {
            return None;
        }
        let number = self.values.number(cell, 0);
        if max_values < self.values.len() {
            return None;
        }
        self.last.clear();
        self.last.extend_from_slice(cell);
        u16::try_from(number + 1).ok()
    }
}

/// What is known of a column before the first row.
#[derive(Clone, Debug)]
struct Known {
    name: String,
    index: usize,
    role: Option<Role>,
    is_number: bool,
}

impl Known {
    fn max_values(&self) -> usize {
        if self.is_number && self.role.is_none() { MAX_NUMBERS } else { MAX_VALUES }
    }
}

/// See the module.
#[derive(Debug)]
pub(super) struct DimensionCells {
    /// Those of the best standing first.
    all: Vec<Known>,
    /// Those that were never looked at, because there are too many.
    beyond: Vec<String>,
    open: Vec<Column>,
    /// The values of the row before, two bytes for each of all columns.
    codes: Vec<[u8; 2]>,
    /// The combination of the row before.
    last: Option<LabelIndex>,
    combinations: Interner,
    /// From how many combinations on another column is let go.
    n_most: usize,
}

/// The columns that are segments, and the new number of each combination.
#[derive(Debug, Default)]
pub(super) struct Settled {
    pub(super) dimensions: crate::ledger::Dimensions,
    pub(super) places: Vec<Option<LabelIndex>>,
}

impl DimensionCells {
    pub(super) fn new(detection: &Detection) -> Self {
        let mut all: Vec<Known> = detection
            .possible_segments()
            .into_iter()
            .map(|(index, is_number)| {
                let column = &detection.columns[index];
                Known { name: column.name.clone(), index, role: column.role, is_number }
            })
            .collect();
        arrange::by_key(&mut all, |known| (standing(known.role), known.index));
        let n_looked_at = all.len().min(MAX_COLUMNS);
        let beyond = all.split_off(n_looked_at).into_iter().map(|known| known.name).collect();
        let open = (0..all.len())
            .map(|place| Column { place, last: Vec::new(), values: Interner::default() })
            .collect();
        Self {
            codes: vec![BLANK.to_le_bytes(); all.len()],
            all,
            beyond,
            open,
            last: None,
            combinations: Interner::default(),
            n_most: MAX_COMBINATIONS,
        }
    }

    /// The combination of a row; none where no column can be a segment.
    #[inline]
    pub(super) fn of_row(&mut self, row: &Row<'_>) -> Option<LabelIndex> {
        if self.open.is_empty() { self.last } else { self.look_up(row) }
    }

    #[inline(never)]
    fn look_up(&mut self, row: &Row<'_>) -> Option<LabelIndex> {
        let mut let_go = None;
        for (place, column) in self.open.iter_mut().enumerate() {
            let known = &self.all[column.place];
            let cell = row.field_bytes(known.index);
            // Neighbours often have the same value.
            if column.last == cell {
                continue;
            }
            let code = column.code(cell, known.max_values());
            let_go = let_go.or(code.is_none().then_some(place));
            self.codes[column.place] = code.unwrap_or(LET_GO).to_le_bytes();
            self.last = None;
        }
        if let Some(first) = let_go {
            self.let_go_from(first);
        }
        if self.last.is_some() {
            return self.last;
        }
        let number = self.combinations.number(self.codes.as_flattened(), 0);
        self.last = Some(number);
        if self.n_most <= number as usize {
            self.thin_out();
        }
        Some(number)
    }

    /// Lets go of the columns whose value of this row says that they are none.
    #[cold]
    fn let_go_from(&mut self, first: usize) {
        for place in (first..self.open.len()).rev() {
            if self.codes[self.open[place].place] == LET_GO.to_le_bytes() {
                self.open.remove(place);
            }
        }
    }

    /// Lets go of the column of the least standing, where all together have too many combinations.
    #[cold]
    fn thin_out(&mut self) {
        if let Some(column) = self.open.pop() {
            self.codes[column.place] = LET_GO.to_le_bytes();
            self.last = None;
        }
        self.n_most = self.combinations.len() + MAX_COMBINATIONS;
        if self.open.is_empty() {
            self.last = Some(self.combinations.number(self.codes.as_flattened(), 0));
        }
    }

    /// All of it as bytes, for another worker.
    pub(super) fn write_part(&self, out: &mut Vec<u8>) {
        for place in 0..self.all.len() {
            let open = self.open.iter().find(|column| column.place == place);
            out.push(u8::from(open.is_some()));
            if let Some(column) = open {
                write_number(out, column.values.len() as u64);
                for (_, entry) in column.values.entries() {
                    write_text(out, entry.text);
                }
            }
        }
        write_number(out, self.combinations.len() as u64);
        for (_, entry) in self.combinations.entries() {
            out.extend_from_slice(entry.text);
        }
    }

    /// Takes in what another worker has written, and returns the number that each of its
    /// combinations has here.
    pub(super) fn absorb(&mut self, bytes: &mut Bytes<'_>) -> Vec<LabelIndex> {
        // The codes here by those there; none where the column was let go there.
        let mut codes: Vec<Option<Vec<u16>>> = Vec::with_capacity(self.all.len());
        for place in 0..self.all.len() {
            let is_open = bytes.byte() != 0;
            let max_values = self.all[place].max_values();
            let mut here = self.open.iter_mut().find(|column| column.place == place);
            let mut own = vec![BLANK];
            let mut fits = is_open;
            if is_open {
                for _ in 0..bytes.number() {
                    let value = read_text(bytes);
                    let number = here.as_mut().map(|column| column.values.number(value, 0));
                    fits &= here.as_ref().is_some_and(|column| column.values.len() <= max_values);
                    own.push(number.and_then(|n| u16::try_from(n + 1).ok()).unwrap_or(LET_GO));
                }
            }
            if !fits || here.is_none() {
                self.codes[place] = LET_GO.to_le_bytes();
                self.open.retain(|column| column.place != place);
            }
            codes.push((is_open && fits).then_some(own));
        }
        self.last = None;
        let mut combination = self.codes.clone();
        let n_combinations = bytes.number();
        let numbers = (0..n_combinations)
            .map(|_| {
                for (code, own) in combination.iter_mut().zip(&codes) {
                    let there = bytes.u16();
                    let here = own.as_ref().and_then(|own| own.get(usize::from(there)));
                    *code = here.copied().unwrap_or(LET_GO).to_le_bytes();
                }
                self.combinations.number(combination.as_flattened(), 0)
            })
            .collect();
        if self.n_most <= self.combinations.len() {
            self.thin_out();
        }
        if self.open.is_empty() && !self.all.is_empty() {
            self.last = Some(self.combinations.number(self.codes.as_flattened(), 0));
        }
        numbers
    }

    /// The columns that are segments, when so many rows have been used; those that are none are
    /// told.
    pub(super) fn settle(self, n_rows: u64, notes: &mut Notes) -> Settled {
        self.tell_beyond(notes);
        let mut has_blank = vec![false; self.all.len()];
        for (_, entry) in self.combinations.entries() {
            for (has_blank, code) in has_blank.iter_mut().zip(codes_of(entry.text)) {
                *has_blank |= code == BLANK;
            }
        }
        // The place, the column and the new number of each value, in the order of the file.
        let mut kept: Vec<(usize, Dimension, Vec<u16>)> = Vec::new();
        for (place, known) in self.all.iter().enumerate() {
            let open = self.open.iter().find(|column| column.place == place);
            let n_blank = usize::from(has_blank[place]);
            let verdict = match open {
                Some(column) => judge(known, &column.values, n_blank, n_rows),
                None => Verdict::Not(if known.is_number && known.role.is_none() {
                    "has more than 50 different numbers"
                } else {
                    "has too many different values, or long texts"
                }),
            };
            match (verdict, open) {
                (Verdict::Segment, Some(column)) => {
                    let (dimension, codes) = in_order(known, &column.values, n_blank);
                    kept.push((place, dimension, codes));
                }
                (Verdict::Not(why), _) => tell_no_segment(known, why, notes),
                _ => {}
            }
        }
        arrange::by_key(&mut kept, |(_, dimension, _)| dimension.index);
        if kept.is_empty() {
            let places = vec![None; self.combinations.len()];
            return Settled { places, ..Settled::default() };
        }
        let n_columns = kept.len();
        let mut codes: Vec<u16> = Vec::with_capacity(n_columns * self.combinations.len());
        for (_, entry) in self.combinations.entries() {
            for (place, _, new) in &kept {
                let old = codes_of(entry.text).nth(*place).unwrap_or(BLANK);
                codes.push(new.get(usize::from(old)).copied().unwrap_or(0));
            }
        }
        let of = |number: u32| &codes[number as usize * n_columns..][..n_columns];
        let mut order: Vec<u32> = (0..).take(self.combinations.len()).collect();
        arrange::by(&mut order, |&a, &b| of(a).cmp(of(b)));
        let mut places = vec![None; order.len()];
        let mut distinct: Vec<u16> = Vec::new();
        for (new, same) in (0..).zip(order.chunk_by(|&a, &b| of(a) == of(b))) {
            distinct.extend_from_slice(of(same[0]));
            for &old in same {
                places[old as usize] = Some(new);
            }
        }
        let columns = kept.into_iter().map(|(_, dimension, _)| dimension).collect();
        Settled { dimensions: crate::ledger::Dimensions::new(columns, distinct), places }
    }

    fn tell_beyond(&self, notes: &mut Notes) {
        for name in &self.beyond {
            notes.tell("segment-columns-limit", Severity::Info, None, Some(name), || {
                format!(
                    "Up to {MAX_COLUMNS} columns can be segments, and “{}” is one more. Give it the \
                     role segment to have it.",
                    text::shown(name)
                )
            });
        }
    }
}

fn codes_of(combination: &[u8]) -> impl Iterator<Item = u16> {
    combination.as_chunks::<2>().0.iter().map(|&bytes| u16::from_le_bytes(bytes))
}

/// Which columns come first where there are too many.
fn standing(role: Option<Role>) -> u8 {
    match role {
        Some(Role::Segment) => 0,
        Some(Role::Plan) => 1,
        Some(_) => 2,
        None => 3,
    }
}

enum Verdict {
    Segment,
    /// Nobody would want it, so nothing is told.
    Useless,
    Not(&'static str),
}

fn judge(known: &Known, values: &Interner, n_blank: usize, n_rows: u64) -> Verdict {
    let n_values = values.len() + n_blank;
    if matches!(known.role, Some(Role::Segment | Role::Plan)) {
        return if values.len() == 0 { Verdict::Useless } else { Verdict::Segment };
    }
    if n_values < 2 {
        return Verdict::Useless;
    }
    if known.role.is_none() && MOST_OF_A_FEW_ROWS < n_values && n_rows < 2 * n_values as u64 {
        return Verdict::Not("is different in most rows");
    }
    let n_bytes: usize = values.entries().map(|(_, entry)| entry.text.len()).sum();
    if known.role.is_none() && FEW_VALUES < n_values && MAX_MEAN_BYTES * n_values < n_bytes {
        return Verdict::Not("holds long texts");
    }
    Verdict::Segment
}

/// The values in alphabetical order, and the place of each by the number it had.
fn in_order(known: &Known, values: &Interner, n_blank: usize) -> (Dimension, Vec<u16>) {
    let (labels, places) = super::in_order(values);
    let mut names = vec![String::new(); n_blank];
    names.extend(labels.names);
    let n_before = u32::try_from(n_blank).unwrap_or(0);
    let place = |place: u32| u16::try_from(place + n_before).unwrap_or(u16::MAX);
    let codes = std::iter::once(0).chain(places.into_iter().map(place)).collect();
    let Known { name, index, role, is_number } = known.clone();
    (Dimension { name, index, role, is_number, values: Labels { names } }, codes)
}

fn tell_no_segment(known: &Known, why: &str, notes: &mut Notes) {
    notes.tell("not-a-segment", Severity::Info, None, Some(&known.name), || {
        format!("The column “{}” {why}: it is no segment.", text::shown(&known.name))
    });
}
