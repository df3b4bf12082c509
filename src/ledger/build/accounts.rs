//! Account rows: how long each has been there, and whether it has left.
//!
//! A file of accounts has no dates, so there are no periods in it but "all".

use super::cells::Cells;
use super::part::Renumbering;
use super::{Places, Rejected, ShapeBuilder, text};
use crate::ingest::Row;
use crate::ingest::amount::read_churned;
use crate::ledger::packed::Bytes;
use crate::ledger::{Account, Histories};
use crate::note::{Notes, Severity};
use crate::roles::{Detection, Role};

/// See the module.
#[derive(Debug)]
pub(super) struct Accounts {
    accounts: Vec<Account>,
    tenure: usize,
    churned: usize,
    customer: Option<usize>,
    amount: Option<usize>,
}

impl Accounts {
    pub(super) fn new(detection: &Detection) -> Self {
        Self {
            accounts: Vec::new(),
            tenure: detection.column(Role::Tenure).unwrap_or(0),
            churned: detection.column(Role::Churned).unwrap_or(0),
            customer: detection.column(Role::Customer),
            amount: detection.column(Role::Amount),
        }
    }
}

impl ShapeBuilder for Accounts {
    fn take(&mut self, row: &Row<'_>, cells: &mut Cells) -> Result<(), Rejected> {
        // Without a column of ids, each row is an account of its own, named by its row.
        let by_row;
        let id = if self.customer.is_some() {
            cells.customer_id(row)?
        } else {
            by_row = format!("row {}", row.number());
            by_row.as_str()
        };
        let tenure = cells.number(row, self.tenure)?;
        if tenure < 0.0 {
            return Err(cells.reject(
                "negative-tenure",
                Severity::Error,
                Some(self.tenure),
                |name| {
                    format!(
                        "Row {}, column {name}: {} is negative.",
                        row.number(),
                        text::shown(row.field(self.tenure))
                    )
                },
            ));
        }
        let flag = row.field(self.churned);
        let Some(churned) = read_churned(flag) else {
            let code = if flag.is_empty() { "missing-value" } else { "not-a-flag" };
            return Err(cells.reject(code, Severity::Error, Some(self.churned), |name| {
                let number = row.number();
                if flag.is_empty() {
                    format!("Row {number}, column {name}: there is no value.")
                } else {
                    format!(
                        "Row {number}, column {name}: {} is neither yes nor no.",
                        text::shown(flag)
                    )
                }
            }));
        };
        let amount = match self.amount {
            Some(column) => {
                let money = cells.money(row, column)?;
                if money.amount.mantissa < 0 {
                    return Err(cells.negative(row, column));
                }
                Some(cells.minor(row, column, money)?)
            }
            None => None,
        };
        let renewal =
            cells.column(Role::Renewal).and_then(|column| cells.optional_day(row, column));
        let known = cells.customers.len();
        let customer = cells.intern(id);
        if (customer as usize) < known {
            cells.found("duplicate-customer", Severity::Warning, self.customer, || {
                format!("{} has more than one row; each counts as an account.", text::shown(id))
            });
        }
        self.accounts.push(Account {
            customer,
            tenure,
            churned,
            amount,
            segment: cells.segment(row),
            reason: cells.reason(row),
            renewal,
        });
        Ok(())
    }

    fn settle(&mut self, _cells: &mut Cells) {}

    fn is_seam_certain(&self) -> bool {
        false
    }

    fn write_part(&self, _out: &mut Vec<u8>) {}

    fn absorb(&mut self, _part: &mut Bytes<'_>, _renumbering: &Renumbering) {}

    fn finish(mut self: Box<Self>, places: &Places, _notes: &mut Notes) -> Histories {
        let new_places = places.new_places();
        for account in &mut self.accounts {
            account.customer = new_places[account.customer as usize];
            account.segment = places.segment(account.segment);
            account.reason = places.reason(account.reason);
        }
        self.accounts.sort_by(|a, b| {
            a.customer
                .cmp(&b.customer)
                .then(a.tenure.total_cmp(&b.tenure))
                .then(a.churned.cmp(&b.churned))
                .then(a.amount.cmp(&b.amount))
                .then(a.segment.cmp(&b.segment))
        });
        Histories::Accounts(self.accounts)
    }
}
