//! Settings in documents: in seeds and in the control API.

use std::iter;
use std::num::NonZeroU32;

use crate::config::{
    ApiTokenSettingsPatch, OauthSettingsPatch, RateLimitPatch, Settings, SettingsPatch,
};
use crate::document::reader::Node;

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
    read_checked(node, false)
}

/// Reads all settings. Those that are not given get their defaults.
pub(super) fn read_all(node: &Node<'_>) -> Option<SettingsPatch> {
    read_checked(node, true)
}

/// Reads settings, and notes what is wrong with the rate limits. `are_all` says that settings which are
/// not given have their defaults.
fn read_checked(node: &Node<'_>, are_all: bool) -> Option<SettingsPatch> {
    let settings = node.object(KEYS)?;
    let patch = SettingsPatch {
        omnichannel_routing: settings.read("omnichannel_routing", Node::boolean),
        release: settings.word("release"),
        rate_limit: settings
            .read("rate_limit", read_rate_limit)
            .unwrap_or_default(),
        account_rate_limit: settings
            .read("account_rate_limit", read_rate_limit)
            .unwrap_or_default(),
        auth: settings.word("auth"),
        validation: settings.word("validation"),
        errors: settings.word("errors"),
        skills: settings.word("skills"),
        statuses_shape: settings.word("statuses_shape"),
        away_channels: settings.word("away_channels"),
        rate_limit_body: settings.word("rate_limit_body"),
        page_size_default: settings.read("page_size_default", |node| node.number_in(1, 100)),
        work_items_per_page: settings.read("work_items_per_page", |node| node.number_in(0, 100)),
        talk_legacy: settings.read("talk_legacy", Node::boolean),
        talk_wrap_up: settings.read("talk_wrap_up", Node::duration),
        job_delay: settings.read("job_delay", Node::duration),
        oauth: settings.read("oauth", read_oauth).unwrap_or_default(),
        api_tokens: settings
            .read("api_tokens", read_api_tokens)
            .unwrap_or_default(),
    };
    let defaults = Settings::default();
    for (key, limit, default) in [
        ("rate_limit", patch.rate_limit, defaults.rate_limit),
        (
            "account_rate_limit",
            patch.account_rate_limit,
            defaults.account_rate_limit,
        ),
    ] {
        let Some(node) = settings.optional(key) else {
            continue;
        };
        // How many calls can be left depends on the requests. If the document does not have them, that
        // is checked alone, and only if they are the default ones.
        let has_requests = limit.requests.is_some();
        let window = RateLimitPatch {
            remaining: limit.remaining.filter(|_| has_requests),
            ..limit
        };
        let remaining = (are_all && !has_requests).then(|| RateLimitPatch {
            remaining: limit.remaining,
            ..RateLimitPatch::default()
        });
        for part in iter::once(window).chain(remaining) {
            if let Err(error) = part.applied_to(default, None) {
                node.problem(error);
            }
        }
    }
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
    Some(OauthSettingsPatch {
        created_status: oauth.read("created_status", |node| node.number_in(200, 201)),
        expires_in: oauth.word("expires_in"),
        expires_in_answer: oauth.word("expires_in_answer"),
        token_format: oauth.word("token_format"),
        consent: oauth.word("consent"),
        consent_user: oauth.read_or_null("consent_user", Node::number),
    })
}

fn read_api_tokens(node: &Node<'_>) -> Option<ApiTokenSettingsPatch> {
    let settings = node.object(&["inactivity_days", "end_at"])?;
    Some(ApiTokenSettingsPatch {
        inactivity_days: settings.read_or_null("inactivity_days", |node| node.number_in(1, 3650)),
        end_at: settings.read_or_null("end_at", Node::time),
    })
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
    Some(RateLimitPatch {
        requests: limit.read_or_null("requests", |node| {
            NonZeroU32::new(node.number_in(1, u32::MAX.into())?)
        }),
        window: limit.read("window", Node::duration),
        remaining: limit.read("remaining", |node| node.number_in(0, u32::MAX.into())),
    })
}
