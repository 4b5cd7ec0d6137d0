//! Requests with several problems, and the order of the checks that
//! `openapi/agent-availability.yaml` lists.

use std::num::NonZeroU32;

use axum::http::Method;
use serde_json::json;
use zendesk_availability_emulator::config::{ErrorsForm, RateLimitPatch, SettingsPatch};

use super::strict;
use crate::harness::{Account, Answer, Ask};

/// Code and place of each problem. Their order does not matter.
fn problems(answer: &Answer) -> Vec<String> {
    let errors = answer.at("/errors");
    let errors = errors
        .as_array()
        .unwrap_or_else(|| panic!("no list: {}", answer.text()));
    let text = |error: &serde_json::Value| {
        let place = error["source"]
            .as_object()
            .and_then(|source| source.values().next());
        format!(
            "{} {}",
            error["code"].as_str().expect("a code"),
            place.and_then(|place| place.as_str()).unwrap_or("-")
        )
    };
    let mut problems: Vec<_> = errors.iter().map(text).collect();
    problems.sort();
    problems
}

/// Assumed: all problems of the path and the query are reported at once, and so are all problems in
/// the content of a body.
#[test]
fn all_problems_are_listed_at_once() {
    let account = Account::demo_with(strict(ErrorsForm::JsonApi));
    let filters = "filter[channel_status]=talk&filter[agent_status_id]=x&filter[agent_ids]=1.5&filter[group_id]=-1\
                   &filter[remaining_capacity]=talk:few&select_channel=fax";
    let pages = "page=2&page[size]=0&page[after]=x&page[before]=y";
    for (ask, expected) in [
        (
            Ask::get(&format!("?{filters}&{pages}&sort=1&filter[color]=red")),
            vec![
                "InvalidPaginationParameter page",
                "InvalidPaginationParameter page[after]",
                "InvalidPaginationParameter page[before]",
                "InvalidPaginationParameter page[size]",
                "InvalidParameter filter[agent_ids]",
                "InvalidParameter filter[agent_status_id]",
                "InvalidParameter filter[channel_status]",
                "InvalidParameter filter[group_id]",
                "InvalidParameter filter[remaining_capacity]",
                "InvalidParameter select_channel",
                "UnknownParameter filter[color]",
                "UnknownParameter sort",
            ],
        ),
        (
            Ask::get("/nobody?sort=1"),
            vec!["InvalidAgentId -", "UnknownParameter sort"],
        ),
        (
            Ask::get("/nobody/channels/fax/relationships/work_items?page[size]=0&sort=1"),
            vec![
                "InvalidAgentId -",
                "InvalidPaginationParameter page[size]",
                "InvalidParameter sort",
            ],
        ),
        (
            Ask::get("/agent_statuses?page=2&filter[agent_id]=1"),
            vec![
                "InvalidPaginationParameter page",
                "UnknownParameter filter[agent_id]",
            ],
        ),
        (
            Ask::put("/agent_statuses/agents/nobody?sort=1").json(&json!({ "id": 4 })),
            vec!["InvalidAgentId -", "UnknownParameter sort"],
        ),
        (
            Ask::put("/agent_statuses/agents/update_many?ids=x&sort=1").json(&json!({ "id": 4 })),
            vec!["InvalidParameter ids", "UnknownParameter sort"],
        ),
        (
            Ask::update().json(&json!({ "status": 4, "reason": "LUNCH" })),
            vec![
                "RecordInvalid ",
                "UnknownField /reason",
                "UnknownField /status",
            ],
        ),
        (
            Ask::update().json(&json!({ "id": "4", "reason": "LUNCH" })),
            vec!["RecordInvalid /id", "UnknownField /reason"],
        ),
    ] {
        let before = account.state();
        assert_eq!(problems(&account.send(&ask)), expected, "{ask:?}");
        assert_eq!(account.state(), before, "{ask:?}");
    }
}

fn assert_refused(account: &Account, ask: &Ask, status: u16, code: &str) {
    let answer = account.send(ask);
    assert_eq!(answer.status, status, "{ask:?}: {}", answer.text());
    let body = answer.json();
    let given = body
        .pointer("/errors/0/code")
        .or_else(|| body.pointer("/error/title"))
        .unwrap_or(&body["error"]);
    assert_eq!(given, code, "{ask:?}");
}

/// Assumed: host, path, method and credentials are checked in this order, and before the limit,
/// which comes before everything else. Each of these requests also has all the problems that are
/// checked after the one it is refused for.
#[test]
fn the_address_comes_before_the_caller_and_the_caller_before_the_limit() {
    let rate_limit = RateLimitPatch::new().requests(Some(NonZeroU32::MIN));
    let account = Account::demo_with(SettingsPatch::new().rate_limit(rate_limit));
    assert_eq!(account.get("/10011").status, 200, "the limit is used up");
    let nowhere = || Ask::new(Method::DELETE, "/10011/no/such/route");
    let delete = || Ask::new(Method::DELETE, "/10011");
    let update = || {
        Ask::put("/agent_statuses/agents/nobody?ids=x")
            .header("content-type", "text/plain")
            .body("{")
    };
    for anonymous in [true, false] {
        let sign = |ask: Ask| {
            if anonymous {
                ask.anonymous()
            } else {
                ask.by_agent()
            }
        };
        assert_refused(
            &account,
            &sign(nowhere().header("host", "no host")),
            400,
            "InvalidHost",
        );
        assert_refused(&account, &sign(nowhere()), 404, "InvalidEndpoint");
        assert_refused(&account, &sign(delete()), 405, "MethodNotAllowed");
    }
    assert_refused(
        &account,
        &update().anonymous(),
        401,
        "Couldn't authenticate you",
    );
    assert_eq!(account.send(&update().by_agent()).status, 429);
}

/// Assumed: role, scope, parameters, body, routing and record are checked in this order. Each of
/// these requests also has all the problems that are checked after the one it is refused for, as
/// far as one request can have them.
#[test]
fn the_caller_comes_before_the_request_and_the_request_before_the_record() {
    const BODY: usize = 1024 * 1024 + 1;
    let seed = "
settings: { omnichannel_routing: false, validation: strict }
users:
  - { id: 1, name: Admin, email: admin@example.com, role: admin }
  - { id: 2, name: Agent, email: agent@example.com, role: agent }
api_tokens: [{ token: demo-api-token }]
oauth_tokens:
  - { token: agent-without-write, user_id: 2, scopes: [read] }
  - { token: admin-without-write, user_id: 1, scopes: [read] }
";
    let account = Account::seeded(seed);
    let put = |path: &str| Ask::put(&format!("/agent_statuses/agents/{path}"));
    let text = |ask: Ask| {
        ask.header("content-type", "text/plain")
            .body(vec![b'['; BODY])
    };
    let bad = || text(put("nobody?sort=1"));
    let without_id = json!({ "name": "away" });
    for (ask, status, code) in [
        (bad().bearer("agent-without-write"), 403, "Forbidden"),
        (bad().bearer("admin-without-write"), 403, "Forbidden"),
        (bad(), 400, "InvalidAgentId"),
        (text(put("nobody")), 400, "InvalidAgentId"),
        (text(put("404?sort=1")), 400, "UnknownParameter"),
        (text(put("update_many?ids=x")), 400, "InvalidParameter"),
        (text(put("404")), 415, "UnsupportedMediaType"),
        (put("404").body(vec![b'['; BODY]), 413, "PayloadTooLarge"),
        (put("404").body("["), 400, "InvalidRequestBody"),
        (put("404").json(&without_id), 422, "RecordInvalid"),
        (put("me").json(&without_id), 422, "RecordInvalid"),
        (
            put("update_many?ids=404").body("["),
            400,
            "InvalidRequestBody",
        ),
        (
            put("update_many?ids=404").json(&without_id),
            422,
            "RecordInvalid",
        ),
        (
            put("404").json(&json!({ "id": 404 })),
            403,
            "OmnichannelRoutingDisabled",
        ),
        (
            put("me").json(&json!({ "id": 404 })),
            403,
            "OmnichannelRoutingDisabled",
        ),
        (
            put("update_many?ids=404").json(&json!({ "id": 404 })),
            403,
            "OmnichannelRoutingDisabled",
        ),
        (
            Ask::get("/404/channels/fax/relationships/work_items?page[size]=0"),
            400,
            "InvalidPaginationParameter",
        ),
        (
            Ask::get("/agent_statuses/me?page[size]=0"),
            400,
            "InvalidPaginationParameter",
        ),
        (
            Ask::get("/agent_statuses/job_statuses/x?sort=1"),
            400,
            "UnknownParameter",
        ),
        (Ask::get("/404?sort=1"), 400, "UnknownParameter"),
    ] {
        assert_refused(&account, &ask, status, code);
    }
    let role = account.send(&bad().bearer("agent-without-write"));
    assert_eq!(
        role.at("/error/title"),
        "Forbidden",
        "the role comes before the scope"
    );
    let scope = account.send(&bad().bearer("admin-without-write"));
    assert_eq!(scope.at("/error"), "Forbidden");

    let on =
        Account::seeded(&seed.replace("omnichannel_routing: false", "omnichannel_routing: true"));
    assert_refused(
        &on,
        &put("404").json(&json!({ "id": 404 })),
        404,
        "RecordNotFound",
    );
    assert_refused(
        &on,
        &put("update_many?ids=404").json(&json!({ "id": 404 })),
        422,
        "RecordInvalid",
    );
}
