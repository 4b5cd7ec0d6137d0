//! The command line of the bench.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::Outcome;

/// How much to measure.
#[derive(Debug)]
pub(crate) struct Options {
    quick: bool,
    rows: Option<String>,
    /// How many agents beside the demo's.
    pub(crate) agents: usize,
    /// How often each measurement is repeated.
    pub(crate) rounds: usize,
    /// How long one slice of one server lasts.
    pub(crate) slice: Duration,
}

impl Options {
    /// Reads the arguments. `--bench` is cargo's own and means nothing here.
    pub(crate) fn read(arguments: &[String]) -> Outcome<Self> {
        let quick = arguments.iter().any(|argument| argument == "--quick");
        let (agents, rounds, seconds) = if quick {
            (10_000, 3, 0.15)
        } else {
            (1_000_000, 6, 3.0)
        };
        let slice = Duration::from_secs_f64(seconds);
        let mut options = Self {
            quick,
            rows: None,
            agents,
            rounds,
            slice,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                "--bench" | "--quick" => {}
                "--rows" => options.rows = Some(value()?.clone()),
                "--agents" => options.agents = number(value()?)?,
                "--rounds" => options.rounds = number(value()?)?,
                "--seconds" => options.slice = Duration::try_from_secs_f64(number(value()?)?)?,
                _ => {
                    return Err(format!(
                        "{argument}: see the head of tests/bench/load.rs for what there is"
                    )
                    .into());
                }
            }
        }
        if options.agents == 0 || options.rounds == 0 || options.slice.is_zero() {
            return Err(
                "agents, rounds and seconds are at least one, one and more than nothing".into(),
            );
        }
        Ok(options)
    }

    /// Whether a row is to be measured.
    pub(crate) fn selects(&self, row: &str) -> bool {
        self.rows
            .as_ref()
            .is_none_or(|rows| rows.split(',').any(|selected| selected == row))
    }

    /// How often a measurement without slices is repeated.
    pub(crate) fn repeats(&self, full: usize, quick: usize) -> usize {
        if self.quick { quick } else { full }
    }
}

fn number<T: FromStr>(text: &str) -> Outcome<T> {
    text.parse()
        .map_err(|_| format!("{text:?} is not a number that fits here").into())
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.quick {
            write!(
                f,
                "A quick run, which shows that everything works; its numbers are rough. "
            )?;
        }
        let Self {
            agents,
            rounds,
            slice,
            ..
        } = self;
        write!(
            f,
            "{agents} agents beside the demo's, {rounds} rounds, slices of {} s.",
            slice.as_secs_f64()
        )
    }
}
