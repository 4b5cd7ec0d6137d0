//! The tester's face: `/_emulator/…`. One file per concern. Nothing here asks for credentials or counts calls.

pub(crate) mod contract;
pub(crate) mod health;
