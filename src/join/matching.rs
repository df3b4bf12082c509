//! The customers of a file beside the history, found among those of the history.
//!
//! Ids match byte for byte. What nearly matches is told, and joined only where that was chosen.

use std::collections::{BTreeMap, BTreeSet};

use crate::arrange;
use crate::ledger::{CustomerIndex, Customers};

/// What has to be set aside for two ids to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Alike {
    Case,
    LeadingZeros,
    CaseAndZeros,
}

impl Alike {
    pub(super) const ALL: [Self; 3] = [Self::Case, Self::LeadingZeros, Self::CaseAndZeros];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::LeadingZeros => "leading-zeros",
            Self::CaseAndZeros => "case-and-zeros",
        }
    }

    fn fold(self, id: &str) -> String {
        let without_zeros = |text: &str| {
            let rest = text.trim_start_matches('0');
            if rest.is_empty() && !text.is_empty() { "0".to_owned() } else { rest.to_owned() }
        };
        match self {
            Self::Case => id.to_lowercase(),
            Self::LeadingZeros => without_zeros(id),
            Self::CaseAndZeros => without_zeros(&id.to_lowercase()),
        }
    }
}

/// How the customers of a file are those of the history.
#[derive(Debug)]
pub(super) struct Matching {
    /// By customer of the file, its place in the history.
    pub(super) to_history: Vec<Option<CustomerIndex>>,
    /// By customer of the history, whether the file has it.
    pub(super) is_found: Vec<bool>,
    /// Pairs that nearly match: customer of the file, customer of the history, how.
    pub(super) alike: Vec<(CustomerIndex, CustomerIndex, Alike)>,
    pub(super) n_matched: u64,
    /// How many of these do not match byte for byte.
    pub(super) n_joined_alike: u64,
}

impl Matching {
    pub(super) fn of(side: &Customers, history: &Customers, joins_alike: bool) -> Self {
        let (n_side, n_history) = (side.len(), history.len());
        let mut to_history = vec![None; n_side];
        let mut is_found = vec![false; n_history];
        // Both are in the order of their ids.
        let (mut a, mut b) = (0, 0);
        while a < n_side && b < n_history {
            match side.id(index(a)).as_bytes().cmp(history.id(index(b)).as_bytes()) {
                std::cmp::Ordering::Less => a += 1,
                std::cmp::Ordering::Greater => b += 1,
                std::cmp::Ordering::Equal => {
                    to_history[a] = Some(index(b));
                    is_found[b] = true;
                    a += 1;
                    b += 1;
                }
            }
        }
        let mut n_matched = is_found.iter().filter(|&&is_found| is_found).count() as u64;
        let alike = pairs(side, history, &to_history, &is_found);
        if joins_alike {
            for &(of_side, of_history, _) in &alike {
                to_history[of_side as usize] = Some(of_history);
                is_found[of_history as usize] = true;
            }
            n_matched += alike.len() as u64;
        }
        let n_joined_alike = if joins_alike { alike.len() as u64 } else { 0 };
        Self { to_history, is_found, alike, n_matched, n_joined_alike }
    }
}

fn index(place: usize) -> CustomerIndex {
    CustomerIndex::try_from(place).unwrap_or(CustomerIndex::MAX)
}

/// Ids that have no partner and would be the same without case or zeros, where that leaves exactly
/// one on each side.
fn pairs(
    side: &Customers,
    history: &Customers,
    to_history: &[Option<CustomerIndex>],
    is_found: &[bool],
) -> Vec<(CustomerIndex, CustomerIndex, Alike)> {
    let mut pairs = Vec::new();
    let mut open_side: Vec<CustomerIndex> =
        (0..).zip(to_history).filter(|(_, to)| to.is_none()).map(|(place, _)| place).collect();
    let mut open_history: Vec<CustomerIndex> =
        (0..).zip(is_found).filter(|&(_, &is_found)| !is_found).map(|(place, _)| place).collect();
    for how in Alike::ALL {
        let mut folds: BTreeMap<String, (Vec<CustomerIndex>, Vec<CustomerIndex>)> = BTreeMap::new();
        for &place in &open_history {
            folds.entry(how.fold(history.id(place))).or_default().1.push(place);
        }
        for &place in &open_side {
            if let Some(fold) = folds.get_mut(&how.fold(side.id(place))) {
                fold.0.push(place);
            }
        }
        let found: Vec<(CustomerIndex, CustomerIndex)> = folds
            .into_values()
            .filter_map(|fold| match (fold.0.as_slice(), fold.1.as_slice()) {
                (&[of_side], &[of_history]) => Some((of_side, of_history)),
                _ => None,
            })
            .collect();
        let (mut of_side, mut of_history) = (BTreeSet::new(), BTreeSet::new());
        for &(one, other) in &found {
            pairs.push((one, other, how));
            of_side.insert(one);
            of_history.insert(other);
        }
        open_side.retain(|place| !of_side.contains(place));
        open_history.retain(|place| !of_history.contains(place));
    }
    arrange::in_order(&mut pairs);
    pairs
}
