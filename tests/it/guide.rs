//! README and guide are correct: their calls are sent in process, and their tables match the
//! program.

use std::collections::{BTreeMap, BTreeSet};
use std::{env, fs};

use axum::http::Method;
use serde_json::Value;

use crate::harness::{Account, Answer, Ask, control_document, document};

const BASE: &str = "http://127.0.0.1:8080";
const README: &str = include_str!("../../README.md");
/// The pages, by name.
const GUIDE: [(&str, &str); 17] = [
    ("answers", include_str!("../../src/guide/answers.md")),
    ("clocks", include_str!("../../src/guide/clocks.md")),
    (
        "configuration",
        include_str!("../../src/guide/configuration.md"),
    ),
    ("container", include_str!("../../src/guide/container.md")),
    (
        "control_api",
        include_str!("../../src/guide/control_api.md"),
    ),
    ("dashboard", include_str!("../../src/guide/dashboard.md")),
    ("faults", include_str!("../../src/guide/faults.md")),
    ("journal", include_str!("../../src/guide/journal.md")),
    ("limits", include_str!("../../src/guide/limits.md")),
    ("oauth", include_str!("../../src/guide/oauth.md")),
    (
        "oauth_recipes",
        include_str!("../../src/guide/oauth_recipes.md"),
    ),
    (
        "oauth_tests",
        include_str!("../../src/guide/oauth_tests.md"),
    ),
    (
        "performance",
        include_str!("../../src/guide/performance.md"),
    ),
    ("rust", include_str!("../../src/guide/rust.md")),
    ("seeds", include_str!("../../src/guide/seeds.md")),
    (
        "zendesk_api",
        include_str!("../../src/guide/zendesk_api.md"),
    ),
    ("calls", include_str!("../../src/guide/calls.md")),
];

fn page(name: &str) -> &'static str {
    GUIDE
        .iter()
        .find(|(other, _)| *other == name)
        .expect("a page")
        .1
}

/// README and guide, one after the other.
fn all() -> String {
    GUIDE
        .iter()
        .fold(README.to_owned(), |all, (_, page)| all + "\n" + page)
}

/// Assumed: reading the README may take ten minutes, and a page five.
#[test]
fn pages_are_short() {
    // Only what has a letter or a digit counts.
    let words = |text: &str| {
        text.split_whitespace()
            .filter(|word| word.contains(char::is_alphanumeric))
            .count()
    };
    assert!(words(README) <= 1_200, "{} words", words(README));
    for (name, page) in GUIDE {
        assert!(words(page) < 900, "{name}: {} words", words(page));
    }
}

/// Every call gets the status that is written after it. Each page begins with a new server. A call
/// with a cursor is the `links.next` of the answer before it. `$ACCESS_TOKEN`, `$REFRESH_TOKEN` and
/// `$CODE` are those of the newest answer that has one.
#[test]
fn calls_get_the_answers_that_are_promised() {
    let mut count = 0;
    for (name, page) in GUIDE.into_iter().chain([("README", README)]) {
        let account = Account::demo();
        let mut next = Value::Null;
        let mut variables: BTreeMap<&str, String> = BTreeMap::new();
        let lines = page.lines().map(str::trim_start);
        for line in lines.filter(|line| line.starts_with("$ curl ")) {
            let (command, status) = line
                .split_once("  # → ")
                .unwrap_or_else(|| panic!("no status behind: {line}"));
            let mut filled = command.to_owned();
            for (name, value) in &variables {
                filled = filled.replace(&format!("${name}"), value);
            }
            let answer = account.send(&parse(&filled));
            remember(&answer, &mut variables);
            assert_eq!(
                answer.status.as_str(),
                status,
                "{name}: {line}\n{}",
                answer.text()
            );
            if command.contains("page%5Bafter%5D") {
                let next = next
                    .as_str()
                    .expect("a link")
                    .replace("http://localhost", BASE);
                assert!(command.contains(&next), "{name}: {line}: {next}");
            }
            next = serde_json::from_str(answer.text())
                .map_or(Value::Null, |it: Value| it["links"]["next"].clone());
            count += 1;
        }
    }
    assert!(count > 35, "{count} calls");
}

/// Keeps the tokens and the code of an answer.
fn remember(answer: &Answer, variables: &mut BTreeMap<&'static str, String>) {
    let body: Value = serde_json::from_str(answer.text()).unwrap_or_default();
    for (name, member) in [
        ("ACCESS_TOKEN", "access_token"),
        ("REFRESH_TOKEN", "refresh_token"),
    ] {
        if let Some(token) = body[member].as_str() {
            variables.insert(name, token.to_owned());
        }
    }
    let location = answer.header("location").unwrap_or_default();
    if let Some((_, code)) = location.split_once("code=") {
        let code = code.split('&').next().unwrap_or_default();
        variables.insert("CODE", code.to_owned());
    }
}

/// The answer in the README is the answer to its call.
#[test]
fn the_answer_is_as_shown() {
    let call = README
        .lines()
        .find(|line| line.starts_with("$ curl "))
        .expect("a call");
    let answer = Account::demo().send(&parse(call.split("  # ").next().expect("a command")));
    let shown = README
        .split("```json\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("an answer");
    let shown: Value = serde_json::from_str(shown).expect("JSON");
    assert_eq!(
        answer.json().to_string().replace("http://localhost", BASE),
        shown.to_string()
    );
}

/// The demo team is as the README describes it.
#[test]
fn the_team_is_as_shown() {
    let account = Account::demo();
    let rows: Vec<_> = README
        .lines()
        .filter(|line| line.starts_with("| 10"))
        .collect();
    assert!(rows.len() > 5, "{rows:?}");
    for row in rows {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let (id, name) = cells[1].split_once(' ').expect("an id and a name");
        let user = account.send(&Ask::control(Method::GET, &format!("/users/{id}")));
        assert_eq!(user.at("/name"), name);
        let status = account.attributes(id.parse().expect("an id"))["agent_status"]["name"].clone();
        assert_eq!(
            status,
            cells[2].replace(
                ' ',
                if cells[2] == "transfers only" {
                    "_"
                } else {
                    " "
                }
            ),
            "{row}"
        );
    }
}

/// The request that curl would send.
fn parse(command: &str) -> Ask {
    let words = shell_words::split(command.trim_start_matches("$ ")).expect("shell words");
    let mut words = words.iter().skip(1);
    let (mut method, mut target, mut user, mut body) = (None, None, None, Vec::new());
    let (mut authorization, mut content_type, mut host) = (None, None, None);
    while let Some(word) = words.next() {
        let mut value = || words.next().expect("a value").clone();
        match word.as_str() {
            "-g" | "-i" => {}
            "-u" => user = Some(value()),
            "-X" => method = Some(value().parse().expect("a method")),
            "-d" => body.extend([value()]),
            "-H" => match value().split_once(": ").expect("a header") {
                ("Authorization", value) => authorization = Some(value.to_owned()),
                ("Content-Type", value) => content_type = Some(value.to_owned()),
                ("Host", value) => host = Some(value.to_owned()),
                (name, _) => panic!("this test does not know the header {name}"),
            },
            url => {
                target = Some(
                    url.strip_prefix(BASE)
                        .unwrap_or_else(|| panic!("not an address: {url}"))
                        .to_owned(),
                );
            }
        }
    }
    // Without a method and a type, curl sends a form.
    if !body.is_empty() {
        method = method.or(Some(Method::POST));
        content_type =
            content_type.or_else(|| Some("application/x-www-form-urlencoded".to_owned()));
    }
    let mut ask = Ask::raw(method.unwrap_or(Method::GET), &target.expect("an address"));
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
    ask.body(body.join("&"))
}

/// The table of flags matches `serve --help`. `UPDATE_GUIDE=1 cargo test guide` writes it.
#[test]
fn the_table_of_flags_is_that_of_the_program() {
    let (text, shown) = page("configuration")
        .split_once("| --- | --- | --- |\n")
        .expect("a table");
    let rows: String = flags().iter().map(Flag::row).collect();
    if env::var_os("UPDATE_GUIDE").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/configuration.md");
        fs::write(file, format!("{text}| --- | --- | --- |\n{rows}")).expect("the page");
        return;
    }
    assert_eq!(shown, rows, "UPDATE_GUIDE=1 cargo test guide writes it");
    let names: BTreeSet<_> = flags().into_iter().map(|flag| flag.name).collect();
    let all = all();
    let flags_named = words(&all, "--", |c| c.is_ascii_lowercase() || c == '-');
    for name in flags_named
        .into_iter()
        .filter(|name| name.contains(char::is_alphabetic))
    {
        let of_others = [
            "--rm",
            "--name",
            "--path",
            "--release",
            "--quiet",
            "--bench",
            "--rounds",
            "--rows",
            "--seconds",
            "--fail",
        ];
        let of_curl = [
            "--retry",
            "--retry-connrefused",
            "--retry-delay",
            "--test",
            "--open",
            "--help",
        ];
        assert!(
            names.contains(name) || of_others.contains(&name) || of_curl.contains(&name),
            "{name}"
        );
    }
}

/// A flag as `serve --help` describes it.
struct Flag {
    name: String,
    value: String,
    text: String,
}

impl Flag {
    fn row(&self) -> String {
        let (meaning, variable) = cut_out(&self.text, "env: ");
        assert_eq!(
            variable.map(|name| name.trim_end_matches('=').to_owned()),
            Some(format!(
                "EMULATOR_{}",
                self.name
                    .trim_start_matches('-')
                    .to_uppercase()
                    .replace('-', "_")
            ))
        );
        let (meaning, default) = cut_out(&meaning, "default: ");
        let (meaning, _) = cut_out(&meaning, "possible values: ");
        let value = if self.value.is_empty() {
            String::new()
        } else {
            format!(" {}", self.value.replace('|', "\\|"))
        };
        format!(
            "| `{}{value}` | {} | {meaning} |\n",
            self.name,
            default.as_deref().unwrap_or("none")
        )
    }
}

/// The text without the brackets after this word, and what the brackets contain.
fn cut_out(text: &str, word: &str) -> (String, Option<String>) {
    let Some((before, rest)) = text.split_once(&format!(" [{word}")) else {
        return (text.to_owned(), None);
    };
    let (value, after) = rest.split_once(']').expect("a bracket");
    (format!("{before}{after}"), Some(value.to_owned()))
}

fn flags() -> Vec<Flag> {
    let help = super::cli::run(&["serve", "--help"], &[]).stdout;
    let mut flags: Vec<Flag> = Vec::new();
    // The last one is `-h, --help`, which the table does not have.
    let own = help.lines().take_while(|line| !line.starts_with("  -h"));
    for line in own.filter(|line| line.starts_with("      ")) {
        let text = line.trim();
        if text.starts_with("--") {
            let (name, value) = text.split_once(' ').unwrap_or((text, ""));
            let value = value.trim_matches(['[', ']', '<', '>']).to_owned();
            flags.push(Flag {
                name: name.to_owned(),
                value,
                text: String::new(),
            });
        } else if let Some(flag) = flags.last_mut() {
            let space = if flag.text.is_empty() { "" } else { " " };
            flag.text.push_str(space);
            flag.text.push_str(text);
        }
    }
    flags
}

/// The table of operations matches the contract.
#[test]
fn the_table_of_operations_is_that_of_the_contract() {
    let starts = ["| `GET /", "| `PUT /", "| `POST /", "| `DELETE /"];
    let rows = page("zendesk_api")
        .lines()
        .filter(|line| starts.iter().any(|start| line.starts_with(start)));
    let of_guide: BTreeSet<_> = rows
        .map(|row| {
            let operation = row.split('`').nth(1).expect("an operation");
            let (method, path) = operation.split_once(' ').expect("method and path");
            let path = path.split('?').next().unwrap_or(path).trim_end_matches('/');
            let path = if path.starts_with("/api/") || path.starts_with("/oauth/") {
                path.to_owned()
            } else {
                format!("/api/v2/agent_availabilities{path}")
            };
            (method.to_lowercase(), path)
        })
        .collect();
    let paths = document()["paths"].as_object().expect("paths");
    let of_contract: BTreeSet<_> = paths
        .iter()
        .filter(|(path, _)| !path.starts_with("/_emulator"))
        .flat_map(|(path, item)| {
            let methods = item
                .as_object()
                .expect("operations")
                .iter()
                .filter(|(_, value)| is_operation(value));
            methods.map(|(method, _)| (method.clone(), path.clone()))
        })
        .collect();
    assert_eq!(of_guide, of_contract);
}

/// Names in recipes that no test runs: each variable, port, path and ready line exists in the
/// program.
#[test]
fn recipes_name_what_there_is() {
    let help = super::cli::run(&["serve", "--help"], &[]).stdout;
    // Its lines are wrapped.
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let all = all();
    let variables = words(&all, "EMULATOR_", |c| c.is_ascii_uppercase() || c == '_');
    assert!(variables.len() > 2, "{variables:?}");
    for variable in variables {
        let is_there = ['=', ']']
            .iter()
            .any(|end| help.contains(&format!("[env: {variable}{end}")));
        assert!(is_there, "{variable} is not a variable of the program");
    }
    let paths = words(&all, "/_emulator/", |c| {
        c.is_ascii_alphanumeric() || "_-./{}".contains(c)
    });
    for path in &paths {
        let path = path.trim_end_matches(['.', '/']);
        let is_there = [document(), control_document()]
            .iter()
            .any(|contract| has_path(contract, path));
        assert!(is_there, "nothing is at {path}");
    }
    assert!(paths.len() > 8, "{paths:?}");
    // Testcontainers waits for the line that the program prints, as `.ci/process` sees it.
    let awaited = page("container")
        .split("forLogMessage(\".*")
        .nth(1)
        .and_then(|rest| rest.split(".*").next());
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

/// Whether a contract has the path, with any values for its parameters.
fn has_path(contract: &Value, path: &str) -> bool {
    let fits = |template: &str| {
        let (template, path) = (
            template.split('/').collect::<Vec<_>>(),
            path.split('/').collect::<Vec<_>>(),
        );
        template.len() == path.len()
            && template
                .iter()
                .zip(&path)
                .all(|(part, given)| part.starts_with('{') || part == given)
    };
    contract["paths"]
        .as_object()
        .is_some_and(|paths| paths.keys().any(|template| fits(template)))
}

fn is_operation(value: &Value) -> bool {
    value.get("operationId").is_some()
}
