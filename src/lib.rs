//! A local stand-in for Zendesk's Agent Availability and Unified Agent Status APIs, which
//! unmodified clients take for Zendesk.
//!
//! As a library it is an [`Emulator`] that a test starts, points its client at, and drops. The
//! binary is the same emulator with a command line.
//!
//! # Architecture
//!
//! Two APIs, one world. `zendesk` answers Zendesk's clients exactly as Zendesk would
//! (`/api/v2/…`). `control` is for testers (`/_emulator/…`). Between them is a [`world`] of agents,
//! channels, statuses and work items that knows nothing of HTTP. An `account` is such a world with
//! all that belongs to it alone: rules, clock, jobs, faults and a journal of the calls to it.
//!
//! | module | what it holds | what it uses |
//! | --- | --- | --- |
//! | [`world`] | the model and its rules | `names` |
//! | `document` | the documents that a tester sends: JSON and YAML, read in place, every problem named | `config`, `names` |
//! | [`seed`] | what a world starts with or is (snapshots) as a document, and agents for load tests | `document`, `world`, `config`, `prng`, `names` |
//! | `events` | events in the vendor's envelope: what leaves an account when something happens in it | `world`, `names` |
//! | `account` | a world with the rules, clock, jobs, faults and journal that belong to it, and all accounts | `world`, `document`, `seed`, `events`, `config`, `clock`, `ids`, `prng`, `names` |
//! | `zendesk` | Zendesk's API: a file per resource, its wire types beside it | `account`, `world`, `config`, `clock`, `incoming`, `names`, axum |
//! | `control` | the control API: a file per concern | `account`, `document`, `seed`, `events`, `world`, `config`, `clock`, `ids`, `incoming`, `names`, axum |
//! | `app` | what outlives a request | `account`, `zendesk`, `config`, `clock`, `ids` |
//! | `layers` | what happens to a request around its handler: a file for each tower layer | `app`, `account`, `control`, `zendesk`, `config`, `clock`, `ids`, axum, tower |
//! | `server` | the route tables, the list of the layers (`stack.rs`), the socket | all of the above |
//! | [`client`] | the control API from Rust, in process and over HTTP | `config`, `document`, `seed`, `events`, `world`, `names`, `incoming`, axum, hyper |
//! | [`Emulator`] | the whole as a value | all of the above |
//! | [`guide`] | how to use it, a page for each subject | nothing |
//! | [`config`] | every knob | `world`, `names` |
//! | [`clock`], `ids` | the only readers of real time and of randomness | nothing |
//! | `prng` | numbers without a pattern that can be drawn again | nothing |
//! | `incoming` | requests as they come, on both APIs | axum |
//! | `names` | closed sets of words, each with one spelling on the wire | nothing |
//!
//! A test (`tests/it/architecture.rs`) reads the `use` lines and keeps the arrows true.
//!
//! # Invariants
//!
//! - Writes to a world are one at a time and whole: agent, index and event log change together or
//!   not at all, and a refused write changes nothing. A read of one agent waits for no write of
//!   another.
//! - A snapshot replaces a world in one such write: agents, index, statuses, directory and routing,
//!   while the account's rules cannot change, so that a document of the account is of one instant.
//!   A call reads the rules and the directory once, at its beginning. One that is under way ends
//!   with those, on the world as it finds it: one agent as it was or as it is, a list of either all
//!   the old ones or all the new ones. A write that began before checks its references under the
//!   lock.
//! - Every difference that a write makes to an agent is an event, and the next version of that
//!   agent; what has no event, such as skills, makes a version all the same. A snapshot that is put
//!   in place makes no events of agents. The log of events is bounded and says how much it has
//!   dropped. Who waits for events is woken after the write, and by the account's end.
//! - An agent in the store never changes: a write puts another in its place. So whoever reads one
//!   needs no lock, and a list that is asked for again is sent again as it was while it is of the
//!   very same agents.
//! - The present is read once per request. `Date`, `updated_at` and the rate window of one answer
//!   agree.
//! - Whatever a client sends is answered, in the vendor's form and never with a 500. What a
//!   developer needs to know beyond that is in the `X-Emulator-Hint` header.
//! - Every call to an account is in its journal or counted as one that is not. An entry is put
//!   aside when the call is over; what it says is worked out when it is read, and secrets are
//!   masked then. Logs and hints mask by the same list of names.
//! - A fault takes the place of a call, which then does nothing and is not counted by the rate
//!   limit, or spoils the answer of a call that has happened. An account without rules for faults
//!   pays for one look at a flag.
//! - A connection has a place, of which there are only so many, and a client that does nothing
//!   loses its own: each thing that it may be slow in has a time limit. Those of the socket are in
//!   `server/socket.rs`, those of bodies where they are read.
//! - Nothing keeps other accounts waiting: a call of the control API that can take long is done
//!   beside the threads that serve, and what falls due is done in portions. Calls to an account
//!   wait for a long write to it as tasks, not as threads.
//! - A document is read where it stands and makes nothing before it is known to be right, so that
//!   one that is refused takes little more memory than its text.
//! - Locks are taken in one order, which `account/mod.rs` has. No future is suspended while it
//!   holds one.
//! - Nothing is global: no subscriber, panic hook or signal handler. Two emulators live in one
//!   process.
//! - `openapi/agent-availability.yaml` is written by hand, for the contract belongs to somebody
//!   else, and every answer of every test is checked against it.

mod account;
mod app;
pub mod client;
pub mod clock;
pub mod config;
mod control;
mod document;
mod emulator;
mod events;
pub mod guide;
mod ids;
mod incoming;
mod layers;
mod names;
mod prng;
pub mod seed;
mod server;
pub mod world;
mod zendesk;

pub use control::contract::{CONTROL_YAML as CONTROL_OPENAPI, YAML as OPENAPI};
pub use emulator::{Builder, Emulator, StartError};
pub use jiff;
