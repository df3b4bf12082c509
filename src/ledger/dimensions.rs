//! The columns that customers can be told apart by, and the values that rows have in them together.
//!
//! It knows no segment of a customer: rows of one customer may differ, and which one counts when is
//! decided where periods are known.

use super::{LabelIndex, Labels};
use crate::roles::Role;

/// The columns that can be segments, with the combinations of their values that rows have.
///
/// A row of any of the histories points to its combination, one number for all columns together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dimensions {
    columns: Vec<Dimension>,
    /// For each combination, the place of its value in each column.
    codes: Vec<u16>,
}

/// One column that can be a segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dimension {
    /// Its name.
    pub name: String,
    /// Its place in the file, from 0.
    pub index: usize,
    /// Its role, where it has one.
    pub role: Option<Role>,
    /// Whether its values are numbers.
    pub is_number: bool,
    /// Whether it is named as what tells customers apart: `Customer name`, `E-mail`.
    pub names_customers: bool,
    /// Its values; an empty one where rows have none.
    pub values: Labels,
}

impl Dimension {
    /// Whether it has the role segment.
    #[must_use]
    pub fn is_segment(&self) -> bool {
        self.role == Some(Role::Segment)
    }

    /// Whether it has the role plan.
    #[must_use]
    pub fn is_plan(&self) -> bool {
        self.role == Some(Role::Plan)
    }
}

impl Dimensions {
    /// Columns, and the place of the value in each column for one combination after the other.
    #[must_use]
    pub fn new(columns: Vec<Dimension>, codes: Vec<u16>) -> Self {
        Self { columns, codes }
    }

    /// One column of these values, each of them a combination.
    #[must_use]
    pub fn of_values(name: &str, values: &[&str]) -> Self {
        let names = values.iter().map(|&value| value.to_owned()).collect();
        let column =
            Dimension { name: name.to_owned(), values: Labels { names }, ..Dimension::default() };
        Self { columns: vec![column], codes: (0..).take(values.len()).collect() }
    }

    /// The columns, in the order of the file.
    #[must_use]
    pub fn columns(&self) -> &[Dimension] {
        &self.columns
    }

    /// How many combinations there are.
    #[must_use]
    pub fn n_combinations(&self) -> usize {
        self.codes.len().checked_div(self.columns.len()).unwrap_or(0)
    }

    /// The place of the value in each column, for a combination.
    #[must_use]
    pub fn codes(&self, combination: LabelIndex) -> &[u16] {
        let n_columns = self.columns.len();
        let start = combination as usize * n_columns;
        self.codes.get(start..start + n_columns).unwrap_or(&[])
    }

    /// A combination in a few words: its values in the columns with the role segment or plan, or in
    /// the first three where there are none. None where it has no value there.
    #[must_use]
    pub fn label(&self, combination: Option<LabelIndex>) -> Option<String> {
        let combination = combination?;
        let is_named = |column: &Dimension| column.is_segment() || column.is_plan();
        let has_named = self.columns.iter().any(is_named);
        let values: Vec<&str> = (0..self.columns.len())
            .filter(|&column| !has_named || is_named(&self.columns[column]))
            .take(3)
            .map(|column| self.value(combination, column))
            .filter(|value| !value.is_empty())
            .collect();
        (!values.is_empty()).then(|| values.join(" · "))
    }

    /// The value of a combination in a column.
    #[must_use]
    pub fn value(&self, combination: LabelIndex, column: usize) -> &str {
        let code = self.codes(combination).get(column).copied().unwrap_or(u16::MAX);
        let values = self.columns.get(column).map(|column| &column.values.names);
        values.and_then(|names| names.get(usize::from(code))).map_or("", String::as_str)
    }
}
