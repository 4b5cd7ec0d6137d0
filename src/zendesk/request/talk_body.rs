//! The body of an update of a Talk availability: `{"availability": {"agent_state": "online"}}`.

use serde_json::{Map, Value};

use super::body::{note_unread, unread_members};
use super::context::RequestContext;
use crate::config::Validation;
use crate::names::{Named, named_enum};
use crate::world::{StateUpdate, TalkUpdate};
use crate::zendesk::error::{ApiError, Code, Problem, Source};
use crate::zendesk::hint::quoted;

const AVAILABILITY: &str = "/availability";
const MEMBERS: &[&str] = &["agent_state", "via", "call_status"];
const WITH_LEGACY: &[&str] = &["agent_state", "via", "call_status", "available", "status"];

named_enum! {
    /// The state in the older API.
    pub(crate) enum LegacyStatus {
        /// Takes calls.
        Available => "available",
        /// In a call.
        OnCall => "on_call",
        /// Finishing what a call has left to do.
        WrapUp => "wrap_up",
        /// Takes no calls.
        NotAvailable => "not_available",
    }
}

/// Reads what an update changes.
pub(crate) fn talk_update(context: &RequestContext, value: &Value) -> Result<TalkUpdate, ApiError> {
    let mut problems = Vec::new();
    let availability = &value["availability"];
    let is_legacy = context.settings().talk_legacy;
    let members = if is_legacy { WITH_LEGACY } else { MEMBERS };
    let mut unread = unread_members(value, "", &["availability"]);
    unread.extend(unread_members(availability, AVAILABILITY, members));
    note_unread(context, &unread, &mut problems);
    let mut update = TalkUpdate::default();
    match availability.as_object() {
        Some(availability) => {
            let mut reader = Reader {
                availability,
                problems: &mut problems,
            };
            update.via = reader.word("via");
            update.state = reader.word("agent_state").map(StateUpdate::State);
            if is_legacy {
                let legacy = reader.legacy_state(context);
                if update.state.is_some() && legacy.is_some() {
                    context
                        .hints
                        .add("`agent_state` decides, so `available` and `status` were ignored");
                }
                update.state = update.state.or(legacy);
            } else {
                explain_legacy(context, availability);
            }
            if availability.contains_key("call_status") {
                context
                    .hints
                    .add("`call_status` follows the calls of the agent, so it was ignored");
            }
        }
        None => problems.push(no_availability(value)),
    }
    if problems.is_empty() {
        Ok(update)
    } else {
        Err(ApiError::Problems(problems))
    }
}

fn no_availability(value: &Value) -> Problem {
    let (detail, at) = if value.get("availability").is_some() {
        ("`availability` is not an object.", AVAILABILITY)
    } else {
        (
            "The request body is not an object such as {\"availability\": {\"via\": \"phone\"}}.",
            "",
        )
    };
    Problem::new(Code::RecordInvalid, detail).at(Source::Pointer(at.to_owned()))
}

/// Adds a hint for clients of the older API, whose members are ignored without a setting.
fn explain_legacy(context: &RequestContext, availability: &Map<String, Value>) {
    let is_given = |name: &&str| availability.contains_key(*name);
    let given = ["available", "status"].into_iter().find(is_given);
    if let Some(name) = given.filter(|_| context.settings().validation != Validation::Off) {
        let hint = format!(
            "{} is of the older API, which the setting talk_legacy adds",
            quoted(name)
        );
        context.hints.add(hint);
    }
}

/// Reads the members of an availability.
struct Reader<'a> {
    availability: &'a Map<String, Value>,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    /// Reads a member; `expected` says what it can be.
    fn member<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Value) -> Option<T>,
        expected: &str,
    ) -> Option<T> {
        let value = self.availability.get(name)?;
        let read = read(value);
        if read.is_none() {
            let detail = format!("`{name}` is not {expected}.");
            let at = Source::Pointer(format!("{AVAILABILITY}/{name}"));
            self.problems
                .push(Problem::new(Code::RecordInvalid, detail).at(at));
        }
        read
    }

    fn word<T: Named>(&mut self, name: &str) -> Option<T> {
        let expected = format!("one of {}", T::NAMES.join(", "));
        self.member(name, |value| T::parse(value.as_str()?), &expected)
    }

    /// The state that the members of the older API say: `available`, or else `status`.
    fn legacy_state(&mut self, context: &RequestContext) -> Option<StateUpdate> {
        let available = self.member("available", Value::as_bool, "true or false");
        let status = self.word("status").and_then(|status| match status {
            LegacyStatus::Available => Some(true),
            LegacyStatus::NotAvailable => Some(false),
            LegacyStatus::OnCall | LegacyStatus::WrapUp => {
                context
                    .hints
                    .add("this `status` follows the calls of the agent, so it was ignored");
                None
            }
        });
        available.or(status).map(StateUpdate::Available)
    }
}
