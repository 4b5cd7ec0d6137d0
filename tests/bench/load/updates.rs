//! Row 3, in process: how many status updates a second, and how much they slow readers down.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use zendesk_availability_emulator::clock::Clock;
use zendesk_availability_emulator::world::{
    AgentFilter, AgentId, ChannelName, ChannelStatus, Position, StatusId, StatusReason, World,
};

use crate::Outcome;
use crate::emulator::{any_agent, build};
use crate::options::Options;
use crate::random::Random;
use crate::report::{Line, Report, Requirement, Unit, quantile};

/// The length of the interval in which one update is due.
const PACE: Duration = Duration::from_micros(100);

/// Row 3, in process.
pub(crate) fn in_process(options: &Options, report: &mut Report) -> Outcome<()> {
    let emulator = build(options.agents)?;
    let (world, clock) = (emulator.world(), Clock::real());
    let subject = Subject::new(&world, &clock, options);
    let mut rates = Vec::new();
    for round in 0..options.rounds {
        rates.push(subject.updates_per_second(round as u64)?);
    }
    let (what, required) = (
        "status updates/s, in process".to_owned(),
        Some(Requirement::AtLeast(100_000.0)),
    );
    report.line(Line {
        row: "3b",
        what,
        unit: Unit::Count,
        required,
        samples: rates,
    });
    subject.readers("pages of 100", Subject::read_page, report)?;
    subject.readers("one agent", Subject::read_agent, report)
}

/// One read of the world.
type Read<'a> = fn(&Subject<'a>, &mut Random);

/// The world that is read and changed.
struct Subject<'a> {
    world: &'a World,
    clock: &'a Clock,
    options: &'a Options,
    online: AgentFilter,
}

/// How much a reader did, and how many microseconds each update took.
struct Beside {
    reads: f64,
    latencies: Vec<f64>,
}

impl<'a> Subject<'a> {
    fn new(world: &'a World, clock: &'a Clock, options: &'a Options) -> Self {
        let channel_status = Some(vec![(ChannelName::Messaging, ChannelStatus::Online)]);
        let online = AgentFilter::new().channel_status(channel_status);
        Self {
            world,
            clock,
            options,
            online,
        }
    }

    /// Measures how readers of one kind and updates affect each other.
    fn readers(&self, kind: &str, read: Read<'a>, report: &mut Report) -> Outcome<()> {
        let (mut losses, mut slowest, mut reads, mut updates) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for round in 0..self.options.rounds {
            // The second of the two finds more of the world in the processor's caches, even with
            // other agents.
            let of =
                |updating| self.beside((2 * round + usize::from(updating)) as u64, read, updating);
            let (alone, mut beside) = if round.is_multiple_of(2) {
                let alone = of(false)?;
                (alone, of(true)?)
            } else {
                let beside = of(true)?;
                (of(false)?, beside)
            };
            losses.push((1.0 - beside.reads / alone.reads) * 100.0);
            slowest.push(quantile(&mut beside.latencies, 0.99));
            reads.push(alone.reads);
            updates.push(beside.latencies.len() as f64 / self.options.slice.as_secs_f64());
        }
        let line = |what, unit, most: Option<f64>, samples| {
            let required = most.map(Requirement::AtMost);
            Line {
                row: "3c",
                what,
                unit,
                required,
                samples,
            }
        };
        let loss = format!("loss of a reader of {kind} beside 10,000 updates/s");
        report.line(line(loss, Unit::Percent, Some(10.0), losses));
        report.line(line(
            format!("p99 of an update beside a reader of {kind}"),
            Unit::Micros,
            Some(100.0),
            slowest,
        ));
        report.line(line(
            format!("reads/s of {kind} without updates"),
            Unit::Count,
            None,
            reads,
        ));
        // If fewer updates were made than were due, the loss belongs to another rate.
        report.line(line(
            format!("updates/s beside a reader of {kind}"),
            Unit::Count,
            None,
            updates,
        ));
        Ok(())
    }

    /// A random agent goes online or away.
    fn update(&self, random: &mut Random) -> Outcome<()> {
        let agent = self.any(random);
        let status = StatusId(3 + random.below(2));
        self.world
            .set_status(agent, status, StatusReason::PublicApi, self.clock.now())?;
        Ok(())
    }

    fn any(&self, random: &mut Random) -> AgentId {
        AgentId(any_agent(random, self.options.agents))
    }

    /// A page after a random agent: updates add and remove every other agent of it.
    fn read_page(&self, random: &mut Random) {
        let all = AgentFilter::default();
        let filter = if random.below(2) == 0 {
            &all
        } else {
            &self.online
        };
        std::hint::black_box(
            self.world
                .agents(filter, &Position::After(self.any(random)), 100),
        );
    }

    fn read_agent(&self, random: &mut Random) {
        std::hint::black_box(self.world.agent(self.any(random)));
    }

    fn updates_per_second(&self, seed: u64) -> Outcome<f64> {
        let mut random = Random::new(seed);
        let (began, mut updates) = (Instant::now(), 0.0);
        while began.elapsed() < self.options.slice {
            for _ in 0..256 {
                self.update(&mut random)?;
            }
            updates += 256.0;
        }
        Ok(updates / began.elapsed().as_secs_f64())
    }

    /// Reads as fast as possible while another thread updates at a constant rate. Without updates
    /// that thread waits in the same way, so that only the updates differ.
    fn beside(&self, seed: u64, read: Read<'a>, updating: bool) -> Outcome<Beside> {
        let stop = AtomicBool::new(false);
        std::thread::scope(|threads| {
            let writer = threads.spawn(|| self.update_at_pace(seed, updating, &stop));
            let mut random = Random::new(seed + 1000);
            let (began, mut reads) = (Instant::now(), 0.0);
            while began.elapsed() < self.options.slice {
                for _ in 0..16 {
                    read(self, &mut random);
                }
                reads += 16.0;
            }
            let reads = reads / began.elapsed().as_secs_f64();
            stop.store(true, Ordering::Relaxed);
            let latencies = writer
                .join()
                .map_err(|_| "the thread of the updates panicked")??;
            Ok(Beside { reads, latencies })
        })
    }

    fn update_at_pace(&self, seed: u64, updating: bool, stop: &AtomicBool) -> Outcome<Vec<f64>> {
        let mut random = Random::new(seed);
        let (mut latencies, mut due) = (Vec::new(), Instant::now());
        loop {
            due += PACE;
            // A sleep would be longer than the interval.
            while Instant::now() < due {
                if stop.load(Ordering::Relaxed) {
                    return Ok(latencies);
                }
                std::hint::spin_loop();
            }
            if stop.load(Ordering::Relaxed) {
                return Ok(latencies);
            }
            if updating {
                let began = Instant::now();
                self.update(&mut random)?;
                latencies.push(began.elapsed().as_secs_f64() * 1e6);
            }
        }
    }
}
