//! The embedded authority, from outside: opening it would write to its database.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use rustix::fs::{Access, access};

use crate::{authority::Authority, output::checks::Check};

pub(super) fn checks(directory: &Path) -> Vec<Check> {
    let shown = directory.display();
    if !Authority::exists(directory) {
        let text = format!("there is no authority in {shown}");
        return vec![
            Check::fail("authority", text)
                .hint("name its directory: --authority DIR; certreq issue --local ID creates one"),
        ];
    }
    vec![writable(directory), key(&Authority::key_file(directory))]
}

fn writable(directory: &Path) -> Check {
    let shown = directory.display();
    if access(directory, Access::WRITE_OK | Access::EXEC_OK).is_err() {
        let text = format!("{shown} cannot be written by this user");
        return Check::fail("authority", text).hint(format!("check its owner: ls -ld {shown}"));
    }
    Check::ok("authority", format!("{shown}; not opened (read-only check)"))
}

fn key(path: &Path) -> Check {
    let shown = path.display();
    match fs::metadata(path).map(|metadata| metadata.permissions().mode() & 0o7777) {
        Err(error) => Check::fail("ca key", format!("{shown} cannot be used: {error}"))
            .hint("restore it from a backup: without it nothing can be signed or revoked"),
        Ok(mode) if mode & 0o077 != 0 => {
            Check::fail("ca key", format!("{shown} has the mode {mode:04o}: others may sign with it"))
                .hint(format!("chmod 600 {shown}"))
        }
        Ok(mode) => Check::ok("ca key", format!("{mode:04o}")),
    }
}
