//! A file read in chunks of any size, and in parts by several sessions, gives one and the same
//! report.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use retention_calculator::Error;
use retention_calculator::ingest::{ReadOptions, Reader, Row, RowSink, Table};
use retention_calculator::ledger::Histories;
use retention_calculator::ledger::build::{BuildOptions, Builder, Learned};
use retention_calculator::note::Notes;
use retention_calculator::session::{AnalyzeOptions, Outcome, Session};

/// A source of numbers that is the same everywhere.
struct Numbers {
    state: u64,
    /// How much rarer odd cells are than in a bad file.
    rarity: u64,
}

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }

    fn one_of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[usize::try_from(self.below(texts.len() as u64)).unwrap()]
    }

    /// A number below `end`, odd ones of which come below some limit.
    fn oddity(&mut self, end: u64) -> u64 {
        self.below(end * self.rarity)
    }

    /// A day of three years; now and then one written otherwise, or none at all.
    fn day(&mut self) -> String {
        let (year, month, day) = (2022 + self.below(3), 1 + self.below(12), 1 + self.below(28));
        match self.oddity(60) {
            0 => format!("{year}-{month:02}-{day:02} 10:{:02}:00", self.below(60)),
            1 => format!("{day} Mar {year}"),
            2 => "soon".to_owned(),
            3 => format!(" {year}-{month:02}-{day:02}"),
            _ => format!("{year}-{month:02}-{day:02}"),
        }
    }

    fn amount(&mut self) -> String {
        let (whole, cents) = (self.below(500), self.below(100));
        match self.oddity(60) {
            0 => format!("\"1,{whole:03}.{cents:02}\""),
            1 => format!("${whole}.{cents:02}"),
            2 => "n/a".to_owned(),
            3 => format!("-{whole}"),
            4 => format!("{whole}.{cents:02}5"),
            _ => format!("{whole}.{cents:02}"),
        }
    }

    fn text(&mut self) -> &'static str {
        if 1 < self.rarity && self.oddity(2) != 0 {
            return self.one_of(&["plain", "\"with, comma\"", "\"a \"\"quote\"\"\"", ""]);
        }
        self.one_of(&[
            "plain",
            "\"with, comma\"",
            "\"a \"\"quote\"\"\"",
            "\"two\nlines\"",
            "\"two\r\nlines, and 2024-01-01,5.00\"",
            "Zoë",
            "stray \" quote",
            "",
        ])
    }

    fn customer(&mut self) -> String {
        match self.oddity(80) {
            0 => String::new(),
            1 => format!("Müller {}", self.below(9)),
            2 => format!("=cmd{}", self.below(5)),
            3 => format!("CUS_{:04}", self.below(900)),
            _ => format!("cus_{:04}", self.below(900)),
        }
    }
}

/// A file of a shape, long enough to be split, with all that files have in them.
fn file(shape: u64, seed: u64, rarity: u64) -> String {
    let mut numbers = Numbers { state: seed, rarity };
    let line_end = numbers.one_of(&["\n", "\r\n"]);
    let mut text = match shape {
        0 => "customer_id,order_date,amount,channel,comment,town,shop",
        1 => "customer_id,start_date,end_date,mrr,segment,cancel_reason,note",
        2 => "customer_id,month,mrr,segment,note",
        _ => "order_id,customer_id,order_date,amount,status,comment",
    }
    .to_owned();
    text.push_str(line_end);
    let mut last_row = String::new();
    while text.len() < 420_000 {
        let row = match shape {
            0 => format!(
                "{},{},{},{},{},town {},{}",
                numbers.customer(),
                numbers.day(),
                numbers.amount(),
                numbers.one_of(&["web", "shop", "\"by, phone\""]),
                numbers.text(),
                // More of them than a column of segments may have.
                numbers.below(1_100),
                numbers.below(40)
            ),
            1 => {
                let end = if numbers.below(2) == 0 { String::new() } else { "2025-03-04".into() };
                format!(
                    "{},{},{end},{},{},{},{}",
                    numbers.customer(),
                    numbers.day(),
                    numbers.amount(),
                    numbers.one_of(&["EU", "US", "\"Asia, all\"", ""]),
                    numbers.one_of(&["price", "\"went \"\"dark\"\"\"", ""]),
                    numbers.text()
                )
            }
            2 => format!(
                "{},202{}-{:02},{},{},{}",
                numbers.customer(),
                numbers.below(3),
                1 + numbers.below(12),
                numbers.amount(),
                numbers.one_of(&["EU", "US"]),
                numbers.text()
            ),
            _ => format!(
                "#{},{},{},{},{},{}",
                numbers.below(9000),
                numbers.customer(),
                numbers.day(),
                numbers.amount(),
                numbers.one_of(&["paid", "paid", "refunded", "failed", "odd"]),
                numbers.text()
            ),
        };
        match numbers.oddity(90) {
            0 => text.push_str(line_end),
            1 => text.push_str("too,few"),
            2 => text.push_str(&last_row),
            _ => {}
        }
        text.push_str(&row);
        text.push_str(line_end);
        last_row = format!("{row}{line_end}");
    }
    text
}

/// The report, or why there is none, as text.
fn told(outcome: Result<Outcome, retention_calculator::Error>) -> String {
    match outcome {
        Ok(outcome) => serde_json::to_string(&outcome).unwrap(),
        Err(error) => format!("{error:?}"),
    }
}

fn read_whole(bytes: &[u8], n_chunk: usize) -> String {
    let mut session = Session::new(&AnalyzeOptions::default()).unwrap();
    loop {
        for chunk in bytes.chunks(n_chunk) {
            session.push(chunk).unwrap();
        }
        match session.finish() {
            Ok(Outcome::ReadAgain { .. }) => {}
            outcome => return told(outcome),
        }
    }
}

/// Reads the file in so many parts; with it, how many of them fitted.
fn read_in_parts(bytes: &[u8], n_parts: u64, n_chunk: usize) -> (String, u64) {
    let options = AnalyzeOptions::default();
    let start = |part: u64| bytes.len() as u64 * part / n_parts;
    let place = |offset: u64| usize::try_from(offset).unwrap().min(bytes.len());
    let mut first = Session::for_part(&options, 0, Some(start(1))).unwrap();
    for chunk in bytes.chunks(n_chunk) {
        if !first.is_done() {
            first.push(chunk).unwrap();
        }
    }
    assert!(first.is_open() && first.is_splittable());
    let mut n_fitting = 0;
    for part in 1..n_parts {
        let until = (part + 1 < n_parts).then(|| start(part + 1));
        let mut session = Session::for_part(&options, start(part), until).unwrap();
        for chunk in bytes.chunks(n_chunk) {
            if !session.is_open() {
                session.push(chunk).unwrap();
            }
        }
        session.jump();
        for chunk in bytes[place(start(part))..].chunks(n_chunk) {
            if !session.is_done() {
                session.push(chunk).unwrap();
            }
        }
        if !first.absorb(&session.end_part()) {
            let from = first.resume();
            for chunk in bytes[place(from)..].chunks(n_chunk) {
                first.push(chunk).unwrap();
            }
            break;
        }
        n_fitting += 1;
    }
    match first.finish() {
        Ok(Outcome::ReadAgain { .. }) => (read_whole(bytes, n_chunk), n_fitting),
        outcome => (told(outcome), n_fitting),
    }
}

#[test]
fn chunks_and_parts_leave_no_trace() {
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let n_joined = Cell::new(0);
    let rarities = prop_oneof![Just(1_u64), Just(50)];
    let cases = (0..4_u64, any::<u64>(), rarities, 2..6_u64, 1_000..300_000_usize);
    TestRunner::new_with_rng(config, random)
        .run(&cases, |(shape, seed, rarity, n_parts, n_chunk)| {
            let text = file(shape, seed, rarity);
            let whole = read_whole(text.as_bytes(), 1 << 21);
            prop_assert!(whole.contains("\"kind\":\"report\""), "{whole}");
            prop_assert_eq!(&whole, &read_whole(text.as_bytes(), n_chunk));
            let (joined, n_fitting) = read_in_parts(text.as_bytes(), n_parts, n_chunk);
            prop_assert_eq!(&whole, &joined);
            n_joined.set(n_joined.get() + u64::from(n_fitting + 1 == n_parts));
            Ok(())
        })
        .unwrap();
    // Quotes that are no quotes make some seams uncertain; most parts fit all the same.
    assert!(12 <= n_joined.get(), "{}", n_joined.get());
}

/// Takes rows one by one, however they come.
struct RowByRow(Builder);

impl RowSink for RowByRow {
    fn start(&mut self, table: &Table, notes: &mut Notes) -> Result<(), Error> {
        self.0.start(table, notes)
    }

    fn row(&mut self, row: &Row<'_>, notes: &mut Notes) {
        self.0.row(row, notes);
    }
}

/// All that a builder makes of a file that it is given by `deliver`, as text.
fn built(
    text: &str,
    deliver: impl FnOnce(Reader, Builder, &mut Notes, &[u8]) -> BuiltFrom,
) -> String {
    let mut notes = Notes::new();
    let builder = Builder::new(BuildOptions::default(), Learned::default());
    let reader = Reader::new(ReadOptions::default());
    let (summary, builder) = deliver(reader, builder, &mut notes, text.as_bytes());
    let built = builder.finish(&summary, false, &mut notes).unwrap().unwrap();
    let ledger = &built.ledger;
    let customers = (0..u32::try_from(ledger.customers.len()).unwrap())
        .map(|index| (ledger.customers.id(index), ledger.customers.first_row(index)));
    let histories = match &ledger.histories {
        Histories::Purchases(purchases) => format!("{:?}", purchases.to_orders()),
        other => format!("{other:?}"),
    };
    format!(
        "{}\n{:?}\n{histories}\n{:?}\n{:?}\n{:?}\n{:?}",
        serde_json::to_string(&built.input()).unwrap(),
        customers.collect::<Vec<_>>(),
        ledger.segments,
        ledger.reasons,
        ledger.terms,
        notes.into_sorted(),
    )
}

type BuiltFrom = (retention_calculator::ingest::ReadSummary, Builder);

#[test]
fn rows_taken_together_are_as_rows_taken_one_by_one() {
    let config = Config { cases: 32, failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let cases = (0..4_u64, any::<u64>(), prop_oneof![Just(1_u64), Just(8), Just(50), Just(5000)]);
    TestRunner::new_with_rng(config, random)
        .run(&cases, |(shape, seed, rarity)| {
            let text = file(shape, seed, rarity);
            let together = built(&text, |mut reader, mut builder, notes, bytes| {
                reader.push(bytes, notes, &mut builder).unwrap();
                (reader.finish(notes, &mut builder).unwrap(), builder)
            });
            let single = built(&text, |mut reader, builder, notes, bytes| {
                let mut sink = RowByRow(builder);
                reader.push(bytes, notes, &mut sink).unwrap();
                (reader.finish(notes, &mut sink).unwrap(), sink.0)
            });
            prop_assert_eq!(together, single);
            Ok(())
        })
        .unwrap();
}
