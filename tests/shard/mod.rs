//! One list of devices over many processes, each with a part of it and a directory of its own.

mod merged;
mod runs;
mod summary;

use std::path::Path;

use crate::support::{
    platform::{Served, workplace},
    terminal::{Call, Ended, certreq},
};

/// A platform, and a directory for the fleets.
struct Yard {
    platform: Served,
    home: tempfile::TempDir,
    ids: Vec<String>,
}

impl Yard {
    /// With so many devices.
    fn new(number: usize) -> Self {
        let ids: Vec<String> = (0..number).map(|number| format!("d{number:05}")).collect();
        let home = workplace();
        std::fs::write(home.path().join("ids"), ids.join("\n")).unwrap();
        let list = home.path().join("ids").display().to_string();
        Self { platform: Served::start(&["--register-from", &list]), home, ids }
    }

    fn path(&self) -> &Path {
        self.home.path()
    }

    /// A verb for a shard, in its directory.
    fn call(&self, verb: &[&str], shard: &str) -> Call {
        let dir = format!("shard-{}", shard.split('/').next().unwrap());
        certreq(self.path()).args(verb).args(["--shard", shard, "--dir", &dir]).args(self.platform.login())
    }

    fn issue(&self, shard: &str) -> Ended {
        self.call(&["issue", "--ids-from", "ids", "--format", "json"], shard).run()
    }
}

/// The shard a device belongs to, computed by an independent program.
fn shard_of(id: &str, count: u64) -> u64 {
    let script = "import hashlib,sys; print(int.from_bytes(hashlib.sha256(sys.argv[1].encode()).digest()[:8],'big')%int(sys.argv[2]))";
    let output =
        std::process::Command::new("python3").args(["-c", script, id, &count.to_string()]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}
