//! The bodies of updates. Where the contract says nothing, they are read as those of updates of a
//! unified status: *assumed*.

use serde_json::{Value, json};

use super::{account, availability, history, put, set, shown, update};

/// Observed: programs send `available` too. Assumed: hints name what is ignored.
#[test]
fn unknown_members_are_ignored_with_a_hint() {
    let account = account();
    let answer = put(
        &account,
        &json!({ "via": "phone", "vya": "client", "available": true }),
    );
    assert_eq!(
        answer.at("/availability"),
        availability("online", None, "phone")
    );
    assert_eq!(
        answer.hint(),
        "ignored the unknown field `vya`, did you mean `via`?; ignored the unknown field \
         `available`; `available` is of the older API, which the setting talk_legacy adds"
    );
    set(&account, &json!({ "validation": "off" }));
    let silent = put(&account, &json!({ "available": true }));
    assert_eq!((silent.status.as_u16(), silent.hint()), (200, ""));
    set(&account, &json!({ "validation": "strict" }));
    let refused = put(&account, &json!({ "via": "client", "vya": "client" }));
    assert_eq!(refused.refusal(), "422 UnknownField");
    assert_eq!(shown(&account, 11)["via"], "phone");
}

/// Assumed: a program may send back what it has read.
#[test]
fn a_call_status_is_ignored_with_a_hint() {
    let account = account();
    let mut read = shown(&account, 11);
    read["call_status"] = json!("on_call");
    let answer = put(&account, &read);
    assert_eq!(
        answer.at("/availability"),
        availability("online", None, "client")
    );
    let hint = "`call_status` follows the calls of the agent, so it was ignored";
    assert_eq!(answer.hint(), hint);
    assert_eq!(history(&account), (1, Vec::new()));
}

/// Assumed: as for other updates; the form is the classic one.
#[test]
fn what_cannot_be_used_is_refused() {
    let account = account();
    let before = account.state();
    let state = "`agent_state` is not one of online, away, transfers_only, offline.";
    let object =
        "The request body is not an object such as {\"availability\": {\"via\": \"phone\"}}.";
    for (body, expected) in [
        (json!({ "availability": { "agent_state": "busy" } }), state),
        (json!({ "availability": { "agent_state": null } }), state),
        (
            json!({ "availability": { "via": 1 } }),
            "`via` is not one of client, phone.",
        ),
        (
            json!({ "availability": [] }),
            "`availability` is not an object.",
        ),
        (json!({ "agent_state": "online" }), object),
        (json!([]), object),
        (Value::Null, object),
    ] {
        let answer = account.send(&update(&Value::Null).json(&body));
        let refusal = json!({ "error": "RecordInvalid", "description": expected });
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (422, refusal),
            "{body}"
        );
    }
    let two = put(&account, &json!({ "via": 1, "agent_state": 2 }));
    let description = format!("`via` is not one of client, phone. {state}");
    assert_eq!(two.at("/description"), description);
    let broken = account.send(&update(&Value::Null).body("{"));
    assert_eq!(broken.refusal(), "400 InvalidRequestBody");
    let text = update(&json!({})).header("content-type", "text/plain");
    assert_eq!(account.send(&text).status, 415);
    assert_eq!(account.state(), before);
    assert_eq!(put(&account, &json!({})).status, 200);
}
