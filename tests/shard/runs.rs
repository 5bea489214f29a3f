//! Issue, renew, revoke and verify for a shard.

use std::{collections::BTreeMap, fs, os::unix::fs::MetadataExt};

use super::{Yard, shard_of};
use crate::support::{account, terminal::certreq};

#[test]
fn each_device_is_issued_by_the_shard_that_others_compute_and_by_no_other() {
    let yard = Yard::new(40);
    let mut seen = BTreeMap::new();
    for shard in 0..3_u64 {
        let ended = yard.issue(&format!("{shard}/3")).exits(0);
        let lines = ended.json();
        let (end, devices) = lines.split_last().unwrap();
        assert_eq!(end["schema"], "certreq.run/1");
        assert_eq!((&end["total"], &end["exit"]), (&devices.len().into(), &0.into()));
        for line in &lines {
            assert_eq!(
                (&line["shard"]["index"], &line["shard"]["count"]),
                (&shard.into(), &3.into()),
                "{line}"
            );
        }
        for line in devices {
            let id = line["device"].as_str().unwrap().to_owned();
            assert_eq!(shard_of(&id, 3), shard, "{id}");
            assert_eq!(seen.insert(id, shard), None);
        }
        ended.stderr_has(&format!("shard {shard}/3: {} devices", devices.len()));
    }
    assert_eq!(seen.keys().cloned().collect::<Vec<_>>(), yard.ids);
    let issued = account::issued(&yard.platform.authority());
    assert!(issued.values().all(|there| there.len() == 1) && issued.len() == 40);
}

#[test]
fn a_directory_belongs_to_its_shard_for_good() {
    let yard = Yard::new(12);
    yard.issue("0/2").exits(0);
    let record = yard.path().join("shard-0/.certreq/shard");
    assert_eq!(fs::read_to_string(&record).unwrap(), "0/2\n");
    assert_eq!(fs::metadata(&record).unwrap().mode() & 0o777, 0o600);
    let other = |shard: &str| {
        let login = yard.platform.login();
        let call = certreq(yard.path()).args(["issue", "--ids-from", "ids", "--dir", "shard-0"]).args(login);
        if shard.is_empty() { call.run() } else { call.args(["--shard", shard]).run() }
    };
    other("1/2").exits(6).stderr_has("belongs to shard 0/2, and this run is shard 1/2");
    other("0/4").exits(6).stderr_has("give --shard 0/2");
    // Without a shard, an id of another one is not issued here: its own shard may be at work.
    other("").exits(6).stderr_has("does not belong to shard 0/2, which this directory is for");
    other("0/2").exits(0).stderr_has("already valid, skipped");
    // A directory in use is not taken for a shard that does not hold what is there.
    certreq(yard.path())
        .args(["issue", "--ids-from", "ids", "--dir", "all"])
        .args(yard.platform.login())
        .run()
        .exits(0);
    certreq(yard.path())
        .args(["issue", "--ids-from", "ids", "--dir", "all", "--shard", "0/2"])
        .args(yard.platform.login())
        .run()
        .exits(6)
        .stderr_has("which does not belong to shard 0/2");
    fs::write(&record, "three\n").unwrap();
    other("0/2").exits(6).stderr_has("it should hold K/N");
}

#[test]
fn engines_say_which_shard_it_is() {
    let yard = Yard::new(8);
    let call = || {
        certreq(yard.path()).args(["issue", "--ids-from", "ids", "--dir", "one"]).args(yard.platform.login())
    };
    call()
        .env("CERTREQ_SHARD", "auto/2")
        .env("JOB_COMPLETION_INDEX", "1")
        .run()
        .exits(0)
        .stderr_has("shard 1/2: ");
    call()
        .args(["--shard", "auto"])
        .env("SLURM_ARRAY_TASK_ID", "1")
        .env("SLURM_ARRAY_TASK_COUNT", "2")
        .env("SLURM_ARRAY_TASK_MAX", "1")
        .run()
        .exits(0)
        .stderr_has("shard 1/2: ");
    call().args(["--shard", "auto"]).run().exits(2).stderr_has("are not set");
    call().args(["--shard", "2/2"]).run().exits(2).stderr_has("the last of 2 is 1/2");
}

#[test]
fn a_shard_renews_verifies_and_revokes_its_own_devices() {
    let yard = Yard::new(12);
    certreq(yard.path()).args(["issue", "--ids-from", "ids"]).args(yard.platform.login()).run().exits(0);
    let own = |shard| yard.ids.iter().filter(|id| shard_of(id, 2) == shard).count();
    let verified = certreq(yard.path())
        .args(["verify", ".", "--shard", "1/2", "--format", "json", "--revocation", "off"])
        .run()
        .exits(0);
    assert_eq!(verified.json().len(), own(1));
    assert!(verified.json().iter().all(|line| line["shard"]["index"] == 1));
    certreq(yard.path())
        .args(["status", "--shard", "1/2"])
        .run()
        .exits(0)
        .stdout_has(&format!("{} devices", own(1)));
    yard.issue("0/2").exits(0);
    let renewed = yard.call(&["renew", "--all", "--format", "json"], "0/2").run().exits(0);
    assert_eq!(renewed.json().len(), own(0) + 1);
    assert_eq!(renewed.json().last().unwrap()["of"], "certreq.renew/1");
    let number = own(0).to_string();
    let list = yard.ids.join(",");
    let revoked = yard
        .call(&["revoke", "-i", &list, "--yes", "--confirm", &number, "--format", "json"], "0/2")
        .run()
        .exits(0);
    assert_eq!(revoked.json().len(), own(0) + 1, "the others are left to their shard");
    yard.call(&["revoke", &"00".repeat(32), "--yes"], "0/2")
        .run()
        .exits(2)
        .stderr_has("--shard works with device ids");
}
