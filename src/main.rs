//! The binary: see `zendesk-availability-emulator --help`.

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    cli::run()
}
