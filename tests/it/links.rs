//! How links begin and which parameters they repeat.

mod queries;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::PublicUrl;

use crate::harness::{Account, Answer, Ask, P};

/// Every text in a document that is a link.
fn links(body: &Value) -> Vec<String> {
    match body {
        Value::String(text) if text.contains("://") => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(links).collect(),
        Value::Object(members) => members.values().flat_map(links).collect(),
        _ => Vec::new(),
    }
}

/// Requests whose answers have every kind of link.
fn asks() -> [Ask; 6] {
    [
        Ask::get("/10011"),
        Ask::get("/me").by_agent(),
        Ask::get("?page[size]=2&page[after]=10011"),
        Ask::get("/10011/channels/messaging/relationships/work_items?page[size]=1&page[after]=202"),
        Ask::get("/agent_statuses?page[size]=1"),
        Ask::put("/agent_statuses/agents/update_many?ids=10011").json(&json!({ "id": 4 })),
    ]
}

/// Checks that every link of every answer begins with this.
fn assert_base(account: &Account, base: &str, case: &str, adapt: impl Fn(Ask) -> Ask) {
    for ask in asks() {
        let ask = adapt(ask);
        let answer = account.send(&ask);
        assert_eq!(answer.status, 200, "{case}: {ask:?}: {}", answer.text());
        let links = links(&answer.json());
        assert!(!links.is_empty(), "{case}: {ask:?}: {}", answer.text());
        for link in links {
            assert!(
                link.starts_with(&format!("{base}{P}")),
                "{case}: {ask:?}: {link}"
            );
        }
    }
}

fn assert_bad_host(answer: &Answer, header: &str, case: &str) {
    assert_eq!(
        answer.refusal(),
        "400 InvalidHost",
        "{case}: {}",
        answer.text()
    );
    assert_eq!(
        answer.at("/errors/0/source"),
        json!({ "header": header }),
        "{case}"
    );
    assert!(links(&answer.json()).is_empty(), "{case}");
}

/// Documented for their being absolute, assumed for the host: links take scheme and host from the
/// request.
#[test]
fn links_begin_with_the_host_of_the_request() {
    let account = Account::demo();
    for host in [
        "example.zendesk.com",
        "127.0.0.1:8080",
        "localhost:1",
        "[::1]",
        "[2001:db8::1]:65535",
        "EXAMPLE.test",
        "xn--bcher-kva.example:443",
        "a_b.test",
    ] {
        assert_base(&account, &format!("http://{host}"), host, |ask| {
            ask.header("host", host)
        });
    }
}

/// Assumed: a client that speaks HTTP/1.0 may send no `Host`. Links then begin with the server's
/// address, which without a socket is this machine.
#[test]
fn without_a_host_links_begin_with_the_servers_own_address() {
    assert_base(&Account::demo(), "http://localhost", "no Host", |ask| {
        ask.without("host")
    });
}

/// Assumed: a configured public URL beats everything in the request, and may have a path.
#[test]
fn a_public_url_beats_the_request() {
    for url in [
        "https://example.zendesk.com",
        "http://[::1]:8080",
        "https://proxy.test/zendesk/",
    ] {
        let public = PublicUrl::parse(url).expect("a public URL");
        let account = Account::with(|builder| builder.public_url(public).trust_forwarded(true));
        assert_base(&account, url.trim_end_matches('/'), url, |ask| {
            ask.header("host", "other.test")
                .header("x-forwarded-host", "third.test")
                .header("x-forwarded-proto", "http")
        });
        // A client that sends an invalid host still gets a hint.
        assert_bad_host(
            &account.send(&Ask::get("").header("host", "no host")),
            "Host",
            url,
        );
    }
}

/// Assumed: the headers of a proxy are used only if the emulator is configured to trust them.
/// Otherwise any client could make links lead anywhere.
#[test]
fn forwarded_headers_are_not_trusted_unless_told_to() {
    let account = Account::demo();
    for (host, proto) in [("evil.test", "https"), ("no host", "ftp"), ("", "")] {
        assert_base(&account, "http://here.test", "not trusted", |ask| {
            ask.header("host", "here.test")
                .header("x-forwarded-host", host)
                .header("x-forwarded-proto", proto)
        });
    }
}

/// Assumed: if they are trusted, links take scheme and host from `X-Forwarded-Proto` and
/// `X-Forwarded-Host`, each from the proxy nearest to the client.
#[test]
fn trusted_forwarded_headers_decide() {
    let account = Account::with(|builder| builder.trust_forwarded(true));
    for (host, proto, base) in [
        (None, None, "http://here.test"),
        (Some("there.test:8443"), None, "http://there.test:8443"),
        (None, Some("https"), "https://here.test"),
        (Some("there.test"), Some("http"), "http://there.test"),
        (
            Some("there.test, inner.test"),
            Some("https,http"),
            "https://there.test",
        ),
        (
            Some(" [::1]:1 , no host"),
            Some(" https , ftp"),
            "https://[::1]:1",
        ),
    ] {
        assert_base(&account, base, base, |ask| {
            let ask = ask.header("host", "here.test");
            let ask = host
                .iter()
                .fold(ask, |ask, host| ask.header("x-forwarded-host", host));
            proto
                .iter()
                .fold(ask, |ask, proto| ask.header("x-forwarded-proto", proto))
        });
    }
    let forwarded = |name, value: &[u8]| {
        account.send(&Ask::get("").header("host", "here.test").header(name, value))
    };
    for host in [
        &b"no host"[..],
        b"",
        b"user@there.test",
        b"there.test/path",
        b"there.test:x",
        b"\xff",
        b",there.test",
    ] {
        assert_bad_host(
            &forwarded("x-forwarded-host", host),
            "X-Forwarded-Host",
            &String::from_utf8_lossy(host),
        );
    }
    for proto in [&b"ftp"[..], b"", b"javascript", b"https://", b"\xff"] {
        assert_bad_host(
            &forwarded("x-forwarded-proto", proto),
            "X-Forwarded-Proto",
            &String::from_utf8_lossy(proto),
        );
    }
    let forwarded = account.send(
        &Ask::get("")
            .header("host", "no host")
            .header("x-forwarded-host", "there.test"),
    );
    assert_bad_host(
        &forwarded,
        "Host",
        "the client's own Host is looked at as well",
    );
}

/// Assumed: a `Host` that is not a valid authority is a 400 for every request, and changes nothing.
#[test]
fn an_invalid_host_is_refused() {
    let account = Account::demo();
    let before = account.state();
    for host in [
        &b""[..],
        b" ",
        b"no host",
        b"user@example.test",
        b"user:secret@example.test",
        b"example.test/path",
        b"example.test?query",
        b"example.test#part",
        b"http://example.test",
        b"example.test:",
        b"u1.localhost..",
        b"u1..localhost",
        b".localhost",
        b".",
        b"a_b..test:80",
        b"example.test:http",
        b"example.test:65536",
        b"example.test:-1",
        b":8080",
        b"::1",
        b"[::1",
        b"<script>",
        b"\"",
        b"a\\b",
        b"b\xfccher.test",
        b"\xe2\x98\x83.test",
    ] {
        let case = String::from_utf8_lossy(host).into_owned();
        for ask in asks() {
            assert_bad_host(&account.send(&ask.header("host", host)), "Host", &case);
        }
        for target in ["//", "/no/such/route", "/api/v2/agent_availabilities"] {
            assert_bad_host(
                &account.send(&Ask::raw(Method::DELETE, target).header("host", host)),
                "Host",
                &case,
            );
        }
        // Every client that can reach the port may call the probes, under any name.
        for probe in ["/_emulator/healthz", "/_emulator/readyz"] {
            assert_eq!(
                account
                    .send(&Ask::raw(Method::GET, probe).header("host", host))
                    .status,
                200,
                "{case}"
            );
        }
    }
    assert_eq!(account.state(), before);
}

/// Assumed: two `Host` headers count as none, even if they agree.
#[test]
fn two_hosts_are_refused() {
    let account = Account::demo();
    for second in ["here.test", "there.test"] {
        let ask = Ask::get("")
            .header("host", "here.test")
            .another_header("host", second);
        assert_bad_host(&account.send(&ask), "Host", second);
    }
}

/// Assumed: a client that treats the emulator as a proxy sends the whole address, which then
/// decides.
#[test]
fn a_whole_address_in_the_request_line_decides() {
    let account = Account::demo();
    for host in [None, Some("other.test")] {
        assert_base(
            &account,
            "http://example.zendesk.com:81",
            "absolute",
            |mut ask| {
                ask.target = format!("http://example.zendesk.com:81{}", ask.target);
                host.iter().fold(ask, |ask, host| ask.header("host", host))
            },
        );
    }
    for (end, status) in [
        ("/10011.json", 200),
        ("/10011/", 200),
        ("/no/such/route", 404),
        ("?page[size]=0", 400),
    ] {
        let target = format!("http://example.zendesk.com{P}{end}");
        let ask = Ask::raw(Method::GET, &target).token("admin@example.com", "demo-api-token");
        assert_eq!(account.send(&ask).status, status, "{end}");
    }
    let user = Ask::raw(
        Method::GET,
        &format!("http://user:secret@example.zendesk.com{P}"),
    );
    assert_bad_host(&account.send(&user), "Host", "a user in the address");
    let twice =
        Ask::raw(Method::GET, &format!("http://example.zendesk.com{P}")).header("host", "a.test");
    assert_bad_host(
        &account.send(&twice.another_header("host", "a.test")),
        "Host",
        "two Hosts besides",
    );
}
