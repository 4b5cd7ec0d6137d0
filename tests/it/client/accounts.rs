//! Accounts, their settings, and how a client connects to an emulator.

use std::time::Duration;

use serde_json::json;
use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::client::{ClientError, NewAccount, NewAccountSeed};
use zendesk_availability_emulator::config::{Release, SettingsPatch, SkillsForm, Validation};
use zendesk_availability_emulator::seed::Seed;

use super::{account, builder, in_both_ways, refusal};

#[test]
fn accounts_are_made_listed_and_thrown_away() {
    in_both_ways(|client| {
        let before = client.accounts().expect("accounts");
        assert_eq!(
            before
                .iter()
                .map(|it| (it.subdomain.as_str(), it.default))
                .collect::<Vec<_>>(),
            [(client.default_account().subdomain(), true)]
        );
        let settings = SettingsPatch::new()
            .release(Release::Eap)
            .page_size_default(7);
        let made = account(client, settings);
        assert_eq!(made.subdomain(), "t1");
        assert_eq!(
            made.credentials().expect("an admin").api_token,
            "demo-api-token"
        );
        assert!(made.url().ends_with("/_account/t1"), "{}", made.url());
        let shown = made.show().expect("an account");
        assert_eq!(
            (shown.settings.release, shown.settings.page_size_default),
            (Release::Eap, 7)
        );
        assert_eq!(
            client.accounts().expect("accounts"),
            [before[0].clone(), shown]
        );
        drop(made);
        assert_eq!(client.accounts().expect("accounts"), before);
        assert_eq!(
            refusal(&client.account("t1").show().expect_err("it is gone")),
            (404, "AccountNotFound")
        );
    });
}

#[test]
fn settings_are_changed_and_reset() {
    in_both_ways(|client| {
        let made = account(client, SettingsPatch::default());
        let before = made.settings().expect("settings");
        let patch = SettingsPatch::new()
            .omnichannel_routing(false)
            .validation(Validation::Strict)
            .job_delay(Duration::from_millis(1500));
        let after = made.update_settings(&patch).expect("valid settings");
        assert_eq!(
            (after.omnichannel_routing, after.validation),
            (false, Validation::Strict)
        );
        assert_eq!(after.job_delay, Duration::from_millis(1500));
        assert_eq!(made.settings().expect("settings"), after);
        assert!(
            made.enable_omnichannel_routing()
                .expect("it is off")
                .omnichannel_routing
        );
        assert_eq!(made.reset().expect("an account").settings, before);
    });
}

/// By design: everything needed to log in, as the control API returns it.
#[test]
fn a_new_account_says_how_to_sign_in() {
    in_both_ways(|client| {
        let made = account(client, SettingsPatch::default());
        let (admin, agent) = (
            made.admin_login().expect("an admin"),
            made.agent_login().expect("an agent"),
        );
        assert_eq!(
            (admin.user_id, admin.email.as_str()),
            (10_001, "admin@example.com")
        );
        assert_eq!(
            admin.authorization.as_deref(),
            Some("Basic YWRtaW5AZXhhbXBsZS5jb20vdG9rZW46ZGVtby1hcGktdG9rZW4=")
        );
        assert_eq!(
            (agent.user_id, agent.email.as_str()),
            (10_011, "agent@example.com")
        );
        assert_eq!(
            (agent.password.as_deref(), agent.api_token.as_deref()),
            (Some("demo-password"), Some("demo-api-token"))
        );
        assert_eq!(agent.oauth_token.as_deref(), Some("demo-oauth-agent"));
        assert_eq!(
            made.show().expect("an account").logins.agent.as_ref(),
            Some(agent)
        );
        let empty = NewAccount::new().seed(NewAccountSeed::Empty);
        let empty = client.create_account(&empty).expect("a free name");
        assert_eq!((empty.admin_login(), empty.agent_login()), (None, None));
    });
}

/// By design: an account has the server's seed and settings. The values of the call beat both.
#[test]
fn a_new_account_has_the_servers_seed_and_settings() {
    let seed = Seed::parse("settings: {page_size_default: 7, skills: ids}\nagents: [{id: 5}]")
        .expect("a seed");
    let settings = SettingsPatch::new().page_size_default(8);
    let emulator = builder()
        .seed(seed)
        .agents(1)
        .settings(settings)
        .build()
        .expect("valid settings");
    let made = |seed, settings| {
        let new = NewAccount::new().seed(seed).settings(settings);
        let account = emulator.create_account(&new).expect("a free name");
        let agents = [5, 1_000_000_001, 10_011].map(|agent| account.agent(agent).is_ok());
        let settings = account.settings().expect("settings");
        (agents, settings.page_size_default, settings.skills)
    };
    let ids = SkillsForm::Ids;
    assert_eq!(
        made(NewAccountSeed::default(), SettingsPatch::default()),
        ([true, false, false], 8, ids)
    );
    let over = SettingsPatch::new().page_size_default(9);
    assert_eq!(
        made(NewAccountSeed::Default, over),
        ([true, true, false], 9, ids)
    );
    assert_eq!(
        made(NewAccountSeed::Demo, SettingsPatch::default()),
        ([false, false, true], 8, SkillsForm::Objects)
    );
    assert_eq!(
        made(NewAccountSeed::Empty, SettingsPatch::default()),
        ([false; 3], 8, SkillsForm::Objects)
    );
}

/// A refusal names every problem and its place.
#[test]
fn a_refusal_is_read_whole() {
    in_both_ways(|client| {
        let seed = NewAccountSeed::Document(json!({ "agents": [{ "id": -1 }], "groups": 3 }));
        let new = NewAccount::new().subdomain("UPPER").seed(seed);
        let refused = client
            .create_account(&new)
            .expect_err("nothing of it is right");
        assert_eq!(refusal(&refused), (422, "InvalidRequest"));
        let problems = &refused.refusal().expect("a refusal").problems;
        let paths: Vec<_> = problems
            .iter()
            .map(|problem| problem.path.as_str())
            .collect();
        assert_eq!(paths, ["subdomain", "seed.groups", "seed.agents[0].id"]);
        assert!(
            refused.to_string().contains("seed.groups: expected a list"),
            "{refused}"
        );
        assert_eq!(
            refusal(
                &client
                    .default_account()
                    .delete()
                    .expect_err("the default account stays")
            ),
            (409, "Conflict")
        );
    });
}

/// A method blocks. It may be called inside a runtime.
#[test]
fn async_tests_may_call_it() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        in_both_ways(|client| {
            assert_eq!(account(client, SettingsPatch::default()).subdomain(), "t1");
        });
    });
}

#[test]
fn a_token_is_shown_where_one_is_asked_for() {
    let emulator = builder().control_token("s3cret").start().expect("a port");
    // A type that holds the emulator need not implement `Debug`.
    assert!(emulator.client().accounts().is_ok());
    let connect = |token| {
        Emulator::connect(&emulator.url(), token)
            .map(|client| client.default_account().subdomain().to_owned())
    };
    assert_eq!(
        connect(Some("s3cret")).expect("the token is right"),
        "example"
    );
    for wrong in [None, Some("s3cre")] {
        assert_eq!(
            refusal(&connect(wrong).expect_err("the token is wrong")),
            (401, "Unauthorized")
        );
    }
    assert!(matches!(connect(Some("ü\n")), Err(ClientError::Token)));
}

#[test]
fn an_address_has_to_be_one() {
    for bad in [
        "",
        "127.0.0.1:8080",
        "https://localhost",
        "http://localhost/path",
        "http://localhost?a=b",
        "ftp://x",
    ] {
        assert!(
            matches!(Emulator::connect(bad, None), Err(ClientError::Address(it)) if it == bad),
            "{bad}"
        );
    }
    // Nothing listens at port 0, even while other tests start servers.
    assert!(matches!(
        Emulator::connect("http://127.0.0.1:0", None),
        Err(ClientError::Unreachable(_))
    ));
}
