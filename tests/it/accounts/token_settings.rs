//! Settings of OAuth and of API tokens.

use axum::http::Method;
use serde_json::{Value, json};

use super::{control, create, patch};
use crate::harness::Account;

/// Settings of OAuth and of API tokens are changed one by one. Null takes back what names a user,
/// or an end; for the others it changes nothing. What is shown can be sent back.
#[test]
fn settings_of_tokens_change_one_by_one() {
    let server = Account::demo();
    let made = create(&server, &json!({ "subdomain": "a" }));
    let mut oauth = json!({
        "created_status": 200, "expires_in": "honour", "expires_in_answer": "always",
        "token_format": "jwt", "consent": "page", "consent_user": null,
    });
    let mut api_tokens = json!({ "inactivity_days": null, "end_at": null });
    assert_eq!(made.at("/settings/oauth"), oauth);
    assert_eq!(made.at("/settings/api_tokens"), api_tokens);
    for (member, value) in [
        ("created_status", json!(201)),
        ("expires_in", json!("ignore")),
        ("expires_in_answer", json!("when_asked")),
        ("token_format", json!("opaque")),
        ("consent", json!("allow")),
        ("consent_user", json!(10011)),
    ] {
        oauth[member] = value.clone();
        let changed = patch(
            &server,
            "a",
            &json!({ "settings": { "oauth": { member: value } } }),
        );
        assert_eq!(changed.at("/settings/oauth"), oauth, "{member}");
        let same = json!({ "settings": { "oauth": { member: null } } });
        if member == "consent_user" {
            oauth[member] = Value::Null;
        }
        let unchanged = patch(&server, "a", &same);
        assert_eq!(unchanged.at("/settings/oauth"), oauth, "{member}");
    }
    for (member, value) in [
        ("inactivity_days", json!(30)),
        ("end_at", json!("2027-04-30T00:00:00Z")),
    ] {
        api_tokens[member] = value.clone();
        let settings = json!({ "settings": { "api_tokens": { member: value } } });
        let changed = patch(&server, "a", &settings);
        assert_eq!(changed.at("/settings/api_tokens"), api_tokens, "{member}");
    }
    let shown = server.send(&control(Method::GET, "/a")).json();
    let same = patch(&server, "a", &json!({ "settings": shown["settings"] }));
    assert_eq!(same.json(), shown);
    let never =
        json!({ "settings": { "api_tokens": { "inactivity_days": null, "end_at": null } } });
    assert_eq!(
        patch(&server, "a", &never).at("/settings/api_tokens"),
        made.at("/settings/api_tokens")
    );
}

/// The settings of a call override the seed's member by member. A snapshot has them, and a reset
/// brings them back.
#[test]
fn settings_of_tokens_come_from_seed_and_call() {
    let server = Account::demo();
    let of_seed = json!({ "oauth": { "consent": "deny", "consent_user": 1 }, "api_tokens": { "inactivity_days": 30 } });
    let users = json!([{ "id": 1, "name": "A", "email": "a@x", "role": "admin" }]);
    let of_call = json!({ "oauth": { "consent": "allow" } });
    let made = create(
        &server,
        &json!({ "subdomain": "a", "seed": { "users": users, "settings": of_seed }, "settings": of_call }),
    );
    let oauth = made.at("/settings/oauth").clone();
    assert_eq!(
        [&oauth["consent"], &oauth["consent_user"]],
        [&json!("allow"), &json!(1)]
    );
    assert_eq!(made.at("/settings/api_tokens/inactivity_days"), 30);
    let snapshot = server.send(&control(Method::GET, "/a/snapshot")).json();
    assert_eq!(snapshot["settings"]["oauth"], oauth);
    patch(
        &server,
        "a",
        &json!({ "settings": { "oauth": { "consent": "page" }, "api_tokens": { "inactivity_days": null } } }),
    );
    let restored = control(Method::PUT, "/a/snapshot").json(&snapshot);
    assert_eq!(server.send(&restored).at("/settings"), snapshot["settings"]);
    patch(
        &server,
        "a",
        &json!({ "settings": { "oauth": { "consent": "page" } } }),
    );
    let reset = server.send(&control(Method::POST, "/a/reset"));
    assert_eq!(reset.at("/settings"), made.at("/settings"));
}

/// A value out of its range is refused at its place, and nothing changes.
#[test]
fn settings_of_tokens_have_their_ranges() {
    let server = Account::demo();
    let before = create(&server, &json!({ "subdomain": "a" })).json();
    for (settings, place) in [
        (
            json!({ "oauth": { "created_status": 204 } }),
            "oauth.created_status",
        ),
        (json!({ "oauth": { "consent": "ask" } }), "oauth.consent"),
        (
            json!({ "oauth": { "consent_user": "ada" } }),
            "oauth.consent_user",
        ),
        (json!({ "oauth": { "expires": "honour" } }), "oauth"),
        (
            json!({ "oauth": { "consent": "allow" }, "api_tokens": { "inactivity_days": 0 } }),
            "api_tokens.inactivity_days",
        ),
        (
            json!({ "api_tokens": { "inactivity_days": 3651 } }),
            "api_tokens.inactivity_days",
        ),
        (
            json!({ "api_tokens": { "end_at": "2027-04-30" } }),
            "api_tokens.end_at",
        ),
    ] {
        let refused = patch(&server, "a", &json!({ "settings": settings }));
        assert_eq!(refused.status, 422, "{settings}");
        assert_eq!(
            refused.places(),
            [format!("settings.{place}")],
            "{settings}"
        );
    }
    assert_eq!(server.send(&control(Method::GET, "/a")).json(), before);
}
