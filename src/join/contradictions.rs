//! What several files say of one customer that cannot all be true, and what would have to change in
//! the history for another file to be believed.
//!
//! It changes nothing itself, and it believes nobody.

use super::options::Rule;
use crate::calendar::{Day, Granularity, Period};
use crate::ledger::build::Built;
use crate::ledger::{
    Beside, ChurnEvent, CustomerIndex, Histories, Ledger, Purchase, Purchases, Recurring, Spell,
};
use crate::number::Minor;

/// Two dates of one leaving may lie so many days apart: a billing month.
pub(super) const DAYS_APART: i32 = 31;

/// Declares the kinds of contradictions with their published codes and who can be believed.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, [$($rule:ident),*];)*) => {
        /// One kind of contradiction.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant,)*];

            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Who can be believed.
            pub(super) fn choices(self) -> &'static [Rule] {
                match self { $(Self::$variant => &[Rule::Subscriptions, $(Rule::$rule),*],)* }
            }
        }
    };
}

codes! {
    /// The flag says that the customer has left, but a subscription is open.
    ChurnedFlagButOpen = "churned-flag-but-open", [Flag];
    /// The flag says that the customer is there, but all subscriptions have ended.
    ActiveFlagButEnded = "active-flag-but-ended", [Flag];
    /// An event says that the customer left, but a subscription from before it is open.
    OpenAfterEvent = "open-after-event", [Events];
    /// An event says that the customer left, but the subscription ended much later.
    EndsAfterEvent = "ends-after-event", [Events];
    /// All subscriptions have ended, and no event says so.
    EndedWithoutEvent = "ended-without-event", [Events];
    /// An event says that the customer left, but the subscription ended long before.
    EventAfterEnd = "event-after-end", [Events];
    /// An event lies before the first subscription or purchase.
    EventBeforeStart = "event-before-start", [];
    /// A customer bought after the event that says it left.
    PaidAfterEvent = "paid-after-event", [];
    /// The flag says that the customer is there, an event that it left, and it bought nothing since.
    ActiveFlagAfterEvent = "active-flag-after-event", [];
    /// The flag says that the customer has left, but there is no event.
    ChurnedFlagWithoutEvent = "churned-flag-without-event", [];
    /// The signup lies after the first subscription or purchase.
    SignupAfterStart = "signup-after-start", [];
    /// The flag says that the customer is there, but it never had a subscription or purchase.
    ActiveFlagWithoutHistory = "active-flag-without-history", [];
    /// An event of a customer that never had a subscription or purchase.
    EventWithoutHistory = "event-without-history", [];
    /// An event after the day that everything is counted up to.
    EventAfterAsOf = "event-after-as-of", [];
}

/// A row of a group of files, and the date that it says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    pub(super) group: usize,
    pub(super) row: u32,
    pub(super) day: Option<Day>,
}

/// Who it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    OfHistory(CustomerIndex),
    /// A customer of another group of files, whom the history does not have.
    OfGroup(usize, CustomerIndex),
}

/// One customer of whom files say different things.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) code: Code,
    pub(super) who: Who,
    /// What the history says.
    pub(super) one: Option<Source>,
    /// What the other file says.
    pub(super) other: Option<Source>,
    pub(super) revenue_minor: Option<Minor>,
    /// The ends that the spells at these places would have if the history were not believed.
    pub(super) ends: Vec<(usize, Option<Day>)>,
}

/// An event of a customer of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct JoinedEvent {
    pub(super) customer: CustomerIndex,
    pub(super) day: Day,
    pub(super) is_return: bool,
    pub(super) group: usize,
    pub(super) row: u32,
    /// The place of its reason among all reasons.
    pub(super) reason: Option<u32>,
}

/// What one file of customers says of a customer of the history.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    pub(super) group: usize,
    pub(super) row: u32,
    pub(super) signup: Option<Day>,
    pub(super) has_left: Option<bool>,
}

/// All files, joined.
pub(super) struct Joined<'a> {
    pub(super) ledger: &'a Ledger,
    /// The group of the history.
    pub(super) history: usize,
    /// The rows of the spells, where they have one each.
    pub(super) spell_rows: &'a [u32],
    pub(super) as_of: Day,
    /// By customer and day.
    pub(super) events: &'a [JoinedEvent],
    pub(super) has_events: bool,
    /// The first day that the files of events speak of.
    pub(super) first_event: Option<Day>,
    /// By customer.
    pub(super) said: &'a [(CustomerIndex, Said)],
}

/// A stretch without a gap.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stay {
    pub(super) start: Day,
    pub(super) end: Option<Day>,
}

/// The stretches without a gap of one customer's spells, which are in the order of their starts.
pub(super) fn stays(spells: &[Spell]) -> Vec<Stay> {
    let mut stays: Vec<Stay> = Vec::new();
    for spell in spells {
        match stays.last_mut() {
            Some(last) if last.end.is_none_or(|end| spell.start <= end) => {
                last.end = last.end.zip(spell.end).map(|(a, b)| a.max(b));
            }
            _ => stays.push(Stay { start: spell.start, end: spell.end }),
        }
    }
    stays
}

/// The day from whose close on a customer who leaves on a day no longer counts: monthly snapshots
/// have the month whole.
pub(super) fn end_by(day: Day, is_monthly: bool) -> Day {
    if is_monthly { Period::containing(day, Granularity::Month).next().first_day() } else { day }
}

impl Joined<'_> {
    /// All contradictions between the history and the other files, in the order of the customers.
    pub(super) fn cases(&self) -> Vec<Case> {
        let mut cases = Vec::new();
        match &self.ledger.histories {
            Histories::Recurring(recurring) => self.of_recurring(recurring, &mut cases),
            Histories::Purchases(purchases) => self.of_purchases(purchases, &mut cases),
            Histories::Totals(_) | Histories::Accounts(_) => {}
        }
        cases
    }

    fn events_of(&self, customer: CustomerIndex) -> &[JoinedEvent] {
        let from = self.events.partition_point(|event| event.customer < customer);
        let n = self.events[from..].partition_point(|event| event.customer == customer);
        &self.events[from..from + n]
    }

    fn said_of(&self, customer: CustomerIndex) -> impl Iterator<Item = Said> {
        let from = self.said.partition_point(|&(known, _)| known < customer);
        let rest = self.said[from..].iter();
        rest.take_while(move |&&(known, _)| known == customer).map(|&(_, said)| said)
    }

    fn money(&self, minor: Minor) -> Option<Minor> {
        self.ledger.has_amounts.then_some(minor)
    }

    fn of_recurring(&self, recurring: &Recurring, cases: &mut Vec<Case>) {
        let mut from = 0;
        for spells in recurring.spells.chunk_by(|a, b| a.customer == b.customer) {
            let Some(first) = spells.first() else { continue };
            let one = OneCustomer {
                joined: self,
                customer: first.customer,
                from,
                spells,
                events: self.events_of(first.customer),
                is_monthly: recurring.is_monthly,
            };
            one.compare_events(cases);
            for said in self.said_of(first.customer) {
                one.compare_said(said, cases);
            }
            from += spells.len();
        }
    }

    fn of_purchases(&self, purchases: &Purchases, cases: &mut Vec<Case>) {
        purchases.for_each_customer(|bought, returned| {
            let Some(customer) = bought.first().or(returned.first()).map(|one| one.customer) else {
                return;
            };
            self.compare_purchases(customer, bought, cases);
        });
    }

    fn compare_purchases(
        &self,
        customer: CustomerIndex,
        bought: &[Purchase],
        cases: &mut Vec<Case>,
    ) {
        let row = self.ledger.customers.first_row(customer);
        let history = |day: Option<Day>| Some(Source { group: self.history, row, day });
        let mut add = |code: Code, one, other: Option<Source>, revenue_minor| {
            let who = Who::OfHistory(customer);
            cases.push(Case { code, who, one, other, revenue_minor, ends: Vec::new() });
        };
        let first = bought.iter().map(|purchase| purchase.day).min();
        let events = self.events_of(customer);
        if let Some(event) = events.iter().find(|event| self.as_of < event.day) {
            add(Code::EventAfterAsOf, None, Some(stated(event)), None);
        }
        let leaves = leaves(events, self.as_of);
        if let Some(first) = first
            && let Some(leave) = leaves.iter().find(|leave| leave.day < first)
        {
            add(Code::EventBeforeStart, history(Some(first)), Some(stated(leave)), None);
        }
        let last = leaves.last().filter(|leave| !has_return(events, leave.day, self.as_of.next()));
        let mut has_bought_since = false;
        if let Some(leave) = last {
            let since = || bought.iter().filter(|one| leave.day < one.day && one.day <= self.as_of);
            has_bought_since = since().next().is_some();
            if has_bought_since {
                let sum = since().map(|one| Minor::from(one.amount)).sum();
                let day = since().map(|one| one.day).min();
                add(Code::PaidAfterEvent, history(day), Some(stated(leave)), self.money(sum));
            }
        }
        for said in self.said_of(customer) {
            let flag = Some(Source { group: said.group, row: said.row, day: None });
            if said.has_left == Some(true) && self.has_events && leaves.is_empty() {
                add(Code::ChurnedFlagWithoutEvent, None, flag, None);
            }
            if said.has_left == Some(false)
                && !has_bought_since
                && let Some(leave) = last
            {
                add(Code::ActiveFlagAfterEvent, Some(stated(leave)), flag, None);
            }
            if let (Some(first), Some(signup)) = (first, said.signup)
                && first < signup
            {
                let other = Source { group: said.group, row: said.row, day: Some(signup) };
                add(Code::SignupAfterStart, history(Some(first)), Some(other), None);
            }
        }
    }
}

/// The events up to a day that say that the customer left.
fn leaves(events: &[JoinedEvent], as_of: Day) -> Vec<JoinedEvent> {
    events.iter().filter(|event| !event.is_return && event.day <= as_of).copied().collect()
}

/// Whether an event says that the customer came back, on a day or later, before another one.
fn has_return(events: &[JoinedEvent], from: Day, until: Day) -> bool {
    events.iter().any(|event| event.is_return && from <= event.day && event.day < until)
}

fn stated(event: &JoinedEvent) -> Source {
    Source { group: event.group, row: event.row, day: Some(event.day) }
}

/// One customer with all that files say of it.
struct OneCustomer<'a> {
    joined: &'a Joined<'a>,
    customer: CustomerIndex,
    /// The place of its first spell.
    from: usize,
    spells: &'a [Spell],
    events: &'a [JoinedEvent],
    is_monthly: bool,
}

impl OneCustomer<'_> {
    fn as_of(&self) -> Day {
        self.joined.as_of
    }

    fn is_open(&self, spell: &Spell) -> bool {
        spell.start <= self.as_of() && spell.end.is_none_or(|end| self.as_of() < end)
    }

    /// What a spell says, of a day.
    fn source(&self, place: usize, day: Option<Day>) -> Source {
        let rows = self.joined.spell_rows;
        let row = rows.get(self.from + place).copied();
        let row = row.unwrap_or_else(|| self.joined.ledger.customers.first_row(self.customer));
        Source { group: self.joined.history, row, day }
    }

    /// A case about some of its spells, with the ends that these would have.
    fn add(
        &self,
        cases: &mut Vec<Case>,
        code: Code,
        ends: &[(usize, Option<Day>)],
        other: Option<Source>,
        day_of: impl Fn(&Spell) -> Option<Day>,
    ) {
        let Some(&(first, _)) = ends.first() else { return };
        let sum = ends.iter().map(|&(place, _)| Minor::from(self.spells[place].monthly)).sum();
        cases.push(Case {
            code,
            who: Who::OfHistory(self.customer),
            one: Some(self.source(first, day_of(&self.spells[first]))),
            other,
            revenue_minor: self.joined.money(sum),
            ends: ends.iter().map(|&(place, end)| (self.from + place, end)).collect(),
        });
    }

    /// A case that says nothing of revenue and that nobody can decide.
    fn tell(&self, cases: &mut Vec<Case>, code: Code, one: Option<Source>, other: Option<Source>) {
        let who = Who::OfHistory(self.customer);
        cases.push(Case { code, who, one, other, revenue_minor: None, ends: Vec::new() });
    }

    fn places(&self, is_meant: impl Fn(&Spell) -> bool) -> Vec<usize> {
        let places = self.spells.iter().enumerate().filter(|(_, spell)| is_meant(spell));
        places.map(|(place, _)| place).collect()
    }

    fn first_start(&self) -> Day {
        self.spells[0].start
    }

    /// The last stretch that has begun and ended, where the customer is gone.
    fn last_stay(&self) -> Option<(Stay, Day)> {
        if self.spells.iter().any(|spell| self.is_open(spell)) {
            return None;
        }
        let n_begun = self.spells.partition_point(|spell| spell.start <= self.as_of());
        let stay = *stays(&self.spells[..n_begun]).last()?;
        Some((stay, stay.end?))
    }

    fn compare_events(&self, cases: &mut Vec<Case>) {
        let as_of = self.as_of();
        if let Some(event) = self.events.iter().find(|event| as_of < event.day) {
            self.tell(cases, Code::EventAfterAsOf, None, Some(stated(event)));
        }
        let leaves = leaves(self.events, as_of);
        if let Some(leave) = leaves.iter().find(|leave| leave.day < self.first_start()) {
            let one = Some(self.source(0, Some(self.first_start())));
            self.tell(cases, Code::EventBeforeStart, one, Some(stated(leave)));
        }
        self.open_after(&leaves, cases);
        self.ends_after(&leaves, cases);
        self.event_after_end(&leaves, cases);
        if self.joined.has_events
            && let Some((stay, end)) = self.last_stay()
            && self.joined.first_event.is_none_or(|first| first <= end)
            && !leaves.iter().any(|leave| stay.start <= leave.day)
        {
            let ended = self.places(|spell| spell.end == Some(end));
            let ends: Vec<_> = ended.into_iter().map(|place| (place, None)).collect();
            self.add(cases, Code::EndedWithoutEvent, &ends, None, |spell| spell.end);
        }
    }

    /// The last event says that the customer left, and what began before goes on.
    fn open_after(&self, leaves: &[JoinedEvent], cases: &mut Vec<Case>) {
        let Some(leave) = leaves.last() else { return };
        let end = end_by(leave.day, self.is_monthly);
        if self.as_of() < end || has_return(self.events, leave.day, self.as_of().next()) {
            return;
        }
        let open = self.places(|spell| spell.start < end && self.is_open(spell));
        let ends: Vec<_> = open.into_iter().map(|place| (place, Some(end))).collect();
        self.add(cases, Code::OpenAfterEvent, &ends, Some(stated(leave)), |_| None);
    }

    /// An event during a subscription, which ended much later.
    fn ends_after(&self, leaves: &[JoinedEvent], cases: &mut Vec<Case>) {
        let mut first_event = None;
        let mut ends = Vec::new();
        for (place, spell) in self.spells.iter().enumerate() {
            let Some(end) = spell.end.filter(|&end| end <= self.as_of()) else { continue };
            let during = leaves.iter().rev().find(|leave| {
                let by = end_by(leave.day, self.is_monthly);
                spell.start < by && by < end
            });
            let Some(leave) = during else { continue };
            let by = end_by(leave.day, self.is_monthly);
            if DAYS_APART < end.0 - by.0 && !has_return(self.events, leave.day, end) {
                first_event.get_or_insert(*leave);
                ends.push((place, Some(by)));
            }
        }
        let other = first_event.as_ref().map(stated);
        self.add(cases, Code::EndsAfterEvent, &ends, other, |spell| spell.end);
    }

    /// An event long after the end of what it can be about.
    fn event_after_end(&self, leaves: &[JoinedEvent], cases: &mut Vec<Case>) {
        let mut first_event = None;
        let mut ends: Vec<(usize, Option<Day>)> = Vec::new();
        for leave in leaves {
            let runs = |spell: &Spell| {
                spell.start <= leave.day && spell.end.is_none_or(|end| leave.day <= end)
            };
            if self.spells.iter().any(runs) {
                continue;
            }
            let before = self.spells.iter().filter_map(|spell| spell.end);
            let Some(end) = before.filter(|&end| end < leave.day).max() else { continue };
            if DAYS_APART < leave.day.0 - end.0 {
                first_event.get_or_insert(*leave);
                for place in self.places(|spell| spell.end == Some(end)) {
                    // Of several events after one end, the last counts.
                    ends.retain(|&(known, _)| known != place);
                    ends.push((place, Some(end_by(leave.day, self.is_monthly))));
                }
            }
        }
        let other = first_event.as_ref().map(stated);
        self.add(cases, Code::EventAfterEnd, &ends, other, |spell| spell.end);
    }

    fn compare_said(&self, said: Said, cases: &mut Vec<Case>) {
        let flag = Some(Source { group: said.group, row: said.row, day: None });
        let open = self.places(|spell| self.is_open(spell));
        match said.has_left {
            Some(true) if !open.is_empty() => {
                let as_of = self.as_of();
                let end = if self.is_monthly {
                    Period::containing(as_of, Granularity::Month).first_day()
                } else {
                    as_of
                };
                let ends: Vec<_> = open.into_iter().map(|place| (place, Some(end))).collect();
                self.add(cases, Code::ChurnedFlagButOpen, &ends, flag, |_| None);
            }
            Some(false) if open.is_empty() => {
                if let Some((_, end)) = self.last_stay() {
                    let ended = self.places(|spell| spell.end == Some(end));
                    let ends: Vec<_> = ended.into_iter().map(|place| (place, None)).collect();
                    self.add(cases, Code::ActiveFlagButEnded, &ends, flag, |spell| spell.end);
                }
            }
            _ => {}
        }
        if said.has_left == Some(true)
            && self.joined.has_events
            && leaves(self.events, self.as_of()).is_empty()
        {
            self.tell(cases, Code::ChurnedFlagWithoutEvent, None, flag);
        }
        let first = self.first_start();
        let known_from = if self.is_monthly { end_by(first, true).previous() } else { first };
        if let Some(signup) = said.signup
            && known_from < signup
        {
            let other = Source { group: said.group, row: said.row, day: Some(signup) };
            let one = Some(self.source(0, Some(first)));
            self.tell(cases, Code::SignupAfterStart, one, Some(other));
        }
    }
}

/// What a file says of customers that the history does not have.
pub(super) fn without_history(
    group: usize,
    built: &Built,
    to_history: &[Option<CustomerIndex>],
) -> Vec<Case> {
    let case = |code: Code, customer: CustomerIndex, row: u32, day: Option<Day>| Case {
        code,
        who: Who::OfGroup(group, customer),
        one: None,
        other: Some(Source { group, row, day }),
        revenue_minor: None,
        ends: Vec::new(),
    };
    let is_unknown =
        |customer: CustomerIndex| to_history.get(customer as usize).is_some_and(Option::is_none);
    match &built.beside {
        Beside::Nothing => Vec::new(),
        Beside::Attributes(attributes) => (0..)
            .zip(&attributes.churned)
            .filter(|&(customer, &has_left)| has_left == Some(false) && is_unknown(customer))
            .map(|(customer, _)| {
                let row = built.ledger.customers.first_row(customer);
                case(Code::ActiveFlagWithoutHistory, customer, row, None)
            })
            .collect(),
        Beside::Events(events) => events
            .chunk_by(|a, b| a.customer == b.customer)
            .filter_map(<[ChurnEvent]>::first)
            .filter(|event| is_unknown(event.customer))
            .map(|event| {
                case(Code::EventWithoutHistory, event.customer, event.row, Some(event.day))
            })
            .collect(),
    }
}

/// The events of customers of the history, by customer and day.
pub(super) fn joined_events(
    events: &[ChurnEvent],
    to_history: &[Option<CustomerIndex>],
    group: usize,
    is_return: bool,
    reason: impl Fn(Option<u32>) -> Option<u32>,
) -> Vec<JoinedEvent> {
    let joined = events.iter().filter_map(|event| {
        let customer = to_history.get(event.customer as usize).copied().flatten()?;
        Some(JoinedEvent {
            customer,
            day: event.day,
            is_return: is_return && event.is_reactivation,
            group,
            row: event.row,
            reason: reason(event.reason),
        })
    });
    joined.collect()
}
