//! Many devices at once.

use std::{future::Future, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    context::{Batch, Context},
    device,
    last_look::{LastLook, last_look},
    outcome::{DeviceFailure, Issued, Outcome},
    work::Work,
};
use crate::failure::Exit;

/// Devices under way for each request in flight. Most of them wait for a disk flush, before and after their request,
/// and one flush serves many devices at the same cost.
const UNDER_WAY: usize = 16;

/// Devices under way at most; bounds the memory.
const MOST_UNDER_WAY: usize = 2048;

/// How long devices in flight may take once the run was stopped.
const GRACE: Duration = Duration::from_secs(10);

/// Runs `work` and calls `report` once for every device, in the order in which they finish.
///
/// At the end the platform's list is searched once more for certificates that are not used: see [`LastLook`].
///
/// After [`super::Stop`] was set, devices whose request was not sent yet are reported as not reached, and requests in
/// flight get ten seconds.
pub async fn run(batch: Batch, work: Vec<Work>, mut report: impl FnMut(Outcome)) -> LastLook {
    let slots = Arc::new(Semaphore::new(batch.limits.jobs.saturating_mul(UNDER_WAY).clamp(8, MOST_UNDER_WAY)));
    let context = Arc::new(Context::new(batch, work.len()));
    let mut work = work.into_iter().peekable();
    let mut running = FuturesUnordered::new();
    loop {
        let may_begin = work.peek().is_some() && !context.barrier.is_gathering();
        tokio::select! {
            Ok(slot) = Arc::clone(&slots).acquire_owned(), if may_begin => {
                running.extend(work.next().map(|item| begin(&context, item, slot)));
            }
            Some(outcome) = running.next(), if !running.is_empty() => report(outcome),
            else => break,
        }
    }
    last_look(&context).await
}

/// Starts the task of one device. A task that panics is reported like any other failure.
fn begin(
    context: &Arc<Context>,
    work: Work,
    slot: OwnedSemaphorePermit,
) -> impl Future<Output = Outcome> + use<> {
    let context = Arc::clone(context);
    let device = work.device.clone();
    let task = tokio::spawn(async move { one(&context, work, slot).await });
    async move {
        let result = task.await.unwrap_or_else(|error| {
            Err(DeviceFailure::new(Exit::Failed, format!("a defect in certreq: {error}")))
        });
        Outcome { device, result }
    }
}

async fn one(context: &Context, work: Work, slot: OwnedSemaphorePermit) -> Result<Issued, DeviceFailure> {
    let mut participant = context.barrier.begin(slot);
    if let Some(cause) = context.stop.cause() {
        return Err(DeviceFailure::not_reached(cause));
    }
    let too_late = async {
        let cause = context.stop.stopped().await;
        if cause != Exit::Unavailable {
            tokio::time::sleep(GRACE).await;
        }
        cause
    };
    tokio::select! {
        biased;
        result = device::enroll(context, &mut participant, work) => result,
        cause = too_late => Err(DeviceFailure::cut_off(cause, context.platform.registry().is_some())),
    }
}
