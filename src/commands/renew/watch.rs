//! Renewal without an end (`--watch`): each device is renewed when it becomes due.

use std::{sync::Arc, time::Duration};

use serde::Serialize;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{
    Plan,
    cycle::{self, Memory},
    lazy_platform::LazyPlatform,
    outcome::{End, Next},
};
use crate::{
    commands::{stdout::written, workspace::now},
    enroll::Stop,
    failure::{Exit, Failure},
    output::Ui,
    pki::time::Time,
    platform::Platform,
};

/// The fleet is looked at again after this long at the latest: directories come and go, and lists of revoked
/// certificates change.
const LOOK_AGAIN: Duration = Duration::from_secs(3600);
/// Between two cycles, so that devices that become due together are renewed together.
const BREATH: Duration = Duration::from_secs(1);
/// The clock is read again after this long: it may be set, and machines sleep.
const NAP: Duration = Duration::from_secs(30);
const LONGEST_JITTER: f64 = 300.0;
/// A platform that refuses us is asked much less often: accounts get locked.
const REFUSED: Duration = Duration::from_secs(60);

/// One line a cycle.
#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    at: Time,
    renewed: usize,
    failed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_device: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_due_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    wakes_at: Time,
}

/// Until `stop`.
pub(super) async fn run<O>(
    mut platform: LazyPlatform<O>,
    mut plan: Plan,
    again: impl Fn() -> Result<Plan, Failure>,
    stop: Arc<Stop>,
    ui: &Ui,
) -> Result<Exit, Failure>
where
    O: AsyncFnMut() -> Result<Arc<dyn Platform>, Failure>,
{
    let mut hangup = signal(SignalKind::hangup())
        .map_err(|error| Failure::failed(format!("signals cannot be handled: {error}")))?;
    let mut memory = Memory::default();
    let mut backoff = Backoff::default();
    loop {
        let result = one(&mut platform, &plan, &memory, &stop, ui).await;
        if stop.cause().is_some() {
            return Ok(Exit::Interrupted);
        }
        let pause = match &result {
            Ok(end) => after(end, &mut memory, &mut backoff),
            Err(failure) => backoff.next(failure.exit),
        };
        if !matches!(&result, Ok(end) if end.exit == Exit::Done) {
            // Files may hold another secret by now; the next try reads them.
            platform.forget();
        }
        tell(&result, now().plus(i64::try_from(pause.as_secs()).unwrap_or(i64::MAX)), plan.json, ui)?;
        tokio::select! {
            _ = stop.stopped() => return Ok(Exit::Interrupted),
            () = sleep(pause) => {}
            () = hear(&mut hangup) => {
                platform.forget();
                backoff = Backoff::default();
                match again() {
                    Ok(new) => plan = new,
                    Err(failure) => ui.warn(&format!("the settings stay as they were: {failure}")),
                }
                ui.note("reloaded: files are read again");
            }
        }
    }
}

async fn hear(hangup: &mut Signal) {
    let _ = hangup.recv().await;
}

/// Runs one cycle with a stop of its own: a platform that refuses in this cycle may not refuse in the next.
async fn one<O>(
    platform: &mut LazyPlatform<O>,
    plan: &Plan,
    memory: &Memory,
    stop: &Arc<Stop>,
    ui: &Ui,
) -> Result<End, Failure>
where
    O: AsyncFnMut() -> Result<Arc<dyn Platform>, Failure>,
{
    let own = Arc::new(Stop::default());
    let cycle = cycle::run(platform, plan, memory, Arc::clone(&own), ui);
    tokio::pin!(cycle);
    tokio::select! {
        result = &mut cycle => return result,
        _ = stop.stopped() => own.interrupt(),
    }
    cycle.await
}

/// Remembers the renewed devices, and says how long the process can rest.
fn after(end: &End, memory: &mut Memory, backoff: &mut Backoff) -> Duration {
    let now = now();
    memory.resting.retain(|_, rest| *rest > now);
    for (device, issued) in &end.renewed {
        memory.resting.insert(device.clone(), cycle::rest(issued));
    }
    let until_due = end.next.as_ref().map_or(LOOK_AGAIN, |next| until(next, now)).clamp(BREATH, LOOK_AGAIN);
    if end.failed > 0 {
        return backoff.next(end.exit).min(until_due);
    }
    *backoff = Backoff::default();
    until_due
}

/// Time until the device is due, with a random delay, so that many watchers do not wake at once.
fn until(next: &Next, now: Time) -> Duration {
    let seconds = |from: Time, to: Time| u64::try_from(to.unix() - from.unix()).unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "a few years in seconds")]
    let room = (seconds(next.due_at, next.not_after) as f64 / 20.0).min(LONGEST_JITTER);
    Duration::from_secs(seconds(now, next.due_at)) + Duration::from_secs_f64(room * fraction())
}

/// Uniform in 0 to 1; without randomness the middle.
fn fraction() -> f64 {
    let mut bytes = [0; 4];
    match aws_lc_rs::rand::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_ne_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 0.5,
    }
}

/// Sleeps by the wall clock: certificates expire by it, also while a machine is suspended.
async fn sleep(pause: Duration) {
    let end = std::time::SystemTime::now() + pause;
    while let Ok(left) = end.duration_since(std::time::SystemTime::now()) {
        tokio::time::sleep(left.min(NAP)).await;
    }
}

/// Twice as long after each failure, up to an hour.
#[derive(Default)]
struct Backoff {
    last: Option<Duration>,
}

impl Backoff {
    fn next(&mut self, exit: Exit) -> Duration {
        let first = if exit == Exit::Refused { REFUSED } else { BREATH };
        let pause = self.last.map_or(first, |last| last * 2).clamp(first, LOOK_AGAIN);
        self.last = Some(pause);
        pause.mul_f64(0.75 + fraction() / 4.0)
    }
}

fn tell(result: &Result<End, Failure>, wakes_at: Time, json: bool, ui: &Ui) -> Result<(), Failure> {
    let (renewed, failed, next, error) = match result {
        Ok(end) => (end.renewed.len(), end.failed, end.next.as_ref(), None),
        Err(failure) => (0, 0, None, Some(failure.message.as_str())),
    };
    if let Err(failure) = result {
        ui.failure(failure);
    }
    let at = now();
    if !json {
        let next = next
            .map_or_else(String::new, |next| format!("; next: {} at {}", next.device, next.due_at.moment()));
        let what =
            if error.is_some() { "failed".to_owned() } else { format!("{renewed} renewed, {failed} failed") };
        let (at, wakes_at) = (at.moment(), wakes_at.moment());
        ui.note(&format!("{at}  {what}{next}; next check at {wakes_at}"));
        return Ok(());
    }
    let line = Line {
        schema: "certreq.renew-cycle/1",
        at,
        renewed,
        failed,
        next_device: next.map(|next| next.device.as_str()),
        next_due_at: next.map(|next| next.due_at),
        error,
        wakes_at,
    };
    written(ui.json(&line))
}
