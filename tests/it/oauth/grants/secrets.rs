//! No code, token, secret or verifier is shown: not in the journal, in hints or in the log.

use std::io::Write;
use std::sync::Arc;

use axum::http::Method;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tracing_subscriber::filter::LevelFilter;

use super::encodings::encodings;
use super::{account, ask, by_app, client_credentials, refresh_of, with};
use crate::harness::{Account, Ask};

/// Parts of the secrets of these tests. None is a part of what may be shown.
const SECRETS: [&str; 8] = [
    "app-secret",
    "app-refresh",
    "app-access",
    "S3CRET",
    "VERIF1ER",
    "C0DE",
    "T0KEN",
    "YXBwOmFwcC1zZWNyZXQ",
];

/// Requests that name every kind of secret, granted and refused.
fn requests() -> Vec<Ask> {
    let code =
        json!({ "grant_type": "authorization_code", "code": "C0DE", "code_verifier": "VERIF1ER" });
    let mut all = Vec::new();
    for parameters in [
        by_app(&code),
        with(&refresh_of("T0KEN"), &json!({ "client_secret": "S3CRET" })),
        refresh_of("T0KEN"),
        refresh_of("app-access"),
        with(
            &client_credentials(),
            &json!({ "password": "S3CRET", "assertion": "T0KEN" }),
        ),
        with(
            &refresh_of("app-refresh"),
            &json!({ "scope": "users:read" }),
        ),
        refresh_of("app-refresh"),
    ] {
        all.extend(encodings(&parameters));
    }
    let basic = |credentials: &str| ask().basic(credentials);
    all.extend([
        basic("app:app-secret").json(&json!({ "grant_type": "client_credentials" })),
        basic("app:S3CRET").json(&json!({ "grant_type": "client_credentials" })),
        basic("app:app-secret")
            .json(&json!({ "client_id": "cli", "client_secret": "S3CRET", "grant_type": "x" })),
        // Bodies that are broken, or of another kind than they say.
        ask()
            .header("content-type", "application/json")
            .body("{\"client_secret\":\"S3CRET\",\"code\":"),
        ask()
            .header("content-type", "application/json")
            .body("client_secret=S3CRET&code=C0DE"),
        ask()
            .header("content-type", "application/x-www-form-urlencoded")
            .body(refresh_of("T0KEN").to_string()),
        ask()
            .header("content-type", "text/plain")
            .body("refresh_token=T0KEN&client_secret=S3CRET"),
        ask().to("/oauth/tokens%3Fclient_secret%3DS3CRET".to_owned()),
        ask().to("/oauth/tokens?client_secret=S3CRET&code=C0DE&refresh_token=T0KEN".to_owned()),
        Ask::raw(Method::GET, "/oauth/tokens?code=C0DE&refresh_token=T0KEN").bearer("app-access"),
    ]);
    all
}

fn assert_none(shown: &str, of: &dyn std::fmt::Debug) {
    for secret in SECRETS {
        assert!(
            !shown.contains(secret),
            "{secret} is shown for {of:?}: {shown}"
        );
    }
}

/// By design: secrets are masked in the journal, and hints quote none. The new tokens are in the
/// answer alone.
#[test]
fn the_journal_and_hints_show_no_secret() {
    for ask in requests() {
        let account = account();
        let answer = account.send(&ask);
        assert_none(answer.hint(), &ask);
        if answer.status != 200 {
            assert_none(answer.text(), &ask);
        }
        let journal = journal(&account);
        assert_none(&journal.to_string(), &ask);
        for name in ["access_token", "refresh_token"] {
            if let Some(token) = answer_member(answer.text(), name) {
                assert!(!journal.to_string().contains(&token), "{ask:?}");
            }
        }
    }
}

fn journal(account: &Account) -> Value {
    let requests = Ask::control(Method::GET, "/requests");
    account.send(&requests).json()
}

fn answer_member(text: &str, name: &str) -> Option<String> {
    let body: Value = serde_json::from_str(text).ok()?;
    body[name].as_str().map(str::to_owned)
}

/// By design: what is not secret can be seen, whatever the encoding.
#[test]
fn the_journal_shows_what_is_not_secret() {
    let parameters = with(
        &refresh_of("app-refresh"),
        &json!({ "scope": "read", "expires_in": 600 }),
    );
    for ask in encodings(&parameters) {
        let account = account();
        assert_eq!(account.send(&ask).status, 200);
        let entry = &journal(&account)["requests"][0];
        // A form that does not say what it is is text, and ends where a secret may begin.
        if entry["headers"] == json!({}) && entry["body"] == "grant_type=..." {
            continue;
        }
        let shown = format!("{} {}", entry["query"], entry["body"]);
        for part in [
            "refresh_token",
            "scope",
            "read",
            "expires_in",
            "600",
            "client_id",
            "app",
            "...",
        ] {
            assert!(shown.contains(part), "{part}: {ask:?}: {entry}");
        }
        assert_eq!(entry["unread"], json!([]), "{ask:?}: {entry}");
    }
}

/// A log that a test reads.
#[derive(Clone, Debug, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// By design: the log masks the same names.
#[test]
fn the_log_shows_no_secret() {
    // With a single subscriber, `tracing` asks only the thread that comes to a line first, which
    // may be that of another test, whether the line is of interest.
    let other = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        let account = account();
        for ask in requests() {
            account.send(&ask);
        }
    });
    drop(other);
    let text = String::from_utf8(log.0.lock().clone()).expect("UTF-8");
    assert!(text.contains("/oauth/tokens"), "{text}");
    assert_none(&text, &"the log");
}
