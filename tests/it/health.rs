//! Account health: each published rule at its boundaries, what is not known, messy files, the sample
//! against an oracle in another language, and the playbook.

#![expect(clippy::float_cmp, reason = "points are whole numbers, which floats hold exactly")]

use std::fmt::Write as _;

use proptest::prelude::*;
use retention_calculator::Error;
use retention_calculator::health::{
    AtStake, Playbook, RiskCategory, RiskCombine, RiskLevel, RiskMethod, RiskReport, RiskSheet,
    RiskSignal, RiskUntracked, Scorer, Signals, playbook,
};
use retention_calculator::number::interval::two_sided_t;
use retention_calculator::session::{AnalyzeOptions, ScoreOptions, ScoreOutcome, ScoreSession};
use serde_json::{Value, json};

fn options(value: Value) -> ScoreOptions {
    serde_json::from_value(value).unwrap()
}

fn score_with(csv: &str, options: &ScoreOptions) -> Result<RiskReport, Error> {
    score_in_pieces(csv, options, 97)
}

fn score_in_pieces(csv: &str, options: &ScoreOptions, n: usize) -> Result<RiskReport, Error> {
    let mut session = ScoreSession::new(options)?;
    for piece in csv.as_bytes().chunks(n) {
        session.push(piece)?;
    }
    session.finish()
}

fn score(csv: &str) -> RiskReport {
    score_with(csv, &ScoreOptions::default()).unwrap()
}

/// The account of an id.
fn account<'a>(
    report: &'a RiskReport,
    customer: &str,
) -> &'a retention_calculator::health::RiskAccount {
    report.accounts.iter().find(|one| one.customer == customer).unwrap()
}

fn notes(report: &RiskReport, code: &str) -> u64 {
    report.input.notes.iter().filter(|note| note.code == code).map(|note| note.count).sum()
}

/// The points that one value gives on the published sheet.
fn points_of(signal: RiskSignal, value: f64) -> f64 {
    let sheet = RiskSheet::default();
    Scorer::new(&sheet, |_| true).score(&Signals::default().with(signal, value)).low
}

/// What the framework prints, at, below and above each boundary: signal, value, points.
const PRINTED: &[(RiskSignal, f64, f64)] = &[
    // Active of licensed users under 20 % +25, 20 to 40 % +10.
    (RiskSignal::ActiveShare, 0.0, 25.0),
    (RiskSignal::ActiveShare, 0.1999, 25.0),
    (RiskSignal::ActiveShare, 0.2, 10.0),
    (RiskSignal::ActiveShare, 0.3, 10.0),
    (RiskSignal::ActiveShare, 0.4, 10.0),
    (RiskSignal::ActiveShare, 0.4001, 0.0),
    (RiskSignal::ActiveShare, 1.0, 0.0),
    (RiskSignal::ActiveShare, 1.2, 0.0),
    // No login for 14 days and more +20, 7 to 13 +8.
    (RiskSignal::DaysSinceLogin, 0.0, 0.0),
    (RiskSignal::DaysSinceLogin, 6.0, 0.0),
    (RiskSignal::DaysSinceLogin, 7.0, 8.0),
    (RiskSignal::DaysSinceLogin, 13.0, 8.0),
    (RiskSignal::DaysSinceLogin, 14.0, 20.0),
    (RiskSignal::DaysSinceLogin, 400.0, 20.0),
    (RiskSignal::DaysSinceLogin, f64::INFINITY, 20.0),
    // Core features unused for 30 days and more +15, limited use +5.
    (RiskSignal::DaysSinceCoreUse, 29.0, 0.0),
    (RiskSignal::DaysSinceCoreUse, 30.0, 15.0),
    (RiskSignal::LimitedCoreUse, 0.0, 0.0),
    (RiskSignal::LimitedCoreUse, 1.0, 5.0),
    // Three and more unresolved tickets +20, recent escalation +15, regularly dissatisfied +8.
    (RiskSignal::UnresolvedTickets, 2.0, 0.0),
    (RiskSignal::UnresolvedTickets, 3.0, 20.0),
    (RiskSignal::RecentEscalation, 0.0, 0.0),
    (RiskSignal::RecentEscalation, 1.0, 15.0),
    (RiskSignal::DissatisfiedTickets, 0.0, 0.0),
    (RiskSignal::DissatisfiedTickets, 1.0, 8.0),
    // NPS under 7 +15, 7 or 8 +5.
    (RiskSignal::Nps, 0.0, 15.0),
    (RiskSignal::Nps, 6.0, 15.0),
    (RiskSignal::Nps, 7.0, 5.0),
    (RiskSignal::Nps, 8.0, 5.0),
    (RiskSignal::Nps, 9.0, 0.0),
    // Champion left +25, changed role +10.
    (RiskSignal::ChampionLeft, 0.0, 0.0),
    (RiskSignal::ChampionLeft, 1.0, 25.0),
    (RiskSignal::ChampionChangedRole, 0.0, 0.0),
    (RiskSignal::ChampionChangedRole, 1.0, 10.0),
    // Declining responsiveness +15, missed business reviews +8.
    (RiskSignal::DecliningResponsiveness, 0.0, 0.0),
    (RiskSignal::DecliningResponsiveness, 1.0, 15.0),
    (RiskSignal::MissedReviews, 0.0, 0.0),
    (RiskSignal::MissedReviews, 1.0, 8.0),
    (RiskSignal::MissedReviews, 4.0, 8.0),
    // Two and more failed payments +30, late +12.
    (RiskSignal::FailedPayments, 1.0, 0.0),
    (RiskSignal::FailedPayments, 2.0, 30.0),
    (RiskSignal::LatePayments, 0.0, 0.0),
    (RiskSignal::LatePayments, 1.0, 12.0),
    // Layoffs +15, merger +8.
    (RiskSignal::Layoffs, 0.0, 0.0),
    (RiskSignal::Layoffs, 1.0, 15.0),
    (RiskSignal::Merger, 0.0, 0.0),
    (RiskSignal::Merger, 1.0, 8.0),
];

#[test]
fn each_rule_fires_where_it_is_printed() {
    for &(signal, value, points) in PRINTED {
        let found = points_of(signal, value);
        assert!((found - points).abs() < 1e-12, "{signal:?} {value}: {found}, printed {points}");
    }
    let seen: Vec<RiskSignal> = PRINTED.iter().map(|&(signal, ..)| signal).collect();
    assert!(RiskSignal::ALL.iter().all(|signal| seen.contains(signal)));
}

#[test]
fn the_printed_weights_cannot_reach_the_printed_levels() {
    let sheet = RiskSheet::default();
    let maxima = Scorer::new(&sheet, |_| true).maxima();
    assert_eq!(maxima.map(|one| one.points), [60.0, 35.0, 40.0, 45.0]);
    let report = score("account,nps\nA,5\n");
    assert_eq!(report.attainable.points, 180.0);
    assert_eq!(report.attainable.points_times_weights, 47.5);

    let mut adding = RiskSheet::default();
    for group in adding.groups.iter_mut().filter(|group| group.id == "tickets") {
        group.combine = RiskCombine::Sum;
    }
    let scorer = Scorer::new(&adding, |_| true);
    assert_eq!(scorer.maxima()[1].points, 58.0);
    assert_eq!(scorer.attainable(), 203.0);
}

/// All signals healthy.
fn healthy() -> Signals {
    RiskSignal::ALL.into_iter().fold(Signals::default(), |signals, signal| {
        let value = match signal {
            RiskSignal::ActiveShare => 0.9,
            RiskSignal::Nps => 10.0,
            _ => 0.0,
        };
        signals.with(signal, value)
    })
}

/// All signals as bad as the sheet can say.
fn bad() -> Signals {
    RiskSignal::ALL.into_iter().fold(Signals::default(), |signals, signal| {
        let value = match signal {
            RiskSignal::ActiveShare | RiskSignal::Nps => 0.0,
            RiskSignal::DaysSinceLogin | RiskSignal::DaysSinceCoreUse => 90.0,
            RiskSignal::UnresolvedTickets => 3.0,
            RiskSignal::FailedPayments => 2.0,
            _ => 1.0,
        };
        signals.with(signal, value)
    })
}

#[test]
fn both_methods_go_from_nothing_to_their_whole() {
    for (method, whole) in [(RiskMethod::Points, 180.0), (RiskMethod::Weighted, 100.0)] {
        let sheet = RiskSheet { method, ..RiskSheet::default() };
        let scorer = Scorer::new(&sheet, |_| true);
        assert_eq!(scorer.attainable(), whole);
        let best = scorer.score(&healthy());
        assert_eq!((best.low, best.high, best.known_share), (0.0, 0.0, Some(1.0)));
        assert_eq!(best.level, RiskLevel::Low);
        let worst = scorer.score(&bad());
        assert_eq!((worst.low, worst.high, worst.known_share), (whole, whole, Some(1.0)));
        assert_eq!(worst.level, RiskLevel::Critical);
    }
}

#[test]
fn weighted_scores_are_shares_of_the_maximum_of_each_category() {
    // Usage 25 of 60, business 30 of 45: 40 × 25/60 + 15 × 30/45 = 16.667 + 10.
    let signals =
        healthy().with(RiskSignal::ActiveShare, 0.1).with(RiskSignal::FailedPayments, 2.0);
    let sheet = RiskSheet { method: RiskMethod::Weighted, ..RiskSheet::default() };
    let score = Scorer::new(&sheet, |_| true).score(&signals);
    assert!((score.low - (40.0 * 25.0 / 60.0 + 10.0)).abs() < 1e-8);
    assert_eq!(score.level, RiskLevel::Medium);
    let adds: f64 = score.fired.iter().map(|one| one.adds).sum();
    assert!((adds - score.low).abs() < 1e-8);
    // Other weights in the same proportion say the same.
    let mut doubled = sheet.clone();
    doubled.weights.usage *= 2.0;
    doubled.weights.engagement *= 2.0;
    doubled.weights.relationship *= 2.0;
    doubled.weights.business *= 2.0;
    assert!((Scorer::new(&doubled, |_| true).score(&signals).low - score.low).abs() < 1e-8);
}

#[test]
fn a_score_at_a_bound_has_the_higher_level() {
    let sheet = RiskSheet::default();
    let scorer = Scorer::new(&sheet, |_| true);
    let level = |signals: &Signals| scorer.score(signals).level;
    let failed = healthy().with(RiskSignal::FailedPayments, 2.0);
    // 30; with 20 it is 50; with 25 more it is 75.
    assert_eq!(level(&failed), RiskLevel::Medium);
    let high = failed.with(RiskSignal::UnresolvedTickets, 3.0);
    assert_eq!(level(&high), RiskLevel::High);
    assert_eq!(level(&high.with(RiskSignal::ChampionLeft, 1.0)), RiskLevel::Critical);
    // 25 is medium, 23 is low.
    assert_eq!(level(&healthy().with(RiskSignal::ChampionLeft, 1.0)), RiskLevel::Medium);
    let less = healthy().with(RiskSignal::RecentEscalation, 1.0).with(RiskSignal::Merger, 1.0);
    assert_eq!(level(&less), RiskLevel::Low);
    // In the weighted way, exactly half of every category is exactly 50.
    let mut half = RiskSheet { method: RiskMethod::Weighted, ..RiskSheet::default() };
    half.groups.clear();
    for (index, category) in RiskCategory::ALL.into_iter().enumerate() {
        let group = json!({ "id": format!("g{index}"), "category": category, "combine": "sum", "rules": [
            { "id": format!("a{index}"), "signal": "layoffs", "atLeast": 1, "points": 0.1 },
            { "id": format!("b{index}"), "signal": "merger", "atLeast": 1, "points": 0.1 },
        ] });
        half.groups.push(serde_json::from_value(group).unwrap());
    }
    half.check().unwrap();
    let score = Scorer::new(&half, |_| true).score(&healthy().with(RiskSignal::Merger, 1.0));
    assert_eq!(score.low, 50.0);
    assert_eq!(score.level, RiskLevel::High);
}

#[test]
fn what_is_missing_is_neither_healthy_nor_nothing() {
    let sheet = RiskSheet::default();
    let scorer = Scorer::new(&sheet, |_| true);
    let nothing = scorer.score(&Signals::default());
    assert_eq!((nothing.low, nothing.high, nothing.known_share), (0.0, 180.0, Some(0.0)));
    assert_eq!((nothing.level, nothing.level_at_worst), (RiskLevel::Unknown, RiskLevel::Critical));
    // Five signals of sixteen, all bad: 25 + 20 + 20 + 15 + 30 = 110, critical whatever else is.
    let few = Signals::default()
        .with(RiskSignal::ActiveShare, 0.1)
        .with(RiskSignal::DaysSinceLogin, 30.0)
        .with(RiskSignal::UnresolvedTickets, 4.0)
        .with(RiskSignal::Nps, 3.0)
        .with(RiskSignal::FailedPayments, 2.0);
    let score = scorer.score(&few);
    // Of tickets and payments the highest counts already; 70 points stay open.
    assert_eq!((score.low, score.high), (110.0, 180.0));
    assert_eq!(score.level, RiskLevel::Critical);
    // The same signals, all healthy, are not enough to call it low.
    let good = Signals::default()
        .with(RiskSignal::ActiveShare, 0.9)
        .with(RiskSignal::DaysSinceLogin, 1.0)
        .with(RiskSignal::UnresolvedTickets, 0.0)
        .with(RiskSignal::Nps, 10.0)
        .with(RiskSignal::FailedPayments, 0.0);
    let score = scorer.score(&good);
    // Open: core 15, escalation 15, champion 25, contact 15, late 12, company 15.
    assert_eq!((score.low, score.high), (0.0, 97.0));
    assert_eq!(score.level, RiskLevel::Unknown);
    let lenient = RiskSheet { known_at_least: 0.4, ..RiskSheet::default() };
    assert_eq!(Scorer::new(&lenient, |_| true).score(&good).level, RiskLevel::Low);
    // A file without such columns can leave their rules out.
    let left_out = RiskSheet { untracked: RiskUntracked::LeftOut, ..RiskSheet::default() };
    let tracked = |signal| good.get(signal).is_some();
    let score = Scorer::new(&left_out, tracked).score(&good);
    assert_eq!((score.low, score.high, score.known_share), (0.0, 0.0, Some(1.0)));
    assert_eq!(score.level, RiskLevel::Low);
}

#[test]
fn an_account_of_which_nothing_is_known_has_no_score() {
    let report = score("account,nps,open_tickets\nA,,\nB,3,5\n");
    assert_eq!(account(&report, "A").score, None);
    assert_eq!(account(&report, "A").level, RiskLevel::Unknown);
    assert_eq!(account(&report, "B").score, Some(35.0));
    // Thirty-five points are medium at the least, but too little is known to leave it there.
    assert_eq!(account(&report, "B").level, RiskLevel::Unknown);
    assert_eq!(account(&report, "B").level_at_worst, RiskLevel::Critical);
}

#[test]
fn shares_are_read_as_percent_or_fraction_by_their_column() {
    let shares = |cells: &[&str]| -> Vec<Option<f64>> {
        let mut csv = "account,active_users_percent\n".to_owned();
        for (index, cell) in cells.iter().enumerate() {
            let _ = writeln!(csv, "A{index},\"{cell}\"");
        }
        let report = score(&csv);
        (0..cells.len())
            .map(|index| {
                let one = account(&report, &format!("A{index}"));
                if one.missing.contains(&RiskSignal::ActiveShare) {
                    return None;
                }
                Some(one.low)
            })
            .collect()
    };
    // 25 points under 20 %, 10 up to 40 %, 0 above.
    assert_eq!(shares(&["15", "20", "40", "41"]), [25.0, 10.0, 10.0, 0.0].map(Some));
    assert_eq!(
        shares(&["0.15", "0.2", "0.4", "0.41", "1"]),
        [25.0, 10.0, 10.0, 0.0, 0.0].map(Some)
    );
    assert_eq!(shares(&["15%", "20 %", "40,0%", "41%"]), [25.0, 10.0, 10.0, 0.0].map(Some));
    // Among percent, 0.3 could be a fraction; 1 could be one percent or all.
    assert_eq!(shares(&["15", "0.3", "80"]), [Some(25.0), None, Some(0.0)]);
    assert_eq!(shares(&["1", "0"]), [None, Some(25.0)]);
    assert_eq!(shares(&["half", "80", "50"]), [None, Some(0.0), Some(0.0)]);
}

#[test]
fn what_a_share_is_can_be_answered() {
    let csv = "account,active_users_percent\nA,15\nB,0.3\n";
    let asked = score(csv);
    assert_eq!(asked.input.questions[0].answer_to, "shareUnit");
    assert_eq!(notes(&asked, "ambiguous-share"), 1);
    let fraction = score_with(csv, &options(json!({ "shareUnit": "fraction" }))).unwrap();
    assert_eq!(account(&fraction, "B").score, Some(10.0));
    assert_eq!(account(&fraction, "A").score, Some(25.0));
    let percent = score_with(csv, &options(json!({ "shareUnit": "percent" }))).unwrap();
    assert_eq!(account(&percent, "B").score, Some(25.0));
    assert_eq!(percent.input.questions.len(), 0);
}

#[test]
fn counts_of_users_make_a_share() {
    let csv =
        "account,active_users,licensed_users\nA,1,5\nB,2,5\nC,3,5\nD,0,5\nE,6,5\nF,2,0\nG,,5\n";
    let report = score(csv);
    let low = |id| account(&report, id).low;
    assert_eq!([low("A"), low("B"), low("C"), low("D"), low("E")], [10.0, 10.0, 0.0, 25.0, 0.0]);
    for id in ["F", "G"] {
        assert!(account(&report, id).missing.contains(&RiskSignal::ActiveShare), "{id}");
    }
    assert_eq!(notes(&report, "no-licensed-users"), 1);
    assert_eq!(notes(&report, "active-over-licensed"), 1);
}

#[test]
fn logins_are_days_or_dates_up_to_the_latest_one() {
    let csv = "account,last_login\nA,2025-09-30\nB,2025-09-23\nC,2025-09-17\nD,2025-09-16\nE,never\n\
               F,3 days ago\nG,2 weeks ago\nH,12\nI,today\nJ,soon\nK,\n";
    let report = score(csv);
    assert_eq!(report.input.as_of, "2025-09-30");
    let low = |id| account(&report, id).low;
    assert_eq!([low("A"), low("B"), low("C"), low("D")], [0.0, 8.0, 8.0, 20.0]);
    assert_eq!([low("E"), low("F"), low("G"), low("H"), low("I")], [20.0, 0.0, 20.0, 8.0, 0.0]);
    for id in ["J", "K"] {
        assert_eq!(account(&report, id).score, None, "{id}");
    }
    assert_eq!(notes(&report, "cell-not-understood"), 1);
    // Counted up to another day.
    let later = score_with(csv, &options(json!({ "asOf": "2025-10-07" }))).unwrap();
    assert_eq!(account(&later, "A").low, 8.0);
    let earlier = score_with(csv, &options(json!({ "asOf": "2025-09-20" }))).unwrap();
    assert_eq!(account(&earlier, "A").score, None);
    assert_eq!(notes(&earlier, "date-after-as-of"), 2);
}

#[test]
fn a_date_far_behind_all_others_is_told() {
    let csv = "account,last_login\nA,2025-09-01\nB,2025-09-02\nC,2029-09-03\n";
    assert_eq!(notes(&score(csv), "as-of-is-alone"), 1);
    assert_eq!(
        notes(&score("account,last_login\nA,2025-09-01\nB,2025-09-20\n"), "as-of-is-alone"),
        0
    );
}

#[test]
fn who_never_logged_in_did_not_for_as_long_as_it_is_there() {
    let csv = "account,start_date,last_login\nA,2025-09-28,never\nB,2025-01-01,2025-09-30\n";
    let report = score(csv);
    assert_eq!(account(&report, "A").low, 0.0);
    assert!(!account(&report, "A").missing.contains(&RiskSignal::DaysSinceLogin));
}

#[test]
fn dates_that_can_be_read_in_two_ways_are_asked_about() {
    let csv = "account,last_login\nA,03/04/2025\nB,05/04/2025\n";
    let report = score(csv);
    assert_eq!(report.input.questions[0].code, "ambiguous-date");
    assert_eq!((report.input.as_of.as_str(), account(&report, "A").low), ("2025-04-05", 0.0));
    let american = score_with(csv, &options(json!({ "dateOrder": "mdy" }))).unwrap();
    assert_eq!((american.input.as_of.as_str(), account(&american, "A").low), ("2025-05-04", 20.0));
    // A day above 12 proves it.
    let proved = score("account,last_login\nA,03/04/2025\nB,13/04/2025\n");
    assert_eq!((proved.input.questions.len(), account(&proved, "A").low), (0, 8.0));
}

#[test]
fn years_of_two_digits_can_come_first() {
    // The login of A: 1 May 2024 with the year first, 24 May 2001 with the day first. That of B is
    // 20 May 2024 or 24 May 2020.
    let csv = "account,last_login\nA,24/05/01\nB,24/05/20\n";
    let days = |report: &RiskReport| account(report, "A").fired[0].value;
    let report = score(csv);
    let question = &report.input.questions[0];
    assert_eq!(question.code, "two-digit-year");
    assert_eq!(question.options, ["ymd", "dmy"]);
    assert!(
        question.readings[0].contains("is 2024-05-01")
            && question.readings[1].contains("is 2001-05-24")
    );
    assert_eq!((report.input.as_of.as_str(), days(&report)), ("2024-05-20", Some(19.0)));
    let chosen = score_with(csv, &options(json!({ "dateOrder": "ymd" }))).unwrap();
    assert_eq!((chosen.input.as_of.as_str(), days(&chosen)), ("2024-05-20", Some(19.0)));
    assert_eq!((chosen.input.questions.len(), &*chosen.input.dialect.date_order), (0, "ymd"));
    // From 24 May 2001 to 24 May 2020 are 19 × 365 days and 5 leap days.
    let other = score_with(csv, &options(json!({ "dateOrder": "dmy" }))).unwrap();
    assert_eq!((other.input.as_of.as_str(), days(&other)), ("2020-05-24", Some(6940.0)));
}

#[test]
fn answers_from_0_to_10_are_no_net_scores() {
    let report = score(
        "account,nps\nA,7\nB,45\nC,9\nD,3\nE,8\nF,8\nG,8\nH,8\nI,8\nJ,8\nK,8\nL,8\n\
                        M,8\nN,8\nO,8\nP,8\nQ,8\nR,8\nS,8\nT,8\nU,8\n",
    );
    assert_eq!(account(&report, "A").score, Some(5.0));
    assert_eq!(account(&report, "B").score, None);
    assert_eq!(notes(&report, "nps-out-of-range"), 1);
    let net = score("account,nps\nA,-40\nB,5\nC,60\nD,9\n");
    assert_eq!(notes(&net, "nps-is-net"), 1);
    assert!(net.accounts.iter().all(|one| one.score.is_none()));
}

#[test]
fn groups_of_answers_are_answers() {
    let csv = "account,nps_category\nA,Promoter\nB,passive\nC,DETRACTOR\nD,\nE,Passives\n";
    let report = score(csv);
    let lows = ["A", "B", "C", "D", "E"].map(|one| account(&report, one).low);
    // NPS under 7 +15, 7 or 8 +5.
    assert_eq!(lows, [0.0, 5.0, 15.0, 0.0, 5.0]);
    assert_eq!(account(&report, "D").score, None);
}

#[test]
fn words_stand_for_yes_and_no_and_nothing_else() {
    let csv = "account,champion,responsiveness,core_feature_usage,late_payments,escalations,layoffs,merger\n\
               A,left,declining,limited,overdue,2,yes,no\n\
               B,changed role,stable,unused,on time,0,no,yes\n\
               C,active,slower,full,no,yes,1,0\n\
               D,yes,hmm,maybe,perhaps,some,?,-\n";
    let report = score(csv);
    // 25 + 15 + 5 + 12 + 15 + 15.
    assert_eq!(account(&report, "A").low, 87.0);
    // 10 + 15 + 8.
    assert_eq!(account(&report, "B").low, 33.0);
    // 15 + 15 + 15.
    assert_eq!(account(&report, "C").low, 45.0);
    assert_eq!(account(&report, "D").score, None);
    assert_eq!(notes(&report, "cell-not-understood"), 5);
}

#[test]
fn every_row_is_used_or_left_out_for_one_reason() {
    let csv =
        "account,nps,open_tickets,mrr\nA,5,1,10\n,5,1,10\nA,9,0,20\nTotal,,,30\nB,5\nC,x,2,5\n";
    let report = score(csv);
    let rows = &report.input.rows;
    assert_eq!((rows.read, rows.used, rows.excluded), (6, 2, 4));
    for code in ["missing-customer", "duplicate-account", "total-row", "too-few-fields"] {
        assert_eq!(notes(&report, code), 1, "{code}");
    }
    let note = report.input.notes.iter().find(|note| note.code == "cell-not-understood").unwrap();
    assert_eq!((note.rows.as_slice(), note.column.as_deref()), (&[7][..], Some("nps")));
    assert_eq!(report.revenue, Some(15.0));
}

#[test]
fn who_has_left_is_not_scored() {
    let csv = "account,churned,nps,mrr\nA,yes,3,100\nB,no,3,50\nC,,3,\n";
    let report = score(csv);
    assert_eq!((report.customers, report.left), (2, 1));
    assert_eq!((report.revenue, report.without_revenue), (Some(50.0), 1));
}

#[test]
fn groups_average_what_is_known_with_an_interval() {
    let csv = "account,owner,nps,churned,health_score_day_90,days_to_first_value\n\
               A,Ann,9,no,60,5\nB,Ann,9,no,80,\nC,Ann,9,yes,100,7\nD,Ann,9,no,,\nE,Ben,9,no,50,\n";
    let report = score(csv);
    let owners = report.owners.as_deref().unwrap();
    let ann = &owners[0].score_day_90;
    assert_eq!((ann.value, ann.n, ann.sum), (Some(80.0), 3, 240.0));
    // 80 ± 4.303 × 20 ÷ √3, by the table of Abramowitz and Stegun (26.10).
    let reach = 4.303 * 20.0 / 3.0_f64.sqrt();
    assert!((ann.low.unwrap() - (80.0 - reach)).abs() < 0.01);
    assert!((ann.high.unwrap() - (80.0 + reach)).abs() < 0.01);
    // 6 ± 12.706 × √2 ÷ √2, and no days below 0.
    let days = &owners[0].days_to_first_value;
    assert_eq!((days.n, days.sum, days.low), (2, 12.0, Some(0.0)));
    assert!((days.high.unwrap() - 18.706).abs() < 0.001);
    let ben = &owners[1].score_day_90;
    assert_eq!((ben.value, ben.low, ben.high), (Some(50.0), None, None));
    let left = &report.left_accounts;
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].customer.as_str(), left[0].score_day_90), ("C", Some(100.0)));
    assert_eq!(account(&report, "A").score_day_90, Some(60.0));
}

#[test]
fn quantiles_of_student_are_those_of_the_table() {
    // Abramowitz and Stegun (1964), table 26.10: A(t|ν) of 0.9, 0.95 and 0.99.
    for (freedom, wanted) in [
        (1, [6.314, 12.706, 63.657]),
        (2, [2.920, 4.303, 9.925]),
        (3, [2.353, 3.182, 5.841]),
        (10, [1.812, 2.228, 3.169]),
        (30, [1.697, 2.042, 2.750]),
        (120, [1.658, 1.980, 2.617]),
    ] {
        for (confidence, wanted) in [0.9, 0.95, 0.99].into_iter().zip(wanted) {
            let found = two_sided_t(freedom, confidence).unwrap();
            assert!((found - wanted).abs() < 6e-4, "{freedom} {confidence}: {found}");
        }
    }
    // The series and the expansion meet.
    for confidence in [0.5, 0.95, 0.999] {
        let [below, above] = [200, 201].map(|freedom| two_sided_t(freedom, confidence).unwrap());
        assert!(above < below && below - above < 2e-3 * (below - 0.6).max(0.1), "{confidence}");
    }
    assert!(two_sided_t(1 << 40, 0.95).unwrap() - 1.959_963_984_540_054 < 1e-9);
}

#[test]
fn yearly_amounts_and_several_currencies() {
    assert_eq!(score("account,arr,nps\nA,\"€1.200,00\",3\n").revenue, Some(100.0));
    let csv = "account,mrr,currency,nps\nA,100,USD,3\nB,70,EUR,3\n";
    let mixed = score(csv);
    assert_eq!(mixed.revenue, None);
    assert_eq!(notes(&mixed, "mixed-currency"), 1);
    let euros = score_with(csv, &options(json!({ "currency": "EUR" }))).unwrap();
    assert_eq!((euros.revenue, euros.without_revenue), (Some(70.0), 1));
    assert_eq!(score("account,nps\nA,3\n").revenue, None);
}

#[test]
fn renewals_are_those_of_the_next_ninety_days() {
    let csv = "account,mrr,renewal_date,last_login,open_tickets,failed_payments\n\
               A,1,2025-01-31,2025-01-31,5,3\nB,2,2025-05-01,2025-01-30,5,3\n\
               C,4,2025-05-02,2025-01-30,5,3\nD,8,2025-01-30,2025-01-30,5,3\nE,16,,2025-01-30,0,0\n";
    let report = score(csv);
    let renewals = report.renewals.unwrap();
    let due: u64 = renewals.iter().map(|one| one.customers).sum();
    let revenue: f64 = renewals.iter().filter_map(|one| one.revenue).sum();
    assert_eq!((due, revenue), (1, 2.0));
    let without = score("account,renewal_date,nps\nA,2025-03-01,4\n");
    assert_eq!((without.renewals, without.renewals_why.as_deref()), (None, Some("no-as-of")));
}

#[test]
fn roles_can_be_chosen_and_unchosen() {
    let csv = "account,x,nps\nA,20,3\n";
    let chosen = options(json!({ "roles": { "last_login": "x", "nps": "" } }));
    let report = score_with(csv, &chosen).unwrap();
    assert_eq!(account(&report, "A").score, Some(20.0));
    let error = |given: Value| score_with(csv, &options(given)).unwrap_err();
    assert_eq!(error(json!({ "roles": { "nps": "y" } })).code(), "unknown-column");
    assert_eq!(error(json!({ "roles": { "mood": "x" } })).code(), "invalid-option");
    assert_eq!(
        score_with("account,colour\nA,red\n", &ScoreOptions::default()).unwrap_err().code(),
        "no-health-signals"
    );
}

#[test]
fn sheets_that_cannot_be_meant_are_refused() {
    let refused = |sheet: Value| {
        let given = options(json!({ "sheet": sheet }));
        assert_eq!(ScoreSession::new(&given).unwrap_err().code(), "invalid-option");
    };
    refused(json!({ "levels": { "critical": 40 } }));
    refused(json!({ "levels": { "medium": 0 } }));
    refused(json!({ "weights": { "usage": -1 } }));
    refused(
        json!({ "weights": { "usage": 0, "engagement": 0, "relationship": 0, "business": 0 } }),
    );
    refused(json!({ "knownAtLeast": 1.5 }));
    let rule = |id: &str, rest: Value| {
        let mut rule = json!({ "id": id, "signal": "nps", "points": 5 });
        rule.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        rule
    };
    let group = |rules: Vec<Value>| json!({ "groups": [{ "id": "g", "category": "usage", "combine": "sum", "rules": rules }] });
    refused(group(vec![rule("a", json!({}))]));
    refused(group(vec![rule("a", json!({ "below": 3, "points": -1 }))]));
    refused(group(vec![rule("a", json!({ "below": 3 })), rule("a", json!({ "atLeast": 3 }))]));
    for wrong in
        [json!({ "sheet": { "colour": 1 } }), json!({ "sheet": { "levels": { "huge": 1 } } })]
    {
        assert!(serde_json::from_value::<ScoreOptions>(wrong).is_err());
    }
    // What is left out is as published.
    let given = options(json!({ "sheet": { "method": "weighted", "levels": { "critical": 80 } } }));
    let sheet = given.sheet.unwrap();
    assert_eq!((sheet.levels.critical, sheet.levels.high), (80.0, 50.0));
    assert_eq!(sheet.groups, RiskSheet::default().groups);
}

#[test]
fn another_sheet_does_not_read_the_file_again() {
    let mut session = ScoreSession::new(&ScoreOptions::default()).unwrap();
    session.push(b"account,nps,last_login\nA,3,2025-01-01\n").unwrap();
    session.finish().unwrap();
    let again =
        |session: &mut ScoreSession, given: Value| session.rescore(&options(given)).unwrap();
    for given in [
        json!({ "sheet": { "method": "weighted" } }),
        json!({ "playbook": { "cost": 5 } }),
        json!({ "asOf": "2025-02-01" }),
        json!({ "dateOrder": "mdy", "decimal": ",", "currency": "EUR", "shareUnit": "percent" }),
    ] {
        assert!(matches!(again(&mut session, given), ScoreOutcome::Scored { .. }));
    }
    let roles = json!({ "roles": { "nps": "" } });
    assert!(matches!(again(&mut session, roles), ScoreOutcome::ReadAgain { .. }));
}

#[test]
fn the_playbook_saves_what_is_printed() {
    // 85, 180 and 320 accounts: 45.05 + 55.8 + 51.2 = 152.05 a quarter.
    let n = |level| match level {
        RiskLevel::Critical => 85,
        RiskLevel::High => 180,
        RiskLevel::Medium => 320,
        _ => 0,
    };
    let at_stake = |level| AtStake { n_customers: n(level), monthly_minor: Vec::new() };
    let report = playbook(&Playbook::default(), at_stake, 2, 0.95).unwrap();
    let saved: Vec<f64> = report.levels.iter().map(|one| one.saved_customers).collect();
    for (found, printed) in saved.iter().zip([45.05, 55.8, 51.2]) {
        assert!((found - printed).abs() < 1e-9);
    }
    assert!((report.saved_customers.value - 152.05).abs() < 1e-9);
    let interval = expected()["publishedInterval"].clone();
    assert_eq!(
        json!([report.saved_customers.low, report.saved_customers.high]),
        as_floats(&interval)
    );
    assert_eq!((report.saved_revenue, report.program_return), (None, None));
}

#[test]
fn a_programme_has_two_returns_by_two_names() {
    // 3.2 million over 480 thousand is 6.67 times the cost, and 5.67 with the cost taken off.
    let account = |level| AtStake {
        n_customers: u64::from(level == RiskLevel::Critical),
        monthly_minor: if level == RiskLevel::Critical { vec![320_000_000] } else { Vec::new() },
    };
    let sure = Playbook {
        levels: serde_json::from_value(
            json!([{ "level": "critical", "retainedWith": 1, "retainedWithout": 0 }]),
        )
        .unwrap(),
        cost: Some(480_000.0),
        months: 1.0,
        seed: 1.0,
    };
    let report = playbook(&sure, account, 2, 0.95).unwrap();
    let value =
        |figure: Option<retention_calculator::number::Figure>| figure.unwrap().value.unwrap();
    assert!((value(report.program_return.clone()) - 20.0 / 3.0).abs() < 1e-12);
    assert!((value(report.program_net_return) - 17.0 / 3.0).abs() < 1e-12);
    let figure = report.program_return.unwrap();
    assert_eq!(figure.low, figure.high);
    let free = playbook(&Playbook { cost: Some(0.0), ..sure.clone() }, account, 2, 0.95).unwrap();
    assert_eq!(free.program_return.unwrap().why.as_deref(), Some("no-cost"));
    let wrong = Playbook {
        levels: serde_json::from_value(
            json!([{ "level": "high", "retainedWith": 0.4, "retainedWithout": 0.6 }]),
        )
        .unwrap(),
        ..sure
    };
    assert_eq!(playbook(&wrong, account, 2, 0.95).unwrap_err().code(), "invalid-option");
}

#[test]
fn intervals_of_many_accounts_meet_those_of_few() {
    // The same accounts, just below and just above the number up to which all are drawn.
    let stake = |n: usize| {
        move |level: RiskLevel| {
            let n = if level == RiskLevel::High { n } else { 0 };
            AtStake {
                n_customers: n as u64,
                monthly_minor: (0_i64..).take(n).map(|index| 1_000 + 17 * (index % 100)).collect(),
            }
        }
    };
    let drawn = playbook(&Playbook::default(), stake(5_000), 2, 0.95).unwrap();
    let normal = playbook(&Playbook::default(), stake(5_001), 2, 0.95).unwrap();
    assert_eq!(drawn.revenue_interval.as_deref(), Some("simulated"));
    assert_eq!(normal.revenue_interval.as_deref(), Some("normal"));
    let (a, b) = (drawn.saved_revenue.unwrap(), normal.saved_revenue.unwrap());
    let width = b.high - b.low;
    assert!((a.low - b.low).abs() < 0.1 * width && (a.high - b.high).abs() < 0.1 * width);
    let again = playbook(&Playbook::default(), stake(5_000), 2, 0.95).unwrap();
    assert_eq!(again.saved_revenue, Some(a));
}

fn root() -> &'static std::path::Path {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn expected() -> Value {
    let text = std::fs::read_to_string(root().join("tests/cases/account-health.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Whole numbers as floats, as the report has them.
fn as_floats(numbers: &Value) -> Value {
    numbers.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn sample() -> String {
    std::fs::read_to_string(root().join("www/public/samples/health.csv")).unwrap()
}

#[expect(clippy::cast_possible_truncation, reason = "cents of a small sample")]
fn levels_of(levels: &[retention_calculator::health::LevelReport]) -> Value {
    levels
        .iter()
        .map(|one| {
            let cents = (one.revenue.unwrap() * 100.0).round() as i64;
            json!({ "level": one.level, "customers": one.customers, "cents": cents })
        })
        .collect()
}

#[test]
fn the_sample_comes_out_as_in_the_oracle() {
    let expected = expected();
    let report = score(&sample());
    assert_eq!(json!(report.input.rows.read), expected["rows"]["read"]);
    assert_eq!(json!(report.input.rows.used), expected["rows"]["used"]);
    assert_eq!(json!(report.input.as_of), expected["asOf"]);
    assert_eq!(
        json!([report.customers, report.left]),
        json!([expected["customers"], expected["left"]])
    );
    assert_eq!(levels_of(&report.levels), expected["levels"]);
    assert_eq!(levels_of(report.renewals.as_deref().unwrap()), expected["renewals"]);
    let saved = &report.playbook.saved_customers;
    assert!((saved.value - expected["savedCustomers"].as_f64().unwrap()).abs() < 1e-9);
    assert_eq!(json!([saved.low, saved.high]), as_floats(&expected["savedCustomersInterval"]));
    let revenue = report.playbook.saved_revenue.unwrap();
    assert!((revenue.value * 100.0 - expected["savedCents"].as_f64().unwrap()).abs() < 1e-3);
    assert!(revenue.low < revenue.value && revenue.value < revenue.high);
    let weighted =
        score_with(&sample(), &options(json!({ "sheet": { "method": "weighted" } }))).unwrap();
    assert_eq!(levels_of(&weighted.levels), expected["weightedLevels"]);
    for (method, report) in [("points", &report), ("weighted", &weighted)] {
        let accounts = expected["accounts"].as_array().unwrap();
        assert_eq!(report.accounts.len(), accounts.len());
        for wanted in accounts {
            let found = account(report, wanted["customer"].as_str().unwrap());
            let own = &wanted[method];
            assert_eq!(json!(found.row), wanted["row"]);
            assert_eq!(json!(found.level), own["level"], "{}", found.customer);
            for (value, name) in
                [(found.low, "low"), (found.high, "high"), (found.known_share, "known")]
            {
                let wanted = own[name].as_f64().unwrap();
                assert!(
                    (value - wanted).abs() < 1e-8,
                    "{} {name}: {value}, {wanted}",
                    found.customer
                );
            }
        }
    }
    for (kind, groups) in [("cohort", &report.cohorts), ("owner", &report.owners)] {
        let wanted = expected["groups"][kind].as_array().unwrap();
        let groups = groups.as_ref().unwrap();
        assert_eq!(groups.len(), wanted.len());
        for (group, wanted) in groups.iter().zip(wanted) {
            assert_eq!(json!(group.name), wanted["name"]);
            assert_eq!(
                json!([group.customers, group.at_risk]),
                json!([wanted["customers"], wanted["atRisk"]])
            );
            let near = |value: Option<f64>, wanted: &Value| match wanted.as_f64() {
                Some(wanted) => value.is_some_and(|value| (value - wanted).abs() < 1e-9),
                None => value.is_none(),
            };
            assert!(near(group.score_day_90.value, &wanted["scoreDay90"]));
            assert!(near(group.days_to_first_value.value, &wanted["daysToFirstValue"]));
            let n_started = wanted["ofStarted"].as_u64().unwrap();
            match &group.twelve_month_retention {
                None => assert_eq!(n_started, 0),
                Some(figure) => {
                    assert_eq!(figure.n, Some(n_started));
                    assert_eq!(json!(figure.inputs["part"]), json!(wanted["retained"].as_f64()));
                }
            }
        }
    }
}

#[test]
fn a_report_says_which_signals_the_file_has() {
    let file = std::fs::read(root().join("www/public/samples/accounts.csv")).unwrap();
    let report = crate::reading::read(&file);
    assert_eq!(
        report.input.health_signals,
        ["active_share", "last_login", "unresolved_tickets", "nps", "failed_payments"]
    );
    for other in ["subscriptions", "mrr-wide", "mrr-long", "transactions", "periods"] {
        let file = std::fs::read(root().join(format!("www/public/samples/{other}.csv"))).unwrap();
        assert_eq!(crate::reading::read(&file).input.health_signals, [""; 0], "{other}");
    }
}

#[test]
fn a_last_login_or_a_renewal_is_no_start_and_no_order() {
    for csv in [
        "account,mrr,last_login,nps,renewal_date\nA,9,2025-06-01,3,2026-01-01\nB,5,2025-06-02,9,\n",
        "account,mrr,last_login,nps\nA,100,2025-06-01,3\nB,50,2025-06-02,9\n",
        "account,active_percent,last_login\nA,15,2025-06-01\nB,30,2025-06-02\n",
    ] {
        let error = crate::reading::read_with(csv.as_bytes(), &AnalyzeOptions::default());
        assert!(error.unwrap_err().code().starts_with("column-missing"));
        assert_eq!(score(csv).customers, 2);
    }
}

/// Cells that such files hold, sound and not.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (0_u32..120).prop_map(|number| number.to_string()),
        2 => (0_u32..100).prop_map(|number| format!("0.{number:02}")),
        2 => (2023_i32..2026, 1_u32..13, 1_u32..29).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")),
        1 => prop::sample::select(vec![
            "", "n/a", "yes", "no", "left", "12%", "-3", "never", "1e400", "€5", "03/04/2025", "Total",
            "\u{202e}x", "0", "1", "100", "declining", "limited", "3+", "2 weeks", "9999-12-31",
        ])
        .prop_map(str::to_owned),
    ]
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    prop::collection::vec(prop::collection::vec(cell(), 9), 1..25)
}

const HEADER: &str = "active_percent,last_login,core_feature_usage,open_tickets,nps,champion,mrr,renewal_date,late_payments";

fn csv_of(rows: &[(usize, &Vec<String>)]) -> String {
    let mut csv = format!("account,{HEADER}\n");
    for (id, row) in rows {
        let _ = writeln!(csv, "A{id},{}", row.join(","));
    }
    csv
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_accounts_are_scored_within_their_range(rows in table(), method in 0..2_usize, n in 1..200_usize) {
        let numbered: Vec<(usize, &Vec<String>)> = rows.iter().enumerate().collect();
        let csv = csv_of(&numbered);
        let name = ["points", "weighted"][method];
        let given = options(json!({ "sheet": { "method": name } }));
        let Ok(report) = score_in_pieces(&csv, &given, n) else { return Ok(()) };
        let rows = &report.input.rows;
        prop_assert_eq!(rows.read, rows.used + rows.excluded);
        prop_assert_eq!(report.levels.iter().map(|one| one.customers).sum::<u64>(), report.customers);
        for one in &report.accounts {
            prop_assert!(0.0 <= one.low && one.low <= one.high);
            prop_assert!(one.high <= report.attainable.score + 1e-6);
            prop_assert!((0.0..=1.0).contains(&one.known_share));
            prop_assert_eq!(one.score.is_none(), one.known_share == 0.0);
            let adds: f64 = one.fired.iter().map(|fired| fired.adds).sum();
            prop_assert!((adds - one.low).abs() < 1e-6);
            // High and critical stand; medium and low only where enough is known.
            if matches!(one.level, RiskLevel::Medium | RiskLevel::Low) {
                prop_assert!(0.5 <= one.known_share);
            }
        }
        // Neither the size of the pieces nor the order of the rows leaves a trace.
        prop_assert_eq!(&score_in_pieces(&csv, &given, 1 << 16).unwrap(), &report);
        let reversed: Vec<(usize, &Vec<String>)> = numbered.into_iter().rev().collect();
        let other = score_in_pieces(&csv_of(&reversed), &given, n).unwrap();
        prop_assert_eq!(&other.levels, &report.levels);
        prop_assert_eq!(&other.renewals, &report.renewals);
        for one in &report.accounts {
            let found = account(&other, &one.customer);
            prop_assert_eq!((found.low, found.high, found.level), (one.low, one.high, one.level));
        }
    }

    #[test]
    fn knowing_more_narrows_the_range(rows in prop::collection::vec(prop::option::of(0.0..12.0_f64), RiskSignal::COUNT), which in 0..RiskSignal::COUNT, value in 0.0..12.0_f64) {
        let sheet = RiskSheet::default();
        let scorer = Scorer::new(&sheet, |_| true);
        let clamp = |signal: RiskSignal, value: f64| match signal {
            RiskSignal::Nps => value.min(10.0),
            RiskSignal::LimitedCoreUse | RiskSignal::ChampionLeft | RiskSignal::ChampionChangedRole => f64::from(value < 6.0),
            RiskSignal::ActiveShare => value / 12.0,
            _ => value,
        };
        let mut signals = Signals::default();
        for (signal, value) in RiskSignal::ALL.into_iter().zip(&rows) {
            if let Some(value) = value {
                signals.set(signal, clamp(signal, *value));
            }
        }
        let before = scorer.score(&signals);
        let signal = RiskSignal::ALL[which];
        if signals.get(signal).is_none() {
            let after = scorer.score(&signals.with(signal, clamp(signal, value)));
            prop_assert!(before.low <= after.low && after.high <= before.high);
            prop_assert!(before.known_share <= after.known_share);
        }
    }
}
