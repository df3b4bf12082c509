//! Account rows: how long each has been there, and whether it has left.
//!
//! A file of accounts has no dates, so there are no periods in it but "all".

use super::cells::Cells;
use super::{Places, Reject, ShapeBuilder, text};
use crate::ingest::Row;
use crate::ingest::amount::read_churned;
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
    fn take(&mut self, row: &Row<'_>, cells: &mut Cells) -> Result<(), Reject> {
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
            let name = cells.name(self.tenure);
            return Err(Reject::new(
                "negative-tenure",
                format!(
                    "Row {}, column {name}: {} is negative.",
                    row.number(),
                    text::shown(row.field(self.tenure))
                ),
            )
            .in_column(name));
        }
        let flag = row.field(self.churned);
        let Some(churned) = read_churned(flag) else {
            let name = cells.name(self.churned);
            let (code, message) = if flag.is_empty() {
                (
                    "missing-value",
                    format!("Row {}, column {name}: there is no value.", row.number()),
                )
            } else {
                (
                    "not-a-flag",
                    format!(
                        "Row {}, column {name}: {} is neither yes nor no.",
                        row.number(),
                        text::shown(flag)
                    ),
                )
            };
            return Err(Reject::new(code, message).in_column(name));
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
        let renewal = match cells.column(Role::Renewal) {
            Some(column) => cells.end_day(row, column, false).unwrap_or(None),
            None => None,
        };
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

    fn finish(mut self: Box<Self>, places: &Places, _notes: &mut Notes) -> Histories {
        for account in &mut self.accounts {
            account.customer = places.customer(account.customer);
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
