//! Groups side by side against lifelines (tests/oracle/comparisons.py), textbooks and slow twins.

use proptest::prelude::*;
use retention_calculator::survival::{
    DurationCount, EntryCount, LifespanModel, RenewalTable, RiskTable, geometric, goodness_of_fit,
    log_rank, nelson_aalen, proportional_hazards,
};
use serde_json::Value;

use super::{close, columns, numbers};

fn cases() -> Value {
    serde_json::from_str(include_str!("../../cases/comparisons.json")).unwrap()
}

/// A customer: how long, whether lost, of which group, and when first observed.
type Row = (f64, bool, String, f64);

/// One table for each group, in alphabetical order.
fn tables(rows: &[Row]) -> (Vec<String>, Vec<RiskTable>) {
    let mut names: Vec<String> = rows.iter().map(|row| row.2.clone()).collect();
    names.sort();
    names.dedup();
    let table = |name: &String| {
        let of: Vec<&Row> = rows.iter().filter(|row| row.2 == *name).collect();
        let durations: Vec<f64> = of.iter().map(|row| row.0).collect();
        let events: Vec<bool> = of.iter().map(|row| row.1).collect();
        let entry: Vec<f64> = of.iter().map(|row| row.3).collect();
        RiskTable::from_durations(&durations, &events, Some(&entry)).unwrap()
    };
    let tables = names.iter().map(table).collect();
    (names, tables)
}

fn corpus(text: &str, duration: &str, event: &str, lost: &str, group: &str) -> Vec<Row> {
    let columns = columns(text, &[duration, event, group]);
    (0..columns[0].len())
        .map(|row| {
            let duration: f64 = columns[0][row].parse().unwrap();
            (duration, columns[1][row] == lost, columns[2][row].clone(), 0.0)
        })
        .filter(|row| 0.0 < row.0)
        .collect()
}

fn telco(group: &str) -> Vec<Row> {
    let text = include_str!("../../corpora/telco_wa_churn.csv");
    corpus(text, "tenure", "churn", "Yes", group)
}

fn waltons() -> Vec<Row> {
    let text = include_str!("../../corpora/lifelines_waltons_dataset.csv");
    corpus(text, "T", "E", "1", "group")
}

fn late() -> Vec<Row> {
    let customers = cases()["late"]["customers"].clone();
    let row = |of: &Value| {
        let number = |place: usize| of[place].as_f64().unwrap();
        (number(0), of[1].as_bool().unwrap(), of[2].as_str().unwrap().to_owned(), number(3))
    };
    customers.as_array().unwrap().iter().map(row).collect()
}

fn leukaemia() -> Vec<Row> {
    let drug = [
        6.0, 6.0, 6.0, 6.0, 7.0, 9.0, 10.0, 10.0, 11.0, 13.0, 16.0, 17.0, 19.0, 20.0, 22.0, 23.0,
        25.0, 32.0, 32.0, 34.0, 35.0,
    ];
    let placebo = [
        1.0, 1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 5.0, 5.0, 8.0, 8.0, 8.0, 8.0, 11.0, 11.0, 12.0, 12.0,
        15.0, 17.0, 22.0, 23.0,
    ];
    let lost = [0, 1, 2, 4, 6, 9, 10, 14, 15];
    let of_drug = (0..).zip(drug).map(|(place, weeks)| (weeks, lost.contains(&place), "drug"));
    let of_placebo = placebo.map(|weeks| (weeks, true, "placebo"));
    of_drug.chain(of_placebo).map(|(t, lost, group)| (t, lost, group.to_owned(), 0.0)).collect()
}

fn check(name: &str, rows: &[Row]) {
    let case = cases()[name].clone();
    let (names, tables) = tables(rows);
    assert_eq!(Value::from(names.clone()), case["groups"]);
    let tables: Vec<&RiskTable> = tables.iter().collect();
    let found = log_rank(&tables).unwrap();
    for (of, expected) in [(&found.observed, "observed"), (&found.expected, "expected")] {
        for (found, expected) in of.iter().zip(numbers(&case[expected])) {
            close(name, *found, expected, 1e-9 * (1.0 + expected));
        }
    }
    let test = found.test.unwrap();
    let statistic = case["statistic"].as_f64().unwrap();
    close(name, test.statistic, statistic, 1e-9 * statistic);
    assert_eq!(test.degrees_of_freedom as usize, names.len() - 1);
    let p_value = case["pValue"].as_f64().unwrap();
    close(name, test.p_value, p_value, 1e-9 * p_value + 1e-300);

    let reference = case["reference"].as_u64().unwrap() as usize;
    let ratios = proportional_hazards(&tables, reference, 0.95).unwrap();
    let z = 1.959_963_984_540_054;
    for (group, ratio) in names.iter().zip(&ratios) {
        let Some(log) = case["logRatios"].get(group) else {
            assert_eq!((ratio.value, ratio.low), (Some(1.0), None));
            continue;
        };
        let error = case["standardErrors"][group].as_f64().unwrap();
        close(group, libm::log(ratio.value.unwrap()), log.as_f64().unwrap(), 1e-7);
        let width = (libm::log(ratio.high.unwrap()) - libm::log(ratio.low.unwrap())) / (2.0 * z);
        close(group, width, error, 1e-7);
    }
}

#[test]
fn groups_as_lifelines_compares_them() {
    let rossi = include_str!("../../corpora/lifelines_rossi.csv");
    check("leukaemia", &leukaemia());
    check("waltons", &waltons());
    check("rossi", &corpus(rossi, "week", "arrest", "1", "fin"));
    check("telcoContract", &telco("contract"));
    check("telcoInternet", &telco("internet_service"));
    check("late", &late());
}

#[test]
fn the_leukaemia_trial_as_textbooks_have_it() {
    // Freireich et al. (1963): chi-square 16.79 on one degree of freedom (Kleinbaum and Klein 2012,
    // p. 68); a ratio of exp(−1.572) with a standard error of 0.412 by Efron's method.
    let (_, tables) = tables(&leukaemia());
    let found = log_rank(&[&tables[0], &tables[1]]).unwrap();
    close("chi-square", found.test.unwrap().statistic, 16.79, 5e-3);
    close("expected", found.expected[0], 19.25, 5e-3);
    let ratios = proportional_hazards(&[&tables[0], &tables[1]], 1, 0.95).unwrap();
    close("ratio", libm::log(ratios[0].value.unwrap()), -1.572, 5e-4);
}

#[test]
fn piled_up_risk_as_lifelines_and_klein_and_moeschberger_have_it() {
    let of_drug: Vec<Row> = leukaemia().into_iter().filter(|row| row.2 == "drug").collect();
    let together = |rows: Vec<Row>| -> Vec<Row> {
        rows.into_iter().map(|(t, lost, _, entry)| (t, lost, String::new(), entry)).collect()
    };
    for (name, rows) in [("leukaemia", of_drug), ("waltons", waltons()), ("late", late())] {
        let (_, tables) = tables(&together(rows));
        let curve = nelson_aalen(&tables[0], 0.95).unwrap();
        let steps = cases()["nelsonAalen"][name].clone();
        assert_eq!(steps.as_array().unwrap().len(), curve.timeline.len());
        for (place, step) in steps.as_array().unwrap().iter().enumerate() {
            let step = numbers(step);
            let found =
                [curve.timeline[place], curve.hazard[place], curve.low[place], curve.high[place]];
            for (found, expected) in found.iter().zip(step) {
                close(name, *found, expected, 1e-9 * (1.0 + expected));
            }
        }
        if name == "leukaemia" {
            // Table 4.2: to the digits printed.
            let printed = [0.1428, 0.2017, 0.2683, 0.3517, 0.4426, 0.5854, 0.7521];
            for (found, printed) in curve.hazard.iter().zip(printed) {
                close("hazard", *found, printed, 1.01e-4);
            }
            close("standard error", curve.standard_error[0], 0.0825, 5.1e-5);
        }
    }
}

#[test]
fn groups_that_cannot_be_compared_say_so() {
    let table = |durations: &[f64], events: &[bool]| {
        RiskTable::from_durations(durations, events, None).unwrap()
    };
    let lost = table(&[1.0, 2.0, 3.0], &[true, true, false]);
    let kept = table(&[3.0, 3.0], &[false, false]);
    let why = |groups: &[&RiskTable], reference| -> Vec<Option<String>> {
        let ratios = proportional_hazards(groups, reference, 0.95).unwrap();
        ratios.into_iter().map(|ratio| ratio.why.map(Into::into)).collect()
    };
    assert_eq!(why(&[&lost, &kept], 0), [None, Some("no-losses".to_owned())]);
    assert_eq!(why(&[&lost, &kept], 1), [Some("no-losses-in-reference".to_owned()), None]);
    // All of one group are lost while the other one has not lost anybody yet.
    let early = table(&[1.0, 1.0, 2.0], &[true; 3]);
    let after = table(&[5.0, 6.0, 9.0], &[true, true, false]);
    assert_eq!(why(&[&after, &early], 0)[1].as_deref(), Some("ratio-without-end"));
    // The test is there all the same, and takes no part of a group that never was at risk beside one.
    assert!(log_rank(&[&after, &early]).unwrap().test.is_some());
    let never =
        RiskTable::from_durations(&[20.0, 30.0], &[true, false], Some(&[15.0, 15.0])).unwrap();
    let two = log_rank(&[&lost, &kept]).unwrap().test.unwrap();
    let three = log_rank(&[&lost, &kept, &never]).unwrap().test.unwrap();
    assert_eq!(two, three);
    assert_eq!(log_rank(&[&kept, &kept]).unwrap().test, None);
    assert_eq!(log_rank(&[&lost]).unwrap_err().code(), "too-few-groups");
    assert_eq!(proportional_hazards(&[&lost], 0, 0.95).unwrap_err().code(), "too-few-groups");
    let beyond = proportional_hazards(&[&lost, &kept], 2, 0.95).unwrap_err();
    assert_eq!(beyond.code(), "reference-out-of-range");
    let sure = proportional_hazards(&[&lost, &kept], 0, 1.0).unwrap_err();
    assert_eq!(sure.code(), "confidence-out-of-range");
}

#[test]
fn goodness_of_fit_is_the_chi_square_of_its_definition() {
    let survivors = [100.0, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1];
    let model = LifespanModel::ShiftedBetaGeometric { alpha: 0.668_088_371, beta: 3.806_095_186 };
    for (name, size, model) in [
        ("highEndSbg", 1000.0, model),
        ("highEndGeometric", 1000.0, LifespanModel::Geometric { churn: 0.103_329_273 }),
        ("smallSbg", 60.0, model),
    ] {
        let table = RenewalTable::from_survivors(&survivors, Some(size), None).unwrap();
        let found = goodness_of_fit(&model, &table).unwrap();
        let case = cases()["goodnessOfFit"][name].clone();
        let number = |field: &str| case[field].as_f64().unwrap();
        close(name, found.statistic, number("statistic"), 1e-9 * number("statistic"));
        assert_eq!(u64::from(found.degrees_of_freedom), case["degreesOfFreedom"].as_u64().unwrap());
        close(name, found.p_value, number("pValue"), 1e-9 * number("pValue"));
    }
    // Two groups of periods cannot judge two parameters.
    let short = RenewalTable::from_survivors(&[1000.0, 900.0, 850.0], None, None).unwrap();
    assert_eq!(goodness_of_fit(&model, &short), None);
    let one = RenewalTable::from_survivors(&[10.0, 8.0, 7.0], None, None).unwrap();
    assert_eq!(goodness_of_fit(&geometric(&one).model, &one), None);
}

proptest! {
    #[test]
    fn renaming_and_counting_do_not_matter_and_one_group_split_by_lot_is_no_difference(
        customers in prop::collection::vec((0_u8..12, any::<bool>(), 0_u8..3, 0_u8..6), 12..60)
    ) {
        let rows: Vec<Row> = customers
            .iter()
            .map(|&(more, lost, group, entry)| {
                let entry = f64::from(entry);
                (entry + 1.0 + f64::from(more), lost, group.to_string(), entry)
            })
            .collect();
        let (_, groups) = tables(&rows);
        prop_assume!(1 < groups.len());
        let forth: Vec<&RiskTable> = groups.iter().collect();
        let back: Vec<&RiskTable> = groups.iter().rev().collect();
        let (found, turned) = (log_rank(&forth).unwrap(), log_rank(&back).unwrap());
        // Expected losses are all the losses, whatever the groups.
        let sum = |of: &[f64]| of.iter().sum::<f64>();
        prop_assert!((sum(&found.expected) - sum(&found.observed)).abs() < 1e-9);
        match (found.test, turned.test) {
            (Some(one), Some(other)) => {
                prop_assert!((one.statistic - other.statistic).abs() < 1e-7 * (1.0 + one.statistic));
                prop_assert!((0.0..=1.0).contains(&one.p_value));
            }
            (one, other) => prop_assert_eq!(one, other),
        }
        // Counted customers are the customers.
        let counted = |table: &RiskTable| {
            let counts: Vec<DurationCount> = table
                .rows()
                .iter()
                .map(|row| DurationCount {
                    duration: row.time,
                    n_events: row.n_events,
                    n_censored: row.n_censored,
                })
                .collect();
            let entries: Vec<EntryCount> = table.entries().to_vec();
            RiskTable::from_counts(&counts, &entries).unwrap()
        };
        let again: Vec<RiskTable> = groups.iter().map(counted).collect();
        let again: Vec<&RiskTable> = again.iter().collect();
        prop_assert_eq!(log_rank(&again).unwrap(), found);
        // The ratio of one group to another is the inverse of the other's to the one.
        if groups.iter().all(|table| 0 < table.n_events()) && groups.len() == 2 {
            let one = proportional_hazards(&forth, 0, 0.95).unwrap()[1].value;
            let other = proportional_hazards(&forth, 1, 0.95).unwrap()[0].value;
            if let (Some(one), Some(other)) = (one, other) {
                prop_assert!((one * other - 1.0).abs() < 1e-6, "{one} {other}");
            }
        }
    }
}
