//! Consent to a revoking run: the certificates are shown, and the user agrees.

use super::{Candidate, Plan, interrupted, now};
use crate::{
    enroll::Stop,
    failure::{Exit, Failure},
    output::{Block, Table, Ui, columns, count, span},
    pki::certificate::Validity,
};

/// Runs over more certificates than this need their number as consent.
const FEW: usize = 10;
/// The most certificates that are shown one by one.
const SHOWN: usize = 20;
/// Columns of a serial number or a fingerprint in a table: its first six octets.
const SHORT: usize = 20;

/// Ways in which the user agrees to a run.
#[derive(Clone, Copy, Debug)]
pub struct Consent {
    /// Do not ask.
    pub yes: bool,
    /// The number of certificates that the user expects.
    pub confirm: Option<usize>,
    /// The run changes nothing, so it needs no consent.
    pub dry_run: bool,
}

/// Shows the certificates and asks, unless that was answered beforehand.
///
/// # Errors
/// When it was not agreed to.
pub(super) async fn ask(
    plan: &Plan,
    candidates: &[Candidate],
    place: &str,
    stop: &Stop,
    ui: &Ui,
) -> Result<(), Failure> {
    let number = candidates.len();
    match plan.consent.confirm {
        Some(expected) if expected != number => {
            return Err(Failure::new(
                Exit::Unsafe,
                format!("there are {}, but --confirm says {expected}", count(number, "certificate")),
            )
            .hint("nothing was done; see them with --dry-run"));
        }
        None if number > FEW => {
            return Err(Failure::usage(format!("{number} certificates need --confirm: more than {FEW}"))
                .hint(format!("see them with --dry-run, then add --confirm {number}")));
        }
        _ => {}
    }
    let about = about(candidates, plan.unlink);
    if plan.consent.yes {
        ui.note(&about);
        return Ok(());
    }
    let what = count(number, "certificate");
    let question = if plan.unlink {
        format!("Remove the owner of {what} at {place}?")
    } else {
        format!("Revoke {what} at {place}? This cannot be undone.")
    };
    let asked = ui.clone();
    // A thread of its own: an interrupt must be heard while it waits.
    let answer = tokio::task::spawn_blocking(move || asked.ask(&about, &question));
    let answer = tokio::select! {
        biased;
        cause = stop.stopped() => return Err(interrupted(cause)),
        answer = answer => answer,
    };
    match answer {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(Failure::failed("not confirmed; nothing was done")),
        Ok(Err(error)) => Err(Failure::failed(format!("no answer from the terminal: {error}"))),
        Err(error) => Err(Failure::failed(format!("no answer from the terminal: {error}"))),
    }
}

fn about(candidates: &[Candidate], unlink: bool) -> String {
    let text = if candidates.len() > FEW { table(candidates) } else { blocks(candidates, unlink) };
    text.trim_end().to_owned()
}

fn blocks(candidates: &[Candidate], unlink: bool) -> String {
    let mut block = Block::new(columns::of_stderr().unwrap_or(columns::USUAL));
    let word = if unlink { "unlink" } else { "revoke" };
    for candidate in candidates {
        let certificate = &candidate.certificate;
        block.heading(anstyle::Style::new(), word, candidate.device());
        block.field("fingerprint", &certificate.fingerprint().to_string());
        block.field("serial", &certificate.serial);
        block.field("expires", &expiry(candidate));
        block.field("owner", candidate.owner.as_deref().unwrap_or("-"));
        if candidate.is_foreign == Some(true) && !unlink {
            block.field("issuer", &certificate.issuer);
            block.field("note", "only its own CA can revoke it: its record is removed here");
        }
    }
    block.finish()
}

fn expiry(candidate: &Candidate) -> String {
    let (certificate, now) = (&candidate.certificate, now());
    let left = span::duration(certificate.not_after.unix() - now.unix());
    let moment = span::moment(certificate.not_after);
    match certificate.validity_at(now) {
        Validity::Expired => format!("{moment}, {left} ago"),
        _ => format!("{moment}, in {left}"),
    }
}

fn table(candidates: &[Candidate]) -> String {
    let width = columns::of_stderr();
    // Whole where there is room: both are long, and the beginning tells them apart.
    let short = |text: &str| width.map_or_else(|| text.to_owned(), |_| columns::cut(text, SHORT));
    let mut table = Table::new(["OWNER", "EXPIRES", "SERIAL", "FINGERPRINT"], width);
    for candidate in candidates.iter().take(SHOWN) {
        let certificate = &candidate.certificate;
        let owner = candidate.owner.as_deref().unwrap_or("-");
        let expires = certificate.not_after.moment();
        let serial = short(&certificate.serial);
        let fingerprint = short(&certificate.fingerprint().to_string());
        table.row([owner, expires.as_str(), serial.as_str(), fingerprint.as_str()]);
    }
    let text = table.finish();
    if candidates.len() > SHOWN {
        let more = candidates.len() - SHOWN;
        return format!("{text}\nand {more} more; --dry-run names all of them");
    }
    text
}
