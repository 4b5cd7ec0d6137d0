//! Capacity rules and their assignees.

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{SettingsPatch, Validation};

use super::{ask, below, get, json};
use crate::harness::{Account, Ask, elements};

const DEFAULT: &str = "01DXF6DT000000000000000000";
const NEW: &str = "01FR9WDC000000000000000001";
const SEED: &str = "
users:
  - { id: 1, name: Ada, email: ada@example.com, role: admin }
  - { id: 2, name: Ben, email: ben@example.com, role: agent }
oauth_tokens:
  - { token: demo-oauth-admin, user_id: 1 }
  - { token: demo-oauth-agent, user_id: 2 }
  - { token: write, user_id: 1, scopes: [write] }
capacity_rules:
  - id: 01FR9WDC000000000000000001
    name: New
    description: Agents who learn
    capacities: { email: 2, messaging: 1, voice: 0 }
    agent_ids: [5, 2, 99]
    created_at: 2022-01-01T00:00:00.1239Z
  - { id: 01DXF6DT000000000000000009, name: Usual, default: true, capacities: { email: 9, messaging: 3, voice: 1 } }
agents: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }, { id: 5 }, { id: 6 }, { id: 7 }, { id: 8 }]
";
const USUAL: &str = "01DXF6DT000000000000000009";

fn account() -> Account {
    Account::seeded(SEED)
}

/// The agents of a page, each with its rule.
fn assignees(page: &Value) -> Vec<(u64, &str)> {
    elements(&page["assignees"])
        .iter()
        .map(|it| {
            let agent = it["agent_id"].as_u64().expect("an id");
            (agent, it["capacity_rule_id"].as_str().expect("an id"))
        })
        .collect()
}

/// Documented: the fields and the bare array. Assumed: the order, the size of the sample, and that
/// an agent that is not there is not counted.
#[test]
fn rules_come_from_the_seed() {
    let account = account();
    let rules = json(&account, "/capacity/rules");
    let expected = json!([
        {
            "assignees": {
                "agents_sample": [{ "id": 2, "name": "Ben" }, { "id": 5, "name": "Agent 5" }],
                "count": 2,
            },
            "capacities": { "email": 2, "messaging": 1, "voice": 0 },
            "created_at": "2022-01-01T00:00:00.123Z",
            "default": false,
            "description": "Agents who learn",
            "id": NEW,
            "last_updated_at": "2022-01-01T00:00:00.123Z",
            "name": "New",
        },
        {
            "assignees": {
                "agents_sample": [
                    { "id": 1, "name": "Ada" }, { "id": 3, "name": "Agent 3" },
                    { "id": 4, "name": "Agent 4" }, { "id": 6, "name": "Agent 6" },
                    { "id": 7, "name": "Agent 7" },
                ],
                "count": 6,
            },
            "capacities": { "email": 9, "messaging": 3, "voice": 1 },
            "created_at": "2020-01-01T00:00:00.000Z",
            "default": true,
            "description": "",
            "id": USUAL,
            "last_updated_at": "2020-01-01T00:00:00.000Z",
            "name": "Usual",
        },
    ]);
    assert_eq!(rules, expected);
    for rule in elements(&rules) {
        let id = rule["id"].as_str().expect("an id");
        assert_eq!(json(&account, &format!("/capacity/rules/{id}.json")), *rule);
    }
}

/// Assumed: without rules in the seed there is one, with every agent, the same on every start.
#[test]
fn every_account_has_a_default_rule() {
    let account = Account::demo();
    let rules = json(&account, "/capacity/rules");
    let only = &rules[0];
    assert_eq!(elements(&rules).len(), 1);
    assert_eq!(
        (&only["id"], &only["default"], &only["capacities"]),
        (
            &json!(DEFAULT),
            &json!(true),
            &json!({ "email": 1, "messaging": 1, "voice": 1 })
        )
    );
    assert_eq!(only["assignees"]["count"], account.world().agent_count());
    assert_eq!(json(&Account::demo(), "/capacity/rules"), rules);
}

/// Documented: the default size of 20 and the filter. Assumed: the order.
#[test]
fn assignees_come_in_pages() {
    let account = account();
    let whole = [
        (1, USUAL),
        (2, NEW),
        (3, USUAL),
        (4, USUAL),
        (5, NEW),
        (6, USUAL),
        (7, USUAL),
        (8, USUAL),
    ];
    let usual: Vec<_> = whole.into_iter().filter(|it| it.1 == USUAL).collect();
    let new = vec![(2, NEW), (5, NEW)];
    for (path, expected) in [
        ("/capacity/rules/assignees".to_owned(), whole.to_vec()),
        (format!("/capacity/rules/{USUAL}/assignees"), usual.clone()),
        (format!("/capacity/rules/{NEW}/assignees"), new),
        (
            "/capacity/rules/assignees?filter[agent_ids]=5,+99,1,1".to_owned(),
            vec![whole[0], whole[4]],
        ),
        (
            format!("/capacity/rules/{USUAL}/assignees?filter[agent_ids]=5,1"),
            vec![whole[0]],
        ),
        (
            format!("/capacity/rules/{NEW}/assignees?filter[agent_ids]=5,1"),
            vec![whole[4]],
        ),
        (
            format!("/capacity/rules/{USUAL}/assignees?filter[agent_ids]=18446744073709551616"),
            vec![],
        ),
    ] {
        assert_eq!(assignees(&json(&account, &path)), expected, "{path}");
        let separator = if path.contains('?') { '&' } else { '?' };
        for size in 1..=3 {
            let (mut seen, mut pages) = (Vec::new(), Vec::new());
            let mut next = Some(format!("{path}{separator}page[size]={size}"));
            while let Some(path) = next {
                let page = json(&account, &path);
                let has_more = page["meta"]["has_more"] == true;
                next = has_more.then(|| below(&page["links"]["next"]));
                pages.push(page);
            }
            for (number, page) in pages.iter().enumerate() {
                seen.extend(assignees(page));
                if number > 0 {
                    let back = json(&account, &below(&page["links"]["prev"]));
                    assert_eq!(assignees(&back), assignees(&pages[number - 1]), "{path}");
                }
            }
            assert_eq!(seen, expected, "{path} {size}");
        }
    }
    let generated = Account::with(|builder| builder.agents(50));
    let page = json(&generated, "/capacity/rules/assignees");
    assert_eq!(assignees(&page).len(), 20);
}

/// Assumed: a cursor stays valid when its agent is gone, and an agent that is removed is in no
/// rule.
#[test]
fn assignees_that_go_leave_no_gap() {
    let account = account();
    let first = json(&account, "/capacity/rules/assignees?page[size]=2");
    let removed = account
        .world()
        .remove_agent(zendesk_availability_emulator::world::AgentId(2));
    assert!(removed.is_ok());
    let next = json(&account, &below(&first["links"]["next"]));
    assert_eq!(assignees(&next), [(3, USUAL), (4, USUAL)]);
    let rule = json(&account, &format!("/capacity/rules/{NEW}"));
    assert_eq!(rule["assignees"]["count"], 1);
}

/// Assumed: problems with parameters are a 400 in the classic form.
#[test]
fn wrong_parameters_are_refused() {
    let account = Account::demo_with(SettingsPatch::new().validation(Validation::Strict));
    let whole = "/capacity/rules/assignees";
    for (query, code) in [
        ("page[after]=x", "InvalidPaginationParameter"),
        ("page[before]=-1", "InvalidPaginationParameter"),
        ("page[after]=1&page[before]=2", "InvalidPaginationParameter"),
        ("page[size]=0", "InvalidPaginationParameter"),
        ("page=2", "InvalidPaginationParameter"),
        ("filter[agent_ids]=a", "InvalidParameter"),
        ("filter[agents]=1", "UnknownParameter"),
    ] {
        for path in [whole, &format!("/capacity/rules/{DEFAULT}/assignees")] {
            let answer = get(&account, &format!("{path}?{query}"));
            assert_eq!(answer.refusal(), format!("400 {code}"), "{path}?{query}");
        }
    }
}

/// Documented: for admins. Assumed: an unknown rule is not found, and the calls count against the
/// limit of the Ticketing API.
#[test]
fn rules_are_for_admins() {
    let account = account();
    let paths = [
        "/capacity/rules".to_owned(),
        format!("/capacity/rules/{NEW}"),
        "/capacity/rules/assignees".to_owned(),
        format!("/capacity/rules/{NEW}/assignees"),
    ];
    for path in &paths {
        for token in ["demo-oauth-agent", "write"] {
            assert_eq!(account.send(&ask(path).bearer(token)).status, 403, "{path}");
        }
        assert_eq!(account.send(&ask(path).anonymous()).status, 401);
        let mut head = ask(path);
        head.method = Method::HEAD;
        let head = account.send(&head);
        assert_eq!((head.status.as_u16(), head.text()), (200, ""));
    }
    let left = get(&account, &paths[0]);
    assert_eq!(left.header("x-rate-limit"), Some("700"));
    for unknown in ["1", "01DXF6DT000000000000000008", "%FF"] {
        for path in [
            format!("/capacity/rules/{unknown}"),
            format!("/capacity/rules/{unknown}/assignees"),
        ] {
            let answer = get(&account, &path);
            assert_eq!(answer.refusal(), "404 RecordNotFound", "{path}");
        }
    }
}

/// Assumed: rules cannot be changed here, and a hint says where they come from.
#[test]
fn rules_are_read_only() {
    let account = account();
    let one = format!("/capacity/rules/{NEW}");
    for (method, path) in [
        ("POST", "/capacity/rules"),
        ("PUT", &one),
        ("PATCH", &one),
        ("DELETE", &one),
    ] {
        let mut ask = ask(path);
        ask.method = method.parse().expect("a method");
        let answer = account.send(&ask);
        assert_eq!(
            (answer.status.as_u16(), answer.header("allow")),
            (405, Some("GET,HEAD"))
        );
        let hint = answer.header("x-emulator-hint").unwrap_or_default();
        assert!(hint.contains("`capacity_rules`"), "{method}: {hint}");
    }
}

/// The control API: a snapshot has the rules, and puts them back.
#[test]
fn a_snapshot_has_the_rules() {
    let account = account();
    let snapshot = account.send(&Ask::control(Method::GET, "/snapshot")).json();
    assert_eq!(
        snapshot["capacity_rules"],
        json!([
            {
                "id": NEW, "name": "New", "description": "Agents who learn", "default": false,
                "capacities": { "email": 2, "messaging": 1, "voice": 0 },
                "agent_ids": [2, 5, 99],
                "created_at": "2022-01-01T00:00:00.1239Z", "last_updated_at": "2022-01-01T00:00:00.1239Z",
            },
            {
                "id": USUAL, "name": "Usual", "default": true,
                "capacities": { "email": 9, "messaging": 3, "voice": 1 },
                "created_at": "2020-01-01T00:00:00Z", "last_updated_at": "2020-01-01T00:00:00Z",
            },
        ])
    );
    let rules = json(&account, "/capacity/rules");
    let put = |body: &Value| {
        account
            .send(&Ask::control(Method::PUT, "/snapshot").json(body))
            .status
            .as_u16()
    };
    assert_eq!(put(&snapshot), 200);
    assert_eq!(json(&account, "/capacity/rules"), rules);
    let mut without = snapshot.clone();
    without["capacity_rules"] = json!([]);
    assert_eq!(put(&without), 200);
    assert_eq!(json(&account, "/capacity/rules")[0]["id"], DEFAULT);
    without["capacity_rules"] = json!([{ "id": NEW }]);
    assert_eq!(put(&without), 422);
    assert_eq!(json(&account, "/capacity/rules")[0]["id"], DEFAULT);
}
