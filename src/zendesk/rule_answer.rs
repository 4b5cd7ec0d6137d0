//! The answers of rules: those that stand in for a call, and changes of what a call answers.

use axum::body::{Body, Bytes, to_bytes};
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use serde_json::{Value, json};

use super::error;
use super::request::body;
use super::request::context::RequestContext;
use super::response::{self, cursor_pages};
use crate::account::{ACCESS_TOKEN, AnswerContent, RuleAnswer, page_with, patched};
use crate::incoming::Unreadable;
use crate::zendesk::error::ApiError;

const NOT_A_PAGE: &str = "the answer is not a page by cursor, so it is left as it is";

/// The answer in place of a call. `hit` says how many calls the rule has hit, with this one.
///
/// The body of the request is received for the journal, whatever its length. An echo needs all of
/// it.
pub(crate) async fn in_place(
    context: &RequestContext,
    answer: &RuleAnswer,
    hit: u64,
    body: Body,
) -> Result<Response, ApiError> {
    let RuleAnswer {
        status, content, ..
    } = answer;
    let sent = body::receive(context, body).await;
    let (method, path) = (context.method.as_str(), context.uri.path());
    let mut response = match (content, content.echo_patch(method, path, hit)) {
        (_, Some(changes)) => {
            response::written(echo(context, sent, |sent| patched(sent, &changes))?)
        }
        (AnswerContent::Json(json), _) => response::written(json.text().to_owned()),
        (AnswerContent::Text(text), _) => {
            response::with_type(StatusCode::OK, response::PLAIN, text.clone().into())
        }
        _ => Response::new(Body::empty()),
    };
    *response.status_mut() = status.unwrap_or_else(|| content.usual_status(method));
    Ok(response)
}

/// The body of the request with a patch over it. A body that cannot be read as a JSON object, such as
/// one that has a key twice, counts as an empty one.
fn echo(
    context: &RequestContext,
    sent: Result<&Bytes, Unreadable>,
    patched: impl Fn(&str) -> Option<String>,
) -> Result<String, ApiError> {
    let echoed = std::str::from_utf8(sent?).ok().and_then(&patched);
    Ok(echoed.unwrap_or_else(|| {
        context
            .hints
            .add("the body of the request cannot be read as a JSON object, so the answer echoes an empty one");
        patched("{}").unwrap_or_default()
    }))
}

/// Changes what a call answers.
pub(crate) async fn changed(
    context: &RequestContext,
    answer: &RuleAnswer,
    response: Response,
) -> Response {
    // An error has no body before it is written out.
    let response = error::write_out(
        response,
        || context.errors_form(),
        context.settings(),
        &context.hints,
    );
    let (mut head, body) = response.into_parts();
    // The body is in memory, so reading it cannot fail.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    let changed = match &answer.content {
        AnswerContent::Patch(patch) => patched(text, patch)
            .ok_or("the body of the answer is not a JSON object, so the patch left it as it is"),
        AnswerContent::StuckCursor => page_with(text, &stuck(context)).ok_or(NOT_A_PAGE),
        _ => page_with(text, &missing()).ok_or(NOT_A_PAGE),
    };
    let body = match changed {
        Ok(text) => {
            head.headers.remove(CONTENT_LENGTH);
            Body::from(text)
        }
        Err(hint) => {
            context.hints.add(hint);
            Body::from(bytes)
        }
    };
    head.status = answer.status.unwrap_or(head.status);
    Response::from_parts(head, body)
}

/// A page whose next page is itself. Nothing in the request for the first page is a cursor, so that
/// page keeps its `after_cursor`.
fn stuck(context: &RequestContext) -> Value {
    let query = context.uri.query().unwrap_or_default();
    let pairs = || form_urlencoded::parse(query.as_bytes());
    let cursor = pairs()
        .filter(|(name, _)| name == cursor_pages::AFTER)
        .last();
    let kept = pairs().filter(|(name, _)| name != ACCESS_TOKEN);
    let kept = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .finish();
    let mark = if kept.is_empty() { "" } else { "?" };
    let base_url = context.base_url().unwrap_or_default();
    let own_url = [base_url, context.uri.path(), mark, &kept].concat();
    let mut meta = json!({ "has_more": true });
    if let (Some((_, cursor)), Some(meta)) = (
        cursor.filter(|(_, cursor)| !cursor.is_empty()),
        meta.as_object_mut(),
    ) {
        meta.insert("after_cursor".to_owned(), cursor.into());
    }
    json!({ "meta": meta, "links": { "next": own_url } })
}

/// A page with more after it, which does not say where.
fn missing() -> Value {
    json!({
        "meta": { "has_more": true, "after_cursor": null, "before_cursor": null },
        "links": { "prev": null, "next": null },
    })
}
