//! How long tokens live, and what an access token says of it.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, SigningKey, Verifier, VerifyingKey};
use serde_json::{Value, json};
use uuid::Uuid;
use zendesk_availability_emulator::config::{
    ExpiresIn, ExpiresInAnswer, OauthSettingsPatch, SettingsPatch, TokenFormat, Validation,
};

use super::{
    access_token, account, account_with, call, client_credentials, grant, refresh, refresh_of,
    seeded_with, with,
};
use crate::harness::{Account, Answer};

fn with_oauth(oauth: OauthSettingsPatch) -> SettingsPatch {
    SettingsPatch::new().oauth(oauth)
}

/// A token for a client itself that asks for this lifetime.
fn mint(account: &Account, expires_in: &Value) -> Answer {
    grant(
        account,
        &with(&client_credentials(), &json!({ "expires_in": expires_in })),
    )
}

/// Documented: tokens of a client expire if the client was created from 2026-04-30 on, or from
/// 2026-02-02 on if it is global. Assumed: a seeded client without a date is new. The clock of the
/// request decides nothing: it stands before both days here.
#[test]
fn the_day_of_the_client_decides() {
    for (client, lifetime) in [
        ("created_at: 2026-04-29T23:59:59Z", None),
        ("created_at: 2026-04-30T00:00:00Z", Some(1800)),
        ("created_at: 2020-01-01T00:00:00Z", None),
        ("created_at: 2026-02-01T23:59:59Z, global: true", None),
        ("created_at: 2026-02-02T00:00:00Z, global: true", Some(1800)),
        ("created_at: 2026-02-02T00:00:00Z, global: false", None),
        ("global: true", Some(1800)),
        ("global: false", Some(1800)),
    ] {
        let seed = format!(
            "
users: [{{ id: 1, name: Admin, email: admin@example.com, role: admin }}]
oauth_clients: [{{ id: 1, identifier: app, secret: app-secret, user_id: 1, {client} }}]
oauth_tokens: [{{ token: a, refresh_token: r, user_id: 1, client_id: 1 }}]
agents: [{{ id: 1 }}]
"
        );
        let account = Account::with(|builder| seeded_with(builder, &seed, SettingsPatch::new()));
        let minted = grant(&account, &client_credentials());
        for answer in [&minted, &refresh(&account, "r")] {
            let expires_in = answer.json().get("expires_in").cloned();
            assert_eq!(expires_in, lifetime.map(Value::from), "{client}");
            let is_jwt = access_token(answer).contains('.');
            assert_eq!(is_jwt, lifetime.is_some(), "{client}");
        }
        account.advance(Duration::from_hours(10 * 365 * 24));
        let expected = if lifetime.is_some() { 401 } else { 200 };
        assert_eq!(call(&account, &access_token(&minted)), expected, "{client}");
    }
}

/// Documented: the ranges; tap-zendesk asks for the upper bound (observed). Observed: a live
/// account gave a token for 604,800 seconds. Assumed: a number is moved to the nearest end of the
/// range, and what is not a number is ignored.
#[test]
fn lifetimes_are_kept_in_their_range() {
    for (member, cases) in [
        (
            "expires_in",
            [
                (json!(300), 300, true),
                (json!(172_800), 172_800, true),
                (json!(299), 300, false),
                (json!(0), 300, false),
                (json!(-5), 300, false),
                (json!(172_801), 172_800, false),
                (json!("604800"), 172_800, false),
                (json!("99999999999999999999999999"), 172_800, false),
                (json!("soon"), 1800, false),
                (json!(1000.5), 1800, false),
                (json!("-"), 1800, false),
                (json!([600]), 1800, false),
            ],
        ),
        (
            "refresh_token_expires_in",
            [
                (json!(604_800), 604_800, true),
                (json!(7_776_000), 7_776_000, true),
                (json!(604_799), 604_800, false),
                (json!(0), 604_800, false),
                (json!(-5), 604_800, false),
                (json!(7_776_001), 7_776_000, false),
                (json!("9999999"), 7_776_000, false),
                (json!("99999999999999999999999999"), 7_776_000, false),
                (json!("soon"), 2_592_000, false),
                (json!(1e6), 2_592_000, false),
                (json!("-"), 2_592_000, false),
                (json!([700_000]), 2_592_000, false),
            ],
        ),
    ] {
        for (asked, given, is_in_range) in cases {
            let parameters = with(&refresh_of("app-refresh"), &json!({ member: asked }));
            let hint = format!("`{member}` is a number of seconds from");
            let answer = grant(&account(), &parameters);
            assert_eq!(answer.at(&format!("/{member}")), given, "{parameters}");
            assert_eq!(answer.hint().contains(&hint), !is_in_range, "{parameters}");
            let silent = account_with(SettingsPatch::new().validation(Validation::Off));
            let answer = grant(&silent, &parameters);
            assert_eq!(answer.at(&format!("/{member}")), given, "{parameters}");
            assert_eq!(answer.hint(), "", "{parameters}");
            let strict = account_with(SettingsPatch::new().validation(Validation::Strict));
            let answer = grant(&strict, &parameters);
            if is_in_range {
                assert_eq!(answer.status, 200, "{parameters}");
            } else {
                assert_eq!(answer.refusal(), "400 invalid_request");
                let text = answer.at("/error_description");
                assert!(text.as_str().expect("a text").starts_with(&hint), "{text}");
                assert_eq!(refresh(&strict, "app-refresh").status, 200);
            }
        }
    }
}

/// Documented: the token is refused when its time has come.
#[test]
fn a_token_lives_as_long_as_it_says() {
    let account = account();
    let token = access_token(&mint(&account, &json!(300)));
    account.advance(Duration::from_millis(299_999));
    assert_eq!(call(&account, &token), 200);
    account.advance(Duration::from_millis(1));
    assert_eq!(call(&account, &token), 401);
}

/// Observed: a live account gave 1,800 seconds whatever was asked. The setting
/// `oauth.expires_in` makes it so.
#[test]
fn a_lifetime_can_be_ignored() {
    let settings = with_oauth(OauthSettingsPatch::new().expires_in(ExpiresIn::Ignore));
    let account = account_with(settings);
    for asked in [json!(86_400), json!(1), json!("x")] {
        let answer = mint(&account, &asked);
        assert_eq!(answer.at("/expires_in"), 1800);
        assert!(
            answer.hint().contains("`expires_in` is ignored"),
            "{answer:?}"
        );
        assert!(!answer.hint().contains("taken as"), "{answer:?}");
    }
    let answer = grant(
        &account,
        &with(
            &refresh_of("app-refresh"),
            &json!({ "refresh_token_expires_in": 700_000 }),
        ),
    );
    assert_eq!(answer.at("/refresh_token_expires_in"), 700_000);
}

/// Observed: tokens expire and the answer does not say so unless the request did (nango #6775).
/// The setting `oauth.expires_in_answer` makes it so.
#[test]
fn an_answer_can_leave_the_lifetime_out() {
    let settings =
        with_oauth(OauthSettingsPatch::new().expires_in_answer(ExpiresInAnswer::WhenAsked));
    let account = account_with(settings);
    let silent = grant(&account, &client_credentials());
    assert_eq!(silent.json().get("expires_in"), None);
    assert_eq!(mint(&account, &json!("600")).at("/expires_in"), 600);
    let renewed = refresh(&account, "app-refresh");
    assert_eq!(renewed.json().get("expires_in"), None);
    assert_eq!(renewed.at("/refresh_token_expires_in"), 2_592_000);
    account.advance(Duration::from_mins(30));
    assert_eq!(call(&account, &access_token(&silent)), 401);
}

/// Documented: 201. Observed: strict clients demand 200. The setting `oauth.created_status` chooses.
#[test]
fn the_status_can_be_201() {
    let account = account_with(with_oauth(OauthSettingsPatch::new().created_status(201)));
    assert_eq!(grant(&account, &client_credentials()).status, 201);
    assert_eq!(refresh(&account, "app-refresh").status, 201);
    assert_eq!(refresh(&account, "app-refresh").status, 400);
}

/// Header and payload of a JWT, what is signed, and the signature.
fn decode(token: &str) -> (Value, Value, String, Signature) {
    let parts: Vec<_> = token.split('.').collect();
    let [header, payload, signature] = *parts else {
        panic!("{token} is not a JWT");
    };
    let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).expect("base64url");
    let json = |part| serde_json::from_slice(&bytes(part)).expect("JSON");
    let signature = Signature::from_slice(&bytes(signature)).expect("64 bytes");
    let signed = format!("{header}.{payload}");
    (json(header), json(payload), signed, signature)
}

/// Observed: `typ` `at+jwt`, `alg` `EdDSA`, and a payload of `exp` alone. Clients read `exp`, so it
/// follows the account's clock. Assumed: `kid`.
#[test]
fn a_jwt_says_when_it_expires() {
    let account = account();
    let start = account.now().as_second();
    let (header, payload, ..) = decode(&access_token(&mint(&account, &json!(600))));
    let kid = header["kid"].as_str().expect("an id");
    assert!(Uuid::parse_str(kid).is_ok(), "{kid}");
    assert_eq!(
        header,
        json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": kid })
    );
    assert_eq!(payload, json!({ "exp": start + 600 }));
    account.advance(Duration::from_hours(1));
    let (_, payload, ..) = decode(&access_token(&refresh(&account, "app-refresh")));
    assert_eq!(payload, json!({ "exp": start + 3600 + 1800 }));
}

/// Assumed: one key of an account signs all of its tokens. Its seed is two ids, and ids are
/// 1, 2, 3, … here, so it can be found.
#[test]
fn one_key_signs_all_tokens() {
    let account = account();
    let tokens = [0, 1].map(|_| access_token(&mint(&account, &json!(600))));
    assert_ne!(tokens[0], tokens[1], "two tokens of one second differ");
    let [first, second] = tokens.map(|token| decode(&token));
    let verifies =
        |key: &VerifyingKey, (_, _, signed, signature): &(Value, Value, String, Signature)| {
            key.verify(signed.as_bytes(), signature).is_ok()
        };
    let keys = (1..100_u128).map(|id| {
        let halves = [id, id + 1].map(|id| Uuid::from_u128(id).into_bytes());
        let seed: Vec<u8> = halves.concat();
        SigningKey::from_bytes(&seed.try_into().expect("32 bytes")).verifying_key()
    });
    let signs_first: Vec<_> = keys.filter(|key| verifies(key, &first)).collect();
    assert_eq!(signs_first.len(), 1);
    assert!(verifies(&signs_first[0], &second));
    let forged = (second.0, second.1, format!("{}x", second.2), second.3);
    assert!(!verifies(&signs_first[0], &forged));
}

/// By design: with sequential ids, the same calls have the same answers.
#[test]
fn equal_accounts_give_equal_tokens() {
    let tokens = || {
        let account = account();
        let minted = access_token(&grant(&account, &client_credentials()));
        (minted, refresh(&account, "app-refresh").json())
    };
    assert_eq!(tokens(), tokens());
}

/// Documented: tokens were opaque. The setting `oauth.token_format` makes them so.
#[test]
fn a_token_can_be_opaque() {
    let settings = with_oauth(OauthSettingsPatch::new().token_format(TokenFormat::Opaque));
    let account = account_with(settings);
    let tokens = [0, 1].map(|_| access_token(&mint(&account, &json!(600))));
    assert_ne!(tokens[0], tokens[1]);
    for token in &tokens {
        assert_eq!(token.len(), 64);
        assert!(token.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(call(&account, token), 200);
    }
    account.advance(Duration::from_mins(10));
    assert_eq!(call(&account, &tokens[0]), 401);
}
