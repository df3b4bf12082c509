//! What one customer did inside a span: how often it left, what it was paying, and how its revenue
//! went up and down on the way.
//!
//! It compares no definitions and adds nothing up over customers.

use crate::analysis::exact::Exact;
use crate::analysis::levels::Steps;
use crate::analysis::orders::Orders;
use crate::calendar::Day;
use crate::number::Minor;

/// One customer between the closes of two days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::analysis) struct Inside {
    /// Whether it is active at the first close.
    pub(in crate::analysis) is_active_then: bool,
    /// Whether it is active at the last one.
    pub(in crate::analysis) is_active_now: bool,
    /// Whether it was active on some day up to the first close.
    pub(in crate::analysis) was_before: bool,
    /// How often its revenue went to nothing.
    pub(in crate::analysis) n_cancellations: u32,
    /// What it pays at the first close, in minor units.
    pub(in crate::analysis) then_minor: Minor,
    /// What it pays at the last close.
    pub(in crate::analysis) now_minor: Minor,
    /// What it paid before it left for the last time; without that, what it pays at the last close,
    /// or at the first where it pays nothing then.
    pub(in crate::analysis) paid_minor: Minor,
    /// All that it paid less on the way and stayed.
    pub(in crate::analysis) contraction_minor: Minor,
    /// All that it took along when it left, each time.
    pub(in crate::analysis) churned_minor: Minor,
}

impl Inside {
    /// From the steps of a customer, right from the first close on, and its first day active ever;
    /// nothing where it is active neither then nor later.
    pub(in crate::analysis) fn of_steps<T: Exact>(
        steps: &Steps<'_, T>,
        first_day: Day,
        from: Day,
        to: Day,
    ) -> Option<Self> {
        let nothing = T::default();
        let n_before = steps.days.iter().rposition(|&day| day <= from).map_or(0, |last| last + 1);
        let then = n_before.checked_sub(1).map_or(nothing, |last| steps.monthly_minor[last]);
        let mut level = then;
        let (mut paid, mut contraction, mut churned) = (nothing, nothing, nothing);
        let mut n_cancellations = 0;
        let mut is_there = nothing < then;
        let inside = steps.days.iter().zip(steps.monthly_minor).skip(n_before);
        for (_, &next) in inside.take_while(|&(&day, _)| day <= to) {
            if next == nothing {
                n_cancellations += 1;
                churned += level;
                paid = level;
            } else if next < level {
                contraction += level - next;
            }
            is_there = true;
            level = next;
        }
        let last = if nothing < level { level } else { then };
        is_there.then(|| Self {
            is_active_then: nothing < then,
            is_active_now: nothing < level,
            was_before: first_day <= from,
            n_cancellations,
            then_minor: then.into(),
            now_minor: level.into(),
            paid_minor: if n_cancellations == 0 { last.into() } else { paid.into() },
            contraction_minor: contraction.into(),
            churned_minor: churned.into(),
        })
    }

    /// From the orders of a customer up to the last close, who is active then if it bought after
    /// `before` and now if it bought after `from`; nothing where it did neither.
    pub(in crate::analysis) fn of_orders(
        orders: Orders<'_>,
        before: Day,
        from: Day,
    ) -> Option<Self> {
        let mut inside = Self::default();
        for order in orders.after(before) {
            let is_bought = 0 < order.amount;
            if order.day <= from {
                inside.is_active_then |= is_bought;
                inside.then_minor += Minor::from(order.amount);
            } else {
                inside.is_active_now |= is_bought;
                inside.now_minor += Minor::from(order.amount);
            }
        }
        if !inside.is_active_then && !inside.is_active_now {
            return None;
        }
        inside.was_before = orders.first_positive_day().is_some_and(|first| first <= from);
        inside.paid_minor = if inside.is_active_now { inside.now_minor } else { inside.then_minor };
        Some(inside)
    }

    /// Whether it is active inside the span for the first time ever.
    pub(in crate::analysis) fn is_new(&self) -> bool {
        !self.was_before
    }

    /// Whether it is back at the last close, having been one before but not at the first.
    pub(in crate::analysis) fn is_reactivated(&self) -> bool {
        self.is_active_now && !self.is_active_then && self.was_before
    }

    /// Whether it left at least once.
    pub(in crate::analysis) fn has_cancelled(&self) -> bool {
        0 < self.n_cancellations
    }
}
