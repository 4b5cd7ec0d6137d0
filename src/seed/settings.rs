//! Settings in documents: in seeds and in the control API.

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
    read_checked(node, |limit| vec![without_loose_remaining(limit)])
}

/// Reads all settings. Those that are not given get their defaults.
pub(super) fn read_all(node: &Node<'_>) -> Option<SettingsPatch> {
    read_checked(node, |limit| {
        let remaining = limit.remaining.filter(|_| limit.requests.is_none());
        let of_the_default = RateLimitPatch {
            remaining,
            ..RateLimitPatch::default()
        };
        vec![without_loose_remaining(limit), of_the_default]
    })
}

/// A limit without `remaining` if `requests`, on which its most depends, are not in the document.
fn without_loose_remaining(limit: RateLimitPatch) -> RateLimitPatch {
    RateLimitPatch {
        remaining: limit.remaining.filter(|_| limit.requests.is_some()),
        ..limit
    }
}

/// Reads settings, and notes what is wrong with each part of a rate limit.
fn read_checked(
    node: &Node<'_>,
    parts: impl Fn(RateLimitPatch) -> Vec<RateLimitPatch>,
) -> Option<SettingsPatch> {
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
    let new = SettingsPatch::new;
    let limits = parts(patch.rate_limit).into_iter();
    let limits = limits.map(|part| ("rate_limit", new().rate_limit(part)));
    let account_limits = parts(patch.account_rate_limit).into_iter();
    let account_limits =
        account_limits.map(|part| ("account_rate_limit", new().account_rate_limit(part)));
    for (key, limit) in limits.chain(account_limits) {
        if let Some(node) = settings.optional(key)
            && let Err(error) = limit.apply_to(&mut Settings::default())
        {
            node.problem(error);
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
