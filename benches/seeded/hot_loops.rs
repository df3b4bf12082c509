//! The loops that the time goes to, each with its input made beforehand.
//!
//! They measure nothing: one program times them, another has their instructions counted.

use std::hint::black_box;

use retention_calculator::Error;
use retention_calculator::analysis::{
    AnalysisOptions, CohortOptions, Levels, Periods, cohorts, lifetimes, movements_between,
    period_movements, purchase_cohorts, purchase_movements, purchase_totals,
};
use retention_calculator::calendar::{Day, Granularity};
use retention_calculator::ingest::amount::{DecimalMark, read_amount};
use retention_calculator::ingest::date::{DateOrder, read_date};
use retention_calculator::ingest::{ReadOptions, Reader, Row, RowSink, Table};
use retention_calculator::ledger::build::{BuildOptions, Builder, Built, Learned};
use retention_calculator::ledger::{Histories, Purchases, Recurring};
use retention_calculator::note::Notes;
use retention_calculator::number::interval::bootstrap_ratio;
use retention_calculator::report::assemble;

use super::{Shape, csv};

/// The names of all loops.
pub(crate) const NAMES: [&str; 21] = [
    "dates_iso",
    "dates_by_order",
    "amounts",
    "scan_orders",
    "scan_subscriptions",
    "read_a_few_orders",
    "read_orders",
    "read_new_customers",
    "read_subscriptions",
    "read_monthly",
    "movements",
    "movements_of_year",
    "cohorts",
    "lifetimes",
    "purchase_movements",
    "purchase_cohorts",
    "purchase_totals",
    "intervals",
    "report_orders",
    "report_subscriptions",
    "report_monthly",
];

const N_CELLS: u32 = 20_000;
/// So many that what is done once for a file is the smaller part.
const N_ROWS_READ: u32 = 60_000;
const N_ROWS_REPORTED: u32 = 20_000;
const N_CUSTOMERS: u32 = 2_000;

/// A loop that can be run any number of times.
pub(crate) type HotLoop = Box<dyn FnMut()>;

/// The loop of a name with its input, or nothing where there is no such loop.
pub(crate) fn hot_loop(name: &str) -> Option<HotLoop> {
    Some(match name {
        "dates_iso" => dates(Day::to_iso, DateOrder::Ymd),
        "dates_by_order" => {
            let with_slashes = |day: Day| day.date().format("%d/%m/%Y").to_string();
            dates(with_slashes, DateOrder::Dmy)
        }
        "amounts" => amounts(),
        "scan_orders" => scan(Shape::Orders),
        "scan_subscriptions" => scan(Shape::Subscriptions),
        "read_a_few_orders" => reading(Shape::Orders, 50, 20),
        "read_orders" => reading(Shape::Orders, N_ROWS_READ, N_CUSTOMERS),
        "read_new_customers" => reading(Shape::Orders, N_ROWS_READ, 100 * N_ROWS_READ),
        "read_subscriptions" => reading(Shape::Subscriptions, N_ROWS_READ, N_CUSTOMERS),
        "read_monthly" => reading(Shape::Monthly, N_ROWS_READ, N_CUSTOMERS),
        "movements" => {
            of_levels(|levels, periods| drop(black_box(period_movements(levels, periods))))
        }
        "movements_of_year" => of_levels(|levels, _| {
            let to = levels.as_of();
            black_box(movements_between(levels, Day(to.0 - 365), to));
        }),
        "cohorts" => of_levels(|levels, periods| {
            drop(black_box(cohorts(levels, periods, CohortOptions::default(), Some(2), 0.95)));
        }),
        "lifetimes" => of_levels(|levels, _| drop(black_box(lifetimes(levels, false)))),
        "purchase_movements" => of_purchases(|purchases, periods, as_of| {
            drop(black_box(purchase_movements(purchases, periods, as_of)));
        }),
        "purchase_cohorts" => of_purchases(|purchases, periods, _| {
            let options = CohortOptions::default();
            drop(black_box(purchase_cohorts(purchases, periods, options, Some(2), 0.95)));
        }),
        "purchase_totals" => of_purchases(|purchases, _, as_of| {
            drop(black_box(purchase_totals(purchases, as_of, 2, 0.95)));
        }),
        "intervals" => intervals(),
        "report_orders" => report(Shape::Orders),
        "report_subscriptions" => report(Shape::Subscriptions),
        "report_monthly" => report(Shape::Monthly),
        _ => return None,
    })
}

fn dates(written: impl Fn(Day) -> String, order: DateOrder) -> HotLoop {
    let cells: Vec<String> =
        (0..N_CELLS).map(|cell| written(Day(18_000 + (cell % 2_000).cast_signed()))).collect();
    Box::new(move || {
        for cell in &cells {
            let _ = black_box(read_date(black_box(cell), Some(order)));
        }
    })
}

fn amounts() -> HotLoop {
    let written = |cell: u32| match cell % 4 {
        0 => format!("{}.{:02}", cell, cell % 100),
        1 => format!("-{cell}.5"),
        2 => format!("${},{:03}.00", 1 + cell % 9, cell % 1000),
        _ => cell.to_string(),
    };
    let cells: Vec<String> = (0..N_CELLS).map(written).collect();
    Box::new(move || {
        for cell in &cells {
            let _ = black_box(read_amount(black_box(cell), Some(DecimalMark::Point)));
        }
    })
}

/// Takes rows and does nothing with them.
struct Nowhere;

impl RowSink for Nowhere {
    fn start(&mut self, _: &Table, _: &mut Notes) -> Result<(), Error> {
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>, _: &mut Notes) {
        black_box(row.n_fields());
    }
}

fn scan(shape: Shape) -> HotLoop {
    let text = csv(shape, N_ROWS_READ, N_CUSTOMERS);
    Box::new(move || {
        let (mut reader, mut notes) = (Reader::new(ReadOptions::default()), Notes::new());
        for piece in text.as_bytes().chunks(1 << 18) {
            let _ = black_box(reader.push(piece, &mut notes, &mut Nowhere));
        }
        let _ = black_box(reader.finish(&mut notes, &mut Nowhere));
    })
}

/// A reader and a builder that have taken all rows of a made-up file, and are not finished.
///
/// # Panics
///
/// Where the file cannot be read, which the test of allocations would show.
pub(crate) fn pushed(text: &str) -> (Reader, Builder, Notes) {
    let (mut reader, mut notes) = (Reader::new(ReadOptions::default()), Notes::new());
    let mut builder = Builder::new(BuildOptions::default(), Learned::default());
    for piece in text.as_bytes().chunks(1 << 18) {
        reader.push(piece, &mut notes, &mut builder).expect("a made-up file can be read");
    }
    (reader, builder, notes)
}

/// What a made-up file comes to.
///
/// # Panics
///
/// As [`pushed`].
pub(crate) fn built(text: &str) -> Built {
    let (reader, mut builder, mut notes) = pushed(text);
    let summary = reader.finish(&mut notes, &mut builder).expect("a made-up file can be read");
    let built = builder.finish(&summary, false, &mut notes).expect("it has rows");
    built.expect("it is read once")
}

fn reading(shape: Shape, n_rows: u32, n_customers: u32) -> HotLoop {
    let text = csv(shape, n_rows, n_customers);
    Box::new(move || drop(black_box(built(&text))))
}

fn of_levels(run: fn(&Levels<'_>, &Periods)) -> HotLoop {
    let built = built(&csv(Shape::Subscriptions, N_ROWS_REPORTED, N_CUSTOMERS));
    let recurring = match built.ledger.histories {
        Histories::Recurring(recurring) => recurring,
        _ => Recurring { spells: Vec::new(), is_monthly: false },
    };
    let as_of = built.ledger.last_day.unwrap_or(Day::LATEST);
    Box::new(move || {
        let levels = Levels::new(&recurring, as_of);
        run(&levels, &Periods::new(Day(as_of.0 - 1_900), as_of, Granularity::Month));
    })
}

fn of_purchases(run: fn(&Purchases, &Periods, Day)) -> HotLoop {
    let built = built(&csv(Shape::Orders, N_ROWS_REPORTED, N_CUSTOMERS));
    let purchases = match built.ledger.histories {
        Histories::Purchases(purchases) => purchases,
        _ => Purchases::default(),
    };
    let as_of = built.ledger.last_day.unwrap_or(Day::LATEST);
    let periods = Periods::new(Day(as_of.0 - 1_100), as_of, Granularity::Month);
    Box::new(move || run(&purchases, &periods, as_of))
}

fn intervals() -> HotLoop {
    let pairs: Vec<(i64, i64)> = (0..i64::from(N_CELLS))
        .map(|number| {
            let then = 1_000 + (number * 7_919) % 50_000;
            let now = match number % 10 {
                0 => 0,
                1 => then / 2,
                2 => then + 500,
                _ => then,
            };
            (now, then)
        })
        .collect();
    Box::new(move || {
        black_box(bootstrap_ratio(black_box(&pairs), 0.95, 1));
    })
}

fn report(shape: Shape) -> HotLoop {
    let built = built(&csv(shape, N_ROWS_REPORTED, N_CUSTOMERS));
    Box::new(move || {
        let (input, options) = (built.input(), AnalysisOptions::default());
        drop(black_box(assemble(input, &built.ledger, &options, &mut Notes::new())));
    })
}
