//! The commands of this repository: `cargo xtask build | serve | test | bench`.
//!
//! It sets up what they need and runs the tools that do the work; it computes nothing of the
//! product itself.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool speaks there")]

mod bench;
mod budgets;
mod fingerprint;
mod outputs;
mod server;
mod setup;
mod sizes;
mod stages;
mod step;
mod tally;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use outputs::Effort;
use step::{Failure, Outcome};

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  serve [--port N] [--no-open]   sets up all that is missing, builds and serves the page here
  build [--quick]                writes dist/site/, dist/embed/ and dist/retention-calculator.html;
                                 with --quick in less time, with a slower core
  test [STAGE...]                sets up all that is missing and runs every test, or these stages
  bench [OPTION...]              measures this project against its peers in one browser

Stages of `test`: format lint rust docs budgets build types unit wasm browser
What follows `--` goes to the runner of the browser tests, but for `--record`, which records anew
the instructions with `budgets` and the sizes with `build`.";

/// The port that `serve` tries first; any free one is as good when it is taken.
const PREFERRED_PORT: u16 = 8000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Outcome<ExitCode> {
    let root = root();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["build"] => {
            outputs::build(&root, Effort::Full)?;
            Ok(ExitCode::SUCCESS)
        }
        ["build", "--quick"] => {
            outputs::build(&root, Effort::Quick)?;
            Ok(ExitCode::SUCCESS)
        }
        ["serve", options @ ..] => {
            serve(&root, options)?;
            Ok(ExitCode::SUCCESS)
        }
        ["test", rest @ ..] => stages::run(&root, rest),
        ["bench", options @ ..] => {
            bench::run(&root, options)?;
            Ok(ExitCode::SUCCESS)
        }
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => Err(Failure::new(format!("`{}` is not a command here.\n\n{USAGE}", words.join(" ")))),
    }
}

fn serve(root: &Path, options: &[&str]) -> Outcome<()> {
    let mut wanted_port = None;
    let mut open = std::env::var_os("CI").is_none();
    let mut options = options.iter();
    while let Some(&option) = options.next() {
        let (name, attached) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (option, None),
        };
        match name {
            "--port" => {
                let value = attached.or_else(|| options.next().copied()).unwrap_or_default();
                wanted_port = Some(value.parse::<u16>().map_err(|_| {
                    Failure::new(format!("--port takes a number from 0 to 65535, not `{value}`"))
                })?);
            }
            "--no-open" => open = false,
            _ => return Err(Failure::new(format!("serve has no option `{option}`\n\n{USAGE}"))),
        }
    }

    // Bound before the build: a port that is taken is said at once, not after minutes.
    let listener = bind(wanted_port)?;
    outputs::build(root, Effort::Full)?;

    let server = server::Server::new(listener, &root.join("dist/site"))?;
    let address = server.address();
    println!("Serving the page at {address}");
    println!("Stop it with Ctrl+C.");
    if open {
        step::open_in_browser(&address);
    }
    server.run();
    Ok(())
}

fn bind(wanted_port: Option<u16>) -> Outcome<TcpListener> {
    let listener = match wanted_port {
        Some(port) => TcpListener::bind(("127.0.0.1", port)),
        None => TcpListener::bind(("127.0.0.1", PREFERRED_PORT))
            .or_else(|_| TcpListener::bind(("127.0.0.1", 0))),
    };
    listener.map_err(|error| {
        let port = wanted_port.unwrap_or(PREFERRED_PORT);
        Failure::new(format!("cannot listen on port {port} ({error}); choose another: --port N"))
    })
}

/// The root of the repository: where the workspace's manifest is.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
