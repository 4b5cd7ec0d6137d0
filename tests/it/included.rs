//! What an agent's document includes.

use serde_json::{Value, json};
use zendesk_availability_emulator::config::SettingsPatch;

use crate::harness::{Account, below, elements};

/// The ids of a list of resources or of references to them.
fn ids(list: &Value) -> Vec<String> {
    elements(list)
        .iter()
        .map(|item| item["id"].as_str().expect("an id").to_owned())
        .collect()
}

/// What must be included for an agent: its linked channels, then the items that each of these
/// lists.
fn expected(agent: &Value, included: &[Value]) -> Vec<String> {
    let channels = ids(&agent["relationships"]["channels"]["data"]);
    let find = |id: &String| {
        let found = included.iter().find(|item| item["id"] == **id);
        found.unwrap_or_else(|| panic!("{id} is linked and not included"))
    };
    let items = channels
        .iter()
        .flat_map(|id| ids(&find(id)["relationships"]["work_items"]["data"]));
    channels.iter().cloned().chain(items).collect()
}

/// Documented: `included` has every linked channel and every listed work item. Observed: every item
/// has `attributes`, which the Ruby client needs. Assumed: the order, channels by name and then
/// items as they are listed, and that nothing is included without a link or twice.
#[test]
fn everything_that_is_linked_is_included_in_order() {
    for work_items_per_page in [0, 1, 3, 100] {
        let settings = SettingsPatch::new().work_items_per_page(work_items_per_page);
        let account = Account::demo_with(settings);
        let list = account.json("?page[size]=100");
        let included = elements(&list["included"]);
        let agents = elements(&list["data"]);
        assert_eq!(agents.len(), 27, "the whole demo is on the page");
        let of_all: Vec<_> = agents
            .iter()
            .flat_map(|agent| expected(agent, included))
            .collect();
        assert_eq!(
            ids(&list["included"]),
            of_all,
            "{work_items_per_page} a page"
        );
        for item in agents.iter().chain(included) {
            assert!(item["attributes"].is_object(), "{item}");
        }
        // The same resources for one agent and for a list.
        let mut of_each = Vec::new();
        for agent in agents {
            let alone = account.json(&below(&agent["links"]["self"]));
            assert_eq!(&alone["data"], agent);
            let included = elements(&alone["included"]);
            assert_eq!(
                ids(&alone["included"]),
                expected(agent, included),
                "{}",
                agent["id"]
            );
            of_each.extend(included.iter().cloned());
        }
        assert_eq!(&of_each, included, "{work_items_per_page} a page");
    }
}

/// Documented: the example lists 3 of 5 items, `has_more` says so, and the link continues after the
/// last item listed. Observed: `has_more` is false exactly when there is no link. Assumed: the
/// number of listed items is a setting.
#[test]
fn the_first_page_of_work_items_has_the_size_that_is_set() {
    for size in [0, 1, 3, 4, 5, 100] {
        let settings = SettingsPatch::new().work_items_per_page(size);
        let account = Account::demo_with(settings);
        let agent = account.json("/10011");
        let channel = &agent["included"][0];
        assert_eq!(
            channel["attributes"]["work_item_count"], 5,
            "all are counted, listed or not"
        );
        let first = &channel["relationships"]["work_items"];
        let mut listed = ids(&first["data"]);
        assert_eq!(listed.len(), size.min(5), "{size} a page");
        assert_eq!(
            first["meta"],
            json!({ "has_more": size < 5 }),
            "{size} a page"
        );
        // The link leads to exactly the items that are missing.
        if size < 5 {
            listed.extend(ids(&account.json(&below(&first["links"]["next"]))["data"]));
        } else {
            assert_eq!(first["links"], json!({ "next": null }), "{size} a page");
        }
        let all = [201, 202, 203, 204, 205]
            .map(|item| format!("agent_availabilities|10011|channels|messaging|work_items|{item}"));
        assert_eq!(listed, all, "{size} a page");
    }
}

/// Documented: work items are listed oldest first, in an agent's document too.
#[test]
fn the_oldest_work_items_are_included() {
    use zendesk_availability_emulator::world::{
        AgentId, ChannelName, WorkItem, WorkItemId, WorkItemReason,
    };
    let account = Account::demo();
    for (id, added_at) in [
        (900, "2026-01-21T10:00:00Z"),
        (10, "2026-01-21T10:20:50Z"),
        (5, "2026-01-21T10:25:00Z"),
    ] {
        let added_at = added_at.parse().expect("a time");
        let item = WorkItem::new(WorkItemId(id), added_at, WorkItemReason::Assigned);
        let added = account.world().add_work_item(
            AgentId(10011),
            ChannelName::Messaging,
            item,
            account.now(),
        );
        assert!(added.is_ok(), "{added:?}");
    }
    let agent = account.json("/10011");
    let listed = ids(&agent["included"][0]["relationships"]["work_items"]["data"]);
    let oldest = [900, 201, 10]
        .map(|item| format!("agent_availabilities|10011|channels|messaging|work_items|{item}"));
    assert_eq!(listed, oldest);
    assert_eq!(agent["included"][0]["attributes"]["work_item_count"], 8);
}
