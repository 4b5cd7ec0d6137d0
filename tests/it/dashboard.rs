//! The live page, as far as it can be seen without a browser: who gets it, with which headers, and
//! what its files may hold.

use std::fs;
use std::path::Path;

use axum::http::{Method, StatusCode};

use crate::harness::{Account, Answer, Ask, P};

const PAGE: &str = "/_emulator";
/// What browsers send when a user opens an address.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
/// The limit for all files together.
const MOST_BYTES: usize = 100 * 1024;
/// The limit for a module.
const MOST_LINES: usize = 200;

fn browser(path: &str) -> Ask {
    Ask::raw(Method::GET, path).header("accept", BROWSER)
}

/// The files as they are in the repository, by name.
fn sources() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/dashboard");
    let entries = fs::read_dir(folder).expect("the folder of the page");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = paths
        .filter(|path| path.extension().is_none_or(|extension| extension != "rs"))
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy();
            (name.into_owned(), fs::read_to_string(&path).expect("text"))
        })
        .collect();
    files.sort();
    assert!(files.len() > 10, "{files:?}");
    files
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Where the server has a file.
fn address(name: &str) -> String {
    match name {
        "index.html" => PAGE.to_owned(),
        name => format!("{PAGE}/dashboard/{name}"),
    }
}

fn assert_is_file(answer: &Answer, context: &str) {
    assert_eq!(
        answer.header("content-security-policy"),
        Some(POLICY),
        "{context}"
    );
    assert_eq!(
        answer.header("x-content-type-options"),
        Some("nosniff"),
        "{context}"
    );
    assert_eq!(
        answer.header("referrer-policy"),
        Some("no-referrer"),
        "{context}"
    );
    assert_eq!(
        answer.header("cache-control"),
        Some("no-cache"),
        "{context}"
    );
    for zendesks in ["x-zendesk-api-version", "x-rate-limit", "x-emulator-hint"] {
        assert_eq!(answer.header(zendesks), None, "{context}");
    }
}

/// By design: the page and its files, each with its type and the headers that keep it to itself.
#[test]
fn a_browser_gets_the_page_and_its_files() {
    let account = Account::demo();
    for (name, text) in sources() {
        let answer = account.send_unchecked(&browser(&address(&name)));
        let kind = match extension(&name) {
            "html" => "text/html; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            _ => panic!("{name} is of no type that the page has"),
        };
        assert_eq!(answer.status, 200, "{name}");
        assert_eq!(answer.text(), text, "{name}");
        assert_eq!(answer.header("content-type"), Some(kind), "{name}");
        assert_eq!(
            answer.header("content-length"),
            Some(&*text.len().to_string()),
            "{name}"
        );
        assert_is_file(&answer, &name);
        let head = Ask::raw(Method::HEAD, &address(&name)).header("accept", BROWSER);
        let head = account.send_unchecked(&head);
        assert_eq!((head.status.as_u16(), head.body.len()), (200, 0), "{name}");
        for header in ["content-length", "content-type", "etag"] {
            assert_eq!(head.header(header), answer.header(header), "{name}");
        }
        assert_is_file(&head, &name);
    }
}

/// RFC 9110, 13.1.2: a browser that has a file is told that it is still right, and another content
/// has another tag.
#[test]
fn a_file_that_the_browser_has_is_not_sent_again() {
    let account = Account::demo();
    let mut tags = Vec::new();
    for (name, text) in sources() {
        let first = account.send_unchecked(&browser(&address(&name)));
        let tag = first.header("etag").expect("a tag").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
        for held in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"other\", {tag}"),
            "*".to_owned(),
        ] {
            let again = browser(&address(&name)).header("if-none-match", &held);
            let again = account.send_unchecked(&again);
            assert_eq!(
                (again.status, again.body.len()),
                (StatusCode::NOT_MODIFIED, 0),
                "{held}"
            );
            assert_eq!(again.header("etag"), Some(&*tag));
            // The length is that of the file: RFC 9110, 8.6.
            assert_eq!(
                again.header("content-length"),
                Some(&*text.len().to_string())
            );
            assert_is_file(&again, &name);
        }
        for other in ["\"other\"".to_owned(), format!("{tag}x"), String::new()] {
            let again = browser(&address(&name)).header("if-none-match", &other);
            assert_eq!(account.send_unchecked(&again).status, 200, "{other}");
        }
        tags.push(tag);
    }
    let count = tags.len();
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), count, "two files have one tag");
}

/// By design: the root leads to the page. Clients that do not ask for HTML get JSON at both.
#[test]
fn only_a_client_that_wants_html_gets_the_page() {
    let account = Account::demo();
    for (accept, is_html) in [
        (Some(BROWSER), true),
        (Some("text/html"), true),
        (Some("TEXT/HTML;q=0.5"), true),
        (Some("application/json;q=0.5, text/html"), true),
        (Some("application/json, text/html"), true),
        (Some("application/json, text/html;q=0.9"), false),
        (Some("text/html;q=0, */*"), false),
        (Some("text/html;q=much"), false),
        (Some("application/json, text/plain, */*"), false),
        (Some("*/*"), false),
        (Some("text/htmlx"), false),
        (None, false),
    ] {
        let ask = |path: &str| {
            let ask = Ask::raw(Method::GET, path);
            accept.map_or(ask.clone(), |accept| ask.header("accept", accept))
        };
        for path in ["/", PAGE] {
            let answer = account.send_unchecked(&ask(path));
            let (status, kind) = match path {
                "/" if is_html => (307, None),
                _ if is_html => (200, Some("text/html; charset=utf-8")),
                _ => (200, Some("application/json")),
            };
            assert_eq!(answer.status, status, "{accept:?} {path}");
            assert_eq!(answer.header("content-type"), kind, "{accept:?} {path}");
            assert_eq!(answer.header("vary"), Some("accept"), "{accept:?} {path}");
            let way = (status == 307).then_some(PAGE);
            assert_eq!(answer.header("location"), way, "{accept:?} {path}");
        }
    }
}

/// By design: the page is beside Zendesk's API and changes nothing of it: no call is counted or
/// written to the journal, and a browser gets the JSON that all clients get.
#[test]
fn the_page_is_not_part_of_zendesks_api() {
    let account = Account::demo();
    for path in ["/", PAGE, "/_emulator/", "/_emulator/dashboard/main.js"] {
        account.send_unchecked(&browser(path));
    }
    let journal = account.send(&Ask::control(Method::GET, "/requests"));
    assert_eq!(journal.at("/last"), 0);
    for path in [
        P.to_owned(),
        format!("{P}/10011"),
        "/dashboard/main.js".to_owned(),
    ] {
        let ask = Ask::raw(Method::GET, &path).bearer("demo-oauth-admin");
        let plain = account.send(&ask);
        let answer = account.send(&ask.header("accept", BROWSER));
        assert_eq!(
            (answer.status, answer.text()),
            (plain.status, plain.text()),
            "{path}"
        );
    }
    for path in [
        "/_account/example/_emulator",
        "//_emulator",
        "/_emulator//dashboard/main.js",
    ] {
        assert_eq!(account.send_unchecked(&browser(path)).status, 404, "{path}");
    }
}

/// Assumed: what is not there is refused as everywhere in the control API.
#[test]
fn other_files_and_methods_are_refused() {
    let account = Account::demo();
    for name in [
        "mod.rs",
        "index.html",
        "none.js",
        "..%2Fmod.rs",
        "main.js%00",
        "%ff",
    ] {
        let answer = account.send(&browser(&format!("{PAGE}/dashboard/{name}")));
        assert_eq!(answer.refusal(), "404 InvalidEndpoint");
    }
    let post = account.send(&Ask::raw(Method::POST, "/_emulator/dashboard/main.js"));
    assert_eq!(
        (post.status.as_u16(), post.header("allow")),
        (405, Some("GET,HEAD"))
    );
}

/// By design: the page loads for every client that can reach the port. What it may see is decided
/// where it asks.
#[test]
fn the_page_is_not_guarded() {
    let account = Account::with(|builder| builder.control_token("secret"));
    let elsewhere = browser(PAGE).header("sec-fetch-site", "cross-site");
    assert_eq!(account.send_unchecked(&elsewhere).status, 200);
    let page = account.send_unchecked(&browser("/_emulator/dashboard/main.js"));
    assert_eq!(page.status, 200);
    let list = account.send(&Ask::raw(Method::GET, "/_emulator/accounts"));
    assert_eq!(list.status, 401);
}

/// By design: at most 100 KB, modules of at most 200 lines.
#[test]
fn the_page_is_small() {
    let files = sources();
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    assert!(bytes <= MOST_BYTES, "{bytes} bytes");
    for (name, text) in files.iter().filter(|(name, _)| extension(name) == "js") {
        let lines = text.lines().count();
        assert!(lines < MOST_LINES, "{name}: {lines} lines");
        assert!(
            text.starts_with("// "),
            "{name} does not say what it is for"
        );
    }
}

/// By design: data enters the document as text, and nothing comes from another host.
#[test]
fn no_file_writes_html_or_names_another_host() {
    for (name, text) in sources() {
        let forbidden = [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "DOMParser",
            "createContextualFragment",
            "setHTML",
            "srcdoc",
            "style=",
            ".style =",
            "cssText",
            "https:",
            "@import",
            "javascript:",
        ];
        for word in forbidden {
            assert!(!text.contains(word), "{name} has {word}");
        }
        // The namespace of SVG is a name, and nothing is loaded from there.
        let text = text.replace("http://www.w3.org/2000/svg", "");
        assert!(
            !text.contains("http:") && !text.contains("\"//"),
            "{name} names a host"
        );
    }
}

/// Every file that a file loads is served, and every file is loaded.
#[test]
fn the_files_load_each_other() {
    let files = sources();
    let (mut waiting, mut loaded) = (vec!["index.html".to_owned()], Vec::new());
    while let Some(name) = waiting.pop() {
        let text = files.iter().find(|(other, _)| *other == name);
        let (_, text) = text.unwrap_or_else(|| panic!("{name} is loaded, and is not there"));
        let quoted = text.split('"').skip(1).step_by(2);
        let named = quoted.filter_map(|path| match path.strip_prefix("./") {
            Some(name) if extension(name) == "js" => Some(name),
            _ => path.strip_prefix("/_emulator/dashboard/"),
        });
        loaded.push(name.clone());
        for name in named.map(str::to_owned) {
            if !loaded.contains(&name) && !waiting.contains(&name) {
                waiting.push(name);
            }
        }
    }
    loaded.sort();
    let all: Vec<_> = files.into_iter().map(|(name, _)| name).collect();
    assert_eq!(loaded, all);
}

/// By design: the page is there with the command line, and in an embedding test only if it is asked
/// for. `.ci/run` builds the library without it.
#[test]
fn the_page_is_a_feature_of_its_own() {
    let manifest = include_str!("../../Cargo.toml");
    let features = manifest
        .split_once("\n[features]\n")
        .and_then(|(_, rest)| rest.split("\n[").next())
        .expect("features");
    let has = |line: &str| features.lines().any(|it| it == line);
    assert!(
        has("default = [\"cli\"]") && has("dashboard = []"),
        "{features}"
    );
    let cli = features.lines().find(|line| line.starts_with("cli = "));
    assert!(
        cli.is_some_and(|cli| cli.contains("\"dashboard\"")),
        "{cli:?}"
    );
}
