//! `cargo xtask bench`: this project and its peers side by side in one headless browser.
//!
//! It sets up what is missing and writes the files; what is measured and how is in `tests/bench`.

mod data;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::outputs;
use crate::setup;
use crate::step::{self, Failure, Outcome};
use data::Sizes;

pub(crate) const USAGE: &str = "\
  bench [--quick] [--rounds N] [--only PARTS] [--peers ENGINES] [--json FILE] [--no-write]
                                 measures this project against its peers; writes BENCHMARKS.md";

/// The peer outside the browser, from the Python package index.
const DUCKDB: &str = "duckdb==2.0.0";

struct Options {
    is_quick: bool,
    writes_table: bool,
    rounds: Option<u32>,
    parts: Option<String>,
    peers: Option<String>,
    json: Option<PathBuf>,
}

/// Runs the whole benchmark, or the part of it that `arguments` name.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Outcome<()> {
    let options = parse(arguments)?;
    outputs::build(root, outputs::Effort::Full)?;
    setup::packages(&root.join("tests/bench"))?;
    let browser = setup::browser()?;
    let folder = outputs::target_folder(root).join("bench");
    let python = python_with_duckdb(&folder)?;
    let sizes = if options.is_quick { Sizes::QUICK } else { Sizes::FULL };
    let made = folder.join(if options.is_quick { "data/quick" } else { "data/full" });
    fs::create_dir_all(&made).map_err(|error| Failure::file("make", &made, &error))?;
    for dataset in data::all(sizes) {
        dataset.make(&made)?;
    }

    let mut node = Command::new("node");
    node.current_dir(root)
        .arg("tests/bench/run.mjs")
        .env("RETENTION_BROWSER", browser)
        .env("RETENTION_BENCH_PYTHON", python)
        .env("RETENTION_BENCH_FOLDER", &folder)
        .env("RETENTION_BENCH_DATA", &made);
    if options.is_quick {
        node.arg("--quick");
    }
    if !options.writes_table {
        node.arg("--no-write");
    }
    if let Some(rounds) = options.rounds {
        node.args(["--rounds", &rounds.to_string()]);
    }
    if let Some(parts) = &options.parts {
        node.args(["--only", parts]);
    }
    if let Some(peers) = &options.peers {
        node.args(["--peers", peers]);
    }
    if let Some(json) = &options.json {
        node.arg("--json").arg(json);
    }
    step::run("the benchmark", &mut node)
}

fn parse(arguments: &[&str]) -> Outcome<Options> {
    let mut options = Options {
        is_quick: false,
        writes_table: true,
        rounds: None,
        parts: None,
        peers: None,
        json: None,
    };
    let mut arguments = arguments.iter();
    while let Some(&argument) = arguments.next() {
        let (name, attached) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (argument, None),
        };
        let mut value = || {
            attached
                .or_else(|| arguments.next().copied())
                .filter(|value| !value.is_empty())
                .ok_or_else(|| Failure::new(format!("{name} needs a value\n\n{USAGE}")))
        };
        match name {
            "--quick" => options.is_quick = true,
            "--no-write" => options.writes_table = false,
            "--rounds" => {
                let text = value()?;
                let rounds = text.parse().ok().filter(|rounds| 0 < *rounds);
                options.rounds = Some(rounds.ok_or_else(|| {
                    Failure::new(format!("--rounds takes a number from 1 on, not `{text}`"))
                })?);
            }
            "--only" => options.parts = Some(value()?.to_owned()),
            "--peers" => options.peers = Some(value()?.to_owned()),
            "--json" => {
                let path = Path::new(value()?);
                // Relative to where the command was typed, and not to the root.
                let absolute = std::path::absolute(path);
                options.json =
                    Some(absolute.map_err(|error| Failure::file("write", path, &error))?);
            }
            _ => return Err(Failure::new(format!("bench has no option `{argument}`\n\n{USAGE}"))),
        }
    }
    Ok(options)
}

/// A Python with that package, in an environment of its own in `folder`; made where it is missing.
fn python_with_duckdb(folder: &Path) -> Outcome<PathBuf> {
    let place = folder.join("python");
    let python = place.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let version = DUCKDB.rsplit('=').next().unwrap_or_default();
    let check = format!("import duckdb; assert duckdb.__version__ == '{version}'");
    let is_ready = |python: &Path| step::ask(Command::new(python).args(["-c", &check])).is_some();
    if is_ready(&python) {
        return Ok(python);
    }
    println!("setup: {DUCKDB} in a Python environment of its own");
    let mut make = Command::new("python3");
    step::run("python3 -m venv", make.args(["-m", "venv"]).arg(&place))?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", DUCKDB]);
    step::run("pip install", &mut install)?;
    if is_ready(&python) {
        Ok(python)
    } else {
        Err(Failure::new(format!("{} has no {DUCKDB}", python.display())))
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn takes_its_options_in_both_forms() {
        let options = parse(&["--quick", "--rounds=3", "--only", "subs,mrr", "--peers=udsv"]);
        let options = options.expect("options");
        assert!(options.is_quick && options.writes_table);
        assert_eq!(options.rounds, Some(3));
        assert_eq!(options.parts.as_deref(), Some("subs,mrr"));
        assert_eq!(options.peers.as_deref(), Some("udsv"));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for arguments in [&["--fast"][..], &["--rounds", "0"], &["--rounds", "x"], &["--only"]] {
            assert!(parse(arguments).is_err(), "{arguments:?}");
        }
    }
}
