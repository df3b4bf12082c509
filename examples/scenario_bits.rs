//! Prints what scenarios and goals give natively, for comparison with the browser's build.
//!
//! One JSON array of requests and answers on stdout. Numbers are printed with all their digits, so
//! that equal text is equal bits. It judges nothing.

use std::error::Error;
use std::io::Write;

use retention_calculator::report::Fit;
use retention_calculator::scenario::{Goal, Scenario, project, seek};
use retention_calculator::survival::{ContractualRequest, FitRequest, fit};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    // "High End" of Fader and Hardie (2007), years 0 to 7.
    let survivors = vec![100.0, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1];
    let cohort = ContractualRequest {
        survivors: Some(survivors),
        size: Some(1000.0),
        ..ContractualRequest::default()
    };
    let fitted = Fit::from(fit(&FitRequest::Sbg(cohort))?);
    let totals = json!({ "customers": 500, "revenuePerCustomer": 50, "retention": 0.92, "n": 800 });
    let scenarios = [
        json!({
            "from": totals, "periodMonths": 1, "periods": 36, "retention": 0.95, "grossMargin": 0.8,
            "cac": 400, "newCustomers": 12, "discountRate": 0.1, "growthGoal": 0.2,
            "expansion": 0.01, "contraction": 0.003, "seed": 7, "draws": 500,
            "programme": { "cost": 5000, "startPeriod": 3, "churnReduction": 0.15 },
        }),
        json!({
            "from": fitted, "customers": 1000, "price": 120, "periodMonths": 12, "periods": 12,
            "firstPeriodChurn": 0.1, "tailChurn": 0.06, "newCustomers": 90, "discountRate": 0.1,
            "grossMargin": 0.7, "seed": 2026, "draws": 500, "sensitivityOf": "clvHorizon",
        }),
    ];
    let mut answered = Vec::new();
    for scenario in scenarios {
        let asked: Scenario = serde_json::from_value(scenario.clone())?;
        let goal = json!({
            "scenario": scenario, "lever": "tailChurn", "outcome": "customers", "value": 600,
        });
        let sought: Goal = serde_json::from_value(goal.clone())?;
        answered.push(json!({
            "scenario": scenario, "projection": project(&asked)?,
            "goal": goal, "answer": seek(&sought)?,
        }));
    }
    writeln!(std::io::stdout().lock(), "{}", Value::Array(answered))?;
    Ok(())
}
