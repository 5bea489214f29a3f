//! A login at a terminal of 80 columns: only what the system's and the home's own files set up.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use rexpect::session::{PtySession, spawn_command};

use crate::support::shell;

/// Long, because machines are busy.
const PATIENCE: Option<u64> = Some(120_000);

pub(super) struct Login {
    session: PtySession,
    root: PathBuf,
    /// As the shell names it.
    said: PathBuf,
}

/// The screen after a line, as plain text.
pub(super) struct Shown {
    line: String,
    text: String,
    code: i32,
}

impl Login {
    /// A login shell, as a person at the machine gets one.
    pub(super) fn to(home: &Path) -> Self {
        let mut command = Command::new("bash");
        command.arg("--login").current_dir(home);
        Self::with(command, Path::new("/"), home)
    }

    /// The same on the system that is installed below `root`, where `home` is.
    pub(super) fn below(root: &Path, home: &Path) -> Self {
        let mut command = Command::new("/usr/sbin/chroot");
        command.arg(root).args(["/bin/bash", "--login"]);
        let mut login = Self::with(command, root, home);
        login.types("cd").ends(0);
        login
    }

    fn with(mut command: Command, root: &Path, home: &Path) -> Self {
        command.env_clear().env("HOME", home).env("TERM", "xterm").env("LANG", "C.UTF-8");
        let mut session = spawn_command(command, PATIENCE).unwrap();
        // A shell at a terminal survives the signal that would end others; a failed test need not wait for it.
        session.process.set_kill_timeout(Some(1_000));
        let mut login = Self { session, said: home.join(".said"), root: root.to_owned() };
        login.types("stty rows 50 cols 80").ends(0);
        login
    }

    /// Another shell in place of this one.
    pub(super) fn becomes(&mut self, shell: &str) {
        self.session.send_line(&format!("exec {shell}")).unwrap();
        self.types(":").ends(0);
    }

    /// Types a line and waits for its end.
    pub(super) fn types(&mut self, line: &str) -> Shown {
        // The quotes keep what was typed from looking like what is waited for.
        self.session.send_line(&format!("{line}\necho \"begi\"nning $?: \"en\"ded.")).unwrap();
        let (text, end) = self
            .session
            .exp_regex("beginning [0-9]+: ended\\.")
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        let code = end.split([' ', ':']).nth(1).unwrap().parse().unwrap();
        Shown { line: line.to_owned(), text: plain(&text), code }
    }

    /// The line after TAB.
    pub(super) fn completed(&mut self, typed: &str) -> String {
        let file = below(&self.root, &self.said);
        shell::completed(&mut self.session, typed, &self.said.display().to_string(), &file)
    }

    /// Types a line that opens a pager, reads until `word` is there, and presses q.
    pub(super) fn pages(&mut self, line: &str, word: &str) -> String {
        self.session.send_line(line).unwrap();
        let mut shown = self.session.exp_string(word).unwrap();
        // Where there is no pager, q is an unknown command.
        self.session.send_line("q").unwrap();
        shown.push_str(&self.types("true").text);
        plain(&shown)
    }

    pub(super) fn leaves(mut self) {
        self.session.send_line("exit").unwrap();
        self.session.exp_eof().unwrap();
    }
}

impl Shown {
    #[track_caller]
    pub(super) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.line, self.text);
        self
    }

    #[track_caller]
    pub(super) fn shows(self, part: &str) -> Self {
        assert!(self.text.contains(part), "{part:?} is not in what {:?} shows:\n{}", self.line, self.text);
        self
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines()
    }
}

/// Where a file is that a shell below `root` calls `path`.
pub(super) fn below(root: &Path, path: &Path) -> PathBuf {
    root.join(path.strip_prefix("/").unwrap())
}

/// Without what a terminal obeys, and what backspaces strike out.
fn plain(text: &str) -> String {
    let mut screen = String::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '\u{1b}' => {
                // CSI sequences end with a letter; the others that occur here are two characters long.
                if rest.next() == Some('[') {
                    let _ = rest.by_ref().find(char::is_ascii_alphabetic);
                }
            }
            '\u{8}' => drop(screen.pop()),
            '\r' | '\u{7}' => {}
            other => screen.push(other),
        }
    }
    screen
}
