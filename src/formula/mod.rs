//! The published formulas on plain numbers, one file per term.
//!
//! They know no file and no customer; what is counted, and from whom, is the business of `analysis`.
//!
//! Every formula is a pure function to a [`Figure`](crate::number::Figure). Shares are fractions
//! (0.92 is 92 %), money is in major units, and a "period" is whatever length the inputs have, the
//! same for all of them. What can't be is an [`Error`](crate::Error) that names the input; what has
//! no answer is a figure without a value that says why by a code, never NaN and never 0. Where a
//! result is beyond all numbers, that code is `result-too-large`.
//!
//! Shares of customers carry Wilson's interval at 95 % and what they were counted from, where the
//! inputs are whole numbers; for another confidence see [`wilson`](crate::number::interval::wilson).

mod average_lifespan;
mod average_purchase_value;
mod average_revenue_per_customer;
mod cac_payback;
mod calculate;
mod catalogue;
mod clv;
mod clv_discounted;
mod clv_from_churn;
mod clv_margin;
mod clv_to_cac;
mod clv_transactional;
mod clv_uplift;
mod convert_retention;
mod customer_churn_rate;
mod customer_retention_rate;
mod effective_number;
mod gross_revenue_retention;
mod herfindahl_hirschman_index;
pub(crate) mod input;
mod net_revenue_retention;
mod new_customers_for_growth;
mod outcome;
mod program_net_return;
mod program_return;
mod purchase_frequency;
mod quick_ratio;
mod repeat_customer_rate;
mod revenue_churn_rate;
mod share;

pub use average_lifespan::{average_lifespan, lifespan_lower_bound};
pub use average_purchase_value::average_purchase_value;
pub use average_revenue_per_customer::average_revenue_per_customer;
pub use cac_payback::cac_payback;
pub use calculate::calculate;
pub use catalogue::{FormulaInfo, InputInfo, Unit, catalogue};
pub use clv::clv;
pub use clv_discounted::clv_discounted;
pub use clv_from_churn::clv_from_churn;
pub use clv_margin::clv_margin;
pub use clv_to_cac::clv_to_cac;
pub use clv_transactional::clv_transactional;
pub use clv_uplift::clv_uplift;
pub use convert_retention::convert_retention;
pub use customer_churn_rate::customer_churn_rate;
pub use customer_retention_rate::customer_retention_rate;
pub use effective_number::effective_number;
pub use gross_revenue_retention::gross_revenue_retention;
pub use herfindahl_hirschman_index::herfindahl_hirschman_index;
pub use net_revenue_retention::net_revenue_retention;
pub use new_customers_for_growth::new_customers_for_growth;
pub use program_net_return::program_net_return;
pub use program_return::program_return;
pub use purchase_frequency::purchase_frequency;
pub use quick_ratio::quick_ratio;
pub use repeat_customer_rate::repeat_customer_rate;
pub use revenue_churn_rate::revenue_churn_rate;
pub use share::share;
