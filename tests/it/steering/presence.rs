//! What happens to agents without a request of theirs. Documented: the reasons.

use serde_json::{Value, json};

use super::{agent, delete, events, get, patch, post, put};
use crate::harness::{Account, Ask};

fn happen(server: &Account, id: u64, what: &str, body: &Value) -> (u64, String) {
    let answer = post(server, &format!("/agents/{id}/{what}"), body);
    assert_eq!(answer.status, 200, "{what}: {}", answer.text());
    assert_eq!(answer.json(), agent(server, id), "{what}");
    let status = answer.at("/agent_status");
    (
        status["id"].as_u64().expect("an id"),
        status["reason"].as_str().expect("a reason").to_owned(),
    )
}

#[test]
fn each_has_its_status_and_its_reason() {
    let server = Account::demo();
    for (what, body, status, reason) in [
        ("sign-in", json!({}), 3, "AGENT_STATUS_SWITCHER"),
        (
            "sign-in",
            json!({ "agent_status_id": 123 }),
            123,
            "AGENT_STATUS_SWITCHER",
        ),
        (
            "sign-in",
            json!({ "agent_status_id": null }),
            3,
            "AGENT_STATUS_SWITCHER",
        ),
        ("idle", json!({}), 4, "AGENT_IDLE_TIMEOUT"),
        (
            "idle",
            json!({ "agent_status_id": 5 }),
            5,
            "AGENT_IDLE_TIMEOUT",
        ),
        ("sign-out", json!({}), 2, "AGENT_LOGOUT"),
        (
            "sign-in",
            json!({ "agent_status_id": 124 }),
            124,
            "AGENT_STATUS_SWITCHER",
        ),
        ("disconnect", json!({}), 2, "AGENT_DISCONNECTED"),
        ("reconnect", json!({}), 124, "SWITCHER_AUTO_RECONNECT"),
        ("disconnect", json!({}), 2, "AGENT_DISCONNECTED"),
        (
            "reconnect",
            json!({ "agent_status_id": 3 }),
            3,
            "SWITCHER_AUTO_RECONNECT",
        ),
    ] {
        assert_eq!(
            happen(&server, 10014, what, &body),
            (status, reason.to_owned()),
            "{what} {body}"
        );
    }
    // Each sets the channels too.
    let channels = agent(&server, 10014)["channels"].clone();
    assert_eq!(
        (
            &channels["messaging"]["status"],
            &channels["talk"]["status"]
        ),
        (&json!("online"), &json!("online"))
    );
    assert_eq!(
        events(&server)[..3],
        [
            "10014 v311 offline AGENT_LOGOUT to online AGENT_STATUS_SWITCHER",
            "10014 v312 messaging: offline to online",
            "10014 v313 talk: offline to online",
        ]
    );
}

#[test]
fn a_body_is_not_needed() {
    let server = Account::demo();
    for (what, status) in [
        ("sign-in", 3),
        ("idle", 4),
        ("disconnect", 2),
        ("reconnect", 4),
        ("sign-out", 2),
    ] {
        let answer = server.send(&Ask::control(
            axum::http::Method::POST,
            &format!("/agents/10011/{what}"),
        ));
        assert_eq!(
            (answer.status.as_u16(), answer.at("/agent_status/id")),
            (200, json!(status)),
            "{what}"
        );
    }
}

/// An agent that is disconnected twice still comes back to the status that it had before.
#[test]
fn an_agent_that_comes_back_has_its_earlier_status() {
    let server = Account::demo();
    patch(
        &server,
        "/agents/10011",
        &json!({ "agent_status": { "id": 123 } }),
    );
    for _ in 0..3 {
        happen(&server, 10011, "disconnect", &json!({}));
    }
    happen(&server, 10012, "disconnect", &json!({}));
    assert_eq!(happen(&server, 10011, "reconnect", &json!({})).0, 123);
    assert_eq!(happen(&server, 10012, "reconnect", &json!({})).0, 3);
    // Once it is back, there is no earlier status.
    let again = post(&server, "/agents/10011/reconnect", &json!({}));
    assert_eq!(again.refusal(), "409 Conflict");
}

/// If no earlier status is known, the call must name one.
#[test]
fn an_agent_without_an_earlier_status_needs_one() {
    let server = Account::demo();
    let id = 1_900_012_345_678_901;
    let path = format!("/agents/{id}/reconnect");
    assert_eq!(post(&server, &path, &json!({})).status, 409);
    assert_eq!(
        happen(&server, id, "reconnect", &json!({ "agent_status_id": 3 })).0,
        3
    );
    happen(&server, id, "disconnect", &json!({}));
    let read = agent(&server, id);
    // A new agent under the same id is another agent. The log entries of the old one do not count.
    delete(&server, &format!("/agents/{id}"));
    let mut other = read;
    other["version"] = 1.into();
    post(&server, "/agents", &other);
    assert_eq!(post(&server, &path, &json!({})).status, 409);
    // A snapshot has disconnected an agent without an event, so earlier events in the log do not
    // count.
    happen(&server, 10012, "idle", &json!({}));
    let mut document = get(&server, "/snapshot").json();
    let disconnected = document["agents"]
        .as_array_mut()
        .expect("agents")
        .iter_mut()
        .find(|it| it["id"] == 10012);
    disconnected.expect("the agent")["agent_status"] =
        json!({ "id": 2, "reason": "AGENT_DISCONNECTED" });
    assert_eq!(put(&server, "/snapshot", &document).status, 200);
    assert_eq!(
        post(&server, "/agents/10012/reconnect", &json!({})).status,
        409
    );
    // The status is deleted, or the agent may no longer use it.
    for (agent, how) in [(10016, "deleted"), (10017, "out of reach")] {
        happen(&server, agent, "disconnect", &json!({}));
        if how == "deleted" {
            delete(&server, "/agent_statuses/123");
        } else {
            patch(
                &server,
                &format!("/agents/{agent}"),
                &json!({ "group_ids": [] }),
            );
        }
        let before = server.state();
        assert_eq!(
            post(&server, &format!("/agents/{agent}/reconnect"), &json!({})).status,
            409,
            "{how}"
        );
        assert_eq!(server.state(), before, "{how}");
    }
}

#[test]
fn a_status_that_cannot_be_is_refused() {
    let server = Account::demo();
    let before = server.state();
    for what in ["sign-in", "idle"] {
        for wrong in [json!(99), json!("3"), json!(-1), json!(124)] {
            let answer = post(
                &server,
                &format!("/agents/10012/{what}"),
                &json!({ "agent_status_id": wrong }),
            );
            assert_eq!(answer.places(), ["agent_status_id"], "{what} {wrong}");
        }
        assert_eq!(
            post(
                &server,
                &format!("/agents/10012/{what}"),
                &json!({ "id": 3 })
            )
            .places(),
            [""]
        );
    }
    let back = json!({ "agent_status_id": 99 });
    assert_eq!(
        post(&server, "/agents/1900012345678901/reconnect", &back).places(),
        ["agent_status_id"]
    );
    for what in ["sign-out", "disconnect"] {
        assert_eq!(
            post(
                &server,
                &format!("/agents/10012/{what}"),
                &json!({ "agent_status_id": 3 })
            )
            .places(),
            [""]
        );
    }
    assert_eq!(server.state(), before);
}
