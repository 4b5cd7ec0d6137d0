//! What happens in one account happens in no other. A reset undoes all of it.

use axum::http::Method;
use serde_json::{Value, json};

use super::{control, create, get_in, list, patch, put_in, reset};
use crate::harness::{Account, Ask};
use crate::list::agents;

const AGENT: &str = "/agent_statuses/agents/10011";
const MANY: &str = "/agent_statuses/agents/update_many?ids=10011,10012";

fn status(server: &Account, account: &str) -> Value {
    get_in(server, account, "/10011")
        .at("/data/attributes")
        .clone()
}

#[test]
fn accounts_do_not_disturb_each_other() {
    let server = Account::demo();
    for name in ["a", "b"] {
        create(
            &server,
            &json!({ "subdomain": name, "settings": { "rate_limit": { "requests": 4 } } }),
        );
    }
    let before = status(&server, "b");
    assert_eq!(put_in(&server, "a", AGENT, &json!({ "id": 4 })).status, 200);
    assert_eq!(put_in(&server, "a", MANY, &json!({ "id": 4 })).status, 200);
    assert_eq!(status(&server, "a")["agent_status"]["id"], 4);
    assert_eq!(status(&server, "b"), before);
    assert_eq!(server.attributes(10011), before, "the default account");
    // The account admits four calls. Three were made in the other account.
    assert_eq!(
        get_in(&server, "a", "/10011").header("x-rate-limit-remaining"),
        Some("0")
    );
    assert_eq!(get_in(&server, "a", "/10011").status, 429);
    assert_eq!(
        get_in(&server, "b", "/10011").header("x-rate-limit-remaining"),
        Some("1")
    );
    assert_eq!(server.get("/10011").header("x-rate-limit"), Some("200"));
}

#[test]
fn a_job_belongs_to_its_account() {
    let server = Account::demo();
    for name in ["a", "b"] {
        create(&server, &json!({ "subdomain": name }));
    }
    let job = put_in(&server, "a", MANY, &json!({ "id": 4 }));
    let url = job
        .at("/job_status/url")
        .as_str()
        .expect("an address")
        .to_owned();
    let path = url.strip_prefix("http://localhost").expect("this server");
    assert!(path.starts_with("/_account/a/"), "{url}");
    let show = |path: &str| {
        server.send(&Ask::raw(Method::GET, path).token("admin@example.com", "demo-api-token"))
    };
    let shown = show(path);
    assert_eq!(shown.at("/status"), "completed", "{}", shown.text());
    assert_eq!(
        show(&path.replace("/_account/a/", "/_account/b/")).status,
        404
    );
}

/// Links lead to the same account, so a client that follows them gets every agent of it once.
#[test]
fn the_second_page_is_of_the_same_account() {
    let server = Account::demo();
    create(&server, &json!({ "subdomain": "a" }));
    put_in(&server, "a", AGENT, &json!({ "id": 4 }));
    let whole = get_in(&server, "a", "?page[size]=100&filter[agent_status_id]=4");
    let whole = agents(&whole.json());
    assert!(whole.len() > 3 && whole.contains(&10011), "{whole:?}");
    for (target, host) in [
        ("/_account/a", "localhost"),
        ("", "a.localhost"),
        ("", "a.zendesk.com:8443"),
    ] {
        let first =
            format!("{target}/api/v2/agent_availabilities?page[size]=3&filter[agent_status_id]=4");
        let (mut target, mut found) = (first, Vec::new());
        loop {
            let ask = Ask::raw(Method::GET, &target).token("admin@example.com", "demo-api-token");
            let page = server.send(&ask.header("host", host)).json();
            found.extend(agents(&page));
            let Some(next) = page["links"]["next"].as_str() else {
                break;
            };
            target = next
                .strip_prefix(&format!("http://{host}"))
                .expect("the same address")
                .to_owned();
        }
        assert_eq!(found, whole, "{host}");
    }
    assert_ne!(server.attributes(10011)["agent_status"]["id"], 4);
}

#[test]
fn a_reset_puts_back_everything() {
    let server = Account::demo();
    let made = create(
        &server,
        &json!({ "subdomain": "a", "settings": { "rate_limit": { "requests": 9 } } }),
    )
    .json();
    let before = status(&server, "a");
    let job = put_in(&server, "a", MANY, &json!({ "id": 4 }))
        .at("/job_status/id")
        .as_str()
        .expect("an id")
        .to_owned();
    put_in(&server, "a", AGENT, &json!({ "id": 2 }));
    patch(
        &server,
        "a",
        &json!({ "settings": { "omnichannel_routing": false, "release": "eap", "auth": "any" } }),
    );
    let again = reset(&server, "a");
    assert_eq!(again.status, 200);
    assert_eq!(again.json(), made);
    assert_eq!(list(&server)["accounts"][0], made);
    assert_eq!(status(&server, "a"), before);
    assert_eq!(
        get_in(&server, "a", &format!("/agent_statuses/job_statuses/{job}")).status,
        404
    );
    assert_eq!(
        get_in(&server, "a", "/10011").header("x-rate-limit-remaining"),
        Some("6"),
        "the window is a new one"
    );
    assert_eq!(reset(&server, "nobody").status, 404);
}

/// The Rust handle reads the default account as it is, before and after a reset.
#[test]
fn the_default_account_is_reset_too() {
    let server = Account::demo();
    let before = server.state();
    server.put(AGENT, &json!({ "id": 4 }));
    assert_ne!(server.state(), before);
    assert_eq!(reset(&server, "example").status, 200);
    assert_eq!(server.state(), before);
    assert_eq!(
        server
            .send(&control(Method::GET, "/example"))
            .at("/default"),
        true
    );
}
