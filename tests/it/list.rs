//! The list of agents: `GET /api/v2/agent_availabilities`. Filters are in `list_filters.rs`.

use serde_json::{Value, json};
use zendesk_availability_emulator::world::AgentId;

use crate::harness::{ADMIN, Account, Ask, below, elements, numbers};

/// The ids of the agents on a page, in order.
pub fn agents(list: &Value) -> Vec<u64> {
    numbers(&list["data"], "/attributes/agent_id")
}

/// Documented: the same resources as a list, with `included`, `links` and `meta`. Assumed: by
/// ascending id, which is the cursor.
#[test]
fn agents_are_listed_by_id() {
    let list = Account::demo().json("?page[size]=100");
    let ids: Vec<_> = [10_001]
        .into_iter()
        .chain(10_011..=10_035)
        .chain([1_900_012_345_678_901])
        .collect();
    assert_eq!(agents(&list), ids);
    assert_eq!(list["links"], json!({ "prev": null, "next": null }));
    let meta =
        json!({ "has_more": false, "after_cursor": "1900012345678901", "before_cursor": "10001" });
    assert_eq!(list["meta"], meta);
    let members: Vec<_> = list.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["data", "included", "links", "meta"]);
}

/// Assumed: ordered by id as a number, not as text and not in the order of the seed.
#[test]
fn the_order_is_that_of_numbers() {
    let ids = [9, 100_000, 7, u64::MAX, 80, 0];
    let agents_of_seed = json!(ids.map(|id| json!({ "id": id })));
    let account = Account::seeded(&format!("{ADMIN}\nagents: {agents_of_seed}\n"));
    assert_eq!(agents(&account.json("")), [0, 7, 9, 80, 100_000, u64::MAX]);
    // Agents that are added later are sorted in.
    let mut other = account.world().agent(AgentId(9)).expect("seeded");
    other.id = AgentId(50);
    assert!(account.add_agent(&other).is_ok());
    assert!(account.world().remove_agent(AgentId(7)).is_ok());
    assert_eq!(agents(&account.json("")), [0, 9, 50, 80, 100_000, u64::MAX]);
}

/// Documented: `included` holds the channels and first work items of the agents on this page.
#[test]
fn a_page_includes_what_belongs_to_its_agents_only() {
    let account = Account::demo();
    let mut path = "?page[size]=3".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = account.json(&path);
        let ids = agents(&page);
        for item in elements(&page["included"]) {
            let id = item["id"].as_str().expect("an id");
            assert!(
                ids.iter()
                    .any(|agent| id.starts_with(&format!("agent_availabilities|{agent}|"))),
                "{id}: {ids:?}"
            );
        }
        seen.extend(ids);
        if page["links"]["next"].is_null() {
            break;
        }
        path = below(&page["links"]["next"]);
    }
    assert_eq!(
        seen,
        agents(&account.json("?page[size]=100")),
        "each agent once"
    );
}

/// Observed: an empty result is 200 with `data: []`. Assumed: both cursors and both links are null
/// then.
#[test]
fn an_empty_result_is_a_page_like_any_other() {
    let empty = json!({
        "data": [],
        "included": [],
        "links": { "prev": null, "next": null },
        "meta": { "has_more": false, "after_cursor": null, "before_cursor": null }
    });
    assert_eq!(Account::demo().json("?filter[agent_id]=404"), empty);
    assert_eq!(
        Account::demo().json("?filter[channel_status]=chat:away"),
        empty
    );
    assert_eq!(
        Account::seeded(ADMIN).json(""),
        empty,
        "an account without agents"
    );
}

/// Assumed: the links repeat the filters and the page size, and nothing that was ignored.
#[test]
fn the_links_of_a_filtered_page_lead_to_filtered_pages() {
    let account = Account::small_team();
    let page = account.json(
        "?filter[channel_status]=messaging:online,support:online&select_channel=support&per_page=1&page[size]=2&junk=1",
    );
    assert_eq!(agents(&page), [10001, 10011]);
    assert_eq!(
        page["links"]["next"],
        "http://localhost/api/v2/agent_availabilities?filter%5Bchannel_status%5D=messaging%3Aonline%2Csupport%3Aonline\
         &select_channel=support&page%5Bsize%5D=2&page%5Bafter%5D=10011"
    );
    let second = account.json(&below(&page["links"]["next"]));
    assert_eq!(agents(&second), [10012, 10013]);
    let third = account.json(&below(&second["links"]["next"]));
    assert_eq!(agents(&third), [10016, 10017]);
    assert_eq!(third["links"]["next"], Value::Null);
    assert_eq!(
        agents(&account.json(&below(&third["links"]["prev"]))),
        [10012, 10013]
    );
    for page in [page, second, third] {
        let included = elements(&page["included"]);
        let names: Vec<_> = included
            .iter()
            .filter_map(|item| item["attributes"]["name"].as_str())
            .collect();
        assert!(names.iter().all(|name| *name == "support"), "{names:?}");
    }
}

/// Assumed: two spellings of a parameter are one parameter. The last value given counts, and an
/// empty value counts as absent. The links repeat the value that counted.
#[test]
fn links_mean_what_the_request_meant() {
    let account = Account::demo();
    let cases = [
        "filter[group_id]=1&filter[group_ids]=42",
        "filter[group_ids]=42&filter[group_id]=1",
        "filter[group_id]=1&filter[group_ids]=",
        "filter[group_ids]=&filter[group_id]=42",
        "filter[group_id]=1&filter[group_id]=42",
        "filter[group_id]=1&filter[group_id]=",
        "select_channel=talk&filter[select_channel]=messaging",
        "select_channel=talk&filter[select_channel]",
    ];
    for query in cases {
        let whole = account.json(&format!("?{query}&page[size]=100"));
        let first = account.json(&format!("?{query}&page[size]=1"));
        let mut found = agents(&first);
        found.extend(agents(&account.json(
            &below(&first["links"]["next"]).replace("size%5D=1", "size%5D=100"),
        )));
        assert_eq!(found, agents(&whole), "{query}");
    }
}

/// Documented: admins may list. A request without credentials is told to send some (observed body).
#[test]
fn only_admins_may_list() {
    let account = Account::demo();
    assert_eq!(account.send(&Ask::get("").by_agent()).status, 403);
    let refused = account.send(&Ask::get("").anonymous());
    assert_eq!(refused.status, 401);
    assert_eq!(
        refused.json(),
        json!({ "error": "Couldn't authenticate you" })
    );
}
