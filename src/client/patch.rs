//! Patches: documents of which only some members are given.

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
    };
}

pub(super) use patch;
