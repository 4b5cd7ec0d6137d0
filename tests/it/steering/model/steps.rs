//! Random steps.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

use super::documents::CHANNELS;
use super::step::{IDS, Step};

const STATES: &[&str] = &["online", "away", "transfers_only", "offline"];
const REASONS: &[&str] = &["ASSIGNED", "OFFERED", "ACCEPTED"];
const HAPPENINGS: &[&str] = &[
    "sign-in",
    "sign-out",
    "disconnect",
    "disconnect",
    "reconnect",
    "reconnect",
    "idle",
];

pub fn steps() -> impl Strategy<Value = Step> {
    let (id, name, item) = (|| select(&IDS[..]), || select(&CHANNELS[..]), || 1..4_u64);
    prop_oneof![
        2 => (id(), agent()).prop_map(|(id, body)| Step::Create(id, body)),
        1 => subsequence(&IDS[..], 1..3).prop_map(Step::Many),
        3 => (id(), agent()).prop_map(|(id, body)| Step::Replace(id, body)),
        4 => (id(), patch()).prop_map(|(id, body)| Step::Patch(id, body)),
        1 => id().prop_map(Step::Delete),
        2 => (id(), name(), channel_change()).prop_map(|(id, name, body)| Step::PutChannel(id, name, body)),
        2 => (id(), name(), channel_change()).prop_map(|(id, name, body)| Step::PatchChannel(id, name, body)),
        1 => (id(), name()).prop_map(|(id, name)| Step::DeleteChannel(id, name)),
        3 => (id(), name(), item()).prop_map(|(id, name, item)| Step::AddItem(id, name, item)),
        1 => (id(), name(), item(), select(REASONS)).prop_map(|(id, name, item, why)| Step::UpdateItem(id, name, item, why)),
        1 => (id(), name(), item()).prop_map(|(id, name, item)| Step::DeleteItem(id, name, item)),
        3 => (id(), name(), item(), of(id()), name()).prop_map(|(id, name, item, agent, channel)| {
            // To another agent's channel of the same name, or to a channel.
            let channel = if agent.is_some_and(|_| item % 2 == 0) { None } else { Some(channel) };
            Step::Move { from: (id, name), item, agent, channel }
        }),
        4 => (id(), select(HAPPENINGS)).prop_map(|(id, what)| Step::Presence(id, what)),
    ]
}

/// An object with the members that are present.
fn object(members: Vec<(&'static str, Option<Value>)>) -> Value {
    let members = members
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(members.collect::<Map<_, _>>())
}

fn status() -> impl Strategy<Value = Value> {
    let reason = of(select(&["PUBLIC_API", "INTERNAL_TEST"][..]));
    (select(&[2, 3, 4, 50, 51][..]), reason).prop_map(|(id, reason)| {
        object(vec![
            ("id", Some(json!(id))),
            ("reason", reason.map(Value::from)),
        ])
    })
}

fn groups() -> impl Strategy<Value = Value> {
    subsequence(&[1, 2][..], 0..3).prop_map(Value::from)
}

fn skills() -> impl Strategy<Value = Value> {
    subsequence(&["french"][..], 0..2).prop_map(Value::from)
}

fn items() -> impl Strategy<Value = Value> {
    (
        subsequence(&[1, 2, 3][..], 0..4),
        vec(of(select(REASONS)), 3),
    )
        .prop_map(|(ids, reasons)| {
            let item = |(id, reason): (i32, Option<&str>)| {
                object(vec![
                    ("id", Some(json!(id))),
                    ("reason", reason.map(Value::from)),
                ])
            };
            ids.into_iter().zip(reasons).map(item).collect()
        })
}

fn channel() -> impl Strategy<Value = Value> {
    (of(select(STATES)), of(0..3), of(items())).prop_map(|(status, capacity, items)| {
        object(vec![
            ("status", status.map(Value::from)),
            ("max_capacity", capacity.map(Value::from)),
            ("work_items", items),
        ])
    })
}

fn channels(channel: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = Value> {
    vec(of(channel), 3).prop_map(|channels| object(CHANNELS.into_iter().zip(channels).collect()))
}

type Member = Option<Value>;

fn agent_object((status, groups, skills, channels): (Member, Member, Member, Member)) -> Value {
    object(vec![
        ("agent_status", status),
        ("group_ids", groups),
        ("skill_ids", skills),
        ("channels", channels),
    ])
}

/// The body that creates or replaces an agent.
fn agent() -> impl Strategy<Value = Value> {
    let channel = || channel().boxed();
    (
        of(status()),
        of(groups()),
        of(skills()),
        of(channels(channel())),
    )
        .prop_map(agent_object)
}

/// A value, null, or absent.
fn nullable(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Option<Value>> {
    of(prop_oneof![3 => value, 1 => Just(Value::Null)])
}

fn channel_change() -> impl Strategy<Value = Value> {
    let capacity = nullable((0..3).prop_map(Value::from));
    (of(select(STATES)), capacity).prop_map(|(status, capacity)| {
        object(vec![
            ("status", status.map(Value::from)),
            ("max_capacity", capacity),
        ])
    })
}

fn patch() -> impl Strategy<Value = Value> {
    let channel = || prop_oneof![3 => channel_change(), 1 => Just(Value::Null)].boxed();
    (
        of(status()),
        nullable(groups()),
        nullable(skills()),
        of(channels(channel())),
    )
        .prop_map(agent_object)
}
