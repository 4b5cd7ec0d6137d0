//! The flags that are settings of accounts.
#![expect(clippy::doc_markdown, reason = "help is plain text")]

use std::time::Duration;

use clap::Args;
use zendesk_availability_emulator::config::{
    ApiTokenSettingsPatch, AuthMode, AwayChannels, Consent, ErrorsForm, ExpiresIn, ExpiresInAnswer,
    OauthSettingsPatch, RateLimitBody, RateLimitPatch, Release, SettingsPatch, SkillsForm,
    StatusesShape, TokenFormat, Validation,
};
use zendesk_availability_emulator::jiff::Timestamp;

use super::values::{
    OrOff, created_status, duration, number, on_off, or_off, rate_limit, time, word,
};

#[derive(Debug, Args)]
pub(super) struct SettingsArgs {
    /// Omnichannel routing: on or off [default: on].
    #[arg(long, env = "EMULATOR_OMNICHANNEL", value_name = "ON_OFF", value_parser = on_off)]
    omnichannel: Option<bool>,

    /// What answers show while omnichannel routing is off: ga, no omnichannel fields; eap, their last
    /// values [default: ga].
    #[arg(long, env = "EMULATOR_RELEASE", value_parser = word(Release::parse, Release::NAMES))]
    release: Option<Release>,

    /// Requests in a window, such as 200 or 300/60s; off, no limit and no rate headers [default:
    /// 200/60s].
    #[arg(long, env = "EMULATOR_RATE_LIMIT", value_name = "N[/DURATION]|off", value_parser = rate_limit, allow_negative_numbers = true)]
    rate_limit: Option<RateLimitPatch>,

    /// The same for the other APIs, from users to capacity rules, which that limit does not count
    /// [default: 700/60s].
    #[arg(long, env = "EMULATOR_ACCOUNT_RATE_LIMIT", value_name = "N[/DURATION]|off", value_parser = rate_limit, allow_negative_numbers = true)]
    account_rate_limit: Option<RateLimitPatch>,

    /// Which credentials are accepted: strict, those of the account's users; any, every well-formed
    /// credential, as the user it names or else as an admin [default: strict].
    #[arg(long, env = "EMULATOR_AUTH", value_parser = word(AuthMode::parse, AuthMode::NAMES))]
    auth: Option<AuthMode>,

    /// What happens to unknown parameters and fields: strict, they are refused; warn, a hint names
    /// them; off, nothing [default: warn].
    #[arg(long, env = "EMULATOR_VALIDATION", value_parser = word(Validation::parse, Validation::NAMES))]
    validation: Option<Validation>,

    /// Form of errors that list problems: jsonapi or classic [default: jsonapi].
    #[arg(long, env = "EMULATOR_ERRORS", value_parser = word(ErrorsForm::parse, ErrorsForm::NAMES))]
    errors: Option<ErrorsForm>,

    /// Form of an agent's skills: objects, ids or omit [default: objects].
    #[arg(long, env = "EMULATOR_SKILLS", value_parser = word(SkillsForm::parse, SkillsForm::NAMES))]
    skills: Option<SkillsForm>,

    /// Form of the list of agent statuses: documented or flat [default: documented].
    #[arg(long, env = "EMULATOR_STATUSES_SHAPE", value_parser = word(StatusesShape::parse, StatusesShape::NAMES))]
    statuses_shape: Option<StatusesShape>,

    /// What "away" does to channels: email_only, all_away or all_offline [default: email_only].
    #[arg(long, env = "EMULATOR_AWAY_CHANNELS", value_parser = word(AwayChannels::parse, AwayChannels::NAMES))]
    away_channels: Option<AwayChannels>,

    /// Body of the rate limit's 429: text or json [default: text].
    #[arg(long, env = "EMULATOR_RATE_LIMIT_BODY", value_parser = word(RateLimitBody::parse, RateLimitBody::NAMES))]
    rate_limit_body: Option<RateLimitBody>,

    /// Size of a page if the request does not give one: 1 to 100 [default: 20].
    #[arg(long, env = "EMULATOR_PAGE_SIZE_DEFAULT", value_name = "N", value_parser = number::<1, 100, usize>, allow_negative_numbers = true)]
    page_size_default: Option<usize>,

    /// How many work items of a channel an agent includes: 0 to 100 [default: 3].
    #[arg(long, env = "EMULATOR_WORK_ITEMS_PER_PAGE", value_name = "N", value_parser = number::<0, 100, usize>, allow_negative_numbers = true)]
    work_items_per_page: Option<usize>,

    /// Whether Talk availabilities have the members of the older API, available and status: on or off
    /// [default: off].
    #[arg(long, env = "EMULATOR_TALK_LEGACY", value_name = "ON_OFF", value_parser = on_off)]
    talk_legacy: Option<bool>,

    /// How long an agent is in wrap-up after a call, such as 30s [default: 0s].
    #[arg(long, env = "EMULATOR_TALK_WRAP_UP", value_name = "DURATION", value_parser = duration)]
    talk_wrap_up: Option<Duration>,

    /// How long an update of many agents takes, such as 5s [default: 0s].
    #[arg(long, env = "EMULATOR_JOB_DELAY", value_name = "DURATION", value_parser = duration)]
    job_delay: Option<Duration>,

    /// Status of a new OAuth token: 200 or 201 [default: 200].
    #[arg(long, env = "EMULATOR_OAUTH_CREATED_STATUS", value_name = "STATUS", value_parser = created_status, allow_negative_numbers = true)]
    oauth_created_status: Option<u16>,

    /// The client's expires_in: honour or ignore [default: honour].
    #[arg(long, env = "EMULATOR_OAUTH_EXPIRES_IN", value_name = "WORD", value_parser = word(ExpiresIn::parse, ExpiresIn::NAMES))]
    oauth_expires_in: Option<ExpiresIn>,

    /// When answers have expires_in: always or when_asked [default: always].
    #[arg(long, env = "EMULATOR_OAUTH_EXPIRES_IN_ANSWER", value_name = "WORD", value_parser = word(ExpiresInAnswer::parse, ExpiresInAnswer::NAMES))]
    oauth_expires_in_answer: Option<ExpiresInAnswer>,

    /// Form of access tokens that expire: jwt or opaque [default: jwt].
    #[arg(long, env = "EMULATOR_OAUTH_TOKEN_FORMAT", value_name = "FORM", value_parser = word(TokenFormat::parse, TokenFormat::NAMES))]
    oauth_token_format: Option<TokenFormat>,

    /// Authorization page: page, it asks; allow or deny, at once [default: page].
    #[arg(long, env = "EMULATOR_OAUTH_CONSENT", value_name = "WORD", value_parser = word(Consent::parse, Consent::NAMES))]
    oauth_consent: Option<Consent>,

    /// Id of the user who allows or denies at once [default: the first admin].
    #[arg(
        long,
        env = "EMULATOR_OAUTH_CONSENT_USER",
        value_name = "ID",
        allow_negative_numbers = true
    )]
    oauth_consent_user: Option<u64>,

    /// Days without use that end an API token, or off [default: off].
    #[arg(long, env = "EMULATOR_API_TOKENS_INACTIVITY_DAYS", value_name = "DAYS|off", value_parser = or_off(number::<1, 3650, u16>), allow_negative_numbers = true)]
    api_tokens_inactivity_days: Option<OrOff<u16>>,

    /// When all API tokens end, or off [default: off].
    #[arg(long, env = "EMULATOR_API_TOKENS_END_AT", value_name = "TIME|off", value_parser = or_off(time))]
    api_tokens_end_at: Option<OrOff<Timestamp>>,
}

impl SettingsArgs {
    /// The settings that the command line gives.
    pub(super) fn patch(&self) -> SettingsPatch {
        SettingsPatch::new()
            .omnichannel_routing(self.omnichannel)
            .release(self.release)
            .rate_limit(self.rate_limit.unwrap_or_default())
            .account_rate_limit(self.account_rate_limit.unwrap_or_default())
            .auth(self.auth)
            .validation(self.validation)
            .errors(self.errors)
            .skills(self.skills)
            .statuses_shape(self.statuses_shape)
            .away_channels(self.away_channels)
            .rate_limit_body(self.rate_limit_body)
            .page_size_default(self.page_size_default)
            .work_items_per_page(self.work_items_per_page)
            .talk_legacy(self.talk_legacy)
            .talk_wrap_up(self.talk_wrap_up)
            .job_delay(self.job_delay)
            .oauth(self.oauth())
            .api_tokens(self.api_tokens())
    }

    fn oauth(&self) -> OauthSettingsPatch {
        OauthSettingsPatch::new()
            .created_status(self.oauth_created_status)
            .expires_in(self.oauth_expires_in)
            .expires_in_answer(self.oauth_expires_in_answer)
            .token_format(self.oauth_token_format)
            .consent(self.oauth_consent)
            .consent_user(self.oauth_consent_user.map(Some))
    }

    fn api_tokens(&self) -> ApiTokenSettingsPatch {
        ApiTokenSettingsPatch::new()
            .inactivity_days(self.api_tokens_inactivity_days.map(Option::from))
            .end_at(self.api_tokens_end_at.map(Option::from))
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use clap::Parser;
    use zendesk_availability_emulator::config::Settings;

    use super::*;

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        settings: SettingsArgs,
    }

    fn applied_to(settings: &mut Settings, flags: &str) {
        let flags = Flags::try_parse_from(["emulator"].into_iter().chain(flags.split(' ')));
        let patch = flags.expect("valid flags").settings.patch();
        patch.apply_to(settings).expect("valid settings");
    }

    /// By design: each setting of OAuth and of API tokens has a flag. `off` takes back what a seed
    /// says.
    #[test]
    fn flags_set_what_they_name() {
        let mut settings = Settings::default();
        applied_to(
            &mut settings,
            "--oauth-created-status 201 --oauth-expires-in ignore --oauth-expires-in-answer when_asked \
             --oauth-token-format opaque --oauth-consent allow --oauth-consent-user 10011 \
             --api-tokens-inactivity-days 30 --api-tokens-end-at 2027-04-30T00:00:00Z",
        );
        let oauth = OauthSettingsPatch::new()
            .created_status(201)
            .expires_in(ExpiresIn::Ignore)
            .expires_in_answer(ExpiresInAnswer::WhenAsked)
            .token_format(TokenFormat::Opaque)
            .consent(Consent::Allow)
            .consent_user(Some(10_011));
        let end_at: Timestamp = "2027-04-30T00:00:00Z".parse().expect("a time");
        let api_tokens = ApiTokenSettingsPatch::new()
            .inactivity_days(Some(30))
            .end_at(Some(end_at));
        let mut expected = Settings::default();
        let patch = SettingsPatch::new().oauth(oauth).api_tokens(api_tokens);
        patch.apply_to(&mut expected).expect("valid settings");
        assert_eq!(settings, expected);
        applied_to(
            &mut settings,
            "--api-tokens-inactivity-days off --api-tokens-end-at off",
        );
        assert_eq!(settings.api_tokens, Settings::default().api_tokens);
        assert_eq!(settings.oauth, expected.oauth);
    }
}
