//! Types at a bash on a real pseudo-terminal, so wide and no wider, and reads what a person would see there.

use std::{num::NonZeroU16, path::Path, process::Command};

use rexpect::{
    ReadUntil,
    process::WaitStatus,
    session::{PtySession, spawn_command},
};

use super::terminal::program;

/// Long, because machines are busy.
const PATIENCE: Option<u64> = Some(120_000);

/// A terminal: where it stands, how wide it is, and the variables of its shell. Nothing else is inherited.
#[derive(Clone, Debug)]
pub(crate) struct Tty<'a> {
    pub(crate) directory: &'a Path,
    pub(crate) home: &'a Path,
    pub(crate) columns: u16,
    pub(crate) variables: Vec<(&'a str, String)>,
}

/// What was seen, and how it ended.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) code: i32,
    /// What stands on the screen, and above it.
    pub(crate) text: String,
    /// Lines that the terminal had to break.
    broken: Vec<String>,
}

impl Tty<'_> {
    /// Types a line; questions are answered with yes. What goes on for ever is stopped with control-C as soon as
    /// `until` is seen.
    #[track_caller]
    pub(crate) fn types(&self, line: &str, until: Option<&str>) -> Seen {
        const QUESTION: &str = "[y/N] ";
        let mut session = self.start(line);
        let mut text = String::new();
        loop {
            let mut ends = vec![ReadUntil::EOF, ReadUntil::String(QUESTION.to_owned())];
            ends.extend(until.map(|until| ReadUntil::String(until.to_owned())));
            let (before, end) =
                session.exp_any(ends).unwrap_or_else(|error| panic!("{line}: {error}; it said:\n{text}"));
            text.push_str(&before);
            text.push_str(&end);
            if end == QUESTION {
                session.send_line("y").unwrap();
            } else if !end.is_empty() && until == Some(end.as_str()) {
                session.send_control('c').unwrap();
                text.push_str(&session.exp_eof().unwrap());
                break;
            } else {
                assert!(until.is_none(), "{line} ended before it said {until:?}:\n{text}");
                break;
            }
        }
        let code = match session.process().wait().unwrap() {
            WaitStatus::Exited(_, code) => code,
            other => panic!("{line}: {other:?}\n{text}"),
        };
        Seen::on_screen(code, &text, self.columns)
    }

    fn start(&self, line: &str) -> PtySession {
        let mut command = Command::new("bash");
        let own = Path::new(program()).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .args([
                "--noprofile",
                "--norc",
                "-c",
                "stty echo rows 50 cols \"$0\"; set -o pipefail; eval \"$1\"",
            ])
            .args([&self.columns.to_string(), line])
            .env_clear()
            .env("PATH", format!("{}:{path}:/usr/sbin", own.display()))
            .env("HOME", self.home)
            .env("TERM", "xterm")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.directory);
        spawn_command(command, PATIENCE).unwrap()
    }
}

impl Seen {
    fn on_screen(code: i32, said: &str, columns: u16) -> Self {
        // A screen so high that nothing leaves it.
        const ROWS: u16 = 4000;
        let size = |number| NonZeroU16::new(number).unwrap();
        let mut screen = vt100::Parser::new(size(ROWS), size(columns), 0);
        // The session hands out octets, each as a character.
        let octets: Vec<u8> = said.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        screen.process(&octets);
        let screen = screen.screen();
        assert!(screen.cursor_position().0 < ROWS - 1, "more than the screen holds:\n{said}");
        let (mut text, mut broken, mut line) = (String::new(), Vec::new(), String::new());
        let mut pieces = 0;
        for (row, piece) in (0..=screen.cursor_position().0).zip(screen.rows(0, columns)) {
            line.push_str(&piece);
            pieces += 1;
            if !screen.row_wrapped(row) {
                if pieces > 1 {
                    broken.push(line.clone());
                }
                text.push_str(&line);
                text.push('\n');
                line.clear();
                pieces = 0;
            }
        }
        Self { code, text, broken }
    }

    /// Lines that did not fit. One word, or one command to copy, that is wider than the terminal may stand on a line of
    /// its own.
    pub(crate) fn too_wide(&self) -> Vec<&str> {
        let unbreakable = |line: &&String| {
            let line = line.trim();
            !line.contains(' ') || line.starts_with("certreq ")
        };
        self.broken.iter().filter(|line| !unbreakable(line)).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn too_wide(said: &str) -> Vec<String> {
        Seen::on_screen(0, said, 10).too_wide().into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn it_sees_what_a_terminal_breaks() {
        assert_eq!(too_wide("1234567890\r\nab\r\n"), [""; 0]);
        assert_eq!(too_wide("12345 67890\r\nab\r\n"), ["12345 67890"]);
        assert_eq!(too_wide("  /a/path/too/long\r\n"), [""; 0]);
        assert_eq!(too_wide("\u{1b}[31m12345\u{1b}[0m 7890\r\n"), [""; 0]);
        assert_eq!(too_wide("#####\r######\r\n"), [""; 0]);
    }
}
