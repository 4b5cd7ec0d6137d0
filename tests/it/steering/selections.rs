//! Agents chosen and counted: the filters of the control API's list, and the counts for the same
//! filters.

use serde_json::{Value, json};

use super::{delete, get, post, put};
use crate::harness::{Account, elements, numbers};

/// A user of an agent, as the control API shows users.
fn user_of(users: &[Value], agent: &Value) -> Option<Value> {
    users.iter().find(|user| user["id"] == agent["id"]).cloned()
}

fn list(server: &Account, path: &str, name: &str) -> Vec<Value> {
    let answer = get(server, path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    elements(&answer.json()[name]).to_vec()
}

fn ids(agents: &[Value]) -> Vec<u64> {
    let ids = agents.iter().map(|agent| agent["id"].as_u64());
    ids.map(|id| id.expect("an id")).collect()
}

/// The counts of these agents, from their documents.
fn counted(server: &Account, agents: &[Value]) -> Value {
    let statuses = list(server, "/agent_statuses", "agent_statuses");
    let mut by_id: Vec<_> = statuses
        .iter()
        .map(|status| {
            let are_in = |agent: &&Value| agent["agent_status"]["id"] == status["id"];
            let agents = agents.iter().filter(are_in).count();
            json!({ "id": status["id"], "name": status["name"], "agents": agents })
        })
        .collect();
    by_id.sort_by_key(|status| status["id"].as_u64());
    let mut channels = json!({});
    for channel in ["chat", "messaging", "support", "talk"] {
        for status in ["online", "away", "transfers_only", "offline"] {
            let are_on = |agent: &&Value| agent["channels"][channel]["status"] == status;
            channels[channel][status] = agents.iter().filter(are_on).count().into();
        }
    }
    json!({ "agents": agents.len(), "agent_statuses": by_id, "channels": channels })
}

/// A query, and which agents meet it.
type Case = (&'static str, fn(&Value, &Value) -> bool);

fn has_group(agent: &Value, id: u64) -> bool {
    agent["group_ids"]
        .as_array()
        .is_some_and(|ids| ids.contains(&json!(id)))
}

fn has_text(user: &Value, text: &str) -> bool {
    ["name", "email"].iter().any(|name| {
        user[*name]
            .as_str()
            .is_some_and(|value| value.to_lowercase().contains(text))
    })
}

const CASES: &[Case] = &[
    ("", |_, _| true),
    ("agent_status_id=3", |agent, _| {
        agent["agent_status"]["id"] == 3
    }),
    ("agent_status_id=124", |agent, _| {
        agent["agent_status"]["id"] == 124
    }),
    ("channel=talk", |agent, _| {
        agent["channels"]["talk"].is_object()
    }),
    ("channel=messaging&channel_status=online", |agent, _| {
        agent["channels"]["messaging"]["status"] == "online"
    }),
    ("channel_status=away", |agent, _| {
        agent["channels"]
            .as_object()
            .is_some_and(|all| all.values().any(|channel| channel["status"] == "away"))
    }),
    ("group_id=42", |agent, _| has_group(agent, 42)),
    (
        "group_id=42&channel=support&agent_status_id=3",
        |agent, _| {
            has_group(agent, 42)
                && agent["channels"]["support"].is_object()
                && agent["agent_status"]["id"] == 3
        },
    ),
    ("text=AN", |_, user| has_text(user, "an")),
    ("text=@Example.COM", |_, user| {
        has_text(user, "@example.com")
    }),
    ("text=an&group_id=1&channel_status=online", |agent, user| {
        let mut all = agent["channels"].as_object().expect("channels").values();
        has_text(user, "an")
            && has_group(agent, 1)
            && all.any(|channel| channel["status"] == "online")
    }),
    ("text=10012", |agent, user| {
        agent["id"] == 10012 || has_text(user, "10012")
    }),
    ("text=100", |_, user| has_text(user, "100")),
    ("text=nothing+of+the+kind", |_, _| false),
];

/// Assumed: an agent has to meet all conditions. The counts are those of the agents on all pages.
#[test]
fn agents_are_chosen_and_counted() {
    let server = Account::demo();
    let (all, users) = (
        list(&server, "/agents?limit=1000", "agents"),
        list(&server, "/users", "users"),
    );
    for (query, meets) in CASES {
        let meets = |agent: &&Value| meets(agent, &user_of(&users, agent).unwrap_or_default());
        let expected: Vec<_> = all.iter().filter(meets).cloned().collect();
        let found = list(&server, &format!("/agents?{query}"), "agents");
        assert_eq!(found, expected, "{query}");
        let counts = get(&server, &format!("/agents/counts?{query}"));
        assert_eq!(counts.json(), counted(&server, &expected), "{query}");
    }
    let chosen = |query: &str| list(&server, &format!("/agents?{query}"), "agents").len();
    assert!(chosen("text=an") > 2 && chosen("text=an") < all.len());
    assert_eq!(chosen("text=10012"), 1);
}

/// Assumed: pages of a selection concatenate to all of it.
#[test]
fn pages_of_a_selection_have_no_gap() {
    let server = Account::demo();
    for query in [
        "text=an",
        "channel_status=online",
        "text=example&group_id=42",
    ] {
        let whole = list(&server, &format!("/agents?{query}"), "agents");
        let (mut found, mut after) = (Vec::new(), json!(0));
        while !after.is_null() {
            let page = get(&server, &format!("/agents?{query}&limit=2&after={after}")).json();
            let agents = elements(&page["agents"]);
            assert!(!agents.is_empty() && agents.len() <= 2, "{query}");
            found.extend(agents.to_vec());
            after = page["next"].clone();
        }
        assert_eq!(found, whole, "{query}");
    }
}

/// Assumed: an agent need not have a user, and is found by its id then. Letters are compared
/// without their case in every script.
#[test]
fn a_text_is_found_in_any_script() {
    let server = Account::demo();
    post(&server, "/agents", &json!({ "id": 77 }));
    let named = |name: &str| json!({ "id": 10012, "name": name, "email": "Bruno@Example.com", "role": "agent" });
    let found = |text: &str| {
        let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        ids(&list(&server, &format!("/agents?text={text}"), "agents"))
    };
    assert_eq!(found("77"), [77]);
    put(&server, "/users/10012", &named("ÅSA Ωmega <b>&\"77\""));
    for text in ["åsa", "ωMEGA", "<b>&\"", "bruno@example", "A Ω"] {
        assert_eq!(found(text), [10012], "{text}");
    }
    assert_eq!(found("77"), [77, 10012]);
    assert_eq!(found("+77"), [0; 0]);
    delete(&server, "/agents/77");
    assert_eq!(found("77"), [10012]);
}

/// Assumed: the users are those of the page, by id, as the list of users shows them.
#[test]
fn users_can_be_included() {
    let server = Account::demo();
    post(&server, "/agents", &json!({ "id": 77 }));
    let users = list(&server, "/users", "users");
    let page = get(&server, "/agents?include=users&limit=5").json();
    let agents = elements(&page["agents"]);
    let expected: Vec<_> = agents
        .iter()
        .filter_map(|agent| user_of(&users, agent))
        .collect();
    assert_eq!(page["users"], json!(expected));
    assert_eq!((agents.len(), expected.len()), (5, 4));
    assert_eq!(get(&server, "/agents").at("/users"), Value::Null);
}

/// Assumed: many agents are counted in portions, and none is counted twice.
#[test]
fn many_agents_are_counted_once() {
    let server = Account::with(|builder| builder.agents(15_000));
    let counts = |query: &str| get(&server, &format!("/agents/counts?{query}")).json();
    let whole = counts("");
    assert_eq!(whole["agents"], 15_027);
    let in_status = |id: u64| counts(&format!("agent_status_id={id}"))["agents"].as_u64();
    let sum: Option<u64> = [2, 3, 4, 5, 123, 124].map(in_status).into_iter().sum();
    assert_eq!(sum, Some(15_027));
    let on_messaging = counts("channel=messaging");
    assert_eq!(
        on_messaging["channels"]["messaging"],
        whole["channels"]["messaging"]
    );
    let each = ["online", "away", "transfers_only", "offline"];
    let each = each.map(|status| whole["channels"]["messaging"][status].as_u64());
    let sum: Option<u64> = each.into_iter().sum();
    assert_eq!(on_messaging["agents"].as_u64(), sum);
    assert!(sum > Some(10_000), "more than a portion");
}

/// Assumed: a text that many users have is looked for in portions, and no agent is missing.
#[test]
fn a_text_of_many_users_finds_them_all() {
    use std::fmt::Write;
    let (mut users, mut agents) = (String::new(), String::new());
    for id in 2..=9_001 {
        writeln!(
            users,
            "  - {{ id: {id}, name: U{id}, email: u{id}@many.test, role: agent }}"
        )
        .expect("text");
        writeln!(agents, "  - {{ id: {id} }}").expect("text");
    }
    let server = Account::seeded(&format!("users:\n{users}agents:\n{agents}"));
    let counts = |query: &str| get(&server, &format!("/agents/counts?{query}")).json();
    assert_eq!(counts("")["agents"], 9_000);
    assert_eq!(counts("text=many.test"), counts(""));
    let (mut found, mut after) = (Vec::new(), json!(0));
    while !after.is_null() {
        let page = format!("/agents?text=MANY.test&limit=1000&after={after}");
        let page = get(&server, &page).json();
        found.extend(numbers(&page["agents"], "/id"));
        after = page["next"].clone();
    }
    assert_eq!(found, (2..=9_001).collect::<Vec<_>>());
}

/// Assumed: an invalid value is refused, with the name of the parameter, in list and counts alike.
#[test]
fn a_selection_that_cannot_be_is_refused() {
    let server = Account::demo();
    for (query, place) in [
        ("group_id=99", "group_id"),
        ("group_id=x", "group_id"),
        ("channel=fax", "channel"),
        ("channel_status=busy", "channel_status"),
        ("text=", "text"),
        ("agent_status_id=99", "agent_status_id"),
        ("text=a&text=b", ""),
        ("group=42", ""),
    ] {
        for path in ["/agents", "/agents/counts"] {
            let refused = get(&server, &format!("{path}?{query}"));
            assert_eq!(refused.places(), [place], "{path}?{query}");
        }
    }
    for query in ["include=groups", "include=", "include=users,users"] {
        let refused = get(&server, &format!("/agents?{query}"));
        assert_eq!(refused.at("/problems/0/path"), "include", "{query}");
    }
    for query in ["limit=1", "after=1", "include=users"] {
        let refused = get(&server, &format!("/agents/counts?{query}"));
        assert_eq!(refused.status, 422, "{query}");
    }
}

/// Assumed: groups by id; statuses as each of them is shown alone.
#[test]
fn groups_and_statuses_are_listed() {
    let server = Account::demo();
    assert_eq!(
        get(&server, "/groups").json(),
        json!({ "groups": [
            { "id": 1, "name": "Support" },
            { "id": 42, "name": "Billing" },
            { "id": 43, "name": "Phone" },
            { "id": 44, "name": "Priority customers" },
        ] })
    );
    post(
        &server,
        "/agent_statuses",
        &json!({ "id": 1, "name": "First" }),
    );
    let statuses = list(&server, "/agent_statuses", "agent_statuses");
    assert_eq!(ids(&statuses), [2, 3, 4, 5, 1, 123, 124]);
    for status in &statuses {
        let alone = get(&server, &format!("/agent_statuses/{}", status["id"]));
        assert_eq!(*status, alone.json());
        assert_eq!(
            status["standard"].is_null(),
            status["updated_at"].is_string()
        );
    }
    assert_eq!(
        (&statuses[2]["standard"], &statuses[2]["channels"]),
        (
            &json!("away"),
            &json!({ "chat": "away", "messaging": "away", "support": "online", "talk": "away" })
        )
    );
}
