//! The journal, verification and the report.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use serde_json::json;
use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::client::{
    Account, Expectation, FaultRule, Journal, ReportRule, RequestFilter, Verdict,
};
use zendesk_availability_emulator::world::Role;

use super::{in_both_ways, refusal, with_requests_in_both_ways};
use crate::harness::{P, START};

#[test]
fn an_entry_is_read_whole() {
    with_requests_in_both_ways(|client, get| {
        let account = client.default_account();
        account
            .set_faults(&[FaultRule::preset("truncated-json").agent(10_011)])
            .expect("a rule");
        get("?page[size]=2&surplus=1");
        get("/10011");
        let Journal {
            requests,
            first,
            last,
            dropped,
            ..
        } = account.requests(&RequestFilter::any()).expect("requests");
        assert_eq!((requests.len(), first, last, dropped), (2, Some(1), 2, 0));
        let list = &requests[0];
        assert_eq!(
            (list.sequence, list.time),
            (1, START.parse().expect("a time"))
        );
        assert_eq!(
            (list.request_id.len(), list.operation.as_deref()),
            (36, Some("list_agent_availabilities"))
        );
        assert_eq!(
            (list.method.as_str(), list.path.as_str(), list.status),
            ("GET", P, 200)
        );
        assert_eq!(
            list.query.clone().into_iter().collect::<Vec<_>>(),
            [("page[size]".to_owned(), "2".to_owned())]
        );
        assert_eq!(
            list.headers.get("host").map(String::as_str),
            Some("localhost")
        );
        assert_eq!(
            list.headers.get("authorization").map(String::as_str),
            Some("...")
        );
        assert_eq!((list.body.as_deref(), list.body_complete), (None, true));
        let caller = list.caller.as_ref().expect("who called");
        assert_eq!(
            (caller.user_id, caller.email.as_deref()),
            (Some(10_001), Some("admin@example.com"))
        );
        assert_eq!(caller.role, Role::Admin);
        assert!(
            list.duration < Duration::from_mins(1),
            "{:?}",
            list.duration
        );
        assert_eq!(
            (list.agent, list.fault.as_deref(), &*list.unread),
            (None, None, &["surplus".to_owned()][..])
        );
        assert!(
            list.hint
                .as_ref()
                .is_some_and(|hint| hint.contains("surplus")),
            "{:?}",
            list.hint
        );
        assert_eq!(
            (requests[1].agent, requests[1].fault.as_deref()),
            (Some(10_011), Some("truncated-json"))
        );
    });
}

#[test]
fn the_journal_is_filtered_and_cleared() {
    with_requests_in_both_ways(|client, get| {
        let account = client.default_account();
        for path in ["/10011", "/10012", "/me", "/77", "?page[size]=0"] {
            get(path);
        }
        let numbers = |filter: RequestFilter| {
            let requests = account.requests(&filter).expect("requests").requests;
            requests
                .into_iter()
                .map(|request| request.sequence)
                .collect::<Vec<_>>()
        };
        for (filter, expected) in [
            (RequestFilter::any(), &[1, 2, 3, 4, 5][..]),
            (
                RequestFilter::operation("show_agent_availability"),
                &[1, 2, 4],
            ),
            (RequestFilter::any().method("PUT"), &[]),
            (RequestFilter::any().path(format!("{P}/*1")), &[1]),
            (RequestFilter::any().status(404), &[4]),
            (RequestFilter::any().status_class(4), &[4, 5]),
            (RequestFilter::any().agent(10_012), &[2]),
            (
                RequestFilter::any().caller("ADMIN@example.com"),
                &[1, 2, 3, 4, 5],
            ),
            (RequestFilter::any().caller("10002"), &[]),
            (RequestFilter::any().after(3), &[4, 5]),
            (RequestFilter::any().limit(2), &[1, 2]),
            (
                RequestFilter::operation("show_agent_availability")
                    .status_class(2)
                    .after(1)
                    .limit(9),
                &[2],
            ),
        ] {
            assert_eq!(numbers(filter.clone()), expected, "{filter:?}");
        }
        let refused = account
            .requests(&RequestFilter::operation("show_agent"))
            .expect_err("no such operation");
        assert_eq!(refusal(&refused), (422, "InvalidRequest"));
        account.clear_requests().expect("an account");
        let journal = account.requests(&RequestFilter::any()).expect("requests");
        assert_eq!(
            (journal.requests.len(), journal.first, journal.last),
            (0, None, 5)
        );
    });
}

#[test]
fn expectations_are_met_or_not() {
    with_requests_in_both_ways(|client, get| {
        let account = client.default_account();
        for path in [
            "/10011",
            "/10011?page[size]=2",
            "?page[size]=2",
            "?page[size]=3",
            "/77",
        ] {
            get(path);
        }
        let show = || Expectation::operation("show_agent_availability");
        let list = || Expectation::operation("list_agent_availabilities");
        for (expectation, matched) in [
            (Expectation::any(), Some(5)),
            (show(), Some(3)),
            (show().exactly(3), Some(3)),
            (show().exactly(2), None),
            (show().at_least(3), Some(3)),
            (show().at_least(4), None),
            (show().at_most(3), Some(3)),
            (show().at_most(2), None),
            (show().at_least(1).at_most(3), Some(3)),
            (show().exactly(9).at_most(3), Some(3)),
            (show().at_least(9).exactly(3), Some(3)),
            (list().query("page[size]", "3"), Some(1)),
            (list().without_query("page[after]"), Some(2)),
            (list().without_query("page[size]"), None),
            (
                Expectation::any()
                    .method("GET")
                    .path(format!("{P}/*"))
                    .agent(10_011)
                    .caller("10001")
                    .status(200),
                Some(2),
            ),
            (Expectation::any().status_class(4), Some(1)),
        ] {
            match account.check(&expectation) {
                Ok(found) => assert_eq!(Some(found), matched, "{expectation:?}"),
                Err(error) => {
                    assert_eq!(
                        refusal(&error),
                        (409, "NotVerified"),
                        "{expectation:?}: {error}"
                    );
                    assert_eq!(matched, None, "{expectation:?}");
                }
            }
        }
    });
}

/// By design: what a client sent is one expectation.
#[test]
fn headers_and_bodies_are_expected() {
    let emulator = super::builder().start().expect("a port");
    let connected = Emulator::connect(&emulator.url(), None).expect("it runs");
    for account in [emulator.default_account(), connected.default_account()] {
        account.clear_requests().expect("an account");
        super::put(
            &emulator,
            "/agent_statuses/agents/10011",
            r#"{"id": 124, "token": "x"}"#,
        );
        super::get(&emulator, "/10011");
        let newest = account
            .requests(&RequestFilter::any())
            .expect("requests")
            .requests;
        assert_eq!(
            newest[0].body.as_deref(),
            Some(r#"{"id": 124, "token": "..."}"#)
        );
        assert!(newest[0].body_complete);
        let update = || Expectation::operation("update_agent_status").agent(10_011);
        for (expectation, matched) in [
            (update().body(json!({ "id": 124 })), Some(1)),
            (update().body(json!({ "id": 124, "token": "..." })), Some(1)),
            (update().body(json!({ "id": 4 })), None),
            (Expectation::any().header("Host", "localhost"), Some(2)),
            (Expectation::any().header("host", "x"), None),
            (
                Expectation::any()
                    .header("authorization", "...")
                    .without_header("cookie"),
                Some(2),
            ),
            (Expectation::any().without_header("Authorization"), None),
        ] {
            assert_eq!(account.check(&expectation).ok(), matched, "{expectation:?}");
        }
        let refused = account
            .check(&update().body(json!({ "token": "x" })))
            .expect_err("it is masked");
        assert_eq!(refusal(&refused), (422, "InvalidRequest"));
        let expectation = update().body(json!({ "id": 4 })).header("accept", "a");
        let expected = "409 NotVerified: at least 1 of the requests should be like this, and 0 of 2 are\n\
            expected:\n    operation: update_agent_status\n    agent: 10011\n    headers.accept: a\n    body.id: 4\n    \
            count.at_least: 1\n\
            matched: 0\n\
            nearest:\n    \
            #1 PUT /api/v2/agent_availabilities/agent_statuses/agents/10011 → 200\n        \
            headers.accept: expected a, found none\n        body.id: expected 4, found 124\n    ";
        let found = message(account, &expectation);
        assert!(
            found.starts_with(&expected.replace("#1", &format!("#{}", newest[0].sequence))),
            "{found}"
        );
    }
}

/// What a test prints when it fails: one fact per line.
#[test]
fn a_failure_can_be_read() {
    with_requests_in_both_ways(|client, get| {
        let account = client.default_account();
        get("/10011?page[size]=2");
        get("?page[size]=2");
        let show = || Expectation::operation("show_agent_availability").agent(10_012);
        let short = "409 NotVerified: at least 1 of the requests should be like this, and 0 of 2 are\n\
            expected:\n    operation: show_agent_availability\n    status: 4xx\n    agent: 10012\n    query.page[size]: none\n    \
            count.at_least: 1\n\
            matched: 0\n\
            nearest:\n    \
            #1 GET /api/v2/agent_availabilities/10011 → 200\n        \
            status: expected 4xx, found 200\n        agent: expected 10012, found 10011\n    \
            #2 GET /api/v2/agent_availabilities?page%5Bsize%5D=2 → 200\n        \
            operation: expected show_agent_availability, found list_agent_availabilities\n        \
            status: expected 4xx, found 200\n        agent: expected 10012, found none\n        \
            query.page[size]: expected none, found 2";
        assert_eq!(
            message(account, &show().status_class(4).without_query("page[size]")),
            short
        );
        let many = "409 NotVerified: exactly 0 of the requests should be like this, and 2 of 2 are\n\
            expected:\n    count.exactly: 0\n\
            matched: 2\n    \
            #2 GET /api/v2/agent_availabilities?page%5Bsize%5D=2 → 200\n    \
            #1 GET /api/v2/agent_availabilities/10011 → 200";
        assert_eq!(message(account, &Expectation::any().exactly(0)), many);
        account.verify(&show().exactly(0));
    });
}

/// The text with which a verification panics.
fn message(account: &Account, expectation: &Expectation) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| account.verify(expectation)))
        .expect_err("it does not hold");
    panic.downcast_ref::<String>().expect("a message").clone()
}

/// What is unknown counts as neither.
#[test]
fn a_journal_that_has_dropped_too_much_is_not_proof() {
    let emulator = super::builder()
        .journal_requests(1)
        .build()
        .expect("valid settings");
    for _ in 0..2 {
        super::get(&emulator, "/10011");
    }
    assert_eq!(
        emulator
            .default_account()
            .requests(&RequestFilter::any())
            .expect("requests")
            .dropped,
        1
    );
    let refused = emulator
        .default_account()
        .check(&Expectation::any().exactly(1))
        .expect_err("there may have been two");
    assert_eq!(refusal(&refused), (409, "Incomplete"));
    assert_eq!(
        emulator
            .default_account()
            .check(&Expectation::any().at_least(1))
            .expect("one is enough"),
        1
    );
}

#[test]
fn a_report_has_its_findings() {
    with_requests_in_both_ways(|client, get| {
        let account = client.default_account();
        account
            .set_faults(&[FaultRule::preset("unavailable-retry-after").first(1)])
            .expect("a rule");
        get("/10011?surplus=1");
        get("/10011?surplus=1");
        let report = account.report().expect("a report");
        assert_eq!((report.requests, report.dropped), (2, 0));
        let finding = |rule| {
            report
                .findings
                .iter()
                .find(|finding| finding.rule == rule)
                .expect("a finding")
        };
        let hasty = finding(ReportRule::RetryAfter);
        assert_eq!(
            (hasty.verdict, hasty.requests.last()),
            (Verdict::Bad, Some(&2))
        );
        assert!(!hasty.description.is_empty());
    });
    in_both_ways(|client| {
        assert_eq!(
            client
                .default_account()
                .report()
                .expect("a report")
                .findings,
            []
        );
    });
}
