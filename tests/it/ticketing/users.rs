//! Users.

use axum::http::Method;
use serde_json::{Value, json};

use super::{get, ids, json};
use crate::harness::{Account, Ask, elements};

/// An admin who may call, and what follows.
fn seeded(rest: &str) -> Account {
    Account::seeded(&format!(
        "oauth_tokens: [{{ token: demo-oauth-admin, user_id: 1 }}]\nusers:\n  - {{ id: 1, name: Ada, email: ada@example.com, role: admin }}\n{rest}"
    ))
}

/// Documented fields. Assumed: the defaults.
#[test]
fn a_user_has_what_the_seed_says_and_defaults_for_the_rest() {
    let account = seeded(
        "  - { id: 2, name: Lena, email: lena@example.com, role: light_agent, external_id: hr-2, phone: \"+49 30 1\", active: false, suspended: true, tags: [night, vip] }\n",
    );
    let lena = json(&account, "/users/2")["user"].take();
    let expected = json!({
        "id": 2, "url": "http://localhost/api/v2/users/2.json", "name": "Lena",
        "email": "lena@example.com", "role": "agent", "role_type": 1, "external_id": "hr-2",
        "phone": "+49 30 1", "active": false, "suspended": true, "tags": ["night", "vip"],
        "photo": null, "user_fields": {}, "is_billing_admin": false, "only_private_comments": true, "restricted_agent": true,
        "created_at": "2020-01-01T00:00:00Z", "default_group_id": null,
    });
    for (member, value) in expected.as_object().expect("members") {
        assert_eq!(&lena[member], value, "{member}");
    }
    let ada = json(&account, "/users/me.json")["user"].take();
    assert_eq!(
        (&ada["role"], &ada["role_type"]),
        (&json!("admin"), &json!(4))
    );
    assert_eq!(ada["active"], true);
}

/// Assumed: an agent without a user is listed, so that each agent is found among the users.
#[test]
fn an_agent_without_a_user_is_a_user_with_defaults() {
    let account = seeded(
        "groups: [{ id: 7, name: Phone }]\nagents: [{ id: 1 }, { id: 5, group_ids: [7] }]\n",
    );
    let agent = json(&account, "/users/5")["user"].take();
    assert_eq!(agent["name"], "Agent 5");
    assert_eq!(agent["email"], "agent-5@example.com");
    assert_eq!(
        (&agent["role"], &agent["role_type"]),
        (&json!("agent"), &json!(0))
    );
    assert_eq!(agent["default_group_id"], 7);
    let list = json(&account, "/users");
    assert_eq!(
        (ids(&list, "users"), &list["count"]),
        (vec![1, 5], &json!(2))
    );
    let agents = json(&account, "/users?role=agent");
    assert_eq!(
        (ids(&agents, "users"), &agents["count"]),
        (vec![5], &json!(1))
    );
}

/// Documented: `role`, `role[]` and `external_id`. Assumed: an unknown role is a 400 in the classic
/// form, whatever the account's setting.
#[test]
fn filters_choose_users() {
    let account = Account::demo();
    let all = json(&account, "/users");
    let roles = |filter: &str| -> Vec<Value> {
        let answer = json(&account, &format!("/users?{filter}"));
        let users = elements(&answer["users"]);
        assert_eq!(answer["count"], users.len(), "{filter}");
        users.iter().map(|user| user["role"].clone()).collect()
    };
    assert_eq!(all["count"], 30);
    assert_eq!(roles("role=admin"), ["admin"; 2]);
    assert_eq!(roles("role=end-user"), ["end-user"]);
    assert_eq!(roles("role=agent"), ["agent"; 27]);
    assert_eq!(
        roles("role%5B%5D=admin&role[]=end-user"),
        ["admin", "admin", "end-user"]
    );
    assert_eq!(roles("external_id=hr-1"), [""; 0]);
    let wrong = get(&account, "/users?role=boss");
    assert_eq!(wrong.refusal(), "400 InvalidParameter");
    let strict = get(&account, "/users?rolle=agent");
    assert!(
        strict.hint().contains("did you mean `role`?"),
        "{}",
        strict.hint()
    );
}

/// Documented in part: an external id finds its users. The control API sets it.
#[test]
fn an_external_id_follows_the_user() {
    let account =
        seeded("  - { id: 2, name: Bo, email: bo@example.com, role: agent, external_id: hr-2 }\n");
    let found = |id: &str| {
        let answer = json(&account, &format!("/users?external_id={id}&page[size]=5"));
        ids(&answer, "users")
    };
    assert_eq!(found("hr-2"), [2]);
    assert_eq!(found("HR-2"), [2], "documented: case does not matter");
    let patch = |body: Value| {
        let answer = account.send(&Ask::control(Method::PATCH, "/users/2").json(&body));
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    patch(json!({ "external_id": "Hr-1" }));
    assert_eq!((found("hr-2"), found("hr-1")), (vec![], vec![2]));
    for query in [
        "query=bo&external_id=hR-1",
        "query=bo@example.com&external_id=hR-1",
    ] {
        let answer = json(&account, &format!("/users/search?{query}"));
        assert_eq!(ids(&answer, "users"), [2], "{query}");
    }
    patch(json!({ "external_id": null, "role": "end_user" }));
    assert_eq!(found("hr-1"), [0; 0]);
    assert_eq!(ids(&json(&account, "/users?role=end-user"), "users"), [2]);
    assert_eq!(ids(&json(&account, "/users?role=agent"), "users"), [0; 0]);
}

/// Documented: up to 100, unknown ids are left out. Observed: the error about more.
#[test]
fn many_users_are_shown_by_id() {
    let account = Account::demo();
    let some = json(
        &account,
        "/users/show_many.json?ids=10012,9,10011,10012,99999999999999999999",
    );
    assert_eq!(ids(&some, "users"), [10012, 10011]);
    assert_eq!(
        (&some["count"], &some["next_page"]),
        (&json!(2), &json!(null))
    );
    let many = |count: usize| {
        let list: Vec<_> = (0..count).map(|id| id.to_string()).collect();
        get(
            &account,
            &format!("/users/show_many?ids={}", list.join(",")),
        )
    };
    assert_eq!(many(100).status, 200);
    let refused = many(101);
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.json(),
        json!({ "error": "TooManyValues", "description": "Parameter ids cannot specify more than 100 values" })
    );
    for wrong in ["", "?ids=", "?ids=a"] {
        let answer = get(&account, &format!("/users/show_many{wrong}"));
        assert_eq!(answer.refusal(), "400 InvalidParameter");
    }
}

/// Observed: the body of the 404. Assumed: an id that is not a number is a 400.
#[test]
fn a_user_that_does_not_exist_is_not_found() {
    let account = Account::demo();
    for id in ["9", "99999999999999999999"] {
        let answer = get(&account, &format!("/users/{id}"));
        assert_eq!(answer.status, 404);
        assert_eq!(
            answer.json(),
            json!({ "error": "RecordNotFound", "description": "Not found" })
        );
    }
    // A call that programs make, and that is not here.
    let answer = get(&account, "/users/count");
    assert_eq!(answer.refusal(), "400 Invalid attribute");
    let hint = "`count` is not an id; if this is a call that is not here, a rule with `answer` can answer it";
    assert!(answer.hint().starts_with(hint), "{}", answer.hint());
}
