//! A shell at a terminal, as a person uses it, and the TAB key.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use rexpect::session::{PtySession, spawn_command};

/// A shell that waits for the next line.
pub(crate) struct Shell {
    session: PtySession,
    directory: PathBuf,
}

/// Long, because machines are busy.
const PATIENCE: Option<u64> = Some(60_000);

impl Shell {
    /// Starts one with nothing of our own environment, in a directory that is its home, too, and types `setup`.
    pub(crate) fn start(program: &str, args: &[&str], home: &Path, path: &str, setup: &[String]) -> Self {
        let mut command = Command::new(program);
        command
            .args(args)
            .env_clear()
            .env("PATH", path)
            .env("HOME", home)
            .env("TERM", "dumb")
            .current_dir(home);
        let mut session = spawn_command(command, PATIENCE).unwrap();
        for line in setup {
            session.send_line(line).unwrap();
        }
        session.send_line("echo rea''dy").unwrap();
        session.exp_string("ready").unwrap();
        Self { session, directory: home.to_owned() }
    }

    /// The line after TAB.
    pub(crate) fn completed(&mut self, typed: &str) -> String {
        completed(&mut self.session, typed, "said", &self.directory.join("said"))
    }

    /// A shell at a terminal survives the signal that would end others.
    pub(crate) fn leave(mut self) {
        self.session.send_line("exit").unwrap();
        self.session.exp_eof().unwrap();
    }
}

/// The shell's line after TAB. The shell writes it to `said`, which is `file` here. Some shells take the slash of a
/// directory back.
pub(crate) fn completed(session: &mut PtySession, typed: &str, said: &str, file: &Path) -> String {
    // Control-A goes to the beginning, control-E to the end: the shell writes down what it has made of the line.
    session.send(&format!("{typed}\t\u{1}echo '\u{5}' > {said}; echo writ''ten")).unwrap();
    session.send_line("").unwrap();
    session.exp_string("written").unwrap();
    let line = fs::read_to_string(file).unwrap();
    fs::remove_file(file).unwrap();
    line.trim_end().trim_end_matches('/').to_owned()
}
