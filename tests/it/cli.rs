//! The command line, for runs that end by themselves. `.ci/process` checks a serving process.

mod env;
mod seed_check;

use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use zendesk_availability_emulator::OPENAPI;
use zendesk_availability_emulator::seed::DEMO;

const BINARY: &str = env!("CARGO_BIN_EXE_zendesk-availability-emulator");

/// The result of a run of the binary.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs the binary with these arguments, in an environment of only these variables.
pub fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    run_with_input(arguments, variables, "")
}

fn run_with_input(arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Run {
    let mut command = Command::new(BINARY);
    command
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::piped());
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    // Most runs read nothing, and may have ended by now.
    let _ = child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(input.as_bytes());
    let output = child.wait_with_output().expect("the binary ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Run {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// These variables make a server that starts by mistake end at once.
const UNABLE: [(&str, &str); 2] = [
    ("EMULATOR_PORT", "0"),
    ("EMULATOR_PORT_FILE", "/nowhere/at/all/port"),
];

/// A file that is deleted after the test.
struct File(std::path::PathBuf);

impl File {
    fn new(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("{}-{name}", std::process::id()));
        std::fs::write(&path, content).expect("a temporary file");
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // If it stays, the system deletes it some day.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// One line on stderr that begins like this, nothing on stdout, exit code 2.
fn refused(run: &Run, wanted: &str) {
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert_eq!(run.stdout, "");
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert!(
        run.stderr.starts_with("error: ") && run.stderr.contains(wanted),
        "no {wanted:?} in: {}",
        run.stderr
    );
}

/// A flag beats its variable, which beats the default.
#[test]
fn a_flag_beats_its_variable() {
    let variable = [("EMULATOR_PORT", "9001")];
    assert!(run(&["env"], &variable).stdout.contains(":9001\n"));
    assert!(
        run(&["env", "--port", "9002"], &variable)
            .stdout
            .contains(":9002\n")
    );
}

/// The demo seed and the contract are printed as they are.
#[test]
fn seed_and_openapi_print_their_documents() {
    assert_eq!(run(&["seed"], &[]).stdout, DEMO);
    assert_eq!(run(&["openapi"], &[]).stdout, OPENAPI);
}

/// By design: a document that cannot be written is an error with its reason. A reader that closes
/// the pipe wants no more, and is told nothing.
#[test]
fn an_output_that_fails_is_said() {
    let seed = |stdout: UnixStream| {
        let output = Command::new(BINARY)
            .arg("seed")
            .env_clear()
            .stdout(OwnedFd::from(stdout))
            .output()
            .expect("the binary ends");
        let stderr = String::from_utf8(output.stderr).expect("UTF-8");
        (output.status.code(), stderr)
    };
    let (mut full, _reader) = UnixStream::pair().expect("a pair");
    full.set_nonblocking(true).expect("a socket");
    // Until there is no room.
    while full.write(&[0; 1_024]).is_ok() {}
    let (code, stderr) = seed(full);
    assert_eq!((code, stderr.lines().count()), (Some(1), 1), "{stderr}");
    assert!(stderr.starts_with("error: standard output: "), "{stderr}");

    let (closed, _) = UnixStream::pair().expect("a pair");
    assert_eq!(seed(closed), (Some(1), String::new()));
}

/// By design: a variable without a value counts as absent, for every way of reading it.
#[test]
fn an_empty_variable_counts_as_absent() {
    let names = [
        "HOST",
        "PORT",
        "SEED",
        "SUBDOMAIN",
        "AGENTS",
        "RATE_LIMIT",
        "TRUST_FORWARDED",
        "CONTROL_HOST",
        "LOG",
    ];
    let names = names.map(|name| format!("EMULATOR_{name}"));
    let empty: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    let (with, without) = (run(&["env"], &empty), run(&["env"], &[]));
    assert_eq!(
        (with.code, with.stdout, with.stderr),
        (Some(0), without.stdout, String::new())
    );
    // The server starts and writes its port file.
    let variables = [empty.as_slice(), &UNABLE].concat();
    refused(&run(&[], &variables), "--port-file");
    refused(&run(&["serve"], &variables), "--port-file");
}

/// By design: a variable that this program does not have is a warning.
#[test]
fn an_unknown_variable_is_a_warning() {
    let variables = [
        ("EMULATOR_PROT", "9000"),
        ("EMULATOR_HOST", "127.0.0.1"),
        ("EMULATORS", "2"),
        ("OTHER", ""),
    ];
    let ran = run(&["env"], &variables);
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.stderr,
        "warning: EMULATOR_PROT is not a variable of this program: see --help\n"
    );
}

/// By design: a switch takes its value after `=` or a space, or has none.
#[test]
fn a_switch_takes_its_value_either_way() {
    for flag in ["--trust-forwarded", "--allow-open-control"] {
        for arguments in [&[][..], &["on"], &["off"]] {
            let arguments = [&[flag], arguments].concat();
            refused(&run(&arguments, &UNABLE), "--port-file");
        }
        refused(
            &run(&[&format!("{flag}=on"), "--port", "0"], &UNABLE),
            "--port-file",
        );
        refused(&run(&[flag, "maybe"], &UNABLE), "expected on or off");
        refused(&run(&[flag, "env"], &UNABLE), "env");
    }
}

/// A server that cannot start gives the reason in one line, with the flag or the place in the file.
#[test]
fn what_is_wrong_is_said_in_one_line() {
    let bad = File::new(
        "wrong.yaml",
        "agents:\n  - { id: 1, version: 0 }\n  - { version: 0 }\n",
    );
    let broken = File::new("broken.json", "{ \"agents\": [ }");
    for (arguments, wanted) in [
        (&["--port", "eighty"][..], "--port"),
        (&["--port", "70000"], "--port"),
        (&["--agents", "-1"], "--agents"),
        (
            &["--agents", "10000001"],
            "expected a number from 0 to 10000000",
        ),
        (&["--omnichannel", "maybe"], "--omnichannel"),
        (&["--release", "beta"], "expected one of ga, eap"),
        (&["--rate-limit", "0"], "--rate-limit"),
        (&["--rate-limit", "+5"], "--rate-limit"),
        (&["--rate-limit", "5/5"], "--rate-limit"),
        (&["--rate-limit", "200/0s"], "--rate-limit"),
        (&["--rate-limit", "4000000000/60000s"], "--rate-limit"),
        (&["--page-size-default", "101"], "--page-size-default"),
        (&["--work-items-per-page", "-1"], "--work-items-per-page"),
        (&["--subdomain", "Not a label"], "--subdomain"),
        (&["--public-url", "ftp://example"], "--public-url"),
        (
            &["--public-url", "https://desk.example/\"zendesk"],
            "--public-url",
        ),
        (&["--kept-lists", "-1"], "--response-cache-size"),
        (
            &["--response-cache-size", "1TB"],
            "expected a number of bytes, such as 65536, 64KiB, 64MiB or 1GiB",
        ),
        (
            &["--kept-lists", "99999999999GiB"],
            "expected a number of bytes",
        ),
        (&["--journal-requests", "-1"], "--journal-requests"),
        (&["--journal-size", "8TB"], "--journal-size"),
        (&["--job-delay", "soon"], "--job-delay"),
        (
            &["--header-timeout", "999ms"],
            "a header time-out is from 1s to 10m",
        ),
        (
            &["--header-timeout", "601s"],
            "a header time-out is from 1s to 10m",
        ),
        (&["--header-timeout", "off"], "--header-timeout"),
        (
            &["--control-host", "ci.internal.:80"],
            "expected a host without a port",
        ),
        (&["--account-idle", "0s"], "expected at least 1s"),
        (&["--account-idle", "999ms"], "expected at least 1s"),
        (&["--account-idle", "off"], "--account-idle"),
        (&["--log", "loud"], "--log"),
        (&["--log-format", "xml"], "--log-format"),
        (&["--oauth-created-status", "204"], "expected 200 or 201"),
        (
            &["--oauth-expires-in", "1800"],
            "expected one of honour, ignore",
        ),
        (
            &["--oauth-expires-in-answer", "no"],
            "expected one of always, when_asked",
        ),
        (
            &["--oauth-token-format", "JWT"],
            "expected one of jwt, opaque",
        ),
        (
            &["--oauth-consent", "ask"],
            "expected one of page, allow, deny",
        ),
        (&["--oauth-consent-user", "-1"], "--oauth-consent-user"),
        (
            &["--api-tokens-inactivity-days", "3651"],
            "expected a number from 1 to 3650, or off",
        ),
        (
            &["--api-tokens-end-at", "2027-04-30"],
            "expected a time, such as 2027-04-30T00:00:00Z, or off",
        ),
        (&["--no-such-flag"], "--no-such-flag"),
        (&["no-such-command"], "no-such-command"),
        (
            &["--seed", "/nowhere/at/all.yaml"],
            "--seed /nowhere/at/all.yaml",
        ),
        (&["--seed", bad.path()], "agents[0].version"),
        (&["--seed", broken.path()], "line 1 column"),
    ] {
        refused(&run(arguments, &UNABLE), wanted);
    }
    refused(
        &run(&[], &[UNABLE[0], UNABLE[1], ("EMULATOR_RELEASE", "beta")]),
        "--release",
    );
    refused(
        &run(&[], &[UNABLE[0], UNABLE[1], ("EMULATOR_AGENTS", "many")]),
        "--agents",
    );
    refused(&run(&[], &UNABLE), "--port-file");
}

/// Help and version are answers, not errors.
#[test]
fn help_and_version_go_to_stdout() {
    for flag in ["--help", "--version"] {
        let answer = run(&[flag], &[]);
        assert_eq!((answer.code, answer.stderr.as_str()), (Some(0), ""));
        assert!(!answer.stdout.is_empty());
    }
}
