//! JSON merge patches: RFC 7396.

use super::json::{Document, RawJson};

/// How deep objects are merged. No document is as deep, so what is below is left as it is and is
/// refused later.
const DEEPEST: usize = 16;

/// Applies a patch to a document: objects are merged, null removes a key, any other value replaces
/// the old one.
pub(crate) fn merge(target: RawJson<'_>, patch: RawJson<'_>) -> Document<'static> {
    let mut text = String::new();
    write(Some(target), patch, DEEPEST, &mut text);
    Document::new(text)
}

fn write(target: Option<RawJson<'_>>, patch: RawJson<'_>, depth: usize, text: &mut String) {
    let changes = patch.members().filter(|_| depth > 0);
    let Some(changes) = changes else {
        return text.push_str(patch.0);
    };
    // The emulator's own documents have few.
    let held: Vec<_> = target
        .and_then(RawJson::members)
        .into_iter()
        .flatten()
        .collect();
    let mut object = Writer::begin(text);
    for (key, value) in &held {
        match key.text().and_then(|key| patch.get(&key)) {
            // The order of the rest stays.
            Some(change) if change.is_null() => {}
            Some(change) => {
                object.member(*key, |text| write(Some(*value), change, depth - 1, text));
            }
            None => object.member(*key, |text| text.push_str(value.0)),
        }
    }
    for (key, change) in changes.filter(|(_, change)| !change.is_null()) {
        if !held.iter().any(|(other, _)| other.text() == key.text()) {
            object.member(key, |text| write(None, change, depth - 1, text));
        }
    }
    object.end();
}

/// The removals of a patch: its nulls and the objects around them. The patched document does not
/// show them.
pub(crate) fn removals(patch: RawJson<'_>) -> Option<Document<'static>> {
    let mut text = String::new();
    write_removals(patch, DEEPEST, &mut text).then(|| Document::new(text))
}

/// Writes the removals, and returns whether there are any.
fn write_removals(patch: RawJson<'_>, depth: usize, text: &mut String) -> bool {
    // If the whole patch is null, the document is null.
    let Some(members) = patch.members().filter(|_| depth > 0) else {
        return false;
    };
    let mut object = Writer::begin(text);
    for (key, value) in members {
        if value.is_null() {
            object.member(key, |text| text.push_str("null"));
        } else {
            let start = object.text.len();
            let mut is_any = false;
            object.member(key, |text| is_any = write_removals(value, depth - 1, text));
            if !is_any {
                object.text.truncate(start);
            }
        }
    }
    let is_any = !object.is_empty();
    object.end();
    is_any
}

/// Writes an object.
struct Writer<'a> {
    text: &'a mut String,
    start: usize,
}

impl<'a> Writer<'a> {
    fn begin(text: &'a mut String) -> Self {
        text.push('{');
        let start = text.len();
        Self { text, start }
    }

    fn is_empty(&self) -> bool {
        self.text.len() == self.start
    }

    fn member(&mut self, key: RawJson<'_>, write: impl FnOnce(&mut String)) {
        if !self.is_empty() {
            self.text.push(',');
        }
        self.text.push_str(key.0);
        self.text.push(':');
        write(self.text);
    }

    fn end(self) {
        self.text.push('}');
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn tree(document: &Document<'_>) -> Value {
        serde_json::from_str(document.value().0).unwrap_or_default()
    }

    /// Documented: the examples of RFC 7396, sections 3 and appendix A.
    #[test]
    fn the_examples_of_the_standard() {
        for (target, patch, expected) in [
            (
                json!({ "a": "b" }),
                json!({ "a": "c" }),
                json!({ "a": "c" }),
            ),
            (
                json!({ "a": "b" }),
                json!({ "b": "c" }),
                json!({ "a": "b", "b": "c" }),
            ),
            (json!({ "a": "b" }), json!({ "a": null }), json!({})),
            (
                json!({ "a": "b", "b": "c" }),
                json!({ "a": null }),
                json!({ "b": "c" }),
            ),
            (
                json!({ "a": ["b"] }),
                json!({ "a": "c" }),
                json!({ "a": "c" }),
            ),
            (
                json!({ "a": "c" }),
                json!({ "a": ["b"] }),
                json!({ "a": ["b"] }),
            ),
            (
                json!({ "a": { "b": "c" } }),
                json!({ "a": { "b": "d", "c": null } }),
                json!({ "a": { "b": "d" } }),
            ),
            (
                json!({ "a": [{ "b": "c" }] }),
                json!({ "a": [1] }),
                json!({ "a": [1] }),
            ),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({ "a": "b" }), json!(["c"]), json!(["c"])),
            (json!({ "a": "foo" }), json!(null), json!(null)),
            (json!({ "a": "foo" }), json!("bar"), json!("bar")),
            (
                json!({ "e": null }),
                json!({ "a": 1 }),
                json!({ "e": null, "a": 1 }),
            ),
            (
                json!([1, 2]),
                json!({ "a": "b", "c": null }),
                json!({ "a": "b" }),
            ),
            (
                json!({}),
                json!({ "a": { "bb": { "ccc": null } } }),
                json!({ "a": { "bb": {} } }),
            ),
        ] {
            let (document, change) = (Document::from(&target), Document::from(&patch));
            let merged = tree(&merge(document.value(), change.value()));
            assert_eq!(merged, expected, "{target} with {patch}");
        }
    }

    /// Assumed: only nulls are removals, at any depth, but not within lists.
    #[test]
    fn removals_are_the_nulls() {
        let patch = json!({ "a": null, "b": 1, "c": { "d": null, "e": [null] }, "f": { "g": 2 } });
        let removed = |patch: Value| removals(Document::from(&patch).value()).as_ref().map(tree);
        assert_eq!(
            removed(patch),
            Some(json!({ "a": null, "c": { "d": null } }))
        );
        assert_eq!(removed(json!({ "a": { "b": 1 } })), None);
        assert_eq!(removed(json!(null)), None);
    }
}
