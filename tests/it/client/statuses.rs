//! Unified statuses, and the snapshot that has all of them.

use serde_json::json;
use zendesk_availability_emulator::client::{NewAccount, NewAccountSeed, NewStatus, StatusPatch};
use zendesk_availability_emulator::jiff::Timestamp;
use zendesk_availability_emulator::world::ChannelName::{Chat, Messaging, Talk};
use zendesk_availability_emulator::world::{ChannelStatus, StatusReason};

use super::{in_both_ways, refusal};

#[test]
fn a_status_is_made_edited_and_deleted() {
    in_both_ways(|client| {
        let account = client.default_account();
        let time: Timestamp = "2026-01-02T03:04:05Z".parse().expect("a time");
        let new = NewStatus::new("Training")
            .id(300)
            .description("Learning")
            .group_ids([1])
            .channel(Messaging, ChannelStatus::Away)
            .channel(Talk, ChannelStatus::Offline)
            .updated_at(time);
        let made = account.create_agent_status(&new).expect("a status");
        assert_eq!(
            (made.id, made.name.as_str(), made.description.as_deref()),
            (300, "Training", Some("Learning"))
        );
        assert_eq!((&*made.group_ids, made.updated_at), (&[1][..], Some(time)));
        let channels: Vec<_> = made.channels.clone().into_iter().collect();
        assert_eq!(
            channels,
            [
                (Messaging, ChannelStatus::Away),
                (Talk, ChannelStatus::Offline)
            ]
        );
        assert_eq!(account.agent_status(300).expect("a status"), made);
        let patch = StatusPatch::new()
            .name("A course")
            .description(None)
            .group_ids([1, 42])
            .channel(Talk, None)
            .channel(Chat, Some(ChannelStatus::Away));
        let edited = account.update_agent_status(300, &patch).expect("a status");
        assert_eq!(
            (edited.name.as_str(), edited.description.as_deref()),
            ("A course", None)
        );
        assert_eq!(edited.group_ids.len(), 2);
        assert_eq!(
            edited.channels.keys().copied().collect::<Vec<_>>(),
            [Chat, Messaging]
        );
        assert_eq!(
            account
                .replace_agent_status(300, &made.clone().into())
                .expect("a status"),
            made
        );
        assert_eq!(
            account
                .sign_in(10_011, Some(300))
                .expect("an agent")
                .agent_status
                .id,
            300
        );
        assert_eq!(account.delete_agent_status(300).expect("a status"), made);
        assert_eq!(
            account.agent(10_011).expect("an agent").agent_status.reason,
            StatusReason::AgentStatusDeleted
        );
        assert_eq!(
            refusal(&account.agent_status(300).expect_err("it is gone")),
            (404, "RecordNotFound")
        );
        assert_eq!(
            refusal(&account.delete_agent_status(3).expect_err("a standard one")),
            (409, "Conflict")
        );
    });
}

#[test]
fn statuses_are_listed() {
    in_both_ways(|client| {
        let account = client.default_account();
        let statuses = account.agent_statuses().expect("statuses");
        assert_eq!(
            statuses.iter().map(|status| status.id).collect::<Vec<_>>(),
            [2, 3, 4, 5, 123, 124]
        );
        assert_eq!(statuses[4], account.agent_status(123).expect("a status"));
        let standard = account.agent_status(2).expect("a status");
        assert_eq!(statuses[0], standard);
        assert_eq!(
            (
                standard.name.as_str(),
                standard.updated_at,
                standard.standard,
            ),
            ("offline", None, Some(ChannelStatus::Offline))
        );
    });
}

/// A snapshot is put back and patched, and another account is created from it.
#[test]
fn a_snapshot_is_the_whole_account() {
    in_both_ways(|client| {
        let account = client.default_account();
        let before = account.snapshot().expect("a snapshot");
        account.delete_agent(10_011).expect("an agent");
        assert_ne!(account.snapshot().expect("a snapshot"), before);
        assert_eq!(
            account.replace_snapshot(&before).expect("a snapshot"),
            before
        );
        assert_eq!(account.agent(10_011).expect("an agent").version, 236);
        let patched = account
            .update_snapshot(&json!({ "oauth_tokens": [] }))
            .expect("a snapshot");
        assert_eq!(patched.0["oauth_tokens"], json!([]));
        let seed = NewAccountSeed::Document(patched.0.clone());
        let copy = client
            .create_account(&NewAccount::new().seed(seed))
            .expect("a seed");
        assert_eq!(copy.snapshot().expect("a snapshot"), patched);
    });
}
