//! Which callers the control API accepts. Tests of what depends on the listening address are in
//! `src/control/guard.rs`.

use axum::http::Method;
use zendesk_availability_emulator::config::PublicUrl;

use super::{control, list};
use crate::harness::{Account, Ask};

fn post(host: &str) -> Ask {
    control(Method::POST, "").header("host", host)
}

/// A name that an attacker can point at this server is refused: a page under that name would have
/// the same origin.
#[test]
fn only_names_that_are_this_machines_or_a_neighbours_may_steer() {
    let public = PublicUrl::parse("https://desk.test").expect("an address");
    let hosts = ["ci.internal".to_owned()];
    let server = Account::with(|builder| builder.public_url(public).control_hosts(hosts));
    for host in [
        "127.0.0.1",
        "127.0.0.1:8080",
        "10.1.2.3",
        "[::1]:8080",
        "localhost",
        "LOCALHOST:1",
        "a.localhost",
        "emulator",
        "emulator:8080",
        "desk.test",
        "DESK.test:443",
        "ci.internal:80",
        "127.0.0.1.:8080",
        "localhost.",
        "a.localhost.:8080",
        "desk.test.:443",
        "ci.internal.",
        "emulator.",
        "emulator.:8080",
    ] {
        let answer = server.send(&post(host));
        assert_eq!(answer.status, 201, "{host}: {}", answer.text());
    }
    let before = list(&server);
    for host in [
        "evil.test",
        "localhost.evil.test",
        "a.desk.test",
        "127.0.0.1.nip.test:8080",
        "localhost..",
        "emulator..",
        ".emulator",
        "desk.test..:443",
        ".",
        "a.xlocalhost",
        "1.2.3",
        "a b",
    ] {
        for ask in [
            post(host),
            control(Method::GET, "").header("host", host),
            control(Method::DELETE, "/t1").header("host", host),
        ] {
            let answer = server.send(&ask);
            assert_eq!(answer.status, 403, "{ask:?}: {}", answer.text());
            assert!(
                answer.json()["description"]
                    .as_str()
                    .expect("why")
                    .contains("--control-host"),
                "{host}"
            );
        }
    }
    let nameless = server.send(&post(""));
    assert_eq!(nameless.status, 403, "{}", nameless.text());
    assert!(
        nameless.json()["description"]
            .as_str()
            .expect("why")
            .contains("names no host"),
        "{}",
        nameless.text()
    );
    assert_eq!(list(&server), before);
}

/// RFC 6454: an origin is scheme, host and port. If the port is not named, it is the default of the
/// scheme. Assumed: the scheme of the request is what a trusted proxy says, else the scheme of the
/// public URL if the host is its host, else HTTP.
#[test]
fn the_scheme_and_its_port_are_part_of_an_origin() {
    let plain = || Account::demo();
    let trusting = || Account::with(|builder| builder.trust_forwarded(true));
    let public = || {
        let url = PublicUrl::parse("https://desk.test").expect("an address");
        Account::with(|builder| builder.public_url(url))
    };
    for (server, host, proto, origin, status) in [
        (plain(), "localhost:80", "", "http://localhost", 201),
        (plain(), "localhost", "", "http://localhost:80", 201),
        (plain(), "LocalHost", "", "http://localhost", 201),
        (plain(), "localhost", "", "https://localhost", 403),
        (plain(), "localhost:443", "", "https://localhost", 403),
        (plain(), "localhost:443", "", "http://localhost", 403),
        (plain(), "localhost", "https", "https://localhost", 403),
        (plain(), "localhost", "", "ftp://localhost", 403),
        (plain(), "localhost", "", "http://localhost:80/", 403),
        (
            trusting(),
            "localhost",
            "https",
            "https://localhost:443",
            201,
        ),
        (
            trusting(),
            "localhost",
            " https , http",
            "https://localhost",
            201,
        ),
        (trusting(), "localhost", "https", "http://localhost", 403),
        (trusting(), "localhost", "ftp", "ftp://localhost", 403),
        (trusting(), "localhost", "", "http://localhost", 201),
        (public(), "desk.test", "", "https://desk.test", 201),
        (public(), "desk.test:443", "", "https://desk.test", 201),
        (public(), "desk.test", "", "http://desk.test", 403),
        (public(), "localhost", "", "http://localhost", 201),
        (public(), "localhost", "", "https://localhost", 403),
    ] {
        let ask = post(host).header("origin", origin);
        let ask = if proto.is_empty() {
            ask
        } else {
            ask.header("x-forwarded-proto", proto)
        };
        let answer = server.send(&ask);
        assert_eq!(
            answer.status,
            status,
            "{origin} at {host}, {proto}: {}",
            answer.text()
        );
    }
}

#[test]
fn no_other_page_may_steer() {
    let server = Account::demo();
    let before = list(&server);
    let host = "127.0.0.1:8080";
    for (name, value) in [
        ("origin", "null"),
        ("origin", "http://evil.test"),
        ("origin", "http://127.0.0.1"),
        ("origin", "http://127.0.0.1:8081"),
        ("origin", "127.0.0.1:8080"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "Cross-Site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "same-origin, none"),
        ("sec-fetch-site", "anything"),
        ("sec-fetch-site", ""),
    ] {
        assert_eq!(
            server.send(&post(host).header(name, value)).status,
            403,
            "{name}: {value}"
        );
    }
    // Without a host there is nothing to compare the origin with.
    for origin in ["null", "", "http://", "http://127.0.0.1:8080"] {
        let answer = server.send(&control(Method::POST, "").header("origin", origin));
        assert_eq!(answer.status, 403, "{origin}: {}", answer.text());
    }
    let twice = post(host)
        .header("origin", "http://127.0.0.1:8080")
        .another_header("origin", "http://127.0.0.1:8080");
    assert_eq!(server.send(&twice).status, 403);
    assert_eq!(list(&server), before);
    for (name, value) in [
        ("origin", "http://127.0.0.1:8080"),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "none"),
        ("sec-fetch-site", "Same-Origin"),
        ("sec-fetch-site", "NONE"),
    ] {
        assert_eq!(
            server.send(&post(host).header(name, value)).status,
            201,
            "{name}: {value}"
        );
    }
}

/// Assumed: runs of slashes count as one in Zendesk's API only. A path that would be a control call
/// without them is a 404, from the guard and from the router, and changes nothing.
#[test]
fn a_run_of_slashes_leads_to_no_control_call() {
    let server = Account::with(|builder| builder.control_token("s3cret"));
    let shown = || control(Method::GET, "").header("authorization", "Bearer s3cret");
    let before = server.send(&shown()).json();
    for path in [
        "//_emulator/accounts",
        "/_emulator//accounts",
        "/_emulator/accounts//",
        "///_emulator///accounts",
        "/_account/example//_emulator/accounts",
        "/_account//example/_emulator/accounts",
        "//_account/example/_emulator/accounts",
        "/_account/example/_emulator//accounts",
        "/%2F_emulator/accounts",
        "/_emulator%2Faccounts",
        "/_emulator/%2Faccounts",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            for token in [None, Some("Bearer s3cret")] {
                let ask = Ask::raw(method.clone(), path);
                let answer = server
                    .send(&token.map_or(ask.clone(), |token| ask.header("authorization", token)));
                assert_eq!(answer.refusal(), "404 InvalidEndpoint", "{path}");
                assert!(
                    !answer.hint().contains("counts as one"),
                    "{path}: {}",
                    answer.hint()
                );
            }
        }
    }
    assert_eq!(server.send(&shown()).json(), before);
    let slash =
        Ask::raw(Method::GET, "/_emulator/accounts/").header("authorization", "Bearer s3cret");
    assert_eq!(
        server.send(&slash).status,
        200,
        "one slash at the end is fine"
    );
}

#[test]
fn a_token_is_asked_for_where_there_is_one() {
    let server = Account::with(|builder| builder.control_token("s3cret"));
    let show = || control(Method::GET, "/example");
    let wrong = ["s3cre", "s3crets", "S3CRET", ""]
        .map(|token| show().header("authorization", format!("Bearer {token}")));
    for ask in wrong.into_iter().chain([
        show(),
        show().basic("s3cret"),
        show().header("authorization", "s3cret"),
    ]) {
        let answer = server.send(&ask);
        assert_eq!(answer.status, 401, "{ask:?}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    for scheme in ["Bearer", "bearer"] {
        assert_eq!(
            server
                .send(&show().header("authorization", format!("{scheme} s3cret")))
                .status,
            200
        );
    }
    // The probes need no credentials, and Zendesk's API needs its own.
    assert_eq!(
        server
            .send(&Ask::raw(Method::GET, "/_emulator/readyz"))
            .status,
        200
    );
    assert_eq!(server.get("/10011").status, 200);
    // If the server has no token, it ignores the header.
    assert_eq!(
        Account::demo()
            .send(&show().header("authorization", "Bearer anything"))
            .status,
        200
    );
}
