//! Fault rules: what is shown is what was set.

use std::time::Duration;

use serde_json::json;
use zendesk_availability_emulator::client::{Answer, Fault, FaultBody, FaultRule, Latency, Reset};

use super::{in_both_ways, refusal, with_requests_in_both_ways};

const MS: fn(u64) -> Duration = Duration::from_millis;

/// Every part of a rule, in combinations that are allowed.
fn rules() -> Vec<FaultRule> {
    let median = Latency::LogNormal {
        median: MS(200),
        sigma: 0.5,
    };
    let faults = [
        Fault::new()
            .status(503)
            .retry_after(2)
            .body(FaultBody::Html)
            .latency(MS(1500)),
        Fault::new()
            .status(429)
            .body(FaultBody::Text)
            .latency(Latency::Uniform(MS(100), MS(60_000))),
        Fault::new().status(404).body(FaultBody::Json).break_json(),
        Fault::new()
            .status(500)
            .body(FaultBody::Empty)
            .latency(median),
        Fault::new()
            .slow_first_byte(MS(250))
            .dribble(16, MS(20))
            .truncate(64),
        Fault::new().reset(Reset::Before),
        Fault::new().reset(Reset::MidBody),
        Fault::new().empty(),
        Fault::new().silence(),
    ];
    let everything = FaultRule::preset("expired-cursor")
        .named("late")
        .operation("list_agent_availabilities")
        .method("GET")
        .path("/api/*")
        .agent(10_011)
        .caller("admin@example.com")
        .header("user-agent", "desk/1")
        .without_header("x-y")
        .body(json!({ "id": 4 }))
        .after(1)
        .first(2)
        .every(3)
        .lasting(Duration::from_millis(1500));
    let answers = [
        Answer::new().status(204),
        Answer::new()
            .status(201)
            .body(json!({ "b": 1, "a": null }))
            .header("x-a", "b")
            .without_header("retry-after"),
        Answer::new().text("a line").unauthenticated(),
        Answer::new().patch(json!({ "data": null })),
        Answer::new().echo(json!({ "ticket": { "id": 1 } })),
    ];
    faults
        .into_iter()
        .map(FaultRule::new)
        .chain(answers.into_iter().map(FaultRule::answer))
        .chain([
            everything,
            FaultRule::preset("truncated-json").caller("10001"),
        ])
        .collect()
}

#[test]
fn rules_are_shown_as_they_were_set() {
    in_both_ways(|client| {
        let account = client.default_account();
        let rules = rules();
        let set = account.set_faults(&rules).expect("rules");
        assert_eq!(
            set.iter().map(|seen| seen.id).collect::<Vec<_>>(),
            (1..=rules.len() as u64).collect::<Vec<_>>()
        );
        assert_eq!(
            set.iter().map(|seen| seen.rule.clone()).collect::<Vec<_>>(),
            rules
        );
        assert!(set.iter().all(|seen| (seen.matched, seen.hits) == (0, 0)));
        assert_eq!(account.faults().expect("rules"), set);
        // A rule that is shown can be set again.
        let again: Vec<_> = set.iter().map(|seen| seen.rule.clone()).collect();
        assert_eq!(account.set_faults(&again).expect("rules"), set);
        assert_eq!(account.set_faults(&[]).expect("none"), []);
    });
}

/// On the wire a rule has the form of the contract, independent of the types that read it here.
#[test]
fn a_rule_says_what_the_contract_has_for_it() {
    let emulator = super::builder().build().expect("valid settings");
    emulator
        .default_account()
        .set_faults(&rules())
        .expect("rules");
    let shown = super::show(&emulator, "/faults");
    let at = |pointer: &str| shown.pointer(pointer).cloned().unwrap_or_default();
    for (pointer, expected) in [
        (
            "/faults/0/fault",
            r#"{"latency":"1500ms","status":503,"retry_after":2,"body":"html"}"#,
        ),
        ("/faults/1/fault/latency", r#"{"uniform":["100ms","60s"]}"#),
        (
            "/faults/3/fault/latency",
            r#"{"log_normal":{"median":"200ms","sigma":0.5}}"#,
        ),
        (
            "/faults/4/fault",
            r#"{"slow_first_byte":"250ms","dribble":{"bytes":16,"every":"20ms"},"truncate":64}"#,
        ),
        ("/faults/6/fault", r#"{"reset":"mid_body"}"#),
        ("/faults/8/fault", r#"{"silence":true}"#),
        (
            "/faults/10/answer",
            r#"{"status":201,"headers":{"x-a":"b"},"without_headers":["retry-after"],"body":{"b":1,"a":null}}"#,
        ),
        (
            "/faults/11/answer",
            r#"{"text":"a line","authenticate":false}"#,
        ),
        ("/faults/12/answer", r#"{"patch":{"data":null}}"#),
        ("/faults/13/answer", r#"{"echo":{"ticket":{"id":1}}}"#),
        (
            "/faults/14/when",
            r#"{"after":1,"first":2,"every":3,"for":"1500ms"}"#,
        ),
        (
            "/faults/14/match/headers",
            r#"{"user-agent":"desk/1","x-y":null}"#,
        ),
        ("/faults/14/match/body", r#"{"id":4}"#),
        ("/faults/15/match", r#"{"caller":10001}"#),
    ] {
        assert_eq!(at(pointer).to_string(), expected, "{pointer}");
    }
}

#[test]
fn a_rule_counts_what_it_hits() {
    with_requests_in_both_ways(|client, get| {
        let account = client.default_account();
        let rule = FaultRule::new(Fault::new().status(503))
            .named("busy")
            .agent(10_011)
            .after(1)
            .first(1);
        account.set_faults(&[rule]).expect("a rule");
        assert_eq!(
            [get("/10011"), get("/10011"), get("/10012"), get("/10011")],
            [200, 503, 200, 200]
        );
        let seen = &account.faults().expect("rules")[0];
        assert_eq!(
            (seen.rule.name.as_deref(), seen.matched, seen.hits),
            (Some("busy"), 3, 1)
        );
    });
}

#[test]
fn a_rule_that_makes_no_sense_is_refused() {
    in_both_ways(|client| {
        let rules = [
            FaultRule::preset("truncated"),
            FaultRule::new(Fault::new()).operation("show_agent"),
        ];
        let refused = client
            .default_account()
            .set_faults(&rules)
            .expect_err("nothing of it is right");
        assert_eq!(refusal(&refused), (422, "InvalidRequest"));
        let problems = &refused.refusal().expect("a refusal").problems;
        let mut paths: Vec<_> = problems
            .iter()
            .map(|problem| problem.path.as_str())
            .collect();
        paths.sort_unstable();
        assert_eq!(
            paths,
            [
                "faults[0].preset",
                "faults[1].fault",
                "faults[1].match.operation"
            ]
        );
    });
}
