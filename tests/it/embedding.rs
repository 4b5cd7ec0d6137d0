//! The emulator as a value in a user's test.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use zendesk_availability_emulator::clock::Clock;
use zendesk_availability_emulator::config::{
    InvalidSettings, RateLimitPatch, Release, SettingsPatch,
};
use zendesk_availability_emulator::seed::Seed;
use zendesk_availability_emulator::{Emulator, StartError};

use crate::harness::{P, START};

/// A GET with the demo's OAuth token, by a client that is as simple as possible.
fn get(url: &str, path: &str) -> String {
    let mut connection =
        TcpStream::connect(url.trim_start_matches("http://")).expect("a connection");
    let request = format!("GET {path} HTTP/1.0\r\nAuthorization: Bearer demo-oauth-admin\r\n\r\n");
    connection.write_all(request.as_bytes()).expect("a request");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("an answer");
    answer
}

/// By design: an emulator starts on a free port and serves the demo account.
#[test]
fn it_starts_ready() {
    let emulator = Emulator::start();
    assert!(get(&emulator.url(), "/_emulator/readyz").starts_with("HTTP/1.0 200"));
    assert!(get(&emulator.url(), &format!("{P}/10011")).contains(r#""agent_id":10011"#));
}

/// By design: nothing is global. Two emulators live in one process, each with its own world.
#[test]
fn two_emulators_do_not_share_a_world() {
    let (one, other) = (
        Emulator::start(),
        Emulator::builder()
            .seed(Seed::empty())
            .start()
            .expect("a port"),
    );
    assert_ne!(one.url(), other.url());
    assert!(get(&one.url(), &format!("{P}/10011")).starts_with("HTTP/1.0 200"));
    assert!(get(&other.url(), &format!("{P}/10011")).starts_with("HTTP/1.0 401"));
}

/// By design: the emulator has its own threads, so it also serves a client that blocks the only
/// thread of a test's runtime.
#[test]
fn it_serves_a_test_that_blocks_its_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let emulator = Emulator::start();
        assert!(get(&emulator.url(), &format!("{P}/10011")).starts_with("HTTP/1.0 200"));
    });
}

/// By design: a test moves the clock, and every time in the answers is that clock's.
#[test]
fn a_frozen_clock_rules_the_answers() {
    let clock = Clock::frozen(START.parse().expect("a time"));
    let emulator = Emulator::builder()
        .clock(clock.clone())
        .start()
        .expect("a port");
    assert!(
        get(&emulator.url(), &format!("{P}/10011")).contains("date: Wed, 21 Jan 2026 10:30:00 GMT")
    );
    clock.advance(Duration::from_mins(1));
    assert!(
        get(&emulator.url(), &format!("{P}/10011")).contains("date: Wed, 21 Jan 2026 10:31:00 GMT")
    );
}

/// By design: the values given to the builder beat the seed's settings, which beat the defaults.
#[test]
fn the_builders_settings_beat_those_of_the_seed() {
    let seed = Seed::parse("settings: { release: eap, page_size_default: 7 }").expect("a seed");
    let settings = SettingsPatch::new().page_size_default(9);
    let emulator = Emulator::builder()
        .seed(seed)
        .settings(settings)
        .build()
        .expect("valid settings");
    let settings = emulator.default_account().settings().expect("an account");
    assert_eq!(settings.release, Release::Eap);
    assert_eq!(settings.page_size_default, 9);
    assert_eq!(settings.work_items_per_page, 3);
}

/// Without a socket: the router answers, and shares the world with the emulator that it came from.
#[test]
fn the_router_serves_without_a_socket() {
    use tower::ServiceExt;
    let emulator = Emulator::builder().build().expect("valid settings");
    assert_eq!(emulator.local_addr(), None);
    let request = axum::http::Request::get("/_emulator/readyz")
        .body(axum::body::Body::empty())
        .expect("a request");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let response = runtime
        .block_on(emulator.router().oneshot(request))
        .expect("infallible");
    assert_eq!(response.status(), 200);
}

/// Assumed: all routers of an emulator are the same server. An account never gets a name that
/// another account has had, and its clock starts with the server's first mode, whenever the router
/// was made.
#[test]
fn all_routers_are_one_server() {
    use http_body_util::BodyExt;
    use tower::ServiceExt;
    let clock = Clock::frozen(START.parse().expect("a time"));
    let emulator = Emulator::builder()
        .clock(clock.clone())
        .build()
        .expect("valid settings");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let call = |method: &str, path: &str| {
        let request = axum::http::Request::builder()
            .method(method)
            .uri(format!("/_emulator/accounts{path}"));
        let request = request.body(axum::body::Body::empty()).expect("a request");
        let response = runtime
            .block_on(emulator.router().oneshot(request))
            .expect("infallible");
        let body = runtime
            .block_on(response.into_body().collect())
            .expect("a body")
            .to_bytes();
        serde_json::from_slice::<serde_json::Value>(&body).unwrap_or_default()
    };
    assert_eq!(call("POST", "")["subdomain"], "t1");
    call("DELETE", "/t1");
    clock.advance(Duration::from_hours(1));
    assert_eq!(call("POST", "")["subdomain"], "t2");
    assert_eq!(
        call("GET", "/t2/clock")["now"],
        "2026-01-21T10:30:00.000000Z"
    );
}

/// A configuration that cannot work is refused before anything listens.
#[test]
fn what_cannot_start_says_why() {
    let taken = Emulator::start();
    let port = taken.local_addr().expect("a socket").port();
    let error = Emulator::builder()
        .port(port)
        .start()
        .expect_err("the port is taken");
    assert!(
        matches!(error, StartError::Bind { port: refused, .. } if refused == port),
        "{error}"
    );

    let huge = RateLimitPatch::new().requests(std::num::NonZeroU32::new(400_000));
    let window = huge.window(Duration::from_hours(24));
    for (patch, expected) in [
        (
            SettingsPatch::new().page_size_default(0),
            InvalidSettings::PageSizeDefault,
        ),
        (
            SettingsPatch::new().page_size_default(101),
            InvalidSettings::PageSizeDefault,
        ),
        (
            SettingsPatch::new().work_items_per_page(101),
            InvalidSettings::WorkItemsPerPage,
        ),
        (
            SettingsPatch::new().rate_limit(window),
            InvalidSettings::RateLimit,
        ),
    ] {
        let error = Emulator::builder()
            .settings(patch)
            .build()
            .expect_err("out of range");
        assert!(
            matches!(error, StartError::Settings(found) if found == expected),
            "{error}"
        );
    }
}

/// By design: a seed from text and from a file. An error names the file and every place.
#[test]
fn a_seed_is_read_from_text_and_from_a_file() {
    let file = |name: &str, text: &str| {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, text).expect("a file");
        path
    };
    let team = "settings: { page_size_default: 7 }\nagents: [{ id: 5 }]\n";
    let seed: Seed = team.parse().expect("a seed");
    assert_eq!(seed.settings().page_size_default, Some(7));
    let builder = Emulator::builder()
        .seed_file(file("embedding-team.yaml", team))
        .expect("a seed");
    let emulator = builder.build().expect("valid settings");
    assert_eq!(
        (
            emulator.world().agent_count(),
            emulator
                .default_account()
                .settings()
                .expect("settings")
                .page_size_default
        ),
        (1, 7)
    );

    let wrong = "agents: [{ id: -1 }]\ngroups: 3\n";
    let path = file("embedding-wrong.yaml", wrong);
    let refused = Emulator::builder()
        .seed_file(&path)
        .expect_err("it is wrong");
    assert_eq!(refused.seed_error(), wrong.parse::<Seed>().err().as_ref());
    let lines: Vec<_> = refused.to_string().lines().map(str::to_owned).collect();
    assert!(
        lines.len() == 2
            && lines
                .iter()
                .all(|line| line.starts_with(&path.display().to_string())),
        "{lines:?}"
    );
    assert!(lines[0].contains("groups: expected a list"), "{lines:?}");
    let missing = Emulator::builder()
        .seed_file("/nowhere/team.yaml")
        .expect_err("it is not there");
    assert!(
        missing.seed_error().is_none() && missing.to_string().starts_with("/nowhere/team.yaml: "),
        "{missing}"
    );
}
