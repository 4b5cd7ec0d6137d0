//! Groups and the memberships of agents in them.

use serde_json::{Value, json};

use super::{below, get, ids, json};
use crate::harness::{Account, Ask, elements};

fn account() -> Account {
    Account::seeded(
        "oauth_tokens: [{ token: demo-oauth-admin, user_id: 1 }]
users: [{ id: 1, name: Ada, email: ada@example.com, role: admin }]
groups:
  - { id: 8, name: Phone, description: Calls, is_public: false }
  - { id: 7, name: Mail }
  - { id: 9, name: Nobody }
agents: [{ id: 1, group_ids: [8, 7] }, { id: 2 }, { id: 3, group_ids: [7] }, { id: 4, group_ids: [] }, { id: 5, group_ids: [8] }]\n",
    )
}

/// The user and the group of each membership, and whether it is the default one.
fn memberships(answer: &Value) -> Vec<(u64, u64, bool)> {
    let number = |membership: &Value, member: &str| membership[member].as_u64().expect("an id");
    let list = elements(&answer["group_memberships"]);
    let parts = |it: &Value| {
        (
            number(it, "user_id"),
            number(it, "group_id"),
            it["default"] == true,
        )
    };
    list.iter().map(parts).collect()
}

/// Documented: the fields. Assumed: the defaults.
#[test]
fn groups_have_what_the_seed_says() {
    let account = account();
    let list = json(&account, "/groups.json");
    assert_eq!(
        (ids(&list, "groups"), &list["count"]),
        (vec![7, 8, 9], &json!(3))
    );
    let phone = json(&account, "/groups/8")["group"].take();
    let expected = json!({
        "id": 8, "url": "http://localhost/api/v2/groups/8.json", "name": "Phone",
        "description": "Calls", "default": false, "deleted": false, "is_public": false,
        "created_at": "2020-01-01T00:00:00Z", "updated_at": "2020-01-01T00:00:00Z",
    });
    assert_eq!(phone, expected);
    let mail = json(&account, "/groups/7")["group"].take();
    assert_eq!(
        (&mail["default"], &mail["is_public"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(
        ids(&json(&account, "/groups/assignable"), "groups"),
        [7, 8, 9]
    );
}

#[test]
fn users_and_groups_know_each_other() {
    let account = account();
    for (path, member, expected) in [
        ("/users/1/groups", "groups", vec![7, 8]),
        ("/users/2/groups", "groups", vec![]),
        ("/groups/7/users", "users", vec![1, 3]),
        ("/groups/8/users?page[size]=1", "users", vec![1]),
        ("/groups/9/users", "users", vec![]),
    ] {
        assert_eq!(ids(&json(&account, path), member), expected, "{path}");
    }
    let of_group = json(&account, "/groups/8/memberships");
    assert_eq!(memberships(&of_group), [(1, 8, true), (5, 8, true)]);
    assert_eq!(of_group["count"], 2);
}

/// Assumed: the order, and that an id is the same wherever the membership is shown.
#[test]
fn all_memberships_come_in_pages() {
    let account = account();
    let whole = [(1, 7, false), (1, 8, true), (3, 7, true), (5, 8, true)];
    let list = json(&account, "/group_memberships");
    assert_eq!(
        (memberships(&list), &list["count"]),
        (whole.to_vec(), &json!(4))
    );
    let by_group = json(&account, "/groups/8/memberships");
    assert_eq!(
        by_group["group_memberships"][1],
        list["group_memberships"][3]
    );
    let distinct: std::collections::BTreeSet<_> =
        ids(&list, "group_memberships").into_iter().collect();
    assert_eq!(distinct.len(), 4);
    for size in 1..=5 {
        let (mut seen, mut pages) = (Vec::new(), Vec::new());
        let mut next = Some(format!("/group_memberships?page[size]={size}"));
        while let Some(path) = next {
            let page = json(&account, &path);
            seen.extend(memberships(&page));
            let has_more = page["meta"]["has_more"] == true;
            next = has_more.then(|| below(&page["links"]["next"]));
            pages.push(page);
        }
        assert_eq!(seen, whole, "{size}");
        for (before, page) in pages.iter().zip(&pages[1..]) {
            let back = json(&account, &below(&page["links"]["prev"]));
            assert_eq!(memberships(&back), memberships(before), "{size}");
        }
    }
    let second = json(&account, "/group_memberships?per_page=3&page=2");
    assert_eq!(memberships(&second), whole[3..]);
    assert_eq!(
        get(&account, "/group_memberships?page[after]=1").status,
        400
    );
}

#[test]
fn a_group_that_does_not_exist_is_not_found() {
    let account = account();
    for path in [
        "/groups/1",
        "/groups/1/users",
        "/groups/1/memberships",
        "/users/9/groups",
    ] {
        let answer = get(&account, path);
        assert_eq!(answer.refusal(), "404 RecordNotFound");
    }
    let answer = get(&account, "/groups/phone");
    assert_eq!(answer.refusal(), "400 Invalid attribute");
}

/// The control API adds and changes groups.
#[test]
fn a_tester_changes_groups() {
    let account = account();
    let control = |method: &str, body: &Value| {
        let method = method.parse().expect("a method");
        account.send(&Ask::control(method, "/groups/3").json(body))
    };
    assert_eq!(control("PATCH", &json!({ "name": "Chat" })).status, 404);
    assert_eq!(control("PUT", &json!({ "name": "Chat" })).status, 201);
    let chat = json(&account, "/groups/3")["group"].take();
    assert_eq!(
        (&chat["name"], &chat["default"]),
        (&json!("Chat"), &json!(true))
    );
    let patched = control(
        "PATCH",
        &json!({ "description": "Text", "is_public": false }),
    );
    assert_eq!(
        patched.json(),
        json!({ "id": 3, "name": "Chat", "description": "Text", "is_public": false })
    );
    let chat = json(&account, "/groups/3")["group"].take();
    assert_eq!(
        (&chat["description"], &chat["is_public"]),
        (&json!("Text"), &json!(false))
    );
    assert_eq!(control("PUT", &json!({ "name": 1 })).status, 422);
    assert_eq!(control("DELETE", &json!({})).status, 405);
    assert_eq!(
        json(&account, "/users/1/groups")["count"],
        2,
        "agents stay in their groups"
    );
}
