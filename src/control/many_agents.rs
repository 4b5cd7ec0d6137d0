//! Many agents in one call: one on each line of the body. All of them are created, or none.
//!
//! Lines are checked as they arrive and kept as text. Agents are made from them at the end, if no
//! line has a problem.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use jiff::Timestamp;

use super::account_path::AccountPath;
use super::agents::STATUS;
use super::error::ControlError;
use super::references::References;
use super::{blocking, refusal};
use crate::account::Account;
use crate::document::reader;
use crate::document::unique::Unique;
use crate::document::{SeedProblem, SeedProblems, syntax};
use crate::incoming::{Arriving, Unreadable};
use crate::seed::{Identity, SeededAgent, read_agent};
use crate::world::WriteError;

/// The content type of lines of JSON.
pub(super) const TYPE: &str = "application/x-ndjson";
/// The largest body.
const MAX_BYTES: usize = 256 * 1024 * 1024;
/// The longest line.
const MAX_LINE: usize = 1024 * 1024;
/// How long a body may take to arrive and to be read, in real time.
const ARRIVAL: Duration = Duration::from_mins(5);
/// How many bytes are read in one go on a blocking thread.
const PORTION: usize = 64 * 1024;

/// Creates the agents of the body, and returns their number.
pub(super) async fn create(mut path: AccountPath, request: Request) -> Result<usize, ControlError> {
    let account = Arc::clone(&path.account);
    let reading = tokio::time::timeout(ARRIVAL, receive(account, request));
    let lines = reading.await.map_err(|_| Unreadable::Late)??;
    path.find_again()?;
    let stamp = path.run_due().await;
    blocking::spawn(move || write(&path.account, &lines.text, stamp.time)).await
}

async fn receive(account: Arc<Account>, request: Request) -> Result<Lines, ControlError> {
    let (head, body) = request.into_parts();
    let mut body = Arriving::new(&head.headers, body, MAX_BYTES)?;
    let mut lines = Lines::new(account);
    while let Some(piece) = body.next().await? {
        lines.text.extend_from_slice(&piece);
        if lines.text.len() - lines.read > PORTION {
            lines = lines.read_beside(false).await;
        }
    }
    let mut lines = lines.read_beside(true).await;
    std::mem::take(&mut lines.problems)
        .or(lines)
        .map_err(ControlError::Problems)
}

/// Reads the agent of a line.
fn read(
    line: &[u8],
    id: Identity<'_>,
    references: &References,
) -> Result<SeededAgent, SeedProblems> {
    let text = std::str::from_utf8(line).map_err(|_| "not JSON: not UTF-8".to_owned());
    let document = text
        .and_then(syntax::parse_json)
        .map_err(|message| in_the_line(within_the_line(message)))?;
    reader::read(document.value(), |node| {
        read_agent(node, id, &references.known())
    })
}

/// The lines that have arrived so far.
struct Lines {
    account: Arc<Account>,
    references: References,
    text: Vec<u8>,
    /// How much of the text has been read.
    read: usize,
    /// The number of the last line that has been read.
    number: usize,
    /// The line that arrives is too long, which has been reported.
    is_too_long: bool,
    ids: Unique<u64>,
    problems: SeedProblems,
}

impl Lines {
    fn new(account: Arc<Account>) -> Self {
        Self {
            references: References::of(&account),
            account,
            text: Vec::new(),
            read: 0,
            number: 0,
            is_too_long: false,
            ids: Unique::new("agent"),
            problems: SeedProblems::default(),
        }
    }

    async fn read_beside(mut self, is_end: bool) -> Self {
        blocking::spawn(move || {
            self.read_on(is_end);
            self
        })
        .await
    }

    /// Reads the complete lines, and at the end of the body the last one.
    fn read_on(&mut self, is_end: bool) {
        let text = std::mem::take(&mut self.text);
        while let Some(length) = text[self.read..].iter().position(|byte| *byte == b'\n') {
            self.read_line(&text[self.read..self.read + length]);
            self.read += length + 1;
        }
        if is_end {
            self.read_line(&text[self.read..]);
            self.read = text.len();
        } else if text.len() - self.read > MAX_LINE && !self.is_too_long {
            self.note(self.number + 1, too_long());
            self.is_too_long = true;
        }
        self.text = text;
        if self.is_too_long {
            // Of this line only its end matters.
            self.text.truncate(self.read);
        }
        if self.problems.count() > 0 {
            // The agents will not be created, so the text is not needed.
            self.text.drain(..self.read);
            self.read = 0;
        }
    }

    fn read_line(&mut self, line: &[u8]) {
        self.number += 1;
        if std::mem::take(&mut self.is_too_long) || line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        if line.len() > MAX_LINE {
            return self.note(self.number, too_long());
        }
        let world = &self.account.world;
        match read(line, Identity::Unique(&mut self.ids), &self.references) {
            Ok(agent) if world.record(agent.id()).is_none() => {}
            Ok(agent) => self.note(
                self.number,
                problem(&WriteError::DuplicateAgent(agent.id())).into(),
            ),
            Err(problems) => self.note(self.number, problems),
        }
    }

    fn note(&mut self, number: usize, problems: SeedProblems) {
        self.problems
            .extend(problems.below(&format!("line {number}")));
    }
}

fn in_the_line(message: String) -> SeedProblems {
    SeedProblem {
        path: String::new(),
        message,
    }
    .into()
}

fn too_long() -> SeedProblems {
    in_the_line(format!("it is longer than {MAX_LINE} bytes"))
}

/// The parser counts each line as line 1. The real number stands before the message.
fn within_the_line(message: String) -> String {
    match message.rsplit_once(" at line 1 column ") {
        Some((what, column)) => format!("{what} at column {column}"),
        None => message,
    }
}

/// Creates the agents of lines that had no problems when they arrived.
fn write(account: &Account, text: &[u8], now: Timestamp) -> Result<usize, ControlError> {
    let (references, mut problems) = (References::of(account), SeedProblems::default());
    let (mut agents, mut numbers) = (Vec::new(), Vec::new());
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let mut note =
            |noted: SeedProblems| problems.extend(noted.below(&format!("line {}", index + 1)));
        match read(line, Identity::Open, &references) {
            Ok(seeded) => match seeded.onto(None, &references.statuses, now) {
                Some(agent) => {
                    agents.push(agent);
                    numbers.push(index + 1);
                }
                None => note(problem(&WriteError::UnknownStatus(seeded.status())).into()),
            },
            // A group, skill or status was deleted while the lines arrived.
            Err(problems) => note(problems),
        }
    }
    problems.or(()).map_err(ControlError::Problems)?;
    account
        .write_at_length(agents.len(), |world| world.add_agents(agents))
        .map_err(|refused| {
            let mut problems = SeedProblems::default();
            for (index, error) in refused {
                let number = numbers.get(index).copied().unwrap_or_default();
                problems
                    .extend(SeedProblems::from(problem(&error)).below(&format!("line {number}")));
            }
            ControlError::Problems(problems)
        })
}

fn problem(error: &WriteError) -> SeedProblem {
    let path = match error {
        WriteError::DuplicateAgent(_) => "id",
        WriteError::UnknownStatus(_) => STATUS,
        _ => refusal::reference(error).unwrap_or_default(),
    };
    SeedProblem {
        path: path.to_owned(),
        message: error.to_string(),
    }
}
