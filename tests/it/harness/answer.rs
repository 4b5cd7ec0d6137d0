//! An answer with its whole body.

use std::fmt;

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;

use super::{elements, shortened};

/// An answer.
#[derive(Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Whether the body failed before its end.
    pub is_cut_off: bool,
}

impl Answer {
    pub(super) async fn receive(response: Response<Body>) -> Self {
        let (parts, mut incoming) = response.into_parts();
        let (mut body, mut is_cut_off) = (Vec::new(), false);
        while let Some(frame) = incoming.frame().await {
            match frame {
                Ok(frame) => body.extend(frame.into_data().expect("there are no trailers")),
                Err(_) => is_cut_off = true,
            }
        }
        Self {
            status: parts.status,
            headers: parts.headers,
            body,
            is_cut_off,
        }
    }

    /// A header that occurs at most once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values
            .next()
            .map(|value| value.to_str().expect("visible ASCII"));
        assert!(values.next().is_none(), "the header {name} is there twice");
        value
    }

    /// The hint; empty without one.
    pub fn hint(&self) -> &str {
        self.header("x-emulator-hint").unwrap_or_default()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The value in the body at a JSON pointer; null if there is none.
    pub fn at(&self, pointer: &str) -> Value {
        self.json().pointer(pointer).cloned().unwrap_or_default()
    }

    /// The status of a refusal and what went wrong, as in `404 RecordNotFound`: the member `error`
    /// or its title, or the codes of a JSON:API error list.
    pub fn refusal(&self) -> String {
        let error = self.at("/error");
        let name = error.as_str().or(error["title"].as_str());
        let name = name.map_or_else(|| self.codes().join(" "), str::to_owned);
        format!("{} {name}", self.status.as_u16())
    }

    /// The place and the text of every problem of a refused control call.
    pub fn problems(&self) -> Vec<(String, String)> {
        assert_eq!(self.refusal(), "422 InvalidRequest", "{}", self.text());
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        elements(&self.at("/problems"))
            .iter()
            .map(|problem| (text(&problem["path"]), text(&problem["message"])))
            .collect()
    }

    /// The place of every problem of a refused control call.
    pub fn places(&self) -> Vec<String> {
        self.problems()
            .into_iter()
            .map(|(place, _)| place)
            .collect()
    }

    /// The codes of a JSON:API error list.
    pub fn codes(&self) -> Vec<String> {
        self.errors("code")
    }

    /// One member of every error of a JSON:API error list.
    pub fn errors(&self, member: &str) -> Vec<String> {
        elements(&self.at("/errors"))
            .iter()
            .map(|error| error[member].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} with {:?} and {}",
            self.status,
            self.headers,
            shortened(&self.body)
        )
    }
}
