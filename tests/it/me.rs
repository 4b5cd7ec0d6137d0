//! The caller's own availability: `GET /api/v2/agent_availabilities/me`.

use axum::http::Method;
use serde_json::{Value, json};

use crate::harness::{Account, Ask, below};

/// Every `/me` form.
fn forms() -> [Ask; 4] {
    [
        Ask::get("/me"),
        Ask::get("/me/channels/messaging/relationships/work_items"),
        Ask::get("/agent_statuses/me"),
        Ask::new(Method::PUT, "/agent_statuses/agents/me").json(&json!({ "id": 3 })),
    ]
}

/// Documented: agents may call the `/me` forms. Assumed: they may call nothing else.
#[test]
fn an_agent_may_see_only_itself() {
    let account = Account::demo();
    for ask in forms() {
        assert_eq!(
            account.send(&ask.clone().by_agent()).status,
            200,
            "{} {}",
            ask.method,
            ask.target
        );
    }
    let refused = [
        Ask::get(""),
        Ask::get("/10011"),
        Ask::get("/10012"),
        Ask::get("/10011/channels/messaging/relationships/work_items"),
        Ask::get("/agent_statuses"),
        Ask::update().json(&json!({ "id": 4 })),
        Ask::put("/agent_statuses/agents/update_many?ids=10011").json(&json!({ "id": 4 })),
        Ask::get("/agent_statuses/job_statuses/01KFGZ6T9QW3V8X2M5N7P4R1C0"),
    ];
    let before = account.state();
    for ask in refused {
        let answer = account.send(&ask.clone().by_agent());
        assert_eq!(answer.status, 403, "{} {}", ask.method, ask.target);
        assert_eq!(answer.at("/error/title"), "Forbidden");
    }
    assert_eq!(account.state(), before);
}

/// Documented: `/me` is the same document, for admins too. Assumed: `links.self` has the numeric
/// form, and so do all other links for an admin, who may call every numeric form.
#[test]
fn an_admin_who_is_an_agent_sees_the_same_as_by_number() {
    let account = Account::demo();
    assert_eq!(account.json("/me"), account.json("/10001"));
    // With an API token an admin can name any user, and the call runs as that user (observed).
    let as_agnes = account
        .send(&Ask::get("/me").token("agent@example.com", "demo-api-token"))
        .json();
    assert_eq!(as_agnes["data"]["attributes"]["agent_id"], 10011);
}

/// Documented: `/me` and its work items for a plain agent. Assumed: `links.self` is numeric, and
/// the links to more work items have the `/me` form, which the agent may follow.
#[test]
fn a_plain_agent_can_follow_the_links_to_its_work_items() {
    let account = Account::demo();
    let get = |path: &str| {
        let answer = account.send(&Ask::get(path).by_agent());
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    };
    let mut mine = get("/me");
    let next = mine["included"][0]["relationships"]["work_items"]["links"]["next"].take();
    assert_eq!(
        next,
        "http://localhost/api/v2/agent_availabilities/me/channels/messaging/relationships/work_items?page%5Bafter%5D=203"
    );
    // The rest is what an admin sees.
    let mut by_admin = account.json("/10011");
    by_admin["included"][0]["relationships"]["work_items"]["links"]["next"].take();
    assert_eq!(mine, by_admin);

    let mut found = Vec::new();
    let mut next = Value::from(format!(
        "{}&page%5Bsize%5D=1",
        next.as_str().unwrap_or_default()
    ));
    while !next.is_null() {
        let page = get(&below(&next));
        found.push(page["data"][0]["id"].clone());
        next = page["links"]["next"].clone();
        // Going back and forward again leads to the same page.
        let back = get(&below(&page["links"]["prev"]));
        assert_eq!(get(&below(&back["links"]["next"])), page);
    }
    let id = |item: u64| {
        json!(format!(
            "agent_availabilities|10011|channels|messaging|work_items|{item}"
        ))
    };
    assert_eq!(found, [id(204), id(205)]);
}

/// Assumed: a caller who is not an agent gets a 404 from every `/me` form. No public source says
/// what Zendesk does.
#[test]
fn an_admin_who_is_not_an_agent_gets_a_404() {
    let account = Account::demo();
    let before = account.state();
    for ask in forms() {
        let answer = account.send(&ask.clone().token("owner@example.com", "demo-api-token"));
        assert_eq!(
            answer.refusal(),
            "404 RecordNotFound",
            "{} {}",
            ask.method,
            ask.target
        );
    }
    assert_eq!(account.state(), before);
}

/// Documented: light agents and end users get a 403. Light agents cannot have a unified status.
#[test]
fn light_agents_and_end_users_are_refused() {
    let account = Account::demo();
    let before = account.state();
    for email in ["light@example.com", "customer@example.com"] {
        for ask in forms() {
            let answer = account.send(&ask.clone().token(email, "demo-api-token"));
            assert_eq!(answer.status, 403, "{email}: {} {}", ask.method, ask.target);
        }
    }
    assert_eq!(account.state(), before);
}

/// Observed: clients send `include`. The included resources come with or without it.
#[test]
fn include_is_tolerated() {
    let account = Account::demo();
    for path in ["", "/10001", "/me"] {
        let plain = account.json(path);
        for include in ["channels", "channels,work_items", "nonsense", ""] {
            let answer = account.get(&format!("{path}?include={include}"));
            assert_eq!(
                answer.json()["included"],
                plain["included"],
                "{path} {include}"
            );
            assert_eq!(
                answer.hint(),
                "",
                "{path} {include}: nothing of the request was ignored"
            );
        }
    }
}
