//! Rules of the house that the compiler does not know: layers, headers, documentation, names.
//!
//! It reads the sources as text and deliberately judges no behaviour. Each rule is a function from a
//! text to what is wrong in it, and each is shown to bite on a text that breaks it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What the code of a module outside its tests may import of this crate.
///
/// `module::Item` allows that item alone. The same table, in words, is in ARCHITECTURE.md.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("arrange", &[]),
    ("note", &["arrange"]),
    ("number", &["arrange", "error", "note"]),
    ("calendar", &["error", "note"]),
    ("formula", &["error", "note", "number", "calendar"]),
    ("ingest", &["error", "arrange", "note", "number", "calendar", "report::Question"]),
    ("roles", &["error", "arrange", "note", "number", "calendar", "ingest"]),
    (
        "ledger",
        &[
            "error",
            "arrange",
            "note",
            "number",
            "calendar",
            "ingest",
            "roles",
            "report::ColumnReport",
            "report::DialectReport",
            "report::Input",
            "report::Question",
            "report::RowCounts",
            "report::note_report",
        ],
    ),
    ("survival", &["error", "arrange", "note", "number", "calendar", "formula"]),
    (
        "analysis",
        &["error", "arrange", "note", "number", "calendar", "formula", "ledger", "survival"],
    ),
    (
        "scenario",
        &[
            "error",
            "arrange",
            "note",
            "number",
            "calendar",
            "formula",
            "ledger",
            "analysis",
            "survival",
            "report::CurvePoint",
            "report::CustomerMovements",
            "report::RevenueMovements",
        ],
    ),
    (
        "health",
        &[
            "error",
            "arrange",
            "note",
            "number",
            "calendar",
            "formula",
            "ingest",
            "roles",
            "ledger::build",
            "report::ColumnReport",
            "report::DialectReport",
            "report::NoteReport",
            "report::Question",
            "report::RowCounts",
            "report::note_report",
        ],
    ),
    (
        "report",
        &[
            "error", "arrange", "note", "number", "calendar", "formula", "ingest", "roles",
            "ledger", "analysis", "survival", "scenario",
        ],
    ),
    (
        "session",
        &[
            "error", "note", "number", "calendar", "formula", "ingest", "roles", "ledger",
            "analysis", "survival", "scenario", "health", "report",
        ],
    ),
    (
        "join",
        &[
            "error", "arrange", "note", "number", "calendar", "ingest", "roles", "ledger",
            "analysis", "health", "report", "session",
        ],
    ),
    (
        "wasm",
        &[
            "error", "formula", "health", "join", "number", "report", "scenario", "session",
            "survival",
        ],
    ),
];

/// Names that say nothing about what a file holds.
const EMPTY_NAMES: [&str; 7] = ["utils", "util", "helpers", "helper", "common", "types", "misc"];

/// What the documentation of a function that gives a number has to answer.
const FIGURE_SECTIONS: [&str; 7] = [
    "# Formula",
    "# Domain",
    "# Undefined",
    "# Errors",
    "# Assumptions",
    "# Examples",
    "# References",
];

/// Public functions beside them that give a list, a date or a span.
const NO_FIGURES: [&str; 3] = ["as_of", "catalogue", "year_earlier"];

/// The one line that may: the attribute `src`, which names a file of the host's own site. The page
/// itself does not use it, and its policy would refuse it.
const SRC_ATTRIBUTE: (&str, &str) =
    ("www/src/elements/retention-calculator.ts", "const answer = await fetch(address);");

/// Ways out of the page, none of which its code may take.
const NETWORK: [&str; 11] = [
    "fetch(",
    "XMLHttpRequest",
    "WebSocket",
    "EventSource",
    "sendBeacon",
    "RTCPeerConnection",
    "WebTransport",
    "importScripts",
    "serviceWorker",
    "window.open",
    "document.cookie",
];

/// Ways to turn text into markup or code, none of which the page's code may take.
const MARKUP: [&str; 10] = [
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "unsafeHTML",
    "unsafeSVG",
    "unsafeStatic",
    "createContextualFragment",
    "document.write",
    "eval(",
    "new Function",
];

#[test]
fn layers_import_downwards_only() {
    let problems = each_file("src", "rs", |path, text| match module_of(path) {
        Some((module, depth)) => layer_problems(&module, &from_the_root(text, depth)),
        None => Vec::new(),
    });
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn every_module_has_a_layer() {
    let lib = read(&root().join("src/lib.rs"));
    let declared: BTreeSet<&str> = lib
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "))
        .filter_map(|rest| rest.strip_suffix(';'))
        .collect();
    let layered: BTreeSet<&str> = MAY_IMPORT.iter().map(|(module, _)| *module).collect();
    assert_eq!(declared, layered);

    let architecture = read(&root().join("ARCHITECTURE.md"));
    let unnamed: Vec<&&str> =
        layered.iter().filter(|module| !architecture.contains(&format!("`{module}`"))).collect();
    assert!(unnamed.is_empty(), "not in ARCHITECTURE.md: {unnamed:?}");
}

#[test]
fn every_rust_file_says_what_it_is_for() {
    let mut problems = Vec::new();
    for folder in ["src", "tests", "xtask", "examples", "benches"] {
        problems.extend(each_file(folder, "rs", |_, text| header_problems(text)));
    }
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn every_script_says_what_it_is_for() {
    let mut problems = Vec::new();
    for (folder, ending) in [
        ("www", "ts"),
        ("www", "mjs"),
        ("tests/browser", "ts"),
        ("tests/wasm", "mjs"),
        ("tests/bench", "mjs"),
    ] {
        problems.extend(each_file(folder, ending, |_, text| script_header_problems(text)));
    }
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn every_figure_is_documented() {
    let mut problems = Vec::new();
    let mut n_documented = 0;
    for folder in ["src/formula", "src/analysis", "src/survival", "src/scenario", "src/health"] {
        problems.extend(each_file(folder, "rs", |_, text| {
            let (n_found, problems) = documentation_problems(text);
            n_documented += n_found;
            problems
        }));
    }
    assert_eq!(problems, Vec::<String>::new());
    assert!(n_documented >= 21, "the contract has 21 formulas, found {n_documented}");
}

#[test]
fn no_name_is_empty() {
    let mut problems = Vec::new();
    for folder in ["src", "tests", "xtask", "examples", "www/src", "www/build"] {
        for path in files(&root().join(folder)) {
            let relative = path.strip_prefix(root()).expect("below the root");
            problems.extend(name_problem(relative));
        }
    }
    assert_eq!(problems, Vec::<String>::new());
}

/// The one file with instructions that act on many bytes at once.
const UNSAFE_FILE: &str = "src/ingest/structure.rs";

#[test]
fn no_code_is_unsafe_but_in_one_file() {
    let mut problems = Vec::new();
    for folder in ["src", "tests", "xtask", "examples", "benches"] {
        problems.extend(each_file(folder, "rs", |path, text| {
            if path == root().join(UNSAFE_FILE) {
                return Vec::new();
            }
            let is_allowed = code_of(text).contains("allow(unsafe_code");
            let allowance = is_allowed.then(|| "allows `unsafe`".to_owned());
            word_problems(text, "unsafe").into_iter().chain(allowance).collect()
        }));
    }
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn each_unsafe_block_says_why_it_is_sound() {
    let problems = unexplained_unsafe(&read(&root().join(UNSAFE_FILE)));
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(unexplained_unsafe("// SAFETY: g is\n// sound.\nunsafe { g() }\n"), [""; 0]);
    assert_eq!(unexplained_unsafe("// SAFETY: h.\n\nunsafe { g() }\n"), ["line 3: `unsafe`"]);
}

/// Each line with `unsafe` that no comment with `SAFETY:` stands right above of.
fn unexplained_unsafe(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let is_explained = |at: usize| {
        let above = lines[..at].iter().rev().take_while(|line| line.starts_with("//"));
        above.into_iter().any(|line| line.starts_with("// SAFETY: "))
    };
    word_problems(text, "unsafe")
        .into_iter()
        .filter(|problem| {
            let number = problem.split([' ', ':']).nth(1).and_then(|number| number.parse().ok());
            number.is_none_or(|number: usize| !is_explained(number - 1))
        })
        .collect()
}

#[test]
fn the_page_names_no_way_out_and_makes_no_markup_from_text() {
    let mut problems = Vec::new();
    problems.extend(each_file("www/src", "ts", |path, text| {
        // Tests run under Node and are in no output.
        if is_script_test(path) {
            return Vec::new();
        }
        let (file, line) = SRC_ATTRIBUTE;
        let text = if path.ends_with(file) { text.replacen(line, "", 1) } else { text.to_owned() };
        let text = text.as_str();
        let mut found = forbidden_problems(text, &NETWORK);
        found.extend(forbidden_problems(text, &MARKUP));
        found
    }));
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn the_changelog_knows_this_version() {
    let changelog = read(&root().join("CHANGELOG.md"));
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(changelog_problem(&changelog, version), None);
}

#[test]
fn the_page_has_the_version_of_the_crate() {
    let package = read(&root().join("www/package.json"));
    let field = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(package.contains(&field), "www/package.json has not {field}");
}

// The rules.

/// Imports of `text`, the code of `module`, that the table does not allow.
fn layer_problems(module: &str, text: &str) -> Vec<String> {
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module) else {
        return vec![format!("`{module}` has no layer")];
    };
    imports(text)
        .into_iter()
        .filter(|import| {
            let top = import.split("::").next().unwrap_or_default();
            // `crate::Error` and the like are the crate's own re-exports of layer 0.
            let is_module = top.starts_with(|first: char| first.is_ascii_lowercase());
            is_module
                && top != module
                && !allowed.contains(&top)
                && !allowed.contains(&import.as_str())
        })
        .map(|import| format!("`{module}` may not import `{import}`"))
        .collect()
}

/// `text` with `super::` written as `crate::` where that many of them, `depth`, lead to the root.
fn from_the_root(text: &str, depth: usize) -> String {
    let chain = "super::".repeat(depth);
    let longer = format!("{chain}super::");
    text.replace(&longer, &chain).replace(&chain, "crate::")
}

/// What `text` takes from this crate outside its tests, as `module` or `module::Item`.
fn imports(text: &str) -> BTreeSet<String> {
    let code = code_of(before_tests(text));
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if rest.starts_with('{') {
            found.extend(group_items(rest).iter().flat_map(|item| first_two(item)));
        } else {
            found.extend(first_two(rest));
        }
    }
    found
}

/// `a::B`, or `a::B` and `a::C` for `a::{B, C}`, or `a` where nothing follows.
fn first_two(path: &str) -> Vec<String> {
    let top = identifier(path);
    if top.is_empty() {
        return Vec::new();
    }
    match path[top.len()..].strip_prefix("::") {
        Some(rest) if rest.starts_with('{') => {
            group_items(rest).iter().map(|item| format!("{top}::{}", identifier(item))).collect()
        }
        Some(rest) => vec![format!("{top}::{}", identifier(rest))],
        None => vec![top.to_owned()],
    }
}

/// The items of `{a, b::{c, d}, e}` at the front of `text`: `a`, `b::{c, d}` and `e`.
fn group_items(text: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut depth = 0_usize;
    let mut start = 1;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            ',' if depth == 1 => {
                items.push(text[start..at].trim());
                start = at + 1;
            }
            '}' => {
                depth -= 1;
                if depth == 0 {
                    items.push(text[start..at].trim());
                    break;
                }
            }
            _ => {}
        }
    }
    items.retain(|item| !item.is_empty());
    items
}

fn identifier(text: &str) -> &str {
    let end = text
        .find(|character: char| !character.is_alphanumeric() && character != '_')
        .unwrap_or(text.len());
    &text[..end]
}

fn header_problems(text: &str) -> Vec<String> {
    if text.starts_with("//! ") { Vec::new() } else { vec!["does not start with `//!`".into()] }
}

fn script_header_problems(text: &str) -> Vec<String> {
    if text.starts_with("// ") || text.starts_with("/**\n * ") {
        Vec::new()
    } else {
        vec!["does not start by saying what it is for".into()]
    }
}

/// How many public functions of `text` give a number, and which of their sections are missing.
fn documentation_problems(text: &str) -> (usize, Vec<String>) {
    let mut n_found = 0;
    let mut problems = Vec::new();
    let lines: Vec<&str> = before_tests(text).lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let Some(rest) = line.strip_prefix("pub fn ") else { continue };
        let name = identifier(rest);
        if NO_FIGURES.contains(&name) {
            continue;
        }
        let signature = lines[index..].join(" ");
        let signature = signature.split('{').next().unwrap_or_default();
        let returns = signature.split("->").nth(1).unwrap_or_default();
        n_found += 1;
        let comment: Vec<&str> = lines[..index]
            .iter()
            .rev()
            .skip_while(|line| line.starts_with("#["))
            .map_while(|line| line.strip_prefix("///"))
            .map(str::trim)
            .collect();
        for section in FIGURE_SECTIONS {
            // A function that cannot fail has no errors to name.
            let is_needed = section != "# Errors" || returns.contains("Result");
            if is_needed && !comment.contains(&section) {
                problems.push(format!("`{name}` has no section `{section}`"));
            }
        }
    }
    (n_found, problems)
}

fn name_problem(path: &Path) -> Option<String> {
    let name = path.components().find_map(|part| {
        let part = part.as_os_str().to_str()?;
        let stem = part.split('.').next()?;
        EMPTY_NAMES.contains(&stem).then_some(part)
    })?;
    Some(format!("{}: `{name}` says nothing about what it holds", path.display()))
}

/// Where the code of `text`, its comments and strings left out, uses `word`.
fn word_problems(text: &str, word: &str) -> Vec<String> {
    let code = code_of(text);
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    code.match_indices(word)
        .filter(|(at, _)| {
            !code[..*at].ends_with(is_part) && !code[at + word.len()..].starts_with(is_part)
        })
        .map(|(at, _)| format!("line {}: `{word}`", code[..at].matches('\n').count() + 1))
        .collect()
}

/// Where `text` has one of `words`, wherever it stands: in code, in a string, in a comment.
fn forbidden_problems(text: &str, words: &[&str]) -> Vec<String> {
    let mut problems = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for word in words {
            let is_used = line.match_indices(word).any(|(at, _)| {
                // `prefetch(` is another word, `globalThis.fetch(` is not.
                !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_')
            });
            if is_used {
                problems.push(format!("line {}: `{word}`", index + 1));
            }
        }
    }
    problems
}

fn changelog_problem(changelog: &str, version: &str) -> Option<String> {
    let has_version = changelog.lines().any(|line| {
        let title = line.strip_prefix("## ").unwrap_or_default();
        title.split_whitespace().next().is_some_and(|word| word.trim_matches(['[', ']']) == version)
    });
    (!has_version).then(|| format!("CHANGELOG.md has no section `## {version}`"))
}

// Reading.

/// `text` up to its unit tests, which may look at anything.
fn before_tests(text: &str) -> &str {
    text.find("\n#[cfg(test)]").map_or(text, |at| &text[..=at])
}

/// `text` with comments, strings and characters blanked, line by line as long as before.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let n_bytes = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => quoted(rest, '"'),
            'r' if !code.ends_with(|before: char| before.is_alphanumeric() || before == '_') => {
                raw_string(rest).unwrap_or(0)
            }
            '\'' => character(rest).unwrap_or(0),
            _ => 0,
        };
        if n_bytes == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.extend(
                rest[..n_bytes].chars().map(|blanked| if blanked == '\n' { '\n' } else { ' ' }),
            );
            rest = &rest[n_bytes..];
        }
    }
    code
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if is_escaped {
            is_escaped = false;
        } else if character == '\\' {
            is_escaped = true;
        } else if character == quote {
            return at + 1;
        }
    }
    text.len()
}

fn raw_string(text: &str) -> Option<usize> {
    let n_hashes = text[1..].bytes().take_while(|byte| *byte == b'#').count();
    let body = text[1 + n_hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(n_hashes));
    let n_body = body.find(&end)?;
    Some(1 + n_hashes + 1 + n_body + end.len())
}

/// The length of a character literal; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let mut inside = text[1..].chars();
    match inside.next()? {
        '\\' => Some(quoted(text, '\'')),
        first => (inside.next()? == '\'').then_some(1 + first.len_utf8() + 1),
    }
}

/// The top module of a file of `src` and how deep in it the file's own module is.
///
/// None for `lib.rs`, which declares them all.
fn module_of(path: &Path) -> Option<(String, usize)> {
    let inside = path.strip_prefix(root().join("src")).ok()?.with_extension("");
    let mut names: Vec<&str> = inside.iter().filter_map(|name| name.to_str()).collect();
    names.retain(|name| *name != "mod");
    match names.as_slice() {
        ["lib"] | [] => None,
        [top, ..] => Some(((*top).to_owned(), names.len())),
    }
}

fn is_script_test(path: &Path) -> bool {
    path.to_string_lossy().ends_with(".test.ts")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What `rule` finds in each file with this ending below `folder`, with the file's name in front.
fn each_file(
    folder: &str,
    ending: &str,
    mut rule: impl FnMut(&Path, &str) -> Vec<String>,
) -> Vec<String> {
    let mut problems = Vec::new();
    for path in files(&root().join(folder)) {
        if path.extension().is_some_and(|extension| extension == ending) {
            let name = path.strip_prefix(root()).expect("below the root").display().to_string();
            problems.extend(
                rule(&path, &read(&path)).into_iter().map(|problem| format!("{name}: {problem}")),
            );
        }
    }
    problems
}

/// All files below `folder` that belong to the repository, sorted; none where it is not there.
fn files(folder: &Path) -> Vec<PathBuf> {
    let made_by_tools = ["node_modules", "pkg", "target"];
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(current) = folders.pop() {
        let Ok(entries) = fs::read_dir(&current) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if !path.is_dir() {
                found.push(path);
            } else if !made_by_tools.contains(&name.as_str()) {
                folders.push(path);
            }
        }
    }
    found.sort();
    found
}

// That the rules bite.

#[test]
fn files_are_found_at_all() {
    for (folder, ending, least) in
        [("src", "rs", 20), ("tests", "rs", 5), ("xtask", "rs", 5), ("www/src", "ts", 10)]
    {
        let mut n_files = 0;
        let problems = each_file(folder, ending, |_, _| {
            n_files += 1;
            Vec::new()
        });
        assert!(problems.is_empty() && n_files >= least, "{folder}: {n_files} files");
    }
}

#[test]
fn an_upward_import_is_found_however_it_is_written() {
    for (module, text, problem) in [
        ("analysis", "use crate::ingest::Row;\n", "`analysis` may not import `ingest::Row`"),
        ("survival", "use crate::analysis;\n", "`survival` may not import `analysis`"),
        (
            "formula",
            "fn f() { crate::ledger::build(); }\n",
            "`formula` may not import `ledger::build`",
        ),
        (
            "number",
            "use crate::{error::Error, report::Report};\n",
            "`number` may not import `report::Report`",
        ),
        (
            "ingest",
            "use crate::report::{Question, Report};\n",
            "`ingest` may not import `report::Report`",
        ),
        (
            "roles",
            "pub use crate::{\n    note,\n    ledger::{Customers, Labels},\n};\n",
            "`roles` may not import `ledger::Customers`",
        ),
        (
            "error",
            "//! As text: \"\nuse crate::note::Note;\n//! \"\n",
            "`error` may not import `note::Note`",
        ),
        (
            "number",
            &from_the_root("use super::ledger::Spell;\n", 1),
            "`number` may not import `ledger::Spell`",
        ),
        (
            "number",
            &from_the_root("use super::super::ledger::Spell;\n", 2),
            "`number` may not import `ledger::Spell`",
        ),
        ("secrets", "", "`secrets` has no layer"),
    ] {
        let problems = layer_problems(module, text);
        assert!(problems.iter().any(|found| found == problem), "{text}: {problems:?}");
    }
}

#[test]
fn a_downward_import_is_none() {
    for (module, text) in [
        ("analysis", "use crate::ledger::{Histories, Spell};\nuse crate::number::Ratio;\n"),
        ("ingest", "use crate::report::Question;\n"),
        ("formula", "use crate::Error;\n"),
        ("formula", "use crate::formula::share;\n"),
        (
            "error",
            "//! See [`crate::note::Note`].\n/// crate::report::Report\nlet a = \"crate::report\";\n",
        ),
        ("number", "/* crate::report /* nested */ crate::session */\n"),
        (
            "number",
            "let text = r#\"crate::report \" \"#; let c = '\"'; let d: &'static str = \"\";\n",
        ),
        ("number", "fn f() {}\n#[cfg(test)]\nmod tests { use crate::session::Session; }\n"),
        ("number", "use other_crate::report::Report;\n"),
        ("number", &from_the_root("use super::report::Report;\n", 2)),
    ] {
        assert_eq!(layer_problems(module, text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_missing_header_is_found() {
    assert_eq!(header_problems("use std::fs;\n").len(), 1);
    assert_eq!(header_problems("// Purpose.\n").len(), 1);
    assert_eq!(header_problems("//! Purpose.\n").len(), 0);
    assert_eq!(script_header_problems("import a from \"a\";\n").len(), 1);
    assert_eq!(script_header_problems("// Purpose.\n").len(), 0);
    assert_eq!(script_header_problems("/**\n * Purpose.\n */\n").len(), 0);
}

#[test]
fn a_missing_section_is_found() {
    let complete = "/// A rate.\n///\n/// # Formula\n/// # Domain\n/// # Undefined\n/// # Errors\n\
        /// # Assumptions\n/// # Examples\n/// # References\n#[must_use]\n\
        pub fn rate(\n    lost: f64,\n) -> Result<Figure, Error> {\n    body()\n}\n";
    assert_eq!(documentation_problems(complete), (1, Vec::new()));
    for section in FIGURE_SECTIONS {
        let without = complete.replace(&format!("/// {section}\n"), "///\n");
        let expected = vec![format!("`rate` has no section `{section}`")];
        assert_eq!(documentation_problems(&without), (1, expected));
    }
    let undocumented = "pub fn rate(lost: f64) -> f64 {\n}\n";
    assert_eq!(documentation_problems(undocumented).1.len(), FIGURE_SECTIONS.len() - 1);
    let inner = "fn rate() -> Figure {\n}\npub(super) fn part() -> f64 {\n}\n";
    assert_eq!(documentation_problems(inner), (0, Vec::new()));
}

#[test]
fn an_empty_name_is_found() {
    for path in [
        "src/utils.rs",
        "src/helpers/mod.rs",
        "www/src/elements/types.ts",
        "tests/it/common/mod.rs",
        "www/build/types.mjs",
    ] {
        assert!(name_problem(Path::new(path)).is_some(), "{path}");
    }
    for path in ["src/formula/share.rs", "www/src/page/main.ts", "tests/it/typesetting.rs"] {
        assert_eq!(name_problem(Path::new(path)), None);
    }
}

#[test]
fn a_forbidden_word_is_found() {
    assert_eq!(word_problems("fn f() {\n    unsafe { g() }\n}\n", "unsafe"), ["line 2: `unsafe`"]);
    assert!(
        word_problems("// unsafe\n/* unsafe */ let a = \"unsafe\"; is_unsafe();\n", "unsafe")
            .is_empty()
    );
    for line in [
        "await fetch(url)",
        "globalThis.fetch(url)",
        "new XMLHttpRequest()",
        "navigator.sendBeacon(u, d)",
    ] {
        assert_eq!(forbidden_problems(line, &NETWORK).len(), 1, "{line}");
    }
    assert!(forbidden_problems("prefetch(url); this.#fetched()", &NETWORK).is_empty());
    for line in ["e.innerHTML = text", "unsafeHTML(text)", "e.insertAdjacentHTML(where, text)"] {
        assert_eq!(forbidden_problems(line, &MARKUP).len(), 1, "{line}");
    }
}

#[test]
fn a_version_without_a_section_is_found() {
    assert_eq!(changelog_problem("# Changelog\n\n## 0.1.0 (unreleased)\n", "0.1.0"), None);
    assert_eq!(changelog_problem("## [1.2.3] - 2030-01-01\n", "1.2.3"), None);
    assert!(changelog_problem("## 0.1.0\n", "0.1.1").is_some());
    assert!(changelog_problem("Mentions 0.1.1 in passing.\n", "0.1.1").is_some());
}
