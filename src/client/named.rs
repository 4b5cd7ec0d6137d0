//! Words of closed sets in documents: the world's types know no serde.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::de::Error;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::names::Named;

/// A word that may be missing, for `#[serde(with = "named::option")]`.
pub(super) mod option {
    use super::{Deserialize, Deserializer, Display, Error, Named, Serializer};

    #[expect(clippy::ref_option, reason = "this is how serde calls it")]
    pub(in super::super) fn serialize<T: Named + Display, S: Serializer>(
        word: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match word {
            Some(word) => serializer.collect_str(word),
            None => serializer.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, T: Named, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| T::parse(&text).ok_or_else(|| D::Error::unknown_variant(&text, T::NAMES))).transpose()
    }
}

/// Words as the keys of a map, for `#[serde(with = "named::keys")]`.
pub(super) mod keys {
    use super::{BTreeMap, Deserialize, Deserializer, Display, Error, Named, Serialize, SerializeMap, Serializer};

    pub(in super::super) fn serialize<K: Named + Display, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(Some(map.len()))?;
        for (key, value) in map {
            out.serialize_entry(&key.to_string(), value)?;
        }
        out.end()
    }

    pub(in super::super) fn deserialize<'de, K: Named + Ord, V: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<K, V>, D::Error> {
        let map = BTreeMap::<String, V>::deserialize(deserializer)?;
        let named = map.into_iter().map(|(key, value)| {
            K::parse(&key).map(|name| (name, value)).ok_or_else(|| D::Error::unknown_field(&key, K::NAMES))
        });
        named.collect()
    }
}
