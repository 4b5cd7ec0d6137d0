//! Rows 5 and 6: how soon the program is ready, and how much memory it takes.

use crate::Outcome;
use crate::emulator::{self, BINARY};
use crate::options::Options;
use crate::report::{Line, Report, Requirement, Unit};

/// Row 5: what this number of agents adds.
pub(crate) fn agents(options: &Options, report: &mut Report) -> Outcome<()> {
    let (mut sizes, mut times, mut totals, mut starts) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let (few, many) = (
            emulator::start(0, None, "error")?,
            emulator::start(options.agents, None, "error")?,
        );
        sizes.push((many.resident()? as f64 - few.resident()? as f64) / options.agents as f64);
        times.push(many.ready_after.as_secs_f64() - few.ready_after.as_secs_f64());
        totals.push(many.resident()? as f64 / 1e6);
        starts.push(many.ready_after.as_secs_f64());
    }
    let line = |what: &str, unit, most: Option<f64>, samples| {
        let required = most.map(Requirement::AtMost);
        Line {
            row: "5",
            what: what.to_owned(),
            unit,
            required,
            samples,
        }
    };
    report.line(line(
        "resident memory per agent",
        Unit::Bytes,
        Some(600.0),
        sizes,
    ));
    report.line(line(
        "start to ready, over that without agents",
        Unit::Seconds,
        Some(1.5),
        times,
    ));
    report.line(line(
        "resident memory with all agents",
        Unit::Megabytes,
        None,
        totals,
    ));
    report.line(line(
        "start to ready with all agents",
        Unit::Seconds,
        None,
        starts,
    ));
    Ok(())
}

/// Row 6: the program with its defaults.
pub(crate) fn idle(options: &Options, report: &mut Report) -> Outcome<()> {
    let (mut times, mut sizes) = (Vec::new(), Vec::new());
    for _ in 0..options.repeats(20, 10) {
        let server = emulator::start(0, None, "error")?;
        times.push(server.ready_after.as_secs_f64() * 1e3);
        sizes.push(server.resident()? as f64 / 1e6);
    }
    let binary = std::fs::metadata(BINARY)?.len() as f64 / 1e6;
    let line = |what: &str, unit, most, samples| {
        let required = Some(Requirement::AtMost(most));
        Line {
            row: "6",
            what: what.to_owned(),
            unit,
            required,
            samples,
        }
    };
    report.line(line("start to ready", Unit::Millis, 10.0, times));
    report.line(line("idle resident memory", Unit::Megabytes, 10.0, sizes));
    report.line(line(
        "size of the binary",
        Unit::Megabytes,
        8.0,
        vec![binary],
    ));
    Ok(())
}
