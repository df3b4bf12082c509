//! Cells of the columns that can be segments to one number for a row, while rows stream by.
//!
//! A column that turns out to be none is let go at once and takes no more time. It decides nothing
//! about customers, and which columns are segments depends on all rows, never on their order.

use std::ops::Range;

use super::part::{read_text, write_text};
use super::remembered::{Remembered, Short};
use super::text;
use crate::arrange;
use crate::ingest::{Row, RowBatch};
use crate::ledger::interner::Interner;
use crate::ledger::packed::{Bytes, write_number};
use crate::ledger::{Dimension, LabelIndex, Labels};
use crate::note::{Notes, Severity};
use crate::roles::{Detection, Role, ValueKind, value_kind};

/// How many are looked at to find these: one for each bit of a [`Places`].
const MAX_LOOKED_AT: usize = 64;
/// The same, where they are numbers: more of them are measured, not named.
pub(super) const MAX_NUMBERS: usize = 50;
/// A column with more dates, fractions or sums of money than this among its values names nothing.
const MAX_MEASURES: usize = 4;
/// A longer value is a text.
const MAX_BYTES: usize = 1_000;
/// Many values of more bytes than this on average are texts too.
const MAX_MEAN_BYTES: usize = 200;
/// So many values are too few to speak of texts.
const FEW_VALUES: usize = 20;
/// Up to so many values are no ids, however few rows there are.
const MOST_OF_A_FEW_ROWS: usize = 4;
/// How much there may be of what grows with the rows.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// How many columns can be segments.
    n_columns: usize,
    /// How many different values a segment can have.
    n_values: usize,
    /// How many combinations there may be of the columns that are segments; with more, those of the
    /// least standing are none.
    n_combinations: usize,
    /// From so many combinations on, no more columns than can be segments are part of them.
    n_many: usize,
}

const LIMITS: Limits =
    Limits { n_columns: 16, n_values: 1_000, n_combinations: 1 << 20, n_many: 1 << 16 };

/// The value of an empty cell; those with a text come behind it.
const BLANK: u16 = 0;
/// What a column that is no part of the combinations has instead of a value.
const LET_GO: u16 = u16::MAX;

/// A set of columns, by their places among those that are looked at.
type Places = u64;

/// What kinds of values a column has; each different value counts once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ValueKinds {
    n_whole: usize,
    n_fractions: usize,
    n_dates: usize,
}

impl ValueKinds {
    pub(super) fn add(&mut self, value: &str) {
        match value_kind(value) {
            ValueKind::Whole => self.n_whole += 1,
            ValueKind::Fraction => self.n_fractions += 1,
            ValueKind::Date => self.n_dates += 1,
            ValueKind::Name => {}
        }
    }

    /// Whether more values can only show the more that they are measured and name nothing.
    fn are_too_many(self) -> bool {
        MAX_NUMBERS < self.n_whole || MAX_MEASURES < self.n_fractions + self.n_dates
    }

    /// Whether so many values are numbers, for the most part.
    pub(super) fn are_numbers(self, n_values: usize) -> bool {
        n_values != 0 && n_values <= 2 * (self.n_whole + self.n_fractions)
    }

    /// Whether so many values are measured, or are dates.
    pub(super) fn are_measures(self, n_values: usize) -> bool {
        self.are_too_many()
            || 90 * n_values <= 100 * self.n_dates
            || self.are_numbers(n_values) && 0 < self.n_fractions
    }
}

/// One column that still can be a segment.
#[derive(Debug)]
struct Column {
    /// Its place among all columns that are looked at.
    place: usize,
    /// The numbers of short values.
    recent: Remembered<u16>,
    values: Interner,
    kinds: ValueKinds,
    has_blank: bool,
    /// Whether its values are part of the combinations.
    is_coded: bool,
    is_let_go: bool,
}

impl Column {
    fn new(place: usize, is_coded: bool) -> Self {
        Self {
            place,
            recent: Remembered::default(),
            values: Interner::default(),
            kinds: ValueKinds::default(),
            has_blank: false,
            is_coded,
            is_let_go: false,
        }
    }

    /// The number of a value, or nothing where it shows that the column is no segment.
    #[inline]
    fn code(
        &mut self,
        cell: &[u8],
        short: Option<Short>,
        is_named: bool,
        max_values: usize,
    ) -> Option<u16> {
        match short.and_then(|short| self.recent.find(short)) {
            None => self.new_code(cell, short, is_named, max_values),
            known => known,
        }
    }

    #[inline(never)]
    fn new_code(
        &mut self,
        cell: &[u8],
        short: Option<Short>,
        is_named: bool,
        max_values: usize,
    ) -> Option<u16> {
        let code = self.code_of(cell, is_named, max_values);
        self.is_let_go = code.is_none();
        if let (Some(code), Some(short)) = (code, short) {
            self.recent.keep(short, code);
        }
        code
    }

    fn code_of(&mut self, cell: &[u8], is_named: bool, max_values: usize) -> Option<u16> {
        if cell.is_empty() {
            self.has_blank = true;
            return Some(BLANK);
        }
        if MAX_BYTES < cell.len() {
            return None;
        }
        let n_before = self.values.len();
        let number = self.values.number(cell, 0);
        if n_before < self.values.len() && !is_named {
            self.kinds.add(std::str::from_utf8(cell).unwrap_or(""));
        }
        if max_values < self.values.len() || self.kinds.are_too_many() {
            return None;
        }
        u16::try_from(number + 1).ok()
    }

    fn bit(&self) -> Places {
        1 << self.place
    }
}

/// What is known of a column before the first row.
#[derive(Clone, Debug)]
struct Known {
    name: String,
    index: usize,
    role: Option<Role>,
    /// Whether the first rows look as if it were a segment, so that it is told where it is none.
    is_likely: bool,
}

/// See the module.
///
/// The columns that are segments are the first [`Limits::n_columns`] by their standing of those that by
/// all their values can be, up to where they have more than [`Limits::n_combinations`] together. While rows
/// stream by, more columns than these can be part of the combinations, and one that will be a segment
/// can be put aside for one that will be none. Where that is seen at the end, the file is read again
/// with the latter known.
#[derive(Debug)]
pub(super) struct DimensionCells {
    /// Those of the best standing first.
    all: Vec<Known>,
    /// Those that were never looked at, because there are too many.
    beyond: Vec<String>,
    open: Vec<Column>,
    /// The values of the row before, two bytes for each of all columns.
    codes: Vec<[u8; 2]>,
    /// Those of many rows, one open column after the other.
    codes_of_rows: Vec<u16>,
    /// The combination of the row before.
    last: Option<LabelIndex>,
    /// The numbers of those that came last, where few columns are looked at.
    recent: Remembered<LabelIndex>,
    combinations: Interner,
    /// The number in `combinations` of each that was there before a column was put aside; those that
    /// are handed out later come behind.
    earlier: Vec<LabelIndex>,
    /// For each column that was put aside, those that are part of the combinations before it.
    ahead: Vec<Option<Places>>,
    limits: Limits,
    /// Beyond how many combinations columns are put aside.
    n_most: usize,
}

/// The columns that are segments, and the new number of each combination.
#[derive(Debug, Default)]
pub(super) struct Settled {
    pub(super) dimensions: crate::ledger::Dimensions,
    pub(super) places: Vec<Option<LabelIndex>>,
}

impl DimensionCells {
    /// `no_segments` are columns that an earlier pass over the same rows has shown to be none.
    pub(super) fn new(detection: &Detection, no_segments: &[usize]) -> Self {
        let likely = detection.possible_segments();
        let mut all: Vec<Known> = detection
            .segment_columns()
            .map(|index| {
                let column = &detection.columns[index];
                let is_likely = likely.iter().any(|&(known, _)| known == index);
                Known { name: column.name.clone(), index, role: column.role, is_likely }
            })
            .collect();
        arrange::by_key(&mut all, |known| (standing(known.role), known.index));
        let n_looked_at = all.len().min(MAX_LOOKED_AT);
        let beyond = all.split_off(n_looked_at).into_iter().map(|known| known.name).collect();
        let open: Vec<Column> = all
            .iter()
            .enumerate()
            .map(|(place, known)| Column::new(place, !no_segments.contains(&known.index)))
            .collect();
        let mut cells = Self {
            codes: vec![BLANK.to_le_bytes(); all.len()],
            codes_of_rows: Vec::new(),
            ahead: vec![None; all.len()],
            all,
            beyond,
            open,
            last: None,
            recent: Remembered::default(),
            combinations: Interner::default(),
            earlier: Vec::new(),
            limits: LIMITS,
            n_most: 0,
        };
        cells.clear_codes();
        cells.set_limit();
        cells
    }

    /// The combination of a row; none where no column can be a segment.
    #[inline]
    pub(super) fn of_row(&mut self, row: &Row<'_>) -> Option<LabelIndex> {
        if self.open.is_empty() { self.last } else { self.look_up(row) }
    }

    #[inline(never)]
    fn look_up(&mut self, row: &Row<'_>) -> Option<LabelIndex> {
        let mut lets_go = false;
        for column in &mut self.open {
            let known = &self.all[column.place];
            let cell = row.field_bytes(known.index);
            let code =
                column.code(cell, Short::of(cell), known.role.is_some(), self.limits.n_values);
            lets_go |= code.is_none();
            let code = code.unwrap_or(LET_GO).to_le_bytes();
            if column.is_coded && self.codes[column.place] != code {
                self.codes[column.place] = code;
                self.last = None;
            }
        }
        if lets_go {
            self.let_go();
        }
        self.combination()
    }

    /// The combination of each of some rows: column by column, and then row by row.
    #[inline(never)]
    pub(super) fn of_rows(
        &mut self,
        rows: &RowBatch<'_>,
        range: Range<usize>,
        out: &mut Vec<Option<LabelIndex>>,
    ) {
        let n_rows = range.len();
        if self.open.is_empty() {
            let combination = self.combination();
            out.resize(out.len() + n_rows, combination);
            return;
        }
        let mut codes = std::mem::take(&mut self.codes_of_rows);
        codes.clear();
        codes.resize(self.open.len() * n_rows, LET_GO);
        // The first row that shows some column to be no segment.
        let mut n_before = n_rows;
        for (column, codes) in self.open.iter_mut().zip(codes.chunks_mut(n_rows.max(1))) {
            let known = &self.all[column.place];
            let is_named = known.role.is_some();
            let cells = rows.column_with_tails(range.clone(), known.index);
            for (index, ((cell, tail), slot)) in cells.zip(codes).enumerate() {
                let short = Short::with_tail(cell, tail);
                let Some(code) = column.code(cell, short, is_named, self.limits.n_values) else {
                    n_before = n_before.min(index);
                    break;
                };
                *slot = code;
            }
        }
        for (column, codes) in self.open.iter_mut().zip(codes.chunks(n_rows.max(1))) {
            // The others are looked at again behind that row.
            column.is_let_go = codes.get(n_before) == Some(&LET_GO);
        }
        for index in 0..n_rows {
            for (column, codes) in self.open.iter().zip(codes.chunks(n_rows)) {
                if column.is_coded {
                    self.codes[column.place] = codes[index].to_le_bytes();
                }
            }
            self.last = None;
            if index == n_before {
                // What follows is read without those columns.
                self.let_go();
                out.push(self.combination());
                self.codes_of_rows = codes;
                self.of_rows(rows, range.start + index + 1..range.end, out);
                return;
            }
            out.push(self.combination());
        }
        self.codes_of_rows = codes;
    }

    /// The combination that the codes are.
    #[inline]
    fn combination(&mut self) -> Option<LabelIndex> {
        if self.last.is_none() && !self.all.is_empty() {
            let codes = Short::of(self.codes.as_flattened());
            let known = codes.and_then(|codes| self.recent.find(codes));
            self.last = Some(known.unwrap_or_else(|| self.next_combination()));
        }
        self.last
    }

    /// The combination of the codes, which is not among those that came last.
    #[inline(never)]
    fn next_combination(&mut self) -> LabelIndex {
        let number = self.combination_now();
        if let Some(codes) = Short::of(self.codes.as_flattened()) {
            self.recent.keep(codes, number);
        }
        if self.n_most < self.combinations.len() {
            self.thin_out();
        }
        number
    }

    /// The number that the combination of the codes has from now on.
    fn combination_now(&mut self) -> LabelIndex {
        number_after(&self.earlier, self.combinations.number(self.codes.as_flattened(), 0))
    }

    /// Lets go of the columns that have turned out to be none.
    #[cold]
    fn let_go(&mut self) {
        self.open.retain(|column| !column.is_let_go);
        self.clear_codes();
        self.last = None;
    }

    /// Leaves no code of a column that is no part of the combinations.
    fn clear_codes(&mut self) {
        let coded = self.coded();
        for (place, code) in self.codes.iter_mut().enumerate() {
            if coded & 1 << place == 0 {
                *code = LET_GO.to_le_bytes();
            }
        }
    }

    /// The columns that are part of the combinations.
    fn coded(&self) -> Places {
        self.open.iter().filter(|column| column.is_coded).map(Column::bit).sum()
    }

    /// Puts aside the columns of the least standing, where all together have too many combinations.
    #[cold]
    fn thin_out(&mut self) {
        let mut varying = self.project();
        if let Some(first) = places_of(varying).nth(self.limits.n_columns) {
            let kept = varying & ((1 << first) - 1);
            self.put_aside(varying & !kept, kept);
            varying = self.project();
        }
        while self.limits.n_combinations < self.combinations.len()
            && let Some(least) = places_of(varying).last()
        {
            let kept = varying & !(1 << least);
            self.put_aside(1 << least, kept);
            varying = self.project();
        }
        self.set_limit();
    }

    fn put_aside(&mut self, columns: Places, ahead: Places) {
        for column in self.open.iter_mut().filter(|column| column.bit() & columns != 0) {
            column.is_coded = false;
            self.ahead[column.place] = Some(ahead);
        }
        self.clear_codes();
    }

    fn set_limit(&mut self) {
        let Limits { n_columns, n_combinations, n_many, .. } = self.limits;
        let is_wide = n_columns < self.coded().count_ones() as usize;
        let many = (2 * self.combinations.len()).max(n_many);
        self.n_most = if is_wide { many.min(n_combinations) } else { n_combinations };
    }

    /// Makes those combinations one that differ in columns only that are no part of them any more,
    /// and returns the columns in which the others differ.
    fn project(&mut self) -> Places {
        let parts = self.coded();
        let mut projected = Interner::default();
        let mut varying: Places = 0;
        let mut first: Vec<[u8; 2]> = Vec::new();
        let mut codes = Vec::with_capacity(self.all.len());
        let mut moved = Vec::with_capacity(self.combinations.len());
        for (_, entry) in self.combinations.entries() {
            codes.clear();
            codes.extend_from_slice(entry.text.as_chunks::<2>().0);
            for (place, code) in codes.iter_mut().enumerate() {
                if parts & 1 << place == 0 {
                    *code = LET_GO.to_le_bytes();
                }
            }
            if first.is_empty() {
                first.clone_from(&codes);
            }
            for (place, (code, first)) in codes.iter().zip(&first).enumerate() {
                varying |= u64::from(code != first) << place;
            }
            moved.push(projected.number(codes.as_flattened(), 0));
        }
        for number in &mut self.earlier {
            *number = moved.get(*number as usize).copied().unwrap_or(*number);
        }
        self.earlier.append(&mut moved);
        self.combinations = projected;
        self.recent.forget();
        varying
    }

    /// The place in `combinations` of each number that was handed out.
    fn handed_out(&self) -> impl Iterator<Item = LabelIndex> + '_ {
        self.earlier.iter().copied().chain((0..).take(self.combinations.len()))
    }

    /// All of it as bytes, for another worker.
    pub(super) fn write_part(&self, out: &mut Vec<u8>) {
        for place in 0..self.all.len() {
            let open = self.open.iter().find(|column| column.place == place);
            out.push(match open {
                None => 0,
                Some(column) => 1 + u8::from(column.has_blank) + 2 * u8::from(column.is_coded),
            });
            if let Some(column) = open {
                write_number(out, self.ahead[place].map_or(0, |ahead| 1 + ahead));
                write_number(out, column.values.len() as u64);
                for (_, entry) in column.values.entries() {
                    write_text(out, entry.text);
                }
            }
        }
        let texts: Vec<&[u8]> = self.combinations.entries().map(|(_, entry)| entry.text).collect();
        write_number(out, (self.earlier.len() + texts.len()) as u64);
        for number in self.handed_out() {
            out.extend_from_slice(texts.get(number as usize).copied().unwrap_or_default());
        }
    }

    /// Takes in what another worker has written, and returns the number that each of its
    /// combinations has here.
    pub(super) fn absorb(&mut self, bytes: &mut Bytes<'_>) -> Vec<LabelIndex> {
        // The codes here by those there; none where the column is no part of the combinations.
        let mut codes: Vec<Option<Vec<u16>>> = Vec::with_capacity(self.all.len());
        for place in 0..self.all.len() {
            let is_named = self.all[place].role.is_some();
            let state = bytes.byte();
            let here = self.open.iter_mut().find(|column| column.place == place);
            if state == 0 {
                if let Some(column) = here {
                    column.is_let_go = true;
                }
                codes.push(None);
                continue;
            }
            let (has_blank, is_coded) = ((state - 1) & 1 != 0, (state - 1) & 2 != 0);
            let ahead = bytes.number().checked_sub(1);
            let values = (0..bytes.number()).map(|_| read_text(bytes));
            let Some(column) = here else {
                values.for_each(|_| {});
                codes.push(None);
                continue;
            };
            let mut own = vec![BLANK];
            for value in values {
                let code = column.code_of(value, is_named, self.limits.n_values);
                column.is_let_go |= code.is_none();
                own.push(code.unwrap_or(LET_GO));
            }
            column.has_blank |= has_blank;
            if column.is_coded && !is_coded {
                column.is_coded = false;
                self.ahead[place] = ahead;
            }
            codes.push((column.is_coded && !column.is_let_go).then_some(own));
        }
        self.let_go();
        let mut combination = self.codes.clone();
        let n_combinations = bytes.number();
        let numbers = (0..n_combinations)
            .map(|_| {
                for (code, own) in combination.iter_mut().zip(&codes) {
                    let there = bytes.u16();
                    let here = own.as_ref().and_then(|own| own.get(usize::from(there)));
                    *code = here.copied().unwrap_or(LET_GO).to_le_bytes();
                }
                let number = self.combinations.number(combination.as_flattened(), 0);
                number_after(&self.earlier, number)
            })
            .collect();
        if self.n_most < self.combinations.len() {
            self.thin_out();
        }
        if self.open.is_empty() && !self.all.is_empty() {
            self.last = Some(self.combination_now());
        }
        numbers
    }

    /// What each column is, when so many rows have been used.
    fn verdicts(&self, n_rows: u64) -> Vec<Verdict> {
        let of = |(place, known): (usize, &Known)| {
            let open = self.open.iter().find(|column| column.place == place);
            open.map_or(Verdict::Not(TOO_MANY_VALUES), |column| judge(known, column, n_rows))
        };
        self.all.iter().enumerate().map(of).collect()
    }

    /// The columns that are no segments, where one that is was put aside for one of them: read again
    /// without these, the file has it.
    pub(super) fn disproved(&self, n_rows: u64) -> Option<Vec<usize>> {
        if self.ahead.iter().all(Option::is_none) {
            return None;
        }
        let verdicts = self.verdicts(n_rows);
        let is_segment = |place: usize| verdicts[place] == Verdict::Segment;
        let segments: Places =
            (0..self.all.len()).filter(|&place| is_segment(place)).map(|place| 1 << place).sum();
        let is_wrong = self.ahead.iter().enumerate().any(|(place, ahead)| {
            is_segment(place) && ahead.is_some_and(|ahead| ahead & !segments != 0)
        });
        let others = (0..self.all.len()).filter(|&place| !is_segment(place));
        is_wrong.then(|| others.map(|place| self.all[place].index).collect())
    }

    /// The columns that are segments, when so many rows have been used; those that are none are
    /// told.
    #[inline(never)]
    pub(super) fn settle(self, n_rows: u64, notes: &mut Notes) -> Settled {
        // The place, the column and the new number of each value, in the order of the file.
        let mut kept: Vec<(usize, Dimension, Vec<u16>)> = Vec::new();
        let mut beyond = Vec::new();
        for (place, verdict) in self.verdicts(n_rows).into_iter().enumerate() {
            let known = &self.all[place];
            let open = self.open.iter().find(|column| column.place == place);
            match (verdict, open) {
                (Verdict::Segment, _) if self.limits.n_columns <= kept.len() => {
                    beyond.push(&known.name);
                }
                (Verdict::Segment, Some(column)) if column.is_coded => {
                    let (dimension, codes) = in_order(known, column);
                    kept.push((place, dimension, codes));
                }
                (Verdict::Segment, _) => {
                    tell_no_segment(known, "has too many combinations with the others", notes);
                }
                (Verdict::Not(why), _) if known.is_likely => tell_no_segment(known, why, notes),
                _ => {}
            }
        }
        for name in beyond.into_iter().chain(&self.beyond) {
            tell_beyond(name, notes);
        }
        arrange::by_key(&mut kept, |(_, dimension, _)| dimension.index);
        if kept.is_empty() {
            let places = vec![None; self.earlier.len() + self.combinations.len()];
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
        if !self.earlier.is_empty() {
            places = self.handed_out().map(|number| places[number as usize]).collect();
        }
        let columns = kept.into_iter().map(|(_, dimension, _)| dimension).collect();
        Settled { dimensions: crate::ledger::Dimensions::new(columns, distinct), places }
    }
}

/// The number that is handed out for a place among the combinations there are now.
fn number_after(earlier: &[LabelIndex], number: LabelIndex) -> LabelIndex {
    u32::try_from(earlier.len()).unwrap_or(u32::MAX).saturating_add(number)
}

fn places_of(set: Places) -> impl Iterator<Item = usize> {
    (0..MAX_LOOKED_AT).filter(move |place| set & 1 << place != 0)
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Segment,
    /// Nobody would want it, so nothing is told.
    Useless,
    Not(&'static str),
}

const TOO_MANY_VALUES: &str = "has too many different values, or long texts";

fn judge(known: &Known, column: &Column, n_rows: u64) -> Verdict {
    let values = &column.values;
    let n_values = values.len() + usize::from(column.has_blank);
    if matches!(known.role, Some(Role::Segment | Role::Plan)) {
        return if values.len() == 0 { Verdict::Useless } else { Verdict::Segment };
    }
    if n_values < 2 {
        return Verdict::Useless;
    }
    if known.role.is_some() {
        return Verdict::Segment;
    }
    if column.kinds.are_measures(values.len()) {
        return Verdict::Useless;
    }
    if column.kinds.are_numbers(values.len()) && MAX_NUMBERS < values.len() {
        return Verdict::Not("has more than 50 different numbers");
    }
    if MOST_OF_A_FEW_ROWS < n_values && n_rows < 2 * n_values as u64 {
        return Verdict::Not("is different in most rows");
    }
    let n_bytes: usize = values.entries().map(|(_, entry)| entry.text.len()).sum();
    if FEW_VALUES < n_values && MAX_MEAN_BYTES * n_values < n_bytes {
        return Verdict::Not("holds long texts");
    }
    Verdict::Segment
}

/// The values in alphabetical order, and the place of each by the number it had.
fn in_order(known: &Known, column: &Column) -> (Dimension, Vec<u16>) {
    let (labels, places) = super::in_order(&column.values);
    let n_blank = u16::from(column.has_blank);
    let mut names = vec![String::new(); usize::from(n_blank)];
    names.extend(labels.names);
    let place = |place: u32| u16::try_from(place).map_or(u16::MAX, |place| place + n_blank);
    let codes = std::iter::once(0).chain(places.into_iter().map(place)).collect();
    let is_number = column.kinds.are_numbers(column.values.len());
    let Known { name, index, role, .. } = known.clone();
    let names_customers = crate::roles::names_customers(&name);
    let values = Labels { names };
    (Dimension { name, index, role, is_number, names_customers, values }, codes)
}

fn tell_no_segment(known: &Known, why: &str, notes: &mut Notes) {
    notes.tell("not-a-segment", Severity::Info, None, Some(&known.name), || {
        format!("The column “{}” {why}: it is no segment.", text::shown(&known.name))
    });
}

fn tell_beyond(name: &str, notes: &mut Notes) {
    notes.tell("segment-columns-limit", Severity::Info, None, Some(name), || {
        format!(
            "Up to {} columns can be segments, and “{}” is one more. Give it the role \
             segment to have it.",
            LIMITS.n_columns,
            text::shown(name)
        )
    });
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fmt::Write;

    use proptest::prelude::*;

    use super::*;
    use crate::Error;
    use crate::ingest::{ReadOptions, Reader, RowSink, Table};
    use crate::roles::{RoleOptions, detect};

    const FEW: Limits = Limits { n_columns: 3, n_values: 4, n_combinations: 12, n_many: 5 };
    const N_TRAITS: usize = 7;

    /// The numbers of rows under small limits.
    #[derive(Default)]
    struct Sink {
        no_segments: Vec<usize>,
        cells: Option<DimensionCells>,
        numbers: Vec<Option<LabelIndex>>,
    }

    impl RowSink for Sink {
        fn start(&mut self, table: &Table, _notes: &mut Notes) -> Result<(), Error> {
            let detection = detect(table, &RoleOptions::default())?;
            let mut cells = DimensionCells::new(&detection, &self.no_segments);
            cells.limits = FEW;
            cells.set_limit();
            self.cells = Some(cells);
            Ok(())
        }

        fn row(&mut self, row: &Row<'_>, _notes: &mut Notes) {
            let cells = self.cells.as_mut().unwrap();
            self.numbers.push(cells.of_row(row));
        }

        fn rows(&mut self, rows: &RowBatch<'_>, _notes: &mut Notes) {
            let cells = self.cells.as_mut().unwrap();
            cells.of_rows(rows, 0..rows.len(), &mut self.numbers);
        }
    }

    /// The same, row by row.
    struct Single(Sink);

    impl RowSink for Single {
        fn start(&mut self, table: &Table, notes: &mut Notes) -> Result<(), Error> {
            self.0.start(table, notes)
        }

        fn row(&mut self, row: &Row<'_>, notes: &mut Notes) {
            self.0.row(row, notes);
        }
    }

    fn deliver(csv: &str, sink: &mut impl RowSink) {
        let mut reader = Reader::new(ReadOptions::default());
        reader.push(csv.as_bytes(), &mut Notes::new(), sink).unwrap();
        reader.finish(&mut Notes::new(), sink).unwrap();
    }

    fn read(rows: &[Vec<u8>], no_segments: &[usize], is_single: bool) -> Sink {
        let traits: Vec<String> = (0..N_TRAITS).map(|column| format!("trait{column}")).collect();
        let mut csv = format!("customer,start,mrr,{}\n", traits.join(","));
        for (number, row) in rows.iter().enumerate() {
            let name = |&value: &u8| if value == 0 { String::new() } else { format!("v {value}") };
            let values: Vec<String> = row.iter().map(name).collect();
            let _ = writeln!(csv, "customer {number},2024-01-03,9.00,{}", values.join(","));
        }
        let empty = Sink { no_segments: no_segments.to_vec(), ..Sink::default() };
        if is_single {
            let mut sink = Single(empty);
            deliver(&csv, &mut sink);
            sink.0
        } else {
            let mut sink = empty;
            deliver(&csv, &mut sink);
            sink
        }
    }

    /// The columns, and what each row has in them, for rows read in so many parts, one by one or
    /// many at once.
    fn segments(
        rows: &[Vec<u8>],
        n_parts: usize,
        is_single: bool,
    ) -> (Vec<String>, BTreeMap<Vec<u8>, Vec<String>>) {
        let mut no_segments = Vec::new();
        let mut n_reads = 0;
        loop {
            n_reads += 1;
            assert!(n_reads <= 2, "what is known of columns after one reading stays so");
            let mut parts = rows.chunks(rows.len().div_ceil(n_parts));
            let mut sink = read(parts.next().unwrap(), &no_segments, is_single);
            for part in parts {
                let other = read(part, &no_segments, is_single);
                let mut out = Vec::new();
                other.cells.unwrap().write_part(&mut out);
                let numbers = sink.cells.as_mut().unwrap().absorb(&mut Bytes::new(&out));
                let renumbered = |number: &Option<LabelIndex>| {
                    number.and_then(|number| numbers.get(number as usize).copied())
                };
                sink.numbers.extend(other.numbers.iter().map(renumbered));
            }
            let cells = sink.cells.unwrap();
            if let Some(known) = cells.disproved(rows.len() as u64) {
                no_segments = known;
                continue;
            }
            let Settled { dimensions, places } = cells.settle(rows.len() as u64, &mut Notes::new());
            let names = dimensions.columns().iter().map(|column| column.name.clone()).collect();
            let of_row = |number: Option<LabelIndex>| -> Vec<String> {
                let combination = number.and_then(|number| places[number as usize]);
                let columns = 0..dimensions.columns().len();
                let value = |column| dimensions.value(combination.unwrap(), column).to_owned();
                columns.map(value).collect()
            };
            let numbers = sink.numbers.iter().map(|&number| of_row(number));
            return (names, rows.iter().cloned().zip(numbers).collect());
        }
    }

    /// The same by the words of the rule.
    fn by_definition(rows: &[Vec<u8>]) -> (Vec<String>, BTreeMap<Vec<u8>, Vec<String>>) {
        let mut kept: Vec<usize> = Vec::new();
        for column in 0..N_TRAITS {
            let values: BTreeSet<u8> = rows.iter().map(|row| row[column]).collect();
            let n_stated = values.iter().filter(|&&value| value != 0).count();
            let is_unique = MOST_OF_A_FEW_ROWS < values.len() && rows.len() < 2 * values.len();
            if values.len() < 2 || FEW.n_values < n_stated || is_unique {
                continue;
            }
            let with: Vec<usize> = kept.iter().copied().chain([column]).collect();
            let combinations: BTreeSet<Vec<u8>> =
                rows.iter().map(|row| with.iter().map(|&column| row[column]).collect()).collect();
            if FEW.n_combinations < combinations.len() || FEW.n_columns < with.len() {
                break;
            }
            kept = with;
        }
        let name = |value: u8| if value == 0 { String::new() } else { format!("v {value}") };
        let values = |row: &Vec<u8>| kept.iter().map(|&column| name(row[column])).collect();
        let of_rows = rows.iter().map(|row| (row.clone(), values(row))).collect();
        (kept.iter().map(|column| format!("trait{column}")).collect(), of_rows)
    }

    proptest! {
        #[test]
        fn which_columns_are_segments_depends_on_no_order_of_rows(
            (rows, shuffled) in prop::collection::vec(1..7_u8, N_TRAITS)
                .prop_flat_map(|sizes| {
                    let row: Vec<_> = sizes.into_iter().map(|size| 0..size).collect();
                    prop::collection::vec(row, 1..60)
                })
                .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
            n_parts in 1..4_usize,
        ) {
            let expected = by_definition(&rows);
            prop_assert_eq!(&segments(&rows, 1, false), &expected);
            prop_assert_eq!(&segments(&shuffled, n_parts, false), &expected);
            prop_assert_eq!(&segments(&shuffled, n_parts, true), &expected);
        }
    }
}
