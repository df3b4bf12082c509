//! For how many months each subscription is paid at a time.
//!
//! It knows no date: when a term ends is worked out from the start of its spell.

/// The terms of all spells, in their order; none where the file has no billing interval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Months, and 0 where the interval is blank or no whole month.
    months: Vec<u8>,
}

impl Terms {
    /// These months, one for each spell; 0 is not known.
    #[must_use]
    pub fn from_months(months: Vec<u8>) -> Self {
        if months.iter().all(|&one| one == 0) { Self::default() } else { Self { months } }
    }

    /// Whether any is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !self.months.is_empty()
    }

    /// The months of the spell at a place.
    #[must_use]
    pub fn months_of(&self, place: usize) -> Option<u32> {
        self.months.get(place).copied().filter(|&months| months != 0).map(u32::from)
    }
}
