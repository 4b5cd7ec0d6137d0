//! How a request may be written.

mod bodies;
mod formats;

use axum::http::{HeaderMap, Method};
use serde_json::{Value, json};

use super::list::agents;
use crate::harness::{Account, Answer, Ask, Operation, P, operations};

/// The answers of a new account. All new accounts give the same requests the same answers.
fn fresh(ask: impl FnOnce(&Account) -> Ask) -> Answer {
    let account = Account::demo();
    let ask = ask(&account);
    account.send(&ask)
}

/// The answer to a call of this operation in its simplest form.
fn plain(operation: &Operation) -> Answer {
    let answer = fresh(|account| operation.ask(account));
    assert_eq!(answer.status, 200, "{}: {}", operation.id, answer.text());
    answer
}

/// Observed for `.json`, which several clients send, and assumed for the slash.
#[test]
fn every_path_may_end_in_json_or_in_a_slash() {
    for operation in operations() {
        let plain = plain(&operation);
        for end in [".json", "/", ".json/", "//"] {
            let answer =
                fresh(|account| operation.ask_with_path(account, |path| format!("{path}{end}")));
            assert_eq!(answer.status, 200, "{}{end}", operation.id);
            assert_eq!(answer.json(), plain.json(), "{}{end}", operation.id);
        }
    }
}

/// Observed: at least six public programs call `https://x.zendesk.com//api/v2/…`. A run of slashes
/// counts as one anywhere in the path, and a hint says so. Links, journal and faults have the path
/// as it was routed.
#[test]
fn a_run_of_slashes_counts_as_one() {
    const HINT: &str = "a run of `/` in the path counts as one";
    for operation in operations() {
        let plain = plain(&operation);
        for shape in [
            "/$",
            "///$",
            "/_account/example/$",
            "/_account//example$",
            "//_account/example$",
            "$//",
            "$.json//",
        ] {
            let answer = fresh(|account| {
                let ask = operation.ask(account);
                let (path, query) = ask.target.split_once('?').unwrap_or((&ask.target, ""));
                let target = format!("{}?{query}", shape.replace('$', path));
                ask.to(target)
            });
            assert_eq!(
                (answer.status.as_u16(), answer.hint()),
                (200, HINT),
                "{} {shape}",
                operation.id
            );
            let base = if shape.contains("_account") {
                "http://localhost/_account/example"
            } else {
                "http://localhost"
            };
            let expected = plain.text().replace("http://localhost", base);
            assert_eq!(
                answer.json(),
                serde_json::from_str::<Value>(&expected).expect("JSON"),
                "{shape}"
            );
        }
        // Anywhere else in the path, and everywhere at once.
        let spread = fresh(|account| {
            let ask = operation.ask(account);
            let (path, query) = ask.target.split_once('?').unwrap_or((&ask.target, ""));
            let target = format!("{}?{query}", path.replace('/', "///"));
            ask.to(target)
        });
        assert_eq!(
            (spread.json(), spread.hint()),
            (plain.json(), HINT),
            "{}",
            operation.id
        );
    }
    let account = Account::demo();
    let rule = json!({ "match": { "path": format!("{P}/10011") }, "fault": { "status": 503 } });
    let faults = Ask::control(Method::PUT, "/faults").json(&json!({ "faults": [rule] }));
    assert_eq!(account.send(&faults).status, 200);
    let ask = |target: &str| Ask::get("").to(target.to_owned());
    assert_eq!(
        account
            .send(&ask("//api/v2/agent_availabilities///10011"))
            .status,
        503,
        "a fault finds it"
    );
    let requests = account.send(&Ask::control(Method::GET, "/requests"));
    assert_eq!(requests.at("/requests/0/path"), format!("{P}/10011"));
    assert_eq!(
        requests.at("/requests/0/operation"),
        "show_agent_availability"
    );
    // An encoded slash does not count as a slash.
    for target in [
        "/api/v2/agent_availabilities%2F%2F10011",
        "/%2Fapi/v2/agent_availabilities/10011",
    ] {
        let answer = account.send(&ask(target));
        assert_eq!(answer.refusal(), "404 InvalidEndpoint", "{target}");
        assert!(!answer.hint().contains(HINT), "{target}: {}", answer.hint());
    }
}

/// Observed: clients write brackets, colons, commas and spaces encoded or not.
#[test]
fn both_spellings_of_a_query_are_the_same_request() {
    for spellings in [
        [
            "filter[channel_status]=messaging:online",
            "filter%5Bchannel_status%5D=messaging%3Aonline",
        ],
        [
            "filter[channel_status]=talk:away&page[size]=1",
            "filter%5bchannel_status%5d=talk%3aaway&page%5Bsize%5D=1",
        ],
        [
            "filter[channel_status]=talk:away,chat:online",
            "filter%5Bchannel_status]=talk%3Aaway%2Cchat:online",
        ],
        [
            "filter[channel_status]=talk:away,+chat:online",
            "filter[channel_status]=talk:away,%20chat:online",
        ],
        [
            "filter[agent_id]=10011,10013",
            "filter%5Bagent_id%5D=10011%2C10013",
        ],
        [
            "filter[agent_id]=10011,+10013",
            "filter%5Bagent_id%5D=+10011+%2C%2010013+",
        ],
        [
            "page[size]=2&page[after]=10012",
            "page%5Bsize%5D=2&%70age%5Bafter%5D=%31%30012",
        ],
    ] {
        let [one, other] = spellings.map(|query| Account::demo().json(&format!("?{query}")));
        assert_eq!(one, other, "{spellings:?}");
        let found = agents(&one).len();
        assert!(
            (1..12).contains(&found),
            "{spellings:?} found {found} agents and so proves nothing"
        );
    }
}

/// Observed: a plus is a space, also inside a value. A percent-encoded plus is a plus.
#[test]
fn a_plus_is_a_space() {
    let account = Account::seeded(
        "
users: [{ id: 1, name: Admin, email: admin@example.com, role: admin }]
api_tokens: [{ token: demo-api-token }]
skills: [{ id: first aid, name: Spaced }, { id: first+aid, name: Plussed }]
agents:
  - { id: 5, agent_status: { id: 2 }, skill_ids: [first aid] }
  - { id: 6, agent_status: { id: 2 }, skill_ids: [first+aid] }
",
    );
    for (value, found) in [("first+aid", 5), ("first%20aid", 5), ("first%2Baid", 6)] {
        assert_eq!(
            agents(&account.json(&format!("?filter[skill]={value}"))),
            [found],
            "{value}"
        );
    }
}

/// Assumed: if a parameter is given twice the last value counts, and the others are not even
/// checked. The spellings of one parameter are one parameter.
#[test]
fn the_last_of_several_values_counts() {
    let account = Account::demo();
    for (query, found) in [
        ("filter[agent_id]=10011&filter[agent_id]=10012", vec![10012]),
        (
            "filter[agent_id]=10012&filter%5Bagent_id%5D=10011",
            vec![10011],
        ),
        (
            "filter[agent_id]=nonsense&filter[agent_id]=10012",
            vec![10012],
        ),
        (
            "filter[agent_id]=10011&filter[agent_ids]=10012",
            vec![10012],
        ),
        (
            "filter[agent_ids]=10011&filter[agent_id]=10012",
            vec![10012],
        ),
        (
            "filter[select_channel]=chat&select_channel=chat&filter[agent_id]=10018",
            vec![10018],
        ),
        ("page[size]=9&page[size]=1", vec![10001]),
        (
            "page[size]=1&page[after]=10001&page[after]=10015",
            vec![10016],
        ),
        ("page[size]=1&page[after]=10015&page[after]=", vec![10001]),
    ] {
        assert_eq!(
            agents(&account.json(&format!("?{query}"))),
            found,
            "{query}"
        );
    }
    for query in [
        "filter[agent_id]=10012&filter[agent_id]=nonsense",
        "page[size]=1&page[size]=0",
    ] {
        assert_eq!(account.get(&format!("?{query}")).status, 400, "{query}");
    }
}

/// Assumed: an empty parameter counts as absent, and so does one without a value. Observed for the
/// cursors, which clients send empty.
#[test]
fn an_empty_parameter_is_absent() {
    for operation in operations()
        .iter()
        .filter(|operation| operation.method == Method::GET)
    {
        let account = Account::demo();
        let path = operation.path(&account);
        let plain = account.json(&path);
        for name in operation.query_parameters().chain(["page"]) {
            for parameter in [
                format!("{name}="),
                name.to_owned(),
                format!("{name}=&{name}="),
            ] {
                let answer = account.get(&format!("{path}?{parameter}"));
                assert_eq!(answer.status, 200, "{}?{parameter}", operation.id);
                assert_eq!(answer.json(), plain, "{}?{parameter}", operation.id);
            }
        }
    }
    let missing = Account::demo().put(
        "/agent_statuses/agents/update_many?ids=",
        &json!({ "id": 4 }),
    );
    assert_eq!(missing.refusal(), "400 InvalidParameter");
}

/// Observed: the Ruby client sends `per_page`. Unknown parameters are never refused.
#[test]
fn unknown_parameters_are_ignored() {
    let unknown =
        "per_page=1&sort_by=name&filter[color]=red&page[number]=3&page[]=4&filter=5&%00=%FF&=6&&";
    for operation in operations() {
        let plain = plain(&operation).json();
        let answer = fresh(|account| {
            let mut ask = operation.ask(account);
            ask.target += if ask.target.contains('?') { "&" } else { "?" };
            ask.target += unknown;
            ask
        });
        assert_eq!(answer.status, 200, "{}: {}", operation.id, answer.text());
        assert_eq!(answer.json(), plain, "{}", operation.id);
    }
}

/// Documented: `Zendesk-Api-Version` appears in a curl example. It is ignored, with any value.
#[test]
fn any_api_version_is_ignored() {
    let plain = Account::demo().json("/10011");
    for version in [
        &b"2023-02-01"[..],
        b"",
        b"1999-01-01",
        b"no date at all",
        b"\xff\xfe",
    ] {
        let answer =
            Account::demo().send(&Ask::get("/10011").header("zendesk-api-version", version));
        assert_eq!(answer.json(), plain, "{version:?}");
        assert_eq!(answer.hint(), "", "{version:?}");
    }
}

/// Assumed: a HEAD has its GET's headers and no body, for every answer.
#[test]
fn a_head_has_the_headers_of_its_get_and_no_body() {
    fn compare(get: &Ask) -> HeaderMap {
        let mut head = get.clone();
        head.method = Method::HEAD;
        let [get, head] = [get, &head].map(|ask| fresh(|_| ask.clone()));
        assert_eq!(head.status, get.status);
        assert_eq!(head.headers, get.headers);
        assert!(head.body.is_empty() && !get.body.is_empty());
        head.headers
    }
    for operation in operations()
        .iter()
        .filter(|operation| operation.method == Method::GET)
    {
        // A job exists only in the account in which it was started.
        if operation.id != "show_job_status" {
            compare(&operation.ask(&Account::demo()));
        }
    }
    for ask in [
        Ask::get("/agent_statuses/job_statuses/01KFGZ6T9QW3V8X2M5N7P4R1C0"),
        Ask::get("?page[size]=1000"),
        Ask::get("?page[size]=0"),
        Ask::get("").header("accept", "application/vnd.api+json"),
        Ask::get("").header("host", "no host"),
        Ask::get("").anonymous(),
        Ask::get("").by_agent(),
        Ask::get("/10002"),
        Ask::raw(Method::GET, &format!("{P}/no/such/route")),
        Ask::raw(Method::GET, "/_emulator/healthz"),
        Ask::raw(Method::GET, "/_emulator/openapi.json"),
    ] {
        compare(&ask);
    }
    let headers = compare(&Ask::get("/agent_statuses/agents/me"));
    assert_eq!(
        headers.get("allow").expect("a 405 says what is allowed"),
        "PUT"
    );
}
