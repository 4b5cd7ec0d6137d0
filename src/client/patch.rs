//! Changes to a document, of which only some members are given.

/// Declares the JSON merge patch of a document: its methods name the members.
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
    };
}

pub(super) use patch;
