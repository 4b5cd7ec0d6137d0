//! Checks every answer against `openapi/`: `agent-availability.yaml`, and `control.yaml` for paths
//! that are not in it.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use axum::http::{Method, StatusCode};
use jsonschema::Validator;
use serde_json::{Value, json};

use super::{Answer, Ask};

/// The headers that an answer may have. Any other is a leak or needs a line in the contract.
const HEADERS: &[&str] = &[
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-max-age",
    "allow",
    "cache-control",
    "content-length",
    "content-security-policy",
    "content-type",
    "date",
    "etag",
    "location",
    "pragma",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "referrer-policy",
    "retry-after",
    "vary",
    "www-authenticate",
    "x-content-type-options",
    "x-emulator-hint",
    "x-rate-limit",
    "x-rate-limit-remaining",
    "x-request-id",
    "x-zendesk-api-version",
    "x-zendesk-request-id",
];

const STREAM: &str = "text/event-stream";

/// The contract.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
        serde_saphyr::from_str(zendesk_availability_emulator::OPENAPI)
            .expect("the contract is YAML")
    });
    &DOCUMENT
}

/// The contract of the control API.
pub fn control_document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
        serde_saphyr::from_str(zendesk_availability_emulator::CONTROL_OPENAPI)
            .expect("the contract is YAML")
    });
    &DOCUMENT
}

/// Panics unless the contract allows this answer to this request.
pub(super) fn check(ask: &Ask, answer: &Answer) {
    let context = format!(
        "{} {} answered {} with {:?}",
        ask.method, ask.target, answer.status, answer.headers
    );
    let has_fault = answer
        .hint()
        .split("; ")
        .any(|hint| hint.starts_with("fault: "));
    if answer
        .hint()
        .split("; ")
        .any(|hint| hint.starts_with("answer: "))
    {
        return check_answer_of_rule(ask, answer, &context);
    }
    if ask.is_preflight() && answer.status == StatusCode::OK {
        return check_preflight(ask, answer, &context);
    }
    check_headers(ask, answer, has_fault, &context);
    let path = collapsed(&ask.path());
    let path = match path
        .strip_prefix("/_account/")
        .and_then(|rest| rest.split_once('/'))
    {
        Some((_, rest)) if !rest.starts_with("_emulator") => format!("/{rest}"),
        _ => path,
    };
    let path = match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    let path = path
        .strip_suffix(".json")
        .filter(|path| path.starts_with("/api/"))
        .unwrap_or(path);
    let method = if ask.method == Method::HEAD {
        Method::GET
    } else {
        ask.method.clone()
    };
    // The control API has its own form of errors.
    let is_control = is_control(&ask.method, path);
    let of_control = find(control_document(), path).filter(|_| is_control);
    let (contract, item) = match (find(document(), path), of_control) {
        (None, Some(item)) => (control_document(), Some(item)),
        (item, _) => (document(), item),
    };
    let method = method.as_str().to_lowercase();
    let not_found = json!({ "$ref": "#/components/responses/NotFound" });
    let not_allowed = json!({ "$ref": "#/components/responses/MethodNotAllowed" });
    let no_such_path = json!({ "$ref": "#/components/responses/NoSuchPath" });
    // For every path the host is checked first, and then whether the account exists.
    let bad_host = json!({ "$ref": "#/components/responses/BadRequest" });
    let operation = item.and_then(|item| item.get(method));
    let documented =
        operation.and_then(|operation| operation["responses"].get(answer.status.as_str()));
    // A fault can answer anything for any operation. The test of the fault checks what it did to
    // the body.
    let fault = json!({ "$ref": "#/components/responses/Fault" });
    if has_fault && (documented.is_none() || !answer.status.is_success()) {
        check_fault(
            ask,
            answer,
            resolve_in(control_document(), &fault),
            &context,
        );
        return;
    }
    let (contract, response) = match (documented, answer.status) {
        (Some(response), _) => (contract, response),
        (None, StatusCode::BAD_REQUEST) => (document(), &bad_host),
        (None, StatusCode::NOT_FOUND) if is_control => (control_document(), &no_such_path),
        (None, StatusCode::METHOD_NOT_ALLOWED) if is_control && item.is_some() => {
            (control_document(), &not_allowed)
        }
        (None, StatusCode::NOT_FOUND) if contract == document() => (document(), &not_found),
        (None, StatusCode::METHOD_NOT_ALLOWED) if item.is_some() => (document(), &not_allowed),
        _ => panic!("the status is not documented: {context}"),
    };
    if !(has_fault && is_spoiled(answer)) {
        check_body(
            ask,
            answer,
            contract,
            resolve_in(contract, response),
            &context,
        );
    }
}

/// Checks the answer to a preflight against the contract: it has no body, and belongs to no
/// operation.
fn check_preflight(ask: &Ask, answer: &Answer, context: &str) {
    check_ids_and_date(answer, context);
    assert!(
        collapsed(&ask.path()).contains("/api/v2/"),
        "no preflight is answered here: {context}"
    );
    assert_eq!(
        (answer.body.len(), answer.header("content-length")),
        (0, Some("0")),
        "{context}"
    );
    let documented = &document()["components"]["responses"]["Preflight"];
    assert_eq!(documented["content"], json!({}), "{context}");
    let names = documented["headers"]
        .as_object()
        .expect("headers")
        .keys()
        .map(|name| name.to_lowercase());
    let names: Vec<_> = names.collect();
    for name in answer.headers.keys() {
        assert!(
            names.iter().any(|known| known == name.as_str()),
            "the header {name} is not documented: {context}"
        );
    }
}

/// Checks what a rule cannot decide. The test of the rule checks the rest.
fn check_answer_of_rule(ask: &Ask, answer: &Answer, context: &str) {
    check_ids_and_date(answer, context);
    let length = answer
        .header("content-length")
        .and_then(|length| length.parse().ok());
    assert!(
        ask.method == Method::HEAD && answer.body.is_empty() || length == Some(answer.body.len()),
        "{context}"
    );
}

/// Checks an answer against the forms that faults can have.
fn check_fault(ask: &Ask, answer: &Answer, response: &Value, context: &str) {
    let is_none = answer.status == 444 && answer.is_cut_off;
    assert!(
        is_none || answer.status.is_client_error() || answer.status.is_server_error(),
        "{context}"
    );
    if !is_spoiled(answer) {
        check_body(ask, answer, control_document(), response, context);
    }
}

/// Whether there is no complete body to check against a schema.
fn is_spoiled(answer: &Answer) -> bool {
    let is_json = answer
        .header("content-type")
        .is_some_and(|kind| kind.contains("json"));
    answer.body.is_empty()
        || answer.is_cut_off
        || (is_json && serde_json::from_slice::<Value>(&answer.body).is_err())
}

fn check_headers(ask: &Ask, answer: &Answer, has_fault: bool, context: &str) {
    for name in answer.headers.keys() {
        assert!(
            HEADERS.contains(&name.as_str()),
            "the header {name} is not expected: {context}"
        );
    }
    check_ids_and_date(answer, context);
    let allowed_origin = answer.header("access-control-allow-origin");
    if allowed_origin.is_some() {
        let is_readable = [200, 201, 204, 404].contains(&answer.status.as_u16());
        assert!(
            allowed_origin == Some("*") && is_readable && !ask.has_basic(),
            "no page may read this: {context}"
        );
        assert!(
            ask.path().contains("api/v2/"),
            "no page may read this: {context}"
        );
    }
    if answer.status == StatusCode::NO_CONTENT {
        assert!(answer.body.is_empty(), "{context}");
        return;
    }
    if answer.header("content-type") == Some(STREAM) {
        assert!(
            answer.header("content-length").is_none(),
            "the length of a stream is unknown: {context}"
        );
        assert_eq!(
            answer.header("cache-control"),
            Some("no-cache"),
            "{context}"
        );
        return;
    }
    // What a browser keeps is a file of the live page.
    let kept = ask.path().contains("/dashboard/").then_some("no-cache");
    let kept = kept.filter(|_| answer.status.is_success());
    let path = collapsed(&ask.path());
    let is_of_a_grant =
        ask.method == Method::POST && path.trim_end_matches('/').ends_with("/oauth/tokens");
    // What is refused before the grant is read, and what faults answer.
    let is_refused = matches!(answer.status.as_u16(), 404 | 408 | 413 | 444 | 500..);
    let kept = if is_of_a_grant && !is_refused && !path.contains("api/") {
        Some("no-store")
    } else {
        kept
    };
    assert_eq!(answer.header("cache-control"), kept, "{context}");
    assert!(
        has_fault || !answer.is_cut_off,
        "the body is not whole: {context}"
    );
    let length: Option<usize> = answer
        .header("content-length")
        .and_then(|length| length.parse().ok());
    let length = match length {
        // The length of a body that is never sent is unknown.
        None if answer.status == 444 && has_fault => 0,
        length => length.unwrap_or_else(|| panic!("no length: {context}")),
    };
    if has_fault {
        assert!(
            length == answer.body.len() || answer.is_cut_off || ask.method == Method::HEAD,
            "{context}"
        );
        assert!(
            length > answer.body.len() || !answer.is_cut_off || answer.status == 444,
            "{context}"
        );
    } else if ask.method == Method::HEAD {
        assert!(answer.body.is_empty(), "a HEAD has a body: {context}");
        assert!(
            length > 0,
            "a HEAD says that its GET has no body: {context}"
        );
    } else {
        assert_eq!(length, answer.body.len(), "{context}");
        assert!(length > 0, "the body is empty: {context}");
    }
    let is_zendesks = !is_control(&ask.method, &ask.path());
    assert_eq!(
        answer.header("x-zendesk-api-version"),
        is_zendesks.then_some("v2"),
        "{context}"
    );
    let hint = answer.hint();
    assert!(hint.len() <= 512, "the hint is too long: {context}");
    assert!(
        hint.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
        "the hint is not visible ASCII: {context}"
    );
}

fn check_ids_and_date(answer: &Answer, context: &str) {
    let request_id = answer
        .header("x-request-id")
        .unwrap_or_else(|| panic!("no request id: {context}"));
    assert!(
        uuid::Uuid::parse_str(request_id).is_ok(),
        "the request id is not a UUID: {context}"
    );
    assert_eq!(
        Some(request_id),
        answer.header("x-zendesk-request-id"),
        "{context}"
    );
    assert!(
        answer
            .header("date")
            .is_some_and(|date| date.ends_with(" GMT")),
        "no date: {context}"
    );
}

fn check_body(
    ask: &Ask,
    answer: &Answer,
    contract: &'static Value,
    response: &Value,
    context: &str,
) {
    if answer.status == StatusCode::NO_CONTENT {
        let types = &response["content"];
        assert!(types.is_null() || *types == json!({}), "{context}");
        return;
    }
    let content_type = answer
        .header("content-type")
        .unwrap_or_else(|| panic!("no content type: {context}"));
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let schema = &response["content"][essence]["schema"];
    assert!(
        !schema.is_null(),
        "the content type is not documented: {context}"
    );
    if ask.method == Method::HEAD {
        return;
    }
    let body = match essence {
        "text/html" | "text/plain" | "text/css" | "text/javascript" | STREAM => {
            Value::from(answer.text())
        }
        "application/yaml" => serde_saphyr::from_str(answer.text()).expect("YAML"),
        _ => answer.json(),
    };
    if let Err(error) = validator(contract, schema).validate(&body) {
        panic!(
            "{} is wrong: {error}\n{context}\n{body}",
            error.instance_path()
        );
    }
}

/// Whether a path is of the control API: of the paths that begin otherwise, only the root is.
fn is_control(method: &Method, path: &str) -> bool {
    path.starts_with("/_emulator") || path == "/" && matches!(*method, Method::GET | Method::HEAD)
}

/// The path with one slash for each run of slashes. The control API is strict.
fn collapsed(path: &str) -> String {
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let end = if path.ends_with('/') { "/" } else { "" };
    let collapsed = format!("/{}{end}", parts.join("/"));
    if parts.is_empty() || parts.contains(&"_emulator") {
        path.to_owned()
    } else {
        collapsed
    }
}

/// The path item for a path: a literal segment beats a parameter.
fn find(contract: &'static Value, path: &str) -> Option<&'static Value> {
    let paths = contract["paths"].as_object().expect("paths");
    let matching = paths.iter().filter(|(template, _)| matches(template, path));
    matching
        .min_by_key(|(template, _)| template.matches('{').count())
        .map(|(_, item)| item)
}

fn matches(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    let fits = |(expected, segment): (&&str, &&str)| {
        if expected.starts_with('{') {
            !segment.is_empty()
        } else {
            expected == segment
        }
    };
    template.len() == path.len() && template.iter().zip(&path).all(fits)
}

/// A value of the contract, with its reference followed.
pub fn resolve(value: &Value) -> &Value {
    resolve_in(document(), value)
}

fn resolve_in<'a>(contract: &'static Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => {
            let target = reference
                .strip_prefix('#')
                .and_then(|pointer| contract.pointer(pointer));
            target.unwrap_or_else(|| panic!("{reference} leads nowhere"))
        }
        None => value,
    }
}

/// The target of a reference in the contract.
pub fn target(reference: &str) -> Option<&'static Value> {
    document().pointer(reference.strip_prefix('#')?)
}

fn validator(contract: &'static Value, schema: &Value) -> Arc<Validator> {
    static VALIDATORS: LazyLock<Mutex<BTreeMap<String, Arc<Validator>>>> =
        LazyLock::new(Mutex::default);
    let mut validators = VALIDATORS
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let entry = validators.entry(format!("{}: {schema}", contract["info"]["title"]));
    Arc::clone(entry.or_insert_with(|| {
        // References point into the document, so the schema takes the components along.
        let whole = json!({ "components": contract["components"], "allOf": [schema] });
        Arc::new(jsonschema::draft202012::new(&whole).expect("the contract's schemas are valid"))
    }))
}
