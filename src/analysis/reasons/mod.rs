//! Why customers left: the lost of a period, of the trailing year and of the whole file by reason.
//!
//! It drops nobody: who left without a reason is counted as such. It judges no reason; what each
//! means is in [`words`], and the reader can say otherwise.

mod words;

use std::collections::BTreeMap;

use super::period_figures::{Scale, count, share_of_customers};
use super::{Analysis, AnalysisOptions, Span};
use crate::arrange;
use crate::calendar::Day;
use crate::formula;
use crate::ledger::{Account, Histories, LabelIndex, Labels, Ledger, Recurring, Spell};
use crate::number::interval::share_of_sum;
use crate::number::{Figure, FormulaId, Minor, to_major};

/// Whether a customer chose to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReasonKind {
    /// It did.
    Voluntary,
    /// It did not: a payment failed, or there is no such business any more.
    Involuntary,
    /// The reason does not say.
    Unknown,
}

impl ReasonKind {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Voluntary => "voluntary",
            Self::Involuntary => "involuntary",
            Self::Unknown => "unknown",
        }
    }

    /// The kind of a published name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Voluntary, Self::Involuntary, Self::Unknown]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// What a reason is about, whoever chose to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// What it costs.
    Price,
    /// What it does, or how well.
    Product,
    /// How the customer was served.
    Service,
    /// Another offer.
    Competition,
    /// It is not used or not needed.
    Usage,
    /// The customer asked for it and named no cause.
    Request,
    /// A payment failed.
    Payment,
    /// The business was closed.
    Closure,
    /// The business was bought.
    Acquisition,
    /// A move, a death, a change of people.
    Circumstances,
    /// The vendor ended it.
    Vendor,
    /// Something else, or nothing that is known.
    Other,
}

impl Cause {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Product => "product",
            Self::Service => "service",
            Self::Competition => "competition",
            Self::Usage => "usage",
            Self::Request => "request",
            Self::Payment => "payment",
            Self::Closure => "closure",
            Self::Acquisition => "acquisition",
            Self::Circumstances => "circumstances",
            Self::Vendor => "vendor",
            Self::Other => "other",
        }
    }
}

/// The lost of one stretch of time by reason.
#[derive(Clone, Debug, PartialEq)]
pub struct LostByReason {
    /// Of which stretch.
    pub window: LostIn,
    /// From which close to which.
    pub span: Span,
    /// All who were lost.
    pub all: Lost,
    /// Most revenue first; those without a reason last.
    pub reasons: Vec<ReasonShare>,
    /// The same by kind, voluntary first; kinds without anyone too.
    pub kinds: Vec<(ReasonKind, LostShare)>,
    /// The same by cause, most revenue first; causes with someone only.
    pub causes: Vec<(Cause, LostShare)>,
}

/// The stretch of time in which customers were lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LostIn {
    /// The latest period that `as_of` does not cut short.
    LatestPeriod,
    /// The twelve months up to `as_of`.
    TrailingYear,
    /// From the first day on.
    WholeFile,
}

impl LostIn {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LatestPeriod => "latest-period",
            Self::TrailingYear => "trailing-year",
            Self::WholeFile => "whole-file",
        }
    }
}

/// Customers lost, and what they paid per month, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// How many.
    pub n_customers: u64,
    /// What they paid at the first close, or, over the whole file, before they left.
    pub revenue_minor: Minor,
    /// The squares of what each paid, added up.
    pub squares: u128,
}

impl Lost {
    fn add(&mut self, revenue_minor: Minor) {
        self.n_customers += 1;
        self.revenue_minor += revenue_minor;
        let paid = revenue_minor.unsigned_abs();
        self.squares = self.squares.saturating_add(paid.saturating_mul(paid));
    }

    fn add_all(&mut self, other: &Self) {
        self.n_customers += other.n_customers;
        self.revenue_minor += other.revenue_minor;
        self.squares = self.squares.saturating_add(other.squares);
    }

    /// What they paid, and its squares, as numbers.
    #[expect(clippy::cast_precision_loss, reason = "an interval has fewer digits")]
    fn moments(self) -> (f64, f64) {
        (self.revenue_minor as f64, self.squares as f64)
    }
}

/// A part of the lost, with its shares of all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct LostShare {
    /// The part.
    pub lost: Lost,
    /// Its share of the customers lost.
    pub share: Figure,
    /// Its share of the revenue lost.
    pub revenue_share: Figure,
}

/// The lost of one reason.
#[derive(Clone, Debug, PartialEq)]
pub struct ReasonShare {
    /// As the file has it; none where no reason is stated.
    pub reason: Option<String>,
    /// Whether they chose to leave.
    pub kind: ReasonKind,
    /// Whether the reader said so, and not the list of words.
    pub is_chosen: bool,
    /// What it is about.
    pub cause: Cause,
    /// How many they are.
    pub part: LostShare,
}

/// Why customers left: counts, monthly revenue in minor units and shares by reason, of the latest
/// complete period, the trailing year and the whole file, in this order.
///
/// Nothing where the file states no reason.
///
/// # Formula
///
/// ```text
/// share(r)         = lost(r) ÷ lost
/// revenue share(r) = revenue lost(r) ÷ revenue lost
/// ```
///
/// where `lost` are the customers active at the first close and not at the last (over the whole
/// file: all who ever were active and are not at the close of `as_of`), `r` is a reason or none, and
/// revenue is that of the first close (over the whole file: that before a customer's last day).
///
/// # Domain
///
/// Subscriptions and accounts with a column of reasons. A customer's reason is that of the row that
/// ended on its last day; of several, the one that paid most. Customers and revenue of a period are
/// its `lost` and `churned`, and the shares of customers add up to 1 with those who gave no reason.
///
/// # Undefined
///
/// - `no-whole`: nobody was lost, or nobody who paid.
/// - `no-amounts`: the share of revenue in a file without amounts.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// A reason means what the list of words takes it for, unless the reader has said otherwise. That a
/// business closed or was bought is involuntary, like a failed payment, and a cause of its own.
///
/// # Examples
///
/// ```
/// use retention_calculator::session::{AnalyzeOptions, Outcome, Session};
///
/// let csv = "customer,start,end,mrr,reason\n\
///            A,2024-01-01,2024-02-10,10,too_expensive\nB,2024-01-01,,10,\n";
/// let mut session = Session::new(&AnalyzeOptions::default())?;
/// session.push(csv.as_bytes())?;
/// let Outcome::Report { report } = session.finish()? else { unreachable!() };
/// let reason = &report.reasons.as_ref().unwrap()[0];
/// assert_eq!((reason.kind.as_str(), reason.group.as_str()), ("voluntary", "price"));
/// assert_eq!(reason.share.value, Some(1.0));
/// # Ok::<(), retention_calculator::Error>(())
/// ```
///
/// # References
///
/// E. B. Wilson (1927): Probable inference, the law of succession, and statistical inference.
/// Journal of the American Statistical Association 22, 209–212, for the intervals; those of revenue are [`share_of_sum`].
#[must_use]
#[inline(never)]
pub fn lost_by_reason(
    ledger: &Ledger,
    options: &AnalysisOptions,
    analysis: &Analysis,
) -> Option<Vec<LostByReason>> {
    if ledger.reasons.names.is_empty() {
        return None;
    }
    let scale = Scale {
        has_amounts: ledger.has_amounts,
        decimals: ledger.decimals,
        confidence: options.confidence,
    };
    let tallies = match (&ledger.histories, analysis.as_of) {
        (Histories::Recurring(recurring), Some(as_of)) => {
            of_spells(recurring, &windows_of(analysis), as_of, ledger.reasons.names.len())
        }
        (Histories::Accounts(accounts), _) => {
            vec![of_accounts(accounts, ledger.reasons.names.len())]
        }
        _ => return None,
    };
    let meanings: Vec<Meaning> =
        ledger.reasons.names.iter().map(|name| Meaning::of(name, options)).collect();
    Some(tallies.into_iter().map(|tally| tally.finish(&ledger.reasons, &meanings, scale)).collect())
}

/// What a reason is taken for.
#[derive(Clone, Copy)]
struct Meaning {
    kind: ReasonKind,
    is_chosen: bool,
    cause: Cause,
}

impl Meaning {
    const NOT_STATED: Self =
        Self { kind: ReasonKind::Unknown, is_chosen: false, cause: Cause::Other };

    fn of(reason: &str, options: &AnalysisOptions) -> Self {
        let (kind, cause) = words::meaning(reason);
        let chosen = options.reason_kinds.get(reason).copied();
        Self { kind: chosen.unwrap_or(kind), is_chosen: chosen.is_some(), cause }
    }
}

/// The lost of one window while customers are added to them.
struct Tally {
    window: LostIn,
    span: Span,
    /// By reason, and those without one behind them.
    lost: Vec<Lost>,
}

impl Tally {
    fn new(window: LostIn, span: Span, n_reasons: usize) -> Self {
        Self { window, span, lost: vec![Lost::default(); n_reasons + 1] }
    }

    fn add(&mut self, reason: Option<LabelIndex>, revenue_minor: Minor) {
        let last = self.lost.len() - 1;
        let place = reason.map_or(last, |reason| (reason as usize).min(last));
        self.lost[place].add(revenue_minor);
    }

    #[inline(never)]
    fn finish(self, names: &Labels, meanings: &[Meaning], scale: Scale) -> LostByReason {
        let mut all = Lost::default();
        let mut kinds = BTreeMap::from([
            (ReasonKind::Voluntary, Lost::default()),
            (ReasonKind::Involuntary, Lost::default()),
            (ReasonKind::Unknown, Lost::default()),
        ]);
        let mut causes: BTreeMap<Cause, Lost> = BTreeMap::new();
        for (place, lost) in self.lost.iter().enumerate().filter(|(_, lost)| 0 < lost.n_customers) {
            let meaning = meanings.get(place).copied().unwrap_or(Meaning::NOT_STATED);
            let sums = [
                &mut all,
                kinds.entry(meaning.kind).or_default(),
                causes.entry(meaning.cause).or_default(),
            ];
            for sum in sums {
                sum.add_all(lost);
            }
        }
        let part = |lost: Lost| share_of(lost, all, scale);
        let mut reasons: Vec<ReasonShare> = self
            .lost
            .iter()
            .enumerate()
            .filter(|(_, lost)| 0 < lost.n_customers)
            .map(|(place, &lost)| {
                let meaning = meanings.get(place).copied().unwrap_or(Meaning::NOT_STATED);
                ReasonShare {
                    reason: names.names.get(place).cloned(),
                    kind: meaning.kind,
                    is_chosen: meaning.is_chosen,
                    cause: meaning.cause,
                    part: part(lost),
                }
            })
            .collect();
        // They are in alphabetical order, those without a reason last, and stay so where alike.
        arrange::by_key(&mut reasons, |one| (one.reason.is_none(), most_first(one.part.lost)));
        let mut causes: Vec<(Cause, LostShare)> =
            causes.into_iter().map(|(cause, lost)| (cause, part(lost))).collect();
        arrange::by_key(&mut causes, |(_, one)| most_first(one.lost));
        LostByReason {
            window: self.window,
            span: self.span,
            all,
            reasons,
            kinds: kinds.into_iter().map(|(kind, lost)| (kind, part(lost))).collect(),
            causes,
        }
    }
}

/// A key that sorts by revenue, then customers, most first.
fn most_first(lost: Lost) -> (Minor, std::cmp::Reverse<u64>) {
    (-lost.revenue_minor, std::cmp::Reverse(lost.n_customers))
}

fn share_of(lost: Lost, all: Lost, scale: Scale) -> LostShare {
    let id = FormulaId::Share;
    let inputs = [("part", count(lost.n_customers)), ("whole", count(all.n_customers))];
    let share = if all.n_customers == 0 {
        Figure::undefined(id, "no-whole", &inputs)
    } else {
        share_of_customers(id, lost.n_customers, all.n_customers, &inputs, scale.confidence)
    };
    let revenue_share = if scale.has_amounts {
        let major = |lost: Lost| to_major(lost.revenue_minor, scale.decimals);
        let figure = formula::share(major(lost), major(all))
            .unwrap_or_else(|error| Figure::undefined(id, error.code(), &[]));
        match share_of_sum(lost.moments(), all.moments(), scale.confidence) {
            Some(ends) if figure.value.is_some() => {
                figure.counted_from(all.n_customers).with_interval(ends)
            }
            _ => figure,
        }
    } else {
        Figure::undefined(id, "no-amounts", &[])
    };
    LostShare { lost, share, revenue_share }
}

/// The stretches of time whose lost are told apart, with their closes.
fn windows_of(analysis: &Analysis) -> Vec<(LostIn, Span)> {
    let latest = analysis.spans.iter().rev().find(|span| !span.is_partial);
    let latest = latest.map(|span| (LostIn::LatestPeriod, span.clone()));
    let year = analysis.year.as_ref().map(|year| (LostIn::TrailingYear, year.clone()));
    let whole = (LostIn::WholeFile, whole_file(analysis));
    [latest, year, Some(whole)].into_iter().flatten().collect()
}

/// From the first day to `as_of`.
fn whole_file(analysis: &Analysis) -> Span {
    Span {
        label: "all".to_owned(),
        from: analysis.spans.first().and_then(|span| span.from),
        to: analysis.as_of,
        is_partial: false,
    }
}

fn of_accounts(accounts: &[Account], n_reasons: usize) -> Tally {
    let span = Span { label: "all".to_owned(), from: None, to: None, is_partial: false };
    let mut tally = Tally::new(LostIn::WholeFile, span, n_reasons);
    for account in accounts.iter().filter(|account| account.churned) {
        tally.add(account.reason, account.amount.unwrap_or(0).into());
    }
    tally
}

#[inline(never)]
fn of_spells(
    recurring: &Recurring,
    windows: &[(LostIn, Span)],
    as_of: Day,
    n_reasons: usize,
) -> Vec<Tally> {
    let mut tallies: Vec<Tally> =
        windows.iter().map(|(window, span)| Tally::new(*window, span.clone(), n_reasons)).collect();
    recurring.for_each_customer(|spells| {
        for tally in &mut tallies {
            let to = tally.span.to.unwrap_or(as_of);
            let from = tally.span.from.filter(|_| tally.window != LostIn::WholeFile);
            if let Some(lost) = Loss::of(spells, from, to) {
                tally.add(lost.reason, lost.revenue_minor);
            }
        }
    });
    tallies
}

/// One customer who is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) reason: Option<LabelIndex>,
    /// What it paid per month.
    pub(super) revenue_minor: Minor,
}

impl Loss {
    /// How the customer with these spells was lost between the closes of two days, or up to the
    /// close of `to` where there is no first; none where it was not.
    pub(super) fn of(spells: &[Spell], from: Option<Day>, to: Day) -> Option<Self> {
        let last_day = last_day(spells, to)?;
        let paid = |close: Day| -> Minor {
            let there =
                |spell: &&Spell| spell.start <= close && spell.end.is_none_or(|end| close < end);
            spells.iter().filter(there).map(|spell| Minor::from(spell.monthly)).sum()
        };
        let revenue_minor = paid(from.unwrap_or(last_day.previous()));
        let ended =
            spells.iter().filter(|spell| is_known(spell, to) && spell.end == Some(last_day));
        // Of those that paid alike, the first in alphabetical order.
        let reason = ended
            .filter_map(|spell| Some((std::cmp::Reverse(spell.monthly), spell.reason?)))
            .min()
            .map(|(_, reason)| reason);
        (0 < revenue_minor).then_some(Self { reason, revenue_minor })
    }
}

/// The last day of a customer who is not there at a close, of those up to then; none where it is, or
/// never was.
pub(super) fn last_day(spells: &[Spell], to: Day) -> Option<Day> {
    let mut last_day = None;
    for spell in spells.iter().filter(|spell| is_known(spell, to)) {
        // One without an end, or with one behind the close, is there still.
        last_day = last_day.max(Some(spell.end.filter(|end| *end <= to)?));
    }
    last_day
}

/// Whether a spell has begun by a close, and has any day at all.
fn is_known(spell: &Spell, to: Day) -> bool {
    spell.start <= to && spell.end != Some(spell.start)
}
