//! How OAuth and API tokens behave.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::rate_limit::read_given;
use crate::names::named_enum;
use crate::setters::with_setters;
use crate::world::ApiToken;

/// How the OAuth endpoints behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OauthSettings {
    /// The status of a new token: 200 or 201. Default: 200, which clients demand.
    pub created_status: u16,
    /// Whether a client decides how long its tokens live. Default: [`ExpiresIn::Honour`].
    pub expires_in: ExpiresIn,
    /// Whether the answer says how long a token lives. Default: [`ExpiresInAnswer::Always`].
    pub expires_in_answer: ExpiresInAnswer,
    /// The form of access tokens that expire. Default: [`TokenFormat::Jwt`].
    pub token_format: TokenFormat,
    /// What the authorization page does. Default: [`Consent::Page`].
    pub consent: Consent,
    /// The id of the user who allows or denies at once. `None` is the first admin. Default: none.
    pub consent_user: Option<u64>,
}

impl Default for OauthSettings {
    fn default() -> Self {
        Self {
            created_status: 200,
            expires_in: ExpiresIn::Honour,
            expires_in_answer: ExpiresInAnswer::Always,
            token_format: TokenFormat::Jwt,
            consent: Consent::Page,
            consent_user: None,
        }
    }
}

with_setters! {
    /// A change of [`OauthSettings`]. Those that are not given stay as they are. For `consent_user`,
    /// `Some(None)` is the first admin.
    #[derive(Copy, Serialize, Deserialize)]
    #[serde(default)]
    #[expect(missing_docs, reason = "see the fields of `OauthSettings`")]
    pub struct OauthSettingsPatch {
        pub created_status: Option<u16>,
        pub expires_in: Option<ExpiresIn>,
        pub expires_in_answer: Option<ExpiresInAnswer>,
        pub token_format: Option<TokenFormat>,
        pub consent: Option<Consent>,
        #[serde(
            skip_serializing_if = "Option::is_none",
            deserialize_with = "read_given"
        )]
        pub consent_user: Option<Option<u64>>,
    }
}

/// When API tokens end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiTokenSettings {
    /// After how many days without use an API token is deactivated: 1 to 3,650. Default: never.
    pub inactivity_days: Option<u16>,
    /// From when on all API tokens are deactivated. Default: never.
    pub end_at: Option<Timestamp>,
}

/// Why an API token cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ApiTokenEnd {
    Inactive,
    /// All API tokens ended then.
    Ended(Timestamp),
    /// The token was not used for more than this number of days.
    Unused(u16),
}

impl ApiTokenSettings {
    /// Why a token cannot be used at this time, if it cannot.
    pub(crate) fn end_of(&self, token: &ApiToken, now: Timestamp) -> Option<ApiTokenEnd> {
        if !token.active {
            return Some(ApiTokenEnd::Inactive);
        }
        if let Some(at) = self.end_at.filter(|at| *at <= now) {
            return Some(ApiTokenEnd::Ended(at));
        }
        let days = self.inactivity_days?;
        let unused = now.duration_since(token.idle_since()?);
        let most = SignedDuration::from_hours(24 * i64::from(days));
        (unused > most).then_some(ApiTokenEnd::Unused(days))
    }
}

with_setters! {
    /// A change of [`ApiTokenSettings`]. Those that are not given stay as they are. `Some(None)` is
    /// never.
    ///
    /// ```
    /// use zendesk_availability_emulator::Emulator;
    /// use zendesk_availability_emulator::config::{ApiTokenSettingsPatch, SettingsPatch};
    ///
    /// let unused = ApiTokenSettingsPatch::new().inactivity_days(Some(30));
    /// let emulator = Emulator::builder()
    ///     .settings(SettingsPatch::new().api_tokens(unused))
    ///     .start()?;
    /// let account = emulator.default_account();
    /// account.update_settings(&SettingsPatch::new().api_tokens(ApiTokenSettingsPatch::off()))?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Copy, Serialize, Deserialize)]
    #[serde(default)]
    #[expect(missing_docs, reason = "see the fields of `ApiTokenSettings`")]
    pub struct ApiTokenSettingsPatch {
        #[serde(
            skip_serializing_if = "Option::is_none",
            deserialize_with = "read_given"
        )]
        pub inactivity_days: Option<Option<u16>>,
        #[serde(
            skip_serializing_if = "Option::is_none",
            deserialize_with = "read_given"
        )]
        pub end_at: Option<Option<Timestamp>>,
    }
}

impl ApiTokenSettingsPatch {
    /// API tokens never end.
    pub fn off() -> Self {
        Self {
            inactivity_days: Some(None),
            end_at: Some(None),
        }
    }
}

impl OauthSettingsPatch {
    pub(super) fn of(settings: OauthSettings) -> Self {
        let OauthSettings {
            created_status,
            expires_in,
            expires_in_answer,
            token_format,
            consent,
            consent_user,
        } = settings;
        Self {
            created_status: Some(created_status),
            expires_in: Some(expires_in),
            expires_in_answer: Some(expires_in_answer),
            token_format: Some(token_format),
            consent: Some(consent),
            consent_user: Some(consent_user),
        }
    }

    pub(super) fn applied_to(self, current: OauthSettings) -> OauthSettings {
        OauthSettings {
            created_status: self.created_status.unwrap_or(current.created_status),
            expires_in: self.expires_in.unwrap_or(current.expires_in),
            expires_in_answer: self.expires_in_answer.unwrap_or(current.expires_in_answer),
            token_format: self.token_format.unwrap_or(current.token_format),
            consent: self.consent.unwrap_or(current.consent),
            consent_user: self.consent_user.unwrap_or(current.consent_user),
        }
    }
}

impl ApiTokenSettingsPatch {
    pub(super) fn of(settings: ApiTokenSettings) -> Self {
        let ApiTokenSettings {
            inactivity_days,
            end_at,
        } = settings;
        Self {
            inactivity_days: Some(inactivity_days),
            end_at: Some(end_at),
        }
    }

    pub(super) fn applied_to(self, current: ApiTokenSettings) -> ApiTokenSettings {
        ApiTokenSettings {
            inactivity_days: self.inactivity_days.unwrap_or(current.inactivity_days),
            end_at: self.end_at.unwrap_or(current.end_at),
        }
    }
}

named_enum! {
    /// Whether a client decides how long its tokens live.
    #[non_exhaustive]
    pub enum ExpiresIn {
        /// By `expires_in`, from 300 to 172,800 seconds.
        Honour => "honour",
        /// They live as long as the client's tokens do by default.
        Ignore => "ignore",
    }
}

named_enum! {
    /// Whether the answer says how long a token lives.
    #[non_exhaustive]
    pub enum ExpiresInAnswer {
        /// If it expires.
        Always => "always",
        /// Only if the request had `expires_in`.
        WhenAsked => "when_asked",
    }
}

named_enum! {
    /// The form of access tokens that expire.
    #[non_exhaustive]
    pub enum TokenFormat {
        /// A JWT with the time at which it expires.
        Jwt => "jwt",
        /// Hexadecimal digits.
        Opaque => "opaque",
    }
}

named_enum! {
    /// What the authorization page does.
    #[non_exhaustive]
    pub enum Consent {
        /// It asks which user allows or denies.
        Page => "page",
        /// It allows at once.
        Allow => "allow",
        /// It denies at once.
        Deny => "deny",
    }
}
