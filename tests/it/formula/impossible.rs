//! Impossible inputs are blocked with a reason, undefined cases say why: never NaN, never 0.

use retention_calculator::Error;
use retention_calculator::formula::{
    average_lifespan, average_purchase_value, cac_payback, calculate, clv, clv_discounted,
    clv_from_churn, clv_margin, clv_to_cac, clv_uplift, convert_retention, customer_churn_rate,
    customer_retention_rate, gross_revenue_retention, lifespan_lower_bound, net_revenue_retention,
    new_customers_for_growth, program_net_return, program_return, purchase_frequency, quick_ratio,
    repeat_customer_rate, revenue_churn_rate, share,
};
use retention_calculator::number::{Figure, FormulaId};

use super::{assert_close, inputs};

#[track_caller]
fn check_error(result: Result<Figure, Error>, code: &str, input: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.code(), code, "{error}");
    assert_eq!(error.column(), Some(input), "{error}");
    assert!(error.message().ends_with('.'), "{error}");
}

#[track_caller]
fn check_undefined(result: Result<Figure, Error>, why: &str) {
    let figure = result.unwrap();
    assert_eq!(figure.value, None);
    assert_eq!(figure.why.as_deref(), Some(why));
    assert_eq!((figure.low, figure.high), (None, None));
}

#[test]
fn customers_that_cannot_have_been_kept_are_blocked() {
    check_error(customer_retention_rate(10.0, 8.0, 5.0), "retained-negative", "new");
    check_error(customer_retention_rate(100.0, 5.0, 120.0), "retained-over-start", "end");
    check_error(customer_retention_rate(0.0, 0.0, 3.0), "retained-over-start", "end");
    let error = customer_retention_rate(100.0, 5.0, 120.0).unwrap_err();
    assert!(error.message().contains("came back"), "{error}");
    check_error(customer_churn_rate(10.0, 11.0), "lost-over-start", "lost");
    check_error(repeat_customer_rate(5.0, 4.0), "returning-over-unique", "returning");
    check_error(share(5.0, 4.0), "part-over-whole", "part");
}

#[test]
fn more_revenue_lost_than_there_was_is_blocked() {
    check_error(gross_revenue_retention(100.0, 20.0, 90.0), "lost-over-start", "churned");
    check_error(net_revenue_retention(100.0, 50.0, 90.0, 20.0), "lost-over-start", "contraction");
    check_error(revenue_churn_rate(100.0, 0.0, 101.0), "lost-over-start", "churned");
    check_error(
        gross_revenue_retention(f64::MAX, f64::MAX, f64::MAX),
        "lost-over-start",
        "contraction",
    );
}

#[test]
fn sums_of_decimals_are_no_contradiction() {
    // 0.1 + 0.2 is more than 0.3 in binary.
    assert_eq!(gross_revenue_retention(0.3, 0.1, 0.2).unwrap().value, Some(0.0));
    assert_eq!(revenue_churn_rate(0.3, 0.1, 0.2).unwrap().value, Some(1.0));
    // 1.1 − 1.0 is more than 0.1 in binary.
    assert_eq!(customer_retention_rate(0.1, 1.0, 1.1).unwrap().value, Some(1.0));
}

#[test]
fn what_is_no_number_or_has_the_wrong_sign_is_blocked() {
    check_error(customer_retention_rate(f64::NAN, 0.0, 0.0), "input-not-finite", "start");
    check_error(customer_retention_rate(1.0, f64::INFINITY, 0.0), "input-not-finite", "new");
    check_error(customer_retention_rate(1.0, 0.0, -1.0), "input-negative", "end");
    check_error(net_revenue_retention(1.0, -1.0, 0.0, 0.0), "input-negative", "expansion");
    check_error(quick_ratio(1.0, 1.0, 1.0, 1.0, -1.0), "input-negative", "churned");
    check_error(average_lifespan(5.0), "input-not-a-share", "churn");
    check_error(clv_margin(1.0, 80.0, 1.0), "input-not-a-share", "gross_margin");
    check_error(clv_uplift(0.8, 1.2), "input-not-a-share", "retention_to");
    check_error(clv_discounted(1.0, 0.5, 0.9, -0.1), "input-negative", "discount_rate");
    check_error(convert_retention(90.0, 12.0, 1.0), "rate-not-a-fraction", "rate");
    check_error(convert_retention(0.9, 0.0, 1.0), "input-not-positive", "from_months");
    check_error(new_customers_for_growth(0.9, -2.0), "growth-below-minus-one", "growth");
    check_error(lifespan_lower_bound(0.0), "input-not-positive", "customer_periods");
}

#[test]
fn undefined_figures_say_why() {
    check_undefined(customer_retention_rate(0.0, 3.0, 3.0), "no-customers-at-start");
    check_undefined(customer_churn_rate(0.0, 0.0), "no-customers-at-start");
    check_undefined(gross_revenue_retention(0.0, 0.0, 0.0), "no-revenue-at-start");
    check_undefined(net_revenue_retention(0.0, 5.0, 0.0, 0.0), "no-revenue-at-start");
    check_undefined(revenue_churn_rate(0.0, 0.0, 0.0), "no-revenue-at-start");
    check_undefined(repeat_customer_rate(0.0, 0.0), "no-customers");
    check_undefined(purchase_frequency(3.0, 0.0), "no-customers");
    check_undefined(average_purchase_value(3.0, 0.0), "no-purchases");
    check_undefined(average_lifespan(0.0), "no-churn");
    check_undefined(clv_from_churn(10.0, 0.0), "no-churn");
    check_undefined(clv_discounted(10.0, 0.8, 1.0, 0.0), "no-churn");
    check_undefined(clv_uplift(0.9, 1.0), "no-churn");
    check_undefined(clv_uplift(1.0, 0.9), "no-churn");
    check_undefined(clv_to_cac(10.0, 0.0), "no-cost");
    check_undefined(cac_payback(10.0, 0.0, 0.8), "no-margin");
    check_undefined(cac_payback(10.0, 5.0, 0.0), "no-margin");
    check_undefined(program_return(10.0, 0.0), "no-cost");
    check_undefined(program_net_return(10.0, 0.0), "no-cost");
    check_undefined(quick_ratio(5.0, 0.0, 0.0, 0.0, 0.0), "nothing-lost");
    check_undefined(share(0.0, 0.0), "no-whole");
    check_undefined(new_customers_for_growth(0.9, -0.5), "no-new-customers-needed");
    check_undefined(clv(1e200, 1e200), "result-too-large");
    check_undefined(quick_ratio(1.0, 1.0, 1.0, f64::MAX, f64::MAX), "result-too-large");
}

#[test]
fn names_of_inputs_are_checked() {
    let id = FormulaId::CustomerChurnRate;
    check_error(calculate(id, &inputs(&[("start", 10.0)])), "missing-input", "lost");
    let typo = inputs(&[("start", 10.0), ("lost", 1.0), ("left", 1.0)]);
    check_error(calculate(id, &typo), "unknown-input", "left");
}

#[test]
fn no_loss_yet_still_bounds_the_lifespan() {
    // n = 100: the churn is at most 2.951 %, so lifetime value is at least 33.9 margins.
    let bound = lifespan_lower_bound(100.0).unwrap();
    assert_close(bound.inputs["churn"], 0.029_51, 1e-3, "churn");
    assert_close(bound.value.unwrap(), 33.9, 1e-3, "lifespan");
    assert_eq!(bound.n, Some(100));
    // The rule of three: 3 ÷ n for many.
    assert_close(
        lifespan_lower_bound(1e9).unwrap().inputs["churn"],
        2.995_732_274e-9,
        1e-8,
        "churn",
    );
}

#[test]
fn rates_of_counted_customers_carry_wilsons_interval() {
    let figure = customer_retention_rate(500.0, 80.0, 540.0).unwrap();
    assert_eq!(figure.n, Some(500));
    assert_close(figure.low.unwrap(), 0.892_893_683, 1e-8, "low");
    assert_close(figure.high.unwrap(), 0.940_701_871, 1e-8, "high");
    let average = customer_retention_rate(500.5, 80.0, 540.0).unwrap();
    assert_eq!((average.n, average.low, average.high), (None, None, None));
    let churn = customer_churn_rate(500.0, 40.0).unwrap();
    assert_close(1.0 - churn.high.unwrap(), 0.892_893_683, 1e-8, "low");
    assert_eq!(repeat_customer_rate(30.0, 120.0).unwrap().n, Some(120));
}
