//! Runs one hot loop once, for a program that counts its instructions.
//!
//! `instructions NAME` runs that loop; `instructions` prints the names. It measures nothing itself.

mod seeded;

use std::io::Write;
use std::process::ExitCode;

use seeded::hot_loops::{NAMES, hot_loop};

fn main() -> ExitCode {
    // What `cargo bench` adds is no name.
    let name = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let Some(name) = name else {
        let mut out = std::io::stdout().lock();
        return if NAMES.iter().all(|name| writeln!(out, "{name}").is_ok()) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        };
    };
    let Some(mut hot_loop) = hot_loop(&name) else { return ExitCode::FAILURE };
    measured_hot_loop(&mut hot_loop);
    ExitCode::SUCCESS
}

/// What is counted: this function and all that it calls.
#[inline(never)]
fn measured_hot_loop(run: &mut dyn FnMut()) {
    run();
}
