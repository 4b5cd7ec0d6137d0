//! What is at the root of the server.

use axum::http::Method;
use serde_json::{Value, json};

use crate::harness::{Account, Ask};

const PATHS: [&str; 3] = ["/", "/_emulator", "/_emulator/"];

/// The links lead somewhere, without credentials.
#[test]
fn the_index_says_where_things_are() {
    let server = Account::demo();
    for path in PATHS {
        let index = server.send(&Ask::raw(Method::GET, path));
        assert_eq!(index.status, 200, "{path}: {}", index.text());
        let index = index.json();
        assert_eq!(
            (&index["name"], &index["version"]),
            (
                &json!("zendesk-availability-emulator"),
                &json!(env!("CARGO_PKG_VERSION"))
            )
        );
        for (name, url) in index["urls"].as_object().expect("URLs") {
            let url = url.as_str().expect("a path");
            let answer = server.send(&Ask::raw(Method::GET, url));
            assert_eq!(answer.status, 200, "{name}: {url}");
        }
        let head = server.send(&Ask::raw(Method::HEAD, path));
        assert_eq!((head.status.as_u16(), head.text()), (200, ""), "{path}");
    }
}

/// It is served to every caller, as the probes are, and does not call an account.
#[test]
fn the_index_is_for_every_caller() {
    let server = Account::with(|builder| builder.control_token("s3cret"));
    for path in PATHS {
        for (name, value) in [
            ("host", "evil.test"),
            ("origin", "http://evil.test"),
            ("authorization", "Basic eA=="),
        ] {
            let answer = server.send(&Ask::raw(Method::GET, path).header(name, value));
            assert_eq!(answer.status, 200, "{path} with {name}: {value}");
        }
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let answer = server.send(&Ask::raw(method.clone(), path));
            if path == "/" {
                assert_eq!(
                    answer.status, 404,
                    "{method}: only to read is the root not Zendesk's"
                );
                continue;
            }
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.at("/description"), "this path takes GET, HEAD");
        }
    }
    let journal = Ask::control(Method::GET, "/requests").header("authorization", "Bearer s3cret");
    assert_eq!(server.send(&journal).at("/last"), Value::from(3));
}

/// A path that would lead to it only after a rewrite is unknown, as for all of the control API.
#[test]
fn a_run_of_slashes_does_not_lead_to_the_index() {
    let server = Account::demo();
    for path in ["//", "///", "/_account/example/", "//_emulator", "/index"] {
        let answer = server.send(&Ask::raw(Method::GET, path));
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
    }
}

/// The root below the path of an account belongs to that account: its faults hit, and its journal
/// has the call.
#[test]
fn the_root_of_an_account_is_a_path_of_that_account() {
    let server = Account::demo();
    let control = |method, path: &str| Ask::raw(method, &format!("/_emulator/accounts{path}"));
    let created = server.send(&control(Method::POST, "").json(&json!({ "subdomain": "q" })));
    assert_eq!(created.status, 201, "{}", created.text());
    let faults = json!({ "faults": [{ "fault": { "status": 503 } }] });
    let set = server.send(&control(Method::PUT, "/q/faults").json(&faults));
    assert_eq!(set.status, 200, "{}", set.text());
    for path in ["/_account/q/", "/_account/q//?a=1"] {
        assert_eq!(
            server.send(&Ask::raw(Method::GET, path)).status,
            503,
            "{path}"
        );
    }
    let journal = server.send(&control(Method::GET, "/q/requests"));
    assert_eq!(journal.at("/last"), Value::from(2));
    let missing = server.send_unchecked(&Ask::raw(Method::GET, "/_account/nope/"));
    assert_eq!(missing.at("/error/title"), "No help desk at nope");
}
