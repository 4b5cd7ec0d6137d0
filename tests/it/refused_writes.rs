//! Writes that the world refuses, made through the Rust handle.

use std::time::Duration;

use zendesk_availability_emulator::world::{
    AgentId, ChannelName, ChannelStatus, GroupId, SkillId, StatusId, StatusReason, WorkItemId,
    WorkItemReason, WriteError,
};

use super::events::{AGNES, Write, item};
use crate::harness::Account;

/// Assumed: a refused write changes nothing: no version, no event (versions grow with events).
#[test]
fn a_refused_write_leaves_nothing() {
    let account = Account::demo();
    let absent = AgentId(404);
    let (messaging, talk) = (ChannelName::Messaging, ChannelName::Talk);
    let no_talk = || WriteError::UnknownChannel {
        agent: AGNES,
        channel: talk,
    };
    let cases: Vec<(Write, WriteError)> = vec![
        (
            |account| account.set_status(AgentId(404), StatusId(3), StatusReason::PublicApi),
            WriteError::UnknownAgent(absent),
        ),
        (
            |account| account.set_status(AGNES, StatusId(999), StatusReason::PublicApi),
            WriteError::UnknownStatus(StatusId(999)),
        ),
        (
            |account| account.set_status(AgentId(10012), StatusId(124), StatusReason::PublicApi),
            WriteError::NotInGroups {
                agent: AgentId(10012),
                status: StatusId(124),
            },
        ),
        (
            |account| account.set_channel_status(AGNES, ChannelName::Talk, ChannelStatus::Online),
            no_talk(),
        ),
        (
            |account| {
                account.directly(|world, now| world.remove_channel(AGNES, ChannelName::Talk, now))
            },
            no_talk(),
        ),
        (
            |account| account.set_max_capacity(AGNES, ChannelName::Talk, None),
            no_talk(),
        ),
        (
            |account| {
                let item = item(1, WorkItemReason::Assigned);
                account
                    .directly(|world, now| world.add_work_item(AGNES, ChannelName::Talk, item, now))
            },
            no_talk(),
        ),
        (
            |account| {
                let item = item(201, WorkItemReason::Offered);
                account.directly(|world, now| {
                    world.add_work_item(AGNES, ChannelName::Messaging, item, now)
                })
            },
            WriteError::DuplicateWorkItem {
                agent: AGNES,
                channel: messaging,
                item: WorkItemId(201),
            },
        ),
        (
            |account| {
                account.directly(|world, now| {
                    world.remove_work_item(AGNES, ChannelName::Messaging, WorkItemId(301), now)
                })
            },
            WriteError::UnknownWorkItem {
                agent: AGNES,
                channel: messaging,
                item: WorkItemId(301),
            },
        ),
        (
            |account| {
                account.directly(|world, now| {
                    let (item, reason) = (WorkItemId(9), WorkItemReason::Offered);
                    world.update_work_item(AGNES, ChannelName::Messaging, item, reason, now)
                })
            },
            WriteError::UnknownWorkItem {
                agent: AGNES,
                channel: messaging,
                item: WorkItemId(9),
            },
        ),
        (
            |account| account.set_groups(AGNES, &[GroupId(1), GroupId(9)]),
            WriteError::UnknownGroup(GroupId(9)),
        ),
        (
            |account| account.set_groups(AgentId(404), &[]),
            WriteError::UnknownAgent(absent),
        ),
        (
            |account| account.set_skills(AGNES, &[SkillId("x".into())]),
            WriteError::UnknownSkill(SkillId("x".into())),
        ),
        (
            |account| account.set_skills(AgentId(404), &[]),
            WriteError::UnknownAgent(absent),
        ),
        (
            |account| account.directly(|world, _| world.remove_agent(AgentId(404))),
            WriteError::UnknownAgent(absent),
        ),
        (
            |account| account.add_agent(&account.world().agent(AGNES).expect("seeded")),
            WriteError::DuplicateAgent(AGNES),
        ),
        (
            |account| {
                let mut agent = account.world().agent(AGNES).expect("seeded");
                (agent.id, agent.groups) = (AgentId(77), Some(vec![GroupId(9)]));
                account.add_agent(&agent)
            },
            WriteError::UnknownGroup(GroupId(9)),
        ),
    ];
    let before = account.state();
    for (write, expected) in cases {
        account.advance(Duration::from_secs(1));
        let refusal = write(&account).expect_err("it cannot be");
        assert!(
            refusal.contains(&expected.to_string()),
            "{refusal}: {expected}"
        );
        assert_eq!(account.state(), before, "{expected}");
    }
    assert!(
        account
            .world()
            .set_omnichannel_routing(false, false, account.now())
    );
    let before = account.state();
    let refused = account.set_status(AGNES, StatusId(3), StatusReason::PublicApi);
    assert_eq!(refused, Err(WriteError::RoutingOff.to_string()));
    assert_eq!(account.state(), before);
}
