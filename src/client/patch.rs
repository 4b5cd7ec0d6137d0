//! Patches: documents of which only some members are given.

use serde_json::{Map, Value, json};

/// Declares a type for JSON merge patches, whose methods set members.
macro_rules! patch {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(serde_json::Map<String, serde_json::Value>);

        impl $name {
            /// A patch that changes nothing yet.
            pub fn new() -> Self {
                Self::default()
            }

            fn with(mut self, key: &str, value: impl Into<serde_json::Value>) -> Self {
                self.0.insert(key.to_owned(), value.into());
                self
            }
        }

        impl From<$name> for serde_json::Value {
            fn from(patch: $name) -> Self {
                patch.0.into()
            }
        }
    };
}

pub(super) use patch;

/// Sets a member of an object that is a member of a patch.
pub(super) fn set_within(
    patch: &mut Map<String, Value>,
    object: &str,
    member: &str,
    value: impl Into<Value>,
) {
    // Indexing adds the member to the object.
    patch.entry(object).or_insert_with(|| json!({}))[member] = value.into();
}
