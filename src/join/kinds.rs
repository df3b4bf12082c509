//! Which of several files is the history, what the others are, and which columns hold the ids.
//!
//! It looks at headers and first rows; it converts no row. The order of the files leaves no trace.

use std::collections::BTreeSet;

use super::options::{FileChoice, Kind};
use crate::error::Error;
use crate::ingest::Table;
use crate::roles::{self, Role, RoleOptions, Shape, ShapeCandidate};

/// What a name of a file adds to what speaks for a kind.
const NAME_SCORE: i32 = 60;
/// What speaks for customers, at the least: an id that is named so, or whose values are those of
/// the history, in rows of their own.
const CUSTOMERS_SCORE: i32 = 140;

/// What a file was taken for.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    pub(super) kind: Kind,
    pub(super) why: String,
    /// The column that was chosen for its values, where it is another one than its name says.
    pub(super) key: Option<String>,
    /// Why that one.
    pub(super) key_why: String,
}

/// What is known of a file before any is decided.
struct Looked<'a> {
    name: &'a str,
    table: &'a Table,
    choice: &'a FileChoice,
    candidates: Vec<ShapeCandidate>,
}

impl Looked<'_> {
    fn score(&self, shape: Shape) -> i32 {
        let known = self.candidates.iter().find(|candidate| candidate.shape == shape);
        let score = known.map_or(0, |candidate| candidate.score);
        let words: &[&str] = match shape {
            Shape::Customers => &["customer", "account", "client", "user", "compan", "kunden"],
            Shape::Events => &["churn", "cancel", "event"],
            _ => &["subscription", "mrr", "invoice", "order", "payment", "transaction", "charge"],
        };
        let name = self.name.to_lowercase();
        let is_named = words.iter().any(|word| name.contains(word));
        score + if is_named && 0 < score { NAME_SCORE } else { 0 }
    }

    /// The history it makes, those of subscriptions before others.
    fn history(&self) -> Option<(usize, i32, Shape)> {
        if let Some(Kind::Shape(shape)) = self.choice.kind {
            return shape.is_history().then_some((0, i32::MAX, shape));
        }
        [Shape::Subscriptions, Shape::Mrr, Shape::Transactions, Shape::Accounts]
            .into_iter()
            .enumerate()
            .map(|(rank, shape)| (rank, self.score(shape), shape))
            .filter(|&(_, score, _)| 0 < score)
            .max_by_key(|&(rank, score, _)| (score, std::cmp::Reverse(rank)))
    }

    fn beside(&self) -> Option<(i32, Shape)> {
        let customers = self.score(Shape::Customers);
        let customers = if customers < CUSTOMERS_SCORE { 0 } else { customers };
        [(customers, Shape::Customers), (self.score(Shape::Events), Shape::Events)]
            .into_iter()
            .filter(|&(score, _)| 0 < score)
            .max_by_key(|&(score, shape)| (score, std::cmp::Reverse(shape)))
    }

    /// Whether it looks more like a history than like something beside one.
    fn prefers_history(&self) -> bool {
        if let Some(kind) = self.choice.kind {
            return kind.is_history();
        }
        let beside = self.beside().map_or(0, |(score, _)| score);
        self.history().is_some_and(|(_, score, _)| beside < score)
    }

    fn customer(&self, shape: Shape) -> Option<usize> {
        if let Some(name) = self.choice.as_history.roles.roles.get(&Role::Customer) {
            return self.table.columns.iter().position(|column| column == name);
        }
        self.candidates.iter().find(|candidate| candidate.shape == shape)?.customer
    }

    fn values(&self, column: usize) -> BTreeSet<&str> {
        let cells = self.table.sample.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect()
    }
}

/// Decides about all files.
///
/// # Errors
///
/// `no-history-among-files` where none says when customers came and went.
pub(super) fn decide(
    names: &[String],
    tables: &[&Table],
    choices: &[FileChoice],
) -> Result<Vec<Decided>, Error> {
    let looked: Vec<Looked<'_>> = names
        .iter()
        .zip(tables)
        .zip(choices)
        .map(|((name, table), choice)| Looked {
            name,
            table,
            choice,
            candidates: roles::candidates(
                table,
                &RoleOptions { shape: None, ..choice.as_beside.roles.clone() },
            ),
        })
        .collect();
    let Some((history, shape)) = history_of(&looked) else {
        return Err(Error::new(
            "no-history-among-files",
            "None of the files says when customers came and went. Add subscriptions, monthly \
             revenue or orders, or choose which file holds them.",
        ));
    };
    let header = &looked[history].table.columns;
    let is_part = |file: &Looked<'_>| {
        file.table.columns == *header
            && match file.choice.kind {
                Some(kind) => kind == Kind::Shape(shape),
                None => file.score(shape) != 0,
            }
    };
    let parts: Vec<&Looked<'_>> = looked.iter().filter(|file| is_part(file)).collect();
    let ids: BTreeSet<&str> = parts
        .iter()
        .filter_map(|file| Some((file, file.customer(shape)?)))
        .flat_map(|(file, column)| file.values(column))
        .collect();
    Ok(looked
        .iter()
        .map(|file| {
            if is_part(file) {
                Decided {
                    kind: Kind::Shape(shape),
                    why: history_why(file, shape),
                    key: None,
                    key_why: String::new(),
                }
            } else {
                beside(file, &ids)
            }
        })
        .collect())
}

/// The file that is the history, or the first of those that are it together, and its shape.
fn history_of(looked: &[Looked<'_>]) -> Option<(usize, Shape)> {
    let chosen = |file: &Looked<'_>| file.choice.kind.is_some_and(Kind::is_history);
    let open = |file: &Looked<'_>| file.choice.kind.is_none() && file.beside().is_none();
    let best = |is_meant: &dyn Fn(&Looked<'_>) -> bool| {
        looked
            .iter()
            .enumerate()
            .filter(|(_, file)| is_meant(file))
            .filter_map(|(index, file)| Some((file.history()?, file.name, index)))
            // Subscriptions say more than what was paid for them.
            .min_by(|a, b| {
                let key =
                    |&((rank, score, _), ..): &((usize, i32, Shape), &str, usize)| (rank, -score);
                key(a).cmp(&key(b)).then(a.1.cmp(b.1))
            })
            .map(|((.., shape), _, index)| (index, shape))
    };
    best(&chosen).or_else(|| best(&|file| file.prefers_history())).or_else(|| best(&open))
}

fn history_why(file: &Looked<'_>, shape: Shape) -> String {
    if file.choice.kind.is_some() {
        return "chosen by you".to_owned();
    }
    match shape {
        Shape::Subscriptions => "its rows have a customer and a start",
        Shape::Mrr => "its rows have a customer and revenue by month",
        Shape::Transactions => "its rows have a customer, a date and an amount",
        _ => "its rows have a tenure and say who has left",
    }
    .to_owned()
}

/// What a file is that is not the history.
fn beside(file: &Looked<'_>, ids: &BTreeSet<&str>) -> Decided {
    let unused = |why: &str| Decided {
        kind: Kind::Unused,
        why: why.to_owned(),
        key: None,
        key_why: String::new(),
    };
    let key = key_by_values(file, ids);
    let (shape, why) = match file.choice.kind {
        Some(Kind::Unused) => return unused("chosen by you"),
        Some(Kind::Shape(shape)) if shape.is_history() => {
            return unused("another file is the history, and their headers differ");
        }
        Some(Kind::Shape(shape)) => (shape, "chosen by you".to_owned()),
        None => match file.beside() {
            Some((_, Shape::Events)) => {
                (Shape::Events, "each row is a customer and the day it left".to_owned())
            }
            Some((_, shape)) => (shape, "it has one row for each customer".to_owned()),
            None if key.as_ref().is_some_and(|key| key.is_distinct) => {
                (Shape::Customers, "it has one row for each customer".to_owned())
            }
            None if file.prefers_history() => {
                return unused("another file is the history, and their headers differ");
            }
            None => {
                return unused(
                    "it has neither a history, nor one row for each customer, nor days of leaving",
                );
            }
        },
    };
    let by_name = file.candidates.iter().find(|candidate| candidate.shape == shape);
    let by_name = by_name.and_then(|candidate| candidate.customer);
    let is_chosen = file.choice.as_beside.roles.roles.contains_key(&Role::Customer);
    let n_by_name = by_name.map_or(0, |column| file.values(column).intersection(ids).count());
    let key =
        key.filter(|key| !is_chosen && by_name != Some(key.column) && 2 * n_by_name < key.n_shared);
    Decided {
        kind: Kind::Shape(shape),
        why,
        key_why: key.as_ref().map_or_else(String::new, |key| {
            format!("{} of its first values are ids of the history", key.n_shared)
        }),
        key: key.and_then(|key| file.table.columns.get(key.column).cloned()),
    }
}

struct Key {
    column: usize,
    n_shared: usize,
    /// Whether no value comes twice.
    is_distinct: bool,
}

/// The column whose first values are ids of the history, far more than in any other: most of them,
/// or of those of the history.
fn key_by_values(file: &Looked<'_>, ids: &BTreeSet<&str>) -> Option<Key> {
    let columns = roles::id_columns(file.table).into_iter();
    columns
        .map(|column| {
            let values = file.values(column);
            let n_shared = values.intersection(ids).count();
            let is_most = values.len().min(ids.len()) <= 2 * n_shared;
            let is_distinct = values.len() == file.table.sample.len();
            Key { column, n_shared: if is_most { n_shared } else { 0 }, is_distinct }
        })
        .filter(|key| 0 < key.n_shared)
        .max_by_key(|key| (key.n_shared, std::cmp::Reverse(key.column)))
}
