//! The client under test in the suite. It is as simple as possible: one connection for each
//! request.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// The answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub(crate) fn at(&self, pointer: &str) -> Value {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body.pointer(pointer).cloned().unwrap_or_default()
    }
}

/// A call of the demo's admin in the account at this address; `None` if no complete answer came.
pub(crate) fn call(url: &str, method: &str, path: &str, body: &str) -> Option<Answer> {
    let (authority, prefix) = url.strip_prefix("http://")?.split_once('/')?;
    let mut connection = TcpStream::connect(authority).expect("a connection");
    connection
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("a time-out");
    let kind = if body.is_empty() {
        ""
    } else {
        "Content-Type: application/json\r\n"
    };
    let length = body.len();
    let request = format!(
        "{method} /{prefix}/api/v2/agent_availabilities{path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\
         Authorization: Bearer demo-oauth-admin\r\n{kind}Content-Length: {length}\r\n\r\n{body}"
    );
    connection
        .write_all(request.as_bytes())
        .expect("the server takes it");
    let mut bytes = Vec::new();
    // If the connection is reset, what came before counts.
    let _ = connection.read_to_end(&mut bytes);
    let text = String::from_utf8(bytes).expect("UTF-8");
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let answer = Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    };
    let announced: usize = answer
        .header("content-length")
        .unwrap_or("0")
        .parse()
        .ok()?;
    (answer.body.len() == announced).then_some(answer)
}
