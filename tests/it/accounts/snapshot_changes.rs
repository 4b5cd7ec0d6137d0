//! Replacing and changing a whole account. Zendesk has no such calls, so every test is assumed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::config::{RateLimitPatch, SettingsPatch};
use zendesk_availability_emulator::world::{AgentId, StatusId, StatusReason};

use super::snapshots::{put, snapshot};
use super::{control, create, get_in, put_in, reset, set_clock};
use crate::harness::{Account, Answer, Ask, P, elements};

fn patch(server: &Account, subdomain: &str, patch: &Value) -> Answer {
    server.send(&control(Method::PATCH, &format!("/{subdomain}/snapshot")).json(patch))
}

fn other() -> Value {
    json!({
        "settings": { "page_size_default": 7 },
        "groups": [{ "id": 9, "name": "Nine" }],
        "users": [{ "id": 5, "name": "Five", "email": "five@example.com", "role": "admin" }],
        "api_tokens": [{ "id": 5, "token": "other", "description": "another one" }],
        "agent_statuses": { "default": [{ "id": 1, "name": "online" }], "custom": [{ "id": 50, "name": "Own", "group_ids": [9] }] },
        "agents": [{ "id": 5, "agent_status": { "id": 50 }, "group_ids": [9] }, { "id": 10011, "agent_status": { "id": 1 } }],
    })
}

/// The seed replaces everything: users, credentials, statuses, agents and settings.
#[test]
fn a_seed_takes_the_place_of_everything() {
    let server = Account::demo();
    let made = create(
        &server,
        &json!({ "subdomain": "a", "settings": { "release": "eap", "rate_limit": { "requests": 9 } } }),
    )
    .json();
    let before = snapshot(&server, "a");
    let replaced = put(&server, "a", &other()).json();
    assert_eq!(replaced, snapshot(&server, "a"));
    assert_eq!(
        replaced["settings"]["release"], "ga",
        "the default, because the seed does not set it"
    );
    assert_eq!(
        replaced["settings"]["rate_limit"],
        json!({ "requests": 200, "window": "60s", "remaining": 200 })
    );
    assert_eq!(replaced["settings"]["page_size_default"], 7);
    let mut tokens = other()["api_tokens"].clone();
    tokens[0]["active"] = json!(true);
    tokens[0]["created_at"] = json!("2026-01-21T10:30:00Z");
    assert_eq!(replaced["api_tokens"], tokens);
    // The old credentials are unknown, and the account's document has the new ones.
    assert_eq!(get_in(&server, "a", "/5").status, 401);
    let credentials = json!({ "email": "five@example.com", "api_token": "other" });
    assert_eq!(
        server.send(&control(Method::GET, "/a")).at("/credentials"),
        credentials
    );
    let get = |path: &str| {
        let ask = Ask::raw(Method::GET, &super::in_account("a", path));
        server.send(&ask.token("five@example.com", "other"))
    };
    assert_eq!(get("/5").at("/data/attributes/agent_status/name"), "Own");
    assert_eq!(get("/10011").at("/data/attributes/agent_status/id"), 1);
    assert_eq!(get("/10012").status, 404);
    assert_eq!(elements(&get("").at("/data")).len(), 2);
    assert_eq!(elements(&get("?filter[group_id]=9").at("/data")).len(), 1);
    assert_eq!(get("?filter[agent_status_id]=3").at("/data"), json!([]));
    assert_eq!(get("/agent_statuses").at("/custom/0/id"), 50);
    // The reset still takes the account back to its start.
    assert_eq!(reset(&server, "a").json(), made);
    assert_eq!(snapshot(&server, "a"), before);
}

/// A list that was requested before is not sent again as it was.
#[test]
fn lists_are_of_the_new_agents() {
    let server = Account::demo();
    let mut document = snapshot(&server, "example");
    for _ in 0..3 {
        server.get("?page[size]=2");
    }
    document["agents"][1]["version"] = json!(999);
    assert_eq!(put(&server, "example", &document).status, 200);
    assert_eq!(
        server.get("?page[size]=2").at("/data/1/attributes/version"),
        999
    );
}

/// No event says that the agents were replaced. The routing switch has one.
#[test]
fn only_a_switch_of_routing_is_an_event() {
    let server = Account::demo();
    put(&server, "example", &other());
    let events = || server.send(&control(Method::GET, "/example/events"));
    assert_eq!(events().at("/last"), 0);
    let off = json!({ "settings": { "omnichannel_routing": false, "release": "eap" }, "agents": [{ "id": 5 }] });
    assert_eq!(
        put(&server, "example", &off).at("/settings/omnichannel_routing"),
        false
    );
    assert_eq!(
        events().at("/events/0/event"),
        json!({ "previous_value": true, "current_value": false })
    );
    assert_eq!(events().at("/last"), 1);
    // Routing has been on, so the early-access release shows its data.
    let open = json!({ "settings": { "auth": "any" } });
    patch(&server, "example", &open);
    assert_eq!(server.attributes(5)["agent_status"]["name"], "offline");
    put(&server, "example", &json!({}));
    assert_eq!(
        events().at("/events/1/event"),
        json!({ "previous_value": false, "current_value": true })
    );
}

/// The meaning of "away" is a setting, and the statuses follow it.
#[test]
fn statuses_follow_the_settings() {
    let server = Account::demo();
    patch(
        &server,
        "example",
        &json!({ "settings": { "away_channels": "all_offline" } }),
    );
    server.update(10011, 4);
    let channels = server.json("/10011")["included"].clone();
    let support = elements(&channels)
        .iter()
        .find(|it| it["attributes"]["name"] == "support");
    assert_eq!(
        support.expect("a channel")["attributes"]["status"],
        "offline"
    );
}

/// RFC 7396: objects are merged, lists are replaced, null removes.
#[test]
fn a_patch_changes_what_it_names() {
    let server = Account::demo();
    let before = snapshot(&server, "example");
    let change = json!({
        "settings": { "release": "eap", "rate_limit": { "requests": 50 } },
        "oauth_tokens": null,
        "api_tokens": [{ "id": 1, "token": "demo-api-token", "description": "new", "active": false, "created_at": "2026-01-21T10:30:00Z" }],
    });
    let after = patch(&server, "example", &change).json();
    let mut expected = before.clone();
    expected["settings"]["release"] = json!("eap");
    expected["settings"]["rate_limit"] =
        json!({ "requests": 50, "window": "60s", "remaining": 50 });
    expected["oauth_tokens"] = json!([]);
    expected["api_tokens"] = change["api_tokens"].clone();
    assert_eq!(after, expected);
    assert_eq!(patch(&server, "example", &json!({})).json(), expected);
    // A key that is removed has its default.
    let after = patch(
        &server,
        "example",
        &json!({ "settings": { "rate_limit": null, "release": null } }),
    )
    .json();
    assert_eq!(after["settings"], before["settings"]);
    // The result of the patch is checked, not the patch: agents refer to groups.
    let refused = patch(&server, "example", &json!({ "groups": [] }));
    assert_eq!(refused.places()[0], "agent_statuses.custom[1].group_ids[0]");
    assert_eq!(snapshot(&server, "example")["groups"], before["groups"]);
}

#[test]
fn the_rate_window_goes_on_unless_the_limit_changes() {
    let server = Account::demo();
    let left = || {
        server
            .get("/10011")
            .header("x-rate-limit-remaining")
            .map(str::to_owned)
    };
    assert_eq!(left().as_deref(), Some("199"));
    patch(
        &server,
        "example",
        &json!({ "settings": { "skills": "ids" } }),
    );
    assert_eq!(left().as_deref(), Some("198"));
    patch(
        &server,
        "example",
        &json!({ "settings": { "rate_limit": { "remaining": 10 } } }),
    );
    assert_eq!(left().as_deref(), Some("9"));
    let document = snapshot(&server, "example");
    left();
    // The document says how many calls were left when it was read.
    put(&server, "example", &document);
    assert_eq!(left().as_deref(), Some("8"));
    patch(
        &server,
        "example",
        &json!({ "settings": { "rate_limit": { "window": "30s" } } }),
    );
    assert_eq!(left().as_deref(), Some("199"));
}

/// What was due before the change happens before it. What is due later happens to the changed
/// account.
#[test]
fn jobs_go_on() {
    let server = Account::demo();
    create(
        &server,
        &json!({ "subdomain": "a", "settings": { "job_delay": "60s" } }),
    );
    let job = put_in(
        &server,
        "a",
        "/agent_statuses/agents/update_many?ids=10011,10012",
        &json!({ "id": 4 }),
    );
    let id = job.at("/job_status/id").as_str().expect("an id").to_owned();
    let mut document = snapshot(&server, "a");
    let agents = document["agents"].as_array_mut().expect("agents");
    agents.retain(|agent| agent["id"] != 10012);
    put(&server, "a", &document);
    set_clock(
        &server,
        "a",
        &json!({ "mode": "frozen", "at": "2026-01-21T10:31:00Z" }),
    );
    let results =
        get_in(&server, "a", &format!("/agent_statuses/job_statuses/{id}")).at("/results");
    assert_eq!(
        (&results[0]["success"], &results[1]["success"]),
        (&json!(true), &json!(false))
    );
}

/// A call to a router on its own thread.
fn send(router: &Router, ask: Request<Body>) -> StatusCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime
        .block_on(router.clone().oneshot(ask))
        .expect("infallible")
        .status()
}

fn emulator() -> Emulator {
    let settings = SettingsPatch::new().rate_limit(RateLimitPatch::off());
    Emulator::builder()
        .settings(settings)
        .build()
        .expect("valid settings")
}

/// Settings are not part of the world. If they change while a snapshot is patched, the patch takes
/// that into account.
#[test]
fn no_change_of_the_settings_is_lost() {
    let emulator = emulator();
    let (router, is_over) = (emulator.router(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let patcher = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let ask = Request::patch("/_emulator/accounts/example/snapshot");
                let ask = ask.header("content-type", "application/json");
                let body = Body::from(r#"{"settings":{"page_size_default":7}}"#);
                assert_eq!(send(&router, ask.body(body).expect("a request")), 200);
            }
        });
        let lost = (1..=100).find(|round| {
            let job_delay = Some(Duration::from_secs(*round));
            let patch = SettingsPatch::new().job_delay(job_delay);
            emulator
                .default_account()
                .update_settings(&patch)
                .expect("valid settings");
            // A writer that has read the settings before may be about to write.
            std::thread::yield_now();
            emulator
                .default_account()
                .settings()
                .expect("an account")
                .job_delay
                != Duration::from_secs(*round)
        });
        is_over.store(true, Ordering::Relaxed);
        assert!(patcher.join().is_ok(), "a patch was refused");
        assert_eq!(lost, None);
    });
}

/// With many concurrent writers, a patch undoes no change that was made after the patch began.
#[test]
fn no_change_of_another_call_is_lost() {
    const AGNES: AgentId = AgentId(10011);
    let emulator = emulator();
    let router = emulator.router();
    let (is_over, start) = (
        AtomicBool::new(false),
        emulator.world().agent(AGNES).expect("an agent").version,
    );
    let events = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut events = 0;
            while !is_over.load(Ordering::Relaxed) {
                let world = emulator.world();
                let now = emulator.default_account().clock().expect("an account").now;
                let before = world.agent(AGNES).expect("an agent").version;
                let status = StatusId(if events % 2 == 0 { 2 } else { 3 });
                events += world
                    .set_status(AGNES, status, StatusReason::PublicApi, now)
                    .expect("it may")
                    .version
                    - before;
            }
            events
        });
        let patchers: Vec<_> = (0..3)
            .map(|patcher| {
                let router = &router;
                scope.spawn(move || {
                    for round in 1..=20 {
                        let body = match patcher {
                            0 => json!({ "settings": { "page_size_default": round } }),
                            1 => json!({ "settings": { "work_items_per_page": round } }),
                            _ => {
                                json!({ "api_tokens": [{ "token": format!("of-round-{round}") }] })
                            }
                        };
                        let body = body.to_string();
                        let ask = Request::patch("/_emulator/accounts/example/snapshot");
                        let ask = ask
                            .header("content-type", "application/json")
                            .body(Body::from(body));
                        assert_eq!(send(router, ask.expect("a request")), 200);
                    }
                })
            })
            .collect();
        let patched: Vec<_> = patchers
            .into_iter()
            .map(std::thread::ScopedJoinHandle::join)
            .collect();
        // Whatever the results are, no call waits for ever.
        is_over.store(true, Ordering::Relaxed);
        assert!(patched.iter().all(Result::is_ok), "a patch was refused");
        writer.join().expect("no panic")
    });
    assert_eq!(
        emulator.world().agent(AGNES).expect("an agent").version,
        start + events
    );
    let settings = emulator.default_account().settings().expect("an account");
    assert_eq!(
        (settings.page_size_default, settings.work_items_per_page),
        (20, 20)
    );
    let tokens: Vec<_> = emulator
        .world()
        .directory()
        .api_tokens_by_text()
        .keys()
        .cloned()
        .collect();
    assert_eq!(tokens, ["of-round-20"]);
}

/// A read during a replacement finds the agent as it was or as it is, and never misses it.
#[test]
fn an_agent_that_stays_is_always_there() {
    let emulator = emulator();
    let router = emulator.router();
    let document = |version: u64| {
        let mut document: Value =
            serde_saphyr::from_str(zendesk_availability_emulator::seed::DEMO).expect("YAML");
        document["settings"]["rate_limit"]["requests"] = Value::Null;
        document["agents"][1]["version"] = version.into();
        let ask = Request::put("/_emulator/accounts/example/snapshot")
            .header("content-type", "application/json");
        ask.body(Body::from(document.to_string()))
            .expect("a request")
    };
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut last = 0;
            while !is_over.load(Ordering::Relaxed) {
                let version = emulator
                    .world()
                    .agent(AgentId(10011))
                    .expect("it is there throughout")
                    .version;
                assert!(version == 236 || version >= last, "{version} after {last}");
                last = version;
                let get = Request::get(format!("{P}/10011"))
                    .header("authorization", "Bearer demo-oauth-admin");
                assert_eq!(
                    send(&router, get.body(Body::empty()).expect("a request")),
                    200
                );
            }
        });
        let replaced: Vec<_> = (1_000..1_060)
            .map(|version| send(&router, document(version)))
            .collect();
        is_over.store(true, Ordering::Relaxed);
        assert!(replaced.iter().all(|status| *status == 200), "{replaced:?}");
        reader.join().expect("no panic");
    });
}
