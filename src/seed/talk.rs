//! Zendesk Talk in documents: the data of agents, and the queue of calls.

use std::collections::BTreeMap;

use crate::document::reader::Node;
use crate::names::Named;
use crate::world::{Talk, TalkStatistic};

const TALK_KEYS: &[&str] = &["via", "call_status", "call_ended_at", "activity"];

/// Reads the Talk data of an agent.
pub(super) fn read_talk(node: &Node<'_>) -> Option<Talk> {
    let document = node.object(TALK_KEYS)?;
    Some(Talk {
        via: document.word("via").unwrap_or_default(),
        call_status: document.read("call_status", |node| node.word("call status")),
        call_ended_at: document.read("call_ended_at", Node::time),
        activity: document
            .read("activity", read_statistics)
            .unwrap_or_default(),
    })
}

/// Reads numbers of statistics, such as the queue of calls. Those that are not given are 0.
pub(crate) fn read_statistics<T: Named + Ord>(node: &Node<'_>) -> Option<BTreeMap<T, u64>> {
    let given = node.map("statistic", |name, node| Some((name, node.number()?)));
    Some(given?.into_iter().collect())
}

/// Notes unknown names among the statistics that a merge patch takes away.
pub(crate) fn check_statistic_removals<T: Named>(removals: &Node<'_>) -> Option<()> {
    removals.map("statistic", |_: T, _| Some(())).map(drop)
}

/// The same for the Talk data of an agent.
pub(super) fn check_talk_removals(removals: &Node<'_>) -> Option<()> {
    let talk = removals.object(TALK_KEYS)?;
    if let Some(activity) = talk.optional("activity") {
        check_statistic_removals::<TalkStatistic>(&activity);
    }
    Some(())
}
