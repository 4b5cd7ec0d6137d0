//! That the document's routes are the router's. The other direction, that every route is in the
//! document, is a test in `src/server/zendesk_routes.rs`, because the route table is private.

use axum::http::Method;
use serde_json::{Value, json};

use super::{METHODS, object, operations};
use crate::harness::{Account, Ask, P, document};
use zendesk_availability_emulator::seed::{DEMO, Seed};

const OTHER_METHODS: &[&str] = &["CONNECT", "PROPFIND", "get"];

/// Assumed: every operation of the document exists. Each is called as an admin who is an agent,
/// with ids that exist, and succeeds for every media type.
#[test]
fn every_operation_answers() {
    for operation in operations() {
        for accept in ["*/*", "application/vnd.api+json"] {
            // An operation may end what another one needs.
            let account = account();
            let job_id = job(&account);
            let target = with_ids(operation.path, &job_id);
            let ask = ask(&operation.method.to_uppercase(), &target).header("accept", accept);
            let answer = account.send(&ask);
            let expected = success(&operation.method.to_uppercase(), operation.path);
            assert_eq!(
                answer.status,
                expected,
                "{}: {}",
                operation.id(),
                answer.text()
            );
        }
    }
}

/// Assumed: a HEAD has its GET's headers and no body. A 405 is classic and names the allowed
/// methods. No method works that the document does not have.
#[test]
fn every_other_method_is_not_allowed() {
    for (path, item) in object(&document()["paths"]) {
        let mut allowed: Vec<_> = METHODS
            .iter()
            .filter(|method| item.get(method).is_some())
            .map(|method| method.to_uppercase())
            .collect();
        if item.get("get").is_some() {
            allowed.push("HEAD".to_owned());
        }
        allowed.sort();
        let methods = METHODS.iter().map(|method| method.to_uppercase());
        for method in methods.chain(OTHER_METHODS.iter().map(|&method| method.to_owned())) {
            let context = format!("{method} {path}");
            let account = account();
            let job_id = job(&account);
            let answer = account.send(&ask(&method, &with_ids(path, &job_id)));
            if allowed.contains(&method) {
                assert_eq!(answer.status, success(&method, path), "{context}");
                continue;
            }
            assert_eq!(answer.status, 405, "{context}");
            let said = answer
                .header("allow")
                .unwrap_or_else(|| panic!("{context}: nothing is said to be allowed"));
            let mut said: Vec<_> = said
                .split(',')
                .map(|method| method.trim().to_owned())
                .collect();
            said.sort();
            assert_eq!(said, allowed, "{context}");
        }
    }
}

/// Observed on other endpoints: an unknown path is a 404. Assumed: for every method.
#[test]
fn a_path_that_is_not_in_the_document_is_not_found() {
    let account = Account::demo();
    let paths = [
        "//".to_owned(),
        "/nothing".to_owned(),
        "/api/v2".to_owned(),
        "/api/v2/tickets.json".to_owned(),
        "/api/v2/users/10011/tickets".to_owned(),
        "/_emulator/openapi".to_owned(),
        format!("{P}/10011/channels"),
        format!("{P}/10011/channels/messaging/relationships"),
        format!("{P}/agent_statuses/agents"),
        format!("{P}/agent_statuses/job_statuses"),
        format!("{P}/agent_statuses/123"),
    ];
    for path in paths {
        for method in ["GET", "PUT", "DELETE"] {
            let answer = account.send(&ask(method, &path));
            assert_eq!(answer.refusal(), "404 InvalidEndpoint", "{method} {path}");
            // For an unknown path of the control API, the description names the one that was
            // probably meant.
            assert_eq!(
                answer.at("/description") == "Not found",
                !path.starts_with("/_emulator"),
                "{path}"
            );
        }
    }
}

/// Assumed: the document is served as it was written, and as the same document in JSON, to every
/// client.
#[test]
fn the_document_is_served_in_both_forms() {
    let account = Account::demo();
    let yaml = account.send(&Ask::raw(Method::GET, "/_emulator/openapi.yaml"));
    assert_eq!(yaml.header("content-type"), Some("application/yaml"));
    assert_eq!(yaml.text(), zendesk_availability_emulator::OPENAPI);
    assert_eq!(
        yaml.text(),
        include_str!("../../../openapi/agent-availability.yaml")
    );
    let json = account.send(&Ask::raw(Method::GET, "/_emulator/openapi.json"));
    assert_eq!(
        json.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    let parsed: Value = serde_saphyr::from_str(yaml.text()).expect("YAML");
    assert_eq!(json.json(), parsed);
}

/// The demo account with an OAuth client, and a token that can be spared.
fn account() -> Account {
    let mut seed: Value = serde_saphyr::from_str(DEMO).expect("the demo seed is YAML");
    let client = json!({
        "id": 90, "identifier": "app", "kind": "public", "user_id": 10001,
        "redirect_uri": ["https://app.example.com/cb"],
    });
    let server = json!({ "id": 92, "identifier": "server", "secret": "secret", "user_id": 10001 });
    let token = json!({ "id": 91, "token": "spare", "user_id": 10001, "client_id": 90 });
    for (list, record) in [
        ("oauth_clients", client),
        ("oauth_clients", server),
        ("oauth_tokens", token),
    ] {
        let records = seed[list].as_array().cloned().unwrap_or_default();
        seed[list] = records.into_iter().chain([record]).collect();
    }
    let seed = Seed::parse(&seed.to_string()).expect("a seed");
    Account::with(|builder| builder.seed(seed))
}

/// The status of a call that succeeds.
fn success(method: &str, path: &str) -> u16 {
    match method {
        "DELETE" => 204,
        "POST" if path.starts_with("/api/v2/oauth/") => 201,
        _ => 200,
    }
}

/// What the authorization page needs. Other paths ignore it.
const AUTHORIZATION: &str = "client_id=app&redirect_uri=https://app.example.com/cb\
    &response_type=code&code_challenge_method=S256\
    &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn ask(method: &str, target: &str) -> Ask {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    if target.starts_with("/oauth/authorizations/") {
        return Ask::raw(method, &format!("{target}?{AUTHORIZATION}"));
    }
    let ask =
        Ask::raw(method, &format!("{target}?ids=10011&query=type:user")).bearer("demo-oauth-admin");
    // What each of the writes takes. The others ignore it.
    ask.json(&json!({
        "id": 3, "availability": {}, "token": { "client_id": 90 },
        "client": { "name": "Another", "identifier": "another" },
        "grant_type": "client_credentials", "client_id": "server", "client_secret": "secret",
    }))
}

fn with_ids(path: &str, job_id: &str) -> String {
    // An agent that takes calls.
    path.replace(
        "voice/availabilities/{agent_id}",
        "voice/availabilities/10015",
    )
    .replace("{agent_id}", "10011")
    .replace("{channel}", "messaging")
    .replace("{job_id}", job_id)
    .replace("{token_id}", "91")
    .replace("{client_id}", "90")
    .replace("{user_id}", "10011")
    .replace("{group_id}", "1")
    .replace("{rule_id}", "01DXF6DT000000000000000000")
}

fn job(account: &Account) -> String {
    let answer = account.put(
        "/agent_statuses/agents/update_many?ids=10011",
        &json!({ "id": 3 }),
    );
    answer
        .at("/job_status/id")
        .as_str()
        .expect("the id of a job")
        .to_owned()
}
