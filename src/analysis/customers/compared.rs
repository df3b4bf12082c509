//! The two stretches of days that a set compares.
//!
//! It knows no customer and no label.

use crate::calendar::Day;

/// The days after one close up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) after: Day,
    pub(super) to: Day,
}

impl Stretch {
    pub(super) fn has(self, day: Day) -> bool {
        self.after < day && day <= self.to
    }
}

/// What is compared with what.
///
/// Recurring revenue is that at the last close of each stretch; orders are those of all its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Compared {
    pub(super) then: Stretch,
    pub(super) now: Stretch,
}

impl Compared {
    /// Everything, for files without days.
    pub(super) const WHOLE: Self = {
        let all = Stretch { after: Day(i32::MIN), to: Day(i32::MAX) };
        Self { then: all, now: all }
    };
}
