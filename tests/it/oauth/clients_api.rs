//! `/api/v2/oauth/clients`.

use std::fmt::Write;
use std::time::Duration;

use serde_json::{Value, json};
use zendesk_availability_emulator::config::{SettingsPatch, Validation};
use zendesk_availability_emulator::seed::Seed;

use super::{ADA, BOB, EVE, SEED, account, ask, ids, state, walk};
use crate::harness::{Account, Answer};

fn send(account: &Account, method: &str, path: &str, client: &Value) -> Answer {
    let ask = ask(method, &format!("/oauth/clients{path}"), ADA);
    account.send(&ask.json(&json!({ "client": client })))
}

fn get(account: &Account, path: &str) -> Answer {
    account.send(&ask("GET", path, ADA))
}

fn new() -> Value {
    json!({
        "name": "New", "identifier": "new", "kind": "public", "company": "Co",
        "redirect_uri": ["http://127.0.0.1:1/cb"],
    })
}

/// Documented: the fields, the statuses, and that the secret is whole only at first. Assumed: a
/// public client gets a secret too, and a new client counts as one whose tokens expire, whatever
/// the clock of the account says.
#[test]
fn an_admin_makes_a_client() {
    let account = account();
    let made = send(&account, "POST", ".json", &new());
    assert_eq!(made.status, 201, "{}", made.text());
    let client = made.at("/client");
    let secret = client["secret"].as_str().expect("a secret").to_owned();
    assert!(secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let expected = json!({
        "id": 31, "url": "http://localhost/api/v2/oauth/clients/31.json", "identifier": "new",
        "name": "New", "company": "Co", "description": null, "kind": "public", "global": false,
        "logo_url": null, "redirect_uri": ["http://127.0.0.1:1/cb"], "secret": secret, "user_id": 1,
        "created_at": "2026-04-30T00:00:00Z", "updated_at": "2026-04-30T00:00:00Z",
    });
    assert_eq!(client, expected);
    let shown = get(&account, "/oauth/clients/31.json").at("/client");
    assert_eq!(shown["secret"].as_str(), secret.get(..9));
    let directory = account.world().directory();
    let client = directory
        .oauth()
        .client_by_identifier("new")
        .expect("the client");
    assert_eq!(client.default_lifetime(), Some(Duration::from_mins(30)));
    let least = send(
        &account,
        "POST",
        "",
        &json!({ "name": "a", "identifier": "b" }),
    );
    assert_eq!(least.at("/client/kind"), "confidential", "{}", least.text());
}

/// Documented: the lists. Assumed: the order.
#[test]
fn clients_are_listed() {
    let account = account();
    for (path, expected) in [
        ("/oauth/clients.json", vec![10, 20, 30]),
        ("/users/me/oauth/clients.json", vec![10, 30]),
    ] {
        let list = get(&account, path);
        assert_eq!(
            (ids(&list, "clients"), list.at("/count")),
            (expected.clone(), json!(expected.len()))
        );
        for size in 1..=4 {
            for kind in ["per_page", "page[size]"] {
                let path = format!("{path}?{kind}={size}");
                assert_eq!(walk(&account, &path, "clients"), expected, "{path}");
            }
        }
    }
    let secrets = get(&account, "/oauth/clients");
    let secret = |place: usize| secrets.at(&format!("/clients/{place}/secret"));
    assert_eq!([secret(0), secret(1)], [json!("app-secre"), Value::Null]);
}

/// Documented: admins only. A token needs the scope of the method.
#[test]
fn clients_are_for_admins() {
    let account = account();
    let before = state(&account);
    for (method, path) in [
        ("GET", "/oauth/clients"),
        ("POST", "/oauth/clients"),
        ("GET", "/oauth/clients/10"),
        ("PUT", "/oauth/clients/10"),
        ("DELETE", "/oauth/clients/10"),
        ("PUT", "/oauth/clients/10/generate_secret"),
        ("GET", "/users/me/oauth/clients"),
    ] {
        for token in [BOB, EVE] {
            let ask = ask(method, path, token).json(&json!({ "client": new() }));
            let answer = account.send(&ask);
            assert_eq!(answer.at("/error/title"), "Forbidden", "{method} {path}");
        }
        assert_eq!(account.send(&ask(method, path, "unknown")).status, 401);
    }
    assert_eq!(state(&account), before);
}

/// Assumed: members that are not given stay, null and empty texts remove what is optional, and an
/// update that changes nothing leaves `updated_at` as it was.
#[test]
fn an_admin_changes_a_client() {
    let account = account();
    account.advance(Duration::from_mins(1));
    let before = get(&account, "/oauth/clients/10").at("/client");
    assert_eq!(before["updated_at"], "2025-01-01T00:00:00Z");
    let same = send(&account, "PUT", "/10.json", &json!({ "identifier": "app" }));
    assert_eq!(same.at("/client"), before);
    let change = json!({ "name": "Other", "company": null, "description": "", "kind": "public",
        "redirect_uri": "https://other.example.com/cb" });
    let changed = send(&account, "PUT", "/10", &change).at("/client");
    let mut expected = before;
    expected["name"] = json!("Other");
    expected["kind"] = json!("public");
    expected["redirect_uri"] = json!(["https://other.example.com/cb"]);
    expected["company"] = Value::Null;
    expected["description"] = Value::Null;
    expected["updated_at"] = json!("2026-01-21T10:31:00Z");
    assert_eq!(changed, expected);
    assert_eq!(get(&account, "/oauth/clients/10").at("/client"), expected);
    let none = send(&account, "PUT", "/10", &json!({ "redirect_uri": null }));
    assert_eq!(none.at("/client/redirect_uri"), json!([]));
    let renamed = send(&account, "PUT", "/10", &json!({ "identifier": "app2" }));
    assert_eq!(renamed.at("/client/identifier"), "app2");
    let free = send(
        &account,
        "POST",
        "",
        &json!({ "name": "a", "identifier": "app" }),
    );
    assert_eq!(free.status, 201, "{}", free.text());
}

/// Assumed: a confidential client has a secret, so one that becomes confidential gets one.
#[test]
fn a_client_that_becomes_confidential_gets_a_secret() {
    let account = account();
    let changed = send(&account, "PUT", "/20", &json!({ "kind": "confidential" }));
    let secret = changed.at("/client/secret");
    let secret = secret.as_str().expect("a secret");
    assert_eq!(secret.len(), 64);
    let again = send(&account, "PUT", "/20", &json!({ "kind": "public" }));
    assert_eq!(again.at("/client/secret").as_str(), secret.get(..9));
}

/// Assumed: the form of the refusals is that of other records, and which values are refused.
/// Nothing has changed then.
#[test]
fn a_client_that_cannot_be_saved_is_refused() {
    let account = account();
    let before = state(&account);
    let long = "x".repeat(2001);
    for (client, field, error) in [
        (json!({ "name": "" }), "name", "BlankValue"),
        (json!({ "name": " " }), "name", "BlankValue"),
        (json!({ "name": null }), "name", "BlankValue"),
        (json!({ "name": 1 }), "name", "InvalidValue"),
        (json!({ "name": long }), "name", "InvalidValue"),
        (json!({ "identifier": "" }), "identifier", "BlankValue"),
        (json!({ "identifier": [] }), "identifier", "InvalidValue"),
        (
            json!({ "identifier": "cli" }),
            "identifier",
            "DuplicateValue",
        ),
        (json!({ "kind": "secret" }), "kind", "InvalidValue"),
        (json!({ "kind": "unknown" }), "kind", "InvalidValue"),
        (json!({ "company": 1 }), "company", "InvalidValue"),
        (json!({ "logo_url": long }), "logo_url", "InvalidValue"),
        (
            json!({ "redirect_uri": "http://a.example.com/cb" }),
            "redirect_uri",
            "InvalidValue",
        ),
        (
            json!({ "redirect_uri": ["urn:ietf:wg:oauth:2.0:oob"] }),
            "redirect_uri",
            "InvalidValue",
        ),
        (
            json!({ "redirect_uri": ["https://a.example.com/#x"] }),
            "redirect_uri",
            "InvalidValue",
        ),
        (
            json!({ "redirect_uri": vec!["https://a.example.com"; 101] }),
            "redirect_uri",
            "InvalidValue",
        ),
        (json!({ "redirect_uri": 1 }), "redirect_uri", "InvalidValue"),
    ] {
        let mut whole = new();
        for (name, value) in client.as_object().expect("members") {
            whole[name] = value.clone();
        }
        for (method, path, client) in [("POST", "", &whole), ("PUT", "/10", &client)] {
            let answer = send(&account, method, path, client);
            assert_eq!(answer.status, 422, "{method} {client}: {}", answer.text());
            assert_eq!(
                answer.at(&format!("/details/{field}/0/error")),
                error,
                "{client}"
            );
        }
    }
    let empty = send(&account, "POST", "", &json!({}));
    let details = json!({
        "name": [{ "description": "Name: cannot be blank", "error": "BlankValue" }],
        "identifier": [{ "description": "Identifier: cannot be blank", "error": "BlankValue" }],
    });
    assert_eq!(empty.at("/details"), details);
    for body in [
        json!(null),
        json!({ "client": [] }),
        json!({ "name": "New" }),
    ] {
        let answer = account.send(&ask("POST", "/oauth/clients", ADA).json(&body));
        assert_eq!(answer.at("/details/client/0/error"), "BlankValue", "{body}");
    }
    assert_eq!(state(&account), before);
}

/// Assumed: what a client sends back of an answer is ignored, with a hint. Unknown members are a
/// 422 with `validation: strict`.
#[test]
fn members_that_cannot_be_set_are_ignored() {
    let account = account();
    let mut client = get(&account, "/oauth/clients/10").at("/client");
    client["user_id"] = json!(2);
    client["nmae"] = json!("x");
    let sent_back = send(&account, "PUT", "/10", &client);
    assert_eq!(sent_back.at("/client/user_id"), 1);
    for part in ["`user_id` cannot be set", "`nmae`, did you mean `name`?"] {
        assert!(sent_back.hint().contains(part), "{}", sent_back.hint());
    }
    let secret = account
        .world()
        .directory()
        .oauth()
        .client_by_identifier("app")
        .and_then(|it| it.secret.clone());
    assert_eq!(secret.as_deref(), Some("app-secret-0123456789"));
    let seed = Seed::parse(SEED).expect("a seed");
    let settings = SettingsPatch::new().validation(Validation::Strict);
    let strict = Account::with(|builder| builder.seed(seed).settings(settings));
    let refused = send(&strict, "PUT", "/10", &client);
    assert_eq!(refused.refusal(), "422 UnknownField");
}

/// Documented: a new secret, in full in this answer only. Assumed: the earlier one is wrong at
/// once.
#[test]
fn a_client_gets_a_new_secret() {
    let account = account();
    let path = "/oauth/clients/10/generate_secret.json";
    let answer = account.send(&ask("PUT", path, ADA));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let secret = answer.at("/client/secret");
    let stored = account.world().directory();
    let stored = stored
        .oauth()
        .client_by_identifier("app")
        .expect("the client");
    assert_eq!(stored.secret.as_deref(), secret.as_str());
    assert_eq!(secret.as_str().map(str::len), Some(64));
    let again = account.send(&ask("PUT", path, ADA)).at("/client/secret");
    assert_ne!(again, secret);
    assert_eq!(
        account
            .send(&ask("PUT", "/oauth/clients/99/generate_secret", ADA))
            .status,
        404
    );
}

/// Assumed: the tokens of a deleted client end at once, and its identifier is free.
#[test]
fn a_deleted_client_takes_its_tokens_along() {
    let account = account();
    let deleted = account.send(&ask("DELETE", "/oauth/clients/20.json", ADA));
    assert_eq!((deleted.status.as_u16(), deleted.text()), (204, ""));
    assert_eq!(
        account.send(&ask("GET", "/users/me", BOB)).at("/error"),
        "invalid_token"
    );
    for method in ["GET", "PUT", "DELETE"] {
        assert_eq!(
            send(&account, method, "/20", &json!({})).status,
            404,
            "{method}"
        );
    }
    let again = send(
        &account,
        "POST",
        "",
        &json!({ "name": "a", "identifier": "cli" }),
    );
    assert_eq!(again.at("/client/id"), 31, "{}", again.text());
    let word = account.send(&ask("DELETE", "/oauth/clients/cli", ADA));
    assert_eq!(word.at("/error/title"), "Invalid attribute");
}

/// Assumed: at most 1,000 clients.
#[test]
fn an_account_has_room_for_1_000_clients() {
    let mut clients = String::from("oauth_clients:\n");
    for id in 31..=1027 {
        let line = format!("  - {{ id: {id}, identifier: c{id}, kind: public, user_id: 1 }}");
        writeln!(clients, "{line}").expect("text");
    }
    let seed = SEED.replace("oauth_clients:\n", &clients);
    let account = Account::seeded(&seed);
    let full = send(&account, "POST", "", &new());
    assert_eq!(full.refusal(), "400 BadRequest");
    assert_eq!(
        account
            .send(&ask("DELETE", "/oauth/clients/31", ADA))
            .status,
        204
    );
    assert_eq!(send(&account, "POST", "", &new()).status, 201);
}

/// Assumed: a snapshot with what the API has made can be a seed again.
#[test]
fn a_snapshot_has_what_the_api_made() {
    let account = account();
    send(&account, "POST", "", &new());
    send(&account, "PUT", "/20", &json!({ "kind": "confidential" }));
    let token = json!({ "token": { "client_id": 10, "scopes": ["tickets:read"] } });
    account.send(&ask("POST", "/oauth/tokens", ADA).json(&token));
    let control = "/_emulator/accounts/example/snapshot";
    let snapshot = account.send(&crate::harness::Ask::raw(axum::http::Method::GET, control));
    let restored = Account::seeded(snapshot.text());
    assert_eq!(state(&restored), state(&account));
}
