//! What comes out: plain, serialisable data with public fields.
//!
//! No behaviour, no markup and no formatted numbers: rates are fractions, money is in major units,
//! dates are `YYYY-MM-DD`. Names are those of the published interface.

/// Declares plain data that crosses the boundary of the core.
macro_rules! plain_data {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
        #[cfg_attr(feature = "wasm", tsify(missing_as_null, hashmap_as_object))]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($body)* }
    )*};
}

mod assemble;
mod bridge;
mod cohorts;
mod definitions;
mod files;
mod fit;
mod lifetimes;
mod reasons;
mod renewals;
mod segments;

pub use assemble::{assemble, note_report, period_report};
pub(crate) use assemble::{renew, take_parts};
pub use bridge::{BridgeStep, Contributor, RetentionBridge};
pub use cohorts::{CohortRow, Cohorts, Milestone};
pub use files::{
    AlikePair, AlikeReport, AttributeReport, ConflictReport, Contradiction, ContradictionCase,
    FileReport, FilesReport, IdRow, IdsReport, JoinReport, Stated,
};
pub use lifetimes::{LifetimesBySegment, LogRankReport, SegmentLifetime, compare_lifetimes};
pub use reasons::{LostCustomers, Reason, ReasonTotal};
pub use renewals::{
    Renewal, RenewalOutlook, RenewalRateReport, RenewalSum, RenewalTerm, RenewalWindow,
};
pub use segments::{
    ConcentrationReport, MixReport, RateChangeReport, Segment, SegmentCandidate,
    SegmentEffectReport, Segmentation, TopShareReport, check_segment_columns,
};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::number::Figure;

pub use definitions::{
    Alarm, Benchmark, Definition, DefinitionArithmetic, DefinitionInput, Stage, Trigger,
};

plain_data! {
    /// The whole report on one file.
    pub struct Report {
        /// What was read, how, and what was left out.
        pub input: Input,
        /// Oldest first; every period from the first to `as_of`, empty ones too.
        pub periods: Vec<PeriodReport>,
        /// The twelve months up to `as_of`, customer by customer.
        pub trailing_year: Option<PeriodReport>,
        /// The twelve months before those, of recurring revenue.
        pub year_before: Option<PeriodReport>,
        /// Customers by the period of their first day or purchase.
        pub cohorts: Option<Cohorts>,
        /// The latest period by segment.
        pub segments: Option<Vec<Segment>>,
        /// How customers were told apart, and what the mix of segments did to the whole; nothing where
        /// no column can be a segment.
        pub segmentation: Option<Segmentation>,
        /// How much of the revenue hangs on few customers; nothing without amounts or customers.
        pub concentration: Option<ConcentrationReport>,
        /// Why customers left, over the whole file.
        pub reasons: Option<Vec<Reason>>,
        /// Why customers left in the latest complete period, in the trailing year and over the whole
        /// file, as far as there are these.
        pub lost_by_reason: Option<Vec<LostCustomers>>,
        /// What is up for renewal in the next 90 days.
        pub renewals: Option<Vec<Renewal>>,
        /// What moved net revenue retention from the quarter before to the latest complete one.
        pub bridges: Vec<RetentionBridge>,
        /// What is up for renewal by window, and how many renewed of those who could.
        pub renewal_outlook: Option<RenewalOutlook>,
        /// How long customers stay.
        pub survival: Option<Survival>,
        /// Purchases, where the file has orders.
        pub purchases: Option<PurchasesReport>,
        /// Lifetime value and lifespan, one entry per named variant.
        pub value: Value,
        /// Vendors' definitions of one metric side by side.
        pub definitions: Option<Vec<Definition>>,
        /// Warnings by published thresholds, only those the data can answer.
        pub triggers: Vec<Trigger>,
        /// What several warnings at once mean.
        pub alarm: Alarm,
        /// Published ranges, each with its source.
        pub benchmarks: Vec<Benchmark>,
        /// Which metrics matter at which stage of a company, as published.
        pub stages: Vec<Stage>,
        /// How several files were joined; nothing where one was read.
        pub files: Option<FilesReport>,
    }

    /// What was read, how, and what was left out.
    pub struct Input {
        /// `subscriptions`, `mrr`, `transactions`, `periods` or `accounts`.
        pub shape: String,
        /// Why the file was taken for that shape, in words.
        pub shape_why: String,
        /// The date that everything is counted up to; empty where the file has no dates.
        pub as_of: String,
        /// The first date in the data, where there are dates.
        pub first_date: Option<String>,
        /// ISO 4217 code, where the file names one.
        pub currency: Option<String>,
        /// Distinct customers.
        pub customers: u64,
        /// Exact sum of the amount column over the rows used, in minor units as decimal text;
        /// nothing where there is no such column or where currencies are mixed.
        pub amount_total_minor: Option<String>,
        /// Decimal places of money.
        pub decimals: u8,
        /// How the text was read.
        pub dialect: DialectReport,
        /// The columns, in the order of the file.
        pub columns: Vec<ColumnReport>,
        /// Read = used + excluded.
        pub rows: RowCounts,
        /// What was found on the way.
        pub notes: Vec<NoteReport>,
        /// What only the reader of the report can decide.
        pub questions: Vec<Question>,
        /// The first rows as they were read, for the mapping table.
        pub preview: Vec<Vec<String>>,
        /// The health signals of accounts that the file has columns for, by the names of their roles.
        #[serde(default)]
        pub health_signals: Vec<String>,
    }

    /// How the text was read.
    pub struct DialectReport {
        /// `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`.
        pub encoding: String,
        /// `,` `;` `|`, a tab, or `whitespace`.
        pub delimiter: String,
        /// `.` or `,`
        pub decimal: String,
        /// `ymd`, `dmy` or `mdy`.
        pub date_order: String,
    }

    /// One column of the file.
    pub struct ColumnReport {
        /// Its name.
        pub name: String,
        /// Its place, from 0.
        pub index: u32,
        /// Its role, where it has one.
        pub role: Option<String>,
        /// Why it has that role, or none, in words.
        pub why: String,
        /// How many segments it can be split into (an empty value is one); nothing where it can't.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub segments: Option<u32>,
    }

    /// Read = used + excluded.
    pub struct RowCounts {
        /// Records below the header; blank lines are none.
        pub read: u64,
        /// Records the figures rest on.
        pub used: u64,
        /// Records left out, each for one reason in the notes.
        pub excluded: u64,
    }

    /// One kind of finding.
    pub struct NoteReport {
        /// The stable code.
        pub code: String,
        /// `info`, `warning` or `error`.
        pub severity: String,
        /// Whether each row counted was left out because of it.
        pub excludes: bool,
        /// What was found first, and what to do.
        pub message: String,
        /// How often.
        pub count: u64,
        /// The first 100 rows, as a spreadsheet numbers them.
        pub rows: Vec<u64>,
        /// The column.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub column: Option<String>,
    }

    /// What only the reader of the report can decide.
    pub struct Question {
        /// The stable code, such as `ambiguous-date`.
        pub code: String,
        /// The question, in words.
        pub message: String,
        /// The column it is about.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub column: Option<String>,
        /// The answers, as the option of the same meaning takes them.
        pub options: Vec<String>,
        /// For each answer, what the file's own first values become under it.
        pub readings: Vec<String>,
        /// The option of the analysis that the answer goes into, such as `dateOrder`.
        pub answer_to: String,
        /// What this report used meanwhile.
        pub assumed: Option<String>,
    }

    /// One period.
    pub struct PeriodReport {
        /// `2026-03`, `2026-Q1` or `2026`.
        pub period: String,
        /// The day whose close it starts from, the day before its first day.
        pub from: Option<String>,
        /// The day whose close it ends with.
        pub to: Option<String>,
        /// Whether it ends before its last day.
        pub partial: bool,
        /// Customers at the two closes and between them.
        pub customers: CustomerMovements,
        /// Monthly revenue at the two closes and between them.
        pub revenue: Option<RevenueMovements>,
        /// Share of the customers at the start who are there at the end.
        pub customer_retention_rate: Figure,
        /// Its complement.
        pub customer_churn_rate: Figure,
        /// Share of the revenue kept, expansion left aside, customer by customer.
        pub gross_revenue_retention: Figure,
        /// Revenue now over revenue then, of the customers at the start.
        pub net_revenue_retention: Figure,
        /// Share of the revenue lost to contraction and churn.
        pub revenue_churn_rate: Figure,
        /// Revenue gained over revenue lost.
        pub quick_ratio: Figure,
    }

    /// Customers at the two closes of a period and between them.
    ///
    /// `end = start - lost + new + reactivated`; a number that the file does not give is none.
    pub struct CustomerMovements {
        /// Active at the close before the period.
        pub start: Option<u64>,
        /// Active at the end, never before.
        pub new: Option<u64>,
        /// Active at the end, not at the start, but some time before.
        pub reactivated: Option<u64>,
        /// Active at the start, not at the end.
        pub lost: Option<u64>,
        /// Active at the close of the period.
        pub end: Option<u64>,
        /// Came and went inside the period: in none of the others.
        pub came_and_went: Option<u64>,
    }

    /// Revenue at the two closes of a period and between them.
    ///
    /// `end = start + new + reactivation + expansion - contraction - churned`, to the cent.
    pub struct RevenueMovements {
        /// At the close before the period.
        pub start: Option<f64>,
        /// Of new customers.
        pub new: Option<f64>,
        /// Of customers who came back.
        pub reactivation: Option<f64>,
        /// More from customers who stayed.
        pub expansion: Option<f64>,
        /// Less from customers who stayed.
        pub contraction: Option<f64>,
        /// Gone with customers who left.
        pub churned: Option<f64>,
        /// At the close of the period.
        pub end: Option<f64>,
    }

    /// The survival curve.
    pub struct Survival {
        /// The times at which the curve steps.
        pub timeline: Vec<f64>,
        /// `month`, `day` or `period`.
        pub unit: String,
        /// Customers at risk just before each time.
        pub at_risk: Vec<u64>,
        /// Customers lost at each time.
        pub events: Vec<u64>,
        /// Share still there after each time.
        pub survival: Vec<f64>,
        /// Lower end of the log-log interval.
        pub low: Vec<f64>,
        /// Upper end.
        pub high: Vec<f64>,
        /// The time at which half are gone.
        pub median: Figure,
        /// Mean time inside the observed horizon.
        pub rmst: Figure,
        /// Fitted lifespan models.
        pub models: Vec<Fit>,
    }

    /// A fitted model or curve.
    pub struct Fit {
        /// Its name.
        pub kind: String,
        /// Whether the fit can be used.
        pub converged: bool,
        /// Its parameters.
        #[cfg_attr(feature = "wasm", tsify(type = "Record<string, number>"))]
        pub parameters: BTreeMap<String, f64>,
        /// Their standard errors.
        #[cfg_attr(feature = "wasm", tsify(type = "Record<string, number> | null"))]
        pub standard_errors: Option<BTreeMap<String, f64>>,
        /// Their covariance, by name and name.
        #[cfg_attr(
            feature = "wasm",
            tsify(type = "Record<string, Record<string, number>> | null", optional)
        )]
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub covariance: Option<BTreeMap<String, BTreeMap<String, f64>>>,
        /// The logarithm of its likelihood.
        pub log_likelihood: Option<f64>,
        /// Observed or fitted survival.
        pub curve: Option<Vec<CurvePoint>>,
        /// The time at which half are gone.
        pub median: Option<Figure>,
        /// Mean time inside a horizon.
        pub rmst: Option<Figure>,
        /// Expected lifetimes by name.
        #[cfg_attr(feature = "wasm", tsify(type = "Record<string, Figure> | null"))]
        pub lifespan: Option<BTreeMap<String, Figure>>,
        /// The gain over the geometric model.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub likelihood_ratio: Option<LikelihoodRatioReport>,
        /// Whether it describes what it was fitted to.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub goodness_of_fit: Option<GoodnessOfFitReport>,
        /// How far off the projection was in the periods held out.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub back_test: Option<BackTestReport>,
        /// Purchases to come, under a model of purchases.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub purchases: Option<PurchaseOutlook>,
        /// Amounts to come, under a model of amounts.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub spend: Option<SpendOutlook>,
        /// What there is to say about it.
        pub notes: Vec<NoteReport>,
    }

    /// The gain of a model over the geometric one.
    pub struct LikelihoodRatioReport {
        /// Twice the difference of the log-likelihoods.
        pub statistic: f64,
        /// How likely such a gain is where customers do not differ, a share.
        pub p_value: f64,
    }

    /// How far the observed losses are from those that a model expects.
    pub struct GoodnessOfFitReport {
        /// Pearson's chi-square.
        pub statistic: f64,
        /// Its degrees of freedom.
        pub degrees_of_freedom: u32,
        /// How likely such a distance is where the model holds, a share.
        pub p_value: f64,
    }

    /// Purchases to come: of each customer, in the order asked, and of all.
    pub struct PurchaseOutlook {
        /// How far ahead.
        pub horizon: f64,
        /// The probability of each customer to be one still, a share.
        pub alive: Vec<f64>,
        /// The expected purchases of each customer within the horizon.
        pub purchases: Vec<f64>,
        /// The expected number of customers who are one still.
        pub total_alive: f64,
        /// The expected purchases of all of them.
        pub total_purchases: f64,
        /// The expected purchases of a new customer, after its first one.
        pub of_new_customer: f64,
    }

    /// Amounts to come.
    pub struct SpendOutlook {
        /// The expected amount per purchase of each customer, in the order asked.
        pub expected_value: Vec<Option<f64>>,
        /// The mean amount per purchase over all customers.
        pub mean_value: Option<f64>,
        /// The correlation of frequency and average amount, which the model takes to be 0.
        pub correlation: Option<f64>,
    }

    /// How far off a projection was in the periods held out.
    pub struct BackTestReport {
        /// How far the data go that it was fitted to.
        pub fitted_to: f64,
        /// The curve of that fit, from the start to the end of what was held out.
        pub curve: Vec<CurvePoint>,
        /// The periods held out.
        pub periods: Vec<BackTestPeriod>,
        /// The mean of the sizes of the errors, a share.
        pub mean_absolute_error: Option<f64>,
    }

    /// One period held out.
    pub struct BackTestPeriod {
        /// The period.
        pub period: f64,
        /// The share still there, observed.
        pub observed: f64,
        /// The share still there, projected.
        pub projected: f64,
        /// Projected over observed, less 1.
        pub error: Option<f64>,
    }

    /// One point of a curve.
    pub struct CurvePoint {
        /// The time.
        pub t: f64,
        /// The share still there.
        pub survival: f64,
        /// Lower end of its interval.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub low: Option<f64>,
        /// Upper end of its interval.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub high: Option<f64>,
    }

    /// Purchases in all.
    pub struct PurchasesReport {
        /// Distinct customers.
        pub customers: u64,
        /// Purchases.
        pub purchases: u64,
        /// Revenue, refunds subtracted, in major units.
        pub revenue: f64,
        /// Share of customers with two purchases or more.
        pub repeat_customer_rate: Figure,
        /// Purchases per customer.
        pub purchase_frequency: Figure,
        /// Revenue per purchase.
        pub average_purchase_value: Figure,
    }

    /// Lifetime value and lifespan.
    pub struct Value {
        /// Lifetime value by the name of its variant.
        #[cfg_attr(feature = "wasm", tsify(type = "Record<string, Figure>"))]
        pub clv: BTreeMap<String, Figure>,
        /// Lifespan by the name of its variant.
        #[cfg_attr(feature = "wasm", tsify(type = "Record<string, Figure>"))]
        pub lifespan: BTreeMap<String, Figure>,
    }
}
