//! How a request for a token may be written.

use serde_json::{Value, json};
use zendesk_availability_emulator::config::{SettingsPatch, Validation};

use super::{account, account_with, ask, by_app, grant, refresh_of, with};
use crate::harness::Ask;

const FORM: &str = "application/x-www-form-urlencoded";

/// The parameters as a form or a query. Numbers become text.
fn form(parameters: &Value) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters.as_object().expect("an object") {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        form.append_pair(name, &text);
    }
    form.finish()
}

/// The parameters in each of the ways that work.
pub(super) fn encodings(parameters: &Value) -> Vec<Ask> {
    let (json, form) = (parameters.to_string(), form(parameters));
    let typed = |kind: &str, body: &str| ask().header("content-type", kind).body(body);
    let in_query = || ask().to(format!("/oauth/tokens?{form}"));
    vec![
        typed("application/json", &json),
        typed("application/json; charset=utf-8", &json),
        ask().body(json.as_str()),
        typed(FORM, &form),
        typed("Application/X-WWW-Form-Urlencoded;charset=UTF-8", &form),
        ask().body(form.as_str()),
        in_query(),
        in_query().header("content-type", "application/json"),
        in_query().header("content-type", FORM),
    ]
}

/// Documented: JSON, and a form in samples. Observed: the query, with the content type of JSON too,
/// and `charset`. A body without a type is assumed.
#[test]
fn json_a_form_and_a_query_are_read() {
    for ask in encodings(&refresh_of("app-refresh")) {
        let answer = account().send(&ask);
        assert_eq!(answer.status, 200, "{ask:?}: {}", answer.text());
        assert_eq!(answer.hint(), "", "{ask:?}");
        assert_eq!(answer.at("/expires_in"), 1800);
    }
}

/// Observed: nango sends numbers as text.
#[test]
fn numbers_may_be_text() {
    let numbers = json!({ "expires_in": 600, "refresh_token_expires_in": 700_000 });
    let texts = json!({ "expires_in": "600", "refresh_token_expires_in": "700000" });
    for numbers in [numbers, texts] {
        for ask in encodings(&with(&refresh_of("app-refresh"), &numbers)) {
            let answer = account().send(&ask);
            assert_eq!(answer.at("/expires_in"), 600, "{ask:?}");
            assert_eq!(answer.at("/refresh_token_expires_in"), 700_000, "{ask:?}");
            assert_eq!(answer.hint(), "", "{ask:?}");
        }
    }
}

/// Assumed: a parameter of the body comes before one of the query, and both may have some.
#[test]
fn the_body_beats_the_query() {
    let right = refresh_of("app-refresh");
    let wrong =
        json!({ "grant_type": "x", "refresh_token": "x", "client_id": "x", "client_secret": "x" });
    let send = |query: &Value, body: &Value| {
        let target = format!("/oauth/tokens?{}", form(query));
        let as_json = ask().to(target.clone()).json(body);
        let as_form = ask()
            .to(target)
            .header("content-type", FORM)
            .body(form(body));
        [as_json, as_form].map(|ask| account().send(&ask).status.as_u16())
    };
    assert_eq!(send(&wrong, &right), [200, 200]);
    assert_eq!(send(&right, &wrong), [400, 400]);
    let client = by_app(&json!({}));
    let rest = json!({ "grant_type": "refresh_token", "refresh_token": "app-refresh" });
    assert_eq!(send(&client, &rest), [200, 200]);
    assert_eq!(send(&rest, &client), [200, 200]);
    // Of several in one place, the last counts.
    let twice = format!("grant_type=x&{}", form(&right));
    let twice = ask().header("content-type", FORM).body(twice);
    assert_eq!(account().send(&twice).status, 200);
}

/// Documented: Zendesk's own sample of a refresh sends `scopes`, which is not a parameter. Assumed:
/// a hint names them, and strict validation refuses them.
#[test]
fn unknown_parameters_are_ignored() {
    let unknown =
        json!({ "scopes": ["read"], "x": { "y": [1, null] }, "code": "x", "username": "x" });
    let answer = grant(&account(), &with(&refresh_of("app-refresh"), &unknown));
    assert_eq!(answer.at("/scope"), "read write");
    assert_eq!(answer.status, 200);
    let hint = "ignored the unknown parameter `scopes`, did you mean `scope`?; ignored the unknown \
                parameter `username`; ignored the unknown parameter `x`";
    assert_eq!(answer.hint(), hint);
    let strict = account_with(SettingsPatch::new().validation(Validation::Strict));
    let refused = grant(&strict, &with(&refresh_of("app-refresh"), &unknown));
    assert_eq!(
        refused.json(),
        json!({ "error": "invalid_request", "error_description": "`scopes` is not known, did you mean `scope`?" })
    );
    assert_eq!(
        grant(&strict, &refresh_of("app-refresh")).status,
        200,
        "nothing was used up"
    );
}

/// Assumed: a parameter that is empty or null is not there.
#[test]
fn empty_parameters_are_missing() {
    for empty in [json!(""), Value::Null] {
        let parameters = with(
            &refresh_of("app-refresh"),
            &json!({ "scope": empty, "expires_in": empty, "refresh_token_expires_in": empty }),
        );
        let answer = grant(&account(), &parameters);
        let members = ["/scope", "/expires_in", "/refresh_token_expires_in"];
        let shown = members.map(|pointer| answer.at(pointer));
        assert_eq!(shown, [json!("read write"), json!(1800), json!(2_592_000)]);
        assert_eq!(answer.hint(), "");
        for name in ["grant_type", "client_id", "refresh_token"] {
            let mut parameters = refresh_of("app-refresh");
            parameters[name] = empty.clone();
            let answer = grant(&account(), &parameters);
            let description = format!("'{name}' required.");
            assert_eq!(
                answer.json(),
                json!({ "error": "invalid_request", "error_description": description })
            );
        }
        // A public client has no secret, and some clients send an empty one.
        let parameters = json!({
            "grant_type": "refresh_token", "refresh_token": "cli-refresh", "client_id": "cli",
            "client_secret": empty,
        });
        assert_eq!(grant(&account(), &parameters).status, 200);
    }
}

/// Assumed: the error for a body that cannot be read has the form of the other errors.
#[test]
fn a_broken_body_is_refused() {
    let account = account();
    let invalid_request = "400 invalid_request";
    for (body, description) in [
        (&b"{\"grant_type\":"[..], "The request body is not JSON: "),
        (
            b"grant_type=refresh_token",
            "The request body is not JSON: ",
        ),
        (
            b"{\"grant_type\":\"\xff\"}",
            "The request body is not JSON: ",
        ),
        (b" ", "The request body is not JSON: "),
        (b"[]", "The request body is not an object."),
        (b"\"refresh_token\"", "The request body is not an object."),
        (b"null", "The request body is not an object."),
        (b"{}", "'grant_type' required."),
    ] {
        let answer = account.send(&ask().header("content-type", "application/json").body(body));
        assert_eq!(answer.refusal(), invalid_request);
        let text = answer.at("/error_description");
        let text = text.as_str().expect("a text");
        assert!(text.starts_with(description), "{text}");
    }
    // A form has no wrong form, but a hint says what JSON in it means.
    let parameters = refresh_of("app-refresh").to_string();
    let as_form = account.send(&ask().header("content-type", FORM).body(parameters));
    assert_eq!(as_form.refusal(), invalid_request);
    assert!(as_form.hint().contains("looks like JSON"), "{as_form:?}");
    let bytes = account.send(&ask().header("content-type", FORM).body(&b"\xff=%f&&="[..]));
    assert_eq!(bytes.refusal(), invalid_request);
    // Nothing was used up.
    assert_eq!(super::refresh(&account, "app-refresh").status, 200);
}
