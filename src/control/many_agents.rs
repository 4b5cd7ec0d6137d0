//! Many agents in one call: one on each line of a body that is read as it comes, all of them or none.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use jiff::Timestamp;

use super::agents::STATUS;
use super::error::ControlError;
use super::place::Place;
use super::{body, heavy, refusal};
use crate::account::Account;
use crate::incoming::{Arriving, Unreadable};
use crate::seed::reader::{self, Unique};
use crate::seed::{Identity, Known, SeedProblem, SeededAgent, read_agent};
use crate::world::WriteError;

/// The content type of lines of JSON.
pub(super) const TYPE: &str = "application/x-ndjson";
/// The largest body.
const MAX_BYTES: usize = 256 * 1024 * 1024;
/// How long a body may take to arrive and to be read. This is about the socket, so it is real time.
const ARRIVAL: Duration = Duration::from_mins(5);
/// How many problems are named.
const NAMED: usize = 100;
/// After so many lines, others have their turn: about as often as a millisecond passes.
const LINES_IN_A_ROW: usize = 64;

/// Creates the agents of the body, and says how many.
pub(super) async fn create(mut place: Place, request: Request) -> Result<usize, ControlError> {
    let account = Arc::clone(&place.account);
    let reading = tokio::time::timeout(ARRIVAL, read(&account, request));
    let agents = reading.await.map_err(|_| Unreadable::Late)??;
    place.find_again()?;
    let now = place.settled().await;
    heavy::run(heavy::are_many(agents.len()), move || write(&place.account, &agents, now)).await
}

/// An agent and the number of its line.
type Numbered = (usize, SeededAgent);

async fn read(account: &Account, request: Request) -> Result<Vec<Numbered>, ControlError> {
    let (head, body) = request.into_parts();
    let mut body = Arriving::new(&head.headers, body, MAX_BYTES)?;
    let (directory, statuses) = (account.world.directory(), account.world.catalog());
    let known = Known::of_world(&directory, &statuses);
    let mut lines =
        Lines { known, number: 0, ids: Unique::new("agent"), agents: Vec::new(), problems: Problems::default() };
    // A line may be spread over any number of pieces.
    let mut begun = Vec::new();
    while let Some(piece) = body.next().await? {
        let mut rest = &piece[..];
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            if begun.is_empty() {
                lines.read(&rest[..end]);
            } else {
                begun.extend_from_slice(&rest[..end]);
                lines.read(&begun);
                begun.clear();
            }
            rest = &rest[end + 1..];
            if lines.number.is_multiple_of(LINES_IN_A_ROW) {
                tokio::task::yield_now().await;
            }
        }
        begun.extend_from_slice(rest);
    }
    lines.read(&begun);
    lines.problems.none().map(|()| lines.agents)
}

/// The lines that were read so far.
struct Lines<'a> {
    known: Known<'a>,
    number: usize,
    ids: Unique<u64>,
    agents: Vec<Numbered>,
    problems: Problems,
}

impl Lines<'_> {
    fn read(&mut self, line: &[u8]) {
        self.number += 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let value = match body::value(line) {
            Ok(value) => value,
            Err(message) => {
                let message = within_the_line(message);
                return self.problems.add(self.number, SeedProblem { path: String::new(), message });
            }
        };
        match reader::read(&value, |node| read_agent(node, Identity::Unique(&mut self.ids), &self.known)) {
            // Once something is wrong, nothing will be created.
            Ok(agent) if self.problems.count == 0 => self.agents.push((self.number, agent)),
            Ok(_) => {}
            Err(problems) => problems.into_iter().for_each(|problem| self.problems.add(self.number, problem)),
        }
    }
}

/// For the parser, each line is the first one. Which it is stands before the message.
fn within_the_line(message: String) -> String {
    match message.rsplit_once(" at line 1 column ") {
        Some((what, column)) => format!("{what} at column {column}"),
        None => message,
    }
}

/// The first problems, and how many there are.
#[derive(Default)]
struct Problems {
    named: Vec<SeedProblem>,
    count: usize,
}

impl Problems {
    fn add(&mut self, line: usize, SeedProblem { path, message }: SeedProblem) {
        self.count += 1;
        if self.named.len() < NAMED {
            let path = if path.is_empty() { format!("line {line}") } else { format!("line {line}: {path}") };
            self.named.push(SeedProblem { path, message });
        }
    }

    fn none(self) -> Result<(), ControlError> {
        if self.count == 0 { Ok(()) } else { Err(ControlError::ManyProblems(self.named, self.count)) }
    }
}

fn write(account: &Account, seeded: &[Numbered], now: Timestamp) -> Result<usize, ControlError> {
    let (statuses, mut problems) = (account.world.catalog(), Problems::default());
    let mut agents = Vec::with_capacity(seeded.len());
    for (line, agent) in seeded {
        match agent.onto(None, &statuses, now) {
            Some(agent) => agents.push(agent),
            // It was deleted while the lines came.
            None => problems.add(*line, problem(&WriteError::UnknownStatus(agent.status()))),
        }
    }
    problems.none()?;
    account.world.add_agents(agents).map_err(|refused| {
        let mut problems = Problems::default();
        for (index, error) in refused {
            problems.add(seeded.get(index).map_or(0, |(line, _)| *line), problem(&error));
        }
        ControlError::ManyProblems(problems.named, problems.count)
    })
}

fn problem(error: &WriteError) -> SeedProblem {
    let path = match error {
        WriteError::DuplicateAgent(_) => "id",
        WriteError::UnknownStatus(_) => STATUS,
        _ => refusal::reference(error).unwrap_or_default(),
    };
    SeedProblem { path: path.to_owned(), message: error.to_string() }
}
