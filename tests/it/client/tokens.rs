//! Tokens, OAuth clients and their settings.

use std::time::Duration;

use zendesk_availability_emulator::client::{
    Account, ApiTokenDocument, ApiTokenPatch, OauthTokenDocument, OauthTokenPatch,
};
use zendesk_availability_emulator::config::{
    ApiTokenSettingsPatch, Consent, ExpiresIn, ExpiresInAnswer, OauthSettingsPatch, SettingsPatch,
    TokenFormat,
};
use zendesk_availability_emulator::jiff::Timestamp;

use super::{account, in_both_ways, refusal};
use crate::harness::START;

fn ids(tokens: &[OauthTokenDocument]) -> Vec<u64> {
    tokens.iter().map(|token| token.id).collect()
}

fn live(account: &Account) -> Vec<u64> {
    ids(&account.live_oauth_tokens().expect("a list"))
}

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

#[test]
fn a_token_expires_and_is_revoked() {
    in_both_ways(|client| {
        let made = account(client, SettingsPatch::default());
        let pair = made.oauth_token(4).expect("the pair of the demo");
        assert_eq!(pair.client_id, Some(1));
        assert_eq!(pair.refresh_token.as_deref(), Some("demo-refresh-token"));
        assert_eq!(pair.expires_at, Some(time("2026-01-21T11:00:00Z")));
        let expired = made.expire_oauth_token(4).expect("it is there");
        assert_eq!(expired.expires_at, Some(time(START)));
        assert_eq!(expired.refresh_token, pair.refresh_token);
        assert_eq!(live(&made), [1, 2, 3, 4], "it can be renewed");
        made.advance(Duration::from_hours(30 * 24))
            .expect("a frozen clock");
        assert_eq!(live(&made), [1, 2, 3]);
        assert_eq!(ids(&made.oauth_tokens().expect("a list")), [1, 2, 3, 4]);
        assert_eq!(made.delete_oauth_token(4).expect("it is there"), expired);
        let gone = made.expire_oauth_token(4).expect_err("it is revoked");
        assert_eq!(refusal(&gone), (404, "RecordNotFound"));
    });
}

#[test]
fn each_member_of_a_pair_is_patched() {
    in_both_ways(|client| {
        let made = account(client, SettingsPatch::default());
        let mut expected = OauthTokenDocument::new(9, "nine", 10_001, ["read"]);
        made.replace_oauth_token(&expected).expect("a new id");
        let ends = time("2026-02-01T00:00:00Z");
        let patch = OauthTokenPatch::new()
            .client_id(Some(2))
            .refresh_token(Some("renews-nine"))
            .refresh_token_expires_at(ends)
            .expires_at(Some(ends));
        let patched = made.update_oauth_token(9, &patch).expect("a valid patch");
        expected.client_id = Some(2);
        expected.refresh_token = Some("renews-nine".to_owned());
        expected.refresh_token_expires_at = Some(ends);
        expected.expires_at = Some(ends);
        expected.created_at = Some(time(START));
        assert_eq!(patched, expected);
        // What is read can be written back.
        assert_eq!(
            made.replace_oauth_token(&patched).expect("the same"),
            patched
        );
        let without = OauthTokenPatch::new().client_id(None).refresh_token(None);
        let without = made.update_oauth_token(9, &without).expect("a valid patch");
        assert_eq!((without.client_id, without.refresh_token), (None, None));
    });
}

#[test]
fn an_api_token_is_switched_off_and_on() {
    in_both_ways(|client| {
        let made = account(client, SettingsPatch::default());
        let used = time("2026-01-01T00:00:00Z");
        let off = ApiTokenPatch::new().active(false).last_used_at(Some(used));
        let off = made.update_api_token(1, &off).expect("a valid patch");
        assert_eq!((off.active, off.last_used_at), (false, Some(used)));
        let on = ApiTokenPatch::new().active(true).last_used_at(None);
        let on = made.update_api_token(1, &on).expect("a valid patch");
        assert_eq!((on.active, on.last_used_at), (true, None));
        assert_eq!(on.activated_at, Some(time(START)));
        let second = made.replace_api_token(&ApiTokenDocument::new(2, "second"));
        let second = second.expect("a new id");
        assert_eq!(
            (second.active, second.created_at),
            (true, Some(time(START)))
        );
    });
}

#[test]
fn settings_of_tokens_are_changed() {
    in_both_ways(|client| {
        let end = time("2027-04-30T00:00:00Z");
        let settings = SettingsPatch::new()
            .oauth(
                OauthSettingsPatch::new()
                    .created_status(201)
                    .expires_in(ExpiresIn::Ignore)
                    .expires_in_answer(ExpiresInAnswer::WhenAsked)
                    .token_format(TokenFormat::Opaque)
                    .consent(Consent::Allow)
                    .consent_user(Some(10_011)),
            )
            .api_tokens(
                ApiTokenSettingsPatch::new()
                    .inactivity_days(Some(30))
                    .end_at(Some(end)),
            );
        let made = account(client, settings);
        let before = made.settings().expect("settings");
        assert_eq!(before.oauth.consent_user, Some(10_011));
        assert_eq!(before.oauth.created_status, 201);
        assert_eq!(before.oauth.token_format, TokenFormat::Opaque);
        assert_eq!(before.api_tokens.inactivity_days, Some(30));
        assert_eq!(before.api_tokens.end_at, Some(end));
        // A change says nothing about the members that it does not have.
        let deny = SettingsPatch::new().oauth(OauthSettingsPatch::new().consent(Consent::Deny));
        let after = made.update_settings(&deny).expect("valid settings");
        assert_eq!(after.oauth.consent, Consent::Deny);
        assert_eq!(after.oauth.consent_user, Some(10_011));
        assert_eq!(after.api_tokens, before.api_tokens);
        let off = SettingsPatch::new().api_tokens(ApiTokenSettingsPatch::off());
        let after = made
            .update_settings(&off)
            .expect("valid settings")
            .api_tokens;
        assert_eq!((after.inactivity_days, after.end_at), (None, None));
    });
}

/// By design: everything that a client needs to get tokens.
#[test]
fn a_new_account_says_how_a_client_gets_tokens() {
    in_both_ways(|client| {
        let made = account(client, SettingsPatch::default());
        let app = made.client_credentials().expect("a client");
        assert_eq!(
            (app.client_id.as_str(), app.client_secret.as_str()),
            ("demo-app", "demo-app-secret")
        );
        let shown = made.show().expect("an account").oauth_client;
        assert_eq!(shown.as_ref(), Some(app));
    });
}
