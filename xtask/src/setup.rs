//! Makes sure that what the commands need is installed, and says in one line what it installs.
//!
//! It deliberately downloads nothing by itself: rustup, npm and the system's package manager do.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::fingerprint::{self, Fingerprint};
use crate::step::{self, Failure, Outcome};

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The oldest Node that the page's tools run on, as in `www/package.json`.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// Debian's compiler with the sources of its standard library, and a linker for wasm.
const DEBIAN_RUST: [&str; 3] = ["rustc-web", "rust-web-src", "lld-22"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCES: &str = "/usr/lib/rustlib/src/rust/library/Cargo.lock";
const DEBIAN_LINKER: &str = "/usr/bin/wasm-ld-22";

/// Where the standard library for wasm comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WasmStd {
    /// The target is installed beside the compiler.
    Installed,
    /// Debian's compiler builds it from source.
    Debian,
}

impl WasmStd {
    /// Adds to a cargo command that builds for wasm what this way needs.
    pub(crate) fn apply(self, command: &mut Command) {
        if self == Self::Debian {
            command
                .env("RUSTC", DEBIAN_RUSTC)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER)
                .env_remove("RUSTC_WRAPPER")
                .env_remove("RUSTC_WORKSPACE_WRAPPER")
                .arg("-Zbuild-std=std,panic_abort");
        }
    }
}

/// Makes sure that the core can be compiled for the browser.
pub(crate) fn wasm() -> Outcome<WasmStd> {
    if has_wasm_target() {
        return Ok(WasmStd::Installed);
    }
    if debian_rust_is_ready() {
        println!("setup: {WASM_TARGET} is built from the sources of Debian's Rust");
        return Ok(WasmStd::Debian);
    }
    if step::find_program("rustup").is_some() {
        println!("setup: rustup target add {WASM_TARGET}");
        let mut rustup = Command::new("rustup");
        rustup.args(["target", "add", WASM_TARGET]);
        if step::run("rustup", &mut rustup).is_ok() && has_wasm_target() {
            return Ok(WasmStd::Installed);
        }
    }
    if is_debian() {
        println!("setup: apt-get install {}, to build {WASM_TARGET}", DEBIAN_RUST.join(" "));
        apt_install(&DEBIAN_RUST)?;
        if debian_rust_is_ready() {
            return Ok(WasmStd::Debian);
        }
    }
    Err(Failure::new(format!(
        "the Rust target {WASM_TARGET} is missing and could not be installed; install it with \
         `rustup target add {WASM_TARGET}`"
    )))
}

fn has_wasm_target() -> bool {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", WASM_TARGET]);
    step::ask(&mut rustc).is_some_and(|folder| {
        fs::read_dir(folder).is_ok_and(|files| {
            files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libcore-"))
        })
    })
}

fn debian_rust_is_ready() -> bool {
    is_debian()
        && [DEBIAN_RUSTC, DEBIAN_SOURCES, DEBIAN_LINKER].iter().all(|path| Path::new(path).exists())
}

/// Makes sure that Node is new enough and that the packages of `www/package-lock.json` are there.
pub(crate) fn npm(root: &Path) -> Outcome<()> {
    packages(&root.join("www"))
}

/// The same for the lock file in `folder`.
pub(crate) fn packages(folder: &Path) -> Outcome<()> {
    let (major, minor) = OLDEST_NODE;
    let needed = format!("Node.js {major}.{minor} or newer is needed");
    let version = step::ask(Command::new("node").arg("--version")).ok_or_else(|| {
        Failure::new(format!("{needed} to build the page, and no `node` was found on the PATH"))
    })?;
    if !is_at_least(&version, OLDEST_NODE) {
        return Err(Failure::new(format!("{needed} to build the page; `node` here is {version}")));
    }
    let npm = step::find_program(if cfg!(windows) { "npm.cmd" } else { "npm" })
        .ok_or_else(|| Failure::new("npm, which comes with Node.js, was not found on the PATH"))?;

    let mut wanted = Fingerprint::new();
    wanted.add(version.as_bytes());
    wanted.add_file(&folder.join("package.json"))?;
    wanted.add_file(&folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed");
    if fingerprint::is_fresh(&stamp, &wanted) {
        return Ok(());
    }
    println!("setup: npm ci in {}", folder.display());
    let mut install = Command::new(npm);
    install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    step::run("npm ci", install.current_dir(folder))?;
    fingerprint::write(&stamp, &wanted)
}

fn is_at_least(version: &str, oldest: (u32, u32)) -> bool {
    let mut parts = version.trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= oldest,
        _ => false,
    }
}

/// Finds a Chrome or Chromium for the browser tests, or installs one.
pub(crate) fn browser() -> Outcome<PathBuf> {
    if let Some(chosen) = std::env::var_os("RETENTION_BROWSER").map(PathBuf::from) {
        return if step::is_runnable(&chosen) {
            Ok(chosen)
        } else {
            Err(Failure::new(format!(
                "RETENTION_BROWSER names {}, which is no program",
                chosen.display()
            )))
        };
    }
    if let Some(found) = find_browser() {
        return Ok(found);
    }
    if is_debian() {
        println!("setup: apt-get install chromium, for the browser tests");
        apt_install(&["chromium"])?;
        if let Some(found) = find_browser() {
            return Ok(found);
        }
    }
    Err(Failure::new(
        "no Chrome or Chromium was found for the browser tests; install one, or name it in \
         RETENTION_BROWSER",
    ))
}

/// Finds valgrind, which counts instructions, or installs it.
pub(crate) fn valgrind() -> Outcome<PathBuf> {
    if let Some(found) = step::find_program("valgrind") {
        return Ok(found);
    }
    if is_debian() {
        println!("setup: apt-get install valgrind, to count instructions");
        apt_install(&["valgrind"])?;
        if let Some(found) = step::find_program("valgrind") {
            return Ok(found);
        }
    }
    Err(Failure::new("valgrind, which counts instructions, was not found; install it"))
}

fn find_browser() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
    let mut places = vec![
        PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        PathBuf::from("/Applications/Chromium.app/Contents/MacOS/Chromium"),
        PathBuf::from("/opt/google/chrome/chrome"),
    ];
    for variable in ["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"] {
        if let Some(folder) = std::env::var_os(variable) {
            places.push(Path::new(&folder).join("Google/Chrome/Application/chrome.exe"));
        }
    }
    names
        .iter()
        .find_map(|name| step::find_program(name))
        .or_else(|| places.into_iter().find(|place| step::is_runnable(place)))
}

fn is_debian() -> bool {
    step::find_program("apt-get").is_some()
        && fs::read_to_string("/etc/os-release").is_ok_and(|text| names_debian(&text))
}

fn names_debian(os_release: &str) -> bool {
    os_release.lines().any(|line| {
        let Some((key, value)) = line.split_once('=') else { return false };
        let mut words = value.trim_matches('"').split_whitespace();
        matches!(key, "ID" | "ID_LIKE") && words.any(|word| word == "debian")
    })
}

fn apt_install(packages: &[&str]) -> Outcome<()> {
    let is_root = step::ask(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    let apt = |arguments: &[&str]| {
        let words: Vec<OsString> = if is_root {
            vec!["apt-get".into()]
        } else {
            vec!["sudo".into(), "-n".into(), "apt-get".into()]
        };
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(arguments).stdout(Stdio::null());
        command.env("DEBIAN_FRONTEND", "noninteractive");
        step::run("apt-get", &mut command)
    };
    // An old list of packages may still do: the install decides.
    let listed = apt(&["-qq", "update"]);
    let mut arguments = vec!["-qq", "install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    apt(&arguments).map_err(|failure| {
        let also =
            listed.err().map_or(String::new(), |_| " (nor could its lists be updated)".into());
        Failure::new(format!(
            "{failure}{also}; run this as an administrator: apt-get install {}",
            packages.join(" ")
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::{OLDEST_NODE, is_at_least, names_debian};

    #[test]
    fn compares_versions_as_numbers() {
        for (version, enough) in [
            ("v20.19.0", true),
            ("v20.20.2", true),
            ("v22.1.0", true),
            ("v20.9.0", false),
            ("v18.20.4", false),
            ("v9.99.0", false),
            ("", false),
            ("node", false),
        ] {
            assert_eq!(is_at_least(version, OLDEST_NODE), enough, "{version}");
        }
    }

    #[test]
    fn knows_debian_and_what_descends_from_it() {
        assert!(names_debian("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n"));
        assert!(names_debian("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(names_debian("ID=pop\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!names_debian("ID=fedora\nVARIANT=debian\n"));
        assert!(!names_debian("ID=debianish\n"));
    }
}
