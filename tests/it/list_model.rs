//! The filters of the list compared with a naive model: the JSON of the unfiltered list.

use serde_json::Value;
use zendesk_availability_emulator::config::{RateLimitPatch, SettingsPatch};

use super::list::agents;
use crate::harness::{Account, elements};

/// A filter with a value, as it is written in a query.
type Filter = (&'static str, &'static str);

const FILTERS: &[&[Filter]] = &[
    &[
        ("filter[channel_status]", "messaging:online"),
        ("filter[channel_status]", "messaging:offline,talk:away"),
        ("filter[channel_status]", "support:online"),
        ("filter[channel_status]", "chat:online,talk:transfers_only"),
    ],
    &[
        ("filter[agent_status_id]", "3"),
        ("filter[agent_status_ids]", "2,124"),
        ("filter[agent_status_id]", "4,5,123"),
    ],
    &[
        (
            "filter[agent_status_name]",
            "%22online%22,%22In%20a%20meeting%22",
        ),
        ("filter[agent_status_name]", "%22away%22"),
    ],
    &[
        ("filter[agent_id]", "10011,10012,10013,10015,10018"),
        (
            "filter[agent_ids]",
            "10014,10016,10017,10019,1900012345678901",
        ),
    ],
    &[
        ("filter[group_id]", "1"),
        ("filter[group_ids]", "42"),
        ("filter[group_id]", "42,1,7"),
    ],
    &[
        ("filter[skill]", "1ae11c11-9993-49f8-9850-c2dc096badd1"),
        (
            "filter[skill_ids]",
            "5f0c2f3e-7a52-4d0b-8b0e-3c1d9a6f4e27,none",
        ),
    ],
    &[
        ("filter[remaining_capacity]", "messaging:0"),
        ("filter[remaining_capacity]", "messaging:4,support:4"),
        ("filter[remaining_capacity]", "support:6,chat:1,talk:0"),
    ],
    &[
        ("filter[work_items_count]", "messaging:0,talk:0"),
        ("filter[work_items_count]", "support:1"),
    ],
];

/// The channels of an agent, from the list's `included`.
fn channels<'a>(list: &'a Value, agent: &Value) -> Vec<&'a Value> {
    let prefix = format!(
        "agent_availabilities|{}|channels|",
        agent["attributes"]["agent_id"]
    );
    let of_agent = elements(&list["included"])
        .iter()
        .filter(|item| item["type"] == "channels");
    of_agent
        .filter(|item| {
            item["id"]
                .as_str()
                .is_some_and(|id| id.starts_with(&prefix))
        })
        .collect()
}

fn number(text: &str) -> u64 {
    text.parse().expect("a number")
}

/// Whether the filter matches the agent, by what the list shows of it.
fn matches(list: &Value, agent: &Value, (name, values): Filter) -> bool {
    let attributes = &agent["attributes"];
    let is_in = |members: &Value, wanted: &str, member: &str| {
        let mut members = members.as_array().into_iter().flatten();
        members.any(|value| {
            value
                .get(member)
                .unwrap_or(value)
                .to_string()
                .trim_matches('"')
                == wanted
        })
    };
    let channel = |wanted: &str| {
        let found = channels(list, agent)
            .into_iter()
            .find(|channel| channel["attributes"]["name"] == wanted);
        found.map(|channel| &channel["attributes"])
    };
    values.split(',').any(|value| {
        let (left, right) = value.split_once(':').unwrap_or((value, ""));
        match name {
            "filter[channel_status]" => {
                channel(left).is_some_and(|channel| channel["status"] == right)
            }
            "filter[agent_status_id]" | "filter[agent_status_ids]" => {
                attributes["agent_status"]["id"] == number(value)
            }
            "filter[agent_id]" | "filter[agent_ids]" => attributes["agent_id"] == number(value),
            "filter[group_id]" | "filter[group_ids]" => is_in(&attributes["group_ids"], value, ""),
            "filter[agent_status_name]" => {
                attributes["agent_status"]["name"] == value.replace("%22", "").replace("%20", " ")
            }
            "filter[skill]" | "filter[skill_ids]" => is_in(&attributes["skills"], value, "id"),
            "filter[remaining_capacity]" => channel(left).is_some_and(|channel| {
                let (held, wanted) = (
                    channel["work_item_count"].as_i64(),
                    right.parse().expect("a number"),
                );
                let capacity = channel["max_capacity"].as_i64();
                capacity
                    .is_some_and(|capacity| (capacity - held.unwrap_or_default()).max(0) >= wanted)
            }),
            "filter[work_items_count]" => channel(left)
                .is_some_and(|channel| channel["work_item_count"].as_u64() <= Some(number(right))),
            _ => panic!("{name} is not a filter"),
        }
    })
}

fn check(account: &Account, list: &Value, filters: &[Filter]) -> usize {
    let query = filters
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&");
    let expected: Vec<_> = elements(&list["data"])
        .iter()
        .filter(|agent| filters.iter().all(|filter| matches(list, agent, *filter)))
        .map(|agent| agent["attributes"]["agent_id"].as_u64().expect("an id"))
        .collect();
    assert_eq!(
        agents(&account.json(&format!("?{query}&page[size]=100"))),
        expected,
        "{query}"
    );
    expected.len()
}

/// Assumed: filters are combined with "and", the values of each with "any of". Every value alone,
/// and every two and every three values of different filters.
#[test]
fn any_combination_of_filters_agrees_with_the_unfiltered_list() {
    let account = Account::demo_with(SettingsPatch::new().rate_limit(RateLimitPatch::off()));
    let list = account.json("?page[size]=100");
    let mut combinations: Vec<Vec<Filter>> = vec![Vec::new()];
    for filters in FILTERS {
        let fewer: Vec<_> = combinations
            .iter()
            .filter(|chosen| chosen.len() < 3)
            .cloned()
            .collect();
        for chosen in fewer {
            combinations.extend(
                filters
                    .iter()
                    .map(|filter| [chosen.as_slice(), &[*filter]].concat()),
            );
        }
    }
    let found = combinations
        .iter()
        .filter(|filters| check(&account, &list, filters) > 0)
        .count();
    // If hardly any agent were ever found, this would prove little.
    assert!(
        found > 200 && found < combinations.len(),
        "{found} of {}",
        combinations.len()
    );
}
