//! `wrk`, the generator: one thread on its own core, 32 connections that stay open.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Outcome;
use crate::exchange::Call;
use crate::process::{Core, command};

/// The requests are formatted before the clock starts, so that they cost the generator the same for
/// each server.
const SCRIPT: &str = r#"
local requests, count, at = {}, 0, 0
function init(arguments)
  for line in io.lines(arguments[1]) do
    local method, path, body = line:match("^(%S+) (%S+) ?(%S*)$")
    local headers = { Authorization = arguments[2] }
    if body == "" then body = nil else headers["Content-Type"] = "application/json" end
    count = count + 1
    requests[count] = wrk.format(method, path, headers, body)
  end
end
function request()
  at = at % count + 1
  return requests[at]
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("load: %d %d %d\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"#;

/// The result of one slice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slice {
    /// The number of answers.
    pub(crate) requests: f64,
    /// The number of seconds.
    pub(crate) seconds: f64,
}

/// The generator with the requests of a row.
#[derive(Debug)]
pub(crate) struct Wrk {
    folder: Folder,
    authorization: String,
}

impl Wrk {
    /// Writes the requests to a file. The generator repeats them, with this `Authorization`.
    pub(crate) fn new(calls: &[Call], authorization: String) -> Outcome<Self> {
        let folder = Folder::new()?;
        let mut lines = String::new();
        for Call { method, path, body } in calls {
            writeln!(lines, "{method} {path} {body}")?;
        }
        fs::write(folder.file("calls"), lines)?;
        fs::write(folder.file("script.lua"), SCRIPT)?;
        Ok(Self {
            folder,
            authorization,
        })
    }

    /// The `Authorization` of its requests.
    pub(crate) fn authorization(&self) -> &str {
        &self.authorization
    }

    /// A file beside the generator's. It is deleted with it.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.file(name)
    }

    /// Sends requests to the server on this port for this long.
    pub(crate) fn drive(&self, port: u16, length: Duration) -> Outcome<Slice> {
        // It takes whole seconds only, but it stops cleanly at SIGINT. Without the signal it would
        // still stop soon.
        let mut command = command(Path::new("timeout"), Some(Core::Generator))?;
        command.args([
            "--preserve-status",
            "--signal=INT",
            &length.as_secs_f64().to_string(),
            "wrk",
            "-t1",
            "-c32",
        ]);
        command
            .arg(format!("-d{}s", length.as_secs() + 2))
            .arg("-s")
            .arg(self.file("script.lua"));
        command
            .arg(format!("http://127.0.0.1:{port}"))
            .arg("--")
            .arg(self.file("calls"))
            .arg(&self.authorization);
        let output = command.output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let numbers = text
            .lines()
            .find_map(|line| line.strip_prefix("load: "))
            .map(str::split_ascii_whitespace);
        let numbers = numbers
            .into_iter()
            .flatten()
            .map(str::parse)
            .collect::<Result<Vec<f64>, _>>()?;
        match *numbers {
            [requests, micros, 0.0] if requests > 0.0 => Ok(Slice {
                requests,
                seconds: micros / 1e6,
            }),
            _ => Err(format!(
                "wrk: {}{text}{}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            )
            .into()),
        }
    }
}

/// A temporary folder that is deleted when this value is dropped.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    fn new() -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!(
            "zendesk-availability-emulator-load-{}",
            std::process::id()
        ));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Files that are left over do no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}
