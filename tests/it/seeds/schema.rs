//! That `openapi/seed.schema.json` and the reader of seeds agree.

use serde_json::{Value, json};

use super::{demo, problems, schema, validator};

/// The verdict on a document.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    /// Accepted by both.
    Valid,
    /// Refused by both.
    Invalid,
    /// Accepted by the schema, and refused by the reader for what JSON Schema cannot express:
    /// uniqueness, references, order, sums.
    Beyond,
}
use Verdict::{Beyond, Invalid, Valid};

/// Documented: the JSON Schema draft that the schema names says what a schema is.
#[test]
fn the_schema_is_one() {
    assert_eq!(
        schema()["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert!(jsonschema::draft202012::meta::is_valid(schema()));
}

/// Assumed: the demo and the schema's examples are seeds, to both.
#[test]
fn the_examples_are_seeds() {
    let examples = schema()["examples"].as_array().expect("examples");
    assert!(!examples.is_empty());
    for document in examples.iter().chain([demo()]) {
        check(document, Valid);
    }
}

/// Assumed: what the guide shows can be copied.
#[test]
fn the_seeds_of_the_guide_are_seeds() {
    let page = include_str!("../../../src/guide/seeds.md");
    let blocks: Vec<_> = page.split("```yaml\n").skip(1).collect();
    assert!(blocks.len() > 1, "{blocks:?}");
    for block in blocks {
        let seed = block.split("```").next().expect("the end of a block");
        assert_eq!(problems(seed), Vec::<String>::new(), "{seed}");
        check(&serde_saphyr::from_str(seed).expect("YAML"), Valid);
    }
}

/// Assumed: the schema says for every key what it is for and, if it is optional, what its default
/// is.
#[test]
fn every_key_is_described() {
    fn walk(pointer: &str, value: &Value, problems: &mut Vec<String>) {
        let required = value["required"].as_array().cloned().unwrap_or_default();
        for (name, property) in value["properties"].as_object().into_iter().flatten() {
            let description = property["description"].as_str().unwrap_or_default();
            let is_channel = ["support", "messaging", "talk", "chat"].contains(&name.as_str());
            let is_optional = !required.contains(&json!(name)) && !is_channel;
            if description.is_empty() || (is_optional && !description.contains("Default: ")) {
                problems.push(format!("{pointer}/{name}: {description:?}"));
            }
        }
        let members = value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value));
        let elements = value
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value));
        for (step, value) in members
            .chain(elements)
            .filter(|(step, _)| step != "examples")
        {
            walk(&format!("{pointer}/{step}"), value, problems);
        }
    }
    let mut problems = Vec::new();
    walk("", schema(), &mut problems);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Assumed: the two agree on every kind of value in a seed.
#[test]
fn the_schema_and_the_reader_agree() {
    for (verdict, document) in documents() {
        check(&document, verdict);
    }
}

fn check(document: &Value, verdict: Verdict) {
    let by_schema = validator()
        .validate(document)
        .err()
        .map(|error| error.to_string());
    let by_reader = problems(&document.to_string());
    let found = match (&by_schema, by_reader.is_empty()) {
        (None, true) => Some(Valid),
        (Some(_), false) => Some(Invalid),
        (None, false) => Some(Beyond),
        (Some(_), true) => None,
    };
    assert_eq!(
        found,
        Some(verdict),
        "{document}\nschema: {by_schema:?}\nreader: {by_reader:?}"
    );
}

/// Documents. Most of them are described by a single value.
fn documents() -> Vec<(Verdict, Value)> {
    let mut documents = vec![
        (Valid, json!({})),
        (Invalid, json!(null)),
        (Invalid, json!([])),
        (Invalid, json!({ "x": 1 })),
        (Invalid, json!({ "$schema": "https://example.com" })),
    ];
    for (wrap, values) in VALUES {
        for (verdict, value) in values.iter().flat_map(|(verdict, values)| {
            let values: Vec<Value> = serde_json::from_str(&format!("[{values}]")).expect("values");
            values.into_iter().map(|value| (*verdict, value))
        }) {
            let document = wrap.replace("VALUE", &value.to_string());
            documents.push((
                verdict,
                serde_json::from_str(&document).unwrap_or_else(|_| panic!("{document}")),
            ));
        }
    }
    documents
}

type Values = &'static [(Verdict, &'static str)];

/// A document with a gap, and values that may or may not fill it.
#[rustfmt::skip]
const VALUES: &[(&str, Values)] = &[
    // Top-level parts.
    (r#"{"settings": VALUE}"#, &[(Valid, "{}, null"), (Invalid, r#"[], 1, "x", true, {"x": 1}"#)]),
    (r#"{"groups": VALUE, "skills": VALUE, "capacity_rules": VALUE, "users": VALUE, "api_tokens": VALUE, "oauth_tokens": VALUE, "agents": VALUE}"#,
        &[(Valid, "[], null"), (Invalid, r#"{}, 1, "x", [null], [1], [[]], [{}]"#)]),
    (r#"{"agent_statuses": VALUE}"#, &[(Valid, r#"{}, null, {"default": null, "custom": []}"#), (Invalid, r#"[], 1, {"x": []}, {"custom": {}}"#)]),
    // Settings.
    (r#"{"settings": {"omnichannel_routing": VALUE}}"#, &[(Valid, "true, false, null"), (Invalid, r#"0, "on", []"#)]),
    (r#"{"settings": {"release": VALUE}}"#, &[(Valid, r#""ga", "eap", null"#), (Invalid, r#""GA", "", 1"#)]),
    (r#"{"settings": {"auth": VALUE}}"#, &[(Valid, r#""strict", "any", null"#), (Invalid, r#""off""#)]),
    (r#"{"settings": {"validation": VALUE}}"#, &[(Valid, r#""strict", "warn", "off", null"#), (Invalid, r#"false, "on""#)]),
    (r#"{"settings": {"errors": VALUE}}"#, &[(Valid, r#""jsonapi", "classic", null"#), (Invalid, r#""json""#)]),
    (r#"{"settings": {"skills": VALUE}}"#, &[(Valid, r#""objects", "ids", "omit", null"#), (Invalid, "[]")]),
    (r#"{"settings": {"statuses_shape": VALUE}}"#, &[(Valid, r#""documented", "flat", null"#), (Invalid, "{}")]),
    (r#"{"settings": {"away_channels": VALUE}}"#, &[(Valid, r#""email_only", "all_away", "all_offline", null"#), (Invalid, r#""offline""#)]),
    (r#"{"settings": {"rate_limit_body": VALUE}}"#, &[(Valid, r#""text", "json", null"#), (Invalid, r#""html""#)]),
    (r#"{"settings": {"page_size_default": VALUE}}"#, &[(Valid, "1, 100, null"), (Beyond, "20.0"), (Invalid, r#"0, 101, -1, 1.5, "20""#)]),
    (r#"{"settings": {"work_items_per_page": VALUE}}"#, &[(Valid, "0, 100, null"), (Invalid, r#"101, -1, "3""#)]),
    (r#"{"settings": {"talk_legacy": VALUE}}"#, &[(Valid, "true, false, null"), (Invalid, r#"0, "on", []"#)]),
    (r#"{"settings": {"talk_wrap_up": VALUE}}"#, &[(Valid, r#""0s", "250ms", null"#), (Invalid, r#"0, "", "1 s""#)]),
    (r#"{"talk_queue": VALUE}"#, &[(Valid, r#"{}, null, {"calls_waiting": 3}"#), (Invalid, r#"[], 1, {"x": 1}, {"calls_waiting": null}, {"calls_waiting": -1}"#)]),
    (r#"{"agents": [{"id": 1, "talk": VALUE}]}"#, &[(Valid, r#"{}, null, {"via": "phone"}, {"via": null}, {"call_status": "wrap_up"}, {"call_status": null},
            {"call_ended_at": "2026-01-21T10:23:25.583732Z"}, {"call_ended_at": null}, {"activity": {}}, {"activity": null}, {"activity": {"calls_accepted": 18446744073709551615}}"#),
        (Invalid, r#"[], 1, {"x": 1}, {"via": "fax"}, {"call_status": "busy"}, {"call_ended_at": 1}, {"activity": []}, {"activity": {"calls": 1}}, {"activity": {"calls_missed": null}},
            {"activity": {"calls_missed": -1}}, {"activity": {"calls_missed": 1.5}}"#)]),
    (r#"{"settings": {"job_delay": VALUE}}"#, &[(Valid, r#""0s", "250ms", "007m", "1h", "18446744073709551615ms", null"#),
        (Beyond, r#""18446744073709551616ms", "99999999999999999h""#), (Invalid, r#"0, "", "1", "ms", "1 s", "-1s", "1.5s", "1d", "1S", "1s\n""#)]),
    (r#"{"settings": {"rate_limit": VALUE}}"#, &[(Valid, r#"{}, null, {"requests": 1}, {"requests": 2305843009, "window": "1s"}, {"requests": null}, {"window": null},
            {"window": "1000ms"}, {"window": "0060s"}, {"remaining": 0}, {"remaining": 200}, {"remaining": null}, {"requests": 300, "remaining": 300},
            {"requests": null, "remaining": null}, {"requests": null, "window": "9000000h"}, "off", "200", "0200", "300/60s", "5/1000ms", "1/1h", 200"#),
        (Beyond, r#""4294967296", "4294967295", "1/9000000h", 4294967295, 5.0, {"requests": 4294967295}, {"window": "9000000h"}, {"requests": 2305843010, "window": "1s"}, {"remaining": 201}, {"requests": 5, "remaining": 6}, {"requests": null, "remaining": 0}"#),
        (Invalid, r#"[], "", "OFF", "+5", "-5", "0", "5/", "/5s", "5/0s", "5/999ms", "5/5", "5 / 5s", "5/5s/5s", 0, -1, 1.5, 4294967296, true, {"requests": 0}, {"requests": -1}, {"requests": "off"}, {"requests": 4294967296}, {"window": 60}, {"window": "0s"},
            {"window": "999ms"}, {"window": "000ms"}, {"remaining": -1}, {"remaining": "1"}, {"remaining": 4294967296}, {"requests": null, "window": "500ms"}, {"x": 1}"#)]),
    (r#"{"settings": {"oauth": VALUE}}"#, &[(Valid, "{}, null"), (Invalid, r#"[], "jwt", {"x": 1}"#)]),
    (r#"{"settings": {"oauth": {"created_status": VALUE}}}"#, &[(Valid, "200, 201, null"), (Beyond, "200.0"), (Invalid, r#"199, 202, "200""#)]),
    (r#"{"settings": {"oauth": {"expires_in": VALUE}}}"#, &[(Valid, r#""honour", "ignore", null"#), (Invalid, r#""honor", 1800, true"#)]),
    (r#"{"settings": {"oauth": {"expires_in_answer": VALUE}}}"#, &[(Valid, r#""always", "when_asked", null"#), (Invalid, r#""never", false"#)]),
    (r#"{"settings": {"oauth": {"token_format": VALUE}}}"#, &[(Valid, r#""jwt", "opaque", null"#), (Invalid, r#""JWT", """#)]),
    (r#"{"settings": {"oauth": {"consent": VALUE}}}"#, &[(Valid, r#""page", "allow", "deny", null"#), (Invalid, r#""ask", true"#)]),
    (r#"{"settings": {"oauth": {"consent_user": VALUE}}}"#, &[(Valid, "0, 18446744073709551615, null"), (Invalid, r#"-1, "1", 1.5"#)]),
    (r#"{"settings": {"api_tokens": VALUE}}"#, &[(Valid, "{}, null"), (Invalid, r#"[], "off", {"x": 1}"#)]),
    (r#"{"settings": {"api_tokens": {"inactivity_days": VALUE}}}"#, &[(Valid, "1, 30, 3650, null"), (Beyond, "30.0"), (Invalid, r#"0, 3651, -1, "30", "off""#)]),
    (r#"{"settings": {"api_tokens": {"end_at": VALUE}}}"#, &[(Valid, r#""2027-04-30T00:00:00Z", null"#), (Invalid, r#""2027-04-30", "off", 0"#)]),
    // Members that every part has.
    (r#"{"groups": [{"id": VALUE, "name": "A"}]}"#, &[(Valid, "0, 1, 18446744073709551615"), (Beyond, "1.0, 1e3"),
        (Invalid, r#"-1, 1.5, 18446744073709551616, 1e30, "1", null, true, [], {}"#)]),
    (r#"{"groups": [{"id": 1, "name": VALUE}]}"#, &[(Valid, r#""A", " ", "\u0000", "ä""#), (Invalid, r#""", 1, null, true, [], {}"#)]),
    (r#"{"groups": [VALUE]}"#, &[(Invalid, r#"{"id": 1}, {"name": "A"}, {"id": 1, "name": "A", "x": null}"#)]),
    (r#"{"groups": [{"id": 1, "name": "A"}, VALUE]}"#, &[(Valid, r#"{"id": 2, "name": "A"}"#), (Beyond, r#"{"id": 1, "name": "B"}"#)]),
    (r#"{"skills": [{"id": VALUE, "name": "A"}]}"#, &[(Valid, r#""a", "1""#), (Invalid, r#"1, "", null"#)]),
    // Capacity rules.
    (r#"{"capacity_rules": [VALUE]}"#,
        &[(Valid, r#"{"id": "01DXF6DT000000000000000000", "name": "A", "default": true, "capacities": {"email": 1, "messaging": 2, "voice": 0}}, {"id": "abcdefghijklmnopqrstuvwxyZ", "name": "A", "description": "x", "default": true, "capacities": {"email": 0, "messaging": 0, "voice": 4294967295}, "agent_ids": [],
            "created_at": "2022-01-01T00:00:00.000Z", "last_updated_at": null}"#),
        (Invalid, r#"{"id": "01DXF6DT000000000000000001", "name": "B", "capacities": {"email": 1, "messaging": 2, "voice": 0}, "agent_ids": [1]}, {"id": "01DXF6DT000000000000000000", "name": "A", "default": true}, {"id": "short", "name": "A", "default": true, "capacities": {"email": 1, "messaging": 2, "voice": 0}},
            {"id": "01DXF6DT00000000000000000-", "name": "A", "default": true, "capacities": {"email": 1, "messaging": 2, "voice": 0}},
            {"id": "01DXF6DT000000000000000000", "name": "A", "default": true, "capacities": {"email": 1, "messaging": 2}},
            {"id": "01DXF6DT000000000000000000", "name": "A", "default": true, "capacities": {"email": 1, "messaging": 2, "voice": 4294967296}},
            {"id": "01DXF6DT000000000000000000", "name": "A", "default": true, "capacities": {"email": 1, "messaging": 2, "voice": 0, "chat": 1}},
            {"id": "01DXF6DT000000000000000000", "name": "A", "default": true, "capacities": {"email": 1, "messaging": 2, "voice": 0}, "agent_ids": [1]}"#)]),
    (r#"{"capacity_rules": [{"id": "01DXF6DT000000000000000000", "name": "A", "default": true, "capacities": {"email": 1, "messaging": 2, "voice": 0}}, VALUE]}"#,
        &[(Valid, r#"{"id": "01DXF6DT000000000000000001", "name": "B", "capacities": {"email": 1, "messaging": 2, "voice": 0}, "agent_ids": [1]}"#), (Beyond, r#"{"id": "01DXF6DT000000000000000000", "name": "B", "capacities": {"email": 1, "messaging": 2, "voice": 0}}"#),
        (Invalid, r#"{"id": "01DXF6DT000000000000000000", "name": "A", "default": true, "capacities": {"email": 1, "messaging": 2, "voice": 0}}, {"id": "01DXF6DT000000000000000001", "name": "B", "capacities": {"email": 1, "messaging": 2, "voice": 0}, "agent_ids": [1, 1]}"#)]),
    (r#"{"capacity_rules": [{"id": "01DXF6DT000000000000000000", "name": "A", "default": true, "capacities": {"email": 1, "messaging": 2, "voice": 0}}, {"id": "01DXF6DT000000000000000001", "name": "B", "capacities": {"email": 1, "messaging": 2, "voice": 0}, "agent_ids": [1]}, {"id": "01DXF6DT000000000000000002", "name": "B", "capacities": {"email": 1, "messaging": 2, "voice": 0}, "agent_ids": VALUE}]}"#,
        &[(Valid, "[], null, [2, 3]"), (Beyond, "[1]"), (Invalid, r#"["2"], 2"#)]),
    // Users and credentials.
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": VALUE}]}"#,
        &[(Valid, r#""a@b", "@", "a@b@c", "ä @\n""#), (Invalid, r#""", "a", "a:b@c", "a/token@b", "a@b:c", "a@b/c", 1, null"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": VALUE, "email": "a@b"}]}"#,
        &[(Valid, r#""admin", "agent", "light_agent", "end_user""#), (Invalid, r#""Admin", "", 1, null"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b", "password": VALUE}]}"#, &[(Valid, r#""x", ":/", null"#), (Invalid, r#""", 1"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}, VALUE]}"#,
        &[(Beyond, r#"{"id": 2, "name": "A", "role": "admin", "email": "A@B"}"#), (Invalid, r#"{"id": 2, "role": "admin", "email": "c@b"}"#)]),
    (r#"{"api_tokens": [{"token": VALUE}]}"#, &[(Valid, r#""a", "!~", "a/b:c""#), (Invalid, r#""", "a b", "ä", "a\n", "\u007f", 1, null"#)]),
    (r#"{"api_tokens": [{"token": "a", "description": VALUE}]}"#, &[(Valid, r#""x", null"#), (Invalid, r#""", 1, {}"#)]),
    (r#"{"api_tokens": [{"token": "a"}, {"token": VALUE}]}"#, &[(Valid, r#""b""#), (Beyond, r#""a""#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_tokens": [{"token": "a", "user_id": 1, "scopes": VALUE}]}"#,
        &[(Valid, r#"[], ["read"], ["write", "read"], ["read", "read"], ["tickets:read", "Read", "☃", "\u0000"], null"#),
        (Invalid, r#"[""], ["a b"], ["a "], ["\n"], ["a\u00a0b"], ["\u2028"], [1], [null], "read", {}"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_tokens": [{"token": "a", "user_id": 1, "expires_at": VALUE}]}"#,
        &[(Valid, r#""2026-01-21T10:30:00Z", "2026-01-21T10:30:00.123456789+02:00", null"#), (Invalid, r#"1, "", "tomorrow", "2026-01-21""#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_tokens": [{"token": "a", "user_id": VALUE}]}"#,
        &[(Valid, "1"), (Beyond, "2"), (Invalid, r#""1", null"#)]),
    (r#"{"api_tokens": [{"token": "a", "active": VALUE}]}"#, &[(Valid, "true, false, null"), (Invalid, r#"0, "true""#)]),
    (r#"{"api_tokens": [{"token": "a", "created_at": VALUE}]}"#, &[(Valid, r#""2026-01-21T10:30:00Z", "2026-01-21T10:30:00.123456789+02:00", null"#), (Invalid, r#"1, "", "tomorrow", "2026-01-21""#)]),
    (r#"{"api_tokens": [{"token": "a", "activated_at": VALUE}]}"#, &[(Valid, r#""2026-01-21T10:30:00Z", "2026-01-21T10:30:00.123456789+02:00", null"#), (Invalid, r#"1, "", "tomorrow", "2026-01-21""#)]),
    (r#"{"api_tokens": [{"token": "a", "last_used_at": VALUE}]}"#, &[(Valid, r#""2026-01-21T10:30:00Z", "2026-01-21T10:30:00.123456789+02:00", null"#), (Invalid, r#"1, "", "tomorrow", "2026-01-21""#)]),
    // OAuth clients.
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": VALUE}"#, &[(Valid, "[], null"), (Invalid, r#"{}, 1, "x", [null], [1], [[]], [{}]"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [VALUE]}"#,
        &[(Valid, r#"{"id": 1, "identifier": "c", "secret": "s", "user_id": 1}, {"id": 1, "identifier": "c", "secret": "s", "kind": "confidential", "user_id": 1}, {"id": 1, "identifier": "c", "kind": "public", "user_id": 1},
            {"id": 1, "identifier": "c", "kind": "unknown", "user_id": 1}, {"id": 1, "identifier": "c", "kind": "public", "secret": "s", "user_id": 1}"#),
        (Beyond, r#"{"id": 1, "identifier": "c", "kind": "public", "user_id": 2}"#),
        (Invalid, r#"{"id": 1, "identifier": "c", "user_id": 1}, {"id": 1, "identifier": "c", "kind": "confidential", "user_id": 1}, {"id": 1, "identifier": "c", "kind": null, "secret": null, "user_id": 1},
            {"identifier": "c", "kind": "public", "user_id": 1}, {"id": 1, "kind": "public", "user_id": 1}, {"id": 1, "identifier": "c", "kind": "public"}, {"id": 1, "identifier": "c", "kind": "Public", "user_id": 1},
            {"id": 1, "identifier": "", "kind": "public", "user_id": 1}, {"id": "c", "identifier": "c", "kind": "public", "user_id": 1}, {"id": 1, "identifier": "c", "kind": "public", "user_id": 1, "x": null}"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1}, VALUE]}"#,
        &[(Valid, r#"{"id": 2, "identifier": "d", "kind": "public", "user_id": 1}, {"id": 2, "identifier": "C", "kind": "public", "user_id": 1}"#),
        (Beyond, r#"{"id": 1, "identifier": "d", "kind": "public", "user_id": 1}, {"id": 2, "identifier": "c", "kind": "public", "user_id": 1}"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1, "redirect_uri": VALUE}]}"#,
        &[(Valid, r#"[], null, ["https://a", "https://a.example:8443/b?c=d", "http://localhost", "http://localhost:3000/callback", "http://127.0.0.1/callback", "http://[::1]:80/x", "http://localhost?x"]"#),
        (Invalid, r#""https://a", [1], [""], ["a"], ["http://a.example/"], ["http://localhost.example/"], ["https://"], ["https:///a"], ["ftp://localhost/"], ["https://a/#b"], ["https://a b"], ["http://10.0.0.1/"], ["urn:ietf:wg:oauth:2.0:oob"]"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1, "allowed_scopes": VALUE}]}"#, &[(Valid, r#"[], ["read"], ["tickets:read", "read"], ["read", "read"], null"#), (Invalid, r#""read", [""], ["read write"], [1]"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1, "global": VALUE}]}"#, &[(Valid, "true, false, null"), (Invalid, r#"0, "true""#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1, "name": VALUE}]}"#, &[(Valid, r#""x", null"#), (Invalid, r#""", 1, []"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1, "secret": VALUE}]}"#, &[(Valid, r#""x", null"#), (Invalid, r#""", 1, []"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1, "company": VALUE}]}"#, &[(Valid, r#""x", null"#), (Invalid, r#""", 1, []"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1, "description": VALUE}]}"#, &[(Valid, r#""x", null"#), (Invalid, r#""", 1, []"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1, "logo_url": VALUE}]}"#, &[(Valid, r#""x", null"#), (Invalid, r#""", 1, []"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1, "created_at": VALUE}]}"#, &[(Valid, r#""2026-01-21T10:30:00Z", "2026-01-21T10:30:00.123456789+02:00", null"#), (Invalid, r#"1, "", "tomorrow", "2026-01-21""#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1, "updated_at": VALUE}]}"#, &[(Valid, r#""2026-01-21T10:30:00Z", "2026-01-21T10:30:00.123456789+02:00", null"#), (Invalid, r#"1, "", "tomorrow", "2026-01-21""#)]),
    // OAuth tokens with a client and a refresh token.
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1}], "oauth_tokens": [{"token": "a", "user_id": 1, "client_id": VALUE}]}"#, &[(Valid, "1, null"), (Beyond, "2"), (Invalid, r#""1", "c", -1"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1}], "oauth_tokens": [{"token": "a", "user_id": 1, "refresh_token": VALUE}]}"#, &[(Valid, r#""b", "!~", null"#), (Beyond, r#""a""#), (Invalid, r#""", "a b", 1"#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1}], "oauth_tokens": [{"token": "a", "user_id": 1, "created_at": VALUE}]}"#, &[(Valid, r#""2026-01-21T10:30:00Z", "2026-01-21T10:30:00.123456789+02:00", null"#), (Invalid, r#"1, "", "tomorrow", "2026-01-21""#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1}], "oauth_tokens": [{"token": "a", "user_id": 1, "used_at": VALUE}]}"#, &[(Valid, r#""2026-01-21T10:30:00Z", "2026-01-21T10:30:00.123456789+02:00", null"#), (Invalid, r#"1, "", "tomorrow", "2026-01-21""#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1}], "oauth_tokens": [{"token": "a", "user_id": 1, "expires_in": VALUE}]}"#, &[(Valid, r#""0s", "30m", "2592000s", null"#), (Beyond, r#""18446744073709551616ms""#), (Invalid, r#"1800, "", "30d""#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1}], "oauth_tokens": [{"token": "a", "user_id": 1, "refresh_token": "b", "refresh_token_expires_in": VALUE}]}"#, &[(Valid, r#""0s", "30m", "2592000s", null"#), (Beyond, r#""18446744073709551616ms""#), (Invalid, r#"1800, "", "30d""#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1}], "oauth_tokens": [{"token": "a", "user_id": 1, "refresh_token": "b", "refresh_token_expires_at": VALUE}]}"#, &[(Valid, r#""2026-01-21T10:30:00Z", "2026-01-21T10:30:00.123456789+02:00", null"#), (Invalid, r#"1, "", "tomorrow", "2026-01-21""#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1}], "oauth_tokens": [{"token": "a", "user_id": 1, "expires_at": "2030-01-01T00:00:00Z", "expires_in": VALUE}]}"#, &[(Valid, "null"), (Beyond, r#""30m""#)]),
    (r#"{"users": [{"id": 1, "name": "A", "role": "admin", "email": "a@b"}], "oauth_clients": [{"id": 1, "identifier": "c", "kind": "public", "user_id": 1}], "oauth_tokens": [{"token": "a", "user_id": 1, "refresh_token_expires_in": VALUE}]}"#, &[(Valid, "null"), (Beyond, r#""30m""#)]),
    // Unified statuses.
    (r#"{"agent_statuses": {"default": VALUE}}"#,
        &[(Valid, r#"[], [{"id": 3, "name": "online"}], [{"id": 1, "name": "online", "description": "x"}], [{"id": 1, "name": "online", "description": null}],
            [{"id": 3, "name": "offline"}, {"id": 2, "name": "online"}]"#),
        (Beyond, r#"[{"id": 3, "name": "offline"}], [{"id": 9, "name": "online"}, {"id": 8, "name": "online"}]"#),
        (Invalid, r#"[{"id": 1, "name": "busy"}], [{"id": 1}], [{"name": "online"}], [{"id": 1, "name": "online", "channels": {}}], [{"id": 1, "name": "online", "description": ""}],
            [{"id": 1, "name": "online"}, {"id": 6, "name": "away"}, {"id": 7, "name": "offline"}, {"id": 8, "name": "transfers_only"}, {"id": 9, "name": "online"}]"#)]),
    (r#"{"groups": [{"id": 1, "name": "A"}], "agent_statuses": {"custom": [VALUE]}}"#,
        &[(Valid, r#"{"id": 9, "name": "A"}, {"id": 9, "name": "Away"}, {"id": 9, "name": "A", "description": null, "group_ids": null, "channels": null, "updated_at": null},
            {"id": 9, "name": "A", "description": "x", "group_ids": [1], "channels": {"chat": "online", "talk": "away", "support": "offline", "messaging": "transfers_only"}}"#),
        (Beyond, r#"{"id": 3, "name": "A"}, {"id": 9, "name": "A", "group_ids": [2]}"#),
        (Invalid, r#"{"id": 9}, {"name": "A"}, {"id": 9, "name": ""}, {"id": 9, "name": "away"}, {"id": 9, "name": "A", "description": ""}, {"id": 9, "name": "A", "group_ids": [1, 1]},
            {"id": 9, "name": "A", "group_ids": 1}, {"id": 9, "name": "A", "channels": []}, {"id": 9, "name": "A", "channels": {"fax": "online"}},
            {"id": 9, "name": "A", "channels": {"talk": "busy"}}, {"id": 9, "name": "A", "channels": {"talk": null}}"#)]),
    // Agents.
    (r#"{"users": [{"id": 1, "name": "A", "role": "end_user", "email": "a@b"}], "agents": [{"id": VALUE}]}"#, &[(Valid, "2, 0"), (Beyond, "1"), (Invalid, "null, -2")]),
    (r#"{"agents": [{"id": 1}, {"id": VALUE}]}"#, &[(Valid, "2"), (Beyond, "1")]),
    (r#"{"agents": [{"id": 1, "version": VALUE}]}"#, &[(Valid, "1, 18446744073709551615, null"), (Invalid, r#"0, -1, "1""#)]),
    (r#"{"groups": [{"id": 1, "name": "A"}], "agents": [{"id": 1, "group_ids": VALUE}]}"#,
        &[(Valid, "[], [1], null"), (Beyond, "[2]"), (Invalid, r#"[1, 1], ["1"], [null], {}, 1"#)]),
    (r#"{"skills": [{"id": "a", "name": "A"}], "agents": [{"id": 1, "skill_ids": VALUE}]}"#,
        &[(Valid, r#"[], ["a"], null"#), (Beyond, r#"["b"]"#), (Invalid, r#"["a", "a"], [1], [""], "a""#)]),
    (r#"{"agents": [{"id": 1, "agent_status": VALUE}]}"#,
        &[(Valid, r#"null, {"id": 3}, {"id": 3, "reason": "PUBLIC_API"}, {"id": 3, "reason": null, "updated_at": null}"#), (Beyond, r#"{"id": 9}"#),
        (Invalid, r#"{}, 3, "online", {"id": "online"}, {"id": null}, {"id": 3, "reason": "public_api"}, {"id": 3, "reason": "ASSIGNED"}, {"id": 3, "name": "online"}"#)]),
    (r#"{"agents": [{"id": 1, "channels": VALUE}]}"#,
        &[(Valid, r#"{}, null, {"chat": {}, "talk": {}, "support": {}, "messaging": {}}"#), (Invalid, r#"[], ["talk"], {"fax": {}}, {"talk": null}, {"talk": "online"}, {"talk": []}"#)]),
    (r#"{"agents": [{"id": 1, "channels": {"talk": VALUE}}]}"#,
        &[(Valid, r#"{"status": "away"}, {"status": null, "max_capacity": null, "updated_at": null, "work_items": null}, {"max_capacity": 0}, {"max_capacity": 4294967295}, {"work_items": []}"#),
        (Invalid, r#"{"status": "busy"}, {"max_capacity": -1}, {"max_capacity": 4294967296}, {"max_capacity": "5"}, {"work_items": {}}, {"work_items": [1]}, {"x": 1}"#)]),
    (r#"{"agents": [{"id": 1, "channels": {"talk": {"work_items": VALUE}}}]}"#,
        &[(Valid, r#"[{"id": 1}], [{"id": 1, "added_at": null, "reason": null}], [{"id": 2}, {"id": 1}], [{"id": 1, "added_at": "2026-01-21T10:00:00Z"}, {"id": 2, "added_at": "2026-01-21T10:00:00Z"}]"#),
        (Beyond, r#"[{"id": 1}, {"id": 1}], [{"id": 1, "added_at": "2026-01-21T10:00:01Z"}, {"id": 2, "added_at": "2026-01-21T10:00:00Z"}]"#),
        (Invalid, r#"[{}], [{"id": null}], [{"id": 1, "reason": "PUBLIC_API"}], [{"id": 1, "x": 1}]"#)]),
    // Times.
    (r#"{"agents": [{"id": 1, "agent_status": {"id": 3, "updated_at": VALUE}}]}"#,
        &[(Valid, r#""1970-01-01T00:00:00Z", "2026-01-21T10:00:00.583732Z", "2026-01-21t10:00:00z", "2026-01-21T10:00:00.1+02:00", "2026-01-21T10:00:00.123456789-23:59", "2024-02-29T23:59:60Z""#),
        (Beyond, r#""2026-02-30T10:00:00Z", "2025-02-29T10:00:00Z", "1970-01-01T00:30:00+02:00", "9999-12-31T23:59:59-12:00""#),
        (Invalid, r#"0, "", "2026-01-21", "2026-01-21 10:00:00Z", "2026-01-21T10:00Z", "2026-01-21T10:00:00", "2026-01-21T10:00:00+02", "2026-01-21T10:00:00+0200", "2026-01-21T10:00:00+24:00",
            "2026-01-21T10:00:00+02:60", "2026-01-21T10:00:00+02:00[Europe/Berlin]", "2026-01-21T10:00:00,5Z", "2026-01-21T10:00:00.Z", "2026-01-21T10:00:00.1234567890Z", "2026-13-01T10:00:00Z",
            "2026-01-21T24:00:00Z", "2026-01-21T10:60:00Z", "2026-01-21T10:00:61Z", "20260121T100000Z", "+002026-01-21T10:00:00Z", "1969-12-31T23:59:59Z", "1969-12-31T23:30:00-02:00", " 2026-01-21T10:00:00Z",
            "2026-01-21T10:00:00Z\n""#)]),
];
