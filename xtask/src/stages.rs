//! Runs every test of the repository, stage by stage, and adds up the results.
//!
//! A stage that fails does not keep the others from running; one whose prerequisite is missing is
//! counted as failed. It deliberately has no retry: a test that passes sometimes has failed.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, ExitCode};
#[allow(
    clippy::disallowed_types,
    reason = "only the core has no clock; this tells the waiting"
)]
use std::time::Instant;

use crate::budgets as hot_loops;
use crate::fingerprint::Fingerprint;
use crate::outputs;
use crate::server::Server;
use crate::setup::{self, WASM_TARGET, WasmStd};
use crate::sizes;
use crate::step::{self, Failure, Outcome};
use crate::tally::{Runner, Tally};

/// A stage: its name on the command line, what its heading says, and what it does.
struct Stage {
    name: &'static str,
    title: &'static str,
    run: fn(&mut Session<'_>) -> Outcome<Tally>,
}

const STAGES: [Stage; 10] = [
    Stage { name: "format", title: "Rust is formatted", run: format },
    Stage { name: "lint", title: "Rust has no warning", run: lint },
    Stage { name: "rust", title: "Rust tests and examples", run: rust },
    Stage { name: "docs", title: "Rust documentation", run: docs },
    Stage { name: "budgets", title: "Allocations and instructions", run: budgets },
    Stage { name: "build", title: "All outputs are built, and no larger", run: build },
    Stage { name: "types", title: "TypeScript has no error", run: types },
    Stage { name: "unit", title: "TypeScript tests", run: unit },
    Stage { name: "wasm", title: "The same cases through WebAssembly", run: wasm },
    Stage { name: "browser", title: "The page in a browser", run: browser },
];

/// What later stages need of earlier ones; each is made once, and its failure is kept.
struct Session<'a> {
    root: &'a Path,
    playwright_options: Vec<&'a str>,
    /// Whether instructions and sizes are recorded anew.
    record: bool,
    wasm_std: Option<Result<WasmStd, String>>,
    npm: Option<Result<(), String>>,
    core: Option<Result<Fingerprint, String>>,
    page: Option<Result<(), String>>,
}

/// Runs the stages named in `arguments`, or all; what follows `--` is for Playwright, but for
/// `--record`.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Outcome<ExitCode> {
    let mut parts = arguments.splitn(2, |argument| *argument == "--");
    let names = parts.next().unwrap_or_default();
    let options = parts.next().unwrap_or_default();
    let record = options.contains(&"--record");
    let playwright_options = options.iter().copied().filter(|&one| one != "--record").collect();
    let known: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        return Err(Failure::new(format!(
            "`{unknown}` is no stage; these are: {}",
            known.join(" ")
        )));
    }

    let mut session = Session {
        root,
        playwright_options,
        record,
        wasm_std: None,
        npm: None,
        core: None,
        page: None,
    };
    let mut total = Tally::default();
    let mut table = Vec::new();
    for stage in STAGES.iter().filter(|stage| names.is_empty() || names.contains(&stage.name)) {
        println!("\n=== {}: {}", stage.name, stage.title);
        #[allow(clippy::disallowed_types, reason = "only the core has no clock")]
        let start = Instant::now();
        let tally = (stage.run)(&mut session).unwrap_or_else(failed);
        total += tally;
        table.push(format!(
            "{:8} {:6} passed {:6} failed {:6.1} s",
            stage.name,
            tally.passed,
            tally.failed,
            start.elapsed().as_secs_f64()
        ));
    }
    println!("\n=== result\n{}\n", table.join("\n"));
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn format(session: &mut Session<'_>) -> Outcome<Tally> {
    check("cargo fmt", &mut session.cargo(&["fmt", "--all", "--check"]))
}

#[allow(clippy::unnecessary_wraps, reason = "a stage like the others")]
fn lint(session: &mut Session<'_>) -> Outcome<Tally> {
    let mut native = session.cargo(&["clippy", "--quiet", "--workspace", "--all-targets"]);
    let mut tally = check("cargo clippy", native.args(["--", "-Dwarnings"])).unwrap_or_else(failed);
    let mut bindings = session.cargo(&["clippy", "--quiet", "--lib", "--features", outputs::WHOLE]);
    // Without a ready-made standard library for wasm, the bindings are read for this machine.
    if session.wasm_std().is_ok_and(|way| way == WasmStd::Installed) {
        bindings.args(["--target", WASM_TARGET]);
    }
    tally += check("cargo clippy with the bindings", bindings.args(["--", "-Dwarnings"]))
        .unwrap_or_else(failed);
    Ok(tally)
}

fn rust(session: &mut Session<'_>) -> Outcome<Tally> {
    let mut command = session.cargo(&["test", "--quiet", "--workspace", "--no-fail-fast"]);
    // The same made-up inputs on every run, so that a change is judged and not luck. Another seed
    // in the environment searches on.
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        command.env("PROPTEST_RNG_SEED", "1");
    }
    count("cargo test", Runner::Cargo, &mut command)
}

fn docs(session: &mut Session<'_>) -> Outcome<Tally> {
    let mut command = session.cargo(&["doc", "--quiet", "--no-deps", "--lib"]);
    check("cargo doc", command.env("RUSTDOCFLAGS", "-Dwarnings"))
}

fn budgets(session: &mut Session<'_>) -> Outcome<Tally> {
    let mut allocations = session.cargo(&["test", "--quiet", "--test", "allocations"]);
    let mut tally = count("cargo test --test allocations", Runner::Cargo, &mut allocations)?;
    tally += hot_loops::instructions(session.root, session.record).unwrap_or_else(failed);
    Ok(tally)
}

fn build(session: &mut Session<'_>) -> Outcome<Tally> {
    session.page()?;
    println!("build: passed");
    let mut declarations = outputs::npm(session.root);
    let mut tally = Tally::PASSED;
    tally += check("npm run check:host", declarations.args(["run", "--silent", "check:host"]))?;
    tally += sizes::compare(session.root, session.record).unwrap_or_else(failed);
    Ok(tally)
}

fn types(session: &mut Session<'_>) -> Outcome<Tally> {
    session.core()?;
    let mut command = outputs::npm(session.root);
    check("npm run check", command.args(["run", "--silent", "check"]))
}

fn unit(session: &mut Session<'_>) -> Outcome<Tally> {
    session.core()?;
    let mut command = outputs::npm(session.root);
    let mut tally = count("npm test", Runner::Node, command.args(["run", "--silent", "test"]))?;
    tally += node_tests(session.root, "tests/bench")?;
    Ok(tally)
}

fn wasm(session: &mut Session<'_>) -> Outcome<Tally> {
    session.core()?;
    node_tests(session.root, "tests/wasm")
}

/// The tests of one folder that run in Node without a build of their own.
fn node_tests(root: &Path, folder: &str) -> Outcome<Tally> {
    let folder = root.join(folder);
    let entries = fs::read_dir(&folder).map_err(|error| Failure::file("read", &folder, &error))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() {
        return Err(Failure::new(format!("{} holds no test", folder.display())));
    }
    let mut node = Command::new("node");
    node.current_dir(root).args(["--test", "--test-reporter=spec"]).args(files);
    count("node --test", Runner::Node, &mut node)
}

fn browser(session: &mut Session<'_>) -> Outcome<Tally> {
    session.page()?;
    let browser = setup::browser()?;
    let listener = TcpListener::bind(("127.0.0.1", 0))
        .map_err(|error| Failure::new(format!("no port is free: {error}")))?;
    let server = Server::new(listener, &session.root.join("dist"))?;
    let address = server.address();
    std::thread::spawn(move || server.run());

    let mut node = Command::new("node");
    node.current_dir(session.root)
        .arg("www/node_modules/@playwright/test/cli.js")
        .args(["test", "--config", "tests/browser/playwright.config.ts"])
        .args(&session.playwright_options)
        .env("RETENTION_BROWSER", browser)
        .env("RETENTION_DIST", address);
    count("playwright", Runner::Playwright, &mut node)
}

impl Session<'_> {
    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command.current_dir(self.root).args(arguments);
        command
    }

    fn npm(&mut self) -> Outcome<()> {
        let root = self.root;
        once(&mut self.npm, || setup::npm(root))
    }

    fn wasm_std(&mut self) -> Outcome<WasmStd> {
        once(&mut self.wasm_std, setup::wasm)
    }

    fn core(&mut self) -> Outcome<Fingerprint> {
        self.npm()?;
        let wasm_std = self.wasm_std()?;
        let root = self.root;
        once(&mut self.core, || outputs::core(root, wasm_std, outputs::Effort::Full))
    }

    fn page(&mut self) -> Outcome<()> {
        let core = self.core()?;
        let root = self.root;
        once(&mut self.page, || outputs::page(root, &core))
    }
}

/// A command that is one test: it passes or fails as a whole.
fn check(what: &str, command: &mut Command) -> Outcome<Tally> {
    step::run(what, command)?;
    println!("{what}: passed");
    Ok(Tally::PASSED)
}

#[allow(clippy::needless_pass_by_value, reason = "the end of a failure")]
fn failed(failure: Failure) -> Tally {
    eprintln!("error: {failure}");
    Tally::FAILED
}

/// A command that runs tests and says how many.
fn count(what: &str, runner: Runner, command: &mut Command) -> Outcome<Tally> {
    let mut counted = Tally::default();
    let succeeded = step::follow(what, command, |line| counted += runner.read(line))?;
    if counted == Tally::default() {
        eprintln!("error: {what} ran no test");
    }
    Ok(Tally::of_runner(counted, succeeded))
}

/// Makes what is not made yet; a failure is said in full once and referred to afterwards.
fn once<T: Clone>(
    kept: &mut Option<Result<T, String>>,
    first: impl FnOnce() -> Outcome<T>,
) -> Outcome<T> {
    match kept {
        Some(Ok(made)) => Ok(made.clone()),
        Some(Err(earlier)) => Err(Failure::new(format!("not run, since {earlier}"))),
        None => {
            let made = first();
            *kept = Some(made.as_ref().map(T::clone).map_err(ToString::to_string));
            made
        }
    }
}
