//! Replaced pairs: `.certreq/archive/<id>/<number>`.
//!
//! A pair is replaced by swapping two directories, after which the old one stands where the new one grew. Before the
//! swap its files get a second name in the archive, so that the swap can be cut at any point: whatever is found in
//! `staged` afterwards is told apart by being the same file as one in the archive.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::{
    layout::{CERTIFICATE_FILE, KEY_FILE, Layout},
    write::{self, DiskError, at},
};
use crate::device_id::DeviceId;

/// Gives the pair that is about to be replaced a second name, unless an earlier run that was cut did so already.
pub(super) fn link(layout: &Layout, device: &DeviceId, paths: &mut Vec<PathBuf>) -> Result<(), DiskError> {
    let old = layout.device(device);
    if !old.exists() {
        return Ok(());
    }
    let kept = match newest(layout, device)? {
        Some(newest) if holds_one_of(&newest, &old) => newest,
        _ => next(layout, device)?,
    };
    for name in [KEY_FILE, CERTIFICATE_FILE] {
        let (from, to) = (old.join(name), kept.join(name));
        if is_same_file(&from, &to) {
            continue;
        }
        match fs::hard_link(&from, &to) {
            Ok(()) => paths.push(to),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(at(&to)(error)),
        }
    }
    Ok(())
}

/// A swap left the replaced directory in `staged`: it holds a file that is in the archive, or one that no staged
/// pair has.
pub(super) fn was_replaced(layout: &Layout, device: &DeviceId) -> Result<bool, DiskError> {
    let staged = layout.staged(device);
    for entry in fs::read_dir(&staged).map_err(at(&staged))? {
        let name = entry.map_err(at(&staged))?.file_name();
        if name != KEY_FILE && name != CERTIFICATE_FILE {
            return Ok(true);
        }
    }
    Ok(newest(layout, device)?.is_some_and(|newest| holds_one_of(&newest, &staged)))
}

/// Takes away what a swap left in `staged`: the replaced directory. It goes to the archive as it is, where only names
/// for its files stood in until now, so that whoever has it open goes on reading the old pair in it; nothing is
/// removed that has no other name.
pub(super) fn put_away(layout: &Layout, device: &DeviceId) -> Result<(), DiskError> {
    let staged = layout.staged(device);
    let kept = match newest(layout, device)? {
        Some(newest) => newest,
        None => next(layout, device)?,
    };
    write::exchange(&staged, &kept)?;
    for entry in fs::read_dir(&staged).map_err(at(&staged))? {
        let entry = entry.map_err(at(&staged))?;
        let (from, to) = (entry.path(), kept.join(entry.file_name()));
        if is_same_file(&from, &to) {
            fs::remove_file(&from).map_err(at(&from))?;
        } else {
            write::rename_new(&from, &to)?;
        }
    }
    fs::remove_dir(&staged).map_err(at(&staged))
}

/// Removes all replaced pairs of a device but the newest `keep`.
pub(super) fn prune(layout: &Layout, device: &DeviceId, keep: usize) -> Result<(), DiskError> {
    let archive = layout.archive(device);
    let mut numbers = numbers(&archive)?;
    numbers.sort_unstable_by(|one, other| other.cmp(one));
    for number in numbers.into_iter().skip(keep) {
        let path = archive.join(number.to_string());
        fs::remove_dir_all(&path).map_err(at(&path))?;
    }
    Ok(())
}

/// Makes the next numbered directory of a device's archive.
fn next(layout: &Layout, device: &DeviceId) -> Result<PathBuf, DiskError> {
    let archive = layout.archive(device);
    write::create_directory(&archive, 0o700)?;
    let last = newest_number(&archive)?.unwrap_or(0);
    let path = archive.join((last + 1).to_string());
    write::create_directory(&path, 0o700)?;
    Ok(path)
}

fn newest(layout: &Layout, device: &DeviceId) -> Result<Option<PathBuf>, DiskError> {
    let archive = layout.archive(device);
    Ok(newest_number(&archive)?.map(|number| archive.join(number.to_string())))
}

fn newest_number(archive: &Path) -> Result<Option<u32>, DiskError> {
    Ok(numbers(archive)?.into_iter().max())
}

fn numbers(archive: &Path) -> Result<Vec<u32>, DiskError> {
    let entries = match fs::read_dir(archive) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(at(archive)(error)),
    };
    Ok(entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()).collect())
}

/// One of the two files of a pair is the same file in both directories.
fn holds_one_of(kept: &Path, directory: &Path) -> bool {
    [KEY_FILE, CERTIFICATE_FILE].iter().any(|name| is_same_file(&kept.join(name), &directory.join(name)))
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::symlink_metadata(one), fs::symlink_metadata(other)) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::vault;

    fn fleet() -> (tempfile::TempDir, Layout, DeviceId) {
        let home = tempfile::tempdir().unwrap();
        let layout = Layout::new(home.path());
        let id: DeviceId = "a1998e".parse().unwrap();
        fs::create_dir_all(layout.staged(&id)).unwrap();
        fs::create_dir_all(layout.device(&id)).unwrap();
        (home, layout, id)
    }

    fn text(path: &Path) -> String {
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn a_swap_cut_before_the_end_is_tidied_and_loses_nothing() {
        let (_home, layout, id) = fleet();
        for (name, content) in [(KEY_FILE, "old key"), (CERTIFICATE_FILE, "old"), ("notes", "precious")] {
            fs::write(layout.device(&id).join(name), content).unwrap();
        }
        fs::write(layout.staged(&id).join(KEY_FILE), "new key").unwrap();
        link(&layout, &id, &mut Vec::new()).unwrap();
        assert!(!was_replaced(&layout, &id).unwrap(), "before the swap the new pair is there");
        write::exchange(&layout.staged(&id), &layout.device(&id)).unwrap();
        assert!(vault::unfinished(&layout).unwrap().is_empty());
        let kept = layout.archive(&id).join("1");
        assert_eq!(
            [text(&kept.join(KEY_FILE)), text(&kept.join(CERTIFICATE_FILE)), text(&kept.join("notes"))],
            ["old key", "old", "precious"]
        );
        assert_eq!(text(&layout.device(&id).join(KEY_FILE)), "new key");
        assert!(!layout.staged(&id).exists());
    }

    #[test]
    fn whoever_has_the_old_directory_open_goes_on_reading_the_old_pair() {
        let (_home, layout, id) = fleet();
        for name in [KEY_FILE, CERTIFICATE_FILE] {
            fs::write(layout.device(&id).join(name), format!("old {name}")).unwrap();
            fs::write(layout.staged(&id).join(name), format!("new {name}")).unwrap();
        }
        let open = fs::File::open(layout.device(&id)).unwrap();
        link(&layout, &id, &mut Vec::new()).unwrap();
        write::exchange(&layout.staged(&id), &layout.device(&id)).unwrap();
        put_away(&layout, &id).unwrap();
        for name in [KEY_FILE, CERTIFICATE_FILE] {
            use rustix::fs::{Mode, OFlags, openat};
            let file = openat(&open, name, OFlags::RDONLY, Mode::empty()).unwrap();
            assert_eq!(io::read_to_string(fs::File::from(file)).unwrap(), format!("old {name}"));
        }
        assert!(!layout.staged(&id).exists());
        prune(&layout, &id, 1).unwrap();
        assert!(layout.archive(&id).join("1").exists());
        prune(&layout, &id, 0).unwrap();
        assert!(!layout.archive(&id).join("1").exists());
    }

    #[test]
    fn a_replaced_directory_without_a_pair_is_kept_too() {
        let (_home, layout, id) = fleet();
        fs::write(layout.device(&id).join("notes"), "precious").unwrap();
        fs::write(layout.staged(&id).join(KEY_FILE), "new key").unwrap();
        link(&layout, &id, &mut Vec::new()).unwrap();
        write::exchange(&layout.staged(&id), &layout.device(&id)).unwrap();
        assert!(vault::unfinished(&layout).unwrap().is_empty());
        assert_eq!(text(&layout.archive(&id).join("1/notes")), "precious");
    }

    #[test]
    fn a_second_name_that_somebody_else_gave_a_staged_key_does_not_make_it_an_old_one() {
        let (home, layout, id) = fleet();
        let key = crate::pki::key::PrivateKey::generate(crate::pki::key::KeySpec::P256).unwrap();
        let staged = layout.staged(&id).join(KEY_FILE);
        fs::write(&staged, key.to_pkcs8_pem().unwrap().as_bytes()).unwrap();
        fs::hard_link(&staged, home.path().join("a-backup")).unwrap();
        let unfinished = vault::unfinished(&layout).unwrap();
        assert_eq!(unfinished.len(), 1);
        assert_eq!(unfinished[0].key.public_key_info(), key.public_key_info());
    }

    #[test]
    fn a_replacement_cut_before_the_swap_archives_once() {
        let (_home, layout, id) = fleet();
        fs::write(layout.device(&id).join(KEY_FILE), "old key").unwrap();
        link(&layout, &id, &mut Vec::new()).unwrap();
        link(&layout, &id, &mut Vec::new()).unwrap();
        assert!(!layout.archive(&id).join("2").exists());
    }
}
