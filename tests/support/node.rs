//! Programs from the npm registry that play a part which others wrote, in directories that all runs share.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use super::tools::{needs, say};

/// node, and the directory with a copy of `sources` and what its lock file names; made once under the target
/// directory. Without node, npm or the network: as [`needs`].
#[track_caller]
pub(crate) fn with(sources: &str) -> Option<(PathBuf, PathBuf)> {
    let (node, npm) = (needs("node")?, needs("npm")?);
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(sources);
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("node-{}", sources.replace('/', "-")));
    fs::create_dir_all(&to).unwrap();
    // Tests run beside each other: the first makes it, the others wait.
    let lock = File::create(to.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let installed = to.join("node_modules/.installed");
    let wanted = fs::read_to_string(from.join("package-lock.json")).unwrap();
    for entry in fs::read_dir(&from).unwrap().flatten() {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Some((node, to));
    }
    let mut command = Command::new(npm);
    command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&to);
    let output = command.output().unwrap();
    if output.status.success() {
        fs::write(installed, wanted).unwrap();
        return Some((node, to));
    }
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(std::env::var_os("CI").is_none(), "no npm packages of {sources}: {why}");
    let caller = std::panic::Location::caller();
    say(&format!("left out: {}:{} needs the npm packages of {sources}: {why}", caller.file(), caller.line()));
    None
}
