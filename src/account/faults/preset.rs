//! Rules by name.

use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderName, StatusCode};

use super::answer::{AnswerContent, HeaderChanges, RuleAnswer, ticket_in};
use super::fault::{Corruption, Delivery, FaultEffect, InjectedError, Outcome};
use super::rule::{Effect, IncomingRequest};
use crate::document::json::Document;
use crate::names::named_enum;
use crate::wire::faults::FaultBody;

/// The operation that issues OAuth tokens.
pub(crate) const TOKEN_OPERATION: &str = "create_token_for_grant_type";

named_enum! {
    /// What real clients have failed on, and what programs need besides the two availability APIs.
    pub(crate) enum Preset {
        /// A 429 with its documented body, which is not JSON (airbyte #11035).
        RateLimitTextBody => "rate-limit-text-body",
        /// A 429 with the JSON body of other Zendesk APIs.
        RateLimitJsonBody => "rate-limit-json-body",
        /// A 429 of the proxies in front of Zendesk, which does not say how long to wait (airbyte
        /// #14253).
        EdgeRateLimit => "edge-rate-limit",
        /// A 503 with `Retry-After`, which a client has taken for a 429 (node-zendesk #126).
        UnavailableRetryAfter => "unavailable-retry-after",
        /// A 502 with the page of a proxy.
        HtmlErrorPage => "html-error-page",
        /// JSON that ends early.
        TruncatedJson => "truncated-json",
        /// A reset in the middle of the body.
        ResetMidBody => "reset-mid-body",
        /// A body that begins two seconds after its head.
        SlowFirstByte => "slow-first-byte",
        /// The 400 for a cursor that is no longer valid.
        ExpiredCursor => "expired-cursor",
        /// A page by cursor that says that it comes after itself.
        StuckCursor => "stuck-cursor",
        /// A page by cursor with more after it, and without a cursor.
        MissingCursor => "missing-cursor",
        /// Creating and updating tickets.
        Tickets => "tickets",
        /// A token without `expires_in`, which clients have taken for one that never expires, or that
        /// has expired already (nango #6775, airbyte #83814).
        OauthOmitsExpiresIn => "oauth-omits-expires-in",
        /// Tokens that are issued and never arrive, while those that they replace end.
        OauthLostAnswer => "oauth-lost-answer",
        /// The 400 for a code or refresh token that cannot be used.
        OauthInvalidGrant => "oauth-invalid-grant",
    }
}

impl Preset {
    /// What happens to a request.
    pub(crate) fn effect(self) -> Effect {
        match self {
            Self::RateLimitTextBody => refused(429, None, FaultBody::Text),
            Self::RateLimitJsonBody => refused(429, None, FaultBody::Json),
            Self::EdgeRateLimit => Effect::Answer(edge_rate_limit()),
            Self::UnavailableRetryAfter => refused(503, Some(1), FaultBody::Vendor),
            Self::HtmlErrorPage => refused(502, None, FaultBody::Html),
            Self::TruncatedJson => damaged(Delivery {
                corruption: Some(Corruption::Truncated(64)),
                ..Delivery::default()
            }),
            Self::ResetMidBody => damaged(Delivery {
                corruption: Some(Corruption::Reset),
                ..Delivery::default()
            }),
            Self::SlowFirstByte => damaged(Delivery {
                slow_first_byte: Some(Duration::from_secs(2)),
                ..Delivery::default()
            }),
            Self::ExpiredCursor => fault(Outcome::ExpiredCursor),
            Self::StuckCursor => answered(AnswerContent::StuckCursor),
            Self::MissingCursor => answered(AnswerContent::MissingCursor),
            Self::Tickets => answered(AnswerContent::Ticket),
            Self::OauthOmitsExpiresIn => {
                let patch = serde_json::json!({ "expires_in": null });
                answered(AnswerContent::Patch(Document::of(&patch)))
            }
            Self::OauthLostAnswer => fault(Outcome::LostAnswer),
            Self::OauthInvalidGrant => refused(400, None, FaultBody::Vendor),
        }
    }

    /// Whether it can happen to a request.
    pub(super) fn is_about(self, request: &IncomingRequest<'_>) -> bool {
        match self {
            Self::ExpiredCursor => request.has_cursor,
            Self::Tickets => ticket_in(request.method, request.path).is_some(),
            Self::OauthOmitsExpiresIn | Self::OauthLostAnswer | Self::OauthInvalidGrant => {
                request.operation == Some(TOKEN_OPERATION)
            }
            Self::RateLimitTextBody
            | Self::RateLimitJsonBody
            | Self::EdgeRateLimit
            | Self::UnavailableRetryAfter
            | Self::HtmlErrorPage
            | Self::TruncatedJson
            | Self::ResetMidBody
            | Self::SlowFirstByte
            | Self::StuckCursor
            | Self::MissingCursor => true,
        }
    }
}

fn fault(outcome: Outcome) -> Effect {
    Effect::Fault(FaultEffect {
        latency: None,
        outcome,
    })
}

fn refused(status: u16, retry_after: Option<u32>, body: FaultBody) -> Effect {
    let error = InjectedError {
        status,
        retry_after,
        body,
    };
    fault(Outcome::Refused(error, Delivery::default()))
}

fn damaged(delivery: Delivery) -> Effect {
    fault(Outcome::Answered(delivery))
}

fn answered(content: AnswerContent) -> Effect {
    Effect::Answer(RuleAnswer {
        content,
        ..RuleAnswer::default()
    })
}

/// Observed in airbyte #14253. The proxies in front of Zendesk know no caller and no limit of an
/// account.
fn edge_rate_limit() -> RuleAnswer {
    let body = serde_json::json!({
        "detail": "Rate limited by Zendesk edge protection",
        "status": "429",
        "title": "Automated response",
    });
    let rate_headers = [
        "x-rate-limit",
        "x-rate-limit-remaining",
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
    ];
    let without = rate_headers.into_iter().map(HeaderName::from_static);
    RuleAnswer {
        authenticate: false,
        status: Some(StatusCode::TOO_MANY_REQUESTS),
        headers: HeaderChanges {
            set: Vec::new(),
            without: without.chain([RETRY_AFTER]).collect(),
        },
        content: AnswerContent::Json(Document::of(&body)),
    }
}
