//! Refused requests and the form of the errors.

mod order;

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{ErrorsForm, SettingsPatch, Validation};

use crate::harness::{Account, Ask, P, document, operations};

fn set(id: &Value) -> Ask {
    Ask::update().json(&json!({ "id": id }))
}

/// An error object of JSON:API. A null source stands for no source.
fn problem(status: u16, code: &str, title: &str, detail: &str, source: Value) -> Value {
    let mut problem =
        json!({ "status": status.to_string(), "code": code, "title": title, "detail": detail });
    if !source.is_null() {
        problem["source"] = source;
    }
    problem
}

fn invalid_parameter(name: &str, detail: &str) -> Value {
    problem(
        400,
        "InvalidParameter",
        "Invalid parameter",
        detail,
        json!({ "parameter": name }),
    )
}

fn invalid_pagination(name: &str, detail: &str) -> Value {
    let title = "Invalid pagination parameter";
    problem(
        400,
        "InvalidPaginationParameter",
        title,
        detail,
        json!({ "parameter": name }),
    )
}

fn not_found(detail: &str) -> Value {
    problem(
        404,
        "RecordNotFound",
        "Record not found",
        detail,
        Value::Null,
    )
}

fn record_invalid(pointer: &str, detail: &str) -> Value {
    problem(
        422,
        "RecordInvalid",
        "Record invalid",
        detail,
        json!({ "pointer": pointer }),
    )
}

/// Requests that are refused with a list of problems, and the list. Every code occurs.
fn lists() -> Vec<(Ask, Value)> {
    let host = problem(
        400,
        "InvalidHost",
        "Invalid host",
        "Host is not a valid host and port.",
        json!({ "header": "Host" }),
    );
    let agent_id = problem(
        400,
        "InvalidAgentId",
        "Invalid agent id",
        "The agent id in the path is not a number.",
        Value::Null,
    );
    let unknown_parameter = |name: &str, detail: &str| {
        problem(
            400,
            "UnknownParameter",
            "Unknown parameter",
            detail,
            json!({ "parameter": name }),
        )
    };
    let unknown_field = |pointer: &str, detail: &str| {
        problem(
            422,
            "UnknownField",
            "Unknown field",
            detail,
            json!({ "pointer": pointer }),
        )
    };
    let body = |detail| {
        problem(
            400,
            "InvalidRequestBody",
            "Invalid request body",
            detail,
            Value::Null,
        )
    };
    let both = "page[before]: page[after] is given as well, and only one of them can be used.";
    let no_id = "The id of a unified status is missing.";
    let no_number = "The id is not the number of a unified status.";
    vec![
        (Ask::get("/10011").header("host", "no host"), json!([host])),
        (Ask::get("/nobody"), json!([agent_id])),
        (Ask::get("/-1"), json!([agent_id])),
        (
            Ask::get("?filter[channel_status]=fax:online"),
            json!([invalid_parameter(
                "filter[channel_status]",
                "filter[channel_status]: `fax` is not one of chat, messaging, support, talk."
            )]),
        ),
        (
            Ask::get("?filter%5Bagent_ids%5D=1,x"),
            json!([invalid_parameter(
                "filter[agent_ids]",
                "filter[agent_ids]: `x` is not a number; expected ids with commas between them."
            )]),
        ),
        (
            Ask::put("/agent_statuses/agents/update_many").json(&json!({ "id": 4 })),
            json!([invalid_parameter(
                "ids",
                "ids: it is missing; expected 1 to 100 agent ids with commas between them."
            )]),
        ),
        (
            Ask::get("?page[size]=0"),
            json!([invalid_pagination(
                "page[size]",
                "page[size]: expected a whole number from 1 to 100."
            )]),
        ),
        (
            Ask::get("?page[after]=x"),
            json!([invalid_pagination(
                "page[after]",
                "page[after]: the cursor is not valid here."
            )]),
        ),
        (
            Ask::get("?page[after]=1&page[before]=2"),
            json!([invalid_pagination("page[before]", both)]),
        ),
        (
            Ask::get("?page=2"),
            json!([invalid_pagination(
                "page",
                "page: offset pagination is not supported; use page[size] and page[after]."
            )]),
        ),
        (
            Ask::get("?per_page=2"),
            json!([unknown_parameter("per_page", "`per_page` is not known.")]),
        ),
        (
            Ask::update().body("["),
            json!([body(
                "The request body is not JSON: EOF while parsing a list at line 1 column 1."
            )]),
        ),
        (
            Ask::get("/10002"),
            json!([not_found("There is no agent 10002.")]),
        ),
        (
            Ask::get("/99999999999999999999"),
            json!([not_found("There is no agent 99999999999999999999.")]),
        ),
        (
            Ask::get("/10011/channels/fax/relationships/work_items"),
            json!([not_found(
                "There is no such channel. The channels are chat, messaging, support, talk."
            )]),
        ),
        (
            Ask::get("/10011/channels/talk/relationships/work_items"),
            json!([not_found("Agent 10011 has no channel talk.")]),
        ),
        (
            Ask::get("/agent_statuses/job_statuses/01KFGZ6T9QW3V8X2M5N7P4R1C0"),
            json!([not_found(
                "There is no such job. The newest 10,000 finished jobs are kept for one day."
            )]),
        ),
        (
            Ask::get("/me").token("owner@example.com", "demo-api-token"),
            json!([not_found("There is no agent 10002.")]),
        ),
        (
            Ask::update().json(&json!({})),
            json!([record_invalid("", no_id)]),
        ),
        (set(&json!("4")), json!([record_invalid("/id", no_number)])),
        (
            Ask::update().json(&json!([4])),
            json!([record_invalid(
                "",
                "The request body is not an object such as {\"id\": 4}."
            )]),
        ),
        (
            set(&json!(999)),
            json!([record_invalid("/id", "There is no unified status 999.")]),
        ),
        (
            Ask::put("/agent_statuses/agents/10012").json(&json!({ "id": 124 })),
            json!([record_invalid(
                "/id",
                "Agent 10012 is in none of the groups of unified status 124."
            )]),
        ),
        (
            Ask::update().json(&json!({ "id": 4, "a/b~c": 1 })),
            json!([unknown_field("/a~1b~0c", "`a/b~c` is not known.")]),
        ),
    ]
}

/// Requests that are refused with another body than a list.
fn others() -> Vec<(u16, Ask, Value)> {
    let classic =
        |error: &str, description: &str| json!({ "error": error, "description": description });
    let scope = |name| {
        classic(
            "Forbidden",
            &format!("You are missing the following required scopes: {name}"),
        )
    };
    let role = "You do not have access to this page. Please contact the account owner of this help desk for further help.";
    let endpoint = classic("InvalidEndpoint", "Not found");
    let method = classic("MethodNotAllowed", "Method not allowed");
    let size = classic("PayloadTooLarge", "The request body is larger than 1 MiB");
    let media = classic(
        "UnsupportedMediaType",
        "The content type must be application/json or application/vnd.api+json",
    );
    vec![
        (
            401,
            Ask::get("").anonymous(),
            json!({ "error": "Couldn't authenticate you" }),
        ),
        (
            403,
            Ask::get("").by_agent(),
            json!({ "error": { "title": "Forbidden", "message": role } }),
        ),
        (
            403,
            set(&json!(4)).bearer("demo-oauth-read"),
            scope("write"),
        ),
        (404, Ask::get("/10011/channels"), endpoint.clone()),
        (404, Ask::raw(Method::GET, "/nothing"), endpoint.clone()),
        (404, Ask::raw(Method::GET, &format!("{P}s/10011")), endpoint),
        (405, Ask::new(Method::POST, "/10011"), method),
        (413, Ask::update().body(vec![b' '; 1024 * 1024 + 1]), size),
        (
            415,
            Ask::update().header("content-type", "text/plain"),
            media,
        ),
    ]
}

fn strict(errors: ErrorsForm) -> SettingsPatch {
    SettingsPatch::new()
        .errors(errors)
        .validation(Validation::Strict)
}

/// Assumed for the form of lists: `{"errors": [...]}` with the part of the request that is wrong. A
/// refused request changes nothing.
#[test]
fn problems_are_listed_with_their_sources() {
    let account = Account::demo_with(strict(ErrorsForm::JsonApi));
    let before = account.state();
    for (ask, errors) in lists() {
        let answer = account.send(&ask);
        assert_eq!(answer.json(), json!({ "errors": errors }), "{ask:?}");
        assert_eq!(answer.status.as_str(), errors[0]["status"], "{ask:?}");
    }
    assert_eq!(account.state(), before);
}

/// Observed for 401, 403 and the 404 of a path, assumed for the others: these have other bodies.
#[test]
fn other_errors_have_other_bodies() {
    for form in [ErrorsForm::JsonApi, ErrorsForm::Classic] {
        let account = Account::demo_with(strict(form));
        let before = account.state();
        for (status, ask, body) in others() {
            let answer = account.send(&ask);
            assert_eq!(
                (answer.status.as_u16(), answer.json()),
                (status, body),
                "{ask:?}"
            );
        }
        assert_eq!(account.state(), before);
    }
}

/// Documented that it is refused, assumed in which form: a status update while omnichannel routing
/// is off.
#[test]
fn updates_are_refused_while_routing_is_off() {
    let title = "Omnichannel routing is off";
    let detail = "Unified statuses can only be set while omnichannel routing is on.";
    let list = json!({ "errors": [problem(403, "OmnichannelRoutingDisabled", title, detail, Value::Null)] });
    let classic = json!({ "error": "OmnichannelRoutingDisabled", "description": detail });
    for (form, body) in [(ErrorsForm::JsonApi, list), (ErrorsForm::Classic, classic)] {
        let account = Account::demo_with(strict(form).omnichannel_routing(false));
        let before = account.state();
        for path in ["10011", "10002", "me", "update_many?ids=10011"] {
            let answer = account.put(
                &format!("/agent_statuses/agents/{path}"),
                &json!({ "id": 4 }),
            );
            assert_eq!(
                (answer.status.as_u16(), answer.json()),
                (403, body.clone()),
                "{path}"
            );
        }
        assert_eq!(account.state(), before);
    }
}

/// Assumed: the setting `errors: classic` replaces every list by the code of the first problem and
/// the details of all.
#[test]
fn lists_may_be_turned_into_the_classic_form() {
    let account = Account::demo_with(strict(ErrorsForm::Classic));
    for (ask, errors) in lists() {
        let answer = account.send(&ask);
        let [error, description] = ["code", "detail"].map(|member| errors[0][member].clone());
        assert_eq!(
            answer.json(),
            json!({ "error": error, "description": description }),
            "{ask:?}"
        );
        assert_eq!(answer.status.as_str(), errors[0]["status"], "{ask:?}");
    }
    let several = account
        .get("?page[size]=0&page=2&sort=name&filter[group_id]=x")
        .json();
    let expected = "page: offset pagination is not supported; use page[size] and page[after]. \
                    page[size]: expected a whole number from 1 to 100. \
                    filter[group_id]: `x` is not a number; expected ids with commas between them. `sort` is not known.";
    assert_eq!(
        several,
        json!({ "error": "InvalidPaginationParameter", "description": expected })
    );
}

/// Assumed: `code` is one of a closed set. The set is the contract's, and each of its codes occurs.
#[test]
fn codes_are_a_closed_set() {
    let account = Account::demo_with(strict(ErrorsForm::JsonApi));
    let mut seen: BTreeSet<_> = lists()
        .iter()
        .flat_map(|(ask, _)| account.send(ask).codes())
        .collect();
    let routing_off = Account::demo_with(SettingsPatch::new().omnichannel_routing(false));
    seen.extend(routing_off.send(&set(&json!(4))).codes());
    let code = document()
        .pointer("/components/schemas/ApiError/properties/code/enum")
        .and_then(Value::as_array);
    let known = code
        .expect("the codes")
        .iter()
        .map(|code| code.as_str().expect("a code").to_owned())
        .collect();
    assert_eq!(seen, known);
}

/// Assumed: a method that a path does not have is a 405 that names the methods that it has.
#[test]
fn other_methods_are_told_which_are_allowed() {
    let emulators = ["healthz", "readyz", "openapi.json", "openapi.yaml"]
        .map(|name| format!("/_emulator/{name}"));
    let account = Account::demo();
    let mut paths: Vec<_> = operations()
        .into_iter()
        .map(|operation| (format!("{P}{}", operation.path(&account)), operation.method))
        .collect();
    paths.extend(emulators.map(|path| (path, Method::GET)));
    for (path, method) in paths {
        // Each gets a new account, because together these are more calls than the rate limit
        // admits.
        let account = Account::demo();
        let allowed = if method == Method::GET {
            "GET,HEAD"
        } else {
            "PUT"
        };
        for other in [
            "GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "put",
        ] {
            if allowed.split(',').any(|allowed| allowed == other) {
                continue;
            }
            for anonymous in [false, true] {
                let ask = Ask::raw(other.parse().expect("a method"), &path);
                let ask = if anonymous {
                    ask
                } else {
                    ask.token("admin@example.com", "demo-api-token")
                };
                let answer = account.send(&ask);
                assert_eq!(answer.status, 405, "{other} {path}");
                assert_eq!(answer.header("allow"), Some(allowed), "{other} {path}");
            }
        }
    }
}

/// Assumed: only a 405 has the header.
#[test]
fn only_a_405_says_what_is_allowed() {
    let account = Account::demo();
    for ask in [
        Ask::get(""),
        Ask::head(""),
        Ask::get("/nobody"),
        Ask::get("").anonymous(),
        Ask::get("/no/such/route"),
    ] {
        assert_eq!(account.send(&ask).header("allow"), None, "{ask:?}");
    }
}
