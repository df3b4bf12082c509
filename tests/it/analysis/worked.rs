//! Small ledgers whose figures were worked out by hand, each number written down.

use retention_calculator::analysis::{
    Analysis, AnalysisOptions, KnownCounts, KnownSums, PeriodFigures, analyze, lifetime_value,
};
use retention_calculator::calendar::{Day, Granularity};
use retention_calculator::ledger::{Ledger, PeriodTotals};
use retention_calculator::number::Figure;

use super::ledgers::{
    accounts, blank_totals, day, order, orders, snapshots, spell, subscriptions, totals,
};

fn analyzed(ledger: &Ledger) -> Analysis {
    analyze(ledger, &AnalysisOptions::default())
}

fn analyzed_at(ledger: &Ledger, as_of: &str, granularity: Granularity) -> Analysis {
    let as_of = Some(day(as_of));
    analyze(ledger, &AnalysisOptions { as_of, granularity, ..AnalysisOptions::default() })
}

/// Customers and revenue in minor units at each age.
type Ages = Vec<(u64, i128)>;

/// `[start, new, reactivated, lost, end, came and went]`
fn counts(period: &PeriodFigures) -> [u64; 6] {
    let KnownCounts { start, new, reactivated, lost, end, came_and_went } = period.customers;
    [start, new, reactivated, lost, end, came_and_went].map(Option::unwrap)
}

/// `[start, new, reactivation, expansion, contraction, churned, end]`
fn sums(period: &PeriodFigures) -> [i128; 7] {
    let KnownSums { start, new, reactivation, expansion, contraction, churned, end } =
        period.revenue.unwrap();
    [start, new, reactivation, expansion, contraction, churned, end].map(Option::unwrap)
}

fn label(period: &PeriodFigures) -> (&str, bool) {
    (&period.span.label, period.span.is_partial)
}

fn inputs(figure: &Figure) -> Vec<(&str, f64)> {
    figure.inputs.iter().map(|(name, &value)| (name.as_ref(), value)).collect()
}

fn why(figure: &Figure) -> Option<&str> {
    assert!(figure.value.is_none());
    figure.why.as_deref()
}

fn count_of(analysis: &Analysis, code: &str) -> u64 {
    analysis.notes.iter().filter(|note| note.code == code).map(|note| note.count).sum()
}

/// One upgrade, one downgrade, one return, one visit inside a month, one cancellation and one start
/// that lie after the last day.
fn six_customers() -> Ledger {
    let spells = vec![
        spell(0, "2026-01-10", Some("2026-03-05"), 10_000),
        spell(0, "2026-03-05", None, 15_000),
        spell(1, "2026-01-20", Some("2026-02-15"), 5000),
        spell(1, "2026-04-02", None, 4000),
        spell(2, "2026-02-03", Some("2026-02-20"), 8000),
        spell(3, "2026-02-01", Some("2026-04-10"), 20_000),
        spell(3, "2026-04-10", None, 12_000),
        spell(4, "2026-03-31", Some("2026-05-10"), 3000),
        spell(5, "2026-05-01", None, 7000),
    ];
    subscriptions(spells, "2026-04-30")
}

#[test]
fn subscriptions_by_month() {
    let analysis = analyzed(&six_customers());
    let [january, february, march, april] = &analysis.periods[..] else { panic!() };

    assert_eq!(label(january), ("2026-01", false));
    assert_eq!(january.span.from, Some(day("2025-12-31")));
    assert_eq!(january.span.to, Some(day("2026-01-31")));
    assert_eq!(counts(january), [0, 2, 0, 0, 2, 0]);
    assert_eq!(sums(january), [0, 15_000, 0, 0, 0, 0, 15_000]);
    assert_eq!(why(&january.customer_retention_rate), Some("no-customers-at-start"));
    assert_eq!(why(&january.customer_churn_rate), Some("no-customers-at-start"));
    assert_eq!(why(&january.gross_revenue_retention), Some("no-customers-at-start"));
    assert_eq!(why(&january.net_revenue_retention), Some("no-customers-at-start"));
    assert_eq!(why(&january.revenue_churn_rate), Some("no-customers-at-start"));
    assert_eq!(why(&january.quick_ratio), Some("nothing-lost"));

    assert_eq!(counts(february), [2, 1, 0, 1, 2, 1]);
    assert_eq!(sums(february), [15_000, 20_000, 0, 0, 0, 5000, 30_000]);
    assert_eq!(february.customer_retention_rate.value, Some(0.5));
    assert_eq!(february.customer_churn_rate.value, Some(0.5));
    assert_eq!(february.gross_revenue_retention.value, Some(2.0 / 3.0));
    assert_eq!(february.net_revenue_retention.value, Some(2.0 / 3.0));
    assert_eq!(february.revenue_churn_rate.value, Some(1.0 / 3.0));
    assert_eq!(february.quick_ratio.value, Some(4.0));

    assert_eq!(counts(march), [2, 1, 0, 0, 3, 0]);
    assert_eq!(sums(march), [30_000, 3000, 0, 5000, 0, 0, 38_000]);
    assert_eq!(march.customer_retention_rate.value, Some(1.0));
    assert_eq!(march.gross_revenue_retention.value, Some(1.0));
    assert_eq!(march.net_revenue_retention.value, Some(350.0 / 300.0));

    assert_eq!(counts(april), [3, 0, 1, 0, 4, 0]);
    assert_eq!(sums(april), [38_000, 0, 4000, 0, 8000, 0, 34_000]);
    assert_eq!(april.gross_revenue_retention.value, Some(300.0 / 380.0));
    assert_eq!(april.net_revenue_retention.value, Some(300.0 / 380.0));
    assert_eq!(april.quick_ratio.value, Some(0.5));

    assert_eq!(
        inputs(&april.customer_retention_rate),
        [("end", 4.0), ("new", 1.0), ("start", 3.0)]
    );
    assert_eq!(inputs(&april.customer_churn_rate), [("lost", 0.0), ("start", 3.0)]);
    assert_eq!(
        inputs(&april.net_revenue_retention),
        [("churned", 0.0), ("contraction", 80.0), ("expansion", 0.0), ("start", 380.0)]
    );
    assert_eq!(
        inputs(&april.gross_revenue_retention),
        [("churned", 0.0), ("contraction", 80.0), ("start", 380.0)]
    );
    assert_eq!(
        inputs(&april.quick_ratio),
        [
            ("churned", 0.0),
            ("contraction", 80.0),
            ("expansion", 0.0),
            ("new", 0.0),
            ("reactivation", 40.0)
        ]
    );
    assert_eq!(april.customer_retention_rate.n, Some(3));
    assert_eq!(analysis.trailing_year, None);
}

#[test]
fn cohorts_of_subscriptions() {
    let cohorts = analyzed(&six_customers()).cohorts.unwrap();
    let rows: Vec<(&str, u64, Ages)> = cohorts
        .rows
        .iter()
        .map(|row| {
            let ages = row.ages.iter().map(|age| (age.n_customers, age.revenue_minor)).collect();
            (&row.label[..], row.size, ages)
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("2026-01", 2, vec![(2, 15_000), (1, 10_000), (1, 15_000), (2, 19_000)]),
            ("2026-02", 2, vec![(1, 20_000), (1, 20_000), (1, 12_000)]),
            ("2026-03", 1, vec![(1, 3000), (1, 3000)]),
        ]
    );
    let means: Vec<Option<f64>> =
        cohorts.mean_retention.iter().map(|figure| figure.value).collect();
    assert_eq!(means, [Some(0.8), Some(0.6), Some(0.5), Some(1.0)]);
    assert_eq!(cohorts.mean_retention[2].n, Some(4));
}

#[test]
fn lifetimes_run_through_a_gap() {
    let lifetimes = analyzed(&six_customers()).lifetimes.unwrap();
    let counts: Vec<(f64, u64, u64)> = lifetimes
        .counts
        .iter()
        .map(|count| (count.duration, count.n_lost, count.n_censored))
        .collect();
    let expected = [(17.0, 1, 0), (30.0, 0, 1), (88.0, 0, 1), (100.0, 0, 1), (110.0, 0, 1)];
    assert_eq!(counts, expected);
    assert_eq!(lifetimes.unit.name(), "day");
    assert_eq!(lifetimes.n_returned, 1);
}

#[test]
fn remarks_on_subscriptions() {
    let analysis = analyzed(&six_customers());
    let codes: Vec<(&str, u64)> =
        analysis.notes.iter().map(|note| (note.code, note.count)).collect();
    assert_eq!(codes, [("after-as-of", 1), ("came-and-went", 1), ("returned-customers", 1)]);
    assert!(analysis.notes.iter().all(|note| !note.excludes && !note.message.is_empty()));

    let endless = subscriptions(vec![spell(0, "2026-01-10", None, 100)], "2026-02-28");
    assert_eq!(count_of(&analyzed(&endless), "no-ended-rows"), 1);
}

#[test]
fn what_lies_after_as_of_does_not_count() {
    let analysis = analyzed_at(&six_customers(), "2026-04-05", Granularity::Month);
    let april = analysis.periods.last().unwrap();
    assert_eq!(label(april), ("2026-04", true));
    assert_eq!(april.span.to, Some(day("2026-04-05")));
    assert_eq!(counts(april), [3, 0, 1, 0, 4, 0]);
    // The downgrade of 10 April is not known yet.
    assert_eq!(sums(april), [38_000, 0, 4000, 0, 0, 0, 42_000]);
    let cohorts = analysis.cohorts.unwrap();
    assert!(cohorts.rows[0].ages[3].is_partial && !cohorts.rows[0].ages[2].is_partial);
    // Age 3 is reached by one cohort, and not in full.
    assert_eq!(cohorts.mean_retention.len(), 3);
    assert_eq!(cohorts.mean_retention[0].n, Some(5));

    let before = analyzed_at(&six_customers(), "2025-12-31", Granularity::Month);
    assert!(before.periods.is_empty() && before.trailing_year.is_none());
    assert_eq!(count_of(&before, "after-as-of"), 9);
}

#[test]
fn quarters_and_years() {
    let ledger = six_customers();
    let quarters = analyzed_at(&ledger, "2026-04-30", Granularity::Quarter).periods;
    assert_eq!(label(&quarters[0]), ("2026-Q1", false));
    // B and C came and went between the closes of the quarter.
    assert_eq!(counts(&quarters[0]), [0, 3, 0, 0, 3, 2]);
    assert_eq!(label(&quarters[1]), ("2026-Q2", true));
    assert_eq!(counts(&quarters[1]), [3, 0, 1, 0, 4, 0]);
    assert_eq!(sums(&quarters[1]), [38_000, 0, 4000, 0, 8000, 0, 34_000]);
    let years = analyzed_at(&ledger, "2027-12-31", Granularity::Year).periods;
    assert_eq!(label(&years[1]), ("2027", false));
    // E has left by the end of 2026, and F, who came in May, stays.
    assert_eq!(counts(&years[0]), [0, 4, 0, 0, 4, 2]);
    assert_eq!(counts(&years[1]), [4, 0, 0, 0, 4, 0]);
}

/// 100 customers on the first day; 11 of them cancel, 1 of these returns; 25 sign up, 1 of these
/// cancels. Vendors' definitions give 9.6 % to 12 %; 10 of the 100 are gone.
#[test]
fn membership_of_the_customers_at_the_start() {
    let mut spells: Vec<_> = (0..89).map(|id| spell(id, "2025-12-01", None, 1000)).collect();
    spells.extend((89..100).map(|id| spell(id, "2025-12-01", Some("2026-01-10"), 1000)));
    spells.push(spell(99, "2026-01-20", None, 1000));
    spells.extend((100..124).map(|id| spell(id, "2026-01-05", None, 1000)));
    spells.push(spell(124, "2026-01-05", Some("2026-01-25"), 1000));
    let analysis = analyzed(&subscriptions(spells, "2026-01-31"));
    let january = &analysis.periods[1];
    assert_eq!(counts(january), [100, 24, 0, 10, 114, 1]);
    assert_eq!(january.customer_churn_rate.value, Some(0.1));
    assert_eq!(january.customer_retention_rate.value, Some(0.9));
    // Wilson's interval of 10 of 100, from his formula in Python 3.11.
    let (low, high) =
        (january.customer_churn_rate.low.unwrap(), january.customer_churn_rate.high.unwrap());
    assert!((low - 0.055_229_137_060_675_09).abs() < 1e-12, "{low}");
    assert!((high - 0.174_365_661_504_913_5).abs() < 1e-12, "{high}");
}

/// One customer triples, one leaves: half of the revenue is kept, and there is half as much again.
#[test]
fn gross_retention_caps_each_customer() {
    let spells = vec![
        spell(0, "2026-01-01", Some("2026-02-10"), 10_000),
        spell(0, "2026-02-10", None, 30_000),
        spell(1, "2026-01-01", Some("2026-02-10"), 10_000),
    ];
    let analysis = analyzed(&subscriptions(spells, "2026-02-28"));
    let february = &analysis.periods[1];
    assert_eq!(february.gross_revenue_retention.value, Some(0.5));
    assert_eq!(february.net_revenue_retention.value, Some(1.5));
    assert_eq!(february.revenue_churn_rate.value, Some(0.5));
    assert_eq!(sums(february), [20_000, 0, 0, 20_000, 0, 10_000, 30_000]);
}

/// Several subscriptions of one customer add up; giving up one of two is a contraction.
#[test]
fn one_customer_with_two_subscriptions() {
    let spells = vec![
        spell(0, "2026-01-01", None, 10_000),
        spell(0, "2026-01-15", Some("2026-02-10"), 2500),
        // On one day to nothing and back: no movement at all.
        spell(1, "2026-01-01", Some("2026-02-10"), 700),
        spell(1, "2026-02-10", None, 700),
        // Cancelled on its first day: never a customer.
        spell(2, "2026-02-03", Some("2026-02-03"), 900),
    ];
    let analysis = analyzed(&subscriptions(spells, "2026-02-28"));
    assert_eq!(counts(&analysis.periods[1]), [2, 0, 0, 0, 2, 0]);
    assert_eq!(sums(&analysis.periods[1]), [13_200, 0, 0, 0, 2500, 0, 10_700]);
    assert_eq!(analysis.lifetimes.unwrap().n_returned, 0);
    assert_eq!(analysis.cohorts.unwrap().rows.len(), 1);
}

/// An end on the last day of a month is gone at that close; one on the first of the next is not.
#[test]
fn ends_count_from_their_own_close_on() {
    let spells = vec![
        spell(0, "2026-01-01", Some("2026-01-31"), 100),
        spell(1, "2026-01-01", Some("2026-02-01"), 100),
        spell(2, "2026-01-31", None, 100),
    ];
    let analysis = analyzed(&subscriptions(spells, "2026-02-28"));
    assert_eq!(counts(&analysis.periods[0]), [0, 2, 0, 0, 2, 1]);
    assert_eq!(counts(&analysis.periods[1]), [2, 0, 0, 1, 1, 0]);
}

#[test]
fn snapshots_with_an_empty_month() {
    let ledger = snapshots(&[(0, "2024-01", 1000), (1, "2024-03", 1000)]);
    let analysis = analyzed(&ledger);
    assert_eq!(analysis.as_of, Some(day("2024-03-31")));
    let [january, february, march] = &analysis.periods[..] else { panic!() };
    assert_eq!(counts(january), [0, 1, 0, 0, 1, 0]);
    assert_eq!(counts(february), [1, 0, 0, 1, 0, 0]);
    assert_eq!(sums(february), [1000, 0, 0, 0, 0, 1000, 0]);
    assert_eq!(february.gross_revenue_retention.value, Some(0.0));
    assert_eq!(counts(march), [0, 1, 0, 0, 1, 0]);
    assert_eq!(why(&march.customer_retention_rate), Some("no-customers-at-start"));
    assert!(!march.span.is_partial);
    assert_eq!(count_of(&analysis, "empty-month"), 1);
    assert_eq!(count_of(&analysis, "first-period-new"), 1);
    assert_eq!(count_of(&analysis, "no-ended-rows"), 0);
    let lifetimes = analysis.lifetimes.unwrap();
    assert_eq!(lifetimes.unit.name(), "month");
    let counts: Vec<(f64, u64, u64)> = lifetimes
        .counts
        .iter()
        .map(|count| (count.duration, count.n_lost, count.n_censored))
        .collect();
    assert_eq!(counts, [(0.0, 0, 1), (1.0, 1, 0)]);
}

/// A customer who leaves in spring and is back before the year is over has stayed in the year.
#[test]
fn trailing_year_compares_two_closes() {
    let spells = vec![
        spell(0, "2024-03-01", None, 10_000),
        spell(1, "2024-03-01", Some("2025-04-10"), 5000),
        spell(1, "2025-06-10", None, 6000),
        spell(2, "2024-03-01", Some("2025-06-01"), 2000),
        spell(3, "2024-01-01", Some("2024-05-01"), 900),
        spell(3, "2025-06-01", None, 900),
        spell(4, "2025-05-01", None, 4000),
        spell(5, "2025-05-01", Some("2025-05-20"), 4000),
    ];
    let ledger = subscriptions(spells, "2026-02-28");
    let analysis = analyzed(&ledger);
    let year = analysis.trailing_year.unwrap();
    assert_eq!(label(&year), ("2025-03-01/2026-02-28", false));
    assert_eq!(year.span.from, Some(day("2025-02-28")));
    assert_eq!(counts(&year), [3, 1, 1, 1, 4, 1]);
    assert_eq!(sums(&year), [17_000, 4000, 900, 1000, 0, 2000, 20_900]);
    assert_eq!(year.customer_retention_rate.value, Some(2.0 / 3.0));
    assert_eq!(year.gross_revenue_retention.value, Some(15.0 / 17.0));
    assert_eq!(year.net_revenue_retention.value, Some(16.0 / 17.0));

    // The first customer came on 1 January 2024: a year earlier than that, there are no data.
    let none = analyzed_at(&ledger, "2024-12-30", Granularity::Month);
    assert_eq!(none.trailing_year, None);
    let first = analyzed_at(&ledger, "2025-01-01", Granularity::Month).trailing_year.unwrap();
    assert_eq!(counts(&first)[0], 1);
}

/// Twelve whole months lie between 29 February 2024 and 28 February 2025.
#[test]
fn trailing_year_from_a_leap_day() {
    let spells = vec![
        spell(0, "2023-01-01", None, 100),
        spell(1, "2024-02-29", None, 100),
        spell(2, "2023-01-01", Some("2024-02-29"), 100),
    ];
    let analysis = analyzed(&subscriptions(spells, "2025-02-28"));
    let year = analysis.trailing_year.unwrap();
    assert_eq!(year.span.from, Some(day("2024-02-29")));
    assert_eq!(counts(&year), [2, 0, 0, 0, 2, 0]);
    assert_eq!(counts(&year)[0], counts(&analysis.periods[14])[0]);
    assert_eq!(label(&analysis.periods[14]), ("2024-03", false));
}

/// Nobody is left at the close the year starts from: the year is there, its rates are not.
#[test]
fn trailing_year_from_nobody() {
    let spells =
        vec![spell(0, "2023-01-01", Some("2023-06-01"), 100), spell(1, "2025-01-10", None, 100)];
    let year = analyzed(&subscriptions(spells, "2025-03-31")).trailing_year.unwrap();
    assert_eq!(counts(&year), [0, 1, 0, 0, 1, 0]);
    assert_eq!(why(&year.net_revenue_retention), Some("no-customers-at-start"));
}

#[test]
fn without_amounts_revenue_is_undefined() {
    let mut ledger = six_customers();
    ledger.has_amounts = false;
    let analysis = analyzed(&ledger);
    assert!(analysis.periods.iter().all(|period| period.revenue.is_none()));
    let april = &analysis.periods[3];
    assert_eq!(april.customer_retention_rate.value, Some(1.0));
    for figure in [
        &april.gross_revenue_retention,
        &april.net_revenue_retention,
        &april.revenue_churn_rate,
        &april.quick_ratio,
    ] {
        assert_eq!(why(figure), Some("no-amounts"));
        assert!(figure.inputs.is_empty());
    }
}

/// A buys in January and February, with a refund in February; B in January, refunded in March, and
/// in April; C's only purchases are for nothing until April.
fn three_buyers() -> Ledger {
    let purchases = vec![
        order(0, "2026-01-05", 1000),
        order(0, "2026-01-20", 500),
        order(0, "2026-02-05", 2500),
        order(1, "2026-01-31", 700),
        order(1, "2026-04-01", 900),
        order(2, "2026-02-10", 0),
        order(2, "2026-04-10", 300),
    ];
    let refunds = vec![order(0, "2026-02-20", -400), order(1, "2026-03-02", -700)];
    orders(purchases, refunds, "2026-04-30")
}

#[test]
fn purchases_by_month() {
    let analysis = analyzed(&three_buyers());
    let [january, february, march, april] = &analysis.periods[..] else { panic!() };
    let counts = |period: &PeriodFigures| {
        assert_eq!(period.customers.came_and_went, None);
        let KnownCounts { start, new, reactivated, lost, end, .. } = period.customers;
        [start, new, reactivated, lost, end].map(Option::unwrap)
    };
    assert_eq!(counts(january), [0, 2, 0, 0, 2]);
    assert_eq!(sums(january), [0, 2200, 0, 0, 0, 0, 2200]);
    assert_eq!(counts(february), [2, 0, 0, 1, 1]);
    assert_eq!(sums(february), [2200, 0, 0, 600, 0, 700, 2100]);
    assert_eq!(february.net_revenue_retention.value, Some(21.0 / 22.0));
    assert_eq!(february.gross_revenue_retention.value, Some(15.0 / 22.0));
    // B's refund makes nobody active, and is revenue lost all the same.
    assert_eq!(counts(march), [1, 0, 0, 1, 0]);
    assert_eq!(sums(march), [2100, 0, 0, 0, 700, 2100, -700]);
    // The rates look at A alone, who was there at the start and bought nothing.
    assert_eq!(march.gross_revenue_retention.value, Some(0.0));
    assert_eq!(
        inputs(&march.gross_revenue_retention),
        [("churned", 21.0), ("contraction", 0.0), ("start", 21.0)]
    );
    assert_eq!(counts(april), [0, 1, 1, 0, 2]);
    assert_eq!(sums(april), [-700, 300, 1600, 0, 0, 0, 1200]);
    assert_eq!(why(&april.customer_retention_rate), Some("no-customers-at-start"));
    assert_eq!(count_of(&analysis, "empty-month"), 1);
}

#[test]
fn purchases_in_all() {
    let analysis = analyzed(&three_buyers());
    let totals = analysis.purchases.unwrap();
    assert_eq!((totals.n_customers, totals.n_returning, totals.n_purchases), (3, 3, 7));
    assert_eq!(totals.revenue_minor, 4800);
    assert_eq!(totals.repeat_customer_rate.value, Some(1.0));
    assert_eq!(totals.purchase_frequency.value, Some(7.0 / 3.0));
    assert_eq!(totals.average_purchase_value.value, Some(48.0 / 7.0));
    assert!(analysis.lifetimes.is_none());

    let february = analyzed_at(&three_buyers(), "2026-02-10", Granularity::Month);
    let totals = february.purchases.as_ref().unwrap();
    assert_eq!((totals.n_customers, totals.n_returning, totals.n_purchases), (3, 1, 5));
    assert_eq!(totals.revenue_minor, 4700);
    assert_eq!(count_of(&february, "after-as-of"), 4);
}

#[test]
fn cohorts_of_purchases() {
    let cohorts = analyzed(&three_buyers()).cohorts.unwrap();
    let rows: Vec<(&str, u64, Ages)> = cohorts
        .rows
        .iter()
        .map(|row| {
            let ages = row.ages.iter().map(|age| (age.n_customers, age.revenue_minor)).collect();
            (&row.label[..], row.size, ages)
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("2026-01", 2, vec![(2, 2200), (1, 2100), (0, -700), (1, 900)]),
            ("2026-02", 1, vec![(0, 0), (0, 0), (1, 300)]),
        ]
    );
    let means: Vec<Option<f64>> =
        cohorts.mean_retention.iter().map(|figure| figure.value).collect();
    assert_eq!(means, [Some(2.0 / 3.0), Some(1.0 / 3.0), Some(1.0 / 3.0), Some(0.5)]);
}

/// A refund of more than was bought leaves rates without a meaning, and they say so.
#[test]
fn refunds_beyond_purchases() {
    let purchases = vec![order(0, "2026-01-05", 1000), order(0, "2026-02-05", 100)];
    let ledger = orders(purchases.clone(), vec![order(0, "2026-01-06", -1500)], "2026-02-28");
    let february = &analyzed(&ledger).periods[1];
    assert_eq!(february.customer_retention_rate.value, Some(1.0));
    assert_eq!(why(&february.gross_revenue_retention), Some("no-revenue-at-start"));

    let ledger = orders(purchases, vec![order(0, "2026-02-06", -1500)], "2026-02-28");
    let february = &analyzed(&ledger).periods[1];
    assert_eq!(why(&february.gross_revenue_retention), Some("refunds-exceed-purchases"));
    assert_eq!(sums(february), [1000, 0, 0, 0, 2400, 0, -1400]);
}

#[test]
fn trailing_year_of_purchases() {
    let purchases = vec![
        order(0, "2024-05-01", 1000),
        order(0, "2025-05-01", 1500),
        order(1, "2024-06-01", 700),
        order(2, "2023-06-01", 700),
        order(2, "2025-06-01", 300),
        order(3, "2026-03-31", 800),
        order(4, "2024-04-01", 0),
    ];
    let analysis = analyzed(&orders(purchases.clone(), vec![], "2026-03-31"));
    let year = analysis.trailing_year.as_ref().unwrap();
    assert_eq!(label(year), ("2025-04-01/2026-03-31", false));
    let KnownCounts { start, new, reactivated, lost, end, .. } = year.customers;
    assert_eq!([start, new, reactivated, lost, end].map(Option::unwrap), [2, 1, 1, 1, 3]);
    assert_eq!(sums(year), [1700, 800, 300, 500, 0, 700, 2600]);
    assert_eq!(year.gross_revenue_retention.value, Some(10.0 / 17.0));
    assert_eq!(count_of(&analysis, "year-before-cut-short"), 0);

    // Without the purchase of 2023, the year before is known from 1 April 2024 on: whole.
    let whole = orders(
        purchases.iter().copied().filter(|one| one.customer != 2).collect(),
        vec![],
        "2026-03-31",
    );
    assert_eq!(count_of(&analyzed(&whole), "year-before-cut-short"), 0);
    let short = orders(purchases[..3].to_vec(), vec![], "2026-03-31");
    assert_eq!(count_of(&analyzed(&short), "year-before-cut-short"), 1);
    let later = orders(vec![order(0, "2025-05-01", 100)], vec![], "2026-03-31");
    assert_eq!(analyzed(&later).trailing_year, None);
}

/// At a constant rate the logarithm of the rate has the variance 1 ÷ lost (Cox and Oakes 1984, 3.3).
#[test]
fn the_lifespan_of_accounts_is_as_uncertain_as_the_events_are_few() {
    let rows: Vec<(f64, bool, Option<i64>)> =
        (0..20).map(|n| (f64::from(n + 1), n % 5 == 0, Some(1000))).collect();
    let analysis = analyzed(&accounts(&rows));
    let ledger = accounts(&rows);
    let value = lifetime_value(&ledger, &AnalysisOptions::default(), &analysis, None);
    let lifespan = &value.lifespan["average_churn"];
    // 210 months, 4 lost: 52.5 × exp(∓ 1.959963984540054 ÷ √4)
    assert!((lifespan.value.unwrap() - 52.5).abs() < 1e-12);
    assert!((lifespan.low.unwrap() - 19.704_187_514_2).abs() < 1e-9, "{:?}", lifespan.low);
    assert!((lifespan.high.unwrap() - 139.881_433_731_5).abs() < 1e-9, "{:?}", lifespan.high);
    // 10.00 a month each: so many times 10.
    let clv = &value.clv["revenue_average_churn"];
    assert!((clv.high.unwrap() - 10.0 * lifespan.high.unwrap()).abs() < 1e-9);
    assert!((clv.low.unwrap() - 10.0 * lifespan.low.unwrap()).abs() < 1e-9);
}

#[test]
fn accounts_are_one_period() {
    let rows = [
        (1.0, true, Some(2000)),
        (12.0, false, Some(3000)),
        (24.0, false, Some(5000)),
        (3.0, true, None),
    ];
    let analysis = analyzed(&accounts(&rows));
    let [all] = &analysis.periods[..] else { panic!() };
    assert_eq!(label(all), ("all", false));
    let KnownCounts { start, new, reactivated, lost, end, .. } = all.customers;
    assert_eq!([start, new, reactivated, lost, end].map(Option::unwrap), [4, 0, 0, 2, 2]);
    assert_eq!(sums(all), [10_000, 0, 0, 0, 0, 2000, 8000]);
    assert_eq!(all.customer_churn_rate.value, Some(0.5));
    assert_eq!(all.gross_revenue_retention.value, Some(0.8));
    assert_eq!(analysis.as_of, None);
    assert_eq!(count_of(&analysis, "no-ended-rows"), 0);
    assert_eq!(count_of(&analyzed(&accounts(&[(1.0, false, None)])), "no-ended-rows"), 1);
}

fn row(label: &str, row: u64, [start, new, lost, end]: [Option<u64>; 4]) -> PeriodTotals {
    PeriodTotals {
        start_customers: start,
        new_customers: new,
        lost_customers: lost,
        end_customers: end,
        ..blank_totals(label, row)
    }
}

#[test]
fn totals_give_what_follows_from_them() {
    let mut ledger = totals(vec![
        row("2024-02", 3, [Some(500), Some(80), None, Some(540)]),
        row("2024-01", 2, [Some(0), None, Some(0), Some(500)]),
        row("2024-04", 4, [Some(540), None, Some(54), None]),
        row("2024-05", 5, [None, Some(10), Some(30), Some(480)]),
        row("2024-06", 6, [Some(480), Some(10), Some(30), Some(475)]),
    ]);
    ledger.has_amounts = false;
    let analysis = analyzed(&ledger);
    let [january, february, march, april, may, june] = &analysis.periods[..] else { panic!() };
    let counts = |period: &PeriodFigures| {
        let KnownCounts { start, new, reactivated, lost, end, .. } = period.customers;
        assert_eq!(reactivated, None);
        [start, new, lost, end]
    };
    assert_eq!(counts(january), [Some(0), Some(500), Some(0), Some(500)]);
    assert_eq!(why(&january.customer_retention_rate), Some("no-customers-at-start"));
    // (540 − 80) ÷ 500 = 92 %
    assert_eq!(counts(february), [Some(500), Some(80), Some(40), Some(540)]);
    assert_eq!(february.customer_retention_rate.value, Some(0.92));
    assert_eq!(
        inputs(&february.customer_retention_rate),
        [("end", 540.0), ("new", 80.0), ("start", 500.0)]
    );
    assert_eq!(february.customer_churn_rate.value, Some(0.08));
    // The file skips March.
    assert_eq!(label(march), ("2024-03", false));
    assert_eq!(counts(march), [None; 4]);
    assert_eq!(why(&march.customer_retention_rate), Some("not-in-file"));
    assert_eq!(counts(april), [Some(540), None, Some(54), None]);
    assert_eq!(april.customer_retention_rate.value, Some(0.9));
    assert_eq!(counts(may), [Some(500), Some(10), Some(30), Some(480)]);
    assert_eq!(may.customer_churn_rate.value, Some(0.06));
    // 480 + 10 − 30 is not 475: the rates rest on start and lost.
    assert_eq!(june.customer_retention_rate.value, Some(450.0 / 480.0));
    assert_eq!(
        inputs(&june.customer_retention_rate),
        [("end", 475.0), ("new", 25.0), ("start", 480.0)]
    );
    let notes: Vec<(&str, &[u64])> =
        analysis.notes.iter().map(|note| (note.code, &note.rows[..])).collect();
    assert_eq!(
        notes,
        [("rate-undefined", &[2][..]), ("totals-do-not-tie", &[6]), ("skipped-period", &[])]
    );
    assert_eq!(analysis.as_of, Some(day("2024-06-30")));
    assert_eq!(analysis.trailing_year, None);
    assert!(analysis.cohorts.is_none() && analysis.lifetimes.is_none());
}

#[test]
fn totals_that_contradict_themselves() {
    let mut ledger = totals(vec![
        row("2024-01", 2, [Some(100), Some(10), None, Some(130)]),
        row("2024-02", 3, [Some(100), None, Some(120), None]),
    ]);
    ledger.has_amounts = false;
    let analysis = analyzed(&ledger);
    assert_eq!(why(&analysis.periods[0].customer_retention_rate), Some("retained-over-start"));
    assert_eq!(why(&analysis.periods[1].customer_churn_rate), Some("retained-negative"));
}

#[test]
fn totals_of_revenue() {
    let full = PeriodTotals {
        start_revenue: Some(1_000_000),
        new_revenue: Some(50_000),
        expansion: Some(250_000),
        contraction: Some(40_000),
        churned_revenue: Some(80_000),
        ..blank_totals("2024-01", 2)
    };
    let half = PeriodTotals {
        start_revenue: Some(1_000_000),
        churned_revenue: Some(80_000),
        ..blank_totals("2024-02", 3)
    };
    let analysis = analyzed(&totals(vec![full, half]));
    let [full, half] = &analysis.periods[..] else { panic!() };
    assert_eq!(full.revenue.unwrap().end, Some(1_180_000));
    assert_eq!(full.gross_revenue_retention.value, Some(0.88));
    assert_eq!(full.net_revenue_retention.value, Some(1.13));
    assert_eq!(full.revenue_churn_rate.value, Some(0.12));
    assert_eq!(full.quick_ratio.value, Some(2.5));
    assert_eq!(half.revenue.unwrap().end, None);
    assert_eq!(why(&half.gross_revenue_retention), Some("not-in-file"));
    assert_eq!(why(&half.net_revenue_retention), Some("not-in-file"));
    assert_eq!(inputs(&half.gross_revenue_retention), [("churned", 800.0), ("start", 10_000.0)]);
}

#[test]
fn totals_up_to_a_day() {
    let mut ledger = totals(vec![
        row("2024-01", 2, [Some(100), Some(10), None, Some(90)]),
        row("2024-02", 3, [Some(90), Some(0), None, Some(80)]),
    ]);
    ledger.has_amounts = false;
    let analysis = analyzed_at(&ledger, "2024-01-15", Granularity::Month);
    assert_eq!(analysis.periods.len(), 1);
    assert_eq!(label(&analysis.periods[0]), ("2024-01", true));
    assert_eq!(analysis.as_of, Some(day("2024-01-15")));
}

#[test]
fn options_outside_their_domain() {
    let with = |change: fn(&mut AnalysisOptions)| {
        let mut options = AnalysisOptions::default();
        change(&mut options);
        options.check().map_err(|error| error.code())
    };
    assert_eq!(with(|_| ()), Ok(()));
    assert_eq!(with(|options| options.confidence = 1.0), Err("confidence-out-of-range"));
    assert_eq!(with(|options| options.confidence = f64::NAN), Err("confidence-out-of-range"));
    assert_eq!(with(|o| o.gross_margin = Some(80.0)), Err("gross-margin-out-of-range"));
    assert_eq!(with(|options| options.cac = Some(-1.0)), Err("cac-out-of-range"));
    assert_eq!(with(|o| o.discount_rate = Some(f64::INFINITY)), Err("discount-rate-out-of-range"));
    assert_eq!(with(|o| o.as_of = Some(Day(i32::MAX))), Err("as-of-out-of-range"));
    assert_eq!(with(|o| o.as_of = Some(Day::LATEST)), Ok(()));
}

/// Revenue rates have intervals in all periods that somebody was there at the start of, over customers
/// who differ, and in the trailing year; shares of customers have them everywhere.
#[test]
fn intervals_where_they_are_promised() {
    let mut spells: Vec<_> = (0..40).map(|id| spell(id, "2024-01-01", None, 1000)).collect();
    for (spell, month) in spells.iter_mut().zip(1..=20) {
        let lost = format!("{}-{:02}-15", 2024 + month / 12, month % 12 + 1);
        spell.end = Some(day(&lost));
    }
    let analysis = analyzed(&subscriptions(spells.clone(), "2025-09-30"));
    let has_interval: Vec<bool> = analysis
        .periods
        .iter()
        .map(|period| {
            assert_eq!(period.customer_churn_rate.low.is_some(), period.span.label != "2024-01");
            period.gross_revenue_retention.low.is_some()
        })
        .collect();
    assert_eq!(has_interval, [vec![false; 1], vec![true; 20]].concat());
    let year = analysis.trailing_year.unwrap();
    let gross = &year.gross_revenue_retention;
    let (low, value, high) = (gross.low.unwrap(), gross.value.unwrap(), gross.high.unwrap());
    assert!(low < value && value < high && high < 1.0);
    assert_eq!(year.revenue_churn_rate.low, Some(1.0 - high));
    assert_eq!(year.revenue_churn_rate.high, Some(1.0 - low));

    // A lower confidence narrows every interval.
    let options = AnalysisOptions { confidence: 0.5, ..AnalysisOptions::default() };
    let narrow = analyze(&subscriptions(spells, "2025-09-30"), &options).trailing_year.unwrap();
    assert!(low < narrow.gross_revenue_retention.low.unwrap());
    assert!(year.customer_churn_rate.low < narrow.customer_churn_rate.low);
}
