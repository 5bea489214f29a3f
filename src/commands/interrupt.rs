//! Ctrl-C and the polite request to end.

use std::io;

use tokio::signal::unix::{SignalKind, signal};

/// Returns at the next SIGINT or SIGTERM.
///
/// # Errors
/// When the system takes no handler.
pub async fn interrupt() -> io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
