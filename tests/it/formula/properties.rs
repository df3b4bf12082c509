//! What holds for all inputs.

use std::collections::BTreeMap;

use proptest::prelude::*;
use retention_calculator::formula::{
    calculate, catalogue, convert_retention, customer_churn_rate, customer_retention_rate,
    gross_revenue_retention, net_revenue_retention, quick_ratio, revenue_churn_rate,
};
use retention_calculator::number::Figure;

use super::assert_close;

/// Any finite number, the extreme ones often.
fn any_finite() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO,
        4 => 0.0..1.0,
        2 => (0_u32..1000).prop_map(f64::from),
        2 => prop::sample::select(vec![
            0.0, -0.0, 1.0, 0.5, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, f64::EPSILON,
            1.0 - f64::EPSILON, 1.0 + f64::EPSILON, 1e15, 9_007_199_254_740_993.0,
        ]),
    ]
}

fn assert_sound(figure: &Figure, what: &str) {
    match figure.value {
        Some(value) => {
            assert!(value.is_finite(), "{what}: {figure:?}");
            assert_eq!(figure.why, None, "{what}");
            // A zero has no sign.
            assert!(value != 0.0 || value.is_sign_positive(), "{what}: {figure:?}");
        }
        None => assert!(figure.why.as_deref().is_some_and(|why| !why.is_empty()), "{what}"),
    }
    for end in [figure.low, figure.high].into_iter().flatten() {
        assert!((0.0..=1.0).contains(&end), "{what}: {figure:?}");
    }
    if let (Some(low), Some(value), Some(high)) = (figure.low, figure.value, figure.high) {
        assert!(low <= value && value <= high, "{what}: {figure:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn any_finite_input_gives_a_number_or_a_reason(values in prop::array::uniform5(any_finite())) {
        for info in catalogue() {
            let inputs: BTreeMap<&str, f64> =
                info.inputs.iter().zip(values).map(|(input, value)| (input.name, value)).collect();
            match calculate(info.id, &inputs) {
                Ok(figure) => assert_sound(&figure, info.id.name()),
                Err(error) => {
                    let named = error.column().is_some_and(|name| inputs.contains_key(name));
                    prop_assert!(named, "{}: {error}", info.id.name());
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn retention_and_churn_add_up_to_one(start in 1_u32..1_000_000, u in 0.0_f64..=1.0, new in 0_u32..9999) {
        let start = f64::from(start);
        let retained = (start * u).floor();
        let new = f64::from(new);
        let retention = customer_retention_rate(start, new, retained + new).unwrap();
        let churn = customer_churn_rate(start, start - retained).unwrap();
        assert_close(retention.value.unwrap() + churn.value.unwrap(), 1.0, 1e-15, "sum");
        assert_close(retention.low.unwrap() + churn.high.unwrap(), 1.0, 1e-12, "ends");
        assert_close(retention.high.unwrap() + churn.low.unwrap(), 1.0, 1e-12, "ends");
    }

    #[test]
    fn gross_retention_is_below_net_retention_and_one(
        start in 1_u64..1_000_000_000_000, lost in 0.0_f64..=1.0, split in 0.0_f64..=1.0, expansion in 0_u64..1_000_000_000_000,
    ) {
        // In cents, as a file has them.
        let cents = |minor: f64| minor.floor() / 100.0;
        #[expect(clippy::cast_precision_loss, reason = "below 2⁵³")]
        let (start, expansion) = (start as f64, expansion as f64);
        let (contraction, churned) = (start * lost * split, start * lost * (1.0 - split));
        let (start, expansion, contraction, churned) =
            (cents(start), cents(expansion), cents(contraction), cents(churned));
        let gross = gross_revenue_retention(start, contraction, churned).unwrap();
        let net = net_revenue_retention(start, expansion, contraction, churned).unwrap();
        let churn = revenue_churn_rate(start, contraction, churned).unwrap();
        let gross = gross.value.unwrap();
        prop_assert!(0.0 <= gross && gross <= net.value.unwrap().min(1.0));
        assert_close(gross + churn.value.unwrap(), 1.0, 1e-15, "sum");
    }

    #[test]
    fn scaling_money_leaves_rates_alone(
        values in prop::array::uniform5(1_u32..1_000_000), factor in 1_u32..100_000,
    ) {
        let [new, reactivation, expansion, contraction, churned] = values.map(f64::from);
        let start = contraction + churned + new;
        let k = f64::from(factor);
        let pairs = [
            (
                net_revenue_retention(start, expansion, contraction, churned),
                net_revenue_retention(k * start, k * expansion, k * contraction, k * churned),
            ),
            (
                gross_revenue_retention(start, contraction, churned),
                gross_revenue_retention(k * start, k * contraction, k * churned),
            ),
            (
                quick_ratio(new, reactivation, expansion, contraction, churned),
                quick_ratio(k * new, k * reactivation, k * expansion, k * contraction, k * churned),
            ),
        ];
        for (one, scaled) in pairs {
            assert_close(scaled.unwrap().value.unwrap(), one.unwrap().value.unwrap(), 1e-14, "rate");
        }
    }

    #[test]
    fn converting_there_and_back_changes_nothing(rate in 0.01_f64..1.5, from in 1_u32..60, to in 1_u32..60) {
        let (from, to) = (f64::from(from), f64::from(to));
        let there = convert_retention(rate, from, to).unwrap().value.unwrap();
        // A large part of a year to the power of many years exceeds the domain of the way back.
        prop_assume!((1e-100..10.0).contains(&there));
        let back = convert_retention(there, to, from).unwrap().value.unwrap();
        assert_close(back, rate, 1e-11, "rate");
    }
}
