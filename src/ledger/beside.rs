//! What files beside a history say of its customers: attributes, and when they left.
//!
//! It joins nothing; the customers are those of the file that it was read from.

use super::{CustomerIndex, LabelIndex, Labels};
use crate::calendar::Day;

/// What a file that is put beside a history holds.
#[derive(Clone, Debug, Default)]
pub enum Beside {
    /// It is a history.
    #[default]
    Nothing,
    /// What is known of each customer.
    Attributes(Attributes),
    /// When customers left.
    Events(Vec<ChurnEvent>),
}

/// What a file of customers says, by customer.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    /// The columns that say something in words.
    pub columns: Vec<AttributeColumn>,
    /// When each signed up; the earliest, where rows contradict each other.
    pub signups: Vec<Option<Day>>,
    /// Whether each has left; nothing where rows contradict each other.
    pub churned: Vec<Option<bool>>,
    /// The rows that have the id of a row above, in their order.
    pub twice: Vec<(CustomerIndex, u32)>,
    /// Whether there is a column that says who has left.
    pub has_flag: bool,
    /// Whether there is a column of signups.
    pub has_signup: bool,
}

/// One column of words.
#[derive(Clone, Debug)]
pub struct AttributeColumn {
    /// Its name.
    pub name: String,
    /// Its place in the file.
    pub index: usize,
    /// Its values in alphabetical order; none where there are too many different ones.
    pub values: Labels,
    /// The value of each customer; the first in alphabetical order, where rows contradict each
    /// other.
    pub codes: Vec<Option<LabelIndex>>,
    /// Whether it has so many different values that they group nobody.
    pub has_too_many: bool,
    /// Whether customers can be compared by it.
    pub is_segment: bool,
    /// Whether its values are numbers.
    pub is_number: bool,
}

/// One leaving of a customer, or one return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChurnEvent {
    /// Who.
    pub customer: CustomerIndex,
    /// When.
    pub day: Day,
    /// Whether the file calls it a reactivation.
    pub is_reactivation: bool,
    /// Why.
    pub reason: Option<LabelIndex>,
    /// The row it was read from.
    pub row: u32,
}
