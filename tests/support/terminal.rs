//! Types at the real program and looks at what came out.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
};

/// One call of the program. The environment holds nothing but PATH and an empty home.
pub(crate) struct Call {
    command: Command,
    stdin: Option<String>,
}

/// Result of a call: exit code, stdout, stderr.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Path of the program under test; `CERTREQ_TEST_PROGRAM` names another one, to see that a test fails on it.
pub(crate) fn program() -> &'static str {
    static OTHER: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("CERTREQ_TEST_PROGRAM").ok());
    OTHER.as_deref().unwrap_or(env!("CARGO_BIN_EXE_certreq"))
}

/// Copies the program to where another user may start it. Another process writes the copy: what this one has open, a
/// child of another test has too until its exec, and a program that is open for writing cannot be started.
pub(crate) fn copy_program(to: &Path) {
    assert!(Command::new("cp").arg(program()).arg(to).status().expect("cp starts").success());
}

/// A call of the program in `directory`, which is its home, too.
pub(crate) fn certreq(directory: &Path) -> Call {
    let mut command = Command::new(program());
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", directory)
        .current_dir(directory);
    Call { command, stdin: None }
}

/// Another program that is given the program's arguments; it lives in `directory`, too.
pub(crate) fn started_by(way: &[&str], directory: &Path) -> Call {
    let mut command = Command::new(way[0]);
    command
        .args(&way[1..])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", directory)
        .current_dir(directory);
    Call { command, stdin: None }
}

impl Call {
    pub(crate) fn args<S: AsRef<std::ffi::OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn stdin(mut self, text: impl Into<String>) -> Self {
        self.stdin = Some(text.into());
        self
    }

    /// As a user whom permissions hold back. Root is not held back, so it becomes the user 65534, who gets a copy of
    /// the program to run.
    pub(crate) fn unprivileged(mut self, copies: &Path) -> Self {
        use std::os::unix::{fs::PermissionsExt, process::CommandExt};
        if !rustix::process::geteuid().is_root() {
            return self;
        }
        let copy = copies.join("certreq");
        copy_program(&copy);
        std::fs::set_permissions(copies, PermissionsExt::from_mode(0o755)).expect("a mode");
        let mut command = Command::new(copy);
        command.args(self.command.get_args()).env_clear().uid(65534).gid(65534);
        for (name, value) in self.command.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        if let Some(directory) = self.command.get_current_dir() {
            command.current_dir(directory);
        }
        self.command = command;
        self
    }

    /// For what is not offered here: signals, other streams.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    pub(crate) fn run(mut self) -> Ended {
        let stdin = if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() };
        let mut child = self
            .command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("certreq starts");
        if let (Some(text), Some(mut pipe)) = (self.stdin, child.stdin.take()) {
            // A program that ends early does not read its stdin; that is for the test to judge.
            let _ = pipe.write_all(text.as_bytes());
        }
        let output = child.wait_with_output().expect("certreq ends");
        Ended {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }
}

impl Ended {
    /// It ended with this code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn stdout_is(self, expected: &str) -> Self {
        assert_eq!(self.stdout, expected, "\n--- stderr\n{}", self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn stderr_is(self, expected: &str) -> Self {
        assert_eq!(self.stderr, expected);
        self
    }

    #[track_caller]
    pub(crate) fn stdout_has(self, part: &str) -> Self {
        assert!(
            self.stdout.contains(part),
            "{part:?} is not in stdout\n{}\n--- stderr\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    #[track_caller]
    pub(crate) fn stderr_has(self, part: &str) -> Self {
        assert!(self.stderr.contains(part), "{part:?} is not in stderr\n{}", self.stderr);
        self
    }

    /// The JSON lines of stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
    }
}

/// Names below a directory, sorted, `/` after directories; the program's own directory left out.
pub(crate) fn tree(root: &Path) -> Vec<String> {
    let mut names = Vec::new();
    walk(root, root, &mut names);
    names.sort();
    names
}

fn walk(root: &Path, directory: &Path, names: &mut Vec<String>) {
    for entry in std::fs::read_dir(directory).expect("a directory").flatten() {
        let path: PathBuf = entry.path();
        let name = path.strip_prefix(root).expect("below the root").display().to_string();
        if name == ".certreq" || name == ".local" {
            continue;
        }
        if entry.file_type().expect("a type").is_dir() {
            names.push(format!("{name}/"));
            walk(root, &path, names);
        } else {
            names.push(name);
        }
    }
}
