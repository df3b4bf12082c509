//! Counts and sums of segments to figures, and the change of the whole's rates taken apart.
//!
//! It counts nothing.

use super::choice::Segmentation;
use super::mix::{PartAndWhole, RateChange, rate_change};
use super::pass::{BEFORE, LATEST, Life, YEAR, YEAR_BEFORE};
use super::{Counted, Resampled, Segments, Tally};
use crate::analysis::latest::empty_base as base_of;
use crate::analysis::lifetime_value::{Churn, lifespan as lifespan_of, with_interval_of};
use crate::analysis::movements::Movements;
use crate::analysis::period_figures::{
    PeriodFigures, RevenueBase, RevenueIntervals, count, defined_or_why, figures_of, ratio,
    why_code,
};
use crate::analysis::span::Span;
use crate::arrange;
use crate::formula;
use crate::ledger::Histories;
use crate::note::{Note, Severity};
use crate::number::bootstrap::{Ratios, ResampledBase};
use crate::number::interval::wilson;
use crate::number::{Figure, FormulaId, Minor, to_major};

/// One segment.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentFigures {
    /// Its value in each of the columns; an empty one where it has none. No value at all where it
    /// stands for the smallest segments together.
    pub values: Vec<String>,
    /// Its latest complete period.
    pub latest: PeriodFigures,
    /// Its twelve months up to `as_of`.
    pub trailing_year: Option<PeriodFigures>,
    /// Its share of the customers at the end of the latest period.
    pub customer_share: Figure,
    /// Its share of the revenue then.
    pub revenue_share: Figure,
    /// Revenue per customer then, in major units.
    pub average_revenue: Figure,
    /// Lifetime value on average churn, in major units.
    pub lifetime_value: Figure,
    /// Revenue at the end of the latest period less revenue at its start, in minor units.
    pub change_minor: Option<Minor>,
    /// Revenue lost in the latest period above what the churn of the whole takes from a base of this
    /// size, in major units; below 0 where it lost less.
    pub excess_loss: Option<f64>,
}

/// Why the rates of the whole changed from one span to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Mix {
    /// The span before.
    pub before: Span,
    /// The span.
    pub now: Span,
    /// Customer retention.
    pub customer_retention: Option<RateChange>,
    /// Gross revenue retention.
    pub gross_retention: Option<RateChange>,
    /// Net revenue retention.
    pub net_retention: Option<RateChange>,
}

impl Tally {
    fn movements(&self) -> Movements {
        let mut movements = self.moved.movements();
        movements.start_from(self.n_customers, self.revenue_minor);
        movements
    }

    fn base(&self) -> RevenueBase {
        self.moved.base(self.active_minor)
    }

    fn add(&mut self, other: &Self) {
        self.moved.add_all(&other.moved);
        self.n_customers += other.n_customers;
        self.revenue_minor += other.revenue_minor;
        self.active_minor += other.active_minor;
    }
}

/// A base for the retention of a segment; none where its ratios are undefined.
pub(super) fn empty_base(tally: &Tally) -> Option<ResampledBase> {
    base_of(&tally.base(), tally.largest_minor)
}

/// A base for what its customers pay on average; none where nobody pays.
pub(super) fn empty_base_of_mean(tally: &Tally) -> Option<ResampledBase> {
    const MOST: u64 = 1 << 48;
    let n = tally.moved.n_now();
    let largest = u64::try_from(tally.largest_minor).ok().filter(|largest| *largest < MOST)?;
    (0 < n).then(|| {
        let mean = ratio(tally.moved.active_minor(), n.into());
        ResampledBase::new(Ratios { net: mean, gross: mean }, largest)
    })
}

/// Fills in all segments that anything happened in, in their order.
pub(super) fn fill(
    found: &mut Segments,
    all: &Counted<'_>,
    resampled: &Resampled,
    values: impl Fn(usize) -> Vec<String>,
    segmentation: &Segmentation,
) {
    let counting = all.counting;
    let is_there = |&segment: &usize| {
        counting.tallies.iter().filter_map(|one| one.get(segment)).any(|tally| !tally.is_empty())
    };
    let mut order: Vec<usize> = (0..segmentation.len()).filter(is_there).collect();
    let sizes = counting.sizes();
    // The one that stands for the rest is the last, however large.
    let is_rest = |segment: usize| found.n_pooled != 0 && segment + 1 == segmentation.len();
    arrange::by_key(&mut order, |&segment| {
        let end = counting.tallies[LATEST][segment].movements();
        let revenue = end.revenue.end;
        (is_rest(segment), std::cmp::Reverse((revenue, end.customers.end, sizes[segment])), segment)
    });
    let whole = counting.tallies.each_ref().map(|tallies| {
        tallies.iter().fold(Tally::default(), |mut sum, one| {
            sum.add(one);
            sum
        })
    });
    let segments =
        order.iter().map(|&segment| all.segment(segment, values(segment), &whole, resampled));
    found.segments = segments.collect();
    found.change_minor = found.segments.iter().map(|segment| segment.change_minor).sum();
    found.mix = all.mix(BEFORE, LATEST, &order);
    found.mix_of_year = all.mix(YEAR_BEFORE, YEAR, &order);
    found.notes.extend(paradoxes(found.mix.as_ref()));
    found.notes.extend(paradoxes(found.mix_of_year.as_ref()));
}

impl Counted<'_> {
    fn segment(
        &self,
        segment: usize,
        values: Vec<String>,
        whole: &[Tally; 4],
        resampled: &Resampled,
    ) -> SegmentFigures {
        let counting = self.counting;
        let empty = Tally::default();
        let tally = counting.tallies[LATEST].get(segment).unwrap_or(&empty);
        let period = |span: usize, place: usize| {
            let name = self.windows.names[span].clone()?;
            let intervals = resampled.retention[place].get(segment).copied().unwrap_or_default();
            let tally = counting.tallies[span].get(segment)?;
            let mut figures = self.period(name, tally, intervals);
            // As the periods of the whole have it.
            if span == LATEST && !matches!(self.ledger.histories, Histories::Recurring(_)) {
                figures.customers.came_and_went = None;
            }
            Some(figures)
        };
        let all = Span { label: "all".to_owned(), from: None, to: None, is_partial: false };
        let latest = period(LATEST, 0)
            .unwrap_or_else(|| self.period(all, tally, RevenueIntervals::default()));
        let (own, total) = (tally.movements(), whole[LATEST].movements());
        let has_amounts = self.scale.has_amounts;
        let share =
            |part: f64, whole: f64| defined_or_why(FormulaId::Share, formula::share(part, whole));
        SegmentFigures {
            values,
            trailing_year: period(YEAR, 1),
            customer_share: {
                let (part, all) = (own.customers.end, total.customers.end);
                let figure = share(count(part), count(all));
                match wilson(part, all, self.scale.confidence) {
                    Some(ends) if figure.value.is_some() => {
                        figure.counted_from(all).with_interval(ends)
                    }
                    _ => figure,
                }
            },
            revenue_share: if has_amounts {
                share(self.major(own.revenue.end), self.major(total.revenue.end))
                    .within(resampled.share_of_paid(segment, self.scale.confidence))
            } else {
                Figure::undefined(FormulaId::Share, "no-amounts", &[])
            },
            average_revenue: self
                .average_revenue(&own, resampled.mean.get(segment).copied().flatten()),
            lifetime_value: self.lifetime_value(&counting.lives[segment]),
            change_minor: has_amounts.then_some(own.revenue.end - own.revenue.start),
            excess_loss: self.excess_loss(tally, &whole[LATEST]),
            latest,
        }
    }

    /// What the segment lost less what the whole would have lost from as much, in major units.
    fn excess_loss(&self, own: &Tally, whole: &Tally) -> Option<f64> {
        if !self.scale.has_amounts || whole.active_minor <= 0 {
            return None;
        }
        let products = (
            lost_minor(own).checked_mul(whole.active_minor),
            lost_minor(whole).checked_mul(own.active_minor),
        );
        let excess_minor = if let (Some(lost), Some(usual)) = products {
            ratio(lost - usual, whole.active_minor)
        } else {
            // Too large for that: exact enough as numbers.
            let usual = ratio(lost_minor(whole), whole.active_minor);
            ratio(lost_minor(own), 1) - usual * ratio(own.active_minor, 1)
        };
        Some(excess_minor * self.major(1))
    }

    fn major(&self, minor: Minor) -> f64 {
        to_major(minor, self.scale.decimals)
    }

    fn period(&self, span: Span, tally: &Tally, intervals: RevenueIntervals) -> PeriodFigures {
        figures_of(span, &tally.movements(), tally.base(), intervals, self.scale)
    }

    fn average_revenue(&self, own: &Movements, mean: Option<(f64, f64)>) -> Figure {
        let formula = FormulaId::AverageRevenuePerCustomer;
        if !self.scale.has_amounts {
            return Figure::undefined(formula, "no-amounts", &[]);
        }
        let (revenue, customers) = (self.major(own.revenue.end), count(own.customers.end));
        let result = formula::average_revenue_per_customer(revenue, customers);
        let scale = to_major(1, self.scale.decimals);
        defined_or_why(formula, result)
            .counted_from(own.customers.end)
            .within(mean.map(|(low, high)| (low * scale, high * scale)))
    }

    /// Lifetime value on average churn; on margin where there is one.
    fn lifetime_value(&self, life: &Life) -> Figure {
        let margin = self.options.gross_margin;
        let formula = match (&self.ledger.histories, margin) {
            (Histories::Purchases(_), _) => FormulaId::ClvTransactional,
            (_, Some(_)) => FormulaId::ClvMargin,
            (_, None) => FormulaId::Clv,
        };
        let lifespan = match self.lifespan(life) {
            Ok(lifespan) => lifespan,
            Err(why) => return Figure::undefined(formula, why, &[]),
        };
        let Some(periods) = lifespan.value else {
            return Figure::undefined(formula, why_code(&lifespan), &[]);
        };
        if !self.scale.has_amounts {
            return Figure::undefined(formula, "no-amounts", &[]);
        }
        let value = match &self.ledger.histories {
            Histories::Purchases(_) => {
                let bought = count(life.n_purchases);
                let average = formula::average_purchase_value(self.major(life.paid_minor), bought);
                let (n, active) = (life.n_purchases_in_complete, life.n_active_in_complete);
                let frequency = formula::purchase_frequency(count(n), count(active));
                let of = |result: Result<Figure, crate::Error>| {
                    let figure = result.map_err(|error| error.code())?;
                    figure.value.ok_or_else(|| why_code(&figure))
                };
                match (of(average), of(frequency)) {
                    (Ok(average), Ok(frequency)) => {
                        formula::clv_transactional(average, frequency, periods)
                    }
                    (Err(why), _) | (_, Err(why)) => return Figure::undefined(formula, why, &[]),
                }
            }
            histories => {
                if life.n_paying == 0 {
                    return Figure::undefined(formula, "no-customers", &[]);
                }
                let n_months = match histories {
                    Histories::Recurring(_) => self.options.granularity.months(),
                    _ => 1,
                };
                let paid = self.major(life.paid_minor * Minor::from(n_months));
                let revenue = paid / count(life.n_paying);
                match margin {
                    Some(margin) => formula::clv_margin(revenue, margin, periods),
                    None => formula::clv(revenue, periods),
                }
            }
        };
        with_interval_of(&lifespan, defined_or_why(formula, value))
    }

    /// Periods until a customer of the segment is lost, with the interval of the churn.
    fn lifespan(&self, life: &Life) -> Result<Figure, &'static str> {
        let churn = if let Histories::Accounts(_) = self.ledger.histories {
            if life.tenure <= 0.0 {
                return Err("no-observed-time");
            }
            Churn::Exposed { n_lost: life.n_lost, exposure: life.tenure }
        } else {
            if life.n_at_risk == 0 {
                return Err("no-complete-period");
            }
            Churn::Counted { n_lost: life.n_lost, n_at_risk: life.n_at_risk }
        };
        Ok(lifespan_of(&churn, self.scale.confidence))
    }

    fn mix(&self, before: usize, now: usize, order: &[usize]) -> Option<Mix> {
        let (name_before, name_now) =
            (self.windows.names[before].clone()?, self.windows.names[now].clone()?);
        let tallies = &self.counting.tallies;
        let of = |part: &dyn Fn(&Tally) -> PartAndWhole| {
            let all = |span: usize| -> Vec<PartAndWhole> {
                order.iter().map(|&segment| part(&tallies[span][segment])).collect()
            };
            rate_change(&all(before), &all(now))
        };
        let revenue = |part: fn(&RevenueBase) -> Minor| {
            let of_tally = move |tally: &Tally| {
                let base = tally.base();
                PartAndWhole { part: part(&base), whole: base.start }
            };
            self.scale.has_amounts.then(|| of(&of_tally)).flatten()
        };
        Some(Mix {
            before: name_before,
            now: name_now,
            customer_retention: of(&|tally| {
                let kept = tally.n_customers - tally.movements().customers.lost;
                PartAndWhole { part: kept.into(), whole: tally.n_customers.into() }
            }),
            gross_retention: revenue(|base| base.start - base.contraction - base.churned),
            net_retention: revenue(|base| {
                base.start + base.expansion - base.contraction - base.churned
            }),
        })
    }
}

fn lost_minor(tally: &Tally) -> Minor {
    let base = tally.base();
    base.contraction + base.churned
}

/// Says where every segment moved one way and the whole the other.
fn paradoxes(mix: Option<&Mix>) -> Option<Note> {
    let mix = mix?;
    let rates = [
        ("customer retention", &mix.customer_retention),
        ("gross revenue retention", &mix.gross_retention),
        ("net revenue retention", &mix.net_retention),
    ];
    let found: Vec<(&str, bool)> = rates
        .into_iter()
        .filter_map(|(name, change)| change.as_ref().map(|change| (name, change)))
        .filter(|(_, change)| change.is_paradox)
        .map(|(name, change)| (name, change.change < 0.0))
        .collect();
    let &(_, fell) = found.first()?;
    let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
    let (total, each) = if fell { ("fell", "rose") } else { ("rose", "fell") };
    Some(Note {
        code: "simpsons-paradox",
        severity: Severity::Warning,
        excludes: false,
        message: format!(
            "From {} to {}, {} of the whole {total} though it {each} in every segment: the mix of \
             segments changed.",
            mix.before.label,
            mix.now.label,
            names.join(" and "),
        ),
        count: found.len() as u64,
        rows: Vec::new(),
        column: None,
    })
}
