//! A whole account as a document, which is a seed as well.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use super::write;
use crate::config::Settings;
use crate::document::json::Document;
use crate::world::{StatusKind, WorldSnapshot};

/// An account as a document, to be written out: agents one at a time, so that a large account needs
/// no more memory than its text.
pub(crate) struct SnapshotView<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) whole: &'a WorldSnapshot,
}

impl SnapshotView<'_> {
    pub(crate) fn to_text(&self) -> String {
        Document::of(self).into_text()
    }
}

impl Serialize for SnapshotView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let WorldSnapshot {
            directory,
            statuses,
            talk_queue,
            ..
        } = self.whole;
        let of_kind = |is_standard: bool| {
            let statuses = statuses
                .iter()
                .filter(|it| matches!(it.kind, StatusKind::Standard(_)) == is_standard);
            statuses
                .map(|status| write::status(status))
                .collect::<Value>()
        };
        let groups: Vec<_> = directory.groups.values().map(write::group).collect();
        let skills: Value = directory.skills.values().map(write::skill).collect();
        let rules = directory.capacity_rules.iter().map(write::capacity_rule);
        let users: Vec<_> = directory.users().map(write::user).collect();
        let oauth = directory.oauth();
        let api_tokens = directory.api_tokens().into_iter().map(write::api_token);
        let clients: Vec<_> = oauth.clients().map(write::oauth_client).collect();
        let oauth_tokens: Vec<_> = oauth.tokens().map(write::oauth_token).collect();
        let mut document = serializer.serialize_map(None)?;
        document.serialize_entry("settings", self.settings)?;
        document.serialize_entry("groups", &groups)?;
        document.serialize_entry("skills", &skills)?;
        document.serialize_entry("capacity_rules", &rules.collect::<Value>())?;
        document.serialize_entry("users", &users)?;
        document.serialize_entry("api_tokens", &api_tokens.collect::<Vec<_>>())?;
        document.serialize_entry("oauth_clients", &clients)?;
        document.serialize_entry("oauth_tokens", &oauth_tokens)?;
        let agent_statuses = json!({ "default": of_kind(true), "custom": of_kind(false) });
        document.serialize_entry("agent_statuses", &agent_statuses)?;
        document.serialize_entry("agents", &Agents(self.whole))?;
        if !talk_queue.is_empty() {
            document.serialize_entry("talk_queue", talk_queue)?;
        }
        document.end()
    }
}

struct Agents<'a>(&'a WorldSnapshot);

impl Serialize for Agents<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.agents().map(|agent| write::agent(&agent)))
    }
}
