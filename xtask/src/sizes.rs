//! Holds what has to arrive before a figure is there against the recorded sizes.
//!
//! `www/build/sizes.mjs` measures and says what each line means; here it is judged only.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::step::{self, Failure, Outcome};
use crate::tally::Tally;

const RECORD: &str = "benches/sizes.txt";
const HOW_TO_RECORD: &str = "cargo xtask test build -- --record";
/// How much more or less than recorded may have to arrive, in percent.
const TOLERANCE_PERCENT: u64 = 2;

/// What no record may exceed.
const CEILINGS: [(&str, u64); 1] = [("site-typed-figure", 80_000)];

type Sizes = BTreeMap<String, u64>;

/// Measures what was built, and records or compares it.
pub(crate) fn compare(root: &Path, record: bool) -> Outcome<Tally> {
    let said = step::ask(Command::new("node").arg(root.join("www/build/sizes.mjs")))
        .ok_or_else(|| Failure::new("www/build/sizes.mjs could not measure dist/"))?;
    let found = parsed(&said)?;
    let path = root.join(RECORD);
    let mut problems = above_ceilings(&found);
    if record {
        fs::write(&path, written(&found)).map_err(|error| Failure::file("write", &path, &error))?;
        println!("sizes: recorded {} in {RECORD}", found.len());
    } else {
        let text =
            fs::read_to_string(&path).map_err(|error| Failure::file("read", &path, &error))?;
        problems.extend(differences(&parsed(&text)?, &found));
    }
    for (name, bytes) in &found {
        println!("sizes: {name} {bytes}");
    }
    for problem in &problems {
        eprintln!("error: {problem}");
    }
    let n_failed = problems.len() as u64;
    Ok(Tally { passed: (found.len() as u64).saturating_sub(n_failed), failed: n_failed })
}

fn written(sizes: &Sizes) -> String {
    let mut text = format!(
        "# Bytes by Brotli that have to arrive before a figure is there; {TOLERANCE_PERCENT} % more \
         or less pass.\n# www/build/sizes.mjs says what each is. Recorded by: {HOW_TO_RECORD}\n"
    );
    text.extend(sizes.iter().map(|(name, bytes)| format!("{name} {bytes}\n")));
    text
}

fn parsed(text: &str) -> Outcome<Sizes> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (name, bytes) = line.split_once(' ').unwrap_or((line, ""));
            let bytes = bytes
                .parse()
                .map_err(|_| Failure::new(format!("`{line}` is no name with a size")))?;
            Ok((name.to_owned(), bytes))
        })
        .collect()
}

fn above_ceilings(found: &Sizes) -> Vec<String> {
    let above = CEILINGS.iter().filter_map(|&(name, most)| {
        let bytes = *found.get(name)?;
        (most < bytes).then(|| {
            format!(
                "`{name}` is {bytes} bytes by Brotli, and {most} is the most; load something later"
            )
        })
    });
    above.collect()
}

/// What differs by more than the tolerance, and what only one of the two has.
fn differences(recorded: &Sizes, found: &Sizes) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, &bytes) in found {
        let Some(&before) = recorded.get(name) else {
            problems.push(format!("`{name}` is not in {RECORD}; record it: {HOW_TO_RECORD}"));
            continue;
        };
        if before * TOLERANCE_PERCENT < bytes.abs_diff(before) * 100 {
            let what = if before < bytes { "larger" } else { "smaller" };
            problems.push(format!(
                "`{name}` is {what}: {bytes} bytes by Brotli, {before} recorded; if that is meant, \
                 record it: {HOW_TO_RECORD}"
            ));
        }
    }
    let gone = recorded.keys().filter(|name| !found.contains_key(*name));
    problems.extend(gone.map(|name| {
        format!("`{name}` of {RECORD} is not measured any more; record it: {HOW_TO_RECORD}")
    }));
    problems
}

#[cfg(test)]
mod tests {
    use super::{Sizes, above_ceilings, differences, parsed, written};

    fn sizes(of: &[(&str, u64)]) -> Sizes {
        of.iter().map(|&(name, bytes)| (name.to_owned(), bytes)).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let some = sizes(&[("embed-any-figure", 12), ("site-whole", 34)]);
        assert_eq!(parsed(&written(&some)).expect("it is read"), some);
        assert!(parsed("site-whole NaN\n").is_err());
    }

    #[test]
    fn two_percent_more_or_less_pass_and_no_more() {
        let recorded = sizes(&[("site-whole", 1000)]);
        for (bytes, n_problems) in [(980, 0), (1000, 0), (1020, 0), (979, 1), (1021, 1)] {
            let found = sizes(&[("site-whole", bytes)]);
            assert_eq!(differences(&recorded, &found).len(), n_problems, "{bytes}");
        }
    }

    #[test]
    fn sizes_that_come_or_go_are_told() {
        let problems = differences(&sizes(&[("old", 1)]), &sizes(&[("new", 1)]));
        assert!(problems[0].contains("`new`") && problems[1].contains("`old`"), "{problems:?}");
    }

    #[test]
    fn no_record_raises_a_ceiling() {
        assert!(above_ceilings(&sizes(&[("site-typed-figure", 80_000)])).is_empty());
        assert_eq!(above_ceilings(&sizes(&[("site-typed-figure", 80_001)])).len(), 1);
    }
}
