//! One account against the sheet: what fires, what that adds up to, and how far it could be off for
//! want of what is not known.
//!
//! It knows no file and no money.

use super::sheet::{
    RiskCategory, RiskCombine, RiskGroup, RiskLevel, RiskMethod, RiskRule, RiskSheet, RiskUntracked,
};
use super::signal::{RiskSignal, Signals};
use crate::arrange;

/// A rule that fires for an account.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fired {
    /// Its group on the sheet.
    pub group: usize,
    /// Its place in the group.
    pub rule: usize,
    /// What it adds to the score, in the unit of the score; 0 where a higher rule of its group
    /// counts instead.
    pub adds: f64,
}

/// What an account scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The score if all that is not known were healthy, which is that of what is known.
    pub low: f64,
    /// The score if all that is not known were as bad as the sheet can say.
    pub high: f64,
    /// The share of the attainable score that is known; nothing where nothing can be scored.
    pub known_share: Option<f64>,
    /// The level.
    pub level: RiskLevel,
    /// The level that it would have if all that is not known were bad.
    pub level_at_worst: RiskLevel,
    /// The rules that fire, in the order of the sheet.
    pub fired: Vec<Fired>,
}

/// The rules of a group on one signal.
#[derive(Clone, Debug)]
struct Ladder {
    signal: RiskSignal,
    /// Places in the group.
    rules: Vec<usize>,
    /// The least and the most that they can give.
    least: f64,
    most: f64,
}

#[derive(Clone, Debug)]
struct Prepared {
    ladders: Vec<Ladder>,
    /// The factor from its points to the score.
    factor: f64,
}

/// A sheet made ready for many accounts of one file.
#[derive(Clone, Debug)]
pub struct Scorer<'a> {
    sheet: &'a RiskSheet,
    groups: Vec<Prepared>,
    attainable: f64,
}

/// What a category can come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CategoryMaximum {
    /// The category.
    pub category: RiskCategory,
    /// The most points that its rules can give.
    pub points: f64,
    /// The most that it can add to the score.
    pub score: f64,
}

impl<'a> Scorer<'a> {
    /// Makes a sheet ready for a file that has columns for the signals for which `is_tracked`.
    #[must_use]
    pub fn new(sheet: &'a RiskSheet, is_tracked: impl Fn(RiskSignal) -> bool) -> Self {
        let counts = |signal| sheet.untracked == RiskUntracked::Missing || is_tracked(signal);
        let mut groups: Vec<Prepared> = sheet
            .groups
            .iter()
            .map(|group| Prepared { ladders: ladders_of(group, counts), factor: 1.0 })
            .collect();
        let mut scorer = Self { sheet, groups: groups.clone(), attainable: 0.0 };
        if sheet.method == RiskMethod::Weighted {
            let maxima = RiskCategory::ALL.map(|category| scorer.maximum_points(category));
            // A category that can give no points has no share in the whole.
            let total: f64 = RiskCategory::ALL
                .into_iter()
                .zip(maxima)
                .filter(|&(_, points)| 0.0 < points)
                .map(|(category, _)| sheet.weights.of(category))
                .sum();
            for (prepared, group) in groups.iter_mut().zip(&sheet.groups) {
                let points = maxima[group.category as usize];
                prepared.factor = if 0.0 < points && 0.0 < total {
                    sheet.weights.of(group.category) / points / total * 100.0
                } else {
                    0.0
                };
            }
            scorer.groups = groups;
        }
        let attainable: f64 =
            scorer.maxima().iter().map(|maximum| maximum.score).fold(0.0, |a, b| a + b);
        scorer.attainable = tidy(attainable);
        scorer
    }

    /// The most that an account can score.
    #[must_use]
    pub fn attainable(&self) -> f64 {
        self.attainable
    }

    /// What each category can come to, in the published order.
    #[must_use]
    pub fn maxima(&self) -> [CategoryMaximum; 4] {
        RiskCategory::ALL.map(|category| {
            let score: f64 = self
                .groups_of(category)
                .map(|(group, prepared)| prepared.factor * most(group.combine, &prepared.ladders))
                .sum();
            CategoryMaximum { category, points: self.maximum_points(category), score: tidy(score) }
        })
    }

    fn groups_of(&self, category: RiskCategory) -> impl Iterator<Item = (&RiskGroup, &Prepared)> {
        self.sheet
            .groups
            .iter()
            .zip(&self.groups)
            .filter(move |(group, _)| group.category == category)
    }

    fn maximum_points(&self, category: RiskCategory) -> f64 {
        self.groups_of(category)
            .map(|(group, prepared)| most(group.combine, &prepared.ladders))
            .sum()
    }

    /// Whether any rule that counts looks at a signal.
    #[must_use]
    pub fn looks_at(&self, signal: RiskSignal) -> bool {
        self.groups.iter().flat_map(|group| &group.ladders).any(|ladder| ladder.signal == signal)
    }

    /// The score of an account with these signals.
    #[must_use]
    pub fn score(&self, signals: &Signals) -> Scored {
        let (mut low, mut high) = (0.0, 0.0);
        let mut fired = Vec::new();
        for (index, (group, prepared)) in self.sheet.groups.iter().zip(&self.groups).enumerate() {
            let (mut group_low, mut group_high) = (0.0_f64, 0.0_f64);
            let first = fired.len();
            for ladder in &prepared.ladders {
                let (least, most) = if let Some(value) = signals.get(ladder.signal) {
                    let mut points = 0.0_f64;
                    for &rule in &ladder.rules {
                        if group.rules[rule].fires(value) {
                            let own = group.rules[rule].points;
                            points = combined(group.combine, points, own);
                            fired.push(Fired { group: index, rule, adds: own });
                        }
                    }
                    (points, points)
                } else {
                    (ladder.least, ladder.most)
                };
                group_low = combined(group.combine, group_low, least);
                group_high = combined(group.combine, group_high, most);
            }
            if group.combine == RiskCombine::Highest {
                keep_highest(&mut fired[first..]);
            }
            for one in &mut fired[first..] {
                one.adds = tidy(one.adds * prepared.factor);
            }
            low += group_low * prepared.factor;
            high += group_high * prepared.factor;
        }
        fired.sort_by_key(|one: &Fired| (one.group, one.rule));
        let (low, high) = (tidy(low), tidy(high));
        let known_share = (0.0 < self.attainable)
            .then(|| tidy(1.0 - (high - low) / self.attainable).clamp(0.0, 1.0));
        let level = self.sheet.levels.of(low);
        let level_at_worst = self.sheet.levels.of(high);
        // More knowledge can only raise a score: high and critical stand however little is known.
        let is_known =
            known_share.is_some_and(|share| 0.0 < share && self.sheet.known_at_least <= share);
        let stands = matches!(level, RiskLevel::Critical | RiskLevel::High);
        Scored {
            low,
            high,
            known_share,
            level: if stands || is_known { level } else { RiskLevel::Unknown },
            level_at_worst,
            fired,
        }
    }
}

/// Leaves what it adds to the highest rule only, the first of those that are alike.
fn keep_highest(fired: &mut [Fired]) {
    let mut best: Option<usize> = None;
    for (index, one) in fired.iter().enumerate() {
        if best.is_none_or(|known| fired[known].adds < one.adds) {
            best = Some(index);
        }
    }
    for (index, one) in fired.iter_mut().enumerate() {
        if best != Some(index) {
            one.adds = 0.0;
        }
    }
}

fn combined(combine: RiskCombine, a: f64, b: f64) -> f64 {
    match combine {
        RiskCombine::Highest => a.max(b),
        RiskCombine::Sum => a + b,
    }
}

fn most(combine: RiskCombine, ladders: &[Ladder]) -> f64 {
    ladders.iter().fold(0.0, |sum, ladder| combined(combine, sum, ladder.most))
}

fn ladders_of(group: &RiskGroup, counts: impl Fn(RiskSignal) -> bool) -> Vec<Ladder> {
    let rules = &group.rules;
    let mut ladders: Vec<Ladder> = Vec::new();
    for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| counts(rule.signal)) {
        match ladders.iter_mut().find(|ladder| ladder.signal == rule.signal) {
            Some(ladder) => ladder.rules.push(index),
            None => ladders.push(Ladder {
                signal: rule.signal,
                rules: vec![index],
                least: 0.0,
                most: 0.0,
            }),
        }
    }
    for ladder in &mut ladders {
        let own = || ladder.rules.iter().map(|&rule| &rules[rule]);
        // Points change at bounds only: a value at each, one between each two, and one beyond.
        let mut values: Vec<f64> = own().flat_map(RiskRule::bounds).chain([0.0]).collect();
        arrange::by(&mut values, f64::total_cmp);
        let between: Vec<f64> =
            values.windows(2).map(|pair| f64::midpoint(pair[0], pair[1])).collect();
        let beyond = values.last().map_or(1.0, |last| last + 1.0);
        values.extend(between);
        values.push(beyond);
        values.retain(|&value| 0.0 <= value && value <= ladder.signal.maximum());
        let points_at = |value: f64| {
            own()
                .filter(|rule| rule.fires(value))
                .fold(0.0, |points, rule| combined(group.combine, points, rule.points))
        };
        ladder.least = values.iter().map(|&value| points_at(value)).fold(f64::INFINITY, f64::min);
        ladder.most = values.iter().map(|&value| points_at(value)).fold(0.0, f64::max);
    }
    ladders
}

/// A number without the dust of its last bits, so that a score of 50 is at the bound of 50.
fn tidy(value: f64) -> f64 {
    (value * 1e9).round() / 1e9 + 0.0
}
