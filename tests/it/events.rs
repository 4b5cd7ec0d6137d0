//! What writes add to the account's log, and how they change an agent's version, through the Rust
//! handle. How events leave the emulator is tested elsewhere.

use std::time::Duration;

use serde_json::json;
use zendesk_availability_emulator::world::{
    AgentId, ChannelName, ChannelStatus, EventKind, GroupId, SkillId, StatusId, StatusReason,
    StatusSnapshot, Subject, WorkItem, WorkItemId, WorkItemReason,
};

use crate::harness::{Account, Written};

pub const AGNES: AgentId = AgentId(10011);

pub type Write = fn(&Account) -> Written;

pub fn snapshot(id: u64, name: &str, reason: StatusReason) -> StatusSnapshot {
    StatusSnapshot::new(StatusId(id), name, reason)
}

pub fn item(id: u64, reason: WorkItemReason) -> WorkItem {
    WorkItem::new(
        WorkItemId(id),
        "2026-01-21T10:25:00Z".parse().expect("a time"),
        reason,
    )
}

/// The events of the log, as (agent and version, text).
pub fn events(account: &Account) -> Vec<(Option<(u64, u64)>, EventKind)> {
    let agent = |subject| match subject {
        Subject::Agent { id, version } => Some((id.0, version)),
        Subject::Account => None,
        other => panic!("{other:?}"),
    };
    account
        .world()
        .events()
        .iter()
        .map(|event| (agent(event.subject), event.kind.clone()))
        .collect()
}

type Cases = Vec<(&'static str, Write, Vec<EventKind>)>;

/// Each write with its events in order. Their versions continue from the agent's.
fn check(cases: Cases) {
    for (what, write, expected) in cases {
        let account = Account::demo();
        account.advance(Duration::from_nanos(1));
        let agent = write(&account).unwrap_or_else(|error| panic!("{what}: {error}"));
        let versioned = (237..)
            .map(|version| Some((AGNES.0, version)))
            .zip(expected.iter().cloned());
        assert_eq!(events(&account), versioned.collect::<Vec<_>>(), "{what}");
        assert!(
            account
                .world()
                .events()
                .iter()
                .all(|event| event.time == account.now()),
            "{what}"
        );
        assert_eq!(agent.version, 236 + expected.len() as u64, "{what}");
        assert_eq!(
            account.json("/10011")["data"]["attributes"]["version"],
            agent.version,
            "{what}"
        );
    }
}

/// A work item that the agent has from the start.
fn seeded(id: u64, added_at: &str, reason: WorkItemReason) -> WorkItem {
    WorkItem::new(WorkItemId(id), added_at.parse().expect("a time"), reason)
}

/// Documented: the event of a channel's status. Observed: the event of a unified status and of a
/// removed work item. Assumed: the events of capacities and channels, that `version` grows by one
/// with each event, and that a write without a change makes no event.
#[test]
fn writes_to_statuses_and_channels_leave_their_events() {
    use ChannelName::{Messaging, Support, Talk};
    use ChannelStatus::{Away, Offline, Online, TransfersOnly};
    let state = |channel, previous, new| EventKind::StateChanged {
        channel,
        previous,
        new,
    };
    let switcher = snapshot(3, "online", StatusReason::AgentStatusSwitcher);
    let unified = |new| EventKind::UnifiedStateChanged {
        previous: switcher.clone(),
        new,
    };
    let removed = |channel, item| EventKind::WorkItemRemoved { channel, item };
    let of_support = [
        seeded(
            301,
            "2026-01-21T09:01:12.330871Z",
            WorkItemReason::ManualAssigned,
        ),
        seeded(
            302,
            "2026-01-21T09:47:51.095527Z",
            WorkItemReason::ChannelChange,
        ),
    ];
    check(vec![
        (
            "another status",
            |account| account.set_status(AGNES, StatusId(2), StatusReason::AgentLogout),
            vec![
                unified(snapshot(2, "offline", StatusReason::AgentLogout)),
                state(Messaging, Online, Offline),
                state(Support, Online, Offline),
            ],
        ),
        (
            "a status that leaves a channel as it is",
            |account| account.set_status(AGNES, StatusId(123), StatusReason::InternalTest),
            vec![
                unified(snapshot(123, "In a meeting", StatusReason::InternalTest)),
                state(Messaging, Online, Away),
            ],
        ),
        (
            "the same status again",
            |account| account.set_status(AGNES, StatusId(3), StatusReason::PublicApi),
            vec![unified(snapshot(3, "online", StatusReason::PublicApi))],
        ),
        (
            "a channel's status",
            |account| account.set_channel_status(AGNES, Support, TransfersOnly),
            vec![state(Support, Online, TransfersOnly)],
        ),
        (
            "a channel's own status",
            |account| account.set_channel_status(AGNES, Support, Online),
            vec![],
        ),
        (
            "another channel",
            |account| account.put_channel(AGNES, Talk, Some(1)),
            vec![EventKind::ChannelCreated { channel: Talk }],
        ),
        (
            "a channel removed, with its work items",
            |account| account.directly(|world, now| world.remove_channel(AGNES, Support, now)),
            vec![
                removed(Support, of_support[0]),
                removed(Support, of_support[1]),
                EventKind::ChannelDeleted { channel: Support },
            ],
        ),
        (
            "a capacity",
            |account| account.set_max_capacity(AGNES, Messaging, Some(0)),
            vec![EventKind::MaxCapacityChanged {
                channel: Messaging,
                previous: Some(5),
                new: Some(0),
            }],
        ),
        (
            "capacity removed",
            |account| account.set_max_capacity(AGNES, Messaging, None),
            vec![EventKind::MaxCapacityChanged {
                channel: Messaging,
                previous: Some(5),
                new: None,
            }],
        ),
        (
            "the same capacity",
            |account| account.set_max_capacity(AGNES, Messaging, Some(5)),
            vec![],
        ),
    ]);
}

/// Observed for work items, assumed for groups: their events. A work item event contains the item
/// as it is at that time.
#[test]
fn writes_to_work_items_and_groups_leave_their_events() {
    use ChannelName::{Messaging, Support};
    let departed = seeded(
        302,
        "2026-01-21T09:47:51.095527Z",
        WorkItemReason::ChannelChange,
    );
    check(vec![
        (
            "another work item",
            |account| {
                account.directly(|world, now| {
                    world.add_work_item(AGNES, Messaging, item(206, WorkItemReason::Assigned), now)
                })
            },
            vec![EventKind::WorkItemAdded {
                channel: Messaging,
                item: item(206, WorkItemReason::Assigned),
            }],
        ),
        (
            "a work item with another reason",
            |account| {
                account.directly(|world, now| {
                    world.update_work_item(
                        AGNES,
                        Support,
                        WorkItemId(301),
                        WorkItemReason::Reopened,
                        now,
                    )
                })
            },
            vec![EventKind::WorkItemUpdated {
                channel: Support,
                item: seeded(301, "2026-01-21T09:01:12.330871Z", WorkItemReason::Reopened),
                previous_reason: WorkItemReason::ManualAssigned,
            }],
        ),
        (
            "a work item removed",
            |account| {
                account.directly(|world, now| {
                    world.remove_work_item(AGNES, Support, WorkItemId(302), now)
                })
            },
            vec![EventKind::WorkItemRemoved {
                channel: Support,
                item: departed,
            }],
        ),
        (
            "groups",
            |account| account.set_groups(AGNES, &[GroupId(42)]),
            vec![EventKind::GroupsUpdated {
                previous: vec![GroupId(1), GroupId(42)],
                new: vec![GroupId(42)],
            }],
        ),
    ]);
}

/// Assumed: a change of skills makes no event, but raises the version.
#[test]
fn skills_make_a_version_but_no_event() {
    let account = Account::demo();
    let french = SkillId("1ae11c11-9993-49f8-9850-c2dc096badd1".into());
    for (skills, version) in [
        (vec![], 237),
        (vec![french.clone()], 238),
        (vec![french], 238),
    ] {
        assert!(account.set_skills(AGNES, &skills).is_ok());
        let attributes = account.json("/10011")["data"]["attributes"].clone();
        assert_eq!(attributes["version"], version);
        let shown: Vec<_> = skills
            .iter()
            .map(|skill| json!({ "id": *skill.0 }))
            .collect();
        assert_eq!(attributes["skills"], json!(shown));
    }
    assert_eq!(events(&account), []);
    // The next event continues from there.
    assert!(account.set_groups(AGNES, &[]).is_ok());
    assert_eq!(events(&account)[0].0, Some((10011, 239)));
}

/// Assumed: adding and removing agents makes no event. Switching routing makes one for the account
/// (documented), before those of the agents that it sets to offline.
#[test]
fn the_switch_is_the_accounts_event() {
    let account = Account::demo();
    let world = account.world();
    let mut other = world.agent(AGNES).expect("seeded");
    other.id = AgentId(77);
    assert!(account.add_agent(&other).is_ok());
    assert!(world.remove_agent(AgentId(77)).is_ok());
    assert_eq!(events(&account), []);

    for id in (10_012..=10_018)
        .chain(10_020..=10_035)
        .chain([1_900_012_345_678_901])
    {
        assert!(world.remove_agent(AgentId(id)).is_ok());
    }
    assert!(world.set_omnichannel_routing(false, true, account.now()));
    assert!(world.set_omnichannel_routing(true, true, account.now()));
    let offline = snapshot(2, "offline", StatusReason::OmnichannelRoutingEnabled);
    let unified = |name, id, reason| EventKind::UnifiedStateChanged {
        previous: snapshot(id, name, reason),
        new: offline.clone(),
    };
    let went_offline = |channel| EventKind::StateChanged {
        channel,
        previous: ChannelStatus::Online,
        new: ChannelStatus::Offline,
    };
    let switched =
        |previous, current| EventKind::OmnichannelRoutingFeatureChanged { previous, current };
    let expected = vec![
        (None, switched(true, false)),
        (None, switched(false, true)),
        (
            Some((10001, 13)),
            unified("online", 3, StatusReason::AgentStatusSwitcher),
        ),
        (Some((10001, 14)), went_offline(ChannelName::Messaging)),
        (Some((10001, 15)), went_offline(ChannelName::Support)),
        (
            Some((10011, 237)),
            unified("online", 3, StatusReason::AgentStatusSwitcher),
        ),
        (Some((10011, 238)), went_offline(ChannelName::Messaging)),
        (Some((10011, 239)), went_offline(ChannelName::Support)),
        (
            Some((10019, 2)),
            unified("offline", 2, StatusReason::Unknown),
        ),
    ];
    assert_eq!(events(&account), expected);
    let sequences: Vec<_> = world.events().iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, (1..=9).collect::<Vec<_>>());
}
