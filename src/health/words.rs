//! Words and numbers that people write into columns of health signals.
//!
//! What it does not understand is nothing, never a guess.

use crate::ingest::amount::{DecimalMark, read_flag, read_share};

/// How long ago something was, as a cell has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Recency {
    /// So many days.
    Days(f64),
    /// It has not been yet.
    Never,
}

/// How much of the core features an account uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CoreUse {
    /// As meant.
    Full,
    /// In a limited way.
    Limited,
    /// Not at all.
    Unused,
}

/// What has become of the champion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Champion {
    /// Still there.
    There,
    /// In another role.
    ChangedRole,
    /// Gone.
    Left,
}

/// Lower case, words parted by single spaces.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}

/// Whether a cell says that its value is not known.
pub(super) fn is_missing(text: &str) -> bool {
    matches!(
        plain(text).as_str(),
        "" | "n a"
            | "na"
            | "nan"
            | "null"
            | "none"
            | "nil"
            | "unknown"
            | "not known"
            | "tbd"
            | "k a"
            | "unbekannt"
            | "inconnu"
            | "no data"
            | "not available"
            | "undefined"
            | "blank"
            | "no response"
            | "not asked"
    )
}

/// A number of days in words: `3 days ago`, `2 weeks`, `today`, `never`, `12d`.
pub(super) fn read_recency(text: &str) -> Option<Recency> {
    let words = plain(text);
    match words.as_str() {
        "today" | "now" | "heute" | "online" => return Some(Recency::Days(0.0)),
        "yesterday" | "gestern" => return Some(Recency::Days(1.0)),
        "never" | "nie" | "jamais" | "nunca" | "mai" | "nooit" | "never logged in" | "not used"
        | "unused" => {
            return Some(Recency::Never);
        }
        _ => {}
    }
    let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: f64 = words.get(..digits)?.parse().ok()?;
    let unit = match words.get(digits..)?.trim_start().trim_end_matches(" ago").trim_end() {
        "d" | "day" | "days" | "tag" | "tage" | "tagen" | "jours" | "jour" => 1.0,
        "w" | "wk" | "week" | "weeks" | "wochen" | "woche" => 7.0,
        _ => return None,
    };
    Some(Recency::Days(number * unit))
}

/// A number as written under a decimal mark, without its percent sign: `35`, `35 %`, `3+`.
pub(super) fn read_plain_number(text: &str, mark: DecimalMark) -> Option<(f64, bool)> {
    let text = text.trim().trim_start_matches(['≥', '>', '~']).trim_end_matches('+');
    let share = read_share(text, Some(mark)).ok()?;
    Some((share.number.to_f64(), share.has_percent_sign))
}

/// An answer of the group that a word names, by the definition of the score: promoters answer 9 or
/// 10, passives 7 or 8, detractors less. The rules look at these bounds alone.
pub(super) fn read_answer_group(text: &str) -> Option<f64> {
    Some(match plain(text).as_str() {
        "promoter" | "promoters" | "promotor" => 9.0,
        "passive" | "passives" | "neutral" | "passiv" => 7.0,
        "detractor" | "detractors" | "detraktor" | "kritiker" => 6.0,
        _ => return None,
    })
}

/// Yes or no, in the words of a column that says whether something bad is there.
pub(super) fn read_bad(text: &str) -> Option<bool> {
    read_flag(text).or_else(|| {
        Some(match plain(text).as_str() {
            "late" | "overdue" | "past due" | "delinquent" | "declining" | "decline" | "down"
            | "falling" | "slower" | "slow" | "worse" | "worsening" | "dropping" | "poor"
            | "low" | "escalated" | "regular" | "regularly" | "often" | "frequent"
            | "announced" | "confirmed" | "happened" | "missed" | "überfällig" | "verspätet"
            | "sinkend" | "en retard" | "rückläufig" | "unresponsive" => true,
            "on time" | "current" | "paid" | "ok" | "stable" | "steady" | "same" | "flat"
            | "good" | "fine" | "high" | "improving" | "up" | "better" | "rising" | "never"
            | "keine" | "kein" | "not escalated" | "attended" | "pünktlich" | "stabil"
            | "à jour" | "responsive" | "not any" => false,
            _ => return None,
        })
    })
}

/// How much of the core features is used. Yes and no are answered by what the column asks for.
pub(super) fn read_core_use(text: &str, asks_for_limits: bool) -> Option<CoreUse> {
    if let Some(yes) = read_flag(text) {
        return Some(match (yes, asks_for_limits) {
            (true, true) => CoreUse::Limited,
            (true, false) | (false, true) => CoreUse::Full,
            (false, false) => CoreUse::Unused,
        });
    }
    Some(match plain(text).as_str() {
        "full" | "fully" | "high" | "regular" | "good" | "daily" | "weekly" | "active" | "used"
        | "adopted" | "strong" | "healthy" | "broad" | "voll" | "hoch" => CoreUse::Full,
        "limited" | "low" | "partial" | "partly" | "some" | "rare" | "rarely" | "weak"
        | "occasional" | "shallow" | "eingeschränkt" | "gering" | "teilweise" | "limité" => {
            CoreUse::Limited
        }
        "unused" | "not used" | "never" | "no use" | "inactive" | "not adopted" | "zero"
        | "nie" | "ungenutzt" => CoreUse::Unused,
        _ => return None,
    })
}

/// What has become of the champion. A plain yes or no does not say.
pub(super) fn read_champion(text: &str) -> Option<Champion> {
    let words = plain(text);
    let has = |wanted: &[&str]| words.split(' ').any(|word| wanted.contains(&word));
    // `not left`, `still there since the previous one left`: what is denied says nothing by itself.
    if has(&["not", "no", "nicht"]) {
        return None;
    }
    let left = has(&["left", "departed", "gone", "resigned", "quit", "lost", "gegangen", "parti"]);
    let changed = has(&["role", "changed", "moved", "promoted", "reassigned", "rolle"]);
    let there = has(&[
        "active", "there", "present", "engaged", "stable", "same", "ok", "current", "place",
        "strong", "stayed", "aktiv", "da",
    ]);
    match (left, changed, there) {
        (true, false, false) => Some(Champion::Left),
        (false, true, false) => Some(Champion::ChangedRole),
        (false, false, true) => Some(Champion::There),
        _ => None,
    }
}
