//! Vendors' definitions of one metric side by side: what each gives on this file, how it is worked
//! out, and which customers make it differ.
//!
//! It picks no winner; the default is the one that the rest of the report uses.

mod churn;
mod counted;
mod differing;
mod gross;
mod inside;
mod lifetime_value;
mod net;
mod quick_ratio;
mod variant;

pub(super) use counted::Counted;
pub use variant::{Arithmetic, Term};

use super::exact::Exact;
use super::levels::{Levels, Steps, VisitSteps};
use super::lifetime_value::LifetimeValue;
use super::options::AnalysisOptions;
use super::orders::for_each_with_orders_after;
use super::period_figures::{PeriodFigures, ratio};
use super::span::Span;
use super::{Analysis, year_earlier};
use crate::calendar::{Day, Period};
use crate::ledger::{Account, CustomerIndex, Histories, Ledger, Spell};
use crate::number::{Figure, FormulaId, to_major};
use churn::{Churn, ChurnPass};
use differing::Differing;
use gross::{Gross, GrossPass};
use inside::Inside;
use net::{Net, NetPass, YearOfTotals};
use variant::Detail;

/// One definition of a metric with what it gives on a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The metric.
    pub metric: FormulaId,
    /// Its stable name among the definitions of that metric.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// Who defines it so.
    pub source: &'static str,
    /// Whether it is the one that the rest of the report uses.
    pub is_default: bool,
    /// The span that it is about; empty where that is all of the file.
    pub period: String,
    /// How it is worked out; the inputs of the figure have the names used here.
    pub arithmetic: Arithmetic,
    /// The result.
    pub figure: Figure,
    /// Its value less that of the default; none for the default itself.
    pub difference: Option<f64>,
    /// What that is in money, in major units.
    pub difference_money: Option<f64>,
    /// The customers who make it differ, the first 100 by money.
    pub differs: Vec<CustomerIndex>,
    /// How many there are.
    pub n_differs: u64,
}

/// Every metric of the latest complete period (of the trailing year for net revenue retention, of
/// the whole file for lifetime value) by all of its definitions, in fractions, ratios and major
/// units.
///
/// # Formula
///
/// ```text
/// churn  start-cohort  lost ÷ S
///        chartmogul    (cancelled − returned − gone new) ÷ S
///        stripe        cancellations ÷ (S + N)
///        baremetrics   cancelled ÷ S
///        profitwell    (cancelled − cancelled new) ÷ S
///        articles      1 − (E − N) ÷ S
/// GRR    per-customer  Σ min(now, then) ÷ Σ then
///        movement-totals (Σ then − contractions − churned) ÷ Σ then, each as it happens
///        capped-totals min(Σ now, Σ then) ÷ Σ then
/// NRR    per-customer  Σ now ÷ Σ then, over twelve months
///        product-of-months Π of the NRR of each month
///        movement-totals (Σ then + the movements of twelve months) ÷ Σ then, with reactivation or not
///        returned-as-lost as per customer, without those who left in between
/// quick  with-reactivation, without-reactivation
/// clv    the variants of lifetime value
/// ```
///
/// where `S` and `E` are the customers at the two closes, `N` those active in the period for the
/// first time ever, `cancelled` the customers whose revenue went to nothing at some close inside it
/// and `cancellations` how often that happened, `returned` those of them who are active at the end,
/// `cancelled new` those who are among `N` and `gone new` those of these who are not back.
///
/// The difference in money is that of the numerators: for churn what the customers paid who are
/// counted more often than by the default, less what those paid who are counted less often.
///
/// # Domain
///
/// Any ledger. Where no period is complete, the last one is taken as far as it goes. Metrics of
/// revenue are absent where the file has no amounts. Wilson's interval stands where a definition
/// takes a share of the customers it divides by; a rate that counts others has none.
///
/// # Undefined
///
/// - `needs-days`: the file shows customers at the ends of months only.
/// - `no-cancellations`, `needs-recurring-revenue`: customers who buy never say that they leave, and
///   what they spend does not run on from month to month.
/// - `needs-customers`: the file has totals only.
/// - `needs-dates`: the file has accounts without dates.
/// - `less-than-a-year`: the data do not reach back twelve months.
/// - `retained-negative`, `retained-over-start`, `lost-over-start`: the arithmetic leaves what is
///   possible, since it counts others than the customers at the start.
/// - Those of the report's own figures.
///
/// # Errors
///
/// None.
///
/// # Assumptions
///
/// Those of [`super::period_movements`]. Vendors count by their own clocks and take in what a file
/// does not tell, as payments that fail: these are their arithmetic on this file's customers.
///
/// # Examples
///
/// ```
/// use retention_calculator::analysis::{AnalysisOptions, analyze, definitions, lifetime_value};
/// use retention_calculator::calendar::Day;
/// use retention_calculator::ledger::{
///     Customers, Dimensions, Histories, Labels, Ledger, Recurring, Spell, TenureUnit, Terms,
/// };
///
/// let day = |text: &str| Day::from_iso(text).expect("a day");
/// let spell = |customer, start: &str, end: Option<&str>| Spell {
///     customer, start: day(start), end: end.map(&day), monthly: 5000,
///     segment: None, reason: None, renewal: None,
/// };
/// let ledger = Ledger {
///     customers: Customers::new(),
///     histories: Histories::Recurring(Recurring {
///         spells: vec![
///             spell(0, "2026-01-10", None),
///             spell(1, "2026-01-10", Some("2026-02-15")),
///             // Signs up and leaves within February.
///             spell(2, "2026-02-10", Some("2026-02-28")),
///         ],
///         is_monthly: false,
///     }),
///     currency: None, decimals: 2, has_amounts: true, last_day: Some(day("2026-02-28")),
///     tenure_unit: TenureUnit::Month,
///     segments: Dimensions::default(), reasons: Labels::default(),
///     terms: Terms::default(),
/// };
/// let options = AnalysisOptions::default();
/// let analysis = analyze(&ledger, &options);
/// let value = lifetime_value(&ledger, &options, &analysis, None);
/// let all = definitions(&ledger, &options, &analysis, &value);
/// let churn = |name| all.iter().find(|one| one.name == name).and_then(|one| one.figure.value);
/// assert_eq!(churn("start-cohort"), Some(0.5));
/// assert_eq!(churn("baremetrics"), Some(1.0));
/// assert_eq!(churn("stripe"), Some(2.0 / 3.0));
/// ```
///
/// # References
///
/// The help pages of the vendors, as each definition names them.
#[must_use]
#[inline(never)]
pub fn definitions(
    ledger: &Ledger,
    options: &AnalysisOptions,
    analysis: &Analysis,
    value: &LifetimeValue,
) -> Vec<Definition> {
    let Some(latest) = latest_complete(&analysis.periods) else { return Vec::new() };
    let mut pass = Pass::of(ledger, analysis, latest);
    let side =
        SideBySide { ledger, options, analysis, latest, detail: detail_of(&ledger.histories) };
    let mut rows = side.churn(std::mem::take(&mut pass.churn));
    if ledger.has_amounts {
        rows.extend(side.gross(std::mem::take(&mut pass.gross)));
        rows.extend(side.net(pass.net.take()));
        rows.extend(side.quick_ratio(std::mem::take(&mut pass.reactivated)));
        rows.extend(definitions_of_value(value));
    }
    rows
}

/// Those of lifetime value alone, which come last.
#[must_use]
pub(crate) fn definitions_of_value(value: &LifetimeValue) -> Vec<Definition> {
    lifetime_value::rows(value)
}

/// The last complete period, or the last one where none is complete.
pub(super) fn latest_complete(periods: &[PeriodFigures]) -> Option<&PeriodFigures> {
    periods.iter().rev().find(|period| !period.span.is_partial).or(periods.last())
}

fn detail_of(histories: &Histories) -> Detail {
    match histories {
        Histories::Recurring(recurring) if recurring.is_monthly => Detail::Months,
        Histories::Recurring(_) => Detail::Days,
        Histories::Purchases(_) => Detail::Orders,
        Histories::Totals(_) => Detail::Totals,
        Histories::Accounts(_) => Detail::Accounts,
    }
}

/// What all definitions count, in one pass over the customers.
#[derive(Debug, Default)]
struct Pass {
    /// The closes of the period.
    closes: Option<(Day, Day)>,
    churn: ChurnPass,
    gross: GrossPass,
    reactivated: Differing,
    net: Option<NetPass>,
}

impl Pass {
    #[inline(never)]
    fn of(ledger: &Ledger, analysis: &Analysis, latest: &PeriodFigures) -> Self {
        let mut pass = Self { closes: closes_of(&latest.span), ..Self::default() };
        match (&ledger.histories, analysis.as_of) {
            (Histories::Recurring(recurring), Some(as_of)) => {
                pass.net = analysis.trailing_year.as_ref().map(|_| NetPass::new(as_of));
                let year_from = pass.net.as_ref().map(|net| net.closes[0]);
                let closes = [pass.closes.map(|(from, _)| from), year_from];
                if let Some(first) = closes.into_iter().flatten().min() {
                    Levels::new(recurring, as_of).visit_from(first, &mut pass);
                }
            }
            (Histories::Purchases(purchases), Some(_)) => {
                let (Some((from, to)), Some(granularity)) = (pass.closes, analysis.granularity)
                else {
                    return pass;
                };
                let before = Period::containing(from, granularity).first_day().previous();
                for_each_with_orders_after(purchases, before, |orders| {
                    let orders = orders.up_to(to);
                    let first = orders.purchases.first().or(orders.refunds.first());
                    if let (Some(inside), Some(first)) =
                        (Inside::of_orders(orders, before, from), first)
                    {
                        pass.add(first.customer, &inside);
                    }
                });
            }
            (Histories::Accounts(accounts), _) => {
                for account in accounts {
                    pass.add_account(account);
                }
            }
            _ => {}
        }
        pass
    }

    fn add(&mut self, customer: CustomerIndex, inside: &Inside) {
        self.churn.add(customer, inside);
        self.gross.add(customer, inside);
        self.reactivated.add(customer, quick_ratio::difference(inside));
    }

    /// An account is there at the start, and at the end unless it has left.
    fn add_account(&mut self, account: &Account) {
        let then = account.amount.unwrap_or(0);
        let inside = Inside {
            is_active_then: true,
            is_active_now: !account.churned,
            was_before: true,
            n_cancellations: u32::from(account.churned),
            then_minor: then.into(),
            now_minor: if account.churned { 0 } else { then.into() },
            paid_minor: then.into(),
            contraction_minor: 0,
            churned_minor: if account.churned { then.into() } else { 0 },
        };
        self.add(account.customer, &inside);
    }
}

impl VisitSteps for Pass {
    fn visit<T: Exact>(&mut self, steps: Steps<'_, T>) {
        let Some(first) = first_spell(steps.spells) else { return };
        if let Some((from, to)) = self.closes
            && let Some(inside) = Inside::of_steps(&steps, first.start, from, to)
        {
            self.add(first.customer, &inside);
        }
        if let Some(net) = &mut self.net {
            net.visit(first.customer, &steps, first.start);
        }
    }
}

/// The first spell of a customer that counts on some day: its start is the first day active ever, also
/// where the steps begin later.
fn first_spell(spells: &[Spell]) -> Option<&Spell> {
    spells.iter().find(|spell| spell.end.is_none_or(|end| spell.start < end))
}

fn closes_of(span: &Span) -> Option<(Day, Day)> {
    span.from.zip(span.to)
}

/// What the rows of all metrics are made from.
struct SideBySide<'a> {
    ledger: &'a Ledger,
    options: &'a AnalysisOptions,
    analysis: &'a Analysis,
    latest: &'a PeriodFigures,
    detail: Detail,
}

impl SideBySide<'_> {
    #[inline(never)]
    fn churn(&self, pass: ChurnPass) -> Vec<Definition> {
        let metric = FormulaId::CustomerChurnRate;
        let (period, own) = (&self.latest.span.label, &self.latest.customer_churn_rate);
        let counts = self.churn_counts(&pass);
        let mut rows = Vec::new();
        for (churn, differing) in Churn::ALL.into_iter().zip(pass.differing) {
            let variant = churn.variant();
            let row = match churn.why_not(self.detail) {
                Some(why) => variant.without(metric, period, why),
                None if churn == Churn::StartCohort => {
                    variant.with(metric, period, own.clone()).made_default(own)
                }
                None => {
                    let figure = match &counts {
                        Some(counts) => churn.figure(counts, self.options.confidence),
                        None => Figure::undefined(metric, "not-in-file", &[]),
                    };
                    let row = variant.with(metric, period, figure).against(own);
                    let decimals = self.ledger.decimals;
                    if self.detail == Detail::Totals {
                        row
                    } else {
                        row.differing_by(differing, decimals).priced(self.ledger.has_amounts)
                    }
                }
            };
            rows.push(row);
        }
        if self.detail == Detail::Totals {
            rows.insert(0, FILE_TOTALS.with(metric, period, own.clone()).made_default(own));
        }
        rows
    }

    /// What was counted of customers, or what the totals of a file give of it.
    fn churn_counts(&self, pass: &ChurnPass) -> Option<churn::Counts> {
        if self.detail != Detail::Totals {
            return Some(pass.counts);
        }
        let known = self.latest.customers;
        let (start, end, new) = (known.start?, known.end?, known.new?);
        let lost = (start + new).checked_sub(end)?;
        Some(churn::Counts { start, end, lost, new, ..Default::default() })
    }

    #[inline(never)]
    fn gross(&self, pass: GrossPass) -> Vec<Definition> {
        let metric = FormulaId::GrossRevenueRetention;
        let (period, own) = (&self.latest.span.label, &self.latest.gross_revenue_retention);
        let decimals = self.ledger.decimals;
        let is_of_totals = self.detail == Detail::Totals;
        let mut rows = vec![if is_of_totals {
            gross::PER_CUSTOMER.without(metric, period, "needs-customers")
        } else {
            gross::PER_CUSTOMER.with(metric, period, own.clone()).made_default(own)
        }];
        for (gross, differing) in Gross::ALL.into_iter().zip(pass.differing) {
            let variant = gross.variant();
            rows.push(match gross.why_not(self.detail) {
                Some(why) => variant.without(metric, period, why),
                None if is_of_totals => variant.with(metric, period, own.clone()).made_default(own),
                None => {
                    let net = &self.latest.net_revenue_retention;
                    let figure = pass.sums.figure(gross, net, decimals);
                    let money = pass.sums.money(gross, decimals);
                    let row = variant.with(metric, period, figure).against(own);
                    let is_same = pass.sums.more_than_default(gross) == 0;
                    let differing = if is_same && gross == Gross::CappedTotals {
                        Differing::default()
                    } else {
                        differing
                    };
                    row.differing_in_money(differing, money)
                }
            });
        }
        rows
    }

    #[inline(never)]
    fn net(&self, pass: Option<NetPass>) -> Vec<Definition> {
        let metric = FormulaId::NetRevenueRetention;
        let year = self.analysis.trailing_year.as_ref();
        let period = year.map_or("", |year| &year.span.label);
        let decimals = self.ledger.decimals;
        let why = match (self.detail, year) {
            (Detail::Accounts, _) => Some("needs-dates"),
            (Detail::Totals, _) => return self.net_of_totals(),
            (_, None) => Some("less-than-a-year"),
            (_, Some(_)) => None,
        };
        let mut rows = Vec::new();
        rows.push(match (why, year) {
            (None, Some(year)) => {
                let own = &year.net_revenue_retention;
                net::PER_CUSTOMER.with(metric, period, own.clone()).made_default(own)
            }
            (why, _) => {
                net::PER_CUSTOMER.without(metric, period, why.unwrap_or("less-than-a-year"))
            }
        });
        let mut pass = pass;
        let differing = pass.as_mut().map(|pass| std::mem::take(&mut pass.differing));
        for (net, differing) in Net::ALL.into_iter().zip(differing.unwrap_or_default()) {
            let variant = net.variant();
            let (Some(pass), Some(year)) = (&pass, year) else {
                rows.push(variant.without(
                    metric,
                    period,
                    why.unwrap_or("needs-recurring-revenue"),
                ));
                continue;
            };
            let figure = pass.figure(net, decimals);
            let mut row = variant.with(metric, period, figure).against(&year.net_revenue_retention);
            row = match (net, row.difference) {
                (Net::ProductOfMonths, Some(difference)) => {
                    row.differing_in_money(differing, pass.money(difference, decimals))
                }
                _ => row.differing_by(differing, decimals),
            };
            if net == Net::ProductOfMonths {
                row.arithmetic.expression = net::expression_of(12).into();
                row.arithmetic.inputs = pass.terms();
            }
            rows.push(row);
        }
        rows
    }

    /// What the totals of twelve months give: no rate per customer, and none to hold the others
    /// against.
    fn net_of_totals(&self) -> Vec<Definition> {
        let metric = FormulaId::NetRevenueRetention;
        let complete: Vec<PeriodFigures> = self
            .analysis
            .periods
            .iter()
            .filter(|period| !period.span.is_partial)
            .cloned()
            .collect();
        let of_year = self
            .analysis
            .granularity
            .and_then(|granularity| YearOfTotals::of(&complete, granularity, self.ledger.decimals));
        let until = complete.last().and_then(|last| last.span.to);
        let period = match (&of_year, until) {
            (Some(_), Some(to)) => Span::of_days(year_earlier(to), to).label,
            _ => String::new(),
        };
        let mut rows = vec![net::PER_CUSTOMER.without(metric, &period, "needs-customers")];
        for net in Net::ALL {
            let variant = net.variant();
            rows.push(match (net, &of_year) {
                (Net::ReturnedAsLost, _) => variant.without(metric, &period, "needs-customers"),
                (Net::MovementTotalsWithReactivation, _) => {
                    variant.without(metric, &period, "not-in-file")
                }
                (_, None) => variant.without(metric, &period, "less-than-a-year"),
                (Net::MovementTotals, Some(year)) => {
                    variant.with(metric, &period, year.movement_totals.clone())
                }
                (Net::ProductOfMonths, Some(year)) => {
                    let mut row = variant.with(metric, &period, year.product.clone());
                    row.arithmetic.expression = year.expression.clone().into();
                    row.arithmetic.inputs.clone_from(&year.terms);
                    row
                }
            });
        }
        rows
    }

    #[inline(never)]
    fn quick_ratio(&self, reactivated: Differing) -> Vec<Definition> {
        let metric = FormulaId::QuickRatio;
        if self.detail == Detail::Accounts {
            return Vec::new();
        }
        let (period, own) = (&self.latest.span.label, &self.latest.quick_ratio);
        let decimals = self.ledger.decimals;
        let with = quick_ratio::WITH.with(metric, period, own.clone()).made_default(own);
        let without = match self.without_reactivation() {
            Ok(figure) => quick_ratio::WITHOUT
                .with(metric, period, figure)
                .against(own)
                .differing_by(reactivated, decimals),
            Err(why) => quick_ratio::WITHOUT.without(metric, period, why),
        };
        vec![with, without]
    }

    fn without_reactivation(&self) -> Result<Figure, &'static str> {
        let metric = FormulaId::QuickRatio;
        let sums = self.latest.revenue.ok_or("no-amounts")?;
        // In a table of totals, customers who came back are among the new ones.
        if self.detail == Detail::Totals {
            return Err("not-in-file");
        }
        let (Some(new), Some(expansion), Some(contraction), Some(churned)) =
            (sums.new, sums.expansion, sums.contraction, sums.churned)
        else {
            return Err("not-in-file");
        };
        let money = |name, minor| (name, to_major(minor, self.ledger.decimals));
        let inputs = [
            money("new", new),
            money("expansion", expansion),
            money("contraction", contraction),
            money("churned", churned),
        ];
        let lost = contraction + churned;
        Ok(if lost <= 0 {
            Figure::undefined(metric, "nothing-lost", &inputs)
        } else {
            Figure::of(metric, ratio(new + expansion, lost), &inputs)
        })
    }
}

impl Definition {
    /// Without a difference in money where the file has none.
    fn priced(mut self, has_amounts: bool) -> Self {
        if !has_amounts {
            self.difference_money = None;
        }
        self
    }
}

/// The rate as a table of totals gives it.
static FILE_TOTALS: variant::Variant = variant::Variant {
    name: "file-totals",
    title: "As the file’s totals give it",
    source: "The file: lost ÷ start",
    expression: "{lost} ÷ {start}",
    result: crate::formula::Unit::Share,
    inputs: &[
        variant::Input("lost", "Lost customers", crate::formula::Unit::Count),
        variant::Input("start", "Customers at the start", crate::formula::Unit::Count),
    ],
};
