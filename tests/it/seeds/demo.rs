//! What the documentation of the demo seed promises.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::Emulator;

use super::demo;
use crate::harness::{Account, Ask, elements};

fn agents() -> &'static [Value] {
    elements(&demo()["agents"])
}

/// The agents of the demo account as clients see them.
fn listed(account: &Account) -> Vec<Value> {
    elements(&account.json("?page[size]=100")["data"]).to_vec()
}

fn channels(agent: &Value) -> impl Iterator<Item = (&String, &Value)> {
    agent["channels"].as_object().into_iter().flatten()
}

fn held(channel: &Value) -> usize {
    channel["work_items"].as_array().map_or(0, Vec::len)
}

/// Assumed: small enough to be read, large enough to show everything.
#[test]
fn it_is_a_small_support_team() {
    assert!(
        (25..=40).contains(&agents().len()),
        "{} agents",
        agents().len()
    );
    let second = Account::demo().json("")["links"]["next"].clone();
    assert!(second.is_string(), "a list of agents has one page");
    for agent in agents() {
        let items: usize = channels(agent).map(|(_, channel)| held(channel)).sum();
        assert!(items <= 50, "agent {} has {items} items", agent["id"]);
    }
    assert_eq!(
        demo()["settings"],
        Value::Null,
        "the demo uses the documented shapes, which are the defaults"
    );
}

/// Documented: agent 10011 of the API reference's examples. Assumed: the other promises of the
/// demo.
#[test]
fn agent_10011_is_that_of_the_documented_examples() {
    let agent = Account::demo().json("/10011");
    let attributes = &agent["data"]["attributes"];
    assert_eq!(attributes["agent_id"], 10011);
    assert_eq!(attributes["version"], 236);
    assert_eq!(attributes["agent_status"]["name"], "online");
    assert!(
        attributes["group_ids"]
            .as_array()
            .is_some_and(|groups| groups.contains(&json!(1)))
    );
    let messaging = &agent["included"][0];
    assert_eq!(messaging["attributes"]["name"], "messaging");
    assert_eq!(messaging["attributes"]["status"], "online");
    assert_eq!(messaging["attributes"]["work_item_count"], 5);
    assert_eq!(
        elements(&messaging["relationships"]["work_items"]["data"]).len(),
        3
    );
    assert_eq!(
        messaging["relationships"]["work_items"]["meta"]["has_more"],
        true
    );
}

/// Assumed: every feature shows on some agent.
#[test]
fn every_feature_is_visible() {
    let account = Account::demo();
    let listed = listed(&account);
    let in_status = |name: &str| {
        listed
            .iter()
            .any(|agent| agent["attributes"]["agent_status"]["name"] == name)
    };
    let statuses = account.json("/agent_statuses");
    for status in [
        "offline",
        "online",
        "away",
        "transfers_only",
        "In a meeting",
    ] {
        assert!(in_status(status), "no agent is {status}");
    }
    let custom = elements(&statuses["custom"]);
    assert!(
        custom
            .iter()
            .any(|status| status["id"] == 123 && status["attributes"]["name"] == "In a meeting")
    );
    let restricted = custom
        .iter()
        .filter(|status| status["attributes"]["group_ids"] != json!([]))
        .collect::<Vec<_>>();
    assert!(!restricted.is_empty(), "no status is for some groups only");
    let name = restricted[0]["attributes"]["name"]
        .as_str()
        .expect("a name");
    assert!(in_status(name), "no agent is {name}");

    let attributes = |agent: &Value, name: &str| agent["attributes"][name].clone();
    assert!(
        listed
            .iter()
            .any(|agent| attributes(agent, "skills").is_null()),
        "everybody's skills are known"
    );
    assert!(
        listed
            .iter()
            .any(|agent| attributes(agent, "skills") == json!([])),
        "no agent is without skills"
    );
    assert!(
        listed
            .iter()
            .any(|agent| attributes(agent, "group_ids").is_null()),
        "everybody's groups are known"
    );
    let without_channels = |agent: &Value| agent["relationships"]["channels"]["data"] == json!([]);
    assert!(
        listed.iter().any(without_channels),
        "all agents have channels"
    );

    let all: Vec<_> = agents().iter().flat_map(channels).collect();
    let names: BTreeSet<_> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        BTreeSet::from(["chat", "messaging", "support", "talk"])
    );
    let over = |channel: &Value| {
        channel["max_capacity"]
            .as_u64()
            .is_some_and(|most| held(channel) as u64 > most)
    };
    assert!(
        all.iter().any(|(_, channel)| over(channel)),
        "no agent is over capacity"
    );
    let unlimited = |channel: &Value| channel["max_capacity"].is_null();
    assert!(
        all.iter().any(|(_, channel)| unlimited(channel)),
        "every channel has a capacity"
    );
}

/// Assumed: the user that `env` names is an agent with channels, so that `/me` answers. So is the
/// plain agent.
#[test]
fn the_admin_to_sign_in_as_is_an_agent() {
    let credentials = Emulator::builder()
        .credentials()
        .expect("the demo has an admin and a token");
    let account = Account::demo();
    let admin = Ask::get("/me").token(&credentials.email, &credentials.api_token);
    for ask in [
        admin,
        Ask::get("/me").by_agent(),
        Ask::get("/me").password("agent@example.com", "demo-password"),
    ] {
        let me = account.send(&ask);
        assert_eq!(me.status, 200, "{}", me.text());
        assert_ne!(me.at("/data/relationships/channels/data"), json!([]));
    }
    let other_admins = elements(&demo()["users"])
        .iter()
        .filter(|user| user["role"] == "admin");
    let is_agent = |user: &&Value| agents().iter().any(|agent| agent["id"] == user["id"]);
    assert!(
        !other_admins.collect::<Vec<_>>().iter().all(is_agent),
        "all admins have an availability"
    );
}

/// Assumed: every credential of the demo works as described, in every form.
#[test]
fn every_credential_works() {
    let account = Account::demo();
    for user in elements(&demo()["users"]) {
        let email = user["email"].as_str().expect("an address");
        let expected = match user["role"].as_str() {
            Some("admin") => 200,
            _ => 403,
        };
        let ask = Ask::get("/agent_statuses");
        let mut asks = vec![ask.clone().token(email, "demo-api-token")];
        asks.extend(
            user["password"]
                .as_str()
                .map(|password| ask.password(email, password)),
        );
        for ask in asks {
            assert_eq!(account.send(&ask).status, expected, "{email}");
        }
    }
    for (token, method, expected) in [
        ("demo-oauth-admin", Ask::get("/agent_statuses"), 200),
        ("demo-oauth-read", Ask::get("/agent_statuses"), 200),
        (
            "demo-oauth-read",
            Ask::update().json(&json!({ "id": 4 })),
            403,
        ),
        ("demo-oauth-agent", Ask::get("/agent_statuses"), 403),
        (
            "demo-oauth-agent",
            Ask::put("/agent_statuses/agents/me").json(&json!({ "id": 4 })),
            200,
        ),
    ] {
        assert_eq!(
            account.send(&method.bearer(token)).status,
            expected,
            "{token}"
        );
    }
}

/// By design: one confidential client, one public client, and a token pair of the first. Assumed:
/// the access token works for half an hour, and what `env` and logins name does not expire.
#[test]
fn the_oauth_clients_are_as_described() {
    let clients = elements(&demo()["oauth_clients"]);
    let kinds: Vec<_> = clients
        .iter()
        .map(|client| (&client["identifier"], &client["secret"], &client["kind"]))
        .collect();
    let (app, cli) = (json!("demo-app"), json!("demo-cli"));
    let (secret, public) = (json!("demo-app-secret"), json!("public"));
    assert_eq!(
        kinds,
        [(&app, &secret, &Value::Null), (&cli, &Value::Null, &public)]
    );
    assert!(
        clients
            .iter()
            .all(|client| client["redirect_uri"][1].is_string())
    );
    let account = Account::demo();
    let with_pair = |expected: u16| {
        let answer = account.send(&Ask::get("/agent_statuses").bearer("demo-access-token"));
        assert_eq!(answer.status, expected, "{}", answer.hint());
    };
    with_pair(200);
    account.advance(Duration::from_mins(30));
    with_pair(401);
    let logins = account.send(&Ask::control(Method::GET, ""));
    for (login, token) in [("admin", "demo-oauth-admin"), ("agent", "demo-oauth-agent")] {
        let named = logins.at(&format!("/logins/{login}/oauth_token")).clone();
        assert_eq!(named, token);
        let answer = account.send(&Ask::get("/me").bearer(token));
        assert_eq!(answer.status, 200, "{login}");
    }
}
