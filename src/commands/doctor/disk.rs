//! Checks of the fleet's directory: the right to write, free room, and which other users may look into it.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::fs::{Access, StatVfsMountFlags, access, statvfs};

use crate::{fleet::layout::Layout, output::checks::Check};

/// Below this a batch of some thousand devices may not fit.
const FEW_BYTES: u64 = 64 << 20;
/// A device takes three.
const FEW_NODES: u64 = 3_000;

pub(super) fn checks(layout: &Layout) -> Vec<Check> {
    let root = layout.root();
    let shown = root.display();
    match fs::metadata(root) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let hint = "name the fleet's directory; certreq issue --dir DIR makes one";
            return vec![Check::warn("directory", format!("{shown} does not exist")).hint(hint)];
        }
        Err(error) => {
            let hint = format!("check its owner: ls -ld {shown}");
            return vec![Check::fail("directory", format!("{shown} cannot be read: {error}")).hint(hint)];
        }
        Ok(metadata) if !metadata.is_dir() => {
            let hint = "name the directory that holds ca/ and cert_<id>/";
            return vec![Check::fail("directory", format!("{shown} is not a directory")).hint(hint)];
        }
        Ok(_) => {}
    }
    vec![directory(layout), space(root), own(layout)]
}

/// Everything a run writes into.
fn directory(layout: &Layout) -> Check {
    let parts = [layout.root().to_owned(), layout.root().join("ca"), layout.own(), layout.staging()];
    let files = [layout.journal(), layout.lock(), layout.ca_certificate()];
    for path in parts.iter().skip(1) {
        if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
            let text = format!("{} is a symbolic link, which is not followed", path.display());
            return Check::fail("directory", text).hint("put a directory of its own there");
        }
    }
    let closed: Vec<&PathBuf> = parts
        .iter()
        .filter(|path| path.exists() && access(*path, Access::WRITE_OK | Access::EXEC_OK).is_err())
        .chain(files.iter().filter(|path| path.exists() && access(*path, Access::READ_OK).is_err()))
        .collect();
    let root = layout.root().display();
    match closed.as_slice() {
        [] => Check::ok("directory", format!("{root} can be written")),
        [first, ..] => {
            let path = first.display();
            let text = format!("{path} cannot be {} by this user", verb(first, &parts));
            Check::fail("directory", text).hint(format!("check its owner: ls -ld {path}"))
        }
    }
}

fn verb(path: &Path, directories: &[PathBuf]) -> &'static str {
    if directories.iter().any(|directory| directory == path) { "written" } else { "read" }
}

fn space(root: &Path) -> Check {
    let stat = match statvfs(root) {
        Ok(stat) => stat,
        Err(error) => {
            return Check::skipped("space", format!("the file system gives no answer: {error}"));
        }
    };
    if stat.f_flag.contains(StatVfsMountFlags::RDONLY) {
        let hint = "mount it for writing, or name another directory";
        return Check::fail("space", "the file system is mounted read-only").hint(hint);
    }
    let bytes = stat.f_bavail.saturating_mul(stat.f_frsize);
    let mebibytes = bytes >> 20;
    // Some file systems make inodes as they are needed, and report their number as 0.
    let nodes = (stat.f_files > 0).then_some(stat.f_favail);
    let count = nodes.map(|nodes| format!(", {nodes} files")).unwrap_or_default();
    let text = format!("{mebibytes} MiB{count} free");
    let hint = format!("free disk space: df -h {0}; df -i {0}", root.display());
    if bytes == 0 || nodes == Some(0) {
        Check::fail("space", text).hint(hint)
    } else if bytes < FEW_BYTES || nodes.is_some_and(|nodes| nodes < FEW_NODES) {
        Check::warn("space", text).hint(hint)
    } else {
        Check::ok("space", text)
    }
}

/// Staged keys and replaced pairs are in there.
fn own(layout: &Layout) -> Check {
    let path = layout.own();
    let shown = path.display();
    match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Check::skipped(".certreq", "does not exist yet: nothing was issued here")
        }
        Err(error) => {
            let text = format!("{shown} cannot be looked at: {error}");
            Check::fail(".certreq", text).hint(format!("check its owner: ls -ld {shown}"))
        }
        Ok(metadata) if metadata.mode() & 0o077 != 0 => {
            let mode = metadata.mode() & 0o7777;
            let text = format!("{shown} has the mode {mode:04o}; private keys are in it");
            Check::fail(".certreq", text).hint(format!("chmod 700 {shown}"))
        }
        Ok(metadata) => Check::ok(".certreq", format!("{:04o}", metadata.mode() & 0o7777)),
    }
}
