//! Customers by id: each distinct id once, kept exactly as the file has it.
//!
//! It joins nothing: ids that only look alike stay apart.

use std::collections::HashMap;

/// A customer's place in [`Customers`].
pub type CustomerIndex = u32;

/// The distinct customer ids of a file.
#[derive(Clone, Debug, Default)]
pub struct Customers {
    ids: Vec<Box<str>>,
    by_id: HashMap<Box<str>, CustomerIndex>,
}

impl Customers {
    /// No customers yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The place of an id, which is new or known.
    pub fn intern(&mut self, id: &str) -> CustomerIndex {
        if let Some(&index) = self.by_id.get(id) {
            return index;
        }
        let index = CustomerIndex::try_from(self.ids.len()).unwrap_or(CustomerIndex::MAX);
        self.ids.push(id.into());
        self.by_id.insert(id.into(), index);
        index
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id at a place.
    #[must_use]
    pub fn id(&self, index: CustomerIndex) -> &str {
        self.ids.get(index as usize).map_or("", |id| id)
    }

    /// Puts the customers in the order of their ids, so that the order of rows leaves no trace, and
    /// returns the new place of each old one.
    pub(crate) fn put_in_order(&mut self) -> Vec<CustomerIndex> {
        let (ids, places) = super::in_order(std::mem::take(&mut self.ids));
        self.ids = ids;
        self.by_id.clear();
        for (index, id) in self.ids.iter().enumerate() {
            self.by_id
                .insert(id.clone(), CustomerIndex::try_from(index).unwrap_or(CustomerIndex::MAX));
        }
        places
    }
}
