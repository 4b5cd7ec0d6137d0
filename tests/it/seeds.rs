//! Seeds: what is valid, how problems are named, that `openapi/seed.schema.json` agrees, and what
//! the demo seed shows.

mod demo;
mod forms;
mod messages;
mod mutations;
mod schema;
mod values;

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;
use zendesk_availability_emulator::seed::{DEMO, Seed};

/// `openapi/seed.schema.json`.
fn schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../../openapi/seed.schema.json"))
            .expect("the seed schema is JSON")
    });
    &SCHEMA
}

fn validator() -> &'static Validator {
    static VALIDATOR: LazyLock<Validator> =
        LazyLock::new(|| jsonschema::draft202012::new(schema()).expect("the seed schema is valid"));
    &VALIDATOR
}

fn demo() -> &'static Value {
    static DOCUMENT: LazyLock<Value> =
        LazyLock::new(|| serde_saphyr::from_str(DEMO).expect("the demo seed is YAML"));
    &DOCUMENT
}

/// The same document in JSON, with enough white space in every list and in the whole that each of
/// them is long.
fn lengthened(document: &Value) -> String {
    let spaces = " ".repeat(70_000);
    let text = document
        .to_string()
        .replace("\":[", &format!("\":[{spaces}"));
    format!("{}{spaces}{}", &text[..1], &text[1..])
}

/// Every problem of a document, one per line; none for a valid seed.
fn problems(document: &str) -> Vec<String> {
    match Seed::parse(document) {
        Ok(_) => Vec::new(),
        Err(error) => error.to_string().lines().map(str::to_owned).collect(),
    }
}
