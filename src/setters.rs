//! Structs whose members are set by methods, one after the other.

/// Declares a struct with a method for each member, which sets it. A program that uses the methods
/// still compiles when the struct has got another member.
macro_rules! with_setters {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$member_meta:meta])* pub $member:ident: $type:ty, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$member_meta])* pub $member: $type, )+
        }

        impl $name {
            /// One in which nothing is set.
            pub fn new() -> Self {
                Self::default()
            }

            $(
                #[doc = concat!("Sets `", stringify!($member), "`.")]
                #[must_use]
                pub fn $member(mut self, value: impl Into<$type>) -> Self {
                    self.$member = value.into();
                    self
                }
            )+
        }
    };
}

pub(crate) use with_setters;
