//! JSON merge patches: RFC 7396.

use std::borrow::Cow;
use std::collections::HashMap;

use super::json::{Document, RawJson};

/// How deep objects are merged. No JSON that is read is deeper.
const DEEPEST: usize = 128;

/// What a null in a patch does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nulls {
    /// It removes the key.
    Remove,
    /// It is a value like any other.
    Write,
}

/// Applies a patch to a document: objects are merged, null removes a key, any other value replaces
/// the old one.
pub(crate) fn merge(target: RawJson<'_>, patch: RawJson<'_>) -> Document<'static> {
    let mut text = String::new();
    write(Some(target), patch, Nulls::Remove, DEEPEST, &mut text);
    Document::new(text)
}

/// The same for changes in which null is a value like any other.
pub(crate) fn overlay(target: RawJson<'_>, changes: RawJson<'_>) -> Document<'static> {
    let mut text = String::new();
    write(Some(target), changes, Nulls::Write, DEEPEST, &mut text);
    Document::new(text)
}

fn write(
    target: Option<RawJson<'_>>,
    patch: RawJson<'_>,
    nulls: Nulls,
    depth: usize,
    text: &mut String,
) {
    let changes = patch.members().filter(|_| depth > 0);
    let Some(changes) = changes else {
        return text.push_str(patch.0);
    };
    let mut changes = Changes::new(changes);
    let is_removal = |change: RawJson<'_>| nulls == Nulls::Remove && change.is_null();
    let mut object = ObjectWriter::begin(text);
    for (key, value) in target.and_then(RawJson::members).into_iter().flatten() {
        match changes.take(key) {
            // The order of the rest stays.
            Some(change) if is_removal(change) => {}
            Some(change) => {
                object.member(key, |text| {
                    write(Some(value), change, nulls, depth - 1, text);
                });
            }
            None => object.member(key, |text| text.push_str(value.0)),
        }
    }
    for (key, change) in changes.rest() {
        if !is_removal(change) {
            object.member(key, |text| write(None, change, nulls, depth - 1, text));
        }
    }
    object.end();
}

/// The members of a patch by their keys. A tester's patch and the body that it is laid over can both
/// have very many.
struct Changes<'a>(HashMap<Cow<'a, str>, (usize, RawJson<'a>, RawJson<'a>)>);

impl<'a> Changes<'a> {
    fn new(members: impl Iterator<Item = (RawJson<'a>, RawJson<'a>)>) -> Self {
        let placed = members
            .enumerate()
            .filter_map(|(place, (key, change))| Some((key.text()?, (place, key, change))));
        Self(placed.collect())
    }

    /// Takes out the change of a key, if there is one.
    fn take(&mut self, key: RawJson<'_>) -> Option<RawJson<'a>> {
        let (_, _, change) = self.0.remove(&*key.text()?)?;
        Some(change)
    }

    /// The changes that were not taken out, in their order.
    fn rest(self) -> impl Iterator<Item = (RawJson<'a>, RawJson<'a>)> {
        let mut rest: Vec<_> = self.0.into_values().collect();
        rest.sort_unstable_by_key(|(place, ..)| *place);
        rest.into_iter().map(|(_, key, change)| (key, change))
    }
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
    let mut object = ObjectWriter::begin(text);
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
struct ObjectWriter<'a> {
    text: &'a mut String,
    start: usize,
}

impl<'a> ObjectWriter<'a> {
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
            let (document, change) = (Document::of(&target), Document::of(&patch));
            let merged = tree(&merge(document.value(), change.value()));
            assert_eq!(merged, expected, "{target} with {patch}");
        }
    }

    /// Assumed: the changes of an overlay set null, which a patch cannot.
    #[test]
    fn an_overlay_writes_nulls() {
        for (target, changes, expected) in [
            (
                json!({ "a": 1 }),
                json!({ "a": null }),
                json!({ "a": null }),
            ),
            (
                json!({ "a": { "b": 1, "c": 2 } }),
                json!({ "a": { "b": null, "d": null } }),
                json!({ "a": { "b": null, "c": 2, "d": null } }),
            ),
            (
                json!({}),
                json!({ "a": { "b": null } }),
                json!({ "a": { "b": null } }),
            ),
        ] {
            let (document, change) = (Document::of(&target), Document::of(&changes));
            let laid = tree(&overlay(document.value(), change.value()));
            assert_eq!(laid, expected, "{target} with {changes}");
        }
    }

    /// Assumed: what is held keeps its order, and what is new comes after it in the order of the
    /// patch.
    #[test]
    fn the_order_of_members_stays() {
        let target = Document::new(r#"{"z":1,"a":2,"m":{"y":1,"b":2}}"#);
        let patch = Document::new(r#"{"q":1,"a":3,"c":null,"m":{"x":0,"b":3},"d":4,"z":null}"#);
        let merged = merge(target.value(), patch.value());
        assert_eq!(
            merged.value().0,
            r#"{"a":3,"m":{"y":1,"b":3,"x":0},"q":1,"d":4}"#
        );
    }

    /// Assumed: only nulls are removals, at any depth, but not within lists.
    #[test]
    fn removals_are_the_nulls() {
        let patch = json!({ "a": null, "b": 1, "c": { "d": null, "e": [null] }, "f": { "g": 2 } });
        let removed = |patch: Value| removals(Document::of(&patch).value()).as_ref().map(tree);
        assert_eq!(
            removed(patch),
            Some(json!({ "a": null, "c": { "d": null } }))
        );
        assert_eq!(removed(json!({ "a": { "b": 1 } })), None);
        assert_eq!(removed(json!(null)), None);
    }
}
