//! Row 7: latency at a constant rate of arrivals. It is measured with `oha`, which counts from the
//! time at which a request was due.

use std::ffi::OsString;
use std::path::Path;

use serde_json::Value;

use crate::Outcome;
use crate::emulator::{self, AGENTS, authorization};
use crate::exchange::Call;
use crate::http_rows::references;
use crate::options::Options;
use crate::process::{Core, Server, command};
use crate::report::{Line, Report, Requirement, Unit};
use crate::wrk::Wrk;

const RATE: f64 = 20_000.0;
const WHAT: &str = "p99 of one agent at 20,000 requests/s";

/// Row 7.
pub(crate) fn latency(options: &Options, report: &mut Report) -> Outcome<()> {
    let oha = std::env::var_os("OHA").unwrap_or_else(|| OsString::from("oha"));
    if command(Path::new(&oha), None)?
        .arg("--version")
        .output()
        .is_err()
    {
        return Err("oha is not installed (cargo install oha --locked)".into());
    }
    let emulator = emulator::start(options.agents, Some(Core::Server), "error")?;
    let path = format!("{AGENTS}/{}", emulator::agent(options.agents / 2));
    // This row has another generator, but what the references repeat is kept in the same place.
    let files = Wrk::new(&[], authorization())?;
    let [wire, _axum] = references(&files, &emulator, &[Call::get(path.clone())])?;
    let (mut ratios, mut wires, mut emulators) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let [of_wire, of_emulator] =
            [&wire, &emulator].map(|server| p99(&oha, server, &path, options));
        let (of_wire, of_emulator) = (of_wire?, of_emulator?);
        ratios.push(of_emulator / of_wire);
        wires.push(of_wire);
        emulators.push(of_emulator);
    }
    let required = Some(Requirement::AtMost(2.0));
    report.line(Line {
        row: "7",
        what: format!("{WHAT}, times the wire's"),
        unit: Unit::Ratio,
        required,
        samples: ratios,
    });
    for (whose, samples) in [("the wire's", wires), ("the emulator's", emulators)] {
        let what = format!("{WHAT}, {whose}");
        report.line(Line {
            row: "7",
            what,
            unit: Unit::Micros,
            required: None,
            samples,
        });
    }
    Ok(())
}

/// The 99th percentile in microseconds.
fn p99(oha: &OsString, server: &Server, path: &str, options: &Options) -> Outcome<f64> {
    let mut command = command(Path::new(oha), Some(Core::Generator))?;
    // The first requests wait for their connections. They must be fewer than one in a hundred.
    let length = options.slice.as_millis().max(1000);
    command.args([
        "-q",
        &RATE.to_string(),
        "--latency-correction",
        "-z",
        &format!("{length}ms"),
        "-c",
        "32",
    ]);
    // Without the flag, requests that are open at the end count as errors.
    command.args([
        "--wait-ongoing-requests-after-deadline",
        "--no-tui",
        "--output-format",
        "json",
    ]);
    command.args(["-H", &format!("Authorization: {}", authorization())]);
    let output = command
        .arg(format!("http://127.0.0.1:{}{path}", server.port))
        .output()?;
    let failed = || {
        format!(
            "oha: {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )
    };
    let result: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("{}: {error}", failed()))?;
    let counts = |name| {
        result
            .get(name)
            .and_then(Value::as_object)
            .ok_or_else(failed)
    };
    let (statuses, errors) = (
        counts("statusCodeDistribution")?,
        counts("errorDistribution")?,
    );
    if statuses.keys().any(|status| status != "200") || statuses.is_empty() || !errors.is_empty() {
        return Err(format!("oha: statuses {statuses:?}, errors {errors:?}").into());
    }
    let number = |pointer| {
        result
            .pointer(pointer)
            .and_then(Value::as_f64)
            .ok_or_else(failed)
    };
    let rate = number("/summary/requestsPerSec")?;
    if rate < RATE * 0.95 {
        // If the server is slower than the arrivals, the queue only grows. Its length is not a
        // latency, and not an error.
        eprintln!("row 7: {rate:.0} requests/s instead of {RATE}");
    }
    Ok(number("/latencyPercentiles/p99")? * 1e6)
}
