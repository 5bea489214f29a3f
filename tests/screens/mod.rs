//! Every text and every JSON line of the verbs that report about devices and checks, byte for byte.
//!
//! After a change that is meant, write them again with `UPDATE_SCREENS=1` and look at the difference.

mod airgap;
mod checks;
mod connect;
mod helps;
mod runs;
pub(crate) mod steady;
pub(crate) mod terminal;

use std::{env, fs, path::Path};

use tempfile::TempDir;

use self::steady::steady;
use crate::support::{platform::workplace, terminal::certreq};

/// The embedded platform of a scene, below its directory.
const HERE: [&str; 2] = ["--authority", "ca-of-tests"];

/// Lines that a user types one after the other in one directory, and their output.
struct Scene {
    home: TempDir,
    drawn: String,
    /// Texts that differ from run to run and cannot be told by their look: a port, a version.
    names: Vec<(String, &'static str)>,
}

impl Scene {
    fn new() -> Self {
        Self { home: workplace(), drawn: String::new(), names: Vec::new() }
    }

    fn path(&self) -> &Path {
        self.home.path()
    }

    /// Shows `text` as `name` from now on.
    fn call(&mut self, text: impl Into<String>, name: &'static str) {
        self.names.push((text.into(), name));
    }

    /// Types a line: `@` stands for the embedded platform of the scene.
    fn types(&mut self, line: &str) {
        let args = line.split(' ').flat_map(|word| if word == "@" { HERE.to_vec() } else { vec![word] });
        let ended =
            certreq(self.path()).args(args).env("CERTREQ_SECRET", crate::support::platform::SECRET).run();
        let (stdout, stderr) = (self.plain(&ended.stdout), self.plain(&ended.stderr));
        self.drawn.extend(["\n$ certreq ", &self.named(line), "\n", &stdout]);
        self.drawn.extend(stderr.lines().flat_map(|line| ["2> ", line, "\n"]));
        self.drawn.extend(["exit ", &ended.code.to_string(), "\n"]);
    }

    fn named(&self, text: &str) -> String {
        let home = (self.path().display().to_string(), "<home>");
        let names = self.names.iter().chain([&home]);
        names.fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    }

    /// Devices are done in any order: what is said of each is put in that of their ids.
    fn plain(&self, text: &str) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut of_devices = Vec::new();
        for line in steady(&self.named(text)).lines() {
            let is_of_device = line.starts_with("{\"schema\"") || line.starts_with("dev-");
            match parts.last_mut().filter(|_| !of_devices.is_empty()) {
                Some(part) if line.starts_with(' ') => part.extend([line, "\n"]),
                _ => {
                    if is_of_device {
                        of_devices.push(parts.len());
                    }
                    parts.push(format!("{line}\n"));
                }
            }
        }
        if let [first, .., last] = of_devices.as_slice()
            && last - first + 1 == of_devices.len()
        {
            parts[*first..=*last].sort();
        }
        parts.concat()
    }

    /// Compares it with what is checked in.
    fn equals(self, name: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens").join(format!("{name}.txt"));
        if env::var_os("UPDATE_SCREENS").is_some() {
            fs::write(&path, &self.drawn).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(self.drawn, expected, "{name}.txt is out of date; see the top of tests/screens/mod.rs");
    }
}
