//! The pass over the customers: each one's segment at the closes that matter, and what it did there.
//!
//! It keeps no customer and forms no rate.

use super::choice::Segmentation;
use crate::analysis::exact::{Exact, sums_are_narrow};
use crate::analysis::moved::{Movement, Standing};
use crate::analysis::orders::{Orders, for_each_customer};
use crate::analysis::span::Periods;
use crate::calendar::Day;
use crate::ledger::{Account, Purchases, Recurring, Spell};

/// What is compared: for recurring revenue the closes of `from` and `to`, for purchases the days
/// behind `before` up to `from` and those behind `from` up to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) before: Day,
    pub(super) from: Day,
    pub(super) to: Day,
}

/// The spans that segments are looked at in. A place is the same in every list of spans.
#[derive(Clone, Debug)]
pub(super) struct Windows {
    pub(super) as_of: Day,
    pub(super) periods: Periods,
    /// How many periods `as_of` does not cut short.
    pub(super) n_complete: usize,
    pub(super) spans: [Option<Window>; 4],
}

/// The latest period, and the one before it.
pub(super) const LATEST: usize = 0;
pub(super) const BEFORE: usize = 1;
/// The twelve months up to `as_of`, and the twelve before them.
pub(super) const YEAR: usize = 2;
pub(super) const YEAR_BEFORE: usize = 3;

/// How a customer lived and what it paid in all.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Life {
    /// Starts of complete periods at which it was active.
    pub(super) n_at_risk: u64,
    /// Of these, those whose period it did not survive.
    pub(super) n_lost: u64,
    /// Customers who pay at the last close, and what; accounts that are left, with an amount; for
    /// purchases all who ever bought, and what they ever paid.
    pub(super) n_paying: u64,
    pub(super) paid_minor: i128,
    /// Purchases up to `as_of`, those in complete periods, and complete periods with any.
    pub(super) n_purchases: u64,
    pub(super) n_purchases_in_complete: u64,
    pub(super) n_active_in_complete: u64,
    /// The tenure of an account.
    pub(super) tenure: f64,
}

impl Life {
    pub(super) fn add(&mut self, other: &Self) {
        self.n_at_risk += other.n_at_risk;
        self.n_lost += other.n_lost;
        self.n_paying += other.n_paying;
        self.paid_minor += other.paid_minor;
        self.n_purchases += other.n_purchases;
        self.n_purchases_in_complete += other.n_purchases_in_complete;
        self.n_active_in_complete += other.n_active_in_complete;
        self.tenure += other.tenure;
    }
}

/// What is done with each customer.
pub(super) trait Visit {
    /// It moved in a span, counted in a segment.
    fn moved<T: Exact>(&mut self, span: usize, segment: u32, movement: Movement<T>);

    /// It lived; parts of a life may be in several segments.
    fn lived(&mut self, segment: u32, life: &Life);
}

/// Puts changes of one customer in the order of their days; compiled once, and not with every visitor.
#[inline(never)]
fn put_in_order(changes: &mut [Change]) {
    if !changes.is_sorted_by_key(|change| change.day) {
        changes.sort_by_key(|change| change.day);
    }
}

/// Shows each customer with recurring revenue.
#[inline(never)]
pub(super) fn visit_recurring(
    recurring: &Recurring,
    segmentation: &Segmentation,
    windows: &Windows,
    visitor: &mut impl Visit,
) {
    let mut changes: Vec<Change> = Vec::new();
    let (mut narrow, mut wide) = (Course::<i64>::default(), Course::<i128>::default());
    recurring.for_each_customer(|spells| {
        changes.clear();
        for spell in spells {
            push_changes(spell, segmentation.of(spell.segment), windows.as_of, &mut changes);
        }
        put_in_order(&mut changes);
        if sums_are_narrow(changes.iter().map(|change| change.amount)) {
            narrow.show(&changes, windows, visitor);
        } else {
            wide.show(&changes, windows, visitor);
        }
    });
}

#[derive(Clone, Copy)]
struct Change {
    day: Day,
    amount: i64,
    segment: u32,
}

fn push_changes(spell: &Spell, segment: u32, as_of: Day, changes: &mut Vec<Change>) {
    let end = spell.end.unwrap_or(Day(i32::MAX));
    if end <= spell.start || as_of < spell.start {
        return;
    }
    changes.push(Change { day: spell.start, amount: spell.monthly, segment });
    if end <= as_of {
        changes.push(Change { day: end, amount: -spell.monthly, segment });
    }
}

/// From the close of a day on, a customer pays so much, most of it in a segment; where it pays
/// nothing, the segment is the one it had.
#[derive(Clone, Copy, Debug)]
struct Step<T> {
    day: Day,
    level: T,
    segment: u32,
}

/// The steps of one customer after the other, in the same place.
#[derive(Default)]
struct Course<T> {
    steps: Vec<Step<T>>,
    /// What is paid now in each segment.
    paid: Vec<(u32, T)>,
}

impl<T: Exact> Course<T> {
    fn show(&mut self, changes: &[Change], windows: &Windows, visitor: &mut impl Visit) {
        self.take(changes);
        if self.steps.iter().all(|step| step.level == T::default()) {
            return;
        }
        for (span, window) in windows.spans.iter().enumerate() {
            if let Some(window) = window {
                self.show_span(span, window, visitor);
            }
        }
        self.show_life(windows, visitor);
    }

    /// Makes the steps of changes that are in order.
    fn take(&mut self, changes: &[Change]) {
        self.steps.clear();
        let Some(first) = changes.first() else { return };
        let is_mixed = changes.iter().any(|change| change.segment != first.segment);
        let mut level = T::default();
        let mut segment = first.segment;
        self.paid.clear();
        for of_day in changes.chunk_by(|a, b| a.day == b.day) {
            let before = (level, segment);
            for change in of_day {
                level += T::from(change.amount);
                if is_mixed {
                    self.pay(change.segment, T::from(change.amount));
                }
            }
            if is_mixed && T::default() < level {
                segment = self.paying_most().unwrap_or(segment);
            }
            if (level, segment) != before || self.steps.is_empty() {
                self.steps.push(Step { day: of_day[0].day, level, segment });
            }
        }
    }

    fn pay(&mut self, segment: u32, amount: T) {
        match self.paid.iter_mut().find(|(known, _)| *known == segment) {
            Some((_, sum)) => *sum += amount,
            None => self.paid.push((segment, amount)),
        }
    }

    /// The segment that pays most; of several, the first in their order.
    fn paying_most(&self) -> Option<u32> {
        let paying = self.paid.iter().filter(|(_, sum)| T::default() < *sum);
        paying.max_by_key(|&&(segment, sum)| (sum, std::cmp::Reverse(segment))).map(|paid| paid.0)
    }

    /// The last step up to the close of a day.
    fn at(&self, day: Day) -> Option<&Step<T>> {
        self.steps.iter().rev().find(|step| step.day <= day)
    }

    fn show_span(&self, span: usize, window: &Window, visitor: &mut impl Visit) {
        if let Some((step, movement)) = self.standing(window) {
            visitor.moved(span, step.segment, movement);
        }
    }

    /// How the customer moved between two closes, and the step whose segment it is counted in.
    fn standing(&self, window: &Window) -> Option<(&Step<T>, Movement<T>)> {
        let level = |step: Option<&Step<T>>| step.map_or(T::default(), |step| step.level);
        let (then, now) = (self.at(window.from), self.at(window.to));
        let (paid_then, paid_now) = (level(then), level(now));
        let between = || {
            self.steps.iter().rev().find(|step| {
                window.from < step.day && step.day <= window.to && T::default() < step.level
            })
        };
        let (step, was_active_between) = if T::default() < paid_then {
            (then, false)
        } else if T::default() < paid_now {
            (now, true)
        } else {
            let step = between();
            (step, step.is_some())
        };
        let step = step?;
        let movement = Movement {
            then: Standing::at_level(paid_then),
            now: Standing::at_level(paid_now),
            was_active_before: self.steps.first().is_some_and(|first| first.day <= window.from),
            was_active_between,
        };
        Some((step, movement))
    }

    /// At which starts of complete periods it was active, and which of these it did not survive.
    fn show_life(&self, windows: &Windows, visitor: &mut impl Visit) {
        let last_index = windows.n_complete;
        let mut each = self.steps.iter().peekable();
        let mut then: Option<Step<T>> = None;
        // The period whose start is the next one that `then` has to be counted at.
        let mut next_start = 0;
        while let Some(&step) = each.next() {
            let index = windows.periods.index_of(step.day);
            let mut now = step;
            while let Some(&later) = each.next_if(|s| windows.periods.index_of(s.day) == index) {
                now = later;
            }
            if let Some(then) = then
                && T::default() < then.level
            {
                let until = (index + 1).min(last_index);
                let life = Life {
                    n_at_risk: until.saturating_sub(next_start) as u64,
                    n_lost: u64::from(now.level == T::default() && index < last_index),
                    ..Life::default()
                };
                visitor.lived(then.segment, &life);
            }
            next_start = index + 1;
            then = Some(now);
        }
        if let Some(then) = then
            && T::default() < then.level
        {
            let life = Life {
                n_at_risk: last_index.saturating_sub(next_start) as u64,
                n_paying: 1,
                paid_minor: then.level.into(),
                ..Life::default()
            };
            visitor.lived(then.segment, &life);
        }
    }
}

/// Shows each customer who ever paid: the segment that it began in, its first day, and the day it was
/// gone for good.
pub(super) fn visit_lifetimes(
    recurring: &Recurring,
    segmentation: &Segmentation,
    as_of: Day,
    mut visit: impl FnMut(u32, Day, Option<Day>),
) {
    let mut changes: Vec<Change> = Vec::new();
    let mut course = Course::<i128>::default();
    for spells in recurring.spells.chunk_by(|a, b| a.customer == b.customer) {
        changes.clear();
        for spell in spells {
            push_changes(spell, segmentation.of(spell.segment), as_of, &mut changes);
        }
        put_in_order(&mut changes);
        course.take(&changes);
        let first = course.steps.iter().find(|step| 0 < step.level);
        if let (Some(first), Some(last)) = (first, course.steps.last()) {
            visit(first.segment, first.day, (last.level == 0).then_some(last.day));
        }
    }
}

impl Segmentation {
    /// The segment that a customer is counted in between two closes; none where it is in neither of
    /// them nor in between.
    pub(in crate::analysis) fn of_spells(
        &self,
        spells: &[Spell],
        as_of: Day,
        (from, to): (Day, Day),
    ) -> Option<u32> {
        let mut changes = Vec::new();
        for spell in spells {
            push_changes(spell, self.of(spell.segment), as_of, &mut changes);
        }
        put_in_order(&mut changes);
        let mut course = Course::<i128>::default();
        course.take(&changes);
        course.standing(&Window { before: from, from, to }).map(|(step, ..)| step.segment)
    }
}

/// Shows each customer who bought.
#[inline(never)]
pub(super) fn visit_purchases(
    purchases: &Purchases,
    segmentation: &Segmentation,
    windows: &Windows,
    visitor: &mut impl Visit,
) {
    for_each_customer(purchases, |all| {
        let orders = all.up_to(windows.as_of);
        let Some(first) = orders.purchases.first().or(orders.refunds.first()) else { return };
        let segment = segmentation.of(first.segment);
        if orders.is_narrow() {
            show_orders::<i64>(orders, segment, windows, visitor);
        } else {
            show_orders::<i128>(orders, segment, windows, visitor);
        }
    });
}

fn show_orders<T: Exact>(
    orders: Orders<'_>,
    segment: u32,
    windows: &Windows,
    visitor: &mut impl Visit,
) {
    let first_day = orders.first_positive_day();
    for (span, window) in windows.spans.iter().enumerate() {
        let Some(window) = window else { continue };
        let (mut then, mut now) = (Standing::<T>::default(), Standing::default());
        let mut is_in_it = false;
        for order in orders.after(window.before).filter(|order| order.day <= window.to) {
            is_in_it = true;
            if order.day <= window.from { &mut then } else { &mut now }.add(order);
        }
        if is_in_it {
            let was_active_before = first_day.is_some_and(|first| first <= window.from);
            let movement = Movement { then, now, was_active_before, was_active_between: false };
            visitor.moved(span, segment, movement);
        }
    }
    let last_complete = windows.periods.last_complete_day();
    let n_in_complete = last_complete.map_or(0, |day| orders.up_to(day).purchases.len());
    let mut life = Life {
        n_paying: u64::from(!orders.purchases.is_empty()),
        paid_minor: orders.all().map(|order| i128::from(order.amount)).sum(),
        n_purchases: orders.purchases.len() as u64,
        n_purchases_in_complete: n_in_complete as u64,
        ..Life::default()
    };
    let mut active = orders
        .purchases
        .iter()
        .filter(|purchase| 0 < purchase.amount)
        .map(|purchase| windows.periods.index_of(purchase.day))
        .peekable();
    while let Some(index) = active.next() {
        while active.next_if_eq(&index).is_some() {}
        life.n_active_in_complete += u64::from(index < windows.n_complete);
        if index + 1 < windows.n_complete {
            life.n_at_risk += 1;
            life.n_lost += u64::from(active.peek() != Some(&(index + 1)));
        }
    }
    visitor.lived(segment, &life);
}

/// Shows each account, as one span from all to those who are left.
pub(super) fn visit_accounts(
    accounts: &[Account],
    segmentation: &Segmentation,
    visitor: &mut impl Visit,
) {
    for account in accounts {
        let segment = segmentation.of(account.segment);
        let then = account.amount.unwrap_or(0);
        let is_active = !account.churned;
        let now = if is_active { then } else { 0 };
        let movement = Movement {
            then: Standing { is_active: true, revenue_minor: then },
            now: Standing { is_active, revenue_minor: now },
            was_active_before: true,
            was_active_between: false,
        };
        visitor.moved(LATEST, segment, movement);
        let life = Life {
            n_lost: u64::from(account.churned),
            n_paying: u64::from(is_active && account.amount.is_some()),
            paid_minor: now.into(),
            tenure: account.tenure,
            ..Life::default()
        };
        visitor.lived(segment, &life);
    }
}
