//! Row 8: whether memory stays the same while requests are answered and accounts are created and
//! deleted.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::Outcome;
use crate::emulator::{self, AGENTS, FILTERS, UPDATES, authorization, page};
use crate::exchange::split;
use crate::options::Options;
use crate::process::Server;
use crate::report::{Line, Report, Requirement, Unit};

/// How often memory is read. The first reading is the baseline, because by then what grows at
/// first, such as a journal, has filled up.
const PARTS: usize = 10;
/// The number of requests that are sent at once.
const AT_ONCE: usize = 50;
/// Agents of the demo.
const DEMO: [u64; 4] = [10_011, 10_012, 10_013, 10_014];

/// Row 8.
pub(crate) fn memory(options: &Options, report: &mut Report) -> Outcome<()> {
    let server = emulator::start(0, None, "error")?;
    let mut connection = Connection::open(server.port)?;
    let requests = options.repeats(1_000_000, 100_000);
    let grown = growth(&server, || {
        (0..requests / PARTS / AT_ONCE).try_for_each(|batch| connection.calls(batch))
    })?;
    report.line(line(
        &format!("resident memory over {requests} requests"),
        grown,
    ));
    let accounts = options.repeats(10_000, 1_000);
    let grown = growth(&server, || {
        (0..accounts / PARTS).try_for_each(|_| connection.account())
    })?;
    report.line(line(
        &format!("resident memory over {accounts} accounts, made, called and deleted"),
        grown,
    ));
    let total = Line {
        row: "8",
        what: "resident memory after that".to_owned(),
        unit: Unit::Megabytes,
        required: None,
        samples: vec![server.resident()? as f64 / 1e6],
    };
    report.line(total);
    Ok(())
}

fn line(what: &str, samples: Vec<f64>) -> Line {
    let what = format!("{what}, times that after a tenth");
    Line {
        row: "8",
        what,
        unit: Unit::Ratio,
        required: Some(Requirement::AtMost(1.1)),
        samples,
    }
}

/// The memory after each part but the first, as a multiple of the memory after the first.
fn growth(server: &Server, mut part: impl FnMut() -> Outcome<()>) -> Outcome<Vec<f64>> {
    let mut sizes = Vec::new();
    for _ in 0..PARTS {
        part()?;
        sizes.push(server.resident()? as f64);
    }
    Ok(sizes.iter().skip(1).map(|size| size / sizes[0]).collect())
}

/// A connection that stays open.
struct Connection {
    stream: TcpStream,
    /// Bytes that have arrived and belong to the next answer.
    rest: Vec<u8>,
    authorization: String,
}

impl Connection {
    fn open(port: u16) -> Outcome<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            rest: Vec::new(),
            authorization: authorization(),
        })
    }

    /// A batch of requests of every kind, pipelined.
    fn calls(&mut self, batch: usize) -> Outcome<()> {
        let requests = (0..AT_ONCE).map(|index| {
            let (number, agent) = (batch * AT_ONCE + index, DEMO[index % DEMO.len()]);
            match index % 5 {
                0 => self.request("GET", &page(FILTERS[number % FILTERS.len()]), ""),
                1 => self.request(
                    "PUT",
                    &format!("{UPDATES}/{agent}"),
                    &format!("{{\"id\":{}}}", 2 + number % 4),
                ),
                // No two are the same, so that anything kept by name would show.
                2 => self.request("GET", &format!("{AGENTS}/{number}?unknown[{number}]=1"), ""),
                3 => self.request("GET", &format!("/no/such/{number}"), ""),
                _ => self.request("GET", &format!("{AGENTS}/{agent}"), ""),
            }
        });
        let requests = requests.collect::<String>();
        self.stream.write_all(requests.as_bytes())?;
        (0..AT_ONCE).try_for_each(|_| self.answer().map(drop))
    }

    /// The life of one account.
    fn account(&mut self) -> Outcome<()> {
        let made = self.exchange("POST", "/_emulator/accounts", "{}", 201)?;
        let body = split(&made).map(|(_, body)| body).unwrap_or_default();
        let body: serde_json::Value = serde_json::from_slice(body)?;
        let name = body["subdomain"]
            .as_str()
            .ok_or("an account without a name")?;
        self.exchange("GET", &format!("/_account/{name}{AGENTS}"), "", 200)?;
        self.exchange(
            "PUT",
            &format!("/_account/{name}{UPDATES}/10011"),
            "{\"id\":4}",
            200,
        )?;
        self.exchange("DELETE", &format!("/_emulator/accounts/{name}"), "", 204)?;
        Ok(())
    }

    fn exchange(
        &mut self,
        method: &str,
        path: &str,
        body: &str,
        expected: u16,
    ) -> Outcome<Vec<u8>> {
        let request = self.request(method, path, body);
        self.stream.write_all(request.as_bytes())?;
        let answer = self.answer()?;
        let wanted = format!("HTTP/1.1 {expected} ");
        if !answer.starts_with(wanted.as_bytes()) {
            return Err(format!("{method} {path}: {}", String::from_utf8_lossy(&answer)).into());
        }
        Ok(answer)
    }

    fn request(&self, method: &str, path: &str, body: &str) -> String {
        let kind = if body.is_empty() {
            ""
        } else {
            "Content-Type: application/json\r\n"
        };
        format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {}\r\n{kind}Content-Length: {}\r\n\r\n{body}",
            self.authorization,
            body.len()
        )
    }

    /// The next complete answer.
    fn answer(&mut self) -> Outcome<Vec<u8>> {
        let mut buffer = vec![0; 1 << 16];
        loop {
            if let Some(length) = whole(&self.rest)? {
                let rest = self.rest.split_off(length);
                return Ok(std::mem::replace(&mut self.rest, rest));
            }
            match self.stream.read(&mut buffer)? {
                0 => return Err("the connection ends early".into()),
                read => self
                    .rest
                    .extend_from_slice(buffer.get(..read).unwrap_or_default()),
            }
        }
    }
}

/// The length of the first answer, if all of it has arrived.
fn whole(bytes: &[u8]) -> Outcome<Option<usize>> {
    let Some((head, body)) = split(bytes) else {
        return Ok(None);
    };
    if head.starts_with("HTTP/1.1 5") {
        return Err(format!("the server is at fault: {head}").into());
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap_or("0");
    let length: usize = length.parse()?;
    Ok((body.len() >= length).then_some(head.len() + 4 + length))
}
