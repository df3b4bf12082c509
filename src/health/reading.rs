//! What a whole column decides about its cells: percent or fraction, day or month first, the decimal
//! mark, the currency, and which day is today.
//!
//! Where the file does not say, it tells and asks; a cell that can be meant in two ways is missing.

use super::accounts::{AccountRow, Cell, Dated, HealthAccounts, Paid, Written};
use super::signal::{RiskSignal, Signals};
use super::words::{Champion, CoreUse, Recency};
use crate::arrange;
use crate::calendar::{Day, Granularity, Period};
use crate::ingest::amount::{CurrencySign, DecimalMark, DecimalVerdict};
use crate::ingest::date::{DateOrder, DateVerdict, read_date};
use crate::ledger::build::shown;
use crate::note::{Notes, Severity, rows_in_words};
use crate::number::Currency;
use crate::report::Question;
use crate::roles::health::HealthRole;
use crate::roles::normalized;

/// A date of activity so many days behind all others is told.
const ALONE_DAYS: i32 = 31;

/// What an option can say about the reading of cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadingOptions {
    /// The day that everything is counted up to.
    pub as_of: Option<Day>,
    /// The order of numeric dates.
    pub date_order: Option<DateOrder>,
    /// The decimal mark.
    pub decimal: Option<DecimalMark>,
    /// The currency; of amounts in several, the one to keep.
    pub currency: Option<Currency>,
    /// Whether bare numbers in the column of active users are percent, and not fractions.
    pub shares_are_percent: Option<bool>,
}

/// One account, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Account<'a> {
    /// Its row in the file.
    pub row: u64,
    /// Its id.
    pub customer: &'a str,
    /// Who looks after it.
    pub owner: Option<&'a str>,
    /// The group that it began with.
    pub cohort: Option<String>,
    /// What is known of its health.
    pub signals: Signals,
    /// What it pays per month, in minor units.
    pub monthly_minor: Option<i64>,
    /// When its contract is up for renewal.
    pub renewal: Option<Day>,
    /// Whether it has left already.
    pub has_left: bool,
    /// Its score on the ninetieth day, from the file.
    pub score_day_90: Option<f64>,
    /// Days from its start to its first value.
    pub days_to_first_value: Option<f64>,
    /// Whether it was there after twelve months; nothing where that is not known yet.
    pub retained_twelve_months: Option<bool>,
}

/// The accounts of a file under some options.
#[derive(Debug)]
pub struct ReadAccounts<'a> {
    /// The accounts, in the order of the file.
    pub accounts: Vec<Account<'a>>,
    /// The day that everything is counted up to; nothing where the file has no dates of activity.
    pub as_of: Option<Day>,
    /// The currency.
    pub currency: Option<Currency>,
    /// Decimal places of money.
    pub decimals: u8,
    /// The order that dates are read in.
    pub date_order: DateOrder,
    /// The decimal mark.
    pub decimal: DecimalMark,
    /// What was found, reading included.
    pub notes: Notes,
    /// What only the reader can decide.
    pub questions: Vec<Question>,
}

/// What the columns decide.
struct Columns {
    as_of: Option<Day>,
    order: DateOrder,
    mark: DecimalMark,
    /// Whether bare shares are percent; nothing where that is not known.
    percent: Option<bool>,
    nps_is_net: bool,
    currency: Option<Currency>,
    is_mixed: bool,
    decimals: u8,
    months: u32,
}

impl HealthAccounts {
    /// The accounts under some options.
    #[must_use]
    pub fn read(&self, options: &ReadingOptions) -> ReadAccounts<'_> {
        let mut notes = self.notes.clone();
        let mut questions = self.table.questions.clone();
        questions.extend(self.summary.questions.iter().cloned());
        let columns = self.columns(options, &mut notes, &mut questions);
        let accounts =
            self.accounts.iter().map(|row| self.account(row, &columns, &mut notes)).collect();
        ReadAccounts {
            accounts,
            as_of: columns.as_of,
            currency: columns.currency,
            decimals: columns.decimals,
            date_order: columns.order,
            decimal: columns.mark,
            notes,
            questions,
        }
    }

    /// The latest day on which an account did something, as far as the file says.
    pub(crate) fn last_activity(&self, options: &ReadingOptions) -> Option<Day> {
        let order = self.date_order(options, &mut Vec::new());
        self.latest_day(order, &mut Notes::new())
    }

    fn name(&self, role: HealthRole) -> Option<&str> {
        let index = self.detection.column(role)?;
        self.table.columns.get(index).map(String::as_str)
    }

    fn place(&self, role: HealthRole) -> Option<usize> {
        self.signal_columns.iter().position(|&(known, _)| known == role)
    }

    fn columns(
        &self,
        options: &ReadingOptions,
        notes: &mut Notes,
        questions: &mut Vec<Question>,
    ) -> Columns {
        let mark = self.decimal_mark(options, questions);
        let order = self.date_order(options, questions);
        let as_of = options.as_of.or_else(|| self.latest_day(order, notes));
        let percent = self.shares(options, mark, notes, questions);
        let (currency, is_mixed) = self.currency(options, notes, questions);
        let header = normalized(self.name(HealthRole::Amount).unwrap_or_default());
        let is_yearly = header.split(' ').any(|word| {
            matches!(word, "arr" | "acv" | "annual" | "yearly" | "annually" | "jährlich")
        });
        if is_yearly && self.accounts.iter().any(|row| row.paid.is_some()) {
            notes.tell(
                "amount-per-year",
                Severity::Info,
                None,
                self.name(HealthRole::Amount),
                || {
                    "The amounts are per year; a twelfth of each is its revenue per month."
                        .to_owned()
                },
            );
        }
        Columns {
            as_of,
            order,
            mark,
            percent,
            nps_is_net: self.nps_is_net(mark, notes),
            decimals: currency.map_or(2, |currency| currency.decimals()),
            currency,
            is_mixed,
            months: if is_yearly { 12 } else { 1 },
        }
    }

    fn decimal_mark(&self, options: &ReadingOptions, questions: &mut Vec<Question>) -> DecimalMark {
        let mark = options.decimal.unwrap_or_else(|| self.decimals.likely());
        if options.decimal.is_none() && self.decimals.verdict() == DecimalVerdict::Ambiguous {
            questions.push(Question {
                code: "ambiguous-decimal".to_owned(),
                message: "Is the mark in the numbers a decimal mark or one between thousands? No \
                          value in the file proves it."
                    .to_owned(),
                column: self.name(HealthRole::Amount).map(str::to_owned),
                options: vec![".".to_owned(), ",".to_owned()],
                readings: vec!["1.234 is 1.234".to_owned(), "1.234 is 1234".to_owned()],
                answer_to: "decimal".to_owned(),
                assumed: Some(if mark == DecimalMark::Point { "." } else { "," }.to_owned()),
            });
        }
        mark
    }

    fn date_order(&self, options: &ReadingOptions, questions: &mut Vec<Question>) -> DateOrder {
        let verdict = self.dates.verdict();
        let likely = self.dates.likely();
        let is_american = self.currencies.contains_key(&CurrencySign::Dollar)
            && (verdict, likely) == (DateVerdict::Ambiguous, DateOrder::Dmy)
            && self.dates.fits(DateOrder::Mdy);
        let order = options.date_order.unwrap_or(match verdict {
            DateVerdict::Unneeded => DateOrder::Dmy,
            _ if is_american => DateOrder::Mdy,
            _ => likely,
        });
        if options.date_order.is_none() && verdict == DateVerdict::Ambiguous {
            let reading = |order: DateOrder| {
                let cells: Vec<String> = self
                    .date_samples
                    .iter()
                    .filter_map(|cell| {
                        let day = read_date(cell, Some(order)).ok()?.day;
                        Some(format!("{} is {}", shown(cell), day.to_iso()))
                    })
                    .collect();
                cells.join(", ")
            };
            let possible = || DateOrder::ALL.into_iter().filter(|&order| self.dates.fits(order));
            let (code, message) = if self.dates.fits(DateOrder::Ymd) {
                (
                    "two-digit-year",
                    "Years have two digits only. Which part of the dates is the year?",
                )
            } else {
                (
                    "ambiguous-date",
                    "Which comes first in the dates, the day or the month? No value is above 12, \
                     so the file does not say.",
                )
            };
            questions.push(Question {
                code: code.to_owned(),
                message: message.to_owned(),
                column: None,
                options: possible().map(|order| order.name().to_owned()).collect(),
                readings: possible().map(reading).collect(),
                answer_to: "dateOrder".to_owned(),
                assumed: Some(order.name().to_owned()),
            });
        }
        order
    }

    /// The latest day of activity: logins, use, first value, starts. Renewals and ends may lie ahead.
    fn latest_day(&self, order: DateOrder, notes: &mut Notes) -> Option<Day> {
        let mut days: Vec<(Day, u64)> = self
            .accounts
            .iter()
            .flat_map(|row| {
                let of_cells =
                    row.cells.iter().chain([&row.first_value]).filter_map(|cell| match cell {
                        Some(Cell::Dated(dated)) => Some(*dated),
                        _ => None,
                    });
                of_cells
                    .chain(row.start)
                    .filter_map(move |dated| Some((dated.under(order)?, row.row)))
            })
            .collect();
        arrange::by_key(&mut days, |&(day, _)| std::cmp::Reverse(day));
        let &(latest, row) = days.first()?;
        if let Some(&(before, _)) = days.iter().find(|&&(day, _)| day < latest)
            && before.0 + ALONE_DAYS < latest.0
        {
            notes.tell("as-of-is-alone", Severity::Warning, Some(row), None, || {
                format!(
                    "Everything is counted up to {}, which only row {row} or rows of that very day \
                     have; the next date is {}. If it is a slip, set the date to count up to.",
                    latest.to_iso(),
                    before.to_iso()
                )
            });
        }
        Some(latest)
    }

    /// The bare numbers of a signal's column.
    fn numbers(&self, role: HealthRole, mark: DecimalMark) -> Vec<(f64, bool)> {
        let Some(place) = self.place(role) else { return Vec::new() };
        self.accounts
            .iter()
            .filter_map(|row| match row.cells.get(place) {
                Some(Some(Cell::Number(number))) => Some((number.under(mark)?, number.has_percent)),
                _ => None,
            })
            .collect()
    }

    /// Whether small numbers without a percent sign are percent; nothing where that is not known.
    fn shares(
        &self,
        options: &ReadingOptions,
        mark: DecimalMark,
        notes: &mut Notes,
        questions: &mut Vec<Question>,
    ) -> Option<bool> {
        let bare: Vec<f64> = self
            .numbers(HealthRole::ActiveShare, mark)
            .into_iter()
            .filter(|&(_, has_percent)| !has_percent)
            .map(|(value, _)| value)
            .collect();
        let column = self.name(HealthRole::ActiveShare);
        let has_percent = bare.iter().any(|&value| 2.0 < value);
        let has_fractions = bare.iter().any(|&value| 0.0 < value && value < 1.0);
        if bare.is_empty() {
            return Some(false);
        }
        if let Some(percent) = options.shares_are_percent {
            return Some(percent);
        }
        let is_open = bare.iter().any(|&value| 0.0 < value);
        if is_open && has_percent == has_fractions {
            questions.push(Question {
                code: "ambiguous-share".to_owned(),
                message:
                    "Are small numbers of active users shares of 1, or percent? The file does \
                          not say."
                        .to_owned(),
                column: column.map(str::to_owned),
                options: vec!["fraction".to_owned(), "percent".to_owned()],
                readings: vec!["0.5 is 50 %".to_owned(), "0.5 is 0.5 %".to_owned()],
                answer_to: "shareUnit".to_owned(),
                assumed: None,
            });
            return None;
        }
        let (code, words) = if has_percent {
            ("share-is-percent", "Numbers above 2 show that the shares are percent.")
        } else {
            ("share-is-fraction", "No number is above 2, so the shares are fractions of 1.")
        };
        notes.tell(code, Severity::Info, None, column, || words.to_owned());
        Some(has_percent)
    }

    /// Whether the column holds net scores of -100 to 100, which no single account's answer is.
    fn nps_is_net(&self, mark: DecimalMark, notes: &mut Notes) -> bool {
        let numbers = self.numbers(HealthRole::Nps, mark);
        let n_outside = numbers.iter().filter(|(value, _)| !(0.0..=10.0).contains(value)).count();
        // A few are slips of the hand; more are another scale.
        let is_net = numbers.len() < n_outside * 20;
        if is_net {
            notes.tell("nps-is-net", Severity::Warning, None, self.name(HealthRole::Nps), || {
                format!(
                    "{n_outside} of {} numbers are outside 0 to 10, so these are net promoter \
                     scores of −100 to 100. The rules ask for one account's answer from 0 to 10; \
                     a net score cannot be turned into it, so the signal is missing.",
                    numbers.len()
                )
            });
        }
        is_net
    }

    /// The currency of all amounts, and whether there are several.
    fn currency(
        &self,
        options: &ReadingOptions,
        notes: &mut Notes,
        questions: &mut Vec<Question>,
    ) -> (Option<Currency>, bool) {
        if options.currency.is_some() {
            return (options.currency, false);
        }
        let known: Vec<Currency> =
            self.currencies.keys().filter_map(|sign| sign.currency()).collect();
        let mut named: Vec<(Currency, u64)> = Vec::new();
        for (&sign, &n_rows) in &self.currencies {
            // A `$` beside `CAD` is a Canadian dollar.
            let beside =
                known.iter().find(|code| sign.candidates().contains(&code.code())).copied();
            let currency = sign
                .currency()
                .or(beside)
                .or_else(|| sign.candidates().first().and_then(|code| Currency::from_code(code)));
            let Some(currency) = currency else { continue };
            match named.iter_mut().find(|(one, _)| *one == currency) {
                Some((_, n_known)) => *n_known += n_rows,
                None => named.push((currency, n_rows)),
            }
        }
        arrange::by_key(&mut named, |&(currency, n_rows)| (std::cmp::Reverse(n_rows), currency));
        match named.as_slice() {
            [] => (None, false),
            &[(currency, _)] => (Some(currency), false),
            several => {
                let counts: Vec<String> = several
                    .iter()
                    .map(|&(currency, n_rows)| {
                        format!("{} in {}", rows_in_words(n_rows), currency.code())
                    })
                    .collect();
                notes.tell("mixed-currency", Severity::Warning, None, None, || {
                    format!(
                        "The file has amounts in several currencies ({}). They are never added; \
                         revenue is left out until one is chosen.",
                        counts.join(", ")
                    )
                });
                questions.push(Question {
                    code: "mixed-currency".to_owned(),
                    message: "The file has amounts in several currencies. Which one shall be \
                              reported?"
                        .to_owned(),
                    column: self.name(HealthRole::Amount).map(str::to_owned),
                    options: several.iter().map(|(one, _)| one.code().to_owned()).collect(),
                    readings: counts,
                    answer_to: "currency".to_owned(),
                    assumed: None,
                });
                (None, true)
            }
        }
    }

    fn account<'a>(
        &'a self,
        row: &'a AccountRow,
        columns: &Columns,
        notes: &mut Notes,
    ) -> Account<'a> {
        let day = |dated: Option<Dated>| dated.and_then(|dated| dated.under(columns.order));
        let number = |written: Option<Written>| written.and_then(|one| one.under(columns.mark));
        let (start, end) = (day(row.start), day(row.end));
        let signals = self.signals(row, columns, start, notes);
        let has_ended = end.is_some_and(|end| columns.as_of.is_some_and(|as_of| end <= as_of));
        let monthly_minor = row.paid.and_then(|paid| self.monthly(row, paid, columns, notes));
        let days_to_first_value = row.first_value.and_then(|cell| match cell {
            Cell::Number(written) => written.under(columns.mark),
            Cell::Recency(Recency::Days(days)) => Some(days),
            Cell::Dated(dated) => Some(f64::from(dated.under(columns.order)?.0 - start?.0)),
            _ => None,
        });
        let text = |texts: &'a [String], place: Option<u32>| {
            place.and_then(|place| texts.get(place as usize)).map(String::as_str)
        };
        let own_cohort = text(&self.cohorts.names, row.cohort).map(str::to_owned);
        let cohort = if self.detection.column(HealthRole::Cohort).is_some() {
            own_cohort
        } else {
            start.map(|day| Period::containing(day, Granularity::Quarter).label())
        };
        Account {
            row: row.row,
            customer: &row.customer,
            owner: text(&self.owners.names, row.owner),
            cohort,
            signals,
            monthly_minor,
            renewal: day(row.renewal),
            has_left: row.churned == Some(true) || has_ended,
            score_day_90: number(row.score_day_90),
            days_to_first_value: days_to_first_value.filter(|days| 0.0 <= *days),
            retained_twelve_months: row
                .retained_twelve_months
                .or_else(|| self.is_retained(start, end, row.churned, columns.as_of)),
        }
    }

    /// Whether an account was there twelve months after its start; nothing before that day.
    fn is_retained(
        &self,
        start: Option<Day>,
        end: Option<Day>,
        churned: Option<bool>,
        as_of: Option<Day>,
    ) -> Option<bool> {
        self.detection.column(HealthRole::End)?;
        let (start, as_of) = (start?, as_of?);
        if as_of.months_earlier(12) < start {
            return None;
        }
        match end {
            Some(end) => Some(start < end.months_earlier(12)),
            // It left, but when is not known.
            None if churned == Some(true) => None,
            None => Some(true),
        }
    }

    fn monthly(
        &self,
        row: &AccountRow,
        paid: Paid,
        columns: &Columns,
        notes: &mut Notes,
    ) -> Option<i64> {
        let is_other = match (columns.currency, paid.sign) {
            (Some(wanted), Some(CurrencySign::Known(known))) => known != wanted,
            (Some(wanted), Some(sign)) => !sign.candidates().contains(&wanted.code()),
            _ => false,
        };
        if columns.is_mixed || is_other {
            return None;
        }
        let name = self.name(HealthRole::Amount);
        let amount = paid.under(columns.mark)?;
        if amount.mantissa < 0 {
            notes.tell("negative-mrr", Severity::Warning, Some(row.row), name, || {
                format!("Row {}: what the account pays is negative, so it is not known.", row.row)
            });
            return None;
        }
        amount
            .fraction_to_minor(1, columns.months, columns.decimals)
            .ok()
            .map(|units| units.amount_minor)
    }

    #[expect(clippy::too_many_lines, reason = "one kind of cell after the other")]
    fn signals(
        &self,
        row: &AccountRow,
        columns: &Columns,
        start: Option<Day>,
        notes: &mut Notes,
    ) -> Signals {
        let mut signals = Signals::default();
        let (mut active, mut licensed) = (None, None);
        for (&(role, _), cell) in self.signal_columns.iter().zip(&row.cells) {
            let Some(cell) = cell else { continue };
            let mut told = |code: &'static str, words: &str| {
                notes.tell(code, Severity::Warning, Some(row.row), self.name(role), || {
                    format!(
                        "Row {}, column {}: {words}",
                        row.row,
                        self.name(role).unwrap_or_default()
                    )
                });
            };
            let value = match cell {
                Cell::Number(written) => match written.under(columns.mark) {
                    Some(value)
                        if value < 0.0 && !(role == HealthRole::Nps && columns.nps_is_net) =>
                    {
                        told("negative-signal", "the number is negative, so it is missing.");
                        continue;
                    }
                    Some(value) => value,
                    None => {
                        told("cell-not-understood", "the number does not fit the decimal mark.");
                        continue;
                    }
                },
                Cell::Bad(is_bad) => f64::from(u8::from(*is_bad)),
                Cell::Recency(Recency::Days(days)) => *days,
                Cell::Recency(Recency::Never) => match (start, columns.as_of) {
                    (Some(start), Some(as_of)) if start <= as_of => f64::from(as_of.0 - start.0),
                    _ => f64::INFINITY,
                },
                Cell::Dated(dated) => match (dated.under(columns.order), columns.as_of) {
                    (Some(day), Some(as_of)) if day <= as_of => f64::from(as_of.0 - day.0),
                    (Some(_), Some(_)) => {
                        told("date-after-as-of", "the date comes after the day counted up to.");
                        continue;
                    }
                    _ => {
                        told(
                            "cell-not-understood",
                            "the date does not fit the order of the others.",
                        );
                        continue;
                    }
                },
                Cell::CoreUse(_) | Cell::Champion(_) => 0.0,
            };
            match (role, cell) {
                (HealthRole::ActiveShare, Cell::Number(written)) => {
                    if let Some(share) = share_of(value, written.has_percent, columns) {
                        signals.set(RiskSignal::ActiveShare, share);
                    } else {
                        told("ambiguous-share", "the number can be a fraction or a percentage.");
                    }
                }
                (HealthRole::ActiveUsers, _) => active = Some(value),
                (HealthRole::LicensedUsers, _) => licensed = Some(value),
                (HealthRole::Nps, _) if columns.nps_is_net => {}
                (HealthRole::Nps, _) if 10.0 < value => {
                    told("nps-out-of-range", "an answer is 0 to 10, so this one is missing.");
                }
                (HealthRole::CoreUse, Cell::CoreUse(used)) => {
                    let (is_limited, days) = match used {
                        CoreUse::Full => (0.0, 0.0),
                        CoreUse::Limited => (1.0, 0.0),
                        CoreUse::Unused => (0.0, f64::INFINITY),
                    };
                    signals.set(RiskSignal::LimitedCoreUse, is_limited);
                    // Days that another column counts say more.
                    if signals.get(RiskSignal::DaysSinceCoreUse).is_none() {
                        signals.set(RiskSignal::DaysSinceCoreUse, days);
                    }
                }
                (HealthRole::Champion, Cell::Champion(champion)) => {
                    let flag = |is_it: bool| f64::from(u8::from(is_it));
                    for (signal, value) in [
                        (RiskSignal::ChampionLeft, flag(*champion == Champion::Left)),
                        (RiskSignal::ChampionChangedRole, flag(*champion == Champion::ChangedRole)),
                    ] {
                        signals.set(signal, value);
                    }
                }
                _ => {
                    if let Some(signal) = signal_of(role) {
                        signals.set(signal, value);
                    }
                }
            }
        }
        if signals.get(RiskSignal::ActiveShare).is_none()
            && let (Some(active), Some(licensed)) = (active, licensed)
        {
            let name = self.name(HealthRole::LicensedUsers);
            if licensed <= 0.0 {
                notes.tell("no-licensed-users", Severity::Warning, Some(row.row), name, || {
                    format!("Row {}: without licensed users there is no share of them.", row.row)
                });
            } else {
                if licensed < active {
                    notes.tell("active-over-licensed", Severity::Info, Some(row.row), name, || {
                        format!("Row {}: more users are active than licensed.", row.row)
                    });
                }
                signals.set(RiskSignal::ActiveShare, active / licensed);
            }
        }
        signals
    }
}

/// A share as a fraction; nothing where it can be meant in two ways.
fn share_of(value: f64, has_percent: bool, columns: &Columns) -> Option<f64> {
    // So that 28.7 percent is the very number 0.287.
    let hundredth = (value * 1e7).round() / 1e9;
    if has_percent || value <= 0.0 {
        return Some(hundredth);
    }
    // Whatever small numbers are, no one has twice as many active users as licensed ones.
    if 2.0 < value {
        return Some(hundredth);
    }
    Some(if columns.percent? { hundredth } else { value })
}

/// The signal that a column gives by its number alone.
fn signal_of(role: HealthRole) -> Option<RiskSignal> {
    Some(match role {
        HealthRole::LastLogin => RiskSignal::DaysSinceLogin,
        HealthRole::LastCoreUse => RiskSignal::DaysSinceCoreUse,
        HealthRole::UnresolvedTickets => RiskSignal::UnresolvedTickets,
        HealthRole::RecentEscalation => RiskSignal::RecentEscalation,
        HealthRole::DissatisfiedTickets => RiskSignal::DissatisfiedTickets,
        HealthRole::Nps => RiskSignal::Nps,
        HealthRole::ChampionLeft => RiskSignal::ChampionLeft,
        HealthRole::ChampionChangedRole => RiskSignal::ChampionChangedRole,
        HealthRole::DecliningResponsiveness => RiskSignal::DecliningResponsiveness,
        HealthRole::MissedReviews => RiskSignal::MissedReviews,
        HealthRole::FailedPayments => RiskSignal::FailedPayments,
        HealthRole::LatePayments => RiskSignal::LatePayments,
        HealthRole::Layoffs => RiskSignal::Layoffs,
        HealthRole::Merger => RiskSignal::Merger,
        _ => return None,
    })
}
