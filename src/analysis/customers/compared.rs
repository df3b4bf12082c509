//! The two stretches of days that a set compares.
//!
//! It knows no customer and no label.

use super::super::reasons::last_day;
use crate::calendar::Day;
use crate::ledger::Spell;

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

/// Which days are compared for a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closes {
    /// The same for all.
    Same(Compared),
    /// An age of so many days since the customer's own first day, with that first age.
    Age {
        /// The days of an age.
        days: u16,
        /// Which age.
        age: u32,
    },
    /// The day before the customer's last one, with the close of this day.
    Leaving(Day),
}

impl Closes {
    /// Those of a customer with recurring revenue.
    pub(super) fn of_levels(self, first_day: Day, spells: &[Spell]) -> Compared {
        let at = |close: Day| Stretch { after: close, to: close };
        match self {
            Self::Same(compared) => compared,
            Self::Age { days, age } => {
                Compared { then: at(first_day), now: at(later(first_day, days, age)) }
            }
            Self::Leaving(to) => {
                let last_day = last_day(spells, to).unwrap_or(first_day);
                Compared { then: at(last_day.previous()), now: at(to) }
            }
        }
    }

    /// Those of a customer who buys.
    pub(super) fn of_orders(self, first_day: Day) -> Compared {
        let from =
            |day: Day, days| Stretch { after: day.previous(), to: later(day, days, 1).previous() };
        match self {
            Self::Same(compared) => compared,
            Self::Age { days, age } => Compared {
                then: from(first_day, days),
                now: from(later(first_day, days, age), days),
            },
            Self::Leaving(_) => Compared::WHOLE,
        }
    }
}

/// The day so many ages of so many days later.
pub(super) fn later(day: Day, days: u16, age: u32) -> Day {
    let n_days = i64::from(days) * i64::from(age) + i64::from(day.0);
    Day(i32::try_from(n_days).unwrap_or(i32::MAX - 1))
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
