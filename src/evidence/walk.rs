//! Files below a directory, sorted, one directory at a time: a hundred thousand devices do not fill the memory.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What the program keeps for itself in a fleet directory: staged and replaced pairs are nobody's certificates.
const OWN: &str = ".certreq";

/// An iterator over regular files, in the order of their names.
#[derive(Debug)]
pub(super) struct Walk {
    /// What is still to come, last first.
    pending: Vec<Entry>,
    recursive: bool,
}

#[derive(Debug)]
enum Entry {
    File(PathBuf),
    Directory(PathBuf),
}

impl Walk {
    pub(super) fn new(directory: PathBuf, recursive: bool) -> Self {
        Self { pending: vec![Entry::Directory(directory)], recursive }
    }

    fn open(&mut self, directory: &Path, deep: bool) -> io::Result<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                if deep && entry.file_name() != OWN {
                    entries.push(Entry::Directory(entry.path()));
                }
            } else if kind.is_file() || (kind.is_symlink() && entry.path().is_file()) {
                // Links to files are followed, links to directories are not: they may lead round in circles.
                entries.push(Entry::File(entry.path()));
            }
        }
        entries.sort_unstable_by(|a, b| b.path().cmp(a.path()));
        self.pending.append(&mut entries);
        Ok(())
    }
}

impl Entry {
    fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Directory(path) => path,
        }
    }
}

impl Iterator for Walk {
    type Item = Result<PathBuf, (PathBuf, io::Error)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.pending.pop()? {
                Entry::File(path) => return Some(Ok(path)),
                Entry::Directory(path) => {
                    if let Err(error) = self.open(&path, self.recursive) {
                        return Some(Err((path, error)));
                    }
                }
            }
        }
    }
}
