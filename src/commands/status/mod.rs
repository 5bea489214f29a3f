//! `certreq status`: what a fleet directory holds and how it came.

mod journal;

use std::path::PathBuf;

use crate::{
    failure::{Exit, Failure},
    fleet::layout::Layout,
    output::Ui,
};

/// What to show.
#[derive(Clone, Debug)]
pub struct Plan {
    pub dir: PathBuf,
    pub json: bool,
}

/// Shows it.
///
/// # Errors
/// When it cannot be read, or stdout cannot be written.
pub fn run(plan: &Plan, ui: &Ui) -> Result<Exit, Failure> {
    journal::print(&Layout::new(&plan.dir), plan.json, ui)
}
