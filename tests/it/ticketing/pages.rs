//! Pages of the Ticketing API: by offset, and by cursor. Both are documented.

use serde_json::json;

use zendesk_availability_emulator::config::{SettingsPatch, Validation};

use super::{below, get, ids, json};
use crate::harness::Account;

/// Agents without users between users of all roles.
fn mixed() -> Account {
    let users = [
        (10, "agent"),
        (20, "admin"),
        (30, "end_user"),
        (35, "light_agent"),
        (50, "agent"),
    ];
    let users = users.map(|(id, role)| {
        format!("  - {{ id: {id}, name: U{id}, email: u{id}@example.com, role: {role} }}\n")
    });
    Account::seeded(&format!(
        "oauth_tokens: [{{ token: demo-oauth-admin, user_id: 20 }}]\nusers:\n{}agents: [{{ id: 5 }}, {{ id: 10 }}, {{ id: 15 }}, {{ id: 40 }}, {{ id: 50 }}, {{ id: 60 }}]\n",
        users.concat()
    ))
}

/// The lists of [`mixed`], each whole.
const LISTS: [(&str, &[u64]); 5] = [
    ("", &[5, 10, 15, 20, 30, 35, 40, 50, 60]),
    ("&role=agent", &[5, 10, 15, 35, 40, 50, 60]),
    ("&role=admin", &[20]),
    ("&role=end-user", &[30]),
    (
        "&role[]=end-user&role[]=agent",
        &[5, 10, 15, 30, 35, 40, 50, 60],
    ),
];

#[test]
fn cursor_pages_have_each_user_once_in_both_directions() {
    let account = mixed();
    for (filter, whole) in LISTS {
        for size in 1..=whole.len() + 1 {
            let (mut seen, mut pages) = (Vec::new(), Vec::new());
            let mut next = Some(format!("/users?page[size]={size}{filter}"));
            while let Some(path) = next {
                let page = json(&account, &path);
                seen.extend(ids(&page, "users"));
                let has_more = page["meta"]["has_more"] == true;
                next = has_more.then(|| below(&page["links"]["next"]));
                pages.push(page);
            }
            assert_eq!(seen, whole, "{filter} {size}");
            assert_eq!(pages[0]["links"]["prev"], json!(null));
            for (before, page) in pages.iter().zip(&pages[1..]) {
                let back = json(&account, &below(&page["links"]["prev"]));
                assert_eq!(ids(&back, "users"), ids(before, "users"), "{filter} {size}");
            }
        }
    }
}

#[test]
fn offset_pages_have_each_user_once_and_count_all() {
    let account = mixed();
    for (filter, whole) in LISTS {
        for size in 1..=whole.len() + 1 {
            let mut seen = Vec::new();
            let mut next = Some(format!("/users?per_page={size}{filter}"));
            while let Some(path) = next {
                let page = json(&account, &path);
                let is_first = seen.is_empty();
                seen.extend(ids(&page, "users"));
                assert_eq!(page["count"], whole.len(), "{path}");
                assert_eq!(page["previous_page"].is_null(), is_first, "{path}");
                next = page["next_page"]
                    .is_string()
                    .then(|| below(&page["next_page"]));
            }
            assert_eq!(seen, whole, "{filter} {size}");
        }
    }
}

/// The count follows agents and users that come and go.
#[test]
fn the_count_follows_agents_and_users() {
    let account = mixed();
    let control = |method: &str, path: &str, body: serde_json::Value| {
        let method = method.parse().expect("a method");
        let ask = crate::harness::Ask::control(method, path).json(&body);
        let answer = account.send(&ask);
        assert!(answer.status.is_success(), "{}", answer.text());
    };
    let count = || json(&account, "/users?role=agent")["count"].clone();
    assert_eq!(count(), 7);
    control(
        "PUT",
        "/users/5",
        json!({ "name": "Five", "email": "five@example.com", "role": "agent" }),
    );
    assert_eq!(count(), 7, "the agent was listed before");
    control("DELETE", "/agents/5", json!({}));
    assert_eq!(count(), 7, "the user is there still");
    control("DELETE", "/users/5", json!({}));
    assert_eq!(count(), 6);
    control("PUT", "/agents/61", json!({}));
    assert_eq!(count(), 7);
    control("PATCH", "/snapshot", json!({ "agents": [] }));
    assert_eq!(count(), 3);
}

/// Documented: the end of offset pages. Observed: the text.
#[test]
fn offset_pages_end_at_page_100_and_10_000_records() {
    let account = Account::demo();
    for (query, expected) in [
        ("page=100&per_page=100", 200),
        ("page=101&per_page=1", 400),
        ("page=99999999999999999999", 400),
        ("page=100&per_page=1000", 200),
    ] {
        let answer = get(&account, &format!("/users?{query}"));
        assert_eq!(answer.status, expected, "{query}");
        if expected == 400 {
            assert_eq!(answer.at("/errors/0/code"), "InvalidPaginationDepth");
        }
    }
    assert_eq!(ids(&json(&account, "/users?page=2"), "users"), [0; 0]);
}

/// Assumed: what cannot be read is a 400 in the classic form.
#[test]
fn wrong_pages_are_refused() {
    let account = Account::demo();
    for query in [
        "page=0",
        "page=-1",
        "page=x",
        "per_page=0",
        "per_page=x",
        "page[size]=0",
        "page[after]=x",
        "page[after]=1&page[before]=2",
    ] {
        let answer = get(&account, &format!("/users?{query}"));
        assert_eq!(
            answer.refusal(),
            "400 InvalidPaginationParameter",
            "{query}"
        );
    }
    // The parameters of one kind have no effect on pages of the other.
    let page = json(&account, "/users?page[size]=2&page=7&per_page=5");
    assert_eq!(ids(&page, "users").len(), 2);
}

/// Assumed: a parameter without a value counts as absent, also where unknown ones are refused.
#[test]
fn a_cursor_parameter_without_a_value_counts_as_absent() {
    let account = Account::demo_with(SettingsPatch::new().validation(Validation::Strict));
    for query in [
        "page[size]=",
        "page[after]=&page[before]=",
        "page[size]=&page=1",
    ] {
        let answer = get(&account, &format!("/users?{query}"));
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        assert_eq!(answer.at("/count"), 30, "{query}");
    }
}
