//! The accounts of a file under a sheet, as plain data: each with its score and what fired, and what
//! stands at each level.
//!
//! Rates are fractions, money is in major units, dates are `YYYY-MM-DD`; nothing is formatted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::accounts::HealthAccounts;
use super::playbook::{AtStake, Playbook, PlaybookReport, playbook};
use super::reading::{Account, ReadAccounts, ReadingOptions};
use super::score::{Scored, Scorer};
use super::sheet::{RiskCategory, RiskLevel, RiskSheet, RiskUntracked};
use super::signal::RiskSignal;
use crate::Error;
use crate::arrange;
use crate::calendar::Day;
use crate::formula::share;
use crate::ingest::Separator;
use crate::ingest::amount::DecimalMark;
use crate::note::{Notes, Severity};
use crate::number::{Figure, Minor, interval, to_major};
use crate::report::{ColumnReport, DialectReport, NoteReport, Question, RowCounts, note_report};
use crate::roles::health::HealthRole;

/// How many days ahead renewals are looked at.
pub const RENEWAL_DAYS: i32 = 90;
/// How many accounts the report lists where nothing else is asked for.
pub const ACCOUNTS_LISTED: usize = 10_000;

/// Declares plain data that crosses the boundary of the core.
macro_rules! plain_data {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
        #[cfg_attr(feature = "wasm", tsify(missing_as_null, hashmap_as_object))]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($body)* }
    )*};
}

plain_data! {
    /// The health of the accounts of one file.
    pub struct RiskReport {
        /// What was read, how, and what was left out.
        pub input: RiskInput,
        /// The sheet used.
        pub sheet: RiskSheet,
        /// The sheet as it is published.
        pub published: RiskSheet,
        /// What the sheet can come to in this file.
        pub attainable: Attainable,
        /// What of the sheet the file knows.
        pub signals: Vec<SignalReport>,
        /// Accounts that were scored.
        pub customers: u64,
        /// Accounts that have left already; they are not scored.
        pub left: u64,
        /// What all scored accounts pay per month; nothing where the file does not say.
        pub revenue: Option<f64>,
        /// Accounts whose revenue is not known, where others' is.
        pub without_revenue: u64,
        /// The accounts by level, the gravest first, the unknown last.
        pub levels: Vec<LevelReport>,
        /// Critical and high together.
        pub at_risk: LevelTotals,
        /// What is up for renewal in the next 90 days; nothing without renewals or a date to count from.
        pub renewals: Option<Vec<LevelReport>>,
        /// Why there are no renewals: `no-renewal-column` or `no-as-of`.
        pub renewals_why: Option<String>,
        /// The accounts: those at the highest level first, and by score inside each.
        pub accounts: Vec<RiskAccount>,
        /// The accounts that have left, in the order of the file: they have no score, and cohorts and
        /// owners count them.
        pub left_accounts: Vec<LeftAccount>,
        /// By cohort, where the file has cohorts or starts.
        pub cohorts: Option<Vec<HealthGroup>>,
        /// By owner, where the file has owners.
        pub owners: Option<Vec<HealthGroup>>,
        /// What acting on them would save.
        pub playbook: PlaybookReport,
    }

    /// What was read, how, and what was left out.
    pub struct RiskInput {
        /// The date that everything is counted up to; empty where the file has none.
        pub as_of: String,
        /// ISO 4217 code, where the file names one.
        pub currency: Option<String>,
        /// How the text was read.
        pub dialect: DialectReport,
        /// The columns, in the order of the file.
        pub columns: Vec<ColumnReport>,
        /// Read = used + excluded.
        pub rows: RowCounts,
        /// What was found on the way.
        pub notes: Vec<NoteReport>,
        /// What only the reader of the report can decide.
        pub questions: Vec<Question>,
    }

    /// What the sheet can come to.
    pub struct Attainable {
        /// The highest score, under the method used.
        pub score: f64,
        /// The points of all categories together.
        pub points: f64,
        /// What the points times the weights come to at most, as the published words can be read.
        pub points_times_weights: f64,
        /// The categories.
        pub categories: Vec<CategoryReport>,
    }

    /// What one category can come to.
    pub struct CategoryReport {
        /// The category.
        pub category: RiskCategory,
        /// Its weight.
        pub weight: f64,
        /// The most points of its rules.
        pub points: f64,
        /// The most that it can add to the score.
        pub score: f64,
    }

    /// What the file knows of one signal.
    pub struct SignalReport {
        /// The signal.
        pub signal: RiskSignal,
        /// The columns that it is read from; none where the file has none.
        pub columns: Vec<String>,
        /// Whether a rule that counts looks at it.
        pub counts: bool,
        /// Scored accounts for which it is known.
        pub known: u64,
    }

    /// Accounts and what they pay.
    pub struct LevelTotals {
        /// Accounts.
        pub customers: u64,
        /// What they pay per month, in major units; nothing where the file does not say.
        pub revenue: Option<f64>,
    }

    /// The accounts of one level.
    pub struct LevelReport {
        /// The level.
        pub level: RiskLevel,
        /// Accounts.
        pub customers: u64,
        /// What they pay per month, in major units; nothing where the file does not say.
        pub revenue: Option<f64>,
    }

    /// One account.
    pub struct RiskAccount {
        /// Its id.
        pub customer: String,
        /// Its row, as a spreadsheet numbers it.
        pub row: u64,
        /// Who looks after it.
        pub owner: Option<String>,
        /// The group that it began with.
        pub cohort: Option<String>,
        /// What is known to count; nothing where nothing at all is known.
        pub score: Option<f64>,
        /// The score if all that is not known were healthy.
        pub low: f64,
        /// The score if all that is not known were bad.
        pub high: f64,
        /// The share of the attainable score that is known.
        pub known_share: f64,
        /// Its level.
        pub level: RiskLevel,
        /// Its level if all that is not known were bad.
        pub level_at_worst: RiskLevel,
        /// The rules that fire, those that add most first.
        pub fired: Vec<FiredReport>,
        /// The signals that are not known, of those that count.
        pub missing: Vec<RiskSignal>,
        /// What it pays per month, in major units.
        pub revenue: Option<f64>,
        /// When its contract is up for renewal.
        pub renewal: Option<String>,
        /// Whether that is in the next 90 days.
        pub is_due: bool,
        /// Its score on the ninetieth day, from the file.
        pub score_day_90: Option<f64>,
        /// Days from its start to its first value.
        pub days_to_first_value: Option<f64>,
        /// Whether it was there after twelve months; nothing where that is not known yet.
        pub retained_twelve_months: Option<bool>,
    }

    /// An account that has left.
    pub struct LeftAccount {
        /// Its id.
        pub customer: String,
        /// Its row, as a spreadsheet numbers it.
        pub row: u64,
        /// Who looked after it.
        pub owner: Option<String>,
        /// The group that it began with.
        pub cohort: Option<String>,
        /// Its score on the ninetieth day, from the file.
        pub score_day_90: Option<f64>,
        /// Days from its start to its first value.
        pub days_to_first_value: Option<f64>,
        /// Whether it was there after twelve months; nothing where that is not known yet.
        pub retained_twelve_months: Option<bool>,
    }

    /// A rule that fires.
    pub struct FiredReport {
        /// The rule on the sheet.
        pub rule: String,
        /// The signal that it looks at.
        pub signal: RiskSignal,
        /// Its category.
        pub category: RiskCategory,
        /// The value; nothing where it is beyond all numbers, such as days since a login that never was.
        pub value: Option<f64>,
        /// Its points on the sheet.
        pub points: f64,
        /// What it adds to the score; 0 where a higher rule of its group counts instead.
        pub adds: f64,
    }

    /// Accounts with a cohort or an owner in common.
    pub struct HealthGroup {
        /// Its name; nothing for accounts without one.
        pub name: Option<String>,
        /// Accounts, those that have left included.
        pub customers: u64,
        /// Scored accounts at critical or high.
        pub at_risk: u64,
        /// What those pay per month, in major units.
        pub revenue_at_risk: Option<f64>,
        /// The mean score on the ninetieth day, where the file has it.
        pub score_day_90: MeanReport,
        /// The mean days from the start to the first value.
        pub days_to_first_value: MeanReport,
        /// The share that was still there after twelve months, of those that could have been.
        pub twelve_month_retention: Option<Figure>,
    }

    /// A mean of what is known.
    pub struct MeanReport {
        /// The mean; nothing where nothing is known.
        pub value: Option<f64>,
        /// Of how many accounts.
        pub n: u64,
        /// What it is the mean of, added up.
        pub sum: f64,
        /// Lower end of its interval; nothing where it is of fewer than two accounts.
        pub low: Option<f64>,
        /// Upper end of its interval.
        pub high: Option<f64>,
    }
}

/// The level of one account.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelOfAccount {
    /// Its id.
    pub customer: String,
    /// Its level.
    pub level: RiskLevel,
    /// What it pays per month, in minor units.
    pub monthly_minor: Option<i64>,
    /// When its contract is up for renewal.
    pub renewal: Option<Day>,
}

/// What a report is asked with.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskOptions {
    /// How cells are read.
    pub reading: ReadingOptions,
    /// The sheet.
    pub sheet: RiskSheet,
    /// The playbook.
    pub playbook: Playbook,
    /// How many accounts to list.
    pub n_listed: usize,
    /// Confidence of intervals.
    pub confidence: f64,
}

impl Default for RiskOptions {
    fn default() -> Self {
        Self {
            reading: ReadingOptions::default(),
            sheet: RiskSheet::default(),
            playbook: Playbook::default(),
            n_listed: ACCOUNTS_LISTED,
            confidence: interval::DEFAULT_CONFIDENCE,
        }
    }
}

/// Customers and money of a level, exact.
#[derive(Clone, Debug, Default)]
struct Totals {
    n_customers: u64,
    monthly_minor: Vec<i64>,
}

impl Totals {
    fn add(&mut self, monthly_minor: Option<i64>) {
        self.n_customers += 1;
        self.monthly_minor.extend(monthly_minor);
    }

    fn revenue(&self, money: Money) -> Option<f64> {
        money.major(self.monthly_minor.iter().copied().map(Minor::from).sum())
    }
}

/// Whether there is money, and how it becomes a number.
#[derive(Clone, Copy)]
struct Money {
    is_known: bool,
    decimals: u8,
}

impl Money {
    fn major(self, minor: Minor) -> Option<f64> {
        self.is_known.then(|| to_major(minor, self.decimals))
    }
}

/// Whether a contract is up for renewal within so many days after a date.
fn is_due(renewal: Option<Day>, as_of: Option<Day>) -> bool {
    renewal.zip(as_of).is_some_and(|(day, as_of)| as_of < day && day.0 <= as_of.0 + RENEWAL_DAYS)
}

impl HealthAccounts {
    /// The health of all accounts under some options.
    ///
    /// # Errors
    ///
    /// `invalid-option` where sheet or playbook cannot be meant.
    pub fn report(&self, options: &RiskOptions) -> Result<RiskReport, Error> {
        options.sheet.check()?;
        let read = self.read(&options.reading);
        let scorer = Scorer::new(&options.sheet, |signal| !self.columns_of(signal).is_empty());
        let rated: Vec<(&Account<'_>, Scored)> = read
            .accounts
            .iter()
            .filter(|account| !account.has_left)
            .map(|account| (account, scorer.score(&account.signals)))
            .collect();
        let money = Money {
            is_known: rated.iter().any(|(account, _)| account.monthly_minor.is_some()),
            decimals: read.decimals,
        };
        let mut notes = read.notes.clone();
        let n_left = count(read.accounts.len() - rated.len());
        self.tell(&read, options, n_left, &mut notes);
        let mut levels: BTreeMap<RiskLevel, Totals> = BTreeMap::new();
        let mut due: BTreeMap<RiskLevel, Totals> = BTreeMap::new();
        for (account, score) in &rated {
            levels.entry(score.level).or_default().add(account.monthly_minor);
            if is_due(account.renewal, read.as_of) {
                due.entry(score.level).or_default().add(account.monthly_minor);
            }
        }
        let by_level = |totals: &BTreeMap<RiskLevel, Totals>| -> Vec<LevelReport> {
            let none = Totals::default();
            RiskLevel::ALL
                .into_iter()
                .map(|level| {
                    let own = totals.get(&level).unwrap_or(&none);
                    LevelReport { level, customers: own.n_customers, revenue: own.revenue(money) }
                })
                .collect()
        };
        let (renewals, renewals_why) = if self.detection.column(HealthRole::Renewal).is_none() {
            (None, Some("no-renewal-column".to_owned()))
        } else if read.as_of.is_none() {
            (None, Some("no-as-of".to_owned()))
        } else {
            (Some(by_level(&due)), None)
        };
        let mut at_risk = Totals::default();
        for level in [RiskLevel::Critical, RiskLevel::High] {
            if let Some(own) = levels.get(&level) {
                at_risk.n_customers += own.n_customers;
                at_risk.monthly_minor.extend(&own.monthly_minor);
            }
        }
        let all_minor = levels.values().flat_map(|own| &own.monthly_minor);
        let without_revenue = rated.iter().filter(|(one, _)| one.monthly_minor.is_none()).count();
        let at_stake = |level: RiskLevel| {
            levels.get(&level).map_or_else(AtStake::default, |own| AtStake {
                n_customers: own.n_customers,
                monthly_minor: own.monthly_minor.clone(),
            })
        };
        let playbook = playbook(&options.playbook, at_stake, read.decimals, options.confidence)?;
        Ok(RiskReport {
            input: self.input(&read, &notes),
            attainable: attainable(&options.sheet, &scorer),
            signals: self.signal_reports(&scorer, &rated),
            customers: count(rated.len()),
            left: n_left,
            revenue: money.major(all_minor.copied().map(Minor::from).sum()),
            without_revenue: if money.is_known { count(without_revenue) } else { 0 },
            levels: by_level(&levels),
            at_risk: LevelTotals {
                customers: at_risk.n_customers,
                revenue: at_risk.revenue(money),
            },
            renewals,
            renewals_why,
            cohorts: groups(&read, &rated, money, options.confidence, |one| one.cohort.as_deref())?,
            owners: groups(&read, &rated, money, options.confidence, |one| one.owner)?,
            accounts: listed(&rated, &options.sheet, &scorer, money, &read, options.n_listed),
            left_accounts: left(&read, options.n_listed),
            sheet: options.sheet.clone(),
            published: RiskSheet::default(),
            playbook,
        })
    }

    /// The level of each account that has not left, for who counts by level, in the order of the
    /// file.
    ///
    /// # Errors
    ///
    /// As [`HealthAccounts::report`].
    pub fn levels(&self, options: &RiskOptions) -> Result<Vec<LevelOfAccount>, Error> {
        options.sheet.check()?;
        let read = self.read(&options.reading);
        let scorer = Scorer::new(&options.sheet, |signal| !self.columns_of(signal).is_empty());
        let level = |account: &Account<'_>| scorer.score(&account.signals).level;
        Ok(read
            .accounts
            .iter()
            .filter(|one| !one.has_left)
            .map(|one| LevelOfAccount {
                customer: one.customer.to_owned(),
                level: level(one),
                monthly_minor: one.monthly_minor,
                renewal: one.renewal,
            })
            .collect())
    }

    /// The columns that a signal is read from.
    fn columns_of(&self, signal: RiskSignal) -> Vec<String> {
        let has = |role: &HealthRole| self.detection.column(*role).is_some();
        let mut names: Vec<String> = Vec::new();
        for roles in signal.columns().iter().filter(|roles| roles.iter().all(has)) {
            for &role in *roles {
                names.extend(
                    self.detection
                        .column(role)
                        .and_then(|index| self.table.columns.get(index))
                        .cloned(),
                );
            }
        }
        names
    }

    fn signal_reports(
        &self,
        scorer: &Scorer<'_>,
        rated: &[(&Account<'_>, Scored)],
    ) -> Vec<SignalReport> {
        RiskSignal::ALL
            .into_iter()
            .map(|signal| SignalReport {
                signal,
                columns: self.columns_of(signal),
                counts: scorer.looks_at(signal),
                known: count(
                    rated.iter().filter(|(one, _)| one.signals.get(signal).is_some()).count(),
                ),
            })
            .collect()
    }

    fn tell(&self, read: &ReadAccounts<'_>, options: &RiskOptions, n_left: u64, notes: &mut Notes) {
        if 0 < n_left {
            notes.tell("already-left", Severity::Info, None, None, || {
                format!("{n_left} accounts have left already. They are not scored.")
            });
        }
        let has_renewals = self.detection.column(HealthRole::Renewal).is_some();
        if has_renewals && read.as_of.is_none() {
            notes.tell("no-as-of", Severity::Warning, None, None, || {
                "The file has renewals, but no date of activity to count from. Set the date to \
                 count up to."
                    .to_owned()
            });
        }
        let untracked: Vec<&str> = [
            ("usage", &[RiskSignal::ActiveShare, RiskSignal::DaysSinceLogin][..]),
            ("engagement", &[RiskSignal::UnresolvedTickets, RiskSignal::Nps][..]),
            ("relationship", &[RiskSignal::ChampionLeft, RiskSignal::DecliningResponsiveness][..]),
            ("business", &[RiskSignal::FailedPayments, RiskSignal::Layoffs][..]),
        ]
        .into_iter()
        .filter(|(_, signals)| signals.iter().all(|&signal| self.columns_of(signal).is_empty()))
        .map(|(name, _)| name)
        .collect();
        if !untracked.is_empty() {
            let becomes = match options.sheet.untracked {
                RiskUntracked::Missing => "they count as not known",
                RiskUntracked::LeftOut => "their rules are left out of the sheet",
            };
            notes.tell("signals-without-column", Severity::Info, None, None, || {
                format!("The file says little or nothing of {}; {becomes}.", untracked.join(", "))
            });
        }
    }

    fn input(&self, read: &ReadAccounts<'_>, notes: &Notes) -> RiskInput {
        let columns = self
            .detection
            .columns
            .iter()
            .zip(0..)
            .map(|(column, index)| ColumnReport {
                name: column.name.clone(),
                index,
                role: column.role.map(|role| role.name().to_owned()),
                why: column.why.clone(),
                segments: None,
            })
            .collect();
        RiskInput {
            as_of: read.as_of.map(Day::to_iso).unwrap_or_default(),
            currency: read.currency.map(|currency| currency.code().to_owned()),
            dialect: DialectReport {
                encoding: self.summary.encoding.label().to_owned(),
                delimiter: match self.table.dialect.separator {
                    Separator::Byte(byte) => char::from(byte).to_string(),
                    Separator::Whitespace => "whitespace".to_owned(),
                },
                decimal: if read.decimal == DecimalMark::Comma { "," } else { "." }.to_owned(),
                date_order: read.date_order.name().to_owned(),
            },
            columns,
            rows: RowCounts {
                read: self.summary.n_rows,
                used: self.summary.n_rows.saturating_sub(self.n_excluded),
                excluded: self.n_excluded,
            },
            notes: notes.clone().into_sorted().iter().map(note_report).collect(),
            questions: read.questions.clone(),
        }
    }
}

fn count(n: usize) -> u64 {
    n as u64
}

fn attainable(sheet: &RiskSheet, scorer: &Scorer<'_>) -> Attainable {
    let categories: Vec<CategoryReport> = scorer
        .maxima()
        .into_iter()
        .map(|maximum| CategoryReport {
            category: maximum.category,
            weight: sheet.weights.of(maximum.category),
            points: maximum.points,
            score: maximum.score,
        })
        .collect();
    Attainable {
        score: scorer.attainable(),
        points: categories.iter().map(|one| one.points).sum(),
        points_times_weights: categories.iter().map(|one| one.points * one.weight / 100.0).sum(),
        categories,
    }
}

/// The accounts as they are listed: by level, the unknown last, then by score, then by revenue.
fn listed(
    rated: &[(&Account<'_>, Scored)],
    sheet: &RiskSheet,
    scorer: &Scorer<'_>,
    money: Money,
    read: &ReadAccounts<'_>,
    n_listed: usize,
) -> Vec<RiskAccount> {
    let mut order: Vec<&(&Account<'_>, Scored)> = rated.iter().collect();
    arrange::by(&mut order, |(a, x), (b, y)| {
        x.level
            .cmp(&y.level)
            .then(y.low.total_cmp(&x.low))
            .then(b.monthly_minor.cmp(&a.monthly_minor))
            .then(a.row.cmp(&b.row))
    });
    order
        .into_iter()
        .take(n_listed)
        .map(|(account, score)| {
            let mut fired: Vec<FiredReport> = score
                .fired
                .iter()
                .map(|one| {
                    let group = &sheet.groups[one.group];
                    let rule = &group.rules[one.rule];
                    FiredReport {
                        rule: rule.id.clone(),
                        signal: rule.signal,
                        category: group.category,
                        value: account.signals.get(rule.signal).filter(|value| value.is_finite()),
                        points: rule.points,
                        adds: one.adds,
                    }
                })
                .collect();
            arrange::by(&mut fired, |a, b| b.adds.total_cmp(&a.adds));
            let known_share = score.known_share.unwrap_or(0.0);
            RiskAccount {
                customer: account.customer.to_owned(),
                row: account.row,
                owner: account.owner.map(str::to_owned),
                cohort: account.cohort.clone(),
                score: (0.0 < known_share).then_some(score.low),
                low: score.low,
                high: score.high,
                known_share,
                level: score.level,
                level_at_worst: score.level_at_worst,
                fired,
                missing: RiskSignal::ALL
                    .into_iter()
                    .filter(|&signal| {
                        scorer.looks_at(signal) && account.signals.get(signal).is_none()
                    })
                    .collect(),
                revenue: account.monthly_minor.and_then(|minor| money.major(Minor::from(minor))),
                renewal: account.renewal.map(Day::to_iso),
                is_due: is_due(account.renewal, read.as_of),
                score_day_90: account.score_day_90,
                days_to_first_value: account.days_to_first_value,
                retained_twelve_months: account.retained_twelve_months,
            }
        })
        .collect()
}

/// The accounts that have left.
fn left(read: &ReadAccounts<'_>, n_listed: usize) -> Vec<LeftAccount> {
    read.accounts
        .iter()
        .filter(|one| one.has_left)
        .take(n_listed)
        .map(|one| LeftAccount {
            customer: one.customer.to_owned(),
            row: one.row,
            owner: one.owner.map(str::to_owned),
            cohort: one.cohort.clone(),
            score_day_90: one.score_day_90,
            days_to_first_value: one.days_to_first_value,
            retained_twelve_months: one.retained_twelve_months,
        })
        .collect()
}

/// What is gathered of a cohort or of an owner's accounts.
#[derive(Default)]
struct Gathered {
    n_customers: u64,
    n_at_risk: u64,
    at_risk_minor: Minor,
    scores: Vec<f64>,
    days: Vec<f64>,
    n_retained: u32,
    n_known_retained: u32,
}

/// The accounts by what they have in common; nothing where no account has a name for it.
fn groups<'a>(
    read: &'a ReadAccounts<'_>,
    rated: &[(&Account<'_>, Scored)],
    money: Money,
    confidence: f64,
    name_of: impl Fn(&'a Account<'_>) -> Option<&'a str>,
) -> Result<Option<Vec<HealthGroup>>, Error> {
    let mut gathered: BTreeMap<(bool, Option<&str>), Gathered> = BTreeMap::new();
    let mut rest = rated.iter();
    for account in &read.accounts {
        let name = name_of(account);
        // The nameless come last.
        let own = gathered.entry((name.is_none(), name)).or_default();
        own.n_customers += 1;
        own.scores.extend(account.score_day_90);
        own.days.extend(account.days_to_first_value);
        if let Some(is_retained) = account.retained_twelve_months {
            own.n_known_retained += 1;
            own.n_retained += u32::from(is_retained);
        }
        if !account.has_left
            && let Some((_, score)) = rest.next()
            && matches!(score.level, RiskLevel::Critical | RiskLevel::High)
        {
            own.n_at_risk += 1;
            own.at_risk_minor += account.monthly_minor.map_or(0, Minor::from);
        }
    }
    if gathered.keys().all(|(_, name)| name.is_none()) {
        return Ok(None);
    }
    let mut groups = Vec::new();
    for ((_, name), own) in gathered {
        let retention = if own.n_known_retained == 0 {
            None
        } else {
            let (part, whole) = (own.n_retained, own.n_known_retained);
            let figure = share(f64::from(part), f64::from(whole))?.counted_from(u64::from(whole));
            Some(figure.within(interval::wilson(u64::from(part), u64::from(whole), confidence)))
        };
        groups.push(HealthGroup {
            name: name.map(str::to_owned),
            customers: own.n_customers,
            at_risk: own.n_at_risk,
            revenue_at_risk: money.major(own.at_risk_minor),
            score_day_90: mean(&own.scores, confidence),
            days_to_first_value: mean(&own.days, confidence),
            twelve_month_retention: retention,
        });
    }
    Ok(Some(groups))
}

#[expect(clippy::cast_precision_loss, reason = "counts are below 2⁵³")]
fn mean(numbers: &[f64], confidence: f64) -> MeanReport {
    let sum = numbers.iter().sum::<f64>();
    let ends = interval::mean(numbers, confidence);
    MeanReport {
        value: (!numbers.is_empty()).then(|| sum / numbers.len() as f64),
        n: count(numbers.len()),
        sum,
        low: ends.map(|(low, _)| low),
        high: ends.map(|(_, high)| high),
    }
}
