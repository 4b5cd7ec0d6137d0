//! Every setting, as plain data with its default. What is hidden from the documentation is for the
//! command line.

pub(crate) mod durations;
mod hosts;
mod invalid_settings;
mod oauth;
mod rate_limit;
mod server;
mod times;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::names::named_enum;
use crate::setters::with_setters;
pub use crate::world::AwayChannels;
#[doc(hidden)]
pub use durations::parse_duration;
pub(crate) use hosts::name_as_given;
pub use hosts::{BadPublicUrl, PublicUrl};
#[doc(hidden)]
pub use hosts::{host_name, is_host, is_subdomain};
pub use invalid_settings::InvalidSettings;
pub(crate) use oauth::ApiTokenEnd;
pub use oauth::{
    ApiTokenSettings, ApiTokenSettingsPatch, Consent, ExpiresIn, ExpiresInAnswer, OauthSettings,
    OauthSettingsPatch, TokenFormat,
};
pub use rate_limit::{RateLimit, RateLimitPatch};
pub use server::ServerConfig;
#[doc(hidden)]
pub use server::{is_header_timeout, parse_size};
#[doc(hidden)]
pub use times::parse_time;

/// How an account behaves. The seed, the command line and the builder set the same ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "SettingsPatch", try_from = "SettingsPatch")]
#[non_exhaustive]
pub struct Settings {
    /// Whether omnichannel routing is on at the start. Default: on.
    pub omnichannel_routing: bool,
    /// What answers show while omnichannel routing is off. Default: [`Release::Ga`].
    pub release: Release,
    /// How many calls are admitted. `None` means no limit and no rate headers. Default: 200 in 60
    /// s.
    pub rate_limit: Option<RateLimit>,
    /// How many calls are left in the open window, or else in the next one. `None` means all.
    /// Default: all.
    pub rate_limit_remaining: Option<u32>,
    /// The limit of the calls to the Ticketing API (users, groups, search, account settings, Talk,
    /// group availability, capacity rules) and to paths that only a rule answers, which the other one
    /// does not count. Default: 700 in 60 s.
    pub account_rate_limit: Option<RateLimit>,
    /// How many of these calls are left, as above. Default: all.
    pub account_rate_limit_remaining: Option<u32>,
    /// Which credentials are accepted. Default: [`AuthMode::Strict`].
    pub auth: AuthMode,
    /// What happens to parameters and fields that nothing reads. Default: [`Validation::Warn`].
    pub validation: Validation,
    /// The form of errors that list problems. Default: [`ErrorsForm::JsonApi`].
    pub errors: ErrorsForm,
    /// The form of an agent's skills. Default: [`SkillsForm::Objects`].
    pub skills: SkillsForm,
    /// The form of the list of agent statuses. Default: [`StatusesShape::Documented`].
    pub statuses_shape: StatusesShape,
    /// What the status "away" does to channels. Default: [`AwayChannels::EmailOnly`].
    pub away_channels: AwayChannels,
    /// The body of the rate limit's 429. Default: [`RateLimitBody::Text`].
    pub rate_limit_body: RateLimitBody,
    /// The size of a page if the request does not give one: 1 to 100. Default: 20.
    pub page_size_default: usize,
    /// How many work items of a channel an agent's document includes: 0 to 100. Default: 3.
    pub work_items_per_page: usize,
    /// Whether Talk availabilities have the members of the older API as well. Default: no.
    pub talk_legacy: bool,
    /// How long an agent is in wrap-up after a call. Default: 0, not at all.
    pub talk_wrap_up: Duration,
    /// How long an update of many agents takes. Default: 0, it is done before the next call.
    pub job_delay: Duration,
    /// How the OAuth endpoints behave.
    pub oauth: OauthSettings,
    /// When API tokens end. Default: never.
    pub api_tokens: ApiTokenSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            omnichannel_routing: true,
            release: Release::Ga,
            rate_limit: Some(RateLimit::default()),
            rate_limit_remaining: None,
            account_rate_limit: Some(RateLimit::account_default()),
            account_rate_limit_remaining: None,
            auth: AuthMode::Strict,
            validation: Validation::Warn,
            errors: ErrorsForm::JsonApi,
            skills: SkillsForm::Objects,
            statuses_shape: StatusesShape::Documented,
            away_channels: AwayChannels::EmailOnly,
            rate_limit_body: RateLimitBody::Text,
            page_size_default: 20,
            work_items_per_page: 3,
            talk_legacy: false,
            talk_wrap_up: Duration::ZERO,
            job_delay: Duration::ZERO,
            oauth: OauthSettings::default(),
            api_tokens: ApiTokenSettings::default(),
        }
    }
}

with_setters! {
    /// A change of settings. Those that are not given stay as they are.
    ///
    /// ```
    /// use zendesk_availability_emulator::Emulator;
    /// use zendesk_availability_emulator::config::{RateLimitPatch, Release, SettingsPatch};
    ///
    /// let settings = SettingsPatch::new()
    ///     .release(Release::Eap)
    ///     .rate_limit(RateLimitPatch::off());
    /// let emulator = Emulator::builder().settings(settings).start()?;
    /// # Ok::<(), zendesk_availability_emulator::StartError>(())
    /// ```
    #[derive(Serialize, Deserialize)]
    #[serde(default)]
    #[expect(missing_docs, reason = "see the fields of `Settings`")]
    pub struct SettingsPatch {
        pub omnichannel_routing: Option<bool>,
        pub release: Option<Release>,
        pub rate_limit: RateLimitPatch,
        pub account_rate_limit: RateLimitPatch,
        pub auth: Option<AuthMode>,
        pub validation: Option<Validation>,
        pub errors: Option<ErrorsForm>,
        pub skills: Option<SkillsForm>,
        pub statuses_shape: Option<StatusesShape>,
        pub away_channels: Option<AwayChannels>,
        pub rate_limit_body: Option<RateLimitBody>,
        pub page_size_default: Option<usize>,
        pub work_items_per_page: Option<usize>,
        pub talk_legacy: Option<bool>,
        #[serde(with = "durations::cut_option")]
        pub talk_wrap_up: Option<Duration>,
        #[serde(with = "durations::cut_option")]
        pub job_delay: Option<Duration>,
        pub oauth: OauthSettingsPatch,
        pub api_tokens: ApiTokenSettingsPatch,
    }
}

/// A patch that sets everything. It names every setting, as `apply_to` does, so that the compiler
/// asks for a new one in both.
impl From<Settings> for SettingsPatch {
    fn from(settings: Settings) -> Self {
        let Settings {
            omnichannel_routing,
            release,
            rate_limit,
            rate_limit_remaining,
            account_rate_limit,
            account_rate_limit_remaining,
            auth,
            validation,
            errors,
            skills,
            statuses_shape,
            away_channels,
            rate_limit_body,
            page_size_default,
            work_items_per_page,
            talk_legacy,
            talk_wrap_up,
            job_delay,
            oauth,
            api_tokens,
        } = settings;
        Self {
            omnichannel_routing: Some(omnichannel_routing),
            release: Some(release),
            rate_limit: RateLimitPatch::of(rate_limit, rate_limit_remaining),
            account_rate_limit: RateLimitPatch::of(
                account_rate_limit,
                account_rate_limit_remaining,
            ),
            auth: Some(auth),
            validation: Some(validation),
            errors: Some(errors),
            skills: Some(skills),
            statuses_shape: Some(statuses_shape),
            away_channels: Some(away_channels),
            rate_limit_body: Some(rate_limit_body),
            page_size_default: Some(page_size_default),
            work_items_per_page: Some(work_items_per_page),
            talk_legacy: Some(talk_legacy),
            talk_wrap_up: Some(talk_wrap_up),
            job_delay: Some(job_delay),
            oauth: OauthSettingsPatch::of(oauth),
            api_tokens: ApiTokenSettingsPatch::of(api_tokens),
        }
    }
}

/// The defaults, changed by the patch.
impl TryFrom<SettingsPatch> for Settings {
    type Error = InvalidSettings;

    fn try_from(patch: SettingsPatch) -> Result<Self, InvalidSettings> {
        let mut settings = Self::default();
        patch.apply_to(&mut settings)?;
        Ok(settings)
    }
}

impl SettingsPatch {
    /// Applies the change to `settings`.
    ///
    /// # Errors
    ///
    /// [`InvalidSettings`] if a value is out of its range. Then nothing is set.
    pub fn apply_to(&self, settings: &mut Settings) -> Result<(), InvalidSettings> {
        fn set<T: Copy>(target: &mut T, given: Option<T>) {
            if let Some(given) = given {
                *target = given;
            }
        }
        let Self {
            omnichannel_routing,
            release,
            rate_limit,
            account_rate_limit,
            auth,
            validation,
            errors,
            skills,
            statuses_shape,
            away_channels,
            rate_limit_body,
            page_size_default,
            work_items_per_page,
            talk_legacy,
            talk_wrap_up,
            job_delay,
            oauth,
            api_tokens,
        } = *self;
        if page_size_default.is_some_and(|size| !(1..=100).contains(&size)) {
            return Err(InvalidSettings::PageSizeDefault);
        }
        if work_items_per_page.is_some_and(|size| size > 100) {
            return Err(InvalidSettings::WorkItemsPerPage);
        }
        if oauth
            .created_status
            .is_some_and(|status| !matches!(status, 200 | 201))
        {
            return Err(InvalidSettings::CreatedStatus);
        }
        let days = api_tokens.inactivity_days.flatten();
        if days.is_some_and(|days| !(1..=3650).contains(&days)) {
            return Err(InvalidSettings::InactivityDays);
        }
        let limit = rate_limit.applied_to(settings.rate_limit, settings.rate_limit_remaining)?;
        let account_limit = account_rate_limit.applied_to(
            settings.account_rate_limit,
            settings.account_rate_limit_remaining,
        )?;
        (settings.rate_limit, settings.rate_limit_remaining) = limit;
        (
            settings.account_rate_limit,
            settings.account_rate_limit_remaining,
        ) = account_limit;
        set(&mut settings.omnichannel_routing, omnichannel_routing);
        set(&mut settings.release, release);
        set(&mut settings.auth, auth);
        set(&mut settings.validation, validation);
        set(&mut settings.errors, errors);
        set(&mut settings.skills, skills);
        set(&mut settings.statuses_shape, statuses_shape);
        set(&mut settings.away_channels, away_channels);
        set(&mut settings.rate_limit_body, rate_limit_body);
        set(&mut settings.page_size_default, page_size_default);
        set(&mut settings.work_items_per_page, work_items_per_page);
        set(&mut settings.talk_legacy, talk_legacy);
        set(&mut settings.talk_wrap_up, talk_wrap_up);
        set(&mut settings.job_delay, job_delay);
        settings.oauth = oauth.applied_to(settings.oauth);
        settings.api_tokens = api_tokens.applied_to(settings.api_tokens);
        Ok(())
    }
}

named_enum! {
    /// What answers show while omnichannel routing is off.
    #[non_exhaustive]
    pub enum Release {
        /// General availability: nothing of omnichannel routing.
        Ga => "ga",
        /// Early access: its data, once it has been on.
        Eap => "eap",
    }
}

named_enum! {
    /// Which credentials are accepted.
    #[non_exhaustive]
    pub enum AuthMode {
        /// Those of the account's users.
        Strict => "strict",
        /// Any well-formed credential: as the user it names, else as an admin.
        Any => "any",
    }
}

named_enum! {
    /// What happens to parameters and body fields that nothing reads.
    #[non_exhaustive]
    pub enum Validation {
        /// They are refused.
        Strict => "strict",
        /// They are ignored, and a hint says so.
        Warn => "warn",
        /// They are ignored.
        Off => "off",
    }
}

named_enum! {
    /// The form of errors that list problems.
    #[non_exhaustive]
    pub enum ErrorsForm {
        /// `{"errors": [{"status", "code", "title", "detail"}]}`
        JsonApi => "jsonapi",
        /// `{"error": …, "description": …}`
        Classic => "classic",
    }
}

named_enum! {
    /// The form of an agent's skills.
    #[non_exhaustive]
    pub enum SkillsForm {
        /// `[{"id": "…"}]`
        Objects => "objects",
        /// `["…"]`
        Ids => "ids",
        /// They are left out.
        Omit => "omit",
    }
}

named_enum! {
    /// The form of the list of agent statuses.
    #[non_exhaustive]
    pub enum StatusesShape {
        /// `default` and `custom`, of resources with attributes.
        Documented => "documented",
        /// `default_statuses` and `custom_statuses`, of flat objects.
        Flat => "flat",
    }
}

named_enum! {
    /// The body of the rate limit's 429.
    #[non_exhaustive]
    pub enum RateLimitBody {
        /// The documented line of text.
        Text => "text",
        /// The JSON that other Zendesk APIs send.
        Json => "json",
    }
}
