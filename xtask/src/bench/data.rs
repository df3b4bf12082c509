//! Makes the files that the benchmark reads: the same bytes on every machine.
//!
//! It deliberately knows nothing of how they are read, and holds no figure that should come out.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::step::{Failure, Outcome};

/// Part of the stamp of each file: another one makes all of them anew.
const EDITION: &str = "3";
/// 2022-01-01 to 2024-12-31.
const FIRST_YEAR: u32 = 2022;
const N_MONTHS: u32 = 36;

/// How many rows and customers the files have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    pub(super) transactions: (u32, u32),
    pub(super) many_transactions: (u32, u32),
    pub(super) subscriptions: u32,
    pub(super) revenue: u32,
}

impl Sizes {
    pub(super) const FULL: Self = Self {
        transactions: (1_000_000, 100_000),
        many_transactions: (10_000_000, 1_000_000),
        subscriptions: 500_000,
        revenue: 2_000_000,
    };
    pub(super) const QUICK: Self = Self {
        transactions: (100_000, 10_000),
        many_transactions: (1_000_000, 100_000),
        subscriptions: 50_000,
        revenue: 200_000,
    };
}

/// One file: its name in the benchmark, and how it is written.
pub(super) struct Dataset {
    pub(super) name: &'static str,
    make: Make,
}

#[derive(Clone, Copy, Debug)]
enum Make {
    Transactions {
        size: (u32, u32),
        is_shuffled: bool,
        line_end: &'static str,
    },
    Subscriptions {
        n_rows: u32,
    },
    Revenue {
        n_rows: u32,
    },
    /// A few orders, for what is measured from the first to the last step of the page.
    Few,
}

/// All files of the benchmark at these sizes.
pub(super) fn all(sizes: Sizes) -> Vec<Dataset> {
    let transactions = |name, size, is_shuffled, line_end| Dataset {
        name,
        make: Make::Transactions { size, is_shuffled, line_end },
    };
    vec![
        transactions("tx1m", sizes.transactions, false, "\n"),
        transactions("tx1m-shuffled", sizes.transactions, true, "\n"),
        transactions("tx1m-crlf", sizes.transactions, false, "\r\n"),
        transactions("tx10m", sizes.many_transactions, false, "\n"),
        transactions("tx10m-shuffled", sizes.many_transactions, true, "\n"),
        Dataset { name: "subs", make: Make::Subscriptions { n_rows: sizes.subscriptions } },
        Dataset { name: "mrr", make: Make::Revenue { n_rows: sizes.revenue } },
        Dataset { name: "few", make: Make::Few },
    ]
}

impl Dataset {
    /// Writes the file into `folder`, unless it is there already.
    pub(super) fn make(&self, folder: &Path) -> Outcome<PathBuf> {
        let path = folder.join(format!("{}.csv", self.name));
        let stamp = folder.join(format!("{}.made", self.name));
        let wanted = format!("{EDITION} {:?}", self.make);
        if path.exists() && fs::read_to_string(&stamp).is_ok_and(|text| text == wanted) {
            return Ok(path);
        }
        println!("bench: writing {}.csv", self.name);
        let failed = |error: io::Error| Failure::file("write", &path, &error);
        // The stamp goes first and comes back last: half a file is never taken for a whole one.
        drop(fs::remove_file(&stamp));
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&path).map_err(failed)?);
        self.write(&mut out).and_then(|()| out.flush()).map_err(failed)?;
        fs::write(&stamp, wanted).map_err(|error| Failure::file("write", &stamp, &error))?;
        Ok(path)
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        match self.make {
            Make::Transactions { size: (n_rows, n_customers), is_shuffled, line_end } => {
                transactions(out, n_rows, n_customers, is_shuffled, line_end)
            }
            Make::Subscriptions { n_rows } => subscriptions(out, n_rows),
            Make::Revenue { n_rows } => revenue(out, n_rows),
            Make::Few => transactions(out, 20, 8, false, "\n"),
        }
    }
}

/// Splitmix64 by Sebastiano Vigna (2015), public domain: a counter through a mixing function.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// A number below `end`; the bias is below 2⁻³² and of no interest here.
    fn below(&mut self, end: u32) -> u32 {
        let high = (u128::from(self.next()) * u128::from(end)) >> 64;
        u32::try_from(high).unwrap_or(0)
    }

    /// A number below `end`, small ones more often: the lesser of three.
    fn small_below(&mut self, end: u32) -> u32 {
        self.below(end).min(self.below(end)).min(self.below(end))
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(u32::try_from(of.len()).unwrap_or(u32::MAX)) as usize]
    }
}

fn mixed(counter: u64) -> u64 {
    let first = (counter ^ (counter >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let second = (first ^ (first >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    second ^ (second >> 31)
}

/// `cus_` and 14 letters and digits; another one for each number.
fn customer_id(number: u32) -> [u8; 18] {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut id = *b"cus_00000000000000";
    // Eleven digits hold all 64 bits of a function that takes no two counters to one value.
    let mut rest = mixed(u64::from(number) + 1);
    for digit in &mut id[4..15] {
        *digit = DIGITS[usize::try_from(rest % 62).unwrap_or(0)];
        rest /= 62;
    }
    let mut more = mixed((1 << 40) + u64::from(number));
    for digit in &mut id[15..] {
        *digit = DIGITS[usize::try_from(more % 62).unwrap_or(0)];
        more /= 62;
    }
    id
}

/// All days of the files as `YYYY-MM-DD`.
fn days() -> Vec<String> {
    let mut days = Vec::new();
    for month in 0..N_MONTHS {
        let (year, month) = (FIRST_YEAR + month / 12, month % 12 + 1);
        let n_days = match month {
            2 if year.is_multiple_of(4) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        days.extend((1..=n_days).map(|day| format!("{year:04}-{month:02}-{day:02}")));
    }
    days
}

/// Which of `n_parts` equal parts of `0..whole` a place lies in.
fn part(place: u32, whole: u32, n_parts: u32) -> u32 {
    u32::try_from(u64::from(place) * u64::from(n_parts) / u64::from(whole)).unwrap_or(0)
}

fn text(id: &[u8]) -> &str {
    str::from_utf8(id).unwrap_or_default()
}

/// Orders in the order of their days: customers come evenly, and buy more often while they are new.
fn transactions(
    out: &mut impl Write,
    n_rows: u32,
    n_customers: u32,
    is_shuffled: bool,
    line_end: &str,
) -> io::Result<()> {
    let days = days();
    let n_days = u32::try_from(days.len()).unwrap_or(1);
    let mut random = Random(2022);
    let mut n_known = 0;
    let mut rows: Vec<(u32, u16, u32)> = Vec::with_capacity(n_rows as usize);
    for row in 0..n_rows {
        let customer = if n_known <= part(row, n_rows, n_customers) {
            n_known += 1;
            n_known - 1
        } else {
            n_known - 1 - random.small_below(n_known)
        };
        let cents = 300 + random.small_below(120_000);
        let day = u16::try_from(part(row, n_rows, n_days)).unwrap_or(0);
        rows.push((customer, day, cents));
    }
    if is_shuffled {
        for last in (1..n_rows).rev() {
            rows.swap(last as usize, random.below(last + 1) as usize);
        }
    }
    write!(out, "customer_id,date,amount{line_end}")?;
    for (customer, day, cents) in rows {
        let (id, day) = (customer_id(customer), &days[usize::from(day)]);
        write!(out, "{},{day},{}.{:02}{line_end}", text(&id), cents / 100, cents % 100)?;
    }
    Ok(())
}

/// Subscriptions in the order of their starts; one in seven is of a customer who is known already.
fn subscriptions(out: &mut impl Write, n_rows: u32) -> io::Result<()> {
    const PLANS: [(&str, u32); 5] =
        [("Solo", 1900), ("Team", 4900), ("Plus", 9900), ("Scale", 19_900), ("Max", 49_900)];
    const SEGMENTS: [&str; 4] = ["self", "small", "mid", "large"];
    const COUNTRIES: [&str; 12] =
        ["US", "GB", "DE", "FR", "NL", "SE", "ES", "IT", "CA", "AU", "BR", "JP"];
    const WHYS: [&str; 8] = [
        "Too expensive, sorry",
        "Moved to \"\"Acme\"\"",
        "No \"\"exports\"\"",
        "Project ended",
        "Card declined, twice",
        "Slow, \"\"days\"\" to answer",
        "Closed, sold",
        "Merged, see notes",
    ];
    const WHERE_SAID: [&str; 6] = ["", "", ", phone", ", form", " (\"\"final\"\")", ", mail"];

    let days = days();
    let n_days = u32::try_from(days.len()).unwrap_or(1);
    let mut random = Random(500);
    let mut n_known = 0;
    writeln!(out, "customer_id,start_date,end_date,mrr,plan,segment,country,reason")?;
    for row in 0..n_rows {
        let customer = if n_known != 0 && random.below(7) == 0 {
            random.below(n_known)
        } else {
            n_known += 1;
            n_known - 1
        };
        let start = part(row, n_rows, n_days);
        let end = start + 1 + random.small_below(1200);
        let end = (end < n_days && random.below(4) != 0).then_some(end);
        let (plan, price) = random.pick(&PLANS);
        let cents = price * (1 + random.small_below(12)) + 50 * random.below(3);
        let (segment, country) = (random.pick(&SEGMENTS), random.pick(&COUNTRIES));
        let (why, said) = (random.pick(&WHYS), random.pick(&WHERE_SAID));
        let id = customer_id(customer);
        write!(out, "{},{},", text(&id), days[start as usize])?;
        write!(out, "{},", end.map_or("", |end| days[end as usize].as_str()))?;
        write!(out, "{}.{:02},{plan},{segment},{country},", cents / 100, cents % 100)?;
        match end {
            Some(_) => writeln!(out, "\"{why}{said}\"")?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}

/// What each customer pays in each month, month by month.
fn revenue(out: &mut impl Write, n_rows: u32) -> io::Result<()> {
    let mut random = Random(2000);
    let mut months: Vec<Vec<(u32, u32)>> = vec![Vec::new(); N_MONTHS as usize];
    let (mut customer, mut n_made) = (0, 0);
    while n_made < n_rows {
        // Someone pays from the first month to the last, so that there are always as many months.
        let (first, n_months) = match customer {
            0 => (0, N_MONTHS),
            _ => (random.below(N_MONTHS), 4 + random.below(42)),
        };
        let mut cents = 900 + random.small_below(90_000);
        for month in first..(first + n_months).min(N_MONTHS) {
            match random.below(24) {
                // A month without a row.
                0 if 0 < customer => continue,
                1 => cents += cents / 4,
                2 => cents -= cents / 5,
                _ => {}
            }
            if n_made < n_rows {
                months[month as usize].push((customer, cents));
                n_made += 1;
            }
        }
        customer += 1;
    }
    writeln!(out, "customer_id,month,mrr")?;
    for (month, rows) in (0..).zip(&months) {
        let (year, month) = (FIRST_YEAR + month / 12, month % 12 + 1);
        for &(customer, cents) in rows {
            let id = customer_id(customer);
            let (whole, rest) = (cents / 100, cents % 100);
            writeln!(out, "{},{year:04}-{month:02},{whole}.{rest:02}", text(&id))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Random, all, customer_id, days};

    fn written(name: &str) -> String {
        let sizes = super::Sizes {
            transactions: (2000, 100),
            many_transactions: (10, 2),
            subscriptions: 500,
            revenue: 2000,
        };
        let dataset = all(sizes).into_iter().find(|one| one.name == name).expect("known");
        let mut out = Vec::new();
        dataset.write(&mut out).expect("written");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn mixes_as_published() {
        // The first outputs from the state 1234567, as in the tests of Rosetta Code's task
        // "Pseudo-random numbers/Splitmix64".
        let mut random = Random(1_234_567);
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(expected.map(|_| random.next()), expected);
    }

    #[test]
    fn has_all_days_of_three_years() {
        let days = days();
        assert_eq!(days.len(), 365 + 365 + 366);
        assert_eq!(days[58..60], ["2022-02-28", "2022-03-01"]);
        assert_eq!(days[365 + 365 + 59], "2024-02-29");
        assert_eq!(days.last().map(String::as_str), Some("2024-12-31"));
    }

    #[test]
    fn names_no_two_customers_alike() {
        let ids: HashSet<[u8; 18]> = (0..10_000).map(customer_id).collect();
        assert_eq!(ids.len(), 10_000);
    }

    #[test]
    fn writes_as_many_rows_and_customers_as_said() {
        for (name, n_rows, n_customers) in [
            ("tx1m", 2000, Some(100)),
            ("subs", 500, None),
            ("mrr", 2000, None),
            ("few", 20, Some(8)),
        ] {
            let text = written(name);
            let ids: HashSet<&str> =
                text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
            assert_eq!(text.lines().count(), n_rows + 1, "{name}");
            assert!(n_customers.is_none_or(|wanted| wanted == ids.len()), "{name}: {}", ids.len());
        }
    }

    #[test]
    fn shuffles_the_same_rows() {
        let (by_date, shuffled) = (written("tx1m"), written("tx1m-shuffled"));
        assert_ne!(by_date, shuffled);
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort_unstable();
            lines
        };
        assert_eq!(sorted(&by_date), sorted(&shuffled));
        assert_eq!(written("tx1m-crlf").replace("\r\n", "\n"), by_date);
    }
}
