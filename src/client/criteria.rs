//! Which requests are meant, where faults, the journal and verification say it alike.

use std::collections::BTreeMap;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// Which requests: those that meet everything that is given here, so without anything all.
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
    /// The status of the answer, which a rule for faults does not know.
    #[serde(skip_serializing_if = "Option::is_none", skip_deserializing)]
    pub status: Option<StatusPattern>,
    /// The agent in the path, or the caller on `/me`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<u64>,
    /// The e-mail address or the id of the user who called.
    #[serde(
        skip_serializing_if = "Option::is_none",
        default,
        deserialize_with = "text_or_number"
    )]
    pub caller: Option<String>,
    /// What headers have to be, whatever the case of their names; none for one that must not be
    /// there. A filter of the journal does not know it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub headers: BTreeMap<String, Option<String>>,
    /// A part of what a JSON body has to say: objects may have other members as well. A filter of
    /// the journal does not know it.
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

impl Criteria {
    /// What is given, as parameters.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (&'static str, String)> {
        let Self {
            operation,
            method,
            path,
            status,
            agent,
            caller,
            headers: _,
            body: _,
        } = self;
        let given = [
            ("operation", operation.clone()),
            ("method", method.clone()),
            ("path", path.clone()),
            ("status", status.map(|status| status.to_string())),
            ("agent", agent.map(|agent| agent.to_string())),
            ("caller", caller.clone()),
        ];
        given
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
    }
}

/// An id may have been understood as a number.
fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        other => Err(D::Error::custom(format_args!(
            "{other} is neither text nor a number"
        ))),
    }
}

/// The methods that set criteria in a field; with `content of`, those about headers and body. What
/// can speak of the status speaks of requests that were answered, and begins with any of them or
/// with an operation.
macro_rules! criteria {
    ($field:ident) => {
        /// Only requests by this method, such as `GET`.
        #[must_use]
        pub fn method(mut self, method: impl Into<String>) -> Self {
            self.$field.method = Some(method.into());
            self
        }

        /// Only requests of paths like this, in which `*` is any run of characters.
        #[must_use]
        pub fn path(mut self, pattern: impl Into<String>) -> Self {
            self.$field.path = Some(pattern.into());
            self
        }

        /// Only requests about this agent.
        #[must_use]
        pub fn agent(mut self, id: u64) -> Self {
            self.$field.agent = Some(id);
            self
        }

        /// Only requests by the user with this e-mail address or id.
        #[must_use]
        pub fn caller(mut self, caller: impl Into<String>) -> Self {
            self.$field.caller = Some(caller.into());
            self
        }
    };
    (content of $field:ident) => {
        /// Only requests with this header, whatever the case of its name. Several values of one
        /// name are one, with `, ` between them.
        #[must_use]
        pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.$field.headers.insert(name.into(), Some(value.into()));
            self
        }

        /// Only requests without this header.
        #[must_use]
        pub fn without_header(mut self, name: impl Into<String>) -> Self {
            self.$field.headers.insert(name.into(), None);
            self
        }

        /// Only requests whose body is JSON with this in it. Objects, also inside others, may have
        /// more members; anything else has to be equal. 124 is equal to 124.0. A body of more than
        /// 16 KiB never is.
        #[must_use]
        pub fn body(mut self, part: impl Into<serde_json::Value>) -> Self {
            self.$field.body = Some(part.into());
            self
        }
    };
    ($field:ident and status) => {
        /// Any request.
        pub fn any() -> Self {
            Self::default()
        }

        /// Requests of this operation, such as `update_agent_status`.
        pub fn operation(id: impl Into<String>) -> Self {
            let mut meant = Self::default();
            meant.$field.operation = Some(id.into());
            meant
        }

        $crate::client::criteria::criteria!($field);

        /// Only requests that were answered with this status.
        #[must_use]
        pub fn status(mut self, status: u16) -> Self {
            self.$field.status = Some($crate::client::criteria::StatusPattern::Exactly(status));
            self
        }

        /// Only requests that were answered with a status that begins with this digit: 4 is any of
        /// 400 to 499.
        #[must_use]
        pub fn status_class(mut self, first_digit: u8) -> Self {
            self.$field.status = Some($crate::client::criteria::StatusPattern::Class(first_digit));
            self
        }
    };
}

pub(super) use criteria;
