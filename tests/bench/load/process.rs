//! Servers as processes: each is started on one core, measured, and always stopped.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::Outcome;

/// The longest time until a server is ready.
const PATIENCE: Duration = Duration::from_mins(2);

/// One of the two cores that are used.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Core {
    /// The server's core.
    Server,
    /// The generator's core.
    Generator,
}

impl Core {
    /// The number of the core: the first and the last that this process may use. Neighbours can be
    /// two halves of one core.
    fn number(self) -> Outcome<String> {
        let status = fs::read_to_string("/proc/self/status")?;
        let allowed = status
            .lines()
            .find_map(|line| line.strip_prefix("Cpus_allowed_list:"))
            .unwrap_or_default()
            .trim();
        let (first, last) = (
            allowed.split([',', '-']).next(),
            allowed.rsplit([',', '-']).next(),
        );
        if first == last {
            return Err("it takes two cores".into());
        }
        let number = match self {
            Self::Server => first,
            Self::Generator => last,
        };
        Ok(number.unwrap_or_default().to_owned())
    }
}

/// A program that will run on one core, or on any. It gets none of the caller's variables.
pub(crate) fn command(program: &Path, core: Option<Core>) -> Outcome<Command> {
    let mut command = match core {
        Some(core) => {
            let mut command = Command::new("taskset");
            command.arg("-c").arg(core.number()?).arg(program);
            command
        }
        None => Command::new(program),
    };
    for (name, _) in
        std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("EMULATOR_"))
    {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    Ok(command)
}

/// A server that has said that it is ready. It is stopped when this value is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// The port on 127.0.0.1.
    pub(crate) port: u16,
    /// The time from its start until its ready line was read.
    pub(crate) ready_after: Duration,
}

impl Server {
    /// Starts a server. It prints one line, which ends with its port.
    pub(crate) fn start(
        program: &Path,
        arguments: &[&str],
        core: Option<Core>,
        stderr: Stdio,
    ) -> Outcome<Self> {
        let mut command = command(program, core)?;
        command
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(stderr);
        let began = Instant::now();
        let child = command
            .spawn()
            .map_err(|error| format!("{} does not start: {error}", program.display()))?;
        // From here on every way out stops it.
        let mut server = Self {
            child,
            port: 0,
            ready_after: Duration::ZERO,
        };
        let stdout = server
            .child
            .stdout
            .take()
            .ok_or("a server without stdout")?;
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            // An empty line is enough of an answer, and the receiver may be gone.
            let _ = BufReader::new(stdout).read_line(&mut line);
            let _ = sender.send(line);
        });
        let line = receiver.recv_timeout(PATIENCE).unwrap_or_default();
        server.ready_after = began.elapsed();
        let port = line
            .trim()
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok());
        server.port = port.ok_or_else(|| {
            format!(
                "{} {} does not get ready: it printed {line:?}",
                program.display(),
                arguments.join(" ")
            )
        })?;
        Ok(server)
    }

    /// How long all its threads have run so far, and how long they were ready to run but had no
    /// core.
    pub(crate) fn times(&self) -> Outcome<[Duration; 2]> {
        let mut nanos = [0; 2];
        for thread in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let text = fs::read_to_string(thread?.path().join("schedstat"))?;
            for (sum, field) in nanos.iter_mut().zip(text.split(' ')) {
                *sum += field.parse::<u64>()?;
            }
        }
        Ok(nanos.map(Duration::from_nanos))
    }

    /// The number of its bytes in memory.
    pub(crate) fn resident(&self) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .ok_or("a process without memory")?;
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kibibytes * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
