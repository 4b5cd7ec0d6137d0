//! What is printed: a table of the requirements, then the other measurements.

use std::error::Error;

/// The middle of the samples, or the mean of the two in the middle; NaN without samples.
pub(crate) fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
    if sorted.len() % 2 == 1 {
        at(middle)
    } else {
        f64::midpoint(at(middle.wrapping_sub(1)), at(middle))
    }
}

/// The sample that this part of the samples is below.
pub(crate) fn quantile(samples: &mut [f64], part: f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    let below = samples.len() as f64 * part;
    let index = (0..samples.len()).find(|index| *index as f64 >= below);
    index
        .and_then(|index| samples.get(index))
        .or(samples.last())
        .copied()
        .unwrap_or(f64::NAN)
}

/// The unit of a number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unit {
    Ratio,
    Count,
    Percent,
    Bytes,
    Megabytes,
    Micros,
    Millis,
    Seconds,
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Self::Ratio => format!("{value:.2}"),
            Self::Count => thousands(value),
            Self::Percent => format!("{value:.1} %"),
            Self::Bytes => format!("{value:.0} B"),
            Self::Megabytes => format!("{value:.1} MB"),
            Self::Micros => format!("{value:.1} µs"),
            Self::Millis => format!("{value:.1} ms"),
            Self::Seconds => format!("{value:.2} s"),
        }
    }
}

fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The requirement for a number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Requirement {
    AtLeast(f64),
    AtMost(f64),
}

/// A measurement: a sample for each round.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) row: &'static str,
    pub(crate) what: String,
    pub(crate) unit: Unit,
    pub(crate) required: Option<Requirement>,
    pub(crate) samples: Vec<f64>,
}

impl Line {
    fn cells(&self) -> Vec<String> {
        let show = |value| self.unit.show(value);
        let least = self.samples.iter().copied().fold(f64::INFINITY, f64::min);
        let most = self
            .samples
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        let median = median(&self.samples);
        let (required, met) = match self.required {
            Some(Requirement::AtLeast(bound)) => {
                (format!(">= {}", show(bound)), Some(median >= bound))
            }
            Some(Requirement::AtMost(bound)) => {
                (format!("<= {}", show(bound)), Some(median <= bound))
            }
            None => (String::new(), None),
        };
        let met = met.map_or("", |met| if met { "yes" } else { "no" });
        vec![
            self.row.to_owned(),
            self.what.clone(),
            required,
            show(least),
            show(median),
            show(most),
            met.to_owned(),
        ]
    }
}

/// Above this, a server waited so long for its core that the row is doubtful.
const IDLE: f64 = 0.1;

/// What one server did in one round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// Requests a second.
    pub(crate) rate: f64,
    /// Microseconds of CPU time for each.
    pub(crate) micros: f64,
    /// The part of the time in which it was idle.
    pub(crate) idle: f64,
}

/// What the wire, axum and the emulator did in each round.
#[derive(Debug)]
pub(crate) struct Cost {
    pub(crate) row: &'static str,
    pub(crate) what: String,
    pub(crate) rounds: Vec<[Effort; 3]>,
}

impl Cost {
    fn medians(&self, of: fn(Effort) -> f64) -> [f64; 3] {
        [0, 1, 2].map(|server| {
            let rounds = self
                .rounds
                .iter()
                .filter_map(|round| round.get(server).copied());
            median(&rounds.map(of).collect::<Vec<_>>())
        })
    }

    fn most_idle(&self) -> f64 {
        self.medians(|effort| effort.idle)
            .into_iter()
            .fold(0.0, f64::max)
    }

    fn cells(&self) -> Vec<String> {
        let (rates, micros) = (
            self.medians(|effort| effort.rate),
            self.medians(|effort| effort.micros),
        );
        let [wire, axum, _] = micros;
        let mut cells = vec![self.row.to_owned(), self.what.clone()];
        cells.extend(rates.map(thousands));
        cells.extend(micros.map(|micros| format!("{micros:.2}")));
        cells.push(format!("{:.2}", wire / axum));
        cells.push(format!("{:.0} %", self.most_idle() * 100.0));
        cells
    }
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
    others: Vec<Line>,
    details: Vec<Line>,
    costs: Vec<Cost>,
    failures: Vec<String>,
}

impl Report {
    /// Adds a line to the table, or to the secondary numbers if nothing is required of it.
    pub(crate) fn line(&mut self, line: Line) {
        if line.required.is_some() {
            self.lines.push(line);
        } else {
            self.others.push(line);
        }
    }

    /// Adds a line to the last table: the worst of these stands in the first table.
    pub(crate) fn detail(&mut self, line: Line) {
        self.details.push(line);
    }

    /// Adds a line to the secondary numbers.
    pub(crate) fn cost(&mut self, cost: Cost) {
        self.costs.push(cost);
    }

    /// Adds a row that did not run to its end.
    pub(crate) fn failed(&mut self, row: &str, error: &dyn Error) {
        self.failures
            .push(format!("row {row} did not run: {error}"));
    }

    /// Whether every row ran.
    pub(crate) fn is_complete(&self) -> bool {
        self.failures.is_empty()
    }

    /// Prints all of it.
    pub(crate) fn print(&self) {
        let heads = ["row", "what", "required", "min", "median", "max", "met"];
        table(&heads, self.lines.iter().map(Line::cells).collect());
        if !self.costs.is_empty() {
            println!(
                "\nMedians of requests per second (r/s), of CPU time per request (µs), and of the part of the"
            );
            println!(
                "time in which a server had nothing to do (idle): that of the most idle one\n"
            );
            let servers = [
                "wire r/s",
                "axum r/s",
                "emulator r/s",
                "wire µs",
                "axum µs",
                "emulator µs",
                "axum ratio",
                "idle",
            ];
            let heads: Vec<_> = ["row", "what"].into_iter().chain(servers).collect();
            table(&heads, self.costs.iter().map(Cost::cells).collect());
            if self.costs.iter().any(|cost| cost.most_idle() > IDLE) {
                println!(
                    "\nA server that is idle waits for the generator, to which something else leaves too little"
                );
                println!(
                    "of the machine, and wakes for each request: that makes the ratio better than it is."
                );
            }
        }
        for (title, lines) in [
            ("Of which nothing is required", &self.others),
            (
                "Every page of row 4: full ones as a ratio, others as a difference",
                &self.details,
            ),
        ] {
            if !lines.is_empty() {
                println!("\n{title}\n");
                table(&heads, lines.iter().map(Line::cells).collect());
            }
        }
        for failure in &self.failures {
            println!("\n{failure}");
        }
    }
}

/// Prints columns of equal width: words left-aligned, numbers right-aligned.
fn table(heads: &[&str], rows: Vec<Vec<String>>) {
    let rows: Vec<Vec<String>> = [heads.iter().map(|head| (*head).to_owned()).collect()]
        .into_iter()
        .chain(rows)
        .collect();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
    };
    let widths: Vec<_> = (0..heads.len())
        .map(|column| width(column).unwrap_or_default())
        .collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| match column {
            0 | 1 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
