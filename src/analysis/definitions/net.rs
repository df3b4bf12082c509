//! Net revenue retention of twelve months by five definitions: customer by customer, month by month,
//! and from the sums of movements, with customers who came back and without.
//!
//! The rate per customer is the report's own; it is counted here only to be held against.

use std::borrow::Cow;

use super::differing::{Difference, Differing};
use super::variant::{Input, Term, Variant, money};
use crate::analysis::exact::Exact;
use crate::analysis::levels::Steps;
use crate::analysis::period_figures::{PeriodFigures, ratio};
use crate::analysis::span::year_earlier;
use crate::calendar::{Day, Granularity, Period};
use crate::formula::Unit;
use crate::ledger::CustomerIndex;
use crate::number::{Figure, FormulaId, Minor, to_major};

const METRIC: FormulaId = FormulaId::NetRevenueRetention;
const N_MONTHS: usize = 12;

/// The names of the twelve factors.
const FACTORS: [&str; N_MONTHS] = [
    "month_1", "month_2", "month_3", "month_4", "month_5", "month_6", "month_7", "month_8",
    "month_9", "month_10", "month_11", "month_12",
];

/// A definition of net revenue retention other than the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::analysis) enum Net {
    ProductOfMonths,
    MovementTotals,
    MovementTotalsWithReactivation,
    ReturnedAsLost,
}

impl Net {
    pub(super) const ALL: [Self; 4] = [
        Self::ProductOfMonths,
        Self::MovementTotals,
        Self::MovementTotalsWithReactivation,
        Self::ReturnedAsLost,
    ];

    /// The definition of a name.
    pub(in crate::analysis) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.variant().name == name)
    }

    pub(super) fn variant(self) -> &'static Variant {
        match self {
            Self::ProductOfMonths => &PRODUCT_OF_MONTHS,
            Self::MovementTotals => &MOVEMENT_TOTALS,
            Self::MovementTotalsWithReactivation => &MOVEMENT_TOTALS_WITH_REACTIVATION,
            Self::ReturnedAsLost => &RETURNED_AS_LOST,
        }
    }

    /// By how much a customer pays more by this definition than by the default.
    pub(in crate::analysis) fn difference<T: Exact>(self, year: &Year<T>) -> Option<Difference> {
        let nothing = T::default();
        let (then, now) = (year.levels[0], year.levels[N_MONTHS]);
        let by_default = if nothing < then { now - then } else { nothing };
        let minor = match self {
            Self::ProductOfMonths => {
                // It weighs in some month though not from the start on, or not all the way.
                let months = &year.levels[..N_MONTHS];
                let weighs_otherwise = if nothing < then {
                    year.movement.returned != nothing
                } else {
                    months.iter().any(|&level| nothing < level)
                };
                return weighs_otherwise.then(|| {
                    let most = year.levels.iter().copied().max().unwrap_or_default();
                    Difference { minor: 0, rank_minor: most.into() }
                });
            }
            Self::MovementTotals => year.movement.net() - by_default.into(),
            Self::MovementTotalsWithReactivation => {
                year.movement.net() + year.movement.returned.into() - by_default.into()
            }
            Self::ReturnedAsLost if nothing < then && year.was_away => -now.into(),
            Self::ReturnedAsLost => 0,
        };
        (minor != 0).then(|| Difference { minor, rank_minor: minor.abs() })
    }
}

/// The closes of twelve months that end with `to`, the one before the first of them too.
pub(in crate::analysis) fn closes_of_year(to: Day) -> [Day; N_MONTHS + 1] {
    let is_month_end = Period::containing(to, Granularity::Month).last_day() == to;
    let mut closes = [to; N_MONTHS + 1];
    for (n_months, close) in (0..).zip(closes.iter_mut().rev()) {
        let same_day = to.months_earlier(n_months);
        *close = if is_month_end {
            Period::containing(same_day, Granularity::Month).last_day()
        } else {
            same_day
        };
    }
    debug_assert_eq!(closes[0], year_earlier(to));
    closes
}

/// Revenue that moved from month to month, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::analysis) struct Moved<T> {
    expansion: T,
    contraction: T,
    churned: T,
    /// Of customers who came back.
    returned: T,
}

impl<T: Exact> Moved<T> {
    fn net(&self) -> Minor {
        self.expansion.into() - self.contraction.into() - self.churned.into()
    }
}

impl Moved<Minor> {
    fn add<T: Exact>(&mut self, other: &Moved<T>) {
        self.expansion += other.expansion.into();
        self.contraction += other.contraction.into();
        self.churned += other.churned.into();
        self.returned += other.returned.into();
    }
}

/// One customer at the closes of twelve months.
#[derive(Clone, Copy, Debug)]
pub(in crate::analysis) struct Year<T> {
    /// What it pays at each close, in minor units.
    levels: [T; N_MONTHS + 1],
    movement: Moved<T>,
    /// Whether it is active at the first close and the last, and was away in between.
    was_away: bool,
}

impl<T: Exact> Year<T> {
    /// From steps that are right from the first close on, and the first day active ever.
    pub(in crate::analysis) fn of_steps(
        steps: &Steps<'_, T>,
        first_day: Day,
        closes: &[Day; N_MONTHS + 1],
    ) -> Self {
        let nothing = T::default();
        let n_steps = steps.days.len();
        let mut n_seen = 0;
        let mut levels = [nothing; N_MONTHS + 1];
        let mut movement = Moved::default();
        let (mut level, mut before) = (nothing, nothing);
        let mut was_at_nothing = false;
        let mut previous = closes[0];
        for (place, &close) in closes.iter().enumerate() {
            if n_seen == n_steps && level == before {
                // Nothing changes any more.
                levels[place..].fill(level);
                break;
            }
            while let Some(&day) = steps.days.get(n_seen)
                && day <= close
            {
                level = steps.monthly_minor[n_seen];
                was_at_nothing |= place != 0 && level == nothing;
                n_seen += 1;
            }
            levels[place] = level;
            if place != 0 {
                if nothing == before {
                    if first_day <= previous && nothing < level {
                        movement.returned += level;
                    }
                } else if level == nothing {
                    movement.churned += before;
                } else if before < level {
                    movement.expansion += level - before;
                } else {
                    movement.contraction += before - level;
                }
            }
            (before, previous) = (level, close);
        }
        let was_away = was_at_nothing && nothing < levels[0] && nothing < level;
        Self { levels, movement, was_away }
    }
}

/// All definitions, while customers are added.
#[derive(Clone, Debug)]
pub(super) struct NetPass {
    pub(super) closes: [Day; N_MONTHS + 1],
    pub(super) differing: [Differing; 4],
    n_customers: u64,
    /// What those pay whose revenue does not change all year.
    unchanged: Minor,
    /// What the other customers active at the first close pay then, and at the last.
    start_changing: Minor,
    now_changing: Minor,
    /// What those of them pay at the last close who were away in between.
    now_of_returned: Minor,
    /// For each month, what the customers at its start pay at its end and at its start.
    months: [(Minor, Minor); N_MONTHS],
    moved: Moved<Minor>,
}

impl NetPass {
    pub(super) fn new(to: Day) -> Self {
        Self {
            closes: closes_of_year(to),
            differing: Default::default(),
            n_customers: 0,
            unchanged: 0,
            start_changing: 0,
            now_changing: 0,
            now_of_returned: 0,
            months: [(0, 0); N_MONTHS],
            moved: Moved::default(),
        }
    }

    /// Adds a customer by its steps and its first day active ever.
    pub(super) fn visit<T: Exact>(
        &mut self,
        customer: CustomerIndex,
        steps: &Steps<'_, T>,
        first_day: Day,
    ) {
        if steps.days.last().is_some_and(|&last| last <= self.closes[0]) {
            // Most customers: what they pay has not changed all year, or they are long gone.
            let level = steps.last_minor();
            if T::default() < level {
                self.n_customers += 1;
                self.unchanged += level.into();
            }
            return;
        }
        self.add(customer, &Year::of_steps(steps, first_day, &self.closes));
    }

    fn add<T: Exact>(&mut self, customer: CustomerIndex, year: &Year<T>) {
        let nothing = T::default();
        for (month, pair) in self.months.iter_mut().zip(year.levels.windows(2)) {
            if nothing < pair[0] {
                month.0 += pair[1].into();
                month.1 += pair[0].into();
            }
        }
        let (then, now) = (year.levels[0], year.levels[N_MONTHS]);
        if nothing < then {
            self.n_customers += 1;
            self.start_changing += then.into();
            self.now_changing += now.into();
            self.now_of_returned += if year.was_away { now.into() } else { 0 };
        }
        self.moved.add(&year.movement);
        for (net, differing) in Net::ALL.into_iter().zip(&mut self.differing) {
            differing.add(customer, net.difference(year));
        }
    }

    fn start(&self) -> Minor {
        self.start_changing + self.unchanged
    }

    pub(super) fn figure(&self, net: Net, decimals: u8) -> Figure {
        let money = |name, minor| money(name, minor, decimals);
        let now = self.now_changing + self.unchanged;
        let start = money("start", self.start());
        let moved = [
            start,
            money("expansion", self.moved.expansion),
            money("contraction", self.moved.contraction),
            money("churned", self.moved.churned),
        ];
        let kept = self.start() + self.moved.net();
        let (part, inputs) = match net {
            Net::ProductOfMonths => {
                let rates = self.months.map(|(now, then)| {
                    let (now, then) = (now + self.unchanged, then + self.unchanged);
                    (0 < then).then(|| ratio(now, then))
                });
                return product(&rates);
            }
            Net::MovementTotals => (kept, moved.to_vec()),
            Net::MovementTotalsWithReactivation => {
                let returned = money("reactivation", self.moved.returned);
                (kept + self.moved.returned, [&moved[..], &[returned]].concat())
            }
            Net::ReturnedAsLost => {
                let returned = money("returned", self.now_of_returned);
                (now - self.now_of_returned, vec![money("now", now), returned, start])
            }
        };
        self.share_of_start(part, &inputs)
    }

    fn share_of_start(&self, part: Minor, inputs: &[(&'static str, f64)]) -> Figure {
        if self.start() <= 0 {
            return Figure::undefined(METRIC, "no-customers-at-start", inputs);
        }
        if part < 0 {
            return Figure::undefined(METRIC, "lost-over-start", inputs);
        }
        Figure::of(METRIC, ratio(part, self.start()), inputs).counted_from(self.n_customers)
    }

    /// The difference to the default in money of the customers at the start.
    pub(super) fn money(&self, difference: f64, decimals: u8) -> f64 {
        difference * to_major(self.start(), decimals)
    }

    /// What the twelve factors are called, by the last day of their month.
    pub(super) fn terms(&self) -> Vec<Term> {
        terms(self.closes[1..].iter().map(|close| close.to_iso()))
    }
}

/// The twelve factors by what they are called.
fn terms(labels: impl Iterator<Item = String>) -> Vec<Term> {
    let term = |(name, label): (&'static str, String)| Term {
        name: Cow::Borrowed(name),
        label: Cow::Owned(format!("NRR of the month to {label}")),
        unit: Unit::Share,
    };
    FACTORS.into_iter().zip(labels).map(term).collect()
}

/// The product of the rates of consecutive spans.
fn product(rates: &[Option<f64>]) -> Figure {
    let inputs: Vec<(&'static str, f64)> =
        FACTORS.into_iter().zip(rates).filter_map(|(name, rate)| Some((name, (*rate)?))).collect();
    if inputs.len() < rates.len() {
        return Figure::undefined(METRIC, "no-revenue-at-start", &inputs);
    }
    Figure::of(METRIC, inputs.iter().map(|(_, rate)| rate).product(), &inputs)
}

/// What the totals of twelve months give, where a file has no customers: the product of the periods'
/// rates and the sum of their movements, and by what the factors are called.
pub(super) struct YearOfTotals {
    pub(super) product: Figure,
    pub(super) movement_totals: Figure,
    pub(super) expression: String,
    pub(super) terms: Vec<Term>,
}

impl YearOfTotals {
    /// From the complete periods that end with the last one; nothing where they are no twelve months.
    pub(super) fn of(
        complete: &[PeriodFigures],
        granularity: Granularity,
        decimals: u8,
    ) -> Option<Self> {
        let n_periods = 12 / usize::try_from(granularity.months()).ok()?;
        let year = &complete[complete.len().checked_sub(n_periods)?..];
        let is_one_after_another = year
            .windows(2)
            .all(|pair| pair[0].span.to.is_some() && pair[0].span.to == pair[1].span.from);
        if !is_one_after_another {
            return None;
        }
        let rates: Vec<Option<f64>> =
            year.iter().map(|period| period.net_revenue_retention.value).collect();
        let labels = year.iter().map(|period| period.span.label.clone());
        Some(Self {
            product: product(&rates),
            movement_totals: movement_totals_of(year, decimals),
            expression: expression_of(n_periods),
            terms: terms(labels),
        })
    }
}

fn movement_totals_of(year: &[PeriodFigures], decimals: u8) -> Figure {
    let undefined = |why| Figure::undefined(METRIC, why, &[]);
    let sums: Option<Vec<[Minor; 3]>> = year
        .iter()
        .map(|period| {
            let revenue = period.revenue?;
            Some([revenue.expansion?, revenue.contraction?, revenue.churned?])
        })
        .collect();
    let start = year.first().and_then(|first| first.revenue?.start);
    let (Some(sums), Some(start)) = (sums, start) else { return undefined("not-in-file") };
    let total = |place: usize| sums.iter().map(|one| one[place]).sum::<Minor>();
    let (expansion, contraction, churned) = (total(0), total(1), total(2));
    let inputs = [
        money("start", start, decimals),
        money("expansion", expansion, decimals),
        money("contraction", contraction, decimals),
        money("churned", churned, decimals),
    ];
    let part = start + expansion - contraction - churned;
    if start <= 0 {
        return Figure::undefined(METRIC, "no-revenue-at-start", &inputs);
    }
    if part < 0 {
        return Figure::undefined(METRIC, "lost-over-start", &inputs);
    }
    Figure::of(METRIC, ratio(part, start), &inputs)
}

/// The product of so many factors.
pub(super) fn expression_of(n_factors: usize) -> String {
    let factors: Vec<String> =
        FACTORS.iter().take(n_factors).map(|name| format!("{{{name}}}")).collect();
    factors.join(" × ")
}

pub(super) static PER_CUSTOMER: Variant = Variant {
    name: "per-customer",
    title: "Customer by customer, now over a year ago",
    source: "This calculator: Σ now ÷ Σ then, of those who were customers a year ago",
    expression: "({start} + {expansion} − {contraction} − {churned}) ÷ {start}",
    result: Unit::Share,
    inputs: &[
        Input("start", "Revenue a year ago", Unit::Money),
        Input("expansion", "More from customers who stayed", Unit::Money),
        Input("contraction", "Less from customers who stayed", Unit::Money),
        Input("churned", "Lost with customers who left", Unit::Money),
    ],
};

static PRODUCT_OF_MONTHS: Variant = Variant {
    name: "product-of-months",
    title: "Product of twelve months",
    source: "Compounding monthly rates: customers won inside the year count too",
    expression: "",
    result: Unit::Share,
    inputs: &[],
};

static MOVEMENT_TOTALS: Variant = Variant {
    name: "movement-totals",
    title: "Sum of twelve months’ movements ÷ start",
    source: "Adding up the monthly movements: those of customers won inside the year are among them",
    expression: "({start} + {expansion} − {contraction} − {churned}) ÷ {start}",
    result: Unit::Share,
    inputs: &[
        Input("start", "Revenue a year ago", Unit::Money),
        Input("expansion", "Expansion of twelve months", Unit::Money),
        Input("contraction", "Contraction of twelve months", Unit::Money),
        Input("churned", "Churned revenue of twelve months", Unit::Money),
    ],
};

static MOVEMENT_TOTALS_WITH_REACTIVATION: Variant = Variant {
    name: "movement-totals-with-reactivation",
    title: "The same, with customers who came back",
    source: "As ChartMogul does: reactivation is netted against churn",
    expression: "({start} + {expansion} + {reactivation} − {contraction} − {churned}) ÷ {start}",
    result: Unit::Share,
    inputs: &[
        Input("start", "Revenue a year ago", Unit::Money),
        Input("expansion", "Expansion of twelve months", Unit::Money),
        Input("reactivation", "Reactivation of twelve months", Unit::Money),
        Input("contraction", "Contraction of twelve months", Unit::Money),
        Input("churned", "Churned revenue of twelve months", Unit::Money),
    ],
};

static RETURNED_AS_LOST: Variant = Variant {
    name: "returned-as-lost",
    title: "Whoever left and came back counts as lost",
    source: "Customers who never left in the year ÷ customers a year ago",
    expression: "({now} − {returned}) ÷ {start}",
    result: Unit::Share,
    inputs: &[
        Input("now", "Revenue now of the customers a year ago", Unit::Money),
        Input("returned", "Of that, customers who left in between", Unit::Money),
        Input("start", "Revenue a year ago", Unit::Money),
    ],
};
