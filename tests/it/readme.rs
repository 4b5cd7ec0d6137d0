//! The README keeps its word: its calls are sent in process, its tables are held against the program.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::Value;

use crate::harness::{Account, Ask, document};

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

fn is_operation(value: &Value) -> bool {
    value.get("operationId").is_some()
}
