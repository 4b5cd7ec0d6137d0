//! Patches of Zendesk's answers.

use serde_json::{Value, json};

use super::{ask, kind};
use crate::faults::set;
use crate::harness::{Account, Answer, Ask, P};

/// What a call gets without a rule and with this one.
fn both(server: &Account, call: &Ask, answer: &Value) -> [Answer; 2] {
    [json!([]), json!([{ "answer": answer }])].map(|rules| {
        set(server, &rules);
        server.send(call)
    })
}

/// RFC 7396: a merge patch, on answers of every kind: one agent, a list, errors of the route.
#[test]
fn a_patch_changes_a_json_body() {
    let server = Account::demo();
    let get = |target: &str| ask("GET", target);
    for call in [
        get(&format!("{P}/10011")),
        get(&format!("{P}?page[size]=2")),
        get("/api/v2/users"),
        get(&format!("{P}/99999999")),
        get(&format!("{P}?page[size]=x")),
        get("/api/v2/users/99999999"),
        ask("PUT", &format!("{P}/agent_statuses/agents/10011")).body("{"),
    ] {
        let patch = json!({ "meta": { "new": [1] }, "links": null, "error": { "a": null } });
        let [real, patched] = both(&server, &call, &json!({ "patch": patch }));
        let mut expected = real.json();
        let object = expected.as_object_mut().expect("an object");
        object.shift_remove("links");
        match object.get_mut("meta").and_then(Value::as_object_mut) {
            Some(meta) => drop(meta.insert("new".to_owned(), json!([1]))),
            None => drop(object.insert("meta".to_owned(), json!({ "new": [1] }))),
        }
        object.insert("error".to_owned(), json!({}));
        assert_eq!(patched.json(), expected, "{call:?}");
        assert_eq!(patched.status, real.status, "{call:?}");
        assert_eq!(kind(&patched), kind(&real), "{call:?}");
        assert!(
            patched.hint().starts_with("answer: 1"),
            "{call:?}: {}",
            patched.hint()
        );
    }
}

/// By design: the rule may also set a status and headers. The update of the call has happened.
#[test]
fn a_patch_lets_the_call_happen() {
    let server = Account::demo();
    let new = json!({ "data": { "attributes": { "new_field": 1 } } });
    let answer = json!({ "patch": new, "status": 299, "headers": { "x-new": "1" } });
    let [real, patched] = both(&server, &Ask::get("/10011"), &answer);
    assert_eq!(patched.at("/data/attributes/new_field"), 1);
    assert_eq!(patched.at("/data/id"), real.at("/data/id"));
    assert_eq!(
        (patched.status.as_u16(), patched.header("x-new")),
        (299, Some("1"))
    );
    let update = Ask::put("/agent_statuses/agents/10012").json(&json!({ "id": 4 }));
    assert!(server.send(&update).status == 299);
    set(&server, &json!([]));
    assert_eq!(server.attributes(10_012)["agent_status"]["id"], 4);
}

/// By design: an answer without a JSON body is left alone, and a hint says so. The status and the
/// headers of the rule hold all the same.
#[test]
fn other_bodies_are_left_alone() {
    let server = Account::demo();
    let limit = json!({ "settings": { "rate_limit": { "requests": 1, "window": "60s" } } });
    let mut settings = Ask::control(axum::http::Method::PATCH, "");
    settings = settings.json(&limit);
    assert_eq!(server.send(&settings).status, 200);
    server.get("/10011");
    let answer =
        json!({ "patch": { "a": 1 }, "authenticate": false, "without_headers": ["Retry-After"] });
    let [real, patched] = both(&server, &Ask::get("/10011"), &answer);
    assert_eq!(
        (real.status.as_u16(), real.header("retry-after")),
        (429, Some("60"))
    );
    assert_eq!((patched.status, patched.text()), (real.status, real.text()));
    assert_eq!(
        (patched.header("retry-after"), kind(&patched)),
        (None, kind(&real))
    );
    let left = "answer: 1; the window's calls are used up; the next is admitted in 60 s; the body of \
               the answer is not a JSON object, so the patch left it as it is";
    assert_eq!(patched.hint(), left);
}

/// An empty patch changes only what else the rule says.
#[test]
fn an_empty_patch_is_for_headers() {
    let server = Account::demo();
    let answer = json!({ "patch": {}, "headers": { "X-Rate-Limit-Remaining": "1" } });
    let [real, patched] = both(&server, &Ask::get("/10011"), &answer);
    assert_eq!(patched.json(), real.json());
    assert_eq!(patched.header("x-rate-limit-remaining"), Some("1"));
    assert_eq!(patched.header("ratelimit-remaining"), Some("198"));
}
