//! The tries of a request that changes nothing, and the pauses between them.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};

use super::http::Http;
use crate::platform::{ErrorKind, PlatformError, wait};

/// Tries of a read, the first one included.
const TRIES: usize = 4;
/// The longest wait the platform may ask for between two tries.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sends a request that changes nothing, again when that may help. `delay` is the first pause.
pub(in crate::platform) async fn read<T, F>(
    http: &Http,
    delay: Duration,
    fetch: impl FnMut() -> F,
) -> Result<T, PlatformError>
where
    F: Future<Output = Result<T, PlatformError>>,
{
    let pauses = ExponentialBuilder::default()
        .with_min_delay(delay)
        .with_max_delay(delay * 25)
        .with_factor(3.0)
        .with_max_times(TRIES - 1)
        .with_jitter();
    fetch
        .retry(pauses)
        .when(|error: &PlatformError| may_help(http, error.kind))
        .adjust(|error: &PlatformError, pause| match error.retry_after {
            Some(wait) if wait > PATIENCE => None,
            Some(wait) => pause.map(|pause| pause.max(wait)),
            None => pause,
        })
        .notify(|error: &PlatformError, pause| {
            wait::before_next(pause, error.retry_after);
        })
        .await
}

/// True when another try may help. The address of a platform that was never reached is most likely a typo, and is
/// reported at once.
fn may_help(http: &Http, kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::Busy | ErrorKind::OutcomeUnknown => true,
        ErrorKind::Unreachable => http.was_reached(),
        _ => false,
    }
}
