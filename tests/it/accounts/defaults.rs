//! What a new account takes from the server's configuration.

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{RateLimitPatch, Release, SettingsPatch, SkillsForm};
use zendesk_availability_emulator::seed::Seed;

use super::{control, create, get_in, put_in, reset};
use crate::harness::{Account, Answer, Ask};

/// A team of one agent, with its own settings.
const TEAM: &str = "
settings: { page_size_default: 7, work_items_per_page: 1, rate_limit: { requests: 50, window: 10s } }
users:
  - { id: 1, name: Admin, email: admin@example.com, role: admin }
api_tokens:
  - { token: demo-api-token }
agents:
  - { id: 5, agent_status: { id: 3 } }
";

const GENERATED: &str = "/1000000001";

/// A server with that team, two generated agents, and flags.
fn server() -> Account {
    let flags = SettingsPatch::new()
        .release(Release::Eap)
        .page_size_default(8)
        .rate_limit(RateLimitPatch::off());
    let seed = Seed::parse(TEAM).expect("a seed");
    Account::with(|builder| builder.seed(seed).agents(2).settings(flags))
}

fn create_yaml(server: &Account, text: &[u8]) -> Answer {
    server.send(
        &control(Method::POST, "")
            .header("content-type", "application/yaml")
            .body(text),
    )
}

/// Where an account's agents come from: the server's seed, generated ones, the demo.
fn agents(server: &Account, subdomain: &str) -> [bool; 3] {
    ["/5", GENERATED, "/10011"].map(|agent| get_in(server, subdomain, agent).status == 200)
}

/// By design: a call beats the server's seed. Generated agents are created only on request, so that
/// an account for each test stays cheap.
#[test]
fn the_seed_is_the_servers_unless_the_call_has_one() {
    let server = server();
    let own = json!({
        "users": [{ "id": 1, "name": "Admin", "email": "admin@example.com", "role": "admin" }],
        "api_tokens": [{ "token": "demo-api-token" }],
        "agents": [{ "id": 10011 }],
    });
    for (name, seed, expected) in [
        ("none", Value::Null, [true, false, false]),
        ("default", json!("default"), [true, true, false]),
        ("demo", json!("demo"), [false, false, true]),
        ("empty", json!("empty"), [false, false, false]),
        ("own", own, [false, false, true]),
    ] {
        assert_eq!(
            create(&server, &json!({ "subdomain": name, "seed": seed })).status,
            201,
            "{name}"
        );
        assert_eq!(agents(&server, name), expected, "{name}");
        assert_eq!(reset(&server, name).status, 200, "{name}");
        assert_eq!(agents(&server, name), expected, "{name}, reset");
    }
    assert_eq!(
        agents(&server, "example"),
        [true, true, false],
        "the default account"
    );
    let refused = create(&server, &json!({ "seed": "small" }));
    let problem =
        json!({ "path": "seed", "message": "expected \"default\", \"demo\", \"empty\" or a seed" });
    assert_eq!(
        (refused.status.as_u16(), refused.at("/problems")),
        (422, json!([problem]))
    );
}

/// Assumed: as for the default account, a flag beats the settings of any seed. The settings of the
/// call beat both, member by member.
#[test]
fn settings_have_their_order() {
    let server = server();
    let default = server
        .send(&control(Method::GET, "/example"))
        .at("/settings");
    let plain = create(&server, &json!({})).at("/settings");
    assert_eq!(plain, default);
    let limit = json!({ "requests": null, "window": "60s", "remaining": null });
    assert_eq!(
        (&plain["release"], &plain["rate_limit"]),
        (&json!("eap"), &limit),
        "the flag's"
    );
    assert_eq!(
        (&plain["page_size_default"], &plain["work_items_per_page"]),
        (&json!(8), &json!(1))
    );
    // Another seed is under the same flags, and takes nothing from the server's seed.
    let seed = json!({ "settings": { "page_size_default": 9, "skills": "ids" } });
    let own = create(&server, &json!({ "seed": seed })).at("/settings");
    assert_eq!(
        (&own["page_size_default"], &own["skills"]),
        (&json!(8), &json!("ids"))
    );
    assert_eq!(
        (&own["release"], &own["work_items_per_page"]),
        (&json!("eap"), &json!(3))
    );
    let given =
        json!({ "page_size_default": 10, "rate_limit": { "requests": 3 }, "release": null });
    let laid_over =
        create(&server, &json!({ "subdomain": "over", "settings": given })).at("/settings");
    let mut expected = plain;
    expected["page_size_default"] = json!(10);
    expected["rate_limit"] = json!({ "requests": 3, "window": "60s", "remaining": 3 });
    assert_eq!(laid_over, expected);
    put_in(
        &server,
        "over",
        "/agent_statuses/agents/5",
        &json!({ "id": 4 }),
    );
    assert_eq!(reset(&server, "over").at("/settings"), expected);
}

/// Assumed: each setting is valid by itself, but together they are not. The problem's place is the
/// whole document, and no account is created.
#[test]
fn a_call_may_not_fit_the_servers_settings() {
    let server = server();
    let refused = create(
        &server,
        &json!({ "subdomain": "a", "settings": { "rate_limit": { "remaining": 3 } } }),
    );
    assert_eq!(refused.places(), [""]);
    assert_eq!(server.send(&control(Method::GET, "/a")).status, 404);
}

/// Assumed: a server without a seed and settings creates demo accounts, like its default account.
#[test]
fn a_server_without_a_seed_makes_demo_accounts() {
    let server = Account::demo_with(SettingsPatch::new().skills(SkillsForm::Ids));
    create(&server, &json!({ "subdomain": "a" }));
    assert_eq!(agents(&server, "a"), [false, false, true]);
    assert!(
        get_in(&server, "a", "/10011")
            .at("/data/attributes/skills/0")
            .is_string()
    );
}

/// Assumed: the same document in YAML, in which a team's seed can stand as it is.
#[test]
fn a_new_account_may_be_written_in_yaml() {
    let server = Account::demo();
    let indented = TEAM.replace('\n', "\n  ");
    let text = format!("subdomain: team # whose\nsettings: {{ validation: off }}\nseed:{indented}");
    let made = create_yaml(&server, text.as_bytes());
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(
        (made.at("/subdomain"), made.at("/settings/validation")),
        (json!("team"), json!("off"))
    );
    assert_eq!(agents(&server, "team"), [true, false, false]);
    // JSON is valid YAML, and an empty body is allowed in both.
    assert_eq!(
        create_yaml(&server, br#"{"subdomain": "json", "seed": "empty"}"#).at("/subdomain"),
        "json"
    );
    assert_eq!(create_yaml(&server, b"").at("/subdomain"), "t1");
    let typed = control(Method::POST, "")
        .header("content-type", "Application/YAML; charset=utf-8")
        .body("seed: empty");
    assert_eq!(server.send(&typed).status, 201);
}

/// Assumed: problems have the same form as for JSON, and no account is created.
#[test]
fn yaml_that_is_wrong_is_refused_as_json_is() {
    let server = Account::demo();
    let before = super::list(&server);
    let refused = create_yaml(
        &server,
        b"subdomain: '-'\nseed: { agents: [{ id: -1 }] }\nmore: 1\n",
    );
    let places: Vec<_> = ["/problems/0/path", "/problems/1/path", "/problems/2/path"]
        .map(|it| refused.at(it))
        .into();
    assert_eq!(
        (refused.status.as_u16(), places),
        (
            422,
            vec![json!(""), json!("subdomain"), json!("seed.agents[0].id")]
        )
    );
    let doubled = (1..40).fold("- &a0 [x]\n".to_owned(), |text, it| {
        format!("{text}- &a{it} [*a{0}, *a{0}]\n", it - 1)
    });
    let long = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(1 << 20),
        "*a,".repeat(100_000)
    );
    for bad in [
        "subdomain: [",
        "seed: demo\nseed: demo\n",
        "a: 1\n---\nb: 2\n",
        &"- ".repeat(100_000),
        &"[".repeat(100_000),
        &doubled,
        &long,
    ] {
        let refused = create_yaml(&server, bad.as_bytes());
        let shown = &bad[..bad.len().min(40)];
        assert_eq!(refused.refusal(), "400 InvalidRequestBody", "{shown}");
        let description = refused.at("/description");
        assert!(
            description
                .as_str()
                .is_some_and(|it| it.starts_with("not YAML: ")),
            "{shown}: {description}"
        );
    }
    assert_eq!(create_yaml(&server, b"\xff").status, 400);
    assert_eq!(create_yaml(&server, &vec![b' '; 16 << 20 | 1]).status, 413);
    assert_eq!(
        create_yaml(&server, b"# nothing\n").status,
        422,
        "an empty document is not an object, like null in JSON"
    );
    assert_eq!(super::list(&server), before);
}

/// Assumed: only the call that creates an account takes YAML. Every other call takes JSON.
#[test]
fn other_calls_take_no_yaml() {
    let server = Account::demo();
    create(&server, &json!({ "subdomain": "a" }));
    for (method, path) in [
        (Method::PATCH, "/a"),
        (Method::POST, "/a/reset"),
        (Method::PUT, "/a/snapshot"),
    ] {
        let ask = Ask::raw(method, &format!("/_emulator/accounts{path}"))
            .header("content-type", "application/yaml");
        assert_eq!(server.send(&ask.body("{}")).status, 415, "{path}");
    }
}
