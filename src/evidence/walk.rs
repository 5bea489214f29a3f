//! Files below a directory, sorted, one directory at a time: a hundred thousand devices do not fill the memory.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The program's own directory in a fleet: the staged and replaced pairs in it are no certificates in use.
const OWN: &str = ".certreq";

/// An iterator over regular files, in the order of their names.
#[derive(Debug)]
pub(super) struct Walk {
    /// Entries that are still to be visited, last first.
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
                // Links to files are followed. Links to directories are not, because they may form a loop.
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
