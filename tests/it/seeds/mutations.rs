//! Valid seeds with random changes.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use zendesk_availability_emulator::seed::{DEMO, Seed};

use super::{demo, problems, validator};
use crate::property::{SEEDS, check};

/// Problems that only the reader can find.
const BEYOND_THE_SCHEMA: &[&str] = &[
    " is there twice",
    ": there is no ",
    " is that of a default status",
    " is that of the default status ",
    ", which has no availability",
    ": came before the item above it",
    ": a default status has the id of another",
    ": a rate limit's window lasts at least 1s, and requests times window at most",
    ": the calls left of a rate limit are at most its requests",
];

#[derive(Clone, Debug)]
enum Mutation {
    Delete,
    Replace(Value),
    Add(String, Value),
}

fn value() -> impl Strategy<Value = Value> {
    let texts = prop_oneof![
        Just("online"),
        Just("ASSIGNED"),
        Just("agent"),
        Just("off"),
        Just(""),
        Just("1"),
        Just("60s"),
        Just("0ms"),
        Just("2026-01-21T10:00:00Z"),
        Just("2026-01-21 10:00:00"),
        Just("1969-12-31T23:59:59-01:00"),
        Just("a@b"),
        Just("\u{0}"),
        Just("1ae11c11-9993-49f8-9850-c2dc096badd1"),
    ];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop_oneof![
            Just(0),
            Just(1),
            Just(3),
            Just(42),
            Just(10011),
            any::<u64>()
        ]
        .prop_map(Value::from),
        (i64::MIN..0).prop_map(Value::from),
        (-1e300..1e300).prop_map(|number: f64| json!(number)),
        texts.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!([])),
        Just(json!([null])),
        Just(json!([1, 1])),
        Just(json!(["a", {}])),
        Just(json!({})),
        Just(json!({ "id": 1 })),
        Just(json!({ "id": null, "name": "A" })),
    ]
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let keys = prop_oneof![
        Just("x".to_owned()),
        Just("id".to_owned()),
        Just("reason".to_owned()),
        Just("settings".to_owned()),
        Just("updated_at".to_owned()),
        any::<String>(),
    ];
    prop_oneof![
        1 => Just(Mutation::Delete),
        4 => value().prop_map(Mutation::Replace),
        2 => (keys, value()).prop_map(|(key, value)| Mutation::Add(key, value)),
    ]
}

/// Changes the value at the n-th of all places, wrapping round.
fn mutate(document: &mut Value, place: usize, mutation: &Mutation) {
    let mut pointers = Vec::new();
    places(document, String::new(), &mut pointers);
    let pointer = pointers.swap_remove(place % pointers.len());
    let Some(value) = document.pointer_mut(&pointer) else {
        return;
    };
    match mutation {
        Mutation::Replace(other) => *value = other.clone(),
        Mutation::Add(key, other) => match value {
            Value::Object(members) => drop(members.insert(key.clone(), other.clone())),
            Value::Array(elements) => elements.push(other.clone()),
            _ => *value = Value::Object(Map::from_iter([(key.clone(), other.clone())])),
        },
        Mutation::Delete => {
            let Some((parent, step)) = pointer.rsplit_once('/') else {
                return;
            };
            match document.pointer_mut(parent) {
                Some(Value::Object(members)) => drop(members.shift_remove(step)),
                Some(Value::Array(elements)) => {
                    drop(elements.remove(step.parse().expect("an index")));
                }
                _ => {}
            }
        }
    }
}

fn places(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    for (key, value) in value.as_object().into_iter().flatten() {
        places(
            value,
            format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")),
            pointers,
        );
    }
    for (index, value) in value.as_array().into_iter().flatten().enumerate() {
        places(value, format!("{pointer}/{index}"), pointers);
    }
    pointers.push(pointer);
}

/// Assumed: the reader refuses everything that the schema refuses, and beyond that only what no
/// schema can find. It gives the reason and does not panic.
#[test]
fn the_schema_and_the_reader_agree_on_damaged_seeds() {
    let mutations = proptest::collection::vec((any::<usize>(), mutation()), 1..4);
    check(SEEDS, &mutations, |mutations| {
        let mut document = demo().clone();
        for (place, mutation) in &mutations {
            mutate(&mut document, *place, mutation);
        }
        let by_schema = validator()
            .validate(&document)
            .err()
            .map(|error| error.to_string());
        let by_reader = problems(&document.to_string());
        if by_schema.is_some() {
            assert!(
                !by_reader.is_empty(),
                "only the schema refuses it: {by_schema:?}"
            );
        } else {
            let known = |problem: &&String| {
                BEYOND_THE_SCHEMA
                    .iter()
                    .any(|known| problem.contains(known))
            };
            let unknown: Vec<_> = by_reader.iter().filter(|problem| !known(problem)).collect();
            assert!(
                unknown.is_empty(),
                "only the reader refuses it: {unknown:?}"
            );
        }
    });
}

/// Assumed: no text makes the reader panic. Here it is the demo seed, cut and overwritten at
/// random, in both notations.
#[test]
fn damaged_texts_are_refused_or_read() {
    let json = demo().to_string();
    let cuts = proptest::collection::vec(
        (
            any::<usize>(),
            0..40_usize,
            "[\\PC\\x00\\t\\n]{0,4}|[:{}\\[\\]&*!|>'\",-]{1,3}",
        ),
        1..5,
    );
    check(SEEDS, &(any::<bool>(), cuts), |(yaml, cuts)| {
        let mut text: Vec<char> = if yaml { DEMO } else { &json }.chars().collect();
        for (place, length, other) in &cuts {
            let start = place % text.len().max(1);
            let end = (start + length).min(text.len());
            text.splice(start.min(end)..end, other.chars());
        }
        read(&text.into_iter().collect::<String>());
    });
}

/// Assumed: as above, for any text.
#[test]
fn any_text_is_refused_or_read() {
    check(SEEDS, &any::<String>(), |text| read(&text));
    check(SEEDS, &"[ \\n:{}\\[\\]&*!|>'\"a-c0-9,#-]{0,60}", |text| {
        read(&text);
    });
}

fn read(text: &str) {
    if let Err(error) = Seed::parse(text) {
        assert!(!error.to_string().is_empty());
    }
}
