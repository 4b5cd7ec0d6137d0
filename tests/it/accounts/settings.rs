//! Settings of an account: at creation, and changed while it runs.

use axum::http::Method;
use serde_json::{Value, json};

use super::{advance, control, create, get_in, patch, put_in};
use crate::harness::{Account, elements};

/// An account that is created with omnichannel routing off has never had it on. So even early
/// access shows none of its data.
#[test]
fn settings_given_at_creation_hold_from_the_start() {
    let server = Account::demo();
    let off = json!({ "omnichannel_routing": false, "release": "eap" });
    create(&server, &json!({ "subdomain": "never", "settings": off }));
    assert_eq!(
        get_in(&server, "never", "/10011")
            .at("/data/attributes")
            .get("agent_status"),
        None
    );
    create(
        &server,
        &json!({ "subdomain": "once", "settings": { "release": "eap" } }),
    );
    assert_eq!(
        patch(
            &server,
            "once",
            &json!({ "settings": { "omnichannel_routing": false } })
        )
        .status,
        200
    );
    assert_eq!(
        get_in(&server, "once", "/10011").at("/data/attributes/agent_status/id"),
        3
    );
}

#[test]
fn what_is_given_changes_and_what_is_not_stays() {
    let server = Account::demo();
    let before = create(&server, &json!({ "subdomain": "a" })).json();
    // A list that is requested again is kept.
    for _ in 0..3 {
        assert!(
            get_in(&server, "a", "")
                .at("/data")
                .as_array()
                .is_some_and(|agents| agents.len() > 2)
        );
    }
    let changed = json!({
        "page_size_default": 2, "skills": "ids", "rate_limit": { "window": "90s" }, "job_delay": "1500ms", "validation": "off",
    });
    let after = patch(&server, "a", &json!({ "settings": changed })).json();
    let mut expected = before["settings"].clone();
    for (key, value) in changed.as_object().expect("settings") {
        expected[key] = value.clone();
    }
    expected["rate_limit"] = json!({ "requests": 200, "window": "90s", "remaining": 200 });
    assert_eq!(after["settings"], expected);
    let page = get_in(&server, "a", "");
    assert_eq!(elements(&page.at("/data")).len(), 2);
    assert_eq!(page.header("ratelimit-reset"), Some("90"));
    assert!(
        get_in(&server, "a", "/10011")
            .at("/data/attributes/skills/0")
            .is_string()
    );
    // The settings that an account shows can be sent back to it.
    let same = patch(&server, "a", &json!({ "settings": after["settings"] })).json();
    assert_eq!(same, after);
}

/// A problem of the settings by themselves is reported once, at its place. A problem of the
/// settings together with the seed's is reported for the whole document.
#[test]
fn settings_that_cannot_be_are_refused_once() {
    let server = Account::demo();
    let places = |body: Value| create(&server, &body).places();
    let limit = json!({ "rate_limit": { "requests": 5, "remaining": 6 } });
    assert_eq!(
        places(json!({ "settings": limit })),
        ["settings.rate_limit"]
    );
    assert_eq!(
        places(json!({ "seed": { "settings": limit } })),
        ["seed.settings.rate_limit"]
    );
    let (five, six) = (
        json!({ "rate_limit": { "requests": 5 } }),
        json!({ "rate_limit": { "remaining": 6 } }),
    );
    assert_eq!(
        places(json!({ "subdomain": "-", "seed": { "settings": five }, "settings": six })),
        ["subdomain", ""]
    );
}

/// A limit that stays the same keeps its window. A new limit begins a new window. Without a limit
/// there are no headers.
#[test]
fn the_rate_limit_changes_with_its_setting_only() {
    let server = Account::demo();
    create(
        &server,
        &json!({ "subdomain": "a", "settings": { "rate_limit": { "requests": 5 } } }),
    );
    let remaining = || {
        get_in(&server, "a", "/10011")
            .header("x-rate-limit-remaining")
            .map(str::to_owned)
    };
    assert_eq!(remaining().as_deref(), Some("4"));
    patch(
        &server,
        "a",
        &json!({ "settings": { "release": "eap", "rate_limit": { "requests": 5 } } }),
    );
    assert_eq!(remaining().as_deref(), Some("3"));
    patch(
        &server,
        "a",
        &json!({ "settings": { "rate_limit": { "requests": 7 } } }),
    );
    assert_eq!(remaining().as_deref(), Some("6"));
    patch(
        &server,
        "a",
        &json!({ "settings": { "rate_limit": { "requests": null } } }),
    );
    assert_eq!(remaining(), None);
    patch(
        &server,
        "a",
        &json!({ "settings": { "rate_limit": { "requests": 2 } } }),
    );
    assert_eq!(remaining().as_deref(), Some("1"));
}

/// <https://support.zendesk.com/hc/en-us/articles/4409149119514>: after routing is switched on, all
/// agents are offline. A test that does not want that leaves it out.
#[test]
fn routing_is_switched_with_or_without_what_it_does_to_agents() {
    let server = Account::demo();
    create(
        &server,
        &json!({ "subdomain": "a", "settings": { "release": "eap" } }),
    );
    let switch = |on: bool, agents: Value| {
        patch(
            &server,
            "a",
            &json!({ "settings": { "omnichannel_routing": on }, "agents": agents }),
        )
    };
    let id = || {
        get_in(&server, "a", "/10011")
            .at("/data/attributes/agent_status/id")
            .clone()
    };
    assert_eq!(
        switch(false, json!(null)).at("/settings/omnichannel_routing"),
        false
    );
    assert_eq!(
        switch(true, json!(null)).at("/settings/omnichannel_routing"),
        true
    );
    assert_eq!(id(), 3);
    switch(false, json!(null));
    assert_eq!(switch(true, json!("offline")).status, 200);
    assert_eq!(id(), 2);
    for (on, agents) in [(true, "online"), (false, "offline")] {
        let refused = switch(on, json!(agents));
        assert_eq!(refused.places(), ["agents"], "{on} {agents}");
    }
    assert_eq!(
        patch(&server, "a", &json!({ "agents": "offline" })).status,
        422
    );
    assert_eq!(
        get_in(&server, "a", "/10011").at("/data/attributes/agent_status/id"),
        2
    );
}

/// A job that was due before routing was switched off has run by then.
#[test]
fn what_fell_due_happens_before_a_change() {
    let server = Account::demo();
    create(
        &server,
        &json!({ "subdomain": "a", "settings": { "release": "eap", "job_delay": "5s" } }),
    );
    put_in(
        &server,
        "a",
        "/agent_statuses/agents/update_many?ids=10011",
        &json!({ "id": 4 }),
    );
    advance(&server, "a", "6s");
    patch(
        &server,
        "a",
        &json!({ "settings": { "omnichannel_routing": false } }),
    );
    assert_eq!(
        get_in(&server, "a", "/10011").at("/data/attributes/agent_status/id"),
        4
    );
}

/// The meaning of "away" changes for agents that are set to away from then on.
#[test]
fn away_means_something_else_from_then_on() {
    let server = Account::demo();
    create(&server, &json!({ "subdomain": "a" }));
    let away = |agent: u64| {
        put_in(
            &server,
            "a",
            &format!("/agent_statuses/agents/{agent}"),
            &json!({ "id": 4 }),
        )
        .status
    };
    let support = |agent: u64| {
        let included = get_in(&server, "a", &format!("/{agent}"))
            .at("/included")
            .clone();
        let found = elements(&included)
            .iter()
            .find(|it| it["attributes"]["name"] == "support")
            .expect("support");
        found["attributes"]["status"].clone()
    };
    assert_eq!(away(10011), 200);
    assert_eq!(support(10011), "online");
    patch(
        &server,
        "a",
        &json!({ "settings": { "away_channels": "all_offline" } }),
    );
    assert_eq!(support(10011), "online");
    away(10011);
    assert_eq!(support(10011), "offline");
}

#[test]
fn a_refused_change_changes_nothing() {
    let server = Account::demo();
    let before = create(&server, &json!({ "subdomain": "a" })).json();
    let good = json!({ "page_size_default": 3 });
    for (body, path) in [
        (
            json!({ "settings": { "page_size_default": 3, "release": "x" } }),
            "settings.release",
        ),
        (
            json!({ "settings": { "page_size_default": 3, "unknown": 1 } }),
            "settings",
        ),
        (json!({ "settings": good, "agents": "offline" }), "agents"),
        (json!({ "settings": good, "clock": 1 }), ""),
        (json!({ "settings": [] }), "settings"),
    ] {
        let answer = patch(&server, "a", &body);
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(answer.at("/problems/0/path"), path, "{body}");
    }
    // Each value is valid, but together they overflow the counter.
    patch(
        &server,
        "a",
        &json!({ "settings": { "rate_limit": { "requests": 2_000_000_000_u32, "window": "1s" } } }),
    );
    let together = patch(
        &server,
        "a",
        &json!({ "settings": { "page_size_default": 3, "rate_limit": { "window": "1h" } } }),
    );
    assert_eq!(together.status, 422, "{}", together.text());
    let shown = get_in(&server, "a", "")
        .at("/data")
        .as_array()
        .map(Vec::len);
    assert_eq!(before["settings"]["page_size_default"], 20);
    assert!(shown > Some(3), "{shown:?}");
    assert_eq!(patch(&server, "nobody", &json!({})).status, 404);
}

/// By design: bodies are JSON, and any other type is a 415. A reset needs no body, and an
/// unreadable body resets nothing.
#[test]
fn a_reset_takes_no_body_but_an_empty_one() {
    let server = Account::demo();
    create(&server, &json!({ "subdomain": "a" }));
    let changed = patch(&server, "a", &json!({ "settings": { "release": "eap" } })).json();
    let ask = || control(Method::POST, "/a/reset");
    for (ask, status) in [
        (ask().header("content-type", "text/plain").body("x"), 415),
        (
            ask().header("content-type", "application/json").body("{"),
            400,
        ),
        (ask().json(&json!({ "settings": {} })), 422),
    ] {
        assert_eq!(server.send(&ask).status, status);
        assert_eq!(server.send(&control(Method::GET, "/a")).json(), changed);
    }
    assert_eq!(
        server.send(&ask().json(&json!({}))).at("/settings/release"),
        "ga"
    );
}

/// By design: every document spells a limit as the command
/// line does. Without a window the window is a minute, whatever it was before, as on the command
/// line.
#[test]
fn a_limit_may_be_spelled_as_on_the_command_line() {
    let server = Account::demo();
    for (limit, requests, window) in [
        (json!("off"), json!(null), "60s"),
        (json!("300/10s"), json!(300), "10s"),
        (json!("0007/1500ms"), json!(7), "1500ms"),
        (json!("5"), json!(5), "60s"),
        (json!(6), json!(6), "60s"),
    ] {
        let expected = json!({ "requests": requests, "window": window, "remaining": requests });
        let settings = json!({ "rate_limit": limit });
        let made = create(&server, &json!({ "subdomain": "a", "settings": settings }));
        assert_eq!(made.at("/settings/rate_limit"), expected, "{limit}, made");
        let seeded = create(&server, &json!({ "seed": { "settings": settings } }));
        assert_eq!(
            seeded.at("/settings/rate_limit"),
            expected,
            "{limit}, seeded"
        );
        patch(
            &server,
            "a",
            &json!({ "settings": { "rate_limit": { "requests": 9, "window": "9s" } } }),
        );
        let changed = patch(&server, "a", &json!({ "settings": settings }));
        assert_eq!(
            changed.at("/settings/rate_limit"),
            expected,
            "{limit}, changed"
        );
        patch(
            &server,
            "a",
            &json!({ "settings": { "rate_limit": "9/9s" } }),
        );
        let snapshot = control(Method::PATCH, "/a/snapshot").json(&json!({ "settings": settings }));
        assert_eq!(
            server.send(&snapshot).at("/settings/rate_limit"),
            expected,
            "{limit}, in a snapshot"
        );
        server.send(&control(Method::DELETE, "/a"));
    }
    create(&server, &json!({ "subdomain": "a" }));
    for wrong in [
        json!("many"),
        json!("5/5"),
        json!("+5"),
        json!("0"),
        json!(0),
        json!(-5),
        json!("5/1ms"),
        json!([]),
    ] {
        let refused = patch(
            &server,
            "a",
            &json!({ "settings": { "rate_limit": wrong } }),
        );
        assert_eq!(refused.places(), ["settings.rate_limit"], "{wrong}");
    }
}
