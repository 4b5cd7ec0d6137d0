//! The log on stderr, panics included.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::IsTerminal;
use std::panic::PanicHookInfo;
use std::sync::Arc;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::args::ServeArgs;
use super::short_lines::{REQUESTS, ShortLines};
use super::stderr::Stderr;

/// The target of the process's own messages, which are logged at every level.
pub(super) const OWN: &str = module_path!();

/// Sends the log and panics to stderr.
pub(super) fn start(args: &ServeArgs, stderr: &Arc<Stderr>) {
    let mut filter = args.log.clone().with_target(OWN, LevelFilter::WARN);
    let is_terminal = std::io::stderr().is_terminal();
    let is_default =
        args.log == Targets::new().with_default(LevelFilter::INFO) && args.log_format == "text";
    let has_short_lines = is_terminal && is_default;
    if has_short_lines {
        filter = filter.with_target(REQUESTS, LevelFilter::DEBUG);
    }
    let log = tracing_subscriber::registry().with(filter);
    // A layer that fails would write to stderr itself, and could block there.
    let layer = fmt::layer()
        .with_writer(Arc::clone(stderr))
        .log_internal_errors(false);
    if args.log_format == "json" {
        log.with(layer.json()).init();
    } else if has_short_lines {
        log.with(layer.event_format(ShortLines::new(args.subdomain.clone())))
            .init();
    } else {
        log.with(layer.with_ansi(is_terminal)).init();
    }
    // The standard hook writes to stderr itself.
    std::panic::set_hook(Box::new(log_panic));
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let thread = std::thread::current();
    let backtrace = Backtrace::capture();
    let backtrace = (backtrace.status() == BacktraceStatus::Captured)
        .then(|| tracing::field::display(backtrace));
    tracing::error!(target: OWN, thread = thread.name(), backtrace, "{panic}");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Assumed: a panic is a line of the log, in the log's format, and nothing else writes to
    /// stderr.
    #[test]
    #[expect(clippy::panic, reason = "the hook is tested")]
    fn a_panic_is_logged() {
        let stderr = Arc::new(Stderr::default());
        let layer = fmt::layer().json().with_writer(Arc::clone(&stderr));
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(log_panic));
        let caught =
            tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
                std::panic::catch_unwind(|| panic!("for a test"))
            });
        std::panic::set_hook(usual);
        let logged = stderr.take();
        assert!(
            caught.is_err() && logged.starts_with('{') && logged.lines().count() == 1,
            "{logged}"
        );
        for part in [
            "\"ERROR\"",
            "panicked at src/cli/log.rs:",
            "for a test",
            "\"thread\":",
        ] {
            assert!(logged.contains(part), "no {part} in {logged}");
        }
    }
}
