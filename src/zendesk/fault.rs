//! The errors and answers of faults. If Zendesk's API has an error with the status of a fault, the
//! client gets that error.

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::error::{ApiError, Code, Problem};
use super::error_body;
use super::is_of_ticketing;
use super::oauth_error::OauthError;
use super::request::context::RequestContext;
use super::request::credentials::AuthFailure;
use super::request::operation::Access;
use super::response::{self, cursor_pages};
use crate::account::{IncomingRequest, InjectedError, RateReading, TOKEN_OPERATION};
use crate::config::{ErrorsForm, RateLimit, RateLimitBody, Settings};
use crate::wire::faults::FaultBody;

/// The error of a fault. It replaces the answer.
#[derive(Clone, Debug)]
pub(crate) struct Injected {
    /// The error that Zendesk's API has for this status, if it has one.
    zendesks: Option<Box<ApiError>>,
    status: StatusCode,
    retry_after: Option<u64>,
    body: FaultBody,
}

/// The error that replaces the answer. The rate limit does not count the call.
pub(crate) fn refusal(context: &RequestContext, refusal: InjectedError) -> ApiError {
    let reading = context.uncounted();
    // Always valid: a rule has a status from 400 to 599.
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let given = refusal.retry_after.map(u64::from);
    let retry_after = if status == StatusCode::TOO_MANY_REQUESTS {
        let seconds = given
            .or(reading.map(|reading| reading.reset))
            .unwrap_or(RateLimit::default().window().as_secs());
        // The same reading as for a refusal of the limiter.
        context.leave_uncounted(reading.map(|reading| RateReading {
            remaining: 0,
            reset: seconds,
            ..reading
        }));
        Some(seconds)
    } else {
        context.leave_uncounted(reading);
        given
    };
    let zendesks = zendesks_error(context, status, retry_after.unwrap_or_default());
    ApiError::Injected(Injected {
        zendesks: zendesks.map(Box::new),
        status,
        retry_after,
        body: refusal.body,
    })
}

/// The error about an expired cursor. It replaces the answer, and the rate limit does not count
/// the call.
pub(crate) fn expired_cursor(context: &RequestContext) -> ApiError {
    context.leave_uncounted(context.uncounted());
    let name = cursor_pages::cursor_in(context.uri.query().unwrap_or_default()).unwrap_or_default();
    let zendesks = Some(Box::new(cursor_pages::not_valid(name).into()));
    let (status, body) = (StatusCode::BAD_REQUEST, FaultBody::Vendor);
    ApiError::Injected(Injected {
        zendesks,
        status,
        retry_after: None,
        body,
    })
}

/// The response for a call without an answer. Only code in this process and the log see its status.
pub(crate) fn no_answer(context: &RequestContext) -> Response {
    context.leave_uncounted(context.uncounted());
    StatusCode::from_u16(444)
        .unwrap_or(StatusCode::IM_A_TEAPOT)
        .into_response()
}

/// A 200 without a body.
pub(crate) fn empty_body() -> Response {
    let mut response = response::with_type(StatusCode::OK, response::JSON, Body::empty());
    response
        .headers_mut()
        .insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    response
}

fn zendesks_error(
    context: &RequestContext,
    status: StatusCode,
    retry_after: u64,
) -> Option<ApiError> {
    Some(match status {
        StatusCode::BAD_REQUEST if is_grant(context) => OauthError::InvalidGrant.into(),
        StatusCode::UNAUTHORIZED if is_grant(context) => OauthError::InvalidClient.into(),
        StatusCode::BAD_REQUEST => {
            Problem::new(Code::InvalidParameter, "The request is not valid.").into()
        }
        StatusCode::UNAUTHORIZED => {
            ApiError::Unauthenticated(AuthFailure::of(context.credential_kind()))
        }
        StatusCode::FORBIDDEN => ApiError::WrongRole(Access::Admins),
        StatusCode::NOT_FOUND if is_of_ticketing(context.uri.path()) => ApiError::NoRecord,
        StatusCode::NOT_FOUND => ApiError::not_found("There is no such record."),
        StatusCode::METHOD_NOT_ALLOWED => ApiError::MethodNotAllowed,
        StatusCode::REQUEST_TIMEOUT => ApiError::RequestTimeout,
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::PayloadTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ApiError::UnsupportedMediaType,
        StatusCode::UNPROCESSABLE_ENTITY => {
            Problem::new(Code::RecordInvalid, "The record is not valid.").into()
        }
        StatusCode::TOO_MANY_REQUESTS => ApiError::RateLimited { retry_after },
        _ => return None,
    })
}

/// Whether the request asks for an OAuth token. The errors of that call have a form of their own.
fn is_grant(context: &RequestContext) -> bool {
    let operation = context.operation.as_deref();
    operation.is_some_and(|operation| operation.id == TOKEN_OPERATION)
}

impl Injected {
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn add_headers(&self, headers: &mut HeaderMap) {
        if let Some(error) = &self.zendesks {
            error.add_headers(headers);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
    }

    pub(super) fn body(&self, form: ErrorsForm, settings: &Settings) -> Response {
        let status = self.status;
        match (self.body, self.zendesks.as_deref()) {
            (FaultBody::Vendor, Some(error)) => error_body::response(error, form, settings),
            // The fault rule sets the kind of body, not the account's settings.
            (
                limited_form @ (FaultBody::Text | FaultBody::Json),
                Some(limited @ ApiError::RateLimited { .. }),
            ) => {
                let mut settings = settings.clone();
                settings.rate_limit_body = match limited_form {
                    FaultBody::Text => RateLimitBody::Text,
                    _ => RateLimitBody::Json,
                };
                error_body::response(limited, form, &settings)
            }
            (FaultBody::Vendor | FaultBody::Json, _) => {
                let reason = self.reason();
                let error: String = reason.chars().filter(char::is_ascii_alphanumeric).collect();
                error_body::classic(status, &error, &reason)
            }
            (FaultBody::Text, _) => {
                response::with_type(status, response::PLAIN, self.reason().into())
            }
            (FaultBody::Html, _) => response::with_type(status, response::HTML, self.page().into()),
            (FaultBody::Empty, _) => status.into_response(),
        }
    }

    fn reason(&self) -> String {
        self.status
            .canonical_reason()
            .map_or_else(|| format!("Error {}", self.status.as_str()), str::to_owned)
    }

    fn page(&self) -> String {
        let title = format!("{} {}", self.status.as_str(), self.reason());
        format!(
            "<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n\
             <p>The server cannot answer at the moment.</p>\n</body>\n</html>\n"
        )
    }
}

/// What fault rules match against.
pub(crate) fn subject(context: &RequestContext) -> IncomingRequest<'_> {
    let caller = context.user();
    let operation = context.operation.as_deref();
    let agent = operation.and_then(|operation| match operation.access {
        Access::Admins | Access::Staff | Access::Users | Access::Anyone => {
            operation.agent_in(context.uri.path())
        }
        Access::Agents => caller.map(|user| user.id.as_agent()),
    });
    IncomingRequest {
        operation: operation.map(|operation| operation.id),
        method: context.method.as_str(),
        path: context.uri.path(),
        agent,
        caller: caller.map(|user| (user.id, user.email.as_str())),
        has_cursor: cursor_pages::cursor_in(context.uri.query().unwrap_or_default()).is_some(),
        headers: &context.headers,
        body: Some(context.body())
            .filter(|(_, is_complete)| *is_complete)
            .map(|(body, _)| body),
    }
}
