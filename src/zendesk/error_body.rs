//! The bodies of errors, each in the form that Zendesk's API gives it.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::error::{ApiError, InvalidField, Problem, Reason, Source};
use super::request::credentials::CredentialKind;
use super::response;
use crate::account::TooManyJobs;
use crate::config::{ErrorsForm, RateLimitBody, Settings};

const INVALID_TOKEN: &str =
    "The access token provided is expired, revoked, malformed or invalid for other reasons.";

const RATE_LIMITED: &str = "Number of allowed API requests per minute exceeded";

/// An error as a response with status, content type and body.
pub(super) fn response(error: &ApiError, form: ErrorsForm, settings: &Settings) -> Response {
    let status = error.status();
    let classic = |error: &str, description: &str| classic(status, error, description);
    match error {
        // Clients renew their token only when the body says `invalid_token`.
        ApiError::Unauthenticated(failure) => match failure.kind() {
            CredentialKind::OauthToken => response::json(
                status,
                &InvalidToken {
                    error: "invalid_token",
                    error_description: INVALID_TOKEN,
                },
            ),
            CredentialKind::ApiToken | CredentialKind::Password | CredentialKind::Other => {
                response::json(
                    status,
                    &Plain {
                        error: "Couldn't authenticate you",
                    },
                )
            }
        },
        ApiError::WrongRole(_) => titled(
            status,
            "Forbidden",
            "You do not have access to this page. Please contact the account owner of this help \
             desk for further help.",
        ),
        ApiError::NoHelpDesk { address, .. } => titled(
            status,
            &format!("No help desk at {address}"),
            "There is no help desk configured at this address. This means that the address is \
             available and that you can claim it at http://www.zendesk.com/signup",
        ),
        ApiError::MissingScope { scope, or } => {
            let narrower = or.map(|or| format!("{or}, ")).unwrap_or_default();
            classic(
                "Forbidden",
                &format!("You are missing the following required scopes: {narrower}{scope}"),
            )
        }
        ApiError::RateLimited { .. } => match settings.rate_limit_body {
            RateLimitBody::Text => response::with_type(status, response::HTML, RATE_LIMITED.into()),
            RateLimitBody::Json => classic("APIRateLimitExceeded", RATE_LIMITED),
        },
        ApiError::TooManyJobs(TooManyJobs { current }) => response::json(
            status,
            &JobLimit {
                error: "TooManyJobs",
                description: "Too many jobs are currently queued or running. Try again later.",
                current_job_ids: current,
            },
        ),
        ApiError::InvalidEndpoint => classic("InvalidEndpoint", "Not found"),
        ApiError::MethodNotAllowed => classic("MethodNotAllowed", "Method not allowed"),
        ApiError::RequestTimeout => {
            classic("RequestTimeout", "The request body did not arrive in time")
        }
        ApiError::PayloadTooLarge => {
            classic("PayloadTooLarge", "The request body is larger than 1 MiB")
        }
        ApiError::UnsupportedMediaType => classic(
            "UnsupportedMediaType",
            "The content type must be application/json or application/vnd.api+json",
        ),
        ApiError::Starting => classic("ServiceUnavailable", "The account is still being set up"),
        ApiError::Internal => classic(
            "InternalServerError",
            "A bug of the emulator; its log says more",
        ),
        ApiError::Problems(problems) => problem_list(status, problems, form),
        ApiError::InvalidRecord(fields) => response::json(
            status,
            &InvalidRecord {
                error: "RecordInvalid",
                description: "Record validation errors",
                details: details(fields),
            },
        ),
        ApiError::NoRecord => classic("RecordNotFound", "Not found"),
        ApiError::TooManyValues(parameter) => classic(
            "TooManyValues",
            &format!("Parameter {parameter} cannot specify more than 100 values"),
        ),
        ApiError::InvalidPaginationDepth => pagination_depth(status),
        ApiError::InvalidAttribute { name, action } => titled(
            status,
            "Invalid attribute",
            &format!(
                "You passed an invalid value for the {name} attribute. Invalid parameter: {name} \
                 must be an integer from {action}"
            ),
        ),
        ApiError::TooManyResults => classic(
            "invalid",
            "Invalid search: Requested response size was greater than Search Response Limits",
        ),
        ApiError::Oauth(error) => response::json(status, &error.body()),
        ApiError::Injected(injected) => injected.body(form, settings),
    }
}

/// The older form of errors.
pub(super) fn classic(status: StatusCode, error: &str, description: &str) -> Response {
    response::json(status, &Classic { error, description })
}

fn titled(status: StatusCode, title: &str, message: &str) -> Response {
    let error = Titled { title, message };
    response::json(status, &Plain { error })
}

/// What is wrong with each field.
fn details(fields: &[InvalidField]) -> Map<String, Value> {
    let details = fields.iter().map(|InvalidField { name, reason }| {
        let (error, text) = match reason {
            Reason::Blank => ("BlankValue", "cannot be blank"),
            Reason::Duplicate => ("DuplicateValue", "has already been taken"),
            Reason::Invalid => ("InvalidValue", "is invalid"),
        };
        let (first, rest) = name.split_at(1);
        let label = first.to_ascii_uppercase() + &rest.replace('_', " ");
        let description = format!("{label}: {text}");
        let detail = json!([{ "description": description, "error": error }]);
        ((*name).to_owned(), detail)
    });
    details.collect()
}

fn pagination_depth(status: StatusCode) -> Response {
    let title = "Pagination requests using Offset Pagination are limited to page 100 or up to 10000 \
                 records (page * per_page)";
    let error = DepthError {
        code: "InvalidPaginationDepth",
        title,
        detail: "Use Cursor Pagination to go beyond this limit",
    };
    let errors = [error];
    response::json(status, &DepthErrors { errors })
}

fn problem_list(status: StatusCode, problems: &[Problem], form: ErrorsForm) -> Response {
    if let (ErrorsForm::Classic, Some(first)) = (form, problems.first()) {
        let details: Vec<_> = problems.iter().map(|problem| &*problem.detail).collect();
        return classic(status, first.code.as_str(), &details.join(" "));
    }
    let errors = problems.iter().map(|problem| {
        let (status, code, title) = problem.code.facts();
        ErrorObject {
            status: status.as_str().to_owned(),
            code,
            title,
            detail: &problem.detail,
            source: problem.source.as_ref(),
        }
    });
    let errors = errors.collect();
    response::json(status, &ErrorList { errors })
}

#[derive(Serialize)]
struct Plain<T> {
    error: T,
}

#[derive(Serialize)]
struct InvalidToken {
    error: &'static str,
    error_description: &'static str,
}

#[derive(Serialize)]
struct Titled<'a> {
    title: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct Classic<'a> {
    error: &'a str,
    description: &'a str,
}

#[derive(Serialize)]
struct InvalidRecord {
    error: &'static str,
    description: &'static str,
    details: Map<String, Value>,
}

#[derive(Serialize)]
struct JobLimit<'a> {
    error: &'a str,
    description: &'a str,
    current_job_ids: &'a [String],
}

#[derive(Serialize)]
struct ErrorList<'a> {
    errors: Vec<ErrorObject<'a>>,
}

#[derive(Serialize)]
struct DepthErrors {
    errors: [DepthError; 1],
}

#[derive(Serialize)]
struct DepthError {
    code: &'static str,
    title: &'static str,
    detail: &'static str,
}

#[derive(Serialize)]
struct ErrorObject<'a> {
    status: String,
    code: &'static str,
    title: &'static str,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a Source>,
}
