//! Parsing text into a document. A key that is twice in an object is an error: `serde_json` by
//! itself would keep the last one.

use std::borrow::Cow;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::json::Document;
use super::reader::Shortened;
use super::yaml;

/// Reads JSON.
pub(crate) fn parse_json<'a>(text: impl Into<Cow<'a, str>>) -> Result<Document<'a>, String> {
    let text = text.into();
    check_json(&text)?;
    Ok(Document::new(text))
}

fn check_json(text: &str) -> Result<(), String> {
    let mut keys = Keys::default();
    let mut checked = check_keys(text, &mut keys);
    if keys.twice.is_some() {
        // Only the hash of the key is known, so the text is searched for it.
        checked = check_keys(text, &mut keys);
    }
    checked.map_err(|error| format!("not JSON: {error}"))
}

fn check_keys(text: &str, keys: &mut Keys) -> serde_json::Result<()> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Check(keys).deserialize(&mut deserializer)?;
    deserializer.end()
}

pub(crate) fn parse(text: &str) -> Result<Document<'_>, String> {
    if text.trim_start().starts_with('{') {
        parse_json(text)
    } else if text.trim().is_empty() {
        Err("the document is empty".to_owned())
    } else {
        yaml::parse(text, usize::MAX, usize::MAX)
    }
}

pub(super) fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// The hash of a key that is twice in an object, if any.
pub(super) fn repeated(hashes: &mut [u64]) -> Option<u64> {
    hashes.sort_unstable();
    hashes
        .windows(2)
        .find(|pair| pair[0] == pair[1])
        .map(|pair| pair[0])
}

pub(super) fn is_there_twice<E: Error>(key: &str) -> E {
    E::custom(format_args!(
        "the key \"{}\" is there twice",
        Shortened(key)
    ))
}

/// Hashes of the keys of the objects that are being read. The keys themselves would take more
/// memory than the text of a large object.
#[derive(Default)]
struct Keys {
    hashes: Vec<u64>,
    /// The hash of a key that is twice in an object. A second pass finds its place.
    twice: Option<u64>,
}

/// Checks JSON without keeping it.
struct Check<'a>(&'a mut Keys);

impl<'de> DeserializeSeed<'de> for Check<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Check<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Check(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let Self(keys) = self;
        let (start, wanted) = (keys.hashes.len(), keys.twice);
        let mut is_found = false;
        while let Some((hash, name)) = access.next_key_seed(KeyHash(wanted))? {
            access.next_value_seed(Check(keys))?;
            if let Some(name) = name.filter(|_| std::mem::replace(&mut is_found, true)) {
                return Err(is_there_twice(&name));
            }
            keys.hashes.push(hash);
        }
        keys.twice = wanted.or_else(|| repeated(&mut keys.hashes[start..]));
        keys.hashes.truncate(start);
        if wanted.is_none() && keys.twice.is_some() {
            Err(A::Error::custom("a key is there twice"))
        } else {
            Ok(())
        }
    }
}

/// Reads the hash of a key, and its text if the hash is the wanted one.
struct KeyHash(Option<u64>);

impl<'de> DeserializeSeed<'de> for KeyHash {
    type Value = (u64, Option<String>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyHash {
    type Value = (u64, Option<String>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        let hash = hash(key);
        Ok((hash, (self.0 == Some(hash)).then(|| key.to_owned())))
    }
}
