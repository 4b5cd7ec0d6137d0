//! Control calls to unknown paths and methods. Zendesk has no such calls, so all tests are assumed.
//! `openapi/control.yaml` has the form of the answers.

use axum::http::Method;
use serde_json::json;

use crate::harness::{Account, Ask, control_document, document};

/// For an unknown path the answer names the path that was probably meant. Any text may stand for a
/// subdomain or an id, and segments may be missing.
#[test]
fn the_control_path_that_was_probably_meant_is_named() {
    let server = Account::demo();
    let account = |rest: &str| format!("/_emulator/accounts/{{subdomain}}{rest}");
    for (path, meant) in [
        ("/_emulator/account", Some("/_emulator/accounts".to_owned())),
        ("/_emulator/acounts/t42", Some(account(""))),
        (
            "/_emulator/accounts/a-very-long-subdomain-that-is-like-nothing-else-at-all/clok",
            Some(account("/clock")),
        ),
        (
            "/_emulator/accounts/t/clock/advanced",
            Some(account("/clock/advance")),
        ),
        (
            "/_emulator/accounts/t42/agents/1900012345678901/sign_in",
            Some(account("/agents/{agent_id}/sign-in")),
        ),
        (
            "/_emulator/accounts/t42/agent/1/sign-out",
            Some(account("/agents/{agent_id}/sign-out")),
        ),
        (
            "/_emulator/accounts/t42/agents/1/channel/talk/work_items/2/move",
            Some(account(
                "/agents/{agent_id}/channels/{channel}/work_items/{work_item_id}/move",
            )),
        ),
        (
            "/_emulator/accounts/t42/agent_status/123",
            Some(account("/agent_statuses/{agent_status_id}")),
        ),
        (
            "/_emulator/accounts/t42/request/verify",
            Some(account("/requests/verify")),
        ),
        ("/_emulator/clock", Some(account("/clock"))),
        ("/_emulator/faults", Some(account("/faults"))),
        (
            "/_emulator/requests/verify",
            Some(account("/requests/verify")),
        ),
        (
            "/_emulator//accounts",
            Some("/_emulator/accounts".to_owned()),
        ),
        ("/_emulator/accounts//t42/clock", Some(account("/clock"))),
        (
            "/_emulators/accounts",
            Some("/_emulator/accounts".to_owned()),
        ),
        ("/_emulator/ready", Some("/_emulator/readyz".to_owned())),
        (
            "/_emulator/openapi.yml",
            Some("/_emulator/openapi.yaml".to_owned()),
        ),
        (
            "/_emulator/openapi.jsn",
            Some("/_emulator/openapi.json".to_owned()),
        ),
        (
            "/_emulator/openapi.control.yml",
            Some("/_emulator/openapi.control.yaml".to_owned()),
        ),
        ("/_emulator/nothing", None),
        ("/_emulator/of/the/kind", None),
        ("/_emulator/api/v2/agent_availabilities", None),
    ] {
        for method in [Method::GET, Method::POST] {
            let answer = server.send(&Ask::raw(method, path));
            let description = match &meant {
                Some(meant) => format!("there is no such path, did you mean `{meant}`?"),
                None => "there is no such path; see /_emulator/openapi.control.yaml".to_owned(),
            };
            let expected = json!({ "error": "InvalidEndpoint", "description": description });
            assert_eq!(
                (answer.status.as_u16(), answer.json()),
                (404, expected),
                "{path}"
            );
            assert_eq!(
                (
                    answer.header("x-emulator-hint"),
                    answer.header("x-rate-limit")
                ),
                (None, None),
                "{path}"
            );
        }
    }
    let long = server.send(&Ask::raw(
        Method::GET,
        &format!("/_emulator/accounts{}", "/a".repeat(10_000)),
    ));
    assert_eq!(
        long.at("/description"),
        "there is no such path; see /_emulator/openapi.control.yaml"
    );
    let head = server.send(&Ask::raw(Method::HEAD, "/_emulator/nothing"));
    assert_eq!((head.status.as_u16(), head.body.len()), (404, 0));
}

/// For a method that a path does not have, the answer names the methods that it has, in the text
/// and in `Allow`. No hint mentions Zendesk, because this API is not Zendesk's.
#[test]
fn the_methods_of_a_control_path_are_named() {
    let server = Account::demo();
    let mut paths = 0;
    let of =
        |document: &'static serde_json::Value| document["paths"].as_object().expect("paths").iter();
    for (path, item) in of(control_document())
        .chain(of(document()))
        .filter(|(path, _)| path.starts_with("/_emulator"))
    {
        paths += 1;
        let names = ["get", "head", "post", "put", "patch", "delete"];
        let has = |name: &&str| {
            item.get(if *name == "head" { "get" } else { *name })
                .is_some()
        };
        let mut expected: Vec<_> = names
            .into_iter()
            .filter(has)
            .map(str::to_uppercase)
            .collect();
        expected.sort();
        for other in ["OPTIONS", "TRACE", "PROPFIND", "get"] {
            let target = path.replace(['{', '}'], "");
            let answer = server.send(&Ask::raw(other.parse().expect("a method"), &target));
            assert_eq!(answer.refusal(), "405 MethodNotAllowed", "{other} {path}");
            let mut allowed: Vec<_> = answer
                .header("allow")
                .expect("Allow")
                .split(',')
                .map(str::to_owned)
                .collect();
            let described = answer.at("/description");
            assert_eq!(
                described,
                format!("this path takes {}", allowed.join(", ")),
                "{other} {path}"
            );
            allowed.sort();
            assert_eq!(allowed, expected, "{other} {path}");
            assert_eq!(answer.header("x-emulator-hint"), None, "{other} {path}");
        }
    }
    assert!(paths > 20, "only {paths} paths");
    let put = server.send(&Ask::control(Method::PUT, "/agents"));
    assert_eq!(
        put.json(),
        json!({ "error": "MethodNotAllowed", "description": "this path takes GET, HEAD, POST" })
    );
}
