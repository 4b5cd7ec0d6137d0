//! `openapi/agent-availability.yaml` itself: it is a valid OpenAPI document, it grades its evidence
//! for everything, its examples match its schemas, and it describes the routes that exist. Of
//! `control.yaml` only the events, because they are Zendesk's.

mod events;
mod evidence;
mod examples;
mod grades;
mod routes;
mod structure;

use std::sync::LazyLock;

use jsonschema::ValidatorMap;
use serde_json::{Value, json};

use crate::harness::{document, resolve, target};

const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An operation of the document, with what belongs to its path.
struct Operation {
    path: &'static str,
    method: &'static str,
    value: &'static Value,
    /// The parameters of the path and of the operation, with references followed.
    parameters: Vec<&'static Value>,
}

impl Operation {
    fn id(&self) -> &'static str {
        self.value["operationId"]
            .as_str()
            .unwrap_or_else(|| panic!("{} {} has no id", self.method, self.path))
    }
}

fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in object(&document()["paths"]) {
        for method in METHODS.iter().filter(|method| item.get(method).is_some()) {
            let value = &item[method];
            let parameters = items(&item["parameters"])
                .chain(items(&value["parameters"]))
                .map(resolve)
                .collect();
            operations.push(Operation {
                path,
                method,
                value,
                parameters,
            });
        }
    }
    operations
}

/// The members of an object; none if it is not an object.
fn object(value: &'static Value) -> impl Iterator<Item = (&'static str, &'static Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

/// The elements of an array; none if it is not an array.
fn items(value: &'static Value) -> impl Iterator<Item = &'static Value> {
    value.as_array().into_iter().flatten()
}

/// Calls `visit` with every value of the document and the JSON pointer to it.
fn walk(value: &'static Value, pointer: &str, visit: &mut impl FnMut(&str, &'static Value)) {
    visit(pointer, value);
    for (key, value) in object(value) {
        walk(
            value,
            &format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")),
            visit,
        );
    }
    for (index, value) in items(value).enumerate() {
        walk(value, &format!("{pointer}/{index}"), visit);
    }
}

/// A validator for every schema of the components, compiled once.
fn components() -> &'static ValidatorMap {
    static COMPONENTS: LazyLock<ValidatorMap> = LazyLock::new(|| {
        let names = object(&document()["components"]["schemas"]).map(|(name, _)| name);
        let all: Vec<_> = names
            .map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }))
            .collect();
        let whole = json!({ "components": document()["components"], "allOf": all });
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012);
        options
            .build_map(&whole)
            .unwrap_or_else(|error| panic!("a schema is none: {error}"))
    });
    &COMPONENTS
}

/// The problems of a value by a schema of the document.
fn problem(schema: &Value, value: &Value) -> Option<String> {
    let found = match schema["$ref"].as_str() {
        Some(reference) if schema.as_object().is_some_and(|members| members.len() == 1) => {
            let validator = components()
                .get(reference)
                .unwrap_or_else(|| panic!("{reference} leads nowhere"));
            validator
                .validate(value)
                .err()
                .map(|error| (error.to_string(), error.instance_path().to_string()))
        }
        _ => {
            let whole = json!({ "components": document()["components"], "allOf": [schema] });
            let validator = jsonschema::draft202012::new(&whole)
                .unwrap_or_else(|error| panic!("{schema}: {error}"));
            validator
                .validate(value)
                .err()
                .map(|error| (error.to_string(), error.instance_path().to_string()))
        }
    };
    found.map(|(error, place)| format!("{error} at {place:?}"))
}

/// Fails with all problems at once.
fn expect_none(problems: &[String]) {
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
