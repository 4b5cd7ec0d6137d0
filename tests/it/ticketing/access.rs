//! Who may call the Ticketing API.

use axum::http::Method;
use serde_json::json;
use zendesk_availability_emulator::config::{ErrorsForm, SettingsPatch, Validation};

use super::{ask, get};
use crate::harness::{Account, Ask};

const CALLS: [&str; 8] = [
    "/users",
    "/users/10011",
    "/users/show_many?ids=10011",
    "/users/search?query=a",
    "/groups",
    "/groups/1",
    "/group_memberships",
    "/search?query=a",
];

/// Assumed: admins and agents, light agents too. Documented: end users may see only themselves.
#[test]
fn end_users_see_only_themselves() {
    let account = Account::demo();
    for (email, expected) in [
        ("admin@example.com", 200),
        ("agent@example.com", 200),
        ("light@example.com", 200),
        ("customer@example.com", 403),
    ] {
        let by = |path: &str| account.send(&ask(path).token(email, "demo-api-token"));
        for path in CALLS {
            let answer = by(path);
            assert_eq!(answer.status, expected, "{email} {path}");
            if expected == 403 {
                assert_eq!(answer.at("/error/title"), "Forbidden");
            }
        }
        let own = by("/users/me");
        assert_eq!(
            (own.status.as_u16(), own.at("/user/email")),
            (200, json!(email))
        );
    }
    assert_eq!(account.send(&ask("/users/me").anonymous()).status, 401);
}

/// Documented: `read` opens everything that is read, `users:read` the users. Observed: a refusal
/// names both.
#[test]
fn scopes_open_what_they_name() {
    let seed = "users: [{ id: 1, name: Ada, email: ada@example.com, role: admin }]\noauth_tokens:
  - { token: users, user_id: 1, scopes: [\"users:read\"] }
  - { token: groups, user_id: 1, scopes: [\"groups:read\"] }
  - { token: write, user_id: 1, scopes: [write] }\n";
    let account = Account::seeded(seed);
    for (token, expected) in [("users", 200), ("groups", 403), ("write", 403)] {
        let answer = account.send(&ask("/users").bearer(token));
        assert_eq!(answer.status, expected, "{token}");
        if expected == 403 {
            let both = "You are missing the following required scopes: users:read, read";
            assert_eq!(answer.at("/description"), both);
        }
    }
    // Clients are not users.
    let clients = account.send(&ask("/users/me/oauth/clients").bearer("users"));
    assert_eq!(clients.status, 403);
    let availability = ask("/agent_availabilities").bearer("users");
    let refused = account.send(&availability);
    assert_eq!(refused.status, 403);
    assert_eq!(
        refused.at("/description"),
        "You are missing the following required scopes: read"
    );
}

/// Assumed: only GET and HEAD are here.
#[test]
fn nothing_is_written() {
    let account = Account::demo();
    for method in ["POST", "PUT", "DELETE"] {
        let mut ask = ask("/users/10011");
        ask.method = method.parse().expect("a method");
        let answer = account.send(&ask);
        assert_eq!(
            (answer.status.as_u16(), answer.header("allow")),
            (405, Some("GET,HEAD"))
        );
    }
    assert_eq!(get(&account, "/users/10011/identities").status, 404);
}

/// Assumed: problems with parameters have the classic form, whatever the setting `errors` says.
#[test]
fn strict_validation_lists_unknown_parameters_in_the_classic_form() {
    let settings = SettingsPatch::new()
        .validation(Validation::Strict)
        .errors(ErrorsForm::JsonApi);
    let account = Account::demo_with(settings);
    let answer = get(&account, "/groups?sort=name");
    assert_eq!(answer.refusal(), "400 UnknownParameter");
    let agents = account.send(&ask("/agent_availabilities?order=name"));
    assert_eq!(
        (agents.status.as_u16(), agents.at("/errors/0/code")),
        (400, json!("UnknownParameter"))
    );
}

/// Assumed: a fault answers as the API of the path does, and the limit of the path does not count
/// the call.
#[test]
fn faults_have_the_forms_of_this_api() {
    let account = Account::demo();
    for (status, expected) in [
        (
            404,
            json!({ "error": "RecordNotFound", "description": "Not found" }),
        ),
        (
            400,
            json!({ "error": "InvalidParameter", "description": "The request is not valid." }),
        ),
    ] {
        let rules = json!({ "faults": [{ "match": { "operation": "show_user" }, "fault": { "status": status } }] });
        let set = Ask::control(Method::PUT, "/faults").json(&rules);
        let set = account.send(&set);
        assert_eq!(set.status, 200, "{}", set.text());
        let answer = get(&account, "/users/10011");
        assert_eq!((answer.status.as_u16(), answer.json()), (status, expected));
        assert_eq!(answer.header("x-rate-limit-remaining"), Some("700"));
    }
}
