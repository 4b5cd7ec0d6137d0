//! The emulator, as a client sees it.
//!
//! Every answer that a test gets has been checked against `openapi/` by the harness. A test says where the behaviour
//! that it proves comes from: the documentation, what clients were seen to need, or the word *assumed*.
#![expect(unreachable_pub, reason = "the harness is public to the tests beside it")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod harness;

mod agents;
mod cli;
mod embedding;
mod readme;
mod sockets;
