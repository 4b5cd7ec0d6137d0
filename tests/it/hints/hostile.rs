//! Hints quote requests, which may contain anything: a hint stays one line of visible ASCII, and
//! never contains a secret. Zendesk has no hints, so all of it is assumed. The harness checks on
//! every answer that hints are visible ASCII of at most 512 bytes.

use axum::http::Method;
use proptest::prelude::*;
use serde_json::{Map, Value};
use zendesk_availability_emulator::config::Validation;

use super::{update, validation};
use crate::harness::{Account, Answer, Ask, P};
use crate::property::encoded;

/// A secret that no random text contains.
const SECRET: &str = "Zx9-secret-Qw7";

/// Names that look like a parameter, are very long, or are arbitrary bytes.
fn name() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..80),
        any::<String>().prop_map(String::into_bytes),
        "(access_token|authorization|password|filter\\[agent_id\\]|page\\[size\\])[\\x00-\\x1f\\[\\]\u{e4}\u{1f600}`;\\\\]{1,4}"
            .prop_map(String::into_bytes),
        (any::<char>(), 100..400_usize).prop_map(|(char, count)| char.to_string().repeat(count).into_bytes()),
    ]
}

fn assert_keeps_secrets(answer: &Answer, ask: &Ask) {
    for (name, value) in &answer.headers {
        let value = value.to_str().expect("visible ASCII");
        assert!(
            !value.contains(SECRET) && !value.contains(&encoded(SECRET.as_bytes())),
            "{name}: {value} for {ask:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Assumed: for any names of parameters and any caller, the hint is well-formed and contains no
    /// value.
    #[test]
    fn hostile_parameter_names_stay_harmless(names in prop::collection::vec(name(), 1..12), plain in any::<bool>()) {
        let value = if plain { SECRET.to_owned() } else { encoded(SECRET.as_bytes()) };
        let parameters: Vec<_> = names.iter().map(|name| format!("{}={value}", encoded(name))).collect();
        let query = parameters.join("&");
        let account = Account::demo();
        let first = Ask::get(&format!("?{query}"));
        for ask in [
            first.clone(),
            first.clone().bearer(SECRET),
            first.clone().password("admin@example.com", SECRET),
            first.token("admin@example.com", SECRET),
            Ask::raw(Method::GET, &format!("{P}?access_token={value}&{query}")),
            Ask::put(&format!("/agent_statuses/agents/update_many?{query}")).body("{"),
        ] {
            let answer = account.send(&ask);
            prop_assert!([200, 400, 401].contains(&answer.status.as_u16()), "{:?}", answer);
            assert_keeps_secrets(&answer, &ask);
        }
        let strict = validation(Validation::Strict).send(&Ask::get(&format!("?{query}")));
        prop_assert!([200, 400].contains(&strict.status.as_u16()), "{:?}", strict);
    }

    /// Assumed: the same for the fields of a body, and for paths.
    #[test]
    fn hostile_fields_and_paths_stay_harmless(names in prop::collection::vec(any::<String>(), 1..12), path in name()) {
        let fields: Map<String, Value> = names.into_iter().map(|name| (name, SECRET.into())).collect();
        let account = Account::demo();
        for ask in [
            update(&fields.clone().into()),
            Ask::get(&format!("/a/{}?access_token={SECRET}", encoded(&path))),
            Ask::raw(Method::GET, &format!("/nothing{}?access_token={SECRET}", encoded(&path))),
        ] {
            let answer = account.send(&ask);
            prop_assert!(answer.status.is_client_error() , "{:?}", answer);
            assert_keeps_secrets(&answer, &ask);
        }
        let strict = validation(Validation::Strict).send(&update(&fields.into()));
        prop_assert_eq!(strict.status, 422);
    }
}

/// Assumed: a token that ends up in what hints quote, because a `?` is missing or an `=` was
/// encoded, is not quoted.
#[test]
fn a_token_in_the_wrong_place_is_not_quoted() {
    let account = Account::demo();
    for target in [
        format!("{P}?access_token%3D{SECRET}"),
        format!("{P}?page[size]=1&%61ccess_token%3D{SECRET}=1"),
        format!("/api/v2/agent_availability&access_token={SECRET}"),
        format!("{P}/10011/channels&access_token={SECRET}"),
        format!("{P}/10011/channels%3Faccess_token%3D{SECRET}"),
        format!("{P}/10011/access_token={SECRET}"),
    ] {
        let ask = Ask::raw(Method::GET, &target).token("admin@example.com", "demo-api-token");
        let answer = account.send(&ask);
        assert!(!answer.hint().is_empty(), "{target}");
        assert_keeps_secrets(&answer, &ask);
    }
}

/// Assumed: what is not visible ASCII is escaped, and at most sixty characters of a name are
/// quoted.
#[test]
fn what_is_quoted_is_escaped_and_shortened() {
    let account = Account::demo();
    for (name, quote) in [
        ("%0D%0AX-Injected:%20yes", "\\r\\nX-Injected: yes"),
        ("%00", "\\u{0}"),
        ("%7F", "\\u{7f}"),
        ("caf%C3%A9", "caf\\u{e9}"),
        ("%F0%9F%98%80", "\\u{1f600}"),
        ("%FF", "\\u{fffd}"),
        ("%E2%80%AE", "\\u{202e}"),
        (&*"x".repeat(60), &*"x".repeat(60)),
        (&*"x".repeat(61), &*format!("{}...", "x".repeat(60))),
    ] {
        let answer = account.get(&format!("?{name}=1"));
        assert_eq!(
            answer.hint(),
            format!("ignored the unknown parameter `{quote}`"),
            "{name}"
        );
        assert!(!answer.headers.contains_key("x-injected"));
    }
}

/// Assumed: a hint has at most 512 bytes and ends in dots where it was cut.
#[test]
fn a_long_hint_is_cut() {
    let account = Account::demo();
    let names: Vec<_> = (0..100).map(|n| format!("unknown_{n}=1")).collect();
    let hint = account
        .get(&format!("?{}", names.join("&")))
        .hint()
        .to_owned();
    assert_eq!(hint.len(), 512, "{hint}");
    assert!(
        hint.starts_with("ignored the unknown parameter `unknown_0`; ") && hint.ends_with("..."),
        "{hint}"
    );
    // An escape is not cut in two.
    for shift in 0..8 {
        let names: Vec<_> = (0..30)
            .map(|n| format!("{n:02}{}%F0%9F%98%80=1", "x".repeat(shift)))
            .collect();
        let hint = account
            .get(&format!("?{}", names.join("&")))
            .hint()
            .to_owned();
        let cut = hint
            .strip_suffix("...")
            .unwrap_or_else(|| panic!("not cut: {hint}"));
        assert_eq!(
            cut.matches("\\u{").count(),
            cut.matches('}').count(),
            "{hint}"
        );
        assert!(hint.len() > 500, "{hint}");
    }
}

/// Assumed: a hint quotes no token, wherever it is and however often a client has encoded it.
#[test]
fn a_token_that_is_encoded_too_often_is_not_quoted() {
    let account = Account::demo();
    for target in [
        format!("{P}/10011%3Faccess_token=SECRET"),
        format!("{P}/10011%253Faccess_token%253DSECRET"),
        format!("{P}/access_token/SECRET"),
        format!("{P}?access_token%3ASECRET=1"),
        format!("{P}?a%26access_token%253DSECRET"),
    ] {
        let answer = account.send(&Ask::raw(Method::GET, &target));
        assert!(
            !answer.hint().is_empty() && !answer.hint().contains("SECRET"),
            "{target}: {}",
            answer.hint()
        );
    }
}
