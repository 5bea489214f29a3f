//! Shortening a journal to what later runs need.

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Write},
    path::Path,
};

use super::{Event, JournalError, Line, ObjectStep, RevocationStep, custody, hash, scan, write};

/// Lines that stay, by their numbers. Memory holds hashes and not records.
#[derive(Debug, Default)]
pub(super) struct Kept {
    lines: HashMap<[u8; 32], usize>,
    extra: Vec<usize>,
    count: usize,
}

impl Kept {
    pub(super) fn learn(&mut self, line: Line<'_>) {
        match Self::place(line) {
            Place::Everybody => self.extra.push(self.count),
            Place::Settles(owed) => drop(self.lines.remove(&owed)),
            Place::Own(place) => {
                if matches!(
                    line.event,
                    Event::Published { .. } | Event::Revocation { step: RevocationStep::Done, .. }
                ) {
                    self.lines.remove(&line.subject());
                }
                self.lines.insert(place, self.count);
            }
        }
        self.count += 1;
    }

    /// The numbers of the lines that stay, from 0, in order.
    fn numbers(self) -> Vec<usize> {
        let mut numbers: Vec<usize> = self.lines.into_values().chain(self.extra).collect();
        numbers.sort_unstable();
        numbers
    }

    /// The place of a line. A key may get several certificates, one after the other; each has its own line.
    fn place(line: Line<'_>) -> Place {
        match line.event {
            Event::Surplus { .. } => Place::Everybody,
            Event::Published { fingerprint, .. } => Place::Own(hash(&[line.device, line.key, fingerprint])),
            Event::Settled { .. }
            | Event::LookedThrough { .. }
            | Event::Object { object: ObjectStep::Removed, .. } => Place::Settles(line.subject()),
            // A revoked certificate stays revoked, even if a later attempt failed: this line proves it.
            Event::Revocation { fingerprint, step: RevocationStep::Done, .. } => {
                Place::Own(hash(&["revoked", fingerprint]))
            }
            _ => Place::Own(line.subject()),
        }
    }
}

/// The line that a record takes the place of.
enum Place {
    Own([u8; 32]),
    Settles([u8; 32]),
    Everybody,
}

/// Rewrites the journal with one line a certificate, the last record of every key that is still open, and what is
/// owed. Reads it twice, so that memory holds hashes and not records.
///
/// # Errors
/// When it cannot be read or replaced; the old one stays then.
pub fn compact(path: &Path) -> Result<(), JournalError> {
    let mut kept = Kept::default();
    scan(path, |record| kept.learn(record.line()))?;
    shorten(path, kept)
}

/// Rewrites the journal with the lines that stay.
pub(super) fn shorten(path: &Path, kept: Kept) -> Result<(), JournalError> {
    let count = kept.count;
    let numbers = kept.numbers();
    if numbers.len() < count {
        write::replace_with(path, 0o600, |file| copy(path, &numbers, file))?;
    }
    Ok(())
}

/// Copies these lines unchecked: this run, which holds the fleet's lock, wrote each of them, or read it and found it
/// whole.
fn copy(path: &Path, numbers: &[usize], to: &mut impl Write) -> io::Result<()> {
    let mut reader = BufReader::new(custody::open_own(path)?);
    let mut text = Vec::new();
    let mut wanted = numbers.iter().peekable();
    for number in 0.. {
        let Some(next) = wanted.peek() else { break };
        text.clear();
        if reader.read_until(b'\n', &mut text)? == 0 {
            return Err(io::Error::other("it became shorter while it was being shortened"));
        }
        if **next == number {
            to.write_all(&text)?;
            wanted.next();
        }
    }
    Ok(())
}
