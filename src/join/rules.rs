//! The history as the chosen rules have it, with the reasons that events give.
//!
//! It decides nothing: which contradictions there are and who is believed is known by then.

use super::contradictions::{Case, Code, DAYS_APART, JoinedEvent, stays};
use super::options::{Choices, Rule};
use crate::calendar::Day;
use crate::ledger::{LabelIndex, Spell};

/// The spells with the ends of those who are believed.
pub(super) fn believed(base: &[Spell], cases: &[Case], choices: &Choices) -> Vec<Spell> {
    let mut spells = base.to_vec();
    // A flag has no date, so what an event says comes first.
    for rule in [Rule::Events, Rule::Flag] {
        for case in cases.iter().filter(|case| choices.rule(case.code) == rule) {
            for &(place, end) in &case.ends {
                let Some(spell) = spells.get_mut(place) else { continue };
                spell.end = match (end, spell.end) {
                    (Some(day), Some(known)) if case.code == Code::EventAfterEnd => {
                        Some(day.max(known))
                    }
                    (Some(day), known) => Some(known.map_or(day, |known| known.min(day))),
                    (None, _) => None,
                };
            }
        }
    }
    spells
}

/// Gives the spells that end a stay the reason of the last event during it, where they have none.
pub(super) fn give_reasons(
    spells: &mut [Spell],
    events: &[JoinedEvent],
    as_of: Day,
    reason: impl Fn(u32) -> Option<LabelIndex>,
) {
    for own in spells.chunk_by_mut(|a, b| a.customer == b.customer) {
        let Some(customer) = own.first().map(|spell| spell.customer) else { continue };
        let from = events.partition_point(|event| event.customer < customer);
        let n = events[from..].partition_point(|event| event.customer == customer);
        let events = &events[from..from + n];
        if events.is_empty() {
            continue;
        }
        let all = stays(own);
        for (place, stay) in all.iter().enumerate() {
            // What is said once a customer is back is about the next time that it leaves.
            let next = all.get(place + 1).map_or(Day(i32::MAX), |next| next.start);
            let Some(end) = stay.end.filter(|&end| end <= as_of) else { continue };
            let last = events.iter().rev().find(|event| {
                !event.is_return
                    && event.reason.is_some()
                    && stay.start <= event.day
                    && event.day.0 <= end.0 + DAYS_APART
                    && event.day < next
            });
            let label = last.and_then(|event| event.reason).and_then(&reason);
            for spell in own.iter_mut().filter(|spell| spell.end == Some(end)) {
                spell.reason = spell.reason.or(label);
            }
        }
    }
}
