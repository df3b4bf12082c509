//! What holds for any ledger: sums tie, closes chain, and what must not matter does not.

use std::cell::Cell;

use proptest::prelude::*;
use retention_calculator::analysis::{Analysis, AnalysisOptions, PeriodFigures, analyze};
use retention_calculator::calendar::{Day, Granularity};
use retention_calculator::ledger::{Histories, Recurring, Spell};
use retention_calculator::number::Figure;

use super::ledgers::{
    EPOCH, OrderLists, for_all, granularities, ledger, random_purchases, random_spells,
    spell_of_days,
};

/// 28 years: the weekdays, leap years and lengths of months are the same again.
const DAYS_OF_28_YEARS: i32 = 10_227;

fn of_spells(mut spells: Vec<Spell>, as_of: Day, granularity: Granularity) -> Analysis {
    spells.sort();
    let histories = Histories::Recurring(Recurring { spells, is_monthly: false });
    let options = AnalysisOptions { as_of: Some(as_of), granularity, ..AnalysisOptions::default() };
    analyze(&ledger(histories, Some(as_of)), &options)
}

fn of_purchases(mut purchases: OrderLists, as_of: Day, granularity: Granularity) -> Analysis {
    purchases.purchases.sort();
    purchases.refunds.sort();
    let options = AnalysisOptions { as_of: Some(as_of), granularity, ..AnalysisOptions::default() };
    analyze(&ledger(purchases.into(), Some(as_of)), &options)
}

fn spell_cases() -> impl Strategy<Value = (Vec<Spell>, Day, Granularity)> {
    (random_spells(), 60..900_i32, granularities())
        .prop_map(|(spells, after, granularity)| (spells, Day(EPOCH + after), granularity))
}

fn purchase_cases() -> impl Strategy<Value = (OrderLists, Day, Granularity)> {
    (random_purchases(), 60..800_i32, granularities())
        .prop_map(|(purchases, after, granularity)| (purchases, Day(EPOCH + after), granularity))
}

fn spans(analysis: &Analysis) -> impl Iterator<Item = &PeriodFigures> {
    analysis.periods.iter().chain(&analysis.trailing_year)
}

fn figures(period: &PeriodFigures) -> [&Figure; 6] {
    [
        &period.customer_retention_rate,
        &period.customer_churn_rate,
        &period.gross_revenue_retention,
        &period.net_revenue_retention,
        &period.revenue_churn_rate,
        &period.quick_ratio,
    ]
}

fn values(period: &PeriodFigures) -> [Option<f64>; 6] {
    figures(period).map(|figure| figure.value)
}

/// Sums tie to the cent, each start is the end before, and complements add up to one.
fn assert_ties(analysis: &Analysis) {
    for span in spans(analysis) {
        let c = span.customers;
        let [start, new, back, lost, end] =
            [c.start, c.new, c.reactivated, c.lost, c.end].map(Option::unwrap);
        assert_eq!(start + new + back, lost + end);
        let r = span.revenue.unwrap();
        let [start, new, back, up] =
            [r.start, r.new, r.reactivation, r.expansion].map(Option::unwrap);
        let [down, churned, end] = [r.contraction, r.churned, r.end].map(Option::unwrap);
        assert_eq!(start + new + back + up - down - churned, end);
        let [retention, churn, gross, net, revenue_churn, _] = values(span);
        if let (Some(retention), Some(churn)) = (retention, churn) {
            assert!((retention + churn - 1.0).abs() < 1e-15);
        }
        if let (Some(gross), Some(net), Some(lost)) = (gross, net, revenue_churn) {
            assert!(0.0 <= gross && gross <= net.min(1.0));
            assert!((gross + lost - 1.0).abs() < 1e-15);
        }
        for figure in figures(span) {
            assert_eq!(figure.value.is_some(), figure.why.is_none());
            if let (Some(low), Some(value), Some(high)) = (figure.low, figure.value, figure.high) {
                assert!(low <= value && value <= high, "{figure:?}");
            }
        }
    }
    for pair in analysis.periods.windows(2) {
        assert_eq!(pair[0].customers.end, pair[1].customers.start);
        assert_eq!(pair[0].revenue.unwrap().end, pair[1].revenue.unwrap().start);
    }
}

/// The value of a figure follows from its inputs by its formula.
fn assert_inputs_give_values(analysis: &Analysis) {
    for span in spans(analysis) {
        for figure in figures(span) {
            let Some(value) = figure.value else { continue };
            let again = retention_calculator::formula::calculate(figure.formula, &figure.inputs);
            let again = again.unwrap().value.unwrap();
            assert!((again - value).abs() < 1e-12 * value.abs().max(1.0), "{figure:?}");
        }
    }
}

#[test]
fn movements_tie_and_chain() {
    let (defined, with_interval) = (Cell::new(0), Cell::new(0));
    for_all(384, spell_cases(), |(spells, as_of, granularity)| {
        let analysis = of_spells(spells, as_of, granularity);
        assert_ties(&analysis);
        assert_inputs_give_values(&analysis);
        for span in spans(&analysis) {
            defined.set(defined.get() + usize::from(span.net_revenue_retention.value.is_some()));
            let has_interval = span.net_revenue_retention.low.is_some();
            with_interval.set(with_interval.get() + usize::from(has_interval));
        }
    });
    assert!(1000 < defined.get() && 500 < with_interval.get());
}

#[test]
fn purchases_tie_and_chain() {
    let defined = Cell::new(0);
    for_all(384, purchase_cases(), |(purchases, as_of, granularity)| {
        let analysis = of_purchases(purchases, as_of, granularity);
        assert_ties(&analysis);
        for span in spans(&analysis) {
            defined.set(defined.get() + usize::from(span.gross_revenue_retention.value.is_some()));
        }
    });
    assert!(500 < defined.get());
}

/// The cohorts of a period together are the customers and the revenue of its close.
#[test]
fn cohorts_add_up_to_periods() {
    let seen = Cell::new(0);
    for_all(384, spell_cases(), |(spells, as_of, granularity)| {
        let analysis = of_spells(spells, as_of, granularity);
        let n_periods = analysis.periods.len();
        let Some(cohorts) = &analysis.cohorts else { return };
        for (index, period) in analysis.periods.iter().enumerate() {
            let cells = cohorts.rows.iter().filter_map(|row| {
                let begins = n_periods - row.ages.len();
                row.ages.get(index.checked_sub(begins)?)
            });
            let (n, revenue) =
                cells.fold((0, 0), |sum, age| (sum.0 + age.n_customers, sum.1 + age.revenue_minor));
            assert_eq!(Some(n), period.customers.end);
            assert_eq!(Some(revenue), period.revenue.unwrap().end);
            seen.set(seen.get() + n);
        }
    });
    assert!(1000 < seen.get());
}

/// Which place a customer has in the file leaves no trace, in intervals neither.
#[test]
fn order_of_customers_does_not_matter() {
    let moved = Cell::new(0);
    for_all(256, (spell_cases(), 0..7_u32), |((spells, as_of, granularity), by)| {
        let renamed: Vec<Spell> = spells
            .iter()
            .rev()
            .map(|spell| Spell { customer: (13 * spell.customer + by) % 7, ..*spell })
            .collect();
        moved.set(moved.get() + usize::from(renamed != spells));
        let (a, b) =
            (of_spells(spells, as_of, granularity), of_spells(renamed, as_of, granularity));
        assert_eq!(a.periods, b.periods);
        assert_eq!(a.trailing_year, b.trailing_year);
        assert_eq!(a.cohorts.map(|c| c.rows), b.cohorts.map(|c| c.rows));
        assert_eq!(a.lifetimes, b.lifetimes);
    });
    assert!(200 < moved.get());
    for_all(256, (purchase_cases(), 0..7_u32), |((purchases, as_of, granularity), by)| {
        let mut renamed = purchases.clone();
        for order in renamed.purchases.iter_mut().chain(&mut renamed.refunds) {
            order.customer = (13 * order.customer + by) % 7;
        }
        let (a, b) = (
            of_purchases(purchases, as_of, granularity),
            of_purchases(renamed, as_of, granularity),
        );
        assert_eq!(a.periods, b.periods);
        assert_eq!(a.trailing_year, b.trailing_year);
        assert_eq!(a.purchases, b.purchases);
    });
}

/// In another currency's amounts, all rates are the same and all sums are scaled.
#[test]
fn scale_of_money_does_not_matter() {
    let rates = Cell::new(0);
    for_all(256, (spell_cases(), 2..500_i64), |((spells, as_of, granularity), by)| {
        let scaled: Vec<Spell> =
            spells.iter().map(|spell| Spell { monthly: spell.monthly * by, ..*spell }).collect();
        let (a, b) = (of_spells(spells, as_of, granularity), of_spells(scaled, as_of, granularity));
        for (a, b) in spans(&a).zip(spans(&b)) {
            let scale = |sum: Option<i128>| sum.map(|sum| sum * i128::from(by));
            let (x, y) = (a.revenue.unwrap(), b.revenue.unwrap());
            assert_eq!((scale(x.start), scale(x.end)), (y.start, y.end));
            assert_eq!((scale(x.expansion), scale(x.churned)), (y.expansion, y.churned));
            assert_eq!(a.customers, b.customers);
            for (a, b) in figures(a).into_iter().zip(figures(b)) {
                for (a, b) in [(a.value, b.value), (a.low, b.low), (a.high, b.high)] {
                    assert_eq!(a.is_some(), b.is_some());
                    let (a, b) = (a.unwrap_or(0.0), b.unwrap_or(0.0));
                    assert!((a - b).abs() <= 1e-12 * a.abs(), "{a} {b}");
                    rates.set(rates.get() + usize::from(0.0 < a && a < 1.0));
                }
            }
        }
    });
    assert!(1000 < rates.get());
}

/// 28 years later, the same table stands 28 years later.
#[test]
fn dates_shift_the_table() {
    for_all(256, spell_cases(), |(spells, as_of, granularity)| {
        let later = |day: Day| Day(day.0 + DAYS_OF_28_YEARS);
        let shifted: Vec<Spell> = spells
            .iter()
            .map(|spell| Spell { start: later(spell.start), end: spell.end.map(later), ..*spell })
            .collect();
        let (a, b) =
            (of_spells(spells, as_of, granularity), of_spells(shifted, later(as_of), granularity));
        assert_eq!(a.periods.len(), b.periods.len());
        for (a, b) in spans(&a).zip(spans(&b)) {
            assert_eq!(a.span.from.map(later), b.span.from);
            let year = |label: &str| label[..4].parse::<i32>().unwrap();
            assert_eq!(year(&a.span.label) + 28, year(&b.span.label));
            assert_eq!((a.customers, a.revenue), (b.customers, b.revenue));
            assert_eq!(figures(a), figures(b));
        }
        assert_eq!(a.lifetimes, b.lifetimes);
    });
}

/// The whole file twice, the second time with other ids: twice the sums, the same rates.
#[test]
fn twice_the_file_has_the_same_rates() {
    for_all(256, spell_cases(), |(spells, as_of, granularity)| {
        let mut twice = spells.clone();
        twice.extend(spells.iter().map(|spell| Spell { customer: spell.customer + 7, ..*spell }));
        let (a, b) = (of_spells(spells, as_of, granularity), of_spells(twice, as_of, granularity));
        for (a, b) in spans(&a).zip(spans(&b)) {
            assert_eq!(values(a), values(b));
            assert_eq!(a.customers.lost.map(|lost| lost * 2), b.customers.lost);
            assert_eq!(a.revenue.unwrap().end.map(|end| end * 2), b.revenue.unwrap().end);
        }
    });
}

/// Who never was a customer changes nothing.
#[test]
fn inactive_customers_change_nothing() {
    for_all(256, spell_cases(), |(spells, as_of, granularity)| {
        let mut more = spells.clone();
        let on = Day(EPOCH + 50);
        more.push(spell_of_days(9, on, Some(on), 5000));
        more.push(spell_of_days(10, as_of.next(), None, 5000));
        let (a, b) = (of_spells(spells, as_of, granularity), of_spells(more, as_of, granularity));
        assert_eq!(a.periods, b.periods);
        assert_eq!(a.trailing_year, b.trailing_year);
        assert_eq!(a.lifetimes, b.lifetimes);
        assert_eq!(a.cohorts.map(|c| c.rows), b.cohorts.map(|c| c.rows));
    });
}

/// A later end than `as_of` is as good as none.
#[test]
fn the_future_is_not_known() {
    let cut = Cell::new(0);
    for_all(256, spell_cases(), |(spells, as_of, granularity)| {
        let known: Vec<Spell> = spells
            .iter()
            .filter(|spell| spell.start <= as_of)
            .map(|spell| Spell { end: spell.end.filter(|&end| end <= as_of), ..*spell })
            .collect();
        cut.set(cut.get() + usize::from(known != spells));
        let (a, b) = (of_spells(spells, as_of, granularity), of_spells(known, as_of, granularity));
        assert_eq!(a.periods, b.periods);
        assert_eq!(a.lifetimes, b.lifetimes);
    });
    assert!(100 < cut.get());
}
