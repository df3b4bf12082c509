//! Prints what every kind of fit gives natively, for comparison with the browser's build.
//!
//! One JSON array of requests and answers on stdout: real files and published cohorts. Numbers are
//! printed with all their digits, so that equal text is equal bits. It judges nothing.

use std::error::Error;
use std::fs::read_to_string;
use std::io::Write;

use retention_calculator::report::Fit;
use retention_calculator::survival::{FitRequest, fit};
use serde_json::{Value, json};

/// "High End" and "Regular" of Fader and Hardie (2007), years 0 to 12.
const COHORTS: [[f64; 13]; 2] = [
    [100.0, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4],
    [100.0, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3],
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut requests = Vec::new();
    for survivors in COHORTS {
        for kind in ["geometric", "sbg", "bdw"] {
            requests.push(json!({
                "kind": kind, "survivors": survivors, "fitTo": 7, "horizon": 20, "discountRate": 0.1,
            }));
        }
    }
    let telco = columns("telco_wa_churn.csv", &["tenure", "churn"])?;
    let waltons = columns("lifelines_waltons_dataset.csv", &["T", "E"])?;
    let lost =
        |column: &[String]| column.iter().map(|field| field == "Yes" || field == "1").collect();
    let (of_telco, of_waltons): (Vec<bool>, Vec<bool>) = (lost(&telco[1]), lost(&waltons[1]));
    for kind in ["kaplan_meier", "sbg", "bdw"] {
        requests.push(
            json!({ "kind": kind, "durations": numbers(&telco[0])?, "events": of_telco.clone() }),
        );
    }
    requests.push(json!({
        "kind": "kaplan_meier", "durations": numbers(&waltons[0])?, "events": of_waltons, "horizon": 69,
    }));
    let cdnow = columns("lifetimes_cdnow_summary.csv", &["x", "t_x", "T", "zbar"])?;
    for kind in ["bgnbd", "mbgnbd", "paretonbd"] {
        requests.push(json!({
            "kind": kind, "frequency": numbers(&cdnow[0])?, "recency": numbers(&cdnow[1])?,
            "observed": numbers(&cdnow[2])?, "horizon": 39,
        }));
    }
    requests.push(json!({
        "kind": "gamma_gamma", "frequency": numbers(&cdnow[0])?, "averageValue": numbers(&cdnow[3])?,
    }));
    let answered: Result<Vec<Value>, Box<dyn Error>> = requests.iter().map(answer).collect();
    writeln!(std::io::stdout().lock(), "{}", Value::Array(answered?))?;
    Ok(())
}

fn answer(request: &Value) -> Result<Value, Box<dyn Error>> {
    let asked: FitRequest = serde_json::from_value(request.clone())?;
    Ok(json!({ "request": request, "fit": Fit::from(fit(&asked)?) }))
}

/// Columns of a corpus, by name.
fn columns(file: &str, names: &[&str]) -> Result<Vec<Vec<String>>, Box<dyn Error>> {
    let text = read_to_string(format!("{}/tests/corpora/{file}", env!("CARGO_MANIFEST_DIR")))?;
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<&str>>());
    let header = lines.next().ok_or("an empty file")?;
    let mut columns = vec![Vec::new(); names.len()];
    let places: Vec<usize> =
        names.iter().filter_map(|name| header.iter().position(|column| column == name)).collect();
    for line in lines {
        for (column, &place) in columns.iter_mut().zip(&places) {
            column.push((*line.get(place).ok_or("a short line")?).to_owned());
        }
    }
    Ok(columns)
}

fn numbers(column: &[String]) -> Result<Vec<f64>, Box<dyn Error>> {
    Ok(column.iter().map(|field| field.parse()).collect::<Result<_, _>>()?)
}
