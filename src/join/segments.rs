//! What other files say of each customer, beside the columns of the history that customers can be
//! compared by.
//!
//! It decides no segment: whatever a customer did keeps the values of its row, and gets those of its
//! customer in addition.

use std::collections::BTreeMap;

use crate::ledger::{
    AttributeColumn, CustomerIndex, Dimension, Dimensions, Histories, LabelIndex, Labels, Ledger,
    Purchase, Purchases,
};

/// How many columns of other files are taken.
const MAX_COLUMNS: usize = 16;
/// The value of a customer of whom a column says nothing.
const BLANK: u16 = 0;

/// Columns on their way into a ledger.
pub(super) struct Attached {
    n_customers: usize,
    /// How many columns there can be.
    n_most: usize,
    /// How many columns the history has.
    n_columns: usize,
    names: Vec<String>,
    columns: Vec<Dimension>,
    /// For each column, the value of each customer of the history.
    codes: Vec<Vec<u16>>,
}

impl Attached {
    /// Room for `n_levels` of the columns is kept until it is opened.
    pub(super) fn new(ledger: &Ledger, n_columns: usize, n_levels: usize) -> Self {
        let names = ledger.segments.columns().iter().map(|column| column.name.clone()).collect();
        let n_customers = ledger.customers.len();
        let n_most = MAX_COLUMNS - n_levels.min(MAX_COLUMNS);
        Self { n_customers, n_most, n_columns, names, columns: Vec::new(), codes: Vec::new() }
    }

    /// Adds a column of a file; under the file's name too, where there is one of that name already.
    pub(super) fn add(
        &mut self,
        column: &AttributeColumn,
        file: &str,
        to_history: &[Option<CustomerIndex>],
    ) {
        if self.n_most <= self.columns.len() {
            return;
        }
        let mut codes = vec![BLANK; self.n_customers];
        for (code, to) in column.codes.iter().zip(to_history) {
            if let (Some(code), Some(to)) = (code, to)
                && let Some(place) = codes.get_mut(*to as usize)
            {
                *place = u16::try_from(code + 1).unwrap_or(BLANK);
            }
        }
        let name = if self.names.contains(&column.name) {
            format!("{} ({file})", column.name)
        } else {
            column.name.clone()
        };
        let names_customers = crate::roles::names_customers(&column.name);
        self.names.push(name.clone());
        let blank = std::iter::once(String::new());
        self.columns.push(Dimension {
            name,
            index: self.n_columns + self.columns.len(),
            role: None,
            is_number: column.is_number,
            names_customers,
            values: Labels { names: blank.chain(column.values.names.iter().cloned()).collect() },
        });
        self.codes.push(codes);
    }

    /// Makes room for the columns that it was kept for.
    pub(super) fn open_all(&mut self) {
        self.n_most = MAX_COLUMNS;
    }

    /// Puts the columns into the ledger, and what customers did under the combinations that there
    /// are then.
    pub(super) fn attach(self, ledger: &mut Ledger) {
        if self.columns.is_empty() {
            return;
        }
        let base = std::mem::take(&mut ledger.segments);
        let mut combinations = Combinations {
            base: &base,
            attached: &self.codes,
            known: BTreeMap::new(),
            codes: Vec::new(),
        };
        match &mut ledger.histories {
            Histories::Recurring(recurring) => {
                for spell in &mut recurring.spells {
                    spell.segment = combinations.of(spell.segment, spell.customer);
                }
            }
            Histories::Purchases(purchases) => {
                let mut orders: Vec<Purchase> = Vec::new();
                purchases.for_each_customer(|bought, returned| {
                    orders.extend(bought.iter().chain(returned).map(|order| Purchase {
                        segment: combinations.of(order.segment, order.customer),
                        ..*order
                    }));
                });
                *purchases = Purchases::from_orders(orders);
            }
            Histories::Accounts(accounts) => {
                for account in accounts {
                    account.segment = combinations.of(account.segment, account.customer);
                }
            }
            Histories::Totals(_) => {}
        }
        let codes = combinations.codes;
        let columns = base.columns().iter().cloned().chain(self.columns).collect();
        ledger.segments = Dimensions::new(columns, codes);
    }
}

/// The combinations of the values of a row and those of its customer, in the order of their first
/// use.
struct Combinations<'a> {
    base: &'a Dimensions,
    attached: &'a [Vec<u16>],
    known: BTreeMap<Vec<u16>, LabelIndex>,
    codes: Vec<u16>,
}

impl Combinations<'_> {
    fn of(&mut self, base: Option<LabelIndex>, customer: CustomerIndex) -> Option<LabelIndex> {
        let n_base = self.base.columns().len();
        let mut codes: Vec<u16> = match base {
            Some(combination) => self.base.codes(combination).to_vec(),
            None => Vec::new(),
        };
        codes.resize(n_base, BLANK);
        codes.extend(
            self.attached
                .iter()
                .map(|column| column.get(customer as usize).copied().unwrap_or(BLANK)),
        );
        if let Some(&known) = self.known.get(&codes) {
            return Some(known);
        }
        let next = LabelIndex::try_from(self.known.len()).ok()?;
        self.codes.extend_from_slice(&codes);
        self.known.insert(codes, next);
        Some(next)
    }
}
