//! Agents, their channels and what they hold.

use zendesk_availability_emulator::client::{
    AgentFilter, AgentPatch, ChannelChange, NewAgent, NewAgentStatus, NewChannel, NewWorkItem,
    WorkItemMove,
};
use zendesk_availability_emulator::jiff::Timestamp;
use zendesk_availability_emulator::world::ChannelName::{Chat, Messaging, Support, Talk};
use zendesk_availability_emulator::world::{ChannelStatus, StatusReason, WorkItemReason};

use super::{in_both_ways, refusal};

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// The skill of the demo that is called French.
const FRENCH: &str = "1ae11c11-9993-49f8-9850-c2dc096badd1";

#[test]
fn an_agent_is_what_it_was_made() {
    in_both_ways(|client| {
        let account = client.default_account();
        let (before, later) = (
            time("2026-01-21T08:00:00.000001Z"),
            time("2026-01-21T09:00:00.5Z"),
        );
        let item = NewWorkItem::new(7)
            .added_at(later)
            .reason(WorkItemReason::Offered);
        let channel = NewChannel::new()
            .status(ChannelStatus::Away)
            .max_capacity(2)
            .updated_at(later)
            .work_item(item);
        let agent = NewAgent::new(10_042)
            .version(6)
            .agent_status(
                NewAgentStatus::new(123)
                    .reason(StatusReason::WfmStatusUpdate)
                    .updated_at(before),
            )
            .group_ids([42, 1])
            .skill_ids([FRENCH])
            .channel(Chat, channel);
        let made = account.create_agent(&agent).expect("an agent");
        assert_eq!(account.agent(10_042).expect("an agent"), made);
        let status = &made.agent_status;
        assert_eq!((made.id, made.version), (10_042, 6));
        assert_eq!(
            (status.id, status.reason, status.updated_at),
            (123, StatusReason::WfmStatusUpdate, before)
        );
        let mut groups = made.group_ids.clone().expect("groups");
        groups.sort_unstable();
        assert_eq!(groups, [1, 42]);
        assert_eq!(made.skill_ids.as_deref(), Some(&[FRENCH.to_owned()][..]));
        assert_eq!(made.channels.keys().copied().collect::<Vec<_>>(), [Chat]);
        let chat = &made.channels[&Chat];
        assert_eq!(
            (chat.status, chat.max_capacity, chat.updated_at),
            (ChannelStatus::Away, Some(2), later)
        );
        let item = &chat.work_items[0];
        assert_eq!(
            (item.id, item.added_at, item.reason),
            (7, later, WorkItemReason::Offered)
        );
        // What was read can be put back, and is then unchanged.
        assert_eq!(account.delete_agent(10_042).expect("an agent"), made);
        assert_eq!(
            refusal(&account.agent(10_042).expect_err("it is gone")),
            (404, "RecordNotFound")
        );
        assert_eq!(
            account
                .replace_agent(&made.clone().into())
                .expect("an agent"),
            made
        );
        let other = account
            .replace_agent(&NewAgent::new(10_042))
            .expect("an agent");
        assert_eq!(
            (other.group_ids, other.skill_ids, other.channels.len()),
            (None, None, 0)
        );
    });
}

#[test]
fn agents_come_all_or_none() {
    in_both_ways(|client| {
        let account = client.default_account();
        let new: Vec<_> = (50_000..50_300).map(NewAgent::new).collect();
        assert_eq!(account.create_agents(&new).expect("new ids"), 300);
        let wrong: Vec<_> = (50_299..50_500)
            .map(|id| NewAgent::new(id).group_ids([9]))
            .collect();
        let refused = account.create_agents(&wrong).expect_err("no such group");
        assert_eq!(refusal(&refused), (422, "InvalidRequest"));
        let refusal = refused.refusal().expect("a refusal");
        assert_eq!(refusal.problems.len(), 100);
        let count = refusal.problem_count;
        assert!(count > 200, "{count}");
        assert!(
            refused
                .to_string()
                .ends_with(&format!("\nand {} more problems", count - 100)),
            "{refused}"
        );
        assert!(account.agent(50_300).is_err(), "none of them is there");
    });
}

#[test]
fn an_agent_is_patched() {
    in_both_ways(|client| {
        let account = client.default_account();
        let before = account.agent(10_011).expect("an agent");
        let change = ChannelChange::new()
            .status(ChannelStatus::TransfersOnly)
            .max_capacity(None);
        let patch = AgentPatch::new()
            .version(before.version)
            .agent_status(4, StatusReason::ExploreTakeAnAction)
            .group_ids(Some(&[1]))
            .skill_ids(None)
            .channel(Messaging, change)
            .channel(Talk, ChannelChange::new().max_capacity(Some(1)))
            .without_channel(Support);
        let after = account.update_agent(10_011, &patch).expect("an agent");
        assert_eq!(
            (after.agent_status.id, after.agent_status.reason),
            (4, StatusReason::ExploreTakeAnAction)
        );
        assert_eq!((after.group_ids, after.skill_ids), (Some(vec![1]), None));
        assert_eq!(
            after.channels.keys().copied().collect::<Vec<_>>(),
            [Messaging, Talk]
        );
        let messaging = &after.channels[&Messaging];
        assert_eq!(
            (messaging.status, messaging.max_capacity),
            (ChannelStatus::TransfersOnly, None)
        );
        assert_eq!(messaging.work_items, before.channels[&Messaging].work_items);
        assert_eq!(after.channels[&Talk].max_capacity, Some(1));
        let refused = account
            .update_agent(10_011, &patch)
            .expect_err("it has another version");
        assert_eq!(
            refused.refusal().expect("a refusal").problems[0].path,
            "version"
        );
        let unknown = account
            .update_agent(10_011, &AgentPatch::new().group_ids(None))
            .expect("an agent");
        assert_eq!(unknown.group_ids, None);
        let skilled = account
            .update_agent(10_011, &AgentPatch::new().skill_ids(Some(&[FRENCH])))
            .expect("an agent");
        assert_eq!(skilled.skill_ids.as_deref(), Some(&[FRENCH.to_owned()][..]));
    });
}

#[test]
fn channels_come_change_and_go() {
    in_both_ways(|client| {
        let account = client.default_account();
        let channel = |change| {
            account
                .update_channel(10_011, Messaging, &change)
                .expect("an agent")
                .channels[&Messaging]
                .clone()
        };
        let before = account.agent(10_011).expect("an agent").channels[&Messaging].clone();
        let away = channel(ChannelChange::new().status(ChannelStatus::Away));
        assert_eq!(
            (away.status, away.max_capacity),
            (ChannelStatus::Away, before.max_capacity)
        );
        let narrow = channel(ChannelChange::new().max_capacity(Some(1)));
        assert_eq!(
            (narrow.status, narrow.max_capacity),
            (ChannelStatus::Away, Some(1))
        );
        assert_eq!(
            channel(ChannelChange::new().max_capacity(None)).max_capacity,
            None
        );
        let both = ChannelChange::new()
            .status(ChannelStatus::Offline)
            .max_capacity(Some(3));
        let replaced = account
            .replace_channel(10_011, Talk, &both)
            .expect("an agent")
            .channels[&Talk]
            .clone();
        assert_eq!(
            (replaced.status, replaced.max_capacity),
            (ChannelStatus::Offline, Some(3))
        );
        let replaced = account
            .replace_channel(10_011, Talk, &ChannelChange::new())
            .expect("an agent");
        assert_eq!(
            replaced.channels[&Talk].max_capacity, None,
            "what the body leaves out is reset"
        );
        let left = account.delete_channel(10_011, Talk).expect("an agent");
        assert!(!left.channels.contains_key(&Talk));
    });
}

#[test]
fn work_items_come_change_move_and_go() {
    in_both_ways(|client| {
        let account = client.default_account();
        let item = NewWorkItem::new(901).reason(WorkItemReason::Offered);
        let given = account
            .create_work_item(10_011, Messaging, &item)
            .expect("an agent");
        let held = given.channels[&Messaging]
            .work_items
            .last()
            .expect("an item");
        assert_eq!((held.id, held.reason), (901, WorkItemReason::Offered));
        let taken = account
            .create_work_item(10_011, Messaging, &item)
            .expect_err("it is there");
        assert_eq!(refusal(&taken), (409, "Conflict"));
        let changed = account
            .update_work_item(10_011, Messaging, 901, WorkItemReason::Accepted)
            .expect("an agent");
        assert_eq!(
            changed.channels[&Messaging]
                .work_items
                .last()
                .expect("an item")
                .reason,
            WorkItemReason::Accepted
        );
        // To another agent, to another channel, and to both, with a reason.
        for (agent, from, to, expected) in [
            (
                10_011,
                Messaging,
                WorkItemMove::to_agent(10_012),
                (10_012, Messaging, WorkItemReason::AssignedTransfer),
            ),
            (
                10_012,
                Messaging,
                WorkItemMove::to_agent(10_011).channel(Support),
                (10_011, Support, WorkItemReason::AssignedTransfer),
            ),
            (
                10_011,
                Support,
                WorkItemMove::to_channel(Messaging).reason(WorkItemReason::Reopened),
                (10_011, Messaging, WorkItemReason::Reopened),
            ),
        ] {
            let moved = account
                .move_work_item(agent, from, 901, to)
                .expect("two agents");
            assert_eq!((moved.from.id, moved.to.id), (agent, expected.0));
            let held = moved.to.channels[&expected.1]
                .work_items
                .last()
                .expect("an item");
            assert_eq!((held.id, held.reason), (901, expected.2));
            assert!(
                moved.from.channels[&from]
                    .work_items
                    .iter()
                    .all(|item| item.id != 901)
            );
        }
        let left = account
            .delete_work_item(10_011, Messaging, 901)
            .expect("an agent");
        assert_eq!(left.channels[&Messaging].work_items.len(), 5);
    });
}

#[test]
fn what_happens_to_agents_has_its_reason() {
    in_both_ways(|client| {
        let account = client.default_account();
        let steps = [
            (
                account.sign_in(10_011, Some(123)),
                123,
                StatusReason::AgentStatusSwitcher,
            ),
            (
                account.disconnect(10_011),
                2,
                StatusReason::AgentDisconnected,
            ),
            (
                account.reconnect(10_011, None),
                123,
                StatusReason::SwitcherAutoReconnect,
            ),
            (
                account.sign_in(10_011, None),
                3,
                StatusReason::AgentStatusSwitcher,
            ),
            (
                account.idle(10_011, None),
                4,
                StatusReason::AgentIdleTimeout,
            ),
            (
                account.idle(10_011, Some(5)),
                5,
                StatusReason::AgentIdleTimeout,
            ),
            (
                account.disconnect(10_011),
                2,
                StatusReason::AgentDisconnected,
            ),
            (
                account.reconnect(10_011, Some(3)),
                3,
                StatusReason::SwitcherAutoReconnect,
            ),
            (account.sign_out(10_011), 2, StatusReason::AgentLogout),
        ];
        for (step, (agent, id, reason)) in steps.into_iter().enumerate() {
            let status = agent.expect("an agent").agent_status;
            assert_eq!((status.id, status.reason), (id, reason), "step {step}");
        }
        let refused = account
            .reconnect(10_011, None)
            .expect_err("it is not disconnected");
        assert_eq!(refusal(&refused), (409, "Conflict"));
    });
}

/// By design: pages of agents, as the control API has them.
#[test]
fn agents_are_read_page_by_page() {
    in_both_ways(|client| {
        let account = client.default_account();
        let whole = account.agents(&AgentFilter::any()).expect("agents");
        assert_eq!((whole.agents.len(), whole.next), (27, None));
        let first = account
            .agents(&AgentFilter::any().limit(4))
            .expect("agents");
        assert_eq!(
            (&first.agents[..], first.next),
            (&whole.agents[..4], Some(whole.agents[3].id))
        );
        assert_eq!(first.agents[1], account.agent(10_011).expect("an agent"));
        let rest = account
            .agents(&AgentFilter::any().after(whole.agents[3].id))
            .expect("agents");
        assert_eq!((&rest.agents[..], rest.next), (&whole.agents[4..], None));
        let online = account
            .agents(&AgentFilter::any().agent_status(3))
            .expect("agents");
        let expected: Vec<_> = whole
            .agents
            .iter()
            .filter(|agent| agent.agent_status.id == 3)
            .cloned()
            .collect();
        assert_eq!(online.agents, expected);
        let refused = account
            .agents(&AgentFilter::any().limit(0))
            .expect_err("no page is that small");
        assert_eq!(refusal(&refused), (422, "InvalidRequest"));
    });
}

/// The filters of a list are those of the counts too.
#[test]
fn agents_are_chosen_and_counted() {
    in_both_ways(|client| {
        let account = client.default_account();
        let filter = AgentFilter::any()
            .group(42)
            .channel(Messaging)
            .channel_status(ChannelStatus::Online)
            .agent_status(2)
            .agent_status(3)
            .text("Example.COM");
        let page = account
            .agents(&filter.clone().limit(1).with_users())
            .expect("agents");
        let users = page.users.expect("users");
        assert_eq!((page.agents.len(), users.len()), (1, 1));
        assert_eq!(users[0], account.user(page.agents[0].id).expect("a user"));
        let all = account.agents(&filter).expect("agents");
        assert_eq!(all.users, None);
        assert!(all.agents.len() > 1 && all.agents.len() < 20);
        assert!(all.agents.iter().all(|agent| {
            agent.agent_status.id == 3 && agent.channels[&Messaging].status == ChannelStatus::Online
        }));
        // The numbers are those of all pages.
        let counts = account
            .count_agents(&filter.limit(1).after(10_011).with_users())
            .expect("counts");
        assert_eq!(counts.agents, all.agents.len() as u64);
        let online = counts.agent_statuses.iter().find(|status| status.id == 3);
        let online = online.expect("the status");
        assert_eq!(
            (online.name.as_str(), online.agents),
            ("online", counts.agents)
        );
        assert_eq!(
            counts.channels[&Messaging][&ChannelStatus::Online],
            counts.agents
        );
        let refused = account.count_agents(&AgentFilter::any().group(99));
        assert_eq!(
            refusal(&refused.expect_err("no such group")),
            (422, "InvalidRequest")
        );
    });
}
