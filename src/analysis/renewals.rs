//! What comes up for renewal, and how many renewed of those who could.
//!
//! It guesses no date: a subscription without a date of renewal and without a known term is counted
//! as not known, and the past is told from terms alone, since a date in a file is the next one.

use std::collections::BTreeMap;

use super::period_figures::{count, share_of_customers};
use super::{Analysis, AnalysisOptions, Span};
use crate::arrange;
use crate::calendar::Day;
use crate::ledger::{
    Account, Dimension, Dimensions, Histories, LabelIndex, Ledger, Recurring, Spell, Terms,
};
use crate::number::{Figure, FormulaId, Minor};

/// The windows that are told apart, in days after `as_of`; the contract speaks of the last.
pub const RENEWAL_WINDOWS_DAYS: [u16; 3] = [30, 60, 90];

/// The level of risk where the file gives none.
const UNKNOWN_LEVEL: &str = "unknown";

/// Where the dates of renewal come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenewalSource {
    /// A column of dates.
    Column,
    /// The start of a subscription and how often it is billed.
    Interval,
}

impl RenewalSource {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::Interval => "interval",
        }
    }
}

/// Customers, and what they pay per month, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Renewing {
    /// How many.
    pub n_customers: u64,
    /// What they pay per month for what is meant.
    pub revenue_minor: Minor,
}

impl Renewing {
    fn add(&mut self, revenue_minor: Minor) {
        self.n_customers += 1;
        self.revenue_minor += revenue_minor;
    }
}

/// What is due within so many days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DueWithin {
    /// After `as_of`.
    pub days: u16,
    /// All that is due.
    pub all: Renewing,
    /// Of it, what has an end already: the customer has given notice.
    pub ending: Renewing,
    /// By level of risk, most revenue first.
    pub levels: Vec<(String, Renewing)>,
    /// By the months of the term, where these are known, shortest first.
    pub terms: Vec<(u32, Renewing)>,
}

/// How many renewed of those who could, beside how many stayed of all.
#[derive(Clone, Debug, PartialEq)]
pub struct RenewalRate {
    /// Between which closes.
    pub span: Span,
    /// Of the customers active at the first close who were due before the last, the share active
    /// at the last.
    pub renewal_rate: Figure,
    /// Of all customers active at the first close, the share active at the last.
    pub customer_retention_rate: Figure,
    /// Customers active at the first close of whom no term is known: in neither part of the rate.
    pub n_unknown: u64,
}

/// What comes up for renewal.
#[derive(Clone, Debug, PartialEq)]
pub struct Renewals {
    /// Where the dates come from.
    pub source: RenewalSource,
    /// The column that levels of risk come from, where there is one.
    pub level_column: Option<String>,
    /// The day that the windows are counted from; none where the file has no dates and none is given.
    pub as_of: Option<Day>,
    /// What is due within 30, 60 and 90 days; each holds the one before. Empty without `as_of`.
    pub due: Vec<DueWithin>,
    /// Customers none of whose dates is known, and all they pay.
    pub unknown: Renewing,
    /// Customers all of whose dates lie before `as_of`, and all they pay.
    pub passed: Renewing,
    /// Of the latest complete period and of the trailing year; empty for accounts.
    pub rates: Vec<RenewalRate>,
}

/// What is due for renewal in the next 30, 60 and 90 days, in customers and monthly revenue in minor
/// units, and the share renewed of what was due.
///
/// Nothing where the file has neither a column of renewal dates nor terms.
///
/// # Formula
///
/// ```text
/// due(n)       = { subscriptions with as_of < next renewal ≤ as_of + n days }
/// renewal rate = renewed ÷ due         customer retention rate = (start − lost) ÷ start
/// ```
///
/// where the next renewal is the date in the file, or `start` plus whole terms; of a span, `due` are
/// the customers active at its first close with a subscription that ends a term up to its last
/// close, and `renewed` are those of them who are active at that last close.
///
/// # Domain
///
/// Subscriptions, and accounts that are still there. A customer is due once, on its first date, with
/// the revenue and the level of risk of what is due; the level is that of a column whose name speaks of
/// risk or health. Who is billed by the month is due each month. Terms are whole months;
/// of what is billed by days or weeks none is known.
///
/// # Undefined
///
/// - `nobody-due`: nobody could renew.
/// - `terms-not-in-file`: the file gives the next date of each subscription and not its term, so it
///   does not say who was due before.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// A term begins with the first paid day of its row: a change of plan begins another. Where a vendor
/// keeps a subscription for some days after a failed payment, it counts as renewed until it ends.
///
/// # Examples
///
/// ```
/// use retention_calculator::session::{AnalyzeOptions, Outcome, Session};
///
/// let csv = "customer,start,end,amount,interval\n\
///            A,2024-02-10,,120,year\nB,2024-01-20,2025-01-20,120,year\nC,2024-11-05,,120,year\n";
/// let options = AnalyzeOptions { as_of: Some("2025-01-31".to_owned()), ..Default::default() };
/// let mut session = Session::new(&options)?;
/// session.push(csv.as_bytes())?;
/// let Outcome::Report { report } = session.finish()? else { unreachable!() };
/// assert_eq!(report.renewals.as_ref().unwrap()[0].customers, 1);
/// let outlook = report.renewal_outlook.as_ref().unwrap();
/// assert_eq!(outlook.rates[0].renewal_rate.value, Some(0.0));
/// assert_eq!(outlook.rates[0].customer_retention_rate.value, Some(2.0 / 3.0));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// That a renewal rate counts those alone who could renew is the usual meaning in subscription
/// business; multi-year customers raise the retention of all without having renewed.
#[must_use]
#[inline(never)]
pub fn renewals(
    ledger: &Ledger,
    options: &AnalysisOptions,
    analysis: &Analysis,
) -> Option<Renewals> {
    match (&ledger.histories, analysis.as_of) {
        (Histories::Recurring(recurring), Some(as_of)) => {
            of_recurring(recurring, ledger, as_of, analysis, options.confidence)
        }
        (Histories::Accounts(accounts), _) => of_accounts(accounts, ledger, options.as_of),
        _ => None,
    }
}

/// Where the next date of renewal of each subscription comes from.
pub(super) struct RenewalDates<'a> {
    source: RenewalSource,
    terms: &'a Terms,
}

impl<'a> RenewalDates<'a> {
    /// None where the file has neither dates nor terms.
    pub(super) fn of(ledger: &'a Ledger) -> Option<Self> {
        let Histories::Recurring(recurring) = &ledger.histories else { return None };
        let terms = &ledger.terms;
        if recurring.spells.iter().any(|spell| spell.renewal.is_some()) {
            Some(Self { source: RenewalSource::Column, terms })
        } else {
            terms.is_known().then_some(Self { source: RenewalSource::Interval, terms })
        }
    }

    /// That of the subscription at a place of the ledger, which is there at the close of a day. A
    /// date of the file may lie before that.
    pub(super) fn next(&self, spell: &Spell, place: usize, day: Day) -> Option<Day> {
        match self.source {
            RenewalSource::Column => spell.renewal,
            RenewalSource::Interval => next_renewal(spell.start, self.terms.months_of(place)?, day),
        }
    }
}

/// The level of risk of a row, where a column of the file has it.
pub(super) struct RenewalLevels<'a> {
    dimensions: &'a Dimensions,
    column: Option<usize>,
}

impl<'a> RenewalLevels<'a> {
    pub(super) fn of(ledger: &'a Ledger) -> Self {
        let dimensions = &ledger.segments;
        // A score is a number, and no level.
        let is_level = |column: &Dimension| !column.is_number && speaks_of_risk(&column.name);
        Self { dimensions, column: dimensions.columns().iter().position(is_level) }
    }

    /// The name of the column.
    fn name(&self) -> Option<String> {
        Some(self.dimensions.columns().get(self.column?)?.name.clone())
    }

    /// The level of a row with these values, as the file has it.
    pub(super) fn level(&self, combination: Option<LabelIndex>) -> &'a str {
        let value = self.column.zip(combination);
        let value = value.map_or("", |(column, one)| self.dimensions.value(one, column));
        if value.is_empty() { UNKNOWN_LEVEL } else { value }
    }
}

/// Whether the name of a column speaks of risk or health.
fn speaks_of_risk(name: &str) -> bool {
    const WORDS: [&str; 6] = ["risk", "health", "risiko", "risque", "riesgo", "gesundheit"];
    let name = name.to_lowercase();
    name.split(|character: char| !character.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

/// The windows while customers are added to them.
struct Windows {
    as_of: Day,
    due: Vec<DueWithin>,
    levels: Vec<BTreeMap<String, Renewing>>,
    terms: Vec<BTreeMap<u32, Renewing>>,
    unknown: Renewing,
    passed: Renewing,
}

/// One subscription at `as_of`.
#[derive(Clone, Copy)]
struct Current<'a> {
    level: &'a str,
    renewal: Option<Day>,
    monthly: i64,
    is_ending: bool,
    term_months: Option<u32>,
}

impl Windows {
    fn new(as_of: Day) -> Self {
        let due = |days| DueWithin { days, ..DueWithin::default() };
        Self {
            as_of,
            due: RENEWAL_WINDOWS_DAYS.map(due).to_vec(),
            levels: vec![BTreeMap::new(); RENEWAL_WINDOWS_DAYS.len()],
            terms: vec![BTreeMap::new(); RENEWAL_WINDOWS_DAYS.len()],
            unknown: Renewing::default(),
            passed: Renewing::default(),
        }
    }

    /// Adds a customer with all that it is subscribed to at `as_of`.
    fn add(&mut self, current: &[Current<'_>]) {
        if current.is_empty() {
            return;
        }
        let all = || current.iter().map(|one| Minor::from(one.monthly)).sum();
        let Some(latest) = current.iter().filter_map(|one| one.renewal).max() else {
            return self.unknown.add(all());
        };
        if latest <= self.as_of {
            return self.passed.add(all());
        }
        for (place, window) in self.due.iter_mut().enumerate() {
            let until = Day(self.as_of.0.saturating_add(i32::from(window.days)));
            let is_due = |one: &&Current<'_>| {
                one.renewal.is_some_and(|renewal| self.as_of < renewal && renewal <= until)
            };
            let due = || current.iter().filter(is_due);
            let Some(first) = due().min_by_key(|one| one.renewal) else { continue };
            let sum = |ones: &mut dyn Iterator<Item = &Current<'_>>| -> Minor {
                ones.map(|one| Minor::from(one.monthly)).sum()
            };
            let revenue_minor = sum(&mut due());
            window.all.add(revenue_minor);
            let ending = sum(&mut due().filter(|one| one.is_ending));
            if due().any(|one| one.is_ending) {
                window.ending.add(ending);
            }
            self.levels[place].entry(first.level.to_owned()).or_default().add(revenue_minor);
            // A customer with several terms is counted with the one that is due first.
            if let Some(months) = first.term_months {
                self.terms[place].entry(months).or_default().add(revenue_minor);
            }
        }
    }

    fn finish(
        self,
        source: RenewalSource,
        level_column: Option<String>,
        rates: Vec<RenewalRate>,
    ) -> Renewals {
        let mut due = self.due;
        for (window, (levels, terms)) in due.iter_mut().zip(self.levels.into_iter().zip(self.terms))
        {
            window.levels = levels.into_iter().collect();
            arrange::by_key(&mut window.levels, |(_, level)| -level.revenue_minor);
            window.terms = terms.into_iter().collect();
        }
        let (unknown, passed) = (self.unknown, self.passed);
        Renewals { source, level_column, as_of: Some(self.as_of), due, unknown, passed, rates }
    }
}

fn of_accounts(accounts: &[Account], ledger: &Ledger, as_of: Option<Day>) -> Option<Renewals> {
    accounts.iter().find_map(|account| account.renewal)?;
    let source = RenewalSource::Column;
    let levels = RenewalLevels::of(ledger);
    let Some(as_of) = as_of else {
        let none = Renewing::default();
        return Some(Renewals {
            source,
            level_column: levels.name(),
            as_of: None,
            due: Vec::new(),
            unknown: none,
            passed: none,
            rates: Vec::new(),
        });
    };
    let mut windows = Windows::new(as_of);
    for account in accounts.iter().filter(|account| !account.churned) {
        windows.add(&[Current {
            level: levels.level(account.segment),
            renewal: account.renewal,
            monthly: account.amount.unwrap_or(0),
            is_ending: false,
            term_months: None,
        }]);
    }
    Some(windows.finish(source, levels.name(), Vec::new()))
}

fn of_recurring(
    recurring: &Recurring,
    ledger: &Ledger,
    as_of: Day,
    analysis: &Analysis,
    confidence: f64,
) -> Option<Renewals> {
    let dates = RenewalDates::of(ledger)?;
    let levels = RenewalLevels::of(ledger);
    let mut windows = Windows::new(as_of);
    let latest = analysis.periods.iter().rev().find(|period| !period.span.is_partial);
    let mut rates: Vec<DueInSpan<'_>> = [latest, analysis.trailing_year.as_ref()]
        .into_iter()
        .flatten()
        .filter_map(|period| DueInSpan::new(&period.span, &period.customer_retention_rate))
        .collect();
    let mut current = Vec::new();
    let mut n_before = 0;
    for spells in recurring.spells.chunk_by(|a, b| a.customer == b.customer) {
        let with_terms = || {
            (n_before..).zip(spells).map(|(place, spell)| (spell, ledger.terms.months_of(place)))
        };
        current.clear();
        for (place, spell) in (n_before..).zip(spells) {
            if is_active(spell, as_of) {
                let renewal = dates.next(spell, place, as_of);
                let is_ending = spell.end.zip(renewal).is_some_and(|(end, renewal)| end <= renewal);
                let term_months = ledger.terms.months_of(place);
                current.push(Current {
                    level: levels.level(spell.segment),
                    renewal,
                    monthly: spell.monthly,
                    is_ending,
                    term_months,
                });
            }
        }
        windows.add(&current);
        for rate in &mut rates {
            rate.add(with_terms());
        }
        n_before += spells.len();
    }
    let has_terms = ledger.terms.is_known();
    let rates = rates.into_iter().map(|rate| rate.finish(has_terms, confidence)).collect();
    Some(windows.finish(dates.source, levels.name(), rates))
}

/// Whether a subscription is paid for at the close of a day.
pub(super) fn is_active(spell: &Spell, close: Day) -> bool {
    spell.start <= close && spell.end.is_none_or(|end| close < end)
}

/// The first day after another on which whole terms since the start are over; none beyond the
/// calendar.
fn next_renewal(start: Day, term_months: u32, after: Day) -> Option<Day> {
    // A month has 31 days at the most, so no term is skipped.
    let n_days = u32::try_from(i64::from(after.0) - i64::from(start.0)).unwrap_or(0);
    let mut n_terms = (n_days / 31 / term_months).max(1);
    loop {
        let renewal = start.months_later(n_terms.checked_mul(term_months)?)?;
        if after < renewal {
            return Some(renewal);
        }
        n_terms += 1;
    }
}

/// What became of a customer between two closes.
pub(super) enum RenewedIn {
    /// It was due, and is there or is not at the last close.
    Due {
        /// Whether it is.
        is_renewed: bool,
    },
    /// It was there, and not all of its terms are known.
    Unknown,
    /// It could not renew.
    NotDue,
}

/// What became of the customer with these subscriptions and their terms.
pub(super) fn renewed_in<'s>(
    spells: impl Iterator<Item = (&'s Spell, Option<u32>)> + Clone,
    (from, to): (Day, Day),
) -> RenewedIn {
    let (mut is_there, mut is_known, mut is_due) = (false, true, false);
    for (spell, term_months) in spells.clone().filter(|(spell, _)| is_active(spell, from)) {
        is_there = true;
        is_known &= term_months.is_some();
        let next = term_months.and_then(|term| next_renewal(spell.start, term, from));
        is_due |= next.is_some_and(|next| next <= to);
    }
    if is_due {
        let is_renewed = spells.into_iter().any(|(spell, _)| is_active(spell, to));
        return RenewedIn::Due { is_renewed };
    }
    if is_there && !is_known { RenewedIn::Unknown } else { RenewedIn::NotDue }
}

/// Who was due in a span, while customers are added to it.
struct DueInSpan<'a> {
    span: &'a Span,
    from: Day,
    to: Day,
    retention: &'a Figure,
    n_due: u64,
    n_renewed: u64,
    n_unknown: u64,
}

impl<'a> DueInSpan<'a> {
    fn new(span: &'a Span, retention: &'a Figure) -> Option<Self> {
        let (from, to) = (span.from?, span.to?);
        Some(Self { span, from, to, retention, n_due: 0, n_renewed: 0, n_unknown: 0 })
    }

    fn add<'s>(&mut self, spells: impl Iterator<Item = (&'s Spell, Option<u32>)> + Clone) {
        match renewed_in(spells, (self.from, self.to)) {
            RenewedIn::Due { is_renewed } => {
                self.n_due += 1;
                self.n_renewed += u64::from(is_renewed);
            }
            RenewedIn::Unknown => self.n_unknown += 1,
            RenewedIn::NotDue => {}
        }
    }

    fn finish(self, has_terms: bool, confidence: f64) -> RenewalRate {
        let id = FormulaId::CustomerRetentionRate;
        let inputs = [("start", count(self.n_due)), ("new", 0.0), ("end", count(self.n_renewed))];
        let renewal_rate = if !has_terms {
            Figure::undefined(id, "terms-not-in-file", &[])
        } else if self.n_due == 0 {
            Figure::undefined(id, "nobody-due", &inputs)
        } else {
            share_of_customers(id, self.n_renewed, self.n_due, &inputs, confidence)
        };
        RenewalRate {
            span: self.span.clone(),
            renewal_rate,
            customer_retention_rate: self.retention.clone(),
            n_unknown: self.n_unknown,
        }
    }
}
