//! Faults of `POST /oauth/tokens`, by name.

use axum::http::Method;
use serde_json::{Value, json};

use super::{counted, is_hit, set};
use crate::harness::{ADMIN, Account, Answer, Ask};

/// A client, and a token of it that can be renewed.
const SEED: &str = "
oauth_clients:
  - { id: 5, identifier: app, secret: s3cret, user_id: 1 }
oauth_tokens:
  - { id: 1, token: old-access, user_id: 1, client_id: 5, expires_in: 30m, refresh_token: old-refresh }
";

pub fn account() -> Account {
    Account::seeded(&[ADMIN, SEED].concat())
}

pub fn grant(parameters: &Value) -> Ask {
    let mut body = json!({ "client_id": "app", "client_secret": "s3cret" });
    let given = parameters.as_object().expect("parameters").clone();
    body.as_object_mut().expect("an object").extend(given);
    Ask::raw(Method::POST, "/oauth/tokens").json(&body)
}

pub fn refresh(token: &str) -> Ask {
    grant(&json!({ "grant_type": "refresh_token", "refresh_token": token }))
}

fn user(server: &Account, token: &str) -> Answer {
    server.send(&Ask::raw(Method::GET, "/api/v2/users/me").bearer(token))
}

fn members(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let members = body.as_object().expect("an object");
    members.keys().cloned().collect()
}

/// Observed in nango #6775: an answer without `expires_in`. The rest of it is as ever, and so are
/// errors and other calls.
#[test]
fn an_answer_may_not_say_when_its_token_expires() {
    let server = account();
    set(&server, &json!([{ "preset": "oauth-omits-expires-in" }]));
    assert!(!is_hit(
        &server.send(&Ask::raw(Method::GET, "/api/v2/users/me"))
    ));
    let issued = server.send(&refresh("old-refresh"));
    assert_eq!(
        (issued.status.as_u16(), issued.hint()),
        (200, "answer: oauth-omits-expires-in")
    );
    let expected = [
        "access_token",
        "token_type",
        "scope",
        "refresh_token",
        "refresh_token_expires_in",
    ];
    assert_eq!(members(&issued), expected);
    assert_eq!(issued.header("cache-control"), Some("no-store"));
    let token = issued.at("/access_token");
    assert_eq!(user(&server, token.as_str().expect("a token")).status, 200);
    let refused = server.send(&refresh("unknown"));
    assert_eq!(refused.refusal(), "400 invalid_grant");
    assert_eq!(counted(&server), [(2, 2)]);
    set(&server, &json!([]));
    let issued = server.send(&grant(&json!({ "grant_type": "client_credentials" })));
    assert_eq!(issued.at("/expires_in"), 1800);
}

/// By design: the tokens rotate, and then the connection closes. Assumed: a refusal has no tokens
/// that could be lost, so it arrives.
#[test]
fn an_answer_with_tokens_may_be_lost() {
    let server = account();
    set(
        &server,
        &json!([{ "preset": "oauth-lost-answer", "when": { "first": 2 } }]),
    );
    let refused = server.send(&refresh("unknown"));
    assert_eq!(refused.status, 400);
    assert!(
        refused.hint().contains("oauth-lost-answer") && refused.hint().contains("is not lost"),
        "{}",
        refused.hint()
    );
    assert_eq!(user(&server, "old-access").status, 200);
    let lost = server.send(&refresh("old-refresh"));
    assert_eq!(
        (lost.status.as_u16(), lost.body.len(), lost.is_cut_off),
        (444, 0, true)
    );
    // The old pair has ended.
    assert_eq!(user(&server, "old-access").status, 401);
    let again = server.send(&refresh("old-refresh"));
    assert_eq!(again.at("/error"), "invalid_grant");
    assert_eq!(counted(&server), [(3, 2)]);
}

/// Documented: the body and the headers of the error are those of a grant that cannot be used. By
/// design: nothing is used up.
#[test]
fn a_grant_may_be_refused_without_being_used() {
    let server = account();
    let real = server.send(&refresh("unknown"));
    set(&server, &json!([{ "preset": "oauth-invalid-grant" }]));
    let refused = server.send(&refresh("old-refresh"));
    assert_eq!((refused.status, refused.text()), (real.status, real.text()));
    let names = |answer: &Answer| {
        let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names(&refused), names(&real));
    for header in ["content-type", "cache-control", "pragma"] {
        assert_eq!(refused.header(header), real.header(header), "{header}");
    }
    assert_eq!(refused.hint(), "fault: oauth-invalid-grant");
    assert_eq!(user(&server, "old-access").status, 200);
    set(&server, &json!([]));
    assert_eq!(server.send(&refresh("old-refresh")).status, 200);
}

/// Assumed: other calls are not hit, whatever the rule's own criteria say.
#[test]
fn the_presets_are_for_requests_for_a_token() {
    let server = account();
    for preset in [
        "oauth-omits-expires-in",
        "oauth-lost-answer",
        "oauth-invalid-grant",
    ] {
        for matching in [json!({}), json!({ "operation": "show_current_user" })] {
            set(&server, &json!([{ "preset": preset, "match": matching }]));
            let answer = user(&server, "old-access");
            assert_eq!((answer.status.as_u16(), is_hit(&answer)), (200, false));
            assert_eq!(counted(&server), [(0, 0)], "{preset} {matching}");
        }
        // A criterion for the body narrows a rule.
        let body = json!({ "grant_type": "client_credentials" });
        set(
            &server,
            &json!([{ "preset": preset, "match": { "body": body } }]),
        );
        server.send(&refresh("unknown"));
        assert_eq!(counted(&server), [(0, 0)], "{preset}");
    }
}

/// Documented: a request for a token is refused in OAuth's form. So are requests that a fault
/// refuses with a status that those errors have.
#[test]
fn a_fault_with_a_status_has_the_form_of_oauth() {
    let server = account();
    for (status, error) in [(400, "invalid_grant"), (401, "invalid_client")] {
        set(&server, &json!([{ "fault": { "status": status } }]));
        let refused = server.send(&refresh("old-refresh"));
        assert_eq!(refused.refusal(), format!("{status} {error}"));
        assert_eq!(refused.header("www-authenticate").is_some(), status == 401);
    }
}

/// Assumed: `reset: after` is for any call: what it did stays, and no answer says so.
#[test]
fn any_answer_may_be_lost() {
    let server = Account::demo();
    set(&server, &json!([{ "fault": { "reset": "after" } }]));
    let update = |id: u64| Ask::update().json(&json!({ "id": id }));
    let before = server.state();
    let refused = server.send(&update(99));
    assert_eq!(refused.status, 422);
    assert_eq!(server.state(), before);
    let lost = server.send(&update(4));
    assert_eq!(
        (lost.status.as_u16(), lost.body.len(), lost.is_cut_off),
        (444, 0, true)
    );
    assert_ne!(server.state(), before);
    // It has happened, so the limit counts it.
    set(&server, &json!([]));
    assert_eq!(
        server.get("/10011").header("x-rate-limit-remaining"),
        Some("197")
    );
}
