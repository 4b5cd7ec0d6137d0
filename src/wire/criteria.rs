//! Which requests are meant: in rules for faults and in what a test expects.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// Which requests: those that meet everything that is given here. Without anything, all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Criteria {
    /// The id of the operation, such as `show_agent_availability`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The method, in capitals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The path, in which `*` is any run of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The status of the answer. Rules for faults do not take it.
    #[serde(skip_serializing_if = "Option::is_none", skip_deserializing)]
    pub status: Option<StatusPattern>,
    /// The agent in the path, or the caller on `/me`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<u64>,
    /// The e-mail address or the id of the caller.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "address_or_id"
    )]
    pub caller: Option<String>,
    /// The parameters as they were understood; `None` for one that must be absent. Only expectations
    /// take them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub query: BTreeMap<String, Option<String>>,
    /// The headers, whatever the case of their names; `None` for one that must be absent. Filters of
    /// the journal do not take them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, Option<String>>,
    /// A part of a body of JSON, or of a form as an object of texts: objects may have other members as
    /// well. Filters of the journal do not take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// A status, or a class of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatusPattern {
    /// This one.
    Exactly(u16),
    /// All that begin with this digit.
    Class(u8),
}

impl std::fmt::Display for StatusPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(status) => status.fmt(f),
            Self::Class(first) => write!(f, "{first}xx"),
        }
    }
}

impl Serialize for StatusPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Exactly(status) => serializer.serialize_u16(*status),
            Self::Class(_) => serializer.collect_str(self),
        }
    }
}

/// A caller: an address is text, and an id is a number.
mod address_or_id {
    use super::{Deserialize, Deserializer, Serializer};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Caller {
        Id(u64),
        Address(String),
    }

    #[expect(clippy::ref_option, reason = "serde passes a field like this")]
    pub(super) fn serialize<S: Serializer>(
        caller: &Option<String>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match caller.as_deref().map(|caller| (caller, caller.parse())) {
            Some((_, Ok(id))) => serializer.serialize_u64(id),
            Some((address, Err(_))) => serializer.serialize_str(address),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<String>, D::Error> {
        let caller = Option::<Caller>::deserialize(deserializer)?;
        Ok(caller.map(|caller| match caller {
            Caller::Id(id) => id.to_string(),
            Caller::Address(address) => address,
        }))
    }
}
