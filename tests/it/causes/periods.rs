//! Revenue rates of the months that are not drawn anew: how uncertain they are by the oracle.

use retention_calculator::number::Figure;
use retention_calculator::number::interval::two_sided_t;
use retention_calculator::session::AnalyzeOptions;
use serde_json::Value;

use super::{assert_linearized, cases, report_of};

/// So many of the latest months have intervals that are drawn.
const N_DRAWN: usize = 13;

#[test]
fn months_long_ago_are_as_uncertain_as_the_oracle_says() {
    let cases = cases("periods");
    let mut n_checked = 0;
    for case in &cases {
        let report = report_of(case, AnalyzeOptions::default());
        let months: Vec<&Value> = case["periods"].as_array().unwrap().iter().collect();
        assert_eq!(report.periods.len(), months.len());
        for (place, (period, month)) in report.periods.iter().zip(&months).enumerate() {
            let what = format!("{} {}", case["file"], period.period);
            assert_eq!(period.period, month["period"].as_str().unwrap());
            let n = month["n"].as_u64().unwrap();
            let (net, gross) = (&period.net_revenue_retention, &period.gross_revenue_retention);
            if place + N_DRAWN < months.len() {
                let ends = |figure: &Figure| figure.low.zip(figure.high);
                assert_linearized(ends(net), net.value, n, &month["net"], f64::INFINITY, &what);
                assert_linearized(ends(gross), gross.value, n, &month["gross"], 1.0, &what);
                let (churn, kept) = (&period.revenue_churn_rate, gross);
                assert_eq!(churn.low, kept.high.map(|high| 1.0 - high), "{what}");
                assert_eq!(churn.high, kept.low.map(|low| 1.0 - low), "{what}");
                n_checked += usize::from(net.low.is_some());
            } else if let (Some(low), Some(high), Some(variance)) =
                (net.low, net.high, month["net"].as_f64())
            {
                // The draws lean where few customers matter, and are as wide where many do.
                let width =
                    (high - low) / (2.0 * two_sided_t(n - 1, 0.95).unwrap() * variance.sqrt());
                assert!(n < 50 || (0.5..1.5).contains(&width), "{what}: {width}");
            }
        }
    }
    assert!(20 < n_checked, "{n_checked}");
}

#[test]
fn the_average_order_and_how_often_are_as_uncertain_as_the_oracle_says() {
    for case in cases("periods").iter().filter(|case| !case["purchases"].is_null()) {
        let purchases = report_of(case, AnalyzeOptions::default()).purchases.unwrap();
        let oracle = &case["purchases"];
        let in_cents = |figure: &Figure| {
            let cents = |end: Option<f64>| end.map(|end| end * 100.0);
            (cents(figure.value), cents(figure.low).zip(cents(figure.high)))
        };
        let (value, ends) = in_cents(&purchases.average_purchase_value);
        let n = oracle["customers"].as_u64().unwrap();
        assert_linearized(ends, value, n, &oracle["value"], f64::INFINITY, "value of an order");
        let often = &purchases.purchase_frequency;
        let n = oracle["buyers"].as_u64().unwrap();
        let ends = often.low.zip(often.high);
        assert_linearized(ends, often.value, n, &oracle["frequency"], f64::INFINITY, "how often");
    }
}
