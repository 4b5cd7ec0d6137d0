//! The answers to requests that are hit, as far as they show without a socket.

use std::num::NonZeroU32;
use std::time::Duration;

use serde_json::{Value, json};
use zendesk_availability_emulator::config::{
    ErrorsForm, RateLimitBody, RateLimitPatch, SettingsPatch,
};

use super::set;
use crate::authentication::{invalid_token, not_authenticated};
use crate::harness::{Account, Answer, Ask};

const TEXT: &str = "Number of allowed API requests per minute exceeded";

fn fault(server: &Account, fault: &Value) -> Answer {
    set(server, &json!([{ "fault": fault }]));
    server.get("/10011")
}

fn preset(server: &Account, preset: &str) -> Answer {
    set(server, &json!([{ "preset": preset }]));
    server.get("/10011")
}

fn kind(answer: &Answer) -> &str {
    answer.header("content-type").unwrap_or_default()
}

/// Zendesk's form of each status.
#[test]
fn a_status_has_zendesks_error() {
    let server = Account::demo();
    for (status, expected) in [
        (401, json!({ "error": "Couldn't authenticate you" })),
        (
            405,
            json!({ "error": "MethodNotAllowed", "description": "Method not allowed" }),
        ),
        (
            409,
            json!({ "error": "Conflict", "description": "Conflict" }),
        ),
        (
            418,
            json!({ "error": "Imateapot", "description": "I'm a teapot" }),
        ),
        (
            500,
            json!({ "error": "InternalServerError", "description": "Internal Server Error" }),
        ),
        (
            502,
            json!({ "error": "BadGateway", "description": "Bad Gateway" }),
        ),
        (
            503,
            json!({ "error": "ServiceUnavailable", "description": "Service Unavailable" }),
        ),
        (
            504,
            json!({ "error": "GatewayTimeout", "description": "Gateway Timeout" }),
        ),
        (
            599,
            json!({ "error": "Error599", "description": "Error 599" }),
        ),
    ] {
        let answer = fault(&server, &json!({ "status": status }));
        assert_eq!((answer.status.as_u16(), answer.json()), (status, expected));
        assert_eq!(kind(&answer), "application/json; charset=utf-8");
        assert_eq!(answer.header("www-authenticate").is_some(), status == 401);
        assert_eq!(answer.header("retry-after"), None);
        assert_eq!(answer.hint(), "fault: 1", "nothing else is to be explained");
    }
    assert_eq!(
        fault(&server, &json!({ "status": 403 })).at("/error/title"),
        "Forbidden"
    );
    for (status, code) in [
        (400, "InvalidParameter"),
        (404, "RecordNotFound"),
        (422, "RecordInvalid"),
    ] {
        assert_eq!(fault(&server, &json!({ "status": status })).codes(), [code]);
    }
    let classic = Account::demo_with(SettingsPatch::new().errors(ErrorsForm::Classic));
    assert_eq!(
        fault(&classic, &json!({ "status": 404 })).at("/error"),
        "RecordNotFound"
    );
    set(&server, &json!([{ "fault": { "status": 500 } }]));
    let json_api = server.send(&Ask::get("/10011").header("accept", "application/vnd.api+json"));
    assert_eq!(kind(&json_api), "application/vnd.api+json");
}

/// Documented and observed for the bodies, assumed for the rest: the kind of a 401 depends on the
/// kind of the credential that the call carries, valid or not.
#[test]
fn a_401_is_of_the_kind_of_the_credential() {
    let server = Account::demo();
    set(&server, &json!([{ "fault": { "status": 401 } }]));
    let in_query = |token| Ask::get(&format!("/10011?access_token={token}")).anonymous();
    for (ask, (body, challenge)) in [
        (Ask::get("/10011"), not_authenticated()),
        (
            Ask::get("/10011").password("admin@example.com", "wrong"),
            not_authenticated(),
        ),
        (
            Ask::get("/10011").header("authorization", "Digest x"),
            not_authenticated(),
        ),
        (Ask::get("/10011").anonymous(), not_authenticated()),
        (in_query(""), not_authenticated()),
        (
            Ask::get("/10011").bearer("demo-oauth-admin"),
            invalid_token(),
        ),
        (Ask::get("/10011").bearer("wrong"), invalid_token()),
        (Ask::get("/10011").bearer(""), invalid_token()),
        (in_query("demo-oauth-admin"), invalid_token()),
        (in_query("wrong"), invalid_token()),
    ] {
        let answer = server.send(&ask);
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (401, body),
            "{ask:?}"
        );
        assert_eq!(
            answer.header("www-authenticate"),
            Some(challenge),
            "{ask:?}"
        );
        assert_eq!(answer.hint(), "fault: 1", "{ask:?}");
    }
}

/// Assumed: every 429 says 0 remaining and a reset equal to its `Retry-After`, also before any call
/// has been counted. The 429 is not counted.
#[test]
fn an_injected_429_says_that_nothing_is_left() {
    let server = Account::demo();
    let check = |answer: &Answer, seconds: &str| {
        assert_eq!(answer.status, 429, "{answer:?}");
        for (name, value) in [
            ("x-rate-limit", "200"),
            ("ratelimit-limit", "200"),
            ("x-rate-limit-remaining", "0"),
            ("ratelimit-remaining", "0"),
            ("ratelimit-reset", seconds),
            ("retry-after", seconds),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name}: {answer:?}");
        }
    };
    for left in [200, 199] {
        let wait = if left == 200 { "60" } else { "50" };
        for name in ["rate-limit-text-body", "rate-limit-json-body"] {
            check(&preset(&server, name), wait);
        }
        for body in ["vendor", "json", "text", "html"] {
            check(
                &fault(&server, &json!({ "status": 429, "body": body })),
                wait,
            );
        }
        for seconds in [0, 5, 4_294_967_295_u32] {
            check(
                &fault(&server, &json!({ "status": 429, "retry_after": seconds })),
                &seconds.to_string(),
            );
        }
        set(&server, &json!([{ "fault": { "status": 429 } }]));
        check(&server.send(&Ask::get("/10011").anonymous()), wait);
        // Any other fault shows the number of calls that are really left.
        let other = fault(&server, &json!({ "status": 503, "retry_after": 5 }));
        let reading = ["x-rate-limit-remaining", "ratelimit-reset"].map(|name| other.header(name));
        assert_eq!(reading, [Some(&*left.to_string()), Some(wait)]);
        set(&server, &json!([]));
        assert_eq!(
            server.get("/10011").header("x-rate-limit-remaining"),
            Some(&*(left - 1).to_string())
        );
        server.advance(Duration::from_secs(10));
    }
    let unlimited = Account::demo_with(SettingsPatch::new().rate_limit(RateLimitPatch::off()));
    let answer = fault(&unlimited, &json!({ "status": 429, "retry_after": 5 }));
    let rate_headers = answer
        .headers
        .keys()
        .filter(|name| name.as_str().contains("rate"));
    assert_eq!(
        (rate_headers.count(), answer.header("retry-after")),
        (0, Some("5"))
    );
}

/// By design: a 429 looks like one from the limiter.
#[test]
fn a_429_is_that_of_the_limiter() {
    let limited = |body| {
        let requests = Some(NonZeroU32::new(1));
        let rate_limit = RateLimitPatch::new()
            .requests(requests)
            .window(Duration::from_secs(90));
        let server = Account::demo_with(
            SettingsPatch::new()
                .rate_limit(rate_limit)
                .rate_limit_body(body),
        );
        server.get("/10011");
        server.advance(Duration::from_secs(20));
        server
    };
    for body in [RateLimitBody::Text, RateLimitBody::Json] {
        let server = limited(body);
        let own = server.get("/10011");
        let injected = fault(&server, &json!({ "status": 429 }));
        assert_eq!((injected.status, &injected.body), (own.status, &own.body));
        let stable = |answer: &Answer| {
            let mut headers = answer.headers.clone();
            for name in ["x-request-id", "x-zendesk-request-id", "x-emulator-hint"] {
                headers.remove(name);
            }
            headers
        };
        assert_eq!(stable(&injected), stable(&own));
        assert_eq!(injected.header("retry-after"), Some("70"));
        // The presets choose the body, independent of the setting.
        let text = preset(&server, "rate-limit-text-body");
        assert_eq!(
            (text.text(), kind(&text)),
            (TEXT, "text/html; charset=utf-8")
        );
        let json = preset(&server, "rate-limit-json-body");
        assert_eq!(
            json.json(),
            json!({ "error": "APIRateLimitExceeded", "description": TEXT })
        );
        assert_eq!(
            fault(&server, &json!({ "status": 429, "retry_after": 5 })).header("retry-after"),
            Some("5")
        );
    }
    let requests = Some(None);
    let rate_limit = RateLimitPatch::new().requests(requests);
    let unlimited = Account::demo_with(SettingsPatch::new().rate_limit(rate_limit));
    let answer = preset(&unlimited, "rate-limit-text-body");
    assert_eq!(
        (
            answer.header("retry-after"),
            answer.header("ratelimit-limit")
        ),
        (Some("60"), None)
    );
}

#[test]
fn a_body_can_be_of_another_kind() {
    let server = Account::demo();
    let unavailable = preset(&server, "unavailable-retry-after");
    assert_eq!(
        (
            unavailable.status.as_u16(),
            unavailable.header("retry-after")
        ),
        (503, Some("1"))
    );
    assert_eq!(unavailable.at("/error"), "ServiceUnavailable");
    let page = preset(&server, "html-error-page");
    assert_eq!(
        (page.status.as_u16(), kind(&page)),
        (502, "text/html; charset=utf-8")
    );
    assert!(
        page.text().starts_with("<!DOCTYPE html>")
            && page.text().contains("<h1>502 Bad Gateway</h1>")
    );
    let text = fault(&server, &json!({ "status": 503, "body": "text" }));
    assert_eq!(
        (text.text(), kind(&text)),
        ("Service Unavailable", "text/plain; charset=utf-8")
    );
    let json = fault(&server, &json!({ "status": 401, "body": "json" }));
    assert_eq!(
        json.json(),
        json!({ "error": "Unauthorized", "description": "Unauthorized" })
    );
    let empty = server.send_unchecked(&{
        set(
            &server,
            &json!([{ "fault": { "status": 504, "body": "empty" } }]),
        );
        Ask::get("/10011")
    });
    assert_eq!(
        (
            empty.status.as_u16(),
            empty.body.len(),
            empty.header("content-length")
        ),
        (504, 0, Some("0"))
    );
    assert_eq!(kind(&empty), "");
}

/// If a fault replaces the call, the call does not happen and is not counted. If it damages the
/// answer, the call does happen.
#[test]
fn some_faults_take_the_place_of_the_call() {
    for (fault, happens) in [
        (json!({ "status": 503 }), false),
        (json!({ "status": 429 }), false),
        (json!({ "reset": "before" }), false),
        (json!({ "empty": true }), true),
        (json!({ "break_json": true }), true),
        (json!({ "truncate": 5 }), true),
        (json!({ "reset": "mid_body" }), true),
        (json!({ "latency": "0s" }), true),
    ] {
        let server = Account::demo();
        let before = server.state();
        set(
            &server,
            &json!([{ "when": { "first": 1 }, "fault": fault }]),
        );
        let update = Ask::update().json(&json!({ "id": 4 }));
        let answer = server.send_unchecked(&update);
        assert_eq!(server.state() != before, happens, "{fault}");
        let left = if happens { "199" } else { "200" };
        let said = if answer.status == 429 { "0" } else { left };
        assert_eq!(
            answer.header("x-rate-limit-remaining"),
            Some(said),
            "{fault}"
        );
        let next = if happens { "198" } else { "199" };
        assert_eq!(
            server.get("/10011").header("x-rate-limit-remaining"),
            Some(next),
            "{fault}"
        );
    }
}

/// The answer is the one that would have come. Only its body is damaged.
#[test]
fn a_body_arrives_badly() {
    let server = Account::demo();
    let whole = server.get("/10011");
    let length = whole.body.len();
    for (spoiled, expected) in [
        (json!({ "truncate": 0 }), Some(0)),
        (json!({ "truncate": 10 }), Some(10)),
        (json!({ "truncate": 1_000_000 }), Some(length - 1)),
        (json!({ "reset": "mid_body" }), Some(length / 2)),
        (json!({ "dribble": { "bytes": 1, "every": "0s" } }), None),
        (
            json!({ "dribble": { "bytes": 7, "every": "0s" }, "truncate": 20 }),
            Some(20),
        ),
        (
            json!({ "dribble": { "bytes": 4_294_967_295_u32, "every": "0s" }, "slow_first_byte": "0s" }),
            None,
        ),
    ] {
        let answer = fault(&server, &spoiled);
        assert_eq!(
            (answer.status, answer.is_cut_off),
            (whole.status, expected.is_some()),
            "{spoiled}"
        );
        assert_eq!(
            answer.body,
            whole.body[..expected.unwrap_or(length)],
            "{spoiled}"
        );
        assert_eq!(
            answer.header("content-length"),
            Some(length.to_string().as_str()),
            "{spoiled}"
        );
    }
    assert_eq!(preset(&server, "truncated-json").body, whole.body[..64]);
    assert_eq!(
        preset(&server, "reset-mid-body").body,
        whole.body[..length / 2]
    );
    let broken = fault(&server, &json!({ "break_json": true }));
    assert_eq!((broken.body.len(), broken.is_cut_off), (length, false));
    assert!(serde_json::from_slice::<Value>(&broken.body).is_err());
    let page = fault(
        &server,
        &json!({ "status": 502, "body": "html", "truncate": 20 }),
    );
    assert_eq!(
        (page.text(), page.is_cut_off),
        ("<!DOCTYPE html>\n<htm", true)
    );
}

#[test]
fn an_emptied_answer_is_a_200_whatever_it_was() {
    let server = Account::demo();
    for path in ["/10011", "/1", "?page=2"] {
        set(&server, &json!([{ "fault": { "empty": true } }]));
        let answer = server.send_unchecked(&Ask::get(path));
        assert_eq!(
            (answer.status.as_u16(), answer.body.len(), answer.is_cut_off),
            (200, 0, false),
            "{path}"
        );
        assert_eq!(answer.header("content-length"), Some("0"), "{path}");
    }
}

/// A HEAD has no body to damage. Its headers are those of its GET.
#[test]
fn a_head_arrives_as_it_is() {
    let server = Account::demo();
    let length = server.get("/10011").body.len().to_string();
    for fault in [
        json!({ "truncate": 1 }),
        json!({ "reset": "mid_body" }),
        json!({ "break_json": true }),
    ] {
        set(&server, &json!([{ "fault": fault }]));
        let head = server.send(&Ask::head("/10011"));
        assert_eq!(
            (head.status.as_u16(), head.header("content-length")),
            (200, Some(length.as_str())),
            "{fault}"
        );
        assert!(!head.is_cut_off, "{fault}");
    }
    set(&server, &json!([{ "preset": "html-error-page" }]));
    assert_eq!(server.send(&Ask::head("/10011")).status, 502);
}

/// In process there is no connection: a call without an answer gets an unassigned status, and a
/// body that fails.
#[test]
fn in_process_a_reset_is_a_body_that_fails() {
    let server = Account::demo();
    let answer = fault(&server, &json!({ "reset": "before" }));
    assert_eq!(
        (answer.status.as_u16(), answer.body.len(), answer.is_cut_off),
        (444, 0, true)
    );
}
