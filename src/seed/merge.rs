//! JSON merge patches: RFC 7396.

use serde_json::{Map, Value};

/// Changes a document as a patch says: objects merge, null takes a key away, anything else replaces what was there.
pub(crate) fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            // What follows keeps its place.
            target.shift_remove(key);
        } else {
            merge(target.entry(key.as_str()).or_insert(Value::Null), value);
        }
    }
}

/// What a patch takes away, which the document that it makes does not show: its nulls and the way to them.
pub(crate) fn removals(patch: &Value) -> Option<Value> {
    // A patch that is null as a whole is all that the document then is.
    let Value::Object(members) = patch else { return None };
    let removed = members.iter().filter_map(|(key, value)| {
        let removed = if value.is_null() { Some(Value::Null) } else { removals(value) };
        Some((key.clone(), removed?))
    });
    let removed: Map<_, _> = removed.collect();
    (!removed.is_empty()).then_some(Value::Object(removed))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Documented: the examples of RFC 7396, sections 3 and appendix A.
    #[test]
    fn the_examples_of_the_standard() {
        for (target, patch, expected) in [
            (json!({ "a": "b" }), json!({ "a": "c" }), json!({ "a": "c" })),
            (json!({ "a": "b" }), json!({ "b": "c" }), json!({ "a": "b", "b": "c" })),
            (json!({ "a": "b" }), json!({ "a": null }), json!({})),
            (json!({ "a": "b", "b": "c" }), json!({ "a": null }), json!({ "b": "c" })),
            (json!({ "a": ["b"] }), json!({ "a": "c" }), json!({ "a": "c" })),
            (json!({ "a": "c" }), json!({ "a": ["b"] }), json!({ "a": ["b"] })),
            (json!({ "a": { "b": "c" } }), json!({ "a": { "b": "d", "c": null } }), json!({ "a": { "b": "d" } })),
            (json!({ "a": [{ "b": "c" }] }), json!({ "a": [1] }), json!({ "a": [1] })),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({ "a": "b" }), json!(["c"]), json!(["c"])),
            (json!({ "a": "foo" }), json!(null), json!(null)),
            (json!({ "a": "foo" }), json!("bar"), json!("bar")),
            (json!({ "e": null }), json!({ "a": 1 }), json!({ "e": null, "a": 1 })),
            (json!([1, 2]), json!({ "a": "b", "c": null }), json!({ "a": "b" })),
            (json!({}), json!({ "a": { "bb": { "ccc": null } } }), json!({ "a": { "bb": {} } })),
        ] {
            let mut merged = target.clone();
            merge(&mut merged, &patch);
            assert_eq!(merged, expected, "{target} with {patch}");
        }
    }

    /// Assumed: only what is null is a removal, however deep, and nothing within a list.
    #[test]
    fn removals_are_the_nulls() {
        let patch = json!({ "a": null, "b": 1, "c": { "d": null, "e": [null] }, "f": { "g": 2 } });
        assert_eq!(removals(&patch), Some(json!({ "a": null, "c": { "d": null } })));
        assert_eq!(removals(&json!({ "a": { "b": 1 } })), None);
        assert_eq!(removals(&json!(null)), None);
    }
}
