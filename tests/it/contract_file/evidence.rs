//! That the document has a grade for everything.

use serde_json::Value;

use super::{expect_none, object, operations, walk};
use crate::harness::document;

const GRADES: &[&str] = &["documented", "observed", "assumed"];

/// By design: every operation, parameter, field, header and error carries a
/// grade and a source.
#[test]
fn everything_has_a_grade_and_a_source() {
    let mut problems = Vec::new();
    let mut check = |place: &str, value: &'static Value| {
        if !is_bare_reference(value) {
            problems.extend(problem(value).map(|problem| format!("{place}: {problem}")));
        }
    };
    for operation in operations() {
        check(operation.id(), operation.value);
    }
    for kind in [
        "securitySchemes",
        "parameters",
        "requestBodies",
        "responses",
        "headers",
        "schemas",
    ] {
        let components = object(&document()["components"][kind]).collect::<Vec<_>>();
        assert!(!components.is_empty(), "{kind}");
        for (name, component) in components {
            check(&format!("{kind}/{name}"), component);
        }
    }
    // Everything that is written in place instead of as a component: parameters, headers, bodies
    // and answers of operations.
    walk(document(), "", &mut |pointer, value| {
        let parent = pointer.rsplit('/').nth(1).unwrap_or_default();
        let is_written_here = pointer.starts_with("/paths/") && !pointer.ends_with("/parameters");
        if is_written_here && ["parameters", "headers", "responses"].contains(&parent) {
            check(pointer, value);
        }
        if pointer.ends_with("/requestBody") {
            check(pointer, value);
        }
    });
    expect_none(&problems);
}

/// By design: the same for every field of every body. A sub-schema of a
/// condition describes no field but a condition, so it needs no grade.
#[test]
fn every_field_has_a_grade_and_a_source() {
    let (mut problems, mut count) = (Vec::new(), 0);
    walk(document(), "", &mut |pointer, value| {
        let steps = pointer.split('/').collect::<Vec<_>>();
        let is_condition = steps
            .iter()
            .any(|step| ["if", "then", "else", "not"].contains(step));
        let is_field = steps.len() > 2
            && steps[steps.len() - 2] == "properties"
            && !steps.contains(&"examples");
        if is_field && !is_condition && !is_bare_reference(value) {
            count += 1;
            problems.extend(problem(value).map(|problem| format!("{pointer}: {problem}")));
        }
    });
    assert!(count > 150, "only {count} fields were found");
    expect_none(&problems);
}

pub(super) fn problem(value: &Value) -> Option<String> {
    let (grade, source) = (value["x-evidence"].as_str(), value["x-source"].as_str());
    if !grade.is_some_and(|grade| GRADES.contains(&grade)) {
        return Some(format!("its grade is {grade:?}"));
    }
    match source {
        None | Some("") => Some("it has no source".to_owned()),
        // The source of something documented is a page of the documentation.
        Some(source) if grade == Some("documented") && !source.contains("endesk") => {
            Some(format!("no page of Zendesk's: {source}"))
        }
        Some(_) => None,
    }
}

/// The target of a reference has its own grade.
fn is_bare_reference(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|members| members.len() == 1 && members.contains_key("$ref"))
}
