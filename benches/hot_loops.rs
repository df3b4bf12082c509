//! How long the hot loops take here: `cargo bench --bench hot_loops [NAME]`.
//!
//! Times depend on the machine, so no test rests on them; the counted instructions are in
//! `benches/instructions.txt`.

mod seeded;

use divan::Bencher;
use seeded::hot_loops::{NAMES, hot_loop};

fn main() {
    divan::main();
}

#[divan::bench(args = NAMES)]
fn hot_loops(bencher: Bencher<'_, '_>, name: &str) {
    if let Some(mut run) = hot_loop(name) {
        bencher.bench_local(&mut run);
    }
}
