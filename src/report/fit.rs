//! Fits of the survival layer as plain data of the report.
//!
//! It computes nothing.

use super::{
    BackTestPeriod, BackTestReport, CurvePoint, Fit, GoodnessOfFitReport, LikelihoodRatioReport,
    NoteReport, PurchaseOutlook, SpendOutlook,
};
use crate::arrange;
use crate::note::{Note, Severity};
use crate::survival;

impl From<survival::Fit> for Fit {
    fn from(fit: survival::Fit) -> Self {
        let named = |numbers: std::collections::BTreeMap<&'static str, f64>| {
            arrange::map(numbers.into_iter().map(|(name, value)| (name.to_owned(), value)))
        };
        Self {
            kind: fit.kind.to_owned(),
            converged: fit.converged,
            parameters: named(fit.parameters),
            standard_errors: fit.standard_errors.map(named),
            covariance: fit.covariance.map(|rows| {
                arrange::map(rows.into_iter().map(|(name, row)| (name.to_owned(), named(row))))
            }),
            log_likelihood: fit.log_likelihood,
            curve: fit.curve.map(|points| points.into_iter().map(CurvePoint::from).collect()),
            median: fit.median,
            rmst: fit.rmst,
            lifespan: fit.lifespan.map(|lifespan| {
                arrange::map(lifespan.into_iter().map(|(name, figure)| (name.to_owned(), figure)))
            }),
            likelihood_ratio: fit.likelihood_ratio.map(|ratio| LikelihoodRatioReport {
                statistic: ratio.statistic,
                p_value: ratio.p_value,
            }),
            goodness_of_fit: fit.goodness_of_fit.map(|found| GoodnessOfFitReport {
                statistic: found.statistic,
                degrees_of_freedom: found.degrees_of_freedom,
                p_value: found.p_value,
            }),
            back_test: fit.back_test.map(BackTestReport::from),
            purchases: fit.purchases.map(|outlook| PurchaseOutlook {
                horizon: outlook.horizon,
                alive: outlook.alive,
                purchases: outlook.purchases,
                total_alive: outlook.total_alive,
                total_purchases: outlook.total_purchases,
                of_new_customer: outlook.of_new_customer,
            }),
            spend: fit.spend.map(|outlook| SpendOutlook {
                expected_value: outlook.expected_value,
                mean_value: outlook.mean_value,
                correlation: outlook.correlation,
            }),
            notes: fit.notes.into_iter().map(note_report).collect(),
        }
    }
}

impl From<survival::CurvePoint> for CurvePoint {
    fn from(point: survival::CurvePoint) -> Self {
        Self {
            t: point.t,
            survival: point.survival,
            low: point.interval.map(|(low, _)| low),
            high: point.interval.map(|(_, high)| high),
        }
    }
}

impl From<survival::BackTest> for BackTestReport {
    fn from(test: survival::BackTest) -> Self {
        let periods = test.rows.into_iter().map(|row| BackTestPeriod {
            period: row.period,
            observed: row.observed,
            projected: row.projected,
            error: row.error,
        });
        let point = |(t, survival)| CurvePoint { t, survival, low: None, high: None };
        Self {
            fitted_to: test.fitted_to,
            curve: test.curve.into_iter().map(point).collect(),
            periods: periods.collect(),
            mean_absolute_error: test.mean_absolute_error,
        }
    }
}

fn note_report(note: Note) -> NoteReport {
    let severity = match note.severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    NoteReport {
        code: note.code.to_owned(),
        severity: severity.to_owned(),
        excludes: note.excludes,
        message: note.message,
        count: note.count,
        rows: note.rows,
        column: note.column,
    }
}
