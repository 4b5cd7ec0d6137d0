//! Settings in documents: in seeds and in the control API.

use std::num::NonZeroU32;

use crate::config::{
    ApiTokenSettingsPatch, OauthSettingsPatch, RateLimitPatch, Settings, SettingsPatch,
};
use crate::document::reader::{Node, Object};

const KEYS: &[&str] = &[
    "omnichannel_routing",
    "release",
    "rate_limit",
    "account_rate_limit",
    "auth",
    "validation",
    "errors",
    "skills",
    "statuses_shape",
    "away_channels",
    "rate_limit_body",
    "page_size_default",
    "work_items_per_page",
    "talk_legacy",
    "talk_wrap_up",
    "job_delay",
    "oauth",
    "api_tokens",
];

/// Reads a change of settings.
pub(crate) fn read(node: &Node<'_>) -> Option<SettingsPatch> {
    let settings = node.object(KEYS)?;
    let optional = |key| settings.optional(key);
    let patch = SettingsPatch {
        omnichannel_routing: optional("omnichannel_routing").and_then(|node| node.boolean()),
        release: optional("release").and_then(|node| node.word("release")),
        rate_limit: optional("rate_limit")
            .and_then(|node| read_rate_limit(&node))
            .unwrap_or_default(),
        account_rate_limit: optional("account_rate_limit")
            .and_then(|node| read_rate_limit(&node))
            .unwrap_or_default(),
        auth: optional("auth").and_then(|node| node.word("auth")),
        validation: optional("validation").and_then(|node| node.word("validation")),
        errors: optional("errors").and_then(|node| node.word("errors")),
        skills: optional("skills").and_then(|node| node.word("skills")),
        statuses_shape: optional("statuses_shape").and_then(|node| node.word("statuses_shape")),
        away_channels: optional("away_channels").and_then(|node| node.word("away_channels")),
        rate_limit_body: optional("rate_limit_body").and_then(|node| node.word("rate_limit_body")),
        page_size_default: optional("page_size_default").and_then(|node| node.number_in(1, 100)),
        work_items_per_page: optional("work_items_per_page")
            .and_then(|node| node.number_in(0, 100)),
        talk_legacy: optional("talk_legacy").and_then(|node| node.boolean()),
        talk_wrap_up: optional("talk_wrap_up").and_then(|node| node.duration()),
        job_delay: optional("job_delay").and_then(|node| node.duration()),
        oauth: optional("oauth")
            .and_then(|node| read_oauth(&node))
            .unwrap_or_default(),
        api_tokens: optional("api_tokens")
            .and_then(|node| read_api_tokens(&node))
            .unwrap_or_default(),
    };
    note_problems(node, &patch, |limit| {
        if limit.requests.is_some() {
            limit
        } else {
            // Whether it is valid depends on a limit that is not in this document.
            RateLimitPatch {
                remaining: None,
                ..limit
            }
        }
    });
    Some(patch)
}

fn read_oauth(node: &Node<'_>) -> Option<OauthSettingsPatch> {
    let oauth = node.object(&[
        "created_status",
        "expires_in",
        "expires_in_answer",
        "token_format",
        "consent",
        "consent_user",
    ])?;
    let optional = |key| oauth.optional(key);
    let user = optional("consent_user").and_then(|node| node.number());
    Some(OauthSettingsPatch {
        created_status: optional("created_status").and_then(|node| node.number_in(200, 201)),
        expires_in: optional("expires_in").and_then(|node| node.word("expires_in")),
        expires_in_answer: optional("expires_in_answer")
            .and_then(|node| node.word("expires_in_answer")),
        token_format: optional("token_format").and_then(|node| node.word("token_format")),
        consent: optional("consent").and_then(|node| node.word("consent")),
        consent_user: or_null(&oauth, "consent_user", user),
    })
}

fn read_api_tokens(node: &Node<'_>) -> Option<ApiTokenSettingsPatch> {
    let settings = node.object(&["inactivity_days", "end_at"])?;
    let optional = |key| settings.optional(key);
    let days = optional("inactivity_days").and_then(|node| node.number_in(1, 3650));
    let end_at = optional("end_at").and_then(|node| node.time());
    Some(ApiTokenSettingsPatch {
        inactivity_days: or_null(&settings, "inactivity_days", days),
        end_at: or_null(&settings, "end_at", end_at),
    })
}

/// A setting that null switches off.
#[expect(
    clippy::option_option,
    reason = "null is a value, and it may be left out"
)]
fn or_null<T>(settings: &Object<'_>, key: &str, read: Option<T>) -> Option<Option<T>> {
    if settings.is_null(key) {
        Some(None)
    } else {
        read.map(Some)
    }
}

/// Reads all settings. Those that are not given get their defaults.
pub(super) fn read_all(node: &Node<'_>) -> Option<SettingsPatch> {
    let patch = read(node)?;
    let remaining = |limit: RateLimitPatch| RateLimitPatch {
        remaining: limit.remaining.filter(|_| limit.requests.is_none()),
        ..RateLimitPatch::default()
    };
    note_problems(node, &patch, remaining);
    Some(patch)
}

/// Notes what is wrong with each of the two limits, or with the part of it that is to be checked.
fn note_problems(
    node: &Node<'_>,
    patch: &SettingsPatch,
    checked: impl Fn(RateLimitPatch) -> RateLimitPatch,
) {
    let limits = [
        (
            "rate_limit",
            SettingsPatch::new().rate_limit(checked(patch.rate_limit)),
        ),
        (
            "account_rate_limit",
            SettingsPatch::new().account_rate_limit(checked(patch.account_rate_limit)),
        ),
    ];
    for (key, limit) in limits {
        if let Err(error) = limit.apply_to(&mut Settings::default()) {
            let limit = node
                .object(KEYS)
                .and_then(|settings| settings.optional(key));
            limit.as_ref().unwrap_or(node).problem(error);
        }
    }
}

/// A rate limit as the command line writes it, as a number alone, or in parts.
fn read_rate_limit(node: &Node<'_>) -> Option<RateLimitPatch> {
    let value = node.value();
    if value.is_text() || value.is_number() {
        let text = value.text().unwrap_or(value.as_written().into());
        let limit = RateLimitPatch::parse(&text);
        if limit.is_none() {
            node.problem(
                "expected a number of requests such as 200 or \"300/60s\", \"off\", or an object",
            );
        }
        return limit;
    }
    let limit = node.object(&["requests", "window", "remaining"])?;
    // Here null is a value: no limit.
    let requests = match value.get("requests") {
        Some(requests) if requests.is_null() => Some(None),
        _ => limit
            .optional("requests")
            .and_then(|node| node.number_in::<u32>(1, u32::MAX.into()))
            .map(NonZeroU32::new),
    };
    let window = limit.optional("window").and_then(|node| node.duration());
    let remaining = limit
        .optional("remaining")
        .and_then(|node| node.number_in(0, u32::MAX.into()));
    Some(RateLimitPatch {
        requests,
        window,
        remaining,
    })
}
