//! Customer churn of one period by six definitions, from what each customer did inside it.
//!
//! It says what each definition counts and whom it counts otherwise than the default; it picks none.

use super::differing::{Difference, Differing};
use super::inside::Inside;
use super::variant::{Detail, Input, Variant};
use crate::analysis::period_figures::count;
use crate::formula::Unit;
use crate::ledger::CustomerIndex;
use crate::number::interval::wilson;
use crate::number::{Figure, FormulaId, Minor};

/// A definition of customer churn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::analysis) enum Churn {
    StartCohort,
    ChartMogul,
    Stripe,
    Baremetrics,
    ProfitWell,
    Articles,
}

impl Churn {
    /// All of them, the default first.
    pub(super) const ALL: [Self; 6] = [
        Self::StartCohort,
        Self::ChartMogul,
        Self::Stripe,
        Self::Baremetrics,
        Self::ProfitWell,
        Self::Articles,
    ];

    /// The definition of a name.
    pub(in crate::analysis) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.variant().name == name)
    }

    /// How it is named and worked out.
    pub(super) fn variant(self) -> &'static Variant {
        match self {
            Self::StartCohort => &START_COHORT,
            Self::ChartMogul => &CHARTMOGUL,
            Self::Stripe => &STRIPE,
            Self::Baremetrics => &BAREMETRICS,
            Self::ProfitWell => &PROFITWELL,
            Self::Articles => &ARTICLES,
        }
    }

    /// How often a customer counts in the numerator.
    fn weight(self, inside: &Inside) -> i64 {
        let once = |counts: bool| i64::from(counts);
        let is_lost = inside.is_active_then && !inside.is_active_now;
        match self {
            Self::StartCohort => once(is_lost),
            Self::ChartMogul => {
                once(inside.has_cancelled() && !inside.is_active_now && !inside.is_new())
            }
            Self::Stripe => i64::from(inside.n_cancellations),
            Self::Baremetrics => once(inside.has_cancelled()),
            Self::ProfitWell => once(inside.has_cancelled() && !inside.is_new()),
            Self::Articles => {
                once(inside.is_active_then) - once(inside.is_active_now) + once(inside.is_new())
            }
        }
    }

    /// How a customer counts otherwise than by the default, by what it paid.
    pub(in crate::analysis) fn difference(self, inside: &Inside) -> Option<Difference> {
        let more = self.weight(inside) - Self::StartCohort.weight(inside);
        let is_only_below = self == Self::Stripe && inside.is_new();
        (more != 0 || is_only_below).then(|| Difference {
            minor: Minor::from(more) * inside.paid_minor,
            rank_minor: inside.paid_minor,
        })
    }

    /// Why it has no number in a file that shows so much.
    pub(super) fn why_not(self, detail: Detail) -> Option<&'static str> {
        match (self, detail) {
            (
                Self::StartCohort | Self::Articles,
                Detail::Days | Detail::Months | Detail::Orders,
            )
            | (Self::StartCohort, Detail::Accounts)
            | (Self::Articles, Detail::Totals)
            | (_, Detail::Days) => None,
            (_, Detail::Months) => Some("needs-days"),
            (_, Detail::Orders) => Some("no-cancellations"),
            (_, Detail::Totals) => Some("needs-customers"),
            (_, Detail::Accounts) => Some("needs-dates"),
        }
    }

    /// The rate, undefined where nobody was there to lose or where the arithmetic is impossible.
    pub(super) fn figure(self, counts: &Counts, confidence: f64) -> Figure {
        let formula = FormulaId::CustomerChurnRate;
        let start = ("start", count(counts.start));
        let gone_new = ("gone_new", count(counts.gone_new));
        let cancelled = ("cancelled", count(counts.cancelled));
        let new = ("new", count(counts.new));
        let inputs: &[(&'static str, f64)] = match self {
            Self::StartCohort => &[start, ("lost", count(counts.lost))],
            Self::ChartMogul => &[cancelled, ("returned", count(counts.returned)), gone_new, start],
            Self::Stripe => &[("cancellations", count(counts.cancellations)), start, new],
            Self::Baremetrics => &[cancelled, start],
            Self::ProfitWell => &[cancelled, ("cancelled_new", count(counts.cancelled_new)), start],
            Self::Articles => &[("end", count(counts.end)), new, start],
        };
        let at_risk = if self == Self::Stripe { counts.start + counts.new } else { counts.start };
        if at_risk == 0 {
            return Figure::undefined(formula, "no-customers-at-start", inputs);
        }
        let counted = match self {
            Self::StartCohort => counts.lost,
            Self::ChartMogul => counts.cancelled - counts.returned - counts.gone_new,
            Self::Stripe => counts.cancellations,
            Self::Baremetrics => counts.cancelled,
            Self::ProfitWell => counts.cancelled - counts.cancelled_new,
            Self::Articles => {
                let Some(kept) = counts.end.checked_sub(counts.new) else {
                    return Figure::undefined(formula, "retained-negative", inputs);
                };
                let Some(lost) = counts.start.checked_sub(kept) else {
                    return Figure::undefined(formula, "retained-over-start", inputs);
                };
                lost
            }
        };
        let figure =
            Figure::of(formula, count(counted) / count(at_risk), inputs).counted_from(at_risk);
        figure.within(wilson(counted, at_risk, confidence).filter(|_| self.is_share(counts)))
    }

    /// Whether it counts each customer at most once and only some of those it divides by, which is
    /// what the interval of a share takes.
    fn is_share(self, counts: &Counts) -> bool {
        match self {
            Self::StartCohort => true,
            Self::ChartMogul | Self::ProfitWell => counts.cancelled_back == 0,
            Self::Stripe => counts.cancelled_back == 0 && counts.cancellations == counts.cancelled,
            Self::Baremetrics => counts.cancelled_back == 0 && counts.cancelled_new == 0,
            Self::Articles => {
                counts.lost + counts.end == counts.start + counts.new && counts.gone_new == 0
            }
        }
    }
}

/// What the six definitions count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Active at the first close.
    pub(super) start: u64,
    /// Active at the last one.
    pub(super) end: u64,
    /// Active at the first close, not at the last.
    pub(super) lost: u64,
    /// Active inside the period for the first time ever, those who left again included.
    pub(super) new: u64,
    /// Customers who left at least once.
    pub(super) cancelled: u64,
    /// How often customers left.
    pub(super) cancellations: u64,
    /// Of those who left, the ones who are back at the last close.
    pub(super) returned: u64,
    /// Of the new ones, those who left and are not back.
    pub(super) gone_new: u64,
    /// Of the new ones, those who left, back or not.
    pub(super) cancelled_new: u64,
    /// Customers from before who were not there at the first close, came back and left again.
    pub(super) cancelled_back: u64,
}

/// All definitions, while customers are added.
#[derive(Clone, Debug, Default)]
pub(super) struct ChurnPass {
    pub(super) counts: Counts,
    pub(super) differing: [Differing; 6],
}

impl ChurnPass {
    pub(super) fn add(&mut self, customer: CustomerIndex, inside: &Inside) {
        let counts = &mut self.counts;
        let (has_cancelled, is_new) = (inside.has_cancelled(), inside.is_new());
        counts.start += u64::from(inside.is_active_then);
        counts.end += u64::from(inside.is_active_now);
        counts.lost += u64::from(inside.is_active_then && !inside.is_active_now);
        counts.new += u64::from(is_new);
        counts.cancelled += u64::from(has_cancelled);
        counts.cancellations += u64::from(inside.n_cancellations);
        counts.returned += u64::from(has_cancelled && inside.is_active_now);
        counts.gone_new += u64::from(has_cancelled && is_new && !inside.is_active_now);
        counts.cancelled_new += u64::from(has_cancelled && is_new);
        counts.cancelled_back += u64::from(has_cancelled && !is_new && !inside.is_active_then);
        if inside.is_active_then && inside.is_active_now && !has_cancelled {
            // Most customers: nobody counts them otherwise.
            return;
        }
        for (churn, differing) in Churn::ALL.into_iter().zip(&mut self.differing) {
            differing.add(customer, churn.difference(inside));
        }
    }
}

const SHARE: Unit = Unit::Share;

static START_COHORT: Variant = Variant {
    name: "start-cohort",
    title: "Customers at the start who are gone at the end",
    source: "This calculator: needs customer ids, and lies between 0 and 100 %",
    expression: "{lost} ÷ {start}",
    result: SHARE,
    inputs: &[
        Input("lost", "Customers at the start who are gone at the end", Unit::Count),
        Input("start", "Customers at the start", Unit::Count),
    ],
};

static CHARTMOGUL: Variant = Variant {
    name: "chartmogul",
    title: "ChartMogul, standard",
    source: "ChartMogul Help Center, Customer Churn Rate",
    expression: "({cancelled} − {returned} − {gone_new}) ÷ {start}",
    result: SHARE,
    inputs: &[
        Input("cancelled", "Customers who left", Unit::Count),
        Input("returned", "Of them back at the end", Unit::Count),
        Input("gone_new", "Of them signed up inside the period", Unit::Count),
        Input("start", "Customers at the start", Unit::Count),
    ],
};

static STRIPE: Variant = Variant {
    name: "stripe",
    title: "Stripe, and Gumroad after it",
    source: "Stripe Support, Calculating subscriber churn rate in Billing; antiwork/gumroad 13",
    expression: "{cancellations} ÷ ({start} + {new})",
    result: SHARE,
    inputs: &[
        Input("cancellations", "Times a customer left", Unit::Count),
        Input("start", "Customers at the start", Unit::Count),
        Input("new", "Customers signed up, those who left again included", Unit::Count),
    ],
};

static BAREMETRICS: Variant = Variant {
    name: "baremetrics",
    title: "Baremetrics",
    source: "Baremetrics Changelog, Churn Update: who signs up and cancels counts",
    expression: "{cancelled} ÷ {start}",
    result: SHARE,
    inputs: &[
        Input("cancelled", "Customers who left", Unit::Count),
        Input("start", "Customers at the start", Unit::Count),
    ],
};

static PROFITWELL: Variant = Variant {
    name: "profitwell",
    title: "ProfitWell",
    source: "Paddle Help, ProfitWell Metrics: who signs up and leaves in one month is ignored",
    expression: "({cancelled} − {cancelled_new}) ÷ {start}",
    result: SHARE,
    inputs: &[
        Input("cancelled", "Customers who left", Unit::Count),
        Input("cancelled_new", "Of them signed up inside the period", Unit::Count),
        Input("start", "Customers at the start", Unit::Count),
    ],
};

static ARTICLES: Variant = Variant {
    name: "articles",
    title: "The formula in print, 1 − (E − N) ÷ S",
    source: "Articles on retention: takes whoever came back for one who never left, and who came and went for a loss",
    expression: "1 − ({end} − {new}) ÷ {start}",
    result: SHARE,
    inputs: &[
        Input("end", "Customers at the end", Unit::Count),
        Input("new", "Customers signed up, those who left again included", Unit::Count),
        Input("start", "Customers at the start", Unit::Count),
    ],
};
