//! A test suite as a user would have it: `cargo bench --bench suite`. 200 tests run in 16 threads
//! against one emulator, 50 times. Each test has its own account, with its own clock, faults and
//! journal. No test may notice another.
//!
//! | option | what it is | default |
//! | --- | --- | --- |
//! | `--rounds N` | how often the suite runs | 50 |
//!
//! The exit code says whether every test of every round has passed.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is a program that says how it went"
)]
#![expect(clippy::disallowed_methods, reason = "a measurement reads real time")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "suite/http.rs"]
mod http;
#[path = "load/process.rs"]
#[expect(dead_code, reason = "this bench does not ask what a server costs")]
mod process;
#[path = "suite/tests.rs"]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{ExitCode, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::client::Client;

/// The result of a run, or why there was none.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const BINARY: &str = env!("CARGO_BIN_EXE_zendesk-availability-emulator");
const TESTS: usize = 200;
const THREADS: usize = 16;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let rounds = match arguments.as_slice() {
        [] => Some(50),
        [name, rounds] if name == "--rounds" => rounds.parse().ok(),
        _ => None,
    };
    let Some(rounds) = rounds else {
        eprintln!("error: expected nothing or --rounds and a number");
        return ExitCode::FAILURE;
    };
    match run(rounds) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the suite this many times, and returns how many tests have failed.
fn run(rounds: usize) -> Outcome<usize> {
    let server = process::Server::start(
        Path::new(BINARY),
        &["--port", "0", "--log", "error"],
        None,
        Stdio::inherit(),
    )?;
    let client = Emulator::connect(&format!("http://127.0.0.1:{}", server.port), None)?;
    let (began, failed) = (Instant::now(), AtomicUsize::new(0));
    for _ in 0..rounds {
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| work(&client, &next, &failed));
            }
        });
    }
    let left = client.accounts()?.len();
    if left != 1 {
        return Err(format!("{} accounts were not thrown away", left - 1).into());
    }
    let failed = failed.into_inner();
    println!(
        "{rounds} times {TESTS} tests in {THREADS} threads: {:.1} s",
        began.elapsed().as_secs_f64()
    );
    println!("suite: {} passed, {failed} failed", rounds * TESTS - failed);
    Ok(failed)
}

/// Runs tests until there are none left.
fn work(client: &Client, next: &AtomicUsize, failed: &AtomicUsize) {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= TESTS {
            return;
        }
        // The test has printed the reason on stderr.
        if catch_unwind(AssertUnwindSafe(|| tests::run(client, number))).is_err() {
            failed.fetch_add(1, Ordering::Relaxed);
        }
    }
}
