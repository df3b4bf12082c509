//! Which columns customers are told apart by, and the segment of each combination of their values.
//!
//! It knows no customer: rows point to combinations, and these to segments.

use crate::arrange;
use crate::ledger::{Dimension, Dimensions, LabelIndex};

/// How many values the column has at most that is chosen where nobody has chosen.
const MAX_VALUES_OF_DEFAULT: usize = 20;
/// How many segments are told apart; beyond, the smallest are one.
pub(super) const MAX_SEGMENTS: usize = 1_000;

/// Why these columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenBy {
    /// The reader of the report said so.
    Option,
    /// One of them has the role segment.
    SegmentRole,
    /// One of them has the role plan.
    PlanRole,
    /// It is the first with 2 to 20 values that is not named as customers are.
    Values,
}

impl ChosenBy {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Option => "option",
            Self::SegmentRole => "segment-role",
            Self::PlanRole => "plan-role",
            Self::Values => "values",
        }
    }
}

/// The columns to segment by: those asked for, else the default; with them, those asked for that
/// are none.
pub(super) fn choose(
    dimensions: &Dimensions,
    asked: &[String],
) -> (Vec<usize>, ChosenBy, Vec<String>) {
    let columns = dimensions.columns();
    if asked.is_empty() {
        let (columns, by) = default_choice(columns);
        return (columns, by, Vec::new());
    }
    let place = |name: &String| columns.iter().position(|column| column.name == *name);
    let missing: Vec<String> = asked.iter().filter(|name| place(name).is_none()).cloned().collect();
    let found = if missing.is_empty() { asked.iter().filter_map(place).collect() } else { vec![] };
    (found, ChosenBy::Option, missing)
}

fn default_choice(columns: &[Dimension]) -> (Vec<usize>, ChosenBy) {
    if let Some(place) = columns.iter().position(Dimension::is_segment) {
        return (vec![place], ChosenBy::SegmentRole);
    }
    if let Some(place) = columns.iter().position(Dimension::is_plan) {
        return (vec![place], ChosenBy::PlanRole);
    }
    // Names before numbers, then columns without gaps, then the first of the file.
    let best = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| {
            // A few names of customers, each some rows of one, are no kinds of customers.
            let n_values = column.values.names.len();
            (2..=MAX_VALUES_OF_DEFAULT).contains(&n_values) && !column.names_customers
        })
        .min_by_key(|(place, column)| {
            (column.is_number, column.values.names.iter().any(String::is_empty), *place)
        });
    (best.into_iter().map(|(place, _)| place).collect(), ChosenBy::Values)
}

/// The segments of some columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Segmentation {
    /// The place of each segment's value in each chosen column, in alphabetical order.
    codes: Vec<Vec<u16>>,
    /// The segment of each combination.
    of_combination: Vec<u32>,
}

impl Segmentation {
    pub(crate) fn new(dimensions: &Dimensions, columns: &[usize]) -> Self {
        let n = dimensions.n_combinations();
        let projected = |combination: u32| -> Vec<u16> {
            let codes = dimensions.codes(combination);
            columns.iter().map(|&column| codes.get(column).copied().unwrap_or(0)).collect()
        };
        let mut all: Vec<(Vec<u16>, u32)> =
            (0..).take(n).map(|combination| (projected(combination), combination)).collect();
        arrange::by(&mut all, Ord::cmp);
        let mut segmentation = Self { codes: Vec::new(), of_combination: vec![0; n] };
        for same in all.chunk_by(|a, b| a.0 == b.0) {
            let segment = u32::try_from(segmentation.codes.len()).unwrap_or(u32::MAX);
            for &(_, combination) in same {
                segmentation.of_combination[combination as usize] = segment;
            }
            segmentation.codes.push(same[0].0.clone());
        }
        segmentation
    }

    /// How many segments there are.
    pub(crate) fn len(&self) -> usize {
        self.codes.len()
    }

    /// The segment of a combination.
    #[inline]
    pub(crate) fn of(&self, combination: Option<LabelIndex>) -> u32 {
        let combination = combination.map_or(usize::MAX, |combination| combination as usize);
        self.of_combination.get(combination).copied().unwrap_or(0)
    }

    /// The values of a segment, one for each chosen column.
    pub(crate) fn values(
        &self,
        segment: usize,
        dimensions: &Dimensions,
        columns: &[usize],
    ) -> Vec<String> {
        let codes = self.codes.get(segment).map_or(&[][..], Vec::as_slice);
        let name = |(&column, &code): (&usize, &u16)| {
            let column = dimensions.columns().get(column)?;
            column.values.names.get(usize::from(code)).cloned()
        };
        columns.iter().zip(codes).map(|each| name(each).unwrap_or_default()).collect()
    }

    /// The same with the segments of the least size as one, where there are too many of them; with
    /// it, the old numbers in the order of the new ones, and how many are one.
    pub(super) fn pooled(mut self, sizes: &[(i128, u64)]) -> (Self, usize) {
        let n_pooled = (self.len() + 1).saturating_sub(MAX_SEGMENTS);
        if self.len() <= MAX_SEGMENTS {
            return (self, 0);
        }
        let mut by_size: Vec<usize> = (0..self.len()).collect();
        arrange::by_key(&mut by_size, |&segment| {
            (std::cmp::Reverse(sizes.get(segment).copied().unwrap_or_default()), segment)
        });
        let mut large: Vec<usize> = by_size[..MAX_SEGMENTS - 1].to_vec();
        arrange::by(&mut large, Ord::cmp);
        let rest = u32::try_from(large.len()).unwrap_or(u32::MAX);
        let mut new = vec![rest; self.len()];
        let mut codes = Vec::with_capacity(MAX_SEGMENTS);
        for (place, &old) in (0..).zip(&large) {
            new[old] = place;
            codes.push(std::mem::take(&mut self.codes[old]));
        }
        codes.push(Vec::new());
        for segment in &mut self.of_combination {
            *segment = new[*segment as usize];
        }
        self.codes = codes;
        (self, n_pooled)
    }
}
