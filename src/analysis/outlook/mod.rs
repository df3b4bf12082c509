//! Purchases to come: who of a shop's customers is one still, and what they are expected to buy.
//!
//! In a shop nobody cancels, so nobody is counted as lost here; a model says how likely each one is to
//! buy again. It sees days and amounts only, fits by [`crate::survival`], and draws no conclusion where
//! a fit has none.
//!
//! # Assumptions
//!
//! Those of the model ([`bg_nbd`](fn@crate::survival::bg_nbd), [`mbg_nbd`](fn@crate::survival::mbg_nbd),
//! [`pareto_nbd`](fn@crate::survival::pareto_nbd), [`gamma_gamma`](fn@crate::survival::gamma_gamma)), and
//! that the file has all orders of each customer from its first one on.
//!
//! # When not to use it
//!
//! Where a contract says who is a customer; where a season or a rhythm drives purchases; where the file
//! begins later than the shop, so that old customers look like new ones.
//!
//! # References
//!
//! - Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). RFM and CLV: using iso-value curves for
//!   customer base analysis. Journal of Marketing Research 42, 415–430.

mod answer;
mod fitted;
mod histories;
mod query;

pub use answer::{Outlook, OutlookCheck, OutlookCustomer, OutlookFit};
pub use query::{OutlookModel, OutlookQuery, OutlookSort};

use super::options::AnalysisOptions;
use crate::Error;
use crate::calendar::Day;
use crate::ledger::{Histories, Ledger, Purchases};
use fitted::{Checked, Fitted};

/// The models fitted last, so that a change of page, order or horizon fits nothing again.
#[derive(Clone, Debug, Default)]
pub struct Outlooks {
    last: Option<Last>,
}

#[derive(Clone, Debug)]
struct Last {
    as_of: Day,
    model: OutlookModel,
    fitted: Fitted,
    /// By the horizon that it was made for.
    checked: Option<(f64, Option<Checked>)>,
}

impl Outlooks {
    /// Purchases to come of all customers of a file of orders, and one page of the customers.
    ///
    /// # Formula
    ///
    /// ```text
    /// expected value of a customer = expected purchases × expected amount per purchase
    /// ```
    ///
    /// where the expected purchases and the probability to be a customer still are those of
    /// [`crate::survival::purchase_outlook`] and the expected amount is that of
    /// [`gamma_gamma`](fn@crate::survival::gamma_gamma).
    ///
    /// Purchases of one day are one. Only amounts above 0 count; what was given back is not taken off.
    /// Beyond 40,000 customers (5,000 for the Pareto/NBD model) the parameters are found from so many
    /// of them at most, every so-manieth in the order of their ids; expectations are those of all.
    ///
    /// `check` fits the model again to the days up to a third before the end (at most the horizon
    /// before it), and holds what it expects of those customers against what they bought after.
    ///
    /// # Domain
    ///
    /// A file of orders; `0 < horizon_days`, up to ten years.
    ///
    /// # Undefined
    ///
    /// The value is none with `value-depends-on-frequency` where amount and frequency go together, and
    /// with `too-few-customers` or `mean-infinite` where the amounts do not say. `check` is none where
    /// either part of the days has no purchases to speak of. Where a fit has not converged, some
    /// parameters do not matter to what was bought; expectations are those of the highest likelihood all
    /// the same.
    ///
    /// # Errors
    ///
    /// `no-orders` for other files, `no-repeat-purchases`, `horizon-out-of-range`.
    ///
    /// # Assumptions
    ///
    /// Those of the models, and that the file has all orders from each customer's first one on.
    ///
    /// # Examples
    ///
    /// ```
    /// use retention_calculator::session::{AnalyzeOptions, Session};
    ///
    /// let csv = "order,customer,date,amount\n\
    ///     1,A,2024-01-05,10.00\n2,A,2024-02-03,12.00\n3,A,2024-05-20,9.00\n\
    ///     4,B,2024-01-09,30.00\n5,B,2024-01-30,25.00\n6,C,2024-02-14,8.00\n\
    ///     7,D,2024-03-01,20.00\n8,D,2024-05-28,22.00\n9,E,2024-04-02,15.00\n";
    /// let mut session = Session::new(&AnalyzeOptions::default())?;
    /// session.push(csv.as_bytes())?;
    /// session.finish()?;
    /// let query = serde_json::from_str(r#"{ "horizonDays": 91, "limit": 5 }"#).unwrap();
    /// let outlook = session.outlook(&query)?;
    /// assert_eq!((outlook.customers, outlook.repeat_customers), (5, 3));
    /// assert!(0.0 < outlook.alive && outlook.alive <= 5.0);
    /// # Ok::<(), retention_calculator::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// P. S. Fader, B. G. S. Hardie, K. L. Lee (2005): RFM and CLV: using iso-value curves for customer
    /// base analysis. Journal of Marketing Research 42, 415–430.
    pub fn answer(
        &mut self,
        ledger: &Ledger,
        options: &AnalysisOptions,
        query: &OutlookQuery,
    ) -> Result<Outlook, Error> {
        query.check()?;
        let (Some(purchases), Some(as_of)) = (orders_of(ledger), super::as_of(ledger, options))
        else {
            let message = "Only a file of orders says when customers bought. For subscriptions see \
                           how long customers stay.";
            return Err(Error::new("no-orders", message));
        };
        let known = self.last.take();
        let known = known.filter(|last| (last.as_of, last.model) == (as_of, query.model));
        let mut last = match known {
            Some(last) => last,
            None => Last {
                as_of,
                model: query.model,
                fitted: Fitted::to(purchases, ledger.decimals, as_of, query.model)?,
                checked: None,
            },
        };
        let days = query.horizon_days;
        let checked = match last.checked {
            Some((of, checked)) if (of - days).abs() <= 0.0 => checked,
            _ => {
                let spans = (last.fitted.longest_days, days);
                fitted::check(purchases, ledger.decimals, as_of, query.model, spans)
            }
        };
        last.checked = Some((days, checked));
        let found = answer::answer(ledger, purchases, &last.fitted, checked, query, as_of);
        self.last = Some(last);
        Ok(found)
    }
}

fn orders_of(ledger: &Ledger) -> Option<&Purchases> {
    match &ledger.histories {
        Histories::Purchases(purchases) => Some(purchases),
        _ => None,
    }
}
