//! The log on stderr.

use std::{env, io};

use tracing::Level;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{
    Layer,
    filter::{Targets, filter_fn},
    fmt::writer::BoxMakeWriter,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use super::waits::Waits;
use crate::{output::Ui, platform::wait};

/// Lines of a server that wait to be written; more are dropped.
const WAITING: usize = 16_384;

/// Starts the log; `CERTREQ_LOG` chooses the events (`LEVEL`, or `PART=LEVEL,...`), `CERTREQ_LOG_FORMAT=json` writes one
/// JSON object a line. Waits are said to a person; in JSON they are events instead.
///
/// With `is_server`, lines are written by a thread of its own until the guard is dropped: a full pipe, whose reader stands
/// still, would stop every request otherwise.
pub(super) fn start(default: Level, is_server: bool, ui: &Ui) -> Option<WorkerGuard> {
    let wanted = env::var("CERTREQ_LOG").ok().and_then(|wanted| wanted.parse::<Targets>().ok());
    let filter = wanted.unwrap_or_else(|| Targets::new().with_target("certreq", default));
    let format = env::var("CERTREQ_LOG_FORMAT").unwrap_or_default();
    let (writer, guard) = if is_server {
        let (writer, guard) =
            NonBlockingBuilder::default().buffered_lines_limit(WAITING).thread_name("log").finish(io::stderr());
        (BoxMakeWriter::new(writer), Some(guard))
    } else {
        (BoxMakeWriter::new(io::stderr), None)
    };
    let layer = tracing_subscriber::fmt::layer().with_writer(writer);
    // A second call in one process keeps the first one's choice.
    if format == "json" {
        let filter = filter.with_target(wait::TARGET, Level::INFO);
        let _ = tracing_subscriber::registry().with(layer.json().with_filter(filter)).try_init();
        return guard;
    }
    if !matches!(format.as_str(), "" | "text") {
        ui.warn(&format!("CERTREQ_LOG_FORMAT is {format:?}, and logs are text or json: text is written"));
    }
    let colour = io::IsTerminal::is_terminal(&io::stderr()) && env::var_os("NO_COLOR").is_none();
    let _ = tracing_subscriber::registry()
        .with(layer.with_ansi(colour).with_filter(filter))
        .with(Waits::new(ui).with_filter(filter_fn(|event| event.target() == wait::TARGET)))
        .try_init();
    guard
}
