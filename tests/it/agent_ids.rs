//! Agents' ids in paths. Every operation that takes an id.

use axum::http::Method;
use serde_json::json;

use crate::harness::{Account, Ask};

/// Every operation with an agent's id in its path, as requests that succeed for agent 10011.
fn requests(id: &str) -> [Ask; 3] {
    [
        Ask::get(&format!("/{id}")),
        Ask::get(&format!(
            "/{id}/channels/messaging/relationships/work_items"
        )),
        Ask::new(Method::PUT, &format!("/agent_statuses/agents/{id}")).json(&json!({ "id": 4 })),
    ]
}

/// Observed: ids are decimal numbers of up to 64 bits. Assumed: leading zeros and percent-encoded
/// digits do not change the number.
#[test]
fn a_number_names_an_agent_however_it_is_spelt() {
    let account = Account::demo();
    for id in [
        "10011",
        "010011",
        "000000000000000000000000000010011",
        "%31%30011",
    ] {
        for ask in requests(id) {
            let answer = account.send(&ask);
            assert_eq!(
                answer.status,
                200,
                "{} {}: {}",
                ask.method,
                ask.target,
                answer.text()
            );
            assert!(
                answer.text().contains("\"agent_availabilities|10011"),
                "{}",
                ask.target
            );
        }
    }
}

/// Assumed: an unknown id, a user who is not an agent, and a number beyond 64 bits are a 404. Its
/// form is assumed too.
#[test]
fn a_number_without_an_agent_is_not_found() {
    let account = Account::demo();
    let before = account.state();
    let cases = [
        "0",
        "1",
        "99999",
        // An admin, a light agent and an end user. None of them has an availability.
        "10002",
        "20001",
        "30001",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999999999999999999999",
        "10011000000000000000000000000000000000000000",
    ];
    for id in cases {
        for ask in requests(id) {
            let answer = account.send(&ask);
            assert_eq!(answer.status, 404, "{} {}", ask.method, ask.target);
            let error = json!({
                "status": "404",
                "code": "RecordNotFound",
                "title": "Record not found",
                "detail": format!("There is no agent {id}.")
            });
            assert_eq!(
                answer.json(),
                json!({ "errors": [error] }),
                "{} {}",
                ask.method,
                ask.target
            );
        }
    }
    assert_eq!(account.state(), before);
}

/// Assumed: anything that is not a number is a 400, and no bytes in a path cause anything worse.
#[test]
fn what_is_not_a_number_is_a_bad_request() {
    let account = Account::demo();
    let before = account.state();
    let cases = [
        "abc",
        "ME",
        "10011a",
        "+10011",
        "-10011",
        "-1",
        "-0",
        "10011.0",
        "1e4",
        "0x271b",
        "10_011",
        "10,011",
        "10011,10012",
        "10011;v=1",
        "10011%20",
        "%2010011",
        "%20",
        "10011%0A",
        "%00",
        "10011%00",
        "%2F",
        "10011%2F",
        "10011%2Fchannels",
        "%2E%2E",
        "%25",
        "%7Bagent_id%7D",
        "%22",
        // Digits of other scripts.
        "%D9%A1%D9%A0%D9%A0%D9%A1%D9%A1",
        "%EF%BC%91",
        // Not UTF-8.
        "%FF",
        "10011%FF",
        "%C3%28",
        "%ED%A0%80",
    ];
    let long = "9a".repeat(2000);
    for id in cases.into_iter().chain([long.as_str()]) {
        for ask in requests(id) {
            let answer = account.send(&ask);
            assert_eq!(
                answer.refusal(),
                "400 InvalidAgentId",
                "{} {}: {}",
                ask.method,
                ask.target,
                answer.text()
            );
        }
    }
    assert_eq!(account.state(), before, "a refused update changes nothing");
}

/// Assumed: problems of parameters come before problems of the body, and before routing being off.
/// Whether the agent exists comes after both (the order of the checks in `openapi/`). An id in the
/// path is a parameter.
#[test]
fn an_id_is_read_before_the_body_and_looked_up_after_it() {
    let account = Account::demo();
    let put = |id: &str, body: &str| {
        let answer = account.send(&Ask::put(&format!("/agent_statuses/agents/{id}")).body(body));
        answer.codes().concat()
    };
    assert_eq!(put("abc", ""), "InvalidAgentId");
    assert_eq!(put("abc", "{}"), "InvalidAgentId");
    assert_eq!(put("99999", ""), "InvalidRequestBody");
    assert_eq!(put("99999999999999999999", "{}"), "RecordInvalid");
    assert!(
        account
            .world()
            .set_omnichannel_routing(false, false, account.now())
    );
    assert_eq!(put("abc", "{\"id\":4}"), "InvalidAgentId");
    assert_eq!(put("99999", "{\"id\":4}"), "OmnichannelRoutingDisabled");
    assert_eq!(
        put("99999999999999999999", "{\"id\":4}"),
        "OmnichannelRoutingDisabled"
    );
    assert_eq!(put("99999", ""), "InvalidRequestBody");
}
