//! The arrows between the modules, as the crate's documentation draws them: read off the paths that the sources name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each part of `src` may name of the crate, and which dependencies it may not.
const RULES: &[(&str, &[&str], &[&str])] = &[
    ("world", &["names"], &["serde", "serde_json", "axum", "tokio", "governor", "uuid", "ulid", "tracing"]),
    ("seed", &["config", "names", "world"], &["axum", "tokio", "governor", "uuid", "ulid"]),
    ("account", &["clock", "config", "ids", "seed", "world"], &["axum", "serde", "serde_json", "uuid"]),
    ("zendesk", &["account", "config", "names", "world"], &["governor", "hyper", "hyper_util", "dashmap"]),
    ("control", &["account", "config", "names", "world"], &["governor", "hyper", "hyper_util", "dashmap"]),
    ("server", &["account", "clock", "config", "control", "ids", "zendesk"], &["governor", "dashmap"]),
    ("config.rs", &["names", "world"], &["serde", "tokio", "governor"]),
    ("clock.rs", &[], &["axum", "serde", "tokio"]),
    ("ids.rs", &[], &["axum", "serde", "tokio"]),
    ("names.rs", &["names"], &["axum", "serde", "tokio"]),
    ("emulator.rs", &["account", "clock", "config", "ids", "seed", "server", "world"], &["hyper", "governor"]),
];
/// What belongs to the command line alone.
const OF_THE_BINARY: &[&str] = &["clap", "tracing_subscriber"];

fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    entries.flat_map(|entry| files(&entry.expect("an entry").path())).collect()
}

fn source(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(part)
}

/// The code of a file: what a comment names is no dependency.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("UTF-8");
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The first names of the paths that begin with this one: of `crate::world::Agent`, `world`.
fn named_after(code: &str, start: &str) -> BTreeSet<String> {
    let rests = code.split(start).skip(1);
    let name = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    rests.map(name).filter(|name| !name.is_empty()).collect()
}

fn names_crate(code: &str, dependency: &str) -> bool {
    code.match_indices(&format!("{dependency}::")).any(|(start, _)| {
        let before = code[..start].chars().next_back().unwrap_or(' ');
        !before.is_alphanumeric() && before != '_' && before != ':'
    })
}

/// design.md, section 1: which part may use which.
#[test]
fn each_part_uses_what_it_may() {
    let mut wrong = Vec::new();
    for (part, allowed, forbidden) in RULES {
        for file in files(&source(part)) {
            let code = code(&file);
            // A group of paths would hide what it names.
            assert!(!code.contains("crate::{"), "{}", file.display());
            let own = part.trim_end_matches(".rs");
            let used = named_after(&code, "crate::");
            for name in used.iter().filter(|name| *name != own && !allowed.contains(&name.as_str())) {
                wrong.push(format!("{} uses crate::{name}", file.display()));
            }
            for dependency in forbidden.iter().chain(OF_THE_BINARY).filter(|name| names_crate(&code, name)) {
                wrong.push(format!("{} uses {dependency}", file.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Every module has its line in the rules, so that a new one cannot escape them.
#[test]
fn every_part_has_its_rule() {
    let entries = fs::read_dir(source("")).expect("src");
    let parts: BTreeSet<_> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    let ruled: BTreeSet<_> = RULES.iter().map(|(part, ..)| (*part).to_owned()).collect();
    let unruled = ["cli", "lib.rs", "main.rs"].map(str::to_owned);
    assert_eq!(parts, ruled.union(&unruled.into()).cloned().collect());
}

/// The library is what embedding tests compile: the binary uses it from outside.
#[test]
fn the_binary_uses_the_library_from_outside() {
    for file in files(&source("cli")) {
        let used = named_after(&code(&file), "crate::");
        assert_eq!(used, BTreeSet::new(), "{}", file.display());
    }
}

/// design.md, section 2: past 400 lines, a file is split.
#[test]
fn no_file_is_longer_than_it_can_be_read() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for file in files(&source("")).into_iter().chain(files(&tests)) {
        let lines = fs::read_to_string(&file).map_or(0, |text| text.lines().count());
        assert!(
            file.extension().is_none_or(|extension| extension != "rs") || lines <= 400,
            "{}: {lines}",
            file.display()
        );
    }
}
