//! The rules of the crate's documentation: which module may use which, and how long a file may be.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A part of the crate (a file or a folder of `src/`), the parts that it may use, and the crates
/// beside `std` that it may use.
struct Part {
    name: &'static str,
    parts: &'static str,
    crates: &'static str,
}

#[rustfmt::skip]
const PARTS: &[Part] = &[
    // This knows nothing of HTTP, JSON or the time of day.
    Part { name: "world", parts: "names setters", crates: "dashmap foldhash jiff parking_lot thiserror triomphe" },
    Part { name: "names", parts: "", crates: "serde strsim" },
    Part { name: "setters", parts: "", crates: "" },
    Part { name: "prng", parts: "", crates: "" },
    Part { name: "clock", parts: "", crates: "jiff parking_lot tokio" },
    Part { name: "ids", parts: "", crates: "jiff ulid uuid" },
    // From axum only the type of a host.
    Part { name: "config", parts: "names setters world", crates: "axum jiff serde thiserror" },
    Part { name: "incoming", parts: "", crates: "axum http_body_util tokio" },
    Part { name: "document", parts: "config names", crates: "jiff serde serde_json serde_saphyr" },
    // The documents of the control API. Some values in them, such as a latency, serve the accounts
    // too.
    Part { name: "wire", parts: "config document names world", crates: "jiff serde serde_json" },
    Part { name: "seed", parts: "config document names prng wire world", crates: "base64 jiff serde serde_json thiserror" },
    Part { name: "events", parts: "names world", crates: "jiff serde_json ulid" },
    Part { name: "account", parts: "clock config prng document events ids names seed wire world",
        crates: "base64 dashmap ed25519_dalek foldhash form_urlencoded futures_util governor http jiff parking_lot percent_encoding serde serde_json thiserror tokio uuid" },
    // The two APIs. Neither uses the other.
    Part { name: "zendesk", parts: "account clock config incoming names wire world",
        crates: "axum base64 foldhash form_urlencoded itoa jiff parking_lot percent_encoding quick_cache serde serde_json sha2 thiserror tokio tracing uuid" },
    Part { name: "control", parts: "account clock config document events ids incoming names seed wire world",
        crates: "axum form_urlencoded futures_util jiff serde serde_json serde_saphyr subtle tokio tokio_util" },
    // The control API from outside. It shares only the documents with that API.
    Part { name: "client", parts: "config events incoming names seed wire world",
        crates: "axum form_urlencoded futures_util http_body_util hyper hyper_util jiff serde serde_json thiserror tokio tower tracing" },
    // The live page uses the control API as every client does, over HTTP.
    Part { name: "dashboard", parts: "", crates: "axum" },
    Part { name: "app", parts: "account clock config ids zendesk", crates: "tokio_util" },
    // Layers know the context of a request and the errors, and no resource.
    Part { name: "layers", parts: "account app clock config control ids incoming zendesk",
        crates: "axum futures_util itoa jiff parking_lot pin_project_lite tower tracing uuid" },
    Part { name: "server", parts: "account app control dashboard incoming layers zendesk",
        crates: "axum futures_util http_body http_body_util hyper hyper_util tokio tokio_util tower tower_http tracing" },
    Part { name: "emulator", parts: "account app client clock config ids seed server world",
        crates: "axum thiserror tokio tokio_util tracing" },
    // Text.
    Part { name: "guide", parts: "", crates: "" },
    // The binary. It uses the public API of the library. No other part may set up global state.
    Part { name: "main", parts: "", crates: "" },
    Part { name: "cli", parts: "", crates: "clap parking_lot tokio tracing tracing_subscriber zendesk_availability_emulator" },
];

const MOST_LINES: usize = 500;

/// Assumed: the table in the documentation of `src/lib.rs`, which promises this test.
#[test]
fn every_part_uses_only_what_it_may() {
    let (mut problems, mut arrows) = (Vec::new(), BTreeSet::new());
    let crates = dependencies();
    for file in rust_files("src")
        .iter()
        .filter(|file| !file.ends_with("src/lib.rs"))
    {
        let module = module_of(file);
        let part = PARTS.iter().find(|part| part.name == module[0]);
        let Some(part) = part else {
            problems.push(format!("{}: a part that has no line here", file.display()));
            continue;
        };
        let text = code(&read(file));
        for used in parts_used(&text, &module)
            .iter()
            .filter(|used| *used != part.name)
        {
            arrows.insert((part.name, used.clone()));
            if !part.parts.split(' ').any(|allowed| allowed == used) {
                problems.push(format!(
                    "{}: {} may not use crate::{used}",
                    file.display(),
                    part.name
                ));
            }
        }
        for used in crates
            .iter()
            .filter(|name| mentions(&text, &format!("{name}::")))
        {
            if !part.crates.split(' ').any(|allowed| allowed == used) {
                problems.push(format!(
                    "{}: {} may not use {used}",
                    file.display(),
                    part.name
                ));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    // A scanner that found nothing would report no problem.
    for arrow in [
        ("world", "names"),
        ("seed", "world"),
        ("zendesk", "account"),
        ("emulator", "server"),
    ] {
        assert!(
            arrows.contains(&(arrow.0, arrow.1.to_owned())),
            "{arrow:?} is there and was not found"
        );
    }
}

/// Assumed: the table above names parts that exist.
#[test]
fn every_line_of_the_table_is_about_a_part() {
    let found: BTreeSet<_> = rust_files("src")
        .iter()
        .map(|file| module_of(file)[0].clone())
        .collect();
    let listed: BTreeSet<_> = PARTS
        .iter()
        .map(|part| part.name.to_owned())
        .chain(["lib".to_owned()])
        .collect();
    assert_eq!(found, listed);
}

/// Assumed: the map in `src/lib.rs` and the walks in `CONTRIBUTING.md` name files that exist. Capitals
/// stand for any name.
#[test]
fn every_file_that_the_documentation_names_is_there() {
    let mut named = BTreeSet::new();
    for text in ["src/lib.rs", ".github/CONTRIBUTING.md"].map(|file| read(&root().join(file))) {
        let spans = text.split('`').skip(1).step_by(2);
        let paths = spans.filter(|span| span.contains('/') && span.contains('.'));
        let paths = paths.filter(|path| !path.contains([' ', '{']) && !path.starts_with("/_"));
        named.extend(paths.map(str::to_owned));
    }
    let is_there = |path: &&String| {
        let is_any_name = path.contains(|letter: char| letter.is_ascii_uppercase());
        is_any_name
            || ["", "src"]
                .iter()
                .any(|folder| root().join(folder).join(path).exists())
    };
    assert!(named.len() > 30, "{named:?}");
    let missing: Vec<_> = named.iter().filter(|path| !is_there(path)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Assumed: house style: past 400 lines a file is split.
#[test]
fn no_file_is_too_long() {
    let files = rust_files("src").into_iter().chain(rust_files("tests"));
    let long: Vec<_> = files
        .map(|file| (read(&file).lines().count(), file))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, file)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// The scanner sees what it has to.
#[test]
fn every_way_to_name_a_part_is_seen() {
    let module = |text: &str| text.split("::").map(str::to_owned).collect::<Vec<_>>();
    for (text, at, expected) in [
        ("use crate::clock::Clock;", "world::agent", "clock"),
        (
            "use crate::{\n    clock::{Clock, NotManual},\n    ids,\n};",
            "world::agent",
            "clock ids",
        ),
        ("fn f() -> crate::ids::Ids {}", "world", "ids"),
        ("use super::super::account::Job;", "world::agent", "account"),
        ("use super::Agent;", "world::agent", "world"),
        ("use super::seed;", "world", "seed"),
        (
            "// use crate::clock::Clock;\n/// [`crate::ids`]\nuse std::fmt;",
            "world",
            "",
        ),
        (
            "#[cfg(test)]\nmod tests {\n use crate::clock::Clock; }",
            "world",
            "",
        ),
    ] {
        let found = parts_used(&code(text), &module(at))
            .into_iter()
            .collect::<Vec<_>>()
            .join(" ");
        assert_eq!(found, expected, "{text}");
    }
    assert!(mentions("let now = jiff::Timestamp::now();", "jiff::"));
    assert!(!mentions("use tower_http::x;", "http::"));
}

/// The parts of the crate that a module uses.
fn parts_used(text: &str, module: &[String]) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let mut rest = text;
    while let Some(place) = rest
        .find("crate::")
        .into_iter()
        .chain(rest.find("super::"))
        .min()
    {
        let is_path = !rest[..place].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let is_super = rest[place..].starts_with("super::");
        rest = &rest[place + "crate::".len()..];
        if !is_path {
            continue;
        }
        if !is_super {
            used.extend(first_segments(rest));
            continue;
        }
        let mut depth = 1;
        while let Some(further) = rest.strip_prefix("super::") {
            (depth, rest) = (depth + 1, further);
        }
        if depth >= module.len() {
            used.extend(first_segments(rest));
        } else {
            used.insert(module[0].clone());
        }
    }
    used
}

/// The modules at the start of a path. There are several if the path goes on in braces.
fn first_segments(path: &str) -> Vec<String> {
    let word = |text: &str| {
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let Some(braced) = path.strip_prefix('{') else {
        return vec![word(path)];
    };
    let (mut words, mut depth, mut starts) = (Vec::new(), 0, true);
    for (index, character) in braced.char_indices() {
        match character {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => starts = true,
            character if starts && !character.is_whitespace() => {
                words.push(word(&braced[index..]));
                starts = false;
            }
            _ => {}
        }
    }
    words
}

/// Whether the text has a path that begins like this.
fn mentions(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(place, _)| {
        !text[..place].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

/// A file without its comments and its tests.
fn code(text: &str) -> String {
    let text = text.split("[cfg(test)]").next().unwrap_or_default();
    let lines = text.lines().map(|line| {
        if line.trim_start().starts_with("//") {
            ""
        } else {
            line
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The dependencies in `Cargo.toml`, as paths name them, and the library itself.
fn dependencies() -> Vec<String> {
    let manifest = read(&root().join("Cargo.toml"));
    let section = manifest
        .split_once("\n[dependencies]\n")
        .map_or("", |(_, rest)| rest);
    let section = section.split("\n[").next().unwrap_or_default();
    let names = section
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name.replace('-', "_"));
    let names: Vec<_> = names
        .chain(["zendesk_availability_emulator".to_owned()])
        .collect();
    assert!(names.len() > 20, "{names:?}");
    names
}

/// The place of a file in the module tree: `world`, `agent`.
fn module_of(file: &Path) -> Vec<String> {
    let path = file
        .strip_prefix(root().join("src"))
        .expect("below src")
        .with_extension("");
    let steps = path.iter().map(|step| step.to_string_lossy().into_owned());
    steps.filter(|step| step != "mod").collect()
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the repository") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
