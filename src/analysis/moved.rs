//! Customers and revenue that moved between two closes, added up by how they moved.
//!
//! It knows no close and no period, and forms no total over the kinds of movement but the published
//! ones.

use super::exact::{Exact, N_SMALL};
use super::movements::{CustomerCounts, Movements, RevenueSums};
use super::period_figures::RevenueBase;
use crate::number::Minor;
use crate::number::bootstrap::Ratios;
use crate::number::interval::PairSums;
use crate::number::linearized::product;

/// One customer at one close.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing<T> {
    pub(super) is_active: bool,
    pub(super) revenue_minor: T,
}

impl<T: Exact> Standing<T> {
    /// Active where there is revenue.
    pub(super) fn at_level(level_minor: T) -> Self {
        Self { is_active: T::default() < level_minor, revenue_minor: level_minor }
    }
}

/// One customer at two closes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Movement<T> {
    pub(super) then: Standing<T>,
    pub(super) now: Standing<T>,
    /// On some day up to the first close.
    pub(super) was_active_before: bool,
    /// On some day after the first close.
    pub(super) was_active_between: bool,
}

/// The ways in which a customer moves between two closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Stayed,
    Lost,
    New,
    Reactivated,
    CameAndWent,
    /// Active at no time: refunds alone move its revenue.
    Absent,
}

impl Kind {
    /// In the order in which they are declared.
    const ALL: [Self; 6] =
        [Self::Stayed, Self::Lost, Self::New, Self::Reactivated, Self::CameAndWent, Self::Absent];

    /// Whether a customer who moves so is active at the first close.
    fn was_active(self) -> bool {
        matches!(self, Self::Stayed | Self::Lost)
    }

    /// The same at the second.
    fn is_active(self) -> bool {
        matches!(self, Self::Stayed | Self::New | Self::Reactivated)
    }

    /// By whether a customer is active then, now, before and between, as bits. A table, since which
    /// way the next customer moves is what no processor can guess.
    const OF: [Self; 16] = {
        let (absent, between) = (Self::Absent, Self::CameAndWent);
        let (new, again) = (Self::New, Self::Reactivated);
        let (lost, stayed) = (Self::Lost, Self::Stayed);
        [
            absent, lost, new, stayed, absent, lost, again, stayed, // not between
            between, lost, new, stayed, between, lost, again, stayed,
        ]
    };

    pub(super) fn of<T>(movement: &Movement<T>) -> Self {
        let bits = [
            movement.then.is_active,
            movement.now.is_active,
            movement.was_active_before,
            movement.was_active_between,
        ];
        let index = bits.iter().rev().fold(0, |index, &bit| 2 * index + usize::from(bit));
        Self::OF[index & 15]
    }
}

/// The movements of one kind. Neither sum is below 0: what refunds turn around is the other one.
#[derive(Clone, Copy, Debug, Default)]
struct KindSums {
    n_customers: u64,
    gained_minor: Minor,
    lost_minor: Minor,
}

/// All movements between two closes, by their kind.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moved {
    by_kind: [KindSums; 6],
    /// The revenue of those active at the second close.
    active_minor: Minor,
}

impl Moved {
    #[inline]
    pub(super) fn add<T: Exact>(&mut self, movement: Movement<T>) {
        let kind = &mut self.by_kind[Kind::of(&movement) as usize];
        let (then, now) = (movement.then.revenue_minor, movement.now.revenue_minor);
        kind.n_customers += 1;
        // One of the two is 0: which of them is no surprise within a kind.
        if then < now {
            kind.gained_minor += (now - then).into();
        } else {
            kind.lost_minor += (then - now).into();
        }
        if movement.now.is_active {
            self.active_minor += now.into();
        }
    }

    /// Adds customers who moved in the same way, all of them to less or none.
    fn add_small(&mut self, kind: Kind, sums: &SmallSums) {
        let of_kind = &mut self.by_kind[kind as usize];
        of_kind.n_customers += sums.n_customers;
        of_kind.gained_minor += Minor::from((sums.now - sums.then).max(0));
        of_kind.lost_minor += Minor::from((sums.then - sums.now).max(0));
        if kind.is_active() {
            self.active_minor += Minor::from(sums.now);
        }
    }

    /// The revenue of those active at the second close.
    pub(super) fn active_minor(&self) -> Minor {
        self.active_minor
    }

    /// How many are active at the second close.
    pub(super) fn n_now(&self) -> u64 {
        let kinds = Kind::ALL.into_iter().filter(|kind| kind.is_active());
        kinds.map(|kind| self.by_kind[kind as usize].n_customers).sum()
    }

    /// Whether nobody was there and no money moved.
    pub(super) fn is_empty(&self) -> bool {
        self.by_kind.iter().enumerate().all(|(place, kind)| {
            let is_nobody = kind.n_customers == 0 || place == Kind::Absent as usize;
            is_nobody && kind.gained_minor == 0 && kind.lost_minor == 0
        })
    }

    /// Adds the movements of others.
    pub(super) fn add_all(&mut self, others: &Self) {
        for (kind, other) in self.by_kind.iter_mut().zip(&others.by_kind) {
            kind.n_customers += other.n_customers;
            kind.gained_minor += other.gained_minor;
            kind.lost_minor += other.lost_minor;
        }
        self.active_minor += others.active_minor;
    }

    /// The published counts and sums, without what was there at the closes. Where refunds turn a loss
    /// into a gain, it is expansion, and where they turn a gain into a loss, it is contraction.
    pub(super) fn movements(&self) -> Movements {
        let of = |kind: Kind| self.by_kind[kind as usize];
        let (stayed, lost, new) = (of(Kind::Stayed), of(Kind::Lost), of(Kind::New));
        let (reactivated, between) = (of(Kind::Reactivated), of(Kind::CameAndWent));
        let absent = of(Kind::Absent);
        let gained_without_coming = [stayed, lost, between, absent];
        let lost_without_leaving = [stayed, new, reactivated, between, absent];
        Movements {
            customers: CustomerCounts {
                new: new.n_customers,
                reactivated: reactivated.n_customers,
                lost: lost.n_customers,
                came_and_went: between.n_customers,
                ..CustomerCounts::default()
            },
            revenue: RevenueSums {
                new: new.gained_minor,
                reactivation: reactivated.gained_minor,
                expansion: gained_without_coming.iter().map(|kind| kind.gained_minor).sum(),
                contraction: lost_without_leaving.iter().map(|kind| kind.lost_minor).sum(),
                churned: lost.lost_minor,
                ..RevenueSums::default()
            },
        }
    }

    /// What became of the revenue of those active at the first close, which was `start`.
    pub(super) fn base(&self, start: Minor) -> RevenueBase {
        let (stayed, lost) =
            (self.by_kind[Kind::Stayed as usize], self.by_kind[Kind::Lost as usize]);
        RevenueBase {
            start,
            expansion: stayed.gained_minor + lost.gained_minor,
            contraction: stayed.lost_minor,
            churned: lost.lost_minor,
        }
    }
}

/// The squares of what the customers who moved in a period paid and pay: what the intervals of its
/// ratios are made of beside the sums.
#[derive(Clone, Copy, Debug, Default)]
struct Squares {
    /// Σ then² of those active then.
    then: Minor,
    /// Σ (now² − then²) and Σ (now·then − then²) of those of them who pay less now.
    less: (Minor, Minor),
    /// The same of those who pay more.
    more: (Minor, Minor),
    /// Σ now² of those who were not active then.
    come: Minor,
    /// Whether somebody paid nothing, less than nothing, or too much for a square.
    is_outside: bool,
}

impl Squares {
    fn add<T: Exact>(&mut self, movement: &Movement<T>) {
        let (then, now) = (movement.then.revenue_minor, movement.now.revenue_minor);
        let Some((then, now)) = then.squarable().zip(now.squarable()) else {
            self.is_outside = true;
            return;
        };
        let products = Products {
            then: product(then, then),
            now: product(now, now),
            both: product(now, then),
        };
        self.is_outside |= movement.then.is_active && then <= 0;
        self.add_products(movement.then.is_active, now < then, products);
    }

    /// Adds the products of customers all of whom were active then or none, and pay less now or none.
    fn add_products(&mut self, were_active: bool, pay_less: bool, products: Products<Minor>) {
        let Products { then, now, both } = products;
        if were_active {
            self.then += then;
            let sums = if pay_less { &mut self.less } else { &mut self.more };
            sums.0 += now - then;
            sums.1 += both - then;
        } else {
            self.come += now;
        }
    }

    /// What the ratios of a period are made of, where those who did not move paid `others` squared.
    fn pairs(&self, others: Minor, n_customers: u64, base: &RevenueBase) -> Ratios<PairSums> {
        let bb = others + self.then;
        let gross = PairSums {
            n: n_customers,
            a: base.start - base.contraction - base.churned,
            b: base.start,
            aa: bb + self.less.0,
            ab: bb + self.less.1,
            bb,
            is_too_large: self.is_outside,
        };
        let net = PairSums {
            a: gross.a + base.expansion,
            aa: gross.aa + self.more.0,
            ab: gross.ab + self.more.1,
            ..gross
        };
        Ratios { net, gross }
    }
}

/// Σ then², Σ now² and Σ now·then.
#[derive(Clone, Copy, Debug, Default)]
struct Products<S> {
    then: S,
    now: S,
    both: S,
}

/// Sums over a few customers of one kind, all of whom pay less now or none, each of them so small that
/// an `i64` holds it.
#[derive(Clone, Copy, Debug, Default)]
struct SmallSums {
    n_customers: u64,
    then: i64,
    now: i64,
    products: Products<i64>,
}

/// What moved in one period.
#[derive(Clone, Debug, Default)]
struct PeriodSums {
    moved: Moved,
    squares: Squares,
    /// The latest few movements, which are in neither of these yet: by kind, those who pay more or as
    /// much before those who pay less.
    latest: [[SmallSums; 2]; 6],
    n_latest: u32,
}

impl PeriodSums {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is in the loop over all movements")]
    fn add<T: Exact>(&mut self, movement: Movement<T>) {
        let (then, now) = (movement.then.revenue_minor, movement.now.revenue_minor);
        let is_active = movement.then.is_active;
        match then.small().zip(now.small()) {
            Some((then, now)) if !is_active || 0 < then => {
                // Which way the next customer moves is what no processor can guess: no branch asks.
                let sums = &mut self.latest[Kind::of(&movement) as usize][usize::from(now < then)];
                sums.n_customers += 1;
                sums.then += then;
                sums.now += now;
                sums.products.then += then * then;
                sums.products.now += now * now;
                sums.products.both += now * then;
                self.n_latest += 1;
                if self.n_latest == N_SMALL {
                    self.settle();
                }
            }
            _ => self.add_large(movement),
        }
    }

    /// A function of its own: what hardly anybody needs would be in the way of all others.
    #[cold]
    #[inline(never)]
    fn add_large<T: Exact>(&mut self, movement: Movement<T>) {
        self.squares.add(&movement);
        self.moved.add(movement);
    }

    /// Adds the latest few to the others.
    #[inline(never)]
    fn settle(&mut self) {
        self.n_latest = 0;
        for (kind, sums) in Kind::ALL.into_iter().zip(std::mem::take(&mut self.latest)) {
            for (pay_less, sums) in [false, true].into_iter().zip(sums) {
                self.moved.add_small(kind, &sums);
                let Products { then, now, both } = sums.products;
                let products = Products { then: then.into(), now: now.into(), both: both.into() };
                self.squares.add_products(kind.was_active(), pay_less, products);
            }
        }
    }
}

/// What moved in each period, made from the last one backwards as far as they are needed.
#[derive(Debug)]
pub(super) struct MovedByPeriod {
    n_periods: usize,
    backwards: Vec<PeriodSums>,
}

impl MovedByPeriod {
    pub(super) fn new(n_periods: usize) -> Self {
        Self { n_periods, backwards: Vec::new() }
    }

    /// Adds what a customer did in the period at a place.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is in the loop over all movements")]
    pub(super) fn add<T: Exact>(&mut self, index: usize, movement: Movement<T>) {
        let place = self.n_periods - 1 - index;
        if self.backwards.len() <= place {
            self.grow(place + 1);
        }
        self.backwards[place].add(movement);
    }

    #[cold]
    fn grow(&mut self, n_periods: usize) {
        self.backwards.resize(n_periods, PeriodSums::default());
    }

    /// Those of the last `n_periods` periods, oldest first.
    pub(super) fn latest(mut self, n_periods: usize) -> LatestMoved {
        self.backwards.resize(n_periods, PeriodSums::default());
        self.backwards.reverse();
        let settled = self.backwards.into_iter().map(|mut sums| {
            sums.settle();
            (sums.moved, sums.squares)
        });
        let (moved, squares) = settled.unzip();
        LatestMoved { moved, squares }
    }
}

/// What moved in the latest periods, oldest first.
pub(super) struct LatestMoved {
    pub(super) moved: Vec<Moved>,
    squares: Vec<Squares>,
}

impl LatestMoved {
    /// What the ratios of the periods are made of, where everybody active at the start of one is among
    /// those who moved in it.
    pub(super) fn pairs<'a>(
        &'a self,
        bases: impl Iterator<Item = (u64, RevenueBase)> + 'a,
    ) -> impl Iterator<Item = Ratios<PairSums>> + 'a {
        let all = self.squares.iter().zip(bases);
        all.map(|(squares, (n_customers, base))| squares.pairs(0, n_customers, &base))
    }

    /// The same where only those moved whose revenue changed, and nobody was there before.
    pub(super) fn pairs_of_changes<'a>(
        &'a self,
        bases: impl Iterator<Item = (u64, RevenueBase)> + 'a,
    ) -> impl Iterator<Item = Ratios<PairSums>> + 'a {
        let (mut there, mut is_outside) = (0, false);
        let all = self.squares.iter().zip(bases);
        all.map(move |(squares, (n_customers, base))| {
            is_outside |= squares.is_outside;
            let others = there - squares.then;
            there += squares.less.0 + squares.more.0 + squares.come;
            let known = Squares { is_outside, ..*squares };
            known.pairs(others, n_customers, &base)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Moved, MovedByPeriod, Movement, Squares, Standing};
    use crate::analysis::exact::N_SMALL;

    /// On both sides of where amounts cease to be small, and to have a square.
    const AMOUNTS: [i64; 12] = [
        -(1 << 50),
        -(1 << 26),
        1 - (1 << 26),
        -1,
        0,
        1,
        7099,
        (1 << 26) - 1,
        1 << 26,
        1 << 40,
        1 << 48,
        i64::MAX >> 2,
    ];

    fn movement(then: i64, now: i64, flags: u32) -> Movement<i64> {
        let standing =
            |flag: u32, revenue_minor| Standing { is_active: flags & flag != 0, revenue_minor };
        Movement {
            then: standing(1, then),
            now: standing(2, now),
            was_active_before: flags & 4 != 0,
            was_active_between: flags & 8 != 0,
        }
    }

    /// What becomes of movements through [`MovedByPeriod`], and one by one.
    fn both_ways(movements: impl Iterator<Item = Movement<i64>>) -> [String; 2] {
        let mut by_period = MovedByPeriod::new(1);
        let (mut moved, mut squares) = (Moved::default(), Squares::default());
        for movement in movements {
            by_period.add(0, movement);
            squares.add(&movement);
            moved.add(movement);
        }
        let latest = by_period.latest(1);
        [format!("{:?}", (latest.moved[0], latest.squares[0])), format!("{:?}", (moved, squares))]
    }

    #[test]
    fn small_amounts_add_up_like_all_others() {
        for flags in 0..16 {
            for then in AMOUNTS {
                let [sums, one_by_one] =
                    both_ways(AMOUNTS.into_iter().map(|now| movement(then, now, flags)));
                assert_eq!(sums, one_by_one, "from {then}, {flags:04b}");
            }
        }
    }

    #[test]
    fn no_number_of_small_amounts_is_too_many() {
        let largest = (1 << 26) - 1;
        for (then, now) in [(largest, largest), (largest, -largest), (largest, 0), (0, largest)] {
            for n in [N_SMALL - 1, N_SMALL, 5 * N_SMALL + 3] {
                let [sums, one_by_one] = both_ways((0..n).map(|_| movement(then, now, 3)));
                assert_eq!(sums, one_by_one, "{n} from {then} to {now}");
            }
        }
    }

    #[test]
    fn kinds_are_in_their_order() {
        for (place, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place);
        }
        for flags in 0..16 {
            let movement = movement(1, 1, flags);
            let kind = Kind::of(&movement);
            assert_eq!(kind.was_active(), movement.then.is_active);
            assert_eq!(kind.is_active(), movement.now.is_active);
        }
    }
}
