//! Random rules that are valid answer as they say.

use proptest::collection::{btree_map, btree_set};
use proptest::option::of;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{TICKETS, ask};
use crate::faults::{counted, set};
use crate::harness::Account;
use crate::property::{ANSWERS, check};

const STATUSES: std::ops::RangeInclusive<u16> = 200..=599;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("[a-c\u{e4}\"]{1,2}", inner, 0..4).prop_map(|members| members
                .into_iter()
                .collect::<serde_json::Map<_, _>>()
                .into()),
        ]
    })
}

/// The member of the answer that makes its body, and its value.
fn any_content() -> impl Strategy<Value = Option<(&'static str, Value)>> {
    let object = any_json().prop_filter("an object", Value::is_object);
    prop_oneof![
        Just(None),
        any_json()
            .prop_filter("not null", |json| !json.is_null())
            .prop_map(|json| Some(("body", json))),
        ".{1,20}".prop_map(|text| Some(("text", Value::from(text)))),
        object.prop_map(|patch| Some(("echo", patch))),
    ]
}

/// A patch by the words of RFC 7396, section 2.
fn patched(target: &Value, patch: &Value) -> Value {
    let Some(changes) = patch.as_object() else {
        return patch.clone();
    };
    let mut object = target.as_object().cloned().unwrap_or_default();
    for (key, change) in changes {
        if change.is_null() {
            object.shift_remove(key);
        } else {
            let old = object.get(key).cloned().unwrap_or_default();
            object.insert(key.clone(), patched(&old, change));
        }
    }
    object.into()
}

/// By design: an answer has the status, headers and body of its rule, whatever they are.
#[test]
fn a_valid_rule_answers_as_it_says() {
    let server = Account::demo();
    let headers = btree_map("x-[a-d]{1,2}", "[!-~]([ -~]{0,6}[!-~])?", 0..4);
    let without = btree_set("x-[a-d]{1,2}", 0..3);
    let method = prop::sample::select(vec!["GET", "POST", "PUT", "DELETE"]);
    let request = any_json().prop_filter("an object", Value::is_object);
    let parts = (
        STATUSES,
        of(any_content()),
        headers,
        without,
        method,
        request,
        any::<bool>(),
    );
    check(ANSWERS, &parts, |parts| {
        let (status, content, headers, without, method, request, authenticate) = parts;
        let content = content
            .flatten()
            .filter(|_| ![204, 205, 304].contains(&status));
        let mut answer =
            json!({ "status": status, "headers": headers, "authenticate": authenticate });
        answer["without_headers"] = json!(without);
        if let Some((name, value)) = &content {
            answer[*name] = value.clone();
        }
        set(
            &server,
            &json!([{ "match": { "method": method, "path": TICKETS }, "answer": answer }]),
        );
        let got = server.send(&ask(method, TICKETS).json(&request));
        assert_eq!(got.status, status);
        for (name, value) in &headers {
            assert_eq!(got.header(name), Some(&**value));
        }
        for name in without.iter().filter(|name| !headers.contains_key(*name)) {
            assert_eq!(got.header(name), None);
        }
        match content {
            None => assert!(got.body.is_empty()),
            Some(("text", text)) => assert_eq!(Some(got.text()), text.as_str()),
            Some(("echo", patch)) => assert_eq!(got.json(), patched(&request, &patch)),
            Some((_, body)) => assert_eq!(got.json(), body),
        }
        assert_eq!(counted(&server), [(1, 1)]);
    });
}
