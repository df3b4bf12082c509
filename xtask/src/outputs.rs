//! Builds the core for the browser and the three outputs of the page into `dist/`.
//!
//! It does again only what depends on something that changed; it deliberately never cleans.

use std::fs;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use crate::fingerprint::{self, Fingerprint};
use crate::setup::{self, WASM_TARGET, WasmStd};
use crate::step::{self, Failure, Outcome};

/// The features that the compiler itself uses for this target, and SIMD.
///
/// Named one by one: with all of them on, `wasm-opt` writes a module that browsers refuse.
///
/// It makes no function of several: where a function is hot, a browser compiles the whole of it, and
/// that takes longer than a large file where the whole is large.
const WASM_OPT: [&str; 14] = [
    "-O3",
    "--one-caller-inline-max-function-size",
    "1",
    "--always-inline-max-function-size",
    "1",
    "--flexible-inline-max-function-size",
    "1",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// Without vectors the core reads a file several times slower.
const WASM_FEATURES: &str = "target-feature=+simd128,+bulk-memory";

/// How much of what it calls a function may take in where nobody has asked for it, in the compiler's
/// measure; it would take in five times as much by itself. A first report then needs a sixth less
/// code, and what is hot says `#[inline]`.
const INLINE_MAX: &str = "llvm-args=-inline-threshold=40";

const LIBRARY: &str = "retention_calculator";

/// One WebAssembly module of the page.
///
/// Each is the same source with the bindings of one feature: what is not called from there is not
/// in it, and nothing else is left out.
struct Module {
    /// Its files in `www/pkg` have this name.
    name: &'static str,
    /// The feature with its bindings, and the profile that it is compiled in.
    feature: &'static str,
}

const MODULES: [Module; 3] = [
    Module { name: "formulas", feature: "wasm-formulas" },
    Module { name: "files", feature: "wasm-files" },
    Module { name: "models", feature: "wasm-models" },
];

/// For [`Effort::Quick`]: compiled once, with everything, in place of each module.
pub(crate) const WHOLE: &str = "wasm-formulas,wasm-files,wasm-models";

/// What a complete build leaves in `dist/`.
const OUTPUTS: [&str; 6] = [
    "site/index.html",
    "embed/retention-calculator.js",
    "embed/retention-calculator.d.ts",
    "embed/custom-elements.json",
    "retention-calculator.html",
    "SHA256SUMS",
];

/// How much work goes into the core.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// What people get.
    Full,
    /// Compiled in a fraction of the time, and slower: for work on the page.
    Quick,
}

/// Sets up what is missing and brings `dist/` up to date.
pub(crate) fn build(root: &Path, effort: Effort) -> Outcome<()> {
    setup::npm(root)?;
    let wasm_std = setup::wasm()?;
    let core = core(root, wasm_std, effort)?;
    page(root, &core)
}

/// Where cargo and this tool keep what they make on the way.
pub(crate) fn target_folder(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Compiles the modules of the core for the browser and writes them with their bindings to
/// `www/pkg`.
pub(crate) fn core(root: &Path, wasm_std: WasmStd, effort: Effort) -> Outcome<Fingerprint> {
    let package = root.join("www/pkg");
    let mut inputs = Fingerprint::new();
    inputs.add_file(&root.join("Cargo.lock"))?;
    inputs.add_file(&root.join("www/package-lock.json"))?;
    for flag in WASM_OPT {
        inputs.add(flag.as_bytes());
    }
    let mut compiled = Vec::new();
    for module in &MODULES {
        let file = compile(root, wasm_std, effort, module)?;
        inputs.add(module.name.as_bytes());
        inputs.add(&file);
        compiled.push((module.name, file));
    }

    let stamp = target_folder(root).join("xtask/core");
    let is_complete = MODULES.iter().all(|&Module { name, .. }| {
        package.join(format!("{name}_bg.wasm")).exists()
            && package.join(format!("{name}.d.ts")).exists()
    });
    if is_complete && fingerprint::is_fresh(&stamp, &inputs) {
        return Ok(inputs);
    }

    println!("build: bindings and wasm-opt");
    if package.exists() {
        fs::remove_dir_all(&package).map_err(|error| Failure::file("empty", &package, &error))?;
    }
    for (name, file) in compiled {
        bind(root, &package, name, file, effort)?;
    }
    fingerprint::write(&stamp, &inputs)?;
    Ok(inputs)
}

/// The bytes of one module as the compiler writes it.
fn compile(root: &Path, wasm_std: WasmStd, effort: Effort, module: &Module) -> Outcome<Vec<u8>> {
    let target = target_folder(root);
    let (features, profile) = match effort {
        Effort::Full => (module.feature, module.feature),
        Effort::Quick => (WHOLE, "wasm-quick"),
    };
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(root)
        .args(["rustc", "--lib", "--crate-type", "cdylib", "--features", features])
        .args(["--profile", profile, "--target", WASM_TARGET, "--target-dir"])
        .arg(&target);
    wasm_std.apply(&mut cargo);
    cargo.args(["--", "-C", WASM_FEATURES]);
    if effort == Effort::Full {
        cargo.args(["-C", INLINE_MAX]);
    }
    step::run(&format!("compiling the core for the browser: {}", module.name), &mut cargo)?;
    let file = target.join(WASM_TARGET).join(profile).join(format!("{LIBRARY}.wasm"));
    fs::read(&file).map_err(|error| Failure::file("read", &file, &error))
}

/// Writes one module with its bindings.
fn bind(root: &Path, package: &Path, name: &str, compiled: Vec<u8>, effort: Effort) -> Outcome<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes(name, compiled)
        .out_name(name)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    // The page hands the bytes over itself: the default address of the module stays out.
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(package))
        .map_err(|error| Failure::new(format!("the bindings could not be made: {error:#}")))?;

    if effort == Effort::Full {
        let optimized = package.join(format!("{name}_bg.wasm"));
        let mut wasm_opt = Command::new("node");
        wasm_opt.arg(root.join("www/node_modules/binaryen/bin/wasm-opt")).args(WASM_OPT);
        wasm_opt.arg(&optimized).arg("-o").arg(&optimized);
        step::run("wasm-opt", &mut wasm_opt)?;
    }
    Ok(())
}

/// Bundles the page, the element and the single file.
pub(crate) fn page(root: &Path, core: &Fingerprint) -> Outcome<()> {
    let dist = root.join("dist");
    let mut inputs = core.clone();
    inputs.add_folder(&root.join("www"), &["node_modules", "pkg"])?;
    // What the page loads first of the core is what these files need of it.
    inputs.add_folder(&root.join("tests/cases/vendor"), &[])?;

    let stamp = target_folder(root).join("xtask/page");
    if fingerprint::is_fresh(&stamp, &with_outputs(inputs.clone(), &dist)?) {
        return Ok(());
    }

    println!("build: page, element and single file");
    if dist.exists() {
        fs::remove_dir_all(&dist).map_err(|error| Failure::file("empty", &dist, &error))?;
    }
    npm_script(root, "build")?;
    if let Some(missing) = OUTPUTS.iter().find(|output| !dist.join(output).exists()) {
        return Err(Failure::new(format!("the build left no dist/{missing}")));
    }
    fingerprint::write(&stamp, &with_outputs(inputs, &dist)?)
}

/// The outputs belong to the fingerprint: a file of `dist/` that was touched is built anew.
fn with_outputs(mut inputs: Fingerprint, dist: &Path) -> Outcome<Fingerprint> {
    if dist.exists() {
        inputs.add_folder(dist, &[])?;
    }
    Ok(inputs)
}

fn npm_script(root: &Path, script: &str) -> Outcome<()> {
    step::run(&format!("npm run {script}"), npm(root).args(["run", "--silent", script]))
}

/// npm in `www/`.
pub(crate) fn npm(root: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(root.join("www"));
    if !std::io::stdout().is_terminal() {
        // Some of its tools paint their messages even into a file.
        command.env("NO_COLOR", "1").env_remove("FORCE_COLOR");
    }
    command
}
