//! Holds the instructions of the hot loops against the recorded figures.
//!
//! They are counted by valgrind, so neither the load nor the speed of the machine matters. Where
//! they cannot be counted it says so, and fails where `CI` is set; it never takes that for a pass.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use crate::setup;
use crate::step::{self, Failure, Outcome};
use crate::tally::Tally;

const RECORD: &str = "benches/instructions.txt";
const HOW_TO_RECORD: &str = "cargo xtask test budgets -- --record";
/// How much more or less than recorded a loop may take, in percent.
const TOLERANCE_PERCENT: u64 = 5;
/// The function that is counted with all that it calls.
const COUNTED: &str = "*measured_hot_loop*";

/// Instructions of each loop, and what compiled them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Figures {
    compiler: String,
    host: String,
    by_name: BTreeMap<String, u64>,
}

/// Counts the instructions of every hot loop, and records or compares them.
pub(crate) fn instructions(root: &Path, record: bool) -> Outcome<Tally> {
    let valgrind = match setup::valgrind() {
        Ok(valgrind) => valgrind,
        Err(failure) => return not_counted(&failure),
    };
    let (compiler, host) = compiler()?;
    let recorded = read(root)?;
    if !record && let Some(recorded) = &recorded {
        if recorded.host != host {
            return not_counted(&Failure::new(format!(
                "the figures of {RECORD} are for {}, and this is {host}",
                recorded.host
            )));
        }
        if recorded.compiler != compiler {
            println!(
                "budgets: recorded with {}, compared with {compiler}: where only the compiler \
                 moved the figures, record them anew: {HOW_TO_RECORD}",
                recorded.compiler
            );
        }
    }
    let by_name = counted(&valgrind, &executable(root)?)?;
    let found = Figures { compiler, host, by_name };
    if record {
        let path = root.join(RECORD);
        fs::write(&path, written(&found)).map_err(|error| Failure::file("write", &path, &error))?;
        println!("budgets: recorded {} loops in {RECORD}", found.by_name.len());
        return Ok(Tally::PASSED);
    }
    let recorded = recorded
        .ok_or_else(|| Failure::new(format!("{RECORD} is missing; record it: {HOW_TO_RECORD}")))?;
    let problems = problems(&recorded, &found);
    for problem in &problems {
        eprintln!("error: {problem}");
    }
    let n_loops = found.by_name.len();
    let n_failed = problems.len().min(n_loops);
    println!("budgets: {} of {n_loops} loops within {TOLERANCE_PERCENT} %", n_loops - n_failed);
    Ok(Tally { passed: (n_loops - n_failed) as u64, failed: problems.len() as u64 })
}

fn not_counted(reason: &Failure) -> Outcome<Tally> {
    if std::env::var_os("CI").is_some() {
        return Err(Failure::new(format!("instructions were not counted: {reason}")));
    }
    println!("budgets: INSTRUCTIONS WERE NOT COUNTED, so nothing is known of them: {reason}");
    Ok(Tally::default())
}

/// Compiler and host, as `rustc` names them.
fn compiler() -> Outcome<(String, String)> {
    let said = step::ask(Command::new("rustc").arg("-vV"))
        .ok_or_else(|| Failure::new("rustc does not tell its version"))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or("unknown");
    Ok((said.lines().next().unwrap_or("unknown").to_owned(), host.to_owned()))
}

/// Compiles the program with the hot loops and gives its path.
fn executable(root: &Path) -> Outcome<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root).stdin(Stdio::null()).stderr(Stdio::inherit());
    cargo.args(["bench", "--quiet", "--no-run", "--bench", "instructions"]);
    let output = cargo
        .arg("--message-format=json")
        .output()
        .map_err(|error| Failure::new(format!("cargo could not be started: {error}")))?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let found = messages.lines().filter_map(executable_of).next_back();
    found
        .filter(|_| output.status.success())
        .ok_or_else(|| Failure::new("the benchmark `instructions` was not compiled"))
}

/// The executable that a message of cargo tells of, where it is that of the hot loops.
fn executable_of(message: &str) -> Option<PathBuf> {
    let is_ours = message.contains("\"name\":\"instructions\"");
    let (_, rest) = message.split_once("\"executable\":\"").filter(|_| is_ours)?;
    rest.split_once('"').map(|(path, _)| PathBuf::from(path))
}

/// Runs every loop once under callgrind, as many at a time as there are processors.
fn counted(valgrind: &Path, executable: &Path) -> Outcome<BTreeMap<String, u64>> {
    let names = step::ask(&mut Command::new(executable))
        .ok_or_else(|| Failure::new("the benchmark `instructions` does not tell its loops"))?;
    let waiting = Mutex::new(names.lines().map(str::to_owned).collect::<Vec<String>>());
    let found = Mutex::new(BTreeMap::new());
    let n_workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = || waiting.lock().ok().and_then(|mut names| names.pop());
    std::thread::scope(|scope| {
        for _ in 0..n_workers {
            scope.spawn(|| {
                while let Some(name) = next() {
                    let n_instructions = count(valgrind, executable, &name);
                    if let Ok(mut found) = found.lock() {
                        found.insert(name, n_instructions);
                    }
                }
            });
        }
    });
    let found = found.into_inner().unwrap_or_default();
    found.into_iter().map(|(name, count)| count.map(|count| (name, count))).collect()
}

fn count(valgrind: &Path, executable: &Path, name: &str) -> Outcome<u64> {
    let mut callgrind = Command::new(valgrind);
    callgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    callgrind.arg(format!("--toggle-collect={COUNTED}")).arg(executable).arg(name);
    let output = callgrind
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::new(format!("valgrind could not be started: {error}")))?;
    let said = String::from_utf8_lossy(&output.stderr);
    collected(&said)
        .filter(|&count| output.status.success() && 0 < count)
        .ok_or_else(|| Failure::new(format!("callgrind counted nothing of `{name}`:\n{said}")))
}

/// `==123== Collected : 4567`
fn collected(said: &str) -> Option<u64> {
    said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok())
}

fn read(root: &Path) -> Outcome<Option<Figures>> {
    let path = root.join(RECORD);
    match fs::read_to_string(&path) {
        Ok(text) => parsed(&text).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file("read", &path, &error)),
    }
}

fn written(figures: &Figures) -> String {
    let mut text = format!(
        "# Instructions of each hot loop under callgrind; {TOLERANCE_PERCENT} % more or less pass.\n\
         # Recorded by: {HOW_TO_RECORD}\ncompiler {}\nhost {}\n",
        figures.compiler, figures.host
    );
    text.extend(figures.by_name.iter().map(|(name, count)| format!("{name} {count}\n")));
    text
}

fn parsed(text: &str) -> Outcome<Figures> {
    let mut figures = Figures::default();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (name, value) = line.split_once(' ').unwrap_or((line, ""));
        match name {
            "compiler" => value.clone_into(&mut figures.compiler),
            "host" => value.clone_into(&mut figures.host),
            _ => {
                let count = value.parse().map_err(|_| {
                    Failure::new(format!("{RECORD}: `{line}` is no name with a count"))
                })?;
                figures.by_name.insert(name.to_owned(), count);
            }
        }
    }
    Ok(figures)
}

/// What differs by more than the tolerance, and what only one of the two has.
fn problems(recorded: &Figures, found: &Figures) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, &count) in &found.by_name {
        let Some(&before) = recorded.by_name.get(name) else {
            problems.push(format!("`{name}` is not in {RECORD}; record it: {HOW_TO_RECORD}"));
            continue;
        };
        if before * TOLERANCE_PERCENT < count.abs_diff(before) * 100 {
            let what = if before < count { "slower" } else { "faster" };
            problems.push(format!(
                "`{name}` is {what}: {count} instructions, {before} recorded ({:+.1} %); if that is \
                 meant, record it: {HOW_TO_RECORD}",
                percent(before, count)
            ));
        }
    }
    let gone = recorded.by_name.keys().filter(|name| !found.by_name.contains_key(*name));
    problems.extend(gone.map(|name| {
        format!("`{name}` of {RECORD} is no loop any more; record them: {HOW_TO_RECORD}")
    }));
    problems
}

#[allow(clippy::cast_precision_loss, reason = "a number to show")]
fn percent(before: u64, now: u64) -> f64 {
    (now as f64 / before as f64 - 1.0) * 100.0
}

#[cfg(test)]
mod tests {
    use super::{Figures, collected, executable_of, parsed, problems, written};

    fn figures(counts: &[(&str, u64)]) -> Figures {
        Figures {
            compiler: "rustc 1.2.3".to_owned(),
            host: "this-one".to_owned(),
            by_name: counts.iter().map(|&(name, count)| (name.to_owned(), count)).collect(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let some = figures(&[("dates", 12), ("report", 34)]);
        assert_eq!(parsed(&written(&some)).expect("it is read"), some);
        assert!(parsed("dates many\n").is_err());
    }

    #[test]
    fn five_percent_more_or_less_pass_and_no_more() {
        let recorded = figures(&[("loop", 1000)]);
        for (count, n_problems) in [(950, 0), (1000, 0), (1050, 0), (949, 1), (1051, 1)] {
            let found = figures(&[("loop", count)]);
            assert_eq!(problems(&recorded, &found).len(), n_problems, "{count}");
        }
    }

    #[test]
    fn loops_that_come_or_go_are_told() {
        let problems = problems(&figures(&[("old", 1)]), &figures(&[("new", 1)]));
        assert!(problems[0].contains("`new`") && problems[1].contains("`old`"), "{problems:?}");
    }

    #[test]
    fn reads_what_cargo_and_callgrind_say() {
        let message =
            "{\"target\":{\"name\":\"instructions\"},\"executable\":\"/a/b\",\"fresh\":true}";
        assert_eq!(executable_of(message), Some("/a/b".into()));
        assert_eq!(executable_of(&message.replace("instructions", "other")), None);
        assert_eq!(executable_of("{\"name\":\"instructions\",\"executable\":null}"), None);
        assert_eq!(collected("==1== Events    : Ir\n==1== Collected : 4567\n"), Some(4567));
        assert_eq!(collected("==1== Collected : \n"), None);
    }
}
