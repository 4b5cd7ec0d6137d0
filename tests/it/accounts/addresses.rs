//! Which account a request is for.

use axum::http::Method;
use serde_json::json;
use zendesk_availability_emulator::config::PublicUrl;

use super::create;
use crate::harness::{Account, Ask, P, elements};

fn ask(target: &str, host: &str) -> Ask {
    Ask::raw(Method::GET, target)
        .header("host", host)
        .token("admin@example.com", "demo-api-token")
}

/// A test can tell accounts apart by the name of a page of one agent.
fn server() -> Account {
    let server = Account::demo();
    for (name, size) in [("a", 1), ("b", 2), ("10", 3)] {
        create(
            &server,
            &json!({ "subdomain": name, "settings": { "page_size_default": size } }),
        );
    }
    server
}

#[test]
fn the_path_beats_the_host_which_beats_the_default() {
    let server = server();
    let all = elements(&server.get("").at("/data")).len();
    for (prefix, host, size) in [
        ("", "localhost", all),
        ("", "127.0.0.1:8080", all),
        ("", "[::1]:8080", all),
        ("", "zendesk.com", all),
        ("", "zendesk.test:80", all),
        ("", "emulator", all),
        ("", "a.example.test", all),
        ("", "notlocalhost", all),
        ("", "xzendesk.com", all),
        ("", "10.0.0.1", all),
        ("", "example.zendesk.com", all),
        ("", "a.localhost", 1),
        ("", "a.localhost:8080", 1),
        ("", "A.LocalHost", 1),
        ("", "a.zendesk.com", 1),
        ("", "b.zendesk.test:9", 2),
        ("", "b.x.zendesk.test", 2),
        ("", "10.zendesk.test", 3),
        ("", "a.zendesk.com.:8080", 1),
        ("", "A.localhost.", 1),
        ("", "zendesk.com.", all),
        ("", "example.zendesk.test.", all),
        ("/_account/b", "a.localhost", 2),
        ("/_account/example", "a.localhost", all),
        ("/_account/a", "127.0.0.1", 1),
    ] {
        let answer = server.send(&ask(&format!("{prefix}{P}"), host));
        assert_eq!(answer.status, 200, "{prefix} {host}: {}", answer.text());
        assert_eq!(elements(&answer.at("/data")).len(), size, "{prefix} {host}");
        let link = answer
            .at("/data/0/links/self")
            .as_str()
            .expect("a link")
            .to_owned();
        assert!(
            link.starts_with(&format!("http://{host}{prefix}{P}/")),
            "{prefix} {host}: {link}"
        );
    }
    for end in [".json", "/", ".json/", "/10011.json"] {
        assert_eq!(
            server
                .send(&ask(&format!("/_account/a{P}{end}"), "localhost"))
                .status,
            200,
            "{end}"
        );
    }
}

/// Observed: what Zendesk answers for a subdomain that does not exist, for any path.
#[test]
fn an_address_without_an_account_has_no_help_desk() {
    let server = server();
    for (target, host, name) in [
        (P.to_owned(), "c.localhost:8080", "c.localhost"),
        (P.to_owned(), "c.zendesk.com", "c.zendesk.com"),
        (P.to_owned(), "c.zendesk.com.:80", "c.zendesk.com"),
        (
            "/no/such/route".to_owned(),
            "c.zendesk.com",
            "c.zendesk.com",
        ),
        (format!("/_account/c{P}"), "a.localhost", "c"),
        (format!("/_account/%61{P}"), "localhost", "%61"),
    ] {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let mut ask = ask(&target, host);
            ask.method = method;
            let answer = server.send(&ask);
            assert_eq!(answer.status, 404, "{target} {host}");
            assert_eq!(answer.at("/error/title"), format!("No help desk at {name}"));
            assert_eq!(answer.header("x-rate-limit"), None);
            assert!(
                answer.hint().contains("POST /_emulator/accounts"),
                "{}",
                answer.hint()
            );
        }
    }
    // Every client that can reach the port may call the probes.
    assert_eq!(
        server.send(&ask("/_emulator/readyz", "c.localhost")).status,
        200
    );
    // The control API is not below an account.
    for target in [
        "/_account/a/_emulator/accounts",
        "/_account/a/_emulator/readyz",
        "/_account/a",
        "/_account/",
        "/_account",
    ] {
        let answer = server.send(&ask(target, "localhost"));
        assert_eq!(answer.refusal(), "404 InvalidEndpoint", "{target}");
    }
}

/// With a public URL, links begin with it and still lead to the same account.
#[test]
fn a_public_url_is_told_which_account_it_is() {
    let public = PublicUrl::parse("https://desk.test:8443/proxy").expect("an address");
    let server = Account::with(|builder| builder.public_url(public));
    let made = create(&server, &json!({ "subdomain": "a" }));
    assert_eq!(made.at("/urls/host"), "https://a.desk.test:8443/proxy");
    assert_eq!(
        made.at("/urls/path"),
        "https://desk.test:8443/proxy/_account/a"
    );
    for (prefix, host, base) in [
        ("", "localhost", "https://desk.test:8443/proxy"),
        ("", "desk.test", "https://desk.test:8443/proxy"),
        ("", "example.zendesk.com", "https://desk.test:8443/proxy"),
        ("", "a.desk.test", "https://a.desk.test:8443/proxy"),
        ("", "a.desk.test.", "https://a.desk.test:8443/proxy"),
        ("", "a.localhost", "https://desk.test:8443/proxy/_account/a"),
        (
            "/_account/a",
            "desk.test",
            "https://desk.test:8443/proxy/_account/a",
        ),
        (
            "/_account/a",
            "a.desk.test",
            "https://desk.test:8443/proxy/_account/a",
        ),
    ] {
        let answer = server.send(&ask(&format!("{prefix}{P}/10011"), host));
        assert_eq!(
            answer.at("/data/links/self"),
            format!("{base}{P}/10011"),
            "{prefix} {host}"
        );
    }
}

/// A trusted proxy says which host was requested, and so which account.
#[test]
fn a_trusted_proxy_names_the_account() {
    for (trusted, status) in [(true, 200), (false, 404)] {
        let server = Account::with(|builder| builder.trust_forwarded(trusted));
        create(&server, &json!({ "subdomain": "a" }));
        let ask =
            ask(&format!("{P}/10011"), "c.localhost").header("x-forwarded-host", "a.zendesk.com");
        assert_eq!(server.send(&ask).status, status, "{trusted}");
    }
}
