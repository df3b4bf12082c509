//! The commands of this repository: `cargo xtask build | serve | test`.
fn main() {}
