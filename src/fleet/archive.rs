//! Replaced pairs: `.certreq/archive/<id>/<number>`.
//!
//! A pair is replaced by swapping two directories. After the swap the old directory stands in `staged`, where the new
//! one grew. Before the swap the old files get a second name (a hard link) in the archive, so that a run may be cut at
//! any point: a file in `staged` belongs to the old pair when it is the same file as one in the archive.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::{
    layout::{CERTIFICATE_FILE, KEY_FILE, Layout, SERVICES_FILE},
    pair::Seen,
    write::{self, DiskError, at},
};
use crate::{
    device_id::DeviceId,
    pki::{certificate::Certificate, key::PrivateKey},
};

/// Gives the files of the pair that is replaced next a second name in the archive, unless an earlier run that was cut
/// did so already.
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

/// Replaces the two files one after the other, where directories cannot be exchanged. The certificate goes first: as
/// long as the new key is still in `staged`, the next run finds it there and goes on.
pub(super) fn finish_exchange(layout: &Layout, device: &DeviceId) -> Result<(), DiskError> {
    let (staged, target) = (layout.staged(device), layout.device(device));
    if !fs::symlink_metadata(&target).map_err(at(&target))?.is_dir() {
        return Err(at(&target)(io::Error::other("it is not a directory any more")));
    }
    for name in [SERVICES_FILE, CERTIFICATE_FILE, KEY_FILE] {
        let (from, to) = (staged.join(name), target.join(name));
        match fs::rename(&from, &to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && name != KEY_FILE => {}
            renamed => renamed.map_err(at(&to))?,
        }
    }
    fs::remove_dir(&staged).map_err(at(&staged))
}

/// True when a run was cut in [`finish_exchange`]: the certificate in place is already that of the staged key, and the
/// key in place is still the old one. With a renewal that keeps the key, both keys are equal; the archive then tells
/// this case from a renewal that was only begun: the old key has a second name there, and the certificate in place has
/// not.
pub(super) fn was_half_exchanged(
    layout: &Layout,
    device: &DeviceId,
    key: &PrivateKey,
) -> Result<bool, DiskError> {
    let target = layout.device(device);
    if layout.staged(device).join(CERTIFICATE_FILE).exists() {
        return Ok(false);
    }
    let Ok(seen) = Seen::at(&target) else { return Ok(false) };
    let is_ours = |leaf: &Certificate| leaf.public_key_info() == key.public_key_info();
    if !seen.certificate.chain().is_ok_and(|chain| chain.first().is_some_and(is_ours)) {
        return Ok(false);
    }
    let is_kept = |kept: &Path, name: &str| is_same_file(&kept.join(name), &target.join(name));
    let was_linked = newest(layout, device)?
        .is_some_and(|kept| is_kept(&kept, KEY_FILE) && !is_kept(&kept, CERTIFICATE_FILE));
    Ok(was_linked || seen.pair().is_err())
}

/// True when a swap left the replaced directory in `staged`: the directory holds a file that is in the archive, or one
/// that no staged pair has. A symbolic link there was replaced too.
pub(super) fn was_replaced(layout: &Layout, device: &DeviceId) -> Result<bool, DiskError> {
    let staged = layout.staged(device);
    if fs::symlink_metadata(&staged).is_ok_and(|metadata| metadata.is_symlink()) {
        return Ok(true);
    }
    for entry in fs::read_dir(&staged).map_err(at(&staged))? {
        let name = entry.map_err(at(&staged))?.file_name();
        if ![KEY_FILE, CERTIFICATE_FILE, SERVICES_FILE].iter().any(|own| name == *own) {
            return Ok(true);
        }
    }
    Ok(newest(layout, device)?.is_some_and(|newest| holds_one_of(&newest, &staged)))
}

/// Moves the replaced directory, which a swap left in `staged`, to the archive. The directory itself takes the place
/// of the one with the second names, so that a reader that has it open goes on reading the old pair in it. A file is
/// removed only when it has another name.
pub(super) fn put_away(layout: &Layout, device: &DeviceId) -> Result<(), DiskError> {
    let staged = layout.staged(device);
    if fs::symlink_metadata(&staged).map_err(at(&staged))?.is_symlink() {
        // The link came here in the exchange: another process put it in the place of the device's directory
        // meanwhile.
        tracing::warn!(
            "{} became a symbolic link while its pair was replaced; the link is removed, the new pair is in place",
            Layout::device_name(device)
        );
        return fs::remove_file(&staged).map_err(at(&staged));
    }
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
    for path in beyond(layout, device, keep)? {
        fs::remove_dir_all(&path).map_err(at(&path))?;
    }
    Ok(())
}

/// The replaced pairs of a device that are more than the newest `keep`.
pub(super) fn beyond(layout: &Layout, device: &DeviceId, keep: usize) -> Result<Vec<PathBuf>, DiskError> {
    let archive = layout.archive(device);
    let mut numbers = numbers(&archive)?;
    numbers.sort_unstable_by(|one, other| other.cmp(one));
    Ok(numbers.into_iter().skip(keep).map(|number| archive.join(number.to_string())).collect())
}

/// Every replaced pair of a device, as far as the archive can be read.
pub(super) fn kept(layout: &Layout, device: &DeviceId) -> Vec<PathBuf> {
    beyond(layout, device, 0).unwrap_or_default()
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

/// True when the key or the certificate is the same file in both directories.
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
        // A run takes the lock first too, which makes `.certreq`.
        drop(crate::fleet::lock::FleetLock::take(&layout, false).unwrap());
        write::create_directory(&layout.staged(&id), 0o700).unwrap();
        fs::create_dir(layout.device(&id)).unwrap();
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
        assert!(vault::unfinished(&layout).unwrap().found.is_empty());
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
        assert!(vault::unfinished(&layout).unwrap().found.is_empty());
        assert_eq!(text(&layout.archive(&id).join("1/notes")), "precious");
    }

    #[test]
    fn a_second_name_that_somebody_else_gave_a_staged_key_does_not_make_it_an_old_one() {
        let (home, layout, id) = fleet();
        let key = crate::pki::key::PrivateKey::generate(crate::pki::key::KeySpec::P256).unwrap();
        let staged = layout.staged(&id).join(KEY_FILE);
        write::create_new(&staged, 0o600, key.to_pkcs8_pem().unwrap().as_bytes()).unwrap();
        fs::hard_link(&staged, home.path().join("a-backup")).unwrap();
        let unfinished = vault::unfinished(&layout).unwrap().found;
        assert_eq!(unfinished.len(), 1);
        assert_eq!(unfinished[0].key.public_key_info(), key.public_key_info());
    }

    /// A certificate and its key, and another key.
    fn pair() -> (String, PrivateKey, PrivateKey) {
        let made = |_| PrivateKey::generate(crate::pki::key::KeySpec::P256).unwrap();
        let [key, other] = [0, 1].map(made);
        let signed = rcgen::KeyPair::from_pem(&key.to_pkcs8_pem().unwrap()).unwrap();
        let certificate = rcgen::CertificateParams::default().self_signed(&signed).unwrap();
        (certificate.pem(), key, other)
    }

    #[test]
    fn where_directories_cannot_be_exchanged_a_cut_between_the_two_files_is_made_up_for() {
        let (_home, layout, id) = fleet();
        let (certificate, key, old) = pair();
        let pem = |key: &PrivateKey| key.to_pkcs8_pem().unwrap();
        let (staged, device) = (layout.staged(&id), layout.device(&id));
        fs::write(device.join(KEY_FILE), pem(&old).as_bytes()).unwrap();
        fs::write(device.join(CERTIFICATE_FILE), "old").unwrap();
        write::create_new(&staged.join(KEY_FILE), 0o600, pem(&key).as_bytes()).unwrap();
        fs::write(staged.join(CERTIFICATE_FILE), &certificate).unwrap();
        link(&layout, &id, &mut Vec::new()).unwrap();
        assert!(!was_half_exchanged(&layout, &id, &key).unwrap(), "nothing is in place yet");
        // The first step of `finish_exchange`, after which the power fails.
        fs::rename(staged.join(CERTIFICATE_FILE), device.join(CERTIFICATE_FILE)).unwrap();
        let left = vault::unfinished(&layout).unwrap();
        assert!(left.found.is_empty() && left.stuck.is_empty(), "{left:?}");
        assert_eq!(text(&device.join(KEY_FILE)), *pem(&key));
        assert_eq!(text(&device.join(CERTIFICATE_FILE)), certificate);
        assert_eq!(text(&layout.archive(&id).join("1").join(KEY_FILE)), *pem(&old));
        assert!(!staged.exists());
    }

    #[test]
    fn a_renewal_that_keeps_the_key_and_was_just_begun_is_not_taken_for_one_that_was_cut_at_its_end() {
        let (_home, layout, id) = fleet();
        let (certificate, key, _) = pair();
        let pem = key.to_pkcs8_pem().unwrap();
        let (staged, device) = (layout.staged(&id), layout.device(&id));
        write::create_new(&device.join(KEY_FILE), 0o600, pem.as_bytes()).unwrap();
        fs::write(device.join(CERTIFICATE_FILE), &certificate).unwrap();
        write::create_new(&staged.join(KEY_FILE), 0o600, pem.as_bytes()).unwrap();
        assert_eq!(vault::unfinished(&layout).unwrap().found.len(), 1, "a request for it may have left");
        // The same key again, in a run that was cut between the two files.
        link(&layout, &id, &mut Vec::new()).unwrap();
        fs::remove_file(device.join(CERTIFICATE_FILE)).unwrap();
        fs::write(device.join(CERTIFICATE_FILE), &certificate).unwrap();
        assert!(vault::unfinished(&layout).unwrap().found.is_empty());
        assert!(!staged.exists());
    }

    #[test]
    fn a_directory_that_became_a_link_meanwhile_is_found_out_and_nothing_goes_through_it() {
        let (home, layout, id) = fleet();
        let elsewhere = home.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        fs::write(layout.device(&id).join(KEY_FILE), "old key").unwrap();
        fs::write(layout.staged(&id).join(KEY_FILE), "new key").unwrap();
        link(&layout, &id, &mut Vec::new()).unwrap();
        fs::remove_dir_all(layout.device(&id)).unwrap();
        std::os::unix::fs::symlink(&elsewhere, layout.device(&id)).unwrap();
        write::exchange(&layout.staged(&id), &layout.device(&id)).unwrap();
        let left = vault::unfinished(&layout).unwrap();
        assert!(left.found.is_empty() && left.stuck.is_empty(), "{left:?}");
        assert_eq!(text(&layout.device(&id).join(KEY_FILE)), "new key");
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
        assert_eq!(text(&layout.archive(&id).join("1").join(KEY_FILE)), "old key");
    }

    #[test]
    fn a_staged_key_that_others_may_read_is_left_alone_and_stops_no_other() {
        let (_home, layout, id) = fleet();
        let (_, key, _) = pair();
        let pem = key.to_pkcs8_pem().unwrap();
        write::create_new(&layout.staged(&id).join(KEY_FILE), 0o644, pem.as_bytes()).unwrap();
        let good: DeviceId = "b2c3d4".parse().unwrap();
        fs::create_dir_all(layout.staged(&good)).unwrap();
        write::create_new(&layout.staged(&good).join(KEY_FILE), 0o600, pem.as_bytes()).unwrap();
        let linked: DeviceId = "c3d4e5".parse().unwrap();
        fs::create_dir_all(layout.staged(&linked)).unwrap();
        let good_key = layout.staged(&good).join(KEY_FILE);
        std::os::unix::fs::symlink(good_key, layout.staged(&linked).join(KEY_FILE)).unwrap();
        let left = vault::unfinished(&layout).unwrap();
        assert_eq!(left.found.len(), 1);
        assert_eq!(left.found[0].device, good);
        assert_eq!(left.stuck.len(), 2, "{left:?}");
        assert!(layout.staged(&id).join(KEY_FILE).exists());
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
