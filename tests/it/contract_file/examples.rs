//! That the examples match the schemas beside them.

use super::{expect_none, object, problem, resolve, walk};
use crate::harness::document;

/// Documented: OpenAPI 3.1 says that an example should match the schema beside it.
#[test]
fn every_example_is_valid() {
    let (mut problems, mut count) = (Vec::new(), 0);
    walk(document(), "", &mut |pointer, value| {
        let Some(schema) = value.get("schema").filter(|_| !in_an_example(pointer)) else {
            return;
        };
        let single = value.get("example").map(|example| ("example", example));
        let named = value.get("examples").into_iter().flat_map(object);
        for (name, example) in single
            .into_iter()
            .chain(named.map(|(name, example)| (name, &resolve(example)["value"])))
        {
            count += 1;
            problems.extend(
                problem(schema, example).map(|problem| format!("{pointer} {name}: {problem}")),
            );
        }
    });
    assert!(count > 90, "only {count} examples were found");
    expect_none(&problems);
}

/// Documented: JSON Schema says that a default should match its schema.
#[test]
fn every_default_is_valid() {
    let mut problems = Vec::new();
    walk(document(), "", &mut |pointer, value| {
        let Some(default) = value.get("default").filter(|_| value.get("type").is_some()) else {
            return;
        };
        problems.extend(problem(value, default).map(|problem| format!("{pointer}: {problem}")));
    });
    expect_none(&problems);
}

/// Assumed: an example explains an answer best. Every body of an answer has one.
#[test]
fn every_body_has_an_example() {
    let mut problems = Vec::new();
    walk(document(), "", &mut |pointer, value| {
        let Some(json) = value
            .get("content")
            .map(|content| &content["application/json"])
        else {
            return;
        };
        if !json.is_null() && object(&json["examples"]).next().is_none() {
            problems.push(format!("{pointer} has no example"));
        }
    });
    expect_none(&problems);
}

/// An example may hold anything, a key called `schema` too.
fn in_an_example(pointer: &str) -> bool {
    pointer.contains("/examples/")
}
