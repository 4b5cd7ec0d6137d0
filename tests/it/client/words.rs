//! Closed sets: the words of the contract, and no others.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use zendesk_availability_emulator::client::{
    ClockMode, EventType, FaultBody, ReportRule, Reset, Verdict,
};

use crate::harness::control_document;

/// The words at a place of the contract.
fn words(pointer: &str) -> Vec<Value> {
    let words = control_document().pointer(&format!("/components/schemas{pointer}/enum"));
    let words = words
        .and_then(Value::as_array)
        .unwrap_or_else(|| panic!("{pointer} is not a closed set"));
    words
        .iter()
        .filter(|word| !word.is_null())
        .cloned()
        .collect()
}

/// Every word can be read, and each gives a different value.
fn check<T: DeserializeOwned + PartialEq>(pointer: &str) {
    let words = words(pointer);
    let values: Vec<T> = words
        .iter()
        .map(|word| {
            T::deserialize(word).unwrap_or_else(|error| panic!("{pointer}: {word}: {error}"))
        })
        .collect();
    for (index, value) in values.iter().enumerate() {
        assert!(
            !values[..index].contains(value),
            "{pointer}: {}",
            words[index]
        );
    }
    assert!(T::deserialize(json!("else")).is_err(), "{pointer}");
}

#[test]
fn the_words_are_those_of_the_contract() {
    check::<ClockMode>("/ClockMode");
    check::<FaultBody>("/FaultEffect/properties/body");
    check::<Reset>("/FaultEffect/properties/reset");
    check::<ReportRule>("/Report/properties/findings/items/properties/rule");
    check::<Verdict>("/Report/properties/findings/items/properties/verdict");
    let types: Vec<_> = EventType::NAMES
        .iter()
        .map(|name| json!(format!("zen:event-type:{name}")))
        .collect();
    assert_eq!(types, words("/Event/properties/type"));
}
