//! A stream of server-sent events.

use std::time::Duration;

use axum::body::Body;
use axum::http::Response;
use http_body_util::BodyExt;
use tokio::runtime::Runtime;

use super::{Answer, Ask, contract};

/// The time limit for what should come at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// A stream. Its head has been checked against the contract.
#[derive(Debug)]
pub struct Stream<'a> {
    runtime: &'a Runtime,
    body: Body,
    text: String,
}

impl<'a> Stream<'a> {
    pub(super) fn open(runtime: &'a Runtime, ask: &Ask, response: Response<Body>) -> Self {
        let (head, body) = response.into_parts();
        let answer = Answer {
            status: head.status,
            headers: head.headers,
            body: Vec::new(),
            is_cut_off: false,
        };
        contract::check(ask, &answer);
        Self {
            runtime,
            body,
            text: String::new(),
        }
    }

    /// Whether nothing comes for this long.
    pub fn is_silent_for(&mut self, time: Duration) -> bool {
        assert_eq!(self.text, "", "a message has come already");
        let frame = self
            .runtime
            .block_on(async { tokio::time::timeout(time, self.body.frame()).await });
        frame.is_err()
    }

    /// The next message, without the line that ends it; `None` at the end of the stream.
    pub fn next(&mut self) -> Option<String> {
        loop {
            if let Some((message, rest)) = self.text.split_once("\n\n") {
                let message = message.to_owned();
                self.text = rest.to_owned();
                return Some(message);
            }
            let frame = self
                .runtime
                .block_on(async { tokio::time::timeout(PATIENCE, self.body.frame()).await });
            let Some(frame) = frame.expect("something comes") else {
                assert_eq!(self.text, "", "a message is not whole");
                return None;
            };
            let bytes = frame.expect("a frame").into_data().expect("data");
            self.text
                .push_str(std::str::from_utf8(&bytes).expect("UTF-8"));
        }
    }
}
