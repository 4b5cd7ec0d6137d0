//! The report: one finding for each rule and verdict, with the requests that show it.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::clock::Clock;

use super::{ONE, control, set_limit, set_validation};
use crate::harness::{Account, Ask, P, START, below};

fn report(server: &Account) -> Vec<Value> {
    server.send(&control(Method::GET, "/report")).at("/findings").as_array().expect("findings").clone()
}

/// The requests that show something; none if the rule has nothing to say.
fn shown(server: &Account, rule: &str, verdict: &str) -> Vec<u64> {
    let found: Vec<_> =
        report(server).into_iter().filter(|it| it["rule"] == rule && it["verdict"] == verdict).collect();
    assert!(found.len() <= 1, "{found:?}");
    let requests = found.first().and_then(|it| it["requests"].as_array().cloned()).unwrap_or_default();
    requests.iter().map(|number| number.as_u64().expect("a number")).collect()
}

#[test]
fn nothing_is_said_of_a_client_that_did_nothing_remarkable() {
    let server = Account::with(|builder| builder.journal_requests(1));
    server.get(ONE);
    server.get("?page[size]=100");
    let report = server.send(&control(Method::GET, "/report")).json();
    assert_eq!(report, json!({ "requests": 1, "dropped": 1, "findings": [] }));
}

/// Documented: a 429 says how long to wait. What counts is the same caller's next request, by the account's clock.
#[test]
fn whether_retry_after_was_heeded() {
    let server = Account::demo();
    set_limit(&server, 1);
    server.get(ONE);
    assert_eq!(server.get(ONE).header("retry-after"), Some("60"));
    // Somebody else knows nothing of it.
    server.send(&Ask::get("/me").by_agent());
    server.send(&Ask::get(ONE).anonymous());
    assert_eq!((shown(&server, "retry_after", "bad"), shown(&server, "retry_after", "good")), (vec![], vec![]));
    server.advance(Duration::from_millis(59_999));
    server.get(ONE);
    assert_eq!(shown(&server, "retry_after", "bad"), [5]);
    server.advance(Duration::from_millis(1));
    server.get(ONE);
    // The one that came too early was told to wait for a millisecond, which is a second, and did not.
    assert_eq!(shown(&server, "retry_after", "bad"), [5, 6]);
    server.get(ONE);
    server.advance(Duration::from_mins(1));
    server.get(ONE);
    assert_eq!((shown(&server, "retry_after", "bad"), shown(&server, "retry_after", "good")), (vec![5, 6], vec![8]));
    // The agent came back as well, after the clock was put back: nobody knows how long it waited.
    let earlier = json!({ "mode": "frozen", "at": "2026-01-21T10:00:00Z" });
    assert_eq!(server.send(&control(Method::PUT, "/clock").json(&earlier)).status, 200);
    server.send(&Ask::get("/me").by_agent());
    assert_eq!((shown(&server, "retry_after", "bad"), shown(&server, "retry_after", "good")), (vec![5, 6], vec![8]));
}

/// A request that was under way when another was told to wait cannot know of it.
#[test]
fn requests_side_by_side_do_not_know_of_each_other() {
    let clock = Clock::frozen(START.parse().expect("a time"));
    let emulator = Emulator::builder().clock(clock).build().expect("valid settings");
    let router = emulator.router();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let call = |method: &str, target: &str, body: Body| {
        let request = Request::builder().method(method).uri(target).header("authorization", "Bearer demo-oauth-admin");
        let request = request.header("content-type", "application/json").body(body).expect("a request");
        let router = router.clone();
        async move {
            let response = router.oneshot(request).await.expect("infallible");
            (response.status().as_u16(), response.collect().await.expect("a body").to_bytes())
        }
    };
    runtime.block_on(async {
        let settings = Body::from(r#"{"settings":{"rate_limit":{"requests":1}}}"#);
        assert_eq!(call("PATCH", "/_emulator/accounts/example", settings).await.0, 200);
        let (sender, body) = tokio::sync::oneshot::channel::<&'static str>();
        let body = Body::from_stream(futures_util::stream::once(body));
        let slow = tokio::spawn(call("PUT", &format!("{P}/agent_statuses/agents/10011"), body));
        // It gets as far as it can before this goes on.
        tokio::task::yield_now().await;
        assert_eq!(call("GET", &format!("{P}/10011"), Body::empty()).await.0, 429);
        sender.send(r#"{"id":4}"#).expect("somebody waits for it");
        assert_eq!(slow.await.expect("an answer").0, 200);
        let report = call("GET", "/_emulator/accounts/example/report", Body::empty()).await.1;
        let report: Value = serde_json::from_slice(&report).expect("JSON");
        let rules: Vec<_> = report["findings"].as_array().expect("findings").iter().map(|it| &it["rule"]).collect();
        assert_eq!((&report["requests"], rules), (&json!(2), vec![&json!("rate_limit")]));
    });
}

#[test]
fn refusals_are_told_apart() {
    let server = Account::demo();
    server.send(&Ask::get(ONE).by_agent());
    server.send(&Ask::get(ONE).anonymous());
    // 403 for other reasons than the role.
    server.send(&Ask::put("/agent_statuses/agents/10011").json(&json!({ "id": 4 })).bearer("demo-oauth-read"));
    server.send(&control(Method::PATCH, "").json(&json!({ "settings": { "omnichannel_routing": false } })));
    assert_eq!(server.put("/agent_statuses/agents/10011", &json!({ "id": 4 })).status, 403);
    server.send(&Ask::raw(Method::GET, "/nowhere"));
    set_limit(&server, 1);
    server.get(ONE);
    server.get(ONE);
    assert_eq!(shown(&server, "wrong_role", "bad"), [1]);
    assert_eq!(shown(&server, "authentication", "bad"), [2]);
    assert_eq!(shown(&server, "rate_limit", "bad"), [7]);
    assert_eq!(report(&server).len(), 3);
}

#[test]
fn what_nothing_reads_is_named() {
    for validation in ["warn", "off"] {
        let server = Account::demo();
        set_validation(&server, validation);
        server.get("?per_page=3&page[size]=100");
        server.get(ONE);
        server.put("/agent_statuses/agents/10011?a&b&c", &json!({ "id": 4, "state": 1, "e": 1 }));
        let report = report(&server);
        let description = "sent what nothing reads: `a`, `b`, `body: /e`, `body: /state`, `c` and 1 more";
        assert_eq!(
            report,
            [json!({
                "rule": "unread_parameters", "verdict": "bad", "description": description, "requests": [1, 3],
            })]
        );
    }
}

/// Whoever follows the links of whatever list has done well, in either spelling of the query, and with a list that is
/// kept as it was sent.
#[test]
fn following_links_to_the_end_is_good() {
    let filters =
        "filter[agent_status_id]=3,4,123&filter%5Bskill_ids%5D=a+b,1ae11c11-9993-49f8-9850-c2dc096badd1&include=x";
    let items = "/10011/channels/messaging/relationships/work_items?page[size]=1";
    for start in [
        "?page[size]=3",
        "?page%5Bsize%5D=1&filter%5Bchannel_status%5D=messaging%3Aonline&x=1",
        &format!("?per_page=1&page[size]=1&{filters}"),
        "/agent_statuses?page[size]=1",
        "/agent_statuses/me?page[size]=1",
        items,
        "/me/channels/messaging/relationships/work_items?page[size]=1",
    ] {
        let server = Account::demo();
        for round in 1..=4 {
            let (mut path, mut pages) = (start.to_owned(), 0);
            loop {
                let ask = Ask::get(&path);
                let page =
                    server.send(&if start.split(['/', '?']).any(|part| part == "me") { ask.by_agent() } else { ask });
                let next = page.at("/links/next");
                if next.is_null() {
                    break;
                }
                (path, pages) = (below(&next), pages + 1);
            }
            assert!(pages > 0, "{start}");
            assert_eq!(shown(&server, "pagination_links", "good").len(), pages * round, "{start}");
            assert_eq!(shown(&server, "has_more", "good").len(), pages * round, "{start}");
        }
        assert_eq!(shown(&server, "pagination_links", "bad"), [0; 0], "{start}");
        assert_eq!(shown(&server, "has_more", "bad"), [0; 0], "{start}");
    }
}

/// Backwards as well, and with the token of an old client in each query (observed).
#[test]
fn links_may_be_followed_backwards_and_with_a_token() {
    let server = Account::demo();
    let get = |path: &str, sign: char| {
        let ask = Ask::get(&format!("{path}{sign}access_token=demo-oauth-admin")).anonymous();
        server.send(&ask).json()
    };
    let second = get(&below(&get("?page[size]=3", '&')["links"]["next"]), '&');
    get(&below(&second["links"]["prev"]), '&');
    assert_eq!(shown(&server, "pagination_links", "good"), [2, 3]);
    assert_eq!(shown(&server, "pagination_links", "bad"), [0; 0]);
}

/// The same pages by other addresses than those that were given.
#[test]
fn addresses_of_ones_own_are_seen() {
    for (second, verdict) in [
        ("?page%5Bsize%5D=3&filter%5Bgroup_id%5D=1%2C42&page%5Bafter%5D=10011", "good"),
        ("?page[size]=3&filter%5Bgroup_id%5D=1%2C42&page%5Bafter%5D=10011", "bad"),
        ("?page%5Bsize%5D=3&filter%5Bgroup_id%5D=1,42&page%5Bafter%5D=10011", "bad"),
        ("?page%5Bafter%5D=10011&page%5Bsize%5D=3&filter%5Bgroup_id%5D=1%2C42", "bad"),
        ("?page%5Bsize%5D=3&filter%5Bgroup_id%5D=1%2C42&page%5Bafter%5D=10011&x=1", "bad"),
        ("?page%5Bsize%5D=3&filter%5Bgroup_id%5D=1%2C42&include=x&page%5Bafter%5D=10011", "bad"),
        ("?page%5Bsize%5D=3&page%5Bsize%5D=3&filter%5Bgroup_id%5D=1%2C42&page%5Bafter%5D=10011", "bad"),
        // Observed: a client that drops the page size.
        ("?filter%5Bgroup_id%5D=1%2C42&page%5Bafter%5D=10011", "bad"),
    ] {
        let server = Account::demo();
        server.get("?page[size]=3&filter[group_id]=1,42");
        assert_eq!(server.get(second).status, 200);
        let other = if verdict == "good" { "bad" } else { "good" };
        assert_eq!(shown(&server, "pagination_links", verdict), [2], "{second}");
        assert_eq!(shown(&server, "pagination_links", other), [0; 0], "{second}");
    }
}

/// Assumed: contract, section 1, "Authentication": a header that changes nothing is a line of the report.
#[test]
fn a_header_that_changes_nothing_is_seen() {
    let server = Account::demo();
    server.get("/10011");
    server.send(&Ask::get("/10011").header("x-on-behalf-of", "agent@example.com"));
    assert_eq!(shown(&server, "unread_parameters", "bad"), [2]);
    let report = server.send(&Ask::raw(Method::GET, "/_emulator/accounts/example/report"));
    assert_eq!(report.at("/findings/0/description"), "sent what nothing reads: `header: X-On-Behalf-Of`");
}

/// Pages that were the last one asked for although there were more.
#[test]
fn what_was_left_unread_is_seen() {
    let server = Account::demo();
    // Begun again and again, and in the end given up.
    server.get("?page[size]=3");
    server.get("?page[size]=3");
    assert_eq!(shown(&server, "has_more", "bad"), [1, 2]);
    let next = below(&server.json("?page[size]=3")["links"]["next"]);
    server.get(&next);
    assert_eq!((shown(&server, "has_more", "bad"), shown(&server, "has_more", "good")), (vec![1, 2, 4], vec![3]));
    // Another walk, another list and another caller go their own ways.
    server.get("?page[size]=100&filter[group_id]=42");
    server.get("/agent_statuses?page[size]=100");
    server.send(&Ask::get("?page[after]=10013").by_agent());
    assert_eq!(shown(&server, "has_more", "bad"), [1, 2, 4]);
    // Observed: a client that drops the page size goes on all the same.
    server.get("?page[after]=10016&page[size]=");
    assert_eq!(shown(&server, "has_more", "bad"), [1, 2]);
    // There is more after a page that was reached backwards, but nobody who goes that way wants it.
    let server = Account::demo();
    server.get("?page[before]=10014&page[size]=1");
    assert_eq!(shown(&server, "has_more", "bad"), [0; 0]);
}
