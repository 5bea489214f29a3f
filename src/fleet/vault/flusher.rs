//! The thread that waits for the disk, so that the writer does not have to.

use std::{fs::File, io, path::PathBuf, sync::mpsc, thread};

use super::Job;
use crate::fleet::write::{self, at};

/// Starts the thread. It answers every list of paths with one [`Job::Flushed`], and ends when the last sender is gone.
pub(super) fn start(
    directory: File,
    root: PathBuf,
    answers: mpsc::Sender<Job>,
) -> io::Result<mpsc::Sender<Vec<PathBuf>>> {
    let (requests, inbox) = mpsc::channel::<Vec<PathBuf>>();
    thread::Builder::new().name("flusher".to_owned()).spawn(move || {
        for paths in inbox {
            let flushed = write::sync_all_below(&directory, &paths).map_err(|error| {
                let source = io::Error::new(error.kind(), format!("it could not be flushed to disk: {error}"));
                at(&root)(source)
            });
            if answers.send(Job::Flushed(flushed)).is_err() {
                return;
            }
        }
    })?;
    Ok(requests)
}
