//! A local stand-in for Zendesk's Agent Availability and Unified Agent Status APIs, which
//! unmodified clients take for Zendesk.
//!
//! As a library it is an [`Emulator`] that a test starts, points its client at, and drops. The
//! binary is the same emulator with a command line.
//!
//! # Architecture
//!
//! Two APIs, one model. `zendesk` answers Zendesk's clients as Zendesk would (`/api/v2/…`, `/oauth/…`).
//! `control` lets testers steer and inspect (`/_emulator/…`). Between them is a [`world`] of agents,
//! channels, statuses and work items that knows nothing of HTTP. An `account` is such a world with
//! what belongs to it alone: settings, clock, rate limit, jobs, fault rules and a journal.
//!
//! | module | what it holds | what it uses |
//! | --- | --- | --- |
//! | [`world`] | the model and its rules | `names`, `setters` |
//! | `document` | the documents that a tester sends: JSON and YAML, read in place, every problem named | `config`, `names` |
//! | `wire` | the documents of the control API, written by the server and read by [`client`] | `document`, `world`, `config`, `names` |
//! | [`seed`] | the start of a world as a document, snapshots, and agents for load tests | `document`, `wire`, `world`, `config`, `prng`, `names` |
//! | `events` | events in Zendesk's envelope, as streams and webhooks carry them | `world`, `names` |
//! | `account` | a world with the rules, clock, jobs, faults and journal that belong to it, and all accounts | `world`, `wire`, `document`, `seed`, `events`, `config`, `clock`, `ids`, `prng`, `names` |
//! | `zendesk` | Zendesk's API: a file per resource, its wire types beside it | `account`, `world`, `wire`, `config`, `clock`, `incoming`, `names`, axum |
//! | `control` | the control API: a file per concern | `account`, `document`, `seed`, `events`, `wire`, `world`, `config`, `clock`, `ids`, `incoming`, `names`, axum |
//! | `dashboard` | the live page: files for a browser, which call the control API | axum |
//! | `app` | what outlives a request | `account`, `zendesk`, `config`, `clock`, `ids` |
//! | `layers` | what happens to a request around its handler: a file for each tower layer | `app`, `account`, `control`, `zendesk`, `config`, `clock`, `ids`, `incoming`, axum, tower |
//! | `server` | the route tables, the list of the layers (`stack.rs`), the socket | all of the above |
//! | [`client`] | the control API from Rust, in process and over HTTP | `config`, `seed`, `events`, `wire`, `world`, `names`, `incoming`, axum, hyper |
//! | [`Emulator`] | a server that a test starts | all of the above |
//! | [`guide`] | how to use it, a page for each subject | nothing |
//! | [`config`] | settings of the server and of accounts | `world`, `names`, `setters` |
//! | [`clock`], `ids` | the only readers of real time and of randomness | nothing |
//! | `prng` | pseudorandom numbers from a seed | nothing |
//! | `incoming` | bodies and paths of requests to both APIs | axum |
//! | `names` | closed sets of words, each with one spelling on the wire | nothing |
//! | `setters` | structs whose members are set by methods | nothing |
//!
//! A test (`tests/it/architecture.rs`) reads the `use` lines and keeps this table true.
//!
//! # The life of a request
//!
//! What `GET /api/v2/agent_availabilities?filter[…]=…` meets, from the socket to the bytes of its
//! answer:
//!
//! 1. `server/listen.rs` accepts the connection. hyper reads the request; `server/socket.rs` limits
//!    how long each side may take.
//! 2. `server/normalize_path.rs` rewrites the path: `.json`, a slash at the end, runs of slashes,
//!    and `/_account/{subdomain}`.
//! 3. axum's router finds the route in `server/zendesk_routes.rs`.
//! 4. The layers of `server/stack.rs` run in the order of that file; `layers/mod.rs` has the kinds of
//!    layers. `layers/context.rs` finds the account by the address (`layers/address.rs`), the caller
//!    by the credentials (`zendesk/request/credentials.rs`) and the operation, and puts them into a
//!    `RequestContext` (`zendesk/request/context.rs`). If something is due in the account, it happens
//!    now. Then the request is refused if its host has no account, the caller is not known, the limit
//!    is reached (`account/limiter.rs`), or role or scope do not allow the operation
//!    (`layers/access.rs`). Four layers let this request pass: `layers/cors.rs`, `layers/faults.rs`,
//!    `layers/known_path.rs` and `layers/rule_answers.rs`.
//! 5. The handler, in `zendesk/agent_availabilities.rs`, gets an `ApiRequest`
//!    (`zendesk/request/api_request.rs`): the context, the account, the query and the body. It reads
//!    the query (`zendesk/request/query.rs`) and the page that is asked for
//!    (`zendesk/response/cursor_pages.rs`). Unless `zendesk/response/cache.rs` still has the list, it
//!    takes the world's lock once: `world/filter.rs` finds the page in the sets of `world/index.rs` and
//!    `world/slots.rs`. `zendesk/agent_resource.rs` writes each record (`world/record.rs`) as JSON
//!    (`zendesk/response/json.rs`).
//! 6. On the way back, `layers/cors.rs` may let a page read the answer; `layers/response_headers.rs`
//!    writes errors and hints; `layers/journal.rs` and `layers/access_log.rs` record the call, and
//!    `layers/response_headers.rs` adds the other headers.
//! 7. If a fault says so, `server/fault_delivery.rs` delays or damages the answer. `server/drain.rs`
//!    discards what was not read of a body.
//!
//! Other calls take the same way with other handlers. A request below `/oauth/` is for all callers:
//! nothing asks for credentials, and no limit counts it. A control call has a route in
//! `server/control_routes.rs`, and a guard (`control/guard.rs`) in front of its handler in place of
//! authentication, rate limit and access.
//!
//! # Invariants
//!
//! - Writes to a world happen one at a time and are whole: agent, index and event log change
//!   together or not at all. A refused write changes nothing. Reading one agent takes no lock of
//!   the world.
//! - A stored agent never changes. A write replaces it by another one. So a list that consists of
//!   the same records as before can be sent again as it was.
//! - Each difference that a write makes to an agent raises the agent's version. Most are events; some,
//!   such as skills, are not. Replacing a snapshot makes no events of agents. The event log is bounded
//!   and says how many events it has dropped.
//! - A snapshot replaces a world in one write, and the settings are locked meanwhile. A request reads the
//!   settings and the users once, when it begins, and keeps them until it ends.
//! - Users, OAuth clients, codes and tokens are one value, the directory, which a change replaces. Of two
//!   requests with one code or refresh token, one finds it used up. Only when a token was last used is
//!   noted in place.
//! - The clock is read once per request. `Date`, `updated_at` and the rate limit of one answer
//!   agree.
//! - Each request gets an answer in the form of its API, and a 500 only if a handler panics. What a
//!   developer needs to know beyond that is in the `X-Emulator-Hint` header.
//! - Each call to Zendesk's API is in the journal of its account, or counted as dropped. Secrets are
//!   masked when the journal is read; logs and hints mask the same names.
//! - A viewer that follows an account costs bounded memory and work, however fast the account is
//!   called and however slowly the viewer reads: it gets the newest of what happened, at a fixed
//!   pace. Without viewers, a call pays for one read of a counter.
//! - A fault replaces a call, which the rate limit then does not count, or it damages the answer of
//!   a call that has happened. The answer of a rule stands in for a route, behind the same checks.
//!   Without rules for either, a call pays for one read of a flag.
//! - The number of connections is limited, and so is the time that a client may take for each step.
//! - Long work does not delay other accounts. Control calls that can take long run on blocking
//!   threads, and work that is due runs in portions. Requests to an account wait for a long write as
//!   tasks, not as threads.
//! - A document is read in place. Nothing is built from it before it is known to be valid, so
//!   a refused document costs little more memory than its text.
//! - Nothing is global: no subscriber, panic hook or signal handler. Two emulators can live in one
//!   process.
//! - `openapi/agent-availability.yaml` is written by hand, because the contract is Zendesk's. Every
//!   answer of every test is checked against it.
//!
//! # Locks
//!
//! A thread that holds a lock takes only locks after it in this list: the account's `changing`, its
//! jobs, the world's state, then one of: the effective settings, the window of the rate limit, a shard of
//! the agents, the directory, the number of agents with a user, the routing switch, the queue of calls;
//! last, the list of waiting tasks. The locks of the clock, the fault rules, the journal and the response
//! cache are taken alone. No future is suspended while it holds a lock.
//!
//! # Glossary
//!
//! Words that come from elsewhere, as they are used here:
//!
//! | word | meaning |
//! | --- | --- |
//! | agent, channel, work item, unified status, omnichannel routing, group, skill | Zendesk's own words; see the [documentation](https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/agent_availabilities/) |
//! | account | what belongs to one subdomain: a world, settings, clock, rate limit, jobs, fault rules and a journal. The default account is that of every host which names no other |
//! | Ticketing API | what Zendesk calls the API that users, groups, search and account settings belong to; here with Talk, group availability and capacity rules, which have the same limit and errors |
//! | operation | as in OpenAPI: id, method, path, who may call it |
//! | settings | how an account behaves; a tester may change them. The effective settings are those that a request reads when it begins, with a limiter for the availability APIs and one for the Ticketing API |
//! | context | what is known of a request (`RequestContext`) |
//! | journal | the calls to Zendesk's API that an account got lately |
//! | fault | a failure on purpose: a rule says which requests it matches, and when |
//! | seed, snapshot | a document that says what an account starts with, and the whole account as such a document |
//!
//! Words of this code:
//!
//! | word | meaning |
//! | --- | --- |
//! | world | the agents, statuses and users of an account, and the events that happened to them |
//! | directory | the users, groups, skills, capacity rules and tokens of an account |
//! | record | an agent as the store holds it |
//! | slot | the place of an agent in the order of ids, by which filter indexes name it |
//! | version, revision | a change of an agent raises its version; a write, even a refused one, changes the revision of the world |
//! | hint | a sentence in the `X-Emulator-Hint` header |
//! | gate | what requests to an account pass; while a write takes long, they wait there as tasks |
//! | viewer | a client that follows an account by a stream of its events and requests |
//! | due | a job or expiry whose time has come by the account's clock |
//! | answer of a rule | what a rule has clients get in place of Zendesk's answer |
//! | source, stamp | what a control call says makes it, which the events of the call have too; the time and source of a write |
//! | Talk state | how available an agent is for calls: the status of its channel `talk` |
//! | report | what the journal says about the client's habits |
//! | live page | what a browser shows at `/_emulator`, where `/` leads: agents, requests and events as they happen, and controls |

mod account;
mod app;
pub mod client;
pub mod clock;
pub mod config;
mod control;
#[cfg(feature = "dashboard")]
mod dashboard;
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
mod setters;
mod wire;
pub mod world;
mod zendesk;

pub use control::contract::{CONTROL_YAML as CONTROL_OPENAPI, YAML as OPENAPI};
pub use emulator::{Builder, Emulator, StartError};
pub use jiff;
