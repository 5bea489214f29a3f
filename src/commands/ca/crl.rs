//! `certreq ca crl`: the revocation list for a broker, once or for as long as it runs.

use std::{path::Path, time::Duration};

use serde::Serialize;

use super::Say;
use crate::{
    commands::{
        Interrupts,
        anchor::{
            self, Terms,
            lists::{self, Fresh, Kept, ListError},
        },
        workspace,
    },
    evidence::platform,
    failure::{Exit, Failure},
    fleet::layout::Layout,
    output::count,
    pki::{certificate::Certificate, time::Time},
    platform::Platform,
};

/// Revocations become visible with the next list, which may come long before this one ends.
const LONGEST: Duration = Duration::from_secs(2 * 3600);
/// The first pause after a failure; later ones double up to [`LONGEST_RETRY`].
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(300);

#[derive(Serialize)]
struct Record<'a> {
    schema: &'static str,
    file: String,
    number: Option<&'a str>,
    this_update: Time,
    next_update: Option<Time>,
    revoked: usize,
    changed: bool,
}

fn now() -> Time {
    std::time::SystemTime::now().into()
}

pub(super) async fn run(
    platform: &dyn Platform,
    layout: &Layout,
    terms: Terms,
    watch: bool,
    parts: &[lists::Part],
    say: Say<'_>,
) -> Result<Exit, Failure> {
    let mut interrupts =
        Interrupts::listen().map_err(|error| Failure::failed(format!("signals cannot be handled: {error}")))?;
    let work = async {
        // A watcher waits for its turn: another one may start at the same moment.
        let lock = if watch { workspace::lock(layout, true, say.ui).await? } else { super::lock(layout)? };
        let anchors = anchor::agree_on_root(platform, layout, terms, say.ui).await?;
        drop(lock);
        if !watch {
            let whole = parts.is_empty().then_some(None);
            for part in whole.into_iter().chain(parts.iter().copied().map(Some)) {
                tell(&once(platform, layout, &anchors, part).await?, &lists::file(layout, part), say)?;
            }
            return Ok(Exit::Done);
        }
        keep_fresh(platform, layout, &anchors, say).await
    };
    tokio::select! {
        outcome = work => outcome,
        () = interrupts.next(), if watch => {
            say.ui.note("stopped watching; ca/crl.pem stays as it is");
            Ok(Exit::Done)
        }
    }
}

async fn once(
    platform: &dyn Platform,
    layout: &Layout,
    anchors: &[Certificate],
    part: Option<lists::Part>,
) -> Result<Fresh, Failure> {
    match lists::refresh(platform, layout, anchors, part).await {
        Ok(Kept::Fresh(fresh)) => Ok(fresh),
        Ok(Kept::Older(words)) => Err(Failure::new(Exit::Unsafe, words)
            .hint("the list on disk was kept; ask the platform's operator why an older list came")),
        Err(ListError::Platform(error @ platform::ListError::NotItsOwn(_))) => {
            Err(Failure::from(error).context("ca/crl.pem was not written"))
        }
        Err(ListError::Platform(error)) => Err(error.into()),
        Err(error @ ListError::Disk(_)) => Err(Failure::failed(error.to_string())),
    }
}

async fn keep_fresh(
    platform: &dyn Platform,
    layout: &Layout,
    anchors: &[Certificate],
    say: Say<'_>,
) -> Result<Exit, Failure> {
    let mut retry = FIRST_RETRY;
    loop {
        let pause = match once(platform, layout, anchors, None).await {
            Ok(fresh) => {
                retry = FIRST_RETRY;
                tell(&fresh, &layout.ca_revocation_list(), say)?;
                pause(fresh.next_update, now())
            }
            Err(failure) => {
                let pause = jittered(retry);
                retry = (retry * 2).min(LONGEST_RETRY);
                say.ui.warn(&format!(
                    "{failure}; the list on disk is kept, next try in {} s",
                    pause.as_secs().max(1)
                ));
                pause
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Two thirds of the remaining life of the list, so that a failure leaves time to try again.
fn pause(next_update: Option<Time>, now: Time) -> Duration {
    let left = next_update
        .map_or(LONGEST.as_secs(), |end| u64::try_from(end.unix().saturating_sub(now.unix())).unwrap_or(0));
    jittered((Duration::from_secs(left) * 2 / 3).min(LONGEST)).max(FIRST_RETRY)
}

/// Up to a fifth less, so that many watchers do not ask together.
fn jittered(pause: Duration) -> Duration {
    let mut bytes = [0; 4];
    // The pause keeps its full length when the random generator fails, which is no reason to stop.
    let _ = aws_lc_rs::rand::fill(&mut bytes);
    pause.mul_f64(1.0 - 0.2 * f64::from(u32::from_ne_bytes(bytes)) / f64::from(u32::MAX))
}

fn tell(fresh: &Fresh, file: &Path, say: Say<'_>) -> Result<(), Failure> {
    let file = file.display().to_string();
    let number = fresh.number.as_ref().map_or_else(String::new, |number| format!("  number {number}"));
    let until = fresh.next_update.map_or_else(String::new, |end| format!("  next update {}", end.moment()));
    let state = if fresh.changed { "written" } else { "unchanged" };
    let text = format!("{file}  {state}{number}  {} revoked{until}", fresh.revoked);
    let record = Record {
        schema: "certreq.ca.crl/1",
        file,
        number: fresh.number.as_deref(),
        this_update: fresh.this_update,
        next_update: fresh.next_update,
        revoked: fresh.revoked,
        changed: fresh.changed,
    };
    say.answer(&record, &text)?;
    if let Some(end) = fresh.next_update.filter(|end| *end <= now()) {
        say.ui.warn(&format!(
            "the platform's revocation list expired at {}: brokers will not accept it",
            end.moment()
        ));
    }
    say.ui.detail(&count(fresh.revoked, "revoked certificate"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_list_is_fetched_before_this_one_ends_and_not_by_everybody_at_once() {
        let now = Time::from_unix(1_000_000);
        for left in [2_u64, 60, 3600] {
            let end = Some(now.plus(i64::try_from(left).unwrap()));
            for _ in 0..50 {
                let pause = pause(end, now).as_secs_f64();
                #[expect(clippy::cast_precision_loss, reason = "small numbers")]
                let left = left as f64;
                assert!(
                    pause >= 1.0 && pause <= (left * 2.0 / 3.0).max(1.0) && pause >= left * 0.53,
                    "{pause}"
                );
            }
        }
        assert!(pause(Some(now.plus(864_000)), now) <= LONGEST);
        assert_eq!(pause(Some(now.plus(-5)), now), FIRST_RETRY);
    }
}
