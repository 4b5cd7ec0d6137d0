//! Measures the emulator under load: `cargo bench --bench load`, which takes a quarter of an hour,
//! or `cargo bench --bench load -- --quick`, which takes less than a minute.
//!
//! Over HTTP it is compared with two references, in the same minutes and on the same machine: a raw
//! hyper server that answers every request with the same bytes from memory ("the wire"), and an
//! axum route that answers the same bytes. The server has one core, the generator another. The
//! operating system says how much CPU time the server took. That time is divided by the number of
//! requests. A ratio is the wire's CPU time per request divided by the emulator's: a ratio of 1 is
//! as cheap as a server can be. Slices of the three servers alternate, and each round gives one
//! ratio.
//!
//! The machine must be quiet. If another process takes the generator's core, the servers idle and
//! wake for each request instead of for several at once. That adds the same time to all of them,
//! and makes ratios better than they are. The column "idle" shows it.
//!
//! Needs Linux with two cores, `taskset` and `timeout`, `wrk`, and for row 7 `oha` (the variable
//! `OHA` may say where it is). Without `wrk` or `oha`, the rows that need it do not run.
//!
//! | option | what it is | default | with `--quick` |
//! | --- | --- | --- | --- |
//! | `--rows 1,2` | which rows, by their first digit | all | all |
//! | `--agents N` | how many agents beside the demo's | 1000000 | 10000 |
//! | `--rounds N` | how often each measurement is repeated | 6 | 3 |
//! | `--seconds S` | how long one slice of one server lasts | 3 | 0.15 |
//!
//! The exit code says whether all rows ran, not whether they were fast.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is a program that prints a table"
)]
#![expect(clippy::disallowed_methods, reason = "a measurement reads real time")]
#![expect(
    clippy::cast_precision_loss,
    reason = "no measurement has more than a few digits that count"
)]

#[path = "load/directory_cost.rs"]
mod directory_cost;
#[path = "load/emulator.rs"]
mod emulator;
#[path = "load/exchange.rs"]
mod exchange;
#[path = "load/footprint.rs"]
mod footprint;
#[path = "load/http_rows.rs"]
mod http_rows;
#[path = "load/latency.rs"]
mod latency;
#[path = "load/memory.rs"]
mod memory;
#[path = "load/options.rs"]
mod options;
#[path = "load/page_cost.rs"]
mod page_cost;
#[path = "load/process.rs"]
mod process;
#[path = "load/random.rs"]
mod random;
#[path = "load/reference.rs"]
mod reference;
#[path = "load/report.rs"]
mod report;
#[path = "load/updates.rs"]
mod updates;
#[path = "load/wrk.rs"]
mod wrk;

use std::process::ExitCode;
use std::time::Instant;

use options::Options;
use report::Report;

/// The result of a measurement, or why it did not run.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

type Row = fn(&Options, &mut Report) -> Outcome<()>;

const ROWS: &[(&str, Row)] = &[
    ("1", http_rows::one_agent),
    ("2", http_rows::pages),
    ("3", http_rows::updates),
    ("3", updates::in_process),
    ("4", page_cost::page_cost),
    ("5", footprint::agents),
    ("6", footprint::idle),
    ("7", latency::latency),
    ("8", memory::memory),
    ("9", directory_cost::group_availability),
    ("9", directory_cost::users_by_role),
];

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [mode, file] = arguments.as_slice()
        && let Some(server) = reference::Server::named(mode)
    {
        return done(server.serve(file));
    }
    match Options::read(&arguments) {
        Ok(options) => done(run(&options)),
        Err(error) => done(Err(error)),
    }
}

fn done(outcome: Outcome<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Outcome<()> {
    println!("{options}\n");
    let began = Instant::now();
    let mut report = Report::default();
    for (row, measure) in ROWS.iter().filter(|(row, _)| options.selects(row)) {
        // If a row cannot run, others may.
        if let Err(error) = measure(options, &mut report) {
            report.failed(row, &*error);
        }
        eprintln!(
            "row {row}: done after {:.0} s",
            began.elapsed().as_secs_f64()
        );
    }
    report.print();
    if report.is_complete() {
        Ok(())
    } else {
        Err("not everything ran".into())
    }
}
