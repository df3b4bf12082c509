//! All customers that match a query as a table that a spreadsheet opens as data, never as a formula.
//!
//! It reads no CSV. Amounts are written out from their integers, in full, with a point.

use super::super::AnalysisOptions;
use super::list::Listing;
use super::query::CustomerQuery;
use super::seen::Facts;
use crate::Error;
use crate::calendar::Day;
use crate::ledger::Ledger;
use crate::number::Minor;

/// Rows that are put in order together: what is kept beside the text.
const N_ROWS_AT_ONCE: usize = 1 << 17;

/// All customers that match a query as CSV in UTF-8 (money in major units), in its order.
///
/// # Formula
///
/// Rows as RFC 4180 has them, with a byte order mark so that spreadsheets read UTF-8. Ids that a
/// spreadsheet would take for a formula have an apostrophe before them and stand in quotes.
///
/// # Domain
///
/// As [`super::list_customers`]; offset and limit do not count. The columns are those that the file
/// gives values for: no revenue without amounts, no days without dates, purchases of orders only.
///
/// # Undefined
///
/// Never: without customers there is the header alone. A day or an amount that is not known is an
/// empty field.
///
/// # Errors
///
/// Those of [`super::list_customers`].
///
/// # Assumptions
///
/// None beyond those of [`super::list_customers`].
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::customers::{CustomerQuery, CustomerSet};
/// use retention_calculator::session::{AnalyzeOptions, Session};
///
/// let csv = "customer,start,end,mrr\n=A,2024-01-01,,10.00\nB,2024-01-01,2024-03-15,5.00\n";
/// let mut session = Session::new(&AnalyzeOptions::default())?;
/// session.push(csv.as_bytes())?;
/// session.finish()?;
/// let table = session.customers_csv(&CustomerQuery::of(CustomerSet::All))?;
/// let text = String::from_utf8(table).expect("UTF-8");
/// assert!(text.contains("\r\n\"'=A\",2024-01-01,,0.00,10.00,10.00,new,"));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// Y. Shafranovich (2005): Common Format and MIME Type for Comma-Separated Values (CSV) Files,
/// RFC 4180. OWASP (2021): Application Security Verification Standard 4.0.3, 1.2.10 and 5.3.10.
pub fn customers_csv(
    ledger: &Ledger,
    options: &AnalysisOptions,
    query: &CustomerQuery,
) -> Result<Vec<u8>, Error> {
    let listing = Listing::new(ledger, options, query)?;
    let mut table = Table { out: Vec::new(), is_first: true };
    table.out.extend_from_slice("\u{FEFF}".as_bytes());
    let mut after = None;
    let mut columns = None;
    loop {
        let (rows, last) = listing.page(N_ROWS_AT_ONCE, after, None);
        let columns = columns.get_or_insert_with(|| Columns::of(&listing, rows.first()));
        if after.is_none() {
            columns.write_header(&mut table);
        }
        for facts in &rows {
            columns.write_row(&mut table, ledger, facts);
        }
        if rows.len() < N_ROWS_AT_ONCE {
            return Ok(table.out);
        }
        after = last;
    }
}

/// Which columns there are.
#[expect(clippy::struct_excessive_bools, reason = "one for each kind of file or set")]
struct Columns {
    has_days: bool,
    has_amounts: bool,
    has_purchases: bool,
    has_due: bool,
    lifetime: String,
}

impl Columns {
    fn of(listing: &Listing<'_>, first: Option<&Facts>) -> Self {
        Self {
            has_days: listing.has_days(),
            has_amounts: listing.ledger().has_amounts,
            has_purchases: first.is_some_and(|facts| facts.n_purchases.is_some()),
            has_due: first.is_some_and(|facts| facts.due.is_some()),
            lifetime: format!("lifetime_{}s", listing.lifetime_unit().name()),
        }
    }

    fn write_header(&self, table: &mut Table) {
        table.text("customer");
        if self.has_days {
            table.text("first_day");
            table.text("last_day");
        }
        if self.has_amounts {
            table.text("revenue_then");
            table.text("revenue_now");
            table.text("change");
        }
        table.text("movement");
        if self.has_purchases {
            table.text("purchases");
            if self.has_amounts {
                table.text("paid");
            }
        }
        table.text(&self.lifetime);
        if self.has_due {
            table.text("renewal");
            if self.has_amounts {
                table.text("revenue_due");
            }
        }
        table.end_row();
    }

    fn write_row(&self, table: &mut Table, ledger: &Ledger, facts: &Facts) {
        table.text(ledger.customers.id(facts.customer));
        if self.has_days {
            table.day(facts.first_day);
            table.day(facts.last_day);
        }
        let decimals = ledger.decimals;
        if self.has_amounts {
            table.amount(facts.then.revenue_minor, decimals);
            table.amount(facts.now.revenue_minor, decimals);
            table.amount(facts.change_minor(), decimals);
        }
        table.text(facts.movement().name());
        if self.has_purchases {
            table.plain(&facts.n_purchases.unwrap_or(0).to_string());
            if self.has_amounts {
                table.amount(facts.paid_minor.unwrap_or(0), decimals);
            }
        }
        table.plain(&facts.lifetime.to_string());
        if self.has_due {
            table.day(facts.due.map(|due| due.renewal));
            if self.has_amounts {
                table.amount(facts.due.map_or(0, |due| due.revenue_minor), decimals);
            }
        }
        table.end_row();
    }
}

/// The text of a table, field by field.
struct Table {
    out: Vec<u8>,
    is_first: bool,
}

impl Table {
    fn separate(&mut self) {
        if !self.is_first {
            self.out.push(b',');
        }
        self.is_first = false;
    }

    fn end_row(&mut self) {
        self.out.extend_from_slice(b"\r\n");
        self.is_first = true;
    }

    /// What needs no quotes.
    fn plain(&mut self, text: &str) {
        self.separate();
        self.out.extend_from_slice(text.as_bytes());
    }

    fn day(&mut self, day: Option<Day>) {
        self.plain(&day.map(Day::to_iso).unwrap_or_default());
    }

    fn amount(&mut self, minor: Minor, decimals: u8) {
        self.plain(&amount_text(minor, decimals));
    }

    /// Text as it is, guarded where a spreadsheet would evaluate it.
    fn text(&mut self, text: &str) {
        self.separate();
        let is_guarded = text.starts_with(is_evaluated);
        if !is_guarded && !text.contains(['"', ',', ';', '\r', '\n']) {
            self.out.extend_from_slice(text.as_bytes());
            return;
        }
        self.out.push(b'"');
        if is_guarded {
            self.out.push(b'\'');
        }
        self.out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        self.out.push(b'"');
    }
}

/// Whether a cell that begins so is evaluated: the four operators, also in their full-width forms,
/// and the control characters that are skipped before one.
fn is_evaluated(first: char) -> bool {
    matches!(
        first,
        '=' | '+'
            | '-'
            | '@'
            | '\t'
            | '\r'
            | '\n'
            | '\0'
            | '\u{FF1D}'
            | '\u{FF0B}'
            | '\u{FF0D}'
            | '\u{FF20}'
    )
}

/// `-12.30` of -1230 with two decimals.
fn amount_text(minor: Minor, decimals: u8) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let digits = minor.unsigned_abs().to_string();
    let n_decimals = usize::from(decimals.min(3));
    if n_decimals == 0 {
        return format!("{sign}{digits}");
    }
    let padded = format!("{digits:0>width$}", width = n_decimals + 1);
    let (whole, part) = padded.split_at(padded.len() - n_decimals);
    format!("{sign}{whole}.{part}")
}

#[cfg(test)]
mod tests {
    use super::{Table, amount_text};

    #[test]
    fn amounts_are_written_in_full() {
        for (minor, decimals, text) in [
            (0, 2, "0.00"),
            (5, 2, "0.05"),
            (-5, 2, "-0.05"),
            (123_456, 2, "1234.56"),
            (-1230, 3, "-1.230"),
            (17, 0, "17"),
            (i128::from(i64::MAX) * 3, 2, "276701161105643274.21"),
        ] {
            assert_eq!(amount_text(minor, decimals), text);
        }
    }

    #[test]
    fn text_is_quoted_and_guarded_as_the_page_does() {
        for (text, field) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=1+1", "\"'=1+1\""),
            ("\tx", "\"'\tx\""),
            ("\u{FF1D}x", "\"'\u{FF1D}x\""),
            ("a;b", "\"a;b\""),
            ("", ""),
        ] {
            let mut table = Table { out: Vec::new(), is_first: true };
            table.text(text);
            assert_eq!(String::from_utf8(table.out).as_deref(), Ok(field));
        }
    }
}
