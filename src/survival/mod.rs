//! How long customers stay: estimators and lifespan models.
//!
//! It knows durations and counts only: no file, no date, no money.

pub mod back_test;
pub mod beta_discrete_weibull;
pub mod bg_nbd;
pub mod discounted_lifetime;
pub mod fit;
pub mod gamma_gamma;
pub mod geometric;
pub mod goodness_of_fit;
mod grouped_risk;
pub mod kaplan_meier;
pub mod lifespan_model;
pub mod likelihood_ratio;
pub mod log_rank;
mod maximum_likelihood;
pub mod mbg_nbd;
pub mod mean_lifetime;
pub mod median_lifetime;
pub mod nelson_aalen;
pub mod pareto_nbd;
pub mod proportional_hazards;
pub mod purchase_histories;
pub mod purchase_model;
mod quadrature;
pub mod renewal_table;
pub mod restricted_mean_lifetime;
pub mod risk_table;
pub mod shifted_beta_geometric;
pub mod zero_churn_bound;

pub use back_test::{BackTest, BackTestRow, back_test};
pub use beta_discrete_weibull::beta_discrete_weibull;
pub use bg_nbd::bg_nbd;
pub use discounted_lifetime::{discounted_lifetime, discounted_residual_lifetime};
pub use fit::{
    ContractualRequest, CurvePoint, Fit, FitRequest, PurchasesRequest, SpendOutlook, fit,
    lifespan_models,
};
pub use gamma_gamma::{FittedSpend, gamma_gamma};
pub use geometric::geometric;
pub use goodness_of_fit::{GoodnessOfFit, goodness_of_fit};
pub use kaplan_meier::{KaplanMeier, kaplan_meier, kaplan_meier_of_counts};
pub use lifespan_model::{FittedLifespan, LifespanModel};
pub use likelihood_ratio::{LikelihoodRatio, likelihood_ratio};
pub use log_rank::{LogRank, LogRankTest, log_rank};
pub use mbg_nbd::mbg_nbd;
pub use mean_lifetime::{lifetime_within, mean_lifetime};
pub use median_lifetime::{median_lifetime, median_of_model};
pub use nelson_aalen::{NelsonAalen, nelson_aalen};
pub use pareto_nbd::pareto_nbd;
pub use proportional_hazards::proportional_hazards;
pub use purchase_histories::{PurchaseHistories, PurchaseHistory};
pub use purchase_model::{FittedPurchases, PurchaseModel, PurchaseOutlook, purchase_outlook};
pub use renewal_table::{MONTHS_WOBBLE_DAYS, RenewalRow, RenewalTable};
pub use restricted_mean_lifetime::restricted_mean_lifetime;
pub use risk_table::{DurationCount, EntryCount, RiskTable};
pub use shifted_beta_geometric::shifted_beta_geometric;
pub use zero_churn_bound::zero_churn_bound;
