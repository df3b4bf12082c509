//! The set of all customers, compared over the last twelve months.
//!
//! It leaves nobody out: who left long ago is in it as inactive.

use super::Members;
use super::compared::Compared;
use super::scope::Scope;
use super::seen::Seen;

pub(super) struct AllMembers {
    compared: Compared,
}

impl AllMembers {
    pub(super) fn new(scope: &Scope<'_>) -> Self {
        Self { compared: scope.trailing_year().unwrap_or(Compared::WHOLE) }
    }
}

impl Members for AllMembers {
    fn compared(&self) -> Compared {
        self.compared
    }

    fn has(&self, _: &Seen<'_>) -> bool {
        true
    }
}
