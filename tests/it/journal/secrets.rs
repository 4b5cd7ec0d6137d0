//! What the journal never shows.

use axum::http::Method;
use serde_json::json;

use super::{journal, newest};
use crate::harness::{Account, Ask, P};

#[test]
fn credentials_are_not_shown() {
    let server = Account::demo();
    let ask = Ask::get("/10011")
        .header("cookie", "session=SECRET")
        .header("proxy-authorization", "Basic SECRET");
    server.send(
        &ask.another_header("cookie", "SECRET")
            .header("x-other", "shown")
            .bearer("SECRET"),
    );
    let masked = json!({ "cookie": "...", "proxy-authorization": "...", "authorization": "...", "x-other": "shown" });
    assert_eq!(newest(&server)["headers"], masked);
}

/// Observed: old clients send the token in the query. A client that builds its URL wrongly sends it
/// elsewhere.
#[test]
fn an_access_token_is_shown_nowhere() {
    let server = Account::demo();
    let raw = |target: &str| Ask::raw(Method::GET, target);
    for ask in [
        raw(&format!("{P}?access_token=SECRET&page[size]=1")),
        raw(&format!(
            "{P}?page[size]=1&access%5Ftoken=SECRET&access_token=SECRET"
        )),
        raw(&format!("{P}?page[size]=1?access_token=SECRET")),
        raw(&format!("{P}?include=channels%26access_token%3DSECRET")),
        raw(&format!("{P}?x?access_token=SECRET")),
        raw(&format!("{P}?ACCESS_TOKEN=SECRET")),
        raw(&format!("{P}&access_token=SECRET")),
        raw(&format!("{P}/10011%3Faccess_token%3DSECRET")),
        raw(&format!("{P}/10011%253Faccess_token%253DSECRET")),
        raw("/access_token/SECRET"),
        raw("/api?access_token=SECRET"),
        raw(P)
            .header("referer", "https://example/?access_token=SECRET")
            .header("access_token", "SECRET"),
        Ask::update().json(&json!({ "id": 4, "access_token=SECRET": 1 })),
    ] {
        for ask in [ask.clone().bearer("demo-oauth-admin"), ask.anonymous()] {
            server.send(&ask);
            let entry = newest(&server);
            assert!(!entry.to_string().contains("SECRET"), "{ask:?}: {entry}");
            // The name of the token's parameter is shown, and its value is not.
            let mut query = entry["query"].clone();
            let token = query
                .as_object_mut()
                .and_then(|query| query.remove("access_token"));
            assert!(token.is_none_or(|token| token == "..."), "{ask:?}: {entry}");
            let others = ["path", "headers", "unread"].map(|key| entry[key].clone());
            let shown = others
                .iter()
                .chain([&query])
                .map(|it| it.to_string().to_lowercase())
                .collect::<Vec<_>>();
            assert!(!shown.concat().contains("access_token"), "{ask:?}: {entry}");
        }
    }
    // Values that are not secret stay.
    server.send(&raw(&format!(
        "{P}?access_token=demo-oauth-admin&page[size]=1&x=2"
    )));
    let entry = newest(&server);
    assert_eq!(
        entry["query"],
        json!({ "access_token": "...", "page[size]": "1" })
    );
    assert_eq!(entry["unread"], json!(["x"]));
    assert_eq!(entry["caller"]["user_id"], 10001);
    let refused = super::verify(
        &server,
        &json!({ "query": { "access_token": "..." }, "count": { "exactly": 0 } }),
    );
    assert!(
        refused.status == 409,
        "a test that tokens are not in URLs fails: {}",
        refused.text()
    );
    // The same list under other names.
    let body = json!({ "id": 4, "a": [{ "Client_Secret": "SECRET" }], "api-key": { "b": "SECRET" }, "code": 1234 });
    let ask = Ask::put("/agent_statuses/agents/10011?api_key=SECRET&x=1").json(&body);
    server.send(
        &ask.header("x-api-key", "SECRET")
            .header("referer", "https://example/?code=SECRET&page=1"),
    );
    let entry = newest(&server);
    assert!(
        !entry.to_string().contains("SECRET") && !entry.to_string().contains("1234"),
        "{entry}"
    );
    let masked =
        json!({ "id": 4, "a": [{ "Client_Secret": "..." }], "api-key": "...", "code": "..." });
    assert_eq!(entry["body"], masked.to_string());
    assert_eq!(
        (&entry["headers"]["x-api-key"], &entry["headers"]["referer"]),
        (&json!("..."), &json!("https://example/?...&page=1"))
    );
    assert_eq!(
        entry["unread"],
        json!(["api_key", "x", "body: /a", "body: /api-key", "body: /code"])
    );
    server.send(&raw("/nowhere?Api_Key=SECRET&x=1"));
    assert_eq!(
        newest(&server)["query"],
        json!({ "Api_Key": "...", "x": "1" })
    );
    // The failure of a verification does not show it either.
    let body = json!({ "status": 500, "caller": 1, "path": "/x", "headers": { "x-api-key": null }, "body": { "code": "...", "id": 5 } });
    let refused = super::verify(&server, &body);
    assert!(
        refused.status == 409 && !refused.text().contains("SECRET"),
        "{}",
        refused.text()
    );
    assert!(
        !journal(&server, "")
            .to_string()
            .contains("demo-oauth-admin")
    );
}
