//! Words of closed sets in documents: the world's types know no serde.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::names::Named;

/// A word.
pub(super) fn word<'de, T: Named, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    parse(&String::deserialize(deserializer)?)
}

/// Writes a word.
pub(super) fn write_word<T: Named + Display, S: Serializer>(
    word: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(word)
}

/// A map whose keys are words.
pub(super) fn keys<'de, K: Named + Ord, V: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<K, V>, D::Error> {
    let map = BTreeMap::<String, V>::deserialize(deserializer)?;
    map.into_iter()
        .map(|(key, value)| Ok((parse(&key)?, value)))
        .collect()
}

/// A map of words.
pub(super) fn words_by_key<'de, K: Named + Ord, V: Named, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<K, V>, D::Error> {
    keys::<K, String, D>(deserializer)?
        .into_iter()
        .map(|(key, value)| Ok((key, parse(&value)?)))
        .collect()
}

fn parse<T: Named, E: Error>(text: &str) -> Result<T, E> {
    T::parse(text).ok_or_else(|| E::unknown_variant(text, T::NAMES))
}

/// Writes a word that may be missing.
#[expect(clippy::ref_option, reason = "this is how serde calls it")]
pub(super) fn write<T: Named + Display, S: Serializer>(
    word: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match word {
        Some(word) => serializer.collect_str(word),
        None => serializer.serialize_none(),
    }
}

/// Writes a map whose keys are words.
pub(super) fn write_keys<K: Named + Display, V: Serialize, S: Serializer>(
    map: &BTreeMap<K, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(map.iter().map(|(key, value)| (key.to_string(), value)))
}

/// Writes a map of words.
pub(super) fn write_words_by_key<K: Named + Display, V: Named + Display, S: Serializer>(
    map: &BTreeMap<K, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(
        map.iter()
            .map(|(key, value)| (key.to_string(), value.to_string())),
    )
}
