//! The README keeps its word: its calls are sent in process, its tables are held against the program.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::Value;

use crate::harness::{Account, Ask, control_document, document};

const README: &str = include_str!("../../README.md");
const BASE: &str = "http://127.0.0.1:8080";

/// Every call gets the status that stands behind it.
#[test]
fn the_tour_gets_the_answers_it_promises() {
    let account = Account::demo();
    let lines: Vec<_> = README.lines().filter(|line| line.starts_with("$ curl ")).collect();
    assert!(lines.len() > 25, "the tour is shorter than it was: {}", lines.len());
    for line in lines {
        let (command, status) = line.split_once("  # → ").unwrap_or_else(|| panic!("no status behind: {line}"));
        let answer = account.send(&parse(command));
        assert_eq!(answer.status.as_str(), status, "{line}\n{}", answer.text());
    }
}

/// What curl would send.
fn parse(command: &str) -> Ask {
    let words = shell_words::split(command.trim_start_matches("$ ")).expect("shell words");
    let mut words = words.iter().skip(1);
    let (mut method, mut target, mut user, mut body) = (Method::GET, None, None, None);
    let (mut authorization, mut content_type, mut host) = (None, None, None);
    while let Some(word) = words.next() {
        let mut value = || words.next().expect("a value").clone();
        match word.as_str() {
            "-g" | "-i" => {}
            "-u" => user = Some(value()),
            "-X" => method = value().parse().expect("a method"),
            "-d" => body = Some(value()),
            "-H" => match value().split_once(": ").expect("a header") {
                ("Authorization", value) => authorization = Some(value.to_owned()),
                ("Content-Type", value) => content_type = Some(value.to_owned()),
                ("Host", value) => host = Some(value.to_owned()),
                (name, _) => panic!("this test does not know the header {name}"),
            },
            url => target = Some(url.strip_prefix(BASE).unwrap_or_else(|| panic!("not an address: {url}")).to_owned()),
        }
    }
    let mut ask = Ask::raw(method, &target.expect("an address"));
    if let Some(user) = user {
        ask = ask.basic(&user);
    }
    if let Some(value) = authorization {
        ask = ask.header("authorization", value);
    }
    if let Some(value) = content_type {
        ask = ask.header("content-type", value);
    }
    if let Some(value) = host {
        ask = ask.header("host", value);
    }
    ask.body(body.unwrap_or_default())
}

/// The table of flags is complete, and has no flag that does not exist.
#[test]
fn the_table_of_flags_is_that_of_the_program() {
    let help = super::cli::run(&["serve", "--help"], &[]).stdout;
    let flags = |text: &str| -> BTreeSet<String> {
        let words = text.split([' ', '`', '[', '=', '\n']).filter(|word| word.starts_with("--"));
        words.map(|word| word.trim_end_matches([',', '.', '\'', ')']).to_owned()).collect()
    };
    let mut of_program: BTreeSet<_> =
        help.lines().map(str::trim).filter(|line| line.starts_with("--")).flat_map(flags).collect();
    of_program.remove("--help");
    let table = README.lines().filter(|line| line.starts_with("| `--"));
    let of_readme: BTreeSet<_> = table.flat_map(|line| flags(line.split('|').nth(1).unwrap_or_default())).collect();
    assert_eq!(of_readme, of_program);
}

/// The table of operations is that of the contract.
#[test]
fn the_table_of_operations_is_that_of_the_contract() {
    let rows = README.lines().filter(|line| line.starts_with("| `GET ") || line.starts_with("| `PUT "));
    let of_readme: BTreeSet<_> = rows
        .map(|row| {
            let operation = row.split('`').nth(1).expect("an operation");
            let (method, path) = operation.split_once(' ').expect("method and path");
            let path = path.split('?').next().unwrap_or(path).trim_end_matches('/');
            (method.to_lowercase(), format!("/api/v2/agent_availabilities{path}"))
        })
        .collect();
    let paths = document()["paths"].as_object().expect("paths");
    let of_contract: BTreeSet<_> = paths
        .iter()
        .filter(|(path, _)| path.starts_with("/api/"))
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("operations").iter().filter(|(_, value)| is_operation(value));
            methods.map(|(method, _)| (method.clone(), path.clone()))
        })
        .collect();
    assert_eq!(of_readme, of_contract);
}

/// What recipes name that nothing runs: each variable, port, path and ready line is the program's.
#[test]
fn recipes_name_what_there_is() {
    let help = super::cli::run(&["serve", "--help"], &[]).stdout;
    // Its lines are wrapped.
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let variables = words(README, "EMULATOR_", |c| c.is_ascii_uppercase() || c == '_');
    assert!(variables.len() > 2, "{variables:?}");
    for variable in variables {
        let is_there = ['=', ']'].iter().any(|end| help.contains(&format!("[env: {variable}{end}")));
        assert!(is_there, "{variable} is no variable of the program");
    }
    let paths = words(README, "/_emulator/", |c| c.is_ascii_alphanumeric() || "_-./{}".contains(c));
    for path in &paths {
        let path = path.trim_end_matches(['.', '/']);
        let is_there = [document(), control_document()].iter().any(|contract| has_path(contract, path));
        assert!(is_there, "nothing is at {path}");
    }
    assert!(paths.len() > 8, "{paths:?}");
    // What Testcontainers waits for is what the program prints, as `.ci/process` sees it.
    let awaited = README.split("forLogMessage(\".*").nth(1).and_then(|rest| rest.split(".*").next());
    assert_eq!(awaited, Some("zendesk-availability-emulator ready at "));
    let dockerfile = include_str!("../../Dockerfile");
    assert!(dockerfile.contains("EXPOSE 8080\n") && help.contains("[default: 8080]"));
    assert!(dockerfile.contains("HEALTHCHECK "), "Compose waits for it");
}

/// Every word that begins like this.
fn words<'a>(text: &'a str, beginning: &str, goes_on: impl Fn(char) -> bool) -> BTreeSet<&'a str> {
    let starts = text.match_indices(beginning).map(|(start, _)| start);
    let words = starts.map(|start| {
        let rest = &text[start + beginning.len()..];
        let length = rest.find(|c| !goes_on(c)).unwrap_or(rest.len());
        &text[start..start + beginning.len() + length]
    });
    words.filter(|word| word.len() > beginning.len()).collect()
}

/// Whether a contract has the path, whatever stands for its parameters.
fn has_path(contract: &Value, path: &str) -> bool {
    let fits = |template: &str| {
        let (template, path) = (template.split('/').collect::<Vec<_>>(), path.split('/').collect::<Vec<_>>());
        template.len() == path.len()
            && template.iter().zip(&path).all(|(part, given)| part.starts_with('{') || part == given)
    };
    contract["paths"].as_object().is_some_and(|paths| paths.keys().any(|template| fits(template)))
}

fn is_operation(value: &Value) -> bool {
    value.get("operationId").is_some()
}
