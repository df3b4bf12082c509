//! Which column of a file of accounts says what about an account's health.
//!
//! It decides from headers and sample values, as the parent module does; it reads no cell, and it
//! knows neither points nor levels.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::Role;
use super::header;
use super::profile::Profile;
use crate::arrange;
use crate::error::Error;
use crate::ingest::Table;
use crate::ingest::amount::{DecimalMark, read_flag, read_share};

named! {
    /// What a column of a file of accounts means for health.
    pub enum HealthRole {
        /// The account's id.
        Customer = "customer",
        /// Who looks after the account.
        Owner = "owner",
        /// The group of accounts that began together.
        Cohort = "cohort",
        /// The day the account began.
        Start = "start",
        /// The day the account left.
        End = "end",
        /// When its contract is up for renewal.
        Renewal = "renewal",
        /// What it pays, per month where its header does not say per year.
        Amount = "amount",
        /// ISO 4217 code.
        Currency = "currency",
        /// Whether it has left already.
        Churned = "churned",
        /// Its health score on the ninetieth day, as another system has it.
        ScoreDay90 = "score_day_90",
        /// Days from its start to its first value, or the day of that.
        FirstValue = "first_value",
        /// Whether it was still there after twelve months.
        RetainedTwelveMonths = "retained_twelve_months",
        /// Active users as a share of the licensed ones.
        ActiveShare = "active_share",
        /// Active users.
        ActiveUsers = "active_users",
        /// Licensed users.
        LicensedUsers = "licensed_users",
        /// Days since the last login, or the day of it.
        LastLogin = "last_login",
        /// Days since a core feature was last used, or the day of that.
        LastCoreUse = "last_core_use",
        /// How much of the core features is used, in words.
        CoreUse = "core_use",
        /// Tickets that are not resolved.
        UnresolvedTickets = "unresolved_tickets",
        /// Whether there was an escalation lately.
        RecentEscalation = "recent_escalation",
        /// Whether tickets show dissatisfaction regularly.
        DissatisfiedTickets = "dissatisfied_tickets",
        /// The account's answer to how likely it is to recommend, 0 to 10.
        Nps = "nps",
        /// What has become of the champion, in words.
        Champion = "champion",
        /// Whether the champion has left.
        ChampionLeft = "champion_left",
        /// Whether the champion has another role now.
        ChampionChangedRole = "champion_changed_role",
        /// Whether the account answers later and less.
        DecliningResponsiveness = "declining_responsiveness",
        /// Business reviews that were missed.
        MissedReviews = "missed_reviews",
        /// Payments that failed.
        FailedPayments = "failed_payments",
        /// Whether payments come late.
        LatePayments = "late_payments",
        /// Whether the account has laid off people.
        Layoffs = "layoffs",
        /// Whether the account merges or is bought.
        Merger = "merger",
    }
}

impl HealthRole {
    /// Whether it says something about health, and not only which account it is.
    #[must_use]
    pub fn is_signal(self) -> bool {
        Self::ActiveShare <= self
    }

    /// The role of the other files that has the same names and values, where there is one.
    fn as_role(self) -> Option<Role> {
        Some(match self {
            Self::Customer => Role::Customer,
            Self::Start => Role::Start,
            Self::End => Role::End,
            Self::Renewal => Role::Renewal,
            Self::Amount => Role::Amount,
            Self::Currency => Role::Currency,
            Self::Churned => Role::Churned,
            _ => return None,
        })
    }

    /// Words that a header has together, for who has them all: `open tickets`, `tickets (open)`.
    #[expect(clippy::too_many_lines, reason = "one table")]
    fn words(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Owner => &[
                &["owner"],
                &["csm"],
                &["success", "manager"],
                &["account", "manager"],
                &["betreuer"],
                &["kundenbetreuer"],
            ],
            Self::Cohort => &[&["cohort"], &["kohorte"], &["vintage"]],
            Self::ScoreDay90 => &[
                &["score", "day", "90"],
                &["health", "day", "90"],
                &["score", "90", "days"],
                &["day90", "score"],
                &["score", "d90"],
                &["health", "d90"],
                &["score", "90d"],
                &["health", "90d"],
            ],
            Self::FirstValue => &[
                &["first", "value"],
                &["time", "to", "value"],
                &["days", "to", "value"],
                &["ttfv"],
                &["ttv"],
            ],
            Self::RetainedTwelveMonths => &[
                &["retained", "12", "months"],
                &["retained", "12m"],
                &["retained", "twelve", "months"],
                &["active", "after", "12", "months"],
                &["retained", "month", "12"],
                &["retained", "12", "mo"],
                &["retained", "year", "1"],
            ],
            Self::ActiveShare => &[
                &["active", "users", "percent"],
                &["active", "percent"],
                &["active", "share"],
                &["active", "pct"],
                &["active", "rate"],
                &["active", "ratio"],
                &["seat", "utilization"],
                &["seat", "utilisation"],
                &["license", "utilization"],
                &["licence", "utilisation"],
                &["seat", "usage"],
                &["seats", "used", "percent"],
                &["license", "usage"],
                &["utilization"],
                &["utilisation"],
                &["auslastung"],
            ],
            Self::ActiveUsers => &[
                &["active", "users"],
                &["active", "seats"],
                &["used", "seats"],
                &["seats", "used"],
                &["users", "active"],
                &["wau"],
                &["mau"],
                &["aktive", "nutzer"],
            ],
            Self::LicensedUsers => &[
                &["licensed", "users"],
                &["licensed", "seats"],
                &["licenses"],
                &["licences"],
                &["seats"],
                &["seats", "purchased"],
                &["total", "users"],
                &["total", "seats"],
                &["lizenzen"],
            ],
            Self::LastLogin => &[
                &["last", "login"],
                &["last", "log", "in"],
                &["days", "since", "login"],
                &["days", "since", "last", "login"],
                &["last", "seen"],
                &["last", "active"],
                &["last", "activity"],
                &["letzter", "login"],
                &["letzte", "anmeldung"],
                &["days", "inactive"],
            ],
            Self::LastCoreUse => &[
                &["core", "feature", "days"],
                &["core", "features", "days"],
                &["days", "since", "core", "feature"],
                &["core", "feature", "last", "used"],
                &["core", "last", "used"],
                &["last", "core"],
                &["last", "feature", "use"],
                &["days", "since", "feature", "use"],
                &["core", "unused", "days"],
            ],
            Self::CoreUse => &[
                &["core", "feature"],
                &["core", "features"],
                &["core", "feature", "use"],
                &["core", "feature", "usage"],
                &["core", "usage"],
                &["feature", "adoption"],
                &["feature", "use"],
                &["feature", "usage"],
            ],
            Self::UnresolvedTickets => &[
                &["open", "tickets"],
                &["unresolved", "tickets"],
                &["tickets", "open"],
                &["pending", "tickets"],
                &["open", "cases"],
                &["unresolved", "cases"],
                &["open", "issues"],
                &["offene", "tickets"],
            ],
            Self::RecentEscalation => &[
                &["escalation"],
                &["escalations"],
                &["escalated"],
                &["recent", "escalation"],
                &["eskalation"],
            ],
            Self::DissatisfiedTickets => &[
                &["dissatisfied"],
                &["dissatisfied", "tickets"],
                &["negative", "tickets"],
                &["unhappy", "tickets"],
                &["ticket", "dissatisfaction"],
            ],
            Self::Nps => {
                &[&["nps"], &["nps", "score"], &["net", "promoter"], &["promoter", "score"]]
            }
            Self::Champion => {
                &[&["champion"], &["champion", "status"], &["sponsor"], &["sponsor", "status"]]
            }
            Self::ChampionLeft => &[
                &["champion", "left"],
                &["champion", "departed"],
                &["champion", "gone"],
                &["sponsor", "left"],
            ],
            Self::ChampionChangedRole => &[
                &["champion", "changed", "role"],
                &["champion", "role", "change"],
                &["champion", "new", "role"],
                &["sponsor", "changed", "role"],
            ],
            Self::DecliningResponsiveness => &[
                &["responsiveness"],
                &["declining", "responsiveness"],
                &["response", "trend"],
                &["engagement", "trend"],
                &["slow", "to", "respond"],
            ],
            Self::MissedReviews => &[
                &["missed", "reviews"],
                &["missed", "review"],
                &["missed", "business", "reviews"],
                &["missed", "qbr"],
                &["missed", "qbrs"],
                &["qbrs", "missed"],
                &["reviews", "missed"],
                &["missed", "meetings"],
            ],
            Self::FailedPayments => &[
                &["failed", "payments"],
                &["payment", "failures"],
                &["failed", "charges"],
                &["payments", "failed"],
                &["fehlgeschlagene", "zahlungen"],
            ],
            Self::LatePayments => &[
                &["late", "payment"],
                &["late", "payments"],
                &["pays", "late"],
                &["paid", "late"],
                &["overdue"],
                &["past", "due"],
                &["payment", "status"],
            ],
            Self::Layoffs => &[&["layoffs"], &["layoff"], &["lay", "offs"], &["restructuring"]],
            Self::Merger => &[
                &["merger"],
                &["acquisition"],
                &["acquired"],
                &["m", "a"],
                &["merger", "acquisition"],
            ],
            _ => &[],
        }
    }

    /// How well a normalised header stands for the role, from 0 to 100.
    fn score(self, name: &str) -> usize {
        if name.replace(' ', "_") == self.name() {
            return 100;
        }
        if let Some(role) = self.as_role() {
            return usize::from(header::score(role, name));
        }
        let given: Vec<&str> = name.split(' ').collect();
        let has_all = |words: &&&[&str]| words.iter().all(|word| given.contains(word));
        self.words()
            .iter()
            .filter(has_all)
            // Of two sets of words that fit, the longer one says more; words beyond it say less.
            .map(|words| (70 + 8 * words.len()).saturating_sub(2 * (given.len() - words.len())))
            .max()
            .unwrap_or(0)
            .min(99)
    }

    /// Whether the values of a column can play the role.
    fn fits(self, column: &Values) -> bool {
        let Values { profile, n_shares, n_flags } = column;
        let mostly = |n: usize| profile.n_filled <= 2 * n;
        match self {
            Self::Start => profile.is_plain_dates(),
            Self::End | Self::Renewal => profile.is_dates() || profile.is_empty(),
            _ if profile.is_empty() => false,
            Self::Amount => profile.is_amounts() && !profile.is_plain_dates(),
            Self::Customer => !profile.is_plain_dates(),
            Self::Currency => profile.n_numbers == 0,
            Self::Churned | Self::RetainedTwelveMonths => profile.is_flags(),
            Self::ScoreDay90 => mostly(*n_shares),
            // Promoters, passives and detractors are answers too.
            Self::Nps => mostly(*n_shares) || profile.n_numbers == 0 && profile.n_distinct <= 6,
            // `3 days ago` and `never` are neither numbers nor dates.
            Self::FirstValue | Self::LastLogin => true,
            Self::LastCoreUse => mostly((*n_shares).max(profile.n_dates)),
            Self::ActiveShare
            | Self::ActiveUsers
            | Self::LicensedUsers
            | Self::UnresolvedTickets
            | Self::FailedPayments => mostly((*n_shares).max(*n_flags)),
            Self::CoreUse | Self::Champion => !profile.is_plain_dates() && !mostly(profile.n_whole),
            Self::RecentEscalation
            | Self::DissatisfiedTickets
            | Self::ChampionLeft
            | Self::ChampionChangedRole
            | Self::DecliningResponsiveness
            | Self::MissedReviews
            | Self::LatePayments
            | Self::Layoffs
            | Self::Merger
            | Self::Owner
            | Self::Cohort => !profile.is_plain_dates() || self == Self::Cohort,
        }
    }
}

/// What is known of the values of a column.
struct Values {
    profile: Profile,
    /// Filled cells that are numbers, with or without a percent sign.
    n_shares: usize,
    /// Filled cells that are yes or no.
    n_flags: usize,
}

impl Values {
    fn of(sample: &[Vec<String>], column: usize) -> Self {
        let profile = Profile::of(sample, column);
        let cells = sample.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty());
        let (mut n_shares, mut n_flags, mut n_filled) = (0, 0, 0_usize);
        for cell in cells {
            let is_share = [DecimalMark::Point, DecimalMark::Comma]
                .into_iter()
                .any(|mark| read_share(cell, Some(mark)).is_ok());
            n_shares += usize::from(is_share);
            n_flags += usize::from(read_flag(cell).is_some());
            n_filled += 1;
        }
        // The profile looks at some of the rows only.
        let scaled = |n: usize| (n * profile.n_filled).checked_div(n_filled).unwrap_or(0);
        Self { n_shares: scaled(n_shares), n_flags: scaled(n_flags), profile }
    }
}

/// What one column was taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthColumn {
    /// Its name.
    pub name: String,
    /// Its role, where it has one.
    pub role: Option<HealthRole>,
    /// Why it has that role, or none.
    pub why: String,
}

/// What a file of accounts was taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthDetection {
    /// The columns, in the order of the file.
    pub columns: Vec<HealthColumn>,
}

impl HealthDetection {
    /// The place of the column with a role.
    #[must_use]
    pub fn column(&self, role: HealthRole) -> Option<usize> {
        self.columns.iter().position(|column| column.role == Some(role))
    }

    /// The roles that say something about health, in the order of the documentation.
    #[must_use]
    pub fn signals(&self) -> Vec<HealthRole> {
        let mut found: Vec<HealthRole> = self
            .columns
            .iter()
            .filter_map(|column| column.role)
            .filter(|role| role.is_signal())
            .collect();
        arrange::in_order(&mut found);
        found
    }
}

/// How well a header has to stand for a role, of 100.
const ENOUGH: usize = 60;

fn is_empty(sample: &[Vec<String>], column: usize) -> bool {
    sample.iter().filter_map(|row| row.get(column)).all(|cell| cell.trim().is_empty())
}

/// Finds out which column of a file of accounts is what.
///
/// `roles` are role to column name, and override what would be found; an empty name says that there
/// is no such column.
///
/// # Errors
///
/// `unknown-column` where an override names what there is not.
pub fn detect(
    columns: &[String],
    sample: &[Vec<String>],
    roles: &BTreeMap<HealthRole, String>,
) -> Result<HealthDetection, Error> {
    let mut found: Vec<Option<(HealthRole, String)>> = vec![None; columns.len()];
    for (&role, name) in roles {
        if name.is_empty() {
            continue;
        }
        let Some(index) = columns.iter().position(|column| column == name) else {
            return Err(Error::new(
                "unknown-column",
                format!(
                    "The file has no column “{name}”. Its columns are: {}.",
                    columns.join(", ")
                ),
            )
            .in_column(name.clone())
            .with_columns(columns.to_vec()));
        };
        found[index] = Some((role, "chosen by you".to_owned()));
    }
    // Only a column that has the name of something is looked at.
    let values: Vec<OnceCell<Values>> = columns.iter().map(|_| OnceCell::new()).collect();
    let values_of = |index: usize| values[index].get_or_init(|| Values::of(sample, index));
    let mut choices: Vec<(usize, usize, usize, HealthRole)> = Vec::new();
    for (order, &role) in HealthRole::ALL.iter().enumerate() {
        if roles.contains_key(&role) {
            continue;
        }
        for (index, name) in columns.iter().enumerate() {
            let score = role.score(&header::normalized(name));
            let enough = if role == HealthRole::Customer { 40 } else { ENOUGH };
            if enough <= score && role.fits(values_of(index)) {
                choices.push((score, order, index, role));
            }
        }
    }
    arrange::by_key(&mut choices, |&(score, order, index, _)| {
        (std::cmp::Reverse(score), order, index)
    });
    let mut settled: Vec<HealthRole> = Vec::new();
    for (_, _, index, role) in choices {
        if settled.contains(&role) || found[index].is_some() {
            continue;
        }
        settled.push(role);
        found[index] = Some((role, format!("named “{}”, and its values fit", columns[index])));
    }
    let columns = columns
        .iter()
        .zip(found)
        .enumerate()
        .map(|(index, (name, found))| {
            let (role, why) = match found {
                Some((role, why)) => (Some(role), why),
                None if is_empty(sample, index) => (None, "empty".to_owned()),
                None => (None, "not needed".to_owned()),
            };
            HealthColumn { name: name.clone(), role, why }
        })
        .collect();
    Ok(HealthDetection { columns })
}

/// Whether a normalised header can hardly stand for anything but a health signal.
pub(super) fn is_signal_name(name: &str) -> bool {
    80 <= best_signal(name)
}

/// How well a normalised header stands for the health signal that it stands for best.
fn best_signal(name: &str) -> usize {
    let signals = HealthRole::ALL.iter().filter(|role| role.is_signal());
    signals.map(|role| role.score(name)).max().unwrap_or(0)
}

/// The published names of the health signals that a table has columns for, in the order of the
/// documentation.
#[must_use]
pub fn signals_of(table: &Table) -> Vec<&'static str> {
    // Most files have no such header, and then no cell needs to be looked at.
    if table.columns.iter().all(|name| best_signal(&header::normalized(name)) < ENOUGH) {
        return Vec::new();
    }
    detect(&table.columns, &table.sample, &BTreeMap::new())
        .map(|found| found.signals().into_iter().map(HealthRole::name).collect())
        .unwrap_or_default()
}

/// The columns of days on which a customer last did something: logins and the use of features.
pub(crate) fn activity_columns(table: &Table) -> Vec<usize> {
    // Their values are looked at only where their names say so.
    let is_named = |name: &str| {
        let name = header::normalized(name);
        [HealthRole::LastLogin, HealthRole::LastCoreUse]
            .iter()
            .any(|role| ENOUGH <= role.score(&name))
    };
    (0..table.columns.len())
        .filter(|&index| is_named(&table.columns[index]))
        .filter(|&index| Profile::of(&table.sample, index).is_plain_dates())
        .collect()
}
