//! One plain HTTP/1.1 exchange, byte by byte. The references repeat it.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::Outcome;

/// A request that a row makes.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// `GET`, `PUT` or `POST`.
    pub(crate) method: &'static str,
    /// The path and the query.
    pub(crate) path: String,
    /// The body, without spaces; empty for none.
    pub(crate) body: String,
}

impl Call {
    /// A request without a body.
    pub(crate) fn get(path: String) -> Self {
        Self {
            method: "GET",
            path,
            body: String::new(),
        }
    }

    /// Makes the call with this `Authorization` and returns the whole answer, which must be a 200
    /// with a `Content-Length`.
    pub(crate) fn answer(&self, port: u16, authorization: &str) -> Outcome<Vec<u8>> {
        let Self { method, path, body } = self;
        let mut connection = TcpStream::connect(("127.0.0.1", port))?;
        connection.set_read_timeout(Some(Duration::from_secs(20)))?;
        let length = body.len();
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {authorization}\r\n"
        );
        if !body.is_empty() {
            write!(
                request,
                "Content-Type: application/json\r\nContent-Length: {length}\r\n"
            )?;
        }
        write!(request, "\r\n{body}")?;
        // In a single write, as the generator does.
        connection.write_all(request.as_bytes())?;
        let (mut answer, mut buffer) = (Vec::new(), vec![0; 1 << 16]);
        loop {
            match connection.read(&mut buffer)? {
                0 => return Err(format!("{method} {path}: the answer ends early").into()),
                read => answer.extend_from_slice(buffer.get(..read).unwrap_or_default()),
            }
            if is_whole(&answer)? {
                return Ok(answer);
            }
        }
    }
}

fn is_whole(answer: &[u8]) -> Outcome<bool> {
    let Some((head, body)) = split(answer) else {
        return Ok(false);
    };
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    if !status.starts_with("HTTP/1.1 200 ") {
        return Err(format!("not a 200: {status}: {}", String::from_utf8_lossy(body)).into());
    }
    let length = lines
        .find_map(|line| line.strip_prefix("content-length: "))
        .ok_or("an answer without a length")?;
    Ok(body.len() >= length.parse()?)
}

/// The head and the body of an answer, once the head is complete.
pub(crate) fn split(answer: &[u8]) -> Option<(&str, &[u8])> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, rest) = answer.split_at(end);
    Some((std::str::from_utf8(head).ok()?, rest.get(4..)?))
}
