//! Whether an account has omnichannel routing.

/// Omnichannel routing, and whether the account ever had it: the early-access release still shows
/// its data then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Routing {
    /// It is on now.
    pub on: bool,
    /// It is on or has been.
    pub ever_on: bool,
}
