//! Adds up what the test runners report.
//!
//! It reads their closing lines only; whether a runner failed is told by its exit code too.

use std::ops::AddAssign;

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0 };
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1 };

    /// What a runner counted, held against its exit code.
    ///
    /// A runner that failed without a failed test, or that ran no test at all, is one failure.
    pub(crate) fn of_runner(counted: Self, succeeded: bool) -> Self {
        let silent = counted == Self::default() || (!succeeded && counted.failed == 0);
        Self { failed: counted.failed + u64::from(silent), ..counted }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Whose closing lines are read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Runner {
    Cargo,
    Node,
    Playwright,
}

impl Runner {
    /// What one line of the runner's output adds.
    pub(crate) fn read(self, line: &str) -> Tally {
        match self {
            Self::Cargo => read_cargo(line),
            Self::Node => read_node(line),
            Self::Playwright => read_playwright(line),
        }
    }
}

/// `test result: ok. 5 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; …`
fn read_cargo(line: &str) -> Tally {
    let mut tally = Tally::default();
    let Some((_, counts)) =
        line.strip_prefix("test result: ").and_then(|result| result.split_once(". "))
    else {
        return tally;
    };
    for count in counts.split(';') {
        match number_and_word(count) {
            Some((number, "passed")) => tally.passed += number,
            Some((number, "failed")) => tally.failed += number,
            _ => {}
        }
    }
    tally
}

/// `ℹ pass 5`, or `# pass 5` where the output is no terminal.
fn read_node(line: &str) -> Tally {
    let count = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# "));
    let Some((word, number)) = count.and_then(|count| count.split_once(' ')) else {
        return Tally::default();
    };
    let number = number.parse().unwrap_or(0);
    match word {
        "pass" => Tally { passed: number, failed: 0 },
        "fail" | "cancelled" => Tally { passed: 0, failed: number },
        _ => Tally::default(),
    }
}

/// `  5 passed (2.1s)`, `  1 failed`, `  1 flaky`, `  2 did not run`.
fn read_playwright(line: &str) -> Tally {
    let Some(count) = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')) else {
        return Tally::default();
    };
    match number_and_word(count) {
        Some((number, "passed")) => Tally { passed: number, failed: 0 },
        Some((number, "failed" | "flaky" | "interrupted" | "did")) => {
            Tally { passed: 0, failed: number }
        }
        _ => Tally::default(),
    }
}

fn number_and_word(text: &str) -> Option<(u64, &str)> {
    let mut words = text.split_whitespace();
    Some((words.next()?.parse().ok()?, words.next()?))
}

#[cfg(test)]
mod tests {
    use super::{Runner, Tally};

    fn sum(runner: Runner, output: &str) -> (u64, u64) {
        let mut tally = Tally::default();
        for line in output.lines() {
            tally += runner.read(line);
        }
        (tally.passed, tally.failed)
    }

    #[test]
    fn adds_up_the_binaries_of_cargo_test() {
        let output = "running 3 tests\ntest a ... ok\n\
            test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 4 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
        assert_eq!(sum(Runner::Cargo, output), (7, 2));
    }

    #[test]
    fn reads_both_of_nodes_reporters() {
        assert_eq!(sum(Runner::Node, "ℹ tests 4\nℹ pass 2\nℹ fail 1\nℹ cancelled 1\n"), (2, 2));
        assert_eq!(sum(Runner::Node, "# tests 3\n# pass 3\n# fail 0\n# skipped 0\n"), (3, 0));
    }

    #[test]
    fn reads_playwrights_summary_and_not_its_list() {
        let output = "  ✓  1 desktop › a.spec.ts:3:1 › 3 passed (1.0s)\n  ✘  2 b\n\n  1 failed\n    \
            desktop › b.spec.ts:3:1 › b\n  1 flaky\n  2 skipped\n  3 did not run\n  5 passed (2.1s)\n";
        assert_eq!(sum(Runner::Playwright, output), (5, 5));
    }

    #[test]
    fn silence_is_a_failure() {
        let passed = Tally { passed: 3, failed: 0 };
        assert_eq!(Tally::of_runner(passed, true), passed);
        assert_eq!(Tally::of_runner(passed, false), Tally { passed: 3, failed: 1 });
        assert_eq!(Tally::of_runner(Tally::default(), true), Tally::FAILED);
        let counted = Tally { passed: 3, failed: 2 };
        assert_eq!(Tally::of_runner(counted, false), counted);
    }
}
