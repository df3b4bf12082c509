//! How much of the revenue hangs on few customers, in exact sums.
//!
//! It keeps the ten largest amounts and no customer.

use super::exact::Exact;
use super::period_figures::{count, defined_or_why};
use crate::calendar::Day;
use crate::formula;
use crate::number::{Figure, FormulaId, Minor, to_major};

/// The numbers of top customers whose share is reported.
const TOPS: [usize; 3] = [1, 5, 10];
const N_KEPT: usize = 10;

/// How much of the revenue hangs on few customers.
#[derive(Clone, Debug, PartialEq)]
pub struct Concentration {
    /// The days behind this one count, where revenue is that of a stretch of days; none where it is
    /// revenue per month at a close.
    pub from: Option<Day>,
    /// The day at whose close it is counted; none where the data have no dates.
    pub to: Option<Day>,
    /// Customers with revenue above 0.
    pub n_customers: u64,
    /// Their revenue, in minor units.
    pub revenue_minor: Minor,
    /// The shares of the largest ones.
    pub top: Vec<TopShare>,
    /// The sum of the squares of all shares.
    pub index: Figure,
    /// How many customers of one size would be as concentrated.
    pub effective_number: Figure,
}

/// The share of the largest customers.
#[derive(Clone, Debug, PartialEq)]
pub struct TopShare {
    /// How many.
    pub n_customers: usize,
    /// Their share of the revenue.
    pub share: Figure,
}

/// Revenue of customers, while it is added up.
#[derive(Clone, Debug, Default)]
pub(super) struct ConcentrationSums {
    n_customers: u64,
    sum: Minor,
    /// None where no integer holds it.
    sum_of_squares: Option<u128>,
    is_too_large: bool,
    /// The largest amounts, the largest first.
    largest: [Minor; N_KEPT],
}

impl ConcentrationSums {
    /// Adds the revenue of one customer; what is not above 0 has no share of anything.
    #[inline]
    pub(super) fn add<T: Exact>(&mut self, revenue: T) {
        if T::default() < revenue {
            self.add_positive(revenue.into());
        }
    }

    fn add_positive(&mut self, revenue: Minor) {
        self.n_customers += 1;
        self.sum += revenue;
        let size = revenue.unsigned_abs();
        let square = u64::try_from(size).ok().map(|size| u128::from(size) * u128::from(size));
        let known = self.sum_of_squares.unwrap_or(0);
        match square.and_then(|square| known.checked_add(square)) {
            Some(sum) => self.sum_of_squares = Some(sum),
            None => self.is_too_large = true,
        }
        if self.largest[N_KEPT - 1] < revenue {
            let place = self.largest.partition_point(|known| revenue <= *known);
            self.largest[place..].rotate_right(1);
            self.largest[place] = revenue;
        }
    }

    /// The figures; none where nobody has revenue.
    #[inline(never)]
    pub(super) fn finish(
        self,
        from: Option<Day>,
        to: Option<Day>,
        decimals: u8,
    ) -> Option<Concentration> {
        if self.n_customers == 0 {
            return None;
        }
        let whole = to_major(self.sum, decimals);
        let top = TOPS.iter().map(|&n_customers| {
            let part: Minor = self.largest[..n_customers].iter().sum();
            let share = formula::share(to_major(part, decimals), whole);
            TopShare { n_customers, share: defined_or_why(FormulaId::Share, share) }
        });
        let id = FormulaId::HerfindahlHirschmanIndex;
        let index = match self.sum_of_squares {
            Some(squares) if !self.is_too_large => {
                let scale = to_major(1, decimals);
                let squares = squares_in_major(squares, scale);
                defined_or_why(id, formula::herfindahl_hirschman_index(squares, whole))
                    .counted_from(self.n_customers)
            }
            _ => Figure::undefined(id, "result-too-large", &[]),
        };
        let number = FormulaId::EffectiveNumber;
        let effective_number = match index.value {
            Some(index) => defined_or_why(number, formula::effective_number(index)),
            None => Figure::undefined(number, "result-too-large", &[]),
        };
        // One unit in the last place must not make more customers than there are.
        let effective_number = match effective_number.value {
            Some(value) if count(self.n_customers) < value => {
                Figure { value: Some(count(self.n_customers)), ..effective_number }
            }
            _ => effective_number,
        };
        Some(Concentration {
            from,
            to,
            n_customers: self.n_customers,
            revenue_minor: self.sum,
            top: top.collect(),
            index,
            effective_number,
        })
    }
}

/// Squares of minor units as those of major units.
#[expect(clippy::cast_precision_loss, reason = "a sum becomes a number here, exact to 53 bits")]
fn squares_in_major(squares: u128, major: f64) -> f64 {
    squares as f64 * major * major
}

#[cfg(test)]
mod tests {
    use super::ConcentrationSums;

    #[test]
    fn four_firms_of_30_30_20_and_20() {
        let mut sums = ConcentrationSums::default();
        for revenue in [2000_i64, 3000, 0, 2000, -500, 3000] {
            sums.add(revenue);
        }
        let found = sums.finish(None, None, 2).unwrap();
        assert_eq!((found.n_customers, found.revenue_minor), (4, 10_000));
        // U.S. Department of Justice: shares of 30, 30, 20 and 20 percent give 2,600.
        assert!((found.index.value.unwrap() - 0.26).abs() < 1e-12);
        assert!((found.effective_number.value.unwrap() - 1.0 / 0.26).abs() < 1e-12);
        let shares: Vec<f64> = found.top.iter().map(|top| top.share.value.unwrap()).collect();
        assert!((shares[0] - 0.3).abs() < 1e-12 && (shares[1] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_ten_largest_of_many_are_kept_in_any_order() {
        let (mut up, mut down) = (ConcentrationSums::default(), ConcentrationSums::default());
        for revenue in 1..=100_i64 {
            up.add(revenue);
            down.add(101 - revenue);
        }
        assert_eq!(up.largest, down.largest);
        assert_eq!(up.largest[0], 100);
        assert_eq!(up.largest[9], 91);
    }
}
