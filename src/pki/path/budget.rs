//! How much one search may cost. Hostile certificates can be many, of one name, and full of names.

use std::cell::Cell;

/// Signatures checked in one search.
const SIGNATURES: u32 = 400;
/// Everything else: certificates tried, names compared, policies carried on.
const WORK: u32 = 250_000;

/// Signatures and work that one search may still spend.
#[derive(Debug)]
pub(super) struct Budget {
    signatures: Cell<u32>,
    work: Cell<u32>,
}

/// The budget is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exhausted;

impl Budget {
    pub(super) fn new() -> Self {
        Self { signatures: Cell::new(SIGNATURES), work: Cell::new(WORK) }
    }

    pub(super) fn signature(&self) -> Result<(), Exhausted> {
        spend(&self.signatures, 1)
    }

    pub(super) fn work(&self, units: usize) -> Result<(), Exhausted> {
        spend(&self.work, u32::try_from(units).unwrap_or(u32::MAX))
    }

    /// The amount spent: signatures, and work.
    #[cfg(test)]
    pub(super) fn spent(&self) -> (u32, u32) {
        (SIGNATURES - self.signatures.get(), WORK - self.work.get())
    }
}

fn spend(left: &Cell<u32>, units: u32) -> Result<(), Exhausted> {
    let rest = left.get().checked_sub(units).ok_or(Exhausted);
    left.set(rest.unwrap_or(0));
    rest.map(|_| ())
}
