//! That the document is valid: every part has the fields that OpenAPI 3.1 gives it, every reference
//! has a target, every schema is a schema.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{components, expect_none, items, object, operations, resolve, target, walk};
use crate::harness::document;

/// A part of an OpenAPI document: the fields that it must have and the fields that it may have,
/// separated by spaces. Only what this document uses or could use. Any other field is a mistake.
struct Part {
    name: &'static str,
    required: &'static str,
    optional: &'static str,
    /// The fields that are parts themselves.
    parts: &'static [(&'static str, Holds)],
}

#[derive(Clone, Copy)]
enum Holds {
    One(&'static str),
    List(&'static str),
    Map(&'static str),
}
use Holds::{List, Map, One};

#[rustfmt::skip]
const PARTS: &[Part] = &[
    Part { name: "document", required: "openapi info paths", optional: "servers security tags components",
        parts: &[("info", One("info")), ("servers", List("server")), ("tags", List("tag")), ("paths", Map("path")), ("components", One("components"))] },
    Part { name: "info", required: "title version", optional: "summary description license", parts: &[("license", One("license"))] },
    Part { name: "license", required: "name identifier", optional: "", parts: &[] },
    Part { name: "server", required: "url", optional: "description variables", parts: &[("variables", Map("variable"))] },
    Part { name: "variable", required: "default", optional: "enum description", parts: &[] },
    Part { name: "tag", required: "name", optional: "description", parts: &[] },
    Part { name: "path", required: "", optional: "parameters get put post delete",
        parts: &[("parameters", List("parameter")), ("get", One("operation")), ("put", One("operation")),
            ("post", One("operation")), ("delete", One("operation"))] },
    Part { name: "operation", required: "operationId responses", optional: "tags summary description parameters requestBody security",
        parts: &[("parameters", List("parameter")), ("requestBody", One("body")), ("responses", Map("response"))] },
    Part { name: "parameter", required: "name in schema", optional: "description required style explode example",
        parts: &[("schema", One("schema"))] },
    Part { name: "header", required: "schema", optional: "description required example", parts: &[("schema", One("schema"))] },
    Part { name: "body", required: "content", optional: "description required", parts: &[("content", Map("media"))] },
    Part { name: "response", required: "description content", optional: "headers",
        parts: &[("headers", Map("header")), ("content", Map("media"))] },
    Part { name: "media", required: "schema", optional: "examples", parts: &[("schema", One("schema")), ("examples", Map("example"))] },
    Part { name: "example", required: "value", optional: "summary description", parts: &[] },
    Part { name: "scheme", required: "type", optional: "scheme in name description", parts: &[] },
    Part { name: "components", required: "", optional: "securitySchemes parameters requestBodies responses headers schemas examples",
        parts: &[("securitySchemes", Map("scheme")), ("parameters", Map("parameter")), ("requestBodies", Map("body")),
            ("responses", Map("response")), ("headers", Map("header")), ("schemas", Map("schema")), ("examples", Map("example"))] },
    Part { name: "schema", required: "", optional: "$ref description type format enum const pattern default minimum maximum minLength maxLength \
        items minItems maxItems properties required additionalProperties minProperties maxProperties allOf oneOf anyOf if then else not",
        parts: &[("items", One("schema")), ("properties", Map("schema")), ("allOf", List("schema")), ("oneOf", List("schema")),
            ("anyOf", List("schema")), ("if", One("schema")), ("then", One("schema")), ("else", One("schema")), ("not", One("schema"))] },
];

/// Documented: the OpenAPI specification 3.1 says which part of a document has which fields.
#[test]
fn every_part_has_the_fields_of_openapi() {
    let mut problems = Vec::new();
    check_part(document(), "document", "", &mut problems);
    assert_eq!(document()["openapi"], "3.1.0");
    expect_none(&problems);
}

fn check_part(value: &'static Value, name: &str, pointer: &str, problems: &mut Vec<String>) {
    let part = PARTS
        .iter()
        .find(|part| part.name == name)
        .expect("a part of the table");
    if value.get("$ref").is_some() && name != "schema" {
        if value
            .as_object()
            .is_none_or(|reference| reference.len() > 1)
        {
            problems.push(format!("{pointer}: a reference is nothing else"));
        }
        return;
    }
    if !value.is_object() {
        return problems.push(format!("{pointer}: a {name} is an object"));
    }
    let required = part.required.split_whitespace();
    problems.extend(
        required
            .clone()
            .filter(|field| value.get(field).is_none())
            .map(|field| format!("{pointer}: a {name} has {field}")),
    );
    let allowed: BTreeSet<_> = required.chain(part.optional.split_whitespace()).collect();
    let unknown = object(value).filter(|(key, _)| !key.starts_with("x-") && !allowed.contains(key));
    problems.extend(unknown.map(|(key, _)| format!("{pointer}: a {name} has no {key}")));
    for (field, holds) in part
        .parts
        .iter()
        .filter(|(field, _)| value.get(field).is_some())
    {
        let (value, pointer) = (&value[*field], format!("{pointer}/{field}"));
        match holds {
            One(name) => check_part(value, name, &pointer, problems),
            List(name) => {
                for (index, value) in items(value).enumerate() {
                    check_part(value, name, &format!("{pointer}/{index}"), problems);
                }
            }
            Map(name) => {
                for (key, value) in object(value) {
                    check_part(value, name, &format!("{pointer}/{key}"), problems);
                }
            }
        }
    }
}

/// Documented: the JSON Schema dialect of OpenAPI 3.1 says what a schema is.
#[test]
fn every_schema_is_one() {
    let mut problems = Vec::new();
    walk(document(), "", &mut |pointer, value| {
        let parent = pointer.strip_suffix(&format!(
            "/{}",
            pointer.rsplit('/').next().unwrap_or_default()
        ));
        if pointer.ends_with("/schema") || parent == Some("/components/schemas") {
            let error = jsonschema::draft202012::meta::validate(value).err();
            problems
                .extend(error.map(|error| format!("{pointer}{}: {error}", error.instance_path())));
        }
    });
    for (name, _) in object(&document()["components"]["schemas"]) {
        let reference = format!("#/components/schemas/{name}");
        assert!(
            components().get(&reference).is_some(),
            "{reference} is not compiled"
        );
    }
    expect_none(&problems);
}

/// Documented: OpenAPI 3.1 on references. That no component is unused is a rule of this project.
#[test]
fn every_reference_leads_to_a_component_and_every_component_is_referred_to() {
    let (mut problems, mut used) = (Vec::new(), BTreeSet::new());
    walk(document(), "", &mut |pointer, value| {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
            return;
        };
        if !reference.starts_with("#/components/") || target(reference).is_none() {
            problems.push(format!("{pointer}: {reference} leads nowhere"));
        }
        used.insert(reference);
    });
    for (kind, components) in
        object(&document()["components"]).filter(|(kind, _)| *kind != "securitySchemes")
    {
        let references = object(components).map(|(name, _)| format!("#/components/{kind}/{name}"));
        problems.extend(
            references
                .filter(|reference| !used.contains(reference.as_str()))
                .map(|name| format!("{name}: unused")),
        );
    }
    let asked = items(&document()["security"])
        .flat_map(object)
        .map(|(name, _)| name)
        .collect::<Vec<_>>();
    let schemes = object(&document()["components"]["securitySchemes"])
        .map(|(name, _)| name)
        .collect::<Vec<_>>();
    assert_eq!(asked, schemes);
    expect_none(&problems);
}

/// Documented: OpenAPI 3.1 on operations and parameters.
#[test]
fn every_operation_has_a_unique_id_answers_and_the_parameters_of_its_path() {
    let mut problems = Vec::new();
    let mut by_id: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for operation in operations() {
        let context = format!("{} {}", operation.method, operation.path);
        by_id
            .entry(operation.id())
            .or_default()
            .push(context.clone());
        let mut statuses = object(&operation.value["responses"]).map(|(status, _)| status);
        if !statuses.any(|status| status.starts_with('2')) {
            problems.push(format!("{context}: no success"));
        }
        let tags = items(&document()["tags"])
            .map(|tag| &tag["name"])
            .collect::<Vec<_>>();
        if items(&operation.value["tags"])
            .filter(|tag| tags.contains(tag))
            .count()
            != 1
        {
            problems.push(format!("{context}: not exactly one known tag"));
        }
        let mut declared = operation
            .parameters
            .iter()
            .map(|it| (&it["in"], &it["name"]))
            .collect::<Vec<_>>();
        let in_path = declared.iter().filter(|(place, _)| *place == "path");
        let mut in_path = in_path
            .filter_map(|(_, name)| name.as_str())
            .collect::<Vec<_>>();
        let mut in_template = operation
            .path
            .split(['{', '}'])
            .skip(1)
            .step_by(2)
            .collect::<Vec<_>>();
        in_path.sort_unstable();
        in_template.sort_unstable();
        if in_path != in_template {
            problems.push(format!(
                "{context}: has {in_template:?}, declares {in_path:?}"
            ));
        }
        let count = declared.len();
        declared.sort_by_key(|(place, name)| (place.to_string(), name.to_string()));
        declared.dedup();
        if declared.len() != count {
            problems.push(format!("{context}: a parameter is declared twice"));
        }
    }
    problems.extend(
        by_id
            .iter()
            .filter(|(_, users)| users.len() > 1)
            .map(|(id, users)| format!("{id}: {users:?}")),
    );
    for (name, parameter) in object(&document()["components"]["parameters"]) {
        let place = parameter["in"].as_str().unwrap_or_default();
        if !["path", "query", "header"].contains(&place)
            || (place == "path" && parameter["required"] != true)
        {
            problems.push(format!(
                "{name}: not a parameter of a path, which is required, of a query or of a header"
            ));
        }
    }
    expect_none(&problems);
}

/// Documented: OpenAPI 3.1 on responses.
#[test]
fn every_answer_has_json_or_says_why_not() {
    let mut problems = Vec::new();
    for operation in operations() {
        for (status, response) in object(&operation.value["responses"]) {
            let context = format!("{} {status}", operation.id());
            let is_status = status.len() == 3
                && status
                    .parse()
                    .is_ok_and(|status: u16| (200..600).contains(&status));
            let types = object(&resolve(response)["content"])
                .map(|(name, _)| name)
                .collect::<Vec<_>>();
            let expected: &[&str] = match (operation.id(), status) {
                ("openapi_yaml", "200") => &["application/yaml"],
                (_, "204") => &[],
                ("new_authorization" | "create_authorization", "200" | "302") => &["text/html"],
                ("new_authorization" | "create_authorization", "400") => {
                    &["text/html", "application/json", "application/vnd.api+json"]
                }
                (_, "429") => &["text/html", "application/json", "application/vnd.api+json"],
                _ if operation.path.starts_with("/_emulator") => &["application/json"],
                _ => &["application/json", "application/vnd.api+json"],
            };
            if !is_status || types != expected {
                problems.push(format!("{context}: {types:?}"));
            }
        }
    }
    expect_none(&problems);
}
