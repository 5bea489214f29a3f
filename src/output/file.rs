//! Reports that go to a file instead of the terminal.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};

/// Replaces `path` in one step: a reader finds the old report or the new one, whole. The umask decides which users may
/// read it. A path that is no regular file, such as a pipe or `/dev/stdout`, is written to and not replaced.
///
/// # Errors
/// When the disk refuses; the old file stays then.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Through a link to the file it leads to, as a shell's `>` would.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file()) {
        return OpenOptions::new().write(true).open(&target)?.write_all(bytes);
    }
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Collectors take files by their suffix; this one is no file of theirs yet.
    let mut growing = tempfile::Builder::new()
        .prefix(".certreq-")
        .suffix(".new")
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(directory)?;
    growing.write_all(bytes)?;
    growing.as_file().sync_all()?;
    growing.persist(&target)?;
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_replaces_the_old_one_whole_and_pipes_stay_pipes() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("fleet.prom");
        for text in ["a longer first one", "second"] {
            replace(&path, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "nothing is left over");
        let link = home.path().join("link");
        std::os::unix::fs::symlink("fleet.prom", &link).unwrap();
        replace(&link, b"third").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "third");
        let pipe = home.path().join("pipe");
        let (kind, mode) = (rustix::fs::FileType::Fifo, rustix::fs::Mode::from_raw_mode(0o600));
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, kind, mode, 0).unwrap();
        let mut reader = OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
        replace(&pipe, b"through").unwrap();
        let mut text = [0; 7];
        io::Read::read_exact(&mut reader, &mut text).unwrap();
        assert_eq!(&text, b"through");
        assert!(!fs::metadata(&pipe).unwrap().is_file());
        assert!(replace(&home.path().join("none/x"), b"").is_err());
    }
}
