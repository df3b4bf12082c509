//! The intervals of what segments pay: drawn anew for the largest, linearized for the others.
//!
//! It is a second pass over the customers, since whom to draw with is known only when the ratios are.

use super::figures;
use super::pass::{LATEST, Life, Visit, YEAR};
use super::{Counting, Segmentation, SpansOfLedger, visit};
use crate::analysis::exact::Exact;
use crate::analysis::latest::SEED;
use crate::analysis::moved::Movement;
use crate::analysis::period_figures::{RevenueIntervals, Scale};
use crate::arrange;
use crate::ledger::{Histories, Ledger};
use crate::number::bootstrap::{Draws, Ratios, ResampledBase};
use crate::number::interval::{PairSums, ratio_of_sums, share_of_sum};
use crate::number::linearized::RatioIntervals;

/// The intervals of revenue, each in minor units or as a fraction.
pub(super) struct Resampled {
    /// Of how many segments they are drawn, in the order of their size.
    pub(super) n_drawn: usize,
    /// By span (the latest period, the trailing year), then segment.
    pub(super) retention: [Vec<RevenueIntervals>; 2],
    /// The mean of what customers pay at the end of the latest period, in minor units.
    pub(super) mean: Vec<Option<(f64, f64)>>,
    /// What the customers of each segment pay at the end of the latest period, and how many of them
    /// are active then. Of purchases, refunds to those who bought nothing are in it.
    paid: Vec<PairSums>,
    /// The same of all of them.
    whole: PairSums,
}

/// The intervals of so many of the largest segments are drawn, whatever that takes.
const N_DRAWN: usize = 20;
/// Beyond them, how many customers may be drawn in all, so that 400 segments stay quick.
const MOST_DRAWN: u64 = 3_000;

/// What is known of a segment in a span to form the intervals of its ratios.
#[derive(Clone)]
enum Base {
    Drawn(Box<ResampledBase>),
    Summed(Ratios<PairSums>),
}

impl Base {
    fn add(&mut self, now: i64, then: i64) {
        match self {
            Self::Drawn(base) => base.add(now, then),
            Self::Summed(sums) => {
                sums.net.add(now, then);
                sums.gross.add(now.min(then), then);
            }
        }
    }

    /// Says that there is a customer of whom no `i64` holds what it pays.
    fn add_outside(&mut self) {
        match self {
            Self::Drawn(base) => base.add_outside(),
            Self::Summed(sums) => {
                sums.net.is_too_large = true;
                sums.gross.is_too_large = true;
            }
        }
    }

    fn intervals(
        self,
        confidence: f64,
        draws: &mut Draws,
        linearized: &mut RatioIntervals,
    ) -> RevenueIntervals {
        match self {
            Self::Drawn(base) => base.intervals(confidence, draws),
            Self::Summed(sums) => linearized.of_retention(&sums),
        }
    }
}

/// What is gathered of each segment, by span; the last one is the mean.
struct Gathering {
    bases: [Vec<Option<Base>>; 3],
    paid: Vec<PairSums>,
    /// Whether who paid nothing is left aside: an account without an amount.
    skips_nothing: bool,
}

impl Resampled {
    pub(super) fn of(
        ledger: &Ledger,
        segmentation: &Segmentation,
        spans: &SpansOfLedger,
        counting: &Counting,
        scale: Scale,
    ) -> Self {
        let n_segments = segmentation.len();
        if !scale.has_amounts {
            let nothing = || vec![Ratios::default(); n_segments];
            return Self {
                n_drawn: n_segments,
                retention: [nothing(), nothing()],
                mean: vec![None; n_segments],
                paid: Vec::new(),
                whole: PairSums::default(),
            };
        }
        let (mut gathering, n_drawn) = Gathering::of(counting, n_segments);
        gathering.skips_nothing = matches!(ledger.histories, Histories::Accounts(_));
        visit(ledger, segmentation, &spans.windows, &mut gathering);
        let mut draws = Draws::seeded(SEED);
        let mut linearized = RatioIntervals::at(scale.confidence);
        let [latest, year, mean] = gathering.bases;
        let mut intervals = |base: Option<Base>| {
            base.map_or_else(Ratios::default, |base| {
                base.intervals(scale.confidence, &mut draws, &mut linearized)
            })
        };
        let retention = [latest, year].map(|bases| bases.into_iter().map(&mut intervals).collect());
        let mean = if matches!(ledger.histories, Histories::Purchases(_)) {
            gathering.paid.iter().map(|sums| ratio_of_sums(sums, scale.confidence)).collect()
        } else {
            mean.into_iter().map(|base| intervals(base).net).collect()
        };
        let mut whole = PairSums::default();
        for segment in &gathering.paid {
            whole.add_all(segment);
        }
        Self { n_drawn, retention, mean, paid: gathering.paid, whole }
    }

    /// The interval of a segment's share of what all pay at the end of the latest period.
    pub(super) fn share_of_paid(&self, segment: usize, confidence: f64) -> Option<(f64, f64)> {
        let own = self.paid.get(segment)?;
        if self.whole.is_too_large {
            return None;
        }
        share_of_sum(own.sum_and_squares(), self.whole.sum_and_squares(), confidence)
    }
}

impl Gathering {
    /// Nothing gathered yet, and of how many segments it will be drawn.
    fn of(counting: &Counting, n_segments: usize) -> (Self, usize) {
        let mut order: Vec<usize> = (0..n_segments).collect();
        let sizes = counting.sizes();
        arrange::by_key(&mut order, |&segment| (std::cmp::Reverse(sizes[segment]), segment));
        let mut gathering = Self {
            bases: std::array::from_fn(|_| vec![None; n_segments]),
            paid: vec![PairSums::default(); n_segments],
            skips_nothing: false,
        };
        let (mut n_drawn, mut n_customers_drawn) = (0, 0);
        for &segment in &order {
            let is_drawn = n_drawn < N_DRAWN || n_customers_drawn <= MOST_DRAWN;
            let base = |drawn: ResampledBase| {
                if is_drawn {
                    Base::Drawn(Box::new(drawn))
                } else {
                    Base::Summed(Ratios::default())
                }
            };
            for (place, span) in [(0, LATEST), (1, YEAR)] {
                let Some(tally) = counting.tallies[span].get(segment) else { continue };
                n_customers_drawn += drawn_of(tally.n_customers);
                gathering.bases[place][segment] = figures::empty_base(tally).map(base);
            }
            if let Some(tally) = counting.tallies[LATEST].get(segment) {
                n_customers_drawn += drawn_of(tally.moved.n_now());
                gathering.bases[2][segment] = figures::empty_base_of_mean(tally).map(base);
            }
            n_drawn += usize::from(is_drawn);
        }
        (gathering, n_drawn)
    }
}

/// How many customers are drawn for a base of so many; those of a large one are drawn side by side,
/// which takes an eighth of the time.
fn drawn_of(n_customers: u64) -> u64 {
    if n_customers <= 128 { n_customers } else { 8 }
}

impl Visit for Gathering {
    fn moved<T: Exact>(&mut self, span: usize, segment: u32, movement: Movement<T>) {
        let place = match span {
            LATEST => 0,
            YEAR => 1,
            _ => return,
        };
        let (then, now) = (movement.then, movement.now);
        let segment = segment as usize;
        let pair = now.revenue_minor.narrow().zip(then.revenue_minor.narrow());
        if let Some(Some(base)) = self.bases[place].get_mut(segment)
            && then.is_active
        {
            match pair {
                Some((_, 0)) if self.skips_nothing => {}
                Some((now, then)) => base.add(now, then),
                None => base.add_outside(),
            }
        }
        if place != 0 {
            return;
        }
        if let Some(Some(base)) = self.bases[2].get_mut(segment)
            && now.is_active
        {
            match pair {
                Some((now, _)) => base.add(now, 1),
                None => base.add_outside(),
            }
        }
        if let Some(paid) = self.paid.get_mut(segment) {
            match pair {
                Some((minor, _)) if now.is_active || minor != 0 => {
                    paid.add(minor, i64::from(now.is_active));
                }
                Some(_) => {}
                None => paid.is_too_large = true,
            }
        }
    }

    fn lived(&mut self, _segment: u32, _life: &Life) {}
}
