//! Python packages that judge what certreq made, in a virtual environment that all runs share.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use super::tools::needs;

/// The python of an environment with the packages of a requirements file; made once under the target directory.
/// Without python3 or the network: as [`needs`].
#[track_caller]
pub(crate) fn with(requirements: &str) -> Option<PathBuf> {
    let python = needs("python3")?;
    let environment = environment(requirements);
    let held = environment.join("requirements.txt");
    let wanted = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(requirements)).unwrap();
    // Tests run beside each other: the first makes it, the others wait.
    let lock = File::create(environment.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    if fs::read_to_string(&held).is_ok_and(|text| text == wanted) {
        return Some(environment.join("bin/python3"));
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(requirements);
    let made = run(Command::new(python).args(["-m", "venv", "--clear"]).arg(&environment)).and_then(|()| {
        let pip = environment.join("bin/pip");
        run(Command::new(pip).args(["install", "--quiet", "--disable-pip-version-check", "-r"]).arg(file))
    });
    match made {
        Ok(()) => fs::write(held, wanted).unwrap(),
        Err(why) => {
            assert!(std::env::var_os("CI").is_none(), "no Python packages of {requirements}: {why}");
            let caller = std::panic::Location::caller();
            let place = format!("{}:{}", caller.file(), caller.line());
            let note = format!("left out: {place} needs the Python packages of {requirements}: {why}\n");
            std::io::Write::write_all(&mut std::io::stderr(), note.as_bytes()).unwrap();
            return None;
        }
    }
    Some(environment.join("bin/python3"))
}

/// Where the environment of a requirements file is.
pub(crate) fn environment(requirements: &str) -> PathBuf {
    let name = requirements.trim_end_matches("/requirements.txt").replace('/', "-");
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("python-{name}"))
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.env_remove("PYTHONPATH").output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
}
